//! Questions, asked in every way in which people ask, and how often each was answered as they see it.
//!
//! Each asks for a permission set or an account that nobody else asks for: that is its mark, by which its answer is
//! known.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::stream::{self, StreamExt as _};
use sso_why::sandbox::slack::outgoing::Mishap;
use sso_why::sandbox::slack::outgoing::delivery::{COMMANDS, FORM};
use sso_why::sandbox::workspace::Workspace;
use sso_why::sandbox::workspace::messages::Message;
use sso_why::sandbox::workspace::people::ChannelKind;
use sso_why::sandbox::workspace::views::OpenView;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::Processes;
use crate::harness::in_time;

/// Who asks, where, and what they type, with `#` where the mark goes. Their answers take different ways through
/// the bot: nothing assigned, another permission set assigned, no such account, about oneself or somebody else.
/// Few ask what AWS's own rate limits make slow.
const PEOPLE: [(&str, &str, &str); 8] = [
    ("dana", "C0GENERAL", "Payments-Prod #"),
    ("jonas", "C0GENERAL", "\"Nowhere #\""),
    ("theo", "C0GENERAL", "Nowhere-#"),
    ("zoe", "C0GENERAL", "\"Rocket 🚀 #\""),
    ("sam", "C0HELPDESK", "@dana Nowhere-#"),
    ("tomas", "C0GENERAL", "Nowhere-#"),
    ("kofi", "C0GENERAL", "Nowhere-# Admin"),
    ("femi", "C0HELPDESK", "@hana Orders-Prod #"),
];

/// Who asks by the form, and for which account.
const FORM_ASKER: &str = "hana";
const FORM_ACCOUNT: &str = "Orders-Prod";

/// Questions that are under way at once: a crowd in a bad hour.
const CROWD: usize = 16;

/// People who ask all the time: two processes are busy.
const STEADY: usize = 16;

/// Marks have three digits.
const MOST_QUESTIONS: usize = 999;

/// All answers are there long before this, even where the leases of a process that died have to run out.
const ANSWERS_COME: Duration = Duration::from_secs(180);

/// What the bot says while it looks.
const LOOKING: &str = "Looking ";

/// How somebody asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Command,
    /// A command whose response URL takes no answer any more.
    ExpiredCommand,
    Form,
}

impl Way {
    /// Of each ten questions seven are commands, two come too late for their response URL, one is a form.
    fn of(number: usize) -> Self {
        match number % 10 {
            3 | 8 => Self::ExpiredCommand,
            5 => Self::Form,
            _ => Self::Command,
        }
    }
}

/// A question that somebody asked.
#[derive(Clone, Debug)]
pub struct Asked {
    pub mark: String,
    pub way: Way,
    /// Whether the bot said that it has it. Where not, Slack has told the asker that it failed.
    pub acknowledged: bool,
}

/// What of the bot's carries a mark.
#[derive(Debug, Default)]
pub struct Told {
    /// `ts` of each answer.
    pub in_the_conversation: Vec<String>,
    pub directly: Vec<String>,
    /// "Looking…" that still stands.
    pub looking: Vec<String>,
}

impl Told {
    pub fn answers(&self) -> usize {
        self.in_the_conversation.len() + self.directly.len()
    }
}

/// Asks so many questions, a crowd at once, until each of them has been acknowledged: who is told that it failed
/// asks anew. Gives every question that was asked.
pub async fn asked_by_a_crowd(bot: &Processes, questions: usize) -> Vec<Asked> {
    let one_form_at_a_time = Mutex::new(());
    let each =
        stream::iter(0..questions).map(|number| asked_until_acknowledged(bot, number, &one_form_at_a_time));
    each.buffer_unordered(CROWD).concat().await
}

/// A few, each of whom asks anew as soon as they have their answer, until `enough`. Gives every question that was
/// asked; all of them are answered.
pub async fn asked_and_answered_until(bot: &Processes, enough: impl Future<Output = ()>) -> Vec<Asked> {
    let one_form_at_a_time = &Mutex::new(());
    let each = stream::iter(0..MOST_QUESTIONS).take_until(enough).map(|number| async move {
        let asked = asked_until_acknowledged(bot, number, one_form_at_a_time).await;
        all_answered(bot, &asked).await;
        asked
    });
    let asked = each.buffer_unordered(STEADY).concat().await;
    assert!(asked.len() < MOST_QUESTIONS, "they fell silent too soon");
    asked
}

/// The marks of the questions that have an answer.
pub fn answered(workspace: &Workspace) -> BTreeMap<String, Told> {
    let mut told = BTreeMap::<String, Told>::new();
    for message in workspace.messages().iter().filter(|message| message.author == workspace.bot_user_id) {
        let Some(mark) = mark_in(&message.text) else {
            continue;
        };
        let told = told.entry(mark).or_default();
        let direct =
            workspace.channel(&message.channel).is_some_and(|channel| channel.kind == ChannelKind::Direct);
        let place = match () {
            () if message.text.starts_with(LOOKING) => &mut told.looking,
            () if direct => &mut told.directly,
            () => &mut told.in_the_conversation,
        };
        place.push(message.ts.clone());
    }
    told
}

/// Waits until every acknowledged question has an answer.
pub async fn all_answered(bot: &Processes, asked: &[Asked]) {
    let answered = bot.sandbox.wait_for(|workspace| {
        let told = answered(workspace);
        let has_answer = |asked: &Asked| told.get(&asked.mark).is_some_and(|told| told.answers() > 0);
        asked.iter().filter(|asked| asked.acknowledged).all(has_answer).then_some(())
    });
    if timeout(ANSWERS_COME, answered).await.is_err() {
        assert_each_answered_once(bot, asked);
    }
}

/// Every question that was acknowledged has one answer, every other at most one, and nobody is left with a
/// "Looking…" to which the answer came beside it in the same place.
pub fn assert_each_answered_once(bot: &Processes, asked: &[Asked]) {
    let workspace = bot.sandbox.workspace();
    let told = answered(&workspace);
    for asked in asked {
        let nothing = Told::default();
        let told = told.get(&asked.mark).unwrap_or(&nothing);
        let everything = || {
            let about_it =
                |message: &&Message| mark_in(&message.text).as_deref() == Some(asked.mark.as_str());
            workspace.messages().iter().filter(about_it).collect::<Vec<_>>()
        };
        if asked.acknowledged {
            assert_eq!(told.answers(), 1, "{asked:?}: {:#?}", everything());
        } else {
            assert!(told.answers() <= 1, "{asked:?}: {:#?}", everything());
        }
        if asked.way == Way::ExpiredCommand {
            assert!(told.in_the_conversation.is_empty(), "{asked:?}: {:#?}", everything());
        }
        // Nobody can take it back once the response URL is used up.
        let may_stand = !told.directly.is_empty() || !asked.acknowledged;
        assert!(told.looking.is_empty() || may_stand, "{asked:?}: {:#?}", everything());
    }
}

async fn asked_until_acknowledged(
    bot: &Processes,
    number: usize,
    one_form_at_a_time: &Mutex<()>,
) -> Vec<Asked> {
    let way = Way::of(number);
    let mut asked = Vec::new();
    for letter in 'a'..='z' {
        bot.somebody_lives().await;
        let mark = format!("Q{number:03}{letter}");
        let (person, channel, typed) = PEOPLE[number % PEOPLE.len()];
        let typed = typed.replace('#', &mark);
        let acknowledged = match way {
            Way::Command => {
                bot.sandbox.type_command(person, channel, &format!("/sso-why {typed}")).await.is_ok()
            }
            Way::ExpiredCommand => type_with_expired_response_url(bot, person, channel, &typed).await,
            Way::Form => {
                let _in_turn = one_form_at_a_time.lock().await;
                ask_by_form(bot, &mark).await;
                true
            }
        };
        asked.push(Asked { mark, way, acknowledged });
        if acknowledged {
            return asked;
        }
    }
    panic!("question {number} was not acknowledged in {} tries", asked.len());
}

async fn type_with_expired_response_url(bot: &Processes, person: &str, channel: &str, typed: &str) -> bool {
    let body = command(bot, person, channel, typed);
    let answer = bot.sandbox.deliver(COMMANDS, FORM, &body, &[]).await;
    answer.is_ok_and(|answer| answer.status == 200 && answer.body.contains(LOOKING))
}

/// The body of a command whose response URL Slack refuses as expired. Sent twice, it is the same command.
pub fn command(bot: &Processes, person: &str, channel: &str, text: &str) -> String {
    let workspace = bot.sandbox.workspace();
    let user = workspace.user(person).expect("they are in Slack").id.clone();
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    for word in &mut words {
        if let Some(about) = word.strip_prefix('@').and_then(|handle| workspace.user(handle)) {
            *word = format!("<@{}>", about.id);
        }
    }
    let fields = [
        ("command", "/sso-why"),
        ("text", &words.join(" ")),
        ("user_id", &user),
        ("channel_id", channel),
        ("team_id", &workspace.team_id),
        ("trigger_id", &format!("1.2.{text}")),
        ("response_url", &format!("{}/response/R0EXPIRED", workspace.sandbox_url)),
    ];
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// Opens the form and sends it until the bot has it. It is one question, however often the form is sent.
async fn ask_by_form(bot: &Processes, mark: &str) {
    loop {
        let form = opened_form(bot).await;
        if sent_until_acknowledged(bot, &form, mark).await {
            return;
        }
    }
}

/// Not where the form is gone: one that was asked for before may open late, in its place.
async fn sent_until_acknowledged(bot: &Processes, form: &OpenView, mark: &str) -> bool {
    loop {
        bot.somebody_lives().await;
        let offered = match bot.sandbox.suggest(FORM_ASKER, &form.id, "account", FORM_ACCOUNT).await {
            Ok(offered) => offered,
            Err(Mishap::Impossible(_)) => return false,
            Err(_) => continue,
        };
        let Some(account) = offered.first().and_then(|account| account["value"].as_str()) else {
            continue;
        };
        let entries = [("account", account), ("permission_set", mark)];
        if bot.sandbox.submit_view(FORM_ASKER, &form.id, &entries).await.is_ok() {
            return true;
        }
    }
}

/// Types the bare command until the form is there: a bot that dies over it cannot open it later, since Slack
/// allows three seconds.
async fn opened_form(bot: &Processes) -> OpenView {
    let mut deaths = bot.deaths();
    loop {
        bot.somebody_lives().await;
        deaths.mark_unchanged();
        let user = bot.sandbox.workspace().user(FORM_ASKER).expect("they are in Slack").id.clone();
        let form = bot.sandbox.wait_for(|workspace| workspace.modals_of(&user).last().cloned());
        if bot.sandbox.type_command(FORM_ASKER, "C0GENERAL", "/sso-why").await.is_err() {
            continue;
        }
        tokio::select! {
            form = in_time(form) => return form,
            _ = deaths.changed() => {}
        }
    }
}

/// The mark that stands in a text.
fn mark_in(text: &str) -> Option<String> {
    let is_mark = |word: &&str| {
        let digits = word.strip_prefix('Q').unwrap_or_default();
        digits.len() == 4 && digits.bytes().take(3).all(|byte| byte.is_ascii_digit())
    };
    text.split(|character: char| !character.is_ascii_alphanumeric()).find(is_mark).map(str::to_owned)
}
