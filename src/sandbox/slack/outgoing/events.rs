//! How Slack tells the bot of an event, and the one that is about no message: somebody opens the bot's Home tab.

use serde_json::{Value, json};

use super::delivery::{EVENTS, JSON, Undelivered};
use super::{Mishap, impossible, own_user};
use crate::sandbox::Sandbox;
use crate::sandbox::slack::{APP_ID, VERIFICATION_TOKEN};
use crate::sandbox::workspace::Workspace;
use crate::sandbox::workspace::people::Channel;

/// How often Slack repeats an event that was not acknowledged: its page on the Events API. It waits a minute
/// and five minutes before the later ones; here nobody waits.
const RETRIES: u32 = 3;

impl Sandbox {
    /// `person` opens the bot's Home tab. An app that has not subscribed to it is not told.
    ///
    /// # Errors
    /// [`Mishap::Impossible`] where the app has no Home tab; else the bot failed, after all retries.
    pub async fn open_home(&self, person: &str) -> Result<(), Mishap> {
        let event = {
            let mut workspace = self.workspace();
            let user = own_user(&workspace, person)?;
            if !workspace.app.has_home_tab {
                return Err(impossible("the app has no Home tab"));
            }
            if !workspace.app.events.contains("app_home_opened") {
                return Ok(());
            }
            let channel = workspace.direct_message_with(&user.id).map(|channel| channel.id.clone());
            let mut event = json!({
                "type": "app_home_opened",
                "user": user.id,
                "channel": channel,
                "tab": "home",
                "event_ts": workspace.new_ts((self.clock)()),
            });
            if let Some(home) = workspace.home_of(&user.id) {
                event["view"] = workspace.view_json(home);
            }
            self.envelope(&mut workspace, event)
        };
        self.deliver_event(&event).await?;
        Ok(())
    }

    /// Sends an event, and repeats it with the same event id until the bot acknowledges it or asks not to be
    /// told again, at most as often as Slack.
    ///
    /// # Errors
    /// The last attempt's.
    pub async fn deliver_event(&self, event: &Value) -> Result<(), Undelivered> {
        let body = event.to_string();
        let mut last = self.deliver_event_once(&body, None).await;
        for retry in 1..=RETRIES {
            let reason = match &last {
                Ok(()) => return Ok(()),
                Err((_, true)) => break,
                Err((Undelivered::Timeout, _)) => "http_timeout",
                Err((Undelivered::ConnectionFailed, _)) => "connection_failed",
                Err((Undelivered::HttpError(_), _)) => "http_error",
            };
            last = self.deliver_event_once(&body, Some((retry, reason))).await;
        }
        last.map_err(|(undelivered, _)| undelivered)
    }

    /// The error tells too whether the bot asked not to be told again.
    async fn deliver_event_once(
        &self,
        body: &str,
        retry: Option<(u32, &str)>,
    ) -> Result<(), (Undelivered, bool)> {
        let number = retry.map(|(number, _)| number.to_string());
        let headers: Vec<(&str, &str)> = match (&number, retry) {
            (Some(number), Some((_, reason))) => {
                vec![("x-slack-retry-num", number.as_str()), ("x-slack-retry-reason", reason)]
            }
            _ => Vec::new(),
        };
        match self.deliver(EVENTS, JSON, body, &headers).await {
            Ok(answer) if (200..300).contains(&answer.status) => Ok(()),
            Ok(answer) => Err((Undelivered::HttpError(answer.status), answer.no_retry)),
            Err(undelivered) => Err((undelivered, false)),
        }
    }

    /// Wraps an event as Slack does: with an id of its own, and whether people of another organisation are where
    /// it happened. For events that nobody here can cause, as `channel_rename`.
    pub fn envelope(&self, workspace: &mut Workspace, event: Value) -> Value {
        let channel = event["channel"].as_str().and_then(|id| workspace.channel(id));
        let is_ext_shared = channel.is_some_and(Channel::is_ext_shared);
        json!({
            "token": VERIFICATION_TOKEN,
            "team_id": workspace.team_id,
            "context_team_id": workspace.team_id,
            "context_enterprise_id": null,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": workspace.new_id("Ev"),
            "event_time": (self.clock)().as_second(),
            "authorizations": [{
                "enterprise_id": null,
                "team_id": workspace.team_id,
                "user_id": workspace.bot_user_id,
                "is_bot": true,
                "is_enterprise_install": false,
            }],
            "is_ext_shared_channel": is_ext_shared,
        })
    }
}
