//! AWS: who the bot is there, the Region, and each IAM action.

use aws_config::SdkConfig;
use futures::future::{join, join_all};

use super::{all_skipped, skipped};
use crate::checkup::needs::{About, IAM_ACTIONS, about};
use crate::checkup::{Because, Check, Fault, Id, Known, Outcome, Seen, Tried, credential};
use crate::config::Aws;
use crate::sources::identity_center::{IdentityCenter, Instance, LocatedInstance};
use crate::sources::organizations::Organizations;
use crate::sources::{CREDENTIALS_COME, Caller, Credentials, Patience, caller, credentials};

const LIST_INSTANCES: &str = "sso:ListInstances";
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

/// `digests`: whether there is a digest to read for.
pub(super) async fn look(sdk: &SdkConfig, configured: &Aws, digests: bool, patience: Patience) -> Looked {
    let mut known = Known { region: sdk.region().map(ToString::to_string), ..Known::default() };
    if known.region.is_none() {
        let mut checks = vec![skipped(Id::AwsIdentity, Id::AwsRegion)];
        checks.push(Check { id: Id::AwsRegion, outcome: Outcome::Failed(Fault::NoRegion) });
        checks.extend(all_skipped(actions(), Id::AwsRegion));
        return Looked { checks, known };
    }
    if credentials(sdk, CREDENTIALS_COME).await != Credentials::There {
        let mut checks = vec![Check { id: Id::AwsIdentity, outcome: Outcome::Failed(Fault::NoCredentials) }];
        checks.extend(all_skipped([vec![Id::AwsRegion], actions()].concat(), Id::AwsIdentity));
        return Looked { checks, known };
    }
    let sdk = patience.applied_to(sdk);
    let (identity_center, organizations) = (IdentityCenter::new(&sdk), Organizations::new(&sdk));
    let (caller, found) = join(caller(&sdk), identity_center.located_instance(false)).await;
    known.account = caller.as_ref().ok().map(|caller| caller.account.clone());
    let region = region(&identity_center, &found, &mut known).await;
    let instance = match &found {
        Ok(found) => found.as_ref().map(|found| found.instance.clone()).filter(|_| region.is_ok()),
        Err(_) => configured_instance(configured),
    };
    let of_what = match &found {
        Ok(_) => Id::AwsRegion,
        Err(_) => Id::AwsAction(LIST_INSTANCES),
    };
    known.instance_arn = instance.as_ref().map(|instance| instance.arn.clone());
    known.identity_store_id = instance.as_ref().map(|instance| instance.identity_store_id.clone());

    let account = known.account.as_deref().or(known.owner_account.as_deref()).unwrap_or(NO_ACCOUNT);
    let tries = Tries { identity_center: &identity_center, organizations: &organizations, account };
    let mut tried = tries.all(instance.as_ref()).await;
    tried.insert(0, (LIST_INSTANCES, Some(found.map_or_else(|tried| tried, |_| Tried::Allowed))));

    let identity = identity(caller, tried.iter().filter_map(|(_, tried)| tried.as_ref()));
    let actions = IAM_ACTIONS.map(|action| {
        let tried = tried.iter().find(|(known, _)| *known == action).and_then(|(_, tried)| tried.clone());
        let outcome = match tried {
            None => Outcome::Skipped(Because::Of(of_what.clone())),
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
    let mut checks = vec![Check { id: Id::AwsIdentity, outcome: identity }];
    checks.push(Check { id: Id::AwsRegion, outcome: region });
    checks.extend(actions);
    Looked { checks, known }
}

fn actions() -> Vec<Id> {
    IAM_ACTIONS.map(Id::AwsAction).to_vec()
}

fn configured_instance(configured: &Aws) -> Option<Instance> {
    let (arn, store) = (configured.instance_arn.as_ref()?, configured.identity_store_id.as_ref()?);
    Some(Instance { arn: arn.clone(), identity_store_id: store.clone() })
}

/// The Region, by the instance that is there; where there is none, by the one that is elsewhere.
async fn region(
    identity_center: &IdentityCenter,
    found: &Result<Option<LocatedInstance>, Tried>,
    known: &mut Known,
) -> Outcome {
    let here = known.region.clone().unwrap_or_default();
    match found {
        Err(Tried::NotTaken(_)) => Outcome::Skipped(Because::Of(Id::AwsIdentity)),
        Err(_) => Outcome::Skipped(Because::Of(Id::AwsAction(LIST_INSTANCES))),
        Ok(Some(instance)) => {
            known.owner_account.clone_from(&instance.owner);
            match &instance.primary_region {
                Some(primary) if *primary != here => {
                    Outcome::Failed(Fault::OtherRegion { primary: Some(primary.clone()) })
                }
                primary => Outcome::Ok(Seen::PrimaryRegion { region: here, told: primary.is_some() }),
            }
        }
        Ok(None) => {
            let elsewhere = identity_center.located_instance(true).await.ok().flatten();
            let primary = elsewhere.and_then(|elsewhere| elsewhere.primary_region);
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
