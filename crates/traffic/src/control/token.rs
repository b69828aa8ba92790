use std::path::{Path, PathBuf};
use std::{fmt, io};

/// A credential. It is shown nowhere: not by `Debug`, not in errors.
#[derive(Clone)]
pub struct Token(String);

/// A credential that cannot be used. What it was is not said.
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
    /// It is empty, or has characters that no header can carry.
    #[error("the token is empty, or has characters that no header can carry")]
    Unusable,
}

impl Token {
    /// This text, without white space around it.
    ///
    /// # Errors
    ///
    /// [`TokenError::Unusable`].
    pub fn new(text: &str) -> Result<Self, TokenError> {
        let text = text.trim();
        let usable = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        if usable { Ok(Self(text.to_owned())) } else { Err(TokenError::Unusable) }
    }

    /// What this file holds.
    ///
    /// # Errors
    ///
    /// [`TokenError::File`], [`TokenError::Unusable`].
    pub fn from_file(path: &Path) -> Result<Self, TokenError> {
        let text = small_file(path).map_err(|source| TokenError::File { path: path.to_owned(), source })?;
        Self::new(&text)
    }

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

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_shows_nothing_of_itself() {
        let token = Token::new(" s3cret\n").unwrap();
        assert_eq!((format!("{token:?}").as_str(), token.reveal()), ("Token(…)", "s3cret"));
        let error = Token::new("s3cret with spaces").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("s3cret"));
    }

    #[test]
    fn a_token_file_that_is_missing_or_empty_is_said_by_its_name() {
        let missing = Token::from_file(Path::new("/nowhere/token")).unwrap_err();
        insta::assert_snapshot!(missing, @"could not read the token in /nowhere/token");
        assert!(Token::from_file(Path::new("/dev/zero")).is_err(), "it would never end");
    }
}
