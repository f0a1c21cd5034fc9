//! Slack: the token, its scopes, the channels, and what time it is there.

use std::collections::BTreeSet;

use futures::future::{OptionFuture, join, join_all};
use jiff::Timestamp;
use secrecy::SecretString;

use super::{Installation, all_skipped, skipped};
use crate::checkup::{Because, Check, Fault, Id, Outcome, Seen, clock};
use crate::config::{HelpDeskMembers, Mode, Slack};
use crate::diagnosis::facts::{Gap, GapKind};
use crate::slack::app::{self, Method};
use crate::slack::client::{NoClient, SlackClient};
use crate::slack::installation::{self, meet};
use crate::slack::socket::SOCKET_MODE_OFF;
use crate::slack::{SlackError, SlackErrorKind};

/// Without it a private channel cannot be told from one that there is not.
const PRIVATE: &str = "groups:read";

/// What was seen of Slack.
pub(super) struct Looked {
    pub(super) checks: Vec<Check>,
    pub(super) clock: Outcome,
    pub(super) bot_name: Option<String>,
}

/// The scopes that the bot needs as it is configured.
pub(super) fn scopes(slack: &Slack) -> impl Iterator<Item = String> {
    let of_profiles = slack.email_field.as_ref().map(|_| app::PROFILES);
    app::scopes().into_keys().chain(of_profiles).map(str::to_owned)
}

pub(super) async fn look(installation: &Installation) -> Looked {
    let (mut looked, app_token) = join(by_the_bots_token(installation), app_token(installation)).await;
    // Beside the other token, which comes first.
    looked.checks.splice(1..1, app_token);
    looked
}

/// Whether Slack hands out an address for a connection with it, and through which something would come. Nobody connects
/// there, and it lapses. Over HTTP the token has no use but this one: it tells whether the app is of the other mode.
async fn app_token(installation: &Installation) -> Option<Check> {
    let id = Id::SlackAppToken;
    let mode = installation.config.server.mode;
    let Some(token) = &installation.slack_app_token else {
        return (mode == Mode::Socket).then(|| skipped(id, Id::Config));
    };
    let client = match client(installation, token) {
        Ok(client) => client,
        Err(error) => {
            return Some(Check { id, outcome: Outcome::Failed(Fault::Said(vec![error.to_string()])) });
        }
    };
    let outcome = match (mode, client.open_connection().await.map_err(|error| error.kind)) {
        (Mode::Socket, Ok(opened)) if opened.leads_nowhere() => Outcome::Failed(Fault::SocketModeOff),
        (Mode::Socket, Err(SlackErrorKind::Api(code))) if code == SOCKET_MODE_OFF => {
            Outcome::Failed(Fault::SocketModeOff)
        }
        (Mode::Socket, Ok(_address)) => Outcome::Ok(Seen::TokenTaken),
        (Mode::Socket, Err(kind)) => Outcome::Failed(of_a_token(Method::AppsConnectionsOpen, kind)),
        (Mode::Http, Ok(opened)) if !opened.leads_nowhere() => Outcome::Failed(Fault::SocketModeOn),
        (Mode::Http, _) => Outcome::Ok(Seen::NotUsed),
    };
    Some(Check { id, outcome })
}

async fn by_the_bots_token(installation: &Installation) -> Looked {
    let slack = &installation.config.slack;
    let channels = channels(slack);
    let group = match &slack.helpdesk_members {
        HelpDeskMembers::UserGroup(group) => Some(group),
        // Those of the channel are there where the bot is, and users are named one by one.
        HelpDeskMembers::Channel | HelpDeskMembers::Users(_) => None,
    };
    let ids = scopes(slack).map(Id::SlackScope).chain(channels.iter().cloned().map(Id::SlackChannel));
    let ids = ids.chain(group.map(|_| Id::SlackHelpDesk));
    let Some(token) = &installation.slack_bot_token else {
        let ids = [Id::SlackToken].into_iter().chain(ids).collect();
        let clock = Outcome::Skipped(Because::Of(Id::Config));
        return Looked { checks: all_skipped(ids, Id::Config), clock, bot_name: None };
    };
    let before = (installation.clock)();
    let met = meet(&slack.api_url, token, installation.patience.call).await;
    let clock = match met.date {
        Some(there) => clock(seconds_before(before, (installation.clock)(), there)),
        None => Outcome::Skipped(Because::Of(Id::SlackToken)),
    };
    let found = match met.installation {
        Ok(found) => found,
        Err(kind) => {
            let mut checks = vec![Check {
                id: Id::SlackToken,
                outcome: Outcome::Failed(of_a_token(Method::AuthTest, kind)),
            }];
            checks.extend(all_skipped(ids.collect(), Id::SlackToken));
            return Looked { checks, clock, bot_name: None };
        }
    };
    let seen = Seen::SignedInToSlack { bot: found.bot.clone(), workspace: found.workspace.clone() };
    let mut checks = vec![Check { id: Id::SlackToken, outcome: Outcome::Ok(seen) }];
    checks.extend(scopes(slack).map(|scope| {
        let outcome = granted(&found, &scope);
        Check { id: Id::SlackScope(scope), outcome }
    }));
    checks.extend(match &client(installation, token) {
        Ok(client) => {
            let scopes = found.scopes.as_ref();
            let channels = channels.into_iter().map(|id| channel(client, scopes, id));
            let group = OptionFuture::from(group.map(|group| help_desk(client, group)));
            let (mut checks, group) = join(join_all(channels), group).await;
            checks.extend(group);
            checks
        }
        Err(error) => {
            let wrong = || Outcome::Failed(Fault::Said(vec![error.to_string()]));
            let ids = channels.into_iter().map(Id::SlackChannel).chain(group.map(|_| Id::SlackHelpDesk));
            ids.map(|id| Check { id, outcome: wrong() }).collect()
        }
    });
    Looked { checks, clock, bot_name: Some(found.bot).filter(|name| !name.is_empty()) }
}

/// The bot's own client, but that it asks once.
fn client(installation: &Installation, token: &SecretString) -> Result<SlackClient, NoClient> {
    let client = SlackClient::new(&installation.config.slack.api_url, token.clone())?;
    Ok(client.trying_once(installation.patience.call))
}

/// The configured channels, each once.
fn channels(slack: &Slack) -> Vec<String> {
    let mut channels: Vec<String> =
        [&slack.helpdesk_channel, &slack.admin_channel].into_iter().flatten().cloned().collect();
    channels.dedup();
    channels
}

/// How far this machine is before Slack, which read its clock at some moment between these two. Slack tells whole
/// seconds, so a second either way is none.
fn seconds_before(before: Timestamp, after: Timestamp, there: Timestamp) -> i64 {
    let (before, after, there) = (before.as_second(), after.as_second(), there.as_second());
    match there {
        there if there > after => after - there,
        there if there < before => before - there,
        _ => 0,
    }
}

fn granted(found: &installation::Installation, scope: &str) -> Outcome {
    match &found.scopes {
        Some(scopes) if scopes.contains(scope) => Outcome::Ok(Seen::Granted),
        Some(_) => Outcome::Failed(Fault::NotGranted),
        None => {
            let detail = "Slack did not say which scopes the token has";
            Outcome::Failed(Fault::Unread(gap(Method::AuthTest, GapKind::Error, detail)))
        }
    }
}

fn of_a_token(method: Method, kind: SlackErrorKind) -> Fault {
    let error = SlackError { method: method.name(), kind };
    match &error.kind {
        SlackErrorKind::Api(code) if !error.passes() => Fault::NotTaken(code.clone()),
        SlackErrorKind::MissingScope(scope) => Fault::NotTaken(format!("missing_scope: {scope}")),
        kind => Fault::Unread(unread(method, kind)),
    }
}

async fn channel(client: &SlackClient, scopes: Option<&BTreeSet<String>>, id: String) -> Check {
    let lacks = |scope: &str| scopes.is_some_and(|scopes| !scopes.contains(scope));
    let outcome = match client.own_channel(&id).await {
        Ok(channel) if channel.is_archived => Outcome::Failed(Fault::ChannelArchived { name: channel.name }),
        Ok(channel) if channel.is_member => Outcome::Ok(Seen::InChannel { name: channel.name }),
        Ok(channel) => Outcome::Failed(Fault::NotInChannel { name: channel.name }),
        // Slack may name several, of which any one will do.
        Err(SlackError { kind: SlackErrorKind::MissingScope(named), .. }) => {
            let missing = ["channels:read", PRIVATE].into_iter().find(|scope| lacks(scope));
            return skipped_for(id, missing.unwrap_or(&named));
        }
        Err(SlackError { kind: SlackErrorKind::Api(code), .. }) if code == "channel_not_found" => {
            match lacks(PRIVATE) {
                true => return skipped_for(id, PRIVATE),
                false => Outcome::Failed(Fault::NoSuchChannel),
            }
        }
        Err(error) => Outcome::Failed(Fault::Unread(unread(Method::ConversationsInfo, &error.kind))),
    };
    Check { id: Id::SlackChannel(id), outcome }
}

/// Who is in the user group of the help desk.
async fn help_desk(client: &SlackClient, group: &str) -> Check {
    let id = Id::SlackHelpDesk;
    let outcome = match client.user_group_members(group).await {
        Ok(members) if members.is_empty() => Outcome::Failed(Fault::EmptyUserGroup(group.to_owned())),
        Ok(members) => Outcome::Ok(Seen::HelpDesk { members: members.len() }),
        Err(SlackError { kind: SlackErrorKind::MissingScope(scope), .. }) => {
            return skipped(id, Id::SlackScope(scope));
        }
        Err(SlackError { kind: SlackErrorKind::Api(code), .. }) if code == "no_such_subteam" => {
            Outcome::Failed(Fault::NoSuchUserGroup(group.to_owned()))
        }
        Err(error) => Outcome::Failed(Fault::Unread(unread(Method::UsergroupsUsersList, &error.kind))),
    };
    Check { id, outcome }
}

fn skipped_for(channel: String, scope: &str) -> Check {
    skipped(Id::SlackChannel(channel), Id::SlackScope(scope.to_owned()))
}

fn unread(method: Method, kind: &SlackErrorKind) -> Gap {
    let of = match kind {
        SlackErrorKind::RateLimited { .. } => GapKind::Throttled,
        SlackErrorKind::Timeout => GapKind::Timeout,
        _ => GapKind::Error,
    };
    gap(method, of, &kind.to_string())
}

fn gap(method: Method, kind: GapKind, detail: &str) -> Gap {
    Gap { kind, operation: format!("slack:{}", method.name()), detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_that_an_answer_takes_is_no_fault_of_a_clock() {
        let at = |seconds: i64| Timestamp::from_second(1_790_000_000 + seconds).expect("a time");
        assert_eq!(seconds_before(at(0), at(6), at(3)), 0);
        assert_eq!(seconds_before(at(0), at(6), at(106)), -100);
        assert_eq!(seconds_before(at(0), at(6), at(-100)), 100);
    }
}
