//! Where the people and groups of a generated company come from.

use sso_why::sandbox::scenario::IdpKind;
use sso_why::sandbox::scenario::outlook::Kept;

/// The identity source, and what of it can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Entra,
    Okta,
    /// An IdP that is not connected.
    Unseen,
    /// Active Directory, by AWS Directory Service.
    ActiveDirectory,
}

impl Source {
    /// Where people and groups are kept.
    pub fn kept(self) -> Kept {
        match self {
            Self::Entra | Self::Okta | Self::Unseen => Kept::AtAnIdp,
            Self::ActiveDirectory => Kept::InActiveDirectory,
        }
    }

    /// The IdP that is connected.
    pub fn idp(self) -> Option<IdpKind> {
        match self {
            Self::Entra => Some(IdpKind::Entra),
            Self::Okta => Some(IdpKind::Okta),
            Self::Unseen | Self::ActiveDirectory => None,
        }
    }
}
