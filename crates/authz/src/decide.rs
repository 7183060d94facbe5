//! The decision: may this person do this to that, for this purpose, now?
//!
//! It is made in two steps that lists share. [`Scope::for_actor`] gathers what does not depend on the thing: posts in
//! force, permits for the action and purpose, what is forbidden. [`Scope::judge`] holds the facts of one thing against
//! it. So a list under a scope shows exactly the rows that would be allowed one by one.

mod clause;
#[cfg(test)]
mod tests;

pub use clause::Terms;

use crate::actor::Actor;
use crate::area::AreaTree;
use crate::authority::{ActionId, Authority, Condition, DutyId, FieldId, MaskId, PermitId, PurposeId};
use crate::id::{Moment, PersonId, PostId};
use crate::mask::Form;
use crate::reason::Reason;
use crate::resource::ResourceFacts;
use crate::scope::Scope;
use crate::sensitivity::Sensitivity;
use anmin_base::date::Date;
use anmin_base::money::Money;

/// What a decision is made under.
#[derive(Clone, Copy, Debug)]
pub struct Ctx<'a> {
    /// The table.
    pub authority: &'a Authority,
    /// The areas.
    pub areas: &'a AreaTree,
    /// The day.
    pub on: Date,
    /// The moment, for what lasts minutes.
    pub at: Moment,
    /// The most that may be given by breaking the glass; none where the place has set nothing.
    pub urgent_cap: Option<Money>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// Yes, under these terms.
    Allow(Box<Allowed>),
    /// No.
    Deny(Reason),
}

/// The terms of a yes.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Allowed {
    /// What shows, up to [`Allowed::up_to`].
    pub mask: MaskId,
    /// The most sensitive that shows.
    pub up_to: Sensitivity,
    /// What has to be done with it.
    pub obligations: Vec<Obligation>,
    /// The duty that doing it takes, and who takes it: the person, and who delegated the post.
    pub duty: Option<(DutyId, Vec<PersonId>)>,
    /// The permit it rests on; none for a broken glass.
    pub permit: Option<PermitId>,
    /// The post it rests on; none for residents.
    pub post: Option<PostId>,
    /// What a store needs to reach it, and no more.
    pub scope: Scope,
}

/// What follows from a yes. The caller cannot leave one out: it matches on all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Obligation {
    /// Write the access row, before anything is shown.
    LogAccess,
    /// The resident confirms it with a code, a signature or a fingerprint.
    ResidentConfirms,
    /// Two visitors, as [`crate::visit::Visitors`] pairs them.
    TwoVisitors,
    /// The reason is written down.
    GiveReason,
    /// Counts below this are not shown.
    SuppressCountsBelow(u16),
    /// The supervisor hears of it at once.
    NotifySupervisor,
    /// The resident hears of it within so many hours.
    NotifyResidentWithinHours(u16),
    /// Another unit reviews it within so many working days.
    ReviewWithinWorkingDays(u16),
}

/// Decides. Whatever is not permitted is denied, and whatever is forbidden is denied even so.
pub fn decide(
    actor: &Actor,
    action: ActionId,
    facts: &ResourceFacts<'_>,
    purpose: PurposeId,
    ctx: &Ctx<'_>,
) -> Decision {
    let decision = match Scope::assemble(actor, action, purpose, ctx) {
        Ok(scope) => scope.judge(facts, ctx),
        Err(reason) => Decision::Deny(reason),
    };
    // Last, so that nobody is asked for a second factor to be told no.
    match (&decision, readiness(actor, action, ctx)) {
        (Decision::Allow(_), Err(reason)) => Decision::Deny(reason),
        _ => decision,
    }
}

/// Whether the person has shown the second factor where it is asked for, and not used up the day's ration.
pub(crate) fn readiness(actor: &Actor, action: ActionId, ctx: &Ctx<'_>) -> Result<(), Reason> {
    let limits = &ctx.authority.parts().limits;
    let has = |condition| ctx.authority.parts().actions[action.0].conditions.contains(&condition);
    let rationed = has(Condition::Rationed);
    if rationed && actor.rationed_today >= limits.rationed_a_day {
        return Err(Reason::UsedUp { a_day: limits.rationed_a_day });
    }
    let asked = has(Condition::StepUp) || rationed && actor.rationed_today >= limits.step_up_after;
    let fresh = |shown: Moment| ctx.at.is_within_minutes_of(shown, limits.step_up_minutes);
    if asked && !actor.stepped_up.is_some_and(fresh) {
        return Err(Reason::StepUp { minutes: limits.step_up_minutes });
    }
    Ok(())
}

impl Decision {
    /// The terms, if it is a yes.
    pub fn allowed(&self) -> Option<&Allowed> {
        match self {
            Decision::Allow(allowed) => Some(allowed),
            Decision::Deny(_) => None,
        }
    }

    /// The reason, if it is a no.
    pub fn denied(&self) -> Option<&Reason> {
        match self {
            Decision::Allow(_) => None,
            Decision::Deny(reason) => Some(reason),
        }
    }
}

impl Allowed {
    /// The form in which a field shows.
    pub fn form(&self, authority: &Authority, field: FieldId) -> Form {
        let parts = authority.parts();
        parts.masks[self.mask.0].form_up_to(field, &parts.fields[field.0], self.up_to)
    }
}
