/// A probe that cannot be asked as described; nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidProbe {
    /// The path does not begin with `/`, or holds a character that a path cannot.
    #[error("{0:?} is not a path such as \"/health\"")]
    Path(String),
    /// A name that no header can have.
    #[error("{0:?} is not a header name")]
    HeaderName(String),
    /// A value that no header can have; the value itself is not shown.
    #[error("the value of header {0:?} has characters that no header can have")]
    HeaderValue(String),
    /// Not an address of this form; the address itself is not shown, since it may hold a password.
    #[error("the address is not one such as {0:?}")]
    Address(&'static str),
    /// TLS cannot be had in this process.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}
