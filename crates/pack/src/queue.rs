//! The tabs of the list of work: `queues.yaml` of the shared pack. Which cases wait for whom follows from the courses of the
//! services; this says only how they are put together, and for whom.

use anmin_casework::workflow::Name;
use anmin_rules::model::Label;

/// A tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Its name, for addresses.
    pub name: Name,
    /// What it is called.
    pub label: Label,
    /// Whoever has a post with one of these duties has it; none: everybody.
    pub duties: Option<Vec<Name>>,
    /// Which cases it lists.
    pub filter: QueueFilter,
    /// The columns it begins with.
    pub columns: Vec<QueueColumn>,
    /// In which order.
    pub order: QueueOrder,
}

/// Which cases: all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueFilter {
    /// Only what is the caller's to take on.
    pub mine: bool,
    /// Only what nobody has to take on.
    pub unassigned: bool,
    /// Only what is under way: some step leads on from its state.
    pub open: bool,
    /// Only with a clock that near, or nearer: `amber`, `red`, `overdue`.
    pub mark: Option<&'static str>,
    /// Only in states from which a step of one of these duties leads on; of none, in any.
    pub waits_for: Vec<Name>,
}

/// How near a clock is.
pub const MARKS: [(&str, &str); 3] = [("amber", "amber"), ("red", "red"), ("overdue", "overdue")];

/// A column of a list of cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QueueColumn {
    /// The number people call the case by.
    Number,
    /// The applicant, as far as they may be seen.
    Name,
    /// The area answerable for it.
    Village,
    /// The area above that, of the unit that accepts it.
    Township,
    /// The service.
    Service,
    /// Its state.
    State,
    /// The clock that is due first.
    Due,
    /// The day it was handed in.
    Received,
    /// Whose it is to take on.
    Holder,
    /// The unit that accepts it.
    Unit,
}

impl QueueColumn {
    /// All, with their names in `queues.yaml`, in the order in which they are offered.
    pub const ALL: [(&'static str, QueueColumn); 10] = [
        ("number", QueueColumn::Number),
        ("name", QueueColumn::Name),
        ("township", QueueColumn::Township),
        ("village", QueueColumn::Village),
        ("service", QueueColumn::Service),
        ("state", QueueColumn::State),
        ("due", QueueColumn::Due),
        ("received", QueueColumn::Received),
        ("holder", QueueColumn::Holder),
        ("unit", QueueColumn::Unit),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        QueueColumn::ALL.iter().find(|(_, column)| *column == self).map_or("", |(name, _)| name)
    }

    /// The column of that name.
    pub fn named(name: &str) -> Option<QueueColumn> {
        QueueColumn::ALL.iter().find(|(known, _)| *known == name).map(|(_, column)| *column)
    }
}

/// In which order a list comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueOrder {
    /// What is due first.
    Due,
    /// What was handed in first.
    Received,
    /// What was handed in last.
    Latest,
}

impl QueueOrder {
    /// All, with their names in `queues.yaml`.
    pub const ALL: [(&'static str, QueueOrder); 3] =
        [("due", QueueOrder::Due), ("received", QueueOrder::Received), ("latest", QueueOrder::Latest)];

    /// Its name.
    pub fn name(self) -> &'static str {
        QueueOrder::ALL.iter().find(|(_, order)| *order == self).map_or("", |(name, _)| name)
    }
}
