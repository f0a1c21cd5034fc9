//! What the doctor says to whoever has made a mistake in the configuration or the secrets: the fault, and beside it how
//! to mend it, never the same twice.

use std::io;
use std::path::PathBuf;

use insta::assert_snapshot;
use serde_json::Value;
use sso_why::config::{Config, ConfigError, IdpSecrets, Secrets};
use sso_why::doctor::without_configuration;
use sso_why::slack::client::NoClient;
use sso_why::store::{Store, StoreError};
use sso_why::words::{json_v1, terminal};
use url::Url;

/// The check of the configuration as scripts are told it, with this wrong.
fn told(wrong: &str) -> Value {
    json_v1::doctor::checkup(&without_configuration(wrong.to_owned(), None))["checks"][0].clone()
}

fn assert_says_how_to_mend_it(wrong: &str) {
    let told = told(wrong);
    let (fault, remedy) =
        (told["detail"].as_str().expect("a text"), told["remedy"].as_str().expect("a text"));
    assert!(!fault.is_empty() && !remedy.is_empty(), "{told}");
    assert!(!remedy.contains(fault) && !fault.contains(remedy), "the same twice: {told}");
    assert!(wrong.contains(remedy), "the error itself says it: {told}");
}

/// One error of each kind. A kind that is new is missing here first: see [`next_kind`].
fn each_config_error() -> Vec<ConfigError> {
    let text = str::to_owned;
    let mut all = vec![ConfigError::Unreadable {
        path: text("a.toml"),
        why: text("there is no such file"),
        mend: "make it",
    }];
    while let Some(next) = all.last().and_then(next_kind) {
        all.push(next);
    }
    all
}

/// The kinds as a chain without a wildcard, so that the compiler asks for whatever is added.
fn next_kind(error: &ConfigError) -> Option<ConfigError> {
    let text = str::to_owned;
    let place = || text("a.toml, line 2");
    Some(match error {
        ConfigError::Unreadable { .. } => ConfigError::TwoFiles,
        ConfigError::TwoFiles => ConfigError::NotToml { place: place(), why: text("unclosed table") },
        ConfigError::NotToml { .. } => ConfigError::UnknownKey {
            place: place(),
            key: text("[aws] regoin"),
            hint: text("; did you mean region?"),
        },
        ConfigError::UnknownKey { .. } => ConfigError::SecretInFile {
            place: place(),
            key: text("[slack] token"),
            instead: "SLACK_BOT_TOKEN",
        },
        ConfigError::SecretInFile { .. } => ConfigError::PasswordInFile { place: place() },
        ConfigError::PasswordInFile { .. } => ConfigError::NoStoreUrl { key: text("DATABASE_URL") },
        ConfigError::NoStoreUrl { .. } => ConfigError::StoreInMemory { key: text("DATABASE_URL") },
        ConfigError::StoreInMemory { .. } => ConfigError::NoServerUrl { key: text("DATABASE_URL") },
        ConfigError::NoServerUrl { .. } => ConfigError::Wrong {
            key: text("SSO_WHY_MODE"),
            expected: "\"http\" or \"socket\"",
            found: text("tcp"),
        },
        ConfigError::Wrong { .. } => {
            ConfigError::Endpoint { key: text("AWS_ENDPOINT_URL"), found: text("http://aws.example") }
        }
        ConfigError::Endpoint { .. } => ConfigError::TwoIdps { place: place() },
        ConfigError::TwoIdps { .. } => ConfigError::SourceBesideIdp {
            key: text("[identity_source] kind"),
            found: "identity_center",
            idp: "okta",
        },
        ConfigError::SourceBesideIdp { .. } => ConfigError::Missing {
            needed: "org_url",
            by: "[okta]",
            mend: "add it, or set OKTA_CLIENT_ORGURL",
        },
        ConfigError::Missing { .. } => ConfigError::TwoOktaSecrets,
        ConfigError::TwoOktaSecrets => ConfigError::MissingSecrets(vec!["SLACK_BOT_TOKEN"]),
        ConfigError::MissingSecrets(_) => ConfigError::OtherModesSecret,
        ConfigError::OtherModesSecret => ConfigError::NoAppToken,
        ConfigError::NoAppToken => ConfigError::NoBotToken,
        ConfigError::NoBotToken => ConfigError::SetTwice("SLACK_BOT_TOKEN"),
        ConfigError::SetTwice(_) => ConfigError::UnreadableSecret {
            name: "SLACK_BOT_TOKEN",
            path: text("/run/secrets/token"),
            why: text("this user may not read it"),
            mend: "let the user that runs sso-why read it",
        },
        ConfigError::UnreadableSecret { .. } => {
            ConfigError::EmptySecret { name: "SLACK_BOT_TOKEN", path: text("/run/secrets/token") }
        }
        ConfigError::EmptySecret { .. } => return None,
    })
}

#[test]
fn every_error_of_the_configuration_says_how_to_mend_it() {
    let all = each_config_error();
    assert_eq!(all.len(), 22, "the chain leads through all kinds");
    all.iter().for_each(|error| assert_says_how_to_mend_it(&error.to_string()));
    let no_url = Url::parse("slack.com").expect_err("is none");
    for error in [NoClient::ApiUrl(no_url), NoClient::Certificates(io::Error::other("there are none"))] {
        assert_says_how_to_mend_it(&error.to_string());
    }
}

/// What the configuration is refused with, as its file and its environment are.
fn refused(text: &str, variables: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sso-why.toml");
    std::fs::write(&path, text).expect("is written");
    let environment =
        |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    let loaded = Config::load(Some(path.as_path()), &environment).and_then(|config| {
        Secrets::load(config.server.mode, &environment)?;
        IdpSecrets::load(&config, &environment)
    });
    let folder = format!("{}/", folder.path().display());
    loaded.expect_err("is refused").to_string().replace(&folder, "")
}

#[test]
fn mistakes_as_people_make_them_are_told_with_the_way_out() {
    const BOT: (&str, &str) = ("SLACK_BOT_TOKEN", "xoxb-1");
    let mistakes: [(&str, &[(&str, &str)]); 19] = [
        ("[server]\nmode = \"sockets\"", &[]),
        ("[server]\nlisten = 8080", &[]),
        ("[server", &[]),
        ("[sever]\nmode = \"http\"", &[]),
        ("[weather]\nrain = true", &[]),
        ("[slack]\nhelpdesk_channel = \"#help\"", &[]),
        ("[slack]\nquestions_per_minute = 0", &[]),
        ("[digest]\nschedule = \"daily\"", &[]),
        ("[digest]\ntime_zone = \"London\"", &[]),
        ("[store]\nurl = \"mysql://db\"", &[]),
        ("[store]\nurl = \"sqlite://\"", &[]),
        ("", &[("DATABASE_URL", "postgres://sso-why:1#2@db/sso-why")]),
        ("[aws]\nregion = \"Virginia\"", &[]),
        ("[aws]\ninstance_arn = \"x\"", &[]),
        ("[aws]\nidentity_store_id = \"x\"", &[]),
        ("[okta]\n", &[]),
        ("", &[BOT, ("SLACK_APP_TOKEN", "xapp-1")]),
        ("", &[("SSO_WHY_MODE", "socket"), BOT, ("SLACK_APP_TOKEN", "xoxb-1")]),
        ("", &[("SLACK_BOT_TOKEN_FILE", "/no/such/file")]),
    ];
    let mut all = String::new();
    for (text, variables) in mistakes {
        let wrong = refused(text, variables);
        assert_says_how_to_mend_it(&wrong);
        let told = told(&wrong);
        let part = |name: &str| told[name].as_str().expect("a text").to_owned();
        all += &format!("{}\n    {}\n", part("detail"), part("remedy"));
    }
    assert_snapshot!(all, @r#"
    sso-why.toml, line 2: [server] mode cannot be sockets
        it must be "http" or "socket"
    sso-why.toml, line 2: [server] listen cannot be 8080
        it must be a text between quotation marks
    sso-why.toml, line 1 is not TOML: unclosed table, expected `]`
        write it as key = "value" below its [section], every text between quotation marks
    sso-why.toml, line 1 has [sever], which is no setting
        did you mean [server]?
    sso-why.toml, line 1 has [weather], which is no setting
        take it out, or look for its name under "Configuration" in README.md
    sso-why.toml, line 2: [slack] helpdesk_channel cannot be #help
        it must be a channel's id (C… or G…, at the end of the channel's details in Slack)
    sso-why.toml, line 2: [slack] questions_per_minute cannot be 0
        it must be a number of questions from 1 to 10000
    sso-why.toml, line 2: [digest] schedule cannot be daily
        it must be a cron expression of five fields (minute, hour, day, month, weekday), like "0 9 * * 1-5", or "off"
    sso-why.toml, line 2: [digest] time_zone cannot be London
        it must be an IANA time zone, like Europe/London
    sso-why.toml, line 2: [store] url names no store that is known
        it must begin with sqlite:// or postgres://, as in sqlite://sso-why.db
    sso-why.toml, line 2: [store] url keeps everything in memory, so that a restart would lose what people were promised
        name a file, as sqlite:///var/lib/sso-why/sso-why.db
    DATABASE_URL is no address of a PostgreSQL
        write it as postgres://USER:PASSWORD@HOST:5432/DATABASE, and in the password % as %25, @ as %40, : as %3A, / as %2F, ? as %3F and # as %23
    sso-why.toml, line 2: [aws] region cannot be Virginia
        it must be a Region's code, like us-east-1
    sso-why.toml, line 2: [aws] instance_arn cannot be x
        it must be the instance's ARN, like arn:aws:sso:::instance/ssoins-0123456789abcdef (IAM Identity Center, Settings)
    sso-why.toml, line 2: [aws] identity_store_id cannot be x
        it must be the identity store's id, like d-0123456789 (IAM Identity Center, Settings)
    org_url is missing, and [okta] needs it
        add it, or set OKTA_CLIENT_ORGURL
    [server] mode is "http", which needs SLACK_SIGNING_SECRET, and SLACK_APP_TOKEN is set instead
        to have the bot connect to Slack, set [server] mode = "socket" or SSO_WHY_MODE=socket; to have Slack call the bot, set SLACK_SIGNING_SECRET or SLACK_SIGNING_SECRET_FILE
    SLACK_APP_TOKEN is no app-level token, which begins with xapp-
        take the one under "App-Level Tokens" in the app's settings
    SLACK_BOT_TOKEN_FILE names /no/such/file, which could not be read: there is no such file
        make it, or name another file
    "#);
}

#[tokio::test]
async fn every_fault_of_the_store_that_the_doctor_meets_says_how_to_mend_it() {
    let urls = ["mysql://db", "sqlite:///no/such/folder/store.db", "postgres://127.0.0.1:9/db"];
    for url in urls {
        let error = Store::look(&url.into()).await.expect_err("cannot be used");
        assert_says_how_to_mend_it(&error.to_string());
    }
    for error in [
        StoreError::InUse(PathBuf::from("store.db")),
        StoreError::NotWritable("code 8".to_owned()),
        StoreError::Untried("code 5".to_owned()),
        StoreError::Damaged(Some(PathBuf::from("store.db"))),
        StoreError::Schema("it took longer than five minutes".to_owned()),
    ] {
        assert_says_how_to_mend_it(&error.to_string());
    }
}

#[test]
fn a_mistake_is_told_in_a_terminal_with_its_remedy_apart() {
    let wrong = refused("[server]\nmode = \"sockets\"", &[]);
    let told = terminal::doctor::checkup(&without_configuration(wrong, None), false);
    let failure = told.split("\n\n").nth(1).expect("a failure");
    assert_snapshot!(failure, @r#"
    FAILED   config: sso-why.toml, line 2: [server] mode cannot be sockets
             The bot does not start.
             Mend: it must be "http" or "socket"
    "#);
}

#[test]
fn an_error_that_says_no_remedy_is_not_repeated_as_one() {
    assert_eq!(told("something broke")["remedy"], "look for it in README.md");
}
