//! The expressions of `search` and `filter`: comparisons joined by `and`, `or` and parentheses, over the JSON of
//! what is listed. What cannot be read, or is not one of the list's attributes, is refused, never passed over.

use serde_json::Value;

use super::refusal::Refusal;

/// What may be asked of a list.
pub(super) struct Dialect {
    /// The attributes, each with its operators.
    pub(super) attributes: &'static [(&'static str, &'static [Operator])],
    /// Whether values are compared to the letter.
    pub(super) case_matters: bool,
}

/// How an attribute is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    StartsWith,
    Contains,
}

/// `eq` alone.
pub(super) const EQUAL: &[Operator] = &[Operator::Equal];
pub(super) const EQUAL_OR_STARTS: &[Operator] = &[Operator::Equal, Operator::StartsWith];
pub(super) const ALL: &[Operator] = &[Operator::Equal, Operator::StartsWith, Operator::Contains];

/// An expression that was read.
#[derive(Debug)]
pub(super) struct Filter {
    root: Expression,
    case_matters: bool,
}

#[derive(Debug)]
enum Expression {
    Or(Box<Expression>, Box<Expression>),
    And(Box<Expression>, Box<Expression>),
    Comparison { attribute: String, operator: Operator, value: String },
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Open,
    Close,
    Word(String),
    Text(String),
}

impl Filter {
    pub(super) fn read(text: &str, dialect: &Dialect) -> Result<Self, Refusal> {
        let tokens = tokens(text)?;
        let mut reader = Reader { tokens: &tokens, dialect };
        let root = reader.alternatives()?;
        match reader.tokens.first() {
            None => Ok(Self { root, case_matters: dialect.case_matters }),
            Some(token) => Err(Refusal::invalid_search(&format!("{token:?} is not expected here"))),
        }
    }

    /// Whether the record is one of those that are asked for.
    pub(super) fn holds(&self, record: &Value) -> bool {
        self.root.holds(record, self.case_matters)
    }
}

impl Expression {
    fn holds(&self, record: &Value, case_matters: bool) -> bool {
        match self {
            Self::Or(one, other) => one.holds(record, case_matters) || other.holds(record, case_matters),
            Self::And(one, other) => one.holds(record, case_matters) && other.holds(record, case_matters),
            Self::Comparison { attribute, operator, value } => {
                let alike = |text: &str| if case_matters { text.to_owned() } else { text.to_lowercase() };
                let wanted = alike(value);
                let path: Vec<&str> = attribute.split('.').collect();
                values_at(record, &path).iter().map(|held| alike(held)).any(|held| match operator {
                    Operator::Equal => held == wanted,
                    Operator::StartsWith => held.starts_with(&wanted),
                    Operator::Contains => held.contains(&wanted),
                })
            }
        }
    }
}

/// The texts at that path; of a list, those of all its entries.
fn values_at<'a>(record: &'a Value, path: &[&str]) -> Vec<&'a str> {
    match (record, path.split_first()) {
        (Value::Array(entries), _) => entries.iter().flat_map(|entry| values_at(entry, path)).collect(),
        (Value::Object(members), Some((first, rest))) => {
            members.get(*first).map(|member| values_at(member, rest)).unwrap_or_default()
        }
        (Value::String(text), None) => vec![text],
        _ => Vec::new(),
    }
}

struct Reader<'a> {
    tokens: &'a [Token],
    dialect: &'a Dialect,
}

impl Reader<'_> {
    fn alternatives(&mut self) -> Result<Expression, Refusal> {
        let mut read = self.conjunction()?;
        while self.take_word("or") {
            read = Expression::Or(Box::new(read), Box::new(self.conjunction()?));
        }
        Ok(read)
    }

    fn conjunction(&mut self) -> Result<Expression, Refusal> {
        let mut read = self.part()?;
        while self.take_word("and") {
            read = Expression::And(Box::new(read), Box::new(self.part()?));
        }
        Ok(read)
    }

    fn part(&mut self) -> Result<Expression, Refusal> {
        match self.tokens {
            [Token::Open, rest @ ..] => {
                self.tokens = rest;
                let inside = self.alternatives()?;
                let [Token::Close, rest @ ..] = self.tokens else {
                    return Err(Refusal::invalid_search("a parenthesis is not closed"));
                };
                self.tokens = rest;
                Ok(inside)
            }
            [Token::Word(attribute), Token::Word(operator), Token::Text(value), rest @ ..] => {
                self.tokens = rest;
                self.comparison(attribute, operator, value)
            }
            _ => Err(Refusal::invalid_search("expected an attribute, an operator and a value in quotes")),
        }
    }

    fn comparison(&self, attribute: &str, operator: &str, value: &str) -> Result<Expression, Refusal> {
        let held = self.dialect.attributes.iter().find(|(name, _)| *name == attribute);
        let Some((_, operators)) = held else {
            return Err(Refusal::invalid_search(&format!("{attribute} is not a searchable attribute here")));
        };
        let operator = match operator.to_lowercase().as_str() {
            "eq" => Operator::Equal,
            "sw" => Operator::StartsWith,
            "co" => Operator::Contains,
            other => return Err(Refusal::invalid_search(&format!("{other} is not an operator here"))),
        };
        if !operators.contains(&operator) {
            let cause = format!("{attribute} cannot be compared in that way here");
            return Err(Refusal::invalid_search(&cause));
        }
        Ok(Expression::Comparison { attribute: attribute.to_owned(), operator, value: value.to_owned() })
    }

    fn take_word(&mut self, word: &str) -> bool {
        match self.tokens {
            [Token::Word(found), rest @ ..] if found.eq_ignore_ascii_case(word) => {
                self.tokens = rest;
                true
            }
            _ => false,
        }
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, Refusal> {
    let mut tokens = Vec::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            ' ' => {}
            '(' => tokens.push(Token::Open),
            ')' => tokens.push(Token::Close),
            '"' => {
                let mut value = String::new();
                loop {
                    match characters.next() {
                        None => return Err(Refusal::invalid_search("a quote is not closed")),
                        Some('"') => break,
                        Some('\\') => value.extend(characters.next()),
                        Some(other) => value.push(other),
                    }
                }
                tokens.push(Token::Text(value));
            }
            first => {
                let mut word = String::from(first);
                while let Some(next) = characters.next_if(|next| !" ()\"".contains(*next)) {
                    word.push(next);
                }
                tokens.push(Token::Word(word));
            }
        }
    }
    Ok(tokens)
}
