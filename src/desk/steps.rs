//! "Show all steps": the same report, unfolded or folded again.

use std::sync::Arc;

use super::answer::{Ask, Bring};
use super::{Desk, Press};
use crate::gather::Freshness;
use crate::words::slack::replies;

impl Desk {
    pub(super) fn show_steps(self: &Arc<Self>, press: Press) {
        let Some(mut handle) = press.handle.clone() else {
            return self.say_that_it_is_old(press);
        };
        handle.steps_shown = !handle.steps_shown;
        let desk = self.clone();
        self.spawn(async move {
            let bring = Bring::instead_of(handle.clone(), press.response_url);
            let Some(kept) = desk.kept.reports.get(&handle.reference).await else {
                // A restart forgot the report; the button still carries its question.
                let words = std::iter::once(handle.account).chain(handle.permission_set).collect();
                let ask = Ask {
                    asker: press.user,
                    about: handle.about,
                    words,
                    channel: press.channel,
                    freshness: Freshness::Remembered,
                };
                return desk.answer(ask, bring);
            };
            let message = match desk.slack.user(&press.user).await {
                Ok(reader) => desk.told(&kept, &handle, &reader, None),
                Err(error) => {
                    tracing::error!(%error, "the steps could not be shown");
                    replies::broke(&handle.reference)
                }
            };
            desk.bring(&press.user, &bring, &message).await;
        });
    }
}
