//! Modals that people have open, and their Home tabs.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Workspace;
use super::controls::{Entered, controls, fill_in_ids, state_values};
use crate::sandbox::slack::{APP_ID, BOT_ID};

/// How many modals can lie on each other, from Slack's page on modals.
const MODALS_IN_A_STACK: usize = 3;

/// A modal that is open, or a published Home tab.
#[derive(Clone, Debug)]
pub struct OpenView {
    /// As `V0…`.
    pub id: String,
    /// Changes with each update, so that the bot can notice that it updates an older state.
    pub hash: String,
    /// The user who sees it.
    pub owner: String,
    /// The bottom of its stack, which is itself where nothing lies below.
    pub root_id: String,
    /// The modal below it.
    pub previous_id: Option<String>,
    /// The view as the bot sent it, with missing block and action ids filled in.
    pub view: Value,
    /// What its owner entered so far.
    pub entered: Entered,
    /// The options that the bot suggested last, by block id and action id.
    pub offered: BTreeMap<(String, String), Vec<Value>>,
}

impl OpenView {
    pub fn blocks(&self) -> &[Value] {
        self.view["blocks"].as_array().map_or(&[], Vec::as_slice)
    }
}

impl Workspace {
    /// The modals that this user has open, the lowest first.
    pub fn modals_of<'a>(&'a self, user_id: &'a str) -> impl Iterator<Item = &'a OpenView> {
        self.views.iter().filter(move |view| view.owner == user_id)
    }

    /// This user's Home tab, once the bot published it.
    pub fn home_of(&self, user_id: &str) -> Option<&OpenView> {
        self.homes.get(user_id)
    }

    /// The open modal or Home tab of this id.
    pub fn view(&self, id: &str) -> Option<&OpenView> {
        self.views.iter().chain(self.homes.values()).find(|view| view.id == id)
    }

    /// The open modal or Home tab that the bot gave this external id.
    pub fn view_of_external_id(&self, external_id: &str) -> Option<&OpenView> {
        self.views.iter().chain(self.homes.values()).find(|view| view.view["external_id"] == external_id)
    }

    /// Opens a modal for the user, in place of any stack that is open. Gives its id.
    pub fn open_view(&mut self, owner: &str, view: Value, now: Timestamp) -> String {
        self.views.retain(|open| open.owner != owner);
        let opened = self.new_view(owner, view, None, now);
        let id = opened.id.clone();
        self.views.push(opened);
        self.note_change();
        id
    }

    /// Lays a modal on the one of this id. Gives the new one's id, or Slack's error where the stack is full
    /// or there is no such modal.
    pub fn push_view(&mut self, below: &str, view: Value, now: Timestamp) -> Result<String, &'static str> {
        let lower = self.views.iter().find(|open| open.id == below).cloned().ok_or("view_not_found")?;
        if self.modals_of(&lower.owner).count() == MODALS_IN_A_STACK {
            return Err("push_limit_reached");
        }
        let pushed = self.new_view(&lower.owner, view, Some(&lower), now);
        let id = pushed.id.clone();
        self.views.push(pushed);
        self.note_change();
        Ok(id)
    }

    /// Puts a new content into the modal or Home tab. What was entered stays where block id and action id
    /// stay, as in Slack. Says whether there was such a view.
    pub fn replace_view(&mut self, id: &str, mut view: Value, now: Timestamp) -> bool {
        fill_in_view_ids(&mut view, &mut self.ids);
        let hash = self.ids.next_ts(now);
        let Some(open) = self.views.iter_mut().chain(self.homes.values_mut()).find(|open| open.id == id)
        else {
            return false;
        };
        open.view = view;
        open.hash = hash;
        let blocks = open.view["blocks"].as_array().map_or(&[][..], Vec::as_slice);
        let kept: Vec<_> =
            controls(blocks).iter().map(|c| (c.block_id().to_owned(), c.action_id().to_owned())).collect();
        open.entered.retain(|key, _| kept.contains(key));
        self.note_change();
        true
    }

    /// Closes one modal; the one below shows again. Says whether there was such a modal.
    pub fn close_view(&mut self, id: &str) -> bool {
        let before = self.views.len();
        self.views.retain(|open| open.id != id);
        self.note_change();
        self.views.len() < before
    }

    /// Closes all modals of this user.
    pub fn clear_views(&mut self, owner: &str) {
        self.views.retain(|open| open.owner != owner);
        self.note_change();
    }

    /// Publishes the user's Home tab; its id stays from the first time on. Gives the id.
    pub fn publish_home(&mut self, owner: &str, view: Value, now: Timestamp) -> String {
        if let Some(id) = self.homes.get(owner).map(|home| home.id.clone()) {
            self.replace_view(&id, view, now);
            return id;
        }
        let home = self.new_view(owner, view, None, now);
        let id = home.id.clone();
        self.homes.insert(owner.to_owned(), home);
        self.note_change();
        id
    }

    /// Remembers what a view's owner entered in one control.
    pub(in crate::sandbox) fn enter(&mut self, view_id: &str, block_id: &str, action_id: &str, value: Value) {
        let views = self.views.iter_mut().chain(self.homes.values_mut());
        if let Some(view) = views.into_iter().find(|view| view.id == view_id) {
            view.entered.insert((block_id.to_owned(), action_id.to_owned()), value);
            self.note_change();
        }
    }

    /// Remembers which options the bot suggested in one menu.
    pub(in crate::sandbox) fn offer(
        &mut self,
        view_id: &str,
        block_id: &str,
        action_id: &str,
        options: Vec<Value>,
    ) {
        if let Some(view) = self.views.iter_mut().find(|view| view.id == view_id) {
            view.offered.insert((block_id.to_owned(), action_id.to_owned()), options);
        }
    }

    /// The view object as Slack's API answers and payloads hold it.
    pub fn view_json(&self, open: &OpenView) -> Value {
        let mut object = json!({
            "id": open.id,
            "team_id": self.team_id,
            "hash": open.hash,
            "state": {"values": state_values(open.blocks(), &open.entered)},
            "root_view_id": open.root_id,
            "previous_view_id": open.previous_id,
            "app_id": APP_ID,
            "app_installed_team_id": self.team_id,
            "bot_id": BOT_ID,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": false,
            "notify_on_close": false,
            "title": null,
            "submit": null,
            "close": null,
        });
        for (field, value) in open.view.as_object().into_iter().flatten() {
            object[field] = value.clone();
        }
        object
    }

    fn new_view(
        &mut self,
        owner: &str,
        mut view: Value,
        below: Option<&OpenView>,
        now: Timestamp,
    ) -> OpenView {
        fill_in_view_ids(&mut view, &mut self.ids);
        let id = self.ids.next("V");
        OpenView {
            hash: self.ids.next_ts(now),
            owner: owner.to_owned(),
            root_id: below.map_or_else(|| id.clone(), |below| below.root_id.clone()),
            previous_id: below.map(|below| below.id.clone()),
            view,
            entered: Entered::new(),
            offered: BTreeMap::new(),
            id,
        }
    }
}

fn fill_in_view_ids(view: &mut Value, ids: &mut super::ids::Ids) {
    if let Some(blocks) = view.get_mut("blocks").and_then(Value::as_array_mut) {
        fill_in_ids(blocks, ids);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::slack::samples;

    #[test]
    fn a_stack_holds_three_modals() {
        let mut workspace = samples::workspace();
        let now = Timestamp::UNIX_EPOCH;
        let first = workspace.open_view("U0DANA", samples::modal("one"), now);
        let second = workspace.push_view(&first, samples::modal("two"), now).unwrap();
        let third = workspace.push_view(&second, samples::modal("three"), now).unwrap();
        assert_eq!(workspace.push_view(&third, samples::modal("four"), now), Err("push_limit_reached"));
        assert_eq!(workspace.view(&third).unwrap().root_id, first);

        assert!(workspace.close_view(&third));
        assert_eq!(workspace.modals_of("U0DANA").last().unwrap().id, second);
    }

    #[test]
    fn an_update_changes_the_hash_and_keeps_what_was_entered() {
        let mut workspace = samples::workspace();
        let now = Timestamp::UNIX_EPOCH;
        let id = workspace.open_view("U0DANA", samples::modal("one"), now);
        let hash = workspace.view(&id).unwrap().hash.clone();
        workspace.enter(&id, "note", "text", json!("typed"));
        assert!(workspace.replace_view(&id, samples::modal("other"), now));

        let view = workspace.view(&id).unwrap();
        assert_ne!(view.hash, hash);
        assert_eq!(workspace.view_json(view)["state"]["values"]["note"]["text"]["value"], "typed");
        let without_inputs = json!({"type": "modal", "title": {}, "blocks": [{"type": "divider"}]});
        assert!(workspace.replace_view(&id, without_inputs, now));
        assert!(workspace.view(&id).unwrap().entered.is_empty());
    }
}
