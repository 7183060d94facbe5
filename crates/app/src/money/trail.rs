//! From a payment to why it is paid: the grant, the change, the decision with its articles, and who was there to look. With
//! the line of the bank's file that names the payment, two steps.

use super::month_in;
use crate::error::Result;
use crate::office::{Office, Order};
use crate::record::TextV1;
use anmin_authz::scope::SystemJob;
use anmin_base::date::Date;
use anmin_ledger::grant::Ground;
use anmin_store::{Find, Id, Record, Scope, table};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// Why a payment is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TrailV1 {
    /// The payment.
    pub payment: String,
    /// For which month.
    pub period: String,
    /// Whose.
    pub name: String,
    /// Which part.
    pub component: String,
    /// In words.
    pub component_text: TextV1,
    /// How much, in fen.
    pub amount_fen: i64,
    /// How it went to the bank, the first attempt first: batch, line, outcome.
    pub attempts: Vec<TrailStepV1>,
    /// The grant.
    pub grant: String,
    /// Why it was changed last, coded.
    pub ground: String,
    /// In words.
    pub ground_text: TextV1,
    /// The case; none for those who see money and no cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Its number for people.
    pub case_number: String,
    /// The decision.
    pub decision: String,
    /// What it says: `grant`, `increase`.
    pub outcome: String,
    /// The hash of the rules it rests on.
    pub rules: String,
    /// When it was decided, in milliseconds since 1970.
    pub decided_at: i64,
    /// Why, in a sentence; none for those who see money and no cases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<TextV1>,
    /// The articles: document and article.
    pub articles: Vec<TextV1>,
    /// The visits before it: the day, and who was there.
    pub visits: Vec<VisitorsV1>,
}

/// One attempt to pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TrailStepV1 {
    /// The batch.
    pub batch: String,
    /// Its number.
    pub number: String,
    /// The line of the bank's file.
    pub line: i64,
    /// `waiting`, `paid`, `returned` or `void`.
    pub outcome: String,
    /// Why it came back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VisitorsV1 {
    /// The day.
    pub on: String,
    /// Who was there.
    pub visitors: Vec<String>,
}

impl Office {
    /// Why a payment is made, for who may see the case it hangs on. Who handles money learns on which decision, article and
    /// visit a payment rests, and nothing of the household.
    ///
    /// # Errors
    /// It is not there for the caller; or a fault.
    pub async fn payment_trail(&self, order: &Order<'_>, payment: Id) -> Result<TrailV1> {
        let (store, at) = (&self.inner.store, order.now.at);
        let (paid, rows, purpose, whole) = match self.first_scope(order, &["case_read", "progress_read"]) {
            Ok((scope, purpose)) => {
                let rows = Scope::from_authz(&scope, self.authority());
                (store.read_one(&rows, &purpose, at, &table::PAYMENT, payment).await?, rows, purpose, true)
            }
            Err(_) => {
                let (money, purpose) = self.money_rows(order)?;
                let paid = store.read_one(&money, &purpose, at, &table::PAYMENT, payment).await?;
                let job = SystemJob::MessageDelivery;
                (paid, self.job_scope(job, order.now.on), job.name().to_owned(), false)
            }
        };
        let grant = paid.link("grant_id").unwrap_or(Id(0));
        let grant = store.read_one(&rows, &purpose, at, &table::GRANT_FILE, grant).await?;
        let change = paid.link("change_id").unwrap_or(Id(0));
        let change = store.read_one(&rows, &purpose, at, &table::GRANT_CHANGE, change).await?;
        let case = grant.link("case_id").unwrap_or(Id(0));
        let file = store.read_one(&rows, &purpose, at, &table::CASE_FILE, case).await?;
        let decision = change.link("decision").unwrap_or(Id(0));
        let decision = store.read_one(&rows, &purpose, at, &table::DECISION, decision).await?;
        let visits = store
            .read_personal(&rows, &purpose, at, &Find::all(&table::VISIT).equal("case_id", case))
            .await?;
        let (reason, articles) = why(&decision);
        let decided_at = decision.int("decided_at").unwrap_or(0);
        let text = |row: &Record, column: &str| row.text(column).unwrap_or_default().to_owned();
        let ground = change.text("ground").and_then(Ground::named);
        Ok(TrailV1 {
            payment: payment.to_string(),
            period: month_in(&paid, "period").to_string(),
            name: text(&paid, "name"),
            component: text(&paid, "component"),
            component_text: self
                .component_text(paid.text("programme").unwrap_or_default(), &text(&paid, "component")),
            amount_fen: paid.int("amount_fen").unwrap_or(0),
            attempts: self.attempts(order, payment).await?,
            grant: grant.id().to_string(),
            ground: text(&change, "ground"),
            ground_text: ground.map(|g| TextV1 { zh: g.zh().into(), en: g.en().into() }).unwrap_or_default(),
            case: whole.then(|| case.to_string()),
            case_number: text(&file, "number"),
            decision: decision.id().to_string(),
            outcome: text(&decision, "outcome"),
            rules: text(&decision, "hash"),
            decided_at,
            reason: whole.then_some(reason),
            articles,
            visits: self.visitors(order, &visits).await?,
        })
    }

    /// What a part of a month is called.
    pub fn component_text(&self, programme: &str, component: &str) -> TextV1 {
        let opened = self.opened(programme, None);
        let text = opened.ok().and_then(|opened| {
            let sheet = opened.loaded.benefit.as_ref()?;
            let found = sheet.components.iter().find(|known| known.name == component)?;
            Some(TextV1 { zh: found.label.zh.clone(), en: found.label.en.clone() })
        });
        text.unwrap_or_default()
    }

    /// How a payment went to the bank. Whose payment it is was asked before.
    async fn attempts(&self, order: &Order<'_>, payment: Id) -> Result<Vec<TrailStepV1>> {
        let job = SystemJob::MessageDelivery;
        let rows = self.job_scope(job, order.now.on);
        let find = Find::all(&table::PAY_ATTEMPT).equal("payment", payment).order("n");
        let found = self.inner.store.read_personal(&rows, job.name(), order.now.at, &find).await?;
        let of: Vec<Id> = found.iter().filter_map(|row| row.link("batch")).collect();
        let find = Find::all(&table::BATCH).ids(&of);
        let batches = self.inner.store.read_personal(&rows, job.name(), order.now.at, &find).await?;
        let number = |row: &Record| {
            let batch = batches.iter().find(|batch| Some(batch.id()) == row.link("batch"));
            batch.and_then(|batch| batch.text("number")).unwrap_or_default().to_owned()
        };
        let step = |row: &Record| TrailStepV1 {
            batch: row.text("batch").unwrap_or_default().to_owned(),
            number: number(row),
            line: row.int("line").unwrap_or(0),
            outcome: row.text("outcome").unwrap_or_default().to_owned(),
            reason: row.text("reason").map(str::to_owned),
        };
        Ok(found.iter().map(step).collect())
    }

    /// Who visited, by name: it is no secret who comes in the bureau's name.
    async fn visitors(&self, order: &Order<'_>, visits: &[Record]) -> Result<Vec<VisitorsV1>> {
        let job = SystemJob::PostExpiry;
        let rows = self.job_scope(job, order.now.on);
        let people: Vec<Id> = visits
            .iter()
            .flat_map(|visit| [visit.link("visitor_a"), visit.link("visitor_b")])
            .flatten()
            .collect();
        let find = Find::all(&table::PERSON).ids(&people).plain();
        let found = self.inner.store.read_personal(&rows, job.name(), order.now.at, &find).await?;
        let name = |id: Option<Id>| {
            let id = id?;
            let known = found.iter().find(|person| person.id() == id);
            Some(known.and_then(|person| person.text("name")).map_or_else(|| id.to_string(), str::to_owned))
        };
        let seen = |visit: &Record| {
            let day = visit.int("visited_on").and_then(|day| i32::try_from(day).ok()).unwrap_or(0);
            let visitors = [visit.link("visitor_a"), visit.link("visitor_b")];
            VisitorsV1 {
                on: Date::from_days(day).to_string(),
                visitors: visitors.into_iter().filter_map(name).collect(),
            }
        };
        let mut all: Vec<VisitorsV1> = visits.iter().map(seen).collect();
        all.sort_by(|a, b| a.on.cmp(&b.on));
        Ok(all)
    }
}

/// The sentence of a decision and its articles, as they were signed.
fn why(decision: &Record) -> (TextV1, Vec<TextV1>) {
    let kept = decision.secret("payload").map(|secret| secret.reveal().to_vec()).unwrap_or_default();
    let kept: Value = serde_json::from_slice(&kept).unwrap_or(Value::Null);
    let reason = &kept["basis"]["reason"];
    let words = |value: &Value| TextV1 {
        zh: value["zh"].as_str().unwrap_or_default().to_owned(),
        en: value["en"].as_str().unwrap_or_default().to_owned(),
    };
    let articles = reason["law"].as_array().into_iter().flatten().map(|law| {
        let title = words(&law["title"]);
        let article = law["article"].as_str().unwrap_or_default();
        TextV1 { zh: format!("《{}》{article}", title.zh), en: format!("{} {article}", title.en) }
    });
    (words(&reason["text"]), articles.collect())
}
