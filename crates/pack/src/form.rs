//! What a service asks of a resident: the task list, pages, words, papers, signatures, and the questions of "check before
//! you apply". `docs/forms.md` is the specification; which question is open for whom is not known here.
use anmin_rules::model::{
    Body, Citation, CollectionId, Decision, FactId, Label, LayerId, Place, Ruleset, Source, Type, Variable,
    VariableId, Version,
};

/// A service's form, read.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// The task list.
    pub sections: Vec<Section>,
    /// The pages of all sections, in order.
    pub pages: Vec<Page>,
    /// Papers to photograph.
    pub papers: Vec<Paper>,
    /// What is signed.
    pub declarations: Vec<Declaration>,
    /// Facts nobody is asked here.
    pub elsewhere: Vec<Elsewhere>,
    /// "Check before you apply".
    pub check: Option<Check>,
    /// Every condition, by [`ShowId`].
    pub shows: Vec<Show>,
    /// SHA-256 over the files that say it, in the form of [`crate::hash`].
    pub hash: String,
    /// Where the service's own file begins.
    pub place: Place,
}

/// Index of a condition in [`Form::shows`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShowId(pub usize);

/// A condition under which something is asked.
#[derive(Clone, Debug)]
pub struct Show {
    /// The collection it is asked for each element of.
    pub of: Option<CollectionId>,
    /// The condition.
    pub when: Source,
}

/// A line of the task list.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its name for programs.
    pub name: String,
    /// What people read.
    pub label: Label,
    /// Its pages, by index in [`Form::pages`].
    pub pages: Vec<usize>,
}

/// A page.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its name for programs.
    pub name: String,
    /// It comes once for each element of this collection.
    pub of: Option<CollectionId>,
    /// Its heading; `{name}` is the element's name.
    pub label: Label,
    /// A sentence below it.
    pub hint: Option<Label>,
    /// It is there where this is true.
    pub when: Option<ShowId>,
    /// What it asks.
    pub asks: Asks,
    /// Where it is written.
    pub place: Place,
}

/// What a page asks.
#[derive(Clone, Debug)]
pub enum Asks {
    /// Facts.
    Questions(Vec<Question>),
    /// Who is in a collection, and the words for "nobody" where there may be nobody.
    List(CollectionId, Option<Label>),
    /// Who an element is.
    Who(Who),
}

/// A question about a fact.
#[derive(Clone, Debug)]
pub struct Question {
    /// The fact it answers.
    pub fact: FactId,
    /// The question; `{name}` is the element's name.
    pub label: Label,
    /// A sentence of help.
    pub hint: Option<Label>,
    /// It is asked where this is true.
    pub when: Option<ShowId>,
    /// Words for the values of an enum, by code, where they are not the enum's own.
    pub choices: Vec<(i64, Label)>,
    /// It may be left out.
    pub optional: bool,
    /// What is known of the applicant is filled in.
    pub known: bool,
    /// Where it is written.
    pub place: Place,
}

/// Who somebody is, as the register of people keeps it.
#[derive(Clone, Debug)]
pub struct Who {
    /// What is asked, in the order written.
    pub fields: Vec<(WhoField, Label, Option<Label>)>,
    /// Why they belong to the household; empty: they belong to none.
    pub ground: Vec<GroundRule>,
}

/// One thing the register keeps of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WhoField {
    /// The official name.
    Name,
    /// Which document.
    Document,
    /// Its number.
    Number,
    /// The day of birth.
    Birth,
    /// The sex.
    Sex,
    /// A telephone number.
    Phone,
    /// Where letters go.
    Address,
}

impl WhoField {
    /// All, with their names in files and forms.
    pub const ALL: [(&'static str, WhoField); 7] = [
        ("name", WhoField::Name),
        ("document", WhoField::Document),
        ("number", WhoField::Number),
        ("birth", WhoField::Birth),
        ("sex", WhoField::Sex),
        ("phone", WhoField::Phone),
        ("address", WhoField::Address),
    ];

    /// Its name in files and forms.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }
}

/// A step on the way to the ground on which somebody belongs to a household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroundRule {
    /// Where the fact has this value, this ground.
    Where(FactId, Vec<(i64, String)>),
    /// Else this one.
    Otherwise(String),
}

/// A paper.
#[derive(Clone, Debug)]
pub struct Paper {
    /// Its name for programs.
    pub name: String,
    /// One for each element of this collection.
    pub of: Option<CollectionId>,
    /// What people read.
    pub label: Label,
    /// A sentence of help.
    pub hint: Option<Label>,
    /// The kind of evidence it is in the workflow.
    pub evidence: String,
    /// It is wanted where this is true.
    pub when: Option<ShowId>,
    /// We look it up ourselves, and it is not asked: where.
    pub checked: Option<Label>,
    /// Where it is written.
    pub place: Place,
}

/// Something that is signed.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// Its name for programs.
    pub name: String,
    /// Each adult of this collection signs; else the applicant alone.
    pub of: Option<CollectionId>,
    /// Its heading.
    pub title: Label,
    /// What is signed, in paragraphs.
    pub text: Vec<Label>,
    /// The step of the workflow that records it, once for each signer.
    pub step: Option<String>,
    /// The kind of evidence the signature is.
    pub paper: Option<String>,
    /// What it rests on.
    pub law: Vec<Citation>,
    /// Where it is written.
    pub place: Place,
}

/// A fact that nobody is asked.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    /// The fact.
    pub fact: FactId,
    /// From whom it comes.
    pub by: Giver,
    /// Why it is not asked, in words.
    pub why: Label,
    /// Where it is written.
    pub place: Place,
}

/// Who gives a fact that is not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Giver {
    /// Our own entry of the person.
    Register,
    /// Our own registers.
    Lookup,
    /// Other departments, after authorisation.
    Check,
    /// A member of staff.
    Staff,
}

impl Giver {
    /// All, with their names in files and forms.
    pub const ALL: [(&'static str, Giver); 4] = [
        ("register", Giver::Register),
        ("lookup", Giver::Lookup),
        ("check", Giver::Check),
        ("staff", Giver::Staff),
    ];

    /// Its name in files and forms.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, giver)| *giver == self).map_or("", |(name, _)| name)
    }
}

/// "Check before you apply".
#[derive(Clone, Debug, Default)]
pub struct Check {
    /// The questions, those that settle most first.
    pub ask: Vec<CheckQuestion>,
    /// What the estimate takes for granted.
    pub suppose: Vec<Supposed>,
}

/// A question of the check.
#[derive(Clone, Debug)]
pub struct CheckQuestion {
    /// What it asks.
    pub what: CheckWhat,
    /// The question.
    pub label: Label,
    /// A sentence of help.
    pub hint: Option<Label>,
    /// Words for the values of an enum, by code.
    pub choices: Vec<(i64, Label)>,
    /// A day is asked as completed years.
    pub as_age: bool,
    /// Where it is written.
    pub place: Place,
}

/// What a question of the check asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckWhat {
    /// A fact.
    Fact(FactId),
    /// How many elements a collection has.
    Size(CollectionId),
}

/// Something the check takes for granted.
#[derive(Clone, Debug)]
pub struct Supposed {
    /// What.
    pub what: CheckWhat,
    /// The value as a household file has it; of a collection `none`.
    pub value: String,
    /// In words, as it is told.
    pub label: Label,
    /// Where it is written.
    pub place: Place,
}

impl Form {
    /// The questions about facts on all pages.
    pub fn questions(&self) -> impl Iterator<Item = (&Page, &Question)> {
        self.pages.iter().flat_map(|page| {
            let questions = match &page.asks {
                Asks::Questions(questions) => &questions[..],
                _ => &[],
            };
            questions.iter().map(move |question| (page, question))
        })
    }

    /// The question about a fact.
    pub fn question(&self, fact: FactId) -> Option<&Question> {
        self.questions().map(|(_, question)| question).find(|question| question.fact == fact)
    }

    /// The page that asks who the elements of a collection are.
    pub fn who(&self, of: CollectionId) -> Option<&Who> {
        self.pages.iter().find_map(|page| match &page.asks {
            Asks::Who(who) if page.of == Some(of) => Some(who),
            _ => None,
        })
    }

    /// The conditions as a ruleset over the same facts, so that the one evaluator says what is asked: variable `n` is the
    /// condition of [`ShowId`] `n`.
    pub fn asking(&self, rules: &Ruleset) -> Ruleset {
        let variable = |(n, show): (usize, &Show)| Variable {
            of: show.of,
            name: format!("asked_{n}"),
            ty: Type::Bool,
            range: None,
            label: Label::default(),
            open: false,
            versions: vec![Version {
                layer: LayerId::default(),
                from: anmin_base::date::Date::MIN,
                law: vec![],
                body: Body::Value(show.when.clone()),
                place: show.when.place,
            }],
            place: show.when.place,
        };
        Ruleset {
            schema: rules.schema.clone(),
            layers: rules.layers.clone(),
            parameters: rules.parameters.clone(),
            switches: rules.switches.clone(),
            variables: self.shows.iter().enumerate().map(variable).collect(),
            decision: Decision::default(),
            outputs: (0..self.shows.len()).map(VariableId).collect(),
            claims: vec![],
        }
    }
}
