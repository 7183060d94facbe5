//! Decides a household under a pack, in a region, on a date.
use crate::flip;
use crate::narrate::Narrator;
use crate::record::{
    DecisionV1, EligibleV1, ExplanationV1, FindingV1, LawV1, ReceiptV1, TextV1, UntranslatedV1,
};
use anmin_base::date::Date;
use anmin_pack::finding::Files;
use anmin_pack::household::{self, FactSheet, Household, not_applicable};
use anmin_pack::library::{Failure, Library, Loaded};
use anmin_pack::yaml::Node;
use anmin_rules::batch::Batch;
use anmin_rules::check::{Checked, check};
use anmin_rules::evaluate::{Evaluator, OutOfRange, Workspace};
use anmin_rules::explain::{Explanation, explain};
use anmin_rules::model::{Citation, Label, Per, Type, VariableId};
use anmin_rules::program::{Program, compile_known};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex};

/// A request that cannot be answered, with everything that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What is wrong, in the order of the places.
    pub findings: Vec<FindingV1>,
}

impl From<Failure> for Refused {
    fn from(f: Failure) -> Self {
        Refused { findings: f.findings.iter().map(|x| FindingV1::of_pack(&f.files, x)).collect() }
    }
}

/// A pack read and checked in a region, for any date.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What was read; its ruleset has moved into `checked`.
    pub loaded: Loaded,
    /// The rules, checked.
    pub checked: Arc<Checked>,
    /// The region, as asked for.
    pub region: Option<String>,
    /// The conditions of its form, checked; none where it has no form.
    pub asking: Option<Arc<Checked>>,
}

impl Opened {
    /// Reads and checks.
    ///
    /// # Errors
    /// Everything wrong in the pack's and the regions' files.
    pub fn new(library: &Library, pack: &str, region: Option<&str>) -> Result<Self, Refused> {
        let mut loaded = library.load(pack, region)?;
        let ruleset = std::mem::take(&mut loaded.ruleset);
        let asking = loaded.form.as_ref().map(|form| check(form.asking(&ruleset))).transpose();
        let asking = asking.map_err(|found| refused(&loaded.files, &found))?;
        let checked = check(ruleset).map_err(|found| refused(&loaded.files, &found))?;
        Ok(Opened { loaded, checked, region: region.map(str::to_owned), asking })
    }

    /// Fixes the rules for a date.
    ///
    /// # Errors
    /// Figures or rules that are not in force.
    pub fn on(self: &Arc<Self>, on: Date) -> Result<Prepared, Refused> {
        self.on_known(on, None)
    }

    /// Fixes the rules for a date with the figures published by another: as it was known then.
    ///
    /// # Errors
    /// Figures or rules that are not in force.
    pub fn on_known(self: &Arc<Self>, on: Date, known: Option<Date>) -> Result<Prepared, Refused> {
        let service = &self.loaded.service;
        let file = format!("packs/{}/service.yaml", self.loaded.name);
        let mut ended: Vec<FindingV1> =
            outside(&file, &service.name, service.from, service.to, on).into_iter().collect();
        for region in &self.loaded.layers[1..] {
            ended.extend(outside(
                &format!("regions/{}/region.yaml", region.code),
                &region.label,
                region.from,
                region.to,
                on,
            ));
        }
        if !ended.is_empty() {
            return Err(Refused { findings: ended });
        }
        let program =
            compile_known(&self.checked, on, known).map_err(|found| refused(&self.loaded.files, &found))?;
        Ok(Prepared { known, ..Prepared::of(Arc::clone(self), program) })
    }

    /// Citations with their documents: those in force on the day, or all where none is.
    pub fn law(&self, citations: &[Citation], on: Date) -> Vec<LawV1> {
        let holds = |c: &&Citation| self.loaded.documents.get(&c.document).is_none_or(|d| d.holds(on));
        let any = citations.iter().any(|c| holds(&c));
        citations
            .iter()
            .filter(|c| !any || holds(c))
            .map(|c| {
                let document = self.loaded.documents.get(&c.document);
                LawV1 {
                    document: c.document.clone(),
                    title: document.map(|d| TextV1::from(&d.title)).unwrap_or_default(),
                    number: document.and_then(|d| d.number.clone()),
                    article: c.article.clone(),
                }
            })
            .collect()
    }

    /// What a household file may say.
    pub fn sheet(&self) -> FactSheet<'_> {
        FactSheet { schema: &self.checked.ruleset.schema, facts: &self.loaded.facts }
    }
}

/// The finding for a date on which a service or region does not exist.
fn outside(file: &str, name: &Label, from: Option<Date>, to: Option<Date>, on: Date) -> Option<FindingV1> {
    if from.is_none_or(|from| on >= from) && to.is_none_or(|to| on <= to) {
        return None;
    }
    let show = |d: Option<Date>| d.map_or("…".to_owned(), |d| d.to_string());
    let (from, to) = (show(from), show(to));
    Some(FindingV1::general(
        file,
        format!("“{}”的有效期为 {from} 至 {to}，不能用于 {on}：请换一个日期", name.zh),
        format!("\"{}\" holds from {from} to {to}, not on {on}: choose another date", name.en),
    ))
}

pub(crate) fn refused(files: &Files, found: &[anmin_rules::finding::Finding]) -> Refused {
    Refused { findings: found.iter().map(|f| FindingV1::of_rules(files, f)).collect() }
}

/// Buffers of evaluations that are done, for the next ones.
type Spare = Arc<Mutex<Vec<Workspace>>>;

/// A pack ready to decide on one date. Clones share their spare buffers.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The pack.
    pub opened: Arc<Opened>,
    /// Its program.
    pub program: Program,
    /// Only figures published by this date were used; all, if none is given.
    pub known: Option<Date>,
    spare: Spare,
}

/// A household evaluated, before it is put into words.
pub struct Evaluated<'p, 'h> {
    /// Holds every value.
    pub evaluator: Evaluator<'p>,
    /// The household as a batch.
    pub batch: Batch<'h>,
    /// Why.
    pub explanation: Explanation,
    spare: &'p Spare,
}

impl Drop for Evaluated<'_, '_> {
    fn drop(&mut self) {
        if let Ok(mut spare) = self.spare.lock() {
            spare.push(self.evaluator.take_workspace());
        }
    }
}

impl Prepared {
    /// From a program already compiled.
    pub(crate) fn of(opened: Arc<Opened>, program: Program) -> Self {
        Prepared { opened, program, known: None, spare: Spare::default() }
    }

    /// Reads, checks and fixes a pack for a region and a date.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn new(library: &Library, pack: &str, region: Option<&str>, on: Date) -> Result<Self, Refused> {
        Self::known_by(library, pack, region, on, None)
    }

    /// The same with only the figures published by a date.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn known_by(
        library: &Library,
        pack: &str,
        region: Option<&str>,
        on: Date,
        known: Option<Date>,
    ) -> Result<Self, Refused> {
        Arc::new(Opened::new(library, pack, region)?).on_known(on, known)
    }

    /// Decides the household in a file's bytes.
    ///
    /// # Errors
    /// Everything wrong in the file.
    pub fn decide(&self, file_name: &str, bytes: &[u8]) -> Result<DecisionV1, Refused> {
        let mut files = Files::default();
        let file = files.add(file_name);
        let found = |found: Vec<anmin_pack::finding::Finding>| Refused {
            findings: found.iter().map(|f| FindingV1::of_pack(&files, f)).collect(),
        };
        let household = household::read(&self.opened.sheet(), file, bytes, self.program.on).map_err(found)?;
        self.decide_household(&household, &files)
    }

    /// Reads a household that stands inside another file.
    ///
    /// # Errors
    /// Everything wrong in it.
    pub fn household(&self, node: &Node, files: &Files) -> Result<Household, Refused> {
        household::read_node(&self.opened.sheet(), node, self.program.on).map_err(|found| Refused {
            findings: found.iter().map(|f| FindingV1::of_pack(files, f)).collect(),
        })
    }

    /// Evaluates a household; values given for facts that do not apply are refused.
    ///
    /// # Errors
    /// Such values; values outside their range.
    pub fn evaluate<'p, 'h>(
        &'p self,
        household: &'h Household,
        files: &Files,
    ) -> Result<Evaluated<'p, 'h>, Refused> {
        let batch = household.batch();
        let spare = self.spare.lock().ok().and_then(|mut s| s.pop()).unwrap_or_default();
        let mut evaluator = Evaluator::keeping_all_in(&self.program, spare);
        evaluator.run(&batch, 0..1).map_err(|o| self.out_of_range(household, files, o))?;
        let sheet = self.opened.sheet();
        let misplaced: Vec<FindingV1> = household
            .conditional()
            .iter()
            .filter(|c| evaluator.applies(&batch, c.fact, c.element) == Some((0, 0)))
            .map(|c| FindingV1::of_pack(files, &not_applicable(&sheet, *c)))
            .collect();
        if !misplaced.is_empty() {
            return Err(Refused { findings: misplaced });
        }
        let explanation = explain(&evaluator, &batch, &self.answers());
        Ok(Evaluated { evaluator, batch, explanation, spare: &self.spare })
    }

    /// The variables that answer: the decision's, then the outputs.
    pub fn answers(&self) -> Vec<VariableId> {
        let rules = &self.opened.checked.ruleset;
        let mut all: Vec<VariableId> = Vec::with_capacity(3 + rules.outputs.len());
        let decision = [rules.decision.eligible, rules.decision.amount, rules.decision.reason];
        for v in decision.into_iter().flatten().chain(rules.outputs.iter().copied()) {
            if !all.contains(&v) {
                all.push(v);
            }
        }
        all
    }

    /// Decides a household already read.
    ///
    /// # Errors
    /// As [`Prepared::evaluate`].
    pub fn decide_household(&self, household: &Household, files: &Files) -> Result<DecisionV1, Refused> {
        self.decided(household, files, true)
    }

    /// The same without the single facts that would turn it, which take most of the time: for whoever only wants to know
    /// how it stands.
    ///
    /// # Errors
    /// As [`Prepared::evaluate`].
    pub fn decide_plainly(&self, household: &Household, files: &Files) -> Result<DecisionV1, Refused> {
        self.decided(household, files, false)
    }

    fn decided(&self, household: &Household, files: &Files, turned: bool) -> Result<DecisionV1, Refused> {
        let evaluated = self.evaluate(household, files)?;
        let narrator = Narrator { prepared: self, household, evaluated: &evaluated };
        let rules = &self.opened.checked.ruleset;
        let eligible = rules.decision.eligible.and_then(|v| narrator.root(v)).map(flag);
        let amount = rules.decision.amount.and_then(|v| narrator.root(v));
        let per = rules.decision.amount.map(|v| match rules.variables[v.0].ty {
            Type::Money(Per::Year) => "year",
            Type::Money(Per::Once) => "once",
            _ => "month",
        });
        let flips = match rules.decision.eligible.filter(|_| turned) {
            Some(v) => flip::flips(&narrator, v),
            None => Vec::new(),
        };
        Ok(DecisionV1 {
            schema: "anmin.decision/1",
            service: TextV1::from(&self.opened.loaded.service.name),
            about: household.about.as_ref().map(TextV1::from),
            eligible,
            amount_fen: amount.filter(|(lo, hi)| lo == hi).map(|(lo, _)| lo),
            amount_range_fen: amount,
            amount_per: per,
            reason: narrator.reason(),
            missing: narrator.missing(&self.answers()),
            outputs: rules.outputs.iter().map(|v| narrator.output(*v)).collect(),
            explanation: ExplanationV1 {
                decides: narrator.deciding(),
                roots: evaluated.explanation.roots.clone(),
                notes: evaluated.explanation.notes.iter().map(|n| narrator.note(n)).collect(),
            },
            flips,
            untranslated: self.untranslated(&narrator),
            receipt: self.receipt(household),
        })
    }

    fn untranslated(&self, narrator: &Narrator<'_>) -> Vec<UntranslatedV1> {
        let all = &self.opened.loaded.untranslated;
        all.iter()
            .map(|u| UntranslatedV1 {
                text: TextV1::from(&u.label),
                why: TextV1::from(&u.why),
                law: narrator.law(&u.law),
            })
            .collect()
    }

    fn receipt(&self, household: &Household) -> ReceiptV1 {
        let loaded = &self.opened.loaded;
        ReceiptV1 {
            schema: "anmin.receipt/1",
            pack: loaded.name.clone(),
            region: self.opened.region.clone(),
            layers: loaded
                .layers
                .iter()
                .enumerate()
                .filter(|(i, l)| *i == 0 || l.overlay)
                .map(|(_, l)| l.code.clone())
                .collect(),
            decision_hash: loaded.hash.as_str().to_owned(),
            rule_date: self.program.on.to_string(),
            knowledge_date: self.known.map(|d| d.to_string()),
            semantics: anmin_rules::SEMANTICS,
            facts_hash: self.facts_hash(household),
            engine: env!("CARGO_PKG_VERSION"),
        }
    }

    /// A hash over every fact by name and stored value; unknown facts and lists not given are part of it.
    fn facts_hash(&self, household: &Household) -> String {
        let schema = &self.opened.checked.ruleset.schema;
        let mut text = String::new();
        for (i, fact) in schema.facts.iter().enumerate() {
            let id = anmin_rules::model::FactId(i);
            let (entity, count) = match fact.of {
                None => ("", Some(1)),
                Some(c) => (schema.collections[c.0].name.as_str(), household.size(c)),
            };
            let Some(count) = count else {
                text.push_str(&format!("{entity}.{}\tnot given\n", fact.name));
                continue;
            };
            for element in 0..count {
                let value = match (household.value(id, element), household.text(id, element)) {
                    (Some(v), _) => v.to_string(),
                    (None, Some(words)) => format!("{words:?}"),
                    (None, None) => "?".to_owned(),
                };
                let origin = household.origin(id, element);
                let from = origin.map(|o| {
                    format!("{}\t{:?}\t{:?}\t{:?}\t{:?}", o.source, o.as_of, o.evidence, o.by, o.why)
                });
                let from = from.unwrap_or_default();
                text.push_str(&format!("{entity}.{element}.{}\t{value}\t{from}\n", fact.name));
            }
        }
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn out_of_range(&self, household: &Household, files: &Files, o: OutOfRange) -> Refused {
        let schema = &self.opened.checked.ruleset.schema;
        let finding = match o {
            OutOfRange::Value { fact, row, .. } => {
                let f = &schema.facts[fact.0];
                let place = household.origin(fact, row).map(|o| o.place).unwrap_or_default();
                anmin_pack::finding::Finding::error(
                    place,
                    format!("“{}”超出允许的范围", f.label.zh),
                    format!("\"{}\" is outside its range", f.label.en),
                )
            }
            OutOfRange::Size { collection, size, .. } => {
                let c = &schema.collections[collection.0];
                anmin_pack::finding::Finding::error(
                    household.element_place(collection, 0).unwrap_or_default(),
                    format!("{}应有 {} 至 {} 项，这里有 {size} 项", c.label.zh, c.min, c.max),
                    format!("{}: {} to {} are allowed, {size} given", c.label.en, c.min, c.max),
                )
            }
        };
        Refused { findings: vec![FindingV1::of_pack(files, &finding)] }
    }
}

/// A flag's bounds as an answer.
pub(crate) fn flag(bounds: (i64, i64)) -> EligibleV1 {
    match bounds {
        (1, 1) => EligibleV1::Yes,
        (0, 0) => EligibleV1::No,
        _ => EligibleV1::Unknown,
    }
}
