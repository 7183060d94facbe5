//! The facts of a case side by side: declared, checked, visited, with source and day, differences marked.

use super::view::named;
use crate::words::Words;
use anmin_app::case::SeenCaseV1;
use anmin_app::facts::{CellV1, ComparedRowV1, ComparedV1};

/// The table.
#[derive(Clone, Debug)]
pub(super) struct Compared {
    pub differing: usize,
    /// Those that differ, whose they are before each.
    pub first: Vec<Row>,
    pub count: usize,
    pub groups: Vec<Group>,
}

/// The facts of one person or the household.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub name: String,
    pub rows: Vec<Row>,
}

/// A fact.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub label: String,
    pub cells: Vec<Cell>,
    pub differs: bool,
}

/// What one of them says.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub value: String,
    pub more: String,
}

pub(super) fn table(t: Words, seen: &SeenCaseV1, compared: &ComparedV1) -> Compared {
    let mut groups: Vec<Group> = Vec::new();
    let mut whose: Option<Option<&String>> = None;
    for row in &compared.rows {
        if whose != Some(row.person.as_ref()) {
            whose = Some(row.person.as_ref());
            let name = match &row.person {
                Some(person) => named(t, seen, person),
                None => t.text("case-household").to_string(),
            };
            groups.push(Group { name, rows: Vec::new() });
        }
        if let Some(group) = groups.last_mut() {
            group.rows.push(Row {
                label: t.of(&row.label).to_owned(),
                cells: [&row.declared, &row.checked, &row.visited]
                    .into_iter()
                    .map(|cell| one(t, row, cell.as_ref()))
                    .collect(),
                differs: row.differs,
            });
        }
    }
    // What differs is what one looks for.
    for group in &mut groups {
        group.rows.sort_by_key(|row| !row.differs);
    }
    Compared {
        first: groups
            .iter()
            .flat_map(|group| {
                let differs = group.rows.iter().filter(|row| row.differs);
                differs.map(|row| Row {
                    label: t
                        .text("case-whose")
                        .arg("whose", group.name.as_str())
                        .arg("fact", row.label.as_str())
                        .to_string(),
                    ..row.clone()
                })
            })
            .collect(),
        differing: compared.rows.iter().filter(|row| row.differs).count(),
        count: compared.rows.len(),
        groups,
    }
}

fn one(t: Words, row: &ComparedRowV1, cell: Option<&CellV1>) -> Cell {
    let Some(cell) = cell else { return Cell { value: String::new(), more: String::new() } };
    let value = match (&cell.word, &cell.value) {
        (Some(word), _) => t.of(word).to_owned(),
        (None, Some(value)) => value_text(t, row.kind, value),
        (None, None) => t.text("case-hidden").to_string(),
    };
    let named = cell.named.clone().map(|source| {
        let key = format!("case-source-{source}");
        if t.has(&key) { t.text(key).to_string() } else { source }
    });
    let key = format!("case-source-{}", cell.source);
    let source = named.or_else(|| t.has(&key).then(|| t.text(key).to_string()));
    let more: Vec<String> = source.into_iter().chain(cell.as_of.clone()).collect();
    Cell { value, more: more.join(" ") }
}

/// A value as people read it.
pub(super) fn value_text(t: Words, kind: &str, value: &str) -> String {
    match (kind, value) {
        ("flag", "true") => t.text("case-yes").to_string(),
        ("flag", "false") => t.text("case-no").to_string(),
        ("money", value) => match value.parse::<anmin_base::money::Money>() {
            Ok(money) => t.text("case-yuan").arg("amount", money.to_string()).to_string(),
            Err(_) => value.to_owned(),
        },
        ("date", value) => t.day(value),
        (_, value) => value.to_owned(),
    }
}
