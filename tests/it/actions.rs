//! What can be done from a report: asking a group's owner, and having the IdP send a membership now.

use jiff::SignedDuration;
use sso_why::sandbox::faults::Fault;
use sso_why::sandbox::workspace::messages::Message;

use crate::harness::{World, seen};

async fn company(idp: &str) -> World {
    World::of_with(idp, |config| config.actions.force_sync = true).await
}

/// What the help desk sees when it asks about this person.
async fn asked_by_sam(world: &World, key: &str) -> Message {
    let asks = world.person(key).asks.expect("they ask something");
    world.ask("sam", "C0HELPDESK", &format!("/sso-why @{key} {asks}")).await
}

/// Entra ID's operation that sends one person or membership.
const SEND: &str = "graph:synchronization/provisionOnDemand";

/// So long that a second press is no double click.
const BETWEEN_PRESSES: SignedDuration = SignedDuration::from_secs(3);

#[tokio::test]
async fn the_groups_owner_is_asked_and_the_asker_is_told() {
    let world = company("company").await;
    let report = world.ask("noah", "C0GENERAL", "/sso-why Ledger-Prod").await;
    assert!(seen(&report).contains("[Ask the group's owner]"), "{}", seen(&report));

    world.click("noah", &report, "ask_owner").await;
    insta::assert_snapshot!(seen(&world.another("noah", "C0GENERAL", &report).await), @"
    I have asked the group's owner, @U0BO.
    They know who asks and for which group (AWS-Ledger-ReadOnly). Once you are added, it takes a synchronization to arrive.
    ");
    let request = world.last_direct("bo").await;
    insta::assert_snapshot!(seen(&request), @"
    Noah Fontaine asks to be added to AWS-Ledger-ReadOnly, which you own.
    Asked by @U0NOAH
    Directory name noah@example.com
    Group AWS-Ledger-ReadOnly
    Opens Ledger-Prod as ReadOnly
    They need Ledger-Prod in AWS and are in no group that opens it. Of those that do, this one opens the fewest accounts.
    If you agree, add them where you always do. I change nothing myself, and I have told them that you were asked.
    sso-why · REF
    ");
    assert!(!request.text.is_empty());
}

#[tokio::test]
async fn an_owner_is_asked_once_however_often_the_button_is_pressed() {
    let world = company("company").await;
    let report = world.ask("noah", "C0GENERAL", "/sso-why Ledger-Prod").await;
    world.click("noah", &report, "ask_owner").await;
    let first = world.another("noah", "C0GENERAL", &report).await;
    world.pass(BETWEEN_PRESSES);
    world.click("noah", &report, "ask_owner").await;
    let second = world.another("noah", "C0GENERAL", &first).await;
    assert!(second.text.contains("has been asked already"), "{}", second.text);
    assert_eq!(world.direct_messages("bo").len(), 1);
}

#[tokio::test]
async fn an_owner_who_could_not_be_reached_can_be_asked_again() {
    let world = company("company").await;
    world.expects_error("a message could not be posted");
    let report = world.ask("noah", "C0GENERAL", "/sso-why Ledger-Prod").await;
    world.sandbox.faults.set("slack:chat.postMessage", Fault::Forbidden);
    world.click("noah", &report, "ask_owner").await;
    let refused = world.another("noah", "C0GENERAL", &report).await;
    assert!(refused.text.contains("could not write to the group's owner"), "{}", refused.text);
    world.sandbox.faults.clear();
    world.pass(BETWEEN_PRESSES);
    world.click("noah", &report, "ask_owner").await;
    world.another("noah", "C0GENERAL", &refused).await;
    assert_eq!(world.direct_messages("bo").len(), 1);
}

#[tokio::test]
async fn the_help_desk_has_entra_send_one_membership_and_the_bot_looks_until_it_is_there() {
    let world = company("company").await;
    let report = asked_by_sam(&world, "milo").await;
    insta::assert_snapshot!(confirmation(&report), @"
    Send this to AWS now?
    Entra ID provisions Milo Santos, then the group AWS-Robotics-Engineers with this one member, on demand. Nobody else is sent, and the synchronization is not restarted.
    [Sync now] [Leave it]
    ");

    world.click("sam", &report, "sync_now").await;
    let now = world.while_time_passes(world.changed("sam", &report)).await;
    assert!(now.text.contains("has access to"), "{}", now.text);
    insta::assert_snapshot!(seen(&world.while_time_passes(world.last_direct("sam")).await), @"Robotics-Prod is there, after the sync that was asked for 2026-11-24 14:12 UTC.");
    insta::assert_snapshot!(what_was_said_of_it(&world), @"
    I have asked Entra ID to send it now. That can take half a minute; I tell you what it did.
    ---
    Entra ID has sent it.
    I look at AWS again by myself until the access is there, for 10 minutes at most.
    • EntryImport: done. Import of 'Milo Santos' succeeded.
    • EntrySynchronizationScoping: done. Scoping of 'Milo Santos' succeeded.
    • EntryExportUpdate: 'Milo Santos' is there already.
    • Outcome for the person, Skipped
    • EntryImport: done. Import of 'AWS-Robotics-Engineers' succeeded.
    • EntryImport: done. Import of 'Milo Santos' succeeded.
    • EntrySynchronizationScoping: done. Scoping of 'Milo Santos' succeeded.
    • EntryExportUpdate: 'Milo Santos' is there already.
    • EntrySynchronizationScoping: done. Scoping of 'AWS-Robotics-Engineers' succeeded.
    • EntryExportUpdate: 'AWS-Robotics-Engineers' is there already.
    • EntrySynchronizationScoping: done. Scoping of 'Milo Santos' succeeded.
    • EntryExportUpdate: done. Export of 'Milo Santos' succeeded.
    • Outcome for the group with this member, Success: done
    ");
    let calls = world.sandbox.calls.counts();
    assert_eq!(calls.get("graph:synchronization/provisionOnDemand"), Some(&2), "the person, then the group");
    assert_eq!(calls.get("graph:synchronization/start"), None);
    assert_eq!(calls.get("graph:synchronization/restart"), None);
}

#[tokio::test]
async fn the_help_desk_has_okta_push_one_group_again() {
    let world = company("okta").await;
    world.leaves_unread("Robotics-Prod is there");
    let report = asked_by_sam(&world, "milo").await;
    insta::assert_snapshot!(confirmation(&report), @"
    Send this to AWS now?
    Okta switches the push of the group AWS-Robotics-Engineers off and on again. That sends the group with all its members to AWS anew. No other group is touched.
    [Sync now] [Leave it]
    ");

    world.click("sam", &report, "sync_now").await;
    let now = world.while_time_passes(world.changed("sam", &report)).await;
    assert!(now.text.contains("has access to"), "{}", now.text);
    insta::assert_snapshot!(what_was_said_of_it(&world), @"
    I have asked Okta to send it now. That can take half a minute; I tell you what it did.
    ---
    Okta has sent it.
    I look at AWS again by myself until the access is there, for 10 minutes at most.
    • Switch the group push mapping off: done
    • Switch the group push mapping on, which pushes the whole group: done
    ");
}

#[tokio::test]
async fn what_cannot_be_sent_is_told_step_by_step_and_the_bot_gives_up_in_the_end() {
    let world = company("company").await;
    let report = asked_by_sam(&world, "ivan").await;
    world.click("sam", &report, "sync_now").await;
    let outcome = world.while_passing(SignedDuration::from_secs(5), world.last_direct("sam")).await;
    assert!(outcome.text.contains("is still not there"), "{}", outcome.text);
    insta::assert_snapshot!(what_was_said_of_it(&world), @"
    I have asked Entra ID to send it now. That can take half a minute; I tell you what it did.
    ---
    Entra ID could not do all of it.
    I look at AWS again by myself until the access is there, for 10 minutes at most.
    • EntryImport: done. Import of 'Ivan Horvat' succeeded.
    • EntrySynchronizationScoping: done. Scoping of 'Ivan Horvat' succeeded.
    • EntryExportUpdate: failed. The target system requires the attribute name.familyName, and the person has no last name.
    • Outcome for the person, Failure: failed
    • EntryImport: done. Import of 'AWS-Website-Developers' succeeded.
    • EntryImport: done. Import of 'Ivan Horvat' succeeded.
    • EntrySynchronizationScoping: done. Scoping of 'Ivan Horvat' succeeded.
    • EntryExportUpdate: failed. The target system requires the attribute name.familyName, and the person has no last name.
    • Outcome for the group with this member, Failure: failed. MandatoryFieldsMissing: The target system requires the attribute name.familyName, and the person has no last name.
    ");
}

#[tokio::test]
async fn a_restart_forgets_no_sync_and_sends_nothing_twice() {
    let world = company("company").await;
    world.leaves_unread("Entra ID has sent it.");
    world.leaves_unread("I have asked Entra ID to send it now.");
    let report = asked_by_sam(&world, "milo").await;
    world.click("sam", &report, "sync_now").await;
    world.seen_once("sam", "C0HELPDESK", "has sent it").await;
    world.die_and_start_again();
    let outcome = world.while_time_passes(world.last_direct("sam")).await;
    assert!(outcome.text.starts_with("Robotics-Prod is there"), "{}", outcome.text);
    let anew = world.changed("sam", &report).await;
    assert!(anew.text.contains("has access to Robotics-Prod"), "{}", anew.text);
    assert_eq!(world.sandbox.calls.counts().get(SEND), Some(&2), "the person, then the group");
}

#[tokio::test]
async fn a_slack_that_is_away_when_it_has_been_sent_has_nothing_sent_twice() {
    let world = company("company").await;
    let report = asked_by_sam(&world, "milo").await;
    world.sandbox.calls.shut_gate();
    world.click("sam", &report, "sync_now").await;
    let_through(&world, "slack:response_url", 1).await;
    world.seen_once("sam", "C0HELPDESK", "to send it now").await;
    world.sandbox.faults.set_times("slack:response_url", Fault::Html500, 1);
    world.sandbox.faults.set_times("slack:chat.postMessage", Fault::Html500, 1);
    let_through(&world, SEND, 2).await;
    world.sandbox.calls.open_gate();
    world.while_time_passes(world.seen_once("sam", "C0HELPDESK", "Entra ID has sent it")).await;
    let outcome = world.while_time_passes(world.last_direct("sam")).await;
    assert!(outcome.text.starts_with("Robotics-Prod is there"), "{}", outcome.text);
    let calls = world.sandbox.calls.counts();
    assert_eq!(calls.get("slack:chat.postMessage"), Some(&2), "one that broke, and the outcome");
    assert_eq!(calls.get(SEND), Some(&2), "the person, then the group");
}

/// Lets calls through the gate until so many of this operation have passed.
async fn let_through(world: &World, operation: &str, times: usize) {
    let mut passed = 0;
    while passed < times {
        let wave = world.sandbox.calls.wave(1).await;
        passed += wave.iter().filter(|name| *name == operation).count();
    }
}

#[tokio::test]
async fn an_idp_that_refuses_the_sync_is_said_and_nothing_else_happens() {
    let world = company("company").await;
    world.leaves_unread("I have asked Entra ID to send it now.");
    world.leaves_unread("Entra ID has sent it.");
    world.leaves_unread("Robotics-Prod is there");
    let report = asked_by_sam(&world, "milo").await;
    world.sandbox.faults.set("graph:synchronization/provisionOnDemand", Fault::Forbidden);
    world.click("sam", &report, "sync_now").await;
    let refused = world.seen_once("sam", "C0HELPDESK", "Nothing was sent").await;
    assert!(refused.text.contains("Synchronization.ReadWrite.All"), "{}", refused.text);
    // It can be tried again at once.
    world.sandbox.faults.clear();
    world.pass(BETWEEN_PRESSES);
    world.click("sam", &report, "sync_now").await;
    world.while_time_passes(world.changed("sam", &report)).await;
}

#[tokio::test]
async fn only_the_help_desk_gets_the_button_and_only_where_it_is_allowed() {
    let world = company("company").await;
    let asks = world.person("milo").asks.expect("asks");
    let own = world.ask("milo", "C0GENERAL", &format!("/sso-why {asks}")).await;
    assert!(!seen(&own).contains("[Sync now]"), "{}", seen(&own));

    let forbidden = World::of("company").await;
    let report = asked_by_sam(&forbidden, "milo").await;
    assert!(!seen(&report).contains("[Sync now]"), "{}", seen(&report));
}

#[tokio::test]
async fn a_sync_under_way_is_not_begun_twice() {
    let world = company("company").await;
    world.leaves_jobs();
    let report = asked_by_sam(&world, "milo").await;
    world.sandbox.faults.set("graph:synchronization/provisionOnDemand", Fault::Hanging);
    world.click("sam", &report, "sync_now").await;
    world.seen_once("sam", "C0HELPDESK", "to send it now").await;
    world.pass(BETWEEN_PRESSES);
    world.click("sam", &report, "sync_now").await;
    world.seen_once("sam", "C0HELPDESK", "under way already").await;
    assert!(world.sandbox.calls.counts().get("graph:synchronization/provisionOnDemand") <= Some(&1));
}

fn confirmation(report: &Message) -> String {
    let blocks = serde_json::Value::Array(report.blocks.clone());
    let button = blocks
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|block| block["elements"].as_array())
        .flatten()
        .find(|element| element["action_id"] == "sync_now")
        .expect("the button");
    let text = |part: &str| button["confirm"][part]["text"].as_str().unwrap_or_default().to_owned();
    format!("{}\n{}\n[{}] [{}]", text("title"), text("text"), text("confirm"), text("deny"))
}

/// What the bot said to Sam in the channel beside the report.
fn what_was_said_of_it(world: &World) -> String {
    let said = world.all_seen("sam", "C0HELPDESK");
    said.iter().skip(1).map(seen).collect::<Vec<_>>().join("\n---\n")
}

#[tokio::test]
async fn an_order_without_an_answer_may_have_been_carried_out_and_is_watched() {
    let world = company("company").await;
    world.leaves_unread("I have asked Entra ID to send it now.");
    let report = asked_by_sam(&world, "milo").await;
    world.sandbox.faults.set("graph:synchronization/provisionOnDemand", Fault::Html500);
    world.click("sam", &report, "sync_now").await;
    world.seen_once("sam", "C0HELPDESK", "did not say whether it has sent it").await;
    let outcome = world.while_passing(SignedDuration::from_secs(5), world.last_direct("sam")).await;
    assert!(outcome.text.contains("is still not there"), "{}", outcome.text);
}

#[tokio::test]
async fn nobody_is_asked_for_what_has_come_meanwhile() {
    let world = company("company").await;
    let report = world.ask("noah", "C0GENERAL", "/sso-why Ledger-Prod").await;
    world.mend("noah");
    world.click("noah", &report, "ask_owner").await;
    let answer = world.another("noah", "C0GENERAL", &report).await;
    assert!(answer.text.contains("The access is there by now"), "{}", answer.text);
    assert!(world.direct_messages("bo").is_empty());
}

#[tokio::test]
async fn an_old_report_forces_nothing() {
    let world = company("company").await;
    let report = asked_by_sam(&world, "milo").await;
    world.pass(jiff::SignedDuration::from_mins(16));
    world.click("sam", &report, "sync_now").await;
    world.seen_once("sam", "C0HELPDESK", "too old to act on").await;
    assert_eq!(world.sandbox.calls.counts().get("graph:synchronization/provisionOnDemand"), None);
}
