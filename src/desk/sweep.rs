//! Once a day, what the store has kept for as long as it is to is forgotten, and what is to go on goes on.

use jiff::SignedDuration;

use super::Desk;
use super::work::{After, Performed, Work};
use crate::store::StoreError;

/// What is to be forgotten by the day need not be looked for more often.
const PAUSE: SignedDuration = SignedDuration::from_hours(24);

impl Desk {
    /// Has the store swept from now on; where another replica or an earlier start has ordered that, nothing more.
    ///
    /// # Errors
    /// Where the store is away.
    pub async fn begin_sweeping(&self) -> Result<(), StoreError> {
        self.order(Work::Sweep.order("sweep").batch()).await?;
        Ok(())
    }

    pub(super) async fn sweep(&self) -> Performed {
        let now = self.gather.now();
        let gone = self.store.sweep(now - self.retention, now).await?;
        let gone: Vec<String> = gone
            .into_iter()
            .filter(|(_, rows)| *rows > 0)
            .map(|(kind, rows)| format!("{rows} {kind}"))
            .collect();
        tracing::info!(gone = gone.join(", "), "the store is swept");
        // However the digests came to an end, by tomorrow they go on.
        self.begin_digests().await?;
        Ok(After::Later(now + PAUSE))
    }
}
