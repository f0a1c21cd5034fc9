//! What people do in Slack, and what they then see.

use std::sync::atomic::Ordering;

use serde_json::json;
use sso_why::sandbox::slack::outgoing::Use;
use sso_why::sandbox::slack::outgoing::modals::Submitted;
use sso_why::sandbox::workspace::messages::Message;
use sso_why::sandbox::workspace::views::OpenView;

use super::{World, in_time};

impl World {
    /// Notes that the story has seen this message.
    fn read(&self, message: Message) -> Message {
        self.journal.note_read(&message);
        message
    }

    /// Types a command and waits for what replaces "Looking…".
    pub async fn ask(&self, key: &str, channel: &str, typed: &str) -> Message {
        self.type_command(key, channel, typed).await;
        self.settled(key, channel).await
    }

    /// Types a command, and sees what stands there while the bot is looking.
    pub async fn seen_looking(&self, key: &str, channel: &str, typed: &str) -> Message {
        self.sandbox.calls.shut_gate();
        self.type_command(key, channel, typed).await;
        let looking = self.last_seen(key, channel);
        self.sandbox.calls.open_gate();
        looking
    }

    /// Types a command.
    pub async fn type_command(&self, key: &str, channel: &str, typed: &str) {
        in_time(self.sandbox.type_command(key, channel, typed)).await.expect("the command is acknowledged");
    }

    /// The last message that this person sees from the bot here, once it is no longer "Looking…".
    pub async fn settled(&self, key: &str, channel: &str) -> Message {
        let user = self.person(key).slack.expect("they are in Slack");
        let message = in_time(self.sandbox.wait_for(|workspace| {
            let last = workspace.messages_seen_by(&user, channel).last().cloned();
            last.filter(|message| {
                message.author == workspace.bot_user_id && !message.text.starts_with("Looking ")
            })
        }))
        .await;
        self.read(message)
    }

    /// Presses a button and waits until the message is another one.
    pub async fn press(&self, key: &str, message: &Message, action: &str) -> Message {
        self.click(key, message, action).await;
        self.changed(key, message).await
    }

    /// The last message that this person sees from the bot here, now.
    pub fn last_seen(&self, key: &str, channel: &str) -> Message {
        let user = self.person(key).slack.expect("they are in Slack");
        let workspace = self.sandbox.workspace();
        self.read(workspace.messages_seen_by(&user, channel).last().cloned().expect("a message"))
    }

    /// The last message from the bot here, once there is one.
    pub async fn last_from_the_bot(&self, key: &str, channel: &str) -> Message {
        let user = self.person(key).slack.expect("they are in Slack");
        let message = in_time(self.sandbox.wait_for(|workspace| {
            let last = workspace.messages_seen_by(&user, channel).last().cloned();
            last.filter(|message| message.author == workspace.bot_user_id)
        }))
        .await;
        self.read(message)
    }

    /// The last direct message from the bot, once there is one.
    pub async fn last_direct(&self, key: &str) -> Message {
        let user = self.person(key).slack.expect("they are in Slack");
        let channel =
            in_time(self.sandbox.wait_for(|workspace| {
                workspace.direct_message_with(&user).map(|channel| channel.id.clone())
            }))
            .await;
        self.last_from_the_bot(key, &channel).await
    }

    /// Everything that this person sees from the bot here, the oldest first.
    pub fn all_seen(&self, key: &str, channel: &str) -> Vec<Message> {
        self.bot_messages(key, channel).into_iter().map(|message| self.read(message)).collect()
    }

    fn bot_messages(&self, key: &str, channel: &str) -> Vec<Message> {
        let user = self.person(key).slack.expect("they are in Slack");
        let workspace = self.sandbox.workspace();
        let seen = workspace.messages_seen_by(&user, channel).cloned();
        seen.filter(|message| message.author == workspace.bot_user_id).collect()
    }

    /// The direct messages that this person has from the bot.
    pub fn direct_messages(&self, key: &str) -> Vec<Message> {
        let user = self.person(key).slack.expect("they are in Slack");
        let channel = self.sandbox.workspace().direct_message_with(&user).map(|channel| channel.id.clone());
        channel.map(|channel| self.all_seen(key, &channel)).unwrap_or_default()
    }

    /// A message from the bot here that holds these words, once there is one.
    pub async fn seen_once(&self, key: &str, channel: &str, words: &str) -> Message {
        let user = self.person(key).slack.expect("they are in Slack");
        let message = in_time(self.sandbox.wait_for(|workspace| {
            workspace.messages_seen_by(&user, channel).find(|message| message.text.contains(words)).cloned()
        }))
        .await;
        self.read(message)
    }

    /// The next message here beside this one.
    pub async fn another(&self, key: &str, channel: &str, beside: &Message) -> Message {
        let user = self.person(key).slack.expect("they are in Slack");
        let message = in_time(self.sandbox.wait_for(|workspace| {
            let last = workspace.messages_seen_by(&user, channel).last().cloned();
            last.filter(|message| message.ts > beside.ts)
        }))
        .await;
        self.read(message)
    }

    /// The bot's last answer in this thread for everybody to see, once there is one.
    pub async fn answer_in(&self, thread: &str) -> Message {
        let message = in_time(self.sandbox.wait_for(|workspace| {
            let in_thread = |message: &&Message| {
                message.thread_ts.as_deref() == Some(thread)
                    && message.author == workspace.bot_user_id
                    && !message.is_ephemeral()
            };
            workspace.messages().iter().rfind(in_thread).cloned()
        }))
        .await;
        self.read(message)
    }

    /// Presses a button that does not change its message.
    pub async fn click(&self, key: &str, message: &Message, action: &str) {
        in_time(self.sandbox.press(key, &message.ts, action)).await.expect("the press is acknowledged");
    }

    /// Says something in a channel, or in the thread below a message there.
    pub async fn say(&self, key: &str, channel: &str, words: &str, thread_ts: Option<&str>) -> String {
        in_time(self.sandbox.say(key, channel, words, thread_ts)).await.expect("it is said")
    }

    /// The message as it is now.
    pub fn message(&self, message: &Message) -> Message {
        self.read(self.sandbox.workspace().message(&message.ts).cloned().expect("it is there"))
    }

    /// What the bot has said in the thread below this message, the oldest first.
    pub fn in_thread(&self, key: &str, parent: &Message) -> Vec<Message> {
        let in_thread = |message: &Message| message.thread_ts.as_deref() == Some(parent.ts.as_str());
        let said = self.bot_messages(key, &parent.channel).into_iter().filter(in_thread);
        said.map(|message| self.read(message)).collect()
    }

    /// The channel of this person's direct messages with the bot.
    pub fn direct_channel(&self, key: &str) -> String {
        let user = self.person(key).slack.expect("they are in Slack");
        self.sandbox.workspace().direct_message_with(&user).expect("they may write to it").id.clone()
    }

    /// What only this person sees here from the bot, once there is something.
    pub async fn ephemeral(&self, key: &str, channel: &str) -> Message {
        let user = self.person(key).slack.expect("they are in Slack");
        let message = in_time(self.sandbox.wait_for(|workspace| {
            let seen = workspace.messages_seen_by(&user, channel);
            seen.filter(|message| message.is_ephemeral()).last().cloned()
        }))
        .await;
        self.read(message)
    }

    /// Picks a person in a menu of a message.
    pub async fn pick(&self, key: &str, message: &Message, action: &str, picked: &str) {
        let used = Use { block_id: None, action_id: action, picked: Some(picked) };
        in_time(self.sandbox.press(key, &message.ts, used)).await.expect("the choice is acknowledged");
    }

    /// A press on a message as it was, by somebody before whose eyes it has not changed yet; or by somebody who
    /// does not see it at all.
    pub async fn press_on_what_was(&self, user: &str, message: &Message, action: &str) {
        let mut elements = message.blocks.iter().filter_map(|block| block["elements"].as_array()).flatten();
        let button = elements.find(|element| element["action_id"] == action).expect("the button");
        let payload = json!({
            "type": "block_actions",
            "user": {"id": user},
            "channel": {"id": message.channel},
            "container": {"type": "message", "message_ts": message.ts, "channel_id": message.channel},
            "trigger_id": format!("{user}.{action}.{}", self.clock.load(Ordering::SeqCst)),
            "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": button["value"]}],
        });
        let body: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("payload", &payload.to_string())
            .finish();
        let form = "application/x-www-form-urlencoded";
        in_time(self.sandbox.deliver("/slack/interactions", form, &body, &[])).await.expect("acknowledged");
    }

    /// The message, once it is another one than it was.
    pub async fn changed(&self, key: &str, before: &Message) -> Message {
        assert!(before.is_seen_by(&self.person(key).slack.expect("they are in Slack")));
        let message = in_time(self.sandbox.wait_for(|workspace| {
            workspace.message(&before.ts).filter(|now| now.blocks != before.blocks).cloned()
        }))
        .await;
        self.read(message)
    }

    /// The form that this person has before them.
    pub async fn form(&self, key: &str) -> OpenView {
        let user = self.person(key).slack.expect("they are in Slack");
        in_time(self.sandbox.wait_for(|workspace| workspace.modals_of(&user).last().cloned())).await
    }

    /// Fills in a form and sends it.
    pub async fn submit(&self, key: &str, form: &OpenView, entries: &[(&str, &str)]) -> Submitted {
        in_time(self.sandbox.submit_view(key, &form.id, entries)).await.expect("the form is acknowledged")
    }
}
