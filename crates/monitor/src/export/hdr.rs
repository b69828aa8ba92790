//! HDR histograms, in nanoseconds with three digits: what log viewers, load generators and other languages read.
//!
//! Three digits are finer than a code, so a histogram that goes there and comes back is the same, and a quantile read
//! there is within 0.9 % of the exact one (0.79 % here and 0.1 % there).

use std::fmt;
use std::io::Read as _;
use std::time::Duration;

use flate2::read::ZlibDecoder;
use hdrhistogram::Histogram as Hdr;
use hdrhistogram::serialization::{Deserializer, Serializer as _, V2DeflateSerializer, V2Serializer};

use crate::code::LatencyCode;
use crate::histogram::Histogram;

/// The largest value in nanoseconds, 137 s.
const HIGHEST: u64 = 1 << 37;
const DIGITS: u8 = 3;
/// The longest that is read, plain: an array of five digits over 50 doublings, each counter at its longest, is more,
/// but nobody fills one.
const LONGEST: u64 = 4 << 20;
/// Cookie, payload length, offset, digits, lowest, highest, ratio.
const HEAD: usize = 40;
const DEFLATED: u32 = 0x1c84_9314;
/// Past this a count is damage; below it no sum of a whole array overflows.
const MOST: i64 = 1 << 40;

/// Why a histogram could not be turned into the other kind. Nothing was made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HdrError {
    /// The library could not hold or write it; says why.
    NotWritten(String),
    /// These bytes are no HDR histogram of format V2; says why.
    NotRead(String),
}

impl fmt::Display for HdrError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotWritten(why) => write!(f, "the histogram could not be written as HDR: {why}"),
            Self::NotRead(why) => write!(f, "these bytes are not an HDR histogram of format V2: {why}"),
        }
    }
}

impl std::error::Error for HdrError {}

/// As an HDR histogram of nanoseconds; each sample is the middle of its code.
///
/// # Errors
///
/// [`HdrError::NotWritten`] where the library refuses, which it has no reason to.
pub fn to_hdr(latencies: &Histogram) -> Result<Hdr<u64>, HdrError> {
    let mut hdr = Hdr::new_with_bounds(1, HIGHEST, DIGITS).map_err(not_written)?;
    for (code, count) in latencies.iter() {
        let nanos = u64::try_from(code.value().as_nanos()).unwrap_or(HIGHEST);
        hdr.record_n(nanos, count).map_err(not_written)?;
    }
    Ok(hdr)
}

/// From an HDR histogram whose values are multiples of `unit`: a nanosecond for those of [`to_hdr`], often a
/// microsecond or a millisecond for others'.
pub fn from_hdr(hdr: &Hdr<u64>, unit: Duration) -> Histogram {
    let mut latencies = Histogram::default();
    for step in hdr.iter_recorded() {
        let value = hdr.median_equivalent(step.value_iterated_to());
        latencies.add_many(LatencyCode::of(times(unit, value)), step.count_at_value());
    }
    latencies
}

fn times(unit: Duration, value: u64) -> Duration {
    let nanos = unit.as_nanos().saturating_mul(u128::from(value));
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// As bytes of format V2.
///
/// # Errors
///
/// [`HdrError::NotWritten`] where a count is past 2^63.
pub fn to_v2(latencies: &Histogram) -> Result<Vec<u8>, HdrError> {
    let mut bytes = Vec::new();
    V2Serializer::new().serialize(&to_hdr(latencies)?, &mut bytes).map_err(not_written)?;
    Ok(bytes)
}

/// As bytes of format V2, deflated: what interval logs hold in base 64.
///
/// # Errors
///
/// As [`to_v2`].
pub fn to_v2_deflate(latencies: &Histogram) -> Result<Vec<u8>, HdrError> {
    let mut bytes = Vec::new();
    V2DeflateSerializer::new().serialize(&to_hdr(latencies)?, &mut bytes).map_err(not_written)?;
    Ok(bytes)
}

/// Reads bytes of format V2, deflated or not, whose values are multiples of `unit`.
///
/// # Errors
///
/// [`HdrError::NotRead`]. No bytes make it panic or take more than some 60 MB.
pub fn from_bytes(bytes: &[u8], unit: Duration) -> Result<Histogram, HdrError> {
    let plain = if bytes.starts_with(&DEFLATED.to_be_bytes()) { inflated(bytes)? } else { bytes.to_vec() };
    check(&plain)?;
    let hdr = Deserializer::new().deserialize(&mut &plain[..]).map_err(|why| not_read(&why))?;
    Ok(from_hdr(&hdr, unit))
}

fn inflated(bytes: &[u8]) -> Result<Vec<u8>, HdrError> {
    let mut plain = Vec::new();
    let deflated = bytes.get(8..).unwrap_or_default();
    ZlibDecoder::new(deflated).take(LONGEST + 1).read_to_end(&mut plain).map_err(|why| not_read(&why))?;
    Ok(plain)
}

/// What the library takes on trust: that the payload is as long as it says, and that no number in it is absurd.
fn check(plain: &[u8]) -> Result<(), HdrError> {
    if plain.len() as u64 > LONGEST {
        return Err(not_read(&format_args!("it is longer than {LONGEST} bytes")));
    }
    let Some((head, payload)) = plain.split_at_checked(HEAD) else {
        return Err(not_read(&format_args!("{} bytes are fewer than its head has", plain.len())));
    };
    let announced = u32::from_be_bytes([head[4], head[5], head[6], head[7]]);
    if u64::from(announced) != payload.len() as u64 {
        return Err(not_read(&format_args!("{announced} bytes are announced, {} are there", payload.len())));
    }
    check_counts(payload)
}

fn check_counts(mut payload: &[u8]) -> Result<(), HdrError> {
    while !payload.is_empty() {
        let number = take(&mut payload).ok_or_else(|| not_read(&"it ends within a number"))?;
        if !(-MOST..=MOST).contains(&number) {
            return Err(not_read(&format_args!("no count and no run of zeros is {number}")));
        }
    }
    Ok(())
}

/// A number as HDR writes it: seven bits a byte, lowest first, the ninth byte whole; the lowest bit is the sign.
fn take(payload: &mut &[u8]) -> Option<i64> {
    let mut raw = 0u64;
    for at in 0..9 {
        let (&byte, rest) = payload.split_first()?;
        *payload = rest;
        if at == 8 || byte < 0x80 {
            raw |= u64::from(byte) << (7 * at);
            break;
        }
        raw |= u64::from(byte & 0x7f) << (7 * at);
    }
    Some((raw >> 1).cast_signed() ^ -(raw & 1).cast_signed())
}

fn not_written(why: impl fmt::Display) -> HdrError {
    HdrError::NotWritten(why.to_string())
}

fn not_read(why: &dyn fmt::Display) -> HdrError {
    HdrError::NotRead(why.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    const NANO: Duration = Duration::from_nanos(1);

    fn refused(bytes: &[u8]) -> String {
        from_bytes(bytes, NANO).unwrap_err().to_string()
    }

    fn head(payload: &[u8]) -> Vec<u8> {
        let mut bytes = to_v2(&Histogram::default()).unwrap();
        bytes.truncate(HEAD);
        bytes[4..8].copy_from_slice(&u32::try_from(payload.len()).unwrap().to_be_bytes());
        [&bytes[..], payload].concat()
    }

    #[test]
    fn refused_bytes_are_told_what_is_wrong_with_them() {
        insta::assert_snapshot!(refused(b""), @"these bytes are not an HDR histogram of format V2: 0 bytes are fewer than its head has");
        let mut long = head(b"");
        long[4..8].copy_from_slice(&u32::MAX.to_be_bytes());
        insta::assert_snapshot!(refused(&long), @"these bytes are not an HDR histogram of format V2: 4294967295 bytes are announced, 0 are there");
        insta::assert_snapshot!(refused(&head(&[0xff; 9])), @"these bytes are not an HDR histogram of format V2: no count and no run of zeros is -9223372036854775808");
        insta::assert_snapshot!(refused(&head(&[0x80])), @"these bytes are not an HDR histogram of format V2: it ends within a number");
        insta::assert_snapshot!(refused(&[0; 40]), @"these bytes are not an HDR histogram of format V2: The cookie (first 4 bytes) did not match that for any supported format");
        insta::assert_snapshot!(refused(&[&DEFLATED.to_be_bytes()[..], &[0, 0, 0, 9], b"not zlib!"].concat()), @"these bytes are not an HDR histogram of format V2: corrupt deflate stream");
        let zeros = std::io::repeat(0).take(LONGEST * 4);
        let mut bomb = [&DEFLATED.to_be_bytes()[..], &[0, 0, 0, 9]].concat();
        flate2::read::ZlibEncoder::new(zeros, flate2::Compression::best()).read_to_end(&mut bomb).unwrap();
        insta::assert_snapshot!(refused(&bomb), @"these bytes are not an HDR histogram of format V2: it is longer than 4194304 bytes");
    }

    fn latencies() -> impl Strategy<Value = Histogram> {
        vec((0u64..200_000_000_000, 1u64..1 << 30), 0..60).prop_map(|samples| {
            let pairs = samples.into_iter();
            pairs
                .map(|(nanos, count)| (LatencyCode::of(Duration::from_nanos(nanos)), count))
                .collect::<Vec<_>>()
                .into()
        })
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same(latencies in latencies()) {
            prop_assert_eq!(&from_hdr(&to_hdr(&latencies).expect("in range"), NANO), &latencies);
            prop_assert_eq!(&from_bytes(&to_v2(&latencies).expect("in range"), NANO).expect("own"), &latencies);
            prop_assert_eq!(from_bytes(&to_v2_deflate(&latencies).expect("in range"), NANO).expect("own"), latencies);
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..60), with_head in any::<bool>(), digits in 0u8..7) {
            let mut bytes = if with_head { head(&bytes) } else { bytes };
            if let (true, Some(byte)) = (with_head, bytes.get_mut(15)) {
                *byte = digits;
            }
            let _ = from_bytes(&bytes, NANO);
        }

        #[test]
        fn damaged_bytes_never_panic(latencies in latencies(), at in any::<prop::sample::Index>(), byte in any::<u8>(), deflated in any::<bool>()) {
            let written = if deflated { to_v2_deflate(&latencies) } else { to_v2(&latencies) };
            let mut bytes = written.expect("in range");
            let at = at.index(bytes.len());
            bytes[at] = byte;
            let _ = from_bytes(&bytes, NANO);
        }
    }
}
