//! Logs: to standard error, filtered by `SSO_WHY_LOG`, without anything secret at any level. Every question has a
//! reference, which stands in its log lines, its report and its trace. With the feature `otel`, `otel` sends traces.

#[cfg(feature = "otel")]
mod otel;

use std::fs::File;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{anyhow, bail};
use rand::seq::IndexedRandom as _;
use tracing::{Level, Metadata, Span};
use tracing_subscriber::filter::{EnvFilter, FilterExt as _, LevelFilter, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer, SubscriberExt as _};
use tracing_subscriber::registry::Registry;
use tracing_subscriber::util::SubscriberInitExt as _;

/// The variable that filters, in the syntax of tracing's `EnvFilter` (`info`, `sso_why=debug`).
const VARIABLE: &str = "SSO_WHY_LOG";

/// The variable that chooses between `json` and `pretty`.
const FORMAT: &str = "SSO_WHY_LOG_FORMAT";

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LogFormat {
    /// One JSON object a line, for whatever collects logs.
    Json,
    /// For a person who watches.
    Pretty,
}

/// Libraries that are never heard below `warn`, whatever the variable says: the Slack client logs whole
/// frames there, the SDK and the HTTP layers whole requests, and those hold tokens and people's names.
const CAPPED: [&str; 10] = [
    "slack_morphism",
    "tungstenite",
    "tokio_tungstenite",
    "aws_",
    "azure_",
    "typespec",
    "reqwest",
    "hyper",
    "h2",
    "opentelemetry",
];

/// Logs of a service: at `info` unless told otherwise, as JSON unless a person watches.
///
/// # Errors
/// Where a variable holds no filter or no format.
pub fn told(environment: &dyn Fn(&str) -> Option<String>) -> anyhow::Result<()> {
    install(environment, "info")
}

/// Logs of a command that has a result of its own: none unless asked for.
///
/// # Errors
/// Where a variable holds no filter or no format.
pub fn quiet(environment: &dyn Fn(&str) -> Option<String>) -> anyhow::Result<()> {
    install(environment, "off")
}

/// Logs of a service that somebody tries in a terminal: to standard error if `SSO_WHY_LOG` asks for them, else at `info`
/// into a new file. Returns the file.
///
/// # Errors
/// If a variable holds no filter or no format.
pub fn aside(environment: &dyn Fn(&str) -> Option<String>, file: &Path) -> anyhow::Result<Option<PathBuf>> {
    if environment(VARIABLE).is_some() {
        return told(environment).map(|()| None);
    }
    // A file that is there already is somebody else's.
    match File::options().write(true).create_new(true).open(file) {
        Ok(opened) => {
            install_to(environment, "info", Arc::new(opened), false)?;
            Ok(Some(file.to_owned()))
        }
        Err(_) => quiet(environment).map(|()| None),
    }
}

/// A new reference of a question, which can be read out loud: no 0 and O, no 1 and I.
pub fn new_reference() -> String {
    const LETTERS: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    // Five of 32: a million questions collide about as rarely as two people quote one on the same day.
    const LENGTH: usize = 5;
    let mut random = rand::rng();
    (0..LENGTH).filter_map(|_| LETTERS.choose(&mut random)).map(|letter| char::from(*letter)).collect()
}

/// What everything that is logged while a question is worked on stands in.
pub fn question_span(reference: &str) -> Span {
    tracing::info_span!("question", reference)
}

fn install(environment: &dyn Fn(&str) -> Option<String>, otherwise: &str) -> anyhow::Result<()> {
    install_to(environment, otherwise, std::io::stderr, std::io::stderr().is_terminal())
}

fn install_to(
    environment: &dyn Fn(&str) -> Option<String>,
    otherwise: &str,
    writer: impl for<'w> MakeWriter<'w> + Send + Sync + 'static,
    is_watched: bool,
) -> anyhow::Result<()> {
    let filter = wanted(environment, otherwise)?.and(filter_fn(is_fit_to_be_logged));
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match format(environment, is_watched)? {
        LogFormat::Pretty => lines.with_ansi(is_watched).boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    let layers = vec![lines.with_filter(filter).boxed()];
    #[cfg(feature = "otel")]
    let layers = {
        let mut layers = layers;
        layers.extend(otel::traces(environment)?);
        layers
    };
    // A second installation in one process (a test's) keeps the first.
    let _first_wins = tracing_subscriber::registry().with(layers).try_init();
    Ok(())
}

/// To be called last: what is still to be sent is sent.
pub fn finish() {
    #[cfg(feature = "otel")]
    otel::finish();
}

fn wanted(environment: &dyn Fn(&str) -> Option<String>, otherwise: &str) -> anyhow::Result<EnvFilter> {
    let wanted = environment(VARIABLE).unwrap_or_else(|| otherwise.to_owned());
    if let Some(unheard) = wanted.split(',').map(str::trim).find(|directive| is_mistaken(directive)) {
        bail!(
            "{VARIABLE} has {unheard}, which is no level and nothing of ours; set off, error, warn, info, debug or \
             trace, or a target with a level, like sso_why=debug"
        );
    }
    EnvFilter::try_new(wanted)
        .map_err(|_| anyhow!("{VARIABLE} holds no log filter; set one like info or sso_why=debug"))
}

/// A word alone is a level or, to `EnvFilter`, a target that is heard in full while all else is switched off: so whoever
/// mistypes a level would have no log. Nor is any target written with a hyphen, as the program's name is.
fn is_mistaken(directive: &str) -> bool {
    let target = directive.split(['=', '[']).next().unwrap_or_default();
    let is_alone = target == directive && !directive.is_empty();
    let is_ours = target == "sso_why" || target.starts_with("sso_why::");
    target.contains('-') || (is_alone && !is_ours && directive.parse::<LevelFilter>().is_err())
}

fn format(environment: &dyn Fn(&str) -> Option<String>, is_watched: bool) -> anyhow::Result<LogFormat> {
    match environment(FORMAT).as_deref() {
        Some("json") => Ok(LogFormat::Json),
        Some("pretty") => Ok(LogFormat::Pretty),
        Some(_) => bail!("{FORMAT} is neither json nor pretty; set one of them"),
        None if is_watched => Ok(LogFormat::Pretty),
        None => Ok(LogFormat::Json),
    }
}

fn is_fit_to_be_logged(metadata: &Metadata) -> bool {
    is_fit(metadata.target(), *metadata.level())
}

fn is_fit(target: &str, level: Level) -> bool {
    level <= Level::WARN || !CAPPED.iter().any(|library| target.starts_with(library))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_that_log_bodies_are_heard_from_warnings_on() {
        for (target, level, fit) in [
            ("sso_why::gather", Level::TRACE, true),
            ("slack_morphism::hyper_tokio::connector", Level::INFO, false),
            ("slack_morphism::hyper_tokio::connector", Level::WARN, true),
            ("aws_sdk_identitystore::operation", Level::DEBUG, false),
            ("aws_config::default_provider", Level::ERROR, true),
            ("hyper_util::client", Level::TRACE, false),
            ("tungstenite::protocol", Level::TRACE, false),
        ] {
            assert_eq!(is_fit(target, level), fit, "{target} at {level}");
        }
    }

    #[test]
    fn the_variable_decides_and_must_be_a_filter() {
        assert_eq!(wanted(&|_| None, "info").expect("a filter").to_string(), "info");
        let set = |value: &'static str| move |name: &str| (name == VARIABLE).then(|| value.to_owned());
        assert_eq!(wanted(&set("sso_why=debug"), "off").expect("a filter").to_string(), "sso_why=debug");
        assert!(wanted(&set("sso_why=loud"), "off").is_err());
    }

    #[test]
    fn a_word_that_is_no_level_is_refused_and_does_not_switch_the_log_off() {
        let told = |value: &str| {
            let refused = wanted(&|name| (name == VARIABLE).then(|| value.to_owned()), "info").err();
            refused.map(|error| error.to_string())
        };
        for fine in [
            "INFO",
            "off",
            "sso_why",
            "sso_why::desk",
            "warn,sso_why=debug",
            "sqlx=off, info",
            "sso_why[question]=trace",
        ] {
            assert_eq!(told(fine), None, "{fine}");
        }
        for mistaken in ["loud", "verbose,sso_why=info", "sqlx", "sso-why=debug", "sso_whynot"] {
            let refused = told(mistaken).expect(mistaken);
            assert!(
                refused.starts_with("SSO_WHY_LOG has ") && refused.contains("; set off, error"),
                "{refused}"
            );
        }
        assert_eq!(
            told("loud").as_deref(),
            Some(
                "SSO_WHY_LOG has loud, which is no level and nothing of ours; set off, error, warn, info, debug or trace, or a target with a level, like sso_why=debug"
            )
        );
    }

    #[test]
    fn lines_are_json_unless_a_person_watches_or_the_variable_says_otherwise() {
        let set = |value: &'static str| move |name: &str| (name == FORMAT).then(|| value.to_owned());
        assert_eq!(format(&|_| None, false).expect("a format"), LogFormat::Json);
        assert_eq!(format(&|_| None, true).expect("a format"), LogFormat::Pretty);
        assert_eq!(format(&set("pretty"), false).expect("a format"), LogFormat::Pretty);
        assert_eq!(format(&set("json"), true).expect("a format"), LogFormat::Json);
        let refusal = format(&set("xml"), true).expect_err("is no format").to_string();
        assert_eq!(refusal, "SSO_WHY_LOG_FORMAT is neither json nor pretty; set one of them");
    }

    #[test]
    fn a_reference_can_be_read_out_loud() {
        let reference = new_reference();
        assert_eq!(reference.len(), 5, "{reference}");
        assert!(!reference.contains(['0', 'O', '1', 'I']), "{reference}");
    }
}
