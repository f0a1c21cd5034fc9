//! The causes: one file each, one list, and the orders in which they are looked for.
//!
//! A cause is a file here, which decides (its evidence, step, rank and detection), a file of its name in
//! `words/causes`, which speaks, and its row in [`for_each_cause`]. CONTRIBUTING.md shows a worked example.

// Beside the list below, so that `cargo fmt` finds the files.
mod account_not_found;
mod account_ambiguous;
mod account_not_active;
mod user_not_in_idp;
mod user_disabled_in_idp;
mod not_activated;
mod name_twin_at_the_idp;
mod not_in_group;
mod nested_membership;
mod group_not_assigned_to_app;
mod user_not_assigned_to_app;
mod sync_stopped;
mod sync_pending;
mod sync_error;
mod skipped_by_the_idp;
mod membership_missed;
mod user_not_provisioned;
mod user_disabled;
mod user_ambiguous;
mod group_not_synced;
mod membership_not_synced;
mod duplicate_group;
mod dangling_assignment;
mod no_assignment;
mod permission_set_not_assigned;
mod access_ended;
mod assignment_in_progress;
mod assignment_failed;
mod permission_set_not_provisioned;
mod permission_set_outdated;
mod portal_stale;

use jiff::Timestamp;

pub use super::recency::OnItsWay;
pub use account_not_found::Application as NamedApplication;
pub use dangling_assignment::OfThatName;
pub use group_not_synced::{LeftOf, NotThere, WhyAbsent};
pub use membership_missed::Missed;
pub use not_in_group::{Kept, Opening};
pub use sync_stopped::WhyStopped;
pub use user_not_provisioned::AtOkta;

use super::case::{Case, Version};
use super::evidence::{About, Evidence, Meaning, Rank, Reaches};
use super::facts::idp::{Idp, IdpGroup};
use super::facts::{AssignmentRequest, GroupId, UserId};
use super::link::{Judged, Link};
use super::overview::Overview;
use super::step::Step;

/// Calls a macro with the list of causes, each as `file: Evidence`, in the order of telling: where several hold,
/// the first is the explanation.
macro_rules! for_each_cause {
    ($call:ident) => {
        $call! {
            account_not_found: AccountNotFound,
            account_ambiguous: AccountAmbiguous,
            account_not_active: AccountNotActive,
            user_not_in_idp: UserNotInIdp,
            user_disabled_in_idp: UserDisabledInIdp,
            not_activated: NotActivated,
            name_twin_at_the_idp: NameTwinAtTheIdp,
            not_in_group: NotInGroup,
            nested_membership: NestedMembership,
            group_not_assigned_to_app: GroupNotAssignedToApp,
            user_not_assigned_to_app: UserNotAssignedToApp,
            sync_stopped: SyncStopped,
            sync_pending: SyncPending,
            sync_error: SyncError,
            skipped_by_the_idp: SkippedByTheIdp,
            membership_missed: MembershipMissed,
            user_not_provisioned: UserNotProvisioned,
            user_disabled: UserDisabled,
            user_ambiguous: UserAmbiguous,
            group_not_synced: GroupNotSynced,
            membership_not_synced: MembershipNotSynced,
            duplicate_group: DuplicateGroup,
            dangling_assignment: DanglingAssignment,
            no_assignment: NoAssignment,
            permission_set_not_assigned: PermissionSetNotAssigned,
            access_ended: AccessEnded,
            assignment_in_progress: AssignmentInProgress,
            assignment_failed: AssignmentFailed,
            permission_set_not_provisioned: PermissionSetNotProvisioned,
            permission_set_outdated: PermissionSetOutdated,
            portal_stale: PortalStale,
        }
    };
}
pub(crate) use for_each_cause;

macro_rules! causes {
    ($($file:ident: $Evidence:ident),+ $(,)?) => {
        $(pub use $file::$Evidence;)+

        /// Why somebody does not see an account; the names are the contract's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Cause {$($Evidence),+}

        /// A cause with its evidence.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Finding {$($Evidence($Evidence)),+}

        impl Cause {
            /// Every cause, in the order of telling.
            pub const ALL: &[Self] = &[$(Self::$Evidence),+];

            fn about(self) -> About {
                match self {$(Self::$Evidence => $Evidence::ABOUT),+}
            }
        }

        impl Finding {
            /// The cause that this is evidence of.
            pub fn cause(&self) -> Cause {
                match self {$(Self::$Evidence(_) => Cause::$Evidence),+}
            }

            /// How far a route with this finding gets.
            pub(super) fn rank(&self) -> Rank {
                match self {$(Self::$Evidence(found) => found.rank()),+}
            }

            /// Adds what the same cause found on another route.
            pub(super) fn add(&mut self, other: &Self) {
                match (self, other) {
                    $((Self::$Evidence(found), Self::$Evidence(other)) => found.add(other),)+
                    _ => {}
                }
            }

            /// The IdP's group whose membership could be provisioned to AWS once more; `None` if that would not
            /// help.
            pub(super) fn group_to_send(&self, idp: Option<Idp>) -> Option<&IdpGroup> {
                match self {$(Self::$Evidence(found) => found.group_to_send(idp)),+}
            }

            /// Returns true if AWS has no more to say of such a route and the IdP may explain it.
            pub(super) fn idp_may_explain(&self) -> bool {
                match self {$(Self::$Evidence(found) => found.idp_may_explain()),+}
            }

            /// Where a route with this finding gets to before it breaks.
            pub(super) fn reaches(&self) -> Reaches<'_> {
                match self {$(Self::$Evidence(found) => found.reaches()),+}
            }

            /// Returns true if it shows a fault of the synchronization, which hits others too.
            pub fn is_fault_of_the_sync(&self, now: Timestamp) -> bool {
                match self {$(Self::$Evidence(found) => found.is_fault_of_the_sync(now)),+}
            }
        }

        $(impl From<$Evidence> for Finding {
            fn from(found: $Evidence) -> Self {
                Self::$Evidence(found)
            }
        })+
    };
}
for_each_cause!(causes);

impl Finding {
    /// The person's own group that AWS does not have, if it is about one.
    pub(super) fn idp_group_lost(&self) -> Option<&IdpGroup> {
        match self {
            Self::GroupNotSynced(GroupNotSynced { at_the_idp, why: WhyAbsent::NotThere(_) }) => {
                Some(at_the_idp)
            }
            _ => None,
        }
    }
}

impl Cause {
    /// The name by which people and scripts know it.
    pub fn name(self) -> &'static str {
        self.about().name
    }

    /// The step at which it shows.
    pub fn step(self) -> Step {
        self.about().step
    }

    /// What it means for the access.
    pub(super) fn meaning(self) -> Meaning {
        self.about().meaning
    }

    /// Returns true if the access is in place.
    pub fn means_access(self) -> bool {
        self.meaning() == Meaning::Access
    }

    /// The cause by its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|cause| cause.name() == name)
    }
}

/// The same function of several causes' files, each returning a [`Finding`].
macro_rules! each {
    (of: $($file:ident),+ $(,)?) => { [$(|overview| $file::of(overview).map(Finding::from)),+] };
    (on: $($file:ident),+ $(,)?) => { [$(|link| Some($file::on(link)?.map(Finding::from))),+] };
}

/// The causes that are about the account, the person, or all routes together.
const OF_THE_QUESTION: &[fn(&Overview) -> Option<Finding>] = &each![of:
    account_not_found,
    account_ambiguous,
    account_not_active,
    user_not_in_idp,
    user_disabled_in_idp,
    user_not_provisioned,
    user_disabled,
    user_ambiguous,
    no_assignment,
    permission_set_not_assigned,
];

/// The causes that the IdP can show of a group without the person, in the order of the chain. One that could not
/// be excluded ends the walk.
const AT_THE_IDP: &[fn(&Link) -> Judged<Finding>] = &each![on:
    user_not_in_idp,
    user_disabled_in_idp,
    name_twin_at_the_idp,
    nested_membership,
    not_activated,
    not_in_group,
    group_not_assigned_to_app,
    user_not_assigned_to_app,
    sync_stopped,
    group_not_synced,
    skipped_by_the_idp,
    sync_error,
    sync_pending,
    user_not_provisioned,
    membership_missed,
];

/// What holds of the question as a whole.
pub(super) fn of_the_question(overview: &Overview) -> impl Iterator<Item = Finding> {
    OF_THE_QUESTION.iter().filter_map(move |of| of(overview))
}

/// Why an assigned group lacks the person: what AWS shows, then what the IdP shows. `None` stands for a group whose
/// record could not be read.
pub(super) fn why_the_group_lacks_the_person(link: Option<&Link>) -> Finding {
    let Some(link) = link else {
        return membership_not_synced::without(None).into();
    };
    let certain = duplicate_group::on(link).map(Finding::from);
    certain.or_else(|| at_the_idp(link)).unwrap_or_else(|| membership_not_synced::without(Some(link)).into())
}

fn at_the_idp(link: &Link) -> Option<Finding> {
    for on in AT_THE_IDP {
        if let Some(finding) = on(link)? {
            return Some(finding);
        }
    }
    None
}

/// What an assigned permission set comes to, by the version that the account has.
pub(super) fn of_version(version: &Version, member_since: Option<Timestamp>) -> Option<Finding> {
    let works = portal_stale::of(version, member_since).map(Finding::from);
    works
        .or_else(|| permission_set_outdated::of(version).map(Finding::from))
        .or_else(|| permission_set_not_provisioned::of(version).map(Finding::from))
}

/// What a request comes to that was not fulfilled, or that ended what the person had.
pub(super) fn of_request(case: &Case, request: &AssignmentRequest) -> Option<Finding> {
    let failed = assignment_failed::of(request, case.facts.checked_at).map(Finding::from);
    failed
        .or_else(|| assignment_in_progress::of(request).map(Finding::from))
        .or_else(|| access_ended::of(case, request).map(Finding::from))
}

/// What an assignment comes to whose group was deleted; `None` if it exists or could not be read.
pub(super) fn of_deleted_group(case: &Case, group: &GroupId) -> Option<Finding> {
    let dangling = dangling_assignment::of_group(case, group)?;
    let of_a_lost_one = group_not_synced::of_deleted(case, group).map(Finding::from);
    Some(of_a_lost_one.unwrap_or_else(|| dangling.into()))
}

/// A group of the person's own that AWS does not have, and that no assignment says to be meant for the account.
pub(super) fn of_lost_group(case: &Case) -> Option<Finding> {
    group_not_synced::of_lost(case).map(Finding::from)
}

/// What an assignment comes to whose user was deleted; `None` if they exist or could not be read.
pub(super) fn of_deleted_user(case: &Case, user: &UserId) -> Option<Finding> {
    dangling_assignment::of_user(case, user).map(Finding::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! files {
        ($($file:ident: $Evidence:ident),+ $(,)?) => { &[$((stringify!($file), Cause::$Evidence)),+] };
    }

    #[test]
    fn causes_are_named_after_their_files_and_listed_by_step() {
        let files: &[(&str, Cause)] = for_each_cause!(files);
        for (file, cause) in files {
            assert_eq!(cause.name(), *file);
            assert_eq!(Cause::named(file), Some(*cause));
        }
        assert!(Cause::ALL.windows(2).all(|pair| pair[0].step() <= pair[1].step()));
    }
}
