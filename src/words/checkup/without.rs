//! What does not work while a check fails.

use crate::checkup::{Check, Fault, Id, Outcome};

/// Of a right that the bot does not ask for; each that it asks for has a sentence of its own, and a test holds that.
pub const UNSAID: &str = "What the bot needs it for is refused.";

/// A sentence about what does not work.
pub fn without(check: &Check) -> &'static str {
    match &check.outcome {
        Outcome::Failed(Fault::SocketModeOff) => {
            "The bot connects, and Slack sends nothing through the connection: no question is heard."
        }
        Outcome::Failed(Fault::SocketModeOn) => {
            "Slack sends nothing to an address while the app has Socket Mode on: no question is heard."
        }
        _ => without_it(&check.id),
    }
}

fn without_it(id: &Id) -> &'static str {
    match id {
        Id::Config => "The bot does not start.",
        Id::Store => "The bot does not start: it could not keep what it accepted.",
        Id::SlackToken => "The bot cannot answer anybody in Slack.",
        Id::SlackAppToken => "The bot cannot connect to Slack, and hears of no question.",
        Id::SlackScope(scope) => of_slack(scope).unwrap_or(UNSAID),
        Id::SlackChannel(_) => "Nothing can be posted there: no ticket, no digest, no notice of an outage.",
        Id::SlackHelpDesk => {
            "Nobody is of the help desk: nobody may ask about others, unless everyone may, and nobody reads as an agent."
        }
        Id::SlackRequests => "The bot refuses all that it is sent: no question is heard.",
        Id::AwsIdentity => "Nothing can be read from AWS, so that no question can be answered.",
        Id::AwsRegion => "AWS has no assignments to show there, so that no question can be answered.",
        Id::AwsInstance => "There are no assignments to be seen there, so that no question can be answered.",
        Id::AwsAction(action) => of_aws(action).unwrap_or(UNSAID),
        Id::AwsIdentitySource => "Advice names both your company directory and Identity Center.",
        Id::EntraToken => {
            "Nothing of Entra ID is seen: reports say so, and cannot tell why a change has not arrived."
        }
        Id::EntraPermission(permission) => of_entra(permission).unwrap_or(UNSAID),
        Id::EntraSyncJob => "Whether a change is on its way, and when it is due, cannot be told.",
        Id::OktaToken => {
            "Nothing of Okta is seen: reports say so, and cannot tell why a change has not arrived."
        }
        Id::OktaScope(scope) => of_okta(scope).unwrap_or(UNSAID),
        Id::OktaApp => "Whether a group is pushed to AWS and a person assigned cannot be told.",
        Id::Clock => {
            "From 5 minutes on the bot refuses all of Slack's requests and AWS all of the bot's; times are told \
             wrongly before."
        }
    }
}

fn of_slack(scope: &str) -> Option<&'static str> {
    Some(match scope {
        "app_mentions:read" => "A mention of the bot is not heard.",
        "channels:history" => {
            "What is said in a ticket's thread in a public channel does not reach the asker."
        }
        "groups:history" => {
            "What is said in a ticket's thread in a private channel does not reach the asker."
        }
        "im:history" => "What people write to the bot directly is not heard.",
        "channels:read" => {
            "The bot answers nobody in a public channel, as another organization might read there, and cannot tell \
             who is in a help-desk channel that is public."
        }
        "groups:read" => {
            "The bot answers nobody in a private channel, as another organization might read there, and cannot tell \
             who is in a help-desk channel that is private."
        }
        "chat:write" => "No ticket, digest or direct message can be posted.",
        "commands" => "There is no /sso-why and no shortcut.",
        "im:write" => {
            "Where the bot was cut off while it wrote to somebody directly, they may read the same twice."
        }
        "usergroups:read" => "A user group cannot be the help desk.",
        "users:read" => "Nobody is answered, as who asks cannot be told.",
        "users.profile:read" => {
            "Nobody is looked for by the address in the field that [slack] email_field names."
        }
        "users:read.email" => "Nobody in Slack can be found at AWS, as their e-mail address is not shown.",
        _ => return None,
    })
}

fn of_aws(action: &str) -> Option<&'static str> {
    Some(match action {
        "sso:ListInstances" => {
            "The Identity Center instance is not found, unless [aws] instance_arn and identity_store_id name it."
        }
        "organizations:ListAccounts" => "An account cannot be asked about by its name.",
        "organizations:DescribeAccount" => "Whether an account is active cannot be told.",
        "identitystore:GetUserId" => "Nobody is found by user name or e-mail address.",
        "identitystore:GetGroupId" => "Whether AWS lost a group that the person is in cannot be told.",
        "identitystore:DescribeUser" => "Whether a person is enabled cannot be told.",
        "identitystore:ListGroupMembershipsForMember" => "Which groups a person is in cannot be told.",
        "identitystore:DescribeGroup" => {
            "What a group is called, and whether it still exists, cannot be told."
        }
        "identitystore:ListGroups" => "There is no digest of duplicate groups.",
        "identitystore:ListGroupMemberships" => "The digest cannot tell whom a duplicate group hurts.",
        "sso:ListPermissionSetsProvisionedToAccount" => {
            "Which permission sets an account has cannot be told."
        }
        "sso:ListAccountAssignments" => "Whether a group has access to an account cannot be told.",
        "sso:ListAccountAssignmentsForPrincipal" => {
            "An assignment whose permission set is not on the account is not seen, nor what a group opens."
        }
        "sso:DescribePermissionSet" => "A permission set cannot be told by its name.",
        "sso:ListAccountAssignmentCreationStatus" | "sso:DescribeAccountAssignmentCreationStatus" => {
            "Whether an assignment is just being made, or failed, cannot be told."
        }
        "sso:ListAccountAssignmentDeletionStatus" | "sso:DescribeAccountAssignmentDeletionStatus" => {
            "Until when a person had access that was ended cannot be told."
        }
        _ => return None,
    })
}

fn of_entra(permission: &str) -> Option<&'static str> {
    Some(match permission {
        "User.Read.All" => "Whether a person is there and enabled, and who owns a group, cannot be told.",
        "GroupMember.Read.All" => "Which groups a person is in cannot be told.",
        "Application.Read.All" => "Whether a group is assigned to the application for AWS cannot be told.",
        "Synchronization.Read.All" => "Whether the synchronization runs, and when next, cannot be told.",
        "AuditLog.Read.All" => "When a person was added, and what went wrong on the way, cannot be told.",
        "PrivilegedEligibilitySchedule.Read.AzureADGroup" => {
            "Whether a person only has to activate a group cannot be told."
        }
        "Synchronization.ReadWrite.All" => "The button Sync now fails.",
        _ => return None,
    })
}

fn of_okta(scope: &str) -> Option<&'static str> {
    Some(match scope {
        "okta.users.read" => "Whether a person is there and active, and in which groups, cannot be told.",
        "okta.groups.read" => "Which group has a name, and whether it is pushed, cannot be told.",
        "okta.apps.read" => "Whether a person or group is on the application for AWS cannot be told.",
        "okta.logs.read" => "When a person was added, and what went wrong on the way, cannot be told.",
        "okta.apps.manage" | "okta.groups.manage" => "The button Sync now fails.",
        _ => return None,
    })
}
