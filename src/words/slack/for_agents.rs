//! What an agent gets beyond an end user's report: ids, what other systems answered, links and commands.

use serde_json::Value;

use super::blocks::{self, Line};
use crate::diagnosis::Diagnosis;
use crate::diagnosis::causes::Finding;
use crate::diagnosis::facts::GapKind;
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
    if let Some(route) = diagnosis.routes.first()
        && let Some(id) = route.group()
    {
        let is_gone =
            matches!(route.finding(), Some(Finding::DanglingAssignment(_) | Finding::GroupNotSynced(_)));
        // A name that was not read says nothing of the group.
        let unnamed = if is_gone { "deleted" } else { "name not read" };
        let group = route.group_name().map_or_else(|| say![unnamed], |group| say![name(group)]);
        lines.push(Line::labelled("Group ", &group.then(say![" (", name(&id.0), ")"])));
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
