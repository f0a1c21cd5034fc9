//! The IdP that feeds Identity Center, whichever of the two it is.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::diagnosis::facts::idp::{
    AppAssignment, Application, DeletedPerson, Eligibility, ForcedStep, Idp, IdpGroup, IdpGroupId, IdpPerson,
    MembershipRule, Owner, PushState, Synchronization, Trouble, TroubleAbout,
};
use crate::diagnosis::facts::{Gap, GapKind, Group};
use crate::diagnosis::wants::Deleted;
use crate::sources::entra::Entra;
use crate::sources::okta::{LogSubject, Okta, Push};

/// The IdP.
#[derive(Clone)]
pub enum IdpSource {
    Entra(Arc<Entra>),
    Okta(Arc<Okta>),
}

/// The IdP, and what one stage of asking it may take.
#[derive(Clone)]
pub struct ConnectedIdp {
    pub source: IdpSource,
    pub patience: Duration,
}

/// Between these moments.
#[derive(Clone, Copy)]
pub(super) struct Period {
    pub(super) since: Timestamp,
    pub(super) now: Timestamp,
}

impl IdpSource {
    /// Which one it is.
    pub fn idp(&self) -> Idp {
        match self {
            Self::Entra(_) => Idp::Entra,
            Self::Okta(_) => Idp::Okta,
        }
    }

    /// Everybody whom this string means, the likeliest first.
    pub(super) async fn people(&self, subject: &str) -> Result<Vec<IdpPerson>, Gap> {
        match self {
            Self::Entra(entra) => entra.people(subject).await,
            Self::Okta(okta) => okta.people(subject).await,
        }
    }

    /// The person of this id.
    pub(super) async fn person_of_id(&self, id: &str) -> Result<Option<IdpPerson>, Gap> {
        match self {
            Self::Entra(entra) => entra.person_of_id(id).await,
            Self::Okta(okta) => okta.person_of_id(id).await,
        }
    }

    /// The person among those who were deleted and can be restored; Okta keeps none of them.
    pub(super) async fn deleted_person(&self, wanted: &Deleted) -> Result<Option<DeletedPerson>, Gap> {
        match self {
            Self::Entra(entra) => entra.deleted_person(&wanted.ids, &wanted.addresses).await,
            Self::Okta(_) => Ok(None),
        }
    }

    pub(super) async fn direct_groups(&self, person: &IdpPerson) -> Result<Vec<IdpGroup>, Gap> {
        match self {
            Self::Entra(entra) => entra.direct_groups(person).await,
            Self::Okta(okta) => okta.groups(person).await,
        }
    }

    pub(super) async fn inner_group(
        &self,
        outer: &IdpGroup,
        direct: &[IdpGroup],
    ) -> Result<Option<IdpGroup>, Gap> {
        match self {
            Self::Entra(entra) => entra.inner_group(outer, direct).await,
            Self::Okta(_) => Ok(None),
        }
    }

    /// All that may be the application for AWS, the likeliest first; never none.
    pub(in crate::gather) async fn applications(&self) -> Result<Vec<Application>, Gap> {
        let (found, operation) = match self {
            Self::Entra(entra) => (entra.applications().await?, "graph:servicePrincipals"),
            Self::Okta(okta) => (okta.applications().await?, "okta:apps"),
        };
        if !found.is_empty() {
            return Ok(found);
        }
        // Without it nothing can be said of what is sent to AWS, and an admin may have renamed it.
        Err(Gap {
            kind: GapKind::Error,
            operation: operation.to_owned(),
            detail: format!("no application for AWS was found; set {}", self.application_setting()),
        })
    }

    /// What names the application in the configuration.
    pub(in crate::gather) fn application_setting(&self) -> &'static str {
        match self {
            Self::Entra(_) => "[entra] service_principal_id",
            Self::Okta(_) => "[okta] app_id",
        }
    }

    pub(super) async fn synchronization(&self, application: &Application) -> Result<Synchronization, Gap> {
        match self {
            Self::Entra(entra) => entra.synchronization(application).await,
            Self::Okta(okta) => okta.synchronization(application).await,
        }
    }

    /// Whether groups are sent at all; of a job that was never set up nothing is sent.
    pub(super) async fn sends_groups(
        &self,
        application: &Application,
        job: Option<&str>,
    ) -> Result<bool, Gap> {
        match (self, job) {
            (Self::Entra(entra), Some(job)) => Ok(entra.rules(application, job).await?.group.is_some()),
            (Self::Entra(_), None) => Ok(false),
            (Self::Okta(okta), _) => okta.sends_groups(application).await,
        }
    }

    pub(super) async fn app_assignment(
        &self,
        application: &Application,
        group: &IdpGroup,
    ) -> Result<AppAssignment, Gap> {
        match self {
            Self::Entra(entra) => entra.app_assignment(application, group).await,
            Self::Okta(okta) => okta.app_assignment(application, group).await,
        }
    }

    /// How the application has each group that it sends.
    pub(super) async fn sent_groups(
        &self,
        application: &Application,
    ) -> Result<BTreeMap<IdpGroupId, AppAssignment>, Gap> {
        match self {
            Self::Entra(entra) => entra.sent_groups(application).await,
            Self::Okta(okta) => {
                let mut pushes = okta.pushes(application).await?;
                // Of several mappings an active one counts: it comes last.
                pushes.sort_by_key(Push::is_active);
                let sent = pushes.into_iter().map(|push| (push.source, AppAssignment::Pushed(push.mapping)));
                Ok(sent.collect())
            }
        }
    }

    /// The name under which a group is sent, which at Okta its target group has; `None` if Okta has no such target and
    /// does not say that AWS lacks it.
    pub(super) async fn name_in_aws(
        &self,
        group: &IdpGroup,
        assignment: Option<&AppAssignment>,
    ) -> Result<Option<String>, Gap> {
        let (Self::Okta(okta), Some(AppAssignment::Pushed(mapping))) = (self, assignment) else {
            return Ok(Some(group.name.clone()));
        };
        let Some(target) = &mapping.target else { return Ok(Some(group.name.clone())) };
        let target = okta.group(target).await?.map(|target| target.name);
        let says_that_it_is_missing = mapping.state == PushState::Error;
        Ok(target.or_else(|| says_that_it_is_missing.then(|| group.name.clone())))
    }

    /// Whether people are assigned to the application through this group that it pushes; Entra has one assignment
    /// for both.
    pub(super) async fn assigns_people(
        &self,
        application: &Application,
        group: &IdpGroup,
    ) -> Result<bool, Gap> {
        match self {
            Self::Entra(_) => Ok(false),
            Self::Okta(okta) => okta.assigns_people(application, group).await,
        }
    }

    /// The groups that the person may activate for a while; Okta has no such thing.
    pub(super) async fn eligible(&self, person: &IdpPerson) -> Result<Vec<Eligibility>, Gap> {
        match self {
            Self::Entra(entra) => entra.eligible(person).await,
            Self::Okta(_) => Ok(Vec::new()),
        }
    }

    /// Whether there is anybody who may activate membership of this group; Okta has no such thing.
    pub(super) async fn is_activated(&self, group: &IdpGroup) -> Result<bool, Gap> {
        match self {
            Self::Entra(entra) => entra.is_activated(group).await,
            Self::Okta(_) => Ok(false),
        }
    }

    /// The rule that puts people into the group beside those whom somebody adds (Okta).
    pub(super) async fn rule_of(&self, group: &IdpGroup) -> Result<Option<MembershipRule>, Gap> {
        match self {
            Self::Entra(_) => Ok(None),
            Self::Okta(okta) => okta.rule_of(group).await,
        }
    }

    pub(super) async fn troubles_of_person(
        &self,
        application: &Application,
        person: &IdpPerson,
        period: Period,
    ) -> Result<Vec<Trouble>, Gap> {
        match self {
            Self::Entra(entra) => {
                entra.troubles(application, &person.id.0, &TroubleAbout::Person, period.since).await
            }
            Self::Okta(okta) => {
                okta.troubles(application, LogSubject::Person(person), period.since, period.now).await
            }
        }
    }

    pub(super) async fn troubles_of_group(
        &self,
        application: &Application,
        group: &IdpGroup,
        member: &IdpPerson,
        period: Period,
    ) -> Result<Vec<Trouble>, Gap> {
        match self {
            Self::Entra(entra) => {
                let about = TroubleAbout::Group(group.id.clone());
                entra.troubles(application, &group.id.0, &about, period.since).await
            }
            Self::Okta(okta) => {
                let subject = LogSubject::Membership { group, member };
                okta.troubles(application, subject, period.since, period.now).await
            }
        }
    }

    pub(super) async fn added_at(
        &self,
        group: &IdpGroup,
        person: &IdpPerson,
        period: Period,
    ) -> Result<Option<Timestamp>, Gap> {
        match self {
            Self::Entra(entra) => entra.added_at(group, person, period.since).await,
            Self::Okta(okta) => okta.added_at(group, person, period.since, period.now).await,
        }
    }

    /// The IdP's group behind a group of the identity store: by an external id that is one of the IdP's own
    /// ids, else by exact name.
    pub(super) async fn twin_of(&self, group: &Group) -> Result<Option<IdpGroup>, Gap> {
        match self.group_of_its_id(group).await? {
            Some(found) => Ok(Some(found)),
            None => match self {
                Self::Entra(entra) => entra.group_by_name(&group.name).await,
                Self::Okta(okta) => okta.group_by_name(&group.name).await,
            },
        }
    }

    /// The IdP's group with an id that stands on the group of the identity store. Okta's push names none to AWS.
    pub(super) async fn group_of_its_id(&self, group: &Group) -> Result<Option<IdpGroup>, Gap> {
        let Self::Entra(entra) = self else { return Ok(None) };
        // What else stands in an external id would be refused as malformed.
        let ids = group.external_ids.iter().filter(|external| external.is_a_uuid());
        for id in ids.map(|external| &external.id) {
            if let Some(found) = entra.group_by_id(&IdpGroupId(id.clone())).await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Every group that is assigned or pushed to the application for AWS.
    pub(in crate::gather) async fn headed_for_aws(
        &self,
        application: &Application,
    ) -> Result<Vec<IdpGroup>, Gap> {
        match self {
            Self::Entra(entra) => entra.assigned_groups(application).await,
            Self::Okta(okta) => okta.pushed_groups(application).await,
        }
    }

    /// The user names of the people whom this group would send.
    pub(in crate::gather) async fn members(&self, group: &IdpGroup) -> Result<Vec<String>, Gap> {
        match self {
            Self::Entra(entra) => entra.members(group).await,
            Self::Okta(okta) => okta.members(group).await,
        }
    }

    /// What was refused of the group itself, last: by Entra's log, or by Okta's mapping.
    pub(in crate::gather) async fn refusal_of(
        &self,
        application: &Application,
        group: &IdpGroup,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Trouble>, Gap> {
        let about = TroubleAbout::Group(group.id.clone());
        let troubles = match self {
            Self::Entra(entra) => entra.troubles(application, &group.id.0, &about, since).await?,
            Self::Okta(okta) => match okta.push_trouble(application, group).await? {
                Some(trouble) => vec![trouble],
                None => okta.troubles(application, LogSubject::Group(group), since, now).await?,
            },
        };
        Ok(troubles.into_iter().next())
    }

    pub(super) async fn owners(&self, group: &IdpGroup) -> Result<Vec<Owner>, Gap> {
        match self {
            Self::Entra(entra) => entra.owners(group).await,
            Self::Okta(okta) => okta.owners(group).await,
        }
    }

    /// Sends this one membership to AWS now: Entra provisions the person, then the group with this member, on
    /// demand; Okta pushes the group's mapping again. Neither restarts a synchronization.
    ///
    /// # Errors
    /// Where nothing was done; what failed after that is told in the steps.
    pub(in crate::gather) async fn send_now(
        &self,
        application: &Application,
        group: &IdpGroup,
        person: &IdpPerson,
    ) -> Result<Vec<ForcedStep>, Gap> {
        match self {
            Self::Entra(entra) => {
                let synchronization = entra.synchronization(application).await?;
                let job = synchronization.job.ok_or_else(|| cannot("there is no synchronization job"))?;
                let rules = entra.rules(application, &job).await?;
                let rule = rules.group.ok_or_else(|| cannot("the mapping sends no groups"))?;
                let mut steps = Vec::new();
                if let Some(rule) = &rules.user {
                    let sent = entra.provision_person_on_demand(application, &job, rule, person).await;
                    steps.extend(or_told("The person", sent)?);
                }
                let sent = entra.provision_on_demand(application, &job, &rule, group, person).await;
                let begun = !steps.is_empty();
                match or_told("The group with this member", sent) {
                    Ok(more) => steps.extend(more),
                    Err(gap) if begun => steps.push(ForcedStep {
                        name: "The group with this member".to_owned(),
                        succeeded: Some(false),
                        detail: Some(gap.detail),
                    }),
                    Err(gap) => return Err(gap),
                }
                Ok(steps)
            }
            Self::Okta(okta) => match okta.app_assignment(application, group).await? {
                AppAssignment::Pushed(mapping) => okta.push_again(application, &mapping).await,
                AppAssignment::None | AppAssignment::Assigned { .. } => {
                    Err(cannot("there is no push mapping for the group any more"))
                }
            },
        }
    }
}

/// An order that got no usable answer may have been carried out all the same: that is a step of which nobody
/// can say how it went. One that was refused was not.
fn or_told(what: &str, sent: Result<Vec<ForcedStep>, Gap>) -> Result<Vec<ForcedStep>, Gap> {
    match sent {
        Err(Gap { kind: GapKind::Timeout | GapKind::Error, detail, .. }) => Ok(vec![ForcedStep {
            name: what.to_owned(),
            succeeded: None,
            detail: Some(format!("{detail}; it may have been done all the same")),
        }]),
        told => told,
    }
}

fn cannot(why: &str) -> Gap {
    Gap { kind: GapKind::Error, operation: "sync now".to_owned(), detail: why.to_owned() }
}
