//! What agents and requesters write to each other through a ticket, and what the bot says where it cannot pass
//! something on.
//!
//! Somebody's words are shown as they typed them, but for Slack's markup: it would ping, link and format on the
//! other side, where nobody has asked for it.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::standing::Person;
use crate::words::say::{Sentence, name, say};
use crate::words::slack::blocks::{self, Line};
use crate::words::slack::message::Message;

/// Tickets named to somebody who has several; nobody has more that they would tell apart.
const TICKETS: usize = 5;

/// What somebody has written.
pub struct Said<'s> {
    pub author: &'s Person,
    /// In Slack's markup.
    pub words: &'s str,
    /// The names of people whom the words mention, by Slack's ids.
    pub names: &'s BTreeMap<String, String>,
    pub files: &'s [File],
}

/// Something that hangs on a message. It stays where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub name: String,
    /// Nothing where Slack gave none.
    pub link: Option<String>,
}

/// One of a requester's open tickets.
pub struct OpenTicket<'t> {
    pub account: &'t str,
    /// To the bot's direct message about it.
    pub link: Option<&'t str>,
}

/// An agent's words, to a requester.
pub fn to_the_requester(said: &Said, account: &str) -> Message {
    brought(said, say![name(&said.author.name), ", help desk, about ", name(account), ":"])
}

/// A requester's words, to the agent who has the ticket, or to everybody in its thread.
pub fn to_the_help_desk(said: &Said, agent: Option<&Person>) -> Message {
    let writes = match agent {
        Some(agent) => say![said.author.shown(), " writes to ", agent.shown(), ":"],
        None => say![said.author.shown(), " writes:"],
    };
    brought(said, writes)
}

/// The same, once the ticket is resolved.
pub fn to_the_help_desk_after_all(said: &Said) -> Message {
    brought(
        said,
        say![said.author.shown(), " writes, although this is resolved. To go on, press Reopen above:"],
    )
}

/// To a requester, at the first of their words that were passed on.
pub fn passed_on() -> Message {
    Message::of(
        None,
        &[say!["The help desk has that in its thread, and whatever you add here. They answer here."]],
    )
}

/// To a requester who writes about what is resolved.
pub fn passed_on_after_all(account: &str) -> Message {
    let resolved = say![
        "The help desk has that in its thread. Your question about ",
        name(account),
        " is resolved; they can reopen it."
    ];
    Message::of(None, &[resolved])
}

/// A requester's words could not be posted in the thread.
pub fn not_passed_on(reference: &str) -> Message {
    Message::of(
        None,
        &[say!["I could not bring that to the help desk's channel. Tell them \"", reference, "\" yourself."]],
    )
}

/// Several tickets are open, and the words name none.
pub fn which_ticket(tickets: &[OpenTicket]) -> Message {
    let ask = say![format!(
        "You have {} open questions with the help desk, and I cannot tell which one you mean. Answer in the thread of my message about it:",
        tickets.len()
    )];
    let mut message = Message::of(None, &[ask]);
    let line = |ticket: &OpenTicket| {
        let account = Line::plain(&say![name(ticket.account)]);
        match ticket.link {
            Some(link) => account.followed_by_link(link, "see it"),
            None => account,
        }
    };
    let lines: Vec<Line> = tickets.iter().take(TICKETS).map(line).collect();
    message.blocks.push(blocks::list(&lines));
    message
}

/// Somebody writes to the bot, and no ticket is open for them.
pub fn no_ticket() -> Message {
    Message::of(
        None,
        &[
            say![
                "You have no open question with the help desk, so nobody has read this. About one that is resolved, answer in the thread of my message about it."
            ],
            say!["To ask why an AWS account is missing: /sso-why and the account."],
        ],
    )
}

/// Slack's ids of the people whom these words mention.
pub fn mentioned(markup: &str) -> Vec<String> {
    let mut people = Vec::new();
    for piece in pieces(markup) {
        if let Piece::Tag(tag) = piece
            && let Some(user) = tag.strip_prefix('@')
        {
            let user = user.split('|').next().unwrap_or_default().to_owned();
            if !people.contains(&user) {
                people.push(user);
            }
        }
    }
    people
}

/// Slack's markup as plain text: people and channels by name, links with where they lead.
pub fn in_plain_words(markup: &str, names: &BTreeMap<String, String>) -> String {
    let told = pieces(markup).into_iter().map(|piece| match piece {
        Piece::Words(words) => unescaped(words),
        Piece::Tag(tag) => unescaped(&tag_in_words(tag, names)),
    });
    told.collect()
}

/// A piece of Slack's markup: `<…>` is a tag, and all else has its angle brackets escaped (docs.slack.dev,
/// "Formatting message text").
enum Piece<'m> {
    Words(&'m str),
    Tag(&'m str),
}

fn pieces(markup: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = markup;
    while let Some((words, after)) = rest.split_once('<') {
        let Some((tag, behind)) = after.split_once('>') else {
            break;
        };
        pieces.extend([Piece::Words(words), Piece::Tag(tag)]);
        rest = behind;
    }
    pieces.push(Piece::Words(rest));
    pieces
}

fn tag_in_words(tag: &str, names: &BTreeMap<String, String>) -> String {
    let (target, label) = match tag.split_once('|') {
        Some((target, label)) => (target, Some(label).filter(|label| !label.is_empty())),
        None => (tag, None),
    };
    if let Some(user) = target.strip_prefix('@') {
        let known = names.get(user).map(String::as_str);
        return format!("@{}", known.or(label).unwrap_or("somebody").trim_start_matches('@'));
    }
    if target.starts_with('#') {
        return format!("#{}", label.unwrap_or("a channel"));
    }
    if let Some(special) = target.strip_prefix('!') {
        // `!here`, `!channel`, `!everyone`; user groups and dates have a label to fall back on.
        let word = special.split('^').next().unwrap_or_default();
        return match label {
            Some(label) => label.to_owned(),
            None => format!("@{word}"),
        };
    }
    let bare = target.strip_prefix("mailto:").or_else(|| target.strip_prefix("tel:")).unwrap_or(target);
    match label {
        Some(label) if label != bare && label != target => format!("{label} ({bare})"),
        _ => bare.to_owned(),
    }
}

/// Slack escapes these three.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn brought(said: &Said, by_whom: Sentence) -> Message {
    let words = in_plain_words(said.words, said.names);
    let mut blocks = vec![blocks::rich_text(&[Line::plain(&by_whom)])];
    if !words.trim().is_empty() {
        blocks.extend(blocks::long_quote(&words));
    }
    if !said.files.is_empty() {
        blocks.push(blocks::list(&said.files.iter().map(attached).collect::<Vec<_>>()));
    }
    let files = said.files.iter().map(|file| format!(" [{}]", file.name));
    let text = format!("{} {words}{}", by_whom.plain(&TimeZone::UTC), files.collect::<String>());
    Message { text: blocks::text(text.trim_end()), blocks }
}

fn attached(file: &File) -> Line {
    let line = Line::plain(&say!["Attached, and left where it is: ", name(&file.name)]);
    match &file.link {
        Some(link) => line.followed_by_link(link, "open it"),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(markup: &str) -> String {
        let names = BTreeMap::from([("U0DANA".to_owned(), "Dana Reyes".to_owned())]);
        in_plain_words(markup, &names)
    }

    #[test]
    fn markup_becomes_words_that_ping_and_link_nobody() {
        for (markup, words) in [
            ("ask <@U0DANA> or <@U0BO|bo>", "ask @Dana Reyes or @bo"),
            ("<@U0NOBODY>", "@somebody"),
            ("<!channel> <!here|here> <!subteam^S1|@team>", "@channel here @team"),
            ("<!date^1^{date}|noon>", "noon"),
            ("see <#C1|general> and <#C2>", "see #general and #a channel"),
            ("<https://a.example/x?a=1&amp;b=2>", "https://a.example/x?a=1&b=2"),
            ("<https://a.example|here>", "here (https://a.example)"),
            ("<mailto:a@b.c|a@b.c>", "a@b.c"),
            ("1 &lt; 2 &amp;&amp; *bold*", "1 < 2 && *bold*"),
            ("&lt;!channel&gt;", "<!channel>"),
            ("an open < stays", "an open < stays"),
            ("", ""),
        ] {
            assert_eq!(plain(markup), words, "{markup}");
        }
        assert_eq!(mentioned("<@U1> <@U2|x> <@U1> <#C1>"), ["U1", "U2"]);
    }

    #[test]
    fn what_is_brought_pings_nobody_however_it_is_written() {
        let author = Person { user: "U0EVE".to_owned(), name: "<!here> *Eve*".to_owned() };
        let said = Said {
            author: &author,
            words: "&lt;!channel&gt; @here <!everyone>",
            names: &BTreeMap::new(),
            files: &[File { name: "<!channel>.png".to_owned(), link: None }],
        };
        let message = to_the_requester(&said, "Payments-Prod");
        assert!(!message.text.contains("<!") && !message.text.contains(" @here"), "{}", message.text);
        let types: Vec<_> = message.blocks.iter().map(|block| block["type"].as_str()).collect();
        assert_eq!(types, [Some("rich_text"); 3], "which is never parsed");
    }

    #[test]
    fn nothing_of_a_long_message_is_cut_off() {
        let author = Person { user: "U0EVE".to_owned(), name: "Eve".to_owned() };
        let words = "word ".repeat(2_000);
        let said = Said { author: &author, words: &words, names: &BTreeMap::new(), files: &[] };
        let told = serde_json::Value::Array(to_the_requester(&said, "A").blocks).to_string();
        assert_eq!(told.matches("word").count(), 2_000);
    }
}
