//! What a Home tab shows of the tables: open tickets, and what is being watched.

use jiff::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{Store, StoreError, from_ms};

/// A ticket that is theirs: they opened it or joined it, or it is about them.
const TICKETS_OF: &str = "\
    SELECT id, account_name, requester, agent, restored, link, opened_at, COUNT(*) OVER () AS in_all FROM ticket \
    WHERE state <> 'resolved' AND (requester = $1 OR about = $1 OR EXISTS (SELECT 1 FROM ticket_requester \
        WHERE ticket_requester.ticket = ticket.id AND ticket_requester.requester = $1)) \
    ORDER BY opened_at DESC, id DESC LIMIT $2";

/// What nobody has taken comes first, and of those what has waited longest.
const TICKETS: &str = "\
    SELECT id, account_name, requester, agent, restored, link, opened_at, COUNT(*) OVER () AS in_all FROM ticket \
    WHERE state <> 'resolved' \
    ORDER BY CASE WHEN state = 'new' THEN 0 ELSE 1 END, opened_at, id LIMIT $1";

const WATCHED: &str = "SELECT account_id FROM watch WHERE watcher = $1 AND about = $1 AND state = 'open'";

/// A ticket that is not resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenTicket {
    pub id: String,
    pub account_name: String,
    /// Slack's id of whoever opened it.
    pub requester: String,
    /// Slack's id of the agent who has it.
    pub agent: Option<String>,
    /// Whether a check has found the access in place.
    pub restored: bool,
    /// To the message in the help-desk channel; nothing until that is posted.
    pub link: Option<String>,
    pub opened_at: Timestamp,
}

/// Some of the open tickets, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenTickets {
    pub first: Vec<OpenTicket>,
    pub in_all: usize,
}

impl Store {
    /// The open tickets that this person has opened or joined, or that are about them; the newest first.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn open_tickets_of(&self, person: &str, at_most: i64) -> Result<OpenTickets, StoreError> {
        let query = sqlx::query(TICKETS_OF).bind(person.to_owned()).bind(at_most);
        Ok(tickets(&query.fetch_all(self.pool()).await?)?)
    }

    /// Everybody's open tickets: those that no agent has first, and of them the oldest.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn open_tickets(&self, at_most: i64) -> Result<OpenTickets, StoreError> {
        Ok(tickets(&sqlx::query(TICKETS).bind(at_most).fetch_all(self.pool()).await?)?)
    }

    /// Numbers of the accounts that this person watches for themselves.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn watched_accounts(&self, person: &str) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query(WATCHED).bind(person.to_owned()).fetch_all(self.pool()).await?;
        Ok(rows.iter().map(|row| row.try_get("account_id")).collect::<Result<_, _>>()?)
    }
}

fn tickets(rows: &[AnyRow]) -> Result<OpenTickets, sqlx::Error> {
    let in_all = rows.first().map_or(Ok(0), |row| row.try_get::<i64, _>("in_all"))?;
    let first = rows.iter().map(ticket).collect::<Result<_, _>>()?;
    Ok(OpenTickets { first, in_all: usize::try_from(in_all).unwrap_or_default() })
}

fn ticket(row: &AnyRow) -> Result<OpenTicket, sqlx::Error> {
    let filled = |column| row.try_get::<String, _>(column).map(|text| (!text.is_empty()).then_some(text));
    Ok(OpenTicket {
        id: row.try_get("id")?,
        account_name: row.try_get("account_name")?,
        requester: row.try_get("requester")?,
        agent: filled("agent")?,
        restored: row.try_get::<i64, _>("restored")? != 0,
        link: filled("link")?,
        opened_at: from_ms(row.try_get("opened_at")?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{postgres, run, sqlite};

    async fn opened(store: &Store, id: &str, requester: &str, about: &str, state: &str, at: i64) {
        let agent = if state == "new" { "" } else { "USAM" };
        let ticket = format!(
            "INSERT INTO ticket (id, reference, requester, about, account_id, account_name, permission_set, \
             cause, state, agent, restored, can_be_sent, report, channel, ts, link, opened_at, changed_at) \
              VALUES ('{id}', '7K2QX', '{requester}', '{about}', '{id}', 'Payments-Prod', '', \
             'sync_stopped', '{state}', '{agent}', 0, 0, '[]', '', '', '', {at}, {at})"
        );
        run(store, &ticket).await;
    }

    fn ids(tickets: &OpenTickets) -> Vec<&str> {
        tickets.first.iter().map(|ticket| ticket.id.as_str()).collect()
    }

    async fn tickets_are_those_that_concern_the_reader_and_are_open(store: Store) {
        opened(&store, "1", "UDANA", "UDANA", "new", 1_000).await;
        opened(&store, "2", "UDANA", "UEVE", "resolved", 2_000).await;
        opened(&store, "3", "USAM", "UDANA", "claimed", 3_000).await;
        opened(&store, "4", "UEVE", "UEVE", "new", 4_000).await;
        opened(&store, "5", "UFINN", "UFINN", "claimed", 500).await;
        let joined = "INSERT INTO ticket_requester (ticket, requester, channel, ts) \
                      VALUES ('4', 'UDANA', '', '')";
        run(&store, joined).await;
        assert_eq!(ids(&store.open_tickets_of("UDANA", 10).await.unwrap()), ["4", "3", "1"]);
        assert_eq!(ids(&store.open_tickets_of("UGWEN", 10).await.unwrap()), Vec::<&str>::new());
        let all = store.open_tickets(10).await.unwrap();
        assert_eq!(ids(&all), ["1", "4", "5", "3"]);
        assert_eq!(all.first[3].agent.as_deref(), Some("USAM"));
        let first = store.open_tickets(1).await.unwrap();
        assert_eq!((ids(&first), first.in_all), (vec!["1"], 4));
    }

    async fn only_what_the_person_watches_for_themselves_is_watched(store: Store) {
        for (id, watcher, about, state) in [
            ("1", "UDANA", "UDANA", "open"),
            ("2", "UDANA", "UDANA", "arrived"),
            ("3", "USAM", "UDANA", "open"),
        ] {
            let watch = format!(
                "INSERT INTO watch (id, watcher, about, account_id, account_name, permission_set, \
                 state, since, changed_at) \
                 VALUES ('{id}', '{watcher}', '{about}', '{id}', 'A', '', '{state}', 1, 1)"
            );
            run(&store, &watch).await;
        }
        assert_eq!(store.watched_accounts("UDANA").await.unwrap(), ["1"]);
    }

    #[tokio::test]
    async fn on_sqlite() {
        tickets_are_those_that_concern_the_reader_and_are_open(sqlite().await).await;
        only_what_the_person_watches_for_themselves_is_watched(sqlite().await).await;
    }

    #[tokio::test]
    #[ignore = "needs PostgreSQL, which tests/run starts"]
    async fn on_postgres() {
        tickets_are_those_that_concern_the_reader_and_are_open(postgres().await).await;
        only_what_the_person_watches_for_themselves_is_watched(postgres().await).await;
    }
}
