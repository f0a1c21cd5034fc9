//! The TOML file: read strictly, since a mistyped key that is ignored is a setting that is not there.

use std::net::SocketAddr;
use std::path::Path;

use toml::{Table, Value};

use super::{Config, ConfigError, HelpDeskMembers, LookUpOthers};

/// Every section with its keys.
const KNOWN: &[(&str, &[&str])] = &[
    ("server", &["listen", "mode"]),
    ("slack", &["api_url", "helpdesk_channel", "admin_channel", "look_up_others", "helpdesk_members"]),
    ("aws", &["region", "instance_arn", "identity_store_id"]),
];

/// Sections that the contract has and this version has not.
const NOT_YET: &[&str] = &["entra", "okta", "actions", "digest", "store"];

/// How unlike a mistyped key may be and still be taken for a known one (Damerau-Levenshtein, 0 to 1).
const ALIKE: f64 = 0.6;

pub(super) fn read(path: &Path) -> Result<Config, ConfigError> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError::Unreadable { path: shown.clone(), why: error.kind().to_string() })?;
    parse(&shown, &text)
}

fn parse(path: &str, text: &str) -> Result<Config, ConfigError> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(0, |span| text[..span.start].lines().count().max(1));
        ConfigError::NotToml { path: path.to_owned(), why: format!("line {line}: {}", error.message()) }
    })?;
    refuse_what_is_unknown(path, &table)?;
    let mut config = Config::default();
    let get = |section: &str, key: &str| table.get(section).and_then(Value::as_table).and_then(|one| one.get(key));
    let text = |section: &str, key: &str| {
        let name = format!("[{section}] {key}");
        get(section, key).map(|value| string(&name, value)).transpose()
    };
    if let Some(listen) = text("server", "listen")? {
        config.server.listen = address("[server] listen", &listen)?;
    }
    match text("server", "mode")?.as_deref() {
        None | Some("http") => {}
        Some("socket") => {
            return Err(ConfigError::NotYet { path: path.to_owned(), key: "[server] mode = \"socket\"".to_owned() });
        }
        Some(other) => return Err(wrong("[server] mode", "\"http\"", other)),
    }
    if let Some(url) = text("slack", "api_url")? {
        config.slack.api_url = url;
    }
    config.slack.helpdesk_channel = text("slack", "helpdesk_channel")?;
    config.slack.admin_channel = text("slack", "admin_channel")?;
    match text("slack", "look_up_others")?.as_deref() {
        None => {}
        Some("helpdesk") => config.slack.look_up_others = LookUpOthers::HelpDesk,
        Some("everyone") => config.slack.look_up_others = LookUpOthers::Everyone,
        Some(other) => return Err(wrong("[slack] look_up_others", "\"helpdesk\" or \"everyone\"", other)),
    }
    if let Some(value) = get("slack", "helpdesk_members") {
        config.slack.helpdesk_members = members(value)?;
    }
    config.aws.region = text("aws", "region")?;
    config.aws.instance_arn = text("aws", "instance_arn")?;
    config.aws.identity_store_id = text("aws", "identity_store_id")?;
    Ok(config)
}

/// An address to listen at.
pub(super) fn address(key: &str, value: &str) -> Result<SocketAddr, ConfigError> {
    value.parse().map_err(|_| wrong(key, "an address with a port, like 127.0.0.1:8080", value))
}

fn members(value: &Value) -> Result<HelpDeskMembers, ConfigError> {
    const KEY: &str = "[slack] helpdesk_members";
    const EXPECTED: &str = "\"channel\", a user group's id (S…) or a list of user ids";
    match value {
        Value::String(text) if text == "channel" => Ok(HelpDeskMembers::Channel),
        Value::String(text) if text.starts_with('S') => Ok(HelpDeskMembers::UserGroup(text.clone())),
        Value::Array(users) => {
            let users = users.iter().map(|user| string(KEY, user)).collect::<Result<_, _>>()?;
            Ok(HelpDeskMembers::Users(users))
        }
        other => Err(wrong(KEY, EXPECTED, &other.to_string())),
    }
}

fn string(key: &str, value: &Value) -> Result<String, ConfigError> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Ok(text.clone()),
        other => Err(wrong(key, "a text between quotation marks", &other.to_string())),
    }
}

fn wrong(key: &str, expected: &'static str, found: &str) -> ConfigError {
    ConfigError::Wrong { key: key.to_owned(), expected, found: found.to_owned() }
}

fn refuse_what_is_unknown(path: &str, table: &Table) -> Result<(), ConfigError> {
    for (section, value) in table {
        if NOT_YET.contains(&section.as_str()) {
            return Err(ConfigError::NotYet { path: path.to_owned(), key: format!("[{section}]") });
        }
        let Some((_, keys)) = KNOWN.iter().find(|(known, _)| known == section) else {
            let sections = KNOWN.iter().map(|(known, _)| (*known, format!("[{known}]")));
            let owners = KNOWN.iter().flat_map(|(known, keys)| keys.iter().map(move |key| (*key, format!("[{known}] {key}"))));
            let hint = did_you_mean(section, sections.chain(owners));
            let key = if value.is_table() { format!("[{section}]") } else { section.clone() };
            return Err(ConfigError::UnknownKey { path: path.to_owned(), key, hint });
        };
        let Some(settings) = value.as_table() else {
            return Err(wrong(section, "a section, like [aws]", &value.to_string()));
        };
        for key in settings.keys().filter(|key| !keys.contains(&key.as_str())) {
            let hint = did_you_mean(key, keys.iter().map(|known| (*known, (*known).to_owned())));
            return Err(ConfigError::UnknownKey { path: path.to_owned(), key: format!("[{section}] {key}"), hint });
        }
    }
    Ok(())
}

fn did_you_mean<'k>(typed: &str, known: impl Iterator<Item = (&'k str, String)>) -> String {
    let scored = known.map(|(name, shown)| (strsim::normalized_damerau_levenshtein(typed, name), shown));
    let best = scored.filter(|(alike, _)| *alike >= ALIKE).max_by(|one, other| one.0.total_cmp(&other.0));
    best.map_or_else(String::new, |(_, shown)| format!("; did you mean {shown}?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        parse("sso-why.toml", text).expect_err("is refused").to_string()
    }

    #[test]
    fn the_whole_of_it_is_read() {
        let config = parse(
            "x",
            "[server]\nlisten = \"127.0.0.1:1\"\nmode = \"http\"\n[slack]\napi_url = \"http://127.0.0.1:2/api\"\nhelpdesk_channel = \"C1\"\nadmin_channel = \"C2\"\nlook_up_others = \"everyone\"\nhelpdesk_members = [\"U1\"]\n[aws]\nregion = \"eu-west-1\"\ninstance_arn = \"arn\"\nidentity_store_id = \"d-1\"\n",
        )
        .expect("is read");
        assert_eq!(config.slack.helpdesk_members, HelpDeskMembers::Users(vec!["U1".to_owned()]));
        assert_eq!(config.aws.region.as_deref(), Some("eu-west-1"));
        assert_eq!(config.slack.look_up_others, LookUpOthers::Everyone);
    }

    #[test]
    fn what_is_wrong_is_said_in_one_sentence() {
        assert_eq!(
            refusal("[slack]\nhelpdesk_chanel = \"C1\""),
            "sso-why.toml has [slack] helpdesk_chanel, which is no setting; did you mean helpdesk_channel?"
        );
        assert_eq!(refusal("[slak]\n"), "sso-why.toml has [slak], which is no setting; did you mean [slack]?");
        assert_eq!(refusal("region = \"x\""), "sso-why.toml has region, which is no setting; did you mean [aws] region?");
        assert_eq!(
            refusal("[okta]\norg_url = \"x\""),
            "sso-why.toml has [okta], which this version does not support yet; take it out"
        );
        assert!(refusal("[server]\nmode = \"socket\"").contains("does not support yet"));
        assert!(refusal("[server]\nlisten = \"here\"").contains("127.0.0.1:8080"));
        assert!(refusal("[aws]\nregion = 1").contains("between quotation marks"));
        assert!(refusal("[aws\n").starts_with("sso-why.toml is not TOML: line 1"));
    }
}
