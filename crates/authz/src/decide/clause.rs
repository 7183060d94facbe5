//! One way in which a scope reaches things, held against the facts of one of them.

use super::{Allowed, Ctx, Decision, Obligation};
use crate::authority::{Authority, Capacity, Condition, DutyId, MaskId, Narrowing, Need, Reach};
use crate::id::PersonId;
use crate::reason::{Fact, Reason};
use crate::resource::{RepresentationKind, ResourceFacts, ServiceOf};
use crate::scope::{Clause, Holder, Scope};
use crate::sensitivity::Sensitivity;

/// What a clause gives in a service, after all that the service takes away.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Terms {
    /// The most sensitive.
    pub up_to: Sensitivity,
    /// What shows.
    pub mask: MaskId,
    /// What must be there.
    pub needs: Vec<Need>,
    /// What follows.
    pub then: Vec<Obligation>,
}

impl Scope {
    /// Holds the facts of one thing against the scope.
    ///
    /// A denial gives the reason nearest to a yes. That somebody is barred is said only where they would otherwise have
    /// been allowed; else the answer itself would tell whose relative is in a case.
    pub fn judge(&self, facts: &ResourceFacts<'_>, ctx: &Ctx<'_>) -> Decision {
        let mut nearest = Reason::NotPermitted;
        let mut best: Option<Allowed> = None;
        for clause in self.clauses() {
            match self.admit(clause, facts, ctx) {
                Ok(allowed) if best.as_ref().is_none_or(|best| shows_more(&allowed, best, ctx)) => {
                    best = Some(allowed);
                }
                Ok(_) => {}
                Err(reason) if reason.depth() > nearest.depth() => nearest = reason,
                Err(_) => {}
            }
        }
        if best.is_none()
            && let Some(refusal) = self.refused_glass()
        {
            let glass = Reason::BreakGlass(refusal);
            nearest = if glass.depth() > nearest.depth() { glass } else { nearest };
        }
        match best {
            Some(allowed) => Decision::Allow(Box::new(allowed)),
            None => Decision::Deny(nearest),
        }
    }

    fn admit(&self, clause: &Clause, facts: &ResourceFacts<'_>, ctx: &Ctx<'_>) -> Result<Allowed, Reason> {
        let Holder::Person { person, capacity, .. } = self.holder() else {
            return Err(Reason::NotPermitted);
        };
        let terms = clause.terms(facts.service, ctx.authority)?;
        self.reaches(clause, person, facts, ctx)?;
        let people = self.has(Condition::People);
        if people && facts.matter.is_some() {
            return Err(Reason::OutOfReach);
        }
        if clause.reach != Reach::Anywhere && capacity != Capacity::Resident && !people {
            let held = facts.subject.is_some_and(|subject| clause.subjects.contains(&subject));
            if !held && clause.reach != Reach::Contract {
                return Err(Reason::Subject { asked: facts.subject });
            }
        }
        if facts.sensitivity > terms.up_to {
            return Err(Reason::TooSensitive { asked: facts.sensitivity, up_to: terms.up_to });
        }
        // A narrowing never lifts the seal: the permit itself must be for counts only.
        let masks = &ctx.authority.parts().masks;
        let counts = masks[clause.mask.0].counts && masks[terms.mask.0].counts;
        let sealed = facts.sensitivity == Sensitivity::P4 && !counts && clause.glass.is_none();
        if sealed && (!facts.is_assigned_to(person, self.on()) || clause.reach == Reach::Anywhere) {
            return Err(Reason::Sealed);
        }
        // A broken glass lifts the need of an assignment, and no other.
        let lifted = |need: &&Need| clause.glass.is_some() && **need == Need::Assignment;
        for need in terms.needs.iter().filter(|need| !lifted(need)) {
            self.need(*need, person, facts, ctx)?;
        }
        self.not_barred(clause, person, capacity, facts)?;
        self.conditions(clause, facts, ctx)?;
        let duty = self.duty(clause, person, facts, ctx)?;
        Ok(Allowed {
            mask: terms.mask,
            up_to: terms.up_to,
            obligations: obligations(terms.then, counts, facts, ctx),
            duty,
            permit: clause.permit,
            post: clause.post,
            scope: self.only(clause),
        })
    }

    /// Whether the thing stands to the person as the clause says.
    fn reaches(
        &self,
        clause: &Clause,
        person: PersonId,
        facts: &ResourceFacts<'_>,
        ctx: &Ctx<'_>,
    ) -> Result<(), Reason> {
        let on = self.on();
        let in_area = || {
            let area = facts.area.map(|area| ctx.areas.jurisdiction(area, on));
            area.zip(clause.area).is_some_and(|(area, scope)| ctx.areas.within(area, scope, on))
        };
        let represented = |kind| facts.is_represented_by(person, kind, on);
        let reaches = match clause.reach {
            Reach::Own => facts.about == Some(person),
            Reach::Ward => represented(RepresentationKind::Guardian),
            Reach::Helped => represented(RepresentationKind::Helper),
            Reach::Household => {
                let member = facts.about.filter(|about| *about != person);
                let in_it = |about| facts.parties.is_some_and(|parties| parties.contains(&about));
                facts.applicant == Some(person) && member.is_some_and(in_it)
            }
            Reach::Reported => facts.reporter == Some(person) && in_area(),
            Reach::Assigned => facts.is_assigned_to(person, on) && in_area(),
            Reach::Area => in_area(),
            Reach::Cooperation => {
                facts.cooperation.iter().any(|c| clause.unit == Some(c.unit) && c.days.hold(on))
            }
            Reach::Contract => facts.contract.is_some_and(|contract| self.contracts().contains(&contract)),
            Reach::Anywhere => true,
        };
        // A broken glass opens one file.
        let opened = clause.glass.is_none_or(|about| facts.about == Some(about));
        if reaches && opened { Ok(()) } else { Err(Reason::OutOfReach) }
    }

    fn need(
        &self,
        need: Need,
        person: PersonId,
        facts: &ResourceFacts<'_>,
        ctx: &Ctx<'_>,
    ) -> Result<(), Reason> {
        let on = self.on();
        let met = match need {
            Need::Ticket => self.tickets().iter().any(|ticket| {
                let area = facts.area.map(|area| ctx.areas.jurisdiction(area, on));
                area.is_some_and(|area| ctx.areas.within(area, ticket.area, on))
                    && facts.subject.is_some_and(|subject| ticket.subjects.contains(&subject))
                    && ticket.matter.is_none_or(|m| facts.matter.is_some_and(|cycle| cycle.matter == m))
            }),
            Need::Consent => {
                let given =
                    |about| facts.consents.iter().any(|c| c.by == about && c.to == person && c.days.hold(on));
                facts.about.is_some_and(given)
            }
            Need::Authorisation => facts.authorisation(on).is_some(),
            Need::Assignment => facts.is_assigned_to(person, on),
        };
        if met { Ok(()) } else { Err(Reason::Missing(need)) }
    }

    /// The bars that hold whatever is permitted: one's own case, relatives, persons kept apart, the role's never.
    fn not_barred(
        &self,
        clause: &Clause,
        person: PersonId,
        capacity: Capacity,
        facts: &ResourceFacts<'_>,
    ) -> Result<(), Reason> {
        if self.forbidden_from().is_some_and(|from| facts.sensitivity >= from) {
            return Err(Reason::Forbidden);
        }
        match capacity {
            Capacity::Resident => {
                if !matches!(clause.reach, Reach::Ward | Reach::Helped | Reach::Household) {
                    return Ok(());
                }
                let apart = facts.kept_apart.ok_or(Reason::Unknown(Fact::KeptApart))?;
                let between = |a: PersonId, b: PersonId| apart.contains(&(a, b)) || apart.contains(&(b, a));
                match facts.about {
                    Some(about) if between(about, person) => Err(Reason::KeptApart),
                    _ => Ok(()),
                }
            }
            Capacity::Staff => {
                let placed = clause.reach != Reach::Anywhere;
                if placed && facts.parties.is_none() {
                    return Err(Reason::Unknown(Fact::Parties));
                }
                // Relatives of staff are compared when a case is opened.
                if placed && facts.kin.is_none() && !self.has(Condition::People) {
                    return Err(Reason::Unknown(Fact::Kin));
                }
                for hand in hands(clause, person) {
                    if self.has(Condition::NotOnSelf) && facts.about == Some(hand) {
                        return Err(Reason::OnOneself);
                    }
                    if facts.involves(hand) {
                        return Err(Reason::OwnCase);
                    }
                    if facts.kin.is_some_and(|kin| kin.contains(&hand)) {
                        return Err(Reason::Kin);
                    }
                }
                Ok(())
            }
            Capacity::Interface => Ok(()),
        }
    }

    fn conditions(&self, clause: &Clause, facts: &ResourceFacts<'_>, ctx: &Ctx<'_>) -> Result<(), Reason> {
        if self.has(Condition::OtherUnit) {
            let unit = facts.unit.ok_or(Reason::Unknown(Fact::Unit))?;
            if clause.unit == Some(unit) {
                return Err(Reason::SameUnit);
            }
        }
        if self.has(Condition::NoHandInCases) {
            let touched = facts.hands_in_cases.ok_or(Reason::Unknown(Fact::HandsInCases))?;
            if self.person().into_iter().chain(clause.on_behalf_of).any(|hand| touched.contains(&hand)) {
                return Err(Reason::HandInCases);
            }
        }
        if self.has(Condition::Capped) && clause.glass.is_some() {
            let amount = facts.amount.ok_or(Reason::Unknown(Fact::Amount))?;
            if ctx.urgent_cap.is_none_or(|cap| amount > cap) {
                return Err(Reason::AboveCap { cap: ctx.urgent_cap });
            }
        }
        Ok(())
    }

    fn duty(
        &self,
        clause: &Clause,
        person: PersonId,
        facts: &ResourceFacts<'_>,
        ctx: &Ctx<'_>,
    ) -> Result<Option<(DutyId, Vec<PersonId>)>, Reason> {
        let Some(duty) = self.takes() else { return Ok(None) };
        let cycle = facts.matter.ok_or(Reason::Unknown(Fact::Matter))?;
        let taken = facts.taken.ok_or(Reason::Unknown(Fact::Taken))?;
        let hands: Vec<PersonId> = hands(clause, person).collect();
        ctx.authority.may_take(taken, cycle, &hands, duty, facts.service).map_err(Reason::Duty)?;
        Ok(Some((duty, hands)))
    }
}

/// The person, and who delegated the post: both count.
fn hands(clause: &Clause, person: PersonId) -> impl Iterator<Item = PersonId> {
    std::iter::once(person).chain(clause.on_behalf_of)
}

/// A broken glass is used only where nothing else serves; among the rest, the mask that shows more.
fn shows_more(new: &Allowed, best: &Allowed, ctx: &Ctx<'_>) -> bool {
    if new.permit.is_none() != best.permit.is_none() {
        return best.permit.is_none();
    }
    let masks = &ctx.authority.parts().masks;
    let (wide, narrow) = (&masks[new.mask.0], &masks[best.mask.0]);
    let more_mask = narrow.is_within(wide) && !wide.is_within(narrow);
    more_mask || new.mask == best.mask && new.up_to > best.up_to
}

fn obligations(
    mut then: Vec<Obligation>,
    counts: bool,
    facts: &ResourceFacts<'_>,
    ctx: &Ctx<'_>,
) -> Vec<Obligation> {
    if counts {
        then.push(Obligation::SuppressCountsBelow(ctx.authority.parts().limits.smallest_count));
    }
    if facts.sensitivity.is_personal() {
        then.push(Obligation::LogAccess);
    }
    then.sort_unstable();
    then.dedup();
    then
}

impl Clause {
    /// What it gives in a service: a store's predicate asks for these, service by service.
    ///
    /// # Errors
    /// Nothing there.
    pub fn terms(&self, service: ServiceOf, authority: &Authority) -> Result<Terms, Reason> {
        let (needs, then) = (self.needs.clone(), self.then.clone());
        let mut terms = Terms { up_to: self.up_to, mask: self.mask, needs, then };
        for (narrowing, row) in &self.narrowings {
            if service.is_narrowed_by(*narrowing) {
                terms.narrow(&authority.parts().services[narrowing.0].narrowings[*row], authority)?;
            }
        }
        Ok(terms)
    }
}

impl Terms {
    fn narrow(&mut self, row: &Narrowing, authority: &Authority) -> Result<(), Reason> {
        if row.forbid {
            return Err(Reason::ForbiddenHere);
        }
        self.up_to = self.up_to.min(row.up_to.unwrap_or(self.up_to));
        if let Some(id) = row.mask {
            let masks = &authority.parts().masks;
            let (new, old) = (&masks[id.0], &masks[self.mask.0]);
            if new.is_within(old) {
                self.mask = id;
            } else if !old.is_within(new) {
                // Two packs, of which one is not known to be meant, show different things: neither can be shown.
                return Err(Reason::ForbiddenHere);
            }
        }
        self.needs.extend(&row.needs);
        self.then.extend(&row.then);
        Ok(())
    }
}
