//! `sso-why digest`: the digest of duplicate groups in a terminal, and on demand in Slack.

use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use jiff::tz::TimeZone;

use super::{Format, aws, print};
use crate::config::{Config, IdpSecrets, environment};
use crate::desk::digest::survey::Survey;
use crate::serve::{Circumstances, gather};
use crate::sources::counting_calls;
use crate::store::Store;
use crate::telemetry;
use crate::words::{json_v1, terminal};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Post it to the admin channel as well, unless today's digest stands there already.
    #[arg(long)]
    post: bool,
}

pub(super) async fn run(config: Option<&Path>, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    telemetry::quiet(&environment)?;
    let config = Config::load(config, &environment)?;
    let idp_secrets = IdpSecrets::load(&config, &environment)?;
    let sdk = aws::configured(&config.aws).await?;
    let region = sdk.region().map(ToString::to_string).unwrap_or_default();
    let gather = gather(&config, &Circumstances::real(sdk, &config, idp_secrets)?);
    let store = Store::open_beside(&config.store.url.0.as_str().into()).await?;
    let started = Instant::now();
    let (survey, calls) = counting_calls(async {
        super::check::there_is_an_instance(&gather, &region).await?;
        anyhow::Ok(Survey::taken(&gather, store.as_ref(), false).await?)
    })
    .await;
    let survey = survey?;
    let standing = survey.standing(gather.now());
    let telling = terminal::digest::Telling {
        zone: TimeZone::system(),
        calls,
        took: started.elapsed(),
        colour: std::io::stdout().is_terminal(),
    };
    print(&match arguments.format {
        Format::Text => terminal::digest::digest(&standing, &telling),
        Format::Json => format!("{:#}\n", json_v1::digest::digest(&standing)),
    })?;
    Ok(ExitCode::SUCCESS)
}
