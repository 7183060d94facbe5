//! What was found out: evidence, checks, visits, appraisals, postings, objections.
use super::named::{DayV1, Labels, NamedV1, id, ids};
use anmin_casework::record::{Authority, Check, Evidence, Meeting, Objection, Posting, Visit};
use schemars::JsonSchema;
use serde::Serialize;
use std::ops::Not;

/// Evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EvidenceViewV1 {
    /// What it is known by.
    pub reference: String,
    /// Its kind.
    pub kind: NamedV1,
    /// Where it comes from; empty: the person.
    pub source: String,
    /// When it came in.
    pub on: DayV1,
    /// In which cycle.
    pub cycle: u32,
    /// An estimate: never held against anybody.
    #[serde(skip_serializing_if = "Not::not")]
    pub estimated: bool,
    /// The person says it is wrong: not to be used until looked into.
    #[serde(skip_serializing_if = "Not::not")]
    pub contested: bool,
    /// Last day on which it may be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<DayV1>,
}

/// An authority to check somebody's means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AuthorityViewV1 {
    /// Whose means.
    pub subject: String,
    /// Who signed.
    pub signer: String,
    /// When.
    pub on: DayV1,
    /// When it was taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<DayV1>,
}

/// A check of means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CheckViewV1 {
    /// Its number.
    pub number: u32,
    /// In which cycle.
    pub cycle: u32,
    /// Whose means.
    pub subjects: Vec<String>,
    /// The sources asked.
    pub sources: Vec<SourceViewV1>,
    /// The person was told of what differs.
    pub told: bool,
    /// The sources whose answers the person contests.
    pub contested: Vec<String>,
}

/// A source asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SourceViewV1 {
    /// The source.
    pub source: String,
    /// What it said; none: not yet.
    pub answer: Option<NamedV1>,
}

/// A visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VisitViewV1 {
    /// When.
    pub on: DayV1,
    /// In which cycle.
    pub cycle: u32,
    /// By the deciding unit.
    pub spot: bool,
    /// Who visited.
    pub visitors: Vec<String>,
}

/// An appraisal by neighbours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AppraisalViewV1 {
    /// In which cycle.
    pub cycle: u32,
    /// Persons who took part.
    pub present: u32,
    /// Of them residents' representatives.
    pub representatives: u32,
    /// Who found the household in need.
    pub in_favour: u32,
}

/// A posting of a proposed approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PostingViewV1 {
    /// The opinion posted.
    pub opinion: u32,
    /// Where.
    pub places: Vec<String>,
    /// Since.
    pub up: DayV1,
    /// When it was taken down.
    pub down: Option<DayV1>,
}

/// An objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ObjectionViewV1 {
    /// Its number.
    pub number: u32,
    /// A reference to who objects.
    pub objector: String,
    /// When.
    pub on: DayV1,
    /// Whether it was found to be right; none: nobody has answered.
    pub upheld: Option<bool>,
}

pub(super) fn evidence(e: &Evidence, labels: &Labels<'_>) -> EvidenceViewV1 {
    EvidenceViewV1 {
        reference: e.exhibit.reference.clone(),
        kind: labels.evidence(&e.exhibit.kind),
        source: e.exhibit.source.clone(),
        on: DayV1(e.on),
        cycle: e.cycle,
        estimated: e.exhibit.derived,
        contested: e.contested,
        valid_until: e.exhibit.valid_until.map(DayV1),
    }
}

pub(super) fn authority(a: &Authority) -> AuthorityViewV1 {
    let revoked = a.revoked.map(DayV1);
    AuthorityViewV1 { subject: id(&a.subject), signer: id(&a.signer), on: DayV1(a.on), revoked }
}

pub(super) fn check(c: &Check) -> CheckViewV1 {
    let source = |(source, answer): &(String, Option<_>)| SourceViewV1 {
        source: source.clone(),
        answer: answer.map(NamedV1::of),
    };
    CheckViewV1 {
        number: c.number,
        cycle: c.cycle,
        subjects: ids(&c.subjects),
        sources: c.sources.iter().map(source).collect(),
        told: c.told,
        contested: c.contested.clone(),
    }
}

pub(super) fn visit(v: &Visit) -> VisitViewV1 {
    VisitViewV1 { on: DayV1(v.on), cycle: v.cycle, spot: v.spot, visitors: ids(&v.visitors) }
}

pub(super) fn appraisal((cycle, _, meeting): &(u32, u32, Meeting)) -> AppraisalViewV1 {
    let Meeting { present, representatives, in_favour } = *meeting;
    AppraisalViewV1 { cycle: *cycle, present, representatives, in_favour }
}

pub(super) fn posting(p: &Posting) -> PostingViewV1 {
    let (up, down) = (DayV1(p.up), p.down.map(DayV1));
    PostingViewV1 { opinion: p.opinion, places: p.places.clone(), up, down }
}

pub(super) fn objection(o: &Objection) -> ObjectionViewV1 {
    ObjectionViewV1 { number: o.number, objector: id(&o.objector), on: DayV1(o.on), upheld: o.upheld }
}
