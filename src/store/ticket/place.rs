//! Where the help desk sees a ticket, from the moment that it is posted; one that never was can be taken back.

use jiff::Timestamp;

use super::{Ticket, read};
use crate::store::{Store, StoreError, to_ms};

const BY_MESSAGE: &str = "SELECT * FROM ticket WHERE channel = $1 AND ts = $2";
const UNPOSTED: &str = "SELECT id FROM ticket WHERE channel = '' AND ts = '' AND opened_at > $1 LIMIT 1";
const PLACE: &str = "UPDATE ticket SET channel = $2, ts = $3 WHERE id = $1";
const LINK: &str = "UPDATE ticket SET link = $2 WHERE id = $1";
/// What is taken back of a ticket that nobody has seen.
const WITHDRAW: [&str; 3] = [
    "DELETE FROM ticket_event WHERE ticket IN (SELECT id FROM ticket WHERE id = $1 AND ts = '')",
    "DELETE FROM ticket_requester WHERE ticket IN (SELECT id FROM ticket WHERE id = $1 AND ts = '')",
    "DELETE FROM ticket WHERE id = $1 AND ts = ''",
];

impl Store {
    /// Notes where the help desk sees a ticket.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn place_ticket(&self, id: &str, channel: &str, ts: &str) -> Result<(), StoreError> {
        let place = sqlx::query(PLACE).bind(id.to_owned()).bind(channel.to_owned()).bind(ts.to_owned());
        place.execute(self.pool()).await?;
        Ok(())
    }

    /// Notes the link to a ticket.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn link_ticket(&self, id: &str, link: &str) -> Result<(), StoreError> {
        let linked = sqlx::query(LINK).bind(id.to_owned()).bind(link.to_owned());
        linked.execute(self.pool()).await?;
        Ok(())
    }

    /// Whether a ticket was opened after `since` of which it is not noted where the help desk sees it, if it does.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn is_a_ticket_unposted(&self, since: Timestamp) -> Result<bool, StoreError> {
        let unposted = sqlx::query(UNPOSTED).bind(to_ms(since));
        Ok(unposted.fetch_optional(self.pool()).await?.is_some())
    }

    /// Takes a ticket back that could not be posted, so that it can be opened anew.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn withdraw_ticket(&self, id: &str) -> Result<(), StoreError> {
        self.in_time(self.withdrawn(id)).await
    }

    async fn withdrawn(&self, id: &str) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        for statement in WITHDRAW {
            sqlx::query(statement).bind(id.to_owned()).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The ticket whose message in the help-desk channel this is.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn ticket_at(&self, channel: &str, ts: &str) -> Result<Option<Ticket>, StoreError> {
        let query = sqlx::query(BY_MESSAGE).bind(channel.to_owned()).bind(ts.to_owned());
        Ok(query.fetch_optional(self.pool()).await?.as_ref().map(read).transpose()?)
    }
}
