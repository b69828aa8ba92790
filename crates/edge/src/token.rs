use std::path::{Path, PathBuf};
use std::{fmt, io};

use sha2::{Digest, Sha256};

/// What a token has at least: 32 hexadecimal digits are 128 bits, which nobody guesses.
const SHORTEST: usize = 32;

/// What whoever administers an edge from elsewhere has to show. It is shown nowhere: not by `Debug`, not in errors.
#[derive(Clone)]
pub struct AdminToken(String);

/// A token that cannot be used. What it was is not said.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The file could not be read.
    #[error("could not read the token in {}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Somebody could guess it.
    #[error("the token has {length} characters; it needs {SHORTEST} at least")]
    Short {
        /// How many it has.
        length: usize,
    },
    /// It has characters that no header can carry.
    #[error("the token has characters that no header can carry")]
    Unusable,
}

impl AdminToken {
    /// This text, without white space around it.
    ///
    /// # Errors
    ///
    /// [`TokenError::Short`], [`TokenError::Unusable`].
    pub fn new(text: &str) -> Result<Self, TokenError> {
        let text = text.trim();
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenError::Unusable);
        }
        if text.len() < SHORTEST {
            return Err(TokenError::Short { length: text.len() });
        }
        Ok(Self(text.to_owned()))
    }

    /// What this file holds.
    ///
    /// # Errors
    ///
    /// [`TokenError`].
    pub fn from_file(path: &Path) -> Result<Self, TokenError> {
        let text = small_file(path).map_err(|source| TokenError::File { path: path.to_owned(), source })?;
        Self::new(&text)
    }

    /// Whether `offered` is this token. Digests are compared, all bits at once: neither the time that takes nor the
    /// token's length says how much of it was right.
    pub(crate) fn is(&self, offered: &[u8]) -> bool {
        let (own, other) = (Sha256::digest(&self.0), Sha256::digest(offered));
        let difference = own.iter().zip(&other).fold(0, |sum, (own, other)| sum | (own ^ other));
        std::hint::black_box(difference) == 0
    }

    /// A secret of 128 bits, as hexadecimal digits, that only holders of the token can know: the same after a restart,
    /// and written nowhere.
    pub(crate) fn derive(&self, purpose: &str) -> String {
        let mut digest = Sha256::new_with_prefix(format!("handover {purpose}\0"));
        digest.update(&self.0);
        crate::releases::to_hex(&digest.finalize()[..16])
    }

    #[cfg(feature = "remote")]
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

/// No token is longer than this.
const LONGEST: u64 = 16_384;

/// A pipe or a device would be read for ever.
fn small_file(path: &Path) -> io::Result<String> {
    let about = std::fs::metadata(path)?;
    if !about.is_file() || about.len() > LONGEST {
        return Err(io::Error::other("it is not a file of one token"));
    }
    std::fs::read_to_string(path)
}

impl fmt::Debug for AdminToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AdminToken(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_token_is_itself_and_nothing_else() {
        let token = AdminToken::new(&format!(" {GOOD}\n")).unwrap();
        assert!(token.is(GOOD.as_bytes()));
        for other in ["", "0", &GOOD[1..], &format!("{GOOD}0"), &GOOD.to_uppercase()] {
            assert!(!token.is(other.as_bytes()), "{other:?}");
        }
    }

    #[test]
    fn a_token_shows_nothing_of_itself() {
        let token = AdminToken::new(GOOD).unwrap();
        assert_eq!(format!("{token:?}"), "AdminToken(..)");
        let derived = [token.derive("probe"), token.derive("pin blue")];
        assert!(derived[0] != derived[1] && derived.iter().all(|secret| secret.len() == 32));
        assert!(derived.iter().all(|secret| !GOOD.contains(secret.as_str())));
    }

    #[test]
    fn a_token_that_could_be_guessed_or_sent_by_nobody_is_refused_without_showing_it() {
        let said = ["", "s3cret", "s3cret with spaces in it, and long enough"]
            .map(|text| AdminToken::new(text).unwrap_err().to_string());
        insta::assert_snapshot!(said.join("\n"), @"
        the token has 0 characters; it needs 32 at least
        the token has 6 characters; it needs 32 at least
        the token has characters that no header can carry
        ");
        let missing = AdminToken::from_file(Path::new("/nowhere/token")).unwrap_err();
        insta::assert_snapshot!(missing, @"could not read the token in /nowhere/token");
        assert!(AdminToken::from_file(Path::new("/dev/zero")).is_err(), "it would never end");
    }
}
