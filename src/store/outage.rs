//! Outages: one cause that hits several people, told to the admins once.

use jiff::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{Store, StoreError, from_ms, new_id, to_ms};

const COUNT_IN: &str = "UPDATE question SET sync_fault = 1 WHERE id = $1";
/// What was asked before an outage of this cause ended belongs to that.
const HIT: &str = "\
    SELECT COUNT(DISTINCT about) AS people, MIN(checked_at) AS first FROM question \
    WHERE cause = $1 AND sync_fault = 1 AND checked_at >= $2 \
    AND checked_at > COALESCE((SELECT MAX(over_at) FROM outage WHERE cause = $1), 0)";
/// Two answers at once may arrive here in either order: neither number goes back.
const NOTE: &str = "\
    INSERT INTO outage (id, cause, began_at, last_at, told_at, over_at, cleared, people) \
    VALUES ($1, $2, $3, $4, 0, 0, 0, $5) \
    ON CONFLICT (cause) WHERE over_at = 0 DO UPDATE SET \
        last_at = CASE WHEN excluded.last_at > outage.last_at THEN excluded.last_at ELSE outage.last_at END, \
        people = CASE WHEN excluded.people > outage.people THEN excluded.people ELSE outage.people END \
    RETURNING id";
const NOW: &str = "SELECT * FROM outage WHERE cause = $1 AND over_at = 0";
const BY_ID: &str = "SELECT * FROM outage WHERE id = $1";
const TOLD: &str = "UPDATE outage SET told_at = $2 WHERE id = $1 AND told_at = 0";
const END_QUIET: &str = "UPDATE outage SET over_at = $1 WHERE over_at = 0 AND last_at <= $2";
const END_CLEARED: &str = "\
    UPDATE outage SET over_at = $1, cleared = 1 WHERE over_at = 0 AND EXISTS (SELECT 1 FROM question hit \
        WHERE hit.cause = outage.cause AND hit.sync_fault = 1 AND hit.about = $2 AND hit.account_id = $3 \
        AND hit.checked_at >= outage.began_at) \
    RETURNING id";

/// One outage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outage {
    pub id: String,
    /// The cause by the contract's name.
    pub cause: String,
    /// When the first of those questions was answered by which it was noticed.
    pub began_at: Timestamp,
    /// When somebody was last told of this cause.
    pub last_at: Timestamp,
    /// When the admins were told; nothing until they are.
    pub told_at: Option<Timestamp>,
    /// Nothing while it lasts.
    pub over_at: Option<Timestamp>,
    /// It is over because somebody who was hit has been seen with access since.
    pub is_cleared: bool,
    /// How many different people it has hit.
    pub people: i64,
}

/// Whom a cause has hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// How many different people.
    pub people: i64,
    /// When the first of them was told so; nothing where there is nobody.
    pub first_at: Option<Timestamp>,
}

impl Store {
    /// Notes of an answered question that the synchronization is at fault, so that it is counted by
    /// [`people_hit`](Self::people_hit).
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn note_sync_fault(&self, question: &str) -> Result<(), StoreError> {
        sqlx::query(COUNT_IN).bind(question.to_owned()).execute(self.pool()).await?;
        Ok(())
    }

    /// Whom this cause has hit since then, by the answers that [`note_sync_fault`](Self::note_sync_fault) has
    /// noted; nobody who was counted for an outage that is over.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn people_hit(&self, cause: &str, since: Timestamp) -> Result<Hit, StoreError> {
        let count = sqlx::query(HIT).bind(cause.to_owned()).bind(to_ms(since));
        let row = count.fetch_one(self.pool()).await?;
        let first_at: Option<i64> = row.try_get("first")?;
        Ok(Hit { people: row.try_get("people")?, first_at: first_at.map(from_ms) })
    }

    /// Notes that the cause hits so many people, and begins an outage where none of that cause lasts. Its id.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn note_outage(
        &self,
        cause: &str,
        began_at: Timestamp,
        last_at: Timestamp,
        people: i64,
    ) -> Result<String, StoreError> {
        let note = sqlx::query(NOTE)
            .bind(new_id())
            .bind(cause.to_owned())
            .bind(to_ms(began_at))
            .bind(to_ms(last_at))
            .bind(people);
        Ok(note.fetch_one(self.pool()).await?.try_get("id")?)
    }

    /// The outage of this cause that lasts now.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn outage_of(&self, cause: &str) -> Result<Option<Outage>, StoreError> {
        let row = sqlx::query(NOW).bind(cause.to_owned()).fetch_optional(self.pool()).await?;
        Ok(row.as_ref().map(read).transpose()?)
    }

    /// One outage.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn outage(&self, id: &str) -> Result<Option<Outage>, StoreError> {
        let row = sqlx::query(BY_ID).bind(id.to_owned()).fetch_optional(self.pool()).await?;
        Ok(row.as_ref().map(read).transpose()?)
    }

    /// Notes that the admins have been told.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn note_outage_told(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query(TOLD).bind(id.to_owned()).bind(to_ms(now)).execute(self.pool()).await?;
        Ok(())
    }

    /// Ends the outages that have hit nobody since `quiet_since`.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn end_quiet_outages(&self, now: Timestamp, quiet_since: Timestamp) -> Result<(), StoreError> {
        sqlx::query(END_QUIET).bind(to_ms(now)).bind(to_ms(quiet_since)).execute(self.pool()).await?;
        Ok(())
    }

    /// Ends the outages that kept this person from this account, as they have access to it now. Their ids.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn end_cleared_outages(
        &self,
        about: &str,
        account_id: &str,
        now: Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        let end =
            sqlx::query(END_CLEARED).bind(to_ms(now)).bind(about.to_owned()).bind(account_id.to_owned());
        let rows = end.fetch_all(self.pool()).await?;
        Ok(rows.iter().map(|row| row.try_get("id")).collect::<Result<_, _>>()?)
    }
}

fn read(row: &AnyRow) -> Result<Outage, sqlx::Error> {
    let moment = |column| row.try_get::<i64, _>(column).map(|ms| (ms > 0).then(|| from_ms(ms)));
    Ok(Outage {
        id: row.try_get("id")?,
        cause: row.try_get("cause")?,
        began_at: from_ms(row.try_get("began_at")?),
        last_at: from_ms(row.try_get("last_at")?),
        told_at: moment("told_at")?,
        over_at: moment("over_at")?,
        is_cleared: row.try_get::<i64, _>("cleared")? == 1,
        people: row.try_get("people")?,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::store::Asked;
    use crate::store::tests::{postgres, sqlite};

    fn at(time: &str) -> Timestamp {
        format!("2026-11-24T{time}:00Z").parse().unwrap()
    }

    /// Somebody was told this cause of one account.
    async fn told(store: &Store, about: &str, cause: &str, time: &str) -> String {
        let id = new_id();
        let asked = Asked {
            id: id.clone(),
            reference: "7K2QX".to_owned(),
            asker: about.to_owned(),
            about: about.to_owned(),
            account_id: Some("111122223333".to_owned()),
            account_name: "Payments-Prod".to_owned(),
            permission_set: None,
            verdict: "blocked".to_owned(),
            cause: Some(cause.to_owned()),
            steps: "sync=fail".to_owned(),
            checked_at: at(time),
            took: Duration::from_millis(417),
        };
        store.keep_question(&asked).await.unwrap();
        id
    }

    async fn hit(store: &Store, about: &str, cause: &str, time: &str) {
        let question = told(store, about, cause, time).await;
        store.note_sync_fault(&question).await.unwrap();
    }

    async fn people_are_counted_once_and_only_where_the_sync_is_at_fault(store: Store) {
        hit(&store, "UDANA", "sync_stopped", "14:00").await;
        hit(&store, "UDANA", "sync_stopped", "14:10").await;
        hit(&store, "UEVE", "sync_stopped", "14:20").await;
        hit(&store, "UGWEN", "sync_stopped", "12:00").await;
        told(&store, "UFINN", "sync_pending", "14:20").await;
        let two = Hit { people: 2, first_at: Some(at("14:00")) };
        assert_eq!(store.people_hit("sync_stopped", at("13:30")).await.unwrap(), two);
        let nobody = Hit { people: 0, first_at: None };
        assert_eq!(store.people_hit("sync_pending", at("13:30")).await.unwrap(), nobody, "it only waits");
    }

    async fn one_cause_is_one_outage_until_it_is_quiet(store: Store) {
        let id = store.note_outage("sync_stopped", at("12:00"), at("12:20"), 3).await.unwrap();
        let grown = store.note_outage("sync_stopped", at("12:10"), at("12:30"), 4).await.unwrap();
        store.note_outage("sync_stopped", at("12:00"), at("12:25"), 3).await.unwrap();
        assert_eq!(grown, id);
        let now = store.outage_of("sync_stopped").await.unwrap().unwrap();
        assert_eq!((now.people, now.began_at, now.last_at), (4, at("12:00"), at("12:30")));
        assert_eq!(store.outage_of("sync_error").await.unwrap(), None);

        assert_eq!(now.told_at, None);
        store.note_outage_told(&id, at("12:31")).await.unwrap();
        store.note_outage_told(&id, at("12:40")).await.unwrap();
        assert_eq!(store.outage(&id).await.unwrap().unwrap().told_at, Some(at("12:31")));

        store.end_quiet_outages(at("13:20"), at("12:20")).await.unwrap();
        assert!(store.outage_of("sync_stopped").await.unwrap().is_some(), "somebody was hit meanwhile");
        store.end_quiet_outages(at("13:30"), at("12:30")).await.unwrap();
        assert_eq!(store.outage_of("sync_stopped").await.unwrap(), None);
        let over = store.outage(&id).await.unwrap().unwrap();
        assert_eq!((over.over_at, over.is_cleared), (Some(at("13:30")), false));
        let another = store.note_outage("sync_stopped", at("15:00"), at("15:00"), 3).await.unwrap();
        assert_ne!(another, id);
    }

    async fn it_is_over_when_somebody_who_was_hit_has_access(store: Store) {
        hit(&store, "UDANA", "sync_stopped", "14:00").await;
        hit(&store, "UEVE", "sync_stopped", "14:10").await;
        let id = store.note_outage("sync_stopped", at("14:00"), at("14:10"), 2).await.unwrap();
        let account = "111122223333";
        let ended = store.end_cleared_outages("USAM", account, at("14:20")).await.unwrap();
        assert_eq!(ended, Vec::<String>::new(), "somebody whom it has not hit");
        let ended = store.end_cleared_outages("UDANA", "444455556666", at("14:20")).await.unwrap();
        assert_eq!(ended, Vec::<String>::new(), "another account");
        let ended = store.end_cleared_outages("UDANA", account, at("14:20")).await.unwrap();
        assert_eq!(ended, std::slice::from_ref(&id));
        assert!(store.outage(&id).await.unwrap().unwrap().is_cleared);
        assert_eq!(store.people_hit("sync_stopped", at("13:30")).await.unwrap().people, 0, "told of already");
        hit(&store, "UEVE", "sync_stopped", "14:30").await;
        assert_eq!(store.people_hit("sync_stopped", at("13:30")).await.unwrap().people, 1);
    }

    #[tokio::test]
    async fn on_sqlite() {
        people_are_counted_once_and_only_where_the_sync_is_at_fault(sqlite().await).await;
        one_cause_is_one_outage_until_it_is_quiet(sqlite().await).await;
        it_is_over_when_somebody_who_was_hit_has_access(sqlite().await).await;
    }

    #[tokio::test]
    #[ignore = "needs PostgreSQL, which tests/run starts"]
    async fn on_postgres() {
        people_are_counted_once_and_only_where_the_sync_is_at_fault(postgres().await).await;
        one_cause_is_one_outage_until_it_is_quiet(postgres().await).await;
        it_is_over_when_somebody_who_was_hit_has_access(postgres().await).await;
    }
}
