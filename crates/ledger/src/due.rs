//! What is to be paid for a month: the month's own amounts, and arrears for earlier months with the decision that makes
//! them owed. What was overpaid is told and never taken off: only a decision of its own asks it back.

use crate::benefit::Rhythm;
use crate::grant::Grant;
use crate::id::{ChangeId, GrantId, Name, PersonId};
use crate::refusal::Refusal;
use anmin_base::date::Month;
use anmin_base::money::Money;
use std::collections::BTreeMap;

/// Why a payment is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// It is the month's own.
    Regular,
    /// A decision makes it owed afterwards.
    Change(ChangeId),
}

/// What makes a payment that payment: there is one live payment of each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// Who is paid.
    pub payee: PersonId,
    /// For which programme.
    pub programme: Name,
    /// For which month.
    pub period: Month,
    /// Which part.
    pub component: Name,
    /// Why.
    pub cause: Cause,
}

/// A payment that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The grant.
    pub grant: GrantId,
    /// What it is.
    pub identity: Identity,
    /// How much: above zero.
    pub amount: Money,
}

/// A live payment that was made, or is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// For which month.
    pub period: Month,
    /// Which part.
    pub component: Name,
    /// Why.
    pub cause: Cause,
    /// How much.
    pub amount: Money,
}

/// What was paid and is not owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overpaid {
    /// For which month.
    pub period: Month,
    /// Which part.
    pub component: Name,
    /// How much too much.
    pub amount: Money,
}

/// What a grant is to be paid in a month's roster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dues {
    /// The payments, the earliest month first.
    pub payments: Vec<Due>,
    /// What was overpaid, for somebody to look at.
    pub overpaid: Vec<Overpaid>,
}

/// What a grant is to be paid in the roster of `period`, given what was paid for the months from `since` on. Earlier
/// months are settled and are not looked at.
///
/// # Errors
/// An amount overflows, or the same cause would pay the same month twice: then the books are wrong, and nobody is paid.
pub fn due(
    grant: &Grant,
    rhythm: Rhythm,
    since: Month,
    period: Month,
    earlier: &[Earlier],
) -> Result<Dues, Refusal> {
    let mut dues = Dues::default();
    let Some(begins) = grant.first_month() else { return Ok(dues) };
    let mut month = since.max(begins);
    while month <= period {
        let paid = earlier.iter().filter(|payment| payment.period == month);
        one_month(grant, rhythm, month, period, &paid.collect::<Vec<_>>(), &mut dues)?;
        month = month.next();
    }
    Ok(dues)
}

fn one_month(
    grant: &Grant,
    rhythm: Rhythm,
    month: Month,
    period: Month,
    paid: &[&Earlier],
    dues: &mut Dues,
) -> Result<(), Refusal> {
    let overflow = || Refusal::Overflow { grant: grant.id, period: month };
    // Of each component: what it is worth, and what was paid.
    let mut parts: BTreeMap<&str, (Money, Money)> = BTreeMap::new();
    let owed =
        grant.owed(month).filter(|owed| rhythm == Rhythm::Monthly || grant.from(owed.set) == Some(month));
    if let Some(owed) = &owed {
        for (component, amount) in owed.amounts.parts() {
            parts.entry(component).or_default().0 = *amount;
        }
    }
    for payment in paid {
        let sum = &mut parts.entry(&payment.component).or_default().1;
        *sum = sum.checked_add(payment.amount).ok_or_else(overflow)?;
    }
    for (component, (worth, had)) in parts {
        let left = worth.checked_sub(had).ok_or_else(overflow)?;
        let component = component.to_owned();
        if left.is_negative() {
            let amount = Money::from_fen(-left.fen());
            dues.overpaid.push(Overpaid { period: month, component, amount });
            continue;
        }
        let Some(by) = owed.as_ref().map(|owed| owed.by).filter(|_| left != Money::ZERO) else { continue };
        let regular = paid.iter().any(|p| p.component == component && p.cause == Cause::Regular);
        let cause = match month == period && !regular {
            true => Cause::Regular,
            false => Cause::Change(by.id),
        };
        if paid.iter().any(|p| p.component == component && p.cause == cause) {
            return Err(Refusal::PaidTwice { grant: grant.id, period: month, component });
        }
        let identity = Identity {
            payee: grant.payee,
            programme: grant.programme.clone(),
            period: month,
            component,
            cause,
        };
        dues.payments.push(Due { grant: grant.id, identity, amount: left });
    }
    Ok(())
}
