//! What to do: one next step, its owner, and for an agent the links and commands that go with it.

use jiff::{SignedDuration, Timestamp};

use super::at_the_idp::next::send_it_again;
use super::at_the_idp::{self, idp_name};
use super::headline::account_name;
use super::say::{Sentence, Whom, name, say, that_group_of_theirs};
use crate::diagnosis::causes::Finding;
use crate::diagnosis::facts::GapKind;
use crate::diagnosis::facts::idp::{Idp, IdpGroup};
use crate::diagnosis::routes::{Route, Via};
use crate::diagnosis::steps::Note;
use crate::diagnosis::{Diagnosis, Outcome};

/// Who acts next.
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

/// A link or a command that goes with the next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    pub label: &'static str,
    pub url: Option<String>,
    pub command: Option<String>,
}

/// The next step.
#[derive(Clone, Debug, PartialEq)]
pub struct Next {
    pub owner: Owner,
    pub step: Sentence,
    pub actions: Vec<Action>,
    /// When to look again, where waiting is the remedy.
    pub retry_at: Option<Timestamp>,
}

const CONSOLE_GROUPS: &str = "https://console.aws.amazon.com/singlesignon/home#/groups";
const CONSOLE_USERS: &str = "https://console.aws.amazon.com/singlesignon/home#/users";
const CONSOLE_ACCOUNTS: &str =
    "https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts";
const CONSOLE_ORGANIZATION: &str = "https://console.aws.amazon.com/organizations/v2/home/accounts";

/// The next step for this diagnosis: always exactly one.
pub fn next(diagnosis: &Diagnosis, whom: &Whom) -> Next {
    match &diagnosis.outcome {
        Outcome::Explained(finding) => remedy(diagnosis, finding, whom),
        Outcome::CannotTell(_) => look_again(diagnosis),
    }
}

fn remedy(diagnosis: &Diagnosis, finding: &Finding, whom: &Whom) -> Next {
    let account = || name(account_name(diagnosis));
    match finding {
        Finding::AccountNotFound { nearest } if nearest.is_empty() => {
            step(Owner::You, say!["look the name up in the list that the form offers, or ask with the 12-digit account number."])
        }
        Finding::AccountNotFound { .. } => step(Owner::You, say!["ask again with the right name."]),
        Finding::AccountAmbiguous { .. } => step(Owner::You, say!["ask again with the account number."]),
        Finding::AccountNotActive { .. } => step(
            Owner::IdentityAdmin,
            say!["whoever runs the organization's accounts decides whether ", account(), " comes back."],
        )
        .with(console("Accounts of the organization", CONSOLE_ORGANIZATION)),
        Finding::AtTheIdp(finding) => at_the_idp::next::remedy(diagnosis, finding, whom),
        Finding::UserNotProvisioned { .. } if diagnosis.idp == Some(Idp::Okta) => step(
            Owner::IdentityAdmin,
            say!["take ", whom.object(), " off the application for AWS in Okta and assign them again, so that Okta creates them anew."],
        )
        .with(console("Users in Identity Center", CONSOLE_USERS)),
        Finding::UserNotProvisioned { missed: Some(missed) } => {
            send_it_again(diagnosis, missed, whom).with(console("Users in Identity Center", CONSOLE_USERS))
        }
        Finding::UserNotProvisioned { missed: None } => step(
            Owner::IdentityAdmin,
            say!["assign ", whom.object(), " to the AWS application in the company directory and let it synchronize."],
        )
        .with(console("Users in Identity Center", CONSOLE_USERS)),
        Finding::UserDisabled { enabled_at_the_idp: true } => step(
            Owner::IdentityAdmin,
            say![
                "have ",
                diagnosis.idp.map_or("the company directory", idp_name),
                ", where ",
                whom.object(),
                " ",
                whom.verb("are", "is"),
                " enabled, send ",
                match whom {
                    Whom::Reader => "you",
                    Whom::Other(_) => "them",
                },
                " to AWS again; that enables the record."
            ],
        )
        .with(console("Users in Identity Center", CONSOLE_USERS)),
        Finding::UserDisabled { enabled_at_the_idp: false } => step(
            Owner::IdentityAdmin,
            say!["find out in the company directory why ", whom.object(), " ", whom.verb("are", "is"), " disabled, and enable there what should be enabled."],
        )
        .with(console("Users in Identity Center", CONSOLE_USERS)),
        Finding::UserAmbiguous { .. } => step(
            Owner::IdentityAdmin,
            say!["keep the record that the company directory synchronizes, move the access to it and delete the other."],
        )
        .with(console("Users in Identity Center", CONSOLE_USERS)),
        Finding::GroupNotSynced { by_hand, .. } => step(
            Owner::IdentityAdmin,
            say!["rename ", name(&by_hand.name), " in AWS, let the synced group arrive, assign the access to that, then delete the hand-made one."],
        )
        .with(console("Groups in Identity Center", CONSOLE_GROUPS)),
        Finding::MembershipNotSynced { .. } if in_the_group_at_the_idp(diagnosis).is_some() => step(
            Owner::IdentityAdmin,
            say![
                "look in ",
                diagnosis.idp.map_or("the company directory", idp_name),
                " at the application for AWS, its provisioning and its logs, which I could not read."
            ],
        )
        .with(console("Groups in Identity Center", CONSOLE_GROUPS)),
        Finding::MembershipNotSynced { groups } => {
            let group = match groups.first() {
                Some(group) => say!["the group ", name(&group.name)],
                None => say!["the group"],
            };
            step(
                Owner::IdentityAdmin,
                say!["look in the company directory whether ", whom.object(), " ", whom.verb("are", "is"), " in "]
                    .then(group)
                    .then(say![": if so, force a sync; if not, its owner can add ", whom.object(), "."]),
            )
            .with(console("Groups in Identity Center", CONSOLE_GROUPS))
        }
        Finding::DuplicateGroup { own, assigned, .. } => step(
            Owner::IdentityAdmin,
            say!["give the access to ", that_group_of_theirs(diagnosis, &own.name), " as well, check that nobody is left who needs ", name(&assigned.name), ", then remove that."],
        )
        .with(console("Groups in Identity Center", CONSOLE_GROUPS))
        .with(assign_command(diagnosis, &own.id.0)),
        Finding::DanglingAssignment { to_a_user: true } => step(
            Owner::IdentityAdmin,
            say![
                "assign the access on ",
                account(),
                " to ",
                whom.object(),
                " anew, then remove the assignment that points nowhere."
            ],
        )
        .with(console("Accounts in Identity Center", CONSOLE_ACCOUNTS)),
        Finding::DanglingAssignment { to_a_user: false } => step(
            Owner::IdentityAdmin,
            say!["assign the access on ", account(), " to the group as it is now, then remove the assignment that points nowhere."],
        )
        .with(console("Accounts in Identity Center", CONSOLE_ACCOUNTS)),
        Finding::NoAssignment => step(
            Owner::IdentityAdmin,
            say!["assign a group and a permission set to ", account(), ", if ", whom.object(), " should have it."],
        )
        .with(console("Accounts in Identity Center", CONSOLE_ACCOUNTS)),
        Finding::PermissionSetNotAssigned { .. } => step(
            Owner::HelpDesk,
            say!["ask who may grant ", name(diagnosis.question.permission_set.as_deref().unwrap_or_default()), " on ", account(), "."],
        )
        .with(console("Accounts in Identity Center", CONSOLE_ACCOUNTS)),
        Finding::AssignmentInProgress { .. } => {
            step(Owner::Nobody, say!["nothing to do; this usually takes minutes. Check again then."]).again_in_a_few_minutes(diagnosis)
        }
        Finding::AssignmentFailed { .. } => step(
            Owner::IdentityAdmin,
            say!["mend what AWS complains about and make the assignment on ", account(), " again."],
        )
        .with(console("Accounts in Identity Center", CONSOLE_ACCOUNTS)),
        Finding::PermissionSetNotProvisioned => step(
            Owner::IdentityAdmin,
            say!["provision the permission set to ", account(), " once more."],
        )
        .with(console("Accounts in Identity Center", CONSOLE_ACCOUNTS))
        .with(provision_command(diagnosis)),
        Finding::PermissionSetOutdated => step(
            Owner::IdentityAdmin,
            say!["update the permission set on ", account(), ". If the portal does not show the account, sign out of the access portal, wait about 3 minutes and sign in again."],
        )
        .with(provision_command(diagnosis)),
        Finding::PortalStale { .. } => step(
            Owner::You,
            say!["if the portal does not show it yet, sign out of the access portal, wait about 3 minutes and sign in again."],
        ),
    }
}

/// The group at the IdP that the person is seen to be in.
pub(super) fn in_the_group_at_the_idp(diagnosis: &Diagnosis) -> Option<&IdpGroup> {
    diagnosis.steps.iter().find_map(|report| match &report.note {
        Note::IdpMember { group, .. } => Some(group),
        _ => None,
    })
}

fn look_again(diagnosis: &Diagnosis) -> Next {
    let read = diagnosis.gaps.iter().map(|gap| &gap.gap).find(|gap| gap.kind != GapKind::NotConfigured);
    match read.map(|gap| (gap.kind, gap.operation.as_str())) {
        Some((GapKind::Forbidden, operation)) => step(
            Owner::HelpDesk,
            say!["the help desk can look by hand. An admin can give me ", operation, " for next time."],
        ),
        Some((GapKind::Throttled | GapKind::Timeout, _)) => {
            step(Owner::You, say!["check again in a minute; if it stays so, the help desk can look by hand."])
        }
        _ => step(Owner::HelpDesk, say!["the help desk can look by hand; check again in a while."]),
    }
}

pub(super) fn step(owner: Owner, step: Sentence) -> Next {
    Next { owner, step, actions: Vec::new(), retry_at: None }
}

/// AWS promises no time for an assignment; most are there by then.
const A_FEW_MINUTES: SignedDuration = SignedDuration::from_mins(3);

impl Next {
    pub(super) fn again_in_a_few_minutes(self, diagnosis: &Diagnosis) -> Self {
        self.again_at(diagnosis.checked_at.checked_add(A_FEW_MINUTES).ok())
    }

    pub(super) fn again_at(mut self, moment: Option<Timestamp>) -> Self {
        self.retry_at = moment;
        self
    }

    pub(super) fn with(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }
}

pub(super) fn console(label: &'static str, url: impl Into<String>) -> Action {
    Action { label, url: Some(url.into()), command: None }
}

/// The instance's ARN is not part of a diagnosis; the command says where to get it.
const INSTANCE: &str =
    "--instance-arn \"$(aws sso-admin list-instances --query 'Instances[0].InstanceArn' --output text)\"";

fn assign_command(diagnosis: &Diagnosis, group: &str) -> Action {
    let (account, permission_set) = target(diagnosis);
    Action {
        label: "Give the access to the group",
        url: None,
        command: Some(format!(
            "aws sso-admin create-account-assignment {INSTANCE} --target-type AWS_ACCOUNT --target-id {account} --permission-set-arn {permission_set} --principal-type GROUP --principal-id {group}"
        )),
    }
}

fn provision_command(diagnosis: &Diagnosis) -> Action {
    let (account, permission_set) = target(diagnosis);
    Action {
        label: "Provision the permission set",
        url: None,
        command: Some(format!(
            "aws sso-admin provision-permission-set {INSTANCE} --target-type AWS_ACCOUNT --target-id {account} --permission-set-arn {permission_set}"
        )),
    }
}

fn target(diagnosis: &Diagnosis) -> (&str, &str) {
    let account = diagnosis.account.as_ref().map_or("ACCOUNT", |account| account.id.as_str());
    let permission_set =
        diagnosis.best_route().map_or("PERMISSION_SET", |route| route.permission_set.0.as_str());
    (account, permission_set)
}

/// The other routes, one line each, in the order of how far they get; those that merely lack the person last.
pub fn near_misses<'d>(diagnosis: &'d Diagnosis) -> impl Iterator<Item = Sentence> + 'd {
    diagnosis.routes.iter().skip(1).filter(|route| route.via != Via::GoneUser).map(near_miss)
}

fn near_miss(route: &Route) -> Sentence {
    let with = match &route.permission_set_name {
        Some(permission_set) => say![name(permission_set)],
        None => say!["a permission set whose name I could not read"],
    };
    let through = match (&route.via, route.group_name()) {
        (Via::Group(..), Some(group)) => say![" through ", name(group)],
        (Via::Group(..), None) => say![" through a group whose name I could not read"],
        (Via::Direct | Via::GoneUser, _) => say![" directly"],
    };
    with.then(through).then(say![": ", super::step_lines::route_in_words(route)])
}
