//! Traces to an OpenTelemetry collector: a span for each question, with its reference, and below it one for each call
//! to AWS or the IdP. They say what was asked of whom and how long it took, and nothing of what was answered.
//!
//! Set up by the variables that every program with OpenTelemetry knows (opentelemetry.io, "OTLP Exporter
//! Configuration"); the libraries read most of them by themselves.

use std::sync::OnceLock;

use anyhow::Context as _;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::Layer;
use tracing_subscriber::registry::Registry;

/// Traces are sent where one of these is set: a bot without a collector is not to look for one.
const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

/// What the bot is called where nothing else is set.
const SERVICE_NAME: &str = "sso-why";

/// What sends in the background, to be ended in order.
static SENT: OnceLock<SdkTracerProvider> = OnceLock::new();

/// The layer that makes traces of spans, where there is somebody to send them to.
///
/// # Errors
/// Where the exporter cannot be made of what is set.
pub(super) fn traces(
    environment: &dyn Fn(&str) -> Option<String>,
) -> anyhow::Result<Option<Box<dyn Layer<Registry> + Send + Sync>>> {
    if ENDPOINTS.iter().all(|name| environment(name).is_none()) {
        return Ok(None);
    }
    let exporter =
        SpanExporter::builder().with_http().build().context("the traces of OTEL_* could not be set up")?;
    let mut resource = Resource::builder();
    if environment("OTEL_SERVICE_NAME").is_none() {
        resource = resource.with_service_name(SERVICE_NAME);
    }
    let provider =
        SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource.build()).build();
    let provider = SENT.get_or_init(|| provider);
    Ok(Some(layer(provider)))
}

/// Sends what is still to be sent.
pub(super) fn finish() {
    if let Some(provider) = SENT.get()
        && let Err(error) = provider.shutdown()
    {
        tracing::warn!(%error, "the last traces could not be sent");
    }
}

fn layer(provider: &SdkTracerProvider) -> Box<dyn Layer<Registry> + Send + Sync> {
    let layer = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer(SERVICE_NAME))
        // Where in the code it was and on which thread is of no use to whoever runs the bot.
        .with_location(false)
        .with_threads(false);
    layer.with_filter(filter_fn(is_fit)).boxed()
}

/// Our own spans, and nothing that is logged within them: that tells what was answered, and is for the log alone.
fn is_fit(metadata: &Metadata) -> bool {
    metadata.is_span() && metadata.target().starts_with("sso_why") && *metadata.level() <= Level::DEBUG
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use opentelemetry_sdk::error::OTelSdkResult;
    use opentelemetry_sdk::trace::{SpanData, SpanExporter};
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    /// Keeps what it is given. The SDK's own is behind a feature that production has no use for.
    #[derive(Clone, Debug, Default)]
    struct InMemory(Arc<Mutex<Vec<SpanData>>>);

    impl SpanExporter for InMemory {
        async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
            self.0.lock().expect("nobody broke off").extend(batch);
            Ok(())
        }
    }

    #[test]
    fn a_question_and_its_calls_are_one_trace_with_the_reference() {
        let exported = InMemory::default();
        let provider = SdkTracerProvider::builder().with_simple_exporter(exported.clone()).build();
        let traced = tracing_subscriber::registry().with(vec![layer(&provider)]);
        tracing::subscriber::with_default(traced, || {
            let _question = crate::telemetry::question_span("7K2QX").entered();
            let _call =
                tracing::debug_span!("upstream_call", operation = "sso:ListInstances", source = "aws")
                    .entered();
            let _foreign = tracing::info_span!(target: "hyper", "a request").entered();
            tracing::warn!("what was answered");
        });
        provider.force_flush().expect("is sent");
        let spans = exported.0.lock().expect("nobody broke off");
        let names: Vec<_> = spans.iter().map(|span| span.name.as_ref()).collect();
        assert_eq!(names, ["upstream_call", "question"]);
        assert!(spans.iter().all(|span| span.events.is_empty()));
        let said = |span: &SpanData, key: &str| {
            let found = span.attributes.iter().find(|one| one.key.as_str() == key);
            found.map(|one| one.value.as_str().into_owned())
        };
        assert_eq!(said(&spans[1], "reference").as_deref(), Some("7K2QX"));
        assert_eq!(said(&spans[0], "operation").as_deref(), Some("sso:ListInstances"));
        assert_eq!(spans[0].parent_span_id, spans[1].span_context.span_id());
        assert_eq!(spans[0].span_context.trace_id(), spans[1].span_context.trace_id());
    }

    #[test]
    fn nothing_is_sent_where_nobody_is_set_to_receive_it() {
        assert!(traces(&|_| None).expect("nothing to refuse").is_none());
    }
}
