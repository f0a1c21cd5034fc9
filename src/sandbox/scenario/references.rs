//! Whether everything that a scenario mentions is in it.

use std::collections::BTreeSet;

use super::{Person, PrincipalKey, Scenario};
use crate::sandbox::company::Change;

/// # Errors
/// The first thing wrong, as a sentence.
pub(super) fn check(scenario: &Scenario) -> Result<(), String> {
    let keys = Keys::of(scenario)?;
    keys.account("the organization", &scenario.organization.management_account)?;
    for channel in &scenario.workspace.channels {
        for member in &channel.members {
            keys.person(&format!("channel `{}`", channel.name), member)?;
        }
    }
    for assignment in &scenario.assignments {
        let place = format!("an assignment of `{}`", assignment.permission_set);
        keys.permission_set(&place, &assignment.permission_set)?;
        assignment.accounts.iter().try_for_each(|account| keys.account(&place, account))?;
        assignment.groups.iter().try_for_each(|group| keys.group(&place, group))?;
        assignment.people.iter().try_for_each(|person| keys.person(&place, person))?;
        assignment.former_records.iter().try_for_each(|person| keys.person(&place, person))?;
    }
    for provisioning in &scenario.provisioning {
        let place = format!("the provisioning of `{}`", provisioning.permission_set);
        keys.permission_set(&place, &provisioning.permission_set)?;
        keys.account(&place, &provisioning.account)?;
    }
    for request in &scenario.requests {
        let place = format!("request `{}`", request.key);
        keys.permission_set(&place, &request.permission_set)?;
        keys.account(&place, &request.account)?;
        keys.principal(&place, &request.principal)?;
    }
    for spec in &scenario.groups {
        let place = format!("group `{}`", spec.key());
        let Some(at_idp) = &spec.idp else { continue };
        at_idp.owners.iter().try_for_each(|owner| keys.person(&place, owner))?;
        at_idp.groups_inside.iter().try_for_each(|inside| keys.group(&place, inside))?;
    }
    scenario.people.iter().try_for_each(|person| check_person(&keys, person))
}

fn check_person(keys: &Keys, person: &Person) -> Result<(), String> {
    let place = format!("`{}`", person.key);
    for membership in &person.groups {
        keys.group(&place, &membership.group)?;
    }
    for membership in person.idp.iter().flat_map(|at_idp| &at_idp.groups) {
        keys.group(&place, &membership.group)?;
    }
    for user in person.user_specs() {
        if user.user_name.is_none() && person.email.is_none() {
            return Err(format!("{place} has no email, so each of their users needs a user_name"));
        }
    }
    if jiff::tz::TimeZone::get(&person.time_zone).is_err() {
        return Err(format!("{place} has a time_zone that does not exist: `{}`", person.time_zone));
    }
    if person.mend.is_empty() != person.mend_label.is_none()
        || person.mend.is_empty() != person.mended.is_none()
    {
        return Err(format!("{place} needs all of mend, mend_label and mended, or none of them"));
    }
    let mut created_groups = BTreeSet::new();
    for change in &person.mend {
        check_change(keys, &mut created_groups, &format!("the mend of {place}"), change)?;
    }
    Ok(())
}

fn check_change<'a>(
    keys: &Keys,
    created_groups: &mut BTreeSet<&'a str>,
    place: &str,
    change: &'a Change,
) -> Result<(), String> {
    let group = |key: &str| {
        if created_groups.contains(key) { Ok(()) } else { keys.group(place, key) }
    };
    match change {
        Change::AddMember { group: key, person }
        | Change::RemoveMember { group: key, person }
        | Change::AddMemberAtIdp { group: key, person }
        | Change::RemoveMemberAtIdp { group: key, person }
        | Change::ProvisionOnDemand { group: key, person } => {
            group(key)?;
            keys.person(place, person)
        }
        Change::Assign { account, permission_set, principal }
        | Change::Unassign { account, permission_set, principal } => {
            keys.account(place, account)?;
            keys.permission_set(place, permission_set)?;
            match principal {
                PrincipalKey::Group(key) => group(key),
                PrincipalKey::Person(key) => keys.person(place, key),
            }
        }
        Change::Provision { account, permission_set } => {
            keys.account(place, account)?;
            keys.permission_set(place, permission_set)
        }
        Change::EnableUser { person }
        | Change::DisableUser { person }
        | Change::CreateUser { person }
        | Change::CreateAtIdp { person }
        | Change::EnableAtIdp { person }
        | Change::DisableAtIdp { person }
        | Change::GiveLastNameAtIdp { person, .. }
        | Change::AssignPersonToApp { person } => keys.person(place, person),
        Change::SetAccountState { account, .. } => keys.account(place, account),
        Change::FinishRequest { request } => keys.request(place, request),
        Change::RenameGroup { group: key, .. }
        | Change::DeleteGroup { group: key }
        | Change::AssignGroupToApp { group: key }
        | Change::MendTrouble { group: key }
        | Change::PushAgain { group: key } => group(key),
        Change::CreateGroup { group: key, .. } => {
            created_groups.insert(key);
            Ok(())
        }
        // User names are not keys of the scenario; the company says so when it has no such user.
        Change::DeleteUser { .. }
        | Change::EndQuarantine
        | Change::PauseSync
        | Change::ResumeSync
        | Change::RunSync => Ok(()),
    }
}

struct Keys<'a> {
    people: BTreeSet<&'a str>,
    accounts: BTreeSet<&'a str>,
    permission_sets: BTreeSet<&'a str>,
    groups: BTreeSet<&'a str>,
    requests: BTreeSet<&'a str>,
}

impl<'a> Keys<'a> {
    fn of(scenario: &'a Scenario) -> Result<Self, String> {
        unique("account id", scenario.accounts.iter().map(|account| account.id.as_str()))?;
        unique("Slack user id", scenario.people.iter().filter_map(|person| person.slack.as_deref()))?;
        Ok(Self {
            people: unique("person", scenario.people.iter().map(|person| person.key.as_str()))?,
            accounts: unique("account", scenario.accounts.iter().map(|account| account.key()))?,
            permission_sets: unique(
                "permission set",
                scenario.permission_sets.iter().map(|set| set.name.as_str()),
            )?,
            groups: unique("group", scenario.groups.iter().map(|group| group.key()))?,
            requests: unique("request", scenario.requests.iter().map(|request| request.key.as_str()))?,
        })
    }

    fn person(&self, place: &str, key: &str) -> Result<(), String> {
        known("person", &self.people, place, key)
    }

    fn account(&self, place: &str, key: &str) -> Result<(), String> {
        known("account", &self.accounts, place, key)
    }

    fn permission_set(&self, place: &str, key: &str) -> Result<(), String> {
        known("permission set", &self.permission_sets, place, key)
    }

    fn group(&self, place: &str, key: &str) -> Result<(), String> {
        known("group", &self.groups, place, key)
    }

    fn request(&self, place: &str, key: &str) -> Result<(), String> {
        known("request", &self.requests, place, key)
    }

    fn principal(&self, place: &str, principal: &PrincipalKey) -> Result<(), String> {
        match principal {
            PrincipalKey::Group(key) => self.group(place, key),
            PrincipalKey::Person(key) => self.person(place, key),
        }
    }
}

fn unique<'a>(kind: &str, keys: impl Iterator<Item = &'a str>) -> Result<BTreeSet<&'a str>, String> {
    let mut seen = BTreeSet::new();
    for key in keys {
        if !seen.insert(key) {
            return Err(format!(
                "the scenario holds the {kind} `{key}` twice; give one of them a key of its own"
            ));
        }
    }
    Ok(seen)
}

fn known(kind: &str, keys: &BTreeSet<&str>, place: &str, key: &str) -> Result<(), String> {
    if keys.contains(key) {
        return Ok(());
    }
    Err(format!("{place} names the {kind} `{key}`, and the scenario holds no such {kind}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::scenario::COMPANY;
    use crate::sandbox::scenario::outlook::{Connected, Kept};

    const NO_IDP: Connected = Connected { idp: None, quarantined: false, kept: Kept::AtAnIdp };

    #[track_caller]
    fn refused(from: &str, to: &str) -> String {
        assert!(COMPANY.contains(from), "the company has no `{from}`");
        Scenario::parse(&COMPANY.replacen(from, to, 1), NO_IDP).unwrap_err()
    }

    #[test]
    fn a_dangling_reference_is_named_with_its_place() {
        assert_eq!(
            refused(
                "group = \"AWS-Payments-ReadOnly\", person = \"dana\"",
                "group = \"AWS-Payments\", person = \"dana\""
            ),
            "the mend of `dana` names the group `AWS-Payments`, and the scenario holds no such group"
        );
        assert_eq!(
            refused("management_account = \"Example-Management\"", "management_account = \"Example\""),
            "the organization names the account `Example`, and the scenario holds no such account"
        );
    }

    #[test]
    fn two_things_of_one_key_are_refused() {
        assert_eq!(
            refused("key = \"theo\"", "key = \"dana\""),
            "the scenario holds the person `dana` twice; give one of them a key of its own"
        );
    }

    #[test]
    fn a_half_told_mend_is_refused() {
        assert_eq!(
            refused("mend_label = \"Add Dana to AWS-Payments-ReadOnly\"", ""),
            "`dana` needs all of mend, mend_label and mended, or none of them"
        );
    }

    #[test]
    fn a_time_zone_must_exist() {
        assert_eq!(
            refused("time_zone = \"America/New_York\"", "time_zone = \"America/New_Amsterdam\""),
            "`marcus` has a time_zone that does not exist: `America/New_Amsterdam`"
        );
    }
}
