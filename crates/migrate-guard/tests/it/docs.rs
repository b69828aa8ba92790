//! The documentation of the rules is made from the rules.

use std::path::Path;
use std::{env, fs};

use handover_migrate_guard::rules::Pages;

#[test]
fn the_pages_are_those_of_the_rules() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/migrate-rules.md");
    let wanted = Pages.to_string();
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &wanted).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == wanted,
        "docs/migrate-rules.md is not what the rules say; make it anew with UPDATE_DOCS=1"
    );
}
