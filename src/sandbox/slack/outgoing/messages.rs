//! A person uses a button or menu in a message, or a shortcut on it.

use serde_json::json;

use super::delivery::INTERACTIONS;
use super::payloads::{add_message, interaction};
use super::{Mishap, Use, acting_user, channel_of, impossible, message_seen, own_user};
use crate::sandbox::Sandbox;
use crate::sandbox::workspace::controls::{Entered, find_control, state_values};

impl Sandbox {
    /// `person` presses a button, or picks from a menu, in the message of this `ts`.
    ///
    /// # Errors
    /// [`Mishap::Impossible`] where they see no such message or it has no such control; else the bot failed.
    pub async fn press<'a>(
        &self,
        person: &str,
        message_ts: &str,
        used: impl Into<Use<'a>>,
    ) -> Result<(), Mishap> {
        let used = used.into();
        let payload = {
            let mut workspace = self.workspace();
            let now = (self.clock)();
            let user = acting_user(&workspace, person)?;
            let message = message_seen(&workspace, &user, message_ts)?;
            let channel = channel_of(&workspace, &user, &message.channel)?;
            let control = find_control(&message.blocks, used.block_id, used.action_id)
                .ok_or_else(|| impossible(format!("the message has no control {}", used.action_id)))?;
            let value = control.pick(used.picked, &[]).ok_or_else(|| {
                impossible(format!("{:?} cannot be picked in {}", used.picked, used.action_id))
            })?;
            let key = (control.block_id().to_owned(), control.action_id().to_owned());

            let mut payload = interaction(&workspace, "block_actions", &user);
            add_message(&mut payload, &workspace, &channel, &message);
            payload["state"] =
                json!({"values": state_values(&message.blocks, &Entered::from([(key, value.clone())]))});
            payload["trigger_id"] = json!(workspace.issue_trigger(&user.id, now));
            let response_url =
                workspace.issue_response_url(&user.id, &channel.id, Some(message.ts.clone()), None, now);
            payload["response_url"] = json!(workspace.response_address(&response_url));
            payload["actions"] = json!([control.action(value, &workspace.new_ts(now))]);
            payload.to_string()
        };
        self.deliver_form(INTERACTIONS, &[("payload", &payload)]).await?;
        Ok(())
    }

    /// `person` uses a message shortcut of the bot's, by its callback id, on the message of this `ts`.
    ///
    /// # Errors
    /// As [`press`](Self::press). Slack offers no shortcuts on ephemeral messages.
    pub async fn use_shortcut(
        &self,
        person: &str,
        message_ts: &str,
        callback_id: &str,
    ) -> Result<(), Mishap> {
        let payload = {
            let mut workspace = self.workspace();
            let now = (self.clock)();
            let user = own_user(&workspace, person)?;
            let message = message_seen(&workspace, &user, message_ts)?;
            let channel = channel_of(&workspace, &user, &message.channel)?;
            let app = &workspace.app;
            if !app.is_interactive || !app.message_shortcuts.contains(callback_id) {
                return Err(impossible(format!("the app has no shortcut {callback_id}")));
            }
            if message.is_ephemeral() {
                return Err(impossible("an ephemeral message has no shortcuts"));
            }
            let mut payload = interaction(&workspace, "message_action", &user);
            payload["callback_id"] = json!(callback_id);
            payload["message_ts"] = json!(message.ts);
            payload["message"] = workspace.message_json(&message);
            payload["channel"] = json!({"id": channel.id, "name": channel.payload_name()});
            payload["action_ts"] = json!(workspace.new_ts(now));
            payload["trigger_id"] = json!(workspace.issue_trigger(&user.id, now));
            let response_url =
                workspace.issue_response_url(&user.id, &channel.id, Some(message.ts), None, now);
            payload["response_url"] = json!(workspace.response_address(&response_url));
            payload.to_string()
        };
        self.deliver_form(INTERACTIONS, &[("payload", &payload)]).await?;
        Ok(())
    }
}
