//! Presses, shortcuts, forms and type-aheads: the JSON that Slack sends in `payload`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    ActedOn, Action, Inbound, MessageAction, ResponseUrl, ViewRef, not_understood, string, unknown_kind,
};

/// Where each kind of menu keeps what was picked (docs.slack.dev, "Block elements").
const PICKED: [&str; 6] = [
    "/selected_option/value",
    "/selected_user",
    "/selected_conversation",
    "/selected_channel",
    "/selected_date",
    "/selected_time",
];

/// Reads an interaction of this type.
pub(super) fn read(kind: &str, payload: &Value) -> Inbound {
    match kind {
        "block_actions" => block_actions(payload),
        "view_submission" => match person_and_view(payload) {
            Some((user, view)) => Inbound::ViewSubmission { user, view, values: values(payload) },
            None => not_understood("a form without a person or a view"),
        },
        "view_closed" => match person_and_view(payload) {
            Some((user, view)) => Inbound::ViewClosed { user, view },
            None => not_understood("a closed form without a person or a view"),
        },
        "message_action" => message_action(payload),
        "block_suggestion" => block_suggestion(payload),
        kind => unknown_kind(kind),
    }
}

fn block_actions(payload: &Value) -> Inbound {
    let Some(user) = string(payload, "/user/id") else {
        return not_understood("a press by nobody");
    };
    let pressed: Vec<Action> =
        payload["actions"].as_array().into_iter().flatten().filter_map(action).collect();
    if pressed.is_empty() {
        return not_understood("a press of nothing");
    }
    Inbound::BlockActions {
        user,
        channel: string(payload, "/channel/id").or_else(|| string(payload, "/container/channel_id")),
        message_ts: string(payload, "/container/message_ts").or_else(|| string(payload, "/message/ts")),
        thread_ts: string(payload, "/container/thread_ts").or_else(|| string(payload, "/message/thread_ts")),
        view: view(payload),
        actions: pressed,
        response_url: string(payload, "/response_url").map(ResponseUrl::new),
        trigger_id: string(payload, "/trigger_id"),
    }
}

fn action(action: &Value) -> Option<Action> {
    Some(Action {
        action_id: string(action, "/action_id")?,
        block_id: string(action, "/block_id").unwrap_or_default(),
        value: string(action, "/value"),
        selected: picked(action),
    })
}

fn message_action(payload: &Value) -> Inbound {
    let (Some(user), Some(channel), Some(ts), Some(trigger_id)) = (
        string(payload, "/user/id"),
        string(payload, "/channel/id"),
        string(payload, "/message/ts").or_else(|| string(payload, "/message_ts")),
        string(payload, "/trigger_id"),
    ) else {
        return not_understood("a shortcut without a person, a message or a trigger");
    };
    let is_an_apps = string(payload, "/message/bot_id").is_some();
    let message = ActedOn {
        ts,
        thread_ts: string(payload, "/message/thread_ts"),
        author: string(payload, "/message/user").filter(|_| !is_an_apps),
        text: said_in(&payload["message"]),
    };
    Inbound::MessageAction(MessageAction {
        callback_id: string(payload, "/callback_id").unwrap_or_default(),
        user,
        channel,
        message,
        response_url: string(payload, "/response_url").map(ResponseUrl::new),
        trigger_id,
    })
}

/// The message's own text, then what is attached to it: a forwarded message or another app's ticket keeps its
/// words there (docs.slack.dev, "Legacy secondary message attachments").
fn said_in(message: &Value) -> String {
    let attached = message["attachments"].as_array().into_iter().flatten().flat_map(|attachment| {
        let mut said: Vec<String> =
            ["/pretext", "/title", "/text"].iter().filter_map(|part| string(attachment, part)).collect();
        if said.is_empty() {
            said.extend(string(attachment, "/fallback"));
        }
        let fields = attachment["fields"].as_array().into_iter().flatten();
        said.extend(fields.filter_map(|field| string(field, "/value")));
        said
    });
    string(message, "/text").into_iter().chain(attached).collect::<Vec<_>>().join("\n")
}

fn block_suggestion(payload: &Value) -> Inbound {
    let (Some(user), Some(action_id)) = (string(payload, "/user/id"), string(payload, "/action_id")) else {
        return not_understood("a type-ahead without a person or an action");
    };
    Inbound::BlockSuggestion {
        user,
        action_id,
        block_id: string(payload, "/block_id").unwrap_or_default(),
        typed: string(payload, "/value").unwrap_or_default(),
    }
}

fn person_and_view(payload: &Value) -> Option<(String, ViewRef)> {
    Some((string(payload, "/user/id")?, view(payload)?))
}

fn view(payload: &Value) -> Option<ViewRef> {
    Some(ViewRef {
        id: string(payload, "/view/id")?,
        hash: string(payload, "/view/hash"),
        callback_id: string(payload, "/view/callback_id").unwrap_or_default(),
        private_metadata: string(payload, "/view/private_metadata").unwrap_or_default(),
    })
}

fn values(payload: &Value) -> BTreeMap<(String, String), String> {
    let blocks = payload.pointer("/view/state/values").and_then(Value::as_object).into_iter().flatten();
    blocks
        .flat_map(|(block, actions)| {
            let actions = actions.as_object().into_iter().flatten();
            actions.filter_map(move |(action, element)| {
                let filled_in = string(element, "/value").or_else(|| picked(element))?;
                Some(((block.clone(), action.clone()), filled_in))
            })
        })
        .collect()
}

fn picked(element: &Value) -> Option<String> {
    PICKED.iter().find_map(|pointer| string(element, pointer))
}
