//! Which users stay together: a key's place between 0 and 9,999 decides, so nobody leaves a growing candidate.

use handover_core::Slot;
use handover_traffic::Split;
use http::header::{COOKIE, HeaderMap, HeaderName, HeaderValue};

/// A key's place, in basis points; below green's share it belongs to green.
///
/// The same key always has the same place, on every machine and in every version.
pub(super) fn place(key: &[u8]) -> u16 {
    // FNV-1a, then a finaliser, since FNV alone leaves the upper bits of short keys poorly mixed.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in key {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    let upper = (hash ^ (hash >> 33)) >> 32;
    u16::try_from((upper * u64::from(Split::WHOLE)) >> 32).unwrap_or(0)
}

/// The slot of a place under a split.
pub(super) fn slot_at(place: u16, split: Split) -> Slot {
    if place < split.green_bps() { Slot::Green } else { Slot::Blue }
}

/// Where a user's key is found.
#[derive(Debug, Clone)]
pub(super) enum Key {
    /// Nowhere: each request is drawn anew.
    None,
    /// In a cookie of this name, given to whoever has none.
    Cookie(String),
    /// In this header; requests without it are drawn anew.
    Header(HeaderName),
}

/// Where a request belongs.
#[derive(Debug, Clone, Default)]
pub(super) struct Seat {
    /// Its place; `None` is drawn at admission.
    pub(super) at: Option<u16>,
    /// The cookie to be given with the answer, so that the user comes back to the same place.
    pub(super) cookie: Option<HeaderValue>,
}

impl Key {
    /// Finds a request's place by its headers.
    pub(super) fn find(&self, headers: &HeaderMap) -> Seat {
        match self {
            Self::None => Seat::default(),
            Self::Header(name) => {
                Seat { at: headers.get(name).map(|value| place(value.as_bytes())), cookie: None }
            }
            Self::Cookie(name) => match cookie(headers, name) {
                Some(value) => Seat { at: Some(place(value)), cookie: None },
                None => newcomer(name),
            },
        }
    }
}

/// Somebody without a cookie gets one, and the place that belongs to it at once.
fn newcomer(name: &str) -> Seat {
    let id = format!("{:016x}", fastrand::u64(..));
    let cookie = format!("{name}={id}; Path=/; HttpOnly; SameSite=Lax");
    Seat { at: Some(place(id.as_bytes())), cookie: HeaderValue::try_from(cookie).ok() }
}

/// The value of the first cookie of this name that is not empty.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a [u8]> {
    headers
        .get_all(COOKIE)
        .iter()
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| {
            let (found, value) = pair.trim_ascii().split_at_checked(name.len())?;
            (found == name.as_bytes()).then(|| value.strip_prefix(b"=")).flatten()
        })
        .find(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nobody_leaves_a_candidate_that_grows(key: Vec<u8>, low in 0..=Split::WHOLE, high in 0..=Split::WHOLE) {
            let (low, high) = (low.min(high), low.max(high));
            for candidate in Slot::BOTH {
                let share = |bps| Split::from_bps(candidate, bps).unwrap();
                if slot_at(place(&key), share(low)) == candidate {
                    prop_assert_eq!(slot_at(place(&key), share(high)), candidate);
                }
            }
        }

        #[test]
        fn everything_to_one_slot_leaves_nobody_out(key: Vec<u8>) {
            for slot in Slot::BOTH {
                prop_assert_eq!(slot_at(place(&key), Split::all(slot)), slot);
            }
        }

        #[test]
        fn a_hostile_cookie_line_is_only_searched(line: Vec<u8>) {
            let mut headers = HeaderMap::new();
            if let Ok(value) = HeaderValue::from_bytes(&line) {
                headers.insert(COOKIE, value);
            }
            let _ = Key::Cookie("seat".into()).find(&headers);
        }
    }

    #[test]
    fn places_are_spread_evenly_and_never_change() {
        let below = (0..20_000).filter(|n: &u32| place(&n.to_le_bytes()) < 1_000).count();
        assert!((1_800..2_200).contains(&below), "{below} of 20000 in the first tenth");
        assert_eq!([place(b""), place(b"alice"), place(b"bob")], PINNED_PLACES);
    }

    /// A new hash would move every user of a running canary.
    const PINNED_PLACES: [u16; 3] = [9367, 2071, 9620];

    #[test]
    fn a_cookie_is_found_among_others_and_given_to_whoever_has_none() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("a=b; seats=no; seat=x1;seat=y"));
        let key = Key::Cookie("seat".into());
        let known = key.find(&headers);
        assert_eq!((known.at, known.cookie), (Some(place(b"x1")), None));

        let fresh = key.find(&HeaderMap::new());
        let given = fresh.cookie.unwrap();
        let id = given.to_str().unwrap().strip_prefix("seat=").unwrap().split(';').next().unwrap();
        assert_eq!(fresh.at, Some(place(id.as_bytes())), "the first answer and the next one differ");
    }
}
