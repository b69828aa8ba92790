use fastrand::Rng;

/// What SQL is made of, and what is most likely to confuse somebody who reads it.
const PIECES: [&str; 64] = [
    "(",
    ")",
    "[",
    "]",
    ";",
    ",",
    "'",
    "\"",
    "$$",
    "$a$",
    "--",
    "/*",
    "*/",
    "\\",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u{feff}",
    "ß",
    "\u{1F600}",
    "E'\\",
    "U&\"",
    "::",
    ":=",
    "=>",
    "..",
    ".",
    "*",
    "-1",
    "1e309",
    "0x",
    "NULL",
    "DO $$ BEGIN ",
    " END $$",
    "BEGIN",
    "END",
    "COMMIT",
    "CASE",
    "WHEN",
    "ALTER TABLE t ",
    "ADD COLUMN c ",
    "CREATE INDEX ON t (",
    "USING INDEX",
    "NOT VALID",
    "EXECUTE format('%I', ",
    "REFERENCES t",
    "CHECK (",
    "DEFAULT ",
    "GENERATED ALWAYS AS (",
    "PARTITION OF p FOR VALUES ",
    "COPY t FROM stdin;\n",
    "\\.\n",
    "\\gexec\n",
    ":var",
    "{{ .x }}",
    "-- +goose Up\n",
    "-- +goose Down\n",
    "-- +goose StatementBegin\n",
    "-- migrate:down\n",
    "-- handover:allow L01 reason=\"x\"\n",
    "SELECT ",
    " UNION ",
    "AS $f$",
];

/// The text with a few things done to it, `other` lending what it lacks.
pub(super) fn mutated(text: &str, other: &str, random: &mut Rng) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..random.usize(..5) {
        mutate(&mut bytes, other.as_bytes(), random);
    }
    // What is not UTF-8 is refused before it comes to the parts that are tried here.
    String::from_utf8(bytes).unwrap_or_else(|broken| String::from_utf8_lossy(broken.as_bytes()).into_owned())
}

fn mutate(bytes: &mut Vec<u8>, other: &[u8], random: &mut Rng) {
    let at = random.usize(..=bytes.len());
    match random.u8(..10) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(..at)),
        2 => cut(bytes, random),
        3 => insert(bytes, at, &[random.u8(..)]),
        4 => change(bytes, random),
        5 => insert(bytes, at, PIECES[random.usize(..PIECES.len())].as_bytes()),
        6 => insert(bytes, at, span(other, random)),
        7 => repeat(bytes, at, random),
        8 => nest(bytes, random),
        _ => {
            let twice = span(bytes, random).to_vec();
            insert(bytes, at, &twice);
        }
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, what: &[u8]) {
    bytes.splice(at..at, what.iter().copied());
}

fn cut(bytes: &mut Vec<u8>, random: &mut Rng) {
    let from = random.usize(..=bytes.len());
    let to = bytes.len().min(from + random.usize(..20));
    bytes.drain(from..to);
}

fn change(bytes: &mut [u8], random: &mut Rng) {
    if !bytes.is_empty() {
        let at = random.usize(..bytes.len());
        bytes[at] = random.u8(..);
    }
}

/// A few words of a text.
fn span<'a>(bytes: &'a [u8], random: &mut Rng) -> &'a [u8] {
    let from = random.usize(..=bytes.len());
    let to = bytes.len().min(from + random.usize(..40));
    &bytes[from..to]
}

fn repeat(bytes: &mut Vec<u8>, at: usize, random: &mut Rng) {
    let piece = PIECES[random.usize(..PIECES.len())];
    insert(bytes, at, piece.repeat(1 << random.u8(..8)).as_bytes());
}

/// Puts the whole in something, some times.
fn nest(bytes: &mut Vec<u8>, random: &mut Rng) {
    let (open, close) = [
        ("(", ")"),
        ("DO $q$ BEGIN ", "; END $q$"),
        ("DO $q$ BEGIN EXECUTE $x$", "$x$; END $q$"),
        ("CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $q$ BEGIN ", "; END $q$"),
        ("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS '", "'"),
        ("SELECT (", ")"),
        ("CASE WHEN ", " END"),
        ("BEGIN; ", "; COMMIT"),
        ("/* ", " */"),
    ][random.usize(..9)];
    let times = 1 << random.u8(..6);
    *bytes = [open.repeat(times).as_bytes(), &bytes[..], close.repeat(times).as_bytes()].concat();
}
