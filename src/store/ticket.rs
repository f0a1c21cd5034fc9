//! Tickets: one for each person, account and cause while it is open; who asked for it, and what became of it.
//!
//! A change and the event that tells of it are one transaction. The event's id is the change's own, so that a
//! change that is tried again after a crash is known to be done.
//!
//! Reading order: this file is the ticket itself; [`correspondence`] is who asked for it and what is said;
//! [`mod@place`] is where the help desk sees it, and [`open`] counts those that are open.

mod correspondence;
mod place;
mod open;

use jiff::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;

pub use correspondence::{Requester, TicketMessage};
pub use open::OPEN_STATES;

use super::{Store, StoreError, from_ms, to_ms};

const OPEN: &str = "\
    INSERT INTO ticket (id, reference, about, account_id, account_name, permission_set, cause, state, agent, \
    restored, can_be_sent, report, channel, ts, link, opened_at, changed_at, requester) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'new', '', 0, $8, $9, '', '', '', $10, $10, $11) \
    ON CONFLICT DO NOTHING";
const BY_ID: &str = "SELECT * FROM ticket WHERE id = $1";
const OPEN_ABOUT: &str = "\
    SELECT * FROM ticket WHERE about = $1 AND account_id = $2 AND cause = $3 AND state <> 'resolved'";
const UNRESTORED: &str = "\
    SELECT id FROM ticket WHERE about = $1 AND account_id = $2 AND state <> 'resolved' AND restored = 0 \
    ORDER BY opened_at";
const EVENT: &str = "\
    INSERT INTO ticket_event (id, ticket, who, what, whom, at, turn) VALUES ($1, $2, $3, $4, $5, $6, $7) \
    ON CONFLICT (id) DO NOTHING";
const EVENT_BY_ID: &str = "SELECT id FROM ticket_event WHERE id = $1";
const EVENTS: &str = "SELECT * FROM ticket_event WHERE ticket = $1 ORDER BY at, turn";
const REQUEST: &str = "\
    INSERT INTO ticket_requester (ticket, requester, channel, ts) VALUES ($1, $2, '', '') \
    ON CONFLICT (ticket, requester) DO NOTHING";
/// One statement for each change; `$2` is the agent and `$3` the moment.
const CLAIM: &str =
    "UPDATE ticket SET state = 'claimed', agent = $2, changed_at = $3 WHERE id = $1 AND state = 'new'";
const HAND_OVER: &str = "\
    UPDATE ticket SET agent = $2, changed_at = $3 WHERE id = $1 AND state = 'claimed' AND agent <> $2";
const RESOLVE: &str =
    "UPDATE ticket SET state = 'resolved', changed_at = $3 WHERE id = $1 AND state = 'claimed' AND $2 <> ''";
/// Only while no other is open for the same: two open ones would be one too many.
const REOPEN: &str = "\
    UPDATE ticket SET state = 'claimed', agent = $2, restored = 0, changed_at = $3 \
    WHERE id = $1 AND state = 'resolved' AND NOT EXISTS ( \
        SELECT 1 FROM ticket other WHERE other.about = ticket.about AND other.account_id = ticket.account_id \
        AND other.cause = ticket.cause AND other.state <> 'resolved')";
const RESTORE: &str = "\
    UPDATE ticket SET restored = 1, changed_at = $3 \
    WHERE id = $1 AND restored = 0 AND state <> 'resolved' AND $2 <> ''";
/// A ticket that is to be opened; ids of people are Slack's.
#[derive(Clone, Debug)]
pub struct NewTicket {
    /// The same each time that the same opening is tried.
    pub id: String,
    pub reference: String,
    pub requester: String,
    pub about: String,
    pub account_id: String,
    pub account_name: String,
    pub permission_set: Option<String>,
    /// By the contract's name; where none could be named, the step that could not be seen.
    pub cause: String,
    /// Whether the IdP can be made to send what is missing.
    pub can_be_sent: bool,
    /// The report as it was, as a message.
    pub report: String,
}

/// How far a ticket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketState {
    New,
    Claimed,
    Resolved,
}

/// A ticket as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub id: String,
    pub reference: String,
    /// Who opened it.
    pub requester: String,
    pub about: String,
    pub account_id: String,
    pub account_name: String,
    pub permission_set: Option<String>,
    pub cause: String,
    pub state: TicketState,
    /// The agent who has, or last had it.
    pub agent: Option<String>,
    /// A check has found the access in place.
    pub restored: bool,
    pub can_be_sent: bool,
    pub report: String,
    /// Where the help desk sees it; nothing until it is posted.
    pub place: Option<(String, String)>,
    /// The link to it, where Slack gave one.
    pub link: Option<String>,
    pub opened_at: Timestamp,
    pub changed_at: Timestamp,
}

/// What can be done to a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Opened,
    Joined,
    Claimed,
    HandedOver,
    Resolved,
    Reopened,
    Restored,
}

impl Deed {
    const ALL: [Self; 7] = [
        Self::Opened,
        Self::Joined,
        Self::Claimed,
        Self::HandedOver,
        Self::Resolved,
        Self::Reopened,
        Self::Restored,
    ];

    /// Its name in the table and in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Joined => "joined",
            Self::Claimed => "claimed",
            Self::HandedOver => "handed_over",
            Self::Resolved => "resolved",
            Self::Reopened => "reopened",
            Self::Restored => "restored",
        }
    }

    /// What it changes in the ticket; nothing for what is only noted.
    fn statement(self) -> Option<&'static str> {
        match self {
            Self::Opened | Self::Joined => None,
            Self::Claimed => Some(CLAIM),
            Self::HandedOver => Some(HAND_OVER),
            Self::Resolved => Some(RESOLVE),
            Self::Reopened => Some(REOPEN),
            Self::Restored => Some(RESTORE),
        }
    }
}

/// Who did what, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketEvent {
    /// The same each time that the same is tried.
    pub id: String,
    pub who: String,
    pub what: Deed,
    /// To whom it was handed over.
    pub whom: Option<String>,
    pub at: Timestamp,
}

impl Store {
    /// Opens a ticket, or finds the one that is open for the same: its id then is another. Whoever asks is a
    /// requester of it from then on.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn open_ticket(&self, new: &NewTicket, now: Timestamp) -> Result<Ticket, StoreError> {
        self.in_time(self.opened(new, now)).await
    }

    async fn opened(&self, new: &NewTicket, now: Timestamp) -> Result<Ticket, StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query(OPEN)
            .bind(new.id.clone())
            .bind(new.reference.clone())
            .bind(new.about.clone())
            .bind(new.account_id.clone())
            .bind(new.account_name.clone())
            .bind(new.permission_set.clone().unwrap_or_default())
            .bind(new.cause.clone())
            .bind(i64::from(new.can_be_sent))
            .bind(new.report.clone())
            .bind(to_ms(now))
            .bind(new.requester.clone())
            .execute(&mut *transaction)
            .await?;
        let own = sqlx::query(BY_ID).bind(new.id.clone()).fetch_optional(&mut *transaction).await?;
        let row = match own {
            Some(row) => row,
            None => {
                sqlx::query(OPEN_ABOUT)
                    .bind(new.about.clone())
                    .bind(new.account_id.clone())
                    .bind(new.cause.clone())
                    .fetch_one(&mut *transaction)
                    .await?
            }
        };
        let ticket = read(&row)?;
        let request = sqlx::query(REQUEST).bind(ticket.id.clone()).bind(new.requester.clone());
        request.execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(ticket)
    }

    /// Does something to a ticket and notes it. Whether it is done, now or by an earlier try; not, where the
    /// ticket is in another state by now.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn change_ticket(&self, id: &str, event: &TicketEvent) -> Result<bool, StoreError> {
        self.in_time(self.changed(id, event)).await
    }

    async fn changed(&self, id: &str, event: &TicketEvent) -> Result<bool, StoreError> {
        let mut transaction = self.begin().await?;
        let earlier = sqlx::query(EVENT_BY_ID).bind(event.id.clone());
        if earlier.fetch_optional(&mut *transaction).await?.is_some() {
            return Ok(true);
        }
        if let Some(statement) = event.what.statement() {
            let agent = event.whom.as_ref().unwrap_or(&event.who).clone();
            let change = sqlx::query(statement).bind(id.to_owned()).bind(agent).bind(to_ms(event.at));
            if change.execute(&mut *transaction).await?.rows_affected() == 0 {
                return Ok(false);
            }
        }
        sqlx::query(EVENT)
            .bind(event.id.clone())
            .bind(id.to_owned())
            .bind(event.who.clone())
            .bind(event.what.name())
            .bind(event.whom.clone().unwrap_or_default())
            .bind(to_ms(event.at))
            .bind(super::new_id())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// One ticket.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn ticket(&self, id: &str) -> Result<Option<Ticket>, StoreError> {
        let row = sqlx::query(BY_ID).bind(id.to_owned()).fetch_optional(self.pool()).await?;
        Ok(row.as_ref().map(read).transpose()?)
    }

    /// The open ticket about this person, account and cause.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn open_ticket_about(
        &self,
        about: &str,
        account_id: &str,
        cause: &str,
    ) -> Result<Option<Ticket>, StoreError> {
        let query =
            sqlx::query(OPEN_ABOUT).bind(about.to_owned()).bind(account_id.to_owned()).bind(cause.to_owned());
        Ok(query.fetch_optional(self.pool()).await?.as_ref().map(read).transpose()?)
    }

    /// Ids of the open tickets about this person and account that no check has found in place.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn unrestored_tickets(&self, about: &str, account_id: &str) -> Result<Vec<String>, StoreError> {
        let query = sqlx::query(UNRESTORED).bind(about.to_owned()).bind(account_id.to_owned());
        let rows = query.fetch_all(self.pool()).await?;
        Ok(rows.iter().map(|row| row.try_get("id")).collect::<Result<_, _>>()?)
    }

    /// What became of it so far, the oldest first.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn ticket_events(&self, ticket: &str) -> Result<Vec<TicketEvent>, StoreError> {
        let rows = sqlx::query(EVENTS).bind(ticket.to_owned()).fetch_all(self.pool()).await?;
        Ok(rows.iter().filter_map(|row| event(row).transpose()).collect::<Result<_, _>>()?)
    }
}

fn read(row: &AnyRow) -> Result<Ticket, sqlx::Error> {
    let filled = |column| row.try_get::<String, _>(column).map(|text| (!text.is_empty()).then_some(text));
    let flag = |column| row.try_get::<i64, _>(column).map(|flag| flag != 0);
    Ok(Ticket {
        id: row.try_get("id")?,
        reference: row.try_get("reference")?,
        requester: row.try_get("requester")?,
        about: row.try_get("about")?,
        account_id: row.try_get("account_id")?,
        account_name: row.try_get("account_name")?,
        permission_set: filled("permission_set")?,
        cause: row.try_get("cause")?,
        state: match row.try_get::<String, _>("state")?.as_str() {
            "new" => TicketState::New,
            "claimed" => TicketState::Claimed,
            _ => TicketState::Resolved,
        },
        agent: filled("agent")?,
        restored: flag("restored")?,
        can_be_sent: flag("can_be_sent")?,
        report: row.try_get("report")?,
        place: place(row)?,
        link: filled("link")?,
        opened_at: from_ms(row.try_get("opened_at")?),
        changed_at: from_ms(row.try_get("changed_at")?),
    })
}

fn place(row: &AnyRow) -> Result<Option<(String, String)>, sqlx::Error> {
    let (channel, ts): (String, String) = (row.try_get("channel")?, row.try_get("ts")?);
    Ok((!ts.is_empty()).then_some((channel, ts)))
}

/// An event that a newer version has written is passed over.
fn event(row: &AnyRow) -> Result<Option<TicketEvent>, sqlx::Error> {
    let what: String = row.try_get("what")?;
    let Some(what) = Deed::ALL.into_iter().find(|deed| deed.name() == what) else {
        return Ok(None);
    };
    let whom: String = row.try_get("whom")?;
    Ok(Some(TicketEvent {
        id: row.try_get("id")?,
        who: row.try_get("who")?,
        what,
        whom: (!whom.is_empty()).then_some(whom),
        at: from_ms(row.try_get("at")?),
    }))
}

#[cfg(test)]
mod tests;
