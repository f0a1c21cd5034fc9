//! Free words understood: about whom, which account, which permission set. Pure; what is not sure is left open,
//! for a person to choose.
//!
//! Reading order: [`markup`] takes Slack's markup apart; [`accounts`] finds accounts' names in words; this file
//! puts the question together.

mod markup;
mod accounts;
#[cfg(test)]
mod tests;

use crate::diagnosis::facts::Account;
use accounts::{accounts_named, near_accounts};
use markup::Piece;

/// Characters of a message that are read: a question is at its beginning, and Slack allows 40,000.
const READ: usize = 4_000;

/// What the words say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    /// Whom it is about, each once; nobody where it is about whoever wrote it.
    pub(super) people: Vec<Who>,
    /// The accounts that were named, each once.
    pub(super) accounts: Vec<Named>,
    /// Names of accounts that may have been meant, where none was named.
    pub(super) near: Vec<String>,
    pub(super) permission_set: Option<String>,
    /// Nothing at all was said.
    pub(super) is_empty: bool,
}

/// Somebody who was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// By Slack's id.
    Mentioned(String),
    /// By e-mail address.
    Written(String),
    /// By a name that Slack does not know.
    Unresolved(String),
}

/// An account that was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// What to ask for: the number where one account has the name, else the name; or what was typed.
    pub(super) ask: String,
    pub(super) label: String,
}

/// Words that say of the person before or after them that something is missing.
const LACKS: &[&str] = &[
    "can't", "cant", "cannot", "couldn't", "doesn't", "doesnt", "don't", "dont", "does", "do", "isn't", "is",
    "not", "am", "i'm", "lost", "lacks", "misses", "has", "have", "haven't", "hasn't", "can", "won't",
];

/// Reads a message in Slack's markup. Mentions of `bot` are passed over.
pub(super) fn read(text: &str, bot: &str, known: &[Account]) -> Heard {
    let text: String = text.chars().take(READ).collect();
    let pieces: Vec<Piece> = markup::pieces(&text)
        .into_iter()
        .filter(|piece| !matches!(piece, Piece::Person(id) if id == bot))
        .collect();
    let mut accounts = accounts_named(&pieces, known);
    let quoted: Vec<&String> = pieces.iter().filter_map(Piece::quoted).collect();
    if accounts.is_empty()
        && let Some(typed) = quoted.first()
    {
        // Whoever puts a name between quotation marks means it; the answer says what is near it.
        accounts.push(Named { ask: (*typed).clone(), label: (*typed).clone() });
    }
    let near = if accounts.is_empty() { near_accounts(&pieces, known) } else { Vec::new() };
    let permission_set = match accounts.as_slice() {
        [one] => permission_set(&pieces, one, known),
        _ => None,
    };
    Heard { people: people(&pieces), accounts, near, permission_set, is_empty: pieces.is_empty() }
}

/// Whom it is about: somebody of whom it is said that something is missing, else whoever says it of themselves,
/// else everybody who is named.
fn people(pieces: &[Piece]) -> Vec<Who> {
    let lacks = |position: Option<usize>| {
        position.and_then(|position| pieces.get(position)).and_then(Piece::word).is_some_and(is_lacking)
    };
    let beside = |position: usize| lacks(position.checked_sub(1)) || lacks(Some(position + 1));
    let named = |(position, piece): (usize, &Piece)| match piece {
        Piece::Person(id) => Some((position, Who::Mentioned(id.clone()))),
        Piece::Email(email) => Some((position, Who::Written(email.clone()))),
        Piece::Unresolved(name) => Some((position, Who::Unresolved(name.clone()))),
        Piece::Word(_) | Piece::Quoted(_) | Piece::Break => None,
    };
    let named: Vec<(usize, Who)> = pieces.iter().enumerate().filter_map(named).collect();
    let lacking: Vec<Who> =
        named.iter().filter(|(position, _)| beside(*position)).map(|(_, who)| who.clone()).collect();
    let is_about_the_writer = pieces.iter().enumerate().any(|(position, piece)| {
        let word = piece.word().map(markup::plain);
        word.as_deref() == Some("i") && beside(position) || word.as_deref() == Some("i'm")
    });
    let meant = match (lacking.is_empty(), is_about_the_writer) {
        (false, _) => lacking,
        (true, true) => Vec::new(),
        (true, false) => named.into_iter().map(|(_, who)| who).collect(),
    };
    let mut each_once: Vec<Who> = Vec::new();
    for who in meant {
        if !each_once.contains(&who) {
            each_once.push(who);
        }
    }
    each_once
}

fn is_lacking(word: &str) -> bool {
    LACKS.contains(&markup::plain(word).as_str())
}

/// Said as in a command (the account and one more name after it), between quotation marks beside the account,
/// or after "with" or "as" and capitalized as permission sets are. Other words beside an account are no names.
fn permission_set(pieces: &[Piece], account: &Named, known: &[Account]) -> Option<String> {
    let is_the_account = |text: &str| accounts::is_name_of(text, account, known);
    let mut others = pieces.iter().filter_map(Piece::quoted).filter(|quoted| !is_the_account(quoted));
    if let Some(quoted) = others.next().filter(|_| others.next().is_none()) {
        return Some(quoted.clone());
    }
    let words: Vec<&str> = pieces.iter().filter_map(Piece::said).collect();
    let after = |position: usize| words.get(position + 1).map(|word| markup::trimmed(word));
    for (position, word) in words.iter().enumerate() {
        let leads = matches!(markup::plain(word).as_str(), "with" | "as");
        let name = after(position).filter(|name| name.starts_with(char::is_uppercase) && *name != "I");
        if let Some(name) = name.filter(|name| leads && !is_the_account(name)) {
            return Some(name.to_owned());
        }
    }
    let (last, before) = words.split_last()?;
    let is_like_a_command = is_the_account(&before.join(" "));
    let is_a_name =
        last.chars().all(|character| character.is_alphanumeric() || "-_+=,.@".contains(character));
    let is_politeness = accounts::is_common(&markup::plain(last));
    // "at 5pm", "since 2 days": what begins with a digit is a time or a number.
    let is_a_number = last.starts_with(|first: char| first.is_ascii_digit());
    (is_like_a_command && is_a_name && !is_politeness && !is_a_number).then(|| (*last).to_owned())
}
