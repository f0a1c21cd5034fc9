//! The link to a list's next page (RFC 8288). Okta's is opaque: it is followed as it is, but never to
//! another address, since the token goes with it.

use reqwest::header::{HeaderMap, LINK};
use url::Url;

/// Where the next page is; nothing where this was the last.
///
/// # Errors
/// Where the link leads away from the org or is no URL: what is there may be more, and nobody will know.
pub(super) fn next(headers: &HeaderMap, org_url: &Url) -> Result<Option<Url>, &'static str> {
    let mut values = headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    let Some(target) = values.find_map(target_of_next) else { return Ok(None) };
    let url = org_url.join(target).map_err(|_| "the link to the next page is no address")?;
    if url.origin() != org_url.origin() {
        return Err("the link to the next page leads to another address");
    }
    Ok(Some(url))
}

fn target_of_next(mut value: &str) -> Option<&str> {
    // By the angle brackets, not the commas: an address may hold commas.
    while let Some((_, rest)) = value.split_once('<') {
        let (target, rest) = rest.split_once('>')?;
        let parameters = rest.split('<').next().unwrap_or_default();
        if parameters.split([';', ',']).any(is_relation_next) {
            return Some(target);
        }
        value = rest;
    }
    None
}

fn is_relation_next(parameter: &str) -> bool {
    let Some((name, relations)) = parameter.split_once('=') else { return false };
    name.trim().eq_ignore_ascii_case("rel")
        && relations
            .trim()
            .trim_matches('"')
            .split_ascii_whitespace()
            .any(|relation| relation.eq_ignore_ascii_case("next"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next_of(values: &[&str]) -> Result<Option<String>, &'static str> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(LINK, value.parse().unwrap());
        }
        let org_url = Url::parse("https://example.okta.com").unwrap();
        next(&headers, &org_url).map(|url| url.map(String::from))
    }

    #[test]
    fn the_next_page_is_the_one_whose_relation_says_so() {
        let here = r#"<https://example.okta.com/api/v1/groups?limit=2>; rel="self""#;
        let there = r#"<https://example.okta.com/api/v1/groups?after=a,b%3D>; rel="next""#;
        let found = Ok(Some("https://example.okta.com/api/v1/groups?after=a,b%3D".to_owned()));
        assert_eq!(next_of(&[here, there]), found);
        assert_eq!(next_of(&[&format!("{here}, {there}")]), found);
        assert_eq!(next_of(&[&there.replace("\"next\"", "next")]), found);
        assert_eq!(next_of(&[here]), Ok(None));
        assert_eq!(next_of(&[]), Ok(None));
        assert_eq!(next_of(&["<https://example.okta.com/x>; title=\"next\""]), Ok(None));
    }

    #[test]
    fn it_is_never_at_another_address() {
        for elsewhere in [
            "https://example.okta.com.evil.example/api/v1/groups",
            "http://example.okta.com/api/v1/groups",
            "https://example.okta.com:8443/api/v1/groups",
            "https://example.okta.com@evil.example/",
            "//evil.example/api/v1/groups",
        ] {
            assert!(next_of(&[&format!("<{elsewhere}>; rel=\"next\"")]).is_err(), "{elsewhere}");
        }
    }
}
