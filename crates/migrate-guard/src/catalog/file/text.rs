//! Names and types as text: `public."User"`, `varchar(20)`, `public.mood[]`.

use super::CatalogError;
use crate::ddl::TypeRef;
use crate::{ObjectName, QualifiedName};

/// A full name.
pub(super) fn name(name: &QualifiedName) -> String {
    format!("{}.{}", quoted(&name.schema), quoted(&name.name))
}

/// A name, without its schema where it has none.
pub(super) fn object_name(name: &ObjectName) -> String {
    match &name.schema {
        Some(schema) => format!("{}.{}", quoted(schema), quoted(&name.name)),
        None => quoted(&name.name),
    }
}

/// A type. PostgreSQL's own have no schema.
pub(super) fn ty(ty: &TypeRef) -> String {
    let name = ObjectName { schema: ty.name.schema.as_deref().map(quoted), name: quoted(&ty.name.name) };
    TypeRef { name, ..ty.clone() }.to_string()
}

/// In quotes where it needs them.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let first = word.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    if first && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("\"{}\"", word.replace('"', "\"\""))
    }
}

/// The full name that a text is.
pub(super) fn read_name(text: &str) -> Result<QualifiedName, CatalogError> {
    match read_object_name(text)? {
        ObjectName { schema: Some(schema), name } => Ok(QualifiedName { schema, name }),
        ObjectName { schema: None, .. } => Err(CatalogError::Name(text.to_owned())),
    }
}

/// The name that a text is, with or without a schema.
pub(super) fn read_object_name(text: &str) -> Result<ObjectName, CatalogError> {
    let bad = || CatalogError::Name(text.to_owned());
    match name_at(text) {
        Some((name, "")) => Ok(name),
        _ => Err(bad()),
    }
}

/// The type that a text is.
pub(super) fn read_type(text: &str) -> Result<TypeRef, CatalogError> {
    type_at(text).ok_or_else(|| CatalogError::Name(text.to_owned()))
}

fn type_at(text: &str) -> Option<TypeRef> {
    let (name, rest) = name_at(text)?;
    let mut element = rest;
    let mut dimensions = 0_u8;
    while let Some(less) = element.strip_suffix("[]") {
        element = less;
        dimensions = dimensions.checked_add(1)?;
    }
    let (fields, modifiers) = element.split_once('(').map_or((element, None), |(f, m)| (f, Some(m)));
    let modifiers = match modifiers {
        Some(list) => {
            list.strip_suffix(')')?.split(',').map(|one| one.trim().parse().ok()).collect::<Option<_>>()?
        }
        None => Vec::new(),
    };
    let fields = fields.trim();
    let words = fields.chars().all(|c| c.is_ascii_uppercase() || c == ' ');
    let fields = (!fields.is_empty()).then(|| fields.to_owned());
    words.then_some(TypeRef { name, modifiers, fields, dimensions })
}

/// A name at the start, and what follows it.
fn name_at(text: &str) -> Option<(ObjectName, &str)> {
    let (first, rest) = word_at(text)?;
    match rest.strip_prefix('.') {
        Some(rest) => {
            let (second, rest) = word_at(rest)?;
            Some((ObjectName::within(first, second), rest))
        }
        None => Some((ObjectName::bare(first), rest)),
    }
}

/// A word at the start, quotes taken off, and what follows it.
fn word_at(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(text.len());
        return (end > 0).then(|| (text[..end].to_owned(), &text[end..]));
    };
    let mut word = String::new();
    let mut rest = quoted;
    loop {
        let (part, after) = rest.split_once('"')?;
        word.push_str(part);
        match after.strip_prefix('"') {
            Some(more) => {
                word.push('"');
                rest = more;
            }
            None => return Some((word, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn types_are_read_as_they_are_written() {
        for text in
            ["int4", "varchar(20)", "numeric(10,2)", "interval DAY TO SECOND(3)", "public.\"Mood x\"[][]"]
        {
            assert_eq!(ty(&read_type(text).unwrap()), text);
        }
    }

    #[test]
    fn what_is_no_type_is_refused() {
        for text in ["", "a b", "a(", "a(x)", "a.b.c", "\"a", "int4[", "a[]]"] {
            assert!(read_type(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_name_is_read_as_it_is_written(schema in ".{1,8}", own in ".{1,8}") {
            let full = QualifiedName::new(schema, own);
            prop_assert_eq!(read_name(&name(&full)).unwrap(), full);
        }
    }
}
