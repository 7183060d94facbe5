//! Opinions, hearings, decisions and what they still lack.
use super::named::{ActorViewV1, ArticleV1, DayV1, Labels, LastDayV1, NamedV1, id};
use anmin_casework::apply::{Circumstances, deadline, missing_parts};
use anmin_casework::case::Case;
use anmin_casework::record::{Decision, Delivery, Heard, Opinion, Reason};
use schemars::JsonSchema;
use serde::Serialize;

/// A reason as the person reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StatedReasonV1 {
    /// The sentence.
    pub text: String,
    /// Its article.
    pub law: ArticleV1,
}

/// What is proposed for a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProposedV1 {
    /// The programme.
    pub programme: String,
    /// What.
    pub outcome: NamedV1,
    /// Why.
    pub reasons: Vec<StatedReasonV1>,
    /// Why nobody is heard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<NamedV1>,
}

/// An opinion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OpinionViewV1 {
    /// Its number.
    pub number: u32,
    /// In which cycle.
    pub cycle: u32,
    /// What is proposed.
    pub proposals: Vec<ProposedV1>,
    /// Whose.
    pub by: String,
}

/// A hearing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HearingViewV1 {
    /// The opinion it was about.
    pub opinion: u32,
    /// Who was heard.
    pub heard: String,
    /// How.
    pub how: String,
    /// What was said.
    pub said: String,
    /// What was answered.
    pub answer: String,
    /// Who heard.
    pub by: String,
    /// When.
    pub on: DayV1,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DecisionViewV1 {
    /// Its number.
    pub number: u32,
    /// In which cycle.
    pub cycle: u32,
    /// The programme.
    pub programme: String,
    /// What was decided.
    pub outcome: NamedV1,
    /// It is against the person.
    pub adverse: bool,
    /// The first day it means.
    pub from: Option<DayV1>,
    /// Why.
    pub reasons: Vec<StatedReasonV1>,
    /// References of the evidence it rests on.
    pub evidence: Vec<String>,
    /// Why nobody is heard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<NamedV1>,
    /// The hash of the rules it rests on.
    pub rules_hash: String,
    /// Who decided.
    pub by: ActorViewV1,
    /// When.
    pub on: DayV1,
    /// The ways to contest it.
    pub remedies: Vec<RemedyViewV1>,
    /// When the notice was issued.
    pub noticed: Option<DayV1>,
    /// How it arrived.
    pub delivery: Option<DeliveryViewV1>,
    /// Since when it has its effect.
    pub effect: Option<DayV1>,
    /// Its effect is stayed since: what was before goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stayed: Option<DayV1>,
    /// When it was overturned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overturned: Option<DayV1>,
    /// Against the person, and neither in effect nor overturned.
    pub waits: bool,
    /// While it waits: the parts it lacks today before it can take effect.
    pub missing: Vec<NamedV1>,
}

/// A way to contest a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RemedyViewV1 {
    /// Which.
    pub remedy: NamedV1,
    /// The period after delivery; none: the workflow no longer says.
    pub limit: Option<u32>,
    /// What the period is counted in.
    pub unit: Option<NamedV1>,
    /// The last day; none before the notice has arrived. An appeal after it is recorded all the same.
    pub until: Option<LastDayV1>,
    /// The articles.
    pub law: Vec<ArticleV1>,
}

/// How a notice arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DeliveryViewV1 {
    /// How.
    pub manner: NamedV1,
    /// The reference of its proof.
    pub reference: String,
    /// When it was done.
    pub on: DayV1,
    /// The day on which it counts as delivered.
    pub served: DayV1,
}

fn reasons(reasons: &[Reason]) -> Vec<StatedReasonV1> {
    reasons.iter().map(|r| StatedReasonV1 { text: r.text.clone(), law: ArticleV1::from(&r.law) }).collect()
}

pub(super) fn opinion(opinion: &Opinion) -> OpinionViewV1 {
    let proposals = opinion.proposals.iter().map(|p| ProposedV1 {
        programme: p.programme.clone(),
        outcome: NamedV1::of(p.outcome),
        reasons: reasons(&p.reasons),
        exception: p.exception.map(NamedV1::of),
    });
    OpinionViewV1 {
        number: opinion.number,
        cycle: opinion.cycle,
        proposals: proposals.collect(),
        by: id(&opinion.by),
    }
}

pub(super) fn hearing(heard: &Heard) -> HearingViewV1 {
    HearingViewV1 {
        opinion: heard.opinion,
        heard: id(&heard.hearing.heard),
        how: heard.hearing.how.clone(),
        said: heard.hearing.said.clone(),
        answer: heard.hearing.answer.clone(),
        by: id(&heard.by),
        on: DayV1(heard.on),
    }
}

pub(super) fn view(
    decision: &Decision,
    case: &Case,
    labels: &Labels<'_>,
    now: &Circumstances<'_>,
) -> DecisionViewV1 {
    let ruling = &decision.ruling;
    let missing = if decision.waits() { missing_parts(case, decision, now.today) } else { vec![] };
    let remedies = decision.remedies.iter().map(|name| remedy(name, decision, labels, now));
    DecisionViewV1 {
        number: decision.number,
        cycle: decision.cycle,
        programme: ruling.programme.clone(),
        outcome: NamedV1::of(ruling.outcome),
        adverse: ruling.outcome.is_adverse(),
        from: ruling.from.map(DayV1),
        reasons: reasons(&ruling.reasons),
        evidence: ruling.evidence.clone(),
        exception: ruling.exception.map(NamedV1::of),
        rules_hash: ruling.hash.clone(),
        by: labels.actor(&decision.by),
        on: DayV1(decision.on),
        remedies: remedies.collect(),
        noticed: decision.noticed.map(DayV1),
        delivery: decision.delivery.as_ref().map(delivery),
        effect: decision.effect.map(DayV1),
        stayed: decision.stayed.map(DayV1),
        overturned: decision.overturned.map(DayV1),
        waits: decision.waits(),
        missing: missing.into_iter().map(NamedV1::of).collect(),
    }
}

/// The last day is counted as casework counts it when an appeal comes in.
fn remedy(name: &str, decision: &Decision, labels: &Labels<'_>, now: &Circumstances<'_>) -> RemedyViewV1 {
    let way = labels.workflow.remedies.iter().find(|r| r.named.name == name);
    let served = decision.delivery.as_ref().map(|d| d.served);
    let until = way.zip(served).map(|(w, served)| deadline(w.unit, true, served, w.limit, now.calendar));
    RemedyViewV1 {
        remedy: labels.remedy(name),
        limit: way.map(|w| w.limit),
        unit: way.map(|w| NamedV1::of(w.unit)),
        until: until.map(LastDayV1::from),
        law: way.map(|w| w.law.iter().map(ArticleV1::from).collect()).unwrap_or_default(),
    }
}

fn delivery(d: &Delivery) -> DeliveryViewV1 {
    DeliveryViewV1 {
        manner: NamedV1::of(d.manner),
        reference: d.reference.clone(),
        on: DayV1(d.on),
        served: DayV1(d.served),
    }
}
