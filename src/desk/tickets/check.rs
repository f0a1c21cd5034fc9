//! From a ticket: "Check again", which looks past every cache, and "Sync now", which has the IdP send what is still
//! missing. What comes of it is said in the thread.

use std::time::Duration;

use super::super::answer::{Ask, Instead};
use super::super::handle::Handle;
use super::super::sync_now::Ordered;
use super::super::work::{After, Again, Performed, Work};
use super::super::{Desk, Press, audit};
use crate::diagnosis::causes::Cause;
use crate::diagnosis::changes::changes;
use crate::diagnosis::{Diagnosis, Verdict};
use crate::store::{Deed, StoreError, Ticket, TicketEvent};
use crate::words::say::Whom;
use crate::words::slack::ticket::{direct, thread};
use crate::words::slack::{Since, sync_now};

impl Desk {
    pub(super) async fn check_ticket(&self, press: &Press, ticket: &Ticket) -> Result<(), Instead> {
        self.ticket_checked(press, ticket).await?;
        Ok(())
    }

    /// Looks first: what was missing when the ticket was opened may have arrived since.
    pub(super) async fn sync_ticket(&self, press: &Press, ticket: &Ticket) -> Result<(), Instead> {
        self.may_sync(&press.user, &ticket.about).await.map_err(Instead::Reply)?;
        let now = self.ticket_checked(press, ticket).await?;
        if now.verdict == Verdict::Access {
            return Ok(());
        }
        let handle = Handle::new(
            ticket.reference.clone(),
            ticket.about.clone(),
            ticket.account_id.clone(),
            ticket.permission_set.clone(),
        );
        match self.order_sending(press, handle, &now, Some(ticket.id.clone())).await? {
            Ordered::Begun => Ok(()),
            Ordered::UnderWay => Err(Instead::Reply(sync_now::under_way())),
            Ordered::NothingToSend => Err(Instead::Reply(sync_now::nothing_to_send())),
        }
    }

    /// A report or a watch has found access: each open ticket about the same is looked at.
    pub(in crate::desk) async fn look_at_tickets(
        &self,
        about: &str,
        asker: &str,
        found: &Diagnosis,
    ) -> Result<(), StoreError> {
        let (Verdict::Access, Some(account)) = (found.verdict, &found.account) else {
            return Ok(());
        };
        for ticket in self.store.unrestored_tickets(about, &account.id).await? {
            let key = format!("restored:{ticket}");
            let look = Work::MayBeRestored { ticket, asker: asker.to_owned() };
            self.order(look.order(key).remembered(Duration::ZERO)).await?;
        }
        Ok(())
    }

    /// The ticket's own question, which may name a permission set that the other did not.
    pub(in crate::desk) async fn look_whether_restored(&self, id: &str, asker: &str) -> Performed {
        let Some(ticket) = self.store.ticket(id).await? else {
            return Ok(After::Done);
        };
        let words = std::iter::once(&ticket.account_id).chain(&ticket.permission_set).cloned().collect();
        let ask = self.ask(asker.to_owned(), ticket.about.clone(), words);
        let ask = Ask { reference: ticket.reference.clone(), ..ask };
        match self.in_aws(&ask).await {
            Ok(now) => {
                let key = format!("found:{}:{}", ticket.id, now.checked_at.as_second());
                self.note_restored(id, asker, &key, &now).await?;
            }
            Err(Instead::Later(again)) => return Err(again),
            Err(Instead::Broke(error)) if error.passes() => return Err(Again::after(&error)),
            // Nobody has pressed anything who would have to be told.
            Err(Instead::Broke(_) | Instead::Reply(_)) => {}
        }
        Ok(After::Done)
    }

    /// The ticket's question, asked past every cache, and told in the thread.
    async fn ticket_checked(&self, press: &Press, ticket: &Ticket) -> Result<Diagnosis, Instead> {
        let words = std::iter::once(&ticket.account_id).chain(&ticket.permission_set).cloned().collect();
        let ask = Ask {
            // The same for each try, which keeps one row.
            id: press.key(),
            reference: ticket.reference.clone(),
            channel: press.channel.clone(),
            live: true,
            ..self.ask(press.user.clone(), ticket.about.clone(), words)
        };
        let before = self.store.newest_question(&ticket.reference, &ticket.about, &ask.id).await?;
        let now = self.looked_into(&ask).await?;
        let before = before.as_ref().map(audit::before);
        let since = before.as_ref().map(|before| Since { before, changes: changes(before, &now) });
        let told = thread::checked(&now, since.as_ref());
        let key = format!("checked:{}", press.key());
        self.say_in_thread(&ticket.id, &key, &told).await?;
        self.note_restored(&ticket.id, &press.user, &press.key(), &now).await?;
        Ok(now)
    }

    /// Notes, shows and tells that a check has found the access in place, if it has. `key` is the same for each
    /// try of the check.
    pub(in crate::desk) async fn note_restored(
        &self,
        id: &str,
        who: &str,
        key: &str,
        now: &Diagnosis,
    ) -> Result<(), Again> {
        let Some(seen) = self.seen_ticket(id).await? else {
            return Ok(());
        };
        // Where it was in place from the beginning, somebody misses it all the same.
        let was_in_place = seen.ticket.cause == Cause::PortalStale.name();
        if now.verdict != Verdict::Access || was_in_place {
            return Ok(());
        }
        let event = TicketEvent {
            id: format!("{key}:restored"),
            who: who.to_owned(),
            what: Deed::Restored,
            whom: None,
            at: self.gather.now(),
        };
        if !self.done_to_ticket(id, &event).await? {
            return Ok(());
        }
        self.show_ticket(id).await?;
        for requester in seen.requesters.iter().filter(|requester| requester.user != who) {
            let is_oneself = requester.user == seen.ticket.about;
            let whom = if is_oneself { Whom::Reader } else { Whom::other(now) };
            self.write_to(&seen.ticket, requester, &event, &direct::restored(now, &whom)).await?;
        }
        Ok(())
    }
}
