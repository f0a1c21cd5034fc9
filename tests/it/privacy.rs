//! Who is shown what, and who is answered at all.

use insta::assert_snapshot;
use serde_json::{Value, json};
use sso_why::config::LookUpOthers;
use sso_why::sandbox::faults::Fault;
use sso_why::sandbox::scenario::Person;
use sso_why::sandbox::workspace::messages::Message;
use sso_why::words::json_v1;

use crate::harness::{World, a_few_at_a_time, in_time, seen};

/// Everything that a message carries, but for what its buttons carry back.
fn all_of(message: &Message) -> String {
    let mut blocks = json!(message.blocks);
    for block in blocks.as_array_mut().into_iter().flatten() {
        for element in block["elements"].as_array_mut().into_iter().flatten() {
            if let Some(button) = element.as_object_mut() {
                button.remove("value");
            }
        }
    }
    format!("{} {blocks}", message.text)
}

/// The ids that the terminal's report of this diagnosis has, and what other systems answered in their own words.
struct ForAgents {
    ids: Vec<String>,
    answers: Vec<String>,
}

fn for_agents(report: &Value) -> ForAgents {
    let mut ids: Vec<String> = Vec::new();
    let mut answers: Vec<String> = Vec::new();
    ids.extend(["directory_user_id", "idp_user_id"].iter().filter_map(|id| text(&report["subject"][id])));
    for route in report["routes"].as_array().into_iter().flatten() {
        ids.extend(text(&route["group"]["id"]));
        ids.extend(text(&route["permission_set_arn"]));
    }
    for step in report["steps"].as_array().into_iter().flatten() {
        for fact in step["evidence"].as_array().into_iter().flatten() {
            match fact["label"].as_str() {
                Some("group id") => ids.extend(text(&fact["value"])),
                Some("code" | "reason" | "answer") => answers.extend(text(&fact["value"])),
                _ => {}
            }
        }
    }
    for gap in report["gaps"].as_array().into_iter().flatten() {
        answers.extend(text(&gap["detail"]).filter(|_| gap["kind"] != "not_configured"));
    }
    ForAgents { ids, answers }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| text.len() > 3).map(str::to_owned)
}

/// Words that only the systems behind use.
const THEIRS: [&str; 4] = ["arn:", "Exception", "EncounteredQuarantine", "ValidationError"];

/// Everybody of this company asks about themselves; gives the answers that were to be hidden.
async fn nobody_sees_what_is_for_agents(scenario: &str) -> usize {
    let world = World::of(scenario).await;
    let people = world.sandbox.scenario.people.clone();
    let asking = |person: &&Person| {
        person.asks.is_some() && person.expects.is_some() && !["sam", "femi"].contains(&person.key.as_str())
    };
    let people: Vec<&Person> = people.iter().filter(asking).collect();
    a_few_at_a_time(people.iter().map(|person| sees_no_more_than_reasons(&world, person))).await;
    let mut hidden = 0;
    for person in people {
        let behind = for_agents(&json_v1::report(&world.check_person(&person.key).await));
        if behind.answers.is_empty() && person.key != "dana" {
            continue;
        }
        hidden += behind.answers.len();
        let asks = person.asks.as_deref().expect("they ask something");
        let for_sam = world.ask("sam", "C0HELPDESK", &format!("/sso-why @{} {asks}", person.key)).await;
        for id in behind.ids.first().into_iter().chain(&behind.answers) {
            assert!(all_of(&for_sam).contains(id), "{scenario}, {}: {id} in {}", person.key, seen(&for_sam));
        }
    }
    hidden
}

async fn sees_no_more_than_reasons(world: &World, person: &Person) {
    let behind = for_agents(&json_v1::report(&world.check_person(&person.key).await));
    assert!(!behind.ids.is_empty() || behind.answers.is_empty(), "{}: there are ids to hide", person.key);
    let asks = person.asks.as_deref().expect("they ask something");
    let report = world.ask(&person.key, "C0GENERAL", &format!("/sso-why {asks}")).await;
    let unfolded = world.press(&person.key, &report, "show_steps").await;
    for shown in [all_of(&report), all_of(&unfolded)] {
        let theirs = THEIRS.iter().map(|word| (*word).to_owned());
        for hidden in behind.ids.iter().chain(&behind.answers).cloned().chain(theirs) {
            assert!(!shown.contains(&hidden), "{}: {hidden} in {shown}", person.key);
        }
    }
}

#[tokio::test]
async fn an_end_user_sees_reasons_and_an_agent_the_ids_behind_them() {
    nobody_sees_what_is_for_agents("no-idp").await;
}

#[tokio::test]
async fn an_end_user_sees_reasons_and_an_agent_what_entra_answered() {
    assert!(nobody_sees_what_is_for_agents("company").await > 0, "there are answers to hide");
}

#[tokio::test]
async fn an_end_user_sees_reasons_and_an_agent_what_okta_answered() {
    assert!(nobody_sees_what_is_for_agents("okta").await > 0, "there are answers to hide");
}

#[tokio::test]
async fn an_end_user_sees_reasons_while_everything_stands_still() {
    nobody_sees_what_is_for_agents("quarantine").await;
}

#[tokio::test]
async fn what_aws_and_the_idp_answered_is_for_agents() {
    let world = World::of("company").await;
    let own = world.ask("rosalind", "C0GENERAL", "/sso-why Genome-Lab").await;
    assert_snapshot!(seen(&own), @"
    Genome-Lab is missing because sending the group that opens it to AWS failed.
    Entra ID's record for the group AWS-Genome-Researchers says (2026-11-20 14:12 UTC, 4 days ago) that it failed. The help desk can read why.
    Next: an identity admin has to act: mend what the record complains about; all of it is in the log of AWS IAM Identity Center. Then have it sent again.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]
    ");
    let for_sam = world.ask("sam", "C0HELPDESK", "/sso-why @rosalind Genome-Lab").await;
    assert_snapshot!(seen(&for_sam), @"
    Genome-Lab is missing because sending the group that opens it to AWS failed.
    Entra ID's record for the group AWS-Genome-Researchers says (2026-11-20 14:12 UTC, 4 days ago): SystemForCrossDomainIdentityManagementServiceIncompatible: The target system answered 400: the request violates its schema. Entra ID advises: Correct the mapping of the group's attributes, then provision the group again.
    Next: an identity admin has to act: mend what the record complains about; all of it is in the log of AWS IAM Identity Center. Then have it sent again.
    For the help desk
    Account Genome-Lab (888800004444)
    Directory user rosalind@example.com (9067f0aa11-f924f6bb-5290-4b96-8bf1-3aa6cd2207b9)
    Person in Entra ID rosalind@example.com (198cd961-1ad5-449c-8ce9-e33a62065fd7)
    Group AWS-Genome-Researchers (9067f0aa11-0881162e-6b6d-4bcd-897b-bc27eae483bd)
    Cause sync_error at the step sync
    The person in Entra ID
    The application in Entra ID
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]
    ");
    let world = World::of("quarantine").await;
    let own = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    assert_snapshot!(seen(&own), @"
    Payments-Prod is missing because your company directory has stopped sending changes to AWS.
    You are in AWS-Payments-ReadOnly at Entra ID.
    Entra ID has had the provisioning in quarantine since 2026-11-23 19:12 UTC and tries again 2026-11-24 19:12 UTC.
    Next: an identity admin has to act: test the connection of AWS IAM Identity Center and mend what it complains about, most often an access token that is out of date; then start provisioning again.
    Other ways to this account
    • ReadOnly through AWS-Finance-All: not in it
    • Admin through AWS-Break-Glass: not in it
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]
    ");
    let for_sam = world.ask("sam", "C0HELPDESK", "/sso-why @dana Payments-Prod").await;
    assert!(seen(&for_sam).contains("(EncounteredQuarantineException)"), "{}", seen(&for_sam));
    let world = World::new().await;
    let own = world.ask("chloe", "C0GENERAL", "/sso-why Checkout-Prod").await;
    assert_snapshot!(seen(&own), @"
    Checkout-Prod is missing because AWS tried to set up the access and could not.
    The request of 2026-11-24 11:12 UTC, 3 hours ago, failed. The help desk can read why.
    Next: an identity admin has to act: mend what AWS complains about and make the assignment on Checkout-Prod again.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]
    ");
}

#[tokio::test]
async fn the_answer_to_a_call_that_was_refused_is_for_agents() {
    let world = World::new().await;
    world.sandbox.faults.set("sso:ListAccountAssignments", Fault::Forbidden);
    let own = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    let unfolded = world.press("dana", &own, "show_steps").await;
    assert!(seen(&unfolded).contains("sso:ListAccountAssignments"), "what an admin can grant is named");
    assert!(!all_of(&unfolded).contains("AccessDenied"), "{}", seen(&unfolded));
    let for_sam = world.ask("sam", "C0HELPDESK", "/sso-why @dana Payments-Prod").await;
    assert!(
        seen(&for_sam).contains("Not read sso:ListAccountAssignments: not allowed, with"),
        "{}",
        seen(&for_sam)
    );
}

#[tokio::test]
async fn groups_of_somebody_else_are_for_agents_where_they_do_not_open_the_account() {
    let world = World::with(|config| config.slack.look_up_others = LookUpOthers::Everyone).await;
    let theirs = world.ask("theo", "C0GENERAL", "/sso-why @jonas Payments-Dev").await;
    let unfolded = world.press("theo", &theirs, "show_steps").await;
    assert!(!all_of(&unfolded).contains("AWS-Payments-Admin"), "{}", seen(&unfolded));
    assert!(all_of(&unfolded).contains("aws-payments-admin"), "the one that opens it is named");
    let for_sam = world.ask("sam", "C0GENERAL", "/sso-why @jonas Payments-Dev").await;
    assert!(all_of(&for_sam).contains("AWS-Payments-Admin"), "{}", seen(&for_sam));
    let own = world.ask("jonas", "C0GENERAL", "/sso-why Payments-Dev").await;
    assert!(all_of(&own).contains("AWS-Payments-Admin"), "{}", seen(&own));
}

#[tokio::test]
async fn in_a_channel_even_an_agents_question_shows_an_end_users_answer() {
    let world = World::new().await;
    let thread = in_time(world.sandbox.say("sam", "C0GENERAL", "@sso-why @jonas payments dev", None));
    let thread = thread.await.expect("acknowledged");
    let answer = world.answer_in(&thread).await;
    assert_snapshot!(seen(&answer), @"
    Payments-Dev is missing because Jonas Weber is in one of two look-alike groups, and the access is on the other.
    Jonas Weber is in another group (comes from the company directory). The access is on aws-payments-admin (created 255 days ago), which Jonas Weber is not in. The names differ only in case, spaces or dashes.
    Next: an identity admin has to act: give the access to the group that they are in as well. Leave aws-payments-admin as it is: the digest of duplicate groups says which of the two can go, and when.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]
    ");
}

#[tokio::test]
async fn guests_are_refused_everywhere_and_nothing_is_looked_up_for_them() {
    let world = World::new().await;
    let refused = world.ask("mika", "C0GENERAL", "/sso-why Website-Staging").await;
    assert_snapshot!(seen(&refused), @"I answer staff only, and you are in this Slack as a guest. Whoever invited you can ask the help desk for you.");

    world.type_command("mika", "C0GENERAL", "/sso-why").await;
    let no_form = world.another("mika", "C0GENERAL", &refused).await;
    assert_eq!(no_form.text, refused.text);

    let thread = in_time(world.sandbox.say("mika", "C0GENERAL", "@sso-why website staging", None));
    let thread = thread.await.expect("acknowledged");
    assert_eq!(world.answer_in(&thread).await.text, refused.text);

    let before = world.last_seen("mika", "C0GENERAL");
    in_time(world.sandbox.use_shortcut("mika", &thread, "diagnose_message")).await.expect("acknowledged");
    assert_eq!(world.another("mika", "C0GENERAL", &before).await.text, refused.text);

    in_time(world.sandbox.say("mika", "D0MIKA", "hello", None)).await.expect("acknowledged");
    assert_eq!(world.last_direct("mika").await.text, refused.text);

    in_time(world.sandbox.open_home("mika")).await.expect("acknowledged");
    let home = in_time(world.sandbox.wait_for(|workspace| workspace.home_of("U0MIKA").cloned())).await;
    assert!(home.view.to_string().contains("I answer staff only"), "{}", home.view);

    let calls = world.sandbox.calls.counts();
    let is_a_question = |operation: &String| operation.starts_with("identitystore:");
    assert!(!calls.keys().any(is_a_question), "nobody was looked up in the directory: {calls:?}");
}

#[tokio::test]
async fn a_guest_who_presses_somebody_elses_button_is_refused_as_a_guest() {
    let world = World::new().await;
    let thread = in_time(world.sandbox.say("dana", "C0GENERAL", "@sso-why payments-prod", None));
    let thread = thread.await.expect("acknowledged");
    let answer = world.answer_in(&thread).await;
    for action in ["recheck", "show_steps", "escalate", "watch"] {
        let before = world.last_seen("mika", "C0GENERAL");
        world.click("mika", &answer, action).await;
        let refused = world.another("mika", "C0GENERAL", &before).await;
        assert!(refused.is_ephemeral() && refused.text.contains("as a guest"), "{action}: {}", refused.text);
    }
}

#[tokio::test]
async fn guests_are_served_where_an_admin_has_said_so() {
    let world = World::with(|config| config.slack.guests = true).await;
    let report = world.ask("mika", "C0GENERAL", "/sso-why Website-Staging").await;
    assert!(report.text.contains("Website-Staging"), "{}", report.text);
}

#[tokio::test]
async fn the_help_desk_may_ask_about_a_guest() {
    let world = World::new().await;
    let report = world.ask("sam", "C0HELPDESK", "/sso-why @mika Website-Staging").await;
    assert!(report.text.contains("Mika Virtanen"), "{}", report.text);
}

#[tokio::test]
async fn a_channel_that_another_organization_reads_is_no_place_for_answers() {
    let world = World::new().await;
    let refused = world.ask("dana", "C0PARTNER", "/sso-why Payments-Prod").await;
    assert_snapshot!(seen(&refused), @"This channel is shared with another organization, so I answer nothing here. Ask me in a direct message, or in a channel that is yours alone.");
    let thread = in_time(world.sandbox.say("dana", "C0PARTNER", "@sso-why payments-prod", None));
    let thread = thread.await.expect("acknowledged");
    assert_eq!(world.answer_in(&thread).await.text, refused.text);
    let outsider = in_time(world.sandbox.say("petra", "C0PARTNER", "@sso-why payments-prod", None));
    let outsider = outsider.await.expect("acknowledged");
    assert_snapshot!(seen(&world.answer_in(&outsider).await), @"I answer people of the organization that runs me, and you are of another one. Your contact there can ask for you.");
    // Elsewhere the same person is answered.
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    assert!(report.text.contains("in no group"), "{}", report.text);
}

#[tokio::test]
async fn shared_channels_are_served_where_an_admin_has_said_so() {
    let world = World::with(|config| config.slack.shared_channels = true).await;
    let report = world.ask("dana", "C0PARTNER", "/sso-why Payments-Prod").await;
    assert!(report.text.contains("in no group"), "{}", report.text);
}

#[tokio::test]
async fn what_slack_does_not_show_is_not_guessed() {
    let world = World::new().await;
    world.sandbox.faults.set("slack:conversations.info", Fault::Forbidden);
    let unseen = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    assert_snapshot!(seen(&unseen), @"Slack does not let me see whether another organization reads in this channel, so I answer nothing here. Ask me in a direct message; whoever runs me can give me the Slack permission channels:read.");
    let direct = world.ask("dana", "D0DANA", "/sso-why Payments-Prod").await;
    assert!(direct.text.contains("in no group"), "a direct message needs no look: {}", direct.text);

    let world = World::new().await;
    world.expects_error("whether somebody is of the organization could not be read");
    world.sandbox.faults.set("slack:users.info", Fault::Forbidden);
    let unseen = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    assert_snapshot!(seen(&unseen), @"I could not check in Slack whether you may ask here, so I have not looked. Tell the help desk that I need the Slack permission users:read for it.");
}

#[tokio::test]
async fn a_crowd_costs_one_look_at_the_channel() {
    let world = World::new().await;
    for _ in 0..3 {
        world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    }
    assert_eq!(world.sandbox.calls.counts().get("slack:conversations.info"), Some(&1));
}

#[tokio::test]
async fn a_group_whose_name_was_not_read_is_not_said_to_be_gone() {
    let world = World::of("company").await;
    let for_sam = seen(&world.ask("sam", "C0HELPDESK", "/sso-why @marcus Website-Staging").await);
    assert!(for_sam.contains("Group name not read (9067"), "{for_sam}");
}
