//! The client against a Slack on loopback that answers from a script.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::*;
use crate::slack::installation::meet;

/// One request as it arrived.
#[derive(Clone, Debug)]
struct Arrived {
    uri: String,
    authorization: Option<String>,
    body: String,
}

/// Status, headers and body of an answer to come.
type Answer = (u16, Vec<(&'static str, &'static str)>, String);

#[derive(Clone, Default)]
struct Scripted {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    arrived: Arc<Mutex<Vec<Arrived>>>,
}

impl Scripted {
    async fn slack(answers: Vec<Answer>) -> (Self, SlackClient) {
        let scripted = Self::default();
        scripted.answers.lock().unwrap().extend(answers);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(answer).with_state(scripted.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let client = SlackClient::new(&format!("http://{address}/api/"), "xoxb-test".into()).unwrap();
        (scripted, client)
    }

    fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }
}

async fn answer(State(scripted): State<Scripted>, headers: HeaderMap, uri: Uri, body: Bytes) -> Response {
    scripted.arrived.lock().unwrap().push(Arrived {
        uri: uri.to_string(),
        authorization: headers.get("authorization").map(|value| value.to_str().unwrap().to_owned()),
        body: String::from_utf8(body.to_vec()).unwrap(),
    });
    let (status, headers, body) = scripted.answers.lock().unwrap().pop_front().unwrap();
    let mut answer = body.into_response();
    *answer.status_mut() = status.try_into().unwrap();
    answer.headers_mut().clear();
    for (name, value) in headers {
        answer.headers_mut().insert(name, value.parse().unwrap());
    }
    answer
}

fn ok(body: Value) -> Answer {
    (200, vec![("content-type", "application/json")], body.to_string())
}

fn throttled(retry_after: &'static str) -> Answer {
    let headers = vec![("content-type", "application/json"), ("retry-after", retry_after)];
    (429, headers, json!({"ok": false, "error": "ratelimited"}).to_string())
}

fn message() -> Message {
    Message { text: "You have access.".to_owned(), blocks: vec![json!({"type": "divider"})] }
}

async fn kind_of_failure(answer: Answer) -> SlackErrorKind {
    let (_scripted, slack) = Scripted::slack(vec![answer]).await;
    slack.auth_test().await.unwrap_err().kind
}

#[tokio::test]
async fn a_user_is_read_from_what_slack_really_sends() {
    let (scripted, slack) = Scripted::slack(vec![
        ok(json!({"ok": true, "user": {
            "id": "U0DANA", "name": "dana", "real_name": "Dana Reyes", "tz": "Europe/London", "deleted": false,
            "is_bot": false, "is_restricted": true, "is_ultra_restricted": false, "team_id": null,
            "profile": {"display_name": "", "email": "dana@example.com", "fields": []},
        }})),
        ok(json!({"ok": true, "user": {"id": "U0GONE", "name": "gone", "tz": null, "deleted": true, "profile": {"email": ""}}})),
    ])
    .await;
    assert_eq!(
        slack.user("U0DANA").await.unwrap(),
        SlackUser {
            id: "U0DANA".to_owned(),
            name: "Dana Reyes".to_owned(),
            email: Some("dana@example.com".to_owned()),
            time_zone: Some("Europe/London".to_owned()),
            deleted: false,
            is_bot: false,
            is_guest: true,
            is_stranger: false,
            team_id: None,
            enterprise_id: None,
        }
    );
    let gone = slack.user("U0GONE").await.unwrap();
    assert_eq!((gone.name.as_str(), gone.email, gone.time_zone, gone.deleted), ("gone", None, None, true));
    let first = &scripted.arrived()[0];
    assert_eq!(first.uri, "/api/users.info?user=U0DANA");
    assert_eq!(first.authorization.as_deref(), Some("Bearer xoxb-test"));
}

#[tokio::test]
async fn a_field_of_a_profile_is_read_and_one_that_nobody_filled_in_says_nothing() {
    let profile = |fields: Value| ok(json!({"ok": true, "profile": {"real_name": "Dana", "fields": fields}}));
    let (scripted, slack) = Scripted::slack(vec![
        profile(json!({"Xf1": {"value": "dana@corp.example", "alt": ""}, "Xf2": {"value": " ", "alt": ""}})),
        profile(json!({"Xf2": {"value": " ", "alt": ""}})),
        profile(json!([])),
        profile(Value::Null),
    ])
    .await;
    let read = async |field: &str| slack.profile_field("U0DANA", field).await.unwrap();
    assert_eq!(read("Xf1").await.as_deref(), Some("dana@corp.example"));
    assert_eq!((read("Xf2").await, read("Xf1").await, read("Xf1").await), (None, None, None));
    assert_eq!(scripted.arrived()[0].uri, "/api/users.profile.get?user=U0DANA");
}

#[tokio::test]
async fn members_are_read_to_the_last_page() {
    let (scripted, slack) = Scripted::slack(vec![
        ok(json!({"ok": true, "members": ["U1", "U2"], "response_metadata": {"next_cursor": "dGVhbQ=="}})),
        ok(json!({"ok": true, "members": ["U3"], "response_metadata": {"next_cursor": ""}})),
        ok(json!({"ok": true, "users": ["U4"]})),
    ])
    .await;
    assert_eq!(slack.channel_members("C0HELPDESK").await.unwrap(), ["U1", "U2", "U3"]);
    assert_eq!(slack.user_group_members("S0DESK").await.unwrap(), ["U4"]);
    let uris: Vec<String> = scripted.arrived().into_iter().map(|arrived| arrived.uri).collect();
    assert_eq!(
        uris,
        [
            "/api/conversations.members?channel=C0HELPDESK&limit=200",
            "/api/conversations.members?channel=C0HELPDESK&limit=200&cursor=dGVhbQ%3D%3D",
            "/api/usergroups.users.list?usergroup=S0DESK",
        ]
    );
}

#[tokio::test]
async fn a_message_formats_and_unfurls_nothing() {
    let posted = json!({"ok": true, "channel": "C0HELPDESK", "ts": "1.2", "message": {"metadata": {"event_payload": {"n": 1}}}});
    let (scripted, slack) = Scripted::slack(vec![
        ok(posted.clone()),
        ok(posted),
        ok(json!({"ok": true, "permalink": "https://example.slack.com/archives/C0HELPDESK/p12"})),
    ])
    .await;
    let posted = slack.post_message("C0HELPDESK", None, &message(), "a mark").await.unwrap();
    assert_eq!((posted.channel.as_str(), posted.ts.as_str()), ("C0HELPDESK", "1.2"));
    slack.post_message("C0HELPDESK", Some("1.2"), &message(), "a mark").await.unwrap();
    let link = slack.permalink("C0HELPDESK", "1.2").await.unwrap();
    assert_eq!(link, "https://example.slack.com/archives/C0HELPDESK/p12");

    let arrived = scripted.arrived();
    let mut expected = json!({
        "channel": "C0HELPDESK", "text": "You have access.", "blocks": [{"type": "divider"}], "mrkdwn": false,
        "metadata": {"event_type": "sso_why_post", "event_payload": {"mark": "a mark"}},
        "parse": "none", "link_names": false, "unfurl_links": false, "unfurl_media": false,
    });
    assert_eq!(serde_json::from_str::<Value>(&arrived[0].body).unwrap(), expected);
    expected["thread_ts"] = "1.2".into();
    assert_eq!(serde_json::from_str::<Value>(&arrived[1].body).unwrap(), expected);
    assert_eq!(arrived[2].uri, "/api/chat.getPermalink?channel=C0HELPDESK&message_ts=1.2");
}

#[tokio::test]
async fn views_are_opened_and_updated() {
    let opened = json!({"ok": true, "view": {"id": "V1", "team_id": null, "state": {}}});
    let (scripted, slack) = Scripted::slack(vec![ok(opened.clone()), ok(opened)]).await;
    let view = json!({"type": "modal"});
    assert_eq!(slack.open_view("1.2.abc", &view).await.unwrap(), "V1");
    slack.update_view("V1", Some("h"), &view).await.unwrap();
    let bodies: Vec<Value> =
        scripted.arrived().iter().map(|arrived| serde_json::from_str(&arrived.body).unwrap()).collect();
    assert_eq!(bodies[0], json!({"trigger_id": "1.2.abc", "view": {"type": "modal"}}));
    assert_eq!(bodies[1], json!({"view_id": "V1", "hash": "h", "view": {"type": "modal"}}));
}

#[tokio::test]
async fn throttling_is_waited_out_and_then_given_up() {
    let identity = json!({"ok": true, "user_id": "U0BOT", "team_id": "T0", "bot_id": "B0"});
    let (scripted, slack) = Scripted::slack(vec![throttled("0"), throttled("0"), ok(identity)]).await;
    assert_eq!(slack.auth_test().await.unwrap().user_id, "U0BOT");
    assert_eq!(scripted.arrived().len(), 3);

    let (scripted, slack) = Scripted::slack(vec![throttled("0"), throttled("0"), throttled("0")]).await;
    let error = slack.auth_test().await.unwrap_err();
    assert_eq!(error.kind, SlackErrorKind::RateLimited { retry_after: Duration::ZERO });
    assert_eq!(scripted.arrived().len(), 3);

    let (scripted, slack) = Scripted::slack(vec![throttled("0")]).await;
    let error = slack.trying_once(ONE_TRY).auth_test().await.unwrap_err();
    assert_eq!(error.kind, SlackErrorKind::RateLimited { retry_after: Duration::ZERO });
    assert_eq!(scripted.arrived().len(), 1);

    // Nobody waits a minute for an answer: the first one settles it.
    let (scripted, slack) = Scripted::slack(vec![throttled("60")]).await;
    let error = slack.auth_test().await.unwrap_err();
    assert_eq!(error.to_string(), "auth.test: Slack throttles it and asks to wait 60 s");
    assert_eq!(scripted.arrived().len(), 1);
}

#[tokio::test]
async fn each_failure_has_its_kind_and_is_tried_once() {
    let html = (500, vec![("content-type", "text/html")], "<html>secret</html>".to_owned());
    assert_eq!(kind_of_failure(html).await, SlackErrorKind::Status(500));
    let refused = ok(json!({"ok": false, "error": "channel_not_found"}));
    assert_eq!(kind_of_failure(refused).await, SlackErrorKind::Api("channel_not_found".to_owned()));
    let prose = ok(json!({"ok": false, "error": "a secret, in a sentence"}));
    assert_eq!(kind_of_failure(prose).await, SlackErrorKind::Api("an unreadable code".to_owned()));
    let malformed = (200, vec![("content-type", "application/json")], "{\"ok\": tr".to_owned());
    assert_eq!(kind_of_failure(malformed).await, SlackErrorKind::Unintelligible);
    assert_eq!(kind_of_failure(ok(json!({"ok": true}))).await, SlackErrorKind::Unintelligible);
    let html_of_a_proxy = (200, vec![("content-type", "text/html")], "<html>Sign in</html>".to_owned());
    assert_eq!(kind_of_failure(html_of_a_proxy).await, SlackErrorKind::Unintelligible);
}

#[tokio::test]
async fn a_scope_that_the_app_lacks_is_named() {
    let refused = |needed: &str| ok(json!({"ok": false, "error": "missing_scope", "needed": needed}));
    let kind = kind_of_failure(refused("users:read")).await;
    assert_eq!(kind.to_string(), "Slack refused it: the app lacks the scope users:read");
    let several = kind_of_failure(refused("channels:read,groups:read")).await;
    assert_eq!(several, SlackErrorKind::MissingScope("channels:read or groups:read".to_owned()));
    let prose = kind_of_failure(refused("a secret, in a sentence")).await;
    assert!(!prose.to_string().contains("secret"), "{prose}");
    let unnamed = kind_of_failure(ok(json!({"ok": false, "error": "missing_scope"}))).await;
    assert_eq!(unnamed, SlackErrorKind::Api("missing_scope".to_owned()));
}

#[tokio::test]
async fn an_error_holds_nothing_of_the_answer() {
    let html = (503, vec![("content-type", "text/html")], "<html>secret</html>".to_owned());
    let (_scripted, slack) = Scripted::slack(vec![html]).await;
    let error = slack.user("U0DANA").await.unwrap_err();
    assert_eq!(error.to_string(), "users.info: Slack answered with HTTP status 503");
    assert!(!format!("{error:?}").contains("secret"));
}

#[tokio::test]
async fn a_slack_that_is_not_there_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let slack = SlackClient::new(&format!("http://{address}/api"), "xoxb-test".into()).unwrap();
    assert_eq!(slack.auth_test().await.unwrap_err().kind, SlackErrorKind::Unreachable);
}

/// With no time at all for a try, no answer can be in time.
#[tokio::test]
async fn a_slack_that_takes_the_connection_and_says_nothing_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let api = format!("http://{}/api", silent.local_addr().unwrap());
    let mut slack = SlackClient::new(&api, "xoxb-test".into()).unwrap();
    slack.one_try = Duration::from_millis(50);
    assert_eq!(slack.auth_test().await.unwrap_err().kind, SlackErrorKind::Timeout);
    let met = meet(&api, &"xoxb-test".into(), slack.one_try).await;
    assert_eq!(met.installation.unwrap_err(), SlackErrorKind::Timeout);
    let url = ResponseUrl::new(format!("{api}/response/1"));
    let responded = slack.respond(&url, &message(), Placement::Replace).await;
    assert_eq!(responded.unwrap_err().kind, SlackErrorKind::Timeout);
}

async fn responded(answer: Answer, placement: Placement) -> (Result<(), SlackErrorKind>, Vec<Arrived>) {
    let (scripted, slack) = Scripted::slack(vec![answer]).await;
    let api = slack.morphism.http_api.connector.create_method_uri_path("x").unwrap();
    let url = ResponseUrl::new(api.join("/response/1").unwrap().to_string());
    let result = slack.respond(&url, &message(), placement).await;
    (result.map_err(|error| error.kind), scripted.arrived())
}

#[tokio::test]
async fn a_response_url_gets_an_ephemeral_message_and_no_token() {
    let plain_ok = || (200, vec![("content-type", "text/html")], "ok".to_owned());
    let (result, arrived) = responded(plain_ok(), Placement::Replace).await;
    assert_eq!(result, Ok(()));
    assert_eq!(arrived[0].authorization, None);
    let mut expected = json!({
        "response_type": "ephemeral", "replace_original": true,
        "text": "You have access.", "blocks": [{"type": "divider"}],
    });
    assert_eq!(serde_json::from_str::<Value>(&arrived[0].body).unwrap(), expected);

    let (result, arrived) = responded(plain_ok(), Placement::NewEphemeral).await;
    assert_eq!(result, Ok(()));
    expected["replace_original"] = false.into();
    assert_eq!(serde_json::from_str::<Value>(&arrived[0].body).unwrap(), expected);
}

#[tokio::test]
async fn an_empty_answer_of_a_response_url_counts_as_delivered_and_a_refusal_does_not() {
    let (result, arrived) = responded((200, Vec::new(), String::new()), Placement::Replace).await;
    assert_eq!((result, arrived.len()), (Ok(()), 1));

    let used = json!({"ok": false, "error": "used_url"}).to_string();
    let used = (404, vec![("content-type", "application/json")], used);
    let (result, _) = responded(used, Placement::Replace).await;
    assert_eq!(result, Err(SlackErrorKind::Api("used_url".to_owned())));
}

#[tokio::test]
async fn a_response_url_that_is_not_slacks_is_not_called() {
    let real = SlackClient::new("https://slack.com/api", "xoxb-test".into()).unwrap();
    let trusted = |slack: &SlackClient, url: &str| slack.trusted(&ResponseUrl::new(url.to_owned())).is_some();
    assert!(trusted(&real, "https://hooks.slack.com/commands/1/2/3"));
    for foreign in [
        "http://hooks.slack.com/commands/1/2/3",
        "https://hooks.slack.com.example.com/1",
        "https://hooks.slack.com:8443/1",
        "https://example.com/hooks.slack.com",
        "https://user@example.com/",
        "http://127.0.0.1:9/response/1",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "nonsense",
        "",
    ] {
        assert!(!trusted(&real, foreign), "{foreign}");
    }
    let (scripted, simulated) = Scripted::slack(Vec::new()).await;
    assert!(trusted(&simulated, "http://127.0.0.1:9/response/1"));
    let foreign = ResponseUrl::new("http://10.0.0.1/response/1".to_owned());
    let error = simulated.respond(&foreign, &message(), Placement::Replace).await.unwrap_err();
    assert_eq!(error.kind, SlackErrorKind::ForeignUrl);
    assert!(scripted.arrived().is_empty());
}
