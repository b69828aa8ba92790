//! Every reply of the stand-in against the published schema: each selected field is there, and of its type.

use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema, ast::Type};
use handover_traffic::railway::DOCUMENTS;
use handover_traffic::testkit::standin::railway::{
    ENVIRONMENT, NEIGHBOUR, PROJECT, PROJECT_TOKEN, RailwayStandIn, SERVICE,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{GREEN, contract, skipped, standin};

/// What Railway's own client asks for, and we do not.
const OTHERS: [&str; 3] = [
    "query A { projectToken { id name project { id name environments { edges { node { id name } } } } environment { id } } }",
    "query B($p: String!, $e: String!) { project(id: $p) { id name deletedAt services { edges { node { id name } } } }
       environment(id: $e) { id name canAccess serviceInstances(first: 1) { edges { node { id serviceName numReplicas
       service { id name createdAt } domains { customDomains { id domain status { verified dnsRecords { fqdn status purpose
       recordType } } } serviceDomains { domain suffix syncStatus } } } } pageInfo { hasNextPage endCursor } } } }",
    "query C { regions { name region country location } }",
];

fn variables() -> Value {
    json!({
        "project": PROJECT, "environment": ENVIRONMENT, "service": SERVICE, "id": "dep-1", "first": 20, "lines": 5,
        "list": { "projectId": PROJECT, "environmentId": ENVIRONMENT, "serviceId": SERVICE }, "commit": null,
        "p": PROJECT, "e": ENVIRONMENT,
    })
}

/// The variables of the documents that want others.
fn variables_of(name: &str) -> Value {
    let mut variables = variables();
    variables["input"] = match name {
        "UpdateService" => json!({ "overlapSeconds": 3, "source": { "image": GREEN } }),
        "AutoDeploy" => json!({
            "projectId": PROJECT, "environmentId": ENVIRONMENT, "serviceId": SERVICE, "enabled": false,
        }),
        "CreateService" => {
            json!({ "projectId": PROJECT, "environmentId": ENVIRONMENT, "name": "shop-green" })
        }
        _ => Value::Null,
    };
    if name == "DeleteService" {
        variables["id"] = json!(NEIGHBOUR);
    }
    variables
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "how much was checked is worth knowing")]
async fn every_reply_is_valid_for_its_document() {
    let Some(text) = contract() else { return skipped("there is no folder of contracts") };
    let schema = Schema::parse_and_validate(text, "schema.graphql").unwrap();
    let ours = DOCUMENTS.iter().map(|document| (document.name, document.text));
    let mut checked = 0;
    for (name, text) in ours.chain(OTHERS.map(|text| ("", text))) {
        let document = ExecutableDocument::parse_and_validate(&schema, text, "d").unwrap();
        let operation = document.operations.iter().next().unwrap();
        if operation.operation_type == apollo_compiler::executable::OperationType::Subscription {
            continue;
        }
        let reply = ask(name, text).await;
        assert!(reply["errors"].is_null(), "{name}: {reply}");
        check(&schema, &document, &operation.selection_set, &reply["data"], name);
        checked += 1;
    }
    println!("{checked} replies checked");
}

/// Each document gets a stand-in of its own, prepared so that it can be done.
async fn ask(name: &str, text: &str) -> Value {
    let standin = standin().await;
    standin.edit(SERVICE, |settings| settings.volume = Some("/data".into()));
    let mut variables = variables_of(name);
    if name == "Cancel" {
        variables["id"] = json!(standin.push(SERVICE, GREEN));
    }
    if name == "Rollback" {
        let newer = standin.push(SERVICE, GREEN);
        let done = || standin.deployments(SERVICE).iter().all(|d| (d.id == newer) == (d.status == "SUCCESS"));
        while !done() {
            tokio::task::yield_now().await;
        }
    }
    let body = json!({ "query": text, "variables": variables }).to_string();
    serde_json::from_str(&post(&standin, &body).await).unwrap()
}

/// By hand: what comes is what is checked, and no client of ours is in between.
async fn post(standin: &RailwayStandIn, body: &str) -> String {
    let host = standin.base().replace("http://", "").replace("/graphql/v2", "");
    let mut stream = TcpStream::connect(&host).await.unwrap();
    let head = format!(
        "POST /graphql/v2 HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\nproject-access-token: {PROJECT_TOKEN}\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

fn check(
    schema: &Valid<Schema>,
    document: &ExecutableDocument,
    set: &SelectionSet,
    value: &Value,
    path: &str,
) {
    for selection in &set.selections {
        match selection {
            Selection::Field(field) => {
                let path = format!("{path}.{}", field.response_key());
                let found = value.get(field.response_key().as_str());
                let found = found.unwrap_or_else(|| panic!("{path} is missing"));
                of_type(schema, document, &field.selection_set, field.ty(), found, &path);
            }
            Selection::FragmentSpread(spread) => {
                let fragment = spread.fragment_def(document).unwrap();
                check(schema, document, &fragment.selection_set, value, path);
            }
            Selection::InlineFragment(inline) => check(schema, document, &inline.selection_set, value, path),
        }
    }
}

fn of_type(
    schema: &Valid<Schema>,
    document: &ExecutableDocument,
    set: &SelectionSet,
    ty: &Type,
    value: &Value,
    path: &str,
) {
    if value.is_null() {
        assert!(!ty.is_non_null(), "{path} is null");
        return;
    }
    if ty.is_list() {
        let items = value.as_array().unwrap_or_else(|| panic!("{path} is no list"));
        for item in items {
            of_type(schema, document, set, ty.item_type(), item, path);
        }
        return;
    }
    let fits = match (ty.inner_named_type().as_str(), &schema.types[ty.inner_named_type()]) {
        ("Int", _) => value.is_i64(),
        ("Float", _) => value.is_number(),
        ("Boolean", _) => value.is_boolean(),
        ("String" | "ID" | "DateTime", _) => value.is_string(),
        (_, ExtendedType::Enum(kind)) => value.as_str().is_some_and(|word| kind.values.contains_key(word)),
        (_, ExtendedType::Scalar(_)) => true,
        _ => value.is_object(),
    };
    assert!(fits, "{path} is {value}, and should be {ty}");
    if value.is_object() && !set.is_empty() {
        check(schema, document, set, value, path);
    }
}
