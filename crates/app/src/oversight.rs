//! Looking after others' work: how the clocks of cases stand by place and by who has them, what nobody has, what people who
//! have left still hold, which duties nobody could take on, and which visits of a sample are owed. Figures are for seeing to
//! it that no case lies, never for comparing people: they are in the order of units and names, and nobody is ranked.

mod clocks;
mod gaps;
mod leavers;
mod list;
mod samples;

pub use clocks::{ClocksV1, LoadV1, PersonLoadV1, PlaceLoadV1};
pub use gaps::{GapV1, GapsV1};
pub use leavers::{LeaverV1, SuccessorV1};
pub use list::{HeldLineV1, HeldListV1, HeldPageV1, HolderV1};
pub use samples::{SampleV1, SampledV1};

use crate::error::Result;
use crate::office::{Office, Order};
use anmin_authz::id::PersonId;
use anmin_authz::scope::Scope as AuthzScope;
use anmin_base::date::Date;
use anmin_store::Scope;
use std::collections::{BTreeMap, BTreeSet};

/// Whose duty it is to look after others' work: who names who handles a case, and who urges.
pub const WATCH: &[&str] = &["case_assign", "urge"];
/// Who may move cases from one to another.
pub const MOVE: &[&str] = &["case_assign"];

/// How a state stands on the whole course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Course {
    /// Somebody has to do something.
    Going,
    /// What was applied for is in force; there is nothing to do but its review when that is due.
    InForce,
    /// At its end.
    Ended,
}

/// The states of all services, each with how it stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Courses(BTreeMap<(String, String), Course>);

impl Courses {
    /// How a state stands; one that is not known any more is going, so that it is not overlooked.
    pub fn of(&self, pack: &str, state: &str) -> Course {
        let found = self.0.iter().find(|((p, s), _)| p == pack && s == state);
        found.map_or(Course::Going, |(_, course)| *course)
    }

    /// The states that stand so in every service that has them.
    pub fn states(&self, course: Course) -> Vec<String> {
        let names: BTreeSet<&String> = self.0.keys().map(|(_, state)| state).collect();
        let all =
            |name: &&&String| self.0.iter().filter(|((_, s), _)| s == **name).all(|(_, c)| *c == course);
        names.iter().filter(all).map(|name| (*name).clone()).collect()
    }
}

impl Office {
    /// What the caller may look after: the cases they may list, if it is their duty at all.
    pub(crate) fn watching(&self, order: &Order<'_>) -> Result<(AuthzScope, Scope, String)> {
        self.may_any(order.caller, WATCH, order.purpose, order.now)?;
        let (scope, purpose) =
            self.scope(order.caller, self.action("case_list")?, order.purpose, order.now)?;
        let purpose = self.authority().parts().purposes[purpose.0].named.name.clone();
        let rows = Scope::from_authz(&scope, self.authority());
        Ok((scope, rows, purpose))
    }

    /// How the states of all services stand on a day.
    pub(crate) fn courses(&self, on: Date) -> Courses {
        let mut all = Courses::default();
        for pack in self.packs() {
            let Ok(opened) = self.opened(pack, None) else { continue };
            let Ok(workflow) = self.workflow(&opened, on) else { continue };
            let last = workflow.stages.last().map(|stage| &stage.name);
            for state in &workflow.states {
                // In force, and no step leads on from it but by a change or a review.
                let rests = last.is_some() && state.stage.as_ref() == last;
                let course = match (state.last, rests) {
                    (true, _) => Course::Ended,
                    (false, true) => Course::InForce,
                    (false, false) => Course::Going,
                };
                all.0.insert((pack.clone(), state.named.name.clone()), course);
            }
        }
        all
    }

    /// Whether somebody holds a post on a day.
    pub(crate) fn is_present(&self, person: PersonId, on: Date) -> bool {
        let rights = self.rights();
        rights.posts_of(person).iter().any(|post| post.is_in_force(&rights.areas, on))
    }
}

impl Office {
    /// The name of an area, for headings.
    pub fn area_called(&self, area: u128) -> String {
        self.rights().area_name(anmin_authz::id::AreaId(area)).to_owned()
    }

    /// The name of somebody who works here or has worked here.
    pub fn staff_called(&self, person: u128) -> Option<String> {
        self.rights().name_of(PersonId(person)).map(str::to_owned)
    }
}
