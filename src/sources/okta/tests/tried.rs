//! What is allowed, by what Okta answers to an API token.

use super::*;
use crate::checkup::{Denial, DenialKind, Tried};

fn application() -> Application {
    Application { id: "0oa1".to_owned(), name: "AWS".to_owned() }
}

async fn pushing(answer: Scripted) -> Tried {
    let mapping = "PATCH /api/v1/apps/0oa1/group-push/mappings/gPm00000000000000000";
    let org = Org::answering(&[(mapping, &[answer])]).await;
    let tried = org.client().try_pushing("okta.apps.manage", &application()).await;
    assert_eq!(org.times(mapping), 1);
    tried
}

#[tokio::test]
async fn one_entry_is_read_and_no_more() {
    let org = Org::answering(&[("GET /api/v1/logs", &[ok(json!([]))])]).await;
    let now = "2026-11-24T14:12:00Z".parse().expect("a time");
    assert_eq!(org.client().try_reading("okta.logs.read", now).await, Tried::Allowed);
    let query = org.arrived()[0].query.clone();
    assert_eq!(query["limit"], "1");
    assert_eq!(query["since"], "2026-11-24T14:11:00.000Z");
}

#[tokio::test]
async fn a_refusal_is_the_rights_or_the_tokens() {
    let now = "2026-11-24T14:12:00Z".parse().expect("a time");
    for (answer, came_of_it) in [
        (
            error(403, "E0000006"),
            Tried::Denied(Denial { code: "E0000006".to_owned(), kind: DenialKind::Right }),
        ),
        (error(401, "E0000011"), Tried::NotTaken("E0000011".to_owned())),
    ] {
        let org = Org::answering(&[("GET /api/v1/users", &[answer])]).await;
        assert_eq!(org.client().try_reading("okta.users.read", now).await, came_of_it);
    }
}

#[tokio::test]
async fn pushing_is_tried_with_a_mapping_that_there_is_not() {
    assert_eq!(pushing(error(404, "E0000007")).await, Tried::Allowed);
    assert!(matches!(pushing(error(403, "E0000006")).await, Tried::Denied(_)));
    assert!(matches!(pushing(error(500, "E0000009")).await, Tried::Unread(_)));
}
