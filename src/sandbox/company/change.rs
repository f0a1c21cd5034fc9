//! Everything that can happen to the company: what administrators, the IdP's sync and AWS itself do.

use jiff::Timestamp;
use serde::Deserialize;

use super::founding::membership_of;
use super::{AccountState, Assignment, AssignmentRequest, Company, Group, Origin, RequestStatus, ids};
use crate::sandbox::idp::Idp;
use crate::sandbox::scenario::PrincipalKey;

/// One thing that happens. Groups, people, accounts and requests are named by their keys in the scenario,
/// permission sets by their names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    AddMember {
        group: String,
        person: String,
    },
    RemoveMember {
        group: String,
        person: String,
    },
    /// Also provisions the permission set, as `CreateAccountAssignment` does.
    Assign {
        account: String,
        permission_set: String,
        principal: PrincipalKey,
    },
    Unassign {
        account: String,
        permission_set: String,
        principal: PrincipalKey,
    },
    /// Brings the permission set to the account in its latest version.
    Provision {
        account: String,
        permission_set: String,
    },
    EnableUser {
        person: String,
    },
    DisableUser {
        person: String,
    },
    /// The IdP's sync brings the person, and with them the memberships that their scenario entry lists.
    CreateUser {
        person: String,
    },
    DeleteUser {
        user_name: String,
    },
    SetAccountState {
        account: String,
        state: AccountState,
    },
    /// A request in progress succeeds: from now on the assignment exists.
    FinishRequest {
        request: String,
    },
    /// `group` is the key under which it is known from now on.
    CreateGroup {
        group: String,
        name: String,
        origin: Origin,
    },
    RenameGroup {
        group: String,
        name: String,
    },
    /// Its memberships go with it; assignments stay and point to nothing.
    DeleteGroup {
        group: String,
    },
    /// Somebody is hired, with the groups that their scenario entry lists.
    CreateAtIdp {
        person: String,
    },
    EnableAtIdp {
        person: String,
    },
    DisableAtIdp {
        person: String,
    },
    GiveLastNameAtIdp {
        person: String,
        last_name: String,
    },
    AddMemberAtIdp {
        group: String,
        person: String,
    },
    RemoveMemberAtIdp {
        group: String,
        person: String,
    },
    /// Entra: an app-role assignment; Okta: a push mapping.
    AssignGroupToApp {
        group: String,
    },
    AssignPersonToApp {
        person: String,
    },
    /// AWS takes what it refused of this group.
    MendTrouble {
        group: String,
    },
    /// The SCIM token is renewed and the synchronization job started.
    EndQuarantine,
    /// Entra: an administrator stops the provisioning, or starts it again.
    PauseSync,
    ResumeSync,
    /// Entra runs a cycle, Okta pushes what waits.
    RunSync,
    ProvisionOnDemand {
        group: String,
        person: String,
    },
    /// Okta's push mapping of the group is made inactive, then active.
    PushAgain {
        group: String,
    },
}

impl Company {
    /// Makes it happen.
    ///
    /// # Errors
    /// A sentence, where something that `change` names does not exist or where there is nothing to change.
    /// The company is then as it was.
    pub fn apply(&mut self, change: &Change, now: Timestamp) -> Result<(), String> {
        match change {
            Change::AddMember { group, person } => self.add_member(group, person, now),
            Change::RemoveMember { group, person } => self.remove_member(group, person),
            Change::Assign { account, permission_set, principal } => {
                let assignment = self.named_assignment(account, permission_set, principal)?;
                self.assign(assignment)
            }
            Change::Unassign { account, permission_set, principal } => {
                let assignment = self.named_assignment(account, permission_set, principal)?;
                self.unassign(&assignment, now)
                    .ok_or_else(|| format!("{permission_set} is not assigned there on {account}"))
            }
            Change::Provision { account, permission_set } => {
                let account_id = self.account_id(account).ok_or_else(|| none("account", account))?.to_owned();
                let arn = self.permission_set_arn(permission_set);
                let arn = arn.ok_or_else(|| none("permission set", permission_set))?.to_owned();
                self.set_provisioned(&account_id, &arn, true);
                Ok(())
            }
            Change::EnableUser { person } => self.set_enabled(person, true, now),
            Change::DisableUser { person } => self.set_enabled(person, false, now),
            Change::CreateUser { person } => self.create_user(person, now),
            Change::DeleteUser { user_name } => self.delete_user(user_name),
            Change::SetAccountState { account, state } => self.set_account_state(account, *state),
            Change::FinishRequest { request } => self.finish_request(request),
            Change::CreateGroup { group, name, origin } => self.create_group(group, name, *origin, now),
            Change::RenameGroup { group, name } => self.rename_group(group, name, now),
            Change::DeleteGroup { group } => {
                let id = self.group_mut(group)?.id.clone();
                self.groups.retain(|held| held.id != id);
                self.memberships.retain(|membership| membership.group_id != id);
                Ok(())
            }
            Change::CreateAtIdp { person } => {
                let person = self.keys.people.get(person).cloned().ok_or_else(|| none("person", person))?;
                self.at_idp(|idp, _| idp.create(&person, now))
            }
            Change::EnableAtIdp { person } => self.at_idp(|idp, _| idp.enable(person, now)),
            Change::DisableAtIdp { person } => self.at_idp(|idp, _| idp.disable(person, now)),
            Change::GiveLastNameAtIdp { person, last_name } => {
                self.at_idp(|idp, _| idp.give_last_name(person, last_name, now))
            }
            Change::AddMemberAtIdp { group, person } => {
                self.at_idp(|idp, _| idp.add_member(group, person, now))
            }
            Change::RemoveMemberAtIdp { group, person } => {
                self.at_idp(|idp, _| idp.remove_member(group, person))
            }
            Change::AssignGroupToApp { group } => self.at_idp(|idp, _| idp.assign_group(group, now)),
            Change::AssignPersonToApp { person } => self.at_idp(|idp, _| idp.assign_person(person, now)),
            Change::MendTrouble { group } => self.at_idp(|idp, _| idp.mend_trouble(group, now)),
            Change::EndQuarantine => self.at_idp(|idp, _| idp.end_quarantine(now)),
            Change::PauseSync => self.at_idp(|idp, _| idp.pause_sync()),
            Change::ResumeSync => self.at_idp(|idp, _| idp.resume_sync(now)),
            Change::RunSync => self.at_idp(|idp, aws| idp.run_sync(aws, now)),
            Change::ProvisionOnDemand { group, person } => {
                self.provision_on_demand(group, person, now).map(drop)
            }
            Change::PushAgain { group } => {
                let mapping = self.idp.as_ref().and_then(|idp| idp.group(group)?.push_mapping.as_ref());
                let id = mapping.ok_or_else(|| none("group push mapping of", group))?.id.clone();
                self.push_again(&id, now).map(drop)
            }
        }
    }

    fn at_idp(
        &mut self,
        change: impl FnOnce(&mut Idp, &mut Self) -> Result<(), String>,
    ) -> Result<(), String> {
        self.with_idp(change).ok_or("no IdP is connected")?
    }

    fn add_member(&mut self, group: &str, person: &str, now: Timestamp) -> Result<(), String> {
        let group_id = self.group_mut(group)?.id.clone();
        let user_id = self.user_id(person).ok_or_else(|| none("user", person))?.to_owned();
        if self.group_ids_of(&user_id).contains(&group_id.as_str()) {
            return Err(format!("{person} is already in {group}"));
        }
        self.memberships.push(membership_of(&group_id, &user_id, now));
        Ok(())
    }

    fn remove_member(&mut self, group: &str, person: &str) -> Result<(), String> {
        let group_id = self.group_mut(group)?.id.clone();
        let user_id = self.user_id(person).ok_or_else(|| none("user", person))?.to_owned();
        remove_one(&mut self.memberships, |held| held.group_id == group_id && held.user_id == user_id)
            .ok_or_else(|| format!("{person} is not in {group}"))
    }

    fn assign(&mut self, assignment: Assignment) -> Result<(), String> {
        if self.assignments.contains(&assignment) {
            return Err("that assignment already exists".to_owned());
        }
        self.set_provisioned(&assignment.account_id, &assignment.permission_set_arn, true);
        self.assignments.push(assignment);
        Ok(())
    }

    /// Identity Center remembers the request, as `ListAccountAssignmentDeletionStatus` shows.
    fn unassign(&mut self, assignment: &Assignment, now: Timestamp) -> Option<()> {
        remove_one(&mut self.assignments, |held| held == assignment)?;
        self.deletion_requests.push(AssignmentRequest {
            id: ids::uuid("deletion request", &self.deletion_requests.len().to_string()),
            assignment: assignment.clone(),
            status: RequestStatus::Succeeded,
            failure_reason: None,
            created_at: now,
        });
        Some(())
    }

    fn set_enabled(&mut self, person: &str, enabled: bool, now: Timestamp) -> Result<(), String> {
        let user = self.users.iter_mut().find(|user| user.person == person);
        let user = user.ok_or_else(|| none("user", person))?;
        user.enabled = enabled;
        user.updated_at = now;
        Ok(())
    }

    fn create_user(&mut self, person: &str, now: Timestamp) -> Result<(), String> {
        let person = self.keys.people.get(person).cloned().ok_or_else(|| none("person", person))?;
        for membership in &person.groups {
            self.group_mut(&membership.group)?;
        }
        let at_idp = self.idp.as_ref().and_then(|idp| idp.person(&person.key).map(|one| one.id_at(idp.kind)));
        let external_id = at_idp.map(str::to_owned);
        let user_id = self.receive_user(&person.key, external_id.as_deref(), now)?;
        self.with_idp(|idp, _| idp.note_provisioned(&person.key, &user_id, now));
        for membership in &person.groups {
            self.add_member(&membership.group, &person.key, now)?;
        }
        Ok(())
    }

    fn delete_user(&mut self, user_name: &str) -> Result<(), String> {
        let user = self.users.iter().find(|user| user.user_name == user_name);
        let id = user.ok_or_else(|| none("user", user_name))?.id.clone();
        self.users.retain(|held| held.id != id);
        self.memberships.retain(|membership| membership.user_id != id);
        Ok(())
    }

    fn set_account_state(&mut self, account: &str, state: AccountState) -> Result<(), String> {
        let id = self.account_id(account).ok_or_else(|| none("account", account))?.to_owned();
        let held = self.accounts.iter_mut().find(|held| held.id == id);
        held.ok_or_else(|| none("account", account))?.state = state;
        Ok(())
    }

    fn finish_request(&mut self, request: &str) -> Result<(), String> {
        let id = ids::uuid("request", request);
        let position = self.creation_requests.iter().position(|held| held.id == id);
        let position = position.ok_or_else(|| none("request", request))?;
        if self.creation_requests[position].status != RequestStatus::InProgress {
            return Err(format!("request {request} is not in progress"));
        }
        self.assign(self.creation_requests[position].assignment.clone())?;
        self.creation_requests[position].status = RequestStatus::Succeeded;
        Ok(())
    }

    fn create_group(&mut self, key: &str, name: &str, origin: Origin, now: Timestamp) -> Result<(), String> {
        if self.keys.groups.contains_key(key) {
            return Err(format!("a group was already known as {key}"));
        }
        self.refuse_taken_name(name)?;
        let id = ids::identity_store_resource("group", key);
        self.keys.groups.insert(key.to_owned(), id.clone());
        let external_id = match origin {
            Origin::Synced => Some(self.external_id_of_new_group(name, &id, now)),
            Origin::Manual => None,
        };
        self.groups.push(Group {
            id,
            display_name: name.to_owned(),
            origin,
            external_id,
            created_at: now,
            updated_at: now,
        });
        Ok(())
    }

    /// The IdP remembers that AWS took its group of that name, if it has one.
    fn external_id_of_new_group(&mut self, name: &str, id: &str, now: Timestamp) -> String {
        let known = self.with_idp(|idp, _| idp.note_group_received(name, now)).flatten();
        known.unwrap_or_else(|| ids::uuid("external id", id))
    }

    fn rename_group(&mut self, group: &str, name: &str, now: Timestamp) -> Result<(), String> {
        self.group_mut(group)?;
        self.refuse_taken_name(name)?;
        let group = self.group_mut(group)?;
        name.clone_into(&mut group.display_name);
        group.updated_at = now;
        Ok(())
    }

    /// The identity store wants display names unique. Only a scenario can start with two of one name.
    fn refuse_taken_name(&self, name: &str) -> Result<(), String> {
        if self.groups.iter().any(|group| group.display_name == name) {
            return Err(format!("Duplicate GroupDisplayName: the identity store already has a group {name}"));
        }
        Ok(())
    }

    fn group_mut(&mut self, key: &str) -> Result<&mut Group, String> {
        let id = self.keys.groups.get(key).ok_or_else(|| none("group", key))?;
        self.groups.iter_mut().find(|group| group.id == *id).ok_or_else(|| none("group", key))
    }

    fn named_assignment(
        &self,
        account: &str,
        permission_set: &str,
        principal: &PrincipalKey,
    ) -> Result<Assignment, String> {
        self.account_id(account).ok_or_else(|| none("account", account))?;
        self.permission_set_arn(permission_set).ok_or_else(|| none("permission set", permission_set))?;
        self.assignment(account, permission_set, principal).ok_or_else(|| match principal {
            PrincipalKey::Group(group) => none("group", group),
            PrincipalKey::Person(person) => none("user", person),
        })
    }
}

pub(super) fn none(kind: &str, key: &str) -> String {
    format!("the company has no {kind} {key}")
}

fn remove_one<T>(table: &mut Vec<T>, is_it: impl Fn(&T) -> bool) -> Option<()> {
    let position = table.iter().position(is_it)?;
    table.remove(position);
    Some(())
}

#[cfg(test)]
mod tests;
