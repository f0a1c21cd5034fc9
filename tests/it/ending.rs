//! The bot's end within a process that lives on: what it began ends before it says that it has ended.

use std::sync::Arc;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region};
use aws_sdk_ssoadmin::config::Credentials;
use jiff::Timestamp;
use sso_why::config::{Config, IdpSecrets, Secrets, SlackSecret};
use sso_why::sandbox::Sandbox;
use sso_why::sandbox::scenario::Scenario;
use sso_why::sandbox::slack::{BOT_TOKEN, SIGNING_SECRET};
use sso_why::serve::{self, Circumstances};
use sso_why::store::Store;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::harness::in_time;

#[tokio::test(flavor = "multi_thread")]
async fn the_store_is_free_for_the_next_one_as_soon_as_the_bot_has_ended() {
    let scenario = Scenario::named("no-idp").expect("is built in").expect("parses");
    let sandbox = Sandbox::new(scenario, Arc::new(Timestamp::now));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let company = format!("http://{}", listener.local_addr().expect("an address"));
    let company_ends = CancellationToken::new();
    let serving = axum::serve(listener, sandbox.router())
        .with_graceful_shutdown(company_ends.clone().cancelled_owned());
    tokio::spawn(serving.into_future());

    let folder = tempfile::tempdir().expect("a folder");
    let at = format!("sqlite://{}", folder.path().join("store.db").display());
    let store = Store::open(&at.as_str().into()).await.expect("opens");
    let mut config = Config::default();
    config.slack.api_url = format!("{company}/api");
    let aws = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(&company)
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "example", None, None, "test"))
        .load()
        .await;
    let mut circumstances =
        Circumstances::real(aws, &config, IdpSecrets::default()).expect("nothing is missing");
    circumstances.quiet = Duration::from_millis(30);
    let secrets =
        Secrets { slack_bot_token: BOT_TOKEN.into(), slack: SlackSecret::Signing(SIGNING_SECRET.into()) };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    {
        let mut workspace = sandbox.workspace();
        workspace.sandbox_url.clone_from(&company);
        workspace.bot_url = format!("http://{}", listener.local_addr().expect("an address"));
    }
    let stop = CancellationToken::new();
    let bot = tokio::spawn(serve::run(
        config,
        secrets,
        store,
        circumstances,
        listener,
        stop.clone().cancelled_owned(),
    ));
    // Both a question and a form are under way when it is told to stop.
    in_time(sandbox.type_command("dana", "C0GENERAL", "/sso-why Payments-Prod")).await.expect("acknowledged");
    in_time(sandbox.type_command("sam", "C0GENERAL", "/sso-why")).await.expect("acknowledged");
    stop.cancel();
    in_time(bot).await.expect("does not break off").expect("ends in order");

    Store::open(&at.as_str().into()).await.expect("nobody has it any more");
    company_ends.cancel();
}
