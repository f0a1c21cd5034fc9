//! `sso-why sandbox`: the unchanged bot in a simulated company, with a page to try it on.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, anyhow, bail};
use aws_config::{BehaviorVersion, Region};
use aws_sdk_ssoadmin::config::Credentials;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::{print, serve::stop_signal};
use crate::config::{
    self, Config, EntraCredential, EntraCredentialKind, IdpSecrets, OktaCredential, Secrets, SlackSecret,
    environment,
};
use crate::desk::Desk;
use crate::diagnosis::names::nearest;
use crate::sandbox::Sandbox;
use crate::sandbox::graph::GRAPH_TOKEN;
use crate::sandbox::okta::OKTA_TOKEN;
use crate::sandbox::page::{people, terminal};
use crate::sandbox::scenario::Scenario;
use crate::sandbox::scenario::idp::IdpKind;
use crate::sandbox::slack::{APP_TOKEN, BOT_TOKEN, SIGNING_SECRET};
use crate::serve::{self, Circumstances};
use crate::store::Store;
use crate::telemetry;

/// Where the simulated Identity Center lives.
const REGION: &str = "us-east-1";

/// With a `mode`, the bot is in it; without one, the company waits for a bot of its visitor's.
pub(super) async fn run(
    listen: SocketAddr,
    scenario: &str,
    mode: Option<config::Mode>,
) -> anyhow::Result<ExitCode> {
    let name = format!("sso-why-sandbox-{}.log", std::process::id());
    let log = telemetry::aside(&environment, &std::env::temp_dir().join(name))?;
    if !listen.ip().is_loopback() {
        bail!(
            "the sandbox answers whoever asks, so --listen must be a loopback address, like 127.0.0.1:8080"
        );
    }
    let scenario = named(scenario)?;
    let listener = TcpListener::bind(listen).await.with_context(|| {
        format!(
            "could not listen on {listen}; is another sandbox there? Choose another with --listen 127.0.0.1:0"
        )
    })?;
    let url = format!("http://{}", listener.local_addr()?);
    // Without a bot of ours no port is held: the visitor's bot listens where the exports say.
    let bot_listener = match mode {
        Some(_) => Some(TcpListener::bind("127.0.0.1:0").await.context("could not listen for the bot")?),
        None => None,
    };
    let sandbox = Sandbox::new(scenario, Arc::new(jiff::Timestamp::now));
    {
        let mut workspace = sandbox.workspace();
        workspace.sandbox_url.clone_from(&url);
        if let Some(listener) = &bot_listener {
            workspace.bot_url = format!("http://{}", listener.local_addr()?);
        }
        workspace.socket_mode = mode == Some(config::Mode::Socket);
        if mode.is_none() {
            workspace.uninstall();
        }
    }
    let (mut config, idp_secrets) = config_for(&url, sandbox.scenario.idp);
    config.slack.email_field.clone_from(&sandbox.scenario.workspace.email_field);
    let aws = aws_for(&url).await;
    let company = axum::serve(listener, sandbox.router());
    if let Some(digests) = config.digest.schedule.clone() {
        let _set_once = sandbox.time.digests.set(Box::new(move |moment| digests.next_after(moment)));
    }
    print(&format!("Open {url}/\n"))?;
    // A hint only: where standard error is closed nobody misses it.
    let _ = write!(anstream::stderr(), "{}", beside(&sandbox, &url, mode.is_some()));
    let _ = write!(anstream::stderr(), "{}", logs(log.as_deref()));
    let stopped = stop_signal()?;
    let bots = async {
        let (Some(mode), Some(mut listener)) = (mode, bot_listener) else {
            return std::future::pending().await;
        };
        let mut anew = sandbox.anew.listen();
        let mut digest_wanted = sandbox.digest_wanted.listen();
        loop {
            let clock = sandbox.clock.clone();
            let circumstances = Circumstances::at(aws.clone(), &config, idp_secrets.clone(), clock)?;
            let slack = match mode {
                config::Mode::Http => SlackSecret::Signing(SIGNING_SECRET.into()),
                config::Mode::Socket => SlackSecret::AppToken(APP_TOKEN.into()),
            };
            let secrets = Secrets { slack_bot_token: BOT_TOKEN.into(), slack };
            // What the bot remembers goes with the company.
            let store = Store::in_memory().await?;
            let desk = serve::desk(&config, &secrets, &store, &circumstances)?;
            let bot =
                serve::run(config.clone(), secrets, store, circumstances, listener, std::future::pending());
            let mut bot = std::pin::pin!(bot);
            let forgotten = loop {
                tokio::select! {
                    served = &mut bot => return served,
                    Some(forgotten) = anew.recv() => break forgotten,
                    Some(posted) = digest_wanted.recv() => {
                        tokio::spawn(post_digest(desk.clone(), posted));
                    }
                }
            };
            listener = TcpListener::bind("127.0.0.1:0").await.context("could not listen for the bot")?;
            sandbox.workspace().bot_url = format!("http://{}", listener.local_addr()?);
            let _ = forgotten.send(());
        }
    };
    tokio::select! {
        served = async { company.await } => served.context("the simulated company's listener broke")?,
        served = bots => served?,
        () = stopped => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// What to do first: how the page greets; without a bot, how one is installed.
fn beside(sandbox: &Sandbox, url: &str, has_a_bot: bool) -> String {
    if !has_a_bot {
        return installing(url);
    }
    let Some((name, opening, asks)) = people::greeting(&sandbox.scenario, &sandbox.workspace()) else {
        return String::new();
    };
    format!(
        "\nYou are {name}. {opening}\n  \
         Ask why           /sso-why {asks}\n  \
         Be the help desk  questions that people hand over arrive there\n  \
         Be the admin      the digest and outages arrive there\n\n\
         For another terminal: curl -s {url}/sandbox/exports\n"
    )
}

/// What to paste into another terminal, a line for each thing.
fn installing(url: &str) -> String {
    let bot = terminal::listens_at("", url);
    let program = program();
    let post = format!("curl -s -H content-type:application/json {url}/sandbox/manifest -d");
    format!(
        "Nobody has installed the bot yet. Over Socket Mode:\n  \
         {post} @manifest/slack-app-socket.json\n\
         or over HTTP, to a bot on this machine:\n  \
         sed s,https://sso-why.example.com,http://{bot}, manifest/slack-app-http.json | {post} @-\n\
         Then, in the terminal where the bot is to run:\n  \
         eval \"$(curl -s {url}/sandbox/exports)\"\n  \
         curl -s {url}/sandbox/sso-why.toml > sandbox.toml\n  \
         {program} --config sandbox.toml doctor\n"
    )
}

/// How this program is called from here: after `cargo run` it is in no directory of the `PATH`.
fn program() -> String {
    let name = env!("CARGO_PKG_NAME");
    let (Ok(program), Ok(here)) = (std::env::current_exe(), std::env::current_dir()) else {
        return name.to_owned();
    };
    match program.strip_prefix(&here) {
        Ok(inside) if inside.starts_with("target") => inside.display().to_string(),
        _ => name.to_owned(),
    }
}

fn logs(file: Option<&Path>) -> String {
    file.map(|file| format!("Logs: {} (SSO_WHY_LOG=info shows them here)\n", file.display()))
        .unwrap_or_default()
}

/// What stands there already is not posted again.
async fn post_digest(desk: Arc<Desk>, posted: oneshot::Sender<()>) {
    if let Err(error) = desk.look_and_post_digest().await {
        tracing::warn!(%error, "the digest is not posted");
    }
    let _ = posted.send(());
}

fn named(name: &str) -> anyhow::Result<Scenario> {
    match Scenario::named(name) {
        Some(scenario) => scenario.map_err(|why| anyhow!("the scenario {name} cannot be used: {why}")),
        None => {
            let near = nearest(name, Scenario::names(), 1);
            let hint = near.first().map(|near| format!(" Did you mean {near}?")).unwrap_or_default();
            let all = Scenario::names().collect::<Vec<_>>().join(", ");
            Err(anyhow!("there is no scenario {name}.{hint} There is: {all}"))
        }
    }
}

fn config_for(url: &str, idp: Option<IdpKind>) -> (Config, IdpSecrets) {
    let mut config = Config::default();
    config.slack.api_url = format!("{url}/api");
    config.slack.helpdesk_channel = Some("C0HELPDESK".to_owned());
    config.slack.admin_channel = Some("C0ADMINS".to_owned());
    // The help desk of the company may try everything.
    config.actions.force_sync = true;
    let mut secrets = IdpSecrets::default();
    match idp {
        Some(IdpKind::Entra) => {
            config.entra = Some(config::Entra {
                tenant_id: None,
                client_id: None,
                credential: EntraCredentialKind::default(),
                service_principal_id: None,
                graph_url: format!("{url}/v1.0"),
            });
            secrets.entra = Some(EntraCredential::AccessToken(GRAPH_TOKEN.into()));
        }
        Some(IdpKind::Okta) => {
            config.okta = Some(config::Okta { org_url: url.to_owned(), client_id: None, app_id: None });
            secrets.okta = Some(OktaCredential::ApiToken(OKTA_TOKEN.into()));
        }
        None => {}
    }
    (config, secrets)
}

async fn aws_for(url: &str) -> aws_config::SdkConfig {
    let credentials = Credentials::new("sandbox", "sandbox", None, None, "sandbox");
    aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .endpoint_url(url)
        // A person's own AWS settings must not reach the simulated company: it has none of these endpoints.
        .use_fips(false)
        .use_dual_stack(false)
        .credentials_provider(credentials)
        .load()
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(has_a_bot: bool) -> String {
        let sandbox = Sandbox::new(Scenario::named("okta").unwrap().unwrap(), Arc::new(jiff::Timestamp::now));
        sandbox.workspace().sandbox_url = "http://127.0.0.1:8080".to_owned();
        sandbox.workspace().bot_url = "http://127.0.0.1:40001".to_owned();
        sandbox.workspace().socket_mode = true;
        beside(&sandbox, "http://127.0.0.1:8080", has_a_bot)
    }

    #[test]
    fn the_terminal_greets_as_the_page_does() {
        insta::assert_snapshot!(told(true), @"

        You are Dana. Your manager says you have Payments-Prod. You can't see it.
          Ask why           /sso-why Payments-Prod
          Be the help desk  questions that people hand over arrive there
          Be the admin      the digest and outages arrive there

        For another terminal: curl -s http://127.0.0.1:8080/sandbox/exports
        ");
    }

    #[test]
    fn somebody_with_a_bot_of_their_own_reads_how_to_install_it_in_either_mode() {
        let told = told(false).replace(&program(), "sso-why");
        insta::assert_snapshot!(told, @r#"
        Nobody has installed the bot yet. Over Socket Mode:
          curl -s -H content-type:application/json http://127.0.0.1:8080/sandbox/manifest -d @manifest/slack-app-socket.json
        or over HTTP, to a bot on this machine:
          sed s,https://sso-why.example.com,http://127.0.0.1:8081, manifest/slack-app-http.json | curl -s -H content-type:application/json http://127.0.0.1:8080/sandbox/manifest -d @-
        Then, in the terminal where the bot is to run:
          eval "$(curl -s http://127.0.0.1:8080/sandbox/exports)"
          curl -s http://127.0.0.1:8080/sandbox/sso-why.toml > sandbox.toml
          sso-why --config sandbox.toml doctor
        "#);
    }
}
