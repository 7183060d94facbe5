//! Accounts as they are kept: a login, a state, and sealed the hash of the password and the secret of the second factor.

use super::second_factor::{random, step_of};
use crate::case::json;
use crate::error::{Fault, Result};
use crate::office::Office;
use crate::record::FieldError;
use anmin_authz::id::{LoginId, PersonId};
use anmin_store::{Blind, Find, Moment, Record, table};
use serde::{Deserialize, Serialize};

const SCHEMA: &str = "anmin.account/1";
/// How long a code of enrolment holds, in milliseconds.
pub(crate) const ENROLMENT_LASTS: i64 = 3 * 86_400_000;

/// The sealed part of an account's row.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountSealedV1 {
    schema: String,
    pub created_at: i64,
    /// The hash of the password; none before the person has enrolled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// The secret of the second factor, in base 32.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_factor: Option<String>,
    /// The half minute of the last code that was accepted: none of it or before is accepted again.
    #[serde(default)]
    pub last_step: i64,
    /// The person is to change the password before anything else.
    #[serde(default)]
    pub must_change: bool,
    /// A keyed hash of the code the person enrols with, and until when it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolment: Option<(String, i64)>,
}

impl AccountSealedV1 {
    pub fn new(at: Moment) -> AccountSealedV1 {
        AccountSealedV1 { schema: SCHEMA.into(), created_at: at.0, ..AccountSealedV1::default() }
    }

    /// Whether the code is right, around now, and of a later half minute than the last that was accepted; then it is
    /// the last.
    pub fn accept(&mut self, code: &str, at: Moment) -> bool {
        let step = self.second_factor.as_deref().and_then(|secret| step_of(secret, code, at));
        match step {
            Some(step) if step > self.last_step => {
                self.last_step = step;
                true
            }
            _ => false,
        }
    }
}

/// An account, opened.
pub(crate) struct Account {
    pub record: Record,
    pub sealed: AccountSealedV1,
}

impl Account {
    pub fn read(record: Record) -> Result<Account> {
        let corrupt = |what: String| Fault::Broken(format!("account {}: {what}", record.id()));
        let payload = record.secret("payload").ok_or_else(|| corrupt("no payload".into()))?;
        let sealed: AccountSealedV1 =
            serde_json::from_slice(payload.reveal()).map_err(|e| corrupt(e.to_string()))?;
        if sealed.schema != SCHEMA {
            return Err(corrupt(format!("schema {}", sealed.schema)).into());
        }
        Ok(Account { record, sealed })
    }

    pub fn login(&self) -> &str {
        self.record.text("login").unwrap_or_default()
    }

    pub fn login_id(&self) -> LoginId {
        LoginId(self.record.id().0)
    }

    pub fn person(&self) -> PersonId {
        PersonId(self.record.link("person").map_or(0, |id| id.0))
    }

    pub fn is_open(&self) -> bool {
        self.record.text("state") == Some("open")
    }

    /// The row as it is to be written.
    pub fn row(&self) -> Result<Record> {
        Ok(self.record.clone().with("payload", json(&self.sealed)?))
    }

    /// Finds an account by its login.
    pub fn of_login(login: &str) -> Find {
        Find::all(&table::ACCOUNT).equal("login", login)
    }

    /// Finds the accounts of a person.
    pub fn of_person(person: PersonId) -> Find {
        Find::all(&table::ACCOUNT).equal("person", anmin_store::Id(person.0))
    }
}

/// A login as it is kept: without spaces around it, in small letters.
pub(crate) fn normal(login: &str) -> String {
    login.trim().chars().map(anmin_base::half_width::half_width).collect::<String>().to_ascii_lowercase()
}

/// What is wrong with a new login.
pub(crate) fn login_flaw(login: &str) -> Option<FieldError> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    let good = (2..=32).contains(&login.len())
        && login.starts_with(|c: char| c.is_ascii_lowercase())
        && login.chars().all(fits);
    (!good).then(|| FieldError {
        at: "login".into(),
        zh: "登录名为 2 至 32 个小写字母、数字、点、短横或下划线，以字母开头。".into(),
        en: "A login has 2 to 32 small letters, digits, dots, hyphens or underscores, and begins with a letter.".into(),
    })
}

/// Letters and digits nobody mistakes for another when they are read out or copied by hand.
const CLEAR: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A code of enrolment to be handed over on paper: sixty bits, in three groups.
pub(crate) fn enrolment_code() -> Result<String> {
    let letters = random::<12>()?.map(|byte| char::from(CLEAR[usize::from(byte % 32)]));
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-"))
}

impl Office {
    /// What is kept of a code of enrolment.
    pub(crate) fn enrolment_hash(&self, login: &str, code: &str) -> String {
        let code: String = code.chars().filter(|c| CLEAR.contains(&(*c as u8)) && c.is_ascii()).collect();
        self.inner.store.keys().blind(Blind::Person, "enrolment", &format!("{login} {code}"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::second_factor::code_at;
    use super::*;

    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn a_code_opens_once_and_closes_all_before_it() {
        let at = Moment(1_788_220_800_000);
        let mut account = AccountSealedV1 { second_factor: Some(SECRET.into()), ..AccountSealedV1::new(at) };
        let (early, now) = (code_at(SECRET, Moment(at.0 - 30_000)), code_at(SECRET, at));
        assert!(account.accept(&early, at), "one half minute late");
        assert!(!account.accept(&early, at), "a second time");
        assert!(account.accept(&now, at));
        assert!(!account.accept(&now, Moment(at.0 + 20_000)), "the same half minute");
        assert!(!account.accept(&early, at), "an older one");
        assert!(account.accept(&code_at(SECRET, Moment(at.0 + 60_000)), Moment(at.0 + 60_000)));
        let mut bare = AccountSealedV1::new(at);
        assert!(!bare.accept(&now, at), "without a second factor");
    }

    #[test]
    fn logins_are_plain_words() {
        assert_eq!(normal(" Wang.Ｘ "), "wang.x");
        for good in ["wang", "li-4", "zhang.san_2"] {
            assert!(login_flaw(good).is_none(), "{good}");
        }
        for bad in ["", "a", "4li", "wang san", "王", "a:b", &"x".repeat(33)] {
            assert!(login_flaw(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn codes_of_enrolment_are_twelve_clear_letters() {
        let code = enrolment_code().unwrap();
        assert_eq!(code.len(), 14, "{code}");
        assert!(code.bytes().all(|b| b == b'-' || CLEAR.contains(&b)), "{code}");
        assert_ne!(code, enrolment_code().unwrap());
    }
}
