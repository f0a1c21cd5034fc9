//! The messy sister of the company: everybody gets the answer that is written beside them, in its words, and keeps it
//! from doing harm.

use std::time::Duration;

use jiff::tz::TimeZone;
use sso_why::diagnosis::Diagnosis;
use sso_why::sandbox::scenario::{Expects, Scenario};
use sso_why::words::{json_v1, terminal};

use crate::harness::World;

#[tokio::test]
async fn everybody_whose_records_come_from_entra_gets_the_right_answer() {
    everybody_gets_the_right_answer("messy").await;
}

#[tokio::test]
async fn everybody_whose_records_come_from_okta_gets_the_right_answer() {
    everybody_gets_the_right_answer("messy-okta").await;
}

#[tokio::test]
async fn everybody_gets_the_right_answer_where_no_idp_is_connected() {
    everybody_gets_the_right_answer("messy-no-idp").await;
}

#[tokio::test]
async fn everybody_gets_the_right_answer_where_active_directory_is_the_source() {
    everybody_gets_the_right_answer("messy-ad").await;
}

#[tokio::test]
async fn everybody_gets_the_right_answer_where_identity_center_keeps_its_own_people() {
    everybody_gets_the_right_answer("messy-identity-center").await;
}

/// All are asked before any failure is told, so that one run shows everything that is wrong.
async fn everybody_gets_the_right_answer(company: &str) {
    let mut world = World::of(company).await;
    let mut wrong = Vec::new();
    for person in Scenario::named(company).expect("built in").expect("it parses").people {
        let (Some(expects), Some(_), Some(_)) = (&person.expects, &person.asks, &person.email) else {
            continue;
        };
        // What was read for one person does not help the next.
        world.forget_all();
        let diagnosis = world.check_person(&person.key).await;
        wrong.extend(amiss(expects, &diagnosis).map(|what| format!("{} in {company}: {what}", person.key)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What the answer has otherwise than expected.
pub fn amiss(expects: &Expects, diagnosis: &Diagnosis) -> Option<String> {
    let report = json_v1::report(diagnosis);
    let telling = terminal::Telling { zone: TimeZone::UTC, calls: 0, took: Duration::ZERO, colour: false };
    // The terminal breaks its lines.
    let told = terminal::report(diagnosis, &telling).split_whitespace().collect::<Vec<_>>().join(" ");
    let everything = format!("{told}\n{report}");
    let cause = (report["verdict"].as_str(), report["cause"].as_str());
    let silent =
        expects.says.iter().filter(|words| !everything.contains(*words)).map(|words| format!("no “{words}”"));
    let said = expects
        .never_says
        .iter()
        .filter(|words| everything.contains(*words))
        .map(|words| format!("“{words}”"));
    let mut wrong: Vec<String> = silent.chain(said).collect();
    if cause != (Some(&expects.verdict), expects.cause.as_deref()) {
        wrong.insert(0, format!("{cause:?} instead of {:?}", (&expects.verdict, &expects.cause)));
    }
    (!wrong.is_empty()).then(|| format!("{}\n{told}", wrong.join("; ")))
}
