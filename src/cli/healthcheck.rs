//! `sso-why healthcheck`: whether the bot beside it lives. An image without a shell has nothing else to ask with.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, ensure};

use super::print;
use crate::config::{Config, environment};

/// Whoever runs health checks cuts them off after 5 s as a rule: below that, the reason is still told.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) async fn run(config: Option<&Path>) -> anyhow::Result<ExitCode> {
    let config = Config::load(config, &environment)?;
    let url = format!("http://{}/healthz", config.server.reached_at());
    // A proxy leads out of the container, and the bot is inside.
    let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?;
    let answer = client.get(&url).send().await.map_err(reqwest::Error::without_url);
    let answer = answer.with_context(|| {
        format!(
            "nothing answers at {url}; is the bot running, with the same [server] listen or SSO_WHY_LISTEN?"
        )
    })?;
    let status = answer.status();
    ensure!(status.is_success(), "{url} answered {status}; is something else listening there?");
    print("the bot lives\n")?;
    Ok(ExitCode::SUCCESS)
}
