//! One page of a form with what was answered; the papers; who signs.

use super::seen::{
    ChoiceV1, DeclarationSeenV1, InputV1, ListedSeenV1, PagePlaceV1, PageSeenV1, PaperWantedV1, QuestionV1,
    SignerV1, StateV1,
};
use super::state::{named, text};
use super::{AnswersV1, Asking, Shown};
use crate::error::{Refusal, Result};
use crate::record::TextV1;
use anmin_base::date::Date;
use anmin_pack::form::{Asks, Page, Question, WhoField};
use anmin_rules::model::{FactId, Label, Per, Type};

/// The age from which somebody signs for themself (Civil Code, articles 17 and 18).
const ADULT: i32 = 18;

impl Asking {
    /// One page, with what was answered.
    ///
    /// # Errors
    /// There is no such page, or nobody it is about; or a fault of the form.
    pub fn page(&self, place: &PagePlaceV1, answers: &AnswersV1) -> Result<PageSeenV1> {
        let (page, n) = self.find_page(place, answers)?;
        let (_, look) = self.looked(answers)?;
        let section = self
            .form()
            .sections
            .iter()
            .find(|s| s.pages.iter().any(|at| self.form().pages[*at].name == page.name));
        let name = page.of.map(|of| self.name_of(answers, self.collection_name(of), n));
        let name = name.unwrap_or_default();
        let mut seen = PageSeenV1 {
            place: place.clone(),
            section: section.map_or_else(String::new, |section| section.name.clone()),
            label: named(&page.label, &name),
            hint: page.hint.as_ref().map(|hint| named(hint, &name)),
            kind: "questions",
            questions: vec![],
            listed: None,
            nobody: None,
            most: None,
        };
        match &page.asks {
            Asks::Questions(questions) => {
                let told = |question: &Question| {
                    let state = match look.question(page, question, n) {
                        Shown::No => StateV1::Hidden,
                        Shown::Unknown => StateV1::CannotStartYet,
                        Shown::Yes if self.answered(question, n, &look, answers) => StateV1::Done,
                        Shown::Yes => StateV1::NotStarted,
                    };
                    self.question(question, &name, state, self.given(question.fact, n, answers))
                };
                seen.questions = questions.iter().map(told).collect();
            }
            Asks::List(of, none) => {
                seen.kind = "list";
                let elements = answers.list(self.collection_name(*of)).unwrap_or_default();
                let listed = elements.iter().map(|element| ListedSeenV1 {
                    key: element.key.clone(),
                    name: element.who.name.clone(),
                    known: element.person.is_some(),
                });
                seen.listed = Some(listed.collect());
                seen.nobody = none.as_ref().map(text);
                seen.most = Some(self.schema().collections[of.0].max);
            }
            Asks::Who(who) => {
                seen.kind = "who";
                let list = page.of.map(|of| self.collection_name(of)).unwrap_or_default();
                let element = answers.list(list).and_then(|list| list.get(n));
                let known = element.is_some_and(|element| element.person.is_some());
                let fields = who.fields.iter().filter(|(field, ..)| !known || *field == WhoField::Name);
                let told = fields.map(|(field, label, hint)| {
                    who_question(*field, label, hint.as_ref(), element.map(|e| &e.who))
                });
                seen.questions = told.collect();
            }
        }
        Ok(seen)
    }

    /// The page and the place of the element it is about.
    pub(crate) fn find_page(&self, place: &PagePlaceV1, answers: &AnswersV1) -> Result<(&Page, usize)> {
        let page = self.form().pages.iter().find(|page| page.name == place.page);
        let page = page.ok_or_else(Refusal::not_found)?;
        let n = match (page.of, &place.element) {
            (None, None) => 0,
            (Some(of), Some(key)) => {
                answers.element(self.collection_name(of), key).ok_or_else(Refusal::not_found)?
            }
            _ => return Err(Refusal::not_found().into()),
        };
        Ok((page, n))
    }

    fn question(
        &self,
        question: &Question,
        name: &(String, String),
        state: StateV1,
        value: Option<&str>,
    ) -> QuestionV1 {
        let words = (&question.label, question.hint.as_ref(), &question.choices[..]);
        let mut told = self.told(question.fact, words, value);
        told.label = named(&question.label, name);
        QuestionV1 { optional: question.optional, state, ..told }
    }

    /// A question about a fact, in these words.
    pub(crate) fn told(
        &self,
        fact: FactId,
        (label, hint, words): (&Label, Option<&Label>, &[(i64, Label)]),
        value: Option<&str>,
    ) -> QuestionV1 {
        let of = &self.schema().facts[fact.0];
        let choices = self.choices(of.ty, words);
        let value_name = value.and_then(|value| choices.iter().find(|choice| choice.value == value));
        QuestionV1 {
            fact: self.path(fact),
            name: of.name.clone(),
            label: text(label),
            hint: hint.map(text),
            input: input(of.ty),
            unit: match of.ty {
                Type::Money(Per::Month) => Some("yuan_month"),
                Type::Money(Per::Year) => Some("yuan_year"),
                Type::Money(Per::Once) => Some("yuan"),
                _ => None,
            },
            optional: false,
            state: StateV1::NotStarted,
            value: value.map(str::to_owned),
            value_name: value_name.map(|choice| choice.label.clone()),
            choices,
        }
    }

    fn choices(&self, ty: Type, words: &[(i64, Label)]) -> Vec<ChoiceV1> {
        match ty {
            Type::Bool => vec![choice("true", "是", "Yes"), choice("false", "否", "No")],
            Type::Enum(id) => {
                let values = self.schema().enums[id.0].values.iter();
                let of = values.map(|value| ChoiceV1 {
                    value: value.name.clone(),
                    label: words
                        .iter()
                        .find(|(code, _)| *code == value.code)
                        .map_or_else(|| text(&value.label), |(_, label)| text(label)),
                });
                of.collect()
            }
            _ => vec![],
        }
    }

    /// The papers that are wanted now, and those we look up ourselves.
    ///
    /// # Errors
    /// A fault of the form.
    pub fn papers(&self, answers: &AnswersV1) -> Result<Vec<PaperWantedV1>> {
        let (_, look) = self.looked(answers)?;
        let mut wanted = Vec::new();
        for paper in &self.form().papers {
            let elements: Vec<Option<(usize, String)>> = match paper.of {
                None => vec![None],
                Some(of) => {
                    let list = answers.list(self.collection_name(of)).unwrap_or_default();
                    list.iter().enumerate().map(|(n, element)| Some((n, element.key.clone()))).collect()
                }
            };
            for element in elements {
                let n = element.as_ref().map_or(0, |(n, _)| *n);
                if look.show(paper.when, n) != Shown::Yes {
                    continue;
                }
                let mut label = text(&paper.label);
                if let Some(of) = paper.of {
                    let (zh, en) = self.name_of(answers, self.collection_name(of), n);
                    label = TextV1 { zh: format!("{zh}：{}", label.zh), en: format!("{en}: {}", label.en) };
                }
                wanted.push(PaperWantedV1 {
                    name: paper.name.clone(),
                    element: element.map(|(_, key)| key),
                    label,
                    hint: paper.hint.as_ref().map(text),
                    checked: paper.checked.as_ref().map(text),
                });
            }
        }
        Ok(wanted)
    }

    /// What is signed by whom, nobody having signed yet. `own` is the applicant's list and key.
    pub(crate) fn declarations(&self, answers: &AnswersV1, own: (&str, &str)) -> Vec<DeclarationSeenV1> {
        let told = self.form().declarations.iter().map(|declaration| {
            let signer = |list: &str, n: usize| {
                let element = &answers.lists[list][n];
                SignerV1 {
                    element: element.key.clone(),
                    name: self.name_of(answers, list, n).0,
                    signed: false,
                    how: None,
                }
            };
            let signers = match declaration.of {
                None => answers.element(own.0, own.1).map(|n| signer(own.0, n)).into_iter().collect(),
                Some(of) => {
                    let list = self.collection_name(of);
                    let elements = answers.list(list).unwrap_or_default().iter().enumerate();
                    let adults = elements.filter(|(_, element)| is_adult(&element.who, self.on()));
                    adults.map(|(n, _)| signer(list, n)).collect()
                }
            };
            DeclarationSeenV1 {
                name: declaration.name.clone(),
                title: text(&declaration.title),
                text: declaration.text.iter().map(text).collect(),
                signers,
            }
        });
        told.collect()
    }
}

/// Whose age nobody knows signs for themself.
pub(crate) fn is_adult(who: &super::PersonEnteredV1, on: Date) -> bool {
    let id = who.number.trim().parse::<anmin_base::resident_id::ResidentId>().ok();
    let born = id.map(|id| id.birth()).or_else(|| who.birth.trim().parse::<Date>().ok());
    born.is_none_or(|born| on >= born.add_years(ADULT))
}

pub(crate) fn input(ty: Type) -> InputV1 {
    match ty {
        Type::Bool => InputV1::YesNo,
        Type::Enum(_) => InputV1::Choice,
        Type::Count | Type::Age | Type::Months => InputV1::Whole,
        Type::Money(_) => InputV1::Money,
        Type::Date => InputV1::Day,
        Type::Text => InputV1::Words,
        Type::ResidentId => InputV1::Number,
        Type::Rate(_) => InputV1::Rate,
    }
}

fn choice(value: &str, zh: &str, en: &str) -> ChoiceV1 {
    ChoiceV1 { value: value.into(), label: TextV1 { zh: zh.into(), en: en.into() } }
}

fn who_question(
    field: WhoField,
    label: &Label,
    hint: Option<&Label>,
    who: Option<&super::PersonEnteredV1>,
) -> QuestionV1 {
    use anmin_registry::person::IdentityKind;
    let (input, choices) = match field {
        WhoField::Document => {
            let each = IdentityKind::ALL.iter().map(|kind| choice(kind.name(), kind.zh(), kind.en()));
            (InputV1::Choice, each.collect())
        }
        WhoField::Sex => {
            (InputV1::Choice, vec![choice("male", "男", "Male"), choice("female", "女", "Female")])
        }
        WhoField::Birth => (InputV1::Day, vec![]),
        WhoField::Number => (InputV1::Number, vec![]),
        WhoField::Name | WhoField::Phone | WhoField::Address => (InputV1::Words, vec![]),
    };
    let value = who.and_then(|who| {
        let words = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        match field {
            WhoField::Name => words(&who.name),
            WhoField::Document => Some(IdentityKind::from(who.document).name().to_owned()),
            WhoField::Number => words(&who.number),
            WhoField::Birth => words(&who.birth),
            WhoField::Sex => who.sex.map(|sex| match anmin_base::resident_id::Sex::from(sex) {
                anmin_base::resident_id::Sex::Male => "male".to_owned(),
                anmin_base::resident_id::Sex::Female => "female".to_owned(),
            }),
            WhoField::Phone => words(&who.phone),
            WhoField::Address => words(&who.address),
        }
    });
    let value_name = value.as_ref().and_then(|value| choices.iter().find(|c: &&ChoiceV1| c.value == *value));
    QuestionV1 {
        fact: field.name().into(),
        name: field.name().into(),
        label: text(label),
        hint: hint.map(text),
        input,
        unit: None,
        optional: field != WhoField::Name,
        state: if value.is_some() { StateV1::Done } else { StateV1::NotStarted },
        value_name: value_name.map(|choice| choice.label.clone()),
        value,
        choices,
    }
}
