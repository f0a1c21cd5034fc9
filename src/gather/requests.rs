//! Requests to create and to delete account assignments. Their lists name neither account nor principal, so that each
//! has to be described once; what a request is for never changes, so that one that was described is remembered, and the
//! next question gets further down the list.

use futures::FutureExt as _;
use futures::future::{BoxFuture, join_all};

use super::inquiry::Inquiry;
use super::memory::{Freshness, recall};
use crate::diagnosis::facts::{AssignmentRequest, Fact, GapKind, Known, LeftOut, Limit, RequestState};
use crate::diagnosis::steps::Step;
use crate::sources::identity_center::{ListedRequests, RequestOnAccount, describe_operation, list_operation};

/// Requests described for one question, the newest first: each costs a call, and one that matters to a person who
/// waits is among the newest.
const DESCRIBED: usize = 10;

/// Deletions described for one question. What they show explains only if nothing that is there does.
const DELETIONS_DESCRIBED: usize = 3;

impl Inquiry<'_> {
    /// The requests in this state on this account, and how many of all were not looked at.
    pub(super) fn requests<'s>(
        &'s self,
        account: &'s str,
        state: RequestState,
    ) -> BoxFuture<'s, (Fact<Vec<AssignmentRequest>>, Option<LeftOut>)> {
        self.requests_on(account, state).boxed()
    }

    /// Assignments on this account that were deleted, the same way. Not asked if the bot may not: the rights are
    /// optional.
    pub(super) fn ended<'s>(
        &'s self,
        account: &'s str,
    ) -> BoxFuture<'s, (Fact<Vec<AssignmentRequest>>, Option<LeftOut>)> {
        async move {
            let (ended, left_out) = self.requests_on(account, RequestState::Ended).await;
            match ended.gap() {
                Some(gap) if gap.kind == GapKind::Forbidden => (Fact::NotAsked, None),
                _ => (ended, left_out),
            }
        }
        .boxed()
    }

    async fn requests_on(
        &self,
        account: &str,
        state: RequestState,
    ) -> (Fact<Vec<AssignmentRequest>>, Option<LeftOut>) {
        let list = list_operation(state);
        let listed = self
            .ask(list, async |instance| self.gather.identity_center.request_ids(&instance, state).await)
            .await;
        let Fact::Known(Known { value: ListedRequests { ids, is_cut }, as_of, source }) = listed else {
            return (listed.map(|_| Vec::new()), None);
        };
        let memo = &self.gather.memory.requests;
        let key = |id: &String| (id.clone(), state);
        let limit = limit(state);
        let (mut described, unknown): (Vec<_>, Vec<_>) =
            ids.iter().partition(|id| memo.contains_key(&key(id)));
        described.extend(unknown.into_iter().take(limit.at_most));
        let left_out = match is_cut {
            false => limit.looked_at(described.len(), ids.len(), list),
            true => {
                let (looked_at, read) = (described.len(), ids.len());
                let detail = format!("{looked_at} of the first {read} {} were looked at", limit.what);
                Some(LeftOut::at(limit.step, list, detail))
            }
        };

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
        let instance = match self.instance_or_gap().await {
            Ok(instance) => instance,
            Err(gap) => return Fact::Gap(gap),
        };
        let (memo, clock) = (&self.gather.memory.requests, &self.gather.clock);
        let asked = self.gather.identity_center.request(&instance, id, state);
        let key = (id.to_owned(), state);
        self.in_time(describe_operation(state), recall(memo, key, Freshness::Remembered, clock, asked)).await
    }
}

fn limit(state: RequestState) -> Limit {
    let (at_most, what) = match state {
        RequestState::InProgress => (DESCRIBED, "assignment requests in progress"),
        RequestState::Failed => (DESCRIBED, "failed assignment requests"),
        RequestState::Ended => (DELETIONS_DESCRIBED, "assignments that were taken away"),
    };
    Limit { at_most, step: Step::Assignment, what }
}
