//! What somebody asks for at once: Entra's provision on demand, a new push of one Okta group.

use jiff::Timestamp;

use super::log::About;
use super::transfer::{Brought, Obstacle};
use super::{Idp, MappingState, Problem, PushMapping};
use crate::sandbox::company::Company;

/// What happened, in the order in which it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forced {
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub kind: StepKind,
    /// The person, group or membership that it is about.
    pub about: About,
    pub outcome: StepOutcome,
}

/// The kinds of Entra's provisioning steps that occur here; Okta's push has [`Export`](Self::Export) only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// The IdP read it.
    Import,
    /// The IdP found out whether it is to be sent.
    Scoping,
    /// It was sent.
    Export,
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepOutcome {
    Done,
    /// It was there already (Entra's `RedundantExport`).
    AlreadyThere,
    /// The IdP does not send it.
    Skipped(Problem),
    /// AWS refused it.
    Failed(Problem),
}

impl Forced {
    /// Whether all that was asked for is in AWS now.
    pub fn arrived(&self) -> bool {
        self.steps.iter().all(|step| matches!(step.outcome, StepOutcome::Done | StepOutcome::AlreadyThere))
    }

    fn tried(&mut self, about: About, brought: Result<Brought, Obstacle>) -> bool {
        let outcome = match brought {
            Ok(Brought::New) => StepOutcome::Done,
            Ok(Brought::AlreadyThere) => StepOutcome::AlreadyThere,
            Err(Obstacle::OutOfScope(problem)) => {
                self.steps.push(Step {
                    kind: StepKind::Scoping,
                    about,
                    outcome: StepOutcome::Skipped(problem),
                });
                return false;
            }
            Err(Obstacle::Refused(problem)) => StepOutcome::Failed(problem),
        };
        let went_well = !matches!(outcome, StepOutcome::Failed(_));
        self.steps.push(Step { kind: StepKind::Scoping, about: about.clone(), outcome: StepOutcome::Done });
        self.steps.push(Step { kind: StepKind::Export, about, outcome });
        went_well
    }
}

impl Company {
    /// Entra's provision on demand for one group with one of its members: the person first, then the group,
    /// then the membership, as far as nothing real prevents it.
    ///
    /// # Errors
    /// A sentence, where no Entra is connected or it has no such group or person.
    pub fn provision_on_demand(
        &mut self,
        group: &str,
        person: &str,
        now: Timestamp,
    ) -> Result<Forced, String> {
        self.with_idp(|idp, aws| idp.provision_on_demand(aws, group, person, now)).ok_or_else(no_idp)?
    }

    /// Entra's provision on demand for one person without a group.
    ///
    /// # Errors
    /// As [`provision_on_demand`](Self::provision_on_demand).
    pub fn provision_person_on_demand(&mut self, person: &str, now: Timestamp) -> Result<Forced, String> {
        self.with_idp(|idp, aws| {
            idp.entra_has(None, person)?;
            let mut forced = imported([About::Person(person.to_owned())]);
            forced.tried(About::Person(person.to_owned()), idp.bring_person(aws, person, now));
            Ok(forced)
        })
        .ok_or_else(no_idp)?
    }

    /// Okta's push mapping of that id (`gPm…`) made inactive: changes are no longer pushed.
    ///
    /// # Errors
    /// A sentence, where no Okta is connected or it has no such mapping.
    pub fn deactivate_mapping(&mut self, mapping_id: &str, now: Timestamp) -> Result<PushMapping, String> {
        self.with_idp(|idp, _| idp.set_mapping(mapping_id, MappingState::Inactive, now)).ok_or_else(no_idp)?
    }

    /// Okta's push mapping of that id made active, which pushes the group with all its members. Where AWS
    /// refuses the group, the mapping is in error afterwards.
    ///
    /// # Errors
    /// As [`deactivate_mapping`](Self::deactivate_mapping).
    pub fn activate_mapping(
        &mut self,
        mapping_id: &str,
        now: Timestamp,
    ) -> Result<(PushMapping, Forced), String> {
        self.with_idp(|idp, aws| idp.activate_mapping(aws, mapping_id, now)).ok_or_else(no_idp)?
    }

    /// The two in one: inactive, then active.
    ///
    /// # Errors
    /// As [`deactivate_mapping`](Self::deactivate_mapping).
    pub fn push_again(&mut self, mapping_id: &str, now: Timestamp) -> Result<(PushMapping, Forced), String> {
        self.deactivate_mapping(mapping_id, now)?;
        self.activate_mapping(mapping_id, now)
    }
}

impl Idp {
    fn provision_on_demand(
        &mut self,
        aws: &mut Company,
        group: &str,
        person: &str,
        now: Timestamp,
    ) -> Result<Forced, String> {
        self.entra_has(Some(group), person)?;
        let about_group = About::Group(group.to_owned());
        let about_person = About::Person(person.to_owned());
        let membership = About::Membership { group: group.to_owned(), person: person.to_owned() };
        let mut forced = imported([about_group.clone(), about_person.clone()]);
        if forced.tried(about_person, self.bring_person(aws, person, now))
            && forced.tried(about_group, self.bring_group(aws, group, now))
        {
            forced.tried(membership, self.bring_membership(aws, group, person, now));
        }
        Ok(forced)
    }

    fn activate_mapping(
        &mut self,
        aws: &mut Company,
        mapping_id: &str,
        now: Timestamp,
    ) -> Result<(PushMapping, Forced), String> {
        self.set_mapping(mapping_id, MappingState::Active, now)?;
        let group = self.group_of_mapping(mapping_id).ok_or_else(|| no_mapping(mapping_id))?.key.clone();
        let mut forced = Forced { steps: Vec::new() };
        let pushed = self.bring_group(aws, &group, now);
        let refusal = match &pushed {
            Err(obstacle) => obstacle.problem().reason.clone(),
            Ok(_) => String::new(),
        };
        if forced.tried(About::Group(group.clone()), pushed) {
            let members: Vec<_> = self.members_of(&group).iter().map(|member| member.key.clone()).collect();
            for person in members {
                let about = About::Membership { group: group.clone(), person: person.clone() };
                forced.tried(about, self.bring_membership(aws, &group, &person, now));
            }
        }
        let mapping = self.group_mut(&group).and_then(|group| group.push_mapping.as_mut());
        let mapping = mapping.ok_or_else(|| no_mapping(mapping_id))?;
        if refusal.is_empty() {
            mapping.last_push = Some(now);
        } else {
            mapping.state = MappingState::Error;
        }
        mapping.error = refusal;
        let mapping = mapping.clone();
        Ok((mapping, forced))
    }

    fn set_mapping(
        &mut self,
        mapping_id: &str,
        state: MappingState,
        now: Timestamp,
    ) -> Result<PushMapping, String> {
        let group = self.group_of_mapping(mapping_id).ok_or_else(|| no_mapping(mapping_id))?.key.clone();
        let mapping = self.group_mut(&group).and_then(|group| group.push_mapping.as_mut());
        let mapping = mapping.ok_or_else(|| no_mapping(mapping_id))?;
        mapping.state = state;
        mapping.off_by_a_rename = false;
        mapping.updated_at = now;
        Ok(mapping.clone())
    }

    fn entra_has(&self, group: Option<&str>, person: &str) -> Result<(), String> {
        if self.job.is_none() {
            return Err("only Entra ID provisions on demand".to_owned());
        }
        self.person(person).ok_or_else(|| format!("the IdP has no person {person}"))?;
        match group {
            Some(group) if self.group(group).is_none() => Err(format!("the IdP has no group {group}")),
            _ => Ok(()),
        }
    }
}

fn imported<const N: usize>(abouts: [About; N]) -> Forced {
    let step = |about| Step { kind: StepKind::Import, about, outcome: StepOutcome::Done };
    Forced { steps: abouts.map(step).into() }
}

fn no_idp() -> String {
    "no IdP is connected".to_owned()
}

fn no_mapping(mapping_id: &str) -> String {
    format!("there is no group push mapping {mapping_id}")
}
