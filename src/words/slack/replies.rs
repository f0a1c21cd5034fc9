//! Everything that the bot says in Slack beside its reports.

use super::blocks::{self, Line};
use super::message::Message;
use crate::words::say::{Sentence, name, say};

/// While the answer is being worked out.
pub fn looking(account: &str) -> Message {
    one(&say!["Looking why ", name(account), " is missing…"])
}

/// `/sso-why help`.
pub fn help() -> Message {
    let lines = [
        say!["I explain why an AWS account is missing from the access portal."],
        say!["/sso-why Payments-Prod: why you do not see that account"],
        say!["/sso-why @dana Payments-Prod: why somebody else does not"],
        say![
            "/sso-why \"Payments Prod\" ReadOnly: quotes for a name with spaces; a permission set, if you want one"
        ],
        say!["/sso-why: a form that offers the accounts"],
    ];
    several(&lines)
}

/// Asking about somebody else is for the help desk.
pub fn not_about_others(helpdesk_channel: Option<&str>) -> Message {
    let refused = say![
        "Only the help desk can ask about somebody else. You can ask about yourself: /sso-why and the account."
    ];
    match helpdesk_channel {
        None => one(&refused),
        Some(channel) => {
            let mut message = one(&refused);
            message
                .blocks
                .push(blocks::rich_text(&[Line::with_channel("For somebody else, ask in ", channel)]));
            message
        }
    }
}

/// Guests are not served.
pub fn not_for_guests() -> Message {
    one(&say![
        "I answer staff only, and you are in this Slack as a guest. Whoever invited you can ask the help desk for you."
    ])
}

/// People of other organizations are not served.
pub fn not_for_outsiders() -> Message {
    one(&say![
        "I answer people of the organization that runs me, and you are of another one. Your contact there can ask for you."
    ])
}

/// A channel that another organization reads too.
pub fn channel_is_shared() -> Message {
    one(&say![
        "This channel is shared with another organization, so I answer nothing here. Ask me in a direct message, or in a channel that is yours alone."
    ])
}

/// Slack does not show the channel, so that outsiders may read there. `lacks`: the permission for it, where the bot
/// was not given it.
pub fn cannot_tell_who_reads_here(lacks: Option<&str>) -> Message {
    if let Some(permission) = lacks {
        return one(&say![
            "Slack does not let me see whether another organization reads in this channel, so I answer nothing here. Ask me in a direct message; whoever runs me can give me the Slack permission ",
            permission,
            "."
        ]);
    }
    one(&say![
        "Slack does not show me this channel, so I cannot tell whether another organization reads here. Ask me in a direct message, or invite me to this channel first."
    ])
}

/// Slack does not say of what organization somebody is, which is no "no".
pub fn cannot_tell_whose_you_are(lacks: Option<&str>) -> Message {
    if let Some(permission) = lacks {
        return one(&say![
            "I could not check in Slack whether you may ask here, so I have not looked. Tell the help desk that I need the Slack permission ",
            permission,
            " for it."
        ]);
    }
    one(&say![
        "I could not check in Slack whether you may ask here, so I have not looked. Try again in a minute; if it stays so, tell the help desk."
    ])
}

/// Whether the asker is of the help desk could not be read, which is no "no".
pub fn cannot_tell_who_you_are(lacks: Option<&str>) -> Message {
    if let Some(permission) = lacks {
        return one(&say![
            "I could not check whether you are on the help desk: Slack did not let me read its members. Whoever runs me can give me the Slack permission ",
            permission,
            "; asking about yourself works now."
        ]);
    }
    one(&say![
        "I could not check whether you are on the help desk: Slack did not let me read its members. Try again in a minute; asking about yourself works now."
    ])
}

/// A person was written by name instead of chosen as a mention.
pub fn no_such_mention(typed: &str) -> Message {
    one(&say![
        "I do not know who ",
        name(typed),
        " is. Choose the person from the list that Slack offers when you type @, or leave it out to ask about yourself."
    ])
}

/// The command has a person and no account.
pub fn no_account() -> Message {
    one(&say!["Which account? Add its name or its 12-digit number, for example: /sso-why Payments-Prod"])
}

/// The command is longer than any name can be.
pub fn too_long(at_most: usize) -> Message {
    one(&say![format!(
        "That is longer than {at_most} characters, which no account name is. Send just its name or number."
    )])
}

/// A quotation mark is missing.
pub fn open_quote() -> Message {
    one(&say![
        "A quotation mark is missing its partner. Put the account's name between two of them, or send it without."
    ])
}

/// There are more words than names.
pub fn too_many_words() -> Message {
    one(&say![
        "I expected an account and at most a permission set. Put a name with spaces between quotation marks: /sso-why \"Payments Prod\" ReadOnly"
    ])
}

/// The person left Slack.
pub fn has_left(person: &str) -> Message {
    one(&say![
        name(person),
        " is no longer active in Slack, so I cannot tell which directory user that was. The terminal can look by e-mail address."
    ])
}

/// A bot has no accounts.
pub fn is_a_bot(person: &str) -> Message {
    one(&say![name(person), " is an app. Only people have AWS accounts in the access portal."])
}

/// Slack shows the bot nobody's e-mail address, since it was not given this permission.
pub fn sees_no_emails(lacks: &str) -> Message {
    one(&say![
        "I could not look: Slack does not let me see e-mail addresses, and that is how I find people in AWS. Tell the help desk that I need the Slack permission ",
        lacks,
        "."
    ])
}

/// Slack shows no e-mail address, by which Identity Center would know them.
pub fn no_email(person: &str) -> Message {
    one(&say![
        "Slack shows me no e-mail address for ",
        name(person),
        ", and that is how I find people in AWS. The help desk can look by user name in the terminal."
    ])
}

/// A button from before, which says too little by now.
pub fn stale_button() -> Message {
    one(&say!["This message is too old for its buttons. Ask again with /sso-why."])
}

/// The escalation arrived.
pub fn escalated() -> Message {
    one(&say!["The help desk has your question with the whole report."])
}

/// The escalation could not be posted.
pub fn not_escalated(reference: &str) -> Message {
    one(&say![
        "I could not reach the help desk's channel. Nothing is lost: press the button again, or tell them \"",
        reference,
        "\" yourself."
    ])
}

/// The form could not be opened.
pub fn form_did_not_open() -> Message {
    one(&say!["Slack did not open the form. Press the button or send the command once more."])
}

/// The question could not be stored, so that nothing was promised.
pub fn not_taken() -> Message {
    one(&say![
        "I cannot take questions right now: something broke on my side, not on yours. Ask again in a few minutes."
    ])
}

/// There is more to do than can be done soon.
pub fn busy() -> Message {
    one(&say!["I have more questions than I can answer right now. Ask again in a minute."])
}

/// One person asks faster than anybody reads.
pub fn too_often(seconds: u64) -> Message {
    let wait = if seconds == 1 { "a second".to_owned() } else { format!("{seconds} seconds") };
    one(&say![format!("You have asked more than I answer one person in a minute. Ask again in {wait}.")])
}

/// Something broke on our side. `lacks`: the permission that the bot was not given, where that is why.
pub fn broke(reference: &str, lacks: Option<&str>) -> Message {
    if let Some(permission) = lacks {
        return one(&say![
            "I could not do that: Slack did not let me, which is no fault of yours. Tell the help desk \"",
            reference,
            "\", and that I need the Slack permission ",
            permission,
            "."
        ]);
    }
    one(&say![
        "Something broke on my side, not on yours. Ask again; if it stays so, tell the help desk \"",
        reference,
        "\"."
    ])
}

/// Beside the account field, when what it holds is no account.
pub fn choose_an_account() -> String {
    "Choose an account from the list.".to_owned()
}

fn one(sentence: &Sentence) -> Message {
    several(std::slice::from_ref(sentence))
}

fn several(sentences: &[Sentence]) -> Message {
    Message::of(None, sentences)
}
