use bytes::Bytes;

/// What a whole answer holds.
pub(crate) static PAGE: [u8; 1024] = [b'h'; 1024];

/// What an upload holds; it comes back as the answer.
pub(crate) static PARCEL: [u8; 16 * 1024] = [b'u'; 16 * 1024];

/// The kinds of requests in the load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Answered at once.
    Quick,
    /// Answered after a pause.
    Slow,
    /// Answered in chunks with pauses between.
    Stream,
    /// Answered with what was sent.
    Upload,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Quick, Self::Slow, Self::Stream, Self::Upload];

    /// The kind of the `n`th request of a client: mostly quick, with one of each other kind in sixteen.
    pub(crate) fn nth(n: u64) -> Self {
        match n % 16 {
            5 => Self::Slow,
            10 => Self::Stream,
            15 => Self::Upload,
            _ => Self::Quick,
        }
    }

    pub(crate) fn of(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.path() == path)
    }

    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Quick => "/quick",
            Self::Slow => "/slow",
            Self::Stream => "/stream",
            Self::Upload => "/upload",
        }
    }

    pub(crate) const fn method(self) -> http::Method {
        match self {
            Self::Upload => http::Method::POST,
            Self::Quick | Self::Slow | Self::Stream => http::Method::GET,
        }
    }

    /// What is sent with the request.
    pub(crate) const fn sends(self) -> Bytes {
        match self {
            Self::Upload => Bytes::from_static(&PARCEL),
            Self::Quick | Self::Slow | Self::Stream => Bytes::new(),
        }
    }

    /// What the answer must hold, to the byte.
    pub(crate) const fn wants(self) -> &'static [u8] {
        match self {
            Self::Upload => &PARCEL,
            Self::Quick | Self::Slow | Self::Stream => &PAGE,
        }
    }
}
