//! Rate limits of the calls to AWS and to Microsoft Graph.

use std::num::NonZeroU32;
use std::time::Duration;

/// How often the services may be called. The default is what they allow, less what others need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Calls a second of all SSO Admin operations together.
    pub sso_admin: NonZeroU32,
    /// Calls a second of each identity store operation.
    pub identity_store: NonZeroU32,
    /// Calls a second of `organizations:ListAccounts`.
    pub list_accounts: NonZeroU32,
    /// Calls a second of `organizations:DescribeAccount`.
    pub describe_account: NonZeroU32,
    /// Requests of Graph's reports (`auditLogs/*`) within [`Self::report_window`], and as many of provisionOnDemand.
    pub reports: usize,
    /// The length of the window that [`Self::reports`] counts in.
    pub report_window: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // 15 of the 20 calls a second that all SSO Admin operations together may make, organization-wide:
            // Terraform and people need the rest. (User guide, "Quotas": "IAM Identity Center APIs … collective
            // 20 TPS".)
            sso_admin: const { NonZeroU32::new(15).unwrap() },
            // 15 of the 20 calls a second that each identity store operation may make for one store (same page).
            identity_store: const { NonZeroU32::new(15).unwrap() },
            // 6 of the 8 ListAccounts calls a second that an account may make ("Quotas for AWS Organizations").
            list_accounts: const { NonZeroU32::new(6).unwrap() },
            // 15 of the 20 DescribeAccount calls a second (same page).
            describe_account: const { NonZeroU32::new(15).unwrap() },
            // Graph's limit for reports (`auditLogs/*`) for one app in one tenant, and the same for
            // provisionOnDemand: 5 requests in 10 s ("Microsoft Graph service-specific throttling limits";
            // `synchronizationJob: provisionOnDemand`).
            reports: 5,
            // 10 s, and one more for requests that are longer on their way than later ones.
            report_window: Duration::from_secs(11),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_limits_stay_below_the_documented_quotas() {
        let limits = Limits::default();
        let a_second = |calls: NonZeroU32| calls.get();
        assert_eq!(a_second(limits.sso_admin), 15, "of 20");
        assert_eq!(a_second(limits.identity_store), 15, "of 20");
        assert_eq!(a_second(limits.list_accounts), 6, "of 8");
        assert_eq!(a_second(limits.describe_account), 15, "of 20");
        assert_eq!((limits.reports, limits.report_window), (5, Duration::from_secs(11)), "of 5 in 10 s");
    }
}
