//! How a fault of a group breaks the tables: one inside another, taken for another, or made again.

use jiff::Timestamp;
use sso_why::sandbox::company::{Company, Group, Origin, Principal, ids};
use sso_why::sandbox::idp::MappingState;
use sso_why::sandbox::idp::log::About;
use sso_why::sandbox::scenario::IdpKind;
use sso_why::sandbox::scenario::idp::FilledSpec;

use super::super::asker::{group_id, in_since, out_of_the_group, the_user};
use super::super::dice::Dice;
use super::super::plan::{ASKER, COLLEAGUE, GROUP, Plan};
use super::super::tables::{
    delete_group, idp_group, join_at_the_idp, join_in_aws, leave_at_the_idp, leave_in_aws, log, problem,
    the_idp,
};

pub fn only_nested(company: &mut Company, since: Timestamp) {
    leave_at_the_idp(company, GROUP, ASKER);
    out_of_the_group(company);
    let inside = sso_why::sandbox::idp::Group {
        key: "inside".to_owned(),
        object_id: ids::entra_group("inside"),
        name: "Squad Seven".to_owned(),
        owners: Vec::new(),
        assigned_since: None,
        groups_inside: Vec::new(),
        ..idp_group(company, GROUP).clone()
    };
    the_idp(company).groups.push(inside);
    idp_group(company, GROUP).groups_inside.push("inside".to_owned());
    join_at_the_idp(company, "inside", ASKER, since);
}

pub fn name_taken(company: &mut Company, since: Timestamp) {
    in_since(company, since);
    let id = group_id(company);
    let group = company.groups.iter_mut().find(|group| group.id == id).expect("the asker's group");
    (group.origin, group.external_id) = (Origin::Manual, None);
    let taken = problem("EntryConflict", "The target has a group of this name already (409).", false);
    log(company, About::Group(GROUP.to_owned()), taken.clone(), since);
    if let Some(mapping) = &mut idp_group(company, GROUP).push_mapping {
        (mapping.state, mapping.error) = (MappingState::Error, taken.reason);
        (mapping.created_at, mapping.last_push) = (since, None);
    }
}

/// Everybody is in the group again, and the assignment names the deleted one.
pub fn recreated(company: &mut Company, plan: &Plan, at: Timestamp) {
    let old = group_id(company);
    let members: Vec<String> = company
        .memberships
        .iter()
        .filter(|held| held.group_id == old)
        .map(|held| held.user_id.clone())
        .collect();
    let group = company.groups.iter().find(|group| group.id == old).expect("the asker's group").clone();
    delete_group(company, &old);
    let new = ids::identity_store_resource("group", &format!("{GROUP} again"));
    company.groups.push(Group { id: new.clone(), created_at: at, updated_at: at, ..group });
    for user in members {
        join_in_aws(company, &new, &user, at);
    }
    // Only this account's is left; elsewhere somebody has noticed.
    for assignment in &mut company.assignments {
        if assignment.principal == Principal::Group(old.clone()) && assignment.account_id != plan.account {
            assignment.principal = Principal::Group(new.clone());
        }
    }
}

/// The asker is, on both sides, in another group whose name differs from the assigned one's in case.
pub fn look_alike(company: &mut Company, dice: &mut Dice) {
    let id = group_id(company);
    let assigned = company.groups.iter().find(|group| group.id == id).expect("the asker's group").clone();
    let name = match dice.percent(50) {
        true => assigned.display_name.to_uppercase(),
        false => assigned.display_name.replace(['-', ' '], "_"),
    };
    let name = if name == assigned.display_name { name.to_uppercase() } else { name };
    let user = the_user(company).id.clone();
    let external_id = match company.idp.as_ref().map(|idp| idp.kind) {
        Some(IdpKind::Okta) => ids::okta_app_group("alike"),
        _ => ids::entra_group("alike"),
    };
    let alike = ids::identity_store_resource("group", "alike");
    let external_id = Some(external_id);
    company.groups.push(Group {
        id: alike.clone(),
        display_name: name.clone(),
        external_id,
        ..assigned.clone()
    });
    let since = assigned.created_at;
    join_in_aws(company, &alike, &user, since);
    leave_in_aws(company, &id, &user);
    if company.idp.is_some() {
        add_idp_group(company, "alike", &name, true);
        leave_at_the_idp(company, GROUP, ASKER);
        join_at_the_idp(company, "alike", ASKER, since);
    }
}

/// The other one may have been imported from Active Directory, or created by somebody who did not know of the first.
pub fn twin_at_the_idp(company: &mut Company, dice: &mut Dice, since: Timestamp) {
    let assigned = group_id(company);
    let assigned = company.groups.iter().find(|group| group.id == assigned).expect("the asker's group");
    let name = assigned.display_name.clone();
    add_idp_group(company, "twin", &name, false);
    idp_group(company, "twin").filled = dice.percent(50).then_some(FilledSpec::ActiveDirectory);
    leave_at_the_idp(company, GROUP, ASKER);
    out_of_the_group(company);
    join_at_the_idp(company, "twin", ASKER, since);
}

pub fn add_idp_group(company: &mut Company, key: &str, name: &str, is_sent: bool) {
    let mut group = sso_why::sandbox::idp::Group {
        key: key.to_owned(),
        object_id: ids::entra_group(key),
        okta_id: ids::okta("00g", key),
        okta_app_group_id: ids::okta_app_group(key),
        name: name.to_owned(),
        filled: None,
        owners: vec![COLLEAGUE.to_owned()],
        ..idp_group(company, GROUP).clone()
    };
    match &mut group.push_mapping {
        _ if !is_sent => (group.assigned_since, group.push_mapping) = (None, None),
        Some(mapping) => {
            mapping.id = ids::okta("gPm", key);
            name.clone_into(&mut mapping.target_name);
        }
        None => {}
    }
    the_idp(company).groups.push(group);
}
