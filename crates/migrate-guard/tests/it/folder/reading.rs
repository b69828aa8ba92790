use std::collections::BTreeMap;

use handover_migrate_guard::{Folder, Layout, MigrationSource};

use super::{Tree, folder, link, outcome, read};

#[test]
fn what_cannot_be_read_is_a_problem_of_the_set() {
    let tree = Tree::of([("1_a.sql", "-- no-transaction\nselect 1;"), ("4_empty.sql", "-- later\n;")]);
    tree.write("2_b.sql", b"select '\xff';");
    tree.write("3_c.sql", "select 1;".repeat(100));
    tree.write("5_d.down.sql", b"\xff");
    link(&tree.path().join("6_e.sql"), &tree.path().join("nowhere.sql"));
    insta::assert_snapshot!(outcome(&tree, &folder(&tree, "").up_to_bytes(500)), @r#"
    sqlx: 1 file named `<version>_<name>.sql`
    1 1_a.sql SimpleQuery
    4 4_empty.sql Transaction
    ! 2_b.sql NotUtf8(8)
    ! 3_c.sql TooLarge(900)
    ! 4_empty.sql Empty
    ! 6_e.sql Unreadable("it is a link to what is not there")
    "#);
}

#[test]
fn a_folder_that_leads_back_to_itself_is_not_followed() {
    let tree = Tree::of([("a/x.sql", "select 1;")]);
    link(&tree.path().join("a/again"), tree.path());
    insta::assert_snapshot!(read(&tree, ""), @r#"
    plain: 1 file of SQL by which no runner is known, in the order of their paths
    a/x a/x.sql None
    ! a/again Unreadable("it leads back to a folder above it, or is too deep to be entered")
    "#);
}

#[test]
fn a_pipe_is_not_waited_for() {
    let tree = Tree::of([("1_a.sql", "-- no-transaction\nselect 1;")]);
    let pipe = tree.path().join("2_b.sql");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    if made.is_ok_and(|status| status.success()) {
        insta::assert_snapshot!(read(&tree, ""), @r#"
        sqlx: 1 file named `<version>_<name>.sql`
        1 1_a.sql SimpleQuery
        ! 2_b.sql Unreadable("it is not a file")
        "#);
    }
}

#[test]
fn a_byte_order_mark_and_carriage_returns_stay_in_the_text() {
    let tree = Tree::of([("a.sql", "\u{feff}select 1;\r\nselect 2;\r\n")]);
    let set = folder(&tree, "").read().unwrap();
    assert_eq!(&*set.migrations[0].text, "\u{feff}select 1;\r\nselect 2;\r\n");
    assert_eq!(set.migrations[0].sql.replace('\r', ""), "   select 1;\nselect 2;\n");
}

#[test]
fn template_values_come_from_outside() {
    let tree = Tree::of([("1_a.up.sql", "create table {{ index .Options \"Namespace\" }}.t (a int);")]);
    let values = BTreeMap::from([("Namespace".to_owned(), "auth".to_owned())]);
    let set = Folder::new(tree.path()).with_layout(Layout::Pop).with_values(values).read().unwrap();
    assert_eq!(&*set.migrations[0].text, "create table auth.t (a int);");
}

#[test]
fn utf_16_is_known_by_its_mark_or_its_zeros() {
    let tree = Tree::of([("1_a.sql", "-- no-transaction\nselect 1;")]);
    tree.write("2_b.sql", b"\xff\xfes\0e\0l\0e\0c\0t\0");
    tree.write("3_c.sql", b"s\0e\0l\0e\0c\0t\0 \x001\0;\0");
    tree.write("4_d.sql", b"\0s\0e\0l\0e\0c\0t\0 \x001\0;");
    insta::assert_snapshot!(read(&tree, ""), @r#"
    sqlx: 1 file named `<version>_<name>.sql`
    1 1_a.sql SimpleQuery
    ! 2_b.sql Utf16("UTF-16")
    ! 3_c.sql Utf16("UTF-16LE")
    ! 4_d.sql Utf16("UTF-16BE")
    "#);
}

#[test]
fn a_folder_that_cannot_be_looked_into_is_not_taken_for_an_empty_one() {
    let tree = Tree::of([("README.md", "")]);
    link(&tree.path().join("migrations"), &tree.path().join("migrations"));
    insta::assert_snapshot!(read(&tree, ""), @"
    migrations cannot be read
    because: Too many levels of symbolic links (os error 40)
    hint: run it as a user who may read that
    ");
    insta::assert_snapshot!(read(&tree, "migrations"), @"
    migrations cannot be read
    because: Too many levels of symbolic links (os error 40)
    hint: run it as a user who may read that
    ");
}
