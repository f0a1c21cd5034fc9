//! `/api/v1/logs`: the System Log. [`mod@events`] says what is in it.
//!
//! A request without `until`, in ascending order, follows the log: its pages never end (System Log API, "polling
//! requests"). Every other request is bounded and ends.

mod events;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::answer::Answer;
use super::call::Call;
use super::filter::{ALL, Dialect, Filter};
use super::pages::{End, page};
use super::refusal::Refusal;
use crate::sandbox::idp::Idp;
use events::events;

/// Okta searches nearly every attribute of an event; these are the ones that tell events of provisioning apart.
const FILTER: Dialect = Dialect {
    attributes: &[
        ("uuid", ALL),
        ("eventType", ALL),
        ("severity", ALL),
        ("displayMessage", ALL),
        ("actor.id", ALL),
        ("actor.type", ALL),
        ("actor.alternateId", ALL),
        ("actor.displayName", ALL),
        ("target.id", ALL),
        ("target.type", ALL),
        ("target.alternateId", ALL),
        ("target.displayName", ALL),
        ("outcome.result", ALL),
        ("outcome.reason", ALL),
        ("transaction.id", ALL),
    ],
    case_matters: true,
};
/// `since` where it is not given: 7 days before `until`.
const USUAL_WINDOW: SignedDuration = SignedDuration::from_hours(7 * 24);
const LIMITS: (usize, usize) = (0, 1000);

pub(super) fn list(idp: &Idp, call: &Call) -> Result<Answer, Refusal> {
    let descending = match call.parameter("sortOrder") {
        None | Some("ASCENDING") => false,
        Some("DESCENDING") => true,
        Some(_) => return Err(Refusal::invalid("sortOrder", "sortOrder must be ASCENDING or DESCENDING")),
    };
    let until = moment(call, "until")?;
    let since = moment(call, "since")?;
    let end = if until.is_none() && !descending { End::Open } else { End::Known };
    let until = until.unwrap_or(call.now);
    let since = since.unwrap_or_else(|| until.checked_sub(USUAL_WINDOW).unwrap_or(Timestamp::MIN));
    let filter = call.parameter("filter").map(|filter| Filter::read(filter, &FILTER)).transpose()?;
    let keywords: Vec<String> =
        call.parameter("q").unwrap_or_default().split_whitespace().map(str::to_lowercase).collect();

    let mut found: Vec<(Timestamp, Value)> = events(idp, call.now)
        .into_iter()
        .filter(|(at, _)| since <= *at && *at <= until)
        .filter(|(_, event)| filter.as_ref().is_none_or(|filter| filter.holds(event)))
        .filter(|(_, event)| has_keywords(event, &keywords))
        .collect();
    if descending {
        found.reverse();
    }
    // The pages after this one tell of the same time, however late they are asked for.
    let mut call = call.saying("since", &since.to_string());
    if end == End::Known {
        call = call.saying("until", &until.to_string());
    }
    page(&call, found.into_iter().map(|(_, event)| event).collect(), LIMITS, end)
}

fn moment(call: &Call, name: &str) -> Result<Option<Timestamp>, Refusal> {
    let moment = call.parameter(name).map(str::parse::<Timestamp>).transpose();
    moment.map_err(|error| Refusal::invalid(name, &error.to_string()))
}

fn has_keywords(event: &Value, keywords: &[String]) -> bool {
    if keywords.is_empty() {
        return true;
    }
    let text = event.to_string().to_lowercase();
    keywords.iter().all(|keyword| text.contains(keyword))
}
