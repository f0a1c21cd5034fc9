//! `$filter`, as far as a diagnosis needs it: comparisons, `startswith` and `any` over the properties that
//! the resource can be filtered by, joined by `and` and, in the directory, by `or`.
//!
//! Source: Microsoft Graph, "Use the $filter query parameter", and the reference page of each resource. All
//! else is refused.

mod text;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::is_uuid;
use super::list::Kind;
use super::refusal::Refusal;
use text::{Text, Written};

/// A property that a resource can be filtered by.
pub(super) struct Property {
    /// As the filter writes it; `collection/any/property` for an `any` over a collection, `collection/any` where its
    /// entries are plain values.
    pub(super) path: &'static str,
    /// Where the value is in the record: a JSON pointer. For an `any`, that of the collection.
    pub(super) pointer: &'static str,
    pub(super) value: ValueType,
    pub(super) operators: &'static [Operator],
}

/// How a value is written and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueType {
    /// In quotes.
    Text,
    /// A UUID without quotes.
    Guid,
    /// A moment or a day, without quotes.
    Moment,
}

/// What can be asked of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    StartsWith,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// Whether capitals matter in texts. The directory does not mind them, the logs do; a log also knows no `or`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LetterCase {
    Ignored,
    Matters,
}

/// A filter that was understood.
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Compare { property: &'static Property, operator: Operator, operand: Operand, letter_case: LetterCase },
}

/// What a property is compared with.
pub(super) enum Operand {
    Text(String),
    Moment(Timestamp),
}

/// What there is to compare with.
struct Reader<'a> {
    text: Text<'a>,
    properties: &'static [Property],
    kinds: &'static [&'static Kind],
    letter_case: LetterCase,
}

impl Condition {
    /// Reads a filter over these properties.
    ///
    /// # Errors
    /// 400, for what is not a filter and for what the resource cannot be filtered by.
    pub(super) fn read(
        filter: &str,
        properties: &'static [Property],
        kinds: &'static [&'static Kind],
        letter_case: LetterCase,
    ) -> Result<Self, Refusal> {
        let mut reader = Reader { text: Text::new(filter), properties, kinds, letter_case };
        let condition = reader.either()?;
        if reader.text.is_at_end() { Ok(condition) } else { Err(reader.text.syntax_error()) }
    }

    /// Whether the record is one that the filter lets through.
    pub(super) fn holds(&self, record: &Value) -> bool {
        match self {
            Self::All(conditions) => conditions.iter().all(|condition| condition.holds(record)),
            Self::Any(conditions) => conditions.iter().any(|condition| condition.holds(record)),
            Self::Compare { property, operator, operand, letter_case } => {
                let holds = |value: &Value| {
                    value.as_str().is_some_and(|value| compare(value, *operator, operand, *letter_case))
                };
                let value = record.pointer(property.pointer).unwrap_or(&Value::Null);
                match (property.inside_any(), value.as_array()) {
                    (Some(""), Some(entries)) => entries.iter().any(holds),
                    (Some(inner), Some(entries)) => entries.iter().any(|entry| holds(&entry[inner])),
                    (Some(_), None) => false,
                    (None, _) => holds(value),
                }
            }
        }
    }
}

impl Property {
    /// The property of an entry, where this is an `any` over a collection; empty for a collection of plain values.
    fn inside_any(&self) -> Option<&'static str> {
        self.path.split_once("/any").map(|(_, inner)| inner.trim_start_matches('/'))
    }
}

fn compare(value: &str, operator: Operator, operand: &Operand, letter_case: LetterCase) -> bool {
    match operand {
        Operand::Moment(moment) => value.parse::<Timestamp>().is_ok_and(|value| match operator {
            Operator::Equal => value == *moment,
            Operator::Greater => value > *moment,
            Operator::GreaterOrEqual => value >= *moment,
            Operator::Less => value < *moment,
            Operator::LessOrEqual => value <= *moment,
            Operator::StartsWith => false,
        }),
        Operand::Text(text) => {
            let (value, text) = match letter_case {
                LetterCase::Ignored => (value.to_lowercase(), text.to_lowercase()),
                LetterCase::Matters => (value.to_owned(), text.clone()),
            };
            match operator {
                Operator::Equal => value == text,
                Operator::StartsWith => value.starts_with(&text),
                Operator::Greater => value > text,
                Operator::GreaterOrEqual => value >= text,
                Operator::Less => value < text,
                Operator::LessOrEqual => value <= text,
            }
        }
    }
}

impl Reader<'_> {
    fn either(&mut self) -> Result<Condition, Refusal> {
        let mut conditions = vec![self.both()?];
        while self.text.takes_word("or") {
            if self.letter_case == LetterCase::Matters {
                return Err(Refusal::unsupported_query(
                    "'or' is not supported in the filter of this resource.",
                ));
            }
            conditions.push(self.both()?);
        }
        Ok(Condition::Any(conditions))
    }

    fn both(&mut self) -> Result<Condition, Refusal> {
        let mut conditions = vec![self.single()?];
        while self.text.takes_word("and") {
            conditions.push(self.single()?);
        }
        Ok(Condition::All(conditions))
    }

    fn single(&mut self) -> Result<Condition, Refusal> {
        if self.text.takes("(") {
            let condition = self.either()?;
            self.text.needs(")")?;
            return Ok(condition);
        }
        let path = self.text.path()?;
        if let Some(collection) = path.strip_suffix("/any") {
            return self.any_of(collection);
        }
        if self.text.takes("(") {
            return self.function(path);
        }
        self.comparison(path)
    }

    /// `collection/any(t: t/property eq '…')` or `collection/any(t: t eq '…')`, from the parenthesis on.
    fn any_of(&mut self, collection: &str) -> Result<Condition, Refusal> {
        self.text.needs("(")?;
        let variable = self.text.path()?;
        self.text.needs(":")?;
        let path = self.text.path()?;
        let inner = path.strip_prefix(variable).filter(|inner| inner.is_empty() || inner.starts_with('/'));
        let inner = inner.ok_or_else(|| self.text.syntax_error())?;
        let condition = self.comparison(&format!("{collection}/any{inner}"))?;
        self.text.needs(")")?;
        Ok(condition)
    }

    fn function(&mut self, name: &str) -> Result<Condition, Refusal> {
        if name != "startswith" {
            return Err(Refusal::unsupported_query(&format!("The function '{name}' is not supported here.")));
        }
        let path = self.text.path()?;
        self.text.needs(",")?;
        let condition = self.compared(path, Operator::StartsWith)?;
        self.text.needs(")")?;
        Ok(condition)
    }

    fn comparison(&mut self, path: &str) -> Result<Condition, Refusal> {
        let operator = match self.text.path()? {
            "eq" => Operator::Equal,
            "gt" => Operator::Greater,
            "ge" => Operator::GreaterOrEqual,
            "lt" => Operator::Less,
            "le" => Operator::LessOrEqual,
            other => {
                return Err(Refusal::unsupported_query(&format!(
                    "The operator '{other}' is not supported here."
                )));
            }
        };
        self.compared(path, operator)
    }

    fn compared(&mut self, path: &str, operator: Operator) -> Result<Condition, Refusal> {
        let property = self.properties.iter().find(|property| property.path == path);
        let property = property.filter(|property| property.operators.contains(&operator));
        let property = property.ok_or_else(|| self.unsupported(path))?;
        let operand = match (property.value, self.text.literal()?) {
            (ValueType::Text, Written::InQuotes(text)) => Operand::Text(text),
            (ValueType::Guid, Written::Bare(text)) if is_uuid(text) => Operand::Text(text.to_owned()),
            (ValueType::Moment, Written::Bare(text)) => Operand::Moment(moment(text)?),
            _ => {
                return Err(Refusal::bad(&format!(
                    "A binary operator with incompatible types was detected at '{path}'."
                )));
            }
        };
        Ok(Condition::Compare { property, operator, operand, letter_case: self.letter_case })
    }

    fn unsupported(&self, path: &str) -> Refusal {
        let kind = self.kinds.first().map_or("entity", |kind| kind.name);
        Refusal::unsupported_query(&format!(
            "Unsupported or invalid query filter clause specified for property '{path}' of resource '{kind}'."
        ))
    }
}

/// A day stands for its first moment in UTC.
fn moment(text: &str) -> Result<Timestamp, Refusal> {
    if let Ok(moment) = text.parse() {
        return Ok(moment);
    }
    let day = text.parse::<Date>().ok().filter(|_| text.len() == "2026-11-16".len());
    let midnight = day.and_then(|day| day.to_zoned(TimeZone::UTC).ok());
    midnight
        .map(|midnight| midnight.timestamp())
        .ok_or_else(|| Refusal::bad(&format!("'{text}' is not a moment of the form 2026-11-16T00:00:00Z.")))
}
