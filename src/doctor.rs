//! The doctor: looks at an installation as it is and tries everything that the bot needs, by harmless calls.
//!
//! Reading order: this file is the whole visit; [`slack`], [`aws`], [`entra`] and [`okta`] each look at one service, and
//! [`mod@arrival`] at the bot that runs.
//! What came of a look is decided in [`checkup`](crate::checkup) and told by `words`.

mod arrival;
mod aws;
mod entra;
mod okta;
mod slack;

use aws_config::SdkConfig;
use futures::FutureExt as _;
use futures::future::join5;
use secrecy::SecretString;

use crate::checkup::needs::IAM_ACTIONS;
use crate::checkup::{Because, Check, Checkup, Fault, Id, Known, Outcome, Schema, Seen};
use crate::config::{Config, Mode};
use crate::diagnosis::facts::idp::Idp;
use crate::gather::{Clock, IdpSource};
use crate::slack::app;
use crate::sources::{Limits, Patience};
use crate::store::{Look, Store};

/// An installation: the configuration as far as it could be read, and what goes with it.
pub struct Installation {
    pub config: Config,
    /// What it was read from: a file, or the variable in its place.
    pub config_file: Option<String>,
    /// What is wrong with it or with the secrets, each in a sentence.
    pub wrong: Vec<String>,
    /// Nothing where it could not be read.
    pub slack_bot_token: Option<SecretString>,
    /// In Socket Mode, and over HTTP where it is set all the same; nothing where it could not be read.
    pub slack_app_token: Option<SecretString>,
    pub aws: SdkConfig,
    /// Of the configured IdP; the sentence where the client cannot be made, nothing where its secret could not be read.
    pub idp: Option<Result<IdpSource, String>>,
    pub clock: Clock,
    pub patience: Patience,
    pub limits: Limits,
}

/// Looks at everything.
pub async fn examine(installation: &Installation) -> Checkup {
    let Installation { config, patience, .. } = installation;
    // Boxed, as the types of so many calls at once would overflow the compiler.
    let (store, slack, arrival, aws, idp) = join5(
        store(config).boxed(),
        slack::look(installation).boxed(),
        arrival(config, *patience).boxed(),
        aws::look(installation).boxed(),
        idp(installation).boxed(),
    )
    .await;
    let configured = match installation.wrong.is_empty() {
        true => Outcome::Ok(Seen::Configured),
        false => Outcome::Failed(Fault::Said(installation.wrong.clone())),
    };
    let mut checks =
        vec![Check { id: Id::Config, outcome: configured }, Check { id: Id::Store, outcome: store }];
    let is_proven = arrival.is_some();
    checks.extend(slack.checks);
    checks.extend(arrival);
    checks.extend(aws.checks);
    checks.extend(idp);
    checks.push(Check { id: Id::Clock, outcome: slack.clock });
    let config_file = installation.config_file.clone();
    let store_file = Store::file(&config.store.url.0.as_str().into()).map(|path| path.display().to_string());
    let known = Known { config_file, store_file, bot_name: slack.bot_name, ..aws.known };
    let has_to_be_proven = config.server.mode == Mode::Http && !is_proven;
    Checkup { checks, known, has_to_be_proven }
}

/// The check-up of an installation whose configuration cannot be read at all.
pub fn without_configuration(wrong: String, config_file: Option<String>) -> Checkup {
    let mut checks = vec![Check { id: Id::Config, outcome: Outcome::Failed(Fault::Said(vec![wrong])) }];
    let actions = IAM_ACTIONS.map(Id::AwsAction);
    let needed_in_any_case = app::scopes().into_keys().map(|scope| Id::SlackScope(scope.to_owned()));
    let others = [Id::Store, Id::SlackToken].into_iter().chain(needed_in_any_case);
    let others = others.chain([Id::AwsIdentity, Id::AwsRegion]).chain(actions).chain([Id::Clock]);
    checks.extend(others.map(|id| skipped(id, Id::Config)));
    Checkup { checks, known: Known { config_file, ..Known::default() }, has_to_be_proven: false }
}

async fn arrival(config: &Config, patience: Patience) -> Option<Check> {
    match config.server.mode {
        Mode::Http => arrival::look(config.server.reached_at(), patience.call).await,
        Mode::Socket => None,
    }
}

async fn store(config: &Config) -> Outcome {
    match Store::look(&config.store.url.0.as_str().into()).await {
        Ok(Look::ToBeMade) => Outcome::Ok(Seen::StoreToBeMade),
        Ok(Look::There { schema: has }) => {
            let schema = Schema { has, wanted: Store::SCHEMA };
            match has > Store::SCHEMA {
                true => Outcome::Failed(Fault::LaterSchema(schema)),
                false => Outcome::Ok(Seen::Store(schema)),
            }
        }
        Err(error) => Outcome::Failed(Fault::Said(vec![error.to_string()])),
    }
}

async fn idp(installation: &Installation) -> Vec<Check> {
    let config = &installation.config;
    let forces = config.actions.force_sync;
    let connected = match (&config.entra, &config.okta) {
        (None, None) => return Vec::new(),
        (Some(_), _) => Idp::Entra,
        (None, Some(_)) => Idp::Okta,
    };
    match (&installation.idp, connected) {
        (Some(Ok(IdpSource::Entra(client))), _) => {
            let configured = config.entra.as_ref().and_then(|entra| entra.service_principal_id.clone());
            entra::look(client, configured, forces).await
        }
        (Some(Ok(IdpSource::Okta(client))), _) => okta::look(client, forces, (installation.clock)()).await,
        (Some(Err(wrong)), Idp::Entra) => entra::unlooked(Fault::Said(vec![wrong.clone()]), forces),
        (Some(Err(wrong)), Idp::Okta) => okta::unlooked(Fault::Said(vec![wrong.clone()]), forces),
        (None, Idp::Entra) => all_skipped(entra::ids(forces), Id::Config),
        (None, Idp::Okta) => all_skipped(okta::ids(forces), Id::Config),
    }
}

fn skipped(id: Id, of: Id) -> Check {
    Check { id, outcome: Outcome::Skipped(Because::Of(of)) }
}

fn all_skipped(ids: Vec<Id>, of: Id) -> Vec<Check> {
    ids.into_iter().map(|id| skipped(id, of.clone())).collect()
}
