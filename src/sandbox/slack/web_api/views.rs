//! Modals and the Home tab: `views.open`, `.update` and `.publish`.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::arguments::{Arguments, invalid_arguments};
use crate::sandbox::slack::{Refusal, limits};
use crate::sandbox::workspace::Workspace;
use crate::sandbox::workspace::views::OpenView;

pub(super) fn open(
    workspace: &mut Workspace,
    arguments: &Arguments,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let trigger = arguments.required("trigger_id")?;
    let view = read_view(arguments, "modal")?;
    refuse_taken_external_id(workspace, &view, None)?;
    let owner = workspace.exchange_trigger(trigger, now)?;
    let id = workspace.open_view(&owner, view, now);
    Ok(shown(workspace, &id))
}

pub(super) fn update(
    workspace: &mut Workspace,
    arguments: &Arguments,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let open = match (arguments.text("view_id"), arguments.text("external_id")) {
        (Some(id), _) => workspace.view(id).ok_or("not_found")?,
        (None, Some(external_id)) => workspace.view_of_external_id(external_id).ok_or("not_found")?,
        (None, None) => return Err("view_not_found".into()),
    };
    let id = open.id.clone();
    refuse_old_hash(arguments, Some(open))?;
    let kind = if open.view["type"] == "home" { "home" } else { "modal" };
    let view = read_view(arguments, kind)?;
    refuse_taken_external_id(workspace, &view, Some(&id))?;
    workspace.replace_view(&id, view, now);
    Ok(shown(workspace, &id))
}

pub(super) fn publish(
    workspace: &mut Workspace,
    arguments: &Arguments,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let owner = arguments.required("user_id")?;
    let exists = workspace.users().iter().any(|user| user.id == owner && !user.deleted && !user.is_bot);
    if !exists {
        return Err(invalid_arguments(vec!["[ERROR] no such user [json-pointer:/user_id]".to_owned()]));
    }
    refuse_old_hash(arguments, workspace.home_of(owner))?;
    let view = read_view(arguments, "home")?;
    let id = workspace.publish_home(owner, view, now);
    Ok(shown(workspace, &id))
}

fn read_view(arguments: &Arguments, kind: &str) -> Result<Value, Refusal> {
    let view = arguments
        .json("view")
        .ok_or_else(|| invalid_arguments(vec!["[ERROR] missing required field: view".to_owned()]))?;
    limits::check_view(&view).map_err(invalid_arguments)?;
    if view["type"] != kind {
        return Err(invalid_arguments(vec![format!(
            "[ERROR] must be of type {kind} [json-pointer:/view/type]"
        )]));
    }
    Ok(view)
}

fn refuse_old_hash(arguments: &Arguments, current: Option<&OpenView>) -> Result<(), Refusal> {
    match (arguments.text("hash"), current) {
        (Some(hash), Some(current)) if hash != current.hash => Err("hash_conflict".into()),
        _ => Ok(()),
    }
}

fn refuse_taken_external_id(
    workspace: &Workspace,
    view: &Value,
    own_id: Option<&str>,
) -> Result<(), Refusal> {
    let Some(external_id) = view["external_id"].as_str().filter(|id| !id.is_empty()) else {
        return Ok(());
    };
    match workspace.view_of_external_id(external_id) {
        Some(other) if Some(other.id.as_str()) != own_id => Err("duplicate_external_id".into()),
        _ => Ok(()),
    }
}

fn shown(workspace: &Workspace, id: &str) -> Value {
    json!({"ok": true, "view": workspace.view(id).map(|view| workspace.view_json(view))})
}
