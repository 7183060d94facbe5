//! What the applicant sees of the others' income, health, debts and checks: declared totals, or the figures of an adult who
//! agrees. Nothing passes between two who must be kept apart.

use super::{Party, Signs};
use crate::id::{Days, PersonId};
use anmin_base::date::Date;

/// An adult's consent that somebody sees their figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShowConsent {
    /// Whose figures.
    pub of: PersonId,
    /// Who may see them.
    pub to: PersonId,
    /// Who consented.
    pub signer: PersonId,
    /// When it holds.
    pub days: Days,
    /// Revoked: nothing is shown from this day on.
    pub revoked_on: Option<Date>,
}

/// Two between whom nothing passes: a violence flag, a pending divorce. Says nothing of which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Apart {
    /// The one.
    pub one: PersonId,
    /// The other.
    pub other: PersonId,
    /// When.
    pub days: Days,
}

/// What somebody sees of a person's figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum View {
    /// Nothing, not even a total that holds them.
    Nothing,
    /// Only totals of the household as declared.
    Totals,
    /// Figure by figure.
    Figures,
}

/// What `viewer` sees of a person's figures on a day. Their own, always; a ward's, as their guardian; another's, as they
/// agreed. Being kept apart overrides all but one's own.
pub fn view(viewer: PersonId, about: &Party, consents: &[ShowConsent], apart: &[Apart], on: Date) -> View {
    if viewer == about.person {
        return View::Figures;
    }
    let pair =
        |a: &Apart| (a.one, a.other) == (viewer, about.person) || (a.other, a.one) == (viewer, about.person);
    if apart.iter().any(|a| a.days.hold(on) && pair(a)) {
        return View::Nothing;
    }
    let guards = matches!(about.signs(on), Signs::Guardian(guardians) if guardians.contains(&viewer));
    // A guardian's consent ends with the guardianship, so the signature is judged by the day it is used.
    let agreed = consents.iter().any(|consent| {
        (consent.of, consent.to) == (about.person, viewer)
            && consent.days.hold(on)
            && consent.revoked_on.is_none_or(|day| on < day)
            && about.may_be_signed_by(consent.signer, on)
    });
    if guards || agreed { View::Figures } else { View::Totals }
}
