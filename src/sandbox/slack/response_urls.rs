//! Response URLs: the leave to answer one interaction five times within 30 minutes, in its conversation.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Refusal, limits, suffer};
use crate::sandbox::Sandbox;
use crate::sandbox::workspace::Workspace;
use crate::sandbox::workspace::messages::Draft;
use crate::sandbox::workspace::tickets::ResponseUrl;

/// The handler of `/response/{id}`.
pub(super) async fn answer(
    State(sandbox): State<Arc<Sandbox>>,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    sandbox.calls.arrive("slack:response_url").await;
    sandbox.wait_for(|workspace| (!workspace.awaits_acknowledgement(&id)).then_some(())).await;
    if let Some(fault) = sandbox.faults.strike("slack:response_url").await {
        let forbidden = (StatusCode::FORBIDDEN, Json(json!({"ok": false, "error": "action_prohibited"})));
        return suffer(&fault, forbidden.into_response());
    }
    let Ok(request) = serde_json::from_slice::<Value>(&body) else {
        return (StatusCode::BAD_REQUEST, Json(json!({"ok": false, "error": "invalid_payload"})))
            .into_response();
    };
    let answer = used(&sandbox, &id, request);
    sandbox.calls.answered("slack:response_url").await;
    answer
}

fn used(sandbox: &Arc<Sandbox>, id: &str, request: Value) -> Response {
    let now = (sandbox.clock)();
    let mut workspace = sandbox.workspace();
    let outcome = workspace
        .use_response_url(id, now)
        .map_err(|error| (StatusCode::NOT_FOUND, Refusal::from(error)))
        .and_then(|response_url| {
            say(&mut workspace, id, &response_url, &request, now)
                .map_err(|refusal| (StatusCode::BAD_REQUEST, refusal))
        });
    match outcome {
        Ok(ts) => {
            workspace.note_sent("response_url", request, json!({"ok": true, "message_ts": ts}));
            sandbox.tell_in_the_background(&mut workspace);
            ([(header::CONTENT_TYPE, "text/html")], "ok").into_response()
        }
        Err((status, refusal)) => {
            workspace.note_sent("response_url", request, refusal.json());
            (status, Json(refusal.json())).into_response()
        }
    }
}

/// Does what a response URL is asked, or what the body of a slash command's acknowledgement asks. Gives the
/// `ts` of the message that it wrote, none where it deleted one.
pub(super) fn say(
    workspace: &mut Workspace,
    response_url_id: &str,
    response_url: &ResponseUrl,
    request: &Value,
    now: Timestamp,
) -> Result<Option<String>, Refusal> {
    let flag = |name: &str| request[name] == true || request[name] == "true";
    let original = response_url.original.as_deref().and_then(|ts| workspace.message(ts)).cloned();

    if flag("delete_original") {
        let alone = request.as_object().is_some_and(|request| request.len() == 1);
        if !alone {
            return Err("invalid_arguments".into());
        }
        let original = original.ok_or("message_not_found")?;
        workspace.delete_message(&original.ts);
        workspace.note_deleted(original);
        return Ok(None);
    }

    let mut draft = read_draft(request)?;
    if let (true, Some(original)) = (flag("replace_original"), &original) {
        // An ephemeral message stays one, whatever response type the new words ask for.
        workspace.replace_message(&original.ts, draft, now);
        workspace.note_changed(original.clone());
        return Ok(Some(original.ts.clone()));
    }

    let bot = workspace.bot_user_id.clone();
    let in_channel = request["response_type"] == "in_channel";
    draft.thread_ts = request["thread_ts"].as_str().map(str::to_owned);
    draft.visible_to = (!in_channel).then(|| response_url.user.clone());
    if let (true, false, Some(typed)) =
        (in_channel, response_url.command_is_shown, &response_url.typed_command)
    {
        let command = Draft { text: typed.clone(), ..Draft::default() };
        workspace.post(&response_url.user, &response_url.channel, command, now);
    }
    let ts = workspace.post(&bot, &response_url.channel, draft, now);
    workspace.note_posted(&ts);
    workspace.answered_command(response_url_id, &ts, in_channel);
    Ok(Some(ts))
}

fn read_draft(request: &Value) -> Result<Draft, Refusal> {
    let text = request["text"].as_str().unwrap_or_default().to_owned();
    let blocks = match &request["blocks"] {
        Value::Null => Vec::new(),
        Value::Array(blocks) => blocks.clone(),
        _ => return Err("invalid_blocks_format".into()),
    };
    if text.is_empty() && blocks.is_empty() {
        return Err("no_text".into());
    }
    limits::check_message(&json!(blocks))
        .map_err(|messages| Refusal { error: "invalid_blocks", messages })?;
    Ok(Draft { text, blocks, ..Draft::default() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::sandbox::slack::samples::Client;

    #[tokio::test]
    async fn a_response_url_answers_replaces_and_wears_out() {
        let client = Client::new().await;
        let now = (client.sandbox.clock)();
        let typed = Some("/sso-why Payments-Prod".to_owned());
        let id = client.sandbox.workspace().issue_response_url("U0DANA", "C0GENERAL", None, typed, now);

        assert_eq!(client.respond(&id, json!({"text": "looking"})).await, (200, "ok".to_owned()));
        client.respond(&id, json!({"text": "found", "replace_original": true})).await;
        assert_eq!(client.texts_seen_by("U0DANA", "C0GENERAL"), ["found"]);
        assert!(client.texts_seen_by("U0BO", "C0GENERAL").is_empty(), "ephemeral is the default");

        client.respond(&id, json!({"text": "for all", "response_type": "in_channel"})).await;
        assert_eq!(client.texts_seen_by("U0BO", "C0GENERAL"), ["/sso-why Payments-Prod", "for all"]);
        client.respond(&id, json!({"delete_original": true})).await;
        assert_eq!(client.texts_seen_by("U0BO", "C0GENERAL"), ["/sso-why Payments-Prod"]);

        let (status, _) = client.respond(&id, json!({"text": ""})).await;
        assert_eq!(status, 400);
        let (status, body) = client.respond(&id, json!({"text": "once more"})).await;
        assert_eq!(
            (status, serde_json::from_str(&body).unwrap()),
            (404, json!({"ok": false, "error": "used_url"}))
        );
    }
}
