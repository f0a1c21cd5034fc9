//! AWS's own configuration: its Region, credentials and endpoints, through the SDK's chain.

use anyhow::anyhow;
use aws_config::{BehaviorVersion, Region, SdkConfig};

use crate::config::Aws;
use crate::sources::{CREDENTIALS_COME, credentials};

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
    credentials(&loaded, CREDENTIALS_COME).await?;
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
