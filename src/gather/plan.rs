//! The call plan: what is asked when, so that nothing waits for what it does not need. What is worth asking,
//! [`wants`] says.

use futures::FutureExt as _;
use futures::future::{BoxFuture, join};

use super::gatherer::Gather;
use super::inquiry::Inquiry;
use super::memory::Freshness;
use crate::diagnosis::facts::{Facts, Gap, GapKind, GroupId, Limit, RequestState, UserId};
use crate::diagnosis::question::Question;
use crate::diagnosis::steps::Step;
use crate::diagnosis::wants;

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

/// The gap of a profile that could not be read; `missing_scope` and `ratelimited` are Slack's own words
/// (docs.slack.dev, "users.profile.get").
fn profile_unread(why: &str) -> Gap {
    let kind = match why {
        "missing_scope" => GapKind::Forbidden,
        "ratelimited" => GapKind::Throttled,
        "timeout" => GapKind::Timeout,
        _ => GapKind::Error,
    };
    Gap { kind, operation: "slack:users.profile.get".to_owned(), detail: why.to_owned() }
}

impl Inquiry<'_> {
    async fn facts(&self, question: Question) -> Facts {
        let asked = question.clone();
        let mut facts = Facts::none(question, self.gather.now());
        facts.profile_unread = asked.profile_unread.as_deref().map(profile_unread);
        // Each step makes its own future on the heap: together on the stack they would outgrow a thread's.
        let at_aws = async {
            self.who_and_where(&mut facts).await;
            self.what_the_person_has(&mut facts).await;
        };
        let at_the_idp = async {
            let idp = self.at_the_idp()?;
            Some(idp.who_and_how(&asked).await)
        };
        let ((), idp) = join(at_aws, at_the_idp.boxed()).await;
        facts.idp = idp;
        facts.left_out.extend(self.other_instances().await);
        self.second_record(&mut facts).await;
        self.whom_aws_means_at_the_idp(&mut facts).await;
        self.whom_the_idp_means(&mut facts).await;
        self.what_another_has(&mut facts).await;
        self.whom_aws_means_at_the_idp(&mut facts).await;
        self.whom_the_idp_deleted(&mut facts).await;
        facts.configured_source = self.gather.identity_source;
        if wants::applications(&facts) {
            facts.applications = self.application_names().await;
        }
        if wants::source_elsewhere(&facts) {
            facts.source_elsewhere = self.source_of_groups().await;
        }
        self.assignments_for_unprovisioned_user(&mut facts).await;
        self.why_it_is_not_there(&mut facts).await;
        self.former_names(&mut facts).await;
        self.what_may_have_replaced_them(&mut facts).await;
        self.whom_the_id_means(&mut facts).await;
        self.what_another_has(&mut facts).await;
        self.second_by_its_name(&mut facts).await;
        self.what_the_idp_shows(&mut facts).await;
        facts.checked_at = self.gather.now();
        facts
    }

    fn who_and_where<'a>(&'a self, facts: &'a mut Facts) -> BoxFuture<'a, ()> {
        async move {
            let question = facts.question.clone();
            let (place, (by_name, by_email)) = join(self.place(&question), self.identity(&question)).await;
            facts.account = place.account;
            facts.account_unconfirmed = place.unconfirmed;
            facts.provisioned_latest = place.latest;
            facts.provisioned_outdated = place.outdated;
            facts.user_by_name = by_name;
            facts.user_by_email = by_email;
        }
        .boxed()
    }

    /// Whom the IdP has and AWS has not: what opens the account says whether they are on their way.
    fn assignments_for_unprovisioned_user<'a>(&'a self, facts: &'a mut Facts) -> BoxFuture<'a, ()> {
        async move {
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
        .boxed()
    }

    fn why_it_is_not_there<'a>(&'a self, facts: &'a mut Facts) -> BoxFuture<'a, ()> {
        async move {
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
            let (
                groups,
                users,
                (in_progress, unseen_in_progress),
                (failed, unseen_failed),
                (ended, unseen_ended),
                by_group,
            ) = futures::join!(
                self.groups(wants::groups_involved(facts)),
                self.users(users.into_iter().collect()),
                self.requests(&account, RequestState::InProgress),
                self.requests(&account, RequestState::Failed),
                self.ended(&account),
                self.assignments_by_group(&account, &groups_to_ask),
            );
            facts.groups.extend(groups);
            facts.users = users;
            facts.requests_in_progress = in_progress;
            facts.requests_failed = failed;
            facts.requests_ended = ended;
            facts.left_out.extend([unseen_in_progress, unseen_failed, unseen_ended].into_iter().flatten());
            facts.groups_assignments = by_group;
            self.name_what_is_not_provisioned(facts).await;
            self.name_what_was_requested(facts).await;
        }
        .boxed()
    }

    /// How many accounts each of the groups opens that the person was never in; then the IdP's own side.
    fn what_the_idp_shows<'a>(&'a self, facts: &'a mut Facts) -> BoxFuture<'a, ()> {
        async move {
            let Some(idp) = self.at_the_idp().filter(|_| wants::depends_on_routes(facts)) else {
                return;
            };
            if wants::is_settled(facts) {
                return;
            }
            let mut groups = wants::groups_to_weigh(facts);
            facts.left_out.extend(GROUPS_COUNTED.cut(&mut groups, ASSIGNMENTS_OF));
            let (opens_accounts, pushes) =
                join(self.opens_accounts(&groups), idp.what_okta_pushes(facts)).await;
            facts.opens_accounts.extend(opens_accounts);
            facts.idp.iter_mut().for_each(|idp| pushes.tell(idp));
            facts.checked_at = self.gather.now();
            self.groups_that_aws_lacks(facts, &pushes).await;
            idp.why_it_has_not_arrived(facts, &pushes).await;
        }
        .boxed()
    }

    /// A request may name a group or a permission set that nothing else named.
    async fn name_what_was_requested(&self, facts: &mut Facts) {
        let sets = wants::requested_sets(facts);
        let (groups, names) =
            join(self.groups(wants::requested_groups(facts)), self.permission_set_names(&sets)).await;
        facts.groups.extend(groups);
        facts.permission_sets.extend(names);
    }
}
