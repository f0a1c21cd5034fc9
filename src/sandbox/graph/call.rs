//! One call as it arrived: its query options, headers and body.

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use super::refusal::Refusal;

/// The largest page that Graph gives of directory objects and of logs.
const MOST_ON_A_PAGE: usize = 999;

/// A call to be carried out.
pub(super) struct Call<'a> {
    pub(super) options: Options,
    /// The header `ConsistencyLevel: eventual`.
    pub(super) is_eventual: bool,
    pub(super) now: Timestamp,
    parts: &'a Parts,
    body: &'a Bytes,
}

/// The OData query options.
#[derive(Debug, Default)]
pub(super) struct Options {
    pub(super) select: Option<Vec<String>>,
    pub(super) filter: Option<String>,
    pub(super) top: Option<usize>,
    pub(super) count: bool,
    pub(super) order_by: Option<String>,
    pub(super) skip_token: Option<String>,
    /// The names of all that were given.
    names: Vec<String>,
}

impl<'a> Call<'a> {
    pub(super) fn read(parts: &'a Parts, body: &'a Bytes, now: Timestamp) -> Result<Self, Refusal> {
        Ok(Self {
            options: Options::read(parts.uri.query().unwrap_or_default())?,
            is_eventual: text(&parts.headers, "consistencylevel")
                .is_some_and(|level| level.eq_ignore_ascii_case("eventual")),
            now,
            parts,
            body,
        })
    }

    /// Whether the caller asks for Graph's advanced query capabilities, which takes both.
    pub(super) fn is_advanced(&self) -> bool {
        self.is_eventual && self.options.count
    }

    /// The body as the action knows it.
    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        let declared = text(&self.parts.headers, header::CONTENT_TYPE.as_str());
        if !declared.is_some_and(|declared| declared.starts_with("application/json")) {
            return Err(Refusal::unreadable_body());
        }
        serde_json::from_slice(self.body).map_err(|_| Refusal::unreadable_body())
    }

    /// The path and the options, but for where in the list to go on: two calls with the same one ask for the
    /// same list, however they are encoded.
    pub(super) fn list_of(&self) -> String {
        let mut pairs: Vec<_> =
            self.query_but_skip_token().flat_map(|pair| form_urlencoded::parse(pair.as_bytes())).collect();
        pairs.sort();
        format!("{} {pairs:?}", self.parts.uri.path())
    }

    /// Where the list goes on at that token: absolute, at the host and the path that were asked.
    pub(super) fn link_to(&self, skip_token: &str) -> String {
        let last = format!("$skiptoken={skip_token}");
        let query = self.query_but_skip_token().chain([last.as_str()]).collect::<Vec<_>>().join("&");
        format!("http://{}{}?{query}", self.host(), self.parts.uri.path())
    }

    fn host(&self) -> &str {
        text(&self.parts.headers, header::HOST.as_str()).unwrap_or("localhost")
    }

    fn query_but_skip_token(&self) -> impl Iterator<Item = &str> {
        let pairs = self.parts.uri.query().unwrap_or_default().split('&');
        pairs.filter(|pair| !pair.is_empty() && name_of(pair) != "$skiptoken")
    }
}

impl Options {
    fn read(query: &str) -> Result<Self, Refusal> {
        let mut options = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if options.names.iter().any(|known| *known == name) {
                return Err(Refusal::bad(&format!("Query option '{name}' was given more than once.")));
            }
            match &*name {
                "$select" => {
                    options.select = Some(value.split(',').map(|one| one.trim().to_owned()).collect())
                }
                "$filter" => options.filter = Some(value.into_owned()),
                "$top" => options.top = Some(top(&value)?),
                "$count" => options.count = count(&value)?,
                "$orderby" => options.order_by = Some(value.into_owned()),
                "$skiptoken" => options.skip_token = Some(value.into_owned()),
                _ => return Err(Refusal::bad(&format!("Query option '{name}' is not supported here."))),
            }
            options.names.push(name.into_owned());
        }
        Ok(options)
    }

    /// Refuses every option that the resource does not take.
    pub(super) fn only(&self, taken: &[&str]) -> Result<(), Refusal> {
        match self.names.iter().find(|name| !taken.contains(&name.as_str())) {
            Some(name) => {
                Err(Refusal::bad(&format!("Query option '{name}' is not supported on this resource.")))
            }
            None => Ok(()),
        }
    }
}

fn top(value: &str) -> Result<usize, Refusal> {
    let bad = || {
        Refusal::bad(&format!(
            "Invalid page size specified: '{value}'. Must be between 1 and {MOST_ON_A_PAGE} inclusive."
        ))
    };
    let top: usize = value.parse().map_err(|_| bad())?;
    if (1..=MOST_ON_A_PAGE).contains(&top) { Ok(top) } else { Err(bad()) }
}

fn count(value: &str) -> Result<bool, Refusal> {
    let bad = |_| Refusal::bad(&format!("Invalid value '{value}' for $count query option found."));
    value.parse().map_err(bad)
}

fn name_of(pair: &str) -> String {
    form_urlencoded::parse(pair.as_bytes()).map(|(name, _)| name.into_owned()).next().unwrap_or_default()
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}
