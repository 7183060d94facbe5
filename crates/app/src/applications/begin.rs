//! Beginning: who applies, where, and what is known of them already.

use super::counter::ProxyV1;
use super::draft::{Draft, DraftDoneV1, DraftSealedV1};
use super::{LASTS, filling_in};
use crate::asking::{Asking, ElementV1, PersonEnteredV1};
use crate::case::json;
use crate::error::{Kind, Refusal, Result};
use crate::office::{Office, Order};
use crate::people::{PersonV1, Start, id_of, is_resident, wrong};
use anmin_authz::id::AreaId;
use anmin_registry::fact;
use anmin_registry::id::Moment;
use anmin_rules::model::CollectionId;
use anmin_store::{Find, Id, Record, Scope, Stream, Value, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An application to begin.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StartApplicationV1 {
    /// The service.
    pub service: String,
    /// Who applies: oneself where it is not said; somebody one acts for; at a counter, somebody the register has.
    #[serde(default)]
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub person: Option<String>,
    /// At a counter, the name of somebody the register does not have yet.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub name: Option<String>,
    /// At a counter, their identity number, typed or read from the card: whom the register has under it is who applies.
    #[serde(default)]
    #[schemars(length(max = 40))]
    pub number: Option<String>,
    /// At a counter, who came in their place.
    #[serde(default)]
    pub proxy: Option<ProxyV1>,
    /// The area they live in; where it is not said, the one that keeps their entry.
    #[serde(default)]
    #[schemars(regex(pattern = "^[0-9a-f]{32}$"))]
    pub area: Option<String>,
}

impl Office {
    /// Begins an application. The result is a [`DraftDoneV1`].
    ///
    /// # Errors
    /// There is one already; there is no such service, form, person or area; not permitted; or a fault.
    pub async fn start_application(&self, order: &Order<'_>, input: StartApplicationV1) -> Result<Vec<u8>> {
        let counter = !is_resident(order);
        let proxy = input.proxy.clone().filter(|_| counter).map(|proxy| proxy.read(order)).transpose()?;
        let person = match (&input.person, counter) {
            (Some(person), _) => Some(id_of("person", person)?),
            (None, false) => Some(order.caller.person_id()),
            (None, true) => self.registered(order, &input).await?,
        };
        let known = match person {
            Some(person) => Some(self.known_applicant(order, person).await?),
            None => None,
        };
        let area = input.area.clone().or_else(|| known.as_ref().and_then(|person| person.area.clone()));
        let Some(area) = area else {
            return Err(wrong(
                "area",
                "请选择居住的村（社区）。",
                "Say in which village or community they live.",
            ));
        };
        let area = self.area("area", &area, order)?;
        let region = self.region_of(area, order.now.on);
        let asking = self.asking(&input.service, region.as_deref(), order.now.on)?;
        let mut sealed = self.prefilled(order, &asking, known.as_ref(), &input).await?;
        sealed.proxy = proxy;
        let own = sealed.answers.lists.values().flatten().find(|element| element.key == sealed.applicant);
        let name = own.map(|element| element.who.name.clone()).unwrap_or_default();
        if name.is_empty() {
            return Err(wrong("name", "请写申请人的姓名。", "Write the name of who applies."));
        }
        let mut work = match self.start(order, filling_in(order), "start_application").await? {
            Start::Before(bytes) => return Ok(bytes),
            Start::New(work) => work,
        };
        if let Some(person) = person {
            let open = Find::all(&table::APPLICATION).equal("person", person).equal("state", "open");
            let open = work.find(&open.equal("pack", input.service.as_str()).plain()).await?;
            if let Some(open) = open.first() {
                return Err(begun_already(open.id()).into());
            }
        } else if let Some(open) = self.begun_for(&mut work, &input, &name).await? {
            return Err(begun_already(open).into());
        }
        let row = self.draft_row(order, &asking, &input.service, area)?;
        let row = row.with("person", person).with("counter", i64::from(counter)).with("name", name);
        let draft = Draft { record: row, sealed };
        let record = work.insert(draft.row()?).await.map_err(|error| match error {
            anmin_store::Error::Refusal(anmin_store::Refusal::NotFound { .. }) => wrong(
                "area",
                "这个区域不在您的办理范围内，请重新选择。",
                "You take no applications of this area; choose another.",
            ),
            other => other.into(),
        })?;
        let done = DraftDoneV1 {
            application: record.id().to_string(),
            version: record.version(),
            state: "open".into(),
        };
        let result = json(&done)?;
        work.commit(Stream { kind: "application", id: &done.application }, b"{}", &result).await?;
        Ok(result)
    }

    fn draft_row(&self, order: &Order<'_>, asking: &Asking, pack: &str, area: AreaId) -> Result<Record> {
        let service = &asking.opened.loaded.service;
        let Some(subject) = &service.subject else {
            return Err(Refusal::new(
                Kind::Invalid,
                "no_subject",
                format!("“{}”不能在这里申请。", service.name.zh),
                format!("{} cannot be applied for here.", service.name.en),
            )
            .into());
        };
        let on = order.now.on;
        let unit = self.rights().accepting_unit(area, on);
        Ok(Record::new(&table::APPLICATION, Id::at(order.now.at))
            .with("by_person", order.caller.person_id())
            .with("area", Id(area.0))
            .with("unit", unit.map(|unit| Id(unit.0)))
            .with("subject", subject.as_str())
            .with("pack", pack)
            .with("state", "open")
            .with("changed_on", i64::from(on.days()))
            .with("lapses_on", i64::from(on.add_days(LASTS).days())))
    }

    /// Who applies, as far as whoever begins may see them.
    async fn known_applicant(&self, order: &Order<'_>, person: Id) -> Result<PersonV1> {
        if is_resident(order) && person != order.caller.person_id() {
            // Whoever acts for somebody need not see their entry: that they may apply for them is enough.
            let (scope, purpose) = self.first_scope(order, &["apply"])?;
            self.terms(order, &scope, person).await?;
            let rows = Scope::from_authz(&scope, self.authority());
            let mut look = self.inner.store.look(&rows, &purpose, order.now.at);
            let row = look.one(&table::PERSON, person).await?.ok_or_else(Refusal::not_found)?;
            let seen = PersonV1 {
                name: row.text("name").map(str::to_owned),
                area: row.text("area").map(str::to_owned),
                ..PersonV1::nobody(person)
            };
            return Ok(look.release(seen).await?);
        }
        self.show_person(order, person).await
    }

    /// What is filled in before anything is asked: the applicant, and of a resident their household and what they told before.
    async fn prefilled(
        &self,
        order: &Order<'_>,
        asking: &Asking,
        known: Option<&PersonV1>,
        input: &StartApplicationV1,
    ) -> Result<DraftSealedV1> {
        let mut sealed = DraftSealedV1::new();
        let own = asking.own_list()?;
        let list = asking.collection_name(own).to_owned();
        sealed.applicant = element_key()?;
        let who = match known {
            Some(person) => entered(person),
            None => input.who(order.now.on)?,
        };
        let person = known.map(|person| person.id.clone());
        let mut elements =
            vec![ElementV1 { key: sealed.applicant.clone(), person, who, ..ElementV1::default() }];
        if let Some(person) = known.filter(|_| is_resident(order)) {
            let mut root = Vec::new();
            if let Some(household) = self.own_household(order, asking, person).await? {
                for member in household.members.iter().filter(|member| member.person.id != person.id) {
                    let name = member.person.name.clone().unwrap_or_default();
                    elements.push(ElementV1 {
                        key: element_key()?,
                        person: Some(member.person.id.clone()),
                        who: PersonEnteredV1 { name, ..PersonEnteredV1::default() },
                        ..ElementV1::default()
                    });
                }
                root.extend(Id::parse(&household.id));
                sealed.household = Some(household.id);
            }
            let told = self.told_before(order, asking, own, person, &root).await?;
            (sealed.answers.root, elements[0].values) = told;
        }
        if let Some(person) = known.filter(|_| !is_resident(order)) {
            self.known_at_counter(order, asking, person, &mut sealed, &mut elements).await?;
        }
        sealed.answers.lists.insert(list, elements);
        Ok(sealed)
    }

    /// The household in which somebody is counted for this service, or is registered, as they see it themself.
    async fn own_household(
        &self,
        order: &Order<'_>,
        asking: &Asking,
        person: &PersonV1,
    ) -> Result<Option<crate::people::HouseholdV1>> {
        let Some(id) = Id::parse(&person.id).filter(|id| *id == order.caller.person_id()) else {
            return Ok(None);
        };
        let (scope, purpose) = self.first_scope(order, &["own_read"])?;
        let rows = Scope::from_authz(&scope, self.authority());
        let mine = Find::all(&table::MEMBERSHIP).equal("person", id).equal("taken_back_at", Value::Null);
        let mine = self.inner.store.read_personal(&rows, &purpose, order.now.at, &mine).await?;
        let today = mine.iter().filter(|row| crate::office::days(row).hold(order.now.on));
        let mut found = None;
        for household in today.filter_map(|row| row.link("household")) {
            let seen = self.show_household(order, household, order.now.on).await?;
            if seen.service.as_deref() == Some(asking.opened.loaded.name.as_str()) {
                found = Some(seen);
            }
        }
        Ok(found)
    }

    /// What somebody has told before, of the questions that say so: of their own, and of the household.
    #[allow(clippy::type_complexity, reason = "answers of the whole and of one person")]
    async fn told_before(
        &self,
        order: &Order<'_>,
        asking: &Asking,
        own: CollectionId,
        person: &PersonV1,
        root: &[Id],
    ) -> Result<(std::collections::BTreeMap<String, String>, std::collections::BTreeMap<String, String>)>
    {
        let (scope, purpose) = self.first_scope(order, &["own_read"])?;
        let rows = Scope::from_authz(&scope, self.authority());
        self.told_to(order, asking, (own, Id::parse(&person.id)), root, (&rows, &purpose)).await
    }

    /// The same, read within this scope.
    #[allow(clippy::type_complexity, reason = "answers of the whole and of one person")]
    pub(super) async fn told_to(
        &self,
        order: &Order<'_>,
        asking: &Asking,
        (own, person): (CollectionId, Option<Id>),
        root: &[Id],
        (rows, purpose): (&Scope, &str),
    ) -> Result<(std::collections::BTreeMap<String, String>, std::collections::BTreeMap<String, String>)>
    {
        type Values = std::collections::BTreeMap<String, String>;
        let (mut of_root, mut of_person) = (Values::new(), Values::new());
        let mut subjects = root.to_vec();
        subjects.extend(person);
        let find = Find::all(&table::FACT).any_of("subject", &subjects).limit(5_000);
        let recordings = self.inner.store.read_personal(rows, purpose, order.now.at, &find).await?;
        let mut facts = Vec::new();
        for recording in &recordings {
            facts.extend(crate::facts::opened(recording)?);
        }
        let known = fact::as_of(&facts, order.now.on, Moment(order.now.at.0));
        for (_, question) in asking.form().questions().filter(|(_, question)| question.known) {
            let of = &asking.schema().facts[question.fact.0];
            let (to, person): (&mut Values, bool) = match of.of {
                None => (&mut of_root, false),
                Some(c) if c == own => (&mut of_person, true),
                Some(_) => continue,
            };
            let value = known.iter().find(|((subject, name), _)| {
                let is_person = matches!(subject, fact::Subject::Person(_));
                is_person == person && *name == of.name
            });
            if let Some(value) = value.and_then(|(_, fact)| fact.value.clone()) {
                to.insert(of.name.clone(), value);
            }
        }
        Ok((of_root, of_person))
    }
}

impl Asking {
    /// The list whose people live together: the one whose page says on which ground.
    ///
    /// # Errors
    /// The form has none.
    pub(crate) fn own_list(&self) -> Result<CollectionId> {
        let own = self.form().pages.iter().find_map(|page| match &page.asks {
            anmin_pack::form::Asks::Who(who) if !who.ground.is_empty() => page.of,
            _ => None,
        });
        own.ok_or_else(|| {
            Refusal::new(
                Kind::Invalid,
                "no_household",
                "这项业务还不能在网上申请。",
                "This service cannot be applied for here yet.",
            )
            .into()
        })
    }
}

/// A key that no other of a list has: drawn, so that it says nothing.
pub(super) fn element_key() -> Result<String> {
    let drawn: [u8; 4] = crate::staff::random()?;
    Ok(drawn.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// As the register has them, as far as it shows.
pub(super) fn entered(person: &PersonV1) -> PersonEnteredV1 {
    let entry = person.entry.clone().unwrap_or_default();
    let born = person.birth_date.clone().filter(|day| day.parse::<anmin_base::date::Date>().is_ok());
    PersonEnteredV1 {
        name: person.name.clone().unwrap_or_default(),
        document: entry.document,
        number: entry.number,
        // Whoever does not see the number sees the day it says: who is an adult hangs on it.
        birth: Some(entry.birth).filter(|birth| !birth.is_empty()).or(born).unwrap_or_default(),
        sex: entry.sex,
        phone: entry.phones.into_iter().next().unwrap_or_default(),
        address: entry.address,
    }
}

fn begun_already(application: Id) -> Refusal {
    let mut refusal = Refusal::new(
        Kind::Conflict,
        "begun_already",
        "已经有一份没填完的申请。",
        "There is an application already that was not finished.",
    )
    .next("请接着填那一份，或先把它删除。", "Go on with that one, or discard it first.");
    refusal.difference = Some(serde_json::json!({ "application": application.to_string() }));
    refusal
}
