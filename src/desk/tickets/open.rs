//! A ticket is opened, or whoever asks for the same joins the one that is open.

use jiff::{SignedDuration, Timestamp};

use super::super::Desk;
use super::super::handle::Report;
use super::super::work::Again;
use crate::diagnosis::Diagnosis;
use crate::store::{Deed, NewTicket, StoreError, Ticket, TicketEvent};
use crate::words::slack::ticket::frozen::{Escalation, frozen};
use crate::words::slack::ticket::thread;

/// Whoever needs a ticket that is being posted by the job that opened it looks again after this.
pub(super) const BEING_POSTED: SignedDuration = SignedDuration::from_secs(2);

/// After this a ticket is posted by whoever comes: the job that opened it has been given up by then, since its
/// last try comes after 35 minutes.
pub(super) const GIVEN_UP: SignedDuration = SignedDuration::from_mins(45);

/// A question for the help desk.
pub(in crate::desk) struct Asking<'a> {
    /// Of the ticket, where none is open for the same.
    pub(in crate::desk) id: &'a str,
    /// What tells this asking from others.
    pub(in crate::desk) key: &'a str,
    pub(in crate::desk) user: &'a str,
    pub(in crate::desk) note: &'a str,
    pub(in crate::desk) reference: &'a str,
    pub(in crate::desk) report: &'a Report,
}

/// What became of it.
pub(in crate::desk) enum Opened {
    New,
    Joined {
        link: Option<String>,
        has_asked_before: bool,
    },
    /// Another job is about to post the same.
    NotYet(Timestamp),
    /// Slack does not let the bot post in the help desk's channel.
    Refused,
}

impl Desk {
    pub(in crate::desk) async fn open_ticket(
        &self,
        asking: &Asking<'_>,
        channel: &str,
    ) -> Result<Opened, Again> {
        let now = self.gather.now();
        let ticket = self.store.open_ticket(&new_ticket(asking), now).await?;
        let is_new = ticket.id == asking.id;
        let has_asked_before = self.note_asking(asking, &ticket, is_new).await?;
        let is_posted = ticket.place.is_some();
        if !is_posted && !is_new && now < ticket.opened_at + GIVEN_UP {
            return Ok(Opened::NotYet(now + BEING_POSTED));
        }
        let before = self.seen_ticket(&ticket.id).await?;
        if !is_posted && !self.ticket_posted(&ticket, channel).await? {
            self.store.withdraw_ticket(&ticket.id).await?;
            return Ok(Opened::Refused);
        }
        if ticket.link.is_none() {
            self.note_link(&ticket.id).await?;
        }
        self.post_direct(&ticket.id, asking.user).await?;
        if !is_new && !asking.note.trim().is_empty() {
            let note = thread::joined(&self.person(asking.user).await?, asking.note);
            self.say_in_thread(&ticket.id, &format!("note:{}", asking.key), &note).await?;
        }
        // What was just posted is shown again only if something has happened meanwhile.
        self.show_ticket_after(&ticket.id, before.filter(|_| !is_posted)).await?;
        if is_new {
            return Ok(Opened::New);
        }
        let link = self.store.ticket(&ticket.id).await?.and_then(|ticket| ticket.link);
        Ok(Opened::Joined { link, has_asked_before })
    }

    /// Notes who has opened or joined it. Whether they had asked for the same before.
    async fn note_asking(
        &self,
        asking: &Asking<'_>,
        ticket: &Ticket,
        is_new: bool,
    ) -> Result<bool, StoreError> {
        let what = if is_new { Deed::Opened } else { Deed::Joined };
        let event = TicketEvent {
            id: format!("{}:{}", asking.key, what.name()),
            who: asking.user.to_owned(),
            what,
            whom: None,
            at: self.gather.now(),
        };
        let events = self.store.ticket_events(&ticket.id).await?;
        let has_asked = |earlier: &TicketEvent| {
            matches!(earlier.what, Deed::Opened | Deed::Joined)
                && earlier.who == asking.user
                && earlier.id != event.id
        };
        if events.iter().any(has_asked) {
            return Ok(true);
        }
        self.done_to_ticket(&ticket.id, &event).await?;
        if is_new {
            metrics::counter!("sso_why_escalations_total").increment(1);
        }
        Ok(false)
    }

    /// Posts a ticket in the help desk's channel and notes where. Not, where Slack refuses for good.
    async fn ticket_posted(&self, ticket: &Ticket, channel: &str) -> Result<bool, Again> {
        let card = self.new_card(ticket).await?;
        let Some(posted) = self.post_once(&format!("ticket:{}", ticket.id), channel, None, &card).await?
        else {
            return Ok(false);
        };
        // At once: whoever sees it may answer at once.
        self.store.place_ticket(&ticket.id, &posted.channel, &posted.ts).await?;
        Ok(true)
    }

    /// Notes the link to a ticket that is posted. Where Slack gives none, whoever comes next asks once more.
    async fn note_link(&self, id: &str) -> Result<(), Again> {
        let Some((channel, ts)) = self.store.ticket(id).await?.and_then(|ticket| ticket.place) else {
            return Ok(());
        };
        match self.slack.permalink(&channel, &ts).await {
            Ok(link) => Ok(self.store.link_ticket(id, &link).await?),
            Err(error) if error.passes() => Err(Again::after(&error)),
            Err(error) => {
                tracing::warn!(%error, "a ticket was posted, and Slack gave no link to it");
                Ok(())
            }
        }
    }

    /// The ticket that this reader has open for the same person and account.
    pub(in crate::desk) async fn own_ticket(
        &self,
        reader: &str,
        about: &str,
        diagnosis: &Diagnosis,
    ) -> Result<Option<Ticket>, StoreError> {
        let account = account_id(diagnosis);
        let tickets = self.store.requested_tickets(reader).await?;
        Ok(tickets.into_iter().find(|ticket| ticket.about == about && ticket.account_id == account))
    }
}

fn new_ticket(asking: &Asking) -> NewTicket {
    let Report { about, diagnosis, channel, .. } = asking.report;
    let frozen = frozen(
        diagnosis,
        &Escalation {
            requester: asking.user,
            channel: channel.as_deref().filter(|channel| channel.starts_with(['C', 'G'])),
            note: asking.note,
            reference: asking.reference,
        },
    );
    NewTicket {
        id: asking.id.to_owned(),
        reference: asking.reference.to_owned(),
        requester: asking.user.to_owned(),
        about: about.clone(),
        account_id: account_id(diagnosis).to_owned(),
        account_name: crate::words::account::account_name(diagnosis).to_owned(),
        permission_set: diagnosis.question.permission_set.clone(),
        cause: diagnosis.cause().map_or(diagnosis.failing_step().name(), |cause| cause.name()).to_owned(),
        can_be_sent: diagnosis.group_to_send().is_some(),
        // A message of strings and JSON always serializes.
        report: serde_json::to_string(&frozen).unwrap_or_default(),
    }
}

/// The account's number, or what was typed where there is none.
fn account_id(diagnosis: &Diagnosis) -> &str {
    diagnosis.account.as_ref().map_or(&diagnosis.question.account, |account| &account.id)
}
