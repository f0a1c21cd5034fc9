//! "Check again": everything is asked anew, the same message is edited, and what changed is said.

use super::answer::Ask;
use super::bring::Bring;
use super::work::{After, Performed, Work};
use super::{Desk, Press};
use crate::words::slack::replies;

impl Desk {
    pub(super) fn recheck(&self, press: &Press) -> Work {
        let Some(handle) = press.handle() else {
            return Work::SayThatItIsOld(press.clone());
        };
        let ask = Ask { live: true, ..self.ask_about(press, handle.clone()) };
        Work::Answer(Box::new(ask), Box::new(Bring::instead_of(handle, press)))
    }

    /// One of the accounts that may have been meant: the same question about that.
    pub(super) fn ask_again(&self, press: &Press) -> Work {
        let Some(handle) = press.handle() else {
            return Work::SayThatItIsOld(press.clone());
        };
        let bring = Bring::in_place_of(&handle, press);
        Work::Answer(Box::new(self.ask_about(press, handle)), Box::new(bring))
    }

    /// A press always gets an answer, be the message ever so old.
    pub(super) async fn say_that_it_is_old(&self, press: &Press) -> Performed {
        self.bring(&press.user, &Bring::beside(press), &replies::stale_button()).await?;
        Ok(After::Done)
    }
}
