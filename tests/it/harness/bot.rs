//! The bot of a world: how it is started, what it knows of the company, and what the doctor looks at.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_ssoadmin::config::Credentials;
use jiff::Timestamp;
use sso_why::config::{self, Config, Mode, Secrets, SlackSecret};
use sso_why::desk::Desk;
use sso_why::doctor::Installation;
use sso_why::gather::{ConnectedIdp, IdpSource};
use sso_why::jobs::Beat;
use sso_why::sandbox::Sandbox;
use sso_why::sandbox::graph::GRAPH_TOKEN;
use sso_why::sandbox::okta::OKTA_TOKEN;
use sso_why::sandbox::scenario::idp::IdpKind;
use sso_why::sandbox::slack::{APP_TOKEN, BOT_TOKEN, SIGNING_SECRET};
use sso_why::serve::{self, Circumstances};
use sso_why::slack::socket::Pace;
use sso_why::sources::entra::credential::EntraCredential;
use sso_why::sources::entra::{self, Entra};
use sso_why::sources::okta::{self, Okta};
use sso_why::sources::{Limits, Patience};
use sso_why::store::Store;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;

use super::PATIENCE;
use super::leftovers::Journal;

/// More calls in a second than any test makes: no test waits for a turn.
const ANY: NonZeroU32 = NonZeroU32::new(1_000_000).expect("is not zero");

/// No limit that a test could reach. What the limits are in production, the unit tests of [`Limits`] say.
pub const UNLIMITED: Limits = Limits {
    sso_admin: ANY,
    identity_store: ANY,
    list_accounts: ANY,
    describe_account: ANY,
    reports: 1_000_000,
    report_window: Duration::ZERO,
};

/// The bot, on threads of its own, so that it can be ended as a process that dies.
pub struct Bot {
    pub url: String,
    pub threads: Runtime,
}

/// All that a bot of this company is made of, as often as one is started.
pub struct Setup {
    pub config: Config,
    pub store: Store,
    /// The same, for whoever is not the bot.
    pub beside: Store,
    pub sandbox: Arc<Sandbox>,
    pub aws: SdkConfig,
    pub connected: Option<ConnectedIdp>,
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    pub patience: Patience,
    pub with_the_idp: Patience,
    pub stop: CancellationToken,
    pub journal: Arc<Journal>,
}

impl Setup {
    pub fn circumstances(&self) -> Circumstances {
        Circumstances {
            // Without TLS, whose roots each client of the SDK would read from the machine.
            aws: self
                .aws
                .to_builder()
                .http_client(aws_smithy_http_client::Builder::new().build_http())
                .build(),
            clock: self.now.clone(),
            patience: self.patience,
            limits: UNLIMITED,
            deadline: PATIENCE,
            beat: Beat { poll: Duration::from_millis(25), ..Beat::default() },
            pace: Pace { first_pause: Duration::from_millis(20), ..Pace::default() },
            // The simulated Slack shows no answer before the acknowledgement.
            head_start: Duration::ZERO,
            quiet: Duration::from_millis(30),
            idp: self.connected.clone(),
        }
    }

    /// The bot, on a port of its own.
    pub fn start(&self) -> Bot {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("can wait");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (config, store, circumstances) = (self.config.clone(), self.store.clone(), self.circumstances());
        let (secrets, stop) = (self.secrets(), self.stop.clone().cancelled_owned());
        let journal = self.journal.clone();
        let threads = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .on_thread_start(move || journal.records_this_thread())
            .build()
            .expect("threads");
        threads.spawn(async move {
            let listener = TcpListener::from_std(listener).expect("listens");
            serve::run(config, secrets, store, circumstances, listener, stop).await
        });
        Bot { url, threads }
    }

    /// What a command of the terminal works with.
    pub fn desk(&self) -> Arc<Desk> {
        let circumstances = self.circumstances();
        serve::desk(&self.config, &self.secrets(), &self.beside, &circumstances)
            .expect("a client can be made")
    }

    /// What the doctor looks at: with a client of its own, as each `sso-why doctor` has one.
    pub fn installation(&self) -> Installation {
        let mut config = self.config.clone();
        // As it is where nothing is said.
        config.digest = config::Digest::default();
        match self.sandbox.scenario.idp {
            None => {}
            Some(IdpKind::Entra) => {
                config.entra = Some(config::Entra {
                    tenant_id: None,
                    client_id: None,
                    credential: config::EntraCredentialKind::default(),
                    service_principal_id: None,
                    graph_url: String::new(),
                });
            }
            Some(IdpKind::Okta) => {
                config.okta = Some(config::Okta { org_url: String::new(), client_id: None, app_id: None });
            }
        }
        let Secrets { slack_bot_token, slack } = self.secrets();
        let url = self.sandbox.workspace().sandbox_url.clone();
        Installation {
            config,
            config_file: Some("sso-why.toml".to_owned()),
            wrong: Vec::new(),
            slack_bot_token: Some(slack_bot_token),
            slack_app_token: slack.app_token(),
            aws: self.aws.clone(),
            idp: idp(&self.sandbox, &url, self.with_the_idp).map(Ok),
            clock: self.now.clone(),
            patience: self.patience,
            limits: UNLIMITED,
        }
    }

    /// What the simulated Slack knows the bot by.
    fn secrets(&self) -> Secrets {
        let slack = match self.config.server.mode {
            Mode::Http => SlackSecret::Signing(SIGNING_SECRET.into()),
            Mode::Socket => SlackSecret::AppToken(APP_TOKEN.into()),
        };
        Secrets { slack_bot_token: BOT_TOKEN.into(), slack }
    }
}

/// The client of the company's IdP, where it has one.
pub fn idp(sandbox: &Sandbox, url: &str, patience: Patience) -> Option<IdpSource> {
    match sandbox.scenario.idp? {
        IdpKind::Entra => {
            let settings = entra::Settings { graph_url: format!("{url}/v1.0"), service_principal_id: None };
            let token = EntraCredential::AccessToken(GRAPH_TOKEN.into());
            let entra = Entra::new(settings, token, patience, UNLIMITED).expect("a client of Graph");
            Some(IdpSource::Entra(Arc::new(entra)))
        }
        IdpKind::Okta => {
            let token = okta::credential::Credential::api_token(OKTA_TOKEN.into());
            let okta = Okta::new(url, None, token, patience).expect("a client of Okta");
            Some(IdpSource::Okta(Arc::new(okta)))
        }
    }
}

/// The SDK's configuration for a company at this address.
pub async fn aws(url: &str) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .endpoint_url(url)
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "example", None, None, "test"))
        .load()
        .await
}
