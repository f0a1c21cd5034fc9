//! Slack's limits on Block Kit messages and views: lengths, counts, required and unknown fields, and ids
//! that must be unique.
//!
//! The rules are the tables in [`shapes`], [`rich_text`] and [`parts`], from Slack's Block Kit reference and the comments of its public
//! type definitions. What Slack accepts and the tables do not know is refused: the bot then learnt a new
//! block, and a table has to learn it too. Lengths are counted in characters (Unicode code points).

mod shapes;
mod rich_text;
mod parts;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use parts::PARTS;
use rich_text::LEAVES;
use shapes::{BLOCKS, ELEMENTS, Field, Rule, Shape, Text};

/// Most blocks in a message and in a view, from the Block Kit reference.
const BLOCKS_IN_A_MESSAGE: usize = 50;
const BLOCKS_IN_A_VIEW: usize = 100;

/// Most options that the bot may answer to a menu that asks it.
const OPTIONS_IN_A_SUGGESTION: usize = 100;

/// Checks the blocks of a message. The error holds one line per problem, worded as Slack words them, with a
/// JSON pointer from the message.
pub fn check_message(blocks: &Value) -> Result<(), Vec<String>> {
    let mut check = Check::default();
    check.blocks(blocks, 0, BLOCKS_IN_A_MESSAGE, "/blocks");
    check.verdict()
}

/// Checks a modal or a Home tab; as [`check_message`], with pointers from the request (`/view/…`).
pub fn check_view(view: &Value) -> Result<(), Vec<String>> {
    let mut check = Check::default();
    let kind = view.get("type").and_then(Value::as_str).unwrap_or_default();
    match PARTS.iter().find(|shape| shape.kind == kind && matches!(kind, "modal" | "home")) {
        Some(shape) => check.fields(view, shape, "/view"),
        None => check.problem(&format!("unsupported type: {kind}"), "/view/type"),
    }
    check.blocks(&view["blocks"], 1, BLOCKS_IN_A_VIEW, "/view/blocks");
    let has_input = view["blocks"].as_array().into_iter().flatten().any(|block| block["type"] == "input");
    if kind == "modal" && has_input && view.get("submit").is_none() {
        check.problem("missing required field: submit", "/view");
    }
    check.verdict()
}

/// Checks what the bot answers to a menu that asks it for options, and gives the options without their
/// groups.
pub fn check_suggestion(answer: &Value) -> Result<Vec<Value>, Vec<String>> {
    let mut check = Check::default();
    let mut options = Vec::new();
    match (
        answer.get("options").and_then(Value::as_array),
        answer.get("option_groups").and_then(Value::as_array),
    ) {
        (Some(alone), None) => options.extend(alone.iter().cloned()),
        (None, Some(groups)) => {
            for group in groups {
                check.part(group, "option_group", "/option_groups");
                options.extend(group["options"].as_array().into_iter().flatten().cloned());
            }
        }
        _ => check.problem("exactly one of options and option_groups must be there", "/"),
    }
    if options.len() > OPTIONS_IN_A_SUGGESTION {
        check.problem("no more than 100 items allowed", "/options");
    }
    for (index, option) in options.iter().enumerate() {
        check.part(option, "option", &format!("/options/{index}"));
    }
    check.verdict().map(|()| options)
}

#[derive(Default)]
struct Check {
    problems: Vec<String>,
}

impl Check {
    fn blocks(&mut self, blocks: &Value, at_least: usize, at_most: usize, at: &str) {
        let Some(list) = blocks.as_array() else {
            return self.problem("must provide an array", at);
        };
        self.count(list.len(), at_least, at_most, at);
        let mut block_ids = BTreeSet::new();
        for (index, block) in list.iter().enumerate() {
            let at = format!("{at}/{index}");
            self.one_of(block, BLOCKS.iter().map(|shape| shape.kind), &at);
            let Some(block_id) = block.get("block_id").and_then(Value::as_str) else {
                continue;
            };
            if !block_ids.insert(block_id) {
                self.problem(&format!("`block_id` {block_id} already exists"), &at);
            }
        }
    }

    /// An object that says in its `type` which of these kinds it is.
    fn one_of(&mut self, object: &Value, mut kinds: impl Iterator<Item = &'static str>, at: &str) {
        let kind = object.get("type").and_then(Value::as_str).unwrap_or_default();
        let shape = BLOCKS.iter().chain(ELEMENTS).chain(LEAVES).find(|shape| shape.kind == kind);
        match shape {
            Some(shape) if kinds.any(|allowed| allowed == kind) => self.fields(object, shape, at),
            _ => self.problem(&format!("unsupported type: {kind}"), &format!("{at}/type")),
        }
    }

    /// An object that has no `type` of its own.
    fn part(&mut self, object: &Value, kind: &str, at: &str) {
        if let Some(shape) = PARTS.iter().find(|shape| shape.kind == kind) {
            self.fields(object, shape, at);
        }
    }

    fn fields(&mut self, object: &Value, shape: &Shape, at: &str) {
        let Some(object) = object.as_object() else {
            return self.problem("must be an object", at);
        };
        for name in object.keys().filter(|name| *name != "type") {
            if !shape.fields.iter().any(|field| field.name == name) {
                self.problem(&format!("invalid additional property: {name}"), at);
            }
        }
        for field in shape.fields {
            match object.get(field.name) {
                Some(value) => self.rule(value, &field.rule, &format!("{at}/{}", field.name)),
                None if field.required => {
                    self.problem(&format!("missing required field: {}", field.name), at)
                }
                None => {}
            }
        }
        if !shape.any_of.is_empty() && !shape.any_of.iter().any(|name| object.contains_key(*name)) {
            self.problem(&format!("missing required field: {}", shape.any_of.join(" or ")), at);
        }
        self.unique_action_ids(object, at);
    }

    fn rule(&mut self, value: &Value, rule: &Rule, at: &str) {
        match rule {
            Rule::Flag => self.expect(value.is_boolean(), "must be a boolean", at),
            Rule::Number(range) => {
                let fits = value.as_i64().is_some_and(|number| range.contains(&number));
                self.expect(fits, &format!("must be a number from {} to {}", range.start(), range.end()), at);
            }
            Rule::String { at_least, at_most } => self.string(value, *at_least, *at_most, at),
            Rule::Word(words) => {
                let known = value.as_str().is_some_and(|word| words.contains(&word));
                self.expect(known, &format!("must be one of: {}", words.join(", ")), at);
            }
            Rule::Text(text, at_most) => self.text(value, *text, *at_most, at),
            Rule::Part(kind) => self.part(value, kind, at),
            Rule::Typed(kinds) => self.one_of(value, kinds.iter().copied(), at),
            Rule::List { of, at_least, at_most } => {
                let Some(list) = value.as_array() else {
                    return self.problem("must provide an array", at);
                };
                self.count(list.len(), *at_least, *at_most, at);
                for (index, item) in list.iter().enumerate() {
                    self.rule(item, of, &format!("{at}/{index}"));
                }
            }
            Rule::TextOr(at_most, kinds) => match value.get("type").and_then(Value::as_str) {
                Some("plain_text" | "mrkdwn") => self.text(value, Text::Any, *at_most, at),
                _ => self.one_of(value, kinds.iter().copied(), at),
            },
            // The blocks of a view are looked at on their own, for their number and their ids.
            Rule::Blocks => {}
        }
    }

    fn text(&mut self, value: &Value, allowed: Text, at_most: usize, at: &str) {
        let Some(object) = value.as_object() else {
            return self.problem("must be a text object", at);
        };
        let kind = object.get("type").and_then(Value::as_str).unwrap_or_default();
        let (fits, own_flag) = match kind {
            "plain_text" => (true, "emoji"),
            "mrkdwn" => (allowed == Text::Any, "verbatim"),
            _ => (false, ""),
        };
        if !fits {
            self.problem(&format!("unsupported type: {kind}"), &format!("{at}/type"));
        }
        for name in object.keys().filter(|name| !["type", "text", own_flag].contains(&name.as_str())) {
            self.problem(&format!("invalid additional property: {name}"), at);
        }
        self.string(object.get("text").unwrap_or(&Value::Null), 1, at_most, &format!("{at}/text"));
    }

    fn string(&mut self, value: &Value, at_least: usize, at_most: usize, at: &str) {
        let Some(string) = value.as_str() else {
            return self.problem("must be a string", at);
        };
        let length = string.chars().count();
        self.expect(
            length >= at_least,
            &format!("must be more than {} characters", at_least.saturating_sub(1)),
            at,
        );
        self.expect(length <= at_most, &format!("must be less than {} characters", at_most + 1), at);
    }

    fn unique_action_ids(&mut self, block: &Map<String, Value>, at: &str) {
        let mut action_ids = BTreeSet::new();
        for element in block.get("elements").and_then(Value::as_array).into_iter().flatten() {
            let Some(action_id) = element.get("action_id").and_then(Value::as_str) else {
                continue;
            };
            if !action_ids.insert(action_id) {
                self.problem(&format!("`action_id` {action_id} already exists"), at);
            }
        }
    }

    fn count(&mut self, count: usize, at_least: usize, at_most: usize, at: &str) {
        self.expect(count >= at_least, &format!("must have at least {at_least} items"), at);
        self.expect(count <= at_most, &format!("no more than {at_most} items allowed"), at);
    }

    fn expect(&mut self, holds: bool, otherwise: &str, at: &str) {
        if !holds {
            self.problem(otherwise, at);
        }
    }

    fn problem(&mut self, what: &str, at: &str) {
        self.problems.push(format!("[ERROR] {what} [json-pointer:{at}]"));
    }

    fn verdict(self) -> Result<(), Vec<String>> {
        if self.problems.is_empty() { Ok(()) } else { Err(self.problems) }
    }
}

/// Shared by the table: a required and an optional field.
const fn required(name: &'static str, rule: Rule) -> Field {
    Field { name, required: true, rule }
}

const fn optional(name: &'static str, rule: Rule) -> Field {
    Field { name, required: false, rule }
}

#[cfg(test)]
mod tests;
