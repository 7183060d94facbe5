//! Claims of a pack (`more` of a fact is `never_more` of a variable), tried on made-up households.
//!
//! Households come from the pack's tests and from earlier ones that moved the variable, with a few facts changed; the
//! fact is then raised step by step with everything else as it is. A counterexample is made smaller before it is told.
use super::draft::{Columns, Draft, Maker};
use super::random::Random;
use crate::decide::Prepared;
use crate::record::{FindingV1, SeverityV1};
use anmin_rules::evaluate::evaluate;
use anmin_rules::model::{Claim, Type};
use anmin_rules::show::{self, Language};

/// The seed of all made-up households. Printed with every claim.
pub const SEED: u64 = 20_260_901;
/// Households tried for each claim.
const HOUSEHOLDS: usize = 400;
/// Values the fact is raised through, the first included.
const STEPS: usize = 12;
/// Households tried at a time.
const ROUND: usize = 50;

/// What trying a claim found.
pub(super) struct Tried {
    /// How many households.
    pub(super) households: usize,
    /// In how many of them the variable moved at all.
    pub(super) moved: usize,
    /// The first that breaks the claim.
    pub(super) counterexample: Option<FindingV1>,
}

/// Tries a claim on made-up households grown from `seeds`.
pub(super) fn try_claim(prepared: &Prepared, claim: &Claim, seeds: &[Draft], place: FindingV1) -> Tried {
    let maker = Maker::new(&prepared.opened, prepared.program.on);
    let trial = Trial { prepared, claim, maker: &maker };
    let mut random = Random::new(SEED ^ u64::from(claim.place.line) << 32 ^ u64::from(claim.place.column));
    let mut pool: Vec<Draft> = seeds.to_vec();
    pool.push(maker.least());
    let mut tried = Tried { households: 0, moved: 0, counterexample: None };
    while tried.households < HOUSEHOLDS && tried.counterexample.is_none() {
        let round: Vec<Raised> = (0..ROUND).map(|_| trial.draw(&pool, &mut random)).collect();
        tried.households += round.len();
        let values = trial.values(&round);
        for (raised, values) in round.iter().zip(&values) {
            if values.windows(2).any(|pair| pair[0] != pair[1]) {
                tried.moved += 1;
                pool.push(raised.draft.clone());
            }
            if let Some(step) = values.windows(2).position(|pair| pair[0] < pair[1]) {
                let pair = [raised.steps[step], raised.steps[step + 1]];
                tried.counterexample.get_or_insert_with(|| trial.tell(raised, pair, place.clone()));
            }
        }
    }
    tried
}

/// A household and the rising values its fact goes through.
#[derive(Clone)]
struct Raised {
    draft: Draft,
    element: usize,
    steps: Vec<i64>,
}

struct Trial<'a> {
    prepared: &'a Prepared,
    claim: &'a Claim,
    maker: &'a Maker<'a>,
}

impl Trial<'_> {
    fn draw(&self, pool: &[Draft], random: &mut Random) -> Raised {
        let schema = &self.prepared.opened.checked.ruleset.schema;
        let mut draft = random.pick(pool).cloned().unwrap_or_else(|| self.maker.least());
        self.maker.vary(&mut draft, random);
        let fact = &schema.facts[self.claim.more.0];
        if let Some(c) = fact.of
            && draft.sizes[c.0] == 0
        {
            self.maker.resize(&mut draft, c, 1);
        }
        let element = random.below(fact.of.map_or(1, |c| draft.sizes[c.0]));
        let (lo, hi) = fact.range;
        let mut steps = vec![draft.values[self.claim.more.0][element]];
        while steps.len() < STEPS {
            let last = steps[random.below(steps.len())];
            let step = match random.below(4) {
                0 => self.maker.value(self.claim.more, random),
                1 => last.saturating_add(1),
                2 => last.saturating_add(random.between(1, 1_000)),
                _ => last.saturating_add(random.between(1_000, 200_000)),
            };
            steps.push(step.clamp(lo, hi));
        }
        if let Type::Enum(e) = fact.ty {
            steps.retain(|code| schema.enums[e.0].values.iter().any(|v| v.code == *code));
        }
        steps.sort_unstable();
        Raised { draft, element, steps }
    }

    /// The variable's values at each step of each household; where it has one an element, their sum.
    fn values(&self, round: &[Raised]) -> Vec<Vec<i64>> {
        let mut drafts = vec![];
        for raised in round {
            for step in &raised.steps {
                let mut draft = raised.draft.clone();
                draft.values[self.claim.more.0][raised.element] = *step;
                drafts.push(draft);
            }
        }
        let columns = Columns::of(&drafts);
        let wanted = [self.claim.never_more];
        let Ok(bounds) = evaluate(&self.prepared.program, &columns.batch(), &wanted) else {
            return vec![vec![]; round.len()];
        };
        let of = self.prepared.opened.checked.ruleset.variables[self.claim.never_more.0].of;
        let mut rows = bounds[0].lo.iter();
        let mut next = |draft: &Draft| -> i64 {
            let count = of.map_or(1, |c| draft.sizes[c.0]);
            rows.by_ref().take(count).sum()
        };
        let values = |raised: &Raised| raised.steps.iter().map(|_| next(&raised.draft)).collect();
        round.iter().map(values).collect()
    }

    /// Whether raising the fact over these two steps raises the variable.
    fn breaks(&self, raised: &Raised) -> bool {
        self.values(std::slice::from_ref(raised))[0].windows(2).any(|pair| pair[0] < pair[1])
    }

    /// Puts a counterexample into words, with as few facts in it as possible.
    fn tell(&self, raised: &Raised, pair: [i64; 2], mut finding: FindingV1) -> FindingV1 {
        let mut small = Raised { steps: pair.to_vec(), ..raised.clone() };
        for fact in 0..small.draft.values.len() {
            for element in 0..small.draft.values[fact].len() {
                let mut less = small.clone();
                less.draft.values[fact][element] = self.maker.quiet(anmin_rules::model::FactId(fact));
                if self.breaks(&less) {
                    small = less;
                }
            }
        }
        small.draft.values[self.claim.more.0][small.element] = pair[0];
        let rules = &self.prepared.opened.checked.ruleset;
        let (fact, variable) =
            (&rules.schema.facts[self.claim.more.0], &rules.variables[self.claim.never_more.0]);
        let found = &self.values(std::slice::from_ref(&small))[0];
        let say = |language| {
            let of_fact = |v| show::value(rules, fact.ty, v, language);
            let of_variable = |v: Option<&i64>| {
                v.map_or_else(String::new, |v| show::value(rules, variable.ty, *v, language))
            };
            let household = self.maker.told(&small.draft);
            let (from, to) = (of_fact(pair[0]), of_fact(pair[1]));
            let (before, after) = (of_variable(found.first()), of_variable(found.last()));
            match language {
                Language::Zh => format!(
                    "“{}”从 {from} 升到 {to}，“{}”却从 {before} 升到 {after}；其余事实均取最平常的值，除了：{household}",
                    fact.label.zh, variable.label.zh
                ),
                Language::En => format!(
                    "{} rises from {from} to {to} and {} rises from {before} to {after}; all other facts are at their quietest, except: {household}",
                    fact.label.en, variable.label.en
                ),
            }
        };
        (finding.zh, finding.en) = (say(Language::Zh), say(Language::En));
        finding.severity = SeverityV1::Error;
        finding
    }
}
