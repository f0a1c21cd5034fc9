//! Words on their way: what an agent writes in a ticket's thread is brought to the requesters, and what a requester
//! writes to the bot is brought into the thread.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

use super::super::admission::Visit;
use super::super::bring::Bring;
use super::super::work::{After, Again, Performed, Work};
use super::super::{Desk, EVENT_REPEATED};
use super::open::{BEING_POSTED, GIVEN_UP};
use crate::slack::client::Placement;
use crate::slack::reply::Reply;
use crate::store::{Ticket, TicketMessage, TicketState};
use crate::words::slack::ticket::relayed::{self, File, OpenTicket, Said};
use crate::words::slack::ticket::thread;

/// What a reply begins with that is for the help desk's own eyes.
const INTERNAL: &str = "//";

/// What counts as said beside a plain message: with a file, or sent to the channel too. All other subtypes are
/// about messages, not said by anybody (docs.slack.dev, "message" event).
const SAID: [&str; 2] = ["file_share", "thread_broadcast"];

/// People looked up whom one message mentions; the rest is shown as "somebody".
const NAMES: usize = 10;

/// What somebody has written where it may belong to a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::desk) struct Heard {
    author: String,
    channel: String,
    /// In a direct message with the bot, not in the help desk's channel.
    is_direct: bool,
    ts: String,
    /// The thread's first message.
    thread_ts: Option<String>,
    /// In Slack's markup.
    words: String,
    /// Names of files and where they are.
    files: Vec<(String, Option<String>)>,
}

impl Heard {
    /// What is written to the bot directly, by whom. In the help desk's channel only agents are carried, and
    /// whether they are served is asked there.
    pub(in crate::desk) fn visit(&self) -> Option<(Visit<'_>, Bring)> {
        let bring = Bring::by(self.key(), None, Placement::NewEphemeral);
        self.is_direct.then(|| (Visit::of(&self.author, Some(&self.channel)), bring))
    }

    fn key(&self) -> String {
        format!("said:{}:{}", self.channel, self.ts)
    }
}

/// Reads a `message` event; nothing where nobody said anything that could belong to a ticket.
fn read(event: &Value, help_desk_channel: Option<&str>) -> Option<Heard> {
    let field = |name: &str| event[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let is_said = field("subtype").is_none_or(|subtype| SAID.contains(&subtype.as_str()));
    if field("bot_id").is_some() || !is_said {
        return None;
    }
    let (author, channel, ts) = (field("user")?, field("channel")?, field("ts")?);
    let thread_ts = field("thread_ts").filter(|thread| *thread != ts);
    let is_direct = field("channel_type").as_deref() == Some("im");
    let is_in_a_thread_of_theirs = Some(channel.as_str()) == help_desk_channel && thread_ts.is_some();
    if !is_direct && !is_in_a_thread_of_theirs {
        return None;
    }
    let files = event["files"].as_array().into_iter().flatten().map(file).collect();
    let heard =
        Heard { author, channel, is_direct, ts, thread_ts, words: field("text").unwrap_or_default(), files };
    (!heard.words.trim().is_empty() || !heard.files.is_empty()).then_some(heard)
}

fn file(file: &Value) -> (String, Option<String>) {
    let text = |name: &str| file[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let name = text("name").or_else(|| text("title")).unwrap_or_else(|| "a file".to_owned());
    (name, text("permalink").filter(|link| link.starts_with("https://")))
}

impl Desk {
    /// Takes a `message` event.
    pub(in crate::desk) async fn heard(&self, event_id: &str, event: &Value) -> Reply {
        match read(event, self.settings.helpdesk_channel.as_deref()) {
            Some(heard) => {
                let order = Work::Said(Box::new(heard)).order(format!("event:{event_id}"));
                self.take(order.remembered(EVENT_REPEATED)).await
            }
            None => Reply::Empty,
        }
    }

    pub(in crate::desk) async fn relay(&self, heard: &Heard) -> Performed {
        match heard.is_direct {
            true => self.relay_to_the_help_desk(heard).await,
            false => self.relay_to_the_requesters(heard).await,
        }
    }

    async fn relay_to_the_requesters(&self, heard: &Heard) -> Performed {
        let thread = heard.thread_ts.as_deref().unwrap_or_default();
        // Whoever sees a ticket may answer before Slack has told us where it stands. A ticket is in the store before
        // it is posted, and this is read first: whatever is posted in between is found.
        let may_be_posted = self.store.is_a_ticket_unposted(self.gather.now() - GIVEN_UP).await?;
        let Some(ticket) = self.store.ticket_at(&heard.channel, thread).await? else {
            return Ok(match may_be_posted {
                true => After::Later(self.gather.now() + BEING_POSTED),
                false => After::Done,
            });
        };
        if heard.words.trim_start().starts_with(INTERNAL) || self.is_for_the_bot(heard).await? {
            return Ok(After::Done);
        }
        if !self.may_write_to_requesters(heard, &ticket).await? {
            return Ok(After::Done);
        }
        let (author, names) = (self.person(&heard.author).await?, self.names_in(&heard.words).await?);
        let files = files_of(heard);
        let said = Said { author: &author, words: &heard.words, names: &names, files: &files };
        let message = relayed::to_the_requester(&said, &ticket.account_name);
        for requester in self.store.requesters(&ticket.id).await? {
            if requester.user == heard.author {
                continue;
            }
            let key = format!("said:{}:{}:{}", heard.channel, heard.ts, requester.user);
            match self.post_once(&key, &requester.user, None, &message).await? {
                Some(posted) => self.note_brought(&ticket, heard, (posted.channel, posted.ts)).await?,
                None => {
                    let told = thread::not_reached(&self.person(&requester.user).await?);
                    self.say_in_thread(&ticket.id, &format!("{key}:not reached"), &told).await?;
                }
            }
        }
        Ok(After::Done)
    }

    /// A mention of the bot is a question to it.
    async fn is_for_the_bot(&self, heard: &Heard) -> Result<bool, Again> {
        let mentioned = relayed::mentioned(&heard.words);
        if mentioned.is_empty() {
            return Ok(false);
        }
        match self.admission.bot().await {
            Ok(bot) => Ok(mentioned.contains(&bot.user_id)),
            Err(error) if error.passes() => Err(Again::after(&error)),
            Err(error) => {
                tracing::error!(%error, "who the bot is could not be read");
                Ok(false)
            }
        }
    }

    /// Whether the author is of the help desk. Whoever is not is told in the thread, once.
    async fn may_write_to_requesters(&self, heard: &Heard, ticket: &Ticket) -> Result<bool, Again> {
        let (key, told) = match self.help_desk.has(&heard.author).await {
            Ok(true) if self.unwelcome(Visit::of(&heard.author, None)).await?.is_none() => return Ok(true),
            Ok(_) => {
                let is_requester = |one: &crate::store::Requester| one.user == heard.author;
                if self.store.requesters(&ticket.id).await?.iter().any(is_requester) {
                    // They write where the help desk reads it.
                    return Ok(false);
                }
                let told = thread::not_passed_on(&self.person(&heard.author).await?);
                (format!("not passed on:{}:{}", ticket.id, heard.author), told)
            }
            Err(error) if error.passes() => return Err(Again::after(&error)),
            Err(error) => {
                tracing::error!(%error, "the help desk's members could not be read");
                let told = thread::cannot_tell_whether_to_pass_on(&self.person(&heard.author).await?);
                (format!("not passed on:{}:{}", heard.channel, heard.ts), told)
            }
        };
        self.say_in_thread(&ticket.id, &key, &told).await?;
        Ok(false)
    }

    async fn relay_to_the_help_desk(&self, heard: &Heard) -> Performed {
        let ticket = match self.ticket_meant(heard).await? {
            Ok(ticket) => ticket,
            Err(told) => {
                self.answer_direct(heard, &heard.key(), &told).await?;
                return Ok(After::Done);
            }
        };
        let Some((channel, ts)) = ticket.place.clone() else {
            return Ok(After::Later(self.gather.now() + BEING_POSTED));
        };
        let (author, names) = (self.person(&heard.author).await?, self.names_in(&heard.words).await?);
        let files = files_of(heard);
        let said = Said { author: &author, words: &heard.words, names: &names, files: &files };
        let is_resolved = ticket.state == TicketState::Resolved;
        let message = match (&ticket.agent, is_resolved) {
            (_, true) => relayed::to_the_help_desk_after_all(&said),
            (Some(agent), false) => relayed::to_the_help_desk(&said, Some(&self.person(agent).await?)),
            (None, false) => relayed::to_the_help_desk(&said, None),
        };
        let key = format!("said:{}:{}", heard.channel, heard.ts);
        let Some(posted) = self.post_once(&key, &channel, Some(&ts), &message).await? else {
            let told = relayed::not_passed_on(&ticket.reference);
            self.answer_direct(heard, &format!("{key}:not passed on"), &told).await?;
            return Ok(After::Done);
        };
        self.note_brought(&ticket, heard, (posted.channel, posted.ts)).await?;
        let (key, told) = match is_resolved {
            true => (format!("{key}:after all"), relayed::passed_on_after_all(&ticket.account_name)),
            // Once: from then on they know that it works.
            false => (format!("passed on:{}:{}", ticket.id, heard.author), relayed::passed_on()),
        };
        self.answer_direct(heard, &key, &told).await?;
        Ok(After::Done)
    }

    /// The ticket that a direct message is about, or what to say instead: that of its thread, else the only one
    /// that is open.
    async fn ticket_meant(
        &self,
        heard: &Heard,
    ) -> Result<Result<Ticket, crate::words::slack::Message>, Again> {
        if let Some(thread) = &heard.thread_ts
            && let Some(ticket) = self.store.ticket_of_direct(&heard.channel, thread).await?
        {
            return Ok(Ok(ticket));
        }
        let mut open = self.store.requested_tickets(&heard.author).await?;
        if open.len() > 1 {
            let mut links = Vec::new();
            for ticket in &open {
                links.push(self.link_to_direct(ticket, &heard.author).await?);
            }
            let named = open.iter().zip(&links);
            let named: Vec<OpenTicket> = named
                .map(|(ticket, link)| OpenTicket { account: &ticket.account_name, link: link.as_deref() })
                .collect();
            return Ok(Err(relayed::which_ticket(&named)));
        }
        Ok(open.pop().ok_or_else(relayed::no_ticket))
    }

    async fn link_to_direct(&self, ticket: &Ticket, user: &str) -> Result<Option<String>, Again> {
        let requesters = self.store.requesters(&ticket.id).await?;
        let Some((channel, ts)) =
            requesters.into_iter().find(|requester| requester.user == user).and_then(|one| one.place)
        else {
            return Ok(None);
        };
        match self.slack.permalink(&channel, &ts).await {
            Ok(link) => Ok(Some(link)),
            Err(error) if error.passes() => Err(Again::after(&error)),
            Err(error) => {
                tracing::warn!(%error, "Slack gave no link to a direct message");
                Ok(None)
            }
        }
    }

    /// Answers a direct message where it was written.
    async fn answer_direct(
        &self,
        heard: &Heard,
        key: &str,
        told: &crate::words::slack::Message,
    ) -> Result<(), Again> {
        self.post_once(key, &heard.channel, heard.thread_ts.as_deref(), told).await?;
        Ok(())
    }

    async fn note_brought(
        &self,
        ticket: &Ticket,
        heard: &Heard,
        brought: (String, String),
    ) -> Result<(), Again> {
        let said = TicketMessage {
            author: heard.author.clone(),
            words: heard.words.clone(),
            origin: (heard.channel.clone(), heard.ts.clone()),
            brought,
            at: moment(&heard.ts).unwrap_or_else(|| self.gather.now()),
        };
        Ok(self.store.note_said(&ticket.id, &said).await?)
    }

    async fn names_in(&self, words: &str) -> Result<BTreeMap<String, String>, Again> {
        let mut names = BTreeMap::new();
        for user in relayed::mentioned(words).into_iter().take(NAMES) {
            let name = self.person(&user).await?.name;
            names.insert(user, name);
        }
        Ok(names)
    }
}

fn files_of(heard: &Heard) -> Vec<File> {
    let file = |(name, link): &(String, Option<String>)| File { name: name.clone(), link: link.clone() };
    heard.files.iter().map(file).collect()
}

/// When a message was sent: a `ts` begins with the seconds since 1970.
fn moment(ts: &str) -> Option<Timestamp> {
    Timestamp::from_second(ts.split('.').next()?.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn heard(change: &Value) -> Option<Heard> {
        let mut event = json!({
            "type": "message", "user": "U0SAM", "text": "hello", "ts": "5.6", "thread_ts": "1.2",
            "channel": "C0HELPDESK", "channel_type": "channel",
        });
        for (field, value) in change.as_object().expect("an object") {
            event[field] = value.clone();
        }
        read(&event, Some("C0HELPDESK"))
    }

    #[test]
    fn what_people_say_in_a_thread_of_the_help_desk_or_to_the_bot_is_heard() {
        assert!(heard(&json!({})).is_some());
        assert!(heard(&json!({"channel": "D0SAM", "channel_type": "im", "thread_ts": null})).is_some());
        assert!(heard(&json!({"subtype": "thread_broadcast"})).is_some());
        let with_file = json!({"subtype": "file_share", "text": "", "files": [
            {"name": "portal.png", "permalink": "https://example.slack.com/files/1"},
            {"title": "odd", "permalink": "javascript:alert(1)"}, {}]});
        let files = heard(&with_file).expect("is heard").files;
        assert_eq!(files[0], ("portal.png".to_owned(), Some("https://example.slack.com/files/1".to_owned())));
        assert_eq!(files[1..], [("odd".to_owned(), None), ("a file".to_owned(), None)]);
    }

    #[test]
    fn what_nobody_says_or_says_elsewhere_is_not() {
        for change in [
            json!({"bot_id": "B0"}),
            json!({"subtype": "message_changed"}),
            json!({"subtype": "message_deleted"}),
            json!({"subtype": "channel_join"}),
            json!({"channel": "C0GENERAL"}),
            json!({"thread_ts": null}),
            json!({"thread_ts": "5.6"}),
            json!({"text": "  "}),
            json!({"user": null}),
        ] {
            assert_eq!(heard(&change), None, "{change}");
        }
    }
}
