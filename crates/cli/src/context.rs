//! What every verb is given: the command line's global part, lowered once.

use std::path::PathBuf;

use handover_edge::AgentClient;

use crate::args::Globals;
use crate::exit::Exit;
use crate::helm::Helm;
use crate::output::Output;
use crate::report::Failure;
use crate::settings::{FILE_NAME, Migrate, Settings, SettingsError};
use crate::state_dir::{self, StateDirError, Wishes};

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

    /// Reads the settings where there are any: a verb that only borrows a name or a limit from them does without.
    ///
    /// # Errors
    ///
    /// [`Exit::Usage`]: there is a file, and what is wrong with it.
    pub(crate) fn settings_if_any(&self) -> Result<Option<Settings>, Failure> {
        match Settings::load(self.config.as_deref(), &self.folder) {
            Ok(settings) => Ok(Some(settings)),
            Err(SettingsError::NoFile { .. }) => Ok(None),
            Err(error) => Err(Failure::of("could not read the settings", Exit::Usage, &error)),
        }
    }

    /// Reads `[migrate]` where there is a file that has it, whatever else that file lacks.
    ///
    /// # Errors
    ///
    /// [`Exit::Usage`]: what is wrong with it.
    pub(crate) fn migrate_settings(&self) -> Result<Option<Migrate>, Failure> {
        match Settings::load_migrate(self.config.as_deref(), &self.folder) {
            Ok(migrate) => Ok(migrate),
            Err(SettingsError::NoFile { .. }) => Ok(None),
            Err(error) => Err(Failure::of("could not read the settings", Exit::Usage, &error)),
        }
    }

    /// The settings file to write: the one that `--config` names, or one in the current folder.
    pub(crate) fn config_target(&self) -> PathBuf {
        self.folder.join(self.config.as_deref().unwrap_or(FILE_NAME.as_ref()))
    }

    /// The state folder as the agent passes it to the processes it starts, which read no settings.
    ///
    /// # Errors
    ///
    /// [`Exit::Usage`]: it was not passed.
    pub(crate) fn given_state_dir(&self) -> Result<PathBuf, Failure> {
        self.state_dir.as_ref().map(|path| self.folder.join(path)).ok_or_else(|| {
            Failure::new("could not start", Exit::Usage)
                .because("`--state-dir` is missing")
                .hint("the agent starts this by itself; `handover resume` makes it do so")
        })
    }

    /// The state folder for a verb that only looks, or that talks to the agent.
    ///
    /// Where `--state-dir` names it no settings are needed: a mistake in them must not stand between an operator and
    /// the way back.
    ///
    /// # Errors
    ///
    /// [`Exit::Usage`] for settings that are needed, [`Exit::Refused`] for a folder that is not fit to be used.
    pub(crate) fn existing_state_dir(&self) -> Result<PathBuf, Failure> {
        let Some(named) = &self.state_dir else {
            return self.state_dir(&self.settings()?, Access::Read);
        };
        let path = self.folder.join(named);
        state_dir::check(&path).map_err(|error| unfit(&error))?;
        Ok(path)
    }

    /// Who is at the helm of the service, for a verb that looks or acts by hand.
    ///
    /// # Errors
    ///
    /// As [`Context::existing_state_dir`], and a backend that cannot be used.
    pub(crate) async fn helm(&self) -> Result<Helm, Failure> {
        let state_dir = self.existing_state_dir()?;
        match self.settings_if_any() {
            Ok(Some(settings)) => Helm::of(&settings, &state_dir).await,
            Err(failure) if self.state_dir.is_none() => Err(failure),
            Ok(None) | Err(_) => Ok(AgentClient::in_state_dir(&state_dir).into()),
        }
    }

    /// The service's state folder, fit to be used.
    ///
    /// # Errors
    ///
    /// [`Exit::Refused`]: why it is not.
    pub(crate) fn state_dir(&self, settings: &Settings, access: Access) -> Result<PathBuf, Failure> {
        let path = self.chosen_state_dir(settings)?;
        match access {
            Access::Read => state_dir::check(&path),
            Access::Write => state_dir::create(&path),
        }
        .map_err(|error| unfit(&error))?;
        Ok(path)
    }

    /// Where the service's state folder is, or would be.
    ///
    /// # Errors
    ///
    /// [`Exit::Refused`]: nothing says where, or it has too long a name.
    pub(crate) fn chosen_state_dir(&self, settings: &Settings) -> Result<PathBuf, Failure> {
        let wishes = Wishes::of_process(self.state_dir.clone(), settings.service.state_dir.clone());
        wishes.choose(&settings.service.name, &self.folder).map_err(|error| unfit(&error))
    }
}

fn unfit(error: &StateDirError) -> Failure {
    Failure::of("could not use the state folder", Exit::Refused, error)
}
