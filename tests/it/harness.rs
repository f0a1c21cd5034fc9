//! The one harness: a company and the bot, on loopback, over real sockets. A scenario costs five lines.
//! [`told`] is what a person sees.

mod told;

use std::fmt::Write as _;
use std::future::Future;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_ssoadmin::config::Credentials;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sso_why::config::{self, Config, Mode, Secrets, SlackSecret};
use sso_why::desk::Desk;
use sso_why::diagnosis::question::Question;
use sso_why::diagnosis::{Diagnosis, diagnose};
use sso_why::doctor::Installation;
use sso_why::gather::{ConnectedIdp, Freshness, Gather, IdpSource};
use sso_why::jobs::Beat;
use sso_why::sandbox::Sandbox;
use sso_why::sandbox::scenario::idp::IdpKind;
use sso_why::sandbox::scenario::{Person, Scenario};
use sso_why::sandbox::slack::outgoing::Use;
use sso_why::sandbox::slack::outgoing::modals::Submitted;
use sso_why::sandbox::workspace::messages::Message;
use sso_why::sandbox::workspace::views::OpenView;
use sso_why::serve::{self, Circumstances};
use sso_why::slack::socket::Pace;
use sso_why::sources::Patience;
use sso_why::sources::entra::credential::EntraCredential;
use sso_why::sources::entra::{self, Entra};
use sso_why::sources::okta::{self, Okta};
use sso_why::store::Store;
use sso_why::words::{json_v1, terminal};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;

use told::{brief, keep_outbox, without_reference};
pub use told::{seen, seen_in, words};

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

/// A company with the bot in it, ended when dropped.
pub struct World {
    pub sandbox: Arc<Sandbox>,
    pub gather: Gather,
    pub store: Store,
    clock: Arc<AtomicI64>,
    stop: CancellationToken,
    start: Box<dyn Fn() -> Bot + Send + Sync>,
    make_desk: Box<dyn Fn() -> Arc<Desk> + Send + Sync>,
    make_installation: Box<dyn Fn() -> Installation + Send + Sync>,
    bot: Mutex<Option<Bot>>,
    /// What the bot keeps.
    _folder: TempDir,
}

/// The bot, on threads of its own, so that it can be ended as a process that dies.
struct Bot {
    url: String,
    threads: Runtime,
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

    /// A company whose IdP hangs: the bot waits for AWS as ever, and only this long for the IdP.
    pub async fn impatient_with_the_idp(scenario: &str) -> Self {
        let moment = Duration::from_millis(1_500);
        let short = Patience { attempt: moment, call: moment, attempts: 1, first_pause: moment };
        Self::with_patience(scenario, LONG, short, |_| {}).await
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
        tokio::spawn(
            axum::serve(listener, sandbox.router())
                .with_graceful_shutdown(stop.clone().cancelled_owned())
                .into_future(),
        );
        let mut config = Config::default();
        config.slack.api_url = format!("{url}/api");
        config.slack.helpdesk_channel = Some("C0HELPDESK".to_owned());
        config.slack.admin_channel = Some("C0ADMINS".to_owned());
        // A test that has days pass is not to find a digest where it looks for something else.
        config.digest.schedule = None;
        change(&mut config);
        let sdk = aws(&url).await;
        let connected = idp(&sandbox, &url, with_the_idp)
            .map(|source| ConnectedIdp { source, patience: with_the_idp.call });
        let circumstances = Arc::new(move || Circumstances {
            aws: sdk.clone(),
            clock: now.clone(),
            patience,
            deadline: PATIENCE,
            beat: Beat { poll: Duration::from_millis(25), ..Beat::default() },
            pace: Pace { first_pause: Duration::from_millis(20), ..Pace::default() },
            idp: connected.clone(),
        });
        let gather = serve::gather(&config, &circumstances());
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("store.db").display());
        let store = Store::open(&url.as_str().into()).await.expect("opens");
        let make_desk = {
            let (config, store, circumstances) = (config.clone(), store.clone(), circumstances.clone());
            Box::new(move || {
                let secrets = secrets(config.server.mode);
                serve::desk(&config, &secrets, &store, &circumstances()).expect("the client can be made")
            })
        };
        let (kept, stopped) = (store.clone(), stop.clone());
        let by_socket = config.server.mode == Mode::Socket;
        sandbox.workspace().socket_mode = by_socket;
        let make_installation = {
            let (config, circumstances, store) = (config.clone(), circumstances.clone(), url.clone());
            let (sandbox, at) = (sandbox.clone(), sandbox.workspace().sandbox_url.clone());
            // Each with a client of its own, as each `sso-why doctor` has one.
            Box::new(move || {
                let idp = idp(&sandbox, &at, with_the_idp);
                installation(config.clone(), circumstances(), idp, &store)
            })
        };
        let start = Box::new(move || {
            started(config.clone(), kept.clone(), circumstances(), stopped.clone().cancelled_owned())
        });
        let bot = start();
        sandbox.workspace().bot_url.clone_from(&bot.url);
        let world = Self {
            sandbox,
            gather,
            store,
            clock,
            stop,
            start,
            make_desk,
            make_installation,
            bot: Mutex::new(Some(bot)),
            _folder: folder,
        };
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

    /// What a command of the terminal works with, beside the bot.
    pub fn desk(&self) -> Arc<Desk> {
        (self.make_desk)()
    }

    /// What the bot's own address answers to this: status and body.
    pub async fn asked_of_the_bot(&self, path: &str) -> (u16, String) {
        let url = format!("{}{path}", self.sandbox.workspace().bot_url);
        let answer = in_time(reqwest::get(url)).await.expect("it listens");
        (answer.status().as_u16(), in_time(answer.text()).await.expect("a text"))
    }

    /// What the doctor looks at, beside the bot.
    pub fn installation(&self) -> Installation {
        (self.make_installation)()
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
        let anew = (self.start)();
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
    pub async fn check(&self, subject: &str, account: &str, permission_set: Option<&str>) -> Diagnosis {
        let question = Question {
            subject: subject.to_owned(),
            subject_name: None,
            account: account.to_owned(),
            permission_set: permission_set.map(str::to_owned),
        };
        diagnose(&in_time(self.gather.facts(question, Freshness::Remembered)).await)
    }

    /// The diagnosis of what this person asks in the scenario.
    pub async fn check_person(&self, key: &str) -> Diagnosis {
        let person = self.person(key);
        let asks = person.asks.expect("they ask something");
        let mut words = words(&asks).into_iter();
        let account = words.next().expect("an account");
        let email = person.email.expect("an e-mail address");
        self.check(&email, &account, words.next().as_deref()).await
    }

    /// Types a command and waits for what replaces "Looking…".
    pub async fn ask(&self, key: &str, channel: &str, typed: &str) -> Message {
        self.type_command(key, channel, typed).await;
        self.settled(key, channel).await
    }

    /// Types a command.
    pub async fn type_command(&self, key: &str, channel: &str, typed: &str) {
        in_time(self.sandbox.type_command(key, channel, typed)).await.expect("the command is acknowledged");
    }

    /// The last message that this person sees from the bot here, once it is no longer "Looking…".
    pub async fn settled(&self, key: &str, channel: &str) -> Message {
        let user = self.person(key).slack.expect("they are in Slack");
        in_time(self.sandbox.wait_for(|workspace| {
            let last = workspace.messages_seen_by(&user, channel).last().cloned();
            last.filter(|message| {
                message.author == workspace.bot_user_id && !message.text.starts_with("Looking ")
            })
        }))
        .await
    }

    /// Presses a button and waits until the message is another one.
    pub async fn press(&self, key: &str, message: &Message, action: &str) -> Message {
        self.click(key, message, action).await;
        self.changed(key, message).await
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

    /// The last message that this person sees from the bot here, now.
    pub fn last_seen(&self, key: &str, channel: &str) -> Message {
        let user = self.person(key).slack.expect("they are in Slack");
        let workspace = self.sandbox.workspace();
        workspace.messages_seen_by(&user, channel).last().cloned().expect("a message")
    }

    /// The last message from the bot here, once there is one.
    pub async fn last_from_the_bot(&self, key: &str, channel: &str) -> Message {
        let user = self.person(key).slack.expect("they are in Slack");
        in_time(self.sandbox.wait_for(|workspace| {
            let last = workspace.messages_seen_by(&user, channel).last().cloned();
            last.filter(|message| message.author == workspace.bot_user_id)
        }))
        .await
    }

    /// The last direct message from the bot, once there is one.
    pub async fn last_direct(&self, key: &str) -> Message {
        let user = self.person(key).slack.expect("they are in Slack");
        let channel =
            in_time(self.sandbox.wait_for(|workspace| {
                workspace.direct_message_with(&user).map(|channel| channel.id.clone())
            }))
            .await;
        self.last_from_the_bot(key, &channel).await
    }

    /// Everything that this person sees from the bot here, the oldest first.
    pub fn all_seen(&self, key: &str, channel: &str) -> Vec<Message> {
        let user = self.person(key).slack.expect("they are in Slack");
        let workspace = self.sandbox.workspace();
        let seen = workspace.messages_seen_by(&user, channel).cloned();
        seen.filter(|message| message.author == workspace.bot_user_id).collect()
    }

    /// The direct messages that this person has from the bot.
    pub fn direct_messages(&self, key: &str) -> Vec<Message> {
        let user = self.person(key).slack.expect("they are in Slack");
        let channel = self.sandbox.workspace().direct_message_with(&user).map(|channel| channel.id.clone());
        channel.map(|channel| self.all_seen(key, &channel)).unwrap_or_default()
    }

    /// A message from the bot here that holds these words, once there is one.
    pub async fn seen_once(&self, key: &str, channel: &str, words: &str) -> Message {
        let user = self.person(key).slack.expect("they are in Slack");
        in_time(self.sandbox.wait_for(|workspace| {
            workspace.messages_seen_by(&user, channel).find(|message| message.text.contains(words)).cloned()
        }))
        .await
    }

    /// The next message here beside this one.
    pub async fn another(&self, key: &str, channel: &str, beside: &Message) -> Message {
        let user = self.person(key).slack.expect("they are in Slack");
        in_time(self.sandbox.wait_for(|workspace| {
            let last = workspace.messages_seen_by(&user, channel).last().cloned();
            last.filter(|message| message.ts > beside.ts)
        }))
        .await
    }

    /// The bot's last answer in this thread for everybody to see, once there is one.
    pub async fn answer_in(&self, thread: &str) -> Message {
        in_time(self.sandbox.wait_for(|workspace| {
            let in_thread = |message: &&Message| {
                message.thread_ts.as_deref() == Some(thread)
                    && message.author == workspace.bot_user_id
                    && !message.is_ephemeral()
            };
            workspace.messages().iter().rfind(in_thread).cloned()
        }))
        .await
    }

    /// Presses a button that does not change its message.
    pub async fn click(&self, key: &str, message: &Message, action: &str) {
        in_time(self.sandbox.press(key, &message.ts, action)).await.expect("the press is acknowledged");
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

    /// Says something in a channel, or in the thread below a message there.
    pub async fn say(&self, key: &str, channel: &str, words: &str, thread_ts: Option<&str>) -> String {
        in_time(self.sandbox.say(key, channel, words, thread_ts)).await.expect("it is said")
    }

    /// The message as it is now.
    pub fn message(&self, message: &Message) -> Message {
        self.sandbox.workspace().message(&message.ts).cloned().expect("it is there")
    }

    /// What the bot has said in the thread below this message, the oldest first.
    pub fn in_thread(&self, key: &str, parent: &Message) -> Vec<Message> {
        let in_thread = |message: &Message| message.thread_ts.as_deref() == Some(parent.ts.as_str());
        self.all_seen(key, &parent.channel).into_iter().filter(in_thread).collect()
    }

    /// The channel of this person's direct messages with the bot.
    pub fn direct_channel(&self, key: &str) -> String {
        let user = self.person(key).slack.expect("they are in Slack");
        self.sandbox.workspace().direct_message_with(&user).expect("they may write to it").id.clone()
    }

    /// What only this person sees here from the bot, once there is something.
    pub async fn ephemeral(&self, key: &str, channel: &str) -> Message {
        let user = self.person(key).slack.expect("they are in Slack");
        in_time(self.sandbox.wait_for(|workspace| {
            let seen = workspace.messages_seen_by(&user, channel);
            seen.filter(|message| message.is_ephemeral()).last().cloned()
        }))
        .await
    }

    /// Picks a person in a menu of a message.
    pub async fn pick(&self, key: &str, message: &Message, action: &str, picked: &str) {
        let used = Use { block_id: None, action_id: action, picked: Some(picked) };
        in_time(self.sandbox.press(key, &message.ts, used)).await.expect("the choice is acknowledged");
    }

    /// A press on a message as it was, by somebody before whose eyes it has not changed yet; or by somebody who
    /// does not see it at all.
    pub async fn press_on_what_was(&self, user: &str, message: &Message, action: &str) {
        let mut elements = message.blocks.iter().filter_map(|block| block["elements"].as_array()).flatten();
        let button = elements.find(|element| element["action_id"] == action).expect("the button");
        let payload = json!({
            "type": "block_actions",
            "user": {"id": user},
            "channel": {"id": message.channel},
            "container": {"type": "message", "message_ts": message.ts, "channel_id": message.channel},
            "trigger_id": format!("{user}.{action}.{}", self.clock.load(Ordering::SeqCst)),
            "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": button["value"]}],
        });
        let body: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("payload", &payload.to_string())
            .finish();
        let form = "application/x-www-form-urlencoded";
        in_time(self.sandbox.deliver("/slack/interactions", form, &body, &[])).await.expect("acknowledged");
    }

    /// The message, once it is another one than it was.
    pub async fn changed(&self, key: &str, before: &Message) -> Message {
        assert!(before.is_seen_by(&self.person(key).slack.expect("they are in Slack")));
        in_time(self.sandbox.wait_for(|workspace| {
            workspace.message(&before.ts).filter(|now| now.blocks != before.blocks).cloned()
        }))
        .await
    }

    /// The form that this person has before them.
    pub async fn form(&self, key: &str) -> OpenView {
        let user = self.person(key).slack.expect("they are in Slack");
        in_time(self.sandbox.wait_for(|workspace| workspace.modals_of(&user).last().cloned())).await
    }

    /// Fills in a form and sends it.
    pub async fn submit(&self, key: &str, form: &OpenView, entries: &[(&str, &str)]) -> Submitted {
        in_time(self.sandbox.submit_view(key, &form.id, entries)).await.expect("the form is acknowledged")
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
        assert!(terminal.contains(&expects.cause), "{terminal}");
        let asks = person.asks.expect("they ask something");
        let message = self.ask(key, "C0GENERAL", &format!("/sso-why {asks}")).await;
        let mut told = String::new();
        let _ = write!(told, "{}\n\n{}\n\n{}", seen(&message), message.text, terminal.trim_matches('\n'));
        let _ = write!(told, "\n\n{}", brief(&report));
        // The joiners that keep a name from formatting have no width, and no place in a source file.
        without_reference(&told).replace('\u{2060}', "")
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(bot) = self.bot.lock().ok().and_then(|mut bot| bot.take()) {
            bot.threads.shutdown_background();
        }
        if !std::thread::panicking() {
            keep_outbox(&self.sandbox);
        }
    }
}

fn started(
    config: Config,
    store: Store,
    circumstances: Circumstances,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Bot {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("can wait");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let secrets = secrets(config.server.mode);
    let threads = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("threads");
    threads.spawn(async move {
        let listener = TcpListener::from_std(listener).expect("listens");
        serve::run(config, secrets, store, circumstances, listener, stop).await
    });
    Bot { url, threads }
}

fn secrets(mode: Mode) -> Secrets {
    let slack = match mode {
        Mode::Http => SlackSecret::Signing(sso_why::sandbox::slack::SIGNING_SECRET.into()),
        Mode::Socket => SlackSecret::AppToken(sso_why::sandbox::slack::APP_TOKEN.into()),
    };
    Secrets { slack_bot_token: sso_why::sandbox::slack::BOT_TOKEN.into(), slack }
}

/// The installation of a bot that is set up like this.
fn installation(
    mut config: Config,
    circumstances: Circumstances,
    idp: Option<IdpSource>,
    store: &str,
) -> Installation {
    config.store.url.0 = store.to_owned();
    let Secrets { slack_bot_token, slack } = secrets(config.server.mode);
    // As it is where nothing is said.
    config.digest = config::Digest::default();
    match &idp {
        None => {}
        Some(IdpSource::Entra(_)) => {
            config.entra = Some(config::Entra {
                tenant_id: None,
                client_id: None,
                credential: config::EntraCredentialKind::default(),
                service_principal_id: None,
                graph_url: String::new(),
            });
        }
        Some(IdpSource::Okta(_)) => {
            config.okta = Some(config::Okta { org_url: String::new(), client_id: None, app_id: None });
        }
    }
    Installation {
        config,
        config_file: Some("sso-why.toml".to_owned()),
        wrong: Vec::new(),
        slack_bot_token: Some(slack_bot_token),
        slack_app_token: slack.app_token(),
        aws: circumstances.aws,
        idp: idp.map(Ok),
        clock: circumstances.clock,
        patience: circumstances.patience,
    }
}

/// The client of the company's IdP, where it has one.
fn idp(sandbox: &Sandbox, url: &str, patience: Patience) -> Option<IdpSource> {
    match sandbox.scenario.idp? {
        IdpKind::Entra => {
            let settings = entra::Settings { graph_url: format!("{url}/v1.0"), service_principal_id: None };
            let token = EntraCredential::AccessToken(sso_why::sandbox::graph::GRAPH_TOKEN.into());
            let entra = Entra::new(settings, token, patience).expect("a client of Graph");
            Some(IdpSource::Entra(Arc::new(entra)))
        }
        IdpKind::Okta => {
            let token = okta::credential::Credential::api_token(sso_why::sandbox::okta::OKTA_TOKEN.into());
            let okta = Okta::new(url, None, token, patience).expect("a client of Okta");
            Some(IdpSource::Okta(Arc::new(okta)))
        }
    }
}

/// The SDK's configuration for a company at this address.
async fn aws(url: &str) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(url)
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "example", None, None, "test"))
        .load()
        .await
}

async fn loopback() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    (listener, url)
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
