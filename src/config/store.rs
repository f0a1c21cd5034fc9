//! `[store]`: where what must survive a restart is kept. Its URL is looked at for what would not do, and never told,
//! as it may hold a password.

use percent_encoding::percent_decode_str;
use url::{Url, form_urlencoded};

use super::file::{Sections, number};
use super::{ConfigError, Store, StoreUrl};

pub(super) fn store(sections: Sections) -> Result<Store, ConfigError> {
    let mut store = Store::default();
    if let Some((place, written)) = sections.text("store", "url")? {
        if holds_a_password(written) {
            return Err(ConfigError::PasswordInFile { place });
        }
        store.url = url(&place, written)?;
    }
    if let Some(written) = sections.get("store", "retention_days") {
        store.retention_days = number(&written, "a number of days from 1 to 3650", 3_650)?;
    }
    Ok(store)
}

pub(super) fn url(key: &str, value: &str) -> Result<StoreUrl, ConfigError> {
    let key = || key.to_owned();
    if let Some(file) = value.strip_prefix("sqlite:") {
        if is_in_memory(file.strip_prefix("//").unwrap_or(file)) {
            return Err(ConfigError::StoreInMemory { key: key() });
        }
    } else if value.starts_with("postgres:") || value.starts_with("postgresql:") {
        if !is_of_a_server(value) {
            return Err(ConfigError::NoServerUrl { key: key() });
        }
    } else {
        return Err(ConfigError::NoStoreUrl { key: key() });
    }
    Ok(StoreUrl(value.to_owned()))
}

/// Whether SQLite would keep it in memory, or in a file without a name that is gone at the end. Source: sqlite.org,
/// "In-Memory Databases" and "Uniform Resource Identifiers"; a name that begins with `file:` is such an identifier.
fn is_in_memory(file: &str) -> bool {
    let (name, parameters) = file.split_once('?').unwrap_or((file, ""));
    let name = percent_decode_str(name).decode_utf8_lossy();
    let mut parameters = form_urlencoded::parse(parameters.as_bytes());
    let by_name = name.is_empty() || name == ":memory:" || name.starts_with("file:");
    by_name
        || parameters.any(|(key, value)| matches!((&*key, &*value), ("mode", "memory") | ("vfs", "memdb")))
}

/// Whether it is understood as whoever wrote it means it: a password with a `#`, `/` or `?` of its own would end it
/// early, and the rest of it would be taken for something else.
fn is_of_a_server(url: &str) -> bool {
    let rest_is_fine = |url: &Url| {
        url.fragment().is_none()
            && !url.path().contains('@')
            && !url.query().unwrap_or_default().contains('@')
    };
    Url::parse(url).as_ref().is_ok_and(rest_is_fine)
}

/// Also where it is not understood: what stands before an `@` may be one.
fn holds_a_password(url: &str) -> bool {
    match Url::parse(url) {
        Ok(parsed) if parsed.password().is_some() => true,
        // PostgreSQL's URLs may have it among their parameters as well.
        Ok(parsed) if parsed.query_pairs().any(|(name, _)| name == "password") => true,
        _ => !url.starts_with("sqlite:") && !is_of_a_server(url) && url.contains('@'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(value: &str) -> Option<String> {
        url("DATABASE_URL", value).err().map(|error| error.to_string())
    }

    #[test]
    fn whatever_would_be_gone_at_a_restart_is_refused() {
        for value in [
            "sqlite:",
            "sqlite://",
            "sqlite::memory:",
            "sqlite://:memory:",
            "sqlite://%3Amemory%3A",
            "sqlite://?mode=memory",
            "sqlite://sso-why.db?mode=memory",
            "sqlite://sso-why.db?cache=shared&mode=memory",
            "sqlite://sso-why.db?vfs=memdb",
            "sqlite://file::memory:",
            "sqlite://file:x?mode=memory",
        ] {
            assert_eq!(
                refused(value).as_deref(),
                Some(
                    "DATABASE_URL keeps everything in memory, so that a restart would lose what people were promised; name a file, as sqlite:///var/lib/sso-why/sso-why.db"
                ),
                "{value}"
            );
        }
        for value in
            ["sqlite://sso-why.db", "sqlite:sso-why.db", "sqlite:///var/lib/sso-why/sso-why.db?mode=rwc"]
        {
            assert_eq!(refused(value), None, "{value}");
        }
    }

    #[test]
    fn a_password_that_ends_the_address_early_is_refused_and_not_told() {
        for value in [
            "postgres://sso-why:hush#er@db.example/sso-why",
            "postgres://sso-why:1234#hush@db.example/sso-why",
            "postgres://sso-why:hush/er@db.example/sso-why",
            "postgres://sso-why:1234/hush@db.example/sso-why",
            "postgres://sso-why:1234?hush@db.example/sso-why",
            "postgres://sso-why:hush?er@db.example/sso-why",
        ] {
            let refused = refused(value).expect(value);
            assert!(
                refused.starts_with("DATABASE_URL is no address of a PostgreSQL; write it as "),
                "{refused}"
            );
            assert!(!refused.contains("hush") && !refused.contains("db.example"), "{refused}");
        }
        for value in [
            "postgres://sso-why:hush%23er@db.example/sso-why",
            "postgresql://sso-why@db.example:5432/sso-why?sslmode=verify-full",
            "postgres:///sso-why?host=/var/run/postgresql",
        ] {
            assert_eq!(refused(value), None, "{value}");
        }
    }
}
