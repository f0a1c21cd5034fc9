//! Logs: to standard error, filtered by `SSO_WHY_LOG`, without anything secret at any level.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// The variable that filters, in the syntax of tracing's `EnvFilter` (`info`, `sso_why=debug`).
const VARIABLE: &str = "SSO_WHY_LOG";

/// The Slack client logs whole frames and the SDK whole requests below these levels.
const CAPPED: [&str; 7] = [
    "slack_morphism=warn",
    "aws_config=warn",
    "aws_smithy_runtime=warn",
    "aws_smithy_runtime_api=warn",
    "aws_sdk_ssoadmin=warn",
    "hyper_util=warn",
    "h2=warn",
];

/// Logs of a service: at `info` unless told otherwise, as JSON unless a person watches.
pub fn told(environment: &dyn Fn(&str) -> Option<String>) {
    install(&environment(VARIABLE).unwrap_or_else(|| "info".to_owned()));
}

/// Logs of a command that has a result of its own: none unless asked for.
pub fn quiet(environment: &dyn Fn(&str) -> Option<String>) {
    install(&environment(VARIABLE).unwrap_or_else(|| "off".to_owned()));
}

fn install(wanted: &str) {
    let mut filter = EnvFilter::new(wanted);
    for capped in CAPPED {
        if let Ok(directive) = capped.parse() {
            filter = filter.add_directive(directive);
        }
    }
    if wanted == "off" {
        filter = EnvFilter::new("off");
    }
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second installation in one process (a test's) keeps the first.
    let _first_wins = if std::io::stderr().is_terminal() { logs.try_init() } else { logs.json().try_init() };
}
