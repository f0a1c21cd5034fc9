//! What an administrator does in AWS.

use sso_why::sandbox::company::{Assignment, Change, Company, Principal, RequestStatus, ids};
use sso_why::sandbox::idp::MappingState;

use super::super::breaking::set_arn;
use super::super::plan::{ASKER, GROUP};
use super::super::tables::{assign, at_the_idp, idp_group, join_in_aws, provision, the_idp};
use super::Remedy;

impl Remedy<'_> {
    pub(super) fn join_in_aws(&mut self) -> Result<(), String> {
        if self.plan.directory.is_some() {
            return Err("Identity Center takes no members beside those of Active Directory".to_owned());
        }
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

    /// “Find out which group that was; if the asker had the access by it, assign the access to the one that it is now and
    /// remove the assignment that points nowhere. If not, the owner says which group is meant.”
    pub(super) fn assign_to_who_is_there(&mut self) -> Result<(), String> {
        let Some(left) = self.left_over() else { return self.unclear("which assignment points nowhere") };
        let is_the_askers = match &left.principal {
            Principal::Group(id) => self.company.group_id(GROUP) == Some(id),
            // Nobody else is assigned directly.
            Principal::User(_) => true,
        };
        if !is_the_askers {
            return if self.says("the owner of") {
                self.join_what_is_meant()
            } else {
                self.unclear("who knows")
            };
        }
        let principal = match &left.principal {
            Principal::User(_) => Principal::User(self.user_in_aws()?),
            Principal::Group(_) => match self.created_again() {
                Some(group) => Principal::Group(group),
                None => return self.unclear("which group is meant"),
            },
        };
        assign(self.company, Assignment { principal, ..left.clone() });
        self.company.assignments.retain(|held| *held != left);
        Ok(())
    }

    /// The asker's group as it is now, if the report names it, for certain or as one that may be it.
    fn created_again(&self) -> Option<String> {
        let named: Vec<String> =
            ["group", "may be"].into_iter().flat_map(|label| self.evidence(label)).collect();
        let again = ids::identity_store_resource("group", &format!("{GROUP} again"));
        let group = self.company.groups.iter().find(|group| group.id == again)?;
        named.contains(&group.display_name).then_some(again)
    }

    /// “Provision it on demand, then assign the access to the new group and remove the assignment that points nowhere.”
    pub(super) fn have_the_group_sent_again(&mut self) -> Result<(), String> {
        let group = self.group_at_the_idp()?;
        let (now, is_made_again) = (self.now, self.says("unlink"));
        let at_the_idp = idp_group(self.company, &group);
        let name = at_the_idp.name_in_aws().to_owned();
        if is_made_again && let Some(mapping) = &mut at_the_idp.push_mapping {
            (mapping.created_at, mapping.last_push, mapping.state) = (now, None, MappingState::Active);
            mapping.error.clear();
        }
        self.send_again()?;
        // If there are several, whoever looks finds out which was this group's.
        let id = self.company.group_id(&group).ok_or("AWS never had it")?.to_owned();
        let of_it = |held: &&Assignment| {
            held.principal == Principal::Group(id.clone()) && held.account_id == self.plan.account
        };
        let left = self.company.assignments.iter().find(of_it).cloned();
        let Some(left) = left else { return self.unclear("which assignment points nowhere") };
        let sent = self.company.groups.iter().find(|group| group.display_name == name);
        let principal = Principal::Group(sent.ok_or("the group did not arrive")?.id.clone());
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

    /// The access is given to the asker's group as AWS has it now, unless the group has it.
    pub(super) fn grant_to_the_group(&mut self) -> Result<(), String> {
        let permission_set_arn = set_arn(self.company, self.plan);
        let id = self.company.group_id(GROUP).ok_or("there is no such group")?.to_owned();
        let account_id = self.plan.account.clone();
        let assignment = Assignment { account_id, permission_set_arn, principal: Principal::Group(id) };
        if !self.company.assignments.contains(&assignment) {
            assign(self.company, assignment);
        }
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
