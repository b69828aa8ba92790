//! Slices as bytes.
//!
//! ```text
//! slice     = "hs" version instance epoch seq ended_ms lasted_ns releases series
//! releases  = count *name                         the names of releases, ascending
//! series    = count *(release_index endpoint ok errors cancelled)    by release, then endpoint, ascending
//! histogram = count *(gap count-1)                gap: the code, then codes left out since the last
//! name      = length bytes                        UTF-8
//! ```
//!
//! Every number is a varint. Each slice has exactly one spelling, so what decodes encodes to the same bytes.

use std::fmt;
use std::time::Duration;

use handover_core::{ReleaseId, Timestamp};

use super::name::{Endpoint, SeriesName};
use super::slice::Slice;
use super::sums::Sums;
use super::varint::{put, take};
use crate::code::LatencyCode;
use crate::histogram::Histogram;
use crate::series::Totals;

const MAGIC: &[u8] = b"hs";
const VERSION: u64 = 1;
/// No slice of a bounded registry comes near: 2,000 series with 100 codes each are 0.6 MB.
const LONGEST: usize = 4 << 20;
/// The most requests of one latency in one slice: no instance answers 10^12 in a slice, so a larger number is
/// damage, and sums of sane ones never saturate.
const MOST: u64 = 1 << 40;
const RELEASE: &str = "the place of a series' release";
const REQUESTS: &str = "requests of one latency beside the first";
/// An index, a name of one byte, three counts and one pair.
const SHORTEST_SERIES: usize = 8;

/// Why bytes are no slice. Nothing of them was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WireError {
    /// The first bytes are not a slice's.
    NotASlice,
    /// A format of a newer or a damaged sender.
    UnknownVersion(u64),
    /// More bytes than any slice has.
    TooLong(usize),
    /// The bytes end in the middle of something.
    Truncated {
        /// Of what.
        what: &'static str,
    },
    /// A number that has a shorter spelling, or is beyond 64 bits.
    Overlong {
        /// Which number.
        what: &'static str,
    },
    /// A number that cannot be true.
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many were claimed.
        claimed: u64,
        /// How many there can be.
        most: u64,
    },
    /// A name that is not allowed, with the reason.
    Name(String),
    /// Two things that must ascend do not.
    OutOfOrder {
        /// Which things.
        what: &'static str,
    },
    /// A thing that must not be there when it says nothing.
    Empty {
        /// Which thing.
        what: &'static str,
    },
    /// Something follows the end of the slice.
    TrailingBytes(usize),
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotASlice => write!(f, "these bytes are not a slice"),
            Self::UnknownVersion(found) => {
                write!(f, "a slice of format {found}, and only format {VERSION} is known here")
            }
            Self::TooLong(length) => write!(f, "{length} bytes are more than a slice may have ({LONGEST})"),
            Self::Truncated { what } => write!(f, "the slice ends within {what}"),
            Self::Overlong { what } => write!(f, "the number of {what} is not in its shortest form"),
            Self::TooMany { what, claimed, most } => {
                write!(f, "the slice claims {claimed} for {what}, and {most} is the most there can be")
            }
            Self::Name(why) => write!(f, "{why}"),
            Self::OutOfOrder { what } => write!(f, "{what} of the slice are not in ascending order"),
            Self::Empty { what } => write!(f, "the slice lists {what} that says nothing"),
            Self::TrailingBytes(count) => write!(f, "{count} bytes follow the end of the slice"),
        }
    }
}

impl std::error::Error for WireError {}

type Result<T> = std::result::Result<T, WireError>;

pub(super) fn encode(slice: &Slice) -> Result<Vec<u8>> {
    let mut out = MAGIC.to_vec();
    put(&mut out, VERSION);
    put_name(&mut out, slice.instance.as_str());
    for number in [slice.epoch, slice.seq, slice.ended.unix_millis(), nanos(slice.lasted)] {
        put(&mut out, number);
    }
    let releases = releases(&slice.counted);
    put(&mut out, wide(releases.len()));
    for release in &releases {
        put_name(&mut out, release.as_str());
    }
    put(&mut out, wide(slice.counted.len()));
    for (name, totals) in slice.counted.iter() {
        let index = releases.binary_search(&&name.release).unwrap_or_default();
        put(&mut out, wide(index));
        put_name(&mut out, name.endpoint.as_str());
        for row in [&totals.ok, &totals.errors, &totals.cancelled] {
            put_row(&mut out, row)?;
        }
    }
    if out.len() > LONGEST { Err(WireError::TooLong(out.len())) } else { Ok(out) }
}

/// Ascending, as the series are.
fn releases(counted: &Sums) -> Vec<&ReleaseId> {
    let mut releases: Vec<_> = counted.iter().map(|(name, _)| &name.release).collect();
    releases.dedup();
    releases
}

fn put_name(out: &mut Vec<u8>, name: &str) {
    put(out, wide(name.len()));
    out.extend_from_slice(name.as_bytes());
}

fn put_row(out: &mut Vec<u8>, row: &Histogram) -> Result<()> {
    put(out, wide(row.iter().count()));
    let mut next = 0;
    for (code, count) in row.iter() {
        put(out, wide(code.index() - next));
        put(out, at_most(count - 1, REQUESTS, MOST - 1)?);
        next = code.index() + 1;
    }
    Ok(())
}

pub(super) fn decode(mut bytes: &[u8]) -> Result<Slice> {
    let bytes = &mut bytes;
    if bytes.len() > LONGEST {
        return Err(WireError::TooLong(bytes.len()));
    }
    *bytes = bytes.strip_prefix(MAGIC).ok_or(WireError::NotASlice)?;
    match take(bytes, "the version")? {
        VERSION => {}
        other => return Err(WireError::UnknownVersion(other)),
    }
    let slice = Slice {
        instance: take_name(bytes, "the instance's name")?,
        epoch: take(bytes, "the epoch")?,
        seq: take(bytes, "the slice's number")?,
        ended: Timestamp::from_unix_millis(take(bytes, "the slice's end")?),
        lasted: Duration::from_nanos(take(bytes, "the slice's length")?),
        counted: take_series(bytes)?,
    };
    if bytes.is_empty() { Ok(slice) } else { Err(WireError::TrailingBytes(bytes.len())) }
}

fn take_series(bytes: &mut &[u8]) -> Result<Sums> {
    let releases = take_releases(bytes)?;
    let count = take_count(bytes, "series", bytes.len() / SHORTEST_SERIES)?;
    let (mut counted, mut last, mut used) = (Sums::default(), None, 0);
    for _ in 0..count {
        let (index, name, totals) = take_one(bytes, &releases)?;
        if last.as_ref().is_some_and(|last| *last >= name) {
            return Err(WireError::OutOfOrder { what: "the series" });
        }
        used += usize::from(last.as_ref().is_none_or(|last: &SeriesName| last.release != name.release));
        if index + 1 != used {
            return Err(WireError::Empty { what: "a release" });
        }
        counted.add(&name, &totals);
        last = Some(name);
    }
    if used < releases.len() { Err(WireError::Empty { what: "a release" }) } else { Ok(counted) }
}

fn take_releases(bytes: &mut &[u8]) -> Result<Vec<ReleaseId>> {
    let count = take_count(bytes, "releases", bytes.len() / 2)?;
    let releases: Vec<ReleaseId> =
        (0..count).map(|_| take_name(bytes, "a release's name")).collect::<Result<_>>()?;
    if releases.is_sorted_by(|one, next| one < next) {
        Ok(releases)
    } else {
        Err(WireError::OutOfOrder { what: "the releases" })
    }
}

fn take_one(bytes: &mut &[u8], releases: &[ReleaseId]) -> Result<(usize, SeriesName, Totals)> {
    let index = take_count(bytes, RELEASE, releases.len())?;
    let unknown = WireError::TooMany { what: RELEASE, claimed: wide(index) + 1, most: wide(releases.len()) };
    let release = releases.get(index).ok_or(unknown)?.clone();
    let endpoint: Endpoint = take_name(bytes, "an endpoint's name")?;
    let totals = Totals { ok: take_row(bytes)?, errors: take_row(bytes)?, cancelled: take_row(bytes)? };
    if totals.count() == 0 && totals.cancelled.is_empty() {
        return Err(WireError::Empty { what: "a series" });
    }
    Ok((index, SeriesName::new(release, endpoint), totals))
}

fn take_row(bytes: &mut &[u8]) -> Result<Histogram> {
    let pairs = take_count(bytes, "latencies", LatencyCode::COUNT)?;
    let (mut row, mut next) = (Vec::with_capacity(pairs.min(bytes.len() / 2)), 0);
    for _ in 0..pairs {
        let left = LatencyCode::COUNT.saturating_sub(next + 1);
        let index = next + take_count(bytes, "a latency code", left)?;
        let code = LatencyCode::from_index(index).ok_or(WireError::TooMany {
            what: "a latency code",
            claimed: wide(index),
            most: wide(LatencyCode::LAST.index()),
        })?;
        row.push((code, 1 + take_up_to(bytes, REQUESTS, MOST - 1)?));
        next = index + 1;
    }
    Ok(row.into())
}

fn take_name<T>(bytes: &mut &[u8], what: &'static str) -> Result<T>
where
    T: TryFrom<String>,
    T::Error: fmt::Display,
{
    let length = take_count(bytes, what, LONGEST)?;
    let (name, rest) = bytes.split_at_checked(length).ok_or(WireError::Truncated { what })?;
    *bytes = rest;
    let text = std::str::from_utf8(name).map_err(|_| WireError::Name(format!("{what} is not UTF-8")))?;
    T::try_from(text.to_owned()).map_err(|why| WireError::Name(why.to_string()))
}

fn take_count(bytes: &mut &[u8], what: &'static str, most: usize) -> Result<usize> {
    let claimed = take_up_to(bytes, what, wide(most))?;
    usize::try_from(claimed).map_err(|_| WireError::TooMany { what, claimed, most: wide(most) })
}

fn take_up_to(bytes: &mut &[u8], what: &'static str, most: u64) -> Result<u64> {
    at_most(take(bytes, what)?, what, most)
}

fn at_most(claimed: u64, what: &'static str, most: u64) -> Result<u64> {
    if claimed > most { Err(WireError::TooMany { what, claimed, most }) } else { Ok(claimed) }
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn nanos(lasted: Duration) -> u64 {
    u64::try_from(lasted.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;

    use super::*;

    fn slice(counted: Sums) -> Slice {
        Slice {
            instance: "web-1".parse().unwrap(),
            epoch: 1_700_000_000_000,
            seq: 300,
            ended: Timestamp::from_unix_millis(1_700_000_300_000),
            lasted: Duration::from_secs(1),
            counted,
        }
    }

    fn one_request() -> Slice {
        let mut totals = Totals::default();
        totals.ok.add(Duration::from_millis(3));
        slice([(name("v1", "GET /"), totals)].into_iter().collect())
    }

    fn name(release: &str, endpoint: &str) -> SeriesName {
        SeriesName::new(release.parse().unwrap(), endpoint.parse().unwrap())
    }

    fn row() -> impl Strategy<Value = Histogram> {
        let pair = (0..=u16::from(LatencyCode::LAST), 1..=MOST);
        let pairs = btree_map(pair.0, pair.1, 0..20);
        pairs.prop_map(|pairs| {
            let codes = pairs.into_iter().map(|(raw, count)| (LatencyCode::try_from(raw).unwrap(), count));
            codes.collect::<Vec<_>>().into()
        })
    }

    fn slices() -> impl Strategy<Value = Slice> {
        let names = ("v[1-3]", "(GET|PUT) /[a-z\\{\\}ä]{0,5}").prop_map(|(v, e)| name(&v, &e));
        let totals =
            (row(), row(), row()).prop_map(|(ok, errors, cancelled)| Totals { ok, errors, cancelled });
        let numbers = (any::<u64>(), any::<u64>(), any::<u64>(), any::<u64>());
        (vec((names, totals), 0..6), numbers).prop_map(|(series, (epoch, seq, ended, lasted))| {
            let mut counted = Sums::default();
            for (name, totals) in series.into_iter().filter(|(name, _)| !name.endpoint.as_str().is_empty()) {
                // Once each: sums of two could pass what one slice may hold.
                if counted.get(&name).is_none() {
                    counted.add(&name, &totals);
                }
            }
            let (ended, lasted) = (Timestamp::from_unix_millis(ended), Duration::from_nanos(lasted));
            Slice { epoch, seq, ended, lasted, ..slice(counted) }
        })
    }

    fn refused(bytes: &[u8]) -> String {
        Slice::from_bytes(bytes).unwrap_err().to_string()
    }

    /// What comes before the list of releases.
    fn head() -> Vec<u8> {
        let mut bytes = one_request().to_bytes().unwrap();
        let at = bytes.windows(4).position(|four| four == [1, 2, b'v', b'1']).unwrap();
        bytes.truncate(at);
        bytes
    }

    fn after_head(rest: &[u8]) -> Vec<u8> {
        [&head()[..], rest].concat()
    }

    #[test]
    fn a_slice_with_one_request_is_small() {
        let bytes = one_request().to_bytes().unwrap();
        assert_eq!(Slice::from_bytes(&bytes), Ok(one_request()));
        assert_eq!(bytes.len(), 46);
    }

    #[test]
    fn refused_bytes_are_told_what_is_wrong_with_them() {
        let good = one_request().to_bytes().unwrap();
        insta::assert_snapshot!(refused(b""), @"these bytes are not a slice");
        insta::assert_snapshot!(refused(b"hs\x02"), @"a slice of format 2, and only format 1 is known here");
        insta::assert_snapshot!(refused(b"hs\x81\x00"), @"the number of the version is not in its shortest form");
        insta::assert_snapshot!(refused(&good[..good.len() - 1]), @"the slice ends within latencies");
        insta::assert_snapshot!(refused(&[&good[..], b"!"].concat()), @"1 bytes follow the end of the slice");
        insta::assert_snapshot!(refused(&vec![0; LONGEST + 1]), @"4194305 bytes are more than a slice may have (4194304)");
        insta::assert_snapshot!(refused(b"hs\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), @"the slice claims 18446744073709551615 for the instance's name, and 4194304 is the most there can be");
        insta::assert_snapshot!(refused(b"hs\x01\x01/"), @"instance `/` may hold only visible ASCII characters, and no /");
        insta::assert_snapshot!(refused(b"hs\x01\x02\xff\xfe"), @"the instance's name is not UTF-8");
    }

    #[test]
    fn refused_lists_are_told_what_is_wrong_with_them() {
        insta::assert_snapshot!(refused(&after_head(b"\xff\xff\xff\xff\x7f")), @"the slice claims 34359738367 for releases, and 2 is the most there can be");
        insta::assert_snapshot!(refused(&after_head(b"\x02\x02v2\x02v1\x00")), @"the releases of the slice are not in ascending order");
        insta::assert_snapshot!(refused(&after_head(b"\x01\x02v1\x00")), @"the slice lists a release that says nothing");
        insta::assert_snapshot!(refused(&after_head(b"\x01\x02v1\x01\x01\x01a\x01\x00\x00\x00\x00")), @"the slice claims 2 for the place of a series' release, and 1 is the most there can be");
        insta::assert_snapshot!(refused(&after_head(b"\x01\x02v1\x01\x00\x01a\x00\x00\x00\x00\x00")), @"the slice lists a series that says nothing");
        let twice = b"\x01\x02v1\x02\x00\x01a\x01\x00\x00\x00\x00\x00\x01a\x01\x00\x00\x00\x00";
        insta::assert_snapshot!(refused(&after_head(twice)), @"the series of the slice are not in ascending order");
        let codes = b"\x01\x02v1\x01\x00\x01a\x02\xff\x0a\x00\x00\x00";
        insta::assert_snapshot!(refused(&after_head(codes)), @"the slice claims 1408 for a latency code, and 1407 is the most there can be");
        let huge = b"\x01\x02v1\x01\x00\x01a\x01\x00\xff\xff\xff\xff\xff\xff\xff\x01\x00\x00";
        insta::assert_snapshot!(refused(&after_head(huge)), @"the slice claims 1125899906842623 for requests of one latency beside the first, and 1099511627775 is the most there can be");
    }

    #[test]
    fn what_a_receiver_would_refuse_is_not_sent() {
        let mut totals = Totals::default();
        totals.ok.add_many(LatencyCode::LAST, MOST + 1);
        let counted = [(name("v1", "GET /"), totals)].into_iter().collect();
        insta::assert_snapshot!(slice(counted).to_bytes().unwrap_err(), @"the slice claims 1099511627776 for requests of one latency beside the first, and 1099511627775 is the most there can be");
    }

    proptest! {
        #[test]
        fn a_slice_comes_back_whole(slice in slices()) {
            let bytes = slice.to_bytes().expect("within the limits");
            prop_assert_eq!(Slice::from_bytes(&bytes), Ok(slice));
        }

        #[test]
        fn every_part_of_a_slice_is_too_short(slice in slices(), at in any::<prop::sample::Index>()) {
            let bytes = slice.to_bytes().expect("within the limits");
            prop_assert!(Slice::from_bytes(&bytes[..at.index(bytes.len())]).is_err());
        }

        #[test]
        fn arbitrary_bytes_are_refused_or_have_one_spelling(tail in vec(any::<u8>(), 0..80), valid_head in any::<bool>()) {
            let bytes = if valid_head { after_head(&tail) } else { tail };
            if let Ok(slice) = Slice::from_bytes(&bytes) {
                prop_assert_eq!(slice.to_bytes(), Ok(bytes));
            }
        }

        #[test]
        fn damaged_slices_are_refused_or_have_one_spelling(
            slice in slices(), at in any::<prop::sample::Index>(), byte in any::<u8>()
        ) {
            let mut bytes = slice.to_bytes().expect("within the limits");
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if let Ok(read) = Slice::from_bytes(&bytes) {
                prop_assert_eq!(read.to_bytes(), Ok(bytes));
            }
        }
    }
}
