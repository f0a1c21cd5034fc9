//! `skipped_by_the_idp`: the IdP left the person or the group out itself, for a reason that its log names. There is no
//! error, and provisioning on demand checks the same and skips again.

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::idp::{IdpGroup, SkipReason, Trouble, TroubleKind};
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::recency::troubles;
use crate::diagnosis::step::Step;

/// The IdP left the person or the group out.
#[derive(Clone, Debug, PartialEq)]
pub struct SkippedByTheIdp {
    pub group: IdpGroup,
    pub why: SkipReason,
    /// The entry of the log.
    pub entry: Trouble,
}

impl Evidence for SkippedByTheIdp {
    const ABOUT: About = About { name: "skipped_by_the_idp", step: Step::Sync, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        Rank::given(Step::Sync).nth(2)
    }
}

pub(in crate::diagnosis) fn on(link: &Link) -> Judged<SkippedByTheIdp> {
    let Some(group) = link.idp_group()? else {
        return Some(None);
    };
    let newest = troubles(link, group).next();
    Some(newest.and_then(|entry| match entry.kind {
        TroubleKind::Skipped(why) => {
            Some(SkippedByTheIdp { group: group.clone(), why, entry: entry.clone() })
        }
        _ => None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::Cause;
    use crate::diagnosis::diagnose;
    use crate::diagnosis::facts::Facts;
    use crate::diagnosis::facts::idp::{Idp, TroubleAbout};
    use crate::diagnosis::fixture::{cause, finding, idp_group, known, of_the_idp, sent_by, trouble};

    fn logged(entries: Vec<Trouble>) -> Facts {
        let mut facts = sent_by(Idp::Entra);
        of_the_idp(&mut facts).troubles = vec![known(entries)];
        facts
    }

    #[test]
    fn a_skip_is_named_with_its_reason_and_not_sent_again() {
        let why = SkipReason::NotEntitled;
        let entry = trouble(TroubleAbout::Person, TroubleKind::Skipped(why), "13:57");
        let facts = logged(vec![entry.clone()]);
        assert_eq!(finding(&facts), SkippedByTheIdp { group: idp_group(), why, entry }.into());
        assert_eq!(diagnose(&facts).group_to_send(), None);
    }

    #[test]
    fn a_newer_failure_comes_before_an_older_skip() {
        let skip = TroubleKind::Skipped(SkipReason::Other);
        let entries = vec![
            trouble(TroubleAbout::Person, skip, "13:30"),
            trouble(TroubleAbout::Person, TroubleKind::Attribute, "13:57"),
        ];
        assert_ne!(cause(&logged(entries)), Some(Cause::SkippedByTheIdp));
    }
}
