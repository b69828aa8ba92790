use std::fmt::Write;
use std::ops::Range;

use super::super::syntax::{Arm, BlockNode, Node, NodeKind, Over, Target};
use super::parse;

/// A body as an outline, what was not understood at the end.
fn outline(text: &str) -> String {
    let (block, broken) = parse(text);
    let mut out = Outline { text, out: String::new() };
    out.block(&block, 0);
    for (span, why) in broken {
        let _ = writeln!(out.out, "broken {:?} {:?}", &text[span], why);
    }
    out.out
}

struct Outline<'t> {
    text: &'t str,
    out: String,
}

impl Outline<'_> {
    fn line(&mut self, depth: usize, line: impl AsRef<str>) {
        let _ = writeln!(self.out, "{}{}", "  ".repeat(depth), line.as_ref());
    }

    fn of(&self, range: &Range<usize>) -> String {
        format!("[{}]", &self.text[range.clone()])
    }

    fn all(&self, ranges: &[Range<usize>]) -> String {
        ranges.iter().map(|range| self.of(range)).collect()
    }

    fn block(&mut self, block: &BlockNode, depth: usize) {
        for made in &block.declarations {
            let default = made.default.as_ref().map(|range| self.of(range)).unwrap_or_default();
            let query = made.query.as_ref().map(|range| self.of(range)).unwrap_or_default();
            self.line(
                depth,
                format!("var {} {default}{query}{}", made.name, made.alias.as_deref().unwrap_or("")),
            );
        }
        self.nodes(&block.body, depth);
        for handler in &block.handlers {
            self.line(depth, format!("on {}", handler.conditions.join(", ")));
            self.nodes(&handler.body, depth + 1);
        }
    }

    fn nodes(&mut self, nodes: &[Node], depth: usize) {
        for node in nodes {
            self.node(node, depth);
        }
    }

    fn arms(&mut self, arms: &[Arm], depth: usize) {
        for arm in arms {
            let condition = arm.condition.as_ref().map_or("else".to_owned(), |range| self.of(range));
            self.line(depth, format!("when {condition}"));
            self.nodes(&arm.body, depth + 1);
        }
    }

    fn node(&mut self, node: &Node, depth: usize) {
        match &node.kind {
            NodeKind::Block(block) => {
                self.line(depth, "block");
                self.block(block, depth + 1);
            }
            NodeKind::Assign { target, expr } => {
                self.line(depth, format!("{} := {}", name(target), self.of(expr)));
            }
            NodeKind::If(arms) => self.arms(arms, depth),
            NodeKind::Case { subject, arms } => {
                let subject = subject.as_ref().map(|range| self.of(range)).unwrap_or_default();
                self.line(depth, format!("case {subject}"));
                self.arms(arms, depth);
            }
            NodeKind::Loop { over, variables, body } => {
                let over = match over {
                    Over::Nothing => "nothing".to_owned(),
                    Over::Cursor { name, span } => format!("cursor {name} {}", self.of(span)),
                    Over::Exprs(exprs) => self.all(exprs),
                    Over::Query(query) => format!("query {}", self.of(query)),
                    Over::Array(array) => format!("array {}", self.of(array)),
                    Over::Execute { expr, using } => {
                        format!("execute {} using {}", self.of(expr), self.all(using))
                    }
                };
                self.line(depth, format!("loop {} over {over}", variables.join(", ")));
                self.nodes(body, depth + 1);
            }
            NodeKind::Execute { expr, into, using } => {
                let into: Vec<_> = into.iter().map(name).collect();
                let line =
                    format!("execute {} into {} using {}", self.of(expr), into.join(", "), self.all(using));
                self.line(depth, line);
            }
            NodeKind::Sql { text, into } => {
                let into = into.as_ref().map(|into| {
                    let targets: Vec<_> = into.targets.iter().map(name).collect();
                    format!(" {} = {}", self.of(&into.span), targets.join(", "))
                });
                self.line(depth, format!("sql {}{}", self.of(text), into.unwrap_or_default()));
            }
            NodeKind::Perform(text) => self.line(depth, format!("perform {}", self.of(text))),
            NodeKind::Query(text) => self.line(depth, format!("query {}", self.of(text))),
            NodeKind::Evaluate(exprs) => self.line(depth, format!("evaluate {}", self.all(exprs))),
            NodeKind::Return(exprs) => self.line(depth, format!("return {}", self.all(exprs))),
            NodeKind::Raise { exprs, condition } => {
                let condition = condition.as_deref().unwrap_or("nothing");
                self.line(depth, format!("raise {condition} {}", self.all(exprs)));
            }
            NodeKind::Exit { again, label, when } => {
                let when = when.as_ref().map(|range| self.of(range)).unwrap_or_default();
                self.line(depth, format!("exit again={again} label={label} {when}"));
            }
            NodeKind::Set(targets) => {
                let targets: Vec<_> = targets.iter().map(name).collect();
                self.line(depth, format!("set {}", targets.join(", ")));
            }
            NodeKind::Open(name) => self.line(depth, format!("open {name}")),
            NodeKind::Nothing => self.line(depth, "nothing"),
        }
    }
}

fn name(target: &Target) -> String {
    format!("{}{}", target.name, if target.whole { "" } else { "…" })
}

#[test]
fn declarations_have_their_values_and_queries() {
    insta::assert_snapshot!(outline(
        "DECLARE a text; b CONSTANT integer NOT NULL := 1; \"C\" t.x%TYPE DEFAULT 'x'; d numeric(10, 2) = 1.5;
         e ALIAS FOR $1; f NO SCROLL CURSOR (n int, m text) FOR SELECT * FROM t WHERE id = n; g refcursor;
         DECLARE h text COLLATE \"C\";
         BEGIN NULL; END"
    ), @"
    var a 
    var b [1]
    var C ['x']
    var d [1.5]
    var e 
    var f [SELECT * FROM t WHERE id = n]
    var g 
    var h 
    nothing
    ");
}

#[test]
fn branches_end_where_they_end() {
    insta::assert_snapshot!(outline(
        "BEGIN
           IF a = 1 THEN DROP TABLE x; ELSIF (CASE WHEN b THEN c END) THEN NULL; ELSEIF d THEN y := 1;
           ELSE DROP TABLE z; END IF;
           CASE a WHEN 1, 2 THEN DROP TABLE x; ELSE NULL; END CASE;
           CASE WHEN a > 1 THEN DROP TABLE x; END CASE;
         END"
    ), @"
    when [a = 1]
      sql [DROP TABLE x]
    when [(CASE WHEN b THEN c END)]
      nothing
    when [d]
      y := [1]
    when else
      sql [DROP TABLE z]
    case [a]
    when [1, 2]
      sql [DROP TABLE x]
    when else
      nothing
    case 
    when [a > 1]
      sql [DROP TABLE x]
    ");
}

#[test]
fn loops_have_what_they_loop_over() {
    insta::assert_snapshot!(outline(
        "BEGIN
           <<outer>> LOOP EXIT outer WHEN a > 1; CONTINUE; END LOOP outer;
           WHILE a < 10 LOOP a := a + 1; END LOOP;
           FOR i IN REVERSE 1..array_length(b, 1) BY 2 LOOP NULL; END LOOP;
           FOR r, s IN SELECT loops, x FROM loops WHERE (y IN (1)) LOOP NULL; END LOOP;
           FOR r IN EXECUTE 'SELECT ' || x USING a, f(b, c) LOOP NULL; END LOOP;
           FOR r IN c(1, n => 2) LOOP NULL; END LOOP;
           FOR r IN c LOOP NULL; END LOOP;
           FOR r IN VALUES (1) LOOP NULL; END LOOP;
           FOREACH x SLICE 1 IN ARRAY ARRAY['a', 'b'] LOOP NULL; END LOOP;
         END"
    ), @"
    loop  over nothing
      exit again=false label=true [a > 1]
      exit again=true label=false 
    loop  over [a < 10]
      a := [a + 1]
    loop i over [1][array_length(b, 1)][2]
      nothing
    loop r, s over query [SELECT loops, x FROM loops WHERE (y IN (1))]
      nothing
    loop r over execute ['SELECT ' || x] using [a][f(b, c)]
      nothing
    loop r over cursor c [c(1, n => 2)]
      nothing
    loop r over cursor c [c]
      nothing
    loop r over query [VALUES (1)]
      nothing
    loop x over array [ARRAY['a', 'b']]
      nothing
    ");
}

#[test]
fn into_is_told_from_insert_into() {
    insta::assert_snapshot!(outline(
        "BEGIN
           SELECT a, b INTO STRICT x, rec.y FROM t;
           SELECT a INTO x;
           INSERT INTO t SELECT 1;
           INSERT INTO t VALUES (1) RETURNING id INTO x;
           WITH w AS (INSERT INTO t VALUES (1) RETURNING id) SELECT id FROM w INTO x;
           MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE;
           IMPORT FOREIGN SCHEMA a FROM SERVER b INTO c;
           EXECUTE 'x' INTO STRICT x, y USING a, b;
           EXECUTE f(a) USING a INTO x;
         END"
    ), @"
    sql [SELECT a, b INTO STRICT x, rec.y FROM t] [INTO STRICT x, rec.y] = x, rec…
    sql [SELECT a INTO x] [INTO x] = x
    sql [INSERT INTO t SELECT 1]
    sql [INSERT INTO t VALUES (1) RETURNING id INTO x] [INTO x] = x
    sql [WITH w AS (INSERT INTO t VALUES (1) RETURNING id) SELECT id FROM w INTO x] [INTO x] = x
    sql [MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE]
    sql [IMPORT FOREIGN SCHEMA a FROM SERVER b INTO c]
    execute ['x'] into x, y using [a][b]
    execute [f(a)] into x using [a]
    ");
}

#[test]
fn the_other_statements_are_told_apart() {
    insta::assert_snapshot!(outline(
        "#variable_conflict use_column
         BEGIN
           x := (SELECT 1); r.f := 2; a[1][2] := 3; y = 4; $1 := 5;
           PERFORM f(x), 1 FROM t;
           RETURN; RETURN x; RETURN NEXT x; RETURN QUERY SELECT 1; RETURN QUERY EXECUTE 'x' USING 1;
           RAISE; RAISE NOTICE 'a % b', x, f(y, z) USING ERRCODE = 'x', HINT = h(1); RAISE unique_violation;
           RAISE SQLSTATE '22012' USING MESSAGE = 'x'; RAISE EXCEPTION USING ERRCODE = 'P0002', HINT = a; RAISE 'x';
           ASSERT a > 1, 'no';
           GET STACKED DIAGNOSTICS a = ROW_COUNT, b := PG_CONTEXT;
           OPEN c; OPEN c(1); OPEN c NO SCROLL FOR SELECT 1; OPEN c FOR EXECUTE x USING 1;
           FETCH NEXT FROM c INTO a, b; MOVE FORWARD 2 FROM c; CLOSE c;
           CALL p(1); COMMIT AND CHAIN; DO $x$ begin end $x$; NULL;
         END;"
    ), @"
    x := [(SELECT 1)]
    r… := [2]
    a… := [3]
    y := [4]
    $1 := [5]
    perform [f(x), 1 FROM t]
    return 
    return [x]
    evaluate [x]
    query [SELECT 1]
    execute ['x'] into  using [1]
    raise raise_exception 
    raise nothing [x][f(y, z)]['x'][h(1)]
    raise unique_violation 
    raise 22012 ['x']
    raise p0002 ['P0002'][a]
    raise raise_exception 
    evaluate [a > 1]['no']
    set a, b
    open c
    open c
    query [SELECT 1]
    execute [x] into  using [1]
    set a, b
    nothing
    nothing
    sql [CALL p(1)]
    sql [COMMIT AND CHAIN]
    sql [DO $x$ begin end $x$]
    nothing
    ");
}

#[test]
fn blocks_are_nested_and_have_handlers() {
    insta::assert_snapshot!(outline(
        "<<a>> DECLARE x int; BEGIN
           DECLARE y int; BEGIN DROP TABLE t; EXCEPTION WHEN undefined_table OR SQLSTATE '42P07' THEN NULL;
             WHEN OTHERS THEN RAISE; END;
         END a;"
    ), @"
    var x 
    block
      var y 
      sql [DROP TABLE t]
      on undefined_table, 42p07
        nothing
      on others
        raise raise_exception
    ");
}

#[test]
fn a_routine_with_a_body_of_its_own_is_one_statement() {
    insta::assert_snapshot!(outline(
        "BEGIN
           CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;
           CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO u VALUES (1); SELECT 1);
           DROP TABLE t;
         END"
    ), @"
    sql [CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END]
    sql [CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO u VALUES (1); SELECT 1)]
    sql [DROP TABLE t]
    ");
}

#[test]
fn what_is_broken_does_not_hide_the_next() {
    insta::assert_snapshot!(outline(
        "BEGIN
           IF a THE DROP TABLE x; END IF;
           ) DROP TABLE y;
           IF a THEN DROP TABLE z; END;
           SELECT (1; DROP TABLE u;
         END; DROP TABLE v;"
    ), @r#"
    block
      when [a THE DROP TABLE x]
      sql [) DROP TABLE y]
      when [a]
        sql [DROP TABLE z]
      sql [SELECT (1]
      sql [DROP TABLE u]
    sql [DROP TABLE v]
    broken ";" Syntax("then")
    broken ";" Syntax("if")
    broken "BEGIN\n           IF a THE DROP TABLE x; END IF;\n           ) DROP TABLE y;\n           IF a THEN DROP TABLE z; END;\n           SELECT (1; DROP TABLE u;\n         END; DROP TABLE v;" Syntax("one block")
    "#);
}

#[test]
fn what_is_too_deep_is_said_once() {
    let deep = format!("BEGIN {} DROP TABLE x; {} END", "IF a THEN ".repeat(100), "END IF; ".repeat(100));
    let (_, broken) = parse(&deep);
    let why: Vec<_> = broken.into_iter().map(|(_, why)| why).collect();
    assert_eq!(why, [super::super::reader::Broken::TooDeep]);
}
