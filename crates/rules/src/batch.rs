//! Households as columns, borrowed from wherever they are kept.

/// The values of one fact, in stored form.
#[derive(Clone, Copy, Debug)]
pub enum Values<'a> {
    /// No column: unknown for everybody.
    Absent,
    /// 64-bit values.
    I64(&'a [i64]),
    /// 32-bit values: dates, codes.
    I32(&'a [i32]),
    /// 8-bit values: codes.
    I8(&'a [i8]),
    /// Flags.
    Bool(&'a [bool]),
}

/// One fact's column: one value a household for a root fact, one an element for a collection's.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    /// The values; where `known` is false the value is ignored.
    pub values: Values<'a>,
    /// Which are known; all, when none is given.
    pub known: Option<&'a [bool]>,
}

impl Column<'_> {
    /// A column nobody has answered.
    pub const ABSENT: Column<'static> = Column { values: Values::Absent, known: None };
}

/// Which elements of a collection belong to which household: household `h` has elements `offsets[h]..offsets[h + 1]`.
#[derive(Clone, Copy, Debug)]
pub struct Elements<'a> {
    /// One more than there are households, rising.
    pub offsets: &'a [u32],
    /// Whether the household's list was given at all (it may be given empty); all, when none is given.
    pub given: Option<&'a [bool]>,
}

/// Households to evaluate.
#[derive(Clone, Debug)]
pub struct Batch<'a> {
    /// How many households.
    pub households: usize,
    /// By [`crate::model::FactId`].
    pub columns: Vec<Column<'a>>,
    /// By [`crate::model::CollectionId`].
    pub collections: Vec<Elements<'a>>,
}
