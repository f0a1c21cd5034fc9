//! That with an IdP everybody is in the situation that their chapter promises, before and after their mend.
//! Like its sister on the AWS side this reads the tables directly and knows nothing of how the bot finds out.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::log::About;
use super::sync::PUSH_DELAY;
use super::{AppUserState, Group, Idp, MappingState, Person};
use crate::sandbox::company::causes_hold::{CAUSES, cause as cause_in_aws, question, verdict_of};
use crate::sandbox::company::{Company, Origin, Principal};
use crate::sandbox::scenario::{self, IdpKind, Scenario};

const WITH_IDP: [&str; 3] = ["company", "okta", "quarantine"];
/// The causes that only the IdP can show.
const AT_ENTRA: [&str; 10] = [
    "user_not_in_idp",
    "user_disabled_in_idp",
    "not_in_group",
    "nested_membership",
    "group_not_assigned_to_app",
    "sync_stopped",
    "sync_pending",
    "sync_error",
    "membership_missed",
    "group_not_synced",
];
const AT_OKTA: [&str; 10] = [
    "user_not_in_idp",
    "user_disabled_in_idp",
    "not_in_group",
    "group_not_assigned_to_app",
    "user_not_assigned_to_app",
    "sync_stopped",
    "sync_pending",
    "sync_error",
    "membership_missed",
    "group_not_synced",
];

/// Returns true if this cause can be found here; others are left to the stories, which ask the bot itself.
fn is_known(cause: &str) -> bool {
    [&AT_ENTRA[..], &AT_OKTA[..], &CAUSES[..]].concat().contains(&cause)
}

fn company(name: &str) -> (Scenario, Company, Timestamp) {
    let scenario = Scenario::named(name).unwrap().unwrap();
    let now = "2026-11-23T14:12:00Z".parse().unwrap();
    let company = Company::found(&scenario, now);
    (scenario, company, now)
}

#[test]
fn everybody_is_in_the_situation_that_they_expect() {
    for name in WITH_IDP {
        let (scenario, company, now) = company(name);
        for person in &scenario.people {
            let Some(expects) = &person.expects else { continue };
            let Some(expected) = expects.cause.as_deref().filter(|cause| is_known(cause)) else { continue };
            let cause = cause(&company, person, now);
            assert_eq!(
                (verdict_of(&company, cause), cause),
                (&*expects.verdict, expected),
                "{name}: {}",
                person.key
            );
        }
    }
}

#[test]
fn every_mend_works_in_every_scenario() {
    for name in WITH_IDP {
        let (scenario, _, _) = company(name);
        for person in scenario.people.iter().filter(|person| !person.mend.is_empty()) {
            let (_, mut company, now) = company(name);
            for change in &person.mend {
                company.apply(change, now).unwrap_or_else(|error| panic!("{name}: {}: {error}", person.key));
            }
            let mended = person.mended.as_ref().unwrap();
            assert_eq!(Some(cause(&company, person, now)), mended.cause.as_deref(), "{name}: {}", person.key);
        }
    }
}

#[test]
fn mends_can_follow_each_other_on_one_company() {
    for name in WITH_IDP {
        let (scenario, mut company, now) = company(name);
        for person in &scenario.people {
            for change in &person.mend {
                company.apply(change, now).unwrap_or_else(|error| panic!("{name}: {}: {error}", person.key));
            }
        }
        for person in &scenario.people {
            let Some(mended) = &person.mended else { continue };
            assert_eq!(Some(cause(&company, person, now)), mended.cause.as_deref(), "{name}: {}", person.key);
        }
    }
}

#[test]
fn every_cause_that_the_idp_can_show_has_a_person() {
    let shown = |names: &[&str]| -> BTreeSet<String> {
        let people = names.iter().flat_map(|name| Scenario::named(name).unwrap().unwrap().people);
        people.filter_map(|person| person.expects?.cause).collect()
    };
    let entra = shown(&["company", "quarantine"]);
    assert!(AT_ENTRA.iter().all(|cause| entra.contains(*cause)), "{entra:?}");
    let okta = shown(&["okta"]);
    assert!(AT_OKTA.iter().all(|cause| okta.contains(*cause)), "{okta:?}");
}

#[test]
fn the_clock_alone_brings_dana_and_never_milo() {
    for (name, minutes) in [("company", 26), ("okta", 18)] {
        let (scenario, mut company, now) = company(name);
        let cause_of = |company: &Company, key: &str, now| cause(company, scenario.person(key).unwrap(), now);
        let due = now + SignedDuration::from_mins(minutes);
        let just_before = due - SignedDuration::from_secs(1);
        company.advance(just_before);
        assert_eq!(cause_of(&company, "dana", just_before), "sync_pending", "{name}");
        company.advance(due);
        assert_eq!(cause_of(&company, "dana", due), "portal_stale", "{name}");
        let next_week = now + SignedDuration::from_hours(7 * 24);
        company.advance(next_week);
        assert_eq!(cause_of(&company, "milo", next_week), "membership_missed", "{name}");
        assert_eq!(cause_of(&company, "rosalind", next_week), "sync_error", "{name}");
        assert_eq!(cause_of(&company, "lena", next_week), "group_not_synced", "{name}");
        assert_eq!(cause_of(&company, "marcus", next_week), "user_disabled", "{name}");
    }
}

#[test]
fn in_quarantine_nothing_comes_over() {
    let (scenario, mut company, now) = company("quarantine");
    let next_week = now + SignedDuration::from_hours(7 * 24);
    company.advance(next_week);
    assert_eq!(cause(&company, scenario.person("dana").unwrap(), next_week), "sync_stopped");
    let forced = company.provision_on_demand("AWS-Payments-ReadOnly", "dana", next_week).unwrap();
    assert!(!forced.arrived());
}

/// What holds for the person and what they ask.
fn cause(company: &Company, person: &scenario::Person, now: Timestamp) -> &'static str {
    let idp = company.idp.as_ref().unwrap();
    let is_they = |known: &&Person| {
        Some(&known.user_name) == person.email.as_ref()
            || (known.email.is_some() && known.email == person.email)
    };
    let at_idp = idp.people.iter().find(is_they);
    // In AWS they have the name by which the IdP provisions them.
    let mut called = person.clone();
    called.email = at_idp.map(|known| known.user_name.clone()).or_else(|| person.email.clone());
    let in_aws =
        cause_in_aws(company, if at_idp.is_some_and(|known| !known.guest) { &called } else { person });
    // The IdP's id tells which of two records is theirs.
    let in_aws = if in_aws == "user_ambiguous" { "membership_not_synced" } else { in_aws };
    let explained_at_idp = ["user_not_provisioned", "user_disabled", "membership_not_synced"];
    if !explained_at_idp.contains(&in_aws) {
        return in_aws;
    }
    let Some(known) = at_idp else {
        return "user_not_in_idp";
    };
    if !known.enabled {
        return "user_disabled_in_idp";
    }
    let (account_name, _) = question(person.asks.as_deref().unwrap());
    let opening = groups_that_open(company, idp, account_name);
    let mine: Vec<_> = opening
        .iter()
        .filter(|group| idp.direct_groups_of(&known.key).iter().any(|held| held.key == group.key))
        .collect();
    let [mine] = mine.as_slice() else {
        let transitive = idp.transitive_groups_of(&known.key);
        let nested = opening.iter().any(|group| transitive.iter().any(|held| held.key == group.key));
        return if nested { "nested_membership" } else { "not_in_group" };
    };
    if !mine.is_assigned() {
        return "group_not_assigned_to_app";
    }
    if idp.kind == IdpKind::Okta && known.app_user.is_none() {
        return "user_not_assigned_to_app";
    }
    let held_up = what_holds_it_up(idp, known, mine, now);
    if in_aws == "user_disabled" {
        return in_aws;
    }
    // AWS refused the IdP's group, as one made by hand has its name.
    let is_by_hand = |group: &&crate::sandbox::company::Group| group.origin == Origin::Manual;
    let mut held = company.groups.iter().filter(|group| group.display_name == mine.name).filter(is_by_hand);
    if held_up == Some("sync_error") && held.next().is_some() {
        return "group_not_synced";
    }
    held_up.unwrap_or(match in_aws {
        "user_not_provisioned" => in_aws,
        _ => "membership_missed",
    })
}

fn what_holds_it_up(idp: &Idp, person: &Person, group: &Group, now: Timestamp) -> Option<&'static str> {
    let mapping = group.push_mapping.as_ref().map(|mapping| mapping.state);
    let quarantined = idp.job.as_ref().is_some_and(|job| job.quarantine().is_some());
    if quarantined || mapping == Some(MappingState::Inactive) {
        return Some("sync_stopped");
    }
    let failed = [About::Person(person.key.clone()), About::Group(group.key.clone())];
    if failed.iter().any(|about| idp.open_problem(about).is_some()) || mapping == Some(MappingState::Error) {
        return Some("sync_error");
    }
    if person.app_user.as_ref().is_some_and(|app_user| app_user.state == AppUserState::Staged) {
        return Some("sync_pending");
    }
    let added = idp.memberships.iter().find(|held| held.person == person.key && held.group == group.key);
    let not_looked_at = match &idp.job {
        Some(job) => job.last_completed.unwrap().began,
        None => now - PUSH_DELAY,
    };
    (added.unwrap().since > not_looked_at).then_some("sync_pending")
}

/// The IdP's groups of the names that have an assignment on the account.
fn groups_that_open<'a>(company: &Company, idp: &'a Idp, account_name: &str) -> Vec<&'a Group> {
    let account = company.accounts.iter().find(|account| account.name == account_name).unwrap();
    let assigned: BTreeSet<&str> = company
        .assignments
        .iter()
        .filter(|held| held.account_id == account.id)
        .filter_map(|held| match &held.principal {
            Principal::Group(id) => company.groups.iter().find(|group| group.id == *id),
            Principal::User(_) => None,
        })
        .map(|group| group.display_name.as_str())
        .collect();
    idp.groups.iter().filter(|group| assigned.contains(group.name.as_str())).collect()
}

#[test]
fn entra_names_its_object_id_to_aws_and_okta_does_not_name_its_group() {
    for name in WITH_IDP {
        let (_, company, _) = company(name);
        let idp = company.idp.as_ref().unwrap();
        for group in company.groups.iter().filter(|group| group.origin == Origin::Synced) {
            let external_id = group.external_id.as_deref();
            let at_idp = idp.groups.iter().find(|held| held.name == group.display_name).unwrap();
            let is_object_id = external_id == Some(at_idp.object_id.as_str());
            assert_eq!(is_object_id, idp.kind == IdpKind::Entra, "{}", group.display_name);
            assert_ne!(external_id, Some(at_idp.okta_id.as_str()));
        }
    }
}
