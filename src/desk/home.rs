//! The Home tab: published anew whenever it is opened, and after what was done on it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::join;
use jiff::SignedDuration;
use serde_json::Value;

use super::admission::Visit;
use super::bring::Bring;
use super::crowd::Untaken;
use super::handle::{Handle, Origin};
use super::work::{After, Again, Performed, Work};
use super::{Desk, Press};
use crate::diagnosis::causes::Cause;
use crate::diagnosis::portal::portal;
use crate::jobs::Accepted;
use crate::slack::client::{Placement, SlackUser};
use crate::slack::reply::Reply;
use crate::store::{Asked, OpenTickets, StoreError};
use crate::words::slack::home::{self, HelpDesk, Home, OpenQuestion, QUESTIONS, TICKETS, Ticket, Tickets};
use crate::words::slack::{forms, replies};

/// How long a question counts as open: whoever still needs the account a week later asks again.
const OPEN_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Desk {
    /// Somebody has opened the app; its other tabs show nothing of ours.
    pub(super) async fn app_opened(&self, user: Option<String>, event: &Value) -> Reply {
        let Some(user) = user.filter(|_| event["tab"] == "home") else {
            return Reply::Empty;
        };
        // However often it is opened: while one is being published, which may show what was before, one more waits, and
        // another beside that would show the same. An event that comes once more does no harm.
        for turn in ["opened", "opened again"] {
            let order = Work::Home(user.clone()).order(format!("{turn}:{user}")).remembered(Duration::ZERO);
            match self.order(order.unless_busy()).await {
                Ok(Accepted::Duplicate) => {}
                // Where it is busy the tab stays as it was; whoever opens it again has another.
                Ok(Accepted::New | Accepted::Busy) => break,
                Err(error) => {
                    tracing::error!(%error, "the store is away, so that a Home tab stays as it was");
                    return Reply::NotTaken;
                }
            }
        }
        Reply::Empty
    }

    /// Does what was asked for on the Home tab, and then has it published anew.
    pub(super) async fn done_at_home(self: Arc<Self>, user: String, work: Work) -> Performed {
        let after = Box::pin(self.clone().performed(work)).await?;
        let order = Work::Home(user.clone()).order(format!("home:{user}"));
        // While one is being published, what it shows may be older than this.
        self.order(order.remembered(Duration::ZERO).may_be_open_twice()).await?;
        Ok(after)
    }

    /// "Ask about an account": the form, whose answer comes as a direct message.
    pub(super) fn ask_from_home(self: &Arc<Self>, press: Press) -> Result<(), Untaken> {
        let desk = self.clone();
        self.opens(async move {
            let bring = Bring::by(press.key(), None, Placement::NewEphemeral);
            if let Some(refusal) = desk.unwelcome_now(Visit::by(&press)).await {
                // Whoever is not served asks no further; there is nothing to repeat.
                let _ = desk.bring(&press.user, &bring, &refusal).await;
                return;
            }
            let origin = Origin { at_home: true, ..Origin::default() };
            let asks = forms::Asks { about: &press.user, account: None, permission_set: None };
            let form = forms::diagnose(&asks, &origin.write());
            let trigger = press.trigger.as_deref().unwrap_or_default();
            if let Err(error) = desk.slack.open_view(trigger, &form).await {
                tracing::error!(%error, "the form could not be opened from the Home tab");
                // Whoever sees no form presses again; there is nothing to repeat.
                let _ = desk.bring(&press.user, &bring, &replies::form_did_not_open()).await;
            }
        })
    }

    /// Shows this person their Home tab as it stands now.
    pub(super) async fn publish_home(&self, user: &str) -> Performed {
        let reader = match self.slack.user(user).await {
            Ok(reader) => reader,
            Err(error) if error.passes() => return Err(Again::after(&error)),
            Err(error) => {
                tracing::error!(%error, "a Home tab's reader could not be read");
                let unread = home::only(&replies::cannot_tell_whose_you_are(error.lacks()));
                return self.publish(user, &unread).await;
            }
        };
        let view = match self.unwelcome(Visit::of(user, None)).await? {
            Some(refusal) => home::only(&refusal),
            None => self.view_of(&reader).boxed().await?,
        };
        self.publish(user, &view).await
    }

    async fn publish(&self, user: &str, view: &Value) -> Performed {
        match self.slack.publish_home(user, view).await {
            Ok(()) => Ok(After::Done),
            Err(error) if error.passes() => Err(Again::after(&error)),
            Err(error) => {
                tracing::error!(%error, "a Home tab could not be published");
                Ok(After::Done)
            }
        }
    }

    async fn view_of(&self, reader: &SlackUser) -> Result<Value, StoreError> {
        let has = async {
            match &reader.email {
                Some(email) => Some(portal(&self.gather.portal(email).await)),
                None => None,
            }
        };
        let (has, is_agent) = join(has.boxed(), self.help_desk.has(&reader.id)).await;
        let own = told(self.store.open_tickets_of(&reader.id, most_tickets()).await?);
        let everybodys = match is_agent {
            Ok(true) => Some(told(self.store.open_tickets(most_tickets()).await?)),
            _ => None,
        };
        let help_desk = match (&is_agent, &everybodys) {
            (Err(error), _) => {
                tracing::warn!(%error, "the help desk's members could not be read for a Home tab");
                HelpDesk::Unseen
            }
            (Ok(_), Some(tickets)) => HelpDesk::Agent(tickets),
            (Ok(_), None) => HelpDesk::No,
        };
        let questions = self.open_questions(&reader.id).await?;
        Ok(home::home(&Home { portal: has.as_ref(), questions: &questions, tickets: &own, help_desk }))
    }

    async fn open_questions(&self, user: &str) -> Result<Vec<OpenQuestion>, StoreError> {
        let at_most = i64::try_from(QUESTIONS).unwrap_or(i64::MAX);
        let asked = self.store.open_questions(user, self.gather.now() - OPEN_FOR, at_most).await?;
        let watched: BTreeSet<String> = self.store.watched_accounts(user).await?.into_iter().collect();
        Ok(asked.into_iter().map(|asked| open_question(asked, &watched)).collect())
    }
}

fn open_question(asked: Asked, watched: &BTreeSet<String>) -> OpenQuestion {
    let account = asked.account_id.unwrap_or_else(|| asked.account_name.clone());
    OpenQuestion {
        is_watched: watched.contains(&account),
        handle: Handle::new(asked.reference, asked.about, account, asked.permission_set.clone()).write(),
        account_name: asked.account_name,
        permission_set: asked.permission_set,
        cause: asked.cause.as_deref().and_then(Cause::named),
        checked_at: asked.checked_at,
    }
}

fn most_tickets() -> i64 {
    i64::try_from(TICKETS).unwrap_or(i64::MAX)
}

fn told(tickets: OpenTickets) -> Tickets {
    let first = tickets.first.into_iter().map(|ticket| Ticket {
        account_name: ticket.account_name,
        requester: ticket.requester,
        agent: ticket.agent,
        restored: ticket.restored,
        link: ticket.link,
        opened_at: ticket.opened_at,
    });
    Tickets { first: first.collect(), in_all: tickets.in_all }
}
