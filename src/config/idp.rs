//! The sections about the IdP: `[entra]` or `[okta]`, and what may be done there (`[actions]`).

use url::{Host, Url};

use super::file::{Sections, wrong};
use super::{Actions, ConfigError, Entra, EntraCredentialKind, Environment, Okta};

/// Graph's address in Microsoft's public cloud.
const GRAPH_URL: &str = "https://graph.microsoft.com/v1.0";

/// `[entra]` with the variables that stand above it; nothing without the section.
pub(super) fn entra(sections: Sections, environment: Environment) -> Result<Option<Entra>, ConfigError> {
    const SECTION: &str = "entra";
    if sections.place(SECTION).is_none() {
        return Ok(None);
    }
    let text = |key| sections.text(SECTION, key);
    let id = |key| text(key).map(|id| id.map(|(_, id)| id.to_owned()));
    let credential = match text("credential")? {
        None => EntraCredentialKind::default(),
        Some((_, "client_secret")) => EntraCredentialKind::ClientSecret,
        Some((_, "workload_identity")) => EntraCredentialKind::WorkloadIdentity,
        Some((_, "managed_identity")) => EntraCredentialKind::ManagedIdentity,
        Some((place, other)) => {
            const EXPECTED: &str = "\"client_secret\", \"workload_identity\" or \"managed_identity\"";
            return Err(wrong(&place, EXPECTED, other));
        }
    };
    let graph_url = match text("graph_url")? {
        Some((place, url)) => address(
            &place,
            url,
            "an https URL, like https://graph.microsoft.com/v1.0 (http on this machine only)",
        )?,
        None => GRAPH_URL.to_owned(),
    };
    Ok(Some(Entra {
        tenant_id: environment("AZURE_TENANT_ID").or(id("tenant_id")?),
        client_id: environment("AZURE_CLIENT_ID").or(id("client_id")?),
        credential,
        service_principal_id: id("service_principal_id")?,
        graph_url,
    }))
}

/// `[okta]` with the variables that stand above it; nothing without the section.
pub(super) fn okta(sections: Sections, environment: Environment) -> Result<Option<Okta>, ConfigError> {
    const SECTION: &str = "okta";
    const VARIABLE: &str = "OKTA_CLIENT_ORGURL";
    let Some(place) = sections.place(SECTION) else { return Ok(None) };
    if sections.place("entra").is_some() {
        return Err(ConfigError::TwoIdps { place });
    }
    let id = |key| sections.text(SECTION, key).map(|id| id.map(|(_, id)| id.to_owned()));
    let by_variable = environment(VARIABLE).map(|url| (VARIABLE.to_owned(), url));
    let in_file = sections.text(SECTION, "org_url")?.map(|(place, url)| (place, url.to_owned()));
    let (place, url) = by_variable.or(in_file).ok_or(ConfigError::Missing {
        needed: "org_url",
        by: "[okta]",
        mend: "add it, or set OKTA_CLIENT_ORGURL",
    })?;
    Ok(Some(Okta {
        org_url: address(
            &place,
            &url,
            "an https URL, like https://example.okta.com (http on this machine only)",
        )?,
        client_id: environment("OKTA_CLIENT_CLIENTID").or(id("client_id")?),
        app_id: id("app_id")?,
    }))
}

/// `[actions]`.
pub(super) fn actions(sections: Sections) -> Result<Actions, ConfigError> {
    Ok(Actions { force_sync: sections.flag("actions", "force_sync")?.unwrap_or_default() })
}

/// Whether only this machine can be there, where nobody can listen to what is sent.
pub(super) fn is_loopback(url: &str) -> bool {
    let url = Url::parse(url).ok();
    match url.as_ref().and_then(Url::host) {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// An address that gets a token: https, or http where only this machine is. Without a slash at its end.
pub(super) fn address(key: &str, value: &str, expected: &'static str) -> Result<String, ConfigError> {
    let is_fine = Url::parse(value).is_ok_and(|url| {
        let scheme = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(value));
        scheme && url.query().is_none() && url.fragment().is_none() && !has_user(&url)
    });
    if !is_fine {
        return Err(wrong(key, expected, value));
    }
    Ok(value.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::{Config, file};
    use super::*;

    fn parse(text: &str) -> Result<Config, ConfigError> {
        file::parse("sso-why.toml", text, &|_| None)
    }

    fn refusal(text: &str) -> String {
        parse(text).expect_err("is refused").to_string()
    }

    #[test]
    fn without_a_section_there_is_no_idp() {
        let variables = |name: &str| Some(format!("https://{name}.example"));
        let config = file::parse("x", "[aws]\n", &variables).expect("is read");
        assert_eq!((config.entra, config.okta, config.actions.force_sync), (None, None, false));
    }

    #[test]
    fn the_whole_of_entra_is_read() {
        let config = parse(
            "[entra]\ntenant_id = \"t\"\nclient_id = \"c\"\ncredential = \"managed_identity\"\nservice_principal_id = \"s\"\ngraph_url = \"https://graph.microsoft.us/v1.0/\"\n[actions]\nforce_sync = true\n",
        );
        let config = config.expect("is read");
        let entra = config.entra.expect("is there");
        assert_eq!((entra.tenant_id.as_deref(), entra.client_id.as_deref()), (Some("t"), Some("c")));
        assert_eq!(entra.credential, EntraCredentialKind::ManagedIdentity);
        assert_eq!(entra.service_principal_id.as_deref(), Some("s"));
        assert_eq!(entra.graph_url, "https://graph.microsoft.us/v1.0");
        assert!(config.actions.force_sync);

        let bare = parse("[entra]\n").expect("is read").entra.expect("is there");
        assert_eq!(
            (bare.graph_url.as_str(), bare.credential),
            (GRAPH_URL, EntraCredentialKind::ClientSecret)
        );
    }

    #[test]
    fn variables_win_over_the_sections() {
        let variables = |name: &str| match name {
            "AZURE_TENANT_ID" => Some("t2".to_owned()),
            "AZURE_CLIENT_ID" => Some("c2".to_owned()),
            "OKTA_CLIENT_ORGURL" => Some("https://two.example/".to_owned()),
            _ => None,
        };
        let entra = file::parse("x", "[entra]\ntenant_id = \"t1\"\n", &variables).expect("is read").entra;
        let entra = entra.expect("is there");
        assert_eq!((entra.tenant_id.as_deref(), entra.client_id.as_deref()), (Some("t2"), Some("c2")));
        for text in ["[okta]\n", "[okta]\norg_url = \"https://one.example\"\napp_id = \"0oa1\"\n"] {
            let okta = file::parse("x", text, &variables).expect("is read").okta.expect("is there");
            assert_eq!(okta.org_url, "https://two.example");
        }
        let no_url = |name: &str| (name == "OKTA_CLIENT_ORGURL").then(|| "two.example".to_owned());
        let refused = file::parse("x", "[okta]\n", &no_url).expect_err("is no URL").to_string();
        assert!(
            refused.starts_with("OKTA_CLIENT_ORGURL cannot be two.example; it must be an https URL"),
            "{refused}"
        );
    }

    #[test]
    fn a_token_goes_over_https_or_stays_on_this_machine() {
        for url in [
            "https://graph.example/v1.0",
            "http://127.0.0.1:4011/v1.0",
            "http://localhost:1",
            "http://[::1]:1",
        ] {
            assert!(parse(&format!("[entra]\ngraph_url = \"{url}\"")).is_ok(), "{url}");
            assert!(parse(&format!("[okta]\norg_url = \"{url}\"")).is_ok(), "{url}");
        }
        for url in [
            "http://graph.example/v1.0",
            "http://127.0.0.1.example",
            "graph.example",
            "https://a.example/?b",
            "https://a@b.example",
            "https://:a@b.example",
        ] {
            assert!(parse(&format!("[entra]\ngraph_url = \"{url}\"")).is_err(), "{url}");
            assert!(parse(&format!("[okta]\norg_url = \"{url}\"")).is_err(), "{url}");
        }
    }

    #[test]
    fn an_address_that_may_hold_a_secret_is_refused_without_being_told() {
        for url in [
            "https://me:hidden@x.example",
            "https://:hidden@x.example",
            "me:hidden@x.example",
            "https://x.example/?key=hidden",
            "ftp://me:hidden@x.example",
        ] {
            let places =
                [("entra", "graph_url"), ("okta", "org_url"), ("slack", "api_url"), ("server", "listen")];
            for (section, key) in places {
                let refused = refusal(&format!("[{section}]\n{key} = \"{url}\""));
                assert!(refused.contains("cannot be what stands there; it must be"), "{refused}");
                assert!(!refused.contains("hidden"), "{refused}");
            }
            let refused = file::parse("x", "[okta]\n", &|_| Some(url.to_owned())).expect_err("is refused");
            assert!(!refused.to_string().contains("hidden"), "{refused}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_one_sentence() {
        for (text, sentence) in [
            (
                "[entra]\n\n[okta]\norg_url = \"https://x.example\"",
                "sso-why.toml, line 3 has [okta] beside [entra], and Identity Center has one identity source; keep one of them",
            ),
            (
                "[okta]\napp_id = \"0oa1\"",
                "org_url is missing, and [okta] needs it; add it, or set OKTA_CLIENT_ORGURL",
            ),
            (
                "[entra]\ncredential = \"certificate\"",
                "sso-why.toml, line 2: [entra] credential cannot be certificate; it must be \"client_secret\", \"workload_identity\" or \"managed_identity\"",
            ),
            (
                "[entra]\ngraph_url = \"http://graph.example\"",
                "sso-why.toml, line 2: [entra] graph_url cannot be http://graph.example; it must be an https URL, like https://graph.microsoft.com/v1.0 (http on this machine only)",
            ),
            (
                "[entra]\ntennant_id = \"x\"",
                "sso-why.toml, line 2 has [entra] tennant_id, which is no setting; did you mean tenant_id?",
            ),
            (
                "[entra]\nclient_secret = \"x\"",
                "sso-why.toml, line 2 has [entra] client_secret, and secrets are read from the environment alone; take it out and set AZURE_CLIENT_SECRET or AZURE_CLIENT_SECRET_FILE",
            ),
            (
                "[okta]\nprivate_key = \"x\"",
                "sso-why.toml, line 2 has [okta] private_key, and secrets are read from the environment alone; take it out and set OKTA_CLIENT_PRIVATEKEY or OKTA_CLIENT_PRIVATEKEY_FILE",
            ),
            (
                "[actions]\nforce_sync = \"yes\"",
                "sso-why.toml, line 2: [actions] force_sync cannot be \"yes\"; it must be true or false, without quotation marks",
            ),
        ] {
            assert_eq!(refusal(text), sentence);
        }
    }
}
