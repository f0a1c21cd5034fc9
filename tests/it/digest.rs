//! The daily digest of duplicate groups: what stands in it, and here how a story of it is told.
//!
//! Reading order: this file is the first digest; [`kinds`] is each kind of duplicate; [`days`] is one digest after
//! the other; [`gaps`] is what could not be read; [`once_a_day`] is that each stands once.

mod kinds;
mod days;
mod gaps;
mod once_a_day;

use std::time::Duration;

use insta::assert_snapshot;
use jiff::tz::TimeZone;
use serde_json::Value;
use sso_why::config::Config;
use sso_why::desk::digest::survey::Survey;
use sso_why::digest::schedule::Schedule;
use sso_why::sandbox::company::{Change, Origin, Principal};
use sso_why::sandbox::idp::Group;
use sso_why::sandbox::workspace::messages::Message;
use sso_why::sandbox::workspace::views::OpenView;
use sso_why::words::{json_v1, terminal};

use crate::harness::{World, in_time, seen};

/// Every day at nine in London, which is on UTC in November.
fn every_day(config: &mut Config) {
    let london = TimeZone::get("Europe/London").expect("is in the database");
    config.digest.schedule = Schedule::read("0 9 * * *", london.clone()).ok();
    config.digest.time_zone = london;
}

async fn company() -> World {
    World::of_with("company", every_day).await
}

fn change(world: &World, change: &Change) {
    world.sandbox.company().apply(change, (world.sandbox.clock)()).expect("the change can be made");
}

fn manual_group(world: &World, name: &str) {
    let (group, name) = (name.to_owned(), name.to_owned());
    change(world, &Change::CreateGroup { group, name, origin: Origin::Manual });
}

/// The digest of this day, once it has been noted.
async fn digest_of(world: &World, day: &str) -> Message {
    in_time(noted(world, day)).await;
    let digest = world.store.digest_of(day).await.expect("reads").expect("is noted");
    let (_, ts) = digest.message.expect("it stands somewhere");
    world.sandbox.workspace().message(&ts).cloned().expect("it is there")
}

async fn noted(world: &World, day: &str) {
    while world.store.digest_of(day).await.expect("reads").is_none() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn digests(world: &World) -> Vec<Message> {
    let all = world.all_seen("bo", "C0ADMINS").into_iter();
    all.filter(|message| message.thread_ts.is_none()).collect()
}

/// A second group of this name at the IdP, headed for AWS as well, with nobody in it.
fn twin_at_the_idp(world: &World, name: &str) {
    let mut company = world.sandbox.company();
    let idp = company.idp.as_mut().expect("is connected");
    let first = idp.groups.iter().find(|group| group.name == name).expect("is there").clone();
    idp.groups.push(Group {
        key: format!("{name} again"),
        object_id: "ffffffff-0000-4000-8000-000000000001".to_owned(),
        okta_id: "00gtwin".to_owned(),
        okta_app_group_id: "00gtwincopy".to_owned(),
        ..first
    });
}

/// A group is deleted in AWS and made again under its name, with the same people; what it opened is left.
fn make_again(world: &World, name: &str, people: &[&str]) {
    change(world, &Change::DeleteGroup { group: name.to_owned() });
    let again = format!("{name} again");
    let origin = Origin::Synced;
    change(world, &Change::CreateGroup { group: again.clone(), name: name.to_owned(), origin });
    for person in people {
        change(world, &Change::AddMember { group: again.clone(), person: (*person).to_owned() });
    }
}

/// No group that was made in AWS, and no assignment to a group that is gone.
fn tidy_up(world: &World) {
    let mut company = world.sandbox.company();
    company.groups.retain(|group| group.origin == Origin::Synced);
    let there: Vec<String> = company.groups.iter().map(|group| group.id.clone()).collect();
    company.assignments.retain(|assignment| match &assignment.principal {
        Principal::Group(group) => there.contains(group),
        Principal::User(_) => true,
    });
}

/// What the terminal prints of each kind, without what stands there of when and how long.
async fn in_the_terminal(world: &World) -> String {
    let survey = Survey::taken(&world.gather, Some(&world.store), false).await.expect("the store is there");
    let standing = survey.standing(world.gather.now());
    let telling = terminal::digest::Telling {
        zone: TimeZone::UTC,
        took: Duration::from_millis(1_200),
        calls: 42,
        colour: false,
    };
    terminal::digest::digest(&standing, &telling)
}

async fn as_json(world: &World) -> Value {
    let survey = Survey::taken(&world.gather, Some(&world.store), false).await.expect("the store is there");
    json_v1::digest::digest(&survey.standing(world.gather.now()))
}

fn of_kind<'j>(digest: &'j Value, kind: &str) -> &'j Value {
    let findings = digest["findings"].as_array().expect("findings");
    findings.iter().find(|finding| finding["kind"] == kind).expect("one of this kind")
}

/// The lines of one finding in the terminal, from its headline to the blank line after it.
fn about<'t>(text: &'t str, words: &str) -> &'t str {
    let found =
        text.split("\n\n").find(|part| part.split_whitespace().collect::<Vec<_>>().join(" ").contains(words));
    found.expect("is told").trim_start_matches('\n')
}

/// Presses the button and waits for the form.
async fn open_snooze(world: &World, message: &Message) -> OpenView {
    world.click("bo", message, "snooze_duplicate").await;
    world.form("bo").await
}

#[tokio::test]
async fn the_first_digest_tells_what_hurts_and_what_to_do() {
    let world = company().await;
    world.pass_until("2026-11-25T09:00:00Z");
    let digest = digest_of(&world, "2026-11-25").await;
    assert_snapshot!(seen(&digest), @"
    Duplicate groups: 5 hurt people now, 1 will hurt.
    Looked at 46 groups. This is the first digest, so everything in it is new.
    New: AWS-Analytics-Readers from Entra ID cannot arrive: a group made in AWS has its name.
    Hurts people now: 1 person misses access by it: lena@example.com.
    The log of Entra ID says that AWS refused the group, since its name is taken, last on 2026-11-24 05:12 UTC (EntryConflict).
    • AWS-Analytics-Readers: created manually in AWS on 2026-03-09 14:12 UTC by arn:aws:sts::999988887777:assumed-role/AWSReservedSSO_Admin/bo@example.com; 0 members; opens ReadOnly on Analytics-Prod
    • AWS-Analytics-Readers: in Entra ID; 1 member
    What to do, in this order
    • Rename the group made in AWS to AWS-Analytics-Readers (old); it keeps its members and its access, and its name is free
    • Let Entra ID send AWS-Analytics-Readers again, and wait until it is in AWS
    • When it has arrived, assign ReadOnly on Analytics-Prod to the new AWS-Analytics-Readers; 1 person gains it by that: lena@example.com
    • Check what AWS-Analytics-Readers (old) opens and the new AWS-Analytics-Readers does not: nothing may be left
    • Check who is in AWS-Analytics-Readers (old) and not in the new AWS-Analytics-Readers: nobody at present
    • See that no application is assigned to AWS-Analytics-Readers (old): I have looked at accounts alone
    • Take ReadOnly on Analytics-Prod from AWS-Analytics-Readers (old)
    • Delete AWS-Analytics-Readers (old) (id 9067f0aa11-a86872b5-a95c-4eaa-8557-789b4f8bd6da)
    Beside these
    • new, hurts people now: AWS-Forensics and АWS-Forensics look alike (they differ in letters that look alike, here U+0041 and U+0410)
    • new, hurts people now: AWS-Payments-Admin and aws-payments-admin look alike (they differ in capitals)
    • new, hurts people now: 2 groups are called AWS-Risk-Analysts
    • new, hurts people now: AWS-Security Audit and AWS-Security Audit look alike (they differ in spaces, dashes or underscores, here U+0020 and U+00A0)
    • new, will hurt: An assignment is left over from a deleted group: PowerUser on Warehouse-Prod
    The thread has each of them with links and commands.
    Nobody has asked me about a missing account in the last day.
    ");
    let below = world.in_thread("bo", &digest);
    assert_snapshot!(seen(&below[1]), @r#"
    New: AWS-Forensics and АWS-Forensics look alike (they differ in letters that look alike, here U+0041 and U+0410).
    Hurts people now: 1 person is in one of them without what another opens: Rosa Marchetti.
    • AWS-Forensics: comes from Entra ID, in AWS since 2026-05-08 14:12 UTC; 1 member; opens nothing
    • АWS-Forensics: in AWS since 2026-08-26 14:12 UTC, created by arn:aws:sts::999988887777:assumed-role/AWSReservedSSO_Admin/bo@example.com; 0 members; opens SecurityAudit on Forensics
    What to do, in this order
    • Assign SecurityAudit on Forensics to AWS-Forensics (from Entra ID); 1 person gains it by that: Rosa Marchetti open the console
    aws sso-admin create-account-assignment --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 --target-type AWS_ACCOUNT --target-id 444455554444 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-3d6260b9dbefd088 --principal-type GROUP --principal-id 9067f0aa11-260a092d-96d8-4ead-86f8-7615b608509c
    • Check what АWS-Forensics (not marked as from Entra ID) opens and AWS-Forensics (from Entra ID) does not: nothing may be left open the console
    goes=$(aws sso-admin list-account-assignments-for-principal --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 --principal-type GROUP --principal-id 9067f0aa11-62266405-7613-4ad5-8605-6d6d854b97cb --query 'AccountAssignments[].[AccountId,PermissionSetArn]' --output text) && stays=$(aws sso-admin list-account-assignments-for-principal --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 --principal-type GROUP --principal-id 9067f0aa11-260a092d-96d8-4ead-86f8-7615b608509c --query 'AccountAssignments[].[AccountId,PermissionSetArn]' --output text) && { comm -23 <(sort <<<"$goes") <(sort <<<"$stays") | grep . || echo nothing; }
    • Check who is in АWS-Forensics (not marked as from Entra ID) and not in AWS-Forensics (from Entra ID): nobody at present open the console
    goes=$(aws identitystore list-group-memberships --identity-store-id d-9067f0aa11 --group-id 9067f0aa11-62266405-7613-4ad5-8605-6d6d854b97cb --query 'GroupMemberships[].[MemberId.UserId]' --output text) && stays=$(aws identitystore list-group-memberships --identity-store-id d-9067f0aa11 --group-id 9067f0aa11-260a092d-96d8-4ead-86f8-7615b608509c --query 'GroupMemberships[].[MemberId.UserId]' --output text) && { comm -23 <(sort <<<"$goes") <(sort <<<"$stays") | grep . || echo nobody; }
    • See that no application is assigned to АWS-Forensics (not marked as from Entra ID): I have looked at accounts alone open the console
    aws sso-admin list-application-assignments-for-principal --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 --principal-type GROUP --principal-id 9067f0aa11-62266405-7613-4ad5-8605-6d6d854b97cb --query 'ApplicationAssignments[].[ApplicationArn]' --output text
    • Take SecurityAudit on Forensics from АWS-Forensics (not marked as from Entra ID) open the console
    aws sso-admin delete-account-assignment --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 --target-type AWS_ACCOUNT --target-id 444455554444 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-3d6260b9dbefd088 --principal-type GROUP --principal-id 9067f0aa11-62266405-7613-4ad5-8605-6d6d854b97cb
    • Find out where АWS-Forensics (id 9067f0aa11-62266405-7613-4ad5-8605-6d6d854b97cb) is kept. If Entra ID pushes it, take it off the application for AWS there; if nothing does, delete it in Identity Center
    [Lay aside for a while]
    "#);
}

#[tokio::test]
async fn nothing_to_report_is_one_quiet_line_or_none() {
    for (says, expected) in [(true, 1), (false, 0)] {
        let world = World::of_with("no-idp", |config| {
            every_day(config);
            config.digest.says_nothing_found = says;
        })
        .await;
        tidy_up(&world);
        world.pass_until("2026-11-25T09:00:00Z");
        in_time(noted(&world, "2026-11-25")).await;
        assert_eq!(digests(&world).len(), expected);
        if says {
            assert_snapshot!(seen(&digests(&world)[0]), @"
            No duplicate groups among 41 groups.
            Nobody has asked me about a missing account in the last day.
            ");
        }
    }
}

#[tokio::test]
async fn the_days_questions_are_in_it() {
    let world = World::with(every_day).await;
    for person in ["dana", "jonas"] {
        let asks = world.person(person).asks.expect("they ask something");
        world.ask(person, "C0GENERAL", &format!("/sso-why {asks}")).await;
    }
    world.all_is_done().await;
    world.pass_until("2026-11-25T09:00:00Z");
    let digest = seen(&digest_of(&world, "2026-11-25").await);
    let line = digest.lines().last().unwrap_or_default();
    assert!(
        line.starts_with("2 questions in the last day; most often duplicate_group (1), membership_not_synced (1); half were answered within "),
        "{line}"
    );
}
