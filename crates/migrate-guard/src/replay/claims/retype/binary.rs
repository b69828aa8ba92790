use super::Facts;

/// Casts of `pg_cast` that change no byte (`castmethod = 'b'`), those between `oid` and its kin left out.
const BINARY: [(&str, &str); 12] = [
    ("bit", "varbit"),
    ("cidr", "inet"),
    ("citext", "text"),
    ("citext", "varchar"),
    ("text", "bpchar"),
    ("text", "citext"),
    ("text", "varchar"),
    ("varbit", "bit"),
    ("varchar", "bpchar"),
    ("varchar", "citext"),
    ("varchar", "text"),
    ("xml", "text"),
];

/// Whether a value of one type is one of the other as it is.
///
/// Arrays are cast element by element, so that they never are.
pub(super) fn coercible(from: &Facts, to: &Facts) -> bool {
    if from.ty.dimensions > 0 || to.ty.dimensions > 0 {
        return false;
    }
    let (from, to) = (from.ty.name.name.as_str(), to.ty.name.name.as_str());
    BINARY.contains(&(from, to)) || (from == "xml" && matches!(to, "varchar" | "bpchar")) || oids(from, to)
}

/// Whether both are seconds, with and without a time zone.
pub(super) fn in_utc(from: &Facts, to: &Facts) -> bool {
    let (from, to) = (&from.ty, &to.ty);
    from.dimensions + to.dimensions == 0
        && matches!(
            (from.name.name.as_str(), to.name.name.as_str()),
            ("timestamp", "timestamptz") | ("timestamptz", "timestamp")
        )
}

/// `int4`, `oid` and the kinds of objects are one another's; two kinds only where one is the other's long form.
fn oids(from: &str, to: &str) -> bool {
    let plain = |name| matches!(name, "int4" | "oid");
    let kind = |name: &str| name.starts_with("reg");
    (plain(from) && (plain(to) || kind(to)))
        || (kind(from) && plain(to))
        || long_form(from, to)
        || long_form(to, from)
}

fn long_form(from: &str, to: &str) -> bool {
    matches!((from, to), ("regoper", "regoperator") | ("regproc", "regprocedure"))
}
