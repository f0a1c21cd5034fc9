//! The one harness: a company and the bot, on loopback, over real sockets. A scenario costs five lines.
//!
//! Reading order: this file is the company and its time; [`people`] is what people do; [`told`] is what a person
//! sees; [`ground`] is what a world stands on, and [`bot`] how the bot is made; [`leftovers`] is what no story may leave
//! behind, and [`ending`] looks for it. [`wire`] is a company without a bot.

mod people;
mod told;
mod ground;
mod bot;
mod leftovers;
mod ending;
mod wire;

use std::fmt::Write as _;
use std::future::Future;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sso_why::config::{Config, Mode};
use sso_why::desk::Desk;
use sso_why::diagnosis::question::Question;
use sso_why::diagnosis::{Diagnosis, diagnose};
use sso_why::doctor::Installation;
use sso_why::gather::{ConnectedIdp, Freshness, Gather};
use sso_why::sandbox::Sandbox;
use sso_why::sandbox::scenario::{Person, Scenario};
use sso_why::serve;
use sso_why::sources::Patience;
use sso_why::store::Store;
use sso_why::words::{json_v1, terminal};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use bot::{Bot, Setup, aws, idp};
use ground::{empty_store, loopback, thread_of_the_company};
use leftovers::Journal;
use told::{brief, without_reference};
pub use told::{seen, seen_in, words};
pub use wire::Wire;

/// Whatever a test waits for comes long before this; a test that reaches it has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// Tuesday, 24 November 2026, 14:12 UTC, until a test moves it.
const NOON: &str = "2026-11-24T14:12:00Z";

/// Long enough for a busy machine: nothing is to time out.
const LONG: Patience = Patience {
    attempt: Duration::from_secs(20),
    call: Duration::from_secs(30),
    attempts: 2,
    first_pause: Duration::from_millis(5),
};

/// What a call is waited for that never comes back.
const SHORT: Patience = Patience {
    attempt: Duration::from_millis(300),
    call: Duration::from_millis(300),
    attempts: 1,
    first_pause: Duration::from_millis(300),
};

/// A company with the bot in it, ended when dropped.
pub struct World {
    pub sandbox: Arc<Sandbox>,
    pub gather: Gather,
    /// The bot's store, by a connection beside the bot's: with the bot's own, whoever holds it last in a story would
    /// keep the bot from it.
    pub store: Store,
    clock: Arc<AtomicI64>,
    stop: CancellationToken,
    setup: Setup,
    bot: Mutex<Option<Bot>>,
    journal: Arc<Journal>,
    /// The company has a thread of its own, so that it answers the bot while the world ends.
    company: Option<Runtime>,
    /// What the bot keeps.
    _folder: TempDir,
}

impl World {
    /// The built-in company, with no IdP connected, and the bot as the sandbox configures it.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// The same company with its IdP connected, by the scenario's name.
    pub async fn of(scenario: &str) -> Self {
        Self::of_with(scenario, |_| {}).await
    }

    /// The same with another configuration.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::of_with("no-idp", change).await
    }

    /// A company with its IdP connected and another configuration.
    pub async fn of_with(scenario: &str, change: impl FnOnce(&mut Config)) -> Self {
        Self::with_patience(scenario, LONG, LONG, change).await
    }

    /// The built-in company, with the bot in Socket Mode. One person may ask what a crowd would.
    pub async fn by_socket() -> Self {
        Self::with(|config| {
            config.server.mode = Mode::Socket;
            config.slack.questions_per_minute = 10_000;
        })
        .await
    }

    /// A company where something hangs: the bot waits only this long. What a person waits is in
    /// [`Patience::default`].
    pub async fn impatient(scenario: &str) -> Self {
        let moment = Duration::from_millis(1_500);
        let patience = Patience { attempt: moment, call: moment, attempts: 1, first_pause: moment };
        Self::with_patience(scenario, patience, patience, |_| {}).await
    }

    /// A company for one hanging call after another: nothing is asked at the same time that could be late.
    pub async fn more_impatient(scenario: &str) -> Self {
        Self::with_patience(scenario, SHORT, SHORT, |_| {}).await
    }

    /// The same, where only the IdP hangs: the bot waits for AWS as ever.
    pub async fn more_impatient_with_the_idp(scenario: &str) -> Self {
        Self::with_patience(scenario, LONG, SHORT, |_| {}).await
    }

    async fn with_patience(
        name: &str,
        patience: Patience,
        with_the_idp: Patience,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let scenario = Scenario::named(name).expect("the company is built in").expect("it parses");
        let clock = Arc::new(AtomicI64::new(NOON.parse::<Timestamp>().expect("a time").as_second()));
        let now: Arc<dyn Fn() -> Timestamp + Send + Sync> = {
            let clock = clock.clone();
            Arc::new(move || Timestamp::from_second(clock.load(Ordering::SeqCst)).expect("a time"))
        };
        let sandbox = Sandbox::new(scenario, now.clone());
        let (listener, url) = loopback().await;
        sandbox.workspace().sandbox_url.clone_from(&url);
        // A bot that has just been started again is not to be late on a busy machine.
        sandbox.workspace().patience = PATIENCE;
        let stop = CancellationToken::new();
        let journal = Journal::new();
        journal.records_this_thread();
        let company = thread_of_the_company(listener, sandbox.router(), stop.clone());
        let mut config = Config::default();
        config.slack.api_url = format!("{url}/api");
        config.slack.helpdesk_channel = Some("C0HELPDESK".to_owned());
        config.slack.admin_channel = Some("C0ADMINS".to_owned());
        config.slack.email_field.clone_from(&sandbox.scenario.workspace.email_field);
        // A test that has days pass is not to find a digest where it looks for something else.
        config.digest.schedule = None;
        change(&mut config);
        let by_socket = config.server.mode == Mode::Socket;
        sandbox.workspace().socket_mode = by_socket;
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("store.db");
        std::fs::write(&file, empty_store().await).expect("a store");
        let kept_at = format!("sqlite://{}", file.display());
        let of_the_bot = Store::open(&kept_at.as_str().into()).await.expect("opens");
        let store = Store::open_beside(&kept_at.as_str().into()).await.expect("opens").expect("is there");
        config.store.url.0 = kept_at;
        let setup = Setup {
            aws: aws(&url).await,
            connected: idp(&sandbox, &url, with_the_idp)
                .map(|source| ConnectedIdp { source, patience: with_the_idp.call }),
            sandbox: sandbox.clone(),
            config,
            store: of_the_bot,
            beside: store.clone(),
            now,
            patience,
            with_the_idp,
            stop: stop.clone(),
            journal: journal.clone(),
        };
        let bot = setup.start();
        sandbox.workspace().bot_url.clone_from(&bot.url);
        let gather = serve::gather(&setup.config, &setup.circumstances());
        let (bot, company) = (Mutex::new(Some(bot)), Some(company));
        let world =
            Self { sandbox, gather, store, clock, stop, setup, bot, journal, company, _folder: folder };
        // What the bot asks when it starts is none of any test's calls.
        let has_begun = || world.sandbox.calls.counts().contains_key("organizations:ListAccounts");
        in_time(world.once(has_begun)).await;
        if by_socket {
            in_time(world.sandbox.sockets.once(|sockets| sockets.open() == 2)).await;
        }
        world
    }

    /// Waits until the bot has done all that it was asked: what it shows is there a moment before it has noted
    /// that.
    pub async fn all_is_done(&self) {
        const OPEN: &str = "SELECT COUNT(*) FROM job WHERE state IN ('ready', 'leased') AND priority = 0";
        let mut moments = tokio::time::interval(Duration::from_millis(10));
        let open = || sqlx::query_scalar::<_, i64>(OPEN).fetch_one(self.store.pool());
        while open().await.expect("the store is there") > 0 {
            moments.tick().await;
        }
    }

    /// The bot can use its store no more.
    pub async fn take_the_store_away(&self) {
        self.setup.store.close().await;
    }

    /// What a command of the terminal works with, beside the bot.
    pub fn desk(&self) -> Arc<Desk> {
        self.setup.desk()
    }

    /// What the bot's own address answers to this: status and body.
    pub async fn asked_of_the_bot(&self, path: &str) -> (u16, String) {
        let url = format!("{}{path}", self.sandbox.workspace().bot_url);
        let answer = in_time(reqwest::get(url)).await.expect("it listens");
        (answer.status().as_u16(), in_time(answer.text()).await.expect("a text"))
    }

    /// Replaces [`Self::gather`] by one that remembers nothing.
    pub fn forget_all(&mut self) {
        self.gather = serve::gather(&self.setup.config, &self.setup.circumstances());
    }

    /// What the doctor looks at, beside the bot.
    pub fn installation(&self) -> Installation {
        self.setup.installation()
    }

    /// The bot dies as it stands.
    pub fn die(&self) {
        if let Some(dead) = self.bot.lock().expect("nobody broke off").take() {
            dead.threads.shutdown_background();
        }
    }

    /// The bot dies as it stands and is started again with the store that it left.
    pub fn die_and_start_again(&self) {
        self.die();
        let mut bot = self.bot.lock().expect("nobody broke off");
        let anew = self.setup.start();
        self.sandbox.workspace().bot_url.clone_from(&anew.url);
        *bot = Some(anew);
    }

    /// Time goes by, for the company and for the bot.
    pub fn pass(&self, time: SignedDuration) {
        self.clock.fetch_add(time.as_secs(), Ordering::SeqCst);
    }

    /// Waits for something while the company's time runs, a second in each of the machine's moments: for what
    /// the bot does after a pause.
    pub async fn while_time_passes<T>(&self, until: impl Future<Output = T>) -> T {
        self.while_passing(SignedDuration::from_secs(1), until).await
    }

    /// The same in larger steps, for what takes a day.
    pub async fn while_passing<T>(&self, step: SignedDuration, until: impl Future<Output = T>) -> T {
        let mut until = std::pin::pin!(until);
        let mut moments = tokio::time::interval(Duration::from_millis(10));
        loop {
            tokio::select! {
                done = &mut until => return done,
                _ = moments.tick() => self.pass(step),
            }
        }
    }

    /// Time goes by until the clocks show this moment.
    pub fn pass_until(&self, moment: &str) {
        let moment: Timestamp = moment.parse().expect("a moment");
        let before = self.clock.swap(moment.as_second(), Ordering::SeqCst);
        assert!(before <= moment.as_second(), "time does not go back");
    }

    /// The person of this key.
    pub fn person(&self, key: &str) -> Person {
        self.sandbox.scenario.person(key).expect("a person of the company").clone()
    }

    /// The diagnosis as the terminal makes it.
    pub async fn asked(&self, question: Question) -> Diagnosis {
        diagnose(&in_time(self.gather.facts(question, Freshness::Remembered)).await)
    }

    /// The diagnosis of what this person asks in the scenario, by all the addresses that Slack has of them.
    pub async fn check_person(&self, key: &str) -> Diagnosis {
        let person = self.person(key);
        let asks = person.asks.expect("they ask something");
        let mut words = words(&asks).into_iter();
        let account = words.next().expect("an account");
        self.asked(Question {
            subject: person.email.expect("an e-mail address"),
            subject_name: None,
            further_address: person.further_address,
            profile_unread: None,
            account,
            permission_set: words.next(),
        })
        .await
    }

    /// The diagnosis of what this person asks, past every cache.
    pub async fn check_live(&self, key: &str) -> Diagnosis {
        let question = self.check_person(key).await.question;
        diagnose(&in_time(self.gather.facts(question, Freshness::Live)).await)
    }

    /// An administrator mends what is wrong for this person.
    pub fn mend(&self, key: &str) {
        let now = (self.sandbox.clock)();
        for change in self.person(key).mend {
            self.sandbox.company().apply(&change, now).expect("the change can be made");
        }
    }

    /// Waits for what nobody tells of.
    pub async fn once(&self, holds: impl Fn() -> bool) {
        let mut moments = tokio::time::interval(Duration::from_millis(10));
        while !holds() {
            moments.tick().await;
        }
    }

    /// How often the bot has answered by a response URL.
    pub fn answers_by_response_url(&self) -> usize {
        self.sandbox.workspace().outbox().iter().filter(|sent| sent.method == "response_url").count()
    }

    /// Every face of the answer to what this person asks, after comparing them with each other and with
    /// what the scenario expects.
    pub async fn told(&self, key: &str) -> String {
        let person = self.person(key);
        let diagnosis = self.check_person(key).await;
        let report = json_v1::report(&diagnosis);
        let expects = person.expects.expect("the scenario says what to expect");
        assert_eq!(report["verdict"], json!(expects.verdict), "{report:#}");
        assert_eq!(report["cause"], json!(expects.cause), "{report:#}");
        let telling =
            terminal::Telling { zone: TimeZone::UTC, calls: 0, took: Duration::ZERO, colour: false };
        let terminal = terminal::report(&diagnosis, &telling);
        assert!(terminal.contains(expects.cause.as_deref().unwrap_or_default()), "{terminal}");
        let asks = person.asks.expect("they ask something");
        let message = self.ask(key, "C0GENERAL", &format!("/sso-why {asks}")).await;
        let mut told = String::new();
        let _ = write!(told, "{}\n\n{}\n\n{}", seen(&message), message.text, terminal.trim_matches('\n'));
        let _ = write!(told, "\n\n{}", brief(&report));
        // The joiners that keep a name from formatting have no width, and no place in a source file.
        without_reference(&told).replace('\u{2060}', "")
    }
}

/// Several worlds at once, but not all: the machine has two cores.
pub async fn a_few_at_a_time(rows: impl Iterator<Item = impl Future<Output = ()>>) {
    let mut rows: Vec<_> = rows.map(Box::pin).collect();
    while !rows.is_empty() {
        let some: Vec<_> = rows.drain(..rows.len().min(8)).collect();
        futures::future::join_all(some).await;
    }
}

/// Waits for an event, not for time: the limit only ends a test that has failed.
pub async fn in_time<T>(event: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, event).await.expect("what the test waits for did not come")
}
