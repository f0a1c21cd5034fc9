//! "Ask the group's owner": a direct message to whoever may add the person. The bot adds nobody.

use jiff::SignedDuration;
use std::collections::BTreeMap;

use super::bring::Bring;
use super::handle::{Handle, Report};
use super::work::{After, Again, Performed};
use super::{Desk, Press};
use crate::diagnosis::causes::{Finding, Opening};
use crate::diagnosis::facts::idp::Owner;
use crate::diagnosis::{Diagnosis, Verdict, diagnose};
use crate::words::say::mention;
use crate::words::slack::{Message, owner, replies};

/// An owner is asked for the same thing once in this time: a day, in which somebody comes to it.
const ASKED_LATELY: SignedDuration = SignedDuration::from_hours(24);

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

    pub(super) async fn ask_owner(&self, press: &Press) -> Performed {
        let Some(handle) = press.handle() else {
            return self.say_that_it_is_old(press).await;
        };
        let message = self.asked_owner(&press.user, &handle).await?;
        self.bring(&press.user, &Bring::beside(press), &message).await?;
        Ok(After::Done)
    }

    async fn asked_owner(&self, asker: &str, handle: &Handle) -> Result<Message, Again> {
        if let Some(refusal) = self.refusal(asker, &handle.about).await {
            return Ok(refusal);
        }
        let Some(kept) = self.kept.report(handle).await else {
            return Ok(replies::stale_button());
        };
        let Some((opening, owner, user)) = whom_to_ask(&kept) else {
            return Ok(replies::stale_button());
        };
        let shown = || mention(&user, &owner.name);
        let in_aws = diagnose(&self.gather.facts_of_aws(kept.diagnosis.question.clone()).await);
        if in_aws.verdict == Verdict::Access {
            return Ok(owner::not_needed());
        }
        let key = format!("owner:{} {} {user}", opening.group.id.0, handle.about);
        if self.store.is_posted(&key, self.gather.now() - ASKED_LATELY).await? {
            return Ok(owner::asked_already(shown()));
        }
        let request = owner::Request { asker, about: &handle.about, opening, reference: &handle.reference };
        match self.post_once(&key, &user, None, &owner::request(&kept.diagnosis, &request)).await? {
            Some(_) => {
                metrics::counter!("sso_why_owners_asked_total").increment(1);
                Ok(owner::asked(shown(), opening, asker == handle.about))
            }
            None => Ok(owner::not_asked()),
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
    match diagnosis.finding()? {
        // Who owns one of several does not decide which of them is meant.
        Finding::NotInGroup(_) if !diagnosis.equally_meant().is_empty() => None,
        Finding::NotInGroup(found) if found.lost.is_some() => None,
        Finding::NotInGroup(found) => Some((found.openings.first()?, &found.owners)),
        _ => None,
    }
}
