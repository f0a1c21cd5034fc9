//! How long Slack waits until the bot has acknowledged a question, while AWS, the IdP and Slack's own API hang:
//! the acknowledgement waits for none of them, but for the store. Beside it, in the same run, a request of which
//! nothing is stored (`/sso-why help`), and how many jobs a second go through the queue.
//!
//! `cargo bench --bench acknowledge`; PostgreSQL too where `SSO_WHY_TEST_POSTGRES` names a server.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a benchmark prints a table, or cannot run")]

mod database;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use aws_config::{BehaviorVersion, Region};
use aws_sdk_ssoadmin::config::Credentials;
use futures::stream::{self, StreamExt as _};
use jiff::Timestamp;
use sso_why::config::{Config, IdpSecrets, Secrets, SlackSecret};
use sso_why::jobs::{Beat, Jobs, Order, Outcome};
use sso_why::sandbox::Sandbox;
use sso_why::sandbox::scenario::Scenario;
use sso_why::sandbox::slack::outgoing::delivery::{COMMANDS, FORM, signature};
use sso_why::sandbox::slack::{BOT_TOKEN, SIGNING_SECRET};
use sso_why::serve::{self, Circumstances};
use sso_why::store::Store;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use database::{POSTGRES, new_database};

/// Requests in each row of the table.
const REQUESTS: usize = 2_000;
/// Requests at once: one person, a busy minute, everybody after an outage.
const AT_ONCE: [usize; 3] = [1, 8, 64];
/// How often each row is measured; the rows alternate, so that a busy moment of the machine hits all alike.
const RUNS: usize = 3;

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut stores =
        vec![("SQLite, a file", format!("sqlite://{}", folder.path().join("store.db").display()))];
    if let Ok(server) = std::env::var(POSTGRES) {
        stores.push(("PostgreSQL", Runtime::new().expect("threads").block_on(new_database(&server))));
    }
    println!("{REQUESTS} requests in each row; milliseconds from the request to its acknowledgement\n");
    println!("store           request        at once   a second      p50      p99      max");
    for (name, url) in &stores {
        acknowledgements(name, url);
    }
    println!("\nstore           jobs accepted a second   jobs performed a second");
    for (name, url) in &stores {
        Runtime::new().expect("threads").block_on(queue(name, url));
    }
}

/// A bot whose upstreams hang, and the rows about it.
fn acknowledgements(store_name: &str, store_url: &str) {
    // The bot has threads of its own, so that it shares none with whoever asks.
    let (bot, company, load) = (Runtime::new(), Runtime::new(), Runtime::new());
    let (bot, company, load) = (bot.expect("threads"), company.expect("threads"), load.expect("threads"));
    let company_url = company.block_on(hanging_company());
    let store = bot.block_on(Store::open(&store_url.into())).expect("opens");
    let bot_url = bot.block_on(start(company_url, store.clone()));
    let mut asked = 0;
    for run in 1..=RUNS {
        for at_once in AT_ONCE {
            for (request, is_stored) in [("help", false), ("a question", true)] {
                let first = asked;
                asked += REQUESTS;
                let text =
                    |number: usize| if is_stored { format!("Account-{number}") } else { "help".to_owned() };
                let bodies = (first..asked).map(|number| command(&text(number), number));
                let measured = load.block_on(measure(&bot_url, bodies.collect(), at_once));
                println!("{store_name:<15} {request:<13} {at_once:>8}   {measured}   (run {run})");
            }
        }
    }
    let kept = sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM job WHERE key LIKE 'command:%'");
    let kept = bot.block_on(kept.fetch_one(store.pool())).expect("is read");
    let questions = i64::try_from(asked / 2).expect("a small number");
    assert_eq!(kept, questions, "every question that was acknowledged is stored");
    for runtime in [bot, company, load] {
        runtime.shutdown_background();
    }
}

/// A company of which no call is ever answered.
async fn hanging_company() -> String {
    let scenario = Scenario::named("company").expect("is built in").expect("parses");
    let sandbox = Sandbox::new(scenario, Arc::new(Timestamp::now));
    sandbox.calls.shut_gate();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(axum::serve(listener, sandbox.router()).into_future());
    url
}

async fn start(company: String, store: Store) -> String {
    let mut config = Config::default();
    config.slack.api_url = format!("{company}/api");
    config.slack.helpdesk_channel = Some("C0HELPDESK".to_owned());
    let aws = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(company)
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "example", None, None, "benchmark"))
        .load()
        .await;
    let mut circumstances =
        Circumstances::real(aws, &config, IdpSecrets::default()).expect("nothing is missing");
    // Nothing is ever answered, and yet all is to be stored.
    circumstances.beat.most_open = i64::MAX;
    let secrets =
        Secrets { slack_bot_token: BOT_TOKEN.into(), slack: SlackSecret::Signing(SIGNING_SECRET.into()) };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(serve::run(config, secrets, store, circumstances, listener, std::future::pending()));
    url
}

/// The body of a slash command that no other has been.
fn command(text: &str, number: usize) -> String {
    let fields = [
        ("command", "/sso-why"),
        ("text", text),
        // Each asks once: nobody asks too often.
        ("user_id", &format!("U{number}")),
        ("channel_id", "C0GENERAL"),
        ("team_id", "T0EXAMPLE"),
        ("trigger_id", &format!("1.2.{number}")),
        ("response_url", "http://127.0.0.1:9/response"),
    ];
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

async fn measure(bot_url: &str, bodies: Vec<String>, at_once: usize) -> Measured {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let began = Instant::now();
    let each = stream::iter(bodies).map(|body| {
        let now = Timestamp::now().as_second();
        let request = client
            .post(format!("{bot_url}{COMMANDS}"))
            .header("content-type", FORM)
            .header("x-slack-request-timestamp", now.to_string())
            .header("x-slack-signature", signature(SIGNING_SECRET, now, &body))
            .body(body);
        async move {
            let asked = Instant::now();
            let answer = request.send().await.expect("is acknowledged");
            assert!(answer.status().is_success(), "{}", answer.status());
            answer.bytes().await.expect("has a body");
            asked.elapsed()
        }
    });
    let mut waits: Vec<Duration> = each.buffer_unordered(at_once).collect().await;
    let took = began.elapsed();
    waits.sort();
    Measured { waits, took }
}

/// What one row shows.
struct Measured {
    /// The shortest first.
    waits: Vec<Duration>,
    took: Duration,
}

impl std::fmt::Display for Measured {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at =
            |part: usize| self.waits[(self.waits.len() * part).div_ceil(1000).max(1) - 1].as_secs_f64() * 1e3;
        let a_second = a_second(self.waits.len(), self.took);
        write!(formatter, "{a_second:>8.0} {:>8.2} {:>8.2} {:>8.2}", at(500), at(990), at(1000))
    }
}

/// The queue alone, with jobs that are done at once.
async fn queue(store_name: &str, store_url: &str) {
    // A file of its own: the one before is still in the hands of the bot that was measured.
    let store_url = store_url.replace("store.db", "queue.db");
    let store = Store::open(&store_url.as_str().into()).await.expect("opens");
    sqlx::query("DELETE FROM job").execute(store.pool()).await.expect("is empty");
    let jobs = Jobs::new(store, Arc::new(Timestamp::now), Beat::default());
    let began = Instant::now();
    for number in 0..REQUESTS {
        let order = Order::new(format!("benchmark:{number}"), "{}".to_owned());
        jobs.accept(order).await.expect("is accepted");
    }
    let accepted = a_second(REQUESTS, began.elapsed());
    let (done, all_done) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let perform = {
        let (done, all_done) = (done.clone(), all_done.clone());
        move |_job| {
            if done.fetch_add(1, Ordering::SeqCst) + 1 == REQUESTS {
                all_done.notify_one();
            }
            async { Outcome::Done }
        }
    };
    let stop = CancellationToken::new();
    let began = Instant::now();
    let worker = tokio::spawn({
        let stop = stop.clone();
        async move { jobs.work(perform, stop).await }
    });
    all_done.notified().await;
    stop.cancel();
    worker.await.expect("it ends when all is noted");
    println!("{store_name:<15} {accepted:>22.0} {:>25.0}", a_second(REQUESTS, began.elapsed()));
}

fn a_second(count: usize, took: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / took.as_secs_f64()
}
