//! Delivers the bot's messages: through the response URL while it is valid, otherwise by a direct call.
//!
//! Each message has a key, and what was delivered under a key is not delivered again, in whatever words a retry puts
//! it. A retry finds in the store how far the earlier try came. If that was cut off between Slack's answer and our
//! note, a post is looked for at Slack. What a response URL was used for cannot be looked up there, so that the retry
//! uses it again: [`Placement::Replace`] writes over the message that stands there, and only a
//! [`Placement::NewEphemeral`] message stands there twice. If the URL is used up by then, the message counts as
//! delivered: the tries that were cut off have used it.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::handle::Handle;
use super::sealed::Sealed;
use super::work::Again;
use super::{Desk, Press};
use crate::slack::SlackError;
use crate::slack::client::{Placement, Posted};
use crate::slack::inbound::ResponseUrl;
use crate::store::{Place, Post, StoreError, Way};
use crate::words::slack::{Message, understood};
use jiff::{SignedDuration, Timestamp};

/// How long an answer to a command waits for the command's acknowledgement to be shown. Slack does not say that it
/// shows an acknowledgement before an answer that overtakes it; one that did would leave "Looking…" standing below
/// the report for good. This is long for a response to arrive and short for a person.
pub const HEAD_START: Duration = Duration::from_millis(300);

/// How far the clocks of two replicas may be apart, when a message is looked for that one of them began.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(2);

/// How an answer gets to somebody.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Bring {
    /// Names this message. Another message needs another key, even one of the same job.
    pub(super) key: String,
    pub(super) response_url: Option<Sealed>,
    pub(super) placement: Placement,
    /// The report that this one replaces.
    pub(super) before: Option<Handle>,
    /// It answers a command that is acknowledged at the same time.
    pub(super) behind_the_acknowledgement: bool,
    /// It is for everybody in a channel.
    #[serde(default)]
    pub(super) in_channel: Option<InChannel>,
}

/// Where everybody sees an answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum InChannel {
    /// A new message in this thread.
    Thread { channel: String, thread_ts: String },
    /// In the place of this message of the bot's.
    InsteadOf { channel: String, ts: String },
}

impl Bring {
    /// By this way, as `placement` says.
    pub(super) fn by(key: impl Into<String>, response_url: Option<Sealed>, placement: Placement) -> Self {
        Self {
            key: key.into(),
            response_url,
            placement,
            before: None,
            behind_the_acknowledgement: false,
            in_channel: None,
        }
    }

    /// In this thread, for everybody there.
    pub(super) fn in_thread(key: impl Into<String>, channel: &str, thread_ts: &str) -> Self {
        let thread = InChannel::Thread { channel: channel.to_owned(), thread_ts: thread_ts.to_owned() };
        Self { in_channel: Some(thread), ..Self::by(key, None, Placement::NewEphemeral) }
    }

    /// As a message of its own beside the one with the button.
    pub(super) fn beside(press: &Press) -> Self {
        Self::by(press.key(), press.response_url.clone(), Placement::NewEphemeral)
    }

    /// In the place of the report with this handle.
    pub(super) fn instead_of(handle: Handle, press: &Press) -> Self {
        Self { before: Some(handle.clone()), ..Self::in_place_of(&handle, press) }
    }

    /// In the place of the message with the button.
    pub(super) fn in_place_of(handle: &Handle, press: &Press) -> Self {
        let in_channel = match (&press.channel, &press.message_ts) {
            (Some(channel), Some(ts)) if handle.in_channel => {
                Some(InChannel::InsteadOf { channel: channel.clone(), ts: ts.clone() })
            }
            _ => None,
        };
        Self { in_channel, ..Self::by(press.key(), press.response_url.clone(), Placement::Replace) }
    }

    /// What is no report takes no report's place, and what is for one person alone is said to them alone, where
    /// there is a way to.
    pub(super) fn beside_a_report(&self) -> Self {
        let to_one =
            self.response_url.is_some() || matches!(self.in_channel, Some(InChannel::InsteadOf { .. }));
        match (&self.before, &self.in_channel) {
            (_, Some(_)) if to_one => {
                Self { placement: Placement::NewEphemeral, in_channel: None, ..self.clone() }
            }
            (Some(_), None) => Self { placement: Placement::NewEphemeral, ..self.clone() },
            (_, _) => self.clone(),
        }
    }
}

/// Why a message was not posted.
#[derive(Debug)]
pub(super) enum Unposted {
    /// Slack did not answer, or asked to wait: another try may succeed.
    Away(SlackError),
    /// Slack will never take it.
    Refused(SlackError),
    Store(StoreError),
}

impl From<StoreError> for Unposted {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Desk {
    /// Brings a message to `user`: to where everybody sees it, where it is for everybody; else by the response
    /// URL while it lives, else directly.
    pub(super) async fn bring(&self, user: &str, bring: &Bring, message: &Message) -> Result<(), Again> {
        match &bring.in_channel {
            None => {}
            Some(InChannel::InsteadOf { channel, ts }) => return self.update(channel, ts, message).await,
            Some(InChannel::Thread { channel, thread_ts }) => {
                if self.post_once(&bring.key, channel, Some(thread_ts), message).await?.is_none() {
                    let alone = understood::instead_of_the_thread(message);
                    self.post_once(&format!("direct:{}", bring.key), user, None, &alone).await?;
                }
                return Ok(());
            }
        }
        if bring.behind_the_acknowledgement {
            tokio::time::sleep(self.head_start).await;
        }
        let key = format!("direct:{}", bring.key);
        if let Some(url) = bring.response_url.as_ref().and_then(|sealed| self.seal.open(sealed)) {
            let answered = self.answer_once(&key, user, &url, message, bring.placement).await;
            if unless_refused(answered)? == Some(true) {
                return Ok(());
            }
        }
        self.post_once(&key, user, None, message).await?;
        Ok(())
    }

    /// Delivers a message through a response URL, unless it was delivered before. Returns false if it must be posted
    /// directly.
    async fn answer_once(
        &self,
        key: &str,
        user: &str,
        url: &ResponseUrl,
        message: &Message,
        placement: Placement,
    ) -> Result<bool, Unposted> {
        let may_stand_there = match self.store.begin_post(key, Way::ResponseUrl, self.gather.now()).await? {
            Post::Sent(_) => return Ok(true),
            Post::Begun => false,
            Post::CutOff { way: Way::ResponseUrl, .. } => true,
            Post::CutOff { way: Way::Channel, since } => {
                if self.found(key, user, None, since).await?.is_some() {
                    return Ok(true);
                }
                self.store.turn_post(key, Way::ResponseUrl).await?;
                false
            }
        };
        match self.slack.respond(url, message, placement).await {
            Ok(()) => {}
            Err(error) if may_stand_there && error.is_used_up() => {
                tracing::info!("an earlier try has delivered the answer");
            }
            Err(error) => {
                tracing::warn!(%error, "the response URL did not take the answer; writing directly");
                self.store.forget_post(key).await?;
                return Ok(false);
            }
        }
        if let Err(error) = self.store.note_answer(key).await {
            // A retry would only say it again; the rest of the job may still end without one.
            tracing::warn!(%error, "the store is away; whether an answer was delivered is not noted");
        }
        Ok(true)
    }

    /// As [`Desk::post_or_say_why`]. Nothing where Slack refuses for good.
    pub(super) async fn post_once(
        &self,
        key: &str,
        channel: &str,
        thread_ts: Option<&str>,
        message: &Message,
    ) -> Result<Option<Posted>, Again> {
        unless_refused(self.post_or_say_why(key, channel, thread_ts, message).await)
    }

    /// Posts a message exactly once for its key: where an earlier try was cut off, the message is looked for
    /// before it is posted again, so that no two jobs may post under one key. `channel` may be a person.
    pub(super) async fn post_or_say_why(
        &self,
        key: &str,
        channel: &str,
        thread_ts: Option<&str>,
        message: &Message,
    ) -> Result<Posted, Unposted> {
        match self.store.begin_post(key, Way::Channel, self.gather.now()).await? {
            Post::Sent(place) => {
                let Place { channel, ts } = place.unwrap_or_default();
                return Ok(Posted { channel, ts });
            }
            Post::Begun => {}
            Post::CutOff { since, .. } => {
                if let Some(posted) = self.found(key, channel, thread_ts, since).await? {
                    return Ok(posted);
                }
            }
        }
        match self.slack.post_message(channel, thread_ts, message, &mark_of(key)).await {
            Ok(posted) => {
                self.store.note_post(key, &posted.channel, &posted.ts).await?;
                Ok(posted)
            }
            Err(error) => {
                if error.did_nothing() {
                    self.store.forget_post(key).await?;
                }
                Err(if error.passes() { Unposted::Away(error) } else { Unposted::Refused(error) })
            }
        }
    }

    /// Puts other words in the place of a message of the bot's.
    pub(super) async fn update(&self, channel: &str, ts: &str, message: &Message) -> Result<(), Again> {
        match self.slack.update_message(channel, ts, message).await {
            Ok(()) => Ok(()),
            Err(error) if error.passes() => Err(Again::after(&error)),
            Err(error) => {
                tracing::error!(%error, "a message could not be brought up to date");
                Ok(())
            }
        }
    }

    /// A message that an earlier try may have posted, noted if it is there.
    async fn found(
        &self,
        key: &str,
        channel: &str,
        thread_ts: Option<&str>,
        since: Timestamp,
    ) -> Result<Option<Posted>, Unposted> {
        let is_a_person = channel.starts_with(['U', 'W']);
        let opened =
            if is_a_person { self.slack.direct_message(channel).await } else { Ok(channel.to_owned()) };
        let found = match opened {
            Ok(channel) => {
                self.slack.find_posted(&channel, thread_ts, &mark_of(key), since - CLOCKS_DIFFER).await
            }
            Err(error) => Err(error),
        };
        match found {
            Ok(None) => Ok(None),
            Ok(Some(posted)) => {
                self.store.note_post(key, &posted.channel, &posted.ts).await?;
                Ok(Some(posted))
            }
            Err(error) if error.passes() => Err(Unposted::Away(error)),
            Err(error) => {
                // A message twice is a smaller harm than one that never comes.
                tracing::warn!(%error, "whether a message was posted could not be read; it is posted again");
                Ok(None)
            }
        }
    }
}

/// Marks the message of this key at Slack.
fn mark_of(key: &str) -> String {
    hex::encode(Sha256::digest(key.as_bytes()))
}

/// `None` if Slack will never take it.
fn unless_refused<T>(outcome: Result<T, Unposted>) -> Result<Option<T>, Again> {
    match outcome {
        Ok(done) => Ok(Some(done)),
        Err(Unposted::Away(error)) => Err(Again::after(&error)),
        Err(Unposted::Store(error)) => Err(error.into()),
        Err(Unposted::Refused(error)) => {
            tracing::error!(%error, "a message could not be posted");
            Ok(None)
        }
    }
}
