//! "Sync now": the help desk has the IdP send one membership, and the bot looks until it has arrived.
//!
//! The press orders the sync under a key of what is sent, so that two presses, on whichever replica, send once;
//! the sync itself is sent, told of and then looked for, look by look, over restarts.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::answer::Instead;
use super::bring::Bring;
use super::handle::{Handle, KeptQuestion, Report};
use super::work::{After, Again, Performed, Work};
use super::{Desk, Press, audit};
use crate::diagnosis::facts::idp::Idp;
use crate::diagnosis::{Diagnosis, Verdict, diagnose};
use crate::gather::Freshness;
use crate::jobs::Accepted;
use crate::store::StoreError;
use crate::words::slack::{Message, replies, sync_now};

/// How old a report may be for something to be forced by it: what it says may have arrived since.
const STILL_HOLDS: SignedDuration = SignedDuration::from_mins(15);
/// The first pause between two looks; it doubles from look to look, as most of it arrives within seconds.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(10);
/// A look costs AWS some ten calls, so that a minute between them is often enough.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_secs(60);
/// What has not arrived by then does not arrive by this sync.
const MINUTES: i64 = 10;

/// A sync that is under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Syncing {
    press: Press,
    handle: Handle,
    question: KeptQuestion,
    asked_at: Timestamp,
    stage: Stage,
    /// The ticket that it was asked from, and in whose thread it is told.
    ticket: Option<String>,
}

impl Syncing {
    pub(super) fn reference(&self) -> &str {
        &self.handle.reference
    }
}

/// What became of an order.
pub(super) enum Ordered {
    Begun,
    UnderWay,
    NothingToSend,
}

/// What is to be done next. What the IdP did is kept before it is told, so that a Slack that is away does not
/// make the bot send once more.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Stage {
    Send,
    Tell {
        words: Message,
        /// Whether something was sent that is worth looking for.
        sent: bool,
    },
    /// After a pause of so many seconds.
    Look {
        pause: i64,
    },
}

impl Desk {
    pub(super) async fn sync_now(&self, press: &Press) -> Performed {
        let Some(handle) = press.handle() else {
            return self.say_that_it_is_old(press).await;
        };
        match self.order_sync(press, handle).await {
            Ok(()) => {}
            Err(Instead::Reply(message)) => self.bring(&press.user, &Bring::beside(press), &message).await?,
            Err(Instead::Later(again)) => return Err(again),
            Err(Instead::Broke(error)) if error.passes() => return Err(Again::after(&error)),
            Err(Instead::Broke(error)) => {
                tracing::error!(%error, "a sync could not be ordered");
                let reference = press.handle().map(|handle| handle.reference).unwrap_or_default();
                let sorry = replies::broke(&reference, error.lacks());
                self.bring(&press.user, &Bring::beside(press), &sorry).await?;
            }
        }
        Ok(After::Done)
    }

    async fn order_sync(&self, press: &Press, handle: Handle) -> Result<(), Instead> {
        self.may_sync(&press.user, &handle.about).await.map_err(Instead::Reply)?;
        let before = self.diagnosis_behind(press, &handle).await?;
        if self.gather.now().duration_since(before.checked_at) > STILL_HOLDS {
            return Err(Instead::Reply(sync_now::too_old()));
        }
        match self.order_sending(press, handle, &before, None).await? {
            Ordered::Begun => Ok(()),
            Ordered::UnderWay => Err(Instead::Reply(sync_now::under_way())),
            Ordered::NothingToSend => Err(Instead::Reply(sync_now::nothing_to_send())),
        }
    }

    /// Has sent what this diagnosis misses, by one order at a time for the same.
    pub(super) async fn order_sending(
        &self,
        press: &Press,
        handle: Handle,
        before: &Diagnosis,
        ticket: Option<String>,
    ) -> Result<Ordered, StoreError> {
        let Some(key) = key_of(before) else {
            return Ok(Ordered::NothingToSend);
        };
        let syncing = Syncing {
            press: press.clone(),
            question: KeptQuestion::of(&before.question),
            handle,
            asked_at: self.gather.now(),
            stage: Stage::Send,
            ticket,
        };
        let order = Work::Syncing(Box::new(syncing)).order(format!("sync:{key}"));
        Ok(match self.order(order.remembered(std::time::Duration::ZERO)).await? {
            Accepted::New => Ordered::Begun,
            Accepted::Duplicate | Accepted::Busy => Ordered::UnderWay,
        })
    }

    /// One stage of a sync.
    pub(super) async fn syncing(&self, syncing: Syncing) -> Performed {
        match syncing.stage.clone() {
            Stage::Send => self.send(syncing).await,
            Stage::Tell { words, sent } => self.tell(syncing, &words, sent).await,
            Stage::Look { pause } => self.look_for(syncing, SignedDuration::from_secs(pause)).await,
        }
    }

    /// A process that dies while it sends sends once more, which changes nothing at either IdP.
    async fn send(&self, syncing: Syncing) -> Performed {
        let Syncing { press, handle, .. } = &syncing;
        let before = match self.before_sending(&syncing).await {
            Ok(before) => before,
            Err(Instead::Later(again)) => return Err(again),
            Err(Instead::Broke(error)) if error.passes() => return Err(Again::after(&error)),
            Err(Instead::Broke(error)) => {
                tracing::error!(%error, "a sync could not be started");
                let sorry = replies::broke(&handle.reference, error.lacks());
                self.bring(&press.user, &syncing.beside("unsent"), &sorry).await?;
                return Ok(After::Done);
            }
            Err(Instead::Reply(message)) => {
                self.bring(&press.user, &syncing.beside("unsent"), &message).await?;
                return Ok(After::Done);
            }
        };
        self.tell_of_sync(&syncing, "begun", &sync_now::begun(&before)).await?;
        let sent = self.gather.send_now(&before).await;
        tracing::info!(by = press.user, reference = handle.reference, ok = sent.is_ok(), "a sync was forced");
        metrics::counter!("sso_why_forced_syncs_total", "ok" => if sent.is_ok() { "true" } else { "false" })
            .increment(1);
        let words = match &sent {
            Ok(steps) => sync_now::done(&before, steps, MINUTES),
            Err(gap) => sync_now::refused(gap),
        };
        Ok(syncing.then(self.gather.now(), Stage::Tell { words, sent: sent.is_ok() }))
    }

    async fn tell(&self, syncing: Syncing, words: &Message, sent: bool) -> Performed {
        self.tell_of_sync(&syncing, "sent", words).await?;
        if !sent {
            return Ok(After::Done);
        }
        let at = self.gather.now() + FIRST_PAUSE;
        Ok(syncing.then(at, Stage::Look { pause: FIRST_PAUSE.as_secs() }))
    }

    async fn look_for(&self, syncing: Syncing, pause: SignedDuration) -> Performed {
        let question = syncing.question.question();
        let in_aws = diagnose(&self.gather.facts_of_aws(question.clone()).await);
        let is_late = self.gather.now() >= syncing.asked_at + SignedDuration::from_mins(MINUTES);
        if in_aws.verdict != Verdict::Access && !is_late {
            let longer = pause.saturating_mul(2).min(LONGEST_PAUSE);
            let at = self.gather.now() + longer;
            return Ok(syncing.then(at, Stage::Look { pause: longer.as_secs() }));
        }
        let now = diagnose(&self.gather.facts(question, Freshness::Live).await);
        if now.verdict == Verdict::Access {
            self.has_access(&syncing.handle.about, &now).await?;
        }
        let outcome = sync_now::outcome(&now, syncing.asked_at, MINUTES);
        let key = format!("{}:outcome", syncing.press.key());
        if let Some(ticket) = &syncing.ticket {
            self.say_in_thread(ticket, &key, &outcome).await?;
            self.note_restored(ticket, &syncing.press.user, &key, &now).await?;
            return Ok(After::Done);
        }
        self.show_anew(&syncing, &now).await?;
        self.post_once(&key, &syncing.press.user, None, &outcome).await?;
        Ok(After::Done)
    }

    /// What is to be sent. A ticket has just been looked into; the report that it began with is older.
    async fn before_sending(&self, syncing: &Syncing) -> Result<Diagnosis, Instead> {
        match &syncing.ticket {
            Some(_) => {
                let question = syncing.question.question();
                Ok(diagnose(&self.gather.facts(question, Freshness::Remembered).await))
            }
            None => self.diagnosis_behind(&syncing.press, &syncing.handle).await,
        }
    }

    /// Tells how far it is: in the ticket's thread, or to whoever pressed.
    async fn tell_of_sync(&self, syncing: &Syncing, part: &str, message: &Message) -> Result<(), Again> {
        let beside = syncing.beside(part);
        match &syncing.ticket {
            Some(ticket) => self.say_in_thread(ticket, &format!("sync:{}", beside.key), message).await,
            None => self.bring(&syncing.press.user, &beside, message).await,
        }
    }

    /// The report in its place, as it stands now.
    async fn show_anew(&self, syncing: &Syncing, now: &Diagnosis) -> Result<(), Again> {
        let Syncing { press, handle, .. } = syncing;
        let before = self.store.newest_question(&handle.reference, &handle.about, "").await?;
        let kept = self.kept.report(handle).await;
        let report = Report {
            about: handle.about.clone(),
            mentions: kept.as_ref().map(|kept| kept.mentions.clone()).unwrap_or_default(),
            diagnosis: now.clone(),
            channel: press.channel.clone(),
        };
        match self.slack.user(&press.user).await {
            Ok(reader) => {
                let offers = self.offers(&press.user, &report).await?;
                let before = before.as_ref().map(audit::before);
                let message = self.told(&report, handle, &reader, before.as_ref(), &offers);
                let bring = Bring::instead_of(handle.clone(), press);
                let bring = Bring { key: format!("{}:anew", bring.key), ..bring };
                self.bring(&press.user, &bring, &message).await?;
                self.kept.reports.insert(handle.reference.clone(), Arc::new(report)).await;
            }
            Err(error) if error.passes() => return Err(Again::after(&error)),
            Err(error) => tracing::warn!(%error, "a report could not be shown anew after a sync"),
        }
        Ok(())
    }

    pub(super) async fn may_sync(&self, user: &str, about: &str) -> Result<(), Message> {
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
                Err(replies::cannot_tell_who_you_are(error.lacks()))
            }
        }
    }

    /// Whether this person gets the button: there is something to send, an admin has allowed it, and they are
    /// of the help desk.
    pub(super) async fn gets_sync_now(&self, user: &str, diagnosis: &Diagnosis) -> bool {
        if !self.force_sync || diagnosis.group_to_send().is_none() {
            return false;
        }
        self.is_agent(user).await
    }
}

impl Syncing {
    /// To whoever pressed, apart from what the press itself was answered.
    fn beside(&self, part: &str) -> Bring {
        let beside = Bring::beside(&self.press);
        Bring { key: format!("{}:{part}", beside.key), ..beside }
    }

    fn then(self, at: Timestamp, stage: Stage) -> After {
        After::Then(at, Box::new(Work::Syncing(Box::new(Self { stage, ..self }))))
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
