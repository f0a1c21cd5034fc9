//! `sso-why digest`: the digest of duplicate groups in a terminal, and on demand in Slack.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::bail;
use clap::Args;
use jiff::tz::TimeZone;

use super::{Format, aws, print};
use crate::config::{Config, IdpSecrets, Secrets, environment};
use crate::desk::digest::NotPosted;
use crate::desk::digest::survey::Survey;
use crate::serve::{self, Circumstances, gather};
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
    let secrets = if arguments.post { Some(secrets(&config)?) } else { None };
    let sdk = aws::configured(&config.aws).await?;
    let region = sdk.region().map(ToString::to_string).unwrap_or_default();
    let circumstances = Circumstances::real(sdk, &config, idp_secrets)?;
    let gather = gather(&config, &circumstances);
    let url = config.store.url.0.as_str().into();
    let store = match arguments.post {
        true => {
            let made = Store::file(&url).filter(|file| !file.exists());
            let store = Store::open_or_make_beside(&url).await?;
            if let Some(file) = made {
                // Where standard error is closed there is nobody to tell.
                let told = terminal::digest::made_a_store(&file.display().to_string());
                let _ = writeln!(anstream::stderr(), "sso-why: {told}");
            }
            Some(store)
        }
        false => Store::open_beside(&url).await?,
    };
    let started = Instant::now();
    let (survey, calls) = counting_calls(async {
        super::check::there_is_an_instance(&gather, &region).await?;
        anyhow::Ok(Survey::taken(&gather, store.as_ref(), arguments.post).await?)
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
    if let (Some(secrets), Some(store)) = (secrets, store) {
        let desk = serve::desk(&config, &secrets, &store, &circumstances)?;
        match desk.post_digest_now(&survey).await {
            // Whatever runs it may run it twice, and the digest stands in the channel either way.
            Err(already @ NotPosted::Already) => {
                let _ = writeln!(anstream::stderr(), "sso-why: {already}");
            }
            posted => posted?,
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn secrets(config: &Config) -> anyhow::Result<Secrets> {
    if config.slack.admin_channel.is_none() {
        bail!("--post needs a channel to post to; set [slack] admin_channel");
    }
    Ok(Secrets::load(config.server.mode, &environment)?)
}
