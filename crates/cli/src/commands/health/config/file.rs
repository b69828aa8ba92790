//! A file that is there is somebody's.

use std::fs;
use std::io;
use std::path::Path;

use super::Made;
use super::merge::{MergeError, merged};
use crate::commands::init;
use crate::exit::Exit;
use crate::report::Failure;

/// Writes it. Where Railway's file is there, its other keys stay; any other file is overwritten with `force` only.
pub(super) fn write(file: &Path, made: &mut Made, force: bool) -> Result<(), Failure> {
    if made.platform == "railway" && file.extension().is_some_and(|extension| extension == "toml") {
        return Err(could_not(file)
            .because("Railway would read it as TOML, and this is JSON")
            .hint("`--output railway.json`; Railway reads either"));
    }
    match fs::read_to_string(file) {
        Ok(there) if made.platform == "railway" => merge(file, &there, made, force),
        Err(error) if made.platform == "railway" && !force && error.kind() == io::ErrorKind::InvalidData => {
            Err(in_the_way(file, &MergeError::NotText))
        }
        _ => init::write(file, &made.text, force).map_err(|error| not_written(file, &error)),
    }
}

fn merge(file: &Path, there: &str, made: &mut Made, force: bool) -> Result<(), Failure> {
    made.text = match merged(there, &made.config, force) {
        Ok(text) => text,
        Err(_) if force => made.text.clone(),
        Err(error) => return Err(in_the_way(file, &error)),
    };
    init::replace(file, &made.text).map_err(|error| not_written(file, &error))
}

fn in_the_way(file: &Path, error: &MergeError) -> Failure {
    match error {
        MergeError::Differs(differing) => {
            let failure = differing.iter().fold(could_not(file), Failure::because);
            failure.hint("`--force` sets them; every other key is kept")
        }
        MergeError::Empty => could_not(file).because_of(error).hint("remove it, or write it with `--force`"),
        MergeError::Marked => could_not(file)
            .because_of(error)
            .hint("save it as UTF-8 without one, or overwrite the whole of it with `--force`"),
        MergeError::Unreadable(_) | MergeError::NotText => {
            could_not(file).because_of(error).hint("mend it, or overwrite the whole of it with `--force`")
        }
    }
}

fn not_written(file: &Path, error: &io::Error) -> Failure {
    if error.kind() == io::ErrorKind::AlreadyExists {
        return could_not(file).because("it exists already").hint("`--force` overwrites it");
    }
    could_not(file).because_of(error).hint("leave `--output` out to see what would be written")
}

fn could_not(file: &Path) -> Failure {
    Failure::new(format!("could not write {}", file.display()), Exit::Refused)
}
