//! A company and the gatherer, over the wire, without a bot and a store: one address for one company after another.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use aws_config::SdkConfig;
use jiff::{SignedDuration, Timestamp};
use sso_why::gather::{Clock, ConfiguredInstance, ConnectedIdp, Gather};
use sso_why::sandbox::Sandbox;
use sso_why::sandbox::company::Company;
use sso_why::sandbox::scenario::Scenario;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use super::bot::{UNLIMITED, aws, idp};
use super::ground::{loopback, thread_of_the_company};
use super::{LONG, NOON, PATIENCE};

/// A company on loopback that can be replaced by another one with the same IdP.
pub struct Wire {
    pub sandbox: Arc<Sandbox>,
    clock: Arc<AtomicI64>,
    now: Clock,
    aws: SdkConfig,
    idp: Option<ConnectedIdp>,
    stop: CancellationToken,
    company: Option<Runtime>,
}

impl Wire {
    pub async fn of(scenario: Scenario) -> Self {
        let clock = Arc::new(AtomicI64::new(noon().as_second()));
        let now: Clock = {
            let clock = clock.clone();
            Arc::new(move || Timestamp::from_second(clock.load(Ordering::SeqCst)).expect("a time"))
        };
        let sandbox = Sandbox::new(scenario, now.clone());
        let (listener, url) = loopback().await;
        let stop = CancellationToken::new();
        let company = Some(thread_of_the_company(listener, sandbox.router(), stop.clone()));
        let idp = idp(&sandbox, &url, LONG).map(|source| ConnectedIdp { source, patience: LONG.call });
        // One client for all companies, so that connections are made once.
        let client = aws_smithy_http_client::Builder::new().build_http();
        let aws = aws(&url).await.to_builder().http_client(client).build();
        Self { sandbox, clock, now, aws, idp, stop, company }
    }

    /// Another company takes the place of the present one, at the same moment.
    pub fn found(&self, scenario: &Scenario) {
        self.clock.store(noon().as_second(), Ordering::SeqCst);
        *self.sandbox.company() = Company::found(scenario, noon());
        self.sandbox.faults.clear();
        self.sandbox.rights.give_all_back();
    }

    /// A gatherer that remembers nothing.
    pub fn gather(&self) -> Gather {
        let (aws, instance) = (&self.aws, ConfiguredInstance::default());
        Gather::new(aws, instance, self.idp.clone(), LONG, UNLIMITED, PATIENCE, self.now.clone())
    }

    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// Time goes by.
    pub fn pass(&self, time: SignedDuration) {
        self.clock.fetch_add(time.as_secs(), Ordering::SeqCst);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(company) = self.company.take() {
            company.shutdown_background();
        }
    }
}

fn noon() -> Timestamp {
    NOON.parse().expect("a time")
}
