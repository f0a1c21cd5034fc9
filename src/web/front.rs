//! The connections over which the bot is asked. Whoever reaches the address may open them, so that there are only so
//! many at once, and one that says nothing gives way to the next.

use std::collections::VecDeque;
use std::future::Future;
use std::io::{self, ErrorKind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::unread::watched;

/// After an error of the machine's own, as when there are too many open files, nobody is let in for this long: at once
/// it would fail again.
const RECOVERS: Duration = Duration::from_secs(1);

/// How many may be here, and for how long without a word.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Half of the 1,024 files that a process may have open where nobody has set more (`getrlimit(2)`; systemd's
    /// default); the rest is for the store and for calls. Slack and a load balancer need a few dozen.
    pub at_once: usize,
    /// How long the head of a request may take, and the pause before the next. More than the minute after which a load
    /// balancer closes what is idle (AWS: "Connection idle timeout"), so that none sends into one that is closing.
    pub silence: Duration,
}

impl Default for Room {
    fn default() -> Self {
        Self { at_once: 512, silence: Duration::from_secs(75) }
    }
}

/// Whoever has a connection.
#[derive(Default)]
struct Guest {
    /// A request of theirs is being answered.
    is_served: AtomicBool,
    gives_way: CancellationToken,
}

/// Serves until `closing`; then answers what has been asked, and ends. What goes wrong with a connection ends with it, and
/// what the machine refuses is tried again.
pub async fn serve(listener: TcpListener, router: Router, room: Room, closing: impl Future<Output = ()>) {
    let connections = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(room.at_once));
    let mut guests: VecDeque<Arc<Guest>> = VecDeque::new();
    let mut closing = pin!(closing);
    loop {
        let entered = async {
            let stream = accepted(&listener).await;
            let place = a_place(&places, &mut guests).await;
            (stream, place)
        };
        let (stream, place) = tokio::select! {
            entered = entered => entered,
            () = &mut closing => break,
        };
        if guests.len() >= room.at_once {
            guests.retain(|guest| Arc::strong_count(guest) > 1);
        }
        let guest = Arc::<Guest>::default();
        guests.push_back(guest.clone());
        let answers = TowerToHyperService::new(router.clone());
        let served = guest.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let (request, end) = watched(request);
            let (guest, answering) = (served.clone(), answers.call(request));
            async move {
                guest.is_served.store(true, Ordering::SeqCst);
                let answer = answering.await;
                guest.is_served.store(false, Ordering::SeqCst);
                answer.map(|answer| end.close_unless_reached(answer))
            }
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(room.silence);
        let connection = connections.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            tokio::select! {
                // Whatever it ends with is between the two who had it.
                _ended = connection => {}
                () = guest.gives_way.cancelled() => {}
            }
            drop((guest, place));
        });
    }
    drop(listener);
    connections.shutdown().await;
}

async fn accepted(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(error) if is_the_others(&error) => {}
            Err(error) => {
                tracing::error!(%error, "nobody can be let in for a second");
                sleep(RECOVERS).await;
            }
        }
    }
}

/// Whoever knocked has gone again.
fn is_the_others(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
    )
}

/// A free place, or that of whoever has been here longest of those who are asking nothing.
async fn a_place(places: &Arc<Semaphore>, guests: &mut VecDeque<Arc<Guest>>) -> Option<OwnedSemaphorePermit> {
    if let Ok(place) = places.clone().try_acquire_owned() {
        return Some(place);
    }
    guests.retain(|guest| Arc::strong_count(guest) > 1);
    if let Some(silent) = guests.iter().position(|guest| !guest.is_served.load(Ordering::SeqCst))
        && let Some(guest) = guests.remove(silent)
    {
        guest.gives_way.cancel();
    }
    places.clone().acquire_owned().await.ok()
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    const WHOLE: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: bot\r\nconnection: close\r\n\r\n";
    const HALF: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: bot\r\n";

    async fn opened(room: Room) -> std::net::SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/healthz", get(|| async { "ok" }));
        tokio::spawn(serve(listener, router, room, pending()));
        address
    }

    async fn says(address: std::net::SocketAddr, words: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(words).await.unwrap();
        stream
    }

    async fn hears(mut stream: TcpStream) -> String {
        let mut heard = Vec::new();
        // A connection that is closed with words unread is reset.
        let _ = stream.read_to_end(&mut heard).await;
        String::from_utf8(heard).unwrap()
    }

    #[tokio::test]
    async fn half_requests_keep_nobody_out() {
        let address = opened(Room { at_once: 4, ..Room::default() }).await;
        let mut half = Vec::new();
        for _ in 0..20 {
            half.push(says(address, HALF).await);
        }
        assert!(hears(says(address, WHOLE).await).await.starts_with("HTTP/1.1 200 OK"));
        assert_eq!(hears(half.remove(0)).await, "", "the first gave way");
        let mut last = half.pop().unwrap();
        last.write_all(b"connection: close\r\n\r\n").await.unwrap();
        assert!(hears(last).await.ends_with("ok"), "and the last is heard out");
    }

    #[tokio::test]
    async fn silence_ends_a_connection() {
        let address = opened(Room { silence: Duration::from_millis(20), ..Room::default() }).await;
        assert_eq!(hears(says(address, b"").await).await, "");
        assert!(!hears(says(address, HALF).await).await.contains("200 OK"));
        let kept_alive = says(address, b"GET /healthz HTTP/1.1\r\nhost: bot\r\n\r\n").await;
        assert!(hears(kept_alive).await.ends_with("ok"));
    }
}
