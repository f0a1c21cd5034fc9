//! The Home tab: what a person has and why, what they asked, their tickets; and what could not be read.

use insta::assert_snapshot;
use jiff::SignedDuration;
use serde_json::json;
use sso_why::diagnosis::facts::AccountState;
use sso_why::diagnosis::portal::{Access, OwnAccount, Portal, Standing, Through, portal};
use sso_why::sandbox::company::change::Change;
use sso_why::sandbox::faults::Fault;
use sso_why::sandbox::slack::limits::check_view;
use sso_why::sandbox::slack::outgoing::Use;
use sso_why::sandbox::workspace::views::OpenView;
use sso_why::words::slack::home::{HelpDesk, Home, OpenQuestion, Ticket, Tickets, home};

use crate::harness::{World, a_few_at_a_time, in_time, seen, seen_in};

const ASSIGNMENTS: &str = "sso:ListAccountAssignmentsForPrincipal";

/// Every operation that a Home tab may ask for.
const OPERATIONS: [&str; 8] = [
    "sso:ListInstances",
    ASSIGNMENTS,
    "sso:DescribePermissionSet",
    "identitystore:GetUserId",
    "identitystore:DescribeUser",
    "identitystore:ListGroupMembershipsForMember",
    "identitystore:DescribeGroup",
    "organizations:ListAccounts",
];

#[tokio::test]
async fn a_persons_accounts_are_told_with_the_group_that_gives_each() {
    let world = World::new().await;
    assert_snapshot!(seen_in(opened(&world, "theo").await.blocks()), @"
    I explain why an AWS account is missing from your access portal, and who can mend it.
    [Ask about an account]
    Your AWS accounts
    • Payments-Prod: ReadOnly through AWS-Payments-ReadOnly
    Read from AWS <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC>
    ");
}

#[tokio::test]
async fn what_was_asked_and_is_not_there_yet_stands_until_it_is() {
    let world = World::new().await;
    assert_snapshot!(seen_in(opened(&world, "dana").await.blocks()), @"
    I explain why an AWS account is missing from your access portal, and who can mend it.
    [Ask about an account]
    Your AWS accounts
    AWS has no account assigned to you. Ask about the one that you need.
    Read from AWS <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC>
    ");
    world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    let before = opened(&world, "dana").await;
    assert_snapshot!(seen_in(before.blocks()), @"
    I explain why an AWS account is missing from your access portal, and who can mend it.
    [Ask about an account]
    What you asked and do not have yet
    Payments-Prod: AWS does not have you in the group that opens it (checked 2026-11-24 14:12 UTC).
    [Check again] [Tell me when it's fixed]
    Your AWS accounts
    AWS has no account assigned to you. Ask about the one that you need.
    Read from AWS <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC>
    ");
    world.mend("dana");
    world.pass(SignedDuration::from_mins(4));
    press(&world, "dana", &before, "question_0", "recheck").await;
    let answer = world.last_direct("dana").await;
    assert!(seen(&answer).starts_with("What changed since"), "{}", seen(&answer));
    let after = anew(&world, "dana", &before).await;
    assert_snapshot!(seen_in(after.blocks()), @"
    I explain why an AWS account is missing from your access portal, and who can mend it.
    [Ask about an account]
    Your AWS accounts
    • Payments-Prod: ReadOnly through AWS-Payments-ReadOnly
    Read from AWS <!date^1795529760^{date_short_pretty} at {time}|2026-11-24 14:16 UTC>
    ");
}

#[tokio::test]
async fn opened_again_it_shows_what_has_changed_since() {
    let world = World::new().await;
    let before = opened(&world, "dana").await;
    world.mend("dana");
    let after = opened(&world, "dana").await;
    assert_ne!(before.hash, after.hash);
    assert!(seen_in(after.blocks()).contains("• Payments-Prod: ReadOnly through AWS-Payments-ReadOnly"));
}

#[tokio::test]
async fn a_question_asked_on_the_home_tab_is_answered_directly_and_stands_there() {
    let world = World::new().await;
    let before = opened(&world, "dana").await;
    press(&world, "dana", &before, "ask", "ask").await;
    let form = world.form("dana").await;
    world.sandbox.suggest("dana", &form.id, "account", "payments-prod").await.expect("offers it");
    world.submit("dana", &form, &[("account", "111122223333")]).await;
    let answer = world.last_direct("dana").await;
    assert!(answer.text.contains("Payments-Prod"), "{}", answer.text);
    let after = anew(&world, "dana", &before).await;
    assert!(seen_in(after.blocks()).contains("What you asked and do not have yet"));
}

#[tokio::test]
async fn an_agent_sees_everybodys_tickets_and_the_requester_their_own() {
    let world = World::new().await;
    ticket(&world, "1", "U0DANA", "Payments-Prod", None).await;
    ticket(&world, "2", "U0JONAS", "Payments-Dev", Some("U0SAM")).await;
    assert_snapshot!(seen_in(opened(&world, "dana").await.blocks()), @"
    I explain why an AWS account is missing from your access portal, and who can mend it.
    [Ask about an account]
    Your tickets at the help desk
    • Payments-Prod: nobody has it yet, opened 2026-11-24 14:12 UTC. See the message
    Your AWS accounts
    AWS has no account assigned to you. Ask about the one that you need.
    Read from AWS <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC>
    ");
    assert_snapshot!(seen_in(opened(&world, "sam").await.blocks()), @"
    I explain why an AWS account is missing from your access portal, and who can mend it.
    [Ask about an account]
    Open tickets of the help desk
    • Payments-Prod for @U0DANA: nobody has it yet, opened 2026-11-24 14:12 UTC. See the message
    • Payments-Dev for @U0JONAS: @U0SAM has it, opened 2026-11-24 14:12 UTC. See the message
    Your AWS accounts
    • Shared-Services: SupportUser through AWS-Help-Desk
    • Support-Tools: SupportUser through AWS-Help-Desk
    Read from AWS <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC>
    ");
}

#[tokio::test]
async fn what_aws_does_not_let_be_read_is_said_and_the_rest_is_shown() {
    let world = World::new().await;
    world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    world.sandbox.faults.set(ASSIGNMENTS, Fault::Forbidden);
    assert_snapshot!(seen_in(opened(&world, "dana").await.blocks()), @"
    I explain why an AWS account is missing from your access portal, and who can mend it.
    [Ask about an account]
    What you asked and do not have yet
    Payments-Prod: AWS does not have you in the group that opens it (checked 2026-11-24 14:12 UTC).
    [Check again] [Tell me when it's fixed]
    Your AWS accounts
    I can't list your accounts: AWS did not let me read what is assigned to you. You can still ask about one by its name.
    Read from AWS <!date^1795529520^{date_short_pretty} at {time}|2026-11-24 14:12 UTC>
    ");
    let agent = seen_in(opened(&world, "sam").await.blocks());
    assert!(agent.contains("• sso:ListAccountAssignmentsForPrincipal: AccessDeniedException"), "{agent}");
}

#[tokio::test]
async fn no_fault_of_an_upstream_hides_an_account_without_a_word() {
    let faults =
        [Fault::Forbidden, Fault::Throttled { retry_after: 1 }, Fault::Html500, Fault::MalformedJson];
    let checks = OPERATIONS.iter().flat_map(|operation| faults.iter().map(move |fault| (*operation, fault)));
    let rows = checks.map(|(operation, fault)| async move {
        let world = World::new().await;
        world.sandbox.faults.set(operation, fault.clone());
        let told = portal(&in_time(world.gather.portal("theo@example.com")).await);
        let has_it = told.accounts.iter().any(|account| account.id == "111122223333");
        assert!(has_it || !told.is_complete(), "{operation} {fault:?}: {told:#?}");
        let says_so = told.hiding.iter().chain(&told.unnamed).any(|gap| gap.operation == operation);
        let was_asked = world.sandbox.calls.counts().contains_key(operation);
        let matters = operation != "identitystore:ListGroupMembershipsForMember";
        assert!(says_so || !was_asked || !matters, "{operation} {fault:?}: {told:#?}");
    });
    a_few_at_a_time(rows).await;
}

#[tokio::test]
async fn a_help_desk_that_cannot_be_read_is_not_taken_for_a_no() {
    let world = World::new().await;
    world.sandbox.faults.set("slack:conversations.members", Fault::Html500);
    let told = seen_in(opened(&world, "sam").await.blocks());
    assert!(told.contains("I could not check whether you are on the help desk"), "{told}");
}

#[tokio::test]
async fn people_for_whom_nothing_opens_are_told_why() {
    let world = World::new().await;
    let told = seen_in(opened(&world, "marcus").await.blocks());
    assert!(told.contains("Your user in AWS is disabled, so that no account opens for you."), "{told}");
    let told = seen_in(opened(&world, "yuki").await.blocks());
    assert!(told.contains("AWS does not know you yet"), "{told}");
    let told = seen_in(opened(&world, "priya").await.blocks());
    assert!(told.contains("AWS has two users that could be you"), "{told}");
    let told = seen_in(opened(&world, "oscar").await.blocks());
    assert!(told.contains("• Legacy-CRM (suspended, so that it does not open): PowerUser"), "{told}");
}

#[tokio::test]
async fn the_calls_are_few_and_the_groups_are_asked_only_where_aws_told_none_of_theirs() {
    let world = World::new().await;
    in_time(world.gather.portal("theo@example.com")).await;
    world.sandbox.calls.forget();
    in_time(world.gather.portal("theo@example.com")).await;
    let mut asked = world.sandbox.calls.counts();
    // The bot itself asks for these when it starts, which may be now.
    asked.retain(|operation, _| {
        !["sso:ListInstances", "organizations:ListAccounts"].contains(&operation.as_str())
    });
    assert_eq!(asked.values().sum::<usize>(), 5, "{asked:?}");
    world.sandbox.calls.forget();
    in_time(world.gather.portal("dana@example.com")).await;
    let asked = world.sandbox.calls.counts();
    assert_eq!(asked[ASSIGNMENTS], 3, "herself and two groups: {asked:?}");
}

#[tokio::test]
async fn an_assignment_to_the_person_is_told_as_such() {
    let world = World::new().await;
    let given = json!({"change": "assign", "account": "Payments-Prod", "permission_set": "Admin",
        "principal": {"person": "dana"}});
    let given: Change = serde_json::from_value(given).expect("a change");
    world.sandbox.company().apply(&given, (world.sandbox.clock)()).expect("is made");
    let told = seen_in(opened(&world, "dana").await.blocks());
    assert!(told.contains("• Payments-Prod: Admin, assigned to you yourself"), "{told}");
}

#[test]
fn the_longest_home_tab_keeps_within_slacks_limits() {
    let long = |what: &str| format!("{what} {}", "ü".repeat(2_000));
    let at = jiff::Timestamp::UNIX_EPOCH;
    let account = |number: usize| OwnAccount {
        id: format!("{number:012}"),
        name: Some(long(&number.to_string())),
        state: Some(AccountState::Other(long("state"))),
        access: (0..20)
            .map(|way| Access {
                permission_set: Some(long(&way.to_string())),
                through: Through::Group(Some(long("group"))),
            })
            .collect(),
    };
    let portal = Portal {
        checked_at: at,
        standing: Standing::Enabled,
        accounts: (0..500).map(account).collect(),
        hiding: Vec::new(),
        unnamed: Vec::new(),
        groups_not_asked: 12,
    };
    let tickets = || Tickets {
        first: (0..200)
            .map(|_| Ticket {
                account_name: long("account"),
                requester: "U0DANA".to_owned(),
                agent: Some("U0SAM".to_owned()),
                restored: true,
                link: Some("https://example.slack.com/archives/C0HELPDESK/p1".to_owned()),
                opened_at: at,
            })
            .collect(),
        in_all: 700,
    };
    let questions: Vec<OpenQuestion> = (0..50)
        .map(|_| OpenQuestion {
            account_name: long("account"),
            permission_set: Some(long("set")),
            cause: None,
            checked_at: at,
            handle: "h".repeat(2_000),
            is_watched: false,
        })
        .collect();
    let (own, everybodys) = (tickets(), tickets());
    let view = home(&Home {
        portal: Some(&portal),
        questions: &questions,
        tickets: &own,
        help_desk: HelpDesk::Agent(&everybodys),
    });
    assert_eq!(check_view(&view), Ok(()));
    let told = seen_in(view["blocks"].as_array().expect("blocks"));
    assert!(told.contains("And 420 more."), "of 500 accounts");
    assert!(told.contains("And 660 more."), "of 700 tickets");
    assert!(told.contains("You are in 12 groups more than I look into here."));
}

/// Opens the Home tab and waits until the bot has published it.
async fn opened(world: &World, key: &str) -> OpenView {
    let before = published(world, key);
    in_time(world.sandbox.open_home(key)).await.expect("the event is acknowledged");
    another(world, key, before.as_ref()).await
}

/// The Home tab, once it is another one.
async fn anew(world: &World, key: &str, before: &OpenView) -> OpenView {
    another(world, key, Some(before)).await
}

async fn another(world: &World, key: &str, before: Option<&OpenView>) -> OpenView {
    let user = world.person(key).slack.expect("they are in Slack");
    in_time(world.sandbox.wait_for(|workspace| {
        let now = workspace.home_of(&user)?;
        before.is_none_or(|before| before.hash != now.hash).then(|| now.clone())
    }))
    .await
}

fn published(world: &World, key: &str) -> Option<OpenView> {
    let user = world.person(key).slack.expect("they are in Slack");
    world.sandbox.workspace().home_of(&user).cloned()
}

async fn press(world: &World, key: &str, view: &OpenView, block: &str, action: &str) {
    let button = Use { block_id: Some(block), action_id: action, picked: None };
    in_time(world.sandbox.press_in_view(key, &view.id, button)).await.expect("the press is acknowledged");
}

async fn ticket(world: &World, id: &str, requester: &str, account: &str, agent: Option<&str>) {
    let state = if agent.is_some() { "claimed" } else { "new" };
    let link = format!("https://example.slack.com/archives/C0HELPDESK/p{id}");
    sqlx::query(
        "INSERT INTO ticket (id, reference, requester, about, account_id, account_name, permission_set, cause, \
         state, agent, restored, can_be_sent, report, channel, ts, link, opened_at, changed_at) \
         VALUES ($1, '7K2QX', $2, $2, $1, $3, '', 'sync_stopped', $4, $5, 0, 0, '[]', '', '', $6, $7, $7)",
    )
    .bind(id.to_owned())
    .bind(requester.to_owned())
    .bind(account.to_owned())
    .bind(state.to_owned())
    .bind(agent.unwrap_or_default().to_owned())
    .bind(link)
    .bind(world.gather.now().as_millisecond())
    .execute(world.store.pool())
    .await
    .expect("is kept");
}
