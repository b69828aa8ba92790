//! Where handover keeps what it must not forget about a service.

use std::borrow::Cow;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, Metadata, Permissions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use handover_core::{Hint, ServiceName};

/// Only its owner may look inside: it holds the secret that pins requests to a slot.
const MODE: u32 = 0o700;

/// The longest name a Unix socket can have on Linux, without the closing NUL.
const LONGEST_SOCKET: usize = 107;

/// What may say where the state is, strongest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wishes {
    /// `--state-dir`, or `HANDOVER_STATE_DIR`.
    pub(crate) flag: Option<PathBuf>,
    /// `service.state_dir` in the settings.
    pub(crate) file: Option<PathBuf>,
    /// `STATE_DIRECTORY`, set by systemd; the first of several.
    pub(crate) systemd: Option<OsString>,
    /// Whether we are root.
    pub(crate) root: bool,
    /// `XDG_STATE_HOME`.
    pub(crate) xdg: Option<OsString>,
    /// `HOME`.
    pub(crate) home: Option<OsString>,
}

impl Wishes {
    /// What this process was told.
    pub(crate) fn of_process(flag: Option<PathBuf>, file: Option<PathBuf>) -> Self {
        let told = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let root = rustix::process::geteuid().is_root();
        let [systemd, xdg, home] = ["STATE_DIRECTORY", "XDG_STATE_HOME", "HOME"].map(told);
        Self { flag, file, systemd, root, xdg, home }
    }

    /// The folder for this service; it may not exist yet. `folder` is where a relative flag starts.
    ///
    /// # Errors
    ///
    /// Nothing says where, or the place has too long a name.
    pub(crate) fn choose(self, service: &ServiceName, folder: &Path) -> Result<PathBuf, StateDirError> {
        let own = |base: PathBuf| base.join("handover").join(service.as_str());
        // The XDG rules: a relative path there is to be ignored.
        let xdg = self.xdg.map(PathBuf::from).filter(|path| path.is_absolute());
        let by_systemd = self.systemd.as_ref().and_then(|all| std::env::split_paths(all).next());
        let chosen = self
            .flag
            .or(self.file)
            .or(by_systemd)
            .or_else(|| self.root.then(|| own("/var/lib".into())))
            .or_else(|| xdg.map(own))
            .or_else(|| self.home.map(|home| own(Path::new(&home).join(".local/state"))))
            .ok_or(StateDirError::Nowhere)?;
        let path = folder.join(chosen);
        let socket = path.join("agent.sock").as_os_str().as_bytes().len();
        if socket > LONGEST_SOCKET { Err(StateDirError::TooLong { path, socket }) } else { Ok(path) }
    }
}

/// Makes sure that the folder is there, ours, private and writable.
///
/// # Errors
///
/// Each way in which it is not; nothing is left behind.
pub(crate) fn create(path: &Path) -> Result<(), StateDirError> {
    match DirBuilder::new().recursive(true).mode(MODE).create(path) {
        Ok(()) => {}
        Err(source) if source.kind() == io::ErrorKind::AlreadyExists => {
            return Err(StateDirError::NotAFolder { path: path.to_owned() });
        }
        Err(source) => return Err(StateDirError::NotCreated { path: path.to_owned(), source }),
    }
    check(path)?;
    let probe = tempfile::Builder::new().prefix(".write-test-").tempfile_in(path);
    probe.map(drop).map_err(|source| StateDirError::NotWritable { path: path.to_owned(), source })
}

/// Makes sure that the folder is ours and private, without making one.
///
/// # Errors
///
/// It is not there, or not fit to be used.
pub(crate) fn check(path: &Path) -> Result<(), StateDirError> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => metadata,
        Ok(_) => return Err(StateDirError::NotAFolder { path: path.to_owned() }),
        Err(source) if source.kind() == io::ErrorKind::NotFound => {
            return Err(StateDirError::Absent { path: path.to_owned() });
        }
        Err(source) => return Err(StateDirError::NotReadable { path: path.to_owned(), source }),
    };
    check_owner(path, &metadata)?;
    let mut entries =
        fs::read_dir(path).map_err(|source| StateDirError::NotReadable { path: path.to_owned(), source })?;
    let mode = metadata.mode() & 0o777;
    if mode & !MODE == 0 {
        return Ok(());
    }
    // An empty folder was made for us a moment ago; one with files in it may be somebody's home.
    if entries.next().is_none() && fs::set_permissions(path, Permissions::from_mode(MODE)).is_ok() {
        return Ok(());
    }
    Err(StateDirError::TooOpen { path: path.to_owned(), mode })
}

fn check_owner(path: &Path, metadata: &Metadata) -> Result<(), StateDirError> {
    let (owner, us) = (metadata.uid(), rustix::process::geteuid().as_raw());
    if owner == us { Ok(()) } else { Err(StateDirError::NotOurs { path: path.to_owned(), owner, us }) }
}

/// Why there is no place for the state. Nothing was changed, except that an empty folder may have been made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StateDirError {
    /// Neither a flag nor the environment says where.
    #[error("neither --state-dir nor HOME says where the state folder is")]
    Nowhere,
    /// The agent's socket would have a longer name than the system allows.
    #[error("{} is too long a name: the socket in it would have {socket} bytes, of {} allowed", path.display(), LONGEST_SOCKET)]
    TooLong {
        /// The folder.
        path: PathBuf,
        /// The length of the socket's name.
        socket: usize,
    },
    /// There is none yet.
    #[error("the state folder {} does not exist", path.display())]
    Absent {
        /// The folder.
        path: PathBuf,
    },
    /// Something else has its name.
    #[error("{} is not a folder", path.display())]
    NotAFolder {
        /// The folder.
        path: PathBuf,
    },
    /// It could not be made.
    #[error("the state folder {} cannot be created", path.display())]
    NotCreated {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It cannot be looked into.
    #[error("the state folder {} cannot be read", path.display())]
    NotReadable {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// No file can be made in it.
    #[error("nothing can be written into the state folder {}", path.display())]
    NotWritable {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It belongs to another user.
    #[error("the state folder {} belongs to user {owner}, and this is user {us}", path.display())]
    NotOurs {
        /// The folder.
        path: PathBuf,
        /// Its owner's number.
        owner: u32,
        /// Our number.
        us: u32,
    },
    /// Others may look into it.
    #[error("the state folder {} is open to other users (mode {mode:o})", path.display())]
    TooOpen {
        /// The folder.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
}

impl Hint for StateDirError {
    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Nowhere | Self::TooLong { .. } | Self::NotAFolder { .. } | Self::NotCreated { .. } => {
                Some("name another folder with `--state-dir DIR`".into())
            }
            Self::Absent { .. } => {
                Some("nothing was deployed from here yet: `handover deploy` makes it, or `--state-dir` names another".into())
            }
            Self::NotReadable { .. } | Self::NotOurs { .. } => {
                Some("run handover as the user that runs its agent".into())
            }
            Self::NotWritable { .. } => Some("check its mode and the space left on its disk".into()),
            Self::TooOpen { path, .. } => Some(format!("`chmod 700 {}`", path.display()).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;
    use crate::report::Failure;

    fn service() -> ServiceName {
        "shop".parse().unwrap()
    }

    fn chosen(wishes: Wishes) -> String {
        wishes.choose(&service(), Path::new("/here")).unwrap().display().to_string()
    }

    fn said(error: &StateDirError, folder: &Path) -> String {
        let failure = Failure::of("could not use the state folder", Exit::Refused, error);
        failure.to_string().replace(&folder.display().to_string(), "DIR")
    }

    #[test]
    fn the_strongest_wish_decides() {
        let mut wishes = Wishes {
            flag: Some("by/flag".into()),
            file: Some("/by/file".into()),
            systemd: Some("/by/systemd:/second".into()),
            root: true,
            xdg: Some("/by/xdg".into()),
            home: Some("/home/me".into()),
        };
        assert_eq!(chosen(wishes.clone()), "/here/by/flag");
        wishes.flag = None;
        assert_eq!(chosen(wishes.clone()), "/by/file");
        wishes.file = None;
        assert_eq!(chosen(wishes.clone()), "/by/systemd");
        wishes.systemd = None;
        assert_eq!(chosen(wishes.clone()), "/var/lib/handover/shop");
        wishes.root = false;
        assert_eq!(chosen(wishes.clone()), "/by/xdg/handover/shop");
        wishes.xdg = Some("relative".into());
        assert_eq!(chosen(wishes.clone()), "/home/me/.local/state/handover/shop");
        wishes.home = None;
        assert!(matches!(wishes.choose(&service(), Path::new("/")), Err(StateDirError::Nowhere)));
    }

    #[test]
    fn a_name_that_no_socket_can_have_is_refused_early() {
        let wishes = Wishes { flag: Some(PathBuf::from("x".repeat(120))), ..Wishes::default() };
        let error = wishes.choose(&service(), Path::new("/here")).unwrap_err();
        assert!(matches!(error, StateDirError::TooLong { socket: 137, .. }), "{error}");
    }

    #[test]
    fn a_new_folder_is_private() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a/b");
        create(&path).unwrap();
        create(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o700);
        assert_eq!(fs::read_dir(&path).unwrap().count(), 0, "the write test was left behind");
    }

    #[test]
    fn an_empty_folder_is_made_private_and_a_full_one_is_left_alone() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("state");
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        create(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o700);

        fs::write(path.join("agent.json"), "{}").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        insta::assert_snapshot!(said(&create(&path).unwrap_err(), home.path()), @r"
        error: could not use the state folder
          because: the state folder DIR/state is open to other users (mode 755)

        hint: `chmod 700 DIR/state`
        ");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o755);
    }

    #[test]
    fn a_file_in_the_way_is_named() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("state");
        fs::write(&path, "").unwrap();
        insta::assert_snapshot!(said(&create(&path).unwrap_err(), home.path()), @r"
        error: could not use the state folder
          because: DIR/state is not a folder

        hint: name another folder with `--state-dir DIR`
        ");
        insta::assert_snapshot!(said(&create(&path.join("below")).unwrap_err(), home.path()), @r"
        error: could not use the state folder
          because: the state folder DIR/state/below cannot be created
          because: Not a directory (os error 20)

        hint: name another folder with `--state-dir DIR`
        ");
    }

    #[test]
    fn reading_verbs_do_not_make_a_folder() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("state");
        insta::assert_snapshot!(said(&check(&path).unwrap_err(), home.path()), @r"
        error: could not use the state folder
          because: the state folder DIR/state does not exist

        hint: nothing was deployed from here yet: `handover deploy` makes it, or `--state-dir` names another
        ");
        assert!(!path.exists());
    }
}
