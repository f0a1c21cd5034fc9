//! Lists in pages: a next token belongs to one list and is good for no other.

use super::call::Call;
use super::refusal::Refusal;
use crate::sandbox::company::ids;

/// The entries of the page that the call asks for, at most `page_size`, and the token of the page after it.
pub(super) fn page<T>(
    call: &Call,
    entries: Vec<T>,
    page_size: usize,
) -> Result<(Vec<T>, Option<String>), Refusal> {
    let start = match &call.page.next_token {
        Some(token) => position(call, token)?,
        None => 0,
    };
    if start > entries.len() {
        return Err(Refusal::bad_next_token(call.service));
    }
    let size = match call.page.max_results.map(usize::try_from) {
        Some(Ok(asked)) => asked.min(page_size),
        _ => page_size,
    };
    let end = entries.len().min(start + size);
    let next_token = (end < entries.len()).then(|| token(call, end));
    Ok((entries.into_iter().skip(start).take(size).collect(), next_token))
}

/// The token with which the list goes on at `position`.
pub(super) fn token(call: &Call, position: usize) -> String {
    format!("{}-{position}", list_mark(call))
}

/// Where in the list the token points.
pub(super) fn position(call: &Call, token: &str) -> Result<usize, Refusal> {
    let bad = || Refusal::bad_next_token(call.service);
    let (mark, position) = token.split_once('-').ok_or_else(bad)?;
    if mark != list_mark(call) {
        return Err(bad());
    }
    position.parse().map_err(|_| bad())
}

fn list_mark(call: &Call) -> String {
    ids::hash("list", &call.list_of())[..16].to_owned()
}
