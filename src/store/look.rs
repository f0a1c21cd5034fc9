//! How the store stands: whether it can be written and which schema it has. Nothing is made, changed or migrated,
//! and a bot that works with it is not disturbed.

use std::fs::File;
use std::path::Path;

use secrecy::{ExposeSecret as _, SecretString};
use sqlx::Executor as _;
use sqlx::any::install_default_drivers;

use super::patient::in_time;
use super::{CONNECTION_COMES, Store, StoreError, file_of, refusal, schema, told};

/// What was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// SQLite's file is not there yet, and can be made.
    ToBeMade,
    /// It takes a write, and has this schema; 0 where it has none yet.
    There { schema: i64 },
}

impl Store {
    /// The schema that this program works with.
    pub const SCHEMA: i64 = schema::NEWEST;

    /// Looks at the store at this URL.
    ///
    /// # Errors
    /// Where it cannot be opened, made or written.
    pub async fn look(url: &SecretString) -> Result<Look, StoreError> {
        install_default_drivers();
        let url = url.expose_secret();
        Self::looked_at(url).await.map_err(|error| error.at(file_of(url)))
    }

    async fn looked_at(url: &str) -> Result<Look, StoreError> {
        if let Some(path) = file_of(url).filter(|path| !path.exists()) {
            return can_be_made(&path).map(|()| Look::ToBeMade);
        }
        let store = if url.starts_with("sqlite:") {
            Self::open_file(url, None, CONNECTION_COMES).await?
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Self::open_server(url).await?
        } else {
            return Err(StoreError::NotAUrl);
        };
        in_time(store.patience, takes_a_write(&store))
            .await
            .map_err(|error| why_it_was_not_written(&error))?;
        store.is_well().await.map_err(|error| match error {
            StoreError::Refused(why) => StoreError::Untried(why),
            other => other,
        })?;
        let schema = schema::standing(&store).await.map_err(|error| match error {
            StoreError::Refused(why) => StoreError::Unopened(why),
            other => other,
        })?;
        store.pool().close().await;
        Ok(Look::There { schema })
    }
}

/// A table that is never there: what makes it is taken back. Making one is the most that the bot ever does.
async fn takes_a_write(store: &Store) -> Result<(), sqlx::Error> {
    let mut transaction = store.pool().begin().await?;
    transaction.execute("CREATE TABLE sso_why_doctor (kept BIGINT)").await?;
    transaction.rollback().await?;
    Ok(())
}

/// What keeps a file from being opened; what is merely busy may be opened later.
pub(super) fn why_it_was_not_opened(error: &sqlx::Error) -> StoreError {
    match why_it_was_not_written(error) {
        StoreError::Untried(why) if error.as_database_error().is_some() && !is_busy(error) => {
            StoreError::Unopened(why)
        }
        why => why,
    }
}

fn is_busy(error: &sqlx::Error) -> bool {
    const BUSY: [u32; 2] = [5, 6];
    sqlite_code(error).is_some_and(|code| BUSY.contains(&code))
}

/// The primary code of SQLite's (sqlite.org, "Result and Error Codes").
fn sqlite_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    // PostgreSQL's codes have five letters or digits, and SQLite's numbers fewer.
    Some(code.parse::<u32>().ok().filter(|_| code.len() < 5)? & 0xff)
}

/// Only what says that it may not be written says so. Sources: sqlite.org, "Result and Error Codes" (`PERM`, `READONLY`,
/// `CANTOPEN`; the low byte of an extended code); PostgreSQL's documentation, Appendix A (`insufficient_privilege`,
/// `read_only_sql_transaction`).
fn why_it_was_not_written(error: &sqlx::Error) -> StoreError {
    const SQLITE: [u32; 3] = [3, 8, 14];
    const POSTGRES: [&str; 2] = ["42501", "25006"];
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code).unwrap_or_default();
    let may_not = sqlite_code(error).map_or(POSTGRES.contains(&&*code), |code| SQLITE.contains(&code));
    match may_not {
        true => StoreError::NotWritable(told(error)),
        false if refusal::is_of_damage(error) => StoreError::Damaged(None),
        false => StoreError::Untried(told(error)),
    }
}

/// A file beside it, as the bot makes one for its lock; taken away again.
fn can_be_made(path: &Path) -> Result<(), StoreError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".doctor");
    let unmade =
        |error: std::io::Error| StoreError::File { path: path.to_owned(), why: error.kind().to_string() };
    File::options().create(true).truncate(false).write(true).open(&beside).map_err(unmade)?;
    std::fs::remove_file(&beside).map_err(unmade)
}

#[cfg(test)]
mod tests {
    use sqlx::Connection as _;

    use super::*;

    async fn looked_at(url: &str) -> Result<Look, String> {
        Store::look(&url.into()).await.map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn it_is_looked_at_beside_the_bot_that_uses_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("store.db").display());
        assert_eq!(looked_at(&url).await, Ok(Look::ToBeMade));
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);

        let _bot = Store::open(&url.as_str().into()).await.expect("opens");
        assert_eq!(looked_at(&url).await, Ok(Look::There { schema: Store::SCHEMA }));
        let read_only = looked_at(&format!("{url}?mode=ro")).await.expect_err("cannot be written");
        assert!(read_only.starts_with("the store cannot be written"), "{read_only}");
    }

    #[tokio::test]
    async fn a_store_that_is_busy_is_not_one_that_may_not_be_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", folder.path().join("store.db").display());
        let bot = Store::open(&url.as_str().into()).await.expect("opens");
        let _writes = bot.begin().await.expect("begins");
        let store = Store::open_file(&url, None, CONNECTION_COMES).await.expect("opens");
        sqlx::query("PRAGMA busy_timeout = 0").execute(store.pool()).await.expect("does not wait");
        let busy = takes_a_write(&store).await.map_err(|error| why_it_was_not_written(&error).to_string());
        let busy = busy.expect_err("is busy");
        assert!(busy.starts_with("whether the store can be written could not be tried (code 5)"), "{busy}");
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_is_told_at_once_by_the_doctor_and_the_bot() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("store.db");
        std::fs::write(&path, "a letter to the help desk, which is long enough for a page\n".repeat(100))
            .expect("is written");
        let url = format!("sqlite://{}", path.display());
        let wrong = format!(
            "{} is not a SQLite database or is damaged; restore the copy that was made of it, or name another file with [store] url",
            path.display()
        );
        assert_eq!(looked_at(&url).await, Err(wrong.clone()));
        let opened = Store::open(&url.as_str().into()).await.map_err(|error| error.to_string());
        assert_eq!(opened.err(), Some(wrong));
    }

    #[tokio::test]
    async fn a_file_that_somebody_keeps_locked_is_waited_for_no_longer_than_asked() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("store.db").display());
        install_default_drivers();
        let mut other = sqlx::AnyConnection::connect(&url).await.expect("opens");
        other
            .execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE x (y)")
            .await
            .expect("locks");
        let moment = std::time::Duration::from_millis(10);
        let locked = Store::open_file(&url, None, moment).await.map_err(|error| error.to_string());
        let locked = locked.expect_err("is locked");
        assert!(
            locked.starts_with("whether the store can be written could not be tried (code 5)"),
            "{locked}"
        );
    }

    #[tokio::test]
    #[ignore = "needs PostgreSQL, which tests/run starts"]
    async fn a_postgresql_is_looked_at_before_and_after_its_first_bot() {
        let url = crate::store::tests::postgres_url().await;
        assert_eq!(looked_at(&url).await, Ok(Look::There { schema: 0 }));
        let _bot = Store::open(&url.as_str().into()).await.expect("opens");
        assert_eq!(looked_at(&url).await, Ok(Look::There { schema: Store::SCHEMA }));
    }

    #[tokio::test]
    async fn a_store_that_cannot_be_is_told_with_its_place() {
        let nowhere = looked_at("sqlite:///no/such/folder/store.db").await.expect_err("is nowhere");
        assert!(nowhere.starts_with("/no/such/folder/store.db could not be opened"), "{nowhere}");
        assert!(looked_at("mysql://elsewhere/db").await.is_err());
    }
}
