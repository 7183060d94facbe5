//! From `authz`'s clauses to ours: names instead of numbers, and for each service what it takes away.

use super::{Clause, Holder, Near, Packs, Reach, Scope, Ticket};
use crate::id::Id;
use anmin_authz::authority::{
    Authority, Capacity, Condition, DutyId, Need, Reach as How, ServiceId, SubjectId,
};
use anmin_authz::id::PostId;
use anmin_authz::resource::ServiceOf;
use anmin_authz::scope::{self as authz, Clause as Given};
use anmin_authz::sensitivity::Sensitivity;

pub(super) fn scope(given: &authz::Scope, authority: &Authority) -> Scope {
    let (holder, reach) = match given.holder() {
        authz::Holder::Job(job) => (Holder::Job(job.name(), job.writes()), Reach::UpTo(level(job.up_to()))),
        authz::Holder::Person { person, capacity, action, .. } => {
            let conditions = authority.parts().actions.get(action.0).map(|action| &action.conditions[..]);
            let compiler = Compiler { given, authority, capacity, conditions: conditions.unwrap_or(&[]) };
            let clauses = given.clauses().iter().flat_map(|clause| compiler.clauses(clause, Id(person.0)));
            let post = one_post(given.clauses()).map(|post| Id(post.0));
            let resident = capacity == Capacity::Resident;
            (Holder::Person { person: Id(person.0), post, resident }, Reach::Clauses(clauses.collect()))
        }
    };
    let tickets = given.tickets().iter().map(|ticket| Ticket {
        area: Id(ticket.area.0),
        subjects: subjects(authority, &ticket.subjects),
        case: ticket.matter.map(|matter| Id(matter.0)),
    });
    Scope { holder, on: given.on(), reach, tickets: tickets.collect() }
}

/// The post that all clauses come from.
fn one_post(clauses: &[Given]) -> Option<PostId> {
    let first = clauses.first()?.post?;
    clauses.iter().all(|clause| clause.post == Some(first)).then_some(first)
}

fn level(sensitivity: Sensitivity) -> i64 {
    match sensitivity {
        Sensitivity::P0 => 0,
        Sensitivity::P1 => 1,
        Sensitivity::P2 => 2,
        Sensitivity::P3 => 3,
        Sensitivity::P4 => 4,
    }
}

fn subjects(authority: &Authority, ids: &[SubjectId]) -> Vec<String> {
    ids.iter().filter_map(|id| authority.parts().subjects.get(id.0)).map(|row| row.name.clone()).collect()
}

/// The line of work of those who run checks.
const CHECKS: &str = "checks";
/// The line of work of those who handle money.
const FUNDS: &str = "funds";

struct Compiler<'a> {
    given: &'a authz::Scope,
    authority: &'a Authority,
    capacity: Capacity,
    conditions: &'a [Condition],
}

impl Compiler<'_> {
    /// The clauses that one stands for: one for the services that take nothing away, one for each way in which others
    /// do, and one for people outside any case.
    fn clauses(&self, given: &Given, person: Id) -> Vec<Clause> {
        let Some(near) = near(given) else { return Vec::new() };
        let has = |condition| self.conditions.contains(&condition);
        // Whoever signs a batch reaches batches only. No row of a case has an amount.
        if has(Condition::NoHandInCases) {
            return self.money(given, near, person).into_iter().collect();
        }
        if has(Condition::Capped) && given.glass.is_some() {
            return Vec::new();
        }
        if has(Condition::People) {
            return self.outside(given, near, person).into_iter().collect();
        }
        let core = self.clause(given, near, person, ServiceOf::Core);
        let services = self.authority.parts().services.iter().enumerate();
        let mut others: Vec<(Option<Clause>, Vec<String>)> = Vec::new();
        for (id, service) in services {
            let clause = self.clause(given, near, person, ServiceOf::Narrowed(ServiceId(id)));
            if clause == core {
                continue;
            }
            match others.iter_mut().find(|(other, _)| *other == clause) {
                Some((_, names)) => names.push(service.name.clone()),
                None => others.push((clause, vec![service.name.clone()])),
            }
        }
        let mut clauses = Vec::new();
        let apart: Vec<String> = others.iter().flat_map(|(_, names)| names.clone()).collect();
        let packs = if apart.is_empty() { Packs::Any } else { Packs::Except(apart) };
        clauses.extend(core.map(|core| Clause { packs, ..core }));
        for (clause, names) in others {
            clauses.extend(clause.map(|clause| Clause { packs: Packs::Only(names), ..clause }));
        }
        clauses.extend(self.outside(given, near, person));
        clauses.extend(self.money(given, near, person));
        clauses
    }

    /// Batches and what hangs on them: of those whose line of work is money, in their area.
    fn money(&self, given: &Given, near: Near, person: Id) -> Option<Clause> {
        let funds = subjects(self.authority, &given.subjects).iter().any(|name| name == FUNDS);
        if near != Near::Area || !funds {
            return None;
        }
        let clause = self.clause(given, near, person, ServiceOf::Core)?;
        Some(Clause { packs: Packs::Money, ..clause })
    }

    /// What it gives in cases of a service; nothing where the service or these tables leave nothing.
    fn clause(&self, given: &Given, near: Near, person: Id, service: ServiceOf) -> Option<Clause> {
        let terms = given.terms(service, self.authority).ok()?;
        let needs = |need| terms.needs.contains(&need);
        // Whoever checks is reached by what is to be checked, whatever line of work the case is of.
        let checks = needs(Need::Authorisation);
        if checks && !subjects(self.authority, &given.subjects).iter().any(|name| name == CHECKS) {
            return None;
        }
        let counts = self.authority.parts().masks.get(terms.mask.0)?.counts;
        let placed = near != Near::Anywhere;
        let below = self.given.forbidden_from().map_or(4, |from| level(from) - 1);
        // A service that takes all but counts away does not lift the seal: the permit itself must be for counts only.
        let lifts = counts && self.authority.parts().masks.get(given.mask.0)?.counts;
        let sealed = !lifts && given.glass.is_none();
        let most = if sealed && !placed { 3 } else { 4 };
        let hands = std::iter::once(person).chain(given.on_behalf_of.map(|delegate| Id(delegate.0)));
        let other_unit = self.conditions.contains(&Condition::OtherUnit);
        Some(Clause {
            near,
            within: given.area.map(|area| Id(area.0)),
            subjects: (placed && !checks && self.capacity != Capacity::Resident)
                .then(|| subjects(self.authority, &given.subjects)),
            packs: Packs::Any,
            up_to: level(terms.up_to).min(below).min(most),
            sealed,
            counts,
            needs_ticket: needs(Need::Ticket),
            needs_consent: needs(Need::Consent),
            needs_assignment: needs(Need::Assignment) && given.glass.is_none(),
            checks,
            party: self.conditions.contains(&Condition::Party),
            declares: self.conditions.contains(&Condition::ForHousehold),
            other_unit: other_unit.then(|| given.unit.map(|unit| Id(unit.0))),
            about: given.glass.map(|about| Id(about.0)),
            hands: hands.collect(),
            barred: self.capacity == Capacity::Staff,
            apart: self.capacity == Capacity::Resident && matches!(near, Near::Acts(_) | Near::Household),
            with_duties: self.given.takes().map(|duty| self.together(duty, service)),
        })
    }

    /// People outside any case have no subject, no assignment, no cycle: only who is tied to none of these, or to the
    /// person, reaches them. Which service they belong to is not said, so that every narrowing holds.
    fn outside(&self, given: &Given, near: Near, person: Id) -> Option<Clause> {
        let clause = self.clause(given, near, person, ServiceOf::Unknown)?;
        let told = matches!(near, Near::Own | Near::Acts(_)) && self.capacity == Capacity::Resident;
        let people = near == Near::Area && self.conditions.contains(&Condition::People);
        let free = (told || people || near == Near::Anywhere)
            && !clause.needs_ticket
            && !clause.needs_assignment
            && clause.other_unit.is_none()
            && clause.with_duties.is_none();
        let most = if clause.sealed { 3 } else { 4 };
        let up_to = clause.up_to.min(most);
        free.then_some(Clause { packs: Packs::Outside, up_to, ..clause })
    }

    /// The duties that may come together with this one.
    fn together(&self, duty: DutyId, service: ServiceOf) -> Vec<String> {
        let duties = self.authority.parts().duties.iter().enumerate();
        let fits = |id: usize| !self.authority.are_separate(DutyId(id), duty, service);
        duties.filter(|(id, _)| fits(*id)).map(|(_, row)| row.name.clone()).collect()
    }
}

fn near(given: &Given) -> Option<Near> {
    Some(match given.reach {
        How::Own => Near::Own,
        How::Ward => Near::Acts("guardian"),
        How::Helped => Near::Acts("helper"),
        How::Household => Near::Household,
        How::Assigned => Near::Assigned,
        How::Area => Near::Area,
        How::Cooperation => Near::Cooperation(Id(given.unit?.0)),
        How::Anywhere => Near::Anywhere,
        // Neither stands in a row.
        How::Reported | How::Contract => return None,
    })
}
