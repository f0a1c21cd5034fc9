//! The words for what takes something away: nobody gets them without the fact that proves that it is in the way.

use super::say::{Sentence, Span, name, say};
use crate::diagnosis::harm::{AppUserGone, NameTaken, NotEntitled, PrincipalGone, TargetDeleted};

/// Words that take something away. Only this file makes them.
#[derive(Clone, Debug, PartialEq)]
pub struct Taking(&'static str);

impl Taking {
    /// The words, as they are shown.
    pub fn words(&self) -> &'static str {
        self.0
    }
}

fn taking(words: &'static str) -> Span {
    Span::Taking(Taking(words))
}

/// The manual group gives up its name, and goes when nobody needs it.
pub(super) fn make_room(_: &NameTaken, manual: &str) -> Sentence {
    say![
        taking("rename "),
        name(manual),
        " in AWS, let the synced group arrive, assign the access to that, then ",
        taking("delete the manual one"),
        " once nobody needs it."
    ]
}

/// Something in AWS gives up a name.
pub(super) fn rename_or_remove_it(_: &NameTaken) -> Span {
    taking("rename or remove it")
}

/// The whole synchronization starts from the beginning.
pub(super) fn restart(_: &TargetDeleted, idp: &'static str) -> Sentence {
    say![
        taking("restart the provisioning of the application for AWS"),
        ": ",
        idp,
        taking(
            " still holds the id of what was deleted in AWS, and only a restart matches it again. A restart reads everything again and can take hours."
        )
    ]
}

/// An assignment to the application is made again.
pub(super) fn remove_and_make_again(_: &NotEntitled) -> Span {
    taking("remove it and make it again")
}

/// An account assignment to nobody goes.
pub(super) fn remove_what_points_nowhere(_: &PrincipalGone) -> Span {
    taking("remove the assignment that points nowhere")
}

/// Somebody is assigned to Okta's application once more, who is then created in AWS.
pub(super) fn take_off_and_assign_again(_: &AppUserGone, person: Span) -> Sentence {
    say![
        taking("take "),
        person,
        taking(" off the application for AWS"),
        " in Okta and assign them again, so that Okta creates them again."
    ]
}
