//! Block Kit within Slack's limits, with untrusted text made harmless.
//!
//! Prose goes into rich text, whose text elements Slack never parses: a name there can neither ping nor
//! format. Where only plain text or mrkdwn is allowed, it is cut and escaped here and nowhere else. Limits:
//! docs.slack.dev, Block Kit reference, and the doc comments of @slack/types.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::words::say::{Sentence, Span, one_line};

/// Characters of one name at most; Identity Center allows 1,024 in a group's, which nobody reads.
const NAME: usize = 150;
/// Characters of a message's top-level text at most: `chat.update` refuses more than 4,000
/// (`msg_too_long`); counted after escaping.
const TEXT: usize = 3_900;
/// Characters of one line of rich text at most, so that a block stays far below what Slack accepts.
const LINE: usize = 1_500;
/// Quotations of one text at most: 45,000 characters, where Slack cuts a message off at 40,000
/// (docs.slack.dev, `chat.postMessage`), and below the 50 blocks of a message.
const QUOTES: usize = 30;
/// Elements of a list at most, for the same reason.
const ELEMENTS: usize = 40;
/// A button's label (`text` of a button element).
const BUTTON_LABEL: usize = 75;
/// Elements of an actions block.
const BUTTONS: usize = 25;
/// `placeholder` of a menu.
const PLACEHOLDER: usize = 150;
/// `title`, `text`, and `confirm` and `deny` of a confirmation dialog object.
const CONFIRMATION_TITLE: usize = 100;
const CONFIRMATION_TEXT: usize = 300;
const CONFIRMATION_BUTTON: usize = 30;
/// Text of a context element.
const CONTEXT: usize = 2_000;

/// One line of rich text.
#[derive(Clone, Debug, PartialEq)]
pub struct Line(Vec<Value>);

impl Line {
    /// The sentence as it is; names in italics.
    pub fn plain(sentence: &Sentence) -> Self {
        Self(elements(sentence, false))
    }

    /// The sentence in bold.
    pub fn bold(sentence: &Sentence) -> Self {
        Self(elements(sentence, true))
    }

    /// A label of ours in bold, then the sentence.
    pub fn labelled(label: &str, sentence: &Sentence) -> Self {
        let mut parts = vec![json!({"type": "text", "text": label, "style": {"bold": true}})];
        parts.extend(elements(sentence, false));
        Self(parts)
    }

    /// Words of ours, then a link.
    pub fn with_link(words: &str, url: &str, label: &str) -> Self {
        let link = json!({"type": "link", "url": url, "text": label});
        Self(styled(words, false, false).into_iter().chain([link]).collect())
    }

    /// The same line with a link after it.
    #[must_use]
    pub fn followed_by_link(mut self, url: &str, label: &str) -> Self {
        self.0.push(json!({"type": "text", "text": " "}));
        self.0.push(json!({"type": "link", "url": url, "text": label}));
        self
    }

    /// A label of ours in bold, then a person as a mention.
    pub fn with_person(label: &str, user: &str) -> Self {
        Self(vec![
            json!({"type": "text", "text": label, "style": {"bold": true}}),
            json!({"type": "user", "user_id": user}),
        ])
    }

    /// A label of ours in bold, then a channel as a link.
    pub fn with_channel(label: &str, channel: &str) -> Self {
        Self(vec![
            json!({"type": "text", "text": label, "style": {"bold": true}}),
            json!({"type": "channel", "channel_id": channel}),
        ])
    }

    /// The same line with code below it, to be copied.
    #[must_use]
    pub fn followed_by_code(mut self, text: &str) -> Self {
        self.0.push(json!({"type": "text", "text": "\n"}));
        self.0.extend(Self::code(text).0);
        self
    }

    /// Code, to be copied.
    pub fn code(text: &str) -> Self {
        Self(vec![json!({"type": "text", "text": cut(text, LINE), "style": {"code": true}})])
    }
}

/// A button: its action, its label and what it carries back.
pub struct Button {
    action: String,
    label: String,
    value: String,
    is_primary: bool,
    confirmation: Option<Confirmation>,
}

/// A menu of the people in the workspace: its action and what stands in it until one is picked.
pub struct PeopleMenu {
    pub action: &'static str,
    pub placeholder: &'static str,
}

/// What has to be confirmed before a press counts.
pub struct Confirmation {
    pub title: String,
    pub text: String,
    pub confirm: String,
    pub deny: String,
}

impl Button {
    /// A button; the label is cut to what fits.
    pub fn new(action: &str, label: &str, value: &str) -> Self {
        Self {
            action: action.to_owned(),
            label: cut(&one_line(label), BUTTON_LABEL),
            value: value.to_owned(),
            is_primary: false,
            confirmation: None,
        }
    }

    /// The same button as the one that stands out.
    #[must_use]
    pub fn primary(self) -> Self {
        Self { is_primary: true, ..self }
    }

    /// The same button, which first asks whether it is meant.
    pub fn confirmed_by(self, confirmation: Confirmation) -> Self {
        Self { confirmation: Some(confirmation), ..self }
    }
}

/// Lines below each other.
pub fn rich_text(lines: &[Line]) -> Value {
    let count = lines.len();
    let sections: Vec<Value> = lines
        .iter()
        .take(ELEMENTS)
        .enumerate()
        .map(|(position, line)| {
            let mut elements = line.0.clone();
            if position + 1 < count.min(ELEMENTS) {
                elements.push(json!({"type": "text", "text": "\n"}));
            }
            json!({"type": "rich_text_section", "elements": elements})
        })
        .collect();
    json!({"type": "rich_text", "elements": sections})
}

/// Lines as a list.
pub fn list(lines: &[Line]) -> Value {
    list_of(lines, "bullet")
}

/// Lines as a list in their order.
pub fn numbered(lines: &[Line]) -> Value {
    list_of(lines, "ordered")
}

fn list_of(lines: &[Line], style: &str) -> Value {
    let items: Vec<Value> = lines
        .iter()
        .take(ELEMENTS)
        .map(|line| json!({"type": "rich_text_section", "elements": line.0}))
        .collect();
    json!({"type": "rich_text", "elements": [{"type": "rich_text_list", "style": style, "elements": items}]})
}

/// Text of somebody's own, set off as a quotation.
pub fn quote(text: &str) -> Value {
    let element = json!({"type": "text", "text": not_empty(&cut(text, LINE))});
    json!({"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [element]}]})
}

/// The same where nothing of it may be cut off: one quotation below the other, up to `QUOTES` of them.
pub fn long_quote(text: &str) -> Vec<Value> {
    let mut pieces = Vec::new();
    let mut rest: Vec<char> = text.trim().chars().collect();
    while rest.len() > LINE && pieces.len() + 1 < QUOTES {
        let gap = rest[..LINE].iter().rposition(|character| character.is_whitespace());
        let tail = rest.split_off(gap.map_or(LINE, |gap| gap + 1));
        pieces.push(std::mem::replace(&mut rest, tail));
    }
    pieces.push(rest);
    pieces.iter().map(|piece| quote(&piece.iter().collect::<String>())).collect()
}

/// A line in small print: our own words and dates only, since this is mrkdwn.
pub fn context(own_words: &str) -> Value {
    json!({"type": "context", "elements": [{"type": "mrkdwn", "text": cut(own_words, CONTEXT), "verbatim": true}]})
}

/// A row of buttons, unless there is none.
pub fn actions(block: &str, buttons: &[Button]) -> Option<Value> {
    actions_with_people(block, buttons, None)
}

/// A row of buttons and a menu of people, unless there is neither.
pub fn actions_with_people(block: &str, buttons: &[Button], menu: Option<&PeopleMenu>) -> Option<Value> {
    let menu = menu.map(|menu| {
        json!({
            "type": "users_select",
            "action_id": menu.action,
            "placeholder": plain_text(menu.placeholder, PLACEHOLDER),
        })
    });
    let elements: Vec<Value> = buttons.iter().map(button_element).chain(menu).take(BUTTONS).collect();
    (!elements.is_empty()).then(|| json!({"type": "actions", "block_id": block, "elements": elements}))
}

fn button_element(button: &Button) -> Value {
    let mut element = json!({
        "type": "button",
        "action_id": button.action,
        "text": plain_text(&button.label, BUTTON_LABEL),
        "value": button.value,
    });
    if button.is_primary {
        element["style"] = "primary".into();
    }
    if let Some(asked) = &button.confirmation {
        element["confirm"] = json!({
            "title": plain_text(&asked.title, CONFIRMATION_TITLE),
            "text": plain_text(&asked.text, CONFIRMATION_TEXT),
            "confirm": plain_text(&asked.confirm, CONFIRMATION_BUTTON),
            "deny": plain_text(&asked.deny, CONFIRMATION_BUTTON),
        });
    }
    element
}

/// A plain text object; Slack refuses an empty one.
pub fn plain_text(text: &str, at_most: usize) -> Value {
    json!({"type": "plain_text", "text": not_empty(&cut(&one_line(text), at_most)), "emoji": false})
}

/// A moment in mrkdwn, shown in each reader's own zone.
pub fn date(time: Timestamp) -> String {
    let fallback = time.strftime("%Y-%m-%d %H:%M UTC");
    format!("<!date^{}^{{date_short_pretty}} at {{time}}|{fallback}>", time.as_second())
}

/// A message's top-level text, which Slack parses: cut, escaped, and without what starts formatting.
///
/// Slack has no escape for `*`, `_`, `~` and the backtick, but it formats only what begins at a word's
/// edge; a word joiner (U+2060, of no width) before and after takes that edge away.
pub fn text(text: &str) -> String {
    let mut safe = String::new();
    let mut length = 0;
    for character in text.chars() {
        let piece = match character {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '*' | '_' | '~' | '`' => format!("\u{2060}{character}\u{2060}"),
            // Only an at sign that begins a word could name anybody.
            '@' if safe.chars().next_back().is_none_or(char::is_whitespace) => "@\u{2060}".to_owned(),
            other => other.to_string(),
        };
        length += piece.chars().count();
        if length > TEXT {
            safe.push('…');
            break;
        }
        safe.push_str(&piece);
    }
    not_empty(&safe)
}

/// Two top-level texts as one, the first whole and the other as far as there is room.
pub fn joined(first: &str, other: &str) -> String {
    cut(&format!("{first} {other}"), TEXT)
}

/// At most this many characters, with an ellipsis where something was cut; never inside a character.
pub fn cut(text: &str, at_most: usize) -> String {
    if text.chars().count() <= at_most {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(at_most.saturating_sub(1)).collect();
    kept.push('…');
    kept
}

fn elements(sentence: &Sentence, bold: bool) -> Vec<Value> {
    let mut room = LINE;
    let mut elements = Vec::new();
    for span in &sentence.0 {
        let element = match span {
            Span::Plain(words) => styled(&cut(words, room), bold, false),
            Span::Taking(taking) => styled(&cut(taking.words(), room), bold, false),
            Span::Name(name) | Span::Person { name, .. } => {
                styled(&cut(&one_line(name), NAME.min(room)), bold, !bold)
            }
            Span::Mention { user, .. } => Some(json!({"type": "user", "user_id": user})),
            Span::Answer { instead, .. } | Span::OwnGroup { instead, .. } => {
                styled(&cut(instead, room), bold, false)
            }
            Span::Time(time) => Some(json!({
                "type": "date",
                "timestamp": time.as_second(),
                "format": "{date_short_pretty} at {time}",
                "fallback": time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
            })),
        };
        if let Some(element) = element {
            room = room.saturating_sub(element["text"].as_str().map_or(30, |text| text.chars().count()));
            elements.push(element);
        }
        if room == 0 {
            break;
        }
    }
    if elements.is_empty() {
        elements.push(json!({"type": "text", "text": " "}));
    }
    elements
}

/// Slack refuses an empty text element.
fn styled(text: &str, bold: bool, italic: bool) -> Option<Value> {
    match (text.is_empty(), bold, italic) {
        (true, ..) => None,
        (_, false, false) => Some(json!({"type": "text", "text": text})),
        (_, true, false) => Some(json!({"type": "text", "text": text, "style": {"bold": true}})),
        (_, false, true) => Some(json!({"type": "text", "text": text, "style": {"italic": true}})),
        (_, true, true) => {
            Some(json!({"type": "text", "text": text, "style": {"bold": true, "italic": true}}))
        }
    }
}

fn not_empty(text: &str) -> String {
    if text.trim().is_empty() { "–".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_pings_nobody_and_formats_nothing_in_the_text() {
        let safe = text("You are in <!channel> *x* _y_ `z` <@U1> @here a@b.c");
        assert!(!safe.contains('<') && !safe.contains(" *") && !safe.contains(" _") && !safe.contains(" `"));
        assert!(!safe.contains("@here") && safe.contains("a@b.c"));
    }

    #[test]
    fn a_long_text_is_quoted_whole() {
        let text = "añ🎉 word ".repeat(1_000);
        let told = |blocks: &[Value]| -> String {
            let texts = blocks.iter().map(|block| block["elements"][0]["elements"][0]["text"].as_str());
            texts.map(Option::unwrap_or_default).collect()
        };
        let blocks = long_quote(&text);
        assert_eq!(told(&blocks), text.trim());
        assert!(blocks.len() > 1);
        assert_eq!(told(&long_quote(&"x".repeat(4_000))), "x".repeat(4_000));
        assert_eq!(told(&long_quote("  ")), "–");
    }

    #[test]
    fn cutting_keeps_characters_whole() {
        assert_eq!(cut("añ🎉b", 3), "añ…");
        assert_eq!(cut("añ🎉", 3), "añ🎉");
        assert!(text(&"&".repeat(10_000)).chars().count() <= 4_000);
    }
}
