//! The company's time: the machine's clock, which the page can move forward. The sandbox's own bot lives in the same
//! time, so that a jump over the next sync or the next digest makes its jobs due. A bot or a command that runs in
//! another process keeps the machine's time.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use jiff::{SignedDuration, Timestamp};

use super::Clock;

/// The bot's schedule: the next digest after a moment.
pub type Schedule = Box<dyn Fn(Timestamp) -> Option<Timestamp> + Send + Sync>;

/// A clock and how far the company is ahead of it.
pub struct Time {
    machine: Clock,
    ahead: Arc<AtomicI64>,
    /// When the bot posts its next digest; set by the caller that runs the bot.
    pub digests: OnceLock<Schedule>,
}

impl Time {
    /// The company's time, equal to the machine's clock until it is moved.
    pub fn of(machine: Clock) -> Self {
        Self { machine, ahead: Arc::default(), digests: OnceLock::new() }
    }

    /// A clock that shows this time, also after it is moved.
    pub fn clock(&self) -> Clock {
        let (machine, ahead) = (self.machine.clone(), self.ahead.clone());
        Arc::new(move || later(machine(), ahead.load(Ordering::Acquire)))
    }

    /// Moves the time forward to this moment; a moment that has passed moves nothing.
    pub fn advance_to(&self, moment: Timestamp) {
        let ahead = moment.as_second().saturating_sub((self.machine)().as_second());
        self.ahead.fetch_max(ahead, Ordering::AcqRel);
    }

    /// Seconds that the company is ahead of the machine.
    pub fn ahead(&self) -> SignedDuration {
        SignedDuration::from_secs(self.ahead.load(Ordering::Acquire))
    }

    /// Back to the machine's clock. Returns true if the time had been moved.
    pub fn reset(&self) -> bool {
        self.ahead.swap(0, Ordering::AcqRel) != 0
    }

    /// The bot's next digest, if it has a schedule.
    pub fn next_digest(&self) -> Option<Timestamp> {
        self.digests.get()?(self.clock()())
    }
}

fn later(moment: Timestamp, seconds: i64) -> Timestamp {
    moment.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_moves_forward_alone_and_returns_to_the_machines_clock() {
        let noon: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let time = Time::of(Arc::new(move || noon));
        let clock = time.clock();
        assert_eq!(clock(), noon);

        time.advance_to("2026-11-23T12:10:00Z".parse().unwrap());
        assert_eq!((clock() - noon).get_seconds(), 600);
        time.advance_to(noon);
        assert_eq!(time.ahead(), SignedDuration::from_mins(10));

        assert!(time.reset());
        assert!(!time.reset());
        assert_eq!(clock(), noon);
    }
}
