//! The IdP's applications for AWS. Where there are several and none is configured (one for another organization, or
//! one that somebody tried), the one that has the person's group is the one that is meant.

use futures::FutureExt as _;
use futures::future::join_all;
use tokio::time::Instant;

use super::idp_source::IdpSource;
use super::memory::recall;
use super::operation;
use super::pushes::Pushes;
use super::way::{AtTheIdp, Sending};
use crate::diagnosis::facts::applications::{Has, Tie, tied_to};
use crate::diagnosis::facts::idp::{Application, IdpFacts, IdpGroup, Synchronization};
use crate::diagnosis::facts::{Fact, Known, LeftOut, Limit};
use crate::diagnosis::steps::Step;

/// Applications that are asked for the person's groups.
const ASKED: Limit = Limit { at_most: 4, step: Step::AppAssignment, what: "applications for AWS" };

impl AtTheIdp<'_> {
    /// The likeliest application, and how it sends.
    pub(super) async fn application_and_its_sync(&self, until: Instant) -> Sending {
        let found = self.applications(until).await;
        let others = found.value().map_or(0, |found| found.len().saturating_sub(1));
        let application = found.map(|found| found.into_iter().next());
        let Some(chosen) = application.value().cloned().flatten() else {
            return Sending {
                application,
                synchronization: Fact::NotAsked,
                sends_groups: Fact::NotAsked,
                left_out: Vec::new(),
            };
        };
        let mut sending = self.how_it_sends(until, application, &chosen).boxed().await;
        if others > 0 {
            sending.left_out.push(not_settled(self.source, &chosen, others));
        }
        sending
    }

    /// Whether the application has these groups of the person's; of several applications, which one has.
    pub(super) async fn whether_it_has(
        &self,
        until: Instant,
        idp: &mut IdpFacts,
        own: &[IdpGroup],
        pushes: &Pushes,
    ) {
        let found = self.applications(until).await;
        let mut applications = found.value().cloned().unwrap_or_default();
        let operation = operation::APPLICATION.name(self.source.idp());
        idp.left_out.extend(ASKED.cut(&mut applications, operation));
        let each = applications.iter().map(|application| self.has(until, application, own, pushes).boxed());
        let mut asked: Vec<Has> = join_all(each).await;
        let tie = match asked.len() {
            1 => Tie::To(0),
            _ => tied_to(&asked.iter().collect::<Vec<_>>()),
        };
        let at = match &tie {
            Tie::To(at) | Tie::Among(at) => *at,
            Tie::None | Tie::Unseen(_) => 0,
        };
        if let Tie::Unseen(gap) = &tie {
            // Another one that could not be read may have what this one has not.
            for fact in asked.iter_mut().flat_map(|has| has.values_mut()) {
                *fact = Fact::Gap(gap.clone());
            }
        }
        let Some(chosen) = applications.get(at) else { return };
        idp.app_assignments = asked.swap_remove(at);
        if idp.application.value().and_then(Option::as_ref) != Some(chosen) {
            self.look_at(until, idp, found.map(|_| Some(chosen.clone())), chosen).boxed().await;
        }
        if applications.len() > 1 {
            idp.left_out.retain(|left_out| left_out.gap.operation != operation);
            if !matches!(tie, Tie::To(_)) {
                idp.left_out.push(not_settled(self.source, chosen, applications.len() - 1));
            }
        }
    }

    /// Everything of the application anew: it is another one than was taken first.
    async fn look_at(
        &self,
        until: Instant,
        idp: &mut IdpFacts,
        found: Fact<Option<Application>>,
        chosen: &Application,
    ) {
        let sending = self.how_it_sends(until, found, chosen).await;
        idp.app_user = self.app_user(until, &sending.application, &idp.person).await;
        let of_the_first = operation::SYNCHRONIZATION.name(self.source.idp());
        idp.left_out.retain(|left_out| left_out.gap.operation != of_the_first);
        idp.application = sending.application;
        idp.synchronization = sending.synchronization;
        idp.sends_groups = sending.sends_groups;
        idp.left_out.extend(sending.left_out);
    }

    async fn how_it_sends(
        &self,
        until: Instant,
        application: Fact<Option<Application>>,
        chosen: &Application,
    ) -> Sending {
        let (memory, clock, key) = (self.memory, self.clock, || chosen.id.clone());
        let asked = self.source.synchronization(chosen).boxed();
        let asked = recall(&memory.synchronization, key(), self.freshness, clock, asked);
        let synchronization = self.in_time(until, operation::SYNCHRONIZATION, asked).await;
        let job = synchronization.value().and_then(|one| one.job.clone());
        let asked = self.source.sends_groups(chosen, job.as_deref()).boxed();
        let asked = recall(&memory.sends_groups, key(), self.freshness, clock, asked);
        let sends_groups = match synchronization {
            Fact::Known(_) => self.in_time(until, operation::MAPPING, asked).await,
            Fact::Gap(_) | Fact::NotAsked => Fact::NotAsked,
        };
        let left_out = other_jobs(&synchronization, operation::SYNCHRONIZATION.name(self.source.idp()));
        Sending { application, synchronization, sends_groups, left_out: Vec::from_iter(left_out) }
    }

    async fn has(&self, until: Instant, application: &Application, own: &[IdpGroup], pushes: &Pushes) -> Has {
        let each = own.iter().map(|group| async {
            if let Some(read) = pushes.app_assignment(application, group) {
                return (group.id.clone(), read);
            }
            let asked = self.source.app_assignment(application, group).boxed();
            (group.id.clone(), self.ask(until, operation::APP_ASSIGNMENT, asked).await)
        });
        join_all(each).await.into_iter().collect()
    }
}

/// That others may be meant as well.
pub(super) fn not_settled(source: &IdpSource, chosen: &Application, others: usize) -> LeftOut {
    let detail = format!(
        "{} applications may be the one for AWS, and {} ({}) was looked at; set {}",
        others + 1,
        chosen.name,
        chosen.id,
        source.application_setting()
    );
    LeftOut::at(Step::AppAssignment, operation::APPLICATION.name(source.idp()), detail)
}

fn other_jobs(synchronization: &Fact<Synchronization>, operation: &str) -> Option<LeftOut> {
    let Fact::Known(Known { value: Synchronization { job: Some(job), other_jobs, .. }, .. }) =
        synchronization
    else {
        return None;
    };
    let detail = format!("{} synchronization jobs are scheduled, and {job} was looked at", other_jobs + 1);
    (*other_jobs > 0).then(|| LeftOut::at(Step::Sync, operation, detail))
}
