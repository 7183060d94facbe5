//! Lists of cases: the tabs somebody has, what is asked for as conditions on rows, whom a search means, pages and their marks.

use super::file::mark_number;
use super::show::{AreaV1, ListV1, PageV1, purpose};
use crate::error::{Error, Kind, Refusal, Result};
use crate::office::{Office, Order, course};
use crate::record::TextV1;
use anmin_casework::kinds::{ActKind, Mark};
use anmin_casework::workflow::{State, Step};
use anmin_pack::queue::{Queue, QueueFilter};
use anmin_registry::person::Key;
use anmin_store::{Find, Id, Party, Record, Scope, table};
use schemars::JsonSchema;
use serde::Serialize;

/// A tab of the list of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct QueueV1 {
    /// Its name, for [`ListV1::queue`].
    pub name: String,
    /// What it is called.
    pub label: TextV1,
    /// The columns it begins with.
    pub columns: Vec<String>,
    /// Its order.
    pub order: String,
    /// How many cases it has.
    pub count: i64,
}

/// What somebody may look cases up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhoFits {
    /// By numbers of people too.
    Numbers,
    /// By name, sound and number of the case.
    Names,
}

/// Fewest letters of a sound: one letter would list half the county.
const LEAST_LETTERS: usize = 2;

impl Office {
    /// The cases the caller may list, those due first where nothing else is asked for.
    ///
    /// # Errors
    /// A filter that cannot be read; not permitted; or a fault.
    pub async fn list_cases(&self, order: &Order<'_>, ask: &ListV1) -> Result<PageV1> {
        self.listed(order, ask, false).await
    }

    /// The same; where it leaves as a file, the access log says so of each case.
    pub(crate) async fn listed(&self, order: &Order<'_>, ask: &ListV1, exported: bool) -> Result<PageV1> {
        let limit = page_of(ask.limit)?;
        let find = self.list_find(order, ask, limit + 1)?;
        self.page(order, ask, if exported { find.exported() } else { find }).await
    }

    /// The same of these cases only.
    pub(crate) async fn listed_of(&self, order: &Order<'_>, ask: &ListV1, cases: &[Id]) -> Result<PageV1> {
        let limit = page_of(ask.limit)?;
        self.page(order, ask, self.list_find(order, ask, limit + 1)?.ids(cases)).await
    }

    async fn page(&self, order: &Order<'_>, ask: &ListV1, find: Find) -> Result<PageV1> {
        let scope = self.looks(order, "case_list")?;
        let purpose = purpose(self, &scope);
        let limit = page_of(ask.limit)?;
        let (rows, at) = (Scope::from_authz(&scope, self.authority()), order.now.at);
        let mut records = self.inner.store.read_personal(&rows, &purpose, at, &find).await?;
        let more = records.len() > limit as usize;
        records.truncate(limit as usize);
        let column = self.column_of(order, ask)?.0;
        let next = records.last().filter(|_| more).map(|record| cursor(record, column));
        let cases = records.iter().map(|record| self.line(order, &scope, record)).collect();
        Ok(PageV1 { cases, next })
    }

    /// How many cases a list has.
    ///
    /// # Errors
    /// As [`Office::list_cases`].
    pub async fn count_cases(&self, order: &Order<'_>, ask: &ListV1) -> Result<i64> {
        let scope = self.looks(order, "case_list")?;
        let find = self.list_find(order, ask, 1)?;
        Ok(self.inner.store.count(&Scope::from_authz(&scope, self.authority()), &find).await?)
    }

    /// The tabs of the caller, each with how many cases it has.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn queues(&self, order: &Order<'_>) -> Result<Vec<QueueV1>> {
        let mut queues = Vec::new();
        for queue in self.queues_of(order) {
            let ask = ListV1 { queue: Some(queue.name.clone()), ..ListV1::default() };
            queues.push(QueueV1 {
                name: queue.name.clone(),
                label: TextV1 { zh: queue.label.zh.clone(), en: queue.label.en.clone() },
                columns: queue.columns.iter().map(|column| column.name().to_owned()).collect(),
                order: queue.order.name().to_owned(),
                count: self.count_cases(order, &ask).await?,
            });
        }
        Ok(queues)
    }

    /// What the caller may look cases up by: numbers of people are for those who enter people, or may see numbers whole.
    pub fn may_look_up(&self, order: &Order<'_>) -> WhoFits {
        let actions = ["person_find", "case_read_full"];
        match self.may_any(order.caller, &actions, order.purpose, order.now) {
            Ok(()) => WhoFits::Numbers,
            Err(_) => WhoFits::Names,
        }
    }

    /// The places the caller may ask for: the areas of their posts in force, and what lies directly in them.
    pub fn places_of(&self, order: &Order<'_>) -> Vec<AreaV1> {
        let (rights, on) = (self.rights(), order.now.on);
        let mut places: Vec<AreaV1> = Vec::new();
        for post in rights.posts_of(order.caller.person).iter().filter(|post| post.days().hold(on)) {
            let below = rights.areas.below(post.area(), on);
            let mut children: Vec<_> =
                below.filter(|area| rights.areas.parent(*area, on) == Some(post.area())).collect();
            children.sort_by_key(|area| {
                rights.areas.area(*area).and_then(|a| a.code).map(|code| code.to_string())
            });
            for area in std::iter::once(post.area()).chain(children) {
                let place = AreaV1 { id: Id(area.0).to_string(), name: rights.area_name(area).to_owned() };
                if places.iter().all(|known| known.id != place.id) {
                    places.push(place);
                }
            }
        }
        places
    }

    fn queues_of(&self, order: &Order<'_>) -> Vec<&Queue> {
        let authority = self.authority();
        let posts = self.rights().posts_of(order.caller.person);
        let has = |duty: &String| {
            let Some(duty) = authority.duty(duty) else { return false };
            let mut roles = posts.iter().filter(|post| post.days().hold(order.now.on)).map(|p| p.role());
            roles.any(|role| {
                let mut taking = authority.actions_taking(duty);
                taking.any(|action| authority.permits(role, action).next().is_some())
            })
        };
        let fits = |queue: &&Queue| queue.duties.as_ref().is_none_or(|duties| duties.iter().any(has));
        self.all_queues().iter().filter(fits).collect()
    }

    fn queue(&self, order: &Order<'_>, ask: &ListV1) -> Result<Option<&Queue>> {
        let Some(name) = &ask.queue else { return Ok(None) };
        let queues = self.queues_of(order);
        let found = queues.iter().find(|queue| queue.name == *name).copied();
        found.map(Some).ok_or_else(|| {
            let known: Vec<&str> = queues.iter().map(|queue| queue.name.as_str()).collect();
            let known = known.join(", ");
            wrong(
                "queue",
                &format!("没有这一类待办；可选：{known}。"),
                &format!("There is no such queue; there are: {known}."),
            )
        })
    }

    /// The column of the order, and whether the last come first.
    fn column_of(&self, order: &Order<'_>, ask: &ListV1) -> Result<(&'static str, bool)> {
        let of_queue = self.queue(order, ask)?.map(|queue| queue.order.name());
        match ask.order.as_deref().or(of_queue) {
            None | Some("due") => Ok(("due_on", false)),
            Some("received") => Ok(("received_on", false)),
            Some("latest") => Ok(("received_on", true)),
            Some(_) => Err(wrong(
                "order",
                "可选：due、received、latest。",
                "One of due, received, latest is wanted.",
            )),
        }
    }

    fn list_find(&self, order: &Order<'_>, ask: &ListV1, limit: u32) -> Result<Find> {
        let (column, latest) = self.column_of(order, ask)?;
        let mut find = Find::all(&table::CASE_FILE).plain().order(column).limit(limit);
        if latest {
            find = find.descending();
        }
        for (column, value) in [("pack", &ask.service), ("state", &ask.state), ("number", &ask.number)] {
            if let Some(value) = value {
                find = find.equal(column, value.as_str());
            }
        }
        if let Some(queue) = self.queue(order, ask)? {
            find = self.queued(order, &queue.filter, find)?;
        }
        if ask.mine {
            find = find.equal("assignee", Id(order.caller.person.0));
        }
        if ask.unassigned {
            find = find.equal("assignee", anmin_store::Value::Null);
        }
        if let Some(area) = &ask.area {
            let area = Id::parse(area).ok_or_else(|| {
                wrong(
                    "area",
                    "应为 32 位小写十六进制编号。",
                    "An identifier of 32 hexadecimal digits is wanted.",
                )
            })?;
            find = find.within("area", area, order.now.on);
        }
        if let Some(name) = &ask.name {
            find = find.prefix("name", name);
        }
        if let Some(who) = ask.who.as_deref().map(str::trim).filter(|who| !who.is_empty()) {
            find = self.looked_up(order, who, find)?;
        }
        if let Some(mark) = &ask.mark {
            find = marked(mark, find)?;
        }
        if let Some(day) = &ask.due_by {
            let day: anmin_base::date::Date = day
                .parse()
                .map_err(|_| wrong("due_by", "日期写作 2026-09-01。", "A date is written 2026-09-01."))?;
            find = find.at_most("due_on", i64::from(day.days()));
        }
        after(ask, find)
    }

    fn queued(&self, order: &Order<'_>, filter: &QueueFilter, mut find: Find) -> Result<Find> {
        if filter.mine {
            find = find.equal("assignee", Id(order.caller.person.0));
        }
        if filter.unassigned {
            find = find.equal("assignee", anmin_store::Value::Null);
        }
        if let Some(mark) = filter.mark {
            find = marked(mark, find)?;
        }
        if filter.open {
            let open = self.states_where(|steps, state| steps.lead_on(state))?;
            find = find.any_of("state", &open.iter().map(String::as_str).collect::<Vec<_>>());
        }
        if !filter.waits_for.is_empty() {
            let leads = |steps: &Steps<'_>, state: &State| {
                let from = steps.all.iter().filter(|step| step.from.contains(&state.named.name));
                let mut by = from.filter(|step| step.by.iter().any(|by| filter.waits_for.contains(by)));
                by.any(|step| steps.leads_on(step, state))
            };
            let states = self.states_where(leads)?;
            find = find.any_of("state", &states.iter().map(String::as_str).collect::<Vec<_>>());
        }
        Ok(find)
    }

    /// Whether a case of a service is under way in a state: neither ended nor at rest until somebody looks at it anew.
    pub(crate) fn is_under_way(&self, pack: &str, state: &str) -> Result<bool> {
        let opened = self.opened(pack, None)?;
        let all = &course(&opened)?.definition.all;
        let steps = Steps { all: &all.steps, states: &all.states, stages: &all.stages };
        Ok(all.states.iter().any(|known| known.named.name == state && steps.lead_on(known)))
    }

    /// The states of all services that fit.
    fn states_where(&self, fits: impl Fn(&Steps<'_>, &State) -> bool) -> Result<Vec<String>> {
        let mut states: Vec<String> = Vec::new();
        for pack in self.packs() {
            let opened = self.opened(pack, None)?;
            let Ok(course) = course(&opened) else { continue };
            let all = &course.definition.all;
            let steps = Steps { all: &all.steps, states: &all.states, stages: &all.stages };
            let fit = all.states.iter().filter(|state| fits(&steps, state));
            states.extend(fit.map(|state| state.named.name.clone()));
        }
        states.sort_unstable();
        states.dedup();
        Ok(states)
    }

    /// Whom a text means, by what it looks like.
    fn looked_up(&self, order: &Order<'_>, who: &str, find: Find) -> Result<Find> {
        let plain: String = who.chars().map(anmin_base::half_width::half_width).collect();
        if let Some(key) = Key::meant(&plain) {
            if self.may_look_up(order) == WhoFits::Names {
                return Err(wrong(
                    "who",
                    "您的岗位只能按姓名、拼音或受理编号查找，不能按证件号码或电话查找。",
                    "In your post cases are looked up by name, sound or number of the case, not by numbers of people.",
                ));
            }
            use anmin_registry::person::KeyKind;
            let column = match key.kind() {
                KeyKind::Number => "id_index",
                KeyKind::LastSix => "last_six_index",
                KeyKind::Phone => "phone_index",
            };
            return Ok(find.party(vec![Party::Index(column, self.index(&key))]));
        }
        let letters: String = plain
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '\'')
            .collect::<String>()
            .to_ascii_lowercase();
        if letters.bytes().all(|b| b.is_ascii_lowercase()) {
            if letters.len() < LEAST_LETTERS {
                return Err(wrong(
                    "who",
                    "拼音首字母至少填两个。",
                    "Give at least two letters of how the name sounds.",
                ));
            }
            return Ok(find.party(vec![Party::Sounds(letters)]));
        }
        if plain.chars().any(|c| c.is_ascii_digit()) {
            return Ok(find.equal("number", plain.trim().to_ascii_uppercase()));
        }
        Ok(find.party(vec![Party::Called(who.to_owned())]))
    }
}

/// The steps of a course, with what is needed to tell forward from back.
struct Steps<'a> {
    all: &'a [Step],
    states: &'a [State],
    stages: &'a [anmin_casework::workflow::Named],
}

impl Steps<'_> {
    fn stage(&self, state: &str) -> Option<usize> {
        let stage = self.states.iter().find(|known| known.named.name == state)?.stage.as_ref()?;
        self.stages.iter().position(|known| known.name == *stage)
    }

    /// Whether any step does.
    fn lead_on(&self, from: &State) -> bool {
        let mut out = self.all.iter().filter(|step| step.from.contains(&from.named.name));
        !from.last && out.any(|step| self.leads_on(step, from))
    }

    /// Whether a step takes a case on from a state: not back to an earlier stage, not out, not into a new round.
    fn leads_on(&self, step: &Step, from: &State) -> bool {
        let aside =
            [ActKind::Withdraw, ActKind::Object, ActKind::Revoke, ActKind::Supplement, ActKind::CarryOver];
        let Some(to) = step.to.as_ref().or(step.ends.as_ref()) else { return false };
        let back = self.stage(to) < self.stage(&from.named.name);
        !aside.contains(&step.act) && !step.cycle && !back
    }
}

fn marked(mark: &str, find: Find) -> Result<Find> {
    let mark = Mark::ALL.iter().find(|(name, _)| *name == mark).ok_or_else(|| {
        wrong("mark", "可选：green、amber、red、overdue。", "One of green, amber, red, overdue is wanted.")
    })?;
    Ok(find.at_least("mark", mark_number(mark.1)))
}

fn after(ask: &ListV1, find: Find) -> Result<Find> {
    let Some(after) = &ask.after else { return Ok(find) };
    let read = after.split_once('.').and_then(|(day, id)| {
        let day = if day.is_empty() { None } else { Some(day.parse::<i64>().ok()?) };
        Some((day, Id::parse(id)?))
    });
    let Some((day, id)) = read else {
        return Err(Refusal::new(
            Kind::Invalid,
            "bad_cursor",
            "翻页标记不正确。",
            "The mark of the next page is not one of ours.",
        )
        .next("请从第一页重新查询。", "Begin again with the first page.")
        .into());
    };
    Ok(find.after_key(day, id))
}

/// Where a page ends, for the address of the next.
fn cursor(record: &Record, column: &str) -> String {
    format!("{}.{}", record.int(column).map_or(String::new(), |day| day.to_string()), record.id())
}

/// How many a page has: 25 where it is not said.
pub(crate) fn page_of(limit: Option<u32>) -> Result<u32> {
    let limit = limit.unwrap_or(25);
    if (1..=100).contains(&limit) {
        Ok(limit)
    } else {
        Err(wrong("limit", "应为 1 至 100。", "Must be from 1 to 100."))
    }
}

fn wrong(at: &str, zh: &str, en: &str) -> Error {
    vec![crate::record::FieldError { at: at.into(), zh: zh.into(), en: en.into() }].into()
}
