//! The bot as processes of the built program beside a simulated company in the test, so that they can be killed
//! as a kernel kills and stopped as an orchestrator stops. Time is the machine's.
//!
//! Reading order: this file is the company with its replicas; [`replica`] is one process; [`balancer`] brings
//! Slack's requests to those that live; [`questions`] asks in every way and counts the answers.

pub mod balancer;
pub mod questions;
pub mod replica;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use sqlx::AnyPool;
use sso_why::config::Mode;
use sso_why::sandbox::Sandbox;
use sso_why::sandbox::graph::GRAPH_TOKEN;
use sso_why::sandbox::okta::key::private_key_pem;
use sso_why::sandbox::scenario::Scenario;
use sso_why::sandbox::scenario::idp::IdpKind;
use sso_why::store::{Store, new_id};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::harness::in_time;
use balancer::Balancer;
use replica::Replica;

/// Where `tests/run` tells the address of a PostgreSQL in which tests may make databases.
pub const POSTGRES: &str = "SSO_WHY_TEST_POSTGRES";

/// The secret key with which the bot signs its calls to AWS.
pub const AWS_SECRET: &str = "secret-key-of-aws";

/// What the bot's file says; addresses and secrets are in its environment. A few people ask what a crowd would.
const CONFIG: &str = "[slack]\nhelpdesk_channel = \"C0HELPDESK\"\nadmin_channel = \"C0ADMINS\"\nquestions_per_minute = 10000\n";

/// Time is the machine's, and no test is to find a digest because it is nine o'clock.
const NO_DIGEST: &str = "[digest]\nschedule = \"off\"\n";

/// Where the bot keeps what it has accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// A file, for one process.
    Sqlite,
    /// A database of its own, for several.
    Postgres,
}

/// A company whose bot is processes, ended when dropped.
pub struct Processes {
    pub sandbox: Arc<Sandbox>,
    balancer: Balancer,
    replicas: Mutex<Vec<Option<Replica>>>,
    deaths: watch::Sender<usize>,
    company: String,
    mode: Mode,
    idp: Option<IdpKind>,
    log: &'static str,
    database: String,
    folder: TempDir,
    stop: CancellationToken,
}

impl Processes {
    /// The company without an IdP, and so many replicas of the bot, ready.
    pub async fn start(database: Database, replicas: usize) -> Self {
        Self::start_with("no-idp", NO_DIGEST, Mode::Http, database, replicas, "info").await
    }

    /// The same in Socket Mode.
    pub async fn start_by_socket(database: Database, replicas: usize) -> Self {
        Self::start_with("no-idp", NO_DIGEST, Mode::Socket, database, replicas, "info").await
    }

    /// A company with its IdP, by the scenario's name, and one bot that logs all that it can.
    pub async fn start_loud(scenario: &str, mode: Mode) -> Self {
        let settings = format!("{NO_DIGEST}[actions]\nforce_sync = true\n");
        Self::start_with(scenario, &settings, mode, Database::Sqlite, 1, "trace").await
    }

    /// The same with digests. They are due tomorrow at the latest, and [`Self::digest_is_due`] does not wait.
    pub async fn start_with_digests(database: Database, replicas: usize) -> Self {
        Self::start_with("no-idp", "", Mode::Http, database, replicas, "info").await
    }

    async fn start_with(
        scenario: &str,
        settings: &str,
        mode: Mode,
        database: Database,
        replicas: usize,
        log: &'static str,
    ) -> Self {
        let scenario = Scenario::named(scenario).expect("is built in").expect("parses");
        let idp = scenario.idp;
        let sandbox = Sandbox::new(scenario, Arc::new(Timestamp::now));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let company = format!("http://{}", listener.local_addr().expect("an address"));
        let stop = CancellationToken::new();
        tokio::spawn(
            axum::serve(listener, sandbox.router())
                .with_graceful_shutdown(stop.clone().cancelled_owned())
                .into_future(),
        );
        let balancer = Balancer::start(stop.clone()).await;
        {
            let mut workspace = sandbox.workspace();
            workspace.sandbox_url.clone_from(&company);
            workspace.bot_url.clone_from(&balancer.url);
            workspace.socket_mode = mode == Mode::Socket;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let of_the_idp = match idp {
            None => String::new(),
            Some(IdpKind::Entra) => format!("[entra]\ngraph_url = \"{company}/v1.0\"\n"),
            Some(IdpKind::Okta) => format!("[okta]\norg_url = \"{company}\"\n"),
        };
        std::fs::write(folder.path().join("sso-why.toml"), format!("{CONFIG}{settings}{of_the_idp}"))
            .expect("is written");
        let database = match database {
            Database::Sqlite => format!("sqlite://{}", folder.path().join("store.db").display()),
            Database::Postgres => new_database().await,
        };
        let processes = Self {
            sandbox,
            balancer,
            replicas: Mutex::new((0..replicas).map(|_| None).collect()),
            deaths: watch::Sender::new(0),
            company,
            mode,
            idp,
            log,
            database,
            folder,
            stop,
        };
        for number in 0..replicas {
            processes.start_again(number).await;
        }
        processes
    }

    /// So many replicas may be there.
    pub fn keep_room_for(&self, replicas: usize) {
        self.replicas().resize_with(replicas, || None);
    }

    /// The digest is due at once, whatever the schedule says.
    pub async fn digest_is_due(&self) {
        sqlx::any::install_default_drivers();
        let store = AnyPool::connect(&self.database).await.expect("opens");
        let due = sqlx::query("UPDATE job SET run_at = 0 WHERE key LIKE 'digest:%'").execute(&store).await;
        assert_eq!(due.expect("is written").rows_affected(), 1, "there is one job for it");
        store.close().await;
    }

    /// Starts a replica that is not there, and waits until it is ready.
    pub async fn start_again(&self, number: usize) {
        let replica = in_time(Replica::start(&self.environment(), self.folder.path())).await;
        // In Socket Mode it is ready once Slack has greeted it.
        while self.mode == Mode::Socket && in_time(replica.readiness()).await == Some(503) {}
        assert_eq!(in_time(replica.readiness()).await, Some(200), "{}", replica.log());
        self.balancer.takes(replica.address);
        self.replicas()[number] = Some(replica);
    }

    /// Starts the program with these variables of its environment set otherwise, and waits until it has ended.
    pub async fn start_to_fail(&self, otherwise: &[(&'static str, &str)]) -> Output {
        self.command(&["serve"], otherwise).await
    }

    /// Runs a command of the program with these variables of its environment set otherwise.
    pub async fn command(&self, arguments: &[&str], otherwise: &[(&'static str, &str)]) -> Output {
        let mut program = tokio::process::Command::new(env!("CARGO_BIN_EXE_sso-why"));
        let program =
            program.args(arguments).env_clear().envs(self.environment()).envs(otherwise.iter().copied());
        let program =
            program.env("HOME", self.folder.path()).current_dir(self.folder.path()).kill_on_drop(true);
        program.stdin(Stdio::null()).output().await.expect("the program starts")
    }

    /// Kills a replica where it stands (SIGKILL) and waits until it is gone.
    pub async fn kill(&self, number: usize) {
        let replica = self.replicas()[number].take().expect("it lives");
        replica.kill().await;
        self.balancer.drops(replica.address);
        self.deaths.send_modify(|deaths| *deaths += 1);
    }

    /// Asks a replica to stop (SIGTERM), as an orchestrator does: it is sent nothing more once it says that it is
    /// not ready. Waits until it has ended, which must be in order.
    pub async fn stop(&self, number: usize) {
        self.stop_and_meanwhile(number, async |_| {}).await;
    }

    /// The same; `meanwhile` comes when it says that it is not ready, and before anybody has heeded it.
    pub async fn stop_and_meanwhile(&self, number: usize, meanwhile: impl AsyncFnOnce(SocketAddr)) {
        let replica = self.replicas()[number].take().expect("it lives");
        replica.terminate();
        let unready = async {
            loop {
                match replica.readiness().await {
                    Some(200) => {}
                    other => return other,
                }
            }
        };
        assert_eq!(in_time(unready).await, Some(503), "it says so before it goes: {}", replica.log());
        in_time(meanwhile(replica.address)).await;
        self.balancer.drops(replica.address);
        let status = in_time(replica.ended()).await;
        assert!(status.success(), "{status}: {}", replica.log());
    }

    /// What a replica's `/readyz` says now.
    pub async fn readiness(&self, number: usize) -> Option<u16> {
        let address = self.replicas()[number].as_ref().expect("it lives").address;
        in_time(replica::readiness(address)).await
    }

    /// Where a replica listens.
    pub fn address(&self, number: usize) -> SocketAddr {
        self.replicas()[number].as_ref().expect("it lives").address
    }

    /// What a replica tells Prometheus.
    pub async fn metrics(&self, number: usize) -> String {
        let address = self.replicas()[number].as_ref().expect("it lives").address;
        let answer = reqwest::get(format!("http://{address}/metrics")).await.expect("is answered");
        answer.text().await.expect("is text")
    }

    /// All that the replicas have said, those that have ended too.
    pub fn logs(&self) -> String {
        let mut said = String::new();
        for entry in std::fs::read_dir(self.folder.path()).expect("is there").flatten() {
            if entry.path().extension().is_some_and(|extension| extension == "log") {
                said += &std::fs::read_to_string(entry.path()).expect("is read");
            }
        }
        said
    }

    /// Waits until some replica takes requests.
    pub async fn somebody_lives(&self) {
        in_time(self.balancer.has_takers()).await;
    }

    /// Tells how often a replica was killed.
    pub fn deaths(&self) -> watch::Receiver<usize> {
        self.deaths.subscribe()
    }

    /// Where the bot keeps what it has accepted.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// What the replicas have left in the store, to be looked at when all of them have ended.
    pub async fn store(&self) -> Store {
        Store::open(&self.database.as_str().into()).await.expect("opens")
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        let text = str::to_owned;
        let (mode, name, secret) = match self.mode {
            Mode::Http => ("http", "SLACK_SIGNING_SECRET", sso_why::sandbox::slack::SIGNING_SECRET),
            Mode::Socket => ("socket", "SLACK_APP_TOKEN", sso_why::sandbox::slack::APP_TOKEN),
        };
        let of_the_idp = match self.idp {
            None => Vec::new(),
            Some(IdpKind::Entra) => vec![("SSO_WHY_ENTRA_ACCESS_TOKEN", text(GRAPH_TOKEN))],
            Some(IdpKind::Okta) => {
                let client_id = self.sandbox.company().idp.as_ref().expect("is connected").client_id.clone();
                let key = private_key_pem().expect("a key");
                vec![("OKTA_CLIENT_CLIENTID", client_id), ("OKTA_CLIENT_PRIVATEKEY", text(key))]
            }
        };
        let mut environment = vec![
            ("SSO_WHY_MODE", text(mode)),
            (name, text(secret)),
            ("SSO_WHY_LISTEN", text("127.0.0.1:0")),
            ("SSO_WHY_LOG", text(self.log)),
            ("SLACK_API_URL", format!("{}/api", self.company)),
            ("SLACK_BOT_TOKEN", text(sso_why::sandbox::slack::BOT_TOKEN)),
            ("DATABASE_URL", self.database.clone()),
            ("AWS_ENDPOINT_URL", self.company.clone()),
            ("AWS_REGION", text("us-east-1")),
            ("AWS_ACCESS_KEY_ID", text("AKIDEXAMPLE")),
            ("AWS_SECRET_ACCESS_KEY", text(AWS_SECRET)),
        ];
        environment.extend(of_the_idp);
        environment
    }

    fn replicas(&self) -> std::sync::MutexGuard<'_, Vec<Option<Replica>>> {
        self.replicas.lock().expect("nobody broke off")
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        self.stop.cancel();
        if std::thread::panicking() {
            keep_logs(self.folder.path());
        }
    }
}

/// A new database on the server that `tests/run` has started.
pub async fn new_database() -> String {
    let server = std::env::var(POSTGRES).expect("tests/run sets it");
    sqlx::any::install_default_drivers();
    let admin = AnyPool::connect(&format!("{server}/postgres")).await.expect("connects");
    let name = format!("test_{}", new_id());
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(create).execute(&admin).await.expect("is made");
    admin.close().await;
    format!("{server}/{name}")
}

/// What the replicas of a failed test said stays to be read.
fn keep_logs(folder: &std::path::Path) {
    let kept = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "log") {
            // The test has failed already.
            let _ = std::fs::copy(&path, kept.join(entry.file_name()));
        }
    }
}
