//! "Tell me when it's fixed": the bot looks again at the moments that make sense, over restarts, and tells once.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::answer::Instead;
use super::bring::Bring;
use super::handle::{Handle, KeptQuestion};
use super::work::{After, Again, Performed, Work};
use super::{Desk, Press};
use crate::diagnosis::causes::Cause;
use crate::diagnosis::steps::Step;
use crate::diagnosis::{Diagnosis, Verdict, diagnose};
use crate::gather::Freshness;
use crate::slack::client::Placement;
use crate::store::{Opened, Watch, WatchEnd, Watched};
use crate::words::account::account_name;
use crate::words::next::next;
use crate::words::say::Whom;
use crate::words::slack::{Message, replies, watch};

/// How long the bot looks: what has not come in a day needs somebody to act, and the watcher to know that.
const HOURS: i64 = 24;
/// What a synchronization brings takes a little to arrive after it was due.
const AFTER_IT_IS_DUE: SignedDuration = SignedDuration::from_mins(2);
/// The first pause where nothing is due at a known moment; it doubles from look to look.
const FIRST_PAUSE_MINUTES: i64 = 2;
/// The longest pause: who waits a day is told within the hour, and a look costs AWS some ten calls.
const LONGEST_PAUSE_MINUTES: i64 = 60;

/// A watch, as the work that looks for it carries it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Looking {
    id: String,
    watcher: String,
    about: String,
    question: KeptQuestion,
    since: Timestamp,
    looks: u32,
    /// Of the report that it was begun from.
    #[serde(default)]
    reference: Option<String>,
}

impl Looking {
    pub(super) fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }
}

/// Whether waiting or somebody's action can bring the access, so that there is something to be told.
pub(super) fn can_be_watched(diagnosis: &Diagnosis) -> bool {
    let is_the_account = diagnosis.cause().map(Cause::step) == Some(Step::Account);
    diagnosis.verdict != Verdict::Access && !is_the_account && diagnosis.account.is_some()
}

/// What a watch of this diagnosis is about.
pub(super) fn watched(watcher: &str, about: &str, diagnosis: &Diagnosis) -> Option<Watched> {
    let account = diagnosis.account.as_ref()?;
    Some(Watched {
        watcher: watcher.to_owned(),
        about: about.to_owned(),
        account_id: account.id.clone(),
        account_name: account.name.clone(),
        permission_set: diagnosis.question.permission_set.clone(),
    })
}

/// When to look next: just after what is due, else after pauses that double. What is due so late that somebody
/// may well have acted before is not waited for: a synchronization in quarantine is tried again after hours.
fn next_look(due: Option<Timestamp>, looks: u32, now: Timestamp) -> Timestamp {
    let pause = |minutes: i64| now + SignedDuration::from_mins(minutes);
    let soon = now..=pause(LONGEST_PAUSE_MINUTES);
    match due.filter(|due| soon.contains(due)) {
        Some(due) => due + AFTER_IT_IS_DUE,
        None => pause(FIRST_PAUSE_MINUTES.saturating_mul(1 << looks.min(10)).min(LONGEST_PAUSE_MINUTES)),
    }
}

impl Desk {
    pub(super) async fn watch(&self, press: &Press) -> Performed {
        let Some(handle) = press.handle() else {
            return self.say_that_it_is_old(press).await;
        };
        let message = match self.begun_to_watch(press, &handle).await {
            Ok(message) | Err(Instead::Reply(message)) => message,
            Err(Instead::Later(again)) => return Err(again),
            Err(Instead::Broke(error)) if error.passes() => return Err(Again::after(&error)),
            Err(Instead::Broke(error)) => {
                tracing::error!(%error, "a watch could not be begun");
                replies::broke(&handle.reference, error.lacks())
            }
        };
        self.bring(&press.user, &Bring::beside(press), &message).await?;
        self.take_the_button_away(press, &handle).await?;
        Ok(After::Done)
    }

    async fn begun_to_watch(&self, press: &Press, handle: &Handle) -> Result<Message, Instead> {
        if let Some(refusal) = self.refusal(&press.user, &handle.about).await {
            return Ok(refusal);
        }
        let diagnosis = self.diagnosis_behind(press, handle).await?;
        let account = account_name(&diagnosis);
        if diagnosis.verdict == Verdict::Access {
            return Ok(watch::there_already(account));
        }
        let Some(what) =
            watched(&press.user, &handle.about, &diagnosis).filter(|_| can_be_watched(&diagnosis))
        else {
            return Ok(watch::nothing_to_wait_for(account));
        };
        let now = self.gather.now();
        let opened = self.store.open_watch(&what, now).await?;
        let (Opened::New(Watch { id, since }) | Opened::Already(Watch { id, since })) = &opened;
        let at = next_look(next(&diagnosis, &Whom::Reader).retry_at, 0, now);
        let looking = Looking {
            id: id.clone(),
            watcher: press.user.clone(),
            about: handle.about.clone(),
            question: KeptQuestion::of(&diagnosis.question),
            since: *since,
            looks: 0,
            reference: Some(handle.reference.clone()),
        };
        // Ordered even where the watch is open already: a process may have died between the two.
        self.order(Work::Look(Box::new(looking)).order(format!("watch:{id}")).at(at).batch()).await?;
        match opened {
            Opened::New(_) => {
                metrics::counter!("sso_why_watches_total").increment(1);
                Ok(watch::begun(account, at, HOURS))
            }
            Opened::Already(_) => Ok(watch::begun_already(account, *since)),
        }
    }

    /// The report once more, which no longer offers what has been begun. Where a restart forgot the report, its
    /// button stays, and says when it is pressed that this is watched already.
    async fn take_the_button_away(&self, press: &Press, handle: &Handle) -> Result<(), Again> {
        if handle.in_channel {
            // What one person waits for is no matter of everybody who reads it.
            return Ok(());
        }
        let url = press.response_url.as_ref().and_then(|sealed| self.seal.open(sealed));
        let (Some(url), Some(kept)) = (url, self.kept.report(handle).await) else {
            return Ok(());
        };
        let offers = self.offers(&press.user, &kept).await?;
        if offers.watch {
            return Ok(());
        }
        let shown = match self.slack.user(&press.user).await {
            Ok(reader) => {
                let report = self.told(&kept, handle, &reader, None, &offers);
                self.slack.respond(&url, &report, Placement::Replace).await
            }
            Err(error) => Err(error),
        };
        if let Err(error) = shown {
            tracing::warn!(%error, "a report still offers a watch that has been begun");
        }
        Ok(())
    }

    /// One look at AWS. What could not be read is no verdict: it is looked at again.
    pub(super) async fn look(&self, looking: Looking) -> Performed {
        let Looking { watcher, about, .. } = &looking;
        let question = looking.question.question();
        let ends_at = looking.since + SignedDuration::from_hours(HOURS);
        let is_over = self.gather.now() >= ends_at;
        let in_aws = diagnose(&self.gather.facts_of_aws(question.clone()).await);
        if in_aws.verdict != Verdict::Access && !is_over {
            return Ok(look_again(looking, self.gather.now(), ends_at));
        }
        match self.help_desk.lets(watcher, about).await {
            Ok(true) => {}
            Ok(false) => {
                let told = watch::not_yours_any_more();
                self.post_once(&message_of(&looking.id), watcher, None, &told).await?;
                self.store.end_watch(&looking.id, WatchEnd::GivenUp, self.gather.now()).await?;
                return Ok(After::Done);
            }
            Err(error) => {
                tracing::warn!(%error, "the help desk's members could not be read");
                return Err(Again);
            }
        }
        let now = diagnose(&self.gather.facts(question, Freshness::Live).await);
        let whom = if watcher == about { Whom::Reader } else { Whom::other(&now) };
        let (message, end) = match now.verdict {
            Verdict::Access => (watch::arrived(&now, &whom, looking.since), WatchEnd::Arrived),
            Verdict::Blocked | Verdict::Undetermined if is_over => {
                (watch::given_up(&now, &whom, looking.since), WatchEnd::GivenUp)
            }
            // It was there a moment ago; the next look decides.
            Verdict::Blocked | Verdict::Undetermined => {
                return Ok(look_again(looking, self.gather.now(), ends_at));
            }
        };
        self.post_once(&message_of(&looking.id), watcher, None, &message).await?;
        self.store.end_watch(&looking.id, end, self.gather.now()).await?;
        if end == WatchEnd::Arrived {
            self.has_access(about, &now).await?;
            self.look_at_tickets(about, watcher, &now).await?;
        }
        Ok(After::Done)
    }
}

/// The one message that a watch ends with.
fn message_of(watch: &str) -> String {
    format!("watch:{watch}")
}

fn look_again(looking: Looking, now: Timestamp, ends_at: Timestamp) -> After {
    let looks = looking.looks + 1;
    let at = next_look(None, looks, now).min(ends_at);
    After::Then(at, Box::new(Work::Look(Box::new(Looking { looks, ..looking }))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_looks_when_something_is_due_and_else_after_growing_pauses() {
        let at = |time: &str| format!("2026-11-24T{time}:00Z").parse::<Timestamp>().expect("a time");
        assert_eq!(next_look(Some(at("14:40")), 0, at("14:12")), at("14:42"));
        assert_eq!(next_look(Some(at("14:00")), 0, at("14:12")), at("14:14"), "that is past");
        assert_eq!(next_look(Some(at("20:00")), 0, at("14:12")), at("14:14"), "that is far off");
        let pauses: Vec<i64> = (0..8)
            .map(|looks| next_look(None, looks, at("12:00")).duration_since(at("12:00")).as_mins())
            .collect();
        assert_eq!(pauses, [2, 4, 8, 16, 32, 60, 60, 60]);
    }
}
