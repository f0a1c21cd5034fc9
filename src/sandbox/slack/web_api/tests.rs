//! The Web API as a client meets it, over HTTP on loopback.

use futures::StreamExt as _;
use serde_json::{Value, json};

use super::*;
use crate::sandbox::faults::Fault;
use crate::sandbox::slack::samples::{self, Client};

fn error(answer: &Value) -> &str {
    answer["error"].as_str().unwrap_or("none")
}

#[tokio::test]
async fn a_token_is_asked_for() {
    let client = Client::new().await;
    let url = format!("{}/api/auth.test", client.base);
    let http = reqwest::Client::new();
    let without: Value = http.post(&url).send().await.unwrap().json().await.unwrap();
    assert_eq!(error(&without), "not_authed");
    let wrong: Value = http.post(&url).bearer_auth("xoxb-other").send().await.unwrap().json().await.unwrap();
    assert_eq!(error(&wrong), "invalid_auth");
    let form: Value =
        http.post(&url).form(&[("token", BOT_TOKEN)]).send().await.unwrap().json().await.unwrap();
    assert_eq!(form["user_id"], "U0SSOWHY");

    let right = client.send("auth.test", json!({})).await;
    assert!(right.headers()["x-oauth-scopes"].to_str().unwrap().contains("chat:write"));
    assert_eq!(error(&client.call("chat.shout", json!({})).await), "unknown_method");
}

#[tokio::test]
async fn an_address_for_a_connection_is_for_the_app_level_token_and_good_once() {
    let client = Client::new().await;
    assert_eq!(error(&client.call("apps.connections.open", json!({})).await), "not_allowed_token_type");
    let http = reqwest::Client::new();
    let with_the_apps = |method: &str| {
        let url = format!("{}/api/{method}", client.base);
        http.post(url).bearer_auth(APP_TOKEN).json(&json!({})).send()
    };
    let refused: Value = with_the_apps("auth.test").await.unwrap().json().await.unwrap();
    assert_eq!(error(&refused), "not_allowed_token_type");
    let opened: Value = with_the_apps("apps.connections.open").await.unwrap().json().await.unwrap();
    let url = opened["url"].as_str().unwrap();
    assert!(url.starts_with("ws://127.0.0.1:"), "{url}");

    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    let hello = socket.next().await.unwrap().unwrap();
    let hello: Value = serde_json::from_str(hello.to_text().unwrap()).unwrap();
    assert_eq!((&hello["type"], &hello["num_connections"]), (&json!("hello"), &json!(1)));
    assert!(tokio_tungstenite::connect_async(url).await.is_err(), "the ticket is used");
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let client = Client::new().await;
    client.sandbox.workspace().app.scopes.remove("users:read.email");
    let info = client.call("users.info", json!({"user": "U0DANA"})).await;
    assert_eq!(info["user"]["profile"].get("email"), None);
    let found = client.call("users.lookupByEmail", json!({"email": "dana@example.com"})).await;
    assert_eq!((error(&found), &found["needed"]), ("missing_scope", &json!("users:read.email")));
    let provided = found["provided"].as_str().unwrap();
    assert!(provided.contains("users:read") && !provided.contains("users:read.email"), "{provided}");
}

#[tokio::test]
async fn every_method_is_refused_without_its_scope_and_says_what_it_accepts() {
    let client = Client::new().await;
    // What takes the app's own token has no scope of the bot's.
    let of_the_bot = || METHODS.iter().filter(|method| !matches!(method.scope, Scope::OfTheApp));
    for method in of_the_bot() {
        let accepted = method.scope.accepted();
        let answer = client.send(method.name, json!({})).await;
        assert!(answer.headers()["x-oauth-scopes"].to_str().unwrap().contains("chat:write"));
        let told = answer.headers().get("x-accepted-oauth-scopes").map(|value| value.to_str().unwrap());
        assert_eq!(told.unwrap_or_default(), accepted.join(","), "{}", method.name);
    }
    client.sandbox.workspace().app.scopes.retain(|scope| scope == "commands");
    for method in of_the_bot() {
        let answer = client.call(method.name, json!({})).await;
        let takes_nothing = method.scope.accepted().is_empty();
        assert_eq!(error(&answer) == "missing_scope", !takes_nothing, "{}: {answer}", method.name);
    }
}

#[tokio::test]
async fn people_are_found_by_id_and_by_email() {
    let client = Client::new().await;
    let dana = client.call("users.info", json!({"user": "U0DANA"})).await["user"].clone();
    assert_eq!(
        (&dana["real_name"], &dana["profile"]["email"]),
        (&json!("Dana Reyes"), &json!("dana@example.com"))
    );
    assert!(dana["tz_offset"].is_i64());
    let found = client.call("users.lookupByEmail", json!({"email": "DANA@example.com"})).await;
    assert_eq!(found["user"]["id"], "U0DANA");
    assert_eq!(
        error(&client.call("users.lookupByEmail", json!({"email": "no@example.com"})).await),
        "users_not_found"
    );
    assert_eq!(error(&client.call("users.info", json!({"user": "U0NOBODY"})).await), "user_not_found");
}

#[tokio::test]
async fn a_profile_shows_the_field_that_an_administrator_added_once_it_is_filled_in() {
    let client = Client::new().await;
    client.sandbox.workspace().app.scopes.insert("users.profile:read".to_owned());
    let of_dana = async || client.call("users.profile.get", json!({"user": "U0DANA"})).await;
    assert_eq!(of_dana().await["profile"]["fields"], json!([]));
    client.sandbox.workspace().email_field = Some("Xf0EMAIL".to_owned());
    assert_eq!(of_dana().await["profile"]["fields"], json!([]), "Dana has filled in none");
    let nobody = client.call("users.profile.get", json!({"user": "U0NOBODY"})).await;
    assert_eq!(error(&nobody), "user_not_found");
}

#[tokio::test]
async fn members_come_in_pages() {
    let client = Client::new().await;
    let mut members = Vec::new();
    let mut cursor = String::new();
    loop {
        let page =
            client.call("conversations.members", json!({"channel": "C0HELPDESK", "cursor": cursor})).await;
        members.extend(page["members"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()));
        cursor = page["response_metadata"]["next_cursor"].as_str().unwrap().to_owned();
        if cursor.is_empty() {
            break;
        }
    }
    let workspace = client.sandbox.workspace();
    assert_eq!(members, workspace.channel("C0HELPDESK").unwrap().members);
    assert!(members.len() > 2, "one page would hold all");
}

#[tokio::test]
async fn messages_are_posted_updated_and_refused() {
    let client = Client::new().await;
    let posted = client.call("chat.postMessage", json!({"channel": "C0HELPDESK", "text": "hello"})).await;
    let ts = posted["ts"].as_str().unwrap();
    let reply = client
        .call("chat.postMessage", json!({"channel": "C0HELPDESK", "text": "re", "thread_ts": ts}))
        .await;
    assert_eq!(reply["message"]["thread_ts"], ts);
    let updated =
        client.call("chat.update", json!({"channel": "C0HELPDESK", "ts": ts, "text": "changed"})).await;
    assert_eq!(updated["message"]["text"], "changed");
    let link = client.call("chat.getPermalink", json!({"channel": "C0HELPDESK", "message_ts": ts})).await;
    assert!(link["permalink"].as_str().unwrap().contains("/archives/C0HELPDESK/p"));

    let direct = client.call("chat.postMessage", json!({"channel": "U0DANA", "text": "hello"})).await;
    assert_eq!(direct["channel"], "D0DANA");
    let users_id = json!({"channel": "U0DANA", "ts": direct["ts"], "text": "changed"});
    assert_eq!(error(&client.call("chat.update", users_id).await), "channel_not_found");

    let long_header = json!([{"type": "header", "text": {"type": "plain_text", "text": "x".repeat(151)}}]);
    let section = json!({"type": "section", "text": {"type": "mrkdwn", "text": "x".repeat(2900)}});
    let refused = [
        (json!({"channel": "C0NOWHERE", "text": "x"}), "channel_not_found"),
        (json!({"channel": "C0HELPDESK"}), "no_text"),
        (json!({"channel": "C0HELPDESK", "text": "x", "thread_ts": "1.2"}), "invalid_arguments"),
        (json!({"channel": "C0HELPDESK", "blocks": long_header}), "invalid_blocks"),
        (json!({"channel": "C0HELPDESK", "blocks": vec![section; 5]}), "msg_blocks_too_long"),
    ];
    for (arguments, expected) in refused {
        assert_eq!(error(&client.call("chat.postMessage", arguments).await), expected);
    }
    let long = json!({"channel": "C0HELPDESK", "ts": ts, "text": "x".repeat(4001)});
    assert_eq!(error(&client.call("chat.update", long).await), "msg_too_long");
    let gone = json!({"channel": "C0HELPDESK", "ts": "1.2", "text": "x"});
    assert_eq!(error(&client.call("chat.update", gone).await), "message_not_found");

    let refusals = client.sandbox.workspace().outbox().iter().filter(|sent| sent.refusal().is_some()).count();
    assert_eq!(refusals, 8, "the outbox remembers what was refused");
}

#[tokio::test]
async fn an_ephemeral_message_has_one_viewer_and_is_never_updated() {
    let client = Client::new().await;
    let message = json!({"channel": "C0GENERAL", "user": "U0DANA", "text": "for you"});
    let ts = client.call("chat.postEphemeral", message).await["message_ts"].clone();
    assert_eq!(client.texts_seen_by("U0DANA", "C0GENERAL"), ["for you"]);
    assert!(client.texts_seen_by("U0BO", "C0GENERAL").is_empty());

    let update = json!({"channel": "C0GENERAL", "ts": ts, "text": "changed"});
    assert_eq!(error(&client.call("chat.update", update).await), "cant_update_message");
    let outsider = json!({"channel": "C0ADMINS", "user": "U0DANA", "text": "for you"});
    assert_eq!(error(&client.call("chat.postEphemeral", outsider).await), "user_not_in_channel");
}

#[tokio::test]
async fn a_view_opens_once_and_only_its_newest_state_is_updated() {
    let client = Client::new().await;
    let now = (client.sandbox.clock)();
    let trigger = client.sandbox.workspace().issue_trigger("U0DANA", now);
    let open = json!({"trigger_id": trigger, "view": samples::modal("Ask")});
    let view = client.call("views.open", open.clone()).await["view"].clone();
    assert_eq!(error(&client.call("views.open", open).await), "exchanged_trigger_id");

    let update = json!({"view_id": view["id"], "hash": view["hash"], "view": samples::modal("Asked")});
    assert_eq!(client.call("views.update", update.clone()).await["view"]["title"]["text"], "Asked");
    assert_eq!(error(&client.call("views.update", update).await), "hash_conflict");
    let unknown = json!({"view_id": "V0", "view": samples::modal("Asked")});
    assert_eq!(error(&client.call("views.update", unknown).await), "not_found");
    let nameless = json!({"view": samples::modal("Asked")});
    assert_eq!(error(&client.call("views.update", nameless).await), "view_not_found");

    let home = json!({"type": "home", "blocks": [{"type": "divider"}]});
    let published =
        client.call("views.publish", json!({"user_id": "U0DANA", "view": home.to_string()})).await;
    assert_eq!(published["view"]["type"], "home");
    let wrong =
        client.call("views.publish", json!({"user_id": "U0DANA", "view": samples::modal("Ask")})).await;
    assert_eq!(error(&wrong), "invalid_arguments");
}

#[tokio::test]
async fn faults_are_slacks_own() {
    let client = Client::new().await;
    let faults = &client.sandbox.faults;
    let message = json!({"channel": "C0GENERAL", "text": "x"});

    faults.set("slack:chat.postMessage", Fault::Throttled { retry_after: 7 });
    let throttled = client.send("chat.postMessage", message.clone()).await;
    assert_eq!(
        (throttled.status().as_u16(), &throttled.headers()["retry-after"]),
        (429, &"7".parse().unwrap())
    );

    faults.set("slack:chat.postMessage", Fault::Forbidden);
    let forbidden = client.call("chat.postMessage", message.clone()).await;
    assert_eq!((error(&forbidden), &forbidden["needed"]), ("missing_scope", &json!("chat:write")));
    assert!(!forbidden["provided"].as_str().unwrap().contains("chat:write"));

    faults.set("slack:chat.postMessage", Fault::Html500);
    assert_eq!(client.send("chat.postMessage", message.clone()).await.status().as_u16(), 500);
    faults.set("slack:chat.postMessage", Fault::MalformedJson);
    assert!(client.send("chat.postMessage", message).await.json::<Value>().await.is_err());
    assert_eq!(client.sandbox.calls.counts()["slack:chat.postMessage"], 4);
    assert!(client.sandbox.workspace().messages().is_empty());
}

#[tokio::test]
async fn every_method_can_be_throttled_and_all_of_slack_can_be_down() {
    let client = Client::new().await;
    for method in METHODS {
        client.sandbox.faults.set_times(
            &format!("slack:{}", method.name),
            Fault::Throttled { retry_after: 30 },
            1,
        );
        let answer = client.send(method.name, json!({})).await;
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["retry-after"]),
            (429, &"30".parse().unwrap())
        );
    }
    client.sandbox.faults.set("slack:*", Fault::Html500);
    for method in METHODS {
        assert_eq!(client.send(method.name, json!({})).await.status().as_u16(), 500);
    }
    let now = (client.sandbox.clock)();
    let id = client.sandbox.workspace().issue_response_url("U0DANA", "C0GENERAL", None, None, now);
    assert_eq!(client.respond(&id, json!({"text": "x"})).await.0, 500);
    client.sandbox.faults.clear();
    assert_eq!(client.respond(&id, json!({"text": "x"})).await.0, 200);
    client.sandbox.workspace().expire_response_urls();
    let (status, body) = client.respond(&id, json!({"text": "x"})).await;
    assert_eq!((status, body.contains("expired_url")), (404, true));
}

#[tokio::test]
async fn guests_and_people_of_another_organisation_are_told_apart() {
    let client = Client::new().await;
    let user = async |id: &str| client.call("users.info", json!({"user": id})).await["user"].clone();
    let (dana, mika, petra) = (user("U0DANA").await, user("U0MIKA").await, user("U0PETRA").await);
    assert_eq!((&dana["is_restricted"], dana.get("is_stranger")), (&json!(false), None));
    assert_eq!((&mika["is_restricted"], &mika["team_id"]), (&json!(true), &json!("T0EXAMPLE")));
    assert_eq!((&petra["team_id"], &petra["is_stranger"]), (&json!("T0ACME"), &json!(false)));
    assert_eq!((petra.get("is_restricted"), petra["profile"].get("email")), (None, None));

    let info =
        async |id: &str| client.call("conversations.info", json!({"channel": id})).await["channel"].clone();
    assert_eq!(info("C0GENERAL").await["is_ext_shared"], false);
    let partner = info("C0PARTNER").await;
    assert_eq!(
        (&partner["is_ext_shared"], &partner["connected_team_ids"]),
        (&json!(true), &json!(["T0ACME"]))
    );

    let opened = client.call("conversations.open", json!({"users": "U0MIKA"})).await;
    assert_eq!(opened["channel"]["id"], "D0MIKA");
    assert_eq!(
        error(&client.call("conversations.open", json!({"users": "U0PETRA"})).await),
        "user_not_visible"
    );
    assert_eq!(
        error(&client.call("conversations.open", json!({"users": "U0SSOWHY"})).await),
        "cannot_dm_bot"
    );
    let direct = json!({"channel": "U0PETRA", "text": "hello"});
    assert_eq!(error(&client.call("chat.postMessage", direct).await), "channel_not_found");
}
