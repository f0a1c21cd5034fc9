//! What the queue promises, on SQLite and on PostgreSQL.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::queue::TRIES;
use super::{Accepted, Beat, Job, Jobs, Order, Outcome, Priority};
use crate::store::Store;
use crate::store::tests::{postgres, sqlite};

const BEAT: Beat = Beat {
    lease: Duration::from_secs(20),
    poll: Duration::from_millis(10),
    places: 4,
    batch_places: 2,
    most_open: 300,
};

/// A queue with a clock of its own.
struct Bench {
    jobs: Jobs,
    clock: Arc<AtomicI64>,
}

impl Bench {
    fn of(store: Store, beat: Beat) -> Self {
        let clock = Arc::new(AtomicI64::new(1_800_000_000));
        let now = clock.clone();
        let jobs = Jobs::new(
            store,
            Arc::new(move || Timestamp::from_second(now.load(Ordering::SeqCst)).unwrap()),
            beat,
        );
        Self { jobs, clock }
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.clock.load(Ordering::SeqCst)).unwrap()
    }

    fn pass(&self, time: SignedDuration) {
        self.clock.fetch_add(time.as_secs(), Ordering::SeqCst);
    }

    async fn accept(&self, key: &str) -> Accepted {
        self.jobs.accept(Order::new(key, format!("the work of {key}"))).await.unwrap()
    }

    async fn due(&self) -> Vec<Job> {
        self.jobs.claim(Priority::Interactive, 10).await.unwrap()
    }
}

/// What was performed, by key.
#[derive(Clone, Default)]
struct Tally(Arc<Mutex<BTreeMap<String, usize>>>, Arc<Notify>);

impl Tally {
    fn count(&self, job: &Job) {
        *self.0.lock().unwrap().entry(job.key.clone()).or_default() += 1;
        self.1.notify_one();
    }

    async fn until(&self, enough: impl Fn(&BTreeMap<String, usize>) -> bool) {
        while !enough(&self.0.lock().unwrap()) {
            self.1.notified().await;
        }
    }
}

async fn a_key_does_its_work_once(store: Store) {
    let bench = Bench::of(store, BEAT);
    assert_eq!(bench.accept("event:1").await, Accepted::New);
    assert_eq!(bench.accept("event:1").await, Accepted::Duplicate, "while it waits");
    let [job] = bench.due().await.try_into().unwrap();
    assert_eq!((job.work.as_str(), job.tries), ("the work of event:1", 1));
    assert_eq!(bench.accept("event:1").await, Accepted::Duplicate, "while it is performed");
    assert!(bench.due().await.is_empty(), "it is in one pair of hands");
    bench.jobs.settle(&job, &Outcome::Done).await.unwrap();
    assert_eq!(bench.accept("event:1").await, Accepted::Duplicate, "while it is remembered");
    bench.pass(SignedDuration::from_mins(61));
    assert_eq!(bench.accept("event:1").await, Accepted::New, "and then it is another one");
    assert_eq!(bench.due().await.len(), 1);
}

async fn a_click_is_one_with_the_next_only_if_that_comes_at_once(store: Store) {
    let bench = Bench::of(store, BEAT);
    let click = || {
        let order = Order::new("click", String::new()).remembered(Duration::from_secs(2));
        bench.jobs.accept(order.may_be_open_twice())
    };
    assert_eq!(click().await.unwrap(), Accepted::New);
    assert_eq!(click().await.unwrap(), Accepted::Duplicate, "a double click");
    bench.pass(SignedDuration::from_secs(2));
    assert_eq!(click().await.unwrap(), Accepted::New, "although the first is still open");
    assert_eq!(bench.due().await.len(), 2);
}

async fn a_full_queue_takes_nothing_that_may_come_again_and_everything_else(store: Store) {
    let bench = Bench::of(store, Beat { most_open: 2, ..BEAT });
    let asked = |key: &str| bench.jobs.accept(Order::new(key, String::new()).unless_busy());
    let batch = Order::new("watch", String::new()).batch();
    bench.jobs.accept(batch).await.unwrap();
    assert_eq!(asked("1").await.unwrap(), Accepted::New, "what nobody waits for does not count");
    assert_eq!(bench.due().await.len(), 1);
    assert_eq!(asked("2").await.unwrap(), Accepted::New);
    assert_eq!(asked("3").await.unwrap(), Accepted::Busy, "what is performed counts as well");
    assert_eq!(
        asked("2").await.unwrap(),
        Accepted::Duplicate,
        "what was taken is not refused when it comes again"
    );
    assert!(!bench.jobs.knows("3").await.unwrap(), "nothing of it is stored");
    assert_eq!(bench.accept("words to the help desk").await, Accepted::New);
    let batch = Order::new("digest", String::new()).batch();
    assert_eq!(bench.jobs.accept(batch).await.unwrap(), Accepted::New);

    let due = bench.due().await;
    assert_eq!(due.len(), 2);
    for job in due {
        bench.jobs.settle(&job, &Outcome::Done).await.unwrap();
    }
    assert_eq!(asked("3").await.unwrap(), Accepted::New);
    // The same press much later, while the first is still open.
    bench.pass(SignedDuration::from_hours(2));
    let again = Order::new("1", String::new()).may_be_open_twice();
    assert_eq!(bench.jobs.accept(again.unless_busy()).await.unwrap(), Accepted::Busy);
}

async fn turns_go_round_among_people(store: Store) {
    let bench = Bench::of(store, BEAT);
    for (key, person) in
        [("a1", "ana"), ("a2", "ana"), ("a3", "ana"), ("b1", "ben"), ("b2", "ben"), ("n", "")]
    {
        let person = Some(person).filter(|person| !person.is_empty());
        bench.jobs.accept(Order::new(key, String::new()).of(person)).await.unwrap();
        bench.pass(SignedDuration::from_secs(1));
    }
    let next = async |count: usize| {
        let mut jobs = bench.jobs.claim(Priority::Interactive, count).await.unwrap();
        jobs.sort_by(|one, other| one.key.cmp(&other.key));
        jobs
    };
    let keys = |jobs: &[Job]| jobs.iter().map(|job| job.key.clone()).collect::<Vec<_>>();
    assert_eq!(keys(&next(1).await), ["a1"], "who came first is first");
    let [ben, nobodys] = next(2).await.try_into().unwrap();
    assert_eq!([ben.key.as_str(), nobodys.key.as_str()], ["b1", "n"], "what ana has in hand was her turn");
    bench.jobs.settle(&ben, &Outcome::Done).await.unwrap();
    assert_eq!(keys(&next(1).await), ["b2"]);
    assert_eq!(keys(&next(5).await), ["a2", "a3"]);
}

async fn what_could_not_be_done_is_tried_again_after_growing_pauses(store: Store) {
    let bench = Bench::of(store, BEAT);
    bench.accept("a").await;
    for pause in [1, 2, 4, 8, 16, 32, 60, 60] {
        let [job] = bench.due().await.try_into().unwrap();
        bench.jobs.settle(&job, &Outcome::Again).await.unwrap();
        bench.pass(SignedDuration::from_secs(pause - 1));
        assert!(bench.due().await.is_empty(), "{pause} s have not passed");
        bench.pass(SignedDuration::from_secs(1));
    }
    for _ in 9..=TRIES {
        let [job] = bench.due().await.try_into().unwrap();
        bench.jobs.settle(&job, &Outcome::Again).await.unwrap();
        bench.pass(SignedDuration::from_mins(1));
    }
    assert!(bench.due().await.is_empty(), "it is given up");
    bench.pass(SignedDuration::from_hours(2));
    assert_eq!(bench.accept("a").await, Accepted::New, "and may be ordered anew");
}

async fn later_keeps_the_key_and_may_change_the_work(store: Store) {
    let bench = Bench::of(store, BEAT);
    bench.accept("watch:1").await;
    let [job] = bench.due().await.try_into().unwrap();
    let at = bench.now() + SignedDuration::from_mins(40);
    let later = Outcome::Later { at, work: Some("the second look".to_owned()) };
    bench.jobs.settle(&job, &later).await.unwrap();
    assert_eq!(bench.accept("watch:1").await, Accepted::Duplicate);
    assert!(bench.due().await.is_empty());
    bench.pass(SignedDuration::from_mins(40));
    let [job] = bench.due().await.try_into().unwrap();
    assert_eq!((job.work.as_str(), job.tries), ("the second look", 1));
}

async fn a_dead_workers_job_is_taken_over_and_its_late_word_counts_for_nothing(store: Store) {
    let bench = Bench::of(store, Beat { lease: Duration::ZERO, ..BEAT });
    bench.accept("a").await;
    let [lost] = bench.due().await.try_into().unwrap();
    // The lease of no length has run out by the database's next millisecond.
    let taken = loop {
        bench.jobs.reap().await.unwrap();
        if let Some(job) = bench.due().await.pop() {
            break job;
        }
    };
    assert_eq!(taken.tries, 2);
    bench.jobs.settle(&lost, &Outcome::Done).await.unwrap();
    assert!(bench.jobs.renew(&taken).await.unwrap(), "it is still in the other's hands");
}

async fn interactive_work_overtakes_batch_work_and_always_finds_a_place(store: Store) {
    let bench = Bench::of(store, BEAT);
    for number in 0..6 {
        let order = Order::new(format!("batch {number}"), String::new()).batch();
        bench.jobs.accept(order).await.unwrap();
    }
    let tally = Tally::default();
    let stop = CancellationToken::new();
    let perform = {
        let tally = tally.clone();
        move |job: Job| {
            let tally = tally.clone();
            async move {
                tally.count(&job);
                if job.key.starts_with("batch") {
                    std::future::pending::<()>().await;
                }
                Outcome::Done
            }
        }
    };
    let working = tokio::spawn({
        let (jobs, stop) = (bench.jobs.clone(), stop.clone());
        async move { jobs.work(perform, stop).await }
    });
    tally.until(|done| done.len() == BEAT.batch_places).await;
    for number in 0..6 {
        bench.accept(&format!("click {number}")).await;
    }
    tally.until(|done| done.len() == BEAT.batch_places + 6).await;
    working.abort();
}

async fn two_workers_perform_each_job_once_and_what_is_accepted_is_done_before_they_stop(store: Store) {
    let bench = Bench::of(store, BEAT);
    let tally = Tally::default();
    let stop = CancellationToken::new();
    let workers: Vec<_> = (0..2)
        .map(|_| {
            let (jobs, stop, tally) = (bench.jobs.clone(), stop.clone(), tally.clone());
            tokio::spawn(async move {
                let perform = move |job: Job| {
                    let tally = tally.clone();
                    async move {
                        tally.count(&job);
                        Outcome::Done
                    }
                };
                jobs.work(perform, stop).await;
            })
        })
        .collect();
    for number in 0..200 {
        bench.accept(&number.to_string()).await;
    }
    stop.cancel();
    for worker in workers {
        worker.await.unwrap();
    }
    let done = tally.0.lock().unwrap();
    assert_eq!(done.len(), 200);
    assert!(done.values().all(|times| *times == 1), "{done:?}");
}

async fn work_that_breaks_off_is_tried_again(store: Store) {
    let bench = Bench::of(store, BEAT);
    bench.accept("a").await;
    let tally = Tally::default();
    let stop = CancellationToken::new();
    let perform = {
        let tally = tally.clone();
        move |job: Job| {
            let tally = tally.clone();
            async move {
                tally.count(&job);
                assert!(job.tries > 1, "the first try breaks off");
                Outcome::Done
            }
        }
    };
    let working = tokio::spawn({
        let (jobs, stop) = (bench.jobs.clone(), stop.clone());
        async move { jobs.work(perform, stop).await }
    });
    tally.until(|done| done.get("a") == Some(&1)).await;
    // Not before the pause has passed; and the pause begins when the break has been noted.
    while tally.0.lock().unwrap().get("a") == Some(&1) {
        bench.pass(SignedDuration::from_secs(1));
        tokio::task::yield_now().await;
    }
    stop.cancel();
    working.await.unwrap();
    assert!(bench.due().await.is_empty(), "it is done");
}

async fn what_stands_in_the_queue_is_counted_by_priority_and_standing(store: Store) {
    let bench = Bench::of(store, BEAT);
    let later = bench.now() + SignedDuration::from_hours(1);
    bench.jobs.accept(Order::new("digest", String::new()).at(later).batch()).await.unwrap();
    bench.accept("taken").await;
    assert_eq!(bench.due().await.len(), 1);
    bench.accept("first").await;
    bench.pass(SignedDuration::from_secs(90));
    bench.accept("second").await;
    let stock = bench.jobs.stock().await.unwrap();
    let told = |priority: &str, state: &str| {
        let of = stock.iter().find(|stock| stock.priority == priority && stock.state == state).unwrap();
        (of.jobs, of.overdue)
    };
    assert_eq!(told("interactive", "waiting"), (2, 90.0));
    assert_eq!(told("interactive", "running").0, 1);
    assert_eq!(told("batch", "scheduled"), (1, 0.0));
    assert_eq!(told("batch", "waiting"), (0, 0.0));
    assert_eq!(told("interactive", "dead"), (0, 0.0));
    assert_eq!(stock.len(), 8);
}

macro_rules! on_both {
    ($($story:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $story() {
                super::$story(super::sqlite().await).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test]
            #[ignore = "needs PostgreSQL, which tests/run starts"]
            async fn $story() {
                super::$story(super::postgres().await).await;
            })+
        }
    };
}

on_both!(
    a_key_does_its_work_once,
    a_click_is_one_with_the_next_only_if_that_comes_at_once,
    a_full_queue_takes_nothing_that_may_come_again_and_everything_else,
    turns_go_round_among_people,
    what_could_not_be_done_is_tried_again_after_growing_pauses,
    later_keeps_the_key_and_may_change_the_work,
    a_dead_workers_job_is_taken_over_and_its_late_word_counts_for_nothing,
    interactive_work_overtakes_batch_work_and_always_finds_a_place,
    two_workers_perform_each_job_once_and_what_is_accepted_is_done_before_they_stop,
    work_that_breaks_off_is_tried_again,
    what_stands_in_the_queue_is_counted_by_priority_and_standing,
);
