//! A help desk that is a user group of Slack's, and what keeps everybody from being of it.

use insta::assert_snapshot;
use sso_why::config::HelpDeskMembers;

use super::{assert_names, below, looked_at, reading, told};

#[tokio::test]
async fn a_help_desk_that_nobody_is_of_is_told() {
    let world = reading("no-idp").await;
    let of = |group: &str| {
        let mut installation = world.installation();
        installation.config.slack.helpdesk_members = HelpDeskMembers::UserGroup(group.to_owned());
        installation
    };
    let well = looked_at(&of("S0HELPDESK")).await;
    assert!(well.is_well() && told(&well).contains("slack.helpdesk_members"), "{}", told(&well));

    let elsewhere = looked_at(&of("S0NOBODY")).await;
    assert_names(&elsewhere, "slack.helpdesk_members");
    assert_snapshot!(below(&elsewhere), @r#"
    FAILED   slack.helpdesk_members: no user group S0NOBODY, or it is disabled
             Nobody is of the help desk: nobody may ask about others, unless
             everyone may, and nobody reads as an agent.
             Set in [slack] of sso-why.toml: the id of a user group that is
             enabled, or "channel":
             helpdesk_members = "S…"

    1 of 41 checks failed.
    "#);

    let people = {
        let workspace = world.sandbox.workspace();
        let channel =
            workspace.channels().iter().find(|channel| channel.id == "C0HELPDESK").expect("is there");
        channel.members.iter().filter(|member| **member != workspace.bot_user_id).cloned().collect::<Vec<_>>()
    };
    people.iter().for_each(|person| world.sandbox.workspace().leave(person, "C0HELPDESK"));
    let empty = looked_at(&of("S0HELPDESK")).await;
    assert_names(&empty, "slack.helpdesk_members");
    assert_snapshot!(below(&empty), @"
    FAILED   slack.helpdesk_members: nobody is in the user group S0HELPDESK, or it
             is disabled
             Nobody is of the help desk: nobody may ask about others, unless
             everyone may, and nobody reads as an agent.
             Mend: enable the user group S0HELPDESK in Slack and put the help
             desk's people into it, or name others with [slack] helpdesk_members
             in sso-why.toml

    1 of 41 checks failed.
    ");

    world.sandbox.workspace().app.scopes.remove("usergroups:read");
    assert_names(&looked_at(&of("S0HELPDESK")).await, "slack.scope:usergroups:read");
}
