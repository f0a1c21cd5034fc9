//! One question under way: each thing that is asked of a source, with what is remembered and with the
//! deadline. [`place`] finds the account.

mod place;

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::hash::Hash;

use futures::FutureExt as _;
use futures::future::{BoxFuture, join, join_all};
use moka::future::Cache;
use tokio::time::Instant;

use super::gatherer::Gather;
use super::memory::{Freshness, Remembered, recall};
use super::way::AtTheIdp;
use crate::diagnosis::facts::{
    Assignment, DirectoryUser, ExternalId, Fact, Gap, GapKind, Group, GroupId, IdentitySource, Known,
    LeftOut, Membership, PermissionSetArn, Principal, Source, UserId,
};
use crate::diagnosis::question::Question;
use crate::diagnosis::steps::Step;
use crate::sources::caller;
use crate::sources::identity_center::{FoundInstance, Instance, LIST_INSTANCES, Version};

/// One question under way.
pub(super) struct Inquiry<'g> {
    pub(super) gather: &'g Gather,
    pub(super) freshness: Freshness,
    pub(super) ask_the_idp: bool,
    pub(super) until: Instant,
}

impl Gather {
    pub(super) fn inquiry(&self, freshness: Freshness) -> Inquiry<'_> {
        Inquiry { gather: self, freshness, ask_the_idp: true, until: Instant::now() + self.deadline }
    }

    /// The Identity Center instance of this Region: configured, or found.
    pub async fn instance(&self) -> Fact<Option<Instance>> {
        self.inquiry(Freshness::Remembered).instance().await
    }
}

impl Inquiry<'_> {
    pub(super) async fn identity(&self, question: &Question) -> (Fact<Option<UserId>>, Fact<Option<UserId>>) {
        let by_name = self.ask("identitystore:GetUserId", async |instance| {
            self.gather.identity_center.user_by_name(&instance, &question.subject).await
        });
        let by_email = async {
            if !question.names_an_email() {
                return Fact::NotAsked;
            }
            self.ask("identitystore:GetUserId", async |instance| {
                self.gather.identity_center.user_by_email(&instance, &question.subject).await
            })
            .await
        };
        join(by_name, by_email).await
    }

    pub(super) async fn person(&self, user: &UserId) -> Fact<DirectoryUser> {
        const OPERATION: &str = "identitystore:DescribeUser";
        let found = self
            .ask(OPERATION, async |instance| self.gather.identity_center.user(&instance, user).await)
            .await;
        match found {
            Fact::Known(Known { value: Some(value), as_of, source }) => {
                self.gather.memory.note_issuer(&value.external_ids);
                Fact::Known(Known { value, as_of, source })
            }
            Fact::Known(Known { value: None, .. }) => Fact::Gap(Gap {
                kind: GapKind::Error,
                operation: OPERATION.to_owned(),
                detail: "the user that GetUserId named is not there".to_owned(),
            }),
            Fact::Gap(gap) => Fact::Gap(gap),
            Fact::NotAsked => Fact::NotAsked,
        }
    }

    pub(super) async fn own_assignments(
        &self,
        account: Option<&str>,
        user: &UserId,
    ) -> Fact<Vec<Assignment>> {
        let Some(account) = account else {
            return Fact::NotAsked;
        };
        let of = Principal::User(user.clone());
        self.assignments_of(&of, account).await
    }

    async fn assignments_of(&self, of: &Principal, account: &str) -> Fact<Vec<Assignment>> {
        self.ask("sso:ListAccountAssignmentsForPrincipal", async |instance| {
            self.gather.identity_center.assignments_of(&instance, of, account).await
        })
        .await
    }

    pub(super) async fn memberships(&self, user: &UserId) -> Fact<Vec<Membership>> {
        self.ask("identitystore:ListGroupMembershipsForMember", async |instance| {
            self.gather.identity_center.memberships(&instance, user).await
        })
        .await
    }

    pub(super) async fn provisioned(&self, account: &str, version: Version) -> Fact<Vec<PermissionSetArn>> {
        self.remember(
            "sso:ListPermissionSetsProvisionedToAccount",
            &self.gather.memory.provisioned,
            (account.to_owned(), version),
            async |instance| self.gather.identity_center.provisioned(&instance, account, version).await,
        )
        .await
    }

    pub(super) async fn assignments(
        &self,
        account: Option<&str>,
        sets: &[PermissionSetArn],
    ) -> BTreeMap<PermissionSetArn, Fact<Vec<Principal>>> {
        let Some(account) = account else {
            return BTreeMap::new();
        };
        let each = sets.iter().map(|set| async {
            let key = (account.to_owned(), set.clone());
            let fact = self
                .remember(
                    "sso:ListAccountAssignments",
                    &self.gather.memory.assignments,
                    key,
                    async |instance| self.gather.identity_center.assignments(&instance, account, set).await,
                )
                .await;
            (set.clone(), fact)
        });
        join_all(each).await.into_iter().collect()
    }

    pub(super) async fn permission_set_names(
        &self,
        sets: &[PermissionSetArn],
    ) -> BTreeMap<PermissionSetArn, Fact<String>> {
        let each = sets.iter().map(|set| async {
            let fact = self
                .remember(
                    "sso:DescribePermissionSet",
                    &self.gather.memory.permission_set_names,
                    set.clone(),
                    async |instance| self.gather.identity_center.permission_set_name(&instance, set).await,
                )
                .await;
            (set.clone(), fact)
        });
        join_all(each).await.into_iter().collect()
    }

    pub(super) async fn groups(&self, ids: BTreeSet<GroupId>) -> BTreeMap<GroupId, Fact<Option<Group>>> {
        let each = ids.into_iter().map(|id| async {
            let fact = self
                .remember(
                    "identitystore:DescribeGroup",
                    &self.gather.memory.groups,
                    id.clone(),
                    async |instance| self.gather.identity_center.group(&instance, &id).await,
                )
                .await;
            if let Some(Some(group)) = fact.value() {
                self.gather.memory.note_issuer(&group.external_ids);
            }
            (id, fact)
        });
        join_all(each).await.into_iter().collect()
    }

    pub(super) async fn users(&self, ids: BTreeSet<UserId>) -> BTreeMap<UserId, Fact<bool>> {
        let each = ids.into_iter().map(|id| async {
            let found = self
                .ask("identitystore:DescribeUser", async |instance| {
                    self.gather.identity_center.user(&instance, &id).await
                })
                .await;
            (id, found.map(|user| user.is_some()))
        });
        join_all(each).await.into_iter().collect()
    }

    /// What the first groups of the store show of where people and groups come from; `None` if that may not be read,
    /// which is a right of the digest's.
    pub(super) fn source_of_groups(&self) -> BoxFuture<'_, Option<IdentitySource>> {
        let memo = &self.gather.memory.identity_source;
        let asked = async move {
            let fact = self.remember("identitystore:ListGroups", memo, (), async |instance| {
                let groups = self.gather.identity_center.first_groups(&instance).await?;
                groups.iter().for_each(|group| self.gather.memory.note_issuer(&group.external_ids));
                Ok(IdentitySource::shown_by(groups.iter().map(|group| &*group.external_ids)))
            });
            fact.await.value().copied().flatten()
        };
        asked.boxed()
    }

    /// The names of the applications of the instance.
    pub(super) fn application_names(&self) -> BoxFuture<'_, Fact<Vec<String>>> {
        let memo = &self.gather.memory.application_names;
        let asked = async move {
            self.remember("sso:ListApplications", memo, (), async |instance| {
                self.gather.identity_center.application_names(&instance).await
            })
            .await
        };
        asked.boxed()
    }

    /// The user of this id, if there is one.
    pub(super) async fn user_by_id(&self, id: UserId) -> Fact<Option<UserId>> {
        let found = self
            .ask("identitystore:DescribeUser", async |instance| {
                self.gather.identity_center.user(&instance, &id).await
            })
            .await;
        found.map(|user| user.map(|user| user.id))
    }

    /// The user to whom an IdP gave this id, if there is one.
    pub(super) async fn user_by_external_id(&self, id: &ExternalId) -> Fact<Option<UserId>> {
        self.ask("identitystore:GetUserId", async |instance| {
            self.gather.identity_center.user_by_external_id(&instance, id).await
        })
        .await
    }

    /// How many accounts each of these groups opens.
    pub(super) async fn opens_accounts(&self, groups: &[GroupId]) -> BTreeMap<GroupId, Fact<usize>> {
        let each = groups.iter().map(|group| async {
            let fact = self
                .remember(
                    "sso:ListAccountAssignmentsForPrincipal",
                    &self.gather.memory.opens_accounts,
                    group.clone(),
                    async |instance| self.gather.identity_center.accounts_opened_by(&instance, group).await,
                )
                .await;
            (group.clone(), fact)
        });
        join_all(each).await.into_iter().collect()
    }

    /// This question's way to the IdP, where one is connected.
    pub(super) fn at_the_idp(&self) -> Option<AtTheIdp<'_>> {
        self.gather.idp.as_ref().filter(|_| self.ask_the_idp).map(|idp| AtTheIdp {
            source: &idp.source,
            memory: &self.gather.memory,
            clock: &self.gather.clock,
            freshness: self.freshness,
            patience: idp.patience,
        })
    }

    pub(super) async fn assignments_by_group(
        &self,
        account: &str,
        groups: &[GroupId],
    ) -> BTreeMap<GroupId, Fact<Vec<Assignment>>> {
        let each = groups.iter().map(|group| async {
            let of = Principal::Group(group.clone());
            (group.clone(), self.assignments_of(&of, account).await)
        });
        join_all(each).await.into_iter().collect()
    }

    pub(super) async fn instance(&self) -> Fact<Option<Instance>> {
        self.found_instance().await.map(|found| found.map(|found| found.instance))
    }

    /// Other instances that may be meant, where nothing settles it.
    pub(super) fn other_instances(&self) -> BoxFuture<'_, Option<LeftOut>> {
        let several = async move {
            let found = self.found_instance().await.value().cloned().flatten()?;
            let detail = format!(
                "{} Identity Center instances were listed, and {} was looked at; set [aws] instance_arn",
                found.rivals.len() + 1,
                found.instance.arn
            );
            (!found.rivals.is_empty()).then(|| LeftOut::at(Step::DirectoryUser, LIST_INSTANCES, detail))
        };
        several.boxed()
    }

    async fn found_instance(&self) -> Fact<Option<FoundInstance>> {
        if let Some(instance) = self.gather.configured.whole() {
            return Fact::Known(Known {
                value: Some(FoundInstance { instance, rivals: Vec::new() }),
                as_of: self.gather.now(),
                source: Source::Live,
            });
        }
        // A re-check asks about a person, and which instance there is does not change between questions.
        let (memory, clock) = (&self.gather.memory.instance, &self.gather.clock);
        let ask = self.find_instance().boxed();
        self.in_time(LIST_INSTANCES, recall(memory, (), Freshness::Remembered, clock, ask)).await
    }

    /// Of several that are listed, the account that the bot works in tells which is the organization's.
    async fn find_instance(&self) -> Result<Option<FoundInstance>, Gap> {
        let listed = self.gather.identity_center.instances().await?;
        let own_account = match listed.len() {
            0 | 1 => None,
            // Boxed, as this future is a part of every other one.
            _ => caller(&self.gather.aws).boxed().await.ok().map(|caller| caller.account),
        };
        Ok(self.gather.configured.of(&listed, own_account.as_deref()))
    }

    /// Asks something of the instance, within the deadline.
    pub(super) async fn ask<T>(
        &self,
        operation: &str,
        question: impl AsyncFnOnce(Instance) -> Result<T, Gap>,
    ) -> Fact<T> {
        match self.instance_or_gap().await {
            Ok(instance) => self.timed(operation, question(instance)).await,
            Err(gap) => Fact::Gap(gap),
        }
    }

    /// Asks something of the instance, unless it is remembered.
    pub(super) async fn remember<K, T>(
        &self,
        operation: &str,
        memo: &Cache<K, Remembered<T>>,
        key: K,
        question: impl AsyncFnOnce(Instance) -> Result<T, Gap>,
    ) -> Fact<T>
    where
        K: Hash + Eq + Clone + Send + Sync + 'static,
        T: Clone + Send + Sync + 'static,
    {
        let instance = match self.instance_or_gap().await {
            Ok(instance) => instance,
            Err(gap) => return Fact::Gap(gap),
        };
        self.in_time(operation, recall(memo, key, self.freshness, &self.gather.clock, question(instance)))
            .await
    }

    pub(super) async fn instance_or_gap(&self) -> Result<Instance, Gap> {
        match self.instance().await {
            Fact::Known(Known { value: Some(instance), .. }) => Ok(instance),
            Fact::Gap(gap) => Err(gap),
            Fact::Known(Known { value: None, .. }) | Fact::NotAsked => Err(Gap {
                kind: GapKind::Error,
                operation: LIST_INSTANCES.to_owned(),
                detail: "there is no Identity Center instance in this Region".to_owned(),
            }),
        }
    }

    pub(super) async fn timed<T>(
        &self,
        operation: &str,
        answer: impl Future<Output = Result<T, Gap>>,
    ) -> Fact<T> {
        let as_of = self.gather.now();
        let fact = async {
            match answer.await {
                Ok(value) => Fact::Known(Known { value, as_of, source: Source::Live }),
                Err(gap) => Fact::Gap(gap),
            }
        };
        self.in_time(operation, fact).await
    }

    /// The fact, or a gap once the question's time is up. Boxed, as an SDK call's future has tens of
    /// kilobytes and a wave holds many of them: unboxed they outgrow a thread's stack.
    pub(super) async fn in_time<T>(&self, operation: &str, fact: impl Future<Output = Fact<T>>) -> Fact<T> {
        tokio::time::timeout_at(self.until, Box::pin(fact)).await.unwrap_or_else(|_| {
            Fact::Gap(Gap {
                kind: GapKind::Timeout,
                operation: operation.to_owned(),
                detail: "the time for the whole question was up".to_owned(),
            })
        })
    }
}
