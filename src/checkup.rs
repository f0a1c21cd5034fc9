//! The check-up of an installation: what it needs, what was seen of each need, and whether all is well. It does no
//! I/O; `doctor` looks, the sources say what came of a try, and `words` tell it.
//!
//! Reading order: this file is what there is to check and how it can stand; [`needs`] is all that the bot is to be
//! allowed.

pub mod needs;
#[cfg(test)]
mod tests;

use crate::diagnosis::facts::idp::SyncState;
use crate::diagnosis::facts::{Gap, IdentitySource};

/// What was seen of everything that was checked, in the order of telling.
#[derive(Clone, Debug, Default)]
pub struct Checkup {
    pub checks: Vec<Check>,
    pub known: Known,
    /// Whether Slack sends its requests over HTTP, and none has come yet. That they arrive, and are signed with the
    /// secret that the bot has, nothing at Slack can be asked: only the first of them proves it.
    pub has_to_be_proven: bool,
}

impl Checkup {
    /// Whether nothing failed. What could not be tried is no failure of its own: what kept it from being tried is.
    pub fn is_well(&self) -> bool {
        !self.checks.iter().any(|check| matches!(check.outcome, Outcome::Failed(_)))
    }
}

/// What is known of the installation, so that a remedy can name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The configuration file, where there is one.
    pub config_file: Option<String>,
    /// The store's file, from the root on, where it is one.
    pub store_file: Option<String>,
    /// The bot's name in Slack, as it is invited by.
    pub bot_name: Option<String>,
    pub instance_arn: Option<String>,
    pub identity_store_id: Option<String>,
    /// The account that owns the Identity Center instance: the organization's management account.
    pub owner_account: Option<String>,
    /// The account that the bot works in.
    pub account: Option<String>,
    pub region: Option<String>,
}

impl Known {
    /// The account that the bot works in, where that is not the management account.
    pub fn delegated_account(&self) -> Option<&str> {
        let (account, owner) = (self.account.as_deref()?, self.owner_account.as_deref()?);
        (account != owner).then_some(account)
    }
}

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub id: Id,
    pub outcome: Outcome,
}

/// What is checked. The names are a frozen outside format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Id {
    Config,
    Store,
    SlackToken,
    /// In Socket Mode, and over HTTP where there is one all the same.
    SlackAppToken,
    SlackScope(String),
    SlackChannel(String),
    /// Where the help desk is a user group.
    SlackHelpDesk,
    /// Over HTTP, where a bot runs that has been sent any.
    SlackRequests,
    AwsIdentity,
    AwsRegion,
    /// Where one is configured, or there are several.
    AwsInstance,
    /// By its IAM action.
    AwsAction(&'static str),
    /// Where people and groups come from, if no IdP is configured.
    AwsIdentitySource,
    EntraToken,
    EntraPermission(&'static str),
    EntraSyncJob,
    OktaToken,
    OktaScope(&'static str),
    OktaApp,
    Clock,
}

impl Id {
    pub fn name(&self) -> String {
        match self {
            Self::Config => "config".to_owned(),
            Self::Store => "store".to_owned(),
            Self::SlackToken => "slack.token".to_owned(),
            Self::SlackAppToken => "slack.app_token".to_owned(),
            Self::SlackScope(scope) => format!("slack.scope:{scope}"),
            Self::SlackChannel(channel) => format!("slack.channel:{channel}"),
            Self::SlackHelpDesk => "slack.helpdesk_members".to_owned(),
            Self::SlackRequests => "slack.requests".to_owned(),
            Self::AwsIdentity => "aws.identity".to_owned(),
            Self::AwsRegion => "aws.region".to_owned(),
            Self::AwsInstance => "aws.instance".to_owned(),
            Self::AwsAction(action) => format!("aws.{action}"),
            Self::AwsIdentitySource => "aws.identity_source".to_owned(),
            Self::EntraToken => "entra.token".to_owned(),
            Self::EntraPermission(permission) => format!("entra.{permission}"),
            Self::EntraSyncJob => "entra.sync_job".to_owned(),
            Self::OktaToken => "okta.token".to_owned(),
            Self::OktaScope(scope) => format!("okta.{scope}"),
            Self::OktaApp => "okta.app".to_owned(),
            Self::Clock => "clock".to_owned(),
        }
    }
}

/// How it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Ok(Seen),
    Failed(Fault),
    Skipped(Because),
}

impl Outcome {
    pub fn is_ok(&self) -> bool {
        matches!(self, Self::Ok(_))
    }
}

/// What was seen where all is well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    Configured,
    Store(Schema),
    /// There is no file yet, and there can be one.
    StoreToBeMade,
    SignedInToSlack {
        bot: String,
        workspace: String,
    },
    Granted,
    InChannel {
        name: String,
    },
    /// The user group of the help desk.
    HelpDesk {
        members: usize,
    },
    /// So many requests with Slack's signature since the bot was started.
    Arrived {
        count: u64,
    },
    Caller {
        arn: String,
    },
    PrimaryRegion {
        region: String,
        /// Whether AWS itself called it the primary one.
        told: bool,
    },
    /// The Identity Center instance that everything is asked of.
    Instance {
        arn: String,
        /// How many AWS lists, this one included, and how many others may be meant as well.
        listed: usize,
        rivals: usize,
    },
    /// Where people and groups come from.
    IdentitySource {
        source: IdentitySource,
        is_configured: bool,
    },
    Allowed,
    TokenTaken,
    /// An app-level token, over HTTP.
    NotUsed,
    SyncJob {
        application: String,
        state: SyncState,
        /// Other jobs of it that are scheduled as well.
        other_jobs: usize,
        /// Names of other applications that may be meant.
        others: Vec<String>,
    },
    Application {
        name: String,
        state: SyncState,
        /// Names of other applications that may be meant.
        others: Vec<String>,
    },
    OnTime {
        seconds: i64,
    },
}

/// Which schema a store has, beside the one that this program works with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schema {
    /// 0 where nothing was made in it yet.
    pub has: i64,
    pub wanted: i64,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Errors that each say in one sentence what is wrong and how to mend it.
    Said(Vec<String>),
    /// The store was brought to the schema of a later version.
    LaterSchema(Schema),
    /// The credential itself is not taken.
    NotTaken(String),
    /// The bot connects to Slack, and the app has Socket Mode off: nothing comes.
    SocketModeOff,
    /// The bot waits for requests, and the app has Socket Mode on: nothing comes.
    SocketModeOn,
    /// So many requests came since the bot was started, and none was signed with its secret.
    NoSignatureFits {
        count: u64,
    },
    Denied(Denial),
    /// Nobody can tell: no answer, not in time, or not to be understood.
    Unread(Gap),
    NotGranted,
    NoSuchChannel,
    NotInChannel {
        name: String,
    },
    ChannelArchived {
        name: String,
    },
    /// The help desk's user group, by its id.
    NoSuchUserGroup(String),
    EmptyUserGroup(String),
    NoRegion,
    /// No instance in the configured Region; where AWS told, the Region where it is.
    OtherRegion {
        primary: Option<String>,
    },
    /// AWS does not know the instance that is configured.
    NoSuchInstance(ListedInstances),
    /// The bot would ask an account's own instance, which has no assignments, and there is another one.
    AccountInstance(ListedInstances),
    NoApplication,
    NoSyncJob {
        application: String,
    },
    /// This machine is so many seconds before Slack's clock (after, where negative).
    ClockOff {
        seconds: i64,
    },
}

/// What the configuration says of the Identity Center instance, and what it would say rightly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedInstances {
    pub arn_is_configured: bool,
    pub identity_store_is_configured: bool,
    /// The ARN and the identity store of the instance that is meant, where AWS lists one.
    pub meant: Option<(String, String)>,
}

/// Why something could not be tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// Something that it needs is not well.
    Of(Id),
    /// AWS answers it in the management account alone, and the bot works in another one.
    ManagementAccountOnly,
    /// It is refused, and only the digest needs it, which is off.
    NoDigest,
    /// Nothing shows where people come from.
    NothingShows,
    /// It is refused, and the bot does without it.
    Optional,
    /// An API token has no scopes; what it may is tried with this one.
    TriedWith(Id),
}

/// What came of a call that was made only to see whether it is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    Allowed,
    Denied(Denial),
    /// The credential itself is not taken, whatever it is allowed; the service's own code.
    NotTaken(String),
    /// The instance that it was asked of is not there, or its identity store.
    NoInstance,
    Unread(Gap),
}

impl Tried {
    /// How the check of a right stands after this; `credential` is the check of what it was tried with, and
    /// `token_operation` the request for a token where one is made for it.
    pub fn outcome(self, credential: Id, token_operation: &str) -> Outcome {
        match self {
            Self::Allowed => Outcome::Ok(Seen::Allowed),
            Self::Denied(denial) => Outcome::Failed(Fault::Denied(denial)),
            Self::NotTaken(_) => Outcome::Skipped(Because::Of(credential)),
            Self::NoInstance => Outcome::Skipped(Because::Of(Id::AwsInstance)),
            Self::Unread(gap) if gap.operation == token_operation => {
                Outcome::Skipped(Because::Of(credential))
            }
            Self::Unread(gap) => Outcome::Failed(Fault::Unread(gap)),
        }
    }

    /// Whether the right is there for certain.
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed)
    }
}

/// A refusal: the service answered, and the answer was no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// The service's own code.
    pub code: String,
    pub kind: DenialKind,
}

/// What is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DenialKind {
    /// The right itself.
    Right,
    /// Something forbids it expressly: a service control policy, a permissions boundary.
    ExplicitDeny,
    /// The key that encrypts what was asked for.
    Key,
    /// The tenant has no licence for it.
    Licence,
    /// The scope is granted, and the app's administrator role does not allow it.
    AdminRole,
}

/// The tries as they are to be understood beside each other: what was tried with a token that another try was allowed
/// with is refused for want of the right, even where the service speaks of the token. Graph does so for some
/// permissions of synchronization.
pub fn beside_each_other<N>(mut tries: Vec<(N, Tried)>) -> Vec<(N, Tried)> {
    if tries.iter().any(|(_, tried)| tried.is_allowed()) {
        for (_, tried) in &mut tries {
            if let Tried::NotTaken(code) = tried {
                let code = std::mem::take(code);
                *tried = Tried::Denied(Denial { code, kind: DenialKind::Right });
            }
        }
    }
    tries
}

/// How a credential's check stands after everything that was tried with it: bad where it was not taken, unknown
/// where once no token was to be had, else good.
pub fn credential<'t>(tries: impl Iterator<Item = &'t Tried> + Clone, token_operation: &str) -> Outcome {
    let not_taken = tries.clone().find_map(|tried| match tried {
        Tried::NotTaken(code) => Some(Fault::NotTaken(code.clone())),
        _ => None,
    });
    let no_token = || {
        tries.clone().find_map(|tried| match tried {
            Tried::Unread(gap) if gap.operation == token_operation => Some(Fault::Unread(gap.clone())),
            _ => None,
        })
    };
    not_taken.or_else(no_token).map_or(Outcome::Ok(Seen::TokenTaken), Outcome::Failed)
}

/// How far this machine's clock may be off, in seconds. Slack's requests are refused from 300 s on, as are those to
/// AWS; a minute leaves time to notice, and is more than any answer takes.
const CLOCK_MAY_BE_OFF: i64 = 60;

/// How a clock stands that is so many seconds before another one.
pub fn clock(seconds: i64) -> Outcome {
    match seconds.abs() <= CLOCK_MAY_BE_OFF {
        true => Outcome::Ok(Seen::OnTime { seconds }),
        false => Outcome::Failed(Fault::ClockOff { seconds }),
    }
}
