//! "Ask the group's owner": a direct message to whoever may add the person. The bot adds nobody.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::answer::Bring;
use super::handle::{Handle, Report};
use super::{Desk, Press};
use crate::diagnosis::causes::{Finding, IdpFinding, Opening};
use crate::diagnosis::facts::idp::Owner;
use crate::diagnosis::{Diagnosis, Outcome, Verdict, diagnose};
use crate::slack::client::Placement;
use crate::words::say::mention;
use crate::words::slack::{Message, owner, replies};

/// Owners looked up in Slack: as many as a report names.
const OWNERS: usize = 3;

impl Desk {
    /// Slack's ids of the owners that a report names, by their e-mail addresses. Whom Slack does not know is
    /// left out, and told by name.
    pub(super) async fn mentions(&self, diagnosis: &Diagnosis) -> BTreeMap<String, String> {
        let mut mentions = BTreeMap::new();
        let owners = never_had(diagnosis).map(|(_, owners)| owners).unwrap_or_default();
        for email in owners.iter().take(OWNERS).filter_map(|owner| owner.email.as_ref()) {
            match self.slack.user_by_email(email).await {
                Ok(Some(user)) if !user.deleted && !user.is_bot => {
                    mentions.insert(email.clone(), user.id);
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "a group's owner could not be looked up in Slack"),
            }
        }
        mentions
    }

    pub(super) fn ask_owner(self: &Arc<Self>, press: Press) {
        let Some(handle) = press.handle.clone() else {
            return self.say_that_it_is_old(press);
        };
        let desk = self.clone();
        self.spawn(async move {
            let message = desk.asked_owner(&press.user, &handle).await;
            let bring = Bring::by(press.response_url, Placement::NewEphemeral);
            desk.bring(&press.user, &bring, &message).await;
        });
    }

    async fn asked_owner(&self, asker: &str, handle: &Handle) -> Message {
        if let Some(refusal) = self.refusal(asker, &handle.about).await {
            return refusal;
        }
        let Some(kept) = self.kept.report(handle).await else {
            return replies::stale_button();
        };
        let Some((opening, owner, user)) = whom_to_ask(&kept) else {
            return replies::stale_button();
        };
        let shown = || mention(&user, &owner.name);
        let in_aws = diagnose(&self.gather.facts_of_aws(kept.diagnosis.question.clone()).await);
        if in_aws.verdict == Verdict::Access {
            return owner::not_needed();
        }
        let key = format!("{} {} {user}", opening.group.id.0, handle.about);
        if !self.kept.owners_asked.entry(key.clone()).or_insert(()).await.is_fresh() {
            return owner::asked_already(shown());
        }
        let request = owner::Request { asker, about: &handle.about, opening, reference: &handle.reference };
        match self.slack.post_message(&user, None, &owner::request(&kept.diagnosis, &request)).await {
            Ok(_) => {
                metrics::counter!("sso_why_owners_asked_total").increment(1);
                owner::asked(shown(), opening, asker == handle.about)
            }
            Err(error) => {
                tracing::error!(%error, "a group's owner could not be asked");
                self.kept.owners_asked.invalidate(&key).await;
                owner::not_asked()
            }
        }
    }
}

/// The group to be added to, its first owner whom Slack knows, and Slack's id of them.
pub(super) fn whom_to_ask(report: &Report) -> Option<(&Opening, &Owner, String)> {
    let (opening, owners) = never_had(&report.diagnosis)?;
    owners.iter().find_map(|owner| {
        let user = report.mentions.get(owner.email.as_ref()?)?;
        Some((opening, owner, user.clone()))
    })
}

fn never_had(diagnosis: &Diagnosis) -> Option<(&Opening, &[Owner])> {
    let Outcome::Explained(Finding::AtTheIdp(finding)) = &diagnosis.outcome else {
        return None;
    };
    match finding.as_ref() {
        IdpFinding::NotInGroup { openings, owners, .. } => Some((openings.first()?, owners)),
        _ => None,
    }
}
