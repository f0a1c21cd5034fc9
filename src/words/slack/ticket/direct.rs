//! What a requester sees of their ticket: one message that is kept up to date, and a new one for what they are to
//! notice.

use super::standing::{Person, Standing};
use crate::diagnosis::Diagnosis;
use crate::words::headline::headline;
use crate::words::next::next;
use crate::words::say::{Sentence, Whom, name, say};
use crate::words::slack::blocks::{self, Line};
use crate::words::slack::message::Message;

/// A ticket, as a requester sees it.
pub struct Direct<'d> {
    pub account: &'d str,
    /// Whom it is about, if not the reader.
    pub about: Option<&'d Person>,
    pub standing: &'d Standing,
    /// A check has found the access in place.
    pub restored: bool,
    /// To the help desk's message.
    pub link: Option<&'d str>,
    pub reference: &'d str,
}

/// The message that is kept up to date.
pub fn direct(direct: &Direct) -> Message {
    let question = |your| question(your, direct.account, direct.about);
    let (headline, rest) = match direct.standing {
        Standing::Resolved { by, at } => (
            question("Your").then(say![" is resolved."]),
            say![
                "By ",
                by.shown(),
                ", ",
                *at,
                ". If it is not, answer in this thread and the help desk reads it."
            ],
        ),
        Standing::New => (
            say!["The help desk has "].then(question("your")).then(say!["."]),
            say!["Nobody has taken it yet. I say here when somebody does."],
        ),
        Standing::Claimed { agent, .. } => (
            say!["The help desk has "].then(question("your")).then(say!["."]),
            say![agent.shown(), " has it."],
        ),
    };
    let found = (direct.restored && !matches!(direct.standing, Standing::Resolved { .. }))
        .then(|| say!["A check has found the access in place."]);
    let rest: Vec<Sentence> = std::iter::once(rest).chain(found).collect();
    let mut message = Message::of(Some(&headline), &rest);
    if let Some(link) = direct.link {
        message.blocks.push(blocks::rich_text(&[Line::with_link("", link, "See their message")]));
    }
    message.blocks.push(blocks::context(&format!(
        "Write to me in this thread to tell the help desk more · {}",
        direct.reference
    )));
    message
}

/// A check has found the access in place.
pub fn restored(now: &Diagnosis, whom: &Whom) -> Message {
    let step = say!["Next: "].then(next(now, whom).step);
    let asked = say!["You asked the help desk for it. If something is still missing, answer here."];
    Message::of(Some(&headline(now, whom).then(say!["."])), &[step, asked])
}

/// An agent has resolved it.
pub fn resolved(account: &str, about: Option<&Person>, by: &Person) -> Message {
    let headline = question("Your", account, about).then(say![" is resolved."]);
    let rest = say![
        by.shown(),
        " of the help desk has closed it. If it is not, answer in this thread and they read it."
    ];
    Message::of(Some(&headline), &[rest])
}

/// An agent has reopened it.
pub fn reopened(account: &str, about: Option<&Person>, by: &Person) -> Message {
    let headline = question("Your", account, about).then(say![" is open again."]);
    Message::of(Some(&headline), &[say![by.shown(), " of the help desk has it."]])
}

/// What somebody asked for is open already.
pub struct Joined<'j> {
    pub account: &'j str,
    /// It was they who asked for it.
    pub has_asked_before: bool,
    pub has_left_a_note: bool,
    pub link: Option<&'j str>,
}

/// Whoever asks for the same is told that they join what is open.
pub fn joined(joined: &Joined) -> Message {
    let account = || name(joined.account);
    let headline = match joined.has_asked_before {
        true => say!["The help desk has your question about ", account(), " already."],
        false => {
            say!["The help desk has this question about ", account(), " already, and now yours with it."]
        }
    };
    let informed = say!["There is one ticket for it, and I keep you informed of that."];
    let note = joined.has_left_a_note.then(|| say!["Your note is in its thread."]);
    let rest: Vec<Sentence> = std::iter::once(informed).chain(note).collect();
    let mut message = Message::of(Some(&headline), &rest);
    if let Some(link) = joined.link {
        message.blocks.push(blocks::rich_text(&[Line::with_link("", link, "See their message")]));
    }
    message
}

fn question(your: &'static str, account: &str, about: Option<&Person>) -> Sentence {
    let question = say![your, " question about ", name(account)];
    match about {
        None => question,
        Some(person) => question.then(say![" for ", person.shown()]),
    }
}
