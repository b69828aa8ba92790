use super::super::reader::Reader;
use super::super::syntax::{Arm, Node, NodeKind};
use super::statement;

/// `IF … THEN … ELSIF … THEN … ELSE … END IF`.
pub(super) fn branch(reader: &mut Reader<'_>) -> NodeKind {
    reader.bump();
    let mut arms = vec![arm(reader, &[])];
    while reader.eat("elsif") || reader.eat("elseif") {
        arms.push(arm(reader, &[]));
    }
    arms.extend(otherwise(reader));
    reader.expect("end");
    reader.expect("if");
    NodeKind::If(arms)
}

/// `CASE subject WHEN … THEN … ELSE … END CASE`.
pub(super) fn case(reader: &mut Reader<'_>) -> NodeKind {
    reader.bump();
    let subject = if reader.is("when") { None } else { Some(reader.until_word("when")) };
    let mut arms = Vec::new();
    while reader.eat("when") {
        arms.push(arm(reader, &["when"]));
    }
    arms.extend(otherwise(reader));
    reader.expect("end");
    reader.expect("case");
    NodeKind::Case { subject, arms }
}

fn arm(reader: &mut Reader<'_>, ends: &[&str]) -> Arm {
    let condition = Some(reader.until_word("then"));
    reader.expect("then");
    Arm { condition, body: body(reader, ends) }
}

fn otherwise(reader: &mut Reader<'_>) -> Option<Arm> {
    reader.eat("else").then(|| Arm { condition: None, body: body(reader, &[]) })
}

fn body(reader: &mut Reader<'_>, ends: &[&str]) -> Vec<Node> {
    let mut nodes = Vec::new();
    statement::until_end(reader, ends, &mut nodes);
    nodes
}
