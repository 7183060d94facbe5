//! Making and changing a household. The registry says which rows that takes; they are written together, or not at all.

use super::book::{HouseholdSealedV1, SCHEMA, Shelf};
use super::forms::{
    ChangeHouseholdV1, ChangeV1, ChangedHouseholdV1, HouseholdKindV1, JoiningV1, NewHouseholdV1,
};
use crate::case::json;
use crate::error::{Error, Kind, Refusal, Result};
use crate::office::{Office, Order};
use crate::people::enter::{entering, outside, taken};
use crate::people::start::{Start, day_of, id_of, same_version, wrong};
use crate::record::FieldError;
use anmin_base::date::Date;
use anmin_registry::household::{self, Change, Ground, HouseholdKind, Joining, Membership};
use anmin_registry::id::{Days, HouseholdId, Moment, PersonId};
use anmin_store::{Find, Id, Record, Refusal as StoreRefusal, Rule, Stream, Work, table};

/// More people in one household than any has.
const MOST_MEMBERS: usize = 60;

impl Office {
    /// Makes a household with its members. The result is a [`ChangedHouseholdV1`].
    ///
    /// # Errors
    /// What is wrong in the form; somebody is counted in another household; not permitted; or a fault.
    pub async fn enter_household(&self, order: &Order<'_>, input: NewHouseholdV1) -> Result<Vec<u8>> {
        let area = self.area("area", &input.area, order)?;
        let service = self.counted_for(&input)?;
        let from = day_of("from", &input.from)?;
        if input.members.is_empty() {
            return Err(wrong("members", "至少要有一名成员。", "A household has at least one member."));
        }
        let (new, members) = self.strangers(order, &input.members, area)?;
        let joining = joinings("members", &members)?;
        let mut work = match self.start(order, entering(order), "enter_household").await? {
            Start::Before(bytes) => return Ok(bytes),
            Start::New(work) => work,
        };
        let id = Id::at(order.now.at);
        let kind = HouseholdKind::from(input.kind);
        let sealed = HouseholdSealedV1 { schema: SCHEMA.into(), service };
        let row = Record::new(&table::HOUSEHOLD, id)
            .with("kind", kind.name())
            .with("area", Id(area.0))
            .with("payload", json(&sealed)?);
        let row = work.insert(row).await.map_err(|error| match error {
            anmin_store::Error::Refusal(anmin_store::Refusal::NotFound { .. }) => outside(),
            other => other.into(),
        })?;
        for (n, row) in new {
            let there =
                row.text("id_index").map(|index| Find::all(&table::PERSON).equal("id_index", index).plain());
            if let Some(there) = there
                && let Some(there) = work.find(&there).await?.first()
            {
                return Err(taken(Some(there.id())));
            }
            work.insert(row).await.map_err(|error| match error {
                anmin_store::Error::Refusal(StoreRefusal::Rule { kind: Rule::Unique, .. }) => registered(n),
                other => other.into(),
            })?;
        }
        let people: Vec<Id> = joining.iter().map(|who| Id(who.person.0)).collect();
        let mut shelf = Shelf::read(&mut work, &[], &people).await?;
        shelf.book.households.push(super::book::household(&row)?);
        let mut added = Vec::new();
        let at = Moment(order.now.at.0);
        for (n, who) in joining.iter().enumerate() {
            let household = HouseholdId(id.0);
            let change = Change::Join { household, who: *who, days: Days::since(from) };
            let rows = household::change(&shelf.book, &change, at)
                .map_err(|refusals| refused(&format!("members[{n}]"), &refusals))?;
            shelf.book = shelf.book.after(&rows, at);
            added.extend(rows.add);
        }
        let rows = household::Rows { take_back: Vec::new(), add: added };
        shelf.write(&mut work, &rows).await.map_err(unknown_person)?;
        let members = joining.iter().map(|who| Id(who.person.0).to_string()).collect();
        finish(work, row, members).await
    }

    /// The rows of those who are not entered yet, by their place in the form; and the members, each by identifier.
    #[allow(clippy::type_complexity, reason = "two lists of one form")]
    fn strangers(
        &self,
        order: &Order<'_>,
        members: &[JoiningV1],
        area: anmin_authz::id::AreaId,
    ) -> Result<(Vec<(usize, Record)>, Vec<JoiningV1>)> {
        let (mut new, mut all) = (Vec::new(), Vec::new());
        for (n, member) in members.iter().enumerate() {
            let mut member = member.clone();
            match (&member.person, member.entry.take()) {
                (Some(_), None) => {}
                (None, Some(entry)) => {
                    let person = entry.person(&format!("members[{n}].entry."), order.now.on)?;
                    let row = self.person_row(&person, area, Id::at(order.now.at))?;
                    member.person = Some(row.id().to_string());
                    new.push((n, row));
                }
                _ => {
                    return Err(wrong(
                        &format!("members[{n}]"),
                        "请选择已登记的人，或填写新登记的人，二者选一。",
                        "Name somebody who is entered, or give the entry of somebody who is not: one of the two.",
                    ));
                }
            }
            all.push(member);
        }
        Ok((new, all))
    }

    fn counted_for(&self, input: &NewHouseholdV1) -> Result<Option<String>> {
        match (&input.service, input.kind) {
            (Some(service), HouseholdKindV1::Living) => {
                self.opened(service, None)?;
                Ok(Some(service.clone()))
            }
            (None, HouseholdKindV1::Living) => Err(wrong(
                "service",
                "共同生活家庭是为一项业务计算的，请选择业务。",
                "Who lives together is counted for one service: say which.",
            )),
            (Some(_), _) => Err(wrong(
                "service",
                "这种家庭不分业务，请不要填。",
                "This kind of household is of no one service.",
            )),
            (None, _) => Ok(None),
        }
    }

    /// Changes a household, or corrects what was recorded. The result is a [`ChangedHouseholdV1`].
    ///
    /// # Errors
    /// What speaks against the change; somebody else was first; not permitted; or a fault.
    pub async fn change_household(
        &self,
        order: &Order<'_>,
        household: Id,
        input: ChangeHouseholdV1,
    ) -> Result<Vec<u8>> {
        let mut work = match self.start(order, &["person_enter"], "change_household").await? {
            Start::Before(bytes) => return Ok(bytes),
            Start::New(work) => work,
        };
        let (others, people) = named(&input.change)?;
        let mut concerned = vec![household];
        concerned.extend(&others);
        let shelf = Shelf::read(&mut work, &concerned, &people).await?;
        for id in &concerned {
            if shelf.book.household(HouseholdId(id.0)).is_none() {
                return Err(Refusal::not_found().into());
            }
        }
        let row = |id: Id| shelf.households.iter().find(|row| row.id() == id).cloned();
        let own = row(household).ok_or_else(Refusal::not_found)?;
        same_version(own.version(), input.version)?;
        let change = drawn(household, &input.change, &shelf)?;
        let at = Moment(order.now.at.0);
        let rows = household::change(&shelf.book, &change, at).map_err(|r| refused("change", &r))?;
        shelf.write(&mut work, &rows).await.map_err(unknown_person)?;
        // Each household that is touched is another than a form that is open elsewhere shows.
        for other in others.iter().filter_map(|id| row(*id)) {
            work.update_if(other).await?;
        }
        let own = work.update_if(own).await?;
        finish(work, own, Vec::new()).await
    }
}

async fn finish(work: Box<Work>, row: Record, members: Vec<String>) -> Result<Vec<u8>> {
    let changed = ChangedHouseholdV1 { household: row.id().to_string(), version: row.version(), members };
    let result = json(&changed)?;
    work.commit(Stream { kind: "household", id: &changed.household }, b"{}", &result).await?;
    Ok(result)
}

/// The other households and the people a change names.
fn named(change: &ChangeV1) -> Result<(Vec<Id>, Vec<Id>)> {
    let person = |person: &String| id_of("change.person", person);
    Ok(match change {
        ChangeV1::Join { person: who, .. }
        | ChangeV1::Leave { person: who, .. }
        | ChangeV1::Reground { person: who, .. } => (vec![], vec![person(who)?]),
        ChangeV1::Move { person: who, to, .. } => (vec![id_of("change.to", to)?], vec![person(who)?]),
        ChangeV1::Merge { into, .. } => (vec![id_of("change.into", into)?], vec![]),
        ChangeV1::Split { into, who, .. } => {
            let who: Vec<Id> = joinings("change.who", who)?.iter().map(|who| Id(who.person.0)).collect();
            (vec![id_of("change.into", into)?], who)
        }
        ChangeV1::Correct { .. } => (vec![], vec![]),
    })
}

/// The change as the registry takes it.
fn drawn(household: Id, change: &ChangeV1, shelf: &Shelf) -> Result<Change> {
    let here = HouseholdId(household.0);
    let other = |at: &str, id: &String| Ok::<_, Error>(HouseholdId(id_of(at, id)?.0));
    let who = |person: &String, ground: &String| {
        let person = PersonId(id_of("change.person", person)?.0);
        Ok::<_, Error>(Joining { person, ground: ground_of("change.ground", ground)? })
    };
    Ok(match change {
        ChangeV1::Join { person, ground, from, to } => Change::Join {
            household: here,
            who: who(person, ground)?,
            days: Days { from: day_of("change.from", from)?, to: maybe("change.to", to)? },
        },
        ChangeV1::Leave { person, last } => Change::Leave {
            household: here,
            person: PersonId(id_of("change.person", person)?.0),
            last: day_of("change.last", last)?,
        },
        ChangeV1::Reground { person, ground, from } => Change::Reground {
            household: here,
            who: who(person, ground)?,
            from: day_of("change.from", from)?,
        },
        ChangeV1::Move { person, to, ground, from } => Change::Move {
            household: here,
            to: other("change.to", to)?,
            who: who(person, ground)?,
            from: day_of("change.from", from)?,
        },
        ChangeV1::Merge { into, from } => Change::Merge {
            household: here,
            into: other("change.into", into)?,
            from: day_of("change.from", from)?,
        },
        ChangeV1::Split { into, who, from } => Change::Split {
            household: here,
            into: other("change.into", into)?,
            who: joinings("change.who", who)?,
            from: day_of("change.from", from)?,
        },
        ChangeV1::Correct { membership, right } => {
            let row: Membership = shelf.membership(id_of("change.membership", membership)?)?;
            if row.household != here {
                return Err(wrong(
                    "change.membership",
                    "这一条不是本户的。",
                    "That entry is of another household.",
                ));
            }
            let right = match right {
                None => None,
                Some(right) => {
                    let ground = ground_of("change.right.ground", &right.ground)?;
                    let from = day_of("change.right.from", &right.from)?;
                    Some((ground, Days { from, to: maybe("change.right.to", &right.to)? }))
                }
            };
            Change::Correct { row, right }
        }
    })
}

fn maybe(at: &str, day: &Option<String>) -> Result<Option<Date>> {
    day.as_deref().map(|day| day_of(at, day)).transpose()
}

fn ground_of(at: &str, name: &str) -> Result<Ground> {
    Ground::of_name(name).ok_or_else(|| {
        let known: Vec<&str> = Ground::ALL.iter().map(|ground| ground.name()).collect();
        let known = known.join(", ");
        vec![FieldError {
            at: at.into(),
            zh: format!("没有这个事由；可选：{known}。"),
            en: format!("There is no such ground; there are: {known}."),
        }]
        .into()
    })
}

fn joinings(at: &str, given: &[JoiningV1]) -> Result<Vec<Joining>> {
    if given.len() > MOST_MEMBERS {
        return Err(wrong(at, "人数太多，请核对。", "There are too many people; check them."));
    }
    let read = |(n, one): (usize, &JoiningV1)| {
        let person = one.person.as_deref().unwrap_or_default();
        let person = PersonId(id_of(&format!("{at}[{n}].person"), person)?.0);
        Ok(Joining { person, ground: ground_of(&format!("{at}[{n}].ground"), &one.ground)? })
    };
    given.iter().enumerate().map(read).collect()
}

/// What speaks against a change, all of it.
fn refused(at: &str, refusals: &[household::Refusal]) -> Error {
    let told =
        |refusal: &household::Refusal| FieldError { at: at.into(), zh: refusal.zh(), en: refusal.en() };
    let fields: Vec<FieldError> = refusals.iter().map(told).collect();
    let mut refusal = Refusal::fields(fields);
    refusal.kind = Kind::Unmet;
    refusal.code = "household_refused".into();
    refusal.into()
}

/// A number of somebody listed is entered already, out of the caller's reach.
fn registered(n: usize) -> Error {
    let mut error = taken(None);
    if let Error::Refusal(refusal) = &mut error {
        refusal.fields = vec![FieldError {
            at: format!("members[{n}].entry.number"),
            zh: refusal.text.zh.clone(),
            en: refusal.text.en.clone(),
        }];
    }
    error
}

/// Who is named is not there, or not for this caller.
fn unknown_person(error: Error) -> Error {
    match error {
        Error::Refusal(refusal) if refusal.kind == Kind::NotFound => wrong(
            "members",
            "有一名成员没有登记，或不在您的办理范围内；请先登记，或请县级民政部门接转。",
            "One of the people is not entered, or outside what you handle: enter them first, or ask the county.",
        ),
        other => other,
    }
}
