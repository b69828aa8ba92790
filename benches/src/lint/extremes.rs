//! Inputs that nobody should write: time and memory are bounded all the same.

use crate::child::lint;

/// Ten megabytes.
const LONG: usize = 10_000_000;
const DEEP: usize = 100_000;

pub(crate) fn print() {
    println!(
        "\n{:<48} {:>8} {:>10} {:>10} {:>11}",
        "what nobody should write", "MB", "CPU ms", "memory MB", "statements"
    );
    for (name, sql) in inputs() {
        match lint(&sql) {
            Ok(took) => println!(
                "{name:<48} {:>8.1} {:>10.0} {:>10} {:>11}",
                megabytes(sql.len()),
                took.cpu.as_secs_f64() * 1e3,
                took.memory >> 20,
                took.statements
            ),
            Err(why) => println!("{name:<48} {:>8.1} {why}", megabytes(sql.len())),
        }
    }
}

fn inputs() -> Vec<(&'static str, String)> {
    let rows = "(1, 'some text', now(), 'more of it'),\n";
    let insert = |size: usize| format!("INSERT INTO t VALUES {}(1)", rows.repeat(size / rows.len()));
    vec![
        ("an INSERT of many rows", insert(LONG)),
        ("a SELECT of many words", format!("SELECT {}1", "a + ".repeat(LONG / 4))),
        ("a string without an end", format!("SELECT '{}", "x".repeat(LONG))),
        (
            "a function's body",
            format!(
                "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $f$ BEGIN {} END $f$;",
                "PERFORM 1;\n".repeat(LONG / 11)
            ),
        ),
        ("a table of many columns", format!("CREATE TABLE t ({}z int);", columns(100_000))),
        ("100,000 statements", statements(100_000)),
        ("100,000 columns added to one table", added(100_000)),
        ("100,000 tables, each referencing the one before", referencing(100_000)),
        ("parentheses in parentheses", format!("SELECT {}1{}", "(".repeat(DEEP), ")".repeat(DEEP))),
        ("parentheses without an end", "(".repeat(LONG)),
        (
            "subqueries in subqueries",
            format!("SELECT * FROM {}t{}", "(SELECT * FROM ".repeat(DEEP), ") q".repeat(DEEP)),
        ),
        ("CASE in CASE", format!("SELECT {}1{}", "CASE WHEN a THEN ".repeat(DEEP), " END".repeat(DEEP))),
        ("NOT NOT NOT", format!("SELECT {}true", "NOT ".repeat(DEEP))),
        ("comments in comments", format!("{}{}", "/*".repeat(DEEP), "*/".repeat(DEEP))),
        ("blocks in blocks", format!("DO $$ {}NULL; {} $$;", "BEGIN ".repeat(DEEP), "END; ".repeat(DEEP))),
        ("bodies in bodies", bodies(2_000)),
        ("dollars", "$".repeat(LONG)),
        ("semicolons", ";".repeat(LONG)),
        ("an operator of many characters", format!("SELECT 1 {} 2", "+-*/".repeat(LONG / 4))),
        ("unions", format!("SELECT 1{}", " UNION SELECT 1".repeat(DEEP))),
        ("array brackets", format!("SELECT {}1{}", "ARRAY[".repeat(DEEP), "]".repeat(DEEP))),
    ]
}

fn columns(count: usize) -> String {
    lines(0..count, |number| format!("c{number} int NOT NULL DEFAULT 0,"))
}

fn statements(count: usize) -> String {
    lines(0..count, |number| format!("CREATE INDEX i{number} ON t{} (a);", number % 1_000))
}

fn added(count: usize) -> String {
    let add = |number| format!("ALTER TABLE t ADD COLUMN c{number} int;");
    "CREATE TABLE t (id int);\n".to_owned() + &lines(0..count, add)
}

fn referencing(count: usize) -> String {
    lines(0..count, |number| {
        let before = number.saturating_sub(1);
        format!("CREATE TABLE t{number} (id int PRIMARY KEY, p int REFERENCES t{before});")
    })
}

fn bodies(depth: usize) -> String {
    let open = lines(0..depth, |number| format!("DO $a{number}$ BEGIN EXECUTE "));
    let close = lines((0..depth).rev(), |number| format!(" END $a{number}$;"));
    open + "'x'" + &close
}

/// What is made of each number, one below the other.
fn lines(numbers: impl Iterator<Item = usize>, line: impl Fn(usize) -> String) -> String {
    numbers.map(line).fold(String::new(), |all, line| all + &line + "\n")
}

#[expect(clippy::cast_precision_loss, reason = "a size that is shown")]
fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}
