//! Ids that look like those of AWS and are the same in every run: each is a hash of what it is for.

use sha2::{Digest, Sha256};

/// The identity store's id without `d-`; AWS puts it before every user's and group's id too.
const STORE: &str = "9067f0aa11";

/// `d-9067f0aa11`
pub fn identity_store_id() -> String {
    format!("d-{STORE}")
}

/// The id of a user, a group or a membership.
pub fn identity_store_resource(kind: &str, key: &str) -> String {
    format!("{STORE}-{}", uuid(kind, key))
}

/// `arn:aws:sso:::instance/ssoins-` and 16 hexadecimal digits.
pub fn instance_arn(organization_id: &str) -> String {
    format!("arn:aws:sso:::instance/{}", instance_id(organization_id))
}

/// `arn:aws:sso:::permissionSet/ssoins-…/ps-` and 16 hexadecimal digits.
pub fn permission_set_arn(organization_id: &str, name: &str) -> String {
    let instance_id = instance_id(organization_id);
    format!("arn:aws:sso:::permissionSet/{instance_id}/ps-{}", &hash("permission set", name)[..16])
}

/// A version 4 UUID in its usual writing.
pub fn uuid(kind: &str, key: &str) -> String {
    let hash = hash(kind, key);
    // The fixed digits are the version (4) and the variant (8) of RFC 9562.
    format!("{}-{}-4{}-8{}-{}", &hash[..8], &hash[8..12], &hash[12..15], &hash[15..18], &hash[18..30])
}

/// The id of a person's record in the identity store that is deleted.
pub fn deleted_user(person: &str) -> String {
    identity_store_resource("deleted user", person)
}

/// The object id of a person at Entra.
pub fn entra_user(key: &str) -> String {
    uuid("entra user", key)
}

/// The key of one of a person's records: the first has the person's own.
pub fn key_of_record(person: &str, position: usize) -> String {
    if position == 0 { person.to_owned() } else { format!("{person} {position}") }
}

/// The object id of a group at Entra.
pub fn entra_group(key: &str) -> String {
    uuid("entra group", key)
}

/// An id at Okta: a prefix that tells the kind, and 17 more characters.
pub fn okta(prefix: &str, key: &str) -> String {
    format!("{prefix}{}", &hash(&format!("okta {prefix}"), key)[..17])
}

/// The id of the copy of a group that Okta keeps for the application that it is pushed to.
pub fn okta_app_group(key: &str) -> String {
    okta("00g", &format!("{key}, pushed"))
}

/// 64 hexadecimal digits.
pub fn hash(kind: &str, key: &str) -> String {
    hex::encode(Sha256::digest(format!("{kind}\n{key}")))
}

fn instance_id(organization_id: &str) -> String {
    format!("ssoins-{}", &hash("instance", organization_id)[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_documented_forms() {
        assert_eq!(identity_store_id(), "d-9067f0aa11");
        let user_id = identity_store_resource("user", "dana");
        assert_eq!(user_id.split('-').map(str::len).collect::<Vec<_>>(), [10, 8, 4, 4, 4, 12]);
        let permission_set = permission_set_arn("o-example", "ReadOnly");
        assert_eq!(permission_set.len(), "arn:aws:sso:::permissionSet/ssoins-/ps-".len() + 32);
        assert!(
            permission_set.contains(instance_arn("o-example").trim_start_matches("arn:aws:sso:::instance/"))
        );
    }

    #[test]
    fn ids_differ_by_kind_and_key_and_stay() {
        assert_eq!(uuid("user", "dana"), uuid("user", "dana"));
        assert_ne!(uuid("user", "dana"), uuid("group", "dana"));
        assert_ne!(uuid("user", "dana"), uuid("user", "theo"));
    }
}
