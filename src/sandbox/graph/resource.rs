//! What a path names.

use axum::http::Method;
use url::form_urlencoded;

use super::refusal::Refusal;

/// A resource, or an action on one. Ids are as the caller wrote them, decoded.
#[derive(Debug)]
pub(super) enum Resource {
    Users,
    /// Users who were deleted and can be restored.
    DeletedUsers,
    /// By object id or user principal name.
    User(String),
    MemberOf {
        user: String,
        reach: Reach,
        cast: Option<Cast>,
    },
    CheckMemberGroups(String),
    AssignmentsOfUser(String),
    Groups,
    Group(String),
    Members {
        group: String,
        reach: Reach,
        cast: Option<Cast>,
    },
    Owners(String),
    AssignmentsOfGroup(String),
    ServicePrincipals,
    ServicePrincipal(ApplicationKey),
    AssignedTo(ApplicationKey),
    Jobs(ApplicationKey),
    Job {
        application: ApplicationKey,
        job: String,
    },
    Schema {
        application: ApplicationKey,
        job: String,
    },
    Start {
        application: ApplicationKey,
        job: String,
    },
    Restart {
        application: ApplicationKey,
        job: String,
    },
    ProvisionOnDemand {
        application: ApplicationKey,
        job: String,
    },
    ProvisioningLog,
    DirectoryAudits,
    /// Who may activate which group for a while.
    Eligibilities,
}

/// Whether groups inside groups count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    Direct,
    Transitive,
}

/// The OData cast at the end of a path: objects of this type only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cast {
    User,
    Group,
}

/// How a service principal is named.
#[derive(Debug)]
pub(super) enum ApplicationKey {
    ObjectId(String),
    /// `servicePrincipals(appId='…')`
    AppId(String),
}

impl Resource {
    /// The resource that is asked for in this way at this path.
    ///
    /// # Errors
    /// As Graph, for a path that leads nowhere and for a method that the resource does not have.
    pub(super) fn named(method: &Method, path: &str) -> Result<Self, Refusal> {
        let segments: Vec<String> = path.split('/').skip(2).map(decoded).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let resource = Self::at(&segments).ok_or_else(|| Refusal::no_segment(path))?;
        if method == resource.method() { Ok(resource) } else { Err(Refusal::method_not_allowed()) }
    }

    fn at(segments: &[&str]) -> Option<Self> {
        match segments {
            ["users", rest @ ..] => Self::of_user(rest),
            ["groups", rest @ ..] => Self::of_group(rest),
            ["servicePrincipals"] => Some(Self::ServicePrincipals),
            ["servicePrincipals", id, rest @ ..] => {
                Self::of_application(ApplicationKey::ObjectId((*id).to_owned()), rest)
            }
            ["directory", "deletedItems", "microsoft.graph.user"] => Some(Self::DeletedUsers),
            ["identityGovernance", "privilegedAccess", "group", "eligibilityScheduleInstances"] => {
                Some(Self::Eligibilities)
            }
            ["auditLogs", "provisioning"] => Some(Self::ProvisioningLog),
            ["auditLogs", "directoryAudits"] => Some(Self::DirectoryAudits),
            [first, rest @ ..] => {
                let app_id = first.strip_prefix("servicePrincipals(appId='")?.strip_suffix("')")?;
                Self::of_application(ApplicationKey::AppId(app_id.to_owned()), rest)
            }
            [] => None,
        }
    }

    fn of_user(segments: &[&str]) -> Option<Self> {
        let Some((id, rest)) = segments.split_first() else { return Some(Self::Users) };
        let user = (*id).to_owned();
        match rest {
            [] => Some(Self::User(user)),
            ["memberOf", cast @ ..] => {
                Some(Self::MemberOf { user, reach: Reach::Direct, cast: Cast::at(cast)? })
            }
            ["transitiveMemberOf", cast @ ..] => {
                Some(Self::MemberOf { user, reach: Reach::Transitive, cast: Cast::at(cast)? })
            }
            ["checkMemberGroups"] => Some(Self::CheckMemberGroups(user)),
            ["appRoleAssignments"] => Some(Self::AssignmentsOfUser(user)),
            _ => None,
        }
    }

    fn of_group(segments: &[&str]) -> Option<Self> {
        let Some((id, rest)) = segments.split_first() else { return Some(Self::Groups) };
        let group = (*id).to_owned();
        match rest {
            [] => Some(Self::Group(group)),
            ["members", cast @ ..] => {
                Some(Self::Members { group, reach: Reach::Direct, cast: Cast::at(cast)? })
            }
            ["transitiveMembers", cast @ ..] => {
                Some(Self::Members { group, reach: Reach::Transitive, cast: Cast::at(cast)? })
            }
            ["owners"] => Some(Self::Owners(group)),
            ["appRoleAssignments"] => Some(Self::AssignmentsOfGroup(group)),
            _ => None,
        }
    }

    fn of_application(application: ApplicationKey, segments: &[&str]) -> Option<Self> {
        match segments {
            [] => Some(Self::ServicePrincipal(application)),
            ["appRoleAssignedTo"] => Some(Self::AssignedTo(application)),
            ["synchronization", "jobs"] => Some(Self::Jobs(application)),
            ["synchronization", "jobs", job, rest @ ..] => {
                let job = (*job).to_owned();
                match rest {
                    [] => Some(Self::Job { application, job }),
                    ["schema"] => Some(Self::Schema { application, job }),
                    ["start"] => Some(Self::Start { application, job }),
                    ["restart"] => Some(Self::Restart { application, job }),
                    ["provisionOnDemand"] => Some(Self::ProvisionOnDemand { application, job }),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn method(&self) -> Method {
        match self {
            Self::CheckMemberGroups(_)
            | Self::Start { .. }
            | Self::Restart { .. }
            | Self::ProvisionOnDemand { .. } => Method::POST,
            _ => Method::GET,
        }
    }

    /// The application permissions of which one is enough, the least privileged first (Graph v1.0 reference,
    /// "Permissions" of each operation).
    pub(super) fn permissions(&self) -> &'static [&'static str] {
        match self {
            Self::Users | Self::User(_) | Self::DeletedUsers => &["User.Read.All"],
            Self::MemberOf { .. }
            | Self::CheckMemberGroups(_)
            | Self::Groups
            | Self::Group(_)
            | Self::Members { .. }
            | Self::Owners(_) => &["GroupMember.Read.All"],
            Self::AssignmentsOfUser(_)
            | Self::AssignmentsOfGroup(_)
            | Self::ServicePrincipals
            | Self::ServicePrincipal(_)
            | Self::AssignedTo(_) => &["Application.Read.All"],
            Self::Jobs(_) | Self::Job { .. } | Self::Schema { .. } => {
                &["Synchronization.Read.All", "Synchronization.ReadWrite.All"]
            }
            Self::Start { .. } | Self::Restart { .. } | Self::ProvisionOnDemand { .. } => {
                &["Synchronization.ReadWrite.All"]
            }
            Self::ProvisioningLog | Self::DirectoryAudits => &["AuditLog.Read.All"],
            Self::Eligibilities => &["PrivilegedEligibilitySchedule.Read.AzureADGroup"],
        }
    }

    /// Its name in [`OPERATIONS`](super::OPERATIONS).
    pub(super) fn operation(&self) -> &'static str {
        match self {
            Self::Users | Self::User(_) => "graph:users",
            Self::DeletedUsers => "graph:directory/deletedItems/users",
            Self::MemberOf { reach: Reach::Direct, .. } => "graph:users/memberOf",
            Self::MemberOf { reach: Reach::Transitive, .. } => "graph:users/transitiveMemberOf",
            Self::AssignmentsOfUser(_) => "graph:users/appRoleAssignments",
            Self::CheckMemberGroups(_) => "graph:users/checkMemberGroups",
            Self::Groups | Self::Group(_) => "graph:groups",
            Self::Members { .. } => "graph:groups/members",
            Self::Owners(_) => "graph:groups/owners",
            Self::AssignmentsOfGroup(_) => "graph:groups/appRoleAssignments",
            Self::ServicePrincipals | Self::ServicePrincipal(_) => "graph:servicePrincipals",
            Self::AssignedTo(_) => "graph:servicePrincipals/appRoleAssignedTo",
            Self::Jobs(_) | Self::Job { .. } => "graph:synchronization/jobs",
            Self::Schema { .. } => "graph:synchronization/schema",
            Self::ProvisionOnDemand { .. } => "graph:synchronization/provisionOnDemand",
            Self::Start { .. } => "graph:synchronization/start",
            Self::Restart { .. } => "graph:synchronization/restart",
            Self::Eligibilities => "graph:privilegedAccess/group/eligibilityScheduleInstances",
            Self::ProvisioningLog => "graph:auditLogs/provisioning",
            Self::DirectoryAudits => "graph:auditLogs/directoryAudits",
        }
    }
}

impl Cast {
    /// The cast in the rest of a path; no rest is no cast.
    fn at(segments: &[&str]) -> Option<Option<Self>> {
        match segments {
            [] => Some(None),
            ["microsoft.graph.user"] => Some(Some(Self::User)),
            ["microsoft.graph.group"] => Some(Some(Self::Group)),
            _ => None,
        }
    }
}

/// One segment without its percent signs. A plus stands for itself in a path, unlike in a query.
fn decoded(segment: &str) -> String {
    let escaped = segment.replace('+', "%2B");
    form_urlencoded::parse(escaped.replace('&', "%26").replace('=', "%3D").as_bytes())
        .map(|(text, _)| text.into_owned())
        .next()
        .unwrap_or_default()
}
