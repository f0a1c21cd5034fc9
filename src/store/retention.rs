//! Retention: what is done with is forgotten after a while, and what is open never.

use jiff::Timestamp;

use super::{Store, StoreError, to_ms};

/// Each forgets what ended before `$1`; a ticket's events, messages and requesters go before their ticket, by which they are
/// found.
const SWEEPS: [(&str, &str); 13] = [
    ("questions", "DELETE FROM question WHERE checked_at < $1"),
    (
        "ticket events",
        "DELETE FROM ticket_event WHERE ticket IN \
         (SELECT id FROM ticket WHERE state = 'resolved' AND changed_at < $1)",
    ),
    (
        "ticket messages",
        "DELETE FROM ticket_message WHERE ticket IN \
         (SELECT id FROM ticket WHERE state = 'resolved' AND changed_at < $1)",
    ),
    (
        "ticket requesters",
        "DELETE FROM ticket_requester WHERE ticket IN \
         (SELECT id FROM ticket WHERE state = 'resolved' AND changed_at < $1)",
    ),
    ("tickets", "DELETE FROM ticket WHERE state = 'resolved' AND changed_at < $1"),
    ("watches", "DELETE FROM watch WHERE state <> 'open' AND changed_at < $1"),
    ("outages", "DELETE FROM outage WHERE over_at > 0 AND over_at < $1"),
    ("duplicates", "DELETE FROM duplicate WHERE resolved_at > 0 AND resolved_at < $1"),
    ("duplicates laid aside", "DELETE FROM snooze WHERE until < $1"),
    ("digests", "DELETE FROM digest WHERE posted_at < $1"),
    ("claims of digests", "DELETE FROM digest_claim WHERE held_until < $1"),
    ("posts", "DELETE FROM post WHERE began_at < $1"),
    // Work that was given up is kept as long, for whoever looks into it.
    ("work given up", "DELETE FROM job WHERE state = 'dead' AND key_until < $1"),
];

/// A key that may come again is of no more use.
const DONE_WORK: &str = "DELETE FROM job WHERE state = 'done' AND key_until <= $1";

impl Store {
    /// Forgets what ended before `ended_before`, and the keys of done work that are no longer remembered `now`.
    /// Says how many rows of each kind went.
    ///
    /// # Errors
    /// Where the store is away; what has gone by then stays gone.
    pub async fn sweep(
        &self,
        ended_before: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<(&'static str, u64)>, StoreError> {
        let mut gone = Vec::new();
        for (kind, statement) in SWEEPS {
            let swept = sqlx::query(statement).bind(to_ms(ended_before)).execute(self.pool()).await?;
            gone.push((kind, swept.rows_affected()));
        }
        let swept = sqlx::query(DONE_WORK).bind(to_ms(now)).execute(self.pool()).await?;
        gone.push(("done work", swept.rows_affected()));
        Ok(gone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::from_ms;
    use crate::store::tests::{postgres, run, sqlite};

    async fn keys(store: &Store, statement: &'static str) -> Vec<String> {
        sqlx::query_scalar::<_, String>(statement).fetch_all(store.pool()).await.unwrap()
    }

    /// Everything once as old and once as new as can be told apart, and what is open as old as can be.
    async fn what_is_open_or_young_stays(store: Store) {
        for (id, state, at) in [("old", "resolved", 999), ("young", "resolved", 1_000), ("open", "new", 1)] {
            let ticket = format!(
                "INSERT INTO ticket (id, reference, requester, about, account_id, account_name, \
                 permission_set, cause, state, agent, restored, can_be_sent, report, channel, ts, link, \
                 opened_at, changed_at) VALUES ('{id}', '', '', '', '{id}', '', '', '', '{state}', \
                 '', 0, 0, '', '', '', '', 1, {at})"
            );
            run(&store, &ticket).await;
            let event = format!(
                "INSERT INTO ticket_event (id, ticket, who, what, whom, at, turn) VALUES ('{id}', '{id}', '', '', '', 1, '')"
            );
            run(&store, &event).await;
            let message = format!(
                "INSERT INTO ticket_message (id, ticket, author, words, channel, ts, brought_channel, \
                 brought_ts, at) VALUES ('{id}', '{id}', '', '', '', '{id}', '', '', 1)"
            );
            run(&store, &message).await;
            let requester = format!(
                "INSERT INTO ticket_requester (ticket, requester, channel, ts) VALUES ('{id}', '', '', '')"
            );
            run(&store, &requester).await;
            let state = if state == "new" { "open" } else { "arrived" };
            let watch = format!(
                "INSERT INTO watch (id, watcher, about, account_id, account_name, permission_set, \
                 state, since, changed_at) \
                 VALUES ('{id}', '', '', '{id}', '', '', '{state}', 1, {at})"
            );
            run(&store, &watch).await;
            let over_at = if state == "open" { 0 } else { at };
            let outage = format!(
                "INSERT INTO outage (id, cause, began_at, last_at, over_at, people) \
                 VALUES ('{id}', '{id}', 1, 1, {over_at}, 3)"
            );
            run(&store, &outage).await;
            let duplicate = format!(
                "INSERT INTO duplicate (id, kind, severity, name, as_told, first_told, last_told, resolved_at) \
                 VALUES ('{id}', '', '', '', '', 1, 1, {over_at})"
            );
            run(&store, &duplicate).await;
        }
        for (id, at) in [("old", 999), ("young", 1_000)] {
            let question = format!(
                "INSERT INTO question (id, reference, asker, about, account_id, account_name, permission_set, \
                 verdict, cause, steps, checked_at, took_ms) \
                 VALUES ('{id}', '', '', '', '', '', '', '', '', '', {at}, 1)"
            );
            run(&store, &question).await;
            let post = format!("INSERT INTO post (key, state, began_at) VALUES ('{id}', 'sent', {at})");
            run(&store, &post).await;
            let snooze = format!(
                "INSERT INTO snooze (duplicate, who, reason, severity, until) VALUES ('{id}', '', '', '', {at})"
            );
            run(&store, &snooze).await;
            let digest = format!(
                "INSERT INTO digest (day, posted_at, channel, ts, groups_checked, duplicates, complete) \
                 VALUES ('{id}', {at}, '', '', 1, 1, 1)"
            );
            run(&store, &digest).await;
            let claim =
                format!("INSERT INTO digest_claim (day, holder, held_until) VALUES ('{id}', '', {at})");
            run(&store, &claim).await;
        }
        for (key, state, until) in [
            ("done and forgotten", "done", 2_000),
            ("done and remembered", "done", 2_001),
            ("waiting", "ready", 1),
            ("under way", "leased", 1),
            ("given up long ago", "dead", 999),
            ("given up", "dead", 1_000),
        ] {
            let job = format!(
                "INSERT INTO job (id, priority, key, run_at, state, tries, key_until) \
                 VALUES ('{key}', 0, '{key}', 1, '{state}', 1, {until})"
            );
            run(&store, &job).await;
        }
        let gone = store.sweep(from_ms(1_000), from_ms(2_000)).await.unwrap();
        assert!(gone.iter().all(|(_, rows)| *rows == 1), "{gone:?}");
        for kept in [
            keys(&store, "SELECT id FROM ticket ORDER BY id").await,
            keys(&store, "SELECT ticket FROM ticket_event ORDER BY id").await,
            keys(&store, "SELECT ticket FROM ticket_message ORDER BY id").await,
            keys(&store, "SELECT id FROM watch ORDER BY id").await,
            keys(&store, "SELECT id FROM outage ORDER BY id").await,
            keys(&store, "SELECT id FROM duplicate ORDER BY id").await,
        ] {
            assert_eq!(kept, ["open", "young"]);
        }
        assert_eq!(keys(&store, "SELECT id FROM question").await, ["young"]);
        assert_eq!(keys(&store, "SELECT key FROM post").await, ["young"]);
        assert_eq!(keys(&store, "SELECT duplicate FROM snooze").await, ["young"]);
        assert_eq!(keys(&store, "SELECT day FROM digest").await, ["young"]);
        let jobs = keys(&store, "SELECT key FROM job ORDER BY key").await;
        assert_eq!(jobs, ["done and remembered", "given up", "under way", "waiting"]);
    }

    #[tokio::test]
    async fn on_sqlite() {
        what_is_open_or_young_stays(sqlite().await).await;
    }

    #[tokio::test]
    #[ignore = "needs PostgreSQL, which tests/run starts"]
    async fn on_postgres() {
        what_is_open_or_young_stays(postgres().await).await;
    }
}
