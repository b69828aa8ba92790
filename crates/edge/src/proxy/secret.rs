//! What a request proves by a secret: which slot it may name, or that it is a probe.

use handover_core::Slot;
use http::header::{HeaderMap, HeaderName};

use super::table::Table;

/// Names the slot whose pin it carries.
pub(super) const PIN: HeaderName = HeaderName::from_static("handover-pin");
/// Marks a probe through the public address.
pub(super) const PROBE: HeaderName = HeaderName::from_static("handover-probe");

/// A secret of 128 bits, written as 32 hexadecimal digits.
#[derive(Clone, Copy)]
pub(super) struct Secret(u128);

impl Secret {
    /// Reads exactly 32 hexadecimal digits.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        if text.len() != 32 || !text.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        u128::from_str_radix(str::from_utf8(text).ok()?, 16).ok().map(Self)
    }

    /// Compares all bits at once, so the time taken says nothing about how many agree.
    pub(super) fn is(self, other: Self) -> bool {
        std::hint::black_box(self.0 ^ other.0) == 0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// What a request claims; taken out of its headers, so no release ever sees it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Claims {
    pin: Option<Secret>,
    probe: Option<Secret>,
}

impl Claims {
    /// Takes both headers away. Anything malformed, or sent twice, claims nothing.
    pub(super) fn take(headers: &mut HeaderMap) -> Self {
        Self { pin: take(headers, &PIN), probe: take(headers, &PROBE) }
    }

    /// The slot that the request names by its pin; a wrong pin is as good as none.
    pub(super) fn pinned(&self, table: &Table) -> Option<Slot> {
        let offered = self.pin?;
        Slot::BOTH.into_iter().find(|slot| table.slots[*slot].pin.is_some_and(|pin| pin.is(offered)))
    }

    /// Whether it is a probe.
    pub(super) fn probes(&self, secret: Option<Secret>) -> bool {
        matches!((self.probe, secret), (Some(offered), Some(secret)) if secret.is(offered))
    }
}

fn take(headers: &mut HeaderMap, name: &HeaderName) -> Option<Secret> {
    let mut found = headers.get_all(name).iter();
    let claimed = match (found.next(), found.next()) {
        (Some(value), None) => Secret::parse(value.as_bytes()),
        (None, _) => return None,
        (Some(_), Some(_)) => None,
    };
    headers.remove(name);
    claimed
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn only_32_hexadecimal_digits_are_a_secret() {
        assert!(Secret::parse(&[b'a'; 32]).is_some());
        for bad in
            [&b""[..], &[b'a'; 31], &[b'a'; 33], &[b'+'; 32], &[0xff; 32], &[b'g'; 32], &b"a".repeat(70_000)]
        {
            assert!(Secret::parse(bad).is_none());
        }
    }

    #[test]
    fn a_claim_made_twice_is_none_and_leaves_nothing_behind() {
        let mut headers = HeaderMap::new();
        for _ in 0..2 {
            headers.append(PIN, HeaderValue::from_static("0123456789abcdef0123456789abcdef"));
        }
        headers.insert(PROBE, HeaderValue::from_bytes(&[0xff, 0xfe]).unwrap());
        let claims = Claims::take(&mut headers);
        assert!(claims.pin.is_none() && claims.probe.is_none() && headers.is_empty());
    }
}
