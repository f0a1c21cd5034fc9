//! The context of an explanation: the diagnosis, the person as the reader sees them, and the words that several
//! causes derive from both.

use jiff::Timestamp;

use super::account::account_name;
use super::idp::the_idp;
use super::say::{Sentence, Span, Whom, ago, name, say};
use crate::diagnosis::Diagnosis;
use crate::diagnosis::facts::IdentitySource;
use crate::diagnosis::facts::idp::IdpGroup;

pub(super) struct Context<'d> {
    pub(super) diagnosis: &'d Diagnosis,
    pub(super) whom: &'d Whom,
}

impl<'d> Context<'d> {
    pub(super) fn new(diagnosis: &'d Diagnosis, whom: &'d Whom) -> Self {
        Self { diagnosis, whom }
    }

    /// The account by its name.
    pub(super) fn account(&self) -> Span {
        name(account_name(self.diagnosis))
    }

    /// `Payments-Prod is missing because `, to begin a headline with.
    pub(super) fn missing(&self) -> Sentence {
        say![self.account(), " is missing because "]
    }

    /// The permission set that the explanation is about.
    pub(super) fn permission_set(&self) -> Span {
        let route = self.diagnosis.best_route().and_then(|route| route.permission_set_name.as_deref());
        let wanted = self.diagnosis.question.permission_set.as_deref();
        name(route.or(wanted).unwrap_or("the permission set"))
    }

    /// The connected IdP by its name.
    pub(super) fn idp(&self) -> &'static str {
        the_idp(self.diagnosis.idp)
    }

    /// Where people and groups come from, if that is configured or shows.
    pub(super) fn source(&self) -> Option<IdentitySource> {
        self.diagnosis.identity_source
    }

    /// The IdP's application for AWS by its name there.
    pub(super) fn application(&self) -> Sentence {
        match &self.diagnosis.application {
            Some(application) => say![name(&application.name)],
            None => say!["the application for AWS"],
        }
    }

    /// States by what the person was looked for: all that the question says of them.
    pub(super) fn looked_by(&self) -> Sentence {
        let question = &self.diagnosis.question;
        let further = question.further_address.as_deref();
        let further = further.map(|address| say![" and ", name(address)]).unwrap_or_default();
        say![self.whom.known_only_as(), name(&question.subject)].then(further).then(say!["."])
    }

    /// `that user name or e-mail address`, of what the person was looked for by.
    pub(super) fn that_name_or_address(&self) -> &'static str {
        match self.diagnosis.question.further_address {
            Some(_) => "either of them as user name or e-mail address",
            None => "that user name or e-mail address",
        }
    }

    /// A group that the person is in. Everybody reads its name if it opens the account, the person and agents in
    /// any case.
    pub(super) fn group_of_theirs(&self, group: &str) -> Span {
        self.own_group(group, "another group")
    }

    /// The same, for a group mentioned before.
    pub(super) fn that_group_of_theirs(&self, group: &str) -> Span {
        self.own_group(group, "the group that they are in")
    }

    fn own_group(&self, group: &str, instead: &'static str) -> Span {
        let opens_it = self.diagnosis.routes.iter().any(|route| route.group_name() == Some(group));
        if opens_it { name(group) } else { Span::OwnGroup { name: group.to_owned(), instead } }
    }

    /// States that the person is in a group at the IdP: since when, if that is known.
    pub(super) fn membership(&self, group: &IdpGroup, since: Option<Timestamp>) -> Sentence {
        let (subject, group) = (self.whom.subject(), self.both_names(group));
        match since {
            Some(since) => say![subject, " ", self.whom.verb("were", "was"), " added to "]
                .then(group)
                .then(say![" ", since, ", ", self.ago(since), "."]),
            None => {
                say![subject, " ", self.whom.are(), " in "].then(group).then(say![" at ", self.idp(), "."])
            }
        }
    }

    /// The IdP's group behind the one that opens the account, with the name that AWS has if that is another.
    pub(super) fn both_names(&self, group: &IdpGroup) -> Sentence {
        let in_aws = self.diagnosis.best_route().and_then(|route| route.group_name());
        match in_aws.filter(|in_aws| *in_aws != group.name) {
            Some(in_aws) => say![name(&group.name), " (", name(in_aws), " in AWS)"],
            None => say![name(&group.name)],
        }
    }

    /// A moment and its age in parentheses, after what happened then; empty if it is not known.
    pub(super) fn when(&self, at: Option<Timestamp>) -> Sentence {
        at.map_or_else(Sentence::default, |at| say![" (", at, ", ", self.ago(at), ")"])
    }

    /// How long before the diagnosis this was.
    pub(super) fn ago(&self, time: Timestamp) -> String {
        ago(time, self.diagnosis.checked_at)
    }
}
