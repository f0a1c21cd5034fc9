//! Lists page by page.

use super::*;

fn page(entries: &Value, next: &str) -> Answer {
    Answer::json(200, &json!({"value": entries, "@odata.nextLink": next}))
}

fn entry(number: usize) -> Value {
    json!({"@odata.type": "#microsoft.graph.group", "id": format!("g{number}"), "displayName": format!("Group {number}")})
}

#[tokio::test]
async fn the_link_is_followed_as_it_is_with_the_header_again_and_over_empty_pages() {
    let (server, entra) = graph(vec![
        page(&json!([entry(1)]), "{base}/elsewhere?$skiptoken=m~AQ%2Bb%26c"),
        page(&json!([]), "{base}/elsewhere?$skiptoken=2"),
        list(&json!([entry(2)])),
    ])
    .await;
    let groups = entra.transitive_groups(&person()).await.expect("a list");
    assert_eq!(groups, [group("g1", "Group 1"), group("g2", "Group 2")]);

    let arrived = server.arrived();
    assert_eq!(arrived.len(), 3);
    assert_eq!(arrived[1].path, "/v1.0/elsewhere");
    assert_eq!(arrived[1].raw_query, "$skiptoken=m~AQ%2Bb%26c");
    for request in &arrived {
        assert_eq!(request.header("consistencylevel"), Some("eventual"));
        assert_eq!(request.header("authorization"), Some("Bearer ready-made"));
        assert_eq!(request.header("x-ms-throttle-priority"), Some("high"));
    }
}

#[tokio::test]
async fn the_token_goes_to_no_other_address() {
    let elsewhere = Scripted::server(vec![list(&json!([entry(2)]))]).await;
    for link in
        [format!("{}/next", elsewhere.base), "/next".to_owned(), "https://graph.example/next".to_owned()]
    {
        let (server, entra) = graph(vec![page(&json!([entry(1)]), &link)]).await;
        let gap = entra.direct_groups(&person()).await.expect_err("is refused");
        assert_eq!((gap.kind, gap.operation.as_str()), (GapKind::Error, "graph:users/memberOf"));
        assert!(!gap.detail.contains("next?") && !gap.detail.contains("http"), "{}", gap.detail);
        assert_eq!(server.arrived().len(), 1);
    }
    assert!(elsewhere.arrived().is_empty());
}

#[tokio::test]
async fn a_list_without_an_end_is_a_gap_and_no_short_list() {
    let endless = (0..40).map(|number| page(&json!([entry(number)]), "{base}/again")).collect();
    let (server, entra) = graph(endless).await;
    let gap = entra.direct_groups(&person()).await.expect_err("has no end");
    assert_eq!((gap.kind, gap.detail.as_str()), (GapKind::Error, "the list is longer than can be read"));
    assert_eq!(server.arrived().len(), 20);
}

#[tokio::test]
async fn an_answer_without_a_list_is_no_empty_list() {
    for body in [json!({}), json!({"value": null})] {
        let (_server, entra) = graph(vec![Answer::json(200, &body)]).await;
        let gap = entra.direct_groups(&person()).await.expect_err("is no list");
        assert_eq!(gap.detail, "the answer lacked what was asked");
    }
}

#[tokio::test]
async fn a_failure_on_a_later_page_is_the_lists() {
    let (_server, entra) =
        graph(vec![page(&json!([entry(1)]), "{base}/next"), refused(403, "Authorization_RequestDenied")])
            .await;
    let gap = entra.transitive_groups(&person()).await.expect_err("is forbidden");
    forbidden(&gap, "graph:users/transitiveMemberOf", "GroupMember.Read.All");
}
