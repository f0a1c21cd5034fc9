//! `sso-why serve`: the bot, until it is told to stop.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::task::AbortOnDropHandle;

use super::aws;
use crate::config::{Config, IdpSecrets, Secrets, environment};
use crate::serve::{self, Circumstances};
use crate::slack::client::SlackClient;
use crate::store::Store;
use crate::telemetry;

pub(super) async fn run(config: Option<&Path>) -> anyhow::Result<ExitCode> {
    telemetry::told(&environment)?;
    let config = Config::load(config, &environment)?;
    let secrets = Secrets::load(config.server.mode, &environment)?;
    let idp_secrets = IdpSecrets::load(&config, &environment)?;
    let sdk = aws::configured(&config.aws).await?;
    let circumstances = Circumstances::real(sdk, &config, idp_secrets)?;
    let listen = config.server.listen;
    let listener = TcpListener::bind(listen).await.with_context(|| {
        format!(
            "could not listen on {listen}; is something else there? Set [server] listen or SSO_WHY_LISTEN"
        )
    })?;
    tracing::info!("listening on http://{}", listener.local_addr()?);
    let url = config.store.url.0.as_str().into();
    match Store::file(&url) {
        Some(file) => tracing::info!("the store is {}", file.display()),
        None => tracing::info!("the store is a PostgreSQL"),
    }
    let store = Store::open(&url).await?;
    let _asked = AbortOnDropHandle::new(tokio::spawn(is_slacks(
        SlackClient::new(&config.slack.api_url, secrets.slack_bot_token.clone())
            .context("no client of Slack")?,
    )));
    serve::run(config, secrets, store, circumstances, listener, stop_signal()?).await?;
    Ok(ExitCode::SUCCESS)
}

/// Says at once what `/readyz` would say later: where nobody asks that, nobody would hear that the token is not taken.
async fn is_slacks(slack: SlackClient) {
    match slack.auth_test().await {
        Ok(_) => tracing::info!("Slack takes the bot's token"),
        Err(error) if error.passes() => tracing::warn!(%error, "Slack cannot be reached yet"),
        Err(error) => tracing::error!(
            %error,
            "Slack does not take SLACK_BOT_TOKEN; set it to the app's \"Bot User OAuth Token\", and see `sso-why doctor`"
        ),
    }
}

/// Ends at SIGTERM, as an orchestrator stops a process, and at Ctrl-C.
///
/// # Errors
/// Where the handlers cannot be installed.
pub(super) fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
