//! What survives a restart: SQLite in one file, or PostgreSQL for several replicas.
//!
//! One schema and one set of constant statements serve both; where the two speak differently, the statement is
//! chosen by [`Engine`]. Nothing secret is kept: a response URL only sealed, and only until it has been used.
//!
//! Reading order: this file opens the store; [`patient`] has everything that it is asked end in time; [`schema`] makes
//! its tables; [`look`] sees how it stands without touching it; [`refusal`] tells what a database answers in words; then
//! one file for each table.

mod schema;
mod look;
mod refusal;
mod patient;
mod post;
mod question;
mod ticket;
mod watch;
mod outage;
mod home;
mod digest;
mod known_groups;
mod retention;
#[cfg(test)]
pub mod tests;

pub use digest::{Census, Duplicate, KnownGroup, PostedDigest, Questions, Snooze, ToldDuplicate};
pub use home::{OpenTicket, OpenTickets};
pub use look::Look;
pub use outage::{Hit, Outage};
pub use post::{Place, Post, Way};
pub use question::Asked;
pub use ticket::{Deed, NewTicket, OPEN_STATES, Requester, Ticket, TicketEvent, TicketMessage, TicketState};
pub use watch::{Opened, Watch, WatchEnd, Watched};

use std::fs::File;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::time::Duration;

use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Connection as _, Executor as _};

pub use patient::Connections;
use refusal::told;

/// The database's own clock, in milliseconds: replicas' clocks differ.
macro_rules! sqlite_now {
    () => {
        "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
    };
}
/// See `sqlite_now`.
macro_rules! postgres_now {
    () => {
        "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
    };
}
pub(crate) use {postgres_now, sqlite_now};

/// How long an operation waits for a connection: a person's acknowledgement has 3 s (Slack's limit).
const CONNECTION_COMES: Duration = Duration::from_secs(2);

/// Connections to PostgreSQL at most: as many jobs as run at once, and some for requests.
const CONNECTIONS: u32 = 24;

/// How long the bot waits for its file, which another process may just be reading or bringing along.
const FILE_OPENS: Duration = Duration::from_secs(30);

/// What each connection to SQLite is told: readers do not stop the writer, and what is committed is on the
/// disk, since a person was told that it is taken care of.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;";

/// What is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// The open store. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
    engine: Engine,
    /// How long a statement may take.
    patience: Duration,
    /// While it is locked, no other process opens the same file.
    sole: Option<std::sync::Arc<File>>,
}

/// Why the store cannot be opened or used. Says nothing of the URL, which may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the store's URL is of no kind that is known; it must begin with sqlite:// or postgres://")]
    NotAUrl,
    #[error(
        "{0} is used by another process; end that, or give several replicas one PostgreSQL with [store] url"
    )]
    InUse(PathBuf),
    #[error(
        "{path} could not be opened ({why}); name a file in a folder that can be written with [store] url"
    )]
    File { path: PathBuf, why: String },
    #[error("the store could not be opened ({0}); look at [store] url or DATABASE_URL")]
    Unopened(String),
    /// With what mends it.
    #[error("the store could not be opened: {why}; {mend}")]
    NotServed { why: String, mend: &'static str },
    /// By its path, where that is known.
    #[error(
        "{} is not a SQLite database or is damaged; restore the copy that was made of it, or name another file with [store] url",
        .0.as_deref().map_or_else(|| "the store".to_owned(), |path| path.display().to_string())
    )]
    Damaged(Option<PathBuf>),
    #[error(
        "the store cannot be written ({0}); give the bot's user the right to write, or name another with [store] url"
    )]
    NotWritable(String),
    /// Nobody can tell: it was busy, went away or took too long.
    #[error(
        "whether the store can be written could not be tried ({0}); try again, and look at what else uses it and whether it is reachable"
    )]
    Untried(String),
    #[error(
        "the store could not be brought to this version's schema ({0}); try again, and look at what else uses it"
    )]
    Schema(String),
    /// What is in it is not what this version works with; with what mends it.
    #[error("the store cannot be used by this version: {why}; {mend}")]
    OtherSchema { why: String, mend: &'static str },
    #[error("the store did not do it ({0})")]
    Refused(String),
}

impl Store {
    /// Opens the store at this URL and brings it to this version's schema; SQLite's file is made where it is
    /// not there yet.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn open(url: &SecretString) -> Result<Self, StoreError> {
        install_default_drivers();
        let url = url.expose_secret();
        let store = if url.starts_with("sqlite:") {
            let path = file_of(url);
            let sole = path.as_deref().map(locked).transpose()?;
            path.as_deref().map(made_for_its_owner_alone).transpose()?;
            Self::open_file(url, sole, FILE_OPENS).await?
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Self::open_server(url).await?
        } else {
            return Err(StoreError::NotAUrl);
        };
        schema::migrate(&store).await.map_err(|error| error.at(file_of(url)))?;
        Ok(store)
    }

    /// The same store beside the bot that uses it, for a command that reads it or notes something and ends: SQLite
    /// lets other processes do so, but only the bot may perform jobs. Nothing where there is no such file yet.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn open_beside(url: &SecretString) -> Result<Option<Self>, StoreError> {
        install_default_drivers();
        let Some(path) = file_of(url.expose_secret()) else {
            return Self::open(url).await.map(Some);
        };
        if !path.exists() {
            return Ok(None);
        }
        let store = Self::open_file(url.expose_secret(), None, FILE_OPENS).await?;
        schema::migrate(&store).await.map_err(|error| error.at(Some(path)))?;
        Ok(Some(store))
    }

    /// As [`Store::open_beside`], and a new store where there is none yet.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn open_or_make_beside(url: &SecretString) -> Result<Self, StoreError> {
        match Self::open_beside(url).await? {
            Some(store) => Ok(store),
            None => Self::open(url).await,
        }
    }

    /// A store that is gone with the process, for the simulated company.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn in_memory() -> Result<Self, StoreError> {
        Self::open(&"sqlite::memory:".into()).await
    }

    async fn open_file(url: &str, sole: Option<File>, patience: Duration) -> Result<Self, StoreError> {
        let separator = if url.contains('?') { '&' } else { '?' };
        let options = if sole.is_some() { format!("{url}{separator}mode=rwc") } else { url.to_owned() };
        let options =
            AnyConnectOptions::from_str(&options).map_err(|error| StoreError::Unopened(told(&error)))?;
        // The pool would try again whatever is wrong, for as long as somebody may wait for its connection.
        let opens = async {
            let mut connection = AnyConnection::connect_with(&options).await?;
            let waits = format!("PRAGMA busy_timeout = {}", patience.as_millis());
            connection.execute(AssertSqlSafe(waits)).await?;
            connection.execute(PRAGMAS).await?;
            connection.close().await
        };
        // SQLite itself waits no longer, and says what for; a disk that does not answer says nothing.
        let opened = patient::in_time(patience * 2, opens).await;
        opened.map_err(|error| look::why_it_was_not_opened(&error).at(file_of(url)))?;
        // One connection: writers would only wait for each other, and in memory each connection is a
        // database of its own.
        let pool = AnyPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(30))
            .idle_timeout(None)
            .max_lifetime(None)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    connection.execute(PRAGMAS).await?;
                    Ok(())
                })
            })
            .connect_with(options)
            .await
            .map_err(|error| StoreError::Unopened(told(&error)))?;
        Ok(Self {
            pool,
            engine: Engine::Sqlite,
            patience: patient::STATEMENT,
            sole: sole.map(std::sync::Arc::new),
        })
    }

    async fn open_server(url: &str) -> Result<Self, StoreError> {
        let options = AnyConnectOptions::from_str(url).map_err(|error| StoreError::Unopened(told(&error)))?;
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(CONNECTION_COMES)
            .connect_with(options.clone());
        let pool = match pool.await {
            Ok(pool) => pool,
            Err(error) => return Err(refusal::of_a_server(error, &options).await),
        };
        Ok(Self { pool, engine: Engine::Postgres, patience: patient::STATEMENT, sole: None })
    }

    /// The file of the store at this URL, from the root on; nothing for PostgreSQL and in memory.
    pub fn file(url: &SecretString) -> Option<PathBuf> {
        file_of(url.expose_secret())
    }

    /// Whether it answers and takes a write. SQLite is written, so that a full disk is seen: a number in the file's
    /// head, which we do not use, with the value that it has. PostgreSQL is asked whether it only reads, as one does
    /// that has not taken over yet; a full disk stops it.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn is_well(&self) -> Result<(), StoreError> {
        match self.engine {
            Engine::Sqlite => {
                let unused: i32 = sqlx::query_scalar("PRAGMA user_version").fetch_one(self.pool()).await?;
                let rewrite = sqlx::AssertSqlSafe(format!("PRAGMA user_version = {unused}"));
                sqlx::query(rewrite).execute(self.pool()).await?;
            }
            Engine::Postgres => {
                let only_reads = "SELECT CAST(current_setting('transaction_read_only') = 'on' AS INTEGER)";
                if sqlx::query_scalar::<_, i32>(only_reads).fetch_one(self.pool()).await? != 0 {
                    return Err(StoreError::NotWritable("it only reads".to_owned()));
                }
            }
        }
        Ok(())
    }

    /// Ends it for everybody who has it, once what is under way has ended: from then on SQLite's file is free for the
    /// next one.
    pub async fn close(&self) {
        self.pool().close().await;
        if let Some(Err(error)) = self.sole.as_deref().map(File::unlock) {
            tracing::warn!(%error, "the store's file is free only when the process has ended");
        }
    }

    /// Connections, for the statements of the rooms beside this one.
    pub fn pool(&self) -> Connections<'_> {
        Connections { pool: &self.pool, patience: self.patience }
    }

    /// On SQLite a transaction that will write says so at once: it could not become one later.
    pub(crate) async fn begin(&self) -> Result<sqlx::Transaction<'static, sqlx::Any>, StoreError> {
        Ok(match self.engine() {
            Engine::Sqlite => self.pool().begin_with("BEGIN IMMEDIATE").await?,
            Engine::Postgres => self.pool().begin().await?,
        })
    }

    /// Several statements that are one, with the time of one statement.
    ///
    /// # Errors
    /// What went wrong, or that it took too long; then nothing of it is kept.
    async fn in_time<T>(&self, work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        match tokio::time::timeout(self.patience, work).await {
            Ok(done) => done,
            Err(_elapsed) => Err(StoreError::Refused("it took too long".to_owned())),
        }
    }

    /// What it speaks.
    pub fn engine(&self) -> Engine {
        self.engine
    }
}

/// A new id; ids sort by the time they were made.
pub fn new_id() -> String {
    uuid::Uuid::now_v7().simple().to_string()
}

/// A moment as the tables hold it.
pub fn to_ms(time: Timestamp) -> i64 {
    time.as_millisecond()
}

/// A moment from a table; what is no moment counts as 1970.
pub fn from_ms(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The file of an SQLite URL, from the root on, so that whoever reads of it knows which one it is; nothing for a
/// database in memory.
fn file_of(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"))?;
    let path = percent_decode_str(path.split('?').next().unwrap_or_default()).decode_utf8_lossy();
    let path = Some(PathBuf::from(&*path)).filter(|_| !path.is_empty() && path != ":memory:")?;
    Some(std::path::absolute(&path).unwrap_or(path))
}

/// Makes the file where there is none: who asked about whom is nobody else's to read. SQLite gives the files beside it
/// the same rights.
fn made_for_its_owner_alone(path: &Path) -> Result<(), StoreError> {
    let mut file = File::options();
    file.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    match file.open(path) {
        Ok(_) => Ok(()),
        Err(error) => Err(StoreError::File { path: path.to_owned(), why: error.kind().to_string() }),
    }
}

fn locked(path: &Path) -> Result<File, StoreError> {
    let mut lock = path.as_os_str().to_owned();
    lock.push(".lock");
    let unopened =
        |error: &std::io::Error| StoreError::File { path: path.to_owned(), why: error.kind().to_string() };
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(PathBuf::from(lock))
        .map_err(|error| unopened(&error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::InUse(path.to_owned())),
        Err(std::fs::TryLockError::Error(error)) => Err(unopened(&error)),
    }
}
