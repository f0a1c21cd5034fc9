//! Groups: exact names, the application's copies, and owners.

use super::*;
use crate::diagnosis::facts::idp::{Filled, MembershipRule, Owner};

const SEARCH: &str = "GET /api/v1/groups";
const APPS: &str = "GET /api/v1/apps";
const OWNERS: &str = "GET /api/v1/groups/00g1payments/owners";

fn of_app(id: &str, name: &str, app: &str) -> Value {
    json!({
        "id": id, "type": "APP_GROUP", "objectClass": ["okta:user_group"], "lastMembershipUpdated": null,
        "profile": {"name": name, "description": null},
        "_links": {"source": {"href": format!("https://example.okta.com/api/v1/apps/{app}")}, "logo": []}
    })
}

fn apps() -> Scripted {
    ok(json!([{"id": "0oa1aws", "name": "amazon_aws_sso", "status": "ACTIVE", "features": ["GROUP_PUSH"]}]))
}

#[tokio::test]
async fn a_group_is_found_by_exactly_its_name() {
    let near = [group("00g1", "aws-payments"), group("00g2", "AWS-Payments"), group("00g3", "AWS-Payments ")];
    let org = Org::answering(&[(SEARCH, &[ok(json!(near))])]).await;
    let found = org.client().group_by_name("AWS-Payments").await.unwrap().unwrap();
    assert_eq!(found.id.0, "00g2");
    assert_eq!(org.client().group_by_name("AWS-PAYMENTS").await, Ok(None));

    let hostile = r#"a" or profile.name sw "\"#;
    assert_eq!(org.client().group_by_name(hostile).await, Ok(None));
    let search = org.arrived().pop().unwrap().query["search"].clone();
    assert_eq!(search, r#"profile.name eq "a\" or profile.name sw \"\\""#);
}

#[tokio::test]
async fn the_applications_copy_never_stands_for_the_group() {
    let copy = of_app("00g9", "AWS-Payments", "0oa1aws");
    let from_directory = of_app("00g8", "AWS-Payments", "0oa7directory");
    let own = group("00g1", "AWS-Payments");
    for (found, expected) in [
        (json!([copy, own]), Some("00g1")),
        (json!([copy, from_directory]), Some("00g8")),
        (json!([from_directory, own]), Some("00g1")),
        (json!([copy]), None),
    ] {
        let org = Org::answering(&[(SEARCH, &[ok(found)]), (APPS, &[apps()])]).await;
        let group = org.client().group_by_name("AWS-Payments").await.unwrap();
        assert_eq!(group.map(|group| group.id.0).as_deref(), expected);
    }
}

#[tokio::test]
async fn a_persons_groups_are_without_the_applications_copies() {
    let found = json!([
        {"id": "00g0", "type": "BUILT_IN", "profile": {"name": "Everyone"}},
        group("00g1", "AWS-Payments"),
        of_app("00g9", "AWS-Payments", "0oa1aws"),
        of_app("00g8", "AD-Engineers", "0oa7directory"),
        {"id": "00g5", "profile": {"name": "Of no type", "description": "Okta's shortest example has none"}},
    ]);
    let ids = |groups: Vec<IdpGroup>| groups.into_iter().map(|group| group.id.0).collect::<Vec<_>>();
    let org = Org::answering(&[(DANAS_GROUPS, &[ok(found.clone())]), (APPS, &[apps()])]).await;
    let okta = org.client();
    assert_eq!(ids(okta.groups(&dana()).await.unwrap()), ["00g0", "00g1", "00g8", "00g5"]);
    assert_eq!(ids(okta.groups(&dana()).await.unwrap()).len(), 4);
    assert_eq!(org.times(APPS), 1, "the application is remembered");

    // Where the application cannot be read, the group of the same name tells the copy.
    let org = Org::answering(&[(DANAS_GROUPS, &[ok(found)]), (APPS, &[error(403, "E0000006")])]).await;
    assert_eq!(ids(org.client().groups(&dana()).await.unwrap()), ["00g0", "00g1", "00g8", "00g5"]);
}

#[tokio::test]
async fn owners_are_people_who_can_act_with_their_addresses() {
    let owner = |id: &str, kind: &str, name: Value| json!({"id": id, "type": kind, "displayName": name, "originId": null, "originType": "OKTA_DIRECTORY", "resolved": true});
    let user = |login: &str, status: &str| {
        ok(
            json!({"id": "x", "status": status, "profile": {"login": login, "email": login, "firstName": "Bo"}}),
        )
    };
    let owners = json!([
        owner("00ubo", "USER", json!("Bo Reyes")),
        owner("00uunnamed", "USER", json!(null)),
        owner("00ugone", "USER", json!("Gone Away")),
        owner("00uleft", "USER", json!("Left Them")),
        owner("00uunread", "USER", json!("Un Read")),
        owner("00gteam", "GROUP", json!("A team")),
    ]);
    let org = Org::answering(&[
        (OWNERS, &[ok(owners)]),
        ("GET /api/v1/users/00ubo", &[user("bo@example.com", "ACTIVE")]),
        ("GET /api/v1/users/00uunnamed", &[user("una@example.com", "ACTIVE")]),
        ("GET /api/v1/users/00uleft", &[user("left@example.com", "DEPROVISIONED")]),
        ("GET /api/v1/users/00uunread", &[error(403, "E0000006")]),
    ])
    .await;
    let expected = [("Bo Reyes", Some("bo@example.com")), ("Bo", Some("una@example.com")), ("Un Read", None)];
    let expected: Vec<_> =
        expected.map(|(name, email)| Owner { name: name.to_owned(), email: email.map(str::to_owned) }).into();
    assert_eq!(org.client().owners(&payments()).await, Ok(expected));
}

#[tokio::test]
async fn an_org_without_group_owners_knows_none() {
    for answer in [error(404, "E0000007"), error(403, "E0000015"), ok(json!([]))] {
        let org = Org::answering(&[(OWNERS, std::slice::from_ref(&answer))]).await;
        assert_eq!(org.client().owners(&payments()).await, Ok(Vec::new()), "{answer:?}");
    }
    let org = Org::answering(&[(OWNERS, &[error(403, "E0000006")])]).await;
    let gap = org.client().owners(&payments()).await.unwrap_err();
    assert_eq!((gap.kind, gap.operation.as_str()), (GapKind::Forbidden, "okta:groups/owners"));
}

#[tokio::test]
async fn the_members_are_told_by_their_logins() {
    let user = |id: &str, login: Value| json!({"id": id, "status": "ACTIVE", "profile": {"login": login}});
    let members = |users: Value| [("GET /api/v1/groups/00g1payments/users", [ok(users)])];
    let both =
        members(json!([user("00u1", "dana@corp.example".into()), user("00u2", "jonas@corp.example".into())]));
    let org = Org::answering(&both.each_ref().map(|(what, answers)| (*what, answers.as_slice()))).await;
    assert_eq!(
        org.client().members(&payments()).await,
        Ok(vec!["dana@corp.example".to_owned(), "jonas@corp.example".to_owned()])
    );
    // Somebody without a login would count as missing in AWS.
    let nameless = members(json!([user("00u1", Value::Null)]));
    let org = Org::answering(&nameless.each_ref().map(|(what, answers)| (*what, answers.as_slice()))).await;
    assert_eq!(org.client().members(&payments()).await.unwrap_err().operation, "okta:groups/users");
}

#[tokio::test]
async fn a_group_that_was_imported_says_from_what() {
    let mut of_ad = of_app("00g8", "AWS-Payments", "0oa7directory");
    of_ad["objectClass"] = json!(["okta:windows_security_principal"]);
    let of_an_app = of_app("00g8", "AWS-Payments", "0oa7directory");
    for (found, expected) in [
        (of_ad, Filled::FromActiveDirectory),
        (of_an_app, Filled::FromAnApplication),
        (group("00g1", "AWS-Payments"), Filled::ByHand),
    ] {
        let org = Org::answering(&[(SEARCH, &[ok(json!([found]))]), (APPS, &[apps()])]).await;
        let group = org.client().group_by_name("AWS-Payments").await.unwrap().unwrap();
        assert_eq!(group.traits.filled, expected);
    }
}

#[tokio::test]
async fn the_rule_of_a_group_is_the_one_that_assigns_people_to_it() {
    let rule = |name: &str, group: &str, status: &str| {
        json!({
            "id": "0pr1", "type": "group_rule", "status": status, "name": name,
            "conditions": {"expression": {"value": "user.department==\"Finance\"", "type": "urn:okta:expression:1.0"}},
            "actions": {"assignUserToGroups": {"groupIds": [group]}},
        })
    };
    let rules = json!([rule("Others", "00g7", "ACTIVE"), rule("Finance", "00g1payments", "INACTIVE")]);
    let org = Org::answering(&[("GET /api/v1/groups/rules", &[ok(rules), ok(json!([]))])]).await;
    let expected = MembershipRule {
        name: Some("Finance".to_owned()),
        text: Some("user.department==\"Finance\"".to_owned()),
        is_paused: true,
    };
    assert_eq!(org.client().rule_of(&payments()).await, Ok(Some(expected)));
    assert_eq!(org.client().rule_of(&payments()).await, Ok(None));
}

#[tokio::test]
async fn groups_of_several_names_are_found_by_one_search() {
    let found = json!([
        of_app("00g9", "AWS-Payments", "0oa1aws"),
        of_app("00g8", "AWS-Payments", "0oa7directory"),
        group("00g1", "AWS-Payments"),
        group("00g2", "AWS-Ledger"),
    ]);
    let org = Org::answering(&[(SEARCH, &[ok(found)]), (APPS, &[apps()])]).await;
    let named = org.client().groups_named(&["AWS-Payments", "a\" or \"b"]).await.unwrap();
    let search = &org.arrived()[0].query["search"];
    assert_eq!(search, r#"profile.name eq "AWS-Payments" or profile.name eq "a\" or \"b""#);
    let all: Vec<&str> = named.all.iter().map(|(id, _)| id.0.as_str()).collect();
    let own: Vec<&str> = named.own.iter().map(|group| group.id.0.as_str()).collect();
    assert_eq!((all, own), (vec!["00g9", "00g8", "00g1", "00g2"], vec!["00g1", "00g2", "00g8"]));
}

#[tokio::test]
async fn many_names_are_asked_for_in_several_searches() {
    let org = Org::answering(&[(SEARCH, &[ok(json!([])), ok(json!([]))])]).await;
    let names: Vec<String> = (0..25).map(|number| format!("Group {number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(org.client().groups_named(&names).await, Ok(NamedGroups::default()));
    assert_eq!(org.arrived().len(), 2);
}
