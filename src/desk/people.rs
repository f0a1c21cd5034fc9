//! Who may ask about whom, and who reads as an agent.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;

use super::Desk;
use crate::config::{self, HelpDeskMembers, LookUpOthers};
use crate::slack::SlackError;
use crate::slack::client::SlackClient;

/// A new agent waits no longer than this to be known; a crowd of questions costs one look-up.
const MEMBERS_LIVE: Duration = Duration::from_secs(60);

/// The help desk's members, read from Slack as configured.
pub(super) struct HelpDesk {
    slack: SlackClient,
    everyone_may: bool,
    channel: Option<String>,
    members: HelpDeskMembers,
    remembered: Cache<(), Arc<BTreeSet<String>>>,
}

impl HelpDesk {
    pub(super) fn new(slack: SlackClient, settings: &config::Slack) -> Self {
        Self {
            slack,
            everyone_may: settings.look_up_others == LookUpOthers::Everyone,
            channel: settings.helpdesk_channel.clone(),
            members: settings.helpdesk_members.clone(),
            remembered: Cache::builder().time_to_live(MEMBERS_LIVE).build(),
        }
    }

    /// Whether `asker` may ask about `about`.
    pub(super) async fn lets(&self, asker: &str, about: &str) -> Result<bool, Arc<SlackError>> {
        if asker == about || self.everyone_may {
            return Ok(true);
        }
        self.has(asker).await
    }

    /// Whether this person is of the help desk.
    pub(super) async fn has(&self, user: &str) -> Result<bool, Arc<SlackError>> {
        let members = self.remembered.try_get_with((), self.read()).await?;
        Ok(members.contains(user))
    }

    async fn read(&self) -> Result<Arc<BTreeSet<String>>, SlackError> {
        let members = match (&self.members, &self.channel) {
            (HelpDeskMembers::Users(users), _) => users.clone(),
            (HelpDeskMembers::UserGroup(group), _) => self.slack.user_group_members(group).await?,
            (HelpDeskMembers::Channel, Some(channel)) => self.slack.channel_members(channel).await?,
            (HelpDeskMembers::Channel, None) => Vec::new(),
        };
        Ok(Arc::new(members.into_iter().collect()))
    }
}

impl Desk {
    /// Whether this person reads as an agent. Where that cannot be told they read as anybody does, and the
    /// answer itself does not wait for it.
    pub(super) async fn is_agent(&self, user: &str) -> bool {
        match self.help_desk.has(user).await {
            Ok(is_member) => is_member,
            Err(error) => {
                tracing::warn!(%error, "the help desk's members could not be read, so that nobody reads as one");
                false
            }
        }
    }
}
