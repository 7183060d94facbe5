//! What a service pays: `benefit.yaml` as the ledger takes it, with what regions set, the fund and the bank's file.

use anmin_base::date::Date;
use anmin_casework::workflow::{Name, Setting, in_force};
use anmin_ledger::account::Fund;
use anmin_ledger::benefit::{Benefit, ChangeMonth, Component, FirstMonth, PayeeKind, Proration, Rhythm};
use anmin_ledger::cycle::{CycleRule, DayRule};
use anmin_ledger::results::Lists;
use anmin_rules::model::{Citation, Label, Place};
use std::collections::BTreeMap;

/// What a service pays, in a region, on any day.
#[derive(Clone, Debug)]
pub struct BenefitSheet {
    /// The programme: the service's own name.
    pub programme: Name,
    /// Its words.
    pub label: Label,
    /// The fund.
    pub fund: FundMeta,
    /// How often.
    pub rhythm: Rhythm,
    /// From which month, by region and date.
    pub first: Vec<Setting<First>>,
    /// From which month more is paid.
    pub raised: Vec<Setting<ChangeMonth>>,
    /// From which month less is paid, or nothing.
    pub ended: Vec<Setting<ChangeMonth>>,
    /// The township's closing, the county's, the pay day.
    pub days: [Vec<Setting<DayRule>>; 3],
    /// A first month that is not whole.
    pub proration: Proration,
    /// The parts of the amount.
    pub components: Vec<Component>,
    /// The component that carries what the rules round the whole by.
    pub rounding: Name,
    /// The output that says for how many persons it is paid; none: for one.
    pub persons: Option<Name>,
    /// Who may receive it.
    pub payees: Vec<PayeeKind>,
    /// The bank's file, by region and date.
    pub bank: Vec<Setting<BankFile>>,
    /// The articles it rests on.
    pub law: Vec<Citation>,
    /// Where it is written.
    pub place: Place,
}

/// How the first month is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum First {
    /// By this rule.
    Rule(FirstMonth),
    /// By the option of a switch of the course.
    Switch(Name, Vec<(Name, FirstMonth)>),
}

/// A fund, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundMeta {
    /// For the ledger.
    pub fund: Fund,
    /// Its words.
    pub label: Label,
    /// The articles.
    pub law: Vec<Citation>,
}

/// The columns of the files a bank takes and gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankFile {
    /// Its name.
    pub name: Name,
    /// Its words.
    pub label: Label,
    /// The columns that go out, in order, each under its title.
    pub out: Vec<(Holds, String)>,
    /// The titles under which each is found in what comes in.
    pub titles: Vec<(Holds, Vec<String>)>,
    /// Words for what arrived.
    pub paid: Vec<String>,
    /// Words for what came back.
    pub returned: Vec<String>,
    /// Which lines come in.
    pub lists: Lists,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holds {
    /// The number of the line in the batch.
    Line,
    /// The account's holder.
    Name,
    /// The holder's identity number.
    ResidentId,
    /// The account.
    Account,
    /// The bank.
    Bank,
    /// The amount in yuan.
    Amount,
    /// What it is for.
    Purpose,
    /// What became of it.
    Outcome,
    /// Why it came back.
    Reason,
}

impl Holds {
    /// All, with their names in packs.
    pub const ALL: [(&'static str, Holds); 9] = [
        ("line", Holds::Line),
        ("name", Holds::Name),
        ("resident_id", Holds::ResidentId),
        ("account", Holds::Account),
        ("bank", Holds::Bank),
        ("amount", Holds::Amount),
        ("purpose", Holds::Purpose),
        ("outcome", Holds::Outcome),
        ("reason", Holds::Reason),
    ];

    /// Its name in packs.
    pub fn name(self) -> &'static str {
        Holds::ALL[self as usize].0
    }

    /// Whether it is digits that a spreadsheet must not take for a number.
    pub fn is_digits(self) -> bool {
        matches!(self, Holds::ResidentId | Holds::Account)
    }
}

impl BenefitSheet {
    /// What holds on a day, under the options the course has chosen. Everything is there: the loader refuses a file in
    /// which something is not.
    pub fn on(&self, day: Date, chosen: &BTreeMap<Name, Name>) -> Benefit {
        let rule = |settings: &[Setting<DayRule>]| in_force(settings, day).copied();
        let [township, county, pay] = &self.days;
        let days = (rule(township), rule(county), rule(pay));
        let (Some(township), Some(county), Some(pay)) = days else {
            unreachable!("each has a setting that has always held")
        };
        let first = match in_force(&self.first, day) {
            Some(First::Rule(rule)) => *rule,
            Some(First::Switch(switch, options)) => {
                let option = chosen.get(switch);
                let found = options.iter().find(|(name, _)| Some(name) == option);
                found.or(options.first()).map_or(FirstMonth::AfterDecision, |(_, rule)| *rule)
            }
            None => FirstMonth::AfterDecision,
        };
        Benefit {
            programme: self.programme.clone(),
            label: anmin_ledger::benefit::Label { zh: self.label.zh.clone(), en: self.label.en.clone() },
            fund: self.fund.fund.name.clone(),
            rhythm: self.rhythm,
            cycle: CycleRule { township, county, pay },
            first,
            raised: in_force(&self.raised, day).copied().unwrap_or(ChangeMonth::Next),
            ended: in_force(&self.ended, day).copied().unwrap_or(ChangeMonth::Next),
            proration: self.proration,
            components: self.components.clone(),
            payees: self.payees.clone(),
        }
    }

    /// The bank's file on a day.
    pub fn bank_on(&self, day: Date) -> Option<&BankFile> {
        in_force(&self.bank, day)
    }
}
