//! The IdP in words: its name, how its synchronization stands, its attributes. It has its own name, as its console
//! does.

use crate::diagnosis::facts::IdentitySource;
use crate::diagnosis::facts::idp::{Idp, RequiredAttribute, SyncState};

/// The IdP by the name that people know it by.
pub fn idp_name(idp: Idp) -> &'static str {
    match idp {
        Idp::Entra => "Entra ID",
        Idp::Okta => "Okta",
    }
}

/// Where people are kept, to end "kept in …" with.
pub fn source_in_words(source: IdentitySource) -> &'static str {
    match source {
        IdentitySource::External => "your company directory",
        IdentitySource::ActiveDirectory => "Active Directory",
        IdentitySource::IdentityCenter => "Identity Center itself",
    }
}

/// The connected IdP by its name, or in general words if none is connected.
pub(super) fn the_idp(idp: Option<Idp>) -> &'static str {
    idp.map_or("the company directory", idp_name)
}

/// How synchronization stands, in a few words.
pub(super) fn state_in_words(state: &SyncState) -> &'static str {
    match state {
        SyncState::Running => "runs",
        SyncState::Off => "switched off",
        SyncState::Paused => "paused",
        SyncState::NeverRan => "never ran",
        SyncState::Quarantine(_) => "in quarantine",
        SyncState::Failing { .. } => "fails",
        SyncState::Other(_) => "in an unknown state",
    }
}

/// An attribute as the consoles call it.
pub(super) fn attribute_in_words(attribute: RequiredAttribute) -> &'static str {
    match attribute {
        RequiredAttribute::FirstName => "first name",
        RequiredAttribute::LastName => "last name",
        RequiredAttribute::DisplayName => "display name",
    }
}
