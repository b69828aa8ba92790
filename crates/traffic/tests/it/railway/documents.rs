//! Every document of ours against the published schema, by a validator that is not ours.

use apollo_compiler::{ExecutableDocument, Schema};
use handover_traffic::railway::DOCUMENTS;

use super::{contract, skipped};

#[test]
fn every_document_is_valid_for_the_published_schema_and_a_made_up_field_is_not() {
    let Some(text) = contract() else { return skipped("there is no folder of contracts") };
    let schema = Schema::parse_and_validate(text, "schema.graphql").unwrap();
    for document in DOCUMENTS {
        let name = document.name;
        let checked = ExecutableDocument::parse_and_validate(&schema, document.text, name);
        let checked = checked.unwrap_or_else(|e| panic!("{name}: {}", e.errors));
        assert_eq!(checked.operations.named.keys().map(ToString::to_string).collect::<Vec<_>>(), [name]);
        assert!(checked.operations.anonymous.is_none());
        let at = document.text.rfind('}').unwrap();
        let spoiled = format!("{} madeUp {}", &document.text[..at], &document.text[at..]);
        assert!(ExecutableDocument::parse_and_validate(&schema, spoiled, name).is_err(), "{name}");
    }
}
