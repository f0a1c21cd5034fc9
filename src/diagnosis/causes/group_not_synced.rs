//! `group_not_synced`: the group that opens the account was created manually and holds the name of the IdP's
//! group, which cannot be provisioned beside it. If no IdP is connected this is an inference: a manual group,
//! and people who come from an IdP.

use super::sync_error::trouble;
use crate::diagnosis::evidence::{About, Evidence, Meaning, Rank};
use crate::diagnosis::facts::Group;
use crate::diagnosis::facts::idp::{IdpGroup, Trouble, TroubleAbout, TroubleKind};
use crate::diagnosis::link::{Judged, Link};
use crate::diagnosis::step::Step;

/// The IdP's group is absent: one created manually holds its name.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupNotSynced {
    pub manual: Box<Group>,
    /// The IdP's group of that name, if it was seen.
    pub at_the_idp: Option<IdpGroup>,
    /// What the IdP's log says of it.
    pub refused: Option<Box<Trouble>>,
}

impl Evidence for GroupNotSynced {
    const ABOUT: About =
        About { name: "group_not_synced", step: Step::DirectoryGroup, meaning: Meaning::Broken };

    fn rank(&self) -> Rank {
        match self.at_the_idp {
            Some(_) => Rank::given(Step::DirectoryGroup),
            None => Rank::not_meant(Step::DirectoryGroup),
        }
    }

    fn idp_may_explain(&self) -> bool {
        true
    }
}

pub(in crate::diagnosis) fn on(link: &Link) -> Judged<GroupNotSynced> {
    let Some(group) = link.idp_group()? else {
        return Some(None);
    };
    let is_held = trouble(link, group).is_none_or(|trouble| trouble.kind == TroubleKind::NameTaken);
    Some((is_held && !link.assigned.synced).then(|| GroupNotSynced {
        manual: Box::new(link.assigned.clone()),
        at_the_idp: Some(group.clone()),
        refused: refused(link, group).cloned().map(Box::new),
    }))
}

/// What AWS alone lets one suppose.
pub(in crate::diagnosis) fn supposed(link: &Link) -> Option<GroupNotSynced> {
    let person_is_synced = link.case.person.is_some_and(|person| person.synced);
    let is_manual = !link.assigned.synced && !is_made_by_control_tower(&link.assigned.name);
    (person_is_synced && is_manual).then(|| GroupNotSynced {
        manual: Box::new(link.assigned.clone()),
        at_the_idp: None,
        refused: None,
    })
}

/// The IdP's own record that AWS refused the group.
fn refused<'f>(link: &Link<'_, 'f>, group: &IdpGroup) -> Option<&'f Trouble> {
    let logged = link.idp()?.troubles.iter().filter_map(|fact| fact.value()).flatten();
    logged
        .filter(|trouble| trouble.about == TroubleAbout::Group(group.id.clone()))
        .find(|trouble| trouble.kind == TroubleKind::NameTaken)
}

/// Groups that AWS Control Tower creates in every landing zone: they hold no IdP group's name.
/// Source: AWS Control Tower user guide, "IAM Identity Center groups for AWS Control Tower".
fn is_made_by_control_tower(name: &str) -> bool {
    const MADE: [&str; 8] = [
        "AWSAccountFactory",
        "AWSAuditAccountAdmins",
        "AWSControlTowerAdmins",
        "AWSLogArchiveAdmins",
        "AWSLogArchiveViewers",
        "AWSSecurityAuditPowerUsers",
        "AWSSecurityAuditors",
        "AWSServiceCatalogAdmins",
    ];
    MADE.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::{Cause, Finding};
    use crate::diagnosis::facts::Facts;
    use crate::diagnosis::facts::idp::Idp;
    use crate::diagnosis::fixture::{
        cause, finding, group, group_id, idp_group, known, of_the_idp, sent_by, trouble, without_membership,
    };

    fn manual(facts: Facts, name: &str) -> Facts {
        let mut facts = facts;
        let manual = Group { synced: false, external_ids: Box::default(), name: name.to_owned(), ..group() };
        facts.groups.insert(group_id(), known(Some(manual)));
        facts
    }

    #[test]
    fn what_the_idp_recorded_goes_with_it() {
        let mut facts = manual(sent_by(Idp::Entra), "AWS-Payments");
        let refusal = trouble(TroubleAbout::Group(idp_group().id), TroubleKind::NameTaken, "13:57");
        of_the_idp(&mut facts).troubles = vec![known(vec![refusal.clone()])];
        let Finding::GroupNotSynced(found) = finding(&facts) else { panic!("{:?}", cause(&facts)) };
        assert_eq!(found.refused, Some(Box::new(refusal)));
    }

    #[test]
    fn groups_of_control_tower_hold_nobodys_name() {
        let of = |name| cause(&manual(without_membership(), name));
        assert_eq!(of("AWS-Payments"), Some(Cause::GroupNotSynced));
        assert_eq!(of("AWSControlTowerAdmins"), Some(Cause::MembershipNotSynced));
    }
}
