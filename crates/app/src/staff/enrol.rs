//! The first administrators of a new database. There is no first password: a token is printed where the program runs,
//! and within half an hour three people use it once each, one for systems, one for security, one for audit.
//!
//! A second token gives each of the three a deputy. Posts need two security administrators, one who proposes and one
//! who approves: a bureau is at work only when both are there.

use super::account::{AccountSealedV1, login_flaw, normal};
use super::login::{account_row, login_taken, staff_row};
use super::password::flaws;
use super::second_factor::FirstCodeV1;
use super::sign_in::SignedInV1;
use super::{ADMINISTRATION, text_of};
use crate::case::json;
use crate::error::{Kind, Refusal, Result};
use crate::office::{Now, Office};
use crate::record::FieldError;
use crate::staff::account::Account;
use anmin_authz::authority::Capacity;
use anmin_authz::scope::SystemJob;
use anmin_base::division::DivisionCode;
use anmin_store::{Find, Id, Record, Stream, Work, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The three, in the order in which they come where none is chosen.
const THREE: [&str; 3] = ["system_admin", "security_admin", "audit_admin"];
/// So many of each let a token in: one, and a deputy.
const EACH: usize = 2;
/// The kind of unit they sit at.
const BUREAU: &str = "civil_affairs";

/// One of the first administrators.
#[derive(Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstAdministratorV1 {
    /// The token, as printed.
    pub token: String,
    /// As which of the three: `system_admin`, `security_admin`, `audit_admin`; none given, the first that is wanting.
    #[serde(default)]
    pub role: Option<String>,
    /// The person's name.
    pub name: String,
    /// The login they choose.
    pub login: String,
    /// The password they choose.
    pub password: String,
    /// The second factor, with its first code.
    pub second_factor: FirstCodeV1,
    /// The bureau: from the very first person only.
    #[serde(default)]
    pub bureau: Option<BureauV1>,
}

/// The bureau whose database this is.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BureauV1 {
    /// Its name.
    pub name: String,
    /// The name of its area.
    pub area_name: String,
    /// The code of its area, 6 or 12 digits.
    pub area_code: String,
}

impl fmt::Debug for FirstAdministratorV1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("first administrator ***")
    }
}

fn refused(code: &str, zh: &str, en: &str) -> Refusal {
    Refusal::new(Kind::Forbidden, code, zh, en).next(
        "请在服务器上重新运行 anmin init 取得新的登记令牌。",
        "Run anmin init on the server again for a new token.",
    )
}

impl Office {
    /// The roles a token would still let in, the first wanted first: for the page. Empty: the token is dead, or all
    /// are there.
    ///
    /// # Errors
    /// A fault.
    pub async fn roles_wanted(&self, token: &str, now: Now) -> Result<Vec<String>> {
        if !self.inner.store.may_enrol(token, now.at).await? {
            return Ok(Vec::new());
        }
        let rights = self.rights();
        let held = THREE.map(|name| {
            let role = self.authority().role(name);
            let posts = rights.posts.values().flatten();
            posts.filter(|post| Some(post.role()) == role && post.days().hold(now.on)).count()
        });
        Ok(wanted(held).map(str::to_owned).collect())
    }

    /// One of the first administrators enrols, and is signed in.
    ///
    /// # Errors
    /// The token is dead; the role is taken; what is wrong in the form; or a fault. A try that fails costs nothing.
    pub async fn enrol_first(&self, input: &FirstAdministratorV1, now: Now) -> Result<SignedInV1> {
        let store = &self.inner.store;
        let dead = || {
            refused(
                "enrolment_over",
                "登记令牌无效、已用完或已过期。",
                "The token is wrong, used up or too old.",
            )
        };
        if !store.may_enrol(&input.token, now.at).await? {
            return Err(dead().into());
        }
        let mut wrong = Vec::new();
        let name = text_of(&mut wrong, "name", &input.name, 40);
        let login = normal(&input.login);
        wrong.extend(login_flaw(&login));
        wrong.extend(flaws(&input.password, &login, &name));
        let bureau = input.bureau.as_ref().map(|bureau| bureau.read(&mut wrong));
        let step = match self.first_code(&login, &input.second_factor, now.at) {
            Ok(step) => step,
            Err(crate::error::Error::Refusal(refusal)) => {
                wrong.extend(refusal.fields);
                0
            }
            Err(fault) => return Err(fault),
        };
        super::fine(wrong)?;
        let hash = self.inner.gate.hash(&input.password).await?;

        let scope = self.job_scope(SystemJob::SignIn, now.on);
        let command = anmin_store::Command {
            scope: &scope,
            name: "enrol_first",
            purpose: ADMINISTRATION,
            at: now.at,
            request: None,
        };
        let mut work = store.begin_job(command).await?;
        // First, so that whoever uses it at the same moment waits here.
        if !work.use_enrolment(&input.token).await? {
            return Err(dead().into());
        }
        let unit = self.bureau(&mut work, bureau, now).await?;
        let role = self.first_role(&mut work, input.role.as_deref(), now).await?;
        let person = work.insert(staff_row(&name, now)?).await?;
        let mut sealed = AccountSealedV1::new(now.at);
        sealed.password = Some(hash);
        sealed.second_factor = Some(input.second_factor.secret.clone());
        sealed.last_step = step;
        let row = account_row(person.id(), &login, &sealed, now)?;
        let account = Account::read(work.insert(row).await.map_err(login_taken)?)?;
        let last = now.on.add_years(1).add_days(-1);
        let post = Record::new(&table::POST, Id::at(now.at))
            .with("person", person.id())
            .with("unit", unit.id())
            .with("role", role)
            .with("area", unit.link("area"))
            .with("subjects", "")
            .with("valid_from", i64::from(now.on.days()))
            .with("valid_to", i64::from(last.days()))
            .with("origin", "enrolment")
            .with("state", "approved");
        work.insert(post).await?;
        let payload = json(&serde_json::json!({ "role": role, "unit": unit.id().to_string() }))?;
        let id = account.record.id().to_string();
        work.commit(Stream { kind: "account", id: &id }, &payload, b"").await?;
        self.read_rights(now.at).await?;
        self.open_session(&account, Capacity::Staff, now).await
    }

    /// The unit the administrators sit at: the bureau's own, made with its area by the first of them.
    async fn bureau(
        &self,
        work: &mut Work,
        bureau: Option<(String, String, DivisionCode)>,
        now: Now,
    ) -> Result<Record> {
        let from = i64::from(now.on.days());
        let units = work.find(&Find::all(&table::UNIT).equal("kind", BUREAU).limit(1000)).await?;
        let above = work.find(&Find::all(&table::AREA_ANC).at_least("depth", 1).limit(1000)).await?;
        // The highest bureau: nothing lies above its area.
        let is_top = |unit: &Record| !above.iter().any(|row| row.text("area") == unit.text("area"));
        if let Some(unit) = units.into_iter().find(is_top) {
            return Ok(unit);
        }
        let Some((name, area_name, code)) = bureau else {
            return Err(vec![FieldError {
                at: "bureau".into(),
                zh: "第一位管理员须填写单位名称、区域名称和行政区划代码。".into(),
                en: "The first administrator gives the bureau's name, its area's name and code.".into(),
            }]
            .into());
        };
        let area = Record::new(&table::AREA, Id::at(now.at))
            .with("code", code.to_string())
            .with("name", area_name)
            .with("roles", "")
            .with("valid_from", from);
        let area = work.insert(area).await?;
        let itself = Record::new(&table::AREA_ANC, Id::at(now.at))
            .with("area", area.id())
            .with("ancestor", area.id())
            .with("depth", 0)
            .with("valid_from", from);
        work.insert(itself).await?;
        let unit = Record::new(&table::UNIT, Id::at(now.at))
            .with("area", area.id())
            .with("kind", BUREAU)
            .with("name", name)
            .with("phone", "")
            .with("address", "")
            .with("stands", "supervising deciding")
            .with("valid_from", from);
        Ok(work.insert(unit).await?)
    }

    /// Which of the three this one is. Each is taken once before any is taken twice.
    async fn first_role(&self, work: &mut Work, asked: Option<&str>, now: Now) -> Result<&'static str> {
        let today = i64::from(now.on.days());
        let find = Find::all(&table::POST).equal("state", "approved").at_least("valid_to", today);
        let posts = work.find(&find.any_of("role", &THREE).limit(1000)).await?;
        let held = THREE.map(|role| posts.iter().filter(|post| post.text("role") == Some(role)).count());
        let free: Vec<&str> = wanted(held).collect();
        let chosen = match asked {
            Some(asked) => free.iter().find(|role| **role == asked),
            None => free.first(),
        };
        chosen.and_then(|role| THREE.into_iter().find(|known| known == role)).ok_or_else(|| {
            let names = |zh: bool| -> String {
                let name = |role: &&str| {
                    let named =
                        self.authority().role(role).map(|id| &self.authority().parts().roles[id.0].named);
                    named.map_or(String::new(), |n| if zh { n.zh.clone() } else { n.en.clone() })
                };
                let names: Vec<String> = free.iter().map(name).collect();
                if names.is_empty() {
                    if zh { "无".into() } else { "none".into() }
                } else {
                    names.join(", ")
                }
            };
            refused(
                "role_taken",
                &format!("这一管理员角色已有人担任。现在可以登记的：{}。", names(true)),
                &format!("This administrator is there already. Wanted now: {}.", names(false)),
            )
            .into()
        })
    }
}

/// Of the three, those that may be taken: fewest held first, none more than twice.
fn wanted(held: [usize; 3]) -> impl Iterator<Item = &'static str> {
    let fewest = held.into_iter().min().unwrap_or_default();
    THREE.into_iter().zip(held).filter(move |(_, n)| *n == fewest && fewest < EACH).map(|(role, _)| role)
}

impl BureauV1 {
    fn read(&self, wrong: &mut Vec<FieldError>) -> (String, String, DivisionCode) {
        let name = text_of(wrong, "bureau.name", &self.name, 60);
        let area = text_of(wrong, "bureau.area_name", &self.area_name, 60);
        (name, area, super::places::code_of(wrong, "bureau.area_code", &self.area_code))
    }
}

#[cfg(test)]
mod tests {
    use super::wanted;

    #[test]
    fn each_of_the_three_comes_once_before_any_comes_twice() {
        let of = |held| wanted(held).collect::<Vec<_>>();
        assert_eq!(of([0, 0, 0]), ["system_admin", "security_admin", "audit_admin"]);
        assert_eq!(of([1, 0, 1]), ["security_admin"]);
        assert_eq!(of([1, 1, 1]).len(), 3);
        assert_eq!(of([2, 1, 2]), ["security_admin"]);
        assert!(of([2, 2, 2]).is_empty());
        assert!(of([3, 2, 2]).is_empty());
    }
}
