//! The metrics as Prometheus text. Every name starts with `sso_why_`.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::{
    BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};
use moka::future::Cache;

use crate::desk::Desk;

/// What is open is counted no more often than this, however many ask: over HTTP everybody may who reaches the address,
/// and SQLite has one connection.
const COUNTED_EVERY: Duration = Duration::from_secs(1);

/// The content type of Prometheus' text format 0.0.4.
const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// How often what was measured is put into its buckets, so that it does not pile up where nobody asks for it. The
/// exporter's own recommendation for whoever installs it by hand (`PrometheusHandle::run_upkeep`).
const UPKEEP: Duration = Duration::from_secs(5);

/// Seconds from question to answer. A good answer takes under two; 45 s is the deadline of a gathering; what lies
/// above waited for Slack or for the store.
const QUESTION_BUCKETS: [f64; 12] = [0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 15.0, 30.0, 45.0, 120.0, 600.0];

/// Seconds of one call to AWS, an IdP or Slack. They answer within a second, and none is waited for over a minute.
const CALL_BUCKETS: [f64; 12] = [0.025, 0.05, 0.1, 0.2, 0.35, 0.6, 1.0, 2.0, 3.0, 6.0, 15.0, 60.0];

/// Every histogram with its buckets.
const HISTOGRAMS: [(&str, [f64; 12]); 3] = [
    ("sso_why_question_duration_seconds", QUESTION_BUCKETS),
    ("sso_why_upstream_call_duration_seconds", CALL_BUCKETS),
    ("sso_why_slack_call_duration_seconds", CALL_BUCKETS),
];

/// Metrics are counted for the whole process, however many routers it has.
static RECORDED: OnceLock<PrometheusHandle> = OnceLock::new();

/// `/metrics`. Counting begins with the first router; what is open is counted when it is asked for.
pub(super) fn router(desk: Arc<Desk>) -> Router {
    let recorded = RECORDED.get_or_init(begin_recording).clone();
    let counted = Cache::builder().time_to_live(COUNTED_EVERY).build();
    let told = async move || {
        counted.get_with((), desk.take_stock()).await;
        exposition(&recorded)
    };
    Router::new().route("/metrics", get(told))
}

fn exposition(recorded: &PrometheusHandle) -> Response {
    ([(header::CONTENT_TYPE, TEXT_FORMAT)], recorded.render()).into_response()
}

fn begin_recording() -> PrometheusHandle {
    let recorder = recorder().unwrap_or_else(|error| {
        tracing::error!(%error, "histograms have no buckets");
        PrometheusBuilder::new().build_recorder()
    });
    let recorded = recorder.handle();
    if metrics::set_global_recorder(recorder).is_err() {
        tracing::error!("metrics are recorded elsewhere already; /metrics stays empty");
    }
    describe();
    metrics::gauge!("sso_why_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    let kept_up = recorded.clone();
    // A thread, as the exporter's own: it lives as long as the process, and needs no runtime.
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(UPKEEP);
            kept_up.run_upkeep();
        }
    });
    recorded
}

fn recorder() -> Result<PrometheusRecorder, BuildError> {
    let mut builder = PrometheusBuilder::new();
    for (name, buckets) in HISTOGRAMS {
        builder = builder.set_buckets_for_metric(Matcher::Full(name.to_owned()), &buckets)?;
    }
    Ok(builder.build_recorder())
}

fn describe() {
    describe_the_work();
    describe_the_calls();
    metrics::describe_gauge!("sso_why_build_info", "The version that runs; always 1.");
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
}

/// What people asked, and what became of it.
fn describe_the_work() {
    metrics::describe_counter!(
        "sso_why_questions_total",
        "Questions answered, by verdict, cause and failing step."
    );
    metrics::describe_histogram!(
        "sso_why_question_duration_seconds",
        metrics::Unit::Seconds,
        "From a question to its answer, by verdict."
    );
    metrics::describe_counter!(
        "sso_why_not_taken_total",
        "Requests that whoever made them was told to repeat later, by why: away, busy or too_often."
    );
    metrics::describe_counter!("sso_why_escalations_total", "Reports posted to the help desk.");
    metrics::describe_gauge!(
        "sso_why_tickets_open",
        "Tickets that are not resolved, by state; the same at all replicas."
    );
    metrics::describe_counter!("sso_why_tickets_total", "What was done to tickets, by deed.");
    metrics::describe_counter!("sso_why_watches_total", "Watches begun: \"Tell me when it's fixed\".");
    metrics::describe_counter!("sso_why_owners_asked_total", "Messages to owners of groups.");
    metrics::describe_counter!(
        "sso_why_forced_syncs_total",
        "Synchronizations that were ordered, by success."
    );
    metrics::describe_counter!("sso_why_digests_total", "Digests posted.");
    metrics::describe_counter!("sso_why_jobs_total", "Pieces of accepted work, by outcome of a try.");
    metrics::describe_gauge!(
        "sso_why_jobs",
        "Accepted work that is not done, by priority and state; the same at all replicas."
    );
    metrics::describe_gauge!(
        "sso_why_oldest_waiting_job_seconds",
        metrics::Unit::Seconds,
        "How long the work that was due first has been waiting; the same at all replicas."
    );
}

/// What the bot asked of others, and they of it.
fn describe_the_calls() {
    metrics::describe_counter!(
        "sso_why_slack_signatures_total",
        "Signatures of requests over HTTP, by whether they fit the signing secret."
    );
    metrics::describe_counter!(
        "sso_why_slack_requests_total",
        "What Slack sent, over HTTP or Socket Mode, by kind."
    );
    metrics::describe_counter!("sso_why_slack_calls_total", "Calls to Slack, by method and outcome.");
    metrics::describe_histogram!(
        "sso_why_slack_call_duration_seconds",
        metrics::Unit::Seconds,
        "Calls to Slack with all their tries, by method."
    );
    metrics::describe_counter!(
        "sso_why_upstream_calls_total",
        "Calls to AWS and the IdP with all their tries, by operation, source and success."
    );
    metrics::describe_histogram!(
        "sso_why_upstream_call_duration_seconds",
        metrics::Unit::Seconds,
        "Calls to AWS and the IdP with all their tries, by operation and source."
    );
    metrics::describe_counter!(
        "sso_why_upstream_throttles_total",
        "Tries that AWS or the IdP refused since there were too many, by operation and source."
    );
    metrics::describe_counter!(
        "sso_why_cache_lookups_total",
        "Looks into what is remembered, by cache and whether it was there (hit), was not (miss) or was not to be used (bypassed)."
    );
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    #[tokio::test]
    async fn metrics_have_our_names_only_and_histograms_their_buckets() {
        let recorded = RECORDED.get_or_init(begin_recording);
        metrics::counter!("sso_why_escalations_total").increment(1);
        metrics::histogram!("sso_why_question_duration_seconds", "verdict" => "access").record(1.5);
        let response = exposition(recorded);
        assert_eq!(response.headers()[header::CONTENT_TYPE], TEXT_FORMAT);
        let text =
            String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap();
        assert!(text.contains("sso_why_build_info{version="), "{text}");
        assert!(text.contains("\nsso_why_escalations_total "), "{text}");
        assert!(
            text.contains("sso_why_question_duration_seconds_bucket{verdict=\"access\",le=\"2\"} 1"),
            "{text}"
        );
        let samples = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let foreign: Vec<_> = samples.filter(|line| !line.starts_with("sso_why_")).collect();
        assert_eq!(foreign, Vec::<&str>::new());
    }
}
