//! What a caller may reach, as conditions on rows. Every function that touches personal tables takes a [`Scope`], and
//! nothing outside this crate can make one but by asking `authz`: a forgotten area is a program that does not compile.
//!
//! When `authz` is joined to this crate, `impl From<&anmin_authz::scope::Scope> for Scope` goes into this file: holder,
//! day, and one [`Clause`] for each of its clauses. That conversion is then the only way in; `authz::Scope::judge` is
//! the meaning, and a test compares the two row by row.

use crate::db::Bind;
use crate::id::Id;
use crate::record::Value;
use crate::table::{Place, Table};
use anmin_base::date::Date;

/// What somebody may reach on a day. It cannot be made outside this crate.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    holder: Holder,
    on: Date,
    reach: Reach,
}

/// In whose name, for the journal and the access log.
#[cfg_attr(not(test), expect(dead_code, reason = "made by the conversion from authz, and by tests"))]
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Holder {
    /// A person with a post, or a resident without one, and those in whose place they act.
    Person { person: Id, post: Option<Id>, on_behalf_of: Vec<Id> },
    /// An enumerated job.
    Job(&'static str),
}

#[cfg_attr(not(test), expect(dead_code, reason = "made by the conversion from authz, and by tests"))]
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reach {
    /// Everything; for jobs only.
    Everything,
    /// What at least one clause allows.
    Clauses(Vec<Clause>),
}

/// One way to reach rows: all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Clause {
    /// The row's area is this one or lies in it.
    pub within: Option<Id>,
    /// The case is of one of these subjects; none given, of any. People are then reached through such cases only.
    pub subjects: Vec<String>,
    /// The most sensitive, 0 to 4.
    pub up_to: i64,
    /// The case is assigned to this person.
    pub assigned_to: Option<Id>,
    /// The row is this person's own, or of a case about them.
    pub own: Option<Id>,
    /// This one case.
    pub case: Option<Id>,
}

impl Scope {
    /// For the conversion from `authz` and for the store's own tests.
    #[cfg_attr(not(test), expect(dead_code, reason = "made by the conversion from authz, and by tests"))]
    pub(crate) fn new(holder: Holder, on: Date, reach: Reach) -> Scope {
        Scope { holder, on, reach }
    }

    /// Who acts, as the journal writes it.
    pub(crate) fn actor(&self) -> String {
        match &self.holder {
            Holder::Person { person, .. } => person.to_string(),
            Holder::Job(job) => format!("job:{job}"),
        }
    }

    /// The post in which they act.
    pub(crate) fn post(&self) -> String {
        match &self.holder {
            Holder::Person { post: Some(post), .. } => post.to_string(),
            _ => String::new(),
        }
    }

    /// The condition on rows of a table, which a statement names `t`; its values are added to `binds`. True for what
    /// is about nobody.
    pub(crate) fn predicate(&self, table: &Table, binds: &mut Vec<Bind>) -> String {
        let Reach::Clauses(clauses) = &self.reach else {
            return "1 = 1".into();
        };
        let mut sql = Predicate { scope: self, clauses, binds };
        match table.place {
            Place::Open => "1 = 1".into(),
            Place::Case("id") => sql.case("t"),
            Place::Case(column) => sql.of_case(&format!("t.{column}")),
            Place::Person(column) => sql.of_person(&format!("t.{column}")),
            Place::Household => sql.of_household("t.id"),
            Place::Subject => {
                let kinds = [
                    ("person", sql.of_person("t.subject")),
                    ("household", sql.of_household("t.subject")),
                    ("case", sql.of_case("t.subject")),
                ];
                let parts = kinds.map(|(kind, part)| format!("(t.subject_kind = '{kind}' AND {part})"));
                format!("({})", parts.join(" OR "))
            }
        }
    }
}

/// Writes conditions. Aliases: `t` the row, `c` a case, `p` a person; the inner ones hide the outer ones.
struct Predicate<'a> {
    scope: &'a Scope,
    clauses: &'a [Clause],
    binds: &'a mut Vec<Bind>,
}

impl Predicate<'_> {
    fn text(&mut self, value: impl Into<Value>) -> String {
        self.binds.push(Bind::text(value));
        format!("${}", self.binds.len())
    }

    fn int(&mut self, value: i64) -> String {
        self.binds.push(Bind::int(value));
        format!("${}", self.binds.len())
    }

    fn within(&mut self, column: &str, area: Id) -> String {
        let (area, on) = (self.text(area), self.int(i64::from(self.scope.on.days())));
        format!(
            "{column} IN (SELECT a.area FROM area_anc a WHERE a.ancestor = {area} \
             AND a.valid_from <= {on} AND (a.valid_to IS NULL OR a.valid_to >= {on}))"
        )
    }

    /// A case, whose row has this alias, is reached by a clause and barred by no kinship.
    fn case(&mut self, alias: &str) -> String {
        let mut ways = Vec::new();
        for clause in self.clauses {
            let mut all = vec![format!("{alias}.sensitivity <= {}", self.int(clause.up_to))];
            if let Some(area) = clause.within {
                all.push(self.within(&format!("{alias}.area"), area));
            }
            if !clause.subjects.is_empty() {
                let list: Vec<String> = clause.subjects.iter().map(|s| self.text(s.as_str())).collect();
                all.push(format!("{alias}.subject IN ({})", list.join(", ")));
            }
            if let Some(person) = clause.assigned_to {
                all.push(format!("{alias}.assignee = {}", self.text(person)));
            }
            if let Some(person) = clause.own {
                let person = self.text(person);
                all.push(format!(
                    "({alias}.applicant = {person} OR EXISTS (SELECT 1 FROM case_person m \
                     WHERE m.case_id = {alias}.id AND m.person = {person}))"
                ));
            }
            if let Some(case) = clause.case {
                all.push(format!("{alias}.id = {}", self.text(case)));
            }
            ways.push(format!("({})", all.join(" AND ")));
        }
        let reached = if ways.is_empty() { "1 = 0".into() } else { ways.join(" OR ") };
        match &self.scope.holder {
            Holder::Job(_) => format!("({reached})"),
            Holder::Person { person, on_behalf_of, .. } => {
                let people = std::iter::once(person).chain(on_behalf_of);
                let people: Vec<String> = people.map(|person| self.text(*person)).collect();
                format!(
                    "(({reached}) AND NOT EXISTS (SELECT 1 FROM kin_bar k WHERE k.case_id = {alias}.id \
                     AND k.staff IN ({})))",
                    people.join(", ")
                )
            }
        }
    }

    fn of_case(&mut self, column: &str) -> String {
        let case = self.case("c");
        format!("EXISTS (SELECT 1 FROM case_file c WHERE c.id = {column} AND {case})")
    }

    /// A person is reached by area, as oneself, or through a case they are in.
    fn of_person(&mut self, column: &str) -> String {
        let mut ways = Vec::new();
        for clause in self.clauses {
            let through_cases_only =
                !clause.subjects.is_empty() || clause.assigned_to.is_some() || clause.case.is_some();
            if through_cases_only || (clause.within.is_none() && clause.own.is_none()) {
                continue;
            }
            let mut all = vec![format!("p.sensitivity <= {}", self.int(clause.up_to))];
            if let Some(area) = clause.within {
                all.push(self.within("p.area", area));
            }
            if let Some(person) = clause.own {
                all.push(format!("p.id = {}", self.text(person)));
            }
            ways.push(format!("({})", all.join(" AND ")));
        }
        let case = self.case("c");
        ways.push(format!(
            "EXISTS (SELECT 1 FROM case_file c WHERE (c.applicant = p.id OR c.id IN \
             (SELECT m.case_id FROM case_person m WHERE m.person = p.id)) AND {case})"
        ));
        format!("EXISTS (SELECT 1 FROM person p WHERE p.id = {column} AND ({}))", ways.join(" OR "))
    }

    fn of_household(&mut self, column: &str) -> String {
        let person = self.of_person("n.person");
        let case = self.case("c");
        format!(
            "(EXISTS (SELECT 1 FROM membership n WHERE n.household = {column} AND {person}) \
             OR EXISTS (SELECT 1 FROM case_file c WHERE c.household = {column} AND {case}))"
        )
    }
}
