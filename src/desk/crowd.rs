//! How much is taken at once: from one person, and from all together. Whoever is beyond it is told so at once and
//! comes again, and nothing is kept of what they asked. What people write to people (notes, tickets, words in
//! their threads) and what nobody waits for is always taken.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::Desk;
use super::bring::Bring;
use crate::gather::Clock;
use crate::jobs::{Accepted, Order};
use crate::slack::client::Placement;
use crate::slack::reply::Reply;
use crate::store::StoreError;
use crate::words::slack::{Message, replies};

/// An agent answers for many: of these turns beyond their own, as many times as many.
const OF_AN_AGENT: u32 = 2;
/// After this long without a question everything is forgotten, so that no wait is longer.
const A_MINUTE: Duration = Duration::from_secs(60);
/// People remembered before those are looked for who have not asked for a minute.
const MOST: usize = 10_000;
/// Whether somebody is an agent is asked before Slack's request is acknowledged, for which there are 3 s.
const AGENT_KNOWN: Duration = Duration::from_secs(1);

/// Forms opened at once. One takes a few calls to Slack, which allows about 100 `views.open` a minute and more
/// (docs.slack.dev, "Rate limits", tier 4).
const OPENING: usize = 64;
/// What marks such a word as the bot's where it comes as a direct message.
const UNTAKEN: &str = "not_taken";
/// People told at once that they come too often or too many.
const TELLING: usize = 64;

/// The desk's clock, as the limits read it.
#[derive(Clone)]
struct Time(Clock);

impl governor::clock::Clock for Time {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::try_from((self.0)().as_duration()).unwrap_or_default()
    }
}

/// How often each person may ask.
struct Turns {
    limiter: RateLimiter<String, HashMapStateStore<String>, Time, NoOpMiddleware<Duration>>,
    time: Time,
}

impl Turns {
    fn a_minute(questions: u32, time: Time) -> Self {
        let questions = NonZeroU32::new(questions).unwrap_or(NonZeroU32::MIN);
        let limiter = RateLimiter::hashmap_with_clock(Quota::per_minute(questions), time.clone());
        Self { limiter, time }
    }

    /// Takes a turn, or says how long until the next.
    fn take(&self, person: &str) -> Result<(), Duration> {
        if self.limiter.len() >= MOST {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        match self.limiter.check_key(&person.to_owned()) {
            Ok(()) => Ok(()),
            Err(until) => match until.wait_time_from(self.time.now()) {
                // The clock was put back: nobody waits until it comes round again.
                wait if wait > A_MINUTE => Ok(()),
                wait => Err(wait),
            },
        }
    }
}

/// What is counted of those who come.
pub(super) struct Crowd {
    people: Turns,
    agents: Turns,
    opening: Arc<Semaphore>,
    telling: Arc<Semaphore>,
}

impl Crowd {
    /// Where one person may ask this many questions a minute, all at once if they like.
    pub(super) fn new(questions: u16, clock: Clock) -> Self {
        let questions = u32::from(questions);
        let time = Time(clock);
        Self {
            people: Turns::a_minute(questions, time.clone()),
            agents: Turns::a_minute(OF_AN_AGENT * questions, time),
            opening: Arc::new(Semaphore::new(OPENING)),
            telling: Arc::new(Semaphore::new(TELLING)),
        }
    }
}

/// Why something was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Untaken {
    /// The store is away.
    Away,
    /// There is too much already.
    Busy,
    /// This person asks too often; when they may again.
    TooOften(Duration),
}

impl Untaken {
    pub(super) fn message(self) -> Message {
        match self {
            Self::Away => replies::not_taken(),
            Self::Busy => replies::busy(),
            // A part of a second is a second to wait.
            Self::TooOften(wait) => replies::too_often(wait.as_secs() + u64::from(wait.subsec_nanos() > 0)),
        }
    }

    fn counted(self) -> Self {
        let why = match self {
            Self::Away => "away",
            Self::Busy => "busy",
            Self::TooOften(_) => "too_often",
        };
        metrics::counter!("sso_why_not_taken_total", "why" => why).increment(1);
        tracing::info!(why, "a request was not taken, and whoever made it was told so");
        self
    }
}

impl From<StoreError> for Untaken {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store is away, so that a request was not taken");
        Self::Away
    }
}

impl Desk {
    /// Takes a question of this person's, unless they ask too often or there are too many.
    pub(super) async fn take_question(&self, asker: &str, order: Order) -> Result<(), Untaken> {
        self.turn(asker, &order).await.map_err(Untaken::counted)?;
        self.take_unless_busy(order).await
    }

    /// Takes what somebody may ask for again, unless there is too much already.
    pub(super) async fn take_unless_busy(&self, order: Order) -> Result<(), Untaken> {
        match self.order(order.unless_busy()).await {
            Ok(Accepted::New | Accepted::Duplicate) => Ok(()),
            Ok(Accepted::Busy) => Err(Untaken::Busy.counted()),
            Err(error) => Err(Untaken::from(error).counted()),
        }
    }

    async fn turn(&self, asker: &str, order: &Order) -> Result<(), Untaken> {
        let Err(wait) = self.crowd.people.take(asker) else { return Ok(()) };
        // What Slack sends once more was in its turn the first time.
        if self.jobs.knows(order.key()).await? {
            return Ok(());
        }
        match timeout(AGENT_KNOWN, self.is_agent(asker)).await {
            Ok(true) => self.crowd.agents.take(asker).map_err(Untaken::TooOften),
            Ok(false) | Err(_) => Err(Untaken::TooOften(wait)),
        }
    }

    /// What Slack is told, where the person is told by `bring`.
    pub(super) fn reply(self: &Arc<Self>, user: &str, bring: Bring, taken: Result<(), Untaken>) -> Reply {
        match taken {
            Ok(()) => Reply::Empty,
            Err(Untaken::Away) => Reply::NotTaken,
            Err(untaken) => {
                self.tell_at_once(user, bring, untaken.message());
                Reply::Empty
            }
        }
    }

    /// Opens a form, or does whatever else Slack gives seconds for; not where too many are being opened.
    pub(super) fn opens(
        self: &Arc<Self>,
        opening: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Untaken> {
        let place = self.crowd.opening.clone().try_acquire_owned();
        let place = place.map_err(|_| Untaken::Busy.counted())?;
        self.opening.spawn(holding(place, opening));
        Ok(())
    }

    /// Tells one person something, once and without a note of it. Nothing where too many are being told: they
    /// see that nothing came.
    fn tell_at_once(self: &Arc<Self>, user: &str, bring: Bring, message: Message) {
        let Ok(place) = self.crowd.telling.clone().try_acquire_owned() else {
            tracing::warn!("nobody was told that a request was not taken: too many are");
            return;
        };
        let (desk, user) = (self.clone(), user.to_owned());
        let telling = async move {
            let url = bring.response_url.as_ref().and_then(|sealed| desk.seal.open(sealed));
            let told = match url {
                Some(url) => desk.slack.respond(&url, &message, Placement::NewEphemeral).await,
                None => desk.slack.post_message(&user, None, &message, UNTAKEN).await.map(drop),
            };
            if let Err(error) = told {
                tracing::warn!(%error, "somebody could not be told that their request was not taken");
            }
        };
        self.opening.spawn(holding(place, telling));
    }
}

async fn holding(place: OwnedSemaphorePermit, work: impl Future<Output = ()>) {
    work.await;
    drop(place);
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use jiff::Timestamp;

    use super::*;

    fn turns(questions: u32) -> (Turns, Arc<AtomicI64>) {
        let seconds = Arc::new(AtomicI64::new(1_800_000_000));
        let now = seconds.clone();
        let clock: Clock =
            Arc::new(move || Timestamp::from_second(now.load(Ordering::SeqCst)).expect("a time"));
        (Turns::a_minute(questions, Time(clock)), seconds)
    }

    #[test]
    fn each_person_has_their_own_turns_and_gets_them_back() {
        let (turns, seconds) = turns(20);
        for _ in 0..20 {
            assert_eq!(turns.take("U0DANA"), Ok(()));
        }
        assert_eq!(turns.take("U0DANA"), Err(Duration::from_secs(3)));
        assert_eq!(turns.take("U0BO"), Ok(()));
        seconds.fetch_add(3, Ordering::SeqCst);
        assert_eq!(turns.take("U0DANA"), Ok(()));
        assert!(turns.take("U0DANA").is_err());
    }

    #[test]
    fn a_clock_that_is_put_back_locks_nobody_out() {
        let (turns, seconds) = turns(1);
        assert_eq!(turns.take("U0DANA"), Ok(()));
        seconds.fetch_sub(3_600, Ordering::SeqCst);
        assert_eq!(turns.take("U0DANA"), Ok(()));
    }

    #[test]
    fn who_has_not_asked_for_a_minute_is_forgotten() {
        let (turns, seconds) = turns(20);
        for person in 0..MOST {
            assert_eq!(turns.take(&person.to_string()), Ok(()));
        }
        assert_eq!(turns.limiter.len(), MOST);
        seconds.fetch_add(120, Ordering::SeqCst);
        assert_eq!(turns.take("U0DANA"), Ok(()));
        assert_eq!(turns.limiter.len(), 1);
    }
}
