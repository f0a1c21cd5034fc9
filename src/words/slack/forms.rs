//! The two forms: asking, and handing on to the help desk.

use serde_json::{Value, json};

use super::blocks::{cut, plain_text};

/// Slack's limit for an option's label.
const OPTION_LABEL: usize = 75;
/// Slack's limit for the options that a type-ahead may offer.
pub const OPTIONS: usize = 100;
/// A permission set's name has at most 32 characters (AWS IAM Identity Center, `PermissionSetName`).
const PERMISSION_SET: usize = 32;
/// What fits a note; Slack's own limit for an input is 3,000.
const NOTE: usize = 2_000;

/// What the form has filled in when it opens.
pub struct Asks<'a> {
    /// Slack's id of the person whom it is about.
    pub about: &'a str,
    /// As [`account_option`] gives it.
    pub account: Option<(String, String)>,
    pub permission_set: Option<&'a str>,
}

/// The form that asks: who, which account, which permission set.
///
/// `metadata` comes back with the submission.
pub fn diagnose(asks: &Asks, metadata: &str) -> Value {
    let mut account = json!({
        "type": "external_select",
        "action_id": "account",
        "min_query_length": 0,
        "placeholder": plain_text("Type a part of its name", 150),
    });
    if let Some((label, id)) = &asks.account {
        account["initial_option"] = json!({"text": plain_text(label, OPTION_LABEL), "value": id});
    }
    let mut permission_set =
        json!({"type": "plain_text_input", "action_id": "permission_set", "max_length": PERMISSION_SET});
    if let Some(name) = asks.permission_set {
        permission_set["initial_value"] = json!(cut(name, PERMISSION_SET));
    }
    json!({
        "type": "modal",
        "callback_id": "diagnose",
        "private_metadata": metadata,
        "title": plain_text("Why is it missing?", 24),
        "submit": plain_text("Find out", 24),
        "close": plain_text("Cancel", 24),
        "blocks": [
            {
                "type": "input",
                "block_id": "subject",
                "label": plain_text("Who does not see it", 2_000),
                "element": {"type": "users_select", "action_id": "subject", "initial_user": asks.about},
            },
            {
                "type": "input",
                "block_id": "account",
                "label": plain_text("Which AWS account", 2_000),
                "element": account,
            },
            {
                "type": "input",
                "block_id": "permission_set",
                "optional": true,
                "label": plain_text("With which permission set", 2_000),
                "hint": plain_text("Leave it empty if any will do.", 2_000),
                "element": permission_set,
            },
        ],
    })
}

/// The form that hands a report to the help desk with a note.
pub fn escalate(metadata: &str) -> Value {
    json!({
        "type": "modal",
        "callback_id": "escalate",
        "private_metadata": metadata,
        "title": plain_text("Ask the help desk", 24),
        "submit": plain_text("Send", 24),
        "close": plain_text("Cancel", 24),
        "blocks": [{
            "type": "input",
            "block_id": "note",
            "optional": true,
            "label": plain_text("What should they know", 2_000),
            "hint": plain_text("They get the report with all its steps; say what you need the access for.", 2_000),
            "element": {"type": "plain_text_input", "action_id": "note", "multiline": true, "max_length": NOTE},
        }],
    })
}

/// An account as the type-ahead offers it: its name with its number, and the number to come back.
pub fn account_option(name: &str, id: &str) -> (String, String) {
    let number = format!(" ({id})");
    (format!("{}{number}", cut(name, OPTION_LABEL - number.chars().count())), id.to_owned())
}
