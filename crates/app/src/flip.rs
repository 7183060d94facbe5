//! What would turn the decision: for each numeric fact that went in, a value at which the answer is another.
//!
//! By bisection over the fact's declared range with the evaluator itself, everything else as it is. Where the answer turns once on the
//! way to the end of the range, which is how limits in law work, that is the nearest such value; where it turns more often, it is one of them.
use crate::decide::flag;
use crate::narrate::Narrator;
use crate::record::{EligibleV1, FlipV1};
use anmin_rules::batch::{Column, Values};
use anmin_rules::evaluate::Evaluator;
use anmin_rules::explain::Use;
use anmin_rules::model::{FactId, Type, VariableId};

/// The flips of a decision, facts in the order in which the explanation uses them.
pub(crate) fn flips(narrator: &Narrator<'_>, eligible: VariableId) -> Vec<FlipV1> {
    let schema = &narrator.rules().schema;
    let Some(now) = narrator.root(eligible).map(flag).filter(|f| *f != EligibleV1::Unknown) else {
        return Vec::new();
    };
    let mut facts: Vec<(FactId, usize)> = Vec::new();
    for used in &narrator.evaluated.explanation.uses {
        if let (Use::Fact(fact, element, _), _) = *used {
            let numeric = matches!(
                schema.facts[fact.0].ty,
                Type::Count | Type::Age | Type::Months | Type::Rate(_) | Type::Money(_)
            );
            let at = (fact, element.unwrap_or(0));
            if numeric && !facts.contains(&at) && narrator.household.value(fact, at.1).is_some() {
                facts.push(at);
            }
        }
    }
    let mut trial =
        Trial { narrator, eligible, evaluator: Evaluator::keeping(&narrator.prepared.program, &[eligible]) };
    let mut all = Vec::new();
    for (fact, element) in facts {
        let Some(value) = narrator.household.value(fact, element) else { continue };
        let (lo, hi) = schema.facts[fact.0].range;
        for end in [lo, hi] {
            if let Some((turned, becomes)) = trial.nearest(fact, element, value, end, now) {
                all.push(narrator.flip(fact, element, value, turned, becomes));
            }
        }
    }
    all
}

struct Trial<'a> {
    narrator: &'a Narrator<'a>,
    eligible: VariableId,
    evaluator: Evaluator<'a>,
}

impl Trial<'_> {
    /// The answer with one fact set to another value.
    fn answer(&mut self, fact: FactId, element: usize, value: i64) -> Option<EligibleV1> {
        let batch = self.narrator.household.batch();
        let Values::I64(column) = batch.columns[fact.0].values else { return None };
        let mut changed = column.to_vec();
        changed[element] = value;
        let mut trial = batch.clone();
        trial.columns[fact.0] = Column { values: Values::I64(&changed), known: batch.columns[fact.0].known };
        self.evaluator.run(&trial, 0..1).ok()?;
        let value = self.narrator.prepared.program.value(self.eligible)?;
        Some(flag(self.evaluator.at(&trial, value, 0)))
    }

    /// A value between `from` and `end` whose answer is not `now` and whose neighbour's is; found by halving.
    fn nearest(
        &mut self,
        fact: FactId,
        element: usize,
        from: i64,
        end: i64,
        now: EligibleV1,
    ) -> Option<(i64, EligibleV1)> {
        let mut becomes = self.answer(fact, element, end)?;
        if from == end || becomes == now {
            return None;
        }
        let (mut same, mut other) = (i128::from(from), i128::from(end));
        while (other - same).abs() > 1 {
            let middle = (same + other).div_euclid(2);
            let answer = self.answer(fact, element, middle as i64)?;
            if answer == now {
                same = middle;
            } else {
                (other, becomes) = (middle, answer);
            }
        }
        Some((other as i64, becomes))
    }
}

impl Narrator<'_> {
    fn flip(&self, fact: FactId, element: usize, now: i64, value: i64, eligible: EligibleV1) -> FlipV1 {
        let as_is = self.fact_words(fact, element, now);
        let turned = self.fact_words(fact, element, value);
        FlipV1 { path: as_is.0, label: as_is.1, now: as_is.2, value, text: turned.2, eligible }
    }
}
