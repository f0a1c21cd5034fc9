//! From a scenario to a company: ids for keys, moments for ages, and what AWS would have made of it.

use jiff::Timestamp;

use super::{
    Account, Assignment, AssignmentRequest, Company, DIRECTORY_ISSUER, Group, Keys, Membership, Origin,
    PermissionSet, Principal, Provisioned, SCIM_ISSUER, User, ids,
};
use crate::sandbox::idp::Idp;
use crate::sandbox::scenario::outlook::Kept;
use crate::sandbox::scenario::{AccountSpec, Age, IdpKind, Person, PrincipalKey, Scenario, UserSpec};

/// Small enough that a person in six groups needs a second page.
const PAGE_SIZE: usize = 5;
/// What Organizations documents as the most for `ListAccounts`.
const ORGANIZATIONS_PAGE_SIZE: usize = 20;
/// The organization and Identity Center are older than everything in them.
const FOUNDED: Age = Age::days(900);

impl Company {
    /// The company as the scenario describes it, at the moment `now`. What the scenario mentions and does
    /// not hold is left out; [`Scenario::parse`] lets no such scenario through.
    pub fn found(scenario: &Scenario, now: Timestamp) -> Self {
        let organization_id = scenario.organization.id.clone();
        let keys = keys(scenario);
        let mut company = Self {
            management_account_id: keys
                .accounts
                .get(&scenario.organization.management_account)
                .cloned()
                .unwrap_or_default(),
            instance_arn: ids::instance_arn(&organization_id),
            instance_name: scenario.organization.instance_name.clone(),
            instance_created_at: FOUNDED.before(now),
            identity_store_id: ids::identity_store_id(),
            issuer: issuer(scenario.kept).to_owned(),
            account_instance: None,
            page_size: PAGE_SIZE,
            organizations_page_size: ORGANIZATIONS_PAGE_SIZE,
            users: Vec::new(),
            groups: groups(scenario, &keys, now),
            memberships: Vec::new(),
            accounts: accounts(scenario, now),
            permission_sets: permission_sets(scenario, &keys, now),
            assignments: Vec::new(),
            provisioned: Vec::new(),
            creation_requests: Vec::new(),
            deletion_requests: Vec::new(),
            applications: vec!["Amazon Managed Grafana".to_owned(), "Amazon QuickSight".to_owned()],
            idp: None,
            keys,
            organization_id,
        };
        for person in &scenario.people {
            for (position, user) in person.user_specs().iter().enumerate() {
                let record = user_of(scenario.idp, person, position, user, now);
                company.users.push(kept_in(scenario.kept, record, user));
            }
            company.join_groups(person, now);
        }
        company.assign_as(scenario);
        company.provision_as(scenario);
        company.remember_requests_of(scenario, now);
        company.idp = Idp::found(scenario, &company, now);
        company
    }

    /// Puts the person's records into the person's groups.
    fn join_groups(&mut self, person: &Person, now: Timestamp) {
        let records = self.users.iter().filter(|user| user.person == person.key);
        let records: Vec<String> = records.map(|user| user.id.clone()).collect();
        for membership in &person.groups {
            let Some(user_id) = records.get(membership.record).cloned() else { continue };
            let Some(group_id) = self.group_id(&membership.group).map(str::to_owned) else {
                continue;
            };
            self.memberships.push(membership_of(&group_id, &user_id, membership.since.before(now)));
        }
    }

    fn assign_as(&mut self, scenario: &Scenario) {
        for spec in &scenario.assignments {
            let groups = spec.groups.iter().cloned().map(PrincipalKey::Group);
            let people = spec.people.iter().cloned().map(PrincipalKey::Person);
            let principals = groups.chain(people).filter_map(|key| self.principal(&key));
            let former = spec.former_records.iter().map(|person| Principal::User(ids::deleted_user(person)));
            let principals: Vec<_> = principals.chain(former).collect();
            for account in &spec.accounts {
                for principal in &principals {
                    let Some(assignment) = self.assignment_to(account, &spec.permission_set, principal)
                    else {
                        continue;
                    };
                    if spec.provisioned {
                        self.set_provisioned(&assignment.account_id, &assignment.permission_set_arn, true);
                    }
                    self.assignments.push(assignment);
                }
            }
        }
    }

    fn provision_as(&mut self, scenario: &Scenario) {
        for spec in &scenario.provisioning {
            let account_id = self.account_id(&spec.account).map(str::to_owned);
            let permission_set_arn = self.permission_set_arn(&spec.permission_set).map(str::to_owned);
            if let (Some(account_id), Some(permission_set_arn)) = (account_id, permission_set_arn) {
                self.set_provisioned(&account_id, &permission_set_arn, !spec.outdated);
            }
        }
    }

    fn remember_requests_of(&mut self, scenario: &Scenario, now: Timestamp) {
        for spec in &scenario.requests {
            let Some(assignment) = self.assignment(&spec.account, &spec.permission_set, &spec.principal)
            else {
                continue;
            };
            let requests =
                if spec.deletes { &mut self.deletion_requests } else { &mut self.creation_requests };
            requests.push(AssignmentRequest {
                id: ids::uuid("request", &spec.key),
                assignment,
                status: spec.status,
                failure_reason: spec.failure_reason.clone(),
                created_at: spec.age.before(now),
            });
        }
    }

    /// The assignment that these keys describe, whether or not it exists.
    pub(super) fn assignment(
        &self,
        account: &str,
        permission_set: &str,
        principal: &PrincipalKey,
    ) -> Option<Assignment> {
        self.assignment_to(account, permission_set, &self.principal(principal)?)
    }

    fn assignment_to(
        &self,
        account: &str,
        permission_set: &str,
        principal: &Principal,
    ) -> Option<Assignment> {
        Some(Assignment {
            account_id: self.account_id(account)?.to_owned(),
            permission_set_arn: self.permission_set_arn(permission_set)?.to_owned(),
            principal: principal.clone(),
        })
    }

    pub(super) fn set_provisioned(&mut self, account_id: &str, permission_set_arn: &str, latest: bool) {
        let existing = self.provisioned.iter_mut().find(|provisioned| {
            provisioned.account_id == account_id && provisioned.permission_set_arn == permission_set_arn
        });
        match existing {
            Some(provisioned) => provisioned.latest = latest,
            None => self.provisioned.push(Provisioned {
                account_id: account_id.to_owned(),
                permission_set_arn: permission_set_arn.to_owned(),
                latest,
            }),
        }
    }
}

/// Who gives users and groups their external ids.
fn issuer(kept: Kept) -> &'static str {
    match kept {
        Kept::AtAnIdp | Kept::InIdentityCenter => SCIM_ISSUER,
        Kept::InActiveDirectory => DIRECTORY_ISSUER,
    }
}

/// Nothing is synchronized to where everything is kept.
fn origin_in(kept: Kept, origin: Origin) -> Origin {
    if kept == Kept::InIdentityCenter { Origin::Manual } else { origin }
}

/// The record as this identity source has it. Active Directory names users with the domain's short name, if nothing else
/// is configured.
fn kept_in(kept: Kept, record: User, spec: &UserSpec) -> User {
    let name = || record.user_name.split('@').next().map(|name| format!("{name}@corp"));
    match kept {
        Kept::AtAnIdp => record,
        Kept::InIdentityCenter => User { origin: Origin::Manual, external_id: None, ..record },
        Kept::InActiveDirectory => {
            let user_name = spec.user_name.clone().or_else(name).unwrap_or_default();
            User { user_name, ..record }
        }
    }
}

/// The record that `spec` describes, the person's e-mail address filled in where it is silent.
pub(super) fn user_of(
    idp: Option<IdpKind>,
    person: &Person,
    position: usize,
    spec: &UserSpec,
    now: Timestamp,
) -> User {
    let created_at = spec.age.before(now);
    let email = spec.email.clone().or_else(|| person.email.clone()).filter(|_| !spec.no_email);
    let key = ids::key_of_record(&person.key, position);
    let is_linked = spec.origin == Origin::Synced && !spec.unlinked;
    User {
        id: ids::identity_store_resource("user", &format!("{} {position}", person.key)),
        external_id: is_linked.then(|| match idp {
            Some(IdpKind::Okta) => ids::okta("00u", &key),
            Some(IdpKind::Entra) | None => ids::entra_user(&key),
        }),
        person: person.key.clone(),
        user_name: spec
            .user_name
            .clone()
            .or_else(|| person.email.clone())
            .unwrap_or_else(|| person.key.clone()),
        display_name: person.name.clone(),
        email,
        enabled: !spec.disabled,
        origin: spec.origin,
        created_at,
        updated_at: created_at,
    }
}

pub(super) fn membership_of(group_id: &str, user_id: &str, created_at: Timestamp) -> Membership {
    Membership {
        id: ids::identity_store_resource("membership", &format!("{group_id} {user_id}")),
        group_id: group_id.to_owned(),
        user_id: user_id.to_owned(),
        created_at,
    }
}

fn keys(scenario: &Scenario) -> Keys {
    let organization_id = &scenario.organization.id;
    Keys {
        people: scenario.people.iter().map(|person| (person.key.clone(), person.clone())).collect(),
        groups: scenario
            .groups
            .iter()
            .map(|group| (group.key().to_owned(), ids::identity_store_resource("group", group.key())))
            .collect(),
        accounts: scenario
            .accounts
            .iter()
            .map(|account| (account.key().to_owned(), account.id.clone()))
            .collect(),
        permission_sets: scenario
            .permission_sets
            .iter()
            .map(|set| (set.name.clone(), ids::permission_set_arn(organization_id, &set.name)))
            .collect(),
    }
}

fn groups(scenario: &Scenario, keys: &Keys, now: Timestamp) -> Vec<Group> {
    let mut groups = Vec::new();
    for spec in scenario.groups.iter().filter(|spec| !spec.deleted && !spec.only_at_idp) {
        let Some(id) = keys.groups.get(spec.key()).cloned() else {
            continue;
        };
        let created_at = spec.age.before(now);
        let external_id = match scenario.idp {
            Some(IdpKind::Entra) => ids::entra_group(spec.key()),
            Some(IdpKind::Okta) => ids::okta_app_group(spec.key()),
            None => ids::uuid("external id", &id),
        };
        let origin = origin_in(scenario.kept, spec.origin);
        groups.push(Group {
            external_id: (origin == Origin::Synced).then_some(external_id),
            id,
            display_name: spec.name.clone(),
            origin,
            created_at,
            updated_at: created_at,
        });
    }
    groups
}

fn accounts(scenario: &Scenario, now: Timestamp) -> Vec<Account> {
    let account = |spec: &AccountSpec| Account {
        id: spec.id.clone(),
        name: spec.name.clone(),
        email: format!("aws+{}@example.com", spec.id),
        state: spec.state,
        joined_at: FOUNDED.before(now),
    };
    scenario.accounts.iter().map(account).collect()
}

fn permission_sets(scenario: &Scenario, keys: &Keys, now: Timestamp) -> Vec<PermissionSet> {
    let mut permission_sets = Vec::new();
    for spec in &scenario.permission_sets {
        let Some(arn) = keys.permission_sets.get(&spec.name).cloned() else {
            continue;
        };
        permission_sets.push(PermissionSet {
            arn,
            name: spec.name.clone(),
            description: spec.description.clone(),
            created_at: FOUNDED.before(now),
        });
    }
    permission_sets
}
