//! Where AWS is asked: the SDK's own settings, which are no keys of our file, and which of them are refused.

use super::idp::address;
use super::{ConfigError, Environment};

/// What sets the address of every service at once (AWS SDKs and Tools reference guide, "Service-specific endpoints").
const VARIABLE: &str = "AWS_ENDPOINT_URL";

/// Refuses an address that the SDK was given for `service` where what is signed for AWS, and the credentials that it
/// hands out, would go over the network unencrypted. `service` is its id as the SDK calls it, like `SSO Admin`.
///
/// # Errors
/// Where it is neither https nor on this machine; told by whatever sets it.
pub fn aws_endpoint(service: &str, url: &str, environment: Environment) -> Result<(), ConfigError> {
    if address("", url, "").is_ok() {
        return Ok(());
    }
    let in_the_file = "endpoint_url in AWS's own configuration file".to_owned();
    if url.is_empty() {
        let key = format!("{VARIABLE} or {in_the_file}");
        return Err(ConfigError::Endpoint { key, found: "an empty one".to_owned() });
    }
    let of_the_service = format!("{VARIABLE}_{}", service.to_uppercase().replace(' ', "_"));
    let variables = [of_the_service, VARIABLE.to_owned()];
    let sets_it = variables.into_iter().find(|name| environment(name).as_deref() == Some(url));
    Err(ConfigError::Endpoint { key: sets_it.unwrap_or(in_the_file), found: url.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_goes_over_https_or_stays_on_this_machine() {
        let asked = |url: &str| aws_endpoint("SSO Admin", url, &|_| None);
        for fine in [
            "https://sso.eu-west-1.amazonaws.com",
            "http://127.8.8.8:1",
            "http://localhost:1",
            "http://[::1]:1/",
        ] {
            assert_eq!(asked(fine), Ok(()), "{fine}");
        }
        for open in ["http://10.0.0.1", "http://127.0.0.1.example", "http://localhost.example", "127.0.0.1:1"]
        {
            let refused = asked(open).expect_err("is open").to_string();
            assert!(refused.starts_with("endpoint_url in AWS's own configuration file must be"), "{refused}");
        }
    }

    #[test]
    fn it_is_told_by_what_sets_it() {
        let named = |name: &str, value: &'static str| {
            let variables = |asked: &str| match asked {
                "AWS_ENDPOINT_URL_SSO_ADMIN" => Some("http://one.example".to_owned()),
                "AWS_ENDPOINT_URL" => Some("http://all.example".to_owned()),
                _ => None,
            };
            let refused = aws_endpoint("SSO Admin", value, &variables).expect_err("is open").to_string();
            assert!(refused.starts_with(&format!("{name} must be an https URL")), "{refused}");
        };
        named("AWS_ENDPOINT_URL_SSO_ADMIN", "http://one.example");
        named("AWS_ENDPOINT_URL", "http://all.example");
        named("endpoint_url in AWS's own configuration file", "http://profile.example");
        named("AWS_ENDPOINT_URL or endpoint_url in AWS's own configuration file", "");
    }
}
