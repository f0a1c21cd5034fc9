//! One day after the other: what is new, known, laid aside and resolved.

use insta::assert_snapshot;
use sso_why::sandbox::company::Change;
use sso_why::sandbox::slack::outgoing::modals::Submitted;

use super::{as_json, change, company, digest_of, every_day, make_again, manual_group, open_snooze, tidy_up};
use crate::harness::{World, seen};

#[tokio::test]
async fn the_second_digest_tells_what_has_changed() {
    let world = company().await;
    world.pass_until("2026-11-25T09:00:00Z");
    let first = digest_of(&world, "2026-11-25").await;
    let payments =
        world.in_thread("bo", &first).into_iter().find(|message| message.text.contains("Payments"));
    let form = open_snooze(&world, &payments.expect("is told in full")).await;
    let submitted =
        world.submit("bo", &form, &[("duration", "30"), ("reason", "Being merged, see the plan")]).await;
    assert_eq!(submitted, Submitted::Closed);
    let word = world.seen_once("bo", "C0ADMINS", "aside until").await;
    assert_snapshot!(seen(&word), @"@U0BO laid AWS-Payments-Admin aside until 2026-12-25 09:00 UTC: Being merged, see the plan. If it gets worse before that, I tell it again.");
    assert_eq!(word.thread_ts.as_deref(), Some(first.ts.as_str()));

    change(&world, &Change::DeleteGroup { group: "AWS-Forensics, Cyrillic A".to_owned() });
    make_again(&world, "AWS-Payments-ReadOnly", &["dana"]);
    manual_group(&world, "aws_everyone");
    world.pass_until("2026-11-26T09:00:00Z");
    let second = digest_of(&world, "2026-11-26").await;
    assert_snapshot!(seen(&second), @"
    Duplicate groups: 4 hurt people now, 1 will hurt, 1 is untidy.
    Looked at 46 groups. Since 2026-11-25 09:00 UTC: 2 new, 4 unchanged, 1 resolved (AWS-Forensics).
    New: AWS-Payments-ReadOnly was deleted and made again, and access is still assigned to the deleted one.
    Hurts people now: 1 person misses access by it: Dana Reyes.
    • AWS-Payments-ReadOnly: comes from Entra ID, in AWS since 2026-11-25 09:00 UTC; 1 member; opens nothing
    • AWS-Payments-ReadOnly: deleted; opens ReadOnly on Payments-Prod
    What to do, in this order
    • Assign ReadOnly on Payments-Prod to AWS-Payments-ReadOnly; 1 person gains it by that: Dana Reyes
    • Take ReadOnly on Payments-Prod from the deleted group
    Beside these
    • hurts people now: AWS-Analytics-Readers from Entra ID cannot arrive: a group made in AWS has its name
    • hurts people now: 2 groups are called AWS-Risk-Analysts
    • hurts people now: AWS-Security Audit and AWS-Security Audit look alike (they differ in spaces, dashes or underscores, here U+0020 and U+00A0)
    • will hurt: An assignment is left over from a deleted group: PowerUser on Warehouse-Prod
    • new, untidy: AWS-Everyone and aws_everyone look alike (they differ in capitals, spaces, dashes or underscores)
    The thread has each of them with links and commands.
    Laid aside
    • AWS-Payments-Admin until 2026-12-25 09:00 UTC, by @U0BO: Being merged, see the plan
    Nobody has asked me about a missing account since the last digest.
    ");
}

#[tokio::test]
async fn a_diagnosis_asks_the_digests_what_a_deleted_group_was_called() {
    let world = company().await;
    world.pass_until("2026-11-25T09:00:00Z");
    digest_of(&world, "2026-11-25").await;
    make_again(&world, "AWS-Payments-ReadOnly", &["dana"]);
    let told = seen(&world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod ReadOnly").await);
    assert!(told.contains("The deleted group was called AWS-Payments-ReadOnly when I last saw it"), "{told}");
    assert!(told.contains("assign the access on Payments-Prod to AWS-Payments-ReadOnly"), "{told}");
}

#[tokio::test]
async fn what_is_laid_aside_is_told_again_when_it_gets_worse_or_the_time_is_up() {
    let world = World::with(every_day).await;
    manual_group(&world, "aws_everyone");
    world.pass_until("2026-11-25T09:00:00Z");
    let first = digest_of(&world, "2026-11-25").await;
    let everyone =
        world.in_thread("bo", &first).into_iter().find(|message| message.text.contains("everyone"));
    let form = open_snooze(&world, &everyone.expect("is told in full")).await;
    world.submit("bo", &form, &[("duration", "14"), ("reason", "later")]).await;
    world.seen_once("bo", "C0ADMINS", "aside until").await;
    let state = async || {
        let digest = as_json(&world).await;
        let findings = digest["findings"].as_array().expect("findings").clone();
        let of_everyone =
            findings.into_iter().find(|finding| finding["headline"].to_string().contains("aws_everyone"));
        of_everyone.expect("is there")["state"].clone()
    };
    assert_eq!(state().await, "snoozed");
    world.pass_until("2026-12-09T09:00:01Z");
    assert_eq!(state().await, "known");
    // Once the day's digest stands, time may go on.
    digest_of(&world, "2026-12-09").await;

    let form = open_snooze(&world, &world.in_thread("bo", &first)[0]).await;
    world.submit("bo", &form, &[("duration", "365"), ("reason", "later")]).await;
    world.pass_until("2026-12-10T08:00:00Z");
    let account = "Payments-Prod".to_owned();
    let principal =
        serde_json::from_value(serde_json::json!({"group": "aws_everyone"})).expect("a principal");
    let permission_set = "ReadOnly".to_owned();
    change(&world, &Change::Assign { account, permission_set, principal });
    assert_eq!(state().await, "known", "people miss something by it now");
}

#[tokio::test]
async fn only_the_channel_of_the_digest_lays_something_aside_and_only_with_a_reason() {
    let world = company().await;
    world.pass_until("2026-11-25T09:00:00Z");
    let first = digest_of(&world, "2026-11-25").await;
    let below = world.in_thread("bo", &first).remove(0);
    let form = open_snooze(&world, &below).await;
    let Submitted::Errors(errors) = world.submit("bo", &form, &[("duration", "14"), ("reason", "  ")]).await
    else {
        panic!("is refused");
    };
    assert_eq!(errors.get("reason").map(String::as_str), Some("Say why, in a few words."));
}

#[tokio::test]
async fn what_is_laid_aside_is_counted_where_there_is_nothing_else_and_fits_a_message() {
    const PAIRS: usize = 15;
    let world = World::of_with("no-idp", every_day).await;
    tidy_up(&world);
    for number in 0..PAIRS {
        let names = [format!("Laid-Aside-{number}"), format!("Laid_Aside_{number}")];
        names.iter().for_each(|name| manual_group(&world, name));
    }
    world.pass_until("2026-11-25T09:00:00Z");
    digest_of(&world, "2026-11-25").await;
    let until = "2027-11-25T09:00:00Z".parse().expect("a moment");
    for told in world.store.duplicates().await.expect("reads") {
        let reason = "Because ".repeat(18);
        world.store.lay_aside(&told.duplicate.id, "U0BO", &reason, until).await.expect("is laid aside");
    }
    world.pass_until("2026-11-26T09:00:00Z");
    let told = seen(&digest_of(&world, "2026-11-26").await);
    assert_eq!(
        told.lines().next(),
        Some("Nothing new to act on among 71 groups; 15 duplicates are laid aside.")
    );
    assert!(told.contains("more; sso-why digest lists them all"), "{told}");
}
