//! The next step: who acts, what they do, and for an agent the links and commands that go with it.

use jiff::{SignedDuration, Timestamp};

use super::say::Sentence;
use crate::diagnosis::Diagnosis;
use crate::diagnosis::facts::idp::Idp;

/// The person who acts next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    You,
    HelpDesk,
    IdentityAdmin,
    Nobody,
}

impl Owner {
    /// The name in the JSON report.
    pub fn key(self) -> &'static str {
        match self {
            Self::You => "you",
            Self::HelpDesk => "help_desk",
            Self::IdentityAdmin => "identity_admin",
            Self::Nobody => "nobody",
        }
    }

    /// As said to a person.
    pub fn words(self) -> &'static str {
        match self {
            Self::You => "you",
            Self::HelpDesk => "the help desk",
            Self::IdentityAdmin => "an identity admin",
            Self::Nobody => "nobody needs to act",
        }
    }
}

/// The next step.
#[derive(Clone, Debug, PartialEq)]
pub struct Next {
    pub owner: Owner,
    pub step: Sentence,
    pub actions: Vec<Action>,
    /// When to check again; `None` if waiting is no remedy.
    pub retry_at: Option<Timestamp>,
}

/// A link or a command that goes with the next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    pub label: &'static str,
    pub url: Option<String>,
    pub command: Option<String>,
}

/// A page of AWS's console.
#[derive(Clone, Copy)]
pub(super) enum Console {
    Organization,
    Accounts,
    Groups,
    Users,
}

/// AWS promises no time for an assignment; most are there by then.
const A_FEW_MINUTES: SignedDuration = SignedDuration::from_mins(3);

impl Next {
    pub(super) fn new(owner: Owner, step: Sentence) -> Self {
        Self { owner, step, actions: Vec::new(), retry_at: None }
    }

    pub(super) fn again_in_a_few_minutes(self, diagnosis: &Diagnosis) -> Self {
        self.again_at(diagnosis.checked_at.checked_add(A_FEW_MINUTES).ok())
    }

    pub(super) fn again_at(mut self, moment: Option<Timestamp>) -> Self {
        self.retry_at = moment;
        self
    }

    /// Adds a link to AWS's console.
    pub(super) fn with_console(self, console: Console) -> Self {
        self.with(console.link())
    }

    /// Adds links to Entra's console, whose addresses need nothing but ids. Okta's begin with the organization's
    /// own host, which is no part of a diagnosis.
    pub(super) fn with_idp_console(self, diagnosis: &Diagnosis) -> Self {
        const ENTRA: &str = "https://entra.microsoft.com/#view";
        if diagnosis.idp != Some(Idp::Entra) {
            return self;
        }
        let person = diagnosis.idp_person.as_ref().map(|person| {
            Action::link(
                "The person in Entra ID",
                format!(
                    "{ENTRA}/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/{}",
                    person.id.0
                ),
            )
        });
        let application = diagnosis.application.as_ref().map(|application| {
            Action::link(
                "The application in Entra ID",
                format!(
                    "{ENTRA}/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/{}",
                    application.id
                ),
            )
        });
        [person, application].into_iter().flatten().fold(self, Self::with)
    }

    /// Adds a link to where somebody activates their groups in Entra's Privileged Identity Management.
    pub(super) fn with_activation_link(self) -> Self {
        const GROUPS: &str =
            "https://entra.microsoft.com/#view/Microsoft_Azure_PIMCommon/ActivationMenuBlade/~/aadgroup";
        self.with(Action::link("Your groups in Privileged Identity Management", GROUPS))
    }

    /// Adds the command that assigns the access to this group.
    pub(super) fn with_assign_command(self, diagnosis: &Diagnosis, group: &str) -> Self {
        let target = target(diagnosis);
        self.with(Action::command(
            "Give the access to the group",
            format!(
                "aws sso-admin create-account-assignment {INSTANCE} {target} --principal-type GROUP --principal-id {group}"
            ),
        ))
    }

    /// Adds the command that provisions the permission set to the account.
    pub(super) fn with_provision_command(self, diagnosis: &Diagnosis) -> Self {
        let target = target(diagnosis);
        self.with(Action::command(
            "Provision the permission set",
            format!("aws sso-admin provision-permission-set {INSTANCE} {target}"),
        ))
    }

    fn with(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }
}

impl Action {
    fn link(label: &'static str, url: impl Into<String>) -> Self {
        Self { label, url: Some(url.into()), command: None }
    }

    fn command(label: &'static str, command: String) -> Self {
        Self { label, url: None, command: Some(command) }
    }
}

impl Console {
    fn link(self) -> Action {
        let (label, url) = match self {
            Self::Organization => (
                "Accounts of the organization",
                "https://console.aws.amazon.com/organizations/v2/home/accounts",
            ),
            Self::Accounts => (
                "Accounts in Identity Center",
                "https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts",
            ),
            Self::Groups => {
                ("Groups in Identity Center", "https://console.aws.amazon.com/singlesignon/home#/groups")
            }
            Self::Users => {
                ("Users in Identity Center", "https://console.aws.amazon.com/singlesignon/home#/users")
            }
        };
        Action::link(label, url)
    }
}

/// The instance's ARN is not part of a diagnosis; the command says where to get it.
const INSTANCE: &str =
    "--instance-arn \"$(aws sso-admin list-instances --query 'Instances[0].InstanceArn' --output text)\"";

/// The options that name the account and the permission set.
fn target(diagnosis: &Diagnosis) -> String {
    let account = diagnosis.account.as_ref().map_or("ACCOUNT", |account| account.id.as_str());
    let permission_set =
        diagnosis.best_route().map_or("PERMISSION_SET", |route| route.permission_set.0.as_str());
    format!("--target-type AWS_ACCOUNT --target-id {account} --permission-set-arn {permission_set}")
}
