//! The rule that fills a group, in words.

use super::explanation::NAMES;
use super::say::{Sentence, list_of_names, say};
use crate::diagnosis::facts::idp::MembershipRule;

/// The attributes that a rule looks at, as far as its text names them.
pub(super) fn attributes(rule: &MembershipRule) -> Sentence {
    let text = rule.text.as_deref().unwrap_or_default();
    let mut found: Vec<&str> = Vec::new();
    for after in text.split("user.").skip(1) {
        let end = after.find(|character: char| !character.is_ascii_alphanumeric()).unwrap_or(after.len());
        let attribute = &after[..end];
        if !attribute.is_empty() && !found.contains(&attribute) {
            found.push(attribute);
        }
    }
    match found.is_empty() {
        true => say!["an attribute of each person"],
        false => list_of_names(found, NAMES),
    }
}
