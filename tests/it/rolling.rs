//! A rolling restart, as an orchestrator does it: of two replicas each in turn is stopped in order, and the next one
//! goes only when a new one is ready in its place. A crowd asks all the while, and nobody notices.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use sso_why::sandbox::slack::SIGNING_SECRET;
use sso_why::sandbox::slack::outgoing::delivery::{COMMANDS, FORM, signature};
use sso_why::sandbox::workspace::people::SLACKBOT_USER_ID;

use crate::processes::questions::{
    Asked, Way, all_answered, answered, asked_and_answered_until, assert_each_answered_once, command,
};
use crate::processes::{Database, Processes};

const REPLICAS: usize = 2;

/// Longer than it takes on a machine that is busy with other things: how soon a request is acknowledged is the benchmark's
/// to say, and here it is asked whether it is.
const SLACK_WAITS: Duration = Duration::from_secs(60);

/// Longer than whoever leaves waits where nothing comes.
const HEARS_LATER: Duration = Duration::from_secs(5);

/// Answers that the crowd has before the first one goes, and after each that has come: all are at work.
const ALL_ARE_AT_WORK: usize = 20;

#[tokio::test]
#[ignore = "needs PostgreSQL, which tests/run starts"]
async fn renewed_one_after_the_other_two_processes_lose_no_question() {
    let bot = Processes::start(Database::Postgres, REPLICAS).await;
    bot.sandbox.workspace().patience = SLACK_WAITS;
    let mut late = Vec::new();
    let roll = async {
        for number in 0..REPLICAS {
            more_have_their_answer(&bot).await;
            let mark = format!("Q999{}", char::from(b'a' + u8::try_from(number).expect("few")));
            let began = Instant::now();
            bot.stop_and_meanwhile(number, async |leaving| {
                assert_eq!(bot.readiness(1 - number).await, Some(200), "the other one is there");
                // A balancer hears of it a little later, and sends requests until then.
                let client = reqwest::Client::new();
                loop {
                    takes(&bot, &client, leaving, &mark).await;
                    if began.elapsed() > HEARS_LATER {
                        break;
                    }
                }
            })
            .await;
            late.push(Asked { mark, way: Way::ExpiredCommand, acknowledged: true });
            assert_eq!(bot.readiness(1 - number).await, Some(200));
            bot.start_again(number).await;
        }
        more_have_their_answer(&bot).await;
    };
    let mut asked = asked_and_answered_until(&bot, roll).await;
    all_answered(&bot, &late).await;
    asked.append(&mut late);
    assert_nobody_was_told_that_it_failed(&bot, &asked);
    for number in 0..REPLICAS {
        bot.stop(number).await;
    }
    assert_each_answered_once(&bot, &asked);
}

#[tokio::test]
#[ignore = "needs PostgreSQL, which tests/run starts"]
async fn renewed_one_after_the_other_two_processes_lose_no_question_in_socket_mode() {
    let bot = Processes::start_by_socket(Database::Postgres, REPLICAS).await;
    bot.sandbox.workspace().patience = SLACK_WAITS;
    let roll = async {
        for number in 0..REPLICAS {
            more_have_their_answer(&bot).await;
            bot.stop_and_meanwhile(number, async |_| {
                assert_eq!(bot.readiness(1 - number).await, Some(200), "the other one is there");
            })
            .await;
            bot.start_again(number).await;
        }
        more_have_their_answer(&bot).await;
    };
    let asked = asked_and_answered_until(&bot, roll).await;
    assert_nobody_was_told_that_it_failed(&bot, &asked);
    for number in 0..REPLICAS {
        bot.stop(number).await;
    }
    assert_each_answered_once(&bot, &asked);
}

fn assert_nobody_was_told_that_it_failed(bot: &Processes, asked: &[Asked]) {
    let failed: Vec<_> = asked.iter().filter(|asked| !asked.acknowledged).collect();
    let workspace = bot.sandbox.workspace();
    let told = workspace.messages().iter().filter(|message| message.author == SLACKBOT_USER_ID);
    assert!(failed.is_empty(), "{failed:?} of {}: {:#?}", asked.len(), told.collect::<Vec<_>>());
}

async fn more_have_their_answer(bot: &Processes) {
    let wanted = answered(&bot.sandbox.workspace()).len() + ALL_ARE_AT_WORK;
    bot.sandbox.wait_for(|workspace| (answered(workspace).len() >= wanted).then_some(())).await;
}

/// This one replica acknowledges a question that Slack sends to it, the same one each time, and has the next one sent
/// elsewhere.
async fn takes(bot: &Processes, client: &reqwest::Client, replica: SocketAddr, mark: &str) {
    let body = command(bot, "dana", "C0GENERAL", &format!("Nowhere-{mark}"));
    let now = Timestamp::now().as_second();
    let request = client
        .post(format!("http://{replica}{COMMANDS}"))
        .header("content-type", FORM)
        .header("x-slack-request-timestamp", now.to_string())
        .header("x-slack-signature", signature(SIGNING_SECRET, now, &body));
    let answer = request.body(body).send().await.expect("who leaves takes what still comes");
    assert!(answer.status().is_success(), "{}", answer.status());
    assert_eq!(answer.headers()["connection"], "close");
}
