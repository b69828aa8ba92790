//! `handover migrate catalog`: what is there in a live database, as a file.

use crate::args::ExportCatalog;
use crate::commands::init::replace;
use crate::context::Context;
use crate::exit::Exit;
use crate::migrate::{Session, catalog_file};
use crate::output::many;
use crate::report::Failure;

/// Asks, and shows or writes it.
pub(super) async fn run(args: &ExportCatalog, context: &Context) -> Result<Exit, Failure> {
    let mut session = Session::open(&args.from).await?;
    let catalog = catalog_file::export(&mut session).await?;
    let text = catalog.to_json();
    let Some(file) = &args.output else {
        context.output.raw(&text)?;
        return Ok(Exit::Done);
    };
    let file = context.folder.join(file);
    replace(&file, &text).map_err(|error| {
        Failure::new(format!("could not write {}", file.display()), Exit::Usage)
            .because_of(&error)
            .hint("leave `--output` out to see it")
    })?;
    let relations = many(catalog.relations().count(), "relation");
    context.output.note(format!("wrote {}: {relations}", file.display()));
    Ok(Exit::Done)
}
