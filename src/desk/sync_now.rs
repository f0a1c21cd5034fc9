//! "Sync now": the help desk has the IdP send one membership, and the bot looks until it has arrived.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::answer::Bring;
use super::handle::{Handle, Report};
use super::{Desk, Press};
use crate::diagnosis::facts::idp::Idp;
use crate::diagnosis::{Diagnosis, Verdict, diagnose};
use crate::gather::Freshness;
use crate::slack::client::Placement;
use crate::words::slack::{Message, replies, sync_now};

/// How old a report may be for something to be forced by it: what it says may have arrived since.
const STILL_HOLDS: SignedDuration = SignedDuration::from_mins(15);

/// How the bot looks for what was sent: soon at first, as most of it arrives within seconds.
#[derive(Clone, Copy, Debug)]
pub struct Watching {
    /// The first pause; it doubles from look to look.
    pub first_pause: Duration,
    /// A look costs AWS some ten calls, so that a minute between them is often enough.
    pub longest_pause: Duration,
    /// What has not arrived by then does not arrive by this sync.
    pub at_most: Duration,
}

impl Default for Watching {
    fn default() -> Self {
        Self {
            first_pause: Duration::from_secs(10),
            longest_pause: Duration::from_secs(60),
            at_most: Duration::from_secs(10 * 60),
        }
    }
}

impl Desk {
    pub(super) fn sync_now(self: &Arc<Self>, press: Press) {
        let Some(handle) = press.handle.clone() else {
            return self.say_that_it_is_old(press);
        };
        let desk = self.clone();
        self.spawn(async move {
            if let Err(message) = desk.send_and_watch(&press, &handle).await {
                let bring = Bring::by(press.response_url, Placement::NewEphemeral);
                desk.bring(&press.user, &bring, &message).await;
            }
        });
    }

    async fn send_and_watch(&self, press: &Press, handle: &Handle) -> Result<(), Message> {
        self.may_sync(&press.user, &handle.about).await?;
        let kept = self.kept.report(handle).await.ok_or_else(replies::stale_button)?;
        let before = &kept.diagnosis;
        if self.gather.now().duration_since(before.checked_at) > STILL_HOLDS {
            return Err(sync_now::too_old());
        }
        let key = key_of(before).ok_or_else(sync_now::nothing_to_send)?;
        if !self.kept.syncs.entry(key).or_insert(()).await.is_fresh() {
            return Err(sync_now::under_way());
        }
        let bring = Bring::by(press.response_url.clone(), Placement::NewEphemeral);
        self.bring(&press.user, &bring, &sync_now::begun(before)).await;
        let asked_at = self.gather.now();
        let sent = self.gather.send_now(before).await;
        tracing::info!(by = press.user, reference = handle.reference, ok = sent.is_ok(), "a sync was forced");
        metrics::counter!("sso_why_forced_syncs_total", "ok" => if sent.is_ok() { "true" } else { "false" })
            .increment(1);
        let steps = match sent {
            Ok(steps) => steps,
            Err(gap) => {
                self.kept.syncs.invalidate(&key_of(before).unwrap_or_default()).await;
                return Err(sync_now::refused(&gap));
            }
        };
        self.bring(&press.user, &bring, &sync_now::done(before, &steps, self.watching.minutes())).await;
        self.watch(press, handle, &kept, asked_at).await;
        self.kept.syncs.invalidate(&key_of(before).unwrap_or_default()).await;
        Ok(())
    }

    async fn may_sync(&self, user: &str, about: &str) -> Result<(), Message> {
        if let Some(refusal) = self.refusal(user, about).await {
            return Err(refusal);
        }
        if !self.force_sync {
            return Err(sync_now::not_allowed());
        }
        match self.help_desk.has(user).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(sync_now::not_allowed()),
            Err(error) => {
                tracing::error!(%error, "the help desk's members could not be read");
                Err(replies::cannot_tell_who_you_are())
            }
        }
    }

    /// Whether this person gets the button: there is something to send, an admin has allowed it, and they are
    /// of the help desk.
    pub(super) async fn gets_sync_now(&self, user: &str, diagnosis: &Diagnosis) -> bool {
        if !self.force_sync || diagnosis.group_to_send().is_none() {
            return false;
        }
        match self.help_desk.has(user).await {
            Ok(is_member) => is_member,
            Err(error) => {
                tracing::warn!(%error, "the help desk's members could not be read, so that no button is shown");
                false
            }
        }
    }

    async fn watch(&self, press: &Press, handle: &Handle, before: &Report, asked_at: Timestamp) {
        let until = Instant::now() + self.watching.at_most;
        let mut pause = self.watching.first_pause;
        let now = loop {
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.stopping.cancelled() => {
                    return self.tell(&press.user, &sync_now::given_up()).await;
                }
            }
            let question = before.diagnosis.question.clone();
            let in_aws = diagnose(&self.gather.facts_of_aws(question.clone()).await);
            if in_aws.verdict == Verdict::Access || Instant::now() >= until {
                break diagnose(&self.gather.facts(question, Freshness::Live).await);
            }
            pause = (pause * 2).min(self.watching.longest_pause);
        };
        self.show_anew(press, handle, before, &now).await;
        self.tell(&press.user, &sync_now::outcome(&now, asked_at, self.watching.minutes())).await;
    }

    /// The report in its place, as it stands now.
    async fn show_anew(&self, press: &Press, handle: &Handle, before: &Report, now: &Diagnosis) {
        let report = Report { diagnosis: now.clone(), ..before.clone() };
        match self.slack.user(&press.user).await {
            Ok(reader) => {
                let can_sync = self.gets_sync_now(&press.user, now).await;
                let message = self.told(&report, handle, &reader, Some(before), can_sync);
                let bring = Bring::instead_of(handle.clone(), press.response_url.clone());
                self.bring(&press.user, &bring, &message).await;
                self.kept.reports.insert(handle.reference.clone(), Arc::new(report)).await;
            }
            Err(error) => tracing::warn!(%error, "a report could not be shown anew after a sync"),
        }
    }

    async fn tell(&self, user: &str, message: &Message) {
        if let Err(error) = self.slack.post_message(user, None, message).await {
            tracing::error!(%error, "what came of a sync could not be told");
        }
    }
}

impl Watching {
    fn minutes(self) -> i64 {
        i64::try_from(self.at_most.as_secs() / 60).unwrap_or(i64::MAX)
    }
}

/// One sync at a time for the same thing, whoever asks for it.
fn key_of(diagnosis: &Diagnosis) -> Option<String> {
    let (person, group) = (diagnosis.idp_person.as_ref()?, diagnosis.group_to_send()?);
    Some(match diagnosis.idp? {
        Idp::Entra => format!("{} {}", group.id.0, person.id.0),
        // Okta pushes the whole group.
        Idp::Okta => group.id.0.clone(),
    })
}
