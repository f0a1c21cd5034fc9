//! `user_not_assigned_to_app`: Okta pushes the group, and leaves out members who are not assigned to the
//! application themselves.

use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::idp::{AppUser, AppUserState, Idp, IdpGroup};
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::step::Step;

/// The application for AWS does not have the person (Okta).
#[derive(Clone, Debug, PartialEq)]
pub struct UserNotAssignedToApp {
    pub group: IdpGroup,
}

impl Evidence for UserNotAssignedToApp {
    const ABOUT: About =
        About { name: "user_not_assigned_to_app", step: Step::AppAssignment, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        Rank::given(Step::AppAssignment).nth(1)
    }
}

pub(in crate::diagnosis) fn on(link: &Link) -> Judged<UserNotAssignedToApp> {
    let idp = link.idp()?;
    let Some(group) = link.idp_group()?.filter(|_| idp.idp == Idp::Okta) else {
        return Some(None);
    };
    match idp.app_user.value()? {
        None | Some(AppUser { state: AppUserState::Withdrawn(_), .. }) => {
            Some(Some(UserNotAssignedToApp { group: group.clone() }))
        }
        // What a state that Okta added later means is not known.
        Some(AppUser { state: AppUserState::Other(_), .. }) => None,
        Some(AppUser { state: AppUserState::Staged | AppUserState::Active, .. }) => Some(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::Cause;
    use crate::diagnosis::facts::Facts;
    use crate::diagnosis::fixture::{cause, finding, idp_group, known, of_the_idp, sent_by};

    fn with(state: AppUserState) -> Facts {
        let mut facts = sent_by(Idp::Okta);
        of_the_idp(&mut facts).app_user =
            known(Some(AppUser { external_id: None, state, in_error: false, status_changed: None }));
        facts
    }

    #[test]
    fn nobody_or_somebody_taken_off_the_application_is_left_out() {
        let mut nobody = sent_by(Idp::Okta);
        of_the_idp(&mut nobody).app_user = known(None);
        for facts in [nobody, with(AppUserState::Withdrawn("SUSPENDED".to_owned()))] {
            assert_eq!(finding(&facts), UserNotAssignedToApp { group: idp_group() }.into());
        }
    }

    #[test]
    fn an_unknown_state_proves_nothing() {
        assert_eq!(cause(&with(AppUserState::Other("NEW".to_owned()))), Some(Cause::MembershipNotSynced));
    }
}
