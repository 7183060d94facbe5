//! What the rules say and why, as a tree: the conclusion, the conditions it rests on, the computations behind them, and the
//! data at the end. Four states: met, not met, to be verified, for information. A short tree on the page of the case, the
//! whole of it on a page of its own.

use super::above;
use crate::asked::Asked;
use crate::form::NoQuery;
use crate::page::{Html, page};
use crate::pages::layout::Shell;
use crate::pages::parts::{Branch, Crumbs, Tone};
use crate::problem::Problem;
use crate::route::Route;
use crate::words::Words;
use anmin_app::facts::NowV1;
use anmin_app::record::{DecisionV1, EligibleV1, FactV1, FigureV1, LawV1, NoteV1};
use askama::Template;
use std::collections::BTreeSet;

pub(super) fn routes() -> Vec<Route> {
    vec![page("/cases/{case}/explanation", show).called("page_explanation").may(super::READ, &[])]
}

/// What the rules say of one programme.
#[derive(Clone, Debug)]
pub(super) struct Explained {
    pub tree: Branch,
    /// What nobody has answered and could settle it.
    pub missing: Vec<String>,
    /// Further results, for information.
    pub others: Vec<(String, String)>,
    /// Single changes that would turn it.
    pub flips: Vec<String>,
    pub receipt: String,
    pub hash: String,
    /// Why the facts cannot be decided on.
    pub refused: Vec<String>,
}

/// How far down the tree on the page of a case goes.
const SHORT: usize = 4;
/// The whole tree has an end all the same.
const WHOLE: usize = 40;
/// Most lines of a short tree.
const MOST: usize = 45;
/// Most lines of the whole one.
const ALL: usize = 220;
/// Most further results on the page of a case.
const OTHERS: usize = 8;

struct Tree<'a> {
    t: Words,
    decision: &'a DecisionV1,
    depth: usize,
    most: usize,
    told: BTreeSet<usize>,
}

/// The short form, for the page of a case.
pub(super) fn short(t: Words, now: &NowV1, _: &str) -> Explained {
    explained(t, now, SHORT, MOST)
}

fn explained(t: Words, now: &NowV1, depth: usize, most: usize) -> Explained {
    let refused = now.refused.iter().flatten();
    let refused = refused.map(|finding| t.lang.of(&finding.zh, &finding.en).clone()).collect();
    let Some(decision) = &now.decision else {
        let tree = Branch {
            t,
            tone: Tone::Soon,
            word: t.text("case-open").to_string(),
            text: t.text("case-not-decided").to_string(),
            value: String::new(),
            more: String::new(),
            open: true,
            below: Vec::new(),
        };
        return Explained {
            tree,
            missing: Vec::new(),
            others: Vec::new(),
            flips: Vec::new(),
            receipt: String::new(),
            hash: String::new(),
            refused,
        };
    };
    let mut tree = Tree { t, decision, depth, most, told: BTreeSet::new() };
    let tree = tree.root();
    let receipt = &decision.receipt;
    let layers = receipt.layers.join(" → ");
    let whole = depth > SHORT;
    let outputs = decision.outputs.iter().filter(|output| !output.text.is_empty());
    let others = outputs.map(|output| {
        let all: Vec<&str> = output.text.iter().map(|text| t.of(text)).collect();
        (t.of(&output.label).to_owned(), all.join(&t.text("case-and").to_string()))
    });
    let flip = |flip: &anmin_app::record::FlipV1| {
        let key = match flip.eligible {
            EligibleV1::Yes => "case-flip-yes",
            EligibleV1::No => "case-flip-no",
            EligibleV1::Unknown => "case-flip-open",
        };
        t.text(key)
            .arg("fact", t.of(&flip.label))
            .arg("now", t.of(&flip.now))
            .arg("then", t.of(&flip.text))
            .to_string()
    };
    Explained {
        tree,
        missing: decision.missing.iter().map(|missing| t.of(&missing.label).to_owned()).collect(),
        others: others.take(if whole { usize::MAX } else { OTHERS }).collect(),
        flips: decision.flips.iter().map(flip).collect(),
        receipt: t
            .text("case-receipt")
            .arg("layers", layers)
            .arg("on", t.day(&receipt.rule_date))
            .to_string(),
        hash: receipt.decision_hash.clone(),
        refused,
    }
}

impl Tree<'_> {
    fn root(&mut self) -> Branch {
        let (t, decision) = (self.t, self.decision);
        let (tone, word, said) = match decision.eligible {
            Some(EligibleV1::Yes) => (Tone::Good, "case-met", "case-eligible"),
            Some(EligibleV1::No) => (Tone::Bad, "case-not-met", "case-not-eligible"),
            _ => (Tone::Soon, "case-open", "case-eligible-open"),
        };
        let mut below =
            decision.explanation.decides.first().copied().map(|n| self.kids(n, 0)).unwrap_or_default();
        // A chain of single notes says the same again and again.
        while let [only] = below.as_slice() {
            let (Some(note), false) = (self.note_of(only), only.below.is_empty()) else { break };
            if note {
                break;
            }
            below = below.remove(0).below;
        }
        let because =
            decision.reason.as_ref().map(|reason| format!("{}{}", t.of(&reason.text), law(t, &reason.law)));
        Branch {
            t,
            tone,
            word: t.text(word).to_string(),
            text: format!("{}{}", t.text("case-conclusion"), t.text(said)),
            value: if tone == Tone::Bad { String::new() } else { amount(t, decision) },
            more: because.unwrap_or_default(),
            open: true,
            below,
        }
    }

    /// Whether a branch is of a yes or no.
    fn note_of(&self, branch: &Branch) -> Option<bool> {
        let found = self.decision.explanation.notes.iter().find(|note| self.t.of(&note.label) == branch.text);
        found.map(|note| note.flag)
    }

    fn kids(&mut self, at: usize, depth: usize) -> Vec<Branch> {
        let Some(note) = self.decision.explanation.notes.get(at) else { return Vec::new() };
        let mut all: Vec<usize> = note.made_by.clone();
        // Of a condition the parts that are met are told too.
        if note.flag {
            let met = note.uses.iter().filter(|used| self.flag(**used) && !note.made_by.contains(used));
            all.extend(met);
        }
        let mut below = Vec::new();
        for n in all {
            if self.told.len() >= self.most {
                break;
            }
            below.extend(self.branch(n, depth + 1));
        }
        below.extend(note.facts.iter().filter(|f| f.matters && !f.not_applicable).map(|f| fact(self.t, f)));
        below.extend(note.figures.iter().filter(|figure| figure.matters).map(|f| figure(self.t, f)));
        below
    }

    fn flag(&self, at: usize) -> bool {
        self.decision.explanation.notes.get(at).is_some_and(|note| note.flag)
    }

    fn branch(&mut self, at: usize, depth: usize) -> Option<Branch> {
        let note = self.decision.explanation.notes.get(at)?;
        // What was told above is named once more, and not unfolded.
        let first = self.told.insert(at);
        let below = if first && depth <= self.depth { self.kids(at, depth) } else { Vec::new() };
        let t = self.t;
        let (tone, word) = self.tone(note);
        Some(Branch {
            t,
            tone,
            word: t.text(word).to_string(),
            text: t.of(&note.label).to_owned(),
            value: t.of(&note.text).to_owned(),
            more: more(t, note),
            open: depth <= 3 && self.opens(tone),
            below,
        })
    }

    /// What carries the conclusion is unfolded, and what nobody knows.
    fn opens(&self, tone: Tone) -> bool {
        match self.decision.eligible {
            Some(EligibleV1::Yes) => tone == Tone::Good,
            Some(EligibleV1::No) => tone == Tone::Bad,
            _ => tone == Tone::Soon,
        }
    }

    fn tone(&self, note: &NoteV1) -> (Tone, &'static str) {
        match (note.value, note.flag) {
            (None, _) => (Tone::Soon, "case-open"),
            (Some(1), true) => (Tone::Good, "case-met"),
            // What does not hold stands against somebody only where the conclusion does.
            (Some(_), true) if self.decision.eligible == Some(EligibleV1::No) => (Tone::Bad, "case-not-met"),
            (Some(_), true) => (Tone::Plain, "case-no"),
            (Some(_), false) => (Tone::Plain, "case-computed"),
        }
    }
}

fn more(t: Words, note: &NoteV1) -> String {
    let formula = t.of(&note.formula);
    let because = note.because.as_ref().map(|text| t.of(text)).unwrap_or_default();
    let said = if formula.is_empty() { because } else { formula };
    let from = law(t, &note.law);
    match said.is_empty() {
        true => from,
        false => format!("{said}{from}"),
    }
}

fn fact(t: Words, fact: &FactV1) -> Branch {
    let (tone, word) = match fact.value {
        None => (Tone::Soon, "case-open"),
        Some(_) => (Tone::Note, "case-datum"),
    };
    let key = fact.source.as_ref().map(|source| format!("case-source-{source}"));
    let source = key.filter(|key| t.has(key)).map(|key| t.text(key).to_string()).or(fact.source.clone());
    let of = |day: &String| t.text("case-as-of").arg("day", t.day(day)).to_string();
    let more: Vec<String> =
        source.into_iter().chain(fact.as_of.as_ref().map(of)).chain(fact.why.clone()).collect();
    Branch {
        t,
        tone,
        word: t.text(word).to_string(),
        text: t.of(&fact.label).to_owned(),
        value: t.of(&fact.text).to_owned(),
        more: more.join(&t.text("case-and").to_string()),
        open: false,
        below: Vec::new(),
    }
}

fn figure(t: Words, figure: &FigureV1) -> Branch {
    let tone = if figure.unverified { Tone::Soon } else { Tone::Note };
    let word = if figure.unverified { "case-unverified" } else { "case-figure" };
    let since = t.text("case-since").arg("day", t.day(&figure.from)).to_string();
    let doubt = if figure.unverified { t.text("case-unverified-more").to_string() } else { String::new() };
    Branch {
        t,
        tone,
        word: t.text(word).to_string(),
        text: t.of(&figure.label).to_owned(),
        value: t.of(&figure.text).to_owned(),
        more: format!("{since}{}{doubt}", law(t, &figure.law)),
        open: false,
        below: Vec::new(),
    }
}

/// Articles, in brackets.
pub(super) fn law(t: Words, law: &[LawV1]) -> String {
    let all = articles(t, law);
    if all.is_empty() { all } else { t.text("case-law").arg("all", all).to_string() }
}

/// Articles; the first three are enough to find the others.
pub(super) fn articles(t: Words, law: &[LawV1]) -> String {
    let one = |law: &LawV1| {
        let title = t.of(&law.title);
        let title = if title.is_empty() { law.document.as_str() } else { title };
        t.text("case-article").arg("title", title).arg("article", law.article.as_str()).to_string()
    };
    let all: Vec<String> = law.iter().take(3).map(one).collect();
    all.join(&t.text("case-and").to_string())
}

/// An amount with its period.
pub(super) fn amount(t: Words, decision: &DecisionV1) -> String {
    let yuan = |fen: i64| anmin_base::money::Money::from_fen(fen).to_string();
    let per = decision.amount_per.unwrap_or("month");
    match (decision.amount_fen, decision.amount_range_fen) {
        (Some(fen), _) => t.text(format!("case-amount-{per}")).arg("amount", yuan(fen)).to_string(),
        (None, Some((least, most))) => {
            t.text("case-amount-between").arg("least", yuan(least)).arg("most", yuan(most)).to_string()
        }
        (None, None) => String::new(),
    }
}

#[derive(Debug, Template)]
#[template(path = "case/explanation.html")]
struct ExplanationPage {
    t: Words,
    shell: Shell,
    crumbs: Crumbs,
    explained: Vec<Explained>,
}

async fn show(asked: Asked, _: NoQuery) -> Result<Html, Problem> {
    let (office, order, id) = (asked.office(), asked.order()?, asked.id("case")?);
    let seen = office.show_case(&order, id).await?;
    let now = office.what_now(&order, id).await?;
    let t = asked.words();
    let crumbs = above(&asked, &seen).await;
    let shell = asked.shell("case-explanation-whole").await?;
    let explained = now.iter().map(|now| explained(t, now, WHOLE, ALL)).collect();
    Html::of(&ExplanationPage { t, shell, crumbs, explained })
}
