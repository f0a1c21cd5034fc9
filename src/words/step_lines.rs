//! One line for each step: how it stands, and why.

use jiff::Timestamp;

use super::evidence::evidence;
use super::headline::{state_in_words, what_is_read};
use super::say::{Sentence, Span, Whom, ago, name, say};
use crate::diagnosis::Diagnosis;
use crate::diagnosis::facts::{Gap, GapKind};
use crate::diagnosis::routes::{Break, Route, RouteState};
use crate::diagnosis::steps::{Note, Status, Step, StepReport};

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
        Status::Warn => "to note",
        Status::Unknown => "not seen",
        Status::NotReached => "not reached",
    }
}

/// The step in one short line, without its label and without a full stop.
pub fn summary(diagnosis: &Diagnosis, report: &StepReport, whom: &Whom) -> Sentence {
    match &report.note {
        Note::NotReached => say!["not reached"],
        Note::NotConnected => say!["not connected"],
        Note::Unseen(gap) => unseen(report.step, gap.as_ref()),
        Note::TheFinding => the_finding(diagnosis, report.step, whom),
        Note::AccountActive => say!["active"],
        Note::PersonEnabled => say!["in Identity Center, enabled"],
        Note::NoGroupNeeded => say!["none needed: given directly"],
        Note::GroupThere(group) => {
            say![name(&group.name), if group.synced { ", synced" } else { ", made in AWS itself" }]
        }
        Note::GroupGone => say!["the assigned group no longer exists"],
        Note::MemberOf { group, since } => member_of(group.as_ref().map(|group| group.name.as_str()), *since, diagnosis),
        Note::NotIn(group) => say!["not in ", name(&group.name)],
        Note::InGroups { count: 0 } => say!["in no group"],
        Note::InGroups { count: 1 } => say!["in 1 group, not one that opens this account"],
        Note::InGroups { count } => say![format!("in {count} groups, none of which opens this account")],
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

fn member_of(group: Option<&str>, since: Option<Timestamp>, diagnosis: &Diagnosis) -> Sentence {
    let group = group.map_or(Span::from("the group"), name);
    match since {
        Some(since) => say!["in ", group, " since ", since, " (", ago(since, diagnosis.checked_at), ")"],
        None => say!["in ", group],
    }
}

fn the_finding(diagnosis: &Diagnosis, step: Step, whom: &Whom) -> Sentence {
    let account = || name(super::headline::account_name(diagnosis));
    match (step, &diagnosis.account) {
        (Step::Account, Some(found)) => say![state_in_words(&found.state)],
        (Step::Account, None) if diagnosis.cause() == Some(crate::diagnosis::causes::Cause::AccountAmbiguous) => {
            say!["several are called ", account()]
        }
        (Step::Account, None) => say!["none is called ", account()],
        (Step::Portal, _) => say!["all is in place; may need a new sign-in"],
        _ => match diagnosis.best_route().map(|route| &route.state) {
            Some(RouteState::Broken(broken)) => break_in_words(broken),
            Some(RouteState::Works { outdated: true, .. }) => say!["there, in an older version"],
            _ => evidence(diagnosis, whom).into_iter().next().map(without_full_stop).unwrap_or_default(),
        },
    }
}

fn without_full_stop(mut sentence: Sentence) -> Sentence {
    if let Some(Span::Plain(words)) = sentence.0.last_mut()
        && words.ends_with('.')
    {
        words.pop();
    }
    sentence
}

/// How a route stands, in a few words.
pub fn route_in_words(route: &Route) -> Span {
    match &route.state {
        RouteState::Works { .. } => Span::from("works"),
        RouteState::Unknown(_) => Span::from("could not be read"),
        RouteState::Broken(broken) => broken_span(broken),
    }
}

fn break_in_words(broken: &Break) -> Sentence {
    match broken {
        Break::LookAlike { own, .. } => say!["in ", name(&own.name), ", which only looks like the assigned one"],
        other => Sentence(vec![broken_span(other)]),
    }
}

fn broken_span(broken: &Break) -> Span {
    Span::from(match broken {
        Break::PrincipalGone { .. } => "names a group or person that no longer exists",
        Break::HeldByManualGroup => "made by hand; the synced group of that name is missing",
        Break::NotMember => "not in it, as AWS sees it",
        Break::LookAlike { .. } => "only in a group that looks like it",
        Break::RequestFailed { .. } => "AWS could not make the assignment",
        Break::RequestInProgress { .. } => "AWS is still making the assignment",
        Break::NotProvisioned => "assigned, but not on the account",
    })
}

/// What could not be seen, and by which operation.
pub fn unseen(step: Step, gap: Option<&Gap>) -> Sentence {
    match gap {
        Some(gap) => say!["could not read ", what_is_read(step), ": ", kind_in_words(gap.kind), " (", gap.operation.as_str(), ")"],
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
