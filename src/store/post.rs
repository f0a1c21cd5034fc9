//! Messages that must be posted once: which of them have been begun, and where they stand.

use jiff::Timestamp;
use sqlx::Row as _;

use super::{Store, StoreError, from_ms, to_ms};

const BEGIN: &str = "\
    INSERT INTO post (key, state, began_at) VALUES ($1, 'sending', $2) ON CONFLICT (key) DO NOTHING RETURNING key";
const LOOK: &str = "SELECT state, channel, ts, began_at FROM post WHERE key = $1";
const SENT: &str = "UPDATE post SET state = 'sent', channel = $2, ts = $3 WHERE key = $1";
const FORGET_OLD: &str = "DELETE FROM post WHERE key = $1 AND began_at < $2";
const FORGET: &str = "DELETE FROM post WHERE key = $1";

/// How far a message has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Post {
    /// Nobody has tried before; it is begun now.
    Begun,
    /// Somebody began and did not note what came of it.
    CutOff { since: Timestamp },
    /// It stands there.
    Sent { channel: String, ts: String },
}

impl Store {
    /// Begins to post the message of this key, or says how far an earlier try came.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn begin_post(&self, key: &str, now: Timestamp) -> Result<Post, StoreError> {
        let begun = sqlx::query(BEGIN).bind(key.to_owned()).bind(to_ms(now));
        if begun.fetch_optional(self.pool()).await?.is_some() {
            return Ok(Post::Begun);
        }
        let Some(row) = sqlx::query(LOOK).bind(key.to_owned()).fetch_optional(self.pool()).await? else {
            return Ok(Post::Begun);
        };
        if row.try_get::<String, _>("state")? == "sent" {
            return Ok(Post::Sent {
                channel: row.try_get::<Option<String>, _>("channel")?.unwrap_or_default(),
                ts: row.try_get::<Option<String>, _>("ts")?.unwrap_or_default(),
            });
        }
        Ok(Post::CutOff { since: from_ms(row.try_get("began_at")?) })
    }

    /// Whether the message of this key has stood somewhere since `since`; an older one is forgotten, so that it
    /// may be posted anew.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn is_posted(&self, key: &str, since: Timestamp) -> Result<bool, StoreError> {
        sqlx::query(FORGET_OLD).bind(key.to_owned()).bind(to_ms(since)).execute(self.pool()).await?;
        let row = sqlx::query(LOOK).bind(key.to_owned()).fetch_optional(self.pool()).await?;
        let state = row.map(|row| row.try_get::<String, _>("state")).transpose()?;
        Ok(state.as_deref() == Some("sent"))
    }

    /// Where the message of this key stands: channel and `ts`; nothing while it does not.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn stands(&self, key: &str) -> Result<Option<(String, String)>, StoreError> {
        let Some(row) = sqlx::query(LOOK).bind(key.to_owned()).fetch_optional(self.pool()).await? else {
            return Ok(None);
        };
        let place: (Option<String>, Option<String>) = (row.try_get("channel")?, row.try_get("ts")?);
        Ok(place.0.zip(place.1))
    }

    /// Notes where the message of this key stands.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn note_post(&self, key: &str, channel: &str, ts: &str) -> Result<(), StoreError> {
        let sent = sqlx::query(SENT).bind(key.to_owned()).bind(channel.to_owned()).bind(ts.to_owned());
        sent.execute(self.pool()).await?;
        Ok(())
    }

    /// The message of this key was not posted, and may be begun anew.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn forget_post(&self, key: &str) -> Result<(), StoreError> {
        sqlx::query(FORGET).bind(key.to_owned()).execute(self.pool()).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{postgres, sqlite};

    async fn a_message_is_begun_once_and_found_where_it_stands(store: Store) {
        let noon: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        assert_eq!(store.begin_post("ticket:1", noon).await.unwrap(), Post::Begun);
        assert_eq!(store.begin_post("ticket:1", noon).await.unwrap(), Post::CutOff { since: noon });
        assert_eq!(store.stands("ticket:1").await.unwrap(), None);
        store.note_post("ticket:1", "C0", "1.2").await.unwrap();
        let sent = Post::Sent { channel: "C0".to_owned(), ts: "1.2".to_owned() };
        assert_eq!(store.begin_post("ticket:1", noon).await.unwrap(), sent);
        assert_eq!(store.stands("ticket:1").await.unwrap(), Some(("C0".to_owned(), "1.2".to_owned())));
        store.forget_post("ticket:1").await.unwrap();
        assert_eq!(store.begin_post("ticket:1", noon).await.unwrap(), Post::Begun);
    }

    #[tokio::test]
    async fn on_sqlite() {
        a_message_is_begun_once_and_found_where_it_stands(sqlite().await).await;
    }

    #[tokio::test]
    #[ignore = "needs PostgreSQL, which tests/run starts"]
    async fn on_postgres() {
        a_message_is_begun_once_and_found_where_it_stands(postgres().await).await;
    }
}
