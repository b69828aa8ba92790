//! What every verb is given: the command line's global part, lowered once.

use std::path::PathBuf;

use crate::args::Globals;
use crate::exit::Exit;
use crate::output::Output;
use crate::report::Failure;
use crate::settings::{FILE_NAME, Settings};
use crate::state_dir::{self, Wishes};

/// The surroundings of a verb.
#[derive(Debug)]
pub(crate) struct Context {
    /// How to show things.
    pub(crate) output: Output,
    /// Where the command was typed.
    pub(crate) folder: PathBuf,
    config: Option<PathBuf>,
    state_dir: Option<PathBuf>,
}

/// Whether a verb writes into the state folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// It only reads: a folder that is not there is an error.
    Read,
    /// It writes: the folder is made.
    Write,
}

impl Context {
    /// Lowers the global arguments.
    ///
    /// # Errors
    ///
    /// The current folder cannot be told.
    pub(crate) fn new(globals: Globals, output: Output) -> Result<Self, Failure> {
        let folder = std::env::current_dir().map_err(|error| {
            Failure::new("could not find out the current folder", Exit::Usage)
                .because_of(&error)
                .hint("`cd` to a folder that exists")
        })?;
        Ok(Self { output, folder, config: globals.config, state_dir: globals.state_dir })
    }

    /// Reads the settings.
    ///
    /// # Errors
    ///
    /// [`Exit::Usage`]: what is wrong with them, with file and line.
    pub(crate) fn settings(&self) -> Result<Settings, Failure> {
        let read = Settings::load(self.config.as_deref(), &self.folder);
        read.map_err(|error| Failure::of("could not read the settings", Exit::Usage, &error))
    }

    /// The settings file to write: the one that `--config` names, or one in the current folder.
    pub(crate) fn config_target(&self) -> PathBuf {
        self.folder.join(self.config.as_deref().unwrap_or(FILE_NAME.as_ref()))
    }

    /// The service's state folder, fit to be used.
    ///
    /// # Errors
    ///
    /// [`Exit::Refused`]: why it is not.
    pub(crate) fn state_dir(&self, settings: &Settings, access: Access) -> Result<PathBuf, Failure> {
        let refuse = |error| Failure::of("could not use the state folder", Exit::Refused, &error);
        let wishes = Wishes::of_process(self.state_dir.clone(), settings.service.state_dir.clone());
        let path = wishes.choose(&settings.service.name, &self.folder).map_err(refuse)?;
        match access {
            Access::Read => state_dir::check(&path),
            Access::Write => state_dir::create(&path),
        }
        .map_err(refuse)?;
        Ok(path)
    }
}
