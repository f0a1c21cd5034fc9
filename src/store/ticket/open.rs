//! How many tickets are open.

use sqlx::Row as _;

use crate::store::{Store, StoreError};

const OPEN: &str = "SELECT state, COUNT(*) AS tickets FROM ticket WHERE state <> 'resolved' GROUP BY state";

/// The states of a ticket that is open.
pub const OPEN_STATES: [&str; 2] = ["new", "claimed"];

impl Store {
    /// The open tickets by state: `new`, which nobody has taken, and `claimed`.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn count_open_tickets(&self) -> Result<[(&'static str, u32); 2], StoreError> {
        let mut open = OPEN_STATES.map(|state| (state, 0));
        for row in sqlx::query(OPEN).fetch_all(self.pool()).await? {
            let state: String = row.try_get("state")?;
            let tickets = u32::try_from(row.try_get::<i64, _>("tickets")?).unwrap_or(u32::MAX);
            open.iter_mut().filter(|(of, _)| *of == state).for_each(|(_, counted)| *counted = tickets);
        }
        Ok(open)
    }
}
