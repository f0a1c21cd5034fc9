//! The report as it was, with what an agent needs beyond it.

use jiff::tz::TimeZone;

use crate::diagnosis::Diagnosis;
use crate::words::evidence::evidence;
use crate::words::headline::headline;
use crate::words::next::next;
use crate::words::say::{Reader, Sentence, Whom, name, say};
use crate::words::slack::blocks::{self, Line};
use crate::words::slack::message::Message;
use crate::words::slack::steps::steps;

/// Who hands what on, from where.
pub struct Escalation<'t> {
    /// Slack's id of whoever pressed the button.
    pub requester: &'t str,
    /// Slack's id of the channel in which the question was asked; nothing in a direct message.
    pub channel: Option<&'t str>,
    pub note: &'t str,
    pub reference: &'t str,
}

/// The frozen report for the help desk: ids, all steps, commands.
pub fn frozen(diagnosis: &Diagnosis, escalation: &Escalation) -> Message {
    let whom = Whom::other(diagnosis);
    let headline = headline(diagnosis, &whom).then(say!["."]);
    let next = next(diagnosis, &whom);
    let mut top = vec![Line::bold(&headline)];
    let seen = evidence(diagnosis, &whom).into_iter().map(Sentence::for_an_agent);
    top.extend(seen.map(|sentence| Line::plain(&sentence)));
    let mut blocks = vec![blocks::rich_text(&top)];
    let mut who = vec![
        Line::with_person("Asked by ", escalation.requester),
        Line::labelled("About ", &say![name(&diagnosis.question.subject)]),
    ];
    if let Some(channel) = escalation.channel {
        who.push(Line::with_channel("Asked in ", channel));
    }
    if let Some(account) = &diagnosis.account {
        who.push(Line::labelled("Account ", &say![name(&account.name), " (", name(&account.id), ")"]));
    }
    if let Some(cause) = diagnosis.cause() {
        who.push(Line::labelled(
            "Cause ",
            &say![cause.name(), " at the step ", diagnosis.failing_step().name()],
        ));
    }
    if let Some(person) = &diagnosis.person {
        who.push(Line::labelled("Directory user ", &say![name(&person.id.0)]));
    }
    if let Some(group) = diagnosis.best_route().and_then(|route| route.group_name()) {
        who.push(Line::labelled("Group ", &say![name(group)]));
    }
    blocks.push(blocks::rich_text(&who));
    if !escalation.note.trim().is_empty() {
        blocks.extend(blocks::long_quote(escalation.note));
    }
    let mut remedy =
        vec![Line::labelled(&format!("Next ({}): ", next.owner.words()), &next.step.for_an_agent())];
    for action in &next.actions {
        match (&action.url, &action.command) {
            (Some(url), _) => remedy.push(Line::with_link("", url, action.label)),
            (None, Some(command)) => remedy.push(Line::code(command)),
            (None, None) => {}
        }
    }
    blocks.push(blocks::rich_text(&remedy));
    blocks.extend(steps(diagnosis, Reader::Agent, &whom));
    let checked = blocks::date(diagnosis.checked_at);
    blocks.push(blocks::context(&format!("As it was {checked} · {}", escalation.reference)));
    let text = say!["A question for the help desk: "].then(headline).plain(&TimeZone::UTC);
    Message { text: blocks::text(&text), blocks }
}
