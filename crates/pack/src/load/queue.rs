//! `queues.yaml` of the shared pack: the tabs of the list of work.

use super::Build;
use crate::finding::Finding;
use crate::library::{Failure, Library};
use crate::names::well_formed;
use crate::queue::{MARKS, Queue, QueueColumn, QueueFilter, QueueOrder};
use crate::yaml::{Fields, Key, Node};
use anmin_authz::authority::Authority;

const FILE: &str = "packs/shared/queues.yaml";
/// More tabs than this nobody reads across a screen.
const MOST: usize = 20;
const KEYS: [&str; 6] = ["for", "filter", "columns", "order", "zh", "en"];
const FILTER: [&str; 5] = ["mine", "unassigned", "open", "mark", "waits_for"];

/// See [`Library::queues`].
pub(crate) fn read(library: &Library, authority: &Authority) -> Result<Vec<Queue>, Failure> {
    let mut build = Build::new(library);
    let mut queues = Vec::new();
    match build.yaml(FILE, false) {
        Some(node) => queues = build.queues(&node, authority),
        None if !build.broken => {
            let place = build.folder_place(FILE);
            build.error(
                place,
                "没有这个文件：须写明待办分几类",
                "is missing: it says which tabs the list of work has",
            );
        }
        None => {}
    }
    if build.has_errors() { Err(build.failure()) } else { Ok(queues) }
}

impl Build {
    fn queues(&mut self, node: &Node, authority: &Authority) -> Vec<Queue> {
        let fields = Fields::of(node, &["queues"], &mut self.findings);
        let entries = match fields.required("queues", &mut self.findings) {
            Some(_) => fields.names("queues", &mut self.findings),
            None => return Vec::new(),
        };
        let queues: Vec<Queue> = entries.iter().map(|entry| self.queue(entry, authority)).collect();
        if queues.is_empty() || queues.len() > MOST {
            self.error(
                node.place,
                format!("待办分类应有 1 至 {MOST} 个"),
                format!("there are 1 to {MOST} tabs"),
            );
        }
        if !queues.is_empty() && queues.iter().all(|queue| queue.duties.is_some()) {
            self.error(
                node.place,
                "至少要有一类 for: all，否则有的岗位没有待办",
                "at least one tab is for: all, or some posts have no list at all",
            );
        }
        queues
    }

    fn queue(&mut self, (key, node): &(Key, Node), authority: &Authority) -> Queue {
        well_formed(&key.text, key.place, &mut self.findings);
        let fields = Fields::of(node, &KEYS, &mut self.findings);
        let label = fields.label(&mut self.findings);
        let all = fields.texts("for", &mut self.findings).first().is_some_and(|(text, _)| *text == "all");
        fields.required("for", &mut self.findings);
        let duties = (!all).then(|| self.duties(&fields, "for", authority));
        let order = fields.choice("order", &QueueOrder::ALL, &mut self.findings);
        if order.is_none() && !fields.has("order") {
            fields.required("order", &mut self.findings);
        }
        Queue {
            name: key.text.clone(),
            label,
            duties,
            filter: self.queue_filter(&fields, authority),
            columns: self.queue_columns(&fields),
            order: order.unwrap_or(QueueOrder::Due),
        }
    }

    fn duties(&mut self, fields: &Fields<'_>, key: &str, authority: &Authority) -> Vec<String> {
        let rows = &authority.parts().duties;
        let known: Vec<&str> = rows.iter().map(|duty| duty.name.as_str()).collect();
        let mut duties: Vec<String> = Vec::new();
        for (text, place) in fields.texts(key, &mut self.findings) {
            if !known.contains(&text) {
                self.findings.push(Finding::unknown(place, ("环节职责", "duty called"), text, &known));
            } else if duties.iter().any(|duty| duty == text) {
                self.error(place, format!("{text} 写了两次"), format!("{text} is given twice"));
            } else {
                duties.push(text.to_owned());
            }
        }
        duties
    }

    fn queue_filter(&mut self, fields: &Fields<'_>, authority: &Authority) -> QueueFilter {
        let Some(filter) = fields.map("filter", &FILTER, &mut self.findings) else {
            fields.required("filter", &mut self.findings);
            return QueueFilter::default();
        };
        let mut flag = |key: &str| filter.flag(key, &mut self.findings).unwrap_or(false);
        let (mine, unassigned, open) = (flag("mine"), flag("unassigned"), flag("open"));
        if mine && unassigned {
            self.error(
                filter.place(),
                "mine 和 unassigned 不能同时要求：没有案件会列出",
                "mine and unassigned exclude each other: no case would be listed",
            );
        }
        let mark = filter.choice("mark", &MARKS, &mut self.findings);
        QueueFilter { mine, unassigned, open, mark, waits_for: self.duties(&filter, "waits_for", authority) }
    }

    fn queue_columns(&mut self, fields: &Fields<'_>) -> Vec<QueueColumn> {
        let known: Vec<&str> = QueueColumn::ALL.iter().map(|(name, _)| *name).collect();
        let mut columns = Vec::new();
        fields.required("columns", &mut self.findings);
        for (text, place) in fields.texts("columns", &mut self.findings) {
            match QueueColumn::named(text) {
                None => self.findings.push(Finding::unknown(place, ("列", "column called"), text, &known)),
                Some(column) if columns.contains(&column) => {
                    self.error(place, format!("{text} 写了两次"), format!("{text} is given twice"));
                }
                Some(column) => columns.push(column),
            }
        }
        // The number is the link to the case.
        if fields.has("columns") && !columns.contains(&QueueColumn::Number) {
            let place = fields.get("columns").map_or(fields.place(), |node| node.place);
            self.error(
                place,
                "columns 中要有 number：案件由它打开",
                "columns has number among them: the case is opened by it",
            );
        }
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::{env, fs, process};

    /// The findings of the shared file with one part replaced, in English.
    fn findings(from: &str, to: &str) -> Vec<String> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let here = env::var_os("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into());
        let packs = std::path::Path::new(&here).join("../../packs/shared");
        let text = fs::read_to_string(packs.join("queues.yaml")).expect("the queues");
        assert!(from.is_empty() || text.matches(from).count() == 1, "{from}");
        let name = format!("anmin-queues-{}-{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let root = env::temp_dir().join(name);
        let shared = root.join("packs/shared");
        fs::create_dir_all(&shared).expect("made");
        for file in ["service.yaml", "authority.yaml"] {
            fs::copy(packs.join(file), shared.join(file)).expect("copied");
        }
        let text = if from.is_empty() { text } else { text.replace(from, to) };
        fs::write(shared.join("queues.yaml"), text).expect("written");
        let library = Library::open(&root).expect("a library");
        let authority = library.authority().expect("the table");
        let found = library.queues(&authority);
        fs::remove_dir_all(&root).expect("removed");
        match found {
            Ok(queues) => queues.iter().map(|queue| format!("ok {}", queue.name)).collect(),
            Err(failure) => failure.findings.iter().map(|finding| finding.en.clone()).collect(),
        }
    }

    #[test]
    fn the_queues_are_read_in_their_order() {
        let read = findings("", "");
        assert_eq!((read.first().map(String::as_str), read.len()), (Some("ok mine"), 11), "{read:?}");
        assert_eq!(read.last().map(String::as_str), Some("ok all"));
    }

    #[test]
    fn whatever_is_wrong_is_told_with_what_is_allowed() {
        for (from, to, expected) in [
            ("    for: [review]", "    for: [reviews]", "duty called"),
            ("{waits_for: [review]}", "{waits_for: [nobody]}", "duty called"),
            ("{mark: overdue}", "{mark: late}", "amber, red, overdue"),
            ("{mine: true}", "{mine: true, unassigned: true}", "exclude each other"),
            ("{mine: true}", "{mine: yes}", "true or false"),
            (
                "columns: [number, name, village, state, due, received, holder]\n    order: received",
                "columns: [name]\n    order: received",
                "opened by it",
            ),
            ("order: received", "order: name", "due, received, latest"),
            ("  mine:\n", "  Mine:\n", "malformed"),
            ("    zh: 待我办理\n", "", "zh is missing"),
            ("{unassigned: true, open: true}", "{opened: true}", "key"),
        ] {
            let found = findings(from, to);
            assert!(found.iter().any(|line| line.contains(expected)), "{from}: {found:?}");
        }
    }
}
