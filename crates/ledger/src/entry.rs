//! Entries: an amount that moves from one account to another. None is ever changed; a balance is what they add up to.
//!
//! A pending entry promises. It is posted or voided once, by a further entry of the same accounts and amount.

use crate::account::{Account, Fund};
use crate::id::{AccountId, EntryId};
use crate::refusal::Refusal;
use anmin_base::money::Money;
use std::collections::BTreeMap;

/// An entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// It.
    pub id: EntryId,
    /// Where the money comes from.
    pub from: AccountId,
    /// Where it goes.
    pub to: AccountId,
    /// How much: above zero.
    pub amount: Money,
    /// How far it is.
    pub stage: Stage,
}

/// How far an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Done at once.
    Done,
    /// Promised.
    Pending,
    /// A promise is kept.
    Post(EntryId),
    /// A promise is taken back.
    Void(EntryId),
}

impl Stage {
    /// Its name in rows.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Done => "done",
            Stage::Pending => "pending",
            Stage::Post(_) => "post",
            Stage::Void(_) => "void",
        }
    }
}

/// What an account holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// What came in and went out, done or posted.
    pub settled: Money,
    /// What is promised out of it.
    pub promised_out: Money,
    /// What is promised to it.
    pub promised_in: Money,
}

/// The book: accounts and the entries between them.
#[derive(Clone, Debug, Default)]
pub struct Book {
    accounts: BTreeMap<AccountId, Account>,
    funds: Vec<Fund>,
    entries: BTreeMap<EntryId, Entry>,
    /// By a pending entry, what resolved it.
    resolved: BTreeMap<EntryId, EntryId>,
}

impl Book {
    /// A book of these accounts and funds, without entries.
    pub fn new(accounts: Vec<Account>, funds: Vec<Fund>) -> Book {
        let accounts = accounts.into_iter().map(|account| (account.id, account)).collect();
        Book { accounts, funds, ..Book::default() }
    }

    /// Writes an entry.
    ///
    /// # Errors
    /// Nothing moves, it moves where it may not, or a promise is not there, resolved already, or another.
    pub fn write(&mut self, entry: Entry) -> Result<(), Refusal> {
        if self.entries.contains_key(&entry.id) {
            return Err(Refusal::EntryTwice { entry: entry.id });
        }
        if entry.amount.fen() <= 0 {
            return Err(Refusal::NoAmount { entry: entry.id });
        }
        self.may_move(&entry)?;
        if let Stage::Post(of) | Stage::Void(of) = entry.stage {
            let pending = self.entries.get(&of).filter(|pending| pending.stage == Stage::Pending);
            let same = |p: &&Entry| (p.from, p.to, p.amount) == (entry.from, entry.to, entry.amount);
            if pending.filter(same).is_none() {
                return Err(Refusal::NoPromise { entry: entry.id });
            }
            if self.resolved.contains_key(&of) {
                return Err(Refusal::Resolved { entry: of });
            }
            self.resolved.insert(of, entry.id);
        }
        self.entries.insert(entry.id, entry);
        Ok(())
    }

    fn may_move(&self, entry: &Entry) -> Result<(), Refusal> {
        let account = |id: AccountId| self.accounts.get(&id).ok_or(Refusal::NoAccount { account: id });
        let (from, to) = (account(entry.from)?, account(entry.to)?);
        if !from.kind.may_go_to(to.kind) || from.fund != to.fund {
            return Err(Refusal::NoWay { from: from.kind, to: to.kind });
        }
        for programme in from.programme.iter().chain(&to.programme) {
            let fund = self.funds.iter().find(|fund| fund.name == from.fund);
            if !fund.is_some_and(|fund| fund.pays(programme)) {
                return Err(Refusal::Earmarked { fund: from.fund.clone(), programme: programme.clone() });
            }
        }
        Ok(())
    }

    /// What an account holds.
    pub fn balance(&self, account: AccountId) -> Balance {
        let mut balance = Balance::default();
        let add = |sum: &mut Money, amount: i64| *sum = Money::from_fen(sum.fen().saturating_add(amount));
        for entry in self.entries.values() {
            let open = entry.stage == Stage::Pending && !self.resolved.contains_key(&entry.id);
            let settles = matches!(entry.stage, Stage::Done | Stage::Post(_));
            let amount = entry.amount.fen();
            if entry.from == account && settles {
                add(&mut balance.settled, -amount);
            }
            if entry.to == account && settles {
                add(&mut balance.settled, amount);
            }
            if entry.from == account && open {
                add(&mut balance.promised_out, amount);
            }
            if entry.to == account && open {
                add(&mut balance.promised_in, amount);
            }
        }
        balance
    }

    /// What all accounts hold together: nothing, whatever was written.
    pub fn total(&self) -> Money {
        let sum = self.accounts.keys().map(|id| self.balance(*id).settled.fen());
        Money::from_fen(sum.sum())
    }
}
