//! Credentials: in a file, else in the environment; never shown.

use std::fmt;
use std::path::Path;

use handover_traffic::control::{Token, TokenError};

use crate::exit::Exit;
use crate::report::Failure;

/// The token in this file, or in the first of these variables that is set, with the number of it.
pub(super) fn token(
    file: Option<&Path>,
    variables: &[&str],
    key: &str,
) -> Result<(Token, Option<usize>), Failure> {
    let unusable =
        |error: TokenError| Failure::new("could not use the token", Exit::Usage).because_of(&error);
    if let Some(file) = file {
        return Ok((Token::from_file(file).map_err(unusable)?, None));
    }
    let set = |name: &&str| std::env::var(name).ok().filter(|text| !text.is_empty());
    let found = variables.iter().enumerate().find_map(|(at, name)| Some((at, set(name)?)));
    let Some((at, text)) = found else {
        return Err(Failure::new("could not find a token", Exit::Usage)
            .because(format!("neither {} nor `{key}` is set", variables.join(" nor ")))
            .hint("export it in the environment of this command, or name a file that only you can read"));
    };
    let token = Token::new(&text);
    Ok((
        token.map_err(|error| unusable(error).because(format!("it is the value of {}", variables[at])))?,
        Some(at),
    ))
}

/// The first line of a file.
pub(super) fn text(file: &Path) -> Result<Secret, Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        Failure::new(format!("could not read {}", file.display()), Exit::Usage).because_of(&error)
    })?;
    Ok(Secret(text.lines().next().unwrap_or_default().trim().to_owned()))
}

/// Is not shown.
#[derive(Clone)]
pub(super) struct Secret(String);

impl Secret {
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
