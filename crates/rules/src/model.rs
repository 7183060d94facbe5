//! What a pack says, as the engine sees it: entities, facts, parameters, switches, variables.
//!
//! Built by `pack` from YAML and by tests by hand; checked by [`crate::check`]. A [`Place`] is opaque here: `pack`
//! knows which file it means.
use crate::syntax::Expr;
use anmin_base::date::Date;
pub use anmin_base::rate::Exact;

/// Where something was written: a file's number (the pack reader's), line and column, both from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The reader's number for the file.
    pub file: u32,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// A name for people, in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A document's key and the article in it. Opaque to the engine; carried into explanations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Citation {
    /// Key of the document in the pack's `documents`.
    pub document: String,
    /// The article, as the document counts.
    pub article: String,
}

/// Index of an enum in [`Schema::enums`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnumId(pub usize);
/// Index of a collection in [`Schema::collections`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CollectionId(pub usize);
/// Index of a fact in [`Schema::facts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FactId(pub usize);
/// Index of a parameter in [`Ruleset::parameters`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParameterId(pub usize);
/// Index of a variable in [`Ruleset::variables`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VariableId(pub usize);

/// The period an amount of money belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Per {
    /// A month.
    Month,
    /// A year.
    Year,
    /// No period: a stock or a single payment.
    Once,
}

/// The declared type of a fact, parameter or variable. How each is stored as an `i64` is in the specification, section 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// true or false; 1 or 0.
    Bool,
    /// A number of things.
    Count,
    /// Whole years of age.
    Age,
    /// Whole months.
    Months,
    /// An exact rate, stored in 1/denominator.
    Rate(i64),
    /// A civil date, days since 1970-01-01.
    Date,
    /// Money in fen.
    Money(Per),
    /// A value of an enumeration, by its code.
    Enum(EnumId),
    /// Words; rules cannot read them.
    Text,
    /// A resident identity number; rules cannot read it.
    ResidentId,
}

/// An enumeration: named values with codes.
#[derive(Clone, Debug)]
pub struct EnumType {
    /// Its name in type position.
    pub name: String,
    /// Values in the order written; codes are distinct.
    pub values: Vec<EnumValue>,
}

/// One value of an enumeration.
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// Name in expressions and files.
    pub name: String,
    /// Code it is stored by.
    pub code: i64,
    /// Label.
    pub label: Label,
}

/// A collection of elements under the root.
#[derive(Clone, Debug)]
pub struct Collection {
    /// Its name (`members`).
    pub name: String,
    /// The name of one element inside its own variables (`member`).
    pub each: String,
    /// Fewest elements.
    pub min: u32,
    /// Most elements.
    pub max: u32,
    /// Label.
    pub label: Label,
}

/// A fact.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The collection it belongs to; none for the root.
    pub of: Option<CollectionId>,
    /// Last part of its path.
    pub name: String,
    /// Type.
    pub ty: Type,
    /// Least and greatest value, stored form. Bool and enum: their codes' bounds. Text: unused.
    pub range: (i64, i64),
    /// Label.
    pub label: Label,
    /// When the fact exists at all.
    pub applies: Option<Applies>,
    /// A person's judgement rather than a finding.
    pub judgement: bool,
    /// Where declared.
    pub place: Place,
}

/// A fact's `applies` condition.
#[derive(Clone, Debug)]
pub struct Applies {
    /// The condition. For a member's fact the element is called by the collection's `each`.
    pub when: Source,
    /// What rules read when it is false, stored form.
    pub when_not: Option<i64>,
}

/// Entities, enums and facts.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// Label of the root.
    pub root: Label,
    /// Name of the root.
    pub root_name: String,
    /// Collections.
    pub collections: Vec<Collection>,
    /// Enumerations.
    pub enums: Vec<EnumType>,
    /// Facts.
    pub facts: Vec<Fact>,
}

/// An expression with its text and the place it begins.
#[derive(Clone, Debug)]
pub struct Source {
    /// Parsed.
    pub expr: Expr,
    /// As written.
    pub text: String,
    /// Where the text begins.
    pub place: Place,
}

/// A rank in the chain of layers: 0 the pack itself, then regions from the widest to the most specific.
pub type LayerId = u8;

/// A layer: the pack or a region.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Pack name, or region code.
    pub code: String,
    /// Label.
    pub label: Label,
}

/// A dated figure of the law.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Name.
    pub name: String,
    /// Type; not text.
    pub ty: Type,
    /// Bounds of every value of every layer, stored form; the overflow proof rests on them.
    pub range: (i64, i64),
    /// The root enum fact it varies by.
    pub by: Option<FactId>,
    /// Label.
    pub label: Label,
    /// Values of all layers.
    pub values: Vec<ParameterValue>,
    /// Where declared.
    pub place: Place,
}

/// One dated value of a parameter.
#[derive(Clone, Debug)]
pub struct ParameterValue {
    /// The layer that sets it.
    pub layer: LayerId,
    /// First day.
    pub from: Date,
    /// Last day, if it ends by itself.
    pub to: Option<Date>,
    /// The figure.
    pub value: Figure,
    /// Source.
    pub law: Vec<Citation>,
    /// When the source was published.
    pub published: Option<Date>,
    /// When somebody last saw it hold.
    pub checked_on: Option<Date>,
    /// Not read in its own text.
    pub unverified: bool,
    /// Where written.
    pub place: Place,
}

/// The value of a parameter over the enum it varies by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figure {
    /// Ended without a successor.
    Ended,
    /// The same for all, stored form.
    Same(i64),
    /// By enum code; codes not listed have none.
    By(Vec<(i64, i64)>),
}

/// A named choice a region may set.
#[derive(Clone, Debug)]
pub struct Switch {
    /// Name.
    pub name: String,
    /// Options: name and label.
    pub options: Vec<(String, Label)>,
    /// Label.
    pub label: Label,
    /// Dated settings of all layers; layer 0's first one (from the earliest date) is the default.
    pub settings: Vec<SwitchSetting>,
    /// Where declared.
    pub place: Place,
}

/// One dated setting of a switch.
#[derive(Clone, Debug)]
pub struct SwitchSetting {
    /// The layer that sets it.
    pub layer: LayerId,
    /// First day.
    pub from: Date,
    /// Index in the options.
    pub option: usize,
    /// Source.
    pub law: Vec<Citation>,
    /// Where written.
    pub place: Place,
}

/// A variable.
#[derive(Clone, Debug)]
pub struct Variable {
    /// The collection it is computed for each element of; none for the root.
    pub of: Option<CollectionId>,
    /// Last part of its path.
    pub name: String,
    /// Type.
    pub ty: Type,
    /// Claimed bounds, stored form.
    pub range: Option<(i64, i64)>,
    /// Label.
    pub label: Label,
    /// A region may give the body.
    pub open: bool,
    /// Bodies of all layers.
    pub versions: Vec<Version>,
    /// Where declared.
    pub place: Place,
}

/// One dated body of a variable.
#[derive(Clone, Debug)]
pub struct Version {
    /// The layer that gives it.
    pub layer: LayerId,
    /// First day; the minimum date when undated.
    pub from: Date,
    /// Source.
    pub law: Vec<Citation>,
    /// How it is computed.
    pub body: Body,
    /// Where written.
    pub place: Place,
}

/// How a variable is computed.
#[derive(Clone, Debug)]
pub enum Body {
    /// One expression.
    Value(Source),
    /// Ordered cases.
    Cases(Cases),
    /// A decision table.
    Table(Table),
}

/// How many cases may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// The first that holds.
    First,
    /// Proved that at most one can.
    Unique,
}

/// Ordered cases.
#[derive(Clone, Debug)]
pub struct Cases {
    /// Hit policy.
    pub hit: Hit,
    /// The cases.
    pub cases: Vec<Case>,
    /// What holds when none does.
    pub otherwise: Option<Outcome>,
}

/// `when` ... `then` ...
#[derive(Clone, Debug)]
pub struct Case {
    /// The condition.
    pub when: Source,
    /// The result.
    pub outcome: Outcome,
}

/// What a case gives and why.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The value.
    pub then: Source,
    /// Source, when narrower than the variable's.
    pub law: Vec<Citation>,
    /// A plain reason.
    pub because: Option<Label>,
    /// Where written.
    pub place: Place,
}

/// A decision table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Hit policy.
    pub hit: Hit,
    /// The columns.
    pub on: Vec<Source>,
    /// The rows; each has one cell a column.
    pub rows: Vec<Row>,
    /// What holds when no row does.
    pub otherwise: Option<Outcome>,
}

/// A row of a decision table.
#[derive(Clone, Debug)]
pub struct Row {
    /// One cell a column.
    pub cells: Vec<Cell>,
    /// The result.
    pub outcome: Outcome,
}

/// A cell of a decision table, and where it stands.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The test.
    pub test: CellTest,
    /// Where written.
    pub place: Place,
}

/// The test of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellTest {
    /// `-`: anything.
    Any,
    /// `true` or `false`.
    Bool(bool),
    /// One of these enum values.
    OneOf(Vec<String>),
    /// Between two figures in the column's own unit (money in yuan); `None` is open-ended.
    Between {
        /// Lower end and whether it is included.
        low: Option<(Exact, bool)>,
        /// Upper end and whether it is included.
        high: Option<(Exact, bool)>,
    },
}

/// A claim: raising the fact never raises the variable.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The fact.
    pub more: FactId,
    /// The variable that must not rise.
    pub never_more: VariableId,
    /// Where written.
    pub place: Place,
}

/// The variables that answer.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    /// A bool variable.
    pub eligible: Option<VariableId>,
    /// A money variable.
    pub amount: Option<VariableId>,
    /// The variable whose fired case is the reason; `eligible` when none.
    pub reason: Option<VariableId>,
}

/// Everything the engine needs of a pack in a region.
#[derive(Clone, Debug, Default)]
pub struct Ruleset {
    /// Entities, enums, facts.
    pub schema: Schema,
    /// Layers by rank.
    pub layers: Vec<Layer>,
    /// Figures.
    pub parameters: Vec<Parameter>,
    /// Switches.
    pub switches: Vec<Switch>,
    /// Variables.
    pub variables: Vec<Variable>,
    /// The variables that answer.
    pub decision: Decision,
    /// Further variables given out, in order.
    pub outputs: Vec<VariableId>,
    /// Claims.
    pub claims: Vec<Claim>,
}
