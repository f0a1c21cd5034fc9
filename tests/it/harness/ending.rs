//! The end of a world: a story says what it leaves on purpose, and everything else that is left fails it.

use std::time::{Duration, Instant};

use sqlx::{AnyConnection, Connection as _};
use tokio::runtime::Builder;

use super::leftovers::jobs_left;
use super::told::keep_outbox;
use super::{World, in_time};

/// The bot has settled its last job long before this; what is left then is left for good.
const SETTLES: Duration = Duration::from_secs(10);

impl World {
    /// The log will have at least one error with these words, and such an error is no fault.
    pub fn expects_error(&self, words: &str) {
        self.journal.expect_error(words);
    }

    /// An error with these words is no fault, and need not come: what is first depends on the machine.
    pub fn allows_error(&self, words: &str) {
        self.journal.allow_error(words);
    }

    /// Messages to people with these words are no matter of this story.
    pub fn leaves_unread(&self, words: &str) {
        self.journal.leave_unread(words);
    }

    /// This story ends while the bot is still at work.
    pub fn leaves_jobs(&self) {
        self.journal.leave_jobs();
    }

    /// Something panics on the bot's threads.
    pub async fn panic_in_the_bot(&self) {
        let panicking = async { panic!("as a story wants it") };
        let panics =
            self.bot.lock().expect("nobody broke off").as_ref().map(|bot| bot.threads.spawn(panicking));
        in_time(panics.expect("the bot is alive")).await.expect_err("it panicked");
    }

    /// What is wrong with what the story left behind, a line each.
    fn complaints(&self) -> Vec<String> {
        let is_alive = self.bot.lock().is_ok_and(|bot| bot.is_some());
        let jobs = if is_alive { self.jobs_left_in_the_end() } else { Vec::new() };
        self.journal.complaints(&jobs, &self.sandbox.workspace())
    }

    /// The jobs that the bot does not get done. It has noted nothing yet of what people may have seen already.
    fn jobs_left_in_the_end(&self) -> Vec<String> {
        if self.journal.leaves_jobs() {
            return Vec::new();
        }
        let waited = async {
            // A connection of its own: the store's may wait to be given back by the thread that waits here.
            let url = &self.setup.config.store.url.0;
            let mut store = AnyConnection::connect(url).await.expect("the store is there");
            let mut moments = tokio::time::interval(Duration::from_millis(10));
            let since = Instant::now();
            loop {
                let left = jobs_left(&mut store, (self.sandbox.clock)().as_millisecond()).await;
                let is_final = left.iter().all(|job| job.starts_with("dead "));
                if is_final || since.elapsed() > SETTLES {
                    return left;
                }
                moments.tick().await;
            }
        };
        // The thread of the test has a runtime already, which cannot be waited on from here.
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| {
                Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(waited)
            });
            waiting.join().expect("the store can be read")
        })
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let has_failed = std::thread::panicking();
        let complaints = if has_failed { Vec::new() } else { self.complaints() };
        self.stop.cancel();
        if let Some(bot) = self.bot.lock().ok().and_then(|mut bot| bot.take()) {
            bot.threads.shutdown_background();
        }
        if let Some(company) = self.company.take() {
            company.shutdown_background();
        }
        if !has_failed {
            keep_outbox(&self.sandbox);
            assert!(complaints.is_empty(), "the story left something behind:\n{}", complaints.join("\n"));
        }
    }
}
