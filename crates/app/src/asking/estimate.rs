//! "Check before you apply": a few questions, only those that still matter, and what they come to, as a range. Nothing of it is
//! kept, and it never refuses: whatever it says, anybody may apply.

use super::{AnswersV1, Asking, ElementV1, Facts, QuestionV1, Shown, StateV1, plain};
use crate::decide::Prepared;
use crate::error::{Error, Result};
use crate::narrate::Narrator;
use crate::office::Office;
use crate::record::{FieldError, TextV1};
use anmin_base::date::Date;
use anmin_base::money::Money;
use anmin_pack::finding::Files;
use anmin_pack::form::{Check, CheckQuestion, CheckWhat, Supposed};
use anmin_rules::evaluate::Missing;
use anmin_rules::model::{CollectionId, FactId, Per, Type};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What is known so far.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CheckV1 {
    /// The area somebody lives in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub area: Option<String>,
    /// Or the region whose rules hold, where no area is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 12))]
    pub region: Option<String>,
    /// The answers. Of somebody in a list only `values` matter; who they are is not asked.
    pub answers: AnswersV1,
}

/// What the answers come to, and what is still open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EstimateV1 {
    /// The service.
    pub service: TextV1,
    /// The questions whose answers could still change something, in the order to ask them.
    pub open: Vec<OpenQuestionV1>,
    /// `likely`, `unlikely` or `open`.
    pub outlook: &'static str,
    /// Least and greatest amount in fen, as far as it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_range_fen: Option<(i64, i64)>,
    /// The period of the amount: `month`, `year`, `once`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_per: Option<&'static str>,
    /// What it comes to, in plain words.
    pub text: TextV1,
    /// Why, where the rules say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<TextV1>,
    /// What the estimate takes for granted.
    pub supposes: Vec<TextV1>,
    /// What would be looked at when somebody applies.
    pub looked_at: Vec<TextV1>,
    /// That one may apply all the same.
    pub always: TextV1,
}

/// A question that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OpenQuestionV1 {
    /// The list it is about, where it is about somebody in one, or asks how many are in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// Who in the list, counted from 0; none: the whole, or how many there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element: Option<usize>,
    /// The question.
    pub question: QuestionV1,
}

/// More people than any household has are no answer.
const NOBODY_ELSE: usize = 40;

impl Office {
    /// Estimates what a household could get. Nothing is kept and nobody is named.
    ///
    /// # Errors
    /// There is no such service or form; everything wrong in the answers.
    pub fn estimate(&self, service: &str, input: &CheckV1, on: Date) -> Result<EstimateV1> {
        if !self.packs().iter().any(|known| known == service) {
            return Err(crate::error::Refusal::not_found().into());
        }
        let region = match (&input.area, &input.region) {
            (Some(area), _) => self.region_of(self.area_of(area)?, on),
            (None, Some(region)) => Some(self.known_region(region)?),
            (None, None) => None,
        };
        let asking = self.asking(service, region.as_deref(), on)?;
        match self.prepared(service, region.as_deref(), on) {
            Ok(prepared) => asking.estimate(&prepared, &input.answers),
            // A place whose figures nobody has entered is no reason not to apply.
            Err(Error::Refusal(_)) => Ok(asking.unready()),
            Err(fault) => Err(fault),
        }
    }
}

impl Asking {
    fn check(&self) -> Option<&Check> {
        self.form().check.as_ref()
    }

    /// What answers come to under the rules.
    ///
    /// # Errors
    /// Everything wrong in the answers; the form has no check; or a fault.
    pub fn estimate(&self, prepared: &Prepared, answers: &AnswersV1) -> Result<EstimateV1> {
        let Some(check) = self.check() else { return Ok(self.unready()) };
        let mut facts = self.checked_answers(check, answers)?;
        self.suppose(check, &mut facts);
        let look = self.look(&facts, false)?;
        let broken = |e: String| Error::Fault(crate::error::Fault::Broken(e));
        let household = self.household(&look.counted);
        let household = household.map_err(|found| broken(format!("{} clashes", found.len())))?;
        let files = Files::default();
        let evaluated = prepared.evaluate(&household, &files)?;
        let decision = &prepared.opened.checked.ruleset.decision;
        let narrator = Narrator { prepared, household: &household, evaluated: &evaluated };
        let eligible = decision.eligible.and_then(|v| narrator.root(v));
        let amount = decision.amount.and_then(|v| narrator.root(v));
        let missing: BTreeSet<Missing> = [decision.eligible, decision.amount]
            .into_iter()
            .flatten()
            .flat_map(|v| evaluated.evaluator.missing(&evaluated.batch, v))
            .collect();
        let open = self.open(check, &facts, &missing, &|fact, n| look.applies(fact, n));
        let outlook = match eligible {
            Some((1, 1)) => "likely",
            Some((0, 0)) => "unlikely",
            _ => "open",
        };
        let amount = amount.filter(|_| outlook != "unlikely");
        Ok(EstimateV1 {
            service: TextV1::from(&self.opened.loaded.service.name),
            text: told(outlook, amount, open.is_empty()),
            because: narrator.reason().map(|reason| reason.text).filter(|_| outlook == "unlikely"),
            supposes: self.supposed(check, &facts).map(|s| TextV1::from(&s.label)).collect(),
            looked_at: self.looked_at(check, &missing),
            amount_range_fen: amount,
            amount_per: decision.amount.map(|v| match prepared.opened.checked.ruleset.variables[v.0].ty {
                Type::Money(Per::Year) => "year",
                Type::Money(Per::Once) => "once",
                _ => "month",
            }),
            always: always(),
            outlook,
            open,
        })
    }

    /// What is said where nothing can be worked out.
    fn unready(&self) -> EstimateV1 {
        EstimateV1 {
            service: TextV1::from(&self.opened.loaded.service.name),
            open: vec![],
            outlook: "open",
            amount_range_fen: None,
            amount_per: None,
            text: TextV1 {
                zh: "这里现在还不能估算，请直接申请，或到窗口、打电话问一问。".into(),
                en: "Nothing can be estimated here yet: apply, or ask at the counter or by telephone.".into(),
            },
            because: None,
            supposes: vec![],
            looked_at: vec![],
            always: always(),
        }
    }

    /// The answers to questions of the check; everything else is left alone.
    fn checked_answers(&self, check: &Check, answers: &AnswersV1) -> Result<Facts> {
        let mut facts = Facts::default();
        let mut wrong = Vec::new();
        for question in &check.ask {
            let CheckWhat::Size(of) = question.what else { continue };
            let Some(elements) = answers.list(self.collection_name(of)) else { continue };
            let of_size = &self.schema().collections[of.0];
            if elements.len() < of_size.min as usize
                || elements.len() > of_size.max.min(NOBODY_ELSE as u32) as usize
            {
                wrong.push(FieldError {
                    at: format!("answers.lists.{}", of_size.name),
                    zh: format!("请填 {} 到 {} 之间的人数。", of_size.min, of_size.max),
                    en: format!("Write how many there are, {} to {}.", of_size.min, of_size.max),
                });
                continue;
            }
            facts.lists.insert(of, elements.len());
        }
        for question in &check.ask {
            let CheckWhat::Fact(fact) = question.what else { continue };
            let of = &self.schema().facts[fact.0];
            match of.of {
                None => {
                    let at = format!("answers.root.{}", of.name);
                    let given = answers.root.get(&of.name);
                    self.one(question, fact, 0, given, &at, &mut facts, &mut wrong);
                }
                Some(c) => {
                    let list = self.collection_name(c);
                    let elements: &[ElementV1] = answers.list(list).unwrap_or_default();
                    for (n, element) in elements.iter().enumerate().take(NOBODY_ELSE) {
                        let at = format!("answers.lists.{list}[{n}].values.{}", of.name);
                        let given = element.values.get(&of.name);
                        self.one(question, fact, n, given, &at, &mut facts, &mut wrong);
                    }
                }
            }
        }
        if wrong.is_empty() { Ok(facts) } else { Err(wrong.into()) }
    }

    #[expect(clippy::too_many_arguments, reason = "one answer with its place, and where it goes")]
    fn one(
        &self,
        question: &CheckQuestion,
        fact: FactId,
        n: usize,
        given: Option<&String>,
        at: &str,
        facts: &mut Facts,
        wrong: &mut Vec<FieldError>,
    ) {
        let Some(given) = given else { return };
        let given = match question.as_age {
            true => match born(given, self.on()) {
                Some(born) => born,
                None if given.trim().is_empty() => return,
                None => {
                    wrong.push(FieldError {
                        at: at.into(),
                        zh: "请填周岁，0 到 120。".into(),
                        en: "Write completed years, 0 to 120.".into(),
                    });
                    return;
                }
            },
            false => given.clone(),
        };
        match plain(self, fact, &given, at) {
            Ok(Some(value)) => drop(facts.values.insert((fact, n), value)),
            Ok(None) => {}
            Err(error) => wrong.push(error),
        }
    }

    /// Puts in what the check takes for granted, where nobody has answered.
    fn suppose(&self, check: &Check, facts: &mut Facts) {
        for supposed in &check.suppose {
            match supposed.what {
                CheckWhat::Size(of) => drop(facts.lists.entry(of).or_insert(0)),
                CheckWhat::Fact(fact) => {
                    let rows = match self.schema().facts[fact.0].of {
                        None => 1,
                        Some(of) => facts.lists.get(&of).copied().unwrap_or(0),
                    };
                    for n in 0..rows {
                        let value = || supposed.value.clone();
                        facts.values.entry((fact, n)).or_insert_with(value);
                    }
                }
            }
        }
    }

    /// What was supposed and is about somebody or something there is.
    fn supposed<'a>(&self, check: &'a Check, facts: &Facts) -> impl Iterator<Item = &'a Supposed> {
        let there =
            |of: Option<CollectionId>| of.is_none_or(|of| facts.lists.get(&of).is_some_and(|size| *size > 0));
        let each = check.suppose.iter().filter(|supposed| match supposed.what {
            CheckWhat::Size(_) => true,
            CheckWhat::Fact(fact) => there(self.schema().facts[fact.0].of),
        });
        each.collect::<Vec<_>>().into_iter()
    }

    /// The questions that are open, those about one person together.
    fn open(
        &self,
        check: &Check,
        facts: &Facts,
        missing: &BTreeSet<Missing>,
        applies: &dyn Fn(FactId, usize) -> Shown,
    ) -> Vec<OpenQuestionV1> {
        let mut open: Vec<((usize, usize, usize), OpenQuestionV1)> = Vec::new();
        let (mut block, mut before) = (0, None);
        for (n, question) in check.ask.iter().enumerate() {
            let of = match question.what {
                CheckWhat::Fact(fact) => self.schema().facts[fact.0].of,
                CheckWhat::Size(_) => None,
            };
            if before != Some(of) {
                (block, before) = (block + 1, Some(of));
            }
            let mut add = |element: Option<usize>| {
                let told = self.open_question(question, element);
                open.push(((block, element.unwrap_or(0), n), told));
            };
            match question.what {
                CheckWhat::Size(of) => {
                    if missing.contains(&Missing::Collection(of)) && !facts.lists.contains_key(&of) {
                        add(None);
                    }
                }
                CheckWhat::Fact(fact) if of.is_none() => {
                    let matters = missing.contains(&Missing::Fact { fact, element: None });
                    if matters && applies(fact, 0) == Shown::Yes {
                        add(None);
                    }
                }
                CheckWhat::Fact(fact) => {
                    let size = of.and_then(|of| facts.lists.get(&of)).copied().unwrap_or(0);
                    for element in 0..size {
                        let asked = Missing::Fact { fact, element: Some(element) };
                        if missing.contains(&asked) && applies(fact, element) == Shown::Yes {
                            add(Some(element));
                        }
                    }
                }
            }
        }
        open.sort_by_key(|(order, _)| *order);
        open.into_iter().map(|(_, question)| question).collect()
    }

    fn open_question(&self, question: &CheckQuestion, element: Option<usize>) -> OpenQuestionV1 {
        let (list, mut told) = match question.what {
            CheckWhat::Fact(fact) => {
                let words = (&question.label, question.hint.as_ref(), &question.choices[..]);
                let list = self.schema().facts[fact.0].of;
                (list, self.told(fact, words, None))
            }
            CheckWhat::Size(of) => {
                let name = self.collection_name(of).to_owned();
                let told = QuestionV1 {
                    fact: name.clone(),
                    name,
                    label: TextV1::from(&question.label),
                    hint: question.hint.as_ref().map(TextV1::from),
                    input: super::InputV1::Whole,
                    unit: None,
                    choices: vec![],
                    optional: false,
                    state: StateV1::NotStarted,
                    value: None,
                    value_name: None,
                };
                (Some(of), told)
            }
        };
        if question.as_age {
            told.input = super::InputV1::Age;
        }
        let list = list.map(|of| self.collection_name(of).to_owned());
        OpenQuestionV1 { list, element, question: told }
    }

    /// What the result hangs on and is not asked here: somebody would look at it.
    fn looked_at(&self, check: &Check, missing: &BTreeSet<Missing>) -> Vec<TextV1> {
        let asked = |what: CheckWhat| check.ask.iter().any(|question| question.what == what);
        let mut told: Vec<TextV1> = Vec::new();
        for missing in missing {
            let label = match missing {
                Missing::Fact { fact, .. } if !asked(CheckWhat::Fact(*fact)) => {
                    &self.schema().facts[fact.0].label
                }
                Missing::Collection(of) if !asked(CheckWhat::Size(*of)) => {
                    &self.schema().collections[of.0].label
                }
                _ => continue,
            };
            let label = TextV1::from(label);
            if !told.contains(&label) {
                told.push(label);
            }
        }
        told
    }
}

/// The latest day of birth of somebody of that age.
fn born(given: &str, on: Date) -> Option<String> {
    let narrow: String = given.chars().map(anmin_base::half_width::half_width).collect();
    let age: i32 = narrow.trim().trim_end_matches(['岁', '周']).trim().parse().ok()?;
    (0..=120).contains(&age).then(|| on.add_years(-age).to_string())
}

fn told(outlook: &str, amount: Option<(i64, i64)>, settled: bool) -> TextV1 {
    let yuan = |fen: i64| Money::from_fen(fen).to_string();
    let (zh, en) = match (outlook, amount) {
        ("likely", Some((low, high))) if low == high => (
            format!("按您填的情况，您家很可能符合条件，每月大约 {} 元。", yuan(low)),
            format!("From what you say your household is likely to be eligible, for about {} yuan a month.", yuan(low)),
        ),
        ("likely", Some((low, high))) => (
            format!("按您填的情况，您家很可能符合条件，每月大约 {} 元到 {} 元。", yuan(low), yuan(high)),
            format!(
                "From what you say your household is likely to be eligible, for about {} to {} yuan a month.",
                yuan(low),
                yuan(high)
            ),
        ),
        ("likely", None) => (
            "按您填的情况，您家很可能符合条件。".into(),
            "From what you say your household is likely to be eligible.".into(),
        ),
        ("unlikely", _) => (
            "按您填的情况估算，可能还不符合条件。这只是估算，有些照顾没有算进去，请看下面没有算的情形。".into(),
            "By this estimate the household may not be eligible yet. It is only an estimate and leaves things out \
             that could help: see below."
                .into(),
        ),
        (_, Some((_, high))) if settled => (
            format!("光靠这几个问题还说不准，最多可能每月 {} 元。申请以后，工作人员会帮您弄清楚。", yuan(high)),
            format!("These questions do not settle it; at most {} yuan a month. If you apply, staff look into it.", yuan(high)),
        ),
        _ => ("还差几个问题。".into(), "A few questions are still open.".into()),
    };
    TextV1 { zh, en }
}

fn always() -> TextV1 {
    TextV1 {
        zh: "这只是估算，什么都没有保存。不管估算结果怎样，您随时都可以申请：在网上、到窗口、请村（居）委会或别人帮忙都行，不收钱。"
            .into(),
        en: "This is only an estimate, and nothing was kept. Whatever it says, you may apply at any time: online, at the \
             counter, through the village committee or with anybody's help. It costs nothing."
            .into(),
    }
}
