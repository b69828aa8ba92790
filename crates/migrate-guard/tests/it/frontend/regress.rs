use std::collections::BTreeMap;

use handover_migrate_guard::statements;
use insta::assert_snapshot;

use super::{read, shared};

/// Many are meant to fail; what PostgreSQL takes and is not understood names no relation.
#[test]
fn every_regression_file_of_postgresql_is_split_and_lowered() {
    let Some(files) = shared("corpus/postgres-regress") else {
        eprintln!("skipped: HANDOVER_SHARED has no corpus/postgres-regress");
        return;
    };
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for opaque in files.iter().flat_map(|path| statements(&read(path))).flat_map(|statement| statement.opaque)
    {
        *reasons.entry(format!("{:?}", opaque.reason)).or_default() += 1;
    }
    let lines: Vec<_> = reasons.iter().map(|(reason, count)| format!("{count:4} {reason}")).collect();
    assert_snapshot!(lines.join("\n"), @r#"
    176 Dynamic
     24 Language("c")
     39 Language("internal")
      2 Syntax("Expected at least one item")
      2 Syntax("expected COMMA")
      1 Syntax("expected ERROR_KW")
      2 Syntax("expected L_PAREN")
      8 Syntax("expected NULL_KW")
      3 Syntax("expected R_PAREN")
      1 Syntax("expected command, found CREATE_KW")
      3 Syntax("expected command, found DROP_KW")
      3 Syntax("expected command, found IDENT")
      1 Syntax("expected command, found INTO_KW")
      1 Syntax("expected command, found INT_NUMBER")
      1 Syntax("expected command, found NOT_KW")
      1 Syntax("expected expression after comma")
      2 Syntax("expected name")
      1 Syntax("expected operator, got COMMA")
      2 Syntax("expected operator, got EOF")
      1 Syntax("expected operator, got EQ")
      1 Syntax("expected operator, got L_PAREN")
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
