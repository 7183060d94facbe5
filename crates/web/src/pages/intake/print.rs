//! The sheets to print: the application as it was entered, to be read over and signed; the authority to check of each adult;
//! the written authority of whoever came in the applicant's place. Everything that is signed has its blank.

use super::{MAY, SIGN, at, basis_key, id, seen};
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, page};
use crate::pages::case::Code;
use crate::pages::layout::Shell;
use crate::pages::parts::Crumbs;
use crate::problem::Problem;
use crate::route::Route;
use crate::words::{Say, Words};
use anmin_app::applications::{ApplicationV1, ProxyBasisV1};
use anmin_app::asking::{DeclarationSeenV1, PageSeenV1, QuestionV1, StateV1};
use askama::Template;

pub(super) fn routes() -> Vec<Route> {
    vec![page("/intake/{application}/print", show).called("page_intake_print").may(MAY, &[])]
}

/// As many people stand beside one another on a sheet.
const ABREAST: usize = 4;

/// A question with the answer of each person.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub question: String,
    pub answers: Vec<String>,
}

/// A section: a table with a column for each person, or one for the whole.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub title: String,
    pub names: Vec<String>,
    pub rows: Vec<Row>,
}

/// Something to be signed on a sheet of its own.
#[derive(Clone, Debug)]
struct Signing {
    title: String,
    name: String,
    text: Vec<String>,
}

/// Who came in the applicant's place.
#[derive(Clone, Debug)]
struct Proxy {
    name: String,
    number: String,
    phone: String,
    basis: String,
    /// A written authority is to be signed.
    written: bool,
}

#[derive(Debug, Template)]
#[template(path = "intake/print.html")]
struct PrintPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    whole: bool,
    sign: String,
    code: Option<Code>,
    service: String,
    name: String,
    day: String,
    unit: String,
    blocks: Vec<Block>,
    /// What the applicant signs below the application.
    below: Vec<Signing>,
    /// What each adult signs on a sheet of their own.
    sheets: Vec<Signing>,
    proxy: Option<Proxy>,
}

async fn show(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let t = asked.words();
    let seen = seen(&asked).await?;
    let pages = asked.office().check_answers(&asked.order()?, id(&asked)?).await?;
    let home = at(&seen.line.application);
    let sign = format!("{home}/{SIGN}");
    let shell = asked.shell("intake-print").await?;
    let unit = shell.who.as_ref().and_then(|who| who.posts.first()).map(|post| post.unit_name.clone());
    let own = |declaration: &&DeclarationSeenV1| is_own(&seen, declaration);
    let page = PrintPage {
        t,
        crumbs: Crumbs::new(t).to("/intake", "intake-title").to(&home, Say::Text(seen.line.name.clone())),
        whole: seen.sheet.whole,
        code: Code::of(&asked, &sign),
        sign,
        service: t.of(&seen.line.title).to_owned(),
        name: seen.line.name.clone(),
        day: t.day(&asked.now.on.to_string()),
        unit: unit.unwrap_or_default(),
        blocks: blocks(t, &seen, &pages),
        below: seen.declarations.iter().filter(own).flat_map(|d| signing(t, d)).collect(),
        sheets: seen.declarations.iter().filter(|d| !own(d)).flat_map(|d| signing(t, d)).collect(),
        proxy: seen.proxy.as_ref().map(|proxy| Proxy {
            name: proxy.name.clone(),
            number: proxy.number.clone(),
            phone: proxy.phone.clone(),
            basis: t.text(basis_key(proxy.basis)).to_string(),
            written: proxy.basis == ProxyBasisV1::Written,
        }),
        shell,
    };
    Html::of(&page)
}

/// Whether the applicant alone signs it: it stands below the application then.
fn is_own(seen: &ApplicationV1, declaration: &DeclarationSeenV1) -> bool {
    // The first is of the applicant; what every adult signs has a sheet for each, though there be one adult only.
    let first = seen.declarations.first().is_some_and(|first| first.name == declaration.name);
    first && declaration.signers.iter().all(|signer| signer.element == seen.applicant)
}

fn signing(t: Words, declaration: &DeclarationSeenV1) -> Vec<Signing> {
    let text: Vec<String> = declaration.text.iter().map(|text| t.of(text).to_owned()).collect();
    let each = declaration.signers.iter().map(|signer| Signing {
        title: t.of(&declaration.title).to_owned(),
        name: signer.name.clone(),
        text: text.clone(),
    });
    each.collect()
}

/// Everything that was answered, by sections; what is about people with a column for each.
pub(super) fn blocks(t: Words, seen: &ApplicationV1, pages: &[PageSeenV1]) -> Vec<Block> {
    let mut all = Vec::new();
    for section in &seen.sheet.sections {
        let mine: Vec<&PageSeenV1> = pages.iter().filter(|page| page.section == section.name).collect();
        let title = t.of(&section.label).to_owned();
        let whole = mine.iter().filter(|page| page.place.element.is_none() && page.kind != "list");
        let none = mine.iter().filter_map(|page| {
            let nobody = page.nobody.as_ref().filter(|_| page.listed.as_ref().is_some_and(Vec::is_empty))?;
            Some(Row { question: t.of(&page.label).to_owned(), answers: vec![t.of(nobody).to_owned()] })
        });
        let rows: Vec<Row> = whole
            .flat_map(|page| &page.questions)
            .filter(|question| is_asked(question))
            .map(|question| Row {
                question: t.of(&question.label).to_owned(),
                answers: vec![answer(t, question)],
            })
            .chain(none)
            .collect();
        let whole_said = !rows.is_empty();
        if whole_said {
            all.push(Block { title: title.clone(), names: Vec::new(), rows });
        }
        let mut people: Vec<&str> = Vec::new();
        for key in mine.iter().filter_map(|page| page.place.element.as_deref()) {
            if !people.contains(&key) {
                people.push(key);
            }
        }
        // Those of one list stand together: the obligors are asked other things than the household.
        let asked_of = |key: &str| -> Vec<&str> {
            let own = mine.iter().filter(|page| page.place.element.as_deref() == Some(key));
            own.map(|page| page.place.page.as_str()).collect()
        };
        let mut groups: Vec<Vec<&str>> = Vec::new();
        for key in people {
            let fits = groups
                .last()
                .filter(|group| group.len() < ABREAST)
                .is_some_and(|group| asked_of(group[0]).first() == asked_of(key).first());
            match (fits, groups.last_mut()) {
                (true, Some(group)) => group.push(key),
                _ => groups.push(vec![key]),
            }
        }
        // What was said above is not said again.
        let title = if whole_said { String::new() } else { title };
        for (n, group) in groups.into_iter().enumerate() {
            let title = if n == 0 { title.clone() } else { String::new() };
            let names = group.iter().map(|key| name_of(pages, key)).collect();
            all.push(table(t, (title, names), &mine, &group));
        }
    }
    all
}

fn table(t: Words, (title, names): (String, Vec<String>), pages: &[&PageSeenV1], group: &[&str]) -> Block {
    let mut questions: Vec<(&str, &QuestionV1)> = Vec::new();
    for page in
        pages.iter().filter(|page| page.place.element.as_deref().is_some_and(|key| group.contains(&key)))
    {
        for question in page.questions.iter().filter(|question| is_asked(question)) {
            let known =
                |(of, other): &(&str, &QuestionV1)| *of == page.place.page && other.name == question.name;
            if !questions.iter().any(known) {
                questions.push((&page.place.page, question));
            }
        }
    }
    let of = |key: &str, page: &str, name: &str| {
        let found = pages
            .iter()
            .filter(|seen| seen.place.element.as_deref() == Some(key) && seen.place.page == page)
            .flat_map(|seen| &seen.questions)
            .find(|question| question.name == name && is_asked(question));
        found.map_or_else(|| "—".to_owned(), |question| answer(t, question))
    };
    let row = |(page, question): &(&str, &QuestionV1)| Row {
        question: t.of(&question.label).to_owned(),
        answers: group.iter().map(|key| of(key, page, &question.name)).collect(),
    };
    // What nobody had to answer and nobody did takes no room.
    let said = |row: &Row, free: bool| {
        !free || row.answers.iter().any(|answer| !matches!(answer.as_str(), "" | "—"))
    };
    let rows = questions.iter().map(|one| (row(one), one.1.optional));
    let rows = rows.filter(|(row, free)| said(row, *free)).map(|(row, _)| row);
    Block { title, names, rows: rows.collect() }
}

/// What somebody in a list is called.
fn name_of(pages: &[PageSeenV1], key: &str) -> String {
    let own = pages.iter().filter(|page| page.kind == "who" && page.place.element.as_deref() == Some(key));
    let name = own.flat_map(|page| &page.questions).find(|question| question.name == "name");
    name.and_then(|question| question.value.clone()).unwrap_or_default()
}

fn is_asked(question: &QuestionV1) -> bool {
    !matches!(question.state, StateV1::Hidden | StateV1::CannotStartYet)
}

fn answer(t: Words, question: &QuestionV1) -> String {
    match (&question.value_name, &question.value) {
        (Some(name), _) => t.of(name).to_owned(),
        (None, Some(value)) => match question.unit {
            Some(_) => t.text("apply-yuan").arg("amount", value.as_str()).to_string(),
            None => value.clone(),
        },
        // On paper a place to write.
        (None, None) => String::new(),
    }
}
