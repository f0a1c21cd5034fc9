//! Every button of the bot's, pressed once where somebody has it before their eyes.

use std::collections::BTreeSet;

use sso_why::sandbox::workspace::controls::find_control;
use sso_why::sandbox::workspace::messages::Message;

use super::form_of;
use crate::harness::in_time;
use crate::processes::Processes;

/// All that the bot's messages have, in the contract's order.
const BUTTONS: [&str; 10] = [
    "recheck",
    "escalate",
    "watch",
    "show_steps",
    "sync_now",
    "claim",
    "resolve",
    "reopen",
    "ask_owner",
    "snooze_duplicate",
];

/// The buttons that are left when a question was asked, escalated and claimed: a watch, an owner, words in a ticket's
/// thread, its end and its return, a synchronization, and a duplicate that is laid aside. `pressed` is what has been.
pub async fn every_other_button(bot: &Processes, pressed: &[&str]) {
    let company = &bot.sandbox;
    let mut pressed: BTreeSet<&str> = pressed.iter().copied().collect();

    press(bot, "dana", &with_button(bot, "dana", "watch").await, "watch", &mut pressed).await;
    let noah = company.scenario.person("noah").expect("is there").asks.clone().expect("asks something");
    ask(bot, "noah", "C0GENERAL", &noah).await;
    press(bot, "noah", &with_button(bot, "noah", "ask_owner").await, "ask_owner", &mut pressed).await;

    let ticket = with_button(bot, "sam", "resolve").await;
    for (key, channel, words) in [
        ("sam", "C0HELPDESK", "Which account is it, and since when?"),
        ("sam", "C0HELPDESK", "// a note among us"),
    ] {
        in_time(company.say(key, channel, words, Some(&ticket.ts))).await.expect("is said");
    }
    press(bot, "sam", &ticket, "resolve", &mut pressed).await;
    let resolved = with_button(bot, "sam", "reopen").await;
    press(bot, "sam", &resolved, "reopen", &mut pressed).await;

    let milo = company.scenario.person("milo").expect("is there").asks.clone().expect("asks something");
    ask(bot, "sam", "C0HELPDESK", &format!("@milo {milo}")).await;
    press(bot, "sam", &with_button(bot, "sam", "sync_now").await, "sync_now", &mut pressed).await;

    let duplicate = with_button(bot, "bo", "snooze_duplicate").await;
    press(bot, "bo", &duplicate, "snooze_duplicate", &mut pressed).await;
    let form = form_of(bot, "bo").await;
    let entered = [("duration", "14"), ("reason", "Being merged, see the plan")];
    in_time(company.submit_view("bo", &form.id, &entered)).await.expect("is sent");

    assert_eq!(pressed, BUTTONS.into_iter().collect());
}

async fn ask(bot: &Processes, key: &str, channel: &str, words: &str) {
    in_time(bot.sandbox.type_command(key, channel, &format!("/sso-why {words}"))).await.expect("is taken");
}

/// A message before this person's eyes that has this button.
async fn with_button(bot: &Processes, key: &str, button: &str) -> Message {
    let user = bot.sandbox.workspace().user(key).expect("they are in Slack").id.clone();
    in_time(bot.sandbox.wait_for(|workspace| {
        let has_it = |message: &&Message| find_control(&message.blocks, None, button).is_some();
        workspace.messages().iter().rfind(|message| message.is_seen_by(&user) && has_it(message)).cloned()
    }))
    .await
}

async fn press<'b>(
    bot: &Processes,
    key: &str,
    message: &Message,
    button: &'b str,
    pressed: &mut BTreeSet<&'b str>,
) {
    in_time(bot.sandbox.press(key, &message.ts, button)).await.expect("is acknowledged");
    pressed.insert(button);
}
