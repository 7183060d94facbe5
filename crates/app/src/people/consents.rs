//! Papers between people: that an adult lets the applicant see their figures, and that somebody acts for somebody. And
//! whose signature a case still wants before means are checked.

use super::PersonRecord;
use super::start::{Start, day_of, id_of, is_resident, same_version, unmet, wrong};
use crate::case::{json, row_id};
use crate::error::{Error, Refusal, Result};
use crate::office::{Office, Order, days};
use crate::record::TextV1;
use anmin_base::date::Date;
use anmin_registry::consent::{
    Authorisation, Capacity, Class, Cover, Guardian, Part, Party, missing_authorisations,
};
use anmin_registry::id::{AuthorisationId, Days, PersonId};
use anmin_store::{Find, Id, Record, Refusal as StoreRefusal, Rule, Scope, Stream, Work, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// An adult's consent that somebody sees their own figures.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentV1 {
    /// Whose figures.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub by: String,
    /// Who may see them.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub to: String,
    /// The last day; until it is taken back where none is given.
    #[serde(default)]
    #[schemars(extend("format" = "date"))]
    pub until: Option<String>,
    /// The signed paper; wanted where it was signed at a counter.
    #[serde(default)]
    pub evidence: Option<PaperV1>,
}

/// A paper that is evidence in a case.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaperV1 {
    /// The case.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub case: String,
    /// What it is known by there.
    #[schemars(length(min = 1, max = 200))]
    pub reference: String,
}

impl PaperV1 {
    /// The row of the evidence.
    fn row(&self) -> Result<Id> {
        Ok(row_id(id_of("evidence.case", &self.case)?, "evidence", &self.reference))
    }
}

/// That somebody acts for somebody.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepresentationV1 {
    /// Who acts.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub by: String,
    /// For whom.
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub of: String,
    /// `guardian` by law, or `helper` on written authority.
    #[schemars(extend("enum" = ["guardian", "helper"]))]
    pub kind: String,
    /// The first day.
    #[schemars(extend("format" = "date"))]
    pub from: String,
    /// The last day, if there is one.
    #[serde(default)]
    #[schemars(extend("format" = "date"))]
    pub until: Option<String>,
    /// The paper that shows it.
    pub evidence: PaperV1,
}

/// A paper that holds no longer.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndPaperV1 {
    /// The version it was seen in.
    pub version: i64,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GivenV1 {
    /// The paper.
    pub paper: String,
    /// The version to name when it is ended.
    pub version: i64,
}

/// A person whose means may not be checked yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MissingSignatureV1 {
    /// Whose means.
    pub person: String,
    /// `member` or `obligor`. One who does not sign holds up nothing but what is asked about them.
    pub part: String,
    /// Which sources.
    pub sources: Vec<String>,
    /// Who may sign, any one of them.
    pub signers: Vec<String>,
    /// Why there is none that will do, and what to do.
    pub why: TextV1,
}

impl Office {
    /// Records an adult's consent. The result is a [`GivenV1`].
    ///
    /// # Errors
    /// What is wrong in the form; not the caller's to give; or a fault.
    pub async fn give_consent(&self, order: &Order<'_>, input: ConsentV1) -> Result<Vec<u8>> {
        let (by, to) = (id_of("by", &input.by)?, id_of("to", &input.to)?);
        if by == to {
            return Err(wrong("to", "本人的信息不需要同意。", "Nobody needs consent for their own figures."));
        }
        let evidence = paper(order, input.evidence.as_ref())?;
        let until = until(order, input.until.as_deref())?;
        let mut work = match self.start(order, signing(order), "give_consent").await? {
            Start::Before(bytes) => return Ok(bytes),
            Start::New(work) => work,
        };
        let row = Record::new(&table::CONSENT, Id::at(order.now.at))
            .with("by_person", by)
            .with("to_person", to)
            .with("valid_from", i64::from(order.now.on.days()))
            .with("valid_to", until.map(|day| i64::from(day.days())))
            .with("evidence", evidence);
        let row = work.insert(row).await.map_err(given_today)?;
        given(work, by, row).await
    }

    /// Takes a consent back: from the next day on, or, given today, from today's end. The result is a [`GivenV1`].
    ///
    /// # Errors
    /// Not the caller's; somebody else was first; or a fault.
    pub async fn revoke_consent(&self, order: &Order<'_>, consent: Id, input: EndPaperV1) -> Result<Vec<u8>> {
        let actions: &[&str] =
            if is_resident(order) { &["consent_revoke"] } else { &["accept", "visit_record"] };
        self.end_paper(order, actions, "revoke_consent", (&table::CONSENT, "by_person"), consent, input).await
    }

    /// Records that somebody acts for somebody, on a paper. The result is a [`GivenV1`].
    ///
    /// # Errors
    /// What is wrong in the form; not permitted; or a fault.
    pub async fn enter_representation(&self, order: &Order<'_>, input: RepresentationV1) -> Result<Vec<u8>> {
        let (by, of) = (id_of("by", &input.by)?, id_of("of", &input.of)?);
        if !["guardian", "helper"].contains(&input.kind.as_str()) {
            return Err(wrong(
                "kind",
                "可选：guardian（监护人）、helper（代办人）。",
                "One of guardian, helper is wanted.",
            ));
        }
        if by == of {
            return Err(wrong("by", "本人不用代理本人。", "Nobody acts for themself."));
        }
        let from = day_of("from", &input.from)?;
        let until = input.until.as_deref().map(|day| day_of("until", day)).transpose()?;
        if until.is_some_and(|until| until < from) {
            return Err(wrong(
                "until",
                "结束日期早于开始日期，请核对。",
                "The last day comes before the first.",
            ));
        }
        let evidence = input.evidence.row()?;
        let mut work = match self.start(order, &["person_enter"], "enter_representation").await? {
            Start::Before(bytes) => return Ok(bytes),
            Start::New(work) => work,
        };
        let row = Record::new(&table::REPRESENTATION, Id::at(order.now.at))
            .with("by_person", by)
            .with("of_person", of)
            .with("kind", input.kind.as_str())
            .with("valid_from", i64::from(from.days()))
            .with("valid_to", until.map(|day| i64::from(day.days())))
            .with("evidence", evidence);
        let row = work.insert(row).await.map_err(given_today)?;
        given(work, of, row).await
    }

    /// Ends a representation. The result is a [`GivenV1`].
    ///
    /// # Errors
    /// Not the caller's; somebody else was first; or a fault.
    pub async fn end_representation(
        &self,
        order: &Order<'_>,
        paper: Id,
        input: EndPaperV1,
    ) -> Result<Vec<u8>> {
        let actions: &[&str] = if is_resident(order) { &["consent_revoke"] } else { &["person_enter"] };
        let of = (&table::REPRESENTATION, "of_person");
        self.end_paper(order, actions, "end_representation", of, paper, input).await
    }

    async fn end_paper(
        &self,
        order: &Order<'_>,
        actions: &[&str],
        name: &str,
        (table, person): (&'static table::Table, &'static str),
        paper: Id,
        input: EndPaperV1,
    ) -> Result<Vec<u8>> {
        let mut work = match self.start(order, actions, name).await? {
            Start::Before(bytes) => return Ok(bytes),
            Start::New(work) => work,
        };
        let row = work.load(table, paper).await?;
        same_version(row.version(), input.version)?;
        let holds = days(&row);
        if !holds.hold(order.now.on) {
            return Err(unmet("ended_already", "这份文书已经不在有效期内。", "That paper is not in force."));
        }
        // What began today lasts until today's end: a row cannot end before it began.
        let last = order.now.on.add_days(-1).max(holds.from);
        let whose = row.link(person).unwrap_or(paper);
        let row = work.update_if(row.with("valid_to", i64::from(last.days()))).await?;
        given(work, whose, row).await
    }

    /// Whose signature a case still wants before every source can be asked about everybody in it.
    ///
    /// # Errors
    /// Not there or not for the caller; or a fault.
    pub async fn missing_signatures(&self, order: &Order<'_>, case: Id) -> Result<Vec<MissingSignatureV1>> {
        let file = self.seen(order, case).await?.ok_or_else(Refusal::not_found)?;
        let (scope, purpose) = self.looking(order)?;
        let rows = Scope::from_authz(&scope, self.authority());
        let mut look = self.inner.store.look(&rows, &purpose, order.now.at);
        let ids = file.people();
        let mut people = BTreeMap::new();
        for record in look.find(&Find::all(&table::PERSON).ids(&ids).limit(1000)).await? {
            people.insert(record.id(), PersonRecord::read(record)?);
        }
        let mut guardians: BTreeMap<Id, Vec<Guardian>> = BTreeMap::new();
        let acting = Find::all(&table::REPRESENTATION).any_of("of_person", &ids).equal("kind", "guardian");
        for row in look.find(&acting.limit(1000)).await? {
            if let (Some(of), Some(by)) = (row.link("of_person"), row.link("by_person")) {
                let guardian = Guardian { person: PersonId(by.0), days: days(&row) };
                guardians.entry(of).or_default().push(guardian);
            }
        }
        let applicant = file.record.link("applicant").map(|id| id.to_string());
        let own =
            file.parties.iter().find(|party| Some(&party.person) == applicant.as_ref()).map(|p| &p.role);
        let member = |id: &Id| {
            let id = id.to_string();
            Some(&id) == applicant.as_ref()
                || file.parties.iter().any(|party| party.person == id && Some(&party.role) == own)
        };
        let mut party = |id: &Id| Party {
            person: PersonId(id.0),
            part: if member(id) { Part::Member } else { Part::Obligor },
            birth: people.get(id).and_then(PersonRecord::born),
            capacity: Capacity::ByAge,
            guardians: guardians.remove(id).unwrap_or_default(),
        };
        let parties: Vec<Party> = ids.iter().map(&mut party).collect();
        let sources: Vec<Class> =
            self.authority().parts().sources.iter().map(|source| Class(source.name.clone())).collect();
        let signed = signed(&file.case.authorities, &parties, &sources);
        let missing = missing_authorisations(&parties, &signed, &sources, order.now.on);
        let told = missing.into_iter().map(|missing| MissingSignatureV1 {
            person: Id(missing.person.0).to_string(),
            part: if missing.part == Part::Member { "member" } else { "obligor" }.into(),
            sources: missing.classes.into_iter().map(|class| class.0).collect(),
            signers: missing.signers.iter().map(|signer| Id(signer.0).to_string()).collect(),
            why: TextV1 { zh: missing.why.zh().into(), en: missing.why.en().into() },
        });
        let told = told.collect();
        Ok(look.release(told).await?)
    }
}

/// The authorities of a case as papers: each covers one person and every source, for a year. The household is the one
/// the case has.
fn signed(
    authorities: &[anmin_casework::record::Authority],
    parties: &[Party],
    sources: &[Class],
) -> Vec<Authorisation> {
    let household: BTreeSet<PersonId> =
        parties.iter().filter(|party| party.part == Part::Member).map(|party| party.person).collect();
    let id = |person: &anmin_casework::record::Person| Id::parse(&person.0).map(|id| PersonId(id.0));
    let of = |(n, given): (usize, &anmin_casework::record::Authority)| {
        let (person, signer) = (id(&given.subject)?, id(&given.signer)?);
        Some(Authorisation {
            id: AuthorisationId(n as u128),
            signer,
            covers: sources.iter().map(|class| Cover { person, class: class.clone() }).collect(),
            days: Days::between(given.on, given.on.add_years(1)),
            revoked_on: given.revoked,
            ended_on: None,
            household: household.clone(),
        })
    };
    authorities.iter().enumerate().filter_map(of).collect()
}

/// Under which actions a consent is recorded: by the person, or at a counter on a signed paper.
fn signing(order: &Order<'_>) -> &'static [&'static str] {
    if is_resident(order) { &["consent_give"] } else { &["accept", "visit_record"] }
}

fn paper(order: &Order<'_>, evidence: Option<&PaperV1>) -> Result<Option<Id>> {
    match evidence {
        Some(evidence) => Ok(Some(evidence.row()?)),
        None if is_resident(order) => Ok(None),
        None => Err(wrong(
            "evidence",
            "窗口代办的同意须附本人签字的文书。",
            "A consent recorded at a counter rests on a paper the person signed: attach it.",
        )),
    }
}

fn until(order: &Order<'_>, day: Option<&str>) -> Result<Option<Date>> {
    let Some(day) = day else { return Ok(None) };
    let day = day_of("until", day)?;
    match day < order.now.on {
        true => Err(wrong("until", "结束日期已经过去。", "The last day is past already.")),
        false => Ok(Some(day)),
    }
}

fn given_today(error: anmin_store::Error) -> Error {
    match error {
        anmin_store::Error::Refusal(StoreRefusal::Rule { kind: Rule::Unique, .. }) => {
            unmet("given_already", "同样的文书今天已经登记过。", "The same paper was entered today already.")
        }
        anmin_store::Error::Refusal(StoreRefusal::Rule { kind: Rule::Reference, .. }) => wrong(
            "evidence",
            "没有这份材料，或其中一人没有登记。",
            "There is no such evidence, or one of the people is not entered.",
        ),
        other => other.into(),
    }
}

async fn given(work: Box<Work>, whose: Id, row: Record) -> Result<Vec<u8>> {
    let result = json(&GivenV1 { paper: row.id().to_string(), version: row.version() })?;
    work.commit(Stream { kind: "person", id: &whose.to_string() }, b"{}", &result).await?;
    Ok(result)
}
