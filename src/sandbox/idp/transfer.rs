//! One person, group or membership brought to AWS, and what can prevent it.

use jiff::Timestamp;

use super::log::{About, Action};
use super::{AppUser, AppUserState, Group, Idp, MappingState, Problem};
use crate::sandbox::company::{Company, Origin};
use crate::sandbox::scenario::IdpKind;

/// What came of bringing something that nothing prevents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brought {
    New,
    AlreadyThere,
}

/// Why something is not brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The IdP does not even try, and writes no failure.
    OutOfScope(Problem),
    /// AWS refused it, or would.
    Refused(Problem),
}

impl Obstacle {
    /// The code and the words for it.
    pub fn problem(&self) -> &Problem {
        match self {
            Self::OutOfScope(problem) | Self::Refused(problem) => problem,
        }
    }
}

impl Idp {
    /// Creates the person's user in AWS where there is none.
    pub(super) fn bring_person(
        &mut self,
        aws: &mut Company,
        key: &str,
        at: Timestamp,
    ) -> Result<Brought, Obstacle> {
        let about = About::Person(key.to_owned());
        if let Some(obstacle) = self.person_out_of_scope(key) {
            return Err(obstacle);
        }
        let refused = self.refused_token().or_else(|| self.lacks_last_name(key));
        if let Some(problem) = refused {
            return Err(self.refuse(about, problem, at));
        }
        if self.has_user(aws, key) {
            self.note_healed(about, at);
            return Ok(Brought::AlreadyThere);
        }
        let external_id = self.person(key).map(|person| person.id_at(self.kind));
        let Ok(user_id) = aws.receive_user(key, external_id, at) else {
            return Err(out_of_scope(
                "NotEffectivelyEntitled",
                &format!("{key} is not a person of the company"),
            ));
        };
        self.note_provisioned(key, &user_id, at);
        Ok(Brought::New)
    }

    /// Creates the group in AWS where it is missing.
    pub(super) fn bring_group(
        &mut self,
        aws: &mut Company,
        key: &str,
        at: Timestamp,
    ) -> Result<Brought, Obstacle> {
        let about = About::Group(key.to_owned());
        if let Some(obstacle) = self.group_out_of_scope(key) {
            return Err(obstacle);
        }
        let Some(group) = self.group(key).cloned() else {
            return Err(out_of_scope("NotEffectivelyEntitled", &format!("there is no group {key}")));
        };
        let there = aws.group_of_external_id(self.external_id_of(&group)).is_some();
        let taken = !there && aws.groups.iter().any(|held| held.display_name == group.name_in_aws());
        let refused = self.refused_token().or(group.stuck.clone()).or_else(|| taken.then(name_taken));
        let refused = refused.or_else(|| self.lost_its_target(&group, there));
        if let Some(problem) = refused {
            return Err(self.refuse(about, problem, at));
        }
        if there {
            self.note_healed(about, at);
            return Ok(Brought::AlreadyThere);
        }
        aws.receive_group(group.name_in_aws(), self.external_id_of(&group), at);
        self.note(at, about, Action::Create, None);
        Ok(Brought::New)
    }

    /// Puts the person's user into the group in AWS, where both are there.
    pub(super) fn bring_membership(
        &mut self,
        aws: &mut Company,
        group: &str,
        person: &str,
        at: Timestamp,
    ) -> Result<Brought, Obstacle> {
        let about = About::Membership { group: group.to_owned(), person: person.to_owned() };
        if !self.has_member(group, person) {
            let why = format!("{person} is not a direct member of {group}");
            return Err(out_of_scope("NotEffectivelyEntitled", &why));
        }
        let obstacle = self.group_out_of_scope(group).or_else(|| self.person_out_of_scope(person));
        if let Some(obstacle) = obstacle {
            return Err(obstacle);
        }
        let stuck = self.group(group).and_then(|group| group.stuck.clone());
        if let Some(problem) = self.refused_token().or(stuck) {
            return Err(self.refuse(About::Group(group.to_owned()), problem, at));
        }
        let user = self.person(person).and_then(|person| aws.user_of(person, self.kind));
        let external_id = self.group(group).map(|group| self.external_id_of(group));
        let target = external_id.and_then(|external_id| aws.group_of_external_id(external_id));
        let (Some(user_id), Some(group_id)) =
            (user.map(|user| user.id.clone()), target.map(|target| target.id.clone()))
        else {
            return Err(out_of_scope("ReferenceNotResolved", "the person or the group is not in AWS"));
        };
        if !aws.receive_membership(&group_id, &user_id, at) {
            return Ok(Brought::AlreadyThere);
        }
        self.note(at, about, Action::Update, None);
        Ok(Brought::New)
    }

    /// Brings to the person's user whether it is enabled.
    pub(super) fn bring_standing(&mut self, aws: &mut Company, key: &str, at: Timestamp) {
        let Some(person) = self.person(key) else { return };
        let enabled = person.enabled;
        let id = aws.user_of(person, self.kind).map(|user| user.id.clone());
        let user = aws.users.iter_mut().find(|user| Some(&user.id) == id.as_ref());
        if let Some(user) = user
            && user.origin == Origin::Synced
            && user.enabled != enabled
        {
            user.enabled = enabled;
            user.updated_at = at;
            self.note(at, About::Person(key.to_owned()), Action::Update, None);
        }
    }

    /// The person has a user in AWS from now on.
    pub(in crate::sandbox) fn note_provisioned(&mut self, key: &str, user_id: &str, at: Timestamp) {
        let is_okta = self.kind == IdpKind::Okta;
        let Some(person) = self.person_mut(key) else { return };
        if is_okta {
            person.app_user = Some(AppUser {
                state: AppUserState::Provisioned,
                since: at,
                external_id: Some(user_id.to_owned()),
            });
        }
        self.note(at, About::Person(key.to_owned()), Action::Create, None);
    }

    /// AWS has the group of that name from now on. Gives its external id.
    pub(in crate::sandbox) fn note_group_received(&mut self, name: &str, at: Timestamp) -> Option<String> {
        let group = self.groups.iter().find(|group| group.name_in_aws() == name)?;
        let (key, external_id) = (group.key.clone(), self.external_id_of(group).to_owned());
        self.note(at, About::Group(key), Action::Create, None);
        Some(external_id)
    }

    fn has_user(&self, aws: &Company, key: &str) -> bool {
        self.person(key).is_some_and(|person| aws.user_of(person, self.kind).is_some())
    }

    fn person_out_of_scope(&self, key: &str) -> Option<Obstacle> {
        let Some(person) = self.person(key) else {
            return Some(out_of_scope("NotEffectivelyEntitled", &format!("there is no person {key}")));
        };
        if !person.enabled {
            return Some(out_of_scope("NotEffectivelyEntitled", "the person is disabled"));
        }
        let assigned = match self.kind {
            IdpKind::Entra => self.direct_groups_of(key).iter().any(|group| group.is_assigned()),
            IdpKind::Okta => person.app_user.is_some(),
        };
        (!assigned)
            .then(|| out_of_scope("NotEffectivelyEntitled", "the person is not assigned to the application"))
    }

    fn group_out_of_scope(&self, key: &str) -> Option<Obstacle> {
        let group = self.group(key)?;
        let sent = match self.kind {
            IdpKind::Entra => {
                group.assigned_since.is_some() && self.job.as_ref().is_some_and(|job| job.sends_groups)
            }
            IdpKind::Okta => group
                .push_mapping
                .as_ref()
                .is_some_and(|mapping| mapping.state == MappingState::Active || group.stuck.is_some()),
        };
        (!sent)
            .then(|| out_of_scope("NotEffectivelyEntitled", "the group is not assigned to the application"))
    }

    /// Okta holds on to the group that it pushed once: if somebody deletes that in AWS, the mapping is in error until it
    /// is removed and made again (Okta help, "Troubleshoot Group Push").
    fn lost_its_target(&mut self, group: &Group, there: bool) -> Option<Problem> {
        let pushed_before = group.push_mapping.as_ref().is_some_and(|mapping| mapping.last_push.is_some());
        if there || self.kind != IdpKind::Okta || !pushed_before {
            return None;
        }
        let problem = linked_group_missing();
        if let Some(mapping) = self.group_mut(&group.key).and_then(|group| group.push_mapping.as_mut()) {
            mapping.state = MappingState::Error;
            mapping.error.clone_from(&problem.reason);
        }
        Some(problem)
    }

    /// AWS requires a last name (IAM Identity Center user guide, "SCIM profile and SAML 2.0").
    fn lacks_last_name(&self, key: &str) -> Option<Problem> {
        let lacks = self.person(key)?.family_name.is_none();
        lacks.then(|| Problem {
            code: "MandatoryFieldsMissing".to_owned(),
            reason:
                "The target system requires the attribute name.familyName, and the person has no last name."
                    .to_owned(),
            recommended_action: "Give the person a last name in the source system.".to_owned(),
            is_skip: false,
            excluded_by: None,
        })
    }

    fn refused_token(&self) -> Option<Problem> {
        let refused = self.job.as_ref().is_some_and(|job| job.quarantine().is_some());
        refused.then(|| Problem {
            code: "Unauthorized".to_owned(),
            reason: "The target system refused the access token (401).".to_owned(),
            recommended_action: "Make a new SCIM access token in IAM Identity Center and save it here."
                .to_owned(),
            is_skip: false,
            excluded_by: None,
        })
    }

    fn note_healed(&mut self, about: About, at: Timestamp) {
        if self.open_problem(&about).is_some() {
            self.note(at, about, Action::Update, None);
        }
    }

    /// The same failure is written once, however often it is met.
    fn refuse(&mut self, about: About, problem: Problem, at: Timestamp) -> Obstacle {
        if self.open_problem(&about).map(|open| &open.code) != Some(&problem.code) {
            self.note(at, about, Action::Create, Some(problem.clone()));
        }
        Obstacle::Refused(problem)
    }
}

fn out_of_scope(code: &str, reason: &str) -> Obstacle {
    Obstacle::OutOfScope(Problem {
        code: code.to_owned(),
        reason: reason.to_owned(),
        recommended_action: String::new(),
        is_skip: true,
        excluded_by: None,
    })
}

fn linked_group_missing() -> Problem {
    Problem {
        code: "LinkedGroupMissing".to_owned(),
        reason: "The linked group is missing in the target application.".to_owned(),
        recommended_action: "Unlink the pushed group and push it again.".to_owned(),
        is_skip: false,
        excluded_by: None,
    }
}

fn name_taken() -> Problem {
    Problem {
        code: "EntryConflict".to_owned(),
        reason: "The target system has a group of this name already (409).".to_owned(),
        recommended_action: "Rename or delete the group that holds the name in the target system.".to_owned(),
        is_skip: false,
        excluded_by: None,
    }
}
