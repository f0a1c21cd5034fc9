//! The twelve steps of the chain, in the order of telling.

macro_rules! steps {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// One link of the chain; the names are the contract's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Step {$($(#[$doc])* $variant),+}

        impl Step {
            /// All of them, in the order of telling.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name by which people and scripts know it.
            pub fn name(self) -> &'static str {
                match self {$(Self::$variant => $name),+}
            }
        }
    };
}

steps! {
    /// The account exists and is active.
    Account = "account",
    /// The person is in the IdP and enabled.
    IdpUser = "idp_user",
    /// The IdP has the person in a group that opens the account.
    IdpMembership = "idp_membership",
    /// The IdP's application for AWS has that group.
    AppAssignment = "app_assignment",
    /// The IdP has sent it to AWS.
    Sync = "sync",
    /// The person is in Identity Center and enabled.
    DirectoryUser = "directory_user",
    /// The group is in Identity Center.
    DirectoryGroup = "directory_group",
    /// Identity Center has the person in the group.
    DirectoryMembership = "directory_membership",
    /// No other group is mistaken for it.
    DuplicateGroups = "duplicate_groups",
    /// The group has a permission set on the account.
    Assignment = "assignment",
    /// The account has that permission set.
    Provisioning = "provisioning",
    /// The access portal shows it.
    Portal = "portal",
}

impl Step {
    /// The step by its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|step| step.name() == name)
    }

    /// The four that only the IdP can show.
    pub const OF_THE_IDP: [Self; 4] = [Self::IdpUser, Self::IdpMembership, Self::AppAssignment, Self::Sync];
}
