//! Pages, counts, order, and the header that an advanced query needs on each page.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Graph, code, filtered, read, texts};

#[tokio::test]
async fn lists_come_in_small_pages_and_only_the_first_has_the_count() {
    let graph = Graph::start("company").await;
    let (groups, pages) = graph.list("/groups?$count=true&$select=id,displayName", true).await;
    let known = graph.sandbox.company().idp.as_ref().unwrap().groups.len();
    assert_eq!(groups.len(), known);
    assert!(pages.iter().all(|page| page["value"].as_array().unwrap().len() <= 3));
    assert_eq!(pages[0]["@odata.count"], json!(known));
    assert!(pages[1..].iter().all(|page| page.get("@odata.count").is_none()));
    assert!(groups.iter().all(|group| group.as_object().unwrap().len() == 2));

    let (smaller, pages) = graph.list("/groups?$top=2", false).await;
    assert_eq!((smaller.len(), pages[0]["value"].as_array().unwrap().len()), (known, 2));
    assert_eq!(graph.good("/groups?$top=999").await["value"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn without_the_header_a_count_is_passed_over() {
    let graph = Graph::start("company").await;
    assert!(graph.good("/groups?$count=true").await.get("@odata.count").is_none());
}

#[tokio::test]
async fn every_page_of_an_advanced_query_needs_the_header() {
    let graph = Graph::start("company").await;
    let path = filtered(
        "/users/nadia@example.com/memberOf/microsoft.graph.group",
        "startswith(displayName,'AWS')",
        "&$count=true",
    );
    let (status, first) = graph.get_eventual(&path).await;
    assert_eq!(status, StatusCode::OK, "{first}");
    let next = first["@odata.nextLink"].as_str().unwrap();
    assert_eq!(code(&read(graph.ask(next, false)).await), (400, "Request_UnsupportedQuery"));
    assert_eq!(read(graph.ask(next, true)).await.0, StatusCode::OK);

    let (_, unfiltered) = graph.get_eventual("/groups?$count=true").await;
    let next = unfiltered["@odata.nextLink"].as_str().unwrap();
    assert_eq!(code(&read(graph.ask(next, false)).await), (400, "Request_UnsupportedQuery"));
}

#[tokio::test]
async fn a_skip_token_is_good_for_its_own_list_only() {
    let graph = Graph::start("company").await;
    let first = graph.good("/groups").await;
    let next = first["@odata.nextLink"].as_str().unwrap();
    for elsewhere in [next.replace("/groups", "/users"), format!("{next}0"), next.replace("?", "?$top=2&")] {
        assert_eq!(code(&read(graph.ask(&elsewhere, false)).await), (400, "BadRequest"), "{elsewhere}");
    }
}

#[tokio::test]
async fn the_next_link_leads_to_where_the_caller_turned_to() {
    let graph = Graph::start("company").await;
    let link = |page: &Value| page["@odata.nextLink"].as_str().unwrap().to_owned();
    let direct = graph.good("/users?$top=1").await;
    assert!(link(&direct).starts_with(&format!("{}/users?$top=1&$skiptoken=", graph.url)), "{direct}");
    let named = graph.ask(&format!("{}/users", graph.url), false).header("Host", "graph.example:81");
    assert!(link(&read(named).await.1).starts_with("http://graph.example:81/v1.0/users?$skiptoken="));
}

#[tokio::test]
async fn order_is_by_what_the_resource_can_be_ordered_by() {
    let graph = Graph::start("company").await;
    let (groups, _) = graph.list("/groups?$orderby=displayName%20desc", false).await;
    let names = texts(&groups, "displayName");
    let mut sorted = names.clone();
    sorted.sort_by_key(|name| name.to_lowercase());
    sorted.reverse();
    assert_eq!(
        names.iter().map(|name| name.to_lowercase()).collect::<Vec<_>>(),
        sorted.iter().map(|name| name.to_lowercase()).collect::<Vec<_>>()
    );
    for (path, expected) in [
        ("/groups?$orderby=createdDateTime", "Request_UnsupportedQuery"),
        ("/groups?$orderby=displayName%20sideways", "BadRequest"),
        ("/auditLogs/provisioning?$orderby=id", "Request_UnsupportedQuery"),
    ] {
        assert_eq!(code(&graph.get(path).await), (400, expected), "{path}");
    }
    let both = filtered("/groups", "startswith(displayName,'AWS')", "&$orderby=displayName");
    assert_eq!(code(&graph.get(&both).await), (400, "Request_UnsupportedQuery"));
    let both = format!("{both}&$count=true");
    assert_eq!(graph.get_eventual(&both).await.0, StatusCode::OK);
}

#[tokio::test]
async fn an_empty_list_is_no_error() {
    let graph = Graph::start("company").await;
    let none = graph.good(&filtered("/groups", "displayName eq 'no such group'", "")).await;
    assert_eq!(none["value"], json!([]));
    assert!(none.get("@odata.nextLink").is_none());
}
