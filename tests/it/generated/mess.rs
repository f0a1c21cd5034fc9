//! The kinds of mess.

use jiff::{SignedDuration, Timestamp};
use sso_why::sandbox::company::Company;
use sso_why::sandbox::scenario::idp::FilledSpec;

use super::plan::{ASKER, GROUP, Plan};
use super::tables::idp_group;

/// What makes a company messier than a tidy one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mess {
    /// The user name differs from the address that Slack has, which AWS has as the e-mail address.
    UserNameDiffers,
    /// AWS has the user name alone, and not the address that Slack has.
    AddressOnlyAtTheIdp,
    /// Slack spells the address with capitals.
    Capitals,
    /// The access is assigned to the person, not to a group.
    Direct,
    /// Admins have a group of their own on the account.
    AdminGroup,
    /// The admins' group is assigned on other accounts as well.
    WideAdminGroup,
    /// Another group has another permission set on the account.
    SecondGroup,
    /// The asker's group is assigned on a second account.
    WideGroup,
    /// An assignment on the account names a group that was deleted long ago.
    LeftOver,
    /// A request for somebody else failed long ago.
    OldFailedRequest,
    /// A group that was created manually in AWS has access to the account.
    ManualGroup,
    /// A group inside a group (Entra ID).
    Nested,
    /// The IdP has a group whose name is near that of the asker's.
    NearName,
    /// The question names the permission set.
    AsksForTheSet,
    /// AWS has no e-mail address of the asker.
    NoEmail,
    /// AWS does not have the IdP's id of the asker.
    Unlinked,
    /// The IdP calls the group by another name than AWS, which has its id (Entra ID).
    RenamedGroup,
    /// The push mapping leads to a group of another name in AWS (Okta).
    LinkedGroup,
    /// The group comes from Active Directory, and the IdP sends it on.
    FromActiveDirectory,
    /// A rule fills the group: in Entra ID alone, in Okta beside those who add people.
    FilledByARule,
    /// The asker may activate the admins' group (Entra ID, Privileged Identity Management for Groups).
    MayActivateAdmins,
    /// The bot may not read who may activate what (Entra ID).
    EligibilityUnread,
    /// The logs show nothing of the last minutes (Entra ID).
    LateLogs,
    /// The IdP has another application for AWS.
    AnotherApplication,
}

/// What fills the asker's group.
const RULE: &str = "user.department -eq \"Payments\"";

impl Plan {
    pub fn may_activate_admins(&self) -> bool {
        self.has(Mess::MayActivateAdmins) && self.has(Mess::AdminGroup)
    }

    /// Makes the mess that a scenario cannot say.
    pub fn make_the_rest(&self, company: &mut Company, now: Timestamp) {
        if self.has(Mess::RenamedGroup) {
            idp_group(company, GROUP).name = "Renamed Since".to_owned();
        }
        if self.has(Mess::LinkedGroup) {
            idp_group(company, GROUP).name = "Linked Team".to_owned();
        }
        if self.has(Mess::FromActiveDirectory) {
            idp_group(company, GROUP).filled = Some(FilledSpec::ActiveDirectory);
        }
        if self.has(Mess::FilledByARule) {
            idp_group(company, GROUP).filled =
                Some(FilledSpec::Rule { text: RULE.to_owned(), paused: false });
        }
        if self.may_activate_admins() {
            idp_group(company, "admins").eligible.push(ASKER.to_owned());
        }
        let Some(idp) = &mut company.idp else { return };
        if self.has(Mess::LateLogs) {
            idp.logs_lag = SignedDuration::from_mins(8);
        }
        if self.has(Mess::AnotherApplication) {
            idp.add_application("AWS IAM Identity Center (test)", &["everyone"], now);
        }
    }
}
