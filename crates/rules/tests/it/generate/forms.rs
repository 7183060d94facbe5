//! Forms the specification does not clearly allow or refuse. Each is made only where its switch is on.

/// A fold in the formula of a collection's variable (it is no lambda).
pub const FOLDS_IN_ELEMENT_VARIABLES: bool = true;
/// A `when_not` outside the fact's range (the range bounds what is given).
pub const WHEN_NOT_OUTSIDE_RANGE: bool = true;
/// A rate of denominator 100 where one of 10000 is wanted: it never was finer.
pub const COARSER_RATES: bool = true;
/// `max` and `min` of dates.
pub const EXTREMES_OF_DATES: bool = true;
/// Claimed ranges of variables, never narrower than the proved bounds.
pub const RANGE_CLAIMS: bool = true;
/// A column of a table that is finer than its unit.
pub const FINER_COLUMNS: bool = true;
/// Rounding what is whole already.
pub const ROUNDING_OF_WHOLES: bool = true;
/// `in` of a count that is finer than one.
pub const FINER_IN: bool = false;
/// In a collection's variable, a value over nothing that reads the element the variable is computed for.
pub const OVER_NOTHING_OF_THE_ELEMENT: bool = false;
/// A column of a table that is a condition and not a bare name.
pub const COMPUTED_BOOL_COLUMNS: bool = true;
/// Cases that compare with negative numbers, where gaps or exclusiveness are to be proved.
pub const NEGATIVE_FIXED_VALUES: bool = true;
