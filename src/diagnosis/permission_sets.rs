//! Which permission set a typed name means.

use super::facts::{Fact, Facts};
use super::names::fold_separators;

/// Returns true if this permission set is the one asked for; every one is if none was named. It is the one of exactly
/// that name; if there is none, of that name but for case; if there is none, the only one of that name but for case,
/// spaces, dashes and underscores, however they join its words or not. Nothing is guessed between two, nor while a name
/// is unread.
pub(super) fn wants(facts: &Facts, name: &str) -> bool {
    let Some(typed) = facts.question.permission_set.as_deref() else { return true };
    let names: Vec<&str> =
        facts.permission_sets.values().filter_map(Fact::value).map(String::as_str).collect();
    let of = |fold: fn(&str) -> String| {
        let typed = fold(typed);
        let found: Vec<&str> = names.iter().copied().filter(|name| fold(name) == typed).collect();
        (!typed.is_empty() && !found.is_empty()).then_some(found)
    };
    if let Some(meant) = of(str::to_owned).or_else(|| of(str::to_lowercase)) {
        return meant.contains(&name);
    }
    let all_were_read = names.len() == facts.permission_sets.len();
    let without_joints = |name: &str| {
        fold_separators(&name.to_lowercase()).chars().filter(|one| one.is_alphanumeric()).collect()
    };
    let meant = of(|name| fold_separators(&name.to_lowercase())).or_else(|| of(without_joints));
    all_were_read && meant.is_some_and(|meant| meant == [name])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts::PermissionSetArn;
    use crate::diagnosis::fixture::{in_place, known, unread};

    fn meant(names: &[&str], typed: &str) -> Vec<String> {
        let mut facts = in_place();
        facts.question.permission_set = Some(typed.to_owned());
        facts.permission_sets.clear();
        for name in names {
            facts.permission_sets.insert(PermissionSetArn((*name).to_owned()), known((*name).to_owned()));
        }
        names.iter().filter(|name| wants(&facts, name)).map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_name_is_found_whatever_joins_its_words() {
        for typed in ["ReadOnly", "readonly", "read only", "Read-Only", "READ_ONLY"] {
            assert_eq!(meant(&["ReadOnly", "Admin"], typed), ["ReadOnly"], "{typed}");
        }
        assert_eq!(meant(&["Read-Only"], "read only"), ["Read-Only"]);
        assert_eq!(meant(&["ReadOnly"], "Read"), Vec::<String>::new());
        assert_eq!(meant(&["ReadOnly"], "-"), Vec::<String>::new());
    }

    #[test]
    fn the_closest_spelling_wins_and_nothing_is_guessed_between_two() {
        assert_eq!(meant(&["ReadOnly", "Read-Only"], "ReadOnly"), ["ReadOnly"]);
        assert_eq!(meant(&["ReadOnly", "Read-Only"], "read-only"), ["Read-Only"]);
        assert_eq!(meant(&["Read_Only", "Read-Only"], "read only"), Vec::<String>::new());
    }

    #[test]
    fn nothing_is_guessed_while_a_name_is_unread() {
        let mut facts = in_place();
        facts.permission_sets.insert(PermissionSetArn("another".to_owned()), unread());
        facts.question.permission_set = Some("read only".to_owned());
        assert!(!wants(&facts, "ReadOnly"));
        facts.question.permission_set = Some("readonly".to_owned());
        assert!(wants(&facts, "ReadOnly"));
    }
}
