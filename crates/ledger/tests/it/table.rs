//! The book as a table: a line is an entry, its last column what came of it.
use anmin_base::money::Money;
use anmin_ledger::account::{Account, AccountKind, Fund, Origin};
use anmin_ledger::entry::{Book, Entry, Stage};
use anmin_ledger::id::{AccountId, EntryId};

const KINDS: [(&str, AccountKind, u128, &str, Option<&str>); 8] = [
    ("source", AccountKind::Source, 1, "aid", None),
    ("fund", AccountKind::Fund, 2, "aid", None),
    ("bank", AccountKind::Bank, 3, "aid", Some("aid")),
    ("payees", AccountKind::Payees, 4, "aid", Some("aid")),
    ("returned", AccountKind::Returned, 5, "aid", Some("aid")),
    ("recovery", AccountKind::Recovery, 6, "aid", Some("aid")),
    ("other", AccountKind::Bank, 7, "lottery", Some("aid")),
    ("lottery", AccountKind::Fund, 8, "lottery", None),
];

pub fn book() -> Book {
    let account = |(_, kind, id, fund, programme): &(&str, AccountKind, u128, &str, Option<&str>)| Account {
        id: AccountId(*id),
        kind: *kind,
        fund: (*fund).into(),
        programme: programme.map(Into::into),
    };
    let fund = |name: &str, earmarks: &[&str]| Fund {
        name: name.into(),
        origins: vec![Origin::County],
        earmarks: earmarks.iter().map(|e| (*e).into()).collect(),
    };
    Book::new(KINDS.iter().map(account).collect(), vec![fund("aid", &["aid"]), fund("lottery", &["games"])])
}

pub fn account(name: &str) -> AccountId {
    AccountId(KINDS.iter().find(|row| row.0 == name).unwrap().2)
}

/// `n from to fen stage [of] = outcome`.
fn check(lines: &str) {
    let mut book = book();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (said, outcome) = line.split_once('=').unwrap();
        let words: Vec<&str> = said.split_whitespace().collect();
        let id = |text: &str| EntryId(text.parse().unwrap());
        let stage = match words[4] {
            "done" => Stage::Done,
            "pending" => Stage::Pending,
            "post" => Stage::Post(id(words[5])),
            "void" => Stage::Void(id(words[5])),
            other => panic!("{other}"),
        };
        let to = if words[2] == "nowhere" { AccountId(99) } else { account(words[2]) };
        let amount = Money::from_fen(words[3].parse().unwrap());
        let written = book.write(Entry { id: id(words[0]), from: account(words[1]), to, amount, stage });
        let told = written.map_or_else(|refusal| refusal.code(), |()| "ok");
        assert_eq!(told, outcome.trim(), "{line}");
        assert_eq!(book.total(), Money::ZERO, "{line}");
    }
    let bank = book.balance(account("bank"));
    assert_eq!(
        (bank.settled.fen(), bank.promised_out.fen()),
        (0, 0),
        "what the bank got it paid or gave back"
    );
    assert_eq!(book.balance(account("payees")).settled.fen(), 600);
}

#[test]
fn entries_between_accounts() {
    check(
        "1 source fund 1000 done = ok
         2 fund bank 700 done = ok
         3 bank payees 300 pending = ok
         4 bank payees 400 pending = ok
         5 bank payees 300 post 3 = ok
         6 bank payees 300 post 3 = entry_resolved
         7 bank payees 300 void 3 = entry_resolved
         8 bank payees 399 post 4 = no_pending_entry
         9 bank returned 400 post 4 = no_pending_entry
         10 bank payees 400 void 4 = ok
         11 bank returned 400 done = ok
         12 returned payees 300 pending = ok
         13 returned payees 300 post 12 = ok
         13 returned payees 300 post 12 = entry_twice
         14 returned fund 100 done = ok
         15 bank payees 0 done = entry_without_amount
         16 bank payees -1 done = entry_without_amount
         17 payees bank 1 done = no_way_between_accounts
         18 source bank 1 done = no_way_between_accounts
         19 bank other 1 done = no_way_between_accounts
         20 lottery other 1 done = earmarked
         21 bank nowhere 1 done = no_account
         22 bank payees 5 post 999 = no_pending_entry",
    );
}
