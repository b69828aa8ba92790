//! The last values known, in a file, so that a restart during an outage serves them.
//!
//! A line that says how to read the rest, and the rest: `{"format":1,"saved_ms":…,"murmur3":"…"}`, a newline, and the contents
//! as JSON. It is written whole, by a temporary file and a rename.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::rules::murmur3;
use crate::store::Contents;

const FORMAT: u32 = 1;

/// More than any store holds.
const LARGEST: u64 = 64 * 1024 * 1024;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: u32,
    saved_ms: u64,
    murmur3: u32,
}

/// Why a file of last known values was not used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unusable {
    #[error("{} cannot be read: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{} is damaged: {because}; it is not used", path.display())]
    Damaged { path: PathBuf, because: String },
}

/// What was known, and how old that is. `None` where there is no file yet.
pub(super) fn read(path: &Path) -> Result<Option<(Contents, Duration)>, Unusable> {
    let io = |source| Unusable::Io { path: path.to_owned(), source };
    let text = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io(error)),
        Ok(found) if found.len() > LARGEST => Err(format!("it has {} bytes", found.len())),
        Ok(_) => String::from_utf8(fs::read(path).map_err(io)?).map_err(|_| "it is not UTF-8".to_owned()),
    };
    let read = text.and_then(|text| parse(&text));
    read.map(Some).map_err(|because| Unusable::Damaged { path: path.to_owned(), because })
}

fn parse(text: &str) -> Result<(Contents, Duration), String> {
    let (head, body) = text.split_once('\n').ok_or("it ends too early")?;
    let head: Head = serde_json::from_str(head).map_err(|error| error.to_string())?;
    if head.format != FORMAT {
        return Err(format!("its format is {}, and this program reads {FORMAT}", head.format));
    }
    if murmur3(body.as_bytes(), 0) != head.murmur3 {
        return Err("its checksum does not match".to_owned());
    }
    let contents = serde_json::from_str(body).map_err(|error| error.to_string())?;
    let saved = Duration::from_millis(head.saved_ms);
    // A clock that was set back makes no value younger than it can be.
    Ok((contents, since_1970().saturating_sub(saved)))
}

/// Writes what was known until so long ago. That is asked after the clock was read: a thread that is kept waiting
/// between the two makes what is saved older, never younger.
pub(super) fn write(path: &Path, contents: &Contents, age: impl FnOnce() -> Duration) -> io::Result<()> {
    let body = serde_json::to_string(contents)?;
    let now = since_1970();
    let saved_ms = u64::try_from(now.saturating_sub(age()).as_millis()).unwrap_or(u64::MAX);
    let head = Head { format: FORMAT, saved_ms, murmur3: murmur3(body.as_bytes(), 0) };
    let text = format!("{}\n{body}", serde_json::to_string(&head)?);
    let aside = aside(path);
    let written = write_through(&aside, text.as_bytes()).and_then(|()| fs::rename(&aside, path));
    if written.is_err() {
        // What is half-written is of no use to anybody.
        let _ = fs::remove_file(&aside);
    }
    written
}

/// Beside the file, and of this process alone.
fn aside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    path.with_file_name(name)
}

fn write_through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Held, Key, Revision};

    fn contents() -> Contents {
        let key = |text: &str| Key::parse(text).unwrap().unwrap();
        let values =
            [("feature:a b", "true"), ("feature-rules:ü", "{}")].map(|(k, v)| (key(k), Held::from(v)));
        Contents { values: values.into(), revision: Some(Revision(7)), epoch: Some("e".into()) }
    }

    #[test]
    fn what_was_written_is_read_with_its_age() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("flags.lkg");
        assert!(read(&path).unwrap().is_none());
        write(&path, &contents(), || Duration::from_secs(100)).unwrap();
        let (read, age) = read(&path).unwrap().unwrap();
        assert_eq!(read, contents());
        assert!(age >= Duration::from_secs(100) && age < Duration::from_secs(130), "{age:?}");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn who_is_kept_waiting_while_he_writes_makes_nothing_younger() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("flags.lkg");
        let known = since_1970();
        let age = || {
            let begun = since_1970();
            while since_1970() < begun + Duration::from_millis(20) {}
            since_1970().saturating_sub(known)
        };
        write(&path, &contents(), age).unwrap();
        let (_, age) = read(&path).unwrap().unwrap();
        assert!(since_1970().saturating_sub(age) <= known + Duration::from_millis(1), "{age:?}");
    }

    #[test]
    fn a_file_cut_anywhere_or_with_a_byte_changed_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("flags.lkg");
        write(&path, &contents(), || Duration::ZERO).unwrap();
        let whole = fs::read(&path).unwrap();
        for end in 0..whole.len() {
            fs::write(&path, &whole[..end]).unwrap();
            assert!(read(&path).is_err(), "cut at {end}");
        }
        let body = whole.iter().position(|byte| *byte == b'\n').unwrap();
        for at in body + 1..whole.len() {
            let mut bent = whole.clone();
            bent[at] ^= 1;
            fs::write(&path, bent).unwrap();
            assert!(read(&path).is_err(), "bent at {at}");
        }
    }

    #[test]
    fn why_a_file_is_not_used_is_said() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("flags.lkg");
        let said = |bytes: &[u8]| {
            fs::write(&path, bytes).unwrap();
            read(&path).unwrap_err().to_string().replace(&dir.path().display().to_string(), "")
        };
        let all = [
            said(b""),
            said(b"\xff\n"),
            said(b"{}\n{}"),
            said(
                br#"{"format":2,"saved_ms":0,"murmur3":0}
"#,
            ),
            said(
                br#"{"format":1,"saved_ms":0,"murmur3":5}
{}"#,
            ),
        ];
        insta::assert_snapshot!(all.join("\n"), @"
        /flags.lkg is damaged: it ends too early; it is not used
        /flags.lkg is damaged: it is not UTF-8; it is not used
        /flags.lkg is damaged: missing field `format` at line 1 column 2; it is not used
        /flags.lkg is damaged: its format is 2, and this program reads 1; it is not used
        /flags.lkg is damaged: its checksum does not match; it is not used
        ");
    }

    #[test]
    fn where_nothing_can_be_written_nothing_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("absent/flags.lkg");
        assert!(write(&path, &contents(), || Duration::ZERO).is_err());
        let folder = dir.path().join("folder");
        fs::create_dir(&folder).unwrap();
        assert!(write(&folder, &contents(), || Duration::ZERO).is_err());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
