//! Groups, their nesting and their owners.

use super::*;
use crate::diagnosis::facts::idp::Owner;

fn wire(id: &str, name: &str) -> Value {
    json!({
        "@odata.type": "#microsoft.graph.group", "id": id, "displayName": name, "securityEnabled": true,
        "mailEnabled": false, "groupTypes": [], "membershipRule": null, "membershipRuleProcessingState": null,
    })
}

#[tokio::test]
async fn direct_and_transitive_groups_are_asked_at_their_own_addresses() {
    let role = json!({"@odata.type": "#microsoft.graph.directoryRole", "id": "r1", "displayName": "Reader"});
    let (server, entra) = graph(vec![
        list(&json!([role, wire(GROUP, "AWS-Payments-ReadOnly")])),
        list(&json!([wire(GROUP, "AWS-Payments-ReadOnly"), wire("g2", "Everybody")])),
    ])
    .await;
    assert_eq!(entra.direct_groups(&person()).await.expect("a list"), [payments()]);
    assert_eq!(entra.transitive_groups(&person()).await.expect("a list").len(), 2);
    let arrived = server.arrived();
    assert_eq!(arrived[0].path, format!("/v1.0/users/{PERSON}/memberOf"));
    assert_eq!((arrived[0].option("$count"), arrived[0].header("consistencylevel")), (None, None));
    assert_eq!(arrived[1].path, format!("/v1.0/users/{PERSON}/transitiveMemberOf/microsoft.graph.group"));
    assert_eq!((arrived[1].option("$top"), arrived[1].option("$count")), (Some("999"), Some("true")));
}

#[tokio::test]
async fn a_group_by_its_id_may_not_be_there() {
    let found = Answer::json(200, &wire(GROUP, "AWS-Payments-ReadOnly"));
    let (server, entra) = graph(vec![
        found,
        refused(404, "Request_ResourceNotFound"),
        refused(403, "Authorization_RequestDenied"),
    ])
    .await;
    assert_eq!(entra.group_by_id(&payments().id).await, Ok(Some(payments())));
    assert_eq!(entra.group_by_id(&payments().id).await, Ok(None));
    let gap = entra.group_by_id(&payments().id).await.expect_err("is forbidden");
    forbidden(&gap, "graph:groups", "GroupMember.Read.All");
    assert_eq!(server.arrived()[0].path, format!("/v1.0/groups/{GROUP}"));
}

#[tokio::test]
async fn a_name_that_is_only_near_is_not_the_group() {
    let near = wire("g2", "aws-payments-readonly");
    let (server, entra) = graph(vec![
        list(&json!([near, wire("g3", "AWS-Payments-ReadOnly"), wire(GROUP, "AWS-Payments-ReadOnly")])),
        list(&json!([near])),
    ])
    .await;
    assert_eq!(entra.group_by_name("AWS-Payments-ReadOnly").await, Ok(Some(payments())));
    assert_eq!(entra.group_by_name("AWS-Payments-ReadOnly").await, Ok(None));
    assert_eq!(server.arrived()[0].option("$filter"), Some("displayName eq 'AWS-Payments-ReadOnly'"));
}

#[tokio::test]
async fn the_inner_group_is_one_of_the_persons_own() {
    let own = [group("own-1", "Tools-Team"), group("own-2", "Everybody")];
    let user = json!({"@odata.type": "#microsoft.graph.user", "id": PERSON, "displayName": null});
    let next = json!({"value": [user, wire("stranger", "Others")], "@odata.nextLink": "{base}/next"});
    let (server, entra) =
        graph(vec![Answer::json(200, &next), list(&json!([wire("own-1", "Tools-Team")]))]).await;
    assert_eq!(entra.inner_group(&payments(), &own).await, Ok(Some(own[0].clone())));
    assert_eq!(server.arrived()[0].path, format!("/v1.0/groups/{GROUP}/members"));

    let (_server, entra) = graph(vec![list(&json!([wire("stranger", "Others")]))]).await;
    assert_eq!(entra.inner_group(&payments(), &own).await, Ok(None));
}

#[tokio::test]
async fn of_a_large_outer_group_only_so_many_pages_are_read() {
    let page =
        || Answer::json(200, &json!({"value": [{"id": "stranger"}], "@odata.nextLink": "{base}/next"}));
    let (server, entra) = graph((0..9).map(|_| page()).collect()).await;
    assert_eq!(entra.inner_group(&payments(), &[group("own", "Own")]).await, Ok(None));
    assert_eq!(server.arrived().len(), 3);
}

#[tokio::test]
async fn owners_are_people_with_an_address_where_there_is_one() {
    let kind = "#microsoft.graph.user";
    let (server, entra) = graph(vec![list(&json!([
        {"@odata.type": kind, "displayName": "Bo Lind", "mail": "bo@corp.example", "userPrincipalName": "bo.lind@corp.example"},
        {"@odata.type": kind, "displayName": null, "mail": null, "userPrincipalName": "eve@corp.example"},
        {"@odata.type": kind, "displayName": "A Guest", "mail": null, "userPrincipalName": "a_b.example#EXT#@corp.example"},
        {"@odata.type": kind, "displayName": null, "mail": null, "userPrincipalName": null},
        {"@odata.type": "#microsoft.graph.servicePrincipal", "displayName": "Automation"},
    ]))])
    .await;
    let owner =
        |name: &str, email: Option<&str>| Owner { name: name.to_owned(), email: email.map(str::to_owned) };
    assert_eq!(
        entra.owners(&payments()).await.expect("a list"),
        [
            owner("Bo Lind", Some("bo@corp.example")),
            owner("eve@corp.example", Some("eve@corp.example")),
            owner("A Guest", None),
        ]
    );
    assert_eq!(only(&server).path, format!("/v1.0/groups/{GROUP}/owners"));
}

#[tokio::test]
async fn the_members_are_the_people_in_the_group_itself() {
    let (server, entra) = graph(vec![list(&json!([
        {"@odata.type": "#microsoft.graph.user", "id": PERSON, "userPrincipalName": "dana@corp.example"},
        {"@odata.type": "#microsoft.graph.group", "id": "g2"},
    ]))])
    .await;
    assert_eq!(entra.members(&payments()).await, Ok(vec!["dana@corp.example".to_owned()]));
    assert_eq!(only(&server).path, format!("/v1.0/groups/{GROUP}/members"));

    // Somebody without a name that we may read would count as missing in AWS.
    let nameless = json!([{"@odata.type": "#microsoft.graph.user", "id": PERSON}]);
    let (_server, entra) = graph(vec![list(&nameless)]).await;
    assert_eq!(entra.members(&payments()).await.expect_err("is a gap").operation, "graph:groups/members");
}
