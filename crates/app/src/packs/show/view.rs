//! A pack in words, as data.
use crate::record::{LawV1, TextV1};
use serde::Serialize;

/// A pack in a region on a date, in words.
#[derive(Clone, Debug, Serialize)]
pub struct PackViewV1 {
    /// Always `anmin.pack/1`.
    pub schema: &'static str,
    /// The pack.
    pub name: String,
    /// What the service is called.
    pub title: TextV1,
    /// What it is about.
    pub about: TextV1,
    /// The region, if any.
    pub region: Option<String>,
    /// The date for which figures, switches and versions are shown.
    pub on: String,
    /// Who says something here: code and name, the pack first.
    pub layers: Vec<(String, TextV1)>,
    /// What it rests on.
    pub legal_basis: Vec<LawV1>,
    /// The hash of what decides.
    pub decision_hash: String,
    /// What is asked.
    pub facts: Vec<FactViewV1>,
    /// Figures of the law.
    pub parameters: Vec<ParameterViewV1>,
    /// Switches.
    pub switches: Vec<SwitchViewV1>,
    /// Variables, in the pack's order.
    pub variables: Vec<VariableViewV1>,
    /// Which variable says whether it is due, how much, and why.
    pub decision: Vec<(TextV1, TextV1)>,
    /// What the law says and the pack does not do: what, why, law.
    pub untranslated: Vec<(TextV1, TextV1, Vec<LawV1>)>,
}

/// A fact.
#[derive(Clone, Debug, Serialize)]
pub struct FactViewV1 {
    /// Path.
    pub path: String,
    /// Label.
    pub label: TextV1,
    /// Type, in words.
    pub kind: TextV1,
    /// The condition under which it exists.
    pub applies: Option<TextV1>,
    /// It is a person's judgement.
    pub judgement: bool,
}

/// A figure of the law on the date.
#[derive(Clone, Debug, Serialize)]
pub struct ParameterViewV1 {
    /// Name.
    pub name: String,
    /// Label.
    pub label: TextV1,
    /// Type, in words.
    pub kind: TextV1,
    /// Values in force: for whom (empty for all) and how much; none where the pack leaves it to regions, or nothing reads it on this date.
    pub values: Vec<(TextV1, TextV1)>,
    /// Who sets it; empty where nobody does.
    pub layer: String,
    /// Since when.
    pub from: Option<String>,
    /// Until when, if it ends by itself.
    pub to: Option<String>,
    /// Document and article.
    pub law: Vec<LawV1>,
    /// When somebody last saw it hold.
    pub checked_on: Option<String>,
    /// Not read in its own text.
    pub unverified: bool,
    /// No layer of the chain gives a figure at all.
    pub left_open: bool,
}

/// A switch on the date.
#[derive(Clone, Debug, Serialize)]
pub struct SwitchViewV1 {
    /// Name.
    pub name: String,
    /// Label.
    pub label: TextV1,
    /// The option in force.
    pub option: TextV1,
    /// All options.
    pub options: Vec<TextV1>,
    /// Who sets it.
    pub layer: String,
    /// Articles.
    pub law: Vec<LawV1>,
}

/// A variable on the date.
#[derive(Clone, Debug, Default, Serialize)]
pub struct VariableViewV1 {
    /// Path.
    pub path: String,
    /// Label.
    pub label: TextV1,
    /// Type, in words.
    pub kind: TextV1,
    /// A region may give the body.
    pub open: bool,
    /// It can be worked out on this date with what is said in this region.
    pub in_force: bool,
    /// Who gives the body in force.
    pub layer: String,
    /// Articles.
    pub law: Vec<LawV1>,
    /// The formula, where it is one.
    pub formula: Option<TextV1>,
    /// The cases, where it has any; `otherwise` last.
    pub cases: Vec<CaseViewV1>,
    /// `file:line`.
    pub place: String,
}

/// A case.
#[derive(Clone, Debug, Serialize)]
pub struct CaseViewV1 {
    /// The condition; none for `otherwise`.
    pub when: Option<TextV1>,
    /// The result.
    pub then: TextV1,
    /// The reason.
    pub because: Option<TextV1>,
    /// Articles, where narrower than the variable's.
    pub law: Vec<LawV1>,
}
