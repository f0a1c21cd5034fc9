//! The tables, and how an older store is brought to this version: one file of SQL for each step, never changed
//! once it has been released.

use std::borrow::Cow;
use std::time::Duration;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use tokio::time::timeout;

use super::{Store, StoreError};

const STEPS: [(i64, &str, &str); 4] = [
    (1, "jobs, questions, tickets, watches", include_str!("schema_1.sql")),
    (2, "digests, duplicates", include_str!("schema_2.sql")),
    (3, "duplicates by their groups", include_str!("schema_3.sql")),
    (4, "whose a job is", include_str!("schema_4.sql")),
];

/// How long all steps may take, and the wait until another replica has made them: a large store has millions of rows,
/// and whoever starts the bot looks on.
const MIGRATES: Duration = Duration::from_secs(5 * 60);

/// The newest step.
pub(super) const NEWEST: i64 = STEPS[STEPS.len() - 1].0;

/// Runs what has not been run yet; several replicas that start at once take turns.
pub(super) async fn migrate(store: &Store) -> Result<(), StoreError> {
    let steps = STEPS.into_iter().map(|(version, what, sql)| {
        Migration::new(version, Cow::Borrowed(what), MigrationType::Simple, sql.into_sql_str(), false)
    });
    let migrator = Migrator::with_migrations(steps.collect());
    match timeout(MIGRATES, migrator.run(&store.pool)).await {
        Ok(migrated) => migrated.map_err(|error| StoreError::Schema(error.to_string())),
        Err(_elapsed) => Err(StoreError::Schema("it took longer than five minutes".to_owned())),
    }
}
