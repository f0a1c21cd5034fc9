//! A person types a slash command.

use std::sync::Arc;

use serde_json::json;

use super::delivery::{COMMANDS, Undelivered};
use super::{Mishap, channel_of, impossible, own_user};
use crate::sandbox::Sandbox;
use crate::sandbox::slack::{APP_ID, VERIFICATION_TOKEN, response_urls};
use crate::sandbox::workspace::Workspace;
use crate::sandbox::workspace::messages::Draft;
use crate::sandbox::workspace::people::{Channel, ChannelKind, SLACKBOT_USER_ID, User};

/// The one command that the bot registers.
pub const COMMAND: &str = "/sso-why";

/// Slack's own, for whoever is in the channel.
const INVITE: &str = "/invite";

impl Sandbox {
    /// `person` types `typed` (the whole line, as `/sso-why @bo Payments-Prod`) into `channel`. Where the
    /// bot's acknowledgement holds a message, it appears; where the bot fails, Slack says so to the person,
    /// as it does.
    ///
    /// # Errors
    /// [`Mishap::Impossible`] for a command that is neither the bot's nor `/invite`, or a channel that the person is
    /// not in; the others where the bot failed.
    pub async fn type_command(
        self: &Arc<Self>,
        person: &str,
        channel: &str,
        typed: &str,
    ) -> Result<(), Mishap> {
        let typed = typed.trim();
        let (command, text) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
        let (user, channel, fields, response_url_id) = {
            let mut workspace = self.workspace();
            let user = own_user(&workspace, person)?;
            let channel = channel_of(&workspace, &user, channel)?;
            if command == INVITE {
                return invite(&mut workspace, &channel, text.trim());
            }
            let app = &workspace.app;
            if !app.scopes.contains("commands") || !app.commands.contains(command) {
                return Err(impossible(format!("{command} is not a command here")));
            }
            let (fields, response_url_id) =
                self.command_fields(&mut workspace, &user, &channel, typed, text.trim());
            workspace.await_acknowledgement(&response_url_id);
            (user, channel, fields, response_url_id)
        };
        let _ends_however_this_ends = Unacknowledged { sandbox: self, response_url_id: &response_url_id };
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let outcome = match self.deliver_form(COMMANDS, &fields).await {
            Ok(body) => self.show_acknowledgement(&response_url_id, &body),
            Err(undelivered) => Err(undelivered.into()),
        };
        if let Err(mishap) = &outcome {
            self.show_failure(&user, &channel, mishap);
        }
        outcome
    }

    fn command_fields(
        &self,
        workspace: &mut Workspace,
        user: &User,
        channel: &Channel,
        typed: &str,
        text: &str,
    ) -> (Vec<(&'static str, String)>, String) {
        let now = (self.clock)();
        let trigger = workspace.issue_trigger(&user.id, now);
        let response_url_id =
            workspace.issue_response_url(&user.id, &channel.id, None, Some(typed.to_owned()), now);
        let fields = vec![
            ("token", VERIFICATION_TOKEN.to_owned()),
            ("team_id", workspace.team_id.clone()),
            ("team_domain", workspace.team_domain.clone()),
            ("channel_id", channel.id.clone()),
            ("channel_name", channel.payload_name().to_owned()),
            ("user_id", user.id.clone()),
            ("user_name", user.name.clone()),
            ("command", COMMAND.to_owned()),
            ("text", escape(workspace, text)),
            ("api_app_id", APP_ID.to_owned()),
            ("is_enterprise_install", "false".to_owned()),
            ("response_url", workspace.response_address(&response_url_id)),
            ("trigger_id", trigger),
        ];
        (fields, response_url_id)
    }

    /// A message in the body of the acknowledgement appears at once: JSON, or plain text for the person alone.
    fn show_acknowledgement(self: &Arc<Self>, response_url_id: &str, body: &str) -> Result<(), Mishap> {
        if body.trim().is_empty() {
            return Ok(());
        }
        let now = (self.clock)();
        let request = serde_json::from_str(body).unwrap_or_else(|_| json!({"text": body}));
        if request.as_object().is_some_and(serde_json::Map::is_empty) {
            return Ok(());
        }
        let mut workspace = self.workspace();
        // The acknowledgement is not one of the response URL's five uses.
        let Some(response_url) = workspace.response_url(response_url_id).cloned() else {
            return Ok(());
        };
        let said = response_urls::say(&mut workspace, response_url_id, &response_url, &request, now);
        let answer = match &said {
            Ok(ts) => json!({"ok": true, "message_ts": ts}),
            Err(refusal) => refusal.json(),
        };
        workspace.note_sent("acknowledgement", request, answer);
        self.tell_in_the_background(&mut workspace);
        said.map(drop).map_err(|refusal| {
            Mishap::BadAnswer(format!("{} {}", refusal.error, refusal.messages.join("; ")))
        })
    }

    fn show_failure(&self, user: &User, channel: &Channel, mishap: &Mishap) {
        let error = match mishap {
            Mishap::Undelivered(Undelivered::Timeout) => "operation_timeout",
            Mishap::BadAnswer(_) => "invalid_command_response",
            _ => "dispatch_failed",
        };
        let draft = Draft {
            text: format!("{COMMAND} failed with the error \"{error}\""),
            visible_to: Some(user.id.clone()),
            ..Draft::default()
        };
        self.workspace().post(SLACKBOT_USER_ID, &channel.id, draft, (self.clock)());
    }
}

/// While this lives, an answer by the response URL waits: Slack shows the acknowledgement first.
struct Unacknowledged<'s> {
    sandbox: &'s Sandbox,
    response_url_id: &'s str,
}

impl Drop for Unacknowledged<'_> {
    fn drop(&mut self) {
        self.sandbox.workspace().end_acknowledgement(self.response_url_id);
    }
}

/// What `should_escape` makes of a typed text: exact handles, channel names and links become Slack's
/// references, and `&`, `<` and `>` are escaped. Spaces stay as typed.
pub(super) fn escape(workspace: &Workspace, text: &str) -> String {
    text.split_inclusive(char::is_whitespace)
        .map(|piece| {
            let word = piece.trim_end();
            format!(
                "{}{}",
                reference(workspace, word).unwrap_or_else(|| escape_markup(word)),
                &piece[word.len()..]
            )
        })
        .collect()
}

fn invite(workspace: &mut Workspace, channel: &Channel, who: &str) -> Result<(), Mishap> {
    let handle = who.strip_prefix('@').unwrap_or(who);
    let invited = workspace.user(handle).map(|user| user.id.clone());
    let invited = invited.ok_or_else(|| impossible(format!("{who} is nobody here")))?;
    workspace.join(&invited, &channel.id);
    Ok(())
}

fn reference(workspace: &Workspace, word: &str) -> Option<String> {
    if let Some(handle) = word.strip_prefix('@') {
        let user = workspace.users().iter().find(|user| user.name == handle && !user.deleted)?;
        return Some(format!("<@{}>", user.id));
    }
    if let Some(name) = word.strip_prefix('#') {
        let channel = workspace.channels().iter().find(|channel| channel.name == name && !name.is_empty())?;
        return Some(match channel.kind {
            ChannelKind::Public => format!("<#{}|{name}>", channel.id),
            _ => format!("<#{}|>", channel.id),
        });
    }
    if word.starts_with("https://") || word.starts_with("http://") {
        return Some(format!("<{}>", escape_markup(word)));
    }
    let (name, domain) = word.split_once('@')?;
    let is_email = !name.is_empty() && domain.contains('.') && !word.contains(['<', '>', '"', '\'']);
    is_email.then(|| format!("<mailto:{word}|{word}>"))
}

fn escape_markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
