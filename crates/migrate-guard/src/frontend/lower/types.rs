//! Types, by the names the catalog has for them.

use crate::ObjectName;
use crate::ddl::TypeRef;
use crate::frontend::context::Context;
use crate::frontend::tree::ast;

/// A type; blank where the text is broken.
pub(super) fn required(node: Option<ast::Type>, cx: &Context<'_>) -> TypeRef {
    node.map(|node| type_ref(&node, cx)).unwrap_or_default()
}

/// The type of an argument or result; `None` for `table.column%TYPE`.
pub(super) fn of_function(node: Option<ast::FuncType>, cx: &Context<'_>) -> Option<TypeRef> {
    match node? {
        ast::FuncType::Type(node) => Some(type_ref(&node, cx)),
        ast::FuncType::PercentType(_) => None,
    }
}

/// A type.
pub(in crate::frontend) fn type_ref(node: &ast::Type, cx: &Context<'_>) -> TypeRef {
    match node {
        ast::Type::ArrayType(array) => of_array(array, cx),
        ast::Type::BitType(_) => sized("bit", node, Some(1), cx),
        ast::Type::BitVaryingType(_) => sized("varbit", node, None, cx),
        ast::Type::CharacterType(_) => sized("bpchar", node, Some(1), cx),
        ast::Type::VarcharType(_) => sized("varchar", node, None, cx),
        ast::Type::DoubleType(_) => TypeRef::plain("float8"),
        ast::Type::IntervalType(interval) => of_interval(interval, cx),
        ast::Type::PathType(path) => of_path(path, cx),
        ast::Type::TimeType(time) => timed(["time", "timetz"], time.timezone().as_ref(), time.literal(), cx),
        ast::Type::TimestampType(time) => {
            timed(["timestamp", "timestamptz"], time.timezone().as_ref(), time.literal(), cx)
        }
    }
}

/// `integer[][]`, `integer ARRAY[4]`.
fn of_array(node: &ast::ArrayType, cx: &Context<'_>) -> TypeRef {
    let bounds = node.array_bounds().count().max(1);
    let element = required(node.ty(), cx);
    TypeRef {
        dimensions: element.dimensions.saturating_add(u8::try_from(bounds).unwrap_or(u8::MAX)),
        ..element
    }
}

/// A type whose modifiers, if none are given, are those of the standard.
fn sized(name: &str, node: &ast::Type, default: Option<i64>, cx: &Context<'_>) -> TypeRef {
    let mut ty = TypeRef::plain(name);
    modify(&mut ty, node.arg_list(), cx);
    if ty.modifiers.is_empty() && ty.fields.is_none() {
        ty.modifiers.extend(default);
    }
    ty
}

/// `time`, `timestamp` and what they are with a time zone.
fn timed(
    [without, with]: [&str; 2],
    zone: Option<&ast::Timezone>,
    precision: Option<ast::Literal>,
    cx: &Context<'_>,
) -> TypeRef {
    let name = if matches!(zone, Some(ast::Timezone::WithTimezone(_))) { with } else { without };
    TypeRef { modifiers: number(precision, cx), ..TypeRef::plain(name) }
}

/// `interval DAY TO SECOND (3)`.
fn of_interval(node: &ast::IntervalType, cx: &Context<'_>) -> TypeRef {
    let mut ty = TypeRef { modifiers: number(node.literal(), cx), ..TypeRef::plain("interval") };
    let Some(qualifier) = node.interval_qualifier() else { return ty };
    let written = cx.folded(&qualifier).to_ascii_uppercase();
    ty.fields = written.split('(').next().map(|fields| fields.trim_end().to_owned());
    if let ast::IntervalQualifier::IntervalSecond(second) = qualifier {
        ty.modifiers.extend(number(second.literal(), cx));
    }
    ty
}

fn number(literal: Option<ast::Literal>, cx: &Context<'_>) -> Vec<i64> {
    literal.and_then(|literal| cx.text(&literal).parse().ok()).into_iter().collect()
}

/// A type that is a name: one of SQL's words for it, one of the catalog's, or somebody's own.
fn of_path(node: &ast::PathType, cx: &Context<'_>) -> TypeRef {
    let Some(path) = node.path_ref() else { return TypeRef::default() };
    let mut ty = TypeRef { name: canonical(cx.object(&path), cx.text(&path)), ..TypeRef::default() };
    modify(&mut ty, node.arg_list(), cx);
    settle(&mut ty, cx.text(&path));
    ty
}

/// What the catalog calls a type. A quoted name is that of the catalog already.
fn canonical(name: ObjectName, written: &str) -> ObjectName {
    match name.schema.as_deref() {
        Some("pg_catalog") => ObjectName::bare(name.name),
        None if !written.contains('"') => ObjectName::bare(spoken(&name.name).unwrap_or(&name.name)),
        _ => name,
    }
}

/// What the grammar makes of SQL's words (`GenericType` and `Numeric` in `gram.y`), and `transformColumnDefinition` of `serial`.
fn spoken(word: &str) -> Option<&'static str> {
    Some(match word {
        "int" | "integer" => "int4",
        "smallint" => "int2",
        "bigint" => "int8",
        "real" => "float4",
        "float" => "float8",
        "decimal" | "dec" => "numeric",
        "boolean" => "bool",
        "smallserial" => "serial2",
        "serial" => "serial4",
        "bigserial" => "serial8",
        _ => return None,
    })
}

/// What modifiers make of a type: `float(24)` is `real`, `numeric(5)` is `numeric(5, 0)`.
fn settle(ty: &mut TypeRef, written: &str) {
    if written.eq_ignore_ascii_case("float") {
        let short = ty.modifiers.first().is_some_and(|bits| *bits <= 24);
        *ty = TypeRef::plain(if short { "float4" } else { "float8" });
    }
    if ty.name == ObjectName::bare("numeric") && ty.modifiers.len() == 1 {
        ty.modifiers.push(0);
    }
}

/// What stands in parentheses: numbers, or words as of `geometry(Point, 4326)`.
fn modify(ty: &mut TypeRef, list: Option<ast::ArgList>, cx: &Context<'_>) {
    let Some(list) = list else { return };
    let numbers: Option<Vec<i64>> =
        list.args().map(|arg| cx.folded(&arg).replace("- ", "-").parse().ok()).collect();
    match numbers {
        Some(numbers) => ty.modifiers = numbers,
        None => ty.fields = Some(cx.folded(&list).to_ascii_uppercase()),
    }
}

/// A label of an enum.
pub(super) fn label(node: Option<ast::Literal>) -> String {
    node.and_then(|literal| literal.string_value()).unwrap_or_default()
}
