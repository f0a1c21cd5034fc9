//! How a ticket stands, and what became of it so far.

use jiff::Timestamp;

use crate::words::say::{Sentence, Span, mention, say};
use crate::words::slack::blocks::Line;

/// Lines of a ticket's history at most: what is older is counted, and never was of interest again.
const LINES: usize = 20;

/// Somebody, by Slack's id and by the name that stands where a mention cannot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub user: String,
    pub name: String,
}

impl Person {
    pub(super) fn shown(&self) -> Span {
        mention(&self.user, &self.name)
    }
}

/// How far a ticket is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    New,
    /// An agent has it.
    Claimed {
        agent: Person,
        since: Timestamp,
    },
    Resolved {
        by: Person,
        at: Timestamp,
    },
}

/// What can happen to a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Opened,
    Joined,
    Claimed,
    HandedOver,
    Resolved,
    Reopened,
    Restored,
}

/// Who did what, and when; people by Slack's ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    pub what: Deed,
    pub who: String,
    /// To whom it was handed over.
    pub whom: Option<String>,
    pub at: Timestamp,
}

/// One line for each thing that happened, the oldest first.
pub(super) fn history(happened: &[Happened]) -> Vec<Line> {
    let untold = happened.len().saturating_sub(LINES);
    let older = (untold > 0).then(|| Line::plain(&say![format!("{untold} older entries")]));
    older.into_iter().chain(happened.iter().skip(untold).map(|one| Line::plain(&line(one)))).collect()
}

fn line(happened: &Happened) -> Sentence {
    // A mention shows a person in rich text, which has no need of their name.
    let shown = |user: &str| mention(user, user);
    let who = || shown(&happened.who);
    let at = happened.at;
    match (happened.what, &happened.whom) {
        (Deed::Opened, _) => say!["Opened by ", who(), ", ", at],
        (Deed::Joined, _) => say!["Joined by ", who(), ", ", at],
        (Deed::Claimed, _) => say!["Claimed by ", who(), ", ", at],
        (Deed::HandedOver, Some(whom)) => say!["Handed over by ", who(), " to ", shown(whom), ", ", at],
        (Deed::HandedOver, None) => say!["Handed over by ", who(), ", ", at],
        (Deed::Resolved, _) => say!["Resolved by ", who(), ", ", at],
        (Deed::Reopened, _) => say!["Reopened by ", who(), ", ", at],
        (Deed::Restored, _) => say!["Found in place by ", who(), ", who checked again, ", at],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_history_is_cut_at_its_beginning() {
        let one =
            Happened { what: Deed::Claimed, who: "U0SAM".to_owned(), whom: None, at: Timestamp::UNIX_EPOCH };
        assert_eq!(history(&vec![one.clone(); LINES]).len(), LINES);
        let lines = history(&vec![one; LINES + 5]);
        assert_eq!(lines.len(), LINES + 1);
        assert_eq!(lines[0], Line::plain(&say!["5 older entries"]));
    }
}
