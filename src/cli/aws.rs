//! AWS's own configuration: its Region, credentials and endpoints, through the SDK's chain.

use anyhow::anyhow;
use aws_config::{BehaviorVersion, Region, SdkConfig};

use crate::config::{Aws, ConfigError, aws_endpoint, environment, is_region};
use crate::sources::{CREDENTIALS_COME, credentials, endpoints, refusing};

/// The SDK's configuration, with the Region of ours where it names one.
///
/// # Errors
/// Where there is no Region or there are no credentials: nothing could be asked then. Where what is asked could be read
/// on the way.
pub(super) async fn configured(aws: &Aws) -> anyhow::Result<SdkConfig> {
    let loaded = loaded(aws).await?;
    if loaded.region().is_none() {
        return Err(anyhow!(
            "there is no AWS Region; set [aws] region or AWS_REGION to where Identity Center lives"
        ));
    }
    if let Some(wrong) = wrong_region(&loaded) {
        return Err(anyhow!(wrong));
    }
    credentials(&loaded, CREDENTIALS_COME).await?;
    Ok(loaded)
}

/// The same, whatever it lacks.
///
/// # Errors
/// Where what is asked could be read on the way.
pub(super) async fn loaded(aws: &Aws) -> Result<SdkConfig, ConfigError> {
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(refusing());
    if let Some(region) = &aws.region {
        loader = loader.region(Region::new(region.clone()));
    }
    let loaded = loader.load().await;
    for (service, url) in endpoints(&loaded) {
        aws_endpoint(service, &url, &environment)?;
    }
    Ok(loaded)
}

/// Why the Region that the environment or AWS's own files name cannot be one; `[aws] region` was looked at already.
pub(super) fn wrong_region(sdk: &SdkConfig) -> Option<String> {
    let region = sdk.region().filter(|region| !is_region(region.as_ref()))?;
    Some(format!(
        "AWS_REGION or the profile in ~/.aws/config names the Region {region}, and there is none of that form; set it to \
         where Identity Center lives, like us-east-1"
    ))
}
