//! What is known about a home and the people in it, by the names the shared pack gives facts, as a person would write the
//! values. Whatever a service asks beyond that is filled in by `known.rs`.

use super::people::{Home, Means, Member, Registered, Resident, Shape};
use super::random::Random;
use anmin_base::date::Date;
use std::collections::BTreeMap;

/// Facts by name.
pub(crate) type Values = BTreeMap<String, String>;

/// Facts about one home: the household's own, and each person's in the order of the people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    pub home: Values,
    pub people: Vec<Values>,
    /// What nobody has said, out of what a service would ask: of whom, and what.
    pub left_out: Vec<(usize, String)>,
}

struct Writing<'a> {
    random: &'a mut Random,
    values: Values,
}

impl Writing<'_> {
    fn say(&mut self, name: &str, value: impl ToString) {
        self.values.insert(name.to_owned(), value.to_string());
    }
}

/// Whole yuan, to ten.
fn tens(random: &mut Random, least: i32, most: i32) -> i32 {
    random.between(least, most) / 10 * 10
}

/// The facts of a home on a day. One home in sixteen leaves something out, of those without a case one in four.
pub(crate) fn facts(home: &Home, today: Date, random: &mut Random) -> Facts {
    let mut facts = Facts { home: of_home(home, random), ..Facts::default() };
    let members = i32::try_from(home.members().count()).unwrap_or(1);
    for person in &home.people {
        let values = match person.member {
            Member::Obligor => of_obligor(home, person, random),
            _ => of_member(home, person, members, today, random),
        };
        facts.people.push(values);
    }
    let share = if home.case.is_some() { 60 } else { 250 };
    if random.in_thousand(share) && !home.settled {
        for _ in 0..random.between(1, 3) {
            let forgotten =
                *random.one(&["savings", "serious_illness", "property_income", "transfer_income"]);
            let who = random.below(u32::try_from(facts.people.len()).unwrap_or(1));
            let who = usize::try_from(who).unwrap_or(0);
            if facts.people.get_mut(who).is_some_and(|values| values.remove(forgotten).is_some()) {
                facts.left_out.push((who, forgotten.to_owned()));
            }
        }
    }
    facts
}

fn of_home(home: &Home, random: &mut Random) -> Values {
    let well = home.means == Means::Well;
    let cars = u32::from(well && random.in_thousand(450));
    let homes = 1 + u32::from(well && random.in_thousand(120));
    let mut w = Writing { random, values: Values::new() };
    w.say("area", if home.urban { "urban" } else { "rural" });
    w.say("discretion", false);
    w.say("single_parent", home.shape.lone_parent());
    w.say("vehicles", cars);
    w.say("farm_machines", 0);
    w.say("boats", 0);
    w.say("homes", homes);
    if homes > 1 {
        w.say("homes_below_average", false);
    }
    w.say("non_dwelling", false);
    let cause = match home.shape {
        Shape::Elder | Shape::ElderWithChildElsewhere | Shape::ElderCouple => "old_age",
        Shape::DisabledChildOfElders => "handicap",
        Shape::LoneParentWithOne | Shape::LoneParentWithTwo => "no_labour",
        _ => w.random.one(&["illness", "jobless", "no_labour", "study", "accident"]),
    };
    if home.case.is_some() {
        w.say("cause", cause);
    }
    w.values
}

fn of_member(home: &Home, person: &Resident, members: i32, today: Date, random: &mut Random) -> Values {
    let age = person.age(today);
    let mut w = Writing { random, values: Values::new() };
    let hukou = match person.registered {
        Registered::Outside { permit: true } => "permit",
        Registered::Outside { permit: false } => "elsewhere",
        _ => "local",
    };
    w.say("relation", person.member.relation());
    w.say("hukou", hukou);
    if hukou == "permit" {
        w.say("married_to_local", person.member == Member::Spouse);
    }
    w.say("membership", "living_together");
    w.say("special", "none");
    let kept_from_afar = home.shape == Shape::ElderWithChildElsewhere && person.member == Member::Head;
    w.say("supported_elder", kept_from_afar);
    if home.shape.lone_parent() {
        w.say("raised_alone", person.member == Member::Child);
    }
    let able = w.health(home, person, age);
    w.schooling(age);
    w.work(home, age, able, members);
    w.pension(home, age);
    w.savings(home);
    w.values
}

impl Writing<'_> {
    /// Illness, disability, capacity; whether the person can work.
    fn health(&mut self, home: &Home, person: &Resident, age: i32) -> bool {
        let poor = home.means == Means::Poor;
        let disabled =
            person.member == Member::DisabledChild || self.random.in_thousand(if poor { 110 } else { 35 });
        let ill = self.random.in_thousand(if poor { 90 } else { 12 });
        if disabled {
            let kinds = ["limb", "intellectual", "mental", "vision", "hearing", "multiple"];
            let kind = kinds[self.random.weighed(&[40, 18, 16, 12, 10, 4])];
            let least = if person.member == Member::DisabledChild { 1 } else { 2 };
            let grade = self.random.between(least, if least == 1 { 2 } else { 4 });
            self.say("disability", kind);
            self.say("disability_grade", grade);
            if kind == "multiple" {
                let mental = self.random.in_thousand(300);
                self.say("multiple_with_mental", mental);
            }
        } else {
            self.say("disability", "none");
        }
        self.say("serious_illness", ill);
        let health = match (ill, age) {
            (true, _) => "grave",
            (_, 70..) => self.random.one(&["chronic", "weak_health", "healthy"]),
            (_, 50..) => self.random.one(&["healthy", "healthy", "chronic"]),
            _ => "healthy",
        };
        self.say("health", health);
        let cost = if ill || disabled { tens(self.random, 100, 1600) } else { 0 };
        self.say("rigid_cost", cost);
        let lost = person.member == Member::DisabledChild || ill && self.random.in_thousand(600);
        let labour = match (lost, disabled) {
            (true, _) => "lost",
            (_, true) => "mostly_lost",
            _ if age >= 75 => "lost",
            _ if age >= 60 => "weak",
            _ => "full",
        };
        self.say("labour", labour);
        self.say("at_retirement_age", age >= if person.woman { 55 } else { 60 });
        !lost && (!disabled || self.random.in_thousand(300))
    }

    fn schooling(&mut self, age: i32) {
        let student = match age {
            3..=5 => "preschool",
            6..=14 => "compulsory",
            15..=17 => "senior",
            18..=21 if self.random.in_thousand(550) => "college",
            _ => "none",
        };
        self.say("student", student);
        if student != "none" {
            self.say("full_time", true);
        }
        let education = match age {
            ..=6 => "illiterate",
            7..=12 => "primary",
            13..=15 => "junior",
            16..=18 => "senior_school",
            19..=45 => self.random.one(&["junior", "senior_school", "tertiary"]),
            46..=69 => self.random.one(&["primary", "junior", "senior_school"]),
            _ => self.random.one(&["illiterate", "primary"]),
        };
        self.say("education", education);
    }

    fn work(&mut self, home: &Home, age: i32, able: bool, members: i32) {
        let studies = self.values.get("student").is_some_and(|student| student != "none");
        let working_age = (18..=if home.urban { 59 } else { 66 }).contains(&age) && able && !studies;
        let out_of_work = match home.means {
            Means::Poor => 480,
            Means::Near => 220,
            Means::Well => 60,
        };
        if !working_age || self.random.in_thousand(out_of_work) {
            return self.say("employment", "none");
        }
        let kind = match (home.urban, home.means) {
            (_, Means::Well) => *self.random.one(&["employee", "employee", "self_employed"]),
            (true, _) => *self.random.one(&["informal", "informal", "employee"]),
            (false, _) => *self.random.one(&["farming", "informal", "farming", "employee"]),
        };
        // What a home has a head grows with those it must do for.
        let (least, most) = match home.means {
            Means::Poor => (700, 1500 + 350 * (members - 1)),
            Means::Near => (2200, 3300 + 900 * (members - 1)),
            Means::Well => (5200, 14_000),
        };
        let earned = tens(self.random, least, most);
        let business = matches!(kind, "self_employed" | "farming");
        self.say("employment", kind);
        self.say("wage", if business { 0 } else { earned });
        self.say("business", if business { earned } else { 0 });
        let cost = if business { 0 } else { tens(self.random, 0, 120) };
        self.say("work_cost", cost);
        let since = Date::ymd(2012 + self.random.between(0, 11), 3, 1);
        self.say("job_since", since);
    }

    fn pension(&mut self, home: &Home, age: i32) {
        let employee = home.urban
            && self.random.in_thousand(if home.means != Means::Poor {
                700
            } else if home.settled {
                0
            } else {
                50
            });
        match (age >= 60, employee) {
            (false, _) => self.say("pension", "none"),
            (true, true) => {
                self.say("pension", "employee_pension");
                let least = if home.means == Means::Poor { 1200 } else { 2600 };
                let amount = tens(self.random, least, least + 1800);
                self.say("pension_amount", amount);
            }
            (true, false) => {
                let basic = 123 + self.random.between(0, 2) * 20;
                let more = tens(self.random, 0, if home.means == Means::Well { 900 } else { 350 });
                self.say("pension", "resident_pension");
                self.say("pension_amount", basic + more);
                self.say("central_basic_pension", basic);
            }
        }
        let gifts = if self.random.in_thousand(80) { tens(self.random, 50, 300) } else { 0 };
        self.say("transfer_income", gifts);
        self.say("transfer_paid", 0);
    }

    fn savings(&mut self, home: &Home) {
        let (least, most) = match home.means {
            Means::Poor => (0, 9_000),
            Means::Near => (1_000, 40_000),
            Means::Well => (20_000, 260_000),
        };
        let least = if home.settled && home.means == Means::Well { 200_000 } else { least };
        let saved = self.random.between(least, most) / 100 * 100;
        let invests = home.means == Means::Well && self.random.in_thousand(300);
        let interest = if saved > 30_000 { saved / 1000 } else { 0 };
        self.say("savings", saved);
        self.say("property_income", interest);
        self.say("other_assets", invests);
        if invests {
            let held = self.random.between(5, 120) * 1000;
            self.say("securities", held);
            for none in ["insurance_value", "claims_held", "online_assets", "capital"] {
                self.say(none, 0);
            }
        }
    }
}

/// A grown child elsewhere who owes the elder support.
fn of_obligor(home: &Home, person: &Resident, random: &mut Random) -> Values {
    let well = home.means == Means::Well;
    let size = random.between(2, 4);
    let income = if well { tens(random, 12_000, 30_000) } else { tens(random, 3_000, 8_500) };
    let paid = tens(random, 0, 600);
    let mut w = Writing { random, values: Values::new() };
    w.say("household_id", person.card.reveal());
    w.say("owes", "elder_support");
    w.say("owed_to", &home.people[0].called.name);
    w.say("consent", true);
    w.say("standing", "none");
    w.say("household_income", income);
    w.say("household_size", size);
    w.say("families_supported", 1);
    w.say("homes", 1);
    w.say("assets_above_limit", false);
    w.say("ill_or_disabled", false);
    w.say("has_document", false);
    w.say("paid", paid);
    w.values
}
