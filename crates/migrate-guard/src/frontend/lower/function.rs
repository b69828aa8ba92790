//! `CREATE FUNCTION`, `CREATE PROCEDURE`, `DO`.

use super::parts::object;
use super::{setting, types};
use crate::ddl::{Block, Body, CreateFunction, Ddl, Language, TypeRef, Volatility};
use crate::frontend::body;
use crate::frontend::context::Context;
use crate::frontend::tree::ast::{self, FuncOption as Option_};

/// `CREATE FUNCTION`.
pub(super) fn create(node: &ast::CreateFunction, cx: &mut Context<'_>) -> Ddl {
    let arguments = Arguments::of(node.param_list(), cx);
    let options = Options::of(node.option_list(), cx);
    let returns = node.ret_type().and_then(|ret| types::of_function(ret.func_type(), cx));
    let body = options.body(node.body(), cx);
    Ddl::CreateFunction(Box::new(CreateFunction {
        name: object(node.name(), cx),
        arguments: arguments.types,
        argument_names: arguments.names,
        returns: returns.or(arguments.out),
        or_replace: node.or_replace().is_some(),
        procedure: false,
        volatility: options.volatility,
        language: options.language.unwrap_or_default(),
        search_path: options.search_path,
        body,
    }))
}

/// `CREATE PROCEDURE`.
pub(super) fn create_procedure(node: &ast::CreateProcedure, cx: &mut Context<'_>) -> Ddl {
    let arguments = Arguments::of(node.param_list(), cx);
    let options = Options::of(node.option_list(), cx);
    let body = options.body(node.body(), cx);
    Ddl::CreateFunction(Box::new(CreateFunction {
        name: object(node.name(), cx),
        arguments: arguments.types,
        argument_names: arguments.names,
        returns: None,
        or_replace: node.or_replace().is_some(),
        procedure: true,
        volatility: options.volatility,
        language: options.language.unwrap_or_default(),
        search_path: options.search_path,
        body,
    }))
}

/// `DO`.
pub(super) fn run(node: &ast::Do, cx: &mut Context<'_>) -> Ddl {
    let named = node.do_language().and_then(|language| language.language_name());
    let language = named.map_or(Language::Plpgsql, |name| language(&name));
    let block = node.body().and_then(|body| body::block(&body, &language, cx));
    let span = node.body().map(|body| cx.span(&body)).unwrap_or_default();
    Ddl::Do(Box::new(block.unwrap_or_else(|| Block { span, ..Block::default() })))
}

/// The types of the arguments that go in, of a signature.
pub(super) fn argument_types(list: ast::ParamList, cx: &Context<'_>) -> Vec<TypeRef> {
    Arguments::of(Some(list), cx).types
}

/// A language by its name.
fn language(name: &str) -> Language {
    match name.to_ascii_lowercase().as_str() {
        "sql" => Language::Sql,
        "plpgsql" => Language::Plpgsql,
        other => Language::Other(other.to_owned()),
    }
}

/// Whether what a function is made of is the name of a symbol, and no text.
fn is_compiled(language: &Language) -> bool {
    matches!(language, Language::Other(name) if name == "c" || name == "internal")
}

/// What goes in, and the one thing that goes out.
#[derive(Default)]
struct Arguments {
    types: Vec<TypeRef>,
    names: Vec<String>,
    out: Option<TypeRef>,
}

impl Arguments {
    fn of(list: Option<ast::ParamList>, cx: &Context<'_>) -> Self {
        let mut arguments = Self::default();
        let mut outs = 0;
        for param in list.into_iter().flat_map(|list| list.params()) {
            let ty = types::of_function(param.func_type(), cx);
            let out = matches!(param.mode(), Some(ast::ParamMode::ParamOut(_)));
            if out || matches!(param.mode(), Some(ast::ParamMode::ParamInOut(_))) {
                outs += 1;
                arguments.out.clone_from(&ty);
            }
            if !out {
                arguments.types.push(ty.unwrap_or_default());
                arguments.names.push(param.name().map(|name| cx.name(&name)).unwrap_or_default());
            }
        }
        arguments.out = arguments.out.filter(|_| outs == 1);
        arguments
    }
}

/// What stands behind the arguments.
#[derive(Default)]
struct Options {
    language: Option<Language>,
    volatility: Volatility,
    search_path: Option<String>,
    definition: Option<ast::Literal>,
}

impl Options {
    fn of(list: Option<ast::FuncOptionList>, cx: &Context<'_>) -> Self {
        let mut options = Self::default();
        for option in list.into_iter().flat_map(|list| list.options()) {
            options.take(&option, cx);
        }
        options
    }

    fn take(&mut self, option: &Option_, cx: &Context<'_>) {
        match option {
            Option_::LanguageFuncOption(of) => {
                self.language = of.language_name().map(|of| language(&of));
            }
            Option_::VolatilityFuncOption(ast::VolatilityFuncOption::Immutable(_)) => {
                self.volatility = Volatility::Immutable;
            }
            Option_::VolatilityFuncOption(ast::VolatilityFuncOption::Stable(_)) => {
                self.volatility = Volatility::Stable;
            }
            Option_::SetFuncOption(set) => {
                let set = set.set_config_param().and_then(|set| setting::of_param(&set, cx));
                let path = set.filter(|set| set.name == "search_path").and_then(|set| set.value);
                self.search_path = path.or(self.search_path.take());
            }
            Option_::AsFuncOption(of) => {
                if let Some(ast::AsFuncTarget::AsDefinition(definition)) = of.as_func_target() {
                    self.definition = definition.literal();
                }
            }
            _ => {}
        }
    }

    fn body(&self, atomic: Option<ast::RoutineBody>, cx: &mut Context<'_>) -> Option<Body> {
        if let Some(atomic) = atomic {
            return Some((body::atomic(&atomic, cx), Vec::new()).into());
        }
        let language = self.language.as_ref().filter(|language| !is_compiled(language))?;
        body::of_function(self.definition.as_ref()?, language, cx)
    }
}
