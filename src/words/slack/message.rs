//! A message: text and blocks.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::blocks::{self, Line};
use crate::words::say::Sentence;

/// A message: the whole answer as text, for notifications and screen readers, and the blocks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub text: String,
    pub blocks: Vec<Value>,
}

impl Message {
    /// Sentences below each other, the first in bold where it is the answer and the rest its explanation.
    pub fn of(bold: Option<&Sentence>, rest: &[Sentence]) -> Self {
        let text: Vec<String> = bold.into_iter().chain(rest).map(|one| one.plain(&TimeZone::UTC)).collect();
        let lines: Vec<Line> = bold.map(Line::bold).into_iter().chain(rest.iter().map(Line::plain)).collect();
        Self { text: blocks::text(&text.join("\n")), blocks: vec![blocks::rich_text(&lines)] }
    }
}
