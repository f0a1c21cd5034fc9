//! The TOML file: read strictly, since a mistyped key that is ignored is a setting that is not there.

use std::net::SocketAddr;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::settings::{self, SETTINGS};
use super::text::{self, Unread};
use super::{
    Config, ConfigError, Environment, HELPDESK_CHANNEL, HelpDeskMembers, LookUpOthers, Mode, digest,
    identity_center, identity_source, idp, secrets, store,
};

/// Bytes of the file, at most: all that can be set fits into a few thousand.
const LARGEST: u64 = 1024 * 1024;

/// Letters of a value that are told where it is refused.
const LONGEST_TOLD: usize = 100;

/// How unlike a mistyped key may be and still be taken for a known one (Damerau-Levenshtein, 0 to 1).
const ALIKE: f64 = 0.6;

pub(super) fn read(path: &Path, environment: Environment) -> Result<Config, ConfigError> {
    let shown = path.display().to_string();
    let text = text::of(path, LARGEST).map_err(|Unread { why, mend }| ConfigError::Unreadable {
        path: shown.clone(),
        why,
        mend,
    })?;
    parse(&shown, &text, environment)
}

pub(super) fn parse(path: &str, text: &str, environment: Environment) -> Result<Config, ConfigError> {
    let lines = Lines { path, text };
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        ConfigError::NotToml { place: lines.place(at), why: error.message().to_owned() }
    })?;
    let table = table.get_ref();
    refuse_what_is_unknown(lines, table)?;
    refuse_secrets(lines, table)?;
    let sections = Sections { lines, table };
    let text = |section, key| sections.text(section, key);
    let mut config = Config::default();
    if let Some((place, listen)) = text("server", "listen")? {
        config.server.listen = address(&place, listen)?;
    }
    if let Some((place, written)) = text("server", "mode")? {
        config.server.mode = mode(&place, written)?;
    }
    if let Some((place, url)) = text("slack", "api_url")? {
        config.slack.api_url = api_url(&place, url)?;
    }
    config.slack.helpdesk_channel = text("slack", "helpdesk_channel")?.map(channel).transpose()?;
    config.slack.admin_channel = text("slack", "admin_channel")?.map(channel).transpose()?;
    match text("slack", "look_up_others")? {
        None => {}
        Some((_, "helpdesk")) => config.slack.look_up_others = LookUpOthers::HelpDesk,
        Some((_, "everyone")) => config.slack.look_up_others = LookUpOthers::Everyone,
        Some((place, other)) => return Err(wrong(&place, "\"helpdesk\" or \"everyone\"", other)),
    }
    if let Some(written) = sections.get("slack", "helpdesk_members") {
        config.slack.helpdesk_members = members(&written)?;
        let has_channel = config.slack.helpdesk_channel.is_some() || environment(HELPDESK_CHANNEL).is_some();
        if config.slack.helpdesk_members == HelpDeskMembers::Channel && !has_channel {
            return Err(ConfigError::Missing {
                needed: "[slack] helpdesk_channel",
                by: "helpdesk_members = \"channel\"",
                mend: "add it with the channel's id, or name a user group (S…) or users in helpdesk_members",
            });
        }
    }
    config.slack.email_field = text("slack", "email_field")?.map(profile_field).transpose()?;
    if let Some(written) = sections.get("slack", "questions_per_minute") {
        config.slack.questions_per_minute =
            number(&written, "a number of questions from 1 to 10000", 10_000)?;
    }
    config.slack.guests = sections.flag("slack", "guests")?.unwrap_or_default();
    config.slack.shared_channels = sections.flag("slack", "shared_channels")?.unwrap_or_default();
    config.aws = identity_center::aws(sections)?;
    config.entra = idp::entra(sections, environment)?;
    config.okta = idp::okta(sections, environment)?;
    config.identity_source = identity_source::kind(sections)?;
    config.actions = idp::actions(sections)?;
    config.digest = digest::digest(sections)?;
    config.store = store::store(sections)?;
    Ok(config)
}

/// An address to listen at.
pub(super) fn address(key: &str, value: &str) -> Result<SocketAddr, ConfigError> {
    value.parse().map_err(|_| wrong(key, "an address with a port, like 127.0.0.1:8080", value))
}

/// How Slack reaches the bot.
pub(super) fn mode(key: &str, value: &str) -> Result<Mode, ConfigError> {
    match value {
        "http" => Ok(Mode::Http),
        "socket" => Ok(Mode::Socket),
        other => Err(wrong(key, "\"http\" or \"socket\"", other)),
    }
}

/// The address of Slack's Web API, without a slash at its end.
pub(super) fn api_url(key: &str, value: &str) -> Result<String, ConfigError> {
    idp::address(key, value, "an https URL, like https://slack.com/api (http on this machine only)")
}

/// From 1 to `most`.
pub(super) fn number(written: &Written, expected: &'static str, most: u16) -> Result<u16, ConfigError> {
    let number = written.value.as_integer().and_then(|number| number.as_str().parse::<u16>().ok());
    let fitting = number.filter(|number| (1..=most).contains(number));
    fitting.ok_or_else(|| wrong(&written.place, expected, &shown(written.value)))
}

/// A channel's id.
pub(super) fn channel((place, value): (String, &str)) -> Result<String, ConfigError> {
    if is_slack_id(value, ['C', 'G']) {
        return Ok(value.to_owned());
    }
    Err(wrong(&place, "a channel's id (C… or G…, at the end of the channel's details in Slack)", value))
}

/// The id of a field that an administrator added to the profiles.
fn profile_field((place, value): (String, &str)) -> Result<String, ConfigError> {
    let rest = value.strip_prefix("Xf").filter(|rest| !rest.is_empty());
    match rest {
        Some(rest) if rest.bytes().all(|byte| byte.is_ascii_alphanumeric()) => Ok(value.to_owned()),
        _ => Err(wrong(&place, "a profile field's id (Xf…, as team.profile.get of Slack lists them)", value)),
    }
}

fn members(written: &Written) -> Result<HelpDeskMembers, ConfigError> {
    const EXPECTED: &str = "\"channel\", a user group's id (S…) or a list of user ids (U… or W…)";
    match written.value {
        DeValue::String(text) if text == "channel" => Ok(HelpDeskMembers::Channel),
        DeValue::String(text) if is_slack_id(text, ['S', 'S']) => {
            Ok(HelpDeskMembers::UserGroup(text.to_string()))
        }
        DeValue::String(text) => Err(wrong(&written.place, EXPECTED, text)),
        DeValue::Array(users) => {
            let user = |user: &Spanned<DeValue>| match user.get_ref().as_str() {
                Some(id) if is_slack_id(id, ['U', 'W']) => Ok(id.to_owned()),
                _ => Err(wrong(&written.place, EXPECTED, &shown(user.get_ref()))),
            };
            Ok(HelpDeskMembers::Users(users.iter().map(user).collect::<Result<_, _>>()?))
        }
        other => Err(wrong(&written.place, EXPECTED, &shown(other))),
    }
}

/// Slack's ids are capital letters and digits; the first letter tells what they name.
fn is_slack_id(text: &str, first: [char; 2]) -> bool {
    text.starts_with(first) && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// The file, to say where in it something stands.
#[derive(Clone, Copy)]
struct Lines<'t> {
    path: &'t str,
    text: &'t str,
}

impl Lines<'_> {
    /// The file and the line, counted from 1, of this byte.
    fn place(self, byte: usize) -> String {
        let breaks = self.text.bytes().take(byte).filter(|byte| *byte == b'\n').count();
        format!("{}, line {}", self.path, breaks + 1)
    }
}

/// The file's sections, by name.
#[derive(Clone, Copy)]
pub(super) struct Sections<'t> {
    lines: Lines<'t>,
    table: &'t DeTable<'t>,
}

impl<'t> Sections<'t> {
    /// Where the section begins, if it is there.
    pub(super) fn place(self, section: &str) -> Option<String> {
        self.table.get_key_value(section).map(|(name, _)| self.lines.place(name.span().start))
    }

    /// A text with its place.
    pub(super) fn text(self, section: &str, key: &str) -> Result<Option<(String, &'t str)>, ConfigError> {
        self.get(section, key).map(Written::text).transpose()
    }

    pub(super) fn flag(self, section: &str, key: &str) -> Result<Option<bool>, ConfigError> {
        self.get(section, key).map(|written| written.flag()).transpose()
    }

    pub(super) fn get(self, section: &str, key: &str) -> Option<Written<'t>> {
        let value = self.table.get(section)?.get_ref().get(key)?;
        let place = format!("{}: [{section}] {key}", self.lines.place(value.span().start));
        Some(Written { place, value: value.get_ref() })
    }
}

/// A value with its place: file, line, section and key.
pub(super) struct Written<'v> {
    pub(super) place: String,
    value: &'v DeValue<'v>,
}

impl<'v> Written<'v> {
    fn flag(&self) -> Result<bool, ConfigError> {
        let expected = "true or false, without quotation marks";
        self.value.as_bool().ok_or_else(|| wrong(&self.place, expected, &shown(self.value)))
    }

    fn text(self) -> Result<(String, &'v str), ConfigError> {
        match self.value.as_str() {
            Some(text) if !text.trim().is_empty() => Ok((self.place, text)),
            Some(_) => Err(wrong(&self.place, "a text between quotation marks", "empty")),
            None => Err(wrong(&self.place, "a text between quotation marks", &shown(self.value))),
        }
    }
}

pub(super) fn wrong(key: &str, expected: &'static str, found: &str) -> ConfigError {
    if !secrets::may_be_told(found) {
        let found = "what stands there".to_owned();
        return ConfigError::Wrong { key: key.to_owned(), expected, found };
    }
    let mut letters = found.chars().filter(|letter| !letter.is_control());
    let mut found: String = letters.by_ref().take(LONGEST_TOLD).collect();
    if letters.next().is_some() {
        found.push('…');
    }
    ConfigError::Wrong { key: key.to_owned(), expected, found }
}

/// A value as it stands there; of what is long or has parts, what it is.
fn shown(value: &DeValue) -> String {
    match value {
        DeValue::String(text) => format!("\"{text}\""),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(moment) => moment.to_string(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a section".to_owned(),
    }
}

fn refuse_what_is_unknown(lines: Lines, table: &DeTable) -> Result<(), ConfigError> {
    for (name, value) in table {
        let (place, section) = (lines.place(name.span().start), name.get_ref().as_ref());
        let keys = settings::keys(section);
        if keys.is_empty() {
            let sections = settings::sections().map(|known| (known, format!("[{known}]")));
            let owners = SETTINGS
                .iter()
                .map(|setting| (setting.key, format!("[{}] {}", setting.section, setting.key)));
            let hint = did_you_mean(section, sections.chain(owners));
            let key = if value.get_ref().is_table() { format!("[{section}]") } else { section.to_owned() };
            return Err(match secrets::is_named_so(section) {
                true => {
                    let instead = secrets::instead("", section, value.get_ref().as_str());
                    ConfigError::SecretInFile { place, key, instead }
                }
                false => ConfigError::UnknownKey { place, key, hint },
            });
        }
        let Some(written) = value.get_ref().as_table() else {
            return Err(wrong(
                &format!("{place}: {section}"),
                "a section, like [aws]",
                &shown(value.get_ref()),
            ));
        };
        if let Some((key, value)) = written.iter().find(|(key, _)| !keys.contains(&key.get_ref().as_ref())) {
            let value = value.get_ref().as_str();
            return Err(unknown_key(lines.place(key.span().start), section, (key.get_ref(), value), &keys));
        }
    }
    Ok(())
}

/// A secret at the place of a setting, which would else be told where it is refused.
fn refuse_secrets(lines: Lines, table: &DeTable) -> Result<(), ConfigError> {
    for (section, settings) in table {
        for (key, value) in settings.get_ref().as_table().into_iter().flatten() {
            let value = value.get_ref().as_str();
            if value.is_some_and(secrets::looks_like_one) {
                let (section, place) = (section.get_ref(), lines.place(key.span().start));
                let instead = secrets::instead(section, key.get_ref(), value);
                let key = format!("a secret at [{section}] {}", key.get_ref());
                return Err(ConfigError::SecretInFile { place, key, instead });
            }
        }
    }
    Ok(())
}

fn unknown_key(
    place: String,
    section: &str,
    (key, value): (&str, Option<&str>),
    known: &[&str],
) -> ConfigError {
    let shown = format!("[{section}] {key}");
    if secrets::is_named_so(key) {
        let instead = secrets::instead(section, key, value);
        return ConfigError::SecretInFile { place, key: shown, instead };
    }
    let hint = did_you_mean(key, known.iter().map(|known| (*known, (*known).to_owned())));
    ConfigError::UnknownKey { place, key: shown, hint }
}

/// The known word that is most like what was typed; `None` if none is.
pub(super) fn nearest<'k>(typed: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let scored = known.map(|name| (strsim::normalized_damerau_levenshtein(typed, name), name));
    let best = scored.filter(|(alike, _)| *alike >= ALIKE).max_by(|one, other| one.0.total_cmp(&other.0));
    best.map(|(_, name)| name)
}

fn did_you_mean<'k>(typed: &str, known: impl Iterator<Item = (&'k str, String)>) -> String {
    let scored = known.map(|(name, shown)| (strsim::normalized_damerau_levenshtein(typed, name), shown));
    let best = scored.filter(|(alike, _)| *alike >= ALIKE).max_by(|one, other| one.0.total_cmp(&other.0));
    best.map_or_else(
        || "; take it out, or look for its name under \"Configuration\" in README.md".to_owned(),
        |(_, shown)| format!("; did you mean {shown}?"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        parse("sso-why.toml", text, &|_| None).expect_err("is refused").to_string()
    }

    #[test]
    fn the_whole_of_it_is_read() {
        let config = parse(
            "x",
            "[server]\nlisten = \"127.0.0.1:1\"\nmode = \"http\"\n[slack]\napi_url = \"http://127.0.0.1:2/api\"\nhelpdesk_channel = \"C1\"\nadmin_channel = \"C2\"\nlook_up_others = \"everyone\"\nhelpdesk_members = [\"U1\"]\nguests = true\nemail_field = \"Xf0EMAIL\"\n[aws]\nregion = \"eu-west-1\"\ninstance_arn = \"arn:aws:sso:::instance/ssoins-0123456789abcdef\"\nidentity_store_id = \"d-0123456789\"\n",
            &|_| None,
        )
        .expect("is read");
        assert_eq!(config.slack.helpdesk_members, HelpDeskMembers::Users(vec!["U1".to_owned()]));
        assert_eq!(config.aws.region.as_deref(), Some("eu-west-1"));
        assert_eq!(config.slack.look_up_others, LookUpOthers::Everyone);
        assert_eq!((config.slack.guests, config.slack.shared_channels), (true, false));
        assert_eq!(config.slack.email_field.as_deref(), Some("Xf0EMAIL"));
    }

    #[test]
    fn what_is_wrong_is_said_in_one_sentence_with_its_line() {
        for (text, sentence) in [
            (
                "\n[slack]\nhelpdesk_chanel = \"C1\"",
                "sso-why.toml, line 3 has [slack] helpdesk_chanel, which is no setting; did you mean helpdesk_channel?",
            ),
            ("[slak]\n", "sso-why.toml, line 1 has [slak], which is no setting; did you mean [slack]?"),
            (
                "region = \"x\"",
                "sso-why.toml, line 1 has region, which is no setting; did you mean [aws] region?",
            ),
            (
                "[server]\nmode = \"sockets\"",
                "sso-why.toml, line 2: [server] mode cannot be sockets; it must be \"http\" or \"socket\"",
            ),
            (
                "[server]\nlisten = \"here\"",
                "sso-why.toml, line 2: [server] listen cannot be here; it must be an address with a port, like 127.0.0.1:8080",
            ),
            (
                "[slack]\nhelpdesk_channel = \"#help\"",
                "sso-why.toml, line 2: [slack] helpdesk_channel cannot be #help; it must be a channel's id (C… or G…, at the end of the channel's details in Slack)",
            ),
            (
                "[slack]\nemail_field = \"email\"",
                "sso-why.toml, line 2: [slack] email_field cannot be email; it must be a profile field's id (Xf…, as team.profile.get of Slack lists them)",
            ),
            (
                "[slack]\napi_url = \"slack.com\"",
                "sso-why.toml, line 2: [slack] api_url cannot be slack.com; it must be an https URL, like https://slack.com/api (http on this machine only)",
            ),
            (
                "[aws]\n\nregion = 1",
                "sso-why.toml, line 3: [aws] region cannot be 1; it must be a text between quotation marks",
            ),
            ("aws = 1", "sso-why.toml, line 1: aws cannot be 1; it must be a section, like [aws]"),
        ] {
            assert_eq!(refusal(text), sentence);
        }
        assert!(refusal("[slack]\n[aws\n").starts_with("sso-why.toml, line 2 is not TOML: "));
    }

    #[test]
    fn a_help_desk_that_is_a_channel_needs_one() {
        let text = "[slack]\nhelpdesk_members = \"channel\"";
        assert_eq!(
            refusal(text),
            "[slack] helpdesk_channel is missing, and helpdesk_members = \"channel\" needs it; add it with the channel's id, or name a user group (S…) or users in helpdesk_members"
        );
        let by_variable = |name: &str| (name == HELPDESK_CHANNEL).then(|| "C1".to_owned());
        assert!(parse("x", text, &by_variable).is_ok());
    }

    #[test]
    fn the_help_desk_is_a_channel_a_user_group_or_a_list() {
        let members = |value: &str| {
            parse("x", &format!("[slack]\nhelpdesk_channel = \"C1\"\nhelpdesk_members = {value}"), &|_| None)
                .map(|config| config.slack.helpdesk_members)
        };
        assert_eq!(members("\"channel\""), Ok(HelpDeskMembers::Channel));
        assert_eq!(members("\"S1\""), Ok(HelpDeskMembers::UserGroup("S1".to_owned())));
        assert_eq!(
            members("[\"U1\", \"W2\"]"),
            Ok(HelpDeskMembers::Users(vec!["U1".to_owned(), "W2".to_owned()]))
        );
        for wrong in ["\"Support\"", "\"help\"", "[\"dana\"]", "[1]", "true"] {
            assert!(members(wrong).is_err(), "{wrong}");
        }
    }
}
