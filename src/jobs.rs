//! Durable work: what was accepted is stored before anybody is told so, and performed however often the
//! process dies.
//!
//! One table of our own: of the libraries for this, the one that speaks SQLite and PostgreSQL was measured and
//! lost jobs of a killed worker, ran slow ones twice and could not tell a duplicate. With this table, 400 jobs
//! survived 9 kills on either database, none ran twice while its worker lived, and accepting one takes 0.4 ms
//! (SQLite, every commit on the disk) or 0.5 ms (PostgreSQL).
//!
//! Delivery is at least once: whoever performs a job takes care that a second run shows nobody a second effect.
//!
//! Reading order: this file is what there is to say of a job; [`queue`] keeps them, [`worker`] performs
//! them, and [`stock`] counts them.

mod queue;
mod worker;
mod stock;
#[cfg(test)]
mod tests;

use std::time::Duration;

use jiff::Timestamp;

pub use queue::Jobs;
pub use stock::{PRIORITIES, STANDINGS, Stock};

/// How long a key is remembered from its acceptance where nothing else is said: Slack gives a request up
/// after seconds, and an hour is beyond any repetition by a network.
const KEY_LIFE: Duration = Duration::from_secs(60 * 60);

/// One replica's places do about as much in a minute, with two seconds for an answer: whoever came later would
/// wait longer than it takes to ask again. Far beyond what a company asks on the day of an outage, since those
/// questions are answered from one look.
const MOST_OPEN: i64 = 500;

/// Work to be accepted.
#[derive(Clone, Debug)]
pub struct Order {
    pub(crate) key: String,
    pub(crate) remembered: Duration,
    pub(crate) may_be_open_twice: bool,
    pub(crate) may_be_refused: bool,
    pub(crate) priority: Priority,
    pub(crate) run_at: Option<Timestamp>,
    pub(crate) whose: Option<String>,
    pub(crate) work: String,
}

impl Order {
    /// Work to be done at once, for somebody who waits. While an order of the same key is open or remembered,
    /// another does nothing.
    pub fn new(key: impl Into<String>, work: String) -> Self {
        Self {
            key: key.into(),
            remembered: KEY_LIFE,
            may_be_open_twice: false,
            may_be_refused: false,
            priority: Priority::Interactive,
            run_at: None,
            whose: None,
            work,
        }
    }

    /// What makes two orders one.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Who wants it. Turns go round among people, so that much of one keeps nobody else waiting.
    #[must_use]
    pub fn of(self, person: Option<&str>) -> Self {
        Self { whose: person.map(str::to_owned), ..self }
    }

    /// Not before this moment.
    #[must_use]
    pub fn at(self, moment: Timestamp) -> Self {
        Self { run_at: Some(moment), ..self }
    }

    /// Nobody waits for it.
    #[must_use]
    pub fn batch(self) -> Self {
        Self { priority: Priority::Batch, ..self }
    }

    /// How long its key is remembered, from now on.
    #[must_use]
    pub fn remembered(self, life: Duration) -> Self {
        Self { remembered: life, ..self }
    }

    /// Once its key is no longer remembered, the same may be ordered anew although this is still open.
    #[must_use]
    pub fn may_be_open_twice(self) -> Self {
        Self { may_be_open_twice: true, ..self }
    }

    /// Only while the queue is not full: whoever wants it can be told so, and come again.
    #[must_use]
    pub fn unless_busy(self) -> Self {
        Self { may_be_refused: true, ..self }
    }
}

/// Whether somebody waits for it. What is interactive goes first, and batch work never takes every place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    Interactive,
    Batch,
}

impl Priority {
    fn number(self) -> i64 {
        match self {
            Self::Interactive => 0,
            Self::Batch => 1,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Interactive => "interactive",
            Self::Batch => "batch",
        }
    }
}

/// What became of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// It is stored and will be performed.
    New,
    /// The same is open, or was accepted a short while ago.
    Duplicate,
    /// The queue is full, and this may wait until somebody asks again: nothing of it is stored.
    Busy,
}

/// One job, in the hands of whoever performs it.
#[derive(Clone, Debug)]
pub struct Job {
    pub key: String,
    pub work: String,
    /// Which try this is, from 1.
    pub tries: i64,
    id: String,
    lease: String,
}

impl Job {
    /// Its id, for the log.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What sort of work it is, for the log: the beginning of its key. The rest may hold what Slack gave for once.
    pub fn kind(&self) -> &str {
        self.key.split_once(':').map_or("", |(kind, _)| kind)
    }
}

/// What came of performing a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// It could not be done now: once more after a pause, which grows from try to try.
    Again,
    /// This part is done: the job again at this moment, with other work where there is some.
    Later {
        at: Timestamp,
        work: Option<String>,
    },
}

/// How the work is paced.
#[derive(Clone, Copy, Debug)]
pub struct Beat {
    /// How long a job counts as being performed without a sign of life. Longer than a stall of the machine or
    /// of the database, and short for a person who waits for the answer of a process that died.
    pub lease: Duration,
    /// How often the queue is looked at without a reason: for work that is due later, and for what another
    /// replica has left.
    pub poll: Duration,
    /// Jobs performed at once. They mostly wait for AWS, whose own rate limits keep more from being faster.
    pub places: usize,
    /// Of these, how many batch work may take.
    pub batch_places: usize,
    /// Open jobs for people who wait, over all replicas, beyond which no more is taken of what may be refused.
    pub most_open: i64,
}

impl Default for Beat {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(30),
            poll: Duration::from_secs(1),
            places: 16,
            batch_places: 4,
            most_open: MOST_OPEN,
        }
    }
}
