//! Tickets: the help desk takes a question, both sides write to each other through the bot, and it is resolved.

use insta::assert_snapshot;
use jiff::SignedDuration;
use sso_why::config::HelpDeskMembers;
use sso_why::sandbox::faults::Fault;
use sso_why::sandbox::workspace::messages::Message;

use crate::harness::{World, in_time, seen};

const DESK: &str = "C0HELPDESK";

/// A question that was handed to the help desk: what its asker and the agents see of it.
struct Ticket {
    report: Message,
    card: Message,
    direct: Message,
}

/// Asks for Payments-Prod, which Dana misses, and hands the report to the help desk.
async fn handed_over_to_the_help_desk(world: &World, key: &str, about: &str, note: &str) -> Ticket {
    let report = world.ask(key, "C0GENERAL", &format!("/sso-why {about}Payments-Prod")).await;
    escalate(world, key, &report, note).await;
    let report = world.changed(key, &report).await;
    let card = world.seen_once("sam", DESK, "New.").await;
    let direct = world.last_direct(key).await;
    Ticket { report, card, direct }
}

async fn escalate(world: &World, key: &str, report: &Message, note: &str) {
    world.click(key, report, "escalate").await;
    let form = world.form(key).await;
    world.submit(key, &form, &[("note", note)]).await;
}

/// What a ticket's message says beside the report: how it stands, what became of it, and the buttons.
fn frame(card: &Message) -> String {
    let told = seen(card);
    let (stands, _) = told.split_once('\n').expect("a first line");
    let (_, rest) = told.split_once("As it was").expect("the end of the report");
    let (_, rest) = rest.split_once('\n').expect("a history");
    format!("{stands}\n…\n{rest}")
}

/// What the bot says in a ticket's thread, the oldest first.
fn thread(world: &World, ticket: &Message) -> Vec<String> {
    world.in_thread("sam", ticket).iter().map(seen).collect()
}

#[tokio::test]
async fn from_the_question_to_its_end() {
    let world = World::new().await;
    let Ticket { report, card, direct } =
        handed_over_to_the_help_desk(&world, "dana", "", "I need it for the month-end").await;
    assert!(seen(&card).contains("> I need it for the month-end"), "{}", seen(&card));
    assert_snapshot!(frame(&card), @"
    New: nobody has it yet.
    …
    Opened by @U0DANA, 2026-11-24 14:12 UTC
    What the help desk writes in this thread goes to whoever asked, and their answers come back here. Begin with // to keep it here.
    [Claim]
    ");
    assert_snapshot!(seen(&direct), @"
    The help desk has your question about Payments-Prod.
    Nobody has taken it yet. I say here when somebody does.
    See their message
    Write to me in this thread to tell the help desk more · REF
    ");
    assert!(seen(&report).contains("The help desk has it: see their message"), "{}", seen(&report));

    world.pass(SignedDuration::from_mins(1));
    world.click("sam", &card, "claim").await;
    let card = world.changed("sam", &card).await;
    assert_snapshot!(frame(&card), @"
    @U0SAM has it.
    …
    Opened by @U0DANA, 2026-11-24 14:12 UTC
    Claimed by @U0SAM, 2026-11-24 14:13 UTC
    What the help desk writes in this thread goes to whoever asked, and their answers come back here. Begin with // to keep it here.
    [Resolve] [Check again] [Hand over to ▾]
    ");
    let direct = world.changed("dana", &direct).await;
    assert_snapshot!(seen(&direct), @"
    The help desk has your question about Payments-Prod.
    @U0SAM has it.
    See their message
    Write to me in this thread to tell the help desk more · REF
    ");

    // Both write to each other; what begins with // stays inside.
    world.say("sam", DESK, "// she is new, be kind", Some(&card.ts)).await;
    world.say("sam", DESK, "Hi @dana, do you see *any* account?", Some(&card.ts)).await;
    let home = world.direct_channel("dana");
    let question = world.seen_once("dana", &home, "help desk, about").await;
    assert_snapshot!(seen(&question), @"
    Sam Okafor, help desk, about Payments-Prod:
    > Hi @dana, do you see *any* account?
    ");
    // Who answers before the bot has noted where its message stands is heard at the next try.
    in_time(world.all_is_done()).await;
    world.say("dana", &home, "None <at all> & I looked twice", Some(&question.ts)).await;
    let answer = world.seen_once("sam", DESK, "Dana Reyes writes").await;
    assert_eq!(answer.thread_ts.as_deref(), Some(card.ts.as_str()));
    assert_snapshot!(seen(&answer), @"
    @U0DANA writes to @U0SAM:
    > None <at all> & I looked twice
    ");
    let passed_on = world.seen_once("dana", &home, "The help desk has that").await;
    assert_eq!(passed_on.thread_ts.as_deref(), Some(question.ts.as_str()));
    // A plain message belongs to the only open ticket.
    world.say("dana", &home, "and I signed in again", None).await;
    world.seen_once("sam", DESK, "and I signed in again").await;
    let told = world.direct_messages("dana").iter().map(seen).collect::<Vec<_>>().join("\n");
    assert!(!told.contains("be kind"), "{told}");

    world.mend("dana");
    world.pass(SignedDuration::from_mins(4));
    world.click("sam", &card, "recheck").await;
    let card = world.changed("sam", &card).await;
    assert_snapshot!(frame(&card), @"
    @U0SAM has it. The access is in place now: resolve it, unless something is still missing.
    …
    Opened by @U0DANA, 2026-11-24 14:12 UTC
    Claimed by @U0SAM, 2026-11-24 14:13 UTC
    Found in place by @U0SAM, who checked again, 2026-11-24 14:17 UTC
    What the help desk writes in this thread goes to whoever asked, and their answers come back here. Begin with // to keep it here.
    [Resolve] [Check again] [Hand over to ▾]
    ");
    assert_snapshot!(thread(&world, &card).last().expect("what the check found"), @"
    Dana Reyes has access to Payments-Prod: ReadOnly, through AWS-Payments-ReadOnly.
    What changed since 2026-11-24 14:12 UTC:
    membership: broken, now fine
    portal: not reached, now needs a look
    Checked live <!date^1795529820^{date_short_pretty} at {time}|2026-11-24 14:17 UTC>
    ");
    let restored = world.seen_once("dana", &home, "You have access to").await;
    assert_snapshot!(seen(&restored), @"
    You have access to Payments-Prod: ReadOnly, through AWS-Payments-ReadOnly.
    Next: if the portal does not show it yet, sign out of the access portal, wait about 3 minutes and sign in again.
    You asked the help desk for it. If something is still missing, answer here.
    ");

    world.pass(SignedDuration::from_mins(1));
    world.click("sam", &card, "resolve").await;
    let card = world.changed("sam", &card).await;
    assert_snapshot!(frame(&card), @"
    Resolved by @U0SAM, 2026-11-24 14:18 UTC.
    …
    Opened by @U0DANA, 2026-11-24 14:12 UTC
    Claimed by @U0SAM, 2026-11-24 14:13 UTC
    Found in place by @U0SAM, who checked again, 2026-11-24 14:17 UTC
    Resolved by @U0SAM, 2026-11-24 14:18 UTC
    What the help desk writes in this thread goes to whoever asked, and their answers come back here. Begin with // to keep it here.
    [Reopen]
    ");
    let resolved = world.seen_once("dana", &home, "has closed it").await;
    assert_snapshot!(seen(&resolved), @"
    Your question about Payments-Prod is resolved.
    @U0SAM of the help desk has closed it. If it is not, answer in this thread and they read it.
    ");

    // What comes after all still arrives.
    in_time(world.all_is_done()).await;
    world.say("dana", &home, "One more thing", Some(&resolved.ts)).await;
    let late = world.seen_once("sam", DESK, "One more thing").await;
    assert_snapshot!(seen(&late), @"
    @U0DANA writes, although this is resolved. To go on, press Reopen above:
    > One more thing
    ");
    world.seen_once("dana", &home, "they can reopen it").await;

    world.pass(SignedDuration::from_mins(1));
    world.click("femi", &card, "reopen").await;
    let card = world.changed("sam", &card).await;
    assert_snapshot!(frame(&card), @"
    @U0FEMI has it.
    …
    Opened by @U0DANA, 2026-11-24 14:12 UTC
    Claimed by @U0SAM, 2026-11-24 14:13 UTC
    Found in place by @U0SAM, who checked again, 2026-11-24 14:17 UTC
    Resolved by @U0SAM, 2026-11-24 14:18 UTC
    Reopened by @U0FEMI, 2026-11-24 14:19 UTC
    What the help desk writes in this thread goes to whoever asked, and their answers come back here. Begin with // to keep it here.
    [Resolve] [Check again] [Hand over to ▾]
    ");
    assert_snapshot!(seen(&world.seen_once("dana", &home, "is open again").await), @"
    Your question about Payments-Prod is open again.
    @U0FEMI of the help desk has it.
    ");
}

#[tokio::test]
async fn a_second_asker_joins_the_open_ticket() {
    let world = World::new().await;
    let Ticket { card, .. } = handed_over_to_the_help_desk(&world, "dana", "", "please").await;
    world.pass(SignedDuration::from_mins(1));
    let report = world.ask("sam", "C0GENERAL", "/sso-why @dana Payments-Prod").await;
    assert!(seen(&report).contains("[Ask the help desk]"), "{}", seen(&report));
    escalate(&world, "sam", &report, "She called me").await;
    let joined = world.seen_once("sam", "C0GENERAL", "now yours with it").await;
    assert_snapshot!(seen(&joined), @"
    The help desk has this question about Payments-Prod already, and now yours with it.
    There is one ticket for it, and I keep you informed of that.
    Your note is in its thread.
    See their message
    ");
    assert_snapshot!(frame(&world.changed("sam", &card).await), @"
    New: nobody has it yet.
    …
    Opened by @U0DANA, 2026-11-24 14:12 UTC
    Joined by @U0SAM, 2026-11-24 14:13 UTC
    What the help desk writes in this thread goes to whoever asked, and their answers come back here. Begin with // to keep it here.
    [Claim]
    ");
    assert_snapshot!(thread(&world, &card).join("\n---\n"), @"
    @U0SAM asks for the same:
    > She called me
    ");
    let direct = world.seen_once("sam", &world.direct_channel("sam"), "your question about").await;
    assert_snapshot!(seen(&direct), @"
    The help desk has your question about Payments-Prod for @U0DANA.
    Nobody has taken it yet. I say here when somebody does.
    See their message
    Write to me in this thread to tell the help desk more · REF
    ");
    let tickets = world.all_seen("sam", DESK).into_iter().filter(|one| one.thread_ts.is_none());
    assert_eq!(tickets.count(), 1);

    // What an agent writes reaches both.
    world.say("femi", DESK, "I am looking", Some(&card.ts)).await;
    for key in ["dana", "sam"] {
        world.seen_once(key, &world.direct_channel(key), "I am looking").await;
    }
}

#[tokio::test]
async fn a_report_knows_of_its_open_ticket_after_a_restart_too() {
    let world = World::new().await;
    let Ticket { report, .. } = handed_over_to_the_help_desk(&world, "dana", "", "please").await;
    assert!(!seen(&report).contains("[Ask the help desk]"), "{}", seen(&report));
    world.die_and_start_again();
    let anew = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    assert!(seen(&anew).contains("The help desk has it: see their message"), "{}", seen(&anew));
}

#[tokio::test]
async fn two_presses_on_two_reports_open_one_ticket() {
    let world = World::new().await;
    world.leaves_unread("The help desk has your question about");
    let first = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    let second = world.ask("dana", "C0GENERAL", "/sso-why 111122223333").await;
    escalate(&world, "dana", &first, "one").await;
    world.seen_once("sam", DESK, "New.").await;
    escalate(&world, "dana", &second, "two").await;
    world.seen_once("dana", "C0GENERAL", "already").await;
    let card = world.seen_once("sam", DESK, "New.").await;
    assert!(!frame(&card).contains("Joined by"), "{}", frame(&card));
    assert!(thread(&world, &card).join("\n").contains("> two"));
}

#[tokio::test]
async fn only_the_help_desk_can_do_something_to_a_ticket() {
    let members = HelpDeskMembers::Users(vec!["U0FEMI".to_owned()]);
    let world = World::with(|config| config.slack.helpdesk_members = members).await;
    let Ticket { card, .. } = handed_over_to_the_help_desk(&world, "dana", "", "").await;
    world.click("sam", &card, "claim").await;
    let refused = world.ephemeral("sam", DESK).await;
    assert!(refused.text.contains("Only the help desk"), "{}", refused.text);
    assert!(frame(&world.message(&card)).contains("[Claim]"));
    // Nor does what others write there reach anybody.
    world.say("sam", DESK, "Try turning it off and on", Some(&card.ts)).await;
    world.seen_once("sam", DESK, "I pass on only what members of the help desk write").await;
    assert_eq!(world.direct_messages("dana").len(), 1);
}

#[tokio::test]
async fn a_press_that_comes_too_late_says_who_was_first() {
    let world = World::new().await;
    let Ticket { card, .. } = handed_over_to_the_help_desk(&world, "dana", "", "").await;
    world.click("sam", &card, "claim").await;
    world.changed("sam", &card).await;
    world.pass(SignedDuration::from_mins(2));
    world.press_on_what_was("U0FEMI", &card, "claim").await;
    assert_snapshot!(seen(&world.last_direct("femi").await), @"@U0SAM has it already, since 2026-11-24 14:12 UTC.");
}

#[tokio::test]
async fn access_that_a_report_finds_is_told_in_the_ticket() {
    let world = World::new().await;
    let Ticket { report, card, .. } = handed_over_to_the_help_desk(&world, "dana", "", "").await;
    world.mend("dana");
    world.pass(SignedDuration::from_mins(5));
    world.press("dana", &report, "recheck").await;
    let restored = world.changed("sam", &card).await;
    assert!(frame(&restored).contains("The access is in place now"), "{}", frame(&restored));
}

#[tokio::test]
async fn a_ticket_is_handed_over_to_another_agent() {
    let world = World::new().await;
    let Ticket { card, direct, .. } = handed_over_to_the_help_desk(&world, "dana", "", "").await;
    world.pass(SignedDuration::from_mins(1));
    world.click("sam", &card, "claim").await;
    let card = world.changed("sam", &card).await;
    let direct = world.changed("dana", &direct).await;
    world.pass(SignedDuration::from_mins(1));
    world.pick("sam", &card, "hand_over", "U0THEO").await;
    let refused = world.ephemeral("sam", DESK).await;
    assert!(refused.text.contains("is not on the help desk"), "{}", refused.text);
    world.pick("sam", &card, "hand_over", "U0FEMI").await;
    assert_snapshot!(frame(&world.changed("sam", &card).await), @"
    @U0FEMI has it.
    …
    Opened by @U0DANA, 2026-11-24 14:12 UTC
    Claimed by @U0SAM, 2026-11-24 14:13 UTC
    Handed over by @U0SAM to @U0FEMI, 2026-11-24 14:14 UTC
    What the help desk writes in this thread goes to whoever asked, and their answers come back here. Begin with // to keep it here.
    [Resolve] [Check again] [Hand over to ▾]
    ");
    assert_snapshot!(seen(&world.seen_once("femi", DESK, "hands this over to").await), @"@U0SAM hands this over to @U0FEMI.");
    assert_snapshot!(seen(&world.changed("dana", &direct).await), @"
    The help desk has your question about Payments-Prod.
    @U0FEMI has it.
    See their message
    Write to me in this thread to tell the help desk more · REF
    ");
}

#[tokio::test]
async fn where_slack_does_not_say_who_is_of_the_help_desk_nothing_is_done() {
    let world = World::new().await;
    world.expects_error("the help desk's members could not be read");
    let Ticket { card, .. } = handed_over_to_the_help_desk(&world, "dana", "", "").await;
    world.sandbox.faults.set("slack:conversations.members", Fault::Forbidden);
    // One that begins anew remembers no members from before.
    world.all_is_done().await;
    world.die_and_start_again();
    world.click("sam", &card, "claim").await;
    world.seen_once("sam", DESK, "did not let me read whether you are on the help desk").await;
    world.say("sam", DESK, "hello", Some(&card.ts)).await;
    world.seen_once("sam", DESK, "I have not passed this on").await;
    assert!(frame(&world.message(&card)).contains("[Claim]"));
    assert_eq!(world.direct_messages("dana").len(), 1);
}

#[tokio::test]
async fn nothing_is_lost_while_slack_is_away() {
    let world = World::new().await;
    let Ticket { card, direct, .. } = handed_over_to_the_help_desk(&world, "dana", "", "").await;
    world.sandbox.faults.set_times("slack:chat.update", Fault::Html500, 3);
    world.sandbox.faults.set_times("slack:chat.postMessage", Fault::Html500, 3);
    world.click("sam", &card, "claim").await;
    world.say("sam", DESK, "I am looking", Some(&card.ts)).await;
    let home = world.direct_channel("dana");
    world.while_time_passes(world.changed("sam", &card)).await;
    world.while_time_passes(world.changed("dana", &direct)).await;
    world.while_time_passes(world.seen_once("dana", &home, "I am looking")).await;
    let told = world.direct_messages("dana");
    assert_eq!(told.iter().filter(|one| one.text.contains("I am looking")).count(), 1);
}

#[tokio::test]
async fn whoever_writes_to_the_bot_without_a_ticket_or_with_several_is_answered() {
    let world = World::new().await;
    let home = world.direct_channel("sam");
    world.say("sam", &home, "hello", None).await;
    assert_snapshot!(seen(&world.last_from_the_bot("sam", &home).await), @"
    You have no open question with the help desk, so nobody has read this. About one that is resolved, answer in the thread of my message about it.
    To ask why an AWS account is missing: /sso-why and the account.
    ");
    handed_over_to_the_help_desk(&world, "sam", "@dana ", "").await;
    let report = world.ask("sam", "C0GENERAL", "/sso-why @jonas Payments-Dev").await;
    escalate(&world, "sam", &report, "").await;
    world.seen_once("sam", DESK, "Payments-Dev").await;
    world.seen_once("sam", &home, "Payments-Dev").await;
    world.say("sam", &home, "any news?", None).await;
    assert_snapshot!(seen(&world.seen_once("sam", &home, "I cannot tell which one").await), @"
    You have 2 open questions with the help desk, and I cannot tell which one you mean. Answer in the thread of my message about it:
    • Payments-Prod see it
    • Payments-Dev see it
    ");
}

#[tokio::test]
async fn the_help_desk_has_what_is_missing_sent_from_the_ticket() {
    let world = World::of_with("company", |config| config.actions.force_sync = true).await;
    world.leaves_unread("The help desk has your question about");
    let report = world.ask("milo", "C0GENERAL", "/sso-why Robotics-Prod").await;
    escalate(&world, "milo", &report, "").await;
    world.changed("milo", &report).await;
    let card = world.seen_once("sam", DESK, "New.").await;
    world.pass(SignedDuration::from_mins(1));
    world.click("sam", &card, "claim").await;
    let card = world.changed("sam", &card).await;
    assert!(frame(&card).contains("[Sync now]"), "{}", frame(&card));
    world.click("sam", &card, "sync_now").await;
    let restored = world.while_time_passes(world.changed("sam", &card)).await;
    assert!(frame(&restored).contains("The access is in place now"), "{}", frame(&restored));
    let told = thread(&world, &card);
    let begin = [
        "Robotics-Prod is missing",
        "I have asked Entra ID",
        "Entra ID has sent it",
        "Robotics-Prod is there",
    ];
    assert_eq!(told.len(), begin.len(), "{told:#?}");
    for (told, begins) in told.iter().zip(begin) {
        assert!(told.starts_with(begins), "{told}");
    }
    let home = world.direct_channel("milo");
    world.seen_once("milo", &home, "You have access to Robotics-Prod").await;
}

#[tokio::test]
async fn a_ticket_whose_opening_was_cut_off_is_opened_once() {
    let world = World::new().await;
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    world.sandbox.faults.set("slack:chat.getPermalink", Fault::Html500);
    escalate(&world, "dana", &report, "please").await;
    let card = world.seen_once("sam", DESK, "New.").await;
    world.die_and_start_again();
    world.sandbox.faults.clear();
    let direct = world.while_time_passes(world.last_direct("dana")).await;
    world.while_time_passes(world.changed("dana", &report)).await;
    assert!(direct.text.contains("has your question about Payments-Prod"), "{}", direct.text);
    let cards: Vec<Message> = world.all_seen("sam", DESK);
    assert_eq!(cards.iter().map(|one| &one.ts).collect::<Vec<_>>(), [&card.ts]);
    assert_eq!(world.direct_messages("dana").len(), 1);
    assert_eq!(frame(&card).matches("Opened by").count(), 1);
}

#[tokio::test]
async fn a_ticket_that_could_not_be_posted_can_be_opened_again() {
    let world = World::new().await;
    world.expects_error("a message could not be posted");
    world.leaves_unread("The help desk has your question about");
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    world.sandbox.faults.set("slack:chat.postMessage", Fault::Forbidden);
    escalate(&world, "dana", &report, "please").await;
    world.seen_once("dana", "C0GENERAL", "could not reach the help desk's channel").await;
    world.sandbox.faults.clear();
    world.pass(SignedDuration::from_secs(3));
    escalate(&world, "dana", &report, "please").await;
    world.changed("dana", &report).await;
    assert_eq!(world.all_seen("sam", DESK).len(), 1);
}

#[tokio::test]
async fn the_note_is_taken_although_the_bot_dies_while_it_is_written() {
    let world = World::new().await;
    world.leaves_unread("The help desk has your question about");
    let report = world.ask("dana", "C0GENERAL", "/sso-why Payments-Prod").await;
    world.click("dana", &report, "escalate").await;
    let form = world.form("dana").await;
    world.die_and_start_again();
    world.submit("dana", &form, &[("note", "please")]).await;
    let card = world.seen_once("sam", DESK, "New.").await;
    world.changed("dana", &report).await;
    in_time(world.all_is_done()).await;
    world.die_and_start_again();
    let card = world.press("sam", &card, "claim").await;
    assert!(frame(&card).contains("Claimed by @U0SAM"), "{}", frame(&card));
}

#[tokio::test]
async fn edits_and_questions_to_the_bot_are_not_brought_to_anybody() {
    let world = World::new().await;
    let Ticket { card, .. } = handed_over_to_the_help_desk(&world, "dana", "", "").await;
    let ts = world.say("sam", DESK, "I am loking", Some(&card.ts)).await;
    let home = world.direct_channel("dana");
    world.seen_once("dana", &home, "loking").await;
    in_time(world.sandbox.edit("sam", &ts, "I am looking")).await.expect("it is heard");
    world.say("sam", DESK, "@sso-why @dana Payments-Prod", Some(&card.ts)).await;
    world.say("sam", DESK, "Found it", Some(&card.ts)).await;
    world.seen_once("dana", &home, "Found it").await;
    let told = world.direct_messages("dana").iter().map(seen).collect::<Vec<_>>().join("\n");
    assert!(!told.contains("looking") && !told.contains("sso-why @"), "{told}");
}
