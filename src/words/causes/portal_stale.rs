//! `portal_stale` in words.

use crate::diagnosis::Via;
use crate::diagnosis::causes::PortalStale;
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::say::{Sentence, name, say};

pub(super) const TEXTS: Texts = Texts {
    in_short: "all is in place, and the portal may not show it yet",
    on_a_route: Some(WORKS),
    outage: None,
    page: PAGE,
};

/// How a route stands that gives access.
pub(super) const WORKS: &str = "works";

impl Explain for PortalStale {
    fn headline(&self, cx: &Context) -> Sentence {
        has_access(cx)
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        vec![match self.member_since {
            Some(since) => say!["It arrived in AWS ", cx.ago(since), " (", since, ")."],
            None => say!["Everything that AWS needs is in place."],
        }]
    }

    fn next(&self, _cx: &Context) -> Next {
        Next::new(
            Owner::You,
            say![
                "if the portal does not show it yet, sign out of the access portal, wait about 3 minutes and sign in again."
            ],
        )
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        say!["all is in place; may need a new sign-in"]
    }
}

/// The access that the person has: with which permission set, through which group.
pub(super) fn has_access(cx: &Context) -> Sentence {
    let has = say![cx.whom.subject(), " ", cx.whom.verb("have", "has"), " access to ", cx.account()];
    let Some(route) = cx.diagnosis.best_route() else {
        return has;
    };
    let with = match &route.permission_set_name {
        Some(permission_set) => has.then(say![": ", name(permission_set)]),
        None => has,
    };
    match (&route.via, route.group_name()) {
        (Via::Group(..), Some(group)) => with.then(say![", through ", name(group)]),
        (Via::Direct, _) => with.then(say![", given directly"]),
        _ => with,
    }
}

const PAGE: &str = r"# portal_stale: all is in place, the portal may not show it yet

## What it means
The access is there. If the account is missing all the same, the access
portal shows an older state. No API shows what the portal shows: this is
what is left when everything else is in order.

## How it is detected
The account is ACTIVE, the person is enabled, a group of theirs or they
themselves have an account assignment, and the permission set is provisioned
to the account. The age of the membership is shown where AWS tells it.

## How it is fixed
You sign out of the access portal, wait 2 to 3 minutes and sign in again.
The minutes are experience: AWS publishes no figure, and up to 5 have been
reported. If it is still missing, you look at these:
- the portal address is the one of this organization;
- no search text in the portal hides the account;
- you are signed in as the person whom the report names;
- the account may be given in another way, by account access manager, and
  then it is shown in the account access portal instead.
";
