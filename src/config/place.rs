//! Where the configuration stands: in a file, or in the variable that holds its text.

use std::path::{Path, PathBuf};

use super::{ConfigError, Environment};

/// Where to look for the configuration file when the command line names none.
pub(super) const PATH_VARIABLE: &str = "SSO_WHY_CONFIG";
/// The text of the file itself, for what runs a program with variables and no files, as AWS Fargate does.
pub(super) const TEXT_VARIABLE: &str = "SSO_WHY_CONFIG_TOML";
/// The file that is read where it exists and nothing else is named.
const DEFAULT_PATH: &str = "sso-why.toml";

pub(super) enum Place {
    File(PathBuf),
    Text(String),
}

/// Nothing where all is by default.
pub(super) fn place(named: Option<&Path>, environment: Environment) -> Result<Option<Place>, ConfigError> {
    let variable = |name| environment(name).filter(|_| named.is_none());
    match (variable(PATH_VARIABLE), variable(TEXT_VARIABLE)) {
        (Some(_), Some(_)) => Err(ConfigError::TwoFiles),
        (None, Some(text)) => Ok(Some(Place::Text(text))),
        (by_variable, None) => {
            let named = named.map(PathBuf::from).or_else(|| by_variable.map(PathBuf::from));
            let found = named.or_else(|| Some(PathBuf::from(DEFAULT_PATH)).filter(|path| path.exists()));
            Ok(found.map(Place::File))
        }
    }
}

/// What the configuration is read from, as a person knows it; nothing where all is by default.
pub fn read_from(named: Option<&Path>, environment: Environment) -> Option<String> {
    place(named, environment).ok().flatten().map(|place| match place {
        Place::File(path) => path.display().to_string(),
        Place::Text(_) => TEXT_VARIABLE.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use super::*;

    #[test]
    fn the_text_itself_stands_in_the_place_of_a_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("named.toml");
        std::fs::write(&path, "[aws]\nregion = \"eu-west-1\"\n").expect("is written");
        let path = path.to_str().expect("Unicode").to_owned();
        let with = |text: &'static str, file: Option<&str>| {
            let file = file.map(str::to_owned);
            move |name: &str| match name {
                TEXT_VARIABLE => Some(text.to_owned()),
                PATH_VARIABLE => file.clone(),
                _ => None,
            }
        };
        let text = with("[digest]\ntime_zone = \"Europe/London\"\n", None);
        let config = Config::load(None, &text).expect("is read");
        assert_eq!(config.digest.time_zone.iana_name(), Some("Europe/London"));
        assert_eq!(read_from(None, &text).as_deref(), Some("SSO_WHY_CONFIG_TOML"));
        // Who names a file on the command line means it.
        let config = Config::load(Some(Path::new(&path)), &text).expect("is read");
        assert_eq!(config.aws.region.as_deref(), Some("eu-west-1"));
        assert_eq!(read_from(Some(Path::new(&path)), &text), Some(path.clone()));

        for (variables, sentence) in [
            (
                with("[digest]\ntime_zone = \"London\"", None),
                "SSO_WHY_CONFIG_TOML, line 2: [digest] time_zone cannot be London; it must be an IANA time zone, like Europe/London",
            ),
            (with("", Some(&path)), "both SSO_WHY_CONFIG and SSO_WHY_CONFIG_TOML are set; keep one of them"),
        ] {
            assert_eq!(Config::load(None, &variables).expect_err("is wrong").to_string(), sentence);
        }
    }
}
