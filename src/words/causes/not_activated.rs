//! `not_activated` in words.

use crate::diagnosis::causes::NotActivated;
use crate::words::action::{Next, Owner};
use crate::words::context::Context;
use crate::words::explanation::{Explain, Texts};
use crate::words::proof::{Proof, proof};
use crate::words::say::{Sentence, name, say};

pub(super) const TEXTS: Texts = Texts {
    in_short: "you have not activated the group that opens it",
    on_a_route: Some("not activated"),
    outage: None,
    page: PAGE,
};

impl Explain for NotActivated {
    fn headline(&self, cx: &Context) -> Sentence {
        let whom = cx.whom;
        cx.missing().then(say![
            whom.object(),
            " ",
            whom.verb("have", "has"),
            " not activated ",
            name(&self.group)
        ])
    }

    fn evidence(&self, cx: &Context) -> Vec<Sentence> {
        let with = match &self.permission_set {
            Some(permission_set) => say![" (", name(permission_set), ")"],
            None => Sentence::default(),
        };
        let until = match self.until {
            Some(until) => say![" until ", until],
            None => Sentence::default(),
        };
        let may = say![cx.idp(), " lets ", cx.whom.object(), " activate ", name(&self.group)]
            .then(with)
            .then(say![" for a while, each time it is needed"])
            .then(until)
            .then(say!["; it is not active now."]);
        vec![may, say!["Once it is active, AWS has it within about 10 minutes."]]
    }

    fn next(&self, cx: &Context) -> Next {
        let what = say![
            "activate ",
            name(&self.group),
            " in ",
            cx.idp(),
            ", under Privileged Identity Management, My roles, Groups."
        ];
        Next::new(Owner::You, what).with_activation_link()
    }

    fn step_line(&self, _cx: &Context) -> Sentence {
        say!["may activate ", name(&self.group), ", and it is not active"]
    }

    fn proof(&self) -> Vec<Proof> {
        let until = self.until.map(|until| proof("eligible until", until));
        std::iter::once(proof("group", &self.group)).chain(until).collect()
    }
}

const PAGE: &str = r"# not_activated: the membership has to be activated first

## What it means
The person is eligible for the group that opens the account: they may activate
their membership for a while, and it is not active now. Nothing is broken, and
nobody has to add them.

## How it is detected
Entra ID: the person is not in the group, and Privileged Identity Management
for Groups lists them as eligible for it. Reading that needs the optional
permission `PrivilegedEligibilitySchedule.Read.AzureADGroup`. Without it the
report says not_in_group, with the hint to activate the group if the company
uses PIM for it.

## How it is fixed
The person activates the group in Entra ID: Privileged Identity Management, My
roles, Groups. Entra ID then sends the membership within 2 to 10 minutes.
";
