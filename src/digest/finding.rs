//! One finding: which groups, who is hurt by them, how bad it is, and what to do.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use super::copies::{Held, former, idp_copy, opened_by};
pub use super::duplicate::{Copy, Kind, Opens, Origin, Person, Place, Severity};
use super::evidence::Evidence;
use super::remedy::{self, Step};
use super::suspects::{FormerGroup, Suspect};
use crate::diagnosis::facts::idp::{IdpGroup, Trouble};
use crate::diagnosis::facts::{Fact, Group, UserId};
use crate::diagnosis::harm::{NameTaken, PrincipalGone};
use crate::diagnosis::names::looks;

/// One finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The same from day to day: by the names' look, and where that changes by two of the groups.
    pub id: String,
    pub kind: Kind,
    pub severity: Severity,
    pub copies: Vec<Copy>,
    /// Who misses access because of it.
    pub hurt: Vec<Person>,
    /// Whether those are all: where something could not be read there may be more.
    pub all_seen: bool,
    pub steps: Vec<Step>,
    /// The IdP's own word for why a group has not arrived.
    pub refused: Option<Trouble>,
}

impl Finding {
    /// The name that it is about, as the first group has it.
    pub fn name(&self) -> &str {
        self.copies.first().map(|copy| copy.name.as_str()).unwrap_or_default()
    }
}

/// What the evidence comes to; nothing where the suspicion was wrong.
pub fn finding(evidence: &Evidence) -> Option<Finding> {
    match &evidence.of {
        Suspect::Alike(groups) => Some(alike(evidence, groups)),
        Suspect::Blocked { at_the_idp, manual } => blocked(evidence, at_the_idp, manual),
        Suspect::Recreated { gone, now: Some(now) } => recreated(evidence, gone, now),
        Suspect::Recreated { gone, now: None } => orphaned(evidence, gone),
        Suspect::IdpTwins { at_the_idp, in_aws } => Some(idp_twins(evidence, at_the_idp, in_aws.as_ref())),
    }
}

fn alike(evidence: &Evidence, groups: &[Group]) -> Finding {
    let same = groups.windows(2).any(|pair| matches!(pair, [one, other] if one.name == other.name));
    let kind = if same { Kind::SameName } else { Kind::NearName };
    let held: Vec<Held> = groups.iter().map(|group| Held::of(evidence, group)).collect();
    let hurt = miss_something(&held);
    let all_seen = held.iter().all(|one| one.members.is_some() && one.opens.is_some());
    let alike = held.windows(2).all(|pair| matches!(pair, [one, other] if one.opens == other.opens));
    Finding {
        severity: severity(!hurt.is_empty(), !(alike && all_seen)),
        hurt: hurt.into_iter().map(Person::InAws).collect(),
        all_seen,
        steps: remedy::merging(&held),
        ..about(kind, &first_look(groups), held.iter().map(Held::copy).collect())
    }
}

/// Everybody who lacks something that one of the groups opens, being in another of them.
fn miss_something(held: &[Held]) -> Vec<UserId> {
    let everything: BTreeSet<&Opens> = held.iter().flat_map(|one| one.opens.iter().flatten()).collect();
    let mut has: BTreeMap<&UserId, BTreeSet<&Opens>> = BTreeMap::new();
    for one in held {
        // What a group opens that could not be read may be all of it: nobody in it is said to miss anything.
        let opens: BTreeSet<&Opens> = match &one.opens {
            Some(opens) => opens.iter().collect(),
            None => everything.clone(),
        };
        for member in one.members.into_iter().flatten() {
            has.entry(member).or_default().extend(&opens);
        }
    }
    // Whoever is in a group whose members could not be read may have what that opens.
    let unseen = held.iter().filter(|one| one.members.is_none());
    let perhaps: BTreeSet<&Opens> = unseen.flat_map(|one| one.opens.iter().flatten()).collect();
    let missing = has
        .into_iter()
        .filter(|(_, has)| everything.iter().any(|opens| !has.contains(opens) && !perhaps.contains(opens)));
    missing.map(|(member, _)| member.clone()).collect()
}

/// A missing external id proves nothing: Okta's push sends none, and either IdP adopts a group of that name. Only a
/// conflict in the IdP's log says that the group in AWS is another one.
fn blocked(evidence: &Evidence, at_the_idp: &IdpGroup, manual: &Group) -> Option<Finding> {
    let refused = evidence.refused.value()?.as_ref()?;
    let is_held = NameTaken::seen_in(refused)?;
    let held = Held::of(evidence, manual);
    let (hurt, all_seen) = not_in_aws(evidence, &held, std::slice::from_ref(at_the_idp));
    let idp_copy = idp_copy(evidence, at_the_idp);
    let created_manually = Copy { origin: Origin::Manual, ..held.copy() };
    Some(Finding {
        // The IdP's group cannot arrive, so that whoever gets it assigned will wait in vain.
        severity: severity(!hurt.is_empty(), true),
        hurt,
        all_seen,
        steps: remedy::unblocking(
            &held,
            at_the_idp,
            &is_held,
            evidence.user_names.value(),
            evidence.idp_members.get(&at_the_idp.id).and_then(Fact::value),
        ),
        refused: Some(refused.clone()),
        ..about(Kind::ManualBlocksSynced, &manual.name, vec![created_manually, idp_copy])
    })
}

fn idp_twins(evidence: &Evidence, at_the_idp: &[IdpGroup], in_aws: Option<&Group>) -> Finding {
    let held = in_aws.map(|group| Held::of(evidence, group));
    let (hurt, all_seen) = match &held {
        Some(held) => not_in_aws(evidence, held, at_the_idp),
        None => (Vec::new(), true),
    };
    let copies = at_the_idp.iter().map(|group| idp_copy(evidence, group));
    let copies = copies.chain(held.as_ref().map(Held::copy)).collect();
    Finding {
        // Only one of them can have the name in AWS; the other's people wait in vain.
        severity: severity(!hurt.is_empty(), true),
        hurt,
        all_seen,
        steps: remedy::telling_apart(at_the_idp, in_aws),
        ..about(Kind::IdpSameName, at_the_idp.first().map_or("", |group| &group.name), copies)
    }
}

/// Whoever is in these groups of the IdP and not in the group in AWS, where that opens something.
fn not_in_aws(evidence: &Evidence, held: &Held, at_the_idp: &[IdpGroup]) -> (Vec<Person>, bool) {
    let opens_something = held.opens.as_ref().map(|opens| !opens.is_empty());
    let in_aws = evidence.user_names.value();
    let in_aws: Option<BTreeSet<String>> =
        in_aws.map(|names| names.iter().map(|name| name.to_lowercase()).collect());
    let members = at_the_idp.iter().map(|group| evidence.idp_members.get(&group.id).and_then(Fact::value));
    let members: Vec<Option<&Vec<String>>> = members.collect();
    let all_seen = opens_something == Some(false)
        || (opens_something.is_some() && in_aws.is_some() && members.iter().all(Option::is_some));
    let (Some(true), Some(in_aws)) = (opens_something, in_aws) else {
        return (Vec::new(), all_seen);
    };
    let names: BTreeSet<&String> = members.into_iter().flatten().flatten().collect();
    let missing = names.into_iter().filter(|name| !in_aws.contains(&name.to_lowercase()));
    (missing.cloned().map(Person::AtTheIdp).collect(), all_seen)
}

fn recreated(evidence: &Evidence, gone: &FormerGroup, now: &Group) -> Option<Finding> {
    let (left, is_gone) = left_by(evidence, gone)?;
    let held = Held::of(evidence, now);
    let missing = held.opens.as_ref().map(|opens| left.difference(opens).count());
    let hurt: Vec<Person> = match missing {
        Some(1..) => held.members.into_iter().flatten().cloned().map(Person::InAws).collect(),
        Some(0) | None => Vec::new(),
    };
    let all_seen = missing == Some(0) || (missing.is_some() && held.members.is_some());
    Some(Finding {
        severity: severity(!hurt.is_empty(), missing != Some(0)),
        hurt,
        all_seen,
        steps: remedy::moving_over(&gone.id, is_gone, &left, &held),
        ..about(Kind::Recreated, &gone.id.0, vec![held.copy(), former(gone, &left)])
    })
}

/// What a group that is gone for certain still opens. A list of groups is older than what is read after it: only
/// the group's own absence says that it is gone.
fn left_by(evidence: &Evidence, gone: &FormerGroup) -> Option<(BTreeSet<Opens>, PrincipalGone)> {
    let left = opened_by(evidence, &gone.id)?;
    let is_gone = PrincipalGone::seen_in(&evidence.is_there)?;
    (!left.is_empty()).then_some((left, is_gone))
}

/// Access that is assigned to a group that is gone; whether one took its place, AWS does not tell.
fn orphaned(evidence: &Evidence, gone: &FormerGroup) -> Option<Finding> {
    let (left, is_gone) = left_by(evidence, gone)?;
    Some(Finding {
        severity: Severity::WillHurt,
        all_seen: false,
        steps: remedy::handing_on(&gone.id, is_gone, &left),
        ..about(Kind::Recreated, &gone.id.0, vec![former(gone, &left)])
    })
}

/// Where one group is in several findings, each made up of what there was before any of them was settled, the steps
/// of one would take what those of another have just given. The first keeps its steps, and the others come after it.
pub(super) fn settle_one_after_the_other(findings: &mut [Finding]) {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    // A name that is free again, and access that is where it belongs, change what the others come to.
    let turn = |kind: Kind| match kind {
        Kind::ManualBlocksSynced => 0,
        Kind::Recreated => 1,
        Kind::IdpSameName => 2,
        Kind::NearName | Kind::SameName => 3,
    };
    order.sort_by_key(|position| findings.get(*position).map(|finding| turn(finding.kind)));
    let mut settled_by: BTreeMap<String, String> = BTreeMap::new();
    for position in order {
        let Some(finding) = findings.get_mut(position) else { continue };
        let in_aws = || finding.copies.iter().filter(|copy| copy.place == Place::Aws);
        if let Some(name) = in_aws().find_map(|copy| settled_by.get(&copy.id)).cloned() {
            finding.steps = vec![Step::FirstSettle { name }];
            continue;
        }
        let name = finding.name().to_owned();
        settled_by.extend(in_aws().map(|copy| (copy.id.clone(), name.clone())));
    }
}

fn severity(hurts: bool, will_hurt: bool) -> Severity {
    match (hurts, will_hurt) {
        (true, _) => Severity::Hurting,
        (false, true) => Severity::WillHurt,
        (false, false) => Severity::Untidy,
    }
}

/// What all findings have in common; the caller fills in the rest. `identity` is what makes it the same one from
/// day to day; where its groups come and go, [`super::standing::recognize`] keeps it the same.
fn about(kind: Kind, identity: &str, copies: Vec<Copy>) -> Finding {
    let family = kind.family();
    let hash = Sha256::digest(format!("{family} {identity}"));
    let short: Vec<u8> = hash.iter().take(5).copied().collect();
    Finding {
        id: format!("{family}-{}", hex::encode(short)),
        kind,
        severity: Severity::Untidy,
        copies,
        hurt: Vec::new(),
        all_seen: true,
        steps: Vec::new(),
        refused: None,
    }
}

/// How the names look.
fn first_look(groups: &[Group]) -> String {
    let looks = groups.iter().map(|group| {
        let [first, ..] = looks(&group.name);
        first
    });
    looks.min().unwrap_or_default()
}
