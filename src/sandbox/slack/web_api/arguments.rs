//! The arguments of a Web API call, from a query, a form or a JSON body alike.

use serde_json::{Map, Value, json};

use crate::sandbox::slack::Refusal;

/// Arguments that hold JSON even in a form.
const JSON_ARGUMENTS: [&str; 4] = ["attachments", "blocks", "metadata", "view"];

pub(super) struct Arguments {
    values: Map<String, Value>,
    form_token: Option<String>,
}

impl Arguments {
    /// Reads them, or gives Slack's error for a body that cannot be read.
    pub(super) fn read(query: Option<&str>, content_type: &str, body: &[u8]) -> Result<Self, &'static str> {
        let mut values = form(query.unwrap_or_default().as_bytes());
        if content_type.starts_with("application/json") {
            match serde_json::from_slice(body) {
                Ok(Value::Object(object)) => values.extend(object),
                Ok(_) => return Err("json_not_object"),
                Err(_) => return Err("invalid_json"),
            }
            return Ok(Self { values, form_token: None });
        }
        values.extend(form(body));
        let form_token = match values.remove("token") {
            Some(Value::String(token)) => Some(token),
            _ => None,
        };
        Ok(Self { values, form_token })
    }

    pub(super) fn form_token(&self) -> Option<&str> {
        self.form_token.as_deref()
    }

    /// The text of this argument; an empty one counts as left out, as in Slack.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// As [`text`](Self::text), refused where it is left out.
    pub(super) fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.text(name)
            .ok_or_else(|| invalid_arguments(vec![format!("[ERROR] missing required field: {name}")]))
    }

    /// A number, also where it comes as text.
    pub(super) fn number(&self, name: &str) -> Option<Result<usize, ()>> {
        match self.values.get(name)? {
            Value::Number(number) => {
                Some(number.as_u64().and_then(|number| usize::try_from(number).ok()).ok_or(()))
            }
            Value::String(text) => Some(text.parse().map_err(|_| ())),
            _ => Some(Err(())),
        }
    }

    /// Whether this switch is on.
    pub(super) fn flag(&self, name: &str) -> bool {
        match self.values.get(name) {
            Some(Value::String(text)) => text == "true" || text == "1",
            Some(value) => *value == true || *value == 1,
            None => false,
        }
    }

    /// A JSON argument, which a form, and by custom also a JSON body, may hold as text.
    pub(super) fn json(&self, name: &str) -> Option<Value> {
        match self.values.get(name)? {
            Value::Null => None,
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(serde_json::from_str(text).unwrap_or_else(|_| json!(text))),
            value => Some(value.clone()),
        }
    }

    /// All arguments but the token, JSON ones as JSON.
    pub(super) fn readable(&self) -> Value {
        let mut readable = self.values.clone();
        for name in JSON_ARGUMENTS {
            if let Some(value) = self.json(name) {
                readable.insert(name.to_owned(), value);
            }
        }
        Value::Object(readable)
    }
}

pub(super) fn invalid_arguments(messages: Vec<String>) -> Refusal {
    Refusal { error: "invalid_arguments", messages }
}

fn form(body: &[u8]) -> Map<String, Value> {
    url::form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), json!(value))).collect()
}
