//! The day's digest, from when it is due until it stands in the channel.
//!
//! It is one job of the queue for as long as the schedule stays the same: it waits until it is due, looks, keeps
//! what it is to post, posts, notes that, and waits for the next day. What is to be posted is kept before it is
//! posted, so that a replica that takes over tells the same and does not tell anything twice.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::survey::Survey;
use crate::desk::Desk;
use crate::desk::work::{After, Again, Performed, Work};
use crate::digest::Digest;
use crate::store::{Duplicate, PostedDigest, StoreError};
use crate::words::json_v1;
use crate::words::slack::Message;
use crate::words::slack::digest::{self as words, Posts, Telling};

/// How late a digest may be: what was due in the morning is of use until the afternoon, and the next one is
/// never far.
const MADE_UP_FOR: SignedDuration = SignedDuration::from_hours(6);
/// Where not all groups could be read, it is tried again for this long before a part is told.
const WAITS_FOR_ALL: SignedDuration = SignedDuration::from_hours(1);
/// A pause between two tries that ends well before a person would call it late.
const TRIED_AGAIN: SignedDuration = SignedDuration::from_mins(2);

/// A digest that is due at this moment, by the schedule as it was written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::desk) struct Due {
    at: Timestamp,
    schedule: String,
}

/// A digest that is to be posted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::desk) struct Prepared {
    day: String,
    /// Nothing where there is nothing to report and that is not to be said.
    message: Option<Message>,
    thread: Vec<Message>,
    duplicates: Vec<Duplicate>,
    groups_checked: i64,
    overlooks_nothing: bool,
}

/// Why a digest that was asked for was not posted.
#[derive(Debug, thiserror::Error)]
pub enum NotPosted {
    #[error("today's digest has been posted already, so nothing was posted")]
    Already,
    #[error(
        "Slack did not take the digest; look whether the bot is in the channel of [slack] admin_channel and try again"
    )]
    Slack,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Desk {
    /// Has the digest posted when it is due, from now on. Where another replica or an earlier start has ordered
    /// that by the same schedule, nothing more; one that was due while nobody ran is made up for.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn begin_digests(&self) -> Result<(), StoreError> {
        if let Some(due) = self.first_digest_after(self.gather.now()) {
            let key = format!("digest:{}", due.schedule);
            let order = Work::Digest(due.clone()).order(key).batch().at(due.at);
            // Whoever goes back to an earlier schedule has a digest again at once.
            self.order(order.remembered(Duration::ZERO)).await?;
        }
        Ok(())
    }

    /// Nothing where no digest is wanted.
    fn first_digest_after(&self, moment: Timestamp) -> Option<Due> {
        let schedule = self.digest.schedule.as_ref().filter(|_| self.settings.admin_channel.is_some())?;
        Some(Due { at: schedule.next_after(moment)?, schedule: schedule.as_written() })
    }

    /// The one after this: of those that came due meanwhile, the first that is not too late. An order by an older
    /// schedule ends, since the new one has its own.
    fn next_digest(&self, due: &Due) -> After {
        let reached = due.at.max(self.gather.now() - MADE_UP_FOR);
        let next = self.first_digest_after(reached).filter(|next| next.schedule == due.schedule);
        next.map_or(After::Done, |next| After::Then(next.at, Box::new(Work::Digest(next))))
    }

    fn is_wanted(&self, due: &Due) -> bool {
        let schedule = self.digest.schedule.as_ref().filter(|_| self.settings.admin_channel.is_some());
        schedule.is_some_and(|schedule| schedule.as_written() == due.schedule)
    }

    /// The digest is due: looks, and keeps what is to be posted.
    pub(in crate::desk) async fn digest(&self, due: &Due) -> Performed {
        let now = self.gather.now();
        let day = self.day_of(due.at);
        if !self.is_wanted(due) || self.store.digest_of(&day).await?.is_some() {
            return Ok(self.next_digest(due));
        }
        if now > due.at + MADE_UP_FOR {
            tracing::warn!(day, "the digest was due too long ago and is left out");
            return Ok(self.next_digest(due));
        }
        let survey = Survey::taken(&self.gather, Some(&self.store), true).await?;
        if !survey.is_whole && now < due.at + WAITS_FOR_ALL {
            tracing::warn!(day, "not all groups could be read; the digest waits");
            return Ok(After::Later(now + TRIED_AGAIN));
        }
        let prepared = self.prepared(day, &survey);
        Ok(After::Then(now, Box::new(Work::PostDigest(due.clone(), Box::new(prepared)))))
    }

    /// Posts what was kept. A try that fails is repeated, as long as it is not too late.
    pub(in crate::desk) async fn post_digest(&self, due: &Due, prepared: &Prepared) -> Performed {
        let now = self.gather.now();
        match self.posted(prepared).await {
            Ok(()) | Err(NotPosted::Already) => Ok(self.next_digest(due)),
            Err(NotPosted::Slack | NotPosted::Store(_)) if now < due.at + MADE_UP_FOR => {
                tracing::warn!(day = prepared.day, "the digest could not be posted; it is tried again");
                Ok(After::Later(now + TRIED_AGAIN))
            }
            Err(error) => {
                tracing::error!(%error, day = prepared.day, "the digest is left out");
                Ok(self.next_digest(due))
            }
        }
    }

    /// Looks now and posts what it finds as today's digest.
    ///
    /// # Errors
    /// Where today's digest stands already, or it could not be posted.
    pub async fn look_and_post_digest(&self) -> Result<(), NotPosted> {
        let survey = Survey::taken(&self.gather, Some(&self.store), true).await?;
        self.post_digest_now(&survey).await
    }

    /// Posts what was found as today's digest.
    ///
    /// # Errors
    /// Where today's digest stands already, or it could not be posted.
    pub async fn post_digest_now(&self, survey: &Survey) -> Result<(), NotPosted> {
        self.posted(&self.prepared(self.day_of(self.gather.now()), survey)).await
    }

    fn day_of(&self, at: Timestamp) -> String {
        at.to_zoned(self.digest.time_zone.clone()).date().to_string()
    }

    fn prepared(&self, day: String, survey: &Survey) -> Prepared {
        let standing = survey.standing(self.gather.now());
        let last = survey.last.as_ref().map(|last| last.posted_at);
        let is_silent = words::is_quiet(&standing) && !self.digest.says_nothing_found;
        let posts = words::digest(&standing, &Telling { questions: &survey.questions, last });
        let Posts { message, thread } = posts;
        Prepared {
            day,
            message: (!is_silent).then_some(message),
            thread,
            duplicates: duplicates(&survey.digest),
            groups_checked: i64::try_from(survey.digest.groups_checked).unwrap_or(i64::MAX),
            overlooks_nothing: survey.digest.overlooks_nothing,
        }
    }

    async fn posted(&self, prepared: &Prepared) -> Result<(), NotPosted> {
        if self.store.digest_of(&prepared.day).await?.is_some() {
            return Err(NotPosted::Already);
        }
        let mut stands = None;
        if let (Some(message), Some(channel)) = (&prepared.message, self.settings.admin_channel.as_deref()) {
            let key = format!("digest:{}", prepared.day);
            let posted = self.post_once(&key, channel, None, message).await;
            let posted = posted.map_err(|Again| NotPosted::Slack)?.ok_or(NotPosted::Slack)?;
            for (number, message) in prepared.thread.iter().enumerate() {
                let key = format!("digest:{}:{number}", prepared.day);
                let below = self.post_once(&key, &posted.channel, Some(&posted.ts), message).await;
                below.map_err(|Again| NotPosted::Slack)?;
            }
            stands = Some((posted.channel, posted.ts));
        }
        let digest = PostedDigest {
            day: prepared.day.clone(),
            posted_at: self.gather.now(),
            message: stands,
            groups_checked: prepared.groups_checked,
            duplicates: i64::try_from(prepared.duplicates.len()).unwrap_or(i64::MAX),
            overlooks_nothing: prepared.overlooks_nothing,
        };
        self.store.note_digest(&digest, &prepared.duplicates).await?;
        metrics::counter!("sso_why_digests_total").increment(1);
        tracing::info!(day = prepared.day, duplicates = digest.duplicates, "the digest is posted");
        Ok(())
    }
}

fn duplicates(digest: &Digest) -> Vec<Duplicate> {
    let kept = digest.findings.iter().map(|finding| Duplicate {
        id: finding.id.clone(),
        kind: finding.kind.name().to_owned(),
        severity: finding.severity.name().to_owned(),
        name: finding.name().to_owned(),
        as_told: json_v1::digest::kept(digest, finding),
    });
    kept.collect()
}
