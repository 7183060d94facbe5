//! Accounts: where money is, and between which it may move. Earmarks are rules of a fund, not of a program.

use crate::id::{AccountId, Name};

/// What an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccountKind {
    /// A source: what the centre, a province, a city, a county or a donor gives.
    Source,
    /// A fund, as it is here to be spent.
    Fund,
    /// Money on its way through the bank that pays (代发银行).
    Bank,
    /// What people have been paid.
    Payees,
    /// What the bank could not pay and holds (退票).
    Returned,
    /// What was asked back and came in.
    Recovery,
}

impl AccountKind {
    /// All, with their names in packs and rows.
    pub const ALL: [(&'static str, AccountKind); 6] = [
        ("source", AccountKind::Source),
        ("fund", AccountKind::Fund),
        ("bank", AccountKind::Bank),
        ("payees", AccountKind::Payees),
        ("returned", AccountKind::Returned),
        ("recovery", AccountKind::Recovery),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        AccountKind::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// Of that name.
    pub fn named(name: &str) -> Option<AccountKind> {
        AccountKind::ALL.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// Whether money may move from here to there.
    pub fn may_go_to(self, to: AccountKind) -> bool {
        use AccountKind::{Bank, Fund, Payees, Recovery, Returned, Source};
        matches!(
            (self, to),
            (Source, Fund)
                | (Fund, Bank | Source)
                | (Bank, Payees | Returned | Fund)
                | (Returned, Payees | Fund)
                | (Payees, Recovery)
                | (Recovery, Fund | Source)
        )
    }
}

/// An account of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// It.
    pub id: AccountId,
    /// What it is for.
    pub kind: AccountKind,
    /// The fund whose money it holds.
    pub fund: Name,
    /// The programme, where it holds the money of one.
    pub programme: Option<Name>,
}

/// Where a fund's money comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Origin {
    Central,
    Province,
    City,
    County,
    Lottery,
    Charity,
}

impl Origin {
    /// All, with their names in packs.
    pub const ALL: [(&'static str, Origin); 6] = [
        ("central", Origin::Central),
        ("province", Origin::Province),
        ("city", Origin::City),
        ("county", Origin::County),
        ("lottery", Origin::Lottery),
        ("charity", Origin::Charity),
    ];
}

/// A fund, and what it may be spent on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fund {
    /// Its name.
    pub name: Name,
    /// Where its money comes from.
    pub origins: Vec<Origin>,
    /// The programmes it may pay, and no other.
    pub earmarks: Vec<Name>,
}

impl Fund {
    /// Whether it may pay a programme.
    pub fn pays(&self, programme: &str) -> bool {
        self.earmarks.iter().any(|earmark| earmark == programme)
    }
}
