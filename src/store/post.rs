//! Messages that must be posted once: which of them have been begun, and where they stand.

use jiff::Timestamp;
use sqlx::Row as _;

use super::{Store, StoreError, from_ms, to_ms};

const BEGIN: &str = "\
    INSERT INTO post (key, state, began_at) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING RETURNING key";
const LOOK: &str = "SELECT state, channel, ts, began_at FROM post WHERE key = $1";
const TURN: &str = "UPDATE post SET state = $2 WHERE key = $1";
const ANSWERED: &str = "UPDATE post SET state = 'sent' WHERE key = $1";
const SENT: &str = "UPDATE post SET state = 'sent', channel = $2, ts = $3 WHERE key = $1";
const FORGET_OLD: &str = "DELETE FROM post WHERE key = $1 AND began_at < $2";
const FORGET: &str = "DELETE FROM post WHERE key = $1";

/// The call that delivers a message. It is the row's `state` until the message is `sent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A post in a channel, which can be found there afterwards.
    Channel,
    /// A response URL, which tells nobody what it was used for.
    ResponseUrl,
}

impl Way {
    /// A version that does not know `answering` looks for the message, as for one that is `sending`.
    const fn state(self) -> &'static str {
        match self {
            Self::Channel => "sending",
            Self::ResponseUrl => "answering",
        }
    }
}

/// How far a message has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Post {
    /// Nobody has tried before; it is begun now.
    Begun,
    /// An earlier try began this way and did not note its outcome.
    CutOff { way: Way, since: Timestamp },
    /// It was delivered.
    Sent(Option<Place>),
}

/// Where a message stands. A response URL does not say it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub channel: String,
    pub ts: String,
}

impl Store {
    /// Begins to deliver the message of this key this way, or says how far an earlier try came.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn begin_post(&self, key: &str, way: Way, now: Timestamp) -> Result<Post, StoreError> {
        let begun = sqlx::query(BEGIN).bind(key.to_owned()).bind(way.state()).bind(to_ms(now));
        if begun.fetch_optional(self.pool()).await?.is_some() {
            return Ok(Post::Begun);
        }
        let Some(row) = sqlx::query(LOOK).bind(key.to_owned()).fetch_optional(self.pool()).await? else {
            return Ok(Post::Begun);
        };
        let state: String = row.try_get("state")?;
        if state == "sent" {
            let channel: Option<String> = row.try_get("channel")?;
            let place = channel.zip(row.try_get("ts")?).map(|(channel, ts)| Place { channel, ts });
            return Ok(Post::Sent(place));
        }
        let is_answer = state == Way::ResponseUrl.state();
        let way = if is_answer { Way::ResponseUrl } else { Way::Channel };
        Ok(Post::CutOff { way, since: from_ms(row.try_get("began_at")?) })
    }

    /// The message of this key, which was begun another way, is delivered this way from now on.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn turn_post(&self, key: &str, way: Way) -> Result<(), StoreError> {
        sqlx::query(TURN).bind(key.to_owned()).bind(way.state()).execute(self.pool()).await?;
        Ok(())
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

    /// Notes that a response URL has delivered the message of this key.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn note_answer(&self, key: &str) -> Result<(), StoreError> {
        sqlx::query(ANSWERED).bind(key.to_owned()).execute(self.pool()).await?;
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
        let begin = async |way| store.begin_post("ticket:1", way, noon).await.unwrap();
        let cut_off = |way| Post::CutOff { way, since: noon };
        assert_eq!(begin(Way::Channel).await, Post::Begun);
        assert_eq!(begin(Way::Channel).await, cut_off(Way::Channel));
        assert_eq!(store.stands("ticket:1").await.unwrap(), None);
        store.note_post("ticket:1", "C0", "1.2").await.unwrap();
        let place = Place { channel: "C0".to_owned(), ts: "1.2".to_owned() };
        assert_eq!(begin(Way::Channel).await, Post::Sent(Some(place)));
        assert_eq!(store.stands("ticket:1").await.unwrap(), Some(("C0".to_owned(), "1.2".to_owned())));
        store.forget_post("ticket:1").await.unwrap();
        assert_eq!(begin(Way::ResponseUrl).await, Post::Begun);
        assert_eq!(begin(Way::Channel).await, cut_off(Way::ResponseUrl), "as it was begun");
        store.turn_post("ticket:1", Way::Channel).await.unwrap();
        assert_eq!(begin(Way::ResponseUrl).await, cut_off(Way::Channel));
        store.note_answer("ticket:1").await.unwrap();
        assert_eq!(begin(Way::Channel).await, Post::Sent(None));
        assert_eq!(store.stands("ticket:1").await.unwrap(), None, "nobody knows where");
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
