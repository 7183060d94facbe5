//! Answers looked at together: which of them count, and what is asked now. Answers are taken in one after another, those
//! without a condition first; an answer to a question that is not known to be asked does not count.

use super::{AnswersV1, Asking};
use crate::error::{Fault, Result};
use anmin_pack::form::{Page, Question, ShowId};
use anmin_pack::household::{self, Household, Part};
use anmin_rules::evaluate::Evaluator;
use anmin_rules::model::{CollectionId, FactId, Type, VariableId};
use std::collections::BTreeMap;

/// Values by fact and element (0 for the root), and the lists that are known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    /// How many are in each list that is known.
    pub lists: BTreeMap<CollectionId, usize>,
    /// The values, as a household file has them.
    pub values: BTreeMap<(FactId, usize), String>,
}

/// Whether something is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Yes,
    No,
    /// Whether it is asked depends on what has not been answered.
    Unknown,
}

impl Shown {
    fn of(bounds: (i64, i64)) -> Shown {
        match bounds {
            (1, 1) => Shown::Yes,
            (0, 0) => Shown::No,
            _ => Shown::Unknown,
        }
    }

    pub fn and(self, other: Shown) -> Shown {
        match (self, other) {
            (Shown::No, _) | (_, Shown::No) => Shown::No,
            (Shown::Yes, Shown::Yes) => Shown::Yes,
            _ => Shown::Unknown,
        }
    }
}

/// Something that two answers together make wrong.
#[derive(Clone, Debug)]
pub(crate) struct Clash {
    /// The fact, where it can be said which.
    pub fact: Option<(FactId, usize)>,
    pub zh: String,
    pub en: String,
}

/// What is asked, and what counts.
#[derive(Debug)]
pub(crate) struct Look {
    /// The answers that count.
    pub counted: Facts,
    /// What clashes.
    pub clashes: Vec<Clash>,
    shows: Vec<Vec<Shown>>,
    applies: Vec<Vec<Shown>>,
}

/// More rounds than conditions can hang on one another.
const ROUNDS: usize = 40;

impl Asking {
    /// What answers say, by fact. What cannot be read is no answer.
    pub(crate) fn facts(&self, answers: &AnswersV1) -> Facts {
        let mut facts = Facts::default();
        for (name, value) in &answers.root {
            if let Some(fact) = self.fact(None, name) {
                self.put(&mut facts, fact, 0, value);
            }
        }
        for (list, elements) in &answers.lists {
            let Some(of) = self.collection(list) else { continue };
            let least = self.schema().collections[of.0].min as usize;
            if elements.len() < least {
                continue;
            }
            facts.lists.insert(of, elements.len());
            for (n, element) in elements.iter().enumerate() {
                for (name, value) in &element.values {
                    if let Some(fact) = self.fact(Some(of), name) {
                        self.put(&mut facts, fact, n, value);
                    }
                }
                self.register_says(&mut facts, of, n, &element.who);
            }
        }
        facts
    }

    fn put(&self, facts: &mut Facts, fact: FactId, element: usize, value: &str) {
        let words = matches!(self.schema().facts[fact.0].ty, Type::Text | Type::ResidentId);
        if let (false, Ok(Some(value))) = (words, super::plain(self, fact, value, "")) {
            facts.values.insert((fact, element), value);
        }
    }

    /// Birth and sex, as the number or the entry says.
    fn register_says(&self, facts: &mut Facts, of: CollectionId, n: usize, who: &super::PersonEnteredV1) {
        let sheet = self.opened.sheet();
        let Some(agrees) = self.number_fact(of).and_then(|fact| sheet.facts[fact.0].agrees) else { return };
        let id = who.number.trim().parse::<anmin_base::resident_id::ResidentId>().ok();
        let birth = id.as_ref().map(|id| id.birth().to_string());
        let birth = birth.or_else(|| Some(who.birth.clone()).filter(|birth| !birth.is_empty()));
        if let Some((fact, birth)) = agrees.birth_date.zip(birth) {
            self.put(facts, fact, n, &birth);
        }
        let sex = id.map(|id| id.sex()).or(who.sex.map(Into::into));
        let sex = sex.map(|sex| match sex {
            anmin_base::resident_id::Sex::Male => "male",
            anmin_base::resident_id::Sex::Female => "female",
        });
        if let Some((fact, sex)) = agrees.sex.zip(sex) {
            self.put(facts, fact, n, sex);
        }
    }

    /// Looks at facts together. With `pages`, an answer counts where its question is asked; without, where the fact applies.
    ///
    /// # Errors
    /// A fault: a form whose conditions do not come to rest.
    pub(crate) fn look(&self, facts: &Facts, pages: bool) -> Result<Look> {
        let mut counted = Facts { lists: facts.lists.clone(), values: BTreeMap::new() };
        let mut dropped: Vec<(FactId, usize)> = Vec::new();
        let mut clashes = Vec::new();
        for _ in 0..ROUNDS {
            let (shows, applies) = match self.evaluate(&counted) {
                Ok(found) => found,
                Err(found) => {
                    let before = dropped.len();
                    for clash in found {
                        if let Some(at) = clash.fact {
                            counted.values.remove(&at);
                            dropped.push(at);
                        }
                        clashes.push(clash);
                    }
                    if dropped.len() == before {
                        return Err(Fault::Broken("answers that cannot be put together".into()).into());
                    }
                    continue;
                }
            };
            let look = Look { counted, clashes, shows, applies };
            let more: Vec<((FactId, usize), String)> = facts
                .values
                .iter()
                .filter(|(at, _)| !look.counted.values.contains_key(at) && !dropped.contains(at))
                .filter(|((fact, n), _)| match pages {
                    true => self.asked(&look, *fact, *n) == Shown::Yes,
                    false => look.applies(*fact, *n) == Shown::Yes,
                })
                .map(|(at, value)| (*at, value.clone()))
                .collect();
            if more.is_empty() {
                return Ok(look);
            }
            (counted, clashes) = (look.counted, look.clashes);
            counted.values.extend(more);
        }
        Err(Fault::Broken("a form whose conditions do not come to rest".into()).into())
    }

    /// Whether the question about a fact is asked; of facts the register answers, always.
    fn asked(&self, look: &Look, fact: FactId, n: usize) -> Shown {
        let found = self.form().questions().find(|(_, question)| question.fact == fact);
        match found {
            Some((page, question)) => look.question(page, question, n),
            None => look.applies(fact, n),
        }
    }

    /// The household of these facts.
    pub(crate) fn household(&self, facts: &Facts) -> std::result::Result<Household, Vec<Clash>> {
        let (parts, places) = self.parts(facts);
        household::assemble(&self.opened.sheet(), 0, &parts, self.on()).map_err(|found| {
            let clash = |finding: &anmin_pack::finding::Finding| {
                let at = (finding.place.line as usize).checked_sub(1);
                let fact = at.and_then(|at| places.get(at).copied().flatten());
                Clash { fact, zh: finding.zh.clone(), en: finding.en.clone() }
            };
            found.iter().map(clash).collect()
        })
    }

    /// As a household is put together from, and which fact each part is.
    fn parts(&self, facts: &Facts) -> (Vec<Part>, Vec<Option<(FactId, usize)>>) {
        let (mut parts, mut places) = (Vec::new(), Vec::new());
        for (of, size) in &facts.lists {
            let collection = self.collection_name(*of).to_owned();
            if *size == 0 {
                parts.push(Part::List { collection: collection.clone() });
                places.push(None);
            }
            for n in 0..*size {
                parts.push(Part::One { collection: collection.clone(), key: n.to_string() });
                places.push(None);
            }
        }
        for ((fact, n), value) in &facts.values {
            let of = &self.schema().facts[fact.0];
            let part = match of.of {
                Some(c) if facts.lists.get(&c).is_some_and(|size| n < size) => {
                    Part::plain(self.collection_name(c), &n.to_string(), &of.name, value)
                }
                Some(_) => continue,
                None => Part::plain("", "", &of.name, value),
            };
            parts.push(part);
            places.push(Some((*fact, *n)));
        }
        (parts, places)
    }

    #[allow(clippy::type_complexity, reason = "the two tables of a look")]
    fn evaluate(&self, facts: &Facts) -> std::result::Result<(Vec<Vec<Shown>>, Vec<Vec<Shown>>), Vec<Clash>> {
        let household = self.household(facts)?;
        let batch = household.batch();
        let mut evaluator = Evaluator::keeping_all(&self.program);
        if evaluator.run(&batch, 0..1).is_err() {
            // Ranges were looked at value by value, and sizes before: nothing is left that could be outside.
            return Err(vec![]);
        }
        let rows = |of: Option<CollectionId>| match of {
            None => 1,
            Some(c) => facts.lists.get(&c).copied().unwrap_or(0),
        };
        let show = |n: usize| {
            let of = self.form().shows[n].of;
            let each = (0..rows(of)).map(|row| {
                let Some(value) = self.program.value(VariableId(n)) else { return Shown::Unknown };
                let row = if evaluator.level(value).is_some() { row } else { 0 };
                Shown::of(evaluator.at(&batch, value, row))
            });
            each.collect()
        };
        let applies = |n: usize| {
            let each = (0..rows(self.schema().facts[n].of))
                .map(|row| evaluator.applies(&batch, FactId(n), row).map_or(Shown::Yes, Shown::of));
            each.collect()
        };
        Ok((
            (0..self.form().shows.len()).map(show).collect(),
            (0..self.schema().facts.len()).map(applies).collect(),
        ))
    }
}

impl Look {
    /// A condition, for an element.
    pub fn show(&self, show: Option<ShowId>, element: usize) -> Shown {
        let Some(show) = show else { return Shown::Yes };
        self.shows[show.0].get(element).copied().unwrap_or(Shown::Unknown)
    }

    /// Whether a fact exists, for an element.
    pub fn applies(&self, fact: FactId, element: usize) -> Shown {
        self.applies[fact.0].get(element).copied().unwrap_or(Shown::Unknown)
    }

    /// Whether a question is asked, for an element.
    pub fn question(&self, page: &Page, question: &Question, element: usize) -> Shown {
        self.show(page.when, element)
            .and(self.show(question.when, element))
            .and(self.applies(question.fact, element))
    }
}
