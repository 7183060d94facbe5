//! Parts of pages that are the same everywhere. Each is a value that a template puts where it belongs: `{{ tag }}`.

use crate::assets;
use crate::words::{Say, Words};
use anmin_base::date::Date;
use askama::Template;
use askama::filters::HtmlSafe;

/// An icon of the sprite.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<svg class="icon" aria-hidden="true" width="20" height="20"><use href="{{ sprite }}#{{ name }}"></use></svg>"#
)]
pub(crate) struct Icon {
    sprite: String,
    name: String,
}
impl HtmlSafe for Icon {}

impl Words {
    /// An icon; `web/icons.txt` lists those there are.
    pub fn icon(&self, name: &str) -> Icon {
        Icon { sprite: assets::url("icons.svg"), name: name.to_owned() }
    }

    /// A mark of a word, a symbol and a colour.
    pub fn tag(&self, tone: Tone, text: impl Into<Say>) -> Tag {
        Tag { t: *self, tone, text: text.into().text(*self) }
    }
}

/// What a mark means: colour is never the only carrier of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// In order, done.
    Good,
    /// Soon; look at it.
    Soon,
    /// Late, failed, refused.
    Bad,
    /// Under way, for information.
    Note,
    /// Neither.
    Plain,
    /// What something is called, and no judgement: the state of a case.
    Name,
}

impl Tone {
    fn name(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Soon => "soon",
            Tone::Bad => "bad",
            Tone::Note => "note",
            Tone::Plain => "plain",
            Tone::Name => "name",
        }
    }

    fn has_symbol(self) -> bool {
        self != Tone::Name
    }

    fn icon(self) -> &'static str {
        match self {
            Tone::Good => "circle_check",
            Tone::Soon => "clock",
            Tone::Bad => "alert_triangle",
            Tone::Note => "info_circle",
            Tone::Plain | Tone::Name => "point",
        }
    }
}

/// A mark.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<span class="tag tag-{{ tone.name() }}">{% if tone.has_symbol() %}{{ t.icon(tone.icon()) }}{% endif %}{{ text }}</span>"#
)]
pub(crate) struct Tag {
    t: Words,
    tone: Tone,
    text: String,
}
impl HtmlSafe for Tag {}

/// The mark of a clock: how long is left to a day, or how long it is past. `mark` is what the clocks of cases say.
pub(crate) fn clock(t: Words, mark: &str, due: Option<&str>, today: Date) -> Tag {
    let Some(due) = due.and_then(|due| due.parse::<Date>().ok()) else {
        return t.tag(Tone::Plain, "parts-clock-none");
    };
    let left = due.days() - today.days();
    let tone = match mark {
        "overdue" => Tone::Bad,
        "red" => Tone::Bad,
        "amber" => Tone::Soon,
        _ => Tone::Good,
    };
    let text = match left {
        0 => t.text("parts-clock-today"),
        left if left < 0 => t.text("parts-clock-over").arg("days", -left),
        left => t.text("parts-clock-left").arg("days", left),
    };
    // A day that is past and not yet marked so by the morning's job is past all the same.
    t.tag(if left < 0 { Tone::Bad } else { tone }, text)
}

/// Where one is: the pages above this one.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<nav class="crumbs" aria-label="{{ t.text("parts-crumbs") }}"><ol>{% for (href, text) in above %}<li><a href="{{ href }}">{{ text }}</a></li>{% endfor %}</ol></nav>"#
)]
pub(crate) struct Crumbs {
    t: Words,
    above: Vec<(String, String)>,
}
impl HtmlSafe for Crumbs {}

impl Crumbs {
    pub fn new(t: Words) -> Crumbs {
        Crumbs { t, above: Vec::new() }
    }

    /// The same with a page further down.
    pub fn to(mut self, href: impl Into<String>, text: impl Into<Say>) -> Crumbs {
        self.above.push((href.into(), text.into().text(self.t)));
        self
    }
}

/// Nothing is there, and what to do about it.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<div class="empty">{{ t.icon("inbox") }}<p class="empty-title">{{ title }}</p>{% if !more.is_empty() %}<p>{{ more }}</p>{% endif %}</div>"#
)]
pub(crate) struct Empty {
    t: Words,
    title: String,
    more: String,
}
impl HtmlSafe for Empty {}

impl Empty {
    pub fn new(t: Words, title: impl Into<Say>, more: impl Into<Say>) -> Empty {
        Empty { t, title: title.into().text(t), more: more.into().text(t) }
    }
}

/// The end of a list that goes on: on to the next page, and back to the first.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/pager.html")]
pub(crate) struct Pager {
    t: Words,
    /// What stands before the links: how many there are.
    text: String,
    first: Option<String>,
    next: Option<String>,
}
impl HtmlSafe for Pager {}

impl Pager {
    /// `first` and `next` are addresses.
    pub fn new(t: Words, text: impl Into<Say>, first: Option<String>, next: Option<String>) -> Pager {
        Pager { t, text: text.into().text(t), first, next }
    }
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub(crate) struct Happened {
    pub on: String,
    pub what: String,
    pub by: String,
    pub more: String,
    /// It is still to come.
    pub coming: bool,
}

/// What happened, a line each.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/timeline.html")]
pub(crate) struct Timeline {
    pub t: Words,
    pub lines: Vec<Happened>,
}
impl HtmlSafe for Timeline {}

/// A step of a course.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    pub text: String,
    /// -1 done, 0 here, 1 to come.
    pub place: i8,
}

/// The course of something, from its first step to its last.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/stages.html")]
pub(crate) struct Stages {
    pub t: Words,
    pub stages: Vec<Stage>,
}
impl HtmlSafe for Stages {}

/// How far something is.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<div class="progress-line"><label for="{{ id }}">{{ text }}</label><progress id="{{ id }}" max="{{ of }}" value="{{ done }}">{{ done }} / {{ of }}</progress></div>"#
)]
pub(crate) struct Bar {
    pub id: &'static str,
    pub text: String,
    pub done: u64,
    pub of: u64,
}
impl HtmlSafe for Bar {}

/// A line of an explanation, with what it rests on below it.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/branch.html")]
pub(crate) struct Branch {
    pub t: Words,
    pub tone: Tone,
    /// What the tone means here, for those who hear the page: met, not met, open.
    pub word: String,
    pub text: String,
    pub value: String,
    /// Source, article, day.
    pub more: String,
    pub open: bool,
    pub below: Vec<Branch>,
}
impl HtmlSafe for Branch {}

/// That something is done: what, under which number, and what comes next.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<div class="panel"><h1>{{ title }}</h1>{% if !label.is_empty() %}<p>{{ label }}<br><strong>{{ number }}</strong></p>{% endif %}</div>"#
)]
pub(crate) struct Panel {
    pub title: String,
    pub label: String,
    pub number: String,
}
impl HtmlSafe for Panel {}

#[cfg(test)]
#[path = "parts/tests.rs"]
mod tests;
