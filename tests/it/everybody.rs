//! Everybody in the company: what they see in Slack, its text for a notification, what the terminal shows,
//! and the essence of the JSON report. The harness compares the faces with each other and with what the
//! scenario expects; here it is for people to read.

use insta::assert_snapshot;

use crate::harness::World;

#[tokio::test]
async fn dana_is_not_in_the_group_yet() {
    let world = World::new().await;
    assert_snapshot!(world.told("dana").await, @"");
}

#[tokio::test]
async fn theo_mistypes_the_account() {
    let world = World::new().await;
    assert_snapshot!(world.told("theo").await, @"");
}

#[tokio::test]
async fn ines_asks_for_a_name_that_two_accounts_have() {
    let world = World::new().await;
    assert_snapshot!(world.told("ines").await, @"");
}

#[tokio::test]
async fn oscar_asks_for_a_suspended_account() {
    let world = World::new().await;
    assert_snapshot!(world.told("oscar").await, @"");
}

#[tokio::test]
async fn yuki_is_not_in_identity_center() {
    let world = World::new().await;
    assert_snapshot!(world.told("yuki").await, @"");
}

#[tokio::test]
async fn marcus_is_disabled() {
    let world = World::new().await;
    assert_snapshot!(world.told("marcus").await, @"");
}

#[tokio::test]
async fn priya_has_two_records() {
    let world = World::new().await;
    assert_snapshot!(world.told("priya").await, @"");
}

#[tokio::test]
async fn lenas_group_was_made_by_hand() {
    let world = World::new().await;
    assert_snapshot!(world.told("lena").await, @"");
}

#[tokio::test]
async fn jonas_is_in_a_group_that_differs_in_case() {
    let world = World::new().await;
    assert_snapshot!(world.told("jonas").await, @"");
}

#[tokio::test]
async fn aisha_is_in_one_of_two_groups_of_one_name() {
    let world = World::new().await;
    assert_snapshot!(world.told("aisha").await, @"");
}

#[tokio::test]
async fn victors_group_differs_in_a_no_break_space() {
    let world = World::new().await;
    assert_snapshot!(world.told("victor").await, @"");
}

#[tokio::test]
async fn rosas_group_differs_in_a_cyrillic_letter() {
    let world = World::new().await;
    assert_snapshot!(world.told("rosa").await, @"");
}

#[tokio::test]
async fn sofias_group_was_made_anew() {
    let world = World::new().await;
    assert_snapshot!(world.told("sofia").await, @"");
}

#[tokio::test]
async fn kofi_asks_for_an_account_that_nothing_opens() {
    let world = World::new().await;
    assert_snapshot!(world.told("kofi").await, @"");
}

#[tokio::test]
async fn hana_has_it_with_less_than_she_asks_for() {
    let world = World::new().await;
    assert_snapshot!(world.told("hana").await, @"");
}

#[tokio::test]
async fn ravis_access_is_being_made() {
    let world = World::new().await;
    assert_snapshot!(world.told("ravi").await, @"");
}

#[tokio::test]
async fn chloes_access_could_not_be_made() {
    let world = World::new().await;
    assert_snapshot!(world.told("chloe").await, @"");
}

#[tokio::test]
async fn emils_access_is_not_on_the_account() {
    let world = World::new().await;
    assert_snapshot!(world.told("emil").await, @"");
}

#[tokio::test]
async fn nadias_permission_set_is_an_older_version() {
    let world = World::new().await;
    assert_snapshot!(world.told("nadia").await, @"");
}

#[tokio::test]
async fn tomas_has_it_since_four_minutes() {
    let world = World::new().await;
    assert_snapshot!(world.told("tomas").await, @"");
}

#[tokio::test]
async fn zoes_account_has_an_emoji_in_its_name() {
    let world = World::new().await;
    assert_snapshot!(world.told("zoe").await, @"");
}

#[tokio::test]
async fn quinns_groups_have_hostile_names() {
    let world = World::new().await;
    assert_snapshot!(world.told("quinn").await, @"");
}
