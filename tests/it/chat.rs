//! What people do in Slack, over the wire: commands, buttons, forms, refusals, and what goes wrong there.

use insta::assert_snapshot;
use jiff::SignedDuration;
use serde_json::json;
use sso_why::config::{HelpDeskMembers, LookUpOthers};
use sso_why::sandbox::faults::Fault;
use sso_why::sandbox::slack::outgoing::modals::Submitted;
use sso_why::sandbox::workspace::views::OpenView;

use crate::harness::{World, in_time, seen};

#[tokio::test]
async fn the_acknowledgement_says_that_the_bot_is_looking_and_the_report_replaces_it() {
    let world = World::new().await;
    let looking = world.seen_looking("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    assert_eq!(looking.text, "Looking why Payments-Prod is missing…");
    assert!(looking.is_ephemeral());
    assert_eq!(world.settled("dana", "C0GENERAL").await.ts, looking.ts, "the same message");
}

#[tokio::test]
async fn check_again_edits_the_same_message_and_says_what_changed() {
    let world = World::new().await;
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    world.mend("dana");
    world.pass(SignedDuration::from_mins(4));
    let again = world.press("dana", &report, "recheck").await;
    assert_eq!(again.ts, report.ts);
    assert_snapshot!(seen(&again), @"
    What changed since 2026-11-24 14:12 UTC:
    membership: broken, now fine
    portal: not reached, now needs a look
    You have access to Payments-Prod: ReadOnly, through AWS-Payments-ReadOnly.
    It arrived in AWS 4 minutes ago (2026-11-24 14:12 UTC).
    Next: if the portal does not show it yet, sign out of the access portal, wait about 3 minutes and sign in again.
    Checked live <!date^1795529760^{date_short_pretty} at {time}|2026-11-24 14:16 UTC> · REF
    [Check again] [It's still missing] [Show all steps]
    ");
    let third = world.press("dana", &again, "recheck").await;
    assert!(seen(&third).starts_with("Nothing has changed since"), "{}", seen(&third));
}

#[tokio::test]
async fn everybody_who_can_be_mended_gets_what_the_scenario_promises() {
    let world = World::new().await;
    for person in world.sandbox.scenario.people.clone() {
        let (Some(asks), Some(mended)) = (&person.asks, &person.mended) else {
            continue;
        };
        let before = world.ask(&person.key, "C0GENERAL", &format!("/sso-why {asks}")).await;
        world.mend(&person.key);
        world.press(&person.key, &before, "recheck").await;
        let checked = world.check_live(&person.key).await;
        assert_eq!(checked.cause().map(|cause| cause.name()), mended.cause.as_deref(), "{}", person.key);
    }
}

#[tokio::test]
async fn the_steps_unfold_and_fold_again() {
    let world = World::new().await;
    let report = world.ask("jonas", "C0GENERAL", "/sso-why Payments-Dev").await;
    let unfolded = world.press("jonas", &report, "show_steps").await;
    assert_snapshot!(seen(&unfolded), @"
    Payments-Dev is missing because you are in one of two look-alike groups, and the access is on the other.
    You are in AWS-Payments-Admin (comes from the company directory). The access is on aws-payments-admin (created 255 days ago), which you are not in. The names differ only in case, spaces or dashes.
    Next: an identity admin has to act: give the access to AWS-Payments-Admin as well. Leave aws-payments-admin as it is: the digest of duplicate groups says which of the two can go, and when.
    All steps
    • account (fine): active
    • IdP person (not seen): not connected
    • IdP membership (not seen): not connected
    • app assignment (not seen): not connected
    • sync (not seen): not connected
    • directory person (fine): in Identity Center, enabled
    • directory group (fine): AWS-Payments-Admin, synced
    • membership (fine): in AWS-Payments-Admin since 2026-05-08 14:12 UTC (200 days ago)
    • duplicates (broken): in AWS-Payments-Admin, which only looks like the assigned one
    • assignment (fine): Admin for aws-payments-admin
    • provisioning (fine): latest version
    • portal (not reached): not reached
    Your company directory is not connected. What an admin looks up there by hand
    • Entra ID: Users, the person, Account status is Enabled.
    • Okta: Directory, People, the person is Active.
    • Entra ID: the person's Groups has the group itself, not one inside it.
    • Okta: the person's Groups has the group.
    • Entra ID: Enterprise applications, AWS IAM Identity Center, Users and groups has the group.
    • Okta: the AWS application has the person under Assignments and the group under Push Groups.
    • Entra ID: the application's Provisioning shows the last cycle, no quarantine, and under Provisioning logs no error.
    • Okta: Push Groups shows the group as Active, without an error.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Hide the steps]
    ");
    let folded = world.press("jonas", &unfolded, "show_steps").await;
    assert_eq!(seen(&folded), seen(&report));
}

#[tokio::test]
async fn the_help_desk_gets_the_frozen_report_and_the_asker_a_link_to_it() {
    let world = World::new().await;
    world.leaves_unread("The help desk has your question about");
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    world.click("dana", &report, "escalate").await;
    let form = world.form("dana").await;
    assert_eq!(form.view["callback_id"], "escalate");
    let submitted =
        world.submit("dana", &form, &[("note", "I need it for the *month-end* <!channel>")]).await;
    assert_eq!(submitted, Submitted::Closed);
    let ticket = world.last_from_the_bot("sam", "C0HELPDESK").await;
    assert!(!ticket.is_ephemeral());
    assert_snapshot!(seen(&ticket), @"
    New: nobody has it yet.
    As AWS sees it, Dana Reyes is in no group that opens Payments-Prod.
    AWS-Payments-ReadOnly, AWS-Finance-All and AWS-Break-Glass open it, and AWS does not have Dana Reyes in any of them.
    I cannot see your company directory, so I cannot tell whether Dana Reyes was never added there, or was and the change has not arrived.
    Asked by @U0DANA
    About dana@example.com
    Asked in #C0GENERAL
    Account Payments-Prod (111122223333)
    Cause membership_not_synced at the step directory_membership
    Directory user 9067f0aa11-dd19a46b-1d3c-43e0-829f-21f97086c99b
    Group AWS-Payments-ReadOnly
    > I need it for the *month-end* <!channel>
    Next (an identity admin): look in the company directory whether Dana Reyes is in the group AWS-Payments-ReadOnly: if so, force a sync; if not, its owner can add Dana Reyes.
    Groups in Identity Center
    All steps
    • account (fine): active
    • IdP person (not seen): not connected
    • IdP membership (not seen): not connected
    • app assignment (not seen): not connected
    • sync (not seen): not connected
    • directory person (fine): in Identity Center, enabled
    • directory group (fine): AWS-Payments-ReadOnly, synced
    • membership (broken): not in AWS-Payments-ReadOnly
    • duplicates (fine): none
    • assignment (fine): ReadOnly for AWS-Payments-ReadOnly
    • provisioning (fine): latest version
    • portal (not reached): not reached
    Your company directory is not connected. What an admin looks up there by hand
    • Entra ID: Users, the person, Account status is Enabled.
    • Okta: Directory, People, the person is Active.
    • Entra ID: the person's Groups has the group itself, not one inside it.
    • Okta: the person's Groups has the group.
    • Entra ID: Enterprise applications, AWS IAM Identity Center, Users and groups has the group.
    • Okta: the AWS application has the person under Assignments and the group under Push Groups.
    • Entra ID: the application's Provisioning shows the last cycle, no quarantine, and under Provisioning logs no error.
    • Okta: Push Groups shows the group as Active, without an error.
    As it was <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    Opened by @U0DANA, 2026-11-24 14:12 UTC
    What the help desk writes in this thread goes to whoever asked, and their answers come back here. Begin with // to keep it here.
    [Claim]
    ");
    let told = world.changed("dana", &report).await;
    assert!(seen(&told).contains("The help desk has it: see their message"), "{}", seen(&told));
    assert!(json!(told.blocks).to_string().contains(&ticket.ts.replace('.', "")), "a link to that message");
    // The ticket stays as it was, whatever changes.
    world.mend("dana");
    world.press("dana", &told, "recheck").await;
    assert_eq!(world.last_seen("sam", "C0HELPDESK").blocks, ticket.blocks);
}

#[tokio::test]
async fn without_a_help_desk_channel_there_is_no_such_button() {
    let world = World::with(|config| config.slack.helpdesk_channel = None).await;
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    assert!(!seen(&report).contains("Ask the help desk"));
}

#[tokio::test]
async fn the_command_alone_opens_the_form_with_its_type_ahead() {
    let world = World::new().await;
    world.type_command("dana", "C0GENERAL", "/sso-why").await;
    let form = world.form("dana").await;
    assert_eq!(form.view["callback_id"], "diagnose");
    let offered = in_time(world.sandbox.suggest("dana", &form.id, "account", "paym")).await.expect("options");
    let labels: Vec<_> = offered.iter().filter_map(|option| option["text"]["text"].as_str()).collect();
    assert_eq!(labels, ["Payments-Dev (444455551111)", "Payments-Prod (111122223333)"]);
    let submitted = world.submit("dana", &form, &[("account", "111122223333")]).await;
    assert_eq!(submitted, Submitted::Closed);
    let report = world.settled("dana", "C0GENERAL").await;
    assert!(report.text.contains("in no group that opens Payments-Prod"), "{}", report.text);
}

#[tokio::test]
async fn a_typo_offers_the_nearest_accounts_as_buttons() {
    let world = World::new().await;
    let report = world.ask("theo", "C0GENERAL", "/sso-why Paymants-Prod").await;
    assert!(seen(&report).contains("[Payments-Prod]"), "{}", seen(&report));
    let right = world.press("theo", &report, "ask_account_0").await;
    assert!(right.text.contains("Payments-Prod"), "{}", right.text);
    assert!(!right.text.contains("no account"), "{}", right.text);
}

#[tokio::test]
async fn asking_about_somebody_else_is_for_the_help_desk() {
    let world = World::new().await;
    let refused = world.ask("theo", "C0GENERAL", "/sso-why @dana Payments-Prod").await;
    assert_snapshot!(seen(&refused), @"
    Only the help desk can ask about somebody else. You can ask about yourself: /sso-why and the account.
    For somebody else, ask in #C0HELPDESK
    ");
    let agent = world.ask("sam", "C0GENERAL", "/sso-why @dana Payments-Prod").await;
    assert!(agent.text.contains("Dana Reyes is in no group"), "{}", agent.text);
    let open = World::with(|config| config.slack.look_up_others = LookUpOthers::Everyone).await;
    let anybody = open.ask("theo", "C0GENERAL", "/sso-why @dana Payments-Prod").await;
    assert!(anybody.text.contains("Dana Reyes"), "{}", anybody.text);
}

#[tokio::test]
async fn the_help_desk_can_be_a_list_of_people() {
    let world = World::with(|config| {
        config.slack.helpdesk_members = HelpDeskMembers::Users(vec!["U0THEO".to_owned()]);
    })
    .await;
    let theo = world.ask("theo", "C0GENERAL", "/sso-why @dana Payments-Prod").await;
    assert!(theo.text.contains("Dana Reyes"), "{}", theo.text);
}

#[tokio::test]
async fn unable_to_read_the_members_the_bot_neither_allows_nor_denies() {
    let world = World::new().await;
    world.expects_error("the help desk's members could not be read");
    world.sandbox.faults.set("slack:conversations.members", Fault::Forbidden);
    let answer = world.ask("sam", "C0GENERAL", "/sso-why @dana Payments-Prod").await;
    assert!(answer.text.contains("could not check whether you are on the help desk"), "{}", answer.text);
}

#[tokio::test]
async fn people_whom_slack_hardly_knows_get_a_clear_sentence() {
    let world = World::new().await;
    let no_email = world.ask("noor", "C0GENERAL", "/sso-why Reporting-Prod").await;
    assert!(no_email.text.contains("no e-mail address"), "{}", no_email.text);
    let left = world.ask("sam", "C0GENERAL", "/sso-why <@U0GUS> Reporting-Prod").await;
    assert!(left.text.contains("no longer active in Slack"), "{}", left.text);
}

#[tokio::test]
async fn bad_input_gets_a_clear_sentence() {
    let world = World::new().await;
    for (typed, says) in [
        ("/sso-why \"Payments Prod", "quotation mark"),
        ("/sso-why @nobody Payments-Prod", "do not know who"),
        ("/sso-why @theo", "Which account"),
        ("/sso-why one two three four", "at most a permission set"),
        ("/sso-why help", "explain why an AWS account is missing"),
        ("/sso-why \u{1f680}\u{1f680}", "no account called"),
    ] {
        let answer = world.ask("theo", "C0GENERAL", typed).await;
        assert!(answer.text.contains(says), "{typed}: {}", answer.text);
    }
    let long = world.ask("theo", "C0GENERAL", &format!("/sso-why {}", "x".repeat(10_000))).await;
    assert!(long.text.contains("longer than"), "{}", long.text);
}

#[tokio::test]
async fn an_account_of_two_words_needs_no_quotes() {
    let world = World::new().await;
    let report = world.ask("zoe", "C0GENERAL", "/sso-why Rocket \u{1f680} Lab").await;
    assert!(report.text.contains("You have access to Rocket"), "{}", report.text);
}

#[tokio::test]
async fn when_slack_does_not_say_who_asks_the_bot_does_not_guess() {
    let world = World::new().await;
    world.expects_error("whether somebody is of the organization could not be read");
    world.sandbox.faults.set("slack:users.info", Fault::Forbidden);
    let answer = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    assert!(answer.text.starts_with("I could not check in Slack whether you may ask"), "{}", answer.text);
}

#[tokio::test]
async fn when_slack_cannot_say_who_asks_for_a_while_the_question_waits() {
    let world = World::new().await;
    world.sandbox.faults.set_times("slack:users.info", Fault::Html500, 3);
    world.type_command("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    let answer = world.while_time_passes(world.settled("dana", "C0GENERAL")).await;
    assert!(answer.text.contains("Payments-Prod"), "{}", answer.text);
}

#[tokio::test]
async fn a_question_that_was_acknowledged_is_answered_although_the_bot_dies_over_it() {
    let world = World::new().await;
    world.sandbox.calls.shut_gate();
    world.type_command("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    world.die_and_start_again();
    world.sandbox.calls.open_gate();
    let answer = world.settled("dana", "C0GENERAL").await;
    assert!(answer.text.contains("Payments-Prod"), "{}", answer.text);
    world.pass(SignedDuration::from_mins(1));
    let again = world.press("dana", &answer, "recheck").await;
    world.all_is_done().await;
    world.die_and_start_again();
    let third = world.press("dana", &again, "recheck").await;
    assert!(seen(&third).starts_with("Nothing has changed since"), "{}", seen(&third));
}

#[tokio::test]
async fn a_rate_limited_answer_is_brought_later() {
    let world = World::new().await;
    world.sandbox.faults.set_times("slack:response_url", Fault::Throttled { retry_after: 0 }, 1);
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    assert!(report.text.contains("Payments-Prod"), "{}", report.text);
}

#[tokio::test]
async fn when_the_response_url_is_gone_the_answer_comes_directly() {
    let world = World::new().await;
    world.leaves_unread("Looking why Payments-Prod is missing");
    world.sandbox.faults.set("slack:response_url", Fault::Html500);
    world.type_command("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    let direct = world.last_direct("dana").await;
    assert!(direct.text.contains("Payments-Prod"), "{}", direct.text);
}

#[tokio::test]
async fn when_the_help_desk_cannot_be_reached_the_asker_is_told() {
    let world = World::new().await;
    world.expects_error("a message could not be posted");
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    world.click("dana", &report, "escalate").await;
    let form: OpenView = world.form("dana").await;
    world.sandbox.faults.set("slack:chat.postMessage", Fault::Forbidden);
    world.submit("dana", &form, &[("note", "please")]).await;
    let told = world.another("dana", "C0GENERAL", &report).await;
    assert!(told.text.contains("could not reach the help desk's channel"), "{}", told.text);
}

#[tokio::test]
async fn hostile_names_ping_nobody_and_format_nothing() {
    let world = World::new().await;
    let report = world.ask("quinn", "C0GENERAL", "/sso-why Quality-Lab").await;
    for block in &report.blocks {
        let text = block.to_string();
        assert!(block["type"] != "section", "names go into rich text only");
        assert!(block["type"] == "rich_text" || !text.contains("U0DANA"), "{text}");
    }
    assert!(!report.text.contains("<@") && !report.text.contains("<!"), "{}", report.text);
}

#[tokio::test]
async fn a_button_in_the_wrong_hands_shows_nothing() {
    let world = World::new().await;
    world.leaves_unread("Only the help desk can ask about somebody else.");
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    let buttons = report.blocks.iter().find(|block| block["type"] == "actions").expect("buttons");
    let value = buttons["elements"][0]["value"].clone();
    for action in ["show_steps", "recheck", "escalate"] {
        let payload = json!({
            "type": "block_actions",
            "user": {"id": "U0THEO"},
            "trigger_id": "1.2.3",
            "actions": [{"type": "button", "action_id": action, "block_id": "report", "value": value}],
        });
        let before = world.sandbox.workspace().messages().len();
        let body = format!("payload={}", percent(&payload.to_string()));
        let form = "application/x-www-form-urlencoded";
        in_time(world.sandbox.deliver("/slack/interactions", form, &body, &[])).await.expect("acknowledged");
        let said =
            in_time(world.sandbox.wait_for(|workspace| workspace.messages().get(before).cloned())).await;
        assert!(said.text.contains("Only the help desk"), "{action}: {}", said.text);
    }
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn a_permission_set_that_does_not_exist_is_not_taken_for_one() {
    let world = World::new().await;
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod ReadOnyl").await;
    assert!(
        seen(&report).contains("What is assigned on Payments-Prod is Admin and ReadOnly."),
        "{}",
        seen(&report)
    );
}

#[tokio::test]
async fn a_number_may_be_written_as_the_console_writes_it() {
    let world = World::new().await;
    let report = world.ask("dana", "C0GENERAL", "/sso-why 1111-2222-3333").await;
    assert!(report.text.contains("Payments-Prod"), "{}", report.text);
}
