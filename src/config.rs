//! The configuration: one TOML file and, for secrets and a few addresses, the environment. The only room
//! that reads the environment.
//!
//! Reading order: this file is what there is to set; [`place`] finds it, [`mod@file`] reads and refuses the TOML,
//! whose keys [`settings`] lists, [`identity_center`], [`identity_source`], [`idp`], [`mod@digest`] and [`store`] its sections that have rules
//! of their own; [`mod@aws`] refuses addresses of AWS; [`secrets`] and [`idp_secrets`] read what must not stand in a file
//! that people share; [`text`] reads any file.

mod place;
mod file;
mod settings;
mod identity_center;
mod identity_source;
mod idp;
mod digest;
mod store;
mod aws;
mod secrets;
mod idp_secrets;
mod text;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use secrecy::ExposeSecret as _;

pub use crate::diagnosis::facts::IdentitySource;
pub use aws::aws_endpoint;
pub use digest::Digest;
pub use identity_center::is_region;
pub use idp_secrets::{EntraCredential, IdpSecrets, OktaCredential};
pub use place::read_from;
use place::{PATH_VARIABLE, Place, TEXT_VARIABLE};
pub use secrets::{Secrets, SlackSecret};

/// Stands above the file's channel of the help desk.
const HELPDESK_CHANNEL: &str = "SSO_WHY_HELPDESK_CHANNEL";

/// Looks a variable up in the environment, or in what a test puts in its place.
pub type Environment<'e> = &'e dyn Fn(&str) -> Option<String>;

/// The environment of this process; a variable that is not Unicode counts as absent.
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Everything that can be set.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    pub server: Server,
    pub slack: Slack,
    pub aws: Aws,
    /// Never beside `okta`: Identity Center has one identity source.
    pub entra: Option<Entra>,
    pub okta: Option<Okta>,
    /// `[identity_source] kind`: where Identity Center's people come from; shown by the records where left out.
    pub identity_source: Option<IdentitySource>,
    pub actions: Actions,
    pub digest: Digest,
    pub store: Store,
}

/// `[server]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    /// Where Slack's requests arrive, and probes in either mode; also `SSO_WHY_LISTEN`.
    pub listen: SocketAddr,
    /// Also `SSO_WHY_MODE`.
    pub mode: Mode,
}

impl Server {
    /// Where the bot is asked from beside it: a socket that is bound to every address is reached at the loopback one.
    pub fn reached_at(&self) -> SocketAddr {
        let ip = match self.listen.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        SocketAddr::new(ip, self.listen.port())
    }
}

/// How Slack reaches the bot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Slack sends signed requests to a public address.
    #[default]
    Http,
    /// The bot connects to Slack (Socket Mode), and Slack sends through those connections.
    Socket,
}

/// `[slack]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Slack {
    /// Slack's Web API; also `SLACK_API_URL`.
    pub api_url: String,
    /// Escalations go here; without it there is no button for them. Also `SSO_WHY_HELPDESK_CHANNEL`.
    pub helpdesk_channel: Option<String>,
    /// The digest goes here; also `SSO_WHY_ADMIN_CHANNEL`.
    pub admin_channel: Option<String>,
    pub look_up_others: LookUpOthers,
    pub helpdesk_members: HelpDeskMembers,
    /// The profile field that holds a further e-mail address of a person; without it none is read.
    pub email_field: Option<String>,
    /// Questions of one person in a minute; somebody of the help desk may ask three times as many.
    pub questions_per_minute: u16,
    /// Whether guests may ask, who are in the organization's Slack and not of its staff.
    pub guests: bool,
    /// Whether channels that are shared with other organizations count, and the people of those may ask.
    pub shared_channels: bool,
}

/// Who may ask about somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookUpOthers {
    HelpDesk,
    Everyone,
}

/// Who is of the help desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HelpDeskMembers {
    /// The members of the help-desk channel.
    Channel,
    /// The members of a user group, by its id (`S…`).
    UserGroup(String),
    /// These users, by id.
    Users(Vec<String>),
}

/// `[aws]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aws {
    /// Where Identity Center lives; the SDK's own chain where left out.
    pub region: Option<String>,
    /// Found by ListInstances where left out.
    pub instance_arn: Option<String>,
    /// Found by ListInstances where left out.
    pub identity_store_id: Option<String>,
}

/// `[entra]`: Entra ID is the IdP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entra {
    /// Also `AZURE_TENANT_ID`.
    pub tenant_id: Option<String>,
    /// Of the app that the bot is in Entra; also `AZURE_CLIENT_ID`.
    pub client_id: Option<String>,
    pub credential: EntraCredentialKind,
    /// The object id of the enterprise application for AWS; found by name where left out.
    pub service_principal_id: Option<String>,
    /// Microsoft Graph with its version, without a slash at its end.
    pub graph_url: String,
}

/// How the bot proves to Entra ID who it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EntraCredentialKind {
    #[default]
    ClientSecret,
    WorkloadIdentity,
    ManagedIdentity,
}

/// `[okta]`: Okta is the IdP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Okta {
    /// Without a slash at its end; also `OKTA_CLIENT_ORGURL`.
    pub org_url: String,
    /// Of the API service app, where it signs in with a private key; also `OKTA_CLIENT_CLIENTID`, as Okta's own SDKs
    /// call it.
    pub client_id: Option<String>,
    /// The app integration for AWS; found by name where left out.
    pub app_id: Option<String>,
}

/// `[actions]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Actions {
    /// Whether the help desk may have a person and a group synchronized at once.
    pub force_sync: bool,
}

/// `[store]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// Also `DATABASE_URL`.
    pub url: StoreUrl,
    /// How long is kept what is done with: questions, resolved tickets, watches that ended.
    pub retention_days: u16,
}

/// Where the store is. It may hold a password, so it is not shown.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreUrl(pub String);

impl fmt::Debug for StoreUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("StoreUrl(…)")
    }
}

impl Default for Store {
    fn default() -> Self {
        Self { url: StoreUrl("sqlite://sso-why.db".to_owned()), retention_days: 90 }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            server: Server { listen: SocketAddr::from(([127, 0, 0, 1], 8080)), mode: Mode::default() },
            slack: Slack {
                api_url: "https://slack.com/api".to_owned(),
                helpdesk_channel: None,
                admin_channel: None,
                look_up_others: LookUpOthers::HelpDesk,
                helpdesk_members: HelpDeskMembers::Channel,
                email_field: None,
                questions_per_minute: 20,
                guests: false,
                shared_channels: false,
            },
            aws: Aws::default(),
            entra: None,
            okta: None,
            identity_source: None,
            actions: Actions::default(),
            digest: Digest::default(),
            store: Store::default(),
        }
    }
}

/// Why the configuration is refused; each is one sentence that says how to mend it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    #[error("{path} could not be read: {why}; {mend}, or name another file with --config or {PATH_VARIABLE}")]
    Unreadable { path: String, why: String, mend: &'static str },
    #[error("both {PATH_VARIABLE} and {TEXT_VARIABLE} are set; keep one of them")]
    TwoFiles,
    #[error(
        "{place} is not TOML: {why}; write it as key = \"value\" below its [section], every text between quotation marks"
    )]
    NotToml { place: String, why: String },
    #[error("{place} has {key}, which is no setting{hint}")]
    UnknownKey { place: String, key: String, hint: String },
    #[error(
        "{place} has {key}, and secrets are read from the environment alone; take it out and set {instead}"
    )]
    SecretInFile { place: String, key: String, instead: &'static str },
    #[error(
        "{place} holds a password, and secrets are read from the environment alone; take it out and set DATABASE_URL"
    )]
    PasswordInFile { place: String },
    #[error(
        "{key} names no store that is known; it must begin with sqlite:// or postgres://, as in sqlite://sso-why.db"
    )]
    NoStoreUrl { key: String },
    #[error(
        "{key} keeps everything in memory, so that a restart would lose what people were promised; name a file, as sqlite:///var/lib/sso-why/sso-why.db"
    )]
    StoreInMemory { key: String },
    #[error(
        "{key} is no address of a PostgreSQL; write it as postgres://USER:PASSWORD@HOST:5432/DATABASE, and in the password % as %25, @ as %40, : as %3A, / as %2F, ? as %3F and # as %23"
    )]
    NoServerUrl { key: String },
    #[error("{key} cannot be {found}; it must be {expected}")]
    Wrong { key: String, expected: &'static str, found: String },
    #[error(
        "{key} must be an https URL (http on this machine only), not {found}; change it or take it out, so that nobody on the way can read what is sent to AWS"
    )]
    Endpoint { key: String, found: String },
    #[error(
        "{place} has [okta] beside [entra], and Identity Center has one identity source; keep one of them"
    )]
    TwoIdps { place: String },
    #[error(
        "{key} cannot be {found} beside [{idp}], which is an external IdP; take one of them out, since Identity Center has one identity source"
    )]
    SourceBesideIdp { key: String, found: &'static str, idp: &'static str },
    #[error("{needed} is missing, and {by} needs it; {mend}")]
    Missing { needed: &'static str, by: &'static str, mend: &'static str },
    #[error("both OKTA_CLIENT_TOKEN and OKTA_CLIENT_PRIVATEKEY are set; keep one of them")]
    TwoOktaSecrets,
    #[error("the environment lacks {}; set {}", .0.join(" and "), .0.iter().map(|name| format!("{name} or {name}_FILE")).collect::<Vec<_>>().join(" and "))]
    MissingSecrets(Vec<&'static str>),
    #[error(
        "[server] mode is \"http\", which needs SLACK_SIGNING_SECRET, and SLACK_APP_TOKEN is set instead; to have the bot connect to Slack, set [server] mode = \"socket\" or SSO_WHY_MODE=socket; to have Slack call the bot, set SLACK_SIGNING_SECRET or SLACK_SIGNING_SECRET_FILE"
    )]
    OtherModesSecret,
    #[error(
        "SLACK_APP_TOKEN is no app-level token, which begins with xapp-; take the one under \"App-Level Tokens\" in the app's settings"
    )]
    NoAppToken,
    #[error(
        "SLACK_BOT_TOKEN is no bot token, which begins with xoxb- and has no spaces; take the \"Bot User OAuth Token\" under \"OAuth & Permissions\" in the app's settings"
    )]
    NoBotToken,
    #[error("both {0} and {0}_FILE are set; keep one of them")]
    SetTwice(&'static str),
    #[error("{name}_FILE names {path}, which could not be read: {why}; {mend}, or name another file")]
    UnreadableSecret { name: &'static str, path: String, why: String, mend: &'static str },
    #[error("{name}_FILE names {path}, which is empty; write the secret into it")]
    EmptySecret { name: &'static str, path: String },
}

impl Config {
    /// Reads the file that `--config`, `SSO_WHY_CONFIG` or the working directory names, or the text that
    /// `SSO_WHY_CONFIG_TOML` holds in its place, then the environment.
    ///
    /// # Errors
    /// Where a named file cannot be read, or something in it is no setting or no value for it.
    pub fn load(named: Option<&Path>, environment: Environment) -> Result<Self, ConfigError> {
        let mut config = match place::place(named, environment)? {
            Some(Place::Text(text)) => file::parse(TEXT_VARIABLE, &text, environment)?,
            Some(Place::File(path)) => file::read(&path, environment)?,
            None => Self::default(),
        };
        if let Some(listen) = environment("SSO_WHY_LISTEN") {
            config.server.listen = file::address("SSO_WHY_LISTEN", &listen)?;
        }
        if let Some(mode) = environment("SSO_WHY_MODE") {
            config.server.mode = file::mode("SSO_WHY_MODE", &mode)?;
        }
        if let Some(url) = environment("SLACK_API_URL") {
            config.slack.api_url = file::api_url("SLACK_API_URL", &url)?;
        }
        for (variable, channel) in [
            (HELPDESK_CHANNEL, &mut config.slack.helpdesk_channel),
            ("SSO_WHY_ADMIN_CHANNEL", &mut config.slack.admin_channel),
        ] {
            if let Some(id) = environment(variable) {
                *channel = Some(file::channel((variable.to_owned(), &id))?);
            }
        }
        if let Some(url) = secrets::secret("DATABASE_URL", environment)? {
            config.store.url = store::url("DATABASE_URL", url.expose_secret())?;
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests;
