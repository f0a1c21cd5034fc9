//! Requests whose body the bot does not read: it closes the connection and says so, and takes nothing that stands in
//! the body for a request.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::{World, in_time};

/// A request like somebody else's, as a proxy would send it into a connection that it keeps.
const ANOTHER: &str = "GET /healthz HTTP/1.1\r\nhost: bot\r\n\r\n";

const MEBIBYTE: usize = 1024 * 1024;

/// All that the bot answers on one connection to these bytes, until it closes the connection.
async fn answers(world: &World, sent: String) -> String {
    let url = world.sandbox.workspace().bot_url.clone();
    let address = url.strip_prefix("http://").expect("an address").to_owned();
    let (mut hears, mut says) = TcpStream::connect(address).await.expect("it listens").into_split();
    // The bot may close while this is being sent.
    let saying = tokio::spawn(async move {
        let _closed_early = says.write_all(sent.as_bytes()).await;
        says
    });
    let mut heard = Vec::new();
    // A connection that is closed with bytes unread is reset; what was answered before is there all the same.
    let _reset = in_time(hears.read_to_end(&mut heard)).await;
    saying.abort();
    String::from_utf8(heard).expect("is Unicode")
}

fn post(path: &str, framing: &str, body: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nhost: bot\r\n{framing}\r\n\r\n{body}")
}

#[tokio::test]
async fn an_unread_body_closes_the_connection_and_holds_no_request() {
    let world = World::new().await;
    let announced = |length: usize| format!("content-length: {length}");
    let piece = format!("{MEBIBYTE:x}\r\n{}\r\n", "x".repeat(MEBIBYTE));
    let cases = [
        ("413", post("/slack/commands", &announced(2 * MEBIBYTE), ANOTHER)),
        ("413", post("/slack/events", "transfer-encoding: chunked", &format!("{piece}{piece}{ANOTHER}"))),
        // The rest of the body never comes.
        ("408", post("/slack/interactions", &announced(2 * ANOTHER.len()), ANOTHER)),
        ("404", post("/nowhere", &announced(ANOTHER.len()), &ANOTHER.repeat(2))),
        ("405", post("/readyz", &announced(ANOTHER.len()), &ANOTHER.repeat(2))),
        ("404", post("/nowhere", &announced(2 * MEBIBYTE), ANOTHER)),
    ];
    let world = &world;
    let heard = cases.map(|(status, sent)| async move {
        let first = sent.lines().next().map(str::to_owned);
        (status, first, answers(world, sent).await)
    });
    for (status, request, heard) in futures::future::join_all(heard).await {
        let request = request.expect("a line");
        assert!(heard.starts_with(&format!("HTTP/1.1 {status} ")), "{request}: {heard}");
        assert!(heard.contains("\r\nconnection: close\r\n"), "{request}: {heard}");
        assert_eq!(heard.matches("HTTP/1.1 ").count(), 1, "{request}: {heard}");
    }
}

#[tokio::test]
async fn an_http_1_0_client_is_not_told_both_to_close_and_to_keep_the_connection() {
    let world = World::new().await;
    for (status, path) in [("413", "/slack/commands"), ("404", "/nowhere")] {
        let framing = format!("connection: keep-alive\r\ncontent-length: {}", 2 * MEBIBYTE);
        let sent = post(path, &framing, ANOTHER).replace("HTTP/1.1", "HTTP/1.0");
        let heard = answers(&world, sent).await;
        assert!(heard.starts_with(&format!("HTTP/1.0 {status} ")), "{heard}");
        assert!(heard.contains("connection: close") && !heard.contains("keep-alive"), "{heard}");
    }
}

#[tokio::test]
async fn a_body_that_was_read_keeps_the_connection() {
    let world = World::new().await;
    let last = "GET /healthz HTTP/1.1\r\nhost: bot\r\nconnection: close\r\n\r\n";
    for framing in ["content-length: 11", "transfer-encoding: chunked"] {
        let body =
            if framing.starts_with("content") { "ssl_check=1" } else { "b\r\nssl_check=1\r\n0\r\n\r\n" };
        let unsigned = post("/slack/commands", framing, &format!("{body}{ANOTHER}{last}"));
        let heard = answers(&world, unsigned).await;
        assert!(heard.starts_with("HTTP/1.1 401 "), "{framing}: {heard}");
        assert_eq!(heard.matches("HTTP/1.1 200 ").count(), 2, "{framing}: {heard}");
        assert_eq!(heard.matches("connection: close").count(), 1, "only the last: {framing}: {heard}");
    }
}
