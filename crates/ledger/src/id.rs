//! Identifiers, as the store draws them. They are only ever compared here.

macro_rules! ids {
    ($($(#[$doc:meta])+ $name:ident;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u128);
    )+};
}

ids! {
    /// A person: who is paid, or who signs.
    PersonId;
    /// A grant.
    GrantId;
    /// A decision.
    DecisionId;
    /// A change of a grant: what arrears are paid because of.
    ChangeId;
    /// A payment.
    PaymentId;
    /// A batch of payments.
    BatchId;
    /// An account of the ledger.
    AccountId;
    /// An entry.
    EntryId;
    /// A payee's bank account, as it was confirmed: a changed one is another.
    PayeeAccountId;
}

/// A name that packs give: a programme, a component, a fund.
pub type Name = String;
