//! Expressions after the check: every name resolved, every node typed.
use crate::interval::Rounding;
use crate::model::{CollectionId, EnumId, FactId, ParameterId, Per, Type, VariableId};
use crate::syntax::{BinaryOp, FoldKind, Span};

/// What a number measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// Things.
    Count,
    /// Years of age.
    Age,
    /// Months.
    Months,
    /// A ratio.
    Rate,
    /// Money of a period.
    Money(Per),
}

/// The type of a node. Numbers carry the denominator their value is stored by: money with denominator 100 is in 1/100 fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A flag.
    Bool,
    /// A number in 1/denominator of its unit.
    Number(Dimension, i64),
    /// The literal 0: fits every number.
    Zero,
    /// A date.
    Date,
    /// An enum value.
    Enum(EnumId),
    /// A switch's option, by its index.
    Switch(usize),
}

impl Kind {
    /// The kind a declared type has when it is read; none for words.
    pub fn of(ty: Type) -> Option<Kind> {
        Some(match ty {
            Type::Bool => Kind::Bool,
            Type::Count => Kind::Number(Dimension::Count, 1),
            Type::Age => Kind::Number(Dimension::Age, 1),
            Type::Months => Kind::Number(Dimension::Months, 1),
            Type::Rate(den) => Kind::Number(Dimension::Rate, den),
            Type::Date => Kind::Date,
            Type::Money(per) => Kind::Number(Dimension::Money(per), 1),
            Type::Enum(e) => Kind::Enum(e),
            Type::Text | Type::ResidentId => return None,
        })
    }
    /// The denominator of a number; 1 for anything else.
    pub fn denominator(self) -> i64 {
        match self {
            Kind::Number(_, den) => den,
            _ => 1,
        }
    }
}

/// A node. `id` numbers the nodes of one variable's version, so that a program can say where each value is.
#[derive(Clone, Debug)]
pub struct Typed {
    /// Number within its version.
    pub id: u32,
    /// What it is.
    pub form: Form,
    /// Its type.
    pub kind: Kind,
    /// The collection it is computed for each element of; none for the root.
    pub level: Option<CollectionId>,
    /// Where it stands in the expression's text.
    pub span: Span,
}

/// The forms of a node.
#[derive(Clone, Debug)]
pub enum Form {
    /// A fixed value, stored form.
    Literal(i64),
    /// The decision date.
    On,
    /// A fact.
    Fact(FactId),
    /// A parameter.
    Parameter(ParameterId),
    /// A switch.
    Switch(usize),
    /// Another variable.
    Variable(VariableId),
    /// `!a`
    Not(Box<Typed>),
    /// `-a`
    Negate(Box<Typed>),
    /// `a op b`; never a division.
    Binary(BinaryOp, Box<Typed>, Box<Typed>),
    /// `c ? a : b`
    Choose(Box<Typed>, Box<Typed>, Box<Typed>),
    /// `x in [..]`
    OneOf(Box<Typed>, Vec<Typed>),
    /// A rounding call.
    Round(Round),
    /// `max(..)`
    Greatest(Vec<Typed>),
    /// `min(..)`
    Least(Vec<Typed>),
    /// Money per year as money per month; exact.
    Monthly(Box<Typed>),
    /// Money per month as money per year.
    Yearly(Box<Typed>),
    /// `age(d)`
    Age(Box<Typed>),
    /// `age_by_month(d)`
    AgeByMonth(Box<Typed>),
    /// `full_months(a, b)`
    FullMonths(Box<Typed>, Box<Typed>),
    /// `calendar_months(a, b)`
    CalendarMonths(Box<Typed>, Box<Typed>),
    /// A fold.
    Fold(Fold),
}

/// `rounding(value / divisor, unit)`.
#[derive(Clone, Debug)]
pub struct Round {
    /// How.
    pub rounding: Rounding,
    /// To a whole multiple of this many stored units of the result: 100 for yuan.
    pub unit: i64,
    /// The value.
    pub value: Box<Typed>,
    /// What it is divided by, if the call holds a division.
    pub divisor: Option<Box<Typed>>,
}

/// A fold over a collection.
#[derive(Clone, Debug)]
pub struct Fold {
    /// Over what.
    pub collection: CollectionId,
    /// All must hold.
    pub filters: Vec<Typed>,
    /// How.
    pub how: FoldKind,
    /// Condition or value.
    pub body: Option<Box<Typed>>,
    /// The value over nothing.
    pub over_nothing: Option<Box<Typed>>,
}

impl Typed {
    /// Visits the nodes directly below, in the order of the text.
    pub fn each_child<'a>(&'a self, visit: &mut dyn FnMut(&'a Typed)) {
        match &self.form {
            Form::Literal(_)
            | Form::On
            | Form::Fact(_)
            | Form::Parameter(_)
            | Form::Switch(_)
            | Form::Variable(_) => {}
            Form::Not(a)
            | Form::Negate(a)
            | Form::Monthly(a)
            | Form::Yearly(a)
            | Form::Age(a)
            | Form::AgeByMonth(a) => visit(a),
            Form::Binary(_, a, b) | Form::FullMonths(a, b) | Form::CalendarMonths(a, b) => {
                visit(a);
                visit(b);
            }
            Form::Choose(c, a, b) => {
                visit(c);
                visit(a);
                visit(b);
            }
            Form::OneOf(x, list) => {
                visit(x);
                list.iter().for_each(visit);
            }
            Form::Round(r) => {
                visit(&r.value);
                r.divisor.as_deref().into_iter().for_each(visit);
            }
            Form::Greatest(list) | Form::Least(list) => list.iter().for_each(visit),
            Form::Fold(f) => {
                f.filters.iter().chain(f.body.as_deref()).chain(f.over_nothing.as_deref()).for_each(visit);
            }
        }
    }
    /// Visits this node and all below it.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Typed)) {
        visit(self);
        self.each_child(&mut |child| child.walk(visit));
    }
}
