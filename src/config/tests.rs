//! The configuration as a whole: the file, and the variables that go before it.

use super::*;

fn written(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("named.toml");
    std::fs::write(&path, text).expect("written");
    let path = path.to_str().expect("Unicode").to_owned();
    (folder, path)
}

#[test]
fn the_command_line_names_the_file_before_the_environment_does() {
    let (_folder, path) = written("[aws]\nregion = \"eu-west-1\"\n");
    let elsewhere = |name: &str| (name == PATH_VARIABLE).then(|| "nowhere.toml".to_owned());
    let config = Config::load(Some(Path::new(&path)), &elsewhere).expect("is read");
    assert_eq!(config.aws.region.as_deref(), Some("eu-west-1"));

    let by_variable = |name: &str| (name == PATH_VARIABLE).then(|| path.clone());
    assert_eq!(Config::load(None, &by_variable), Ok(config));

    let refused = Config::load(None, &elsewhere).expect_err("is not there").to_string();
    assert!(refused.starts_with("nowhere.toml could not be read"), "{refused}");
}

#[test]
fn variables_win_over_the_file() {
    let (_folder, path) = written(
        "[server]\nlisten = \"127.0.0.1:1\"\n[slack]\napi_url = \"https://one.example/api\"\nhelpdesk_channel = \"C0ONE\"\nadmin_channel = \"C0ADMINS\"\n[okta]\norg_url = \"https://example.okta.com\"\nclient_id = \"0oaOne\"\n",
    );
    let variables = |name: &str| match name {
        "SSO_WHY_LISTEN" => Some("127.0.0.1:2".to_owned()),
        "SLACK_API_URL" => Some("https://two.example/api/".to_owned()),
        "SSO_WHY_MODE" => Some("socket".to_owned()),
        "SSO_WHY_HELPDESK_CHANNEL" => Some("C0TWO".to_owned()),
        "OKTA_CLIENT_CLIENTID" => Some("0oaTwo".to_owned()),
        _ => None,
    };
    let config = Config::load(Some(Path::new(&path)), &variables).expect("is read");
    assert_eq!(config.server.listen, SocketAddr::from(([127, 0, 0, 1], 2)));
    assert_eq!(config.slack.api_url, "https://two.example/api");
    assert_eq!(config.server.mode, Mode::Socket);
    assert_eq!(config.slack.helpdesk_channel.as_deref(), Some("C0TWO"));
    assert_eq!(config.slack.admin_channel.as_deref(), Some("C0ADMINS"));
    assert_eq!(config.okta.and_then(|okta| okta.client_id).as_deref(), Some("0oaTwo"));
}

#[test]
fn what_listens_everywhere_is_asked_over_loopback() {
    for (listen, asked) in
        [("0.0.0.0:8080", "127.0.0.1:8080"), ("[::]:8080", "[::1]:8080"), ("10.0.0.7:80", "10.0.0.7:80")]
    {
        let server = Server { listen: listen.parse().expect("an address"), mode: Mode::Http };
        assert_eq!(server.reached_at().to_string(), asked);
    }
}

#[test]
fn a_variable_that_makes_no_sense_is_refused_by_its_name() {
    for name in [
        "SSO_WHY_LISTEN",
        "SSO_WHY_MODE",
        "SLACK_API_URL",
        "SSO_WHY_HELPDESK_CHANNEL",
        "SSO_WHY_ADMIN_CHANNEL",
    ] {
        let (_folder, path) = written("");
        let variables = |asked: &str| (asked == name).then(|| "here".to_owned());
        let refused = Config::load(Some(Path::new(&path)), &variables).expect_err("no sense").to_string();
        assert!(refused.starts_with(name) && refused.contains(" cannot be here; it must be "), "{refused}");
    }
}
