//! What to do about a finding at the IdP: one next step and its owner.

use super::{the_application, the_idp};
use crate::diagnosis::Diagnosis;
use crate::diagnosis::causes::{IdpFinding, Opening};
use crate::diagnosis::facts::idp::{Idp, Owner as GroupOwner, SyncState, TroubleKind};
use crate::diagnosis::routes::{Missed, Pending, Stopped, WhyStopped};
use crate::words::next::{Action, Next, Owner, console, step};
use crate::words::say::{Sentence, Whom, name, person, say, that_group_of_theirs};

/// The next step for a finding at the IdP.
pub(in crate::words) fn remedy(diagnosis: &Diagnosis, finding: &IdpFinding, whom: &Whom) -> Next {
    let idp = the_idp(diagnosis);
    match finding {
        IdpFinding::UserNotInIdp => step(
            Owner::IdentityAdmin,
            say![
                "create ",
                whom.object(),
                " in ",
                idp,
                ", or mend the e-mail address there, by which I looked."
            ],
        ),
        IdpFinding::UserDisabledInIdp { .. } => step(
            Owner::IdentityAdmin,
            say![
                "find out why ",
                whom.object(),
                " ",
                whom.verb("are", "is"),
                " disabled in ",
                idp,
                ", and enable there what should be enabled."
            ],
        ),
        IdpFinding::NotInGroup { openings, owners, .. } => who_can_add(openings, owners, whom),
        IdpFinding::NestedMembership { outer, inner } => {
            let or = match inner {
                Some(inner) => say![", or assign ", that_group_of_theirs(diagnosis, &inner.name), " to "]
                    .then(the_application(diagnosis)),
                None => Sentence::default(),
            };
            step(
                Owner::IdentityAdmin,
                say!["add ", whom.object(), " to ", name(&outer.name), " itself"].then(or).then(say!["."]),
            )
        }
        IdpFinding::GroupNotAssignedToApp { group } => step(
            Owner::IdentityAdmin,
            match diagnosis.idp {
                Some(Idp::Okta) => say!["add ", name(&group.name), " to the push groups of "],
                _ => say!["assign ", name(&group.name), " to "],
            }
            .then(the_application(diagnosis))
            .then(say!["."]),
        ),
        IdpFinding::UserNotAssignedToApp { group } => step(
            Owner::IdentityAdmin,
            say!["assign ", whom.object(), " to "].then(the_application(diagnosis)).then(say![
                ", directly or through a group other than ",
                name(&group.name),
                ": Okta wants one group for the assignment and another for the push."
            ]),
        ),
        IdpFinding::SyncStopped(stopped) => start_again(diagnosis, stopped),
        IdpFinding::SyncPending(pending) => wait(diagnosis, pending),
        IdpFinding::SyncError(failed) => step(
            Owner::IdentityAdmin,
            match failed.trouble.kind {
                TroubleKind::NameTaken => say![
                    "find what in AWS has that name already, and rename or remove it; ",
                    idp,
                    " then sends it again."
                ],
                TroubleKind::Attribute => {
                    say!["fill in or mend in ", idp, " what AWS complains about; it is then sent again."]
                }
                TroubleKind::CredentialRefused | TroubleKind::Other => {
                    say!["mend what the record complains about, then have it sent again."]
                }
            },
        ),
        IdpFinding::MembershipMissed(missed) => send_it_again(diagnosis, missed, whom),
    }
    .with_consoles(diagnosis)
}

/// Waiting does not help; Entra provisions on demand, Okta pushes again when the mapping is switched off and on.
pub(in crate::words) fn send_it_again(diagnosis: &Diagnosis, missed: &Missed, whom: &Whom) -> Next {
    let group = &missed.group;
    let how = match diagnosis.idp {
        Some(Idp::Okta) => say!["switch the push of ", name(&group.name), " off and on again in Okta"],
        _ => say!["provision ", name(&group.name), " with ", whom.object(), " on demand in Entra ID"],
    };
    let why = match missed.added_at {
        Some(_) => ". Waiting will not help.",
        None => ".",
    };
    step(Owner::IdentityAdmin, how.then(say![why]))
}

fn who_can_add(openings: &[Opening], owners: &[GroupOwner], whom: &Whom) -> Next {
    let Some(first) = openings.first() else {
        return step(Owner::HelpDesk, say!["ask the help desk which group is meant for this."]);
    };
    let group = || name(&first.group.name);
    if !first.group.synced {
        return step(
            Owner::IdentityAdmin,
            say![
                "add ",
                whom.object(),
                " to ",
                group(),
                " in Identity Center, where it was made, if they agree."
            ],
        );
    }
    match owners.first() {
        Some(owner) => step(
            Owner::You,
            say![
                "ask ",
                person(&owner.name, owner.email.as_deref()),
                " to add ",
                whom.object(),
                " to ",
                group(),
                "."
            ],
        ),
        None => step(
            Owner::HelpDesk,
            say!["the help desk finds out who may add ", whom.object(), " to ", group(), "."],
        ),
    }
}

fn start_again(diagnosis: &Diagnosis, stopped: &Stopped) -> Next {
    let application = || the_application(diagnosis);
    let renew = || {
        say!["make a new access token in Identity Center, put it into "]
            .then(application())
            .then(say![" and start provisioning again."])
    };
    let what = match &stopped.why {
        WhyStopped::State(SyncState::Quarantine(_)) => say!["test the connection of "]
            .then(application())
            .then(say![" and mend what it complains about, most often an access token that is out of date; then start provisioning again."]),
        WhyStopped::State(SyncState::Failing { .. }) | WhyStopped::CredentialRefused(_) => renew(),
        WhyStopped::State(SyncState::Paused) => {
            say!["find out why the provisioning of "].then(application()).then(say![" was paused, and start it."])
        }
        WhyStopped::State(_) => say!["switch the provisioning of "].then(application()).then(say![" on."]),
        WhyStopped::GroupsNotSent => {
            say!["switch on the provisioning of groups in the mappings of "].then(application()).then(say!["."])
        }
        WhyStopped::PushOff => say!["switch the push of ", name(&stopped.group.name), " on again."],
    };
    let next = step(Owner::IdentityAdmin, what);
    match &stopped.why {
        WhyStopped::State(SyncState::Quarantine(quarantine)) => next.again_at(quarantine.next_attempt),
        _ => next,
    }
}

fn wait(diagnosis: &Diagnosis, pending: &Pending) -> Next {
    match pending.next_due {
        Some(due) if due > diagnosis.checked_at => {
            step(Owner::Nobody, say!["nothing to do; wait until about ", due, ", then check again."])
                .again_at(Some(due))
        }
        _ if pending.queued_since.is_some() => step(
            Owner::Nobody,
            say!["nothing to do; Okta sends what it has queued by itself. Check again later."],
        ),
        _ => step(Owner::Nobody, say!["nothing to do; check again in a few minutes."])
            .again_in_a_few_minutes(diagnosis),
    }
}

impl Next {
    /// Links into Entra's console, whose addresses need nothing but ids. Okta's begin with the
    /// organization's own host, which is no part of a diagnosis.
    fn with_consoles(self, diagnosis: &Diagnosis) -> Self {
        const ENTRA: &str = "https://entra.microsoft.com/#view";
        if diagnosis.idp != Some(Idp::Entra) {
            return self;
        }
        let person = diagnosis.idp_person.as_ref().map(|person| {
            link(
                "The person in Entra ID",
                format!(
                    "{ENTRA}/Microsoft_AAD_UsersAndTenants/UserProfileMenuBlade/~/overview/userId/{}",
                    person.id.0
                ),
            )
        });
        let application = diagnosis.application.as_ref().map(|application| {
            link(
                "The application in Entra ID",
                format!(
                    "{ENTRA}/Microsoft_AAD_IAM/ManagedAppMenuBlade/~/Overview/objectId/{}",
                    application.id
                ),
            )
        });
        [person, application].into_iter().flatten().fold(self, Self::with)
    }
}

fn link(label: &'static str, url: String) -> Action {
    console(label, url)
}
