//! A report in the form that was asked for.

use std::path::Path;

use handover_migrate_guard::Report;
use handover_migrate_guard::report::{self, Ink, TextOptions};
use owo_colors::OwoColorize as _;

use crate::args::Format;
use crate::commands::init::replace;
use crate::context::Context;
use crate::exit::Exit;
use crate::output::many;
use crate::report::Failure;

/// Shows it, or writes it to a file.
///
/// # Errors
///
/// [`Exit::Usage`]: it cannot be written; 3 is what findings end with.
pub(super) fn show(
    report: &Report,
    format: Format,
    output: Option<&Path>,
    context: &Context,
) -> Result<(), Failure> {
    let coloured = context.output.colour() && output.is_none();
    let text = written(report, format, coloured);
    match output {
        None => context.output.raw(&text),
        Some(file) => write(&context.folder.join(file), &text, report, context),
    }
}

fn write(file: &Path, text: &[u8], report: &Report, context: &Context) -> Result<(), Failure> {
    replace(file, text).map_err(|error| {
        Failure::new(format!("could not write {}", file.display()), Exit::Usage)
            .because_of(&error)
            .hint("leave `--output` out to see it")
    })?;
    let findings = report.problems.len() + report.files.iter().map(|file| file.findings.len()).sum::<usize>();
    context.output.note(format!("wrote {}: {}", file.display(), many(findings, "finding")));
    Ok(())
}

fn written(report: &Report, format: Format, coloured: bool) -> Vec<u8> {
    let mut options = TextOptions::default();
    if coloured {
        options.paint = &paint;
    }
    let mut text = Vec::new();
    // Writing to memory cannot fail.
    let _ = report::Format::from(format).write(report, &options, &mut text);
    text
}

fn paint(ink: Ink, text: &str) -> String {
    match ink {
        Ink::Error => text.red().bold().to_string(),
        Ink::Warning => text.yellow().bold().to_string(),
        Ink::Note => text.cyan().bold().to_string(),
        Ink::Message => text.bold().to_string(),
        Ink::Frame => text.dimmed().to_string(),
        Ink::Label => text.cyan().to_string(),
        Ink::Good => text.green().to_string(),
        _ => text.to_owned(),
    }
}

impl From<Format> for report::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Text => Self::Text,
            Format::Json => Self::Json,
            Format::Sarif => Self::Sarif,
            Format::Github => Self::Github,
            Format::Gitlab => Self::Gitlab,
            Format::Junit => Self::Junit,
        }
    }
}
