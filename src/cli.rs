//! The command line: one binary, its roles as subcommands.

mod aws;
mod check;
mod digest;
mod doctor;
mod explain;
mod healthcheck;
mod sandbox;
mod serve;

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::{config, telemetry};

/// Explains why somebody does not see an AWS account in the IAM Identity Center access portal.
#[derive(Debug, Parser)]
#[command(name = "sso-why", version)]
struct Cli {
    /// The configuration file; else SSO_WHY_CONFIG, or its text in SSO_WHY_CONFIG_TOML, else ./sso-why.toml where it exists.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The whole product against a simulated company, with a chat page: nothing to set up.
    Sandbox {
        /// Where the chat page and the simulated services listen.
        #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
        listen: SocketAddr,
        /// The company to simulate.
        #[arg(long, default_value = "company", value_name = "NAME")]
        scenario: String,
        /// How the simulated Slack reaches the bot.
        #[arg(long, value_enum, default_value = "http")]
        mode: Mode,
        /// The company alone: you install a bot of your own, with its manifest to /sandbox/manifest.
        #[arg(long, conflicts_with = "mode")]
        without_bot: bool,
    },
    /// The bot.
    Serve,
    /// Whether the bot that runs beside it lives: for a container's health check.
    Healthcheck,
    /// The diagnosis in a terminal. Exit status: 0 access, 10 blocked, 20 undetermined.
    Check(check::Arguments),
    /// The digest of duplicate groups: which groups are taken for each other, who is hurt, what to do.
    Digest(digest::Arguments),
    /// Checks configuration, credentials and every permission used, and names what is missing. Exit status 1 where
    /// something failed.
    Doctor(doctor::Arguments),
    /// What a cause means, how it is detected, how it is fixed.
    Explain {
        /// A cause's name, like portal_stale.
        cause: String,
    },
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// How Slack reaches the bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Mode {
    Http,
    /// Socket Mode.
    Socket,
}

impl From<Mode> for config::Mode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Http => Self::Http,
            Mode::Socket => Self::Socket,
        }
    }
}

/// Runs the command that the arguments name.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    // Two crates of the tree could provide it, so that rustls would refuse to choose.
    let _set_once = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&anyhow::Error::new(error).context("the runtime could not start")),
    };
    let outcome = runtime.block_on(async {
        match &cli.command {
            Command::Sandbox { listen, scenario, mode, without_bot } => {
                let mode = (!without_bot).then(|| (*mode).into());
                sandbox::run(*listen, scenario, mode).await
            }
            Command::Serve => serve::run(cli.config.as_deref()).await,
            Command::Healthcheck => healthcheck::run(cli.config.as_deref()).await,
            Command::Check(arguments) => check::run(cli.config.as_deref(), arguments).await,
            Command::Digest(arguments) => digest::run(cli.config.as_deref(), arguments).await,
            Command::Doctor(arguments) => doctor::run(cli.config.as_deref(), arguments).await,
            Command::Explain { cause } => explain::run(cause),
        }
    });
    telemetry::finish();
    outcome.unwrap_or_else(|error| failed(&error))
}

/// One line that says what failed and, where we know it, how to mend it.
fn failed(error: &anyhow::Error) -> ExitCode {
    let line = format!("{error:#}").replace(['\n', '\r'], " ");
    // Where standard error is closed there is nobody left to tell.
    let _ = writeln!(anstream::stderr(), "sso-why: {line}");
    ExitCode::from(1)
}

/// Writes a result. A reader that has read enough and closed the pipe is no failure.
fn print(result: &str) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    match out.write_all(result.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        super::Cli::command().debug_assert();
    }

    /// Whoever may list a machine's processes reads their command lines.
    #[test]
    fn no_command_takes_a_secret() {
        let known =
            ["config", "help", "version", "listen", "scenario", "mode", "user", "account", "permission_set"]
                .into_iter()
                .chain(["format", "live", "post", "cause", "without_bot"]);
        let known: Vec<&str> = known.collect();
        let cli = super::Cli::command();
        for command in std::iter::once(&cli).chain(cli.get_subcommands()) {
            assert_eq!(command.get_subcommands().count() > 0, command.get_name() == cli.get_name());
            for argument in command.get_arguments() {
                let (name, of) = (argument.get_id().as_str(), command.get_name());
                assert!(known.contains(&name), "{of} has a new argument {name}: it must not be a secret");
            }
        }
    }
}
