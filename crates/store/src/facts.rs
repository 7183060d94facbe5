//! The facts of one case, or of one person, as `authz` judges them: identifiers and days, no content. What the
//! conditions of a [`Scope`](crate::Scope) look at in the database, read out, so that a single decision and a list agree.
//! Reading them leaves no trace: nothing of it is shown, and without them nobody could be told yes or no.

use crate::db::{Bind, Tx, all, one};
use crate::error::{Fault, Result};
use crate::id::Id;
use crate::store::Store;
use crate::write::Work;
use anmin_authz::authority::{Authority, SourceId, SubjectId};
use anmin_authz::id::{AreaId, Days, MatterId, PaperId, PersonId, UnitId};
use anmin_authz::resource::{
    Assignment, Authorisation, Consent, Cooperation, Cycle, Representation, RepresentationKind,
    ResourceFacts, ServiceOf, Taken,
};
use anmin_authz::sensitivity::Sensitivity;
use anmin_base::date::Date;
use sqlx::Row;
use sqlx::any::AnyRow;

/// What is known of a case or a person. [`Facts::resource`] is what `authz` takes.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    area: Option<AreaId>,
    subject: Option<SubjectId>,
    service: ServiceOf,
    sensitivity: Sensitivity,
    matter: Option<Cycle>,
    about: Option<PersonId>,
    applicant: Option<PersonId>,
    parties: Vec<PersonId>,
    kin: Option<Vec<PersonId>>,
    kept_apart: Vec<(PersonId, PersonId)>,
    assigned: Vec<Assignment>,
    cooperation: Vec<Cooperation>,
    representations: Vec<Representation>,
    consents: Vec<Consent>,
    taken: Option<Vec<Taken>>,
    unit: Option<UnitId>,
    papers: Vec<Paper>,
}

/// One class of an authorisation, with whom it covers.
#[derive(Clone, Debug)]
struct Paper {
    id: PaperId,
    signer: PersonId,
    covers: Vec<PersonId>,
    sources: [SourceId; 1],
    days: Days,
    revoked: Option<Date>,
}

impl Facts {
    /// As `authz` takes them. What is asked on the side (source, contract, amount, reporter) the caller adds, and the
    /// authorisations from [`Facts::authorisations`] where a check is asked.
    pub fn resource(&self) -> ResourceFacts<'_> {
        ResourceFacts {
            area: self.area,
            subject: self.subject,
            service: self.service,
            sensitivity: self.sensitivity,
            matter: self.matter,
            about: self.about,
            applicant: self.applicant,
            parties: Some(&self.parties),
            kin: self.kin.as_deref(),
            kept_apart: Some(&self.kept_apart),
            assigned: &self.assigned,
            cooperation: &self.cooperation,
            representations: &self.representations,
            consents: &self.consents,
            taken: self.taken.as_deref(),
            unit: self.unit,
            ..ResourceFacts::default()
        }
    }

    /// The authorisations of checks that cover anybody in the case.
    pub fn authorisations(&self) -> Vec<Authorisation<'_>> {
        let paper = |paper: &'_ Paper| (paper.id, paper.signer, paper.days, paper.revoked);
        let each = self.papers.iter().map(|held| {
            let (id, signer, days, revoked) = paper(held);
            Authorisation { id, signer, covers: &held.covers, sources: &held.sources, days, revoked }
        });
        each.collect()
    }

    /// Who is in the case: the applicant, those named in it, and the household on the day.
    pub fn parties(&self) -> &[PersonId] {
        &self.parties
    }
}

impl Store {
    /// The facts of a case on a day; none if there is no such case.
    ///
    /// # Errors
    /// A fault.
    pub async fn case_facts(&self, case: Id, authority: &Authority, on: Date) -> Result<Option<Facts>> {
        let mut tx = self.inner.db.snapshot().await?;
        of_case(&mut tx, case, None, authority, on).await
    }

    /// The facts of a row of a case that is about this person: a hearing, a message, a request for a check.
    ///
    /// # Errors
    /// A fault.
    pub async fn row_facts(
        &self,
        case: Id,
        about: Id,
        authority: &Authority,
        on: Date,
    ) -> Result<Option<Facts>> {
        let mut tx = self.inner.db.snapshot().await?;
        of_case(&mut tx, case, Some(about), authority, on).await
    }

    /// The facts of a person on a day, outside any case or as somebody in this one; none if there is no such person
    /// there.
    ///
    /// # Errors
    /// A fault.
    pub async fn person_facts(
        &self,
        person: Id,
        case: Option<Id>,
        authority: &Authority,
        on: Date,
    ) -> Result<Option<Facts>> {
        let mut tx = self.inner.db.snapshot().await?;
        of_person(&mut tx, person, case, authority, on).await
    }
}

impl Work {
    /// The facts of a case as this command finds them; see [`Store::case_facts`].
    ///
    /// # Errors
    /// A fault.
    pub async fn case_facts(&mut self, case: Id, authority: &Authority, on: Date) -> Result<Option<Facts>> {
        of_case(self.tx()?, case, None, authority, on).await
    }

    /// The facts of a row of a case as this command finds them; see [`Store::row_facts`].
    ///
    /// # Errors
    /// A fault.
    pub async fn row_facts(
        &mut self,
        case: Id,
        about: Id,
        authority: &Authority,
        on: Date,
    ) -> Result<Option<Facts>> {
        of_case(self.tx()?, case, Some(about), authority, on).await
    }

    /// The facts of a person as this command finds them; see [`Store::person_facts`].
    ///
    /// # Errors
    /// A fault.
    pub async fn person_facts(
        &mut self,
        person: Id,
        case: Option<Id>,
        authority: &Authority,
        on: Date,
    ) -> Result<Option<Facts>> {
        of_person(self.tx()?, person, case, authority, on).await
    }
}

async fn of_person(
    tx: &mut Tx,
    person: Id,
    case: Option<Id>,
    authority: &Authority,
    on: Date,
) -> Result<Option<Facts>> {
    let sql = "SELECT area, sensitivity FROM person WHERE id = $1";
    let Some(row) = one(tx, sql, vec![Bind::text(person)]).await? else { return Ok(None) };
    let (area, level) = (row.try_get::<Option<String>, _>(0)?, sensitivity(&row, 1)?);
    let about = PersonId(person.0);
    if let Some(case) = case {
        let found = of_case(tx, case, Some(person), authority, on).await?;
        let found = found.filter(|facts| facts.parties.contains(&about));
        return Ok(found.map(|facts| Facts { sensitivity: facts.sensitivity.max(level), ..facts }));
    }
    let mut facts = Facts {
        area: area.as_deref().map(id_of).transpose()?.map(AreaId),
        sensitivity: level,
        about: Some(about),
        parties: vec![about],
        ..Facts::default()
    };
    relations(tx, &mut facts, authority, on).await?;
    Ok(Some(facts))
}

async fn of_case(
    tx: &mut Tx,
    case: Id,
    about: Option<Id>,
    authority: &Authority,
    on: Date,
) -> Result<Option<Facts>> {
    let sql = "SELECT area, subject, pack, sensitivity, cycle, applicant, unit, household FROM case_file WHERE id = $1";
    let Some(row) = one(tx, sql, vec![Bind::text(case)]).await? else { return Ok(None) };
    let number = u32::try_from(row.try_get::<i64, _>(4)?).map_err(|_| corrupt("a cycle"))?;
    let cycle = Cycle { matter: MatterId(case.0), number };
    let applicant = PersonId(id(&row, 5)?);
    let household: Option<String> = row.try_get(7)?;
    let mut facts = Facts {
        area: Some(AreaId(id(&row, 0)?)),
        subject: authority.subject(&row.try_get::<String, _>(1)?),
        service: authority.service(&row.try_get::<String, _>(2)?),
        sensitivity: sensitivity(&row, 3)?,
        matter: Some(cycle),
        about: Some(about.map_or(applicant, |about| PersonId(about.0))),
        applicant: Some(applicant),
        parties: parties(tx, case, applicant, household, on).await?,
        unit: row.try_get::<Option<String>, _>(6)?.as_deref().map(id_of).transpose()?.map(UnitId),
        ..Facts::default()
    };
    let with = || vec![Bind::text(case)];
    let rows = all(tx, "SELECT staff FROM kin_bar WHERE case_id = $1", with()).await?;
    facts.kin = Some(rows.iter().map(|row| Ok(PersonId(id(row, 0)?))).collect::<Result<_>>()?);
    let sql = "SELECT person, valid_from, valid_to FROM assignment WHERE case_id = $1";
    for row in all(tx, sql, with()).await? {
        facts.assigned.push(Assignment { person: PersonId(id(&row, 0)?), days: days(&row, 1)? });
    }
    let sql = "SELECT unit, valid_from, valid_to FROM cooperation WHERE case_id = $1";
    for row in all(tx, sql, with()).await? {
        facts.cooperation.push(Cooperation { unit: UnitId(id(&row, 0)?), days: days(&row, 1)? });
    }
    facts.taken = taken(tx, case, authority).await?;
    relations(tx, &mut facts, authority, on).await?;
    Ok(Some(facts))
}

async fn parties(
    tx: &mut Tx,
    case: Id,
    applicant: PersonId,
    household: Option<String>,
    on: Date,
) -> Result<Vec<PersonId>> {
    let mut parties = vec![applicant];
    let sql = "SELECT person FROM case_person WHERE case_id = $1";
    for row in all(tx, sql, vec![Bind::text(case)]).await? {
        parties.push(PersonId(id(&row, 0)?));
    }
    let sql = "SELECT person FROM membership WHERE household = $1 AND valid_from <= $2 \
               AND (valid_to IS NULL OR valid_to >= $2) AND taken_back_at IS NULL";
    for row in all(tx, sql, vec![Bind::text(household), Bind::int(i64::from(on.days()))]).await? {
        parties.push(PersonId(id(&row, 0)?));
    }
    parties.sort_unstable();
    parties.dedup();
    Ok(parties)
}

/// Who did what on it. None if somebody did what the table does not know: then nothing can be said.
async fn taken(tx: &mut Tx, case: Id, authority: &Authority) -> Result<Option<Vec<Taken>>> {
    let mut taken = Vec::new();
    let sql = "SELECT cycle, person, class FROM duty WHERE case_id = $1";
    for row in all(tx, sql, vec![Bind::text(case)]).await? {
        let number = u32::try_from(row.try_get::<i64, _>(0)?).map_err(|_| corrupt("a cycle"))?;
        let Some(duty) = authority.duty(&row.try_get::<String, _>(2)?) else { return Ok(None) };
        let cycle = Cycle { matter: MatterId(case.0), number };
        taken.push(Taken { cycle, person: PersonId(id(&row, 1)?), duty });
    }
    Ok(Some(taken))
}

/// What stands between the people in it and others: who acts for them, what they consented to, from whom they are
/// kept apart on the day, and which checks they authorised.
async fn relations(tx: &mut Tx, facts: &mut Facts, authority: &Authority, on: Date) -> Result<()> {
    let mut people = facts.parties.clone();
    people.extend(facts.about.filter(|about| !people.contains(about)));
    let marks: Vec<String> = (1..=people.len()).map(|n| format!("${n}")).collect();
    let marks = marks.join(", ");
    let with = || people.iter().map(|person| Bind::text(Id(person.0))).collect::<Vec<Bind>>();
    let sql = format!(
        "SELECT by_person, of_person, kind, valid_from, valid_to FROM representation WHERE of_person IN ({marks})"
    );
    for row in all(tx, &sql, with()).await? {
        let kind = match row.try_get::<String, _>(2)?.as_str() {
            "guardian" => RepresentationKind::Guardian,
            "helper" => RepresentationKind::Helper,
            other => return Err(corrupt(other)),
        };
        let (by, of) = (PersonId(id(&row, 0)?), PersonId(id(&row, 1)?));
        facts.representations.push(Representation { by, of, kind, days: days(&row, 3)? });
    }
    let sql = format!(
        "SELECT by_person, to_person, valid_from, valid_to FROM consent WHERE by_person IN ({marks})"
    );
    for row in all(tx, &sql, with()).await? {
        let (by, to) = (PersonId(id(&row, 0)?), PersonId(id(&row, 1)?));
        facts.consents.push(Consent { by, to, days: days(&row, 2)? });
    }
    let sql = format!(
        "SELECT person_a, person_b, valid_from, valid_to FROM kept_apart WHERE person_a IN ({marks}) \
         OR person_b IN ({marks})"
    );
    for row in all(tx, &sql, with()).await? {
        if days(&row, 2)?.hold(on) {
            facts.kept_apart.push((PersonId(id(&row, 0)?), PersonId(id(&row, 1)?)));
        }
    }
    let sql = format!(
        "SELECT a.id, a.signer, v.person, v.class, a.revoked_at, a.valid_from, a.valid_to FROM authorisation a \
         JOIN authorisation_cover v ON v.authorisation = a.id WHERE v.person IN ({marks}) ORDER BY a.id, v.class"
    );
    for row in all(tx, &sql, with()).await? {
        let Some(source) = authority.source(&row.try_get::<String, _>(3)?) else { continue };
        let paper = Paper {
            id: PaperId(id(&row, 0)?),
            signer: PersonId(id(&row, 1)?),
            covers: vec![PersonId(id(&row, 2)?)],
            sources: [source],
            days: days(&row, 5)?,
            revoked: row.try_get::<Option<i64>, _>(4)?.map(|at| crate::id::Moment(at).day()),
        };
        facts.papers.push(paper);
    }
    Ok(())
}

fn corrupt(what: &str) -> crate::error::Error {
    Fault::Corrupt(format!("{what} among the facts of a case")).into()
}

fn id_of(text: &str) -> Result<u128> {
    Id::parse(text).map(|id| id.0).ok_or_else(|| corrupt(text))
}

fn id(row: &AnyRow, at: usize) -> Result<u128> {
    id_of(&row.try_get::<String, _>(at)?)
}

fn date(days: i64) -> Result<Date> {
    Ok(Date::from_days(i32::try_from(days).map_err(|_| corrupt("a day"))?))
}

/// The first day and the last, from this column on.
fn days(row: &AnyRow, at: usize) -> Result<Days> {
    let to: Option<i64> = row.try_get(at + 1)?;
    Ok(Days { from: date(row.try_get(at)?)?, to: to.map(date).transpose()? })
}

fn sensitivity(row: &AnyRow, at: usize) -> Result<Sensitivity> {
    let level: i64 = row.try_get(at)?;
    let known = usize::try_from(level).ok().and_then(|level| Sensitivity::ALL.get(level));
    known.copied().ok_or_else(|| corrupt("a sensitivity"))
}
