//! The twelve steps in Slack.

use serde_json::Value;

use super::blocks::{self, Line};
use crate::diagnosis::{Diagnosis, Verdict};
use crate::words::by_hand::{by_hand, may_have_an_idp};
use crate::words::say::{Reader, Whom, say};
use crate::words::step_lines::{label, status_word, summary};

/// All twelve steps, one line each, and what to look up by hand where no IdP is connected.
pub(super) fn steps(diagnosis: &Diagnosis, reader: Reader, whom: &Whom) -> Vec<Value> {
    let lines: Vec<Line> = diagnosis
        .steps
        .iter()
        .map(|step| {
            let says = say![": "].then(summary(diagnosis, step, whom).shown_to(reader, whom));
            Line::labelled(&format!("{} ({})", label(step.step), status_word(step.status)), &says)
        })
        .collect();
    let mut blocks = vec![blocks::rich_text(&[Line::bold(&say!["All steps"])]), blocks::list(&lines)];
    if may_have_an_idp(diagnosis) && diagnosis.verdict != Verdict::Access {
        let looked_up = diagnosis.steps.iter().filter_map(|step| by_hand(step.step)).flatten();
        let hints: Vec<Line> = looked_up.map(|hint| Line::plain(&say![hint])).collect();
        blocks.push(blocks::rich_text(&[Line::bold(&say![
            "Your company directory is not connected. What an admin looks up there by hand"
        ])]));
        blocks.push(blocks::list(&hints));
    }
    blocks
}
