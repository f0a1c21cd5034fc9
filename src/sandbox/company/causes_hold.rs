//! That the people of the company are in the situation that their chapter promises, before and after their
//! mend. This reads the tables directly and knows nothing of how the bot finds out. People with a cause that it does
//! not know are left to the stories, which ask the bot itself.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{
    Account, AccountState, Assignment, AssignmentRequest, Company, Group, Principal, RequestStatus, User,
};
use crate::sandbox::scenario::{Expects, Person, Scenario};

/// The causes that can be found in AWS alone; each needs a person.
pub(in crate::sandbox) const CAUSES: [&str; 16] = [
    "account_not_found",
    "account_ambiguous",
    "account_not_active",
    "user_not_provisioned",
    "user_disabled",
    "user_ambiguous",
    "membership_not_synced",
    "duplicate_group",
    "dangling_assignment",
    "no_assignment",
    "permission_set_not_assigned",
    "assignment_in_progress",
    "assignment_failed",
    "permission_set_not_provisioned",
    "permission_set_outdated",
    "portal_stale",
];

fn company() -> (Scenario, Company, Timestamp) {
    let scenario = Scenario::named("no-idp").unwrap().unwrap();
    let now = "2026-11-23T14:12:00Z".parse().unwrap();
    let company = Company::found(&scenario, now);
    (scenario, company, now)
}

#[test]
fn everybody_is_in_the_situation_that_they_expect() {
    let (scenario, company, _) = company();
    for person in scenario.people.iter().filter(|person| person.asks.is_some()) {
        let is_known = |expects: &&Expects| CAUSES.contains(&expects.cause.as_deref().unwrap_or_default());
        let Some(expects) = person.expects.as_ref().filter(is_known) else { continue };
        assert_eq!(situation(&company, person), told(expects), "{}", person.key);
    }
}

#[test]
fn every_mend_works_and_disturbs_nobody_else() {
    let (scenario, mut company, now) = company();
    let mut mended = BTreeSet::new();
    for person in scenario.people.iter().filter(|person| !person.mend.is_empty()) {
        for change in &person.mend {
            company.apply(change, now).unwrap_or_else(|error| panic!("{}: {error}", person.key));
        }
        mended.insert(&person.key);
        for anybody in &scenario.people {
            let expects = if mended.contains(&anybody.key) { &anybody.mended } else { &anybody.expects };
            let Some(expects) = expects else { continue };
            let situation = situation(&company, anybody);
            assert_eq!(situation, told(expects), "{} after the mend of {}", anybody.key, person.key);
        }
    }
    assert!(mended.len() > 10);
}

#[test]
fn every_cause_that_aws_can_show_has_a_person() {
    let (scenario, _, _) = company();
    let shown: BTreeSet<&str> =
        scenario.people.iter().filter_map(|person| person.expects.as_ref()?.cause.as_deref()).collect();
    let missing: Vec<_> = CAUSES.iter().filter(|cause| !shown.contains(*cause)).collect();
    assert!(missing.is_empty(), "nobody shows {missing:?}");
}

#[test]
fn the_company_is_large_enough_for_second_pages() {
    let (_, company, _) = company();
    assert!(company.accounts.len() > company.organizations_page_size);
    assert!(company.groups.len() > 3 * company.page_size);
    assert!(company.permission_sets.len() > company.page_size);
    let nadia = company.user_id("nadia").unwrap();
    assert!(company.group_ids_of(nadia).len() > company.page_size);
    let shared_services = company.account_id("Shared-Services").unwrap();
    let there = company.provisioned.iter().filter(|provisioned| provisioned.account_id == shared_services);
    assert!(there.count() > company.page_size);
}

/// What holds for the person and what they ask, found by looking everywhere at once.
fn situation(company: &Company, person: &Person) -> (&'static str, &'static str) {
    let cause = cause(company, person);
    (verdict_of(company, cause), cause)
}

fn told(expects: &Expects) -> (&str, &str) {
    (&expects.verdict, expects.cause.as_deref().unwrap_or_default())
}

/// Whom no address finds may be known by another: only an IdP's id proves that AWS has nobody.
pub(in crate::sandbox) fn verdict_of(company: &Company, cause: &str) -> &'static str {
    match cause {
        "portal_stale" | "permission_set_outdated" => "access",
        "user_not_in_idp" => "undetermined",
        "user_not_provisioned" if company.idp.is_none() => "undetermined",
        _ => "blocked",
    }
}

pub(in crate::sandbox) fn cause(company: &Company, person: &Person) -> &'static str {
    let (account_name, permission_set) = question(person.asks.as_deref().unwrap());
    let accounts: Vec<_> = company.accounts.iter().filter(|account| account.name == account_name).collect();
    let account = match accounts.as_slice() {
        [] => return "account_not_found",
        [account] if account.state == AccountState::Active => account,
        [_] => return "account_not_active",
        _ => return "account_ambiguous",
    };
    let email = person.email.as_deref();
    let by_user_name = company.users.iter().find(|user| Some(user.user_name.as_str()) == email);
    let by_email = company.users.iter().find(|user| user.email.as_deref() == email);
    let user = match (by_user_name, by_email) {
        (None, None) => return "user_not_provisioned",
        (Some(one), Some(other)) if one.id != other.id => {
            // The one with the user name signs in.
            let signs_in = cause_of_active_user(company, one, account, permission_set);
            return if verdict_of(company, signs_in) == "access" { signs_in } else { "user_ambiguous" };
        }
        (Some(user), _) | (None, Some(user)) if !user.enabled => return "user_disabled",
        (Some(user), _) | (None, Some(user)) => user,
    };
    cause_of_active_user(company, user, account, permission_set)
}

fn cause_of_active_user(
    company: &Company,
    user: &User,
    account: &Account,
    permission_set: Option<&str>,
) -> &'static str {
    let asked_arn = permission_set.map(|name| company.permission_set_arn(name).unwrap());
    let on_account: Vec<_> =
        company.assignments.iter().filter(|assignment| assignment.account_id == account.id).collect();
    let mine: Vec<_> = on_account.iter().filter(|held| is_for(company, user, &held.principal)).collect();
    let mine_as_asked: Vec<_> =
        mine.iter().filter(|held| asked_arn.is_none_or(|arn| held.permission_set_arn == arn)).collect();
    if let Some(latest) = mine_as_asked.iter().filter_map(|held| provisioned(company, held)).max() {
        return if latest { "portal_stale" } else { "permission_set_outdated" };
    }
    if !mine_as_asked.is_empty() {
        return "permission_set_not_provisioned";
    }
    if let Some(request) = my_unfinished_request(company, user, account) {
        return match request.status {
            RequestStatus::InProgress => "assignment_in_progress",
            RequestStatus::Failed | RequestStatus::Succeeded => "assignment_failed",
        };
    }
    if !mine.is_empty() {
        return "permission_set_not_assigned";
    }
    let assigned_groups: Vec<_> = on_account.iter().filter_map(|held| group_of(company, held)).collect();
    let my_groups = company.group_ids_of(&user.id);
    let looks_like_mine = |name: &str| {
        let mut mine = company.groups.iter().filter(|group| my_groups.contains(&group.id.as_str()));
        mine.any(|group| skeleton(&group.display_name) == skeleton(name))
    };
    if assigned_groups.iter().flatten().any(|group| looks_like_mine(&group.display_name)) {
        return "duplicate_group";
    }
    if assigned_groups.iter().any(Option::is_none) {
        return "dangling_assignment";
    }
    if assigned_groups.is_empty() {
        return "no_assignment";
    }
    "membership_not_synced"
}

/// The account and the permission set that are asked for. Quotes hold a name with spaces.
pub(in crate::sandbox) fn question(asks: &str) -> (&str, Option<&str>) {
    if let Some(quoted) = asks.strip_prefix('"') {
        let (account, rest) = quoted.split_once('"').unwrap();
        return (account, (!rest.is_empty()).then(|| rest.trim()));
    }
    match asks.split_once(' ') {
        Some((account, permission_set)) => (account, Some(permission_set)),
        None => (asks, None),
    }
}

fn is_for(company: &Company, user: &User, principal: &Principal) -> bool {
    match principal {
        Principal::User(id) => *id == user.id,
        Principal::Group(id) => company.group_ids_of(&user.id).contains(&id.as_str()),
    }
}

/// Whether what is assigned is on the account, and in its latest version.
fn provisioned(company: &Company, assignment: &Assignment) -> Option<bool> {
    let provisioned = company.provisioned.iter().find(|provisioned| {
        provisioned.account_id == assignment.account_id
            && provisioned.permission_set_arn == assignment.permission_set_arn
    });
    Some(provisioned?.latest)
}

fn my_unfinished_request<'a>(
    company: &'a Company,
    user: &User,
    account: &Account,
) -> Option<&'a AssignmentRequest> {
    company.creation_requests.iter().find(|request| {
        request.status != RequestStatus::Succeeded
            && request.assignment.account_id == account.id
            && is_for(company, user, &request.assignment.principal)
    })
}

/// `None` where the assignment is not for a group, `Some(None)` where the group is gone.
fn group_of<'a>(company: &'a Company, assignment: &Assignment) -> Option<Option<&'a Group>> {
    match &assignment.principal {
        Principal::User(_) => None,
        Principal::Group(id) => Some(company.groups.iter().find(|group| group.id == *id)),
    }
}

/// The name as it looks: no capitals, one kind of space, no Cyrillic A.
fn skeleton(name: &str) -> String {
    name.to_lowercase().replace('\u{a0}', " ").replace('\u{430}', "a")
}
