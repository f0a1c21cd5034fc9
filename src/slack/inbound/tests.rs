//! Payloads as Slack sends them, and as an Enterprise Grid or a newer Slack sends them.

use serde_json::{Value, json};

use super::*;

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");
const JSON: Option<&str> = Some("application/json; charset=utf-8");

fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn interaction(payload: &Value) -> Inbound {
    Inbound::parse(FORM, &form(&[("payload", &payload.to_string())]))
}

fn why(inbound: &Inbound) -> &str {
    match inbound {
        Inbound::NotUnderstood { why } => why,
        understood => panic!("understood: {understood:?}"),
    }
}

fn action(action_id: &str, value: Option<&str>, selected: Option<&str>) -> Action {
    Action {
        action_id: action_id.to_owned(),
        block_id: "report".to_owned(),
        value: value.map(str::to_owned),
        selected: selected.map(str::to_owned),
    }
}

#[test]
fn a_command_is_read_with_only_what_it_needs() {
    let mut fields = vec![
        ("command", "/sso-why"),
        ("user_id", "U0DANA"),
        ("channel_id", "C0GENERAL"),
        ("team_id", "T0EXAMPLE"),
        ("text", "<@U0BO> \"R&amp;D Prod\" Käse+1"),
        ("response_url", "https://hooks.slack.com/commands/1/2/3"),
        ("trigger_id", "1.2.abc"),
        ("a_field_of_tomorrow", "x"),
    ];
    let mut command = Command {
        user: "U0DANA".to_owned(),
        channel: "C0GENERAL".to_owned(),
        team: Some("T0EXAMPLE".to_owned()),
        text: "<@U0BO> \"R&amp;D Prod\" Käse+1".to_owned(),
        response_url: ResponseUrl::new("https://hooks.slack.com/commands/1/2/3".to_owned()),
        trigger_id: "1.2.abc".to_owned(),
    };
    assert_eq!(Inbound::parse(FORM, &form(&fields)), Inbound::Command(command.clone()));

    fields.retain(|(name, _)| !["team_id", "text", "trigger_id"].contains(name));
    (command.team, command.text, command.trigger_id) = (None, String::new(), String::new());
    assert_eq!(Inbound::parse(FORM, &form(&fields)), Inbound::Command(command));

    for needed in ["user_id", "channel_id", "response_url"] {
        let without: Vec<_> = fields.iter().copied().filter(|(name, _)| *name != needed).collect();
        assert_eq!(
            why(&Inbound::parse(FORM, &form(&without))),
            "a command without a person, a channel or a response URL"
        );
    }
}

#[test]
fn a_press_is_read_in_an_organization_wide_install() {
    let inbound = interaction(&json!({
        "type": "block_actions",
        "team": null,
        "enterprise": {"id": "E0", "name": "Example"},
        "is_enterprise_install": true,
        "user": {"id": "W0DANA", "team_id": null},
        "container": {"type": "a_container_of_tomorrow", "message_ts": "1.2", "channel_id": "C0GENERAL", "thread_ts": "1.0", "is_ephemeral": true},
        "channel": null,
        "message": {"ts": "1.2", "metadata": {"event_payload": {"number": 1, "flag": true}}},
        "actions": [
            {"type": "button", "action_id": "recheck", "block_id": "report", "value": "v1", "action_ts": "1.3"},
            {"type": "users_select", "action_id": "who", "block_id": "report", "selected_user": "U0BO"},
            {"type": "overflow", "action_id": "more", "block_id": "report", "selected_option": {"value": "steps"}},
        ],
        "response_url": "https://hooks.slack.com/actions/1/2/3",
    }));
    assert_eq!(
        inbound,
        Inbound::BlockActions {
            user: "W0DANA".to_owned(),
            channel: Some("C0GENERAL".to_owned()),
            message_ts: Some("1.2".to_owned()),
            thread_ts: Some("1.0".to_owned()),
            view: None,
            actions: vec![
                action("recheck", Some("v1"), None),
                action("who", None, Some("U0BO")),
                action("more", None, Some("steps")),
            ],
            response_url: Some(ResponseUrl::new("https://hooks.slack.com/actions/1/2/3".to_owned())),
            trigger_id: None,
        }
    );
}

#[test]
fn a_press_in_a_view_names_the_view() {
    let inbound = interaction(&json!({
        "type": "block_actions",
        "user": {"id": "U0DANA"},
        "container": {"type": "view", "view_id": "V1"},
        "view": {"id": "V1", "hash": "h", "callback_id": "diagnose", "private_metadata": "token"},
        "actions": [{"action_id": "recheck", "block_id": "report"}],
        "trigger_id": "1.2.abc",
    }));
    let Inbound::BlockActions { view, message_ts, trigger_id, .. } = inbound else { panic!("{inbound:?}") };
    assert_eq!(
        view,
        Some(ViewRef {
            id: "V1".to_owned(),
            hash: Some("h".to_owned()),
            callback_id: "diagnose".to_owned(),
            private_metadata: "token".to_owned(),
        })
    );
    assert_eq!((message_ts, trigger_id.as_deref()), (None, Some("1.2.abc")));
}

#[test]
fn a_form_is_read_whatever_its_fields_are() {
    let inbound = interaction(&json!({
        "type": "view_submission",
        "team": null,
        "user": {"id": "U0DANA"},
        "view": {
            "id": "V1",
            "callback_id": "diagnose",
            "state": {"values": {
                "subject": {"subject": {"type": "users_select", "selected_user": "U0BO"}},
                "account": {"account": {"type": "external_select", "selected_option": {"value": "111122223333"}}},
                "permission_set": {"permission_set": {"type": "plain_text_input", "value": null}},
                "note": {"note": {"type": "plain_text_input", "value": "It broke on Monday."}},
                "tomorrow": {"tomorrow": {"type": "a_field_of_tomorrow", "picture": {}}},
                "odd": null,
            }},
        },
    }));
    let Inbound::ViewSubmission { user, view, values } = inbound else { panic!("{inbound:?}") };
    assert_eq!((user.as_str(), view.callback_id.as_str(), view.hash), ("U0DANA", "diagnose", None));
    let filled_in: Vec<_> = values
        .iter()
        .map(|((block, action), value)| (block.as_str(), action.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        filled_in,
        [
            ("account", "account", "111122223333"),
            ("note", "note", "It broke on Monday."),
            ("subject", "subject", "U0BO")
        ]
    );
}

#[test]
fn a_closed_form_and_a_type_ahead_are_read() {
    let closed =
        json!({"type": "view_closed", "user": {"id": "U0DANA"}, "view": {"id": "V1"}, "is_cleared": false});
    assert_eq!(interaction(&closed).kind(), "view_closed");

    let typing = json!({
        "type": "block_suggestion", "user": {"id": "U0DANA"}, "team": null,
        "action_id": "account", "block_id": "account", "value": "pay", "view": {"id": "V1"},
    });
    assert_eq!(
        interaction(&typing),
        Inbound::BlockSuggestion {
            user: "U0DANA".to_owned(),
            action_id: "account".to_owned(),
            block_id: "account".to_owned(),
            typed: "pay".to_owned(),
        }
    );
}

#[test]
fn a_shortcut_on_a_message_is_read_with_all_that_the_message_says() {
    let on_a_reply = json!({
        "type": "message_action", "callback_id": "diagnose_message", "team": null, "trigger_id": "1.2.3",
        "user": {"id": "U0SAM"}, "channel": {"id": "C0GENERAL"}, "message_ts": "2.0", "action_ts": "3.0",
        "response_url": "https://hooks.slack.com/app/T0/1/abc",
        "message": {
            "type": "message", "user": "U0DANA", "ts": "2.0", "thread_ts": "1.0", "text": "I lost it",
            "attachments": [
                {"fallback": "a link", "text": "payments prod is gone"},
                {"fallback": "Ticket 7", "fields": [{"title": "From", "value": "dana@example.com"}]},
            ],
        },
    });
    let Inbound::MessageAction(action) = interaction(&on_a_reply) else { panic!("not read") };
    assert_eq!((action.callback_id.as_str(), action.user.as_str()), ("diagnose_message", "U0SAM"));
    assert_eq!(
        action.message,
        ActedOn {
            ts: "2.0".to_owned(),
            thread_ts: Some("1.0".to_owned()),
            author: Some("U0DANA".to_owned()),
            text: "I lost it\npayments prod is gone\nTicket 7\ndana@example.com".to_owned(),
        }
    );

    let of_an_app = json!({
        "type": "message_action", "callback_id": "diagnose_message", "trigger_id": "1.2.3",
        "user": {"id": "U0SAM"}, "channel": {"id": "C0GENERAL"},
        "message": {"ts": "2.0", "bot_id": "B0", "user": "U0APP", "attachments": null},
    });
    let Inbound::MessageAction(action) = interaction(&of_an_app) else { panic!("not read") };
    assert_eq!((action.message.author, action.message.text.as_str()), (None, ""));
}

#[test]
fn events_are_read_with_their_id() {
    let mention = json!({
        "type": "event_callback",
        "event_id": "Ev1",
        "team_id": null,
        "authorizations": [{"team_id": null, "enterprise_id": "E0"}],
        "event": {"type": "app_mention", "user": "U0DANA", "text": "<@U0BOT> Payments-Prod", "ts": "1.2"},
    });
    let inbound = Inbound::parse(JSON, &mention.to_string());
    let Inbound::Event { event_id, kind, user, event, is_shared_outside } = inbound else {
        panic!("{inbound:?}")
    };
    assert_eq!(is_shared_outside, None, "Slack does not say");
    assert_eq!((event_id.as_str(), kind.as_str(), user.as_deref()), ("Ev1", "app_mention", Some("U0DANA")));
    assert_eq!(event, mention["event"]);

    let challenge = r#"{"token": "x", "challenge": "3eZb", "type": "url_verification"}"#;
    assert_eq!(Inbound::parse(JSON, challenge), Inbound::UrlVerification { challenge: "3eZb".to_owned() });
}

/// One URL can serve all, and a proxy may lose the content type.
#[test]
fn the_kind_is_told_from_the_body_where_the_content_type_does_not_say() {
    let challenge = r#" {"challenge": "3eZb", "type": "url_verification"}"#;
    assert_eq!(Inbound::parse(None, challenge).kind(), "url_verification");
    assert_eq!(Inbound::parse(Some("text/plain"), "ssl_check=1&token=x"), Inbound::SslCheck);
}

#[test]
fn nonsense_is_told_apart_without_repeating_it() {
    let deep = "[".repeat(100_000);
    for (content_type, body, expected) in [
        (FORM, "", "a form that is neither a command nor an interaction"),
        (FORM, "a=b&a=c&%zz=%", "a form that is neither a command nor an interaction"),
        (FORM, "payload=", "a payload that is no JSON"),
        (FORM, "payload=%7Bnot+json", "a payload that is no JSON"),
        (FORM, "payload=null", "a payload without a type"),
        (JSON, "[]", "a payload without a type"),
        (JSON, r#"{"type": 7}"#, "a payload without a type"),
        (JSON, deep.as_str(), "a payload that is no JSON"),
        (JSON, r#"{"type": "event_callback"}"#, "an event without a type"),
        (JSON, r#"{"type": "event_callback", "event": {"type": "x"}}"#, "an event without an id"),
        (JSON, r#"{"type": "url_verification"}"#, "a check of the request URL without a challenge"),
        (JSON, r#"{"type": "workflow_step_edit"}"#, "a payload of the type workflow_step_edit"),
        (JSON, r#"{"type": "https://secret.example"}"#, "a payload of an unknown type"),
        (JSON, r#"{"type": "block_actions", "actions": []}"#, "a press by nobody"),
        (JSON, r#"{"type": "block_actions", "user": {"id": "U"}, "actions": [null]}"#, "a press of nothing"),
        (JSON, r#"{"type": "view_submission", "user": {"id": "U"}}"#, "a form without a person or a view"),
        (JSON, r#"{"type": "view_closed", "view": {"id": "V"}}"#, "a closed form without a person or a view"),
        (
            JSON,
            r#"{"type": "message_action", "user": {"id": "U"}}"#,
            "a shortcut without a person, a message or a trigger",
        ),
        (JSON, r#"{"type": "block_suggestion"}"#, "a type-ahead without a person or an action"),
    ] {
        assert_eq!(why(&Inbound::parse(content_type, body)), expected, "{}", &body[..body.len().min(80)]);
    }
}

#[test]
fn a_response_url_is_not_shown() {
    let url = ResponseUrl::new("https://hooks.slack.com/commands/secret".to_owned());
    assert!(!format!("{url:?}").contains("secret"));
    assert_eq!(url.reveal(), "https://hooks.slack.com/commands/secret");
}
