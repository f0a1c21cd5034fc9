//! The form behind `/sso-why` alone, with its type-ahead for accounts.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::Desk;
use super::admission::Visit;
use super::answer::Ask;
use super::bring::Bring;
use super::crowd::Untaken;
use super::handle::Origin;
use super::sealed::Sealed;
use super::work::{Performed, Work};
use crate::diagnosis::facts::Account;
use crate::diagnosis::names::nearest;
use crate::slack::client::Placement;
use crate::slack::inbound::ViewRef;
use crate::slack::reply::Reply;
use crate::words::slack::{forms, replies};

/// Slack shows an error where a type-ahead takes 3 s; half a second is left for the way there and back.
const TYPE_AHEAD: Duration = Duration::from_millis(2_500);

/// Bytes of an account's name or number at most, and characters of a permission set's, as in a command; the type-ahead
/// offers none longer than a label.
const LONGEST: usize = 300;

impl Desk {
    pub(super) fn open_form(
        self: &Arc<Self>,
        user: String,
        channel: String,
        response_url: Option<Sealed>,
        trigger: String,
    ) -> Result<(), Untaken> {
        let desk = self.clone();
        self.opens(async move {
            let bring = Bring::by(format!("form:{trigger}"), response_url.clone(), Placement::NewEphemeral);
            if let Some(refusal) = desk.unwelcome_now(Visit::of(&user, Some(&channel))).await {
                // Whoever is not served asks no further; there is nothing to repeat.
                let _ = desk.bring(&user, &bring, &refusal).await;
                return;
            }
            let origin = Origin { response_url, channel: Some(channel), ..Origin::default() };
            let asks = forms::Asks { about: &user, account: None, permission_set: None };
            let form = forms::diagnose(&asks, &origin.write());
            if let Err(error) = desk.slack.open_view(&trigger, &form).await {
                tracing::error!(%error, "the form could not be opened");
                // Whoever sees no form asks again; there is nothing to repeat.
                let _ = desk.bring(&user, &bring, &replies::form_did_not_open()).await;
            }
        })
    }

    pub(super) async fn asked_by_form(
        self: &Arc<Self>,
        user: String,
        view: &ViewRef,
        values: &BTreeMap<(String, String), String>,
    ) -> Reply {
        let value = |field: &str| values.get(&(field.to_owned(), field.to_owned())).cloned();
        let is_a_name = |account: &String| !account.trim().is_empty() && account.len() <= LONGEST;
        let Some(account) = value("account").filter(is_a_name) else {
            return Reply::FormErrors(vec![("account".to_owned(), replies::choose_an_account())]);
        };
        // Slack keeps to the field's length; whatever has more is no permission set's name.
        let permission_set = value("permission_set")
            .map(|set| set.trim().chars().take(LONGEST).collect::<String>())
            .filter(|set| !set.is_empty());
        let about = value("subject").unwrap_or_else(|| user.clone());
        let words = std::iter::once(account).chain(permission_set).collect();
        let origin = Origin::read(&view.private_metadata).unwrap_or_default();
        let asker = user.clone();
        let ask = Ask { channel: origin.channel, ..self.ask(user, about, words) };
        let key = format!("form:{}", view.id);
        let work = match (&ask.channel, origin.thread_ts) {
            (Some(channel), Some(thread_ts)) => {
                let in_thread = Bring::in_thread(&key, channel, &thread_ts);
                let bring = Bring { response_url: origin.response_url, ..in_thread };
                Work::Answer(Box::new(ask), Box::new(bring))
            }
            _ if origin.at_home => {
                let bring = Bring::by(&key, None, Placement::Replace);
                Work::AtHome(asker.clone(), Box::new(Work::AnswerForm(Box::new(ask), Box::new(bring))))
            }
            _ => {
                let bring = Bring::by(&key, origin.response_url, Placement::Replace);
                Work::AnswerForm(Box::new(ask), Box::new(bring))
            }
        };
        match self.take_question(&asker, work.order(key)).await {
            Ok(()) => Reply::Empty,
            Err(Untaken::Away) => Reply::NotTaken,
            // The form stays open with all that was filled in.
            Err(untaken) => Reply::FormErrors(vec![("account".to_owned(), untaken.message().text)]),
        }
    }

    /// A form has no acknowledgement that could say that the bot is looking. That word comes by the response URL
    /// or not at all: brought directly it would be taken for the answer.
    pub(super) async fn answer_form(&self, ask: &Ask, bring: &Bring) -> Performed {
        if let Some(url) = bring.response_url.as_ref().and_then(|sealed| self.seal.open(sealed)) {
            let looking = replies::looking(&ask.words.join(" "));
            if let Err(error) = self.slack.respond(&url, &looking, bring.placement).await {
                tracing::debug!(%error, "nobody was told that the bot is looking");
            }
        }
        self.answer(ask, bring).await
    }

    pub(super) async fn suggest_accounts(&self, user: &str, typed: &str) -> Reply {
        let accounts = async {
            match self.unwelcome_now(Visit::of(user, None)).await {
                Some(_refusal) => Arc::default(),
                None => self.gather.accounts().await.value().cloned().unwrap_or_default(),
            }
        };
        let accounts = tokio::time::timeout(TYPE_AHEAD, accounts).await.unwrap_or_default();
        Reply::Options(suggestions(typed, &accounts))
    }
}

/// Accounts whose name or number holds what was typed; where there is none, the nearest names.
fn suggestions(typed: &str, accounts: &[Account]) -> Vec<(String, String)> {
    let typed: String = typed.trim().to_lowercase().chars().take(LONGEST).collect();
    let mut found: Vec<&Account> = accounts
        .iter()
        .filter(|account| account.name.to_lowercase().contains(&typed) || account.id.contains(&typed))
        .collect();
    if found.is_empty() {
        let near = nearest(&typed, accounts.iter().map(|account| account.name.as_str()), forms::OPTIONS);
        found = accounts.iter().filter(|account| near.contains(&account.name)).collect();
    }
    found.sort_by_key(|account| (account.name.to_lowercase(), account.id.clone()));
    found
        .into_iter()
        .take(forms::OPTIONS)
        .map(|account| forms::account_option(&account.name, &account.id))
        .collect()
}
