//! Everything that was read for one question.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::aws::{
    Account, AccountSearch, Assignment, AssignmentRequest, DirectoryUser, Group, GroupId, Membership,
    PermissionSetArn, Principal, UserId,
};
use super::fact::{Fact, Gap};
use super::former::FormerName;
use super::identity_source::IdentitySource;
use super::idp::IdpFacts;
use super::left_out::LeftOut;
use crate::diagnosis::question::Question;

/// Everything that was learnt for one question.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    pub question: Question,
    /// When the gathering ended.
    pub checked_at: Timestamp,
    /// Why a further address of the person could not be read where the asker's side keeps one.
    pub profile_unread: Option<Gap>,
    /// The moment by which the person had joined their group at the IdP, as an earlier look at the same question saw.
    pub joined_by: Option<Timestamp>,
    pub account: Fact<AccountSearch>,
    /// Why the account's state is the list's and not its own as of now, where that could not be read.
    pub account_unconfirmed: Option<Gap>,
    /// Names of the applications of the instance; asked only if no account was found.
    pub applications: Fact<Vec<String>>,
    /// GetUserId by `userName`; `None` if nobody has it.
    pub user_by_name: Fact<Option<UserId>>,
    /// GetUserId by `emails.value`; not asked where the subject is no e-mail address.
    pub user_by_email: Fact<Option<UserId>>,
    /// GetUserId by the IdP's id of the person, or DescribeUser by the id that the IdP keeps of AWS's user; asked only
    /// if the strings of the question led to nobody, or to a record that nothing ties to the IdP's person.
    pub user_by_id: Fact<Option<UserId>>,
    /// The user whom another name of the person leads to; asked as [`user_by_id`](Self::user_by_id) is. A record with the
    /// ids of somebody else is none of theirs.
    pub user_by_other_name: Fact<Option<UserId>>,
    pub person: Fact<DirectoryUser>,
    /// The other record, if the strings of the question led to two, or one that bears the address of the person's record
    /// as its user name.
    pub other_record: Fact<DirectoryUser>,
    pub memberships: Fact<Vec<Membership>>,
    /// Permission sets that the account has in their latest version.
    pub provisioned_latest: Fact<Vec<PermissionSetArn>>,
    /// Permission sets that the account has in an older version.
    pub provisioned_outdated: Fact<Vec<PermissionSetArn>>,
    /// The assignments of each permission set provisioned on the account.
    pub assignments: BTreeMap<PermissionSetArn, Fact<Vec<Principal>>>,
    /// The person's own assignments on the account as AWS tells them; the management account only.
    pub persons_assignments: Fact<Vec<Assignment>>,
    /// The assignments of the person's groups, asked only where the account has no permission set at all.
    pub groups_assignments: BTreeMap<GroupId, Fact<Vec<Assignment>>>,
    /// The groups involved; `None` if the identity store has no group of that id.
    pub groups: BTreeMap<GroupId, Fact<Option<Group>>>,
    /// Whether the users of direct assignments still exist.
    pub users: BTreeMap<UserId, Fact<bool>>,
    /// Names of the permission sets.
    pub permission_sets: BTreeMap<PermissionSetArn, Fact<String>>,
    pub requests_in_progress: Fact<Vec<AssignmentRequest>>,
    pub requests_failed: Fact<Vec<AssignmentRequest>>,
    /// Deletions of assignments, as far as AWS still lists them; not asked if the bot may not.
    pub requests_ended: Fact<Vec<AssignmentRequest>>,
    /// What deleted groups were called, as the digests remember; of one that no digest saw there is nothing.
    pub former_groups: BTreeMap<GroupId, FormerName>,
    /// How many accounts the groups in question open; the management account only.
    pub opens_accounts: BTreeMap<GroupId, Fact<usize>>,
    /// Where people and groups come from, as configured.
    pub configured_source: Option<IdentitySource>,
    /// The same, as records show it that belong to nobody in particular; asked only if the person has none.
    pub source_elsewhere: Option<IdentitySource>,
    /// What was not looked at.
    pub left_out: Vec<LeftOut>,
    /// What was learnt at the IdP; `None` if none is connected.
    pub idp: Option<IdpFacts>,
}

impl Facts {
    /// Nothing learnt yet.
    pub fn none(question: Question, at: Timestamp) -> Self {
        Self {
            question,
            checked_at: at,
            profile_unread: None,
            joined_by: None,
            account: Fact::NotAsked,
            account_unconfirmed: None,
            applications: Fact::NotAsked,
            user_by_name: Fact::NotAsked,
            user_by_email: Fact::NotAsked,
            user_by_id: Fact::NotAsked,
            user_by_other_name: Fact::NotAsked,
            person: Fact::NotAsked,
            other_record: Fact::NotAsked,
            memberships: Fact::NotAsked,
            provisioned_latest: Fact::NotAsked,
            provisioned_outdated: Fact::NotAsked,
            assignments: BTreeMap::new(),
            persons_assignments: Fact::NotAsked,
            groups_assignments: BTreeMap::new(),
            groups: BTreeMap::new(),
            users: BTreeMap::new(),
            permission_sets: BTreeMap::new(),
            requests_in_progress: Fact::NotAsked,
            requests_failed: Fact::NotAsked,
            requests_ended: Fact::NotAsked,
            former_groups: BTreeMap::new(),
            opens_accounts: BTreeMap::new(),
            configured_source: None,
            source_elsewhere: None,
            left_out: Vec::new(),
            idp: None,
        }
    }

    /// The account, if exactly one was found.
    pub fn account_found(&self) -> Option<&Account> {
        match self.account.value() {
            Some(AccountSearch::Found(account)) => Some(account),
            _ => None,
        }
    }

    /// The group by this id, if it was read and exists.
    pub fn group(&self, id: &GroupId) -> Option<&Group> {
        self.groups.get(id).and_then(Fact::value).and_then(Option::as_ref)
    }

    /// The groups of the identity store that were read and exist.
    pub fn groups_in_aws(&self) -> impl Iterator<Item = &Group> {
        self.groups.values().filter_map(|group| group.value()?.as_ref())
    }

    /// The permission set's name, if it was read.
    pub fn permission_set_name(&self, arn: &PermissionSetArn) -> Option<&str> {
        self.permission_sets.get(arn).and_then(Fact::value).map(String::as_str)
    }
}
