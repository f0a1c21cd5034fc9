//! The day's digest, from when it is due until it stands in the channel.
//!
//! It is one job of the queue for as long as the schedule stays the same: it waits until it is due, looks, keeps
//! what it is to post, posts, notes that, and waits for the next day. What is to be posted is kept before it is
//! posted, so that a replica that takes over tells the same and does not tell anything twice. The job and a command
//! beside it post under one claim, one after the other.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::survey::Survey;
use crate::desk::Desk;
use crate::desk::bring::Unposted;
use crate::desk::work::{After, Performed, Work};
use crate::digest::Digest;
use crate::digest::finding::{Finding, Severity};
use crate::digest::schedule::Schedule;
use crate::digest::standing::Told;
use crate::slack::SlackError;
use crate::slack::client::Posted;
use crate::store::{Duplicate, PostedDigest, StoreError, new_id};
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

/// An order by another schedule than this replica's may be for one that has been updated, or has not been yet.
const LEFT_TO_OTHERS: SignedDuration = SignedDuration::from_mins(10);
/// How long a claim to post is held without a sign of life. It is renewed before each post, which has a deadline of
/// seconds.
const CLAIM_HELD: Duration = Duration::from_secs(60);
/// A command looks this often whether somebody else has ended, and for this long: a digest of the most messages takes
/// half a minute at Slack's one message a second.
const LOOKS_AGAIN: Duration = Duration::from_millis(500);
const WAITS_FOR_THE_OTHER: Duration = Duration::from_secs(120);
/// In whose name the queue's workers post: its lease has one of them do so at a time.
const THE_QUEUE: &str = "queue";

/// A digest that is due at this moment, by the schedule as it was written.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::desk) struct Due {
    at: Timestamp,
    schedule: String,
}

impl Due {
    fn is_too_late(&self, now: Timestamp) -> bool {
        now > self.at + MADE_UP_FOR
    }
}

/// A digest that is to be posted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::desk) struct Prepared {
    day: String,
    /// Nothing where there is nothing to report and that is not to be said.
    message: Option<Message>,
    /// What stands in its place where Slack refuses it.
    #[serde(default)]
    headline: Option<Message>,
    thread: Vec<Message>,
    /// What stands in the thread where Slack refuses one of those.
    #[serde(default)]
    in_short: Vec<Message>,
    duplicates: Vec<Duplicate>,
    groups_checked: i64,
    overlooks_nothing: bool,
}

impl Prepared {
    fn key(&self) -> String {
        format!("digest:{}", self.day)
    }

    fn headline_key(&self) -> String {
        format!("{}:headline", self.key())
    }
}

/// Why a digest that was asked for was not posted.
#[derive(Debug, thiserror::Error)]
pub enum NotPosted {
    #[error("today's digest has been posted already, so nothing was posted")]
    Already,
    #[error("today's digest is being posted by another process; look whether it stands, and try again")]
    Elsewhere,
    #[error(
        "not all groups could be read, so that there is no digest; the channel was told so, and when they can be read, \
         try again"
    )]
    NotAll,
    #[error(
        "Slack did not take the digest ({0}); look whether the bot is in the channel of [slack] admin_channel and try again"
    )]
    Slack(SlackError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Unposted> for NotPosted {
    fn from(unposted: Unposted) -> Self {
        match unposted {
            Unposted::Away(error) | Unposted::Refused(error) => Self::Slack(error),
            Unposted::Store(error) => Self::Store(error),
        }
    }
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
    fn schedule(&self) -> Option<&Schedule> {
        self.digest.schedule.as_ref().filter(|_| self.settings.admin_channel.is_some())
    }

    fn first_digest_after(&self, moment: Timestamp) -> Option<Due> {
        let schedule = self.schedule()?;
        Some(Due { at: schedule.next_after(moment)?, schedule: schedule.as_written() })
    }

    /// The one after this: of those that came due meanwhile, the first that is not too late.
    fn next_digest(&self, due: &Due) -> After {
        let reached = due.at.max(self.gather.now() - MADE_UP_FOR);
        let next = self.first_digest_after(reached).filter(|next| next.schedule == due.schedule);
        next.map_or(After::Done, |next| After::Then(next.at, Box::new(Work::Digest(next))))
    }

    /// The digest is due: looks, and keeps what is to be posted.
    pub(in crate::desk) async fn digest(&self, due: &Due) -> Performed {
        let now = self.gather.now();
        let day = self.day_of(due.at);
        if self.schedule().is_none_or(|schedule| schedule.as_written() != due.schedule) {
            let is_nobodys = due.is_too_late(now);
            return Ok(if is_nobodys { After::Done } else { After::Later(now + LEFT_TO_OTHERS) });
        }
        if self.store.digest_of(&day).await?.is_some() {
            return Ok(self.next_digest(due));
        }
        if due.is_too_late(now) {
            tracing::warn!(day, "the digest was due too long ago and is left out");
            return Ok(self.next_digest(due));
        }
        let survey = Survey::taken(&self.gather, Some(&self.store), true).await?;
        if !survey.digest.groups_are_all && now < due.at + WAITS_FOR_ALL {
            tracing::warn!(day, "not all groups could be read; the digest waits");
            return Ok(After::Later(now + TRIED_AGAIN));
        }
        let prepared = self.prepared(day, &survey);
        Ok(After::Then(now, Box::new(Work::PostDigest(due.clone(), Box::new(prepared)))))
    }

    /// Posts what was kept. A try that fails is repeated, as long as it is not too late.
    pub(in crate::desk) async fn post_digest(&self, due: &Due, prepared: &Prepared) -> Performed {
        let now = self.gather.now();
        if due.is_too_late(now) {
            // A process may have died between posting the digest and noting that this work is done.
            if self.store.digest_of(&prepared.day).await?.is_some() {
                return Ok(self.next_digest(due));
            }
            tracing::error!(day = prepared.day, "the digest could not be posted in time and is left out");
            // What stands of it was told all the same.
            for key in [prepared.key(), prepared.headline_key()] {
                if let Some(stands) = self.store.stands(&key).await? {
                    self.note_posted(prepared, Some(stands)).await?;
                }
            }
            return Ok(self.next_digest(due));
        }
        match self.posted(prepared, THE_QUEUE).await {
            Ok(()) | Err(NotPosted::Already) => Ok(self.next_digest(due)),
            Err(error) => {
                tracing::warn!(%error, day = prepared.day, "the digest could not be posted; it is tried again");
                Ok(After::Later(now + TRIED_AGAIN))
            }
        }
    }

    /// Looks now and posts what it finds as today's digest.
    ///
    /// # Errors
    /// Where today's digest stands already, not all groups could be read, or it could not be posted.
    pub async fn look_and_post_digest(&self) -> Result<(), NotPosted> {
        let survey = Survey::taken(&self.gather, Some(&self.store), true).await?;
        self.post_digest_now(&survey).await
    }

    /// Posts what was found as today's digest. Where another process is about it, waits until that has ended.
    ///
    /// # Errors
    /// Where today's digest stands already, not all groups could be read, or it could not be posted.
    pub async fn post_digest_now(&self, survey: &Survey) -> Result<(), NotPosted> {
        let day = self.day_of(self.gather.now());
        if !survey.digest.groups_are_all {
            self.say_that_not_all_was_read(&day, survey).await?;
            return Err(NotPosted::NotAll);
        }
        let prepared = self.prepared(day, survey);
        let holder = new_id();
        let since = Instant::now();
        loop {
            match self.posted(&prepared, &holder).await {
                Err(NotPosted::Elsewhere) if since.elapsed() < WAITS_FOR_THE_OTHER => {
                    tokio::time::sleep(LOOKS_AGAIN).await;
                }
                posted => return posted,
            }
        }
    }

    /// Silence would look like health. The day is not noted, so that a digest may follow.
    async fn say_that_not_all_was_read(&self, day: &str, survey: &Survey) -> Result<(), NotPosted> {
        if let Some(channel) = &self.settings.admin_channel {
            let message = words::not_all_was_read(&survey.digest);
            self.post_or_say_why(&format!("digest:{day}:unread"), channel, None, &message).await?;
        }
        Ok(())
    }

    fn day_of(&self, at: Timestamp) -> String {
        at.to_zoned(self.digest.time_zone.clone()).date().to_string()
    }

    fn prepared(&self, day: String, survey: &Survey) -> Prepared {
        let standing = survey.standing(self.gather.now());
        let last = survey.last.as_ref().map(|last| last.posted_at);
        let is_silent = words::is_quiet(&standing) && !self.digest.says_nothing_found;
        let posts = words::digest(&standing, &Telling { questions: &survey.questions, last });
        let Posts { message, headline, thread, in_short } = posts;
        Prepared {
            day,
            message: (!is_silent).then_some(message),
            headline: Some(headline),
            thread,
            in_short,
            duplicates: duplicates(&survey.digest, &survey.told),
            groups_checked: i64::try_from(survey.digest.groups_checked).unwrap_or(i64::MAX),
            overlooks_nothing: survey.digest.overlooks_nothing,
        }
    }

    async fn posted(&self, prepared: &Prepared, holder: &str) -> Result<(), NotPosted> {
        if self.store.digest_of(&prepared.day).await?.is_some() {
            return Err(NotPosted::Already);
        }
        self.claim(prepared, holder).await?;
        let posted = self.posted_under_the_claim(prepared, holder).await;
        if let Err(error) = self.store.unclaim_digest(&prepared.day, holder).await {
            tracing::warn!(%error, day = prepared.day, "the claim to post could not be given back; it runs out");
        }
        posted
    }

    async fn claim(&self, prepared: &Prepared, holder: &str) -> Result<(), NotPosted> {
        match self.store.claim_digest(&prepared.day, holder, CLAIM_HELD).await? {
            true => Ok(()),
            false => Err(NotPosted::Elsewhere),
        }
    }

    async fn posted_under_the_claim(&self, prepared: &Prepared, holder: &str) -> Result<(), NotPosted> {
        // Between looking and claiming it may have been posted.
        if self.store.digest_of(&prepared.day).await?.is_some() {
            return Err(NotPosted::Already);
        }
        let mut stands = None;
        if let (Some(message), Some(channel)) = (&prepared.message, self.settings.admin_channel.as_deref()) {
            let posted = match self.post_or_say_why(&prepared.key(), channel, None, message).await {
                Err(Unposted::Refused(error)) => self.headline_alone(prepared, channel, error).await?,
                posted => posted?,
            };
            for (number, message) in prepared.thread.iter().enumerate() {
                self.claim(prepared, holder).await?;
                let key = format!("{}:{number}", prepared.key());
                let thread = Some(posted.ts.as_str());
                match self.post_or_say_why(&key, &posted.channel, thread, message).await {
                    Ok(_) => {}
                    Err(Unposted::Refused(error)) => {
                        tracing::error!(%error, day = prepared.day, number, "Slack refused a part of the digest");
                        if let Some(in_short) = prepared.in_short.get(number) {
                            let key = format!("{key}:in_short");
                            self.post_once(&key, &posted.channel, thread, in_short)
                                .await
                                .map_err(|_again| NotPosted::Slack(error))?;
                        }
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            stands = Some((posted.channel, posted.ts));
        }
        self.note_posted(prepared, stands).await?;
        Ok(())
    }

    /// Where Slack does not take the whole message, it may take its first line; where the bot may not post at all, it
    /// takes neither.
    async fn headline_alone(
        &self,
        prepared: &Prepared,
        channel: &str,
        refused: SlackError,
    ) -> Result<Posted, NotPosted> {
        let Some(headline) = &prepared.headline else {
            return Err(NotPosted::Slack(refused));
        };
        tracing::error!(error = %refused, day = prepared.day, "Slack refused the digest; its headline is tried");
        Ok(self.post_or_say_why(&prepared.headline_key(), channel, None, headline).await?)
    }

    async fn note_posted(
        &self,
        prepared: &Prepared,
        stands: Option<(String, String)>,
    ) -> Result<(), StoreError> {
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

fn duplicates(digest: &Digest, told: &[Told]) -> Vec<Duplicate> {
    let kept = digest.findings.iter().map(|finding| {
        let (severity, hurt) = as_bad_as(finding, told.iter().find(|told| told.id == finding.id));
        Duplicate {
            id: finding.id.clone(),
            kind: finding.kind.name().to_owned(),
            severity: severity.name().to_owned(),
            hurt: i64::try_from(hurt).unwrap_or(i64::MAX),
            name: finding.name().to_owned(),
            groups: finding.copies.iter().map(|copy| copy.id.clone()).collect(),
            as_told: json_v1::digest::kept(digest, finding),
        }
    });
    kept.collect()
}

/// Where not everything of it could be read it is no better than it was, or the next digest would call it worse.
fn as_bad_as(finding: &Finding, before: Option<&Told>) -> (Severity, usize) {
    match before.filter(|_| !finding.all_seen) {
        Some(before) => (finding.severity.max(before.severity), finding.hurt.len().max(before.hurt)),
        None => (finding.severity, finding.hurt.len()),
    }
}
