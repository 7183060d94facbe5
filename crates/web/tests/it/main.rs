//! The interface as a program meets it: over a socket, with a database of its own for each test, on SQLite and, where
//! there is a server, on PostgreSQL.
mod applying;
mod client;
mod description;
mod doors;
mod journal;
mod journey;
mod pages;
mod permissions;
mod requests;
mod sessions;
mod world;
