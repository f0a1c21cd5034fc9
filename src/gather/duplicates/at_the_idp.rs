//! The IdP's part of a digest: which of its groups are headed for AWS, who is in them, and why one has not
//! arrived.

use jiff::SignedDuration;

use crate::diagnosis::facts::idp::{Application, Idp, IdpGroup, Trouble};
use crate::diagnosis::facts::{Fact, Gap, Known};
use crate::gather::applications::not_settled;
use crate::gather::idp_source::IdpSource;
use crate::gather::inquiry::Inquiry;
use crate::gather::operation;

/// How far back it is looked why a group has not arrived. Entra keeps its log for 7 days without a premium
/// licence (Microsoft Learn, "Microsoft Entra data retention"), and what is refused is tried again each cycle.
const LOG_REACHES_BACK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The IdP with its application for AWS, where one is connected.
pub(super) struct TheIdp<'g> {
    inquiry: &'g Inquiry<'g>,
    source: Option<&'g IdpSource>,
    application: Fact<Application>,
    /// That others may be the application for AWS as well.
    pub(super) not_settled: Option<Gap>,
}

impl<'g> TheIdp<'g> {
    pub(super) async fn of(inquiry: &'g Inquiry<'g>) -> Self {
        let source = inquiry.gather.idp.as_ref().map(|idp| &idp.source);
        let Some(source) = source else {
            return Self { inquiry, source, application: Fact::NotAsked, not_settled: None };
        };
        let operation = operation::APPLICATION.name(source.idp());
        let found = inquiry.timed(operation, source.applications()).await;
        let not_settled = match found.value().map(Vec::as_slice) {
            Some([chosen, others @ ..]) if !others.is_empty() => {
                Some(not_settled(source, chosen, others.len()).gap)
            }
            _ => None,
        };
        let application = match found {
            Fact::Known(Known { value, as_of, source }) => match value.into_iter().next() {
                Some(value) => Fact::Known(Known { value, as_of, source }),
                None => Fact::NotAsked,
            },
            Fact::Gap(gap) => Fact::Gap(gap),
            Fact::NotAsked => Fact::NotAsked,
        };
        Self { inquiry, source: Some(source), application, not_settled }
    }

    pub(super) fn which(&self) -> Option<Idp> {
        self.source.map(IdpSource::idp)
    }

    pub(super) async fn groups_headed_for_aws(&self) -> Fact<Vec<IdpGroup>> {
        match (self.source, &self.application) {
            (Some(source), Fact::Known(Known { value: application, .. })) => {
                let operation = operation::APP_ASSIGNMENT.name(source.idp());
                self.inquiry.timed(operation, source.headed_for_aws(application)).await
            }
            (_, Fact::Gap(gap)) => Fact::Gap(gap.clone()),
            (_, Fact::NotAsked) | (None, Fact::Known(_)) => Fact::NotAsked,
        }
    }

    pub(super) async fn members(&self, group: &IdpGroup) -> Fact<Vec<String>> {
        match self.source {
            Some(source) => {
                self.inquiry.timed(operation::MEMBERS.name(source.idp()), source.members(group)).await
            }
            None => Fact::NotAsked,
        }
    }

    pub(super) async fn why_not_sent(&self, group: &IdpGroup) -> Fact<Option<Trouble>> {
        let (Some(source), Some(application)) = (self.source, self.application.value()) else {
            return Fact::NotAsked;
        };
        let now = self.inquiry.gather.now();
        let since = now - LOG_REACHES_BACK;
        let operation = operation::TROUBLES.name(source.idp());
        self.inquiry.timed(operation, source.refusal_of(application, group, since, now)).await
    }
}
