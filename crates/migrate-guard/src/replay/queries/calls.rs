use crate::catalog::Function;
use crate::ddl::{Call, Expr, Language, OpaqueReason, Query, Setting, Value, Verb};
use crate::replay::claims::is_built_in;
use crate::replay::run::Run;
use crate::replay::scope::Scope;
use crate::{ObjectName, Span};

/// How many functions may call one another.
const DEPTH: u32 = 16;

/// What waits for a time.
const SLEEPS: [&str; 3] = ["pg_sleep", "pg_sleep_for", "pg_sleep_until"];

/// What a function sees of its call.
struct Frame<'a> {
    name: &'a ObjectName,
    arguments: Vec<Option<String>>,
    scope: Scope,
}

impl Run<'_, '_> {
    /// The functions that a query calls, for each of its rows.
    pub(super) fn calls_of(&mut self, query: &Query) {
        let rowless = self.scope.rowless;
        self.scope.rowless |= !self.world.has_rows(&query.reads);
        let for_nothing = query.verb == Verb::Select;
        let only = query.only.as_deref();
        if let Some(only) = only {
            self.calls_of_expr(only, for_nothing);
        }
        let others = query.calls.iter().filter(|call| only.is_none_or(|only| !only.span.contains(call.span)));
        self.each_call(others, for_nothing);
        self.scope.rowless = rowless;
    }

    /// The functions that an expression calls. One that is all there is to it, where its value is not wanted, is called
    /// for what it does.
    pub(in crate::replay) fn calls_of_expr(&mut self, expr: &Expr, for_nothing: bool) {
        let alone = self.arguments_of(expr);
        match (expr.calls.as_slice(), alone) {
            ([call, inner @ ..], Some(arguments)) => {
                self.calls(inner);
                self.call(call, arguments, for_nothing);
            }
            (calls, _) => self.each_call(calls, for_nothing),
        }
    }

    /// Calls within something.
    pub(in crate::replay) fn calls(&mut self, calls: &[Call]) {
        self.each_call(calls, false);
    }

    fn each_call<'c>(&mut self, calls: impl IntoIterator<Item = &'c Call>, for_nothing: bool) {
        for call in calls {
            let arguments = call.arguments.iter().map(|argument| self.plain(argument)).collect();
            self.call(call, arguments, for_nothing);
        }
    }

    fn call(&mut self, call: &Call, arguments: Vec<Option<String>>, for_nothing: bool) {
        if call.name.name == "set_config" {
            self.set_config(&arguments);
        } else if SLEEPS.contains(&call.name.name.as_str()) {
            self.sleep();
        } else if let Some(function) = self.function(call) {
            let frame = Frame { name: &call.name, arguments, scope: self.scope.inside(call.span) };
            self.enter(&function, frame, call.span);
        } else if for_nothing && !is_built_in(&call.name) {
            self.opaque(call.span, OpaqueReason::Function(call.name.to_string()));
        }
    }

    /// The function of a trigger.
    pub(super) fn enter_trigger(&mut self, name: &ObjectName, span: Span) {
        let functions = self.world.catalog.functions_named(name, &self.world.path);
        let Some(function) = functions.iter().find(|function| function.arguments.is_empty()).cloned() else {
            return;
        };
        let mut scope = self.scope.inside(span);
        scope.in_trigger = true;
        self.enter(&function, Frame { name, arguments: Vec::new(), scope }, span);
    }

    /// The function that a call means, by how many arguments it takes.
    fn function(&self, call: &Call) -> Option<Function> {
        let named = self.world.catalog.functions_named(&call.name, &self.world.path);
        let given = call.arguments.len();
        let takes = |count: usize| named.iter().find(move |function| function.arguments.len() == count);
        let defaults = || named.iter().find(|function| function.arguments.len() > given);
        takes(given).or_else(defaults).or(named.last()).cloned()
    }

    fn enter(&mut self, function: &Function, frame: Frame<'_>, span: Span) {
        let certain = frame.scope.conditions.is_empty();
        let key = format!("{} {:?} {certain}", frame.name, frame.arguments);
        if !self.called.insert(key) {
            return;
        }
        if frame.scope.depth > DEPTH {
            return self.opaque(span, OpaqueReason::TooDeep);
        }
        let Some(body) = function.body.clone() else { return self.without_body(function, frame.name, span) };
        body.opaque().iter().for_each(|part| self.opaque(span, part.reason.clone()));
        let outer = std::mem::replace(&mut self.scope, frame.scope);
        for (place, value) in frame.arguments.into_iter().enumerate() {
            let name = function.argument_names.get(place).map_or("", String::as_str);
            self.scope.declare(name, value.clone());
            self.scope.declare(&format!("${}", place + 1), value);
        }
        self.block(body.block());
        self.scope = outer;
    }

    fn without_body(&mut self, function: &Function, name: &ObjectName, span: Span) {
        let reason = match &function.language {
            Language::Other(language) => OpaqueReason::Language(language.clone()),
            // A catalog's file names it and nothing more.
            Language::Sql | Language::Plpgsql => OpaqueReason::Function(name.to_string()),
        };
        self.opaque(span, reason);
    }

    /// One that may not happen, as between tries, holds up nobody for certain.
    fn sleep(&mut self) {
        if !self.scope.is_assumed() {
            self.outcome.sleep();
        }
    }

    fn set_config(&mut self, arguments: &[Option<String>]) {
        if let [Some(name), value, local] = arguments {
            let local = local.as_deref() != Some("false");
            self.world.set(&Setting { local, name: name.to_lowercase(), value: value.clone() });
        }
    }

    /// The value of an argument, where it is plain.
    pub(in crate::replay) fn plain(&self, value: &Value) -> Option<String> {
        match value {
            Value::Constant(text) => Some(text.clone()),
            Value::Column(name) => self.scope.value(name).map(ToOwned::to_owned),
            Value::Null | Value::Computed => None,
        }
    }
}
