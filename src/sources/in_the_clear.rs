//! What may go to AWS unencrypted: nothing, but on this machine and to where AWS hands out credentials by plain HTTP.
//!
//! The SDK takes addresses from variables and files that are not ours, for each service and for those of its own
//! credential chain. [`endpoints`] tells them, so that a wrong one is refused in words before anything is asked;
//! [`refusing`] is below all of it, and sends nothing wherever an address came from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use aws_config::SdkConfig;
use aws_sdk_ssoadmin::config::http::HttpRequest;
use aws_sdk_ssoadmin::config::{HttpClient as _, SharedHttpClient};
use aws_sdk_ssoadmin::error::ConnectorError;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, ConnectorBuilder};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_types::service_config::ServiceConfigKey;
use url::{Host, Url};

use super::http::is_loopback;

/// The services that the bot asks, then those that the SDK gets credentials from; by their ids, as the SDK's clients
/// look for their settings.
const SERVICES: [&str; 6] = ["SSO Admin", "identitystore", "Organizations", "STS", "SSO", "SSO OIDC"];

/// Where AWS hands out credentials, on the machine's own link and by plain HTTP alone: EC2's instance metadata (EC2 User
/// Guide, "Access instance metadata"), ECS's agent ("Task IAM role"), EKS's ("EKS Pod Identity").
const AGENTS: [IpAddr; 5] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 23)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)),
];

/// The address that the SDK was given for each service, where it was given one.
pub fn endpoints(aws: &SdkConfig) -> Vec<(&'static str, String)> {
    let of_one = |service| {
        let key =
            ServiceConfigKey::builder().service_id(service).env("AWS_ENDPOINT_URL").profile("endpoint_url");
        // As the clients do it: their own setting first, then the one for all.
        let own = key.build().ok().and_then(|key| aws.service_config()?.load_config(key));
        Some((service, own.or_else(|| aws.endpoint_url().map(str::to_owned))?))
    };
    SERVICES.into_iter().filter_map(of_one).collect()
}

/// The SDK's own HTTP client, which sends nothing that others on the way could read.
pub fn refusing() -> SharedHttpClient {
    // As `aws_smithy_runtime` makes it where none is given, with the proxy of the environment.
    let client = Builder::new().build_with_connector_fn(|settings, components| {
        let mut connector = ConnectorBuilder::default().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
        connector.set_proxy_config(Some(ProxyConfig::from_env()));
        connector.build()
    });
    http_client_fn(move |settings, components| {
        SharedHttpConnector::new(Refusing(client.http_connector(settings, components)))
    })
}

#[derive(Debug)]
struct Refusing(SharedHttpConnector);

impl HttpConnector for Refusing {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if may_be_sent_to(request.uri()) {
            return self.0.call(request);
        }
        HttpConnectorFuture::ready(Err(ConnectorError::user(InTheClear.into())))
    }
}

#[derive(Debug, thiserror::Error)]
#[error("nothing is sent to AWS over plain HTTP but on this machine")]
struct InTheClear;

fn may_be_sent_to(uri: &str) -> bool {
    let Ok(url) = Url::parse(uri) else { return false };
    let is_an_agent = match url.host() {
        Some(Host::Ipv4(address)) => AGENTS.contains(&address.into()),
        Some(Host::Ipv6(address)) => AGENTS.contains(&address.into()),
        _ => false,
    };
    url.scheme() == "https" || is_loopback(&url) || is_an_agent
}

#[cfg(test)]
mod tests {
    use aws_config::{BehaviorVersion, Region};
    use aws_sdk_sts::config::Credentials;
    use aws_sdk_sts::error::{DisplayErrorContext, SdkError};

    use super::*;

    #[test]
    fn where_aws_hands_out_credentials_is_asked_as_ever() {
        for fine in [
            "http://169.254.169.254/latest/api/token",
            "http://[fd00:ec2::254]/latest/api/token",
            "http://169.254.170.2/v2/credentials",
            "http://169.254.170.23/v1/credentials",
            "http://[fd00:ec2::23]/v1/credentials",
            "http://127.0.0.1:4566/",
            "http://localhost:4566/",
            "http://[::1]:4566/",
            "https://sts.us-east-1.amazonaws.com/",
        ] {
            assert!(may_be_sent_to(fine), "{fine}");
        }
        for open in [
            "http://sts.us-east-1.amazonaws.com/",
            "http://169.254.169.253/",
            "http://localhost.example/",
            "http://127.0.0.1@aws.example/",
            "/",
        ] {
            assert!(!may_be_sent_to(open), "{open}");
        }
    }

    #[tokio::test]
    async fn wherever_an_address_came_from_nothing_is_sent() {
        let asked = |url: &'static str| async move {
            let aws = aws_config::defaults(BehaviorVersion::latest())
                .region(Region::new("us-east-1"))
                .credentials_provider(Credentials::new("AKIDEXAMPLE", "example", None, None, "test"))
                .http_client(refusing())
                .endpoint_url(url)
                .load()
                .await;
            let answer = aws_sdk_sts::Client::new(&aws).get_caller_identity().send().await;
            answer.expect_err("nobody is there")
        };
        let refused = asked("http://aws.example").await;
        assert!(matches!(&refused, SdkError::DispatchFailure(failure) if failure.is_user()), "{refused:?}");
        assert!(DisplayErrorContext(refused).to_string().contains("over plain HTTP"));
        // Port 9 is discard's: nothing listens there, which only who connects can know.
        let connected = asked("http://127.0.0.1:9").await;
        assert!(matches!(&connected, SdkError::DispatchFailure(failure) if failure.is_io()), "{connected:?}");
    }
}
