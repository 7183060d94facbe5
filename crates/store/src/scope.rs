//! What a caller may reach, as conditions on rows. Every function that touches personal tables takes a [`Scope`], and
//! nothing outside this crate can make one but from `authz`'s: a forgotten area is a program that does not compile.
//!
//! `authz::scope::Scope::admits` is the meaning. What these tables cannot say, such as who reported something or which
//! agreement it is exchanged under, reaches no row. `facts.rs` reads the facts of one row as `authz` judges them, and a
//! test compares the two, row by row.

mod compile;
mod predicate;

use crate::id::Id;
use crate::record::Record;
use crate::table::Place;
use anmin_authz::authority::Authority;
use anmin_base::date::Date;

/// What somebody may reach on a day. It cannot be made outside this crate but by [`Scope::from_authz`].
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    holder: Holder,
    on: Date,
    reach: Reach,
    tickets: Vec<Ticket>,
}

/// In whose name, for the journal and the access log.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Holder {
    /// A person. The post is given where all clauses come from one.
    Person { person: Id, post: Option<Id>, resident: bool },
    /// An enumerated job, and whether it may write.
    Job(&'static str, bool),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reach {
    /// Everything up to this sensitivity; for jobs only.
    UpTo(i64),
    /// What at least one clause allows.
    Clauses(Vec<Clause>),
}

/// How the person a row is about stands to the one who reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Near {
    /// In the area of the clause.
    #[default]
    Area,
    /// Assigned by name, in the area of the clause.
    Assigned,
    /// Of a case on which this unit was asked for help.
    Cooperation(Id),
    /// About oneself.
    Own,
    /// About somebody one acts for, as `guardian` or `helper`.
    Acts(&'static str),
    /// About another party of the case one applies in.
    Household,
    /// Any.
    Anywhere,
}

/// Which service packs the case is of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Packs {
    /// Any.
    #[default]
    Any,
    /// One of these.
    Only(Vec<String>),
    /// None of these.
    Except(Vec<String>),
    /// People outside any case.
    Outside,
    /// Money: batches and what hangs on them.
    Money,
}

/// One way to reach rows: all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Clause {
    pub near: Near,
    /// The area, with all below; without one, nothing where the reach asks for the area.
    pub within: Option<Id>,
    /// The case is of one of these subjects; of any, if not given.
    pub subjects: Option<Vec<String>>,
    pub packs: Packs,
    /// The most sensitive, 0 to 4; below 0, nothing.
    pub up_to: i64,
    /// What is sealed needs an assignment by name.
    pub sealed: bool,
    /// Rows may be counted, and none may leave the store.
    pub counts: bool,
    pub needs_ticket: bool,
    pub needs_consent: bool,
    pub needs_assignment: bool,
    /// Only cases with a check that is asked and not answered, under an authorisation in force; of their people only
    /// those it is about.
    pub checks: bool,
    /// The case is reached by whoever is in it, and by who acts for them; not by the applicant alone.
    pub party: bool,
    /// What is said of others in one's household is written about them.
    pub declares: bool,
    /// The case is of a unit, and not of this one.
    pub other_unit: Option<Option<Id>>,
    /// The one person whose file a broken glass opens.
    pub about: Option<Id>,
    /// The person, and who delegated the post.
    pub hands: Vec<Id>,
    /// These are kept from their own cases and their relatives': staff.
    pub barred: bool,
    /// Nothing may pass between people who are kept apart.
    pub apart: bool,
    /// Whoever has done any other duty than these in the case's cycle is kept from it.
    pub with_duties: Option<Vec<String>>,
}

/// A ticket in force.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ticket {
    pub area: Id,
    pub subjects: Vec<String>,
    pub case: Option<Id>,
}

impl Scope {
    /// What the scope of `authz` reaches here. The table is the one that scope was made under: it has the names that
    /// stand in rows, what each service takes away, and which duties are separate.
    pub fn from_authz(scope: &anmin_authz::scope::Scope, authority: &Authority) -> Scope {
        compile::scope(scope, authority)
    }

    /// For the store's own tests.
    #[cfg(test)]
    pub(crate) fn new(holder: Holder, on: Date, reach: Reach) -> Scope {
        Scope { holder, on, reach, tickets: Vec::new() }
    }

    /// Who acts, as the journal writes it.
    pub(crate) fn actor(&self) -> String {
        match &self.holder {
            Holder::Person { person, .. } => person.to_string(),
            Holder::Job(job, _) => format!("job:{job}"),
        }
    }

    /// The post in which they act; empty for residents, jobs, and where it could be more than one.
    pub(crate) fn post(&self) -> String {
        match &self.holder {
            Holder::Person { post: Some(post), .. } => post.to_string(),
            _ => String::new(),
        }
    }

    /// The day.
    pub(crate) fn on(&self) -> Date {
        self.on
    }

    /// Whether anything may be written at all. Jobs that only look may not.
    pub(crate) fn writes(&self) -> bool {
        !matches!(self.holder, Holder::Job(_, false))
    }

    /// Whether it is a person's: what they insert is held against their scope.
    pub(crate) fn is_of_person(&self) -> bool {
        matches!(self.holder, Holder::Person { .. })
    }

    /// What a row hangs on, and who writes it must reach: cases, people, households.
    pub(crate) fn parents(&self, record: &Record) -> Vec<(Kin, Id)> {
        let link = |kin: Kin, column: &str| record.link(column).map(|id| (kin, id));
        let mut parents: Vec<Option<(Kin, Id)>> = match record.table().place {
            Place::Open | Place::Case("id") | Place::Person("id") | Place::Household => Vec::new(),
            // One entered at a counter is of an area alone.
            Place::Draft if record.int("counter") == Some(1) => Vec::new(),
            Place::Draft => vec![link(Kin::Person, "person")],
            Place::OfDraft(draft) => vec![link(Kin::Draft, draft)],
            Place::Case(case) | Place::CaseOf(case, _) => vec![link(Kin::Case, case)],
            Place::Person(person) => vec![link(Kin::Person, person)],
            Place::Apart(a, b) => vec![link(Kin::Person, a), link(Kin::Person, b)],
            Place::Money(area) | Place::Paid(area, _) => vec![link(Kin::Area, area)],
            Place::Subject => vec![match record.text("subject_kind") {
                Some("household") => link(Kin::Household, "subject"),
                Some("case") => link(Kin::Case, "subject"),
                _ => link(Kin::Person, "subject"),
            }],
        };
        // A resident could otherwise join a household to look into it. Staff name the household of a case.
        if matches!(self.holder, Holder::Person { resident: true, .. })
            && record.table().position("household").is_some()
        {
            parents.push(link(Kin::Household, "household"));
        }
        parents.into_iter().flatten().collect()
    }
}

/// What other rows hang on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kin {
    Case,
    Person,
    Household,
    Draft,
    /// An area whose money somebody handles.
    Area,
}

impl Kin {
    pub fn table(self) -> &'static str {
        match self {
            Kin::Case => "case_file",
            Kin::Person => "person",
            Kin::Household => "household",
            Kin::Draft => "application",
            Kin::Area => "area",
        }
    }
}

/// For what a predicate is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// Rows leave the store.
    Read,
    /// Only their number does.
    Count,
    /// A row, or what hangs on it, is written. Whom one only sees as a member of one's household is not written to.
    Write,
    /// A row that is new: nobody is assigned yet, and a person is in no case yet.
    Insert,
}
