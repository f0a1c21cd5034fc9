//! The report of one diagnosis in a terminal.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::lines::Lines;
use super::paint::painted;
use crate::diagnosis::facts::{GapKind, Source};
use crate::diagnosis::steps::{Status, Step};
use crate::diagnosis::{Diagnosis, Verdict};
use crate::words::account::account_name;
use crate::words::by_hand::{by_hand, may_have_an_idp};
use crate::words::evidence::evidence;
use crate::words::gaps::kind_in_words;
use crate::words::headline::headline;
use crate::words::idp::idp_name;
use crate::words::next::next;
use crate::words::routes::near_misses;
use crate::words::say::{Whom, one_line};
use crate::words::step_lines::{label, summary};

/// Near misses told here; the JSON report has all.
const NEAR_MISSES: usize = 3;

/// How it is to be told.
pub struct Telling {
    pub zone: TimeZone,
    /// Calls to AWS and to the IdP made for it.
    pub calls: u32,
    pub took: Duration,
    pub colour: bool,
}

/// The whole report.
pub fn report(diagnosis: &Diagnosis, telling: &Telling) -> String {
    let whom = Whom::other(diagnosis);
    let zone = &telling.zone;
    let mut lines = Lines::default();
    lines.blank();
    lines.first(&verdict(diagnosis, telling), verdict_word(diagnosis.verdict).len(), &{
        let headline = headline(diagnosis, &whom).plain(zone);
        match diagnosis.cause() {
            Some(cause) => format!("{headline} ({})", cause.name()),
            None => headline,
        }
    });
    lines.blank();
    let account = account_name(diagnosis);
    let id = diagnosis.account.as_ref().map(|found| format!(" ({})", found.id)).unwrap_or_default();
    let with = diagnosis.question.permission_set.as_ref().map(|set| format!(" as {set}")).unwrap_or_default();
    lines.wrapped(2, &one_line(&format!("{} → {account}{id}{with}", diagnosis.question.subject)));
    lines.blank();
    for step in &diagnosis.steps {
        let sign = painted(sign(step.status), step.status, telling.colour);
        let remembered = match (step.source, step.as_of) {
            (Some(Source::Cache), Some(as_of)) => {
                format!(" (as of {})", as_of.to_zoned(zone.clone()).strftime("%H:%M:%S"))
            }
            _ => String::new(),
        };
        let text = summary(diagnosis, step, &whom).for_an_agent().plain(zone) + &remembered;
        lines.labelled(&sign, label(step.step), &text);
    }
    lines.blank();
    for sentence in evidence(diagnosis, &whom) {
        lines.wrapped(2, &sentence.for_an_agent().plain(zone));
    }
    lines.blank();
    let next = next(diagnosis, &whom);
    lines.hanging("Next", &format!("{}: {}", next.owner.words(), next.step.for_an_agent().plain(zone)));
    for action in &next.actions {
        match (&action.url, &action.command) {
            (Some(url), _) => lines.unbroken("", url),
            (None, Some(command)) => lines.command(command),
            (None, None) => {}
        }
    }
    let near: Vec<String> = match diagnosis.verdict {
        // Whoever has the access needs no other way to it.
        Verdict::Access => Vec::new(),
        Verdict::Blocked | Verdict::Undetermined => {
            near_misses(diagnosis).map(|line| line.plain(zone)).collect()
        }
    };
    for line in near.iter().take(NEAR_MISSES) {
        lines.hanging("Also", line);
    }
    if near.len() > NEAR_MISSES {
        lines.hanging("", &format!("and {} more", near.len() - NEAR_MISSES));
    }
    for gap in diagnosis.gaps.iter().filter(|gap| gap.gap.kind != GapKind::NotConfigured) {
        let gap = &gap.gap;
        lines.hanging("Gap", &format!("{}: {} ({})", gap.operation, kind_in_words(gap.kind), gap.detail));
    }
    if the_idp_would_tell_more(diagnosis) && diagnosis.identity_source.is_none() {
        lines.hanging("IdP", "none is connected; if your company has one, an admin looks there by hand");
    } else if the_idp_would_tell_more(diagnosis) {
        lines.hanging("IdP", "none is connected; an admin looks there by hand:");
        for step in Step::OF_THE_IDP {
            for line in by_hand(step).into_iter().flatten() {
                lines.item(line);
            }
        }
    }
    let at = diagnosis.checked_at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string();
    let whose = match diagnosis.idp {
        None => "AWS".to_owned(),
        Some(idp) => format!("AWS and {}", idp_name(idp)),
    };
    lines.wrapped(
        2,
        &format!("Read at {at} in {:.1} s, {} {whose} calls", telling.took.as_secs_f64(), telling.calls),
    );
    lines.text()
}

/// The line below a report with the reference that the log of its making has, too.
pub fn reference(reference: &str) -> String {
    format!("  Reference {reference}\n")
}

/// What has not arrived from the IdP may be explained there.
fn the_idp_would_tell_more(diagnosis: &Diagnosis) -> bool {
    may_have_an_idp(diagnosis)
        && matches!(
            diagnosis.failing_step(),
            Step::DirectoryUser | Step::DirectoryGroup | Step::DirectoryMembership
        )
}

fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Access => "ACCESS",
        Verdict::Blocked => "BLOCKED",
        Verdict::Undetermined => "UNDETERMINED",
    }
}

fn verdict(diagnosis: &Diagnosis, telling: &Telling) -> String {
    let status = match diagnosis.verdict {
        Verdict::Access => Status::Pass,
        Verdict::Blocked => Status::Fail,
        Verdict::Undetermined => Status::Unknown,
    };
    painted(verdict_word(diagnosis.verdict), status, telling.colour)
}

fn sign(status: Status) -> &'static str {
    match status {
        Status::Pass => "✓",
        Status::Fail => "✗",
        Status::Warn => "!",
        Status::Unknown => "?",
        Status::NotReached => "·",
    }
}
