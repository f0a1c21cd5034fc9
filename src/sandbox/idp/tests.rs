//! Cycles, pushes and forced syncs, to the minute.

use jiff::{SignedDuration, Timestamp};

use super::force::{StepKind, StepOutcome};
use super::log::About;
use super::sync::{Cycle, JobState, SyncJob};
use super::{AppUserState, Idp, MappingState};
use crate::sandbox::company::{Change, Company};
use crate::sandbox::scenario::Scenario;

fn company(name: &str) -> (Company, Timestamp) {
    let now = at("2026-11-23T14:12:00Z");
    (Company::found(&Scenario::named(name).unwrap().unwrap(), now), now)
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn idp(company: &Company) -> &Idp {
    company.idp.as_ref().unwrap()
}

fn job(company: &Company) -> &SyncJob {
    idp(company).job.as_ref().unwrap()
}

fn is_in(company: &Company, person: &str, group: &str) -> bool {
    let group_id = company.group_id(group).unwrap();
    company.user_id(person).is_some_and(|user_id| company.group_ids_of(user_id).contains(&group_id))
}

fn add(group: &str, person: &str) -> Change {
    Change::AddMemberAtIdp { group: group.into(), person: person.into() }
}

#[test]
fn cycles_begin_40_minutes_after_the_last_one_ended_and_take_two() {
    let (mut company, _) = company("company");
    let cycle = |began: &str, ended: &str| Some(Cycle { began: at(began), ended: at(ended), failed: false });
    assert_eq!(job(&company).last, cycle("2026-11-23T13:56:00Z", "2026-11-23T13:58:00Z"));

    company.advance(at("2026-11-23T14:39:59Z"));
    assert_eq!(job(&company).running_since, Some(at("2026-11-23T14:38:00Z")));
    assert_eq!(job(&company).last, cycle("2026-11-23T13:56:00Z", "2026-11-23T13:58:00Z"));

    company.advance(at("2026-11-23T14:40:00Z"));
    assert_eq!(job(&company).running_since, None);
    assert_eq!(job(&company).last, cycle("2026-11-23T14:38:00Z", "2026-11-23T14:40:00Z"));
    assert_eq!(job(&company).next_begins, at("2026-11-23T15:20:00Z"));

    // 34 cycles of 42 minutes later, half a minute into the 35th.
    company.advance(at("2026-11-24T15:08:30Z"));
    assert_eq!(job(&company).running_since, Some(at("2026-11-24T15:08:00Z")));
    assert_eq!(job(&company).last, cycle("2026-11-24T14:26:00Z", "2026-11-24T14:28:00Z"));
}

#[test]
fn a_change_during_a_cycle_waits_for_the_next_one() {
    let (mut company, _) = company("company");
    let during = at("2026-11-23T14:39:00Z");
    company.advance(during);
    company.apply(&add("AWS-Ledger-ReadOnly", "noah"), during).unwrap();
    company.advance(at("2026-11-23T15:19:59Z"));
    assert!(!is_in(&company, "noah", "AWS-Ledger-ReadOnly"));
    company.advance(at("2026-11-23T15:20:00Z"));
    assert!(is_in(&company, "noah", "AWS-Ledger-ReadOnly"));
}

#[test]
fn a_job_in_quarantine_is_tried_once_a_day_and_started_by_hand() {
    let (mut company, now) = company("quarantine");
    let next_attempt = |company: &Company| job(company).quarantine().unwrap().next_attempt;
    assert_eq!(next_attempt(&company), now + SignedDuration::from_hours(5));
    company.advance(now + SignedDuration::from_hours(5 + 49));
    assert_eq!(next_attempt(&company), now + SignedDuration::from_hours(5 + 72));
    assert_eq!(job(&company).quarantine().unwrap().attempts, 6);
    assert!(job(&company).last.unwrap().failed);

    let later = now + SignedDuration::from_hours(60);
    assert_eq!(company.apply(&Change::RunSync, later).unwrap_err(), "the synchronization job is not active");
    company.apply(&Change::EndQuarantine, later).unwrap();
    company.advance(later);
    assert_eq!(job(&company).state, JobState::Active);
    assert_eq!(job(&company).running_since, Some(later));
    assert!(is_in(&company, "dana", "AWS-Payments-ReadOnly"));
}

#[test]
fn a_paused_job_brings_nothing() {
    let (mut company, now) = company("company");
    company.idp.as_mut().unwrap().job.as_mut().unwrap().state = JobState::Paused;
    company.advance(now + SignedDuration::from_hours(48));
    assert!(!is_in(&company, "dana", "AWS-Payments-ReadOnly"));
}

#[test]
fn groups_stay_behind_where_the_mapping_does_not_send_them() {
    let (mut company, now) = company("company");
    company.idp.as_mut().unwrap().job.as_mut().unwrap().sends_groups = false;
    company.advance(now + SignedDuration::from_hours(1));
    assert!(!is_in(&company, "dana", "AWS-Payments-ReadOnly"));
}

#[test]
fn on_demand_brings_what_was_missed_and_says_when_it_was_there_already() {
    let (mut company, now) = company("company");
    let forced = company.provision_on_demand("AWS-Robotics-Engineers", "milo", now).unwrap();
    let last = forced.steps.last().unwrap();
    assert_eq!((last.kind, &last.outcome), (StepKind::Export, &StepOutcome::Done));
    assert!(is_in(&company, "milo", "AWS-Robotics-Engineers"));
    let again = company.provision_on_demand("AWS-Robotics-Engineers", "milo", now).unwrap();
    assert!(again.arrived());
    assert_eq!(again.steps.last().unwrap().outcome, StepOutcome::AlreadyThere);
}

#[test]
fn on_demand_fails_where_something_real_prevents_it() {
    let (mut company, now) = company("company");
    let mut outcome = |group: &str, person: &str| {
        let forced = company.provision_on_demand(group, person, now).unwrap();
        assert!(!forced.arrived());
        match forced.steps.last().unwrap().outcome.clone() {
            StepOutcome::Skipped(problem) | StepOutcome::Failed(problem) => problem.code,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(outcome("AWS-Website-Developers", "ivan"), "MandatoryFieldsMissing");
    assert_eq!(outcome("AWS-Analytics-Readers", "lena"), "EntryConflict");
    assert_eq!(outcome("AWS-Tools-Users", "nils"), "NotEffectivelyEntitled");
    assert_eq!(outcome("AWS-Fleet-Managers", "olga"), "NotEffectivelyEntitled");
    assert_eq!(outcome("AWS-Website-Testers", "greta"), "NotEffectivelyEntitled");
    assert!(company.provision_on_demand("AWS-Nobody", "dana", now).is_err());
}

#[test]
fn a_failure_is_written_once_and_healed_by_a_success() {
    let (mut company, now) = company("company");
    let ivans = |company: &Company, now| {
        let entries = idp(company).recent_log(now).into_iter();
        let ivans: Vec<_> = entries.filter(|entry| entry.about == About::Person("ivan".into())).collect();
        (ivans.len(), ivans[0].problem.is_some())
    };
    let later = now + SignedDuration::from_hours(24);
    company.advance(later);
    assert_eq!(ivans(&company, later), (1, true));
    let name = Change::GiveLastNameAtIdp { person: "ivan".into(), last_name: "Horvat".into() };
    company.apply(&name, later).unwrap();
    company.apply(&Change::RunSync, later).unwrap();
    assert_eq!(ivans(&company, later), (2, false));
    assert!(is_in(&company, "ivan", "AWS-Website-Developers"));
    let next_month = later + SignedDuration::from_hours(31 * 24);
    assert!(idp(&company).recent_log(next_month).is_empty());
    assert!(idp(&company).recent_additions(next_month).is_empty());
}

#[test]
fn what_failed_is_tried_again_in_each_cycle() {
    let (mut company, now) = company("company");
    let away = Change::RenameGroup { group: "AWS-Analytics-Readers".into(), name: "Retired".into() };
    company.apply(&away, now).unwrap();
    company.advance(now + SignedDuration::from_mins(26));
    assert!(is_in(&company, "lena", "AWS-Analytics-Readers from the IdP"));
}

#[test]
fn okta_pushes_half_an_hour_after_the_change_unless_the_mapping_is_inactive() {
    let (mut company, now) = company("okta");
    company.apply(&add("AWS-Ledger-ReadOnly", "noah"), now).unwrap();
    company.apply(&add("AWS-Studio-Editors", "noah"), now).unwrap();
    company.advance(now + SignedDuration::from_secs(30 * 60 - 1));
    assert!(!is_in(&company, "noah", "AWS-Ledger-ReadOnly"));
    company.advance(now + SignedDuration::from_mins(30));
    assert!(is_in(&company, "noah", "AWS-Ledger-ReadOnly"));
    assert!(!is_in(&company, "noah", "AWS-Studio-Editors"));
}

#[test]
fn pushing_again_brings_those_members_whom_aws_has() {
    let (mut company, now) = company("okta");
    let mapping_of =
        |company: &Company, group: &str| idp(company).group(group).unwrap().push_mapping.clone().unwrap();
    let id = mapping_of(&company, "AWS-Mobile-Developers").id;
    let (mapping, forced) = company.push_again(&id, now).unwrap();
    assert_eq!((mapping.state, mapping.last_push), (MappingState::Active, Some(now)));
    let ayos = forced.steps.iter().find(|step| {
        step.about == About::Membership { group: "AWS-Mobile-Developers".into(), person: "ayo".into() }
    });
    assert!(matches!(ayos.unwrap().outcome, StepOutcome::Skipped(_)));

    let id = mapping_of(&company, "AWS-Genome-Researchers").id;
    let (mapping, forced) = company.push_again(&id, now).unwrap();
    assert_eq!(mapping.state, MappingState::Error);
    assert!(!mapping.error.is_empty() && !forced.arrived());
    assert!(company.deactivate_mapping("gPm0", now).is_err());
}

#[test]
fn okta_assigns_creates_and_then_knows_the_id_at_aws() {
    let (mut company, now) = company("okta");
    company.apply(&Change::AssignPersonToApp { person: "ayo".into() }, now).unwrap();
    let ayos = |company: &Company| idp(company).person("ayo").unwrap().app_user.clone().unwrap();
    assert_eq!((ayos(&company).state, ayos(&company).external_id), (AppUserState::Staged, None));
    company.advance(now + SignedDuration::from_mins(30));
    assert_eq!(ayos(&company).state, AppUserState::Provisioned);
    assert_eq!(ayos(&company).external_id.as_deref(), company.user_id("ayo"));
    assert!(is_in(&company, "ayo", "AWS-Mobile-Developers"));
}

#[test]
fn entra_nests_groups_and_okta_does_not() {
    let names = |name: &str| -> Vec<String> {
        let (company, _) = company(name);
        let groups = idp(&company).transitive_groups_of("nils");
        groups.iter().map(|group| group.name.clone()).collect()
    };
    assert_eq!(names("company"), ["AWS-Everyone", "AWS-Tools-Team", "AWS-Tools-Users"]);
    assert_eq!(names("okta"), ["AWS-Everyone", "AWS-Tools-Team"]);
}

#[test]
fn a_guest_has_a_name_of_the_tenant_that_invited_them() {
    let (company, _) = company("company");
    let mika = idp(&company).person("mika").unwrap();
    assert_eq!(mika.user_name, "mika_agency.example#EXT#@example.onmicrosoft.com");
    assert_eq!(mika.email.as_deref(), Some("mika@agency.example"));
}
