//! Accounts' names found in free words, whatever joins their parts and whatever stands around them.

use unicode_normalization::UnicodeNormalization as _;

use super::Named;
use super::markup::Piece;
use crate::diagnosis::facts::Account;
use crate::diagnosis::names::nearest;

/// Account names offered where none was named: they become buttons.
const NEAR: usize = 5;
/// Parts of a name at most that a mistyped one is looked for with.
const PARTS: usize = 4;
/// Digits of an account's number (AWS Organizations, `Account.Id`, pattern `^\d{12}$`).
const DIGITS: usize = 12;

/// Words that people put between the parts of a name: "payments in prod", "the payments account prod".
const BETWEEN: &[&str] = &["in", "on", "the", "of", "for", "account", "aws"];

/// Words of ordinary questions: alone they name no account and no permission set.
const COMMON: &[&str] = &[
    "a",
    "able",
    "about",
    "access",
    "account",
    "accounts",
    "again",
    "all",
    "an",
    "and",
    "any",
    "anymore",
    "anyone",
    "asap",
    "at",
    "aws",
    "be",
    "been",
    "but",
    "can",
    "cannot",
    "cant",
    "check",
    "could",
    "do",
    "does",
    "doesn",
    "don",
    "else",
    "find",
    "for",
    "from",
    "get",
    "give",
    "has",
    "have",
    "hello",
    "help",
    "hey",
    "hi",
    "how",
    "i",
    "in",
    "is",
    "isn",
    "it",
    "its",
    "just",
    "list",
    "login",
    "look",
    "lost",
    "m",
    "me",
    "missing",
    "more",
    "my",
    "need",
    "no",
    "not",
    "now",
    "of",
    "on",
    "or",
    "our",
    "permission",
    "permissions",
    "please",
    "pls",
    "portal",
    "s",
    "see",
    "set",
    "show",
    "sign",
    "sso",
    "still",
    "t",
    "team",
    "thanks",
    "that",
    "the",
    "their",
    "them",
    "there",
    "they",
    "this",
    "thx",
    "to",
    "today",
    "up",
    "us",
    "was",
    "we",
    "what",
    "when",
    "where",
    "which",
    "who",
    "why",
    "with",
    "work",
    "would",
    "yet",
    "you",
    "your",
];

/// What people call the same stage of a system.
const STAGES: &[(&str, &[&str])] = &[
    ("prod", &["production", "prd", "live"]),
    ("dev", &["development", "devel"]),
    ("staging", &["stage", "stg"]),
    ("test", &["testing", "tst"]),
];

/// Whether an ordinary question may hold this word without naming anything by it.
pub(super) fn is_common(word: &str) -> bool {
    parts(word).iter().all(|part| COMMON.contains(&part.as_str()))
}

/// Whether this is how the account was called.
pub(super) fn is_name_of(text: &str, account: &Named, known: &[Account]) -> bool {
    let name = known.iter().find(|one| one.id == account.ask).map_or(&account.ask, |one| &one.name);
    let words = parts_of(text, false);
    let covers = end_of(&in_one(&parts(name)), &words, 0) == Some(words.len());
    covers || number(text).is_some_and(|number| number == account.ask)
}

/// The accounts that are named in a message, in its order: where names overlap, the longest.
pub(super) fn accounts_named(pieces: &[Piece], known: &[Account]) -> Vec<Named> {
    let mut places = numbers(pieces, known);
    let words = said(pieces);
    for account in known {
        let named = Named { ask: asked_by(account, known), label: account.name.clone() };
        places.extend(places_of(&named, &words));
    }
    // An account that is called like an ordinary word is meant only where no other is named.
    if places.iter().any(|place| !place.is_ordinary) {
        places.retain(|place| !place.is_ordinary);
    }
    places.sort_by_key(|place| (std::cmp::Reverse(place.weight), !place.is_exact, place.start));
    let mut taken: Vec<Place> = Vec::new();
    for place in places {
        let over = |other: &Place| place.start < other.end && other.start < place.end;
        let is_as_good = |other: &Place| {
            (other.start, other.end, other.is_exact) == (place.start, place.end, place.is_exact)
        };
        if taken.iter().all(|other| !over(other) || is_as_good(other)) {
            taken.push(place);
        }
    }
    taken.sort_by_key(|place| place.start);
    let mut named: Vec<Named> = Vec::new();
    for place in taken {
        if !named.contains(&place.named) {
            named.push(place.named);
        }
    }
    named
}

/// Names that are near to what was said.
pub(super) fn near_accounts(pieces: &[Piece], known: &[Account]) -> Vec<String> {
    let words = said(pieces);
    let names = || known.iter().map(|account| account.name.as_str());
    let mut near: Vec<String> = Vec::new();
    // Longer stretches say more than shorter ones.
    for count in (1..=PARTS).rev() {
        for stretch in words.windows(count) {
            let parts: Vec<&str> = stretch.iter().filter_map(|word| word.part.as_deref()).collect();
            let says_something = parts.iter().any(|part| part.len() > 2 && !COMMON.contains(part));
            let begins_and_ends = [parts.first(), parts.last()];
            let is_whole =
                parts.len() == count && begins_and_ends.iter().flatten().all(|part| !COMMON.contains(*part));
            if says_something && is_whole {
                near.extend(nearest(&parts.join(" "), names(), NEAR));
            }
        }
        if !near.is_empty() {
            break;
        }
    }
    let mut each_once: Vec<String> = Vec::new();
    for name in near {
        if !each_once.contains(&name) {
            each_once.push(name);
        }
    }
    each_once.truncate(NEAR);
    each_once
}

/// Where in the message an account is named.
struct Place {
    named: Named,
    start: usize,
    end: usize,
    /// Characters of the name: the longer one is meant.
    weight: usize,
    /// Said part by part as the account is called, without words between.
    is_exact: bool,
    /// The name is nothing but ordinary words.
    is_ordinary: bool,
}

/// A part of a word; nothing where words do not belong together.
struct Said {
    part: Option<String>,
    is_quoted: bool,
}

fn said(pieces: &[Piece]) -> Vec<Said> {
    const APART: Said = Said { part: None, is_quoted: false };
    let mut words = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Word(word) => words.extend(parts_of(word, false)),
            Piece::Quoted(quoted) => {
                words.push(APART);
                words.extend(parts_of(quoted, true));
                words.push(APART);
            }
            Piece::Person(_) | Piece::Email(_) | Piece::Unresolved(_) | Piece::Break => words.push(APART),
        }
    }
    words
}

fn parts_of(text: &str, is_quoted: bool) -> Vec<Said> {
    parts(text).into_iter().map(|part| Said { part: Some(part), is_quoted }).collect()
}

fn numbers(pieces: &[Piece], known: &[Account]) -> Vec<Place> {
    let mut places = Vec::new();
    let mut start = 0;
    for piece in pieces {
        let end = start + said(std::slice::from_ref(piece)).len();
        if let Some(number) = piece.said().and_then(number) {
            let account = known.iter().find(|account| account.id == number);
            let label = account.map_or(&number, |account| &account.name).clone();
            let named = Named { ask: number, label };
            places.push(Place { named, start, end, weight: usize::MAX, is_exact: true, is_ordinary: false });
        }
        start = end;
    }
    places
}

/// Twelve digits, together or with dashes as the console writes them, and nothing else in the word.
fn number(word: &str) -> Option<String> {
    let word = word.trim_matches(|character: char| !character.is_alphanumeric());
    let digits: String = word.chars().filter(|character| *character != '-').collect();
    (digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// The number, unless several accounts have the name: then the answer asks which.
fn asked_by(account: &Account, known: &[Account]) -> String {
    let is_the_only_one = known.iter().filter(|other| other.name == account.name).nth(1).is_none();
    if is_the_only_one { account.id.clone() } else { account.name.clone() }
}

fn places_of(named: &Named, words: &[Said]) -> Vec<Place> {
    let exact = parts(&named.label);
    let name = in_one(&exact);
    if name.is_empty() {
        return Vec::new();
    }
    let is_common = exact.iter().all(|part| COMMON.contains(&part.as_str()));
    let mut places = Vec::new();
    for (start, word) in words.iter().enumerate() {
        let Some(end) = end_of(&name, words, start) else { continue };
        let stretch = words[start..end].iter().filter_map(|word| word.part.as_ref());
        places.push(Place {
            named: named.clone(),
            start,
            end,
            weight: name.chars().count(),
            is_exact: stretch.eq(&exact),
            is_ordinary: is_common && !word.is_quoted,
        });
    }
    places
}

/// A name's parts as one word, with the stage by its usual name.
fn in_one(parts: &[String]) -> String {
    parts.iter().map(|part| stage(part)).collect()
}

/// Where the name ends that begins at this word; nothing where it does not. A name may be written in one word or
/// in several, and with small words between its parts.
fn end_of(name: &str, words: &[Said], start: usize) -> Option<usize> {
    let mut rest = name;
    let mut position = start;
    while !rest.is_empty() {
        let part = words.get(position)?.part.as_deref()?;
        rest = match rest.strip_prefix(stage(part)) {
            Some(after) => after,
            None if position > start && BETWEEN.contains(&part) => rest,
            None => return None,
        };
        position += 1;
    }
    Some(position)
}

/// The stage by its usual name, any other word as it is.
fn stage(part: &str) -> &str {
    STAGES.iter().find(|(_, others)| others.contains(&part)).map_or(part, |(usual, _)| *usual)
}

/// A name's parts as they are compared: in small letters, without accents and what cannot be seen, split where
/// neither letters nor digits stand. A script that puts no blanks between words counts sign by sign.
fn parts(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut ends = true;
    for character in name.nfkd().flat_map(char::to_lowercase) {
        if is_invisible(character) {
            continue;
        }
        if !character.is_alphanumeric() {
            ends = true;
            continue;
        }
        let stands_alone = is_written_without_blanks(character);
        match parts.last_mut() {
            Some(last) if !ends && !stands_alone => last.push(character),
            _ => parts.push(character.to_string()),
        }
        ends = stands_alone;
    }
    parts
}

/// Combining marks, and characters of no width.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Thai, Lao, Khmer, Kana, Han and Hangul, the last in the parts that NFKD takes it to.
fn is_written_without_blanks(character: char) -> bool {
    matches!(character, '\u{e00}'..='\u{eff}' | '\u{1100}'..='\u{11ff}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}
