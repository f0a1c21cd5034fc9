//! Who asked for a ticket, where each of them is kept informed, and what is said between them and the help desk.

use jiff::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{Ticket, place, read};
use crate::store::{Store, StoreError, new_id, to_ms};

const OPEN_OF: &str = "\
    SELECT ticket.* FROM ticket JOIN ticket_requester ON ticket_requester.ticket = ticket.id \
    WHERE ticket_requester.requester = $1 AND ticket.state <> 'resolved' ORDER BY ticket.opened_at";
/// By the message that keeps a requester informed, or by one that was brought from or to the ticket's thread.
const BY_DIRECT: &str = "\
    SELECT * FROM ticket WHERE id IN ( \
        SELECT ticket FROM ticket_requester WHERE channel = $1 AND ts = $2 \
        UNION SELECT ticket FROM ticket_message WHERE brought_channel = $1 AND brought_ts = $2 \
        UNION SELECT ticket FROM ticket_message WHERE channel = $1 AND ts = $2)";
const REQUESTERS: &str = "SELECT * FROM ticket_requester WHERE ticket = $1 ORDER BY requester";
const PLACE_DIRECT: &str =
    "UPDATE ticket_requester SET channel = $3, ts = $4 WHERE ticket = $1 AND requester = $2";
const SAID: &str = "\
    INSERT INTO ticket_message (id, ticket, author, words, channel, ts, brought_channel, brought_ts, at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (channel, ts, brought_channel) DO NOTHING";

/// Somebody who asked, and where they are kept informed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requester {
    pub user: String,
    pub place: Option<(String, String)>,
}

/// What was said, where, and where it was brought.
#[derive(Clone, Debug)]
pub struct TicketMessage {
    pub author: String,
    pub words: String,
    /// Channel and `ts`.
    pub origin: (String, String),
    pub brought: (String, String),
    pub at: Timestamp,
}

impl Store {
    /// Notes where a requester is kept informed.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn place_direct(
        &self,
        id: &str,
        user: &str,
        channel: &str,
        ts: &str,
    ) -> Result<(), StoreError> {
        let place = sqlx::query(PLACE_DIRECT)
            .bind(id.to_owned())
            .bind(user.to_owned())
            .bind(channel.to_owned())
            .bind(ts.to_owned());
        place.execute(self.pool()).await?;
        Ok(())
    }

    /// The ticket to which this direct message belongs.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn ticket_of_direct(&self, channel: &str, ts: &str) -> Result<Option<Ticket>, StoreError> {
        let query = sqlx::query(BY_DIRECT).bind(channel.to_owned()).bind(ts.to_owned());
        Ok(query.fetch_optional(self.pool()).await?.as_ref().map(read).transpose()?)
    }

    /// What this person has asked for and is not resolved, the oldest first.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn requested_tickets(&self, requester: &str) -> Result<Vec<Ticket>, StoreError> {
        let rows = sqlx::query(OPEN_OF).bind(requester.to_owned()).fetch_all(self.pool()).await?;
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// Who asked for it.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn requesters(&self, ticket: &str) -> Result<Vec<Requester>, StoreError> {
        let rows = sqlx::query(REQUESTERS).bind(ticket.to_owned()).fetch_all(self.pool()).await?;
        let requester = |row: &AnyRow| {
            Ok::<_, sqlx::Error>(Requester { user: row.try_get("requester")?, place: place(row)? })
        };
        Ok(rows.iter().map(requester).collect::<Result<_, _>>()?)
    }

    /// Notes what was said and where it was brought.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn note_said(&self, ticket: &str, said: &TicketMessage) -> Result<(), StoreError> {
        let TicketMessage { author, words, origin, brought, at } = said.clone();
        let note = sqlx::query(SAID)
            .bind(new_id())
            .bind(ticket.to_owned())
            .bind(author)
            .bind(words)
            .bind(origin.0)
            .bind(origin.1)
            .bind(brought.0)
            .bind(brought.1)
            .bind(to_ms(at));
        note.execute(self.pool()).await?;
        Ok(())
    }
}
