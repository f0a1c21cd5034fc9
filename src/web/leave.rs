//! How the bot stops being asked: a load balancer hears from `/readyz` that it leaves, and sends requests until it has
//! heeded that. Each is taken, and its connection is closed with the answer, so that the next one goes elsewhere.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::Version;
use axum::middleware::Next;
use axum::response::Response;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::unread::say_close;

/// Nobody sends requests any more where none has come for this long: what Slack cannot deliver the person sees as a
/// failure.
pub const QUIET: Duration = Duration::from_secs(3);

/// It is waited for in so many parts: while the machine lets nobody run, requests wait unheard, and that counts as one.
const PARTS: u32 = 30;

/// Requests are taken no longer than this: whoever still sends them will not heed it. With what the answers to the last
/// ones take it fits into the 65 s that `deploy/` gives the bot to stop.
pub const LONGEST: Duration = Duration::from_secs(15);

/// Requests of Slack's while the bot leaves. Cheap to clone.
#[derive(Clone)]
pub struct Leave {
    /// Cancelled from the moment that it leaves.
    draining: CancellationToken,
    came: Arc<Notify>,
    quiet: Duration,
}

impl Leave {
    /// Draining begins when `draining` is cancelled, and ends after `quiet` without a request: [`QUIET`] in production.
    pub fn new(draining: CancellationToken, quiet: Duration) -> Self {
        Self { draining, came: Arc::default(), quiet }
    }

    /// Ends when nobody sends requests any more, or after [`LONGEST`].
    pub async fn nobody_asks(&self) {
        let quiet = async {
            loop {
                tokio::select! {
                    () = self.came.notified() => {}
                    () = in_parts(self.quiet) => return,
                }
            }
        };
        if timeout(LONGEST, quiet).await.is_err() {
            tracing::warn!("requests were still coming when they could be waited for no longer");
        }
    }
}

async fn in_parts(quiet: Duration) {
    for _part in 0..PARTS {
        sleep(quiet / PARTS).await;
    }
}

/// Goes before whatever takes Slack's requests.
pub(super) async fn heed(State(leave): State<Leave>, request: Request, next: Next) -> Response {
    leave.came.notify_one();
    let version = request.version();
    let mut response = next.run(request).await;
    if version <= Version::HTTP_11 && leave.draining.is_cancelled() {
        say_close(&mut response, version);
    }
    response
}
