use crate::ddl::TypeRef;

/// The most digits of a second.
const SECONDS: i64 = 6;

/// Whether every value of `from` is one of `to` as it is, where both are of one type and only what stands in
/// parentheses may differ: what PostgreSQL's support functions of length coercions say.
pub(super) fn fits(from: &TypeRef, to: &TypeRef) -> bool {
    if to.dimensions > 0 {
        return is_plain(to) || same(from, to);
    }
    match to.name.name.as_str() {
        "interval" => interval(from, to),
        _ if is_plain(to) || same(from, to) => true,
        "varchar" | "varbit" => longer(from, to),
        "numeric" => wider(from, to),
        "timestamp" | "timestamptz" | "time" | "timetz" => finer(from, to),
        _ => false,
    }
}

fn is_plain(ty: &TypeRef) -> bool {
    ty.modifiers.is_empty() && ty.fields.is_none()
}

fn same(from: &TypeRef, to: &TypeRef) -> bool {
    from.modifiers == to.modifiers && from.fields == to.fields
}

fn longer(from: &TypeRef, to: &TypeRef) -> bool {
    matches!((from.modifiers.first(), to.modifiers.first()), (Some(old), Some(new)) if new >= old)
}

/// More digits before the point, as many behind it.
fn wider(from: &TypeRef, to: &TypeRef) -> bool {
    let scale = |ty: &TypeRef| ty.modifiers.get(1).copied().unwrap_or_default();
    longer(from, to) && scale(from) == scale(to)
}

fn finer(from: &TypeRef, to: &TypeRef) -> bool {
    to.modifiers.first().is_none_or(|new| *new >= SECONDS) || longer(from, to)
}

/// Down to a field as small as before, and digits of the second as many.
fn interval(from: &TypeRef, to: &TypeRef) -> bool {
    smallest_field(to) <= smallest_field(from) && (precise(to) || finer(from, to))
}

fn precise(ty: &TypeRef) -> bool {
    ty.modifiers.is_empty()
}

/// `second` is 0, `year` is 5; what has no fields goes down to the second.
fn smallest_field(ty: &TypeRef) -> usize {
    let fields = ty.fields.as_deref().unwrap_or_default();
    let last = fields.rsplit(' ').next().unwrap_or_default();
    ["SECOND", "MINUTE", "HOUR", "DAY", "MONTH", "YEAR"]
        .iter()
        .position(|field| *field == last)
        .unwrap_or_default()
}
