//! A person's entry: who they are, how they are called and reached, where they are registered and live.
//!
//! A [`Draft`] is what a form or a reader of cards hands in; [`Draft::check`] gives the [`Person`] or *everything* that is
//! wrong. Personal values show masked in `Debug` and have no `Display`. Pinyin is made elsewhere and kept as given.

mod contact;
mod identity;
mod key;
mod name;
mod place;
#[cfg(test)]
mod tests;

pub use contact::{Address, Phone};
pub use identity::{Identity, IdentityKind};
pub use key::{Key, KeyKind};
pub use name::{Name, NameKind};
pub use place::{Category, Permit, PermitDraft, Place, PlaceDraft, Registration, RegistrationDraft};

use crate::flaw::{Flaw, Flaws, Sentence, said};
use anmin_base::date::{Date, age_on};
use anmin_base::resident_id::Sex;
use anmin_base::sensitivity::Sensitivity;
use place::{day, one_at_a_time};

/// A person as handed in. Empty text is "not given", never an answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// Names; exactly one official one, except of somebody found who cannot say it.
    pub names: Vec<(NameKind, String)>,
    /// The official name's sound, as made elsewhere: `zhang san`.
    pub pinyin: String,
    /// The initials of it: `zs`.
    pub initials: String,
    /// Which document.
    pub kind: IdentityKind,
    /// Its number.
    pub number: String,
    /// Date of birth; may be left out where the number says it.
    pub birth: String,
    /// Sex; may be left out where the number says it.
    pub sex: Option<Sex>,
    /// Telephone numbers, the preferred one first; none is needed.
    pub phones: Vec<String>,
    /// Where letters go.
    pub address: String,
    /// 户籍地, dated.
    pub registrations: Vec<RegistrationDraft>,
    /// 经常居住地, dated.
    pub residences: Vec<PlaceDraft>,
    /// 居住证, dated.
    pub permits: Vec<PermitDraft>,
    /// How sensitive it is that this person is known here at all.
    pub sensitivity: Sensitivity,
    /// Known to have died. How many sources that takes is for the case to say.
    pub dead: bool,
    /// When, if known.
    pub died_on: String,
}

impl Default for Draft {
    /// An empty one of a card holder, as sensitive as identity numbers are.
    fn default() -> Self {
        Draft {
            names: vec![],
            pinyin: String::new(),
            initials: String::new(),
            kind: IdentityKind::Card,
            number: String::new(),
            birth: String::new(),
            sex: None,
            phones: vec![],
            address: String::new(),
            registrations: vec![],
            residences: vec![],
            permits: vec![],
            sensitivity: Sensitivity::P3,
            dead: false,
            died_on: String::new(),
        }
    }
}

/// Whether a person lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// As far as is known.
    Alive,
    /// Died, on this day if it is known.
    Dead(Option<Date>),
}

/// A person's entry without flaws. Made by [`Draft::check`] only.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Person {
    /// Names, the official one first.
    pub names: Vec<Name>,
    /// The official name's sound, as given, in lower case.
    pub pinyin: String,
    /// Its initials.
    pub initials: String,
    /// Document and number.
    pub identity: Identity,
    /// Date of birth, if known.
    pub birth: Option<Date>,
    /// Sex, if known.
    pub sex: Option<Sex>,
    /// Telephone numbers, the preferred one first.
    pub phones: Vec<Phone>,
    /// Where letters go.
    pub address: Option<Address>,
    /// 户籍地, in the order of their days.
    pub registrations: Vec<Registration>,
    /// 经常居住地, in the order of their days.
    pub residences: Vec<Place>,
    /// 居住证.
    pub permits: Vec<Permit>,
    /// How sensitive the entry is.
    pub sensitivity: Sensitivity,
    /// Alive or dead.
    pub life: Life,
}

impl Draft {
    /// The entry, on the day it is made.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the fields.
    pub fn check(&self, on: Date) -> Result<Person, Vec<Flaw>> {
        let mut flaws = Flaws::default();
        let names = self.names(&mut flaws);
        let identity = flaws.keep("number", Identity::read(self.kind, &self.number));
        let birth = self.birth(identity.as_ref(), on, &mut flaws);
        let sex = self.sex(identity.as_ref(), &mut flaws);
        let phones = self.phones(&mut flaws);
        let address = match self.address.trim() {
            "" => None,
            text => flaws.keep("address", Address::read(text)),
        };
        let (registrations, residences, permits) = self.places(&mut flaws);
        if !self.sensitivity.is_personal() {
            flaws.add(
                "sensitivity",
                said(
                    "个人信息的敏感级别至少为 P2。",
                    "An entry about a person is at least P2; choose P2 to P4.",
                ),
            );
        }
        let life = self.life(birth, on, &mut flaws);
        match identity {
            Some(identity) if flaws.0.is_empty() => Ok(Person {
                names,
                pinyin: sound(&self.pinyin),
                initials: sound(&self.initials),
                identity,
                birth,
                sex,
                phones,
                address,
                registrations,
                residences,
                permits,
                sensitivity: self.sensitivity,
                life,
            }),
            _ => Err(flaws.0),
        }
    }

    fn names(&self, flaws: &mut Flaws) -> Vec<Name> {
        let mut names: Vec<Name> = Vec::with_capacity(self.names.len());
        for (at, (kind, given)) in self.names.iter().enumerate() {
            let field = format!("names[{at}]");
            let Some(text) = flaws.keep(&field, name::read(given)) else { continue };
            if *kind == NameKind::Official && names.iter().any(|n| n.kind == NameKind::Official) {
                flaws.add(
                    field,
                    said(
                        "姓名只能有一个，以前的请选“曾用名”。",
                        "There is one official name; mark an earlier one as former.",
                    ),
                );
                continue;
            }
            names.push(Name { kind: *kind, text });
        }
        let official = self.names.iter().any(|(kind, _)| *kind == NameKind::Official);
        if !official && self.kind != IdentityKind::Wandering {
            let sentence = said("请填写姓名。", "Write the official name.");
            flaws.add("names", sentence);
        }
        names.sort_by_key(|name| name.kind);
        names
    }

    fn birth(&self, identity: Option<&Identity>, on: Date, flaws: &mut Flaws) -> Option<Date> {
        let given = flaws.keep("birth", day(&self.birth)).flatten();
        let said_by_number = identity.and_then(Identity::birth);
        if let (Some(identity), Some(given)) = (identity, given)
            && !identity.allows_birth(given)
        {
            flaws.add("birth", contradicts("出生日期", "date of birth"));
        }
        let birth = given.or(said_by_number);
        if birth.is_none() && self.kind == IdentityKind::Newborn && self.birth.trim().is_empty() {
            flaws.add("birth", said("新生儿请填写出生日期。", "Write a newborn's date of birth."));
        }
        if birth.is_some_and(|birth| birth > on) {
            let field = if given.is_some() { "birth" } else { "number" };
            flaws.add(
                field,
                said(
                    format!("出生日期晚于登记日期 {on}，请核对。"),
                    format!("The birth is after the day of the entry, {on}; check it."),
                ),
            );
        }
        birth
    }

    fn sex(&self, identity: Option<&Identity>, flaws: &mut Flaws) -> Option<Sex> {
        let said_by_number = identity.and_then(Identity::sex);
        if let (Some(given), Some(number)) = (self.sex, said_by_number)
            && given != number
        {
            flaws.add("sex", contradicts("性别", "sex"));
        }
        self.sex.or(said_by_number)
    }

    fn phones(&self, flaws: &mut Flaws) -> Vec<Phone> {
        let mut phones: Vec<Phone> = vec![];
        for (at, given) in self.phones.iter().enumerate() {
            let read = flaws.keep(format!("phones[{at}]"), Phone::read(given));
            phones.extend(read.filter(|phone| phones.iter().all(|p| p.number != phone.number)));
        }
        phones
    }

    fn places(&self, flaws: &mut Flaws) -> (Vec<Registration>, Vec<Place>, Vec<Permit>) {
        let (mut registered, mut lived, mut permits) = (vec![], vec![], vec![]);
        for (at, draft) in self.registrations.iter().enumerate() {
            let place = draft.place.read(&format!("registrations[{at}]"), flaws);
            registered.extend(place.map(|place| (at, Registration { place, category: draft.category })));
        }
        for (at, draft) in self.residences.iter().enumerate() {
            lived.extend(draft.read(&format!("residences[{at}]"), flaws).map(|place| (at, place)));
        }
        for (at, draft) in self.permits.iter().enumerate() {
            let place = draft.place.read(&format!("permits[{at}]"), flaws);
            let number = Some(draft.number.trim().to_owned()).filter(|number| !number.is_empty());
            permits.extend(place.map(|place| Permit { place, number }));
        }
        let days: Vec<_> =
            registered.iter().map(|(at, r): &(usize, Registration)| (*at, r.place.days)).collect();
        one_at_a_time("registrations", &days, ("户籍地", "place of registration"), flaws);
        let days: Vec<_> = lived.iter().map(|(at, place): &(usize, Place)| (*at, place.days)).collect();
        one_at_a_time("residences", &days, ("经常居住地", "usual residence"), flaws);
        registered.sort_by_key(|(_, r)| r.place.days);
        lived.sort_by_key(|(_, place)| place.days);
        (
            registered.into_iter().map(|(_, r)| r).collect(),
            lived.into_iter().map(|(_, p)| p).collect(),
            permits,
        )
    }

    fn life(&self, birth: Option<Date>, on: Date, flaws: &mut Flaws) -> Life {
        let died = flaws.keep("died_on", day(&self.died_on)).flatten();
        let wrong = match died {
            Some(_) if !self.dead => said(
                "填了死亡日期，但没有选“已死亡”；请核对。",
                "A day of death is given for somebody who is alive; mark the death or remove the day.",
            ),
            Some(died) if died > on => said(
                format!("死亡日期晚于登记日期 {on}，请核对。"),
                format!("The death is after the day of the entry, {on}; check it."),
            ),
            Some(died) if birth.is_some_and(|birth| died < birth) => {
                said("死亡日期早于出生日期，请核对。", "The death comes before the birth; check both.")
            }
            _ if self.dead => return Life::Dead(died),
            _ => return Life::Alive,
        };
        flaws.add("died_on", wrong);
        Life::Alive
    }
}

fn contradicts(zh: &str, en: &str) -> Sentence {
    said(
        format!("{zh}与证件号码不一致，请核对哪一个对。"),
        format!("The {en} and the number of the document disagree; check which is right."),
    )
}

fn sound(given: &str) -> String {
    given.trim().to_lowercase()
}

impl Person {
    /// The name on lists: the official one, or what the person is called; none of somebody whose name nobody knows.
    pub fn name(&self) -> Option<&str> {
        self.names.first().map(|name| name.text.as_str())
    }

    /// Completed years on a day; none if the birth is not known.
    pub fn age(&self, on: Date) -> Option<i32> {
        self.birth.map(|birth| age_on(birth, on))
    }

    /// Where the person is registered on a day.
    pub fn registered(&self, on: Date) -> Option<&Registration> {
        self.registrations.iter().find(|r| r.place.days.hold(on))
    }

    /// Where the person usually lives on a day.
    pub fn residence(&self, on: Date) -> Option<&Place> {
        self.residences.iter().find(|place| place.days.hold(on))
    }

    /// The permits that hold on a day.
    pub fn permits(&self, on: Date) -> impl Iterator<Item = &Permit> {
        self.permits.iter().filter(move |permit| permit.place.days.hold(on))
    }

    /// The entry as it would be handed in again: what a form shows, and what a store keeps.
    pub fn draft(&self) -> Draft {
        let (dead, died_on) = match self.life {
            Life::Alive => (false, None),
            Life::Dead(on) => (true, on),
        };
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        Draft {
            names: self.names.iter().map(|name| (name.kind, name.text.clone())).collect(),
            pinyin: self.pinyin.clone(),
            initials: self.initials.clone(),
            kind: self.identity.kind(),
            number: self.identity.reveal().unwrap_or_default().to_owned(),
            birth: day(self.birth),
            sex: self.sex,
            phones: self.phones.iter().map(|phone| phone.given.clone()).collect(),
            address: self.address.as_ref().map(|a| a.given.clone()).unwrap_or_default(),
            registrations: (self.registrations.iter())
                .map(|r| RegistrationDraft { place: r.place.draft(), category: r.category })
                .collect(),
            residences: self.residences.iter().map(Place::draft).collect(),
            permits: (self.permits.iter())
                .map(|p| PermitDraft { place: p.place.draft(), number: p.number.clone().unwrap_or_default() })
                .collect(),
            sensitivity: self.sensitivity,
            dead,
            died_on: day(died_on),
        }
    }
}
