//! Where the people and groups of one question come from: configured, connected, or shown by their records.

use super::gathered::Facts;
use super::identity_source::IdentitySource;

/// A user name as Active Directory gives them, with the domain's short name: `x@corp`.
fn is_of_a_domain(user_name: &str) -> bool {
    user_name.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && !domain.contains('.'))
}

impl Facts {
    /// The identity source, if it is configured or shown to be none that an IdP feeds. That no record has an IdP's id is
    /// no proof: some IdPs send none.
    pub fn source_without_an_idp(&self) -> Option<IdentitySource> {
        let source = self.identity_source()?;
        match source {
            IdentitySource::ActiveDirectory => Some(source),
            IdentitySource::IdentityCenter => self.configured_source,
            IdentitySource::External => None,
        }
    }

    /// The identity source, as far as it is configured or shows; `None` if nothing says.
    pub fn identity_source(&self) -> Option<IdentitySource> {
        if self.configured_source.is_some() {
            return self.configured_source;
        }
        if self.idp.is_some() {
            return Some(IdentitySource::External);
        }
        let person = self.person.value();
        let of_person = person.map(|person| &*person.external_ids);
        IdentitySource::shown_by(of_person)
            .or_else(|| IdentitySource::shown_by(self.groups_in_aws().map(|group| &*group.external_ids)))
            .or(self.source_elsewhere)
            .or_else(|| {
                let is_of_a_domain = is_of_a_domain(&person?.user_name);
                Some(if is_of_a_domain {
                    IdentitySource::ActiveDirectory
                } else {
                    // Every record that an IdP or a directory sends of a person has an id of theirs.
                    IdentitySource::IdentityCenter
                })
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts::idp::Idp;
    use crate::diagnosis::facts::{DirectoryUser, ExternalId, Fact, Group};
    use crate::diagnosis::fixture::{group, group_id, known, sent_by, without_membership};

    const SCIM: &str = "https://scim.aws.com/1";
    const DS: &str = "arn:aws:ds:us-east-1:111122223333:directory/d-9067f0aa22";

    fn kept_by(user: Option<&str>, group_issuer: Option<&str>, user_name: &str) -> Facts {
        let ids = |issuer: Option<&str>| -> Box<[ExternalId]> {
            let external = |issuer: &str| ExternalId { issuer: issuer.to_owned(), id: "1".to_owned() };
            issuer.map(external).into_iter().collect()
        };
        let mut facts = without_membership();
        let person = facts.person.value().cloned().expect("a person");
        let user_name = user_name.to_owned();
        facts.person = known(DirectoryUser { external_ids: ids(user), user_name, ..person });
        facts.groups.insert(group_id(), known(Some(Group { external_ids: ids(group_issuer), ..group() })));
        facts
    }

    #[test]
    fn issuers_show_the_source() {
        for (user, group, expected) in [
            (Some(SCIM), None, IdentitySource::External),
            (None, Some(SCIM), IdentitySource::External),
            (Some(DS), Some(DS), IdentitySource::ActiveDirectory),
            (None, Some("arn:aws-us-gov:ds:us-gov-west-1:1:directory/d-1"), IdentitySource::ActiveDirectory),
            (None, None, IdentitySource::IdentityCenter),
        ] {
            assert_eq!(kept_by(user, group, "dana@example.com").identity_source(), Some(expected));
        }
        assert_eq!(
            kept_by(None, None, "dana@corp").identity_source(),
            Some(IdentitySource::ActiveDirectory),
            "a name with a domain's short name"
        );
    }

    #[test]
    fn what_is_configured_goes_before_what_shows() {
        let mut facts = kept_by(Some(SCIM), Some(SCIM), "dana@example.com");
        facts.configured_source = Some(IdentitySource::ActiveDirectory);
        assert_eq!(facts.identity_source(), Some(IdentitySource::ActiveDirectory));
        let connected = Facts { idp: sent_by(Idp::Okta).idp, ..kept_by(None, None, "dana") };
        assert_eq!(connected.identity_source(), Some(IdentitySource::External));
    }

    #[test]
    fn without_a_record_of_the_person_other_records_show_it_or_nothing_does() {
        let mut facts = kept_by(None, None, "dana");
        facts.person = Fact::NotAsked;
        assert_eq!(facts.identity_source(), None);
        facts.source_elsewhere = Some(IdentitySource::ActiveDirectory);
        assert_eq!(facts.identity_source(), Some(IdentitySource::ActiveDirectory));
    }

    #[test]
    fn a_source_without_an_idp_is_configured_or_shown_by_active_directory() {
        let at_home = |facts: &Facts| facts.source_without_an_idp();
        assert_eq!(at_home(&kept_by(None, None, "dana")), None, "not every IdP sends ids");
        assert_eq!(at_home(&kept_by(Some(SCIM), None, "dana")), None);
        assert_eq!(at_home(&kept_by(Some(DS), None, "dana")), Some(IdentitySource::ActiveDirectory));
        for configured_source in [Some(IdentitySource::IdentityCenter), Some(IdentitySource::ActiveDirectory)]
        {
            let facts = Facts { configured_source, ..kept_by(None, None, "dana") };
            assert_eq!(at_home(&facts), configured_source);
        }
        let configured_source = Some(IdentitySource::External);
        assert_eq!(at_home(&Facts { configured_source, ..kept_by(None, None, "dana") }), None);
    }
}
