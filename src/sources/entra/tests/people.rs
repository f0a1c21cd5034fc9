//! A person by name or address.

use super::*;
use crate::diagnosis::facts::idp::RequiredAttribute;

fn dana() -> Value {
    json!({
        "id": PERSON, "displayName": "Dana Reyes", "givenName": "Dana", "surname": "Reyes",
        "mail": "dana@corp.example", "userPrincipalName": "dana@corp.example", "accountEnabled": true,
        "userType": "Member", "onPremisesSyncEnabled": null,
    })
}

fn with(changes: &Value) -> Value {
    let mut user = dana();
    for (name, value) in changes.as_object().expect("an object") {
        user[name] = value.clone();
    }
    user
}

#[tokio::test]
async fn one_call_asks_by_name_and_by_address() {
    let (server, entra) = graph(vec![list(&json!([dana()]))]).await;
    assert_eq!(entra.person(" dana@corp.example ").await.expect("an answer"), Some(person()));

    let request = only(&server);
    assert_eq!((request.method.as_str(), request.path.as_str()), ("GET", "/v1.0/users"));
    assert_eq!(
        request.option("$filter"),
        Some("userPrincipalName eq 'dana@corp.example' or mail eq 'dana@corp.example'")
    );
    assert!(request.option("$select").expect("is there").contains("accountEnabled"));
    assert!(!request.raw_query.contains('+'), "a plus is no space: {}", request.raw_query);
}

#[tokio::test]
async fn a_quote_in_the_name_ends_no_filter() {
    let (server, entra) = graph(vec![list(&json!([]))]).await;
    assert_eq!(entra.person("o'neil' or 'a+b&c").await.expect("an answer"), None);
    let filter = "userPrincipalName eq 'o''neil'' or ''a+b&c' or mail eq 'o''neil'' or ''a+b&c'";
    assert_eq!(only(&server).option("$filter"), Some(filter));
}

#[tokio::test]
async fn of_several_it_is_who_has_the_name_then_who_has_the_address_and_is_enabled() {
    let guest = with(&json!({"id": "guest", "userPrincipalName": "dana_corp.example#EXT#@other.example"}));
    let disabled =
        with(&json!({"id": "old", "userPrincipalName": "dana.old@corp.example", "accountEnabled": false}));
    let other =
        with(&json!({"id": "other", "userPrincipalName": "o@corp.example", "mail": "o@corp.example"}));
    for (found, expected) in [
        (json!([guest, dana()]), Some(PERSON)),
        (json!([disabled, guest]), Some("guest")),
        (json!([disabled]), Some("old")),
        (json!([other]), None),
    ] {
        let (_server, entra) = graph(vec![list(&found)]).await;
        let person = entra.person("Dana@corp.example").await.expect("an answer");
        assert_eq!(person.map(|person| person.id.0).as_deref(), expected);
    }
}

#[tokio::test]
async fn what_aws_requires_and_is_empty_is_lacking() {
    let bare = with(
        &json!({"givenName": null, "surname": " ", "displayName": "", "mail": null, "accountEnabled": false}),
    );
    let (_server, entra) = graph(vec![list(&json!([bare]))]).await;
    let person = entra.person("dana@corp.example").await.expect("an answer").expect("is there");
    assert_eq!(
        person.lacks,
        [RequiredAttribute::FirstName, RequiredAttribute::LastName, RequiredAttribute::DisplayName]
    );
    assert_eq!((person.enabled, person.display_name, person.email), (false, None, None));
}

#[tokio::test]
async fn an_account_that_does_not_show_whether_it_is_enabled_is_a_gap() {
    let (_server, entra) = graph(vec![list(&json!([with(&json!({"accountEnabled": null}))]))]).await;
    forbidden(
        &entra.person("dana@corp.example").await.expect_err("is hidden"),
        "graph:users",
        "User.Read.All",
    );
}
