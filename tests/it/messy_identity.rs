//! Who somebody is, where the address that Slack shows leads to nobody or to somebody else.

use std::time::Duration;

use insta::assert_snapshot;
use jiff::tz::TimeZone;
use sso_why::diagnosis::question::Question;
use sso_why::sandbox::faults::Fault;
use sso_why::sandbox::scenario::Scenario;
use sso_why::slack::app;
use sso_why::words::terminal;

use crate::harness::{World, in_time, seen};

#[tokio::test]
async fn a_further_address_of_the_profile_finds_whom_the_first_does_not() {
    let world = World::of("messy").await;
    let answer = world.ask("olga", "C0GENERAL", "/sso-why Olga-Prod").await;
    assert_snapshot!(seen(&answer), @"
    You have access to Olga-Prod: ReadOnly, through AWS-Olga.
    It arrived in AWS 200 days ago (2026-05-08 14:12 UTC).
    Next: if the portal does not show it yet, sign out of the access portal, wait about 3 minutes and sign in again.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Check again] [It's still missing] [Show all steps]
    ");
    let answer = world.ask("quin", "C0GENERAL", "/sso-why Quin-Prod").await;
    assert_snapshot!(seen(&answer), @"
    I can't find you in AWS, so I can't tell why Quin-Prod is missing.
    I know you only as quin@private.example and quin@brand.example.
    Neither AWS nor Entra ID has anybody with either of them as user name or e-mail address.
    Next: the help desk can look for you in Entra ID by name, and ask me again with the user name that stands there.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]
    ");
}

#[tokio::test]
async fn without_the_scope_the_first_address_is_asked_alone_and_nobody_is_called_absent() {
    let world = World::of("messy-no-idp").await;
    world.sandbox.workspace().app.scopes.remove(app::PROFILES);
    let answer = world.ask("olga", "C0GENERAL", "/sso-why Olga-Prod").await;
    assert!(answer.text.contains("I can't find you in AWS"), "{}", answer.text);
}

#[tokio::test]
async fn a_profile_that_could_not_be_read_is_a_gap() {
    let faults = [
        (Fault::Throttled { retry_after: 0 }, "too many calls"),
        (Fault::Forbidden, "not allowed"),
        (Fault::Html500, "no usable answer"),
        (Fault::MalformedJson, "no usable answer"),
    ];
    for (fault, why) in faults {
        let world = World::of("messy-no-idp").await;
        world.sandbox.faults.set("slack:users.profile.get", fault.clone());
        world.ask("hugo", "C0HELPDESK", "/sso-why @olga Olga-Prod").await;
        let told = seen(&world.last_seen("hugo", "C0HELPDESK"));
        assert!(told.contains("slack:users.profile.get") && told.contains(why), "{fault:?}: {told}");
    }
}

#[tokio::test]
async fn okan_is_not_called_absent_by_a_name_that_okta_does_not_use() {
    let world = World::of("messy-okta").await;
    let told = told(&world, "odemir", "Vault-Test").await;
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("(membership_not_synced)") && !told.contains("user_not_in_idp"), "{told}");
    assert!(told.contains("Okta has nobody of the user name odemir, and I know no other name of"), "{told}");
}

#[tokio::test]
async fn without_an_idp_a_second_record_is_told_though_its_address_has_capitals() {
    let world = World::of("messy-no-idp").await;
    let told = told(&world, "vlund-old", "Vigo-Prod").await;
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("(user_ambiguous)") && told.contains("ask me again with vigo.lund@"), "{told}");
}

#[tokio::test]
async fn mina_asked_for_by_her_old_name_is_not_called_absent_at_the_idp() {
    let world = World::of("messy").await;
    let told = told(&world, "mina.bell@grown.example", "Mina-Prod").await;
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("portal_stale") && !told.contains("nobody in Entra ID"), "{told}");
    assert!(told.contains("known to Entra ID by another name"), "{told}");
}

#[tokio::test]
async fn a_profile_is_not_read_where_no_field_is_configured() {
    let world = World::of_with("messy-no-idp", |config| config.slack.email_field = None).await;
    world.ask("olga", "C0GENERAL", "/sso-why Olga-Prod").await;
    let calls = world.sandbox.calls.counts();
    assert_eq!((calls.get("slack:users.profile.get"), calls.contains_key("slack:users.info")), (None, true));
}

/// The essence of the answer, as a terminal tells it.
async fn told(world: &World, subject: &str, account: &str) -> String {
    let question = Question {
        subject: subject.to_owned(),
        subject_name: None,
        further_address: None,
        profile_unread: None,
        account: account.to_owned(),
        permission_set: None,
    };
    let diagnosis = world.asked(question).await;
    let telling = terminal::Telling { zone: TimeZone::UTC, calls: 0, took: Duration::ZERO, colour: false };
    let report = terminal::report(&diagnosis, &telling);
    let kept = report.lines().filter(|line| !line.trim().is_empty() && !line.contains("Read live"));
    kept.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn an_old_records_user_name_leads_to_the_record_that_the_idp_signs_in() {
    for company in ["messy", "messy-okta"] {
        let world = World::of(company).await;
        let told = told(&world, "tuva.holm@old.example", "Tuva-Prod").await;
        assert!(told.contains("portal_stale"), "{company}: {told}");
        let second = "the user name asked for is that of a second record, tuva.holm@old.example";
        assert!(told.split_whitespace().collect::<Vec<_>>().join(" ").contains(second), "{company}: {told}");
    }
}

#[tokio::test]
async fn without_an_idp_the_other_record_is_told_and_to_be_asked_for() {
    let world = World::of("messy-no-idp").await;
    assert_snapshot!(told(&world, "tuva.holm@old.example", "Tuva-Prod").await, @"
    BLOCKED   Tuva-Prod is missing because AWS has two records for Tuva Holm, and
              the one that you asked about lacks the access (user_ambiguous)
    tuva.holm@old.example → Tuva-Prod (909090901008)
    ✓ account           active
    ? IdP person        not connected
    ? IdP membership    not connected
    ? app assignment    not connected
    ? sync              not connected
    ✗ directory person  two records: the address of this one is the user name of
                        another
    ✓ directory group   AWS-Tuva, synced
    ✗ membership        not in AWS-Tuva
    ✓ duplicates        none
    ✓ assignment        ReadOnly for AWS-Tuva
    ✓ provisioning      latest version
    · portal            not reached
    tuva.holm@old.example has the e-mail address tuva@grown.example, which is the
    user name of another record.
    Your company directory sent that other one and not this one, so it is probably
    the one that signs in.
    Next   the help desk: ask me again with tuva@grown.example.
           https://console.aws.amazon.com/singlesignon/home#/users
    IdP    none is connected; an admin looks there by hand:
           - Entra ID: Users, the person, Account status is Enabled.
           - Okta: Directory, People, the person is Active.
           - Entra ID: the person's Groups has the group itself, not one inside
             it.
           - Okta: the person's Groups has the group.
           - Entra ID: Enterprise applications, AWS IAM Identity Center, Users and
             groups has the group.
           - Okta: the AWS application has the person under Assignments and the
             group under Push Groups.
           - Entra ID: the application's Provisioning shows the last cycle, no
             quarantine, and under Provisioning logs no error.
           - Okta: Push Groups shows the group as Active, without an error.
    Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls
    ");
}

/// Whom the question's string leads to nobody, to two, or to a record that is not the one that signs in.
const UNSETTLED: [&str; 9] = ["alba", "caro", "desk", "mina", "okan", "quin", "signe", "tuva", "vigo"];

#[tokio::test]
async fn whom_the_string_does_not_settle_costs_three_look_ups_in_aws_more_at_most_and_others_none() {
    for company in ["messy", "messy-okta", "messy-no-idp"] {
        let mut world = World::of(company).await;
        for person in Scenario::named(company).expect("built in").expect("it parses").people {
            let (Some(account), Some(address)) = (&person.asks, &person.email) else { continue };
            world.forget_all();
            world.sandbox.calls.forget();
            told(&world, address, account).await;
            let counts = world.sandbox.calls.counts();
            let asked = ["identitystore:GetUserId", "identitystore:DescribeUser"];
            let asked: usize = asked.iter().filter_map(|operation| counts.get(*operation)).sum();
            // By user name, by e-mail address, and the record; of Liv also the one that a direct assignment names.
            let usual = if person.key == "liv" { 4 } else { 3 };
            let more = asked.saturating_sub(usual);
            let most = if UNSETTLED.contains(&person.key.as_str()) { 3 } else { 0 };
            assert!(more <= most, "{} in {company}: {more} more look-ups", person.key);
        }
    }
}

/// Read page by page beside everything else, to offer accounts later.
const LIST_OF_ACCOUNTS: &str = "organizations:ListAccounts";

/// What is asked at once, round trip by round trip, with nothing remembered: so many calls in each.
async fn round_trips(key: &str, sizes: &[usize]) -> Vec<Vec<String>> {
    let mut world = World::of("messy").await;
    let person = world.person(key).clone();
    let (address, account) = (person.email.expect("an address"), person.asks.expect("a question"));
    let accounts = world.sandbox.company().accounts.clone();
    let account = accounts.into_iter().find(|one| one.name == account).expect("it is there").id;
    world.forget_all();
    world.sandbox.calls.shut_gate();
    let waves = async {
        let mut waves = Vec::new();
        for size in sizes {
            let mut wave = world.sandbox.calls.wave_beside(*size, LIST_OF_ACCOUNTS).await;
            wave.retain(|operation| operation != LIST_OF_ACCOUNTS);
            waves.push(wave);
        }
        world.sandbox.calls.open_gate();
        waves
    };
    in_time(async { tokio::join!(told(&world, &address, &account), waves).1 }).await
}

#[tokio::test]
async fn whom_the_string_does_not_settle_is_looked_up_in_one_round_trip_more() {
    let settled = round_trips("hugo", &[4, 7, 6, 1]).await;
    assert!(settled[2].contains(&"identitystore:DescribeUser".to_owned()), "{settled:?}");
    let found_by_the_idp = round_trips("alba", &[4, 6, 3, 2, 5, 1]).await;
    assert_eq!(found_by_the_idp[3], ["identitystore:GetUserId", "identitystore:GetUserId"]);
    // The record, with whose ids the person's are compared, and all that else is read of them.
    assert!(found_by_the_idp[4].contains(&"identitystore:DescribeUser".to_owned()), "{found_by_the_idp:?}");
    assert!(found_by_the_idp[4].len() > 1, "{found_by_the_idp:?}");
}

#[tokio::test]
async fn of_somebody_elses_record_nothing_is_kept() {
    let world = World::of("messy").await;
    let diagnosis = world.check_person("desk").await;
    assert_eq!(diagnosis.person, None);
    assert_eq!(diagnosis.routes.iter().filter(|route| route.works()).count(), 0);
}
