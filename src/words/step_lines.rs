//! One line for each step: how it stands, and why.

use jiff::Timestamp;

use super::at_the_idp::{self, idp_name, state_in_words as sync_state_in_words};
use super::headline::{account_name, state_in_words, what_is_read};
use super::say::{Sentence, Span, ago, group_of_theirs, list_of_names, name, say};
use crate::diagnosis::causes::Finding;
use crate::diagnosis::facts::idp::SyncState;
use crate::diagnosis::facts::{Gap, GapKind};
use crate::diagnosis::names::Likeness;
use crate::diagnosis::routes::{Break, Route, RouteState};
use crate::diagnosis::steps::{Note, Status, Step, StepReport};
use crate::diagnosis::{Diagnosis, Outcome};

/// Permission sets named in one step's line at most.
const NAMES: usize = 3;

// A step and a route may break alike.
const HELD: &str = "made by hand; the synced group of that name is missing";
const FAILED: &str = "AWS could not make the assignment";
const IN_PROGRESS: &str = "AWS is still making the assignment";

/// A step's name as a person reads it.
pub fn label(step: Step) -> &'static str {
    match step {
        Step::Account => "account",
        Step::IdpUser => "IdP person",
        Step::IdpMembership => "IdP membership",
        Step::AppAssignment => "app assignment",
        Step::Sync => "sync",
        Step::DirectoryUser => "directory person",
        Step::DirectoryGroup => "directory group",
        Step::DirectoryMembership => "membership",
        Step::DuplicateGroups => "duplicates",
        Step::Assignment => "assignment",
        Step::Provisioning => "provisioning",
        Step::Portal => "portal",
    }
}

/// How a step stands, as a word: a sign alone says nothing to a screen reader.
pub fn status_word(status: Status) -> &'static str {
    match status {
        Status::Pass => "fine",
        Status::Fail => "broken",
        Status::Warn => "needs a look",
        Status::Unknown => "not seen",
        Status::NotReached => "not reached",
    }
}

/// The step in one short line, without its label and without a full stop.
pub fn summary(diagnosis: &Diagnosis, report: &StepReport) -> Sentence {
    match &report.note {
        Note::NotReached => say!["not reached"],
        Note::NotConnected => say!["not connected"],
        Note::Unseen(gap) => unseen(report.step, gap.as_ref()),
        Note::TheFinding => the_finding(diagnosis),
        Note::AccountActive => say!["active"],
        Note::EnabledAtTheIdp { name: Some(person), idp } => {
            say![name(person), ", enabled in ", idp_name(*idp)]
        }
        Note::EnabledAtTheIdp { name: None, idp } => say!["enabled in ", idp_name(*idp)],
        Note::NobodyAtTheIdp(idp) => say!["not in ", idp_name(*idp)],
        Note::IdpMember { group, since } => member_of(Some(&group.name), *since, diagnosis),
        Note::NotInAtTheIdp(group) => say!["not in ", name(&group.name)],
        Note::InGroupsAtTheIdp { count: 1 } => say!["in 1 group"],
        Note::InGroupsAtTheIdp { count } => say![format!("in {count} groups")],
        Note::OnTheApplication { group, application: Some(application) } => {
            say![name(&group.name), " is on ", name(application)]
        }
        Note::OnTheApplication { group, application: None } => {
            say![name(&group.name), " is on the application"]
        }
        Note::Synchronization { state, last, next, .. } => synchronization(state, *last, *next),
        Note::PersonDisabled => say!["disabled in Identity Center"],
        Note::PersonAbsent => say!["not in Identity Center"],
        Note::PersonEnabled => say!["in Identity Center, enabled"],
        Note::NoGroupNeeded => say!["none needed: given directly"],
        Note::GroupThere(group) => {
            say![
                group_of_theirs(diagnosis, &group.name),
                if group.synced { ", synced" } else { ", made in AWS itself" }
            ]
        }
        Note::GroupGone => say!["the assigned group no longer exists"],
        Note::MemberOf { group, since } => {
            member_of(group.as_ref().map(|group| group.name.as_str()), *since, diagnosis)
        }
        Note::NotIn(group) => say!["not in ", name(&group.name)],
        Note::InGroups { count } => in_groups(*count),
        Note::NoLookAlikes => say!["none"],
        Note::LookAlikesDoNotMatter => say!["none that would matter"],
        Note::Assigned { permission_set, to } => {
            let what = permission_set.as_ref().map_or(Span::from("a permission set"), name);
            match to {
                Some(group) => say![what, " for ", name(&group.name)],
                None => say![what],
            }
        }
        Note::LatestVersion => say!["latest version"],
        Note::VersionUnclear => say!["there; its version could not be told"],
        Note::OlderVersion => say!["there, in an older version"],
        Note::PortalCannotBeSeen => say!["cannot be seen from outside"],
    }
}

fn in_groups(count: usize) -> Sentence {
    match count {
        0 => say!["in no group"],
        1 => say!["in 1 group, not one that opens this account"],
        count => say![format!("in {count} groups, none of which opens this account")],
    }
}

fn synchronization(state: &SyncState, last: Option<Timestamp>, next: Option<Timestamp>) -> Sentence {
    let stands = match (state, last) {
        (SyncState::Running, Some(last)) => say!["last cycle ended ", last],
        (SyncState::Running, None) => say!["sends changes as they happen"],
        (state, Some(last)) => say![sync_state_in_words(state), "; last cycle ended ", last],
        (state, None) => say![sync_state_in_words(state)],
    };
    match next {
        Some(next) => stands.then(say!["; next about ", next]),
        None => stands,
    }
}

fn member_of(group: Option<&str>, since: Option<Timestamp>, diagnosis: &Diagnosis) -> Sentence {
    let group = group.map_or(Span::from("the group"), |group| group_of_theirs(diagnosis, group));
    match since {
        Some(since) => say!["in ", group, " since ", since, " (", ago(since, diagnosis.checked_at), ")"],
        None => say!["in ", group],
    }
}

fn the_finding(diagnosis: &Diagnosis) -> Sentence {
    let Outcome::Explained(finding) = &diagnosis.outcome else {
        return Sentence::default();
    };
    let account = || name(account_name(diagnosis));
    match finding {
        Finding::AccountNotFound { .. } => say!["none is called ", account()],
        Finding::AccountAmbiguous { candidates } => {
            say![format!("{} are called ", candidates.len()), account()]
        }
        Finding::AccountNotActive { state } => say![state_in_words(state)],
        Finding::AtTheIdp(finding) => at_the_idp::step_line(diagnosis, finding),
        Finding::UserNotProvisioned { .. } => say!["not in Identity Center"],
        Finding::UserDisabled { .. } => say!["disabled in Identity Center"],
        Finding::UserAmbiguous { .. } => say!["two records: one by user name, one by e-mail"],
        Finding::GroupNotSynced { .. } => say![HELD],
        Finding::MembershipNotSynced { groups } => match groups.first() {
            Some(group) => say!["not in ", name(&group.name)],
            None => say!["not in the group"],
        },
        Finding::DuplicateGroup { own, likeness: Likeness::Same, .. } => {
            say!["in the other of two groups called ", group_of_theirs(diagnosis, &own.name)]
        }
        Finding::DuplicateGroup { own, .. } => {
            say!["in ", group_of_theirs(diagnosis, &own.name), ", which only looks like the assigned one"]
        }
        Finding::DanglingAssignment { to_a_user: false } => say!["for a group that no longer exists"],
        Finding::DanglingAssignment { to_a_user: true } => say!["for a user that no longer exists"],
        Finding::NoAssignment => say!["nothing that applies"],
        Finding::PermissionSetNotAssigned { has } => {
            list_of_names(has.iter().map(String::as_str), NAMES).then(say![" only"])
        }
        Finding::AssignmentInProgress { .. } => say![IN_PROGRESS],
        Finding::AssignmentFailed { .. } => say![FAILED],
        Finding::PermissionSetNotProvisioned => say!["assigned, but not on the account"],
        Finding::PermissionSetOutdated => say!["there, in an older version"],
        Finding::PortalStale { .. } => say!["all is in place; may need a new sign-in"],
    }
}

/// How a route stands, in a few words.
pub fn route_in_words(route: &Route) -> &'static str {
    match &route.state {
        RouteState::Works { .. } => "works",
        RouteState::Unknown(_) => "could not be read",
        RouteState::Broken(broken) => broken_in_words(broken),
    }
}

fn broken_in_words(broken: &Break) -> &'static str {
    match broken {
        Break::PrincipalGone { .. } => "names a group or person that no longer exists",
        Break::NotAtTheIdp => "the person is not in the company directory",
        Break::DisabledAtTheIdp => "the person is disabled in the company directory",
        Break::NotInIdpGroup => "not in it",
        Break::Nested { .. } => "only in a group inside it",
        Break::GroupNotAssignedToApp { .. } => "in it, and it is not sent to AWS",
        Break::PersonNotAssignedToApp { .. } => "in it, and not sent to AWS with it",
        Break::SyncStopped(_) => "in it, and nothing is sent to AWS now",
        Break::SyncPending(_) => "in it, and on its way to AWS",
        Break::SyncError(_) => "in it, and sending it to AWS failed",
        Break::Missed(_) | Break::PersonNotArrived(_) => "in it, and left out when it was sent to AWS",
        Break::HeldByManualGroup { .. } => HELD,
        Break::NotMember => "not in it, as AWS sees it",
        Break::LookAlike { .. } => "only in a group that looks like it",
        Break::RequestFailed { .. } => FAILED,
        Break::RequestInProgress { .. } => IN_PROGRESS,
        Break::NotProvisioned => "assigned, but not on the account",
    }
}

/// What could not be seen, and by which operation.
pub fn unseen(step: Step, gap: Option<&Gap>) -> Sentence {
    match gap {
        Some(gap) => say![
            "could not read ",
            what_is_read(step),
            ": ",
            kind_in_words(gap.kind),
            " (",
            gap.operation.as_str(),
            ")"
        ],
        None => say!["could not be read"],
    }
}

/// Why something could not be read, in a few words.
pub fn kind_in_words(kind: GapKind) -> &'static str {
    match kind {
        GapKind::NotConfigured => "not connected",
        GapKind::Forbidden => "not allowed",
        GapKind::Throttled => "too many calls",
        GapKind::Timeout => "no answer in time",
        GapKind::Error => "no usable answer",
    }
}
