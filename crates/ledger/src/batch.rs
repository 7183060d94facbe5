//! A batch: a month's payments of a programme on their way, by the hands of at least three people.
//!
//! 编制 -> 复核 -> 分管领导签批 -> 报财政 -> 财政支付 -> 银行回盘 -> 退票更正 -> 补发. Civil affairs prepares, checks and signs; the
//! treasury pays; the bank answers. What is wrong before it is signed is sent back whole, and made anew.

use crate::id::{BatchId, Name, PersonId};
use crate::refusal::Refusal;
use anmin_base::date::Month;
use anmin_base::money::Money;

/// How far a batch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BatchState {
    /// 编制.
    Prepared,
    /// 复核.
    Checked,
    /// 分管领导签批.
    Signed,
    /// 报财政.
    Sent,
    /// 财政支付.
    Paid,
    /// 银行回盘, with payments that came back: 退票更正.
    Returned,
    /// 办结: every payment has arrived, or goes on in a batch of its own (补发).
    Settled,
    /// 退回: made anew under another number.
    Voided,
}

impl BatchState {
    /// All, with their names in rows and their words.
    pub const ALL: [(BatchState, &'static str, &'static str, &'static str); 8] = [
        (BatchState::Prepared, "prepared", "已编制", "Prepared"),
        (BatchState::Checked, "checked", "已复核", "Checked"),
        (BatchState::Signed, "signed", "已签批", "Signed"),
        (BatchState::Sent, "sent", "已报财政", "With the treasury"),
        (BatchState::Paid, "paid", "财政已支付", "Paid by the treasury"),
        (BatchState::Returned, "returned", "有退票待更正", "Some came back"),
        (BatchState::Settled, "settled", "已办结", "Settled"),
        (BatchState::Voided, "voided", "已退回作废", "Sent back"),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        BatchState::ALL[self as usize].1
    }

    /// Of that name.
    pub fn named(name: &str) -> Option<BatchState> {
        BatchState::ALL.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// Chinese.
    pub fn zh(self) -> &'static str {
        BatchState::ALL[self as usize].2
    }

    /// English.
    pub fn en(self) -> &'static str {
        BatchState::ALL[self as usize].3
    }

    /// What can be done next.
    pub fn offers(self) -> &'static [Step] {
        match self {
            BatchState::Prepared => &[Step::Check, Step::SendBack],
            BatchState::Checked => &[Step::Sign, Step::SendBack],
            BatchState::Signed => &[Step::Send],
            BatchState::Sent => &[Step::TreasuryPaid],
            BatchState::Paid => &[Step::Answer],
            BatchState::Returned => &[Step::PayAgain],
            BatchState::Settled | BatchState::Voided => &[],
        }
    }
}

/// A step of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// 复核.
    Check,
    /// 签批.
    Sign,
    /// 退回重编.
    SendBack,
    /// 报财政.
    Send,
    /// 财政支付.
    TreasuryPaid,
    /// 银行回盘.
    Answer,
    /// 补发.
    PayAgain,
}

impl Step {
    /// All, with their names and words.
    pub const ALL: [(Step, &'static str, &'static str, &'static str); 7] = [
        (Step::Check, "check", "复核", "check"),
        (Step::Sign, "sign", "签批", "sign"),
        (Step::SendBack, "send_back", "退回重编", "send back"),
        (Step::Send, "send", "报财政", "send to the treasury"),
        (Step::TreasuryPaid, "treasury_paid", "登记财政支付", "record the treasury's payment"),
        (Step::Answer, "answer", "导入回盘", "read the bank's answer"),
        (Step::PayAgain, "pay_again", "补发", "pay again what came back"),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Step::ALL[self as usize].1
    }

    /// Chinese.
    pub fn zh(self) -> &'static str {
        Step::ALL[self as usize].2
    }

    /// English.
    pub fn en(self) -> &'static str {
        Step::ALL[self as usize].3
    }
}

/// The three hands every batch goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hand {
    /// 编制.
    Prepare,
    /// 复核.
    Check,
    /// 签批.
    Sign,
}

impl Hand {
    /// All, with their names in rows.
    pub const ALL: [(Hand, &'static str, &'static str, &'static str); 3] = [
        (Hand::Prepare, "prepare", "编制", "prepared"),
        (Hand::Check, "check", "复核", "checked"),
        (Hand::Sign, "sign", "签批", "signed"),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Hand::ALL[self as usize].1
    }

    /// Of that name.
    pub fn named(name: &str) -> Option<Hand> {
        Hand::ALL.iter().find(|row| row.1 == name).map(|row| row.0)
    }
}

/// A batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// It.
    pub id: BatchId,
    /// The programme.
    pub programme: Name,
    /// The month whose roster it is.
    pub period: Month,
    /// How far it is.
    pub state: BatchState,
    /// What it holds.
    pub sum: Sum,
    /// Who has had it in hand; of a delegated post both persons.
    pub hands: Vec<(Hand, PersonId)>,
}

/// What a batch holds, as it is shown to those who check and sign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many payments.
    pub lines: u64,
    /// Together.
    pub amount: Money,
    /// The root over its lines: two batches with one root are one.
    pub root: String,
}

impl Batch {
    /// The batch after somebody has checked or signed it. Who signs has seen the very lines that are there now: `seen` is
    /// what was on their paper, `found` what is added up anew.
    ///
    /// # Errors
    /// It is not that far, the same person had it before, or the lines are others.
    pub fn signed_off(&self, hand: Hand, by: &[PersonId], seen: &str, found: &Sum) -> Result<Batch, Refusal> {
        let (step, state) = match hand {
            Hand::Prepare => return Err(self.not_now(Step::Check)),
            Hand::Check => (Step::Check, BatchState::Checked),
            Hand::Sign => (Step::Sign, BatchState::Signed),
        };
        self.may(step)?;
        if let Some((had, person)) = self.hands.iter().find(|(_, person)| by.contains(person)) {
            return Err(Refusal::SameHands { person: *person, had: *had, wants: hand });
        }
        if self.sum != *found || self.sum.root != seen {
            return Err(Refusal::OtherLines { seen: seen.into(), found: found.root.clone() });
        }
        let mut batch = self.clone();
        batch.state = state;
        batch.hands.extend(by.iter().map(|person| (hand, *person)));
        Ok(batch)
    }

    /// The batch after a step that anybody of the office may take, if they may act on batches at all.
    ///
    /// # Errors
    /// It is not that far.
    pub fn moved(&self, step: Step) -> Result<Batch, Refusal> {
        self.may(step)?;
        let state = match step {
            Step::SendBack => BatchState::Voided,
            Step::Send => BatchState::Sent,
            Step::TreasuryPaid => BatchState::Paid,
            Step::PayAgain => BatchState::Settled,
            Step::Check | Step::Sign | Step::Answer => return Err(self.not_now(step)),
        };
        Ok(Batch { state, ..self.clone() })
    }

    /// The batch after the bank's answer, with so many payments that came back.
    ///
    /// # Errors
    /// It is not that far.
    pub fn answered(&self, returned: u64) -> Result<Batch, Refusal> {
        self.may(Step::Answer)?;
        let state = if returned == 0 { BatchState::Settled } else { BatchState::Returned };
        Ok(Batch { state, ..self.clone() })
    }

    fn may(&self, step: Step) -> Result<(), Refusal> {
        if self.state.offers().contains(&step) { Ok(()) } else { Err(self.not_now(step)) }
    }

    fn not_now(&self, step: Step) -> Refusal {
        Refusal::NotNow { state: self.state, step }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: PersonId = PersonId(1);
    const B: PersonId = PersonId(2);
    const C: PersonId = PersonId(3);

    fn sum() -> Sum {
        Sum { lines: 2, amount: Money::from_fen(300), root: "r".into() }
    }

    fn batch() -> Batch {
        Batch {
            id: BatchId(1),
            programme: "aid".into(),
            period: Month::ym(2026, 9),
            state: BatchState::Prepared,
            sum: sum(),
            hands: vec![(Hand::Prepare, A)],
        }
    }

    #[test]
    fn goes_through_three_hands_to_the_end() {
        let checked = batch().signed_off(Hand::Check, &[B], "r", &sum()).unwrap();
        let signed = checked.signed_off(Hand::Sign, &[C], "r", &sum()).unwrap();
        let paid = signed.moved(Step::Send).unwrap().moved(Step::TreasuryPaid).unwrap();
        assert_eq!(paid.answered(0).unwrap().state, BatchState::Settled);
        let back = paid.answered(1).unwrap();
        assert_eq!(back.state, BatchState::Returned);
        assert_eq!(back.moved(Step::PayAgain).unwrap().state, BatchState::Settled);
    }

    #[test]
    fn refuses_the_same_hands_twice_delegated_or_not() {
        for by in [&[A][..], &[B, A]] {
            let refused = batch().signed_off(Hand::Check, by, "r", &sum());
            assert_eq!(
                refused,
                Err(Refusal::SameHands { person: A, had: Hand::Prepare, wants: Hand::Check })
            );
        }
        let checked = batch().signed_off(Hand::Check, &[B], "r", &sum()).unwrap();
        for by in [A, B] {
            assert!(matches!(
                checked.signed_off(Hand::Sign, &[by], "r", &sum()),
                Err(Refusal::SameHands { wants: Hand::Sign, .. })
            ));
        }
    }

    #[test]
    fn refuses_to_sign_other_lines_than_were_seen() {
        let other = Sum { root: "s".into(), ..sum() };
        let less = Sum { amount: Money::from_fen(299), ..sum() };
        for (seen, found) in [("s", sum()), ("r", other), ("r", less)] {
            let refused = batch().signed_off(Hand::Check, &[B], seen, &found);
            assert!(matches!(refused, Err(Refusal::OtherLines { .. })), "{refused:?}");
        }
    }

    #[test]
    fn every_state_takes_what_it_offers_and_nothing_else() {
        for (state, ..) in BatchState::ALL {
            let batch = Batch { state, ..batch() };
            for (step, ..) in Step::ALL {
                let done = match step {
                    Step::Check => batch.signed_off(Hand::Check, &[B], "r", &sum()),
                    Step::Sign => batch.signed_off(Hand::Sign, &[C], "r", &sum()),
                    Step::Answer => batch.answered(1),
                    other => batch.moved(other),
                };
                assert_eq!(done.is_ok(), state.offers().contains(&step), "{state:?} {step:?}");
                if done.is_err() {
                    assert_eq!(done, Err(Refusal::NotNow { state, step }));
                }
            }
        }
    }

    #[test]
    fn names_stand_in_order() {
        for (n, row) in BatchState::ALL.iter().enumerate() {
            assert_eq!((row.0 as usize, BatchState::named(row.1)), (n, Some(row.0)));
        }
        for (n, row) in Step::ALL.iter().enumerate() {
            assert_eq!(row.0 as usize, n);
        }
        for (n, row) in Hand::ALL.iter().enumerate() {
            assert_eq!((row.0 as usize, Hand::named(row.1)), (n, Some(row.0)));
        }
    }
}
