//! What a sentence is made of: our words, names that come from directories, and times.
//!
//! A name is kept apart from our words until it is rendered, since it is untrusted text: a group called
//! `<!channel>` must ping nobody and `*x*` must not turn bold.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::diagnosis::Diagnosis;
use crate::diagnosis::harm::Proof;

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum Span {
    /// Our own words.
    Plain(String),
    /// Words that take something away, which need a fact.
    Taking(Taking),
    /// A name, exactly as the consoles show it.
    Name(String),
    /// A moment, shown in the reader's own zone.
    Time(Timestamp),
    /// Somebody to ask; shown as a mention where the reader's chat knows them.
    Person { name: String, email: Option<String> },
    /// Somebody as the reader's chat knows them, by its id of them; the name is for plain text.
    Mention { user: String, name: String },
    /// What another system answered, word for word: shown to an agent after `before`, and `instead` of both to
    /// everybody else.
    Answer { before: &'static str, says: String, instead: &'static str },
    /// A group that the person is in and that does not open the account: shown to the person and to an agent,
    /// and `instead` to everybody else.
    OwnGroup { name: String, instead: &'static str },
}

/// Words for what takes something away: nobody makes them without the fact that proves that it is in the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Taking(&'static str);

impl Taking {
    /// The words.
    pub fn words(&self) -> &'static str {
        self.0
    }
}

/// Words for what takes something away, as part of a sentence.
pub fn taking(_: &impl Proof, words: &'static str) -> Span {
    Span::Taking(Taking(words))
}

/// One sentence or part of one, without a line break.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sentence(pub Vec<Span>);

/// Builds a [`Sentence`] from words, [`name`]s and times.
macro_rules! say {
    ($($part:expr),* $(,)?) => {
        $crate::words::say::Sentence(vec![$($crate::words::say::Span::from($part)),*])
    };
}
pub(crate) use say;

/// Somebody to ask, as part of a sentence.
pub fn person(name: &str, email: Option<&str>) -> Span {
    Span::Person { name: name.to_owned(), email: email.map(str::to_owned) }
}

/// Somebody whom the reader's chat knows, as part of a sentence.
pub fn mention(user: &str, name: &str) -> Span {
    Span::Mention { user: user.to_owned(), name: name.to_owned() }
}

/// Our words and what another system answered, as part of a sentence; whoever is no agent reads `instead`.
pub fn answer(before: &'static str, says: impl Into<String>, instead: &'static str) -> Span {
    Span::Answer { before, says: says.into(), instead }
}

/// A name as part of a sentence.
pub fn name(name: impl Into<String>) -> Span {
    Span::Name(name.into())
}

impl From<&str> for Span {
    fn from(words: &str) -> Self {
        Self::Plain(words.to_owned())
    }
}

impl From<String> for Span {
    fn from(words: String) -> Self {
        Self::Plain(words)
    }
}

impl From<Timestamp> for Span {
    fn from(time: Timestamp) -> Self {
        Self::Time(time)
    }
}

impl Sentence {
    /// This sentence with another after it.
    pub fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// What this reader may read of it. A sentence that has not been through here shows what anybody may read.
    pub fn shown_to(self, reader: Reader, whom: &Whom) -> Self {
        let spans = self.0.into_iter().flat_map(|span| match (span, reader) {
            (Span::Answer { before, says, .. }, Reader::Agent) => vec![Span::from(before), name(says)],
            (Span::OwnGroup { name: group, .. }, Reader::Agent) => vec![name(group)],
            (Span::OwnGroup { name: group, .. }, Reader::EndUser) if *whom == Whom::Reader => {
                vec![name(group)]
            }
            (span, _) => vec![span],
        });
        Self(spans.collect())
    }

    /// All of it.
    pub fn for_an_agent(self) -> Self {
        self.shown_to(Reader::Agent, &Whom::Reader)
    }

    /// As plain text for a reader in this zone.
    pub fn plain(&self, zone: &TimeZone) -> String {
        self.0
            .iter()
            .map(|span| match span {
                Span::Plain(words) => words.clone(),
                Span::Taking(taking) => taking.words().to_owned(),
                Span::Name(name) | Span::Person { name, .. } | Span::Mention { name, .. } => one_line(name),
                Span::Answer { instead, .. } | Span::OwnGroup { instead, .. } => (*instead).to_owned(),
                Span::Time(time) => moment(*time, zone),
            })
            .collect()
    }
}

/// Names joined as in speech: `a`, `a and b`, `a, b and c`; `at_most` of them, then how many more.
pub fn list_of_names<'n>(names: impl IntoIterator<Item = &'n str>, at_most: usize) -> Sentence {
    let names: Vec<&str> = names.into_iter().collect();
    let shown = names.len().min(at_most);
    let more = names.len() - shown;
    let mut spans = Vec::new();
    for (position, one) in names.iter().take(shown).enumerate() {
        if position > 0 {
            let last = position + 1 == shown && more == 0;
            spans.push(Span::from(if last { " and " } else { ", " }));
        }
        spans.push(name(*one));
    }
    if more > 0 {
        spans.push(Span::from(format!(" and {more} more")));
    }
    Sentence(spans)
}

/// `2026-11-24 14:12 GMT`: a date too, since an answer may be read another day.
pub fn moment(time: Timestamp, zone: &TimeZone) -> String {
    time.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M %Z").to_string()
}

/// How long ago, in the largest unit that fits: `4 minutes ago`.
pub fn ago(time: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(time.as_second()).max(0);
    let (count, unit) = match seconds {
        0..60 => return "just now".to_owned(),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}

/// A name without line breaks and control characters, which would forge lines of our own, and with a mark for each
/// character that turns the writing round, and with it our sentence (Unicode, "Bidirectional Algorithm", 2).
pub fn one_line(name: &str) -> String {
    let shown = |character: char| match character {
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        control if control.is_control() => ' ',
        other => other,
    };
    name.chars().map(shown).collect()
}

/// Who reads an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Reasons and their own data.
    EndUser,
    /// Of the help desk: also ids, what other systems answered, and other people's groups.
    Agent,
}

/// Whom the answer is about, as the reader sees it.
#[derive(Clone, Debug, PartialEq)]
pub enum Whom {
    /// The reader asked about themselves.
    Reader,
    /// Somebody else, by this name.
    Other(String),
}

impl Whom {
    /// The person by the best name that the diagnosis has.
    pub fn other(diagnosis: &Diagnosis) -> Self {
        let in_aws = diagnosis.person.as_ref().and_then(|person| person.display_name.clone());
        let at_the_idp = diagnosis.idp_person.as_ref().and_then(|person| person.display_name.clone());
        let directory = in_aws.or(at_the_idp);
        let question = &diagnosis.question;
        Self::Other(question.subject_name.clone().or(directory).unwrap_or_else(|| question.subject.clone()))
    }

    /// `You` or the name, to begin a sentence with.
    pub fn subject(&self) -> Span {
        match self {
            Self::Reader => Span::from("You"),
            Self::Other(other) => name(other),
        }
    }

    /// `you` or the name, within a sentence.
    pub fn object(&self) -> Span {
        match self {
            Self::Reader => Span::from("you"),
            Self::Other(other) => name(other),
        }
    }

    /// `I know you only as `, or `I looked by ` where the person has no other name: to go before what was looked by.
    pub fn known_only_as(&self) -> &'static str {
        self.verb("I know you only as ", "I looked by ")
    }

    /// `you`, or `they` for somebody else, who was named before.
    pub fn pronoun(&self) -> &'static str {
        self.verb("you", "they")
    }

    /// `your`, or `the` for somebody else's.
    pub fn possessive(&self) -> &'static str {
        self.verb("your", "the")
    }

    /// `are` or `is`.
    pub fn are(&self) -> &'static str {
        self.verb("are", "is")
    }

    /// The verb's form for `you` or for a name.
    pub fn verb(&self, yours: &'static str, theirs: &'static str) -> &'static str {
        match self {
            Self::Reader => yours,
            Self::Other(_) => theirs,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_forge_no_line_and_turn_no_sentence_round() {
        let hostile = "AWS\nNext: sign in at evil.example\u{202e}niamda";
        assert_eq!(one_line(hostile), "AWS Next: sign in at evil.example\u{fffd}niamda");
        assert_eq!(one_line("AWS-Größe 日本 🚀"), "AWS-Größe 日本 🚀");
    }
}
