//! Duties that could not be done: nobody holds a post for them, or the same person would have to do two that are different
//! persons'. Read from the table of authority, the courses of the services and the posts, so that a new rule needs nothing
//! here: for each place, each matter and each set of its duties, is there somebody, and another for each set?

use super::WATCH;
use crate::error::Result;
use crate::office::{Office, Order, Rights};
use crate::record::TextV1;
use anmin_authz::authority::{Authority, DutyId, Named, RoleId, Standing, SubjectId};
use anmin_authz::id::{AreaId, PersonId};
use anmin_base::date::Date;
use anmin_store::Id;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How many days ahead posts that end are looked at.
const AHEAD: i32 = 30;

/// A duty that could not be done, or not by another than who does the one before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GapV1 {
    /// The area; none: the whole deployment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// Its name.
    pub area_name: String,
    /// What the duty is on: cases, batches, visits.
    pub matter: TextV1,
    /// The lines of work, where the duty has some.
    pub subjects: Vec<TextV1>,
    /// The duties nobody could do, one entry for each set.
    pub duties: Vec<TextV1>,
    /// `nobody`, where nobody has them; `too_few`, where somebody has, who would also have to do another's.
    pub kind: String,
    /// How many different persons are wanted, and how many there are.
    pub wanted: u32,
    /// How many of them there are.
    pub there: u32,
    /// The names of those there are.
    pub people: Vec<String>,
    /// The roles that could be given to somebody.
    pub roles: Vec<TextV1>,
    /// The day from which it is so; none: today already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

/// Everything that could not be done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GapsV1 {
    /// Today.
    pub now: Vec<GapV1>,
    /// Within a month, if no post is given anew.
    pub soon: Vec<GapV1>,
}

/// Sets of duties that are different persons', at a place.
struct Need {
    area: Option<AreaId>,
    subject: Option<SubjectId>,
    matter: TextV1,
    sets: Vec<Wanted>,
}

/// What one person of them must be.
#[derive(Clone)]
struct Wanted {
    label: TextV1,
    roles: Vec<RoleId>,
}

impl Office {
    /// The duties nobody could do, in the caller's area; everywhere, for who proposes posts.
    ///
    /// # Errors
    /// Not their duty; or a fault.
    pub fn gaps(&self, order: &Order<'_>) -> Result<GapsV1> {
        let everywhere = self.may_any(order.caller, &["login_manage"], order.purpose, order.now).is_ok();
        if !everywhere {
            self.may_any(order.caller, WATCH, order.purpose, order.now)?;
        }
        let (rights, on) = (self.rights(), order.now.on);
        let own: Vec<AreaId> = rights.posts_of(order.caller.person).iter().map(|post| post.area()).collect();
        let mine = |need: &Need| {
            everywhere
                || need.area.is_some_and(|area| own.iter().any(|top| rights.areas.within(area, *top, on)))
        };
        let needs: Vec<Need> = self.needs(&rights, on).into_iter().filter(mine).collect();
        let now = self.unmet_of(&needs, &rights, on);
        let later = on.add_days(AHEAD);
        let known = |gap: &GapV1| now.iter().any(|other| same(other, gap));
        let mut soon = self.unmet_of(&needs, &rights, later);
        soon.retain(|gap| !known(gap));
        for gap in &mut soon {
            gap.from = self.first_day(&needs, &rights, on, gap).map(|day| day.to_string());
        }
        Ok(GapsV1 { now, soon })
    }

    /// The first day on which a gap is there.
    fn first_day(&self, needs: &[Need], rights: &Rights, on: Date, gap: &GapV1) -> Option<Date> {
        let ends = rights.posts.values().flatten().map(|post| post.days().last().add_days(1));
        let days: BTreeSet<Date> = ends.filter(|day| *day > on && *day <= on.add_days(AHEAD)).collect();
        days.into_iter().find(|day| self.unmet_of(needs, rights, *day).iter().any(|other| same(other, gap)))
    }

    fn needs(&self, rights: &Rights, on: Date) -> Vec<Need> {
        let authority = self.authority();
        let mut needs = Vec::new();
        let used = self.duties_used(on);
        let matter = |name: &str| authority.parts().matters.iter().find(|matter| matter.named.name == name);
        let duty = |name: &str| authority.duty(name);
        for area in seats(rights, authority, duty("intake"), Standing::Accepting, on) {
            for (subject, duties) in &used {
                let Some(case) = matter("case") else { continue };
                let sets =
                    case.sets.iter().map(|set| set.iter().copied().filter(|d| duties.contains(d)).collect());
                let sets: Vec<Vec<DutyId>> = sets.filter(|set: &Vec<DutyId>| !set.is_empty()).collect();
                let apart: BTreeSet<DutyId> = sets.iter().flatten().copied().collect();
                let at = |sets: Vec<Wanted>, named: TextV1| Need {
                    area: Some(area),
                    subject: Some(*subject),
                    matter: named,
                    sets,
                };
                let all = sets.iter().map(|set| wanted(authority, set)).collect();
                needs.push(at(all, text(&case.named)));
                // A duty of a set of several is another's than its fellow's; one of none is anybody's.
                let shared = sets.iter().filter(|set| set.len() > 1).flatten();
                for duty in duties.difference(&apart).chain(shared) {
                    needs.push(at(vec![wanted(authority, &[*duty])], text(&case.named)));
                }
                needs.push(at(visitors(authority), TextV1 { zh: "入户调查".into(), en: "Visit".into() }));
            }
            if let Some(payee) = matter("payee") {
                let sets = payee.sets.iter().map(|set| wanted(authority, set)).collect();
                needs.push(Need { area: Some(area), subject: None, matter: text(&payee.named), sets });
            }
        }
        if let Some(batch) = matter("batch") {
            for area in seats(rights, authority, duty("prepare"), Standing::Deciding, on) {
                let sets = batch.sets.iter().map(|set| wanted(authority, set)).collect();
                needs.push(Need { area: Some(area), subject: None, matter: text(&batch.named), sets });
            }
        }
        for name in ["post", "rules"] {
            let Some(matter) = matter(name) else { continue };
            let sets = matter.sets.iter().map(|set| wanted(authority, set)).collect();
            needs.push(Need { area: None, subject: None, matter: text(&matter.named), sets });
        }
        needs
    }

    /// The duties of staff that the courses of services use, by the services' lines of work.
    fn duties_used(&self, on: Date) -> BTreeMap<SubjectId, BTreeSet<DutyId>> {
        let authority = self.authority();
        let mut used: BTreeMap<SubjectId, BTreeSet<DutyId>> = BTreeMap::new();
        for pack in self.packs() {
            let Ok(opened) = self.opened(pack, None) else { continue };
            let Some(subject) = &opened.loaded.service.subject else { continue };
            let (Ok(workflow), Some(subject)) = (self.workflow(&opened, on), authority.subject(subject))
            else {
                continue;
            };
            let taken = |name: &String| {
                authority.duty(name).filter(|duty| authority.actions_taking(*duty).next().is_some())
            };
            let steps = workflow.steps.iter().filter(|step| step.to.is_some());
            // Where a step may be taken under either of two duties, neither of them is missed by itself.
            let alone = steps.filter_map(|step| {
                let mut staff = step.by.iter().filter_map(taken);
                staff.next().filter(|_| staff.next().is_none())
            });
            used.entry(subject).or_default().extend(alone);
        }
        used
    }

    /// The needs that are not met on a day; the same gap of several lines of work is told once.
    fn unmet_of(&self, needs: &[Need], rights: &Rights, on: Date) -> Vec<GapV1> {
        let mut gaps: Vec<GapV1> = Vec::new();
        for need in needs {
            let Some(gap) = self.unmet(need, rights, on) else { continue };
            match gaps.iter_mut().find(|other| same(other, &gap) && other.people == gap.people) {
                Some(other) => other.subjects.extend(gap.subjects),
                None => gaps.push(gap),
            }
        }
        gaps
    }

    fn unmet(&self, need: &Need, rights: &Rights, on: Date) -> Option<GapV1> {
        let fit: Vec<Vec<PersonId>> = need.sets.iter().map(|set| self.fit(set, need, rights, on)).collect();
        let given = spread(&fit);
        let there = given.iter().flatten().count();
        if there == need.sets.len() {
            return None;
        }
        let empty: Vec<usize> = (0..fit.len()).filter(|n| fit[*n].is_empty()).collect();
        let lacking: Vec<usize> = match empty.is_empty() {
            true => (0..given.len()).filter(|n| given[*n].is_none()).collect(),
            false => empty.clone(),
        };
        let people: BTreeSet<PersonId> = fit.iter().flatten().copied().collect();
        let roles: BTreeSet<RoleId> =
            lacking.iter().flat_map(|n| need.sets[*n].roles.iter().copied()).collect();
        let parts = self.authority().parts();
        Some(GapV1 {
            area: need.area.map(|area| Id(area.0).to_string()),
            area_name: need.area.map(|area| rights.area_name(area).to_owned()).unwrap_or_default(),
            matter: need.matter.clone(),
            subjects: need.subject.iter().map(|subject| text(&parts.subjects[subject.0])).collect(),
            duties: lacking.iter().map(|n| need.sets[*n].label.clone()).collect(),
            kind: if empty.is_empty() { "too_few" } else { "nobody" }.into(),
            wanted: u32::try_from(need.sets.len()).unwrap_or(u32::MAX),
            there: u32::try_from(there).unwrap_or(u32::MAX),
            people: people.iter().take(6).filter_map(|id| rights.name_of(*id)).map(str::to_owned).collect(),
            roles: roles.iter().map(|role| text(&parts.roles[role.0].named)).collect(),
            from: None,
        })
    }

    /// Who could be that one: by a post in force that is for the place and the line of work.
    fn fit(&self, wanted: &Wanted, need: &Need, rights: &Rights, on: Date) -> Vec<PersonId> {
        let parts = self.authority().parts();
        let line: Option<Vec<AreaId>> = need.area.map(|area| rights.areas.line(area, on).collect());
        let fits = |post: &anmin_authz::post::Post| {
            let role = &parts.roles[post.role().0];
            // A role with a line of work of its own, as checks and funds, serves all others.
            let apart = need.subject.is_none_or(|subject| !role.subjects.contains(&subject));
            wanted.roles.contains(&post.role())
                && post.is_in_force(&rights.areas, on)
                && (apart || need.subject.is_none_or(|subject| post.subjects().contains(&subject)))
                && line.as_ref().is_none_or(|line| {
                    // An assistant of a village of the town helps there.
                    line.contains(&post.area())
                        || need.area.is_some_and(|area| rights.areas.within(post.area(), area, on))
                })
        };
        let people = rights.posts.iter().filter(|(_, posts)| posts.iter().any(fits));
        people.map(|(person, _)| *person).collect()
    }
}

/// The areas of units that stand so and have posts with this duty.
fn seats(
    rights: &Rights,
    authority: &Authority,
    duty: Option<DutyId>,
    standing: Standing,
    on: Date,
) -> Vec<AreaId> {
    let Some(duty) = duty else { return Vec::new() };
    let parts = authority.parts();
    let roles = able(authority, duty);
    let fits = |unit: &anmin_authz::post::Unit| {
        unit.days.hold(on)
            && unit.stands.contains(&standing)
            && roles.iter().any(|role| parts.roles[role.0].units.contains(&unit.kind))
    };
    let areas: BTreeSet<AreaId> = rights
        .units
        .values()
        .map(|entry| &entry.unit)
        .filter(|unit| fits(unit))
        .map(|unit| unit.area)
        .collect();
    let mut areas: Vec<AreaId> = areas.into_iter().filter(|area| rights.areas.is_live(*area, on)).collect();
    areas
        .sort_by_key(|area| rights.areas.area(*area).and_then(|area| area.code).map(|code| code.to_string()));
    areas
}

/// The roles that may do something that takes a duty.
fn able(authority: &Authority, duty: DutyId) -> Vec<RoleId> {
    let actions: Vec<_> = authority.actions_taking(duty).collect();
    let may = |role: &RoleId| actions.iter().any(|action| authority.permits(*role, *action).next().is_some());
    (0..authority.parts().roles.len()).map(RoleId).filter(may).collect()
}

fn wanted(authority: &Authority, set: &[DutyId]) -> Wanted {
    let named: Vec<&Named> = set.iter().map(|duty| &authority.parts().duties[duty.0]).collect();
    let join =
        |of: fn(&Named) -> &str, with: &str| named.iter().map(|n| of(n)).collect::<Vec<_>>().join(with);
    let label = TextV1 { zh: join(|n| &n.zh, "、"), en: join(|n| &n.en, ", ") };
    // One person may do all of a set, and each duty of it may be another's: whoever can do one of them counts.
    let roles: BTreeSet<RoleId> = set.iter().flat_map(|duty| able(authority, *duty)).collect();
    Wanted { label, roles: roles.into_iter().collect() }
}

/// The two of a visit: who leads, and another.
fn visitors(authority: &Authority) -> Vec<Wanted> {
    let rule = &authority.parts().visits;
    let mut second = rule.second.clone();
    second.extend(rule.lead.iter().copied().filter(|role| !rule.second.contains(role)));
    vec![
        Wanted {
            label: TextV1 { zh: "带队入户".into(), en: "Lead of a visit".into() },
            roles: rule.lead.clone(),
        },
        Wanted { label: TextV1 { zh: "同行入户".into(), en: "Second of a visit".into() }, roles: second },
    ]
}

/// For each set another person, for as many sets as can be: by augmenting paths, since there are few sets.
fn spread(fit: &[Vec<PersonId>]) -> Vec<Option<PersonId>> {
    fn place(
        set: usize,
        fit: &[Vec<PersonId>],
        given: &mut [Option<PersonId>],
        tried: &mut BTreeSet<PersonId>,
    ) -> bool {
        for person in &fit[set] {
            if !tried.insert(*person) {
                continue;
            }
            let holder = given.iter().position(|held| held == &Some(*person));
            if holder.is_none_or(|other| place(other, fit, given, tried)) {
                given[set] = Some(*person);
                return true;
            }
        }
        false
    }
    let mut given = vec![None; fit.len()];
    for set in 0..fit.len() {
        place(set, fit, &mut given, &mut BTreeSet::new());
    }
    given
}

/// Whether two gaps are of the same place and duties.
fn same(a: &GapV1, b: &GapV1) -> bool {
    (&a.area, &a.matter, &a.duties, &a.kind) == (&b.area, &b.matter, &b.duties, &b.kind)
}

fn text(named: &Named) -> TextV1 {
    TextV1 { zh: named.zh.clone(), en: named.en.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_set_gets_another_person_where_there_are_enough() {
        let people = |sets: &[&[u128]]| -> Vec<Vec<PersonId>> {
            sets.iter().map(|set| set.iter().map(|n| PersonId(*n)).collect()).collect()
        };
        let met = |sets: &[&[u128]]| spread(&people(sets)).iter().flatten().count();
        assert_eq!(met(&[&[1], &[1, 2], &[2, 3]]), 3, "who is wanted by one alone goes there");
        assert_eq!(met(&[&[1, 2], &[1], &[2]]), 2, "two persons for three");
        assert_eq!(met(&[&[1], &[]]), 1);
        assert_eq!(met(&[]), 0);
    }
}
