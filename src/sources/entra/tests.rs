//! The client at the wire, against prepared answers in the shapes that Graph documents.

mod paging;
mod people;
mod groups;
mod eligibility;
mod application;
mod synchronization;
mod logs;
mod on_demand;
mod tried;

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;
use crate::diagnosis::facts::idp::{Application, IdpGroup, IdpPerson, IdpUserId};
use crate::diagnosis::facts::{Gap, GapKind};
use crate::sources::http::scripted::{Answer, Arrived, Scripted};

const PERSON: &str = "0a5e6c1e-0000-4000-8000-00000000da7a";
const GROUP: &str = "6e0f9b52-0000-4000-8000-0000000a9001";
const APPLICATION: &str = "a991c471-0000-4000-8000-000000000aa5";
const JOB: &str = "AWSsso.8f2b.1c3d";

/// Graph with these answers in turn, and the client of it.
async fn graph(answers: Vec<Answer>) -> (Scripted, Entra) {
    graph_with(None, answers).await
}

async fn graph_with(service_principal_id: Option<&str>, answers: Vec<Answer>) -> (Scripted, Entra) {
    let server = Scripted::server(answers).await;
    let settings = Settings {
        graph_url: server.base.to_string(),
        service_principal_id: service_principal_id.map(str::to_owned),
    };
    let patience = Patience { first_pause: Duration::from_millis(1), ..Patience::default() };
    let credential = EntraCredential::AccessToken("ready-made".into());
    let entra = Entra::new(settings, credential, patience, Limits::default()).expect("a client");
    (server, entra)
}

fn list(entries: &Value) -> Answer {
    Answer::json(200, &json!({"@odata.context": "{base}/$metadata", "value": entries}))
}

fn refused(status: u16, code: &str) -> Answer {
    Answer::json(
        status,
        &json!({"error": {"code": code, "message": "told to nobody", "innerError": {"request-id": "r"}}}),
    )
}

fn only(server: &Scripted) -> Arrived {
    let arrived = server.arrived();
    assert_eq!(arrived.len(), 1, "{arrived:?}");
    arrived[0].clone()
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

fn person() -> IdpPerson {
    IdpPerson {
        id: IdpUserId(PERSON.to_owned()),
        user_name: "dana@corp.example".to_owned(),
        display_name: Some("Dana Reyes".to_owned()),
        email: Some("dana@corp.example".to_owned()),
        enabled: true,
        status: None,
        created_at: None,
        lacks: Vec::new(),
    }
}

fn group(id: &str, name: &str) -> IdpGroup {
    IdpGroup::new(id, name)
}

fn payments() -> IdpGroup {
    group(GROUP, "AWS-Payments-ReadOnly")
}

fn application() -> Application {
    Application { id: APPLICATION.to_owned(), name: "AWS IAM Identity Center".to_owned() }
}

fn forbidden(gap: &Gap, operation: &str, needs: &str) {
    assert_eq!((gap.kind, gap.operation.as_str()), (GapKind::Forbidden, operation));
    assert!(gap.detail.ends_with(&format!("; it needs {needs}")), "{}", gap.detail);
}
