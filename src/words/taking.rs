//! The words for what takes something away: nobody gets them without the fact that proves that it is in the way.

use super::context::Context;
use super::say::{Sentence, Span, Whom, name, say, taking};
use crate::diagnosis::harm::{AppUserGone, GroupGone, NameTaken, NotEntitled, PrincipalGone, TargetDeleted};

/// The manual group gives up its name, and goes when nobody needs it.
pub(super) fn make_room(proof: &NameTaken, manual: &str) -> Sentence {
    say![
        taking(proof, "rename "),
        name(manual),
        " in AWS, let the synced group arrive, assign the access to that, then ",
        taking(proof, "delete the manual one"),
        " once nobody needs it."
    ]
}

/// Something in AWS gives up a name.
pub(super) fn rename_or_remove_it(proof: &NameTaken) -> Span {
    taking(proof, "rename or remove it")
}

/// The whole synchronization starts from the beginning.
pub(super) fn restart(proof: &TargetDeleted, idp: &'static str) -> Sentence {
    say![
        taking(proof, "restart the provisioning of the application for AWS"),
        ": ",
        idp,
        taking(
            proof,
            " still holds the id of what was deleted in AWS, and only a restart matches it again. A restart reads everything again and can take hours."
        )
    ]
}

/// If sending one group does not help, the whole synchronization starts from the beginning.
pub(super) fn if_it_is_gone_restart(proof: &GroupGone) -> Span {
    taking(
        proof,
        "if that answers that it is gone in AWS (InvalidAnchor), only a restart of the provisioning matches it again, which can take hours.",
    )
}

/// Okta gives up the push of a group of which AWS has nothing, and begins another.
pub(super) fn unlink(proof: &GroupGone, cx: &Context) -> Sentence {
    say![taking(proof, "unlink "), cx.that_group_of_theirs(&proof.group().name)]
}

/// An assignment to the application is made again.
pub(super) fn remove_and_make_again(proof: &NotEntitled) -> Span {
    taking(proof, "remove it and make it again")
}

/// An account assignment to nobody goes.
pub(super) fn remove_what_points_nowhere(proof: &PrincipalGone) -> Span {
    taking(proof, "remove the assignment that points nowhere")
}

/// Somebody is assigned to Okta's application once more, who is then created in AWS.
pub(super) fn take_off_and_assign_again(proof: &AppUserGone, whom: &Whom) -> Sentence {
    say![
        taking(proof, "take "),
        whom.object(),
        taking(proof, " off the application for AWS"),
        whom.verb(
            " in Okta and assign you again, so that Okta creates you again.",
            " in Okta and assign them again, so that Okta creates them again."
        )
    ]
}
