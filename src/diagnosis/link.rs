//! One link to be explained: an assigned group that does not have the person in Identity Center, and what the IdP
//! shows of it.

use jiff::Timestamp;

use super::case::Case;
use super::facts::idp::{
    AppAssignment, AppUser, AppUserState, Idp, IdpFacts, IdpGroup, PushMapping, Synchronization, Trouble,
    TroubleAbout,
};
use super::facts::twins::own_twin;
use super::facts::{Group, PermissionSetArn};

/// Whether a cause explains a link: `None` if that could not be seen.
///
/// A cause that could not be excluded ends the walk along the chain, since whatever comes later may follow from it.
pub(super) type Judged<T> = Option<Option<T>>;

/// An assigned group without the person.
pub(super) struct Link<'c, 'f> {
    pub(super) case: &'c Case<'f>,
    /// The assigned group's record.
    pub(super) assigned: &'f Group,
    pub(super) permission_set: &'c PermissionSetArn,
}

impl<'f> Link<'_, 'f> {
    pub(super) fn idp(&self) -> Option<&'f IdpFacts> {
        self.case.facts.idp.as_ref()
    }

    /// The IdP's group behind the assigned one, if the person is in it there; outer `None` if that could not be read.
    pub(super) fn idp_group(&self) -> Option<Option<&'f IdpGroup>> {
        own_twin(self.idp()?, self.assigned)
    }

    /// The IdP's group behind the assigned one, in which the person is not.
    pub(super) fn twin(&self) -> Option<&'f IdpGroup> {
        self.idp()?.twins.get(&self.assigned.id)?.value()?.as_ref()
    }

    /// How the IdP's application for AWS has this group.
    pub(super) fn app_assignment(&self, group: &IdpGroup) -> Option<&'f AppAssignment> {
        self.idp()?.app_assignments.get(&group.id)?.value()
    }

    /// Okta's push mapping of this group.
    pub(super) fn mapping(&self, group: &IdpGroup) -> Option<&'f PushMapping> {
        match self.app_assignment(group)? {
            AppAssignment::Pushed(mapping) => Some(mapping),
            AppAssignment::None | AppAssignment::Assigned { .. } => None,
        }
    }

    /// The person's assignment to the application, where the IdP has people there beside the groups (Okta).
    pub(super) fn app_user(&self) -> Option<&'f AppUser> {
        let idp = self.idp().filter(|idp| idp.idp == Idp::Okta)?;
        idp.app_user.value()?.as_ref()
    }

    pub(super) fn synchronization(&self) -> Option<&'f Synchronization> {
        self.idp()?.synchronization.value()
    }

    /// What the log holds of this person and this group, the newest first.
    pub(super) fn entries(&self, group: &IdpGroup) -> Vec<&'f Trouble> {
        let logged = self.idp().into_iter().flat_map(|idp| &idp.troubles);
        let mut of_this: Vec<&Trouble> = logged
            .filter_map(|fact| fact.value())
            .flatten()
            .filter(|trouble| match &trouble.about {
                TroubleAbout::Person => true,
                TroubleAbout::Group(about) => *about == group.id,
            })
            .collect();
        of_this.sort_by_key(|trouble| std::cmp::Reverse(trouble.at));
        of_this
    }

    /// When the person was added to this group; inner `None` if the log does not say any more.
    pub(super) fn added_at(&self, group: &IdpGroup) -> Option<Option<Timestamp>> {
        self.idp()?.added_at.get(&group.id)?.value().copied()
    }

    /// When the newest completed cycle ended, or the group was last pushed.
    pub(super) fn last_sent(&self, group: &IdpGroup) -> Option<Timestamp> {
        match self.mapping(group) {
            Some(mapping) => mapping.last_push,
            None => {
                let completed = self.synchronization()?.last_completed.as_ref()?;
                completed.ended.or(completed.began)
            }
        }
    }

    /// Returns true if the IdP's logs were read, so that they hold no other reason.
    pub(super) fn logs_were_read(&self) -> bool {
        self.idp().is_some_and(|idp| {
            !idp.troubles.is_empty() && idp.troubles.iter().all(|fact| fact.value().is_some())
        })
    }

    /// Since when Okta has the person queued.
    pub(super) fn queued_since(&self) -> Option<Timestamp> {
        let app_user = self.app_user()?;
        match app_user.state {
            AppUserState::Staged => app_user.status_changed,
            AppUserState::Active | AppUserState::Withdrawn(_) | AppUserState::Other(_) => None,
        }
    }
}
