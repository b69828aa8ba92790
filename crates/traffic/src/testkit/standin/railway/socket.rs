//! graphql-transport-ws: a subscription is told how things are, and then each change.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use serde_json::{Value, json};
use tokio::time::{Instant, interval};

use super::execute::{GraphError, Operation, Root, operation};
use super::nodes::View;
use super::queries::{Caller, query};
use super::server::Platform;

/// How often changes are looked for.
const GLANCE: Duration = Duration::from_millis(5);

struct Subscription {
    operation: Operation,
    root: Root,
    /// What it was told, or how many items.
    told: Option<Value>,
    items: usize,
    /// How many of the lines that were there before it wants.
    limit: Option<usize>,
}

pub(super) async fn serve(mut socket: WebSocket, platform: Arc<Platform>, caller: Option<Caller>) {
    let mut subscriptions: BTreeMap<String, Subscription> = BTreeMap::new();
    let mut ticks = interval(GLANCE);
    loop {
        let replies = tokio::select! {
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => heard(&platform, caller, &mut subscriptions, &text),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => Vec::new(),
                _ => return,
            },
            _ = ticks.tick() => news(&platform, &mut subscriptions),
        };
        for reply in replies {
            if socket.send(Message::Text(reply.to_string().into())).await.is_err() {
                return;
            }
        }
        if !platform.lock().sockets {
            return;
        }
    }
}

fn heard(
    platform: &Platform,
    caller: Option<Caller>,
    subscriptions: &mut BTreeMap<String, Subscription>,
    text: &str,
) -> Vec<Value> {
    let message: Value = serde_json::from_str(text).unwrap_or(Value::Null);
    let id = message["id"].as_str().unwrap_or_default().to_owned();
    match message["type"].as_str() {
        Some("connection_init") => vec![json!({ "type": "connection_ack" })],
        Some("ping") => vec![json!({ "type": "pong" })],
        Some("complete") => {
            subscriptions.remove(&id);
            Vec::new()
        }
        Some("subscribe") => match opened(platform, caller, &message["payload"]) {
            Ok(subscription) => {
                subscriptions.insert(id, subscription);
                Vec::new()
            }
            Err(errors) => {
                let payload: Vec<Value> = errors.iter().map(GraphError::json).collect();
                vec![json!({ "id": id, "type": "error", "payload": payload })]
            }
        },
        _ => Vec::new(),
    }
}

fn opened(
    platform: &Platform,
    caller: Option<Caller>,
    payload: &Value,
) -> Result<Subscription, Vec<GraphError>> {
    if caller.is_none() {
        return Err(vec![GraphError::new("Not Authorized")]);
    }
    let operation = operation(payload, platform.schema.as_ref())?;
    let root = operation.roots().into_iter().next();
    let mut root = root.ok_or_else(|| vec![GraphError::new("nothing is asked for")])?;
    // A limit is for what was said before; what comes is told in full.
    let limit = root.args["limit"].take().as_u64().and_then(|limit| usize::try_from(limit).ok());
    Ok(Subscription { operation, root, told: None, items: 0, limit })
}

fn news(platform: &Platform, subscriptions: &mut BTreeMap<String, Subscription>) -> Vec<Value> {
    let inner = platform.lock();
    let view = View { world: &inner.world, now: Instant::now() };
    subscriptions.iter_mut().flat_map(|(id, subscription)| subscription.news(&view, id)).collect()
}

impl Subscription {
    fn news(&mut self, view: &View<'_>, id: &str) -> Vec<Value> {
        // What can be asked for can be followed; events come one by one there.
        let Ok(found) = query(view, Caller::Project, &self.root.name, &self.root.args) else {
            return Vec::new();
        };
        let fresh = match found {
            Value::Array(lines) => {
                self.beyond(&lines).map(|lines| vec![Value::Array(lines)]).unwrap_or_default()
            }
            Value::Object(ref one) if one.contains_key("edges") => self.events(&found),
            one => vec![one],
        };
        let picked: Vec<Value> =
            fresh.into_iter().map(|one| self.operation.select(&self.root, one)).collect();
        picked.into_iter().filter_map(|data| self.tell(id, data)).collect()
    }

    fn beyond(&mut self, lines: &[Value]) -> Option<Vec<Value>> {
        let known = self.limit.take().map_or(self.items, |limit| lines.len().saturating_sub(limit));
        let fresh: Vec<Value> = lines.iter().skip(known).cloned().collect();
        self.items = lines.len().max(self.items);
        (!fresh.is_empty()).then_some(fresh)
    }

    fn events(&mut self, found: &Value) -> Vec<Value> {
        let nodes: Vec<Value> =
            found["edges"].as_array().into_iter().flatten().map(|edge| edge["node"].clone()).collect();
        self.beyond(&nodes).unwrap_or_default()
    }

    fn tell(&mut self, id: &str, data: Value) -> Option<Value> {
        if self.told.as_ref() == Some(&data) {
            return None;
        }
        let payload = json!({ "data": { self.root.alias.as_str(): &data } });
        self.told = Some(data);
        Some(json!({ "id": id, "type": "next", "payload": payload }))
    }
}
