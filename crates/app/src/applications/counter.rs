//! The counter: who is entered for whom, in whose place somebody came, what our own registers knew already, and the drafts
//! that lie there.

use super::begin::{StartApplicationV1, element_key};
use super::draft::{Draft, DraftSealedV1, Opening};
use super::show::ApplicationLineV1;
use crate::asking::{Asking, ElementV1, PersonEnteredV1, StateV1};
use crate::error::Result;
use crate::office::{Now, Office, Order};
use crate::people::{PersonV1, wrong};
use crate::record::FieldError;
use anmin_authz::id::PersonId;
use anmin_authz::scope::SystemJob;
use anmin_base::date::Date;
use anmin_base::resident_id::ResidentId;
use anmin_store::{Find, Id, Scope, Work, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The paper that shows that somebody may act for another: what it is called among the papers of an application.
pub const PROXY_PAPER: &str = "proxy_paper";
/// Longest name, as the register has it.
const LONGEST: usize = 50;
/// Drafts in the list of a counter: more than one counter has open.
const DRAFTS: u32 = 100;

/// Why somebody may hand papers in for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProxyBasisV1 {
    /// On a written authority.
    Written,
    /// As a guardian.
    Guardian,
    /// As a member of the household, with the applicant's signature.
    Family,
    /// For the village or residents' committee.
    Village,
}

/// Who came to the counter in the applicant's place.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProxyV1 {
    /// Their name.
    #[schemars(length(max = 50))]
    pub name: String,
    /// Their identity number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schemars(length(max = 40))]
    pub number: String,
    /// A telephone number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schemars(length(max = 40))]
    pub phone: String,
    /// Why they may.
    pub basis: ProxyBasisV1,
}

impl fmt::Debug for ProxyV1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProxyV1 ***")
    }
}

impl ProxyV1 {
    /// As it is kept, or everything that is wrong with it.
    pub(super) fn read(self, order: &Order<'_>) -> Result<ProxyV1> {
        let who = PersonEnteredV1 {
            name: self.name.trim().to_owned(),
            number: number_of(&self.number),
            phone: self.phone.trim().to_owned(),
            ..PersonEnteredV1::default()
        };
        let mut found = checked(&who, order.now.on);
        if who.name.is_empty() {
            let (zh, en) = ("请写代办人的姓名。", "Write the name of who came in their place.");
            found.push(FieldError { at: "name".into(), zh: zh.into(), en: en.into() });
        }
        if !found.is_empty() {
            let at = |error: FieldError| FieldError { at: format!("proxy.{}", error.at), ..error };
            return Err(found.into_iter().map(at).collect::<Vec<_>>().into());
        }
        Ok(ProxyV1 { name: who.name, number: who.number, phone: who.phone, basis: self.basis })
    }
}

/// What is wrong with a name, a number, a telephone: each by its own name, as the register would say it.
fn checked(who: &PersonEnteredV1, on: Date) -> Vec<FieldError> {
    if who.name.chars().count() > LONGEST {
        let (zh, en) = (
            format!("姓名最多 {LONGEST} 个字，请照证件填写。"),
            format!("A name has at most {LONGEST} characters: write it as on the card."),
        );
        return vec![FieldError { at: "name".into(), zh, en }];
    }
    let found = who.entry().person("", on).err().unwrap_or_default();
    let field = |error: FieldError| {
        let at = match error.at.split(['[', '.']).next().unwrap_or_default() {
            "names" => "name",
            "phones" => "phone",
            other => other,
        };
        FieldError { at: at.to_owned(), ..error }
    };
    let asked = |error: &FieldError| match error.at.as_str() {
        "name" => !who.name.is_empty(),
        "number" => !who.number.is_empty(),
        "phone" => !who.phone.is_empty(),
        _ => false,
    };
    found.into_iter().map(field).filter(asked).collect()
}

/// Who came in the applicant's place, after it was begun; or nobody.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetProxyV1 {
    /// The version the form was made from.
    pub version: i64,
    /// Who; left out: the applicant came.
    #[serde(default)]
    pub proxy: Option<ProxyV1>,
}

/// An answer that our own registers knew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FilledV1 {
    /// The key of the element; none: of the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// The name of the answer.
    pub name: String,
}

/// A draft that lies at a counter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CounterDraftV1 {
    /// Its line.
    #[serde(flatten)]
    pub line: ApplicationLineV1,
    /// Who entered it, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Whether that is the caller.
    pub mine: bool,
    /// Pages that are done.
    pub done: usize,
    /// Pages that are asked so far.
    pub of: usize,
    /// Signatures that are wanted and not there.
    pub unsigned: usize,
    /// Whether somebody came in the applicant's place.
    pub by_proxy: bool,
}

/// An area a counter takes applications of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CounterAreaV1 {
    /// The area.
    pub area: String,
    /// Its name.
    pub name: String,
}

impl StartApplicationV1 {
    /// Who applies, as it was typed at the counter.
    pub(super) fn who(&self, on: Date) -> Result<PersonEnteredV1> {
        let given = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_owned();
        let number = number_of(&given(&self.number));
        let who = PersonEnteredV1 { name: given(&self.name), number, ..PersonEnteredV1::default() };
        let wrong = checked(&who, on);
        if wrong.is_empty() { Ok(who) } else { Err(wrong.into()) }
    }
}

impl DraftSealedV1 {
    /// What the registers knew and is as they had it.
    pub(super) fn filled_still(&self) -> Vec<FilledV1> {
        let now = |key: &str, name: &str| match key {
            "" => self.answers.root.get(name),
            key => {
                let mut all = self.answers.lists.values().flatten();
                all.find(|element| element.key == key).and_then(|element| element.values.get(name))
            }
        };
        let told = |(mark, value): (&String, &String)| {
            let (key, name) = mark.split_once('/')?;
            (now(key, name) == Some(value)).then(|| FilledV1 {
                element: Some(key.to_owned()).filter(|key| !key.is_empty()),
                name: name.to_owned(),
            })
        };
        self.filled.iter().filter_map(told).collect()
    }
}

impl Office {
    /// The drafts that lie at the caller's counter, the latest first: who entered them, and how far they are.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub async fn counter_drafts(&self, order: &Order<'_>) -> Result<Vec<CounterDraftV1>> {
        let (scope, purpose) = self.first_scope(order, &["apply_assist"])?;
        let rows = Scope::from_authz(&scope, self.authority());
        let find = Find::all(&table::APPLICATION).equal("state", "open").equal("counter", 1);
        let find = find.order("changed_on").descending().limit(DRAFTS);
        let found = self.inner.store.read_personal(&rows, &purpose, order.now.at, &find).await?;
        let rights = self.rights();
        let mut all = Vec::new();
        for row in found {
            let by = row.link("by_person");
            let draft = Draft::read(row)?;
            let asking = self.asking_of(&draft, order)?;
            let sheet = asking.sheet(&draft.sealed.answers)?;
            let pages = || sheet.sections.iter().flat_map(|section| &section.pages);
            let signed = self.signed(&asking, &draft)?;
            all.push(CounterDraftV1 {
                line: self.application_line(&draft.record)?,
                by: by.and_then(|by| rights.name_of(PersonId(by.0)).map(str::to_owned)),
                mine: by == Some(order.caller.person_id()),
                done: pages().filter(|page| page.state == StateV1::Done).count(),
                of: pages()
                    .filter(|page| !matches!(page.state, StateV1::CannotStartYet | StateV1::Hidden))
                    .count(),
                unsigned: signed.iter().flat_map(|d| &d.signers).filter(|signer| !signer.signed).count(),
                by_proxy: draft.sealed.proxy.is_some(),
            });
        }
        Ok(all)
    }

    /// The villages and communities whose applications the caller takes, in the order of their codes.
    ///
    /// # Errors
    /// Not permitted; or a fault.
    pub fn counter_areas(&self, order: &Order<'_>) -> Result<Vec<CounterAreaV1>> {
        self.first_scope(order, &["apply_assist"])?;
        let (rights, on) = (self.rights(), order.now.on);
        let action = self.action("apply_assist")?;
        let mut found = BTreeMap::new();
        for post in rights.posts_of(order.caller.person) {
            let permitted = self.authority().permits(post.role(), action).next().is_some();
            if !permitted || !post.days().hold(on) {
                continue;
            }
            let below: Vec<_> = rights.areas.below(post.area(), on).chain([post.area()]).collect();
            for area in &below {
                // Whoever lives in a town lives in one of its villages.
                if below.iter().any(|other| rights.areas.parent(*other, on) == Some(*area)) {
                    continue;
                }
                let code = rights.areas.area(*area).and_then(|area| area.code).map(|code| code.to_string());
                let name = rights.area_name(*area).to_owned();
                found.insert((code, *area), CounterAreaV1 { area: Id(area.0).to_string(), name });
            }
        }
        Ok(found.into_values().collect())
    }

    /// Says who came in the applicant's place, or that nobody did. The result is a [`super::DraftDoneV1`].
    ///
    /// # Errors
    /// What is wrong with it; somebody else was first; closed; not there; or a fault.
    pub async fn set_proxy(&self, order: &Order<'_>, application: Id, input: SetProxyV1) -> Result<Vec<u8>> {
        let proxy = input.proxy.map(|proxy| proxy.read(order)).transpose()?;
        let opening = self.open_draft(order, application, input.version, "set_proxy").await?;
        let (work, mut draft) = match opening {
            Opening::Before(bytes) => return Ok(bytes),
            Opening::Open(work, draft) => (work, draft),
        };
        if !draft.is_of_counter() {
            return Err(wrong(
                "proxy",
                "只有窗口代录的申请登记代办人。",
                "Only at a counter does somebody come in another's place.",
            ));
        }
        draft.sealed.proxy = proxy;
        self.keep_draft(order, work, draft).await
    }

    /// Whom the register has under the number that was typed, as far as the caller finds people.
    pub(super) async fn registered(
        &self,
        order: &Order<'_>,
        input: &StartApplicationV1,
    ) -> Result<Option<Id>> {
        let who = input.who(order.now.on)?;
        let Some(find) = self.by_number(&who, order.now) else { return Ok(None) };
        let (scope, purpose) = self.first_scope(order, &["person_find"])?;
        let rows = Scope::from_authz(&scope, self.authority());
        let found = self.inner.store.read_personal(&rows, &purpose, order.now.at, &find).await?.pop();
        match found {
            Some(there) if there.text("name") == Some(who.name.as_str()) => Ok(Some(there.id())),
            Some(_) => Err(wrong(
                "name",
                "这个号码登记在另一个姓名下，请核对证件；改过名的，请先更正登记。",
                "This number is registered under another name: check the card; where the name has changed, correct the entry first.",
            )),
            None => Ok(None),
        }
    }

    /// A draft for the same person whom the register does not have yet: of the same name, with the same number.
    pub(super) async fn begun_for(
        &self,
        work: &mut Work,
        input: &StartApplicationV1,
        name: &str,
    ) -> Result<Option<Id>> {
        let number = number_of(input.number.as_deref().unwrap_or_default());
        if number.is_empty() {
            return Ok(None);
        }
        let open = Find::all(&table::APPLICATION).equal("name", name).equal("state", "open");
        for row in work.find(&open.equal("pack", input.service.as_str()).limit(100)).await? {
            let draft = Draft::read(row)?;
            let key = &draft.sealed.applicant;
            let mut all = draft.sealed.answers.lists.values().flatten();
            if all.any(|one| one.key == *key && one.who.number.trim().eq_ignore_ascii_case(&number)) {
                return Ok(Some(draft.id()));
            }
        }
        Ok(None)
    }

    /// What our own registers know of somebody who stands at the counter: whom they live with, and what the form may know.
    pub(super) async fn known_at_counter(
        &self,
        order: &Order<'_>,
        asking: &Asking,
        person: &PersonV1,
        sealed: &mut DraftSealedV1,
        elements: &mut Vec<ElementV1>,
    ) -> Result<()> {
        let Some(id) = Id::parse(&person.id) else { return Ok(()) };
        for member in self.lives_with(id, order.now).await? {
            if member == id {
                continue;
            }
            // Whom the caller would not find is not shown: they are typed, and found by their number when it is handed in.
            let Ok(seen) = self.show_person(order, member).await else { continue };
            let who = super::begin::entered(&seen);
            if !seen.dead && !who.name.is_empty() {
                elements.push(ElementV1 {
                    key: element_key()?,
                    person: Some(member.to_string()),
                    who,
                    ..ElementV1::default()
                });
            }
        }
        let own = asking.own_list()?;
        let job = SystemJob::Application;
        let rows = self.job_scope(job, order.now.on);
        for (n, element) in elements.iter_mut().enumerate() {
            let person = element.person.as_deref().and_then(Id::parse);
            let home = if n == 0 { self.home_of(id, order.now).await? } else { vec![] };
            let told = self.told_to(order, asking, (own, person), &home, (&rows, job.name())).await?;
            sealed.filled.extend(told.0.iter().map(|(name, value)| (format!("/{name}"), value.clone())));
            sealed.answers.root.extend(told.0);
            let mark = |(name, value): (&String, &String)| (format!("{}/{name}", element.key), value.clone());
            sealed.filled.extend(told.1.iter().map(mark));
            element.values = told.1;
        }
        Ok(())
    }

    /// The households somebody is in today.
    async fn home_of(&self, person: Id, now: Now) -> Result<Vec<Id>> {
        let job = SystemJob::Application;
        let rows = self.job_scope(job, now.on);
        let find = Find::all(&table::MEMBERSHIP)
            .equal("person", person)
            .equal("taken_back_at", anmin_store::Value::Null)
            .limit(100);
        let found = self.inner.store.read_personal(&rows, job.name(), now.at, &find).await?;
        let today = found.iter().filter(|row| crate::office::days(row).hold(now.on));
        Ok(today.filter_map(|row| row.link("household")).collect())
    }
}

/// A number as the register keeps it, whatever keys it was typed with.
pub(super) fn number_of(given: &str) -> String {
    let half = given.chars().map(anmin_base::half_width::half_width);
    let plain: String = half.filter(|c| !c.is_whitespace() && *c != '-').collect();
    let plain = plain.to_ascii_uppercase();
    match plain.parse::<ResidentId>() {
        Ok(id) => id.reveal().to_owned(),
        Err(_) => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_whatever_keys_typed_it() {
        assert_eq!(number_of(" 11010519491231002x "), "11010519491231002X");
        assert_eq!(number_of("１１０１０５　１９４９１２３１　００２Ｘ"), "11010519491231002X");
        assert_eq!(number_of("H123"), "H123");
    }

    #[test]
    fn only_what_was_typed_is_wrong() {
        let on = Date::ymd(2026, 11, 23);
        let at = |name: &str, number: &str| -> Vec<String> {
            let who = PersonEnteredV1 { name: name.into(), number: number.into(), ..Default::default() };
            checked(&who, on).into_iter().map(|error| error.at).collect()
        };
        assert_eq!(at("王五", ""), Vec::<String>::new(), "nothing was said of a number");
        assert_eq!(at("王五", "110105194912310021"), ["number"]);
        assert_eq!(at("王五", "11010519491231002X"), Vec::<String>::new());
        assert_eq!(at(&"𠮷".repeat(51), ""), ["name"]);
        assert_eq!(at("𠮷田", ""), Vec::<String>::new());
    }

    #[test]
    fn what_was_changed_is_not_the_registers_any_more() {
        let mut sealed = DraftSealedV1::new();
        sealed.filled.insert("/area".into(), "rural".into());
        sealed.filled.insert("k/hukou".into(), "local".into());
        sealed.answers.root.insert("area".into(), "rural".into());
        let mut one = ElementV1 { key: "k".into(), ..ElementV1::default() };
        one.values.insert("hukou".into(), "local".into());
        sealed.answers.lists.insert("members".into(), vec![one]);
        assert_eq!(sealed.filled_still().len(), 2);
        sealed.answers.root.insert("area".into(), "urban".into());
        let still = sealed.filled_still();
        assert_eq!(
            (still.len(), still[0].name.as_str(), still[0].element.as_deref()),
            (1, "hukou", Some("k"))
        );
    }
}
