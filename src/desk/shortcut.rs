//! The shortcut on a message: the form with what the message says of person and account, answered in the
//! message's thread.

use std::sync::Arc;
use std::time::Duration;

use super::Desk;
use super::admission::Visit;
use super::bring::Bring;
use super::handle::Origin;
use super::reading::{Heard, Who, read};
use crate::slack::app::Shortcut;
use crate::slack::client::Placement;
use crate::slack::inbound::{ActedOn, MessageAction};
use crate::slack::reply::Reply;
use crate::words::slack::{forms, replies};

/// Slack takes a form for 3 s after the shortcut; what is not understood by now is left for the person to fill
/// in, and a second is left for opening it.
const UNDERSTOOD_WITHIN: Duration = Duration::from_millis(1_500);

/// What the form opens with.
struct Guess {
    about: String,
    /// Label and number of the account.
    account: Option<(String, String)>,
    permission_set: Option<String>,
}

impl Desk {
    pub(super) fn shortcut(self: &Arc<Self>, action: MessageAction) -> Reply {
        let Some(Shortcut::DiagnoseMessage) = Shortcut::named(&action.callback_id) else {
            tracing::warn!(callback = action.callback_id, "a shortcut that nobody handles");
            return Reply::Empty;
        };
        let (user, url) =
            (action.user.clone(), action.response_url.as_ref().and_then(|url| self.seal.close(url)));
        let beside = Bring::by(format!("shortcut:{}", action.trigger_id), url, Placement::NewEphemeral);
        let desk = self.clone();
        let opened = self.opens(async move { desk.open_form_about(action).await });
        self.reply(&user, beside, opened)
    }

    async fn open_form_about(&self, action: MessageAction) {
        let MessageAction { user, channel, message, response_url, trigger_id, .. } = action;
        let response_url = response_url.as_ref().and_then(|url| self.seal.close(url));
        let beside =
            Bring::by(format!("shortcut:{trigger_id}"), response_url.clone(), Placement::NewEphemeral);
        if let Some(refusal) = self.unwelcome_now(Visit::of(&user, Some(&channel))).await {
            // Whoever is not served asks no further; there is nothing to repeat.
            let _ = self.bring(&user, &beside, &refusal).await;
            return;
        }
        let guess = tokio::time::timeout(UNDERSTOOD_WITHIN, self.guess(&user, &message)).await;
        let guess = guess.unwrap_or_else(|_took_too_long| Guess {
            about: user.clone(),
            account: None,
            permission_set: None,
        });
        let origin = Origin {
            response_url,
            channel: Some(channel),
            thread_ts: Some(message.thread_ts.unwrap_or(message.ts)),
            ..Origin::default()
        };
        let asks = forms::Asks {
            about: &guess.about,
            account: guess.account,
            permission_set: guess.permission_set.as_deref(),
        };
        if let Err(error) = self.slack.open_view(&trigger_id, &forms::diagnose(&asks, &origin.write())).await
        {
            tracing::error!(%error, "the form could not be opened");
            // Whoever sees no form asks again; there is nothing to repeat.
            let _ = self.bring(&user, &beside, &replies::form_did_not_open()).await;
        }
    }

    /// What the message says. What cannot be read now is left open: the form asks for it.
    async fn guess(&self, user: &str, message: &ActedOn) -> Guess {
        let bot = self.admission.bot().await.map(|bot| bot.user_id.clone()).unwrap_or_default();
        let accounts = self.gather.accounts().await.value().cloned().unwrap_or_default();
        let heard = read(&message.text, &bot, &accounts);
        let account = match heard.accounts.as_slice() {
            [named] => accounts.iter().find(|account| account.id == named.ask),
            _ => None,
        };
        Guess {
            about: self.person_meant(user, message, &heard).await,
            account: account.map(|account| forms::account_option(&account.name, &account.id)),
            permission_set: account.and(heard.permission_set),
        }
    }

    /// The one whom the message names, else whoever wrote it, else whoever uses the shortcut.
    async fn person_meant(&self, user: &str, message: &ActedOn, heard: &Heard) -> String {
        let named = match heard.people.as_slice() {
            [Who::Mentioned(id)] => Some(id.clone()),
            [Who::Written(email)] => match self.slack.user_by_email(email).await {
                Ok(found) => found.map(|found| found.id),
                Err(error) => {
                    tracing::warn!(%error, "an e-mail address in a message could not be looked up");
                    None
                }
            },
            _ => None,
        };
        named.or_else(|| message.author.clone()).unwrap_or_else(|| user.to_owned())
    }
}
