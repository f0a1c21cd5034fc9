//! What a visitor can break for the person they are: each with the change that breaks it and the one that undoes it.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Mishap, told};
use crate::sandbox::Sandbox;
use crate::sandbox::company::{AccountState, Change, Company, Origin, Principal};
use crate::sandbox::idp::Idp;
use crate::sandbox::idp::sync::JobState;
use crate::sandbox::scenario::Person;

/// One thing to break.
struct Breakage {
    id: &'static str,
    /// For its button.
    label: String,
    /// What is so afterwards, as a sentence without its full stop.
    broken: String,
    changes: Vec<Change>,
    undo: Vec<Change>,
}

/// A way to an account that the person has or asks for.
struct Way {
    account: String,
    /// The key and the name of the group.
    group: Option<(String, String)>,
}

/// What can be broken for this person now, for the page.
pub(super) fn offered(sandbox: &Sandbox, person: &Person) -> Vec<Value> {
    let offered = breakages(&sandbox.company(), person);
    offered.into_iter().map(|breakage| json!({"id": breakage.id, "label": breakage.label})).collect()
}

fn breakages(company: &Company, person: &Person) -> Vec<Breakage> {
    let (key, first) = (&person.key, first_name(person));
    let mut found = Vec::new();
    let way = way_of(company, person);
    if let Some((group, name)) = way.as_ref().and_then(|way| way.group.clone()) {
        let at_idp = company.idp.as_ref().is_some_and(|idp| idp.has_member(&group, key));
        let there = || (group.clone(), key.clone());
        let out = |(group, person)| Change::RemoveMember { group, person };
        let back = |(group, person)| Change::AddMember { group, person };
        let out_at_idp =
            at_idp.then(|| Change::RemoveMemberAtIdp { group: group.clone(), person: key.clone() });
        let back_at_idp =
            at_idp.then(|| Change::AddMemberAtIdp { group: group.clone(), person: key.clone() });
        found.push(Breakage {
            id: "leave",
            label: format!("Take {first} out of {name}"),
            broken: format!("{first} is out of {name}"),
            changes: out_at_idp.into_iter().chain([out(there())]).collect(),
            undo: back_at_idp.into_iter().chain([back(there())]).collect(),
        });
        let renamed = format!("{name} (old)");
        found.push(Breakage {
            id: "rename",
            label: format!("Rename {name} in AWS"),
            broken: format!("{name} is called {renamed} in AWS"),
            changes: vec![Change::RenameGroup { group: group.clone(), name: renamed }],
            undo: vec![Change::RenameGroup { group: group.clone(), name: name.clone() }],
        });
        let created = format!("{group}, created again");
        if company.group_id(&created).is_none() {
            found.push(Breakage {
                id: "recreate",
                label: format!("Delete {name} and create it again"),
                broken: format!("{name} was deleted and created again"),
                changes: vec![
                    Change::DeleteGroup { group },
                    Change::CreateGroup { group: created.clone(), name, origin: Origin::Synced },
                    Change::AddMember { group: created, person: key.clone() },
                ],
                undo: Vec::new(),
            });
        }
    }
    if let Some(account) = way.map(|way| way.account) {
        let state = |state| vec![Change::SetAccountState { account: account.clone(), state }];
        found.push(Breakage {
            id: "suspend",
            label: format!("Suspend {account}"),
            broken: format!("{account} is suspended"),
            changes: state(AccountState::Suspended),
            undo: state(AccountState::Active),
        });
    }
    found.extend(turning_off(company, key, first));
    let runs = company.idp.as_ref().and_then(|idp| idp.job.as_ref());
    if runs.is_some_and(|job| job.state == JobState::Active) {
        found.push(Breakage {
            id: "pause",
            label: "Stop Entra ID's sync".to_owned(),
            broken: "Entra ID's sync to AWS is stopped".to_owned(),
            changes: vec![Change::PauseSync],
            undo: vec![Change::ResumeSync],
        });
    }
    found
}

/// Off at the IdP, which the sync has taken to AWS; or in AWS alone.
fn turning_off(company: &Company, key: &str, first: &str) -> Option<Breakage> {
    company.users.iter().find(|user| user.person == key && user.enabled)?;
    let at_idp = company.idp.as_ref().and_then(|idp| Some((idp, idp.person(key)?)));
    let at_idp = at_idp.filter(|(_, person)| person.enabled).map(|(idp, _)| idp);
    let person = || key.to_owned();
    let off = at_idp.map(|_| Change::DisableAtIdp { person: person() });
    let on = at_idp.map(|_| Change::EnableAtIdp { person: person() });
    let place = at_idp.map_or("AWS user", Idp::account_of_a_person);
    Some(Breakage {
        id: "off",
        label: format!("Turn off {first}'s {place}"),
        broken: format!("{first}'s {place} is turned off"),
        changes: off.into_iter().chain([Change::DisableUser { person: person() }]).collect(),
        undo: on.into_iter().chain([Change::EnableUser { person: person() }]).collect(),
    })
}

/// The person's way to the account that they ask for; else to the first that they have.
fn way_of(company: &Company, person: &Person) -> Option<Way> {
    let user = company.user_id(&person.key);
    let groups: Vec<&str> = user.map(|user| company.group_ids_of(user)).unwrap_or_default();
    let asked = person.asks.as_deref().and_then(|asks| {
        let account =
            company.accounts.iter().find(|account| asks.trim_matches('"').starts_with(&account.name));
        Some(account?.id.as_str())
    });
    let mut ways = company.assignments.iter().filter(|assignment| match &assignment.principal {
        Principal::Group(group) => groups.contains(&group.as_str()),
        Principal::User(id) => user == Some(id.as_str()),
    });
    let way = match asked {
        Some(asked) => ways.clone().find(|assignment| assignment.account_id == asked).or_else(|| ways.next()),
        None => ways.next(),
    }?;
    let group = match &way.principal {
        Principal::Group(id) => {
            let name = company.groups.iter().find(|group| group.id == *id)?.display_name.clone();
            Some((company.group_key(id)?.to_owned(), name))
        }
        Principal::User(_) => None,
    };
    Some(Way { account: company.account_key(&way.account_id)?.to_owned(), group })
}

fn first_name(person: &Person) -> &str {
    person.name.split_whitespace().next().unwrap_or(&person.name)
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    person: String,
    /// As in the state's `breakable`.
    id: String,
}

/// Breaks one thing and remembers how it is undone.
pub(super) async fn broken(State(sandbox): State<Arc<Sandbox>>, Json(wanted): Json<Wanted>) -> Response {
    let outcome = broke(&sandbox, &wanted).map_err(Mishap::Impossible);
    sandbox.workspace().note_change_beside();
    told(outcome, |label| json!({"label": label}))
}

fn broke(sandbox: &Sandbox, wanted: &Wanted) -> Result<String, String> {
    let person = sandbox.scenario.person(&wanted.person).ok_or("that is nobody of this company")?;
    let now = (sandbox.clock)();
    let mut company = sandbox.company();
    let found = breakages(&company, person).into_iter().find(|breakage| breakage.id == wanted.id);
    let found = found.ok_or("that cannot be broken now")?;
    found.changes.iter().try_for_each(|change| company.apply(change, now))?;
    drop(company);
    sandbox.standing().broke(found.broken.clone(), found.undo);
    Ok(found.broken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::page::standing;
    use crate::sandbox::scenario::Scenario;

    fn sandbox(name: &str) -> Arc<Sandbox> {
        let clock = Arc::new(|| "2026-11-23T14:12:00Z".parse().unwrap());
        Sandbox::new(Scenario::named(name).unwrap().unwrap(), clock)
    }

    fn labels(sandbox: &Sandbox, key: &str) -> Vec<String> {
        let person = sandbox.scenario.person(key).unwrap();
        breakages(&sandbox.company(), person).into_iter().map(|breakage| breakage.label).collect()
    }

    #[test]
    fn what_can_be_broken_is_what_the_person_has() {
        insta::assert_snapshot!(labels(&sandbox("company"), "sam").join("\n"), @"
        Take Sam out of AWS-Help-Desk
        Rename AWS-Help-Desk in AWS
        Delete AWS-Help-Desk and create it again
        Suspend Support-Tools
        Turn off Sam's Entra ID account
        Stop Entra ID's sync
        ");
        insta::assert_snapshot!(labels(&sandbox("no-idp"), "pavel").join("\n"), @"");
    }

    #[test]
    fn everything_that_can_be_undone_leaves_the_company_as_it_was() {
        for name in ["company", "okta", "no-idp"] {
            let sandbox = sandbox(name);
            let keys: Vec<String> = sandbox.scenario.people.iter().map(|person| person.key.clone()).collect();
            for key in keys {
                let before = labels(&sandbox, &key);
                let person = sandbox.scenario.person(&key).unwrap();
                let ids: Vec<&str> =
                    breakages(&sandbox.company(), person).iter().map(|breakage| breakage.id).collect();
                for id in ids.into_iter().filter(|id| *id != "recreate") {
                    broke(&sandbox, &Wanted { person: key.clone(), id: id.to_owned() })
                        .unwrap_or_else(|why| panic!("{name} {key} {id}: {why}"));
                    let number = sandbox.standing().broken.last().unwrap().id.clone();
                    standing::undo(&sandbox, &number)
                        .unwrap_or_else(|why| panic!("{name} {key} {id}: {why}"));
                    // A sync that is started again brings what waited.
                    if id != "pause" {
                        assert_eq!(labels(&sandbox, &key), before, "{name} {key} {id}");
                    }
                }
            }
        }
    }
}
