//! Colors in a terminal.

use owo_colors::OwoColorize as _;

use crate::diagnosis::steps::Status;

/// The text in the color of this status; as it is without `colour`.
pub(super) fn painted(text: &str, status: Status, colour: bool) -> String {
    if !colour {
        return text.to_owned();
    }
    match status {
        Status::Pass => text.green().to_string(),
        Status::Fail => text.red().to_string(),
        Status::Warn | Status::Unknown => text.yellow().to_string(),
        Status::NotReached => text.dimmed().to_string(),
    }
}
