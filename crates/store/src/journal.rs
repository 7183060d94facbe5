//! The journal is evidence beside the state: one event a command, chained by stream; a sealer puts every event and
//! every access row under signed checkpoints of one growing Merkle tree (the hashing of RFC 6962) and copies them to a
//! witness. Whoever has an export and the public key can check it offline; whoever has the database and the keys can
//! also check that each row is what its last event says.

pub mod event;
pub mod export;
pub mod merkle;
pub mod sealer;
pub mod state;
pub mod verify;
