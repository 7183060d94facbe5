//! Which role may do what at all, by the table of authority: for the table of permissions that a test keeps, so that no
//! change of rights goes unseen. What a holder may do it to is decided with the thing on the table.

use crate::record::TextV1;
use anmin_authz::authority::{ActionId, Authority, Capacity, RoleId};
use anmin_casework::workflow::{Step, Workflow};
use anmin_pack::library::Library;
use std::path::Path;

/// The roles and what they may do.
#[derive(Debug)]
pub struct Permissions {
    authority: Authority,
    library: Library,
}

/// A step of a service's workflow, and who may take it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRights {
    /// The service.
    pub service: String,
    /// The step.
    pub step: String,
    /// The roles.
    pub roles: Vec<String>,
}

/// The actions that name acts of cases: whoever has one of them may give some command.
pub(crate) fn in_cases(authority: &Authority) -> impl Iterator<Item = ActionId> + '_ {
    let actions = authority.parts().actions.iter().enumerate();
    actions.filter(|(_, action)| !action.acts.is_empty()).map(|(n, _)| ActionId(n))
}

/// The purposes of a table of authority, by name.
pub fn purposes(authority: &Authority) -> Vec<String> {
    authority.parts().purposes.iter().map(|purpose| purpose.named.name.clone()).collect()
}

impl Permissions {
    /// Reads the table of authority and the services under a folder.
    ///
    /// # Errors
    /// What cannot be read or is wrong, in words.
    pub fn read(root: &Path) -> Result<Permissions, TextV1> {
        let told = |what: String| TextV1 { zh: format!("服务包无法读取：{what}"), en: what };
        let library = Library::open(root).map_err(|e| told(e.to_string()))?;
        let authority = library.authority().map_err(|failure| {
            told(anmin_pack::workflow::in_lines(&failure.files, &failure.findings).join("\n"))
        })?;
        Ok(Permissions { authority, library })
    }

    /// The table of authority.
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// The roles that may do one of these actions: staff's with the first, the resident's with the second.
    ///
    /// # Errors
    /// There is no action of that name.
    pub fn of_actions(&self, staff: &[&str], resident: &[&str]) -> Result<Vec<String>, String> {
        let read = |names: &[&str]| -> Result<Vec<ActionId>, String> {
            let known = |name: &&str| self.authority.action(name).ok_or_else(|| (*name).to_owned());
            names.iter().map(known).collect()
        };
        let (staff, resident) = (read(staff)?, read(resident)?);
        Ok(self.roles(|capacity| if capacity == Capacity::Resident { &resident } else { &staff }))
    }

    /// The roles that may give some command in cases.
    pub fn of_case_work(&self) -> Vec<String> {
        let all: Vec<ActionId> = in_cases(&self.authority).collect();
        self.roles(|_| &all)
    }

    /// Every step of every service that has cases, with the roles that may take it.
    ///
    /// # Errors
    /// A pack cannot be read.
    pub fn of_steps(&self) -> Result<Vec<StepRights>, TextV1> {
        let mut all = Vec::new();
        for service in self.library.packs() {
            let loaded = self.library.load(service, None).map_err(|failure| {
                let what = anmin_pack::workflow::in_lines(&failure.files, &failure.findings).join("\n");
                TextV1 { zh: what.clone(), en: what }
            })?;
            let Some(course) = &loaded.workflow else { continue };
            let workflow = &course.definition.all;
            all.extend(workflow.steps.iter().map(|step| StepRights {
                service: service.clone(),
                step: step.named.name.clone(),
                roles: self.of_step(workflow, step),
            }));
        }
        Ok(all)
    }

    /// As a case takes it: the duties of staff by the actions that have them, the others by what residents may do.
    fn of_step(&self, workflow: &Workflow, step: &Step) -> Vec<String> {
        let (mut staff, mut resident) = (Vec::new(), Vec::new());
        for duty in &step.by {
            if workflow.duty(duty).is_some_and(|duty| duty.staff) {
                if let Some(duty) = self.authority.duty(duty) {
                    staff.extend(self.authority.actions_for(Some(duty), step.act.name()));
                }
            } else {
                resident.extend(self.authority.actions_for(None, step.act.name()));
            }
        }
        self.roles(|capacity| if capacity == Capacity::Resident { &resident } else { &staff })
    }

    fn roles<'a>(&self, actions: impl Fn(Capacity) -> &'a Vec<ActionId>) -> Vec<String> {
        let roles = self.authority.parts().roles.iter().enumerate();
        let may = |(n, role): &(usize, &anmin_authz::authority::Role)| {
            let mut actions = actions(role.capacity).iter();
            actions.any(|action| self.authority.permits(RoleId(*n), *action).next().is_some())
        };
        roles.filter(may).map(|(_, role)| role.named.name.clone()).collect()
    }
}
