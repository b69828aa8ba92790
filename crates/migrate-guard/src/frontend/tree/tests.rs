use proptest::prelude::*;
use rowan::{NodeOrToken, WalkEvent};
use squawk_syntax::ast::AstNode as _;

use super::SyntaxNode;
use crate::frontend::parse;
use crate::rules::RULES;

/// What a tree is made of: kind, bytes, how deep.
type Seen = Vec<(u16, u32, u32, usize)>;

fn ours(node: &SyntaxNode, depth: usize, seen: &mut Seen) {
    let range = node.text_range();
    seen.push((node.kind().into(), range.start().into(), range.end().into(), depth));
    for element in node.elements() {
        assert!(element.parent().is_some_and(|above| above == *node));
        ours(&element, depth + 1, seen);
    }
}

/// The tree of the parser's own library, without white space and comments.
fn theirs(text: &str) -> Seen {
    let (mut seen, mut depth) = (Seen::new(), 0);
    let root = squawk_syntax::SourceFile::parse(text).tree();
    for step in root.syntax().preorder_with_tokens() {
        match step {
            WalkEvent::Enter(element) => {
                let (kind, range) = (element.kind(), element.text_range());
                if !matches!(&element, NodeOrToken::Token(token) if token.kind().is_trivia()) {
                    seen.push((kind.into(), range.start().into(), range.end().into(), depth));
                }
                depth += 1;
            }
            WalkEvent::Leave(_) => depth -= 1,
        }
    }
    seen
}

/// The root of the library's tree has the white space around everything, ours has not.
fn assert_same(text: &str) {
    let Some(tree) = parse::parse(text) else { return };
    let mut seen = Seen::new();
    ours(&tree.root, 0, &mut seen);
    assert_eq!(seen.get(1..), theirs(text).get(1..), "{text:?}");
}

#[test]
fn it_is_the_librarys_tree_without_white_space() {
    assert_same(
        "-- one\nCREATE TABLE t (id int /* a */ DEFAULT 1, b text) ; \n-- two\nSELECT a . b, -c FROM t AS u (x);",
    );
    assert_same("SELECT 'a'\n 'b', E'\\n', U&'d!0061' UESCAPE '!'");
    assert_same(
        "ALTER TABLE ONLY t ADD CONSTRAINT c CHECK (a IS NOT NULL AND (b LIKE 'x%' ESCAPE '!')) NOT VALID",
    );
    assert_same("SELECT FROM WHERE ) ( , ;; CREATE");
}

#[test]
fn it_is_the_librarys_tree_of_the_rules_examples() {
    for rule in RULES.iter() {
        assert_same(rule.bad);
        assert_same(rule.good);
    }
}

proptest! {
    #[test]
    fn it_is_the_librarys_tree_of_what_is_nearly_sql(words in prop::collection::vec(prop::sample::select(WORDS), 0..24)) {
        assert_same(&words.join(" "));
    }
}

const WORDS: &[&str] = &[
    "select",
    "from",
    "where",
    "a",
    "b",
    "\"C\"",
    "1",
    "'x'",
    "(",
    ")",
    ",",
    ";",
    "--\n",
    "/* */",
    "and",
    "=",
    "::",
    "int",
    "create table",
    "alter table",
    "add column",
    "not null",
    "default",
    "[",
    "]",
    "case",
    "when",
    "end",
    ".",
];
