//! What gathering works with: the sources, what is remembered of them, the clock and the deadline.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use futures::future::BoxFuture;
use jiff::Timestamp;

use super::idp_source::ConnectedIdp;
use super::memory::Memory;
use crate::diagnosis::Diagnosis;
use crate::diagnosis::facts::idp::ForcedStep;
use crate::diagnosis::facts::{FormerName, Gap, GapKind, GroupId, IdentitySource};
use crate::sources::identity_center::{ConfiguredInstance, IdentityCenter};
use crate::sources::organizations::Organizations;
use crate::sources::{Clock, Limits, Patience};

/// How long a person waits for an answer at most, whatever the upstreams do. At 15 calls a second this reads
/// an account with some 300 permission sets whose names are not remembered; of a larger one (AWS's quota is
/// 500) the rest is told as a gap, and the names that were read are there for the next question.
pub const DEADLINE: Duration = Duration::from_secs(45);

/// Returns what these deleted groups were called, as far as it is remembered.
pub type FormerNames =
    Arc<dyn Fn(Vec<GroupId>) -> BoxFuture<'static, BTreeMap<GroupId, FormerName>> + Send + Sync>;

/// Asks the sources.
pub struct Gather {
    pub(super) identity_center: IdentityCenter,
    pub(super) organizations: Organizations,
    /// For the one question who the bot is.
    pub(super) aws: SdkConfig,
    pub(super) memory: Memory,
    pub(super) configured: ConfiguredInstance,
    /// Where people and groups come from, as configured.
    pub(super) identity_source: Option<IdentitySource>,
    /// Who may say what deleted groups were called.
    pub(super) former_names: Option<FormerNames>,
    pub(super) idp: Option<ConnectedIdp>,
    pub(super) clock: Clock,
    pub(super) deadline: Duration,
}

impl Gather {
    /// Sources with this AWS configuration; nothing is asked yet.
    pub fn new(
        aws: &SdkConfig,
        configured: ConfiguredInstance,
        idp: Option<ConnectedIdp>,
        patience: Patience,
        limits: Limits,
        deadline: Duration,
        clock: Clock,
    ) -> Self {
        let aws = patience.applied_to(aws);
        Self {
            identity_center: IdentityCenter::new(&aws, limits),
            organizations: Organizations::new(&aws, limits),
            aws,
            memory: Memory::new(),
            configured,
            identity_source: None,
            former_names: None,
            idp,
            clock,
            deadline,
        }
    }

    /// The same, told where people and groups come from.
    pub fn with_identity_source(self, identity_source: Option<IdentitySource>) -> Self {
        Self { identity_source, ..self }
    }

    /// The same, with somebody to ask what deleted groups were called.
    pub fn with_former_names(self, former_names: FormerNames) -> Self {
        Self { former_names: Some(former_names), ..self }
    }

    /// What time it is here.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Has the IdP send the membership that this diagnosis misses; see [`super::IdpSource`].
    ///
    /// # Errors
    /// If there is nothing to send, or nothing was done.
    pub async fn send_now(&self, diagnosis: &Diagnosis) -> Result<Vec<ForcedStep>, Gap> {
        let (Some(idp), Some(application), Some(group), Some(person)) =
            (&self.idp, &diagnosis.application, diagnosis.group_to_send(), &diagnosis.idp_person)
        else {
            return Err(Gap {
                kind: GapKind::NotConfigured,
                operation: "sync now".to_owned(),
                detail: "there is nothing to send".to_owned(),
            });
        };
        idp.source.send_now(application, group, person).await
    }
}
