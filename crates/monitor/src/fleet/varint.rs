//! Numbers of seven bits a byte, lowest first, in their one shortest spelling.

use super::wire::WireError;

/// The longest spelling of a `u64`.
const LONGEST: usize = 10;

pub(super) fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(low_bits(number) | 0x80);
        number >>= 7;
    }
    out.push(low_bits(number));
}

fn low_bits(number: u64) -> u8 {
    number.to_le_bytes()[0] & 0x7f
}

/// Takes one number off the front.
pub(super) fn take(bytes: &mut &[u8], what: &'static str) -> Result<u64, WireError> {
    let mut number = 0u64;
    for at in 0..LONGEST {
        let (&byte, rest) = bytes.split_first().ok_or(WireError::Truncated { what })?;
        *bytes = rest;
        let bits = u64::from(byte & 0x7f);
        if at == LONGEST - 1 && byte > 1 {
            return Err(WireError::Overlong { what });
        }
        number |= bits << (7 * at);
        if byte < 0x80 {
            // A last byte of zero says nothing: the same number has a shorter spelling.
            return if byte == 0 && at > 0 { Err(WireError::Overlong { what }) } else { Ok(number) };
        }
    }
    Err(WireError::Overlong { what })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn taken(mut bytes: &[u8]) -> Result<u64, WireError> {
        take(&mut bytes, "a number")
    }

    #[test]
    fn a_number_has_one_spelling() {
        assert_eq!(taken(&[0x80, 0x00]), Err(WireError::Overlong { what: "a number" }));
        assert_eq!(taken(&[0xff; 11]), Err(WireError::Overlong { what: "a number" }));
        let past_64_bits = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02];
        assert_eq!(taken(&past_64_bits), Err(WireError::Overlong { what: "a number" }));
        assert_eq!(taken(&[0xff]), Err(WireError::Truncated { what: "a number" }));
        assert_eq!(taken(&[]), Err(WireError::Truncated { what: "a number" }));
    }

    proptest! {
        #[test]
        fn every_number_comes_back(number in any::<u64>(), shift in 0u32..64) {
            let mut bytes = Vec::new();
            put(&mut bytes, number >> shift);
            prop_assert_eq!(taken(&bytes), Ok(number >> shift));
        }

        #[test]
        fn what_is_taken_was_put(bytes in prop::collection::vec(any::<u8>(), 0..12)) {
            let mut rest = &bytes[..];
            if let Ok(number) = take(&mut rest, "a number") {
                let mut again = Vec::new();
                put(&mut again, number);
                prop_assert_eq!(&again[..], &bytes[..bytes.len() - rest.len()]);
            }
        }
    }
}
