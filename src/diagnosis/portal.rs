//! What the access portal should show a person: every account that AWS has assigned to them, and why.
//!
//! It tells assignments: whether one of them has also been set up on its account is the diagnosis' question.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::facts::{
    Account, AccountState, DirectoryUser, Fact, Gap, Group, GroupId, Identity, Membership, PermissionSetArn,
    Principal,
};

/// An account assignment, on whichever account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountAssignment {
    pub account: String,
    pub permission_set: PermissionSetArn,
    pub principal: Principal,
}

/// Everything that was learnt of what a person has.
#[derive(Clone, Debug, PartialEq)]
pub struct PortalFacts {
    /// When the gathering ended.
    pub checked_at: Timestamp,
    /// Whom the look-ups lead to, and what failed of them.
    pub identity: Identity,
    pub look_ups_failed: Vec<Gap>,
    pub person: Fact<DirectoryUser>,
    pub memberships: Fact<Vec<Membership>>,
    /// The person's own assignments as AWS tells them: with those of their groups from the management account,
    /// without them from elsewhere.
    pub assigned: Fact<Vec<AccountAssignment>>,
    /// The assignments of the person's groups, asked only where `assigned` holds none of a group's.
    pub by_group: BTreeMap<GroupId, Fact<Vec<AccountAssignment>>>,
    /// Groups of the person that were to be asked and were too many.
    pub groups_not_asked: usize,
    /// Every account of the organization, for the names.
    pub accounts: Fact<Vec<Account>>,
    pub groups: BTreeMap<GroupId, Fact<Option<Group>>>,
    pub permission_sets: BTreeMap<PermissionSetArn, Fact<String>>,
}

/// What the portal should show.
#[derive(Clone, Debug, PartialEq)]
pub struct Portal {
    pub checked_at: Timestamp,
    pub standing: Standing,
    /// By name.
    pub accounts: Vec<OwnAccount>,
    /// What could not be read and may hide accounts.
    pub hiding: Vec<Gap>,
    /// What could not be read and only leaves something without its name or state.
    pub unnamed: Vec<Gap>,
    /// Groups that nobody asked, which may hide accounts too.
    pub groups_not_asked: usize,
}

/// How the person stands in Identity Center.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Enabled,
    /// Nothing opens for them.
    Disabled,
    /// Identity Center does not know them.
    Unknown,
    /// User name and e-mail lead to different people.
    Ambiguous,
    /// It could not be read.
    Unseen,
}

/// An account that is assigned to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnAccount {
    /// 12 digits.
    pub id: String,
    /// Absent where it could not be read.
    pub name: Option<String>,
    pub state: Option<AccountState>,
    /// Each way once.
    pub access: Vec<Access>,
}

/// One way in which an account is assigned.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Access {
    /// Absent where its name could not be read.
    pub permission_set: Option<String>,
    pub through: Through,
}

/// To whom it is assigned.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Through {
    /// The person themselves.
    Person,
    /// A group of theirs, by its name where that could be read.
    Group(Option<String>),
}

impl Portal {
    /// Whether nothing was missed that could hide an account.
    pub fn is_complete(&self) -> bool {
        self.hiding.is_empty() && self.groups_not_asked == 0 && self.standing != Standing::Unseen
    }
}

/// What the portal should show, by these facts.
pub fn portal(facts: &PortalFacts) -> Portal {
    let mut by_account: BTreeMap<&str, BTreeSet<Access>> = BTreeMap::new();
    for assignment in facts.assignments() {
        by_account.entry(&assignment.account).or_default().insert(facts.access(assignment));
    }
    let mut accounts: Vec<OwnAccount> =
        by_account.into_iter().map(|(id, access)| facts.own_account(id, access)).collect();
    accounts.sort_by_key(|account| {
        (account.name.is_none(), account.name.as_ref().map(|name| name.to_lowercase()), account.id.clone())
    });
    Portal {
        checked_at: facts.checked_at,
        standing: facts.standing(),
        accounts,
        hiding: facts.hiding(),
        unnamed: facts.unnamed(),
        groups_not_asked: facts.groups_not_asked,
    }
}

impl PortalFacts {
    /// All assignments that were read.
    pub fn assignments(&self) -> impl Iterator<Item = &AccountAssignment> {
        let by_group = self.by_group.values().filter_map(Fact::value).flatten();
        self.assigned.value().into_iter().flatten().chain(by_group)
    }

    fn access(&self, assignment: &AccountAssignment) -> Access {
        let permission_set = self.permission_sets.get(&assignment.permission_set).and_then(Fact::value);
        let through = match &assignment.principal {
            Principal::User(_) => Through::Person,
            Principal::Group(id) => {
                let group = self.groups.get(id).and_then(Fact::value).and_then(Option::as_ref);
                Through::Group(group.map(|group| group.name.clone()))
            }
        };
        Access { permission_set: permission_set.cloned(), through }
    }

    fn own_account(&self, id: &str, access: BTreeSet<Access>) -> OwnAccount {
        let listed = self.accounts.value().and_then(|all| all.iter().find(|account| account.id == id));
        OwnAccount {
            id: id.to_owned(),
            name: listed.map(|account| account.name.clone()),
            state: listed.map(|account| account.state.clone()),
            access: access.into_iter().collect(),
        }
    }

    fn standing(&self) -> Standing {
        match (&self.identity, &self.person) {
            (Identity::Nobody, _) => Standing::Unknown,
            (Identity::Two { .. }, _) => Standing::Ambiguous,
            (Identity::One(_), Fact::Known(person)) if person.value.enabled => Standing::Enabled,
            (Identity::One(_), Fact::Known(_)) => Standing::Disabled,
            (Identity::One(_) | Identity::Unseen, _) => Standing::Unseen,
        }
    }

    fn hiding(&self) -> Vec<Gap> {
        let person = self.person.gap().into_iter();
        let assigned = self.assigned.gap().into_iter().chain(self.by_group.values().filter_map(Fact::gap));
        // Where AWS has told a group's assignments, it has told all of them.
        let tells_groups = self.assignments().any(|one| matches!(one.principal, Principal::Group(_)));
        let memberships = self.memberships.gap().filter(|_| !tells_groups);
        without_repetition(self.look_ups_failed.iter().chain(person).chain(assigned).chain(memberships))
    }

    fn unnamed(&self) -> Vec<Gap> {
        if self.assignments().next().is_none() {
            return Vec::new();
        }
        let groups = self.groups.values().filter_map(Fact::gap);
        let sets = self.permission_sets.values().filter_map(Fact::gap);
        without_repetition(self.accounts.gap().into_iter().chain(groups).chain(sets))
    }
}

/// Each operation once: fifty groups fail alike.
fn without_repetition<'g>(gaps: impl Iterator<Item = &'g Gap>) -> Vec<Gap> {
    let mut told: Vec<Gap> = Vec::new();
    for gap in gaps {
        if told.iter().all(|one| one.operation != gap.operation || one.kind != gap.kind) {
            told.push(gap.clone());
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::super::facts::{GapKind, Known, Source, UserId};
    use super::*;

    fn known<T>(value: T) -> Fact<T> {
        Fact::Known(Known { value, as_of: Timestamp::UNIX_EPOCH, source: Source::Live })
    }

    fn forbidden<T>(operation: &str) -> Fact<T> {
        Fact::Gap(Gap {
            kind: GapKind::Forbidden,
            operation: operation.to_owned(),
            detail: "AccessDeniedException".to_owned(),
        })
    }

    fn dana() -> UserId {
        UserId("dana".to_owned())
    }

    fn assigned(account: &str, principal: Principal) -> AccountAssignment {
        let permission_set = PermissionSetArn("ReadOnly".to_owned());
        AccountAssignment { account: account.to_owned(), permission_set, principal }
    }

    fn to_group(account: &str, group: &str) -> AccountAssignment {
        assigned(account, Principal::Group(GroupId(group.to_owned())))
    }

    fn facts(rows: Vec<AccountAssignment>) -> PortalFacts {
        PortalFacts {
            checked_at: Timestamp::UNIX_EPOCH,
            identity: Identity::One(dana()),
            look_ups_failed: Vec::new(),
            person: known(DirectoryUser {
                id: dana(),
                user_name: "dana".to_owned(),
                display_name: None,
                email: None,
                enabled: true,
                synced: true,
                external_ids: Box::default(),
                created_at: None,
            }),
            memberships: known(Vec::new()),
            assigned: known(rows),
            by_group: BTreeMap::new(),
            groups_not_asked: 0,
            accounts: known(Vec::new()),
            groups: BTreeMap::new(),
            permission_sets: BTreeMap::new(),
        }
    }

    #[test]
    fn one_way_is_told_once_however_often_it_was_read() {
        let group = GroupId("g".to_owned());
        let mut facts = facts(vec![assigned("1", Principal::User(dana()))]);
        facts.by_group.insert(group.clone(), known(vec![to_group("1", "g"), to_group("1", "g")]));
        let portal = portal(&facts);
        assert_eq!(portal.accounts.len(), 1);
        let ways: Vec<&Through> = portal.accounts[0].access.iter().map(|access| &access.through).collect();
        assert_eq!(ways, [&Through::Person, &Through::Group(None)]);
        assert!(portal.is_complete());
    }

    #[test]
    fn unread_memberships_hide_nothing_where_aws_tells_the_groups_assignments() {
        let mut told = facts(vec![to_group("1", "g")]);
        told.memberships = forbidden("identitystore:ListGroupMembershipsForMember");
        assert!(portal(&told).is_complete());
        let mut untold = facts(Vec::new());
        untold.memberships = forbidden("identitystore:ListGroupMembershipsForMember");
        assert!(!portal(&untold).is_complete());
    }

    #[test]
    fn a_name_that_could_not_be_read_hides_no_account() {
        let mut facts = facts(vec![to_group("1", "g")]);
        facts.accounts = forbidden("organizations:ListAccounts");
        let portal = portal(&facts);
        assert!(portal.is_complete());
        assert_eq!(portal.unnamed.len(), 1);
        assert_eq!(portal.accounts[0].name, None);
    }

    #[test]
    fn fifty_groups_that_fail_alike_are_one_gap() {
        let mut facts = facts(Vec::new());
        for group in 0..50 {
            facts
                .by_group
                .insert(GroupId(group.to_string()), forbidden("sso:ListAccountAssignmentsForPrincipal"));
        }
        assert_eq!(portal(&facts).hiding.len(), 1);
    }

    #[test]
    fn an_account_has_the_name_and_the_state_of_its_own_id() {
        let listed = |id: &str, name: &str| Account {
            id: id.to_owned(),
            name: name.to_owned(),
            state: AccountState::Active,
        };
        let mut facts = facts(vec![assigned("2", Principal::User(dana()))]);
        facts.accounts = known(vec![listed("1", "One"), listed("2", "Two")]);
        assert_eq!(portal(&facts).accounts[0].name.as_deref(), Some("Two"));
    }

    #[test]
    fn whoever_is_disabled_stands_so() {
        let mut facts = facts(Vec::new());
        assert_eq!(portal(&facts).standing, Standing::Enabled);
        let Fact::Known(person) = &mut facts.person else { panic!("it was read") };
        person.value.enabled = false;
        assert_eq!(portal(&facts).standing, Standing::Disabled);
    }

    #[test]
    fn one_operation_that_fails_in_two_ways_is_told_twice() {
        let gap = |kind| Gap { kind, operation: "x:Y".to_owned(), detail: String::new() };
        let gaps = [gap(GapKind::Forbidden), gap(GapKind::Timeout), gap(GapKind::Timeout)];
        assert_eq!(without_repetition(gaps.iter()), gaps[..2]);
    }
}
