//! One fault, several reasons: what helps depends on the reason, and what does not help is neither advised nor offered.

use sso_why::diagnosis::causes::Cause;
use sso_why::diagnosis::question::Question;
use sso_why::sandbox::idp::sync::JobState;
use sso_why::words::json_v1;

use crate::harness::{World, seen};

/// The optional right to list the applications of the instance.
const APPLICATIONS: &str = "sso:ListApplications";

#[tokio::test]
async fn what_too_many_deletions_stopped_is_allowed_or_rejected_and_no_token_is_renewed() {
    let world = World::of("quarantine").await;
    let in_quarantine = |world: &World| {
        let mut company = world.sandbox.company();
        let job = company.idp.as_mut().and_then(|idp| idp.job.as_mut()).expect("Entra's job");
        let JobState::Quarantine(quarantine) = &mut job.state else { panic!("it runs") };
        "TooManyDeletes".clone_into(&mut quarantine.reason);
    };
    in_quarantine(&world);
    let diagnosis = world.check_person("dana").await;
    assert_eq!(diagnosis.cause(), Some(Cause::SyncStopped));
    let report = json_v1::report(&diagnosis);
    let fix = report["fix"]["summary"].as_str().expect("a next step");
    assert!(fix.contains("whether the deletions that it holds back are meant"), "{fix}");
    assert!(fix.contains("allow or reject them"), "{fix}");
    assert!(fix.contains("The access token is fine"), "{fix}");
    assert!(!fix.contains("new access token") && !fix.contains("out of date"), "{fix}");
}

#[tokio::test]
async fn no_button_sends_what_only_a_restart_matches_again() {
    let world = World::of("messy").await;
    for (person, account) in [("ravn", "Ravn-Prod"), ("ragna", "Ragna-Prod")] {
        let answer = seen(&world.ask(person, "C0GENERAL", &format!("/sso-why {account}")).await);
        assert!(answer.contains("restart the provisioning"), "{answer}");
        assert!(!answer.contains("[Sync now"), "{answer}");
        assert_eq!(world.check_person(person).await.group_to_send(), None, "{person}");
    }
}

#[tokio::test]
async fn an_application_that_may_not_be_listed_is_thought_of() {
    let world = World::of("messy").await;
    world.sandbox.rights.take_away(APPLICATIONS);
    let diagnosis = world.check_person("gisela").await;
    assert_eq!(diagnosis.cause(), Some(Cause::AccountNotFound));
    assert!(diagnosis.gaps.is_empty(), "{:?}", diagnosis.gaps);
    let said = json_v1::report(&diagnosis).to_string();
    assert!(said.contains("If it is an application") && said.contains("assigned apart"), "{said}");
}

fn renamed(world: &World, from: &str, to: &str) {
    let mut company = world.sandbox.company();
    let account = company.accounts.iter_mut().find(|account| account.name == from);
    to.clone_into(&mut account.expect("it is there").name);
}

#[tokio::test]
async fn an_account_is_found_by_its_name_but_for_case_blanks_and_dashes() {
    let world = World::of("messy").await;
    renamed(&world, "Vault-Test", "Vault-Test ");
    for typed in ["\"mirko prod\"", "MIRKO_PROD", "Vault-Test", "\"vault test\""] {
        let answer = seen(&world.ask("hugo", "C0HELPDESK", &format!("/sso-why {typed}")).await);
        assert!(answer.contains("Mirko-Prod") || answer.contains("Vault-Test"), "{typed}: {answer}");
        assert!(!answer.contains("no account called"), "{typed}: {answer}");
    }
}

#[tokio::test]
async fn between_two_accounts_of_one_name_but_for_a_dash_nothing_is_guessed() {
    let mut world = World::of("messy").await;
    renamed(&world, "Petr-Prod", "mirko_prod");
    let question = Question { account: "mirko prod".to_owned(), ..world.check_person("hugo").await.question };
    world.forget_all();
    let diagnosis = world.asked(question).await;
    assert_eq!(diagnosis.cause(), Some(Cause::AccountAmbiguous));
    let said = json_v1::report(&diagnosis).to_string();
    assert!(said.contains("909090902004 and 909090902005"), "{said}");
}
