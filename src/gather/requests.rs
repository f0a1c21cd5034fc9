//! Requests to create account assignments. Their list names neither account nor principal, so that each has to be
//! described once; what a request is for never changes, so that one that was described is remembered, and the next
//! question gets further down the list.

use futures::FutureExt as _;
use futures::future::{BoxFuture, join_all};

use super::inquiry::Inquiry;
use super::memory::{Freshness, recall};
use crate::diagnosis::facts::{AssignmentRequest, Fact, Known, LeftOut, Limit, RequestState};
use crate::diagnosis::steps::Step;
use crate::sources::identity_center::{LIST_REQUESTS, RequestOnAccount};

/// Requests described for one question, the newest first: each costs a call, and one that matters to a person who
/// waits is among the newest.
const DESCRIBED: usize = 10;

impl Inquiry<'_> {
    /// The requests in this state on this account, and how many of all were not looked at.
    pub(super) fn requests<'s>(
        &'s self,
        account: &'s str,
        state: RequestState,
    ) -> BoxFuture<'s, (Fact<Vec<AssignmentRequest>>, Option<LeftOut>)> {
        self.requests_on(account, state).boxed()
    }

    async fn requests_on(
        &self,
        account: &str,
        state: RequestState,
    ) -> (Fact<Vec<AssignmentRequest>>, Option<LeftOut>) {
        let listed = self
            .ask(LIST_REQUESTS, async |instance| {
                self.gather.identity_center.request_ids(&instance, state).await
            })
            .await;
        let Fact::Known(Known { value: ids, as_of, source }) = listed else {
            return (listed.map(|_| Vec::new()), None);
        };
        let memo = &self.gather.memory.requests;
        let key = |id: &String| (id.clone(), state);
        let (mut described, unknown): (Vec<_>, Vec<_>) =
            ids.iter().partition(|id| memo.contains_key(&key(id)));
        described.extend(unknown.into_iter().take(DESCRIBED));
        let what = match state {
            RequestState::InProgress => "assignment requests in progress",
            RequestState::Failed => "failed assignment requests",
        };
        let limit = Limit { at_most: DESCRIBED, step: Step::Assignment, what };
        let left_out = limit.looked_at(described.len(), ids.len(), LIST_REQUESTS);

        let each = described.into_iter().map(|id| self.described(id, state).boxed());
        let mut here = Vec::new();
        for fact in join_all(each).await {
            match fact {
                Fact::Known(Known { value, .. }) => {
                    here.extend(value.filter(|one| one.account == account).map(|one| one.request));
                }
                Fact::Gap(gap) => return (Fact::Gap(gap), left_out),
                Fact::NotAsked => {}
            }
        }
        (Fact::Known(Known { value: here, as_of, source }), left_out)
    }

    async fn described(&self, id: &str, state: RequestState) -> Fact<Option<RequestOnAccount>> {
        const OPERATION: &str = "sso:DescribeAccountAssignmentCreationStatus";
        let instance = match self.instance_or_gap().await {
            Ok(instance) => instance,
            Err(gap) => return Fact::Gap(gap),
        };
        let (memo, clock) = (&self.gather.memory.requests, &self.gather.clock);
        let asked = self.gather.identity_center.request(&instance, id, state);
        let key = (id.to_owned(), state);
        self.in_time(OPERATION, recall(memo, key, Freshness::Remembered, clock, asked)).await
    }
}
