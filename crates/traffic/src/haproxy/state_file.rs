use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::BoxError;

/// Puts what HAProxy said in the place of `file`, whole or not at all.
pub(super) async fn replace(file: &Path, text: &str) -> Result<(), BoxError> {
    let (file, text) = (file.to_owned(), text.trim_end().to_owned());
    tokio::task::spawn_blocking(move || {
        write(&file, &text)
            .map_err(|e| format!("could not write its state file {}: {e}", file.display()).into())
    })
    .await?
}

fn write(file: &Path, text: &str) -> io::Result<()> {
    let temporary = temporary(file);
    let mut new = File::create(&temporary)?;
    writeln!(new, "{text}")?;
    new.sync_all()?;
    // HAProxy reads it as another user.
    if let Ok(old) = fs::metadata(file) {
        new.set_permissions(old.permissions())?;
    }
    fs::rename(&temporary, file)
}

fn temporary(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    file.with_file_name(name)
}
