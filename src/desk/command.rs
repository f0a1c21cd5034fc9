//! `/sso-why`: what was typed, and what it asks.

use std::sync::Arc;

use super::Desk;
use super::answer::Ask;
use super::bring::Bring;
use super::work::Work;
use crate::slack::client::Placement;
use crate::slack::inbound::Command;
use crate::slack::reply::Reply;
use crate::telemetry::new_reference;
use crate::words::slack::Message;
use crate::words::slack::replies;

/// Characters of a command at most. An account's name has at most 50 (AWS Organizations, `Account.Name`)
/// and a permission set's 32. What was typed also travels in a button's value, whose 2,000 characters
/// (Slack's limit) hold 300 even where JSON makes six of each.
const LONGEST: usize = 300;

/// What a command asks.
#[derive(Debug, PartialEq)]
enum Typed {
    /// Nothing: open the form.
    Form,
    Help,
    /// Whom it is about, if not the asker, and the words after.
    Question {
        about: Option<String>,
        words: Vec<String>,
    },
}

/// Why a command cannot be understood.
#[derive(Debug, PartialEq)]
enum Unclear {
    TooLong,
    OpenQuote,
    NoAccount,
    NotAMention(String),
}

impl Desk {
    pub(super) async fn command(self: &Arc<Self>, command: Command) -> Reply {
        let Command { user, channel, text, response_url, trigger_id, .. } = command;
        let response_url = self.seal.close(&response_url);
        match read(&text) {
            Ok(Typed::Help) => Reply::Message(replies::help()),
            Ok(Typed::Form) => match self.open_form(user, channel, response_url, trigger_id) {
                Ok(()) => Reply::Empty,
                Err(untaken) => Reply::Message(untaken.message()),
            },
            Ok(Typed::Question { about, words }) => {
                let looking = replies::looking(&words.join(" "));
                let about = about.unwrap_or_else(|| user.clone());
                let ask = Ask { channel: Some(channel), ..self.ask(user.clone(), about, words) };
                let key = if trigger_id.is_empty() { new_reference() } else { trigger_id };
                let bring = Bring {
                    behind_the_acknowledgement: true,
                    ..Bring::by(format!("command:{key}"), response_url, Placement::Replace)
                };
                let work = Work::Answer(Box::new(ask), Box::new(bring));
                let taken = self.take_question(&user, work.order(format!("command:{key}"))).await;
                Reply::Message(match taken {
                    Ok(()) => looking,
                    Err(untaken) => untaken.message(),
                })
            }
            Err(unclear) => Reply::Message(complaint(&unclear)),
        }
    }
}

fn complaint(unclear: &Unclear) -> Message {
    match unclear {
        Unclear::TooLong => replies::too_long(LONGEST),
        Unclear::OpenQuote => replies::open_quote(),
        Unclear::NoAccount => replies::no_account(),
        Unclear::NotAMention(typed) => replies::no_such_mention(typed),
    }
}

fn read(text: &str) -> Result<Typed, Unclear> {
    if text.chars().count() > LONGEST {
        return Err(Unclear::TooLong);
    }
    let mut words = words(&unescaped(text)).ok_or(Unclear::OpenQuote)?;
    let Some(first) = words.first().cloned() else {
        return Ok(Typed::Form);
    };
    if words.len() == 1 && first.eq_ignore_ascii_case("help") {
        return Ok(Typed::Help);
    }
    let about = mention(&first);
    if about.is_some() {
        words.remove(0);
    } else if first.starts_with('@') {
        return Err(Unclear::NotAMention(first));
    }
    if words.is_empty() {
        return Err(Unclear::NoAccount);
    }
    Ok(Typed::Question { about, words })
}

/// `<@U0DANA>` or `<@U0DANA|dana>`: the id. Enterprise ids begin with W.
fn mention(word: &str) -> Option<String> {
    let inside = word.strip_prefix("<@")?.strip_suffix('>')?;
    let id = inside.split('|').next()?;
    let proper = id.starts_with(['U', 'W']) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    proper.then(|| id.to_owned())
}

/// Slack escapes these three in a command's text, and a mention keeps its own angle brackets.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Words, with quoted ones in one piece; nothing where a quote is left open. Phones type curly quotes.
fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for character in text.chars() {
        match character {
            '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            blank if blank.is_whitespace() && !quoted => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words.retain(|word| !word.trim().is_empty());
    (!quoted).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(about: Option<&str>, words: &[&str]) -> Result<Typed, Unclear> {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        Ok(Typed::Question { about: about.map(str::to_owned), words })
    }

    #[test]
    fn what_people_type_is_understood() {
        assert_eq!(read("Payments-Prod"), question(None, &["Payments-Prod"]));
        assert_eq!(read("  <@U0DANA|dana>   Payments-Prod "), question(Some("U0DANA"), &["Payments-Prod"]));
        assert_eq!(
            read("<@W0DANA> \"Payments Prod\" ReadOnly"),
            question(Some("W0DANA"), &["Payments Prod", "ReadOnly"])
        );
        assert_eq!(read("\u{201c}Payments Prod\u{201d}"), question(None, &["Payments Prod"]));
        assert_eq!(read("R&amp;D"), question(None, &["R&D"]));
        assert_eq!(read(""), Ok(Typed::Form));
        assert_eq!(read("\"\""), Ok(Typed::Form));
        assert_eq!(read("HELP"), Ok(Typed::Help));
    }

    #[test]
    fn what_cannot_be_understood_is_said() {
        assert_eq!(read("@dana Payments"), Err(Unclear::NotAMention("@dana".to_owned())));
        assert_eq!(read("<@U0DANA>"), Err(Unclear::NoAccount));
        assert_eq!(read("\"Payments Prod"), Err(Unclear::OpenQuote));
        assert_eq!(read(&"x".repeat(10_000)), Err(Unclear::TooLong));
    }
}
