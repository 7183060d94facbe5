//! What is asked at the door, before anything of a request is read: whether its caller may do such a thing at all,
//! what was answered before, whether the office is well. What they may do it to is decided later, with the thing
//! on the table.

use crate::error::{Error, Kind, Refusal, Result};
use crate::office::{Caller, Now, Office, Order};
use crate::staff::PostLineV1;
use anmin_authz::authority::{ActionId, Capacity};
use anmin_authz::reason::Reason;
use anmin_store::{Id, Moment};
use schemars::JsonSchema;
use serde::Serialize;

/// Who is signed in.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WhoV1 {
    /// The person.
    pub person: String,
    /// Their name.
    pub name: String,
    /// `staff`, `resident` or `interface`.
    pub capacity: String,
    /// Whether the second factor was shown so lately that what asks for it can be done.
    pub stepped_up: bool,
    /// Their posts in force.
    pub posts: Vec<PostLineV1>,
}

impl Caller {
    /// Whether they ask in their own affairs.
    pub fn is_resident(&self) -> bool {
        self.capacity == Capacity::Resident
    }

    /// The person, as rows name them.
    pub fn person_id(&self) -> Id {
        Id(self.person.0)
    }
}

impl Office {
    /// Whether the caller may do one of these actions, to whatever.
    ///
    /// # Errors
    /// They may not, for the reason that is nearest to a yes; there is no such purpose; or the table has no such action.
    pub fn may_any(&self, caller: &Caller, actions: &[&str], purpose: Option<&str>, now: Now) -> Result<()> {
        let actions: Result<Vec<ActionId>> = actions.iter().map(|name| self.action(name)).collect();
        self.one_of(caller, actions?.into_iter(), purpose, now)
    }

    /// Whether the caller may give any of the commands that cases have.
    ///
    /// # Errors
    /// They may not; or there is no such purpose.
    pub fn may_work(&self, caller: &Caller, purpose: Option<&str>, now: Now) -> Result<()> {
        self.one_of(caller, crate::permissions::in_cases(self.authority()), purpose, now)
    }

    /// Whether the caller may take this step of this case, their rights and the step alone considered.
    ///
    /// # Errors
    /// There is no such case for them; they may not take such a step; or a fault.
    pub async fn may_take(&self, order: &Order<'_>, case: Id, step: &str) -> Result<()> {
        let workflow = self.course_of(case).await?;
        // A step that is not there is told with the body, by whoever reads it.
        let Some(found) = workflow.step(step) else {
            return self.may_work(order.caller, order.purpose, order.now);
        };
        match self.ways(order, &workflow, &found.by, found.act.name(), None) {
            Ok(_) => Ok(()),
            Err(error) => Err(self.unless_unseen(order, case, error).await),
        }
    }

    fn one_of(
        &self,
        caller: &Caller,
        actions: impl Iterator<Item = ActionId>,
        purpose: Option<&str>,
        now: Now,
    ) -> Result<()> {
        let mut nearest = None;
        for action in actions {
            match self.scope(caller, action, purpose, now) {
                Ok(_) => return Ok(()),
                // A reason one can act on is nearer than that one may not.
                Err(Error::Refusal(refusal)) if refusal.code == "not_permitted" => {
                    nearest.get_or_insert(Error::Refusal(refusal));
                }
                Err(error) => nearest = Some(error),
            }
        }
        Err(nearest.unwrap_or_else(|| Error::denied(&Reason::NotPermitted, self.authority())))
    }

    /// Who the caller is, for themself.
    ///
    /// # Errors
    /// A fault.
    pub async fn who(&self, caller: &Caller, now: Now) -> Result<WhoV1> {
        let capacity = match caller.capacity {
            Capacity::Staff => "staff",
            Capacity::Resident => "resident",
            Capacity::Interface => "interface",
        };
        Ok(WhoV1 {
            person: caller.person_id().to_string(),
            name: self.own_name(caller.person, now).await?,
            capacity: capacity.into(),
            stepped_up: self.is_stepped_up(caller, now),
            posts: self.posts_in_force(caller.person, now),
        })
    }

    /// The result of a request with this key and body that was carried out before, whatever has happened since.
    ///
    /// # Errors
    /// The key was used for something else; or a fault.
    pub async fn earlier(&self, key: &str, body: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(self.inner.store.earlier(key, body).await?)
    }

    /// A key for one request of this command.
    ///
    /// # Errors
    /// No command has such a name.
    pub fn request_key(&self, command: &str) -> Result<String> {
        let named = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if command.is_empty() || command.len() > 64 || !command.chars().all(named) {
            return Err(Refusal::new(
                Kind::Invalid,
                "no_such_command",
                "没有这样的命令名。",
                "No command has such a name.",
            )
            .next("各接口的说明写有命令名。", "The description of each route names its command.")
            .into());
        }
        Ok(self.inner.store.request_key(command))
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn is_well(&self, at: Moment) -> Result<()> {
        self.inner.store.sessions().find("", at).await?;
        Ok(())
    }
}

impl Office {
    /// Signs a person of a demonstration in, by their identifier.
    ///
    /// # Errors
    /// As [`Office::demo_sign_in`].
    pub async fn demo_persona(&self, person: Id, now: Now) -> Result<crate::staff::SignedInV1> {
        self.demo_sign_in(anmin_authz::id::PersonId(person.0), now).await
    }
}
