//! What the desk has accepted and is to do: stored before Slack is told that it was received, and performed by
//! a worker, once more where the process died over it.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tracing::{Instrument as _, Span};

use super::admission::Visit;
use super::answer::Ask;
use super::bring::Bring;
use super::digest::{Aside, Due, Prepared};
use super::escalate::Written;
use super::mention::Mention;
use super::sync_now::Syncing;
use super::tickets::Heard;
use super::watch::Looking;
use super::{Desk, Press};
use crate::jobs::{Accepted, Job, Order, Outcome};
use crate::slack::SlackError;
use crate::slack::reply::Reply;
use crate::store::StoreError;
use crate::telemetry::question_span;

/// A second press of the same button this soon is a double click; operating systems count half a second as
/// one, and a person who means it looks first.
const DOUBLE_CLICK: Duration = Duration::from_secs(2);

/// One thing to do. It is stored as JSON: a variant that is renamed is not found again after an upgrade.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Work {
    Answer(Box<Ask>, Box<Bring>),
    AnswerForm(Box<Ask>, Box<Bring>),
    AnswerMention(Box<Mention>),
    ShowSteps(Press),
    Escalate(Written),
    /// A press on a ticket.
    Ticket(Press),
    /// A question was answered with access: the open ticket of this id may be over, says who asked.
    MayBeRestored {
        ticket: String,
        asker: String,
    },
    /// Words between the help desk and a requester.
    Said(Box<Heard>),
    AskOwner(Press),
    SyncNow(Press),
    Syncing(Box<Syncing>),
    Watch(Press),
    Look(Box<Looking>),
    /// By the outage's id.
    Outage(String),
    OutageChanged(String),
    /// Publish this person's Home tab.
    Home(String),
    /// Something asked for on this person's Home tab, which is published anew after it.
    AtHome(String, Box<Work>),
    /// Look for duplicate groups.
    Digest(Due),
    PostDigest(Due, Box<Prepared>),
    LayAside(Box<Aside>),
    /// Forget what is over.
    Sweep,
    /// A press on a message whose buttons are not understood any more.
    SayThatItIsOld(Press),
}

/// What came of it.
#[derive(Clone, Debug)]
pub(super) enum After {
    Done,
    /// The same again at this moment.
    Later(Timestamp),
    /// Something else in its place at this moment, under the same key.
    Then(Timestamp, Box<Work>),
}

/// It could not be done now, since Slack or the store was away; it is tried again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Again;

/// How performing ends.
pub(super) type Performed = Result<After, Again>;

impl From<StoreError> for Again {
    fn from(error: StoreError) -> Self {
        tracing::warn!(%error, "the store is away; it is tried again");
        Self
    }
}

impl Again {
    /// For an error of Slack's that [passes](SlackError::passes).
    pub(super) fn after(error: &SlackError) -> Self {
        tracing::warn!(%error, "Slack is away; it is tried again");
        Self
    }
}

impl Work {
    /// Who wants it where, and how they are told that they are not served; nothing for what nobody wants.
    fn visit(&self) -> Option<(Visit<'_>, Bring)> {
        match self {
            Self::Answer(ask, bring) | Self::AnswerForm(ask, bring) => {
                Some((Visit::of(&ask.asker, ask.channel.as_deref()), (**bring).clone()))
            }
            Self::AnswerMention(mention) => Some((mention.visit(), mention.bring())),
            Self::ShowSteps(press)
            | Self::AskOwner(press)
            | Self::SyncNow(press)
            | Self::Watch(press)
            | Self::Ticket(press) => Some((Visit::by(press), Bring::beside(press))),
            Self::Escalate(written) => Some((written.visit(), written.beside())),
            Self::Said(heard) => heard.visit(),
            Self::LayAside(aside) => Some((aside.visit(), aside.beside())),
            Self::Syncing(_)
            | Self::Look(_)
            | Self::Outage(_)
            | Self::OutageChanged(_)
            | Self::Digest(_)
            | Self::PostDigest(..)
            | Self::SayThatItIsOld(_)
            | Self::MayBeRestored { .. }
            // These ask for themselves.
            | Self::Home(_)
            | Self::AtHome(..)
            | Self::Sweep => None,
        }
    }

    /// Who waits for it.
    fn whose(&self) -> Option<&str> {
        match self {
            Self::Home(user) | Self::AtHome(user, _) => Some(user),
            Self::SayThatItIsOld(press) => Some(&press.user),
            other => other.visit().map(|(visit, _)| visit.user),
        }
    }

    /// The reference of the question that it belongs to, where that is known before it begins.
    fn reference(&self) -> Option<String> {
        match self {
            Self::Answer(ask, _) | Self::AnswerForm(ask, _) => Some(ask.reference.clone()),
            Self::AnswerMention(mention) => Some(mention.reference().to_owned()),
            Self::ShowSteps(press) | Self::AskOwner(press) | Self::SyncNow(press) | Self::Watch(press) => {
                press.handle().map(|handle| handle.reference)
            }
            Self::Escalate(written) => written.origin.handle.as_ref().map(|handle| handle.reference.clone()),
            Self::Syncing(syncing) => Some(syncing.reference().to_owned()),
            Self::Look(looking) => looking.reference().map(str::to_owned),
            Self::AtHome(_, work) => work.reference(),
            Self::Ticket(_)
            | Self::MayBeRestored { .. }
            | Self::Said(_)
            | Self::Outage(_)
            | Self::OutageChanged(_)
            | Self::Home(_)
            | Self::Digest(_)
            | Self::PostDigest(..)
            | Self::LayAside(_)
            | Self::Sweep
            | Self::SayThatItIsOld(_) => None,
        }
    }

    /// The same, tried once more: whoever filled in a form has been told that the bot is looking, and a response
    /// URL takes five answers (docs.slack.dev, "Handling user interaction").
    fn once_more(self) -> Self {
        match self {
            Self::AnswerForm(ask, bring) => Self::Answer(ask, bring),
            other => other,
        }
    }

    /// To be done at once, under this key.
    pub(super) fn order(&self, key: impl Into<String>) -> Order {
        // Structs of strings and numbers always serialize; empty work is logged when it is read.
        Order::new(key, serde_json::to_string(self).unwrap_or_default()).of(self.whose())
    }

    /// To be done at once for this press: a double click does it once.
    pub(super) fn pressed(&self, press: &Press) -> Order {
        let mut what = Sha256::new();
        for part in
            [Some(&press.user), press.channel.as_ref(), press.message_ts.as_ref(), press.value.as_ref()]
        {
            what.update(part.map_or("", String::as_str).as_bytes());
            what.update([0]);
        }
        what.update(press.selected.as_deref().unwrap_or_default().as_bytes());
        self.order(format!("click:{}:{}", press.action, hex::encode(what.finalize())))
            .remembered(DOUBLE_CLICK)
            .may_be_open_twice()
    }
}

impl Desk {
    /// Accepts work for a request of Slack's, before that is acknowledged.
    pub(super) async fn take(&self, order: Order) -> Reply {
        match self.order(order).await {
            Ok(_) => Reply::Empty,
            Err(error) => {
                tracing::error!(%error, "the store is away, so that a request was not taken");
                Reply::NotTaken
            }
        }
    }

    /// Accepts work.
    pub(super) async fn order(&self, order: Order) -> Result<Accepted, StoreError> {
        self.jobs.accept(order).await
    }

    /// Performs one job of the queue.
    pub async fn perform(self: Arc<Self>, job: Job) -> Outcome {
        let work = match serde_json::from_str::<Work>(&job.work) {
            Ok(work) => work,
            Err(_) => {
                tracing::error!(
                    job = job.id(),
                    work = job.kind(),
                    "stored work of another version is not understood"
                );
                return Outcome::Again;
            }
        };
        let work = if job.tries > 1 { work.once_more() } else { work };
        let span = work.reference().map_or_else(Span::none, |reference| question_span(&reference));
        match Box::pin(self.performed(work)).instrument(span).await {
            Ok(After::Done) => Outcome::Done,
            Ok(After::Later(at)) => Outcome::Later { at, work: None },
            Ok(After::Then(at, work)) => {
                Outcome::Later { at, work: Some(serde_json::to_string(&work).unwrap_or_default()) }
            }
            Err(Again) => Outcome::Again,
        }
    }

    pub(super) async fn performed(self: Arc<Self>, work: Work) -> Performed {
        if let Some((visit, bring)) = work.visit()
            && let Some(refusal) = self.unwelcome(visit).await?
        {
            self.bring(visit.user, &bring.beside_a_report(), &refusal).await?;
            return Ok(After::Done);
        }
        self.begun(work).await
    }

    /// Apart from its caller and each on the heap: the frames of all of them together overflow a thread's stack.
    fn begun(self: Arc<Self>, work: Work) -> BoxFuture<'static, Performed> {
        match work {
            Work::Answer(ask, bring) => Box::pin(async move { self.answer(&ask, &bring).await }),
            Work::AnswerForm(ask, bring) => Box::pin(async move { self.answer_form(&ask, &bring).await }),
            Work::AnswerMention(mention) => Box::pin(async move { self.answer_mention(&mention).await }),
            Work::ShowSteps(press) => Box::pin(async move { self.show_steps(&press).await }),
            Work::Escalate(written) => Box::pin(async move { self.escalate(&written).await }),
            Work::Ticket(press) => Box::pin(async move { self.pressed_on_a_ticket(&press).await }),
            Work::MayBeRestored { ticket, asker } => {
                Box::pin(async move { self.look_whether_restored(&ticket, &asker).await })
            }
            Work::Said(heard) => Box::pin(async move { self.relay(&heard).await }),
            Work::AskOwner(press) => Box::pin(async move { self.ask_owner(&press).await }),
            Work::SyncNow(press) => Box::pin(async move { self.sync_now(&press).await }),
            Work::Syncing(syncing) => Box::pin(async move { self.syncing(*syncing).await }),
            Work::Watch(press) => Box::pin(async move { self.watch(&press).await }),
            Work::Look(looking) => Box::pin(async move { self.look(*looking).await }),
            Work::Outage(id) => Box::pin(async move { self.outage(&id).await }),
            Work::OutageChanged(id) => Box::pin(async move { self.bring_up_to_date(&id).await }),
            Work::Home(user) => Box::pin(async move { self.publish_home(&user).await }),
            Work::AtHome(user, work) => Box::pin(async move { self.done_at_home(user, *work).await }),
            Work::Digest(due) => Box::pin(async move { self.digest(&due).await }),
            Work::PostDigest(due, prepared) => {
                Box::pin(async move { self.post_digest(&due, &prepared).await })
            }
            Work::LayAside(aside) => Box::pin(async move { self.lay_aside(&aside).await }),
            Work::Sweep => Box::pin(async move { self.sweep().await }),
            Work::SayThatItIsOld(press) => Box::pin(async move { self.say_that_it_is_old(&press).await }),
        }
    }
}
