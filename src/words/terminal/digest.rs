//! The digest in a terminal: a table of what was found, then each finding with what to do.

use std::time::Duration;

use comfy_table::presets::NOTHING;
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width};
use jiff::tz::TimeZone;

use super::lines::{COLUMNS, Lines};
use super::paint::painted;
use crate::diagnosis::steps::Status;
use crate::digest::finding::{Finding, Severity};
use crate::digest::standing::{Standing, State};
use crate::words::duplicates::{
    copies, counts, headline, hurt, known_since, not_everything, nothing_found, of_groups, refused, severity,
    snoozed, steps,
};
use crate::words::say::{name, one_line};

/// How it is to be told.
pub struct Telling {
    pub zone: TimeZone,
    pub took: Duration,
    /// Calls to AWS and to the IdP made for it.
    pub calls: u32,
    pub colour: bool,
}

/// That there was no store to post the digest by: who meant the bot's has named another one.
pub fn made_a_store(file: &str) -> String {
    format!(
        "there was no store at {file}, so it was made. What the bot has posted by another store is not known in it, and \
         may be posted again; to use the bot's, give [store] url or DATABASE_URL its path from the root on"
    )
}

/// The whole digest.
pub fn digest(standing: &Standing, telling: &Telling) -> String {
    let zone = &telling.zone;
    let mut lines = Lines::default();
    lines.blank();
    let severities = standing.findings.iter().map(|(finding, _)| finding.severity);
    if standing.findings.is_empty() {
        lines.wrapped(2, &nothing_found(standing).plain(zone));
    } else {
        let among = of_groups(standing.digest.groups_checked);
        lines.wrapped(2, &format!("Duplicates among {among}: {}.", counts(severities)));
        lines.blank();
        lines.verbatim(&table(standing));
    }
    if let Some(gaps) = not_everything(standing.digest) {
        lines.blank();
        lines.wrapped(2, &gaps.plain(zone));
    }
    for (finding, state) in &standing.findings {
        lines.blank();
        one(&mut lines, standing, finding, state, telling);
    }
    if !standing.resolved.is_empty() {
        lines.blank();
        for told in &standing.resolved {
            lines.hanging("Gone", &one_line(&told.name));
        }
    }
    lines.blank();
    let at = standing.digest.checked_at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string();
    lines
        .wrapped(2, &format!("Read at {at} in {:.1} s, {} calls", telling.took.as_secs_f64(), telling.calls));
    lines.text()
}

fn table(standing: &Standing) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(COLUMN_WIDTH);
    table.set_header(["How bad", "State", "Groups", "Members", "Opens", "Hurt"]);
    for (finding, state) in &standing.findings {
        let each = |of: &dyn Fn(&crate::digest::finding::Copy) -> String| -> String {
            finding.copies.iter().map(of).collect::<Vec<_>>().join("\n")
        };
        let number = |count: Option<usize>| count.map_or("?".to_owned(), |count| count.to_string());
        table.add_row([
            severity(finding.severity).to_owned(),
            state.name().to_owned(),
            each(&|copy| one_line(&copy.name)),
            each(&|copy| number(copy.members)),
            each(&|copy| number(copy.opens.as_ref().map(std::collections::BTreeSet::len))),
            if finding.all_seen {
                finding.hurt.len().to_string()
            } else {
                format!("{}+", finding.hurt.len())
            },
        ]);
    }
    if let Some(groups) = table.column_mut(2) {
        groups.set_constraint(ColumnConstraint::UpperBoundary(Width::Fixed(GROUPS)));
    }
    table.to_string()
}

/// What is left of a line for the table after its margin.
const COLUMN_WIDTH: u16 = COLUMNS as u16 - 2;
/// The column of the groups' names at most, so that the numbers keep their room.
const GROUPS: u16 = 34;

fn one(lines: &mut Lines, standing: &Standing, finding: &Finding, state: &State, telling: &Telling) {
    let (digest, zone) = (standing.digest, &telling.zone);
    let status = match finding.severity {
        Severity::Hurting => Status::Fail,
        Severity::WillHurt => Status::Warn,
        Severity::Untidy => Status::NotReached,
    };
    let word = severity(finding.severity);
    let about = headline(finding, digest).plain(zone);
    lines.first(&painted(word, status, telling.colour), word.len(), &about);
    for copy in copies(finding, digest) {
        lines.item(&copy.plain(zone));
    }
    lines.hanging("Hurt", &hurt(finding, digest).plain(zone));
    if let Some(refused) = refused(finding, digest) {
        lines.hanging("Log", &refused.plain(zone));
    }
    match state {
        State::New => {}
        State::Known { since, is_worse } => {
            let worse = if *is_worse { ", and worse than then" } else { "" };
            lines.hanging("Known", &format!("{}{worse}", known_since(*since).plain(zone)));
        }
        State::Snoozed(snooze) => {
            let by = name(snooze.by.clone());
            lines.hanging("Snooze", &snoozed(finding, snooze, by).plain(zone));
        }
    }
    for (position, step) in finding.steps.iter().enumerate() {
        let told = steps::told(step, finding, digest);
        let label = if position == 0 { "Next" } else { "" };
        lines.hanging(label, &format!("{}. {}", position + 1, told.says.plain(zone)));
        for person in told.people.iter().filter(|_| told.names_not_all()) {
            lines.item(&one_line(person));
        }
        if let Some(command) = &told.command {
            lines.command(command);
        }
        if let Some(url) = told.url {
            lines.unbroken("", url);
        }
    }
}
