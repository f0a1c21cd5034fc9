//! A group of the IdP, and how people get into it.

use jiff::Timestamp;

/// A group of the IdP: Entra's object id, Okta's group id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdpGroupId(pub String);

/// A group as the IdP knows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdpGroup {
    pub id: IdpGroupId,
    pub name: String,
    pub traits: GroupTraits,
}

impl IdpGroup {
    /// A group of which no more is known.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { id: IdpGroupId(id.into()), name: name.into(), traits: GroupTraits::default() }
    }
}

/// What the group's own record says beside its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct GroupTraits {
    pub created_at: Option<Timestamp>,
    /// When anybody last joined or left it (Okta's `lastMembershipUpdated`; Entra keeps no such time).
    pub members_changed_at: Option<Timestamp>,
    pub filled: Filled,
}

/// How people get into a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Filled {
    /// Somebody adds them, as far as the record says.
    #[default]
    ByHand,
    /// A rule alone decides (Entra's dynamic membership group): nobody can be added beside it.
    ByRule(MembershipRule),
    /// A rule adds people, and so may somebody (Okta's group rule).
    ByHandAndRule(MembershipRule),
    /// It comes from an on-premises Active Directory, where its members are kept.
    FromActiveDirectory,
    /// Okta imported it from another application or directory, where its members are kept (Okta's `APP_GROUP`).
    FromAnApplication,
}

/// A rule that decides by attributes who is in a group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MembershipRule {
    /// Okta's rules have names.
    pub name: Option<String>,
    /// The rule in the IdP's own language.
    pub text: Option<String>,
    /// It is not evaluated now.
    pub is_paused: bool,
}

/// That somebody may activate their membership of a group for a while. Source: Microsoft Graph,
/// `privilegedAccessGroupEligibilityScheduleInstance`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Eligibility {
    pub group: IdpGroupId,
    /// Until when they may; `None` if that has no end.
    pub until: Option<Timestamp>,
}

impl Filled {
    /// Returns true if people can be made eligible for such a group at Entra: not if a rule fills it, nor if it comes
    /// from elsewhere. Source: Microsoft Entra, "Bring groups into Privileged Identity Management".
    pub fn allows_eligibility(&self) -> bool {
        *self == Self::ByHand
    }

    /// Returns true if somebody who owns the group may add people to it.
    pub fn allows_adding(&self) -> bool {
        matches!(self, Self::ByHand | Self::ByHandAndRule(_))
    }
}
