//! The audit: every question that was answered, who asked it about whom, and what came of it.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{Store, StoreError, from_ms, to_ms};

const INSERT: &str = "\
    INSERT INTO question \
    (id, reference, asker, about, account_id, account_name, permission_set, verdict, cause, steps, checked_at, \
    took_ms) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING";

const NEWEST: &str = "\
    SELECT * FROM question WHERE reference = $1 AND about = $2 AND id <> $3 ORDER BY checked_at DESC, id DESC LIMIT 1";

/// The newest answer about each account, whoever had it; listed where the person once asked for it.
const OPEN: &str = "\
    SELECT * FROM question newest \
    WHERE about = $1 AND checked_at >= $2 AND account_id <> '' AND verdict <> 'access' \
    AND EXISTS (SELECT 1 FROM question own WHERE own.about = newest.about \
        AND own.account_id = newest.account_id AND own.asker = own.about AND own.checked_at >= $2) \
    AND NOT EXISTS (SELECT 1 FROM question later WHERE later.about = newest.about \
        AND later.account_id = newest.account_id AND (later.checked_at > newest.checked_at \
            OR (later.checked_at = newest.checked_at AND later.id > newest.id))) \
    ORDER BY checked_at DESC, id DESC LIMIT $3";

/// A question that was answered. Steps, verdict and cause go by the contract's names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Of [`new_id`](super::new_id); the same id is kept once, so that an answer that is tried again may
    /// bring its own.
    pub id: String,
    /// What a person quotes; a check that replaces an earlier one has the same.
    pub reference: String,
    /// Slack's ids.
    pub asker: String,
    pub about: String,
    /// The account's number; nothing where there is no such account.
    pub account_id: Option<String>,
    /// The account's name, or what was typed.
    pub account_name: String,
    pub permission_set: Option<String>,
    pub verdict: String,
    pub cause: Option<String>,
    /// How each step stood: `account=pass,idp_user=unknown,…`.
    pub steps: String,
    /// When it was looked into, to the millisecond.
    pub checked_at: Timestamp,
    /// From the question to the finished answer, to the millisecond.
    pub took: Duration,
}

impl Store {
    /// Keeps an answered question.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn keep_question(&self, asked: &Asked) -> Result<(), StoreError> {
        let took_ms = i64::try_from(asked.took.as_millis()).unwrap_or(i64::MAX);
        sqlx::query(INSERT)
            .bind(asked.id.clone())
            .bind(asked.reference.clone())
            .bind(asked.asker.clone())
            .bind(asked.about.clone())
            .bind(asked.account_id.clone().unwrap_or_default())
            .bind(asked.account_name.clone())
            .bind(asked.permission_set.clone().unwrap_or_default())
            .bind(asked.verdict.clone())
            .bind(asked.cause.clone().unwrap_or_default())
            .bind(asked.steps.clone())
            .bind(to_ms(asked.checked_at))
            .bind(took_ms)
            .execute(self.pool())
            .await?;
        Ok(())
    }

    /// The newest answer of this reference about this person, beside the one of this id: a reference alone
    /// opens nothing, and an answer that is tried again is not compared with itself.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn newest_question(
        &self,
        reference: &str,
        about: &str,
        beside: &str,
    ) -> Result<Option<Asked>, StoreError> {
        let query =
            sqlx::query(NEWEST).bind(reference.to_owned()).bind(about.to_owned()).bind(beside.to_owned());
        Ok(query.fetch_optional(self.pool()).await?.as_ref().map(asked).transpose()?)
    }

    /// What this person has asked for themselves since then and does not have by the newest answer, whoever
    /// had that: one for each account, the newest first, `at_most` so many.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn open_questions(
        &self,
        person: &str,
        since: Timestamp,
        at_most: i64,
    ) -> Result<Vec<Asked>, StoreError> {
        let query = sqlx::query(OPEN).bind(person.to_owned()).bind(to_ms(since)).bind(at_most);
        let rows = query.fetch_all(self.pool()).await?;
        Ok(rows.iter().map(asked).collect::<Result<_, _>>()?)
    }
}

fn asked(row: &AnyRow) -> Result<Asked, sqlx::Error> {
    let filled = |column| row.try_get::<String, _>(column).map(|text| (!text.is_empty()).then_some(text));
    Ok(Asked {
        id: row.try_get("id")?,
        reference: row.try_get("reference")?,
        asker: row.try_get("asker")?,
        about: row.try_get("about")?,
        account_id: filled("account_id")?,
        account_name: row.try_get("account_name")?,
        permission_set: filled("permission_set")?,
        verdict: row.try_get("verdict")?,
        cause: filled("cause")?,
        steps: row.try_get("steps")?,
        checked_at: from_ms(row.try_get("checked_at")?),
        took: Duration::from_millis(u64::try_from(row.try_get::<i64, _>("took_ms")?).unwrap_or_default()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::new_id;
    use crate::store::tests::{postgres, sqlite};

    fn at(time: &str) -> Timestamp {
        format!("2026-11-24T{time}:00Z").parse().unwrap()
    }

    /// Dana asks for herself and is blocked.
    fn blocked(account: &str, time: &str) -> Asked {
        Asked {
            id: new_id(),
            reference: "7K2QX".to_owned(),
            asker: "UDANA".to_owned(),
            about: "UDANA".to_owned(),
            account_id: Some(account.to_owned()),
            account_name: format!("Account {account}"),
            permission_set: None,
            verdict: "blocked".to_owned(),
            cause: Some("sync_pending".to_owned()),
            steps: "account=pass,sync=fail".to_owned(),
            checked_at: at(time),
            took: Duration::from_millis(417),
        }
    }

    async fn keep(store: &Store, asked: Asked) -> Asked {
        store.keep_question(&asked).await.unwrap();
        asked
    }

    async fn the_newest_answer_of_a_reference(store: Store) {
        keep(&store, blocked("1", "14:00")).await;
        let newer = Asked { permission_set: Some("ReadOnly".to_owned()), ..blocked("1", "14:30") };
        keep(&store, newer.clone()).await;
        keep(&store, newer.clone()).await;
        assert_eq!(store.newest_question("7K2QX", "UDANA", "").await.unwrap(), Some(newer.clone()));
        let older = store.newest_question("7K2QX", "UDANA", &newer.id).await.unwrap().unwrap();
        assert_ne!(older.id, newer.id);
        assert_eq!(store.newest_question("7K2QX", "UEVE", "").await.unwrap(), None);
        assert_eq!(store.newest_question("AAAAA", "UDANA", "").await.unwrap(), None);
    }

    async fn what_is_open_is_what_the_person_asked_and_does_not_have(store: Store) {
        let open = keep(&store, blocked("1", "14:00")).await;
        keep(&store, blocked("2", "14:01")).await;
        let agent = "UAGENT".to_owned();
        let opened = Asked { asker: agent.clone(), verdict: "access".to_owned(), ..blocked("2", "14:02") };
        keep(&store, opened).await;
        keep(&store, Asked { asker: agent.clone(), ..blocked("3", "14:03") }).await;
        keep(&store, Asked { account_id: None, ..blocked("4", "14:04") }).await;
        keep(&store, blocked("5", "12:00")).await;
        keep(&store, blocked("6", "14:05")).await;
        let newer_by_the_agent = keep(&store, Asked { asker: agent, ..blocked("6", "14:06") }).await;
        let found = store.open_questions("UDANA", at("13:00"), 10).await.unwrap();
        assert_eq!(found, [newer_by_the_agent.clone(), open]);
        let first = store.open_questions("UDANA", at("13:00"), 1).await.unwrap();
        assert_eq!(first, [newer_by_the_agent]);
    }

    #[tokio::test]
    async fn on_sqlite() {
        the_newest_answer_of_a_reference(sqlite().await).await;
        what_is_open_is_what_the_person_asked_and_does_not_have(sqlite().await).await;
    }

    #[tokio::test]
    #[ignore = "needs PostgreSQL, which tests/run starts"]
    async fn on_postgres() {
        the_newest_answer_of_a_reference(postgres().await).await;
        what_is_open_is_what_the_person_asked_and_does_not_have(postgres().await).await;
    }
}
