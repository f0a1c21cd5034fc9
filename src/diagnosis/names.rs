//! When two names look alike to a person though the computer tells them apart.

use std::collections::BTreeSet;

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

/// How alike the names are; `None` if a person would tell them apart.
///
/// Look-alike characters are those of Unicode Technical Standard 39 (`confusables.txt`), as they stand: it tells
/// that `I` looks like `l`, and then `IT` looks like `lT`, but not like `LT`.
pub fn likeness(one: &str, other: &str) -> Option<Likeness> {
    if one == other {
        return Some(Likeness::Same);
    }
    let (one, other) = (looks(one), looks(other));
    let near = one.iter().zip(&other).any(|(one, other)| one == other);
    near.then_some(Likeness::Near)
}

/// Returns true if the names differ by no more than a plural or what is put behind a name when a group is replaced, as
/// in `-old`, `_v2` or `-new`. Such groups are different ones, however much alike their names are.
pub fn is_variant(one: &str, other: &str) -> bool {
    let (one, other) = (stem(one), stem(other));
    !one.is_empty() && one == other
}

/// The words of a name without what [`is_variant`] passes over.
fn stem(name: &str) -> Vec<String> {
    let words = plain(&without_case(name));
    let mut words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
    while words.len() > 1 && words.last().is_some_and(|word| is_put_behind(word)) {
        words.pop();
    }
    words.into_iter().map(singular).collect()
}

fn is_put_behind(word: &str) -> bool {
    const PUT_BEHIND: [&str; 9] =
        ["backup", "bak", "copy", "deprecated", "legacy", "new", "old", "orig", "temp"];
    let number = word.strip_prefix('v').filter(|number| !number.is_empty());
    PUT_BEHIND.contains(&word)
        || number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn singular(word: &str) -> String {
    match word.strip_suffix('s') {
        Some(one) if one.len() > 2 && !one.ends_with('s') => one.to_owned(),
        _ => word.to_owned(),
    }
}

/// How a name looks to a person, in three ways: two names are near where one way is the same. To be compared by
/// way, the first with the first.
///
/// 1. Without its capitals.
/// 2. Without its capitals, once letters of other scripts are the Latin ones that they look like.
/// 3. By its shapes, capitals as they stand: what looks alike within one script does so in one size only.
pub fn looks(name: &str) -> [String; 3] {
    [without_capitals(name), in_latin(name), by_shape(name)]
}

/// In what two near names differ, in words that need no explanation; `None` if they are the same.
pub fn differs_in(one: &str, other: &str) -> Option<&'static str> {
    let same = |fold: fn(&str) -> String| fold(one) == fold(other);
    let differ = |fold: fn(&str) -> String| !same(fold);
    Some(match () {
        () if one == other => return None,
        () if same(without_case) => "capitals",
        () if same(|name| name.nfc().collect()) => "how an accent is written",
        () if same(fold_separators) => "spaces, dashes or underscores",
        () if same(visible) && differ(|name| name.nfkc().collect()) => "a character that takes no room",
        () if same(visible) => "how a character is written",
        () if same(|name| fold_separators(&without_case(&visible(name)))) => {
            "capitals, spaces, dashes or underscores"
        }
        () => "letters that look alike",
    })
}

/// The first characters in which two names differ, where a reader could not see it: one of them is no letter,
/// digit or sign of the keyboard's.
pub fn unseen_difference(one: &str, other: &str) -> Option<(char, char)> {
    let (one, other) = (one.chars(), other.chars());
    let pair = one.zip(other).find(|(one, other)| !one.to_lowercase().eq(other.to_lowercase()))?;
    (!pair.0.is_ascii() || !pair.1.is_ascii()).then_some(pair)
}

/// The known names nearest to a mistyped one, the nearest first; none that is nothing like it.
///
/// Jaro-Winkler favours a common beginning, which is how people get account names wrong; 0.8 keeps
/// transposed and missing letters and drops names that merely share a prefix such as `aws-`. What says nothing of which
/// account is meant, such as `-Prod`, does not make two names alike.
pub fn nearest<'n>(typed: &str, known: impl IntoIterator<Item = &'n str>, at_most: usize) -> Vec<String> {
    const ALIKE: f64 = 0.8;
    let typed = fold_separators(&typed.to_lowercase());
    let mut scored: Vec<(f64, &str)> = known
        .into_iter()
        .map(|name| {
            let folded = fold_separators(&name.to_lowercase());
            let begins = !typed.is_empty() && folded.starts_with(&typed);
            let alike = |one: &str, other: &str| strsim::jaro_winkler(one, other);
            let score = match begins {
                true => 1.0,
                false if alike(&telling(&typed), &telling(&folded)) < ALIKE => 0.0,
                false => alike(&typed, &folded),
            };
            (score, name)
        })
        .filter(|(score, _)| *score >= ALIKE)
        .collect();
    scored.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.cmp(other.1)));
    scored.dedup_by(|one, other| one.1 == other.1);
    scored.into_iter().take(at_most).map(|(_, name)| name.to_owned()).collect()
}

/// Returns true if a group or a permission set is called as one for administrators or for emergencies. No name proves what
/// it gives; whatever is called so is only never the first to be joined while there is something else.
pub fn sounds_privileged(name: &str) -> bool {
    const PRIVILEGED: [&str; 5] = ["admin", "breakglass", "emergency", "fullaccess", "superuser"];
    let letters: String = name.chars().filter(|character| !is_join(*character)).collect();
    let letters = letters.to_lowercase();
    PRIVILEGED.iter().any(|word| letters.contains(word))
}

/// Returns true if a group is called as one that everybody in the company is in. No name proves it; such a one is only never
/// offered as what a deleted group may have become.
pub fn sounds_like_everybody(name: &str) -> bool {
    const EVERYBODY: [&str; 5] = ["everyone", "everybody", "allusers", "allstaff", "allemployees"];
    const ALL: [&str; 3] = ["all", "company", "domain"];
    const PEOPLE: [&str; 6] = ["employees", "hands", "people", "staff", "users", "wide"];
    let folded = fold_separators(&name.to_lowercase());
    let has = |words: &[&str]| folded.split(' ').any(|word| words.contains(&word));
    has(&EVERYBODY) || (has(&ALL) && has(&PEOPLE))
}

/// Words that say nothing of which account or group is meant.
const EVERYWHERE: [&str; 9] =
    ["account", "aws", "dev", "prod", "production", "qa", "stage", "staging", "test"];

/// The words of a folded name that tell what is meant; all of them if none does.
fn telling(folded: &str) -> String {
    let words = || folded.split(' ');
    let telling: Vec<&str> = words().filter(|word| !EVERYWHERE.contains(word)).collect();
    if telling.is_empty() { folded.to_owned() } else { telling.join(" ") }
}

/// How many words two names share, such as a group's and an account's; words that say nothing of which account is
/// meant do not count.
pub fn words_shared(one: &str, other: &str) -> usize {
    let words = |name: &str| -> BTreeSet<String> {
        let words = name.split(|character: char| !character.is_alphanumeric());
        words
            .map(str::to_lowercase)
            .filter(|word| !word.is_empty() && !EVERYWHERE.contains(&word.as_str()))
            .collect()
    };
    words(one).intersection(&words(other)).count()
}

fn without_capitals(name: &str) -> String {
    without_case(&plain(name))
}

fn by_shape(name: &str) -> String {
    fold_separators(&skeleton(&plain(name)).collect::<String>())
}

/// What is to be seen, with blanks between the words: before the shapes, since TR39 takes some dashes for other
/// strokes.
fn plain(name: &str) -> String {
    fold_separators(&visible(name))
}

fn in_latin(name: &str) -> String {
    let seen = name.nfd().filter(|character| takes_room(*character)).map(|character| {
        // As it stands: the compatible form of some letters has another shape.
        match latin_look_alike(character) {
            Some(latin) => latin.to_string(),
            None => character.to_string().nfkc().collect(),
        }
    });
    without_case(&fold_separators(&seen.collect::<String>().nfc().collect::<String>()))
}

/// The Latin letter or digit that a character of another script looks like, in its own size.
fn latin_look_alike(character: char) -> Option<char> {
    let compatible: String = character.to_string().nfkc().collect();
    if compatible.is_ascii() {
        return None;
    }
    let shape: String = skeleton(&character.to_string()).collect();
    match shape.as_str() {
        // TR39 writes every stroke as an `l`; a capital that looks like one is an `I`.
        "l" if character.is_uppercase() => Some('I'),
        // And every `m` as two letters.
        "rn" => Some('m'),
        one => {
            let mut letters = one.chars();
            letters.next().filter(|letter| letter.is_ascii_alphanumeric() && letters.next().is_none())
        }
    }
}

/// Through capitals, since not every small letter is the small form of its own capital: `ß` and `ss` are one
/// in capitals, and so are both forms of a Greek sigma.
fn without_case(name: &str) -> String {
    name.to_uppercase().to_lowercase()
}

/// NFKC without the characters that take no room.
fn visible(name: &str) -> String {
    name.chars().filter(|character| takes_room(*character)).nfkc().collect()
}

/// Soft hyphen, zero-width and directional marks take none.
fn takes_room(character: char) -> bool {
    !matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// A name with single spaces in the place of spaces, dashes and underscores.
pub(super) fn fold_separators(name: &str) -> String {
    name.split(is_join).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn is_join(character: char) -> bool {
    character.is_whitespace() || is_dash(character) || character == '_'
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
            ("IT-Admins", "1T-Admins"),
            ("ward-rn", "ward-m"),
            ("Team-O", "Team-0"),
            ("ADMIN", "\u{3b1}dmin"),
            ("\u{406}T-Admins", "it-admins"),
            ("Caf\u{e9}", "Cafe\u{301}"),
            ("Dev\u{200b}Ops", "DevOps"),
            ("Stra\u{df}e", "STRASSE"),
            ("\u{3a0}\u{3cc}\u{3bb}\u{3b9}\u{3c2}", "\u{3a0}\u{38c}\u{39b}\u{399}\u{3a3}"),
        ] {
            assert_eq!(likeness(one, other), Some(Likeness::Near), "{one} and {other}");
        }
        assert_eq!(likeness("Same", "Same"), Some(Likeness::Same));
    }

    #[test]
    fn names_that_a_person_tells_apart_are_left_alone() {
        for (one, other) in [
            ("Dev-1", "Dev-2"),
            ("EU", "US"),
            ("Dev-1-2", "Dev-12"),
            ("Admin", "Admins"),
            ("A", ""),
            // What looks alike in small letters does not in capitals, and the other way round.
            ("AWS-IA-Admins", "AWS-LA-Admins"),
            ("EU-IT", "EU-LT"),
            ("FI-Ops", "FL-Ops"),
            ("PHASE-1", "PHASE-L"),
            ("EMEA-II", "EMEA-LL"),
            ("Squad-L", "Squad-1"),
            ("Team I", "Team L"),
            ("Ward-RN", "Ward-M"),
            ("RNA-Lab", "MA-Lab"),
        ] {
            assert_eq!(likeness(one, other), None, "{one} and {other}");
        }
    }

    #[test]
    fn it_is_said_in_what_they_differ() {
        for (one, other, what) in [
            ("AWS-Pay", "aws-pay", "capitals"),
            ("Caf\u{e9}", "Cafe\u{301}", "how an accent is written"),
            ("Dev\u{200b}Ops", "DevOps", "a character that takes no room"),
            ("\u{ff21}dmin", "Admin", "how a character is written"),
            ("Eng\u{a0}Team", "Eng Team", "spaces, dashes or underscores"),
            ("Team_Admins", "Team-Admins", "spaces, dashes or underscores"),
            ("Team_Admins", "team admins", "capitals, spaces, dashes or underscores"),
            ("admin", "\u{3b1}dmin", "letters that look alike"),
        ] {
            assert_eq!(differs_in(one, other), Some(what), "{one} and {other}");
        }
        assert_eq!(differs_in("a", "a"), None);
        assert_eq!(unseen_difference("admin", "\u{3b1}dmin"), Some(('a', '\u{3b1}')));
        assert_eq!(unseen_difference("Eng Team", "Eng\u{a0}team"), Some((' ', '\u{a0}')));
        assert_eq!(unseen_difference("Eng Team", "eng-team"), None);
    }

    #[test]
    fn a_plural_or_what_is_put_behind_a_name_makes_a_variant() {
        for (one, other) in [
            ("AWS-Payments-Reader", "AWS-Payments-Readers"),
            ("AWS-Payments", "aws-payment"),
            ("AWS-Payments-ReadOnly", "AWS-Payments-ReadOnly-old"),
            ("AWS-Payments-ReadOnly_v2", "AWS-Payments-ReadOnly-new"),
            ("AWS-Payments v1", "AWS-Payments"),
        ] {
            assert!(is_variant(one, other), "{one} and {other}");
        }
        for (one, other) in [
            ("AWS-Payments-Dev", "AWS-Payments-Prod"),
            ("AWS-Payments-ReadOnly", "AWS-Payments-Admin"),
            ("AWS-Access", "AWS-Acces"),
            ("AWS-VPN", "AWS-V"),
            ("old", "new"),
        ] {
            assert!(!is_variant(one, other), "{one} and {other}");
        }
    }

    #[test]
    fn a_typo_finds_the_account() {
        let known = ["Payments-Prod", "Payments-Dev", "Audit", "Log Archive"];
        assert_eq!(nearest("Paymants-Prod", known, 3).first().map(String::as_str), Some("Payments-Prod"));
        assert_eq!(nearest("payments", known, 3), ["Payments-Dev", "Payments-Prod"]);
        assert!(nearest("Zebra", known, 3).is_empty());
        assert!(nearest("Payments-Prod", ["Plant-Prod", "Petr-Prod"], 3).is_empty(), "only -Prod is alike");
    }

    #[test]
    fn what_is_put_behind_a_name_is_the_name_if_it_is_all_of_it() {
        assert!(is_variant("Old", "Olds"));
        assert!(!is_variant("Old", "New"));
    }

    #[test]
    fn a_word_is_a_plural_if_something_is_left_of_it() {
        assert!(is_variant("Team", "Teams"));
        assert!(!is_variant("Ga", "Gas"));
        assert!(!is_variant("Bos", "Boss"));
    }

    #[test]
    fn the_beginning_of_a_name_finds_it_and_nothing_finds_none() {
        assert_eq!(nearest("p", ["Payments Integration Europe"], 3), ["Payments Integration Europe"]);
        assert_eq!(nearest("", ["Payments"], 3), Vec::<String>::new());
    }

    #[test]
    fn words_that_are_everywhere_are_not_shared() {
        assert_eq!(words_shared("AWS-Data", "aws-prod"), 0);
        assert_eq!(words_shared("AWS-Data", "data (prod)"), 1);
    }

    #[test]
    fn a_character_of_another_script_looks_like_a_letter_of_its_own_size_or_like_none() {
        // Cyrillic palochka, small and capital.
        assert_eq!(latin_look_alike('\u{4cf}'), Some('l'));
        assert_eq!(latin_look_alike('\u{4c0}'), Some('I'));
        assert_eq!(latin_look_alike('\u{2010}'), None, "a hyphen is no letter");
    }

    #[test]
    fn a_name_that_is_just_alike_enough_is_near() {
        assert_eq!(strsim::jaro_winkler("abxcdeyz", "abpqcder"), 0.8);
        assert_eq!(nearest("abxcdeyz", ["abpqcder"], 3), ["abpqcder"]);
    }

    #[test]
    fn some_names_are_those_of_everybody() {
        for name in ["Everyone", "All Staff", "all-users", "Domain Users", "AWS-Everybody", "All_Hands"] {
            assert!(sounds_like_everybody(name), "{name}");
        }
        for name in ["Support Staff", "AWS-Payments", "All-Clear", "Users of Payments", "Hands"] {
            assert!(!sounds_like_everybody(name), "{name}");
        }
    }
}
