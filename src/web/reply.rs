//! A reply as Slack's HTTP answer.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::slack::reply::Reply;

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        match (self.json(), self) {
            (Some(body), _) => Json(body).into_response(),
            (None, Self::NotTaken) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            (None, Self::Text(text)) => text.into_response(),
            (None, _) => ().into_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use axum::http::header;
    use serde_json::{Value, json};

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
