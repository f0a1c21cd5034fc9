//! An administrator who does what a report says, and knows nothing else: from the JSON report's next step, its command
//! and its evidence to changes of the tables.

mod at_the_idp;
mod in_aws;
mod in_directory;
mod owner;

pub use in_aws::finish_requests;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sso_why::sandbox::company::{Change, Company};

use super::plan::{ASKER, Plan};
use super::tables::the_idp;

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
        if self.says("ask me again in a few minutes") {
            return Ok(Done::Waits(later));
        }
        // “If it is still missing then, provision it on demand.”
        if self.cause() == "sync_pending" {
            return self.send_again().map(|()| Done::Acted);
        }
        if let Some(done) = self.in_active_directory() {
            return done;
        }
        let is_sent_by_itself = SENT_BY_ITSELF.iter().any(|words| self.says(words));
        match self.cause() {
            "account_not_found" | "account_ambiguous" => self.ask_again(),
            "account_not_active" => self.bring_the_account_back(),
            "user_not_in_idp" => self.apply(&Change::CreateAtIdp { person: ASKER.to_owned() }),
            "user_disabled_in_idp" => self.apply(&Change::EnableAtIdp { person: ASKER.to_owned() }),
            "not_in_group" | "nested_membership" => self.join(),
            "not_activated" => self.activate(),
            "name_twin_at_the_idp" => self.join_the_one_that_is_meant(),
            "membership_not_synced" => self.join_if_missing(),
            "group_not_assigned_to_app" => self.connect_the_group(),
            "user_not_assigned_to_app" => self.apply(&Change::AssignPersonToApp { person: ASKER.to_owned() }),
            "sync_stopped" => self.start_the_sync(),
            "sync_error" => self.fix_what_is_logged(),
            "skipped_by_the_idp" => self.make_it_count(),
            "membership_missed" => self.send_again(),
            "user_not_provisioned" => self.create_the_user(),
            "user_disabled" => self.enable_the_user(),
            "group_not_synced" if self.says("rename") => self.make_room_for_the_synced_group(),
            "group_not_synced" => self.have_the_group_sent_again(),
            "duplicate_group" | "permission_set_not_provisioned" | "permission_set_outdated" => {
                self.run_the_command()
            }
            "dangling_assignment" => self.assign_to_who_is_there(),
            "no_assignment" | "permission_set_not_assigned" => self.grant(),
            // “Ask for it again in the way that it was given.”
            "access_ended" if self.says("ask for it again") => self.grant(),
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
        if self.asks_whether_theirs_is_meant() {
            return self.have_theirs_sent_if_it_is_meant();
        }
        if self.asks_the_owner() {
            return self.join_what_is_meant();
        }
        if self.says("Identity Center") {
            return self.join_in_aws();
        }
        let group = self.group_at_the_idp()?;
        self.join_as_it_is_filled(&group)
    }
}
