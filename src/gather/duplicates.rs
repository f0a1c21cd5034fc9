//! Everything that a digest of duplicate groups needs.
//!
//! The plan, where G is the number of groups and S the number of suspects: G / 100 × ListGroups, and the IdP's
//! groups that are headed for AWS; then for each group of a suspect ListGroupMemberships and
//! ListAccountAssignmentsForPrincipal, and for each suspect at the IdP what its groups hold; then the names that
//! are told. So the number of calls grows with the pages and with what was found, and not with the groups.
//! A group that is gone and opens something costs DescribeGroup more. [`at_the_idp`] is the IdP's part; [`sweep`] looks
//! through each account once.

mod at_the_idp;
mod sweep;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::{join, ready};
use futures::stream::{self, StreamExt as _};
use tokio::time::Instant;

use super::gatherer::Gather;
use super::inquiry::Inquiry;
use super::memory::Freshness;
use crate::diagnosis::facts::idp::IdpGroup;
use crate::diagnosis::facts::{Fact, Gap, GapKind, GroupId, PermissionSetArn, Principal, UserId};
use crate::diagnosis::portal::AccountAssignment;
use crate::digest::evidence::{DigestFacts, Evidence, InstanceIds, Names, PersonName};
use crate::digest::finding::{Finding, Person, finding};
use crate::digest::remedy::Step;
use crate::digest::suspects::{Census, FormerGroup, Remembered, Suspect, suspects, to_remember};
use at_the_idp::TheIdp;
use sweep::AT_ONCE;

/// How long a digest may take. 100,000 groups are a thousand pages, at 15 a second a little over a minute; the
/// rest is for the suspects, and an end.
const DIGEST_DEADLINE: Duration = Duration::from_secs(20 * 60);

/// Suspects that are looked into: at some four calls each and 15 a second, two minutes. Of more, nobody reads a
/// message: those that look alike are told by name, and of groups that are gone the gap alone.
const LOOKED_INTO: usize = 500;

/// People who are told by name, of one finding and of all: each costs a call.
const NAMED_OF_ONE: usize = 5;
const NAMED: usize = 100;

/// People who are told by name since they are to be added to a group: whoever does it needs all of them. At 15
/// calls a second half a minute.
const ADDED: usize = 500;

/// Members whose user names are read, to compare them with the IdP's.
const COMPARED: usize = 200;

impl Gather {
    /// Everything anew, beside what earlier digests remembered; and what the next one is to remember.
    pub async fn duplicates(&self, remembered: Remembered) -> (DigestFacts, Remembered) {
        let until = Instant::now() + DIGEST_DEADLINE.max(self.deadline);
        let inquiry = Inquiry { gather: self, freshness: Freshness::Live, ask_the_idp: true, until };
        inquiry.duplicates(remembered).boxed().await
    }
}

impl Inquiry<'_> {
    async fn duplicates(&self, remembered: Remembered) -> (DigestFacts, Remembered) {
        let Remembered { groups: former, mut looked_through } = remembered;
        let idp = TheIdp::of(self).await;
        let (listed, headed_for_aws) = join(self.all_groups(former), idp.groups_headed_for_aws()).await;
        let (mut census, gap) = listed;
        let mut gaps: Vec<Gap> = gap.into_iter().chain(headed_for_aws.gap().cloned()).collect();
        gaps.extend(idp.not_settled.clone());
        census.headed_for_aws = headed_for_aws.value().cloned().unwrap_or_default();

        if census.is_whole {
            let swept = self.gone_and_assigned(&census, &looked_through).boxed().await;
            census.former.extend(swept.gone);
            looked_through.extend(swept.looked_through);
            gaps.extend(swept.gaps);
        }
        let suspects = suspects(&census);
        let mut to_remember = to_remember(&census, self.gather.now());
        let (groups_checked, groups_are_all) = (census.groups.len(), census.is_whole);
        drop(census);
        if suspects.len() > LOOKED_INTO {
            gaps.push(too_many(suspects.len()));
        }
        let idp = &idp;
        let looks =
            suspects.into_iter().enumerate().map(|(position, suspect)| match position < LOOKED_INTO {
                true => self.looked_into(idp, suspect).boxed(),
                false => ready(Evidence::none(suspect)).boxed(),
            });
        let looks: Vec<_> = looks.collect();
        let evidence: Vec<Evidence> = stream::iter(looks).buffered(AT_ONCE).collect().await;

        let assigned: BTreeSet<GroupId> =
            evidence.iter().filter_map(Evidence::gone_and_maybe_assigned).collect();
        for former in to_remember.iter_mut().filter(|former| assigned.contains(&former.id)) {
            former.last_seen = self.gather.now();
        }
        let for_good: BTreeSet<&GroupId> = evidence.iter().filter_map(Evidence::gone_for_good).collect();
        to_remember.retain(|former| !for_good.contains(&former.id));
        let found: Vec<Finding> = evidence.iter().filter_map(finding).collect();
        let names = self.names(&found).await;
        let facts = DigestFacts {
            checked_at: self.gather.now(),
            groups_checked,
            groups_are_all,
            idp: idp.which(),
            instance: self.instance().await.value().cloned().flatten().map(|instance| InstanceIds {
                arn: instance.arn,
                identity_store_id: instance.identity_store_id,
            }),
            evidence,
            gaps,
            names,
        };
        (facts, Remembered { groups: to_remember, looked_through })
    }

    async fn all_groups(&self, former: Vec<FormerGroup>) -> (Census, Option<Gap>) {
        let mut census = Census { former, ..Census::default() };
        let sieve = &mut census.groups;
        let listed = self
            .ask("identitystore:ListGroups", async |instance| {
                self.gather.identity_center.each_group(&instance, |group| sieve.add(group)).await
            })
            .await;
        census.is_whole = listed.known().is_some();
        (census, listed.gap().cloned())
    }

    async fn looked_into(&self, idp: &TheIdp<'_>, suspect: Suspect) -> Evidence {
        let mut evidence = Evidence::none(suspect);
        match evidence.of.clone() {
            Suspect::Alike(groups) => {
                for group in groups {
                    self.look_into(&mut evidence, &group.id).await;
                }
            }
            Suspect::Recreated { gone, now } => {
                let left = self.assignments_of_group(&gone.id).await;
                let opens_something = left.value().is_none_or(|left| !left.is_empty());
                if opens_something {
                    evidence.is_there = self.is_there(&gone.id).await;
                    if let Some(now) = now {
                        self.look_into(&mut evidence, &now.id).await;
                    }
                }
                evidence.assignments.insert(gone.id, left);
            }
            Suspect::Blocked { at_the_idp, manual } => {
                self.look_into(&mut evidence, &manual.id).await;
                self.look_at_the_idp(idp, &mut evidence, &manual.id, std::slice::from_ref(&at_the_idp)).await;
                evidence.refused = idp.why_not_sent(&at_the_idp).await;
            }
            Suspect::IdpTwins { at_the_idp, in_aws: Some(in_aws) } => {
                self.look_into(&mut evidence, &in_aws.id).await;
                self.look_at_the_idp(idp, &mut evidence, &in_aws.id, &at_the_idp).await;
            }
            Suspect::IdpTwins { at_the_idp, in_aws: None } => {
                for group in at_the_idp {
                    evidence.idp_members.insert(group.id.clone(), idp.members(&group).await);
                }
            }
        }
        evidence
    }

    async fn look_into(&self, evidence: &mut Evidence, group: &GroupId) {
        let (members, assignments) = join(
            self.ask("identitystore:ListGroupMemberships", async |instance| {
                self.gather.identity_center.members(&instance, group).await
            }),
            self.assignments_of_group(group),
        )
        .await;
        evidence.members.insert(group.clone(), members);
        evidence.assignments.insert(group.clone(), assignments);
    }

    async fn is_there(&self, group: &GroupId) -> Fact<bool> {
        self.ask("identitystore:DescribeGroup", async |instance| {
            Ok(self.gather.identity_center.group(&instance, group).await?.is_some())
        })
        .await
    }

    async fn assignments_of_group(&self, group: &GroupId) -> Fact<Vec<AccountAssignment>> {
        let of = Principal::Group(group.clone());
        self.ask("sso:ListAccountAssignmentsForPrincipal", async |instance| {
            let rows = self.gather.identity_center.assignments_everywhere(&instance, &of).await?;
            Ok(rows.into_iter().filter(|row| row.principal == of).collect())
        })
        .await
    }

    async fn look_at_the_idp(
        &self,
        idp: &TheIdp<'_>,
        evidence: &mut Evidence,
        in_aws: &GroupId,
        groups: &[IdpGroup],
    ) {
        for group in groups {
            evidence.idp_members.insert(group.id.clone(), idp.members(group).await);
        }
        evidence.user_names = match evidence.members.get(in_aws) {
            Some(Fact::Known(members)) => self.user_names(&members.value).await,
            Some(Fact::Gap(_)) | Some(Fact::NotAsked) | None => Fact::NotAsked,
        };
    }

    /// The members' user names; a gap where one of them could not be read, since then somebody who is there
    /// would count as missing.
    async fn user_names(&self, members: &[UserId]) -> Fact<Vec<String>> {
        const OPERATION: &str = "identitystore:DescribeUser";
        if members.len() > COMPARED {
            return Fact::Gap(Gap {
                kind: GapKind::Error,
                operation: OPERATION.to_owned(),
                detail: format!(
                    "a group has more than {COMPARED} members, who were not compared with the IdP's"
                ),
            });
        }
        self.ask(OPERATION, async |instance| {
            let mut names = Vec::new();
            for member in members {
                let user = self.gather.identity_center.user(&instance, member).await?;
                names.extend(user.map(|user| user.user_name));
            }
            Ok(names)
        })
        .await
    }

    async fn names(&self, findings: &[Finding]) -> Names {
        let opens =
            || findings.iter().flat_map(|one| &one.copies).flat_map(|copy| copy.opens.iter().flatten());
        let sets: BTreeSet<PermissionSetArn> = opens().map(|one| one.permission_set.clone()).collect();
        let sets: Vec<PermissionSetArn> = sets.into_iter().collect();
        let accounts: BTreeSet<&str> = opens().map(|one| one.account.as_str()).collect();
        let in_aws = |person: &Person| match person {
            Person::InAws(user) => Some(user.clone()),
            Person::AtTheIdp(_) => None,
        };
        let hurt = findings.iter().flat_map(|finding| finding.hurt.iter().take(NAMED_OF_ONE));
        let mut people: BTreeSet<UserId> = hurt.filter_map(in_aws).take(NAMED).collect();
        let steps = findings.iter().flat_map(|finding| &finding.steps);
        people.extend(steps.flat_map(Step::newcomers).filter_map(in_aws).take(ADDED));
        let listed = if accounts.is_empty() { Fact::NotAsked } else { self.accounts().await };
        let names = if sets.is_empty() { BTreeMap::new() } else { self.permission_set_names(&sets).await };
        let known = names.into_iter().filter_map(|(set, name)| Some((set, name.value()?.clone())));
        let listed = listed.value().cloned().unwrap_or_default();
        let named = listed.iter().filter(|account| accounts.contains(account.id.as_str()));
        Names {
            accounts: named.map(|account| (account.id.clone(), account.name.clone())).collect(),
            permission_sets: known.collect(),
            people: self.people(people).await,
        }
    }

    async fn people(&self, users: BTreeSet<UserId>) -> BTreeMap<UserId, PersonName> {
        let mut names = BTreeMap::new();
        for user in users {
            let found = self.person(&user).await;
            if let Some(person) = found.value() {
                let (user_name, display_name) = (person.user_name.clone(), person.display_name.clone());
                names.insert(user, PersonName { user_name, display_name });
            }
        }
        names
    }
}

fn too_many(suspects: usize) -> Gap {
    Gap {
        kind: GapKind::Error,
        operation: "digest".to_owned(),
        detail: format!("{suspects} duplicates were found, and the first {LOOKED_INTO} were looked into"),
    }
}
