//! The call plan, counted: what is asked, how often, and what is asked at once. By events, not by time.

use sso_why::diagnosis::question::Question;
use sso_why::diagnosis::{Verdict, diagnose};
use sso_why::digest::suspects::Remembered;
use sso_why::gather::Freshness;
use sso_why::sandbox::company::{Change, Origin};

use crate::harness::{World, in_time};

fn question(subject: &str, account: &str) -> Question {
    Question {
        subject: subject.to_owned(),
        subject_name: None,
        further_address: None,
        profile_unread: None,
        account: account.to_owned(),
        permission_set: None,
    }
}

#[tokio::test]
async fn with_access_and_names_remembered_it_takes_two_round_trips() {
    let world = World::new().await;
    let asked = || world.gather.facts(question("tomas@example.com", "Reporting-Prod"), Freshness::Remembered);
    in_time(asked()).await;
    // Everything remembered, a new question asks only for the person and the account's state.
    world.sandbox.calls.forget();
    world.sandbox.calls.shut_gate();
    let (facts, ()) = in_time(async {
        tokio::join!(asked(), async {
            assert_eq!(
                world.sandbox.calls.wave(3).await,
                ["identitystore:GetUserId", "identitystore:GetUserId", "organizations:DescribeAccount"]
            );
            assert_eq!(
                world.sandbox.calls.wave(3).await,
                [
                    "identitystore:DescribeUser",
                    "identitystore:ListGroupMembershipsForMember",
                    "sso:ListAccountAssignmentsForPrincipal",
                ]
            );
            world.sandbox.calls.open_gate();
        })
    })
    .await;
    assert_eq!(diagnose(&facts).verdict, Verdict::Access);
    assert_eq!(world.sandbox.calls.counts().values().sum::<usize>(), 6);
}

#[tokio::test]
async fn live_it_asks_everything_of_the_plan_and_at_once_what_can_be() {
    let world = World::new().await;
    let asked = |freshness| world.gather.facts(question("tomas@example.com", "Reporting-Prod"), freshness);
    let first = in_time(asked(Freshness::Remembered)).await;
    let id = first.account_found().expect("found").id.clone();
    let sets = first.assignments.len();
    world.sandbox.calls.forget();
    world.sandbox.calls.shut_gate();
    let (facts, ()) = in_time(async {
        tokio::join!(world.gather.facts(question("tomas@example.com", &id), Freshness::Live), async {
            assert_eq!(
                world.sandbox.calls.wave(5).await,
                [
                    "identitystore:GetUserId",
                    "identitystore:GetUserId",
                    "organizations:DescribeAccount",
                    "sso:ListPermissionSetsProvisionedToAccount",
                    "sso:ListPermissionSetsProvisionedToAccount",
                ]
            );
            let second = world.sandbox.calls.wave(3 + 2 * sets).await;
            let of = |operation: &str| second.iter().filter(|one| *one == operation).count();
            assert_eq!(of("sso:ListAccountAssignments"), sets);
            assert_eq!(of("sso:DescribePermissionSet"), sets);
            assert_eq!(of("sso:ListAccountAssignmentsForPrincipal"), 1);
            assert_eq!(of("identitystore:DescribeUser"), 1);
            assert_eq!(of("identitystore:ListGroupMembershipsForMember"), 1);
            assert_eq!(world.sandbox.calls.wave(1).await, ["identitystore:DescribeGroup"]);
            world.sandbox.calls.open_gate();
        })
    })
    .await;
    assert_eq!(diagnose(&facts).verdict, Verdict::Access);
}

#[tokio::test]
async fn without_access_it_takes_three_round_trips() {
    let world = World::new().await;
    let first =
        in_time(world.gather.facts(question("dana@example.com", "Payments-Prod"), Freshness::Remembered))
            .await;
    let id = first.account_found().expect("found").id.clone();
    let (sets, groups) = (first.assignments.len(), first.groups.len());
    world.sandbox.calls.forget();
    world.sandbox.calls.shut_gate();
    let (facts, ()) = in_time(async {
        tokio::join!(world.gather.facts(question("dana@example.com", &id), Freshness::Live), async {
            assert_eq!(world.sandbox.calls.wave(5).await.len(), 5);
            assert_eq!(world.sandbox.calls.wave(3 + 2 * sets).await.len(), 3 + 2 * sets);
            let third = world.sandbox.calls.wave(groups + 3).await;
            let of = |operation: &str| third.iter().filter(|one| *one == operation).count();
            assert_eq!(of("identitystore:DescribeGroup"), groups);
            assert_eq!(of("sso:ListAccountAssignmentCreationStatus"), 2);
            assert_eq!(of("sso:ListAccountAssignmentDeletionStatus"), 1);
            world.sandbox.calls.open_gate();
        })
    })
    .await;
    assert_eq!(diagnose(&facts).verdict, Verdict::Blocked);
    let counts = world.sandbox.calls.counts();
    assert_eq!(counts.get("organizations:ListAccounts"), None, "a 12-digit id needs no list");
}

#[tokio::test]
async fn a_crowd_that_asks_about_one_account_makes_one_set_of_calls() {
    let world = World::new().await;
    let crowd = (0..20)
        .map(|_| world.gather.facts(question("dana@example.com", "Payments-Prod"), Freshness::Remembered));
    in_time(futures::future::join_all(crowd)).await;
    let counts = world.sandbox.calls.counts();
    assert_eq!(counts["sso:ListInstances"], 1);
    assert_eq!(counts["sso:ListPermissionSetsProvisionedToAccount"], 2);
    assert_eq!(counts["sso:ListAccountAssignments"], 2, "once for each permission set");
    assert_eq!(counts["identitystore:DescribeUser"], 20, "a person is never remembered");
}

#[tokio::test]
async fn a_digest_asks_for_pages_of_groups_and_the_rest_only_for_what_it_finds() {
    // The simulated company gives five at a time, so that every list has pages.
    const PAGE: usize = 5;
    let world = World::new().await;
    // Before the first digest all assignments are looked through once.
    let (_, known) = in_time(world.gather.duplicates(Remembered::default())).await;
    let looked_through = world.sandbox.calls.counts();
    assert!(looked_through.contains_key("sso:ListAccountAssignments"), "{looked_through:?}");
    let asked = async || {
        world.sandbox.calls.forget();
        let (facts, _) = in_time(world.gather.duplicates(known.clone())).await;
        let mut counts = world.sandbox.calls.counts();
        let pages = counts.remove("identitystore:ListGroups").unwrap_or_default();
        (facts.groups_checked, facts.evidence.len(), pages, counts)
    };
    let (groups, found, pages, beside) = asked().await;
    // Four pairs, and a group that is gone and still assigned.
    assert_eq!((groups, found, pages), (46, 5, 46_usize.div_ceil(PAGE)));
    // Of each pair who is in it and what it opens; then who is hurt.
    assert_eq!(beside.get("identitystore:ListGroupMemberships"), Some(&8));
    assert_eq!(beside.get("sso:ListAccountAssignmentsForPrincipal"), Some(&9));
    assert_eq!(beside.get("identitystore:DescribeUser"), Some(&4));
    assert_eq!(beside.get("sso:ListAccountAssignments"), None);

    for number in 0..1_000 {
        let (group, name) = (format!("more-{number}"), format!("More-{}-{number}", number / 7));
        let change = Change::CreateGroup { group, name, origin: Origin::Synced };
        world.sandbox.company().apply(&change, (world.sandbox.clock)()).expect("can be made");
    }
    let (groups, found, pages, beside_more) = asked().await;
    assert_eq!((groups, found, pages), (1_046, 5, 1_046_usize.div_ceil(PAGE)));
    assert_eq!(beside_more, beside, "a thousand groups more cost pages and nothing else");
}

/// Of these lists the company gives a few entries a page, where AWS and Okta give up to a thousand.
const IN_PAGES: [&str; 3] = ["organizations:ListAccounts", "okta:apps", "okta:apps/group-push/mappings"];

#[tokio::test]
async fn somebody_in_no_group_that_opens_an_account_costs_so_many_calls_with_nothing_remembered() {
    for (company, at_most) in [("company", 35), ("okta", 36), ("no-idp", 21)] {
        let mut world = World::of(company).await;
        world.forget_all();
        world.sandbox.calls.forget();
        let verdict = world.check_person("noah").await.verdict;
        assert_eq!(verdict, Verdict::Blocked, "{company}");
        let counts = world.sandbox.calls.counts();
        let calls = |(operation, times): (&String, &usize)| match IN_PAGES.contains(&operation.as_str()) {
            true => 1,
            false => *times,
        };
        let all: usize = counts.iter().map(calls).sum();
        assert!(all <= at_most, "{company}: {all} calls: {counts:?}");
    }
}
