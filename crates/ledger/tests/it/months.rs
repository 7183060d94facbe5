//! Years of random decisions, closings, voids and returns: nobody is paid twice, the fen add up, and what was undone is
//! paid back to the person.
use crate::table::{account, book};
use anmin_base::date::Month;
use anmin_base::money::Money;
use anmin_ledger::benefit::Rhythm;
use anmin_ledger::due::{Cause, Due, Earlier, Identity, due};
use anmin_ledger::entry::{Entry, Stage};
use anmin_ledger::grant::{Amounts, Change, Does, Grant, Ground};
use anmin_ledger::id::{ChangeId, DecisionId, EntryId, GrantId, PersonId};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// What happens in one month: dice.
type Dice = (u8, u8, u16, u8);

fn amounts(base: i64, topup: i64) -> Amounts {
    let part = |name: &str, fen| (name.to_owned(), Money::from_fen(fen));
    Amounts::new(vec![part("base", base), part("topup", topup)]).unwrap()
}

/// A change decided in a month, if any.
fn decided(grant: &Grant, month: Month, dice: Dice) -> Option<Does> {
    let (what, back, fen, undo) = dice;
    let from = month.add(1 - i32::from(back % 5));
    match what % 6 {
        0 | 1 => Some(Does::Set { from, amounts: amounts(i64::from(fen), i64::from(fen % 7)), first: None }),
        2 => Some(Does::End { from }),
        3 => {
            let undoable: Vec<ChangeId> = grant
                .changes
                .iter()
                .filter(|c| !matches!(c.does, Does::Undo { .. }))
                .filter(|c| !grant.changes.iter().any(|u| matches!(u.does, Does::Undo { of } if of == c.id)))
                .map(|c| c.id)
                .collect();
            let of = undoable.get(usize::from(undo) % undoable.len().max(1))?;
            Some(Does::Undo { of: *of })
        }
        _ => None,
    }
}

fn earlier(paid: &[Due]) -> Vec<Earlier> {
    let of = |due: &Due| {
        let Identity { period, ref component, cause, .. } = due.identity;
        Earlier { period, component: component.clone(), cause, amount: due.amount }
    };
    paid.iter().map(of).collect()
}

/// Pays a grant month by month. A batch that is sent back leaves nothing; whether the last is, the dice say.
fn paid(months: &[Dice]) -> (Grant, Vec<Due>, Month) {
    let mut grant =
        Grant { id: GrantId(1), payee: PersonId(7), programme: "aid".into(), changes: Vec::new() };
    let mut paid: Vec<Due> = Vec::new();
    let mut period = Month::ym(2024, 1);
    let first = period.add(-6);
    for (n, dice) in months.iter().enumerate() {
        if let Some(does) = decided(&grant, period, *dice) {
            let id = n as u128 + 1;
            let (decision, ground) = (DecisionId(id), Ground::Increased);
            let change = Change { id: ChangeId(id), decision, recorded: n as i64, ground, persons: 1, does };
            grant.changes.push(change);
        }
        let dues = due(&grant, Rhythm::Monthly, first, period, &earlier(&paid)).unwrap();
        // Sent back and made anew: the same lines.
        if dice.3.is_multiple_of(4) {
            let again = due(&grant, Rhythm::Monthly, first, period, &earlier(&paid)).unwrap();
            assert_eq!(again, dues);
        }
        paid.extend(dues.payments);
        period = period.next();
    }
    (grant, paid, period.before())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nobody_is_paid_twice_and_what_is_owed_is_paid(months in prop::collection::vec(any::<Dice>(), 1..36)) {
        let (grant, paid, last) = paid(&months);
        let identities: BTreeSet<&Identity> = paid.iter().map(|due| &due.identity).collect();
        prop_assert_eq!(identities.len(), paid.len());
        for due in &paid {
            prop_assert!(due.amount > Money::ZERO);
        }
        let mut month = Month::ym(2023, 7);
        while month <= last {
            for component in ["base", "topup"] {
                let had = paid.iter().filter(|d| d.identity.period == month && d.identity.component == component);
                let had: i64 = had.map(|due| due.amount.fen()).sum();
                let worth = grant.owed(month).map_or(0, |owed| owed.amounts.of(component).fen());
                // What was paid and then lowered is never taken off; nothing owed is ever left.
                prop_assert!(had >= worth, "{} {}: paid {}, worth {}", month, component, had, worth);
            }
            month = month.next();
        }
        // What is paid up has nothing due.
        let again = due(&grant, Rhythm::Monthly, Month::ym(2023, 7), last, &earlier(&paid)).unwrap();
        prop_assert!(again.payments.is_empty());
    }

    #[test]
    fn a_settled_month_need_not_be_looked_at(months in prop::collection::vec(any::<Dice>(), 2..24)) {
        let (grant, paid, last) = paid(&months);
        let next = last.next();
        let whole = due(&grant, Rhythm::Monthly, Month::ym(2023, 7), next, &earlier(&paid)).unwrap();
        let late = due(&grant, Rhythm::Monthly, next, next, &earlier(&paid)).unwrap();
        prop_assert_eq!(whole.payments, late.payments);
    }

    #[test]
    fn what_goes_through_the_book_adds_up(lines in prop::collection::vec((1..1_000_000_i64, any::<u8>()), 1..40)) {
        let mut book = book();
        let mut next = 0;
        let mut entry = |from, to, amount, stage| {
            next += 1;
            let entry = Entry { id: EntryId(next), from: account(from), to: account(to), amount, stage };
            (EntryId(next), entry)
        };
        let sum: i64 = lines.iter().map(|(fen, _)| fen).sum();
        let mut pending = Vec::new();
        for (fen, dice) in &lines {
            let amount = Money::from_fen(*fen);
            let (id, promise) = entry("bank", "payees", amount, Stage::Pending);
            book.write(promise).unwrap();
            pending.push((id, amount, *dice));
        }
        prop_assert_eq!(book.balance(account("payees")).promised_in.fen(), sum);
        book.write(entry("fund", "bank", Money::from_fen(sum), Stage::Done).1).unwrap();
        let mut back = 0;
        for (id, amount, dice) in pending {
            if dice.is_multiple_of(3) {
                book.write(entry("bank", "payees", amount, Stage::Void(id)).1).unwrap();
                book.write(entry("bank", "returned", amount, Stage::Done).1).unwrap();
                let (again, promise) = entry("returned", "payees", amount, Stage::Pending);
                book.write(promise).unwrap();
                back += amount.fen();
                prop_assert_eq!(book.balance(account("returned")).settled.fen(), amount.fen());
                book.write(entry("returned", "payees", amount, Stage::Post(again)).1).unwrap();
            } else {
                book.write(entry("bank", "payees", amount, Stage::Post(id)).1).unwrap();
            }
            prop_assert_eq!(book.total(), Money::ZERO);
        }
        prop_assert!(back <= sum);
        prop_assert_eq!(book.balance(account("payees")).settled.fen(), sum);
        prop_assert_eq!(book.balance(account("bank")).settled.fen(), 0);
        prop_assert_eq!(book.balance(account("fund")).settled.fen(), -sum);
    }
}

#[test]
fn a_benefit_paid_once_is_paid_once() {
    let does = Does::Set { from: Month::ym(2026, 9), amounts: amounts(500, 0), first: None };
    let change = Change {
        id: ChangeId(1),
        decision: DecisionId(1),
        recorded: 0,
        ground: Ground::New,
        persons: 1,
        does,
    };
    let grant = Grant { id: GrantId(1), payee: PersonId(7), programme: "aid".into(), changes: vec![change] };
    let first = Month::ym(2026, 9);
    let dues = due(&grant, Rhythm::Once, first, first, &[]).unwrap();
    assert_eq!(dues.payments.len(), 1);
    assert_eq!(dues.payments[0].identity.cause, Cause::Regular);
    let next = due(&grant, Rhythm::Once, first, first.next(), &earlier(&dues.payments)).unwrap();
    assert!(next.payments.is_empty());
    // After the closing it comes with the next month, as arrears of its decision.
    let late = due(&grant, Rhythm::Once, first, first.next(), &[]).unwrap();
    assert_eq!(late.payments[0].identity.cause, Cause::Change(ChangeId(1)));
}
