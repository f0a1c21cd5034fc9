//! The daily digest of duplicate groups.

use std::time::Duration;

use insta::assert_snapshot;
use jiff::tz::TimeZone;
use serde_json::Value;
use sso_why::config::Config;
use sso_why::desk::digest::survey::Survey;
use sso_why::digest::schedule::Schedule;
use sso_why::sandbox::company::{Change, Origin, Principal};
use sso_why::sandbox::faults::Fault;
use sso_why::sandbox::idp::Group;
use sso_why::sandbox::slack::outgoing::modals::Submitted;
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

#[tokio::test]
async fn the_first_digest_tells_what_hurts_and_what_to_do() {
    let world = company().await;
    world.pass_until("2026-11-25T09:00:00Z");
    let digest = digest_of(&world, "2026-11-25").await;
    assert_snapshot!(seen(&digest), @"
    Duplicate groups: 5 hurt people now, 1 will hurt.
    Looked at 44 groups. This is the first digest, so everything in it is new.
    New: AWS-Analytics-Readers from Entra ID cannot arrive: a group made in AWS has its name.
    Hurts people now: 1 person misses access by it: lena@example.com.
    The log of Entra ID says that AWS refused the group, since its name is taken, last on 2026-11-24 05:12 UTC (EntryConflict).
    • AWS-Analytics-Readers: made in AWS on 2026-03-09 14:12 UTC by arn:aws:sts::999988887777:assumed-role/AWSReservedSSO_Admin/bo@example.com; 0 members; opens ReadOnly on Analytics-Prod
    • AWS-Analytics-Readers: in Entra ID; 1 member
    What to do, in this order
    • Rename the group made in AWS to AWS-Analytics-Readers (old); it keeps its members and its access, and its name is free
    • Let Entra ID send AWS-Analytics-Readers again, and wait until it is in AWS
    • When it has arrived, assign ReadOnly on Analytics-Prod to the new AWS-Analytics-Readers; 1 person gains it by that: lena@example.com
    • Check what AWS-Analytics-Readers (old), opens and the new AWS-Analytics-Readers does not: nothing may be left
    • Check who is in AWS-Analytics-Readers (old), and not in the new AWS-Analytics-Readers (now: nobody)
    • See that no application is assigned to AWS-Analytics-Readers (old): I have looked at accounts alone
    • Take ReadOnly on Analytics-Prod from AWS-Analytics-Readers (old)
    • Delete AWS-Analytics-Readers (old), the one with the id 9067f0aa11-a86872b5-a95c-4eaa-8557-789b4f8bd6da
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
    • АWS-Forensics: made in AWS on 2026-08-26 14:12 UTC by arn:aws:sts::999988887777:assumed-role/AWSReservedSSO_Admin/bo@example.com; 0 members; opens SecurityAudit on Forensics
    What to do, in this order
    • Assign SecurityAudit on Forensics to AWS-Forensics, the one from Entra ID; 1 person gains it by that: Rosa Marchetti open the console
    aws sso-admin create-account-assignment --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 --target-type AWS_ACCOUNT --target-id 444455554444 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-3d6260b9dbefd088 --principal-type GROUP --principal-id 9067f0aa11-260a092d-96d8-4ead-86f8-7615b608509c
    • Check what АWS-Forensics, the one made in AWS, opens and AWS-Forensics, the one from Entra ID does not: nothing may be left open the console
    goes=$(aws sso-admin list-account-assignments-for-principal --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 --principal-type GROUP --principal-id 9067f0aa11-62266405-7613-4ad5-8605-6d6d854b97cb --query 'AccountAssignments[].[AccountId,PermissionSetArn]' --output text) && stays=$(aws sso-admin list-account-assignments-for-principal --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 --principal-type GROUP --principal-id 9067f0aa11-260a092d-96d8-4ead-86f8-7615b608509c --query 'AccountAssignments[].[AccountId,PermissionSetArn]' --output text) && { comm -23 <(sort <<<"$goes") <(sort <<<"$stays") | grep . || echo nothing; }
    • Check who is in АWS-Forensics, the one made in AWS, and not in AWS-Forensics, the one from Entra ID (now: nobody) open the console
    goes=$(aws identitystore list-group-memberships --identity-store-id d-9067f0aa11 --group-id 9067f0aa11-62266405-7613-4ad5-8605-6d6d854b97cb --query 'GroupMemberships[].[MemberId.UserId]' --output text) && stays=$(aws identitystore list-group-memberships --identity-store-id d-9067f0aa11 --group-id 9067f0aa11-260a092d-96d8-4ead-86f8-7615b608509c --query 'GroupMemberships[].[MemberId.UserId]' --output text) && { comm -23 <(sort <<<"$goes") <(sort <<<"$stays") | grep . || echo nobody; }
    • See that no application is assigned to АWS-Forensics, the one made in AWS: I have looked at accounts alone open the console
    aws sso-admin list-application-assignments-for-principal --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 --principal-type GROUP --principal-id 9067f0aa11-62266405-7613-4ad5-8605-6d6d854b97cb --query 'ApplicationAssignments[].[ApplicationArn]' --output text
    • Take SecurityAudit on Forensics from АWS-Forensics, the one made in AWS open the console
    aws sso-admin delete-account-assignment --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 --target-type AWS_ACCOUNT --target-id 444455554444 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-3d6260b9dbefd088 --principal-type GROUP --principal-id 9067f0aa11-62266405-7613-4ad5-8605-6d6d854b97cb
    • Delete АWS-Forensics, the one with the id 9067f0aa11-62266405-7613-4ad5-8605-6d6d854b97cb open the console
    aws identitystore delete-group --identity-store-id d-9067f0aa11 --group-id 9067f0aa11-62266405-7613-4ad5-8605-6d6d854b97cb
    [Lay aside for a while]
    "#);
}

#[tokio::test]
async fn the_terminal_tells_each_kind() {
    let world = company().await;
    world.pass_until("2026-11-25T09:00:00Z");
    digest_of(&world, "2026-11-25").await;
    make_again(&world, "AWS-Payments-ReadOnly", &["dana"]);
    twin_at_the_idp(&world, "AWS-Tools-Users");
    manual_group(&world, "AWS Design Guild");
    let told = in_the_terminal(&world).await;
    assert_snapshot!(told.split("\n\n").take(2).collect::<Vec<_>>().join("\n\n"), @"

    Duplicates among 45 groups: 6 hurt people now, 2 will hurt, 1 is untidy.

     How bad           State  Groups                         Members  Opens  Hurt
     hurts people now  new    AWS-Payments-ReadOnly          1        0      1
                              AWS-Payments-ReadOnly          0        1
     hurts people now  known  AWS-Analytics-Readers          0        1      1
                              AWS-Analytics-Readers          1        0
     hurts people now  known  AWS-Forensics                  1        0      1
                              АWS-Forensics                  0        1
     hurts people now  known  AWS-Payments-Admin             1        0      1
                              aws-payments-admin             0        1
     hurts people now  known  AWS-Risk-Analysts              1        0      1
                              AWS-Risk-Analysts              0        1
     hurts people now  known  AWS-Security Audit             1        0      1
                              AWS-Security Audit             0        1
     will hurt         new    AWS-Tools-Users                0        0      0
                              AWS-Tools-Users                0        0
                              AWS-Tools-Users                0        1
     will hurt         known  9067f0aa11-f69ca70f-9701-46b9  0        1      0+
                              -8ead-3e155dc0b256
     untidy            new    AWS Design Guild               0        0      0
                              AWS-Design-Guild               2        0
    ");
    assert_snapshot!(about(&told, "AWS-Payments-ReadOnly was deleted and made again"), @r"
    hurts people now   AWS-Payments-ReadOnly was deleted and made again, and
                       access is still assigned to the deleted one
           - AWS-Payments-ReadOnly: comes from Entra ID, in AWS since 2026-11-25
             09:00 UTC; 1 member; opens nothing
           - AWS-Payments-ReadOnly: deleted; opens ReadOnly on Payments-Prod
    Hurt   1 person misses access by it: Dana Reyes
    Next   1. Assign ReadOnly on Payments-Prod to AWS-Payments-ReadOnly; 1 person
           gains it by that: Dana Reyes
           $ aws sso-admin create-account-assignment \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --target-type AWS_ACCOUNT \
               --target-id 111122223333 \
               --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-ceab22f97b648d0f \
               --principal-type GROUP \
               --principal-id 9067f0aa11-c90741ce-d362-40a2-8884-263eaf30a127
           https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
           2. Take ReadOnly on Payments-Prod from the deleted group
           $ aws sso-admin delete-account-assignment \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --target-type AWS_ACCOUNT \
               --target-id 111122223333 \
               --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-ceab22f97b648d0f \
               --principal-type GROUP \
               --principal-id 9067f0aa11-359862a6-f0d2-4e83-872b-83476b304388
           https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
    ");
    assert_snapshot!(about(&told, "2 groups of Entra ID are called AWS-Tools-Users"), @"
    will hurt   2 groups of Entra ID are called AWS-Tools-Users and headed for
                AWS, where only one can have the name
           - AWS-Tools-Users (a1d6c1eb-5e01-4cd9-8d42-b1167593407a): in Entra ID;
             0 members
           - AWS-Tools-Users (ffffffff-0000-4000-8000-000000000001): in Entra ID;
             0 members
           - AWS-Tools-Users: comes from Entra ID, in AWS since 2026-05-08 14:12
             UTC; 0 members; opens PowerUser on Tools-Prod
    Hurt   Nobody misses access by it today; whoever joins the one that does not
           arrive will
    Next   1. In Entra ID, rename AWS-Tools-Users (the one with the id
           ffffffff-0000-4000-8000-000000000001; the other is the one in AWS), and
           when it has arrived under its new name, assign to it what its people
           need
    ");
    assert_snapshot!(about(&told, "AWS Design Guild and AWS-Design-Guild look alike"), @r#"
    untidy   AWS Design Guild and AWS-Design-Guild look alike (they differ in
             spaces, dashes or underscores)
           - AWS Design Guild: made in AWS on 2026-11-25 09:00 UTC by
             arn:aws:sts::999988887777:assumed-role/AWSReservedSSO_Admin/bo@examp
             le.com; 0 members; opens nothing
           - AWS-Design-Guild: comes from Entra ID, in AWS since 2026-05-08 14:12
             UTC; 2 members; opens nothing
    Hurt   Nobody misses access by it, and nobody will
    Next   1. Check who is in AWS Design Guild, the one made in AWS, and not in
           AWS-Design-Guild, the one from Entra ID (now: nobody)
           $ goes=$(aws identitystore list-group-memberships \
               --identity-store-id d-9067f0aa11 \
               --group-id 9067f0aa11-177d8db4-8584-4284-8e25-046953f8d932 \
               --query 'GroupMemberships[].[MemberId.UserId]' \
               --output text) && stays=$(aws identitystore list-group-memberships \
               --identity-store-id d-9067f0aa11 \
               --group-id 9067f0aa11-3bce7c7d-002d-4649-8fe1-86dd6cfd026f \
               --query 'GroupMemberships[].[MemberId.UserId]' \
               --output text) && { comm -23 <(sort <<<"$goes") <(sort <<<"$stays") | grep . || echo nobody; }
           https://console.aws.amazon.com/singlesignon/home#/groups
           2. See that no application is assigned to AWS Design Guild, the one
           made in AWS: I have looked at accounts alone
           $ aws sso-admin list-application-assignments-for-principal \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --principal-type GROUP \
               --principal-id 9067f0aa11-177d8db4-8584-4284-8e25-046953f8d932 \
               --query 'ApplicationAssignments[].[ApplicationArn]' \
               --output text
           https://console.aws.amazon.com/singlesignon/home#/groups
           3. Delete AWS Design Guild, the one with the id
           9067f0aa11-177d8db4-8584-4284-8e25-046953f8d932
           $ aws identitystore delete-group \
               --identity-store-id d-9067f0aa11 \
               --group-id 9067f0aa11-177d8db4-8584-4284-8e25-046953f8d932
           https://console.aws.amazon.com/singlesignon/home#/groups
    "#);
    assert_snapshot!(about(&told, "AWS-Analytics-Readers from Entra ID cannot arrive"), @r#"
    hurts people now   AWS-Analytics-Readers from Entra ID cannot arrive: a group
                       made in AWS has its name
           - AWS-Analytics-Readers: made in AWS on 2026-03-09 14:12 UTC by
             arn:aws:sts::999988887777:assumed-role/AWSReservedSSO_Admin/bo@examp
             le.com; 0 members; opens ReadOnly on Analytics-Prod
           - AWS-Analytics-Readers: in Entra ID; 1 member
    Hurt   1 person misses access by it: lena@example.com
    Log    The log of Entra ID says that AWS refused the group, since its name is
           taken, last on 2026-11-24 05:12 UTC (EntryConflict)
    Known  told since 2026-11-25 09:00 UTC
    Next   1. Rename the group made in AWS to AWS-Analytics-Readers (old); it
           keeps its members and its access, and its name is free
           $ aws identitystore update-group \
               --identity-store-id d-9067f0aa11 \
               --group-id 9067f0aa11-a86872b5-a95c-4eaa-8557-789b4f8bd6da \
               --operations '[{"AttributePath":"displayName","AttributeValue":"AWS-Analytics-Readers (old)"}]'
           https://console.aws.amazon.com/singlesignon/home#/groups
           2. Let Entra ID send AWS-Analytics-Readers again, and wait until it is
           in AWS
           3. When it has arrived, assign ReadOnly on Analytics-Prod to the new
           AWS-Analytics-Readers; 1 person gains it by that: lena@example.com
           $ aws sso-admin create-account-assignment \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --target-type AWS_ACCOUNT \
               --target-id 333344445555 \
               --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-ceab22f97b648d0f \
               --principal-type GROUP \
               --principal-id NEW_GROUP_ID
           https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
           4. Check what AWS-Analytics-Readers (old), opens and the new
           AWS-Analytics-Readers does not: nothing may be left
           $ goes=$(aws sso-admin list-account-assignments-for-principal \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --principal-type GROUP \
               --principal-id 9067f0aa11-a86872b5-a95c-4eaa-8557-789b4f8bd6da \
               --query 'AccountAssignments[].[AccountId,PermissionSetArn]' \
               --output text) && stays=$(aws sso-admin list-account-assignments-for-principal \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --principal-type GROUP \
               --principal-id NEW_GROUP_ID \
               --query 'AccountAssignments[].[AccountId,PermissionSetArn]' \
               --output text) && { comm -23 <(sort <<<"$goes") <(sort <<<"$stays") | grep . || echo nothing; }
           https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
           5. Check who is in AWS-Analytics-Readers (old), and not in the new
           AWS-Analytics-Readers (now: nobody)
           $ goes=$(aws identitystore list-group-memberships \
               --identity-store-id d-9067f0aa11 \
               --group-id 9067f0aa11-a86872b5-a95c-4eaa-8557-789b4f8bd6da \
               --query 'GroupMemberships[].[MemberId.UserId]' \
               --output text) && stays=$(aws identitystore list-group-memberships \
               --identity-store-id d-9067f0aa11 \
               --group-id NEW_GROUP_ID \
               --query 'GroupMemberships[].[MemberId.UserId]' \
               --output text) && { comm -23 <(sort <<<"$goes") <(sort <<<"$stays") | grep . || echo nobody; }
           https://console.aws.amazon.com/singlesignon/home#/groups
           6. See that no application is assigned to AWS-Analytics-Readers (old):
           I have looked at accounts alone
           $ aws sso-admin list-application-assignments-for-principal \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --principal-type GROUP \
               --principal-id 9067f0aa11-a86872b5-a95c-4eaa-8557-789b4f8bd6da \
               --query 'ApplicationAssignments[].[ApplicationArn]' \
               --output text
           https://console.aws.amazon.com/singlesignon/home#/groups
           7. Take ReadOnly on Analytics-Prod from AWS-Analytics-Readers (old)
           $ aws sso-admin delete-account-assignment \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --target-type AWS_ACCOUNT \
               --target-id 333344445555 \
               --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-ceab22f97b648d0f \
               --principal-type GROUP \
               --principal-id 9067f0aa11-a86872b5-a95c-4eaa-8557-789b4f8bd6da
           https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
           8. Delete AWS-Analytics-Readers (old), the one with the id
           9067f0aa11-a86872b5-a95c-4eaa-8557-789b4f8bd6da
           $ aws identitystore delete-group \
               --identity-store-id d-9067f0aa11 \
               --group-id 9067f0aa11-a86872b5-a95c-4eaa-8557-789b4f8bd6da
           https://console.aws.amazon.com/singlesignon/home#/groups
    "#);
    assert_snapshot!(about(&told, "2 groups are called AWS-Risk-Analysts"), @r#"
    hurts people now   2 groups are called AWS-Risk-Analysts
           - AWS-Risk-Analysts: comes from Entra ID, in AWS since 2026-05-08 14:12
             UTC; 1 member; opens nothing
           - AWS-Risk-Analysts: made in AWS on 2026-01-08 14:12 UTC by
             arn:aws:sts::999988887777:assumed-role/AWSReservedSSO_Admin/bo@examp
             le.com; 0 members; opens ReadOnly on Risk-Models
    Hurt   1 person is in one of them without what another opens: Aisha Bello
    Known  told since 2026-11-25 09:00 UTC
    Next   1. Assign ReadOnly on Risk-Models to AWS-Risk-Analysts, the one from
           Entra ID; 1 person gains it by that: Aisha Bello
           $ aws sso-admin create-account-assignment \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --target-type AWS_ACCOUNT \
               --target-id 444455552222 \
               --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-ceab22f97b648d0f \
               --principal-type GROUP \
               --principal-id 9067f0aa11-7fbe6216-edc5-42b7-882d-eeb023b03332
           https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
           2. Check what AWS-Risk-Analysts, the one made in AWS, opens and
           AWS-Risk-Analysts, the one from Entra ID does not: nothing may be left
           $ goes=$(aws sso-admin list-account-assignments-for-principal \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --principal-type GROUP \
               --principal-id 9067f0aa11-9f0b8f68-d78e-40d2-89ce-a3c0126e1ccc \
               --query 'AccountAssignments[].[AccountId,PermissionSetArn]' \
               --output text) && stays=$(aws sso-admin list-account-assignments-for-principal \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --principal-type GROUP \
               --principal-id 9067f0aa11-7fbe6216-edc5-42b7-882d-eeb023b03332 \
               --query 'AccountAssignments[].[AccountId,PermissionSetArn]' \
               --output text) && { comm -23 <(sort <<<"$goes") <(sort <<<"$stays") | grep . || echo nothing; }
           https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
           3. Check who is in AWS-Risk-Analysts, the one made in AWS, and not in
           AWS-Risk-Analysts, the one from Entra ID (now: nobody)
           $ goes=$(aws identitystore list-group-memberships \
               --identity-store-id d-9067f0aa11 \
               --group-id 9067f0aa11-9f0b8f68-d78e-40d2-89ce-a3c0126e1ccc \
               --query 'GroupMemberships[].[MemberId.UserId]' \
               --output text) && stays=$(aws identitystore list-group-memberships \
               --identity-store-id d-9067f0aa11 \
               --group-id 9067f0aa11-7fbe6216-edc5-42b7-882d-eeb023b03332 \
               --query 'GroupMemberships[].[MemberId.UserId]' \
               --output text) && { comm -23 <(sort <<<"$goes") <(sort <<<"$stays") | grep . || echo nobody; }
           https://console.aws.amazon.com/singlesignon/home#/groups
           4. See that no application is assigned to AWS-Risk-Analysts, the one
           made in AWS: I have looked at accounts alone
           $ aws sso-admin list-application-assignments-for-principal \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --principal-type GROUP \
               --principal-id 9067f0aa11-9f0b8f68-d78e-40d2-89ce-a3c0126e1ccc \
               --query 'ApplicationAssignments[].[ApplicationArn]' \
               --output text
           https://console.aws.amazon.com/singlesignon/home#/groups
           5. Take ReadOnly on Risk-Models from AWS-Risk-Analysts, the one made in
           AWS
           $ aws sso-admin delete-account-assignment \
               --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 \
               --target-type AWS_ACCOUNT \
               --target-id 444455552222 \
               --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-ceab22f97b648d0f \
               --principal-type GROUP \
               --principal-id 9067f0aa11-9f0b8f68-d78e-40d2-89ce-a3c0126e1ccc
           https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts
           6. Delete AWS-Risk-Analysts, the one with the id
           9067f0aa11-9f0b8f68-d78e-40d2-89ce-a3c0126e1ccc
           $ aws identitystore delete-group \
               --identity-store-id d-9067f0aa11 \
               --group-id 9067f0aa11-9f0b8f68-d78e-40d2-89ce-a3c0126e1ccc
           https://console.aws.amazon.com/singlesignon/home#/groups
    "#);
}

#[tokio::test]
async fn json_tells_each_kind_as_the_contract_has_it() {
    let world = company().await;
    world.pass_until("2026-11-25T09:00:00Z");
    digest_of(&world, "2026-11-25").await;
    make_again(&world, "AWS-Payments-ReadOnly", &["dana"]);
    twin_at_the_idp(&world, "AWS-Tools-Users");
    let digest = as_json(&world).await;
    let mut head = digest.clone();
    head["findings"] = digest["findings"].as_array().expect("findings").len().into();
    assert_snapshot!(format!("{head:#}"), @r#"
    {
      "checked_at": "2026-11-25T09:00:00Z",
      "complete": true,
      "findings": 8,
      "gaps": [],
      "groups_checked": 44,
      "version": 1
    }
    "#);
    assert_snapshot!(format!("{:#}", of_kind(&digest, "recreated")), @r#"
    {
      "groups": [
        {
          "assignments": 0,
          "created_at": "2026-11-25T09:00:00Z",
          "created_by": "https://scim.aws.com/9067f0aa11/5f6d1c8e-7b2a-4c39-8d40-2e91b7a6c053",
          "id": "9067f0aa11-c90741ce-d362-40a2-8884-263eaf30a127",
          "members": 1,
          "name": "AWS-Payments-ReadOnly",
          "opens": [],
          "origin": "synced",
          "place": "aws"
        },
        {
          "assignments": 1,
          "created_at": null,
          "created_by": null,
          "id": "9067f0aa11-359862a6-f0d2-4e83-872b-83476b304388",
          "members": 0,
          "name": "AWS-Payments-ReadOnly",
          "opens": [
            {
              "account": {
                "id": "111122223333",
                "name": "Payments-Prod"
              },
              "permission_set": "ReadOnly",
              "permission_set_arn": "arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-ceab22f97b648d0f"
            }
          ],
          "origin": "unknown",
          "place": "deleted"
        }
      ],
      "headline": "AWS-Payments-ReadOnly was deleted and made again, and access is still assigned to the deleted one",
      "hurt": "1 person misses access by it: Dana Reyes",
      "id": "recreated-93cda1c7f4",
      "kind": "recreated",
      "people": [
        "Dana Reyes"
      ],
      "people_hurt": 1,
      "people_hurt_is_complete": true,
      "remedy": [
        {
          "command": "aws sso-admin create-account-assignment --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 --target-type AWS_ACCOUNT --target-id 111122223333 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-ceab22f97b648d0f --principal-type GROUP --principal-id 9067f0aa11-c90741ce-d362-40a2-8884-263eaf30a127",
          "summary": "Assign ReadOnly on Payments-Prod to AWS-Payments-ReadOnly; 1 person gains it by that: Dana Reyes",
          "url": "https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts"
        },
        {
          "command": "aws sso-admin delete-account-assignment --instance-arn arn:aws:sso:::instance/ssoins-55f5d59720096a10 --target-type AWS_ACCOUNT --target-id 111122223333 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-55f5d59720096a10/ps-ceab22f97b648d0f --principal-type GROUP --principal-id 9067f0aa11-359862a6-f0d2-4e83-872b-83476b304388",
          "summary": "Take ReadOnly on Payments-Prod from the deleted group",
          "url": "https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts"
        }
      ],
      "severity": "hurting",
      "state": "new"
    }
    "#);
    for kind in ["near_name", "same_name", "manual_blocks_synced", "idp_same_name"] {
        let finding = of_kind(&digest, kind);
        assert!(finding["groups"].as_array().is_some_and(|groups| groups.len() > 1), "{finding:#}");
    }
}

#[tokio::test]
async fn at_okta_what_is_pushed_counts_as_what_is_assigned_at_entra() {
    let world = World::of("okta").await;
    let digest = as_json(&world).await;
    assert_eq!(digest["complete"], true, "{:#}", digest["gaps"]);
    let blocked = of_kind(&digest, "manual_blocks_synced");
    assert_eq!(
        blocked["headline"],
        "AWS-Analytics-Readers from Okta cannot arrive: a group made in AWS has its name"
    );
    assert_eq!(blocked["people"], serde_json::json!(["lena@example.com"]));
}

#[tokio::test]
async fn the_second_digest_tells_what_has_changed() {
    let world = company().await;
    world.pass_until("2026-11-25T09:00:00Z");
    let first = digest_of(&world, "2026-11-25").await;
    let payments =
        world.in_thread("bo", &first).into_iter().find(|message| message.text.contains("Payments"));
    let form = open_snooze(&world, &payments.expect("is told in full")).await;
    let submitted =
        world.submit("bo", &form, &[("duration", "30"), ("reason", "Being merged, see the plan")]).await;
    assert_eq!(submitted, Submitted::Closed);
    let word = world.seen_once("bo", "C0ADMINS", "aside until").await;
    assert_snapshot!(seen(&word), @"@U0BO laid AWS-Payments-Admin aside until 2026-12-25 09:00 UTC: Being merged, see the plan. If it gets worse before that, I tell it again.");
    assert_eq!(word.thread_ts.as_deref(), Some(first.ts.as_str()));

    change(&world, &Change::DeleteGroup { group: "AWS-Forensics, Cyrillic A".to_owned() });
    make_again(&world, "AWS-Payments-ReadOnly", &["dana"]);
    manual_group(&world, "aws_everyone");
    world.pass_until("2026-11-26T09:00:00Z");
    let second = digest_of(&world, "2026-11-26").await;
    assert_snapshot!(seen(&second), @"
    Duplicate groups: 4 hurt people now, 1 will hurt, 1 is untidy.
    Looked at 44 groups. Since 2026-11-25 09:00 UTC: 2 new, 4 unchanged, 1 resolved (AWS-Forensics).
    New: AWS-Payments-ReadOnly was deleted and made again, and access is still assigned to the deleted one.
    Hurts people now: 1 person misses access by it: Dana Reyes.
    • AWS-Payments-ReadOnly: comes from Entra ID, in AWS since 2026-11-25 09:00 UTC; 1 member; opens nothing
    • AWS-Payments-ReadOnly: deleted; opens ReadOnly on Payments-Prod
    What to do, in this order
    • Assign ReadOnly on Payments-Prod to AWS-Payments-ReadOnly; 1 person gains it by that: Dana Reyes
    • Take ReadOnly on Payments-Prod from the deleted group
    Beside these
    • hurts people now: AWS-Analytics-Readers from Entra ID cannot arrive: a group made in AWS has its name
    • hurts people now: 2 groups are called AWS-Risk-Analysts
    • hurts people now: AWS-Security Audit and AWS-Security Audit look alike (they differ in spaces, dashes or underscores, here U+0020 and U+00A0)
    • will hurt: An assignment is left over from a deleted group: PowerUser on Warehouse-Prod
    • new, untidy: AWS-Everyone and aws_everyone look alike (they differ in capitals, spaces, dashes or underscores)
    The thread has each of them with links and commands.
    Laid aside
    • AWS-Payments-Admin until 2026-12-25 09:00 UTC, by @U0BO: Being merged, see the plan
    Nobody has asked me about a missing account since the last digest.
    ");
}

#[tokio::test]
async fn what_is_laid_aside_is_told_again_when_it_gets_worse_or_the_time_is_up() {
    let world = World::with(every_day).await;
    manual_group(&world, "aws_everyone");
    world.pass_until("2026-11-25T09:00:00Z");
    let first = digest_of(&world, "2026-11-25").await;
    let everyone =
        world.in_thread("bo", &first).into_iter().find(|message| message.text.contains("everyone"));
    let form = open_snooze(&world, &everyone.expect("is told in full")).await;
    world.submit("bo", &form, &[("duration", "14"), ("reason", "later")]).await;
    world.seen_once("bo", "C0ADMINS", "aside until").await;
    let state = async || {
        let digest = as_json(&world).await;
        let findings = digest["findings"].as_array().expect("findings").clone();
        let of_everyone =
            findings.into_iter().find(|finding| finding["headline"].to_string().contains("aws_everyone"));
        of_everyone.expect("is there")["state"].clone()
    };
    assert_eq!(state().await, "snoozed");
    world.pass_until("2026-12-09T09:00:01Z");
    assert_eq!(state().await, "known");

    let form = open_snooze(&world, &world.in_thread("bo", &first)[0]).await;
    world.submit("bo", &form, &[("duration", "365"), ("reason", "later")]).await;
    world.pass_until("2026-12-10T08:00:00Z");
    let account = "Payments-Prod".to_owned();
    let principal =
        serde_json::from_value(serde_json::json!({"group": "aws_everyone"})).expect("a principal");
    let permission_set = "ReadOnly".to_owned();
    change(&world, &Change::Assign { account, permission_set, principal });
    assert_eq!(state().await, "known", "people miss something by it now");
}

#[tokio::test]
async fn only_the_channel_of_the_digest_lays_something_aside_and_only_with_a_reason() {
    let world = company().await;
    world.pass_until("2026-11-25T09:00:00Z");
    let first = digest_of(&world, "2026-11-25").await;
    let below = world.in_thread("bo", &first).remove(0);
    let form = open_snooze(&world, &below).await;
    let Submitted::Errors(errors) = world.submit("bo", &form, &[("duration", "14"), ("reason", "  ")]).await
    else {
        panic!("is refused");
    };
    assert_eq!(errors.get("reason").map(String::as_str), Some("Say why, in a few words."));
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
            No duplicate groups among 39 groups.
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

#[tokio::test]
async fn what_cannot_be_read_is_waited_for_and_then_said() {
    let world = company().await;
    world.sandbox.faults.set("identitystore:ListGroups", Fault::Forbidden);
    world.pass_until("2026-11-25T09:00:00Z");
    world.once(|| world.sandbox.calls.counts().contains_key("identitystore:ListGroups")).await;
    assert!(digests(&world).is_empty());
    let told = world.while_passing(jiff::SignedDuration::from_secs(5), digest_of(&world, "2026-11-25")).await;
    assert_snapshot!(seen(&told), @"
    Whether there are duplicate groups, I can't tell.
    I could not read everything, so there may be more than I tell: identitystore:ListGroups (AccessDeniedException).
    Nobody has asked me about a missing account in the last day.
    ");
}

#[tokio::test]
async fn groups_that_could_not_be_looked_into_are_no_sign_of_health_and_nothing_is_deleted() {
    let world = company().await;
    world.sandbox.faults.set("sso:ListAccountAssignmentsForPrincipal", Fault::Forbidden);
    let digest = as_json(&world).await;
    assert_eq!(digest["complete"], false);
    assert_eq!(digest["gaps"][0]["operation"], "sso:ListAccountAssignmentsForPrincipal");
    for finding in digest["findings"].as_array().expect("findings") {
        assert_eq!(
            (&finding["severity"], &finding["people_hurt_is_complete"]),
            (&"will_hurt".into(), &false.into())
        );
        let steps = finding["remedy"].to_string();
        assert!(!steps.contains("delete-"), "what a group opens is not known: {steps}");
    }
}

#[tokio::test]
async fn while_a_duplicate_may_be_overlooked_none_counts_as_resolved() {
    let world = company().await;
    world.pass_until("2026-11-25T09:00:00Z");
    digest_of(&world, "2026-11-25").await;
    change(&world, &Change::DeleteGroup { group: "AWS-Forensics, Cyrillic A".to_owned() });
    let resolved = async || {
        let digest = as_json(&world).await;
        let findings = digest["findings"].as_array().expect("findings").clone();
        findings.iter().filter(|finding| finding["state"] == "resolved").count()
    };
    for operation in ["identitystore:ListGroups", "graph:servicePrincipals/appRoleAssignedTo"] {
        world.sandbox.faults.set(operation, Fault::Forbidden);
        assert_eq!(resolved().await, 0, "{operation}");
        world.sandbox.faults.clear();
    }
    world.sandbox.faults.set("identitystore:ListGroupMemberships", Fault::Forbidden);
    assert_eq!(resolved().await, 1, "that does not hide whether it is there");
}

#[tokio::test]
async fn a_post_that_fails_is_tried_again_and_stands_once() {
    let world = company().await;
    world.sandbox.faults.set_times("slack:chat.postMessage", Fault::Html500, 3);
    world.pass_until("2026-11-25T09:00:00Z");
    world.while_passing(jiff::SignedDuration::from_secs(2), digest_of(&world, "2026-11-25")).await;
    assert_eq!(digests(&world).len(), 1);
}

#[tokio::test]
async fn a_bot_that_died_makes_up_for_a_digest_that_is_not_too_late() {
    let world = company().await;
    world.die();
    world.pass_until("2026-11-25T14:30:00Z");
    world.die_and_start_again();
    digest_of(&world, "2026-11-25").await;
    world.die();
    world.pass_until("2026-11-26T18:00:00Z");
    world.die_and_start_again();
    world.pass_until("2026-11-27T09:00:00Z");
    digest_of(&world, "2026-11-27").await;
    assert!(world.store.digest_of("2026-11-26").await.expect("reads").is_none(), "it was too late");
    assert_eq!(digests(&world).len(), 2);
}

#[tokio::test]
async fn however_often_the_bot_dies_there_is_one_digest_a_day() {
    let world = company().await;
    for day in ["2026-11-25", "2026-11-26", "2026-11-27"] {
        world.pass_until(&format!("{day}T09:00:00Z"));
        for death in 1..=3 {
            world.sandbox.calls.forget();
            world.die_and_start_again();
            // It dies over another part of its work each time.
            world.once(|| world.sandbox.calls.counts().values().sum::<usize>() > 4 * death).await;
        }
        digest_of(&world, day).await;
    }
    assert_eq!(digests(&world).len(), 3);
}

#[tokio::test]
async fn posting_by_hand_and_by_schedule_makes_one_digest_a_day() {
    let world = company().await;
    world.pass_until("2026-11-25T08:00:00Z");
    let desk = world.desk();
    let survey = Survey::taken(&world.gather, Some(&world.store), true).await.expect("the store is there");
    desk.post_digest_now(&survey).await.expect("is posted");
    let again = desk.post_digest_now(&survey).await.expect_err("stands there").to_string();
    assert_eq!(again, "today's digest has been posted already, so nothing was posted");
    world.pass_until("2026-11-25T09:00:00Z");
    world.pass_until("2026-11-26T09:00:00Z");
    digest_of(&world, "2026-11-26").await;
    assert_eq!(digests(&world).len(), 2);
}

#[tokio::test]
async fn of_two_who_post_at_once_one_does_and_the_other_waits_for_it() {
    let world = company().await;
    world.pass_until("2026-11-25T08:00:00Z");
    world.sandbox.faults.set("slack:chat.postMessage", Fault::Slow { milliseconds: 50 });
    let survey = Survey::taken(&world.gather, Some(&world.store), true).await.expect("the store is there");
    let (one, other) = (world.desk(), world.desk());
    let both = tokio::join!(one.post_digest_now(&survey), other.post_digest_now(&survey));
    let said = [both.0, both.1].map(|posted| posted.map_err(|error| error.to_string()));
    assert!(said.contains(&Ok(())), "{said:?}");
    let already = "today's digest has been posted already, so nothing was posted".to_owned();
    assert!(said.contains(&Err(already)), "{said:?}");
    assert_eq!(digests(&world).len(), 1);
    assert_eq!(world.in_thread("bo", &digests(&world)[0]).len(), survey.digest.findings.len());
}

#[tokio::test]
async fn by_hand_nothing_is_posted_where_not_all_groups_could_be_read() {
    let world = company().await;
    world.pass_until("2026-11-25T08:00:00Z");
    world.sandbox.faults.set("identitystore:ListGroups", Fault::Forbidden);
    let refused = world.desk().look_and_post_digest().await.expect_err("not all could be read").to_string();
    assert_snapshot!(refused, @"not all groups could be read, so that there is no digest; the channel was told so, and when they can be read, try again");
    world.sandbox.faults.clear();
    world.pass_until("2026-11-25T09:00:00Z");
    digest_of(&world, "2026-11-25").await;
}

#[tokio::test]
async fn what_slack_refuses_of_the_thread_stands_there_in_short() {
    let world = company().await;
    world.sandbox.faults.set_times_after("slack:chat.postMessage", 2, Fault::Forbidden, 1);
    world.pass_until("2026-11-25T09:00:00Z");
    let digest = digest_of(&world, "2026-11-25").await;
    let below = world.in_thread("bo", &digest);
    assert_eq!(below.len(), 6);
    assert_snapshot!(seen(&below[1]), @"AWS-Forensics and АWS-Forensics look alike (they differ in letters that look alike, here U+0041 and U+0410). Slack did not take what to do about it; sso-why digest prints it.");
}

#[tokio::test]
async fn a_digest_that_was_kept_before_a_long_outage_is_not_posted_after_it() {
    let world = company().await;
    world.sandbox.faults.set("slack:chat.postMessage", Fault::Html500);
    world.pass_until("2026-11-25T09:00:00Z");
    world.once(|| world.sandbox.calls.counts().contains_key("slack:chat.postMessage")).await;
    world.die();
    world.sandbox.faults.clear();
    world.pass_until("2026-11-25T15:30:00Z");
    world.die_and_start_again();
    world.pass_until("2026-11-26T09:00:00Z");
    digest_of(&world, "2026-11-26").await;
    assert!(world.store.digest_of("2026-11-25").await.expect("reads").is_none(), "it was too late");
    assert_eq!(digests(&world).len(), 1);
}

#[tokio::test]
async fn digests_go_on_however_they_came_to_an_end() {
    const ORDERED: &str = "SELECT COUNT(*) FROM job WHERE key LIKE 'digest:%' AND state = 'ready'";
    let world = World::with(every_day).await;
    let change_the_job = async |statement: &'static str| {
        sqlx::query(statement).execute(world.store.pool()).await.expect("the store is there")
    };
    let is_ordered = async |wanted: bool| {
        let ordered = || sqlx::query_scalar::<_, i64>(ORDERED).fetch_one(world.store.pool());
        while (ordered().await.expect("reads") > 0) != wanted {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    change_the_job("UPDATE job SET state = 'dead' WHERE key LIKE 'digest:%'").await;
    world.pass_until("2026-11-26T08:00:00Z");
    in_time(is_ordered(true)).await;
    world.pass_until("2026-11-26T09:00:00Z");
    digest_of(&world, "2026-11-26").await;

    // An order by another replica's schedule is left to that replica for a while, and then it is over.
    in_time(is_ordered(true)).await;
    change_the_job("UPDATE job SET work = REPLACE(work, '0 9 * * *', '0 7 * * *') WHERE key LIKE 'digest:%'")
        .await;
    world.pass_until("2026-11-27T10:00:00Z");
    in_time(is_ordered(true)).await;
    world.pass_until("2026-11-27T15:30:00Z");
    world.while_passing(jiff::SignedDuration::from_secs(60), in_time(is_ordered(false))).await;
    world.pass_until("2026-11-29T08:00:00Z");
    in_time(is_ordered(true)).await;
    world.pass_until("2026-11-29T09:00:00Z");
    digest_of(&world, "2026-11-29").await;
}

#[tokio::test]
async fn what_is_laid_aside_is_counted_where_there_is_nothing_else_and_fits_a_message() {
    const PAIRS: usize = 15;
    let world = World::of_with("no-idp", every_day).await;
    tidy_up(&world);
    for number in 0..PAIRS {
        let names = [format!("Laid-Aside-{number}"), format!("Laid_Aside_{number}")];
        names.iter().for_each(|name| manual_group(&world, name));
    }
    world.pass_until("2026-11-25T09:00:00Z");
    digest_of(&world, "2026-11-25").await;
    let until = "2027-11-25T09:00:00Z".parse().expect("a moment");
    for told in world.store.duplicates().await.expect("reads") {
        let reason = "Because ".repeat(18);
        world.store.lay_aside(&told.duplicate.id, "U0BO", &reason, until).await.expect("is laid aside");
    }
    world.pass_until("2026-11-26T09:00:00Z");
    let told = seen(&digest_of(&world, "2026-11-26").await);
    assert_eq!(
        told.lines().next(),
        Some("Nothing new to act on among 69 groups; 15 duplicates are laid aside.")
    );
    assert!(told.contains("more; sso-why digest lists them all"), "{told}");
}

#[tokio::test]
async fn assignments_that_could_not_be_read_are_looked_through_the_next_time() {
    let world = company().await;
    world.sandbox.faults.set("sso:ListAccountAssignments", Fault::Forbidden);
    world.pass_until("2026-11-25T09:00:00Z");
    let first = seen(&digest_of(&world, "2026-11-25").await);
    assert!(first.contains("sso:ListAccountAssignments") && !first.contains("a deleted group"), "{first}");
    world.sandbox.faults.clear();
    world.pass_until("2026-11-26T09:00:00Z");
    let second = seen(&digest_of(&world, "2026-11-26").await);
    assert!(second.contains("new, will hurt: An assignment is left over from a deleted group"), "{second}");
    world.sandbox.calls.forget();
    world.pass_until("2026-11-27T09:00:00Z");
    digest_of(&world, "2026-11-27").await;
    assert_eq!(world.sandbox.calls.counts().get("sso:ListAccountAssignments"), None, "it is done once");
}

/// Presses the button and waits for the form.
async fn open_snooze(world: &World, message: &Message) -> OpenView {
    world.click("bo", message, "snooze_duplicate").await;
    world.form("bo").await
}
