//! What an administrator does where Active Directory is the source: there, and at its sync.

use super::super::active_directory::{ARRIVES, ActiveDirectory};
use super::super::plan::ASKER;
use super::{Done, Remedy};

/// Where the sync and its scope are looked at.
const SYNC: &str = "Manage sync";

impl Remedy<'_> {
    /// What is said of Active Directory, done; `None` if it is about something else.
    pub(super) fn in_active_directory(&mut self) -> Option<Result<Done, String>> {
        self.plan.directory.as_ref()?;
        let done = match self.cause() {
            "membership_not_synced" if self.asks_the_owner() => self.join_what_is_meant(),
            "membership_not_synced" => self.look_whether_they_are_in(),
            "user_disabled" => self.look_why_they_are_disabled(),
            _ => return None,
        };
        let arrives = self.now.checked_add(ARRIVES).expect("a time");
        Some(done.map(|()| Done::ActsAndWaits(arrives)))
    }

    fn directory(&mut self) -> &mut ActiveDirectory {
        self.plan.directory.as_mut().expect("the people come from Active Directory")
    }

    /// “Look in Active Directory whether they are in it. If so, whether the sync is on and both are in its scope; what
    /// has just changed may be on its way. If not, its owner can add them.”
    fn look_whether_they_are_in(&mut self) -> Result<(), String> {
        if !self.says("Active Directory") {
            return self.unclear("that Active Directory is the place");
        }
        let group = self.group_in_aws()?;
        if self.directory().members.insert((group.clone(), ASKER.to_owned())) {
            return if self.says("can add") { Ok(()) } else { self.unclear("who adds them") };
        }
        self.look_at_the_sync(&group)
    }

    pub(super) fn look_at_the_sync(&mut self, group: &str) -> Result<(), String> {
        let says_where = self.says(SYNC);
        let (looks_on, looks_in, may_be_late) =
            (self.says("the sync is on"), self.says("sync scope"), self.says("hours"));
        let directory = self.directory();
        let found = if directory.is_paused {
            directory.is_paused = false;
            says_where && looks_on
        } else if directory.out_of_scope.remove(group) | directory.out_of_scope.remove(ASKER) {
            says_where && looks_in
        } else {
            may_be_late
        };
        if found { Ok(()) } else { self.unclear("what keeps the membership from AWS") }
    }

    fn look_why_they_are_disabled(&mut self) -> Result<(), String> {
        let (looks_there, looks_in) =
            (self.says("Active Directory"), self.says("sync scope") && self.says(SYNC));
        let directory = self.directory();
        let found = match directory.disabled.remove(ASKER) {
            true => looks_there,
            false => directory.out_of_scope.remove(ASKER) && looks_in,
        };
        if found { Ok(()) } else { self.unclear("why they are disabled") }
    }
}
