//! What each statement becomes, with everything left out that is as it is by default, and the places.

mod alter;
mod beside;
mod constraint;
mod index;
mod session;
mod table;
mod types;

use crate::ddl::Statement;
use crate::frontend::statements;

/// Each statement on one line, and what in it is not understood.
fn lowered(sql: &str) -> String {
    statements(sql).iter().map(line).collect::<Vec<_>>().join("\n")
}

fn line(statement: &Statement) -> String {
    let opaque =
        statement.opaque.iter().map(|opaque| format!(" ?? {}", compact(&format!("{:#?}", opaque.reason))));
    let mut line = compact(&format!("{:#?}", statement.ddl));
    line.extend(opaque);
    line
}

/// The lines of a pretty `Debug` as one, less those that say that nothing is there.
fn compact(pretty: &str) -> String {
    let mut kept = Vec::new();
    let mut lines = pretty.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if line.ends_with("Span {") {
            lines.by_ref().take_while(|line| !line.starts_with('}')).for_each(drop);
        } else if !says_nothing(line) {
            kept.push(line);
        }
    }
    shorter(kept.join(" "))
}

fn says_nothing(line: &str) -> bool {
    const DEFAULTS: [&str; 8] = [
        ": None,",
        ": false,",
        ": [],",
        ": \"\",",
        "dimensions: 0,",
        "persistence: Permanent,",
        "enforced: true,",
        "with_data: true,",
    ];
    let tells = ["enforced: false,", "with_data: false,"].contains(&line);
    !tells && DEFAULTS.iter().any(|default| line.ends_with(default))
}

fn shorter(mut text: String) -> String {
    for (long, short) in [
        (", }", " }"),
        (", )", ")"),
        ("( ", "("),
        (", ]", "]"),
        ("[ ", "["),
        ("ObjectName { name: ", "{ name: "),
        ("TypeRef { name: { name: ", "Type { name: { name: "),
    ] {
        text = text.replace(long, short);
    }
    text
}
