//! Scopes: what a store must add to every predicate over personal rows.
//!
//! A scope cannot be made outside this crate but by asking: [`Scope::for_actor`] for a list, the
//! [`crate::decide::Allowed`] of a decision for one thing, [`Scope::system`] for a job of the enumerated ones. A store's
//! functions take `&Scope`, so that a forgotten area is a program that does not compile.
//!
//! The meaning of a scope is [`Scope::admits`]. A store translates each clause into a condition and joins them by *or*;
//! the bars hold for all: the relatives' bar, the persons kept apart, `forbidden_from`, the duties already done.

mod system;
#[cfg(test)]
mod tests;

pub use system::SystemJob;

use crate::actor::{Actor, Ticket};
use crate::authority::{
    ActionId, Capacity, Condition, DutyId, MaskId, Narrowing, Need, Permit, PermitId, PurposeId, Reach,
    RoleId, ServiceId, SubjectId,
};
use crate::break_glass::BreakGlassRefusal;
use crate::decide::{Ctx, Obligation, readiness};
use crate::id::{AreaId, ContractId, LoginId, PersonId, PostId, UnitId};
use crate::post::Post;
use crate::reason::Reason;
use crate::resource::ResourceFacts;
use crate::sensitivity::Sensitivity;
use anmin_base::date::Date;

/// What somebody may reach for an action and a purpose, on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    holder: Holder,
    on: Date,
    clauses: Vec<Clause>,
    tickets: Vec<Ticket>,
    contracts: Vec<ContractId>,
    forbidden_from: Option<Sensitivity>,
    conditions: Vec<Condition>,
    takes: Option<DutyId>,
    refused_glass: Option<BreakGlassRefusal>,
}

/// Whose scope it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A person's or a partner's machine's.
    Person {
        /// Who.
        person: PersonId,
        /// What they signed in with.
        login: LoginId,
        /// As what.
        capacity: Capacity,
        /// To do what.
        action: ActionId,
        /// For what.
        purpose: PurposeId,
    },
    /// A job's.
    Job(SystemJob),
}

/// One way in which a scope reaches rows: all of its parts must hold. Read by stores, made here only.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Clause {
    /// The permit it comes from; none for a broken glass.
    pub permit: Option<PermitId>,
    /// The role.
    pub role: RoleId,
    /// The post.
    pub post: Option<PostId>,
    /// The unit of the post.
    pub unit: Option<UnitId>,
    /// Who delegated the post: barred and bound like the person.
    pub on_behalf_of: Option<PersonId>,
    /// How a row must stand to the person.
    pub reach: Reach,
    /// The area of the post; a row's jurisdiction is it or below it, where the reach asks for the area.
    pub area: Option<AreaId>,
    /// The subjects of the post; a row's is one of them, unless the reach is `Anywhere` or `Contract`.
    pub subjects: Vec<SubjectId>,
    /// The most sensitive.
    pub up_to: Sensitivity,
    /// What shows.
    pub mask: MaskId,
    /// What must be there.
    pub needs: Vec<Need>,
    /// What follows.
    pub then: Vec<Obligation>,
    /// Rows of service packs that take away: the service and the place among its narrowings. See [`Clause::terms`].
    pub narrowings: Vec<(ServiceId, usize)>,
    /// The one person whose file a broken glass opens.
    pub glass: Option<PersonId>,
}

impl Scope {
    /// What the person may reach: for lists, searches, exports and counts.
    ///
    /// # Errors
    /// They may reach nothing at all for this action and purpose, or not now.
    pub fn for_actor(
        actor: &Actor,
        action: ActionId,
        purpose: PurposeId,
        ctx: &Ctx<'_>,
    ) -> Result<Scope, Reason> {
        let scope = Scope::assemble(actor, action, purpose, ctx)?;
        if scope.clauses.is_empty() {
            return Err(scope.refused_glass.map_or(Reason::NotPermitted, Reason::BreakGlass));
        }
        readiness(actor, action, ctx)?;
        Ok(scope)
    }

    /// What a job of the enumerated ones may reach. Each use is written into the journal by whoever runs jobs.
    pub fn system(job: SystemJob, on: Date) -> Scope {
        Scope::empty(Holder::Job(job), on)
    }

    fn empty(holder: Holder, on: Date) -> Scope {
        Scope {
            holder,
            on,
            clauses: Vec::new(),
            tickets: Vec::new(),
            contracts: Vec::new(),
            forbidden_from: None,
            conditions: Vec::new(),
            takes: None,
            refused_glass: None,
        }
    }

    /// All that does not depend on the thing. Whether the second factor was shown is not looked at here.
    pub(crate) fn assemble(
        actor: &Actor,
        action: ActionId,
        purpose: PurposeId,
        ctx: &Ctx<'_>,
    ) -> Result<Scope, Reason> {
        let parts = ctx.authority.parts();
        let (Some(act), Some(_)) = (parts.actions.get(action.0), parts.purposes.get(purpose.0)) else {
            return Err(Reason::NotPermitted);
        };
        let posts = posts_in_force(actor, ctx);
        if actor.capacity != Capacity::Resident && posts.is_empty() {
            return Err(Reason::NoPost);
        }
        let forbids = parts.forbids.iter().filter(|forbid| {
            forbid.actions.contains(&action) && posts.iter().any(|post| forbid.roles.contains(&post.role()))
        });
        let forbidden_from = forbids.map(|forbid| forbid.from).min();
        if forbidden_from == Some(Sensitivity::P0) {
            return Err(Reason::Forbidden);
        }
        let tickets = actor.tickets.iter().filter(|ticket| {
            ticket.person == actor.person && ticket.issued_by != actor.person && ticket.days.hold(ctx.on)
        });
        let Actor { person, login, capacity, .. } = *actor;
        let mut scope = Scope {
            tickets: tickets.cloned().collect(),
            contracts: actor.contracts.clone(),
            forbidden_from,
            conditions: act.conditions.clone(),
            takes: act.duty,
            ..Scope::empty(Holder::Person { person, login, capacity, action, purpose }, ctx.on)
        };
        let any_permit = scope.gather(actor, &posts, action, purpose, ctx);
        scope.break_the_glass(actor, &posts, action, purpose, ctx);
        match (scope.clauses.is_empty() && scope.refused_glass.is_none(), any_permit) {
            (false, _) => Ok(scope),
            (true, true) => Err(Reason::Purpose),
            (true, false) => Err(Reason::NotPermitted),
        }
    }

    /// Adds a clause for each permit and reach. Whether there was any permit for the action, whatever the purpose.
    fn gather(
        &mut self,
        actor: &Actor,
        posts: &[&Post],
        action: ActionId,
        purpose: PurposeId,
        ctx: &Ctx<'_>,
    ) -> bool {
        let mut any = false;
        let residents = ctx.authority.parts().roles.iter().enumerate();
        let residents = residents.filter(|(_, role)| role.capacity == Capacity::Resident);
        let mut held: Vec<(RoleId, Option<&Post>)> =
            posts.iter().map(|post| (post.role(), Some(*post))).collect();
        if actor.capacity == Capacity::Resident {
            held.extend(residents.map(|(id, _)| (RoleId(id), None)));
        }
        for (role, post) in held {
            for (id, permit) in ctx.authority.permits(role, action) {
                any = true;
                if permit.purposes.contains(&purpose) {
                    let clauses = permit.reach.iter().map(|reach| {
                        let mut clause = clause(id, permit, *reach, post);
                        clause.up_to = clause.up_to.min(ctx.authority.parts().purposes[purpose.0].up_to);
                        clause.narrowings = narrowings(role, action, ctx);
                        clause
                    });
                    self.clauses.extend(clauses);
                }
            }
        }
        any
    }

    fn break_the_glass(
        &mut self,
        actor: &Actor,
        posts: &[&Post],
        action: ActionId,
        purpose: PurposeId,
        ctx: &Ctx<'_>,
    ) {
        let (Some(glass), Capacity::Staff) = (&actor.break_glass, actor.capacity) else { return };
        let parts = ctx.authority.parts();
        let Some(rule) = &parts.break_glass else {
            self.refused_glass = Some(BreakGlassRefusal::NoRule);
            return;
        };
        if !rule.actions.contains(&action) {
            return;
        }
        if let Err(refusal) = glass.holds(rule, &parts.limits, actor.person, purpose, ctx.at) {
            self.refused_glass = Some(refusal);
            return;
        }
        for post in posts {
            if rule.roles.contains(&post.role()) && post.subjects().contains(&glass.subject) {
                self.clauses.push(Clause {
                    permit: None,
                    role: post.role(),
                    post: Some(post.id()),
                    unit: Some(post.unit()),
                    on_behalf_of: post.delegated_by(),
                    reach: Reach::Area,
                    area: Some(post.area()),
                    subjects: vec![glass.subject],
                    up_to: rule.up_to.min(parts.purposes[purpose.0].up_to),
                    mask: rule.mask,
                    needs: Vec::new(),
                    then: vec![
                        Obligation::NotifySupervisor,
                        Obligation::NotifyResidentWithinHours(rule.resident_hours),
                        Obligation::ReviewWithinWorkingDays(rule.review_working_days),
                    ],
                    narrowings: narrowings(post.role(), action, ctx),
                    glass: Some(glass.about),
                });
            }
        }
    }

    /// Whether a row with these facts is in the scope: what a store's predicate must agree with.
    pub fn admits(&self, facts: &ResourceFacts<'_>, ctx: &Ctx<'_>) -> bool {
        match self.holder {
            Holder::Job(job) => facts.sensitivity <= job.up_to(),
            Holder::Person { .. } => self.judge(facts, ctx).allowed().is_some(),
        }
    }

    /// The same, through one clause.
    pub(crate) fn only(&self, clause: &Clause) -> Scope {
        Scope { clauses: vec![clause.clone()], ..self.clone() }
    }

    /// Whose it is.
    pub fn holder(&self) -> Holder {
        self.holder
    }

    /// The person, if it is one's. No row may show of a case the person is in, or is a relative in, if they are staff.
    pub fn person(&self) -> Option<PersonId> {
        match self.holder {
            Holder::Person { person, .. } => Some(person),
            Holder::Job(_) => None,
        }
    }

    /// The job, if it is one's.
    pub fn job(&self) -> Option<SystemJob> {
        match self.holder {
            Holder::Person { .. } => None,
            Holder::Job(job) => Some(job),
        }
    }

    /// The day it holds on.
    pub fn on(&self) -> Date {
        self.on
    }

    /// The ways in which it reaches rows; a row is reached by any of them.
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// The tickets in force.
    pub fn tickets(&self) -> &[Ticket] {
        &self.tickets
    }

    /// The agreements exchanged under.
    pub fn contracts(&self) -> &[ContractId] {
        &self.contracts
    }

    /// From which sensitivity on nothing is reached, whatever the clauses say.
    pub fn forbidden_from(&self) -> Option<Sensitivity> {
        self.forbidden_from
    }

    /// The duty that doing it takes: a row on which the person, or who delegated the post, has done a separate duty in
    /// the same cycle is not reached.
    pub fn takes(&self) -> Option<DutyId> {
        self.takes
    }

    /// The most sensitive that any clause, or the job, reaches.
    pub fn up_to(&self) -> Option<Sensitivity> {
        match self.holder {
            Holder::Job(job) => Some(job.up_to()),
            Holder::Person { .. } => self.clauses.iter().map(|clause| clause.up_to).max(),
        }
    }

    pub(crate) fn has(&self, condition: Condition) -> bool {
        self.conditions.contains(&condition)
    }

    pub(crate) fn refused_glass(&self) -> Option<BreakGlassRefusal> {
        self.refused_glass
    }
}

/// The posts that count: the person's own, in force, of roles for what they signed in as.
fn posts_in_force<'a>(actor: &'a Actor, ctx: &Ctx<'_>) -> Vec<&'a Post> {
    let fits = |post: &&Post| {
        let role = ctx.authority.parts().roles.get(post.role().0);
        post.person() == actor.person
            && role.is_some_and(|role| role.capacity == actor.capacity)
            && post.is_in_force(ctx.areas, ctx.on)
    };
    if actor.capacity == Capacity::Resident {
        return Vec::new();
    }
    actor.posts.iter().filter(fits).collect()
}

fn clause(id: PermitId, permit: &Permit, reach: Reach, post: Option<&Post>) -> Clause {
    Clause {
        permit: Some(id),
        role: permit.role,
        post: post.map(Post::id),
        unit: post.map(Post::unit),
        on_behalf_of: post.and_then(Post::delegated_by),
        reach,
        area: post.map(Post::area),
        subjects: post.map_or(Vec::new(), |post| post.subjects().to_vec()),
        up_to: permit.up_to,
        mask: permit.mask,
        needs: permit.needs.clone(),
        then: permit.then.clone(),
        narrowings: Vec::new(),
        glass: None,
    }
}

fn narrowings(role: RoleId, action: ActionId, ctx: &Ctx<'_>) -> Vec<(ServiceId, usize)> {
    let meant = |row: &Narrowing| row.roles.contains(&role) && row.actions.contains(&action);
    let services = ctx.authority.parts().services.iter().enumerate();
    let rows = services.flat_map(|(id, service)| {
        let rows = service.narrowings.iter().enumerate().filter(|(_, row)| meant(row));
        rows.map(move |(at, _)| (ServiceId(id), at)).collect::<Vec<_>>()
    });
    rows.collect()
}
