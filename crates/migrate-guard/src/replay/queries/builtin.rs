use super::reads::is_system;
use crate::ObjectName;

/// Functions that are called by themselves though they touch no table, besides those whose name says whose they are:
/// PostgreSQL's own (`src/include/catalog/pg_proc.dat`), and of the extensions that come with it.
const HARMLESS: [&str; 34] = [
    "array_agg",
    "clock_timestamp",
    "coalesce",
    "concat",
    "count",
    "crypt",
    "currval",
    "current_database",
    "current_schema",
    "current_setting",
    "digest",
    "format",
    "gen_random_bytes",
    "gen_random_uuid",
    "gen_salt",
    "generate_series",
    "greatest",
    "jsonb_build_object",
    "lastval",
    "least",
    "length",
    "lower",
    "max",
    "md5",
    "min",
    "nextval",
    "now",
    "nullif",
    "random",
    "setval",
    "string_agg",
    "unnest",
    "upper",
    "version",
];

/// How the names of whole families begin.
const FAMILIES: [&str; 12] = [
    "array_", "has_", "inet_", "json_", "jsonb_", "lo_", "regexp_", "string_", "to_", "txid_", "uuid_", "xml",
];

/// Whether a function is one that touches no table, so that not knowing its body hides nothing.
pub(super) fn is_built_in(name: &ObjectName) -> bool {
    let bare = name.name.as_str();
    let known = || HARMLESS.contains(&bare) || FAMILIES.iter().any(|family| bare.starts_with(family));
    is_system(name) || (name.schema.is_none() && known())
}
