//! What was made of a question in free words where it is not yet a question: what is understood, and what is
//! missing. Each choice that is left becomes a button.

use super::blocks::{self, Button};
use super::message::Message;
use crate::words::say::{Sentence, list_of_names, name, say};

/// Choices offered at most: five fit a row on a phone.
pub const CHOICES: usize = 5;

/// Whom the words were about.
pub enum About<'a> {
    /// Whoever wrote them.
    Writer,
    /// Somebody by this name.
    Somebody(&'a str),
}

/// A choice: its label, and what its button carries back.
pub type Choice = (String, String);

/// No account was found in the words; `near` are those that may have been meant.
pub fn which_account(about: &About, near: &[Choice]) -> Message {
    let understood = match about {
        About::Writer => say!["I understood that you ask about yourself, and found no account in it."],
        About::Somebody(person) => {
            say!["I understood that you ask about ", name(*person), ", and found no account in it."]
        }
    };
    let next = match near {
        [] => say![
            "Name the account as the portal does, or by its 12-digit number, for example: @sso-why Payments-Prod. I then answer here."
        ],
        _ => {
            say!["Did you mean one of these? If not, name the account as the portal does, or by its number."]
        }
    };
    with_choices(&understood.then(say![" "]).then(next), near)
}

/// Several accounts were named.
pub fn one_account_at_a_time(choices: &[Choice]) -> Message {
    with_choices(&say!["I look at one account at a time. Which of these first?"], choices)
}

/// Several people were named.
pub fn one_person_at_a_time(choices: &[Choice]) -> Message {
    let ask: Sentence = match choices {
        [] => say!["I look at one person and one account at a time. Ask for one of them first."],
        _ => say!["I look at one person at a time. Who first?"],
    };
    with_choices(&ask, choices)
}

/// Nothing but the mention was said.
pub fn what_i_do() -> Message {
    Message::of(
        None,
        &[
            say!["I explain why an AWS account is missing from the access portal."],
            say![
                "Mention me with the account, for example \"@sso-why Payments-Prod\" or \"@sso-why why can't I see payments prod?\", and I answer in the thread."
            ],
            say!["For an answer that only you see, use /sso-why and the account."],
        ],
    )
}

/// AWS did not show which accounts there are, which is not that there is none of that name.
pub fn accounts_unread(operation: &str) -> Message {
    Message::of(
        None,
        &[say![
            "I could not read which accounts there are (",
            operation,
            "), so I cannot tell which one you mean. Put its name between quotation marks, or ask again in a minute."
        ]],
    )
}

/// An e-mail address that nobody in the workspace has.
pub fn nobody_of_this_address(email: &str) -> Message {
    Message::of(
        None,
        &[say![
            "Nobody in this Slack has the e-mail address ",
            name(email),
            ". Mention the person with @ instead. The help desk can look by e-mail address in the terminal."
        ]],
    )
}

/// The answer that was for a thread in which the bot cannot write, brought to the asker alone.
pub fn instead_of_the_thread(answer: &Message) -> Message {
    let why = say![
        "I could not write in that thread, most likely since I am not in its channel, so the answer comes to you alone. Invite me there, and the next one goes into the thread."
    ];
    let note = Message::of(None, &[why]);
    let text = blocks::joined(&answer.text, &note.text);
    Message { text, blocks: note.blocks.into_iter().chain(answer.blocks.clone()).collect() }
}

fn with_choices(sentence: &Sentence, choices: &[Choice]) -> Message {
    let mut message = Message::of(None, std::slice::from_ref(sentence));
    let buttons: Vec<Button> = choices
        .iter()
        .take(CHOICES)
        .enumerate()
        .map(|(position, (label, value))| Button::new(&format!("ask_account_{position}"), label, value))
        .collect();
    if !buttons.is_empty() {
        let labels = choices.iter().take(CHOICES).map(|(label, _)| label.as_str());
        let offered = list_of_names(labels, CHOICES);
        let text = sentence.clone().then(say![" "]).then(offered).then(say!["."]);
        message.text = Message::of(None, &[text]).text;
    }
    message.blocks.extend(blocks::actions("choices", &buttons));
    message
}
