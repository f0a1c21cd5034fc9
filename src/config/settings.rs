//! Every setting: what the file may hold, and the reference of it in the README, which a test keeps the same.

/// One setting of the file, with what the README says of it.
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the README's columns are read by the test that holds them")
)]
pub(super) struct Setting {
    pub(super) section: &'static str,
    pub(super) key: &'static str,
    /// Variables that go before the file, as the README writes them; empty where there is none.
    environment: &'static str,
    /// What holds where nothing is set, as the README writes it.
    default: &'static str,
    what: &'static str,
}

/// Section by section, in the order of the README.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        section: "server",
        key: "listen",
        environment: "`SSO_WHY_LISTEN`",
        default: "`127.0.0.1:8080`",
        what: "where the bot listens",
    },
    Setting {
        section: "server",
        key: "mode",
        environment: "`SSO_WHY_MODE`",
        default: "`\"http\"`",
        what: "how Slack reaches the bot: `\"http\"`, or `\"socket\"` for Socket Mode",
    },
    Setting {
        section: "slack",
        key: "api_url",
        environment: "`SLACK_API_URL`",
        default: "`https://slack.com/api`",
        what: "Slack's Web API",
    },
    Setting {
        section: "slack",
        key: "helpdesk_channel",
        environment: "`SSO_WHY_HELPDESK_CHANNEL`",
        default: "none",
        what: "id of the channel for escalations; without it there is no `Ask the help desk`, nor a help desk, unless `helpdesk_members` names one",
    },
    Setting {
        section: "slack",
        key: "admin_channel",
        environment: "`SSO_WHY_ADMIN_CHANNEL`",
        default: "none",
        what: "id of the channel for the digest and for what hits several people at once",
    },
    Setting {
        section: "slack",
        key: "look_up_others",
        environment: "",
        default: "`\"helpdesk\"`",
        what: "who may ask about somebody else: `\"helpdesk\"` or `\"everyone\"`",
    },
    Setting {
        section: "slack",
        key: "helpdesk_members",
        environment: "",
        default: "`\"channel\"`",
        what: "who the help desk is: the members of its channel, a user group id `\"S…\"`, or a list of user ids",
    },
    Setting {
        section: "slack",
        key: "guests",
        environment: "",
        default: "`false`",
        what: "whether guests of the workspace may use the bot",
    },
    Setting {
        section: "slack",
        key: "shared_channels",
        environment: "",
        default: "`false`",
        what: "whether the bot answers in channels shared with other organizations, and their people",
    },
    Setting {
        section: "slack",
        key: "questions_per_minute",
        environment: "",
        default: "`20`",
        what: "how many questions one person may ask in a minute; the help desk three times as many",
    },
    Setting {
        section: "slack",
        key: "email_field",
        environment: "",
        default: "none",
        what: "id of a profile field, `\"Xf…\"`, that holds a further e-mail address; takes the scope `users.profile:read`",
    },
    Setting {
        section: "aws",
        key: "region",
        environment: "the SDK's own",
        default: "the SDK's own",
        what: "the Region where Identity Center lives",
    },
    Setting {
        section: "aws",
        key: "instance_arn",
        environment: "",
        default: "found",
        what: "the Identity Center instance",
    },
    Setting {
        section: "aws",
        key: "identity_store_id",
        environment: "",
        default: "found",
        what: "its identity store, `\"d-…\"`",
    },
    Setting {
        section: "entra",
        key: "tenant_id",
        environment: "`AZURE_TENANT_ID`",
        default: "none",
        what: "the tenant; not needed with a managed identity",
    },
    Setting {
        section: "entra",
        key: "client_id",
        environment: "`AZURE_CLIENT_ID`",
        default: "none",
        what: "the app registration of the bot",
    },
    Setting {
        section: "entra",
        key: "credential",
        environment: "",
        default: "`\"client_secret\"`",
        what: "`\"client_secret\"` (in `AZURE_CLIENT_SECRET`), `\"workload_identity\"` or `\"managed_identity\"`",
    },
    Setting {
        section: "entra",
        key: "service_principal_id",
        environment: "",
        default: "found by name",
        what: "object id of the enterprise application for AWS",
    },
    Setting {
        section: "entra",
        key: "graph_url",
        environment: "",
        default: "`https://graph.microsoft.com/v1.0`",
        what: "Microsoft Graph; another one for a national cloud",
    },
    Setting {
        section: "okta",
        key: "org_url",
        environment: "`OKTA_CLIENT_ORGURL`",
        default: "none",
        what: "`https://example.okta.com`",
    },
    Setting {
        section: "okta",
        key: "client_id",
        environment: "`OKTA_CLIENT_CLIENTID`",
        default: "none",
        what: "the API service app, with its key in `OKTA_CLIENT_PRIVATEKEY`; not needed with an API token in `OKTA_CLIENT_TOKEN`",
    },
    Setting {
        section: "okta",
        key: "app_id",
        environment: "",
        default: "found",
        what: "the app integration for AWS, `\"0oa…\"`",
    },
    Setting {
        section: "identity_source",
        key: "kind",
        environment: "",
        default: "shown by the records",
        what: "where Identity Center's people come from: `\"external\"` (an IdP), `\"active_directory\"` or `\"identity_center\"` (its own directory)",
    },
    Setting {
        section: "actions",
        key: "force_sync",
        environment: "",
        default: "`false`",
        what: "whether the help desk gets the button `Sync now`",
    },
    Setting {
        section: "digest",
        key: "schedule",
        environment: "",
        default: "`\"0 9 * * 1-5\"`",
        what: "when the digest is due: minute, hour, day, month, weekday; once a day at most; `\"off\"` for never",
    },
    Setting {
        section: "digest",
        key: "time_zone",
        environment: "",
        default: "`\"UTC\"`",
        what: "whose days and hours those are, like `\"Europe/London\"`",
    },
    Setting {
        section: "digest",
        key: "when_nothing",
        environment: "",
        default: "`\"say\"`",
        what: "where there is nothing to report: one quiet line, or nothing at all with `\"silent\"`",
    },
    Setting {
        section: "store",
        key: "url",
        environment: "`DATABASE_URL`",
        default: "`sqlite://sso-why.db`",
        what: "where the bot keeps what must survive a restart; `postgres://…` for several replicas",
    },
    Setting {
        section: "store",
        key: "retention_days",
        environment: "",
        default: "`90`",
        what: "how long questions, resolved tickets and watches that ended are kept",
    },
];

/// The sections, each once.
pub(super) fn sections() -> impl Iterator<Item = &'static str> {
    let mut last = "";
    SETTINGS.iter().map(|setting| setting.section).filter(move |section| {
        let is_new = *section != last;
        last = section;
        is_new
    })
}

/// The keys of a section; none where there is no such section.
pub(super) fn keys(section: &str) -> Vec<&'static str> {
    SETTINGS.iter().filter(|setting| setting.section == section).map(|setting| setting.key).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Config, HELPDESK_CHANNEL, file};
    use super::*;

    fn reference() -> String {
        let rows = SETTINGS.iter().map(|setting| {
            let Setting { section, key, environment, default, what } = setting;
            let environment = if environment.is_empty() { String::new() } else { format!("{environment} ") };
            format!("| `[{section}]` `{key}` | {environment}| {default} | {what} |\n")
        });
        "| key | environment | default | what it is |\n|---|---|---|---|\n".to_owned()
            + &rows.collect::<String>()
    }

    #[test]
    fn the_readme_has_the_whole_reference() {
        let readme = include_str!("../../README.md");
        let reference = reference();
        assert!(readme.contains(&reference), "put this in the place of the README's table:\n{reference}");
        let rows = readme.lines().filter(|line| line.starts_with("| `["));
        assert_eq!(rows.count(), SETTINGS.len(), "and nothing else");
    }

    /// Whatever is written in quotation marks, as a number or as true or false can stand in a file.
    #[test]
    fn what_is_told_as_the_default_is_the_default() {
        let mut looked_at = 0;
        for Setting { section, key, default, .. } in SETTINGS {
            let value = default.trim_matches('`');
            let bare = value.contains("://") || value.contains(":8080");
            let written = if bare { format!("\"{value}\"") } else { value.to_owned() };
            let names_a_value = default.starts_with('`');
            if !names_a_value || ["entra", "okta"].contains(section) {
                continue;
            }
            let text = format!("[{section}]\n{key} = {written}\n");
            // A help desk that is a channel needs one.
            let channel = |name: &str| (name == HELPDESK_CHANNEL).then(|| "C1".to_owned());
            let config = file::parse("sso-why.toml", &text, &channel).expect("is read");
            assert_eq!(config, Config::default(), "{text}");
            looked_at += 1;
        }
        assert!(looked_at > 10, "{looked_at}");
    }

    #[test]
    fn every_variable_is_read_by_config() {
        let read = [
            include_str!("../config.rs"),
            include_str!("idp.rs"),
            include_str!("secrets.rs"),
            include_str!("idp_secrets.rs"),
        ];
        for Setting { environment, .. } in
            SETTINGS.iter().filter(|setting| setting.environment.starts_with('`'))
        {
            let quoted = format!("\"{}\"", environment.trim_matches('`'));
            assert!(read.iter().any(|file| file.contains(&quoted)), "{environment}");
        }
    }
}
