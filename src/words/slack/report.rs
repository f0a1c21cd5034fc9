//! The report: the answer first, its evidence, one next step, the rest folded away.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::blocks::{self, Button, Line};
use super::changes::{Since, what_changed};
use super::message::Message;
use super::steps::steps;
use super::{for_agents, sync_now};
use crate::diagnosis::causes::Cause;
use crate::diagnosis::facts::Source;
use crate::diagnosis::steps::Step;
use crate::diagnosis::{Diagnosis, Verdict};
use crate::words::action::Owner;
use crate::words::causes::explain;
use crate::words::evidence::evidence;
use crate::words::headline::headline;
use crate::words::next::next;
use crate::words::routes::near_misses;
use crate::words::say::{Reader, Sentence, Span, Whom, mention, say};

/// Near misses told in a report; all of them are in the JSON report.
const NEAR_MISSES: usize = 3;

/// How a report is to be told.
pub struct Telling<'t> {
    pub whom: Whom,
    pub reader: Reader,
    pub zone: TimeZone,
    /// What a person quotes to the help desk.
    pub reference: &'t str,
    /// What the buttons carry back.
    pub handle: &'t str,
    pub can_escalate: bool,
    pub steps_shown: bool,
    /// What is different since the report that this one replaces.
    pub since: Option<Since<'t>>,
    /// A link to what came of an escalation.
    pub escalated: Option<&'t str>,
    /// Buttons that ask about another account instead: label and what they carry back.
    pub other_accounts: Vec<(String, String)>,
    /// Slack's ids of people to ask, by e-mail address.
    pub mentions: &'t BTreeMap<String, String>,
    /// Whether the reader may ask the group's owner from here.
    pub can_ask_owner: bool,
    /// Whether the reader may have the IdP send this now.
    pub can_sync_now: bool,
    /// Whether the reader may be told when it is fixed.
    pub can_watch: bool,
    /// What is known of it already, where several people are hit.
    pub known: Option<Sentence>,
}

/// The report as one message.
pub fn report(diagnosis: &Diagnosis, telling: &Telling) -> Message {
    let whom = &telling.whom;
    let headline = headline(diagnosis, whom).then(say!["."]);
    let next = next(diagnosis, whom);
    let shown = |sentence: Sentence| sentence.shown_to(telling.reader, whom);
    let mut top = vec![Line::bold(&headline)];
    let seen = evidence(diagnosis, whom).into_iter();
    top.extend(seen.map(|sentence| Line::plain(&mentioning(shown(sentence), telling.mentions))));
    let step = label_of_next(next.owner).then(shown(next.step.clone()));
    let mut blocks = Vec::new();
    if let Some(since) = &telling.since {
        blocks.push(blocks::rich_text(&what_changed(diagnosis, since)));
    }
    blocks.push(blocks::rich_text(&top));
    let next_line = mentioning(step.clone(), telling.mentions);
    blocks.push(blocks::rich_text(&[Line::labelled("Next: ", &next_line)]));
    let near: Vec<Sentence> = near_misses(diagnosis).collect();
    if !near.is_empty() && diagnosis.verdict != Verdict::Access {
        blocks.push(blocks::rich_text(&[Line::bold(&say!["Other ways to this account"])]));
        let more = near.len().saturating_sub(NEAR_MISSES);
        let rest = (more > 0).then(|| say![format!("and {more} more")]);
        let told: Vec<Sentence> = near.into_iter().take(NEAR_MISSES).chain(rest).collect();
        blocks.push(blocks::list(&told.iter().map(Line::plain).collect::<Vec<_>>()));
    }
    if telling.steps_shown {
        blocks.extend(steps(diagnosis, telling.reader, whom));
    }
    if telling.reader == Reader::Agent {
        blocks.push(for_agents::details(diagnosis, &next));
    }
    if let Some(known) = &telling.known {
        blocks.push(blocks::rich_text(&[Line::plain(known)]));
    }
    if let Some(link) = telling.escalated {
        blocks.push(blocks::rich_text(&[Line::with_link(
            "The help desk has it: ",
            link,
            "see their message",
        )]));
    }
    blocks.push(blocks::context(&checked(diagnosis, telling.reference)));
    blocks.extend(blocks::actions("report", &buttons(diagnosis, telling)));
    let text = headline.then(say![" Next: "]).then(step).plain(&telling.zone);
    Message { text: blocks::text(&text), blocks }
}

/// The sentence with those whom Slack knows as mentions.
fn mentioning(sentence: Sentence, mentions: &BTreeMap<String, String>) -> Sentence {
    let spans = sentence.0.into_iter().map(|span| match &span {
        Span::Person { email: Some(email), name } => match mentions.get(email) {
            Some(user) => mention(user, name),
            None => span,
        },
        _ => span,
    });
    Sentence(spans.collect())
}

fn label_of_next(owner: Owner) -> Sentence {
    match owner {
        Owner::You | Owner::Nobody => Sentence::default(),
        Owner::HelpDesk => Sentence::default(),
        Owner::IdentityAdmin => say!["an identity admin has to act: "],
    }
}

fn checked(diagnosis: &Diagnosis, reference: &str) -> String {
    let oldest = diagnosis
        .steps
        .iter()
        .filter(|step| step.source == Some(Source::Cache))
        .filter_map(|step| step.as_of)
        .min();
    let at = blocks::date(diagnosis.checked_at);
    match oldest {
        None => format!("Checked live {at} · {reference}"),
        Some(oldest) => {
            format!("Checked {at}, in part from answers as old as {} · {reference}", blocks::date(oldest))
        }
    }
}

fn buttons(diagnosis: &Diagnosis, telling: &Telling) -> Vec<Button> {
    let mut buttons: Vec<Button> = telling
        .other_accounts
        .iter()
        .enumerate()
        .map(|(position, (label, handle))| Button::new(&format!("ask_account_{position}"), label, handle))
        .collect();
    // No one account is asked about: there is nothing to check again and nothing to ask the help desk.
    let no_account = diagnosis.account.is_none() && diagnosis.cause().map(Cause::step) == Some(Step::Account);
    if telling.can_watch {
        buttons.push(Button::new("watch", "Tell me when it's fixed", telling.handle));
    }
    if !no_account {
        buttons.push(Button::new("recheck", "Check again", telling.handle));
    }
    if telling.can_escalate && telling.escalated.is_none() && !no_account {
        let label =
            if diagnosis.verdict == Verdict::Access { "It's still missing" } else { "Ask the help desk" };
        buttons.push(Button::new("escalate", label, telling.handle));
    }
    if telling.can_ask_owner {
        buttons.push(Button::new("ask_owner", "Ask the group's owner", telling.handle));
    }
    if telling.can_sync_now
        && let Some(group) = diagnosis.group_to_send()
    {
        let confirmation = sync_now::confirmation(diagnosis, group);
        buttons.push(Button::new("sync_now", "Sync now", telling.handle).confirmed_by(confirmation));
    }
    let steps = if telling.steps_shown { "Hide the steps" } else { "Show all steps" };
    buttons.push(Button::new("show_steps", steps, telling.handle));
    buttons
}

/// The accounts that the person may have meant: each becomes a button.
pub fn accounts_meant(diagnosis: &Diagnosis) -> Vec<(String, String)> {
    diagnosis.finding().map(|finding| explain(finding).other_accounts()).unwrap_or_default()
}
