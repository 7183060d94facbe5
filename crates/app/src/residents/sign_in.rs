//! Signing in by identity number, telephone and a code. Whether the register has somebody is told to nobody: asking for a
//! code always gives the same answer after the same work, which is to leave a job; the job looks, and sends or does not.

use crate::applications::{HOLDS, six_digits};
use crate::asking::PersonEnteredV1;
use crate::error::{Error, Fault, Kind, Refusal, Result};
use crate::office::{Now, Office};
use crate::people::PersonRecord;
use crate::staff::{Account, AccountSealedV1, SignedInV1, account_row};
use anmin_authz::authority::Capacity;
use anmin_authz::id::PersonId;
use anmin_authz::scope::SystemJob;
use anmin_registry::person::KeyKind;
use anmin_store::{Find, Id, NewJob, Stream, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The job that sends a code.
pub(crate) const SIGN_IN_CODE: &str = "sign_in_code";
/// Most characters of a field.
const MOST: usize = 64;

/// Who wants to sign in.
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskSignInCodeV1 {
    /// The number of the identity document.
    #[schemars(length(max = MOST))]
    pub number: String,
    /// The telephone on record.
    #[schemars(length(max = MOST))]
    pub phone: String,
}

/// Signing in with the code.
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeSignInV1 {
    /// The number of the identity document.
    #[schemars(length(max = MOST))]
    pub number: String,
    /// The telephone on record.
    #[schemars(length(max = MOST))]
    pub phone: String,
    /// The six digits.
    #[schemars(length(max = MOST))]
    pub code: String,
}

impl fmt::Debug for AskSignInCodeV1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ask for a code ***")
    }
}

impl fmt::Debug for CodeSignInV1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sign-in by code ***")
    }
}

/// Who is meant, by the keyed hashes the register finds people by.
#[derive(Clone, Serialize, Deserialize)]
struct MeantV1 {
    number: String,
    phone: String,
}

impl Office {
    /// Asks for a code. The answer is the same whether there is anybody to send it to or not.
    ///
    /// # Errors
    /// What was typed is no number or no telephone; too often; or a fault.
    pub async fn ask_sign_in_code(&self, input: &AskSignInCodeV1, net: &str, now: Now) -> Result<()> {
        let meant = self.meant(&input.number, &input.phone, now)?;
        self.resident_lane("ask", &meant, net, now).await?;
        let scope = self.job_scope(SystemJob::Codes, now.on);
        let command = anmin_store::Command {
            scope: &scope,
            name: "ask_sign_in_code",
            purpose: SystemJob::Codes.name(),
            at: now.at,
            request: None,
        };
        let key = Id::at(now.at).to_string();
        let payload = crate::case::json(&meant)?;
        let mut work = self.inner.store.begin_job(command).await?;
        let job = NewJob { kind: SIGN_IN_CODE, key: &key, payload: &payload, run_at: now.at };
        work.enqueue(&job).await?;
        work.commit(Stream { kind: "day", id: &now.on.to_string() }, b"", b"").await?;
        Ok(())
    }

    /// The number and the telephone as the register keeps them; neither says anything by itself.
    fn meant(&self, number: &str, phone: &str, now: Now) -> Result<MeantV1> {
        let who = PersonEnteredV1 {
            name: "某".into(),
            number: number.chars().take(MOST).collect(),
            phone: phone.chars().take(MOST).collect(),
            ..PersonEnteredV1::default()
        };
        let person = who.entry().person("", now.on).map_err(|found| {
            let told = found.into_iter().map(|error| {
                let at = if error.at.starts_with("phones") { "phone" } else { "number" };
                crate::record::FieldError { at: at.into(), ..error }
            });
            Error::from(told.collect::<Vec<_>>())
        })?;
        let keys = person.keys();
        let index = |kind: KeyKind| keys.iter().find(|key| key.kind() == kind).map(|key| self.index(key));
        let no = |at: &str, zh: &str, en: &str| crate::people::wrong(at, zh, en);
        let number = index(KeyKind::Number)
            .ok_or_else(|| no("number", "请填写身份证号码。", "Write the number of the identity card."))?;
        let phone = index(KeyKind::Phone).ok_or_else(|| {
            no(
                "phone",
                "请填写登记过的手机号码；没有手机的，请到窗口或村（居）委会办理。",
                "Write the telephone on record; without one, go to the counter or the village committee.",
            )
        })?;
        Ok(MeantV1 { number, phone })
    }

    async fn resident_lane(&self, what: &str, meant: &MeantV1, net: &str, now: Now) -> Result<()> {
        let store = &self.inner.store;
        self.inner.gate.open(store, &format!("resident-net:{net}"), now.at).await?;
        self.paced(&format!("resident-{what}:{}", meant.number), now).await
    }

    /// Whoever is meant, if the register has that telephone of them. Read in a command that is never carried out: nothing is
    /// handed out by it.
    async fn who_is_meant(&self, meant: &MeantV1, now: Now) -> Result<Option<PersonRecord>> {
        let scope = self.job_scope(SystemJob::Codes, now.on);
        let command = anmin_store::Command {
            scope: &scope,
            name: "find_resident",
            purpose: SystemJob::Codes.name(),
            at: now.at,
            request: None,
        };
        let mut work = self.inner.store.begin_job(command).await?;
        let find = Find::all(&table::PERSON).equal("id_index", meant.number.as_str());
        let found = work.find(&find).await?.pop().map(PersonRecord::read).transpose()?;
        // Of several telephones any will do: the first is the one that is indexed.
        let fits = |person: &PersonRecord| {
            let phones = person.entry().phones.iter();
            let mut keys = phones.filter_map(|phone| self.phone_index(phone, now));
            !person.entry().dead && keys.any(|key| key == meant.phone)
        };
        Ok(found.filter(fits))
    }

    fn phone_index(&self, phone: &str, now: Now) -> Option<String> {
        let who = PersonEnteredV1 {
            name: "某".into(),
            document: crate::people::DocumentKindV1::Unregistered,
            phone: phone.to_owned(),
            ..PersonEnteredV1::default()
        };
        let person = who.entry().person("", now.on).ok()?;
        let keys = person.keys();
        keys.iter().find(|key| key.kind() == KeyKind::Phone).map(|key| self.index(key))
    }

    /// Sends a code to whom a job means, if there is anybody.
    pub(crate) async fn sign_in_code(&self, payload: &[u8], now: Now) -> Result<()> {
        let meant: MeantV1 = serde_json::from_slice(payload).map_err(|e| Fault::Broken(e.to_string()))?;
        let Some(person) = self.who_is_meant(&meant, now).await? else { return Ok(()) };
        let id = person.record.id();
        let code = six_digits()?;
        let scope = self.job_scope(SystemJob::Codes, now.on);
        let command = anmin_store::Command {
            scope: &scope,
            name: "make_sign_in_code",
            purpose: SystemJob::Codes.name(),
            at: now.at,
            request: None,
        };
        let mut work = self.inner.store.begin_job(command).await?;
        let login = resident_login(id);
        let until = now.at.0 + HOLDS;
        let hash = self.code_hash(&login, &code);
        match work.find(&Account::of_login(&login)).await?.pop() {
            Some(record) => {
                let mut account = Account::read(record)?;
                account.sealed.enrolment = Some((hash, until));
                work.update_if(account.row()?).await?;
            }
            None => {
                let mut sealed = AccountSealedV1::new(now.at);
                sealed.enrolment = Some((hash, until));
                work.insert(account_row(id, &login, &sealed, now)?).await?;
            }
        }
        work.commit(Stream { kind: "account", id: &id.to_string() }, b"", b"").await?;
        self.send_code(id, &code, None, now).await
    }

    /// Signs a resident in by a code.
    ///
    /// # Errors
    /// Number, telephone and code do not fit together; too early; or a fault.
    pub async fn sign_in_by_code(&self, input: &CodeSignInV1, net: &str, now: Now) -> Result<SignedInV1> {
        let meant = self.meant(&input.number, &input.phone, now)?;
        self.resident_lane("told", &meant, net, now).await?;
        let refused = || -> Error {
            Refusal::new(
                Kind::SignIn,
                "sign_in_failed",
                "号码或验证码不对，或验证码已经过期。",
                "The number or the code is not right, or the code is not valid any more.",
            )
            .next(
                "请核对后重试，或重新获取验证码；也可以到窗口或村（居）委会办理。",
                "Check them, or ask for another code; or go to the counter or the village committee.",
            )
            .into()
        };
        let net_key = format!("resident-net:{net}");
        let Some(person) = self.who_is_meant(&meant, now).await? else {
            self.inner.store.attempts().failed(&net_key, now.at).await?;
            return Err(refused());
        };
        match self.use_sign_in_code(person.record.id(), &input.code, now).await? {
            Some(account) => {
                let attempts = self.inner.store.attempts();
                attempts.succeeded(&net_key).await?;
                for what in ["ask", "told"] {
                    attempts.succeeded(&format!("resident-{what}:{}", meant.number)).await?;
                }
                self.open_session(&account, Capacity::Resident, now).await
            }
            None => {
                self.inner.store.attempts().failed(&net_key, now.at).await?;
                Err(refused())
            }
        }
    }

    /// Uses up a code, in the journal under the resident's own name; nothing if it is not right.
    async fn use_sign_in_code(&self, person: Id, code: &str, now: Now) -> Result<Option<Account>> {
        let login = resident_login(person);
        let hash = self.code_hash(&login, code);
        let who = PersonId(person.0);
        let mut work = self.own_work(who, anmin_authz::id::LoginId(person.0), "sign_in_by_code", now).await?;
        let Some(record) = work.find(&Account::of_login(&login)).await?.pop() else { return Ok(None) };
        let mut account = Account::read(record)?;
        let right = account.is_open()
            && account
                .sealed
                .enrolment
                .as_ref()
                .is_some_and(|(kept, until)| *kept == hash && *until > now.at.0);
        if !right {
            return Ok(None);
        }
        account.sealed.enrolment = None;
        account.record = match work.update_if(account.row()?).await {
            Ok(record) => record,
            Err(anmin_store::Error::Refusal(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let id = account.record.id().to_string();
        work.commit(Stream { kind: "account", id: &id }, b"", b"").await?;
        Ok(Some(account))
    }
}

/// What a resident's account is called: no login of staff has a colon in it.
fn resident_login(person: Id) -> String {
    format!("resident:{person}")
}
