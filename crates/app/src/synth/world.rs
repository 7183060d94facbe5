//! The county with everything in it, as far as it is held in memory: places and staff. Homes and cases are made one by
//! one, each from its number alone; here are the rows they become.

use super::known;
use super::means::{self, Facts, Values};
use super::people::{Home, MOST, Registered, Resident};
use super::place::{County, SINCE};
use super::plan::{Plan, moment};
use super::random::Seed;
use super::staff::Staff;
use super::walk::{self, Story};
use crate::case::{NewRow, case_number, json};
use crate::decide::{Opened, Prepared};
use crate::error::{Fault, Kind, Refusal, Result};
use crate::facts::{self, OriginV1, RecordingV1};
use crate::office::{Now, Office};
use crate::people::{HOUSEHOLD_SCHEMA, HouseholdSealedV1, membership_row};
use anmin_authz::id::AreaId;
use anmin_registry::household::{Ground, HouseholdKind, Membership};
use anmin_registry::id::{Days, HouseholdId, PersonId};
use anmin_store::{Id, Moment, Record, table};
use std::sync::Arc;

/// A county being made.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub office: Office,
    pub plan: Plan,
    pub seed: Seed,
    pub county: Arc<County>,
    pub staff: Arc<Staff>,
    /// The service, as of the last day.
    prepared: Arc<Prepared>,
}

/// A home with its rows.
#[derive(Clone, Debug)]
pub(crate) struct Household {
    pub home: Home,
    pub facts: Facts,
    pub persons: Vec<Record>,
    /// Households and memberships.
    pub others: Vec<Record>,
    pub recordings: Vec<Record>,
}

/// Of homes without a case, one in so many has facts too.
const WITH_FACTS: u32 = 5;

impl World {
    /// Places and staff of a plan.
    ///
    /// # Errors
    /// The service has no such course, or no rules on the last day.
    pub fn lay_out(office: &Office, plan: &Plan) -> Result<World> {
        let opened = office.opened(&plan.service, Some(&plan.region))?;
        let workflow = office.workflow(&opened, plan.today)?;
        if workflow.named.name != walk::COURSE {
            return Err(Refusal::new(
                Kind::Invalid,
                "other_course",
                format!("“{}”的办理流程不是社会救助流程，不能生成案件。", opened.loaded.service.name.zh),
                format!(
                    "Cases of {} do not take the course of assistance, the only one that can be walked.",
                    opened.loaded.service.name.en
                ),
            )
            .into());
        }
        let seed = plan.seed();
        let county = County::lay_out(plan, &seed, plan.beginning());
        let staff = Staff::appoint(plan, &seed, &county);
        Ok(World {
            prepared: office.prepared(&plan.service, Some(&plan.region), plan.today)?,
            office: office.clone(),
            plan: plan.clone(),
            seed,
            county: Arc::new(county),
            staff: Arc::new(staff),
        })
    }

    /// When everything but cases was written down.
    pub fn beginning(&self) -> Now {
        Now { at: self.plan.beginning(), on: self.plan.beginning().day() }
    }

    /// The moment at which the county stands there: the morning of its last day.
    pub fn morning(&self) -> Now {
        Now { at: moment(self.plan.today, 6 * 60), on: self.plan.today }
    }

    /// The name of a person of a home.
    pub fn person_id(&self, home: u32, place: u32) -> Id {
        self.seed.id("person", u64::from(home * MOST + place), self.plan.beginning())
    }

    fn household_id(&self, kind: HouseholdKind, home: &Home) -> Id {
        self.seed.id(kind.name(), u64::from(home.number), self.plan.beginning())
    }

    /// The household that is counted in a home's case.
    pub fn living(&self, home: &Home) -> Id {
        self.household_id(HouseholdKind::Living, home)
    }

    fn area(&self, area: usize) -> AreaId {
        AreaId(self.county.areas[area].id.0)
    }

    /// The row of a case about to be opened, under its own name and number.
    pub fn case_row(&self, home: &Home, case: u32, now: Now, opened: &Opened) -> Result<Record> {
        let (id, number) = self.case_name(case, now);
        let head = &home.people[0];
        let row = NewRow {
            id,
            number: &number,
            area: self.area(home.area),
            applicant: (head.id, &head.called.name),
            household: Some(self.living(home)),
            service: &self.plan.service,
        };
        self.office.case_row(&row, opened, now)
    }

    /// The name and number of a case opened at a moment. No two of a county have the same number.
    pub fn case_name(&self, case: u32, now: Now) -> (Id, String) {
        let id = self.seed.id("case", u64::from(case), now.at);
        // A factor without a common divisor with ten thousand million, so that every case has another.
        let drawn = u128::from(case) * 3_141_592_653 + u128::from(self.plan.seed) * 97;
        (id, case_number(now.on, drawn))
    }

    /// A home with all its rows.
    ///
    /// # Errors
    /// Something of it is not in order: a fault of ours.
    pub fn household(&self, number: u32) -> Result<Household> {
        let home = Home::make(&self.plan, &self.seed, &self.county, number);
        let mut random = self.seed.random("means", u64::from(number));
        let mut facts = means::facts(&home, self.plan.today, &mut random);
        if home.case.is_some() {
            known::answer(&self.prepared, &home, &mut facts)?;
        }
        let persons: Result<Vec<Record>> = home.people.iter().map(|p| self.person_row(&home, p)).collect();
        let others = self.household_rows(&home)?;
        let recordings = match home.case.is_some() || number.is_multiple_of(WITH_FACTS) {
            true => self.fact_rows(&home, &facts)?,
            false => Vec::new(),
        };
        Ok(Household { persons: persons?, others, recordings, home, facts })
    }

    /// A case from its beginning to today.
    ///
    /// # Errors
    /// The engine refused a step of ours.
    pub fn story(&self, case: u32) -> Result<Story> {
        walk::walk(self, &self.household(self.plan.household_of(case))?, case)
    }

    fn person_row(&self, home: &Home, person: &Resident) -> Result<Record> {
        let entry = person.draft(home, &self.county, &self.plan).check(self.plan.today);
        let entry = entry.map_err(|flaws| Fault::Broken(format!("home {}: {flaws:?}", home.number)))?;
        self.office.person_row(&entry, self.area(home.area), person.id)
    }

    fn household_rows(&self, home: &Home) -> Result<Vec<Record>> {
        let mut rows = Vec::new();
        let resident = |_: &Resident| Some(Ground::Resident);
        self.household_row(&mut rows, HouseholdKind::Address, home, home.area, resident)?;
        if let Some(area) = home.people[0].registered_area(home) {
            let registered = |person: &Resident| {
                let here = !matches!(person.registered, Registered::Outside { .. });
                here.then_some(Ground::Registered)
            };
            self.household_row(&mut rows, HouseholdKind::Registered, home, area, registered)?;
        }
        if home.case.is_some() {
            let lives = |person: &Resident| Some(person.ground(self.plan.today));
            self.household_row(&mut rows, HouseholdKind::Living, home, home.area, lives)?;
        }
        Ok(rows)
    }

    fn household_row(
        &self,
        rows: &mut Vec<Record>,
        kind: HouseholdKind,
        home: &Home,
        area: usize,
        ground: impl Fn(&Resident) -> Option<Ground>,
    ) -> Result<()> {
        let id = self.household_id(kind, home);
        let service = (kind == HouseholdKind::Living).then(|| self.plan.service.clone());
        let sealed = HouseholdSealedV1 { schema: HOUSEHOLD_SCHEMA.into(), service };
        let row = Record::new(&table::HOUSEHOLD, id)
            .with("kind", kind.name())
            .with("area", self.county.areas[area].id)
            .with("payload", json(&sealed)?);
        rows.push(row);
        let at = self.plan.beginning();
        for (place, person) in home.members().enumerate() {
            let Some(ground) = ground(person) else { continue };
            let membership = Membership {
                household: HouseholdId(id.0),
                person: PersonId(person.id.0),
                ground,
                days: Days::since(person.birth.max(SINCE)),
                recorded_at: anmin_registry::id::Moment(at.0),
                taken_back_at: None,
            };
            let number = u64::from(home.number * MOST) + place as u64;
            rows.push(membership_row(&membership, self.seed.id(&format!("in-{}", kind.name()), number, at)));
        }
        Ok(())
    }

    fn fact_rows(&self, home: &Home, facts: &Facts) -> Result<Vec<Record>> {
        let now = self.beginning();
        let mut rows = Vec::new();
        for (place, (person, values)) in home.people.iter().zip(&facts.people).enumerate() {
            let number = u64::from(home.number * MOST) + place as u64;
            rows.push(self.facts_row("person", person.id, values, ("facts-person", number), now)?);
        }
        if home.case.is_some() {
            let mut root = facts.home.clone();
            // Nobody elsewhere owes support: that is an answer too.
            if home.members().count() == home.people.len() {
                root.insert("obligors".into(), "none".into());
            }
            let number = u64::from(home.number);
            rows.push(self.facts_row(
                "household",
                self.living(home),
                &root,
                ("facts-household", number),
                now,
            )?);
        }
        Ok(rows)
    }

    /// The row of a recording of what somebody declared.
    pub fn facts_row(
        &self,
        kind: &str,
        subject: Id,
        values: &Values,
        (what, number): (&str, u64),
        now: Now,
    ) -> Result<Record> {
        let values = values.iter().map(|(name, value)| (name.clone(), Some(value.clone()))).collect();
        let recording = RecordingV1 { schema: facts::SCHEMA.into(), values, origin: OriginV1::default() };
        Ok(Record::new(&table::FACT, self.seed.id(what, number, now.at))
            .with("subject_kind", kind)
            .with("subject", subject)
            .with("name", facts::NAME)
            .with("value", json(&recording)?)
            .with("valid_from", i64::from(now.on.days()))
            .with("recorded_at", now.at)
            .with("source", "declared"))
    }

    /// The moment of a day's noon.
    pub fn noon(&self) -> Moment {
        moment(self.plan.today, 12 * 60)
    }
}

#[cfg(test)]
mod tests;
