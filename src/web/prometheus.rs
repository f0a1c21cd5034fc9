//! The metrics as Prometheus text. Every name starts with `sso_why_`.

use std::sync::OnceLock;

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// The content type of Prometheus' text format 0.0.4.
const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Metrics are counted for the whole process, however many routers it has.
static RECORDED: OnceLock<PrometheusHandle> = OnceLock::new();

/// `/metrics`. Counting begins with the first router.
pub(super) fn router() -> Router {
    let recorded = RECORDED.get_or_init(begin_recording).clone();
    Router::new().route("/metrics", get(move || async move { exposition(&recorded) }))
}

fn exposition(recorded: &PrometheusHandle) -> Response {
    ([(header::CONTENT_TYPE, TEXT_FORMAT)], recorded.render()).into_response()
}

fn begin_recording() -> PrometheusHandle {
    let recorder = PrometheusBuilder::new().build_recorder();
    let recorded = recorder.handle();
    if metrics::set_global_recorder(recorder).is_err() {
        tracing::error!("metrics are recorded elsewhere already; /metrics stays empty");
    }
    describe();
    metrics::gauge!("sso_why_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    recorded
}

fn describe() {
    metrics::describe_gauge!("sso_why_build_info", "The version that runs; always 1.");
    metrics::describe_counter!(
        "sso_why_slack_requests_total",
        "What Slack sent, over HTTP or Socket Mode, by kind."
    );
    metrics::describe_gauge!("sso_why_socket_connections", "Socket Mode connections that Slack has greeted.");
    metrics::describe_counter!(
        "sso_why_socket_connects_total",
        "Tries to open a Socket Mode connection, by outcome."
    );
    metrics::describe_counter!(
        "sso_why_socket_disconnects_total",
        "Socket Mode connections that ended or that Slack asked to replace, by reason."
    );
    metrics::describe_counter!(
        "sso_why_socket_envelopes_total",
        "Envelopes of Socket Mode, by what became of them and whether Slack had sent them before."
    );
    metrics::describe_counter!("sso_why_slack_calls_total", "Calls to Slack, by method and outcome.");
    metrics::describe_counter!(
        "sso_why_questions_total",
        "Questions answered, by verdict, cause and failing step."
    );
    metrics::describe_counter!(
        "sso_why_not_taken_total",
        "Requests that whoever made them was told to repeat later, by why: away, busy or too_often."
    );
    metrics::describe_counter!("sso_why_escalations_total", "Reports posted to the help desk.");
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn metrics_have_our_names_only() {
        let bot = router();
        metrics::counter!("sso_why_escalations_total").increment(1);
        let response = bot.oneshot(Request::get("/metrics").body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.headers()[header::CONTENT_TYPE], TEXT_FORMAT);
        let text =
            String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap();
        assert!(text.contains("sso_why_build_info{version="), "{text}");
        assert!(text.contains("\nsso_why_escalations_total "), "{text}");
        let samples = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let foreign: Vec<_> = samples.filter(|line| !line.starts_with("sso_why_")).collect();
        assert_eq!(foreign, Vec::<&str>::new());
    }
}
