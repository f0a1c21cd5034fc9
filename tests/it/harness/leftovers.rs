//! What a story leaves behind: errors in the log, panics, jobs, and messages that nobody looked at. A [`World`] looks
//! for them when it is dropped, so that no story can forget to. A story says by name what it leaves on purpose.
//!
//! [`World`]: super::World

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};

use sqlx::AnyConnection;
use sso_why::sandbox::workspace::Workspace;
use sso_why::sandbox::workspace::messages::Message;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

/// Jobs that are due, in somebody's hands, tried and failed, or given up. `$1` is the company's time.
const LEFT: &str = "\
    SELECT state || ' ' || key FROM job WHERE state = 'dead' OR state = 'leased' \
    OR (state = 'ready' AND (run_at <= $1 OR tries > 0)) ORDER BY key";

/// What happens in one world and what its story says of that.
#[derive(Default)]
pub struct Journal(Mutex<Pages>);

#[derive(Default)]
struct Pages {
    errors: Vec<String>,
    panics: Vec<String>,
    /// The `ts` of the messages that the story has seen.
    read: BTreeSet<String>,
    expected_errors: Vec<String>,
    allowed_errors: Vec<String>,
    left_unread: Vec<String>,
    leaves_jobs: bool,
}

thread_local! {
    /// The world that this thread works for.
    static HERE: RefCell<Option<Arc<Journal>>> = const { RefCell::new(None) };
}

impl Journal {
    /// A new journal, and everything that writes into it.
    pub fn new() -> Arc<Self> {
        static INSTALLED: Once = Once::new();
        INSTALLED.call_once(install);
        Arc::default()
    }

    /// From now on this journal records what happens on this thread.
    pub fn records_this_thread(self: &Arc<Self>) {
        HERE.set(Some(self.clone()));
    }

    /// Notes that the story has seen this message.
    pub fn note_read(&self, message: &Message) {
        self.pages().read.insert(message.ts.clone());
    }

    /// The log will have at least one error with these words, and such an error is no fault.
    pub fn expect_error(&self, words: &str) {
        self.pages().expected_errors.push(words.to_owned());
    }

    /// An error with these words is no fault, and need not come: what is first depends on the machine.
    pub fn allow_error(&self, words: &str) {
        self.pages().allowed_errors.push(words.to_owned());
    }

    /// Messages with these words are no matter of the story.
    pub fn leave_unread(&self, words: &str) {
        self.pages().left_unread.push(words.to_owned());
    }

    /// The story ends while the bot is still at work.
    pub fn leave_jobs(&self) {
        self.pages().leaves_jobs = true;
    }

    pub fn leaves_jobs(&self) -> bool {
        self.pages().leaves_jobs
    }

    /// What is wrong with what was left, a line each.
    pub fn complaints(&self, jobs: &[String], workspace: &Workspace) -> Vec<String> {
        let pages = self.pages();
        let mut found = Vec::new();
        found.extend(pages.panics.iter().map(|panic| format!("the bot panicked: {panic}")));
        let named = || pages.expected_errors.iter().chain(&pages.allowed_errors);
        let is_unnamed = |error: &&String| !named().any(|words| error.contains(words.as_str()));
        let unexpected = pages.errors.iter().filter(is_unnamed);
        found.extend(unexpected.map(|error| format!("an error that the story did not name: {error}")));
        let missing = |words: &&String| !pages.errors.iter().any(|error| error.contains(words.as_str()));
        let missed = pages.expected_errors.iter().filter(missing);
        found.extend(missed.map(|words| format!("the error that the story named did not come: {words}")));
        if !pages.leaves_jobs {
            found.extend(jobs.iter().map(|job| format!("a job was left: {job}")));
        }
        let unread = workspace.messages().iter().filter(|message| {
            message.author == workspace.bot_user_id
                && is_to_a_person(message)
                && !pages.read.contains(&message.ts)
                && !pages.left_unread.iter().any(|words| message.text.contains(words.as_str()))
        });
        found.extend(
            unread.map(|message| {
                format!("nobody looked at a message in {}: {:?}", message.channel, message.text)
            }),
        );
        found
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A direct message, or one that a single person sees.
fn is_to_a_person(message: &Message) -> bool {
    message.is_ephemeral() || message.channel.starts_with('D')
}

/// The jobs that are left at this moment of the company's time.
pub async fn jobs_left(store: &mut AnyConnection, now_ms: i64) -> Vec<String> {
    sqlx::query_scalar(LEFT).bind(now_ms).fetch_all(store).await.expect("the jobs can be read")
}

fn install() {
    let recorder = Recorder.with_filter(LevelFilter::ERROR);
    tracing_subscriber::registry().with(recorder).init();
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // A test that fails panics as well, on its own thread; that fails it already.
        here(|journal| journal.pages().panics.push(panic.to_string()));
        before(panic);
    }));
}

fn here(work: impl FnOnce(&Journal)) {
    let journal = HERE.try_with(|here| here.borrow().clone()).ok().flatten();
    if let Some(journal) = journal {
        work(&journal);
    }
}

/// Writes each error into the journal of the thread's world.
struct Recorder;

impl<S: Subscriber> Layer<S> for Recorder {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut line = Line::default();
        event.record(&mut line);
        here(|journal| journal.pages().errors.push(format!("{}{}", line.message, line.fields)));
    }
}

#[derive(Default)]
struct Line {
    message: String,
    fields: String,
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}
