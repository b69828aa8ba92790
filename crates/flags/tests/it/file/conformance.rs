use handover_flags::{FileStore, Layered, MemoryStore};

use super::Edited;

mod edited {
    handover_flags::conformance_tests!(super::Edited::new());
}

mod torn {
    handover_flags::conformance_tests!(super::Edited::torn());
}

mod polled {
    handover_flags::conformance_tests!(super::Edited::polled());
}

mod over_memory {
    handover_flags::conformance_tests!(super::over_memory());
}

/// The folder is removed with the computer's other temporary files: the store keeps no guard.
fn over_memory() -> Layered {
    let folder = tempfile::tempdir().unwrap().keep();
    Layered::on(MemoryStore::with(&[("below", true)])).below(FileStore::new(folder.join("flags.json")))
}
