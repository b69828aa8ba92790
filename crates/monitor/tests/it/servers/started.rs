use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A process that ends with this value.
#[derive(Debug)]
pub(crate) struct Started {
    child: Child,
}

impl Started {
    /// Starts it; what it says goes to a file in `folder`.
    pub(crate) fn new(command: &mut Command, folder: &Path) -> Self {
        let log = std::fs::File::create(folder.join("log")).unwrap();
        let quiet = command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        Self { child: quiet.spawn().unwrap() }
    }

    /// Ends it.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Whether it has ended by itself.
    pub(crate) fn ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        self.kill();
    }
}
