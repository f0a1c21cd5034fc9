//! One line for each step: how it stands, and why.

use jiff::Timestamp;

use super::causes::explain;
use super::context::Context;
use super::gaps::unseen;
use super::idp::{idp_name, source_in_words, state_in_words};
use super::say::{Sentence, Span, Whom, name, say};
use crate::diagnosis::Diagnosis;
use crate::diagnosis::facts::idp::SyncState;
use crate::diagnosis::steps::{KnownAs, Note, Status, Step, StepReport};

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
pub fn summary(diagnosis: &Diagnosis, report: &StepReport, whom: &Whom) -> Sentence {
    let cx = &Context::new(diagnosis, whom);
    match &report.note {
        Note::NotReached => say!["not reached"],
        Note::NotConnected => say!["not connected"],
        Note::NotUsed(source) => say!["not used: people are kept in ", source_in_words(*source)],
        Note::Unseen(gap) => unseen(report.step, gap.as_ref()),
        Note::TheFinding => {
            diagnosis.finding().map(|finding| explain(finding).step_line(cx)).unwrap_or_default()
        }
        Note::AccountActive => say!["active"],
        Note::EnabledAtTheIdp { name: person, another: Some(another), idp } => say![
            person.as_ref().map_or(Span::from("the person"), name),
            ", enabled in ",
            idp_name(*idp),
            ", where ",
            name(another),
            " has the same address and is somebody else"
        ],
        Note::EnabledAtTheIdp { name: Some(person), idp, .. } => {
            say![name(person), ", enabled in ", idp_name(*idp)]
        }
        Note::EnabledAtTheIdp { name: None, idp, .. } => say!["enabled in ", idp_name(*idp)],
        Note::NotByThisNameAtTheIdp(idp) => {
            say!["known to ", idp_name(*idp), " by another name: AWS keeps an id that an IdP gave"]
        }
        Note::NobodyAtTheIdp(idp) => say!["nobody in ", idp_name(*idp), " has that name or address"],
        Note::IdpMember { group, since } => member_of(Some(&group.name), *since, cx),
        Note::NotInAtTheIdp(group) => say!["not in ", name(&group.name)],
        Note::InGroupsAtTheIdp { count: 1 } => say!["in 1 group"],
        Note::InGroupsAtTheIdp { count } => say![format!("in {count} groups")],
        Note::OnTheApplication { group, application: Some(application) } => {
            say![name(&group.name), " is on ", name(application)]
        }
        Note::OnTheApplication { group, application: None } => {
            say![name(&group.name), " is on the application"]
        }
        Note::NotOnTheApplication(group) => say![name(&group.name), " is not assigned, and AWS has it"],
        Note::Synchronization { state, last, next, .. } => synchronization(state, *last, *next),
        Note::PersonDisabled => say!["disabled in Identity Center"],
        Note::PersonAbsent => say!["nobody in Identity Center has that name"],
        Note::PersonEnabled(known_as) => enabled(known_as),
        Note::NoGroupNeeded => say!["none needed: given directly"],
        Note::GroupThere(group) => {
            say![cx.group_of_theirs(&group.name), if group.synced { ", synced" } else { "" }]
        }
        Note::GroupGone => say!["the assigned group no longer exists"],
        Note::MemberOf { group, since } => {
            member_of(group.as_ref().map(|group| group.name.as_str()), *since, cx)
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

fn enabled(known_as: &KnownAs) -> Sentence {
    let mut line = match &known_as.user_name {
        Some(user_name) => say!["in Identity Center as ", name(user_name), ", enabled"],
        None => say!["in Identity Center, enabled"],
    };
    if let Some(now) = &known_as.at_the_idp {
        line = line.then(say!["; the company directory says ", name(now)]);
    }
    if let Some(another) = &known_as.another {
        let (before, after) = if known_as.asked_by_another {
            ("; the user name asked for is that of a second record, ", "")
        } else {
            ("; a second record, ", ", has the e-mail address")
        };
        line = line.then(say![before, name(another), after]);
    }
    line
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
        (state, Some(last)) => say![state_in_words(state), "; last cycle ended ", last],
        (state, None) => say![state_in_words(state)],
    };
    match next {
        Some(next) => stands.then(say!["; next about ", next]),
        None => stands,
    }
}

fn member_of(group: Option<&str>, since: Option<Timestamp>, cx: &Context) -> Sentence {
    let group = group.map_or(Span::from("the group"), |group| cx.group_of_theirs(group));
    match since {
        Some(since) => say!["in ", group, " since ", since, " (", cx.ago(since), ")"],
        None => say!["in ", group],
    }
}
