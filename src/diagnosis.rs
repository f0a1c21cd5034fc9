//! The diagnosis: facts in, an explanation out.
//!
//! Pure: no clock, no I/O, nothing asynchronous, no `Result`, no knowledge of Slack, AWS's wire or JSON.
//! It cannot fail; it can be unsure. It reads like the runbook that it replaces.
//!
//! Reading order: the [`question`] and the [`facts`]; the [`routes`] by which the account could open, with
//! what makes two [`names`] look alike; the [`causes`], one file each, in one ordered table; the
//! [`steps`], told in the contract's order. Beside it, the [`portal`]: everything that a person has.

pub mod question;
pub mod facts;
pub mod names;
pub mod routes;
mod case;
pub mod causes;
pub mod steps;
pub mod changes;
pub mod portal;
#[cfg(test)]
mod laws;

use jiff::Timestamp;

use case::Case;
use causes::{Cause, Finding};
use facts::idp::{Application, Idp, IdpGroup, IdpPerson};
use facts::{Account, DirectoryUser, Facts, Gap};
use question::Question;
use routes::Route;
use steps::{Step, StepReport};

/// Whether the access that was asked about is in place now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Access,
    Blocked,
    Undetermined,
}

/// What the diagnosis comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// One finding explains it.
    Explained(Finding),
    /// The first step that had to be seen for a verdict could not be.
    CannotTell(Step),
}

/// Something that could not be read, and the step that it belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct StepGap {
    pub step: Step,
    pub gap: Gap,
}

/// The whole explanation, ready to be told by any renderer.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnosis {
    pub question: Question,
    pub checked_at: Timestamp,
    pub account: Option<Account>,
    pub person: Option<DirectoryUser>,
    /// The IdP that is connected.
    pub idp: Option<Idp>,
    /// The person as the IdP knows them.
    pub idp_person: Option<IdpPerson>,
    /// The IdP's application for AWS.
    pub application: Option<Application>,
    pub verdict: Verdict,
    pub outcome: Outcome,
    /// All twelve, in the order of telling.
    pub steps: Vec<StepReport>,
    /// Every way in which the account could open, the one that gets furthest first.
    pub routes: Vec<Route>,
    pub gaps: Vec<StepGap>,
}

impl Diagnosis {
    /// The cause, where one could be named.
    pub fn cause(&self) -> Option<Cause> {
        match &self.outcome {
            Outcome::Explained(finding) => Some(finding.cause()),
            Outcome::CannotTell(_) => None,
        }
    }

    /// The step that the cause belongs to, or the first that could not be seen.
    pub fn failing_step(&self) -> Step {
        match &self.outcome {
            Outcome::Explained(finding) => finding.cause().step(),
            Outcome::CannotTell(step) => *step,
        }
    }

    /// The IdP's group whose membership could be sent to AWS once more; nothing where that would not help.
    pub fn group_to_send(&self) -> Option<&IdpGroup> {
        match &self.outcome {
            Outcome::Explained(Finding::AtTheIdp(finding)) => finding.group_to_send(),
            // Okta's push sends members who are there already, and creates nobody.
            Outcome::Explained(Finding::UserNotProvisioned { missed: Some(missed) })
                if self.idp == Some(Idp::Entra) =>
            {
                Some(&missed.group)
            }
            Outcome::Explained(_) | Outcome::CannotTell(_) => None,
        }
    }

    /// The route that the explanation is about.
    pub fn best_route(&self) -> Option<&Route> {
        self.routes.first()
    }
}

/// Explains why the person does or does not have the account.
///
/// The first row of the causes' table that holds is the explanation, unless something that could not be
/// read might have settled it otherwise.
pub fn diagnose(facts: &Facts) -> Diagnosis {
    let case = Case::of(facts);
    let finding = causes::TABLE.iter().find_map(|row| (row.holds)(&case));
    let (verdict, outcome) = match (case.blind_step(finding.as_ref()), finding) {
        (None, Some(finding)) => (case::verdict_of(finding.cause()), Outcome::Explained(finding)),
        (Some(step), _) => (Verdict::Undetermined, Outcome::CannotTell(step)),
        (None, None) => (Verdict::Undetermined, Outcome::CannotTell(Step::Assignment)),
    };
    Diagnosis {
        question: facts.question.clone(),
        checked_at: facts.checked_at,
        account: case.account.cloned(),
        person: case.person.cloned(),
        idp: facts.idp.as_ref().map(|idp| idp.idp),
        idp_person: facts.idp.as_ref().and_then(|idp| idp.person.value()?.clone()),
        application: facts.idp.as_ref().and_then(|idp| idp.application.value()?.clone()),
        verdict,
        steps: steps::report(&case, &outcome),
        outcome,
        gaps: case.gaps(),
        routes: case.routes,
    }
}
