//! Looks at all groups, beside what the digests before told of them.

use jiff::{SignedDuration, Timestamp};

use crate::diagnosis::causes::Cause;
use crate::diagnosis::facts::GroupId;
use crate::digest::finding::Severity;
use crate::digest::standing::{Snooze, Standing, Told, recognize, standing};
use crate::digest::suspects::{FormerGroup, Remembered};
use crate::digest::{Digest, digest};
use crate::gather::Gather;
use crate::store::{self, Census, KnownGroup, PostedDigest, Store, StoreError};
use crate::words::slack::digest::Questions;

/// Causes of the day's questions that are told.
const CAUSES: i64 = 3;
/// Before the first digest, the questions of a day are told.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

/// What was found, and what it is to be told beside.
pub struct Survey {
    pub digest: Digest,
    pub told: Vec<Told>,
    pub last: Option<PostedDigest>,
    pub questions: Questions,
}

impl Survey {
    /// Looks anew. Without a store everything is new. Where `keeps` is set, the groups are kept for the next
    /// survey, which then knows which of them are gone.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn taken(gather: &Gather, store: Option<&Store>, keeps: bool) -> Result<Self, StoreError> {
        let remembered = match store {
            Some(store) => remembered(store.census().await?),
            None => Remembered::default(),
        };
        let (facts, to_remember) = gather.duplicates(remembered).await;
        let now = facts.checked_at;
        let (mut told, mut last, mut questions) = (Vec::new(), None, Questions::default());
        if let Some(store) = store {
            if keeps && facts.groups_are_all {
                store.keep_census(&kept(to_remember)).await?;
            }
            told = store.duplicates().await?.into_iter().map(as_told).collect();
            last = store.last_digest().await?;
            let since = last.as_ref().map_or(now - A_DAY, |last| last.posted_at);
            questions = in_words(store.questions_of(since, now, CAUSES).await?);
        }
        let mut digest = digest(&facts);
        recognize(&mut digest, &told);
        Ok(Self { digest, told, last, questions })
    }

    /// What is new, known and resolved.
    pub fn standing(&self, now: Timestamp) -> Standing<'_> {
        standing(&self.digest, &self.told, now)
    }
}

fn remembered(census: Census) -> Remembered {
    let groups = census.groups.into_iter();
    let former = |known: KnownGroup| FormerGroup {
        id: GroupId(known.id),
        name: known.name,
        last_seen: known.last_seen,
    };
    Remembered {
        groups: groups.map(former).collect(),
        looked_through: census.looked_through.into_iter().collect(),
    }
}

fn kept(remembered: Remembered) -> Census {
    let groups = remembered.groups.into_iter();
    let known =
        |former: FormerGroup| KnownGroup { id: former.id.0, name: former.name, last_seen: former.last_seen };
    Census {
        groups: groups.map(known).collect(),
        looked_through: remembered.looked_through.into_iter().collect(),
    }
}

fn as_told(row: store::ToldDuplicate) -> Told {
    // A severity of another version counts as the least, so that nothing stays laid aside by mistake.
    let severity = |name: &str| Severity::named(name).unwrap_or(Severity::Untidy);
    Told {
        severity: severity(&row.duplicate.severity),
        hurt: count(row.duplicate.hurt),
        groups: row.duplicate.groups.into_iter().collect(),
        id: row.duplicate.id,
        kind: row.duplicate.kind,
        name: row.duplicate.name,
        as_told: row.duplicate.as_told,
        first_told: row.first_told,
        snooze: row.snooze.map(|snooze| Snooze {
            severity: severity(&snooze.severity),
            hurt: count(snooze.hurt),
            by: snooze.who,
            reason: snooze.reason,
            until: snooze.until,
        }),
    }
}

fn count(stored: i64) -> usize {
    usize::try_from(stored).unwrap_or_default()
}

fn in_words(questions: store::Questions) -> Questions {
    let causes = questions.causes.iter();
    Questions {
        count: questions.count,
        causes: causes.filter_map(|(cause, count)| Some((Cause::named(cause)?, *count))).collect(),
        median: questions.median,
    }
}
