//! Gathering: asks the sources on the call plan and returns facts. It never fails as a whole; what could
//! not be read is a gap, and nothing takes longer than the deadline.
//!
//! The plan, where A is the number of permission sets provisioned on the account and m the person's
//! memberships:
//! 1. at once: GetUserId by user name and by e-mail, DescribeAccount, and
//!    ListPermissionSetsProvisionedToAccount for either version (one call more than a list without
//!    versions, to tell an outdated one);
//! 2. at once: DescribeUser, ListGroupMembershipsForMember, ListAccountAssignmentsForPrincipal and
//!    A × ListAccountAssignments, with the permission sets' names where they are not remembered;
//! 3. the name of the group that gives the access; or, where access is missing, the groups involved and the
//!    creation requests, at once.
//!
//! Two round trips where access is there and names are remembered, three where not; requests under way cost
//! one more, as their list names no account. A cold start adds ListInstances and ListAccounts before.

mod plan;
mod inquiry;
mod memory;
mod at_the_idp;
mod portal;
mod duplicates;

pub use at_the_idp::{ConnectedIdp, IdpSource};
pub use memory::Freshness;

use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use futures::FutureExt as _;
use futures::future::join;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::diagnosis::Diagnosis;
use crate::diagnosis::facts::idp::ForcedStep;
use crate::diagnosis::facts::{Account, Fact, Facts, Gap, GapKind};
use crate::diagnosis::question::Question;
pub use crate::sources::Clock;
pub use crate::sources::identity_center::ConfiguredInstance;
use crate::sources::identity_center::{IdentityCenter, Instance};
use crate::sources::organizations::Organizations;
use crate::sources::{Limits, Patience};
use inquiry::Inquiry;
use memory::Memory;

/// How long a person waits for an answer at most, whatever the upstreams do. At 15 calls a second this reads
/// an account with some 300 permission sets whose names are not remembered; of a larger one (AWS's quota is
/// 500) the rest is told as a gap, and the names that were read are there for the next question.
pub const DEADLINE: Duration = Duration::from_secs(45);

/// Above this many permission sets on an account, the person's own assignments are read first, and all
/// the others only where those do not answer the question: 14 fit the second that SSO Admin's rate allows,
/// and two seconds are a wait that nobody needs.
const MANY_PERMISSION_SETS: usize = 30;

/// Groups asked one by one for their assignments, where the account has no permission set at all.
const GROUPS_ASKED_ONE_BY_ONE: usize = 20;

/// Direct assignments whose user is looked up, to find those that no longer exist.
const USERS_LOOKED_UP: usize = 10;

/// Groups of which it is counted how many accounts they open, where the person is in none of them.
const GROUPS_COUNTED: usize = 10;

/// Account names offered for a mistyped one: they become buttons, and five fit a row on a phone.
const NEAREST_NAMES: usize = 5;

/// Asks the sources.
pub struct Gather {
    identity_center: IdentityCenter,
    organizations: Organizations,
    memory: Memory,
    configured: ConfiguredInstance,
    idp: Option<ConnectedIdp>,
    clock: Clock,
    deadline: Duration,
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
            memory: Memory::new(),
            configured,
            idp,
            clock,
            deadline,
        }
    }

    /// What time it is here.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Everything that the question needs.
    pub async fn facts(&self, question: Question, freshness: Freshness) -> Facts {
        self.facts_by(self.inquiry(freshness), question).await
    }

    async fn facts_by(&self, inquiry: Inquiry<'_>, question: Question) -> Facts {
        let subject = question.subject.clone();
        let mut facts = Facts::none(question, self.now());
        // Boxed, as the types of three nested rounds of calls would overflow the compiler.
        let at_aws = async {
            inquiry.who_and_where(&mut facts).boxed().await;
            inquiry.what_the_person_has(&mut facts).boxed().await;
        };
        let at_the_idp = async {
            let idp = inquiry.at_the_idp()?;
            Some(idp.who_and_how(&subject).await)
        };
        let ((), idp) = join(at_aws, at_the_idp.boxed()).await;
        facts.idp = idp;
        inquiry.what_opens_it_for_somebody_new(&mut facts).boxed().await;
        inquiry.why_it_is_not_there(&mut facts).boxed().await;
        facts.checked_at = self.now();
        facts
    }

    /// Everything that AWS alone shows, asked anew: whether something has arrived.
    pub async fn facts_of_aws(&self, question: Question) -> Facts {
        self.facts_by(Inquiry { ask_the_idp: false, ..self.inquiry(Freshness::Live) }, question).await
    }

    /// All accounts by name, for a type-ahead; remembered.
    pub async fn accounts(&self) -> Fact<Arc<Vec<Account>>> {
        self.inquiry(Freshness::Remembered).accounts().await
    }

    /// The Identity Center instance of this Region: configured, or found.
    pub async fn instance(&self) -> Fact<Option<Instance>> {
        self.inquiry(Freshness::Remembered).instance().await
    }

    /// Has the IdP send the membership that this diagnosis misses; see [`IdpSource`].
    ///
    /// # Errors
    /// Where there is nothing to send, or nothing was done.
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

    fn inquiry(&self, freshness: Freshness) -> Inquiry<'_> {
        Inquiry { gather: self, freshness, ask_the_idp: true, until: Instant::now() + self.deadline }
    }
}
