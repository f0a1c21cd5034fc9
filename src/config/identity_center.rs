//! `[aws]`: which Identity Center it is, in the forms that AWS itself asks for.

use super::file::{Sections, wrong};
use super::{Aws, ConfigError};

pub(super) fn aws(sections: Sections) -> Result<Aws, ConfigError> {
    let read = |key, is_one: fn(&str) -> bool, expected| match sections.text("aws", key)? {
        Some((_, value)) if is_one(value) => Ok(Some(value.to_owned())),
        Some((place, other)) => Err(wrong(&place, expected, other)),
        None => Ok(None),
    };
    Ok(Aws {
        region: read("region", is_region, "a Region's code, like us-east-1")?,
        instance_arn: read(
            "instance_arn",
            is_instance_arn,
            "the instance's ARN, like arn:aws:sso:::instance/ssoins-0123456789abcdef (IAM Identity Center, Settings)",
        )?,
        identity_store_id: read(
            "identity_store_id",
            is_identity_store_id,
            "the identity store's id, like d-0123456789 (IAM Identity Center, Settings)",
        )?,
    })
}

/// Whether a text has the form of a Region's code. Source: IAM Identity Center API Reference, `RegionName`:
/// `([a-z]+-){2,3}\d`, 32 at most.
pub fn is_region(text: &str) -> bool {
    let mut parts: Vec<&str> = text.split('-').collect();
    let number = parts.pop().unwrap_or_default();
    let is_word = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_number = number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_digit());
    text.len() <= 32 && (2..=3).contains(&parts.len()) && parts.iter().all(is_word) && is_number
}

/// Source: IAM Identity Center API Reference, `InstanceArn`:
/// `arn:aws(-[a-z]{1,5}){0,3}:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}`.
fn is_instance_arn(text: &str) -> bool {
    let Some((partition, instance)) =
        text.strip_prefix("arn:aws").and_then(|rest| rest.split_once(":sso:::instance/"))
    else {
        return false;
    };
    let mut parts = partition.split('-');
    let is_part =
        |part: &str| (1..=5).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_partition = parts.next() == Some("") && parts.clone().count() <= 3 && parts.all(is_part);
    let id = instance.strip_prefix("sso").unwrap_or(instance).strip_prefix("ins-");
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    is_partition && id.is_some_and(|id| id.len() == 16 && id.bytes().all(is_letter))
}

/// Source: Identity Store API Reference, `IdentityStoreId`: `d-[0-9a-f]{10}`, or a UUID in small letters.
fn is_identity_store_id(text: &str) -> bool {
    let is_hex = |part: &str, length| {
        part.len() == length && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        ["d", id] => is_hex(id, 10),
        [one, two, three, four, five] => {
            is_hex(one, 8) && [two, three, four].iter().all(|part| is_hex(part, 4)) && is_hex(five, 12)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::config::file::parse;

    fn refused(text: &str) -> Option<String> {
        parse("sso-why.toml", &format!("[aws]\n{text}"), &|_| None).err().map(|error| error.to_string())
    }

    #[test]
    fn every_form_that_aws_gives_out_is_taken() {
        for region in ["us-east-1", "us-gov-west-1", "eusc-de-east-1", "ap-southeast-7", "us-isob-east-1"] {
            assert_eq!(refused(&format!("region = \"{region}\"")), None);
        }
        for arn in [
            "arn:aws:sso:::instance/ssoins-7223d5c5e8a9f1b2",
            "arn:aws-us-gov:sso:::instance/ssoins-7223d5c5e8a9f1b2",
            "arn:aws-iso-b:sso:::instance/ins-7223d5c5e8a9f1b2",
        ] {
            assert_eq!(refused(&format!("instance_arn = \"{arn}\"")), None);
        }
        for id in ["d-9067f1a2b3", "90674f1a-2b3c-4d5e-8f60-718293a4b5c6"] {
            assert_eq!(refused(&format!("identity_store_id = \"{id}\"")), None);
        }
    }

    #[test]
    fn what_aws_would_not_take_is_refused_with_its_line() {
        assert_eq!(
            refused("region = \"Virginia\"").as_deref(),
            Some(
                "sso-why.toml, line 2: [aws] region cannot be Virginia; it must be a Region's code, like us-east-1"
            )
        );
        for wrong in [
            "region = \"us-east-1a\"",
            "region = \"us-east\"",
            "region = \"US-EAST-1\"",
            "instance_arn = \"x\"",
            "instance_arn = \"ssoins-7223d5c5e8a9f1b2\"",
            "instance_arn = \"arn:aws:sso:::instance/ssoins-7223\"",
            "instance_arn = \"arn:awsx:sso:::instance/ssoins-7223d5c5e8a9f1b2\"",
            "identity_store_id = \"x\"",
            "identity_store_id = \"d-90\"",
            "identity_store_id = \"d-9067F1A2B3\"",
        ] {
            let refused = refused(wrong).expect(wrong);
            assert!(refused.starts_with("sso-why.toml, line 2: [aws] "), "{refused}");
        }
    }
}
