//! `membership_missed`: the IdP should have sent the membership by now, logged no error, and AWS does not
//! have it. Waiting will not help: Entra does not look again at a member who came back into scope, and Okta
//! at one whom an earlier push left out.

use jiff::Timestamp;

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::idp::{Idp, IdpGroup};
use crate::diagnosis::facts::{Fact, Identity};
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::step::Step;

/// The IdP should have sent the membership and did not.
#[derive(Clone, Debug, PartialEq)]
pub struct MembershipMissed(pub Missed);

/// A change that should have been sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Missed {
    pub group: IdpGroup,
    /// When the person was added; `None` if that was longer ago than the IdP's log reaches.
    pub added_at: Option<Timestamp>,
    pub last_sent: Option<Timestamp>,
    /// Okta: people are assigned to the application through the very group that is pushed, which Okta does not support.
    /// Source: Okta help, "Using the same group for app assignment and Group Push".
    pub group_assigns_too: bool,
}

impl Missed {
    /// Whether anything was sent to AWS after the person was added, so that they were left out; `None` if the IdP does
    /// not say any more when they were added.
    pub fn was_sent_since(&self) -> Option<bool> {
        self.added_at.map(|added_at| self.last_sent >= Some(added_at))
    }
}

impl Evidence for MembershipMissed {
    const ABOUT: About = About { name: "membership_missed", step: Step::Sync, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        Rank::given(Step::Sync).nth(3)
    }

    fn group_to_send(&self, _idp: Option<Idp>) -> Option<&IdpGroup> {
        Some(&self.0.group)
    }
}

pub(in crate::diagnosis) fn on(link: &Link) -> Judged<MembershipMissed> {
    // Of somebody whom AWS does not know, more than the membership is missing.
    if link.case.facts.identity() == Identity::Nobody {
        return Some(None);
    }
    Some(missed(link)?.map(MembershipMissed))
}

/// What is neither on its way nor failed; outer `None` if a log could not be read, since it may hold an error.
pub(super) fn missed(link: &Link) -> Judged<Missed> {
    let Some(group) = link.idp_group()? else {
        return Some(None);
    };
    let added_at = link.added_at(group)?;
    let assigns_people = link.idp()?.assigns_people.get(&group.id).and_then(Fact::value);
    link.logs_were_read().then(|| {
        Some(Missed {
            group: group.clone(),
            added_at,
            last_sent: link.last_sent(group),
            group_assigns_too: assigns_people == Some(&true),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::Cause;
    use crate::diagnosis::diagnose;
    use crate::diagnosis::fixture::{at, cause, finding, idp_group, known, of_the_idp, sent_by, unread};

    #[test]
    fn a_change_that_a_later_cycle_left_out_was_missed_at_either_idp() {
        for idp in [Idp::Entra, Idp::Okta] {
            let (added_at, last_sent) = (Some(at("13:00")), Some(at("13:58")));
            let missed = Missed { group: idp_group(), added_at, last_sent, group_assigns_too: false };
            assert_eq!(finding(&sent_by(idp)), MembershipMissed(missed).into());
        }
    }

    #[test]
    fn a_log_that_could_not_be_read_may_hold_the_error() {
        let mut facts = sent_by(Idp::Entra);
        of_the_idp(&mut facts).troubles = vec![known(Vec::new()), unread()];
        assert_eq!(cause(&facts), Some(Cause::MembershipNotSynced));
    }

    #[test]
    fn what_was_sent_as_the_person_was_added_or_later_was_sent_since() {
        let since = |added_at: Option<&str>, last_sent: Option<&str>| {
            let (added_at, last_sent) = (added_at.map(at), last_sent.map(at));
            Missed { group: idp_group(), added_at, last_sent, group_assigns_too: false }.was_sent_since()
        };
        assert_eq!(since(Some("13:00"), Some("13:00")), Some(true));
        assert_eq!(since(Some("13:00"), Some("12:59")), Some(false));
        assert_eq!(since(Some("13:00"), None), Some(false), "nothing was sent at all");
        assert_eq!(since(None, Some("13:00")), None);
    }

    #[test]
    fn what_was_missed_can_be_sent_on_demand() {
        assert_eq!(diagnose(&sent_by(Idp::Entra)).group_to_send(), Some(&idp_group()));
    }
}
