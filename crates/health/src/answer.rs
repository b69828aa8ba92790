use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::Response;

use crate::text::is_printable;

/// What came back over HTTP, whole.
#[derive(Clone)]
pub struct Answer {
    response: Response<Bytes>,
    elapsed: Duration,
}

impl Answer {
    /// The most of a body that a message shows.
    const EXCERPT: usize = 200;

    pub(crate) const fn new(response: Response<Bytes>, elapsed: Duration) -> Self {
        Self { response, elapsed }
    }

    /// The status code.
    pub fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// From the first byte sent, connecting included, to the last one read.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// A header's value, where it is text; the first where there are several.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name)?.to_str().ok()
    }

    #[cfg(feature = "instance")]
    pub(crate) fn headers(&self) -> &http::HeaderMap {
        self.response.headers()
    }

    /// The whole body.
    pub fn body(&self) -> &[u8] {
        self.response.body()
    }

    /// The first 200 bytes of the body on one line, fit for a terminal: what is not printable becomes a space or a
    /// replacement character.
    pub fn excerpt(&self) -> String {
        let body = self.body();
        let text = String::from_utf8_lossy(&body[..body.len().min(Self::EXCERPT)]);
        let line: String = text.chars().map(|c| if is_printable(c) { c } else { ' ' }).collect();
        let cut = if body.len() > Self::EXCERPT { "…" } else { "" };
        format!("{}{cut}", line.trim())
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Answer");
        shown
            .field("status", &self.status())
            .field("elapsed", &self.elapsed)
            .field("bytes", &self.body().len());
        shown.finish_non_exhaustive()
    }
}
