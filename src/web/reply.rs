//! A reply as Slack's HTTP answer. Shapes: docs.slack.dev, "Handling user interaction",
//! "Updating modal views" and "Select menu element".

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::slack::reply::Reply;

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        match self {
            Self::Empty => ().into_response(),
            Self::Message(message) => Json(json!({
                "response_type": "ephemeral",
                "text": message.text,
                "blocks": message.blocks,
            }))
            .into_response(),
            Self::Options(options) => Json(json!({
                "options": options.into_iter().map(|(label, value)| option(&label, &value)).collect::<Vec<_>>(),
            }))
            .into_response(),
            Self::FormErrors(errors) => {
                let errors: Map<String, Value> =
                    errors.into_iter().map(|(block, sentence)| (block, sentence.into())).collect();
                Json(json!({"response_action": "errors", "errors": errors})).into_response()
            }
            Self::View(view) => Json(json!({"response_action": "update", "view": view})).into_response(),
            Self::Clear => Json(json!({"response_action": "clear"})).into_response(),
            Self::Text(text) => text.into_response(),
        }
    }
}

fn option(label: &str, value: &str) -> Value {
    json!({"text": {"type": "plain_text", "text": label}, "value": value})
}
