//! An administrator who does what a report says, and knows nothing else: from the JSON report's next step, its command
//! and its evidence to changes of the tables.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sso_why::sandbox::company::{Assignment, Change, Company, Principal, RequestStatus};
use sso_why::sandbox::idp::sync::JobState;
use sso_why::sandbox::idp::{AppUser, AppUserState};
use sso_why::sandbox::scenario::IdpKind;

use super::breaking::set_arn;
use super::plan::{ASKER, Plan};
use super::tables::{assign, at_the_idp, idp_group, join_at_the_idp, join_in_aws, provision, the_idp};

/// What a report had somebody do.
#[derive(Debug)]
pub enum Done {
    /// Nothing but wait until then.
    Waits(Timestamp),
    Acted,
    /// Something, and then wait until then, as what was fixed is sent by itself.
    ActsAndWaits(Timestamp),
}

/// How long somebody waits who is told to check again and not when.
const LATER: SignedDuration = SignedDuration::from_mins(45);

/// Words of a report by which the next sync does the rest.
const SENT_BY_ITSELF: [&str; 4] =
    ["is then sent again", "then sends it again", "before the next sync", "fix that person's sync"];

/// A report in the hands of whoever acts on it.
pub struct Remedy<'r> {
    pub report: &'r Value,
    pub company: &'r mut Company,
    pub plan: &'r mut Plan,
    pub now: Timestamp,
    /// They have waited as long as the report said.
    pub has_waited: bool,
}

impl Remedy<'_> {
    /// Does what the report says.
    ///
    /// # Errors
    /// If the report does not say what to do, or that cannot be done.
    pub fn follow(mut self) -> Result<Done, String> {
        let fix = &self.report["fix"];
        let later = self.now.checked_add(LATER).expect("a time");
        if fix["owner"] == "nobody" && !(self.has_waited && self.says("still missing")) {
            let named = fix["retry_at"].as_str().and_then(|at| at.parse().ok());
            return Ok(Done::Waits(named.unwrap_or(later)));
        }
        // “If it is still missing then, provision it on demand.”
        if self.cause() == "sync_pending" {
            return self.send_again().map(|()| Done::Acted);
        }
        let is_sent_by_itself = SENT_BY_ITSELF.iter().any(|words| self.says(words));
        match self.cause() {
            "account_not_found" | "account_ambiguous" => self.ask_again(),
            "account_not_active" => self.bring_the_account_back(),
            "user_not_in_idp" => self.apply(&Change::CreateAtIdp { person: ASKER.to_owned() }),
            "user_disabled_in_idp" => self.apply(&Change::EnableAtIdp { person: ASKER.to_owned() }),
            "not_in_group" | "nested_membership" => self.join(),
            "membership_not_synced" => self.join_if_missing(),
            "group_not_assigned_to_app" => self.connect_the_group(),
            "user_not_assigned_to_app" => self.apply(&Change::AssignPersonToApp { person: ASKER.to_owned() }),
            "sync_stopped" => self.start_the_sync(),
            "sync_error" => self.fix_what_is_logged(),
            "skipped_by_the_idp" => self.make_it_count(),
            "membership_missed" => self.send_again(),
            "user_not_provisioned" => self.create_the_user(),
            "user_disabled" => self.enable_the_user(),
            "group_not_synced" => self.make_room_for_the_synced_group(),
            "duplicate_group" | "permission_set_not_provisioned" | "permission_set_outdated" => {
                self.run_the_command()
            }
            "dangling_assignment" => self.assign_to_who_is_there(),
            "no_assignment" | "permission_set_not_assigned" => self.grant(),
            "assignment_failed" => self.make_the_assignment(),
            other => Err(format!("nobody has read the remedy of {other} to this administrator")),
        }
        .map(|()| if is_sent_by_itself { Done::ActsAndWaits(later) } else { Done::Acted })
    }

    fn cause(&self) -> &str {
        self.report["cause"].as_str().unwrap_or("undetermined")
    }

    fn summary(&self) -> &str {
        self.report["fix"]["summary"].as_str().unwrap_or_default()
    }

    fn says(&self, words: &str) -> bool {
        self.summary().contains(words)
    }

    /// What the failing step has as evidence under this label.
    fn evidence(&self, label: &str) -> Vec<String> {
        let failing = &self.report["failing_step"];
        let steps =
            self.report["steps"].as_array().into_iter().flatten().filter(|step| step["id"] == *failing);
        let facts = steps.flat_map(|step| step["evidence"].as_array().into_iter().flatten());
        let labeled = facts.filter(|fact| fact["label"] == label);
        labeled.filter_map(|fact| fact["value"].as_str().map(str::to_owned)).collect()
    }

    fn unclear<T>(&self, what: &str) -> Result<T, String> {
        Err(format!("“{}” does not say {what}", self.summary()))
    }

    fn apply(&mut self, change: &Change) -> Result<(), String> {
        self.company.apply(change, self.now)
    }

    fn run_sync(&mut self) -> Result<(), String> {
        self.apply(&Change::RunSync)
    }

    /// The group that the evidence names, as the IdP has it: by its id if that is told, else by its name.
    fn group_at_the_idp(&mut self) -> Result<String, String> {
        let ids = self.evidence("group id");
        let mut names = self.evidence("group");
        names.extend(self.report["routes"][0]["group"]["name"].as_str().map(str::to_owned));
        let groups = &the_idp(self.company).groups;
        let by_id =
            groups.iter().find(|group| ids.contains(&group.object_id) || ids.contains(&group.okta_id));
        let by_name = || names.first().and_then(|name| groups.iter().find(|group| group.name == *name));
        match by_id.or_else(by_name).map(|group| group.key.clone()) {
            Some(key) => Ok(key),
            None => self.unclear("which group of the IdP"),
        }
    }

    /// The group of the route that is told, as AWS has it.
    fn group_in_aws(&self) -> Result<String, String> {
        let told = self.report["routes"][0]["group"]["id"].as_str();
        match told.filter(|id| self.company.groups.iter().any(|group| group.id == *id)) {
            Some(id) => Ok(id.to_owned()),
            None => self.unclear("which group in AWS"),
        }
    }

    fn user_in_aws(&self) -> Result<String, String> {
        let told = self.report["subject"]["directory_user_id"].as_str();
        match told {
            Some(id) => Ok(id.to_owned()),
            None => self.unclear("who the user in AWS is"),
        }
    }

    fn ask_again(&mut self) -> Result<(), String> {
        let seen = self.evidence("seen").join(" ");
        let account = self.company.accounts.iter().find(|account| account.id == self.plan.account);
        let name = account.map(|account| account.name.trim().to_owned()).unwrap_or_default();
        if self.says("account number") && (seen.contains(&self.plan.account) || !self.says("ask again")) {
            self.plan.typed.clone_from(&self.plan.account);
        } else if seen.contains(&name) {
            self.plan.typed = name;
        } else {
            return self.unclear("the right name");
        }
        Ok(())
    }

    fn bring_the_account_back(&mut self) -> Result<(), String> {
        let id = self.plan.account.clone();
        let account = self.company.accounts.iter_mut().find(|account| account.id == id);
        account.expect("the account").state = sso_why::sandbox::company::AccountState::Active;
        Ok(())
    }

    fn join(&mut self) -> Result<(), String> {
        if self.says("Identity Center") {
            return self.join_in_aws();
        }
        let group = self.group_at_the_idp()?;
        join_at_the_idp(self.company, &group, ASKER, self.now);
        Ok(())
    }

    fn join_in_aws(&mut self) -> Result<(), String> {
        let (group, user) = (self.group_in_aws()?, self.user_in_aws()?);
        join_in_aws(self.company, &group, &user, self.now);
        Ok(())
    }

    /// “Look whether they are in the group: if so, force a sync; if not, its owner can add them.”
    fn join_if_missing(&mut self) -> Result<(), String> {
        if self.company.idp.is_none() {
            return self.join_in_aws();
        }
        let group = self.group_at_the_idp()?;
        let idp = the_idp(self.company);
        if idp.memberships.iter().any(|held| held.group == group && held.person == ASKER) {
            return self.run_sync();
        }
        join_at_the_idp(self.company, &group, ASKER, self.now);
        Ok(())
    }

    fn connect_the_group(&mut self) -> Result<(), String> {
        let group = self.group_at_the_idp()?;
        self.apply(&Change::AssignGroupToApp { group })
    }

    fn start_the_sync(&mut self) -> Result<(), String> {
        let now = self.now;
        if self.says("the push of") {
            return self.push_again();
        }
        if self.says("provisioning of groups") {
            the_idp(self.company).job.as_mut().expect("Entra's job").sends_groups = true;
            return Ok(());
        }
        if self.says("start provisioning again") || self.says("deletions") {
            return self.apply(&Change::EndQuarantine);
        }
        if self.says("start it") || self.says(" on.") {
            let job = the_idp(self.company).job.as_mut().expect("Entra's job");
            (job.state, job.next_begins) = (JobState::Active, now);
            return Ok(());
        }
        self.unclear("how to start the sync")
    }

    fn push_again(&mut self) -> Result<(), String> {
        let group = self.group_at_the_idp()?;
        self.apply(&Change::PushAgain { group })
    }

    fn fix_what_is_logged(&mut self) -> Result<(), String> {
        if self.says("fill in") {
            at_the_idp(self.company, ASKER).family_name.get_or_insert("Reyes".to_owned());
            at_the_idp(self.company, ASKER).changed_at = self.now;
            return Ok(());
        }
        if self.says("rename or remove") {
            return self.rename_what_has_the_name();
        }
        if self.says("restart") {
            the_idp(self.company).job.as_mut().expect("Entra's job").last_completed = None;
            return self.run_sync();
        }
        self.mend_trouble()?;
        if self.says("have it sent again") { self.send_again() } else { Ok(()) }
    }

    /// Whatever the log entry complains about is as it should be from now on.
    fn mend_trouble(&mut self) -> Result<(), String> {
        let group = self.group_at_the_idp()?;
        self.apply(&Change::MendTrouble { group })
    }

    fn rename_what_has_the_name(&mut self) -> Result<(), String> {
        let group = self.group_at_the_idp()?;
        let name = idp_group(self.company, &group).name.clone();
        let held = self.company.groups.iter_mut().find(|held| held.display_name == name);
        held.ok_or("nothing in AWS has that name")?.display_name = format!("{name} (manual)");
        Ok(())
    }

    fn make_it_count(&mut self) -> Result<(), String> {
        let now = self.now;
        if self.says("make it again") {
            let group = self.group_at_the_idp()?;
            let group = idp_group(self.company, &group);
            (group.assigned_since, group.changed_at, group.stuck) = (Some(now), now, None);
            return Ok(());
        }
        self.mend_trouble()
    }

    fn send_again(&mut self) -> Result<(), String> {
        match the_idp(self.company).kind {
            IdpKind::Okta => self.push_again(),
            IdpKind::Entra => {
                let group = self.group_at_the_idp()?;
                let forced = self.company.provision_on_demand(&group, ASKER, self.now)?;
                if forced.arrived() {
                    Ok(())
                } else {
                    Err(format!("provision on demand: {:?}", forced.steps))
                }
            }
        }
    }

    fn create_the_user(&mut self) -> Result<(), String> {
        let now = self.now;
        let Some(kind) = self.company.idp.as_ref().map(|idp| idp.kind) else {
            return self.apply(&Change::CreateUser { person: ASKER.to_owned() });
        };
        if kind == IdpKind::Entra && self.says("on demand") {
            return self.send_again();
        }
        // Assigned, or assigned again, and sent.
        let person = at_the_idp(self.company, ASKER);
        person.changed_at = now;
        if kind == IdpKind::Okta {
            person.app_user = Some(AppUser { state: AppUserState::Staged, since: now, external_id: None });
        }
        self.run_sync()
    }

    fn enable_the_user(&mut self) -> Result<(), String> {
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
    fn make_room_for_the_synced_group(&mut self) -> Result<(), String> {
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
    fn run_the_command(&mut self) -> Result<(), String> {
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
    fn assign_to_who_is_there(&mut self) -> Result<(), String> {
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
    fn left_over(&self) -> Option<Assignment> {
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
    fn grant(&mut self) -> Result<(), String> {
        let wanted = self.plan.permission_set.as_ref();
        let wanted = wanted.and_then(|name| self.company.permission_set_arn(name).map(str::to_owned));
        let permission_set_arn = wanted.unwrap_or_else(|| set_arn(self.company, self.plan));
        let principal = Principal::User(self.user_in_aws()?);
        let account_id = self.plan.account.clone();
        assign(self.company, Assignment { account_id, permission_set_arn, principal });
        Ok(())
    }

    /// The assignment that failed, once more.
    fn make_the_assignment(&mut self) -> Result<(), String> {
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
