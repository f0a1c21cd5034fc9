//! The Web API methods and the response URLs that the bot calls.
//!
//! Each try has a deadline, and only throttling is tried again, as Slack asks for it. The transport is
//! slack-morphism's; its typed answers fail on Enterprise Grid, so these are our own, with only the fields
//! that somebody reads. Its throttling is off: it holds back one message a second for the whole workspace.

mod answers;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use backon::{ConstantBuilder, Retryable as _};
use hyper_rustls::HttpsConnectorBuilder;
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use slack_morphism::errors::SlackClientError;
use slack_morphism::prelude::{SlackApiToken, SlackApiTokenValue, SlackClientHyperConnector};
use slack_morphism::{SlackClientApiCallContext, SlackClientHttpConnector as _};
use tokio::time::{Instant, timeout};
use url::{Host, Url};

use super::app::Method;
use super::inbound::ResponseUrl;
use super::{SlackError, SlackErrorKind};
use crate::words::slack::Message;
use answers::{
    ChannelInfo, ChannelStanding, GroupMembers, History, Members, Opened, OpenedChannel, Permalink,
    ProfileFields, UserInfo,
};
pub use answers::{Identity, OpenedConnection, OwnChannel, Posted, SlackChannel, SlackUser};

/// One try. Slack answers within a second; a person has given up by the time ten have passed.
const ONE_TRY: Duration = Duration::from_secs(10);
/// All tries of a call with the waits between them: Slack's `Retry-After` is mostly 1 to 30 s, and a
/// report that comes later than this is better brought another way.
const ALL_TRIES: Duration = Duration::from_secs(30);
/// Tries after the first; a method that throttles three times is busy for longer than anybody waits.
const TRIES_AGAIN: usize = 2;
/// Members asked for at once: Slack recommends no more than 200 (docs.slack.dev, `conversations.members`).
const PAGE: &str = "200";
/// Pages at most: 20,000 members are no help desk, and a cursor that never ends must not hold us.
const PAGES: usize = 100;
/// The type of the metadata that marks a message as posted by this bot.
const MARKED: &str = "sso_why_post";
/// An address that nobody can have (RFC 2606).
const NOBODY: &str = "nobody@example.invalid";
/// Where Slack's response URLs lead (docs.slack.dev, "Handling user interaction").
const RESPONSE_URL_HOST: &str = "hooks.slack.com";

type Morphism = slack_morphism::SlackClient<slack_morphism::prelude::SlackClientHyperHttpsConnector>;

/// Calls Slack with the bot's token. Cheap to clone.
#[derive(Clone)]
pub struct SlackClient {
    morphism: Morphism,
    token: Arc<SlackApiToken>,
    /// [`ONE_TRY`], but for the doctor.
    one_try: Duration,
    /// [`TRIES_AGAIN`], but for the doctor.
    tries_again: usize,
    /// Only a Slack on this machine may have response URLs, and plain connections, on this machine.
    pub(super) api_is_loopback: bool,
}

/// Why there can be no client.
#[derive(Debug, thiserror::Error)]
pub enum NoClient {
    #[error(
        "Slack's API URL is not a URL ({0}); set [slack] api_url or SLACK_API_URL to https://slack.com/api"
    )]
    ApiUrl(#[from] url::ParseError),
    #[error("the system's root certificates could not be read ({0}); install the package ca-certificates")]
    Certificates(#[from] std::io::Error),
}

/// Where a message sent to a response URL appears. Only the asker sees it in either case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Placement {
    /// Instead of the message that the URL belongs to.
    Replace,
    /// As a message of its own.
    NewEphemeral,
}

impl SlackClient {
    /// A client of the API at `api_url` (`https://slack.com/api`). Nothing is called yet.
    ///
    /// # Errors
    /// Where `api_url` is no URL, or there are no root certificates.
    pub fn new(api_url: &str, token: SecretString) -> Result<Self, NoClient> {
        let api_url = api_url.trim_end_matches('/');
        let api_is_loopback = is_loopback(&Url::parse(api_url)?);
        let https = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(rustls::crypto::aws_lc_rs::default_provider())?
            // The scheme is the configuration's: a Slack on loopback has no certificate.
            .https_or_http()
            .enable_http1()
            .enable_http2()
            .build();
        let connector = SlackClientHyperConnector::with_connector(https).with_slack_api_url(api_url);
        let token = SlackApiToken::new(SlackApiTokenValue(token.expose_secret().to_owned()));
        Ok(Self {
            morphism: Morphism::new(connector),
            token: Arc::new(token),
            one_try: ONE_TRY,
            tries_again: TRIES_AGAIN,
            api_is_loopback,
        })
    }

    /// The same client where each call is one try, with this long to answer: whoever looks at how things stand tells of
    /// throttling and does not wait it out.
    #[must_use]
    pub fn trying_once(self, one_try: Duration) -> Self {
        Self { one_try, tries_again: 0, ..self }
    }

    /// The address of a new connection of Socket Mode (`apps.connections.open`), good once. It takes the app-level
    /// token and no other.
    ///
    /// # Errors
    /// `not_allowed_token_type`, or as every call.
    pub async fn open_connection(&self) -> Result<OpenedConnection, SlackError> {
        self.post(Method::AppsConnectionsOpen, &json!({})).await
    }

    /// Who the bot is (`auth.test`).
    ///
    /// # Errors
    /// As every call: see [`SlackErrorKind`].
    pub async fn auth_test(&self) -> Result<Identity, SlackError> {
        self.post(Method::AuthTest, &json!({})).await
    }

    /// A person or bot (`users.info`; the e-mail needs `users:read.email`).
    ///
    /// # Errors
    /// `user_not_found`, or as every call.
    pub async fn user(&self, id: &str) -> Result<SlackUser, SlackError> {
        let info: UserInfo = self.get(Method::UsersInfo, &[("user", id)]).await?;
        Ok(info.user.into())
    }

    /// What a person's profile says in this field (`users.profile.get`); `None` if it says nothing there.
    ///
    /// # Errors
    /// `missing_scope`, or as every call.
    pub async fn profile_field(&self, id: &str, field: &str) -> Result<Option<String>, SlackError> {
        let answer: ProfileFields = self.get(Method::UsersProfileGet, &[("user", id)]).await?;
        Ok(answer.value_of(field))
    }

    /// Whoever has this address in the workspace (`users.lookupByEmail`), nothing where nobody has.
    ///
    /// # Errors
    /// As every call.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<SlackUser>, SlackError> {
        let found: Result<UserInfo, SlackError> =
            self.get(Method::UsersLookupByEmail, &[("email", email)]).await;
        match found {
            Ok(info) => Ok(Some(info.user.into())),
            Err(SlackError { kind: SlackErrorKind::Api(code), .. }) if code == "users_not_found" => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The scope that the app lacks to see e-mail addresses. Slack leaves them out of what it tells of people without
    /// a word, and refuses only whoever looks for one: so nobody's is looked for. Nothing where that fails otherwise.
    pub async fn lacks_for_addresses(&self) -> Option<String> {
        let looked_for = self.user_by_email(NOBODY).await;
        looked_for.err().and_then(|error| error.lacks().map(str::to_owned))
    }

    /// A channel (`conversations.info`).
    ///
    /// # Errors
    /// `channel_not_found` where it is private and the bot is not in it, or as every call.
    pub async fn channel(&self, id: &str) -> Result<SlackChannel, SlackError> {
        let info: ChannelInfo = self.get(Method::ConversationsInfo, &[("channel", id)]).await?;
        Ok(info.channel)
    }

    /// How the bot stands in a channel (`conversations.info`).
    ///
    /// # Errors
    /// As [`Self::channel`]; `missing_scope` without the scope for this kind of channel.
    pub async fn own_channel(&self, id: &str) -> Result<OwnChannel, SlackError> {
        let info: ChannelStanding = self.get(Method::ConversationsInfo, &[("channel", id)]).await?;
        Ok(info.channel)
    }

    /// Ids of all members of a channel (`conversations.members`), page by page.
    ///
    /// # Errors
    /// `channel_not_found` where the bot is not in it, or as every call.
    pub async fn channel_members(&self, channel: &str) -> Result<Vec<String>, SlackError> {
        let mut members = Vec::new();
        let mut cursor = None;
        for _page in 0..PAGES {
            let mut parameters = vec![("channel", channel), ("limit", PAGE)];
            parameters.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let page: Members = self.get(Method::ConversationsMembers, &parameters).await?;
            cursor = page.next_cursor();
            members.extend(page.members);
            if cursor.is_none() {
                return Ok(members);
            }
        }
        Err(SlackError { method: Method::ConversationsMembers.name(), kind: SlackErrorKind::Unintelligible })
    }

    /// Ids of all members of a user group (`usergroups.users.list`).
    ///
    /// # Errors
    /// `no_such_subteam`, or as every call.
    pub async fn user_group_members(&self, user_group: &str) -> Result<Vec<String>, SlackError> {
        let answer: GroupMembers =
            self.get(Method::UsergroupsUsersList, &[("usergroup", user_group)]).await?;
        Ok(answer.users)
    }

    /// Posts into a channel, a thread of it, or (by user id) a direct message (`chat.postMessage`). By its mark
    /// [`find_posted`](Self::find_posted) finds it; whoever sees the message can read the mark.
    ///
    /// # Errors
    /// `channel_not_found`, `not_in_channel`, or as every call.
    pub async fn post_message(
        &self,
        channel: &str,
        thread_ts: Option<&str>,
        message: &Message,
        mark: &str,
    ) -> Result<Posted, SlackError> {
        let mut body = json!({
            "channel": channel,
            "text": message.text,
            "blocks": message.blocks,
            "metadata": {"event_type": MARKED, "event_payload": {"mark": mark}},
            "mrkdwn": false,
            "parse": "none",
            "link_names": false,
            "unfurl_links": false,
            "unfurl_media": false,
        });
        if let Some(thread_ts) = thread_ts {
            body["thread_ts"] = thread_ts.into();
        }
        self.post(Method::ChatPostMessage, &body).await
    }

    /// The message with this mark, looked for from `oldest` on in a channel or, where `thread_ts` is given, in
    /// that thread (`conversations.history`, `conversations.replies`).
    ///
    /// # Errors
    /// `channel_not_found`, `missing_scope`, or as every call.
    pub async fn find_posted(
        &self,
        channel: &str,
        thread_ts: Option<&str>,
        mark: &str,
        oldest: Timestamp,
    ) -> Result<Option<Posted>, SlackError> {
        let oldest = oldest.as_second().to_string();
        let mut cursor: Option<String> = None;
        for _page in 0..PAGES {
            let mut parameters = vec![
                ("channel", channel),
                ("oldest", oldest.as_str()),
                ("inclusive", "true"),
                ("include_all_metadata", "true"),
                ("limit", PAGE),
            ];
            parameters.extend(thread_ts.map(|ts| ("ts", ts)));
            parameters.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let method = match thread_ts {
                Some(_) => Method::ConversationsReplies,
                None => Method::ConversationsHistory,
            };
            let page: History = self.get(method, &parameters).await?;
            if let Some(ts) = page.ts_of(MARKED, mark) {
                return Ok(Some(Posted { channel: channel.to_owned(), ts }));
            }
            cursor = page.next_cursor();
            if cursor.is_none() {
                return Ok(None);
            }
        }
        Ok(None)
    }

    /// Puts other words in the place of a message of the bot's (`chat.update`); not of an ephemeral one.
    ///
    /// # Errors
    /// `message_not_found`, `cant_update_message`, or as every call.
    pub async fn update_message(&self, channel: &str, ts: &str, message: &Message) -> Result<(), SlackError> {
        let body = json!({
            "channel": channel,
            "ts": ts,
            "text": message.text,
            "blocks": message.blocks,
            "parse": "none",
            "link_names": false,
        });
        let _updated: Posted = self.post(Method::ChatUpdate, &body).await?;
        Ok(())
    }

    /// The direct message with this person (`conversations.open`): its channel id.
    ///
    /// # Errors
    /// `user_not_found`, `cannot_dm_bot`, or as every call.
    pub async fn direct_message(&self, user: &str) -> Result<String, SlackError> {
        let opened: OpenedChannel = self.post(Method::ConversationsOpen, &json!({"users": user})).await?;
        Ok(opened.channel.id)
    }

    /// The link to a message (`chat.getPermalink`).
    ///
    /// # Errors
    /// `message_not_found`, or as every call.
    pub async fn permalink(&self, channel: &str, ts: &str) -> Result<String, SlackError> {
        let answer: Permalink =
            self.get(Method::ChatGetPermalink, &[("channel", channel), ("message_ts", ts)]).await?;
        Ok(answer.permalink)
    }

    /// Opens a form, within 3 s of the press or command whose trigger it is (`views.open`). The view's id.
    ///
    /// # Errors
    /// `expired_trigger_id`, `exchanged_trigger_id`, or as every call.
    pub async fn open_view(&self, trigger_id: &str, view: &Value) -> Result<String, SlackError> {
        let opened: Opened =
            self.post(Method::ViewsOpen, &json!({"trigger_id": trigger_id, "view": view})).await?;
        Ok(opened.view.id)
    }

    /// Puts a view in place of an open one, unless that has changed since `hash` (`views.update`).
    ///
    /// # Errors
    /// `hash_conflict`, `not_found`, or as every call.
    pub async fn update_view(
        &self,
        view_id: &str,
        hash: Option<&str>,
        view: &Value,
    ) -> Result<(), SlackError> {
        let mut body = json!({"view_id": view_id, "view": view});
        if let Some(hash) = hash {
            body["hash"] = hash.into();
        }
        let _opened: Opened = self.post(Method::ViewsUpdate, &body).await?;
        Ok(())
    }

    /// Shows a person this view as the bot's Home tab (`views.publish`).
    ///
    /// # Errors
    /// `not_enabled` where the app has no Home tab, or as every call.
    pub async fn publish_home(&self, user: &str, view: &Value) -> Result<(), SlackError> {
        let _opened: Opened =
            self.post(Method::ViewsPublish, &json!({"user_id": user, "view": view})).await?;
        Ok(())
    }

    /// Sends a message that only the asker sees to a response URL: 5 uses within 30 minutes.
    ///
    /// An answer that cannot be understood counts as delivered: the message has arrived by then, and a
    /// second one would only repeat it.
    ///
    /// # Errors
    /// `used_url`, `expired_url`, [`SlackErrorKind::ForeignUrl`], or as every call.
    pub async fn respond(
        &self,
        url: &ResponseUrl,
        message: &Message,
        placement: Placement,
    ) -> Result<(), SlackError> {
        const METHOD: &str = "response_url";
        let Some(url) = self.trusted(url) else {
            return Err(SlackError { method: METHOD, kind: SlackErrorKind::ForeignUrl });
        };
        let body = json!({
            "response_type": "ephemeral",
            "replace_original": placement == Placement::Replace,
            "text": message.text,
            "blocks": message.blocks,
        });
        let span = tracing::debug_span!("response_url");
        let context = SlackClientApiCallContext {
            rate_control_params: None,
            token: None,
            tracing_span: &span,
            is_sensitive_url: true,
        };
        let connector = &self.morphism.http_api.connector;
        let sent: Result<Value, _> =
            self.patiently(METHOD, || connector.http_post_uri(url.clone(), &body, context.clone())).await;
        match sent {
            Err(SlackError { kind: SlackErrorKind::Unintelligible, .. }) | Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn trusted(&self, url: &ResponseUrl) -> Option<Url> {
        let url = Url::parse(url.reveal()).ok()?;
        let is_slack =
            url.scheme() == "https" && url.host_str() == Some(RESPONSE_URL_HOST) && url.port().is_none();
        (is_slack || (self.api_is_loopback && is_loopback(&url))).then_some(url)
    }

    async fn post<Answer: DeserializeOwned + Send>(
        &self,
        method: Method,
        body: &Value,
    ) -> Result<Answer, SlackError> {
        let session = self.morphism.open_session(&self.token);
        let name = method.name();
        self.patiently(name, || session.http_session_api.http_post(name, body, None)).await
    }

    /// The methods that only read take their arguments in the query, not as JSON.
    async fn get<Answer: DeserializeOwned + Send>(
        &self,
        method: Method,
        parameters: &[(&str, &str)],
    ) -> Result<Answer, SlackError> {
        let session = self.morphism.open_session(&self.token);
        let parameters: Vec<_> = parameters.iter().map(|(name, value)| (*name, Some(*value))).collect();
        let name = method.name();
        self.patiently(name, || session.http_session_api.http_get(name, &parameters, None)).await
    }

    /// Tries, and again where Slack throttles, as long as the wait that it asks for fits.
    async fn patiently<Answer, Try>(
        &self,
        method: &'static str,
        mut begin: impl FnMut() -> Try,
    ) -> Result<Answer, SlackError>
    where
        Try: Future<Output = Result<Answer, SlackClientError>>,
    {
        let begun = Instant::now();
        let until = begun + ALL_TRIES;
        let attempt = || {
            let attempt = timeout(self.one_try, begin());
            async move {
                match attempt.await {
                    Ok(Ok(answer)) => Ok(answer),
                    Ok(Err(error)) => Err(SlackErrorKind::of(&error)),
                    Err(_elapsed) => Err(SlackErrorKind::Timeout),
                }
            }
        };
        let tries = attempt
            .retry(ConstantBuilder::default().with_max_times(self.tries_again))
            .when(|kind| matches!(kind, SlackErrorKind::RateLimited { .. }))
            .adjust(|kind, next_try| match (kind, next_try) {
                (SlackErrorKind::RateLimited { retry_after }, Some(_)) => {
                    Some(*retry_after).filter(|wait| Instant::now() + *wait < until)
                }
                _ => None,
            });
        let answer = timeout(ALL_TRIES, tries).await.unwrap_or(Err(SlackErrorKind::Timeout));
        let outcome = answer.as_ref().map_or_else(SlackErrorKind::name, |_| "ok");
        metrics::counter!("sso_why_slack_calls_total", "method" => method, "outcome" => outcome).increment(1);
        metrics::histogram!("sso_why_slack_call_duration_seconds", "method" => method)
            .record(begun.elapsed());
        answer.map_err(|kind| SlackError { method, kind })
    }
}

pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
