//! What a post gives, in the words of the table of authority: what its holder may do, and what they never may, whatever other
//! post they hold. For whoever proposes and approves posts, so that nobody gives away what they have not read.

use super::lists::PostLineV1;
use crate::error::Result;
use crate::office::{Office, Order, STANDINGS};
use crate::record::TextV1;
use anmin_authz::authority::{Capacity, Named, Reach, RoleId};
use anmin_store::{Find, Id, table};
use schemars::JsonSchema;
use serde::Serialize;

/// A role that posts have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoleV1 {
    /// The role.
    pub role: String,
    /// What it is called.
    pub name: TextV1,
    /// What it is for.
    pub why: TextV1,
    /// The kinds of units with such posts.
    pub units: Vec<String>,
    /// What the unit must be on the tree; one of these.
    pub stands: Vec<String>,
    /// The lines of work its posts may have; none: it is tied to none.
    pub subjects: Vec<NameV1>,
    /// Whether its holder may delegate it for some days.
    pub delegable: bool,
    /// What its holder may do, each with how far that goes.
    pub allows: Vec<AllowedV1>,
    /// What its holder never does, whatever other post they hold.
    pub never: Vec<TextV1>,
}

/// A word of the table with its label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NameV1 {
    /// The word.
    pub name: String,
    /// What it is called.
    pub label: TextV1,
}

/// Something a role may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AllowedV1 {
    /// What.
    pub what: TextV1,
    /// To what: `area`, all in the area of the post; `assigned`, what is assigned by name; `anywhere`.
    pub reach: String,
    /// Whether the second factor is asked for each time.
    pub second_factor: bool,
}

/// What administrators choose from when they propose a post or make a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RolesV1 {
    /// The roles.
    pub roles: Vec<RoleV1>,
    /// The kinds of units, each with what its units may be on the tree.
    pub unit_kinds: Vec<UnitKindV1>,
}

/// A kind of unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UnitKindV1 {
    /// The kind.
    pub kind: String,
    /// What it is called.
    pub name: TextV1,
    /// What its units may be on the tree.
    pub stands: Vec<String>,
}

impl Office {
    /// The roles and kinds of units there are: a public table.
    pub fn roles(&self) -> RolesV1 {
        let parts = self.authority().parts();
        let posts = |role: &RoleId| parts.roles[role.0].capacity != Capacity::Resident;
        let kind = |kind: &anmin_authz::authority::UnitKind| UnitKindV1 {
            kind: kind.named.name.clone(),
            name: text(&kind.named),
            stands: words(&kind.stands),
        };
        RolesV1 {
            roles: (0..parts.roles.len()).map(RoleId).filter(posts).map(|role| self.role(role)).collect(),
            unit_kinds: parts.unit_kinds.iter().map(kind).collect(),
        }
    }

    fn role(&self, id: RoleId) -> RoleV1 {
        let parts = self.authority().parts();
        let role = &parts.roles[id.0];
        let mut allows: Vec<AllowedV1> = Vec::new();
        for permit in parts.permits.iter().filter(|permit| permit.role == id) {
            let reach = match permit.reach.first() {
                Some(Reach::Assigned) => "assigned",
                Some(Reach::Anywhere) => "anywhere",
                Some(Reach::Cooperation) => continue,
                _ => "area",
            };
            for action in &permit.actions {
                let action = &parts.actions[action.0];
                let what = plain(&action.named);
                if allows.iter().any(|known| known.what == what) {
                    continue;
                }
                let second_factor = action.conditions.contains(&anmin_authz::authority::Condition::StepUp);
                allows.push(AllowedV1 { what, reach: reach.into(), second_factor });
            }
        }
        let mut never: Vec<TextV1> = Vec::new();
        for forbid in parts.forbids.iter().filter(|forbid| forbid.roles.contains(&id)) {
            let why = TextV1 { zh: forbid.why.zh.clone(), en: forbid.why.en.clone() };
            if !never.contains(&why) {
                never.push(why);
            }
        }
        RoleV1 {
            role: role.named.name.clone(),
            name: text(&role.named),
            why: TextV1 { zh: role.why.zh.clone(), en: role.why.en.clone() },
            units: role.units.iter().map(|kind| parts.unit_kinds[kind.0].named.name.clone()).collect(),
            stands: words(&role.at),
            subjects: role.subjects.iter().map(|id| name(&parts.subjects[id.0])).collect(),
            delegable: role.delegable,
            allows,
            never,
        }
    }

    /// The caller's own posts that are not past, and what they have delegated of them.
    ///
    /// # Errors
    /// A fault.
    pub async fn own_posts(&self, order: &Order<'_>) -> Result<OwnPostsV1> {
        let scope = self.staff_scope(order, "post_delegate")?;
        let today = i64::from(order.now.on.days());
        let own = Id(order.caller.person.0);
        let find = |column| {
            Find::all(&table::POST).equal(column, own).equal("state", "approved").at_least("valid_to", today)
        };
        let rights = self.rights();
        let store = &self.inner.store;
        let mut lists = Vec::new();
        for column in ["person", "delegated_by"] {
            let rows =
                store.read_personal(&scope, super::ADMINISTRATION, order.now.at, &find(column)).await?;
            let line = |row: &anmin_store::Record| {
                let person = row.link("person").map(|id| anmin_authz::id::PersonId(id.0));
                let name = person.and_then(|person| rights.name_of(person)).map(str::to_owned);
                PostLineV1 { name, ..self.post_row(row, &rights) }
            };
            lists.push(rows.iter().map(line).collect::<Vec<PostLineV1>>());
        }
        let delegated = lists.pop().unwrap_or_default();
        Ok(OwnPostsV1 { posts: lists.pop().unwrap_or_default(), delegated })
    }
}

/// One's own posts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OwnPostsV1 {
    /// The posts one holds, or is to hold.
    pub posts: Vec<PostLineV1>,
    /// What one has delegated of them.
    pub delegated: Vec<PostLineV1>,
}

fn text(named: &Named) -> TextV1 {
    TextV1 { zh: named.zh.clone(), en: named.en.clone() }
}

/// The same without what the table says in brackets for whoever writes programs.
fn plain(named: &Named) -> TextV1 {
    let cut = |text: &str, marks: &[&str]| {
        let at = marks.iter().filter_map(|mark| text.find(mark)).min().unwrap_or(text.len());
        text[..at].trim_end().to_owned()
    };
    TextV1 { zh: cut(&named.zh, &["（about", "（unit"]), en: cut(&named.en, &["(`"]) }
}

fn name(named: &Named) -> NameV1 {
    NameV1 { name: named.name.clone(), label: text(named) }
}

fn words(standings: &[anmin_authz::authority::Standing]) -> Vec<String> {
    let found = STANDINGS.iter().filter(|(_, standing)| standings.contains(standing));
    found.map(|(word, _)| (*word).to_owned()).collect()
}
