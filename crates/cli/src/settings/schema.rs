//! The published JSON schema of `handover.toml`.

use schemars::Schema;
use schemars::generate::SchemaSettings;

use super::Settings;

/// The schema, every part in its place: no references to follow.
pub(super) fn schema() -> Schema {
    let inline = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    inline.into_generator().into_root_schema_for::<Settings>()
}

/// The schema as it is published.
pub(crate) fn schema_text() -> String {
    format!("{:#}\n", schema().as_value())
}
