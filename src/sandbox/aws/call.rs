//! One call as it arrived: which service, which operation, from which Region, with what input.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::refusal::Refusal;
use crate::sandbox::company;

/// The services that the company has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Service {
    IdentityStore,
    SsoAdmin,
    Organizations,
}

impl Service {
    pub(super) fn with_target_prefix(prefix: &str) -> Option<Self> {
        match prefix {
            "AWSIdentityStore" => Some(Self::IdentityStore),
            "SWBExternalService" => Some(Self::SsoAdmin),
            "AWSOrganizationsV20161128" => Some(Self::Organizations),
            _ => None,
        }
    }

    /// How IAM policies call the service.
    pub(super) fn iam_prefix(self) -> &'static str {
        match self {
            Self::IdentityStore => "identitystore",
            Self::SsoAdmin => "sso",
            Self::Organizations => "organizations",
        }
    }

    fn most_results(self) -> i64 {
        match self {
            Self::IdentityStore | Self::SsoAdmin => 100,
            Self::Organizations => 20,
        }
    }
}

/// A call to be carried out.
pub(super) struct Call<'a> {
    pub(super) service: Service,
    pub(super) operation: &'a str,
    region: &'a str,
    input: Value,
    /// Where the caller wants to go on in a list.
    pub(super) page: Page,
}

/// What every list operation takes.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Page {
    pub(super) max_results: Option<i64>,
    pub(super) next_token: Option<String>,
}

impl<'a> Call<'a> {
    pub(super) fn read(
        service: Service,
        operation: &'a str,
        region: &'a str,
        body: &[u8],
    ) -> Result<Self, Refusal> {
        let input: Value = serde_json::from_slice(body).map_err(|_| Refusal::serialization())?;
        let page =
            Page::deserialize(&input).map_err(|error| Refusal::invalid(service, &error.to_string()))?;
        if let Some(max_results) = page.max_results {
            if max_results < 1 {
                return Err(Refusal::out_of_range(
                    service,
                    "MIN_VALUE_EXCEEDED",
                    "MaxResults must be at least 1",
                ));
            }
            if max_results > service.most_results() {
                let message = format!("MaxResults must be at most {}", service.most_results());
                return Err(Refusal::out_of_range(service, "MAX_VALUE_EXCEEDED", &message));
            }
        }
        Ok(Self { service, operation, region, input, page })
    }

    /// The input as the operation knows it. A member that is missing or of the wrong type is refused.
    pub(super) fn input<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        T::deserialize(&self.input).map_err(|error| Refusal::invalid(self.service, &error.to_string()))
    }

    /// The input but for the page: two calls with the same one list the same thing.
    pub(super) fn list_of(&self) -> String {
        let mut input = self.input.clone();
        if let Some(members) = input.as_object_mut() {
            members.remove("MaxResults");
            members.remove("NextToken");
        }
        format!("{:?} {} {input}", self.service, self.operation)
    }

    /// Whether Identity Center lives where the call was sent.
    pub(super) fn is_in_home_region(&self) -> bool {
        self.region == company::REGION
    }
}
