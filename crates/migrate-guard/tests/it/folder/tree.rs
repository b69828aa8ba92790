use std::fs;
use std::path::Path;

use tempfile::TempDir;

/// A folder of files that goes away with the test.
pub(crate) struct Tree(TempDir);

impl Tree {
    /// These files, each a path and what is in it.
    pub(crate) fn of<const N: usize>(files: [(&str, &str); N]) -> Self {
        let tree = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            tree.write(path, text);
        }
        tree
    }

    /// One file more.
    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}
