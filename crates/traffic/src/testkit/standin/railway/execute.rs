//! A small GraphQL front: a document is read, checked where there is a schema, and its selections are taken from objects.
//!
//! Arguments, variables with their defaults, aliases, fragments, `@skip` and `@include`, and the paging of connections
//! are honoured, so documents that were written by somebody else work.

use std::collections::HashMap;

use apollo_compiler::ast::{self, Definition, OperationType, Selection};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Node, Schema};
use serde_json::{Map, Value, json};

/// One operation of a document, with its variables.
pub(super) struct Operation {
    pub(super) kind: OperationType,
    fields: Vec<Selection>,
    fragments: HashMap<String, Vec<Selection>>,
    variables: Map<String, Value>,
}

/// A field at the root, with its arguments as plain values.
pub(super) struct Root {
    pub(super) name: String,
    pub(super) alias: String,
    pub(super) args: Value,
    selection: Vec<Selection>,
}

/// Why something is not done, in Railway's shape.
#[derive(Debug, Clone)]
pub(super) struct GraphError {
    pub(super) message: String,
    pub(super) code: Option<&'static str>,
}

impl GraphError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: None }
    }

    fn invalid(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: Some("GRAPHQL_VALIDATION_FAILED") }
    }

    pub(super) fn json(&self) -> Value {
        let extensions = self.code.map_or_else(|| json!({}), |code| json!({ "code": code }));
        json!({ "message": self.message, "extensions": extensions })
    }
}

/// Reads one request.
pub(super) fn operation(body: &Value, schema: Option<&Valid<Schema>>) -> Result<Operation, Vec<GraphError>> {
    let text = body["query"].as_str().ok_or_else(|| vec![GraphError::invalid("there is no query")])?;
    if let Some(schema) = schema {
        check(text, schema)?;
    }
    let document = ast::Document::parse(text, "request.graphql")
        .map_err(|e| complaints(e.errors.iter().map(|error| error.unstable_to_json_compat().message)))?;
    let wanted = body["operationName"].as_str();
    let (mut found, mut fragments) = (None, HashMap::new());
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) if is_it(operation, wanted) => {
                found = Some(operation.clone());
            }
            Definition::FragmentDefinition(fragment) => {
                fragments.insert(fragment.name.to_string(), fragment.selection_set.clone());
            }
            _ => {}
        }
    }
    let operation = found.ok_or_else(|| vec![GraphError::invalid("there is no such operation")])?;
    let variables = variables(&operation, &body["variables"]);
    Ok(Operation {
        kind: operation.operation_type,
        fields: operation.selection_set.clone(),
        fragments,
        variables,
    })
}

fn check(text: &str, schema: &Valid<Schema>) -> Result<(), Vec<GraphError>> {
    match ExecutableDocument::parse_and_validate(schema, text, "request.graphql") {
        Ok(_) => Ok(()),
        Err(e) => Err(complaints(e.errors.iter().map(|error| error.unstable_to_json_compat().message))),
    }
}

fn complaints(messages: impl Iterator<Item = String>) -> Vec<GraphError> {
    messages.map(GraphError::invalid).collect()
}

fn is_it(operation: &ast::OperationDefinition, wanted: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| operation.name.as_ref().is_some_and(|name| name.as_str() == wanted))
}

fn variables(operation: &ast::OperationDefinition, given: &Value) -> Map<String, Value> {
    let mut all = given.as_object().cloned().unwrap_or_default();
    for variable in &operation.variables {
        if let Some(default) = &variable.default_value {
            let name = variable.name.to_string();
            all.entry(name).or_insert_with(|| plain(default, &Map::new()));
        }
    }
    all
}

/// A literal, with variables put in. One that was not given is nothing.
fn plain(value: &ast::Value, variables: &Map<String, Value>) -> Value {
    match value {
        ast::Value::Null => Value::Null,
        ast::Value::Enum(name) => json!(name.as_str()),
        ast::Value::Variable(name) => variables.get(name.as_str()).cloned().unwrap_or(Value::Null),
        ast::Value::String(text) => json!(text),
        ast::Value::Float(number) => number.try_to_f64().map_or(Value::Null, |number| json!(number)),
        ast::Value::Int(number) => number.try_to_i32().map_or(Value::Null, |number| json!(number)),
        ast::Value::Boolean(yes) => json!(yes),
        ast::Value::List(items) => items.iter().map(|item| plain(item, variables)).collect(),
        ast::Value::Object(fields) => {
            let field = |(name, value): &(apollo_compiler::Name, Node<ast::Value>)| {
                (name.to_string(), plain(value, variables))
            };
            Value::Object(fields.iter().map(field).collect())
        }
    }
}

impl Operation {
    /// The fields at the root, in order.
    pub(super) fn roots(&self) -> Vec<Root> {
        let fields = self.flat(&self.fields, None);
        let root = |field: &Node<ast::Field>| Root {
            name: field.name.to_string(),
            alias: field.response_name().to_string(),
            args: self.args(field),
            selection: field.selection_set.clone(),
        };
        fields.iter().map(root).collect()
    }

    /// What `root` selects of what was found for it.
    pub(super) fn select(&self, root: &Root, found: Value) -> Value {
        self.pick(&root.selection, paged(found, &root.args))
    }

    fn args(&self, field: &ast::Field) -> Value {
        let arg = |arg: &Node<ast::Argument>| (arg.name.to_string(), plain(&arg.value, &self.variables));
        Value::Object(field.arguments.iter().map(arg).collect())
    }

    fn pick(&self, selection: &[Selection], value: Value) -> Value {
        match value {
            Value::Array(items) => items.into_iter().map(|item| self.pick(selection, item)).collect(),
            Value::Object(_) if !selection.is_empty() => {
                let kind = value["__typename"].as_str();
                let field = |field: &Node<ast::Field>| {
                    let found = paged(value[field.name.as_str()].clone(), &self.args(field));
                    (field.response_name().to_string(), self.pick(&field.selection_set, found))
                };
                let picked: Map<String, Value> = self.flat(selection, kind).iter().map(field).collect();
                Value::Object(picked)
            }
            plain => plain,
        }
    }

    /// The fields of a selection, with fragments opened that are for this kind of object.
    fn flat(&self, selection: &[Selection], kind: Option<&str>) -> Vec<Node<ast::Field>> {
        let mut fields = Vec::new();
        for part in selection {
            match part {
                Selection::Field(field) if self.wanted(&field.directives) => fields.push(field.clone()),
                Selection::FragmentSpread(spread) if self.wanted(&spread.directives) => {
                    let inner = self.fragments.get(spread.fragment_name.as_str());
                    fields.extend(inner.map(|inner| self.flat(inner, kind)).unwrap_or_default());
                }
                Selection::InlineFragment(inline) if self.wanted(&inline.directives) => {
                    let on = inline.type_condition.as_ref().map(apollo_compiler::Name::as_str);
                    if on.is_none() || kind.is_none() || on == kind {
                        fields.extend(self.flat(&inline.selection_set, kind));
                    }
                }
                _ => {}
            }
        }
        fields
    }

    fn wanted(&self, directives: &ast::DirectiveList) -> bool {
        let says = |name: &str| {
            let directive = directives.get(name)?;
            let condition = directive.arguments.iter().find(|arg| arg.name.as_str() == "if")?;
            plain(&condition.value, &self.variables).as_bool()
        };
        says("skip") != Some(true) && says("include") != Some(false)
    }
}

/// A page of a connection, as `first`, `after` and `last` say.
fn paged(mut value: Value, args: &Value) -> Value {
    let Some(edges) = value.get_mut("edges").and_then(Value::as_array_mut) else { return value };
    let after = args["after"].as_str();
    let begin =
        after.and_then(|after| edges.iter().position(|edge| edge["cursor"] == after)).map_or(0, |at| at + 1);
    let mut page = edges.split_off(begin);
    let count = |name: &str| args[name].as_u64().and_then(|count| usize::try_from(count).ok());
    let whole = page.len();
    page.truncate(count("first").unwrap_or(whole));
    let more = page.len() < whole;
    page = page.split_off(page.len() - count("last").unwrap_or(page.len()).min(page.len()));
    let cursor = |edge: Option<&Value>| edge.map_or(Value::Null, |edge| edge["cursor"].clone());
    let info = json!({
        "__typename": "PageInfo", "hasNextPage": more, "hasPreviousPage": begin > 0,
        "startCursor": cursor(page.first()), "endCursor": cursor(page.last()),
    });
    value["edges"] = Value::Array(page);
    value["pageInfo"] = info;
    value
}
