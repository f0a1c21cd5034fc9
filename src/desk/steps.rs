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
            if let Some(refusal) = desk.refusal(&press.user, &handle.about).await {
                return desk.bring(&press.user, &bring.beside_a_report(), &refusal).await;
            }
            let Some(kept) = desk.kept.report(&handle).await else {
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
            match desk.slack.user(&press.user).await {
                Ok(reader) => {
                    let can_sync = desk.gets_sync_now(&press.user, &kept.diagnosis).await;
                    let message = desk.told(&kept, &handle, &reader, None, can_sync);
                    desk.bring(&press.user, &bring, &message).await;
                }
                Err(error) => {
                    tracing::error!(%error, "the steps could not be shown");
                    let sorry = replies::broke(&handle.reference);
                    desk.bring(&press.user, &bring.beside_a_report(), &sorry).await;
                }
            }
        });
    }
}
