//! Scopes as SQL. Aliases: `t` the row, `c` a case, `p` a person; the inner ones hide the outer ones.

use super::{Clause, Holder, Kin, Near, Packs, Reach, Scope, Use};
use crate::db::Bind;
use crate::id::Id;
use crate::record::Value;
use crate::table::{Place, Table};

impl Scope {
    /// The condition on rows of a table, which a statement names `t`; its values are added to `binds`. True for what
    /// is about nobody.
    pub(crate) fn predicate(&self, table: &Table, asked: Use, binds: &mut Vec<Bind>) -> String {
        let mut sql = Predicate { scope: self, asked, binds, person: None, on: None };
        match table.place {
            Place::Open => "1 = 1".into(),
            Place::Case("id") => sql.case("t", "t.applicant", None),
            Place::Case(column) => sql.of_case(&format!("t.{column}"), None),
            Place::CaseOf(column, about) => sql.of_case(&format!("t.{column}"), Some(&format!("t.{about}"))),
            Place::Person(column) => sql.of_person(&format!("t.{column}")),
            Place::Household => sql.of_household("t.id"),
            Place::Apart(..) => sql.apart(),
            Place::Draft => sql.draft("t"),
            Place::OfDraft(column) => {
                let draft = sql.draft("d");
                format!("EXISTS (SELECT 1 FROM application d WHERE d.id = t.{column} AND {draft})")
            }
            Place::Money(area) => sql.money(&format!("t.{area}")),
            Place::Paid(area, person) => {
                format!("({} OR {})", sql.money(&format!("t.{area}")), sql.of_person(&format!("t.{person}")))
            }
            Place::Subject => {
                let kinds = [
                    ("person", sql.of_person("t.subject")),
                    ("household", sql.of_household("t.subject")),
                    ("case", sql.of_case("t.subject", None)),
                ];
                let parts = kinds.map(|(kind, part)| format!("(t.subject_kind = '{kind}' AND {part})"));
                format!("({})", parts.join(" OR "))
            }
        }
    }

    /// A statement that gives a row if what other rows hang on is reached for writing.
    pub(crate) fn reaches(&self, kin: Kin, id: Id, asked: Use) -> (String, Vec<Bind>) {
        let mut binds = vec![Bind::text(id)];
        let mut sql = Predicate { scope: self, asked, binds: &mut binds, person: None, on: None };
        let (table, condition) = match (kin, asked) {
            (Kin::Case, _) => ("case_file", sql.case("t", "t.applicant", None)),
            (Kin::Person, Use::Insert) => ("person", sql.of_new("t.sensitivity <= ", "t.area")),
            (Kin::Person, _) => ("person", sql.of_person("t.id")),
            (Kin::Household, Use::Insert) => ("household", sql.of_new("2 <= ", "t.area")),
            (Kin::Household, _) => ("household", sql.of_household("t.id")),
            (Kin::Draft, _) => ("application", sql.draft("t")),
            (Kin::Area, _) => ("area", sql.money("t.id")),
        };
        (format!("SELECT 1 AS found FROM {table} t WHERE t.id = $1 AND {condition}"), binds)
    }
}

struct Predicate<'a> {
    scope: &'a Scope,
    asked: Use,
    binds: &'a mut Vec<Bind>,
    /// Where the person and the day are bound, once.
    person: Option<usize>,
    on: Option<usize>,
}

/// Any of these; none of none.
fn any(ways: Vec<String>) -> String {
    if ways.is_empty() { "1 = 0".into() } else { format!("({})", ways.join(" OR ")) }
}

/// Who is in a case: the applicant, those named in it, and the household on the day.
fn party(case: &str, condition: &str, on: &str) -> [String; 3] {
    [
        format!("{case}.applicant {condition}"),
        format!(
            "EXISTS (SELECT 1 FROM case_person cp WHERE cp.case_id = {case}.id AND cp.person {condition})"
        ),
        format!(
            "EXISTS (SELECT 1 FROM membership cm WHERE cm.household = {case}.household AND cm.person {condition} \
             AND {})",
            belongs("cm", on)
        ),
    ]
}

/// A membership that holds on the day, and was not taken back.
fn belongs(alias: &str, on: &str) -> String {
    format!("{} AND {alias}.taken_back_at IS NULL", on_day(alias, on))
}

fn on_day(alias: &str, on: &str) -> String {
    format!("{alias}.valid_from <= {on} AND ({alias}.valid_to IS NULL OR {alias}.valid_to >= {on})")
}

impl Predicate<'_> {
    fn text(&mut self, value: impl Into<Value>) -> String {
        self.binds.push(Bind::text(value));
        format!("${}", self.binds.len())
    }

    fn list(&mut self, values: impl IntoIterator<Item = impl Into<Value>>) -> String {
        let marks: Vec<String> = values.into_iter().map(|value| self.text(value)).collect();
        marks.join(", ")
    }

    fn on(&mut self) -> String {
        let day = i64::from(self.scope.on.days());
        let at = *self.on.get_or_insert_with(|| {
            self.binds.push(Bind::int(day));
            self.binds.len()
        });
        format!("${at}")
    }

    fn person(&mut self) -> String {
        let Holder::Person { person, .. } = self.scope.holder else { return "''".into() };
        let at = *self.person.get_or_insert_with(|| {
            self.binds.push(Bind::text(person));
            self.binds.len()
        });
        format!("${at}")
    }

    /// The clauses that may be used for what is asked.
    fn clauses(&self) -> Vec<Clause> {
        let Reach::Clauses(clauses) = &self.scope.reach else { return Vec::new() };
        let fits = |clause: &&Clause| match self.asked {
            Use::Read => !clause.counts,
            Use::Count => true,
            Use::Write => !clause.counts && (clause.near != Near::Household || clause.declares),
            Use::Insert => !clause.counts && clause.near != Near::Household,
        };
        clauses.iter().filter(fits).cloned().collect()
    }

    /// The column names an area whose jurisdiction on the day is this one's, or below it.
    fn within(&mut self, column: &str, area: Id) -> String {
        let (area, on) = (self.text(area), self.on());
        format!(
            "{column} IN (WITH RECURSIVE r (id) AS (SELECT a.area FROM area_anc a WHERE a.ancestor = {area} AND {} \
             AND NOT EXISTS (SELECT 1 FROM area_handover g WHERE g.from_area = a.area AND g.on_day <= {on}) \
             UNION SELECT h.from_area FROM area_handover h JOIN r ON h.to_area = r.id WHERE h.on_day <= {on}) \
             SELECT r.id FROM r)",
            on_day("a", &on)
        )
    }

    /// A case, whose row has this alias, is reached by a clause; `about` is the person of the row, and `person` the
    /// alias of that person's own row where there is one.
    fn case(&mut self, case: &str, about: &str, person: Option<&str>) -> String {
        let levels: Vec<String> =
            std::iter::once(case).chain(person).map(|alias| format!("{alias}.sensitivity")).collect();
        if let Reach::UpTo(most) = self.scope.reach {
            let parts: Vec<String> = levels.iter().map(|level| format!("{level} <= {most}")).collect();
            return format!("({})", parts.join(" AND "));
        }
        let mut ways = Vec::new();
        for clause in self.clauses() {
            if matches!(clause.packs, Packs::Outside | Packs::Money) || clause.up_to < 0 {
                continue;
            }
            let mut all: Vec<String> =
                levels.iter().map(|level| format!("{level} <= {}", clause.up_to)).collect();
            if clause.sealed && clause.up_to == 4 {
                let open: Vec<String> = levels.iter().map(|level| format!("{level} < 4")).collect();
                all.push(format!("(({}) OR {})", open.join(" AND "), self.assigned(case)));
            }
            self.kind(&clause, case, &mut all);
            all.push(self.near(&clause, case, about));
            self.needs(&clause, case, about, &mut all);
            self.bars(&clause, case, about, &mut all);
            ways.push(format!("({})", all.join(" AND ")));
        }
        any(ways)
    }

    /// Of the right subject, service and unit.
    fn kind(&mut self, clause: &Clause, case: &str, all: &mut Vec<String>) {
        match &clause.subjects {
            None => {}
            Some(subjects) if subjects.is_empty() => all.push("1 = 0".into()),
            Some(subjects) => {
                all.push(format!("{case}.subject IN ({})", self.list(subjects.iter().map(String::as_str))));
            }
        }
        match &clause.packs {
            Packs::Any | Packs::Outside | Packs::Money => {}
            Packs::Only(names) => {
                all.push(format!("{case}.pack IN ({})", self.list(names.iter().map(String::as_str))));
            }
            Packs::Except(names) => {
                all.push(format!("{case}.pack NOT IN ({})", self.list(names.iter().map(String::as_str))));
            }
        }
        match clause.other_unit {
            None => {}
            Some(None) => all.push(format!("{case}.unit IS NOT NULL")),
            Some(Some(unit)) => {
                let unit = self.text(unit);
                all.push(format!("({case}.unit IS NOT NULL AND {case}.unit <> {unit})"));
            }
        }
    }

    fn near(&mut self, clause: &Clause, case: &str, about: &str) -> String {
        let person = self.person();
        match clause.near {
            Near::Area | Near::Assigned => {
                let Some(area) = clause.within else { return "1 = 0".into() };
                let area = self.within(&format!("{case}.area"), area);
                match clause.near {
                    Near::Assigned => format!("{area} AND {}", self.assigned(case)),
                    _ => area,
                }
            }
            Near::Cooperation(unit) => {
                let (unit, on) = (self.text(unit), self.on());
                format!(
                    "EXISTS (SELECT 1 FROM cooperation o WHERE o.case_id = {case}.id AND o.unit = {unit} AND {})",
                    on_day("o", &on)
                )
            }
            // Of a row about somebody in the case, that one is meant; of the case as a whole, any of them.
            Near::Own if clause.party && about.ends_with(".applicant") => {
                let on = self.on();
                any(party(case, &format!("= {person}"), &on).to_vec())
            }
            Near::Acts(kind) if clause.party && about.ends_with(".applicant") => {
                let on = self.on();
                let ward = any(party(case, "= rp.of_person", &on).to_vec());
                format!(
                    "EXISTS (SELECT 1 FROM representation rp WHERE rp.by_person = {person} AND rp.kind = '{kind}' \
                     AND {} AND {ward})",
                    on_day("rp", &on)
                )
            }
            Near::Own => format!("{about} = {person}"),
            Near::Acts(kind) => self.acts(kind, about),
            Near::Household => {
                let on = self.on();
                let party = party(case, &format!("= {about}"), &on).join(" OR ");
                format!("({case}.applicant = {person} AND {about} <> {person} AND ({party}))")
            }
            Near::Anywhere => "1 = 1".into(),
        }
    }

    fn acts(&mut self, kind: &str, about: &str) -> String {
        let (person, on) = (self.person(), self.on());
        format!(
            "EXISTS (SELECT 1 FROM representation r WHERE r.by_person = {person} AND r.of_person = {about} \
             AND r.kind = '{kind}' AND {})",
            on_day("r", &on)
        )
    }

    /// By name, on the day. To a row that is new nobody is assigned yet.
    fn assigned(&mut self, case: &str) -> String {
        if self.asked == Use::Insert {
            return "1 = 1".into();
        }
        let (person, on) = (self.person(), self.on());
        format!(
            "EXISTS (SELECT 1 FROM assignment s WHERE s.case_id = {case}.id AND s.person = {person} AND {})",
            on_day("s", &on)
        )
    }

    fn needs(&mut self, clause: &Clause, case: &str, about: &str, all: &mut Vec<String>) {
        if clause.needs_ticket {
            let mut ways = Vec::new();
            for ticket in &self.scope.tickets {
                if ticket.subjects.is_empty() {
                    continue;
                }
                let area = self.within(&format!("{case}.area"), ticket.area);
                let subjects = self.list(ticket.subjects.iter().map(String::as_str));
                let one = ticket.case.map(|one| format!(" AND {case}.id = {}", self.text(one)));
                let one = one.unwrap_or_default();
                ways.push(format!("({area} AND {case}.subject IN ({subjects}){one})"));
            }
            all.push(any(ways));
        }
        if clause.needs_assignment {
            all.push(self.assigned(case));
        }
        if let Some(only) = clause.about {
            all.push(format!("{about} = {}", self.text(only)));
        }
        if clause.checks {
            let on = self.on();
            // The case as a whole is not about one of those who are checked.
            let whom = match about.ends_with(".applicant") {
                true => String::new(),
                false => format!(" AND q.person = {about}"),
            };
            all.push(format!(
                "EXISTS (SELECT 1 FROM check_request q JOIN authorisation g ON g.id = q.authorisation \
                 WHERE q.case_id = {case}.id AND q.state = 'open' AND g.revoked_at IS NULL AND {}{whom})",
                on_day("g", &on)
            ));
        }
        self.consent(clause, about, all);
    }

    fn consent(&mut self, clause: &Clause, about: &str, all: &mut Vec<String>) {
        if clause.needs_consent {
            let (person, on) = (self.person(), self.on());
            all.push(format!(
                "EXISTS (SELECT 1 FROM consent e WHERE e.by_person = {about} AND e.to_person = {person} AND {})",
                on_day("e", &on)
            ));
        }
    }

    /// What holds whatever is permitted: nobody in their own case or a relative's, nothing between people kept apart,
    /// no two separate duties.
    fn bars(&mut self, clause: &Clause, case: &str, about: &str, all: &mut Vec<String>) {
        if clause.barred {
            let (hands, on) = (self.list(clause.hands.iter().copied()), self.on());
            all.push(format!("{about} NOT IN ({hands})"));
            let party = party(case, &format!("IN ({hands})"), &on).join(" OR ");
            all.push(format!("NOT ({party})"));
            all.push(format!(
                "NOT EXISTS (SELECT 1 FROM kin_bar k WHERE k.case_id = {case}.id AND k.staff IN ({hands}))"
            ));
        }
        if clause.apart {
            all.push(self.not_apart(about));
        }
        if let Some(duties) = &clause.with_duties {
            let hands = self.list(clause.hands.iter().copied());
            let other = match duties.is_empty() {
                true => String::new(),
                false => format!(" AND d.class NOT IN ({})", self.list(duties.iter().map(String::as_str))),
            };
            all.push(format!(
                "NOT EXISTS (SELECT 1 FROM duty d WHERE d.case_id = {case}.id AND d.cycle = {case}.cycle \
                 AND d.person IN ({hands}){other})"
            ));
        }
    }

    /// Money of an area: who is paid, and how much, is personal.
    fn money(&mut self, column: &str) -> String {
        if let Reach::UpTo(most) = self.scope.reach {
            return if most >= 2 { "1 = 1".into() } else { "1 = 0".into() };
        }
        let mut ways = Vec::new();
        for clause in self.clauses().into_iter().filter(|clause| clause.packs == Packs::Money) {
            let Some(area) = clause.within.filter(|_| clause.up_to >= 2) else { continue };
            let mut all = vec![self.within(column, area)];
            if clause.needs_ticket {
                let mut tickets = Vec::new();
                for ticket in &self.scope.tickets {
                    if ticket.case.is_none() && ticket.subjects.iter().any(|subject| subject == "funds") {
                        tickets.push(self.within(column, ticket.area));
                    }
                }
                all.push(any(tickets));
            }
            ways.push(format!("({})", all.join(" AND ")));
        }
        any(ways)
    }

    fn not_apart(&mut self, other: &str) -> String {
        let (person, on) = (self.person(), self.on());
        format!(
            "NOT EXISTS (SELECT 1 FROM kept_apart z WHERE ((z.person_a = {other} AND z.person_b = {person}) \
             OR (z.person_b = {other} AND z.person_a = {person})) AND {})",
            on_day("z", &on)
        )
    }

    fn of_case(&mut self, column: &str, about: Option<&str>) -> String {
        let case = self.case("c", about.unwrap_or("c.applicant"), None);
        format!("EXISTS (SELECT 1 FROM case_file c WHERE c.id = {column} AND {case})")
    }

    /// A person, whose row is `p`, outside any case.
    fn outside(&mut self) -> String {
        if let Reach::UpTo(most) = self.scope.reach {
            return format!("(p.sensitivity <= {most})");
        }
        let mut ways = Vec::new();
        for clause in self.clauses().into_iter().filter(|clause| clause.packs == Packs::Outside) {
            let mut all = vec![format!("p.sensitivity <= {}", clause.up_to)];
            all.push(match clause.near {
                Near::Own => format!("p.id = {}", self.person()),
                Near::Acts(kind) => self.acts(kind, "p.id"),
                Near::Anywhere => "1 = 1".into(),
                Near::Area => clause.within.map_or("1 = 0".into(), |area| self.within("p.area", area)),
                Near::Assigned | Near::Cooperation(_) | Near::Household => "1 = 0".into(),
            });
            if let Some(only) = clause.about {
                all.push(format!("p.id = {}", self.text(only)));
            }
            self.consent(&clause, "p.id", &mut all);
            if clause.barred {
                all.push(format!("p.id NOT IN ({})", self.list(clause.hands.iter().copied())));
            }
            if clause.apart {
                all.push(self.not_apart("p.id"));
            }
            ways.push(format!("({})", all.join(" AND ")));
        }
        any(ways)
    }

    /// A person is reached as such, or through a case they are in.
    fn of_person(&mut self, column: &str) -> String {
        let outside = self.outside();
        if matches!(self.scope.reach, Reach::UpTo(_)) {
            return format!("EXISTS (SELECT 1 FROM person p WHERE p.id = {column} AND {outside})");
        }
        let (case, on) = (self.case("c", "p.id", Some("p")), self.on());
        format!(
            "EXISTS (SELECT 1 FROM person p WHERE p.id = {column} AND ({outside} OR EXISTS (SELECT 1 \
             FROM case_file c WHERE (c.applicant = p.id OR c.id IN (SELECT m.case_id FROM case_person m \
             WHERE m.person = p.id) OR c.household IN (SELECT m.household FROM membership m \
             WHERE m.person = p.id AND {})) AND {case})))",
            belongs("m", &on)
        )
    }

    /// A household is reached through its cases, or through a member on the day who is reached as such; not by
    /// somebody kept apart from another member. To jobs it is as sensitive as its members and cases.
    fn of_household(&mut self, column: &str) -> String {
        if let Reach::UpTo(most) = self.scope.reach {
            return format!(
                "(2 <= {most} AND NOT EXISTS (SELECT 1 FROM membership n JOIN person p ON p.id = n.person \
                 WHERE n.household = {column} AND p.sensitivity > {most}) AND NOT EXISTS (SELECT 1 \
                 FROM case_file c WHERE c.household = {column} AND c.sensitivity > {most}))"
            );
        }
        let (outside, on) = (self.outside(), self.on());
        let apart = match self.scope.holder {
            Holder::Person { resident: true, .. } => {
                let apart = self.not_apart("w.person");
                let day = belongs("w", &on);
                format!(
                    " AND NOT EXISTS (SELECT 1 FROM membership w WHERE w.household = {column} AND {day} \
                     AND NOT {apart})"
                )
            }
            _ => String::new(),
        };
        let case = self.case("c", "c.applicant", None);
        format!(
            "(EXISTS (SELECT 1 FROM membership n JOIN person p ON p.id = n.person WHERE n.household = {column} \
             AND {} AND {outside}{apart}) \
             OR EXISTS (SELECT 1 FROM case_file c WHERE c.household = {column} AND {case}))",
            belongs("n", &on)
        )
    }

    /// An application that was not handed in, whose row has this alias. Somebody's own is reached by them and by who acts
    /// for them; one entered at a counter by who works there, unless they are the one who applies. What is declared in it is
    /// sensitive, whatever it comes to.
    fn draft(&mut self, draft: &str) -> String {
        if let Reach::UpTo(most) = self.scope.reach {
            return format!("(3 <= {most})");
        }
        let mut ways = Vec::new();
        for clause in self.clauses() {
            let bound =
                clause.needs_ticket || clause.needs_consent || clause.checks || clause.about.is_some();
            if clause.packs == Packs::Outside || clause.up_to < 3 || bound {
                continue;
            }
            let mut all = Vec::new();
            self.kind(&clause, draft, &mut all);
            let person = format!("{draft}.person");
            match (clause.near, clause.within) {
                (Near::Own, _) => all.push(format!("{draft}.counter = 0 AND {person} = {}", self.person())),
                (Near::Acts(kind), _) => {
                    all.push(format!("{draft}.counter = 0 AND {}", self.acts(kind, &person)));
                    if clause.apart {
                        all.push(self.not_apart(&person));
                    }
                }
                (Near::Area, Some(area)) => {
                    all.push(format!(
                        "{draft}.counter = 1 AND {}",
                        self.within(&format!("{draft}.area"), area)
                    ));
                    if clause.barred {
                        let hands = self.list(clause.hands.iter().copied());
                        all.push(format!("({person} IS NULL OR {person} NOT IN ({hands}))"));
                    }
                }
                _ => continue,
            }
            ways.push(format!("({})", all.join(" AND ")));
        }
        any(ways)
    }

    /// Between whom nothing may pass is judged, and shown to no person.
    fn apart(&mut self) -> String {
        match self.scope.reach {
            Reach::UpTo(4..) => "1 = 1".into(),
            _ => "1 = 0".into(),
        }
    }

    /// A person or household that is new: in the area of a clause, or named by a resident in their own affairs.
    fn of_new(&mut self, level: &str, column: &str) -> String {
        if let Reach::UpTo(most) = self.scope.reach {
            return format!("{level}{most}");
        }
        let mut ways = Vec::new();
        for clause in self.clauses().into_iter().filter(|clause| clause.packs != Packs::Money) {
            let place = match (clause.near, clause.within) {
                (Near::Area | Near::Assigned, Some(area)) => self.within(column, area),
                (Near::Own | Near::Acts(_) | Near::Anywhere, _) => "1 = 1".into(),
                _ => continue,
            };
            ways.push(format!("({level}{} AND {place})", clause.up_to));
        }
        any(ways)
    }
}
