//! Every planted near-duplicate is found, and names that a person tells apart are never paired.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// Words that no two people take for each other, in several scripts.
const WORDS: &[&str] = &[
    "admin",
    "audit",
    "billing",
    "data",
    "dev",
    "eu",
    "finance",
    "payments",
    "prod",
    "readonly",
    "security",
    "team",
    "tools",
    "us",
    "café",
    "größe",
    "東京",
    "서울",
    "москва",
    "αθήνα",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "8",
    "9",
    "12",
    "13",
    "21",
    // What looks alike in small letters does not in capitals.
    "IA",
    "LA",
    "IT",
    "LT",
    "RNA",
    "MA",
    "RN",
    "M",
    "L",
    "1",
];

/// What joins words.
const JOINS: &[char] = &[
    '-', '_', ' ', '\u{a0}', '\u{3000}', '\u{2009}', '\u{2010}', '\u{2011}', '\u{2013}', '\u{2014}',
    '\u{2212}',
];

/// What takes no room.
const UNSEEN: &[char] = &['\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}'];

/// Letters with others that look like them (Unicode TR39, `confusables.txt`).
const LOOK_ALIKES: &[(char, &[char])] = &[
    ('a', &['α', 'а']),
    ('c', &['с', 'ϲ']),
    ('e', &['е']),
    ('i', &['і', 'ι']),
    ('j', &['ј']),
    ('o', &['ο', 'о']),
    ('p', &['р', 'ρ']),
    ('s', &['ѕ']),
    ('u', &['υ']),
    ('v', &['ν']),
    ('x', &['х']),
    ('y', &['у']),
    ('A', &['Α', 'А']),
    ('B', &['Β', 'В']),
    ('C', &['С']),
    ('E', &['Ε', 'Е']),
    ('M', &['Μ', 'М']),
    ('O', &['Ο', 'О']),
    ('P', &['Ρ', 'Р']),
    ('T', &['Τ', 'Т']),
];

/// One change of a name that nobody sees, or hardly anybody.
#[derive(Clone, Debug)]
enum Change {
    Capitals,
    NoCapitals,
    Joins(char),
    AnotherJoin(char),
    Unseen(char),
    LookAlikes(usize),
    Wide,
    Composed,
    Decomposed,
    SpaceAround,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Capitals),
        Just(Change::NoCapitals),
        select(JOINS).prop_map(Change::Joins),
        select(JOINS).prop_map(Change::AnotherJoin),
        select(UNSEEN).prop_map(Change::Unseen),
        (0_usize..4).prop_map(Change::LookAlikes),
        Just(Change::Wide),
        Just(Change::Composed),
        Just(Change::Decomposed),
        Just(Change::SpaceAround),
    ]
}

fn changed(name: &str, change: &Change) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    match change {
        Change::Capitals => name.to_uppercase(),
        Change::NoCapitals => name.to_lowercase(),
        Change::Joins(join) => {
            name.chars().map(|one| if JOINS.contains(&one) { *join } else { one }).collect()
        }
        Change::AnotherJoin(join) => name
            .chars()
            .flat_map(|one| {
                let another = JOINS.contains(&one).then_some(*join);
                std::iter::once(one).chain(another)
            })
            .collect(),
        Change::Unseen(unseen) => {
            let middle = name.chars().count() / 2;
            let with = name.chars().enumerate().flat_map(|(position, one)| {
                std::iter::once(one).chain((position == middle).then_some(*unseen))
            });
            with.collect()
        }
        Change::LookAlikes(turn) => name
            .chars()
            .map(|one| {
                let alike = LOOK_ALIKES.iter().find(|(letter, _)| *letter == one);
                alike.and_then(|(_, others)| others.get(turn % others.len())).copied().unwrap_or(one)
            })
            .collect(),
        Change::Wide => name
            .chars()
            .map(|one| match one {
                '!'..='~' => char::from_u32(u32::from(one) + 0xfee0).unwrap_or(one),
                other => other,
            })
            .collect(),
        Change::Composed => name.nfc().collect(),
        Change::Decomposed => name.nfd().collect(),
        Change::SpaceAround => format!(" {name}\u{a0}"),
    }
}

fn name() -> impl Strategy<Value = Vec<&'static str>> {
    vec(select(WORDS), 1..5)
}

fn group(number: usize, name: &str) -> Group {
    Group {
        id: GroupId(format!("group-{number}")),
        name: name.to_owned(),
        synced: false,
        external_ids: Box::default(),
        created_at: None,
        created_by: None,
    }
}

fn sets(names: &[String]) -> Vec<Vec<String>> {
    let mut sieve = Sieve::default();
    names.iter().enumerate().for_each(|(number, name)| sieve.add(group(number, name)));
    let sets = sieve.sets().into_iter();
    sets.map(|set| set.into_iter().map(|group| group.name.clone()).collect()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn every_planted_near_duplicate_is_found(
        words in name(),
        changes in vec(change(), 1..4),
        others in vec(name(), 0..20),
    ) {
        let original = words.join("-");
        // A look-alike is one of the letter as it stands; in capitals it may be none.
        let mut in_order = changes.clone();
        in_order.sort_by_key(|change| match change {
            Change::Capitals | Change::NoCapitals => 0,
            Change::LookAlikes(_) => 1,
            _ => 2,
        });
        let planted = in_order.iter().fold(original.clone(), |name, one| changed(&name, one));
        if planted == original {
            return Ok(());
        }
        // The limit: a Latin word with letters of another script, beside a word of another script in other
        // capitals. What looks alike and what is one letter in two sizes contradict each other there.
        let has = |kind: fn(&Change) -> bool| changes.iter().any(kind);
        let in_capitals = has(|change| matches!(change, Change::Capitals));
        let with_look_alikes = has(|change| matches!(change, Change::LookAlikes(_)));
        let of_two_scripts = !original.is_ascii();
        if in_capitals && with_look_alikes && of_two_scripts {
            return Ok(());
        }
        let mut names: Vec<String> = others.iter().map(|words| words.join("-")).collect();
        names.push(original.clone());
        names.insert(names.len() / 2, planted.clone());
        let found = sets(&names).into_iter().any(|set| set.contains(&original) && set.contains(&planted));
        prop_assert!(found, "{planted:?} beside {original:?}");
    }

    #[test]
    fn names_that_a_person_tells_apart_are_never_paired(names in vec(name(), 2..40)) {
        let names: BTreeSet<Vec<&str>> = names.into_iter().collect();
        let names: Vec<String> = names.iter().map(|words| words.join("-")).collect();
        prop_assert_eq!(sets(&names), Vec::<Vec<String>>::new());
    }
}

#[test]
fn the_names_that_everybody_thinks_of() {
    let names =
        ["Dev-1", "Dev-2", "EU", "US", "admin", "αdmin", "Team Admins", "Team_Admins", "team-admins "];
    let names = names.map(str::to_owned);
    assert_eq!(sets(&names), [vec!["Team Admins", "Team_Admins", "team-admins "], vec!["admin", "αdmin"]]);
}

#[test]
fn a_group_that_a_page_brings_twice_is_one() {
    let mut sieve = Sieve::default();
    sieve.add(group(1, "Admins"));
    sieve.add(group(1, "Admins"));
    assert_eq!(sieve.sets(), Vec::<Vec<&Group>>::new());
}
