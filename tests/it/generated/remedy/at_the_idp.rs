//! What an administrator does at the IdP.

use sso_why::sandbox::company::Change;
use sso_why::sandbox::idp::sync::JobState;
use sso_why::sandbox::idp::{AppUser, AppUserState};
use sso_why::sandbox::scenario::IdpKind;
use sso_why::sandbox::scenario::idp::FilledSpec;

use super::super::plan::ASKER;
use super::super::tables::{at_the_idp, idp_group, join_at_the_idp, the_idp};
use super::Remedy;

impl Remedy<'_> {
    /// “Look whether they are in the group: if so, force a sync; if not, its owner can add them.”
    pub(super) fn join_if_missing(&mut self) -> Result<(), String> {
        if self.asks_the_owner() {
            return self.join_what_is_meant();
        }
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

    /// “To be added to the group whose id is …”
    pub(super) fn join_the_one_that_is_meant(&mut self) -> Result<(), String> {
        let ids: Vec<String> =
            self.evidence("group that opens it").into_iter().filter(|id| self.says(id)).collect();
        let groups = &the_idp(self.company).groups;
        let meant =
            groups.iter().find(|group| ids.contains(&group.object_id) || ids.contains(&group.okta_id));
        let Some(key) = meant.map(|group| group.key.clone()) else {
            return self.unclear("which of the two groups");
        };
        self.join_as_it_is_filled(&key)
    }

    /// “Activate it in Entra ID.”
    pub(super) fn activate(&mut self) -> Result<(), String> {
        let group = self.group_at_the_idp()?;
        if !idp_group(self.company, &group).eligible.contains(&ASKER.to_owned()) {
            return Err(format!("nobody may activate {group}"));
        }
        join_at_the_idp(self.company, &group, ASKER, self.now);
        Ok(())
    }

    /// Into the group, by the way that there is: whoever is told to add somebody to a group that a rule or another
    /// directory fills cannot.
    pub(super) fn join_as_it_is_filled(&mut self, group: &str) -> Result<(), String> {
        let kind = the_idp(self.company).kind;
        let (says_keeps, says_paused) = (self.says("who keeps"), self.says("paused"));
        let says_there = self.says("in Active Directory");
        let is_possible = match (&mut idp_group(self.company, group).filled, kind) {
            (Some(FilledSpec::Rule { paused, .. }), IdpKind::Entra) if *paused => {
                *paused = false;
                says_keeps && says_paused
            }
            (Some(FilledSpec::Rule { .. }), IdpKind::Entra) => says_keeps,
            (Some(FilledSpec::ActiveDirectory), _) => says_there,
            (Some(FilledSpec::Rule { .. }) | None, _) => true,
        };
        if !is_possible {
            return self.unclear("how somebody gets into that group");
        }
        join_at_the_idp(self.company, group, ASKER, self.now);
        Ok(())
    }

    pub(super) fn connect_the_group(&mut self) -> Result<(), String> {
        let group = self.group_at_the_idp()?;
        self.apply(&Change::AssignGroupToApp { group })
    }

    pub(super) fn start_the_sync(&mut self) -> Result<(), String> {
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

    pub(super) fn push_again(&mut self) -> Result<(), String> {
        let group = self.group_at_the_idp()?;
        self.apply(&Change::PushAgain { group })
    }

    pub(super) fn fix_what_is_logged(&mut self) -> Result<(), String> {
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
    pub(super) fn mend_trouble(&mut self) -> Result<(), String> {
        let group = self.group_at_the_idp()?;
        self.apply(&Change::MendTrouble { group })
    }

    pub(super) fn rename_what_has_the_name(&mut self) -> Result<(), String> {
        let group = self.group_at_the_idp()?;
        let name = idp_group(self.company, &group).name.clone();
        let held = self.company.groups.iter_mut().find(|held| held.display_name == name);
        held.ok_or("nothing in AWS has that name")?.display_name = format!("{name} (manual)");
        Ok(())
    }

    pub(super) fn make_it_count(&mut self) -> Result<(), String> {
        let now = self.now;
        if self.says("make it again") {
            let group = self.group_at_the_idp()?;
            let group = idp_group(self.company, &group);
            (group.assigned_since, group.changed_at, group.stuck) = (Some(now), now, None);
            return Ok(());
        }
        self.mend_trouble()
    }

    pub(super) fn send_again(&mut self) -> Result<(), String> {
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

    pub(super) fn create_the_user(&mut self) -> Result<(), String> {
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
}
