//! A load balancer: each connection goes to the next replica that takes it. Where none does, it is closed.

use std::net::SocketAddr;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// It listens until it is told to stop.
pub struct Balancer {
    pub url: String,
    takers: watch::Sender<Vec<SocketAddr>>,
}

impl Balancer {
    /// With nobody behind it yet.
    pub async fn start(stop: CancellationToken) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let takers = watch::Sender::new(Vec::new());
        let behind = takers.clone();
        tokio::spawn(stop.run_until_cancelled_owned(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, in_turn(&behind)));
            }
        }));
        Self { url, takers }
    }

    /// From now on connections go to this replica too.
    pub fn takes(&self, replica: SocketAddr) {
        self.takers.send_modify(|takers| takers.push(replica));
    }

    /// No new connection goes to this replica.
    pub fn drops(&self, replica: SocketAddr) {
        self.takers.send_modify(|takers| takers.retain(|taker| *taker != replica));
    }

    /// Waits until there is somebody to whom connections go.
    pub async fn has_takers(&self) {
        let mut takers = self.takers.subscribe();
        let _it_is_ours = takers.wait_for(|takers| !takers.is_empty()).await;
    }
}

/// Those behind, the one whose turn it is first.
fn in_turn(takers: &watch::Sender<Vec<SocketAddr>>) -> Vec<SocketAddr> {
    let mut now = Vec::new();
    takers.send_if_modified(|takers| {
        let next = 1.min(takers.len());
        takers.rotate_left(next);
        now.clone_from(takers);
        false
    });
    now
}

async fn carry(mut client: TcpStream, takers: Vec<SocketAddr>) {
    for taker in takers {
        if let Ok(mut server) = TcpStream::connect(taker).await {
            // A side that breaks off ends it; the other sees its connection closed.
            let _ = copy_bidirectional(&mut client, &mut server).await;
            return;
        }
    }
}
