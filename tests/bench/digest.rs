//! What a digest of duplicate groups costs at 1,000, 10,000 and 100,000 groups: processor seconds, peak memory and
//! calls to AWS of the whole command, `sso-why digest`, against a simulated AWS on loopback; and of a second
//! `sso-why digest --post`, which reads and writes the groups that the digest before it saw. Beside it, in the same
//! run, what finding the look-alikes costs alone, and as a baseline a search for names that differ in capitals.
//!
//! `cargo bench --bench digest`. The command keeps to AWS's rate of pages, so that the largest takes over a minute.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a benchmark prints a table, or cannot run")]

use std::collections::{BTreeMap, HashMap};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use serde_json::{Value, json};
use sso_why::diagnosis::facts::{ExternalId, Group, GroupId};
use sso_why::digest::alike::Sieve;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
/// Pairs of look-alikes among the groups, as many at each size.
const PAIRS: usize = 20;
/// How often each row is measured.
const RUNS: usize = 3;
/// Groups on a page of ListGroups.
const PAGE: usize = 100;

fn main() {
    println!("the whole command (the same {PAIRS} pairs of look-alikes at each size)\n");
    println!("  groups          processor s   peak MiB   wall s   calls to AWS");
    for _run in 0..RUNS {
        for size in SIZES {
            for store in [false, true] {
                println!("{}", whole_command(size, store));
            }
        }
    }
    println!("\nfinding alone, seconds\n");
    println!("  groups   look-alikes   capitals alone (baseline)");
    for _run in 0..RUNS {
        for size in SIZES {
            let (sieve, baseline) = (look_alikes(size), capitals_alone(size));
            println!("{size:>8}   {:>11.3}   {:>25.3}", sieve.as_secs_f64(), baseline.as_secs_f64());
        }
    }
}

/// The name of a group: as companies name them, each another one; the first have a look-alike at the end.
fn name(number: usize, size: usize) -> String {
    if number >= size - PAIRS {
        return name(size - 1 - number, size).replace('A', "\u{410}");
    }
    let teams = ["Payments", "Billing", "Search", "Ads", "Data", "Identity", "Warehouse", "Mobile"];
    let roles = ["Admin", "ReadOnly", "PowerUser", "Auditor", "Operator"];
    format!("AWS-{}-{}-{number:06}", teams[number % teams.len()], roles[number / teams.len() % roles.len()])
}

fn id(number: usize) -> String {
    format!("9067f0aa11-00000000-0000-4000-8000-{number:012}")
}

fn look_alikes(size: usize) -> Duration {
    let groups: Vec<Group> = (0..size).map(|number| group(number, size)).collect();
    let started = Instant::now();
    let mut sieve = Sieve::default();
    groups.into_iter().for_each(|group| sieve.add(group));
    assert_eq!(sieve.sets().len(), PAIRS);
    started.elapsed()
}

fn capitals_alone(size: usize) -> Duration {
    let groups: Vec<Group> = (0..size).map(|number| group(number, size)).collect();
    let started = Instant::now();
    let mut by_name: HashMap<String, Vec<Group>> = HashMap::new();
    for group in groups {
        by_name.entry(group.name.to_lowercase()).or_default().push(group);
    }
    assert_eq!(by_name.values().filter(|groups| groups.len() > 1).count(), 0);
    started.elapsed()
}

fn group(number: usize, size: usize) -> Group {
    Group {
        id: GroupId(id(number)),
        name: name(number, size),
        synced: true,
        external_ids: Box::new([ExternalId {
            issuer: "https://scim".to_owned(),
            id: format!("external-{number}"),
        }]),
        created_at: None,
        created_by: None,
    }
}

fn whole_command(size: usize, store: bool) -> String {
    let runtime = Runtime::new().expect("threads");
    let calls = Arc::new(Mutex::new(BTreeMap::new()));
    let url = runtime.block_on(simulated_services(size, calls.clone()));
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("sso-why.toml"), "[slack]\nadmin_channel = \"C0ADMINS\"\n")
        .expect("a file");
    let arguments: &[&str] =
        if store { &["digest", "--format", "json", "--post"] } else { &["digest", "--format", "json"] };
    if store {
        let mut first =
            started_command(&url, folder.path(), arguments).stdout(Stdio::null()).spawn().expect("starts");
        assert!(first.wait().expect("ends").success());
        calls.lock().expect("nobody broke off").clear();
    }
    let started = Instant::now();
    let mut command = started_command(&url, folder.path(), arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let output = command.stdout.take().expect("is piped");
    let read = std::thread::spawn(move || serde_json::from_reader::<_, Value>(output).expect("is JSON"));
    let (processor, peak) = watched(&mut command);
    let digest = read.join().expect("is read");
    assert_eq!(digest["findings"].as_array().expect("findings").len(), PAIRS);
    assert_eq!((&digest["groups_checked"], &digest["complete"]), (&size.into(), &true.into()));
    let calls = calls.lock().expect("nobody broke off");
    let told: Vec<String> = calls.iter().map(|(operation, count)| format!("{operation} {count}")).collect();
    format!(
        "{size:>8}   {}   {processor:>11.2}   {:>8.1}   {:>6.1}   {} ({})",
        if store { "--post" } else { "      " },
        peak / 1024.0,
        started.elapsed().as_secs_f64(),
        calls.values().sum::<usize>(),
        told.join(", ")
    )
}

fn started_command(url: &str, folder: &std::path::Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sso-why"));
    command
        .args(arguments)
        .env_clear()
        .env("SLACK_API_URL", format!("{url}/slack"))
        .env("SLACK_BOT_TOKEN", "xoxb-bench")
        .env("SLACK_SIGNING_SECRET", "bench")
        .env("AWS_ENDPOINT_URL", url)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "bench")
        .env("AWS_SECRET_ACCESS_KEY", "bench")
        .current_dir(folder);
    command
}

/// Processor seconds and peak resident KiB, as Linux tells them until the process ends.
fn watched(process: &mut Child) -> (f64, f64) {
    let folder = format!("/proc/{}", process.id());
    let (mut processor, mut peak) = (0.0_f64, 0.0_f64);
    while process.try_wait().expect("is our child").is_none() {
        let stat = std::fs::read_to_string(format!("{folder}/stat")).unwrap_or_default();
        // After the name in brackets come the fields from the third on; 14 and 15 are clock ticks, 100 a second.
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let ticks = |field: usize| fields.get(field - 3).and_then(|ticks| ticks.parse::<f64>().ok());
        processor = processor.max((ticks(14).unwrap_or_default() + ticks(15).unwrap_or_default()) / 100.0);
        let status = std::fs::read_to_string(format!("{folder}/status")).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let resident = line.and_then(|line| line.split_whitespace().next()).and_then(|kib| kib.parse().ok());
        peak = peak.max(resident.unwrap_or_default());
        std::thread::sleep(Duration::from_millis(5));
    }
    (processor, peak)
}

type Calls = Arc<Mutex<BTreeMap<String, usize>>>;

async fn simulated_services(size: usize, calls: Calls) -> String {
    let router = Router::new()
        .route("/", post(answer))
        .route("/slack/{method}", post(slack).get(slack))
        .with_state((size, calls));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

async fn answer(State((size, calls)): State<(usize, Calls)>, headers: HeaderMap, body: String) -> String {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
    *calls.lock().expect("nobody broke off").entry(operation.clone()).or_default() += 1;
    let asked: Value = serde_json::from_str(&body).unwrap_or_default();
    let answered = match operation.as_str() {
        "ListInstances" => json!({"Instances": [{
            "InstanceArn": "arn:aws:sso:::instance/ssoins-1", "IdentityStoreId": "d-9067f0aa11", "Status": "ACTIVE",
        }]}),
        "ListGroups" => page(size, &asked),
        "ListGroupMemberships" => json!({"GroupMemberships": []}),
        "ListAccountAssignmentsForPrincipal" => json!({"AccountAssignments": []}),
        _ => json!({}),
    };
    answered.to_string()
}

async fn slack() -> axum::Json<Value> {
    axum::Json(
        json!({"ok": true, "channel": "C0ADMINS", "ts": "1764000000.000100", "message": {"ts": "1764000000.000100"}}),
    )
}

fn page(size: usize, asked: &Value) -> Value {
    let from = asked["NextToken"].as_str().and_then(|token| token.parse::<usize>().ok()).unwrap_or_default();
    let to = (from + PAGE).min(size);
    let groups: Vec<Value> = (from..to)
        .map(|number| {
            json!({
                "GroupId": id(number), "IdentityStoreId": "d-9067f0aa11", "DisplayName": name(number, size),
                "ExternalIds": [{"Issuer": "https://scim.aws.com/1", "Id": format!("external-{number}")}],
            })
        })
        .collect();
    let mut page = json!({"Groups": groups});
    if to < size {
        page["NextToken"] = to.to_string().into();
    }
    page
}
