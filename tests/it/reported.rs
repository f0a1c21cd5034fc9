//! Situations that people have reported in public: each has a story over the wire, as `reported/situations.txt` lists them.
//!
//! A person of a scenario is asked here, and has to get the answer that stands beside them in the scenario: verdict, cause,
//! what has to be said and what must never be said. A story of its own has to be there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use sso_why::sandbox::scenario::{Expects, Scenario};

use crate::harness::World;
use crate::messy::amiss;

const SITUATIONS: &str = include_str!("reported/situations.txt");

/// How many situations were collected.
const COLLECTED: usize = 56;

/// One situation.
struct Situation {
    id: &'static str,
    answer: &'static str,
    told: Vec<Told>,
}

/// Who tells a situation.
enum Told {
    By { company: &'static str, person: &'static str, cause: &'static str },
    Story { file: &'static str, function: &'static str },
}

fn situations() -> Vec<Situation> {
    let mut found: Vec<Situation> = Vec::new();
    for line in SITUATIONS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match (line.strip_prefix("  -> "), line.strip_prefix("  "), found.last_mut()) {
            (Some(answer), _, Some(situation)) => situation.answer = answer,
            (None, Some(told), Some(situation)) => {
                situation.told.extend(told.split_whitespace().map(Told::read));
            }
            _ => {
                let (id, _) = line.split_once(": ").unwrap_or_else(|| panic!("no situation: {line}"));
                found.push(Situation { id, answer: "", told: Vec::new() });
            }
        }
    }
    found
}

impl Told {
    fn read(word: &'static str) -> Self {
        let person = word.split_once('/').zip(word.split_once('='));
        match (word.split_once("::"), person) {
            (Some((file, function)), _) => Self::Story { file, function },
            (None, Some(((company, _), (before, cause)))) => {
                Self::By { company, person: &before[company.len() + 1..], cause }
            }
            (None, None) => panic!("neither a person nor a story: {word}"),
        }
    }
}

#[test]
fn every_situation_is_there_once_with_its_answer_and_a_story() {
    let situations = situations();
    let different: BTreeSet<&str> = situations.iter().map(|situation| situation.id).collect();
    assert_eq!((situations.len(), different.len()), (COLLECTED, COLLECTED));
    for Situation { id, answer, told } in situations {
        assert!(!answer.is_empty() && !told.is_empty(), "{id} has no answer or no story");
    }
}

#[test]
fn every_story_that_is_named_is_there() {
    for Situation { id, told, .. } in situations() {
        for told in told {
            let Told::Story { file, function } = told else { continue };
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/{file}.rs"));
            let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{id}: {file}: {error}"));
            let is_there = text.contains(&format!("#[tokio::test]\nasync fn {function}()"));
            assert!(is_there, "{id}: {file}.rs has no story {function}");
        }
    }
}

#[tokio::test]
async fn everybody_who_tells_a_situation_gets_the_right_answer() {
    let mut by_company: BTreeMap<&str, Vec<(&str, &str, &str)>> = BTreeMap::new();
    for Situation { id, told, .. } in situations() {
        for told in told {
            if let Told::By { company, person, cause } = told {
                by_company.entry(company).or_default().push((id, person, cause));
            }
        }
    }
    let mut wrong = Vec::new();
    for (company, people) in by_company {
        let scenario = Scenario::named(company).expect("built in").expect("it parses");
        let mut world = World::of(company).await;
        for (id, person, cause) in people {
            let who = format!("{id}: {person} in {company}");
            let Some(expects) = scenario.person(person).and_then(|person| person.expects.clone()) else {
                wrong.push(format!("{who} expects nothing"));
                continue;
            };
            wrong.extend(vague(&expects, cause).map(|what| format!("{who} {what}")));
            // What was read for one person does not help the next.
            world.forget_all();
            let diagnosis = world.check_person(person).await;
            wrong.extend(amiss(&expects, &diagnosis).map(|what| format!("{who}: {what}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What the scenario's answer lacks: the cause of the list and, unless all is in place, what is said in words.
fn vague(expects: &Expects, cause: &str) -> Option<String> {
    if expects.cause.as_deref() != Some(cause) {
        return Some(format!("is to be told {:?}, and not {cause}", expects.cause));
    }
    let says_nothing = expects.says.is_empty() && expects.never_says.is_empty();
    (says_nothing && expects.verdict != "access").then(|| "has no words that have to be said".to_owned())
}
