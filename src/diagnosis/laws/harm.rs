//! No remedy that takes something away without the fact that proves it.

use proptest::prelude::*;

use super::mess::messes;
use super::{companies, without};
use crate::diagnosis::causes::{Cause, Finding};
use crate::diagnosis::facts::idp::{SkipReason, TroubleKind};
use crate::diagnosis::facts::{Fact, Facts, Identity};
use crate::diagnosis::{Diagnosis, diagnose};
use crate::words::json_v1;

/// Words for what takes something away, or stops something that runs.
const TAKES_AWAY: [&str; 8] =
    ["delete", "rename", "remove", "unassign", "restart", "take ", "switch the push", "off and on"];

/// The next step and its commands, in small letters.
fn remedy(diagnosis: &Diagnosis) -> String {
    let fix = &json_v1::report(diagnosis)["fix"];
    let commands =
        fix["actions"].as_array().into_iter().flatten().map(|action| action["command"].to_string());
    [fix["summary"].to_string()].into_iter().chain(commands).collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Returns true if the facts prove that what this finding's remedy takes away is what is in the way.
fn is_proved(facts: &Facts, diagnosis: &Diagnosis) -> bool {
    let logged = |is_it: fn(TroubleKind) -> bool| {
        let troubles = facts.idp.iter().flat_map(|idp| &idp.troubles).filter_map(Fact::value).flatten();
        troubles.into_iter().any(|trouble| is_it(trouble.kind))
    };
    match diagnosis.finding() {
        Some(Finding::GroupNotSynced(_)) => logged(|kind| kind == TroubleKind::NameTaken),
        Some(Finding::SyncError(error)) => match error.trouble.kind {
            TroubleKind::NameTaken => logged(|kind| kind == TroubleKind::NameTaken),
            TroubleKind::TargetDeleted => logged(|kind| kind == TroubleKind::TargetDeleted),
            _ => false,
        },
        Some(Finding::SkippedByTheIdp(_)) => {
            logged(|kind| kind == TroubleKind::Skipped(SkipReason::NotEntitled))
        }
        // The push is of the group that the IdP's log says nothing wrong of, and all its members come again.
        Some(Finding::MembershipMissed(_)) => {
            facts.idp.as_ref().is_some_and(|idp| idp.troubles.iter().all(|fact| fact.value().is_some()))
        }
        Some(Finding::UserNotProvisioned(_)) => {
            let app_user = facts.idp.as_ref().and_then(|idp| idp.app_user.value()?.as_ref());
            facts.identity() == Identity::Nobody && app_user.is_some_and(|user| user.external_id.is_some())
        }
        Some(Finding::UserAmbiguous(_)) => matches!(facts.identity(), Identity::Two { .. }),
        Some(Finding::DuplicateGroup(found)) => {
            [&found.own, &found.assigned].into_iter().all(|group| facts.group(&group.id).is_some())
        }
        Some(Finding::DanglingAssignment(_)) => {
            let a_group_is_gone = facts.groups.values().any(|fact| fact.value() == Some(&None));
            a_group_is_gone || facts.users.values().any(|fact| fact.value() == Some(&false))
        }
        _ => false,
    }
}

proptest! {
    #[test]
    fn nothing_is_taken_away_without_the_fact_that_proves_it(
        company in companies(),
        mess in messes(),
        lost in prop::collection::vec(any::<bool>(), 50),
    ) {
        let facts = mess.made_in(without(company.facts(), &lost));
        let diagnosis = diagnose(&facts);
        let fix = remedy(&diagnosis);
        let said: Vec<_> = TAKES_AWAY.into_iter().filter(|words| fix.contains(words)).collect();
        prop_assert!(said.is_empty() || is_proved(&facts, &diagnosis), "{said:?}: {fix}");
    }

    #[test]
    fn what_could_not_be_read_has_no_remedy_that_takes_something_away(
        company in companies(),
        lost in prop::collection::vec(any::<bool>(), 50),
    ) {
        let diagnosis = diagnose(&without(company.facts(), &lost));
        if !matches!(diagnosis.cause(), None | Some(Cause::MembershipNotSynced)) {
            return Ok(());
        }
        let fix = remedy(&diagnosis);
        prop_assert!(TAKES_AWAY.iter().all(|words| !fix.contains(words)), "{fix}");
    }
}
