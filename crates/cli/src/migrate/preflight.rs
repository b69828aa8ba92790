//! Before a deployment: what the migrations that are not applied would do.

use std::path::Path;

use handover_core::{ReleaseId, Timestamp};
use handover_edge::ArtifactSource;
use handover_migrate_guard::Level;
use handover_rollout::{Accept, MigrationCheck, PendingMigrations, check_migrations};

use super::{BaseWish, Based, Wishes, apply, archive, find, fingerprint, folders, linter};
use crate::args::Accepting;
use crate::context::Context;
use crate::exit::Exit;
use crate::report::Failure;
use crate::run;
use crate::settings::{GitRef, Migrate, Settings};
use crate::text::one_line;

/// How many findings an error names; the linter shows all of them.
const NAMED: usize = 5;

/// Judges what is pending, where the settings speak of migrations.
///
/// # Errors
///
/// [`Exit::Refused`]: something was found that nobody accepts, or what is pending cannot be told.
pub(crate) async fn preflight(
    settings: &Settings,
    stable: Option<&ReleaseId>,
    released: Option<&ArtifactSource>,
    accepting: &Accepting,
    context: &Context,
) -> Result<Option<MigrationCheck>, Failure> {
    let Some(migrate) = settings.migrate.as_ref().filter(|migrate| migrate.preflight) else {
        return unasked(accepting).map(|()| None);
    };
    let base = base_of(migrate, stable);
    let (check, notes) = look(settings, migrate, &base, &accepts(accepting)).await?;
    archive::is_here(released, &check.folders)?;
    let notes = notes.into_iter().chain(base.notes(&check)).chain(unneeded(accepting, &check));
    notes.for_each(|note| context.output.note(one_line(&note)));
    refuse(&check, &base)?;
    Ok(Some(check))
}

/// Whether the release that is stable says what is applied, since nothing else does.
pub(crate) fn goes_by_stable(settings: &Settings) -> bool {
    let migrate = settings.migrate.as_ref().filter(|migrate| migrate.preflight);
    migrate.is_some_and(|migrate| Wishes::of_settings(migrate, settings.folder()).base == BaseWish::Nothing)
}

/// The same for who only wants to know; nobody accepts anything.
///
/// # Errors
///
/// What is pending cannot be told.
pub(crate) async fn look_ahead(
    settings: &Settings,
    stable: Option<&ReleaseId>,
) -> Result<Option<MigrationCheck>, Failure> {
    let Some(migrate) = settings.migrate.as_ref().filter(|migrate| migrate.preflight) else {
        return Ok(None);
    };
    look(settings, migrate, &base_of(migrate, stable), &[]).await.map(|(check, _)| Some(check))
}

/// To accept what nobody looks at would be to accept nothing.
fn unasked(accepting: &Accepting) -> Result<(), Failure> {
    if accepting.accept.is_empty() {
        return Ok(());
    }
    Err(Failure::new("could not accept findings in migrations", Exit::Usage)
        .because("no migration is looked at: handover.toml has no `[migrate]`, or says `preflight = false`")
        .hint("add `[migrate]`, or leave `--accept` out"))
}

/// Where what is applied is known from.
struct Base {
    wish: BaseWish,
    /// It is a stable release's name, which may be no commit's.
    of_stable: Option<ReleaseId>,
}

/// A database or a commit that the settings name; else the commit of the stable release.
fn base_of(migrate: &Migrate, stable: Option<&ReleaseId>) -> Base {
    let wish = Wishes::of_settings(migrate, Path::new("")).base;
    match (wish, stable) {
        (BaseWish::Nothing, None) => Base { wish: BaseWish::AllNew, of_stable: None },
        (BaseWish::Nothing, Some(release)) => {
            let commit = commit_of(release);
            Base { wish: commit.map_or(BaseWish::Nothing, BaseWish::At), of_stable: Some(release.clone()) }
        }
        (wish, _) => Base { wish, of_stable: None },
    }
}

/// A release that was named by itself is called as its commit is.
fn commit_of(release: &ReleaseId) -> Option<GitRef> {
    let name = release.as_str().split("-dirty-").next().unwrap_or_default();
    let is_hash = (7..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then(|| name.parse().ok()).flatten()
}

/// What else can say what is applied.
const SAY_OTHERWISE: &str =
    "`[migrate] history_env` names the variable with a database's address, `since` a commit";

impl Base {
    /// The same failure with the reason why git was asked.
    fn explained(&self, failure: Failure) -> Failure {
        match &self.of_stable {
            Some(release) => failure
                .because(format!(
                    "what is applied was to be read from the commit of the stable release, {release}"
                ))
                .hint(SAY_OTHERWISE),
            None => failure,
        }
    }

    fn notes(&self, check: &MigrationCheck) -> Option<String> {
        (self.wish == BaseWish::AllNew).then(|| {
            format!(
                "no release is stable yet, so all {} migrations are taken for new: {SAY_OTHERWISE}",
                check.pending
            )
        })
    }

    /// How a person sees what was seen here.
    fn lint(&self) -> String {
        match &self.wish {
            BaseWish::At(commit) => format!("handover migrate lint --since {commit}"),
            _ => "handover migrate lint".into(),
        }
    }
}

fn accepts(accepting: &Accepting) -> Vec<Accept> {
    let (by, at) = (run::who(), Timestamp::now());
    let accept = |accept: &crate::args::AcceptFinding| Accept {
        rule: accept.rule.map(str::to_owned),
        reason: accept.reason.clone(),
        by: by.clone(),
        at,
    };
    accepting.accept.iter().map(accept).collect()
}

/// What was found, and what a person should know beside it.
async fn look(
    settings: &Settings,
    migrate: &Migrate,
    base: &Base,
    accepts: &[Accept],
) -> Result<(MigrationCheck, Vec<String>), Failure> {
    let mut wishes = Wishes::of_settings(migrate, settings.folder());
    wishes.base.clone_from(&base.wish);
    let looked = look_by(&wishes, settings.folder(), accepts).await;
    looked.map_err(|failure| base.explained(failure).ending(Exit::Refused))
}

async fn look_by(
    wishes: &Wishes,
    folder: &Path,
    accepts: &[Accept],
) -> Result<(MigrationCheck, Vec<String>), Failure> {
    if wishes.base == BaseWish::Nothing {
        return Err(Failure::new("could not tell which migrations are new", Exit::Refused)
            .because("the stable release is not named after a commit"));
    }
    // Before they are read to be judged: what changes after this is seen when the run looks again.
    let fingerprint = fingerprint::fingerprint(&folders(wishes, folder)?).map_err(|(path, error)| {
        Failure::new(format!("could not read {}", path.display()), Exit::Refused).because_of(&error)
    })?;
    let based = apply(find(wishes, folder)?, &wishes.base, folder).await?;
    let notes = based.iter().flat_map(|based| based.notes.clone()).collect();
    let pending = based.into_iter().map(|based| pending(wishes, based)).collect::<Result<Vec<_>, _>>()?;
    Ok((check_migrations(&linter::linter(), &linter::name(), &pending, fingerprint, accepts), notes))
}

fn pending(wishes: &Wishes, based: Based) -> Result<PendingMigrations, Failure> {
    let context = wishes.context(Level::Note, &based)?;
    Ok(PendingMigrations { context, base: based.words, folder: based.found.folder, set: based.found.set })
}

/// What somebody was ready to accept, and was not there.
fn unneeded(accepting: &Accepting, check: &MigrationCheck) -> Vec<String> {
    let used = |rule: &str| check.accepted.iter().any(|accepted| accepted.rule == rule);
    let rules = accepting.accept.iter().map(|accept| accept.rule.unwrap_or("all"));
    rules
        .filter(|rule| !used(rule))
        .map(|rule| format!("`--accept {rule}` was not needed: nothing of it was found"))
        .collect()
}

fn refuse(check: &MigrationCheck, base: &Base) -> Result<(), Failure> {
    let Some(first) = check.refused.first() else { return Ok(()) };
    let failure = Failure::new("could not let the pending migrations pass", Exit::Refused);
    let failure = check
        .refused
        .iter()
        .take(NAMED)
        .fold(failure, |failure, finding| failure.because(finding.to_string()));
    let more = check.refused.len().saturating_sub(NAMED);
    let failure = if more > 0 { failure.because(format!("and {more} more")) } else { failure };
    Err(failure.hint(format!(
        "`{}` shows what to write instead; `--accept {}=REASON` lets it pass, and keeps the reason",
        base.lint(),
        first.rule
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_be_a_commit_is_taken_for_the_stable_release_s() {
        let of = |name: &str| commit_of(&name.parse().unwrap()).map(|commit| commit.to_string());
        assert_eq!(of("0123abcdef").as_deref(), Some("0123abcdef"));
        assert_eq!(of("0123abcdef-dirty-99aabbccddee").as_deref(), Some("0123abcdef"));
        assert_eq!((of("v41"), of("0123ab"), of("main")), (None, None, None));
    }
}
