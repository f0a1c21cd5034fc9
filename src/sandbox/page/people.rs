//! The people of the page in their groups: whom to try first, the help desk, the admins, and everybody else by the place
//! where their way to the account breaks.

use serde_json::{Value, json};

use super::standing::Standing;
use crate::sandbox::scenario::{Expects, IdpKind, Person, Scenario};
use crate::sandbox::workspace::Workspace;
use crate::sandbox::workspace::people::Channel;

/// The channels that make somebody an agent or an admin, as the sandbox's bot is configured.
pub const HELP_DESK: &str = "C0HELPDESK";
pub const ADMINS: &str = "C0ADMINS";

/// A new message in a conversation of more members than this is no news to each of them.
const SMALL_CONVERSATION: usize = 10;

/// The four to begin with: what is said of each, and the causes that fit.
const TO_TRY: [(&str, &[&str]); 4] = [
    ("on its way", &["sync_pending", "assignment_in_progress", "membership_not_synced", "sync_stopped"]),
    ("broken", &["duplicate_group", "group_name_twin", "dangling_assignment"]),
    ("never had it", &["not_in_group", "no_assignment"]),
    ("has it", &["portal_stale", "permission_set_outdated"]),
];

/// Where a way breaks: the group's id, its label, and the causes.
const PLACES: [(&str, &str, &[&str]); 5] = [
    ("account", "The account", &["account_not_found", "account_ambiguous", "account_not_active"]),
    (
        "idp",
        "Company directory",
        &[
            "user_not_in_idp",
            "user_disabled_in_idp",
            "not_in_group",
            "nested_membership",
            "not_activated",
            "access_ended",
            "name_twin_at_the_idp",
            "group_not_assigned_to_app",
            "user_not_assigned_to_app",
        ],
    ),
    (
        "sync",
        "The sync",
        &["sync_stopped", "sync_pending", "sync_error", "membership_missed", "skipped_by_the_idp"],
    ),
    (
        "aws",
        "Users and groups in AWS",
        &[
            "user_not_provisioned",
            "user_disabled",
            "user_ambiguous",
            "group_not_synced",
            "membership_not_synced",
            "duplicate_group",
            "dangling_assignment",
        ],
    ),
    (
        "access",
        "Access in AWS",
        &[
            "no_assignment",
            "permission_set_not_assigned",
            "assignment_in_progress",
            "assignment_failed",
            "permission_set_not_provisioned",
        ],
    ),
];

/// A group of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    pub id: &'static str,
    pub label: &'static str,
    /// What is said of somebody in *Try these*.
    pub hint: Option<&'static str>,
}

impl Group {
    const fn of(id: &'static str, label: &'static str) -> Self {
        Self { id, label, hint: None }
    }
}

/// What somebody is at work, beside asking.
fn role(workspace: &Workspace, person: &Person) -> Option<&'static str> {
    let id = person.slack.as_deref()?;
    let is_in = |channel: &str| workspace.channel(channel).is_some_and(|channel| channel.has(id));
    if is_in(HELP_DESK) {
        return Some("help_desk");
    }
    is_in(ADMINS).then_some("admin")
}

/// The group of each person, in the order of the scenario.
pub(super) fn groups(scenario: &Scenario, workspace: &Workspace) -> Vec<Group> {
    let tried = to_try(scenario, workspace);
    scenario.people.iter().map(|person| group(workspace, person, &tried)).collect()
}

/// The keys of the people to begin with, each with what is said of them.
fn to_try<'a>(scenario: &'a Scenario, workspace: &Workspace) -> Vec<(&'a str, &'static str)> {
    let fits = |person: &&Person, causes: &[&str]| {
        let cause = person.expects.as_ref().and_then(|expects| expects.cause.as_deref());
        can_ask(person)
            && role(workspace, person).is_none()
            && cause.is_some_and(|cause| causes.contains(&cause))
    };
    let mut chosen: Vec<(&str, &str)> = Vec::new();
    for (hint, causes) in TO_TRY {
        let people = scenario.people.iter().filter(|person| fits(person, causes));
        let others = people.filter(|person| chosen.iter().all(|(key, _)| *key != person.key));
        let person = others.min_by_key(|person| !person.example);
        chosen.extend(person.map(|person| (person.key.as_str(), hint)));
    }
    chosen
}

fn can_ask(person: &Person) -> bool {
    person.asks.is_some() && can_sign_in(person) && !person.guest && person.other_team.is_none()
}

fn can_sign_in(person: &Person) -> bool {
    person.slack.is_some() && !person.deleted
}

fn group(workspace: &Workspace, person: &Person, tried: &[(&str, &'static str)]) -> Group {
    if let Some((_, hint)) = tried.iter().find(|(key, _)| *key == person.key) {
        return Group { hint: Some(hint), ..Group::of("try", "Try these") };
    }
    match role(workspace, person) {
        Some("help_desk") => return Group::of("help_desk", "Help desk"),
        Some(_) => return Group::of("admin", "Admin"),
        None => {}
    }
    let Some(expects) = person.expects.as_ref().filter(|_| can_ask(person)) else {
        return Group::of("others", "Guests and others");
    };
    place_of(expects)
}

fn place_of(expects: &Expects) -> Group {
    let cause = expects.cause.as_deref().unwrap_or_default();
    if expects.verdict == "access" {
        return Group::of("access_in_place", "Access in place");
    }
    let place = PLACES.iter().find(|(_, _, causes)| causes.contains(&cause));
    place.map_or(Group::of("others", "Guests and others"), |(id, label, _)| Group::of(id, label))
}

/// How the page greets the person, in the second person and without the cause.
fn opening(person: &Person) -> String {
    let told = person.opening.clone();
    told.unwrap_or_else(|| match (&person.asks, can_sign_in(person)) {
        (Some(asks), true) => format!("You should have {}. You can't see it.", asks.trim_matches('"')),
        (_, true) => "You are in Slack like everybody else.".to_owned(),
        (_, false) => "They cannot sign in to Slack.".to_owned(),
    })
}

/// The key of the person to begin with.
pub(super) fn first<'a>(scenario: &'a Scenario, workspace: &Workspace) -> Option<&'a str> {
    to_try(scenario, workspace).first().map(|(key, _)| *key)
}

/// The first sentences of the page and the terminal: for the first of *Try these*.
pub fn greeting(scenario: &Scenario, workspace: &Workspace) -> Option<(String, String, String)> {
    let person = scenario.person(first(scenario, workspace)?)?;
    let asks = person.asks.clone()?;
    Some((first_name(person).to_owned(), opening(person), asks))
}

fn first_name(person: &Person) -> &str {
    person.name.split_whitespace().next().unwrap_or(&person.name)
}

/// One person, for the page.
pub(super) fn person_json(
    workspace: &Workspace,
    standing: &Standing,
    idp: Option<IdpKind>,
    (person, group): (&Person, Group),
) -> Value {
    let state = match &person.slack {
        None => "not in Slack",
        Some(_) if person.deleted => "left Slack",
        Some(_) if person.other_team.is_some() => "of another organisation",
        Some(_) if person.guest => "guest",
        Some(_) => "member",
    };
    let news = news_of(workspace, person.slack.as_deref().unwrap_or_default());
    json!({
        "key": person.key,
        "name": person.name,
        "first_name": first_name(person),
        "user_id": person.slack,
        "standing": state,
        "can_sign_in": can_sign_in(person),
        "time_zone": person.time_zone,
        "opening": opening(person),
        "story": with_the_idps_name(&person.story, idp),
        "asks": person.asks,
        "group": group.id,
        "group_label": group.label,
        "hint": group.hint,
        "role": role(workspace, person),
        "expects": person.expects.as_ref().map(expects_json),
        "mend_label": person.mend_label.as_ref().map(|label| with_the_idps_name(label, idp)),
        "mended": person.mended.as_ref().map(expects_json),
        "is_fixed": standing.fixed.contains(&person.key),
        "is_answered": is_answered(workspace, person),
        "unread": standing.unread(&person.key, news.iter().map(String::as_str)),
        "news": news,
    })
}

/// The scenario speaks of the IdP, as one file tells of several; a person reads its name.
fn with_the_idps_name(told: &str, idp: Option<IdpKind>) -> String {
    let name = match idp {
        Some(IdpKind::Entra) => "Entra ID",
        Some(IdpKind::Okta) => "Okta",
        None => "the company directory",
    };
    let told = told.replace("Entra ID or Okta", name).replace("at the IdP", &format!("in {name}"));
    told.replace("The IdP", name).replace("the IdP", name)
}

fn expects_json(expects: &Expects) -> Value {
    json!({"verdict": expects.verdict, "cause": expects.cause, "place": place_of(expects).id})
}

/// Whether the bot has answered the person: it edits what it says at first, and an answer has something to press.
fn is_answered(workspace: &Workspace, person: &Person) -> bool {
    let Some(id) = person.slack.as_deref() else { return false };
    workspace.messages().iter().any(|message| {
        message.author == workspace.bot_user_id
            && message.visible_to.as_deref() == Some(id)
            && (message.edited_ts.is_some() || message.has_controls())
    })
}

/// The bot's messages that are meant for this user, by `ts`: the page shows a badge for those not yet read.
fn news_of(workspace: &Workspace, user_id: &str) -> Vec<String> {
    let concerns = |channel: &&Channel| channel.has(user_id);
    let mut news = Vec::new();
    for channel in workspace.channels().iter().filter(concerns) {
        let small = channel.members.len() <= SMALL_CONVERSATION;
        let messages = workspace.messages_seen_by(user_id, &channel.id);
        let meant = messages
            .filter(|message| message.author == workspace.bot_user_id && (small || message.is_ephemeral()));
        news.extend(meant.map(|message| message.ts.clone()));
    }
    news
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn grouped(name: &str) -> BTreeMap<&'static str, Vec<String>> {
        let scenario = Scenario::named(name).unwrap().unwrap();
        let workspace = Workspace::found(&scenario);
        let mut grouped: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (person, group) in scenario.people.iter().zip(groups(&scenario, &workspace)) {
            grouped.entry(group.id).or_default().push(person.key.clone());
        }
        grouped
    }

    #[test]
    fn four_people_to_begin_with_are_waiting_broken_without_and_with_access() {
        assert_eq!(grouped("company")["try"], ["dana", "jonas", "tomas", "noah"].map(str::to_owned));
        assert_eq!(grouped("okta")["try"].len(), 4);
        assert_eq!(grouped("no-idp")["try"].len(), 4);
        assert_eq!(grouped("company")["help_desk"], ["sam", "femi"].map(str::to_owned));
        assert_eq!(grouped("company")["admin"], ["bo"].map(str::to_owned));
    }

    #[test]
    fn everybody_who_can_ask_has_a_place_where_the_way_breaks() {
        for name in ["company", "okta", "no-idp", "quarantine"] {
            let scenario = Scenario::named(name).unwrap().unwrap();
            for person in &scenario.people {
                if let Some(expects) = person.expects.as_ref().filter(|_| can_ask(person)) {
                    assert_ne!(place_of(expects).id, "others", "{name}: {}", person.key);
                }
            }
        }
    }

    #[test]
    fn the_greeting_speaks_to_the_person_and_keeps_the_cause() {
        let scenario = Scenario::named("company").unwrap().unwrap();
        let told = greeting(&scenario, &Workspace::found(&scenario)).unwrap();
        assert_eq!(told.0, "Dana");
        assert_eq!(told.1, "Your manager says you have Payments-Prod. You can't see it.");
        for person in scenario.people.iter().filter(|person| can_sign_in(person)) {
            let opening = opening(person);
            let words: Vec<&str> = opening.split([' ', '.', ',', '?']).collect();
            assert!(words.iter().any(|word| ["You", "you", "Your", "your"].contains(word)), "{opening}");
            assert!(!opening.contains(first_name(person)), "{opening}");
        }
    }
}
