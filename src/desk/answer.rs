//! The answer: from a question in Slack to the report.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::FutureExt as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use tracing::Instrument as _;

use super::bring::Bring;
use super::handle::{Handle, Report};
use super::outage::Known;
use super::owner::whom_to_ask;
use super::watch::{can_be_watched, watched};
use super::work::{After, Again, Performed};
use super::{Desk, Press, audit};
use crate::diagnosis::accounts::accounts_named;
use crate::diagnosis::changes::{Before, changes};
use crate::diagnosis::facts::Account;
use crate::diagnosis::question::Question;
use crate::diagnosis::{Diagnosis, diagnose};
use crate::gather::Freshness;
use crate::slack::client::SlackUser;
use crate::slack::{SlackError, SlackErrorKind};
use crate::sources::counting_calls;
use crate::store::{Asked, StoreError, Ticket, new_id};
use crate::telemetry::{new_reference, question_span};
use crate::words::json_v1;
use crate::words::say::{Reader, Whom};
use crate::words::slack::outage::known;
use crate::words::slack::{Message, Since, Telling, accounts_meant, replies, report};

/// A question in Slack.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Ask {
    /// Of its row in the audit.
    pub(super) id: String,
    /// What a person quotes; the same for each try.
    pub(super) reference: String,
    pub(super) asker: String,
    /// Slack's id of the person whom it is about.
    pub(super) about: String,
    /// The account and, after it, the permission set; an account's name may be several words.
    pub(super) words: Vec<String>,
    pub(super) channel: Option<String>,
    /// Past every cache.
    pub(super) live: bool,
    pub(super) asked_at: Timestamp,
}

/// What a reader may do from a report, and what is known of it already.
pub(super) struct Offers {
    agent: bool,
    sync_now: bool,
    pub(super) watch: bool,
    known: Option<Known>,
    ticket: Option<Ticket>,
}

impl Offers {
    /// Whether there is a ticket with a link to it.
    pub(super) fn has_a_link(&self) -> bool {
        self.ticket.as_ref().is_some_and(|ticket| ticket.link.is_some())
    }
}

/// Why there is a reply instead of a report.
pub(super) enum Instead {
    /// Something about the question, said politely.
    Reply(Message),
    /// Something broke: logged, and an apology with the reference.
    Broke(SlackError),
    /// It is tried again.
    Later(Again),
}

impl From<Again> for Instead {
    fn from(again: Again) -> Self {
        Self::Later(again)
    }
}

impl From<StoreError> for Instead {
    fn from(error: StoreError) -> Self {
        Self::Later(error.into())
    }
}

impl From<SlackError> for Instead {
    fn from(error: SlackError) -> Self {
        Self::Broke(error)
    }
}

impl Desk {
    /// A question that was asked just now.
    pub(super) fn ask(&self, asker: String, about: String, words: Vec<String>) -> Ask {
        let (reference, asked_at) = (new_reference(), self.gather.now());
        Ask { id: new_id(), reference, asker, about, words, channel: None, live: false, asked_at }
    }

    /// The question of this handle, asked once more.
    pub(super) fn ask_about(&self, press: &Press, handle: Handle) -> Ask {
        let words = std::iter::once(handle.account).chain(handle.permission_set).collect();
        Ask {
            reference: handle.reference,
            channel: press.channel.clone(),
            ..self.ask(press.user.clone(), handle.about, words)
        }
    }

    /// Makes the report and brings it to the asker.
    pub(super) async fn answer(&self, ask: &Ask, bring: &Bring) -> Performed {
        let instead = match self.made_report(ask, bring).boxed().await {
            Ok(message) => {
                self.bring(&ask.asker, bring, &message).await?;
                return Ok(After::Done);
            }
            Err(Instead::Reply(message)) => {
                tracing::info!(reference = ask.reference, "a question was answered without a report");
                message
            }
            Err(Instead::Later(again)) => return Err(again),
            Err(Instead::Broke(error)) if error.passes() => return Err(Again::after(&error)),
            Err(Instead::Broke(error)) => {
                tracing::error!(%error, reference = ask.reference, "a question could not be answered");
                replies::broke(&ask.reference, error.lacks())
            }
        };
        self.bring(&ask.asker, &bring.beside_a_report(), &instead).await?;
        Ok(After::Done)
    }

    async fn made_report(&self, ask: &Ask, bring: &Bring) -> Result<Message, Instead> {
        let reference = ask.reference.as_str();
        let (asker, about) = self.people(ask).await?;
        let question = self.question(ask, &about).await?;
        let freshness = if ask.live { Freshness::Live } else { Freshness::Remembered };
        let (mut facts, calls) = counting_calls(self.gather.facts(question, freshness)).await;
        let before = match &bring.before {
            Some(before) if before.reference == reference => {
                self.store.newest_question(reference, &ask.about, &ask.id).await?
            }
            _ => None,
        };
        let before = before.as_ref().map(audit::before);
        facts.joined_by = before.as_ref().and_then(Before::joined_by);
        let diagnosis = diagnose(&facts);
        self.note(ask, &diagnosis, calls).await?;
        self.look_at_tickets(&ask.about, &ask.asker, &diagnosis).await?;
        let account = diagnosis.account.as_ref().map_or(&diagnosis.question.account, |account| &account.id);
        let mut handle = Handle::new(
            reference.to_owned(),
            ask.about.clone(),
            account.clone(),
            diagnosis.question.permission_set.clone(),
        );
        if let Some(before) = &bring.before {
            handle.steps_shown = before.steps_shown && !before.in_channel;
            handle.turn = before.turn.wrapping_add(1);
        }
        handle.in_channel = bring.in_channel.is_some();
        let report = Report {
            about: ask.about.clone(),
            mentions: self.mentions(&diagnosis).await,
            diagnosis,
            channel: ask.channel.clone(),
        };
        let offers = self.offers(&ask.asker, &report).await?;
        let message = self.told(&report, &handle, &asker, before.as_ref(), &offers);
        let is_somebody_elses =
            self.kept.reports.get(reference).await.is_some_and(|earlier| earlier.about != ask.about);
        if !is_somebody_elses {
            self.kept.reports.insert(reference.to_owned(), Arc::new(report)).await;
        }
        Ok(message)
    }

    /// Notes what a question came to: in the audit, the metrics and the log.
    async fn note(&self, ask: &Ask, diagnosis: &Diagnosis, calls: u32) -> Result<(), StoreError> {
        let verdict = json_v1::verdict(diagnosis.verdict);
        let cause = diagnosis.cause().map_or("none", |cause| cause.name());
        let step = diagnosis.failing_step().name();
        metrics::counter!("sso_why_questions_total", "verdict" => verdict, "cause" => cause, "step" => step)
            .increment(1);
        let took = self.gather.now().duration_since(ask.asked_at).unsigned_abs();
        metrics::histogram!("sso_why_question_duration_seconds", "verdict" => verdict).record(took);
        let (reference, gaps) = (&ask.reference, diagnosis.gaps.len());
        let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(reference, verdict, cause, step, calls, gaps, took_ms, live = ask.live, "answered");
        let row = audit::row(diagnosis, &ask.reference, &ask.asker, &ask.about, took);
        self.store.keep_question(&Asked { id: ask.id.clone(), ..row }).await?;
        self.sense(ask, diagnosis).await
    }

    /// What this reader is offered with the report.
    pub(super) async fn offers(&self, reader: &str, report: &Report) -> Result<Offers, StoreError> {
        let diagnosis = &report.diagnosis;
        let watched = watched(reader, &report.about, diagnosis);
        let is_watched = match &watched {
            Some(watched) => self.store.watch(watched).await?.is_some(),
            None => false,
        };
        Ok(Offers {
            agent: self.is_agent(reader).await,
            sync_now: self.gets_sync_now(reader, diagnosis).await,
            watch: can_be_watched(diagnosis) && !is_watched,
            known: self.known_outage(diagnosis).await?,
            ticket: self.own_ticket(reader, &report.about, diagnosis).await?,
        })
    }

    /// A report in words for this reader.
    pub(super) fn told(
        &self,
        told: &Report,
        handle: &Handle,
        asker: &SlackUser,
        before: Option<&Before>,
        offers: &Offers,
    ) -> Message {
        let diagnosis = &told.diagnosis;
        // In a channel there is no telling who reads, so nobody is "you", and nobody is pinged.
        let is_oneself = asker.id == handle.about && !handle.in_channel;
        let whom = if is_oneself { Whom::Reader } else { Whom::other(diagnosis) };
        let reader = if offers.agent && !handle.in_channel { Reader::Agent } else { Reader::EndUser };
        let nobody = BTreeMap::new();
        let others = accounts_meant(diagnosis)
            .into_iter()
            .map(|(label, account)| (label, handle.about_account(account).write()))
            .collect();
        report(
            diagnosis,
            &Telling {
                whom,
                reader,
                zone: zone_of(asker),
                reference: &handle.reference,
                handle: &handle.write(),
                can_escalate: self.settings.helpdesk_channel.is_some() && offers.known.is_none(),
                known: offers.known.as_ref().map(|outage| known(outage.people, outage.since)),
                steps_shown: handle.steps_shown,
                since: before.map(|before| Since { before, changes: changes(before, diagnosis) }),
                escalated: offers.ticket.as_ref().and_then(|ticket| ticket.link.as_deref()),
                other_accounts: others,
                mentions: if handle.in_channel { &nobody } else { &told.mentions },
                can_ask_owner: whom_to_ask(told).is_some_and(|(.., owner)| owner != asker.id),
                can_sync_now: offers.sync_now && !handle.in_channel,
                can_watch: offers.watch || handle.in_channel && can_be_watched(diagnosis),
            },
        )
    }

    /// Why `asker` may not see what is about `about`; nothing where they may. Asked for every report that is
    /// shown or handed on: a button's value says whom it is about, not who presses.
    pub(super) async fn refusal(&self, asker: &str, about: &str) -> Option<Message> {
        match self.help_desk.lets(asker, about).await {
            Ok(true) => None,
            Ok(false) => Some(replies::not_about_others(self.settings.helpdesk_channel.as_deref())),
            Err(error) => {
                tracing::error!(%error, "the help desk's members could not be read");
                Some(replies::cannot_tell_who_you_are(error.lacks()))
            }
        }
    }

    /// The diagnosis that a button is about: as it was told, or, where a restart forgot it, asked anew.
    pub(super) async fn diagnosis_behind(
        &self,
        press: &Press,
        handle: &Handle,
    ) -> Result<Diagnosis, Instead> {
        let report = self.report_behind(&press.user, press.channel.clone(), handle).await?;
        Ok(report.diagnosis.clone())
    }

    /// The report that a button is about, likewise.
    pub(super) async fn report_behind(
        &self,
        reader: &str,
        channel: Option<String>,
        handle: &Handle,
    ) -> Result<Arc<Report>, Instead> {
        if let Some(kept) = self.kept.report(handle).await {
            return Ok(kept);
        }
        let words = std::iter::once(handle.account.clone()).chain(handle.permission_set.clone()).collect();
        let ask = self.ask(reader.to_owned(), handle.about.clone(), words);
        let (_, about) = self.people(&ask).await?;
        let question = self.question(&ask, &about).await?;
        let diagnosis = diagnose(&self.gather.facts(question, Freshness::Remembered).await);
        let mentions = self.mentions(&diagnosis).await;
        Ok(Arc::new(Report { about: handle.about.clone(), diagnosis, channel, mentions }))
    }

    /// What AWS shows of this question now, without a note of it.
    pub(super) async fn in_aws(&self, ask: &Ask) -> Result<Diagnosis, Instead> {
        let looked = async {
            let (_, about) = self.people(ask).await?;
            let question = self.question(ask, &about).await?;
            Ok(diagnose(&self.gather.facts_of_aws(question).await))
        };
        looked.instrument(question_span(&ask.reference)).await
    }

    /// What this question comes to now, past every cache; noted like every answer.
    pub(super) async fn looked_into(&self, ask: &Ask) -> Result<Diagnosis, Instead> {
        let looked = async {
            let (_, about) = self.people(ask).await?;
            let question = self.question(ask, &about).await?;
            let (facts, calls) = counting_calls(self.gather.facts(question, Freshness::Live)).await;
            let diagnosis = diagnose(&facts);
            self.note(ask, &diagnosis, calls).await?;
            Ok(diagnosis)
        };
        looked.instrument(question_span(&ask.reference)).await
    }

    async fn people(&self, ask: &Ask) -> Result<(SlackUser, SlackUser), Instead> {
        if let Some(refusal) = self.refusal(&ask.asker, &ask.about).await {
            return Err(Instead::Reply(refusal));
        }
        if ask.asker == ask.about {
            let asker = self.slack.user(&ask.asker).await?;
            return Ok((asker.clone(), asker));
        }
        let (asker, about) =
            futures::future::join(self.slack.user(&ask.asker), self.slack.user(&ask.about)).await;
        match about {
            Err(SlackError { kind: SlackErrorKind::Api(code), .. }) if code == "user_not_found" => {
                Err(Instead::Reply(replies::no_such_mention(&ask.about)))
            }
            about => Ok((asker?, about?)),
        }
    }

    async fn question(&self, ask: &Ask, about: &SlackUser) -> Result<Question, Instead> {
        if about.deleted {
            return Err(Instead::Reply(replies::has_left(&about.name)));
        }
        if about.is_bot {
            return Err(Instead::Reply(replies::is_a_bot(&about.name)));
        }
        let Some(email) = about.email.clone() else {
            let lacks = self.slack.lacks_for_addresses().await;
            let none = || replies::no_email(&about.name);
            return Err(Instead::Reply(lacks.as_deref().map_or_else(none, replies::sees_no_emails)));
        };
        let accounts = match ask.words.len() {
            1 => Arc::default(),
            _ => self.gather.accounts().await.value().cloned().unwrap_or_default(),
        };
        let Some((account, permission_set)) = account_and_permission_set(&ask.words, &accounts) else {
            return Err(Instead::Reply(replies::too_many_words()));
        };
        let (further_address, profile_unread) = match self.further_address(about).await {
            Ok(further) => (further.filter(|further| *further != email), None),
            Err(why) => (None, Some(why)),
        };
        let subject_name = Some(about.name.clone());
        Ok(Question {
            subject: email,
            subject_name,
            further_address,
            profile_unread,
            account,
            permission_set,
        })
    }

    /// What the configured field of the person's profile says, if it is an address; else why it could not be read. Then
    /// the question is asked without it, and says so: whom no string finds is never called absent.
    async fn further_address(&self, about: &SlackUser) -> Result<Option<String>, String> {
        let Some(field) = self.settings.email_field.as_deref() else { return Ok(None) };
        match self.slack.profile_field(&about.id, field).await {
            Ok(value) => Ok(value.filter(|value| value.contains('@'))),
            Err(error) => {
                tracing::warn!(%error, "no further address is looked by");
                Err(match error.kind {
                    SlackErrorKind::Api(code) => code,
                    SlackErrorKind::MissingScope(_) => "missing_scope".to_owned(),
                    SlackErrorKind::RateLimited { .. } => "ratelimited".to_owned(),
                    SlackErrorKind::Timeout => "timeout".to_owned(),
                    _ => "no usable answer".to_owned(),
                })
            }
        }
    }
}

/// Which of the words are the account's name: as many as make the name of one that exists, else the first.
/// What is left is the permission set, which is one word.
fn account_and_permission_set(words: &[String], accounts: &[Account]) -> Option<(String, Option<String>)> {
    for count in (2..=words.len()).rev() {
        let (name, rest) = (words[..count].join(" "), &words[count..]);
        let exists = !accounts_named(accounts, &name).is_empty();
        if exists && rest.len() <= 1 {
            return Some((name, rest.first().cloned()));
        }
    }
    match words {
        [account] => Some((account.clone(), None)),
        [account, permission_set] => Some((account.clone(), Some(permission_set.clone()))),
        _ => None,
    }
}

fn zone_of(user: &SlackUser) -> TimeZone {
    user.time_zone.as_deref().and_then(|zone| TimeZone::get(zone).ok()).unwrap_or(TimeZone::UTC)
}
