//! What is allowed, by what Graph answers.

use super::*;
use crate::checkup::{Denial, DenialKind, Tried};

fn denied(code: &str, kind: DenialKind) -> Tried {
    Tried::Denied(Denial { code: code.to_owned(), kind })
}

#[tokio::test]
async fn one_entry_is_read_and_no_more() {
    let (server, entra) = graph(vec![list(&json!([{"id": PERSON, "accountEnabled": true}]))]).await;
    assert_eq!(entra.try_reading("User.Read.All").await, Tried::Allowed);
    assert_eq!(only(&server).option("$top"), Some("1"));
}

#[tokio::test]
async fn a_refusal_is_the_permissions_the_licences_or_the_tokens() {
    let no_licence = "Authentication_RequestFromNonPremiumTenantOrB2CTenant";
    for (permission, answer, came_of_it) in [
        (
            "User.Read.All",
            refused(403, "Authorization_RequestDenied"),
            denied("Authorization_RequestDenied", DenialKind::Right),
        ),
        (
            "User.Read.All",
            list(&json!([{"id": PERSON, "accountEnabled": null}])),
            denied("accountEnabled is not shown", DenialKind::Right),
        ),
        ("AuditLog.Read.All", refused(403, no_licence), denied(no_licence, DenialKind::Licence)),
        (
            "GroupMember.Read.All",
            refused(401, "InvalidAuthenticationToken"),
            Tried::NotTaken("InvalidAuthenticationToken".to_owned()),
        ),
    ] {
        let (_server, entra) = graph(vec![answer]).await;
        assert_eq!(entra.try_reading(permission).await, came_of_it);
    }
}

#[tokio::test]
async fn provisioning_is_tried_with_nobody() {
    let tries = [
        (refused(404, "Request_ResourceNotFound"), Tried::Allowed),
        (refused(400, "BadRequest"), Tried::Allowed),
        (refused(403, "Forbidden"), denied("Forbidden", DenialKind::Right)),
    ];
    for (answer, came_of_it) in tries {
        let (server, entra) = graph(vec![answer]).await;
        assert_eq!(entra.try_provisioning(&application(), JOB).await, came_of_it);
        let asked = only(&server).body;
        let subject = &asked["parameters"][0]["subjects"][0];
        assert_eq!(subject["objectId"], "00000000-0000-0000-0000-000000000000");
    }
    let (_server, entra) = graph(vec![refused(503, "ServiceUnavailable")]).await;
    assert!(matches!(entra.try_provisioning(&application(), JOB).await, Tried::Unread(_)));
}
