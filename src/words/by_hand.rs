//! What an admin looks up by hand where no IdP is connected: the runbook's own first steps.
//!
//! Sources: Microsoft's tutorial for provisioning AWS IAM Identity Center, Okta's documentation of Group
//! Push, AWS's troubleshooting page.

use crate::diagnosis::Diagnosis;
use crate::diagnosis::facts::IdentitySource;
use crate::diagnosis::steps::Step;

/// Returns true if no IdP is connected and there may be one.
pub fn may_have_an_idp(diagnosis: &Diagnosis) -> bool {
    let source = diagnosis.identity_source;
    diagnosis.idp.is_none() && source.is_none_or(|source| source == IdentitySource::External)
}

/// What to look up for this step, in Entra ID and in Okta; nothing for the steps that we see ourselves.
pub fn by_hand(step: Step) -> Option<[&'static str; 2]> {
    Some(match step {
        Step::IdpUser => [
            "Entra ID: Users, the person, Account status is Enabled.",
            "Okta: Directory, People, the person is Active.",
        ],
        Step::IdpMembership => [
            "Entra ID: the person's Groups has the group itself, not one inside it.",
            "Okta: the person's Groups has the group.",
        ],
        Step::AppAssignment => [
            "Entra ID: Enterprise applications, AWS IAM Identity Center, Users and groups has the group.",
            "Okta: the AWS application has the person under Assignments and the group under Push Groups.",
        ],
        Step::Sync => [
            "Entra ID: the application's Provisioning shows the last cycle, no quarantine, and under Provisioning logs no error.",
            "Okta: Push Groups shows the group as Active, without an error.",
        ],
        _ => return None,
    })
}
