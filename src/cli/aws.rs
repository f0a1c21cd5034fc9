//! AWS's own configuration: its Region, credentials and endpoints, through the SDK's chain.

use anyhow::{Context as _, anyhow};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_ssoadmin::config::ProvideCredentials as _;

use crate::config::Aws;

/// The SDK's configuration, with the Region of ours where it names one.
///
/// # Errors
/// Where there is no Region or there are no credentials: nothing could be asked then.
pub(super) async fn configured(aws: &Aws) -> anyhow::Result<SdkConfig> {
    let loaded = loaded(aws).await;
    if loaded.region().is_none() {
        return Err(anyhow!(
            "there is no AWS Region; set [aws] region or AWS_REGION to where Identity Center lives"
        ));
    }
    let provider = loaded.credentials_provider().context(NO_CREDENTIALS)?;
    // The provider's own error names files and addresses; what helps is how to sign in.
    provider.provide_credentials().await.map_err(|_| anyhow!(NO_CREDENTIALS))?;
    Ok(loaded)
}

/// The same, whatever it lacks.
pub(super) async fn loaded(aws: &Aws) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest());
    if let Some(region) = &aws.region {
        loader = loader.region(Region::new(region.clone()));
    }
    loader.load().await
}

const NO_CREDENTIALS: &str =
    "there are no AWS credentials; sign in (aws sso login), set AWS_PROFILE, or give this machine a role";
