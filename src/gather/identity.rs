//! Who the person is, where the strings of the question led to nobody or to two: what one side has learnt is asked of
//! the other. One round trip and three calls at most, and none where both sides agree.

use futures::FutureExt as _;
use futures::future::{BoxFuture, join, join_all};

use super::inquiry::Inquiry;
use crate::diagnosis::facts::{Fact, Facts, Identity, Known, UserId};
use crate::diagnosis::wants::{self, Attribute, InAws};

impl Inquiry<'_> {
    /// Reads the second of two records: an id on it may tie it to the person.
    pub(super) fn second_record<'a>(&'a self, facts: &'a mut Facts) -> BoxFuture<'a, ()> {
        async move {
            if let Identity::Two { by_email, .. } = facts.identity() {
                facts.other_record = self.person(&by_email).await;
            }
        }
        .boxed()
    }

    /// The IdP's record of the person by what AWS keeps of them.
    pub(super) fn whom_aws_means_at_the_idp<'a>(&'a self, facts: &'a mut Facts) -> BoxFuture<'a, ()> {
        async move {
            let Some(wanted) = wants::another_record_at_the_idp(facts) else { return };
            if let (Some(source), Some(idp)) = (self.at_the_idp(), &mut facts.idp) {
                source.another_record(idp, wanted).boxed().await;
            }
        }
        .boxed()
    }

    /// The person among those whom the IdP deleted.
    pub(super) fn whom_the_idp_deleted<'a>(&'a self, facts: &'a mut Facts) -> BoxFuture<'a, ()> {
        async move {
            let Some(wanted) = wants::among_the_deleted(facts) else { return };
            if let (Some(source), Some(idp)) = (self.at_the_idp(), &mut facts.idp) {
                idp.deleted = source.deleted_person(&wanted).await;
            }
        }
        .boxed()
    }

    /// The person by what the IdP calls them, if the strings of the question led to nobody, or to a record that nothing
    /// ties to the IdP's person.
    pub(super) fn whom_the_idp_means<'a>(&'a self, facts: &'a mut Facts) -> BoxFuture<'a, ()> {
        async move {
            let issuer = self.gather.memory.issuer();
            let wanted = wants::in_aws_by_the_idp(facts, issuer.as_deref());
            let wanted = wanted.or_else(|| wants::record_that_signs_in(facts, issuer.as_deref()));
            let Some(wanted) = wanted.or_else(|| wants::in_small_letters(facts)) else {
                return;
            };
            let InAws { user_id, external_id, strings } = wanted;
            let by_id = async {
                match (user_id, external_id) {
                    (Some(id), _) => self.user_by_id(id).await,
                    (None, Some(id)) => self.user_by_external_id(&id).await,
                    (None, None) => Fact::NotAsked,
                }
            };
            let by_strings = join_all(strings.iter().map(|string| self.user_by(string)));
            let by_strings = async { first_user(by_strings.await) };
            let (by_id, by_string) = join(by_id.boxed(), by_strings.boxed()).await;
            let is_found_by_id = by_id.value().is_some_and(Option::is_some);
            facts.user_by_id = by_id;
            if is_found_by_id {
                facts.user_by_other_name = by_string;
            } else {
                self.unless_somebody_elses(facts, by_string).await;
            }
        }
        .boxed()
    }

    /// Takes the user whom a name or an address led to for the person, if the ids on the record are not those of somebody
    /// else at the IdP. What they have is read with the record, in one round trip, and dropped with it.
    async fn unless_somebody_elses(&self, facts: &mut Facts, found: Fact<Option<UserId>>) {
        let user = found.value().cloned().flatten();
        facts.user_by_other_name = found;
        let Some(user) = user else { return };
        // Nothing to compare it with, and nothing that it would take the place of.
        if facts.whom_the_idp_means().next().is_none() && facts.person == Fact::NotAsked {
            return;
        }
        let holdings = self.holdings(facts, user).await;
        if holdings.person.value().is_some_and(|record| facts.is_somebody_elses(record)) {
            let nobody = std::mem::replace(&mut facts.user_by_other_name, Fact::NotAsked).map(|_| None);
            facts.user_by_other_name = nobody;
            return;
        }
        let before = std::mem::replace(&mut facts.person, Fact::NotAsked);
        if facts.other_record == Fact::NotAsked {
            facts.other_record = before;
        }
        self.becomes_known(facts, holdings).await;
    }

    /// A second record whose user name is the address of the one that the question's string led to.
    pub(super) fn second_by_its_name<'a>(&'a self, facts: &'a mut Facts) -> BoxFuture<'a, ()> {
        async move {
            let issuer = self.gather.memory.issuer();
            let names = wants::names_of_a_second_record(facts, issuer.as_deref());
            let attributes: Vec<_> = names.into_iter().map(Attribute::UserName).collect();
            let found = first_user(join_all(attributes.iter().map(|name| self.user_by(name))).await);
            let own = facts.user();
            match found {
                Fact::Known(Known { value: Some(user), .. }) if own.as_ref() != Some(&user) => {
                    facts.other_record = self.person(&user).await;
                }
                Fact::Gap(gap) => facts.other_record = Fact::Gap(gap),
                Fact::Known(_) | Fact::NotAsked => {}
            }
        }
        .boxed()
    }

    async fn user_by(&self, attribute: &Attribute) -> Fact<Option<UserId>> {
        self.ask("identitystore:GetUserId", async |instance| match attribute {
            Attribute::UserName(name) => self.gather.identity_center.user_by_name(&instance, name).await,
            Attribute::Email(email) => self.gather.identity_center.user_by_email(&instance, email).await,
        })
        .await
    }

    /// The same by the IdP's id, once a group has shown under which issuer AWS keeps such ids.
    pub(super) fn whom_the_id_means<'a>(&'a self, facts: &'a mut Facts) -> BoxFuture<'a, ()> {
        async move {
            let Some(id) = wants::by_the_idps_id(facts, self.gather.memory.issuer().as_deref()) else {
                return;
            };
            facts.user_by_id = self.user_by_external_id(&id).await;
        }
        .boxed()
    }
}

/// The first of these look-ups that led to somebody; a gap if one failed, since it might have led to somebody else.
fn first_user(found: Vec<Fact<Option<UserId>>>) -> Fact<Option<UserId>> {
    let rank = |fact: &Fact<Option<UserId>>| match fact {
        Fact::Gap(_) => 0,
        Fact::Known(Known { value: Some(_), .. }) => 1,
        Fact::Known(Known { value: None, .. }) => 2,
        Fact::NotAsked => 3,
    };
    found.into_iter().min_by_key(rank).unwrap_or(Fact::NotAsked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::facts::{Gap, GapKind, Source};

    #[test]
    fn a_look_up_that_failed_settles_nothing_though_another_found_somebody() {
        let found = |user: Option<&str>| {
            let value = user.map(|id| UserId(id.to_owned()));
            Fact::Known(Known { value, as_of: jiff::Timestamp::UNIX_EPOCH, source: Source::Live })
        };
        let gap = Gap { kind: GapKind::Timeout, operation: "x:Y".to_owned(), detail: String::new() };
        assert_eq!(first_user(vec![found(None), found(Some("dana"))]), found(Some("dana")));
        assert_eq!(first_user(vec![found(Some("dana")), Fact::Gap(gap.clone())]), Fact::Gap(gap));
        assert_eq!(first_user(vec![found(None), Fact::NotAsked]), found(None));
    }
}
