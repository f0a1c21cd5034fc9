//! `sso-why check`: the diagnosis in a terminal.

use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{anyhow, bail};
use clap::Args;
use jiff::tz::TimeZone;
use tracing::Instrument as _;

use super::{Format, aws, print};
use crate::config::{Config, IdpSecrets, environment};
use crate::desk::digest::names::former_names_at;
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
    telemetry::quiet(&environment)?;
    let question = question(arguments)?;
    let config = Config::load(config, &environment)?;
    let idp_secrets = IdpSecrets::load(&config, &environment)?;
    let sdk = aws::configured(&config.aws).await?;
    let region = sdk.region().map(ToString::to_string).unwrap_or_default();
    let memory = former_names_at(config.store.url.0.as_str().into());
    let gather = gather(&config, &Circumstances::real(sdk, &config, idp_secrets)?).with_former_names(memory);
    let freshness = if arguments.live { Freshness::Live } else { Freshness::Remembered };
    let started = Instant::now();
    let reference = telemetry::new_reference();
    let asked = counting_calls(async {
        there_is_an_instance(&gather, &region).await?;
        anyhow::Ok(gather.facts(question, freshness).await)
    });
    let span = telemetry::question_span(&reference);
    let (facts, calls) = asked.instrument(span.clone()).await;
    let diagnosis = diagnose(&facts?);
    let took = started.elapsed();
    let _within = span.enter();
    tracing::info!(
        reference,
        verdict = json_v1::verdict(diagnosis.verdict),
        cause = diagnosis.cause().map_or("none", |cause| cause.name()),
        step = diagnosis.failing_step().name(),
        calls,
        gaps = diagnosis.gaps.len(),
        took_ms = milliseconds(took),
        live = arguments.live,
        "answered"
    );
    let colour = std::io::stdout().is_terminal();
    let telling = terminal::Telling { zone: TimeZone::system(), calls, took, colour };
    print(&match arguments.format {
        Format::Text => terminal::report(&diagnosis, &telling) + &terminal::reference(&reference),
        Format::Json => format!("{:#}\n", json_v1::report_of(&diagnosis, &reference)),
    })?;
    Ok(ExitCode::from(match diagnosis.verdict {
        Verdict::Access => 0,
        Verdict::Blocked => 10,
        Verdict::Undetermined => 20,
    }))
}

fn milliseconds(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

fn question(arguments: &Arguments) -> anyhow::Result<Question> {
    let typed = [
        ("USER", Some(unquoted(&arguments.user))),
        ("ACCOUNT", Some(unquoted(&arguments.account))),
        ("--permission-set", arguments.permission_set.as_deref().map(unquoted)),
    ];
    for (name, value) in typed {
        match value {
            Some(value) if value.is_empty() => bail!("{name} is empty; give a name"),
            Some(value) if value.chars().count() > LONGEST => {
                bail!("{name} is longer than {LONGEST} characters, which no name is; give just the name")
            }
            _ => {}
        }
    }
    Ok(Question {
        subject: unquoted(&arguments.user),
        subject_name: None,
        further_address: None,
        profile_unread: None,
        account: unquoted(&arguments.account),
        permission_set: arguments.permission_set.as_deref().map(unquoted),
    })
}

/// Without the quotation marks that a chat or a document put around it, which no shell takes off.
fn unquoted(typed: &str) -> String {
    const PAIRS: [(char, char); 5] = [
        ('"', '"'),
        ('\'', '\''),
        ('\u{201c}', '\u{201d}'),
        ('\u{201e}', '\u{201c}'),
        ('\u{2018}', '\u{2019}'),
    ];
    let typed = typed.trim();
    let inside = |(open, close): (char, char)| typed.strip_prefix(open)?.strip_suffix(close);
    PAIRS.into_iter().find_map(inside).unwrap_or(typed).trim().to_owned()
}

/// A wrong Region answers with an empty list; a wrong endpoint does not answer. Both are the caller's to
/// mend, and no finding about anybody's access.
pub(super) async fn there_is_an_instance(gather: &Gather, region: &str) -> anyhow::Result<()> {
    match gather.instance().await {
        Fact::Known(known) if known.value.is_none() => Err(anyhow!(
            "there is no IAM Identity Center instance in {region}; set [aws] region or AWS_REGION to the Region where it was enabled"
        )),
        Fact::Gap(gap) if gap.detail == crate::sources::NO_CONNECTION => Err(anyhow!(
            "AWS could not be reached ({}); check the network, AWS_ENDPOINT_URL and the Region {region}",
            gap.operation
        )),
        Fact::Known(_) | Fact::Gap(_) | Fact::NotAsked => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use aws_config::{BehaviorVersion, Region};
    use aws_sdk_ssoadmin::config::Credentials;

    use super::*;
    use crate::gather::ConfiguredInstance;
    use crate::sources::{Limits, Patience};

    fn asked(user: &str, account: &str) -> Arguments {
        let (user, account) = (user.to_owned(), account.to_owned());
        Arguments { user, account, permission_set: None, format: Format::Text, live: false }
    }

    #[test]
    fn quotation_marks_from_a_chat_belong_to_no_name() {
        for typed in ["\"Data Lake\"", "\u{201c}Data Lake\u{201d}", "'Data Lake'", " Data Lake "] {
            assert_eq!(question(&asked("dana", typed)).expect("is a name").account, "Data Lake", "{typed}");
        }
        for typed in ["\"", "Dana's"] {
            assert_eq!(question(&asked("dana", typed)).expect("is a name").account, typed);
        }
    }

    #[test]
    fn what_can_be_no_name_is_refused_before_anybody_is_asked() {
        let refusal = |arguments: &Arguments| question(arguments).expect_err("is no name").to_string();
        assert_eq!(refusal(&asked(" ", "Payments-Prod")), "USER is empty; give a name");
        assert_eq!(refusal(&asked("dana", "")), "ACCOUNT is empty; give a name");
        assert!(
            refusal(&asked("dana", &"🚀".repeat(1_001)))
                .starts_with("ACCOUNT is longer than 1000 characters")
        );
        assert_eq!(refusal(&asked("dana", "“”")), "ACCOUNT is empty; give a name");
        assert_eq!(question(&asked(" dana ", &"🚀".repeat(1_000))).expect("is a name").subject, "dana");
    }

    #[tokio::test]
    async fn an_endpoint_that_nothing_answers_is_the_callers_to_mend() {
        let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", closed.local_addr().expect("an address"));
        drop(closed);
        let sdk = aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(url)
            .credentials_provider(Credentials::new("AKIDEXAMPLE", "example", None, None, "test"))
            .load()
            .await;
        let once = Patience { attempts: 1, ..Patience::default() };
        let clock = Arc::new(|| jiff::Timestamp::UNIX_EPOCH);
        let (instance, limits) = (ConfiguredInstance::default(), Limits::default());
        let gather = Gather::new(&sdk, instance, None, once, limits, Duration::from_secs(45), clock);

        let refusal =
            there_is_an_instance(&gather, "us-east-1").await.expect_err("nobody listens").to_string();
        assert!(refusal.starts_with("AWS could not be reached (sso:ListInstances)"), "{refusal}");
    }
}
