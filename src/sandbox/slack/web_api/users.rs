//! Who is who: `auth.test`, `users.*` and `usergroups.users.list`.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::arguments::Arguments;
use crate::sandbox::slack::{BOT_ID, Refusal};
use crate::sandbox::workspace::Workspace;
use crate::sandbox::workspace::people::{BOT_HANDLE, User};

pub(super) fn auth_test(workspace: &mut Workspace, _: &Arguments, _: Timestamp) -> Result<Value, Refusal> {
    Ok(json!({
        "ok": true,
        "url": format!("https://{}.slack.com/", workspace.team_domain),
        "team": workspace.team_name,
        "user": BOT_HANDLE,
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user_id,
        "bot_id": BOT_ID,
        "is_enterprise_install": false,
    }))
}

pub(super) fn info(
    workspace: &mut Workspace,
    arguments: &Arguments,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let id = arguments.text("user").ok_or("user_not_found")?;
    let user = workspace.users().iter().find(|user| user.id == id).ok_or("user_not_found")?;
    Ok(json!({"ok": true, "user": user_json(workspace, user, now)}))
}

pub(super) fn look_up_by_email(
    workspace: &mut Workspace,
    arguments: &Arguments,
    now: Timestamp,
) -> Result<Value, Refusal> {
    let email = arguments.required("email")?;
    // Slack finds nobody who left, though `users.info` still tells of them.
    let has_email = |user: &&User| {
        !user.deleted && user.email.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(email))
    };
    let user = workspace.users().iter().find(has_email).ok_or("users_not_found")?;
    Ok(json!({"ok": true, "user": user_json(workspace, user, now)}))
}

/// The profile with the fields that an administrator added to it. Where somebody has filled in none, Slack sends an empty
/// list in their place.
pub(super) fn profile(
    workspace: &mut Workspace,
    arguments: &Arguments,
    _: Timestamp,
) -> Result<Value, Refusal> {
    let id = arguments.text("user").ok_or("user_not_found")?;
    let user = workspace.users().iter().find(|user| user.id == id).ok_or("user_not_found")?;
    let mut profile = json!({"real_name": user.real_name, "display_name": user.name, "fields": []});
    if let (Some(field), Some(address)) = (&workspace.email_field, &user.further_address) {
        profile["fields"] = json!({field: {"value": address, "alt": ""}});
    }
    if let Some(email) = user.email.as_ref().filter(|_| workspace.app.scopes.contains("users:read.email")) {
        profile["email"] = json!(email);
    }
    Ok(json!({"ok": true, "profile": profile}))
}

/// Each channel has a user group of the same people: `S0HELPDESK` are the people of `C0HELPDESK`.
pub(super) fn group_members(
    workspace: &mut Workspace,
    arguments: &Arguments,
    _: Timestamp,
) -> Result<Value, Refusal> {
    let group = arguments.required("usergroup")?;
    let channel = group.strip_prefix('S').map(|rest| format!("C{rest}")).ok_or("no_such_subteam")?;
    let channel = workspace.channels().iter().find(|known| known.id == channel).ok_or("no_such_subteam")?;
    let people: Vec<&String> =
        channel.members.iter().filter(|member| **member != workspace.bot_user_id).collect();
    Ok(json!({"ok": true, "users": people}))
}

fn user_json(workspace: &Workspace, user: &User, now: Timestamp) -> Value {
    let mut object = json!({
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "is_bot": user.is_bot,
        "is_app_user": false,
        "updated": 1_700_000_000,
        "profile": {
            "real_name": user.real_name,
            "display_name": user.name,
            "team": user.team_id,
        },
    });
    if let Some(email) = user.email.as_ref().filter(|_| workspace.app.scopes.contains("users:read.email")) {
        object["profile"]["email"] = json!(email);
    }
    if user.deleted {
        // Of somebody who left, Slack tells no time zone and no role.
        return object;
    }
    let time_zone = TimeZone::get(&user.time_zone).unwrap_or(TimeZone::UTC);
    let offset = time_zone.to_offset_info(now);
    object["real_name"] = json!(user.real_name);
    object["tz"] = json!(user.time_zone);
    object["tz_label"] = json!(offset.abbreviation());
    object["tz_offset"] = json!(offset.offset().seconds());
    if workspace.is_external(user) {
        // Of people of another organisation it tells no roles. A stranger is one whom the app meets in no
        // channel (docs.slack.dev, "User object").
        let bot = &workspace.bot_user_id;
        let meets = workspace.channels().iter().any(|channel| channel.has(&user.id) && channel.has(bot));
        object["is_stranger"] = json!(!meets);
        return object;
    }
    object["is_restricted"] = json!(user.guest);
    object["is_ultra_restricted"] = json!(false);
    for role in ["is_admin", "is_owner", "is_primary_owner"] {
        object[role] = json!(false);
    }
    object
}
