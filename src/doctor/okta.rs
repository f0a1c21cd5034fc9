//! Okta: the token, each scope, and the application for AWS.

use futures::future::join_all;
use jiff::Timestamp;

use super::all_skipped;
use crate::checkup::needs::{OKTA_SCOPES, OKTA_SCOPES_TO_FORCE};
use crate::checkup::{Because, Check, Fault, Id, Outcome, Seen, Tried, credential};
use crate::diagnosis::facts::idp::Application;
use crate::sources::okta::Okta;

const APPLICATIONS: &str = "okta.apps.read";

/// Everything that is checked, in the order of telling.
pub(super) fn ids(forces: bool) -> Vec<Id> {
    let mut ids = vec![Id::OktaToken];
    ids.extend(OKTA_SCOPES.map(Id::OktaScope));
    ids.extend(OKTA_SCOPES_TO_FORCE.into_iter().filter(|_| forces).map(Id::OktaScope));
    ids.push(Id::OktaApp);
    ids
}

/// Where there is not even a client.
pub(super) fn unlooked(wrong: Fault, forces: bool) -> Vec<Check> {
    let mut checks = all_skipped(ids(forces), Id::OktaToken);
    if let Some(token) = checks.first_mut() {
        token.outcome = Outcome::Failed(wrong);
    }
    checks
}

pub(super) async fn look(okta: &Okta, forces: bool, now: Timestamp) -> Vec<Check> {
    let tries = OKTA_SCOPES.map(async |scope| (scope, okta.try_reading(scope, now).await));
    let mut tried: Vec<(&'static str, Tried)> = join_all(tries).await;
    let may_see_it = tried.iter().any(|(scope, tried)| *scope == APPLICATIONS && tried.is_allowed());
    let (app, application) = match may_see_it {
        true => application(&okta.with_scope_alone(APPLICATIONS)).await,
        false => (Outcome::Skipped(Because::Of(Id::OktaScope(APPLICATIONS))), None),
    };
    if forces {
        tried.extend(pushing(okta, application.as_ref()).await);
    }

    let token = credential(tried.iter().map(|(_, tried)| tried), Okta::TOKEN);
    let outcome = |id: &Id| match id {
        Id::OktaToken => token.clone(),
        Id::OktaScope(scope) => match tried.iter().find(|(name, _)| name == scope) {
            Some((_, tried)) => tried.clone().outcome(Id::OktaToken, Okta::TOKEN),
            None if application.is_none() => Outcome::Skipped(Because::Of(Id::OktaApp)),
            None => Outcome::Skipped(Because::TriedWith(Id::OktaScope(OKTA_SCOPES_TO_FORCE[0]))),
        },
        _ => app.clone(),
    };
    ids(forces).into_iter().map(|id| Check { outcome: outcome(&id), id }).collect()
}

/// Of a key each scope by itself; an API token shows at the first what it may.
async fn pushing(okta: &Okta, application: Option<&Application>) -> Vec<(&'static str, Tried)> {
    let nobody = Application { id: String::new(), name: String::new() };
    let (scopes, application) = match (okta.has_api_token(), application) {
        (false, _) => (&OKTA_SCOPES_TO_FORCE[..], &nobody),
        (true, Some(application)) => (&OKTA_SCOPES_TO_FORCE[..1], application),
        (true, None) => return Vec::new(),
    };
    join_all(scopes.iter().map(async |scope| (*scope, okta.try_pushing(scope, application).await))).await
}

async fn application(okta: &Okta) -> (Outcome, Option<Application>) {
    let (application, others) = match okta.applications().await {
        Ok(mut found) if !found.is_empty() => (found.remove(0), found),
        Ok(_) => return (Outcome::Failed(Fault::NoApplication), None),
        Err(gap) => return (Outcome::Failed(Fault::Unread(gap)), None),
    };
    let outcome = match okta.synchronization(&application).await {
        Ok(found) => {
            let (name, state) = (application.name.clone(), found.state);
            let others = others.into_iter().map(|other| other.name).collect();
            Outcome::Ok(Seen::Application { name, state, others })
        }
        Err(gap) => Outcome::Failed(Fault::Unread(gap)),
    };
    (outcome, Some(application))
}
