//! Slack's markup taken apart: mentions, links, quotation marks and words (docs.slack.dev, "Formatting message
//! text").

/// A piece of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A mention, by Slack's id.
    Person(String),
    Email(String),
    /// An at sign before a name that was not chosen from Slack's list, so that nobody is mentioned.
    Unresolved(String),
    /// What stands between quotation marks.
    Quoted(String),
    Word(String),
    /// What separates words and is none: a channel, a user group, a link.
    Break,
}

impl Piece {
    pub(super) fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(super) fn quoted(&self) -> Option<&String> {
        match self {
            Self::Quoted(quoted) => Some(quoted),
            _ => None,
        }
    }

    /// A word, or several between quotation marks.
    pub(super) fn said(&self) -> Option<&str> {
        match self {
            Self::Word(said) | Self::Quoted(said) => Some(said),
            Self::Person(_) | Self::Email(_) | Self::Unresolved(_) | Self::Break => None,
        }
    }
}

/// The pieces of a message, in order.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let (before, marked) = rest.split_at(start);
        plain.push_str(before);
        let Some(end) = marked.find('>') else {
            rest = marked;
            break;
        };
        match marked_up(&marked[1..end]) {
            Marked::Text(label) => plain.push_str(&label),
            Marked::Piece(piece) => {
                pieces.extend(words(&plain));
                plain.clear();
                pieces.push(piece);
            }
        }
        rest = &marked[end + 1..];
    }
    plain.push_str(rest);
    pieces.extend(words(&plain));
    pieces
}

/// A word as it is compared: without the punctuation around it, in small letters, with a straight apostrophe.
pub(super) fn plain(word: &str) -> String {
    trimmed(word).replace('\u{2019}', "'").to_lowercase()
}

/// A word without the punctuation around it.
pub(super) fn trimmed(word: &str) -> &str {
    word.trim_matches(|character: char| !character.is_alphanumeric())
}

enum Marked {
    Piece(Piece),
    /// Words like others, which only lead somewhere.
    Text(String),
}

fn marked_up(inside: &str) -> Marked {
    let (target, label) = inside.split_once('|').unwrap_or((inside, ""));
    if let Some(id) = target.strip_prefix('@') {
        let is_an_id = id.starts_with(['U', 'W']) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        return Marked::Piece(if is_an_id { Piece::Person(id.to_owned()) } else { Piece::Break });
    }
    if let Some(email) = target.strip_prefix("mailto:") {
        let address = email.split('?').next().unwrap_or_default();
        return Marked::Piece(Piece::Email(trimmed(address).to_lowercase()));
    }
    let is_a_link = !target.starts_with(['#', '!']);
    // Slack takes long numbers for telephone numbers and some names for domains, and makes links of them.
    let reads_as_text = !label.is_empty() && !label.contains("://");
    if is_a_link && reads_as_text { Marked::Text(label.to_owned()) } else { Marked::Piece(Piece::Break) }
}

/// The words of a text without markup, with quoted ones in one piece. A quotation mark without its partner
/// counts for nothing.
fn words(text: &str) -> Vec<Piece> {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace('`', " ");
    let is_quote = |character: char| matches!(character, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}');
    let parts: Vec<&str> = text.split(is_quote).collect();
    let last = parts.len() - 1;
    let mut pieces = Vec::new();
    for (position, part) in parts.iter().enumerate() {
        let is_quoted = position % 2 == 1 && position != last;
        if is_quoted {
            pieces.extend(
                Some(part.trim()).filter(|part| !part.is_empty()).map(|part| Piece::Quoted(part.to_owned())),
            );
        } else {
            pieces.extend(part.split_whitespace().map(word));
        }
    }
    pieces
}

fn word(word: &str) -> Piece {
    let address = trimmed(word);
    let bare = word.trim_start_matches(|character: char| !character.is_alphanumeric() && character != '@');
    if bare.strip_prefix('@').is_some_and(|name| name.starts_with(char::is_alphabetic)) {
        return Piece::Unresolved(format!("@{address}"));
    }
    let is_an_address = address
        .split_once('@')
        .is_some_and(|(name, domain)| !name.is_empty() && domain.contains('.') && !domain.contains('@'));
    if is_an_address { Piece::Email(address.to_lowercase()) } else { Piece::Word(word.to_owned()) }
}
