use std::time::Duration;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use serde::Serialize;

/// What is said while a flag is off.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    headers: HeaderMap,
    body: Bytes,
}

#[derive(Serialize)]
struct Said<'a> {
    error: &'static str,
    message: &'a str,
}

impl Answer {
    pub(super) fn new(message: &str) -> Self {
        let said = Said { error: "Feature temporarily disabled", message };
        let body = Bytes::from(serde_json::to_vec(&said).unwrap_or_default());
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (CONTENT_LENGTH, body.len().into()),
            (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        Self { headers: headers.into_iter().collect(), body }
    }

    /// As for a flag of this name: `scan_creation` is "Scan creation is currently unavailable".
    pub(super) fn about(flag: &str) -> Self {
        let words = flag.replace(['_', '-', '.', ':', '/'], " ");
        let mut letters = words.trim().chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        match first.as_str() {
            "" => Self::new("This is currently unavailable"),
            first => Self::new(&format!("{first}{} is currently unavailable", letters.as_str())),
        }
    }

    /// With other words, and whatever else was said.
    pub(super) fn with_message(&self, message: &str) -> Self {
        let mut answer = Self::new(message);
        if let Some(after) = self.headers.get(RETRY_AFTER) {
            answer.headers.insert(RETRY_AFTER, after.clone());
        }
        answer
    }

    /// Whole seconds, rounded up: the header knows no parts of one.
    pub(super) fn retry_after(&mut self, after: Duration) {
        let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
        self.headers.insert(RETRY_AFTER, seconds.into());
    }

    /// Without its body where only the head is asked for.
    pub(super) fn to(&self, method: &Method) -> Response<Bytes> {
        let body = if method == Method::HEAD { Bytes::new() } else { self.body.clone() };
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        response.headers_mut().clone_from(&self.headers);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(answer: &Answer) -> String {
        String::from_utf8(answer.body.to_vec()).unwrap()
    }

    #[test]
    fn a_flags_name_is_made_a_sentence() {
        let names = ["scan_creation", "email-automation", "éclair", "checkout.v2", "___", ""];
        let all: Vec<_> = names.map(Answer::about).iter().map(said).collect();
        insta::assert_snapshot!(all.join("\n"), @r#"
        {"error":"Feature temporarily disabled","message":"Scan creation is currently unavailable"}
        {"error":"Feature temporarily disabled","message":"Email automation is currently unavailable"}
        {"error":"Feature temporarily disabled","message":"Éclair is currently unavailable"}
        {"error":"Feature temporarily disabled","message":"Checkout v2 is currently unavailable"}
        {"error":"Feature temporarily disabled","message":"This is currently unavailable"}
        {"error":"Feature temporarily disabled","message":"This is currently unavailable"}
        "#);
    }

    #[test]
    fn words_that_are_no_json_are_made_so() {
        insta::assert_snapshot!(said(&Answer::new("\"sorry\"\n\u{1b}")), @r#"{"error":"Feature temporarily disabled","message":"\"sorry\"\n\u001b"}"#);
    }
}
