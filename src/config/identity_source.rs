//! `[identity_source]`: where Identity Center's people and groups come from.

use super::ConfigError;
use super::file::{Sections, nearest, wrong};
use crate::diagnosis::facts::IdentitySource;

/// The kind, unless it is left out.
pub(super) fn kind(sections: Sections) -> Result<Option<IdentitySource>, ConfigError> {
    let Some((place, written)) = sections.text("identity_source", "kind")? else { return Ok(None) };
    let Some(kind) = IdentitySource::ALL.into_iter().find(|kind| kind.name() == written) else {
        let near = nearest(written, IdentitySource::ALL.into_iter().map(IdentitySource::name));
        return Err(wrong(&place, expected(near), written));
    };
    let idp = ["entra", "okta"].into_iter().find(|section| sections.place(section).is_some());
    match idp {
        Some(idp) if kind != IdentitySource::External => {
            Err(ConfigError::SourceBesideIdp { key: place, found: kind.name(), idp })
        }
        _ => Ok(Some(kind)),
    }
}

fn expected(near: Option<&str>) -> &'static str {
    match near {
        Some("external") => {
            "\"external\", \"active_directory\" or \"identity_center\"; did you mean \"external\"?"
        }
        Some("active_directory") => {
            "\"external\", \"active_directory\" or \"identity_center\"; did you mean \"active_directory\"?"
        }
        Some("identity_center") => {
            "\"external\", \"active_directory\" or \"identity_center\"; did you mean \"identity_center\"?"
        }
        _ => "\"external\", \"active_directory\" or \"identity_center\"",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::file::parse;

    fn read(text: &str) -> Result<Option<IdentitySource>, String> {
        let config = parse("sso-why.toml", text, &|_| None);
        config.map(|config| config.identity_source).map_err(|error| error.to_string())
    }

    #[test]
    fn every_kind_is_read_by_its_name() {
        for kind in IdentitySource::ALL {
            let text = format!("[identity_source]\nkind = \"{}\"\n", kind.name());
            assert_eq!(read(&text), Ok(Some(kind)));
        }
        assert_eq!(read(""), Ok(None));
    }

    #[test]
    fn an_unknown_kind_is_refused_with_the_nearest_one() {
        assert_eq!(
            read("[identity_source]\nkind = \"activedirectory\"\n"),
            Err("sso-why.toml, line 2: [identity_source] kind cannot be activedirectory; it must be \"external\", \
                 \"active_directory\" or \"identity_center\"; did you mean \"active_directory\"?"
                .to_owned())
        );
        let refused = read("[identity_source]\nkind = \"x\"\n").expect_err("no kind");
        assert!(refused.ends_with("or \"identity_center\""), "{refused}");
        let refused = read("[identity_sorce]\nkind = \"external\"\n").expect_err("no section");
        assert!(refused.contains("did you mean [identity_source]?"), "{refused}");
    }

    #[test]
    fn a_directory_without_an_idp_is_refused_beside_one() {
        let okta = "[okta]\norg_url = \"https://example.okta.com\"\n";
        assert!(read(&format!("{okta}[identity_source]\nkind = \"external\"\n")).is_ok());
        let refused = read(&format!("{okta}[identity_source]\nkind = \"identity_center\"\n"));
        let refused = refused.expect_err("contradicts");
        assert!(refused.contains("kind cannot be identity_center beside [okta]"), "{refused}");
    }
}
