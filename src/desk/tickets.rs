//! Tickets: questions that were handed to the help desk, from the one who asks to the one who resolves them.
//!
//! Everything is in the store, and what people see is made anew from there each time. A message is never read
//! back, and a job that died is done again from its beginning: what is done already does nothing twice.
//!
//! Reading order: this file takes the presses; [`open`] opens a ticket or joins one; [`deeds`] claim, hand over,
//! resolve and reopen; [`show`] brings what people see up to date; [`check`] looks again, and sends what is
//! missing; [`relay`] carries words between the thread and the requesters.

mod open;
mod deeds;
mod show;
mod check;
mod relay;

use futures::FutureExt as _;
use serde::{Deserialize, Serialize};
use tracing::Instrument as _;

use super::answer::Instead;
use super::bring::Bring;
use super::work::{After, Again, Performed};
use super::{Desk, Press};
use crate::store::{Deed, StoreError, Ticket};
use crate::telemetry::question_span;
use crate::words::slack::replies;
use crate::words::slack::ticket::refusals;
use crate::words::slack::ticket::standing::Person;
pub(super) use open::{Asking, Opened};
pub(super) use relay::Heard;

/// The form of what a ticket's buttons carry; a button of another form is from another version.
const FORM: u8 = 1;

/// What a ticket's buttons carry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct TicketHandle {
    #[serde(rename = "v")]
    form: u8,
    #[serde(rename = "t")]
    ticket: String,
    /// How much had happened, so that a press on the new message is no double click on the old one.
    #[serde(rename = "n", default)]
    turn: usize,
}

impl TicketHandle {
    fn of(ticket: &str, turn: usize) -> Self {
        Self { form: FORM, ticket: ticket.to_owned(), turn }
    }

    fn read(value: &str) -> Option<Self> {
        serde_json::from_str(value).ok().filter(|handle: &Self| handle.form == FORM)
    }

    fn write(&self) -> String {
        // A struct of strings always serializes; an empty value reads back as no ticket's.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Whether what was pressed stands on a ticket. The menu stands nowhere else.
pub(super) fn is_on_a_ticket(press: &Press) -> bool {
    press.action == "hand_over" || press.value.as_deref().and_then(TicketHandle::read).is_some()
}

impl Desk {
    /// A press on a ticket, which is for the help desk alone.
    pub(super) async fn pressed_on_a_ticket(&self, press: &Press) -> Performed {
        let answer = match self.help_desk.has(&press.user).await {
            Ok(true) => match self.pressed_by_an_agent(press).await {
                Ok(()) => return Ok(After::Done),
                Err(Instead::Reply(message)) => message,
                Err(Instead::Later(again)) => return Err(again),
                Err(Instead::Broke(error)) if error.passes() => return Err(Again::after(&error)),
                Err(Instead::Broke(error)) => {
                    tracing::error!(%error, action = press.action, "a press on a ticket came to nothing");
                    refusals::broke()
                }
            },
            Ok(false) => refusals::only_for_the_help_desk(),
            Err(error) => {
                tracing::error!(%error, "the help desk's members could not be read");
                refusals::cannot_tell_who_you_are()
            }
        };
        self.bring(&press.user, &Bring::beside(press), &answer).await?;
        Ok(After::Done)
    }

    async fn pressed_by_an_agent(&self, press: &Press) -> Result<(), Instead> {
        let Some(ticket) = self.ticket_with(press).await? else {
            return Err(Instead::Reply(refusals::gone()));
        };
        let done = async {
            match press.action.as_str() {
                "claim" => self.do_to_ticket(press, &ticket, Deed::Claimed).await,
                "resolve" => self.do_to_ticket(press, &ticket, Deed::Resolved).await,
                "reopen" => self.do_to_ticket(press, &ticket, Deed::Reopened).await,
                "hand_over" => self.hand_over(press, &ticket).await,
                "recheck" => self.check_ticket(press, &ticket).await,
                "sync_now" => self.sync_ticket(press, &ticket).await,
                _ => Err(Instead::Reply(replies::stale_button())),
            }
        };
        done.instrument(question_span(&ticket.reference)).boxed().await
    }

    /// The ticket on whose message the press was. A menu carries nothing, but it stands on that message.
    async fn ticket_with(&self, press: &Press) -> Result<Option<Ticket>, StoreError> {
        let place = press.channel.as_deref().zip(press.message_ts.as_deref());
        let Some(handle) = press.value.as_deref().and_then(TicketHandle::read) else {
            return match place {
                Some((channel, ts)) => self.store.ticket_at(channel, ts).await,
                None => Ok(None),
            };
        };
        let ticket = self.store.ticket(&handle.ticket).await?;
        match (&ticket, place) {
            // Whoever pressed was faster than the job that posted it and is about to note where.
            (Some(Ticket { place: None, .. }), Some((channel, ts))) => {
                self.store.place_ticket(&handle.ticket, channel, ts).await?;
                self.store.ticket(&handle.ticket).await
            }
            _ => Ok(ticket),
        }
    }

    /// Somebody with the name that stands where a mention cannot.
    async fn person(&self, user: &str) -> Result<Person, Again> {
        let name = match self.slack.user(user).await {
            Ok(person) => person.name,
            Err(error) if error.passes() => return Err(Again::after(&error)),
            Err(error) => {
                tracing::warn!(%error, "somebody's name could not be read");
                "somebody".to_owned()
            }
        };
        Ok(Person { user: user.to_owned(), name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tickets_button_is_told_from_a_reports() {
        let value = TicketHandle::of("t1", 2).write();
        assert_eq!(value, r#"{"v":1,"t":"t1","n":2}"#);
        assert_eq!(TicketHandle::read(&value), Some(TicketHandle::of("t1", 2)));
        assert_eq!(TicketHandle::read(r#"{"v":1,"r":"7K2QX","u":"U0","a":"1"}"#), None);
        assert_eq!(TicketHandle::read(r#"{"v":2,"t":"t1"}"#), None);
    }
}
