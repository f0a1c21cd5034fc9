//! Groups of the person's own that the IdP sends to AWS and that AWS does not have, looked for only if nothing else
//! explains what is missing: which of them the application sends, then two questions to AWS, and what the log says of one
//! that is not there.

use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::{BoxFuture, join};
use tokio::time::Instant;

use super::inquiry::Inquiry;
use super::operation;
use super::pushes::Pushes;
use super::way::AtTheIdp;
use crate::diagnosis::facts::idp::{AppAssignment, Idp, IdpGroup};
use crate::diagnosis::facts::{ExternalId, Fact, Facts, GapKind, GroupId, Known, LeftOut, Limit};
use crate::diagnosis::steps::Step;
use crate::diagnosis::wants;
use crate::sources::identity_center::GET_GROUP_ID;

/// Each costs two calls: it is asked for by its id and by its name.
const GROUPS_LOOKED_FOR: Limit =
    Limit { at_most: 1, step: Step::AppAssignment, what: "groups of the person that AWS may not have" };

/// Of several applications each is asked for each of these.
const GROUPS_ASKED: Limit =
    Limit { at_most: 5, step: Step::AppAssignment, what: "groups of the person that may be sent to AWS" };

/// Up to so many groups are asked for one by one; for more, one list of all that the application sends is shorter.
const ASKED_ONE_BY_ONE: usize = 2;

impl Inquiry<'_> {
    /// Whether AWS has the person's own groups that the IdP sends.
    pub(super) fn groups_that_aws_lacks<'a>(
        &'a self,
        facts: &'a mut Facts,
        pushes: &'a Pushes,
    ) -> BoxFuture<'a, ()> {
        async move {
            if !wants::whether_own_groups_are_sent(facts) {
                return;
            }
            let Some(at_the_idp) = self.at_the_idp() else { return };
            let mut groups = wants::groups_unseen_in_aws(facts);
            at_the_idp.which_are_sent(facts, &groups, pushes).await;
            groups.retain(|group| facts.idp.as_ref().is_some_and(|idp| idp.sends(group)));
            let left_out = GROUPS_LOOKED_FOR.cut(&mut groups, GET_GROUP_ID);
            for group in groups {
                let found = match at_the_idp.name_that_aws_has(facts, &group).await {
                    Fact::Known(Known { value: Some(name), .. }) => {
                        self.group_in_aws(facts, &group, &name).await
                    }
                    Fact::Known(Known { value: None, .. }) | Fact::NotAsked => Fact::NotAsked,
                    Fact::Gap(gap) => Fact::Gap(gap),
                };
                let Some(idp) = &mut facts.idp else { return };
                if found != Fact::NotAsked {
                    idp.left_out.extend(left_out.clone());
                }
                idp.in_aws.insert(group.id, found);
            }
        }
        .boxed()
    }

    /// The group of AWS that has the id or the name of this one. Not asked if the bot may not: the right is optional.
    async fn group_in_aws(&self, facts: &Facts, group: &IdpGroup, name: &str) -> Fact<Option<GroupId>> {
        let is_entra = facts.idp.as_ref().is_some_and(|idp| idp.idp == Idp::Entra);
        let issuer = self.gather.memory.issuer().filter(|_| is_entra);
        let by_id = async {
            let Some(issuer) = issuer else { return Fact::NotAsked };
            let id = ExternalId { issuer, id: group.id.0.clone() };
            self.ask(GET_GROUP_ID, async |instance| {
                self.gather.identity_center.group_by_external_id(&instance, &id).await
            })
            .await
        };
        let by_name = self.ask(GET_GROUP_ID, async |instance| {
            self.gather.identity_center.group_by_name(&instance, name).await
        });
        let is_refused = |fact: &Fact<_>| fact.gap().is_some_and(|gap: &_| gap.kind == GapKind::Forbidden);
        match join(by_id.boxed(), by_name.boxed()).await {
            (one, other) if is_refused(&one) || is_refused(&other) => Fact::NotAsked,
            // Renamed at Entra ID, it may be there under its old name: only its id proves that it is gone.
            (Fact::NotAsked, Fact::Known(Known { value: None, .. })) if is_entra => Fact::NotAsked,
            (Fact::Known(Known { value: None, .. }) | Fact::NotAsked, by_name) => by_name,
            (by_id, _) => by_id,
        }
    }
}

impl AtTheIdp<'_> {
    /// What the group is called in AWS; `None` if its push mapping goes to a group that Okta does not have any more.
    fn name_that_aws_has<'a>(
        &'a self,
        facts: &'a Facts,
        group: &'a IdpGroup,
    ) -> BoxFuture<'a, Fact<Option<String>>> {
        async move {
            let assignment = facts.idp.as_ref().and_then(|idp| idp.app_assignments.get(&group.id)?.value());
            let asked = self.source.name_in_aws(group, assignment).boxed();
            self.ask(Instant::now() + self.patience, operation::GROUP, asked).await
        }
        .boxed()
    }

    /// How the application has these groups of the person's.
    fn which_are_sent<'a>(
        &'a self,
        facts: &'a mut Facts,
        groups: &'a [IdpGroup],
        pushes: &'a Pushes,
    ) -> BoxFuture<'a, ()> {
        async move {
            let Some(idp) = &mut facts.idp else { return };
            let Some(application) = idp.application.value().cloned().flatten() else { return };
            let until = Instant::now() + self.patience;
            // Of several applications, the one that has a group of theirs is meant.
            let several = self.applications(until).await.value().is_some_and(|found| found.len() > 1);
            let were_read = pushes.were_read(&application);
            if groups.len() <= ASKED_ONE_BY_ONE || several || were_read {
                let mut likeliest = groups.to_vec();
                let operation = operation::APP_ASSIGNMENT.name(self.source.idp());
                if !were_read {
                    idp.left_out.extend(GROUPS_ASKED.cut(&mut likeliest, operation));
                }
                self.whether_it_has(until, idp, &likeliest, pushes).await;
                return;
            }
            let asked = async { self.source.sent_groups(&application).await.map(Arc::new) };
            let memo = &self.memory.sent;
            let key = application.id.clone();
            match self.remember(until, operation::APP_ASSIGNMENT, memo, key, asked).await {
                Fact::Known(Known { value, as_of, source }) => {
                    for group in groups {
                        let value = value.get(&group.id).cloned().unwrap_or(AppAssignment::None);
                        let known = Fact::Known(Known { value, as_of, source });
                        idp.app_assignments.insert(group.id.clone(), known);
                    }
                }
                Fact::Gap(gap) => idp.left_out.push(LeftOut { step: Step::AppAssignment, gap }),
                Fact::NotAsked => {}
            }
        }
        .boxed()
    }
}
