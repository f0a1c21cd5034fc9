//! What OData lets a caller do with a list: choose entries and properties, order, count, page. One entity
//! comes the same way, as far as that makes sense.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::call::Call;
use super::filter::{Condition, LetterCase, Property};
use super::refusal::Refusal;
use crate::sandbox::company::ids;

/// The entries on a page, however many are asked for. Small, so that a client which forgets the next page is
/// found out.
const PAGE_SIZE: usize = 3;

/// Where contexts point, whatever the address that was asked.
const METADATA: &str = "https://graph.microsoft.com/v1.0/$metadata";

/// A type of entity.
#[derive(Debug, PartialEq)]
pub(super) struct Kind {
    /// As the metadata names it, without the namespace.
    pub(super) name: &'static str,
    pub(super) properties: &'static [&'static str],
    /// Those that come without `$select`.
    pub(super) by_default: &'static [&'static str],
}

/// One entity with all its properties.
pub(super) struct Entity {
    pub(super) kind: &'static Kind,
    pub(super) record: Value,
}

/// What may be asked of a list.
pub(super) struct Rules {
    /// What the context of the answer names.
    pub(super) set: &'static str,
    /// The types that can be in it. Where there are several, each entry says which it is.
    pub(super) kinds: &'static [&'static Kind],
    pub(super) options: &'static [&'static str],
    pub(super) filters: &'static [Property],
    pub(super) letter_case: LetterCase,
    /// `$filter` is among the advanced query capabilities.
    pub(super) is_filter_advanced: bool,
    /// What `$orderby` takes.
    pub(super) order_by: &'static [&'static str],
}

/// The page of the list that the call asks for.
pub(super) fn list(call: &Call, rules: &Rules, mut entities: Vec<Entity>) -> Result<Value, Refusal> {
    call.options.only(rules.options)?;
    check_selected(call, rules.kinds)?;
    if let Some(filter) = &call.options.filter {
        if rules.is_filter_advanced && !call.is_advanced() {
            return Err(not_advanced("$filter"));
        }
        let condition = Condition::read(filter, rules.filters, rules.kinds, rules.letter_case)?;
        entities.retain(|entity| condition.holds(&entity.record));
    }
    order(call, rules, &mut entities)?;
    let start = call.options.skip_token.as_deref().map_or(Ok(0), |token| position(call, token))?;
    if start > entities.len() {
        return Err(bad_skip_token());
    }
    let total = entities.len();
    let end = total.min(start + call.options.top.unwrap_or(PAGE_SIZE).min(PAGE_SIZE));
    let page: Vec<Value> = entities
        .into_iter()
        .take(end)
        .skip(start)
        .map(|entity| chosen(call, entity, rules.kinds.len() > 1))
        .collect();
    let mut answer = json!({"@odata.context": context(call, rules.set), "value": page});
    // Without the header Graph passes `$count` over (Microsoft Graph, "Advanced query capabilities").
    if call.is_advanced() && start == 0 {
        answer["@odata.count"] = json!(total);
    }
    if end < total {
        answer["@odata.nextLink"] = json!(call.link_to(&token(call, end, call.is_advanced())));
    }
    Ok(answer)
}

/// One entity, with the properties that the call asks for.
pub(super) fn one(call: &Call, set: &str, entity: Entity) -> Result<Value, Refusal> {
    call.options.only(&["$select"])?;
    check_selected(call, &[entity.kind])?;
    let mut answer = chosen(call, entity, false);
    answer["@odata.context"] = json!(format!("{}/$entity", context(call, set)));
    Ok(answer)
}

pub(super) fn context(call: &Call, set: &str) -> String {
    match &call.options.select {
        Some(selected) => format!("{METADATA}#{set}({})", selected.join(",")),
        None => format!("{METADATA}#{set}"),
    }
}

fn check_selected(call: &Call, kinds: &[&Kind]) -> Result<(), Refusal> {
    let Some(selected) = &call.options.select else { return Ok(()) };
    let known = |property: &str| kinds.iter().any(|kind| kind.properties.contains(&property));
    match selected.iter().find(|property| !known(property)) {
        Some(property) => {
            let kind = kinds.first().map_or("entity", |kind| kind.name);
            let found = format!("no property named '{property}' on type 'microsoft.graph.{kind}'");
            Err(Refusal::bad(&format!("Parsing OData Select and Expand failed: there is {found}.")))
        }
        None => Ok(()),
    }
}

fn chosen(call: &Call, entity: Entity, says_type: bool) -> Value {
    let is_chosen = |property: &str| match &call.options.select {
        Some(selected) => selected.iter().any(|one| one == property),
        None => entity.kind.by_default.contains(&property),
    };
    let mut chosen = Map::new();
    if says_type {
        chosen.insert("@odata.type".to_owned(), json!(format!("#microsoft.graph.{}", entity.kind.name)));
    }
    if let Value::Object(record) = entity.record {
        chosen.extend(record.into_iter().filter(|(property, _)| is_chosen(property)));
    }
    Value::Object(chosen)
}

fn order(call: &Call, rules: &Rules, entities: &mut [Entity]) -> Result<(), Refusal> {
    let Some(order_by) = &call.options.order_by else { return Ok(()) };
    let mut words = order_by.split_whitespace();
    let property = words.next().unwrap_or_default();
    let descending = match (words.next(), words.next()) {
        (None | Some("asc"), None) => false,
        (Some("desc"), None) => true,
        _ => return Err(Refusal::bad(&format!("Syntax error in $orderby '{order_by}'."))),
    };
    let is_directory = rules.letter_case == LetterCase::Ignored;
    let is_refused = is_directory && call.options.filter.is_some() && !call.is_advanced();
    if !rules.order_by.contains(&property) || is_refused {
        return Err(Refusal::unsupported_query("Sorting not supported for current query."));
    }
    entities.sort_by_key(|entity| {
        let text = entity.record[property].as_str().unwrap_or_default();
        (text.parse::<Timestamp>().ok(), text.to_lowercase())
    });
    if descending {
        entities.reverse();
    }
    Ok(())
}

fn not_advanced(what: &str) -> Refusal {
    Refusal::unsupported_query(&format!(
        "{what} needs the header ConsistencyLevel set to eventual, and $count=true."
    ))
}

fn bad_skip_token() -> Refusal {
    Refusal::bad("Skip token is not one of this list.")
}

/// The token with which the list goes on at `position`. It remembers whether the first page was an advanced
/// query, as the next pages then need the header too.
fn token(call: &Call, position: usize, is_advanced: bool) -> String {
    let sealed = format!("{is_advanced} {position} {}", call.list_of());
    format!("{}{position}", &ids::hash("graph list", &sealed)[..SEAL])
}

/// How many characters of a token come before the position.
const SEAL: usize = 32;

fn position(call: &Call, skip_token: &str) -> Result<usize, Refusal> {
    let position = skip_token.get(SEAL..).and_then(|position| position.parse().ok());
    let position = position.ok_or_else(bad_skip_token)?;
    if skip_token == token(call, position, true) {
        return if call.is_advanced() {
            Ok(position)
        } else {
            Err(not_advanced("The next page of an advanced query"))
        };
    }
    if skip_token == token(call, position, false) { Ok(position) } else { Err(bad_skip_token()) }
}
