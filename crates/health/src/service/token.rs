use std::fmt;

use http::HeaderMap;
use http::header::AUTHORIZATION;
use subtle::ConstantTimeEq as _;

use crate::InvalidHealth;

/// What a token has at least: 32 hexadecimal digits are 128 bits, which nobody guesses.
const SHORTEST: usize = 32;

/// What opens the details.
#[derive(Clone)]
pub(super) struct Token(Box<[u8]>);

/// How a request is authorised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    Nothing,
    Wrong,
    Right,
}

impl Token {
    pub(super) fn new(secret: &str) -> Result<Self, InvalidHealth> {
        let secret = secret.trim();
        if secret.len() < SHORTEST {
            return Err(InvalidHealth::Token { length: secret.len() });
        }
        Ok(Self(secret.as_bytes().into()))
    }

    /// In a time that does not depend on where it differs; that its length can be learnt is of no use.
    pub(super) fn shown_in(&self, headers: &HeaderMap) -> Shown {
        // Of another scheme it is somebody else's, a proxy's say.
        let offered = headers.get(AUTHORIZATION).and_then(|offered| bearer(offered.as_bytes()));
        let Some(offered) = offered else { return Shown::Nothing };
        if bool::from(self.0.ct_eq(offered)) { Shown::Right } else { Shown::Wrong }
    }
}

/// The scheme's name is case-insensitive.
fn bearer(value: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = value.split_at_checked(7)?;
    scheme.eq_ignore_ascii_case(b"bearer ").then(|| token.trim_ascii())
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}
