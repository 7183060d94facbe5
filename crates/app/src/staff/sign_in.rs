//! Signing in, showing the second factor again, changing the password, signing out.
//!
//! An unknown login, a wrong password and a wrong code get the same answer after the same work. After each failure the
//! next try waits longer, by account and by the network it came from. A device that has signed in before waits by
//! itself: whoever guesses at somebody's account from outside does not keep them from their own desk.

use super::ADMINISTRATION;
use super::account::{Account, normal};
use super::password::flaws;
use crate::error::{Error, Fault, Kind, Refusal, Result};
use crate::office::{Caller, Now, Office};
use crate::record::FieldError;
use crate::staff::lists::PostLineV1;
use crate::staff::second_factor::random;
use anmin_authz::authority::Capacity;
use anmin_authz::id::{LoginId, PersonId};
use anmin_authz::scope::SystemJob;
use anmin_store::{Blind, DeploymentKind, Find, Id, NewSession, Session, Stream, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A session ends after so many milliseconds in which nobody was there.
const IDLE: i64 = 30 * 60_000;
/// And after so many whatever happens.
const LASTS: i64 = 12 * 3_600_000;

/// What somebody signs in with.
#[derive(Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInV1 {
    /// The login.
    pub login: String,
    /// The password.
    pub password: String,
    /// The code of the second factor.
    pub code: String,
    /// What this device was given when somebody last signed in on it. It opens nothing.
    #[serde(default)]
    pub device: Option<String>,
}

/// A change of one's own password.
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChangeV1 {
    /// The password as it is.
    pub old: String,
    /// As it is to be.
    pub password: String,
}

/// Somebody who is signed in.
#[derive(Clone, Serialize, JsonSchema)]
pub struct SignedInV1 {
    /// For the session's cookie, and nowhere else.
    pub token: String,
    /// For a cookie that stays on the device: it opens nothing, and keeps others' failures from slowing this device.
    pub device: String,
    /// Who.
    pub person: String,
    /// Their name.
    pub name: String,
    /// Their posts in force.
    pub posts: Vec<PostLineV1>,
    /// They must change the password before anything else.
    pub must_change: bool,
}

impl fmt::Debug for SignInV1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sign-in ***")
    }
}

impl fmt::Debug for PasswordChangeV1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("password ***")
    }
}

impl fmt::Debug for SignedInV1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "signed in {}", self.person)
    }
}

/// By what failures are counted.
pub(crate) struct Lane {
    /// The account, as typed, or a device it knows.
    own: String,
    /// The network; devices that are known do not share its fate.
    net: Option<String>,
}

impl Lane {
    pub(crate) fn of_account(login: LoginId) -> Lane {
        Lane { own: format!("account:{}", Id(login.0)), net: None }
    }
}

impl Office {
    /// Signs somebody in. `net` is the network they come from: the first three numbers of an address.
    ///
    /// # Errors
    /// Login, password and code do not fit together; a try too early, or too many people at once; or a fault.
    pub async fn sign_in(&self, input: &SignInV1, net: &str, now: Now) -> Result<SignedInV1> {
        let login = normal(&input.login);
        let lane = self.lane(&login, input.device.as_deref(), net);
        self.enter(&lane, now).await?;
        let found = self.account_of_login(&login, now).await?;
        let known = found.as_ref().filter(|account| account.is_open());
        let known_hash = known.and_then(|account| account.sealed.password.as_deref());
        let right = self.inner.gate.is_password(&input.password, known_hash).await?;
        let (Some(account), true) = (found.filter(Account::is_open), right) else {
            return Err(self.failed(&lane, now).await?);
        };
        let (person, id) = (account.person(), account.login_id());
        let account = match self.use_code(person, id, &input.code, "sign_in", now).await? {
            Some(account) => account,
            None => return Err(self.failed(&lane, now).await?),
        };
        self.passed(&lane).await?;
        self.open_session(&account, Capacity::Staff, now).await
    }

    pub(crate) fn lane(&self, login: &str, device: Option<&str>, net: &str) -> Lane {
        match device.filter(|device| self.is_known(login, device)) {
            Some(device) => {
                let own = self.inner.store.keys().blind(Blind::Person, "lane", &format!("device {device}"));
                Lane { own, net: None }
            }
            None => {
                // What was typed may be a password in the wrong field: only a keyed hash of it is kept.
                let own = self.inner.store.keys().blind(Blind::Person, "lane", &format!("login {login}"));
                Lane { own, net: Some(format!("net:{net}")) }
            }
        }
    }

    /// A mark for a device on which somebody has signed in: a drawn number, and our seal on it and the login.
    fn device(&self, login: &str) -> Result<String> {
        let drawn = Id(u128::from_be_bytes(random::<16>()?)).to_string();
        let seal = self.device_seal(login, &drawn);
        Ok(format!("{drawn}{seal}"))
    }

    fn is_known(&self, login: &str, device: &str) -> bool {
        let parts = (device.is_ascii() && device.len() == 96).then(|| device.split_at(32));
        parts.is_some_and(|(drawn, seal)| self.device_seal(login, drawn) == seal)
    }

    fn device_seal(&self, login: &str, drawn: &str) -> String {
        self.inner.store.keys().blind(Blind::Person, "device", &format!("{login} {drawn}"))
    }

    /// A try begins: it is counted as failed until it has succeeded.
    pub(crate) async fn enter(&self, lane: &Lane, now: Now) -> Result<()> {
        if let Some(net) = &lane.net {
            self.inner.gate.open(&self.inner.store, net, now.at).await?;
        }
        self.inner.gate.count(&self.inner.store, &lane.own, now.at).await
    }

    pub(crate) async fn failed(&self, lane: &Lane, now: Now) -> Result<Error> {
        if let Some(net) = &lane.net {
            self.inner.store.attempts().failed(net, now.at).await?;
        }
        let refusal = Refusal::new(
            Kind::SignIn,
            "sign_in_failed",
            "登录名、密码或动态口令不对。",
            "The login, the password or the code is not right.",
        );
        Ok(refusal
            .next(
                "请核对后重试；每个动态口令只能用一次，请等下一个。多次失败后须等待的时间会加长。",
                "Check them and try again; each code opens once, so wait for the next. After failures the wait grows.",
            )
            .into())
    }

    pub(crate) async fn passed(&self, lane: &Lane) -> Result<()> {
        let attempts = self.inner.store.attempts();
        if let Some(net) = &lane.net {
            attempts.succeeded(net).await?;
        }
        Ok(attempts.succeeded(&lane.own).await?)
    }

    /// The account of a login. Nothing is handed out by it, so it is read in a command that is never carried out: the
    /// access log says nothing, and a login that exists takes no longer than one that does not.
    pub(crate) async fn account_of_login(&self, login: &str, now: Now) -> Result<Option<Account>> {
        let scope = self.job_scope(SystemJob::SignIn, now.on);
        let command = anmin_store::Command {
            scope: &scope,
            name: "find_account",
            purpose: ADMINISTRATION,
            at: now.at,
            request: None,
        };
        let mut work = self.inner.store.begin_job(command).await?;
        work.find(&Account::of_login(login)).await?.pop().map(Account::read).transpose()
    }

    /// Uses up a code, in the journal under this name; nothing if it is not right or was used.
    pub(crate) async fn use_code(
        &self,
        person: PersonId,
        login: LoginId,
        code: &str,
        name: &str,
        now: Now,
    ) -> Result<Option<Account>> {
        let mut work = self.own_work(person, login, name, now).await?;
        let mut account = Account::read(work.load(&table::ACCOUNT, Id(login.0)).await?)?;
        if !account.is_open() || !account.sealed.accept(code, now.at) {
            return Ok(None);
        }
        account.record = match work.update_if(account.row()?).await {
            Ok(record) => record,
            // Somebody used a code of this account at the same moment.
            Err(anmin_store::Error::Refusal(anmin_store::Refusal::Conflict(_))) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let id = account.record.id().to_string();
        work.commit(Stream { kind: "account", id: &id }, b"", b"").await?;
        Ok(Some(account))
    }

    pub(crate) async fn open_session(
        &self,
        account: &Account,
        capacity: Capacity,
        now: Now,
    ) -> Result<SignedInV1> {
        let (person, login) = (account.person(), account.login_id());
        let new = NewSession {
            person: Id(person.0),
            account: Id(login.0),
            capacity,
            idle: IDLE,
            lasts: LASTS,
            stepped_up: true,
        };
        let token = self.inner.store.sessions().open(new, now.at).await?;
        let scope = self.own_scope(person, login, now)?;
        let find = Find::one(&table::PERSON, Id(person.0));
        let own = self.inner.store.read_personal(&scope, super::OWN_AFFAIRS, now.at, &find).await?;
        let name = own.first().and_then(|row| row.text("name")).unwrap_or_default().to_owned();
        Ok(SignedInV1 {
            token,
            device: self.device(account.login())?,
            person: Id(person.0).to_string(),
            name,
            posts: self.posts_in_force(person, now),
            must_change: account.sealed.must_change,
        })
    }

    /// Who asks, by the token of their cookie.
    ///
    /// # Errors
    /// Nobody is signed in with it, or not any more; or a fault.
    pub async fn caller(&self, token: &str, now: Now) -> Result<Caller> {
        let session = self.session(token, now).await?;
        self.inner.store.sessions().touch(token, now.at).await?;
        Ok(Caller {
            person: PersonId(session.person.0),
            login: LoginId(session.account.0),
            capacity: session.capacity,
            stepped_up: session.stepped_up,
            rationed_today: 0,
        })
    }

    async fn session(&self, token: &str, now: Now) -> Result<Session> {
        let found = self.inner.store.sessions().find(token, now.at).await?;
        found.ok_or_else(|| {
            Refusal::new(
                Kind::SignIn,
                "signed_out",
                "您尚未登录，或登录已失效。",
                "You are not signed in, or not any more.",
            )
            .into()
        })
    }

    /// Shows the second factor again, before something that asks for it. The session gets another token.
    ///
    /// # Errors
    /// Not signed in; the code is not right or was used; too early; or a fault.
    pub async fn step_up(&self, token: &str, code: &str, now: Now) -> Result<String> {
        let session = self.session(token, now).await?;
        let (person, login) = (PersonId(session.person.0), LoginId(session.account.0));
        let lane = Lane::of_account(login);
        self.enter(&lane, now).await?;
        if self.use_code(person, login, code, "step_up", now).await?.is_none() {
            return Err(Refusal::new(
                Kind::Forbidden,
                "code_wrong",
                "动态口令不对，或已经用过。",
                "The code is not right, or was used before.",
            )
            .next("请输入下一个动态口令。", "Enter the next code.")
            .into());
        }
        self.passed(&lane).await?;
        match self.inner.store.sessions().step_up(token, now.at).await? {
            Some(token) => Ok(token),
            None => Err(self.session(token, now).await.err().unwrap_or(Fault::Busy.into())),
        }
    }

    /// Changes one's own password. All sessions end, and a new one begins: its token.
    ///
    /// # Errors
    /// Not signed in; the old password is not right, the new one too easy to guess; too early; or a fault.
    pub async fn change_password(
        &self,
        token: &str,
        input: &PasswordChangeV1,
        now: Now,
    ) -> Result<SignedInV1> {
        let session = self.session(token, now).await?;
        let (person, login) = (PersonId(session.person.0), LoginId(session.account.0));
        let lane = Lane::of_account(login);
        self.enter(&lane, now).await?;
        let scope = self.own_scope(person, login, now)?;
        let own = |table| {
            Find::one(
                table,
                if std::ptr::eq(table, &table::PERSON) { session.person } else { session.account },
            )
        };
        let store = &self.inner.store;
        let account = store.read_personal(&scope, super::OWN_AFFAIRS, now.at, &own(&table::ACCOUNT)).await?;
        let name = store.read_personal(&scope, super::OWN_AFFAIRS, now.at, &own(&table::PERSON)).await?;
        let Some(record) = account.into_iter().next() else { return Err(super::nothing()) };
        let account = Account::read(record)?;
        if !self.inner.gate.is_password(&input.old, account.sealed.password.as_deref()).await? {
            return Err(vec![FieldError {
                at: "old".into(),
                zh: "原密码不对，请重新输入。".into(),
                en: "This is not the password; enter it again.".into(),
            }]
            .into());
        }
        // What is wrong with the new one is no failed try.
        self.passed(&lane).await?;
        let name = name.first().and_then(|row| row.text("name")).unwrap_or_default().to_owned();
        let mut wrong = flaws(&input.password, account.login(), &name);
        if input.old == input.password {
            wrong.push(FieldError {
                at: "password".into(),
                zh: "新密码不能与原密码相同。".into(),
                en: "The new password must not be the old one.".into(),
            });
        }
        super::fine(wrong)?;
        let hash = self.inner.gate.hash(&input.password).await?;
        let mut work = self.own_work(person, login, "change_password", now).await?;
        let mut account = Account::read(work.load(&table::ACCOUNT, session.account).await?)?;
        (account.sealed.password, account.sealed.must_change) = (Some(hash), false);
        account.record = work.update_if(account.row()?).await?;
        let id = session.account.to_string();
        work.commit(Stream { kind: "account", id: &id }, b"", b"").await?;
        self.inner.store.sessions().end_all(session.person, now.at).await?;
        self.open_session(&account, session.capacity, now).await
    }

    /// Signs out. Doing so twice is no error.
    ///
    /// # Errors
    /// A fault.
    pub async fn sign_out(&self, token: &str, now: Now) -> Result<()> {
        let Some(session) = self.inner.store.sessions().find(token, now.at).await? else { return Ok(()) };
        // The session ends first: should the journal then be out of reach, nobody is left signed in.
        self.inner.store.sessions().end(token, now.at).await?;
        let (person, login) = (PersonId(session.person.0), LoginId(session.account.0));
        let work = self.own_work(person, login, "sign_out", now).await?;
        let id = session.account.to_string();
        work.commit(Stream { kind: "account", id: &id }, b"", b"").await?;
        Ok(())
    }

    /// Signs a person of a demonstration in without password or code: as staff where they hold a post, otherwise in
    /// their own affairs.
    ///
    /// # Errors
    /// This is no demonstration, or there is no such person with an account; or a fault.
    pub async fn demo_sign_in(&self, person: PersonId, now: Now) -> Result<SignedInV1> {
        if self.inner.store.deployment().kind != DeploymentKind::Demo {
            return Err(Refusal::new(
                Kind::Forbidden,
                "no_demo",
                "这不是演示系统，请用密码和动态口令登录。",
                "This is no demonstration: sign in with password and code.",
            )
            .into());
        }
        let staff = self.rights().posts_of(person).iter().any(|post| post.days().hold(now.on));
        let capacity = if staff { Capacity::Staff } else { Capacity::Resident };
        let mut work = self.own_work(person, LoginId(0), "demo_sign_in", now).await?;
        let found = work.find(&Account::of_person(person)).await?;
        let Some(account) =
            found.into_iter().map(Account::read).find(|a| a.as_ref().is_ok_and(Account::is_open))
        else {
            return Err(super::nothing());
        };
        let account = account?;
        let id = account.record.id().to_string();
        work.commit(Stream { kind: "account", id: &id }, b"", b"").await?;
        self.open_session(&account, capacity, now).await
    }
}
