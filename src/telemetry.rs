//! Logs: to standard error, filtered by `SSO_WHY_LOG`, without anything secret at any level.

use std::io::IsTerminal as _;

use anyhow::anyhow;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::{EnvFilter, FilterExt as _, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt as _};
use tracing_subscriber::registry::Registry;
use tracing_subscriber::util::SubscriberInitExt as _;

/// The variable that filters, in the syntax of tracing's `EnvFilter` (`info`, `sso_why=debug`).
const VARIABLE: &str = "SSO_WHY_LOG";

/// Libraries that are never heard below `warn`, whatever the variable says: the Slack client logs whole
/// frames there, the SDK and the HTTP layers whole requests, and those hold tokens and people's names.
const CAPPED: [&str; 9] = [
    "slack_morphism",
    "tungstenite",
    "tokio_tungstenite",
    "aws_",
    "azure_",
    "typespec",
    "reqwest",
    "hyper",
    "h2",
];

/// Logs of a service: at `info` unless told otherwise, as JSON unless a person watches.
///
/// # Errors
/// Where the variable holds no filter.
pub fn told(environment: &dyn Fn(&str) -> Option<String>) -> anyhow::Result<()> {
    install(environment, "info")
}

/// Logs of a command that has a result of its own: none unless asked for.
///
/// # Errors
/// Where the variable holds no filter.
pub fn quiet(environment: &dyn Fn(&str) -> Option<String>) -> anyhow::Result<()> {
    install(environment, "off")
}

fn install(environment: &dyn Fn(&str) -> Option<String>, otherwise: &str) -> anyhow::Result<()> {
    let filter = wanted(environment, otherwise)?.and(filter_fn(is_fit_to_be_logged));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines: Box<dyn Layer<Registry> + Send + Sync> =
        if std::io::stderr().is_terminal() { lines.boxed() } else { lines.json().boxed() };
    // A second installation in one process (a test's) keeps the first.
    let _first_wins = tracing_subscriber::registry().with(lines.with_filter(filter)).try_init();
    Ok(())
}

fn wanted(environment: &dyn Fn(&str) -> Option<String>, otherwise: &str) -> anyhow::Result<EnvFilter> {
    let wanted = environment(VARIABLE).unwrap_or_else(|| otherwise.to_owned());
    EnvFilter::try_new(wanted)
        .map_err(|_| anyhow!("{VARIABLE} holds no log filter; set one like info or sso_why=debug"))
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
}
