//! What the commands on people share: under which action somebody may, the transaction, and reading identifiers.

use crate::error::{Error, Kind, Refusal, Result};
use crate::mask::Veil;
use crate::office::{Office, Order};
use crate::record::FieldError;
use anmin_authz::authority::Capacity;
use anmin_authz::decide::{Allowed, Decision};
use anmin_authz::id::AreaId;
use anmin_authz::scope::Scope as AuthzScope;
use anmin_store::{Begun, Id, Scope, Work};

/// A command begun, or its earlier result.
pub(crate) enum Start {
    /// It was carried out before.
    Before(Vec<u8>),
    /// Carry it out.
    New(Box<Work>),
}

impl Office {
    /// Begins a command under the first of these actions that the caller may do.
    ///
    /// # Errors
    /// They may do none of them; or a fault.
    pub(crate) async fn start(&self, order: &Order<'_>, actions: &[&str], name: &str) -> Result<Start> {
        let (scope, purpose) = self.first_scope(order, actions)?;
        let rows = Scope::from_authz(&scope, self.authority());
        let command = anmin_store::Command {
            scope: &rows,
            name,
            purpose: &purpose,
            at: order.now.at,
            request: order.request,
        };
        Ok(match self.inner.store.begin(command).await? {
            Begun::Before(bytes) => Start::Before(bytes),
            Begun::New(work) => Start::New(work),
        })
    }

    /// The scope and purpose of the first of these actions that the caller may do.
    ///
    /// # Errors
    /// They may do none of them.
    pub(crate) fn first_scope(&self, order: &Order<'_>, actions: &[&str]) -> Result<(AuthzScope, String)> {
        let mut denied = None;
        for action in actions {
            match self.scope(order.caller, self.action(action)?, order.purpose, order.now) {
                Ok((scope, purpose)) => {
                    return Ok((scope, self.authority().parts().purposes[purpose.0].named.name.clone()));
                }
                Err(error) => denied = denied.or(Some(error)),
            }
        }
        Err(denied.unwrap_or_else(|| Refusal::not_found().into()))
    }

    /// The terms on which somebody acts for or sees a person, outside any case.
    ///
    /// # Errors
    /// They do not; or a fault.
    pub(crate) async fn terms(&self, order: &Order<'_>, scope: &AuthzScope, person: Id) -> Result<Allowed> {
        self.terms_in(order, scope, person, &[]).await
    }

    /// The terms on which somebody sees a person: as the register has them, or as somebody in one of these cases.
    ///
    /// # Errors
    /// They do not; or a fault.
    pub(crate) async fn terms_in(
        &self,
        order: &Order<'_>,
        scope: &AuthzScope,
        person: Id,
        cases: &[Id],
    ) -> Result<Allowed> {
        let rights = self.rights();
        let mut denied = None;
        for case in std::iter::once(None).chain(cases.iter().map(|case| Some(*case))) {
            let found = self.inner.store.person_facts(person, case, self.authority(), order.now.on).await?;
            let Some(facts) = found else { continue };
            match scope.judge(&facts.resource(), &self.ctx(&rights, order.now)) {
                Decision::Allow(allowed) => return Ok(*allowed),
                Decision::Deny(reason) => {
                    denied = denied.or_else(|| Some(Error::denied(&reason, self.authority())));
                }
            }
        }
        Err(denied.unwrap_or_else(|| Refusal::not_found().into()))
    }

    /// The area of that name, if it is there today.
    pub(crate) fn area(&self, at: &str, text: &str, order: &Order<'_>) -> Result<AreaId> {
        let area = AreaId(id_of(at, text)?.0);
        let rights = self.rights();
        match rights.areas.area(area) {
            Some(found) if found.days.hold(order.now.on) => Ok(area),
            _ => Err(wrong(
                at,
                "没有这个区域，或已撤销；请重新选择。",
                "There is no such area today; choose another.",
            )),
        }
    }

    /// What veils a person's fields under these terms.
    pub(crate) fn veil<'a>(&'a self, allowed: &'a Allowed) -> Veil<'a> {
        Veil { authority: self.authority(), allowed }
    }
}

/// Whether the caller is a resident.
pub(crate) fn is_resident(order: &Order<'_>) -> bool {
    order.caller.capacity == Capacity::Resident
}

/// One field that is wrong.
pub(crate) fn wrong(at: &str, zh: &str, en: &str) -> Error {
    vec![FieldError { at: at.into(), zh: zh.into(), en: en.into() }].into()
}

/// An identifier in a form.
pub(crate) fn id_of(at: &str, text: &str) -> Result<Id> {
    Id::parse(text).ok_or_else(|| {
        wrong(
            at,
            "应为 32 位小写十六进制编号。",
            "An identifier of 32 lower-case hexadecimal digits is wanted.",
        )
    })
}

/// A day in a form.
pub(crate) fn day_of(at: &str, text: &str) -> Result<anmin_base::date::Date> {
    text.trim().parse().map_err(|e: anmin_base::date::DateError| {
        vec![FieldError { at: at.into(), zh: e.zh(), en: e.en() }].into()
    })
}

/// Somebody else was first: the version of a form is not the one there is.
pub(crate) fn same_version(now: i64, form: i64) -> Result<()> {
    match now == form {
        true => Ok(()),
        false => Err(crate::error::stale().into()),
    }
}

/// The law or a rule of the register stands against it.
pub(crate) fn unmet(code: &str, zh: impl Into<String>, en: impl Into<String>) -> Error {
    Refusal::new(Kind::Unmet, code, zh, en).into()
}
