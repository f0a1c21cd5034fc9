//! The app as it is installed: whose the token is, which scopes it was granted, and what time it is at Slack. The
//! last two stand in headers, which the library behind [`client`](super::client) does not pass on.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::app::Method;
use super::{SlackErrorKind, readable_code};

/// The scopes of the token, on every answer (docs.slack.dev, "Web API": "x-oauth-scopes").
const SCOPES: &str = "x-oauth-scopes";

/// What `auth.test` answered.
#[derive(Debug)]
pub struct Met {
    pub installation: Result<Installation, SlackErrorKind>,
    /// What time it is at Slack; there even where the token is refused.
    pub date: Option<Timestamp>,
}

/// Whose the token is and what it may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// The bot's name.
    pub bot: String,
    /// The workspace's name.
    pub workspace: String,
    /// Nothing where Slack did not say.
    pub scopes: Option<BTreeSet<String>>,
}

#[derive(Deserialize)]
struct AuthTest {
    ok: bool,
    error: Option<String>,
    user: Option<String>,
    team: Option<String>,
}

/// Asks `auth.test` once, with this long to answer. As [`client`](super::client) it goes straight to Slack, whatever
/// proxy the environment names: what the doctor finds is to be what the bot will.
pub async fn meet(api_url: &str, token: &SecretString, patience: Duration) -> Met {
    let unreachable = || Met { installation: Err(SlackErrorKind::Unreachable), date: None };
    let client = Client::builder().no_proxy().redirect(Policy::none()).timeout(patience).build();
    let Ok(client) = client else { return unreachable() };
    let url = format!("{}/{}", api_url.trim_end_matches('/'), Method::AuthTest.name());
    match client.post(url).bearer_auth(token.expose_secret()).send().await {
        Ok(response) => read(response).await,
        Err(error) if error.is_timeout() => Met { installation: Err(SlackErrorKind::Timeout), date: None },
        Err(_) => unreachable(),
    }
}

async fn read(response: Response) -> Met {
    let (status, headers) = (response.status(), response.headers().clone());
    let date = text(&headers, DATE.as_str()).and_then(|date| rfc2822::parse(date).ok());
    let date = date.map(|date| date.timestamp());
    let installation = match response.bytes().await {
        Ok(body) => installation(status, &headers, &body),
        Err(error) if error.is_timeout() => Err(SlackErrorKind::Timeout),
        Err(_) => Err(SlackErrorKind::Unreachable),
    };
    Met { installation, date }
}

fn installation(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Installation, SlackErrorKind> {
    if status == StatusCode::TOO_MANY_REQUESTS {
        let seconds = text(headers, RETRY_AFTER.as_str()).and_then(|seconds| seconds.parse().ok());
        return Err(SlackErrorKind::throttled(seconds.map(Duration::from_secs)));
    }
    let answer: AuthTest = match serde_json::from_slice(body) {
        Ok(answer) => answer,
        Err(_) if status.is_success() => return Err(SlackErrorKind::Unintelligible),
        Err(_) => return Err(SlackErrorKind::Status(status.as_u16())),
    };
    if !answer.ok {
        return Err(SlackErrorKind::Api(readable_code(&answer.error.unwrap_or_default())));
    }
    let scopes = text(headers, SCOPES);
    let scopes = scopes.map(|scopes| scopes.split(',').map(|scope| scope.trim().to_owned()).collect());
    Ok(Installation {
        bot: answer.user.unwrap_or_default(),
        workspace: answer.team.unwrap_or_default(),
        scopes,
    })
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::super::UNSAID_RETRY_AFTER;
    use super::*;

    #[test]
    fn the_scopes_are_those_of_the_header() {
        let mut headers = HeaderMap::new();
        headers.insert(SCOPES, HeaderValue::from_static("chat:write, commands"));
        let body = br#"{"ok": true, "user": "sso-why", "team": "Example"}"#;
        let found = installation(StatusCode::OK, &headers, body).expect("is understood");
        assert_eq!((found.bot.as_str(), found.workspace.as_str()), ("sso-why", "Example"));
        assert_eq!(found.scopes, Some(["chat:write", "commands"].map(str::to_owned).into()));
        let unsaid = installation(StatusCode::OK, &HeaderMap::new(), body).expect("is understood");
        assert_eq!(unsaid.scopes, None);
    }

    #[test]
    fn what_is_no_answer_is_no_refusal() {
        let told = |status: u16, body: &str| {
            let status = StatusCode::from_u16(status).expect("a status");
            installation(status, &HeaderMap::new(), body.as_bytes()).expect_err("is no answer")
        };
        assert_eq!(
            told(200, r#"{"ok": false, "error": "token_revoked"}"#),
            SlackErrorKind::Api("token_revoked".into())
        );
        assert_eq!(told(429, ""), SlackErrorKind::RateLimited { retry_after: UNSAID_RETRY_AFTER });
        assert_eq!(told(502, "<html>"), SlackErrorKind::Status(502));
        assert_eq!(told(200, "<html>"), SlackErrorKind::Unintelligible);
    }
}
