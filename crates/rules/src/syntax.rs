//! Expressions as written: parsed, not yet typed. `docs/rules-language.md` gives their meaning.

/// A stretch of an expression's text, in characters from its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// First character.
    pub start: u32,
    /// One past the last character.
    pub end: u32,
}

/// One node of an expression, with the text it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expr {
    /// Where it stands in the expression's text.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// The forms an expression can take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExprKind {
    /// A whole number.
    Int(i64),
    /// `true` or `false`.
    Bool(bool),
    /// A bare name: a root fact, variable, parameter, switch, enum value, rounding unit or `on`.
    Name(String),
    /// `m.wage`: a fact or variable of the element that `binding` names.
    Field {
        /// The lambda's variable, or the collection's `each` name.
        binding: String,
        /// The fact or variable of the collection.
        field: String,
    },
    /// `!a`.
    Not(Box<Expr>),
    /// `-a`.
    Negate(Box<Expr>),
    /// `a op b`.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `c ? a : b`.
    Choose(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `x in [a, b]`.
    OneOf(Box<Expr>, Vec<Expr>),
    /// `name(a, b)`.
    Call(String, Vec<Expr>),
    /// `members.filter(m, c).sum(m, x)`.
    Fold(Box<FoldExpr>),
}

/// Two-sided operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `a + b`
    Add,
    /// `a - b`
    Subtract,
    /// `a * b`
    Multiply,
    /// `a / b`
    Divide,
    /// `a && b`
    And,
    /// `a || b`
    Or,
    /// `a == b`
    Equal,
    /// `a != b`
    NotEqual,
    /// `a < b`
    Less,
    /// `a <= b`
    LessEqual,
    /// `a > b`
    Greater,
    /// `a >= b`
    GreaterEqual,
}

/// A collection brought down to one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoldExpr {
    /// The collection's name, as written.
    pub collection: String,
    /// `filter(binding, condition)`, in order; all must hold.
    pub filters: Vec<Lambda>,
    /// What is done with the elements left.
    pub how: FoldKind,
    /// `size` has none; `count`, `exists`, `all` a condition; `sum`, `max`, `min` a value.
    pub body: Option<Lambda>,
    /// The third argument of `max` and `min`: the value over nothing.
    pub over_nothing: Option<Expr>,
}

/// `binding, expression`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lambda {
    /// The name the element has inside.
    pub binding: String,
    /// The expression computed for each element.
    pub body: Expr,
}

/// What a fold computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FoldKind {
    /// Number of elements.
    Size,
    /// Number of elements for which the condition holds.
    Count,
    /// Whether the condition holds for any.
    Exists,
    /// Whether it holds for all.
    All,
    /// Sum of the values.
    Sum,
    /// Greatest value.
    Max,
    /// Least value.
    Min,
}
