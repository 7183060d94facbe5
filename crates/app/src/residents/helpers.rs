//! Somebody who helps: a dated grant that its giver can end any day. A helper fills in, hands in and sees how it stands; they
//! sign nothing, and see no figures.

use crate::asking::PersonEnteredV1;
use crate::case::json;
use crate::error::{Kind, Refusal, Result};
use crate::office::{Office, Order, days};
use crate::people::{GivenV1, PersonRecord, Start, day_of, unmet, wrong};
use crate::record::TextV1;
use anmin_authz::scope::SystemJob;
use anmin_store::{Find, Id, Record, Refusal as StoreRefusal, Rule, Scope, Stream, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Somebody to help.
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NameHelperV1 {
    /// Their name.
    #[schemars(length(max = 50))]
    pub name: String,
    /// The number of their identity document.
    #[schemars(length(max = 64))]
    pub number: String,
    /// The last day; a year from now at most, and where none is given.
    #[serde(default)]
    #[schemars(extend("format" = "date"))]
    pub until: Option<String>,
}

impl std::fmt::Debug for NameHelperV1 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("helper ***")
    }
}

/// That somebody acts for somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HelpV1 {
    /// The paper, by which it is ended.
    pub paper: String,
    /// The version to name when it is ended.
    pub version: i64,
    /// `guardian` or `helper`.
    pub kind: String,
    /// What that means.
    pub may: TextV1,
    /// Whether the caller helps; else they are helped.
    pub helping: bool,
    /// The other person.
    pub person: String,
    /// Their name.
    pub name: String,
    /// The first day.
    pub from: String,
    /// The last day, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Whether it holds today.
    pub holds: bool,
}

impl Office {
    /// Names somebody who helps the caller. The result is a [`GivenV1`].
    ///
    /// # Errors
    /// The register has nobody of that name and number; too often; not permitted; or a fault.
    pub async fn name_helper(&self, order: &Order<'_>, input: NameHelperV1) -> Result<Vec<u8>> {
        let now = order.now;
        let most = now.on.add_years(1);
        let until = input.until.as_deref().map(|day| day_of("until", day)).transpose()?.unwrap_or(most);
        if until < now.on || until > most {
            return Err(wrong(
                "until",
                "最后一天应在今天到一年之内。",
                "The last day lies between today and a year from now.",
            ));
        }
        let me = order.caller.person_id();
        // Numbers and names are not to be tried out here.
        self.paced(&format!("helper:{me}"), now).await?;
        let who =
            PersonEnteredV1 { name: input.name.clone(), number: input.number.clone(), ..Default::default() };
        let helper = self.of_name_and_number(&who, now).await?.ok_or_else(nobody)?;
        if helper == me {
            return Err(wrong("number", "不用请自己帮忙。", "Nobody helps themself."));
        }
        let mut work = match self.start(order, &["consent_give"], "name_helper").await? {
            Start::Before(bytes) => return Ok(bytes),
            Start::New(work) => work,
        };
        let row = Record::new(&table::REPRESENTATION, Id::at(now.at))
            .with("by_person", helper)
            .with("of_person", me)
            .with("kind", "helper")
            .with("valid_from", i64::from(now.on.days()))
            .with("valid_to", i64::from(until.days()));
        let row = work.insert(row).await.map_err(|error| match error {
            anmin_store::Error::Refusal(StoreRefusal::Rule { kind: Rule::Unique, .. }) => {
                unmet("given_already", "今天已经请过这个人。", "You have named them today already.")
            }
            other => other.into(),
        })?;
        let result = json(&GivenV1 { paper: row.id().to_string(), version: row.version() })?;
        work.commit(Stream { kind: "person", id: &me.to_string() }, b"{}", &result).await?;
        self.inner.store.attempts().succeeded(&format!("helper:{me}")).await?;
        Ok(result)
    }

    /// Whom the register has under a name and a number, both.
    async fn of_name_and_number(&self, who: &PersonEnteredV1, now: crate::office::Now) -> Result<Option<Id>> {
        let Some(find) = self.by_number(who, now) else { return Ok(None) };
        let job = SystemJob::Codes;
        let rows = self.job_scope(job, now.on);
        let found = self.inner.store.read_personal(&rows, job.name(), now.at, &find).await?.pop();
        let found = found.map(PersonRecord::read).transpose()?;
        Ok(found.filter(|p| p.name() == who.name.trim() && !p.entry().dead).map(|p| p.record.id()))
    }

    /// Who helps the caller, and whom they help.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn my_help(&self, order: &Order<'_>) -> Result<Vec<HelpV1>> {
        let (scope, purpose) = self.first_scope(order, &["progress_read"])?;
        let rows = Scope::from_authz(&scope, self.authority());
        let me = order.caller.person_id();
        let mut look = self.inner.store.look(&rows, &purpose, order.now.at);
        let mut found = look.find(&Find::all(&table::REPRESENTATION).equal("of_person", me)).await?;
        found.extend(look.find(&Find::all(&table::REPRESENTATION).equal("by_person", me)).await?);
        let others: Vec<Id> = found
            .iter()
            .filter_map(|row| {
                row.link(if row.link("of_person") == Some(me) { "by_person" } else { "of_person" })
            })
            .collect();
        look.release(()).await?;
        let job = SystemJob::Application;
        let names = self.job_scope(job, order.now.on);
        let find = Find::all(&table::PERSON).ids(&others).plain();
        let people = self.inner.store.read_personal(&names, job.name(), order.now.at, &find).await?;
        let told = found.iter().map(|row| {
            let helping = row.link("by_person") == Some(me);
            let other = row.link(if helping { "of_person" } else { "by_person" });
            let name = people.iter().find(|person| Some(person.id()) == other);
            let holds = days(row);
            let kind = row.text("kind").unwrap_or_default().to_owned();
            HelpV1 {
                paper: row.id().to_string(),
                version: row.version(),
                may: may(&kind),
                kind,
                helping,
                person: other.map(|other| other.to_string()).unwrap_or_default(),
                name: name.and_then(|person| person.text("name")).unwrap_or_default().to_owned(),
                from: holds.from.to_string(),
                until: holds.to.map(|to| to.to_string()),
                holds: holds.hold(order.now.on),
            }
        });
        Ok(told.collect())
    }
}

fn may(kind: &str) -> TextV1 {
    let (zh, en) = match kind {
        "guardian" => ("监护人：可以替被监护人办理和签字。", "A guardian: acts and signs for the ward."),
        _ => (
            "帮忙的人：可以替您填表、交材料、看进度；不能替您签字，看不到收入和存款。",
            "A helper: fills in forms, hands in papers and sees how things stand; signs nothing and sees no figures.",
        ),
    };
    TextV1 { zh: zh.into(), en: en.into() }
}

fn nobody() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "no_such_helper",
        "没有找到这个人：姓名和身份证号码要都对，而且登记过。",
        "Nobody was found: name and number must both fit somebody who is entered.",
    )
    .next("请核对，或和他（她）一起带身份证到窗口办理。", "Check them, or come to the counter together.")
}
