//! Which change of a link is on its way, and which entries of the IdP's log are too old to explain that it is missing.
//!
//! The IdP's logs lag behind what happens by minutes, and forget what is older than they reach: a joining of which they
//! hold nothing was minutes ago or long ago, and neither is an answer to the other.

use jiff::{SignedDuration, Timestamp};

use super::facts::idp::{
    AppAssignment, IdpGroup, PushMapping, PushState, SkipReason, Trouble, TroubleAbout, TroubleKind,
};
use super::facts::{Identity, names_id};
use super::link::{Judged, Link};

/// How long a change may be on its way at Okta, which sends on events and promises no time. Okta publishes no
/// figure; half an hour is our own limit, after which waiting is the wrong advice.
pub(super) const OKTA_SENDS_WITHIN: SignedDuration = SignedDuration::from_mins(30);

/// A change that the IdP has not had to send yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnItsWay {
    /// The person joined the group: at this moment, if the log says.
    Joined(Option<Timestamp>),
    /// The group came onto the application, with the person in it.
    GroupAssigned(Timestamp),
    /// The person came onto the application (Okta).
    PersonAssigned(Timestamp),
    /// The log has no entry of the joining: it was just now, or longer ago than the log reaches.
    Perhaps,
}

impl OnItsWay {
    /// Since when it is on its way, if that is known.
    pub fn since(self) -> Option<Timestamp> {
        match self {
            Self::Joined(at) => at,
            Self::GroupAssigned(at) | Self::PersonAssigned(at) => Some(at),
            Self::Perhaps => None,
        }
    }
}

/// The change of this group that is on its way; inner `None` if the IdP should have sent everything by now, outer if
/// that could not be read.
pub(super) fn on_its_way(link: &Link, group: &IdpGroup) -> Judged<OnItsWay> {
    match link.mapping(group) {
        Some(mapping) => on_its_way_at_okta(link, group, mapping),
        None => on_its_way_at_entra(link, group),
    }
}

/// Entra: what changed before the newest completed cycle began should have been sent by it.
fn on_its_way_at_entra(link: &Link, group: &IdpGroup) -> Judged<OnItsWay> {
    let completed = link.synchronization()?.last_completed.as_ref();
    let began = completed.and_then(|cycle| cycle.began.or(cycle.ended));
    let joined = link.added_at(group)?;
    let Some(began) = began else {
        return Some(Some(OnItsWay::Joined(joined)));
    };
    let assigned = match link.app_assignment(group)? {
        AppAssignment::Assigned { since } => *since,
        AppAssignment::None | AppAssignment::Pushed(_) => None,
    };
    let assigned = assigned.filter(|at| *at >= began && Some(*at) > joined);
    if let Some(at) = assigned {
        return Some(Some(OnItsWay::GroupAssigned(at)));
    }
    Some(match joined {
        Some(at) => (at >= began).then_some(OnItsWay::Joined(Some(at))),
        None => joined_since(link, group, began),
    })
}

/// Okta: a change is pushed on its event; one that is older than the last push, or than any push takes, was missed.
fn on_its_way_at_okta(link: &Link, group: &IdpGroup, mapping: &PushMapping) -> Judged<OnItsWay> {
    let joined = link.added_at(group)?;
    let earliest = link.case.facts.checked_at.checked_sub(OKTA_SENDS_WITHIN).unwrap_or(Timestamp::MIN);
    // Who was put on the application later is pushed later, and so is a group.
    let changes = [
        joined.map(|at| (at, OnItsWay::Joined(Some(at)))),
        link.app_user()
            .and_then(|app_user| app_user.status_changed)
            .map(|at| (at, OnItsWay::PersonAssigned(at))),
        mapping.created.map(|at| (at, OnItsWay::GroupAssigned(at))),
    ];
    let newest = changes.into_iter().flatten().max_by_key(|(at, _)| *at);
    match newest.filter(|(at, _)| *at > earliest) {
        Some((at, change)) if mapping.last_push <= Some(at) => return Some(Some(change)),
        _ => {}
    }
    Some(match joined {
        Some(_) => None,
        None => joined_since(link, group, earliest),
    })
}

/// Whether the person joined since this moment, of whom the log holds no entry: nobody joins before there is a person
/// and a group, after anybody last joined, or after they were seen in it.
fn joined_since(link: &Link, group: &IdpGroup, moment: Timestamp) -> Option<OnItsWay> {
    let person = link.idp().and_then(|idp| idp.person.value()?.as_ref()?.created_at);
    let possible_since = person.max(group.traits.created_at);
    let mut possible_until = group.traits.members_changed_at.into_iter().chain(link.case.facts.joined_by);
    match () {
        () if possible_since >= Some(moment) => Some(OnItsWay::Joined(None)),
        () if possible_until.any(|until| until < moment) => None,
        () => Some(OnItsWay::Perhaps),
    }
}

/// What the log holds of this person and this group that may explain what is missing, the newest first.
pub(super) fn troubles<'f>(link: &Link<'_, 'f>, group: &IdpGroup) -> impl Iterator<Item = &'f Trouble> {
    let mut entries = link.entries(group);
    entries.retain(|entry| !is_too_old_to_explain(link, group, entry));
    entries.into_iter()
}

/// The newest entry that is older than the change that is on its way.
pub(super) fn older_entry<'f>(link: &Link<'_, 'f>, group: &IdpGroup) -> Option<&'f Trouble> {
    link.entries(group).into_iter().find(|entry| is_too_old_to_explain(link, group, entry))
}

/// Returns true if the entry is older than the change that is, or may be, on its way and says nothing of it: the cycle that would
/// bring it has not run yet.
fn is_too_old_to_explain(link: &Link, group: &IdpGroup, entry: &Trouble) -> bool {
    let change = match on_its_way(link, group) {
        Some(Some(change)) => change,
        Some(None) => return false,
        // What could not be read may be on its way since a moment ago.
        None => OnItsWay::Joined(Some(link.case.facts.checked_at)),
    };
    let last_sent = link.last_sent(group);
    let is_older = match (entry.at, change.since()) {
        (None, _) => false,
        (Some(at), Some(changed)) => at < changed,
        // Of a change without a time, an entry is older that the newest cycle did not write.
        (Some(at), None) => Some(at) < last_sent,
    };
    is_older
        && match entry.kind {
            // What was skipped stays so until something changes.
            TroubleKind::Skipped(_) if change == OnItsWay::Perhaps => false,
            TroubleKind::Skipped(SkipReason::OutOfScope) => arrived_all_the_same(link, group, &entry.about),
            TroubleKind::Skipped(_) => true,
            // Something was sent since.
            TroubleKind::CredentialRefused if entry.at < last_sent => true,
            _ => arrived_all_the_same(link, group, &entry.about),
        }
}

/// Returns true if AWS has it, whatever the log says of it.
fn arrived_all_the_same(link: &Link, group: &IdpGroup, about: &TroubleAbout) -> bool {
    match about {
        TroubleAbout::Person => matches!(link.case.facts.identity(), Identity::One(_)),
        TroubleAbout::Group(_) => match link.mapping(group) {
            Some(mapping) => mapping.state == PushState::Active && mapping.last_push.is_some(),
            None => names_id(&link.assigned.external_ids, &group.id.0),
        },
    }
}

#[cfg(test)]
mod tests;
