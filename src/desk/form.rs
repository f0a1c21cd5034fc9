//! The form behind `/sso-why` alone, with its type-ahead for accounts.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::Desk;
use super::answer::{Ask, Bring};
use super::handle::{Origin, new_reference};
use crate::diagnosis::facts::Account;
use crate::diagnosis::names::nearest;
use crate::gather::Freshness;
use crate::slack::client::Placement;
use crate::slack::inbound::{ResponseUrl, ViewRef};
use crate::slack::reply::Reply;
use crate::words::slack::{forms, replies};

/// Slack shows an error where a type-ahead takes 3 s; half a second is left for the way there and back.
const TYPE_AHEAD: Duration = Duration::from_millis(2_500);

/// Bytes of an account's name or number at most; the type-ahead offers none longer than a label.
const LONGEST: usize = 300;

impl Desk {
    pub(super) fn open_form(
        self: &Arc<Self>,
        user: String,
        channel: String,
        response_url: ResponseUrl,
        trigger: String,
    ) {
        let desk = self.clone();
        self.spawn(async move {
            let token = new_reference() + &new_reference();
            let origin =
                Origin { response_url: Some(response_url.clone()), channel: Some(channel), handle: None };
            desk.kept.forms.insert(token.clone(), origin).await;
            if let Err(error) = desk.slack.open_view(&trigger, &forms::diagnose(&user, &token)).await {
                tracing::error!(%error, "the form could not be opened");
                let bring = Bring::by(Some(response_url), Placement::NewEphemeral);
                desk.bring(&user, &bring, &replies::form_did_not_open()).await;
            }
        });
    }

    pub(super) fn asked_by_form(
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
        let permission_set =
            value("permission_set").map(|set| set.trim().to_owned()).filter(|set| !set.is_empty());
        let ask = Ask {
            about: value("subject").unwrap_or_else(|| user.clone()),
            asker: user,
            words: std::iter::once(account).chain(permission_set).collect(),
            channel: None,
            freshness: Freshness::Remembered,
        };
        let token = view.private_metadata.clone();
        let desk = self.clone();
        self.spawn(async move {
            let origin = desk.kept.forms.get(&token).await;
            let (response_url, channel) = match origin {
                Some(origin) => (origin.response_url, origin.channel),
                None => (None, None),
            };
            let ask = Ask { channel, ..ask };
            if response_url.is_none() {
                return desk.answer(ask, Bring::by(None, Placement::NewEphemeral));
            }
            let looking = Bring::by(response_url.clone(), Placement::NewEphemeral);
            desk.bring(&ask.asker, &looking, &replies::looking(&ask.words.join(" "))).await;
            desk.answer(ask, Bring::by(response_url, Placement::Replace));
        });
        Reply::Empty
    }

    pub(super) async fn suggest_accounts(&self, typed: &str) -> Reply {
        let accounts = match tokio::time::timeout(TYPE_AHEAD, self.gather.accounts()).await {
            Ok(accounts) => accounts.value().cloned().unwrap_or_default(),
            Err(_took_too_long) => Arc::default(),
        };
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
