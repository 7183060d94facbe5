//! The people who work here: how they sign in, what posts they hold, where, and whose relatives they are.
//!
//! A person signs in with a password and a code that changes every half minute; each code opens once. Rights come from
//! posts, which two people make; whoever's post, account or credential changes is signed out everywhere. Everything here
//! is a command in the journal: of an account in stream `account`, of a post in `post`, of an area or unit in `place`.

mod account;
mod delegate;
mod enrol;
mod gate;
mod hand_over;
mod kin;
mod kin_list;
mod lists;
mod login;
mod password;
mod places;
mod posts;
mod rename;
mod roles;
mod second_factor;
mod sign_in;
#[cfg(test)]
pub(crate) mod tests;
mod units;

pub use delegate::DelegateV1;
pub use enrol::{BureauV1, FirstAdministratorV1};
pub use hand_over::{HandOverAllV1, HandOverStateV1, LeftV1};
pub use kin::{KinSeenV1, KinV1, RelationV1, relations};
pub use kin_list::DeclaredV1;
pub use lists::{AreaLineV1, ColleagueV1, LoginLineV1, PlacesV1, PostLineV1, UnitLineV1};
pub use login::{LoginMadeV1, MadeLogin, NewLoginV1, OwnEnrolmentV1};
pub use places::{EndAreaV1, MoveAreaV1, NewAreaV1};
pub use posts::{EndPostV1, NewPostV1, PostTermsV1, RefusePostV1, RenewPostV1};
pub use rename::{CorrectUnitV1, RenameAreaV1};
pub use roles::{AllowedV1, NameV1, OwnPostsV1, RoleV1, RolesV1, UnitKindV1};
pub use second_factor::{FirstCodeV1, SecondFactorV1};
pub use sign_in::{PasswordChangeV1, SignInV1, SignedInV1};
pub use units::{EndUnitV1, NewUnitV1};

pub(crate) use account::{Account, AccountSealedV1};
pub(crate) use gate::Gate;
pub(crate) use hand_over::HAND_OVER;
pub(crate) use kin::{KIN_DECLARED, SELF};
pub(crate) use login::account_row;
pub(crate) use second_factor::random;

use crate::case::json;
use crate::error::{Error, Refusal, Result};
use crate::office::{Caller, Now, Office, Order, seconds};
use crate::record::FieldError;
use anmin_authz::actor::Actor;
use anmin_authz::decide::{Allowed, Decision};
use anmin_authz::id::{LoginId, PersonId};
use anmin_authz::reason::Reason;
use anmin_authz::resource::{ResourceFacts, ServiceOf};
use anmin_authz::scope::Scope as AuthzScope;
use anmin_authz::sensitivity::Sensitivity;
use anmin_base::date::Date;
use anmin_store::{Begun, Id, Scope, Work};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The purpose of all work on accounts, posts and places.
pub(crate) const ADMINISTRATION: &str = "administration";
/// The purpose of work on one's own account.
const OWN_AFFAIRS: &str = "own_affairs";

/// What became of a change to an account, a post, an area or a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DoneV1 {
    /// What was changed.
    pub id: String,
    /// The version a next form has to name.
    pub version: i64,
    /// Its state now, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

impl DoneV1 {
    pub(crate) fn bytes(record: &anmin_store::Record, state: Option<&str>) -> Result<Vec<u8>> {
        json(&DoneV1 {
            id: record.id().to_string(),
            version: record.version(),
            state: state.map(str::to_owned),
        })
    }
}

/// Facts about a matter of administration: internal, of no service, about nobody served.
pub(crate) fn internal<'a>() -> ResourceFacts<'a> {
    ResourceFacts {
        sensitivity: Sensitivity::P1,
        service: ServiceOf::Core,
        parties: Some(&[]),
        kin: Some(&[]),
        kept_apart: Some(&[]),
        taken: Some(&[]),
        ..ResourceFacts::default()
    }
}

impl Office {
    /// Whether the caller may do this, with the facts of the thing.
    pub(crate) fn permit(
        &self,
        order: &Order<'_>,
        action: &str,
        facts: &ResourceFacts<'_>,
    ) -> Result<(Allowed, AuthzScope)> {
        let (scope, _) = self.scope(order.caller, self.action(action)?, order.purpose, order.now)?;
        let rights = self.rights();
        match scope.judge(facts, &self.ctx(&rights, order.now)) {
            Decision::Allow(allowed) => Ok((*allowed, scope)),
            Decision::Deny(reason) => Err(Error::denied(&reason, self.authority())),
        }
    }

    /// Begins a command of administration: its name, and the action whose reach the rows are written under. What takes
    /// a duty (to propose, to approve) reaches no row by itself, since duties are counted on cases; the rows of posts
    /// are then written under `login_manage`, which the same administrators have and which also bars one's own.
    pub(crate) async fn desk(&self, order: &Order<'_>, name: &str, action: &str) -> Result<Begun> {
        let (scope, purpose) = self.scope(order.caller, self.action(action)?, order.purpose, order.now)?;
        let scope = Scope::from_authz(&scope, self.authority());
        let purpose = self.authority().parts().purposes[purpose.0].named.name.as_str();
        let command =
            anmin_store::Command { scope: &scope, name, purpose, at: order.now.at, request: order.request };
        Ok(self.inner.store.begin(command).await?)
    }

    /// What somebody reaches of their own: their account, their declarations. Everybody is a resident in their own
    /// affairs, staff too.
    pub(crate) fn own_scope(&self, person: PersonId, login: LoginId, now: Now) -> Result<Scope> {
        let authority = self.authority();
        let actor = Actor::resident(person, login);
        let purpose = authority.purpose(OWN_AFFAIRS);
        let purpose = purpose.ok_or_else(|| Error::denied(&Reason::Purpose, authority))?;
        let rights = self.rights();
        let scope = AuthzScope::for_actor(&actor, self.action("own_read")?, purpose, &self.ctx(&rights, now));
        let scope = scope.map_err(|reason| Error::denied(&reason, authority))?;
        Ok(Scope::from_authz(&scope, authority))
    }

    /// Begins a command on somebody's own account.
    pub(crate) async fn own_work(
        &self,
        person: PersonId,
        login: LoginId,
        name: &str,
        now: Now,
    ) -> Result<Box<Work>> {
        let scope = self.own_scope(person, login, now)?;
        let command =
            anmin_store::Command { scope: &scope, name, purpose: OWN_AFFAIRS, at: now.at, request: None };
        Ok(self.inner.store.begin_job(command).await?)
    }

    /// After a change to posts, accounts or places: rights are read anew, and whom it concerns signs in again.
    pub(crate) async fn rights_changed(&self, people: &[Id], now: Now) -> Result<()> {
        self.read_rights(now.at).await?;
        for person in people {
            self.inner.store.sessions().end_all(*person, now.at).await?;
        }
        Ok(())
    }

    /// Whether the caller showed the second factor within so many minutes as the table asks for.
    pub fn is_stepped_up(&self, caller: &Caller, now: Now) -> bool {
        let minutes = self.authority().parts().limits.step_up_minutes;
        caller.stepped_up.is_some_and(|shown| seconds(now.at).is_within_minutes_of(seconds(shown), minutes))
    }
}

/// An identifier in a form, or what is wrong with it.
pub(crate) fn id_of(wrong: &mut Vec<FieldError>, at: &str, text: &str) -> Id {
    Id::parse(text).unwrap_or_else(|| {
        wrong.push(FieldError {
            at: at.into(),
            zh: "应为 32 位小写十六进制编号，请从列表中选择。".into(),
            en: "An identifier of 32 lower-case hexadecimal digits is wanted; choose from the list.".into(),
        });
        Id(0)
    })
}

/// A day in a form, or what is wrong with it.
pub(crate) fn day_of(wrong: &mut Vec<FieldError>, at: &str, text: &str) -> Date {
    text.parse().unwrap_or_else(|error: anmin_base::date::DateError| {
        wrong.push(FieldError { at: at.into(), zh: error.zh(), en: error.en() });
        Date::MIN
    })
}

/// A text in a form that must say something, in so many characters at most.
pub(crate) fn text_of(wrong: &mut Vec<FieldError>, at: &str, text: &str, most: usize) -> String {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > most || text.chars().any(char::is_control) {
        wrong.push(FieldError {
            at: at.into(),
            zh: format!("请填写，最多 {most} 个字，不含换行。"),
            en: format!("Fill this in, with at most {most} characters and no line breaks."),
        });
    }
    text.to_owned()
}

/// Nothing was wrong, or all that was.
pub(crate) fn fine(wrong: Vec<FieldError>) -> Result<()> {
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

/// The row is not the one the form was made from.
pub(crate) fn same_version(record: &anmin_store::Record, version: i64) -> Result<()> {
    if record.version() == version { Ok(()) } else { Err(crate::error::stale().into()) }
}

/// A rule of the database against a second of the same, told as a mistake in a field.
pub(crate) fn taken(error: anmin_store::Error, at: &str, zh: &str, en: &str) -> Error {
    use anmin_store::{Refusal as StoreRefusal, Rule};
    match error {
        anmin_store::Error::Refusal(StoreRefusal::Rule { kind: Rule::Unique, .. }) => {
            vec![FieldError { at: at.into(), zh: zh.into(), en: en.into() }].into()
        }
        other => other.into(),
    }
}

/// Not there, for whoever names it.
pub(crate) fn nothing() -> Error {
    Refusal::not_found().into()
}
