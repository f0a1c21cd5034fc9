//! Which group is which: neither an id nor one of Okta's push mappings is ever overruled by a name.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::mess::tie;
use super::{Company, GROUP_NAMES, companies, group, known};
use crate::diagnosis::causes::Cause;
use crate::diagnosis::facts::idp::{AppAssignment, Idp, IdpFacts, IdpGroup, IdpGroupId, Pushed};
use crate::diagnosis::facts::{Fact, Facts};
use crate::diagnosis::{Diagnosis, diagnose};

/// Every group in AWS has the id of the IdP's group behind it, or is the target of its push mapping; it is there.
fn tied(company: Company) -> Facts {
    let mut facts = Company { enabled: true, ..company }.facts();
    let is_okta = facts.idp.as_ref().is_some_and(|idp| idp.idp == Idp::Okta);
    for number in 0..5 {
        let id = format!("idp-{number}");
        match &mut facts.idp {
            Some(idp) if is_okta => {
                let pushed = Pushed { source: Some(IdpGroupId(id)), elsewhere: Vec::new() };
                idp.pushed.insert(group(number), known(pushed));
            }
            _ => tie(&mut facts, &group(number), &id),
        }
    }
    let names: Vec<_> =
        (0..5).map(|number| facts.group(&group(number)).map(|held| held.name.clone())).collect();
    if let Some(idp) = &mut facts.idp {
        for (number, name) in names.into_iter().enumerate() {
            let twin = name.map(|name| IdpGroup::new(format!("idp-{number}"), name));
            idp.twins.insert(group(number), known(twin));
        }
    }
    facts
}

fn each_group(idp: &mut IdpFacts, change: impl Fn(&mut IdpGroup)) {
    for fact in [&mut idp.direct, &mut idp.transitive] {
        if let Fact::Known(known) = fact {
            known.value.iter_mut().for_each(&change);
        }
    }
}

fn tells_of_a_twin(diagnosis: &Diagnosis) -> bool {
    diagnosis.cause() == Some(Cause::NameTwinAtTheIdp)
}

fn holds<S: Strategy>(cases: S, law: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    TestRunner::default().run(&cases, law).unwrap();
}

#[test]
fn a_group_with_another_name_is_still_that_group() {
    let cases = (companies(), prop::array::uniform5(0..8_usize));
    holds(cases, |(company, new)| {
        let facts = tied(company);
        let mut renamed = facts.clone();
        let Some(idp) = &mut renamed.idp else { return Ok(()) };
        each_group(idp, |one| {
            let number = (0..5).find(|number| one.id.0 == format!("idp-{number}")).unwrap_or_default();
            // Some of the new names are those of other groups.
            let other = GROUP_NAMES.get(new[number]).map(|name| (*name).to_owned());
            one.name = other.unwrap_or_else(|| format!("Renamed {number}"));
        });
        let (before, after) = (diagnose(&facts), diagnose(&renamed));
        prop_assert_eq!(before.verdict, after.verdict);
        // A group that is called like another by now may be taken for it by the person.
        prop_assert!(before.cause() == after.cause() || [&before, &after].into_iter().any(tells_of_a_twin));
        Ok(())
    });
}

#[test]
fn another_group_of_the_name_is_not_the_group() {
    let cases = (companies(), 0..GROUP_NAMES.len());
    holds(cases, |(company, name)| {
        let facts = tied(company);
        let mut with_twin = facts.clone();
        let Some(idp) = &mut with_twin.idp else { return Ok(()) };
        let twin = IdpGroup::new("twin", GROUP_NAMES[name]);
        for fact in [&mut idp.direct, &mut idp.transitive] {
            if let Fact::Known(known) = fact {
                known.value.push(twin.clone());
            }
        }
        idp.app_assignments.insert(twin.id.clone(), known(AppAssignment::None));
        let (before, after) = (diagnose(&facts), diagnose(&with_twin));
        prop_assert_eq!(before.verdict, after.verdict);
        prop_assert!(after.group_to_send().is_none_or(|sent| sent.id != twin.id));
        prop_assert!(before.cause() == after.cause() || tells_of_a_twin(&after));
        Ok(())
    });
}
