use serde::Deserialize;

/// The addresses of a service.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Domains {
    /// Given by Railway.
    pub service_domains: Vec<ServiceDomain>,
    /// The operator's own.
    pub custom_domains: Vec<CustomDomain>,
}

/// An address given by Railway.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ServiceDomain {
    /// The host.
    pub domain: String,
    /// The service's port behind it.
    pub target_port: Option<u16>,
    /// Whether Railway has it everywhere, in its own words.
    pub sync_status: String,
}

/// An address of the operator's own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CustomDomain {
    /// The host.
    pub domain: String,
    /// The service's port behind it.
    pub target_port: Option<u16>,
    /// Whether Railway has it everywhere, in its own words.
    pub sync_status: String,
    /// How its certificate and the proof of ownership are.
    pub status: DomainStatus,
}

/// How a domain's certificate and the proof of ownership are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DomainStatus {
    /// The operator has proven that it is theirs.
    pub verified: bool,
    /// In Railway's words, with its prefix `CERTIFICATE_STATUS_TYPE_`.
    pub certificate_status: String,
}
