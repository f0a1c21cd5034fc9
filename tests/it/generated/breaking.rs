//! How each fault breaks the tables.

mod groups;

use jiff::{SignedDuration, Timestamp};
use sso_why::sandbox::company::{
    Account, AccountState, Assignment, AssignmentRequest, Company, Origin, Principal, RequestStatus, ids,
};
use sso_why::sandbox::idp::log::About;
use sso_why::sandbox::idp::sync::{Cycle, JobState, Quarantine};
use sso_why::sandbox::idp::{AppUser, AppUserState, MappingState};
use sso_why::sandbox::scenario::IdpKind;
use sso_why::sandbox::scenario::idp::FilledSpec;

use super::asker::{group_id, in_since, of_the_asker, out_of_the_group, the_user, unknown_to_aws};
use super::dice::Dice;
use super::fault::Fault;
use super::mess::Mess;
use super::plan::{ASKER, GROUP, Plan};
use super::tables::{
    at_the_idp, delete_group, hold_back, idp_group, leave_at_the_idp, log, problem, the_idp,
};
use groups::{look_alike, name_taken, only_nested, recreated, twin_at_the_idp};

impl Fault {
    /// Breaks it.
    pub fn inject(self, company: &mut Company, plan: &mut Plan, dice: &mut Dice, now: Timestamp) {
        let minutes = SignedDuration::from_mins;
        let before = |ago: SignedDuration| now.checked_sub(ago).expect("a time");
        let just_now = before(minutes(dice.between(1, 12)));
        let days_ago = before(SignedDuration::from_hours(24 * dice.between(1, 5)));
        match self {
            Self::None => {}
            Self::Outdated => of_the_asker(company, plan).for_each(|one| one.latest = false),
            Self::TypedLoosely => {
                let joint = *dice.pick(&["-", " ", "_", "  "]);
                plan.typed = plan.typed.to_lowercase().replace(['-', '_', ' '], joint);
            }
            Self::Mistyped => mistype(plan, dice),
            Self::AccountTwin => account_twin(company, plan),
            Self::Suspended => account(company, plan).state = AccountState::Suspended,
            Self::NotInGroup | Self::NotActivated | Self::RulePaused => {
                if company.idp.is_some() {
                    leave_at_the_idp(company, GROUP, ASKER);
                }
                out_of_the_group(company);
                match self {
                    Self::NotActivated => idp_group(company, GROUP).eligible.push(ASKER.to_owned()),
                    Self::RulePaused => pause_the_rule(company),
                    _ => {}
                }
            }
            // What is in Active Directory is told of it alone.
            Self::JustAdded | Self::Paused | Self::OutOfScope if company.idp.is_none() => {
                out_of_the_group(company);
            }
            Self::OutOfScope => {}
            Self::OnlyNested => only_nested(company, days_ago),
            Self::GroupNotAssigned => {
                in_since(company, days_ago);
                let group = idp_group(company, GROUP);
                (group.assigned_since, group.push_mapping) = (None, None);
            }
            Self::PersonNotAssigned => {
                in_since(company, days_ago);
                unknown_to_aws(company);
                at_the_idp(company, ASKER).app_user = None;
            }
            Self::JustAdded => in_since(company, just_now),
            Self::GroupJustAssigned => {
                in_since(company, days_ago);
                let group = idp_group(company, GROUP);
                group.assigned_since = group.assigned_since.map(|_| just_now);
                group.changed_at = just_now;
                if let Some(mapping) = &mut group.push_mapping {
                    (mapping.created_at, mapping.updated_at, mapping.last_push) = (just_now, just_now, None);
                }
            }
            Self::OnlyAnAlias => {
                let alias = "dreyes@alias.example";
                alias.clone_into(&mut plan.subject);
                if company.idp.is_some() {
                    at_the_idp(company, ASKER).aliases.push(alias.to_owned());
                }
            }
            Self::Missed => in_since(company, days_ago),
            Self::Paused => {
                in_since(company, just_now);
                job(company).state = JobState::Paused;
            }
            Self::TokenExpired => quarantine(company, "EncounteredQuarantineException", now),
            Self::TooManyDeletions => quarantine(company, "TooManyDeletes", now),
            Self::GroupsNotSent => {
                in_since(company, days_ago);
                job(company).sends_groups = false;
            }
            Self::PushOff => {
                in_since(company, days_ago);
                let mapping = idp_group(company, GROUP).push_mapping.as_mut().expect("it is pushed");
                (mapping.state, mapping.updated_at) = (MappingState::Inactive, before(minutes(60 * 24 * 9)));
            }
            Self::PushOffByARename => {
                in_since(company, days_ago);
                let group = idp_group(company, GROUP);
                "Renamed At Okta".clone_into(&mut group.name);
                let mapping = group.push_mapping.as_mut().expect("it is pushed");
                (mapping.state, mapping.off_by_a_rename) = (MappingState::Inactive, true);
                mapping.updated_at = before(minutes(60 * 24 * 9));
            }
            Self::GroupRejected => {
                in_since(company, days_ago);
                let rejected = problem("InvalidValue", "The target rejects the description.", false);
                hold_back(company, GROUP, rejected, before(minutes(60)));
            }
            Self::NameTaken => name_taken(company, days_ago),
            Self::PersonRejected => person_rejected(company, days_ago, now),
            Self::JustAddedAfterAnError => {
                in_since(company, just_now);
                let old = problem("InvalidValue", "The target rejects two phone numbers.", false);
                log(company, About::Person(ASKER.to_owned()), old, days_ago);
            }
            Self::Queued | Self::NeverCreated => not_created(company, self, just_now, days_ago),
            Self::SkippedAsNotEntitled | Self::SkippedForAMember => {
                in_since(company, days_ago);
                let code = match self {
                    Self::SkippedAsNotEntitled => "NotEffectivelyEntitled",
                    _ => "UnableToResolveReferenceAttributeValue",
                };
                hold_back(company, GROUP, problem(code, "Skipped.", true), before(minutes(30)));
            }
            Self::DisabledAtTheIdp => {
                at_the_idp(company, ASKER).enabled = false;
                the_user(company).enabled = dice.percent(50);
            }
            Self::DisabledInAws => the_user(company).enabled = false,
            Self::DeletedInAws => unknown_to_aws(company),
            Self::Absent => absent(company),
            Self::SecondRecord => second_record(company, plan),
            Self::SharedAddress => shared_address(company, dice),
            Self::GroupDeletedInAws => {
                let group = group_id(company);
                delete_group(company, &group);
                if let Some(mapping) = idp_group(company, GROUP).push_mapping.as_mut()
                    && dice.percent(60)
                {
                    // Okta has tried since.
                    mapping.state = MappingState::Error;
                    mapping.error = "The linked group is missing in the target application.".to_owned();
                }
            }
            Self::Recreated => recreated(company, plan, days_ago),
            Self::LookAlike => look_alike(company, dice),
            Self::TwinAtTheIdp => twin_at_the_idp(company, dice, days_ago),
            Self::Unassigned => drop(take_the_assignment(company, plan)),
            Self::Ended => {
                let assignment = take_the_assignment(company, plan);
                company.deletion_requests.push(AssignmentRequest {
                    id: ids::uuid("request", "ended"),
                    assignment,
                    status: RequestStatus::Succeeded,
                    failure_reason: None,
                    created_at: before(minutes(dice.between(60, 60 * 24 * 20))),
                });
            }
            Self::AnotherSetWanted => plan.permission_set = Some("Admin".to_owned()),
            Self::RequestInProgress => request(company, plan, RequestStatus::InProgress, just_now),
            Self::RequestFailed => request(company, plan, RequestStatus::Failed, days_ago),
            Self::NotProvisioned => {
                let (account, set) = (plan.account.clone(), set_arn(company, plan));
                company.provisioned.retain(|one| one.account_id != account || one.permission_set_arn != set);
            }
        }
    }
}

fn not_created(company: &mut Company, fault: Fault, just_now: Timestamp, days_ago: Timestamp) {
    let (state, since) = match fault {
        Fault::Queued => (AppUserState::Staged, just_now),
        _ => (AppUserState::Provisioned, days_ago),
    };
    in_since(company, since);
    unknown_to_aws(company);
    at_the_idp(company, ASKER).app_user = Some(AppUser { state, since, external_id: None });
}

fn second_record(company: &mut Company, plan: &Plan) {
    let user = the_user(company);
    let email = user.email.replace("dana@old.example".to_owned());
    let second = sso_why::sandbox::company::User {
        id: ids::identity_store_resource("user", "second"),
        person: "second".to_owned(),
        user_name: "dana-admin".to_owned(),
        email: email.or_else(|| Some(plan.subject.clone())),
        origin: Origin::Manual,
        external_id: None,
        ..user.clone()
    };
    company.users.push(second);
}

/// The other one comes first or last in the IdP's lists.
fn shared_address(company: &mut Company, dice: &mut Dice) {
    let other = sso_why::sandbox::idp::Person {
        key: "sharer".to_owned(),
        object_id: ids::uuid("entra user", "sharer"),
        okta_id: ids::okta("00u", "sharer"),
        user_name: "shared-mailbox@corp.example".to_owned(),
        display_name: "Shared Mailbox".to_owned(),
        app_user: None,
        ..at_the_idp(company, ASKER).clone()
    };
    let people = &mut the_idp(company).people;
    let at = if dice.percent(50) { 0 } else { people.len() };
    people.insert(at, other);
}

fn pause_the_rule(company: &mut Company) {
    if let Some(FilledSpec::Rule { paused, .. }) = &mut idp_group(company, GROUP).filled {
        *paused = true;
    }
}

pub fn set_arn(company: &Company, plan: &Plan) -> String {
    company.permission_set_arn(&plan.set).expect("the permission set").to_owned()
}

fn account<'c>(company: &'c mut Company, plan: &Plan) -> &'c mut Account {
    company.accounts.iter_mut().find(|account| account.id == plan.account).expect("the account")
}

fn job(company: &mut Company) -> &mut sso_why::sandbox::idp::sync::SyncJob {
    the_idp(company).job.as_mut().expect("Entra's job")
}

/// One letter of the name is missing, and no account has that name.
fn mistype(plan: &mut Plan, dice: &mut Dice) {
    let letters: Vec<char> = plan.typed.chars().collect();
    let missing = 1 + dice.below(letters.len() - 2);
    plan.typed =
        letters.iter().enumerate().filter(|(at, _)| *at != missing).map(|(_, letter)| letter).collect();
}

fn account_twin(company: &mut Company, plan: &Plan) {
    let twin = Account { id: "200000000077".to_owned(), ..account(company, plan).clone() };
    company.accounts.push(twin);
}

/// The job is in quarantine since yesterday, and the asker was added since.
fn quarantine(company: &mut Company, reason: &str, now: Timestamp) {
    let hours = |hours: i64| SignedDuration::from_hours(hours);
    let before = |ago: SignedDuration| now.checked_sub(ago).expect("a time");
    in_since(company, before(hours(3)));
    let since = before(hours(19));
    let next_attempt = since.checked_add(hours(24)).expect("a time");
    let job = job(company);
    let (last_good, last) = (before(hours(20)), before(hours(7)));
    job.state =
        JobState::Quarantine(Quarantine { reason: reason.to_owned(), since, next_attempt, attempts: 3 });
    job.last = Some(Cycle { began: last, ended: last, failed: true });
    job.last_completed = Some(Cycle { began: last_good, ended: last_good, failed: false });
    job.failures_in_a_row = 3;
}

fn person_rejected(company: &mut Company, since: Timestamp, now: Timestamp) {
    in_since(company, since);
    unknown_to_aws(company);
    let is_okta = the_idp(company).kind == IdpKind::Okta;
    let person = at_the_idp(company, ASKER);
    person.family_name = None;
    (person.created_at, person.changed_at) = (since, since);
    if is_okta {
        person.app_user = Some(AppUser { state: AppUserState::Failed, since, external_id: None });
    }
    the_idp(company).log.retain(|entry| entry.about != About::Person(ASKER.to_owned()));
    let lacks = "The target system requires the attribute name.familyName, and the person has no last name.";
    let recently = now.checked_sub(SignedDuration::from_mins(20)).expect("a time");
    log(company, About::Person(ASKER.to_owned()), problem("MandatoryFieldsMissing", lacks, false), recently);
}

fn absent(company: &mut Company) {
    unknown_to_aws(company);
    let idp = the_idp(company);
    idp.people.retain(|person| person.key != ASKER);
    idp.memberships.retain(|held| held.person != ASKER);
}

fn take_the_assignment(company: &mut Company, plan: &Plan) -> Assignment {
    let set = set_arn(company, plan);
    let principal = match plan.has(Mess::Direct) {
        true => Principal::User(the_user(company).id.clone()),
        false => Principal::Group(group_id(company)),
    };
    let taken = Assignment { account_id: plan.account.clone(), permission_set_arn: set, principal };
    company.assignments.retain(|held| *held != taken);
    taken
}

fn request(company: &mut Company, plan: &Plan, status: RequestStatus, at: Timestamp) {
    let assignment = take_the_assignment(company, plan);
    let failure_reason =
        (status == RequestStatus::Failed).then(|| "The role could not be created.".to_owned());
    company.creation_requests.push(AssignmentRequest {
        id: ids::uuid("request", "asked"),
        assignment,
        status,
        failure_reason,
        created_at: at,
    });
}
