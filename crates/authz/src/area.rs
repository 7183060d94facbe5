//! Areas as a tree of any depth that changes with the days.
//!
//! A code is an address; nothing here reads it. Which area stands below which on a day is written down, and so is
//! what becomes of the cases of an area that ends: a merger is new areas and an explicit [`HandOver`]. Where an
//! area is divided, no hand-over can say which part a case goes to: each case is pointed to its new area by itself.
//!
//! Posts are not handed over. A post over an area that has ended gives nothing, and is made anew.

mod flaw;
#[cfg(test)]
mod tests;

pub use flaw::AreaFlaw;

use crate::id::{AreaId, Days};
use anmin_base::date::Date;
use anmin_base::division::DivisionCode;
use std::collections::{BTreeMap, BTreeSet};

/// An area, as long as it exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// Its identifier.
    pub id: AreaId,
    /// Its code, if it has one; shown, never compared.
    pub code: Option<DivisionCode>,
    /// Its name.
    pub name: String,
    /// The days it exists.
    pub days: Days,
}

/// That an area stands directly below another, for some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The area.
    pub area: AreaId,
    /// The one above it.
    pub parent: AreaId,
    /// The days.
    pub days: Days,
}

/// That everything under the jurisdiction of an area that has ended is another's from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// The area that has ended.
    pub from: AreaId,
    /// The area that takes over.
    pub to: AreaId,
    /// The first day.
    pub on: Date,
}

/// A row of the closure: `area` is `ancestor`, or stands below it, on these days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ancestry {
    /// The area.
    pub area: AreaId,
    /// Itself, or an area above it.
    pub ancestor: AreaId,
    /// Steps between them.
    pub depth: u16,
    /// The days.
    pub days: Days,
}

/// All areas, with what stands above each on which day.
#[derive(Clone, Debug, Default)]
pub struct AreaTree {
    areas: BTreeMap<AreaId, Area>,
    above: BTreeMap<AreaId, Vec<(AreaId, Days)>>,
    successors: BTreeMap<AreaId, (AreaId, Date)>,
}

impl AreaTree {
    /// Builds the tree, or says everything that is wrong with it.
    ///
    /// # Errors
    /// Unknown and repeated areas, days that do not fit, two parents on one day, circles, hand-overs out of place.
    pub fn new(
        areas: impl IntoIterator<Item = Area>,
        placements: impl IntoIterator<Item = Placement>,
        hand_overs: impl IntoIterator<Item = HandOver>,
    ) -> Result<Self, Vec<AreaFlaw>> {
        let (mut tree, mut flaws) = (AreaTree::default(), Vec::new());
        for area in areas {
            let id = area.id;
            if area.days.from > area.days.last() {
                flaws.push(AreaFlaw::Backwards { area: id });
            }
            if tree.areas.insert(id, area).is_some() {
                flaws.push(AreaFlaw::Duplicate { area: id });
            }
        }
        for placement in placements {
            tree.place(placement, &mut flaws);
        }
        for hand_over in hand_overs {
            tree.hand_over(hand_over, &mut flaws);
        }
        tree.find_circles(&mut flaws);
        if flaws.is_empty() { Ok(tree) } else { Err(flaws) }
    }

    fn place(&mut self, placement: Placement, flaws: &mut Vec<AreaFlaw>) {
        let Placement { area, parent, days } = placement;
        let known = self.areas.get(&area).zip(self.areas.get(&parent));
        let Some((below, above)) = known else {
            let unknown = if self.areas.contains_key(&area) { parent } else { area };
            flaws.push(AreaFlaw::Unknown { area: unknown });
            return;
        };
        if days.from > days.last() {
            flaws.push(AreaFlaw::Backwards { area });
        } else if !below.days.cover(days) || !above.days.cover(days) {
            flaws.push(AreaFlaw::OutsideLife { area, parent });
        }
        let parents = self.above.entry(area).or_default();
        if let Some((other, both)) = parents.iter().find_map(|(p, d)| Some((*p, d.common(days)?))) {
            flaws.push(AreaFlaw::TwoParents { area, parents: [other, parent], on: both.from });
        }
        parents.push((parent, days));
    }

    fn hand_over(&mut self, hand_over: HandOver, flaws: &mut Vec<AreaFlaw>) {
        let HandOver { from, to, on } = hand_over;
        for area in [from, to] {
            if !self.areas.contains_key(&area) {
                flaws.push(AreaFlaw::Unknown { area });
            }
        }
        if self.areas.get(&from).is_some_and(|area| on <= area.days.last()) {
            flaws.push(AreaFlaw::HandedOverAlive { area: from, on });
        }
        if self.areas.contains_key(&to) && !self.is_live(to, on) {
            flaws.push(AreaFlaw::HandedToNobody { area: to, on });
        }
        if self.successors.insert(from, (to, on)).is_some() {
            flaws.push(AreaFlaw::HandedOverTwice { area: from });
        }
    }

    /// A circle first stands on the first day of one of its placements, and the walk up from there finds it.
    fn find_circles(&self, flaws: &mut Vec<AreaFlaw>) {
        let mut known = BTreeSet::new();
        for (start, parents) in &self.above {
            for (_, days) in parents {
                let mut path = vec![*start];
                while let Some(next) = self.parent(path[path.len() - 1], days.from) {
                    if let Some(at) = path.iter().position(|area| *area == next) {
                        let mut areas = path.split_off(at);
                        let smallest = (0..areas.len()).min_by_key(|i| areas[*i]).unwrap_or(0);
                        areas.rotate_left(smallest);
                        if known.insert(areas.clone()) {
                            flaws.push(AreaFlaw::Circle { areas, on: days.from });
                        }
                        break;
                    }
                    path.push(next);
                }
            }
        }
    }

    /// All areas, whatever the day.
    pub fn areas(&self) -> impl Iterator<Item = &Area> {
        self.areas.values()
    }

    /// All placements, whatever the day.
    pub fn placements(&self) -> impl Iterator<Item = Placement> {
        let of = |(area, parents): (&AreaId, &Vec<(AreaId, Days)>)| {
            let area = *area;
            let placed = parents.clone().into_iter();
            placed.map(move |(parent, days)| Placement { area, parent, days })
        };
        self.above.iter().flat_map(of)
    }

    /// All hand-overs.
    pub fn hand_overs(&self) -> impl Iterator<Item = HandOver> {
        self.successors.iter().map(|(from, (to, on))| HandOver { from: *from, to: *to, on: *on })
    }

    /// The area, if it is known.
    pub fn area(&self, area: AreaId) -> Option<&Area> {
        self.areas.get(&area)
    }

    /// Whether the area exists on the day.
    pub fn is_live(&self, area: AreaId, on: Date) -> bool {
        self.areas.get(&area).is_some_and(|area| area.days.hold(on))
    }

    /// The area directly above on the day.
    pub fn parent(&self, area: AreaId, on: Date) -> Option<AreaId> {
        let parents = self.above.get(&area)?;
        parents.iter().find(|(_, days)| days.hold(on)).map(|(parent, _)| *parent)
    }

    /// The area and those above it on the day, the nearest first; nothing where it does not exist.
    pub fn line(&self, area: AreaId, on: Date) -> impl Iterator<Item = AreaId> {
        let start = self.is_live(area, on).then_some(area);
        std::iter::successors(start, move |area| self.parent(*area, on))
    }

    /// Whether on the day the area is `ancestor` or stands below it. False where either does not exist.
    pub fn within(&self, area: AreaId, ancestor: AreaId, on: Date) -> bool {
        self.line(area, on).any(|area| area == ancestor)
    }

    /// The area and all below it on the day, in the order of their identifiers: the set a predicate can name.
    pub fn below(&self, ancestor: AreaId, on: Date) -> impl Iterator<Item = AreaId> {
        self.areas.keys().copied().filter(move |area| self.within(*area, ancestor, on))
    }

    /// The area answerable on the day for what was put under `area`: itself, or whoever it was handed over to.
    pub fn jurisdiction(&self, area: AreaId, on: Date) -> AreaId {
        // A hand-over comes after the end of its area and within the life of the next: this ends.
        let next = |area: &AreaId| match self.successors.get(area) {
            Some((to, from)) if *from <= on => Some(*to),
            _ => None,
        };
        std::iter::successors(Some(area), next).last().unwrap_or(area)
    }

    /// Every pair of an area and one it is within, with the days, as a store keeps it beside its rows.
    pub fn closure(&self) -> Vec<Ancestry> {
        let mut rows = Vec::new();
        for area in self.areas.values() {
            let mut open = vec![(area.id, 0, area.days)];
            while let Some((ancestor, depth, days)) = open.pop() {
                rows.push(Ancestry { area: area.id, ancestor, depth, days });
                for (parent, placed) in self.above.get(&ancestor).into_iter().flatten() {
                    open.extend(days.common(*placed).map(|days| (*parent, depth + 1, days)));
                }
            }
        }
        rows
    }
}
