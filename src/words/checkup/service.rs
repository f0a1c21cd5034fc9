//! The service that a check asks.

use crate::checkup::Id;

/// The service by its name.
pub(super) fn service(id: &Id) -> &'static str {
    match id {
        Id::SlackToken
        | Id::SlackAppToken
        | Id::SlackScope(_)
        | Id::SlackChannel(_)
        | Id::SlackHelpDesk
        | Id::SlackRequests
        | Id::Clock => "Slack",
        Id::AwsIdentity | Id::AwsRegion | Id::AwsInstance | Id::AwsAction(_) | Id::AwsIdentitySource => "AWS",
        Id::EntraToken | Id::EntraPermission(_) | Id::EntraSyncJob => "Microsoft Graph",
        Id::OktaToken | Id::OktaScope(_) | Id::OktaApp => "Okta",
        Id::Config | Id::Store => "the store",
    }
}
