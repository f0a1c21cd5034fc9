//! What a terminal beside the sandbox needs, for the bot and its commands to find this company: variables to export, and
//! the configuration file. Also what the page of an app's settings shows once the app is installed.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use super::{Mishap, told};
use crate::sandbox::Sandbox;
use crate::sandbox::company::REGION;
use crate::sandbox::graph::GRAPH_TOKEN;
use crate::sandbox::okta::OKTA_TOKEN;
use crate::sandbox::scenario::IdpKind;
use crate::sandbox::slack::{APP_TOKEN, BOT_TOKEN, SIGNING_SECRET};

/// Everything to export, as `NAME=value`: with it every command of the bot works in this company, with any file.
pub fn exports(sandbox: &Sandbox) -> Vec<String> {
    let (url, listens_at) = {
        let workspace = sandbox.workspace();
        (workspace.sandbox_url.clone(), listens_at(&workspace.bot_url, &workspace.sandbox_url))
    };
    let mut exports = vec![
        format!("AWS_ENDPOINT_URL={url}"),
        format!("AWS_REGION={REGION}"),
        "AWS_ACCESS_KEY_ID=sandbox".to_owned(),
        "AWS_SECRET_ACCESS_KEY=sandbox".to_owned(),
        format!("SLACK_API_URL={url}/api"),
        format!("SSO_WHY_LISTEN={listens_at}"),
    ];
    exports.extend(of_slack(sandbox));
    exports.extend(of_the_idp(sandbox));
    exports
}

/// Where the bot is to listen: where the manifest says that it is, if that is on this machine; else beside the sandbox.
pub fn listens_at(bot_url: &str, sandbox_url: &str) -> SocketAddr {
    let at = |url: &str| url.strip_prefix("http://").and_then(|address| address.parse::<SocketAddr>().ok());
    let beside = || {
        let port = at(sandbox_url).map_or(8080, |address| address.port());
        SocketAddr::from(([127, 0, 0, 1], port.checked_add(1).unwrap_or(port - 1)))
    };
    at(bot_url).filter(|address| address.ip().is_loopback()).unwrap_or_else(beside)
}

fn of_slack(sandbox: &Sandbox) -> Vec<String> {
    let by_socket = sandbox.workspace().socket_mode;
    let mut exports = vec![format!("SLACK_BOT_TOKEN={BOT_TOKEN}")];
    exports.extend(match by_socket {
        true => [format!("SLACK_APP_TOKEN={APP_TOKEN}"), "SSO_WHY_MODE=socket".to_owned()],
        false => [format!("SLACK_SIGNING_SECRET={SIGNING_SECRET}"), "SSO_WHY_MODE=http".to_owned()],
    });
    exports
}

fn of_the_idp(sandbox: &Sandbox) -> Option<String> {
    sandbox.company().idp.as_ref().map(|idp| match idp.kind {
        IdpKind::Entra => format!("SSO_WHY_ENTRA_ACCESS_TOKEN={GRAPH_TOKEN}"),
        IdpKind::Okta => format!("OKTA_CLIENT_TOKEN={OKTA_TOKEN}"),
    })
}

/// The variables as a shell takes them.
pub(super) async fn exported(State(sandbox): State<Arc<Sandbox>>) -> String {
    exports(&sandbox).into_iter().map(|export| format!("export {export}\n")).collect()
}

/// The configuration with which the bot finds this company from another terminal; the secrets, which no
/// configuration file may hold, as comments to copy.
pub(super) async fn configuration(State(sandbox): State<Arc<Sandbox>>) -> String {
    let url = sandbox.workspace().sandbox_url.clone();
    let secrets: String = of_slack(&sandbox)
        .into_iter()
        .chain(of_the_idp(&sandbox))
        .map(|export| format!("# export {export}\n"))
        .collect();
    let email_field = &sandbox.scenario.workspace.email_field;
    let email_field: String =
        email_field.iter().map(|field| format!("email_field = \"{field}\"\n")).collect();
    format!(
        "{secrets}[slack]\napi_url = \"{url}/api\"\nhelpdesk_channel = \"C0HELPDESK\"\nadmin_channel = \"C0ADMINS\"\n{email_field}{}",
        idp_section(&sandbox)
    )
}

/// The IdP's section alone, to be added to a file that has the rest.
pub(super) async fn idp(State(sandbox): State<Arc<Sandbox>>) -> String {
    format!("\n{}", idp_section(&sandbox))
}

fn idp_section(sandbox: &Sandbox) -> String {
    let url = sandbox.workspace().sandbox_url.clone();
    match &sandbox.company().idp {
        Some(idp) => match idp.kind {
            IdpKind::Entra => format!(
                "[entra]\ntenant_id = \"{}\"\nclient_id = \"{}\"\ngraph_url = \"{url}/v1.0\"\n",
                idp.tenant_id, idp.client_id
            ),
            IdpKind::Okta => format!("[okta]\norg_url = \"{url}\"\nclient_id = \"{}\"\n", idp.client_id),
        },
        None => "# This company has no IdP connected.\n".to_owned(),
    }
}

/// Creates the app from a manifest and installs it, and shows the secrets that the app's settings show then; with what
/// Slack would take as well, and would not work.
pub(super) async fn manifest(State(sandbox): State<Arc<Sandbox>>, Json(manifest): Json<Value>) -> Response {
    let installed = sandbox.workspace().install(&manifest);
    told(installed.map_err(Mishap::Impossible), |warning| {
        let mut shown = json!({
            "bot_token": BOT_TOKEN,
            "signing_secret": SIGNING_SECRET,
            "app_token": APP_TOKEN,
            "exports": exports(&sandbox),
        });
        if let Some(warning) = warning {
            shown["warning"] = warning.into();
        }
        shown
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::scenario::Scenario;

    const SOCKET: &str = include_str!("../../../manifest/slack-app-socket.json");
    const HTTP: &str = include_str!("../../../manifest/slack-app-http.json");

    fn sandbox(name: &str) -> Arc<Sandbox> {
        let clock = Arc::new(|| "2026-11-23T14:12:00Z".parse().unwrap());
        let sandbox = Sandbox::new(Scenario::named(name).unwrap().unwrap(), clock);
        sandbox.workspace().sandbox_url = "http://127.0.0.1:8080".to_owned();
        sandbox
    }

    async fn configuration_of(name: &str) -> toml::Table {
        configuration(State(sandbox(name))).await.parse().unwrap()
    }

    #[tokio::test]
    async fn another_terminal_is_told_where_the_idp_is() {
        let entra = configuration_of("company").await;
        assert_eq!(entra["entra"]["graph_url"].as_str(), Some("http://127.0.0.1:8080/v1.0"));
        assert_eq!(entra["entra"]["tenant_id"].as_str().map(str::len), Some(36));
        assert_eq!(configuration_of("quarantine").await, entra);
        let okta = configuration_of("okta").await;
        assert_eq!(okta["okta"]["org_url"].as_str(), Some("http://127.0.0.1:8080"));
        let alone = configuration_of("no-idp").await;
        assert_eq!(alone["slack"]["api_url"].as_str(), Some("http://127.0.0.1:8080/api"));
        assert_eq!(alone.len(), 1);
    }

    #[tokio::test]
    async fn another_terminal_is_told_how_slack_reaches_the_bot() {
        let sandbox = sandbox("no-idp");
        assert!(configuration(State(sandbox.clone())).await.contains("# export SLACK_SIGNING_SECRET="));
        sandbox.workspace().socket_mode = true;
        let by_socket = configuration(State(sandbox)).await;
        assert!(by_socket.contains("# export SSO_WHY_MODE=socket") && !by_socket.contains("SIGNING"));
    }

    fn installed(name: &str, manifest: &str) -> (Option<String>, Vec<String>) {
        let sandbox = sandbox(name);
        sandbox.workspace().uninstall();
        let warning = sandbox.workspace().install(&serde_json::from_str(manifest).unwrap()).unwrap();
        (warning, exports(&sandbox))
    }

    #[test]
    fn whoever_installs_the_bot_over_socket_mode_is_told_all_that_it_needs() {
        let (warning, exports) = installed("okta", SOCKET);
        assert_eq!(warning, None);
        insta::assert_snapshot!(exports.join("\n"), @"
        AWS_ENDPOINT_URL=http://127.0.0.1:8080
        AWS_REGION=us-east-1
        AWS_ACCESS_KEY_ID=sandbox
        AWS_SECRET_ACCESS_KEY=sandbox
        SLACK_API_URL=http://127.0.0.1:8080/api
        SSO_WHY_LISTEN=127.0.0.1:8081
        SLACK_BOT_TOKEN=xoxb-simulated-company
        SLACK_APP_TOKEN=xapp-simulated-company
        SSO_WHY_MODE=socket
        OKTA_CLIENT_TOKEN=sandbox-api-token-that-protects-nothing
        ");
    }

    #[test]
    fn over_http_the_bot_listens_where_the_manifest_says_that_it_is() {
        let (warning, exports) =
            installed("company", &HTTP.replace("https://sso-why.example.com", "http://127.0.0.1:9090"));
        assert_eq!(warning, None);
        insta::assert_snapshot!(exports.join("\n"), @"
        AWS_ENDPOINT_URL=http://127.0.0.1:8080
        AWS_REGION=us-east-1
        AWS_ACCESS_KEY_ID=sandbox
        AWS_SECRET_ACCESS_KEY=sandbox
        SLACK_API_URL=http://127.0.0.1:8080/api
        SSO_WHY_LISTEN=127.0.0.1:9090
        SLACK_BOT_TOKEN=xoxb-simulated-company
        SLACK_SIGNING_SECRET=signing-secret-of-the-simulated-company
        SSO_WHY_MODE=http
        SSO_WHY_ENTRA_ACCESS_TOKEN=graph-token-of-the-simulated-company
        ");
    }

    #[test]
    fn a_manifest_with_the_host_that_stands_for_ones_own_is_taken_with_a_warning() {
        let (warning, exports) = installed("no-idp", HTTP);
        insta::assert_snapshot!(warning.expect("a warning"), @"features.slash_commands.0.url, settings.event_subscriptions.request_url, settings.interactivity.request_url, settings.interactivity.message_menu_options_url are at sso-why.example.com, which stands for a host of your own, so that no request will reach the bot; put the address that the bot has for Slack into all four and install the app again");
        assert!(exports.contains(&"SSO_WHY_LISTEN=127.0.0.1:8081".to_owned()), "{exports:?}");
    }
}
