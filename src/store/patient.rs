//! Deadlines on everything that the store is asked. A database that does not refuse and does not answer either would
//! else hold whoever asked it for as long as TCP does.

use std::future::Future;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use sqlx::any::{AnyQueryResult, AnyRow, AnyStatement, AnyTypeInfo};
use sqlx::{Any, AnyPool, Either, Error, Execute, Executor, SqlStr, Transaction};
use tokio::time::{Instant, timeout, timeout_at};

/// How long a statement may take, the wait for a connection included. Each reads or writes a few rows, and three of
/// them fit into the lease of the work that waits for them.
pub(super) const STATEMENT: Duration = Duration::from_secs(10);

/// The store's connections, each use of which ends in time.
#[derive(Clone, Copy, Debug)]
pub struct Connections<'s> {
    pub(super) pool: &'s AnyPool,
    pub(super) patience: Duration,
}

impl Connections<'_> {
    /// A transaction. Whoever does several things in it bounds them all by [`in_time`](super::Store::in_time).
    ///
    /// # Errors
    /// Where there is no connection, or no answer in time.
    pub async fn begin(self) -> Result<Transaction<'static, Any>, Error> {
        in_time(self.patience, self.pool.begin()).await
    }

    /// The same, begun by this statement.
    ///
    /// # Errors
    /// Where there is no connection, or no answer in time.
    pub async fn begin_with(self, statement: &'static str) -> Result<Transaction<'static, Any>, Error> {
        in_time(self.patience, self.pool.begin_with(statement)).await
    }

    /// Ends them.
    pub async fn close(self) {
        self.pool.close().await;
    }
}

/// The answer, or an error as of a database that is away.
pub(super) async fn in_time<T>(
    patience: Duration,
    asking: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    timeout(patience, asking).await.unwrap_or_else(|_elapsed| Err(out_of_time()))
}

fn out_of_time() -> Error {
    Error::Io(std::io::ErrorKind::TimedOut.into())
}

impl<'s> Executor<'s> for Connections<'s> {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxStream<'e, Result<Either<AnyQueryResult, AnyRow>, Error>>
    where
        's: 'e,
        E: 'q + Execute<'q, Any>,
    {
        let until = Instant::now() + self.patience;
        let rows = self.pool.fetch_many(query);
        let next = move |rows: Option<BoxStream<'e, _>>| async move {
            let mut rows = rows?;
            match timeout_at(until, rows.next()).await {
                Ok(row) => Some((row?, Some(rows))),
                Err(_elapsed) => Some((Err(out_of_time()), None)),
            }
        };
        stream::unfold(Some(rows), next).boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<AnyRow>, Error>>
    where
        's: 'e,
        E: 'q + Execute<'q, Any>,
    {
        // To its end: what a statement gives back comes before it is kept, and only its end says that it was not.
        let mut rows = self.pool.fetch_many(query);
        Box::pin(in_time(self.patience, async move {
            let mut first = None;
            while let Some(answer) = rows.try_next().await? {
                first = first.or_else(|| answer.right());
            }
            Ok(first)
        }))
    }

    fn prepare_with<'e>(
        self,
        statement: SqlStr,
        parameters: &'e [AnyTypeInfo],
    ) -> BoxFuture<'e, Result<AnyStatement, Error>>
    where
        's: 'e,
    {
        Box::pin(in_time(self.patience, self.pool.prepare_with(statement, parameters)))
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::super::tests::{postgres, run, sqlite};
    use super::super::{Store, StoreError};
    use super::*;

    const MOMENT: Duration = Duration::from_millis(50);

    fn impatient(store: Store) -> Store {
        Store { patience: MOMENT, ..store }
    }

    #[tokio::test]
    async fn a_server_that_takes_the_connection_and_says_nothing_is_given_up() {
        let silent = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = silent.local_addr().expect("an address");
        let refused = Store::open(&format!("postgres://sso-why@{address}/sso-why").into()).await;
        let refused = refused.expect_err("nothing answers").to_string();
        assert!(refused.contains("no connection within two seconds"), "{refused}");
    }

    /// What is wrong is found when the statement is kept, as a full disk is, and after it has given its row.
    async fn assert_is_not_taken_for_kept(store: &Store) {
        run(store, "CREATE TABLE parent (id TEXT PRIMARY KEY)").await;
        run(
            store,
            "CREATE TABLE child (id TEXT PRIMARY KEY, \
             of TEXT REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)",
        )
        .await;
        let insert = || sqlx::query("INSERT INTO child (id, of) VALUES ('a', 'nobody') RETURNING id");
        assert!(insert().fetch_optional(store.pool()).await.is_err());
        assert!(insert().fetch_one(store.pool()).await.is_err());
        let kept = sqlx::query("SELECT id FROM child").fetch_all(store.pool()).await.expect("reads");
        assert!(kept.is_empty());
    }

    #[tokio::test]
    async fn what_a_statement_gives_back_is_not_believed_before_it_is_kept() {
        assert_is_not_taken_for_kept(&sqlite().await).await;
    }

    #[tokio::test]
    #[ignore = "needs PostgreSQL, which tests/run starts"]
    async fn nor_on_postgres() {
        assert_is_not_taken_for_kept(&postgres().await).await;
    }

    #[tokio::test]
    async fn a_store_that_never_has_a_connection_is_given_up() {
        let store = impatient(sqlite().await);
        // The only one is taken.
        let held = store.pool.acquire().await.expect("is free");
        let away = |done: Result<(), StoreError>| done.expect_err("never comes").to_string();
        let away_for = "the store did not do it (timed out)";
        assert_eq!(away(store.is_well().await), away_for);
        assert_eq!(away(store.pool().begin().await.map(drop).map_err(StoreError::from)), away_for);
        let rows = sqlx::query("SELECT 1").fetch_all(store.pool()).await;
        assert_eq!(away(rows.map(drop).map_err(StoreError::from)), away_for);
        let row = sqlx::query("SELECT 1").fetch_one(store.pool()).await;
        assert_eq!(away(row.map(drop).map_err(StoreError::from)), away_for);
        drop(held);
        store.is_well().await.expect("answers again");
    }

    #[tokio::test]
    #[ignore = "needs PostgreSQL, which tests/run starts"]
    async fn a_statement_that_hangs_is_given_up_and_the_next_one_answered() {
        let store = impatient(postgres().await);
        let hangs = sqlx::query("SELECT 1 FROM (SELECT pg_sleep(600)) AS slept");
        let hangs = hangs.fetch_all(store.pool()).await.map(drop).expect_err("hangs");
        assert_eq!(StoreError::from(hangs).to_string(), "the store did not do it (timed out)");
        let in_a_transaction = store.in_time(async {
            let mut transaction = store.begin().await?;
            sqlx::query("SELECT 1 FROM (SELECT pg_sleep(600)) AS slept").execute(&mut *transaction).await?;
            Ok(())
        });
        assert_eq!(
            in_a_transaction.await.expect_err("hangs").to_string(),
            "the store did not do it (it took too long)"
        );
        sqlx::query("SELECT 1").execute(postgres().await.pool()).await.expect("is answered");
    }
}
