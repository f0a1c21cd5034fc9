//! AWS: who the bot is there, the Region, and each IAM action.

use futures::future::{join, join_all};

use super::{Installation, all_skipped, skipped};
use crate::checkup::needs::{About, IAM_ACTIONS, IAM_ACTIONS_OPTIONAL, about};
use crate::checkup::{Because, Check, Fault, Id, Known, ListedInstances, Outcome, Seen, Tried, credential};
use crate::config::Config;
use crate::diagnosis::facts::IdentitySource;
use crate::sources::identity_center::{
    ConfiguredInstance, FoundInstance, IdentityCenter, Instance, ListedInstance,
};
use crate::sources::organizations::Organizations;
use crate::sources::{CREDENTIALS_COME, Caller, caller, credentials};

const LIST_INSTANCES: &str = "sso:ListInstances";
const LIST_GROUPS: &str = "identitystore:ListGroups";
const FOR_PRINCIPAL: &str = "sso:ListAccountAssignmentsForPrincipal";
const PROVISIONED: &str = "sso:ListPermissionSetsProvisionedToAccount";

/// An account id that nobody has, where not even the bot's own is known.
const NO_ACCOUNT: &str = "000000000000";

/// AWS's tokens are no operation of their own: the SDK signs by itself.
const NO_TOKEN: &str = "";

/// What was seen of AWS.
pub(super) struct Looked {
    pub(super) checks: Vec<Check>,
    pub(super) known: Known,
}

pub(super) async fn look(installation: &Installation) -> Looked {
    let Installation { aws: sdk, config, patience, limits, .. } = installation;
    let (configured, digests) = (&config.aws, config.digest.schedule.is_some());
    let mut known = Known { region: sdk.region().map(ToString::to_string), ..Known::default() };
    if known.region.is_none() {
        let mut checks = vec![skipped(Id::AwsIdentity, Id::AwsRegion)];
        checks.push(Check { id: Id::AwsRegion, outcome: Outcome::Failed(Fault::NoRegion) });
        checks.extend(all_skipped(actions(), Id::AwsRegion));
        return Looked { checks, known };
    }
    if let Err(wrong) = credentials(sdk, CREDENTIALS_COME).await {
        let wrong = Outcome::Failed(Fault::Said(vec![wrong.to_string()]));
        let mut checks = vec![Check { id: Id::AwsIdentity, outcome: wrong }];
        checks.extend(all_skipped([vec![Id::AwsRegion], actions()].concat(), Id::AwsIdentity));
        return Looked { checks, known };
    }
    let sdk = patience.applied_to(sdk);
    let (identity_center, organizations) =
        (IdentityCenter::new(&sdk, *limits), Organizations::new(&sdk, *limits));
    let (caller, listed) = join(caller(&sdk), identity_center.try_instances(false)).await;
    known.account = caller.as_ref().ok().map(|caller| caller.account.clone());
    let configured = ConfiguredInstance {
        arn: configured.instance_arn.clone(),
        identity_store_id: configured.identity_store_id.clone(),
    };
    let region = region(&identity_center, &listed, &mut known).await;
    let chosen = Chosen::of(&configured, &listed, region.is_ok(), known.account.as_deref());
    let (first, meant) = (chosen.first(&listed), chosen.instance.as_ref().or(chosen.meant.as_ref()));
    known.instance_arn = meant.map(|instance| instance.arn.clone());
    known.identity_store_id = meant.map(|instance| instance.identity_store_id.clone());

    let account = known.account.as_deref().or(known.owner_account.as_deref()).unwrap_or(NO_ACCOUNT);
    let tries = Tries { identity_center: &identity_center, organizations: &organizations, account };
    let mut tried = tries.all(chosen.instance.as_ref()).await;
    let instance = chosen.outcome(&tried);
    let is_not_there = matches!(instance, Some(Outcome::Failed(_)));
    if is_not_there && chosen.meant.is_none() {
        (known.instance_arn, known.identity_store_id) = (None, None);
    }
    tried.insert(0, (LIST_INSTANCES, Some(listed.map_or_else(|tried| tried, |_| Tried::Allowed))));

    let identity = identity(caller, tried.iter().filter_map(|(_, tried)| tried.as_ref()));
    let actions = IAM_ACTIONS.map(|action| {
        let tried = tried.iter().find(|(known, _)| *known == action).and_then(|(_, tried)| tried.clone());
        let outcome = match tried {
            None => Outcome::Skipped(Because::Of(first.clone())),
            // Whoever asks something that is not there learns nothing of what is allowed.
            Some(Tried::Allowed) if is_not_there && is_about_the_instance(action) => {
                Outcome::Skipped(Because::Of(Id::AwsInstance))
            }
            Some(Tried::Denied(_)) if action == FOR_PRINCIPAL && known.delegated_account().is_some() => {
                Outcome::Skipped(Because::ManagementAccountOnly)
            }
            Some(Tried::Denied(_)) if about(action) == About::Groups && !digests => {
                Outcome::Skipped(Because::NoDigest)
            }
            Some(tried) => tried.outcome(Id::AwsIdentity, NO_TOKEN),
        };
        Check { id: Id::AwsAction(action), outcome }
    });
    let optional = tries.optional(chosen.instance.as_ref()).await;
    let mut checks = vec![Check { id: Id::AwsIdentity, outcome: identity }];
    checks.push(Check { id: Id::AwsRegion, outcome: region });
    checks.extend(instance.map(|outcome| Check { id: Id::AwsInstance, outcome }));
    checks.extend(actions);
    checks.extend(optional.into_iter().filter(|_| !is_not_there));
    checks.extend(identity_source(config, &identity_center, chosen.instance.as_ref()).await);
    Looked { checks, known }
}

/// Where people and groups come from, unless an IdP is configured, which says it.
async fn identity_source(
    config: &Config,
    identity_center: &IdentityCenter,
    instance: Option<&Instance>,
) -> Option<Check> {
    let outcome = match (config.identity_source, instance) {
        (Some(source), _) => Outcome::Ok(Seen::IdentitySource { source, is_configured: true }),
        _ if config.entra.is_some() || config.okta.is_some() => return None,
        (None, None) => return None,
        (None, Some(instance)) => match identity_center.first_groups(instance).await {
            Err(_) => Outcome::Skipped(Because::Of(Id::AwsAction(LIST_GROUPS))),
            Ok(groups) => match IdentitySource::shown_by(groups.iter().map(|group| &*group.external_ids)) {
                Some(source) => Outcome::Ok(Seen::IdentitySource { source, is_configured: false }),
                None => Outcome::Skipped(Because::NothingShows),
            },
        },
    };
    Some(Check { id: Id::AwsIdentitySource, outcome })
}

fn actions() -> Vec<Id> {
    IAM_ACTIONS.map(Id::AwsAction).to_vec()
}

fn is_about_the_instance(action: &str) -> bool {
    !matches!(about(action), About::Everything | About::Accounts)
}

/// The instance that the bot asks everything of.
struct Chosen<'c> {
    configured: &'c ConfiguredInstance,
    /// Nothing where there is none that could be asked.
    instance: Option<Instance>,
    /// The instance that is meant, as far as can be told by what is listed.
    meant: Option<Instance>,
    /// Another one that may be meant as well.
    rival: Option<Instance>,
    /// How its check stands before anything was asked of it; nothing where there is nothing to choose.
    stands: Option<Outcome>,
}

impl<'c> Chosen<'c> {
    fn of(
        configured: &'c ConfiguredInstance,
        listed: &Result<Vec<ListedInstance>, Tried>,
        is_region_right: bool,
        account: Option<&str>,
    ) -> Self {
        let is_configured = configured.arn.is_some() || configured.identity_store_id.is_some();
        let skipped = |id| is_configured.then_some(Outcome::Skipped(Because::Of(id)));
        let nothing = |stands| Self { configured, instance: None, meant: None, rival: None, stands };
        let listed = match listed {
            Ok(listed) if is_region_right => listed,
            Ok(_) => return nothing(skipped(Id::AwsRegion)),
            Err(Tried::NotTaken(_)) => return nothing(skipped(Id::AwsIdentity)),
            // The bot does not ask for a list either where all is configured.
            Err(_) => {
                return Self {
                    instance: configured.whole(),
                    ..nothing(skipped(Id::AwsAction(LIST_INSTANCES)))
                };
            }
        };
        let meant = organizations_own(listed, account);
        let found = configured.of(listed, account);
        let is_of_the_account = |found: &FoundInstance| {
            listed.iter().any(|listed| listed.instance == found.instance && listed.is_owned_by(account))
        };
        let mut chosen = Self { meant: meant.map(|meant| meant.instance.clone()), ..nothing(None) };
        match found {
            None => chosen.stands = Some(Outcome::Failed(Fault::NoSuchInstance(chosen.told()))),
            Some(found)
                if is_of_the_account(&found) && meant.is_some_and(|meant| !meant.is_owned_by(account)) =>
            {
                chosen.stands = Some(Outcome::Failed(Fault::AccountInstance(chosen.told())));
            }
            Some(FoundInstance { instance, rivals }) => {
                let seen =
                    Seen::Instance { arn: instance.arn.clone(), listed: listed.len(), rivals: rivals.len() };
                chosen.rival = rivals.into_iter().next();
                chosen.stands = (is_configured || listed.len() > 1).then_some(Outcome::Ok(seen));
                chosen.instance = Some(instance);
            }
        }
        chosen
    }

    /// What has to be well before anything is asked of the instance.
    fn first(&self, listed: &Result<Vec<ListedInstance>, Tried>) -> Id {
        match (&self.stands, listed) {
            (Some(Outcome::Failed(_)), _) => Id::AwsInstance,
            (_, Ok(_)) => Id::AwsRegion,
            (_, Err(_)) => Id::AwsAction(LIST_INSTANCES),
        }
    }

    /// How its check stands after everything that was asked of it.
    fn outcome(&self, tried: &[(&'static str, Option<Tried>)]) -> Option<Outcome> {
        let is_not_there = tried.iter().any(|(_, tried)| matches!(tried, Some(Tried::NoInstance)));
        match is_not_there {
            false => self.stands.clone(),
            true if self.configured.arn.is_none() && self.configured.identity_store_id.is_none() => {
                Some(Outcome::Failed(Fault::AccountInstance(
                    self.told_of(self.rival.as_ref().or(self.meant.as_ref())),
                )))
            }
            true => Some(Outcome::Failed(Fault::NoSuchInstance(self.told()))),
        }
    }

    fn told(&self) -> ListedInstances {
        self.told_of(self.meant.as_ref())
    }

    fn told_of(&self, meant: Option<&Instance>) -> ListedInstances {
        ListedInstances {
            arn_is_configured: self.configured.arn.is_some(),
            identity_store_is_configured: self.configured.identity_store_id.is_some(),
            meant: meant.cloned().map(|meant| (meant.arn, meant.identity_store_id)),
        }
    }
}

/// The organization's instance: beside it an account lists the one that it made for itself (user guide, "Organization
/// and account instances of IAM Identity Center").
fn organizations_own<'l>(listed: &'l [ListedInstance], account: Option<&str>) -> Option<&'l ListedInstance> {
    listed.iter().find(|listed| !listed.is_owned_by(account)).or(listed.first())
}

/// The Region, by the instance that is there; where there is none, by the one that is elsewhere.
async fn region(
    identity_center: &IdentityCenter,
    listed: &Result<Vec<ListedInstance>, Tried>,
    known: &mut Known,
) -> Outcome {
    let here = known.region.clone().unwrap_or_default();
    let listed = match listed {
        Err(Tried::NotTaken(_)) => return Outcome::Skipped(Because::Of(Id::AwsIdentity)),
        Err(_) => return Outcome::Skipped(Because::Of(Id::AwsAction(LIST_INSTANCES))),
        Ok(listed) => listed,
    };
    match organizations_own(listed, known.account.as_deref()) {
        Some(instance) => {
            known.owner_account.clone_from(&instance.owner);
            match &instance.primary_region {
                Some(primary) if *primary != here => {
                    Outcome::Failed(Fault::OtherRegion { primary: Some(primary.clone()) })
                }
                primary => Outcome::Ok(Seen::PrimaryRegion { region: here, told: primary.is_some() }),
            }
        }
        None => {
            let elsewhere = identity_center.try_instances(true).await.unwrap_or_default();
            let elsewhere = organizations_own(&elsewhere, known.account.as_deref());
            let primary = elsewhere.and_then(|elsewhere| elsewhere.primary_region.clone());
            Outcome::Failed(Fault::OtherRegion { primary })
        }
    }
}

/// Who the bot is. What STS took, another service may still not take: the clock, say.
fn identity<'t>(caller: Result<Caller, Tried>, tries: impl Iterator<Item = &'t Tried> + Clone) -> Outcome {
    match (credential(tries, NO_TOKEN), caller) {
        (Outcome::Failed(fault), _) => Outcome::Failed(fault),
        (_, Ok(caller)) => Outcome::Ok(Seen::Caller { arn: caller.arn }),
        (_, Err(Tried::NotTaken(code))) => Outcome::Failed(Fault::NotTaken(code)),
        (_, Err(tried)) => tried.outcome(Id::AwsIdentity, NO_TOKEN),
    }
}

struct Tries<'t> {
    identity_center: &'t IdentityCenter,
    organizations: &'t Organizations,
    account: &'t str,
}

impl Tries<'_> {
    /// Every action but ListInstances; nothing where it cannot be tried without an instance.
    async fn all(&self, instance: Option<&Instance>) -> Vec<(&'static str, Option<Tried>)> {
        let (provisioned, permission_set) = match instance {
            Some(instance) => {
                let (tried, found) = self.identity_center.try_provisioned(instance, self.account).await;
                (Some(tried), found)
            }
            None => (None, None),
        };
        let others = IAM_ACTIONS.into_iter().filter(|action| ![LIST_INSTANCES, PROVISIONED].contains(action));
        let others = others.map(|action| self.one(action, instance, permission_set.as_deref()));
        let mut tried = join_all(others).await;
        tried.push((PROVISIONED, provisioned));
        tried
    }

    /// The actions that the bot does without, if there is an instance to ask.
    async fn optional(&self, instance: Option<&Instance>) -> Vec<Check> {
        let Some(instance) = instance else { return Vec::new() };
        let tries = IAM_ACTIONS_OPTIONAL.map(|action| async move {
            let tried = match about(action) {
                About::IdentityStore => self.identity_center.try_store(action, instance).await,
                _ => self.identity_center.try_assignments(action, instance, self.account, None).await,
            };
            let outcome = match tried {
                Tried::Denied(_) => Outcome::Skipped(Because::Optional),
                tried => tried.outcome(Id::AwsIdentity, NO_TOKEN),
            };
            Check { id: Id::AwsAction(action), outcome }
        });
        join_all(tries).await
    }

    async fn one(
        &self,
        action: &'static str,
        instance: Option<&Instance>,
        permission_set: Option<&str>,
    ) -> (&'static str, Option<Tried>) {
        let tried = match (about(action), instance) {
            (About::Everything, _) => Some(self.organizations.try_listing().await),
            (About::Accounts, _) => Some(self.organizations.try_describing(self.account).await),
            (About::IdentityStore | About::Groups, Some(instance)) => {
                Some(self.identity_center.try_store(action, instance).await)
            }
            (About::Assignments, Some(instance)) => {
                let tried =
                    self.identity_center.try_assignments(action, instance, self.account, permission_set);
                Some(tried.await)
            }
            (About::IdentityStore | About::Groups | About::Assignments, None) => None,
        };
        (action, tried)
    }
}
