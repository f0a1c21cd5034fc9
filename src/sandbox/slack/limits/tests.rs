//! Every limit just kept and just broken.

use serde_json::{Value, json};

use super::*;

fn plain(length: usize) -> Value {
    json!({"type": "plain_text", "text": "é".repeat(length)})
}

fn mrkdwn(length: usize) -> Value {
    json!({"type": "mrkdwn", "text": "x".repeat(length)})
}

fn section(length: usize) -> Value {
    json!({"type": "section", "text": mrkdwn(length)})
}

fn button(number: usize) -> Value {
    json!({"type": "button", "action_id": format!("a{number}"), "text": plain(75), "value": "v".repeat(2000)})
}

fn actions(element: Value) -> Value {
    json!({"type": "actions", "elements": [element]})
}

fn option(text: usize, value: usize) -> Value {
    json!({"text": plain(text), "value": "v".repeat(value)})
}

fn select(options: usize) -> Value {
    json!({"type": "static_select", "action_id": "s", "options": vec![option(75, 150); options]})
}

fn rich(element: Value) -> Value {
    json!({"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]})
}

fn modal(blocks: Value) -> Value {
    json!({"type": "modal", "title": plain(24), "submit": plain(24), "blocks": blocks, "private_metadata": "m".repeat(3000)})
}

#[test]
fn a_message_at_every_limit_passes() {
    let blocks = json!([
        {"type": "header", "text": plain(150), "block_id": "b".repeat(255)},
        section(3000),
        {"type": "section", "fields": vec![mrkdwn(2000); 10], "accessory": button(0)},
        {"type": "context", "elements": vec![mrkdwn(100); 10]},
        {"type": "actions", "elements": (0..25).map(button).collect::<Vec<_>>()},
        {"type": "divider"},
        {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"},
        actions(select(100)),
        actions(json!({"type": "overflow", "options": vec![option(75, 150); 5]})),
        {"type": "rich_text", "elements": [
            {"type": "rich_text_list", "style": "bullet", "elements": [{"type": "rich_text_section", "elements": [
                {"type": "text", "text": "a", "style": {"bold": true}},
                {"type": "user", "user_id": "U0DANA"},
                {"type": "date", "timestamp": 1_700_000_000, "format": "{time}", "fallback": "12:00"},
            ]}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a"}]},
        ]},
    ]);
    assert_eq!(check_message(&blocks), Ok(()));
    assert_eq!(check_message(&json!(vec![section(1); 50])), Ok(()));
}

#[test]
fn a_message_over_any_limit_is_refused() {
    let over: Vec<(Value, &str)> = vec![
        (json!(vec![section(1); 51]), "no more than 50 items allowed [json-pointer:/blocks]"),
        (
            json!([{"type": "header", "text": plain(151)}]),
            "less than 151 characters [json-pointer:/blocks/0/text/text]",
        ),
        (json!([{"type": "header", "text": mrkdwn(1)}]), "unsupported type: mrkdwn"),
        (json!([section(3001)]), "less than 3001"),
        (json!([section(0)]), "more than 0 characters"),
        (json!([{"type": "section"}]), "missing required field: text or fields"),
        (json!([{"type": "section", "fields": vec![mrkdwn(1); 11]}]), "no more than 10"),
        (json!([{"type": "section", "fields": [mrkdwn(2001)]}]), "less than 2001"),
        (
            json!([{"type": "section", "text": mrkdwn(1), "colour": "red"}]),
            "invalid additional property: colour",
        ),
        (json!([{"type": "context", "elements": vec![mrkdwn(1); 11]}]), "no more than 10"),
        (
            json!([{"type": "actions", "elements": (0..26).map(button).collect::<Vec<_>>()}]),
            "no more than 25",
        ),
        (json!([{"type": "actions", "elements": [button(1), button(1)]}]), "`action_id` a1 already exists"),
        (json!([actions(json!({"type": "button", "text": plain(76)}))]), "less than 76"),
        (json!([actions(json!({"type": "button", "text": mrkdwn(1)}))]), "unsupported type: mrkdwn"),
        (
            json!([actions(json!({"type": "button", "text": plain(1), "value": "v".repeat(2001)}))]),
            "less than 2001",
        ),
        (
            json!([actions(json!({"type": "button", "text": plain(1), "action_id": "a".repeat(256)}))]),
            "less than 256",
        ),
        (json!([actions(json!({"type": "button", "text": plain(1), "style": "green"}))]), "must be one of"),
        (json!([actions(select(101))]), "no more than 100"),
        (json!([actions(json!({"type": "overflow", "options": vec![option(1, 1); 6]}))]), "no more than 5"),
        (json!([actions(json!({"type": "overflow", "options": [option(76, 1)]}))]), "less than 76"),
        (json!([actions(json!({"type": "overflow", "options": [option(1, 151)]}))]), "less than 151"),
        (
            json!([actions(json!({"type": "static_select"}))]),
            "missing required field: options or option_groups",
        ),
        (json!([actions(json!({"type": "datepicker"}))]), "unsupported type: datepicker"),
        (json!([{"type": "divider", "block_id": "b".repeat(256)}]), "less than 256"),
        (
            json!([{"type": "divider", "block_id": "b"}, {"type": "divider", "block_id": "b"}]),
            "`block_id` b already exists",
        ),
        (json!([{"type": "alert"}]), "unsupported type: alert"),
        (
            json!([{"type": "image", "image_url": "https://example.com/a.png"}]),
            "missing required field: alt_text",
        ),
        (json!([rich(json!({"type": "text", "text": ""}))]), "more than 0 characters"),
        (json!([rich(json!({"type": "text"}))]), "missing required field: text"),
        (
            json!([rich(json!({"type": "text", "text": "a", "style": {"loud": true}}))]),
            "invalid additional property: loud",
        ),
        (json!([rich(json!({"type": "button", "text": plain(1)}))]), "unsupported type: button"),
        (json!("[]"), "must provide an array"),
    ];
    for (blocks, expected) in over {
        let problems = check_message(&blocks).expect_err(expected);
        assert!(problems.iter().any(|problem| problem.contains(expected)), "{expected}: {problems:?}");
        assert_eq!(problems.len(), 1, "{problems:?}");
    }
}

#[test]
fn a_confirmation_has_its_own_limits() {
    let confirm = |title, text, deny| {
        json!([actions(json!({"type": "button", "text": plain(1), "confirm":
            {"title": plain(title), "text": mrkdwn(text), "confirm": plain(30), "deny": plain(deny)}}))])
    };
    assert_eq!(check_message(&confirm(100, 300, 30)), Ok(()));
    assert!(check_message(&confirm(101, 300, 30)).is_err());
    assert!(check_message(&confirm(100, 301, 30)).is_err());
    assert!(check_message(&confirm(100, 300, 31)).is_err());
}

#[test]
fn a_view_keeps_the_limits_of_views() {
    let input = json!({"type": "input", "label": plain(2000), "element": {"type": "plain_text_input"}});
    assert_eq!(check_view(&modal(json!(vec![input.clone(); 100]))), Ok(()));
    assert_eq!(check_view(&json!({"type": "home", "blocks": [section(1)]})), Ok(()));

    let mut long_title = modal(json!([section(1)]));
    long_title["title"] = plain(25);
    let mut without_submit = modal(json!([input]));
    without_submit.as_object_mut().unwrap().remove("submit");
    let mut much_metadata = modal(json!([section(1)]));
    much_metadata["private_metadata"] = json!("m".repeat(3001));
    let over = [
        (long_title, "less than 25 characters [json-pointer:/view/title/text]"),
        (without_submit, "missing required field: submit"),
        (much_metadata, "less than 3001"),
        (modal(json!(vec![section(1); 101])), "no more than 100"),
        (modal(json!([])), "at least 1"),
        (
            json!({"type": "home", "blocks": [section(1)], "title": plain(1)}),
            "invalid additional property: title",
        ),
        (json!({"type": "tab", "blocks": [section(1)]}), "unsupported type: tab"),
    ];
    for (view, expected) in over {
        let problems = check_view(&view).expect_err(expected);
        assert!(problems.iter().any(|problem| problem.contains(expected)), "{expected}: {problems:?}");
    }
}

#[test]
fn suggestions_come_alone_or_in_groups() {
    let alone = json!({"options": vec![option(75, 150); 100]});
    assert_eq!(check_suggestion(&alone).map(|options| options.len()), Ok(100));
    let grouped = json!({"option_groups": [{"label": plain(5), "options": [option(1, 1)]}]});
    assert_eq!(check_suggestion(&grouped).map(|options| options.len()), Ok(1));
    assert_eq!(check_suggestion(&json!({"options": []})), Ok(Vec::new()));
    assert!(check_suggestion(&json!({})).is_err());
    assert!(check_suggestion(&json!({"options": vec![option(1, 1); 101]})).is_err());
    assert!(check_suggestion(&json!({"options": [option(1, 151)]})).is_err());
}
