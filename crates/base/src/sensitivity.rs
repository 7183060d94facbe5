//! How sensitive something about a person is: five steps, whose order is fixed here and whose meaning in words is data.

/// The security label of what is asked for. What nobody has labelled counts as sealed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sensitivity {
    /// Public.
    P0,
    /// Internal; nothing about a person served.
    P1,
    /// Personal.
    P2,
    /// Sensitive: identity number, bank, health, disability, income.
    P3,
    /// Sealed: only those named for it, within their subject.
    #[default]
    P4,
}

impl Sensitivity {
    /// All five, from the least.
    pub const ALL: [Sensitivity; 5] =
        [Sensitivity::P0, Sensitivity::P1, Sensitivity::P2, Sensitivity::P3, Sensitivity::P4];

    /// As written in packs.
    pub const fn name(self) -> &'static str {
        match self {
            Sensitivity::P0 => "P0",
            Sensitivity::P1 => "P1",
            Sensitivity::P2 => "P2",
            Sensitivity::P3 => "P3",
            Sensitivity::P4 => "P4",
        }
    }

    /// Whether it is about a person, so that each view is recorded.
    pub fn is_personal(self) -> bool {
        self >= Sensitivity::P2
    }
}
