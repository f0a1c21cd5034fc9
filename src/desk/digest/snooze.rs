//! "Lay aside for a while" on a duplicate: a form for how long and why, then a word in the digest's thread.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::desk::admission::Visit;
use crate::desk::bring::Bring;
use crate::desk::crowd::Untaken;
use crate::desk::sealed::Sealed;
use crate::desk::work::{After, Performed, Work};
use crate::desk::{Desk, Press};
use crate::slack::client::Placement;
use crate::slack::inbound::ViewRef;
use crate::slack::reply::Reply;
use crate::words::slack::digest::snooze as words;

/// What the form carries from the button to its submission.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Origin {
    duplicate: String,
    channel: String,
    /// The digest's thread in which the button stands.
    #[serde(default)]
    thread_ts: Option<String>,
    response_url: Option<Sealed>,
}

/// A duplicate that somebody lays aside.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::desk) struct Aside {
    duplicate: String,
    user: String,
    channel: String,
    #[serde(default)]
    thread_ts: Option<String>,
    response_url: Option<Sealed>,
    reason: String,
    days: i64,
    key: String,
}

impl Aside {
    pub(in crate::desk) fn visit(&self) -> Visit<'_> {
        Visit::of(&self.user, Some(&self.channel))
    }

    /// To whoever pressed, beside the digest.
    pub(in crate::desk) fn beside(&self) -> Bring {
        Bring::by(&self.key, self.response_url.clone(), Placement::NewEphemeral)
    }
}

impl Desk {
    /// Whoever can see the digest may lay one of its duplicates aside.
    pub(in crate::desk) fn open_snooze(self: &Arc<Self>, press: Press) -> Result<(), Untaken> {
        let desk = self.clone();
        self.opens(async move {
            let beside = Bring::beside(&press);
            if let Some(refusal) = desk.unwelcome_now(Visit::by(&press)).await {
                let _ = desk.bring(&press.user, &beside, &refusal).await;
                return;
            }
            if press.channel.is_none() || press.channel != desk.settings.admin_channel {
                let _ = desk.bring(&press.user, &beside, &words::not_here()).await;
                return;
            }
            let (Some(trigger), Some(duplicate)) = (press.trigger, press.value) else {
                return;
            };
            let channel = press.channel.unwrap_or_default();
            let origin =
                Origin { duplicate, channel, thread_ts: press.thread_ts, response_url: press.response_url };
            let metadata = serde_json::to_string(&origin).unwrap_or_default();
            if let Err(error) = desk.slack.open_view(&trigger, &words::form(&metadata)).await {
                tracing::error!(%error, "the form to lay a duplicate aside could not be opened");
                let _ = desk.bring(&press.user, &beside, &words::form_did_not_open()).await;
            }
        })
    }

    pub(in crate::desk) async fn snooze_written(
        &self,
        user: String,
        view: &ViewRef,
        values: &BTreeMap<(String, String), String>,
    ) -> Reply {
        let value = |field: &str| {
            let value = values.get(&(field.to_owned(), field.to_owned()));
            value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let days = value(words::DURATION)
            .and_then(|chosen| words::DAYS.iter().find(|(value, _)| *value == chosen))
            .map(|(_, days)| *days);
        let Some(days) = days else {
            return Reply::FormErrors(vec![(words::DURATION.to_owned(), words::choose_a_duration())]);
        };
        let Some(reason) = value(words::REASON) else {
            return Reply::FormErrors(vec![(words::REASON.to_owned(), words::give_a_reason())]);
        };
        let origin: Origin = serde_json::from_str(&view.private_metadata).unwrap_or_default();
        let key = format!("form:{}", view.id);
        let aside = Aside {
            duplicate: origin.duplicate,
            user,
            channel: origin.channel,
            thread_ts: origin.thread_ts,
            response_url: origin.response_url,
            reason,
            days,
            key: key.clone(),
        };
        self.take(Work::LayAside(Box::new(aside)).order(key)).await
    }

    pub(in crate::desk) async fn lay_aside(&self, aside: &Aside) -> Performed {
        if Some(&aside.channel) != self.settings.admin_channel.as_ref() {
            self.bring(&aside.user, &aside.beside(), &words::not_here()).await?;
            return Ok(After::Done);
        }
        let until = self.gather.now() + SignedDuration::from_hours(24 * aside.days);
        let laid = self.store.lay_aside(&aside.duplicate, &aside.user, &aside.reason, until).await?;
        let Some(name) = laid else {
            self.bring(&aside.user, &aside.beside(), &words::not_there()).await?;
            return Ok(After::Done);
        };
        let done = words::done(&name, &aside.user, &aside.reason, until);
        self.post_once(&aside.key, &aside.channel, aside.thread_ts.as_deref(), &done).await?;
        Ok(After::Done)
    }
}
