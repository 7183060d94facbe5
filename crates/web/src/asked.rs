//! A request that has come through the door: who asks, for what, and when.

use crate::guard::Look;
use crate::posted::Posted;
use crate::problem::Problem;
use crate::site::Site;
use anmin_app::deployment::{Id, Moment};
use anmin_app::office::{Caller, Now, Office, Order};

use anmin_base::document::Lang;
use axum::http::HeaderMap;
use std::net::IpAddr;
use std::sync::Arc;

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub site: Site,
    pub now: Now,
    pub lang: Lang,
    /// Where it comes from; none where that is not known.
    pub from: Option<IpAddr>,
    /// Who has signed in. Routes that are not public always have somebody.
    pub who: Option<Who>,
    /// The headers, for the cookies in them.
    pub cookies: HeaderMap,
    /// What stands in the braces of the route's path.
    pub path: Vec<(String, String)>,
    /// Why personal records are looked into.
    pub purpose: Option<String>,
    /// Where they are: the path and query of a page.
    pub address: String,
    /// The command the route's key is made for, where it is always the same.
    pub command: Option<&'static str>,
    /// The name of the site as the browser has it; none where it did not say.
    pub host: Option<String>,
    /// How pages are to look, as cookies say.
    pub look: Look,
    /// Whether what is sent back may be packed.
    pub gzip: bool,
    /// The form of a page.
    pub form: Option<Arc<Posted>>,
    /// Why the form was not let through the door: it is shown again with that.
    pub stopped: Option<Box<Problem>>,
    /// What the same request was answered before.
    pub earlier: Option<Vec<u8>>,
    /// The key of the request, and what it stands for: the caller, the route's address and the body.
    pub request: Option<(String, Vec<u8>)>,
}

/// Who has signed in, and with which token.
#[derive(Clone, Debug)]
pub(crate) struct Who {
    pub caller: Caller,
    pub token: String,
    /// Whether the token came in a cookie, and a new one goes back so.
    pub cookie: bool,
}

impl Asked {
    pub fn office(&self) -> &Office {
        &self.site.inner.office
    }

    pub fn at(&self) -> Moment {
        self.now.at
    }

    pub fn who(&self) -> Result<&Who, Problem> {
        self.who.as_ref().ok_or_else(Problem::sign_in)
    }

    pub fn caller(&self) -> Result<&Caller, Problem> {
        Ok(&self.who()?.caller)
    }

    /// The request as `app` takes it.
    pub fn order(&self) -> Result<Order<'_>, Problem> {
        Ok(Order {
            caller: self.caller()?,
            now: self.now,
            purpose: self.purpose.as_deref(),
            request: self.request.as_ref().map(|(key, body)| (key.as_str(), body.as_slice())),
        })
    }

    /// What stands in these braces of the path.
    pub fn text(&self, name: &str) -> &str {
        let found = self.path.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, text)| text.as_str())
    }

    /// The identifier in these braces. The door has looked at its form.
    pub fn id(&self, name: &str) -> Result<Id, Problem> {
        Id::parse(self.text(name)).ok_or_else(Problem::not_found)
    }

    /// The number in these braces.
    pub fn number(&self, name: &str) -> Result<u32, Problem> {
        self.text(name).parse().map_err(|_| Problem::not_found())
    }
}
