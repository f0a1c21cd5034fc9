//! What is open, counted when somebody looks: jobs in the queue and tickets. All replicas tell the same, since it is
//! in the store that they share.

use super::Desk;
use crate::jobs::{PRIORITIES, STANDINGS};
use crate::store::{OPEN_STATES, StoreError};

impl Desk {
    /// Sets the gauges of what is open. While the store is away they say that nobody knows, and never 0.
    pub async fn take_stock(&self) {
        if let Err(error) = self.counted().await {
            tracing::warn!(%error, "what is open could not be counted");
            for priority in PRIORITIES {
                STANDINGS.iter().for_each(|state| set_jobs(priority, state, f64::NAN));
            }
            metrics::gauge!("sso_why_oldest_waiting_job_seconds").set(f64::NAN);
            OPEN_STATES.iter().for_each(|state| set_tickets(state, f64::NAN));
        }
    }

    async fn counted(&self) -> Result<(), StoreError> {
        let mut oldest = 0.0_f64;
        for stock in self.jobs.stock().await? {
            set_jobs(stock.priority, stock.state, f64::from(stock.jobs));
            if stock.state == "waiting" {
                oldest = oldest.max(stock.overdue);
            }
        }
        metrics::gauge!("sso_why_oldest_waiting_job_seconds").set(oldest);
        for (state, tickets) in self.store.count_open_tickets().await? {
            set_tickets(state, f64::from(tickets));
        }
        Ok(())
    }
}

fn set_jobs(priority: &'static str, state: &'static str, jobs: f64) {
    metrics::gauge!("sso_why_jobs", "priority" => priority, "state" => state).set(jobs);
}

fn set_tickets(state: &'static str, tickets: f64) {
    metrics::gauge!("sso_why_tickets_open", "state" => state).set(tickets);
}
