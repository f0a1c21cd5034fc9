//! `not_in_group`: the IdP has the person in no group that gives access to the account: they never had it.

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::idp::{Filled, Idp, IdpGroup, Owner};
use crate::diagnosis::facts::twins::twin_among;
use crate::diagnosis::facts::{Fact, Group, Unsent};
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::names::{is_variant, likeness, words_shared};
use crate::diagnosis::step::Step;

/// In no group that would give access to the account.
#[derive(Clone, Debug, PartialEq)]
pub struct NotInGroup {
    /// The groups that would open the account, the least over-granting first.
    pub openings: Vec<Opening>,
    /// Where the first of them is kept.
    pub kept: Kept,
    /// How people get into the first of them at the IdP.
    pub filled: Filled,
    /// Nobody can tell whether the person may activate the first of them (Entra's Privileged Identity Management).
    pub may_be_eligible: bool,
    /// People activate the first of them for a while (the same), and the person is not among those who may.
    pub is_activated: bool,
    /// Who may add people to the first of them.
    pub owners: Vec<Owner>,
    /// A group that the person is in at the IdP and whose name only looks like one of them, or differs by a plural or a
    /// suffix.
    pub near: Option<IdpGroup>,
    /// A group that the person is in, that the IdP sends to AWS and that AWS does not have: nothing says for what it is.
    pub lost: Option<IdpGroup>,
    /// A group that the person is in and that the IdP does not send to AWS, though its push was set up once or it is named
    /// after the account.
    pub unsent: Option<(IdpGroup, Unsent)>,
    /// It was not read which of the person's groups the IdP sends, or of which of those AWS has any.
    pub own_groups_are_unread: bool,
}

/// Where a group's members are kept, as far as it could be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The IdP has the group.
    AtTheIdp,
    /// The IdP has no group of that name, and nothing in AWS says that an IdP provisioned it.
    ElsewhereThanTheIdp,
    /// It could not be read.
    Unknown,
}

/// A group that would open the account to its members.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    pub group: Group,
    /// The same as the IdP has it, if that was read.
    pub at_the_idp: Option<IdpGroup>,
    pub permission_set: Option<String>,
    /// How many accounts it opens in all, if that could be read.
    pub opens_accounts: Option<usize>,
}

impl Opening {
    /// Its name where people are added to it.
    pub fn name(&self) -> &str {
        self.at_the_idp.as_ref().map_or(&self.group.name, |group| &group.name)
    }
}

impl Evidence for NotInGroup {
    const ABOUT: About =
        About { name: "not_in_group", step: Step::IdpMembership, meaning: Meaning::NeverHad };

    fn rank(&self) -> Rank {
        Rank::not_meant(Step::IdpMembership)
    }

    fn add(&mut self, other: &Self) {
        self.openings.extend(other.openings.iter().cloned());
        self.openings.dedup();
        self.near = self.near.take().or_else(|| other.near.clone());
    }

    fn idp_may_explain(&self) -> bool {
        true
    }
}

pub(in crate::diagnosis) fn on(link: &Link) -> Judged<NotInGroup> {
    let idp = link.idp()?;
    let direct = idp.direct.value()?;
    let is_in_it = link.idp_group()?.is_some()
        || match idp.idp {
            // Okta does not nest.
            Idp::Okta => false,
            Idp::Entra => twin_among(idp.transitive.value()?, link.assigned).is_some(),
        };
    if is_in_it {
        return Some(None);
    }
    let opening = Opening {
        group: link.assigned.clone(),
        at_the_idp: link.twin().cloned(),
        permission_set: link.case.facts.permission_set_name(link.permission_set).map(str::to_owned),
        opens_accounts: link.case.facts.opens_accounts.get(&link.assigned.id).and_then(Fact::value).copied(),
    };
    let assigned = &link.assigned.name;
    let alike = direct.iter().find(|own| likeness(&own.name, assigned).is_some());
    let near = alike.or_else(|| direct.iter().find(|own| is_variant(&own.name, assigned)));
    Some(Some(NotInGroup {
        openings: vec![opening],
        kept: kept(link),
        filled: filled(link),
        may_be_eligible: may_be_eligible(link),
        is_activated: is_activated(link),
        owners: owners(link).unwrap_or_default(),
        near: near.cloned(),
        lost: idp.lost().next().cloned(),
        unsent: unsent(link, near),
        own_groups_are_unread: idp.own_groups_are_unread(),
    }))
}

/// One that is told as near is told once.
fn unsent(link: &Link, near: Option<&IdpGroup>) -> Option<(IdpGroup, Unsent)> {
    let shared = |group: &IdpGroup| words_shared(&group.name, link.case.account_name());
    let unsent = link.idp()?.unsent().filter(|(group, _)| Some(*group) != near);
    let may_be_meant = unsent.filter(|(group, why)| *why == Unsent::PushOff || shared(group) > 0);
    let (group, why) = may_be_meant.max_by_key(|(group, _)| shared(group))?;
    Some((group.clone(), why))
}

fn kept(link: &Link) -> Kept {
    let twin = link.idp().and_then(|idp| idp.twins.get(&link.assigned.id)?.value());
    match twin {
        Some(Some(_)) => Kept::AtTheIdp,
        Some(None) if !link.assigned.synced => Kept::ElsewhereThanTheIdp,
        Some(None) | None => Kept::Unknown,
    }
}

fn owners(link: &Link) -> Option<Vec<Owner>> {
    let idp = link.idp()?;
    // Nobody adds people to a group that a rule or another directory fills, its owner included.
    let twin = link.twin().filter(|twin| twin.traits.filled.allows_adding())?;
    idp.owners.get(&twin.id).and_then(Fact::value).cloned()
}

fn filled(link: &Link) -> Filled {
    link.twin().map(|twin| twin.traits.filled.clone()).unwrap_or_default()
}

fn is_activated(link: &Link) -> bool {
    let Some(idp) = link.idp().filter(|idp| idp.eligible.value().is_some()) else { return false };
    link.twin().is_some_and(|twin| idp.is_activated.get(&twin.id).and_then(Fact::value) == Some(&true))
}

fn may_be_eligible(link: &Link) -> bool {
    let unread = link.idp().is_some_and(|idp| idp.idp == Idp::Entra && idp.eligible.value().is_none());
    unread && link.twin().is_some_and(|twin| twin.traits.filled.allows_eligibility())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::{Cause, Finding};
    use crate::diagnosis::facts::idp::{AppAssignment, MembershipRule, PushMapping, PushState};
    use crate::diagnosis::facts::{GroupId, PermissionSetArn, Principal};
    use crate::diagnosis::fixture::{
        cause, finding, group, group_id, idp_group, known, of_the_idp, read_only, sent_by, unread,
    };
    use crate::diagnosis::{Diagnosis, diagnose};

    #[test]
    fn the_first_group_is_the_one_that_opens_least() {
        let elsewhere = vec![IdpGroup::new("elsewhere", "Everyone")];
        let mut facts = sent_by(Idp::Entra);
        of_the_idp(&mut facts).direct = known(elsewhere.clone());
        of_the_idp(&mut facts).transitive = known(elsewhere);
        let small = Group { id: GroupId("small".to_owned()), name: "AWS-Payments-Few".to_owned(), ..group() };
        facts.groups.insert(small.id.clone(), known(Some(small.clone())));
        facts.opens_accounts.insert(small.id.clone(), known(1));
        facts.opens_accounts.insert(group_id(), known(40));
        let both = vec![Principal::Group(small.id), Principal::Group(group_id())];
        facts.assignments.insert(read_only(), known(both));
        let Finding::NotInGroup(found) = finding(&facts) else { panic!("{:?}", cause(&facts)) };
        let names: Vec<&str> = found.openings.iter().map(|one| one.group.name.as_str()).collect();
        assert_eq!(names, ["AWS-Payments-Few", "AWS-Payments"]);
    }

    /// Dana is in no group at the IdP, and these have access, each with a permission set of its own.
    fn given_to(groups: &[(&str, &str, usize)]) -> Diagnosis {
        let mut facts = sent_by(Idp::Entra);
        let idp = of_the_idp(&mut facts);
        (idp.direct, idp.transitive) = (known(Vec::new()), known(Vec::new()));
        facts.assignments.clear();
        for (name, set, opens) in groups {
            let id = GroupId((*name).to_owned());
            let set_arn = PermissionSetArn((*set).to_owned());
            let one = Group { id: id.clone(), name: (*name).to_owned(), ..group() };
            facts.groups.insert(id.clone(), known(Some(one)));
            facts.opens_accounts.insert(id.clone(), known(*opens));
            facts.permission_sets.insert(set_arn.clone(), known((*set).to_owned()));
            let principals = facts.assignments.entry(set_arn).or_insert_with(|| known(Vec::new()));
            let Fact::Known(principals) = principals else { panic!("it is known") };
            principals.value.push(Principal::Group(id));
        }
        diagnose(&facts)
    }

    fn first(diagnosis: &Diagnosis) -> &str {
        let Some(Finding::NotInGroup(found)) = diagnosis.finding() else { panic!("{:?}", diagnosis.outcome) };
        &found.openings[0].group.name
    }

    #[test]
    fn an_admins_group_is_never_first_however_few_accounts_it_opens() {
        for privileged in [("Ops", "AdministratorAccess", 1), ("Break Glass", "Support", 1)] {
            let diagnosis = given_to(&[("AWS-Data", "ReadOnly", 9), privileged]);
            assert_eq!(first(&diagnosis), "AWS-Data");
            assert_eq!(diagnosis.equally_meant(), Vec::<&crate::diagnosis::Route>::new());
        }
        assert_eq!(first(&given_to(&[("Ops", "Admin", 1)])), "Ops", "there is no other");
    }

    #[test]
    fn of_groups_with_different_permission_sets_nothing_says_which_is_meant() {
        let meant = |groups: &[(&str, &str, usize)]| given_to(groups).equally_meant().len();
        assert_eq!(meant(&[("One", "ReadOnly", 1), ("Two", "Billing", 1), ("Ops", "Admin", 1)]), 2);
        assert_eq!(meant(&[("One", "ReadOnly", 1), ("Two", "ReadOnly", 2)]), 0, "the first gives less");
        assert_eq!(meant(&[("One", "ReadOnly", 2), ("Two", "ReadOnly", 2)]), 2);
    }

    #[test]
    fn the_owner_of_a_group_that_a_rule_fills_adds_nobody_to_it() {
        let rule = MembershipRule { name: None, text: None, is_paused: false };
        for (filled, owners) in
            [(Filled::ByHand, 1), (Filled::ByRule(rule), 0), (Filled::FromActiveDirectory, 0)]
        {
            let mut twin = idp_group();
            twin.traits.filled = filled.clone();
            let mut facts = sent_by(Idp::Entra);
            let idp = of_the_idp(&mut facts);
            (idp.direct, idp.transitive) = (known(Vec::new()), known(Vec::new()));
            let owner = Owner { name: "Bo".to_owned(), email: None };
            idp.owners.insert(twin.id.clone(), known(vec![owner]));
            idp.twins.insert(group_id(), known(Some(twin)));
            let Finding::NotInGroup(found) = finding(&facts) else { panic!("{:?}", cause(&facts)) };
            assert_eq!((found.owners.len(), found.may_be_eligible), (owners, filled == Filled::ByHand));
            assert_eq!(found.filled, filled);
        }
    }

    #[test]
    fn somebody_who_may_not_activate_a_group_that_others_activate_lacks_the_eligibility() {
        let mut facts = sent_by(Idp::Entra);
        let idp = of_the_idp(&mut facts);
        (idp.direct, idp.transitive) = (known(Vec::new()), known(Vec::new()));
        idp.twins.insert(group_id(), known(Some(idp_group())));
        idp.is_activated.insert(idp_group().id, known(true));
        let is_activated = |facts: &_| match finding(facts) {
            Finding::NotInGroup(found) => found.is_activated,
            other => panic!("{other:?}"),
        };
        assert!(!is_activated(&facts), "nobody could see who may");
        of_the_idp(&mut facts).eligible = known(Vec::new());
        assert!(is_activated(&facts));
        of_the_idp(&mut facts).is_activated.insert(idp_group().id, known(false));
        assert!(!is_activated(&facts));
    }

    #[test]
    fn a_group_whose_name_differs_by_a_suffix_is_near_and_never_the_same() {
        let old = IdpGroup::new("elsewhere", "AWS-Payments-old");
        let mut facts = sent_by(Idp::Entra);
        of_the_idp(&mut facts).direct = known(vec![old.clone()]);
        of_the_idp(&mut facts).transitive = known(vec![old.clone()]);
        let Finding::NotInGroup(found) = finding(&facts) else { panic!("{:?}", cause(&facts)) };
        assert_eq!(found.near, Some(old));
    }

    #[test]
    fn groups_that_could_not_be_read_prove_nothing() {
        let mut facts = sent_by(Idp::Entra);
        of_the_idp(&mut facts).direct = unread();
        assert_eq!(cause(&facts), Some(Cause::MembershipNotSynced));
    }

    /// Dana is in no group at the IdP, and this is what it has of the one that gives access.
    fn with_the_twin(idp: Idp, synced: bool, twin: Fact<Option<IdpGroup>>) -> NotInGroup {
        let mut facts = sent_by(idp);
        let bare = Group { synced, external_ids: Box::default(), ..group() };
        facts.groups.insert(group_id(), known(Some(bare)));
        let at_the_idp = of_the_idp(&mut facts);
        (at_the_idp.direct, at_the_idp.transitive) = (known(Vec::new()), known(Vec::new()));
        at_the_idp.twins.insert(group_id(), twin);
        let Finding::NotInGroup(found) = finding(&facts) else { panic!("{:?}", cause(&facts)) };
        found
    }

    #[test]
    fn a_group_is_kept_where_it_was_seen() {
        let kept = |synced, twin| with_the_twin(Idp::Entra, synced, twin).kept;
        assert_eq!(kept(false, known(Some(idp_group()))), Kept::AtTheIdp);
        assert_eq!(kept(false, known(None)), Kept::ElsewhereThanTheIdp);
        assert_eq!(kept(true, known(None)), Kept::Unknown, "an IdP sent it once");
        assert_eq!(kept(false, unread()), Kept::Unknown);
    }

    #[test]
    fn a_group_has_the_name_that_it_has_where_people_are_added() {
        let name = |twin| with_the_twin(Idp::Entra, true, twin).openings[0].name().to_owned();
        assert_eq!(name(known(Some(IdpGroup::new("idp-group", "Payments Team")))), "Payments Team");
        assert_eq!(name(unread()), "AWS-Payments");
    }

    #[test]
    fn only_a_group_that_entra_has_and_somebody_fills_may_be_one_to_activate() {
        let may_be = |idp, twin| with_the_twin(idp, true, twin).may_be_eligible;
        assert!(may_be(Idp::Entra, known(Some(idp_group()))));
        assert!(!may_be(Idp::Okta, known(Some(idp_group()))));
        assert!(!may_be(Idp::Entra, unread()));
        let mut from_elsewhere = idp_group();
        from_elsewhere.traits.filled = Filled::FromActiveDirectory;
        assert!(!may_be(Idp::Entra, known(Some(from_elsewhere))));
    }

    #[test]
    fn a_group_of_theirs_that_is_not_sent_is_told_if_its_push_is_off_or_it_is_named_after_the_account() {
        let unsent = |name: &str, assignment: AppAssignment| {
            let own = IdpGroup::new("own", name);
            let mut facts = sent_by(Idp::Okta);
            let idp = of_the_idp(&mut facts);
            idp.direct = known(vec![own.clone()]);
            idp.app_assignments.insert(own.id, known(assignment));
            let Finding::NotInGroup(found) = finding(&facts) else { panic!("{:?}", cause(&facts)) };
            found.unsent.map(|(group, why)| (group.name, why))
        };
        let never = |name| unsent(name, AppAssignment::None);
        assert_eq!(never("Payments Crew"), Some(("Payments Crew".to_owned(), Unsent::NotOnTheApplication)));
        assert_eq!(never("Night Crew"), None);
        assert_eq!(never("AWS-Payments-old"), None, "it is told as near");
        let mut facts = sent_by(Idp::Okta);
        let known_of = of_the_idp(&mut facts).app_assignments.values().find_map(Fact::value).cloned();
        let Some(AppAssignment::Pushed(mapping)) = known_of else { panic!("it is pushed") };
        let off = AppAssignment::Pushed(PushMapping { state: PushState::Inactive, ..mapping.clone() });
        assert_eq!(unsent("Night Crew", off), Some(("Night Crew".to_owned(), Unsent::PushOff)));
        assert_eq!(unsent("Night Crew", AppAssignment::Pushed(mapping)), None);
    }
}
