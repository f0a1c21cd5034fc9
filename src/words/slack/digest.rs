//! The digest in the admin channel: what hurts somebody in full, the rest in a line each, and everything in full
//! in the thread below. [`snooze`] is the form that lays a finding aside.

pub mod snooze;

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::Message;
use super::blocks::{self, Button, Line};
use crate::diagnosis::causes::Cause;
use crate::digest::finding::{Finding, Severity};
use crate::digest::standing::{Standing, State};
use crate::words::duplicates::{
    copies, counts, headline, hurt, known_since, not_everything, nothing_found, of_groups, refused, severity,
    snoozed, steps,
};
use crate::words::say::{Sentence, list_of_names, mention, say};

/// Findings told in full in the message itself: about a screen.
const IN_FULL: usize = 4;
/// Findings told in a line there.
const IN_A_LINE: usize = 15;
/// Steps told of one finding; the terminal has all.
const STEPS: usize = 8;
/// Findings told in full in the thread, a message each. Slack takes about one message a second in a channel
/// (docs.slack.dev, "Rate limits"), and nobody reads more.
const IN_THE_THREAD: usize = 20;
/// Lines of a message in the thread, below what one block holds.
const LINES: usize = 30;
/// Messages of such lines.
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
    /// Below it, in this order.
    pub thread: Vec<Message>,
}

/// Whether there is nothing to report.
pub fn is_quiet(standing: &Standing) -> bool {
    let told = standing.findings.iter().any(|(_, state)| !matches!(state, State::Snoozed(_)));
    !told && standing.resolved.is_empty() && standing.digest.is_complete()
}

/// The digest as messages.
pub fn digest(standing: &Standing, telling: &Telling) -> Posts {
    let told: Vec<(&Finding, &State)> = standing
        .findings
        .iter()
        .filter(|(_, state)| !matches!(state, State::Snoozed(_)))
        .map(|(finding, state)| (*finding, state))
        .collect();
    let hurting = told.iter().take_while(|(finding, _)| finding.severity == Severity::Hurting).count();
    let (in_full, rest) = told.split_at(hurting.min(IN_FULL));

    let top = headline_of_all(standing, &told);
    let mut first = vec![Line::bold(&top)];
    first.extend(what_changed(standing, &told, telling).iter().map(Line::plain));
    first.extend(not_everything(standing.digest).iter().map(Line::plain));
    let mut message = vec![blocks::rich_text(&first)];
    for (finding, state) in in_full {
        message.extend(whole(standing, finding, state));
    }
    if !rest.is_empty() {
        let more = rest.len().saturating_sub(IN_A_LINE);
        let more = (more > 0).then(|| say![format!("and {more} more, in the thread")]);
        let lines = rest.iter().take(IN_A_LINE).map(|one| in_a_line(standing, one)).chain(more);
        let lines: Vec<Line> = lines.map(|line| Line::plain(&line)).collect();
        message.push(blocks::rich_text(&[Line::bold(&say!["In the thread, with what to do"])]));
        message.push(blocks::list(&lines));
    }
    message.extend(laid_aside(standing));
    message.push(blocks::rich_text(&[Line::plain(&questions(telling.questions))]));
    Posts {
        message: Message { text: blocks::text(&top.plain(&TimeZone::UTC)), blocks: message },
        thread: in_the_thread(standing, rest),
    }
}

fn headline_of_all(standing: &Standing, told: &[(&Finding, &State)]) -> Sentence {
    if told.is_empty() {
        return nothing_found(standing.digest.groups_checked);
    }
    let counts = counts(told.iter().map(|(finding, _)| finding.severity));
    say![format!("Duplicate groups: {counts}.")]
}

fn what_changed(standing: &Standing, told: &[(&Finding, &State)], telling: &Telling) -> Option<Sentence> {
    if told.is_empty() && standing.resolved.is_empty() {
        return None;
    }
    let among = format!("Looked at {}. ", of_groups(standing.digest.groups_checked));
    let Some(last) = telling.last else {
        return Some(say![among, "This is the first digest, so everything in it is new."]);
    };
    let new = told.iter().filter(|(_, state)| **state == State::New).count();
    let known = told.len() - new;
    let changed = say![among, "Since ", last, format!(": {new} new, {known} unchanged")];
    let resolved = standing.resolved.len();
    if resolved == 0 {
        return Some(changed.then(say!["."]));
    }
    let names: Vec<&str> = standing.resolved.iter().map(|told| told.name.as_str()).collect();
    Some(changed.then(say![format!(", {resolved} resolved (")]).then(list_of_names(names, NAMES)).then(say![")."]))
}

fn whole(standing: &Standing, finding: &Finding, state: &State) -> Vec<Value> {
    let digest = standing.digest;
    let new = if *state == State::New { "New: " } else { "" };
    let mut lines = vec![Line::bold(&say![new].then(headline(finding, digest)).then(say!["."]))];
    let hurt = hurt(finding, digest).then(say!["."]);
    lines.push(Line::labelled(&format!("{}: ", capitalized(severity(finding.severity))), &hurt));
    lines.extend(refused(finding, digest).map(|refused| Line::plain(&refused.then(say!["."]))));
    if let State::Known { since } = state {
        lines.push(Line::plain(&capital_known(*since)));
    }
    let mut blocks = vec![blocks::rich_text(&lines)];
    blocks.push(blocks::list(&copies(finding, digest).map(|copy| Line::plain(&copy)).collect::<Vec<_>>()));
    let more = finding.steps.len().saturating_sub(STEPS);
    let mut told: Vec<Line> = finding.steps.iter().take(STEPS).map(|step| line_of(&steps::told(step, digest))).collect();
    if more > 0 {
        told.push(Line::plain(&say![format!("and {more} more steps; sso-why digest prints them all")]));
    }
    if !told.is_empty() {
        blocks.push(blocks::rich_text(&[Line::bold(&say!["What to do, in this order"])]));
        blocks.push(blocks::numbered(&told));
    }
    let snooze = Button::new("snooze_duplicate", "Lay aside for a while", &finding.id);
    blocks.extend(blocks::actions(&finding.id, &[snooze]));
    blocks
}

fn line_of(step: &steps::Told) -> Line {
    let mut line = Line::plain(&step.says);
    if let Some(url) = step.url {
        line = line.followed_by_link(url, "open the console");
    }
    match &step.command {
        Some(command) => line.followed_by_code(command),
        None => line,
    }
}

fn in_a_line(standing: &Standing, (finding, state): &(&Finding, &State)) -> Sentence {
    let new = if **state == State::New { "new, " } else { "" };
    say![format!("{new}{}: ", severity(finding.severity))].then(headline(finding, standing.digest))
}

fn capital_known(since: Timestamp) -> Sentence {
    say!["It has been "].then(known_since(since)).then(say!["."])
}

fn in_the_thread(standing: &Standing, rest: &[(&Finding, &State)]) -> Vec<Message> {
    let (in_full, tail) = rest.split_at(rest.len().min(IN_THE_THREAD));
    let mut thread: Vec<Message> = in_full
        .iter()
        .map(|(finding, state)| Message {
            text: blocks::text(&headline(finding, standing.digest).plain(&TimeZone::UTC)),
            blocks: whole(standing, finding, state),
        })
        .collect();
    for lines in tail.chunks(LINES).take(MESSAGES_OF_LINES) {
        let told: Vec<Line> = lines.iter().map(|one| Line::plain(&in_a_line(standing, one))).collect();
        let text = format!("{} more duplicates.", lines.len());
        thread.push(Message { text, blocks: vec![blocks::list(&told)] });
    }
    let left = tail.len().saturating_sub(LINES * MESSAGES_OF_LINES);
    if left > 0 {
        let more = say![format!("And {left} more; sso-why digest lists them all, with what to do.")];
        thread.push(Message::of(None, &[more]));
    }
    thread
}

fn laid_aside(standing: &Standing) -> Vec<Value> {
    let lines: Vec<Line> = standing
        .findings
        .iter()
        .filter_map(|(finding, state)| match state {
            State::Snoozed(snooze) => {
                Some(Line::plain(&snoozed(finding, snooze, mention(&snooze.by, "somebody"))))
            }
            State::New | State::Known { .. } => None,
        })
        .collect();
    if lines.is_empty() {
        return Vec::new();
    }
    vec![blocks::rich_text(&[Line::bold(&say!["Laid aside"])]), blocks::list(&lines)]
}

/// How many asked, why most of them, and how soon they knew.
fn questions(questions: &Questions) -> Sentence {
    if questions.count == 0 {
        return say!["Nobody has asked me about a missing account since the last digest."];
    }
    let asked = match questions.count {
        1 => "1 question since the last digest".to_owned(),
        many => format!("{many} questions since the last digest"),
    };
    let causes: Vec<String> =
        questions.causes.iter().map(|(cause, count)| format!("{} ({count})", cause.name())).collect();
    let most = match causes.is_empty() {
        true => String::new(),
        false => format!("; most often {}", causes.join(", ")),
    };
    let median = questions.median.map_or(String::new(), |median| {
        format!("; half were answered within {:.1} s", median.as_secs_f64())
    });
    say![format!("{asked}{most}{median}.")]
}

fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
