//! Why something is refused: data, and a sentence that says what to do next. Persons are meant by identifier, never named.

use crate::account::AccountKind;
use crate::batch::{BatchState, Hand, Step};
use crate::id::{AccountId, EntryId, GrantId, Name, PersonId};
use anmin_base::date::Month;

/// Why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The batch is not that far, or further.
    NotNow {
        /// Its state.
        state: BatchState,
        /// What was wanted.
        step: Step,
    },
    /// One person would have a batch in hand twice.
    SameHands {
        /// Who.
        person: PersonId,
        /// What they did.
        had: Hand,
        /// What they want to do.
        wants: Hand,
    },
    /// The lines are not those that were seen.
    OtherLines {
        /// The root on the paper.
        seen: String,
        /// The root of what is there.
        found: String,
    },
    /// An amount is too large to be counted.
    Overflow {
        /// Of which grant.
        grant: GrantId,
        /// For which month.
        period: Month,
    },
    /// The same cause would pay the same month twice.
    PaidTwice {
        /// Which grant.
        grant: GrantId,
        /// Which month.
        period: Month,
        /// Which component.
        component: Name,
    },
    /// An entry is there already.
    EntryTwice {
        /// Which.
        entry: EntryId,
    },
    /// An entry moves nothing.
    NoAmount {
        /// Which.
        entry: EntryId,
    },
    /// There is no such account.
    NoAccount {
        /// Which.
        account: AccountId,
    },
    /// Money does not go that way.
    NoWay {
        /// From an account of this kind.
        from: AccountKind,
        /// To one of that.
        to: AccountKind,
    },
    /// The fund may not pay the programme.
    Earmarked {
        /// The fund.
        fund: Name,
        /// The programme.
        programme: Name,
    },
    /// What is posted or voided was never promised so.
    NoPromise {
        /// The entry.
        entry: EntryId,
    },
    /// A promise is resolved already.
    Resolved {
        /// The promise.
        entry: EntryId,
    },
    /// The closing has been made.
    ClosedAlready {
        /// The month.
        period: Month,
    },
    /// The county has not closed the month.
    NotClosed {
        /// The month.
        period: Month,
    },
    /// A month is closed in order.
    OutOfOrder {
        /// The month wanted.
        period: Month,
        /// The one that comes first.
        next: Month,
    },
    /// There is nothing to pay.
    NothingDue {
        /// The month.
        period: Month,
    },
}

impl Refusal {
    /// A word for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NotNow { .. } => "batch_state",
            Refusal::SameHands { .. } => "same_hands",
            Refusal::OtherLines { .. } => "other_lines",
            Refusal::Overflow { .. } => "amount_overflow",
            Refusal::PaidTwice { .. } => "paid_twice",
            Refusal::EntryTwice { .. } => "entry_twice",
            Refusal::NoAmount { .. } => "entry_without_amount",
            Refusal::NoAccount { .. } => "no_account",
            Refusal::NoWay { .. } => "no_way_between_accounts",
            Refusal::Earmarked { .. } => "earmarked",
            Refusal::NoPromise { .. } => "no_pending_entry",
            Refusal::Resolved { .. } => "entry_resolved",
            Refusal::ClosedAlready { .. } => "closed_already",
            Refusal::NotClosed { .. } => "not_closed",
            Refusal::OutOfOrder { .. } => "closing_out_of_order",
            Refusal::NothingDue { .. } => "nothing_due",
        }
    }

    /// What is wrong and what to do next, in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Refusal::NotNow { state, step } => {
                let offers = offers(*state, Step::zh, "、");
                format!("批次现为“{}”，不能{}。现在可以：{offers}。", state.zh(), step.zh())
            }
            Refusal::SameHands { had, wants, .. } => format!(
                "您（或委托您的人）已承担本批次的{}，不能再{}。编制、复核、签批须由三人分别办理，请转给他人。",
                hand(*had).0,
                hand(*wants).0
            ),
            Refusal::OtherLines { .. } => {
                "您看到的批次与现有明细不一致。请重新打开批次，核对汇总后再办。".into()
            }
            Refusal::Overflow { period, .. } => {
                format!("{}的金额超出可计算的范围。请核对该户的决定金额。", period.zh())
            }
            Refusal::PaidTwice { period, component, .. } => format!(
                "{}的“{component}”已因同一原因发放过，不再发放。请先查明该户的发放记录。",
                period.zh()
            ),
            Refusal::EntryTwice { .. } => "这笔分录已经记过。请刷新后查看。".into(),
            Refusal::NoAmount { .. } => "分录金额须大于零。请核对金额。".into(),
            Refusal::NoAccount { .. } => "没有这个资金账户。请核对资金配置。".into(),
            Refusal::NoWay { from, to } => {
                format!("资金不能从“{}”转到“{}”。请核对资金账户的用途。", from.name(), to.name())
            }
            Refusal::Earmarked { fund, programme } => {
                format!("资金“{fund}”是专款，不能用于“{programme}”。请改用规定的资金。")
            }
            Refusal::NoPromise { .. } => "没有与之相符的待付分录。请核对金额和账户。".into(),
            Refusal::Resolved { .. } => "这笔待付已经入账或撤销。请刷新后查看。".into(),
            Refusal::ClosedAlready { period } => {
                format!("{}已经截止，此后的变动计入下月并补发。无须再次截止。", period.zh())
            }
            Refusal::NotClosed { period } => {
                format!("{}还没有县级截止，不能编制。请先办理截止。", period.zh())
            }
            Refusal::OutOfOrder { period, next } => {
                format!("不能先办{}，请先办{}。", period.zh(), next.zh())
            }
            Refusal::NothingDue { period } => {
                format!("{}没有应发放的金额。请核对决定是否已生效、账户是否已登记。", period.zh())
            }
        }
    }

    /// The same in English.
    pub fn en(&self) -> String {
        match self {
            Refusal::NotNow { state, step } => {
                let offers = offers(*state, Step::en, ", ");
                let state = state.en().to_lowercase();
                format!("The batch is {state}; one cannot {} now. What can be done: {offers}.", step.en())
            }
            Refusal::SameHands { had, wants, .. } => format!(
                "You, or who delegated to you, {} this batch and cannot have it {} as well. Three different people do \
                 that: give it to somebody else.",
                hand(*had).1,
                hand(*wants).1
            ),
            Refusal::OtherLines { .. } => {
                "The lines are not those you saw. Open the batch again, and compare its totals first.".into()
            }
            Refusal::Overflow { period, .. } => {
                format!("An amount for {period} is too large to be counted. Check what was decided.")
            }
            Refusal::PaidTwice { period, component, .. } => format!(
                "{component} for {period} was paid for the same cause already and is not paid again. Look at the \
                 grant's payments first."
            ),
            Refusal::EntryTwice { .. } => "The entry is there already. Load the page anew.".into(),
            Refusal::NoAmount { .. } => "An entry moves more than nothing. Check the amount.".into(),
            Refusal::NoAccount { .. } => "There is no such account. Check the funds' configuration.".into(),
            Refusal::NoWay { from, to } => {
                format!(
                    "Money does not go from {} to {}. Check what the accounts are for.",
                    from.name(),
                    to.name()
                )
            }
            Refusal::Earmarked { fund, programme } => {
                format!("The fund {fund} is earmarked and cannot pay {programme}. Use the fund meant for it.")
            }
            Refusal::NoPromise { .. } => {
                "There is no pending entry of this amount between these accounts. Check them.".into()
            }
            Refusal::Resolved { .. } => {
                "This pending entry is posted or void already. Load the page anew.".into()
            }
            Refusal::ClosedAlready { period } => {
                format!(
                    "{period} is closed; later changes count for the next month, with arrears. Nothing to do."
                )
            }
            Refusal::NotClosed { period } => {
                format!("The county has not closed {period}, so nothing is prepared yet. Close it first.")
            }
            Refusal::OutOfOrder { period, next } => format!("Not {period} yet: {next} comes first."),
            Refusal::NothingDue { period } => format!(
                "Nothing is due for {period}. Check whether decisions have taken effect and accounts are entered."
            ),
        }
    }
}

fn offers(state: BatchState, word: fn(Step) -> &'static str, between: &str) -> String {
    let offers: Vec<&str> = state.offers().iter().map(|step| word(*step)).collect();
    if offers.is_empty() { "—".into() } else { offers.join(between) }
}

fn hand(hand: Hand) -> (&'static str, &'static str) {
    let row = Hand::ALL[hand as usize];
    (row.2, row.3)
}
