//! What somebody filled in, as the act or command it is. Fields carry their place in it, so that nothing here knows what any
//! step is about.

use super::{FieldKindV1 as K, FormFieldV1, StepFormV1};
use crate::case::{InstructionV1, StepV1};
use crate::error::{Error, Refusal, Result};
use crate::office::{Office, Order};
use crate::people::SearchV1;
use crate::record::FieldError;
use crate::record::act::{ActV1, CommandV1, EvidenceV1};
use anmin_base::money::Money;
use anmin_store::Id;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What stands in the fields of a form, by their names.
pub type Answers = BTreeMap<String, Vec<String>>;

/// A paper that comes with a form: kept here under this reference, or elsewhere under this number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperGivenV1 {
    /// Its kind.
    pub kind: String,
    /// The file, or the number by which it is found.
    pub reference: String,
    /// Where it comes from, if not from the person.
    pub source: Option<String>,
}

/// A form that was filled in.
#[derive(Clone, Debug, Default)]
pub struct FilledV1 {
    /// The version it was made from.
    pub version: i64,
    /// What stands in its fields.
    pub answers: Answers,
    /// What came with it.
    pub papers: Vec<PaperGivenV1>,
    /// Why.
    pub why: Option<String>,
    /// Only to see whether it would be taken: nothing is kept.
    pub rehearse: bool,
}

impl Office {
    /// Takes the step or gives the command a form is of. The result is a [`ChangedV1`](crate::case::ChangedV1), as of
    /// [`Office::take_step`] and [`Office::instruct`].
    ///
    /// # Errors
    /// As theirs, each mistake at the field of the form; or what is not as the rules say and has no reason.
    pub async fn send_form(
        &self,
        order: &Order<'_>,
        case: Id,
        step: &str,
        filled: FilledV1,
    ) -> Result<Vec<u8>> {
        let form = self.step_form(order, case, step).await?;
        let mut filled = filled;
        self.find_people(order, &form, &mut filled.answers).await?;
        let with = read(&form, &filled.answers)?;
        if !filled.rehearse {
            against_the_rules(&form, &filled)?;
        }
        let FilledV1 { version, papers, why, rehearse, .. } = filled;
        let evidence: Vec<EvidenceV1> = papers
            .into_iter()
            .map(|paper| EvidenceV1 {
                kind: paper.kind,
                reference: paper.reference,
                source: paper.source,
                estimated: false,
                valid_until: None,
            })
            .collect();
        if form.command {
            let command = command(&form.act, with, evidence)?;
            let input = InstructionV1 { version, duty: None, command, why };
            return self.instruct_or_try(order, case, input, rehearse).await.map_err(at_with);
        }
        let with = act(&form.act, with)?;
        self.take_or_try(order, case, step, StepV1 { version, duty: None, with, evidence, why }, rehearse)
            .await
    }

    /// Finds who is meant where a person was named: by identity number, or by name where one only has it.
    async fn find_people(&self, order: &Order<'_>, form: &StepFormV1, answers: &mut Answers) -> Result<()> {
        for field in form.fields.iter().filter(|field| field.kind == K::Person) {
            let Some(text) = one(answers, &field.name) else { continue };
            if Id::parse(&text).is_some() {
                continue;
            }
            let number = text.chars().next().is_some_and(|c| c.is_ascii_digit());
            let ask = match number {
                true => SearchV1 { number: Some(text.clone()), ..SearchV1::default() },
                false => SearchV1 { name: Some(text.clone()), ..SearchV1::default() },
            };
            let found = self.find_persons(order, &ask).await?.people;
            let [person] = found.as_slice() else {
                let (zh, en) = match found.is_empty() {
                    true => (
                        "没有找到此人：请核对身份证号，或先登记此人。",
                        "Nobody was found: check the number, or enter the person first.",
                    ),
                    false => {
                        ("有同名的人：请改填身份证号。", "Several have this name: give the identity number.")
                    }
                };
                return Err(vec![FieldError { at: field.name.clone(), zh: zh.into(), en: en.into() }].into());
            };
            answers.insert(field.name.clone(), vec![person.id.clone()]);
        }
        Ok(())
    }
}

fn one(answers: &Answers, name: &str) -> Option<String> {
    let found = answers.get(name)?.first()?.trim();
    (!found.is_empty()).then(|| found.to_owned())
}

/// What differs from what the rules say wants a reason.
fn against_the_rules(form: &StepFormV1, filled: &FilledV1) -> Result<()> {
    let mut wrong = Vec::new();
    for advice in &form.advice {
        let Some(outcome) = &advice.outcome else { continue };
        let Some(at) = form.fields.iter().find_map(|field| {
            let at = field.name.strip_suffix(".programme")?;
            (field.value.first() == Some(&advice.programme)).then(|| at.to_owned())
        }) else {
            continue;
        };
        let chosen = one(&filled.answers, &format!("{at}.outcome"));
        let reason = format!("{at}.reasons[0].text");
        // What the rules say against somebody is no reason for the contrary.
        let own = one(&filled.answers, &reason);
        let own = own.filter(|text| advice.because.as_ref().is_none_or(|because| because.zh != *text));
        if chosen.as_ref().is_some_and(|chosen| chosen != outcome) && own.is_none() {
            wrong.push(FieldError {
                at: reason,
                zh: format!("与规则的结论（{}）不一致，请写明理由。", advice.text.zh),
                en: format!("This is not what the rules say ({}): give the reason.", advice.text.en),
            });
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

/// The value of every field at its place.
fn read(form: &StepFormV1, answers: &Answers) -> Result<Value> {
    let mut wrong: Vec<FieldError> = Vec::new();
    let mut with = Value::Object(Map::new());
    let dropped: Vec<&str> = form
        .fields
        .iter()
        .filter(|field| field.drops && one(answers, &field.name).is_none())
        .filter_map(|field| field.name.rsplit_once('.').map(|(element, _)| element))
        .collect();
    for field in &form.fields {
        if dropped.iter().any(|element| field.name.starts_with(&format!("{element}."))) {
            continue;
        }
        match value(field, answers) {
            Ok(Some(value)) => put(&mut with, &field.name, value),
            Ok(None) if field.required => wrong.push(empty(field)),
            Ok(None) => {}
            Err(error) => wrong.push(error),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let mut with = with.get_mut("with").map(Value::take).unwrap_or_else(|| json!({}));
    no_gaps(&mut with);
    Ok(with)
}

fn empty(field: &FormFieldV1) -> FieldError {
    let chosen = matches!(field.kind, K::Choice | K::Choices | K::Numbered | K::Flag);
    let (zh, en) = match chosen {
        true => ("请选择：", "Choose: "),
        false => ("请填写：", "Fill in: "),
    };
    FieldError {
        at: field.name.clone(),
        zh: format!("{zh}{}。", field.label.zh),
        en: format!("{en}{}.", field.label.en),
    }
}

fn value(field: &FormFieldV1, answers: &Answers) -> std::result::Result<Option<Value>, FieldError> {
    let wrong = |zh: String, en: String| FieldError { at: field.name.clone(), zh, en };
    let given = one(answers, &field.name);
    let number = |text: &String| {
        let read = text.parse::<u32>();
        let (zh, en) = ("应为整数。", "A whole number is wanted.");
        read.map(|number| json!(number)).map_err(|_| wrong(zh.into(), en.into()))
    };
    let all = || -> Vec<&str> {
        let all = answers.get(&field.name).into_iter().flatten();
        all.map(|text| text.trim()).filter(|text| !text.is_empty()).collect()
    };
    Ok(match field.kind {
        K::Text | K::Lines | K::Date | K::Choice => given.map(Value::from),
        K::Person => given.or_else(|| field.value.first().cloned()).map(Value::from),
        K::Fixed => field.value.first().cloned().map(Value::from),
        K::FixedNumber => field.value.first().map(number).transpose()?,
        K::Number | K::Numbered => given.as_ref().map(number).transpose()?,
        K::Flag => given.map(|text| json!(text == "true")),
        K::Money => match given {
            Some(text) => {
                let money = text.parse::<Money>().map_err(|why| wrong(why.zh(), why.en()))?;
                Some(json!(money.fen()))
            }
            None => None,
        },
        K::Choices => Some(all()).filter(|all| !all.is_empty()).map(|all| json!(all)),
        K::List => {
            let lines = all().into_iter().flat_map(str::lines).map(str::trim).filter(|line| !line.is_empty());
            let lines: Vec<&str> = lines.collect();
            (!lines.is_empty()).then(|| json!(lines))
        }
    })
}

/// Puts a value at a place: `with.proposals[0].outcome`.
fn put(root: &mut Value, path: &str, value: Value) {
    let mut at = root;
    for part in path.split('.') {
        let (name, index) = match part.strip_suffix(']').and_then(|part| part.split_once('[')) {
            Some((name, index)) => (name, index.parse::<usize>().ok().filter(|index| *index < 100)),
            None => (part, None),
        };
        if !at.is_object() {
            *at = Value::Object(Map::new());
        }
        at = &mut at[name];
        if let Some(index) = index {
            if !at.is_array() {
                *at = Value::Array(Vec::new());
            }
            let Some(list) = at.as_array_mut() else { return };
            while list.len() <= index {
                list.push(Value::Null);
            }
            at = &mut list[index];
        }
    }
    *at = value;
}

/// Elements that were left out leave no hole.
fn no_gaps(value: &mut Value) {
    match value {
        Value::Array(list) => {
            list.retain(|entry| !entry.is_null());
            list.iter_mut().for_each(no_gaps);
        }
        Value::Object(fields) => fields.values_mut().for_each(no_gaps),
        _ => {}
    }
}

fn act(name: &str, mut with: Value) -> Result<ActV1> {
    with["act"] = json!(name);
    serde_json::from_value(with).map_err(misfit)
}

fn command(name: &str, mut with: Value, evidence: Vec<EvidenceV1>) -> Result<CommandV1> {
    with["command"] = json!(name);
    match name {
        "stay" | "lift_stay" | "overturn" => {
            let order = evidence.into_iter().next().ok_or_else(|| missing("order"))?;
            with["order"] = json!(order);
        }
        "aid_papers" => with["evidence"] = json!(evidence),
        _ => {}
    }
    serde_json::from_value(with).map_err(misfit)
}

fn missing(kind: &str) -> Error {
    vec![FieldError {
        at: format!("paper.{kind}"),
        zh: "请附上文书。".into(),
        en: "Hand the paper in with it.".into(),
    }]
    .into()
}

/// A list that nobody filled in is told by the field it belongs to.
fn misfit(error: serde_json::Error) -> Error {
    let named = error.to_string().split('`').nth(1).unwrap_or_default().to_owned();
    vec![FieldError {
        at: format!("with.{named}"), zh: "请填写此项。".into(), en: "Fill this in.".into()
    }]
    .into()
}

/// The places in a command, as the form has them.
fn at_with(error: Error) -> Error {
    match error {
        Error::Refusal(refusal) => {
            let Refusal { fields, .. } = *refusal.clone();
            let named = |field: FieldError| match field.at.as_str() {
                "why" => field,
                _ => FieldError { at: format!("with.{}", field.at), ..field },
            };
            Error::Refusal(Box::new(Refusal { fields: fields.into_iter().map(named).collect(), ..*refusal }))
        }
        fault => fault,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_stands_at_its_place_and_what_was_left_out_leaves_no_hole() {
        let mut root = json!({});
        put(&mut root, "with.answers[1].source", json!("b"));
        put(&mut root, "with.answers[1].answer", json!("matches"));
        put(&mut root, "with.check", json!(1));
        no_gaps(&mut root);
        assert_eq!(root, json!({"with": {"answers": [{"source": "b", "answer": "matches"}], "check": 1}}));
    }

    #[test]
    fn an_index_that_is_no_index_makes_no_endless_list() {
        let mut root = json!({});
        put(&mut root, "with.answers[999999999].source", json!("b"));
        assert!(root["with"]["answers"].is_object());
    }
}
