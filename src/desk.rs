//! The desk: one file for each thing that a person can do in Slack. Every request is acknowledged before
//! the work begins; the work goes on in a task that a shutdown waits for.
//!
//! Reading order: [`command`] reads what was typed; [`answer`] makes a report and brings it to the asker;
//! [`form`], [`recheck`], [`steps`], [`escalate`], [`owner`] and [`sync_now`] are the form and the buttons; [`people`] says who may
//! ask about whom; [`handle`] is what a button carries and what is kept behind it.

mod command;
mod answer;
mod form;
mod recheck;
mod steps;
mod escalate;
mod owner;
mod sync_now;
mod people;
mod handle;

use std::future::Future;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config;
use crate::gather::Gather;
use crate::slack::client::SlackClient;
use crate::slack::inbound::{Action, Inbound, ResponseUrl, ViewRef};
use crate::slack::reply::Reply;
use handle::{Handle, Kept};
use people::HelpDesk;
pub use sync_now::Watching;

/// Where the buttons' actions begin that ask about another account.
const ASK_ACCOUNT: &str = "ask_account_";

/// Answers what comes in from Slack.
pub struct Desk {
    gather: Arc<Gather>,
    slack: SlackClient,
    settings: config::Slack,
    help_desk: HelpDesk,
    /// Whether the help desk may force a synchronization (`[actions] force_sync`).
    force_sync: bool,
    watching: Watching,
    kept: Kept,
    work: TaskTracker,
    /// Ends what only waits, when the process is to stop.
    stopping: CancellationToken,
}

/// A press of a button: who, on which message, and what the button carried.
struct Press {
    user: String,
    channel: Option<String>,
    handle: Option<Handle>,
    response_url: Option<ResponseUrl>,
    trigger: Option<String>,
}

impl Desk {
    /// A desk that asks through `gather` and speaks through `slack`.
    pub fn new(
        gather: Arc<Gather>,
        slack: SlackClient,
        settings: config::Slack,
        actions: config::Actions,
        watching: Watching,
    ) -> Arc<Self> {
        Arc::new(Self {
            help_desk: HelpDesk::new(slack.clone(), &settings),
            gather,
            slack,
            settings,
            force_sync: actions.force_sync,
            watching,
            kept: Kept::new(),
            work: TaskTracker::new(),
            stopping: CancellationToken::new(),
        })
    }

    /// What to say at once; whatever takes longer goes on behind.
    pub async fn receive(self: &Arc<Self>, inbound: Inbound) -> Reply {
        match inbound {
            Inbound::Command(command) => self.command(command),
            Inbound::BlockActions { user, channel, actions, response_url, trigger_id, .. } => {
                if let Some(action) = actions.into_iter().next() {
                    let handle = action.value.as_deref().and_then(Handle::read);
                    let press = Press { user, channel, handle, response_url, trigger: trigger_id };
                    self.press(&action, press);
                }
                Reply::Empty
            }
            Inbound::ViewSubmission { user, view, values } => self.submitted(user, &view, &values),
            Inbound::BlockSuggestion { typed, .. } => self.suggest_accounts(&typed).await,
            Inbound::UrlVerification { challenge } => Reply::Text(challenge),
            Inbound::ViewClosed { .. }
            | Inbound::Event { .. }
            | Inbound::SslCheck
            | Inbound::NotUnderstood { .. } => Reply::Empty,
        }
    }

    /// Ends when all work under way is done. No new work may be begun after.
    pub async fn finish(&self) {
        self.stopping.cancel();
        self.work.close();
        self.work.wait().await;
    }

    fn press(self: &Arc<Self>, action: &Action, press: Press) {
        match action.action_id.as_str() {
            "recheck" => self.recheck(press),
            "show_steps" => self.show_steps(press),
            "escalate" => self.open_escalation(press),
            "ask_owner" => self.ask_owner(press),
            "sync_now" => self.sync_now(press),
            other if other.starts_with(ASK_ACCOUNT) => self.ask_again(press),
            other => tracing::warn!(action = other, "a button that nobody handles"),
        }
    }

    fn submitted(
        self: &Arc<Self>,
        user: String,
        view: &ViewRef,
        values: &std::collections::BTreeMap<(String, String), String>,
    ) -> Reply {
        match view.callback_id.as_str() {
            "diagnose" => self.asked_by_form(user, view, values),
            "escalate" => self.escalation_written(user, view, values),
            other => {
                tracing::warn!(callback = other, "a form that nobody handles");
                Reply::Empty
            }
        }
    }

    fn spawn(self: &Arc<Self>, work: impl Future<Output = ()> + Send + 'static) {
        self.work.spawn(work);
    }
}
