//! "Ask the help desk": a form for a note, then the frozen report in their channel with a link back.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::answer::Bring;
use super::handle::{Handle, Origin, Report, new_reference};
use super::{Desk, Press};
use crate::slack::client::Placement;
use crate::slack::inbound::ViewRef;
use crate::slack::reply::Reply;
use crate::words::slack::ticket::{Escalation, escalation};
use crate::words::slack::{Message, forms, replies};

impl Desk {
    pub(super) fn open_escalation(self: &Arc<Self>, press: Press) {
        let (Some(handle), Some(trigger)) = (press.handle.clone(), press.trigger.clone()) else {
            return self.say_that_it_is_old(press);
        };
        let desk = self.clone();
        self.spawn(async move {
            if let Some(refusal) = desk.refusal(&press.user, &handle.about).await {
                let bring = Bring::by(press.response_url, Placement::NewEphemeral);
                return desk.bring(&press.user, &bring, &refusal).await;
            }
            if desk.kept.report(&handle).await.is_none() {
                // A restart forgot the report that was to be frozen; a new one costs one press more.
                return desk.recheck(press);
            }
            let token = new_reference() + &new_reference();
            let origin = Origin {
                response_url: press.response_url.clone(),
                channel: press.channel,
                handle: Some(handle),
            };
            desk.kept.forms.insert(token.clone(), origin).await;
            if let Err(error) = desk.slack.open_view(&trigger, &forms::escalate(&token)).await {
                tracing::error!(%error, "the escalation form could not be opened");
                let bring = Bring::by(press.response_url, Placement::NewEphemeral);
                desk.bring(&press.user, &bring, &replies::form_did_not_open()).await;
            }
        });
    }

    pub(super) fn escalation_written(
        self: &Arc<Self>,
        user: String,
        view: &ViewRef,
        values: &BTreeMap<(String, String), String>,
    ) -> Reply {
        let note = values.get(&("note".to_owned(), "note".to_owned())).cloned().unwrap_or_default();
        let token = view.private_metadata.clone();
        let desk = self.clone();
        self.spawn(async move { desk.escalate(&user, &token, &note).await });
        Reply::Empty
    }

    async fn escalate(&self, user: &str, token: &str, note: &str) {
        // Taken, not looked at: of a double submission only the first finds it.
        let origin = self.kept.forms.remove(token).await;
        let Some(Origin { response_url, handle: Some(handle), .. }) = origin else {
            let bring = Bring::by(None, Placement::NewEphemeral);
            return self.bring(user, &bring, &replies::stale_button()).await;
        };
        let kept = self.kept.report(&handle).await;
        let (Some(kept), Some(channel)) = (kept, self.settings.helpdesk_channel.as_deref()) else {
            let bring = Bring::by(response_url, Placement::NewEphemeral);
            return self.bring(user, &bring, &replies::not_escalated(&handle.reference)).await;
        };
        let ticket = escalation(
            &kept.diagnosis,
            &Escalation {
                requester: user,
                channel: kept.channel.as_deref().filter(|channel| channel.starts_with(['C', 'G'])),
                note,
                reference: &handle.reference,
            },
        );
        let (message, placement) = match self.posted(channel, &ticket).await {
            Some(link) => self.confirmed(user, &handle, &kept, link).await,
            None => (replies::not_escalated(&handle.reference), Placement::NewEphemeral),
        };
        self.bring(user, &Bring::by(response_url, placement), &message).await;
    }

    /// The link to the posted ticket, empty where Slack gave none; nothing where it could not be posted.
    async fn posted(&self, channel: &str, ticket: &Message) -> Option<String> {
        let posted = match self.slack.post_message(channel, None, ticket).await {
            Ok(posted) => posted,
            Err(error) => {
                tracing::error!(%error, "an escalation could not be posted");
                return None;
            }
        };
        metrics::counter!("sso_why_escalations_total").increment(1);
        match self.slack.permalink(&posted.channel, &posted.ts).await {
            Ok(link) => Some(link),
            Err(error) => {
                tracing::warn!(%error, "an escalation was posted, and Slack gave no link to it");
                Some(String::new())
            }
        }
    }

    /// The asker's report, now with the link instead of the button.
    async fn confirmed(
        &self,
        user: &str,
        handle: &Handle,
        kept: &Report,
        link: String,
    ) -> (Message, Placement) {
        let escalated = Report { escalated: (!link.is_empty()).then_some(link.clone()), ..kept.clone() };
        let can_sync = self.gets_sync_now(user, &kept.diagnosis).await;
        let message = match (self.slack.user(user).await, link.is_empty()) {
            (Ok(reader), false) => {
                (self.told(&escalated, handle, &reader, None, can_sync), Placement::Replace)
            }
            (Ok(_) | Err(_), empty) => {
                (replies::escalated((!empty).then_some(link.as_str())), Placement::NewEphemeral)
            }
        };
        self.kept.reports.insert(handle.reference.clone(), Arc::new(escalated)).await;
        message
    }
}
