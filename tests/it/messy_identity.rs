//! Who somebody is, where the address that Slack shows leads to nobody or to somebody else.

use insta::assert_snapshot;
use sso_why::slack::app;

use crate::harness::{World, seen};

#[tokio::test]
async fn a_further_address_of_the_profile_finds_whom_the_first_does_not() {
    let world = World::of("messy").await;
    let answer = world.ask("olga", "C0GENERAL", "/sso-why Olga-Prod").await;
    assert_snapshot!(seen(&answer), @"
    You have access to Olga-Prod: ReadOnly, through AWS-Olga.
    It arrived in AWS 200 days ago (2026-05-08 14:12 UTC).
    Next: if the portal does not show it yet, sign out of the access portal, wait about 3 minutes and sign in again.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Check again] [It's still missing] [Show all steps]
    ");
    let answer = world.ask("quin", "C0GENERAL", "/sso-why Quin-Prod").await;
    assert_snapshot!(seen(&answer), @"
    I can't find you in AWS, so I can't tell why Quin-Prod is missing.
    I know you only as quin@private.example and quin@brand.example.
    Neither AWS nor Entra ID has anybody with either of them as user name or e-mail address.
    Next: the help desk can look for you in Entra ID by name, and ask me again with the user name that stands there.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]
    ");
}

#[tokio::test]
async fn without_the_scope_the_first_address_is_asked_alone_and_nobody_is_called_absent() {
    let world = World::of("messy-no-idp").await;
    world.sandbox.workspace().app.scopes.remove(app::PROFILES);
    let answer = world.ask("olga", "C0GENERAL", "/sso-why Olga-Prod").await;
    assert!(answer.text.contains("I can't find you in AWS"), "{}", answer.text);
}

#[tokio::test]
async fn a_profile_is_not_read_where_no_field_is_configured() {
    let world = World::of_with("messy-no-idp", |config| config.slack.email_field = None).await;
    world.ask("olga", "C0GENERAL", "/sso-why Olga-Prod").await;
    let calls = world.sandbox.calls.counts();
    assert_eq!((calls.get("slack:users.profile.get"), calls.contains_key("slack:users.info")), (None, true));
}
