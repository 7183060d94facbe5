//! How far a form is, worked out from the answers.

use super::seen::{PageLineV1, PagePlaceV1, SectionV1, SheetV1, StateV1};
use super::{AnswersV1, Asking, Facts, Look, Shown};
use crate::error::Result;
use crate::record::TextV1;
use anmin_pack::form::{Asks, Page, Question};
use anmin_rules::model::{CollectionId, FactId, Label, Type};

pub(crate) fn text(label: &Label) -> TextV1 {
    TextV1::from(label)
}

pub(crate) fn named(label: &Label, (zh, en): &(String, String)) -> TextV1 {
    TextV1 { zh: label.zh.replace("{name}", zh), en: label.en.replace("{name}", en) }
}

impl Asking {
    /// The answers as far as they count, and what is asked.
    pub(crate) fn looked(&self, answers: &AnswersV1) -> Result<(Facts, Look)> {
        let facts = self.facts(answers);
        let look = self.look(&facts, true)?;
        Ok((facts, look))
    }

    /// The task list.
    ///
    /// # Errors
    /// A fault of the form.
    pub fn sheet(&self, answers: &AnswersV1) -> Result<SheetV1> {
        let (_, look) = self.looked(answers)?;
        let mut sections = Vec::new();
        let mut next = None;
        for section in &self.form().sections {
            let mut pages = Vec::new();
            for page in section.pages.iter().map(|n| &self.form().pages[*n]) {
                pages.extend(self.lines(page, answers, &look));
            }
            let open = |line: &&PageLineV1| {
                !matches!(line.state, StateV1::Done | StateV1::Hidden | StateV1::CannotStartYet)
            };
            if next.is_none() {
                next = pages.iter().find(open).map(|line| line.place.clone());
            }
            let state = together(pages.iter().map(|line| line.state));
            pages.retain(|line| line.state != StateV1::Hidden);
            sections.push(SectionV1 {
                name: section.name.clone(),
                label: text(&section.label),
                state,
                pages,
            });
        }
        let whole = sections.iter().all(|s| matches!(s.state, StateV1::Done | StateV1::Hidden));
        Ok(SheetV1 { sections, next, whole, clashes: self.clashes(answers, &look) })
    }

    fn clashes(&self, answers: &AnswersV1, look: &Look) -> Vec<crate::record::FieldError> {
        let told = look.clashes.iter().map(|clash| {
            let at = clash.fact.map(|(fact, n)| self.place_of(answers, fact, n)).unwrap_or_default();
            crate::record::FieldError { at, zh: clash.zh.clone(), en: clash.en.clone() }
        });
        told.collect()
    }

    fn place_of(&self, answers: &AnswersV1, fact: FactId, n: usize) -> String {
        let of = &self.schema().facts[fact.0];
        match of.of {
            Some(c) => {
                let list = self.collection_name(c);
                let key = answers.list(list).and_then(|l| l.get(n)).map_or("", |e| e.key.as_str());
                format!("{list}.{key}.{}", of.name)
            }
            None => of.name.clone(),
        }
    }

    /// A page as often as it is asked.
    fn lines(&self, page: &Page, answers: &AnswersV1, look: &Look) -> Vec<PageLineV1> {
        let line = |element: Option<&str>, label: TextV1, state: StateV1| PageLineV1 {
            place: PagePlaceV1 { page: page.name.clone(), element: element.map(str::to_owned) },
            label,
            state,
        };
        let Some(of) = page.of else {
            let label = text(&page.label);
            return vec![line(None, label, self.state(page, 0, None, answers, look))];
        };
        let list = self.collection_name(of);
        match answers.list(list).filter(|_| self.is_listed(of, answers)) {
            None => {
                let each = &self.schema().collections[of.0].label;
                let name = (each.zh.clone(), each.en.clone());
                vec![line(None, named(&page.label, &name), StateV1::CannotStartYet)]
            }
            Some(elements) => {
                let each = elements.iter().enumerate().map(|(n, element)| {
                    let label = named(&page.label, &self.name_of(answers, list, n));
                    line(Some(&element.key), label, self.state(page, n, Some(&element.key), answers, look))
                });
                each.collect()
            }
        }
    }

    /// Whether the page that asks who is in a list was sent.
    pub(crate) fn is_listed(&self, of: CollectionId, answers: &AnswersV1) -> bool {
        let mut pages = self.form().pages.iter();
        let page = pages.find(|page| matches!(page.asks, Asks::List(c, _) if c == of));
        page.is_none_or(|page| answers.sent.contains(&page.name))
    }

    fn state(&self, page: &Page, n: usize, key: Option<&str>, answers: &AnswersV1, look: &Look) -> StateV1 {
        match look.show(page.when, n) {
            Shown::No => return StateV1::Hidden,
            Shown::Unknown => return StateV1::CannotStartYet,
            Shown::Yes => {}
        }
        let sent = answers.sent.contains(&AnswersV1::mark(&page.name, key));
        match &page.asks {
            Asks::List(of, _) if self.is_listed(*of, answers) => StateV1::Done,
            Asks::List(..) => StateV1::NotStarted,
            Asks::Who(_) => {
                let list = page.of.map(|of| self.collection_name(of)).unwrap_or_default();
                let Some(element) = answers.list(list).and_then(|list| list.get(n)) else {
                    return StateV1::NotStarted;
                };
                match (element.person.is_some(), element.who.is_whole(self.on())) {
                    (true, _) | (_, true) => StateV1::Done,
                    _ if sent => StateV1::InProgress,
                    _ => StateV1::NotStarted,
                }
            }
            Asks::Questions(questions) => self.of_questions(page, questions, n, sent, look, answers),
        }
    }

    fn of_questions(
        &self,
        page: &Page,
        questions: &[Question],
        n: usize,
        sent: bool,
        look: &Look,
        answers: &AnswersV1,
    ) -> StateV1 {
        let (mut shown, mut answered, mut open, mut waiting) = (0, 0, 0, 0);
        for question in questions {
            match look.question(page, question, n) {
                Shown::No => continue,
                Shown::Unknown => {
                    waiting += 1;
                    continue;
                }
                Shown::Yes => shown += 1,
            }
            match self.answered(question, n, look, answers) {
                true => answered += 1,
                false if question.optional => {}
                false => open += 1,
            }
        }
        match (shown, waiting, open) {
            (0, 0, _) => StateV1::Hidden,
            (0, ..) => StateV1::CannotStartYet,
            (_, 0, 0) if sent || answered == shown => StateV1::Done,
            _ if answered > 0 => StateV1::InProgress,
            _ => StateV1::NotStarted,
        }
    }

    pub(crate) fn answered(&self, question: &Question, n: usize, look: &Look, answers: &AnswersV1) -> bool {
        let of = &self.schema().facts[question.fact.0];
        match of.ty {
            Type::Text | Type::ResidentId => self.given(question.fact, n, answers).is_some(),
            _ => look.counted.values.contains_key(&(question.fact, n)),
        }
    }

    /// The answer as it was given.
    pub(crate) fn given<'a>(&self, fact: FactId, n: usize, answers: &'a AnswersV1) -> Option<&'a str> {
        let of = &self.schema().facts[fact.0];
        let values = match of.of {
            None => &answers.root,
            Some(c) => &answers.list(self.collection_name(c))?.get(n)?.values,
        };
        values.get(&of.name).map(String::as_str)
    }
}

/// The states of parts as that of the whole.
fn together(states: impl Iterator<Item = StateV1>) -> StateV1 {
    let open: Vec<StateV1> = states.filter(|state| *state != StateV1::Hidden).collect();
    let all = |state: StateV1| open.iter().all(|one| *one == state);
    let any = |state: StateV1| open.contains(&state);
    match () {
        () if open.is_empty() => StateV1::Hidden,
        () if all(StateV1::Done) => StateV1::Done,
        () if any(StateV1::InProgress) => StateV1::InProgress,
        () if any(StateV1::Done) && any(StateV1::NotStarted) => StateV1::InProgress,
        () if any(StateV1::NotStarted) => StateV1::NotStarted,
        () => StateV1::CannotStartYet,
    }
}
