//! The call plan: what is asked when, so that nothing waits for what it does not need. What is worth asking,
//! [`wants`] says.

use futures::FutureExt as _;
use futures::future::join;

use super::gatherer::Gather;
use super::inquiry::Inquiry;
use super::memory::Freshness;
use crate::diagnosis::facts::{
    Fact, Facts, GroupId, Identity, Known, Limit, PermissionSetArn, RequestState, UserId,
};
use crate::diagnosis::question::Question;
use crate::diagnosis::steps::Step;
use crate::diagnosis::wants::{self, OtherNames};

/// Above this many permission sets on an account, the person's own assignments are read first, and all
/// the others only if those do not answer the question: 14 fit the second that SSO Admin's rate allows,
/// and two seconds are a wait that nobody needs.
const MANY_PERMISSION_SETS: usize = 30;

/// Direct assignments whose user is looked up, to find those that no longer exist.
const USERS_LOOKED_UP: Limit =
    Limit { at_most: 10, step: Step::Assignment, what: "users who are assigned directly" };

/// Groups asked one by one for their assignments, if the account has no permission set at all.
const GROUPS_ASKED_ONE_BY_ONE: Limit =
    Limit { at_most: 20, step: Step::Assignment, what: "groups of the person" };

/// Groups of which it is counted how many accounts they open, if the person is in none of them.
const GROUPS_COUNTED: Limit =
    Limit { at_most: 10, step: Step::IdpMembership, what: "groups with access to the account" };

/// The name in gaps of what asks a principal for its assignments.
const ASSIGNMENTS_OF: &str = "sso:ListAccountAssignmentsForPrincipal";

impl Gather {
    /// Everything that the question needs.
    pub async fn facts(&self, question: Question, freshness: Freshness) -> Facts {
        self.inquiry(freshness).facts(question).await
    }

    /// Everything that AWS alone shows, read live: whether something has arrived.
    pub async fn facts_of_aws(&self, question: Question) -> Facts {
        Inquiry { ask_the_idp: false, ..self.inquiry(Freshness::Live) }.facts(question).await
    }
}

impl Inquiry<'_> {
    async fn facts(&self, question: Question) -> Facts {
        let subject = question.subject.clone();
        let mut facts = Facts::none(question, self.gather.now());
        // Boxed, as the types of three nested rounds of calls would overflow the compiler.
        let at_aws = async {
            self.who_and_where(&mut facts).boxed().await;
            self.what_the_person_has(&mut facts).boxed().await;
        };
        let at_the_idp = async {
            let idp = self.at_the_idp()?;
            Some(idp.who_and_how(&subject).await)
        };
        let ((), idp) = join(at_aws, at_the_idp.boxed()).await;
        facts.idp = idp;
        facts.left_out.extend(self.other_instances().await);
        self.whom_the_idp_means(&mut facts).boxed().await;
        facts.configured_source = self.gather.identity_source;
        if wants::applications(&facts) {
            facts.applications = self.application_names().await;
        }
        if wants::source_elsewhere(&facts) {
            facts.source_elsewhere = self.source_of_groups().await;
        }
        self.assignments_for_unprovisioned_user(&mut facts).boxed().await;
        self.why_it_is_not_there(&mut facts).boxed().await;
        facts.checked_at = self.gather.now();
        facts
    }

    async fn who_and_where(&self, facts: &mut Facts) {
        let question = facts.question.clone();
        let (place, (by_name, by_email)) = join(self.place(&question), self.identity(&question)).await;
        facts.account = place.account;
        facts.account_unconfirmed = place.unconfirmed;
        facts.provisioned_latest = place.latest;
        facts.provisioned_outdated = place.outdated;
        facts.user_by_name = by_name;
        facts.user_by_email = by_email;
    }

    /// The person by what the IdP calls them, if the strings of the question led to nobody: one round trip and three
    /// calls at most.
    async fn whom_the_idp_means(&self, facts: &mut Facts) {
        let Some(OtherNames { user_id, name }) = wants::other_names(facts) else {
            return;
        };
        let by_id = async {
            match user_id {
                Some(id) => self.user_by_id(id).await,
                None => Fact::NotAsked,
            }
        };
        let by_name = async {
            match name {
                Some(name) => {
                    let (by_name, by_email) =
                        self.identity(&Question { subject: name, ..facts.question.clone() }).await;
                    first_user([by_name, by_email])
                }
                None => Fact::NotAsked,
            }
        };
        // What the ids tie together goes before what has the same name.
        let (by_id, by_name) = join(by_id.boxed(), by_name.boxed()).await;
        facts.user_by_idp = first_user([by_id, by_name]);
        if matches!(facts.user_by_idp.value(), Some(Some(_))) {
            self.what_the_person_has(facts).boxed().await;
        }
    }

    async fn what_the_person_has(&self, facts: &mut Facts) {
        let Identity::One(user) = facts.identity() else {
            return;
        };
        let account = facts.account_found().map(|account| account.id.clone());
        let sets = wants::provisioned(facts);
        let one_by_one = sets.len() <= MANY_PERMISSION_SETS;
        let now: &[PermissionSetArn] = if one_by_one { &sets } else { &[] };
        let (person, memberships, own, assignments, names) = futures::join!(
            self.person(&user),
            self.memberships(&user),
            self.own_assignments(account.as_deref(), &user),
            self.assignments(account.as_deref(), now),
            self.permission_set_names(now),
        );
        facts.person = person;
        facts.memberships = memberships;
        facts.persons_assignments = own;
        facts.assignments = assignments;
        facts.permission_sets = names;
        self.name_what_is_not_provisioned(facts).await;
        if !one_by_one && !wants::is_settled(facts) {
            let (assignments, names) =
                join(self.assignments(account.as_deref(), &sets), self.permission_set_names(&sets)).await;
            facts.assignments = assignments;
            facts.permission_sets.extend(names);
        }
    }

    /// Whom the IdP has and AWS has not: what opens the account says whether they are on their way.
    async fn assignments_for_unprovisioned_user(&self, facts: &mut Facts) {
        if !wants::is_unprovisioned(facts) {
            return;
        }
        let account = facts.account_found().map(|account| account.id.clone());
        let sets = wants::provisioned(facts);
        let (assignments, names) =
            join(self.assignments(account.as_deref(), &sets), self.permission_set_names(&sets)).await;
        facts.assignments = assignments;
        facts.permission_sets = names;
    }

    async fn why_it_is_not_there(&self, facts: &mut Facts) {
        let Some(account) = facts.account_found().map(|account| account.id.clone()) else {
            return;
        };
        if !wants::depends_on_routes(facts) {
            return;
        }
        let giving = self.groups(wants::groups_that_give_it(facts)).await;
        facts.groups.extend(giving);
        if wants::is_settled(facts) {
            return;
        }
        let mut groups_to_ask: Vec<GroupId> = wants::groups_to_ask(facts).into_iter().collect();
        facts.left_out.extend(GROUPS_ASKED_ONE_BY_ONE.cut(&mut groups_to_ask, ASSIGNMENTS_OF));
        let mut users: Vec<UserId> = wants::users_involved(facts).into_iter().collect();
        facts.left_out.extend(USERS_LOOKED_UP.cut(&mut users, "identitystore:DescribeUser"));
        let (groups, users, (in_progress, unseen_in_progress), (failed, unseen_failed), by_group) = futures::join!(
            self.groups(wants::groups_involved(facts)),
            self.users(users.into_iter().collect()),
            self.requests(&account, RequestState::InProgress),
            self.requests(&account, RequestState::Failed),
            self.assignments_by_group(&account, &groups_to_ask),
        );
        facts.groups.extend(groups);
        facts.users = users;
        facts.requests_in_progress = in_progress;
        facts.requests_failed = failed;
        facts.left_out.extend(unseen_in_progress.into_iter().chain(unseen_failed));
        facts.groups_assignments = by_group;
        self.name_what_is_not_provisioned(facts).await;
        self.name_what_was_requested(facts).await;
        self.what_the_idp_shows(facts).await;
    }

    /// How many accounts each of the groups opens that the person was never in; then the IdP's own side.
    async fn what_the_idp_shows(&self, facts: &mut Facts) {
        let Some(idp) = self.at_the_idp() else {
            return;
        };
        let mut groups = wants::groups_to_weigh(facts);
        facts.left_out.extend(GROUPS_COUNTED.cut(&mut groups, ASSIGNMENTS_OF));
        facts.opens_accounts = self.opens_accounts(&groups).await;
        facts.checked_at = self.gather.now();
        idp.why_it_has_not_arrived(facts).await;
    }

    /// An assignment may name a permission set that is not on the account, so that its name is still unread.
    async fn name_what_is_not_provisioned(&self, facts: &mut Facts) {
        facts.permission_sets.extend(self.permission_set_names(&wants::unnamed_sets(facts)).await);
    }

    /// A request under way may name a group or a permission set that nothing else named.
    async fn name_what_was_requested(&self, facts: &mut Facts) {
        let sets = wants::requested_sets(facts);
        let (groups, names) =
            join(self.groups(wants::requested_groups(facts)), self.permission_set_names(&sets)).await;
        facts.groups.extend(groups);
        facts.permission_sets.extend(names);
    }
}

/// The first of these look-ups that led to somebody; a gap if one failed, since it might have led to somebody else.
fn first_user(found: [Fact<Option<UserId>>; 2]) -> Fact<Option<UserId>> {
    let rank = |fact: &Fact<Option<UserId>>| match fact {
        Fact::Gap(_) => 0,
        Fact::Known(Known { value: Some(_), .. }) => 1,
        Fact::Known(Known { value: None, .. }) => 2,
        Fact::NotAsked => 3,
    };
    found.into_iter().min_by_key(rank).unwrap_or(Fact::NotAsked)
}
