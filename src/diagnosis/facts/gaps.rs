//! What could not be read, each gap with the step that it belongs to.
//!
//! [`Facts`] and [`IdpFacts`] are listed here by destructuring without `..`: a new fact does not compile until
//! this file says which step its gap belongs to, so that no gap can be silent.

use super::fact::{Fact, Gap, GapKind};
use super::gathered::Facts;
use super::idp::IdpFacts;
use crate::diagnosis::step::Step;

/// A gap and the step that it belongs to.
pub type AtStep<'f> = (Step, &'f Gap);

impl Facts {
    /// Every gap of both sides.
    pub fn gaps(&self) -> Vec<AtStep<'_>> {
        let Self {
            question: _,
            checked_at: _,
            profile_unread,
            joined_by: _,
            account,
            account_unconfirmed,
            // An optional right, without which the words are general.
            applications: _,
            user_by_name,
            user_by_email,
            user_by_id,
            user_by_other_name,
            person,
            other_record,
            memberships,
            provisioned_latest,
            provisioned_outdated,
            assignments,
            persons_assignments,
            groups_assignments,
            groups,
            users,
            permission_sets,
            requests_in_progress,
            requests_failed,
            requests_ended,
            // The digests' memory: without it the words say that nothing tells.
            former_groups: _,
            opens_accounts,
            // Says where people come from, or does not; nothing hangs on it but words.
            configured_source: _,
            source_elsewhere: _,
            left_out,
            idp,
        } = self;
        let mut gaps: Vec<AtStep> =
            account_unconfirmed.iter().map(|unconfirmed| (Step::Account, unconfirmed)).collect();
        gaps.extend(profile_unread.iter().map(|unread| (Step::DirectoryUser, unread)));
        gaps.extend(of(Step::Account, [account]));
        gaps.extend(of(Step::DirectoryUser, [user_by_name, user_by_email, user_by_id, user_by_other_name]));
        gaps.extend(of(Step::DirectoryUser, [person, other_record]));
        gaps.extend(of(Step::DirectoryMembership, [memberships]));
        gaps.extend(of(Step::Assignment, [persons_assignments]));
        gaps.extend(of(Step::Assignment, [requests_in_progress, requests_failed, requests_ended]));
        gaps.extend(of(Step::Provisioning, [provisioned_latest, provisioned_outdated]));
        gaps.extend(of(Step::DirectoryGroup, groups.values()));
        gaps.extend(of(Step::Assignment, users.values()));
        gaps.extend(of(Step::Assignment, assignments.values()));
        gaps.extend(of(Step::Assignment, groups_assignments.values()));
        gaps.extend(of(Step::Assignment, permission_sets.values()));
        gaps.extend(of(Step::IdpMembership, opens_accounts.values()));
        gaps.extend(left_out.iter().map(|left_out| (left_out.step, &left_out.gap)));
        gaps.extend(idp.iter().flat_map(IdpFacts::gaps));
        gaps
    }
}

impl IdpFacts {
    /// Every gap of the IdP's side.
    pub fn gaps(&self) -> Vec<AtStep<'_>> {
        let Self {
            idp: _,
            application,
            synchronization,
            sends_groups,
            person,
            others: _,
            deleted,
            app_user,
            direct,
            transitive,
            twins,
            pushed,
            eligible,
            is_activated,
            app_assignments,
            in_aws,
            assigns_people,
            added_at,
            inner_groups,
            troubles,
            owners,
            left_out,
        } = self;
        let mut gaps = Vec::new();
        gaps.extend(of(Step::IdpUser, [person]));
        gaps.extend(of(Step::IdpUser, [deleted]));
        gaps.extend(of(Step::IdpMembership, [direct, transitive]));
        gaps.extend(of(Step::AppAssignment, [application]));
        gaps.extend(of(Step::AppAssignment, [app_user]));
        gaps.extend(of(Step::Sync, [synchronization]));
        gaps.extend(of(Step::Sync, [sends_groups]));
        gaps.extend(of(Step::IdpMembership, [eligible]));
        gaps.extend(of(Step::IdpMembership, is_activated.values()));
        gaps.extend(of(Step::IdpMembership, twins.values()));
        gaps.extend(of(Step::AppAssignment, pushed.values()));
        gaps.extend(of(Step::IdpMembership, inner_groups.values()));
        gaps.extend(of(Step::IdpMembership, owners.values()));
        gaps.extend(of(Step::AppAssignment, app_assignments.values()));
        gaps.extend(of(Step::AppAssignment, in_aws.values()));
        gaps.extend(of(Step::AppAssignment, assigns_people.values()));
        gaps.extend(of(Step::Sync, added_at.values()));
        gaps.extend(of(Step::Sync, troubles));
        gaps.extend(left_out.iter().map(|left_out| (left_out.step, &left_out.gap)));
        gaps
    }

    /// Returns true if a call ran out of time.
    pub fn ran_out_of_time(&self) -> bool {
        self.gaps().iter().any(|(_, gap)| gap.kind == GapKind::Timeout)
    }
}

fn of<'f, T: 'f>(
    step: Step,
    facts: impl IntoIterator<Item = &'f Fact<T>>,
) -> impl Iterator<Item = AtStep<'f>> {
    facts.into_iter().filter_map(Fact::gap).map(move |gap| (step, gap))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts::idp::Idp;
    use crate::diagnosis::fixture::{known, of_the_idp, sent_by, unread};

    #[test]
    fn a_gap_of_the_idps_belongs_to_the_step_that_it_hides() {
        let mut facts = sent_by(Idp::Entra);
        assert_eq!(facts.gaps(), []);
        let idp = of_the_idp(&mut facts);
        idp.synchronization = unread();
        idp.troubles = vec![known(Vec::new()), unread()];
        let steps = |gaps: Vec<AtStep>| gaps.into_iter().map(|(step, _)| step).collect::<Vec<_>>();
        assert_eq!(steps(idp.gaps()), [Step::Sync, Step::Sync]);
        assert_eq!(steps(facts.gaps()), [Step::Sync, Step::Sync]);
    }

    #[test]
    fn only_a_call_that_ran_out_of_time_did() {
        let mut facts = sent_by(Idp::Entra);
        let idp = of_the_idp(&mut facts);
        assert!(!idp.ran_out_of_time());
        idp.direct = unread();
        assert!(!idp.ran_out_of_time(), "it was forbidden");
        let late = Gap { kind: GapKind::Timeout, operation: "x:Y".to_owned(), detail: String::new() };
        idp.direct = Fact::Gap(late);
        assert!(idp.ran_out_of_time());
    }
}
