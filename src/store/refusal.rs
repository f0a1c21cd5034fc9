//! What a database answers where it does not do what it is asked, in words. Neither its URL nor a statement's values are
//! ever among them: the one may hold a password, the others are people's.

use std::io::{self, ErrorKind};
use std::path::PathBuf;

use sqlx::any::AnyConnectOptions;
use sqlx::error::DatabaseError;
use sqlx::{ConnectOptions as _, Error};
use tokio::time::timeout;

use super::{CONNECTION_COMES, StoreError};

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match is_of_damage(&error) {
            true => Self::Damaged(None),
            false => Self::Refused(told(&error)),
        }
    }
}

impl StoreError {
    /// The same with the file that it is about.
    pub(super) fn at(self, file: Option<PathBuf>) -> Self {
        match self {
            Self::Damaged(None) => Self::Damaged(file),
            other => other,
        }
    }
}

/// An error without the values of the statement, which PostgreSQL's own text would repeat.
pub(super) fn told(error: &Error) -> String {
    match error {
        Error::Database(refusal) => match refusal.code() {
            // SQLite's `FULL` (sqlite.org, "Result and Error Codes") and PostgreSQL's `disk_full` (Appendix A).
            Some(code) if code == "13" || code == "53100" => "the disk is full".to_owned(),
            Some(code) => format!("code {code}"),
            None => "no code".to_owned(),
        },
        Error::PoolTimedOut => "no connection within two seconds".to_owned(),
        Error::Io(error) if is_of_a_name(error) => "the host's name is not known".to_owned(),
        Error::Io(error) => error.kind().to_string(),
        Error::Configuration(_) => "its URL is not understood".to_owned(),
        _ => "it is not to be understood".to_owned(),
    }
}

/// Source: sqlite.org, "Result and Error Codes": `CORRUPT` and `NOTADB`; the low byte of an extended code.
pub(super) fn is_of_damage(error: &Error) -> bool {
    const CODES: [u32; 2] = [11, 26];
    // PostgreSQL's codes have five letters or digits, and SQLite's numbers fewer.
    let code = error.as_database_error().and_then(DatabaseError::code).filter(|code| code.len() < 5);
    code.and_then(|code| code.parse().ok()).is_some_and(|code: u32| CODES.contains(&(code & 0xff)))
}

/// Why PostgreSQL cannot be connected to. The pool says of a refused connection only that there was none in time, so
/// that one more is tried by itself.
pub(super) async fn of_a_server(error: Error, options: &AnyConnectOptions) -> StoreError {
    let error = match error {
        Error::PoolTimedOut => match timeout(CONNECTION_COMES, options.connect()).await {
            Ok(Err(closer)) => closer,
            _ => Error::PoolTimedOut,
        },
        other => other,
    };
    match why_unserved(&error) {
        Some((why, mend)) => StoreError::NotServed { why, mend },
        None => StoreError::Unopened(told(&error)),
    }
}

/// Source of the codes: PostgreSQL's documentation, Appendix A.
fn why_unserved(error: &Error) -> Option<(String, &'static str)> {
    let told = |why: &str, mend| Some((why.to_owned(), mend));
    match error {
        Error::Database(refusal) => {
            let code = refusal.code()?;
            let (why, mend) = match &*code {
                "28P01" => (
                    "PostgreSQL does not take the user or the password",
                    "put the right ones into DATABASE_URL, and in the password % as %25, @ as %40, : as %3A, / as %2F, \
                     ? as %3F and # as %23",
                ),
                "28000" => (
                    "PostgreSQL does not let this user in from here",
                    "look at the user and at sslmode in DATABASE_URL, and at pg_hba.conf of the server",
                ),
                "3D000" => (
                    "PostgreSQL has no database of that name",
                    "make it with CREATE DATABASE, or put the name of another at the end of DATABASE_URL",
                ),
                "53300" => (
                    "PostgreSQL has no connection left",
                    "run fewer replicas, or raise max_connections of the server",
                ),
                "57P03" => ("PostgreSQL is starting or stopping", "try again in a minute"),
                _ => return None,
            };
            Some((format!("{why} (code {code})"), mend))
        }
        Error::Io(error) if is_of_a_name(error) => told(
            "the name of PostgreSQL's host is not known",
            "put the right host into DATABASE_URL, or look at DNS; in the password write @ as %40, / as %2F and # as %23",
        ),
        Error::Io(error) => match error.kind() {
            ErrorKind::ConnectionRefused => told(
                "nothing listens where PostgreSQL should be",
                "start it, or put its host and port into DATABASE_URL",
            ),
            ErrorKind::NotFound => told(
                "there is no socket of PostgreSQL in that folder",
                "start it, or put its host and port into DATABASE_URL",
            ),
            ErrorKind::TimedOut | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
                told("PostgreSQL cannot be reached", UNREACHED)
            }
            _ => None,
        },
        Error::PoolTimedOut => told("no connection within two seconds", UNREACHED),
        Error::Tls(_) => told(
            "PostgreSQL and the bot did not come to an encrypted connection",
            "look at sslmode and sslrootcert in DATABASE_URL, and at the server's certificate",
        ),
        _ => None,
    }
}

const UNREACHED: &str =
    "look at host and port in DATABASE_URL, and at the firewalls and security groups between here and there";

/// The standard library has a kind for every error but this.
fn is_of_a_name(error: &io::Error) -> bool {
    error.to_string().starts_with("failed to lookup address information")
}

/// Why a step of the schema was refused.
pub(super) fn of_a_step(error: &Error) -> StoreError {
    if is_of_damage(error) {
        return StoreError::Damaged(None);
    }
    let code = error.as_database_error().and_then(DatabaseError::code).unwrap_or_default();
    match &*code {
        // Source: PostgreSQL's documentation, Appendix A: `insufficient_privilege`.
        "42501" => StoreError::OtherSchema {
            why: "its user may not make tables (code 42501)".to_owned(),
            mend: "make that user the owner of the database, or GRANT CREATE ON SCHEMA public to it",
        },
        _ => StoreError::Schema(told(error)),
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use crate::store::Store;

    async fn refused(url: &str) -> String {
        Store::open(&url.into()).await.expect_err("cannot be opened").to_string()
    }

    /// A server that offers no TLS and answers whoever comes with this error of PostgreSQL.
    async fn that_answers(code: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let fields = format!("SFATAL\0VFATAL\0C{code}\0Mhush is told here\0\0");
        let length = u32::try_from(fields.len() + 4).expect("is short");
        let error = [b"E".as_slice(), &length.to_be_bytes(), fields.as_bytes()].concat();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut request = [0; 1024];
                // The wish for TLS has eight bytes, and the greeting after it more.
                while let Ok(length @ 1..) = socket.read(&mut request).await {
                    let answer = if length == 8 { b"N".as_slice() } else { &error };
                    if socket.write_all(answer).await.is_err() {
                        break;
                    }
                }
            }
        });
        format!("postgres://sso-why:hush@{address}/sso-why")
    }

    #[tokio::test]
    async fn what_postgres_refuses_a_connection_for_is_told_with_what_mends_it() {
        for (code, told) in [
            (
                "28P01",
                "PostgreSQL does not take the user or the password (code 28P01); put the right ones into ",
            ),
            ("28000", "PostgreSQL does not let this user in from here (code 28000); look at the user "),
            ("3D000", "PostgreSQL has no database of that name (code 3D000); make it with CREATE DATABASE"),
            ("53300", "PostgreSQL has no connection left (code 53300); run fewer replicas"),
            ("57P03", "PostgreSQL is starting or stopping (code 57P03); try again"),
        ] {
            let refused = refused(&that_answers(code).await).await;
            let told = format!("the store could not be opened: {told}");
            assert!(refused.starts_with(&told), "{refused}");
            assert!(!refused.contains("hush"), "{refused}");
        }
        let other = refused(&that_answers("XX000").await).await;
        assert_eq!(other, "the store could not be opened (code XX000); look at [store] url or DATABASE_URL");
    }

    #[tokio::test]
    async fn a_postgres_that_is_not_there_is_told_by_what_is_missing() {
        let closed = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = closed.local_addr().expect("an address");
        drop(closed);
        let refused = refused(&format!("postgres://sso-why:hush@{address}/sso-why")).await;
        assert_eq!(
            refused,
            "the store could not be opened: nothing listens where PostgreSQL should be; start it, or put its host and port into DATABASE_URL"
        );
        let unknown = super::why_unserved(&sqlx::Error::Io(std::io::Error::other(
            "failed to lookup address information: Name or service not known",
        )));
        assert_eq!(unknown.expect("is known").0, "the name of PostgreSQL's host is not known");
    }
}
