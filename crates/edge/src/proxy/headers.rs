//! Which headers go on, which stay here, and which are the proxy's own.

use http::header::{
    CONNECTION, CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue, TE, TRANSFER_ENCODING, UPGRADE, VIA,
};

use super::peer::Peer;

/// Names the release that answered; always the proxy's own word.
pub(super) const RELEASE: HeaderName = HeaderName::from_static("handover-release");
/// Says that the proxy itself failed the request, and why.
pub(super) const ERROR: HeaderName = HeaderName::from_static("handover-error");

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const HTTP: HeaderValue = HeaderValue::from_static("http");

/// Turns a client's headers into those for an instance; `upgrade` is the protocol asked for, if any.
pub(super) fn outbound(
    headers: &mut HeaderMap,
    peer: &Peer,
    trust_forwarded: bool,
    via: Option<&HeaderValue>,
    upgrade: Option<HeaderValue>,
) {
    let trailers = headers.contains_key(TE) && accepts_trailers(headers);
    strip(headers);
    if let Some(protocol) = upgrade {
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(UPGRADE, protocol);
    } else if trailers {
        headers.insert(CONNECTION, HeaderValue::from_static("te"));
        headers.insert(TE, HeaderValue::from_static("trailers"));
    }
    forwarded_for(headers, peer);
    if !(trust_forwarded && headers.contains_key(FORWARDED_PROTO)) {
        headers.insert(FORWARDED_PROTO, HTTP);
    }
    if !(trust_forwarded && headers.contains_key(FORWARDED_HOST)) {
        match headers.get(HOST).cloned() {
            Some(host) => headers.insert(FORWARDED_HOST, host),
            None => headers.remove(FORWARDED_HOST),
        };
    }
    append_via(headers, via);
}

/// Turns an instance's headers into those for a client.
pub(super) fn inbound(headers: &mut HeaderMap, via: Option<&HeaderValue>) {
    // Where an answer says both, its chunks count (RFC 9112, 6.3), and a client must not be told the other length.
    if headers.contains_key(TRANSFER_ENCODING) {
        headers.remove(CONTENT_LENGTH);
    }
    strip(headers);
    append_via(headers, via);
}

/// Takes away what speaks of one connection only, and what only the proxy may say.
fn strip(headers: &mut HeaderMap) {
    let mut found = [const { None }; 16];
    let mut count = 0;
    for name in headers.keys().filter(|name| stays_here(name.as_str())) {
        found[count] = Some(name.clone());
        count += 1;
    }
    if count > 0 {
        strip_named(headers);
        found.into_iter().flatten().for_each(|name| _ = headers.remove(name));
    }
}

/// Fewer than sixteen names, as [`strip`] relies on.
fn stays_here(name: &str) -> bool {
    matches!(
        name,
        "connection"
            | "keep-alive"
            | "proxy-connection"
            | "te"
            | "transfer-encoding"
            | "upgrade"
            | "expect"
            | "http2-settings"
            | "handover-release"
            | "handover-error"
            | "handover-pin"
            | "handover-probe"
    )
}

/// Takes away what `Connection` names; what frames or addresses the message is not the sender's to drop.
fn strip_named(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = tokens(headers, &CONNECTION)
        .filter(|token| !token.eq_ignore_ascii_case(b"keep-alive") && !token.eq_ignore_ascii_case(b"close"))
        .filter_map(|token| HeaderName::from_bytes(token).ok())
        .filter(|name| *name != HOST && *name != CONTENT_LENGTH && *name != TRANSFER_ENCODING)
        .collect();
    for name in named {
        headers.remove(name);
    }
}

/// The comma-separated parts of all lines of a header.
fn tokens<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a [u8]> {
    let lines = headers.get_all(name).into_iter();
    lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii))
}

/// Whether a header holds this token, in any case.
pub(super) fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    tokens(headers, name).any(|found| found.eq_ignore_ascii_case(token.as_bytes()))
}

fn accepts_trailers(headers: &HeaderMap) -> bool {
    has_token(headers, &TE, "trailers")
}

fn forwarded_for(headers: &mut HeaderMap, peer: &Peer) {
    let before: Vec<_> = headers.get_all(FORWARDED_FOR).into_iter().map(HeaderValue::as_bytes).collect();
    if before.is_empty() {
        headers.insert(FORWARDED_FOR, peer.text.clone());
        return;
    }
    let all = [before.join(&b", "[..]), peer.text.as_bytes().to_vec()].join(&b", "[..]);
    // Made of header values and ", ": always one itself.
    let all = HeaderValue::from_maybe_shared(bytes::Bytes::from(all)).unwrap_or_else(|_| peer.text.clone());
    headers.insert(FORWARDED_FOR, all);
}

fn append_via(headers: &mut HeaderMap, via: Option<&HeaderValue>) {
    if let Some(via) = via {
        headers.append(VIA, via.clone());
    }
}
