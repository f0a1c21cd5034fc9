//! What the bot tells Prometheus after people have asked: a process of its own, so that nobody else's questions count.

use sso_why::config::Mode;
use sso_why::sandbox::faults::Fault;

use crate::harness::in_time;
use crate::logs::{questions_and_buttons, report_of, typed};
use crate::processes::Processes;

/// The value of a sample, and 0 where there is none.
fn value(told: &str, sample: &str) -> f64 {
    let line = told.lines().find_map(|line| line.strip_prefix(sample)?.strip_prefix(' '));
    line.map_or(0.0, |value| value.parse().expect("a number"))
}

#[tokio::test]
async fn questions_calls_caches_throttles_the_queue_and_tickets_are_counted() {
    let bot = Processes::start_loud("okta", Mode::Http).await;
    questions_and_buttons(&bot).await;
    // One try of these is refused, and the next is not.
    for operation in ["identitystore:ListGroupMembershipsForMember", "okta:users"] {
        bot.sandbox.faults.set_times(operation, Fault::Throttled { retry_after: 1 }, 1);
    }
    typed(&bot, "hana", "Orders-Prod").await;
    report_of(&bot, "hana").await;

    let told = in_time(bot.metrics(0)).await;
    let is = |sample: &str, wanted: f64| assert!(value(&told, sample) == wanted, "{sample}: {told}");
    let some = |sample: &str| assert!(value(&told, sample) > 0.0, "{sample}: {told}");
    is("sso_why_question_duration_seconds_bucket{verdict=\"blocked\",le=\"+Inf\"}", 2.0);
    is("sso_why_tickets_total{what=\"claimed\"}", 1.0);
    is("sso_why_tickets_open{state=\"new\"}", 0.0);
    is("sso_why_tickets_open{state=\"claimed\"}", 1.0);
    assert!(told.contains("\nsso_why_jobs{priority=\"interactive\",state=\"dead\"} 0\n"), "{told}");
    some("sso_why_jobs{priority=\"batch\",state=\"scheduled\"}");
    assert!(told.contains("\nsso_why_oldest_waiting_job_seconds "), "{told}");
    for (operation, source) in
        [("identitystore:ListGroupMembershipsForMember", "aws"), ("okta:users", "okta")]
    {
        let labels = format!("{{operation=\"{operation}\",source=\"{source}\"}}");
        is(&format!("sso_why_upstream_throttles_total{labels}"), 1.0);
        some(&format!("sso_why_upstream_call_duration_seconds_count{labels}"));
    }
    some("sso_why_upstream_calls_total{operation=\"okta:users\",source=\"okta\",ok=\"true\"}");
    some("sso_why_slack_call_duration_seconds_count{method=\"users.info\"}");
    for result in ["hit", "miss"] {
        some(&format!("sso_why_cache_lookups_total{{cache=\"instance\",result=\"{result}\"}}"));
    }
    some("sso_why_cache_lookups_total{cache=\"assignments\",result=\"bypassed\"}");
}
