//! What changes do, and that those which cannot be made leave the company as it was.

use super::*;
use crate::sandbox::company::Principal;
use crate::sandbox::scenario::Scenario;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn company() -> Company {
    Company::found(&Scenario::named("no-idp").unwrap().unwrap(), NOW)
}

#[track_caller]
fn refused(company: &mut Company, change: &Change) -> String {
    let counts = |company: &Company| {
        [company.users.len(), company.groups.len(), company.memberships.len(), company.assignments.len()]
    };
    let before = counts(company);
    let error = company.apply(change, NOW).unwrap_err();
    assert_eq!(counts(company), before);
    error
}

#[test]
fn what_does_not_exist_or_is_so_already_is_refused() {
    let mut company = company();
    let join = |group: &str, person: &str| Change::AddMember { group: group.into(), person: person.into() };
    assert_eq!(refused(&mut company, &join("AWS-Nobody", "dana")), "the company has no group AWS-Nobody");
    assert_eq!(refused(&mut company, &join("AWS-Everyone", "yuki")), "the company has no user yuki");
    assert_eq!(refused(&mut company, &join("AWS-Everyone", "dana")), "dana is already in AWS-Everyone");
    let gone = "AWS-Warehouse-Operators, the old one";
    assert_eq!(refused(&mut company, &join(gone, "dana")), format!("the company has no group {gone}"));
    let create = Change::CreateUser { person: "dana".into() };
    assert_eq!(refused(&mut company, &create), "dana already has a user in the identity store");
    let finish = Change::FinishRequest { request: "checkout".into() };
    assert_eq!(refused(&mut company, &finish), "request checkout is not in progress");
}

#[test]
fn a_group_cannot_take_the_name_of_another() {
    let mut company = company();
    let name = "AWS-Payments-ReadOnly".to_owned();
    let rename = Change::RenameGroup { group: "AWS-Reporting".into(), name: name.clone() };
    assert!(refused(&mut company, &rename).starts_with("Duplicate GroupDisplayName"));
    let create = Change::CreateGroup { group: "another".into(), name, origin: Origin::Synced };
    assert!(refused(&mut company, &create).starts_with("Duplicate GroupDisplayName"));
}

#[test]
fn a_deleted_group_leaves_its_assignments_behind() {
    let mut company = company();
    let group_id = company.group_id("AWS-Payments-ReadOnly").unwrap().to_owned();
    company.apply(&Change::DeleteGroup { group: "AWS-Payments-ReadOnly".into() }, NOW).unwrap();
    assert!(company.groups.iter().all(|group| group.id != group_id));
    assert!(company.memberships.iter().all(|membership| membership.group_id != group_id));
    let principal = Principal::Group(group_id);
    assert!(company.assignments.iter().any(|assignment| assignment.principal == principal));
}

#[test]
fn a_created_user_arrives_now_with_their_groups() {
    let mut company = company();
    let later: Timestamp = "2026-11-23T14:12:00Z".parse().unwrap();
    company.apply(&Change::CreateUser { person: "yuki".into() }, later).unwrap();
    let user_id = company.user_id("yuki").unwrap().to_owned();
    let mine = company.memberships.iter().filter(|membership| membership.user_id == user_id);
    assert_eq!(mine.map(|membership| membership.created_at).collect::<Vec<_>>(), [later, later]);
}
