//! `sync_error`: the IdP's log or its group push mapping holds an error for this person or this group.

use jiff::Timestamp;

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::idp::{Idp, IdpGroup, PushState, Trouble, TroubleAbout, TroubleKind};
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::recency::troubles;
use crate::diagnosis::step::Step;

/// Okta's failed group pushes carry no code beside the mapping's `errorSummary`.
pub(super) const GROUP_PUSH_ERROR: &str = "group push error";
/// `syncState` of Okta's `AppUser`.
const APP_USER_ERROR: &str = "syncState ERROR";

/// A change that could not be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct SyncError {
    pub group: IdpGroup,
    pub trouble: Trouble,
}

impl Evidence for SyncError {
    const ABOUT: About = About { name: "sync_error", step: Step::Sync, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        Rank::given(Step::Sync).nth(1)
    }

    /// What was deleted in AWS is matched again by a restart alone.
    fn group_to_send(&self, _idp: Option<Idp>) -> Option<&IdpGroup> {
        (self.trouble.kind != TroubleKind::TargetDeleted).then_some(&self.group)
    }

    fn is_fault_of_the_sync(&self, _now: Timestamp) -> bool {
        true
    }
}

pub(in crate::diagnosis) fn on(link: &Link) -> Judged<SyncError> {
    let Some(group) = link.idp_group()? else {
        return Some(None);
    };
    Some(trouble(link, group).map(|trouble| SyncError { group: group.clone(), trouble }))
}

/// The newest error about this person or this group.
pub(super) fn trouble(link: &Link, group: &IdpGroup) -> Option<Trouble> {
    if let Some(logged) = troubles(link, group).next() {
        return Some(logged.clone());
    }
    let other = |about, code: &str, at, reason| Trouble {
        about,
        at,
        kind: TroubleKind::Other,
        code: code.to_owned(),
        reason,
        advice: None,
    };
    // Of neither is it said since when.
    let failed_push =
        link.mapping(group).filter(|mapping| mapping.state == PushState::Error).map(|mapping| {
            other(TroubleAbout::Group(group.id.clone()), GROUP_PUSH_ERROR, None, mapping.error.clone())
        });
    failed_push.or_else(|| {
        let app_user = link.app_user().filter(|app_user| app_user.in_error)?;
        Some(other(TroubleAbout::Person, APP_USER_ERROR, app_user.status_changed, None))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::{Cause, Finding};
    use crate::diagnosis::diagnose;
    use crate::diagnosis::facts::Group;
    use crate::diagnosis::facts::idp::{AppAssignment, IdpGroupId, PushMapping};
    use crate::diagnosis::fixture::{
        cause, finding, group, group_id, idp_group, known, of_the_idp, sent_by, trouble,
    };

    #[test]
    fn the_newest_error_about_the_person_or_this_group_counts() {
        let of_another = TroubleAbout::Group(IdpGroupId("another".to_owned()));
        let newest = trouble(TroubleAbout::Person, TroubleKind::Attribute, "13:57");
        let mut facts = sent_by(Idp::Entra);
        of_the_idp(&mut facts).troubles = vec![known(vec![
            trouble(TroubleAbout::Group(idp_group().id), TroubleKind::Other, "13:30"),
            newest.clone(),
            trouble(of_another, TroubleKind::Other, "13:58"),
        ])];
        assert_eq!(finding(&facts), SyncError { group: idp_group(), trouble: newest }.into());
    }

    #[test]
    fn an_error_comes_before_a_manual_group_that_may_hold_the_name() {
        let mut facts = sent_by(Idp::Entra);
        let manual = Group { synced: false, external_ids: Box::default(), ..group() };
        facts.groups.insert(group_id(), known(Some(manual)));
        let failed = trouble(TroubleAbout::Person, TroubleKind::Attribute, "13:57");
        of_the_idp(&mut facts).troubles = vec![known(vec![failed])];
        assert_eq!(cause(&facts), Some(Cause::SyncError));
    }

    #[test]
    fn what_was_deleted_in_aws_is_not_sent_again_on_demand() {
        for (kind, can_be_sent) in [(TroubleKind::TargetDeleted, false), (TroubleKind::Other, true)] {
            let mut facts = sent_by(Idp::Entra);
            let entry = trouble(TroubleAbout::Person, kind, "13:57");
            of_the_idp(&mut facts).troubles = vec![known(vec![entry])];
            assert!(finding(&facts).is_fault_of_the_sync(facts.checked_at));
            assert_eq!(diagnose(&facts).group_to_send().is_some(), can_be_sent, "{kind:?}");
        }
    }

    #[test]
    fn a_mapping_in_error_is_one_without_a_log() {
        let mut facts = sent_by(Idp::Okta);
        let broken = PushMapping {
            id: "mapping".to_owned(),
            target: None,
            created: None,
            state: PushState::Error,
            last_push: None,
            error: Some("conflict".to_owned()),
        };
        of_the_idp(&mut facts).app_assignments.insert(idp_group().id, known(AppAssignment::Pushed(broken)));
        let Finding::SyncError(found) = finding(&facts) else { panic!("{:?}", cause(&facts)) };
        assert_eq!(found.trouble.reason.as_deref(), Some("conflict"));
    }
}
