use handover_migrate_guard::ddl::OpaqueReason;
use handover_migrate_guard::not_understood;

use super::{read, shared, skipped};

#[test]
fn no_statement_of_a_real_history_is_a_syntax_error() {
    let Some(files) = shared("corpus/migrations") else {
        return skipped("corpus/migrations");
    };
    let mut failed = Vec::new();
    for path in files.iter().filter(|path| !path.to_string_lossy().ends_with("down.sql")) {
        let text = read(path);
        let up = text.split("-- +goose Down").next().unwrap_or_default();
        for opaque in not_understood(up) {
            if let OpaqueReason::Syntax(message) = opaque.reason {
                failed.push(format!("{}:{}: {message}", path.display(), opaque.span.start));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
