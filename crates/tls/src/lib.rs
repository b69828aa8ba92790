//! How every client of the project speaks TLS: rustls on ring, with the system's roots.

use std::sync::Arc;

/// TLS of our own, on ring: what the process has installed as its default, or has not, makes no difference.
///
/// The roots are the system's, so private authorities work. HTTP/1.1 is what is offered.
///
/// # Errors
///
/// The provider has none of the usual protocol versions.
pub fn client_config() -> Result<rustls::ClientConfig, rustls::Error> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut tls = tls.with_root_certificates(roots).with_no_client_auth();
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(tls)
}
