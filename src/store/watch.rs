//! Watches: who wants to be told when something is fixed.

use jiff::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{Store, StoreError, from_ms, new_id, to_ms};

const OPEN: &str = "\
    INSERT INTO watch (id, watcher, about, account_id, account_name, permission_set, state, since, changed_at) \
    VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $7) \
    ON CONFLICT (watcher, about, account_id, permission_set) WHERE state = 'open' DO NOTHING";
const LOOK: &str = "\
    SELECT * FROM watch WHERE watcher = $1 AND about = $2 AND account_id = $3 AND permission_set = $4 \
    AND state = 'open'";
const CLOSE: &str = "UPDATE watch SET state = $2, changed_at = $3 WHERE id = $1 AND state = 'open'";

/// What is watched, for whom; ids of people are Slack's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    pub watcher: String,
    pub about: String,
    pub account_id: String,
    pub account_name: String,
    /// Where any will do, nothing.
    pub permission_set: Option<String>,
}

/// A watch that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    pub id: String,
    pub since: Timestamp,
}

/// What came of opening a watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    New(Watch),
    /// The same was open already.
    Already(Watch),
}

/// How a watch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchEnd {
    Arrived,
    GivenUp,
}

impl Store {
    /// Opens a watch, or finds the one that is open for the same already.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn open_watch(&self, watched: &Watched, now: Timestamp) -> Result<Opened, StoreError> {
        let id = new_id();
        let opened = sqlx::query(OPEN)
            .bind(id.clone())
            .bind(watched.watcher.clone())
            .bind(watched.about.clone())
            .bind(watched.account_id.clone())
            .bind(watched.account_name.clone())
            .bind(watched.permission_set.clone().unwrap_or_default())
            .bind(to_ms(now));
        if opened.execute(self.pool()).await?.rows_affected() > 0 {
            return Ok(Opened::New(Watch { id, since: from_ms(to_ms(now)) }));
        }
        // One that ended between the two statements has been told of, just now.
        Ok(Opened::Already(self.watch(watched).await?.unwrap_or(Watch { id, since: now })))
    }

    /// The open watch for this, if there is one.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn watch(&self, watched: &Watched) -> Result<Option<Watch>, StoreError> {
        let look = sqlx::query(LOOK)
            .bind(watched.watcher.clone())
            .bind(watched.about.clone())
            .bind(watched.account_id.clone())
            .bind(watched.permission_set.clone().unwrap_or_default());
        let row = look.fetch_optional(self.pool()).await?;
        Ok(row.as_ref().map(read).transpose()?)
    }

    /// Ends a watch.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn end_watch(&self, id: &str, end: WatchEnd, now: Timestamp) -> Result<(), StoreError> {
        let state = match end {
            WatchEnd::Arrived => "arrived",
            WatchEnd::GivenUp => "given_up",
        };
        let close = sqlx::query(CLOSE).bind(id.to_owned()).bind(state).bind(to_ms(now));
        close.execute(self.pool()).await?;
        Ok(())
    }
}

fn read(row: &AnyRow) -> Result<Watch, sqlx::Error> {
    Ok(Watch { id: row.try_get("id")?, since: from_ms(row.try_get("since")?) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{postgres, sqlite};

    async fn one_thing_is_watched_once_for_each_person_until_it_ends(store: Store) {
        let noon: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        let later: Timestamp = "2026-11-24T13:00:00Z".parse().unwrap();
        let danas = Watched {
            watcher: "U0DANA".to_owned(),
            about: "U0DANA".to_owned(),
            account_id: "111122223333".to_owned(),
            account_name: "Payments-Prod".to_owned(),
            permission_set: None,
        };
        let sams = Watched { watcher: "U0SAM".to_owned(), ..danas.clone() };
        assert_eq!(store.watch(&danas).await.unwrap(), None);
        let first = opened(&store, &danas, noon).await;
        assert_eq!(first.since, noon);
        let again = store.open_watch(&danas, later).await.unwrap();
        assert_eq!(again, Opened::Already(first.clone()), "the same, since noon");
        opened(&store, &sams, later).await;
        opened(&store, &Watched { permission_set: Some("Admin".to_owned()), ..danas.clone() }, later).await;
        store.end_watch(&first.id, WatchEnd::Arrived, later).await.unwrap();
        assert_eq!(store.watch(&danas).await.unwrap(), None);
        let once_more = opened(&store, &danas, later).await;
        assert_eq!(store.watch(&danas).await.unwrap(), Some(once_more));
    }

    async fn opened(store: &Store, watched: &Watched, now: Timestamp) -> Watch {
        match store.open_watch(watched, now).await.unwrap() {
            Opened::New(watch) => watch,
            Opened::Already(watch) => panic!("{watch:?} is open"),
        }
    }

    #[tokio::test]
    async fn a_moment_of_the_systems_clock_begins_it_like_any_other() {
        let store = sqlite().await;
        let finer_than_the_table: Timestamp = "2026-11-24T12:00:00.123456789Z".parse().unwrap();
        let watched = Watched {
            watcher: "U0DANA".to_owned(),
            about: "U0DANA".to_owned(),
            account_id: "111122223333".to_owned(),
            account_name: "Payments-Prod".to_owned(),
            permission_set: None,
        };
        let begun = opened(&store, &watched, finer_than_the_table).await;
        assert_eq!(store.watch(&watched).await.unwrap(), Some(begun));
    }

    #[tokio::test]
    async fn on_sqlite() {
        one_thing_is_watched_once_for_each_person_until_it_ends(sqlite().await).await;
    }

    #[tokio::test]
    #[ignore = "needs PostgreSQL, which tests/run starts"]
    async fn on_postgres() {
        one_thing_is_watched_once_for_each_person_until_it_ends(postgres().await).await;
    }
}
