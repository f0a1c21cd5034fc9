//! What people do, as a bot meets it: a small bot that remembers what it was told and answers as told.
//! [`saying`] is what it is told of messages.

mod saying;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::delivery::signature;
use super::modals::Submitted;
use super::{Mishap, Use};
use crate::sandbox::Sandbox;
use crate::sandbox::slack::{SIGNING_SECRET, samples};
use crate::sandbox::workspace::messages::Draft;

#[derive(Default)]
struct Bot {
    told: Mutex<Vec<(HeaderMap, String)>>,
    answers: Mutex<VecDeque<(StatusCode, Value)>>,
    /// How often it was told something.
    times: watch::Sender<usize>,
}

impl Bot {
    fn will_answer(&self, status: u16, body: Value) {
        self.answers.lock().unwrap().push_back((StatusCode::from_u16(status).unwrap(), body));
    }

    fn form(&self) -> Vec<(String, String)> {
        let told = self.told.lock().unwrap();
        url::form_urlencoded::parse(told.last().unwrap().1.as_bytes()).into_owned().collect()
    }

    fn field(&self, name: &str) -> String {
        self.form().into_iter().find(|(field, _)| field == name).unwrap().1
    }

    fn payload(&self) -> Value {
        serde_json::from_str(&self.field("payload")).unwrap()
    }

    /// What happened, without the envelopes.
    fn events(&self) -> Vec<Value> {
        self.envelopes().into_iter().map(|envelope| envelope["event"].clone()).collect()
    }

    fn envelopes(&self) -> Vec<Value> {
        self.told.lock().unwrap().iter().map(|(_, body)| serde_json::from_str(body).unwrap()).collect()
    }

    fn times_told(&self) -> usize {
        self.told.lock().unwrap().len()
    }
}

async fn hear(State(bot): State<Arc<Bot>>, headers: HeaderMap, body: String) -> Response {
    bot.told.lock().unwrap().push((headers, body));
    bot.times.send_modify(|times| *times += 1);
    match bot.answers.lock().unwrap().pop_front() {
        Some((status, Value::Null)) => status.into_response(),
        Some((status, body)) => (status, body.to_string()).into_response(),
        None => StatusCode::OK.into_response(),
    }
}

async fn company() -> (Arc<Sandbox>, Arc<Bot>) {
    let (sandbox, bot) = (samples::sandbox(), Arc::new(Bot::default()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    sandbox.workspace().bot_url = format!("http://{}", listener.local_addr().unwrap());
    sandbox.workspace().sandbox_url = "http://sandbox".to_owned();
    let router = Router::new().fallback(hear).with_state(bot.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (sandbox, bot)
}

fn texts(sandbox: &Sandbox, user: &str, channel: &str) -> Vec<String> {
    sandbox.workspace().messages_seen_by(user, channel).map(|message| message.text.clone()).collect()
}

fn buttons() -> Vec<Value> {
    let button = json!({"type": "button", "action_id": "recheck", "value": "v1:7",
        "text": {"type": "plain_text", "text": "Again"}});
    vec![json!({"type": "actions", "block_id": "row", "elements": [button]})]
}

fn button(sandbox: &Sandbox, visible_to: Option<&str>) -> String {
    let draft = Draft {
        text: "report".to_owned(),
        blocks: buttons(),
        visible_to: visible_to.map(str::to_owned),
        ..Draft::default()
    };
    sandbox.workspace().post("U0SSOWHY", "C0GENERAL", draft, (sandbox.clock)())
}

#[tokio::test]
async fn a_command_is_signed_and_escaped_and_its_answer_appears() {
    let (sandbox, bot) = company().await;
    bot.will_answer(200, json!({"response_type": "ephemeral", "text": "looking"}));
    let typed = "/sso-why @dana \"R&D <x>\" @nobody #general dana@example.com";
    sandbox.type_command("sam", "C0HELPDESK", typed).await.unwrap();

    let expected = "<@U0DANA> \"R&amp;D &lt;x&gt;\" @nobody <#C0GENERAL|general> <mailto:dana@example.com|dana@example.com>";
    assert_eq!(bot.field("text"), expected);
    assert_eq!(
        (bot.field("user_name"), bot.field("channel_id")),
        ("sam".to_owned(), "C0HELPDESK".to_owned())
    );
    assert!(bot.field("response_url").starts_with("http://sandbox/response/R"));
    let (headers, body) = bot.told.lock().unwrap()[0].clone();
    let timestamp = headers["x-slack-request-timestamp"].to_str().unwrap().parse().unwrap();
    assert_eq!(headers["x-slack-signature"], signature(SIGNING_SECRET, timestamp, &body));
    let sam = sandbox.workspace().user("sam").unwrap().id.clone();
    assert_eq!(texts(&sandbox, &sam, "C0HELPDESK"), ["looking"]);
    assert!(sandbox.workspace().messages()[0].is_ephemeral());
}

#[tokio::test]
async fn a_bot_that_fails_is_reported_to_the_person() {
    let (sandbox, bot) = company().await;
    bot.will_answer(500, Value::Null);
    assert!(matches!(
        sandbox.type_command("dana", "C0GENERAL", "/sso-why").await,
        Err(Mishap::Undelivered(_))
    ));
    bot.will_answer(200, json!({"blocks": [{"type": "alert"}]}));
    assert!(matches!(sandbox.type_command("dana", "C0GENERAL", "/sso-why").await, Err(Mishap::BadAnswer(_))));
    assert_eq!(
        texts(&sandbox, "U0DANA", "C0GENERAL"),
        [
            "/sso-why failed with the error \"dispatch_failed\"",
            "/sso-why failed with the error \"invalid_command_response\"",
        ]
    );
    let elsewhere = sandbox.type_command("dana", "C0ADMINS", "/sso-why").await;
    assert!(matches!(elsewhere, Err(Mishap::Impossible(_))));
}

#[tokio::test]
async fn a_press_tells_the_message_only_where_others_see_it() {
    let (sandbox, bot) = company().await;
    let public = button(&sandbox, None);
    sandbox.press("dana", &public, "recheck").await.unwrap();
    let payload = bot.payload();
    assert_eq!(payload["message"]["text"], "report");
    assert_eq!(payload["actions"][0]["value"], "v1:7");
    assert_eq!(payload["container"]["is_ephemeral"], false);

    let private = button(&sandbox, Some("U0DANA"));
    sandbox.press("dana", &private, "recheck").await.unwrap();
    let payload = bot.payload();
    assert_eq!((payload.get("message"), &payload["container"]["is_ephemeral"]), (None, &json!(true)));

    assert!(matches!(sandbox.press("bo", &private, "recheck").await, Err(Mishap::Impossible(_))));
    assert!(matches!(sandbox.press("dana", &public, "elsewhere").await, Err(Mishap::Impossible(_))));
    assert_eq!(bot.times_told(), 2);

    sandbox.use_shortcut("dana", &public, "diagnose_message").await.unwrap();
    assert_eq!(
        (&bot.payload()["type"], &bot.payload()["callback_id"]),
        (&json!("message_action"), &json!("diagnose_message"))
    );
}

#[tokio::test]
async fn a_modal_is_filled_in_corrected_and_closed() {
    let (sandbox, bot) = company().await;
    let now = (sandbox.clock)();
    let view = sandbox.workspace().open_view("U0DANA", samples::modal("Ask"), now);

    let Submitted::Errors(errors) = sandbox.submit_view("dana", &view, &[]).await.unwrap() else { panic!() };
    assert!(errors.contains_key("note"));
    assert_eq!(bot.times_told(), 0, "Slack asks for what is required itself");

    bot.will_answer(200, json!({"response_action": "errors", "errors": {"note": "Too vague"}}));
    let outcome = sandbox.submit_view("dana", &view, &[("note", "help")]).await.unwrap();
    assert_eq!(outcome, Submitted::Errors([("note".to_owned(), "Too vague".to_owned())].into()));
    assert_eq!(bot.payload()["view"]["state"]["values"]["note"]["text"]["value"], "help");

    bot.will_answer(200, json!({"response_action": "errors", "errors": {"elsewhere": "Too vague"}}));
    assert!(matches!(sandbox.submit_view("dana", &view, &[]).await, Err(Mishap::BadAnswer(_))));

    bot.will_answer(200, json!({"response_action": "push", "view": samples::modal("More")}));
    let Submitted::Pushed(pushed) = sandbox.submit_view("dana", &view, &[]).await.unwrap() else { panic!() };
    sandbox.close_view("dana", &pushed).await.unwrap();
    assert_eq!(sandbox.submit_view("dana", &view, &[]).await.unwrap(), Submitted::Closed);
    assert_eq!(sandbox.workspace().modals_of("U0DANA").count(), 0);
}

#[tokio::test]
async fn a_menu_asks_the_bot_and_only_what_it_offered_can_be_picked() {
    let (sandbox, bot) = company().await;
    let mut view = samples::modal("Ask");
    view["blocks"] = json!([{"type": "input", "block_id": "account", "label": {"type": "plain_text", "text": "Account"},
        "element": {"type": "external_select", "action_id": "pick", "min_query_length": 2}}]);
    let view = sandbox.workspace().open_view("U0DANA", view, (sandbox.clock)());

    assert!(sandbox.suggest("dana", &view, "pick", "P").await.unwrap().is_empty());
    assert_eq!(bot.times_told(), 0);
    let offered = json!({"options": [{"text": {"type": "plain_text", "text": "Payments-Prod"}, "value": "111122223333"}]});
    bot.will_answer(200, offered);
    assert_eq!(sandbox.suggest("dana", &view, "pick", "Pay").await.unwrap().len(), 1);
    assert_eq!(bot.payload()["value"], "Pay");

    let other = Use { block_id: None, action_id: "pick", picked: Some("444455556666") };
    assert!(matches!(sandbox.press_in_view("dana", &view, other).await, Err(Mishap::Impossible(_))));
    sandbox.submit_view("dana", &view, &[("account", "111122223333")]).await.unwrap();
    let state = &bot.payload()["view"]["state"]["values"]["account"]["pick"];
    assert_eq!(state["selected_option"]["text"]["text"], "Payments-Prod");
}

#[tokio::test]
async fn the_very_same_request_can_come_once_more() {
    let (sandbox, bot) = company().await;
    sandbox.type_command("dana", "C0GENERAL", "/sso-why Payments-Prod").await.unwrap();
    let trigger = bot.field("trigger_id");
    let command = sandbox.workspace().last_delivery("command").unwrap();
    assert_eq!(sandbox.deliver_again(&command).await.unwrap().status, 200);
    assert_eq!((bot.times_told(), bot.field("trigger_id")), (2, trigger));

    let message = button(&sandbox, None);
    sandbox.press("dana", &message, "recheck").await.unwrap();
    let press = sandbox.workspace().last_delivery("block_actions").unwrap();
    sandbox.deliver_again(&press).await.unwrap();
    let told = bot.told.lock().unwrap().clone();
    assert_eq!(told[2].1, told[3].1);
    assert_eq!(told[3].0.get("x-slack-retry-num"), None);

    sandbox.open_home("dana").await.unwrap();
    let event = sandbox.workspace().last_delivery("app_home_opened").unwrap();
    sandbox.deliver_again(&event).await.unwrap();
    let told = bot.told.lock().unwrap().clone();
    assert_eq!((&told[4].1, told[5].0["x-slack-retry-num"].to_str().unwrap()), (&told[5].1, "1"));
    let kinds: Vec<String> =
        sandbox.workspace().deliveries().iter().map(|delivery| delivery.kind()).collect();
    let expected =
        ["command", "command", "block_actions", "block_actions", "app_home_opened", "app_home_opened"];
    assert_eq!(kinds, expected);
}

#[tokio::test]
async fn people_of_another_organisation_have_no_commands_and_no_shortcuts() {
    let (sandbox, bot) = company().await;
    let command = sandbox.type_command("petra", "C0PARTNER", "/sso-why").await;
    assert!(matches!(command, Err(Mishap::Impossible(_))));
    let said = sandbox.say("dana", "C0PARTNER", "hello", None).await.unwrap();
    let shortcut = sandbox.use_shortcut("petra", &said, "diagnose_message").await;
    assert!(matches!(shortcut, Err(Mishap::Impossible(_))));
    assert!(sandbox.workspace().direct_message_with("U0PETRA").is_none());

    let draft = Draft { text: "report".to_owned(), blocks: buttons(), ..Draft::default() };
    let report = sandbox.workspace().post("U0SSOWHY", "C0PARTNER", draft, (sandbox.clock)());
    sandbox.press("petra", &report, "recheck").await.unwrap();
    assert_eq!(bot.payload()["user"]["team_id"], "T0ACME");
}
