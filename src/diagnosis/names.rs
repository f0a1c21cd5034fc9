//! When two names look alike to a person though the computer tells them apart.

use unicode_normalization::UnicodeNormalization;
use unicode_security::confusable_detection::skeleton;

/// How alike two different groups' names are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// The very same characters.
    Same,
    /// The same but for case, Unicode form, spaces, `-` and `_`, invisible or look-alike characters.
    Near,
}

/// How alike the names are, or nothing where a person would tell them apart.
///
/// Look-alike characters are those of Unicode Technical Standard 39 (`confusables.txt`). Both orders of
/// folding are tried: case before shape finds `Α` (Greek) beside `a`, shape before case finds `I` beside `l`.
pub fn likeness(one: &str, other: &str) -> Option<Likeness> {
    if one == other {
        return Some(Likeness::Same);
    }
    let near =
        case_then_shape(one) == case_then_shape(other) || shape_then_case(one) == shape_then_case(other);
    near.then_some(Likeness::Near)
}

/// The known names nearest to a mistyped one, the nearest first; none that is nothing like it.
///
/// Jaro-Winkler favours a common beginning, which is how people get account names wrong; 0.8 keeps
/// transposed and missing letters and drops names that merely share a prefix such as `aws-`.
pub fn nearest<'n>(typed: &str, known: impl IntoIterator<Item = &'n str>, at_most: usize) -> Vec<String> {
    const ALIKE: f64 = 0.8;
    let typed = fold_separators(&typed.to_lowercase());
    let mut scored: Vec<(f64, &str)> = known
        .into_iter()
        .map(|name| {
            let folded = fold_separators(&name.to_lowercase());
            let begins = !typed.is_empty() && folded.starts_with(&typed);
            let score = if begins { 1.0 } else { strsim::jaro_winkler(&typed, &folded) };
            (score, name)
        })
        .filter(|(score, _)| *score >= ALIKE)
        .collect();
    scored.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(other.1)));
    scored.dedup_by(|one, other| one.1 == other.1);
    scored.into_iter().take(at_most).map(|(_, name)| name.to_owned()).collect()
}

fn case_then_shape(name: &str) -> String {
    let folded = visible(name).to_lowercase();
    fold_separators(&skeleton(&folded).collect::<String>().to_lowercase())
}

fn shape_then_case(name: &str) -> String {
    fold_separators(&skeleton(&visible(name)).collect::<String>().to_lowercase())
}

/// NFKC without the characters that take no room: soft hyphen, zero-width and directional marks.
fn visible(name: &str) -> String {
    name.nfkc().filter(|character| !matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')).collect()
}

/// Words joined by one blank, whatever joined them.
fn fold_separators(name: &str) -> String {
    let joins = |character: char| character.is_whitespace() || is_dash(character) || character == '_';
    name.split(joins).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// ASCII hyphen and the dashes that TR39's skeleton may turn it into.
fn is_dash(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2d7}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_are_found() {
        for (one, other) in [
            ("AWS-Payments-Admin", "aws-payments-admin"),
            ("Eng Team", "Eng\u{a0}Team"),
            ("Eng Team", "Eng\u{3000}Team"),
            ("Team_Admins", "Team-Admins"),
            ("Team Admins", "Team-Admins "),
            ("admin", "\u{3b1}dmin"),
            ("AWS-Pay", "\u{410}WS-Pay"),
            ("IT-Admins", "lT-Admins"),
            ("Caf\u{e9}", "Cafe\u{301}"),
            ("Dev\u{200b}Ops", "DevOps"),
        ] {
            assert_eq!(likeness(one, other), Some(Likeness::Near), "{one} and {other}");
        }
        assert_eq!(likeness("Same", "Same"), Some(Likeness::Same));
    }

    #[test]
    fn names_that_a_person_tells_apart_are_left_alone() {
        for (one, other) in
            [("Dev-1", "Dev-2"), ("EU", "US"), ("Dev-1-2", "Dev-12"), ("Admin", "Admins"), ("A", "")]
        {
            assert_eq!(likeness(one, other), None, "{one} and {other}");
        }
    }

    #[test]
    fn a_typo_finds_the_account() {
        let known = ["Payments-Prod", "Payments-Dev", "Audit", "Log Archive"];
        assert_eq!(nearest("Paymants-Prod", known, 3).first().map(String::as_str), Some("Payments-Prod"));
        assert_eq!(nearest("payments", known, 3), ["Payments-Dev", "Payments-Prod"]);
        assert!(nearest("Zebra", known, 3).is_empty());
    }
}
