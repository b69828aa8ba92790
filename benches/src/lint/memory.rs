//! The most memory at a time, by size of the input.

use crate::Failed;
use crate::child::lint;
use crate::history;

const MEGABYTE: usize = 1 << 20;

pub(crate) fn print() -> Result<(), Failed> {
    let all: String = history::set().migrations.iter().map(|migration| &migration.sql[..]).collect();
    println!("\none file of so many MB: memory at its most, and per byte of input");
    for size in [1, 2, 4, 8] {
        let sql = repeated(&all, size * MEGABYTE);
        let took = lint(&sql)?;
        println!(
            "  {size} MB {:>8} MB {:>8.1} bytes per byte {:>10.0} ms {:>10} statements",
            took.memory >> 20,
            ratio(took.memory, sql.len()),
            took.cpu.as_secs_f64() * 1e3,
            took.statements
        );
    }
    Ok(())
}

/// Again and again, to that size.
fn repeated(text: &str, size: usize) -> String {
    let mut all = text.repeat(size.div_ceil(text.len().max(1)));
    all.truncate(size);
    all
}

#[expect(clippy::cast_precision_loss, reason = "sizes that are shown")]
fn ratio(memory: u64, input: usize) -> f64 {
    memory as f64 / input as f64
}
