//! What must stay true of the house: who may know whom, where the clock and the environment are read, and
//! that every cause has all that belongs to it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use sso_why::diagnosis::causes::Cause;
use sso_why::sandbox::scenario::Scenario;
use sso_why::words::explain;

/// Each room with the rooms that it may use; what is not named here may use everything.
const MAY_USE: &[(&str, &[&str])] = &[
    ("diagnosis", &[]),
    ("words", &["diagnosis"]),
    ("sources", &["diagnosis"]),
    ("gather", &["diagnosis", "sources"]),
    ("config", &[]),
    ("slack", &["words", "config"]),
    ("desk", &["config", "diagnosis", "gather", "slack", "sources", "words"]),
    ("web", &["desk", "slack", "words", "config"]),
    ("telemetry", &[]),
    ("serve", &["config", "desk", "gather", "slack", "sources", "web"]),
    ("sandbox", &[]),
];

/// What the pure rooms must not mention.
const IMPURE: [&str; 8] =
    ["async ", ".await", "Timestamp::now", "SystemTime", "std::fs", "std::env", "tokio", "reqwest"];

struct File {
    path: PathBuf,
    room: String,
    text: String,
}

#[test]
fn every_room_uses_only_what_it_may() {
    for file in files() {
        let Some((_, allowed)) = MAY_USE.iter().find(|(room, _)| *room == file.room) else {
            continue;
        };
        for other in mentioned(&production(&file.text)) {
            let fine = other == file.room || allowed.contains(&other.as_str());
            assert!(
                fine,
                "{} is in {} and uses {other}: it may use only {allowed:?}",
                file.path.display(),
                file.room
            );
        }
    }
}

#[test]
fn the_pure_rooms_are_pure() {
    for file in files().into_iter().filter(|file| file.room == "diagnosis" || file.room == "words") {
        let text = production(&file.text);
        for word in IMPURE {
            assert!(!text.contains(word), "{} mentions {word}", file.path.display());
        }
        if file.room == "diagnosis" {
            for word in ["Result<", "serde", "slack", "aws_sdk"] {
                assert!(!text.contains(word), "{} mentions {word}", file.path.display());
            }
        }
    }
}

#[test]
fn only_config_reads_the_environment() {
    for file in files().into_iter().filter(|file| file.room != "config") {
        for word in ["env::var", "env::vars"] {
            assert!(!production(&file.text).contains(word), "{} reads the environment", file.path.display());
        }
    }
}

#[test]
fn every_file_says_first_what_it_is_about() {
    for file in files() {
        assert!(file.text.starts_with("//!"), "{} does not begin with what it is about", file.path.display());
    }
}

#[test]
fn every_cause_has_its_page_its_person_and_its_snapshot() {
    let company = Scenario::named("company").expect("built in").expect("parses");
    let snapshots = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/everybody.rs"))
        .expect("the snapshots");
    for cause in Cause::ALL {
        let page = explain::page(*cause);
        for heading in ["## What it means", "## How it is detected", "## How it is fixed"] {
            assert!(page.contains(heading), "{}: no {heading}", cause.name());
        }
        let person = company
            .people
            .iter()
            .find(|person| person.expects.as_ref().is_some_and(|expects| expects.cause == cause.name()));
        let person = person.unwrap_or_else(|| panic!("nobody in the company has {}", cause.name()));
        assert!(snapshots.contains(&format!("\"{}\"", person.key)), "{} has no snapshot", person.key);
    }
}

fn files() -> Vec<File> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    collect(&source, &mut found);
    found
        .into_iter()
        .map(|path| {
            let inside = path.strip_prefix(&source).expect("inside");
            let first = inside.components().next().expect("a component").as_os_str().to_string_lossy();
            let room = first.trim_end_matches(".rs").to_owned();
            let text = fs::read_to_string(&path).expect("readable");
            File { path, room, text }
        })
        .collect()
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The code without its tests and comments: those may look into other rooms.
fn production(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    if text.contains("use proptest::") {
        return String::new();
    }
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn mentioned(text: &str) -> BTreeSet<String> {
    text.split("crate::")
        .skip(1)
        .map(|rest| {
            rest.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
        })
        .filter(|room: &String| !room.is_empty())
        .collect()
}
