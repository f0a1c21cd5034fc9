//! What to do, step by step: each in a sentence, as a link to the console, and as a command of the AWS CLI to
//! copy.

use super::names::{list_of_opens, opened, person, person_to_find, the_idp, the_one, the_one_at_the_idp};
use crate::diagnosis::facts::{Group, GroupId, UserId};
use crate::digest::Digest;
use crate::digest::finding::{Finding, Opens, Person};
use crate::digest::remedy::{AtTheIdp, From, Newcomers, Stays, Step, WouldLose};
use crate::words::say::{Sentence, list_of_names, name, say};

/// The groups in Identity Center's console.
const GROUPS: &str = "https://console.aws.amazon.com/singlesignon/home#/groups";
/// The accounts there, where permission sets are assigned.
const ACCOUNTS: &str = "https://console.aws.amazon.com/singlesignon/organization/home#/organization/accounts";
/// What stands for an id that nobody knows yet.
const NEW_ID: &str = "NEW_GROUP_ID";
/// People told by name in one step.
const PEOPLE_TOLD: usize = 5;

/// One step as it is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub says: Sentence,
    /// Nothing where it is done at the IdP, which has no command of ours.
    pub command: Option<String>,
    /// Nothing where it is done at the IdP.
    pub url: Option<&'static str>,
    /// Everybody who is to be added by it, of whom the sentence names a few.
    pub people: Vec<String>,
}

impl Told {
    fn in_aws(says: Sentence, url: &'static str, command: String) -> Self {
        Self { says, command: Some(command), url: Some(url), people: Vec::new() }
    }

    fn at_the_idp(says: Sentence) -> Self {
        Self { says, command: None, url: None, people: Vec::new() }
    }

    fn adding(self, newcomers: &Newcomers, digest: &Digest) -> Self {
        Self { people: to_find(newcomers, digest), ..self }
    }

    /// Whether the sentence leaves somebody out.
    pub fn names_not_all(&self) -> bool {
        self.people.len() > PEOPLE_TOLD
    }
}

/// The step as it is told.
pub fn told(step: &Step, finding: &Finding, digest: &Digest) -> Told {
    let names = &digest.names;
    let store = digest.instance.as_ref().map_or("IDENTITY_STORE_ID", |instance| &instance.identity_store_id);
    let idp = the_idp(digest.idp);
    let which = |group: &Group| the_one(&group.id.0, &group.name, finding, digest.idp);
    let staying = |stays: &Stays| match stays {
        Stays::InAws(group) => (which(group), group.id.0.clone()),
        Stays::ToArrive(group) => (say!["the new ", name(group.name.clone())], NEW_ID.to_owned()),
    };
    match step {
        Step::Assign { to, opens, gain } => Told::in_aws(
            say!["Assign "]
                .then(opened(opens, names))
                .then(say![" to "])
                .then(which(to))
                .then(gaining(gain.as_deref(), digest)),
            ACCOUNTS,
            assignment("create", digest, opens, &to.id.0),
        ),
        Step::AssignWhatArrived { group, opens, gain } => Told::in_aws(
            say!["When it has arrived, assign "]
                .then(opened(opens, names))
                .then(say![" to the new ", name(group.name.clone())])
                .then(gaining(gain.as_deref(), digest)),
            ACCOUNTS,
            assignment("create", digest, opens, NEW_ID),
        ),
        Step::AssignToItsSuccessor { opens } => Told::in_aws(
            say!["If another group took its place, assign "]
                .then(opened(opens, names))
                .then(say![" to that; everybody in it gains it"]),
            ACCOUNTS,
            assignment("create", digest, opens, NEW_ID),
        ),
        Step::Unassign { from, opens } => {
            let (id, whose) = match from {
                From::Gone(id, _) => (id, say!["the deleted group"]),
                From::There(group, _) => (&group.id, which(group)),
            };
            Told::in_aws(
                say!["Take "].then(opened(opens, names)).then(say![" from "]).then(whose),
                ACCOUNTS,
                assignment("delete", digest, opens, &id.0),
            )
        }
        Step::AddInAws { to, newcomers } => Told::in_aws(
            say!["Add to "].then(which(to)).then(newly_in_it(newcomers, digest)),
            GROUPS,
            added(store, &to.id, &newcomers.people),
        )
        .adding(newcomers, digest),
        Step::AddAtTheIdp { to, newcomers } => Told::at_the_idp(
            say![format!("In {idp}, add to ")]
                .then(match to {
                    AtTheIdp::Arrived(group) => the_one_at_the_idp(group, finding),
                    AtTheIdp::ToArrive(group) => say![name(group.name.clone())],
                })
                .then(newly_in_it(newcomers, digest))
                .then(say!["; then wait until they are in it in AWS"]),
        )
        .adding(newcomers, digest),
        Step::SeeThatNobodyLoses { goes, stays, would_lose } => {
            let (stays, id) = staying(stays);
            Told::in_aws(
                say!["Check who is in "]
                    .then(which(goes))
                    .then(say![" and not in "])
                    .then(stays)
                    .then(losing(would_lose, digest)),
                GROUPS,
                only_in(store, &goes.id.0, &id),
            )
        }
        Step::SeeThatAllIsAssigned { goes, stays } => {
            let (stays, id) = staying(stays);
            Told::in_aws(
                say!["Check what "]
                    .then(which(goes))
                    .then(say![" opens and "])
                    .then(stays)
                    .then(say![" does not: nothing may be left"]),
                ACCOUNTS,
                not_opened_by(digest, &goes.id.0, &id),
            )
        }
        Step::FirstSettle { name: other } => Told::at_the_idp(say![
            "First settle what is told about ",
            name(other.clone()),
            ": it is about one of these groups too. What is left to do here the next digest tells"
        ]),
        Step::SeeThatNoApplicationUsesIt { group } => Told::in_aws(
            say!["See that no application is assigned to "]
                .then(which(group))
                .then(say![": I have looked at accounts alone"]),
            GROUPS,
            applications(digest, &group.id),
        ),
        Step::Delete { group, .. } => Told::in_aws(
            say!["Delete ", name(group.name.clone()), format!(" (id {})", group.id.0)],
            GROUPS,
            format!(
                "aws identitystore delete-group --identity-store-id {} --group-id {}",
                word(store),
                word(&group.id.0)
            ),
        ),
        Step::RemoveWhereItIsKept { group, .. } => Told::at_the_idp(say![
            "Find out where ",
            name(group.name.clone()),
            format!(
                " (id {}) is kept. If {idp} pushes it, take it off the application for AWS there; ",
                group.id.0
            ),
            "if nothing does, delete it in Identity Center"
        ]),
        Step::Rename { group, to, .. } => Told::in_aws(
            say![
                "Rename the group made in AWS to ",
                name(to.clone()),
                "; it keeps its members and its access, and its name is free"
            ],
            GROUPS,
            format!(
                "aws identitystore update-group --identity-store-id {} --group-id {} --operations {}",
                word(store),
                word(&group.id.0),
                word(
                    &serde_json::json!([{"AttributePath": "displayName", "AttributeValue": to}]).to_string()
                )
            ),
        ),
        Step::Send { group } => Told::at_the_idp(say![
            format!("Let {idp} send "),
            name(group.name.clone()),
            " again, and wait until it is in AWS"
        ]),
        Step::TakeOffTheApplication { group, .. } => Told::at_the_idp(
            say![format!("In {idp}, take ")].then(the_one_at_the_idp(group, finding)).then(say![
                " off the application for AWS, or give the two groups names that nobody takes for each other"
            ]),
        ),
        Step::RenameAtTheIdp { group, .. } => Told::at_the_idp(say![
            format!("In {idp}, rename "),
            name(group.name.clone()),
            format!(
                " (the one with the id {}; the other is the one in AWS), and when it has arrived under its new \
                 name, assign to it what its people need",
                group.id.0
            )
        ]),
        Step::RenameAllButOneAtTheIdp { name: called, is_in_aws } => {
            let find_out = match is_in_aws {
                true => "find out which of them is the one in AWS (its members tell), and rename the others",
                false => "decide which of them keeps the name, and rename the others",
            };
            Told::at_the_idp(say![
                format!("In {idp}, of the groups called "),
                name(called.clone()),
                format!(", {find_out}; when they have arrived, assign to each what its people need")
            ])
        }
    }
}

fn losing(would_lose: &WouldLose, digest: &Digest) -> Sentence {
    match would_lose {
        WouldLose::Nobody => say![": nobody at present"],
        WouldLose::Unseen => say![": I could not see that, so go on only when it is nobody"],
        WouldLose::These(people) => {
            say![": before the step above "].then(these(people, digest)).then(say![", after it nobody"])
        }
    }
}

fn gaining(gain: Option<&[Person]>, digest: &Digest) -> Sentence {
    match gain {
        None => say!["; who gains it by that I could not see"],
        Some([]) => say!["; nobody gains it by that"],
        Some([one]) => say!["; 1 person gains it by that: ", name(person(one, &digest.names))],
        Some(many) => say![format!("; {} people gain it by that: ", many.len())].then(these(many, digest)),
    }
}

fn newly_in_it(newcomers: &Newcomers, digest: &Digest) -> Sentence {
    let people = to_find(newcomers, digest);
    let told = say![": "].then(list_of_names(people.iter().map(String::as_str), PEOPLE_TOLD));
    match &newcomers.gain {
        None => told.then(say!["; what they gain by that I could not see"]),
        Some(gain) if gain.is_empty() => told,
        Some(gain) => told.then(say!["; by that they gain "]).then(list_of_opens(gain.iter(), &digest.names)),
    }
}

fn to_find(newcomers: &Newcomers, digest: &Digest) -> Vec<String> {
    newcomers.people.iter().map(|one| person_to_find(one, &digest.names)).collect()
}

fn these(people: &[Person], digest: &Digest) -> Sentence {
    let names: Vec<String> = people.iter().map(|one| person(one, &digest.names)).collect();
    list_of_names(names.iter().map(String::as_str), PEOPLE_TOLD)
}

fn assignment(verb: &str, digest: &Digest, opens: &Opens, group: &str) -> String {
    let instance = digest.instance.as_ref().map_or("INSTANCE_ARN", |instance| &instance.arn);
    format!(
        "aws sso-admin {verb}-account-assignment --instance-arn {} --target-type AWS_ACCOUNT --target-id {} \
         --permission-set-arn {} --principal-type GROUP --principal-id {}",
        word(instance),
        word(&opens.account),
        word(&opens.permission_set.0),
        word(group)
    )
}

fn added(store: &str, group: &GroupId, people: &[Person]) -> String {
    let users = people.iter().filter_map(|person| match person {
        Person::InAws(UserId(user)) => Some(word(user)),
        Person::AtTheIdp(_) => None,
    });
    format!(
        "for user in {}; do aws identitystore create-group-membership --identity-store-id {} --group-id {} \
         --member-id UserId=\"$user\"; done",
        users.collect::<Vec<_>>().join(" "),
        word(store),
        word(&group.0)
    )
}

/// Prints the user ids that are in the first group alone, or `nobody`; nothing but AWS's own error where one of the
/// lists cannot be read, since silence would look like `nobody`.
fn only_in(store: &str, goes: &str, stays: &str) -> String {
    let members = |group: &str| {
        format!(
            "aws identitystore list-group-memberships --identity-store-id {} --group-id {} \
             --query 'GroupMemberships[].[MemberId.UserId]' --output text",
            word(store),
            word(group)
        )
    };
    in_the_first_alone(&members(goes), &members(stays), "nobody")
}

/// Prints account and permission set of what the first group opens alone, or `nothing` (see [`only_in`]).
fn not_opened_by(digest: &Digest, goes: &str, stays: &str) -> String {
    let instance = digest.instance.as_ref().map_or("INSTANCE_ARN", |instance| &instance.arn);
    let opens = |group: &str| {
        format!(
            "aws sso-admin list-account-assignments-for-principal --instance-arn {} --principal-type GROUP \
             --principal-id {} --query 'AccountAssignments[].[AccountId,PermissionSetArn]' --output text",
            word(instance),
            word(group)
        )
    };
    in_the_first_alone(&opens(goes), &opens(stays), "nothing")
}

fn in_the_first_alone(goes: &str, stays: &str, none: &str) -> String {
    format!(
        "goes=$({goes}) && stays=$({stays}) && {{ comm -23 <(sort <<<\"$goes\") <(sort <<<\"$stays\") | grep . || echo {none}; }}"
    )
}

/// Prints the applications that are assigned to the group (ListApplicationAssignmentsForPrincipal).
fn applications(digest: &Digest, group: &GroupId) -> String {
    let instance = digest.instance.as_ref().map_or("INSTANCE_ARN", |instance| &instance.arn);
    format!(
        "aws sso-admin list-application-assignments-for-principal --instance-arn {} --principal-type GROUP \
         --principal-id {} --query 'ApplicationAssignments[].[ApplicationArn]' --output text",
        word(instance),
        word(&group.0)
    )
}

/// One word of a shell, whatever is in it.
fn word(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=@".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_name_holds_is_one_word_of_the_shell() {
        assert_eq!(word("arn:aws:sso:::instance/ssoins-1"), "arn:aws:sso:::instance/ssoins-1");
        assert_eq!(word("it's $(rm -rf ~)"), r"'it'\''s $(rm -rf ~)'");
        assert_eq!(word(""), "''");
    }
}
