//! The desk: one file for each thing that a person can do in Slack. What is asked is stored as [`work`] before
//! Slack is told that it was received, and performed by a worker; only forms are opened at once, since Slack
//! allows three seconds for it.
//!
//! Reading order: [`work`] is what there is to do; [`command`] reads what was typed, [`mention`]
//! and [`shortcut`] take questions where they are asked, and [`reading`] understands their words; [`answer`] makes a report
//! and [`bring`] gets it before the asker's eyes; [`form`], [`recheck`], [`steps`], [`escalate`] with its [`tickets`], [`owner`],
//! [`sync_now`] and [`watch`] are the form and the buttons; [`outage`] notices what hits several people; [`home`] is
//! the Home tab; [`digest`] tells the admins of duplicate groups once a day; [`sweep`] forgets what is over; [`crowd`] says how much is taken at once, [`admission`] who is served where, [`people`] who may ask
//! about whom; [`handle`] is what a button
//! carries and what is kept behind it; [`sealed`] keeps response URLs from whoever reads the store;
//! [`stock`] counts what is open, for the metrics.

mod work;
mod command;
mod mention;
mod shortcut;
mod reading;
mod answer;
mod audit;
mod bring;
mod crowd;
mod form;
mod recheck;
mod steps;
mod escalate;
mod tickets;
mod owner;
mod sync_now;
mod watch;
mod outage;
mod home;
mod sweep;
pub mod digest;
mod admission;
mod people;
mod handle;
mod sealed;
mod stock;

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use tokio_util::task::TaskTracker;

use crate::config;
use crate::gather::Gather;
use crate::jobs::Jobs;
use crate::slack::app::Event;
use crate::slack::client::SlackClient;
use crate::slack::inbound::{Inbound, ViewRef};
use crate::slack::reply::Reply;
use crate::store::Store;
use crate::words;
use admission::Admission;
use bring::Bring;
pub use bring::HEAD_START;
use crowd::Crowd;
use handle::{Handle, Kept};
use people::HelpDesk;
use sealed::{Seal, Sealed};
use work::Work;

/// Where the buttons' actions begin that ask about another account.
const ASK_ACCOUNT: &str = "ask_account_";

/// Slack repeats an event for up to a day where delayed events are on (docs.slack.dev, "Events API"); the hour
/// more is for clocks and queues.
const EVENT_REPEATED: Duration = Duration::from_secs(25 * 60 * 60);

/// Answers what comes in from Slack.
pub struct Desk {
    gather: Arc<Gather>,
    slack: SlackClient,
    store: Store,
    jobs: Jobs,
    settings: config::Slack,
    admission: Admission,
    help_desk: HelpDesk,
    /// Whether the help desk may force a synchronization (`[actions] force_sync`).
    force_sync: bool,
    /// How long what is over is kept (`[store] retention_days`).
    retention: SignedDuration,
    digest: config::Digest,
    kept: Kept,
    crowd: Crowd,
    seal: Seal,
    /// How long an answer to a command waits for the command's acknowledgement to be shown.
    head_start: Duration,
    /// Forms that are being opened.
    opening: TaskTracker,
}

/// What a desk works with.
pub struct Tools {
    pub gather: Arc<Gather>,
    pub slack: SlackClient,
    pub store: Store,
    pub jobs: Jobs,
    /// What response URLs are sealed with: all replicas have the same.
    pub shared_secret: SecretString,
    /// How long what is over is kept.
    pub retention: SignedDuration,
    /// How long an answer to a command waits for the command's acknowledgement: [`HEAD_START`] in production.
    pub head_start: Duration,
}

/// A press of a button or a choice in a menu: who, on which message, and what it carried.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Press {
    /// The button's or menu's action id.
    action: String,
    user: String,
    channel: Option<String>,
    message_ts: Option<String>,
    #[serde(default)]
    thread_ts: Option<String>,
    /// What the button carried.
    value: Option<String>,
    /// What was picked in a menu.
    selected: Option<String>,
    response_url: Option<Sealed>,
    /// Slack's id of this press; with it a form may be opened within three seconds.
    trigger: Option<String>,
}

impl Press {
    fn handle(&self) -> Option<Handle> {
        self.value.as_deref().and_then(Handle::read)
    }

    /// What tells this press from others.
    fn key(&self) -> String {
        match &self.trigger {
            Some(trigger) => format!("press:{}:{trigger}", self.action),
            None => format!(
                "press:{}:{}:{}:{}",
                self.action,
                self.user,
                self.message_ts.as_deref().unwrap_or_default(),
                self.value.as_deref().unwrap_or_default()
            ),
        }
    }
}

impl Desk {
    /// A desk with these tools.
    pub fn new(
        tools: Tools,
        settings: config::Slack,
        actions: config::Actions,
        digest: config::Digest,
    ) -> Arc<Self> {
        let Tools { gather, slack, store, jobs, shared_secret, retention, head_start } = tools;
        let now = gather.clone();
        let crowd = Crowd::new(settings.questions_per_minute, Arc::new(move || now.now()));
        Arc::new(Self {
            admission: Admission::new(slack.clone(), &settings),
            help_desk: HelpDesk::new(slack.clone(), &settings),
            gather,
            slack,
            store,
            jobs,
            settings,
            force_sync: actions.force_sync,
            retention,
            digest,
            kept: Kept::new(),
            crowd,
            seal: Seal::new(&shared_secret),
            head_start,
            opening: TaskTracker::new(),
        })
    }

    /// What to say at once; whatever takes longer has been stored by then.
    pub async fn receive(self: &Arc<Self>, inbound: Inbound) -> Reply {
        match inbound {
            Inbound::Command(command) => self.command(command).await,
            Inbound::BlockActions {
                user,
                channel,
                message_ts,
                thread_ts,
                view,
                actions,
                response_url,
                trigger_id,
            } => {
                let Some(action) = actions.into_iter().next() else {
                    return Reply::Empty;
                };
                let press = Press {
                    action: action.action_id.clone(),
                    user,
                    channel,
                    message_ts,
                    thread_ts,
                    value: action.value.clone(),
                    selected: action.selected.clone(),
                    response_url: response_url.as_ref().and_then(|url| self.seal.close(url)),
                    trigger: trigger_id,
                };
                let at_home = view.is_some_and(|view| view.callback_id == words::slack::home::CALLBACK);
                self.press(press, at_home).await
            }
            Inbound::ViewSubmission { user, view, values } => self.submitted(user, &view, &values).await,
            Inbound::MessageAction(action) => self.shortcut(action),
            Inbound::BlockSuggestion { user, typed, .. } => self.suggest_accounts(&user, &typed).await,
            Inbound::Event { event_id, kind, user, is_shared_outside, event } => match Event::named(&kind) {
                Some(Event::AppMention) => self.mentioned(&event_id, &event, is_shared_outside).await,
                Some(Event::AppHomeOpened) => self.app_opened(user, &event).await,
                Some(Event::Message) => self.heard(&event_id, &event).await,
                None => Reply::Empty,
            },
            Inbound::UrlVerification { challenge } => Reply::Text(challenge),
            Inbound::ViewClosed { .. } | Inbound::SslCheck | Inbound::NotUnderstood { .. } => Reply::Empty,
        }
    }

    /// Ends when no form is being opened any more. None may be begun after.
    pub async fn finish(&self) {
        self.opening.close();
        self.opening.wait().await;
    }

    async fn press(self: &Arc<Self>, press: Press, at_home: bool) -> Reply {
        let work = match press.action.as_str() {
            _ if tickets::is_on_a_ticket(&press) => Work::Ticket(press.clone()),
            "claim" | "resolve" | "reopen" => Work::SayThatItIsOld(press.clone()),
            "recheck" => self.recheck(&press),
            "show_steps" => Work::ShowSteps(press.clone()),
            "escalate" => {
                let opened = self.open_escalation(press.clone());
                return self.reply(&press.user, Bring::beside(&press), opened);
            }
            "ask" => {
                let opened = self.ask_from_home(press.clone());
                return self.reply(&press.user, Bring::beside(&press), opened);
            }
            "snooze_duplicate" => {
                let opened = self.open_snooze(press.clone());
                return self.reply(&press.user, Bring::beside(&press), opened);
            }
            "ask_owner" => Work::AskOwner(press.clone()),
            "sync_now" => Work::SyncNow(press.clone()),
            "watch" => Work::Watch(press.clone()),
            other if other.starts_with(ASK_ACCOUNT) => self.ask_again(&press),
            other => {
                tracing::warn!(action = other, "a button that nobody handles");
                return Reply::Empty;
            }
        };
        let work = if at_home { Work::AtHome(press.user.clone(), Box::new(work)) } else { work };
        let order = work.pressed(&press);
        let taken = match press.action.as_str() {
            // What is said to people is not said twice.
            _ if matches!(work, Work::Ticket(_)) => return self.take(order).await,
            action if action == "recheck" || action.starts_with(ASK_ACCOUNT) => {
                self.take_question(&press.user, order).await
            }
            _ => self.take_unless_busy(order).await,
        };
        self.reply(&press.user, Bring::beside(&press), taken)
    }

    async fn submitted(
        self: &Arc<Self>,
        user: String,
        view: &ViewRef,
        values: &std::collections::BTreeMap<(String, String), String>,
    ) -> Reply {
        match view.callback_id.as_str() {
            "diagnose" => self.asked_by_form(user, view, values).await,
            "escalate" => self.escalation_written(user, view, values).await,
            words::slack::digest::snooze::CALLBACK => self.snooze_written(user, view, values).await,
            other => {
                tracing::warn!(callback = other, "a form that nobody handles");
                Reply::Empty
            }
        }
    }
}
