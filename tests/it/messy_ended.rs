//! Temporary access that ended: by what AWS still lists of deleted assignments.

use insta::assert_snapshot;
use jiff::SignedDuration;
use sso_why::diagnosis::causes::Cause;
use sso_why::diagnosis::facts::GapKind;
use sso_why::diagnosis::{Diagnosis, Verdict};
use sso_why::sandbox::company::{AssignmentRequest, Change, RequestStatus};
use sso_why::sandbox::faults::Fault;
use sso_why::sandbox::scenario::PrincipalKey;
use sso_why::words::json_v1;

use crate::harness::World;

const LIST: &str = "sso:ListAccountAssignmentDeletionStatus";
const DESCRIBE: &str = "sso:DescribeAccountAssignmentDeletionStatus";

#[tokio::test]
async fn kofi_had_it_for_an_hour_and_is_not_sent_to_the_standing_group() {
    let world = World::of("messy").await;
    assert_snapshot!(world.told("kofi").await, @"
    You had Admin on Kofi-Prod until 2026-11-24 11:12 UTC, and that access has ended.
    Admin was assigned to you directly; that assignment was taken away 3 hours ago.
    AWS does not show me who did that. A tool for temporary access ends it in this way.
    Next: ask for it again in the way that it was given, such as your company's tool for temporary access, if you still need it. If it was meant to last, the help desk can find out who ended it.
    Other ways to this account
    • ReadOnly through AWS-Tools: not in it
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    You had Admin on Kofi-Prod until 2026-11-24 11:12 GMT, and that access has ended. Next: ask for it again in the way that it was given, such as your company's tool for temporary access, if you still need it. If it was meant to last, the help desk can find out who ended it.

      BLOCKED   Kofi Mensah had Admin on Kofi-Prod until 2026-11-24 11:12 UTC, and
                that access has ended (access_ended)

      kofi@grown.example → Kofi-Prod (909090908801)

      ✓ account           active
      ✓ IdP person        Kofi Mensah, enabled in Entra ID
      ✓ IdP membership    none needed: given directly
      · app assignment    not reached
      ✓ sync              last cycle ended 2026-11-24 13:58 UTC; next about
                          2026-11-24 14:38 UTC
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   none needed: given directly
      ✓ membership        none needed: given directly
      ✓ duplicates        none
      ✗ assignment        was there, and ended (2026-11-24 11:12 UTC, 3 hours ago)
      · provisioning      not reached
      · portal            not reached

      Admin was assigned to Kofi Mensah directly; that assignment was taken away 3
      hours ago.
      AWS does not show me who did that. A tool for temporary access ends it in this
      way.

      Next   you: ask for it again in the way that it was given, such as your
             company's tool for temporary access, if they still need it. If it was
             meant to last, the help desk can find out who ended it.
      Also   ReadOnly through AWS-Tools: not in it
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS and Entra ID calls

    blocked / access_ended / assignment / you
    account=pass idp_user=pass idp_membership=pass app_assignment=not_reached sync=pass directory_user=pass directory_group=pass directory_membership=pass duplicate_groups=pass assignment=fail provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn milan_had_it_through_his_group_until_yesterday() {
    let world = World::of("messy-no-idp").await;
    assert_snapshot!(world.told("milan").await, @"
    You had ReadOnly on Milan-Prod until 2026-11-23 12:12 UTC, and that access has ended.
    ReadOnly was assigned to On-Call Milan, which you are in; that assignment was taken away 1 day ago.
    AWS does not show me who did that. A tool for temporary access ends it in this way.
    Next: ask for it again in the way that it was given, such as your company's tool for temporary access, if you still need it. If it was meant to last, the help desk can find out who ended it.
    Checked live <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC> · REF
    [Tell me when it's fixed] [Check again] [Ask the help desk] [Show all steps]

    You had ReadOnly on Milan-Prod until 2026-11-23 12:12 GMT, and that access has ended. Next: ask for it again in the way that it was given, such as your company's tool for temporary access, if you still need it. If it was meant to last, the help desk can find out who ended it.

      BLOCKED   Milan Kovar had ReadOnly on Milan-Prod until 2026-11-23 12:12 UTC,
                and that access has ended (access_ended)

      milan@grown.example → Milan-Prod (909090908802)

      ✓ account           active
      ? IdP person        not connected
      ? IdP membership    not connected
      ? app assignment    not connected
      ? sync              not connected
      ✓ directory person  in Identity Center, enabled
      ✓ directory group   On-Call Milan
      ✓ membership        in On-Call Milan since 2026-05-08 14:12 UTC (200 days ago)
      ✓ duplicates        none
      ✗ assignment        was there, and ended (2026-11-23 12:12 UTC, 1 day ago)
      · provisioning      not reached
      · portal            not reached

      ReadOnly was assigned to On-Call Milan, which Milan Kovar is in; that
      assignment was taken away 1 day ago.
      AWS does not show me who did that. A tool for temporary access ends it in this
      way.

      Next   you: ask for it again in the way that it was given, such as your
             company's tool for temporary access, if they still need it. If it was
             meant to last, the help desk can find out who ended it.
      Read at 2026-11-24 14:12:00 UTC in 0.0 s, 0 AWS calls

    blocked / access_ended / assignment / you
    account=pass idp_user=unknown idp_membership=unknown app_assignment=unknown sync=unknown directory_user=pass directory_group=pass directory_membership=pass duplicate_groups=pass assignment=fail provisioning=not_reached portal=not_reached
    ");
}

#[tokio::test]
async fn without_either_right_nothing_is_said_of_what_ended() {
    for right in [LIST, DESCRIBE] {
        let world = World::of("messy").await;
        world.sandbox.rights.take_away(right);
        let diagnosis = world.check_person("kofi").await;
        assert_eq!(diagnosis.cause(), Some(Cause::NotInGroup), "{right}");
        assert!(diagnosis.gaps.is_empty(), "{right}: {:?}", diagnosis.gaps);
    }
}

#[tokio::test]
async fn an_answer_that_did_not_come_is_a_gap_and_changes_no_verdict() {
    for operation in [LIST, DESCRIBE] {
        for (fault, kind) in [
            (Fault::Throttled { retry_after: 0 }, GapKind::Throttled),
            (Fault::Html500, GapKind::Error),
            (Fault::MalformedJson, GapKind::Error),
        ] {
            let world = World::of("messy").await;
            world.sandbox.faults.set(operation, fault);
            let diagnosis = world.check_person("kofi").await;
            assert_eq!(
                (diagnosis.verdict, diagnosis.cause()),
                (Verdict::Blocked, Some(Cause::NotInGroup)),
                "{operation}"
            );
            let gap = diagnosis.gaps.iter().find(|gap| gap.gap.operation == operation);
            assert_eq!(gap.map(|gap| gap.gap.kind), Some(kind), "{operation}");
            let said = json_v1::report(&diagnosis).to_string();
            assert!(said.contains("nothing is broken"), "what was assigned was read: {said}");
        }
    }
}

/// So many younger deletions, of an assignment on another account.
fn bury(world: &World, how_many: i64) {
    let now = world.gather.now();
    let mut company = world.sandbox.company();
    let elsewhere = company.account_id("Grown-Tools").expect("an account").to_owned();
    let one = company.deletion_requests.first().expect("a deletion").clone();
    for position in 0..how_many {
        let mut other = AssignmentRequest {
            id: format!("00000000-0000-4000-8000-{position:012}"),
            created_at: now - SignedDuration::from_mins(position + 1),
            ..one.clone()
        };
        other.assignment.account_id.clone_from(&elsewhere);
        company.deletion_requests.push(other);
    }
}

fn left_out(diagnosis: &Diagnosis) -> Vec<&str> {
    let gaps = diagnosis.gaps.iter().filter(|gap| gap.gap.kind == GapKind::LeftOut);
    gaps.map(|gap| gap.gap.detail.as_str()).collect()
}

#[tokio::test]
async fn it_costs_one_list_and_three_descriptions_more_and_only_if_access_is_missing() {
    let mut world = World::of("messy").await;
    bury(&world, 1);
    let asked = |world: &World| {
        let counts = world.sandbox.calls.counts();
        [LIST, DESCRIBE].map(|operation| counts.get(operation).copied().unwrap_or_default())
    };
    world.check_person("hugo").await;
    assert_eq!(asked(&world), [0, 0], "he has what he asks for");
    world.forget_all();
    world.check_person("kofi").await;
    assert_eq!(asked(&world), [1, 3]);
}

#[tokio::test]
async fn an_end_that_younger_ones_hide_is_a_gap_and_found_by_a_later_question() {
    let world = World::of("messy").await;
    bury(&world, 4);
    let first = world.check_person("kofi").await;
    assert_eq!(first.cause(), Some(Cause::NotInGroup));
    assert_eq!(left_out(&first), ["3 of 7 assignments that were taken away were looked at, 4 were not"]);
    let second = world.check_person("kofi").await;
    assert_eq!(second.cause(), Some(Cause::AccessEnded));
    assert_eq!(left_out(&second), ["6 of 7 assignments that were taken away were looked at, 1 was not"]);
}

#[tokio::test]
async fn of_a_very_long_list_the_first_pages_are_read() {
    let world = World::of("messy").await;
    bury(&world, 40);
    let diagnosis = world.check_person("kofi").await;
    // The simulated company gives five at a time.
    assert_eq!(world.sandbox.calls.counts().get(LIST), Some(&5));
    assert_eq!(left_out(&diagnosis), ["3 of the first 25 assignments that were taken away were looked at"]);
}

fn apply(world: &World, change: &Change) {
    let now = world.gather.now();
    world.sandbox.company().apply(change, now).expect("it happens");
}

fn for_kofi(make: fn(String, String, PrincipalKey) -> Change) -> Change {
    make("Kofi-Prod".to_owned(), "Admin".to_owned(), PrincipalKey::Person("kofi".to_owned()))
}

#[tokio::test]
async fn what_was_given_again_is_no_end_until_it_ends_again() {
    let mut world = World::of("messy").await;
    let assign =
        for_kofi(|account, permission_set, principal| Change::Assign { account, permission_set, principal });
    let unassign = for_kofi(|account, permission_set, principal| Change::Unassign {
        account,
        permission_set,
        principal,
    });
    apply(&world, &assign);
    world.forget_all();
    assert_eq!(world.check_live("kofi").await.cause(), Some(Cause::PortalStale));
    world.pass(SignedDuration::from_mins(60));
    apply(&world, &unassign);
    world.pass(SignedDuration::from_mins(10));
    world.forget_all();
    let diagnosis = world.check_live("kofi").await;
    assert_eq!(diagnosis.cause(), Some(Cause::AccessEnded));
    let said = json_v1::report(&diagnosis).to_string();
    assert!(said.contains("10 minutes ago") && !said.contains("4 hours ago"), "{said}");
}

#[tokio::test]
async fn a_deletion_that_failed_or_is_under_way_has_ended_nothing() {
    for status in [RequestStatus::Failed, RequestStatus::InProgress] {
        let world = World::of("messy").await;
        world.sandbox.company().deletion_requests.iter_mut().for_each(|one| one.status = status);
        assert_eq!(world.check_person("kofi").await.cause(), Some(Cause::NotInGroup));
    }
}
