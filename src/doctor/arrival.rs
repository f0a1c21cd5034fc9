//! Whether Slack's requests arrive, over HTTP: nothing at Slack tells whether a signing secret is the app's, but the bot
//! that runs beside the doctor has counted whose signatures fit.

use std::net::SocketAddr;
use std::time::Duration;

use crate::checkup::{Check, Fault, Id, Outcome, Seen};

/// A line that every bot's metrics have, and nothing else that may listen there.
const ITS_OWN: &str = "sso_why_build_info";

/// Nothing where no bot answers there, or nothing has come to it yet: then there is no telling.
pub(super) async fn look(bot: SocketAddr, patience: Duration) -> Option<Check> {
    // A proxy leads away, and the bot is here.
    let client = reqwest::Client::builder().no_proxy().timeout(patience).build().ok()?;
    let answer = client.get(format!("http://{bot}/metrics")).send().await.ok()?;
    let metrics = answer.error_for_status().ok()?.text().await.ok()?;
    counted(&metrics).map(|outcome| Check { id: Id::SlackRequests, outcome })
}

fn counted(metrics: &str) -> Option<Outcome> {
    if !metrics.contains(ITS_OWN) {
        return None;
    }
    let count = |outcome: &str| {
        let line = format!("sso_why_slack_signatures_total{{outcome=\"{outcome}\"}} ");
        let count = metrics.lines().find_map(|text| text.strip_prefix(&line)?.parse().ok());
        count.unwrap_or(0_u64)
    };
    match (count("fits"), count("does_not_fit")) {
        (0, 0) => None,
        // Anybody may send what does not fit. That nothing else comes is what is wrong.
        (0, count) => Some(Outcome::Failed(Fault::NoSignatureFits { count })),
        (count, _) => Some(Outcome::Ok(Seen::Arrived { count })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strangers_send_says_nothing_once_slack_has_come_through() {
        let told = |lines: &str| counted(&format!("{ITS_OWN}{{version=\"1\"}} 1\n{lines}"));
        let (fits, unfit) = (
            "sso_why_slack_signatures_total{outcome=\"fits\"} 2\n",
            "sso_why_slack_signatures_total{outcome=\"does_not_fit\"} 7\n",
        );
        assert_eq!(told(""), None);
        assert_eq!(told(fits), Some(Outcome::Ok(Seen::Arrived { count: 2 })));
        assert_eq!(told(unfit), Some(Outcome::Failed(Fault::NoSignatureFits { count: 7 })));
        assert_eq!(told(&format!("{unfit}{fits}")), Some(Outcome::Ok(Seen::Arrived { count: 2 })));
        assert_eq!(counted(fits), None, "that is no bot");
    }
}
