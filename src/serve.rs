//! The bot's life: everything is put together here, in one place, and taken apart again when it stops.
//! [`mod@idp`] makes the IdP's client.

mod idp;

pub use idp::idp as connected_idp;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use aws_config::SdkConfig;
use futures::future::BoxFuture;
use jiff::SignedDuration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::config::{Config, IdpSecrets, Secrets, SlackSecret};

use crate::desk::digest::names::former_names;
use crate::desk::{Desk, HEAD_START, Tools};
pub use crate::gather::Clock;
use crate::gather::{ConfiguredInstance, ConnectedIdp, DEADLINE, Gather};
use crate::jobs::{Beat, Jobs};
use crate::slack::client::SlackClient;
use crate::slack::reply::Reply;
use crate::slack::socket::{Pace, SocketMode};
use crate::sources::{Limits, Patience};
use crate::store::Store;
use crate::web::front::Room;
use crate::web::leave::{self, Leave};
use crate::web::{self, Entrance};

/// How long stopping may take: one gathering's deadline, for what was asked last. Whoever stops the process should
/// wait this long before killing it.
pub const DRAIN: Duration = leave::LONGEST.saturating_add(DEADLINE);

/// What uses the store to the last has let it go by then; what it was at is done again at the next start.
const STORE_CLOSES: Duration = Duration::from_secs(2);

/// What a test may set otherwise than production does.
pub struct Circumstances {
    pub aws: SdkConfig,
    pub clock: Clock,
    pub patience: Patience,
    /// How often AWS and Graph may be called.
    pub limits: Limits,
    pub deadline: Duration,
    /// How accepted work is paced.
    pub beat: Beat,
    /// How connections of Socket Mode are paced.
    pub pace: Pace,
    /// How long an answer to a command waits for the command's acknowledgement to be shown.
    pub head_start: Duration,
    /// While draining: how long without a request until it is believed that none will come.
    pub quiet: Duration,
    /// The IdP that feeds Identity Center.
    pub idp: Option<ConnectedIdp>,
}

impl Circumstances {
    /// Production's: the system's clock, the documented deadlines, and the IdP that is configured.
    ///
    /// # Errors
    /// Where the IdP's client cannot be made.
    pub fn real(aws: SdkConfig, config: &Config, idp_secrets: IdpSecrets) -> anyhow::Result<Self> {
        Self::at(aws, config, idp_secrets, Arc::new(jiff::Timestamp::now))
    }

    /// As [`real`](Self::real), with another clock than the system's.
    ///
    /// # Errors
    /// As [`real`](Self::real).
    pub fn at(
        aws: SdkConfig,
        config: &Config,
        idp_secrets: IdpSecrets,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        let (patience, limits) = (Patience::default(), Limits::default());
        Ok(Self {
            aws,
            idp: idp::idp(config, idp_secrets, patience, limits, clock.clone())?
                .map(|source| ConnectedIdp { source, patience: patience.call }),
            clock,
            patience,
            limits,
            deadline: DEADLINE,
            beat: Beat::default(),
            pace: Pace::default(),
            head_start: HEAD_START,
            quiet: leave::QUIET,
        })
    }
}

/// The sources as the configuration says.
pub fn gather(config: &Config, circumstances: &Circumstances) -> Gather {
    let configured = ConfiguredInstance {
        arn: config.aws.instance_arn.clone(),
        identity_store_id: config.aws.identity_store_id.clone(),
    };
    Gather::new(
        &circumstances.aws,
        configured,
        circumstances.idp.clone(),
        circumstances.patience,
        circumstances.limits,
        circumstances.deadline,
        circumstances.clock.clone(),
    )
    .with_identity_source(config.identity_source)
}

/// A desk for a command that does one thing and ends: it performs no jobs and answers no requests.
///
/// # Errors
/// Where the Slack client cannot be made.
pub fn desk(
    config: &Config,
    secrets: &Secrets,
    store: &Store,
    circumstances: &Circumstances,
) -> anyhow::Result<Arc<Desk>> {
    Ok(made(config, secrets, store, circumstances)?.desk)
}

/// The desk and what it works with.
struct Made {
    desk: Arc<Desk>,
    gather: Arc<Gather>,
    slack: SlackClient,
    jobs: Jobs,
}

fn made(
    config: &Config,
    secrets: &Secrets,
    store: &Store,
    circumstances: &Circumstances,
) -> anyhow::Result<Made> {
    let gather = gather(config, circumstances).with_former_names(former_names(store.clone()));
    let gather = Arc::new(gather);
    let slack = SlackClient::new(&config.slack.api_url, secrets.slack_bot_token.clone())
        .context("could not make the Slack client")?;
    let jobs = Jobs::new(store.clone(), circumstances.clock.clone(), circumstances.beat);
    let tools = Tools {
        gather: gather.clone(),
        slack: slack.clone(),
        store: store.clone(),
        jobs: jobs.clone(),
        shared_secret: secrets.slack.shared().clone(),
        retention: SignedDuration::from_hours(24 * i64::from(config.store.retention_days)),
        head_start: circumstances.head_start,
    };
    let desk = Desk::new(tools, config.slack.clone(), config.actions, config.digest.clone());
    Ok(Made { desk, gather, slack, jobs })
}

/// Serves Slack, on `listener` or by Socket Mode, until `shutdown`, then lets the answers under way finish and closes
/// the store. Probes come to `listener` in either case.
///
/// # Errors
/// Where the Slack client cannot be made, the store is away, the listener breaks, or Slack refuses the app token.
pub async fn run(
    config: Config,
    secrets: Secrets,
    store: Store,
    circumstances: Circumstances,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let Made { desk, gather, slack, jobs } = made(&config, &secrets, &store, &circumstances)?;
    jobs.take_over().await.context("the store is away")?;
    desk.begin_sweeping().await.context("the store is away")?;
    desk.begin_digests().await.context("the store is away")?;
    let draining = CancellationToken::new();
    let served_last = CancellationToken::new();
    let worker = {
        let (desk, stop) = (desk.clone(), served_last.clone());
        async move { jobs.work(move |job| desk.clone().perform(job), stop).await }
    };
    let worker = AbortOnDropHandle::new(tokio::spawn(worker));
    let socket = match &secrets.slack {
        SlackSecret::Signing(_) => None,
        SlackSecret::AppToken(token) => {
            let desk = desk.clone();
            let take = move |inbound| -> BoxFuture<'static, Reply> {
                let desk = desk.clone();
                Box::pin(async move { desk.receive(inbound).await })
            };
            let slack = SlackClient::new(&config.slack.api_url, token.clone())
                .context("could not make the Slack client")?;
            Some(SocketMode::new(slack, Arc::new(take), circumstances.pace))
        }
    };
    let entrance = match &socket {
        None => Entrance::Routes(secrets.slack.shared().clone()),
        Some(socket) => Entrance::Link(socket.link()),
    };
    let leave = Leave::new(draining.clone(), circumstances.quiet);
    let router = web::router(desk.clone(), slack, store.clone(), entrance, draining.clone(), leave.clone());
    // The type-ahead has 3 s, and listing a large organization takes longer: it is listed before anybody types.
    let _warmed = AbortOnDropHandle::new(tokio::spawn(async move { gather.accounts().await }));
    let stopping = draining.clone();
    let heard = {
        let stop = draining.clone();
        async move {
            match socket {
                Some(socket) => Ok(socket.keep(stop).await?),
                None => anyhow::Ok(()),
            }
        }
    };
    let served = web::front::serve(listener, router, Room::default(), async move {
        shutdown.await;
        draining.cancel();
        leave.nobody_asks().await;
    });
    let finished = async {
        // Where Slack takes the app token no more, nobody is served any longer.
        let served = async {
            served.await;
            anyhow::Ok(())
        };
        let served = tokio::try_join!(served, heard).map(drop);
        served_last.cancel();
        desk.finish().await;
        if worker.await.is_err() {
            tracing::error!("the worker broke off; what it had is done at the next start");
        }
        served
    };
    let ended = tokio::select! {
        served = finished => served,
        () = async { stopping.cancelled().await; tokio::time::sleep(DRAIN).await } => {
            tracing::error!("answers were still under way when the time to stop was up");
            Ok(())
        }
    };
    if tokio::time::timeout(STORE_CLOSES, store.close()).await.is_err() {
        tracing::warn!("the store was still being used when the time to stop was up");
    }
    ended
}

#[cfg(test)]
mod tests {
    use aws_config::BehaviorVersion;

    use super::*;

    #[test]
    fn production_keeps_the_documented_limits_and_waits() {
        let aws = SdkConfig::builder().behavior_version(BehaviorVersion::latest()).build();
        let real = Circumstances::real(aws, &Config::default(), IdpSecrets::default()).unwrap();
        assert_eq!(real.limits, Limits::default());
        assert_eq!(real.head_start, Duration::from_millis(300));
        assert_eq!(real.quiet, Duration::from_secs(3));
        assert!(real.quiet < leave::LONGEST);
    }
}
