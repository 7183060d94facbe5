//! Whether a form asks what its service decides by: each fact a decision can read is asked once, or said to come from
//! somebody; and every condition of the form types.

use crate::record::FindingV1;
use anmin_pack::finding::Finding;
use anmin_pack::library::Loaded;
use anmin_rules::check::{Checked, check};
use anmin_rules::model::{FactId, VariableId};
use anmin_rules::typed::{Form as Node, Typed};
use std::collections::BTreeSet;

/// Everything wrong with the form of a pack in a region; nothing where it has none.
pub(super) fn unasked(loaded: &Loaded, checked: &Checked) -> Vec<FindingV1> {
    let Some(form) = &loaded.form else { return vec![] };
    if let Err(found) = check(form.asking(&checked.ruleset)) {
        return found.iter().map(|f| FindingV1::of_rules(&loaded.files, f)).collect();
    }
    let said: BTreeSet<FactId> = form
        .questions()
        .map(|(_, question)| question.fact)
        .chain(form.elsewhere.iter().map(|elsewhere| elsewhere.fact))
        .collect();
    let schema = &checked.ruleset.schema;
    let path = |fact: FactId| {
        let fact = &schema.facts[fact.0];
        match fact.of {
            Some(of) => format!("{}.{}", schema.collections[of.0].name, fact.name),
            None => fact.name.clone(),
        }
    };
    let told = |fact: FactId| {
        let (name, label) = (path(fact), &schema.facts[fact.0].label);
        let finding = Finding::error(
            form.place,
            format!(
                "决定可能用到“{}”（{name}），表单没有问，也没有说从哪里来：请在页面里提问，或写入 elsewhere",
                label.zh
            ),
            format!(
                "a decision can read \"{}\" ({name}), which the form neither asks nor says where it comes from: ask it \
                 on a page, or put it under elsewhere",
                label.en
            ),
        );
        FindingV1::of_pack(&loaded.files, &finding)
    };
    read(checked).into_iter().filter(|fact| !said.contains(fact)).map(told).collect()
}

/// The facts that the decision and the outputs can read, whatever the date.
fn read(checked: &Checked) -> BTreeSet<FactId> {
    let decision = &checked.ruleset.decision;
    let roots = [decision.eligible, decision.amount, decision.reason].into_iter().flatten();
    let mut open: Vec<VariableId> = roots.chain(checked.ruleset.outputs.iter().copied()).collect();
    let (mut seen, mut facts) = (BTreeSet::new(), BTreeSet::new());
    while let Some(variable) = open.pop() {
        if !seen.insert(variable) {
            continue;
        }
        for body in &checked.bodies[variable.0] {
            body.walk(&mut |node: &Typed| note(checked, node, &mut facts, &mut open));
        }
    }
    facts
}

fn note(checked: &Checked, node: &Typed, facts: &mut BTreeSet<FactId>, open: &mut Vec<VariableId>) {
    match &node.form {
        Node::Variable(variable) => open.push(*variable),
        Node::Fact(fact) => {
            if facts.insert(*fact)
                && let Some(condition) = &checked.applies[fact.0]
            {
                condition.walk(&mut |node| note(checked, node, facts, open));
            }
        }
        _ => {}
    }
}
