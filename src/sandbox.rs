//! The simulated company: Slack and AWS on loopback, over their real wire protocols.
//!
//! The newcomer's `sso-why sandbox`, the chat page and every test run on this one world. It has its own
//! model of things and shares no type with the clients in `sources` and `slack`, so that it cannot share
//! their mistakes. Nothing in production knows that it exists.
//!
//! Reading order: a [`scenario`] describes the company, [`company`] holds the AWS side of it and [`idp`] the
//! IdP that feeds it; [`aws`] speaks for AWS, [`graph`] for Entra ID and [`okta`] for Okta; [`workspace`] holds
//! the Slack side and [`slack`] speaks for that; [`page`] is what a person sees in a browser. [`faults`],
//! [`rights`] and [`calls`] are how a test makes things go wrong, forbids them, and counts what was asked; [`time`] is
//! what the page moves forward.

pub mod scenario;
pub mod company;
pub mod idp;
pub mod aws;
pub mod graph;
pub mod okta;
pub mod workspace;
pub mod slack;
pub mod page;
pub mod faults;
pub mod rights;
pub mod calls;
pub mod time;

use std::sync::{Arc, Mutex, MutexGuard};

use axum::http::{HeaderValue, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::Response;
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};
use tower_http::limit::RequestBodyLimitLayer;

use calls::Calls;
use company::Company;
use faults::Faults;
use page::standing::Standing;
use rights::Rights;
use scenario::Scenario;
use slack::outgoing::delivery::Carrier;
use slack::sockets::Sockets;
use time::Time;
use workspace::Workspace;

/// Bytes of a request's body at most: the bot's own bound for what Slack sends, and beyond what any call here needs.
const LARGEST_BODY: usize = 1024 * 1024;

/// What time it is in the company. Tests hold it still and move it; `sso-why sandbox` lets it run.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// One company. Cheap to share; dropped, it is gone.
pub struct Sandbox {
    pub scenario: Scenario,
    pub faults: Faults,
    pub rights: Rights,
    pub calls: Calls,
    pub clock: Clock,
    /// What moves that clock forward.
    pub time: Time,
    /// Tells whoever runs the bot that the company was founded anew, and waits until the bot has forgotten it.
    pub anew: Word,
    /// Tells whoever runs the bot that somebody wants the day's digest now, and waits until it is posted.
    pub digest_wanted: Word,
    /// The connections of Socket Mode.
    pub sockets: Sockets,
    carrier: Carrier,
    company: Mutex<Company>,
    workspace: Mutex<Workspace>,
    standing: Mutex<Standing>,
}

/// A word to whoever runs the bot beside the company, and the answer that it has been heeded.
#[derive(Default)]
pub struct Word(Mutex<Option<mpsc::Sender<oneshot::Sender<()>>>>);

impl Word {
    /// Each message is the word once; it is answered once it has been heeded.
    pub fn listen(&self) -> mpsc::Receiver<oneshot::Sender<()>> {
        let (tell, told) = mpsc::channel(1);
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(tell);
        told
    }

    /// Where nobody listens, nothing is waited for.
    async fn tell(&self) {
        let listener = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let Some(listener) = listener else {
            return;
        };
        let (heeded, until_heeded) = oneshot::channel();
        if listener.send(heeded).await.is_ok() {
            // Without an answer the bot has stopped, and nothing more will come.
            let _ = until_heeded.await;
        }
    }
}

impl Sandbox {
    /// Founds the company that the scenario describes, at the clock's present moment.
    pub fn new(scenario: Scenario, clock: Clock) -> Arc<Self> {
        let now = clock();
        let time = Time::of(clock);
        Arc::new(Self {
            company: Mutex::new(Company::found(&scenario, now)),
            workspace: Mutex::new(Workspace::found(&scenario)),
            faults: Faults::default(),
            rights: Rights::default(),
            calls: Calls::default(),
            anew: Word::default(),
            digest_wanted: Word::default(),
            sockets: Sockets::default(),
            carrier: Carrier::default(),
            standing: Mutex::new(Standing::begun(now)),
            scenario,
            clock: time.clock(),
            time,
        })
    }

    /// The AWS side and the IdP behind it as they are now, to look at or to change. Never held across an
    /// `await`.
    pub fn company(&self) -> MutexGuard<'_, Company> {
        let mut company = self.company.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        company.advance((self.clock)());
        company
    }

    /// The Slack side, to look at or to change. Never held across an `await`.
    pub fn workspace(&self) -> MutexGuard<'_, Workspace> {
        self.workspace.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// What the page's visitors fixed, broke, asked and read. Never held across an `await`.
    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The account that the bot's AWS role is of.
    fn account_of_the_bot(&self) -> String {
        self.rights.account().unwrap_or_else(|| self.company().management_account_id.clone())
    }

    /// Everything on one address: `POST /` is AWS, `/v1.0/*` Microsoft Graph, `/api/v1/*` and `/oauth2/*` Okta,
    /// `/api/{method}` Slack's Web API, `/response/*` its response URLs, `/link/` Socket Mode, `GET /` the chat page and `/sandbox/*`
    /// what the page itself uses.
    pub fn router(self: &Arc<Self>) -> axum::Router {
        let clock = self.clock.clone();
        // Slack's answers bear Slack's time, and that is the company's.
        let dated = map_response(move |mut response: Response| {
            let date = clock().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
            if let Ok(date) = HeaderValue::try_from(date) {
                response.headers_mut().insert(header::DATE, date);
            }
            std::future::ready(response)
        });
        axum::Router::new()
            .merge(aws::router(self.clone()))
            .merge(graph::router(self.clone()))
            .merge(okta::router(self.clone()))
            .merge(slack::router(self.clone()).layer(dated))
            .layer(from_fn_with_state(self.clone(), calls::timing::measured))
            .merge(page::router(self.clone()))
            .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
    }
}
