//! What stands in the queue, for whoever watches the bot.

use sqlx::Row as _;

use super::{Jobs, Priority};
use crate::store::{StoreError, to_ms};

/// Work that is due and that nobody has taken is `waiting`; what is due later is `scheduled`.
const STOCK: &str = "\
    SELECT priority, CASE WHEN state = 'leased' THEN 'running' WHEN state = 'dead' THEN 'dead' \
        WHEN run_at <= $1 THEN 'waiting' ELSE 'scheduled' END AS standing, \
        COUNT(*) AS jobs, MIN(run_at) AS due \
    FROM job WHERE state IN ('ready', 'leased', 'dead') GROUP BY 1, 2";

/// How a job may stand.
pub const STANDINGS: [&str; 4] = ["waiting", "scheduled", "running", "dead"];

/// The jobs of one priority and standing.
#[derive(Clone, Debug, PartialEq)]
pub struct Stock {
    /// `interactive` or `batch`.
    pub priority: &'static str,
    /// `waiting`, `scheduled`, `running` or `dead`.
    pub state: &'static str,
    pub jobs: u32,
    /// How long the one that was due first has been due, in whole seconds; 0 where none is.
    pub overdue: f64,
}

/// The priorities by name.
pub const PRIORITIES: [&str; 2] = [Priority::Interactive.name(), Priority::Batch.name()];

impl Jobs {
    /// How many jobs of each priority and standing there are, all replicas' together.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn stock(&self) -> Result<Vec<Stock>, StoreError> {
        let now = to_ms((self.clock)());
        let rows = sqlx::query(STOCK).bind(now).fetch_all(self.store.pool()).await?;
        let mut stock = Vec::new();
        for priority in [Priority::Interactive, Priority::Batch] {
            for state in STANDINGS {
                let mut counted = Stock { priority: priority.name(), state, jobs: 0, overdue: 0.0 };
                for row in &rows {
                    if row.try_get::<i64, _>("priority")? == priority.number()
                        && row.try_get::<String, _>("standing")? == state
                    {
                        counted.jobs = u32::try_from(row.try_get::<i64, _>("jobs")?).unwrap_or(u32::MAX);
                        let late = (now - row.try_get::<i64, _>("due")?).max(0) / 1_000;
                        counted.overdue = f64::from(u32::try_from(late).unwrap_or(u32::MAX));
                    }
                }
                stock.push(counted);
            }
        }
        Ok(stock)
    }
}
