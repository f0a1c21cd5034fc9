//! The faults: each is one thing that is wrong in a company in which everything else is in place.

use sso_why::sandbox::scenario::IdpKind;

use super::mess::Mess;
use super::plan::Plan;
use super::source::Source;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Nothing: the asker has the access.
    None,
    /// The access is in place, with an older version of the permission set.
    Outdated,
    /// The account's name is typed in other letters or with other separators; the access is in place.
    TypedLoosely,
    Mistyped,
    /// Another account has the same name.
    AccountTwin,
    Suspended,
    NotInGroup,
    /// Only in a group inside the assigned one (Entra ID).
    OnlyNested,
    /// The IdP's application for AWS does not have the group.
    GroupNotAssigned,
    /// Okta's application does not have the person.
    PersonNotAssigned,
    JustAdded,
    /// The asker is in the group for long, and the group was assigned to the application minutes ago.
    GroupJustAssigned,
    Missed,
    Paused,
    TokenExpired,
    TooManyDeletions,
    GroupsNotSent,
    /// Okta's push of the group is switched off.
    PushOff,
    /// Okta switched the push off as somebody renamed the group.
    PushOffByARename,
    /// AWS rejects the group for a reason that stays.
    GroupRejected,
    /// AWS has a group of that name, created manually, and rejects the IdP's.
    NameTaken,
    /// The person lacks a last name, so that AWS rejects them.
    PersonRejected,
    /// A change on its way, and an error about the person from days before it.
    JustAddedAfterAnError,
    /// Okta has the person queued.
    Queued,
    /// Okta assigned the person before provisioning was on, and created nobody.
    NeverCreated,
    SkippedAsNotEntitled,
    SkippedForAMember,
    DisabledAtTheIdp,
    DisabledInAws,
    DeletedInAws,
    /// The asker or their group is not in the sync scope any more, and the asker was added since (Active Directory).
    OutOfScope,
    /// The asker may activate the group for a while, and has not (Entra ID).
    NotActivated,
    /// The rule that fills the group is paused, and the asker is not in it.
    RulePaused,
    /// Nobody knows the asker at the IdP, and AWS neither.
    Absent,
    /// AWS has the asker's address on a second record, created manually; the one that signs in has the access.
    SecondRecord,
    /// Two people share the address at the IdP, and AWS has the asker.
    SharedAddress,
    /// Slack has an alias of the asker's; the access is in place.
    OnlyAnAlias,
    /// The group was deleted in AWS and created again; the assignment names the old one.
    Recreated,
    /// Somebody deleted the synced group in AWS; the assignment is left.
    GroupDeletedInAws,
    /// The asker is in a look-alike of the assigned group.
    LookAlike,
    /// The IdP has two groups of one name, and the asker is in the one that is not the assigned one.
    TwinAtTheIdp,
    Unassigned,
    /// The assignment was made for a while and deleted hours ago.
    Ended,
    AnotherSetWanted,
    RequestInProgress,
    RequestFailed,
    NotProvisioned,
}

impl Fault {
    pub const ALL: [Self; 47] = [
        Self::None,
        Self::Outdated,
        Self::TypedLoosely,
        Self::Mistyped,
        Self::AccountTwin,
        Self::Suspended,
        Self::NotInGroup,
        Self::OnlyNested,
        Self::GroupNotAssigned,
        Self::PersonNotAssigned,
        Self::JustAdded,
        Self::GroupJustAssigned,
        Self::Missed,
        Self::Paused,
        Self::TokenExpired,
        Self::TooManyDeletions,
        Self::GroupsNotSent,
        Self::PushOff,
        Self::PushOffByARename,
        Self::GroupRejected,
        Self::NameTaken,
        Self::PersonRejected,
        Self::JustAddedAfterAnError,
        Self::Queued,
        Self::NeverCreated,
        Self::SkippedAsNotEntitled,
        Self::SkippedForAMember,
        Self::DisabledAtTheIdp,
        Self::DisabledInAws,
        Self::DeletedInAws,
        Self::OutOfScope,
        Self::NotActivated,
        Self::RulePaused,
        Self::Absent,
        Self::SecondRecord,
        Self::SharedAddress,
        Self::OnlyAnAlias,
        Self::Recreated,
        Self::GroupDeletedInAws,
        Self::LookAlike,
        Self::TwinAtTheIdp,
        Self::Unassigned,
        Self::Ended,
        Self::AnotherSetWanted,
        Self::RequestInProgress,
        Self::RequestFailed,
        Self::NotProvisioned,
    ];

    /// Returns true if this fault can befall that company.
    pub fn befalls(self, plan: &Plan) -> bool {
        let (entra, okta) = (plan.idp == Some(IdpKind::Entra), plan.idp == Some(IdpKind::Okta));
        let by_group = !plan.has(Mess::Direct);
        let directory = plan.source == Source::ActiveDirectory;
        let by_a_rule = plan.has(Mess::FilledByARule);
        let added_by_hand = !by_a_rule && !plan.has(Mess::FromActiveDirectory);
        match self {
            Self::None
            | Self::Outdated
            | Self::TypedLoosely
            | Self::OnlyAnAlias
            | Self::Mistyped
            | Self::AccountTwin
            | Self::Suspended
            | Self::DisabledInAws
            | Self::DeletedInAws
            | Self::Unassigned
            | Self::Ended
            | Self::AnotherSetWanted
            | Self::RequestInProgress
            | Self::RequestFailed
            | Self::NotProvisioned => true,
            Self::DisabledAtTheIdp | Self::Absent | Self::SharedAddress => entra || okta,
            // Else the address is that of no user name.
            Self::SecondRecord => {
                !directory && !plan.has(Mess::UserNameDiffers) && !plan.has(Mess::AddressOnlyAtTheIdp)
            }
            Self::NotInGroup | Self::Recreated | Self::LookAlike => by_group,
            // Without a push mapping, or before its first push, nothing ties a group of another name to AWS's.
            Self::GroupNotAssigned | Self::GroupJustAssigned => {
                by_group && (entra || okta) && !plan.has(Mess::LinkedGroup)
            }
            Self::JustAdded => by_group && (entra || okta || directory),
            Self::Missed
            | Self::GroupRejected
            | Self::PersonRejected
            | Self::JustAddedAfterAnError
            | Self::GroupDeletedInAws
            | Self::TwinAtTheIdp => by_group && (entra || okta),
            // Who has another name takes none.
            Self::NameTaken => {
                let has_another = plan.has(Mess::RenamedGroup) || plan.has(Mess::LinkedGroup);
                by_group && (entra || okta) && !has_another
            }
            // No group is inside one that a rule fills.
            Self::OnlyNested => by_group && entra && !by_a_rule,
            Self::Paused => by_group && (entra || directory),
            Self::OutOfScope => by_group && directory,
            Self::NotActivated => by_group && entra && added_by_hand,
            Self::RulePaused => by_group && by_a_rule,
            Self::TokenExpired
            | Self::TooManyDeletions
            | Self::GroupsNotSent
            | Self::SkippedAsNotEntitled
            | Self::SkippedForAMember => by_group && entra,
            Self::PersonNotAssigned
            | Self::PushOff
            | Self::PushOffByARename
            | Self::Queued
            | Self::NeverCreated => by_group && okta,
        }
    }
}
