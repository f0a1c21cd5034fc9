//! What must stay true of the house: who may know whom, where the clock and the environment are read, and
//! that every cause has all that belongs to it. [`circles`] finds files that import each other.

mod circles;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sso_why::diagnosis::causes::Cause;
use sso_why::diagnosis::steps::Step;
use sso_why::sandbox::scenario::{Person, Scenario};
use sso_why::serve;
use sso_why::words::explain;

use circles::Room;

/// Each room with the rooms that it may use; what is not named here may use everything.
const MAY_USE: &[(&str, &[&str])] = &[
    ("diagnosis", &[]),
    ("digest", &["diagnosis"]),
    ("checkup", &["diagnosis"]),
    ("words", &["checkup", "diagnosis", "digest"]),
    ("sources", &["checkup", "diagnosis"]),
    ("gather", &["diagnosis", "digest", "sources"]),
    ("config", &["diagnosis", "digest"]),
    ("slack", &["words", "config"]),
    ("store", &[]),
    ("jobs", &["store"]),
    (
        "desk",
        &[
            "config",
            "diagnosis",
            "digest",
            "gather",
            "jobs",
            "slack",
            "sources",
            "store",
            "telemetry",
            "words",
        ],
    ),
    ("doctor", &["checkup", "config", "diagnosis", "gather", "slack", "sources", "store"]),
    ("web", &["desk", "slack", "store", "words", "config"]),
    ("telemetry", &[]),
    ("serve", &["config", "desk", "gather", "jobs", "slack", "sources", "store", "web"]),
    ("sandbox", &[]),
];

/// What the pure rooms must not mention.
const IMPURE: [&str; 10] = [
    "async ",
    ".await",
    "Timestamp::now",
    "SystemTime",
    "std::fs",
    "std::env",
    "tokio",
    "reqwest",
    "RandomState",
    "rand::",
];

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

/// The rooms in which no two files import each other, directly or round a corner.
const WITHOUT_CIRCLES: [&str; 4] = ["diagnosis", "digest", "gather", "words"];

#[test]
fn no_files_of_a_room_import_each_other_in_a_circle() {
    for room in WITHOUT_CIRCLES {
        let of_room =
            files().into_iter().filter(|file| file.room == room && !file.path.ends_with("tests.rs"));
        let read = Room::of(of_room.map(|file| (module_of(&file.path), file.text)));
        let (files, imports) = read.size();
        assert!(files > 5 && imports > 5, "{room}: {files} files with {imports} imports");
        let circles = read.circles();
        assert!(circles.is_empty(), "{room}: {circles:#?}");
    }
}

#[test]
fn the_pure_rooms_are_pure() {
    let pure = ["checkup", "diagnosis", "digest", "words"];
    for file in files().into_iter().filter(|file| pure.contains(&file.room.as_str())) {
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
    let is_a_test = |file: &File| file.path.ends_with("tests.rs");
    for file in files().into_iter().filter(|file| file.room != "config" && !is_a_test(file)) {
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
fn every_metric_is_described_and_has_our_name() {
    let (mut counted, mut described) = (BTreeSet::new(), BTreeSet::new());
    for file in files() {
        // The whole of it: some files name their tests at the top.
        for used in file.text.split("metrics::").skip(1) {
            let Some((what, rest)) = used.split_once('!') else { continue };
            let Some(name) = rest.trim_start_matches(['(', '\n', ' ']).strip_prefix('"') else { continue };
            let name = name.split('"').next().expect("a piece").to_owned();
            match what {
                "counter" | "gauge" | "histogram" => counted.insert(name),
                "describe_counter" | "describe_gauge" | "describe_histogram" => described.insert(name),
                _ => continue,
            };
        }
    }
    assert_eq!(counted, described);
    assert!(counted.iter().all(|name| name.starts_with("sso_why_")), "{counted:?}");
    assert!(counted.contains("sso_why_questions_total"), "{counted:?}");
}

#[test]
fn the_readme_lists_every_cause_with_its_step() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("a file");
    for cause in Cause::ALL {
        let row = format!("| `{}` | `{}` |", cause.name(), cause.step().name());
        assert!(readme.contains(&row), "no {row}");
    }
}

#[test]
fn every_cause_has_its_page_its_person_and_its_snapshot() {
    for cause in Cause::ALL {
        let page = explain::page(*cause);
        for heading in ["## What it means", "## How it is detected", "## How it is fixed"] {
            assert!(page.contains(heading), "{}: no {heading}", cause.name());
        }
        for company in companies_with(*cause) {
            let file = format!("tests/it/{}.rs", company.snapshots);
            let snapshots =
                fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect("a file");
            let people = Scenario::named(company.scenario).expect("built in").expect("parses").people;
            let expects_it = |person: &&Person| {
                person.expects.as_ref().is_some_and(|expects| expects.cause.as_deref() == Some(cause.name()))
            };
            let told = people
                .iter()
                .filter(expects_it)
                .any(|person| snapshots.contains(&format!("\"{}\"", person.key)));
            assert!(told, "nobody in {} has {} and a snapshot", company.scenario, cause.name());
        }
    }
}

#[test]
fn whoever_stops_the_bot_waits_for_as_long_as_it_may_take() {
    let takes = serve::DRAIN;
    for (file, setting) in [
        ("deploy/kubernetes/base/deployment.yaml", "terminationGracePeriodSeconds: "),
        ("deploy/aws/fargate.yaml", "StopTimeout: "),
        ("deploy/systemd/sso-why.service", "TimeoutStopSec="),
    ] {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect("a file");
        let (_, after) = text.split_once(setting).expect("is set");
        let seconds: String = after.chars().take_while(char::is_ascii_digit).collect();
        let waits = Duration::from_secs(seconds.parse().expect("seconds"));
        assert!(
            waits >= takes + Duration::from_secs(5),
            "{file} waits {waits:?}, and stopping takes {takes:?}"
        );
    }
}

/// A scenario, and the file with its snapshots.
struct Company {
    scenario: &'static str,
    snapshots: &'static str,
}

/// Where the cause has to have somebody. What only AWS can show is told in the company without an IdP; what an
/// IdP can show, in the companies of those where it exists.
fn companies_with(cause: Cause) -> Vec<Company> {
    const ALONE: Company = Company { scenario: "no-idp", snapshots: "everybody" };
    const ENTRA: Company = Company { scenario: "company", snapshots: "at_entra" };
    const OKTA: Company = Company { scenario: "okta", snapshots: "at_okta" };
    const MESSY: Company = Company { scenario: "messy", snapshots: "messy_kinds" };
    const QUARANTINE: Company = Company { scenario: "quarantine", snapshots: "at_entra" };
    match cause {
        // Entra alone nests groups; Okta alone has people on the application beside the group.
        Cause::NestedMembership => vec![ENTRA],
        Cause::UserNotAssignedToApp => vec![OKTA],
        // Entra's job is one for all, so that it stops in a company of its own.
        Cause::SyncStopped => vec![QUARANTINE, OKTA],
        Cause::UserNotProvisioned => vec![ALONE, ENTRA, OKTA],
        Cause::GroupNotSynced => vec![ENTRA, OKTA],
        // Entra alone has memberships to activate.
        Cause::NotActivated => vec![MESSY],
        Cause::AccessEnded => vec![Company { scenario: "messy", snapshots: "messy_ended" }],
        // Okta names no id of its groups to AWS that could say which of two it is.
        Cause::NameTwinAtTheIdp => vec![Company { scenario: "messy", snapshots: "messy_groups" }],
        // Entra's provisioning log alone knows entries that were skipped.
        Cause::SkippedByTheIdp => vec![ENTRA],
        cause if Step::OF_THE_IDP.contains(&cause.step()) => vec![ENTRA, OKTA],
        _ => vec![ALONE],
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

/// `src/words/slack/digest.rs` is the module `words::slack::digest`.
fn module_of(path: &Path) -> Vec<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let inside = path.strip_prefix(source).expect("inside").with_extension("");
    inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect()
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
    if text.contains("use proptest::") {
        return String::new();
    }
    let mut code = String::new();
    // A module of tests in the file itself is its end; one that is only named here is a file of its own.
    let mut is_of_tests = false;
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        if is_of_tests && line.starts_with("mod ") && line.ends_with('{') {
            break;
        }
        is_of_tests = line == "#[cfg(test)]";
        code.push_str(line);
        code.push('\n');
    }
    code
}

/// The rooms that stand behind `crate::`, one by one or in braces.
fn mentioned(text: &str) -> BTreeSet<String> {
    text.split("crate::").skip(1).flat_map(first_names).collect()
}

/// `{a::b, c::{d, e}}` names `a` and `c`; `a::b` names `a`.
fn first_names(path: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|character| character.is_alphanumeric() || *character == '_')
            .collect()
    };
    let Some(listed) = path.strip_prefix('{') else {
        return vec![name(path)];
    };
    let (mut depth, mut names, mut rest) = (0_usize, vec![name(listed)], listed);
    while let Some(at) = rest.find(['{', '}', ',']) {
        let (sign, after) = (rest.as_bytes()[at], &rest[at + 1..]);
        match sign {
            b'{' => depth += 1,
            b'}' if depth == 0 => break,
            b'}' => depth -= 1,
            _ if depth == 0 => names.push(name(after)),
            _ => {}
        }
        rest = after;
    }
    names.retain(|name| !name.is_empty());
    names
}

#[test]
fn the_house_sees_what_stands_below_a_named_module_and_in_braces() {
    let named = "#[cfg(test)]\nmod tests;\nuse crate::{desk::answer, words::{slack, terminal}, store};\n";
    let seen: Vec<String> = mentioned(&production(named)).into_iter().collect();
    assert_eq!(seen, ["desk", "store", "words"]);
    let inside = "use crate::jobs;\n#[cfg(test)]\nmod tests {\n    use crate::sandbox::Sandbox;\n}\n";
    assert_eq!(mentioned(&production(inside)).into_iter().collect::<Vec<_>>(), ["jobs"]);
}

#[test]
fn nobody_leaves_a_room_by_the_back_door() {
    let is_a_test = |file: &&File| file.path.ends_with("tests.rs");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in files().iter().filter(|file| !is_a_test(file)) {
        let inside = file.path.strip_prefix(&source).expect("inside").components().count();
        let out = "super::".repeat(inside);
        assert!(!production(&file.text).contains(&out), "{} goes out by {out}", file.path.display());
    }
}
