//! Where Identity Center's people and groups come from (AWS calls it the identity source): an external IdP by SCIM,
//! Active Directory, or Identity Center's own directory. It may be configured; else the records show it.

use super::aws::ExternalId;

/// The identity source. Source: IAM Identity Center user guide, "Manage your identity source".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentitySource {
    /// An IdP, which sends by SCIM.
    External,
    /// Active Directory, by AWS Directory Service: Managed Microsoft AD or AD Connector.
    ActiveDirectory,
    /// Identity Center's own directory.
    IdentityCenter,
}

/// How the issuer begins whose ids AWS Directory Service gives to what it synchronizes.
const DIRECTORY_SERVICE: &str = "arn:aws";

impl IdentitySource {
    pub const ALL: [Self; 3] = [Self::External, Self::ActiveDirectory, Self::IdentityCenter];

    /// Its name in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::External => "external",
            Self::ActiveDirectory => "active_directory",
            Self::IdentityCenter => "identity_center",
        }
    }

    /// What these records' external ids show; `None` if none of them has any, since not every IdP sends them.
    pub fn shown_by<'r>(records: impl IntoIterator<Item = &'r [ExternalId]>) -> Option<Self> {
        let mut issuers = records.into_iter().flatten().map(|external| external.issuer.as_str()).peekable();
        issuers.peek()?;
        Some(if issuers.any(is_directory_service) { Self::ActiveDirectory } else { Self::External })
    }
}

/// `arn:aws:ds:…`, in whatever partition.
fn is_directory_service(issuer: &str) -> bool {
    issuer.starts_with(DIRECTORY_SERVICE) && issuer.split(':').nth(2) == Some("ds")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_arn_of_the_directory_service_shows_active_directory() {
        for partition in ["aws", "aws-cn", "aws-us-gov"] {
            assert!(is_directory_service(&format!(
                "arn:{partition}:ds:us-east-1:111122223333:directory/d-1"
            )));
        }
        assert!(!is_directory_service("arn:aws:iam::111122223333:saml-provider/x"));
        assert!(!is_directory_service("https://scim:aws:ds"));
    }

    #[test]
    fn sources_have_the_names_of_the_configuration() {
        let names = IdentitySource::ALL.map(IdentitySource::name);
        assert_eq!(names, ["external", "active_directory", "identity_center"]);
    }
}
