//! A random town: cases, households, staff, and everything that stands between them.

use super::super::dice::Dice;
use super::super::world::*;
use crate::table::*;
use crate::*;
use anmin_authz::actor::{Actor, Ticket};
use anmin_authz::area::{Area, AreaTree, HandOver, Placement};
use anmin_authz::authority::{Authority, Capacity, PurposeId, RoleId, Standing, SubjectId, UnitKindId};
use anmin_authz::break_glass::BreakGlass;
use anmin_authz::id::{
    AreaId, ContractId, Days, LoginId, MatterId, Moment as Second, PaperId, PersonId, PostId, UnitId,
};
use anmin_authz::post::{Post, Terms, Unit};
use anmin_base::date::Date;

pub const AT: Second = Second(1_788_220_800);
pub const WORK: PurposeId = PurposeId(0);

pub struct Town {
    dice: Dice,
    pub tree: AreaTree,
    areas: Vec<AreaId>,
    units: Vec<Unit>,
    pub people: Vec<Id>,
    pub cases: Vec<Id>,
    pub households: Vec<Id>,
    /// A household and a member on the day.
    pub members: Vec<(Id, Id)>,
    /// A household and a case of it.
    pub of_household: Vec<(Id, Id)>,
    /// A row of `case_person`, its case, its person.
    pub named: Vec<(Id, Id, Id)>,
    /// A row of `hearing`, its case, its person, who need not be in the case.
    pub heard: Vec<(Id, Id, Id)>,
}

/// Days that mostly hold today: since long ago, until today, from today on, over, or not yet begun.
fn days(dice: &Dice) -> (i64, Option<i64>) {
    let today = i64::from(TODAY.days());
    dice.pick(&[
        (today - 300, None),
        (today - 300, None),
        (today - 300, Some(today)),
        (today, Some(today + 30)),
        (today - 300, Some(today - 1)),
        (today + 1, None),
    ])
}

fn dated(row: Record, days: (i64, Option<i64>)) -> Record {
    row.with("valid_from", days.0).with("valid_to", days.1)
}

/// A county with two towns, two villages in the first, and a village that was handed over to one of them.
fn tree(seed: u128) -> (AreaTree, Vec<AreaId>) {
    let id = |n: u128| AreaId(seed << 32 | 0x100 | n);
    let since = Days::since(Date::ymd(2020, 1, 1));
    let ended = Days::between(Date::ymd(2020, 1, 1), TODAY.add_days(-10));
    let areas: Vec<AreaId> = (0..6).map(id).collect();
    let area = |n: usize| Area {
        id: areas[n],
        code: None,
        name: String::new(),
        days: if n == 5 { ended } else { since },
    };
    let below = |(area, parent): (usize, usize)| Placement {
        area: areas[area],
        parent: areas[parent],
        days: if area == 5 { ended } else { since },
    };
    let over = HandOver { from: areas[5], to: areas[3], on: TODAY.add_days(-9) };
    let placed = [(1, 0), (2, 0), (3, 1), (4, 1), (5, 2)].map(below);
    (AreaTree::new((0..6).map(area), placed, [over]).unwrap(), areas)
}

impl Town {
    pub async fn new(seed: u64, world: &World, authority: &Authority) -> Town {
        let dice = Dice::new(seed);
        let base = u128::from(seed) << 32;
        let (tree, areas) = tree(u128::from(seed));
        let unit = |n: u128| Unit {
            id: UnitId(base | 0x200 | n),
            kind: UnitKindId(0),
            area: areas[0],
            stands: vec![Standing::Accepting],
            days: Days::since(Date::ymd(2020, 1, 1)),
        };
        let mut town = Town {
            units: vec![unit(0), unit(1)],
            people: (0..9).map(|n| Id(base | 0x300 | n)).collect(),
            cases: (0..12).map(|n| Id(base | 0x400 | n)).collect(),
            households: (0..4).map(|n| Id(base | 0x500 | n)).collect(),
            members: Vec::new(),
            of_household: Vec::new(),
            named: Vec::new(),
            heard: Vec::new(),
            dice,
            tree,
            areas,
        };
        let mut rows = town.places();
        rows.extend(town.residents());
        rows.extend(town.files());
        rows.extend(town.ties(authority));
        world.put(rows).await.unwrap();
        town
    }

    /// Removes all that a scope looks at, so that the next town is alone.
    pub async fn leave(&self, world: &World) {
        for table in [
            "hearing",
            "kept_apart",
            "consent",
            "representation",
            "cooperation",
            "duty",
            "duty_set",
            "kin_bar",
            "assignment",
            "case_person",
            "case_file",
            "membership",
            "household",
            "person",
        ] {
            world.by_hand(&format!("DELETE FROM {table}")).await;
        }
    }

    fn area(&self) -> Id {
        Id(self.dice.pick(&self.areas).0)
    }

    fn person(&self) -> Id {
        self.dice.pick(&self.people)
    }

    fn places(&self) -> Vec<Record> {
        let from = i64::from(Date::ymd(2020, 1, 1).days());
        let mut rows = Vec::new();
        for id in &self.areas {
            let days = self.tree.area(*id).unwrap().days;
            let row = Record::new(&AREA, Id(id.0)).with("code", "").with("name", "").with("roles", "");
            rows.push(dated(row, (from, days.to.map(|to| i64::from(to.days())))));
        }
        for (n, line) in self.tree.closure().into_iter().enumerate() {
            let row = Record::new(&AREA_ANC, Id(self.areas[0].0 << 8 | n as u128))
                .with("area", Id(line.area.0))
                .with("ancestor", Id(line.ancestor.0))
                .with("depth", i64::from(line.depth));
            rows.push(dated(row, (from, line.days.to.map(|to| i64::from(to.days())))));
        }
        let over = Record::new(&AREA_HANDOVER, Id(self.areas[0].0 << 8 | 0xff));
        let over = over.with("from_area", Id(self.areas[5].0)).with("to_area", Id(self.areas[3].0));
        rows.push(over.with("on_day", i64::from(TODAY.add_days(-9).days())));
        for unit in &self.units {
            let row = Record::new(&UNIT, Id(unit.id.0)).with("area", Id(unit.area.0));
            let row = row.with("kind", "office").with("name", "").with("stands", "accepting");
            rows.push(row.with("valid_from", from));
        }
        rows
    }

    fn residents(&mut self) -> Vec<Record> {
        let mut rows = Vec::new();
        for id in self.people.clone() {
            let row = person(id, self.area(), "某人", "human");
            rows.push(row.with("sensitivity", self.dice.pick(&[0, 1, 1, 2, 2, 2, 3, 4_i64])));
        }
        let today = i64::from(TODAY.days());
        for household in self.households.clone() {
            let row = Record::new(&HOUSEHOLD, household).with("kind", "living").with("area", self.area());
            rows.push(row.with("payload", b"x".to_vec()));
            let start = self.dice.roll(self.people.len());
            for n in 0..=self.dice.roll(3) {
                let member = self.people[(start + n) % self.people.len()];
                let days = days(&self.dice);
                if days.0 <= today && days.1.is_none_or(|to| to >= today) {
                    self.members.push((household, member));
                }
                let row = Record::new(&MEMBERSHIP, Id::at(NOW)).with("household", household);
                let row = row.with("person", member).with("ground", "x").with("counted", 1);
                rows.push(dated(row, days));
            }
        }
        rows
    }

    fn files(&mut self) -> Vec<Record> {
        let mut rows = Vec::new();
        for id in self.cases.clone() {
            let mut row = case(id, self.area(), self.person())
                .with("subject", self.dice.pick(&["aid", "children", "children", "unknown"]))
                .with("pack", self.dice.pick(&["plain", "plain", "strict", "shy"]))
                .with("sensitivity", self.dice.pick(&[1, 2, 2, 3, 3, 4, 4_i64]))
                .with("cycle", self.dice.pick(&[1, 2_i64]));
            if !self.dice.once_in(4) {
                row.set("unit", Id(self.dice.pick(&[0, 1]) as u128 | self.units[0].id.0));
            }
            if !self.dice.once_in(3) {
                let household = self.dice.pick(&self.households);
                row.set("household", household);
                self.of_household.push((household, id));
            }
            rows.push(row);
            let heard = self.people.iter().copied().filter(|_| self.dice.once_in(3)).collect::<Vec<_>>();
            for person in heard {
                let row = Record::new(&HEARING, Id::at(NOW)).with("case_id", id).with("person", person);
                let by = self.people[usize::from(person == self.people[0])];
                let row = row.with("heard_by", by).with("heard_on", 1).with("means", "x");
                self.heard.push((row.id(), id, person));
                rows.push(row.with("payload", b"x".to_vec()));
            }
            if self.dice.once_in(2) {
                let (row, named) = (Id::at(NOW), self.person());
                self.named.push((row, id, named));
                let row = Record::new(&CASE_PERSON, row).with("case_id", id).with("person", named);
                rows.push(row.with("role", "member"));
            }
        }
        rows
    }

    /// What stands between people and cases.
    fn ties(&self, authority: &Authority) -> Vec<Record> {
        let mut rows = Vec::new();
        let new = |table: &'static Table| Record::new(table, Id::at(NOW));
        for case in self.cases.clone() {
            let of_case = |table: &'static Table| new(table).with("case_id", case);
            for _ in 0..self.dice.roll(4) {
                let row = of_case(&ASSIGNMENT).with("person", self.person()).with("duty", "intake");
                let row = Record { id: Id::at(NOW), ..row };
                rows.push(dated(row, days(&self.dice)));
            }
            if self.dice.once_in(3) {
                let unit = Id(self.dice.pick(&[0, 1]) as u128 | self.units[0].id.0);
                rows.push(dated(of_case(&COOPERATION).with("unit", unit), days(&self.dice)));
            }
            if self.dice.once_in(4) {
                rows.push(of_case(&KIN_BAR).with("staff", self.person()));
            }
            for cycle in [1, 2_i64] {
                for person in self.people.clone() {
                    if !self.dice.once_in(3) {
                        continue;
                    }
                    let duties = &authority.parts().duties;
                    let class = duties[self.dice.roll(duties.len())].name.clone();
                    let row = |table: &'static Table| {
                        let row = of_case(table).with("cycle", cycle).with("person", person);
                        row.with("set_name", "set")
                    };
                    rows.push(row(&DUTY_SET));
                    rows.push(row(&DUTY).with("class", class));
                }
            }
        }
        // Everybody who is asked about has a share of each, with days of every kind.
        for (n, by) in self.people.iter().enumerate() {
            for step in 1..self.people.len() {
                let of = self.people[(n + step) % self.people.len()];
                if self.dice.once_in(3) {
                    let row = new(&REPRESENTATION).with("by_person", *by).with("of_person", of);
                    let row = row.with("kind", self.dice.pick(&["guardian", "helper"]));
                    rows.push(dated(row, days(&self.dice)));
                }
                if self.dice.once_in(3) {
                    let row = new(&CONSENT).with("by_person", *by).with("to_person", of);
                    rows.push(dated(row, days(&self.dice)));
                }
                if *by < of && self.dice.once_in(3) {
                    let row = new(&KEPT_APART).with("person_a", *by).with("person_b", of);
                    rows.push(dated(row.with("ground", "x"), days(&self.dice)));
                }
            }
        }
        // Two assignments of one person from one day on are one.
        let mut seen = std::collections::BTreeSet::new();
        rows.retain(|row| {
            row.table() != &ASSIGNMENT
                || seen.insert((row.link("case_id"), row.link("person"), row.int("valid_from")))
        });
        rows
    }

    /// Somebody, as a resident, on one or two posts, or as a machine.
    pub fn actor(&self, nth: usize, authority: &Authority) -> Actor {
        let me = PersonId(self.people[nth % self.people.len()].0);
        if nth.is_multiple_of(3) {
            return Actor::resident(me, LoginId(1));
        }
        let staff: Vec<usize> = (0..authority.parts().roles.len())
            .filter(|role| authority.parts().roles[*role].capacity == Capacity::Staff)
            .collect();
        let mut actor = Actor::staff(me, LoginId(1), vec![]);
        if (nth + 19).is_multiple_of(20) {
            let role = authority.role("partner").unwrap();
            actor = Actor::interface(
                me,
                LoginId(1),
                vec![self.post(authority, role, me, 0)],
                vec![ContractId(1)],
            );
        } else {
            for n in 0..=self.dice.roll(2) {
                let role = RoleId(staff[(nth + n * self.dice.roll(3)) % staff.len()]);
                actor.posts.push(self.post(authority, role, me, n));
            }
        }
        actor.stepped_up = Some(AT);
        for _ in 0..1 + self.dice.roll(2) {
            let matter = self.dice.once_in(2).then(|| MatterId(self.dice.pick(&self.cases).0));
            actor.tickets.push(Ticket {
                id: PaperId(1),
                person: me,
                issued_by: PersonId(1),
                area: self.areas[self.dice.pick(&[0, 0, 0, 1, 2, 3])],
                subjects: vec![SubjectId(self.dice.roll(2))],
                matter,
                days: Days::between(TODAY.add_days(-1), TODAY),
            });
        }
        actor.break_glass = self.dice.once_in(2).then(|| BreakGlass {
            person: me,
            about: PersonId(self.person().0),
            subject: SubjectId(1),
            purpose: WORK,
            reason: "示例：走失儿童，急需联系家人。".into(),
            opened: Second(AT.0 - 60),
            stepped_up: Second(AT.0 - 90),
            opened_today: 1,
            review_overdue: false,
        });
        actor
    }

    fn post(&self, authority: &Authority, role: RoleId, person: PersonId, n: usize) -> Post {
        let row = &authority.parts().roles[role.0];
        let subjects = match row.subjects.len() {
            0 => vec![],
            most => row.subjects[..=self.dice.roll(most)].to_vec(),
        };
        let unit = &self.units[self.dice.roll(2)];
        let (from, to) = (TODAY.add_months(-6), TODAY.add_months(5));
        let area = self.areas[self.dice.pick(&[0, 0, 1, 1, 2, 3, 4])];
        let terms = Terms { id: PostId(700 + n as u128), person, area, subjects, from, to };
        let other = self.people[self.dice.roll(self.people.len())];
        if row.delegable && other.0 != person.0 && self.dice.once_in(3) {
            let source = Terms { person: PersonId(other.0), id: PostId(900), ..terms.clone() };
            let source = Post::new(authority, &self.tree, unit, role, source).unwrap();
            return source.delegate(authority, &self.tree, terms).unwrap();
        }
        Post::new(authority, &self.tree, unit, role, terms).unwrap()
    }
}

use crate::table::Table;
