//! Exposition for Prometheus and those that read as it does.
//!
//! Counters that only grow, since the process began: hand it totals, and let the server take differences.

mod escape;
#[cfg(feature = "prometheus-native")]
mod native;
mod text;

#[cfg(feature = "prometheus-native")]
pub use native::{NATIVE_TYPE, native};
pub use text::{BadEdges, Edges, TEXT_TYPE, summary, text};

/// Whether a scraper that sent this `Accept` header takes the binary format, which native histograms need.
pub fn accepts_native(accept: &str) -> bool {
    accept.split(',').any(|kind| {
        let mut parts = kind.split(';').map(str::trim);
        let binary = parts.next() == Some("application/vnd.google.protobuf");
        binary && parts.clone().any(|p| p == "encoding=delimited") && !parts.any(|p| p == "q=0")
    })
}

#[cfg(test)]
mod tests {
    use super::accepts_native;

    #[test]
    fn the_binary_format_is_only_for_those_who_ask() {
        let modern = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,\
                      application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
        assert!(accepts_native(modern));
        assert!(accepts_native("text/plain, application/vnd.google.protobuf; encoding=delimited; q=0.3"));
        for other in ["", "*/*", "text/plain;version=0.0.4", "application/vnd.google.protobuf;encoding=text"]
        {
            assert!(!accepts_native(other), "{other}");
        }
        assert!(!accepts_native("application/vnd.google.protobuf;encoding=delimited;q=0"));
    }
}
