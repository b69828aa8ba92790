//! What an answer in GraphQL means: errors come with status 200, and only their text tells them apart.

use std::borrow::Cow;
use std::time::Duration;

use reqwest::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::NAME;
use super::documents::Document;
use crate::SwitchError;
use crate::control::{Answer, Kind};

/// Where Railway says in words, not in a header, that it was asked too often.
const TOO_OFTEN: Duration = Duration::from_mins(1);

#[derive(Debug, Deserialize)]
struct Envelope {
    #[serde(default)]
    data: Value,
    #[serde(default)]
    errors: Vec<Complaint>,
}

/// One entry of `errors`.
#[derive(Debug, Deserialize)]
pub(super) struct Complaint {
    message: String,
    #[serde(default)]
    extensions: Extensions,
}

#[derive(Debug, Default, Deserialize)]
struct Extensions {
    code: Option<String>,
}

/// The data of an answer, or what the errors in it mean.
pub(super) fn understand<T: DeserializeOwned>(
    document: Document,
    kind: Kind,
    answer: &Answer,
) -> Result<T, SwitchError> {
    // A refused document comes with status 400 and errors of the same shape.
    if !answer.status.is_success() && answer.status != StatusCode::BAD_REQUEST {
        return Err(answer.refusal(status_words(answer)));
    }
    let envelope: Envelope = answer.json()?;
    if !envelope.errors.is_empty() {
        return Err(complain(kind, &envelope.errors));
    }
    serde_json::from_value(envelope.data)
        .map_err(|e| answer.nonsense(format!("the answer to {} is not as published: {e}", document.name)))
}

fn status_words(answer: &Answer) -> String {
    let status = answer.status.as_u16();
    match answer.status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => format!("status {status}: {DENIED}"),
        _ => format!("status {status}: {}", answer.start()),
    }
}

/// What errors mean, by their texts: that is how Railway's own client tells them apart.
pub(super) fn complain(kind: Kind, complaints: &[Complaint]) -> SwitchError {
    let meanings: Vec<Meaning> = complaints.iter().map(meaning).collect();
    if meanings.contains(&Meaning::TooOften) {
        return SwitchError::Throttled { backend: NAME, after: TOO_OFTEN };
    }
    let source = said(complaints).into();
    match (kind, meanings.iter().all(|meaning| *meaning == Meaning::No)) {
        (_, true) => SwitchError::Refused { backend: NAME, source },
        (Kind::Read, false) => SwitchError::Unreachable { backend: NAME, source },
        (Kind::Write, false) => {
            SwitchError::Unconfirmed { backend: NAME, after: Duration::ZERO, source: Some(source) }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// It was not done, and would not be done again.
    No,
    /// It was not done now.
    TooOften,
    /// Something broke on the way; a write may have been done.
    Broken,
}

/// Texts with which Railway, or the checking of the document, says that nothing was done.
const NOES: [&str; 14] = [
    "not authorized",
    "unauthorized",
    "project token not found",
    "invalid token",
    "two factor authentication required",
    "not found",
    "does not exist",
    "cannot query field",
    "unknown argument",
    "unknown type",
    "cannot be rolled back",
    "cannot be redeployed",
    "must have a selection",
    "got invalid value",
];
/// The same, as codes.
const CODES: [&str; 5] =
    ["GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED", "BAD_USER_INPUT", "UNAUTHENTICATED", "FORBIDDEN"];

fn meaning(complaint: &Complaint) -> Meaning {
    let text = complaint.message.to_lowercase();
    if text.contains("ratelimit") || text.contains("rate limit") {
        return Meaning::TooOften;
    }
    let code = complaint.extensions.code.as_deref().unwrap_or_default();
    let no = CODES.contains(&code) || NOES.iter().any(|no| text.contains(no));
    if no { Meaning::No } else { Meaning::Broken }
}

/// "Not Authorized" is a dead token as well as a missing grant: Railway does not say which.
const DENIED: &str = "the token is not valid any more, or has no access to this project and environment: \
    make a new project token in the project's settings, or an account token, and set it";
const NO_PROJECT_TOKEN: &str = "this is not a project token: give it as an account token, or make a project token \
    in the project's settings";
const SECOND_FACTOR: &str = "the workspace wants a second factor for this: a token cannot give one, so do it in \
    Railway's dashboard, or relax the rule for tokens";

fn said(complaints: &[Complaint]) -> String {
    let texts: Vec<Cow<'_, str>> = complaints.iter().map(worded).collect();
    texts.join("; ")
}

fn worded(complaint: &Complaint) -> Cow<'_, str> {
    let said = harmless(&complaint.message);
    let text = said.to_lowercase();
    let hint = [
        ("project token not found", NO_PROJECT_TOKEN),
        ("two factor", SECOND_FACTOR),
        ("not authorized", DENIED),
        ("unauthorized", DENIED),
    ];
    match hint.iter().find(|(word, _)| text.contains(word)) {
        Some((_, hint)) => format!("{said}: {hint}").into(),
        None => said.into(),
    }
}

/// So much of what somebody else wrote is worth showing, and nothing of it that moves a terminal.
pub(super) fn harmless(text: &str) -> String {
    text.trim().chars().take(300).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
