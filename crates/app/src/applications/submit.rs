//! Handing in: one command that enters whoever is new, makes the household, opens the case with its papers, records what was
//! declared and who has signed, and closes the application. All of it, or nothing; and once, however often it is sent.

use super::VersionV1;
use super::draft::{Draft, is_open};
use super::link::{Everybody, Linked};
use super::show::{unready, unsigned};
use crate::asking::Asking;
use crate::case::{CaseFile, ChangedV1, NewRow, PartyV1, Weighed, case_number, case_person, json, opening};
use crate::error::{Error, Fault, Refusal, Result, stale};
use crate::facts::{NAME, OriginV1, RecordingV1, SCHEMA};
use crate::office::{Office, Order};
use crate::people::{HOUSEHOLD_SCHEMA, HouseholdSealedV1, is_resident, membership_row, same_version};
use crate::record::case_event::CaseEventsV1;
use anmin_authz::scope::SystemJob;
use anmin_casework::apply::{self, Begin, Circumstances, Verdicts};
use anmin_casework::command::{Act, Command as Given, Take};
use anmin_casework::kinds::ActKind;
use anmin_casework::record::{Actor, Exhibit, Person};
use anmin_registry::household::{self, Book, Change, Ground, HouseholdKind, Joining};
use anmin_registry::id::{Days, HouseholdId, Moment, PersonId};
use anmin_rules::model::Type;
use anmin_store::{
    Begun, Find, Id, NewJob, Record, Refusal as StoreRefusal, Rule, Scope, Stored, Stream, Work, table,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What became of handing in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubmittedV1 {
    /// The application.
    pub application: String,
    /// The case.
    pub case: String,
    /// Its number, to keep and to ask by.
    pub number: String,
    /// The version of the case.
    pub version: i64,
    /// The state of the case.
    pub state: String,
    /// The letters that were written, by number: the receipt first.
    pub letters: Vec<u32>,
    /// Who has not let their means be checked yet, by name: they can sign later.
    pub to_sign: Vec<String>,
    /// Who was named and could not be brought in, by name: staff look into it.
    pub left_out: Vec<String>,
}

/// The step that opens a case by application.
const RECEIVE: &str = "receive";
/// The kind of evidence an application is, where the step that opens a case asks for one.
const OWN_KIND: &str = "application";

/// Everything that is to be written, worked out before anything is.
struct Plan {
    draft: Draft,
    everybody: Everybody,
    applicant: usize,
    own: String,
    household: Home,
}

/// The household people are counted in.
struct Home {
    id: Id,
    new: Option<Record>,
    rows: household::Rows,
}

impl Office {
    /// Hands an application in. The result is a [`SubmittedV1`].
    ///
    /// # Errors
    /// What is still to be answered or signed; who has to be brought in at the counter; somebody else was first; closed; or a
    /// fault. Nothing is changed then.
    pub async fn submit_application(
        &self,
        order: &Order<'_>,
        application: Id,
        input: VersionV1,
    ) -> Result<Vec<u8>> {
        let draft = self.seen_draft(order, application).await?;
        if let Some(before) = &draft.sealed.submitted {
            return json(before);
        }
        is_open(&draft)?;
        same_version(draft.record.version(), input.version)?;
        let asking = self.asking_of(&draft, order)?;
        self.ready(&asking, &draft)?;
        let everybody = self.everybody(order, &asking, &draft).await?;
        let own = asking.collection_name(asking.own_list()?).to_owned();
        let is_applicant = |linked: &Linked| linked.list == own && linked.key == draft.sealed.applicant;
        let applicant = everybody.people.iter().position(is_applicant);
        let applicant = applicant.ok_or_else(|| Fault::Broken("an application of nobody".into()))?;
        let household = self.home(order, &draft, &everybody, &own).await?;
        let plan = Plan { draft, everybody, applicant, own, household };
        let workflow = self.workflow(&asking.opened, order.now.on)?;
        let step = workflow.step(RECEIVE).filter(|step| step.from.is_empty());
        let step = step.ok_or_else(|| Fault::Broken("no step opens a case by application".into()))?;
        let ways = self.ways(order, &workflow, &step.by, step.act.name(), None)?;
        let way = ways.first().ok_or_else(Refusal::not_found)?;
        let scope = Scope::from_authz(&way.scope, self.authority());
        let purpose = &self.authority().parts().purposes[way.purpose.0].named.name;
        let command = anmin_store::Command {
            scope: &scope,
            name: "submit_application",
            purpose,
            at: order.now.at,
            request: order.request,
        };
        let mut work = match self.inner.store.begin(command).await? {
            Begun::Before(bytes) => return Ok(bytes),
            Begun::New(work) => work,
        };
        if is_resident(order) {
            // There is no case yet to ask about: how they stand to who applies decides.
            let person = plan.draft.record.link("person").ok_or_else(Refusal::not_found)?;
            self.terms(order, &way.scope, person).await?;
        }
        let kept = work.load(&table::APPLICATION, application).await?;
        same_version(kept.version(), input.version)?;
        let papers = papers_of(&mut work, application).await?;
        self.enter_all(&mut work, &plan).await?;
        anmin_store::fault!("application.entered");
        let mut handing = Handing { office: self, order, asking: &asking, plan: &plan, events: vec![] };
        let (mut file, changed) = handing.open(&mut work, way, &papers).await?;
        if !is_resident(order) {
            self.judge(&file, &way.scope, order.now)?;
        }
        handing.memberships(&mut work).await?;
        handing.facts(&mut work, &file).await?;
        anmin_store::fault!("application.declared");
        let to_sign = handing.signatures(&mut work, &mut file, &way.duty).await?;
        let events = std::mem::take(&mut handing.events);
        let names = |keys: Vec<(String, String)>| -> Vec<String> {
            let name = |(list, key): (String, String)| {
                let at = plan.draft.sealed.answers.element(&list, &key)?;
                Some(asking.name_of(&plan.draft.sealed.answers, &list, at).0)
            };
            keys.into_iter().filter_map(name).collect()
        };
        let left_out = plan.everybody.left_out.iter();
        let left_out = left_out.map(|(of, key)| (asking.collection_name(*of).to_owned(), key.clone()));
        let submitted = SubmittedV1 {
            application: application.to_string(),
            case: changed.case.clone(),
            number: changed.number,
            version: file.version(),
            state: file.case.state.clone(),
            letters: changed.letters,
            to_sign: names(to_sign),
            left_out: names(left_out.collect()),
        };
        self.close(&mut work, plan, kept, &submitted).await?;
        let job = NewJob {
            kind: crate::case::KIN_MATCHING,
            key: &submitted.case,
            payload: submitted.case.as_bytes(),
            run_at: order.now.at,
        };
        work.enqueue(&job).await?;
        let result = json(&submitted)?;
        let payload = CaseEventsV1::to_bytes(&events);
        work.commit(Stream { kind: "case", id: &submitted.case }, &payload, &result).await?;
        Ok(result)
    }

    /// Whether everything is answered, goes together, and the applicant has signed.
    fn ready(&self, asking: &Asking, draft: &Draft) -> Result<()> {
        let sheet = asking.sheet(&draft.sealed.answers)?;
        if let Some(next) = &sheet.next {
            let open = sheet.sections.iter().flat_map(|section| &section.pages);
            let label = open.filter(|line| line.place == *next).map(|line| line.label.clone()).next();
            let label = label.unwrap_or_default();
            let mut refusal = unready(
                format!("还没有填完：“{}”。", label.zh),
                format!("Not everything is answered: {}.", label.en),
            );
            refusal.difference = Some(serde_json::json!({ "next": next }));
            return Err(refusal.into());
        }
        if !sheet.clashes.is_empty() {
            return Err(sheet.clashes.into());
        }
        if !sheet.whole {
            return Err(unready("还没有填完。".into(), "Not everything is answered.".into()).into());
        }
        let declarations = self.signed(asking, draft)?;
        match unsigned(asking, &declarations) {
            Some(open) => Err(unready(
                format!("申请人还没有签“{}”。", open.title.zh),
                format!("The applicant has not signed yet: {}.", open.title.en),
            )
            .into()),
            None => Ok(()),
        }
    }

    /// The household: the one the applicant is counted in for this service, or a new one; and who joins it.
    async fn home(&self, order: &Order<'_>, draft: &Draft, everybody: &Everybody, own: &str) -> Result<Home> {
        let now = order.now;
        let job = SystemJob::Application;
        let rows = self.job_scope(job, now.on);
        let people: Vec<Id> = everybody.people.iter().map(|linked| linked.person).collect();
        let mut look = self.inner.store.look(&rows, job.name(), now.at);
        let held = Find::all(&table::MEMBERSHIP).any_of("person", &people).limit(5_000);
        let held = look.find(&held).await?;
        let households: Vec<Id> = held.iter().filter_map(|row| row.link("household")).collect();
        let households = look.find(&Find::all(&table::HOUSEHOLD).ids(&households).limit(1000)).await?;
        look.release(()).await?;
        let mut book = Book::default();
        for row in &households {
            book.households.push(crate::people::household_of(row)?);
        }
        for row in &held {
            book.rows.push(crate::people::membership_of(row)?);
        }
        let applicant =
            everybody.people.iter().find(|linked| linked.list == own && linked.key == draft.sealed.applicant);
        let counted =
            applicant.and_then(|applicant| counted_in(&book, applicant.person, draft.pack(), now.on));
        let (id, new) = match counted {
            Some(id) => (id, None),
            None => {
                let id = Id::at(now.at);
                let sealed =
                    HouseholdSealedV1 { schema: HOUSEHOLD_SCHEMA.into(), service: Some(draft.pack().into()) };
                let row = Record::new(&table::HOUSEHOLD, id)
                    .with("kind", HouseholdKind::Living.name())
                    .with("area", Id(draft.area().0))
                    .with("payload", json(&sealed)?);
                book.households.push(crate::people::household_of(&row)?);
                (id, Some(row))
            }
        };
        let at = Moment(now.at.0);
        let mut joined = Vec::new();
        let mut wrong = Vec::new();
        for linked in &everybody.people {
            let Some(ground) = linked.ground.as_deref().and_then(Ground::of_name) else { continue };
            let person = PersonId(linked.person.0);
            let there = book.rows.iter().any(|row| {
                row.household == HouseholdId(id.0)
                    && row.person == person
                    && row.taken_back_at.is_none()
                    && row.days.hold(now.on)
            });
            if there {
                continue;
            }
            let who = Joining { person, ground };
            let change = Change::Join { household: HouseholdId(id.0), who, days: Days::since(now.on) };
            match household::change(&book, &change, at) {
                Ok(rows) => {
                    book = book.after(&rows, at);
                    joined.extend(rows.add);
                }
                Err(refusals) => wrong.extend(refusals.iter().map(|refusal| crate::record::FieldError {
                    at: format!("{}.{}", linked.list, linked.key),
                    zh: refusal.zh(),
                    en: refusal.en(),
                })),
            }
        }
        match wrong.is_empty() {
            true => Ok(Home { id, new, rows: household::Rows { take_back: vec![], add: joined } }),
            false => Err(wrong.into()),
        }
    }

    /// The rows of whoever is new, and of their household.
    async fn enter_all(&self, work: &mut Work, plan: &Plan) -> Result<()> {
        for linked in &plan.everybody.people {
            let Some(row) = &linked.new else { continue };
            work.insert(row.clone()).await.map_err(|error| match error {
                // Entered by somebody else between the look and now.
                anmin_store::Error::Refusal(StoreRefusal::Rule { kind: Rule::Unique, .. }) => stale().into(),
                other => Error::from(other),
            })?;
        }
        if let Some(row) = &plan.household.new {
            work.insert(row.clone()).await?;
        }
        Ok(())
    }

    /// The application is closed, with what became of it.
    async fn close(&self, work: &mut Work, plan: Plan, kept: Record, submitted: &SubmittedV1) -> Result<()> {
        let mut draft = Draft { record: kept, sealed: plan.draft.sealed };
        draft.sealed.submitted = Some(submitted.clone());
        draft.sealed.codes.clear();
        let person = plan.everybody.people[plan.applicant].person;
        draft.record.set("state", "submitted");
        draft.record.set("case_id", submitted.case.as_str());
        draft.record.set("person", person);
        match work.update_if(draft.row()?).await {
            Ok(_) => Ok(()),
            Err(anmin_store::Error::Refusal(StoreRefusal::Conflict(_))) => Err(stale().into()),
            Err(error) => Err(error.into()),
        }
    }
}

/// The household somebody is counted in for a service on a day.
fn counted_in(book: &Book, person: Id, service: &str, on: anmin_base::date::Date) -> Option<Id> {
    let of_service = |id: HouseholdId| {
        let found = book.households.iter().find(|household| household.id == id);
        found.is_some_and(|household| match &household.of {
            household::Of::Living(counted) => counted.programme == service,
            _ => false,
        })
    };
    let mut rows = book.rows.iter().filter(|row| {
        row.person == PersonId(person.0)
            && row.taken_back_at.is_none()
            && row.days.hold(on)
            && row.ground.counted()
            && of_service(row.household)
    });
    rows.next().map(|row| Id(row.household.0))
}

async fn papers_of(work: &mut Work, application: Id) -> Result<Vec<Record>> {
    let find = Find::all(&table::APPLICATION_FILE).equal("application", application).equal("state", "kept");
    Ok(work.find(&find.limit(1000)).await?)
}

/// A case on its way into being.
struct Handing<'a> {
    office: &'a Office,
    order: &'a Order<'a>,
    asking: &'a Asking,
    plan: &'a Plan,
    /// What has happened to the case so far.
    events: Vec<anmin_casework::event::Event>,
}

impl Handing<'_> {
    fn person(&self, list: &str, key: &str) -> Option<&Linked> {
        self.plan.everybody.people.iter().find(|linked| linked.list == list && linked.key == key)
    }

    /// The case, received with its papers.
    async fn open(
        &mut self,
        work: &mut Work,
        way: &crate::case::Way,
        papers: &[Record],
    ) -> Result<(CaseFile, ChangedV1)> {
        let (office, now, plan) = (self.office, self.order.now, self.plan);
        let opened = self.asking.opened.clone();
        let workflow = office.workflow(&opened, now.on)?;
        let id = Id::at(now.at);
        let number = case_number(now.on, Id::at(now.at).0);
        let applicant = &plan.everybody.people[plan.applicant];
        let name = plan.draft.sealed.answers.list(&plan.own).and_then(|list| list.get(applicant.at));
        let name = name.map(|element| element.who.name.trim().to_owned()).unwrap_or_default();
        let row = NewRow {
            id,
            number: &number,
            area: plan.draft.area(),
            applicant: (applicant.person, &name),
            household: Some(plan.household.id),
            service: plan.draft.pack(),
        };
        let record = office.case_row(&row, &opened, now)?;
        let by = Actor {
            person: case_person(self.order.caller.person),
            duty: way.duty.clone(),
            delegated_by: None,
            human: true,
        };
        let own = plan.everybody.people.iter().filter(|linked| linked.list == plan.own);
        let adults = own.filter(|linked| linked.adult).map(|linked| Person(linked.person.to_string()));
        let step = workflow.step(RECEIVE).ok_or_else(|| Fault::Broken(RECEIVE.into()))?;
        let form = crate::record::act::TakeV1 {
            step: RECEIVE.into(),
            with: opening(step.act),
            evidence: self.evidence(papers, &workflow),
        };
        let begin = Begin {
            unit: plan.household.id.to_string(),
            adults: adults.collect(),
            programmes: vec![plan.draft.pack().to_owned()],
            take: form.into_take(by)?,
        };
        let none = Verdicts::new();
        let circumstances = Circumstances { today: now.on, calendar: office.calendar(), verdicts: &none };
        let opened_case = apply::open(&workflow, &begin, &circumstances);
        let (case, events) = opened_case.map_err(|refusal| Error::of_case(&refusal, &workflow))?;
        let parties = plan.everybody.people.iter();
        let parties: Vec<PartyV1> = parties
            .map(|linked| PartyV1 { person: linked.person.to_string(), role: linked.list.clone() })
            .collect();
        let mut file = CaseFile::begun(record, opened, workflow, case.clone(), parties);
        file.handed = papers.iter().map(|paper| Stored::handed_in(paper, id)).collect();
        let kept = office.keep(work, &mut file, case, &events, &Weighed::default(), now, None).await?;
        office.parties(work, &file).await?;
        self.events.extend(events);
        let changed: ChangedV1 =
            serde_json::from_slice(&kept.result).map_err(|e| Fault::Broken(e.to_string()))?;
        Ok((file, changed))
    }

    /// The application itself, and every paper that is not a signature, as evidence of the step.
    fn evidence(
        &self,
        papers: &[Record],
        workflow: &anmin_casework::workflow::Workflow,
    ) -> Vec<crate::record::act::EvidenceV1> {
        let known = |kind: &str| workflow.evidence.iter().any(|known| known.named.name == kind);
        let evidence = |kind: String, reference: String| crate::record::act::EvidenceV1 {
            kind,
            reference,
            source: None,
            estimated: false,
            valid_until: None,
        };
        let mut all = Vec::new();
        if known(OWN_KIND) {
            all.push(evidence(OWN_KIND.into(), self.plan.draft.id().to_string()));
        }
        let form = self.asking.form();
        for kept in &self.plan.draft.sealed.papers {
            let there = papers.iter().any(|paper| paper.id().to_string() == kept.file);
            let of = form.papers.iter().find(|paper| paper.name == kept.paper);
            if let (true, Some(paper)) = (there && of.is_none_or(|p| known(&p.evidence)), of) {
                all.push(evidence(paper.evidence.clone(), kept.file.clone()));
            } else if there && kept.paper == super::counter::PROXY_PAPER && known(OWN_KIND) {
                all.push(evidence(OWN_KIND.into(), kept.file.clone()));
            }
        }
        all
    }

    /// Who joins the household, now that the case makes them reached.
    async fn memberships(&self, work: &mut Work) -> Result<()> {
        for row in &self.plan.household.rows.add {
            work.insert(membership_row(row, Id::at(self.order.now.at))).await?;
        }
        Ok(())
    }

    /// What was declared: of the whole and of each, what is asked and nothing else.
    async fn facts(&self, work: &mut Work, file: &CaseFile) -> Result<()> {
        let answers = &self.plan.draft.sealed.answers;
        let (_, look) = self.asking.looked(answers)?;
        let mut of_root: BTreeMap<String, Option<String>> = BTreeMap::new();
        let mut of_people: BTreeMap<(String, usize), BTreeMap<String, Option<String>>> = BTreeMap::new();
        for (page, question) in self.asking.form().questions() {
            let asked = &self.asking.schema().facts[question.fact.0];
            let rows = match asked.of {
                None => 1,
                Some(of) => answers.list(self.asking.collection_name(of)).map_or(0, <[_]>::len),
            };
            for n in 0..rows {
                if look.question(page, question, n) != crate::asking::Shown::Yes {
                    continue;
                }
                let value = match asked.ty {
                    Type::Text | Type::ResidentId => {
                        self.asking.given(question.fact, n, answers).map(str::to_owned)
                    }
                    _ => look.counted.values.get(&(question.fact, n)).cloned(),
                };
                let Some(value) = value else { continue };
                let to = match asked.of {
                    None => &mut of_root,
                    Some(of) => {
                        let list = self.asking.collection_name(of).to_owned();
                        of_people.entry((list, n)).or_default()
                    }
                };
                to.insert(asked.name.clone(), Some(value));
            }
        }
        for (list, elements) in &answers.lists {
            if elements.is_empty() && self.asking.collection(list).is_some() {
                of_root.insert(list.clone(), Some("none".into()));
            }
        }
        let (kind, root) = file.subjects().root;
        let mut rows = vec![(kind, root, of_root)];
        for ((list, n), values) in of_people {
            let key = answers.list(&list).and_then(|l| l.get(n)).map(|e| e.key.clone()).unwrap_or_default();
            if let Some(linked) = self.person(&list, &key) {
                rows.push(("person", linked.person, values));
            }
        }
        for (kind, subject, values) in rows.into_iter().filter(|(.., values)| !values.is_empty()) {
            work.insert(self.recording(kind, subject, values)?).await?;
        }
        Ok(())
    }

    fn recording(&self, kind: &str, subject: Id, values: BTreeMap<String, Option<String>>) -> Result<Record> {
        let paper = self.plan.draft.is_of_counter();
        let shown_by = paper.then(|| match self.plan.draft.sealed.proxy {
            Some(_) => "窗口代录的申请表（他人代办）".to_owned(),
            None => "窗口代录的申请表".to_owned(),
        });
        let origin = OriginV1 { shown_by, ..OriginV1::default() };
        let sealed = RecordingV1 { schema: SCHEMA.into(), values, origin };
        let now = self.order.now;
        Ok(Record::new(&table::FACT, Id::at(now.at))
            .with("subject_kind", kind)
            .with("subject", subject)
            .with("name", NAME)
            .with("value", json(&sealed)?)
            .with("valid_from", i64::from(now.on.days()))
            .with("recorded_at", now.at)
            .with("source", "declared"))
    }

    /// Each signature by the step that records it, in the name of who signed. Who has not signed yet, by list and key.
    async fn signatures(
        &mut self,
        work: &mut Work,
        file: &mut CaseFile,
        duty: &str,
    ) -> Result<Vec<(String, String)>> {
        let mut open = Vec::new();
        let form = self.asking.form();
        for declaration in form.declarations.iter().filter(|d| d.step.is_some() && d.of.is_some()) {
            let list = declaration.of.map(|of| self.asking.collection_name(of)).unwrap_or_default();
            let signers = self.plan.everybody.people.iter().filter(|l| l.list == list && l.adult);
            for linked in signers {
                let mut signed = self.plan.draft.sealed.signed.iter();
                let signed = signed.find(|s| s.declaration == declaration.name && s.element == linked.key);
                let Some(signed) = signed else {
                    open.push((list.to_owned(), linked.key.clone()));
                    continue;
                };
                let step = declaration.step.clone().unwrap_or_default();
                let known = file.workflow.step(&step).filter(|step| step.act == ActKind::Authorise);
                if known.is_none() {
                    return Err(Fault::Broken(format!("{step} records no signature")).into());
                }
                let person = Person(linked.person.to_string());
                // On paper somebody else hands it in; otherwise it is their own deed.
                let by = match signed.how.as_str() {
                    "paper" => case_person(self.order.caller.person),
                    _ => person.clone(),
                };
                let duty = match (signed.how.as_str(), is_resident(self.order)) {
                    ("paper", _) | (_, true) => duty.to_owned(),
                    (_, false) => resident_duty(file).unwrap_or_else(|| duty.to_owned()),
                };
                let by = Actor { person: by, duty, delegated_by: None, human: true };
                let reference = signed.paper.clone().unwrap_or_else(|| {
                    format!("{}:{}:{}:{}", declaration.name, linked.key, signed.how, signed.on)
                });
                let evidence = declaration.paper.iter().map(|kind| Exhibit {
                    kind: kind.clone(),
                    reference: reference.clone(),
                    source: String::new(),
                    derived: false,
                    valid_until: None,
                });
                let act = Act::Authorise { subject: person.clone(), signer: person };
                let take = Take { step, by, act, evidence: evidence.collect() };
                let version = file.version();
                let before = file.since(version).len();
                let now = self.order.now;
                self.office.carry_out(work, file, Given::Take(take), now, version).await?;
                let since = file.since(version);
                self.events.extend(since.into_iter().skip(before));
            }
        }
        Ok(open)
    }
}

/// The duty in which people act for themselves.
fn resident_duty(file: &CaseFile) -> Option<String> {
    let own = file.workflow.duties.iter().find(|duty| !duty.staff && duty.named.name == "resident");
    let any = || file.workflow.duties.iter().find(|duty| !duty.staff);
    own.or_else(any).map(|duty| duty.named.name.clone())
}
