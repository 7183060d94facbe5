//! Who may see and do what: one pure decision over posts, areas, duties and purposes, and the scope it leaves a store.
//! Main types: [`authority::Authority`], the table; [`decide::decide`], the answer; [`scope::Scope`], which every
//! reader of personal rows asks for and nobody but this crate makes. Whatever is not permitted is denied.
//! Must never know: rules, storage, YAML, HTTP, a clock, or any one service; the day and the moment are passed in.
//! Start with `authority.rs`, then `decide.rs`, then `scope.rs`.

pub mod actor;
pub mod area;
pub mod authority;
pub mod break_glass;
pub mod decide;
pub mod id;
pub mod mask;
pub mod post;
pub mod reason;
pub mod resource;
#[cfg(test)]
mod sample;
pub mod scope;
pub mod sensitivity;
pub mod separation;
pub mod visit;
