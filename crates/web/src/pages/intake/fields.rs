//! The questions of a section as a clerk fills them in: a card for the whole and one for each person, what is a choice as a
//! list that a digit chooses from, and what our registers knew marked so. And what was typed, as pages to save.

use crate::pages::asking;
use crate::pages::form::{Choice, Field, Form};
use crate::posted::Posted;
use crate::problem::Problem;
use crate::words::{Say, Words};
use anmin_app::applications::{FilledV1, OnePageV1, ScreenPageV1};
use anmin_app::asking::{InputV1, ListedV1, PageSeenV1, PersonEnteredV1, QuestionV1, StateV1};
use anmin_app::record::FieldError;
use anmin_base::document::Lang;

/// A field, and whether a register knew what stands in it.
#[derive(Clone, Debug)]
pub(super) struct Dense {
    pub field: Field,
    pub known: bool,
}

/// The questions about one person, or about the whole.
#[derive(Clone, Debug)]
pub(super) struct Card {
    pub key: String,
    /// Whose; empty: a place for somebody who is not on the list yet.
    pub title: String,
    /// The register has them.
    pub known: bool,
    pub new: bool,
    /// It asks who somebody is: a card can be read.
    pub reads: bool,
    pub gone: Option<Field>,
    pub fields: Vec<Dense>,
}

impl Card {
    fn of(key: &str) -> Card {
        Card {
            key: key.to_owned(),
            title: String::new(),
            known: false,
            new: key.starts_with('+'),
            reads: false,
            gone: None,
            fields: Vec::new(),
        }
    }
}

/// The key of what is about nobody in particular.
const WHOLE: &str = "-";

fn key(page: &PageSeenV1) -> &str {
    page.place.element.as_deref().unwrap_or(WHOLE)
}

/// What a field is called: page, whose, which part, which question.
fn name(page: &PageSeenV1, under: &str, question: &str) -> String {
    format!("{}.{}.{under}.{question}", page.place.page, key(page))
}

fn gone(list: &PageSeenV1, key: &str) -> String {
    format!("{}.{key}.gone", list.place.page)
}

fn nobody(list: &PageSeenV1) -> String {
    format!("{}.{WHOLE}.nobody", list.place.page)
}

fn is_asked(question: &QuestionV1) -> bool {
    !matches!(question.state, StateV1::Hidden | StateV1::CannotStartYet)
}

/// The page that asks who somebody is.
fn who_page<'a>(pages: &'a [ScreenPageV1], key: &str) -> Option<&'a PageSeenV1> {
    let of = |one: &&ScreenPageV1| one.page.kind == "who" && one.page.place.element.as_deref() == Some(key);
    pages.iter().find(of).map(|one| &one.page)
}

/// The cards of a section, filled in as far as it is known.
pub(super) fn cards(t: Words, form: &mut Form, pages: &[ScreenPageV1], filled: &[FilledV1]) -> Vec<Card> {
    let mut cards: Vec<Card> = Vec::new();
    for one in pages {
        let page = &one.page;
        let key = key(page);
        let at = cards.iter().position(|card| card.key == key).unwrap_or_else(|| {
            cards.push(Card::of(key));
            cards.len() - 1
        });
        if page.kind == "list" {
            list(t, form, page, &mut cards);
            continue;
        }
        let card = &mut cards[at];
        card.known |= one.known;
        if let Some(whose) = &one.whose {
            t.of(whose).clone_into(&mut card.title);
        }
        let under = if page.kind == "who" { "who" } else { "values" };
        if page.kind == "who" {
            card.reads = !one.known;
            if one.known {
                continue;
            }
        }
        for question in page.questions.iter().filter(|question| is_asked(question)) {
            let name = name(page, under, &question.name);
            if let Some(value) = &question.value {
                form.fill(&name, value.clone());
            }
            let known = filled
                .iter()
                .any(|f| under == "values" && f.name == question.name && f.element == page.place.element);
            let known = known && question.value.as_deref() == Some(form.value(&name));
            card.fields.push(Dense { field: dense(t, form, &name, question), known });
        }
    }
    // Who stands first applies, and is not taken away.
    if let Some(first) = cards.iter_mut().find(|card| card.key != WHOLE) {
        first.gone = None;
    }
    cards.retain(|card| !card.fields.is_empty() || card.known || card.gone.is_some());
    cards
}

/// Who is in a list: each has a card, with a box to take them off; and where nobody may be in it, that is ticked.
fn list(t: Words, form: &mut Form, page: &PageSeenV1, cards: &mut Vec<Card>) {
    for one in page.listed.iter().flatten() {
        let mut card = Card::of(&one.key);
        one.name.clone_into(&mut card.title);
        let off = [Choice::new("true", "intake-gone")];
        card.gone = Some(form.boxes(&gone(page, &one.key), "intake-gone-label", &off));
        cards.push(card);
    }
    if let Some(none) = &page.nobody {
        let name = nobody(page);
        let listed = page.listed.as_ref().is_some_and(|listed| !listed.is_empty());
        if !listed {
            let choice = [Choice::new("true", Say::Both(none.clone()))];
            let field = form.boxes(&name, t_of(t, page), &choice);
            let whole = cards.iter_mut().find(|card| card.key == WHOLE);
            if let Some(whole) = whole {
                whole.fields.push(Dense { field, known: false });
            }
        }
    }
}

fn t_of(_: Words, page: &PageSeenV1) -> Say {
    Say::Both(page.label.clone())
}

/// A question on one line. What is a choice is a list in which a digit chooses.
fn dense(t: Words, form: &Form, name: &str, question: &QuestionV1) -> Field {
    match question.input {
        InputV1::YesNo | InputV1::Choice => {
            let unsaid = Choice::new("", "intake-choose");
            let numbered = question.choices.iter().enumerate().map(|(n, choice)| {
                Choice::new(&choice.value, Say::Text(format!("{} {}", n + 1, t.of(&choice.label))))
            });
            let all: Vec<Choice> = std::iter::once(unsaid).chain(numbered).collect();
            let field = form.select(name, Say::Both(question.label.clone()), &all);
            field.maybe_hint(question.hint.clone().map(Say::Both))
        }
        // The mark of what may be left out stands on every second line of a dense form: the hint says it where it matters.
        _ => asking::field(form, name, &QuestionV1 { optional: false, ..question.clone() }, false),
    }
}

/// What was typed in a section: the pages to save, and where each error belongs.
pub(super) struct Typed {
    pub pages: Vec<OnePageV1>,
    /// Of each list among them, the field of each row.
    rows: Vec<Vec<String>>,
    /// Of each list, where it is said that nobody is in it.
    nobody: Vec<String>,
}

impl Typed {
    /// Reads what was typed into the fields that these pages made.
    pub fn read(posted: &Posted, pages: &[ScreenPageV1]) -> Typed {
        let mut typed = Typed { pages: Vec::new(), rows: Vec::new(), nobody: Vec::new() };
        for one in pages {
            let page = &one.page;
            let key = key(page).to_owned();
            let off = |key: &str| {
                typed
                    .pages
                    .iter()
                    .filter_map(|p| p.list.as_ref())
                    .all(|list| list.iter().all(|l| l.key != key))
            };
            if key.starts_with('+') && off(&key) {
                continue;
            }
            let (mut sent, mut rows, mut none) = (base(page), Vec::new(), String::new());
            match page.kind {
                "list" => {
                    let Some(list) = listed(posted, page, pages) else { continue };
                    rows = list.iter().map(|(_, field)| field.clone()).collect();
                    none = nobody(page);
                    sent.list = Some(list.into_iter().map(|(listed, _)| listed).collect());
                }
                "who" if one.known => continue,
                "who" => sent.who = Some(who(posted, page)),
                _ => {
                    for question in page.questions.iter().filter(|question| is_asked(question)) {
                        let text = posted.get(&name(page, "values", &question.name));
                        sent.values.extend(text.map(|text| (question.name.clone(), text.to_owned())));
                    }
                    let free = page.questions.iter().all(|question| question.optional);
                    if sent.values.is_empty() && one.state != StateV1::Done && !free {
                        continue;
                    }
                }
            }
            typed.pages.push(sent);
            typed.rows.push(rows);
            typed.nobody.push(none);
        }
        typed
    }

    /// What is wrong, at the fields in which it was typed; of several people it says whose.
    pub fn at_fields(&self, mut problem: Problem, pages: &[ScreenPageV1]) -> Problem {
        for field in &mut problem.fields {
            let Some(at) = self.place(field) else { continue };
            let key = at.split_once('.').map(|(_, rest)| rest).unwrap_or_default();
            let whose = self.whose(pages, key);
            if let Some((zh, en)) = whose {
                let say = |lang, whose: &str, what: &str| {
                    let text = Words { lang }.text("intake-wrong-of").arg("whose", whose.to_owned());
                    text.arg("what", what.to_owned()).to_string()
                };
                (field.zh, field.en) = (say(Lang::Zh, &zh, &field.zh), say(Lang::En, &en, &field.en));
            }
            field.at = at;
        }
        problem
    }

    /// Whose answer it is, where there are several people: their name, or else their place.
    fn whose(&self, pages: &[ScreenPageV1], rest: &str) -> Option<(String, String)> {
        let mut keys: Vec<&str> = Vec::new();
        for page in self.pages.iter().filter_map(|page| page.element.as_deref()) {
            if !keys.contains(&page) {
                keys.push(page);
            }
        }
        let at =
            keys.iter().position(|key| rest.starts_with(&format!("{key}."))).filter(|_| keys.len() > 1)?;
        let known = pages.iter().filter(|one| one.page.place.element.as_deref() == Some(keys[at]));
        let name = known.into_iter().find_map(|one| one.whose.clone());
        let typed = self.pages.iter().filter(|page| page.element.as_deref() == Some(keys[at]));
        let typed = typed.filter_map(|page| page.who.as_ref()).map(|who| who.name.clone()).next();
        let short = |name: &String| !name.is_empty() && name.chars().count() <= 20;
        match (typed.filter(short), name) {
            (Some(typed), _) => Some((typed.clone(), typed)),
            (None, Some(name)) => Some((name.zh, name.en)),
            (None, None) => {
                let nth = |lang| Words { lang }.text("intake-nth").arg("n", at + 1).to_string();
                Some((nth(Lang::Zh), nth(Lang::En)))
            }
        }
    }

    fn place(&self, field: &FieldError) -> Option<String> {
        let (n, rest) = field.at.strip_prefix("pages[")?.split_once("].")?;
        let n: usize = n.parse().ok()?;
        let page = self.pages.get(n)?;
        if let Some(row) = rest.strip_prefix("list[") {
            let row: usize = row.split(']').next()?.parse().ok()?;
            return self.rows[n].get(row).cloned();
        }
        if rest == "list" {
            return self.rows[n].first().cloned().or_else(|| Some(self.nobody[n].clone()));
        }
        let key = page.element.as_deref().unwrap_or(WHOLE);
        let rest = if rest == "who" { "who.number" } else { rest };
        Some(format!("{}.{key}.{rest}", page.page))
    }
}

fn base(page: &PageSeenV1) -> OnePageV1 {
    OnePageV1 { page: page.place.page.clone(), element: page.place.element.clone(), ..OnePageV1::default() }
}

/// Who is in a list, with the field of each name; none: nothing was said of it.
fn listed(posted: &Posted, page: &PageSeenV1, pages: &[ScreenPageV1]) -> Option<Vec<(ListedV1, String)>> {
    let mut all = Vec::new();
    for one in page.listed.iter().flatten() {
        if posted.has(&gone(page, &one.key)) {
            continue;
        }
        let who = who_page(pages, &one.key);
        let field = who.map(|who| name(who, "who", "name")).unwrap_or_default();
        let typed = if one.known { None } else { posted.get(&field) };
        let blank = posted.has(&field) && !one.known;
        let name =
            typed.map(str::to_owned).unwrap_or_else(|| if blank { String::new() } else { one.name.clone() });
        all.push((ListedV1 { key: one.key.clone(), name }, field));
    }
    let own = format!("+{}.", page.place.page);
    let mut places: Vec<&str> = Vec::new();
    for key in pages.iter().filter_map(|one| one.page.place.element.as_deref()) {
        if key.starts_with(&own) && !places.contains(&key) {
            places.push(key);
        }
    }
    for key in places {
        let Some(who) = who_page(pages, key) else { continue };
        // A place in which nothing was typed is still empty.
        let mark = format!(".{key}.");
        let free = ["who.document"];
        let written = posted.fields().any(|(name, text)| {
            name.contains(&mark) && !text.trim().is_empty() && !free.iter().any(|part| name.ends_with(part))
        });
        if written {
            let field = name(who, "who", "name");
            let named = posted.get(&field).unwrap_or_default().to_owned();
            all.push((ListedV1 { key: key.to_owned(), name: named }, field));
        }
    }
    match (all.is_empty(), posted.has(&nobody(page))) {
        (true, false) => None,
        _ => Some(all),
    }
}

fn who(posted: &Posted, page: &PageSeenV1) -> PersonEnteredV1 {
    let text = |field: &str| posted.get(&name(page, "who", field)).unwrap_or_default().to_owned();
    let document = serde_json::from_value(text("document").into()).unwrap_or_default();
    PersonEnteredV1 {
        name: text("name"),
        document,
        number: text("number"),
        birth: text("birth"),
        sex: serde_json::from_value(text("sex").into()).ok(),
        phone: text("phone"),
        address: text("address"),
    }
}
