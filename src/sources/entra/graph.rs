//! Requests to Microsoft Graph: one object, or a list page by page.

use std::marker::PhantomData;

use reqwest::{Method, RequestBuilder};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;
use url::form_urlencoded::byte_serialize;

use super::credential::Tokens;
use super::window::Window;
use crate::diagnosis::facts::{Gap, GapKind};
use crate::sources::http::{Call, Failure, Http};
use crate::sources::incomplete;

/// As gaps name it.
pub(super) const SERVICE: &str = "Microsoft Graph";

/// Entries on a page at most: what directory objects allow (Graph, "Paging"), and reports as well.
pub(super) const PAGE: &str = "999";

/// Pages of a list at most: with [`PAGE`] more than any person's groups or any application's assignments,
/// and an end for a list whose next page is always another one.
const PAGES: usize = 20;

/// Pages of a list that no person waits for: 200,000 people who are assigned to an application one by one, or are
/// in one group.
const PAGES_OF_A_LONG_LIST: usize = 200;

/// Pages of a report at most: one question may not use up the 5 requests that all share.
const PAGES_OF_A_REPORT: usize = 4;

/// Graph at one address, with the tokens for it.
pub(super) struct Graph {
    http: Http,
    base: Url,
    tokens: Tokens,
}

/// A list that is asked for.
pub(super) struct List<'w> {
    call: Call,
    url: Url,
    advanced: bool,
    window: Option<&'w Window>,
    most_pages: usize,
}

/// A list that is being read.
pub(super) struct Pages<'g, T> {
    graph: &'g Graph,
    list: List<'g>,
    next: Option<Url>,
    read: PhantomData<fn() -> T>,
}

#[derive(Deserialize)]
struct Page<T> {
    value: Option<Vec<T>>,
    #[serde(rename = "@odata.nextLink")]
    next_link: Option<String>,
}

impl<'w> List<'w> {
    pub(super) fn plain(call: Call, url: Url) -> Self {
        Self { call, url, advanced: false, window: None, most_pages: PAGES }
    }

    /// A query that needs a header, on every page again (Graph, "Advanced query capabilities on Microsoft
    /// Entra ID objects"; "Paging").
    pub(super) fn advanced(call: Call, url: Url) -> Self {
        Self { advanced: true, ..Self::plain(call, url) }
    }

    /// A list that may be as long as a whole company.
    pub(super) fn long(call: Call, url: Url) -> Self {
        Self { most_pages: PAGES_OF_A_LONG_LIST, ..Self::plain(call, url) }
    }

    /// A report, whose requests take turns.
    pub(super) fn report(call: Call, url: Url, window: &'w Window) -> Self {
        Self { window: Some(window), most_pages: PAGES_OF_A_REPORT, ..Self::plain(call, url) }
    }
}

impl Graph {
    pub(super) fn new(http: Http, base: Url, tokens: Tokens) -> Self {
        Self { http, base, tokens }
    }

    /// The address of a resource with its query options (`$select`, `$filter`, …).
    pub(super) fn url(&self, path: &[&str], options: &[(&str, &str)]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        if !options.is_empty() {
            let options: Vec<_> =
                options.iter().map(|(name, value)| format!("{name}={}", quoted(value))).collect();
            url.set_query(Some(&options.join("&")));
        }
        url
    }

    /// One object.
    pub(super) async fn object<T: DeserializeOwned>(&self, call: Call, url: Url) -> Result<T, Failure> {
        let request = self.request(&self.http, Method::GET, url).await?;
        Ok(self.http.json(call, request).await?.body)
    }

    /// A list, to be read with [`Pages::next`] or [`Pages::all`].
    pub(super) fn pages<'g, T: DeserializeOwned>(&'g self, list: List<'g>) -> Pages<'g, T> {
        Pages { graph: self, next: Some(list.url.clone()), list, read: PhantomData }
    }

    /// A request with its token, marked as one that a person waits for.
    pub(super) async fn request(&self, http: &Http, method: Method, url: Url) -> Result<RequestBuilder, Gap> {
        let token = self.tokens.token().await?;
        let request = http.request(method, url).bearer_auth(token.expose_secret());
        Ok(request.header("x-ms-throttle-priority", "high"))
    }
}

impl<T: DeserializeOwned> Pages<'_, T> {
    /// The next page, which may be empty; nothing after the last.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<T>>, Failure> {
        let Some(url) = self.next.take() else { return Ok(None) };
        let call = self.list.call;
        if let Some(window) = self.list.window {
            window.turn(call.operation).await?;
        }
        let mut request = self.graph.request(&self.graph.http, Method::GET, url).await?;
        if self.list.advanced {
            request = request.header("ConsistencyLevel", "eventual");
        }
        let page: Page<T> = self.graph.http.json(call, request).await?.body;
        self.next = page.next_link.map(|link| self.own(&link)).transpose()?;
        page.value.map(Some).ok_or_else(|| incomplete(call.operation).into())
    }

    /// The whole list.
    pub(super) async fn all(mut self) -> Result<Vec<T>, Failure> {
        let mut all = Vec::new();
        for _page in 0..self.list.most_pages {
            let Some(page) = self.next().await? else { return Ok(all) };
            all.extend(page);
        }
        match self.next {
            None => Ok(all),
            Some(_) => Err(self.gap("the list is longer than can be read").into()),
        }
    }

    /// The link to the next page, whole and opaque, unless it leads elsewhere: the token must not go there.
    fn own(&self, link: &str) -> Result<Url, Gap> {
        let url = Url::parse(link).ok().filter(|url| url.origin() == self.graph.base.origin());
        url.ok_or_else(|| self.gap("the next page is at an address that is not Microsoft Graph's"))
    }

    fn gap(&self, detail: &str) -> Gap {
        let operation = self.list.call.operation.to_owned();
        Gap { kind: GapKind::Error, operation, detail: detail.to_owned() }
    }
}

/// A text within an OData filter, where quotes are doubled.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Percent-encoded, spaces as well: a `+` stands for itself in an OData query.
fn quoted(value: &str) -> String {
    byte_serialize(value.as_bytes()).collect::<String>().replace('+', "%20")
}
