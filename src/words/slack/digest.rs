//! The digest in the admin channel: what hurts somebody in full, the rest in a line each, and everything in full
//! in the thread below. [`snooze`] is the form that lays a finding aside.

pub mod snooze;

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::blocks::{self, Button, Line};
use super::message::Message;
use crate::diagnosis::causes::Cause;
use crate::digest::Digest;
use crate::digest::finding::{Finding, Severity};
use crate::digest::standing::{Standing, State};
use crate::words::duplicates::{
    copies, counts, headline, hurt, known_since, not_everything, nothing_found, of_groups, refused, severity,
    snoozed, steps,
};
use crate::words::say::{Sentence, list_of_names, mention, say};

/// Characters of a message's blocks as JSON at most. Slack refuses more than about 13,200 with
/// `msg_blocks_too_long`, which it does not document (slackapi/bolt-js, issue 2509).
const ROOM: usize = 12_500;
/// Of these, what is left for everything beside the findings that are told in full.
const ROOM_FOR_THE_REST: usize = 4_500;
/// Of that, what the list of what is laid aside may take.
const ROOM_FOR_LAID_ASIDE: usize = 2_500;
/// Groups and steps told of one finding; the terminal has all.
const COPIES: usize = 6;
const STEPS: usize = 8;
/// Characters of a command at most: half a command is worse than none.
const COMMAND: usize = 1_200;
/// Findings told in full in the thread, a message each. Slack takes about one message a second in a channel
/// (docs.slack.dev, "Rate limits"), and nobody reads more.
const IN_THE_THREAD: usize = 20;
/// Messages of a line each for all the others.
const MESSAGES_OF_LINES: usize = 10;
/// Names told in one sentence.
const NAMES: usize = 10;

/// What the day's questions were.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Questions {
    pub count: i64,
    /// The most frequent first.
    pub causes: Vec<(Cause, i64)>,
    /// Half of the answers came within this time.
    pub median: Option<Duration>,
}

/// What is beside the findings.
pub struct Telling<'t> {
    pub questions: &'t Questions,
    /// When the last digest was posted, if there was one.
    pub last: Option<Timestamp>,
}

/// A digest as it is posted.
#[derive(Clone, Debug, PartialEq)]
pub struct Posts {
    pub message: Message,
    /// Its first line, where Slack refuses the whole.
    pub headline: Message,
    /// Below it, in this order.
    pub thread: Vec<Message>,
    /// For each of those what is posted in its place where Slack refuses it.
    pub in_short: Vec<Message>,
}

/// Whether there is nothing to report, and nothing that somebody has laid aside.
pub fn is_quiet(standing: &Standing) -> bool {
    standing.findings.is_empty() && standing.resolved.is_empty() && standing.digest.is_complete()
}

/// The digest as messages.
pub fn digest(standing: &Standing, telling: &Telling) -> Posts {
    let told: Vec<One> = standing
        .findings
        .iter()
        .filter(|(_, state)| !matches!(state, State::Snoozed(_)))
        .map(|(finding, state)| (*finding, state))
        .collect();
    let top = headline_of_all(standing, &told);
    let mut first = vec![Line::bold(&top)];
    first.extend(what_changed(standing, &told, telling).iter().map(Line::plain));
    let unread = not_everything(standing.digest);
    first.extend(unread.iter().map(Line::plain));
    let mut message = vec![blocks::rich_text(&first)];

    let mut in_full = 0;
    for one in told.iter().take_while(|(finding, _)| finding.severity == Severity::Hurting) {
        let whole = whole(standing, one, Detail::Words);
        if length(&message) + length(&whole) > ROOM - ROOM_FOR_THE_REST {
            break;
        }
        message.extend(whole);
        in_full += 1;
    }
    let room = ROOM_FOR_LAID_ASIDE;
    let end =
        [laid_aside(standing, room), vec![blocks::rich_text(&[Line::plain(&questions(telling))])]].concat();
    let rest = told.get(in_full..).unwrap_or_default();
    if !rest.is_empty() {
        let beside = if in_full > 0 { "Beside these" } else { "In short" };
        message.push(blocks::rich_text(&[Line::bold(&say![beside])]));
        let lines = rest.iter().map(|one| in_a_line(standing, one));
        let (list, left) = list_within(lines, ROOM.saturating_sub(length(&message) + length(&end)));
        message.extend(list);
        if left > 0 {
            message.push(blocks::rich_text(&[Line::plain(&say![format!("and {left} more")])]));
        }
    }
    if !told.is_empty() {
        message.push(blocks::rich_text(&[Line::plain(&say![
            "The thread has each of them with links and commands."
        ])]));
    }
    message.extend(end);
    let spoken = unread.map_or(top.clone(), |unread| top.then(say![" "]).then(unread));
    let headline = Message::of(
        None,
        &[spoken.clone().then(say![" Slack did not take the rest; sso-why digest prints it."])],
    );
    let message = Message { text: blocks::text(&spoken.plain(&TimeZone::UTC)), blocks: message };
    let (thread, in_short) = in_the_thread(standing, &told).into_iter().unzip();
    Posts { message, headline, thread, in_short }
}

/// Said in the place of a digest that was to be posted now.
pub fn not_all_was_read(digest: &Digest) -> Message {
    let unread = not_everything(digest).unwrap_or(say![]);
    Message::of(None, &[say!["Today's digest of duplicate groups has to wait. "].then(unread)])
}

type One<'f> = (&'f Finding, &'f State);

/// How much of a finding is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    /// What to do in words.
    Words,
    /// With the button.
    Button,
    /// With the links and commands, and the button.
    Commands,
}

fn length(blocks: &[Value]) -> usize {
    blocks.iter().map(|block| block.to_string().chars().count() + 1).sum()
}

/// As many lines as there is room for, as lists; and how many are left over.
fn list_within(lines: impl ExactSizeIterator<Item = Sentence>, room: usize) -> (Vec<Value>, usize) {
    let (mut taken, mut list, mut left) = (Vec::new(), None, lines.len());
    for line in lines {
        taken.push(Line::plain(&line));
        let longer = blocks::list(&taken);
        if taken.len() > LINES || length(std::slice::from_ref(&longer)) > room {
            break;
        }
        list = Some(longer);
        left -= 1;
    }
    (list.into_iter().collect(), left)
}

/// Lines of one list at most, below what one block holds.
const LINES: usize = 30;

fn headline_of_all(standing: &Standing, told: &[One]) -> Sentence {
    if told.is_empty() {
        return nothing_found(standing);
    }
    let counts = counts(told.iter().map(|(finding, _)| finding.severity));
    say![format!("Duplicate groups: {counts}.")]
}

fn what_changed(standing: &Standing, told: &[One], telling: &Telling) -> Option<Sentence> {
    if told.is_empty() && standing.resolved.is_empty() {
        return None;
    }
    let among = format!("Looked at {}. ", of_groups(standing.digest.groups_checked));
    let Some(last) = telling.last else {
        return Some(say![among, "This is the first digest, so everything in it is new."]);
    };
    let count = |of: fn(&State) -> bool| told.iter().filter(|(_, state)| of(state)).count();
    let new = count(|state| *state == State::New);
    let worse = count(|state| matches!(state, State::Known { is_worse: true, .. }));
    let unchanged = told.len() - new - worse;
    let worse = if worse > 0 { format!(" {worse} got worse,") } else { String::new() };
    let changed = say![among, "Since ", last, format!(": {new} new,{worse} {unchanged} unchanged")];
    let resolved = standing.resolved.len();
    if resolved == 0 {
        return Some(changed.then(say!["."]));
    }
    let names: Vec<&str> = standing.resolved.iter().map(|told| told.name.as_str()).collect();
    Some(
        changed
            .then(say![format!(", {resolved} resolved (")])
            .then(list_of_names(names, NAMES))
            .then(say![")."]),
    )
}

fn whole(standing: &Standing, (finding, state): &One, detail: Detail) -> Vec<Value> {
    let digest = standing.digest;
    let new = match state {
        State::New => "New: ",
        State::Known { is_worse: true, .. } => "Got worse: ",
        State::Known { .. } | State::Snoozed(_) => "",
    };
    let mut lines = vec![Line::bold(&say![new].then(headline(finding, digest)).then(say!["."]))];
    let hurt = hurt(finding, digest).then(say!["."]);
    lines.push(Line::labelled(&format!("{}: ", capitalized(severity(finding.severity))), &hurt));
    lines.extend(refused(finding, digest).map(|refused| Line::plain(&refused.then(say!["."]))));
    if let State::Known { since, .. } = state {
        lines.push(Line::plain(&say!["It has been "].then(known_since(*since)).then(say!["."])));
    }
    let mut blocks = vec![blocks::rich_text(&lines)];
    let more = finding.copies.len().saturating_sub(COPIES);
    let more = (more > 0).then(|| say![format!("and {more} more groups")]);
    let copies: Vec<Line> =
        copies(finding, digest).take(COPIES).chain(more).map(|copy| Line::plain(&copy)).collect();
    blocks.push(blocks::list(&copies));
    let more = finding.steps.len().saturating_sub(STEPS);
    let more = (more > 0).then(|| say![format!("and {more} more steps; sso-why digest prints them all")]);
    let steps =
        finding.steps.iter().take(STEPS).map(|step| line_of(&steps::told(step, finding, digest), detail));
    let steps: Vec<Line> = steps.chain(more.iter().map(Line::plain)).collect();
    if !steps.is_empty() {
        blocks.push(blocks::rich_text(&[Line::bold(&say!["What to do, in this order"])]));
        blocks.push(blocks::numbered(&steps));
    }
    if detail == Detail::Button {
        blocks.push(blocks::rich_text(&[Line::plain(&say!["sso-why digest prints the commands."])]));
    }
    if detail != Detail::Words {
        let snooze = Button::new("snooze_duplicate", "Lay aside for a while", &finding.id);
        blocks.extend(blocks::actions(&finding.id, &[snooze]));
    }
    blocks
}

fn line_of(step: &steps::Told, detail: Detail) -> Line {
    let line = Line::plain(&step.says);
    if detail != Detail::Commands {
        return line;
    }
    let line = match step.url {
        Some(url) => line.followed_by_link(url, "open the console"),
        None => line,
    };
    match &step.command {
        Some(command) if command.chars().count() <= COMMAND => line.followed_by_code(command),
        Some(_) => line.followed_by_code("sso-why digest prints this command"),
        None => line,
    }
}

fn in_a_line(standing: &Standing, (finding, state): &One) -> Sentence {
    let new = match state {
        State::New => "new, ",
        State::Known { is_worse: true, .. } => "got worse, ",
        State::Known { .. } | State::Snoozed(_) => "",
    };
    say![format!("{new}{}: ", severity(finding.severity))].then(headline(finding, standing.digest))
}

/// Each message with what is posted where Slack refuses it.
fn in_the_thread(standing: &Standing, told: &[One]) -> Vec<(Message, Message)> {
    let (in_full, tail) = told.split_at(told.len().min(IN_THE_THREAD));
    let mut thread: Vec<(Message, Message)> =
        in_full.iter().map(|one| in_full_below(standing, one)).collect();
    let mut tail = tail;
    for _message in 0..MESSAGES_OF_LINES {
        let lines = tail.iter().map(|one| in_a_line(standing, one));
        let (list, left) = list_within(lines, ROOM);
        let taken = tail.len() - left;
        if taken == 0 {
            break;
        }
        let short =
            say![format!("{taken} more duplicates, which Slack did not take; sso-why digest lists them.")];
        let lines = Message { text: format!("{taken} more duplicates."), blocks: list };
        thread.push((lines, Message::of(None, &[short])));
        tail = tail.get(taken..).unwrap_or_default();
    }
    if !tail.is_empty() {
        let more = format!("And {} more; sso-why digest lists them all, with what to do.", tail.len());
        let more = Message::of(None, &[say![more]]);
        thread.push((more.clone(), more));
    }
    thread
}

fn in_full_below(standing: &Standing, one: &One) -> (Message, Message) {
    let blocks = whole(standing, one, Detail::Commands);
    let blocks = if length(&blocks) > ROOM { whole(standing, one, Detail::Button) } else { blocks };
    let headline = headline(one.0, standing.digest);
    let whole = Message { text: blocks::text(&headline.plain(&TimeZone::UTC)), blocks };
    let short = headline.then(say![". Slack did not take what to do about it; sso-why digest prints it."]);
    (whole, Message::of(None, &[short]))
}

fn laid_aside(standing: &Standing, room: usize) -> Vec<Value> {
    let lines: Vec<Sentence> = standing
        .findings
        .iter()
        .filter_map(|(finding, state)| match state {
            State::Snoozed(snooze) => Some(snoozed(finding, snooze, mention(&snooze.by, "somebody"))),
            State::New | State::Known { .. } => None,
        })
        .collect();
    if lines.is_empty() {
        return Vec::new();
    }
    let (list, left) = list_within(lines.into_iter(), room);
    let more = (left > 0).then(|| {
        blocks::rich_text(&[Line::plain(&say![format!("and {left} more; sso-why digest lists them all")])])
    });
    let head = blocks::rich_text(&[Line::bold(&say!["Laid aside"])]);
    std::iter::once(head).chain(list).chain(more).collect()
}

/// How many asked, why most of them, and how soon they knew.
fn questions(telling: &Telling) -> Sentence {
    let questions = telling.questions;
    let since = if telling.last.is_some() { "since the last digest" } else { "in the last day" };
    if questions.count == 0 {
        return say![format!("Nobody has asked me about a missing account {since}.")];
    }
    let asked = match questions.count {
        1 => format!("1 question {since}"),
        many => format!("{many} questions {since}"),
    };
    let causes: Vec<String> =
        questions.causes.iter().map(|(cause, count)| format!("{} ({count})", cause.name())).collect();
    let most = match causes.is_empty() {
        true => String::new(),
        false => format!("; most often {}", causes.join(", ")),
    };
    let median = questions
        .median
        .map_or(String::new(), |median| format!("; half were answered within {:.1} s", median.as_secs_f64()));
    say![format!("{asked}{most}{median}.")]
}

fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
