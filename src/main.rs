//! sso-why: parse, run, and end with the exit status that the command promises.

use std::process::ExitCode;

fn main() -> ExitCode {
    sso_why::cli::run()
}
