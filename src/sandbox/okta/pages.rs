//! Lists in pages: `after` is opaque, belongs to one list, and is told in the `next` link only.

use serde_json::Value;

use super::answer::Answer;
use super::call::Call;
use super::refusal::Refusal;
use crate::sandbox::company::ids;

/// The most records on a page, however many are asked for.
const PAGE_SIZE: usize = 3;

/// Whether the list ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The last page has no next one.
    Known,
    /// There is always a next page: what is listed may still grow.
    Open,
}

/// The page of `records` that the call asks for. `limits` are the smallest and the largest `limit` that the list
/// takes.
pub(super) fn page(
    call: &Call,
    records: Vec<Value>,
    limits: (usize, usize),
    end: End,
) -> Result<Answer, Refusal> {
    page_of(PAGE_SIZE, call, records, limits, end)
}

/// The same with at most so many records on a page.
pub(super) fn page_of(
    most: usize,
    call: &Call,
    records: Vec<Value>,
    limits: (usize, usize),
    end: End,
) -> Result<Answer, Refusal> {
    let size = limit(call, limits)?.unwrap_or(most).min(most);
    let start = match call.parameter("after") {
        Some(after) => position(call, after)?,
        None => 0,
    };
    let next = records.len().min(start.saturating_add(size));
    let is_last = next >= records.len();
    let entries: Vec<Value> = records.into_iter().skip(start).take(size).collect();
    let answer = Answer::ok(Value::Array(entries)).with_link("self", link(call, call.parameter("after")));
    if is_last && end == End::Known {
        return Ok(answer);
    }
    Ok(answer.with_link("next", link(call, Some(&cursor(call, next)))))
}

/// The records up to the `limit`, without pages; `usual` is how many come where no limit is given.
pub(super) fn at_most(
    call: &Call,
    records: Vec<Value>,
    usual: usize,
    limits: (usize, usize),
) -> Result<Answer, Refusal> {
    let size = limit(call, limits)?.unwrap_or(usual);
    Ok(Answer::ok(Value::Array(records.into_iter().take(size).collect())))
}

fn limit(call: &Call, (least, most): (usize, usize)) -> Result<Option<usize>, Refusal> {
    let Some(text) = call.parameter("limit") else { return Ok(None) };
    match text.parse() {
        Ok(limit) if (least..=most).contains(&limit) => Ok(Some(limit)),
        _ => Err(Refusal::invalid("limit", &format!("limit must be a number from {least} to {most}"))),
    }
}

fn cursor(call: &Call, position: usize) -> String {
    format!("{}{position}", list_mark(call))
}

fn position(call: &Call, after: &str) -> Result<usize, Refusal> {
    let position = after.strip_prefix(&list_mark(call)).and_then(|position| position.parse().ok());
    position.ok_or_else(|| Refusal::invalid("after", "after is not a cursor of this list"))
}

/// Two calls have the same mark when they list the same thing.
fn list_mark(call: &Call) -> String {
    let asked: Vec<_> = call.query.iter().filter(|(name, _)| name != "after" && name != "limit").collect();
    ids::hash("okta list", &format!("{} {asked:?}", call.path))[..16].to_owned()
}

fn link(call: &Call, after: Option<&str>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in call.query.iter().filter(|(name, _)| name != "after") {
        query.append_pair(name, value);
    }
    if let Some(after) = after {
        query.append_pair("after", after);
    }
    let query = query.finish();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{}{}{mark}{query}", call.origin, call.path)
}
