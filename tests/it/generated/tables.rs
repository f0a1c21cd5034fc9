//! The tables of a generated company by what they mean: who is who on both sides, and who can open what.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sso_why::sandbox::company::{
    AccountState, Assignment, Company, Membership, Principal, Provisioned, User, ids,
};
use sso_why::sandbox::idp::log::{About, Action, LogEntry};
use sso_why::sandbox::idp::{self, Idp, MappingState, Problem};

/// A person's key, an account and a permission set that the person can use there.
pub type Access = (String, String, String);

/// What everybody can open, from the tables alone: the user who signs in is enabled on both sides and has, directly or
/// through a group, an assignment on an active account that has the permission set.
pub fn effective_access(company: &Company) -> BTreeSet<Access> {
    let mut access = BTreeSet::new();
    for user in company.users.iter().filter(|user| signs_in(company, user)) {
        let groups = company.group_ids_of(&user.id);
        for assignment in &company.assignments {
            let is_theirs = match &assignment.principal {
                Principal::User(id) => *id == user.id,
                Principal::Group(id) => groups.contains(&id.as_str()),
            };
            if is_theirs && is_usable(company, assignment) {
                let Assignment { account_id, permission_set_arn, .. } = assignment.clone();
                access.insert((user.person.clone(), account_id, permission_set_arn));
            }
        }
    }
    access
}

/// With an IdP, people sign in there, and AWS takes the user of that name.
fn signs_in(company: &Company, user: &User) -> bool {
    let at_the_idp = company.idp.as_ref().map(|idp| {
        idp.people
            .iter()
            .any(|person| person.enabled && person.user_name.to_lowercase() == user.user_name.to_lowercase())
    });
    user.enabled && at_the_idp.unwrap_or(true)
}

fn is_usable(company: &Company, assignment: &Assignment) -> bool {
    let is_active = company
        .accounts
        .iter()
        .any(|account| account.id == assignment.account_id && account.state == AccountState::Active);
    let is_there = company.provisioned.iter().any(|provisioned| {
        provisioned.account_id == assignment.account_id
            && provisioned.permission_set_arn == assignment.permission_set_arn
    });
    is_active && is_there
}

pub fn the_idp(company: &mut Company) -> &mut Idp {
    company.idp.as_mut().expect("an IdP is connected")
}

/// The person of that key at the IdP.
pub fn at_the_idp<'c>(company: &'c mut Company, person: &str) -> &'c mut idp::Person {
    the_idp(company).people.iter_mut().find(|one| one.key == person).expect("they are at the IdP")
}

/// The IdP's group of that key.
pub fn idp_group<'c>(company: &'c mut Company, group: &str) -> &'c mut idp::Group {
    the_idp(company).groups.iter_mut().find(|one| one.key == group).expect("the IdP has the group")
}

pub fn leave_in_aws(company: &mut Company, group_id: &str, user_id: &str) {
    company.memberships.retain(|held| held.group_id != group_id || held.user_id != user_id);
}

pub fn join_in_aws(company: &mut Company, group_id: &str, user_id: &str, at: Timestamp) {
    if !company.group_ids_of(user_id).contains(&group_id) {
        company.memberships.push(Membership {
            id: ids::identity_store_resource("membership", &format!("{group_id} {user_id}")),
            group_id: group_id.to_owned(),
            user_id: user_id.to_owned(),
            created_at: at,
        });
    }
}

pub fn leave_at_the_idp(company: &mut Company, group: &str, person: &str) {
    the_idp(company).memberships.retain(|held| held.group != group || held.person != person);
}

/// Puts the person into the IdP's group, or changes since when they are in it.
pub fn join_at_the_idp(company: &mut Company, group: &str, person: &str, since: Timestamp) {
    leave_at_the_idp(company, group, person);
    let (group, person) = (group.to_owned(), person.to_owned());
    the_idp(company).memberships.push(idp::Membership { group, person, since });
}

/// Makes the assignment as AWS does, which provisions the permission set.
pub fn assign(company: &mut Company, assignment: Assignment) {
    provision(company, &assignment.account_id, &assignment.permission_set_arn);
    if !company.assignments.contains(&assignment) {
        company.assignments.push(assignment);
    }
}

pub fn provision(company: &mut Company, account_id: &str, permission_set_arn: &str) {
    company
        .provisioned
        .retain(|one| one.account_id != account_id || one.permission_set_arn != permission_set_arn);
    let (account_id, permission_set_arn) = (account_id.to_owned(), permission_set_arn.to_owned());
    company.provisioned.push(Provisioned { account_id, permission_set_arn, latest: true });
}

/// The user, all memberships and everything that they were, but for assignments, which stay.
pub fn delete_user(company: &mut Company, user_id: &str) {
    company.users.retain(|user| user.id != user_id);
    company.memberships.retain(|held| held.user_id != user_id);
}

/// The group and its memberships; assignments stay.
pub fn delete_group(company: &mut Company, group_id: &str) {
    company.groups.retain(|group| group.id != group_id);
    company.memberships.retain(|held| held.group_id != group_id);
}

/// Writes a failure or a skip into the IdP's log.
pub fn log(company: &mut Company, about: About, problem: Problem, at: Timestamp) {
    let idp = the_idp(company);
    let id = ids::uuid("generated entry", &format!("{at} {about:?}"));
    idp.log.push(LogEntry { id, at, about, action: Action::Update, problem: Some(problem) });
}

/// The IdP rejects the group, or AWS does, until somebody fixes that.
pub fn hold_back(company: &mut Company, group: &str, problem: Problem, at: Timestamp) {
    let held = idp_group(company, group);
    held.stuck = Some(problem.clone());
    if let Some(mapping) = &mut held.push_mapping {
        mapping.state = MappingState::Error;
        mapping.error.clone_from(&problem.reason);
        mapping.updated_at = at;
    }
    log(company, About::Group(group.to_owned()), problem, at);
}

pub fn problem(code: &str, reason: &str, is_skip: bool) -> Problem {
    Problem {
        code: code.to_owned(),
        reason: reason.to_owned(),
        recommended_action: "Look at the source.".to_owned(),
        is_skip,
        excluded_by: None,
    }
}
