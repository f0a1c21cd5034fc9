//! People, groups, the application, and who is in or assigned to what.

use axum::http::StatusCode;
use serde_json::json;

use super::{Graph, filtered, is_null, texts};
use crate::sandbox::graph::application::{APP_ROLE_ASSIGNMENT, SERVICE_PRINCIPAL};
use crate::sandbox::graph::directory::{GROUP, USER};

#[tokio::test]
async fn a_person_is_found_by_id_by_principal_name_and_by_mail_whatever_the_capitals() {
    let graph = Graph::start("company").await;
    let id = graph.user("dana");
    for path in [format!("/users/{id}"), "/users/Dana@Example.com".to_owned()] {
        let dana = graph.good(&path).await;
        assert_eq!((&dana["id"], &dana["displayName"]), (&json!(id), &json!("Dana Reyes")), "{path}");
    }
    for filter in [
        "mail eq 'DANA@example.com'",
        "userPrincipalName eq 'nobody@example.com' or mail eq 'dana@example.com'",
        "(mail eq 'dana@example.com' and userPrincipalName eq 'dana@example.com')",
    ] {
        assert_eq!(graph.names(&filtered("/users", filter, "")).await, ["Dana Reyes"], "{filter}");
    }
    assert!(graph.names(&filtered("/users", "mail eq 'o''hara@example.com'", "")).await.is_empty());
}

#[tokio::test]
async fn two_people_with_one_address_are_two_people() {
    let graph = Graph::start("messy").await;
    let filter = "userPrincipalName eq 'dora@grown.example' or mail eq 'dora@grown.example'";
    assert_eq!(graph.names(&filtered("/users", filter, "")).await.len(), 2);
}

#[tokio::test]
async fn a_guest_has_a_principal_name_that_must_be_encoded() {
    let graph = Graph::start("company").await;
    let found = graph.good(&filtered("/users", "mail eq 'mika@agency.example'", "")).await;
    let name = found["value"][0]["userPrincipalName"].as_str().unwrap();
    assert!(name.contains("#EXT#"), "{name}");
    assert_eq!(graph.get(&format!("/users/{name}")).await.0, StatusCode::NOT_FOUND);
    let path = format!("/users/{}?$select=userType,mail", name.replace('#', "%23"));
    assert_eq!(graph.good(&path).await["userType"], "Guest");
}

#[tokio::test]
async fn whether_an_account_is_enabled_comes_only_when_it_is_selected() {
    let graph = Graph::start("company").await;
    let by_default = graph.good("/users/dana@example.com").await;
    assert!(by_default.get("accountEnabled").is_none() && by_default.get("userType").is_none());
    let selected = graph.good("/users/dana@example.com?$select=id,accountEnabled").await;
    assert_eq!(selected["accountEnabled"], true);
    assert!(selected.get("displayName").is_none());
    let ivan = graph.good("/users/ivan@example.com").await;
    assert!(is_null(&ivan["surname"]) && ivan["givenName"] == "Ivan");
}

#[tokio::test]
async fn nested_groups_are_seen_by_transitive_memberships_alone() {
    let graph = Graph::start("company").await;
    let direct = graph.names("/users/nils@example.com/memberOf/microsoft.graph.group").await;
    let all = graph.names("/users/nils@example.com/transitiveMemberOf/microsoft.graph.group").await;
    assert!(!direct.contains(&"AWS-Tools-Users".to_owned()) && direct.contains(&"AWS-Tools-Team".to_owned()));
    assert!(all.contains(&"AWS-Tools-Users".to_owned()) && all.contains(&"AWS-Tools-Team".to_owned()));

    let users = graph.group("AWS-Tools-Users");
    let (members, _) = graph.list(&format!("/groups/{users}/members"), false).await;
    assert_eq!(members.len(), 1);
    assert_eq!(
        (&members[0]["@odata.type"], &members[0]["displayName"]),
        (&json!("#microsoft.graph.group"), &json!("AWS-Tools-Team"))
    );
    let people = graph.names(&format!("/groups/{users}/transitiveMembers/microsoft.graph.user")).await;
    assert_eq!(people, ["Nils Bergman"]);
}

#[tokio::test]
async fn membership_is_checked_through_nested_groups_too() {
    let graph = Graph::start("company").await;
    let (users, payments) = (graph.group("AWS-Tools-Users"), graph.group("AWS-Payments-ReadOnly"));
    let asked = json!({"groupIds": [users.to_uppercase(), payments]});
    let (status, answer) = graph.post("/users/nils@example.com/checkMemberGroups", asked).await;
    assert_eq!((status, &answer["value"]), (StatusCode::OK, &json!([users.to_uppercase()])));
}

#[tokio::test]
async fn a_group_has_its_owners() {
    let graph = Graph::start("company").await;
    let payments = graph.group("AWS-Payments-ReadOnly");
    let owners = graph.good(&format!("/groups/{payments}/owners?$select=id,mail")).await;
    assert_eq!(
        owners["value"],
        json!([
            {"@odata.type": "#microsoft.graph.user", "id": graph.user("bo"), "mail": "bo@example.com"}
        ])
    );
    let everyone = graph.group("AWS-Everyone");
    assert_eq!(graph.good(&format!("/groups/{everyone}/owners")).await["value"], json!([]));
}

#[tokio::test]
async fn the_application_is_found_by_name_by_application_id_and_by_object_id() {
    let graph = Graph::start("company").await;
    let by_name = graph.good(&filtered("/servicePrincipals", "startswith(displayName, 'aws')", "")).await;
    let [application] = by_name["value"].as_array().unwrap().as_slice() else { panic!("{by_name}") };
    let app_id = application["appId"].as_str().unwrap();
    let by_app_id = graph.good(&filtered("/servicePrincipals", &format!("appId eq '{app_id}'"), "")).await;
    assert_eq!(by_app_id["value"][0], *application);
    for path in [graph.application(), format!("/servicePrincipals(appId='{app_id}')")] {
        assert_eq!(graph.good(&path).await["id"], application["id"], "{path}");
    }
}

#[tokio::test]
async fn assignments_are_those_of_groups_and_of_their_direct_members() {
    let graph = Graph::start("company").await;
    let (payments, fleet) = (graph.group("AWS-Payments-ReadOnly"), graph.group("AWS-Fleet-Managers"));
    let assigned = graph.good(&format!("/groups/{payments}/appRoleAssignments")).await;
    let assignment = &assigned["value"][0];
    assert_eq!(
        (&assignment["principalType"], &assignment["principalId"]),
        (&json!("Group"), &json!(payments))
    );
    assert!(graph.application().ends_with(assignment["resourceId"].as_str().unwrap()));
    assert_eq!(graph.good(&format!("/groups/{fleet}/appRoleAssignments")).await["value"], json!([]));

    let (of_dana, _) = graph.list("/users/dana@example.com/appRoleAssignments", false).await;
    assert!(texts(&of_dana, "principalDisplayName").contains(&"AWS-Payments-ReadOnly".to_owned()));
    let (of_nils, _) = graph.list("/users/nils@example.com/appRoleAssignments", false).await;
    assert!(!texts(&of_nils, "principalDisplayName").contains(&"AWS-Tools-Users".to_owned()));
}

#[tokio::test]
async fn who_is_assigned_to_the_application_is_filtered_by_an_advanced_query() {
    let graph = Graph::start("company").await;
    let path = format!("{}/appRoleAssignedTo", graph.application());
    for (group, expected) in [("AWS-Payments-ReadOnly", 1), ("AWS-Fleet-Managers", 0)] {
        let filter = format!("principalId eq {}", graph.group(group));
        let (status, found) = graph.get_eventual(&filtered(&path, &filter, "&$count=true")).await;
        assert_eq!((status, &found["@odata.count"]), (StatusCode::OK, &json!(expected)), "{group}");
        assert_eq!(found["value"].as_array().unwrap().len(), expected, "{group}");
    }
    let (everybody, pages) = graph.list(&path, false).await;
    assert!(everybody.len() > 20 && pages.len() > 7);
}

#[tokio::test]
async fn every_property_that_can_be_selected_is_there() {
    let graph = Graph::start("company").await;
    let assigned_to = format!("{}/appRoleAssignedTo", graph.application());
    for (path, kind) in [
        ("/users", &USER),
        ("/groups", &GROUP),
        ("/servicePrincipals", &SERVICE_PRINCIPAL),
        (assigned_to.as_str(), &APP_ROLE_ASSIGNMENT),
    ] {
        let answer = graph.good(&format!("{path}?$select={}", kind.properties.join(","))).await;
        let entry = answer["value"][0].as_object().unwrap();
        assert_eq!(entry.keys().collect::<Vec<_>>(), kind.properties.iter().collect::<Vec<_>>(), "{path}");
    }
}
