//! The asker, their group and their access, found in the tables and taken out of them.

use jiff::Timestamp;
use sso_why::sandbox::company::{Company, Provisioned, User};

use super::breaking::set_arn;
use super::plan::{ASKER, GROUP, Plan};
use super::tables::{delete_user, join_at_the_idp, leave_in_aws};

/// The asker's user in AWS.
pub fn the_user(company: &mut Company) -> &mut User {
    company.users.iter_mut().find(|user| user.person == ASKER).expect("the asker's user")
}

pub fn group_id(company: &Company) -> String {
    company.group_id(GROUP).expect("the asker's group").to_owned()
}

pub fn of_the_asker<'c>(company: &'c mut Company, plan: &Plan) -> impl Iterator<Item = &'c mut Provisioned> {
    let (account, set) = (plan.account.clone(), set_arn(company, plan));
    let is_it = move |one: &&mut Provisioned| one.account_id == account && one.permission_set_arn == set;
    company.provisioned.iter_mut().filter(is_it)
}

/// AWS no longer has the asker in the group.
pub fn out_of_the_group(company: &mut Company) {
    let (group, user) = (group_id(company), the_user(company).id.clone());
    leave_in_aws(company, &group, &user);
}

/// The IdP has the asker in the group since then, and AWS has not.
pub fn in_since(company: &mut Company, since: Timestamp) {
    join_at_the_idp(company, GROUP, ASKER, since);
    out_of_the_group(company);
}

pub fn unknown_to_aws(company: &mut Company) {
    let user = the_user(company).id.clone();
    delete_user(company, &user);
}
