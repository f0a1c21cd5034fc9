//! The command as a process: what it prints where, how it ends, and that it tells no secret.

use std::future::IntoFuture as _;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use insta::assert_snapshot;
use jiff::Timestamp;
use serde_json::Value;
use sso_why::sandbox::Sandbox;
use sso_why::sandbox::graph::GRAPH_TOKEN;
use sso_why::sandbox::scenario::Scenario;
use sso_why::sandbox::slack::{APP_TOKEN, BOT_TOKEN, SIGNING_SECRET};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

use crate::harness::in_time;

/// A company as `sso-why sandbox` runs it, and its address.
async fn open_company() -> (Arc<Sandbox>, String) {
    let scenario = Scenario::named("company").expect("is built in").expect("parses");
    let sandbox = Sandbox::new(scenario, Arc::new(Timestamp::now));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    sandbox.workspace().sandbox_url.clone_from(&url);
    tokio::spawn(axum::serve(listener, sandbox.router()).into_future());
    (sandbox, url)
}

/// Runs `sso-why doctor` with this environment in an empty folder: its exit status, and what it printed where.
async fn run(arguments: &[&str], environment: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_sso-why"));
    command
        .arg("doctor")
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .env("HOME", folder.path())
        .current_dir(folder.path())
        .stdin(Stdio::null());
    let done = in_time(tokio::task::spawn_blocking(move || command.output())).await;
    let done = done.expect("nobody broke off").expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("is Unicode");
    (done.status.code(), text(done.stdout), text(done.stderr))
}

#[tokio::test]
async fn the_command_ends_with_what_it_found() {
    let (sandbox, url) = open_company().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sso-why.toml");
    let slack = format!("[slack]\napi_url = \"{url}/api\"\nhelpdesk_channel = \"C0HELPDESK\"\n");
    std::fs::write(&file, format!("{slack}[entra]\ngraph_url = \"{url}/v1.0\"\n")).expect("is written");
    let environment = [
        ("SSO_WHY_CONFIG", file.to_str().expect("is Unicode")),
        ("AWS_ENDPOINT_URL", &url),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "sandbox"),
        ("AWS_SECRET_ACCESS_KEY", "secret-key-of-aws"),
        ("SLACK_BOT_TOKEN", BOT_TOKEN),
        ("SLACK_SIGNING_SECRET", SIGNING_SECRET),
        ("SSO_WHY_ENTRA_ACCESS_TOKEN", GRAPH_TOKEN),
        ("SSO_WHY_LOG", "trace"),
    ];
    let (status, printed, logged) = run(&[], &environment).await;
    assert_eq!(status, Some(0), "{printed}{logged}");
    assert!(printed.ends_with("checks are well.\n"), "{printed}");
    for secret in ["secret-key-of-aws", BOT_TOKEN, SIGNING_SECRET, GRAPH_TOKEN] {
        assert!(!printed.contains(secret) && !logged.contains(secret), "{secret}: {logged}");
    }

    sandbox.rights.take_away("sso:ListInstances");
    let (status, printed, _) = run(&["--format", "json"], &environment).await;
    let told: Value = serde_json::from_str(&printed).expect("is JSON");
    assert_eq!((status, &told["ok"], &told["version"]), (Some(1), &false.into(), &1.into()));
    let checks = told["checks"].as_array().expect("a list");
    let failed: Vec<_> = checks.iter().filter(|check| check["status"] == "failed").collect();
    assert_eq!(failed.len(), 1, "{printed}");
    assert_eq!(failed[0]["id"], "aws.sso:ListInstances");
    assert_eq!(
        failed[0]["remedy"],
        "{\"Effect\": \"Allow\", \"Action\": \"sso:ListInstances\", \"Resource\": \"*\"}"
    );
}

/// A proxy that lets nothing through, its address, and what it was sent.
async fn proxy() -> (String, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hears = heard.clone();
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let mut sent = vec![0; 4096];
            let length = connection.read(&mut sent).await.unwrap_or_default();
            hears.lock().expect("nobody broke off").extend_from_slice(&sent[..length]);
        }
    });
    (url, heard)
}

/// The bot's own calls of Slack know no proxy, so the doctor's must not: it would tell of another Slack's answers.
#[tokio::test]
async fn slack_is_called_past_the_proxy_that_aws_is_called_through() {
    let (_sandbox, url) = open_company().await;
    let (proxy, heard) = proxy().await;
    let environment = [
        ("SLACK_API_URL", format!("{url}/api")),
        ("SSO_WHY_MODE", "socket".to_owned()),
        ("SLACK_BOT_TOKEN", BOT_TOKEN.to_owned()),
        ("SLACK_APP_TOKEN", APP_TOKEN.to_owned()),
        ("AWS_ENDPOINT_URL", url.clone()),
        ("AWS_REGION", "us-east-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "sandbox".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
        ("HTTP_PROXY", proxy.clone()),
        ("HTTPS_PROXY", proxy),
    ];
    let environment: Vec<_> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let (_, printed, _) = run(&["--format", "json"], &environment).await;
    let told: Value = serde_json::from_str(&printed).expect("is JSON");
    let status = |id: &str| {
        let check = told["checks"].as_array().into_iter().flatten().find(|check| check["id"] == id);
        check.unwrap_or_else(|| panic!("no {id}"))["status"].clone()
    };
    assert_eq!((status("slack.token"), status("aws.identity")), ("ok".into(), "failed".into()), "{printed}");
    let heard = String::from_utf8_lossy(&heard.lock().expect("nobody broke off")).into_owned();
    assert!(heard.contains("amz-sdk-request"), "AWS is asked through it: {heard}");
    assert!(!heard.contains(BOT_TOKEN) && !heard.contains(APP_TOKEN), "{heard}");
}

#[tokio::test]
async fn aws_credentials_that_fail_are_not_told_as_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let profile = folder.path().join("config");
    std::fs::write(&profile, "[default]\ncredential_process = false\n").expect("is written");
    let environment = [
        ("AWS_CONFIG_FILE", profile.to_str().expect("is Unicode")),
        ("AWS_REGION", "us-east-1"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    let (_, printed, _) = run(&["--format", "json"], &environment).await;
    let told: Value = serde_json::from_str(&printed).expect("is JSON");
    let identity =
        told["checks"].as_array().into_iter().flatten().find(|check| check["id"] == "aws.identity");
    assert_snapshot!(format!("{:#}", identity.expect("is checked")), @r#"
    {
      "detail": "AWS credentials could not be had",
      "id": "aws.identity",
      "remedy": "sign in (aws sso login), or look at AWS_PROFILE, and at what credential_process and the role of this machine do",
      "status": "failed",
      "without": "Nothing can be read from AWS, so that no question can be answered."
    }
    "#);
}

#[tokio::test]
async fn with_nothing_set_up_the_command_says_what_to_begin_with() {
    let (status, printed, logged) = run(&[], &[("AWS_EC2_METADATA_DISABLED", "true")]).await;
    assert_eq!((status, logged.as_str()), (Some(1), ""));
    let printed = super::without_its_store(&printed);
    assert_snapshot!(printed.trim_start().split_once("\n\n").expect("a table").1, @r#"
    FAILED   config: the environment lacks SLACK_BOT_TOKEN and
             SLACK_SIGNING_SECRET
             The bot does not start.
             Mend: set SLACK_BOT_TOKEN or SLACK_BOT_TOKEN_FILE and
             SLACK_SIGNING_SECRET or SLACK_SIGNING_SECRET_FILE

    FAILED   aws.region: there is no AWS Region
             AWS has no assignments to show there, so that no question can be
             answered.
             Add to [aws] of sso-why.toml: the Region where IAM Identity Center
             was enabled:
             region = "…"

    2 of 33 checks failed, 30 could not be tried.
    "#);
}

#[tokio::test]
async fn what_the_environment_names_wrongly_is_told_by_its_variable() {
    let environment = [
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_REGION", "Virginia"),
        ("SLACK_BOT_TOKEN", BOT_TOKEN),
        ("SLACK_SIGNING_SECRET", SIGNING_SECRET),
        ("SLACK_API_URL", "http://127.0.0.1:9/api"),
    ];
    let config = |printed: &str| {
        let told: Value = serde_json::from_str(printed).expect("is JSON");
        let part = |name: &str| told["checks"][0][name].as_str().expect("a text").to_owned();
        format!("{}\n{}", part("detail"), part("remedy"))
    };
    let (_, printed, _) = run(&["--format", "json"], &environment).await;
    assert_snapshot!(config(&printed), @"
    AWS_REGION or the profile in ~/.aws/config names the Region Virginia, and there is none of that form
    set it to where Identity Center lives, like us-east-1
    ");
    let in_memory = [environment.as_slice(), &[("DATABASE_URL", "sqlite://")]].concat();
    let (_, printed, _) = run(&["--format", "json"], &in_memory).await;
    assert_snapshot!(config(&printed), @"
    DATABASE_URL keeps everything in memory, so that a restart would lose what people were promised
    name a file, as sqlite:///var/lib/sso-why/sso-why.db
    ");
}
