//! The worker: takes jobs as places come free, and keeps each in its hands until it is settled.

use std::future::Future;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::{Job, Jobs, Outcome, Priority};

/// What takes a place.
struct Performed(Priority);

impl Jobs {
    /// Performs what is due until `stop`; then what was accepted for somebody who waits is still performed, and
    /// it ends when nothing of that is left.
    pub async fn work<Performing>(
        &self,
        perform: impl Fn(Job) -> Performing + Clone + Send + 'static,
        stop: CancellationToken,
    ) where
        Performing: Future<Output = Outcome> + Send + 'static,
    {
        let reaper = AbortOnDropHandle::new(tokio::spawn(self.clone().reap_now_and_then()));
        let mut places = Places { running: JoinSet::new(), batch: 0 };
        loop {
            let begun = self.fill(&mut places, &perform, stop.is_cancelled()).await;
            if stop.is_cancelled() && begun == 0 && places.running.is_empty() {
                break;
            }
            tokio::select! {
                () = self.woken.notified() => {}
                Some(ended) = places.running.join_next() => places.free(ended),
                () = sleep(self.beat.poll) => {}
                () = stop.cancelled(), if !stop.is_cancelled() => {}
            }
        }
        reaper.abort();
        let _it_was_told_to = reaper.await;
    }

    async fn fill<Performing>(
        &self,
        places: &mut Places,
        perform: &(impl Fn(Job) -> Performing + Clone + Send + 'static),
        stopping: bool,
    ) -> usize
    where
        Performing: Future<Output = Outcome> + Send + 'static,
    {
        let mut begun = 0;
        let wanted: &[Priority] =
            if stopping { &[Priority::Interactive] } else { &[Priority::Interactive, Priority::Batch] };
        for priority in wanted {
            let free = places.free_for(*priority, self);
            if free == 0 {
                continue;
            }
            match self.claim(*priority, free).await {
                Ok(jobs) => {
                    begun += jobs.len();
                    for job in jobs {
                        places.take(*priority, self.clone().see_through(job, perform.clone()));
                    }
                }
                Err(error) => tracing::warn!(%error, "the queue could not be read; it is tried again"),
            }
        }
        begun
    }

    async fn see_through<Performing>(self, job: Job, perform: impl Fn(Job) -> Performing)
    where
        Performing: Future<Output = Outcome> + Send + 'static,
    {
        let mut performing = AbortOnDropHandle::new(tokio::spawn(perform(job.clone())));
        let outcome = tokio::select! {
            performed = &mut performing => match performed {
                Ok(outcome) => outcome,
                Err(error) => {
                    tracing::error!(%error, job = job.id(), work = job.kind(), "work broke off");
                    Outcome::Again
                }
            },
            () = self.renew_until_lost(&job) => {
                // Another process has it by now, and would say everything a second time.
                performing.abort();
                let _it_was_told_to = performing.await;
                tracing::error!(job = job.id(), work = job.kind(), "work was taken over by another process");
                return;
            }
        };
        let counted = match outcome {
            Outcome::Done => "done",
            Outcome::Again => "again",
            Outcome::Later { .. } => "later",
        };
        metrics::counter!("sso_why_jobs_total", "outcome" => counted).increment(1);
        if let Err(error) = self.settle(&job, &outcome).await {
            // The lease runs out, and the work is done once more.
            tracing::error!(%error, job = job.id(), work = job.kind(), "what came of work could not be noted");
        }
        self.woken.notify_one();
    }

    async fn renew_until_lost(&self, job: &Job) {
        let often = self.beat.lease / 3;
        let mut renewal = interval_at(Instant::now() + often, often);
        loop {
            renewal.tick().await;
            match self.renew(job).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::warn!(%error, "a lease could not be renewed"),
            }
        }
    }

    async fn reap_now_and_then(self) {
        let mut pause = interval_at(Instant::now(), (self.beat.lease / 4).max(Duration::from_millis(1)));
        loop {
            pause.tick().await;
            if let Err(error) = self.reap().await {
                tracing::warn!(%error, "leases that have run out could not be looked for");
            }
        }
    }
}

/// The jobs that are being performed.
struct Places {
    running: JoinSet<Performed>,
    batch: usize,
}

impl Places {
    fn free_for(&self, priority: Priority, jobs: &Jobs) -> usize {
        let free = jobs.beat.places.saturating_sub(self.running.len());
        match priority {
            Priority::Interactive => free,
            Priority::Batch => free.min(jobs.beat.batch_places.saturating_sub(self.batch)),
        }
    }

    fn take(&mut self, priority: Priority, performing: impl Future<Output = ()> + Send + 'static) {
        self.batch += usize::from(priority == Priority::Batch);
        self.running.spawn(async move {
            performing.await;
            Performed(priority)
        });
    }

    /// A place whose end was a panic counts as batch work's as well as not: the next count is by what runs.
    fn free(&mut self, ended: Result<Performed, tokio::task::JoinError>) {
        if let Ok(Performed(Priority::Batch)) = ended {
            self.batch = self.batch.saturating_sub(1);
        }
    }
}
