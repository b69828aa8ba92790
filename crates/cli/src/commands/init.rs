//! Writes a commented `handover.toml` that our own parser accepts.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use handover_core::ServiceName;
use serde::Serialize;

use super::init_haproxy::{self, Files};
use crate::args::Init;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::{Backend, Kind, Settings, SourceFile, schema_text};

/// What files have in common: in the place of `{{health}}` the first of these, and so on.
const PARTS: [(&str, &str); 4] = [
    ("{{health}}\n", include_str!("init_files/health.toml")),
    ("{{smoke}}\n", include_str!("init_files/smoke.toml")),
    ("{{judged}}\n", include_str!("init_files/judged.toml")),
    ("{{counted}}\n", include_str!("init_files/counted.toml")),
];

/// As many as Linux follows.
const MOST_LINKS: u32 = 40;

/// The `--json` form.
#[derive(Serialize)]
struct Done<'a> {
    version: u32,
    file: &'a Path,
    written: bool,
    text: &'a str,
}

/// Writes the file, or shows it.
pub(super) fn run(args: &Init, context: &Context) -> Result<Exit, Failure> {
    if args.schema {
        context.output.line(schema_text().trim_end());
        return Ok(Exit::Done);
    }
    let file = context.config_target();
    let text = compose(args, &context.folder)?;
    let settings = check(&file, &text)?;
    let haproxy = haproxy_files(&settings)?;
    if !args.dry_run {
        write(&file, &text, args.force).map_err(|error| not_written(&file, &error))?;
        haproxy.as_ref().map_or(Ok(()), |files| files.write(args.force))?;
    }
    let done = Done { version: 1, file: &file, written: !args.dry_run, text: &text };
    context.output.result(said(args, &file, &text, haproxy.as_ref()), &done);
    Ok(Exit::Done)
}

fn said(args: &Init, file: &Path, text: &str, haproxy: Option<&Files>) -> String {
    match (args.dry_run, haproxy) {
        (true, None) => text.trim_end().to_owned(),
        (true, Some(haproxy)) => {
            format!(
                "{}\n\n# {}\n\n{}",
                text.trim_end(),
                haproxy.path().display(),
                haproxy.config().trim_end()
            )
        }
        (false, None) => format!(
            "wrote {}\nnext: {}`handover doctor` looks whether everything is there, `handover deploy` releases",
            file.display(),
            if args.backend == Backend::Edge { "" } else { "fill in what is particular to yours, then " }
        ),
        (false, Some(haproxy)) => format!(
            "wrote {} and {}, with its state file and pins beside it\nnext: say in `launch` what starts a release, then `haproxy -f {}`, `handover doctor`, `handover deploy`",
            file.display(),
            haproxy.path().display(),
            haproxy.path().display()
        ),
    }
}

/// What HAProxy needs, for a service that it stands before.
fn haproxy_files(settings: &Settings) -> Result<Option<Files>, Failure> {
    if settings.traffic.backend != Backend::Haproxy {
        return Ok(None);
    }
    let (service, health) = (&settings.service, settings.health.path.as_str());
    Files::compose(settings.folder(), &service.name, service.listen().get(), health).map(Some)
}

/// Fills the template in.
fn compose(args: &Init, folder: &Path) -> Result<String, Failure> {
    let name = match &args.name {
        Some(name) => name.clone(),
        None => name_of(folder)?,
    };
    let source = match &args.artifact {
        Some(path) => format!("artifact = {}", quoted(path)),
        None => "archive = \"git\"".to_owned(),
    };
    let (strategy, mode) = match args.strategy.unwrap_or_else(|| usual(args.backend)) {
        Kind::Canary => (CANARY, "rolling"),
        Kind::BlueGreen => (BLUE_GREEN, "promote"),
    };
    let unit = |verb: &str| quoted(&format!("systemctl {verb} {name}@$SLOT"));
    let whole =
        PARTS.iter().fold(template(args.backend).to_owned(), |text, (part, is)| text.replace(part, is));
    Ok(whole
        .replace("{{mode}}", mode)
        .replace("{{log}}", &init_haproxy::LOG.to_string())
        .replace("{{launch}}", &unit("restart"))
        .replace("{{stop}}", &unit("stop"))
        .replace("{{name}}", name.as_str())
        .replace("{{listen}}", &args.listen.to_string())
        .replace("{{source}}", &source)
        .replace("{{strategy}}", strategy)
        // Last, since a command may hold anything, braces included.
        .replace("{{command}}", &quoted(args.command.as_str())))
}

const fn template(backend: Backend) -> &'static str {
    match backend {
        Backend::Edge => include_str!("init_files/edge.toml"),
        Backend::Haproxy => include_str!("init_files/haproxy.toml"),
        Backend::Railway => include_str!("init_files/railway.toml"),
        Backend::Vercel => include_str!("init_files/vercel.toml"),
        Backend::Exec => include_str!("init_files/exec.toml"),
        Backend::Composite => include_str!("init_files/composite.toml"),
        Backend::RemoteEdge => include_str!("init_files/remote-edge.toml"),
    }
}

/// A platform that moves everything at once is released to so.
const fn usual(backend: Backend) -> Kind {
    match backend {
        Backend::Railway | Backend::Vercel => Kind::BlueGreen,
        _ => Kind::Canary,
    }
}

const BLUE_GREEN: &str = "kind = \"blue-green\"                 # everything at once, then watched";
const CANARY: &str =
    "kind = \"canary\"                     # or \"blue-green\": everything at once, then watched
steps = [
    { weight = \"10%\", min_time = \"5m\", min_requests = 500 },
    { weight = \"50%\", min_time = \"5m\", min_requests = 500 },
]";

/// A TOML string; JSON's escapes are a subset of TOML's.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// The folder's name, as far as a service may be called so.
fn name_of(folder: &Path) -> Result<ServiceName, Failure> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let kept = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    let kept: String = kept.collect::<String>().trim_matches('-').chars().take(63).collect();
    kept.parse().map_err(|error| {
        Failure::new("could not name the service after its folder", Exit::Usage)
            .because_of(&error)
            .hint("`handover init --name NAME`")
    })
}

/// What we write, we must be able to read.
fn check(file: &Path, text: &str) -> Result<Settings, Failure> {
    let source = SourceFile::in_memory(file.to_owned(), text.to_owned());
    Settings::read(&source)
        .map_err(|error| Failure::of("could not make settings of these arguments", Exit::Usage, &error))
}

/// A file that is there is overwritten with `force` only.
pub(super) fn write(file: &Path, text: &str, force: bool) -> io::Result<()> {
    if force {
        return replace(file, text);
    }
    let mut new = OpenOptions::new().write(true).create_new(true).open(file)?;
    new.write_all(text.as_bytes()).and_then(|()| new.sync_all()).inspect_err(|_| {
        // Ours, and incomplete: the next `init` must not find it in its way.
        let _ = fs::remove_file(file);
    })
}

/// The old file stays until the new one is complete, which may be read by whom the old one might; a link stays a link.
pub(super) fn replace(file: &Path, text: impl AsRef<[u8]>) -> io::Result<()> {
    let file = through_links(file)?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let usual = || PermissionsExt::from_mode(0o644);
    let mode = fs::metadata(&file).map_or_else(|_| usual(), |old| old.permissions());
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(text.as_ref())?;
    new.as_file().sync_all()?;
    new.as_file().set_permissions(mode)?;
    new.persist(file)?;
    Ok(())
}

/// What a name stands for, link after link; there need not be such a file.
fn through_links(file: &Path) -> io::Result<PathBuf> {
    let mut file = file.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(to) = fs::read_link(&file) else { return Ok(file) };
        file = file.parent().unwrap_or(Path::new(".")).join(to);
    }
    Err(rustix::io::Errno::LOOP.into())
}

fn not_written(file: &Path, error: &io::Error) -> Failure {
    let failure = Failure::new(format!("could not write {}", file.display()), Exit::Refused);
    if error.kind() == io::ErrorKind::AlreadyExists {
        return failure.because("it exists already").hint("`handover init --force` overwrites it");
    }
    failure.because_of(error).hint("`handover init --dry-run` shows what would be written")
}
