//! The table that is in force, tried out whole.
mod matrix;
mod oracle;
mod properties;
mod table;
mod world;
