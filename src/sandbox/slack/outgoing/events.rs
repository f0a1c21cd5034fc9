//! A person says something in a channel, or opens the bot's Home tab; Slack tells the bot in an event.

use serde_json::{Value, json};

use super::commands::escape;
use super::delivery::{EVENTS, JSON, Undelivered};
use super::{Mishap, acting_user, channel_of, impossible};
use crate::sandbox::Sandbox;
use crate::sandbox::slack::{APP_ID, VERIFICATION_TOKEN};
use crate::sandbox::workspace::Workspace;
use crate::sandbox::workspace::messages::Draft;
use crate::sandbox::workspace::people::ChannelKind;

/// How often Slack repeats an event that was not acknowledged: its page on the Events API. It waits a minute
/// and five minutes before the later ones; here nobody waits.
const RETRIES: u32 = 3;

impl Sandbox {
    /// `person` says `text` in `channel`, in a thread where `thread_ts` names its parent. Where it mentions
    /// the bot (`@sso-why`) the bot is told. Gives the message's `ts`.
    ///
    /// # Errors
    /// [`Mishap::Impossible`] where they are not in the channel or there is no such thread; else the bot
    /// failed, after all retries; the message stands.
    pub async fn say(
        &self,
        person: &str,
        channel: &str,
        text: &str,
        thread_ts: Option<&str>,
    ) -> Result<String, Mishap> {
        let (ts, event) = {
            let mut workspace = self.workspace();
            let now = (self.clock)();
            let user = acting_user(&workspace, person)?;
            let channel = channel_of(&workspace, &user, channel)?;
            let in_channel =
                |ts: &str| workspace.message(ts).is_some_and(|parent| parent.channel == channel.id);
            if thread_ts.is_some_and(|ts| !in_channel(ts)) {
                return Err(impossible("there is no such thread"));
            }
            let text = escape(&workspace, text);
            let draft =
                Draft { text: text.clone(), thread_ts: thread_ts.map(str::to_owned), ..Draft::default() };
            let ts = workspace.post(&user.id, &channel.id, draft, now);
            let mentions_bot = text.contains(&format!("<@{}>", workspace.bot_user_id));
            // In a direct message a mention is no mention: Slack sends `message.im` there, which the bot does
            // not subscribe to.
            if !mentions_bot || channel.kind == ChannelKind::Direct || !channel.has(&workspace.bot_user_id) {
                return Ok(ts);
            }
            let mut event = json!({
                "type": "app_mention",
                "user": user.id,
                "text": text,
                "ts": ts,
                "channel": channel.id,
                "team": workspace.team_id,
                "event_ts": ts,
            });
            if let Some(thread_ts) = thread_ts {
                event["thread_ts"] = json!(thread_ts);
            }
            (ts, self.envelope(&mut workspace, event))
        };
        self.deliver_event(&event).await?;
        Ok(ts)
    }

    /// `person` opens the bot's Home tab.
    ///
    /// # Errors
    /// The bot failed, after all retries.
    pub async fn open_home(&self, person: &str) -> Result<(), Mishap> {
        let event = {
            let mut workspace = self.workspace();
            let user = acting_user(&workspace, person)?;
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

    fn envelope(&self, workspace: &mut Workspace, event: Value) -> Value {
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
            "is_ext_shared_channel": false,
        })
    }
}
