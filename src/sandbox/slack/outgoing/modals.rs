//! A person fills in, submits or closes a modal, or uses a control in it or in the Home tab.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::delivery::INTERACTIONS;
use super::payloads::{add_view, interaction};
use super::{Mishap, Use, acting_user, answer_json, impossible};
use crate::sandbox::Sandbox;
use crate::sandbox::slack::limits;
use crate::sandbox::workspace::Workspace;
use crate::sandbox::workspace::controls::{controls, find_control, state_values, value_field};
use crate::sandbox::workspace::people::User;
use crate::sandbox::workspace::views::OpenView;

/// How many characters a person types before Slack asks for options, where the menu does not say: from the
/// reference of the external select menu.
const MIN_QUERY_LENGTH: u64 = 3;

/// What became of a submitted modal.
#[derive(Clone, Debug, PartialEq)]
pub enum Submitted {
    /// It closed; the one below shows again, where there is one.
    Closed,
    /// It stays open, with these errors beside these blocks.
    Errors(BTreeMap<String, String>),
    /// It shows something else now.
    Updated,
    /// Another one lies on it now, of this view id.
    Pushed(String),
    /// The whole stack closed.
    Cleared,
}

impl Sandbox {
    /// `person` uses a control in an open modal or Home tab. Input blocks tell the bot only with
    /// `dispatch_action`; what is picked in them is remembered without a call.
    ///
    /// # Errors
    /// [`Mishap::Impossible`] where they have no such view or it has no such control; else the bot failed.
    pub async fn press_in_view<'a>(
        &self,
        person: &str,
        view_id: &str,
        used: impl Into<Use<'a>>,
    ) -> Result<(), Mishap> {
        let used = used.into();
        let payload = {
            let mut workspace = self.workspace();
            let now = (self.clock)();
            let user = acting_user(&workspace, person)?;
            let view = own_view(&workspace, &user, view_id)?;
            let control = find_control(view.blocks(), used.block_id, used.action_id)
                .ok_or_else(|| impossible(format!("the view has no control {}", used.action_id)))?;
            let value = picked_value(&view, &used)?;
            if value_field(control.kind()).is_some() {
                workspace.enter(view_id, control.block_id(), control.action_id(), value.clone());
            }
            if control.block["type"] == "input" && control.block["dispatch_action"] != true {
                return Ok(());
            }
            let action = control.action(value, &workspace.new_ts(now));
            let view = own_view(&workspace, &user, view_id)?;
            let mut payload = interaction(&workspace, "block_actions", &user);
            add_view(&mut payload, &workspace, &view);
            payload["trigger_id"] = json!(workspace.issue_trigger(&user.id, now));
            payload["actions"] = json!([action]);
            payload.to_string()
        };
        self.deliver_form(INTERACTIONS, &[("payload", &payload)]).await?;
        Ok(())
    }

    /// `person` types into a menu that asks the bot for its options; gives the options. Slack does not ask
    /// before the menu's `min_query_length`.
    ///
    /// # Errors
    /// As [`press_in_view`](Self::press_in_view); [`Mishap::BadAnswer`] for options that Slack refuses.
    pub async fn suggest<'a>(
        &self,
        person: &str,
        view_id: &str,
        menu: impl Into<Use<'a>>,
        typed: &str,
    ) -> Result<Vec<Value>, Mishap> {
        let Use { block_id, action_id, .. } = menu.into();
        let (payload, block_id) = {
            let workspace = self.workspace();
            let user = acting_user(&workspace, person)?;
            let view = own_view(&workspace, &user, view_id)?;
            let control = find_control(view.blocks(), block_id, action_id)
                .filter(|control| control.kind() == "external_select")
                .ok_or_else(|| impossible(format!("the view has no menu {action_id} that asks the bot")))?;
            let min_query_length = control.element["min_query_length"].as_u64().unwrap_or(MIN_QUERY_LENGTH);
            if (typed.chars().count() as u64) < min_query_length {
                return Ok(Vec::new());
            }
            let mut payload = interaction(&workspace, "block_suggestion", &user);
            add_view(&mut payload, &workspace, &view);
            payload["action_id"] = json!(action_id);
            payload["block_id"] = json!(control.block_id());
            payload["value"] = json!(typed);
            (payload.to_string(), control.block_id().to_owned())
        };
        let body = self.deliver_form(INTERACTIONS, &[("payload", &payload)]).await?;
        let options = limits::check_suggestion(&answer_json(&body)?)
            .map_err(|problems| Mishap::BadAnswer(problems.join("; ")))?;
        self.workspace().offer(view_id, &block_id, action_id, options.clone());
        Ok(options)
    }

    /// `person` submits a modal with these entries: block id and an option's value, a user id or a text. What
    /// they entered before stays. Slack itself asks for what is required before it tells the bot.
    ///
    /// # Errors
    /// As [`press_in_view`](Self::press_in_view); [`Mishap::BadAnswer`] for an answer that Slack refuses.
    pub async fn submit_view(
        &self,
        person: &str,
        view_id: &str,
        entries: &[(&str, &str)],
    ) -> Result<Submitted, Mishap> {
        let payload = {
            let mut workspace = self.workspace();
            let user = acting_user(&workspace, person)?;
            for (block_id, picked) in entries {
                enter_in_block(&mut workspace, &user, view_id, block_id, picked)?;
            }
            let view = own_view(&workspace, &user, view_id)?;
            let errors = missing_entries(&view);
            if !errors.is_empty() {
                return Ok(Submitted::Errors(errors));
            }
            let mut payload = interaction(&workspace, "view_submission", &user);
            payload["view"] = workspace.view_json(&view);
            payload["response_urls"] = json!([]);
            payload["trigger_id"] = json!(workspace.issue_trigger(&user.id, (self.clock)()));
            payload.to_string()
        };
        let body = self.deliver_form(INTERACTIONS, &[("payload", &payload)]).await?;
        self.obey_submission_answer(view_id, answer_json(&body)?)
    }

    /// `person` closes a modal; the bot is told where the modal asked for it.
    ///
    /// # Errors
    /// As [`press_in_view`](Self::press_in_view); the modal is closed even where the bot failed.
    pub async fn close_view(&self, person: &str, view_id: &str) -> Result<(), Mishap> {
        let payload = {
            let mut workspace = self.workspace();
            let user = acting_user(&workspace, person)?;
            let view = own_view(&workspace, &user, view_id)?;
            workspace.close_view(view_id);
            if view.view["notify_on_close"] != true {
                return Ok(());
            }
            let mut payload = interaction(&workspace, "view_closed", &user);
            payload["view"] = workspace.view_json(&view);
            payload["is_cleared"] = json!(false);
            payload.to_string()
        };
        self.deliver_form(INTERACTIONS, &[("payload", &payload)]).await?;
        Ok(())
    }

    fn obey_submission_answer(&self, view_id: &str, answer: Value) -> Result<Submitted, Mishap> {
        let now = (self.clock)();
        let mut workspace = self.workspace();
        let outcome = obey(&mut workspace, view_id, &answer, now);
        if !answer.is_null() {
            let noted = match &outcome {
                Ok(_) => json!({"ok": true}),
                Err(mishap) => json!({"ok": false, "error": mishap.to_string()}),
            };
            workspace.note_sent("acknowledgement", answer, noted);
        }
        outcome
    }
}

fn obey(
    workspace: &mut Workspace,
    view_id: &str,
    answer: &Value,
    now: jiff::Timestamp,
) -> Result<Submitted, Mishap> {
    let open = workspace.view(view_id).cloned().ok_or_else(|| impossible("the modal is gone"))?;
    let new_view = || match limits::check_view(&answer["view"]) {
        Ok(()) => Ok(answer["view"].clone()),
        Err(problems) => Err(Mishap::BadAnswer(problems.join("; "))),
    };
    match answer["response_action"].as_str() {
        None if answer.is_null() || answer.as_object().is_some_and(serde_json::Map::is_empty) => {
            workspace.close_view(view_id);
            Ok(Submitted::Closed)
        }
        Some("clear") => {
            workspace.clear_views(&open.owner);
            Ok(Submitted::Cleared)
        }
        Some("update") => {
            workspace.replace_view(view_id, new_view()?, now);
            Ok(Submitted::Updated)
        }
        Some("push") => {
            let pushed = workspace.push_view(view_id, new_view()?, now);
            pushed.map(Submitted::Pushed).map_err(|error| Mishap::BadAnswer(error.to_owned()))
        }
        Some("errors") => answered_errors(&open, &answer["errors"]).map(Submitted::Errors),
        _ => Err(Mishap::BadAnswer(format!("no such response_action: {}", answer["response_action"]))),
    }
}

/// The errors that the bot answered; each must stand beside an input block that is there.
fn answered_errors(open: &OpenView, errors: &Value) -> Result<BTreeMap<String, String>, Mishap> {
    let errors: BTreeMap<String, String> = serde_json::from_value(errors.clone())
        .map_err(|error| Mishap::BadAnswer(format!("errors: {error}")))?;
    let is_input =
        |id: &String| open.blocks().iter().any(|block| block["block_id"] == *id && block["type"] == "input");
    match errors.keys().find(|id| !is_input(id)) {
        Some(id) => {
            Err(Mishap::BadAnswer(format!("an error for {id}, which is no input block of the modal")))
        }
        None if errors.is_empty() => {
            Err(Mishap::BadAnswer("response_action errors without errors".to_owned()))
        }
        None => Ok(errors),
    }
}

fn own_view(workspace: &Workspace, user: &User, view_id: &str) -> Result<OpenView, Mishap> {
    let view = workspace.view(view_id).filter(|view| view.owner == user.id);
    view.cloned().ok_or_else(|| impossible(format!("{} has no view {view_id}", user.name)))
}

fn picked_value(view: &OpenView, used: &Use<'_>) -> Result<Value, Mishap> {
    let control = find_control(view.blocks(), used.block_id, used.action_id)
        .ok_or_else(|| impossible(format!("the view has no control {}", used.action_id)))?;
    let key = (control.block_id().to_owned(), control.action_id().to_owned());
    let offered = view.offered.get(&key).map_or(&[][..], Vec::as_slice);
    control
        .pick(used.picked, offered)
        .ok_or_else(|| impossible(format!("{:?} cannot be picked in {}", used.picked, used.action_id)))
}

fn enter_in_block(
    workspace: &mut Workspace,
    user: &User,
    view_id: &str,
    block_id: &str,
    picked: &str,
) -> Result<(), Mishap> {
    let view = own_view(workspace, user, view_id)?;
    let controls = controls(view.blocks());
    let control = controls
        .iter()
        .find(|control| control.block_id() == block_id && value_field(control.kind()).is_some())
        .ok_or_else(|| impossible(format!("the modal has no input {block_id}")))?;
    let value = match picked {
        "" => Value::Null,
        picked => {
            let used = Use { block_id: Some(block_id), action_id: control.action_id(), picked: Some(picked) };
            picked_value(&view, &used)?
        }
    };
    workspace.enter(view_id, block_id, control.action_id(), value);
    Ok(())
}

/// What Slack itself says beside inputs that are empty and not optional, or too short or long.
fn missing_entries(view: &OpenView) -> BTreeMap<String, String> {
    let state = state_values(view.blocks(), &view.entered);
    let mut errors = BTreeMap::new();
    for control in controls(view.blocks()).iter().filter(|control| control.block["type"] == "input") {
        let Some(field) = value_field(control.kind()) else {
            continue;
        };
        let value = &state[control.block_id()][control.action_id()][field];
        let length = value.as_str().map(|text| text.chars().count() as u64);
        let error = match length {
            _ if value.is_null() || length == Some(0) => {
                (control.block["optional"] != true).then(|| "Please complete this required field.".to_owned())
            }
            Some(length) if control.kind() == "plain_text_input" => wrong_length(control.element, length),
            _ => None,
        };
        if let Some(error) = error {
            errors.insert(control.block_id().to_owned(), error);
        }
    }
    errors
}

fn wrong_length(element: &Value, length: u64) -> Option<String> {
    let at_least = element["min_length"].as_u64().unwrap_or(0);
    let at_most = element["max_length"].as_u64().unwrap_or(3000);
    if length < at_least {
        return Some(format!("Enter at least {at_least} characters."));
    }
    (length > at_most).then(|| format!("Enter at most {at_most} characters."))
}
