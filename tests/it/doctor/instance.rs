//! The Identity Center instance: the doctor asks the one that the bot asks, and says where that is not the
//! organization's.

use insta::assert_snapshot;
use sso_why::config::Aws;
use sso_why::doctor::Installation;
use sso_why::sandbox::company::AccountInstance;

use super::{assert_names, below, failed, looked_at, reading, told};
use crate::harness::World;

const ELSEWHERE: &str = "arn:aws:sso:::instance/ssoins-0000000000000bad";

fn with(world: &World, arn: Option<&str>, identity_store: Option<&str>) -> Installation {
    let mut installation = world.installation();
    let Aws { instance_arn, identity_store_id, .. } = &mut installation.config.aws;
    *instance_arn = arn.map(str::to_owned);
    *identity_store_id = identity_store.map(str::to_owned);
    installation
}

/// The organization's instance and its identity store.
fn right(world: &World) -> (String, String) {
    let company = world.sandbox.company();
    (company.instance_arn.clone(), company.identity_store_id.clone())
}

/// The bot works in a delegated administrator's account, which has an instance of its own.
async fn beside_an_account_instance() -> World {
    let world = reading("no-idp").await;
    world.sandbox.rights.work_in("111122223333");
    world.sandbox.company().account_instance = Some(AccountInstance {
        arn: ELSEWHERE.to_owned(),
        identity_store_id: "d-0000000bad".to_owned(),
        owner: "111122223333".to_owned(),
    });
    world
}

#[tokio::test]
async fn the_instance_that_is_configured_is_the_one_that_is_looked_at() {
    let world = reading("no-idp").await;
    let (arn, store) = right(&world);
    for (arn, store) in [(Some(&arn), Some(&store)), (Some(&arn), None), (None, Some(&store))] {
        let installation = with(&world, arn.map(String::as_str), store.map(String::as_str));
        let checkup = looked_at(&installation).await;
        assert!(checkup.is_well(), "{}", told(&checkup));
        let line = told(&checkup).lines().find(|line| line.contains("aws.instance")).map(str::to_owned);
        assert!(line.is_some_and(|line| line.contains("ssoins-55f5d59720096a10")), "{}", told(&checkup));
    }
}

#[tokio::test]
async fn an_instance_that_is_configured_wrongly_is_what_is_wrong() {
    let world = reading("no-idp").await;
    let (arn, store) = right(&world);
    let wrong = looked_at(&with(&world, Some(ELSEWHERE), Some(&store))).await;
    assert_names(&wrong, "aws.instance");
    assert_snapshot!(below(&wrong), @r#"
    FAILED   aws.instance: AWS does not list the configured instance
             There are no assignments to be seen there, so that no question can be
             answered.
             Set in [aws] of sso-why.toml:
             instance_arn = "arn:aws:sso:::instance/ssoins-55f5d59720096a10"
             identity_store_id = "d-9067f0aa11"

    1 of 36 checks failed, 12 could not be tried.
    "#);
    for (arn, store) in
        [(Some(ELSEWHERE), None), (None, Some("d-0000000bad")), (Some(arn.as_str()), Some("d-0000000bad"))]
    {
        let wrong = looked_at(&with(&world, arn, store)).await;
        assert_names(&wrong, "aws.instance");
        assert!(!told(&wrong).contains("…"), "the right one is told: {}", told(&wrong));
    }
}

#[tokio::test]
async fn a_wrong_instance_is_found_where_no_list_may_be_read_and_says_nothing_of_rights() {
    let world = reading("no-idp").await;
    world.sandbox.rights.take_away("sso:ListInstances");
    let (arn, store) = right(&world);
    let well = looked_at(&with(&world, Some(&arn), Some(&store))).await;
    assert_names(&well, "aws.sso:ListInstances");
    assert!(told(&well).contains("aws.sso:ListAccountAssignments "), "{}", told(&well));

    for (arn, store) in [(ELSEWHERE, store.as_str()), (arn.as_str(), "d-0000000bad")] {
        let wrong = looked_at(&with(&world, Some(arn), Some(store))).await;
        assert_eq!(failed(&wrong), ["aws.instance", "aws.sso:ListInstances"], "{}", told(&wrong));
        assert!(told(&wrong).contains("aws.* (12 actions)"), "{}", told(&wrong));
    }
}

#[tokio::test]
async fn an_accounts_own_instance_is_not_taken_for_the_organizations() {
    let world = beside_an_account_instance().await;
    let unchosen = looked_at(&world.installation()).await;
    assert!(unchosen.is_well(), "{}", told(&unchosen));
    assert!(told(&unchosen).contains("ssoins-55f5d59720096a10, of 2"), "{}", told(&unchosen));

    let own = looked_at(&with(&world, Some(ELSEWHERE), None)).await;
    assert_eq!(failed(&own), ["aws.instance"]);
    assert_snapshot!(below(&own), @r#"
    FAILED   aws.instance: the bot would ask an account's own instance
             There are no assignments to be seen there, so that no question can be
             answered.
             Set in [aws] of sso-why.toml:
             instance_arn = "arn:aws:sso:::instance/ssoins-55f5d59720096a10"

    1 of 36 checks failed, 12 could not be tried.
    "#);

    let (arn, _) = right(&world);
    let chosen = looked_at(&with(&world, Some(&arn), None)).await;
    assert!(chosen.is_well(), "{}", told(&chosen));
    assert!(told(&chosen).contains("only the management"), "{}", told(&chosen));
}
