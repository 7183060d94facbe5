//! The bank's answer: looked at before it is taken, and refused whole where it does not fit, with every line that is wrong.

use super::{batch, yuan};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, Turn, Went, form};
use crate::pages::form::Form;
use crate::pages::layout::Shell;
use crate::pages::parts::Crumbs;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::route::{Key, Route};
use crate::words::Words;
use anmin_app::money::{AnsweredV1, BatchV1, PreviewV1};
use askama::Template;
use std::sync::Arc;

pub(super) fn routes() -> Vec<Route> {
    form("/money/batches/{batch}/answer", show, save)
        .called("page_bank_answer", "do_bank_answer")
        .may(&["batch_answer"], &[])
        .key(Key::Of("answer_batch"))
        .routes()
        .into()
}

/// The files banks give.
const KINDS: &str = ".xlsx,.xls,.csv";

/// A line that comes back: its number, whose, how much, why.
type Back = (i64, String, String, String);

/// What reading a file would do.
#[derive(Debug)]
struct Preview {
    paid: i64,
    paid_amount: String,
    returned: usize,
    returned_amount: String,
    back: Vec<Back>,
    /// Of those that come back, so many are not named on the page.
    more: usize,
}

#[derive(Debug, Template)]
#[template(path = "money/answer.html")]
struct AnswerPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    form: Form,
    batch: BatchV1,
    amount: String,
    demo: bool,
    preview: Option<Preview>,
    /// What is wrong with the file, a sentence a row.
    wrong: Vec<String>,
}

async fn show(asked: Asked, _: NoQuery, form: Form) -> Result<Html, Problem> {
    page(&asked, form, None, Vec::new()).await
}

async fn page(
    asked: &Asked,
    mut form: Form,
    preview: Option<PreviewV1>,
    wrong: Vec<String>,
) -> Result<Html, Problem> {
    let t = asked.words();
    let batch = asked.office().batch(&asked.order()?, asked.id("batch")?).await?;
    if preview.is_none() {
        form.put("kept", "");
    }
    let shell = asked.shell("money-answer-title").await?.wrong(form.is_wrong());
    Html::of(&AnswerPage {
        t,
        crumbs: batch::above(t, &batch),
        form,
        amount: yuan(batch.amount_fen),
        batch,
        demo: asked.site.inner.settings.demo,
        preview: preview.map(told),
        wrong,
        shell,
    })
}

/// Lines that come back, named on the page.
const MOST: usize = 200;

fn told(of: PreviewV1) -> Preview {
    let back = of.returned.iter().take(MOST);
    let back: Vec<Back> =
        back.map(|line| (line.line, line.name.clone(), yuan(line.amount_fen), line.reason.clone())).collect();
    Preview {
        paid: of.paid,
        paid_amount: yuan(of.paid_fen),
        returned: of.returned.len(),
        returned_amount: yuan(of.returned_fen),
        more: of.returned.len() - back.len(),
        back,
    }
}

/// A file is shown first; taken is what was shown, byte for byte, and looked at again.
async fn save(asked: Asked, _: NoQuery, posted: Arc<Posted>) -> Result<Went, Problem> {
    let (office, id) = (asked.office(), asked.id("batch")?);
    let kept = posted.get("kept").and_then(bytes_of);
    if let Some(bytes) = kept.filter(|_| posted.has("take") || asked.earlier.is_some()) {
        let _: AnsweredV1 = asked.once(office.answer_batch(&asked.order()?, id, &bytes)).await?;
        return Ok(Turn::to(format!("/money/batches/{id}")).saying("done-answered").into());
    }
    let mut read = posted.read();
    let Some(file) = posted.files("file").next() else {
        read.wrong("file", "money-wrong-file");
        read.done()?;
        return Err(Problem::not_a_form());
    };
    match office.preview_answer(&asked.order()?, id, &file.bytes).await.map_err(Problem::from) {
        Ok(preview) => {
            let mut form = Form::empty(&asked);
            form.put("kept", text_of(&file.bytes));
            Ok(page(&asked, form, Some(preview), Vec::new()).await?.into())
        }
        // Rows of a file are no fields of a form: they stand in a list of their own.
        Err(problem) if problem.code == "file_refused" => {
            let t = asked.words();
            let wrong = problem.fields.iter().map(|field| t.lang.of(&field.zh, &field.en).clone()).collect();
            let status = problem.status;
            let form = Form::refused(&asked, &posted, &Problem { fields: Vec::new(), ..problem });
            Ok(page(&asked, form, None, wrong).await?.status(status).into())
        }
        Err(problem) => Err(problem),
    }
}

/// A file as a field of a form carries it: two digits a byte.
fn text_of(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let digit = |c: u8| char::from(c).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_comes_back_as_it_went() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(bytes_of(&text_of(&all)).as_deref(), Some(&all[..]));
        assert_eq!(bytes_of("0g"), None);
        assert_eq!(bytes_of("0"), None);
    }
}
