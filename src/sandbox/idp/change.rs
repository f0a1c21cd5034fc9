//! What administrators do at the IdP. What they change comes to AWS with the next cycle or push.
//!
//! Each is called by [`Company::apply`](crate::sandbox::company::Company::apply) and fails with a sentence
//! where something does not exist or is so already.

use jiff::Timestamp;

use super::founding::{person_of, push_mapping_of};
use super::sync::JobState;
use super::{AppUser, AppUserState, Group, Idp, MappingState, Membership, Person};
use crate::sandbox::scenario::{self, IdpKind};

impl Idp {
    /// Somebody is hired: they are there with the groups that the scenario lists, and at Okta assigned to
    /// the application.
    pub(in crate::sandbox) fn create(
        &mut self,
        person: &scenario::Person,
        now: Timestamp,
    ) -> Result<(), String> {
        if self.person(&person.key).is_some() {
            return Err(format!("{} is already at the IdP", person.key));
        }
        let spec = person.user_specs().into_iter().next().unwrap_or_default();
        let created = person_of(self.kind, person, 0, &spec, now);
        let app_user = (self.kind == IdpKind::Okta).then(|| staged(now));
        self.people.push(Person { enabled: true, created_at: now, changed_at: now, app_user, ..created });
        for membership in &person.groups {
            self.add_member(&membership.group, &person.key, now)?;
        }
        Ok(())
    }

    pub(in crate::sandbox) fn enable(&mut self, person: &str, now: Timestamp) -> Result<(), String> {
        let person = self.known_person(person)?;
        person.enabled = true;
        person.changed_at = now;
        Ok(())
    }

    pub(in crate::sandbox) fn disable(&mut self, person: &str, now: Timestamp) -> Result<(), String> {
        let person = self.known_person(person)?;
        if !person.enabled {
            return Err(format!("{} is turned off already", person.key));
        }
        person.enabled = false;
        person.changed_at = now;
        Ok(())
    }

    pub(in crate::sandbox) fn give_last_name(
        &mut self,
        person: &str,
        last_name: &str,
        now: Timestamp,
    ) -> Result<(), String> {
        let person = self.known_person(person)?;
        person.family_name = Some(last_name.to_owned());
        person.changed_at = now;
        Ok(())
    }

    pub(in crate::sandbox) fn add_member(
        &mut self,
        group: &str,
        person: &str,
        now: Timestamp,
    ) -> Result<(), String> {
        self.known_group(group)?;
        self.known_person(person)?;
        if self.has_member(group, person) {
            return Err(format!("{person} is already in {group} at the IdP"));
        }
        self.memberships.push(Membership { group: group.to_owned(), person: person.to_owned(), since: now });
        Ok(())
    }

    pub(in crate::sandbox) fn remove_member(&mut self, group: &str, person: &str) -> Result<(), String> {
        let position = self.memberships.iter().position(|held| held.group == group && held.person == person);
        let position = position.ok_or_else(|| format!("{person} is not in {group} at the IdP"))?;
        self.memberships.remove(position);
        Ok(())
    }

    /// Entra: an app-role assignment; Okta: a push mapping.
    pub(in crate::sandbox) fn assign_group(&mut self, group: &str, now: Timestamp) -> Result<(), String> {
        let kind = self.kind;
        let group = self.known_group(group)?;
        if group.is_assigned() {
            return Err(format!("{} is already assigned to the application", group.name));
        }
        match kind {
            IdpKind::Entra => group.assigned_since = Some(now),
            IdpKind::Okta => group.push_mapping = Some(push_mapping_of(&group.key, &group.name, now)),
        }
        group.changed_at = now;
        Ok(())
    }

    pub(in crate::sandbox) fn assign_person(&mut self, person: &str, now: Timestamp) -> Result<(), String> {
        let person = self.known_person(person)?;
        if person.app_user.is_some() {
            return Err(format!("{} is already assigned to the application", person.key));
        }
        person.app_user = Some(staged(now));
        person.changed_at = now;
        Ok(())
    }

    /// AWS takes the group from now on.
    pub(in crate::sandbox) fn mend_trouble(&mut self, group: &str, now: Timestamp) -> Result<(), String> {
        let group = self.known_group(group)?;
        if group.stuck.take().is_none() {
            return Err(format!("AWS does not refuse {}", group.name));
        }
        group.changed_at = now;
        if let Some(mapping) = &mut group.push_mapping {
            mapping.state = MappingState::Active;
            mapping.error.clear();
            mapping.updated_at = now;
        }
        Ok(())
    }

    /// Somebody renews the SCIM token and starts the job, which then runs at once. A job that is not in
    /// quarantine goes on as it was: another administrator may have been quicker.
    pub(in crate::sandbox) fn end_quarantine(&mut self, now: Timestamp) -> Result<(), String> {
        let job = self.job.as_mut().ok_or("only Entra ID has a synchronization job")?;
        if job.quarantine().is_some() {
            job.state = JobState::Active;
            job.failures_in_a_row = 0;
            job.next_begins = now;
        }
        Ok(())
    }

    /// An administrator stops the provisioning: no cycle begins until somebody starts it again.
    pub(in crate::sandbox) fn pause_sync(&mut self) -> Result<(), String> {
        let job = self.job.as_mut().ok_or("only Entra ID has a synchronization job")?;
        if job.state != JobState::Active {
            return Err("the synchronization job is not active".to_owned());
        }
        job.state = JobState::Paused;
        job.running_since = None;
        Ok(())
    }

    /// A paused job is started and runs at once.
    pub(in crate::sandbox) fn resume_sync(&mut self, now: Timestamp) -> Result<(), String> {
        let job = self.job.as_mut().ok_or("only Entra ID has a synchronization job")?;
        if job.state == JobState::Paused {
            job.state = JobState::Active;
            job.next_begins = now;
        }
        Ok(())
    }

    fn known_person(&mut self, key: &str) -> Result<&mut Person, String> {
        self.person_mut(key).ok_or_else(|| format!("the IdP has no person {key}"))
    }

    fn known_group(&mut self, key: &str) -> Result<&mut Group, String> {
        self.group_mut(key).ok_or_else(|| format!("the IdP has no group {key}"))
    }
}

fn staged(now: Timestamp) -> AppUser {
    AppUser { state: AppUserState::Staged, since: now, external_id: None }
}
