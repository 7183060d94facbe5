//! What each person keeps for their own list: filters under names of their own, columns, how dense. Sealed, since a name of
//! a filter may tell more than its filter; nobody else sees it.

use crate::case::{ListV1, json};
use crate::error::{Error, Fault, Refusal, Result};
use crate::office::{Office, Order};
use crate::record::FieldError;
use crate::staff::DoneV1;
use anmin_pack::queue::QueueColumn;
use anmin_store::{Begun, Command, Find, Id, Record, Stream, Work, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The schema of what is sealed.
const SCHEMA: &str = "anmin.work-view/1";
/// The purpose of work on what is one's own.
const OWN_AFFAIRS: &str = "own_affairs";
/// Most filters of one person: more nobody finds again.
const MOST_FILTERS: usize = 20;
/// Most characters of a name.
const MOST_NAME: usize = 20;
/// How many lines a page may have.
pub(super) const ROWS: [u32; 3] = [25, 50, 100];
/// How dense a list may be.
const DENSITIES: [&str; 2] = ["normal", "tight"];

/// What somebody keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ViewsV1 {
    /// Their filters, the oldest first.
    pub filters: Vec<KeptFilterV1>,
    /// How their list looks; none: as the queue says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<LayoutV1>,
}

/// A filter under a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KeptFilterV1 {
    /// Its identifier.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// Which cases.
    pub filter: ListV1,
}

/// A filter to be kept.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFilterV1 {
    /// What it is to be called.
    #[schemars(length(min = 1, max = 20))]
    pub name: String,
    /// Which cases. A name or number of a person is not kept.
    pub filter: ListV1,
}

/// How a list looks.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LayoutV1 {
    /// The columns, in their order; none: those of the queue.
    #[serde(default)]
    pub columns: Vec<String>,
    /// `normal` or `tight`.
    #[schemars(extend("enum" = ["normal", "tight"]))]
    pub density: String,
    /// How many lines a page has: 25, 50 or 100.
    #[schemars(extend("enum" = [25, 50, 100]))]
    pub rows: u32,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct SealedV1 {
    schema: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    filter: Option<ListV1>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    layout: Option<LayoutV1>,
}

impl SealedV1 {
    fn empty() -> SealedV1 {
        SealedV1 { schema: SCHEMA.into(), name: None, filter: None, layout: None }
    }
}

fn sealed(row: &Record) -> Result<SealedV1> {
    let broken = |what: String| Fault::Broken(format!("work view {}: {what}", row.id()));
    let payload = row.secret("payload").ok_or_else(|| broken("no payload".into()))?;
    Ok(serde_json::from_slice(payload.reveal()).map_err(|e| broken(e.to_string()))?)
}

fn kept(person: Id) -> Find {
    Find::all(&table::WORK_VIEW).equal("person", person).equal("state", "kept").limit(100)
}

impl Office {
    /// What the caller keeps.
    ///
    /// # Errors
    /// Not for them; or a fault.
    pub async fn work_views(&self, order: &Order<'_>) -> Result<ViewsV1> {
        let (caller, now) = (order.caller, order.now);
        let scope = self.own_scope(caller.person, caller.login, now)?;
        let rows =
            self.inner.store.read_personal(&scope, OWN_AFFAIRS, now.at, &kept(caller.person_id())).await?;
        let mut views = ViewsV1::default();
        for row in &rows {
            let SealedV1 { name, filter, layout, .. } = sealed(row)?;
            match (name, filter) {
                (Some(name), Some(filter)) => {
                    views.filters.push(KeptFilterV1 { id: row.id().to_string(), name, filter });
                }
                _ => views.layout = layout.or(views.layout),
            }
        }
        Ok(views)
    }

    /// Keeps a filter. One of the same name takes its place. The result is a [`DoneV1`].
    ///
    /// # Errors
    /// What is wrong in the form; too many; or a fault.
    pub async fn keep_filter(&self, order: &Order<'_>, input: &NewFilterV1) -> Result<Vec<u8>> {
        let name = input.name.trim().to_owned();
        let long = name.chars().count() > MOST_NAME || name.chars().any(char::is_control);
        if name.is_empty() || long {
            return Err(wrong(
                "name",
                &format!("请给筛选起个名称，最多 {MOST_NAME} 个字。"),
                &format!("Give the filter a name of at most {MOST_NAME} characters."),
            ));
        }
        // Who somebody looked for is nobody's to find in a setting later.
        let filter =
            ListV1 { name: None, who: None, number: None, after: None, limit: None, ..input.filter.clone() };
        self.count_cases(order, &filter).await?;
        let mut work = match self.own_list(order, "keep_filter").await? {
            Begun::Before(result) => return Ok(result),
            Begun::New(work) => work,
        };
        let rows = work.find(&kept(order.caller.person_id()).equal("kind", "filter")).await?;
        let mut same = None;
        for row in &rows {
            if sealed(row)?.name.as_deref() == Some(name.as_str()) {
                same = Some(row.clone());
            }
        }
        if same.is_none() && rows.len() >= MOST_FILTERS {
            return Err(wrong(
                "name",
                &format!("最多保存 {MOST_FILTERS} 个筛选，请先删除不用的。"),
                &format!("At most {MOST_FILTERS} filters are kept: remove one first."),
            ));
        }
        let payload = json(&SealedV1 { name: Some(name), filter: Some(filter), ..SealedV1::empty() })?;
        let row = match same {
            Some(row) => work.update_if(row.with("payload", payload)).await?,
            None => work.insert(own_row(order, "filter").with("payload", payload)).await?,
        };
        finish(order, work, &row).await
    }

    /// Removes a filter of the caller's. The result is a [`DoneV1`].
    ///
    /// # Errors
    /// It is not there; or a fault.
    pub async fn remove_filter(&self, order: &Order<'_>, filter: Id) -> Result<Vec<u8>> {
        let mut work = match self.own_list(order, "remove_filter").await? {
            Begun::Before(result) => return Ok(result),
            Begun::New(work) => work,
        };
        let find = kept(order.caller.person_id()).ids(&[filter]).equal("kind", "filter");
        let row = work.find(&find).await?.pop().ok_or_else(Refusal::not_found)?;
        let row = row.with("state", "removed").with("payload", json(&SealedV1::empty())?);
        let row = work.update_if(row).await?;
        finish(order, work, &row).await
    }

    /// Keeps how the caller's list looks. The result is a [`DoneV1`].
    ///
    /// # Errors
    /// What is wrong in the form; or a fault.
    pub async fn keep_layout(&self, order: &Order<'_>, input: &LayoutV1) -> Result<Vec<u8>> {
        check(input)?;
        let mut work = match self.own_list(order, "keep_layout").await? {
            Begun::Before(result) => return Ok(result),
            Begun::New(work) => work,
        };
        let there = work.find(&kept(order.caller.person_id()).equal("kind", "layout")).await?.pop();
        let payload = json(&SealedV1 { layout: Some(input.clone()), ..SealedV1::empty() })?;
        let row = match there {
            Some(row) => work.update_if(row.with("payload", payload)).await?,
            None => work.insert(own_row(order, "layout").with("payload", payload)).await?,
        };
        finish(order, work, &row).await
    }

    /// Begins a command on what is the caller's own.
    async fn own_list(&self, order: &Order<'_>, name: &str) -> Result<Begun> {
        let (caller, now) = (order.caller, order.now);
        let scope = self.own_scope(caller.person, caller.login, now)?;
        let command =
            Command { scope: &scope, name, purpose: OWN_AFFAIRS, at: now.at, request: order.request };
        Ok(self.inner.store.begin(command).await?)
    }
}

fn own_row(order: &Order<'_>, kind: &str) -> Record {
    Record::new(&table::WORK_VIEW, Id::at(order.now.at))
        .with("person", order.caller.person_id())
        .with("kind", kind)
        .with("state", "kept")
}

async fn finish(order: &Order<'_>, work: Box<Work>, row: &Record) -> Result<Vec<u8>> {
    let result = DoneV1::bytes(row, row.text("state"))?;
    let id = order.caller.person_id().to_string();
    work.commit(Stream { kind: "work_view", id: &id }, &result, &result).await?;
    Ok(result)
}

fn check(input: &LayoutV1) -> Result<()> {
    let mut found = Vec::new();
    let known: Vec<&str> = QueueColumn::ALL.iter().map(|(name, _)| *name).collect();
    let odd = input.columns.iter().any(|column| !known.contains(&column.as_str()));
    let twice = input.columns.iter().enumerate().any(|(n, column)| input.columns[..n].contains(column));
    if odd || twice {
        found.push(FieldError {
            at: "columns".into(),
            zh: format!("列只能从这些中选，每列一次：{}。", known.join("、")),
            en: format!("Columns are of these, each once: {}.", known.join(", ")),
        });
    }
    if !input.columns.is_empty() && !input.columns.iter().any(|column| column == "number") {
        found.push(FieldError {
            at: "columns".into(),
            zh: "请保留“受理编号”：案件由它打开。".into(),
            en: "Keep the number: the case is opened by it.".into(),
        });
    }
    if !DENSITIES.contains(&input.density.as_str()) {
        found.push(FieldError {
            at: "density".into(),
            zh: "可选：normal、tight。".into(),
            en: "One of normal, tight is wanted.".into(),
        });
    }
    if !ROWS.contains(&input.rows) {
        found.push(FieldError {
            at: "rows".into(),
            zh: "每页可选 25、50、100 行。".into(),
            en: "A page has 25, 50 or 100 lines.".into(),
        });
    }
    if found.is_empty() { Ok(()) } else { Err(found.into()) }
}

fn wrong(at: &str, zh: &str, en: &str) -> Error {
    vec![FieldError { at: at.into(), zh: zh.into(), en: en.into() }].into()
}
