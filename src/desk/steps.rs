//! "Show all steps": the same report, unfolded or folded again.

use super::bring::Bring;
use super::work::{After, Again, Performed};
use super::{Desk, Press};
use crate::words::slack::replies;

impl Desk {
    pub(super) async fn show_steps(&self, press: &Press) -> Performed {
        let Some(mut handle) = press.handle() else {
            return self.say_that_it_is_old(press).await;
        };
        handle.steps_shown = !handle.steps_shown;
        let bring = if handle.in_channel {
            // The steps are for whoever asks for them; the report in the channel stays as it is.
            handle.in_channel = false;
            Bring::beside(press)
        } else {
            Bring::instead_of(handle.clone(), press)
        };
        if let Some(refusal) = self.refusal(&press.user, &handle.about).await {
            self.bring(&press.user, &bring.beside_a_report(), &refusal).await?;
            return Ok(After::Done);
        }
        let Some(kept) = self.kept.report(&handle).await else {
            // A restart forgot the report; the button still carries its question.
            return self.answer(&self.ask_about(press, handle), &bring).await;
        };
        match self.slack.user(&press.user).await {
            Ok(reader) => {
                let offers = self.offers(&press.user, &kept).await?;
                let message = self.told(&kept, &handle, &reader, None, &offers);
                self.bring(&press.user, &bring, &message).await?;
            }
            Err(error) if error.passes() => return Err(Again::after(&error)),
            Err(error) => {
                tracing::error!(%error, "the steps could not be shown");
                let sorry = replies::broke(&handle.reference, error.lacks());
                self.bring(&press.user, &bring.beside_a_report(), &sorry).await?;
            }
        }
        Ok(After::Done)
    }
}
