//! Units and posts. Rights come from posts, a post has its days, and nobody holds one for longer than a year.
//!
//! A delegation is a post of its own that carries the post it was cut from: it gives something only while both are in
//! force, and never more than the other. It cannot be delegated again.

mod flaw;
#[cfg(test)]
mod tests;

pub use flaw::PostFlaw;

use crate::area::AreaTree;
use crate::authority::{Authority, Capacity, RoleId, Standing, SubjectId, UnitKindId};
use crate::id::{AreaId, Days, PersonId, PostId, UnitId};
use anmin_base::date::Date;

/// A unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its identifier.
    pub id: UnitId,
    /// What kind of unit.
    pub kind: UnitKindId,
    /// The area it works for.
    pub area: AreaId,
    /// What it is on the tree; more than one where a decision has been delegated to it.
    pub stands: Vec<Standing>,
    /// The days it exists.
    pub days: Days,
}

/// What is written down to make a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The post's identifier.
    pub id: PostId,
    /// Who holds it.
    pub person: PersonId,
    /// The area it is for, with all below.
    pub area: AreaId,
    /// Its lines of work.
    pub subjects: Vec<SubjectId>,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// A post, as it was found to be in order. A stored one is made anew from its terms, and checked again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    terms: Terms,
    unit: UnitId,
    unit_area: AreaId,
    unit_days: Days,
    role: RoleId,
    source: Option<Box<Post>>,
}

impl Post {
    /// Makes a post at a unit, or says everything that is wrong with it.
    ///
    /// # Errors
    /// The role has no posts, not at such a unit, not for such subjects; the area is not the unit's; the days are too many.
    pub fn new(
        authority: &Authority,
        areas: &AreaTree,
        unit: &Unit,
        role: RoleId,
        terms: Terms,
    ) -> Result<Post, Vec<PostFlaw>> {
        let Some(row) = authority.parts().roles.get(role.0) else {
            return Err(vec![PostFlaw::NoSuchRole]);
        };
        let mut flaws = days_flaws(&terms);
        if row.capacity == Capacity::Resident {
            flaws.push(PostFlaw::NotAPost { role });
        }
        if !row.units.contains(&unit.kind) {
            flaws.push(PostFlaw::UnitKind { role, kind: unit.kind });
        }
        if !row.at.iter().any(|standing| unit.stands.contains(standing)) {
            flaws.push(PostFlaw::Standing { role });
        }
        if !unit.days.hold(terms.from) {
            flaws.push(PostFlaw::NoUnit);
        }
        if !areas.within(terms.area, unit.area, terms.from) {
            flaws.push(PostFlaw::OutsideUnit { area: terms.area, unit: unit.area });
        }
        let strange = terms.subjects.iter().filter(|s| !row.subjects.contains(s));
        flaws.extend(strange.map(|subject| PostFlaw::Subject { role, subject: *subject }));
        if terms.subjects.is_empty() && !row.subjects.is_empty() {
            flaws.push(PostFlaw::NoSubject { role });
        }
        let (unit_area, unit_days) = (unit.area, unit.days);
        let post = Post { terms, unit: unit.id, unit_area, unit_days, role, source: None };
        if flaws.is_empty() { Ok(post) } else { Err(flaws) }
    }

    /// Delegates this post, or a part of it, to another person.
    ///
    /// # Errors
    /// The role is not delegable, the post is itself delegated, or the terms go beyond it.
    pub fn delegate(
        &self,
        authority: &Authority,
        areas: &AreaTree,
        terms: Terms,
    ) -> Result<Post, Vec<PostFlaw>> {
        let mut flaws = days_flaws(&terms);
        if !authority.parts().roles.get(self.role.0).is_some_and(|role| role.delegable) {
            flaws.push(PostFlaw::NotDelegable { role: self.role });
        }
        if self.source.is_some() {
            flaws.push(PostFlaw::DelegatedTwice);
        }
        if terms.person == self.terms.person {
            flaws.push(PostFlaw::ToOneself);
        }
        if !self.days().cover(Days::between(terms.from, terms.to)) {
            flaws.push(PostFlaw::BeyondSource);
        }
        if !areas.within(terms.area, self.terms.area, terms.from) {
            flaws.push(PostFlaw::OutsideUnit { area: terms.area, unit: self.terms.area });
        }
        let strange = terms.subjects.iter().filter(|s| !self.terms.subjects.contains(s));
        flaws.extend(strange.map(|subject| PostFlaw::Subject { role: self.role, subject: *subject }));
        if terms.subjects.is_empty() && !self.terms.subjects.is_empty() {
            flaws.push(PostFlaw::NoSubject { role: self.role });
        }
        let post = Post { terms, source: Some(Box::new(self.clone())), ..self.clone() };
        if flaws.is_empty() { Ok(post) } else { Err(flaws) }
    }

    /// Its identifier.
    pub fn id(&self) -> PostId {
        self.terms.id
    }

    /// Who holds it.
    pub fn person(&self) -> PersonId {
        self.terms.person
    }

    /// Who delegated it.
    pub fn delegated_by(&self) -> Option<PersonId> {
        self.source.as_ref().map(|source| source.terms.person)
    }

    /// The unit it is at.
    pub fn unit(&self) -> UnitId {
        self.unit
    }

    /// The role.
    pub fn role(&self) -> RoleId {
        self.role
    }

    /// The area it is for, with all below.
    pub fn area(&self) -> AreaId {
        self.terms.area
    }

    /// Its lines of work.
    pub fn subjects(&self) -> &[SubjectId] {
        &self.terms.subjects
    }

    /// Its days.
    pub fn days(&self) -> Days {
        Days::between(self.terms.from, self.terms.to)
    }

    /// Whether it gives anything on the day: in its days, with its unit there, its area still the unit's, and so
    /// with the post it was delegated from, whose area must still hold its own.
    pub fn is_in_force(&self, areas: &AreaTree, on: Date) -> bool {
        let here = self.days().hold(on)
            && self.unit_days.hold(on)
            && areas.within(self.terms.area, self.unit_area, on);
        here && self.source.as_ref().is_none_or(|source| {
            source.is_in_force(areas, on) && areas.within(self.terms.area, source.terms.area, on)
        })
    }

    /// Ends the post early, as when its holder leaves. A later day than its last changes nothing.
    pub fn ended(mut self, last: Date) -> Post {
        self.terms.to = self.terms.to.min(last);
        self
    }
}

/// What is wrong with the days of any post.
fn days_flaws(terms: &Terms) -> Vec<PostFlaw> {
    let last = terms.from.add_years(1).add_days(-1);
    let mut flaws = Vec::new();
    if terms.to < terms.from {
        flaws.push(PostFlaw::Backwards);
    } else if terms.to > last {
        flaws.push(PostFlaw::TooLong { last });
    }
    flaws
}
