//! Questions where people talk: a mention in a thread, and the shortcut on a message. Both are answered there.

use insta::assert_snapshot;
use jiff::SignedDuration;
use serde_json::Value;
use sso_why::sandbox::faults::Fault;
use sso_why::sandbox::slack::outgoing::modals::Submitted;
use sso_why::sandbox::workspace::messages::Message;

use crate::harness::{World, in_time, seen};

/// So long that a second press is no double click.
const BETWEEN_PRESSES: SignedDuration = SignedDuration::from_secs(3);

/// Says something in a new thread; gives the thread.
async fn said(world: &World, key: &str, text: &str) -> String {
    in_time(world.sandbox.say(key, "C0GENERAL", text, None)).await.expect("the event is acknowledged")
}

async fn replied(world: &World, key: &str, thread: &str, text: &str) -> String {
    let saying = world.sandbox.say(key, "C0GENERAL", text, Some(thread));
    in_time(saying).await.expect("the event is acknowledged")
}

/// What the bot has said in this thread for everybody to see.
fn answers(world: &World, thread: &str) -> Vec<Message> {
    let workspace = world.sandbox.workspace();
    let in_thread = |message: &&Message| {
        message.thread_ts.as_deref() == Some(thread)
            && message.author == workspace.bot_user_id
            && !message.is_ephemeral()
    };
    workspace.messages().iter().filter(in_thread).cloned().collect()
}

/// What only this person sees here beside what was there.
async fn whispered(world: &World, key: &str, beside: usize) -> Message {
    let user = world.person(key).slack.expect("they are in Slack");
    in_time(world.sandbox.wait_for(|workspace| {
        workspace
            .messages()
            .iter()
            .skip(beside)
            .find(|message| message.visible_to.as_deref() == Some(user.as_str()))
            .cloned()
    }))
    .await
}

#[tokio::test]
async fn a_question_in_a_thread_is_answered_in_that_thread_for_everybody() {
    let world = World::new().await;
    let ticket = said(&world, "dana", "Ticket 4711: I cannot see my account").await;
    replied(&world, "sam", &ticket, "@sso-why why can't @dana see payments prod?").await;
    let answer = world.answer_in(&ticket).await;
    assert_snapshot!(seen(&answer), @"
    As AWS sees it, Dana Reyes is in no group that opens Payments-Prod.
    AWS-Payments-ReadOnly, AWS-Finance-All and AWS-Break-Glass open it, and AWS does not have Dana Reyes in any of them.
    I cannot see your company directory, so I cannot tell whether Dana Reyes was never added there, or was and the change has not arrived.
    Next: an identity admin has to act: look in the company directory whether Dana Reyes is in the group AWS-Payments-ReadOnly: if so, force a sync; if not, its owner can add Dana Reyes.
    Other ways to this account
    • ReadOnly through AWS-Finance-All: not in it, as AWS sees it
    • Admin through AWS-Break-Glass: not in it, as AWS sees it
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]
    ");
    assert!(answer.text.starts_with("As AWS sees it, Dana Reyes is in no group"), "{}", answer.text);
}

#[tokio::test]
async fn a_question_outside_a_thread_begins_one() {
    let world = World::new().await;
    let thread = said(&world, "dana", "@sso-why payments-prod").await;
    let answer = world.answer_in(&thread).await;
    assert!(answer.text.contains("Dana Reyes"), "in a channel nobody is \"you\": {}", answer.text);
}

#[tokio::test]
async fn check_again_brings_the_answer_in_the_thread_up_to_date_for_everybody() {
    let world = World::new().await;
    let thread = said(&world, "dana", "@sso-why payments-prod").await;
    let answer = world.answer_in(&thread).await;
    world.mend("dana");
    world.pass(SignedDuration::from_mins(4));
    let again = world.press("dana", &answer, "recheck").await;
    assert_eq!(again.ts, answer.ts);
    assert!(!again.is_ephemeral());
    assert!(again.text.starts_with("Dana Reyes has access to Payments-Prod"), "{}", again.text);
    assert!(seen(&again).starts_with("What changed since"), "{}", seen(&again));
    world.pass(BETWEEN_PRESSES);
    world.all_is_done().await;
    world.die_and_start_again();
    let third = world.press("sam", &again, "recheck").await;
    assert_eq!(third.ts, answer.ts);
    assert!(seen(&third).starts_with("Nothing has changed"), "{}", seen(&third));
}

#[tokio::test]
async fn the_buttons_in_a_thread_are_for_those_who_may_ask() {
    let world = World::new().await;
    world.leaves_unread("Only the help desk can ask about somebody else.");
    let thread = said(&world, "dana", "@sso-why payments-prod").await;
    let answer = world.answer_in(&thread).await;
    for action in ["recheck", "show_steps", "escalate", "watch"] {
        let before = world.sandbox.workspace().messages().len();
        world.click("theo", &answer, action).await;
        let refused = whispered(&world, "theo", before).await;
        assert!(refused.text.contains("Only the help desk"), "{action}: {}", refused.text);
    }
    let now = answers(&world, &thread);
    assert_eq!(now.len(), 1);
    assert_eq!(now[0].blocks, answer.blocks, "the answer stays as it was");
}

#[tokio::test]
async fn the_steps_are_shown_to_whoever_asks_for_them_alone() {
    let world = World::new().await;
    let thread = said(&world, "dana", "@sso-why payments-prod").await;
    let answer = world.answer_in(&thread).await;
    let before = world.sandbox.workspace().messages().len();
    world.click("dana", &answer, "show_steps").await;
    let steps = whispered(&world, "dana", before).await;
    assert!(
        seen(&steps).contains("All steps") && steps.text.contains("you are in no group"),
        "{}",
        seen(&steps)
    );
    let folded = world.press("dana", &steps, "show_steps").await;
    assert!(folded.is_ephemeral() && !seen(&folded).contains("All steps"));
    assert_eq!(answers(&world, &thread)[0].blocks, answer.blocks, "the answer stays as it was");
}

#[tokio::test]
async fn the_watcher_and_not_the_channel_is_told_when_it_is_fixed() {
    let world = World::new().await;
    world.leaves_unread("I will tell you when Payments-Prod is there.");
    let thread = said(&world, "dana", "@sso-why payments-prod").await;
    let answer = world.answer_in(&thread).await;
    let before = world.sandbox.workspace().messages().len();
    world.click("dana", &answer, "watch").await;
    whispered(&world, "dana", before).await;
    world.mend("dana");
    let told = world.while_passing(SignedDuration::from_mins(1), world.last_direct("dana")).await;
    assert!(told.text.contains("Payments-Prod"), "{}", told.text);
    assert_eq!(answers(&world, &thread).len(), 1);
}

#[tokio::test]
async fn who_may_not_ask_about_others_is_told_so_in_the_thread() {
    let world = World::new().await;
    let thread = said(&world, "theo", "@sso-why why can't @dana see payments prod?").await;
    let refused = world.answer_in(&thread).await;
    assert!(refused.text.contains("Only the help desk"), "{}", refused.text);
    assert!(!refused.text.contains("Dana"), "{}", refused.text);
}

#[tokio::test]
async fn what_is_missing_is_asked_for_with_a_button_for_each_choice() {
    let world = World::new().await;
    let thread = said(&world, "sam", "@sso-why why can't @dana see payments?").await;
    let which = world.answer_in(&thread).await;
    assert_snapshot!(seen(&which), @"
    I understood that you ask about Dana Reyes, and found no account in it. Did you mean one of these? If not, name the account as the portal does, or by its number.
    [Payments-Dev] [Payments-Prod]
    ");
    let report = world.press("sam", &which, "ask_account_1").await;
    assert_eq!(report.ts, which.ts, "the answer takes the question's place");
    assert!(report.text.contains("Dana Reyes is in no group that opens Payments-Prod"), "{}", report.text);
}

#[tokio::test]
async fn several_accounts_or_people_are_taken_one_at_a_time() {
    let world = World::new().await;
    let two_accounts = said(&world, "sam", "@sso-why @dana payments prod and payments dev").await;
    assert_snapshot!(seen(&world.answer_in(&two_accounts).await), @"
    I look at one account at a time. Which of these first?
    [Payments-Prod] [Payments-Dev]
    ");
    let two_people = said(&world, "sam", "@sso-why payments prod: @dana and @theo").await;
    let which = world.answer_in(&two_people).await;
    assert_snapshot!(seen(&which), @"
    I look at one person at a time. Who first?
    [Dana Reyes] [Theo Lindqvist]
    ");
    let report = world.press("sam", &which, "ask_account_0").await;
    assert!(report.text.contains("Dana Reyes"), "{}", report.text);
    let both = said(&world, "sam", "@sso-why @dana and @theo miss payments prod, payments dev").await;
    assert_snapshot!(seen(&world.answer_in(&both).await), @"I look at one person and one account at a time. Ask for one of them first.");
}

#[tokio::test]
async fn a_mention_without_a_question_says_what_to_do() {
    let world = World::new().await;
    let nothing = said(&world, "dana", "@sso-why").await;
    assert_snapshot!(seen(&world.answer_in(&nothing).await), @r#"
    I explain why an AWS account is missing from the access portal.
    Mention me with the account, for example "@sso-why Payments-Prod" or "@sso-why why can't I see payments prod?", and I answer in the thread.
    For an answer that only you see, use /sso-why and the account.
    "#);
    let chat = said(&world, "dana", "thanks @sso-why that is great").await;
    assert_snapshot!(seen(&world.answer_in(&chat).await), @"I understood that you ask about yourself, and found no account in it. Name the account as the portal does, or by its 12-digit number, for example: @sso-why Payments-Prod. I then answer here.");
    let nobody = said(&world, "sam", "@sso-why why can't @nobody see payments prod?").await;
    assert_snapshot!(seen(&world.answer_in(&nobody).await), @"I do not know who @nobody is. Choose the person from the list that Slack offers when you type @, or leave it out to ask about yourself.");
    let unknown = said(&world, "sam", "@sso-why why can't nobody@example.com see payments prod?").await;
    assert_snapshot!(seen(&world.answer_in(&unknown).await), @"Nobody in this Slack has the e-mail address nobody@example.com. Mention the person with @ instead. The help desk can look by e-mail address in the terminal.");
}

#[tokio::test]
async fn an_account_that_does_not_exist_and_one_of_a_name_that_two_have_are_explained_in_the_thread() {
    let world = World::new().await;
    let thread = said(&world, "dana", "@sso-why \"No Such Thing\"").await;
    let answer = world.answer_in(&thread).await;
    assert!(answer.text.contains("no account called No Such Thing"), "{}", answer.text);
    let thread = said(&world, "ines", "@sso-why data lake").await;
    let which = world.answer_in(&thread).await;
    assert!(which.text.contains("2 accounts called Data-Lake"), "{}", which.text);
    let report = world.press("ines", &which, "ask_account_0").await;
    assert!(!report.is_ephemeral() && report.ts == which.ts, "for everybody, in its place");
}

#[tokio::test]
async fn accounts_that_cannot_be_read_are_not_accounts_that_do_not_exist() {
    let world = World::new().await;
    world.sandbox.faults.set("organizations:ListAccounts", Fault::Forbidden);
    // One that begins anew remembers no accounts from before.
    world.die_and_start_again();
    let thread = said(&world, "dana", "@sso-why payments-prod").await;
    assert_snapshot!(seen(&world.answer_in(&thread).await), @"I could not read which accounts there are (organizations:ListAccounts), so I cannot tell which one you mean. Put its name between quotation marks, or ask again in a minute.");
}

#[tokio::test]
async fn a_mention_that_slack_repeats_or_the_bot_dies_over_is_answered_once() {
    let world = World::new().await;
    world.sandbox.calls.shut_gate();
    let thread = said(&world, "dana", "@sso-why payments-prod").await;
    let delivery = world.sandbox.workspace().last_delivery("app_mention").expect("it was sent");
    in_time(world.sandbox.deliver_again(&delivery)).await.expect("acknowledged");
    world.die_and_start_again();
    in_time(world.sandbox.deliver_again(&delivery)).await.expect("acknowledged");
    world.sandbox.calls.open_gate();
    world.answer_in(&thread).await;
    in_time(world.sandbox.deliver_again(&delivery)).await.expect("acknowledged");
    // A later answer shows that nothing is still on its way.
    let other = said(&world, "theo", "@sso-why").await;
    world.answer_in(&other).await;
    assert_eq!(answers(&world, &thread).len(), 1);
}

#[tokio::test]
async fn an_app_that_mentions_the_bot_is_not_answered() {
    let world = World::new().await;
    let event = serde_json::json!({
        "type": "app_mention", "user": "U0APP", "bot_id": "B0APP", "text": "<@U0SSOWHY> payments-prod",
        "channel": "C0GENERAL", "ts": "1795529520.000001", "event_ts": "1795529520.000001",
    });
    let envelope = { world.sandbox.envelope(&mut world.sandbox.workspace(), event) };
    in_time(world.sandbox.deliver_event(&envelope)).await.expect("acknowledged");
    let thread = said(&world, "dana", "@sso-why").await;
    world.answer_in(&thread).await;
    assert!(answers(&world, "1795529520.000001").is_empty());
}

fn filled_in(form: &Value, block: &str) -> Value {
    let blocks = form["blocks"].as_array().expect("blocks");
    blocks.iter().find(|one| one["block_id"] == block).expect("the field")["element"].clone()
}

#[tokio::test]
async fn the_shortcut_opens_the_form_with_what_the_message_says_and_answers_in_its_thread() {
    let world = World::new().await;
    let message = said(&world, "dana", "Hi, I can't see payments prod as ReadOnly any more :(").await;
    in_time(world.sandbox.use_shortcut("sam", &message, "diagnose_message")).await.expect("acknowledged");
    let form = world.form("sam").await;
    assert_eq!(filled_in(&form.view, "subject")["initial_user"], "U0DANA");
    assert_eq!(filled_in(&form.view, "account")["initial_option"]["value"], "111122223333");
    assert_eq!(filled_in(&form.view, "permission_set")["initial_value"], "ReadOnly");
    assert_eq!(world.submit("sam", &form, &[]).await, Submitted::Closed);
    let answer = world.answer_in(&message).await;
    assert!(answer.text.contains("Dana Reyes"), "{}", answer.text);
    assert!(!seen(&answer).contains("For the help desk"), "everybody reads it: {}", seen(&answer));
}

#[tokio::test]
async fn the_shortcut_on_a_reply_answers_in_the_same_thread() {
    let world = World::new().await;
    let thread = said(&world, "theo", "Ticket 4711").await;
    let reply = replied(&world, "theo", &thread, "From: dana@example.com. She has no Payments-Dev").await;
    in_time(world.sandbox.use_shortcut("sam", &reply, "diagnose_message")).await.expect("acknowledged");
    let form = world.form("sam").await;
    assert_eq!(filled_in(&form.view, "subject")["initial_user"], "U0DANA", "by the e-mail address");
    world.submit("sam", &form, &[]).await;
    let answer = world.answer_in(&thread).await;
    assert!(answer.text.contains("Payments-Dev"), "{}", answer.text);
}

#[tokio::test]
async fn a_message_that_says_nothing_leaves_the_form_to_be_filled_in() {
    let world = World::new().await;
    let message = said(&world, "theo", "good morning").await;
    in_time(world.sandbox.use_shortcut("dana", &message, "diagnose_message")).await.expect("acknowledged");
    let form = world.form("dana").await;
    assert_eq!(filled_in(&form.view, "subject")["initial_user"], "U0THEO");
    assert_eq!(filled_in(&form.view, "account")["initial_option"], Value::Null);
}

#[tokio::test]
async fn the_shortcut_shows_nobody_what_they_may_not_ask_and_tells_them_alone() {
    let world = World::new().await;
    world.leaves_unread("Only the help desk can ask about somebody else.");
    let message = said(&world, "dana", "I can't see payments prod").await;
    let before = world.sandbox.workspace().messages().len();
    in_time(world.sandbox.use_shortcut("theo", &message, "diagnose_message")).await.expect("acknowledged");
    let form = world.form("theo").await;
    world.submit("theo", &form, &[]).await;
    let refused = whispered(&world, "theo", before).await;
    assert!(refused.text.contains("Only the help desk"), "{}", refused.text);
    assert!(answers(&world, &message).is_empty());
}

#[tokio::test]
async fn where_the_bot_cannot_write_the_answer_comes_to_the_asker_and_says_why() {
    let world = World::new().await;
    world.expects_error("a message could not be posted");
    let message = said(&world, "dana", "I can't see payments prod").await;
    in_time(world.sandbox.use_shortcut("dana", &message, "diagnose_message")).await.expect("acknowledged");
    let form = world.form("dana").await;
    world.sandbox.faults.set_times("slack:chat.postMessage", Fault::Forbidden, 1);
    world.submit("dana", &form, &[]).await;
    let alone = world.last_direct("dana").await;
    assert!(seen(&alone).starts_with("I could not write in that thread"), "{}", seen(&alone));
    assert!(alone.text.contains("in no group that opens Payments-Prod"), "{}", alone.text);
    world.mend("dana");
    world.pass(SignedDuration::from_mins(4));
    let again = world.press("dana", &alone, "recheck").await;
    assert_eq!(again.ts, alone.ts);
    assert!(again.text.contains("has access"), "{}", again.text);
}
