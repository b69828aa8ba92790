//! One address, and what it answered.

use handover_health::{Answer, CheckReading, ProbeClass, ProbeError, Reading, Said};
use serde::Serialize;

use super::targets::Target;
use super::verdict::Verdict;

/// What became of asking; also its `--json` form.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Asked {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    pub(super) url: String,
    pub(super) verdict: Verdict,
    pub(super) status: Option<u16>,
    pub(super) elapsed_ms: f64,
    /// The kind of failure, in one word.
    pub(super) class: Option<&'static str>,
    /// The same in a sentence.
    pub(super) why: Option<String>,
    pub(super) hint: Option<&'static str>,
    /// What the answer says of each part of the service.
    pub(super) checks: Vec<Part>,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) left_out: usize,
    /// Whether it was a 503, which needs no second opinion.
    #[serde(skip)]
    pub(super) unready: bool,
}

/// What an answer says of a part of its service.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) verdict: Said,
    pub(super) class: Option<String>,
}

impl From<CheckReading> for Part {
    fn from(check: CheckReading) -> Self {
        Self { name: check.name, verdict: check.said, class: check.class }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Asked {
    /// What this answer, or its absence, says of the target.
    pub(super) fn new(target: &Target, answer: &Result<Answer, ProbeError>, elapsed_ms: f64) -> Self {
        let reading = answer
            .as_ref()
            .ok()
            .and_then(|answer| Reading::parse(answer.header("content-type"), answer.body()));
        let judged = answer.as_ref().map_err(Clone::clone).and_then(|answer| target.probe.judge(answer));
        let error = judged.err();
        let verdict = verdict(error.as_ref(), reading.as_ref());
        let class = error.as_ref().map(ProbeError::class);
        let (checks, left_out) =
            reading.clone().map(|reading| (reading.checks, reading.left_out)).unwrap_or_default();
        Self {
            name: target.name.clone(),
            url: target.url.clone(),
            verdict,
            status: answer.as_ref().ok().map(Answer::status),
            elapsed_ms,
            class: class.map(ProbeClass::as_str),
            why: why(error.as_ref(), answer.as_ref().ok(), reading.as_ref()),
            hint: class.and_then(|class| hint(class, &target.url)),
            checks: checks.into_iter().map(Part::from).collect(),
            left_out,
            unready: error.is_some_and(|error| error.unready_now()),
        }
    }
}

/// Whoever answers, or refuses to, is known to be there or not; silence and what cannot be understood say nothing.
fn verdict(error: Option<&ProbeError>, reading: Option<&Reading>) -> Verdict {
    let said = reading.map(|reading| reading.said);
    match error.map(ProbeError::class) {
        None if said == Some(Said::Degraded) => Verdict::Degraded,
        None => Verdict::Well,
        Some(ProbeClass::Status(503)) if said == Some(Said::Starting) => Verdict::Starting,
        Some(ProbeClass::Status(_) | ProbeClass::Auth | ProbeClass::Refused | ProbeClass::Reset) => {
            Verdict::Unwell
        }
        Some(_) => Verdict::Unknown,
    }
}

fn why(error: Option<&ProbeError>, answer: Option<&Answer>, reading: Option<&Reading>) -> Option<String> {
    let Some(error) = error else { return contradiction(answer?, reading) };
    let class = error.class().to_string();
    match answer {
        // Whose parts are shown needs no excerpt.
        Some(answer) if reading.is_none() && !answer.body().is_empty() => {
            Some(format!("{class}: {}", answer.excerpt()))
        }
        Some(_) => Some(class),
        None => Some(cause(error).map_or_else(|| class.clone(), |cause| format!("{class}: {cause}"))),
    }
}

/// What a status hides.
fn contradiction(answer: &Answer, reading: Option<&Reading>) -> Option<String> {
    match reading.map(|reading| reading.said) {
        Some(said @ (Said::Unwell | Said::Starting)) => {
            Some(format!("though its body says {}: the status is what counts", said.as_str()))
        }
        _ if (300..400).contains(&answer.status()) => Some("a redirect, which is not followed".to_owned()),
        _ => None,
    }
}

/// The innermost cause, where the class alone says too little.
fn cause(error: &ProbeError) -> Option<&str> {
    let vague =
        matches!(error.class(), ProbeClass::Tls | ProbeClass::Dns | ProbeClass::Protocol | ProbeClass::Other);
    let innermost = error.detail().rsplit(": ").next();
    innermost.filter(|cause| vague && !cause.is_empty() && *cause != error.class().to_string())
}

const fn hint(class: ProbeClass, url: &str) -> Option<&'static str> {
    let secure = matches!(url.as_bytes(), [b'h', b't', b't', b'p', b's', ..]);
    match class {
        ProbeClass::Timeout => {
            Some("`--timeout 10s` waits longer; nothing comes back from a port that a firewall drops")
        }
        ProbeClass::Refused => Some("nobody listens there: check host and port, and whether it runs"),
        ProbeClass::Reset => Some("it hung up before it had answered: its log says why"),
        ProbeClass::Dns => Some("check how the host is spelled, and that this machine resolves it"),
        ProbeClass::Tls => Some(
            "check the certificate and who signed it; a port that speaks plain HTTP is asked with http://",
        ),
        ProbeClass::Protocol if secure => Some("what answers there does not speak HTTP/1.1"),
        ProbeClass::Protocol => {
            Some("what answers there does not speak HTTP/1.1; a port that speaks TLS is asked with https://")
        }
        ProbeClass::TooLarge => Some("ask a path with a small answer: `--path`"),
        ProbeClass::Auth | ProbeClass::Status(401 | 403 | 407) => {
            Some("`--token-env VARIABLE` sends a token, `--header` anything else")
        }
        ProbeClass::Status(404) => Some("check the path: `--path`, or in the address"),
        ProbeClass::Status(300..=399) => Some("a redirect is not followed: ask where it points to"),
        _ => None,
    }
}
