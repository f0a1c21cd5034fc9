//! The Slack side of the simulated company: what is in its workspace now, and what the bot ever sent there.
//!
//! Only state and its rules live here; [`slack`](super::slack) speaks Slack's wire protocols over it and
//! [`page`](super::page) shows it in a browser.
//!
//! Reading order: [`installation`] is the bot's app as its manifest has it; [`people`] are the users and channels; [`messages`] and [`views`] are what the bot
//! makes, and [`news`] what Slack has to tell the bot of messages; [`controls`] finds the buttons and inputs in both and what a person entered in them; [`tickets`]
//! are the short-lived permissions that Slack hands out (triggers and response URLs); [`outbox`] remembers
//! everything that the bot sent and [`deliveries`] everything that it was sent, for tests; [`ids`] numbers it all.

pub mod installation;
pub mod people;
pub mod messages;
pub(in crate::sandbox) mod news;
pub mod views;
pub mod controls;
pub mod tickets;
pub mod outbox;
pub mod deliveries;
mod ids;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

use super::Sandbox;
use super::scenario::Scenario;
use deliveries::Delivery;
use ids::Ids;
use installation::Installation;
use messages::Message;
use news::News;
use outbox::Sent;
use people::{Channel, User};
use tickets::{ResponseUrl, Trigger};
use views::OpenView;

/// How long Slack waits for an acknowledgement, and lets a form be opened: its page on handling user interaction.
pub const PATIENCE: Duration = Duration::from_secs(3);

/// One simulated Slack workspace with the bot installed in it.
pub struct Workspace {
    /// Where the bot listens, without a trailing slash: requests go to its `/slack/…` paths.
    pub bot_url: String,
    /// Whether the app has Socket Mode on: nothing goes to `bot_url` then.
    pub socket_mode: bool,
    /// Where the sandbox itself listens, without a trailing slash: response URLs start with it.
    pub sandbox_url: String,
    /// How long the bot has to acknowledge anything, and to open a form. A test that is about something else on a busy
    /// machine sets more than [`PATIENCE`].
    pub patience: Duration,
    /// The bot's app. A call without its scope is refused with `missing_scope`: a test takes one away to see that.
    pub app: Installation,
    pub team_id: String,
    pub team_name: String,
    pub team_domain: String,
    pub bot_user_id: String,
    /// The profile field for a further address, by its id, where an administrator added one.
    pub email_field: Option<String>,
    users: Vec<User>,
    channels: Vec<Channel>,
    messages: Vec<Message>,
    views: Vec<OpenView>,
    homes: BTreeMap<String, OpenView>,
    triggers: BTreeMap<String, Trigger>,
    /// For connections of Socket Mode that nobody has opened yet.
    socket_tickets: BTreeSet<String>,
    response_urls: BTreeMap<String, ResponseUrl>,
    /// The response URLs of commands that the bot has not acknowledged yet.
    unacknowledged: BTreeSet<String>,
    outbox: Vec<Sent>,
    deliveries: Vec<Delivery>,
    news: Vec<News>,
    ids: Ids,
    changed: watch::Sender<u64>,
}

impl Workspace {
    /// The workspace that the scenario describes: its people, its channels and nothing said yet. Both
    /// addresses are empty until somebody who listens there sets them.
    pub fn found(scenario: &Scenario) -> Self {
        let spec = &scenario.workspace;
        let users = people::users_of(scenario);
        let channels = people::channels_of(scenario, &users);
        Self {
            bot_url: String::new(),
            socket_mode: false,
            sandbox_url: String::new(),
            patience: PATIENCE,
            app: Installation::of_the_company(spec.email_field.is_some()),
            team_id: spec.team_id.clone(),
            team_name: spec.team_name.clone(),
            team_domain: spec.team_domain.clone(),
            bot_user_id: spec.bot_user_id.clone(),
            email_field: spec.email_field.clone(),
            users,
            channels,
            messages: Vec::new(),
            views: Vec::new(),
            homes: BTreeMap::new(),
            triggers: BTreeMap::new(),
            socket_tickets: BTreeSet::new(),
            response_urls: BTreeMap::new(),
            unacknowledged: BTreeSet::new(),
            outbox: Vec::new(),
            deliveries: Vec::new(),
            news: Vec::new(),
            ids: Ids::default(),
            changed: watch::Sender::new(0),
        }
    }

    /// Starts the workspace anew where it is. The addresses stay, those who watch keep watching, and the
    /// numbering goes on: the bot remembers ids, and a used one must not come back with a new meaning.
    pub fn found_again(&mut self, scenario: &Scenario) {
        let mut anew = Self::found(scenario);
        anew.bot_url = std::mem::take(&mut self.bot_url);
        anew.socket_mode = self.socket_mode;
        anew.sandbox_url = std::mem::take(&mut self.sandbox_url);
        anew.ids = std::mem::take(&mut self.ids);
        std::mem::swap(&mut anew.changed, &mut self.changed);
        *self = anew;
        self.note_change();
    }

    /// Tells whenever anything in the workspace changed; the number only grows.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// A new id for something that only a payload names, with Slack's prefix for its kind.
    pub(super) fn new_id(&mut self, prefix: &str) -> String {
        self.ids.next(prefix)
    }

    /// A new timestamp for something that is no message, as `1700000000.000100`.
    pub(super) fn new_ts(&mut self, now: Timestamp) -> String {
        self.ids.next_ts(now)
    }

    /// The clock was set back, and nothing that was said before is left.
    pub(super) fn follow_clock_back(&mut self) {
        self.ids.follow_clock_back();
    }

    /// The number of the newest change.
    pub(super) fn version(&self) -> u64 {
        *self.changed.borrow()
    }

    /// Something that the page shows has changed outside of the workspace.
    pub(super) fn note_change_beside(&self) {
        self.note_change();
    }

    fn note_change(&self) {
        self.changed.send_modify(|version| *version += 1);
    }
}

impl Sandbox {
    /// Waits until `look` finds in the workspace what it looks for: at once if it is there, else after
    /// each change. Waits for ever if it never comes, so a test puts its own limit around.
    pub async fn wait_for<T>(&self, mut look: impl FnMut(&Workspace) -> Option<T>) -> T {
        let mut changed = self.workspace().watch();
        loop {
            let found = look(&self.workspace());
            if let Some(found) = found {
                return found;
            }
            if changed.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}
