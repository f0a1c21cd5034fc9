//! "Check again": everything is asked anew, the same message is edited, and what changed is said.

use std::sync::Arc;

use super::answer::{Ask, Bring};
use super::{Desk, Press};
use crate::gather::Freshness;
use crate::slack::client::Placement;
use crate::words::slack::replies;

impl Desk {
    pub(super) fn recheck(self: &Arc<Self>, press: Press) {
        let Some(handle) = press.handle.clone() else {
            return self.say_that_it_is_old(press);
        };
        let ask = Ask {
            asker: press.user,
            about: handle.about.clone(),
            words: std::iter::once(handle.account.clone()).chain(handle.permission_set.clone()).collect(),
            channel: press.channel,
            freshness: Freshness::Live,
        };
        let bring = Bring::instead_of(handle, press.response_url);
        self.answer(ask, bring);
    }

    /// One of the accounts that may have been meant: the same question about that.
    pub(super) fn ask_again(self: &Arc<Self>, press: Press) {
        let Some(handle) = press.handle.clone() else {
            return self.say_that_it_is_old(press);
        };
        let ask = Ask {
            asker: press.user,
            about: handle.about,
            words: std::iter::once(handle.account).chain(handle.permission_set).collect(),
            channel: press.channel,
            freshness: Freshness::Remembered,
        };
        let bring = Bring::by(press.response_url, Placement::Replace);
        self.answer(ask, bring);
    }

    /// A press always gets an answer, be the message ever so old.
    pub(super) fn say_that_it_is_old(self: &Arc<Self>, press: Press) {
        let desk = self.clone();
        self.spawn(async move {
            let bring = Bring::by(press.response_url, Placement::NewEphemeral);
            desk.bring(&press.user, &bring, &replies::stale_button()).await;
        });
    }
}
