//! From a scenario to the IdP behind a company: what AWS has, and what the scenario says beyond that.

use jiff::{SignedDuration, Timestamp};

use super::log::{About, Action};
use super::sync::{CYCLE, Cycle, INTERVAL, JobState, PUSH_DELAY, Quarantine, SyncJob, earlier, later};
use super::{
    AppUser, AppUserState, Application, Group, Idp, MappingState, Membership, OtherApplication, Person,
    Problem, PushMapping,
};
use crate::sandbox::company::{Company, Origin, ids};
use crate::sandbox::scenario::idp::{
    BrokenMapping, OtherAccount, PersonAtIdp, TroubleSpec, UnfinishedAppUser,
};
use crate::sandbox::scenario::{self, Age, GroupSpec, IdpKind, Scenario, UserSpec};

/// The name of Microsoft's gallery application and of Okta's integration.
const APPLICATION: &str = "AWS IAM Identity Center";
const TENANT_DOMAIN: &str = "example.onmicrosoft.com";
/// The application is as old as the instance that it feeds.
const APPLICATION_AGE: Age = Age::days(900);
/// How long ago the last cycle ended: a change that is younger waits for the next one.
const SINCE_LAST_CYCLE: SignedDuration = SignedDuration::from_mins(14);
/// Since yesterday evening, as the next attempt is the one after 24 hours.
const IN_QUARANTINE_FOR: SignedDuration = SignedDuration::from_hours(19);
/// After how many hours a new quarantine is tried again; then daily. Source: Microsoft Entra, "Application
/// provisioning in quarantine status".
const QUARANTINE_ATTEMPTS: [i64; 3] = [6, 12, 24];
/// AWS created what the IdP sent a few minutes later.
const FIRST_PUSH: SignedDuration = SignedDuration::from_mins(3);

impl Idp {
    /// The IdP that the scenario connects, behind the AWS side as it was founded.
    pub(in crate::sandbox) fn found(scenario: &Scenario, aws: &Company, now: Timestamp) -> Option<Self> {
        let kind = scenario.idp?;
        let organization = &scenario.organization.id;
        let tenant_id = ids::uuid("entra tenant", organization);
        let mut idp = Self {
            kind,
            client_id: ids::uuid("entra application", "sso-why"),
            application: application(APPLICATION, now),
            other_applications: Vec::new(),
            people: Vec::new(),
            deleted_people: Vec::new(),
            groups: scenario.groups.iter().filter_map(|spec| group_of(kind, spec, now)).collect(),
            memberships: Vec::new(),
            job: (kind == IdpKind::Entra).then(|| job(&tenant_id, scenario.quarantined, now)),
            log: Vec::new(),
            logs_lag: logs_lag(kind, scenario, now),
            pushed_until: now,
            tenant_id,
        };
        for person in &scenario.people {
            let known = people_of(kind, person, aws, now);
            match person.idp.as_ref().and_then(|at_idp| at_idp.deleted) {
                Some(deleted) => {
                    idp.deleted_people.extend(known.into_iter().map(|one| (one, deleted.before(now))));
                }
                None => idp.people.extend(known),
            }
        }
        for person in &scenario.people {
            idp.join_groups(person, now);
        }
        idp.remember_arrivals(aws);
        idp.remember_troubles(scenario, now);
        Some(idp)
    }

    /// Adds an application of the same kind that has the groups of these keys. At Entra its job ran last.
    pub fn add_application(&mut self, name: &str, groups: &[&str], now: Timestamp) {
        let job = self.job.as_ref().map(|first| {
            let newest = Cycle { began: earlier(now, CYCLE), ended: now, failed: false };
            let id = format!("AWSIAMIdentityCenter.{}.{}", self.tenant_id, ids::uuid("entra job", name));
            SyncJob {
                id,
                state: JobState::Active,
                last: Some(newest),
                last_completed: Some(newest),
                ..first.clone()
            }
        });
        self.other_applications.push(OtherApplication {
            application: application(name, now),
            groups: groups.iter().map(|group| (*group).to_owned()).collect(),
            job,
        });
    }

    fn join_groups(&mut self, person: &scenario::Person, now: Timestamp) {
        if self.person(&person.key).is_none() {
            return;
        }
        let in_aws = person
            .groups
            .iter()
            .filter(|held| held.record == 0)
            .map(|membership| (&membership.group, membership.since));
        let at_idp = person.idp.iter().flat_map(|at_idp| &at_idp.groups).map(|membership| {
            let okta_since = membership.okta_since.filter(|_| self.kind == IdpKind::Okta);
            (&membership.group, okta_since.unwrap_or(membership.since))
        });
        let others = person.idp.iter().flat_map(|at_idp| &at_idp.others);
        for (other, held) in others.flat_map(|other| other.groups.iter().map(move |held| (other, held))) {
            self.memberships.push(Membership {
                group: held.group.clone(),
                person: format!("{} {}", person.key, other.key),
                since: held.since.before(now),
            });
        }
        let mut joined = Vec::new();
        for (group, since) in in_aws.chain(at_idp).filter(|(group, _)| self.group(group).is_some()) {
            joined.push(Membership {
                group: group.clone(),
                person: person.key.clone(),
                since: since.before(now),
            });
        }
        self.memberships.append(&mut joined);
    }

    /// The successes that the log still has: what AWS received from the IdP.
    fn remember_arrivals(&mut self, aws: &Company) {
        for person in self.people.clone() {
            if let Some(user) = aws.user_of(&person, self.kind) {
                self.note(user.created_at, About::Person(person.key), Action::Create, None);
            }
        }
        for group in self.groups.clone() {
            let Some(received) = aws.group_of_external_id(self.external_id_of(&group)) else { continue };
            self.note(received.created_at, About::Group(group.key), Action::Create, None);
        }
        for held in self.memberships.clone() {
            let (Some(person), Some(group)) = (self.person(&held.person), self.group(&held.group)) else {
                continue;
            };
            let user = aws.user_of(person, self.kind);
            let received = aws.group_of_external_id(self.external_id_of(group));
            let membership = aws.memberships.iter().find(|membership| {
                user.is_some_and(|user| user.id == membership.user_id)
                    && received.is_some_and(|received| received.id == membership.group_id)
            });
            if let Some(membership) = membership {
                let about = About::Membership { group: held.group, person: held.person };
                self.note(membership.created_at, about, Action::Update, None);
            }
        }
    }

    fn remember_troubles(&mut self, scenario: &Scenario, now: Timestamp) {
        for person in &scenario.people {
            let Some(trouble) = person.idp.as_ref().and_then(|at_idp| at_idp.trouble.as_ref()) else {
                continue;
            };
            let about = About::Person(person.key.clone());
            self.note(trouble.age.before(now), about, Action::Create, Some(problem(trouble)));
        }
        for group in &scenario.groups {
            let Some(trouble) = group.idp.as_ref().and_then(|at_idp| at_idp.trouble.as_ref()) else {
                continue;
            };
            let about = About::Group(group.key().to_owned());
            self.note(trouble.age.before(now), about, Action::Update, Some(problem(trouble)));
        }
    }
}

fn logs_lag(kind: IdpKind, scenario: &Scenario, now: Timestamp) -> SignedDuration {
    let lag = scenario.organization.logs_lag.filter(|_| kind == IdpKind::Entra);
    lag.map_or(SignedDuration::ZERO, |lag| now.duration_since(lag.before(now)))
}

fn application(name: &str, now: Timestamp) -> Application {
    Application {
        name: name.to_owned(),
        object_id: ids::uuid("entra service principal", name),
        app_id: ids::uuid("entra application", name),
        okta_id: ids::okta("0oa", name),
        created_at: APPLICATION_AGE.before(now),
    }
}

/// Everybody at the IdP who belongs to this person's story: other accounts first, as a directory lists them in no order.
fn people_of(kind: IdpKind, person: &scenario::Person, aws: &Company, now: Timestamp) -> Vec<Person> {
    let others = person.idp.iter().flat_map(|at_idp| &at_idp.others);
    let others = others.map(|other| other_account(kind, person, other, now));
    others.chain(own_people_of(kind, person, aws, now)).collect()
}

fn other_account(kind: IdpKind, person: &scenario::Person, other: &OtherAccount, now: Timestamp) -> Person {
    let key = format!("{} {}", person.key, other.key);
    Person {
        object_id: ids::entra_user(&key),
        okta_id: ids::okta("00u", &key),
        display_name: other.user_name.clone(),
        user_name: other.user_name.clone(),
        email: other.email.clone(),
        enabled: !other.disabled,
        app_user: None,
        key,
        ..person_of(kind, person, 0, &UserSpec::default(), now)
    }
}

/// One person of the IdP for each synced user, and one where the scenario puts somebody without a user.
fn own_people_of(kind: IdpKind, person: &scenario::Person, aws: &Company, now: Timestamp) -> Vec<Person> {
    let specs = person.user_specs();
    if specs.is_empty() && person.idp.is_some() {
        return vec![person_of(kind, person, 0, &UserSpec::default(), now)];
    }
    let synced = specs.iter().enumerate().filter(|(_, spec)| spec.origin == Origin::Synced);
    synced
        .map(|(position, spec)| {
            let mut known = person_of(kind, person, position, spec, now);
            let id = ids::identity_store_resource("user", &format!("{} {position}", person.key));
            let user = aws.users.iter().find(|user| user.id == id);
            if let Some(user) = user.filter(|_| kind == IdpKind::Okta) {
                known.app_user = Some(AppUser {
                    state: AppUserState::Provisioned,
                    since: user.created_at,
                    external_id: Some(user.id.clone()),
                });
            }
            known
        })
        .collect()
}

/// The person whose record of that position `spec` describes.
pub(super) fn person_of(
    kind: IdpKind,
    person: &scenario::Person,
    position: usize,
    spec: &UserSpec,
    now: Timestamp,
) -> Person {
    let key = ids::key_of_record(&person.key, position);
    let at_idp = person.idp.clone().unwrap_or_default();
    let email = at_idp.email.clone().or_else(|| spec.email.clone()).or_else(|| person.email.clone());
    let names = [&at_idp.user_name, &spec.user_name, &person.email];
    let own_name = names.into_iter().flatten().next().unwrap_or(&key).clone();
    let (given_name, family_name) = person.name.split_once(' ').unwrap_or((&person.name, ""));
    let has_family_name = !at_idp.no_last_name && !family_name.is_empty();
    let created_at = at_idp.age.unwrap_or(spec.age).before(now);
    Person {
        object_id: ids::entra_user(&key),
        okta_id: ids::okta("00u", &key),
        given_name: Some(given_name.to_owned()),
        family_name: has_family_name.then(|| family_name.to_owned()),
        display_name: person.name.clone(),
        user_name: if at_idp.guest && kind == IdpKind::Entra { guest_name(&own_name) } else { own_name },
        email: email.filter(|_| !at_idp.no_email),
        aliases: at_idp.aliases.clone(),
        enabled: !at_idp.disabled.unwrap_or(spec.disabled),
        guest: at_idp.guest,
        created_at,
        changed_at: created_at,
        app_user: if kind == IdpKind::Okta { unfinished_app_user(&person.key, &at_idp, now) } else { None },
        key,
    }
}

/// `anna@agency.example` is `anna_agency.example#EXT#@…` in the tenant that invited her.
fn guest_name(name: &str) -> String {
    format!("{}#EXT#@{TENANT_DOMAIN}", name.replace('@', "_"))
}

fn unfinished_app_user(key: &str, at_idp: &PersonAtIdp, now: Timestamp) -> Option<AppUser> {
    let spec = at_idp.app_user?;
    let state = match spec.state {
        UnfinishedAppUser::Staged => AppUserState::Staged,
        UnfinishedAppUser::Failed => AppUserState::Failed,
        UnfinishedAppUser::DeletedInAws | UnfinishedAppUser::NeverCreated => AppUserState::Provisioned,
    };
    let once_in_aws = spec.state == UnfinishedAppUser::DeletedInAws;
    let external_id = once_in_aws.then(|| ids::deleted_user(key));
    Some(AppUser { state, since: spec.age.before(now), external_id })
}

fn group_of(kind: IdpKind, spec: &GroupSpec, now: Timestamp) -> Option<Group> {
    let at_idp = spec.at_idp()?;
    let key = spec.key().to_owned();
    let created_at = spec.age.before(now);
    let stuck = at_idp.trouble.as_ref().filter(|_| at_idp.stuck).map(problem);
    let assigned_at = at_idp.assigned_age.map_or(created_at, |age| age.before(now));
    let mapping = || {
        let mut mapping = push_mapping_of(&key, &spec.name, assigned_at);
        mapping.last_push = (later(assigned_at, PUSH_DELAY) <= now).then(|| later(assigned_at, FIRST_PUSH));
        if let Some(broken) = &at_idp.push_mapping {
            mapping.state = match broken.state {
                BrokenMapping::Inactive => MappingState::Inactive,
                BrokenMapping::Error => MappingState::Error,
            };
            mapping.updated_at = broken.age.before(now);
            mapping.error.clone_from(&broken.error);
            mapping.off_by_a_rename = broken.by_a_rename;
        }
        mapping
    };
    Some(Group {
        object_id: ids::entra_group(&key),
        okta_id: ids::okta("00g", &key),
        okta_app_group_id: ids::okta_app_group(&key),
        name: at_idp.named.unwrap_or_else(|| spec.name.clone()),
        created_at,
        changed_at: created_at,
        assigned_since: (kind == IdpKind::Entra && at_idp.assigned).then_some(assigned_at),
        push_mapping: (kind == IdpKind::Okta && at_idp.assigned).then(mapping),
        groups_inside: if kind == IdpKind::Entra { at_idp.groups_inside } else { Vec::new() },
        assigns_people: at_idp.assigns_people,
        filled: at_idp.filled,
        eligible: at_idp.eligible,
        owners: at_idp.owners,
        stuck,
        key,
    })
}

/// An active mapping that has not pushed yet.
pub(super) fn push_mapping_of(group: &str, target_name: &str, now: Timestamp) -> PushMapping {
    PushMapping {
        id: ids::okta("gPm", group),
        target_name: target_name.to_owned(),
        state: MappingState::Active,
        created_at: now,
        updated_at: now,
        last_push: None,
        error: String::new(),
        off_by_a_rename: false,
    }
}

fn job(tenant_id: &str, quarantined: bool, now: Timestamp) -> SyncJob {
    let completed = |ended: Timestamp| Cycle { began: earlier(ended, CYCLE), ended, failed: false };
    let newest = completed(earlier(now, SINCE_LAST_CYCLE));
    let job = SyncJob {
        id: format!("AWSIAMIdentityCenter.{tenant_id}.{}", ids::uuid("entra job", tenant_id)),
        template_id: "AWSIAMIdentityCenter".to_owned(),
        rule_id: ids::uuid("entra rule", tenant_id),
        state: JobState::Active,
        sends_groups: true,
        last: Some(newest),
        last_completed: Some(newest),
        running_since: None,
        failures_in_a_row: 0,
        next_begins: later(newest.ended, INTERVAL),
    };
    if !quarantined {
        return job;
    }
    let since = earlier(now, IN_QUARANTINE_FOR);
    let [_, last_attempt, next_attempt] =
        QUARANTINE_ATTEMPTS.map(|hours| later(since, SignedDuration::from_hours(hours)));
    SyncJob {
        state: JobState::Quarantine(Quarantine {
            reason: "EncounteredQuarantineException".to_owned(),
            since,
            next_attempt,
            // The one that began the quarantine, and those after 6 and 12 hours.
            attempts: 3,
        }),
        last: Some(Cycle { began: last_attempt, ended: last_attempt, failed: true }),
        last_completed: Some(completed(earlier(since, INTERVAL))),
        failures_in_a_row: 3,
        ..job
    }
}

fn problem(trouble: &TroubleSpec) -> Problem {
    Problem {
        code: trouble.code.clone(),
        reason: trouble.reason.clone(),
        recommended_action: trouble.recommended_action.clone(),
        is_skip: trouble.skipped,
        excluded_by: trouble.excluded_by.clone(),
    }
}
