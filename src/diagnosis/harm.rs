//! The facts without which no remedy may take anything away.
//!
//! Each type is one such fact. It is made only by looking at what was read, and has no public field; the words for
//! renaming, deleting, removing and restarting ask for it (`words::taking`), so that nobody can say them without.
//!
//! | what is taken away | what has to have been seen | the fact |
//! |---|---|---|
//! | the name of a group or person in AWS, then a manual group | AWS refused the IdP's record, as its name is taken | [`NameTaken`] |
//! | the state of the whole synchronization (a restart) | the IdP still has the id of what is gone in AWS | [`TargetDeleted`] |
//! | an assignment to the IdP's application, to be made again | the IdP skipped it as not entitled | [`NotEntitled`] |
//! | an account assignment | AWS does not have the group or user that it names | [`PrincipalGone`] |
//! | a push mapping of Okta's; all that Entra has learnt of AWS (a restart, if a group cannot be sent otherwise) | AWS has no group with the id or the name of the IdP's | [`GroupGone`] |
//! | somebody's place in Okta's application, to be given again | Okta created a user for them who is gone in AWS | [`AppUserGone`] |
//!
//! The digest has two more beside its steps (`digest::remedy`): nothing is taken from a group before it was seen who
//! would lose by it, and no group is renamed at the IdP unless AWS has the id of another of that name.

use super::facts::idp::{IdpFacts, IdpGroup, SkipReason, Trouble, TroubleKind};
use super::facts::{Fact, Facts, Group, GroupId, Identity, UserId};

/// One of these facts.
pub trait Proof: private::Sealed {}

mod private {
    /// Nobody else adds a fact.
    pub trait Sealed {}
}

macro_rules! proofs {
    ($($fact:ty),+) => {$(
        impl private::Sealed for $fact {}
        impl Proof for $fact {}
    )+};
}
proofs!(NameTaken, TargetDeleted, NotEntitled, PrincipalGone, GroupGone, AppUserGone);

/// AWS refused the IdP's record with a conflict: something there has its name (SCIM answers 409).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameTaken(());

impl NameTaken {
    /// Looks at an entry of the IdP's log.
    pub fn seen_in(entry: &Trouble) -> Option<Self> {
        (entry.kind == TroubleKind::NameTaken).then_some(Self(()))
    }
}

/// What the IdP once provisioned is gone in AWS, and the IdP still goes by its old id (Entra's `InvalidAnchor`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetDeleted(());

impl TargetDeleted {
    /// Looks at an entry of the IdP's log.
    pub fn seen_in(entry: &Trouble) -> Option<Self> {
        (entry.kind == TroubleKind::TargetDeleted).then_some(Self(()))
    }
}

/// The IdP skipped the person or group: their assignment to the application does not count
/// (Entra's `NotEffectivelyEntitled`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotEntitled(());

impl NotEntitled {
    /// Looks at an entry of the IdP's log.
    pub fn seen_in(entry: &Trouble) -> Option<Self> {
        (entry.kind == TroubleKind::Skipped(SkipReason::NotEntitled)).then_some(Self(()))
    }
}

/// AWS answered ResourceNotFoundException for the principal of an account assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrincipalGone(());

impl PrincipalGone {
    /// Looks at what `DescribeGroup` answered.
    pub fn seen_of_group(facts: &Facts, group: &GroupId) -> Option<Self> {
        let answer: Option<&Option<Group>> = facts.groups.get(group).and_then(Fact::value);
        answer?.is_none().then_some(Self(()))
    }

    /// Looks at what `DescribeUser` answered.
    pub fn seen_of_user(facts: &Facts, user: &UserId) -> Option<Self> {
        Self::seen_in(facts.users.get(user)?)
    }

    /// Looks at whether it is there.
    pub fn seen_in(is_there: &Fact<bool>) -> Option<Self> {
        (is_there.value() == Some(&false)).then_some(Self(()))
    }
}

/// AWS was asked for this group of an IdP by its id and by its name, and has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupGone(IdpGroup);

impl GroupGone {
    /// Looks at what `GetGroupId` answered.
    pub fn seen_of(idp: &IdpFacts, group: &IdpGroup) -> Option<Self> {
        (idp.in_aws.get(&group.id)?.value() == Some(&None)).then(|| Self(group.clone()))
    }

    /// The group that AWS does not have: nothing is said of another with this proof.
    pub fn group(&self) -> &IdpGroup {
        &self.0
    }
}

/// Okta's `AppUser` has the id of a user in AWS, and AWS has nobody of that id or of the person's names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppUserGone(());

impl AppUserGone {
    /// Looks at Okta's assignment of the person and at whom AWS has.
    pub fn seen_in(facts: &Facts) -> Option<Self> {
        let app_user = facts.idp.as_ref()?.app_user.value()?.as_ref()?;
        let nobody_has_it = facts.user_by_id.value() == Some(&None) && facts.identity() == Identity::Nobody;
        (app_user.external_id.is_some() && nobody_has_it).then_some(Self(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts::idp::{Idp, TroubleAbout};
    use crate::diagnosis::fixture::{
        group_id, idp_group, in_place, known, of_the_idp, sent_by, trouble, unread,
    };

    #[test]
    fn an_entry_of_the_log_proves_what_it_says_and_nothing_else() {
        let kinds = [
            TroubleKind::NameTaken,
            TroubleKind::TargetDeleted,
            TroubleKind::Skipped(SkipReason::NotEntitled),
            TroubleKind::Skipped(SkipReason::OutOfScope),
            TroubleKind::Other,
        ];
        let proven = kinds.map(|kind| {
            let entry = trouble(TroubleAbout::Person, kind, "13:57");
            let proofs =
                (NameTaken::seen_in(&entry), TargetDeleted::seen_in(&entry), NotEntitled::seen_in(&entry));
            (proofs.0.is_some(), proofs.1.is_some(), proofs.2.is_some())
        });
        let nothing = (false, false, false);
        assert_eq!(
            proven,
            [(true, false, false), (false, true, false), (false, false, true), nothing, nothing]
        );
    }

    #[test]
    fn nobody_is_gone_of_whom_aws_did_not_say_so() {
        let user = UserId("user".to_owned());
        for (answer, is_gone) in [(known(false), true), (known(true), false), (unread(), false)] {
            assert_eq!(PrincipalGone::seen_in(&answer).is_some(), is_gone);
            let mut facts = in_place();
            facts.users.insert(user.clone(), answer);
            assert_eq!(PrincipalGone::seen_of_user(&facts, &user).is_some(), is_gone);
        }
        let mut facts = in_place();
        assert_eq!(PrincipalGone::seen_of_user(&facts, &user), None, "nobody asked");
        for (answer, is_gone) in
            [(known(None), true), (facts.groups[&group_id()].clone(), false), (unread(), false)]
        {
            facts.groups.insert(group_id(), answer);
            assert_eq!(PrincipalGone::seen_of_group(&facts, &group_id()).is_some(), is_gone);
        }
    }

    #[test]
    fn a_user_whom_okta_created_is_gone_once_aws_has_nobody_of_the_id_and_the_names() {
        let mut facts = sent_by(Idp::Okta);
        facts.user_by_id = known(None);
        assert_eq!(AppUserGone::seen_in(&facts), None, "a name leads to them");
        (facts.user_by_name, facts.user_by_email, facts.person) = (known(None), known(None), Fact::NotAsked);
        assert_eq!(AppUserGone::seen_in(&facts), None, "Okta keeps no id");
        let idp = of_the_idp(&mut facts);
        let mut app_user = idp.app_user.value().cloned().flatten().expect("an assignment");
        app_user.external_id = Some("gone".to_owned());
        idp.app_user = known(Some(app_user));
        assert!(AppUserGone::seen_in(&facts).is_some());
        let by_name = Facts { user_by_name: in_place().user_by_name, ..facts.clone() };
        assert_eq!(AppUserGone::seen_in(&by_name), None, "a name leads to somebody, if not by the id");
        facts.user_by_id = unread();
        assert_eq!(AppUserGone::seen_in(&facts), None, "nobody knows who has the id");
    }

    #[test]
    fn a_group_is_gone_that_aws_was_asked_for_and_does_not_have_and_no_other() {
        let mut facts = sent_by(Idp::Entra);
        let other = IdpGroup::new("other", "Crew");
        assert_eq!(GroupGone::seen_of(of_the_idp(&mut facts), &idp_group()), None, "nobody asked");
        for (answer, is_gone) in [(known(None), true), (known(Some(group_id())), false), (unread(), false)] {
            let idp = of_the_idp(&mut facts);
            idp.in_aws.insert(idp_group().id, answer);
            let gone = GroupGone::seen_of(idp, &idp_group());
            assert_eq!(gone.as_ref().map(GroupGone::group), is_gone.then(idp_group).as_ref());
            assert_eq!(GroupGone::seen_of(idp, &other), None);
        }
    }
}
