//! What the checks let a linter look at.

use crate::{Layout, Migration, MigrationSet};

/// A history in which there is something to say of every file.
pub(super) fn history() -> MigrationSet {
    set(&[
        "CREATE TABLE users (id bigint PRIMARY KEY, name text);",
        "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);\nINSERT INTO users VALUES (1, 'größe 🙂');",
        "-- ümläute und 🙂\nCREATE INDEX orders_user ON orders (user_id);\nALTER TABLE users DROP COLUMN name;",
        "ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id);",
        "DO $$ BEGIN EXECUTE (SELECT 'DROP TABLE ' || current_user); END $$;",
    ])
}

/// Texts that are hard to read.
pub(super) fn strange() -> MigrationSet {
    let deep = "(".repeat(10_000);
    let nulls = "SELECT \0;\u{feff}\u{202e};";
    let endless = format!("SELECT {};", vec!["1"; 5_000].join(" + "));
    let open = [
        "SELECT 'abc",
        "SELECT $$ abc",
        "/* abc",
        "\"abc",
        "CREATE TABLE (",
        ";;;;",
        "",
        "\r\n\r\n",
        "$1$2$$",
    ];
    let mut texts = vec![deep.as_str(), nulls, &endless];
    texts.extend(open);
    set(&texts)
}

/// A file in which one statement is broken and the next is dangerous.
pub(super) fn broken() -> MigrationSet {
    set(&[
        "CREATE TABLE users (id bigint PRIMARY KEY, name text);",
        "ALTER TABLE users ADD COLUM x int;\nCREATE INDEX users_name ON users (name);",
    ])
}

fn set(texts: &[&str]) -> MigrationSet {
    let migrations = texts.iter().enumerate().map(|(at, text)| Migration::new(format!("{at}.sql"), *text));
    MigrationSet::new(Layout::Plain, migrations.collect())
}
