//! "Ask the help desk": a form for a note, then a ticket in their channel, and a link to it for the asker.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tracing::{Instrument as _, Span};

use super::admission::Visit;
use super::answer::Instead;
use super::bring::Bring;
use super::crowd::Untaken;
use super::handle::{Handle, Origin, Report};
use super::tickets::{Asking, Opened};
use super::work::{After, Again, Performed, Work};
use super::{Desk, Press};
use crate::slack::client::Placement;
use crate::slack::inbound::ViewRef;
use crate::slack::reply::Reply;
use crate::store::new_id;
use crate::telemetry::question_span;
use crate::words::account::account_name;
use crate::words::slack::outage::no_ticket_needed;
use crate::words::slack::ticket::direct::{self, Joined};
use crate::words::slack::{forms, replies};

/// What somebody wrote to the help desk.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Written {
    pub(super) user: String,
    pub(super) origin: Origin,
    pub(super) note: String,
    pub(super) key: String,
    /// The id of the ticket that is opened, the same for each try.
    pub(super) ticket: String,
}

impl Written {
    pub(super) fn visit(&self) -> Visit<'_> {
        Visit::of(&self.user, self.origin.channel.as_deref())
    }

    /// To whoever wrote it, beside their report.
    pub(super) fn beside(&self) -> Bring {
        Bring::by(&self.key, self.origin.response_url.clone(), Placement::NewEphemeral)
    }
}

impl Desk {
    pub(super) fn open_escalation(self: &Arc<Self>, press: Press) -> Result<(), Untaken> {
        let desk = self.clone();
        let span = press.handle().map_or_else(Span::none, |handle| question_span(&handle.reference));
        let opened = async move {
            let beside = Bring::beside(&press);
            let (Some(handle), Some(trigger)) = (press.handle(), press.trigger.clone()) else {
                let _ = desk.bring(&press.user, &beside, &replies::stale_button()).await;
                return;
            };
            if let Some(refusal) = desk.unwelcome_now(Visit::by(&press)).await {
                let _ = desk.bring(&press.user, &beside, &refusal).await;
                return;
            }
            if let Some(refusal) = desk.refusal(&press.user, &handle.about).await {
                let _ = desk.bring(&press.user, &beside, &refusal).await;
                return;
            }
            let origin = Origin {
                response_url: press.response_url.clone(),
                channel: press.channel.clone(),
                handle: Some(handle),
                ..Origin::default()
            };
            if let Err(error) = desk.slack.open_view(&trigger, &forms::escalate(&origin.write())).await {
                tracing::error!(%error, "the escalation form could not be opened");
                let _ = desk.bring(&press.user, &beside, &replies::form_did_not_open()).await;
            }
        };
        self.opens(opened.instrument(span))
    }

    pub(super) async fn escalation_written(
        &self,
        user: String,
        view: &ViewRef,
        values: &BTreeMap<(String, String), String>,
    ) -> Reply {
        let note = values.get(&("note".to_owned(), "note".to_owned())).cloned().unwrap_or_default();
        let origin = Origin::read(&view.private_metadata).unwrap_or_default();
        let key = format!("form:{}", view.id);
        let written = Written { user, origin, note, key: key.clone(), ticket: new_id() };
        self.take(Work::Escalate(written).order(key)).await
    }

    pub(super) async fn escalate(&self, written: &Written) -> Performed {
        let Written { user, origin, .. } = written;
        let beside = written.beside();
        let message = match self.handed_to_the_help_desk(written, &beside).await {
            Ok(after) => return Ok(after),
            Err(Instead::Reply(message)) => message,
            Err(Instead::Later(again)) => return Err(again),
            Err(Instead::Broke(error)) if error.passes() => return Err(Again::after(&error)),
            Err(Instead::Broke(error)) => {
                tracing::error!(%error, "a report could not be handed to the help desk");
                let reference = origin.handle.as_ref().map(|handle| handle.reference.as_str());
                replies::not_escalated(reference.unwrap_or_default())
            }
        };
        self.bring(user, &beside, &message).await?;
        Ok(After::Done)
    }

    async fn handed_to_the_help_desk(&self, written: &Written, beside: &Bring) -> Result<After, Instead> {
        let Written { user, origin, note, key, ticket } = written;
        let handle = origin.handle.as_ref().ok_or_else(|| Instead::Reply(replies::stale_button()))?;
        if let Some(refusal) = self.refusal(user, &handle.about).await {
            return Err(Instead::Reply(refusal));
        }
        let report = self.report_behind(user, origin.channel.clone(), handle).await?;
        if let Some(outage) = self.known_outage(&report.diagnosis).await? {
            return Err(Instead::Reply(no_ticket_needed(outage.people, outage.since)));
        }
        let asking = Asking { id: ticket, key, user, note, reference: &handle.reference, report: &report };
        let opened = match self.settings.helpdesk_channel.as_deref() {
            Some(channel) => self.open_ticket(&asking, channel).await?,
            None => Opened::Refused,
        };
        match opened {
            Opened::NotYet(look_again) => return Ok(After::Later(look_again)),
            Opened::Refused => return Err(Instead::Reply(replies::not_escalated(&handle.reference))),
            Opened::New => self.confirm(user, beside, handle, &report).await?,
            Opened::Joined { link, has_asked_before } => {
                let joined = direct::joined(&Joined {
                    account: account_name(&report.diagnosis),
                    has_asked_before,
                    has_left_a_note: !note.trim().is_empty(),
                    link: link.as_deref(),
                });
                self.confirm(user, beside, handle, &report).await?;
                let beside = Bring { key: format!("{key}:joined"), ..beside.clone() };
                self.bring(user, &beside, &joined).await?;
            }
        }
        Ok(After::Done)
    }

    /// The asker's report, now with the link instead of the button; without a link, a word that it was sent.
    async fn confirm(
        &self,
        user: &str,
        beside: &Bring,
        handle: &Handle,
        report: &Report,
    ) -> Result<(), Again> {
        let offers = self.offers(user, report).await?;
        let reader = match self.slack.user(user).await {
            Ok(reader) => Some(reader),
            Err(error) if error.passes() => return Err(Again::after(&error)),
            Err(error) => {
                tracing::warn!(%error, "a report could not be shown with the link to its ticket");
                None
            }
        };
        let Some(reader) = reader.filter(|_| offers.has_a_link()) else {
            return self.bring(user, beside, &replies::escalated()).await;
        };
        // Without a response URL the direct message about the ticket says it all.
        if beside.response_url.is_some() {
            let message = self.told(report, handle, &reader, None, &offers);
            let instead = Bring { placement: Placement::Replace, ..beside.clone() };
            self.bring(user, &instead, &message).await?;
        }
        Ok(())
    }
}
