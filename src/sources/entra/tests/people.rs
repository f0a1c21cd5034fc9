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

async fn first(entra: &Entra, subject: &str) -> Result<Option<IdpPerson>, Gap> {
    entra.people(subject).await.map(|people| people.into_iter().next())
}

#[tokio::test]
async fn a_further_address_is_asked_for_where_nobody_has_it_as_their_own() {
    let aliased = with(
        &json!({"otherMails": [], "proxyAddresses": ["SMTP:dana@corp.example", "smtp:dr@corp.example"]}),
    );
    let (server, entra) = graph(vec![list(&json!([])), list(&json!([aliased]))]).await;
    assert_eq!(first(&entra, "DR@corp.example").await.expect("an answer"), Some(person()));
    let asked = server.arrived();
    let filter =
        "otherMails/any(a:a eq 'DR@corp.example') or proxyAddresses/any(a:a eq 'smtp:DR@corp.example')";
    assert_eq!(asked[1].option("$filter"), Some(filter));
}

#[tokio::test]
async fn one_call_asks_by_name_and_by_address() {
    let (server, entra) = graph(vec![list(&json!([dana()]))]).await;
    assert_eq!(first(&entra, " dana@corp.example ").await.expect("an answer"), Some(person()));

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
    assert_eq!(first(&entra, "o'neil' or 'a+b&c").await.expect("an answer"), None);
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
        let (_server, entra) = graph(vec![list(&found), list(&json!([]))]).await;
        let person = first(&entra, "Dana@corp.example").await.expect("an answer");
        assert_eq!(person.map(|person| person.id.0).as_deref(), expected);
    }
}

#[tokio::test]
async fn what_aws_requires_and_is_empty_is_lacking() {
    let bare = with(
        &json!({"givenName": null, "surname": " ", "displayName": "", "mail": null, "accountEnabled": false}),
    );
    let (_server, entra) = graph(vec![list(&json!([bare]))]).await;
    let person = first(&entra, "dana@corp.example").await.expect("an answer").expect("is there");
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
        &first(&entra, "dana@corp.example").await.expect_err("is hidden"),
        "graph:users",
        "User.Read.All",
    );
}
