//! Who may activate which group, and how groups are filled.

use super::*;
use crate::diagnosis::facts::idp::{Eligibility, Filled, IdpGroupId, MembershipRule};

fn instance(group: &str, access: &str) -> Value {
    json!({
        "id": "i1", "principalId": PERSON, "accessId": access, "groupId": group, "memberType": "direct",
        "startDateTime": "2026-03-01T00:00:00Z", "endDateTime": "2026-06-01T00:00:00Z",
        "eligibilityScheduleId": "s1",
    })
}

#[tokio::test]
async fn memberships_to_activate_are_asked_for_by_the_person() {
    let (server, entra) =
        graph(vec![list(&json!([instance(GROUP, "member"), instance("g2", "owner")]))]).await;
    let until = Some(at("2026-06-01T00:00:00Z"));
    let expected = Eligibility { group: IdpGroupId(GROUP.to_owned()), until };
    assert_eq!(entra.eligible(&person()).await, Ok(vec![expected]), "an owner is no member");
    let request = only(&server);
    let path = "/v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances";
    assert_eq!(request.path, path);
    assert_eq!(request.option("$filter"), Some(format!("principalId eq '{PERSON}'").as_str()));
}

#[tokio::test]
async fn without_the_right_or_the_licence_it_is_not_configured() {
    for status in [400, 403, 404] {
        let (_server, entra) = graph(vec![refused(status, "AadPremiumLicenseRequired")]).await;
        let gap = entra.eligible(&person()).await.expect_err("is refused");
        assert_eq!(gap.kind, GapKind::NotConfigured, "{status}");
    }
    let (_server, entra) = graph(vec![
        refused(500, "InternalServerError"),
        refused(500, "InternalServerError"),
        refused(500, "InternalServerError"),
        refused(500, "InternalServerError"),
    ])
    .await;
    assert_eq!(entra.eligible(&person()).await.expect_err("fails").kind, GapKind::Error);
}

#[tokio::test]
async fn a_groups_record_says_how_people_get_into_it() {
    let with = |changes: Value| {
        let mut wire = json!({"id": GROUP, "displayName": "AWS-Payments-ReadOnly", "groupTypes": []});
        for (name, value) in changes.as_object().expect("an object") {
            wire[name] = value.clone();
        }
        wire
    };
    let rule =
        |is_paused| Filled::ByRule(MembershipRule { name: None, text: Some("a rule".to_owned()), is_paused });
    let dynamic = |state: &str| {
        with(json!({
            "groupTypes": ["Unified", "DynamicMembership"], "membershipRule": "a rule",
            "membershipRuleProcessingState": state,
        }))
    };
    for (wire, expected) in [
        (with(json!({})), Filled::ByHand),
        (with(json!({"groupTypes": null, "onPremisesSyncEnabled": false})), Filled::ByHand),
        (with(json!({"onPremisesSyncEnabled": true})), Filled::FromActiveDirectory),
        (dynamic("On"), rule(false)),
        (dynamic("Paused"), rule(true)),
    ] {
        let (server, entra) = graph(vec![Answer::json(200, &wire)]).await;
        let found = entra.group_by_id(&payments().id).await.expect("an answer").expect("is there");
        assert_eq!(found.traits.filled, expected);
        assert!(only(&server).option("$select").is_some_and(|select| select.contains("groupTypes")));
    }
}
