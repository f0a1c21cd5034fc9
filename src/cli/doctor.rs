//! `sso-why doctor`: whether the installation has all that the bot needs. Exit status 1 where something failed.

use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use aws_config::SdkConfig;
use clap::Args;

use super::{Format, aws, print};
use crate::checkup::Checkup;
use crate::config::{self, Config, IdpSecrets, Mode, Secrets, SlackSecret, environment};
use crate::doctor::{Installation, examine, without_configuration};
use crate::serve;
use crate::sources::{Limits, Patience};
use crate::telemetry;
use crate::words::{json_v1, terminal};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(super) async fn run(config: Option<&Path>, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    telemetry::quiet(&environment)?;
    let checkup = checkup(config).await;
    print(&match arguments.format {
        Format::Text => terminal::doctor::checkup(&checkup, std::io::stdout().is_terminal()),
        Format::Json => format!("{:#}\n", json_v1::doctor::checkup(&checkup)),
    })?;
    Ok(if checkup.is_well() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

async fn checkup(named: Option<&Path>) -> Checkup {
    let file = config::read_from(named, &environment);
    match Config::load(named, &environment) {
        Ok(config) => match aws::loaded(&config.aws).await {
            Ok(aws) => examine(&installation(config, file, aws)).await,
            Err(error) => without_configuration(error.to_string(), file),
        },
        Err(error) => without_configuration(error.to_string(), file),
    }
}

fn installation(config: Config, config_file: Option<String>, aws: SdkConfig) -> Installation {
    let clock = Arc::new(jiff::Timestamp::now) as serve::Clock;
    let (patience, limits) = (Patience::default(), Limits::default());
    let mut wrong = Vec::new();
    let secrets =
        Secrets::load(config.server.mode, &environment).map_err(|error| wrong.push(error.to_string())).ok();
    let idp_secrets = IdpSecrets::load(&config, &environment);
    let idp = match idp_secrets.map_err(|error| wrong.push(error.to_string())) {
        Ok(secrets) => serve::connected_idp(&config, secrets, patience, limits, clock.clone())
            .map_err(|error| format!("{error:#}"))
            .transpose(),
        Err(()) => None,
    };
    wrong.extend(aws::wrong_region(&aws));
    let (slack_bot_token, slack) = secrets.map(|secrets| (secrets.slack_bot_token, secrets.slack)).unzip();
    // Whatever is wrong with the other secret, Slack is asked about this one.
    let slack_bot_token = slack_bot_token.or_else(|| Secrets::bot_token(&environment));
    let slack_app_token = match config.server.mode {
        Mode::Socket => slack.and_then(SlackSecret::app_token),
        // Not used, and still it tells something.
        Mode::Http => Secrets::app_token(&environment),
    };
    Installation {
        config,
        config_file,
        wrong,
        slack_bot_token,
        slack_app_token,
        aws,
        idp,
        clock,
        patience,
        limits,
    }
}
