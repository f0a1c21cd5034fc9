//! A diagnosis: the whole explanation, ready for any renderer.

use jiff::Timestamp;

use super::causes::{Cause, Finding};
use super::facts::idp::{Application, Idp, IdpGroup, IdpPerson};
use super::facts::{Account, DirectoryUser, Gap, IdentitySource};
use super::names::words_shared;
use super::question::Question;
use super::route::Route;
use super::step::Step;
use super::steps::StepReport;

/// Whether the access that was asked about is in place now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Access,
    Blocked,
    Undetermined,
}

/// What the diagnosis comes to.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a diagnosis has a handful of them")]
pub enum Outcome {
    /// One finding explains it.
    Explained(Finding),
    /// The first step that had to be seen for a verdict could not be.
    CannotTell(Step),
}

impl Outcome {
    /// What explains the question, if a cause could be named.
    pub fn finding(&self) -> Option<&Finding> {
        match self {
            Self::Explained(finding) => Some(finding),
            Self::CannotTell(_) => None,
        }
    }
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
    /// Where people and groups come from, if that is configured or shows.
    pub identity_source: Option<IdentitySource>,
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
    /// The cause, if one could be named.
    pub fn cause(&self) -> Option<Cause> {
        self.finding().map(Finding::cause)
    }

    /// The step that the cause belongs to, or the first that could not be seen.
    pub fn failing_step(&self) -> Step {
        match &self.outcome {
            Outcome::Explained(finding) => finding.cause().step(),
            Outcome::CannotTell(step) => *step,
        }
    }

    /// What explains it, if a cause could be named.
    pub fn finding(&self) -> Option<&Finding> {
        self.outcome.finding()
    }

    /// The IdP's group whose membership could be provisioned to AWS once more; `None` if that would not help.
    pub fn group_to_send(&self) -> Option<&IdpGroup> {
        self.finding()?.group_to_send(self.idp)
    }

    /// The groups with access that the person was never given, if nothing says which of them is meant: they give different
    /// permission sets, none of which was asked for, or it could not be counted which of them gives less. One for
    /// administrators is not meant where there is another.
    pub fn equally_meant(&self) -> Vec<&Route> {
        let Some(cause) = self.cause() else { return Vec::new() };
        let is_one = |route: &&Route| route.broken_link().is_some_and(|found| found.cause() == cause);
        let mut all: Vec<&Route> = self.routes.iter().filter(is_one).collect();
        if all.iter().any(|route| !route.sounds_privileged()) {
            all.retain(|route| !route.sounds_privileged());
        }
        let [first, others @ ..] = all.as_slice() else { return Vec::new() };
        let gives_another_set = |route: &&Route| route.permission_set != first.permission_set;
        let is_another_group = |route: &&Route| route.group() != first.group();
        let account = self.account.as_ref().map_or("", |account| account.name.as_str());
        let named_after_it = |route: &Route| words_shared(route.group_name().unwrap_or_default(), account);
        let gives_no_less = |route: &&Route| match (first.opens_accounts, route.opens_accounts) {
            (Some(first), Some(other)) => first == other,
            _ => named_after_it(first) <= named_after_it(route),
        };
        // One group with two permission sets is no choice.
        let is_unclear = others
            .iter()
            .filter(|route| is_another_group(route))
            .any(|route| gives_another_set(route) || gives_no_less(route));
        if is_unclear { all } else { Vec::new() }
    }

    /// The route that the explanation is about.
    pub fn best_route(&self) -> Option<&Route> {
        self.routes.first()
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnosis::diagnose;
    use crate::diagnosis::facts::idp::Idp;
    use crate::diagnosis::facts::{Facts, Group, GroupId, Principal};
    use crate::diagnosis::fixture::{group, known, of_the_idp, read_only, sent_by};

    /// Dana is in none of these groups, which all give the same; how many accounts they open was not counted.
    fn given_to(names: &[&str]) -> Facts {
        let mut facts = sent_by(Idp::Entra);
        let idp = of_the_idp(&mut facts);
        (idp.direct, idp.transitive) = (known(Vec::new()), known(Vec::new()));
        let id = |name: &str| GroupId(name.to_owned());
        for name in names {
            let one = Group { id: id(name), name: (*name).to_owned(), ..group() };
            facts.groups.insert(id(name), known(Some(one)));
        }
        let principals = names.iter().map(|name| Principal::Group(id(name))).collect();
        facts.assignments.insert(read_only(), known(principals));
        facts
    }

    #[test]
    fn of_groups_that_nobody_counted_the_one_named_after_the_account_is_meant() {
        let meant = |names: &[&str]| diagnose(&given_to(names)).equally_meant().len();
        assert_eq!(meant(&["Crew", "AWS-Payments"]), 0);
        assert_eq!(meant(&["Crew", "Data"]), 2, "nothing says which");
        assert_eq!(meant(&["Payments-One", "Payments-Two"]), 2);
        assert_eq!(meant(&["Crew", "Ops-Admins"]), 0, "there is another than the admins'");
        assert_eq!(meant(&["Data-Admins", "Ops-Admins"]), 2, "there is no other");
    }

    #[test]
    fn the_best_route_is_the_first() {
        let diagnosis = diagnose(&given_to(&["Crew", "AWS-Payments"]));
        assert_eq!(diagnosis.best_route(), diagnosis.routes.first());
        assert_eq!(diagnosis.best_route().and_then(|route| route.group_name()), Some("AWS-Payments"));
    }
}
