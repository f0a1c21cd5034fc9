//! What to do, step by step: each in a sentence, as a link to the console, and as a command of the AWS CLI to
//! copy.

use super::{opened, person};
use crate::diagnosis::facts::{GroupId, UserId};
use crate::digest::Digest;
use crate::digest::finding::{Opens, Person};
use crate::digest::remedy::{Step, WouldLose};
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
}

/// The step as it is told.
pub fn told(step: &Step, digest: &Digest) -> Told {
    let names = &digest.names;
    let store = digest.instance.as_ref().map_or("IDENTITY_STORE_ID", |instance| &instance.identity_store_id);
    match step {
        Step::Assign { to, opens } => Told {
            says: say!["Assign "].then(opened(opens, names)).then(say![" to ", name(to.name.clone())]),
            command: Some(assignment("create", digest, opens, &to.id.0)),
            url: Some(ACCOUNTS),
        },
        Step::AssignWhatArrived { group, opens } => Told {
            says: say!["When it has arrived, assign "]
                .then(opened(opens, names))
                .then(say![" to the new ", name(group.name.clone())]),
            command: Some(assignment("create", digest, opens, NEW_ID)),
            url: Some(ACCOUNTS),
        },
        Step::AssignToItsSuccessor { opens } => Told {
            says: say!["If another group took its place, assign "]
                .then(opened(opens, names))
                .then(say![" to that"]),
            command: Some(assignment("create", digest, opens, NEW_ID)),
            url: Some(ACCOUNTS),
        },
        Step::Unassign { from, is_gone, opens } => Told {
            says: say!["Take "].then(opened(opens, names)).then(match is_gone {
                true => say![" from the deleted group"],
                false => say![" from the group that goes"],
            }),
            command: Some(assignment("delete", digest, opens, &from.0)),
            url: Some(ACCOUNTS),
        },
        Step::AddInAws { to, people } => Told {
            says: say!["Add to ", name(to.name.clone()), ": "].then(these(people, digest)),
            command: Some(added(store, &to.id, people)),
            url: Some(GROUPS),
        },
        Step::AddAtTheIdp { to, people } => Told {
            says: say![format!("In {}, add to ", super::the_idp(digest.idp)), name(to.clone()), ": "]
                .then(these(people, digest)),
            command: None,
            url: None,
        },
        Step::SeeThatNobodyLoses { goes, stays, stays_id, would_lose } => Told {
            says: say![
                "Check who would lose access, being in the one that goes and not in ",
                name(stays.clone())
            ]
            .then(losing(would_lose, digest)),
            command: Some(only_in(store, &goes.id, stays_id.as_ref())),
            url: Some(GROUPS),
        },
        Step::Delete { group } => Told {
            says: say!["Delete ", name(group.name.clone()), format!(", the one with the id {}", group.id.0)],
            command: Some(format!(
                "aws identitystore delete-group --identity-store-id {} --group-id {}",
                word(store),
                word(&group.id.0)
            )),
            url: Some(GROUPS),
        },
        Step::Rename { group, to } => Told {
            says: say![
                "Rename the group made in AWS to ",
                name(to.clone()),
                "; it keeps its members and its access, and its name is free"
            ],
            command: Some(format!(
                "aws identitystore update-group --identity-store-id {} --group-id {} --operations {}",
                word(store),
                word(&group.id.0),
                word(
                    &serde_json::json!([{"AttributePath": "displayName", "AttributeValue": to}]).to_string()
                )
            )),
            url: Some(GROUPS),
        },
        Step::Send { group } => at_the_idp(say![
            format!("Let {} send ", super::the_idp(digest.idp)),
            name(group.name.clone()),
            " again, and wait until it is in AWS"
        ]),
        Step::TakeOffTheApplication { group } => at_the_idp(say![
            format!("In {}, take ", super::the_idp(digest.idp)),
            name(group.name.clone()),
            " off the application for AWS, or give the two groups names that nobody takes for each other"
        ]),
        Step::TellApartAtTheIdp { group } => at_the_idp(say![
            format!("In {}, rename ", super::the_idp(digest.idp)),
            name(group.name.clone()),
            format!(" (the one with the id {}), or take it off the application for AWS", group.id.0)
        ]),
    }
}

fn at_the_idp(says: Sentence) -> Told {
    Told { says, command: None, url: None }
}

fn losing(would_lose: &WouldLose, digest: &Digest) -> Sentence {
    match would_lose {
        WouldLose::Nobody => say![" (now: nobody)"],
        WouldLose::Unseen => say![" (now: I could not see that; go on only when it is nobody)"],
        WouldLose::These(people) => {
            say![" (before the step above: "].then(these(people, digest)).then(say!["; after it: nobody)"])
        }
    }
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

/// Prints the user ids that are in the first group alone: nothing where nobody is.
fn only_in(store: &str, goes: &GroupId, stays: Option<&GroupId>) -> String {
    let members = |group: &str| {
        format!(
            "aws identitystore list-group-memberships --identity-store-id {} --group-id {} \
             --query 'GroupMemberships[].[MemberId.UserId]' --output text | sort",
            word(store),
            word(group)
        )
    };
    let stays = stays.map_or(NEW_ID, |stays| &stays.0);
    format!("comm -23 <({}) <({})", members(&goes.0), members(stays))
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
