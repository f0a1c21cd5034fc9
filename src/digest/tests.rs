//! What the evidence comes to: whom it hurts, what is advised, and what is never advised.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::{DigestFacts, Evidence, InstanceIds, Names};
use super::finding::{Finding, Kind, Opens, Person, Severity, finding};
use super::remedy::{Step, WouldLose};
use super::standing::{Snooze, State, Told, recognize, standing};
use super::suspects::{Census, FormerGroup, Suspect, suspects};
use super::*;
use crate::diagnosis::facts::idp::{IdpGroup, IdpGroupId, Trouble, TroubleAbout, TroubleKind};
use crate::diagnosis::facts::{
    ExternalId, Fact, Gap, GapKind, Group, GroupId, Known, PermissionSetArn, Principal, Source, UserId,
};
use crate::diagnosis::portal::AccountAssignment;

fn noon() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn known<T>(value: T) -> Fact<T> {
    Fact::Known(Known { value, as_of: noon(), source: Source::Live })
}

fn gap<T>() -> Fact<T> {
    let (operation, detail) = ("identitystore:DescribeGroup".to_owned(), "in a test".to_owned());
    Fact::Gap(Gap { kind: GapKind::Forbidden, operation, detail })
}

fn group(id: &str, name: &str, external_id: Option<&str>) -> Group {
    Group {
        id: GroupId(id.to_owned()),
        name: name.to_owned(),
        synced: external_id.is_some(),
        external_ids: external_id
            .into_iter()
            .map(|id| ExternalId { issuer: "https://scim".to_owned(), id: id.to_owned() })
            .collect(),
        created_at: None,
        created_by: None,
    }
}

fn idp_group(id: &str) -> IdpGroup {
    IdpGroup::new(id, "Ops")
}

/// The IdP's record that AWS rejected its group.
fn rejection() -> Trouble {
    Trouble {
        about: TroubleAbout::Group(IdpGroupId("idp-1".to_owned())),
        at: None,
        kind: TroubleKind::NameTaken,
        code: "409".to_owned(),
        advice: None,
        reason: None,
    }
}

fn opens(account: &str) -> Opens {
    Opens { account: account.to_owned(), permission_set: PermissionSetArn("ReadOnly".to_owned()) }
}

/// What was read of a suspect, a group at a time.
struct Read(Evidence);

impl Read {
    fn of(suspect: Suspect) -> Self {
        Self(Evidence::none(suspect))
    }

    fn with(mut self, id: &str, members: &[&str], accounts: &[&str]) -> Self {
        let people = members.iter().map(|member| UserId((*member).to_owned())).collect();
        let assignments = accounts.iter().map(|account| AccountAssignment {
            account: (*account).to_owned(),
            permission_set: PermissionSetArn("ReadOnly".to_owned()),
            principal: Principal::Group(GroupId(id.to_owned())),
        });
        self.0.members.insert(GroupId(id.to_owned()), known(people));
        self.0.assignments.insert(GroupId(id.to_owned()), known(assignments.collect()));
        self
    }

    fn there(mut self, is_there: Fact<bool>) -> Self {
        self.0.is_there = is_there;
        self
    }

    fn found(&self) -> Finding {
        finding(&self.0).unwrap()
    }
}

fn pair() -> [Group; 2] {
    [group("synced", "Ops", Some("idp-1")), group("manual", "ops", None)]
}

fn digest_of(evidence: Vec<Evidence>) -> Digest {
    digest(&DigestFacts {
        checked_at: noon(),
        groups_checked: 2,
        groups_are_all: true,
        idp: None,
        instance: None::<InstanceIds>,
        evidence,
        gaps: Vec::new(),
        names: Names { accounts: BTreeMap::new(), ..Names::default() },
    })
}

fn told(finding: &Finding) -> Told {
    Told {
        id: finding.id.clone(),
        kind: finding.kind.name().to_owned(),
        severity: finding.severity,
        hurt: finding.hurt.len(),
        name: finding.name().to_owned(),
        groups: finding.copies.iter().map(|copy| copy.id.clone()).collect(),
        first_told: noon(),
        as_told: String::new(),
        snooze: None,
    }
}

#[test]
fn a_group_is_gone_only_where_aws_says_so_of_itself() {
    let gone = || FormerGroup { id: GroupId("old".to_owned()), name: String::new(), last_seen: noon() };
    let suspect = || Suspect::Recreated { gone: gone(), now: None };
    let read = |is_there| Read::of(suspect()).with("old", &[], &["1"]).there(is_there).0;
    let said = digest_of(vec![read(known(false))]);
    assert_eq!(said.findings.len(), 1);
    let alive = digest_of(vec![read(known(true))]);
    assert_eq!((alive.findings.len(), alive.overlooks_nothing), (0, true), "it was made after the list");
    let unread = digest_of(vec![read(gap())]);
    assert_eq!((unread.findings.len(), unread.overlooks_nothing), (0, false), "nobody knows");
}

#[test]
fn of_two_groups_of_the_idp_the_one_that_is_in_aws_keeps_its_name() {
    let twins = || vec![idp_group("idp-1"), idp_group("idp-2")];
    let found = |in_aws: Option<Group>| {
        let read = Read::of(Suspect::IdpTwins { at_the_idp: twins(), in_aws });
        read.with("aws", &["ann"], &["1"]).found().steps
    };
    for (arrived, renamed) in [("idp-1", "idp-2"), ("idp-2", "idp-1")] {
        let steps = found(Some(group("aws", "Ops", Some(arrived))));
        let [Step::RenameAtTheIdp { group, .. }] = &steps[..] else { panic!("{steps:?}") };
        assert_eq!(*group, idp_group(renamed));
    }
    for in_aws in [Some(group("aws", "Ops", Some("of another kind"))), Some(group("aws", "Ops", None)), None]
    {
        let is_in_aws = in_aws.as_ref().is_some_and(|group| group.synced);
        let either = Step::RenameAllButOneAtTheIdp { name: "Ops".to_owned(), is_in_aws };
        assert_eq!(found(in_aws), [either], "which of them it is, nobody knows");
    }
}

#[test]
fn who_gains_by_a_step_is_said_with_it() {
    let read = Read::of(Suspect::Alike(pair().to_vec())).with("synced", &["ann", "bob"], &["1"]).with(
        "manual",
        &["bob", "cem"],
        &["2"],
    );
    let steps = read.found().steps;
    let person = |id: &str| Person::InAws(UserId(id.to_owned()));
    let Some(Step::Assign { gain, .. }) = steps.first() else { panic!("{steps:?}") };
    assert_eq!(*gain, Some(vec![person("ann")]), "bob has it by the other");
    let Some(Step::AddAtTheIdp { newcomers, .. }) = steps.get(1) else { panic!("{steps:?}") };
    assert_eq!(
        (&newcomers.people, &newcomers.gain),
        (&vec![person("cem")], &Some(BTreeSet::from([opens("1")])))
    );
}

#[test]
fn before_a_group_goes_somebody_looks_whether_an_application_uses_it() {
    for accounts in [&["1"][..], &[]] {
        let read = Read::of(Suspect::Alike(pair().to_vec())).with("synced", &["ann"], &["1"]);
        let steps = read.with("manual", &["ann"], accounts).found().steps;
        let of = |wanted: fn(&Step) -> bool| steps.iter().position(wanted);
        let looks = of(|step| matches!(step, Step::SeeThatNoApplicationUsesIt { .. }));
        let deletes = of(|step| matches!(step, Step::RemoveWhereItIsKept { .. }));
        assert!(looks.is_some() && looks < deletes, "{steps:?}");
    }
}

#[test]
fn nothing_is_taken_from_a_group_whose_members_or_access_could_not_be_read() {
    let read = || {
        let read = Read::of(Suspect::Alike(pair().to_vec())).with("synced", &["ann"], &["1"]);
        read.with("manual", &["ann"], &["2"])
    };
    let mut without_members = read();
    without_members.0.members.insert(GroupId("manual".to_owned()), gap());
    let mut without_access = read();
    without_access.0.assignments.insert(GroupId("manual".to_owned()), gap());
    for unread in [without_members, without_access] {
        let steps = unread.found().steps;
        let takes = |step: &Step| {
            matches!(step, Step::Delete { .. } | Step::RemoveWhereItIsKept { .. } | Step::Unassign { .. })
        };
        let takes = steps.iter().any(takes);
        assert!(!takes, "{steps:?}");
        let unseen =
            |step: &Step| matches!(step, Step::SeeThatNobodyLoses { would_lose: WouldLose::Unseen, .. });
        assert!(steps.iter().any(unseen), "{steps:?}");
    }
}

#[test]
fn a_finding_keeps_its_id_when_a_third_group_joins() {
    let [synced, manual] = pair();
    let read = Read::of(Suspect::Alike(vec![synced.clone(), manual.clone()]));
    let before = read.with("synced", &[], &[]).with("manual", &[], &[]).found();
    for (third, kind) in [("ops", Kind::SameName), ("OPS", Kind::NearName), ("\u{a0}0ps", Kind::NearName)] {
        let mut set = vec![group("third", third, None), synced.clone(), manual.clone()];
        set.sort_by(|one, other| one.name.cmp(&other.name));
        let read = Read::of(Suspect::Alike(set)).with("synced", &[], &[]).with("manual", &[], &[]);
        let mut digest = digest_of(vec![read.with("third", &[], &[]).0]);
        recognize(&mut digest, &[told(&before)]);
        assert_eq!((&digest.findings[0].id, digest.findings[0].kind), (&before.id, kind), "{third:?}");
    }
    let others = vec![group("other", "Ops", None), group("another", "ops", None)];
    let mut digest = digest_of(vec![Read::of(Suspect::Alike(others)).0]);
    digest.findings[0].id = "of its own".to_owned();
    recognize(&mut digest, &[told(&before)]);
    assert_eq!(digest.findings[0].id, "of its own", "other groups are another finding");
}

#[test]
fn whoever_is_hurt_more_than_when_it_was_told_or_laid_aside_is_told_again() {
    let hurting = |people: &[&str]| {
        let read = Read::of(Suspect::Alike(pair().to_vec())).with("synced", people, &[]);
        digest_of(vec![read.with("manual", &[], &["1"]).0])
    };
    let one = hurting(&["ann"]);
    let before = told(&one.findings[0]);
    let state = |digest: &Digest, told: &Told| {
        standing(digest, std::slice::from_ref(told), noon()).findings[0].1.clone()
    };
    let told_again = |is_worse| State::Known { since: noon(), is_worse };
    assert_eq!(state(&one, &before), told_again(false));
    assert_eq!(state(&hurting(&["ann", "bob"]), &before), told_again(true));
    let until = noon() + jiff::SignedDuration::from_hours(24);
    let snooze =
        Snooze { by: "UBO".to_owned(), reason: String::new(), until, severity: Severity::Hurting, hurt: 1 };
    let aside = Told { snooze: Some(snooze.clone()), ..before };
    assert_eq!(state(&one, &aside), State::Snoozed(snooze));
    assert_eq!(state(&hurting(&["ann", "bob"]), &aside), told_again(true));
}

#[test]
fn a_group_that_has_arrived_under_another_name_is_not_blocked() {
    let mut census = Census { is_whole: true, headed_for_aws: vec![idp_group("idp-1")], ..Census::default() };
    census.groups.add(group("manual", "Ops", None));
    assert!(matches!(suspects(&census).as_slice(), [Suspect::Blocked { .. }]));
    census.groups.add(group("synced", "Operations", Some("idp-1")));
    assert_eq!(suspects(&census), []);
}

#[test]
fn who_is_only_in_a_group_that_opens_nothing_is_added_before_it_goes() {
    let read = Read::of(Suspect::Alike(pair().to_vec())).with("synced", &["ann"], &["1"]);
    let steps = read.with("manual", &["bob"], &[]).found().steps;
    let Some(Step::AddAtTheIdp { newcomers, .. }) = steps.first() else { panic!("{steps:?}") };
    assert_eq!(newcomers.people, [Person::InAws(UserId("bob".to_owned()))]);
    assert!(matches!(steps.last(), Some(Step::RemoveWhereItIsKept { .. })), "{steps:?}");
}

#[test]
fn of_three_whoever_is_added_on_the_way_gains_what_is_assigned_later() {
    let three = vec![
        group("1", "Zeta-Ops", Some("idp-1")),
        group("2", "Zeta Ops", None),
        group("3", "Zeta_Ops", None),
    ];
    let read = Read::of(Suspect::Alike(three)).with("1", &["ann", "bob"], &["1"]);
    let steps = read.with("2", &["cem"], &[]).with("3", &[], &["2"]).found().steps;
    let gains: Vec<usize> = steps
        .iter()
        .filter_map(|step| match step {
            Step::Assign { gain, .. } => gain.as_ref().map(Vec::len),
            _ => None,
        })
        .collect();
    assert_eq!(gains, [3], "{steps:?}");
}

#[test]
fn of_two_findings_about_one_group_the_second_comes_after_the_first() {
    let [_, manual] = pair();
    let manual = Group { name: "Ops".to_owned(), ..manual };
    let blocked = Read::of(Suspect::Blocked { at_the_idp: idp_group("idp-1"), manual: manual.clone() });
    let alike = Read::of(Suspect::Alike(vec![manual, group("other", "OPS", None)]));
    let blocked = Evidence { refused: known(Some(rejection())), ..blocked.with("manual", &[], &["1"]).0 };
    let digest = digest_of(vec![alike.with("manual", &[], &["1"]).with("other", &["ann"], &[]).0, blocked]);
    for finding in &digest.findings {
        let comes_later = finding.steps == [Step::FirstSettle { name: "Ops".to_owned() }];
        assert_eq!(comes_later, finding.kind == Kind::NearName, "{finding:?}");
    }
}

#[test]
fn only_a_rejection_of_the_name_says_that_a_group_blocks_another() {
    let [_, manual] = pair();
    let read =
        Read::of(Suspect::Blocked { at_the_idp: idp_group("idp-1"), manual }).with("manual", &[], &["1"]);
    let mut evidence = read.0;
    let other = Trouble { kind: TroubleKind::Other, ..rejection() };
    let cases =
        [(known(None), false), (gap(), false), (known(Some(other)), false), (known(Some(rejection())), true)];
    for (refused, is_found) in cases {
        evidence.refused = refused;
        assert_eq!(finding(&evidence).is_some(), is_found);
    }
}
