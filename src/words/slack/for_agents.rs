//! What an agent gets beyond an end user's report: ids, what other systems answered, links and commands.

use serde_json::Value;

use super::blocks::{self, Line};
use crate::diagnosis::facts::GapKind;
use crate::diagnosis::{Diagnosis, Via};
use crate::words::action::Next;
use crate::words::gaps::kind_in_words;
use crate::words::idp::idp_name;
use crate::words::say::{name, say};

/// The block for the help desk alone.
pub(super) fn details(diagnosis: &Diagnosis, next: &Next) -> Value {
    let mut lines = vec![Line::bold(&say!["For the help desk"])];
    if let Some(account) = &diagnosis.account {
        lines.push(Line::labelled("Account ", &say![name(&account.name), " (", name(&account.id), ")"]));
    }
    if let Some(person) = &diagnosis.person {
        let id = say![name(&person.user_name), " (", name(&person.id.0), ")"];
        lines.push(Line::labelled("Directory user ", &id));
    }
    if let (Some(person), Some(idp)) = (&diagnosis.idp_person, diagnosis.idp) {
        let id = say![name(&person.user_name), " (", name(&person.id.0), ")"];
        lines.push(Line::labelled(&format!("Person in {} ", idp_name(idp)), &id));
    }
    let groups = diagnosis.routes.first().and_then(|route| match &route.via {
        Via::Group(id, group) => Some((id, group)),
        Via::Direct | Via::GoneUser => None,
    });
    if let Some((id, group)) = groups {
        let group = group.as_ref().map_or("not there any more", |group| &group.name);
        lines.push(Line::labelled("Group ", &say![name(group), " (", name(&id.0), ")"]));
    }
    if let Some(cause) = diagnosis.cause() {
        let step = diagnosis.failing_step().name();
        lines.push(Line::labelled("Cause ", &say![cause.name(), " at the step ", step]));
    }
    for gap in diagnosis.gaps.iter().map(|gap| &gap.gap).filter(|gap| gap.kind != GapKind::NotConfigured) {
        let why = format!(": {}, with ", kind_in_words(gap.kind));
        lines.push(Line::labelled("Not read ", &say![gap.operation.as_str(), why, name(&gap.detail)]));
    }
    for action in &next.actions {
        match (&action.url, &action.command) {
            (Some(url), _) => lines.push(Line::with_link("", url, action.label)),
            (None, Some(command)) => lines.push(Line::code(command)),
            (None, None) => {}
        }
    }
    blocks::rich_text(&lines)
}
