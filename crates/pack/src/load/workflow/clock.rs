//! Clocks.
use super::super::Build;
use super::{Draft, cited, label};
use crate::load::ALWAYS;
use crate::yaml::{Fields, Key, Node};
use anmin_casework::check::At;
use anmin_casework::workflow::{ClockRule, Extension, Ground, Named, Setting};

impl Build {
    pub(super) fn course_clocks(&mut self, fields: &Fields<'_>, draft: &mut Draft, rank: u32) {
        for (key, node) in fields.names("clocks", &mut self.findings) {
            draft.places.insert(At::Clock(key.text.clone()), key.place);
            let clock = self.course_clock(key, node, draft, rank);
            draft.definition.all.clocks.extend(clock);
        }
    }

    fn course_clock(&mut self, key: &Key, node: &Node, draft: &mut Draft, rank: u32) -> Option<ClockRule> {
        let allowed = [
            "when",
            "working",
            "calendar",
            "months",
            "rolls",
            "restarts",
            "starts",
            "stops",
            "given",
            "amber",
            "red",
            "tells",
            "extended",
            "suspended_by",
            "zh",
            "en",
            "law",
            "unverified",
        ];
        let fields = Fields::of(node, &allowed, &mut self.findings);
        let named = self.named("clocks", key, &fields, draft);
        let (unit, limit) = self.period(&fields)?;
        // Where others give the days, they cite the article as well.
        let law = match limit {
            Some(_) => self.required_law(&fields, ("这个期限", "this clock")),
            None => self.law(&fields),
        };
        let law = cited(law);
        let unverified = fields.flag("unverified", &mut self.findings).unwrap_or(false);
        if let Some(value) = limit {
            let setting = Setting { rank, from: ALWAYS, value, law: law.clone(), unverified };
            draft.definition.limits.entry(key.text.clone()).or_default().push(setting);
        }
        let number = |build: &mut Self, key: &str| match fields.has(key) {
            true => build.days(&fields, key, 0).unwrap_or(0),
            false => 0,
        };
        Some(ClockRule {
            named,
            when: self.when(&fields),
            unit,
            limit: None,
            rolls: fields.flag("rolls", &mut self.findings).unwrap_or(false),
            restarts: fields.flag("restarts", &mut self.findings).unwrap_or(false),
            starts: self.list(&fields, "starts"),
            stops: self.list(&fields, "stops"),
            given: fields.get("given").map(|n| self.verdicts_of(n)).unwrap_or_default(),
            amber: number(self, "amber"),
            red: number(self, "red"),
            tells: fields.text("tells", &mut self.findings).map(str::to_owned),
            extension: self.extension(&fields),
            suspensions: self.grounds(fields.names("suspended_by", &mut vec![])),
            law,
        })
    }

    fn extension(&mut self, fields: &Fields<'_>) -> Option<Extension> {
        let fields = fields.map("extended", &["limit", "letter", "by", "reasons"], &mut self.findings)?;
        let limit = self.days(&fields, "limit", 1);
        let letter = fields.required_text("letter", &mut self.findings);
        let by = self.list(&fields, "by");
        let entries = fields.names("reasons", &mut self.findings);
        let reasons = self.grounds(entries);
        Some(Extension { limit: limit?, reasons, letter: letter?.to_owned(), by })
    }

    /// Coded reasons, each with its article.
    fn grounds(&mut self, entries: &[(Key, Node)]) -> Vec<Ground> {
        let mut grounds = vec![];
        for (key, node) in entries {
            let fields = Fields::of(node, &["zh", "en", "law"], &mut self.findings);
            let named = Named { name: key.text.clone(), label: label(fields.label(&mut self.findings)) };
            let law = cited(self.required_law(&fields, ("这个理由", "this reason")));
            grounds.push(Ground { named, law });
        }
        grounds
    }
}
