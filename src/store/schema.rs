//! The tables, and how an older store is brought to this version: one file of SQL for each step, never changed
//! once it has been released.

use std::borrow::Cow;
use std::time::Duration;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use tokio::time::timeout;

use super::{Engine, Store, StoreError, refusal};

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
    let migrator = Migrator::with_migrations(steps().collect());
    match timeout(MIGRATES, migrator.run(&store.pool)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(why_not(store, &error).await),
        Err(_elapsed) => Err(StoreError::Schema("it took longer than five minutes".to_owned())),
    }
}

fn steps() -> impl Iterator<Item = Migration> {
    STEPS.into_iter().map(|(version, what, sql)| {
        Migration::new(version, Cow::Borrowed(what), MigrationType::Simple, sql.into_sql_str(), false)
    })
}

/// Why the steps could not be run, by how the store stands after it.
async fn why_not(store: &Store, error: &MigrateError) -> StoreError {
    match standing(store).await {
        Ok(later) if later > NEWEST => {
            let why = format!(
                "a later version of sso-why made it (it has schema {later}, and this one works with {NEWEST})"
            );
            let mend = "run that version or a later one, or restore the copy that was made before it";
            StoreError::OtherSchema { why, mend }
        }
        Err(other @ (StoreError::OtherSchema { .. } | StoreError::Damaged(_))) => other,
        _ => match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
                refusal::of_a_step(error)
            }
            // What is left says which step it is, and nothing of what is in the store.
            other => StoreError::Schema(other.to_string()),
        },
    }
}

/// The newest step that was made, 0 where none was, of whichever version of sso-why it is. Nothing is changed.
///
/// # Errors
/// Where it cannot be read, or what is in it is not what our steps make, so that they could not be run.
pub(super) async fn standing(store: &Store) -> Result<i64, StoreError> {
    let made = made(store).await?;
    if let Some((version, ..)) = made.iter().find(|(_, is_whole, _)| *is_whole == 0) {
        return Err(foreign(format!("step {version} of its schema was begun and not ended")));
    }
    let has = |version: i64| made.iter().any(|(made, ..)| *made == version);
    for (version, _, checksum) in &made {
        let ours = steps().find(|step| step.version == *version);
        let is_fine = match &ours {
            Some(step) => *checksum == in_hex(&step.checksum),
            // A later version has all our steps before its own.
            None => *version > NEWEST && STEPS.iter().all(|(version, ..)| has(*version)),
        };
        if !is_fine {
            return Err(foreign(format!("step {version} of its schema is another one than sso-why's")));
        }
    }
    let to_be_made = STEPS.iter().filter(|(version, ..)| !has(*version)).flat_map(|(_, _, sql)| names(sql));
    let to_be_made: Vec<&str> = to_be_made.collect();
    if !to_be_made.is_empty() {
        let there = names_there(store).await?;
        if let Some(name) = to_be_made.into_iter().find(|name| there.iter().any(|there| there == name)) {
            return Err(foreign(format!("it has a {name} that sso-why did not make")));
        }
    }
    Ok(made.last().map_or(0, |(version, ..)| *version))
}

fn foreign(why: String) -> StoreError {
    let mend = "name a database that is sso-why's alone with [store] url or DATABASE_URL, or restore the copy that was \
                made of it";
    StoreError::OtherSchema { why, mend }
}

/// Each step that was made: its version, whether it was ended, and the checksum of its SQL.
async fn made(store: &Store) -> Result<Vec<(i64, i32, String)>, StoreError> {
    let (tables, steps) = match store.engine {
        Engine::Sqlite => (
            "SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'",
            "SELECT version, CAST(success AS INTEGER), LOWER(HEX(checksum)) FROM _sqlx_migrations ORDER BY version",
        ),
        Engine::Postgres => (
            "SELECT COUNT(*) FROM pg_tables \
             WHERE tablename = '_sqlx_migrations' AND schemaname = ANY (current_schemas(FALSE))",
            "SELECT version, CAST(success AS INTEGER), ENCODE(checksum, 'hex') FROM _sqlx_migrations ORDER BY version",
        ),
    };
    let tables: i64 = sqlx::query_scalar(tables).fetch_one(store.pool()).await?;
    if tables == 0 {
        return Ok(Vec::new());
    }
    Ok(sqlx::query_as(steps).fetch_all(store.pool()).await?)
}

/// The tables and indexes that are where ours would be made.
async fn names_there(store: &Store) -> Result<Vec<String>, StoreError> {
    let names = match store.engine {
        Engine::Sqlite => "SELECT name FROM sqlite_master",
        Engine::Postgres => {
            "SELECT CAST(relname AS TEXT) FROM pg_class \
             WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
        }
    };
    Ok(sqlx::query_scalar(names).fetch_all(store.pool()).await?)
}

/// The tables and indexes that a step makes.
fn names(sql: &str) -> impl Iterator<Item = &str> {
    sql.lines().filter_map(|line| {
        let kinds = ["CREATE TABLE ", "CREATE INDEX ", "CREATE UNIQUE INDEX "];
        let rest = kinds.into_iter().find_map(|kind| line.strip_prefix(kind))?;
        rest.split([' ', '(']).next()
    })
}

fn in_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Look;
    use crate::store::tests::{POSTGRES, postgres_url, run};

    /// A store that a bot has made, and what somebody did to it since.
    async fn meddled_with(url: &str, statement: &str) {
        let store = Store::open(&url.into()).await.expect("opens");
        run(&store, statement).await;
        store.pool().close().await;
    }

    /// What `serve` and the doctor say of it.
    async fn told(url: &str) -> (String, Result<Look, String>) {
        let served = Store::open(&url.into()).await.expect_err("cannot be used").to_string();
        (served, Store::look(&url.into()).await.map_err(|error| error.to_string()))
    }

    async fn both_refuse(url: &str, why: &str) {
        let (served, looked) = told(url).await;
        assert_eq!(looked, Err(served.clone()));
        assert_eq!(
            served,
            format!(
                "the store cannot be used by this version: {why}; name a database that is sso-why's alone with [store] url or DATABASE_URL, or restore the copy that was made of it"
            )
        );
    }

    async fn is_told_what_it_is(urls: [String; 4]) {
        let [later, modified, unfinished, foreign] = urls;
        let step = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) ";
        meddled_with(
            &later,
            &format!(
                "{step}SELECT 99, 'later', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1"
            ),
        )
        .await;
        let (served, looked) = told(&later).await;
        assert_eq!(looked, Ok(Look::There { schema: 99 }));
        assert_eq!(
            served,
            format!(
                "the store cannot be used by this version: a later version of sso-why made it (it has schema 99, and this one works with {NEWEST}); run that version or a later one, or restore the copy that was made before it"
            )
        );

        let other = "UPDATE _sqlx_migrations SET checksum = (SELECT checksum FROM _sqlx_migrations WHERE version = 1) WHERE version = 2";
        meddled_with(&modified, other).await;
        both_refuse(&modified, "step 2 of its schema is another one than sso-why's").await;

        meddled_with(&unfinished, "UPDATE _sqlx_migrations SET success = (1 = 0) WHERE version = 2").await;
        both_refuse(&unfinished, "step 2 of its schema was begun and not ended").await;

        meddled_with(&foreign, "DROP TABLE _sqlx_migrations").await;
        both_refuse(&foreign, "it has a job that sso-why did not make").await;
    }

    #[tokio::test]
    async fn a_store_of_another_hand_is_told_by_what_is_in_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = |name: &str| format!("sqlite://{}", folder.path().join(name).display());
        is_told_what_it_is(["later", "modified", "unfinished", "foreign"].map(url)).await;
    }

    #[tokio::test]
    #[ignore = "needs PostgreSQL, which tests/run starts"]
    async fn a_postgres_of_another_hand_is_told_by_what_is_in_it() {
        let urls = [postgres_url().await, postgres_url().await, postgres_url().await, postgres_url().await];
        is_told_what_it_is(urls).await;
        let server = std::env::var(POSTGRES).expect("tests/run sets it");
        let nowhere = Store::open(&format!("{server}/no_such_database").into()).await;
        let nowhere = nowhere.expect_err("is not there").to_string();
        assert!(nowhere.contains("PostgreSQL has no database of that name (code 3D000)"), "{nowhere}");
    }

    #[tokio::test]
    async fn the_steps_of_another_program_are_not_those_of_a_later_version() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("other.db").display());
        meddled_with(&url, "UPDATE _sqlx_migrations SET version = version + 20260101000000").await;
        both_refuse(&url, "step 20260101000001 of its schema is another one than sso-why's").await;
    }

    #[test]
    fn the_names_of_a_step_are_read_off_its_sql() {
        let all: Vec<&str> = STEPS.iter().flat_map(|(_, _, sql)| names(sql)).collect();
        assert!(["job", "job_by_turn", "ticket_open", "digest_claim"].iter().all(|name| all.contains(name)));
    }
}
