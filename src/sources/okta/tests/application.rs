//! The application for AWS: which it is, whether it provisions, how it has a person.

use super::*;
use crate::diagnosis::facts::idp::{AppUser, AppUserState, SyncState};

const APPS: &str = "GET /api/v1/apps";
const APP: &str = "GET /api/v1/apps/0oa1aws";
const CONNECTION: &str = "GET /api/v1/apps/0oa1aws/connections/default";
const APP_USER: &str = "GET /api/v1/apps/0oa1aws/users/00u1dana";

fn app(id: &str, status: &str, features: Value) -> Value {
    json!({
        "id": id, "name": "amazon_aws_sso", "label": "AWS SSO", "status": status, "features": features,
        "accessibility": {"selfService": false, "errorRedirectUrl": null, "loginRedirectUrl": null},
        "settings": {"notifications": {"vpn": {"message": null, "helpUrl": null}}}, "signOnMode": "SAML_2_0"
    })
}

#[tokio::test]
async fn the_application_is_found_by_its_integration() {
    let mut other = app("0oa9other", "ACTIVE", json!(["GROUP_PUSH"]));
    other["name"] = json!("example_saml_1");
    let found = json!([
        other,
        app("0oa4deleted", "DELETED", json!([])),
        app("0oa3inactive", "INACTIVE", json!(["GROUP_PUSH"])),
        app("0oa2signon", "ACTIVE", json!([])),
        app("0oa1aws", "ACTIVE", json!(["PUSH_NEW_USERS", "GROUP_PUSH"])),
    ]);
    let org = Org::answering(&[(APPS, &[ok(found)])]).await;
    let application = org.client().application().await.unwrap().unwrap();
    assert_eq!((application.id.as_str(), application.name.as_str()), ("0oa1aws", "AWS SSO"));
    let query = org.arrived().pop().unwrap().query;
    assert_eq!(query["filter"], r#"name eq "amazon_aws_sso""#);
    assert_eq!(query["includeNonDeleted"], "true");
}

#[tokio::test]
async fn an_inactive_application_is_better_than_none_and_none_is_none() {
    let inactive = json!([app("0oa3inactive", "INACTIVE", json!(null))]);
    let org = Org::answering(&[(APPS, &[ok(inactive), ok(json!([]))])]).await;
    assert_eq!(org.client().application().await.unwrap().unwrap().id, "0oa3inactive");
    assert_eq!(org.client().application().await, Ok(None));
}

#[tokio::test]
async fn a_configured_application_is_asked_for_by_its_id() {
    let org = Org::answering(&[(APP, &[ok(app("0oa1aws", "ACTIVE", json!([])))])]).await;
    let configured = |id: &str| {
        let credential = Credential::api_token("00token".into());
        Okta::new(&format!("{}/", org.base()), Some(id.to_owned()), credential, brief()).unwrap()
    };
    assert_eq!(configured("0oa1aws").application().await.unwrap().unwrap().id, "0oa1aws");
    assert_eq!(configured("0oa2gone").application().await, Ok(None));
    assert_eq!(org.times(APPS), 0);
}

#[tokio::test]
async fn groups_are_sent_if_the_application_can_push_them() {
    for (features, expected) in [
        (json!(["PUSH_NEW_USERS", "GROUP_PUSH", "A_FEATURE_OF_TOMORROW"]), Ok(true)),
        (json!(["PUSH_NEW_USERS", null]), Ok(false)),
        (json!([]), Ok(false)),
        (json!(null), Err(GapKind::Error)),
    ] {
        let org = Org::answering(&[(APP, &[ok(app("0oa1aws", "ACTIVE", features))])]).await;
        assert_eq!(org.client().sends_groups(&aws()).await.map_err(|gap| gap.kind), expected);
    }
}

#[tokio::test]
async fn synchronization_runs_if_application_and_connection_are_on() {
    let unknown = SyncState::Other("UNKNOWN".to_owned());
    for (app_status, connection, expected) in [
        ("ACTIVE", "ENABLED", SyncState::Running),
        ("ACTIVE", "DISABLED", SyncState::Off),
        ("ACTIVE", "UNKNOWN", unknown),
        ("INACTIVE", "ENABLED", SyncState::Off),
    ] {
        let connection = json!({"status": connection, "authScheme": "TOKEN", "baseUrl": null, "profile": {"authScheme": "TOKEN"}});
        let answers: &[(&str, &[Scripted])] =
            &[(APP, &[ok(app("0oa1aws", app_status, json!([])))]), (CONNECTION, &[ok(connection)])];
        let synchronization = Org::answering(answers).await.client().synchronization(&aws()).await.unwrap();
        assert_eq!(synchronization.state, expected);
        assert_eq!(synchronization.next_due(), None);
        assert_eq!((synchronization.job, synchronization.last_completed), (None, None));
    }
}

#[tokio::test]
async fn each_half_of_synchronization_that_cannot_be_read_is_named() {
    let app = ok(app("0oa1aws", "ACTIVE", json!([])));
    let connection = ok(json!({"status": "ENABLED", "profile": {"authScheme": "TOKEN"}}));
    let forbidden = error(403, "E0000006");
    for (answers, operation) in [
        ([(APP, app.clone()), (CONNECTION, forbidden.clone())], "okta:apps/connections"),
        ([(APP, app), (CONNECTION, ok(json!({"status": null})))], "okta:apps/connections"),
        ([(APP, forbidden), (CONNECTION, connection)], "okta:apps"),
    ] {
        let answers = answers.each_ref().map(|(what, answer)| (*what, std::slice::from_ref(answer)));
        let gap = Org::answering(&answers).await.client().synchronization(&aws()).await.unwrap_err();
        assert_eq!(gap.operation, operation);
    }
}

#[tokio::test]
async fn how_the_application_has_a_person() {
    let user = |status: &str, sync: &str, external: Value| {
        ok(json!({
            "id": "00u1dana", "externalId": external, "scope": "GROUP", "status": status, "syncState": sync,
            "statusChanged": "2026-11-20T07:30:00.000Z", "passwordChanged": null, "lastSync": null,
            "profile": {"displayName": "Dana Moss", "mobilePhone": null}
        }))
    };
    let suspended = AppUserState::Withdrawn("SUSPENDED".to_owned());
    let in_aws = Some("a-b");
    for (answer, state, in_error, external_id) in [
        (user("PROVISIONED", "SYNCHRONIZED", json!("a-b")), AppUserState::Active, false, in_aws),
        (user("ACTIVE", "DISABLED", json!(null)), AppUserState::Active, false, None),
        (user("STAGED", "ERROR", json!("")), AppUserState::Staged, true, None),
        (user("SUSPENDED", "A_STATE_OF_TOMORROW", json!("a-b")), suspended, false, in_aws),
    ] {
        let org = Org::answering(&[(APP_USER, &[answer])]).await;
        let found = org.client().app_user(&aws(), &dana()).await.unwrap().unwrap();
        let status_changed = Some(at("2026-11-20T07:30:00Z"));
        let external_id = external_id.map(str::to_owned);
        let expected = AppUser { state, external_id, in_error, status_changed };
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn who_is_not_assigned_is_nobody_there_and_what_has_no_status_a_gap() {
    let org = Org::answering(&[]).await;
    assert_eq!(org.client().app_user(&aws(), &dana()).await, Ok(None));
    let org = Org::answering(&[(APP_USER, &[ok(json!({"id": "00u1dana", "status": null}))])]).await;
    let gap = org.client().app_user(&aws(), &dana()).await.unwrap_err();
    assert_eq!((gap.kind, gap.operation.as_str()), (GapKind::Error, "okta:apps/users"));
}

#[tokio::test]
async fn a_group_that_is_not_assigned_to_the_application_assigns_nobody() {
    let assigned = ok(json!({"id": "00g1payments", "priority": 0, "profile": {}}));
    let path = "GET /api/v1/apps/0oa1aws/groups/00g1payments";
    let org = Org::answering(&[(path, &[assigned, error(404, "E0000007")])]).await;
    assert_eq!(org.client().assigns_people(&aws(), &payments()).await, Ok(true));
    assert_eq!(org.client().assigns_people(&aws(), &payments()).await, Ok(false));
}
