use std::fs;
use std::path::Path;

/// Makes a new file as accessible as the one it stands beside or replaces, as far as this process may.
///
/// Without it, a change made by an administrator would shut out the service that reads the file.
pub(super) fn like(path: &Path, model: &Path) {
    let Ok(model) = fs::metadata(model) else { return };
    let _ = fs::set_permissions(path, model.permissions());
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, chown};
        if fs::metadata(path).is_ok_and(|made| (made.uid(), made.gid()) != (model.uid(), model.gid())) {
            let _ = chown(path, Some(model.uid()), Some(model.gid()));
        }
    }
}
