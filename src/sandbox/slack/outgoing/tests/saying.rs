//! What the bot is told of messages: people's and its own, said, changed and taken back.

use serde_json::{Value, json};

use super::{Bot, company};
use crate::sandbox::slack::outgoing::Mishap;
use crate::sandbox::slack::samples::Client;
use crate::sandbox::workspace::messages::Manner;

/// What an event is about, in short.
fn brief(event: &Value) -> [&str; 3] {
    ["type", "channel_type", "text"].map(|field| event[field].as_str().unwrap_or_default())
}

/// The events, once there are so many: those of the bot's own messages come in the background.
async fn once_told(bot: &Bot, times: usize) -> Vec<Value> {
    bot.times.subscribe().wait_for(|told| *told >= times).await.unwrap();
    bot.events()
}

#[tokio::test]
async fn a_mention_is_repeated_until_the_bot_acknowledges_it() {
    let (sandbox, bot) = company().await;
    bot.will_answer(500, Value::Null);
    bot.will_answer(503, Value::Null);
    sandbox.say("dana", "C0GENERAL", "@sso-why Payments-Prod", None).await.unwrap();

    let told = bot.told.lock().unwrap().clone();
    let retries: Vec<_> = told.iter().map(|(headers, _)| headers.get("x-slack-retry-num").cloned()).collect();
    assert_eq!(retries, [None, Some("1".parse().unwrap()), Some("2".parse().unwrap()), None]);
    assert_eq!(told[1].0["x-slack-retry-reason"], "http_error");
    let envelopes = bot.envelopes();
    assert_eq!(envelopes[0]["event_id"], envelopes[2]["event_id"]);
    assert_ne!(
        envelopes[0]["event_id"], envelopes[3]["event_id"],
        "the mention and the message are two events"
    );
    let text = "<@U0SSOWHY> Payments-Prod";
    assert_eq!(brief(&envelopes[2]["event"]), ["app_mention", "", text]);
    assert_eq!(brief(&envelopes[3]["event"]), ["message", "channel", text]);
}

#[tokio::test]
async fn every_message_is_told_with_where_it_was_said() {
    let (sandbox, bot) = company().await;
    let parent = sandbox.say("sam", "C0HELPDESK", "who knows?", None).await.unwrap();
    let reply = sandbox.say("femi", "C0HELPDESK", "I do", Some(&parent)).await.unwrap();
    sandbox.say("sam", "C0HELPDESK", "thanks", Some(&reply)).await.unwrap();
    sandbox.say("bo", "C0ADMINS", "hello", None).await.unwrap();
    sandbox.say("dana", "D0DANA", "@sso-why hello", None).await.unwrap();

    let events = bot.events();
    let briefs: Vec<_> = events.iter().map(brief).collect();
    let expected = [
        ["message", "channel", "who knows?"],
        ["message", "channel", "I do"],
        ["message", "channel", "thanks"],
        ["message", "group", "hello"],
        ["message", "im", "<@U0SSOWHY> hello"],
    ];
    assert_eq!(briefs, expected, "in a direct message a mention is no mention");
    for event in &events[1..3] {
        assert_eq!((&event["thread_ts"], &event["parent_user_id"]), (&json!(parent), &json!("U0SAM")));
    }
    assert_eq!(events[0].get("thread_ts"), None);

    for scope in ["channels:history", "im:history", "app_mentions:read"] {
        sandbox.workspace().app.scopes.remove(scope);
    }
    sandbox.say("dana", "C0GENERAL", "@sso-why hello", None).await.unwrap();
    sandbox.say("dana", "D0DANA", "hello", None).await.unwrap();
    sandbox.say("bo", "C0ADMINS", "hello", None).await.unwrap();
    assert_eq!(bot.times_told(), 6, "without its scope nothing is told");
    sandbox.workspace().app.events.remove("message.groups");
    sandbox.say("bo", "C0ADMINS", "hello", None).await.unwrap();
    assert_eq!(bot.times_told(), 6, "nor what is not subscribed to");
}

#[tokio::test]
async fn a_file_and_a_reply_for_all_are_told_by_their_subtype() {
    let (sandbox, bot) = company().await;
    let with_file = Manner::WithFile("portal.png".to_owned());
    let say = async |text, thread_ts: Option<&str>, manner: &Manner| {
        sandbox.say_in_manner("sam", "C0HELPDESK", text, thread_ts, manner.clone()).await
    };
    let parent = say("@sso-why look", None, &with_file).await.unwrap();
    say("solved", Some(&parent), &Manner::AlsoInChannel).await.unwrap();
    assert!(matches!(say("solved", None, &Manner::AlsoInChannel).await, Err(Mishap::Impossible(_))));

    let events = bot.events();
    let told: Vec<_> = events.iter().map(|event| (brief(event)[0], event.get("subtype"))).collect();
    let (file, for_all) = (json!("file_share"), json!("thread_broadcast"));
    assert_eq!(told, [("app_mention", None), ("message", Some(&file)), ("message", Some(&for_all))]);
    assert_eq!(events[1]["files"][0]["name"], "portal.png");
    assert_eq!(events[2]["thread_ts"], parent);
}

#[tokio::test]
async fn what_is_changed_or_taken_back_is_told_with_what_it_was() {
    let (sandbox, bot) = company().await;
    let ts = sandbox.say("sam", "C0HELPDESK", "tomorow", None).await.unwrap();
    sandbox.edit("sam", &ts, "tomorrow").await.unwrap();
    let reply = sandbox.say("femi", "C0HELPDESK", "fine", Some(&ts)).await.unwrap();
    sandbox.delete("femi", &reply).await.unwrap();
    for outcome in [sandbox.edit("femi", &ts, "never").await, sandbox.delete("femi", &ts).await] {
        assert!(matches!(outcome, Err(Mishap::Impossible(_))));
    }

    let events = bot.events();
    assert_eq!(events.len(), 4);
    let (changed, deleted) = (&events[1], &events[3]);
    assert_eq!((&changed["subtype"], &changed["hidden"]), (&json!("message_changed"), &json!(true)));
    assert_eq!(changed["message"]["text"], "tomorrow");
    assert_eq!(changed["message"]["edited"]["user"], "U0SAM");
    assert_eq!(changed["previous_message"]["text"], "tomorow");
    assert_eq!(changed["message"]["ts"], *ts);
    assert_eq!((&deleted["subtype"], &deleted["deleted_ts"]), (&json!("message_deleted"), &json!(reply)));
    assert_eq!((deleted["previous_message"]["text"].as_str(), deleted.get("user")), (Some("fine"), None));
}

#[tokio::test]
async fn the_bot_is_told_of_its_own_messages_too_and_slack_waits_for_nothing() {
    let (bot_sandbox, bot) = company().await;
    let client = Client::new().await;
    let bot_url = bot_sandbox.workspace().bot_url.clone();
    client.sandbox.workspace().bot_url = bot_url;
    let metadata = json!({"event_type": "mark", "event_payload": {"mark": "7"}});
    let message = json!({"channel": "C0HELPDESK", "text": "report", "metadata": metadata});
    bot.will_answer(500, Value::Null);
    let ts = client.call("chat.postMessage", message).await["ts"].clone();
    let events = once_told(&bot, 2).await;
    assert_eq!(events[0], events[1], "what was not acknowledged is repeated");
    let posted = &events[1];
    assert_eq!(
        (&posted["ts"], &posted["bot_id"], &posted["app_id"]),
        (&ts, &json!("B0SSOWHY"), &json!("A0SSOWHY"))
    );
    assert_eq!((posted.get("subtype"), posted.get("metadata")), (None, None));

    client.call("chat.update", json!({"channel": "C0HELPDESK", "ts": ts, "text": "changed"})).await;
    let whisper = json!({"channel": "C0HELPDESK", "user": "U0SAM", "text": "for you"});
    client.call("chat.postEphemeral", whisper).await;
    client.call("chat.postMessage", json!({"channel": "U0DANA", "text": "hello"})).await;
    let events = once_told(&bot, 4).await;
    assert_eq!(events.len(), 4, "nobody is told of an ephemeral message");
    let changed = events.iter().find(|event| event["subtype"] == "message_changed").unwrap();
    assert_eq!(changed["message"]["bot_id"], "B0SSOWHY");
    assert!(events.iter().any(|event| brief(event) == ["message", "im", "hello"]));
}

#[tokio::test]
async fn a_bot_that_is_not_there_keeps_nobody_from_posting() {
    let client = Client::new().await;
    let posted =
        async || client.call("chat.postMessage", json!({"channel": "C0HELPDESK", "text": "hello"})).await;
    assert_eq!(posted().await["ok"], true);
    client.sandbox.workspace().bot_url = "http://127.0.0.1:9".to_owned();
    assert_eq!(posted().await["ok"], true);
}

#[tokio::test]
async fn a_channel_shared_with_another_organisation_says_so() {
    let (sandbox, bot) = company().await;
    sandbox.say("petra", "C0PARTNER", "@sso-why Payments-Prod", None).await.unwrap();
    sandbox.say("dana", "C0PARTNER", "hello", None).await.unwrap();
    sandbox.say("dana", "C0GENERAL", "hello", None).await.unwrap();
    let envelopes = bot.envelopes();
    let shared: Vec<_> = envelopes.iter().map(|envelope| &envelope["is_ext_shared_channel"]).collect();
    assert_eq!(shared, [true, true, true, false]);
    let mention = &envelopes[0]["event"];
    assert_eq!((&mention["team"], &mention["user_team"]), (&json!("T0ACME"), &json!("T0ACME")));
    let own = &envelopes[2]["event"];
    assert_eq!((&own["team"], own.get("user_team")), (&json!("T0EXAMPLE"), None));
}
