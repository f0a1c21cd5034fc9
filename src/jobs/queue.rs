//! The queue: orders in, jobs out, each to one worker at a time.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sqlx::Row as _;
use sqlx::any::AnyRow;
use tokio::sync::Notify;

use super::{Accepted, Beat, Job, Order, Outcome, Priority};
use crate::store::{Engine, Store, StoreError, new_id, postgres_now, sqlite_now, to_ms};

/// Tries of a job. With the pauses below the last comes after about 35 minutes: no response URL lives longer
/// (30 minutes, docs.slack.dev, "Handling user interaction"), and nobody waits longer for an answer.
pub(super) const TRIES: i64 = 40;
/// The first pause before a job is tried again; it doubles each time.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause: whatever was away is found back within a minute.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// In the place of how much may be open: nothing is counted for what is always taken.
const NEVER_TOO_MUCH: i64 = -1;

/// A key that is done and no longer remembered is taken again, and what is open is counted, by the same statement,
/// so that there is no moment between looking and taking. The count goes no further than it must; what is tried again
/// later does not count, so that a Slack that is away keeps nobody from asking.
const ACCEPT: &str = "\
    INSERT INTO job (id, priority, key, work, run_at, state, tries, key_until, whose) \
    SELECT $1, $2, $3, $4, $5, 'ready', 0, $6, $9 \
    WHERE $8 < 0 OR (SELECT COUNT(*) FROM (SELECT 1 FROM job WHERE state IN ('ready', 'leased') AND priority = 0 \
        AND (state = 'leased' OR run_at <= $7) LIMIT $8) AS open) < $8 \
    ON CONFLICT (key) DO UPDATE SET id = excluded.id, priority = excluded.priority, work = excluded.work, \
        run_at = excluded.run_at, whose = excluded.whose, state = 'ready', tries = 0, lease = NULL, leased_until = NULL, \
        key_until = excluded.key_until \
    WHERE job.state IN ('done', 'dead') AND job.key_until <= $7 \
    RETURNING id";

/// Which of the jobs that are due come next, by turns: the first of each person before the second of anybody, where
/// what is being performed for a person was their first. What is nobody's is everybody's own. Only the oldest are looked
/// at, as many as may be open: what that leaves out has its turn when they are done.
macro_rules! by_turns {
    () => {
        "SELECT id, run_at, ROW_NUMBER() OVER (PARTITION BY COALESCE(whose, id) ORDER BY run_at, id) + \
         (SELECT COUNT(*) FROM job AS held WHERE held.state = 'leased' AND held.whose = due.whose) AS turn \
         FROM (SELECT id, run_at, whose FROM job WHERE state = 'ready' AND priority = $3 AND run_at <= $4 \
         ORDER BY run_at, id LIMIT 500) AS due"
    };
}

const CLAIM_SQLITE: &str = concat!(
    "UPDATE job SET state = 'leased', lease = $1, tries = tries + 1, leased_until = ",
    sqlite_now!(),
    " + $2 WHERE id IN (SELECT id FROM (",
    by_turns!(),
    ") AS turns ORDER BY turn, run_at, id LIMIT $5) RETURNING id, key, work, tries"
);
/// Without `SKIP LOCKED` PostgreSQL hands one job to several workers. It cannot lock what is numbered, so that the row
/// is looked at once more.
const CLAIM_POSTGRES: &str = concat!(
    "UPDATE job SET state = 'leased', lease = $1, tries = tries + 1, leased_until = ",
    postgres_now!(),
    " + $2 WHERE id IN (SELECT job.id FROM job JOIN (",
    by_turns!(),
    ") AS turns ON turns.id = job.id WHERE job.state = 'ready' ORDER BY turns.turn, turns.run_at, job.id \
     LIMIT $5 FOR UPDATE OF job SKIP LOCKED) RETURNING id, key, work, tries"
);

const RENEW_SQLITE: &str =
    concat!("UPDATE job SET leased_until = ", sqlite_now!(), " + $3 WHERE id = $1 AND lease = $2");
const RENEW_POSTGRES: &str =
    concat!("UPDATE job SET leased_until = ", postgres_now!(), " + $3 WHERE id = $1 AND lease = $2");

const REAP_SQLITE: &str = concat!(
    "UPDATE job SET state = 'ready', lease = NULL WHERE state = 'leased' AND leased_until < ",
    sqlite_now!()
);
const REAP_POSTGRES: &str = concat!(
    "UPDATE job SET state = 'ready', lease = NULL WHERE state = 'leased' AND leased_until < ",
    postgres_now!()
);

const KNOWN: &str = "SELECT id FROM job WHERE key = $1 AND (state IN ('ready', 'leased') OR key_until > $2)";
const FORGOTTEN: &str = "SELECT id FROM job WHERE key = $1 AND key_until <= $2";

const TAKE_OVER: &str = "UPDATE job SET state = 'ready', lease = NULL WHERE state = 'leased'";

/// The work goes, the key stays for a while.
const FINISH: &str = "\
    UPDATE job SET state = 'done', work = NULL, lease = NULL WHERE id = $1 AND lease = $2";
const BURY: &str = "UPDATE job SET state = 'dead', lease = NULL WHERE id = $1 AND lease = $2";
const AGAIN: &str = "UPDATE job SET state = 'ready', lease = NULL, run_at = $3 WHERE id = $1 AND lease = $2";
const LATER: &str = "\
    UPDATE job SET state = 'ready', lease = NULL, tries = 0, run_at = $3, work = COALESCE($4, work) \
    WHERE id = $1 AND lease = $2";

/// The queue of accepted work. Cheap to clone.
#[derive(Clone)]
pub struct Jobs {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    pub(super) beat: Beat,
    /// Something may be due.
    pub(super) woken: Arc<Notify>,
}

impl Jobs {
    /// The queue in this store. `clock` says when work is due; leases go by the database's own.
    pub fn new(store: Store, clock: Arc<dyn Fn() -> Timestamp + Send + Sync>, beat: Beat) -> Self {
        Self { store, clock, beat, woken: Arc::new(Notify::new()) }
    }

    /// Stores the work. Once this has returned, it will be performed.
    ///
    /// # Errors
    /// Where the store cannot take it; then nothing has been accepted.
    pub async fn accept(&self, order: Order) -> Result<Accepted, StoreError> {
        if self.accepted(&order.key, &order).await? {
            return Ok(Accepted::New);
        }
        // Whether it is still open does not matter: it may have ended since the statement before.
        if order.may_be_open_twice && self.is_forgotten(&order.key).await? {
            let beside_it = format!("{} {}", order.key, new_id());
            let accepted = self.accepted(&beside_it, &order).await?;
            return Ok(if accepted { Accepted::New } else { Accepted::Busy });
        }
        // What was accepted before the queue was full is not refused when it comes again.
        if order.may_be_refused && !self.knows(&order.key).await? {
            // Or it was open a moment ago, has just ended and is not remembered: then there is room for it.
            let accepted = self.accepted(&order.key, &order).await?;
            return Ok(if accepted { Accepted::New } else { Accepted::Busy });
        }
        Ok(Accepted::Duplicate)
    }

    /// Whether an order of this key is open or remembered, so that another would do nothing.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn knows(&self, key: &str) -> Result<bool, StoreError> {
        let known = sqlx::query(KNOWN).bind(key.to_owned()).bind(to_ms((self.clock)()));
        Ok(known.fetch_optional(self.store.pool()).await?.is_some())
    }

    async fn accepted(&self, key: &str, order: &Order) -> Result<bool, StoreError> {
        let now = to_ms((self.clock)());
        let accepted = sqlx::query(ACCEPT)
            .bind(new_id())
            .bind(order.priority.number())
            .bind(key.to_owned())
            .bind(order.work.clone())
            .bind(order.run_at.map_or(now, to_ms))
            .bind(now + milliseconds(order.remembered))
            .bind(now)
            .bind(if order.may_be_refused { self.beat.most_open } else { NEVER_TOO_MUCH })
            .bind(order.whose.clone())
            .fetch_optional(self.store.pool())
            .await?
            .is_some();
        if accepted {
            self.woken.notify_one();
        }
        Ok(accepted)
    }

    async fn is_forgotten(&self, key: &str) -> Result<bool, StoreError> {
        let forgotten = sqlx::query(FORGOTTEN).bind(key.to_owned()).bind(to_ms((self.clock)()));
        Ok(forgotten.fetch_optional(self.store.pool()).await?.is_some())
    }

    /// What a predecessor that died had in its hands becomes due. Only for whoever alone uses the store: on
    /// SQLite, which one process has at a time. On PostgreSQL the leases of the dead run out.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn take_over(&self) -> Result<(), StoreError> {
        if self.store.engine() == Engine::Sqlite {
            sqlx::query(TAKE_OVER).execute(self.store.pool()).await?;
        }
        Ok(())
    }

    /// Up to `at_most` jobs of this priority that are due, now in the hands of the caller alone.
    pub(super) async fn claim(&self, priority: Priority, at_most: usize) -> Result<Vec<Job>, StoreError> {
        let statement = match self.store.engine() {
            Engine::Sqlite => CLAIM_SQLITE,
            Engine::Postgres => CLAIM_POSTGRES,
        };
        let lease = new_id();
        let rows = sqlx::query(statement)
            .bind(lease.clone())
            .bind(milliseconds(self.beat.lease))
            .bind(priority.number())
            .bind(to_ms((self.clock)()))
            .bind(i64::try_from(at_most).unwrap_or(i64::MAX))
            .fetch_all(self.store.pool())
            .await?;
        let mut jobs = Vec::new();
        for row in &rows {
            let job = read(row, &lease)?;
            if job.tries <= TRIES {
                jobs.push(job);
            } else {
                tracing::error!(job = job.id(), work = job.kind(), "work was given up after {TRIES} tries");
                metrics::counter!("sso_why_jobs_total", "outcome" => "dead").increment(1);
                self.let_go(BURY, &job).await?;
            }
        }
        Ok(jobs)
    }

    /// Says that the job is still being performed. Whether it still is in the caller's hands.
    pub(super) async fn renew(&self, job: &Job) -> Result<bool, StoreError> {
        let statement = match self.store.engine() {
            Engine::Sqlite => RENEW_SQLITE,
            Engine::Postgres => RENEW_POSTGRES,
        };
        let renewed = sqlx::query(statement)
            .bind(job.id.clone())
            .bind(job.lease.clone())
            .bind(milliseconds(self.beat.lease))
            .execute(self.store.pool())
            .await?;
        Ok(renewed.rows_affected() > 0)
    }

    /// Whatever nobody gives a sign of life for becomes due again.
    pub(super) async fn reap(&self) -> Result<(), StoreError> {
        let statement = match self.store.engine() {
            Engine::Sqlite => REAP_SQLITE,
            Engine::Postgres => REAP_POSTGRES,
        };
        let reaped = sqlx::query(statement).execute(self.store.pool()).await?.rows_affected();
        if reaped > 0 {
            tracing::warn!(jobs = reaped, "work of a process that died is taken over");
        }
        Ok(())
    }

    /// Notes what came of a job. Where it is no longer in the caller's hands, nothing happens.
    pub(super) async fn settle(&self, job: &Job, outcome: &Outcome) -> Result<(), StoreError> {
        match outcome {
            Outcome::Done => self.let_go(FINISH, job).await,
            Outcome::Again => {
                let at = (self.clock)() + pause_after(job.tries);
                let settled = sqlx::query(AGAIN).bind(job.id.clone()).bind(job.lease.clone()).bind(to_ms(at));
                settled.execute(self.store.pool()).await?;
                Ok(())
            }
            Outcome::Later { at, work } => {
                let settled = sqlx::query(LATER)
                    .bind(job.id.clone())
                    .bind(job.lease.clone())
                    .bind(to_ms(*at))
                    .bind(work.clone());
                settled.execute(self.store.pool()).await?;
                Ok(())
            }
        }
    }

    async fn let_go(&self, statement: &'static str, job: &Job) -> Result<(), StoreError> {
        let settled = sqlx::query(statement).bind(job.id.clone()).bind(job.lease.clone());
        settled.execute(self.store.pool()).await?;
        Ok(())
    }
}

fn read(row: &AnyRow, lease: &str) -> Result<Job, StoreError> {
    Ok(Job {
        id: row.try_get("id")?,
        key: row.try_get("key")?,
        work: row.try_get::<Option<String>, _>("work")?.unwrap_or_default(),
        tries: row.try_get("tries")?,
        lease: lease.to_owned(),
    })
}

fn pause_after(tries: i64) -> SignedDuration {
    let doublings = u32::try_from(tries.saturating_sub(1)).unwrap_or(0).min(16);
    let pause = FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE);
    SignedDuration::try_from(pause).unwrap_or(SignedDuration::MAX)
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
