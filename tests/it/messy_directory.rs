//! Where Identity Center's people come from, with no IdP connected: its own directory, Active Directory, or nothing
//! that says. No advice speaks of a directory that is not there.

use std::time::Duration;

use jiff::tz::TimeZone;
use serde_json::json;
use sso_why::config::IdentitySource;
use sso_why::diagnosis::Diagnosis;
use sso_why::diagnosis::causes::Cause;
use sso_why::sandbox::company::Origin;
use sso_why::words::{json_v1, terminal};

use crate::harness::World;

const DIRECTORY_SERVICE: &str = "arn:aws:ds:us-east-1:999988887777:directory/d-9067f0aa22";

/// Everything that is said of the diagnosis.
fn said(diagnosis: &Diagnosis) -> String {
    let telling = terminal::Telling { zone: TimeZone::UTC, calls: 0, took: Duration::ZERO, colour: false };
    let told = terminal::report(diagnosis, &telling).split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{told}\n{}", json_v1::report(diagnosis))
}

fn speaks_of_no_idp(said: &str) {
    for word in ["Entra", "Okta", "company directory", "application"] {
        assert!(!said.contains(word), "“{word}” in: {said}");
    }
}

/// Nothing was ever sent by anybody.
async fn kept_in_identity_center() -> World {
    let world = World::of("no-idp").await;
    {
        let mut company = world.sandbox.company();
        for user in &mut company.users {
            (user.external_id, user.origin) = (None, Origin::Manual);
        }
        for group in &mut company.groups {
            (group.external_id, group.origin) = (None, Origin::Manual);
        }
    }
    world
}

async fn kept_in_active_directory() -> World {
    let world = World::of("no-idp").await;
    DIRECTORY_SERVICE.clone_into(&mut world.sandbox.company().issuer);
    world
}

#[tokio::test]
async fn in_identity_centers_own_directory_a_person_is_added_and_enabled_there() {
    let world = kept_in_identity_center().await;
    let missing = world.check_person("dana").await;
    assert_eq!(missing.cause(), Some(Cause::MembershipNotSynced));
    let missing = said(&missing);
    speaks_of_no_idp(&missing);
    assert!(missing.contains("to AWS-Payments-ReadOnly in Identity Center, if"), "{missing}");
    // That no record has an id of an IdP's is no proof.
    assert!(missing.contains("IdP person not connected"), "{missing}");

    let disabled = world.check_person("marcus").await;
    assert_eq!(disabled.cause(), Some(Cause::UserDisabled));
    let disabled = said(&disabled);
    speaks_of_no_idp(&disabled);
    assert!(disabled.contains("enable the user in Identity Center"), "{disabled}");
}

#[tokio::test]
async fn from_active_directory_the_sync_scope_is_what_is_looked_at() {
    let world = kept_in_active_directory().await;
    for (key, cause, words) in [
        ("dana", Cause::MembershipNotSynced, "in the sync scope"),
        ("marcus", Cause::UserDisabled, "find out in Active Directory why"),
        ("yuki", Cause::UserNotProvisioned, "in the sync scope"),
    ] {
        let diagnosis = world.check_person(key).await;
        assert_eq!(diagnosis.cause(), Some(cause), "{key}");
        let said = said(&diagnosis);
        speaks_of_no_idp(&said);
        assert!(said.contains(words), "{key}: {said}");
        assert!(said.contains("not used: people are kept in Active Directory"), "{key}: {said}");
    }
}

#[tokio::test]
async fn names_with_a_domains_short_name_are_active_directorys() {
    let world = kept_in_identity_center().await;
    let email = world.person("dana").email;
    for user in world.sandbox.company().users.iter_mut().filter(|user| user.person == "dana") {
        user.user_name = "dana@corp".to_owned();
        user.email.clone_from(&email);
    }
    let said = said(&world.check_person("dana").await);
    speaks_of_no_idp(&said);
    assert!(said.contains("look in Active Directory"), "{said}");
}

#[tokio::test]
async fn what_is_configured_is_believed() {
    let world = World::with(|config| config.identity_source = Some(IdentitySource::IdentityCenter)).await;
    for key in ["dana", "marcus", "yuki"] {
        speaks_of_no_idp(&said(&world.check_person(key).await));
    }
    let absent = said(&world.check_person("yuki").await);
    assert!(absent.contains("look under Users in Identity Center"), "{absent}");
}

#[tokio::test]
async fn where_nothing_says_both_are_named_briefly() {
    let world = kept_in_identity_center().await;
    let diagnosis = world.check_person("yuki").await;
    assert_eq!(diagnosis.cause(), Some(Cause::UserNotProvisioned));
    let said = said(&diagnosis);
    assert!(
        said.contains("in the company directory if one sends them to AWS, else in Identity Center"),
        "{said}"
    );
    assert!(!said.contains("Entra") && !said.contains("Okta"), "{said}");
}

#[tokio::test]
async fn the_steps_of_an_idp_that_is_not_used_are_not_reached_and_leave_no_gap() {
    let world = kept_in_active_directory().await;
    let report = json_v1::report(&world.check_person("dana").await);
    assert_eq!(report["gaps"], json!([]));
    for step in &report["steps"].as_array().expect("steps")[1..5] {
        assert_eq!(step["status"], "not_reached", "{step}");
        assert_eq!(step["summary"], "not used: people are kept in Active Directory");
    }
}
