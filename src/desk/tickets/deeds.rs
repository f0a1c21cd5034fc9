//! Claiming, handing over, resolving and reopening: what agents do to a ticket.

use super::super::answer::Instead;
use super::super::{Desk, Press};
use crate::store::{Deed, StoreError, Ticket, TicketEvent};
use crate::words::slack::ticket::standing::Standing;
use crate::words::slack::ticket::{refusals, thread};

impl Desk {
    /// Does it and shows it, or says how the ticket stands by now.
    pub(super) async fn do_to_ticket(
        &self,
        press: &Press,
        ticket: &Ticket,
        what: Deed,
    ) -> Result<(), Instead> {
        self.do_for(press, ticket, what, None).await
    }

    /// Gives a ticket to another agent, who learns of it in the thread.
    pub(super) async fn hand_over(&self, press: &Press, ticket: &Ticket) -> Result<(), Instead> {
        let Some(picked) = press.selected.as_deref() else {
            return Ok(());
        };
        match self.help_desk.has(picked).await {
            Ok(true) => {}
            Ok(false) => {
                let picked = self.person(picked).await?;
                return Err(Instead::Reply(refusals::not_on_the_help_desk(&picked)));
            }
            Err(error) => {
                tracing::error!(%error, "the help desk's members could not be read");
                return Err(Instead::Reply(refusals::cannot_tell_who_you_are()));
            }
        }
        self.do_for(press, ticket, Deed::HandedOver, Some(picked)).await?;
        if picked == press.user {
            return Ok(());
        }
        let by = self.person(&press.user).await?;
        let to = self.person(picked).await?;
        let told = thread::handed_over(&by, &to);
        let key = format!("handed-over:{}", press.key());
        self.say_in_thread(&ticket.id, &key, &told).await.map_err(Instead::Later)
    }

    async fn do_for(
        &self,
        press: &Press,
        ticket: &Ticket,
        what: Deed,
        whom: Option<&str>,
    ) -> Result<(), Instead> {
        let event = TicketEvent {
            id: press.key(),
            who: press.user.clone(),
            what,
            whom: whom.map(str::to_owned),
            at: self.gather.now(),
        };
        let is_done = self.done_to_ticket(&ticket.id, &event).await?;
        // What was pressed on may be out of date, too.
        self.show_ticket(&ticket.id).await?;
        if !is_done {
            return self.why_not(press, &ticket.id, what).await;
        }
        self.tell_requesters(&ticket.id, &event).await.map_err(Instead::Later)
    }

    /// Does something to a ticket, and counts it.
    pub(super) async fn done_to_ticket(&self, ticket: &str, event: &TicketEvent) -> Result<bool, StoreError> {
        let is_done = self.store.change_ticket(ticket, event).await?;
        if is_done {
            tracing::info!(ticket, by = event.who, what = event.what.name(), "a ticket");
            metrics::counter!("sso_why_tickets_total", "what" => event.what.name()).increment(1);
        }
        Ok(is_done)
    }

    async fn why_not(&self, press: &Press, ticket: &str, what: Deed) -> Result<(), Instead> {
        let Some(seen) = self.seen_ticket(ticket).await? else {
            return Err(Instead::Reply(refusals::gone()));
        };
        let standing = self.how_it_stands(&seen).await?;
        Err(Instead::Reply(match (what, &standing) {
            (Deed::Reopened, Standing::Resolved { .. }) => {
                let Ticket { about, account_id, cause, .. } = &seen.ticket;
                let other = self.store.open_ticket_about(about, account_id, cause).await?;
                refusals::another_is_open(other.and_then(|other| other.link).as_deref())
            }
            (Deed::HandedOver, Standing::Claimed { agent, since }) => refusals::has_it_already(agent, *since),
            _ => refusals::stale(&standing, &press.user),
        }))
    }
}
