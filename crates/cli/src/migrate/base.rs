//! What is applied already: as git, a database, or nobody says.

use std::path::Path;

use handover_migrate_guard::{Baseline, Standing};

use super::database::{self, DatabaseAt, Server, Session};
use super::git::{Commit, Repository};
use super::sources::{Found, shown};
use super::{BaseWish, git};
use crate::exit::Exit;
use crate::report::Failure;
use crate::settings::GitRef;

/// What is known of what is applied.
#[derive(Debug, Clone)]
pub(crate) struct Based {
    /// The migrations, those that are pending at the end.
    pub(crate) found: Found,
    /// Which those are.
    pub(crate) baseline: Baseline,
    /// Who says so, in words.
    pub(crate) words: String,
    /// What the server says of itself, where one was asked.
    pub(crate) server: Option<Server>,
    /// What a person should know beside the findings.
    pub(crate) notes: Vec<String>,
}

/// Finds out what is applied; paths are shown as they are below `base`.
///
/// # Errors
///
/// [`Exit::Usage`]: git or the database cannot say.
pub(crate) async fn apply(found: Vec<Found>, wish: &BaseWish, base: &Path) -> Result<Vec<Based>, Failure> {
    match wish {
        BaseWish::Nothing => Ok(found.into_iter().map(Based::nothing).collect()),
        BaseWish::AllNew => Ok(found.into_iter().map(Based::all_new).collect()),
        BaseWish::Since(name) => found.into_iter().map(|found| since_parting(found, name, base)).collect(),
        BaseWish::At(name) => found.into_iter().map(|found| at_commit(found, name, base)).collect(),
        BaseWish::AppliedFrom { at, table } => applied_from(found, at, table.as_deref()).await,
    }
}

impl Based {
    /// Files that were named are one release, after all that comes before them.
    fn nothing(mut found: Found) -> Self {
        let (baseline, words) = if found.only.is_some() {
            let (set, from) = found.source.chosen(found.set);
            found.set = set;
            (Baseline::From(from), "what comes before what was named")
        } else {
            (Baseline::EachFile, "each file judged by itself, after all before it")
        };
        Self { found, baseline, words: words.to_owned(), server: None, notes: Vec::new() }
    }

    fn all_new(found: Found) -> Self {
        let words = "nothing: no release is stable yet".to_owned();
        Self { found, baseline: Baseline::From(0), words, server: None, notes: Vec::new() }
    }

    /// What is pending goes to the end.
    fn of(found: Found, standing: &Standing, words: String) -> Self {
        let (set, applied) = found.set.pending_last(standing);
        let found = Found { set, ..found };
        Self { found, baseline: Baseline::From(applied), words, server: None, notes: Vec::new() }
    }

    /// How many are applied, and how many are not.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let all = self.found.set.migrations.len();
        let applied = match self.baseline {
            Baseline::EachFile => 0,
            Baseline::From(applied) => applied.min(all),
        };
        (applied, all - applied)
    }
}

fn since_parting(found: Found, name: &GitRef, base: &Path) -> Result<Based, Failure> {
    let repository = repository(&found)?;
    let commit = repository.parting(name).map_err(|error| unsaid(&error))?;
    let words = format!("what was there at {}, where this branch left {name}", commit.short());
    since(found, &repository, &commit, words, base)
}

fn at_commit(found: Found, name: &GitRef, base: &Path) -> Result<Based, Failure> {
    let repository = repository(&found)?;
    let commit = repository.commit(name).map_err(|error| unsaid(&error))?;
    let words = format!("what was there at {}", commit.short());
    since(found, &repository, &commit, words, base)
}

fn since(
    found: Found,
    repository: &Repository,
    commit: &Commit,
    words: String,
    base: &Path,
) -> Result<Based, Failure> {
    let former = repository.former(commit, &found.folder).map_err(|error| unsaid(&error))?;
    let named: Vec<_> = former
        .iter()
        .map(|(path, bytes)| (shown(&found.folder.join(path), base), bytes.as_deref()))
        .collect();
    let standing = found.set.since(named.iter().map(|(path, bytes)| (path.as_str(), *bytes)));
    Ok(Based::of(found, &standing, words))
}

fn repository(found: &Found) -> Result<Repository, Failure> {
    Repository::of(&found.folder).map_err(|error| unsaid(&error))
}

fn unsaid(error: &git::GitError) -> Failure {
    Failure::of("could not tell which migrations are new", Exit::Usage, error)
}

async fn applied_from(
    found: Vec<Found>,
    at: &DatabaseAt,
    table: Option<&str>,
) -> Result<Vec<Based>, Failure> {
    let mut session = Session::open(at).await?;
    let server = Server::ask(&mut session).await?;
    let mut all = Vec::new();
    for found in found {
        let history = database::history(&mut session, found.set.layout, table).await?;
        if table.is_some() && !history.is_there {
            return Err(no_table(&history.table, session.named()));
        }
        all.push(recorded(found, &history, session.named(), &server));
    }
    Ok(all)
}

/// Without it all would count as new, and be harmless: who names a table has one.
fn no_table(table: &str, named: &str) -> Failure {
    Failure::new("could not tell which migrations are new", Exit::Usage)
        .because(format!("there is no table {table} in {named}"))
        .hint(
            "leave `--history-table` out, or `history_table` in handover.toml, where the runner has its own",
        )
}

/// What a table says is applied; without a table nothing is.
fn recorded(found: Found, history: &database::History, named: &str, server: &Server) -> Based {
    let standing = found.set.compare(&history.rows);
    let words = format!("what {} in {named} lists", history.table);
    let mut based = Based::of(found, &standing, words);
    based.notes.extend(server.unknown_version());
    if !history.is_there {
        based.notes.push(format!(
            "there is no table {} in {named}: nothing is applied there, as far as it knows (`--history-table` names another)",
            history.table
        ));
    }
    based.server = Some(server.clone());
    based
}
