//! A question of a service's form as a field of a page.

use crate::pages::form::{Choice, Field, Form};
use crate::words::Say;
use anmin_app::asking::{InputV1, QuestionV1};

/// A question under the name by which it is sent. The one question of a page is its heading.
pub(crate) fn field(form: &Form, name: &str, question: &QuestionV1, heading: bool) -> Field {
    let label = || Say::Both(question.label.clone());
    let choice = |c: &anmin_app::asking::ChoiceV1| Choice::new(&c.value, Say::Both(c.label.clone()));
    let field = match question.input {
        InputV1::YesNo | InputV1::Choice => {
            let choices: Vec<Choice> = question.choices.iter().map(choice).collect();
            form.radios(name, label(), &choices)
        }
        InputV1::Money => form.money(name, label()).width(10).unit(unit(question.unit)),
        InputV1::Age => form.number(name, label()).width(4).unit("asking-years"),
        InputV1::Whole => form.number(name, label()).width(4),
        InputV1::Day => form.date(name, label()).width(10),
        InputV1::Number => form.text(name, label()).width(20),
        InputV1::Words | InputV1::Rate => form.text(name, label()).most(100),
    };
    let field = field.maybe_hint(question.hint.clone());
    let field = if question.optional { field.optional() } else { field };
    if heading { field.heading() } else { field }
}

fn unit(unit: Option<&str>) -> &'static str {
    match unit {
        Some("yuan_month") => "asking-yuan-month",
        Some("yuan_year") => "asking-yuan-year",
        _ => "form-yuan",
    }
}
