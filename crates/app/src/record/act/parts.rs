//! What acts and commands are made of.
use super::shape::{self, Choice, DocumentKey, Line, Many, Name, PersonId, Text};
use crate::record::field::{At, Reading};
use anmin_casework::kinds::{Exception, Outcome};
use anmin_casework::record::{Answer, Exhibit, Hearing, Meeting, Proposal, Reason, Ruling};
use anmin_casework::workflow::Citation;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::ops::Not;

/// Evidence handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceV1 {
    /// Its kind, as the workflow declares.
    #[schemars(with = "Name")]
    pub kind: String,
    /// What it is known by in this case: the number of a file or message.
    #[schemars(with = "Line")]
    pub reference: String,
    /// Where it comes from: an office, a bank; absent: the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Line>")]
    pub source: Option<String>,
    /// Computed from averages or assumptions: never held against anybody.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub estimated: bool,
    /// Last day on which it may be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<shape::Day>")]
    pub valid_until: Option<String>,
}

impl EvidenceV1 {
    pub(super) fn read(r: &mut Reading, at: &At<'_>, form: EvidenceV1) -> Option<Exhibit> {
        let kind = r.name(&at.field("kind"), form.kind);
        let reference = r.reference(&at.field("reference"), form.reference);
        let source = r.maybe(form.source, |r, source| r.line(&at.field("source"), source));
        let valid_until = r.maybe_date(&at.field("valid_until"), form.valid_until);
        Some(Exhibit {
            kind: kind?,
            reference: reference?,
            source: source?.unwrap_or_default(),
            derived: form.estimated,
            valid_until: valid_until?,
        })
    }
}

/// What a source said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerV1 {
    /// The source.
    #[schemars(with = "Line")]
    pub source: String,
    /// What it said. Silence is no answer and never "nothing found".
    #[schemars(with = "Choice<Answer>")]
    pub answer: String,
}

impl AnswerV1 {
    pub(super) fn read(r: &mut Reading, at: &At<'_>, form: AnswerV1) -> Option<(String, Answer)> {
        let source = r.line(&at.field("source"), form.source);
        let answer = r.code(&at.field("answer"), &form.answer);
        Some((source?, answer?))
    }
}

/// An appraisal: how many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MeetingV1 {
    /// Persons who took part.
    pub present: u32,
    /// Of them residents' representatives.
    pub representatives: u32,
    /// Of them who found the household in need.
    pub in_favour: u32,
}

impl MeetingV1 {
    pub(super) fn read(self, r: &mut Reading, at: &At<'_>) -> Option<Meeting> {
        let MeetingV1 { present, representatives, in_favour } = self;
        for (field, part) in [("representatives", representatives), ("in_favour", in_favour)] {
            if part > present {
                let zh = format!("{part} 人多于到会的 {present} 人");
                r.wrong(&at.field(field), zh, format!("{part} are more than the {present} who took part"));
            }
        }
        Some(Meeting { present, representatives, in_favour })
    }
}

/// A reason in words with its article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BecauseV1 {
    /// The sentence the person reads.
    #[schemars(with = "Text")]
    pub text: String,
    /// Key of the document, as the packs name it.
    #[schemars(with = "DocumentKey")]
    pub document: String,
    /// The article, as the document counts.
    #[schemars(with = "Line")]
    pub article: String,
}

impl BecauseV1 {
    fn read(r: &mut Reading, at: &At<'_>, form: BecauseV1) -> Option<Reason> {
        let text = r.text(&at.field("text"), form.text);
        let document = r.document(&at.field("document"), form.document);
        let article = r.line(&at.field("article"), form.article);
        Some(Reason { text: text?, law: Citation { document: document?, article: article? } })
    }
}

/// What is proposed for a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposalV1 {
    /// The programme.
    #[schemars(with = "Name")]
    pub programme: String,
    /// What.
    #[schemars(with = "Choice<Outcome>")]
    pub outcome: String,
    /// Why. Needed for anything against the person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Many<BecauseV1>")]
    pub reasons: Vec<BecauseV1>,
    /// Why nobody is heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Choice<Exception>>")]
    pub exception: Option<String>,
}

impl ProposalV1 {
    pub(super) fn read(r: &mut Reading, at: &At<'_>, form: ProposalV1) -> Option<Proposal> {
        let programme = r.name(&at.field("programme"), form.programme);
        let outcome = r.code(&at.field("outcome"), &form.outcome);
        let reasons = r.list(&at.field("reasons"), form.reasons, BecauseV1::read);
        let exception = r.maybe(form.exception, |r, e| r.code(&at.field("exception"), &e));
        Some(Proposal { programme: programme?, outcome: outcome?, reasons: reasons?, exception: exception? })
    }
}

/// What is decided for a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RulingV1 {
    /// The programme.
    #[schemars(with = "Name")]
    pub programme: String,
    /// What.
    #[schemars(with = "Choice<Outcome>")]
    pub outcome: String,
    /// The first day it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<shape::Day>")]
    pub from: Option<String>,
    /// Why. Needed for anything against the person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Many<BecauseV1>")]
    pub reasons: Vec<BecauseV1>,
    /// References of the evidence it rests on. Needed for anything against the person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Many<Line>")]
    pub evidence: Vec<String>,
    /// Why nobody is heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Choice<Exception>>")]
    pub exception: Option<String>,
}

impl RulingV1 {
    pub(super) fn read(r: &mut Reading, at: &At<'_>, form: RulingV1) -> Option<Ruling> {
        let programme = r.name(&at.field("programme"), form.programme);
        let outcome = r.code(&at.field("outcome"), &form.outcome);
        let from = r.maybe_date(&at.field("from"), form.from);
        let reasons = r.list(&at.field("reasons"), form.reasons, BecauseV1::read);
        let evidence = r.list(&at.field("evidence"), form.evidence, Reading::line);
        let exception = r.maybe(form.exception, |r, e| r.code(&at.field("exception"), &e));
        Some(Ruling {
            programme: programme?,
            outcome: outcome?,
            from: from?,
            hash: String::new(),
            reasons: reasons?,
            evidence: evidence?,
            exception: exception?,
        })
    }
}

/// The record of hearing somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HearingV1 {
    /// Who was heard.
    #[schemars(with = "PersonId")]
    pub heard: String,
    /// How: at home, by telephone, in writing.
    #[schemars(with = "Line")]
    pub how: String,
    /// What was said.
    #[schemars(with = "Text")]
    pub said: String,
    /// What was answered.
    #[schemars(with = "Text")]
    pub answer: String,
}

impl HearingV1 {
    pub(super) fn read(self, r: &mut Reading, at: &At<'_>) -> Option<Hearing> {
        let heard = r.person(&at.field("heard"), self.heard);
        let how = r.line(&at.field("how"), self.how);
        let said = r.text(&at.field("said"), self.said);
        let answer = r.text(&at.field("answer"), self.answer);
        Some(Hearing { heard: heard?, how: how?, said: said?, answer: answer? })
    }
}
