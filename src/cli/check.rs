//! `sso-why check`: the diagnosis in a terminal.

use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{anyhow, bail};
use clap::Args;
use jiff::tz::TimeZone;

use super::{Format, aws, print};
use crate::config::{Config, environment};
use crate::diagnosis::facts::Fact;
use crate::diagnosis::question::Question;
use crate::diagnosis::{Verdict, diagnose};
use crate::gather::{Freshness, Gather};
use crate::serve::{Circumstances, gather};
use crate::sources::counting_calls;
use crate::telemetry;
use crate::words::{json_v1, terminal};

/// Characters of a name at most: above every limit that AWS has for a user name, an account or a set.
const LONGEST: usize = 1_000;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// E-mail address or directory user name.
    user: String,
    /// Name or 12-digit number.
    account: String,
    /// The permission set that is missed.
    #[arg(long, value_name = "NAME")]
    permission_set: Option<String>,
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Ask everything anew instead of using what is remembered.
    #[arg(long)]
    live: bool,
}

pub(super) async fn run(config: Option<&Path>, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    telemetry::quiet(&environment);
    let question = question(arguments)?;
    let config = Config::load(config, &environment)?;
    let sdk = aws::configured(&config.aws).await?;
    let region = sdk.region().map(ToString::to_string).unwrap_or_default();
    let gather = gather(&config, &Circumstances::real(sdk));
    let freshness = if arguments.live { Freshness::Live } else { Freshness::Remembered };
    let started = Instant::now();
    let (facts, calls) = counting_calls(async {
        there_is_an_instance(&gather, &region).await?;
        anyhow::Ok(gather.facts(question, freshness).await)
    })
    .await;
    let diagnosis = diagnose(&facts?);
    let telling = terminal::Telling {
        zone: TimeZone::system(),
        calls,
        took: started.elapsed(),
        colour: std::io::stdout().is_terminal(),
    };
    print(&match arguments.format {
        Format::Text => terminal::report(&diagnosis, &telling),
        Format::Json => format!("{:#}\n", json_v1::report(&diagnosis)),
    })?;
    Ok(ExitCode::from(match diagnosis.verdict {
        Verdict::Access => 0,
        Verdict::Blocked => 10,
        Verdict::Undetermined => 20,
    }))
}

fn question(arguments: &Arguments) -> anyhow::Result<Question> {
    let typed = [
        ("USER", Some(&arguments.user)),
        ("ACCOUNT", Some(&arguments.account)),
        ("--permission-set", arguments.permission_set.as_ref()),
    ];
    for (name, value) in typed {
        match value {
            Some(value) if value.trim().is_empty() => bail!("{name} is empty; give a name"),
            Some(value) if value.chars().count() > LONGEST => {
                bail!("{name} is longer than {LONGEST} characters, which no name is; give just the name")
            }
            _ => {}
        }
    }
    Ok(Question {
        subject: arguments.user.trim().to_owned(),
        subject_name: None,
        account: arguments.account.trim().to_owned(),
        permission_set: arguments.permission_set.as_ref().map(|name| name.trim().to_owned()),
    })
}

/// A wrong Region answers with an empty list; a wrong endpoint does not answer. Both are the caller's to
/// mend, and no finding about anybody's access.
async fn there_is_an_instance(gather: &Gather, region: &str) -> anyhow::Result<()> {
    match gather.instance().await {
        Fact::Known(known) if known.value.is_none() => Err(anyhow!(
            "there is no IAM Identity Center instance in {region}; set [aws] region or AWS_REGION to the Region where it was enabled"
        )),
        Fact::Gap(gap) if gap.detail == crate::sources::NO_CONNECTION => {
            Err(anyhow!("AWS could not be reached ({}); check the network, AWS_ENDPOINT_URL and the Region {region}", gap.operation))
        }
        Fact::Known(_) | Fact::Gap(_) | Fact::NotAsked => Ok(()),
    }
}
