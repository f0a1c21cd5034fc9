//! What a world stands on: an address, a thread for the company, a store.

use sso_why::store::Store;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

pub(super) fn thread_of_the_company(
    listener: TcpListener,
    router: axum::Router,
    stop: CancellationToken,
) -> Runtime {
    let thread = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a thread");
    let listener = listener.into_std().expect("a listener");
    thread.spawn(async move {
        let listener = TcpListener::from_std(listener).expect("a listener");
        axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await
    });
    thread
}

/// A store with nothing in it, made once for all worlds.
pub(super) async fn empty_store() -> &'static [u8] {
    static MADE: OnceCell<Vec<u8>> = OnceCell::const_new();
    let made = MADE.get_or_init(|| async {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("store.db");
        let url = format!("sqlite://{}", file.display());
        Store::open(&url.as_str().into()).await.expect("opens").close().await;
        std::fs::read(file).expect("was made")
    });
    made.await
}

pub(super) async fn loopback() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    (listener, url)
}
