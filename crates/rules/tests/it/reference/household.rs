//! One household's answers.

/// Answers in stored form, by fact; `None` is unknown.
pub type Answers = Vec<Option<i64>>;

/// One household: the root's answers and each collection's elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Household {
    /// By fact; those of collections are unused.
    pub root: Answers,
    /// By collection; `None` is a list that was not given. Each element's answers are by fact, too.
    pub collections: Vec<Option<Vec<Answers>>>,
}
