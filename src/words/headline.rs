//! The first sentence: the answer, for somebody who reads only that. No id, no jargon.

use super::at_the_idp;
use super::say::{Sentence, Whom, list_of_names, name, say};
use crate::diagnosis::causes::Finding;
use crate::diagnosis::facts::{Account, AccountState, Gap, GapKind};
use crate::diagnosis::routes::Via;
use crate::diagnosis::steps::Step;
use crate::diagnosis::{Diagnosis, Outcome};

/// Names listed in the first sentence at most: it must stay a sentence.
const NAMES: usize = 3;

/// The answer in one sentence, without its full stop.
pub fn headline(diagnosis: &Diagnosis, whom: &Whom) -> Sentence {
    match &diagnosis.outcome {
        Outcome::Explained(finding) => explained(diagnosis, finding, whom),
        Outcome::CannotTell(step) => cannot_tell(diagnosis, *step),
    }
}

/// The account by its name, or as it was typed where none was found.
pub fn account_name(diagnosis: &Diagnosis) -> &str {
    match &diagnosis.account {
        Some(Account { name, .. }) if !name.is_empty() => name,
        _ => &diagnosis.question.account,
    }
}

fn explained(diagnosis: &Diagnosis, finding: &Finding, whom: &Whom) -> Sentence {
    let account = || name(account_name(diagnosis));
    match finding {
        Finding::AccountNotFound { .. } => say!["I know no account called ", account()],
        Finding::AccountAmbiguous { candidates } => {
            say![format!("There are {} accounts called ", candidates.len()), account()]
        }
        Finding::AccountNotActive { state } => {
            say![
                account(),
                " is ",
                state_in_words(state),
                ", so the access portal leaves it out for everybody"
            ]
        }
        Finding::AtTheIdp(finding) => at_the_idp::headline(diagnosis, finding, whom),
        Finding::UserNotProvisioned { .. } => {
            say![account(), " is missing because AWS does not know ", whom.object(), " yet"]
        }
        Finding::UserDisabled { .. } => say![
            account(),
            " is missing because ",
            whom.object(),
            " ",
            whom.verb("are", "is"),
            " disabled in AWS"
        ],
        Finding::UserAmbiguous { .. } => {
            say![account(), " is missing because AWS has two records for ", whom.object()]
        }
        Finding::GroupNotSynced { .. } => say![
            account(),
            " is missing because the group that opens it was made by hand in AWS, and the one from your company directory cannot arrive beside it"
        ],
        Finding::MembershipNotSynced { .. } => say![
            "As AWS sees it, ",
            whom.object(),
            " ",
            whom.verb("are", "is"),
            " in no group that opens ",
            account()
        ],
        Finding::DuplicateGroup { .. } => say![
            account(),
            " is missing because ",
            whom.object(),
            " ",
            whom.verb("are", "is"),
            " in one of two look-alike groups, and the access is on the other"
        ],
        Finding::DanglingAssignment { to_a_user: false } => {
            say![account(), " is missing because its access was given to a group that no longer exists"]
        }
        Finding::DanglingAssignment { to_a_user: true } => {
            say![
                account(),
                " is missing because its access was given to a person's old record that no longer exists"
            ]
        }
        Finding::NoAssignment => nothing_is_assigned(diagnosis, whom),
        Finding::PermissionSetNotAssigned { has } => say![
            whom.subject(),
            " ",
            whom.verb("have", "has"),
            " ",
            account(),
            ", but not with ",
            name(diagnosis.question.permission_set.as_deref().unwrap_or_default()),
            ": only with "
        ]
        .then(list_of_names(has.iter().map(String::as_str), NAMES)),
        Finding::AssignmentInProgress { .. } => {
            say![account(), " is on its way: AWS is still setting up the access"]
        }
        Finding::AssignmentFailed { .. } => {
            say![account(), " is missing because AWS tried to set up the access and could not"]
        }
        Finding::PermissionSetNotProvisioned => {
            say![account(), " is missing because the access was given but has not been put on the account"]
        }
        Finding::PermissionSetOutdated | Finding::PortalStale { .. } => access(diagnosis, whom),
    }
}

fn nothing_is_assigned(diagnosis: &Diagnosis, whom: &Whom) -> Sentence {
    let account = name(account_name(diagnosis));
    match &diagnosis.question.permission_set {
        Some(permission_set) => {
            say!["No group that ", whom.object(), " could be in has ", name(permission_set), " on ", account]
        }
        None => say!["No group that ", whom.object(), " could be in opens ", account],
    }
}

fn access(diagnosis: &Diagnosis, whom: &Whom) -> Sentence {
    let has =
        say![whom.subject(), " ", whom.verb("have", "has"), " access to ", name(account_name(diagnosis))];
    let Some(route) = diagnosis.best_route() else {
        return has;
    };
    let with = match &route.permission_set_name {
        Some(permission_set) => has.then(say![": ", name(permission_set)]),
        None => has,
    };
    match (&route.via, route.group_name()) {
        (Via::Group(..), Some(group)) => with.then(say![", through ", name(group)]),
        (Via::Direct, _) => with.then(say![", given directly"]),
        _ => with,
    }
}

fn cannot_tell(diagnosis: &Diagnosis, step: Step) -> Sentence {
    let gap = diagnosis.gaps.iter().find(|gap| gap.step == step).map(|gap| &gap.gap);
    let access = say!["I can't tell yet whether anything is wrong with "];
    access.then(say![name(account_name(diagnosis)), ": ", why_unseen(gap), " ", what_is_read(step)])
}

/// To begin "AWS did not let me read …" with.
pub(super) fn why_unseen(gap: Option<&Gap>) -> &'static str {
    match gap.map(|gap| gap.kind) {
        Some(GapKind::Forbidden) => "AWS did not let me read",
        Some(GapKind::Throttled) => "AWS was too busy to show me",
        Some(GapKind::Timeout) => "AWS did not answer in time when I asked for",
        Some(GapKind::NotConfigured | GapKind::Error) => "AWS gave me no usable answer about",
        None => "I could not read",
    }
}

/// What a step reads, to end "AWS did not let me read …" with.
pub(super) fn what_is_read(step: Step) -> &'static str {
    match step {
        Step::Account => "the account",
        Step::IdpUser => "the person in your company directory",
        Step::IdpMembership => "the groups in your company directory",
        Step::AppAssignment => "what your company directory sends to AWS",
        Step::Sync => "how the last synchronization went",
        Step::DirectoryUser => "the person's record",
        Step::DirectoryGroup | Step::DuplicateGroups => "the groups' names",
        Step::DirectoryMembership => "the person's groups",
        Step::Assignment => "who has access to the account",
        Step::Provisioning => "what is set up on the account",
        Step::Portal => "the portal",
    }
}

/// An account's state in everyday words.
pub(super) fn state_in_words(state: &AccountState) -> String {
    match state {
        AccountState::PendingActivation => "not activated yet".to_owned(),
        AccountState::Active => "active".to_owned(),
        AccountState::Suspended => "suspended".to_owned(),
        AccountState::PendingClosure => "being closed".to_owned(),
        AccountState::Closed => "closed".to_owned(),
        AccountState::Other(other) => format!("in the state {other}"),
    }
}
