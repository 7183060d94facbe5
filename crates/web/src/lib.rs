//! The way in: pages for people, a JSON interface for programs, described by OpenAPI, and letters to print.
//!
//! Main types: [`Site`], an office behind a door; [`route::Route`], one thing that can be asked, with who may ask it,
//! what it takes and what it gives, as JSON or as a page (`page.rs`, `pages/`). The router, the description and the table of permissions are all made of the one
//! list in `routes.rs`. Must never know the engines, SQL or YAML; it asks [`Settings::clock`] what time it is. Start with
//! `routes.rs`, then `door.rs`: what happens to a request before and after its route.
mod answer;
mod asked;
mod assets;
mod door;
mod form;
mod guard;
mod language;
mod letter;
mod openapi;
mod page;
mod pages;
mod posted;
mod problem;
pub mod route;
mod routes;
mod site;
mod words;

pub use problem::ProblemV1;
pub use site::{Clock, Settings, Site, Unready};

use std::sync::Arc;

/// All routes there are; those of a demonstration only in one.
pub fn routes(demo: bool) -> Vec<Arc<route::Route>> {
    routes::list(demo).into_iter().map(Arc::new).collect()
}

/// The description of routes in OpenAPI, as it is served, with the purposes for which records are looked into.
pub fn description(routes: &[Arc<route::Route>], purposes: &[String]) -> Vec<u8> {
    serde_json::to_vec(&openapi::document(routes, purposes)).unwrap_or_default()
}
