use std::path::PathBuf;

/// The built `handover`: beside this one, as cargo puts it.
pub(crate) fn handover() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|why| format!("where am I? {why}"))?;
    let beside = own.with_file_name("handover");
    if beside.is_file() { Ok(beside) } else { Err(format!("{} is not built", beside.display())) }
}
