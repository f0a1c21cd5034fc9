//! What the digests told, what is laid aside, which groups were there, and what the day's questions were.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::{Engine, Store, StoreError, from_ms, postgres_now, sqlite_now, to_ms};

const OF_DAY: &str = "SELECT * FROM digest WHERE day = $1";
const LAST: &str = "SELECT * FROM digest ORDER BY posted_at DESC LIMIT 1";
const NOTE: &str = "\
    INSERT INTO digest (day, posted_at, channel, ts, groups_checked, duplicates, complete) \
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (day) DO NOTHING RETURNING day";
/// One that is back after it was resolved is told as new, from now on.
const TOLD: &str = "\
    INSERT INTO duplicate (id, kind, severity, hurt, name, group_ids, as_told, first_told, last_told, resolved_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 0) \
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, severity = excluded.severity, hurt = excluded.hurt, \
        name = excluded.name, group_ids = excluded.group_ids, as_told = excluded.as_told, \
        last_told = excluded.last_told, resolved_at = 0, \
        first_told = CASE WHEN duplicate.resolved_at > 0 THEN excluded.first_told ELSE duplicate.first_told END";
const RESOLVED: &str = "UPDATE duplicate SET resolved_at = $1 WHERE resolved_at = 0 AND last_told < $1";
/// What comes back is told, whatever was said of what it was before.
const NO_LONGER_ASIDE: &str = "\
    DELETE FROM snooze WHERE duplicate IN (SELECT id FROM duplicate WHERE resolved_at > 0)";
const THERE: &str = "\
    SELECT duplicate.*, snooze.who, snooze.reason, snooze.severity AS severity_then, \
        snooze.hurt AS hurt_then, snooze.until \
    FROM duplicate LEFT JOIN snooze ON snooze.duplicate = duplicate.id \
    WHERE duplicate.resolved_at = 0 ORDER BY duplicate.id";
const LAY_ASIDE: &str = "\
    INSERT INTO snooze (duplicate, who, reason, severity, hurt, until) \
    SELECT id, $2, $3, severity, hurt, $4 FROM duplicate WHERE id = $1 AND resolved_at = 0 \
    ON CONFLICT (duplicate) DO UPDATE SET who = excluded.who, reason = excluded.reason, \
        severity = excluded.severity, hurt = excluded.hurt, until = excluded.until";
/// Free, run out, or the caller's own.
macro_rules! claim {
    ($now:ident) => {
        concat!(
            "INSERT INTO digest_claim (day, holder, held_until) VALUES ($1, $2, ",
            $now!(),
            " + $3) ON CONFLICT (day) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until ",
            "WHERE digest_claim.holder = excluded.holder OR digest_claim.held_until < ",
            $now!(),
            " RETURNING day"
        )
    };
}
const CLAIM_SQLITE: &str = claim!(sqlite_now);
const CLAIM_POSTGRES: &str = claim!(postgres_now);
const UNCLAIM: &str = "DELETE FROM digest_claim WHERE day = $1 AND holder = $2";
const NAME: &str = "SELECT name FROM duplicate WHERE id = $1";
const CENSUS: &str = "SELECT known FROM census WHERE id = 1";
const KEEP_CENSUS: &str = "\
    INSERT INTO census (id, known) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET known = excluded.known";
const ASKED: &str = "SELECT COUNT(*) AS count FROM question WHERE checked_at > $1 AND checked_at <= $2";
const CAUSES: &str = "\
    SELECT cause, COUNT(*) AS count FROM question WHERE checked_at > $1 AND checked_at <= $2 AND cause <> '' \
    GROUP BY cause ORDER BY COUNT(*) DESC, cause LIMIT $3";
const MIDDLE: &str = "\
    SELECT took_ms FROM question WHERE checked_at > $1 AND checked_at <= $2 ORDER BY took_ms LIMIT 1 OFFSET $3";

/// A duplicate as a digest told it. Kind and severity are by the contract's names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duplicate {
    pub id: String,
    pub kind: String,
    pub severity: String,
    /// People who are hurt.
    #[serde(default)]
    pub hurt: i64,
    /// The name that it is about.
    pub name: String,
    /// The ids of its groups.
    #[serde(default)]
    pub groups: Vec<String>,
    /// The whole of it, as JSON.
    pub as_told: String,
}

/// A duplicate that is there, with when it was first told and whether it is laid aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldDuplicate {
    pub duplicate: Duplicate,
    pub first_told: Timestamp,
    /// Nothing where nobody has laid it aside.
    pub snooze: Option<Snooze>,
}

/// Who laid it aside, why, until when, and how bad it was then for how many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snooze {
    pub who: String,
    pub reason: String,
    pub severity: String,
    pub hurt: i64,
    pub until: Timestamp,
}

/// A digest that was posted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostedDigest {
    /// The local day, as in `2026-11-25`.
    pub day: String,
    pub posted_at: Timestamp,
    /// Channel and `ts`; nothing where there was nothing to post.
    pub message: Option<(String, String)>,
    pub groups_checked: i64,
    pub duplicates: i64,
    /// Whether no duplicate can have been overlooked.
    pub overlooks_nothing: bool,
}

/// A group that a digest saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownGroup {
    pub id: String,
    pub name: String,
    pub last_seen: Timestamp,
}

/// What the digests remember of the identity store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Census {
    pub groups: Vec<KnownGroup>,
    /// Accounts whose assignments were looked through.
    pub looked_through: Vec<String>,
}

/// What was asked in a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Questions {
    pub count: i64,
    /// By the contract's names, the most frequent first.
    pub causes: Vec<(String, i64)>,
    /// How long the middle one of the answers took; nothing where there was none.
    pub median: Option<Duration>,
}

impl Store {
    /// The digest of this local day, if it has been posted.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn digest_of(&self, day: &str) -> Result<Option<PostedDigest>, StoreError> {
        let row = sqlx::query(OF_DAY).bind(day.to_owned()).fetch_optional(self.pool()).await?;
        Ok(row.as_ref().map(posted).transpose()?)
    }

    /// Takes posting the digest of this day into the holder's hands for a while, or keeps it there. Whether it is.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn claim_digest(&self, day: &str, holder: &str, held: Duration) -> Result<bool, StoreError> {
        let statement = match self.engine() {
            Engine::Sqlite => CLAIM_SQLITE,
            Engine::Postgres => CLAIM_POSTGRES,
        };
        let held = i64::try_from(held.as_millis()).unwrap_or(i64::MAX);
        let claimed = sqlx::query(statement).bind(day.to_owned()).bind(holder.to_owned()).bind(held);
        Ok(claimed.fetch_optional(self.pool()).await?.is_some())
    }

    /// Gives it back.
    ///
    /// # Errors
    /// Where the store is away; then it runs out.
    pub async fn unclaim_digest(&self, day: &str, holder: &str) -> Result<(), StoreError> {
        let unclaimed = sqlx::query(UNCLAIM).bind(day.to_owned()).bind(holder.to_owned());
        unclaimed.execute(self.pool()).await?;
        Ok(())
    }

    /// The newest digest.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn last_digest(&self) -> Result<Option<PostedDigest>, StoreError> {
        let row = sqlx::query(LAST).fetch_optional(self.pool()).await?;
        Ok(row.as_ref().map(posted).transpose()?)
    }

    /// Notes a digest and the duplicates in it, all or nothing; those that were there and are not in it count as
    /// resolved, unless one may have been overlooked. A second one of the same day changes nothing.
    ///
    /// # Errors
    /// Where the store is away; then nothing is noted.
    pub async fn note_digest(
        &self,
        digest: &PostedDigest,
        duplicates: &[Duplicate],
    ) -> Result<(), StoreError> {
        self.in_time(self.noted(digest, duplicates)).await
    }

    async fn noted(&self, digest: &PostedDigest, duplicates: &[Duplicate]) -> Result<(), StoreError> {
        let mut transaction = self.pool().begin().await?;
        let (channel, ts) = digest.message.clone().unwrap_or_default();
        let noted = sqlx::query(NOTE)
            .bind(digest.day.clone())
            .bind(to_ms(digest.posted_at))
            .bind(channel)
            .bind(ts)
            .bind(digest.groups_checked)
            .bind(digest.duplicates)
            .bind(i64::from(digest.overlooks_nothing))
            .fetch_optional(&mut *transaction)
            .await?;
        if noted.is_none() {
            return Ok(());
        }
        let at = to_ms(digest.posted_at);
        for duplicate in duplicates {
            sqlx::query(TOLD)
                .bind(duplicate.id.clone())
                .bind(duplicate.kind.clone())
                .bind(duplicate.severity.clone())
                .bind(duplicate.hurt)
                .bind(duplicate.name.clone())
                .bind(serde_json::to_string(&duplicate.groups).unwrap_or_default())
                .bind(duplicate.as_told.clone())
                .bind(at)
                .execute(&mut *transaction)
                .await?;
        }
        if digest.overlooks_nothing {
            sqlx::query(RESOLVED).bind(at).execute(&mut *transaction).await?;
            sqlx::query(NO_LONGER_ASIDE).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The duplicates that were told and not seen to be gone.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn duplicates(&self) -> Result<Vec<ToldDuplicate>, StoreError> {
        let rows = sqlx::query(THERE).fetch_all(self.pool()).await?;
        Ok(rows.iter().map(there).collect::<Result<_, _>>()?)
    }

    /// Lays a duplicate aside; whoever does it later decides. Its name, and nothing where there is no such
    /// duplicate any more.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn lay_aside(
        &self,
        duplicate: &str,
        who: &str,
        reason: &str,
        until: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let laid = sqlx::query(LAY_ASIDE)
            .bind(duplicate.to_owned())
            .bind(who.to_owned())
            .bind(reason.to_owned())
            .bind(to_ms(until))
            .execute(self.pool())
            .await?;
        if laid.rows_affected() == 0 {
            return Ok(None);
        }
        let row = sqlx::query(NAME).bind(duplicate.to_owned()).fetch_optional(self.pool()).await?;
        Ok(row.map(|row| row.try_get("name")).transpose()?)
    }

    /// What the last digest remembered; nothing before the first.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn census(&self) -> Result<Census, StoreError> {
        let row = sqlx::query(CENSUS).fetch_optional(self.pool()).await?;
        let known: Option<String> = row.map(|row| row.try_get("known")).transpose()?;
        // What another version has written is as good as nothing: the next digest begins anew.
        Ok(known.and_then(|known| serde_json::from_str(&known).ok()).unwrap_or_default())
    }

    /// Keeps it for the next digest, in the place of what was before.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn keep_census(&self, census: &Census) -> Result<(), StoreError> {
        let known = serde_json::to_string(census).unwrap_or_default();
        sqlx::query(KEEP_CENSUS).bind(known).execute(self.pool()).await?;
        Ok(())
    }

    /// What was asked after `since`, `until` included, with the `at_most` most frequent causes.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn questions_of(
        &self,
        since: Timestamp,
        until: Timestamp,
        at_most: i64,
    ) -> Result<Questions, StoreError> {
        let (since, until) = (to_ms(since), to_ms(until));
        let count: i64 =
            sqlx::query(ASKED).bind(since).bind(until).fetch_one(self.pool()).await?.try_get("count")?;
        let rows = sqlx::query(CAUSES).bind(since).bind(until).bind(at_most).fetch_all(self.pool()).await?;
        let causes = rows.iter().map(|row| Ok((row.try_get("cause")?, row.try_get("count")?)));
        let causes = causes.collect::<Result<_, sqlx::Error>>()?;
        let middle = sqlx::query(MIDDLE).bind(since).bind(until).bind((count - 1).max(0) / 2);
        let middle = middle.fetch_optional(self.pool()).await?;
        let median: Option<i64> = middle.map(|row| row.try_get("took_ms")).transpose()?;
        let median = median.map(|ms| Duration::from_millis(u64::try_from(ms).unwrap_or_default()));
        Ok(Questions { count, causes, median })
    }
}

fn posted(row: &AnyRow) -> Result<PostedDigest, sqlx::Error> {
    let message: (String, String) = (row.try_get("channel")?, row.try_get("ts")?);
    Ok(PostedDigest {
        day: row.try_get("day")?,
        posted_at: from_ms(row.try_get("posted_at")?),
        message: Some(message).filter(|(_, ts)| !ts.is_empty()),
        groups_checked: row.try_get("groups_checked")?,
        duplicates: row.try_get("duplicates")?,
        overlooks_nothing: row.try_get::<i64, _>("complete")? != 0,
    })
}

fn there(row: &AnyRow) -> Result<ToldDuplicate, sqlx::Error> {
    let snooze = match row.try_get::<Option<i64>, _>("until")? {
        None => None,
        Some(until) => Some(Snooze {
            who: row.try_get("who")?,
            reason: row.try_get("reason")?,
            severity: row.try_get("severity_then")?,
            hurt: row.try_get("hurt_then")?,
            until: from_ms(until),
        }),
    };
    Ok(ToldDuplicate {
        duplicate: Duplicate {
            id: row.try_get("id")?,
            kind: row.try_get("kind")?,
            severity: row.try_get("severity")?,
            hurt: row.try_get("hurt")?,
            name: row.try_get("name")?,
            groups: serde_json::from_str(&row.try_get::<String, _>("group_ids")?).unwrap_or_default(),
            as_told: row.try_get("as_told")?,
        },
        first_told: from_ms(row.try_get("first_told")?),
        snooze,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{postgres, run, sqlite};

    fn at(time: &str) -> Timestamp {
        format!("2026-11-{time}:00Z").parse().unwrap()
    }

    fn duplicate(id: &str) -> Duplicate {
        Duplicate {
            id: id.to_owned(),
            kind: "near_name".to_owned(),
            severity: "will_hurt".to_owned(),
            hurt: 3,
            name: format!("Group {id}"),
            groups: vec!["g-1".to_owned(), "g-2".to_owned()],
            as_told: "{}".to_owned(),
        }
    }

    fn digest(day: &str, overlooks_nothing: bool) -> PostedDigest {
        PostedDigest {
            day: format!("2026-11-{day}"),
            posted_at: at(&format!("{day}T09:00")),
            message: Some(("C0".to_owned(), "1.2".to_owned())),
            groups_checked: 7,
            duplicates: 2,
            overlooks_nothing,
        }
    }

    async fn told(store: &Store) -> Vec<(String, Timestamp)> {
        let there = store.duplicates().await.unwrap().into_iter();
        there.map(|one| (one.duplicate.id, one.first_told)).collect()
    }

    async fn what_is_not_told_again_is_resolved_unless_it_may_have_been_overlooked(store: Store) {
        let (one, two) = (duplicate("1"), duplicate("2"));
        store.note_digest(&digest("23", true), &[one.clone(), two.clone()]).await.unwrap();
        let first = at("23T09:00");
        assert_eq!(told(&store).await, [("1".to_owned(), first), ("2".to_owned(), first)]);
        store.note_digest(&digest("24", false), std::slice::from_ref(&one)).await.unwrap();
        assert_eq!(told(&store).await.len(), 2, "it may still be there");
        store.note_digest(&digest("25", true), std::slice::from_ref(&one)).await.unwrap();
        assert_eq!(told(&store).await, [("1".to_owned(), first)]);
        store.note_digest(&digest("25", true), &[one.clone(), two.clone()]).await.unwrap();
        assert_eq!(told(&store).await, [("1".to_owned(), first)], "the day's digest is noted once");
        store.note_digest(&digest("26", true), &[one, two]).await.unwrap();
        assert_eq!(told(&store).await, [("1".to_owned(), first), ("2".to_owned(), at("26T09:00"))]);
        assert_eq!(store.last_digest().await.unwrap(), Some(digest("26", true)));
        assert_eq!(store.digest_of("2026-11-24").await.unwrap(), Some(digest("24", false)));
        assert_eq!(store.digest_of("2026-11-22").await.unwrap(), None);
    }

    async fn it_is_laid_aside_by_name_and_for_a_while(store: Store) {
        store.note_digest(&digest("23", true), &[duplicate("1")]).await.unwrap();
        let until = at("30T09:00");
        assert_eq!(store.lay_aside("9", "UBO", "merging", until).await.unwrap(), None);
        let laid = store.lay_aside("1", "UBO", "merging", until).await.unwrap();
        assert_eq!(laid.as_deref(), Some("Group 1"));
        store.lay_aside("1", "USAM", "not now", until).await.unwrap();
        let snooze = store.duplicates().await.unwrap().remove(0).snooze.unwrap();
        assert_eq!((snooze.who.as_str(), snooze.reason.as_str()), ("USAM", "not now"));
        assert_eq!((snooze.severity.as_str(), snooze.hurt, snooze.until), ("will_hurt", 3, until));
        assert_eq!(store.duplicates().await.unwrap().remove(0).duplicate, duplicate("1"));
        store.note_digest(&digest("24", true), &[]).await.unwrap();
        store.note_digest(&digest("25", true), &[duplicate("1")]).await.unwrap();
        assert_eq!(store.duplicates().await.unwrap().remove(0).snooze, None, "it is another occasion");
    }

    async fn the_questions_of_a_time(store: Store) {
        let (since, until) = (at("23T09:00"), at("24T09:00"));
        assert_eq!(store.questions_of(since, until, 2).await.unwrap(), Questions::default());
        let asked = [
            ("23T09:00", "sync_pending", 9),
            ("23T10:00", "sync_pending", 400),
            ("23T11:00", "not_in_group", 100),
            ("23T12:00", "sync_pending", 200),
            ("23T13:00", "", 300),
            ("24T09:00", "portal_stale", 1_000),
            ("24T09:01", "portal_stale", 9),
        ];
        for (number, (time, cause, took)) in asked.into_iter().enumerate() {
            let question = format!(
                "INSERT INTO question (id, reference, asker, about, account_id, account_name, permission_set, \
                 verdict, cause, steps, checked_at, took_ms) \
                 VALUES ('{number}', '', '', '', '', '', '', '', '{cause}', '', {}, {took})",
                to_ms(at(time))
            );
            run(&store, &question).await;
        }
        let found = store.questions_of(since, until, 2).await.unwrap();
        let causes = vec![("sync_pending".to_owned(), 2), ("not_in_group".to_owned(), 1)];
        assert_eq!(found, Questions { count: 5, causes, median: Some(Duration::from_millis(300)) });
    }

    async fn the_groups_are_kept_whole(store: Store) {
        assert_eq!(store.census().await.unwrap(), Census::default());
        let known = |name: &str| KnownGroup {
            id: "g-1".to_owned(),
            name: name.to_owned(),
            last_seen: at("23T09:00"),
        };
        let census = |groups| Census { groups, looked_through: vec!["111122223333".to_owned()] };
        store.keep_census(&census(vec![known("a\t\"b\"\n")])).await.unwrap();
        store.keep_census(&census(vec![known("c"), known("d")])).await.unwrap();
        assert_eq!(store.census().await.unwrap(), census(vec![known("c"), known("d")]));
    }

    async fn one_at_a_time_posts_a_days_digest(store: Store) {
        let minute = Duration::from_secs(60);
        assert!(store.claim_digest("2026-11-23", "queue", minute).await.unwrap());
        assert!(store.claim_digest("2026-11-23", "queue", minute).await.unwrap(), "it is renewed");
        assert!(!store.claim_digest("2026-11-23", "command", minute).await.unwrap());
        assert!(store.claim_digest("2026-11-24", "command", minute).await.unwrap(), "another day");
        store.unclaim_digest("2026-11-23", "command").await.unwrap();
        assert!(!store.claim_digest("2026-11-23", "command", minute).await.unwrap(), "it is not its own");
        store.unclaim_digest("2026-11-23", "queue").await.unwrap();
        assert!(store.claim_digest("2026-11-23", "command", minute).await.unwrap());
        run(&store, "UPDATE digest_claim SET held_until = 1").await;
        assert!(store.claim_digest("2026-11-23", "queue", minute).await.unwrap(), "it has run out");
    }

    #[tokio::test]
    async fn on_sqlite() {
        one_at_a_time_posts_a_days_digest(sqlite().await).await;
        what_is_not_told_again_is_resolved_unless_it_may_have_been_overlooked(sqlite().await).await;
        it_is_laid_aside_by_name_and_for_a_while(sqlite().await).await;
        the_questions_of_a_time(sqlite().await).await;
        the_groups_are_kept_whole(sqlite().await).await;
    }

    #[tokio::test]
    #[ignore = "needs PostgreSQL, which tests/run starts"]
    async fn on_postgres() {
        one_at_a_time_posts_a_days_digest(postgres().await).await;
        what_is_not_told_again_is_resolved_unless_it_may_have_been_overlooked(postgres().await).await;
        it_is_laid_aside_by_name_and_for_a_while(postgres().await).await;
        the_questions_of_a_time(postgres().await).await;
        the_groups_are_kept_whole(postgres().await).await;
    }
}
