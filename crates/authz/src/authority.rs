//! The table of authority: roles, subjects, actions, purposes, masks, duties; who is permitted and who forbidden what.
//!
//! Every row is data, read by `pack` from one file, with its reason. [`Parts`] is the file as values;
//! [`Authority::new`] accepts them or gives every flaw. What is not in the table is: the order of sensitivities, the
//! conditions of sealed things, the relatives' bar, and that whatever is not permitted is denied.

mod flaw;
mod row;
#[cfg(test)]
mod tests;

pub use flaw::{Flaw, Part};
pub use row::{
    Action, BreakGlassRule, Capacity, Condition, Forbid, Limits, Matter, Named, Narrowing, Need, Permit,
    Purpose, Reach, Role, Service, Source, Standing, Subject, UnitKind, VisitRule, Why,
};

use crate::mask::{Field, Mask};
use crate::resource::ServiceOf;

macro_rules! rows {
    ($($(#[$doc:meta])+ $name:ident;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub usize);
    )+};
}

rows! {
    /// A role, by its place in [`Parts::roles`].
    RoleId;
    /// An action, by its place in [`Parts::actions`].
    ActionId;
    /// A subject, by its place in [`Parts::subjects`].
    SubjectId;
    /// A purpose, by its place in [`Parts::purposes`].
    PurposeId;
    /// A mask, by its place in [`Parts::masks`].
    MaskId;
    /// A field, by its place in [`Parts::fields`].
    FieldId;
    /// A class of duty, by its place in [`Parts::duties`].
    DutyId;
    /// A kind of unit, by its place in [`Parts::unit_kinds`].
    UnitKindId;
    /// A permit, by its place in [`Parts::permits`].
    PermitId;
    /// A service that narrows the table, by its place in [`Parts::services`].
    ServiceId;
    /// A source that checks ask, by its place in [`Parts::sources`].
    SourceId;
}

/// The table as values, names already resolved.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// What each sensitivity means, in the order P0 to P4.
    pub sensitivities: Vec<Named>,
    /// Subjects.
    pub subjects: Vec<Subject>,
    /// Kinds of units.
    pub unit_kinds: Vec<UnitKind>,
    /// Purposes.
    pub purposes: Vec<Purpose>,
    /// Sources that checks ask.
    pub sources: Vec<Source>,
    /// Fields.
    pub fields: Vec<Field>,
    /// Masks.
    pub masks: Vec<Mask>,
    /// Classes of duty.
    pub duties: Vec<Named>,
    /// What duties are done on, with the sets that exclude each other.
    pub matters: Vec<Matter>,
    /// Actions.
    pub actions: Vec<Action>,
    /// Roles.
    pub roles: Vec<Role>,
    /// What is forbidden, whatever is permitted.
    pub forbids: Vec<Forbid>,
    /// What is permitted.
    pub permits: Vec<Permit>,
    /// What service packs take away.
    pub services: Vec<Service>,
    /// Who visits.
    pub visits: VisitRule,
    /// What breaking the glass allows; without it, nothing.
    pub break_glass: Option<BreakGlassRule>,
    /// Figures.
    pub limits: Limits,
}

/// The table, checked.
#[derive(Clone, Debug)]
pub struct Authority {
    parts: Parts,
    /// The permits of each role for each action: `role * actions + action`.
    by_role_and_action: Vec<Vec<PermitId>>,
}

impl Authority {
    /// Accepts the table, or says everything that is wrong with it.
    ///
    /// # Errors
    /// Roles without limits, permits nobody can use or that pass their role's limits, duties in two sets, services that
    /// widen, and the like.
    pub fn new(parts: Parts) -> Result<Self, Vec<Flaw>> {
        let flaws = flaw::find(&parts);
        if !flaws.is_empty() {
            return Err(flaws);
        }
        let mut by_role_and_action = vec![Vec::new(); parts.roles.len() * parts.actions.len()];
        for (id, permit) in parts.permits.iter().enumerate() {
            for action in &permit.actions {
                by_role_and_action[permit.role.0 * parts.actions.len() + action.0].push(PermitId(id));
            }
        }
        Ok(Authority { parts, by_role_and_action })
    }

    /// Everything in the table.
    pub fn parts(&self) -> &Parts {
        &self.parts
    }

    /// The permits of a role for an action.
    pub fn permits(&self, role: RoleId, action: ActionId) -> impl Iterator<Item = (PermitId, &Permit)> {
        let list = self.by_role_and_action.get(role.0 * self.parts.actions.len() + action.0);
        list.into_iter().flatten().map(|id| (*id, &self.parts.permits[id.0]))
    }

    /// The actions that take a duty: who may do a step of a workflow is whoever may do one of these.
    pub fn actions_taking(&self, duty: DutyId) -> impl Iterator<Item = ActionId> {
        let actions = self.parts.actions.iter().enumerate();
        actions.filter(move |(_, action)| action.duty == Some(duty)).map(|(id, _)| ActionId(id))
    }

    /// The actions under which an act on a case may be done: those that take the duty and cover the act; where the duty
    /// is not one of staff, those that take none and name the act.
    pub fn actions_for<'a>(
        &'a self,
        duty: Option<DutyId>,
        act: &'a str,
    ) -> impl Iterator<Item = ActionId> + 'a {
        let actions = self.parts.actions.iter().enumerate();
        let covers = move |action: &Action| match duty {
            Some(_) => action.acts.is_empty() || action.acts.iter().any(|name| name == act),
            None => action.acts.iter().any(|name| name == act),
        };
        actions.filter(move |(_, action)| action.duty == duty && covers(action)).map(|(id, _)| ActionId(id))
    }

    /// The role of this name.
    pub fn role(&self, name: &str) -> Option<RoleId> {
        self.parts.roles.iter().position(|row| row.named.name == name).map(RoleId)
    }

    /// The action of this name.
    pub fn action(&self, name: &str) -> Option<ActionId> {
        self.parts.actions.iter().position(|row| row.named.name == name).map(ActionId)
    }

    /// The subject of this name.
    pub fn subject(&self, name: &str) -> Option<SubjectId> {
        self.parts.subjects.iter().position(|row| row.name == name).map(SubjectId)
    }

    /// The purpose of this name.
    pub fn purpose(&self, name: &str) -> Option<PurposeId> {
        self.parts.purposes.iter().position(|row| row.named.name == name).map(PurposeId)
    }

    /// The mask of this name.
    pub fn mask(&self, name: &str) -> Option<MaskId> {
        self.parts.masks.iter().position(|row| row.named.name == name).map(MaskId)
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<FieldId> {
        self.parts.fields.iter().position(|row| row.named.name == name).map(FieldId)
    }

    /// The class of duty of this name.
    pub fn duty(&self, name: &str) -> Option<DutyId> {
        self.parts.duties.iter().position(|row| row.name == name).map(DutyId)
    }

    /// The kind of unit of this name.
    pub fn unit_kind(&self, name: &str) -> Option<UnitKindId> {
        self.parts.unit_kinds.iter().position(|row| row.named.name == name).map(UnitKindId)
    }

    /// The source of this name.
    pub fn source(&self, name: &str) -> Option<SourceId> {
        self.parts.sources.iter().position(|row| row.name == name).map(SourceId)
    }

    /// What a service pack of this name takes away, for [`crate::resource::ResourceFacts::service`].
    pub fn service(&self, name: &str) -> ServiceOf {
        let found = self.parts.services.iter().position(|row| row.name == name);
        found.map_or(ServiceOf::Core, |id| ServiceOf::Narrowed(ServiceId(id)))
    }
}
