//! Whether the first word of the release's command is something that can be run.

use std::path::{Path, PathBuf};

use super::check::Check;
use crate::settings::{Settings, Source};

/// Words that the shell itself understands, or that stand before the program.
const OF_THE_SHELL: [&str; 15] = [
    ".", ":", "[", "case", "cd", "echo", "eval", "exit", "export", "for", "if", "set", "test", "umask",
    "while",
];

/// Looks the program up as `sh` will, in the release's folder.
pub(super) fn exists(settings: &Settings) -> Check {
    let folder = match settings.release.source() {
        Some(Source::Artifact(path)) => Some(path),
        // What a commit holds is known once it was taken out.
        _ => None,
    };
    match (&settings.release.command, &settings.release.launch) {
        (None, Some(launch)) => look(launch.as_str(), Some(settings.folder())),
        (command, _) => look(command.as_ref().map_or("", |command| command.as_str()), folder),
    }
}

pub(super) fn look(command: &str, folder: Option<&Path>) -> Check {
    let Some(word) = program(command) else {
        return Check::ok("command", "is left to the shell");
    };
    let found = match (word.contains('/'), folder) {
        (true, None) if !word.starts_with('/') => {
            return Check::ok("command", format!("{word} is looked up in the commit's files"));
        }
        (true, folder) => {
            // Without the dots that only a shell needs.
            let path: PathBuf = folder.unwrap_or(Path::new("/")).join(word).components().collect();
            Some(path).filter(|path| runs(path))
        }
        (false, _) => in_path(word),
    };
    match found {
        Some(path) => Check::ok("command", format!("runs {}", path.display())),
        None => Check::fail(
            "command",
            format!("{word} cannot be run"),
            "`command` in handover.toml starts the release in its own folder, `launch` in that of the file; is it executable?",
        ),
    }
}

/// The first word that names a program; `None` where only the shell can tell.
fn program(command: &str) -> Option<&str> {
    let is_setting = |word: &str| word.split_once('=').is_some_and(|(name, _)| is_name(name));
    let mut words = command.split_whitespace().skip_while(|word| is_setting(word) || *word == "exec");
    let word = words.next()?;
    let plain = word.chars().all(|c| c.is_ascii_alphanumeric() || "/._-+@".contains(c));
    (plain && !OF_THE_SHELL.contains(&word)).then_some(word)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn in_path(word: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_else(|| "/usr/local/bin:/usr/bin:/bin".into());
    std::env::split_paths(&path).map(|folder| folder.join(word)).find(|path| runs(path))
}

fn runs(path: &Path) -> bool {
    path.is_file() && rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_stands_behind_settings_and_exec() {
        let all = [
            "PORT=1 exec ./server --port $PORT",
            "python3 -m http.server",
            "cd x && ./y",
            "$BIN",
            "'a b'",
            "a;b",
        ];
        let programs = all.map(program);
        assert_eq!(programs, [Some("./server"), Some("python3"), None, None, None, None]);
    }
}
