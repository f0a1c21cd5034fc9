//! The short-lived permissions that Slack hands out: with a request a trigger to open one modal, and a response URL to
//! answer in the conversation; on demand a ticket for one connection of Socket Mode.

use jiff::{SignedDuration, Timestamp};

use super::Workspace;

/// How long a response URL lives, and how often it can be used: Slack's page on handling user interaction.
const RESPONSE_URL_LIFETIME: SignedDuration = SignedDuration::from_mins(30);
const RESPONSE_URL_USES: u32 = 5;

/// Leave to open one modal for one person.
pub(super) struct Trigger {
    user: String,
    issued_at: Timestamp,
    used: bool,
}

/// Leave to answer one interaction in its conversation.
#[derive(Clone, Debug)]
pub struct ResponseUrl {
    /// Channel id.
    pub channel: String,
    /// The user who acted, and who alone sees ephemeral answers.
    pub user: String,
    /// The `ts` of the message that `replace_original` and `delete_original` mean.
    pub original: Option<String>,
    /// The slash command as typed, where it was one; an answer that everybody sees shows it, once.
    pub typed_command: Option<String>,
    /// Whether it was shown.
    pub command_is_shown: bool,
    issued_at: Timestamp,
    uses: u32,
}

impl Workspace {
    /// The command of this response URL was sent to the bot and is not acknowledged yet.
    pub(in crate::sandbox) fn await_acknowledgement(&mut self, id: &str) {
        self.unacknowledged.insert(id.to_owned());
    }

    /// The bot acknowledged it, or failed to.
    pub(in crate::sandbox) fn end_acknowledgement(&mut self, id: &str) {
        self.unacknowledged.remove(id);
        self.note_change();
    }

    /// Whether the bot may still acknowledge the command of this response URL.
    pub(in crate::sandbox) fn awaits_acknowledgement(&self, id: &str) -> bool {
        self.unacknowledged.contains(id)
    }

    /// A new ticket for one connection of Socket Mode.
    pub(in crate::sandbox) fn issue_socket_ticket(&mut self) -> String {
        let ticket = self.ids.next("ticket-");
        self.socket_tickets.insert(ticket.clone());
        ticket
    }

    /// Whether it is one that was not used; it is from now on.
    pub(in crate::sandbox) fn take_socket_ticket(&mut self, ticket: &str) -> bool {
        self.socket_tickets.remove(ticket)
    }

    /// A new trigger for a person who just acted.
    pub(in crate::sandbox) fn issue_trigger(&mut self, user: &str, now: Timestamp) -> String {
        let id = self.ids.next("13345224609.738474920.");
        self.triggers.insert(id.clone(), Trigger { user: user.to_owned(), issued_at: now, used: false });
        id
    }

    /// Trades a trigger for the id of the user who may be shown a modal, or refuses with Slack's error.
    pub(in crate::sandbox) fn exchange_trigger(
        &mut self,
        id: &str,
        now: Timestamp,
    ) -> Result<String, &'static str> {
        let trigger = self.triggers.get_mut(id).ok_or("invalid_trigger_id")?;
        if trigger.used {
            return Err("exchanged_trigger_id");
        }
        if now.duration_since(trigger.issued_at).unsigned_abs() > self.patience {
            return Err("expired_trigger_id");
        }
        trigger.used = true;
        Ok(trigger.user.clone())
    }

    /// A new response URL; gives its id.
    pub(in crate::sandbox) fn issue_response_url(
        &mut self,
        user: &str,
        channel: &str,
        original: Option<String>,
        typed_command: Option<String>,
        now: Timestamp,
    ) -> String {
        let id = self.ids.next("R");
        let response_url = ResponseUrl {
            channel: channel.to_owned(),
            user: user.to_owned(),
            original,
            typed_command,
            command_is_shown: false,
            issued_at: now,
            uses: 0,
        };
        self.response_urls.insert(id.clone(), response_url);
        id
    }

    /// What the response URL of this id is tied to.
    pub(in crate::sandbox) fn response_url(&self, id: &str) -> Option<&ResponseUrl> {
        self.response_urls.get(id)
    }

    /// The slash command, as typed, whose answer this message is.
    pub(in crate::sandbox) fn command_answered_by(&self, message_ts: &str) -> Option<&str> {
        let mut answered =
            self.response_urls.values().filter(|url| url.original.as_deref() == Some(message_ts));
        answered.find_map(|url| url.typed_command.as_deref())
    }

    /// The response URL of this id, as the bot is given it.
    pub(in crate::sandbox) fn response_address(&self, id: &str) -> String {
        format!("{}/response/{id}", self.sandbox_url)
    }

    /// Counts one use and tells what the URL is tied to, or refuses with Slack's error.
    pub(in crate::sandbox) fn use_response_url(
        &mut self,
        id: &str,
        now: Timestamp,
    ) -> Result<ResponseUrl, &'static str> {
        let response_url = self.response_urls.get_mut(id).ok_or("expired_url")?;
        if now.duration_since(response_url.issued_at) > RESPONSE_URL_LIFETIME {
            return Err("expired_url");
        }
        if response_url.uses == RESPONSE_URL_USES {
            return Err("used_url");
        }
        response_url.uses += 1;
        Ok(response_url.clone())
    }

    /// From now on every response URL that was handed out is refused, as after 30 minutes.
    pub fn expire_response_urls(&mut self) {
        self.response_urls.clear();
    }

    /// Notes that this message came of a slash command's response URL: from now on `replace_original` means
    /// it. A URL that belongs to a message goes on to mean that one.
    pub(in crate::sandbox) fn answered_command(
        &mut self,
        response_url_id: &str,
        message_ts: &str,
        in_channel: bool,
    ) {
        let response_url = self.response_urls.get_mut(response_url_id);
        if let Some(response_url) = response_url.filter(|url| url.typed_command.is_some()) {
            response_url.original = Some(message_ts.to_owned());
            response_url.command_is_shown |= in_channel;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::slack::samples;

    #[test]
    fn a_trigger_opens_one_modal_within_three_seconds() {
        let mut workspace = samples::workspace();
        let noon = Timestamp::from_second(1_700_000_000).unwrap();
        let at = |seconds| noon + SignedDuration::from_secs(seconds);

        let trigger = workspace.issue_trigger("U0DANA", noon);
        assert_eq!(workspace.exchange_trigger(&trigger, at(3)), Ok("U0DANA".to_owned()));
        assert_eq!(workspace.exchange_trigger(&trigger, at(3)), Err("exchanged_trigger_id"));

        let late = workspace.issue_trigger("U0DANA", noon);
        assert_eq!(workspace.exchange_trigger(&late, at(4)), Err("expired_trigger_id"));
        assert_eq!(workspace.exchange_trigger("1.2.3", noon), Err("invalid_trigger_id"));
    }

    #[test]
    fn a_response_url_works_five_times_within_thirty_minutes() {
        let mut workspace = samples::workspace();
        let noon = Timestamp::from_second(1_700_000_000).unwrap();
        let at = |minutes| noon + SignedDuration::from_mins(minutes);

        let id = workspace.issue_response_url("U0DANA", "C0GENERAL", None, None, noon);
        for _ in 0..5 {
            assert!(workspace.use_response_url(&id, at(30)).is_ok());
        }
        assert_eq!(workspace.use_response_url(&id, at(30)).err(), Some("used_url"));

        let late = workspace.issue_response_url("U0DANA", "C0GENERAL", None, None, noon);
        assert_eq!(workspace.use_response_url(&late, at(31)).err(), Some("expired_url"));
    }
}
