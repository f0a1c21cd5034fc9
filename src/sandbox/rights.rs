//! What the bot may do in the company. At first it may do everything; a test takes one right after the other from
//! it, and the service then refuses as the real one does.
//!
//! Rights are named as administrators name them: an IAM action (`sso:ListInstances`), an application permission of
//! Microsoft Graph (`User.Read.All`), a scope of Okta (`okta.users.read`). Slack's scopes are the workspace's.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What was taken from the bot, and where it runs.
#[derive(Default)]
pub struct Rights(Mutex<Held>);

#[derive(Default)]
struct Held {
    taken: BTreeSet<String>,
    account: Option<String>,
}

impl Rights {
    /// From now on the bot has this right no longer.
    pub fn take_away(&self, right: &str) {
        self.lock().taken.insert(right.to_owned());
    }

    /// It has it again.
    pub fn give_back(&self, right: &str) {
        self.lock().taken.remove(right);
    }

    /// It has every right again, and works in the management account.
    pub fn give_all_back(&self) {
        *self.lock() = Held::default();
    }

    /// Whether the bot has it.
    pub fn has(&self, right: &str) -> bool {
        !self.lock().taken.contains(right)
    }

    /// The bot's AWS role is one of this account: not the management account, but one that is delegated
    /// administrator of IAM Identity Center.
    pub fn work_in(&self, account: &str) {
        self.lock().account = Some(account.to_owned());
    }

    /// The account of the bot's AWS role, where it is another one than the management account.
    pub fn account(&self) -> Option<String> {
        self.lock().account.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
