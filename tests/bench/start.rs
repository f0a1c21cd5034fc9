//! How long the bot takes from its start as a process until `/readyz` says 200, how much memory it has when it is
//! ready and idle, and how large the program and its image are. Slack and AWS are simulated on loopback, so that none
//! of the time is theirs. Beside it, in the same run: the program that only tells its version, and a process that
//! only binds a socket and answers, which is the least that any such start can take.
//!
//! `cargo bench --bench start`; PostgreSQL too where `SSO_WHY_TEST_POSTGRES` names a server. The image's size is that
//! of the static program that `SSO_WHY_IMAGE_PROGRAM` names, as `deploy/Containerfile` links it, where it is set.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a benchmark prints a table, or cannot run")]

mod database;

use std::fs;
use std::io::{BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use sso_why::sandbox::Sandbox;
use sso_why::sandbox::scenario::Scenario;
use sso_why::sandbox::slack::{APP_TOKEN, BOT_TOKEN, SIGNING_SECRET};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use database::{POSTGRES, new_database};

const PROGRAM: &str = env!("CARGO_BIN_EXE_sso-why");
/// How often each row is measured; the rows alternate, so that a busy moment of the machine hits all alike.
const RUNS: usize = 7;
/// Between two looks whether it is ready.
const LOOKS: Duration = Duration::from_millis(1);
/// What is read at the start has been read by then, and nobody asks anything.
const IDLE_AFTER: Duration = Duration::from_secs(1);
/// Has this benchmark be the process that only binds a socket.
const BASELINE: &str = "SSO_WHY_BENCH_BASELINE";
/// What `deploy/Containerfile` copies beside the program (Debian's package ca-certificates).
const CERTIFICATES: &str = "/etc/ssl/certs/ca-certificates.crt";
const LISTENING: &str = "listening on http://";
const MIB: f64 = 1024.0 * 1024.0;

fn main() {
    if std::env::var_os(BASELINE).is_some() {
        return only_binds_a_socket();
    }
    let runtime = Runtime::new().expect("threads");
    let company = runtime.block_on(company());
    let server = std::env::var(POSTGRES).ok();
    let mut rows = vec![Row::new("prints its version (baseline)"), Row::new("binds a socket (baseline)")];
    let stores = [Some(Store::File), server.map(Store::Server)].into_iter().flatten();
    let kinds: Vec<(Mode, Store)> = stores
        .flat_map(|store| [Mode::Http, Mode::Socket].map(|mode| (mode, store.clone())))
        .filter(|(mode, store)| *mode == Mode::Http || matches!(store, Store::File))
        .collect();
    for (mode, store) in &kinds {
        for start in ["empty store", "store there"] {
            rows.push(Row::new(&format!("{}, {}, {start}", mode.name(), store.name())));
        }
    }
    for _run in 0..RUNS {
        let mut row = rows.iter_mut();
        let mut add = |measured| row.next().expect("there is a row for each").measured.push(measured);
        add(version());
        add(started(Command::new(std::env::current_exe().expect("is this one")).env(BASELINE, "1")));
        for (mode, store) in &kinds {
            let folder = tempfile::tempdir().expect("a folder");
            let url = store.anew(&runtime, &folder);
            for _start in 0..2 {
                add(started(&mut bot(&company, *mode, &url, &folder)));
            }
        }
    }
    let profile =
        if cfg!(debug_assertions) { "without optimization: these are not its figures" } else { "release" };
    println!("{RUNS} starts in each row ({profile}): the median, and from the least to the most\n");
    println!("{:<42} {:>26}   {:>26}", "", "ready after, ms", "memory when idle, MiB");
    rows.iter().for_each(Row::print);
    sizes();
}

struct Row {
    name: String,
    measured: Vec<Measured>,
}

/// One start. Nothing of the memory is known of what has ended.
struct Measured {
    ready: Duration,
    memory: Option<f64>,
}

impl Row {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), measured: Vec::new() }
    }

    fn print(&self) {
        let ready = spread(self.measured.iter().map(|start| start.ready.as_secs_f64() * 1000.0));
        let memory = spread(self.measured.iter().filter_map(|start| start.memory));
        println!("{:<42} {ready:>26}   {memory:>26}", self.name);
    }
}

/// The median and the range.
fn spread(values: impl Iterator<Item = f64>) -> String {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    match (values.first(), values.get(values.len() / 2), values.last()) {
        (Some(least), Some(median), Some(most)) => format!("{median:.1} ({least:.1} to {most:.1})"),
        _ => "-".to_owned(),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Http,
    Socket,
}

impl Mode {
    fn name(self) -> &'static str {
        match self {
            Self::Http => "HTTP",
            Self::Socket => "Socket Mode",
        }
    }
}

#[derive(Clone)]
enum Store {
    File,
    /// PostgreSQL's address.
    Server(String),
}

impl Store {
    fn name(&self) -> &'static str {
        match self {
            Self::File => "SQLite",
            Self::Server(_) => "PostgreSQL",
        }
    }

    /// One that nobody has used.
    fn anew(&self, runtime: &Runtime, folder: &TempDir) -> String {
        match self {
            Self::File => format!("sqlite://{}", folder.path().join("store.db").display()),
            Self::Server(server) => runtime.block_on(new_database(server)),
        }
    }
}

/// A company whose services answer at once.
async fn company() -> String {
    let scenario = Scenario::named("no-idp").expect("is built in").expect("parses");
    let sandbox = Sandbox::new(scenario, Arc::new(Timestamp::now));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    sandbox.workspace().sandbox_url.clone_from(&url);
    tokio::spawn(axum::serve(listener, sandbox.router()).into_future());
    url
}

fn bot(company: &str, mode: Mode, store: &str, folder: &TempDir) -> Command {
    let mut command = Command::new(PROGRAM);
    command.arg("serve").env_clear().current_dir(folder.path()).env("HOME", folder.path());
    match mode {
        Mode::Http => command.env("SLACK_SIGNING_SECRET", SIGNING_SECRET),
        Mode::Socket => command.env("SSO_WHY_MODE", "socket").env("SLACK_APP_TOKEN", APP_TOKEN),
    };
    command
        .env("SSO_WHY_LISTEN", "127.0.0.1:0")
        .env("SLACK_API_URL", format!("{company}/api"))
        .env("SLACK_BOT_TOKEN", BOT_TOKEN)
        .env("DATABASE_URL", store)
        .env("AWS_ENDPOINT_URL", company)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "example");
    command
}

fn version() -> Measured {
    let begun = Instant::now();
    let done = Command::new(PROGRAM).arg("--version").stdout(Stdio::null()).status().expect("starts");
    assert!(done.success());
    Measured { ready: begun.elapsed(), memory: None }
}

/// Starts it, waits until it is ready and then idle, and ends it.
fn started(command: &mut Command) -> Measured {
    let begun = Instant::now();
    let spawned = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let mut process = Ended(spawned.expect("the program starts"));
    let mut said = BufReader::new(process.0.stderr.take().expect("is piped"));
    let address = listening(&mut said);
    // Nobody else reads what it says, and it must not wait for that.
    std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
    while !is_ready(address) {
        let ended = process.0.try_wait().expect("it is our child");
        assert!(ended.is_none(), "it ended: {ended:?}");
        sleep(LOOKS);
    }
    let ready = begun.elapsed();
    sleep(IDLE_AFTER);
    Measured { ready, memory: resident(process.0.id()) }
}

/// A process that is killed when dropped.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn listening(said: &mut impl std::io::BufRead) -> SocketAddr {
    let mut lines = String::new();
    while said.read_line(&mut lines).expect("text") > 0 {
        let address =
            lines.lines().last().and_then(|line| line.split_once(LISTENING)).map(|(_, after)| after);
        if let Some(address) = address {
            let end = address.find(|other: char| !other.is_ascii_digit() && !".:".contains(other));
            return address[..end.unwrap_or(address.len())].parse().expect("an address");
        }
    }
    unreachable!("it ended without listening: {lines}");
}

fn is_ready(address: SocketAddr) -> bool {
    let ask = || {
        let mut connection = TcpStream::connect(address)?;
        connection.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer).map(|_| answer)
    };
    ask().is_ok_and(|answer: String| answer.starts_with("HTTP/1.1 200"))
}

/// MiB that the process has in memory (`VmRSS`, proc(5)); nothing where there is no such file.
fn resident(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: f64 = kilobytes.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kilobytes / 1024.0)
}

fn only_binds_a_socket() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    std::io::stderr().write_all(format!("{LISTENING}{address}\n").as_bytes()).expect("is read");
    for connection in listener.incoming() {
        let mut connection = connection.expect("connects");
        let mut request = [0; 1024];
        let _asked = connection.read(&mut request).expect("a request");
        connection.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").expect("is read");
    }
}

fn sizes() {
    let mib = |path: &Path| fs::metadata(path).map_or(0.0, |file| file.len() as f64 / MIB);
    let named = std::env::var_os("SSO_WHY_IMAGE_PROGRAM").map(PathBuf::from);
    let program = named.clone().unwrap_or_else(|| PROGRAM.into());
    let folder = tempfile::tempdir().expect("a folder");
    let stripped = folder.path().join("stripped");
    let done = Command::new("strip").arg("--strip-all").arg("-o").arg(&stripped).arg(&program).status();
    let stripped = if done.is_ok_and(|done| done.success()) { stripped } else { program };
    let (program, certificates) = (mib(&stripped), mib(Path::new(CERTIFICATES)));
    let linked = if named.is_some() { "static" } else { "not static: see SSO_WHY_IMAGE_PROGRAM" };
    println!("\nprogram as built      {:>7.1} MiB", mib(Path::new(PROGRAM)));
    println!("image                 {:>7.1} MiB", program + certificates);
    println!("  program, stripped   {program:>7.1} MiB ({linked})");
    println!("  certificates        {certificates:>7.1} MiB");
}
