//! People: found by login or address, and how they stand.

use super::*;
use crate::diagnosis::facts::idp::RequiredAttribute;

const BY_LOGIN: &str = "GET /api/v1/users/dana@example.com";
const BY_SEARCH: &str = "GET /api/v1/users";

fn user(id: &str, login: &str, email: &str, status: &str) -> Value {
    json!({
        "id": id, "status": status, "created": "2026-01-05T08:00:00.000Z", "activated": null,
        "statusChanged": null, "lastLogin": null, "passwordChanged": null, "type": {"id": "oty1"},
        "profile": {
            "firstName": "Dana", "lastName": "Moss", "mobilePhone": null, "secondEmail": "",
            "login": login, "email": email
        },
        "credentials": {"password": {}, "provider": {"type": "OKTA", "name": "OKTA"}},
        "_links": {"self": {"href": "https://example.okta.com/api/v1/users/00u1dana"}}
    })
}

async fn first(org: &Org, subject: &str) -> Result<Option<IdpPerson>, Gap> {
    org.client().people(subject).await.map(|people| people.into_iter().next())
}

async fn person_of(user: Value) -> Result<Option<IdpPerson>, Gap> {
    let org = Org::answering(&[(BY_LOGIN, &[ok(user)])]).await;
    first(&org, "dana@example.com").await
}

#[tokio::test]
async fn somebody_is_found_by_login() {
    let person = person_of(user("00u1dana", "Dana@example.com", "d@example.com", "ACTIVE")).await;
    let person = person.unwrap().unwrap();
    assert_eq!(person.id.0, "00u1dana");
    assert_eq!(person.user_name, "Dana@example.com");
    assert_eq!(person.display_name.as_deref(), Some("Dana Moss"));
    assert_eq!(person.email.as_deref(), Some("d@example.com"));
    assert!(person.enabled && person.lacks.is_empty());
}

#[tokio::test]
async fn a_login_is_one_segment_of_the_path() {
    let what = "GET /api/v1/users/a%3Fb%23c%25%20@example.com";
    let login = "a?b#c% @example.com";
    let org = Org::answering(&[(what, &[ok(user("00u1", login, login, "ACTIVE"))])]).await;
    assert_eq!(first(&org, login).await.unwrap().unwrap().id.0, "00u1");
    assert_eq!(org.times(what), 1);
}

#[tokio::test]
async fn who_has_no_such_login_is_searched_by_address_with_quotes_escaped() {
    let subject = r#"da"n\a@example.com"#;
    let found = [
        user("00u1", "somebody@example.com", "else@example.com", "ACTIVE"),
        user("00u2", "former@example.com", &subject.to_uppercase(), "DEPROVISIONED"),
        user("00u3", "moss@example.com", subject, "SUSPENDED"),
    ];
    let org = Org::answering(&[(BY_SEARCH, &[ok(json!(found))])]).await;
    let person = first(&org, subject).await.unwrap().unwrap();
    assert_eq!(person.id.0, "00u3");
    let search = org.arrived().pop().unwrap().query["search"].clone();
    assert_eq!(search, r#"profile.email eq "da\"n\\a@example.com""#);
}

#[tokio::test]
async fn somebody_of_a_removed_account_is_told_only_if_nobody_else_has_the_address() {
    let removed = ok(user("00u1", "dana@example.com", "dana@example.com", "DEPROVISIONED"));
    let active = user("00u2", "d.moss@example.com", "dana@example.com", "ACTIVE");
    let answers: &[(&str, &[Scripted])] =
        &[(BY_LOGIN, std::slice::from_ref(&removed)), (BY_SEARCH, &[ok(json!([active]))])];
    let org = Org::answering(answers).await;
    assert_eq!(first(&org, "dana@example.com").await.unwrap().unwrap().id.0, "00u2");

    let org = Org::answering(&[(BY_LOGIN, &[removed]), (BY_SEARCH, &[ok(json!([]))])]).await;
    let person = first(&org, "dana@example.com").await.unwrap().unwrap();
    assert_eq!((person.id.0.as_str(), person.enabled), ("00u1", false));
}

#[tokio::test]
async fn nobody_is_nobody() {
    let org = Org::answering(&[(BY_SEARCH, &[ok(json!([]))])]).await;
    assert_eq!(first(&org, "dana@example.com").await, Ok(None));
}

#[tokio::test]
async fn a_search_that_fails_is_no_nobody() {
    let org = Org::answering(&[(BY_SEARCH, &[error(500, "E0000009")])]).await;
    let gap = first(&org, "dana@example.com").await.unwrap_err();
    assert_eq!((gap.kind, gap.operation.as_str()), (GapKind::Error, "okta:users"));
}

#[tokio::test]
async fn what_the_path_cannot_hold_is_searched_only() {
    for subject in ["me", "..", ".", "", "team/dana"] {
        let caller = user("00u9", "bot@example.com", "bot@example.com", "ACTIVE");
        let me = "GET /api/v1/users/me";
        let org = Org::answering(&[(BY_SEARCH, &[ok(json!([]))]), (me, &[ok(caller)])]).await;
        assert_eq!(first(&org, subject).await, Ok(None), "{subject}");
        let arrived = org.arrived();
        assert_eq!(arrived.len(), 1, "{subject}");
        assert!(arrived[0].query["search"].starts_with("profile.login eq "), "{subject}");
    }
}

#[tokio::test]
async fn a_login_without_its_accents_is_somebody_else() {
    let other = ok(user("00u7", "isaac@example.com", "isaac@example.com", "ACTIVE"));
    let what = "GET /api/v1/users/isa%C3%A1c@example.com";
    let org = Org::answering(&[(what, &[other]), (BY_SEARCH, &[ok(json!([]))])]).await;
    assert_eq!(first(&org, "isaác@example.com").await, Ok(None));
    assert_eq!(org.times(what), 1);
}

#[tokio::test]
async fn a_short_login_is_found() {
    let dana = ok(user("00u1dana", "dana@example.com", "dana@example.com", "ACTIVE"));
    let org = Org::answering(&[("GET /api/v1/users/dana", &[dana])]).await;
    assert_eq!(first(&org, "dana").await.unwrap().unwrap().id.0, "00u1dana");
}

#[tokio::test]
async fn only_what_an_admin_took_away_is_disabled() {
    for (status, enabled) in [
        ("ACTIVE", true),
        ("PASSWORD_EXPIRED", true),
        ("LOCKED_OUT", true),
        ("RECOVERY", true),
        ("PROVISIONED", true),
        ("A_STATUS_OF_TOMORROW", true),
        ("STAGED", false),
        ("SUSPENDED", false),
    ] {
        let person = person_of(user("00u1", "dana@example.com", "dana@example.com", status)).await;
        let person = person.unwrap().unwrap();
        assert_eq!((person.enabled, person.status.as_deref()), (enabled, Some(status)));
    }
}

#[tokio::test]
async fn what_aws_requires_and_is_not_there_is_named() {
    use RequiredAttribute::{DisplayName, FirstName, LastName};
    for (first, last, display, lacks, display_name) in [
        (json!("Dana"), json!("Moss"), json!("D. Moss"), vec![], Some("D. Moss")),
        (json!("Dana"), json!(null), json!(null), vec![LastName], Some("Dana")),
        (json!(""), json!("Moss"), json!("  "), vec![FirstName], Some("Moss")),
        (json!(null), json!(" "), json!("Dana"), vec![FirstName, LastName], Some("Dana")),
        (json!(null), json!(null), json!(null), vec![FirstName, LastName, DisplayName], None),
    ] {
        let mut user = user("00u1", "dana@example.com", "dana@example.com", "ACTIVE");
        user["profile"]["firstName"] = first;
        user["profile"]["lastName"] = last;
        user["profile"]["displayName"] = display;
        let person = person_of(user).await.unwrap().unwrap();
        assert_eq!(person.lacks, lacks);
        assert_eq!(person.display_name.as_deref(), display_name);
    }
}

#[tokio::test]
async fn a_user_who_lacks_id_or_status_is_a_gap() {
    for field in ["id", "status"] {
        let mut user = user("00u1", "dana@example.com", "dana@example.com", "ACTIVE");
        user[field] = json!(null);
        assert_eq!(person_of(user).await.unwrap_err().kind, GapKind::Error, "{field}");
    }
}
