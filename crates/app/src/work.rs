//! The list of work as somebody has it: the filters they named, how their list looks, what they take out of it as a
//! spreadsheet, and one step for several cases.

mod bulk;
mod export;
mod views;

pub use bulk::{BulkFormV1, BulkOfferV1, BulkV1, BulkWantV1, MOST_CHOSEN};
pub use export::{MOST_LINES, column_words, columns};
pub use views::{KeptFilterV1, LayoutV1, NewFilterV1, ViewsV1};
