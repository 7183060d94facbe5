//! Properties of money: whatever happens in whatever order, nobody is paid twice, and nothing is lost.
mod months;
mod table;
