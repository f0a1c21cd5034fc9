//! `user_not_in_idp`: the IdP has nobody of that name or e-mail address, so that it can provision nobody.

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::idp::DeletedPerson;
use crate::diagnosis::facts::{Facts, Identity};
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::overview::Overview;
use crate::diagnosis::step::Step;

/// The IdP knows nobody by that name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserNotInIdp {
    /// The person, if they are among those whom the IdP deleted.
    pub deleted: Option<DeletedPerson>,
}

impl Evidence for UserNotInIdp {
    const ABOUT: About = About { name: "user_not_in_idp", step: Step::IdpUser, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        Rank::not_meant(Step::IdpUser).nth(0)
    }
}

/// Somebody whom AWS knows all the same may have been created there, and then the routes decide; unless AWS has turned
/// the person off, which is what Entra does there with whom it deletes.
pub(in crate::diagnosis) fn of(overview: &Overview) -> Option<UserNotInIdp> {
    let facts = overview.case.facts;
    let is_absent = facts.idp.as_ref()?.person.value()?.is_none();
    let deleted = deleted(facts);
    let is_turned_off = overview.case.person.is_some_and(|person| !person.enabled);
    let is_gone = facts.identity() == Identity::Nobody || (is_turned_off && deleted.is_some());
    (is_absent && is_gone).then_some(UserNotInIdp { deleted })
}

pub(in crate::diagnosis) fn on(link: &Link) -> Judged<UserNotInIdp> {
    let person = link.idp()?.person.value()?;
    if person.is_none() && is_known_by_no_address(link.case.facts) {
        return None;
    }
    Some(person.is_none().then(|| UserNotInIdp { deleted: deleted(link.case.facts) }))
}

/// Returns true if all that is known of the person is a user name of AWS's: both IdPs call people by addresses, so that not
/// to be found there by such a name says nothing. (Okta keeps AWS's id of a user it created, and has no search for it:
/// Management API, `listApplicationUsers`.)
fn is_known_by_no_address(facts: &Facts) -> bool {
    let Some(record) = facts.person.value() else { return false };
    let known = [Some(&facts.question.subject), facts.question.further_address.as_ref()];
    let of_record = [Some(&record.user_name), record.email.as_ref()];
    let mut names = known.into_iter().chain(of_record).flatten();
    !record.has_an_idps_id() && !names.any(|name| name.contains('@'))
}

fn deleted(facts: &Facts) -> Option<DeletedPerson> {
    facts.idp.as_ref()?.deleted.value().cloned().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::Cause;
    use crate::diagnosis::facts::idp::{Idp, IdpUserId};
    use crate::diagnosis::facts::{DirectoryUser, Fact};
    use crate::diagnosis::fixture::{at, cause, finding, in_place, known, of_the_idp, sent_by};

    #[test]
    fn a_person_whom_neither_side_knows_is_missing_at_the_idp() {
        let mut facts = sent_by(Idp::Entra);
        of_the_idp(&mut facts).person = known(None);
        facts.user_by_name = known(None);
        facts.user_by_email = known(None);
        facts.person = Fact::NotAsked;
        assert_eq!(finding(&facts), UserNotInIdp::default().into());
    }

    #[test]
    fn somebody_deleted_at_the_idp_is_told_before_aws_has_turned_them_off() {
        let mut facts = sent_by(Idp::Entra);
        let record = facts.person.value().cloned().expect("a record");
        facts.person = known(DirectoryUser { enabled: false, ..record });
        of_the_idp(&mut facts).person = known(None);
        let id = IdpUserId("dana".to_owned());
        let deleted = DeletedPerson { id, user_name: "dana@example.com".to_owned(), at: at("09:00") };
        of_the_idp(&mut facts).deleted = known(Some(deleted.clone()));
        assert_eq!(finding(&facts), UserNotInIdp { deleted: Some(deleted) }.into());
    }

    #[test]
    fn somebody_of_whom_only_aws_own_user_name_is_known_may_be_at_the_idp() {
        let mut facts = Facts { user_by_email: Fact::NotAsked, ..sent_by(Idp::Okta) };
        facts.question.subject = "dreyes".to_owned();
        let record = facts.person.value().cloned().expect("a record");
        let record = DirectoryUser { user_name: "dreyes".to_owned(), ..record };
        facts.person = known(record.clone());
        of_the_idp(&mut facts).person = known(None);
        assert_eq!(cause(&facts), Some(Cause::MembershipNotSynced));
        facts.person = known(DirectoryUser { email: Some("dreyes@example.com".to_owned()), ..record });
        assert_eq!(cause(&facts), Some(Cause::UserNotInIdp));
    }

    #[test]
    fn a_person_created_in_aws_may_have_the_access() {
        let mut facts = Facts { idp: sent_by(Idp::Entra).idp, ..in_place() };
        of_the_idp(&mut facts).person = known(None);
        assert_eq!(cause(&facts), Some(Cause::PortalStale));
        facts.memberships = known(Vec::new());
        assert_eq!(cause(&facts), Some(Cause::UserNotInIdp));
    }

    #[test]
    fn whom_the_idp_lacks_is_told_before_any_route_if_aws_lacks_or_has_turned_off_whom_it_deleted() {
        let of_the_whole = |is_there: bool, enabled: bool, is_deleted: bool| {
            let mut facts = sent_by(Idp::Entra);
            facts.assignments.clear();
            let record = facts.person.value().cloned().expect("a record");
            facts.person = known(DirectoryUser { enabled, ..record });
            if !is_there {
                (facts.user_by_name, facts.user_by_email) = (known(None), known(None));
                facts.person = Fact::NotAsked;
            }
            of_the_idp(&mut facts).person = known(None);
            let id = IdpUserId("dana".to_owned());
            let deleted = DeletedPerson { id, user_name: "dana@example.com".to_owned(), at: at("09:00") };
            of_the_idp(&mut facts).deleted = known(is_deleted.then_some(deleted));
            cause(&facts)
        };
        assert_eq!(of_the_whole(false, true, false), Some(Cause::UserNotInIdp));
        assert_eq!(of_the_whole(true, false, true), Some(Cause::UserNotInIdp));
        assert_eq!(of_the_whole(true, false, false), Some(Cause::UserDisabled));
        assert_eq!(of_the_whole(true, true, true), Some(Cause::NoAssignment));
    }
}
