//! What `$filter` understands, and that all else is refused.

use super::{Graph, code, filtered};

const MOMENT: &str = "2026-11-20T00:00:00Z";

#[tokio::test]
async fn what_is_not_understood_is_refused() {
    let graph = Graph::start("company").await;
    let assigned_to = format!("{}/appRoleAssignedTo", graph.application());
    let id = graph.group("AWS-Everyone");
    for (path, filter, expected) in [
        ("/users", "displayName eq 'Dana Reyes'", "Request_UnsupportedQuery"),
        ("/users", "mail ne 'dana@example.com'", "Request_UnsupportedQuery"),
        ("/users", "endswith(mail,'example.com')", "Request_UnsupportedQuery"),
        ("/users", "mail in ('dana@example.com')", "Request_UnsupportedQuery"),
        ("/users", "not(mail eq 'dana@example.com')", "Request_UnsupportedQuery"),
        ("/users", "mail gt 'dana@example.com'", "Request_UnsupportedQuery"),
        ("/users", "mail eq dana@example.com", "BadRequest"),
        ("/users", "mail eq 'dana@example.com", "BadRequest"),
        ("/users", "mail eq 'a' andmail eq 'b'", "BadRequest"),
        ("/users", "(mail eq 'dana@example.com'", "BadRequest"),
        ("/users", "mail eq 'dana@example.com' and", "BadRequest"),
        ("/users", "", "BadRequest"),
        ("/groups", "mail eq 'dana@example.com'", "Request_UnsupportedQuery"),
        (assigned_to.as_str(), &format!("principalId eq '{id}'"), "BadRequest"),
        (assigned_to.as_str(), "principalId eq 12", "BadRequest"),
        ("/auditLogs/provisioning", "jobId eq 'a' or jobId eq 'b'", "Request_UnsupportedQuery"),
        ("/auditLogs/provisioning", &format!("activityDateTime gt '{MOMENT}'"), "BadRequest"),
        ("/auditLogs/provisioning", "activityDateTime gt yesterday", "BadRequest"),
        ("/auditLogs/provisioning", "provisioningAction eq 'create'", "Request_UnsupportedQuery"),
        ("/auditLogs/directoryAudits", "targetResources/any(t: u/id eq 'a')", "BadRequest"),
        ("/auditLogs/directoryAudits", "targetResources/all(t: t/id eq 'a')", "Request_UnsupportedQuery"),
        (
            "/auditLogs/directoryAudits",
            "targetResources/any(t: t/type eq 'User')",
            "Request_UnsupportedQuery",
        ),
    ] {
        let answer = graph
            .get_eventual(&filtered(path, filter, if path == assigned_to { "&$count=true" } else { "" }))
            .await;
        assert_eq!(code(&answer), (400, expected), "{path} {filter}: {}", answer.1);
    }
}

#[tokio::test]
async fn where_nothing_can_be_filtered_a_filter_is_refused() {
    let graph = Graph::start("company").await;
    let group = graph.group("AWS-Everyone");
    for path in [
        format!("/groups/{group}/members"),
        format!("/groups/{group}/owners"),
        "/users/dana@example.com/memberOf".to_owned(),
        format!("{}/synchronization/jobs", graph.application()),
        format!("/groups/{group}"),
    ] {
        assert_eq!(code(&graph.get(&filtered(&path, "id eq 'a'", "")).await), (400, "BadRequest"), "{path}");
    }
}

#[tokio::test]
async fn a_filter_on_a_cast_and_on_assignments_needs_an_advanced_query() {
    let graph = Graph::start("company").await;
    let cast = filtered(
        "/users/dana@example.com/memberOf/microsoft.graph.group",
        "displayName eq 'AWS-Everyone'",
        "",
    );
    let filter = format!("principalId eq {}", graph.group("AWS-Everyone"));
    let assigned = filtered(&format!("{}/appRoleAssignedTo", graph.application()), &filter, "");
    for path in [cast, assigned] {
        let counted = format!("{path}&$count=true");
        assert_eq!(code(&graph.get(&path).await), (400, "Request_UnsupportedQuery"));
        assert_eq!(code(&graph.get(&counted).await), (400, "Request_UnsupportedQuery"));
        assert_eq!(code(&graph.get_eventual(&path).await), (400, "Request_UnsupportedQuery"));
        assert_eq!(graph.get_eventual(&counted).await.0.as_u16(), 200);
    }
}

#[tokio::test]
async fn and_binds_closer_than_or_and_parentheses_closest() {
    let graph = Graph::start("company").await;
    let one = "mail eq 'dana@example.com'";
    let other = "mail eq 'theo@example.com'";
    let third = "mail eq 'bo@example.com'";
    for (filter, expected) in [
        (format!("{one} or {other} and {third}"), 1),
        (format!("({one} or {other}) and {third}"), 0),
        (format!("({one} or {other}) and {other}"), 1),
        (format!("{one} or {other} or ({third})"), 3),
    ] {
        assert_eq!(graph.names(&filtered("/users", &filter, "")).await.len(), expected, "{filter}");
    }
}
