//! A reply as Slack's HTTP answer. Shapes: docs.slack.dev, "Handling user interaction",
//! "Updating modal views" and "Select menu element".

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::slack::reply::Reply;

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        match self {
            Self::Empty => ().into_response(),
            Self::NotTaken => StatusCode::SERVICE_UNAVAILABLE.into_response(),
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

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use axum::http::header;

    use super::*;
    use crate::words::slack::Message;

    #[tokio::test]
    async fn replies_have_the_shapes_that_slack_documents() {
        let message = Message { text: "Looking.".to_owned(), blocks: vec![json!({"type": "divider"})] };
        let pair = |left: &str, right: &str| vec![(left.to_owned(), right.to_owned())];
        for (reply, expected) in [
            (
                Reply::Message(message),
                json!({"response_type": "ephemeral", "text": "Looking.", "blocks": [{"type": "divider"}]}),
            ),
            (
                Reply::Options(pair("Payments", "1")),
                json!({"options": [{"text": {"type": "plain_text", "text": "Payments"}, "value": "1"}]}),
            ),
            (Reply::Options(Vec::new()), json!({"options": []})),
            (
                Reply::FormErrors(pair("account", "Choose one.")),
                json!({"response_action": "errors", "errors": {"account": "Choose one."}}),
            ),
            (
                Reply::View(json!({"type": "modal"})),
                json!({"response_action": "update", "view": {"type": "modal"}}),
            ),
            (Reply::Clear, json!({"response_action": "clear"})),
        ] {
            let response = reply.into_response();
            assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            assert_eq!(serde_json::from_slice::<Value>(&body).unwrap(), expected);
        }
    }
}
