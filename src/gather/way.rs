//! One question's way to the IdP: how a single thing is asked there, within a stage's time.

use std::future::Future;
use std::hash::Hash;
use std::time::Duration;

use futures::FutureExt as _;
use tokio::time::Instant;

use super::idp_source::IdpSource;
use super::memory::{Freshness, Memo, Memory, recall};
use super::operation::{self, Operation};
use crate::diagnosis::facts::idp::{AppUser, Application, DeletedPerson, IdpPerson, Synchronization};
use crate::diagnosis::facts::{Fact, Gap, GapKind, Known, LeftOut, Source};
use crate::diagnosis::wants::Deleted;
use crate::sources::Clock;

/// One question's way to the IdP.
pub(super) struct AtTheIdp<'g> {
    pub(super) source: &'g IdpSource,
    pub(super) memory: &'g Memory,
    pub(super) clock: &'g Clock,
    pub(super) freshness: Freshness,
    /// What one stage may take.
    pub(super) patience: Duration,
}

/// How an application sends.
pub(super) struct Sending {
    pub(super) application: Fact<Option<Application>>,
    pub(super) synchronization: Fact<Synchronization>,
    pub(super) sends_groups: Fact<bool>,
    pub(super) left_out: Vec<LeftOut>,
}

impl AtTheIdp<'_> {
    pub(super) async fn app_user(
        &self,
        until: Instant,
        application: &Fact<Option<Application>>,
        person: &Fact<Option<IdpPerson>>,
    ) -> Fact<Option<AppUser>> {
        let (IdpSource::Okta(okta), Some(Some(application)), Some(Some(person))) =
            (self.source, application.value(), person.value())
        else {
            return Fact::NotAsked;
        };
        self.ask(until, operation::APP_USER, okta.app_user(application, person)).await
    }

    /// All applications for AWS, the likeliest first. Which there are does not change between a question and its re-check.
    pub(super) async fn applications(&self, until: Instant) -> Fact<Vec<Application>> {
        let asked = self.source.applications().boxed();
        let memo = &self.memory.applications;
        let asked = recall(memo, (), Freshness::Remembered, self.clock, asked);
        self.in_time(until, operation::APPLICATION, asked).await
    }

    pub(super) async fn deleted_person(&self, wanted: &Deleted) -> Fact<Option<DeletedPerson>> {
        let until = Instant::now() + self.patience;
        self.ask(until, operation::DELETED, self.source.deleted_person(wanted)).await
    }

    pub(super) async fn remember<K, T>(
        &self,
        until: Instant,
        operation: Operation,
        memo: &Memo<K, T>,
        key: K,
        answer: impl Future<Output = Result<T, Gap>>,
    ) -> Fact<T>
    where
        K: Hash + Eq + Clone + Send + Sync + 'static,
        T: Clone + Send + Sync + 'static,
    {
        self.in_time(until, operation, recall(memo, key, self.freshness, self.clock, answer)).await
    }

    pub(super) async fn ask<T>(
        &self,
        until: Instant,
        operation: Operation,
        answer: impl Future<Output = Result<T, Gap>>,
    ) -> Fact<T> {
        let as_of = (self.clock)();
        let fact = async {
            match answer.await {
                Ok(value) => Fact::Known(Known { value, as_of, source: Source::Live }),
                Err(gap) => Fact::Gap(gap),
            }
        };
        self.in_time(until, operation, fact).await
    }

    pub(super) async fn in_time<T>(
        &self,
        until: Instant,
        operation: Operation,
        fact: impl Future<Output = Fact<T>>,
    ) -> Fact<T> {
        tokio::time::timeout_at(until, Box::pin(fact)).await.unwrap_or_else(|_| {
            Fact::Gap(Gap {
                kind: GapKind::Timeout,
                operation: operation.name(self.source.idp()).to_owned(),
                detail: "no answer in time".to_owned(),
            })
        })
    }
}
