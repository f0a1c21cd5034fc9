//! What people see of a ticket: the help desk its message, each requester theirs, both made anew from the store.

use super::super::Desk;
use super::super::work::Again;
use super::TicketHandle;
use crate::store::{self, Requester, StoreError, Ticket, TicketEvent, TicketMessage, TicketState};
use crate::words::slack::Message;
use crate::words::slack::ticket::card::{Card, card};
use crate::words::slack::ticket::direct::{self, Direct};
use crate::words::slack::ticket::standing::{Deed, Happened, Person, Standing};

/// A ticket with all that is shown of it.
pub(super) struct Seen {
    pub(super) ticket: Ticket,
    events: Vec<TicketEvent>,
    pub(super) requesters: Vec<Requester>,
}

impl Seen {
    /// Whether people see the same of both. Everything that changes what they see is an event.
    fn looks_like(&self, other: &Self) -> bool {
        self.ticket.state == other.ticket.state && self.events == other.events
    }
}

impl Desk {
    /// Brings every message about a ticket up to date.
    pub(super) async fn show_ticket(&self, id: &str) -> Result<(), Again> {
        self.show_ticket_after(id, None).await
    }

    /// The same, where this much is shown already. It is read anew after it was shown: of two jobs that change
    /// the ticket at once, the one that shows it last has then seen both changes.
    pub(super) async fn show_ticket_after(&self, id: &str, mut shown: Option<Seen>) -> Result<(), Again> {
        loop {
            let Some(seen) = self.seen_ticket(id).await? else {
                return Ok(());
            };
            if shown.as_ref().is_some_and(|shown| shown.looks_like(&seen)) {
                return Ok(());
            }
            let standing = self.how_it_stands(&seen).await?;
            // It is being posted; that job shows it as it stands then.
            let (channel, ts) = seen.ticket.place.as_ref().ok_or(Again)?;
            self.update(channel, ts, &self.card_of(&seen, &standing)).await?;
            for requester in &seen.requesters {
                if let Some((channel, ts)) = &requester.place {
                    let message = self.direct_of(&seen.ticket, &standing, &requester.user).await?;
                    self.update(channel, ts, &message).await?;
                }
            }
            shown = Some(seen);
        }
    }

    /// A change writes the ticket and its event at once; what is read while that happens is read again.
    pub(super) async fn seen_ticket(&self, id: &str) -> Result<Option<Seen>, StoreError> {
        let mut before = self.store.ticket(id).await?;
        loop {
            let events = self.store.ticket_events(id).await?;
            let requesters = self.store.requesters(id).await?;
            let ticket = self.store.ticket(id).await?;
            if ticket == before {
                return Ok(ticket.map(|ticket| Seen { ticket, events, requesters }));
            }
            before = ticket;
        }
    }

    /// The ticket's message, where it is about to be posted.
    pub(super) async fn new_card(&self, ticket: &Ticket) -> Result<Message, Again> {
        let events = self.store.ticket_events(&ticket.id).await?;
        let seen = Seen { ticket: ticket.clone(), events, requesters: Vec::new() };
        let standing = self.how_it_stands(&seen).await?;
        Ok(self.card_of(&seen, &standing))
    }

    /// Writes to a requester for the first time: from then on that message is kept up to date.
    pub(super) async fn post_direct(&self, id: &str, user: &str) -> Result<(), Again> {
        let Some(seen) = self.seen_ticket(id).await? else {
            return Ok(());
        };
        if seen.requesters.iter().any(|one| one.user == user && one.place.is_some()) {
            return Ok(());
        }
        let standing = self.how_it_stands(&seen).await?;
        let message = self.direct_of(&seen.ticket, &standing, user).await?;
        if let Some(posted) = self.post_once(&format!("ticket:{id}:{user}"), user, None, &message).await? {
            self.store.place_direct(id, user, &posted.channel, &posted.ts).await?;
        }
        Ok(())
    }

    /// Tells the requesters what they are to notice: an edited message notifies nobody. Whoever has the ticket
    /// only shows in the message that is kept up to date.
    pub(super) async fn tell_requesters(&self, id: &str, event: &TicketEvent) -> Result<(), Again> {
        let Some(Seen { ticket, requesters, .. }) = self.seen_ticket(id).await? else {
            return Ok(());
        };
        let told = match event.what {
            store::Deed::Resolved => direct::resolved,
            store::Deed::Reopened => direct::reopened,
            _ => return Ok(()),
        };
        let by = self.person(&event.who).await?;
        for requester in requesters.iter().filter(|requester| requester.user != event.who) {
            let about = self.whom_it_is_about(&ticket, &requester.user).await?;
            let message = told(&ticket.account_name, about.as_ref(), &by);
            self.write_to(&ticket, requester, event, &message).await?;
        }
        Ok(())
    }

    /// Writes to a requester about something that happened; what they answer there belongs to the ticket.
    pub(super) async fn write_to(
        &self,
        ticket: &Ticket,
        requester: &Requester,
        event: &TicketEvent,
        message: &Message,
    ) -> Result<(), Again> {
        let key = format!("news:{}:{}", event.id, requester.user);
        let Some(posted) = self.post_once(&key, &requester.user, None, message).await? else {
            return Ok(());
        };
        let channel = ticket.place.as_ref().map_or("", |(channel, _)| channel);
        let told = TicketMessage {
            author: event.who.clone(),
            words: String::new(),
            // It was written nowhere before: the event stands for that.
            origin: (channel.to_owned(), event.id.clone()),
            brought: (posted.channel, posted.ts),
            at: event.at,
        };
        self.store.note_said(&ticket.id, &told).await?;
        Ok(())
    }

    /// Says something once in a ticket's thread.
    pub(in crate::desk) async fn say_in_thread(
        &self,
        id: &str,
        key: &str,
        message: &Message,
    ) -> Result<(), Again> {
        if let Some((channel, ts)) = self.store.ticket(id).await?.and_then(|ticket| ticket.place) {
            self.post_once(key, &channel, Some(&ts), message).await?;
        }
        Ok(())
    }

    pub(super) async fn how_it_stands(&self, seen: &Seen) -> Result<Standing, Again> {
        let Seen { ticket, events, .. } = seen;
        let last = |deeds: &[store::Deed]| events.iter().rev().find(|event| deeds.contains(&event.what));
        let taken = [store::Deed::Claimed, store::Deed::HandedOver, store::Deed::Reopened];
        Ok(match (ticket.state, &ticket.agent) {
            (TicketState::Claimed, Some(agent)) => Standing::Claimed {
                agent: self.person(agent).await?,
                since: last(&taken).map_or(ticket.changed_at, |event| event.at),
            },
            (TicketState::Resolved, agent) => {
                let event = last(&[store::Deed::Resolved]);
                let by = event.map(|event| &event.who).or(agent.as_ref());
                Standing::Resolved {
                    by: self.person(by.map_or("", String::as_str)).await?,
                    at: event.map_or(ticket.changed_at, |event| event.at),
                }
            }
            (TicketState::New | TicketState::Claimed, _) => Standing::New,
        })
    }

    fn card_of(&self, seen: &Seen, standing: &Standing) -> Message {
        let Seen { ticket, events, .. } = seen;
        let empty = || Message { text: ticket.account_name.clone(), blocks: Vec::new() };
        let happened: Vec<Happened> = events.iter().map(happened).collect();
        card(&Card {
            report: &serde_json::from_str(&ticket.report).unwrap_or_else(|_| empty()),
            standing,
            restored: ticket.restored,
            happened: &happened,
            handle: &TicketHandle::of(&ticket.id, events.len()).write(),
            can_sync_now: self.force_sync && ticket.can_be_sent,
        })
    }

    async fn direct_of(&self, ticket: &Ticket, standing: &Standing, reader: &str) -> Result<Message, Again> {
        let about = self.whom_it_is_about(ticket, reader).await?;
        Ok(direct::direct(&Direct {
            account: &ticket.account_name,
            about: about.as_ref(),
            standing,
            restored: ticket.restored,
            link: ticket.link.as_deref(),
            reference: &ticket.reference,
        }))
    }

    /// Whom the ticket is about, if not its reader.
    async fn whom_it_is_about(&self, ticket: &Ticket, reader: &str) -> Result<Option<Person>, Again> {
        match ticket.about == reader {
            true => Ok(None),
            false => Ok(Some(self.person(&ticket.about).await?)),
        }
    }
}

fn happened(event: &TicketEvent) -> Happened {
    let what = match event.what {
        store::Deed::Opened => Deed::Opened,
        store::Deed::Joined => Deed::Joined,
        store::Deed::Claimed => Deed::Claimed,
        store::Deed::HandedOver => Deed::HandedOver,
        store::Deed::Resolved => Deed::Resolved,
        store::Deed::Reopened => Deed::Reopened,
        store::Deed::Restored => Deed::Restored,
    };
    Happened { what, who: event.who.clone(), whom: event.whom.clone(), at: event.at }
}
