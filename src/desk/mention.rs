//! A mention in a thread or a channel: what is asked there is answered there, for everybody who reads it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::admission::Visit;
use super::answer::{Ask, Instead};
use super::bring::Bring;
use super::handle::Handle;
use super::reading::{Heard, Named, Who, read};
use super::work::{After, Again, Performed, Work};
use super::{Desk, EVENT_REPEATED};
use crate::diagnosis::facts::Account;
use crate::slack::client::Placement;
use crate::slack::reply::Reply;
use crate::words::slack::understood::{self, About, CHOICES};
use crate::words::slack::{Message, replies};

/// A mention, as the work that answers it carries it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Mention {
    /// The question as far as it is known: who asks, where, and under which reference.
    ask: Ask,
    channel: String,
    ts: String,
    /// The first message of the thread that is answered in.
    thread_ts: String,
    text: String,
    is_shared_outside: Option<bool>,
}

impl Mention {
    pub(super) fn reference(&self) -> &str {
        &self.ask.reference
    }

    pub(super) fn visit(&self) -> Visit<'_> {
        Visit {
            user: &self.ask.asker,
            channel: Some(&self.channel),
            is_shared_outside: self.is_shared_outside,
        }
    }

    pub(super) fn bring(&self) -> Bring {
        Bring::in_thread(format!("mention:{}:{}", self.channel, self.ts), &self.channel, &self.thread_ts)
    }
}

/// What is answered to a mention.
enum Answer {
    /// This question's report.
    Report(Ask),
    /// Something else.
    Say(Message),
}

impl Desk {
    pub(super) async fn mentioned(
        self: &Arc<Self>,
        event_id: &str,
        event: &Value,
        is_shared_outside: Option<bool>,
    ) -> Reply {
        let field = |name: &str| event[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let (Some(user), Some(channel), Some(ts)) = (field("user"), field("channel"), field("ts")) else {
            return Reply::Empty;
        };
        // An app that mentions the bot could be answered for ever; a direct message needs no mention.
        if field("bot_id").is_some() || channel.starts_with('D') {
            return Reply::Empty;
        }
        let ask = Ask { channel: Some(channel.clone()), ..self.ask(user.clone(), user, Vec::new()) };
        let thread_ts = field("thread_ts").unwrap_or_else(|| ts.clone());
        let text = field("text").unwrap_or_default();
        let mention = Mention { ask, channel, ts, thread_ts, text, is_shared_outside };
        let (asker, alone) =
            (mention.ask.asker.clone(), Bring::by(mention.bring().key, None, Placement::NewEphemeral));
        let order = Work::AnswerMention(Box::new(mention)).order(format!("event:{event_id}"));
        let taken = self.take_question(&asker, order.remembered(EVENT_REPEATED)).await;
        self.reply(&asker, alone, taken)
    }

    pub(super) async fn answer_mention(&self, mention: &Mention) -> Performed {
        let message = match self.understood(mention).await {
            Ok(Answer::Report(ask)) => return self.answer(&ask, &mention.bring()).await,
            Ok(Answer::Say(message)) | Err(Instead::Reply(message)) => message,
            Err(Instead::Later(again)) => return Err(again),
            Err(Instead::Broke(error)) if error.passes() => return Err(Again::after(&error)),
            Err(Instead::Broke(error)) => {
                tracing::error!(%error, "a mention could not be answered");
                replies::broke(&mention.ask.reference, error.lacks())
            }
        };
        self.bring(&mention.ask.asker, &mention.bring(), &message).await?;
        Ok(After::Done)
    }

    async fn understood(&self, mention: &Mention) -> Result<Answer, Instead> {
        let bot = self.admission.bot().await?.user_id.clone();
        let accounts = self.gather.accounts().await;
        let known: &[Account] = accounts.value().map_or(&[], |accounts| accounts.as_slice());
        let heard = read(&mention.text, &bot, known);
        if heard.is_empty {
            return Ok(Answer::Say(understood::what_i_do()));
        }
        let people = self.people_named(&heard.people).await?;
        let about = match people.as_slice() {
            [] => mention.ask.asker.clone(),
            [one] => one.clone(),
            _ => return Ok(Answer::Say(self.which_person(mention, &people, &heard).await?)),
        };
        if let Some(refusal) = self.refusal(&mention.ask.asker, &about).await {
            return Err(Instead::Reply(refusal));
        }
        match (heard.accounts.as_slice(), accounts.gap()) {
            ([account], _) => {
                let words = std::iter::once(account.ask.clone()).chain(heard.permission_set).collect();
                Ok(Answer::Report(Ask { about, words, ..mention.ask.clone() }))
            }
            ([], Some(gap)) => Ok(Answer::Say(understood::accounts_unread(&gap.operation))),
            ([], None) => Ok(Answer::Say(self.which_account(mention, &about, &heard).await?)),
            (several, _) => {
                let choices = choices(mention, &about, several, heard.permission_set.as_deref());
                Ok(Answer::Say(understood::one_account_at_a_time(&choices)))
            }
        }
    }

    /// Slack's ids of those who were named, each once.
    async fn people_named(&self, people: &[Who]) -> Result<Vec<String>, Instead> {
        let mut ids = Vec::new();
        for who in people {
            let id = match who {
                Who::Mentioned(id) => id.clone(),
                Who::Unresolved(name) => return Err(Instead::Reply(replies::no_such_mention(name))),
                Who::Written(email) => match self.slack.user_by_email(email).await? {
                    Some(user) => user.id,
                    None => return Err(Instead::Reply(understood::nobody_of_this_address(email))),
                },
            };
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    async fn which_account(&self, mention: &Mention, about: &str, heard: &Heard) -> Result<Message, Instead> {
        let near = heard.near.iter().map(|name| Named { ask: name.clone(), label: name.clone() });
        let near: Vec<Named> = near.collect();
        let choices = choices(mention, about, &near, heard.permission_set.as_deref());
        if about == mention.ask.asker {
            return Ok(understood::which_account(&About::Writer, &choices));
        }
        let person = self.slack.user(about).await?;
        Ok(understood::which_account(&About::Somebody(&person.name), &choices))
    }

    /// Each of several people becomes a choice, where the account is clear and the asker may ask about them all.
    async fn which_person(
        &self,
        mention: &Mention,
        people: &[String],
        heard: &Heard,
    ) -> Result<Message, Instead> {
        for about in people {
            if let Some(refusal) = self.refusal(&mention.ask.asker, about).await {
                return Ok(refusal);
            }
        }
        let mut offered = Vec::new();
        if let [account] = heard.accounts.as_slice() {
            for about in people.iter().take(CHOICES) {
                let person = self.slack.user(about).await?;
                let one = std::slice::from_ref(account);
                let choice = choices(mention, about, one, heard.permission_set.as_deref());
                offered.extend(choice.into_iter().map(|(_, value)| (person.name.clone(), value)));
            }
        }
        Ok(understood::one_person_at_a_time(&offered))
    }
}

/// A button for each account, which asks about it in the place of the message that it stands in.
fn choices(
    mention: &Mention,
    about: &str,
    accounts: &[Named],
    permission_set: Option<&str>,
) -> Vec<understood::Choice> {
    let choice = |account: &Named| {
        let (reference, set) = (mention.ask.reference.clone(), permission_set.map(str::to_owned));
        let handle = Handle::new(reference, about.to_owned(), account.ask.clone(), set);
        (account.label.clone(), handle.for_everybody().write())
    };
    accounts.iter().take(CHOICES).map(choice).collect()
}
