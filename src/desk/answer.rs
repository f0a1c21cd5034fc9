//! The answer: from a question in Slack to the report before the asker's eyes.

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::Desk;
use super::handle::{Handle, Report, new_reference};
use super::owner::whom_to_ask;
use crate::diagnosis::changes::changes;
use crate::diagnosis::diagnose;
use crate::diagnosis::facts::Account;
use crate::diagnosis::question::Question;
use crate::gather::Freshness;
use crate::slack::client::{Placement, SlackUser};
use crate::slack::inbound::ResponseUrl;
use crate::slack::{SlackError, SlackErrorKind};
use crate::sources::counting_calls;
use crate::words::json_v1;
use crate::words::say::Whom;
use crate::words::slack::{Message, Since, Telling, accounts_meant, replies, report};

/// A question in Slack.
pub(super) struct Ask {
    pub(super) asker: String,
    /// Slack's id of the person whom it is about.
    pub(super) about: String,
    /// The account and, after it, the permission set; an account's name may be several words.
    pub(super) words: Vec<String>,
    pub(super) channel: Option<String>,
    pub(super) freshness: Freshness,
}

/// How the answer gets to the asker.
pub(super) struct Bring {
    pub(super) response_url: Option<ResponseUrl>,
    pub(super) placement: Placement,
    /// The report that this one replaces.
    pub(super) before: Option<Handle>,
    /// Not before this moment.
    pub(super) not_before: Option<Instant>,
}

/// Slack does not say that it shows an acknowledgement before an answer that overtakes it; one that did
/// would leave "Looking…" standing below the report for good. This is long for a response to arrive and
/// short for a person.
const ACKNOWLEDGEMENT_ARRIVES: Duration = Duration::from_millis(300);

impl Bring {
    /// By this way, as `placement` says.
    pub(super) fn by(response_url: Option<ResponseUrl>, placement: Placement) -> Self {
        Self { response_url, placement, before: None, not_before: None }
    }

    pub(super) fn instead_of_the_acknowledgement(response_url: ResponseUrl) -> Self {
        let not_before = Some(Instant::now() + ACKNOWLEDGEMENT_ARRIVES);
        Self { not_before, ..Self::by(Some(response_url), Placement::Replace) }
    }

    /// What is no report takes no report's place.
    pub(super) fn beside_a_report(self) -> Self {
        match &self.before {
            Some(_) => Self { placement: Placement::NewEphemeral, ..self },
            None => self,
        }
    }

    /// In the place of the report with this handle.
    pub(super) fn instead_of(handle: Handle, response_url: Option<ResponseUrl>) -> Self {
        Self { before: Some(handle), ..Self::by(response_url, Placement::Replace) }
    }
}

/// Why there is a reply instead of a report.
enum Instead {
    /// Something about the question, said politely.
    Reply(Message),
    /// Something broke: logged, and an apology with the reference.
    Broke(SlackError),
}

impl From<SlackError> for Instead {
    fn from(error: SlackError) -> Self {
        Self::Broke(error)
    }
}

impl Desk {
    /// Answers behind the acknowledgement.
    pub(super) fn answer(self: &Arc<Self>, ask: Ask, bring: Bring) {
        let desk = self.clone();
        let reference = bring.before.as_ref().map_or_else(new_reference, |handle| handle.reference.clone());
        let span = tracing::info_span!("question", reference);
        self.spawn(
            async move {
                let instead = match desk.made_report(&ask, &bring, &reference).await {
                    Ok(message) => return desk.bring(&ask.asker, &bring, &message).await,
                    Err(Instead::Reply(message)) => message,
                    Err(Instead::Broke(error)) => {
                        tracing::error!(%error, "a question could not be answered");
                        replies::broke(&reference)
                    }
                };
                desk.bring(&ask.asker, &bring.beside_a_report(), &instead).await;
            }
            .instrument(span),
        );
    }

    /// Brings a message to the asker: by the response URL while it lives, else directly.
    pub(super) async fn bring(&self, asker: &str, bring: &Bring, message: &Message) {
        if let Some(moment) = bring.not_before {
            tokio::time::sleep_until(moment).await;
        }
        if let Some(url) = &bring.response_url {
            match self.slack.respond(url, message, bring.placement).await {
                Ok(()) => return,
                Err(error) => {
                    tracing::warn!(%error, "the response URL did not take the answer; writing directly")
                }
            }
        }
        if let Err(error) = self.slack.post_message(asker, None, message).await {
            tracing::error!(%error, "an answer could not be brought");
        }
    }

    async fn made_report(&self, ask: &Ask, bring: &Bring, reference: &str) -> Result<Message, Instead> {
        let (asker, about) = self.people(ask).await?;
        let question = self.question(ask, &about).await?;
        let (facts, calls) = counting_calls(self.gather.facts(question, ask.freshness)).await;
        let diagnosis = diagnose(&facts);
        let verdict = json_v1::verdict(diagnosis.verdict);
        let cause = diagnosis.cause().map_or("none", |cause| cause.name());
        let step = diagnosis.failing_step().name();
        metrics::counter!("sso_why_questions_total", "verdict" => verdict, "cause" => cause, "step" => step)
            .increment(1);
        tracing::info!(verdict, cause, step, calls, gaps = diagnosis.gaps.len(), "answered");
        let account = diagnosis.account.as_ref().map_or(&diagnosis.question.account, |account| &account.id);
        let mut handle = Handle::new(
            reference.to_owned(),
            ask.about.clone(),
            account.clone(),
            diagnosis.question.permission_set.clone(),
        );
        handle.steps_shown = bring.before.as_ref().is_some_and(|before| before.steps_shown);
        let before = match &bring.before {
            Some(before) => self.kept.report(before).await,
            None => None,
        };
        let report = Report {
            about: ask.about.clone(),
            mentions: self.mentions(&diagnosis).await,
            diagnosis,
            channel: ask.channel.clone(),
            escalated: before.as_ref().and_then(|before| before.escalated.clone()),
        };
        let can_sync = self.gets_sync_now(&ask.asker, &report.diagnosis).await;
        let message = self.told(&report, &handle, &asker, before.as_deref(), can_sync);
        let is_somebody_elses =
            self.kept.reports.get(reference).await.is_some_and(|earlier| earlier.about != ask.about);
        if !is_somebody_elses {
            self.kept.reports.insert(reference.to_owned(), Arc::new(report)).await;
        }
        Ok(message)
    }

    /// A report in words for this reader.
    pub(super) fn told(
        &self,
        told: &Report,
        handle: &Handle,
        asker: &SlackUser,
        before: Option<&Report>,
        can_sync_now: bool,
    ) -> Message {
        let diagnosis = &told.diagnosis;
        let whom = if asker.id == handle.about { Whom::Reader } else { Whom::other(diagnosis) };
        let others = accounts_meant(diagnosis)
            .into_iter()
            .map(|(label, account)| (label, handle.about_account(account).write()))
            .collect();
        report(
            diagnosis,
            &Telling {
                whom,
                zone: zone_of(asker),
                reference: &handle.reference,
                handle: &handle.write(),
                can_escalate: self.settings.helpdesk_channel.is_some(),
                steps_shown: handle.steps_shown,
                since: before.map(|before| Since {
                    before: &before.diagnosis,
                    changes: changes(&before.diagnosis, diagnosis),
                }),
                escalated: told.escalated.as_deref(),
                other_accounts: others,
                mentions: &told.mentions,
                can_ask_owner: whom_to_ask(told).is_some_and(|(.., owner)| owner != asker.id),
                can_sync_now,
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
                Some(replies::cannot_tell_who_you_are())
            }
        }
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
            return Err(Instead::Reply(replies::no_email(&about.name)));
        };
        let accounts = match ask.words.len() {
            1 => Arc::default(),
            _ => self.gather.accounts().await.value().cloned().unwrap_or_default(),
        };
        let Some((account, permission_set)) = account_and_permission_set(&ask.words, &accounts) else {
            return Err(Instead::Reply(replies::too_many_words()));
        };
        Ok(Question { subject: email, subject_name: Some(about.name.clone()), account, permission_set })
    }
}

/// Which of the words are the account's name: as many as make the name of one that exists, else the first.
/// What is left is the permission set, which is one word.
fn account_and_permission_set(words: &[String], accounts: &[Account]) -> Option<(String, Option<String>)> {
    for count in (2..=words.len()).rev() {
        let (name, rest) = (words[..count].join(" "), &words[count..]);
        let exists = accounts.iter().any(|account| account.name.to_lowercase() == name.to_lowercase());
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
