use std::collections::BTreeMap;

use handover_migrate_guard::not_understood;
use insta::assert_snapshot;

use super::{read, shared, skipped};

/// Many are meant to fail; what PostgreSQL takes and is not understood names no relation.
#[test]
fn every_regression_file_of_postgresql_is_split_and_lowered() {
    let Some(files) = shared("corpus/postgres-regress") else {
        return skipped("corpus/postgres-regress");
    };
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for opaque in files.iter().flat_map(|path| not_understood(&read(path))) {
        *reasons.entry(format!("{:?}", opaque.reason)).or_default() += 1;
    }
    let lines: Vec<_> = reasons.iter().map(|(reason, count)| format!("{count:4} {reason}")).collect();
    assert_snapshot!(lines.join("\n"), @r#"
    176 Dynamic
      2 Syntax("expected (")
      3 Syntax("expected )")
      1 Syntax("expected ERROR")
      8 Syntax("expected NULL")
      2 Syntax("expected a comma")
      2 Syntax("expected at least one item")
      1 Syntax("expected command, found CREATE")
      3 Syntax("expected command, found DROP")
      1 Syntax("expected command, found INTO")
      1 Syntax("expected command, found NOT")
      3 Syntax("expected command, found a name")
      1 Syntax("expected command, found a number")
      1 Syntax("expected expression after comma")
      2 Syntax("expected name")
      1 Syntax("expected operator, got (")
      1 Syntax("expected operator, got =")
      1 Syntax("expected operator, got a comma")
      2 Syntax("expected operator, got the end")
     10 Syntax("expected path name")
      1 Syntax("expected relation name")
      3 Syntax("expected type name")
      1 Syntax("missing comma")
      1 Syntax("one block was expected in the body")
      1 UnknownStatement("ALTER INDEX ALL")
      2 UnknownStatement("ALTER MATERIALIZED VIEW")
      2 UnknownStatement("ALTER TABLE ALL")
     20 UnknownStatement("DROP OWNED BY")
      8 UnknownStatement("REASSIGN OWNED BY")
    "#);
}
