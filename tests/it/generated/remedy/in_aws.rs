//! What an administrator does in AWS.

use sso_why::sandbox::company::{Assignment, Change, Company, Principal, RequestStatus};

use super::super::breaking::set_arn;
use super::super::plan::ASKER;
use super::super::tables::{assign, at_the_idp, join_in_aws, provision, the_idp};
use super::Remedy;

impl Remedy<'_> {
    pub(super) fn join_in_aws(&mut self) -> Result<(), String> {
        let (group, user) = (self.group_in_aws()?, self.user_in_aws()?);
        join_in_aws(self.company, &group, &user, self.now);
        Ok(())
    }

    pub(super) fn enable_the_user(&mut self) -> Result<(), String> {
        if self.says("to AWS again") {
            at_the_idp(self.company, ASKER).changed_at = self.now;
            return self.run_sync();
        }
        if self.company.idp.is_some() {
            return self.unclear("what to do where the IdP has them enabled");
        }
        self.apply(&Change::EnableUser { person: ASKER.to_owned() })
    }

    /// “Rename it in AWS, let the synced group arrive, assign the access to that, then delete the manual one once nobody
    /// needs it.” Somebody always does.
    pub(super) fn make_room_for_the_synced_group(&mut self) -> Result<(), String> {
        let manual = self.group_in_aws()?;
        let held = self.company.groups.iter_mut().find(|group| group.id == manual).expect("it is there");
        let name = held.display_name.clone();
        held.display_name = format!("{name} (manual)");
        self.run_sync()?;
        let mapping = the_idp(self.company).groups.iter().find(|group| group.name == name);
        let mapping = mapping.and_then(|group| group.push_mapping.as_ref()).map(|mapping| mapping.id.clone());
        if let Some(mapping) = mapping {
            self.company.push_again(&mapping, self.now)?;
        }
        let arrived = self.company.groups.iter().find(|group| group.display_name == name);
        let arrived = arrived.ok_or("the synced group did not arrive")?.id.clone();
        let given: Vec<Assignment> = self
            .company
            .assignments
            .iter()
            .filter(|held| held.principal == Principal::Group(manual.clone()))
            .cloned()
            .collect();
        for assignment in given {
            assign(self.company, Assignment { principal: Principal::Group(arrived.clone()), ..assignment });
        }
        Ok(())
    }

    /// The `aws sso-admin` command of the report.
    pub(super) fn run_the_command(&mut self) -> Result<(), String> {
        let actions = self.report["fix"]["actions"].as_array().into_iter().flatten();
        let Some(command) = actions.filter_map(|action| action["command"].as_str()).next() else {
            return self.unclear("which command to run");
        };
        let words: Vec<&str> = command.split_whitespace().collect();
        let option = |name: &str| {
            let at = words.iter().position(|word| *word == name);
            at.and_then(|at| words.get(at + 1))
                .map(|value| (*value).to_owned())
                .ok_or(format!("no {name} in {command}"))
        };
        let (account_id, set) = (option("--target-id")?, option("--permission-set-arn")?);
        if command.contains("provision-permission-set") {
            provision(self.company, &account_id, &set);
            return Ok(());
        }
        let id = option("--principal-id")?;
        let principal =
            if option("--principal-type")? == "GROUP" { Principal::Group(id) } else { Principal::User(id) };
        assign(self.company, Assignment { account_id, permission_set_arn: set, principal });
        Ok(())
    }

    /// “Assign the access to the group as it is now, then remove the assignment that points nowhere.” Which group that
    /// is, an administrator has to know from the evidence, or from the person's own groups.
    pub(super) fn assign_to_who_is_there(&mut self) -> Result<(), String> {
        let user = self.user_in_aws()?;
        let left = self.left_over();
        let Some(left) = left else { return self.unclear("which assignment points nowhere") };
        let principal = if self.says("to the group") || self.says("group") {
            let named = self.evidence("group");
            let own: Vec<_> = self
                .company
                .groups
                .iter()
                .filter(|group| self.company.group_ids_of(&user).contains(&group.id.as_str()))
                .collect();
            let group = own.iter().find(|group| named.contains(&group.display_name));
            let group = group.or_else(|| {
                own.iter().find(|group| {
                    let given = Principal::Group(group.id.clone());
                    !self.company.assignments.iter().any(|held| held.principal == given)
                        && group.display_name != "All Staff"
                })
            });
            match group {
                Some(group) => Principal::Group(group.id.clone()),
                None => return self.unclear("which group is meant"),
            }
        } else {
            Principal::User(user)
        };
        assign(self.company, Assignment { principal, ..left.clone() });
        self.company.assignments.retain(|held| *held != left);
        Ok(())
    }

    /// The assignment on the account whose principal does not exist, of the route that is told.
    pub(super) fn left_over(&self) -> Option<Assignment> {
        let set = self.report["routes"][0]["permission_set_arn"].as_str()?;
        let is_there = |principal: &Principal| match principal {
            Principal::Group(id) => self.company.groups.iter().any(|group| group.id == *id),
            Principal::User(id) => self.company.users.iter().any(|user| user.id == *id),
        };
        let on_the_account =
            self.company.assignments.iter().filter(|held| held.account_id == self.plan.account);
        on_the_account
            .filter(|held| held.permission_set_arn == set)
            .find(|held| !is_there(&held.principal))
            .cloned()
    }

    /// The access is given to the person.
    pub(super) fn grant(&mut self) -> Result<(), String> {
        let wanted = self.plan.permission_set.as_ref();
        let wanted = wanted.and_then(|name| self.company.permission_set_arn(name).map(str::to_owned));
        let permission_set_arn = wanted.unwrap_or_else(|| set_arn(self.company, self.plan));
        let principal = Principal::User(self.user_in_aws()?);
        let account_id = self.plan.account.clone();
        assign(self.company, Assignment { account_id, permission_set_arn, principal });
        Ok(())
    }

    /// The assignment that failed, once more.
    pub(super) fn make_the_assignment(&mut self) -> Result<(), String> {
        let route = &self.report["routes"][0];
        let Some(set) = route["permission_set_arn"].as_str().map(str::to_owned) else {
            return self.unclear("which permission set");
        };
        let principal = match route["group"]["id"].as_str() {
            Some(group) => Principal::Group(group.to_owned()),
            None => Principal::User(self.user_in_aws()?),
        };
        let account_id = self.plan.account.clone();
        assign(self.company, Assignment { account_id, permission_set_arn: set, principal });
        Ok(())
    }
}

/// What AWS finishes by itself while time goes by.
pub fn finish_requests(company: &mut Company) {
    let mut finished = Vec::new();
    for request in company.creation_requests.iter_mut() {
        if request.status == RequestStatus::InProgress {
            request.status = RequestStatus::Succeeded;
            finished.push(request.assignment.clone());
        }
    }
    finished.into_iter().for_each(|assignment| assign(company, assignment));
}
