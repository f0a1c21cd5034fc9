//! Who is served, and where: by default no guest, nobody of another organization, and no channel that another
//! organization reads.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use tokio::sync::OnceCell;

use super::work::Again;
use super::{Desk, Press};
use crate::config;
use crate::slack::SlackError;
use crate::slack::client::{Identity, SlackClient, SlackUser};
use crate::words::slack::{Message, replies};

/// Somebody who stops being a guest, and a channel that stops being shared, wait no longer than this; a crowd
/// of questions costs one look-up.
const REMEMBERED: Duration = Duration::from_secs(60);
/// People and channels remembered at most; each is a few bytes.
const MOST: u64 = 10_000;

/// Where somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Staff,
    Guest,
    Outsider,
    /// Slack says of what workspace neither they nor the bot are.
    Unclear,
}

/// By whom and where something is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visit<'v> {
    pub(super) user: &'v str,
    /// Nothing where it is no channel's matter, as with the Home tab.
    pub(super) channel: Option<&'v str>,
    /// Whether the channel is shared with another organization, where Slack has said so by itself.
    pub(super) is_shared_outside: Option<bool>,
}

impl<'v> Visit<'v> {
    pub(super) fn of(user: &'v str, channel: Option<&'v str>) -> Self {
        Self { user, channel, is_shared_outside: None }
    }

    pub(super) fn by(press: &'v Press) -> Self {
        Self::of(&press.user, press.channel.as_deref())
    }
}

/// What Slack says of people and channels, remembered for a while.
pub(super) struct Admission {
    slack: SlackClient,
    guests: bool,
    shared_channels: bool,
    bot: OnceCell<Identity>,
    people: Cache<String, Standing>,
    channels: Cache<String, bool>,
}

impl Admission {
    pub(super) fn new(slack: SlackClient, settings: &config::Slack) -> Self {
        Self {
            slack,
            guests: settings.guests,
            shared_channels: settings.shared_channels,
            bot: OnceCell::new(),
            people: Cache::builder().max_capacity(MOST).time_to_live(REMEMBERED).build(),
            channels: Cache::builder().max_capacity(MOST).time_to_live(REMEMBERED).build(),
        }
    }

    /// Who the bot is. It is the same for as long as the process lives.
    pub(super) async fn bot(&self) -> Result<&Identity, SlackError> {
        self.bot.get_or_try_init(|| self.slack.auth_test()).await
    }

    async fn refuses(&self, visit: Visit<'_>) -> Result<Option<Message>, Arc<SlackError>> {
        let (person, channel) =
            futures::future::join(self.refuses_the_person(visit), self.refuses_the_channel(visit)).await;
        Ok(person?.or(channel?))
    }

    async fn refuses_the_person(&self, visit: Visit<'_>) -> Result<Option<Message>, Arc<SlackError>> {
        if self.guests && self.shared_channels {
            return Ok(None);
        }
        let user = visit.user;
        let standing = self.people.try_get_with_by_ref(user, self.standing(user)).await;
        let standing = match standing {
            Err(error) if !error.passes() => {
                tracing::error!(%error, "whether somebody is of the organization could not be read");
                return Ok(Some(replies::cannot_tell_whose_you_are(error.lacks())));
            }
            standing => standing?,
        };
        Ok(match standing {
            Standing::Guest if !self.guests => Some(replies::not_for_guests()),
            Standing::Outsider if !self.shared_channels => Some(replies::not_for_outsiders()),
            Standing::Unclear => Some(replies::cannot_tell_whose_you_are(None)),
            Standing::Staff | Standing::Guest | Standing::Outsider => None,
        })
    }

    async fn standing(&self, user: &str) -> Result<Standing, SlackError> {
        let (user, bot) = (self.slack.user(user).await?, self.bot().await?);
        Ok(standing(&user, bot))
    }

    async fn refuses_the_channel(&self, visit: Visit<'_>) -> Result<Option<Message>, Arc<SlackError>> {
        // Whoever writes to the bot directly is judged as a person.
        let Some(channel) = visit.channel.filter(|id| !id.starts_with('D') && !self.shared_channels) else {
            return Ok(None);
        };
        let is_shared = match visit.is_shared_outside {
            Some(is_shared) => Ok(is_shared),
            None => self.channels.try_get_with_by_ref(channel, self.is_shared(channel)).await,
        };
        match is_shared {
            Ok(true) => Ok(Some(replies::channel_is_shared())),
            Ok(false) => Ok(None),
            Err(error) if error.passes() => Err(error),
            Err(error) => {
                tracing::warn!(%error, "whether a channel is shared could not be read");
                Ok(Some(replies::cannot_tell_who_reads_here(error.lacks())))
            }
        }
    }

    async fn is_shared(&self, channel: &str) -> Result<bool, SlackError> {
        Ok(self.slack.channel(channel).await?.is_shared_outside)
    }
}

fn standing(user: &SlackUser, bot: &Identity) -> Standing {
    let same = |theirs: &Option<String>, ours: &Option<String>| Some(theirs.as_ref()? == ours.as_ref()?);
    let of_the_team = same(&user.team_id, &bot.team_id);
    let of_the_enterprise = same(&user.enterprise_id, &bot.enterprise_id);
    match (of_the_team, of_the_enterprise) {
        _ if user.is_stranger => Standing::Outsider,
        (Some(true), _) | (_, Some(true)) if user.is_guest => Standing::Guest,
        (Some(true), _) | (_, Some(true)) => Standing::Staff,
        (Some(false), _) | (_, Some(false)) => Standing::Outsider,
        (None, None) => Standing::Unclear,
    }
}

impl Desk {
    /// What to say to somebody who is not served, or not here; nothing where they are. Asked before anything
    /// is answered or opened.
    pub(super) async fn unwelcome(&self, visit: Visit<'_>) -> Result<Option<Message>, Again> {
        self.admission.refuses(visit).await.map_err(|error| Again::after(&error))
    }

    /// The same where there is no time to ask again.
    pub(super) async fn unwelcome_now(&self, visit: Visit<'_>) -> Option<Message> {
        self.unwelcome(visit).await.unwrap_or_else(|Again| Some(replies::cannot_tell_whose_you_are(None)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bot(team: Option<&str>, enterprise: Option<&str>) -> Identity {
        Identity {
            user_id: "U0BOT".to_owned(),
            team_id: team.map(str::to_owned),
            enterprise_id: enterprise.map(str::to_owned),
            bot_id: None,
        }
    }

    fn user(team: Option<&str>, enterprise: Option<&str>) -> SlackUser {
        SlackUser {
            id: "U0DANA".to_owned(),
            name: "Dana".to_owned(),
            email: None,
            time_zone: None,
            deleted: false,
            is_bot: false,
            is_guest: false,
            is_stranger: false,
            team_id: team.map(str::to_owned),
            enterprise_id: enterprise.map(str::to_owned),
        }
    }

    #[test]
    fn a_person_is_of_the_team_or_of_the_same_enterprise() {
        let ours = bot(Some("T0OURS"), None);
        assert_eq!(standing(&user(Some("T0OURS"), None), &ours), Standing::Staff);
        assert_eq!(standing(&user(Some("T0THEIRS"), None), &ours), Standing::Outsider);
        let grid = bot(Some("T0OURS"), Some("E0GRID"));
        assert_eq!(standing(&user(Some("T0OTHER"), Some("E0GRID")), &grid), Standing::Staff);
        assert_eq!(standing(&user(Some("T0OTHER"), Some("E0OTHER")), &grid), Standing::Outsider);
        let whole_organization = bot(None, Some("E0GRID"));
        assert_eq!(standing(&user(None, Some("E0GRID")), &whole_organization), Standing::Staff);
        assert_eq!(standing(&user(None, Some("E0OTHER")), &whole_organization), Standing::Outsider);
    }

    #[test]
    fn what_slack_does_not_say_is_not_guessed() {
        assert_eq!(standing(&user(None, None), &bot(Some("T0OURS"), None)), Standing::Unclear);
        assert_eq!(standing(&user(Some("T0OURS"), None), &bot(None, None)), Standing::Unclear);
    }

    #[test]
    fn a_guest_of_ours_is_a_guest_and_one_of_others_an_outsider() {
        let ours = bot(Some("T0OURS"), None);
        let guest = |team| SlackUser { is_guest: true, ..user(Some(team), None) };
        assert_eq!(standing(&guest("T0OURS"), &ours), Standing::Guest);
        assert_eq!(standing(&guest("T0THEIRS"), &ours), Standing::Outsider);
        let stranger = SlackUser { is_stranger: true, ..user(None, None) };
        assert_eq!(standing(&stranger, &ours), Standing::Outsider);
    }
}
