//! The buttons, menus and inputs in blocks: where they are, and what a person picked or typed in them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::ids::Ids;

/// What was entered so far, by block id and action id: the value of the field of [`value_field`].
pub type Entered = BTreeMap<(String, String), Value>;

/// One interactive element and the block it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Control<'a> {
    pub block: &'a Value,
    pub element: &'a Value,
}

/// All interactive elements of these blocks, in reading order.
pub fn controls(blocks: &[Value]) -> Vec<Control<'_>> {
    let mut found = Vec::new();
    for block in blocks {
        let elements: Vec<&Value> = match text(block, "type") {
            "actions" => block["elements"].as_array().into_iter().flatten().collect(),
            "input" => vec![&block["element"]],
            "section" => block.get("accessory").into_iter().collect(),
            _ => Vec::new(),
        };
        let interactive = elements.into_iter().filter(|element| element.get("action_id").is_some());
        found.extend(interactive.map(|element| Control { block, element }));
    }
    found
}

/// The control of this action id; and of this block id, where one is named.
pub fn find_control<'a>(blocks: &'a [Value], block_id: Option<&str>, action_id: &str) -> Option<Control<'a>> {
    let wanted = |control: &Control<'_>| {
        control.action_id() == action_id && block_id.is_none_or(|block_id| control.block_id() == block_id)
    };
    controls(blocks).into_iter().find(wanted)
}

impl<'a> Control<'a> {
    pub fn block_id(&self) -> &'a str {
        text(self.block, "block_id")
    }

    pub fn action_id(&self) -> &'a str {
        text(self.element, "action_id")
    }

    pub fn kind(&self) -> &'a str {
        text(self.element, "type")
    }

    /// The value that this element has once `picked` is picked or typed in it: an option's value, a user
    /// id, or text. `offered` are the options that the bot suggested, for a menu that asks the bot. None
    /// where there is no such option.
    pub fn pick(&self, picked: Option<&str>, offered: &[Value]) -> Option<Value> {
        match self.kind() {
            "button" => self.element.get("value").cloned().or(Some(Value::Null)),
            "overflow" | "static_select" => find_option(own_options(self.element), picked?),
            "external_select" => {
                let initial = self.element.get("initial_option").into_iter();
                find_option(offered.iter().chain(initial), picked?)
            }
            "users_select" | "plain_text_input" => Some(json!(picked?)),
            _ => None,
        }
    }

    /// The entry of a payload's `actions` for the use of this control with the value from
    /// [`pick`](Self::pick).
    pub fn action(&self, value: Value, action_ts: &str) -> Value {
        let mut action = Map::new();
        for copied in ["type", "action_id", "text", "placeholder", "style", "confirm"] {
            if let Some(field) = self.element.get(copied) {
                action.insert(copied.to_owned(), field.clone());
            }
        }
        action.insert("block_id".to_owned(), json!(self.block_id()));
        action.insert("action_ts".to_owned(), json!(action_ts));
        if !value.is_null() {
            let field = if self.kind() == "overflow" {
                "selected_option"
            } else {
                value_field(self.kind()).unwrap_or("value")
            };
            action.insert(field.to_owned(), value);
        }
        Value::Object(action)
    }

    fn initial(&self) -> Value {
        let field = match self.kind() {
            "static_select" | "external_select" => "initial_option",
            "users_select" => "initial_user",
            _ => "initial_value",
        };
        self.element.get(field).cloned().unwrap_or(Value::Null)
    }
}

/// `state.values` as payloads hold it: every input and menu with what was entered, else what it started
/// with, else null.
pub fn state_values(blocks: &[Value], entered: &Entered) -> Value {
    let mut values = Map::new();
    for control in controls(blocks) {
        let Some(field) = value_field(control.kind()) else {
            continue;
        };
        let key = (control.block_id().to_owned(), control.action_id().to_owned());
        let value = entered.get(&key).cloned().unwrap_or_else(|| control.initial());
        let block = values.entry(key.0).or_insert_with(|| json!({}));
        block[key.1] = json!({"type": control.kind(), field: value});
    }
    Value::Object(values)
}

/// The field that holds an element's value in `state`; none for elements without a state.
pub fn value_field(kind: &str) -> Option<&'static str> {
    match kind {
        "static_select" | "external_select" => Some("selected_option"),
        "users_select" => Some("selected_user"),
        "plain_text_input" => Some("value"),
        _ => None,
    }
}

/// Gives every block an id, and every interactive element an action id, where the bot gave none.
pub(super) fn fill_in_ids(blocks: &mut [Value], ids: &mut Ids) {
    const INTERACTIVE: [&str; 6] =
        ["button", "overflow", "static_select", "external_select", "users_select", "plain_text_input"];

    for block in blocks {
        let Some(block) = block.as_object_mut() else {
            continue;
        };
        block.entry("block_id").or_insert_with(|| json!(ids.next("b")));
        let elements = match block.get("type").and_then(Value::as_str) {
            Some("actions") => {
                block.get_mut("elements").and_then(Value::as_array_mut).into_iter().flatten().collect()
            }
            Some("input") => block.get_mut("element").into_iter().collect(),
            Some("section") => block.get_mut("accessory").into_iter().collect(),
            _ => Vec::new(),
        };
        for element in elements {
            let interactive = INTERACTIVE.contains(&text(element, "type"));
            if let (true, Some(element)) = (interactive, element.as_object_mut()) {
                element.entry("action_id").or_insert_with(|| json!(ids.next("a")));
            }
        }
    }
}

fn own_options(element: &Value) -> impl Iterator<Item = &Value> {
    let alone = element["options"].as_array().into_iter().flatten();
    let groups = element["option_groups"].as_array().into_iter().flatten();
    alone.chain(groups.flat_map(|group| group["options"].as_array().into_iter().flatten()))
}

fn find_option<'a>(mut options: impl Iterator<Item = &'a Value>, picked: &str) -> Option<Value> {
    options.find(|option| option["value"] == picked).cloned()
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn state_holds_what_was_entered_else_what_it_started_with() {
        let blocks = [
            json!({"type": "input", "block_id": "note", "label": {}, "element":
                {"type": "plain_text_input", "action_id": "text", "initial_value": "hello"}}),
            json!({"type": "input", "block_id": "subject", "label": {}, "element":
                {"type": "users_select", "action_id": "person"}}),
            json!({"type": "actions", "block_id": "buttons", "elements": [{"type": "button", "action_id": "go"}]}),
        ];
        let entered = Entered::from([(("subject".to_owned(), "person".to_owned()), json!("U0DANA"))]);
        assert_eq!(
            state_values(&blocks, &entered),
            json!({
                "note": {"text": {"type": "plain_text_input", "value": "hello"}},
                "subject": {"person": {"type": "users_select", "selected_user": "U0DANA"}},
            })
        );
    }

    #[test]
    fn only_an_option_that_exists_can_be_picked() {
        let block = json!({"type": "actions", "block_id": "more", "elements": [
            {"type": "overflow", "action_id": "more", "options": [{"text": {}, "value": "a"}]},
            {"type": "external_select", "action_id": "account"},
        ]});
        let blocks = [block];
        let overflow = find_control(&blocks, None, "more").unwrap();
        assert_eq!(overflow.pick(Some("a"), &[]).unwrap()["value"], "a");
        assert_eq!(overflow.pick(Some("b"), &[]), None);

        let account = find_control(&blocks, Some("more"), "account").unwrap();
        assert_eq!(account.pick(Some("1"), &[]), None);
        assert!(account.pick(Some("1"), &[json!({"value": "1"})]).is_some());
        assert!(find_control(&blocks, Some("elsewhere"), "account").is_none());
    }
}
