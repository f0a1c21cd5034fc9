//! The account's owner, who knows what nothing says that could be read: which group is meant.

use sso_why::sandbox::company::Change;

use super::super::plan::{ASKER, GROUP};
use super::super::tables::{idp_group, join_at_the_idp, join_in_aws, the_idp};
use super::Remedy;

impl Remedy<'_> {
    /// The report names several groups, or none that is offered, and leaves it to the owner which is meant.
    pub(super) fn asks_the_owner(&self) -> bool {
        let names: Vec<_> = self.company.groups.iter().map(|group| group.display_name.as_str()).collect();
        let names_several = || names.iter().filter(|name| self.says(name)).count() > 1;
        self.says("the owner of") && (self.says("which group is meant") || names_several())
    }

    /// “Ask the owner whether this group is meant: if so, an identity admin has it sent to AWS and gives it the access; if
    /// not, they say who adds them to which group.”
    pub(super) fn asks_whether_theirs_is_meant(&self) -> bool {
        self.says("is meant for it: if so")
    }

    /// As the owner says.
    pub(super) fn have_theirs_sent_if_it_is_meant(&mut self) -> Result<(), String> {
        let theirs = idp_group(self.company, GROUP).clone();
        if !self.says(&theirs.name) {
            return self.join_what_is_meant();
        }
        let group = GROUP.to_owned();
        match theirs.push_mapping {
            Some(_) => self.apply(&Change::PushAgain { group })?,
            None if theirs.assigned_since.is_none() => self.apply(&Change::AssignGroupToApp { group })?,
            None => self.run_sync()?,
        }
        self.grant_to_the_group()
    }

    /// As the owner says: the group that the asker had the access by, if it is one of them; else the owner gives the
    /// access to who is meant.
    pub(super) fn join_what_is_meant(&mut self) -> Result<(), String> {
        let id = self.company.group_id(GROUP).ok_or("there is no such group")?.to_owned();
        let named = self.company.groups.iter().find(|group| group.id == id);
        if !named.is_some_and(|named| self.says(&named.display_name)) {
            return self.grant();
        }
        if let Some(directory) = &mut self.plan.directory {
            let is_new = directory.members.insert((id.clone(), ASKER.to_owned()));
            return if is_new { Ok(()) } else { self.look_at_the_sync(&id) };
        }
        if self.company.idp.is_none() {
            let user = self.user_in_aws()?;
            join_in_aws(self.company, &id, &user, self.now);
            return Ok(());
        }
        let idp = the_idp(self.company);
        if idp.memberships.iter().any(|held| held.group == GROUP && held.person == ASKER) {
            return self.run_sync();
        }
        join_at_the_idp(self.company, GROUP, ASKER, self.now);
        Ok(())
    }
}
