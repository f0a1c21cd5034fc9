//! Group push mappings: how they stand, and pushing again without leaving one off unsaid.

use super::*;
use crate::diagnosis::facts::idp::{
    AppAssignment, ForcedStep, IdpGroupId, PushMapping, PushState, TroubleKind,
};

const MAPPINGS: &str = "GET /api/v1/apps/0oa1aws/group-push/mappings";
const MAPPING: &str = "PATCH /api/v1/apps/0oa1aws/group-push/mappings/gPm1";

fn mapping(id: &str, group: &str, status: &str, error: Value) -> Value {
    json!({
        "id": id, "status": status, "sourceGroupId": group, "targetGroupId": "00g9", "errorSummary": error,
        "created": "2026-06-01T09:00:00Z", "lastUpdated": "2026-11-01T09:00:00Z", "lastPush": "2026-11-02T10:00:00Z",
        "_links": {"app": {"href": "https://example.okta.com/api/v1/apps/0oa1aws"}}
    })
}

fn pushed(state: PushState) -> PushMapping {
    PushMapping { id: "gPm1".to_owned(), state, target: None, created: None, last_push: None, error: None }
}

async fn assignment(mappings: Value) -> Result<AppAssignment, Gap> {
    let org = Org::answering(&[(MAPPINGS, &[ok(mappings)])]).await;
    let found = org.client().app_assignment(&aws(), &payments()).await;
    assert_eq!(org.arrived()[0].query["sourceGroupId"], "00g1payments");
    found
}

#[tokio::test]
async fn a_group_without_a_mapping_of_its_own_is_not_pushed() {
    assert_eq!(assignment(json!([])).await, Ok(AppAssignment::None));
    let others = json!([mapping("gPm7", "00g7", "ACTIVE", json!(""))]);
    assert_eq!(assignment(others).await, Ok(AppAssignment::None));
}

#[tokio::test]
async fn a_mapping_is_told_with_its_state_and_error() {
    for (status, error, state, told) in [
        ("ACTIVE", json!(""), PushState::Active, None),
        ("INACTIVE", json!(null), PushState::Inactive, None),
        ("ERROR", json!("Unauthorized"), PushState::Error, Some("Unauthorized")),
        ("PAUSED", json!(""), PushState::Other("PAUSED".to_owned()), None),
    ] {
        let found = assignment(json!([mapping("gPm1", "00g1payments", status, error)])).await.unwrap();
        let expected = PushMapping {
            id: "gPm1".to_owned(),
            state,
            target: Some(IdpGroupId("00g9".to_owned())),
            created: Some(at("2026-06-01T09:00:00Z")),
            last_push: Some(at("2026-11-02T10:00:00Z")),
            error: told.map(str::to_owned),
        };
        assert_eq!(found, AppAssignment::Pushed(expected));
    }
}

#[tokio::test]
async fn of_several_mappings_the_active_one_counts() {
    let both = json!([
        mapping("gPm1", "00g1payments", "INACTIVE", json!("")),
        mapping("gPm2", "00g1payments", "ACTIVE", json!("")),
    ]);
    let AppAssignment::Pushed(found) = assignment(both).await.unwrap() else { panic!("no mapping") };
    assert_eq!(found.id, "gPm2");
}

#[tokio::test]
async fn a_mapping_without_a_status_is_a_gap() {
    let gap = assignment(json!([mapping("gPm1", "00g1payments", "ACTIVE", json!(""))
        .as_object()
        .map(|fields| fields.iter().filter(|(name, _)| *name != "status").collect::<HashMap<_, _>>())]))
    .await
    .unwrap_err();
    assert_eq!(gap.operation, "okta:apps/group-push/mappings");
}

async fn pushed_again(answers: &[Scripted]) -> (Org, Result<Vec<ForcedStep>, Gap>) {
    let org = Org::answering(&[(MAPPING, answers)]).await;
    let steps = Arc::new(org.client()).push_again(&aws(), &pushed(PushState::Active)).await;
    (org, steps)
}

fn succeeded(steps: &[ForcedStep]) -> Vec<Option<bool>> {
    steps.iter().map(|step| step.succeeded).collect()
}

fn set(status: &str) -> Scripted {
    ok(mapping("gPm1", "00g1payments", status, json!("")))
}

#[tokio::test]
async fn a_group_is_pushed_again_by_switching_its_mapping_off_and_on() {
    let (org, steps) = pushed_again(&[set("INACTIVE"), set("ACTIVE")]).await;
    assert_eq!(succeeded(&steps.unwrap()), [Some(true), Some(true)]);
    let bodies: Vec<_> = org.arrived().into_iter().map(|arrived| arrived.body).collect();
    assert_eq!(bodies, [r#"{"status":"INACTIVE"}"#, r#"{"status":"ACTIVE"}"#]);
}

#[tokio::test]
async fn where_okta_refuses_nothing_was_changed() {
    for (status, code) in [(403, "E0000006"), (404, "E0000007"), (400, "E0000001"), (429, "E0000047")] {
        let (org, steps) = pushed_again(&[error(status, code)]).await;
        let gap = steps.unwrap_err();
        assert_eq!(gap.operation, "okta:apps/group-push/mappings");
        assert_eq!(org.arrived().len(), 1, "{status}");
        assert_eq!(gap.detail.contains("okta.groups.manage"), status == 403, "{}", gap.detail);
    }
}

#[tokio::test]
async fn switching_on_is_tried_until_it_is_on() {
    let mut answers = vec![set("INACTIVE")];
    answers.extend(std::iter::repeat_n(error(503, "E0000010"), 6));
    answers.push(set("ACTIVE"));
    let (org, steps) = pushed_again(&answers).await;
    assert_eq!(succeeded(&steps.unwrap()), [Some(true), Some(true)]);
    assert_eq!(org.arrived().len(), answers.len());
}

#[tokio::test]
async fn a_mapping_that_stays_off_is_said() {
    let (org, steps) = pushed_again(&[set("INACTIVE"), error(500, "E0000009")]).await;
    let steps = steps.unwrap();
    assert_eq!(succeeded(&steps), [Some(true), Some(false)]);
    let detail = steps[1].detail.as_deref().unwrap();
    assert!(detail.starts_with("the mapping is now off"), "{detail}");
    assert!(org.arrived().len() > 3);

    let (_org, steps) = pushed_again(&[set("INACTIVE"), set("INACTIVE")]).await;
    assert_eq!(succeeded(&steps.unwrap()), [Some(true), Some(false)]);
}

#[tokio::test]
async fn switching_off_without_an_answer_is_followed_by_switching_on() {
    let (_org, steps) = pushed_again(&[error(500, "E0000009"), set("ACTIVE")]).await;
    assert_eq!(succeeded(&steps.unwrap()), [None, Some(true)]);

    let (_org, steps) = pushed_again(&[error(500, "E0000009")]).await;
    let steps = steps.unwrap();
    assert_eq!(succeeded(&steps), [None, Some(false)]);
    assert!(steps[1].detail.as_deref().unwrap().starts_with("the mapping may now be off"));
}

#[tokio::test]
async fn a_push_that_fails_is_told_with_oktas_words() {
    let failed = ok(mapping("gPm1", "00g1payments", "ERROR", json!("The group has no such name")));
    let (_org, steps) = pushed_again(&[set("INACTIVE"), failed]).await;
    let on = steps.unwrap().pop().unwrap();
    assert_eq!((on.succeeded, on.detail.as_deref()), (Some(false), Some("The group has no such name")));
}

#[tokio::test]
async fn a_mapping_that_somebody_switched_off_is_left_alone() {
    let org = Org::answering(&[(MAPPING, &[set("ACTIVE")])]).await;
    let steps = Arc::new(org.client()).push_again(&aws(), &pushed(PushState::Inactive)).await.unwrap();
    assert_eq!(succeeded(&steps), [Some(false)]);
    assert!(org.arrived().is_empty());
}

#[tokio::test]
async fn a_push_goes_on_to_its_end_without_anybody_who_waits() {
    let org = Org::answering(&[(MAPPING, &[set("INACTIVE"), set("ACTIVE")])]).await;
    let okta = Arc::new(org.client());
    let aws = aws();
    let mapping = pushed(PushState::Active);
    let mut push = Box::pin(okta.push_again(&aws, &mapping));
    assert!(futures::poll!(push.as_mut()).is_pending());
    drop(push);
    while org.times(MAPPING) < 2 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn every_pushed_group_is_told_once_and_by_its_own_name() {
    let mappings = json!([
        mapping("gPm1", "00g1", "ACTIVE", json!("")),
        mapping("gPm2", "00g1", "ERROR", json!("409")),
        mapping("gPm3", "00g2", "ERROR", json!("409")),
        mapping("gPm4", "00g3", "INACTIVE", json!("")),
        mapping("gPm5", "00g4", "ACTIVE", json!("")),
    ]);
    let org = Org::answering(&[
        (MAPPINGS, &[ok(mappings)]),
        ("GET /api/v1/groups/00g1", &[ok(group("00g1", "AWS-Payments"))]),
        ("GET /api/v1/groups/00g2", &[ok(group("00g2", "AWS-Tools"))]),
        ("GET /api/v1/groups/00g4", &[error(404, "E0000007")]),
    ])
    .await;
    let found = org.client().pushed_groups(&aws()).await.unwrap();
    let named: Vec<(&str, &str)> =
        found.iter().map(|group| (group.id.0.as_str(), group.name.as_str())).collect();
    assert_eq!(named, [("00g1", "AWS-Payments"), ("00g2", "AWS-Tools")]);
}

#[tokio::test]
async fn what_a_mapping_says_of_its_error_is_told_as_trouble() {
    let taken = json!([mapping(
        "gPm1",
        "00g1payments",
        "ERROR",
        json!("Conflict. Errors reported by remote server")
    )]);
    let org = Org::answering(&[(MAPPINGS, &[ok(taken)])]).await;
    let trouble = org.client().push_trouble(&aws(), &payments()).await.unwrap().unwrap();
    assert_eq!((trouble.kind, trouble.code.as_str()), (TroubleKind::NameTaken, "errorSummary"));
    let org = Org::answering(&[(MAPPINGS, &[ok(json!([]))])]).await;
    assert_eq!(org.client().push_trouble(&aws(), &payments()).await, Ok(None));
}

#[tokio::test]
async fn mappings_are_listed_with_both_their_groups() {
    let mut without_target = mapping("gPm2", "00g2", "INACTIVE", json!(""));
    without_target["targetGroupId"] = json!(null);
    let listed = json!([mapping("gPm1", "00g1payments", "ACTIVE", json!("")), without_target]);
    let org = Org::answering(&[(MAPPINGS, &[ok(listed)])]).await;
    let pushes = org.client().pushes(&aws()).await.unwrap();
    assert_eq!(org.arrived()[0].query["limit"], "1000");
    let groups: Vec<_> = pushes
        .iter()
        .map(|push| (push.source.0.as_str(), push.mapping.target.as_ref().map(|target| target.0.as_str())))
        .collect();
    assert_eq!(groups, [("00g1payments", Some("00g9")), ("00g2", None)]);
    assert!(pushes[0].is_active() && !pushes[1].is_active());

    let mut without_source = mapping("gPm1", "00g1", "ACTIVE", json!(""));
    without_source["sourceGroupId"] = json!(null);
    let org = Org::answering(&[(MAPPINGS, &[ok(json!([without_source]))])]).await;
    assert_eq!(org.client().pushes(&aws()).await.unwrap_err().operation, "okta:apps/group-push/mappings");
}
