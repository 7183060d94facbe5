//! Logins: made by a security administrator, and worth nothing until the person has chosen a password and set up a
//! second factor with a code handed to them. The administrator never knows either.

use super::account::{Account, AccountSealedV1, ENROLMENT_LASTS, enrolment_code, login_flaw, normal};
use super::password::flaws;
use super::second_factor::FirstCodeV1;
use super::sign_in::SignedInV1;
use super::{DoneV1, internal, kin, same_version, taken, text_of};
use crate::case::json;
use crate::error::{Result, stale};
use crate::office::{Now, Office, Order};
use crate::people::{PersonSealedV1, SCHEMA};
use anmin_authz::authority::Capacity;
use anmin_authz::id::PersonId;
use anmin_base::resident_id::ResidentId;
use anmin_store::{Begun, Find, Id, Record, Stream, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What every change to logins asks for.
const LOGIN_MANAGE: &str = "login_manage";
/// The longest name of a person.
const NAME: usize = 40;

/// A login for somebody who works here.
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLoginV1 {
    /// The person's name.
    pub name: String,
    /// What they will sign in with.
    pub login: String,
    /// Their identity number, so that they are kept from their own case. It is kept sealed, and found by nobody.
    #[serde(default)]
    pub resident_id: Option<String>,
}

/// A person's own enrolment.
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnEnrolmentV1 {
    /// The login.
    pub login: String,
    /// The code that was handed over.
    pub enrolment: String,
    /// The password they choose.
    pub password: String,
    /// The second factor, with its first code.
    pub second_factor: FirstCodeV1,
}

/// A login that was made, or is to be enrolled anew.
pub struct MadeLogin {
    /// A [`LoginMadeV1`] of a new one, a [`DoneV1`] of a renewal; the same bytes for the same request.
    pub result: Vec<u8>,
    /// The code to hand over, once: a repeated request does not have it, and the way to another is a renewal.
    pub code: Option<String>,
}

/// A new login, and whose it is.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct LoginMadeV1 {
    /// The account.
    pub account: String,
    /// The person.
    pub person: String,
    /// The version a next form has to name.
    pub version: i64,
}

impl fmt::Debug for NewLoginV1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("new login ***")
    }
}

impl fmt::Debug for OwnEnrolmentV1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("enrolment ***")
    }
}

impl fmt::Debug for MadeLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("made login ***")
    }
}

/// The row of a person who works here: internal, so that administrators reach it and nothing about anybody served.
pub(crate) fn staff_row(name: &str, now: Now) -> Result<Record> {
    let sealed = PersonSealedV1 { schema: SCHEMA.into(), ..PersonSealedV1::default() };
    Ok(Record::new(&table::PERSON, Id::at(now.at))
        .with("nature", "human")
        .with("sensitivity", 1)
        .with("name", name)
        .with("pinyin", "")
        .with("initials", "")
        .with("payload", json(&sealed)?))
}

/// The row of an account.
pub(crate) fn account_row(person: Id, login: &str, sealed: &AccountSealedV1, now: Now) -> Result<Record> {
    Ok(Record::new(&table::ACCOUNT, Id::at(now.at))
        .with("person", person)
        .with("login", login)
        .with("state", "open")
        .with("payload", json(sealed)?))
}

/// A login that is there already.
pub(crate) fn login_taken(error: anmin_store::Error) -> crate::error::Error {
    taken(
        error,
        "login",
        "这个登录名已有人使用，请另取一个。",
        "Somebody has this login already; choose another.",
    )
}

impl Office {
    /// Makes a login for somebody new.
    ///
    /// # Errors
    /// What is wrong in the form; not permitted; or a fault.
    pub async fn create_login(&self, order: &Order<'_>, input: &NewLoginV1) -> Result<MadeLogin> {
        self.permit(order, LOGIN_MANAGE, &internal())?;
        let mut wrong = Vec::new();
        let name = text_of(&mut wrong, "name", &input.name, NAME);
        let login = normal(&input.login);
        wrong.extend(login_flaw(&login));
        let own = input.resident_id.as_deref().map(|number| kin::number(&mut wrong, "resident_id", number));
        super::fine(wrong)?;
        let mut work = match self.desk(order, "create_login", LOGIN_MANAGE).await? {
            Begun::Before(result) => return Ok(MadeLogin { result, code: None }),
            Begun::New(work) => work,
        };
        let now = order.now;
        let code = enrolment_code()?;
        let person = work.insert(staff_row(&name, now)?).await?;
        let mut sealed = AccountSealedV1::new(now.at);
        sealed.enrolment = Some((self.enrolment_hash(&login, &code), now.at.plus(ENROLMENT_LASTS).0));
        let row = account_row(person.id(), &login, &sealed, now)?;
        let account = work.insert(row).await.map_err(login_taken)?;
        if let Some(own) = own.flatten() {
            self.declare_self(&mut work, person.id(), &name, &own, now).await?;
        }
        let id = account.id().to_string();
        let made =
            LoginMadeV1 { account: id.clone(), person: person.id().to_string(), version: account.version() };
        let result = json(&made)?;
        work.commit(Stream { kind: "account", id: &id }, &result, &result).await?;
        Ok(MadeLogin { result, code: Some(code) })
    }

    /// Hands out another code of enrolment: the password is forgotten, or the phone is another. What the person has
    /// still works until they have enrolled with it; whoever is signed in with it is signed out.
    ///
    /// # Errors
    /// Not there, one's own, somebody else was first, not permitted; or a fault.
    pub async fn renew_enrolment(&self, order: &Order<'_>, account: Id, version: i64) -> Result<MadeLogin> {
        let code = enrolment_code()?;
        let changed = self
            .change_login(order, "renew_enrolment", account, version, |office, account| {
                let hash = office.enrolment_hash(account.login(), &code);
                account.sealed.enrolment = Some((hash, order.now.at.plus(ENROLMENT_LASTS).0));
            })
            .await?;
        Ok(match changed {
            (result, true) => MadeLogin { result, code: Some(code) },
            (result, false) => MadeLogin { result, code: None },
        })
    }

    /// Closes a login: whoever has it is signed out and cannot sign in. Their posts stay and are ended on their own.
    ///
    /// # Errors
    /// As [`Office::renew_enrolment`].
    pub async fn close_login(&self, order: &Order<'_>, account: Id, version: i64) -> Result<Vec<u8>> {
        let close = |_: &Office, account: &mut Account| account.record.set("state", "closed");
        Ok(self.change_login(order, "close_login", account, version, close).await?.0)
    }

    /// Opens a closed login again.
    ///
    /// # Errors
    /// As [`Office::renew_enrolment`].
    pub async fn open_login(&self, order: &Order<'_>, account: Id, version: i64) -> Result<Vec<u8>> {
        let open = |_: &Office, account: &mut Account| account.record.set("state", "open");
        Ok(self.change_login(order, "open_login", account, version, open).await?.0)
    }

    /// The result, and whether it was done now.
    async fn change_login(
        &self,
        order: &Order<'_>,
        name: &str,
        account: Id,
        version: i64,
        change: impl FnOnce(&Office, &mut Account),
    ) -> Result<(Vec<u8>, bool)> {
        let mut work = match self.desk(order, name, LOGIN_MANAGE).await? {
            Begun::Before(result) => return Ok((result, false)),
            Begun::New(work) => work,
        };
        let mut account = Account::read(work.load(&table::ACCOUNT, account).await?)?;
        let facts = anmin_authz::resource::ResourceFacts { about: Some(account.person()), ..internal() };
        self.permit(order, LOGIN_MANAGE, &facts)?;
        same_version(&account.record, version)?;
        change(self, &mut account);
        let person = Id(account.person().0);
        let record = work.update_if(account.row()?).await?;
        let result = DoneV1::bytes(&record, record.text("state"))?;
        let id = record.id().to_string();
        work.commit(Stream { kind: "account", id: &id }, &result, &result).await?;
        self.inner.store.sessions().end_all(person, order.now.at).await?;
        Ok((result, true))
    }

    /// A person chooses their password and sets up their second factor, with the code they were handed. They are
    /// signed in at once.
    ///
    /// # Errors
    /// The code is not right or has run out; the password is too easy to guess; the second factor's code is wrong; a
    /// try too early; or a fault.
    pub async fn enrol(&self, input: &OwnEnrolmentV1, net: &str, now: Now) -> Result<SignedInV1> {
        let login = normal(&input.login);
        let lane = self.lane(&login, None, net);
        self.enter(&lane, now).await?;
        let given = self.enrolment_hash(&login, &input.enrolment);
        let holds = |account: &Account| {
            let code = account.sealed.enrolment.as_ref();
            account.is_open() && code.is_some_and(|(hash, until)| *hash == given && now.at.0 < *until)
        };
        let account = self.account_of_login(&login, now).await?.filter(holds);
        let Some(account) = account else { return Err(self.failed(&lane, now).await?) };
        let (person, id) = (account.person(), account.login_id());
        let name = self.own_name(person, now).await?;
        let mut wrong = flaws(&input.password, &login, &name);
        let step = match self.first_code(&login, &input.second_factor, now.at) {
            Ok(step) => step,
            Err(crate::error::Error::Refusal(refusal)) => {
                wrong.extend(refusal.fields);
                0
            }
            Err(fault) => return Err(fault),
        };
        if !wrong.is_empty() {
            // The code was right: a mistake in the rest of the form is no failed try.
            self.passed(&lane).await?;
            return Err(wrong.into());
        }
        let hash = self.inner.gate.hash(&input.password).await?;
        let mut work = self.own_work(person, id, "enrol", now).await?;
        let mut account = Account::read(work.load(&table::ACCOUNT, Id(id.0)).await?)?;
        if !holds(&account) {
            return Err(stale().into());
        }
        account.sealed.password = Some(hash);
        account.sealed.second_factor = Some(input.second_factor.secret.clone());
        account.sealed.last_step = step;
        account.sealed.must_change = false;
        account.sealed.enrolment = None;
        account.record = work.update_if(account.row()?).await?;
        let stream = account.record.id().to_string();
        work.commit(Stream { kind: "account", id: &stream }, b"", b"").await?;
        self.passed(&lane).await?;
        self.inner.store.sessions().end_all(Id(person.0), now.at).await?;
        self.open_session(&account, Capacity::Staff, now).await
    }

    /// The name of a person, read in their own name.
    pub(crate) async fn own_name(&self, person: PersonId, now: Now) -> Result<String> {
        let scope = self.own_scope(person, anmin_authz::id::LoginId(0), now)?;
        let find = Find::one(&table::PERSON, Id(person.0)).plain();
        let own = self.inner.store.read_personal(&scope, super::OWN_AFFAIRS, now.at, &find).await?;
        Ok(own.first().and_then(|row| row.text("name")).unwrap_or_default().to_owned())
    }

    /// Declares that a person is themself, so that the relatives' bar finds their own case.
    pub(crate) async fn declare_self(
        &self,
        work: &mut anmin_store::Work,
        person: Id,
        name: &str,
        number: &ResidentId,
        now: Now,
    ) -> Result<()> {
        let row = self.declaration(person, kin::SELF, name, number, now)?;
        let row = work.insert(row).await?;
        self.ask_kin_declared(work, row.id(), now).await
    }
}
