//! `skipped_by_the_idp` in words.

use crate::diagnosis::causes::SkippedByTheIdp;
use crate::diagnosis::facts::idp::{SkipReason, TroubleAbout};
use crate::diagnosis::harm::NotEntitled;
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::proof::{Proof, proof};
use crate::words::say::{Sentence, answer, name, say};
use crate::words::taking::remove_and_make_again;

pub(super) const TEXTS: Texts = Texts {
    in_short: "your company directory left you or your group out of the sync",
    on_a_route: Some("in it, and skipped by the company directory"),
    outage: None,
    page: PAGE,
};

impl Explain for SkippedByTheIdp {
    fn headline(&self, cx: &Context) -> Sentence {
        let left_out = match self.entry.about {
            TroubleAbout::Person => say![cx.whom.object()],
            TroubleAbout::Group(_) => say!["the group that opens it"],
        };
        cx.missing()
            .then(say!["your company directory leaves "])
            .then(left_out)
            .then(say![" out of the sync"])
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        let skipped = say![cx.idp(), " skipped "].then(who(self, cx)).then(cx.when(self.entry.at));
        let says = match &self.entry.reason {
            Some(reason) => format!("{}: {reason}", self.entry.code),
            None => format!("{}.", self.entry.code),
        };
        vec![
            cx.membership(&self.group, None),
            skipped.then(say![": ", reason_in_words(self.why), answer(". Its log says ", says, ".")]),
        ]
    }

    fn next(&self, cx: &Context) -> Next {
        if let Some(proof) = NotEntitled::seen_in(&self.entry) {
            return assign_again(self, &proof, cx).with_idp_console(cx.diagnosis);
        }
        let what = match self.why {
            SkipReason::OutOfScope => say!["change the scoping filter in the mappings of "]
                .then(cx.application())
                .then(say![", or the attribute that it looks at. Waiting or a forced sync will not help."]),
            SkipReason::UnresolvedReference => {
                say![
                    "find the member that the log entry names, who is not in AWS, and fix that person's sync first."
                ]
            }
            SkipReason::NotEntitled | SkipReason::Other => {
                say!["read the reason in the provisioning log of "]
                    .then(cx.application())
                    .then(say![". Waiting or a forced sync will not help."])
            }
        };
        Next::new(Owner::IdentityAdmin, what).with_idp_console(cx.diagnosis)
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        say!["skipped: ", reason_in_words(self.why)]
    }

    fn proof(&self) -> Vec<Proof> {
        let what = [proof("group", &self.group.name), proof("skip reason", &self.entry.code)];
        let at = self.entry.at.map(|at| proof("at", at));
        let reason = self.entry.reason.as_ref().map(|reason| proof("reason", reason));
        what.into_iter().chain(at).chain(reason).collect()
    }
}

fn assign_again(skipped: &SkippedByTheIdp, proof: &NotEntitled, cx: &Context) -> Next {
    let what =
        say!["check the assignment of "].then(who(skipped, cx)).then(say![" to "]).then(cx.application());
    let again = say![
        ": if it is there, ",
        remove_and_make_again(proof),
        " before the next sync, so that nobody loses access in between."
    ];
    Next::new(Owner::IdentityAdmin, what.then(again))
}

fn who(skipped: &SkippedByTheIdp, cx: &Context) -> Sentence {
    match skipped.entry.about {
        TroubleAbout::Person => say![cx.whom.object()],
        TroubleAbout::Group(_) => say!["the group ", name(&skipped.group.name)],
    }
}

fn reason_in_words(why: SkipReason) -> &'static str {
    match why {
        SkipReason::OutOfScope => "a scoping filter excludes it",
        SkipReason::NotEntitled => "it does not count as assigned to the application",
        SkipReason::UnresolvedReference => "one of its members is not in AWS",
        SkipReason::Other => "for a reason of its own",
    }
}

const PAGE: &str = r"# skipped_by_the_idp: the identity provider leaves it out itself

## What it means
Entra ID looked at the person or the group and skipped it. That is no error,
so nothing is retried, and provisioning on demand checks the same and skips
it again.

## How it is detected
The newest entry of the provisioning log for this person or group has the
status `skipped`, with a reason (`SkipReason`) other than `RedundantExport`.

## How it is fixed
An identity admin reads the reason:
- a scoping filter excludes it: change the filter in the mappings of the
  application, or the attribute that the filter looks at;
- `NotEffectivelyEntitled`: the assignment to the application does not count.
  Remove it and make it again before the next cycle. A cycle in between would
  remove the access of everyone who has it through that assignment;
- `UnableToResolveReferenceAttributeValue`: a member of the group is not in
  AWS. Fix that person's provisioning first.
";
