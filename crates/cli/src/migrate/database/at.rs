use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use sqlx::ConnectOptions as _;
use sqlx::postgres::PgConnectOptions;

use super::address;
use crate::exit::Exit;
use crate::report::Failure;

const ATTEMPTED: &str = "could not tell which database to ask";
const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];

/// Where a database is: as it was typed, and never shown, since it may hold a password.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum DatabaseAt {
    /// At this address.
    Address(String),
    /// At the address that this variable holds.
    Variable(String),
}

impl DatabaseAt {
    /// What it is called where it is spoken of.
    pub(crate) fn named(&self) -> String {
        match self {
            Self::Address(_) => "the database".into(),
            Self::Variable(name) => format!("the database of {name}"),
        }
    }

    /// Whether there is an address, right or wrong.
    pub(crate) fn is_known(&self) -> bool {
        match self {
            Self::Address(_) => true,
            Self::Variable(name) => std::env::var_os(name).is_some_and(|address| !address.is_empty()),
        }
    }

    /// How to connect, and the schema that is named in it. Connects to nothing.
    ///
    /// # Errors
    ///
    /// [`Exit::Usage`]: the variable is not set, or it is no address. What was given is not repeated.
    pub(super) fn options(&self) -> Result<(PgConnectOptions, Option<String>), Failure> {
        let address = match self {
            Self::Address(address) => address.clone(),
            Self::Variable(name) => of_variable(name)?,
        };
        let ours = SCHEMES.iter().any(|scheme| address.starts_with(scheme));
        let (address, schema) = address::read(&address);
        let options = ours.then(|| address.parse::<PgConnectOptions>().ok()).flatten();
        let options = options.ok_or_else(|| self.no_address())?;
        // What is asked belongs in nobody's log.
        Ok((options.application_name("handover").disable_statement_logging(), schema))
    }

    fn no_address(&self) -> Failure {
        let failure = Failure::new(ATTEMPTED, Exit::Usage);
        let failure = match self {
            Self::Address(_) => failure.because("what was given is not an address of PostgreSQL"),
            Self::Variable(name) => {
                failure.because(format!("what {name} holds is not an address of PostgreSQL"))
            }
        };
        failure.hint(
            "postgres://USER:PASSWORD@HOST:5432/DATABASE is one; `env:DATABASE_URL` reads it from a variable",
        )
    }
}

/// The address in a variable of the environment.
fn of_variable(name: &str) -> Result<String, Failure> {
    std::env::var(name).ok().filter(|address| !address.is_empty()).ok_or_else(|| {
        Failure::new(ATTEMPTED, Exit::Usage)
            .because(format!("{name} is not set in the environment, and is to hold its address"))
            .hint(format!("`export {name}=postgres://…`"))
    })
}

impl FromStr for DatabaseAt {
    type Err = Infallible;

    /// Refuses nothing: a message about what was typed would show it.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text.strip_prefix("env:") {
            Some(name) => Self::Variable(name.to_owned()),
            None => Self::Address(text.to_owned()),
        })
    }
}

impl fmt::Debug for DatabaseAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(_) => f.write_str("Address(…)"),
            Self::Variable(name) => write!(f, "Variable({name:?})"),
        }
    }
}
