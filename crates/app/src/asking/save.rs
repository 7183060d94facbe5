//! One page's answers put with the others: every value read, everything wrong told at once, nothing taken in where
//! anything is.

use super::{AnswersV1, Asking, ElementV1, ListedV1, PageAnswerV1, PagePlaceV1, PersonEnteredV1, Shown};
use crate::error::{Fault, Refusal, Result};
use crate::record::FieldError;
use anmin_pack::form::{Asks, Page, Question, Who, WhoField};
use anmin_rules::model::{CollectionId, Type};

/// Most characters of a field about who somebody is.
const LONG: usize = 200;

impl Asking {
    /// The answers with those of a page among them. `key` makes the key of a new element.
    ///
    /// # Errors
    /// There is no such page; everything wrong on it; what is asked on it and was not answered.
    pub fn save(
        &self,
        answers: &AnswersV1,
        page: &str,
        input: &PageAnswerV1,
        key: &mut dyn FnMut() -> String,
    ) -> Result<AnswersV1> {
        let place = PagePlaceV1 { page: page.to_owned(), element: input.element.clone() };
        let (page, n) = self.find_page(&place, answers)?;
        let (_, look) = self.looked(answers)?;
        if look.show(page.when, n) == Shown::No {
            return Err(Refusal::not_found().into());
        }
        let mut after = answers.clone();
        match &page.asks {
            Asks::Questions(questions) => self.take_values(page, questions, n, input, &mut after)?,
            Asks::List(of, none) => self.take_list(*of, none.is_some(), input, &mut after, key)?,
            Asks::Who(who) => self.take_who(page, who, n, input, &mut after)?,
        }
        after.sent.insert(AnswersV1::mark(&page.name, input.element.as_deref()));
        Ok(after)
    }

    fn take_values(
        &self,
        page: &Page,
        questions: &[Question],
        n: usize,
        input: &PageAnswerV1,
        after: &mut AnswersV1,
    ) -> Result<()> {
        let name = |question: &Question| self.schema().facts[question.fact.0].name.as_str();
        let mut wrong: Vec<FieldError> = Vec::new();
        for given in input.values.keys() {
            if !questions.iter().any(|question| name(question) == given) {
                wrong.push(FieldError {
                    at: format!("values.{given}"),
                    zh: "这一页没有这个问题。".into(),
                    en: "This page asks no such thing.".into(),
                });
            }
        }
        let values = self.values_of(page, n, after)?;
        for question in questions {
            let at = format!("values.{}", name(question));
            let given = input.values.get(name(question)).map_or("", String::as_str);
            match super::plain(self, question.fact, given, &at) {
                Ok(Some(value)) => drop(values.insert(name(question).to_owned(), value)),
                Ok(None) => drop(values.remove(name(question))),
                Err(error) => wrong.push(error),
            }
        }
        // What is asked hangs on the other answers of the page: an answer that is not asked for is neither wanted nor wrong.
        let (_, look) = self.looked(after)?;
        let asked = |question: &Question| look.question(page, question, n);
        let by_name = |at: &str| {
            let found = questions.iter().find(|q| at == format!("values.{}", name(q)));
            found.is_none_or(|question| asked(question) != Shown::No)
        };
        wrong.retain(|error| by_name(&error.at));
        for question in questions {
            let at = format!("values.{}", name(question));
            let told = wrong.iter().any(|error| error.at == at);
            let missing = self.given(question.fact, n, after).is_none();
            if !told && missing && !question.optional && asked(question) == Shown::Yes {
                wrong.push(unanswered(&at, self.schema().facts[question.fact.0].ty));
            }
        }
        for clash in &look.clashes {
            let here = |(fact, element): &(anmin_rules::model::FactId, usize)| {
                *element == n && questions.iter().any(|question| question.fact == *fact)
            };
            if let Some((fact, _)) = clash.fact.filter(here) {
                let at = format!("values.{}", self.schema().facts[fact.0].name);
                wrong.push(FieldError { at, zh: clash.zh.clone(), en: clash.en.clone() });
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
    }

    fn values_of<'a>(
        &self,
        page: &Page,
        n: usize,
        answers: &'a mut AnswersV1,
    ) -> Result<&'a mut std::collections::BTreeMap<String, String>> {
        let Some(of) = page.of else { return Ok(&mut answers.root) };
        let list = answers.lists.get_mut(self.collection_name(of));
        let element = list.and_then(|list| list.get_mut(n));
        element
            .map(|element| &mut element.values)
            .ok_or_else(|| Fault::Broken("no such element".into()).into())
    }

    fn take_list(
        &self,
        of: CollectionId,
        may_be_none: bool,
        input: &PageAnswerV1,
        after: &mut AnswersV1,
        key: &mut dyn FnMut() -> String,
    ) -> Result<()> {
        let told = |at: String, zh: &str, en: &str| FieldError { at, zh: zh.into(), en: en.into() };
        let listed: &[ListedV1] = input.list.as_deref().unwrap_or_default();
        let collection = &self.schema().collections[of.0];
        let mut wrong = Vec::new();
        if input.list.is_none() || listed.is_empty() && !may_be_none {
            wrong.push(told("list".into(), "请至少写一个人。", "Name at least one person."));
        }
        if listed.len() > collection.max as usize {
            let (zh, en) = (
                format!("最多 {} 人，请核对。", collection.max),
                format!("At most {}; check them.", collection.max),
            );
            wrong.push(FieldError { at: "list".into(), zh, en });
        }
        let before = after.lists.get(&collection.name).cloned().unwrap_or_default();
        let mut elements: Vec<ElementV1> = Vec::new();
        for (n, one) in listed.iter().enumerate().take(collection.max as usize) {
            let at = format!("list[{n}].name");
            let kept = before.iter().find(|element| element.key == one.key && !one.key.is_empty());
            let twice = elements.iter().any(|element| element.key == one.key && !one.key.is_empty());
            if twice || kept.is_none() && !one.key.is_empty() {
                wrong.push(told(at, "名单已变，请刷新后再填。", "The list has changed; look again."));
                continue;
            }
            let mut element =
                kept.cloned().unwrap_or_else(|| ElementV1 { key: key(), ..ElementV1::default() });
            // Who the register has keeps the name it has them under.
            if element.person.is_none() {
                match named(&one.name) {
                    Ok(name) => element.who.name = name,
                    Err((zh, en)) => wrong.push(FieldError { at, zh, en }),
                }
            }
            elements.push(element);
        }
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        // Pages about those who are gone were sent for nobody.
        let gone: Vec<&str> = before
            .iter()
            .map(|element| element.key.as_str())
            .filter(|key| elements.iter().all(|element| element.key != *key))
            .collect();
        after.sent.retain(|mark| !gone.iter().any(|key| mark.ends_with(&format!("/{key}"))));
        after.lists.insert(collection.name.clone(), elements);
        Ok(())
    }

    fn take_who(
        &self,
        page: &Page,
        who: &Who,
        n: usize,
        input: &PageAnswerV1,
        after: &mut AnswersV1,
    ) -> Result<()> {
        let Some(given) = &input.who else {
            let (zh, en) = ("请填写姓名和证件。", "Give name and document.");
            return Err(vec![FieldError { at: "who".into(), zh: zh.into(), en: en.into() }].into());
        };
        let list = page.of.map(|of| self.collection_name(of)).unwrap_or_default();
        let element = after.lists.get_mut(list).and_then(|list| list.get_mut(n));
        let element = element.ok_or_else(Refusal::not_found)?;
        if element.person.is_some() {
            return Ok(());
        }
        let asks = |field: WhoField| who.fields.iter().any(|(asked, ..)| *asked == field);
        let text =
            |field: WhoField, text: &str| if asks(field) { text.trim().to_owned() } else { String::new() };
        let read = PersonEnteredV1 {
            name: text(WhoField::Name, &given.name),
            document: given.document,
            number: text(WhoField::Number, &given.number),
            birth: text(WhoField::Birth, &given.birth),
            sex: given.sex.filter(|_| asks(WhoField::Sex)),
            phone: text(WhoField::Phone, &given.phone),
            address: text(WhoField::Address, &given.address),
        };
        let mut wrong = Vec::new();
        for (at, field) in [
            ("name", &read.name),
            ("number", &read.number),
            ("birth", &read.birth),
            ("phone", &read.phone),
            ("address", &read.address),
        ] {
            if field.chars().count() > LONG {
                wrong.push(FieldError {
                    at: format!("who.{at}"),
                    zh: format!("太长了，最多 {LONG} 个字。"),
                    en: format!("Too long: at most {LONG} characters."),
                });
            }
        }
        if wrong.is_empty()
            && let Err(found) = read.entry().person("", self.on())
        {
            wrong.extend(found.into_iter().map(|error| FieldError { at: of_who(&error.at), ..error }));
        }
        let number = read.number.trim().to_ascii_uppercase();
        let twin = after
            .lists
            .values()
            .flatten()
            .filter(|other| !number.is_empty() && other.who.number.trim().to_ascii_uppercase() == number);
        let own = input.element.as_deref().unwrap_or_default();
        if twin.into_iter().any(|other| other.key != own) {
            wrong.push(FieldError {
                at: "who.number".into(),
                zh: "这个号码已经填在另一个人名下，请核对。".into(),
                en: "Somebody else on the form has this number; check it.".into(),
            });
        }
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        let element = after.lists.get_mut(list).and_then(|list| list.get_mut(n));
        element.ok_or_else(Refusal::not_found)?.who = read;
        Ok(())
    }
}

/// The register's place of a field as the form's.
fn of_who(at: &str) -> String {
    let field = at.split(['[', '.']).next().unwrap_or_default();
    let field = match field {
        "names" => "name",
        "phones" => "phone",
        other => other,
    };
    format!("who.{field}")
}

/// A name in a list: the register is asked later; here only what nobody means is refused.
fn named(given: &str) -> std::result::Result<String, (String, String)> {
    let name = given.trim();
    match name.chars().count() {
        0 => Err(("请写姓名。".into(), "Write the name.".into())),
        1..=50 if !name.chars().any(char::is_control) => Ok(name.to_owned()),
        _ => Err((
            "姓名太长，请照身份证填写。".into(),
            "The name is too long: write it as on the card.".into(),
        )),
    }
}

fn unanswered(at: &str, ty: Type) -> FieldError {
    let (zh, en) = match ty {
        Type::Bool | Type::Enum(_) => ("请选一项。", "Choose one of the answers."),
        Type::Money(_) => ("请填金额，没有填 0。", "Write an amount, 0 for none."),
        Type::Count | Type::Age | Type::Months => ("请填数字，没有填 0。", "Write a number, 0 for none."),
        _ => ("请填写这一项。", "This is to be filled in."),
    };
    FieldError { at: at.into(), zh: zh.into(), en: en.into() }
}
