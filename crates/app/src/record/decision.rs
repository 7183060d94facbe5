//! A decision as it is stored and printed. Version 1: fields are only ever added.
use anmin_rules::model::Label;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;

/// Words in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TextV1 {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl From<&Label> for TextV1 {
    fn from(l: &Label) -> Self {
        TextV1 { zh: l.zh.clone(), en: l.en.clone() }
    }
}

/// A citation: a document by its title and number, and the article in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LawV1 {
    /// The document's key in the packs.
    pub document: String,
    /// Its title.
    pub title: TextV1,
    /// Its number, as the issuer counts.
    pub number: Option<String>,
    /// The article, as the document counts.
    pub article: String,
}

impl LawV1 {
    /// The document as people cite it.
    pub fn named(&self) -> TextV1 {
        let number = self.number.as_deref().map(|n| format!(" {n}")).unwrap_or_default();
        TextV1 { zh: format!("《{}》{number}", self.title.zh), en: format!("{}{number}", self.title.en) }
    }
}

/// The answer to "is it due?": `true`, `false` or `"unknown"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EligibleV1 {
    /// Due.
    Yes,
    /// Not due.
    No,
    /// What is missing could change it.
    Unknown,
}

impl Serialize for EligibleV1 {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            EligibleV1::Yes => s.serialize_bool(true),
            EligibleV1::No => s.serialize_bool(false),
            EligibleV1::Unknown => s.serialize_str("unknown"),
        }
    }
}

impl JsonSchema for EligibleV1 {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "EligibleV1".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "enum": [true, false, "unknown"] })
    }
}

/// A decision about one household.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DecisionV1 {
    /// Always `anmin.decision/1`.
    pub schema: &'static str,
    /// The service, in words.
    pub service: TextV1,
    /// What the household file says of itself.
    pub about: Option<TextV1>,
    /// Whether it is due; none for a pack that does not decide this.
    pub eligible: Option<EligibleV1>,
    /// The amount in fen; none if unknown or not part of the pack.
    pub amount_fen: Option<i64>,
    /// Least and greatest amount in fen; equal when known.
    pub amount_range_fen: Option<(i64, i64)>,
    /// The period of the amount: `month`, `year`, `once`.
    pub amount_per: Option<&'static str>,
    /// Why, in one sentence with its article.
    pub reason: Option<ReasonV1>,
    /// What nobody has answered and could settle the result.
    pub missing: Vec<MissingV1>,
    /// Further results, in the pack's order.
    pub outputs: Vec<OutputV1>,
    /// The notes behind the result; `roots` are indices into `notes`.
    pub explanation: ExplanationV1,
    /// Changes of one fact that would turn the decision.
    pub flips: Vec<FlipV1>,
    /// What the law says here and this pack does not do.
    pub untranslated: Vec<UntranslatedV1>,
    /// What pins this decision, so that it can be repeated.
    pub receipt: ReceiptV1,
}

/// The explanation: notes that refer to each other.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct ExplanationV1 {
    /// The notes of the decision and the outputs.
    pub roots: Vec<usize>,
    /// Those of them that decide: eligible, amount and reason.
    pub decides: Vec<usize>,
    /// All notes.
    pub notes: Vec<NoteV1>,
}

/// Why, in a sentence.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReasonV1 {
    /// The sentence.
    pub text: TextV1,
    /// Its articles.
    pub law: Vec<LawV1>,
}

/// Something to ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MissingV1 {
    /// The fact's path; elements count from 1: `members[2].wage`.
    pub path: String,
    /// Whose, and what.
    pub label: TextV1,
    /// What to ask, if the pack says more than the label.
    pub help: Option<TextV1>,
}

/// A further result.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OutputV1 {
    /// The variable's path.
    pub name: String,
    /// Label.
    pub label: TextV1,
    /// One value for the root; one an element for a collection. Stored form: money in fen; none when unknown.
    pub values: Vec<Option<i64>>,
    /// The values in words.
    pub text: Vec<TextV1>,
}

/// Why one variable has its value.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NoteV1 {
    /// The variable's path; elements count from 1.
    pub name: String,
    /// Label, with whose it is.
    pub label: TextV1,
    /// It is a yes or no.
    pub flag: bool,
    /// Value in stored form; none when unknown.
    pub value: Option<i64>,
    /// Value in words; bounds when unknown.
    pub text: TextV1,
    /// How it is computed, with numbers.
    pub formula: TextV1,
    /// The case that fired, from 1; 0 for "otherwise"; none for a plain formula.
    pub case: Option<usize>,
    /// The reason the case gives.
    pub because: Option<TextV1>,
    /// Cases before it that did not hold, and their tests with numbers.
    pub not_met: Vec<CaseV1>,
    /// Articles.
    pub law: Vec<LawV1>,
    /// The layer that gave the rule: pack name or region code.
    pub layer: String,
    /// Notes it was made from, all.
    pub uses: Vec<usize>,
    /// Those of them that made the value what it is: the false side of a false "and", the addends that are not zero, the
    /// branch taken. Enough for a first reading.
    pub made_by: Vec<usize>,
    /// Facts it was made from.
    pub facts: Vec<FactV1>,
    /// Figures it was made from.
    pub figures: Vec<FigureV1>,
    /// Switches it asked.
    pub switches: Vec<SwitchV1>,
}

/// A case that did not hold, or that is unsettled.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CaseV1 {
    /// Which, from 1.
    pub case: usize,
    /// Its test with numbers.
    pub test: TextV1,
    /// True if the test is unknown rather than false.
    pub unsettled: bool,
}

/// A fact as used.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FactV1 {
    /// Path; elements count from 1.
    pub path: String,
    /// Label.
    pub label: TextV1,
    /// Value in stored form; none when unknown.
    pub value: Option<i64>,
    /// Value in words.
    pub text: TextV1,
    /// Not given because it does not apply.
    pub not_applicable: bool,
    /// Where it came from; none when unknown.
    pub source: Option<String>,
    /// The day for which it is true.
    pub as_of: Option<String>,
    /// What shows it.
    pub evidence: Option<String>,
    /// Who judged.
    pub by: Option<String>,
    /// Why they judged so.
    pub why: Option<String>,
    /// Line in the household file.
    pub line: Option<u32>,
    /// It made the value what it is, as in `made_by`.
    pub matters: bool,
}

/// A figure of the law as used.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FigureV1 {
    /// The parameter.
    pub name: String,
    /// Label.
    pub label: TextV1,
    /// Value in stored form.
    pub value: i64,
    /// Value in words.
    pub text: TextV1,
    /// The layer that set it.
    pub layer: String,
    /// From when it holds.
    pub from: String,
    /// Document and article.
    pub law: Vec<LawV1>,
    /// When somebody last saw it hold.
    pub checked_on: Option<String>,
    /// Not read in its own text.
    pub unverified: bool,
    /// It made the value what it is, as in `made_by`.
    pub matters: bool,
}

/// A switch as set.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SwitchV1 {
    /// The switch.
    pub name: String,
    /// Label.
    pub label: TextV1,
    /// The option in force.
    pub option: TextV1,
    /// The layer that set it.
    pub layer: String,
    /// Articles.
    pub law: Vec<LawV1>,
}

/// A change of one fact that would turn the decision, everything else as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FlipV1 {
    /// The fact's path.
    pub path: String,
    /// Label.
    pub label: TextV1,
    /// As it is, in words.
    pub now: TextV1,
    /// A value at which the decision is another, beside one at which it is not; stored form.
    pub value: i64,
    /// The same in words.
    pub text: TextV1,
    /// What the decision would be.
    pub eligible: EligibleV1,
}

/// What the law says and the pack does not do.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct UntranslatedV1 {
    /// What it says.
    pub text: TextV1,
    /// Why it is not done here.
    pub why: TextV1,
    /// Articles.
    pub law: Vec<LawV1>,
}

/// What pins a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReceiptV1 {
    /// Always `anmin.receipt/1`.
    pub schema: &'static str,
    /// The pack.
    pub pack: String,
    /// The region, if any.
    pub region: Option<String>,
    /// The pack and regions of the chain that say something, widest first.
    pub layers: Vec<String>,
    /// SHA-256 over facts, rules and figures of shared packs, pack and overlays.
    pub decision_hash: String,
    /// The date whose rules were used.
    pub rule_date: String,
    /// Only figures published by this date were used; none: all that the packs hold.
    pub knowledge_date: Option<String>,
    /// The number of the rule language's meaning.
    pub semantics: u32,
    /// SHA-256 over every fact, used or not, in the pack's order: value, source, date, evidence, who judged and why.
    pub facts_hash: String,
    /// Version of the program.
    pub engine: &'static str,
}
