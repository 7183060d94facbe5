//! Under which of their rights somebody takes a step: the duty of a post for staff, their own affairs for residents.

use super::file::{CaseFile, Ground};
use crate::error::{Error, Refusal, Result};
use crate::office::{Now, Office, Order};
use anmin_authz::authority::{ActionId, Capacity, DutyId, PurposeId, SourceId};
use anmin_authz::decide::{Allowed, Decision};
use anmin_authz::id::PersonId;
use anmin_authz::reason::Reason;
use anmin_authz::resource::ResourceFacts;
use anmin_authz::scope::Scope as AuthzScope;
use anmin_casework::record::{Actor, Person};
use anmin_casework::workflow::{Name, Workflow};
use anmin_store::Id;

/// One way in which the caller may do an act: the duty class it counts as, and what they reach by it.
#[derive(Debug)]
pub(crate) struct Way {
    pub duty: Name,
    pub scope: AuthzScope,
    pub purpose: PurposeId,
}

impl Office {
    /// The ways to do an act in one of these duty classes, the caller's rights alone considered. With a duty given, only
    /// that one.
    ///
    /// # Errors
    /// There is none, for the reason that is nearest to a yes.
    pub(crate) fn ways(
        &self,
        order: &Order<'_>,
        workflow: &Workflow,
        duties: &[Name],
        act: &str,
        only: Option<&str>,
    ) -> Result<Vec<Way>> {
        let resident = order.caller.capacity == Capacity::Resident;
        let mut ways = Vec::new();
        let mut nearest = None;
        for duty in duties.iter().filter(|duty| only.is_none_or(|only| only == *duty)) {
            let staff = workflow.duty(duty).is_some_and(|d| d.staff);
            if staff == resident {
                continue;
            }
            for action in self.actions(staff.then_some(duty), act) {
                match self.scope(order.caller, action, order.purpose, order.now) {
                    Ok((scope, purpose)) => ways.push(Way { duty: duty.clone(), scope, purpose }),
                    Err(error) => nearest = Some(error),
                }
            }
        }
        match (ways.is_empty(), nearest) {
            (false, _) => Ok(ways),
            (true, Some(error)) => Err(error),
            (true, None) => Err(Error::denied(&Reason::NotPermitted, self.authority())),
        }
    }

    fn actions(&self, duty: Option<&Name>, act: &str) -> Vec<ActionId> {
        let authority = self.authority();
        match duty {
            None => authority.actions_for(None, act).collect(),
            Some(duty) => match authority.duty(duty) {
                Some(duty) => authority.actions_for(Some(duty), act).collect(),
                None => Vec::new(),
            },
        }
    }

    /// The ways to give a command that every case has: actions that name it, whatever their duty.
    pub(crate) fn command_ways(
        &self,
        order: &Order<'_>,
        workflow: &Workflow,
        act: &str,
        only: Option<&str>,
    ) -> Result<Vec<Way>> {
        let authority = self.authority();
        let resident = order.caller.capacity == Capacity::Resident;
        let mut ways = Vec::new();
        let mut nearest = None;
        let actions = authority.parts().actions.iter().enumerate();
        let naming = actions.filter(|(_, action)| action.acts.iter().any(|name| name == act));
        for (id, action) in naming {
            let duty = self.duty_of(action.duty, workflow, resident);
            if only.is_some_and(|only| duty.as_deref() != Some(only)) {
                continue;
            }
            let Some(duty) = duty else { continue };
            match self.scope(order.caller, ActionId(id), order.purpose, order.now) {
                Ok((scope, purpose)) => ways.push(Way { duty, scope, purpose }),
                Err(error) => nearest = Some(error),
            }
        }
        match (ways.is_empty(), nearest) {
            (false, _) => Ok(ways),
            (true, Some(error)) => Err(error),
            (true, None) => Err(Error::denied(&Reason::NotPermitted, authority)),
        }
    }

    /// The duty class a command counts as: the action's, or the workflow's first that is for residents or not.
    fn duty_of(&self, duty: Option<DutyId>, workflow: &Workflow, resident: bool) -> Option<Name> {
        let named = duty.map(|duty| self.authority().parts().duties[duty.0].name.clone());
        let known = named.filter(|name| workflow.duty(name).is_some_and(|d| d.staff != resident));
        let first = || workflow.duties.iter().find(|d| d.staff != resident).map(|d| d.named.name.clone());
        match duty {
            Some(_) => known,
            None => first(),
        }
    }

    /// Whether a way leads to this case, and on what terms.
    ///
    /// # Errors
    /// It does not, and why.
    pub(crate) fn judge(&self, file: &CaseFile, scope: &AuthzScope, now: Now) -> Result<Allowed> {
        let ground = file.ground(self);
        let rights = self.rights();
        let ctx = self.ctx(&rights, now);
        let plain = ground.facts(file, self);
        match scope.judge(&plain, &ctx) {
            Decision::Allow(allowed) => Ok(*allowed),
            Decision::Deny(reason) => match self.judge_check(file, &ground, scope, now) {
                Some(allowed) => Ok(allowed),
                None => Err(Error::denied(&reason, self.authority())),
            },
        }
    }

    /// The same for whoever asks. Of residents the database says how they stand to the one it is about: who they act for, who
    /// is kept apart. About nobody in particular: about the applicant.
    ///
    /// # Errors
    /// It does not lead there, and why; or a fault.
    pub(crate) async fn judged(
        &self,
        order: &Order<'_>,
        file: &CaseFile,
        scope: &AuthzScope,
        about: Option<PersonId>,
    ) -> Result<Allowed> {
        let rights = self.rights();
        let ctx = self.ctx(&rights, order.now);
        let decision = if order.caller.capacity == Capacity::Resident {
            let (store, authority, on) = (&self.inner.store, self.authority(), order.now.on);
            let found = match about {
                Some(about) => store.row_facts(file.id(), Id(about.0), authority, on).await?,
                None => store.case_facts(file.id(), authority, on).await?,
            };
            let facts = found.ok_or_else(Refusal::not_found)?;
            scope.judge(&facts.resource(), &ctx)
        } else {
            let Some(about) = about else { return self.judge(file, scope, order.now) };
            let ground = file.ground(self);
            scope.judge(&ResourceFacts { about: Some(about), ..ground.facts(file, self) }, &ctx)
        };
        match decision {
            Decision::Allow(allowed) => Ok(*allowed),
            Decision::Deny(reason) => Err(Error::denied(&reason, self.authority())),
        }
    }

    /// The same for those who run checks: a case that waits for a check is also of their line of work, as far as it is
    /// about a person who has let their means be checked.
    fn judge_check(&self, file: &CaseFile, ground: &Ground, scope: &AuthzScope, now: Now) -> Option<Allowed> {
        let open = file.case.checks.iter().any(|c| c.sources.iter().any(|(_, answer)| answer.is_none()));
        if !open {
            return None;
        }
        let authority = self.authority();
        let sources: Vec<SourceId> = (0..authority.parts().sources.len()).map(SourceId).collect();
        let papers = ground.authorisations(&sources);
        let rights = self.rights();
        let ctx = self.ctx(&rights, now);
        let mut facts = ground.facts(file, self);
        facts.subject = authority.subject(CHECKS);
        facts.about = ground.checked();
        facts.source = sources.first().copied();
        facts.authorisations = &papers;
        scope.judge(&facts, &ctx).allowed().cloned()
    }

    /// Who acts, as the case records it.
    pub(crate) fn case_actor(&self, person: PersonId, allowed: &Allowed, duty: &Name) -> Actor {
        let others = allowed.duty.iter().flat_map(|(_, persons)| persons).find(|p| **p != person);
        Actor {
            person: case_person(person),
            duty: duty.clone(),
            delegated_by: others.map(|person| case_person(*person)),
            human: true,
        }
    }
}

/// The line of work of those who run checks, as the shared table of authority names it.
pub(crate) const CHECKS: &str = "checks";

/// A person as cases name them.
pub(crate) fn case_person(person: PersonId) -> Person {
    Person(Id(person.0).to_string())
}
