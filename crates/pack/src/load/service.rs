//! `service.yaml`: what the service is.
use super::Build;
use super::folder::PackFiles;
use crate::library::{Needed, Record, RulesOn, Service, ServiceKind};
use crate::yaml::Fields;

const KEYS: [&str; 15] = [
    "name",
    "kind",
    "about",
    "imports",
    "legal_basis",
    "rules_on",
    "in_force",
    "who_may_apply",
    "channels",
    "statutory_days",
    "deciding_role",
    "subject",
    "sensitivity",
    "record",
    "data",
];
const KINDS: [(&str, ServiceKind); 5] = [
    ("grant", ServiceKind::Grant),
    ("registration", ServiceKind::Registration),
    ("care", ServiceKind::Care),
    ("follow-up", ServiceKind::FollowUp),
    ("matter", ServiceKind::Matter),
];
const RULES_ON: [(&str, RulesOn); 2] =
    [("application", RulesOn::Application), ("decision", RulesOn::Decision)];
const SENSITIVITIES: [(&str, u8); 5] = [("P0", 0), ("P1", 1), ("P2", 2), ("P3", 3), ("P4", 4)];
const RECORDS: [(&str, Record); 2] = [("record", Record::Record), ("mirror", Record::Mirror)];

impl Build {
    pub(super) fn service(&mut self, files: &PackFiles) -> Option<Service> {
        let fields = Fields::of(&files.service, &KEYS, &mut self.findings);
        for key in ["name", "kind", "about", "legal_basis", "rules_on"] {
            fields.required(key, &mut self.findings);
        }
        let out = &mut self.findings;
        let (name, about) = (fields.label_at("name", out), fields.label_at("about", out));
        let who_may_apply = fields.label_at("who_may_apply", out);
        let (kind, rules_on) =
            (fields.choice("kind", &KINDS, out), fields.choice("rules_on", &RULES_ON, out));
        let record = fields.choice("record", &RECORDS, out);
        let owned = |texts: Vec<(&str, _)>| texts.into_iter().map(|(text, _)| text.to_owned()).collect();
        // Unknown imports were reported when the imports were read.
        let imports = owned(fields.texts("imports", &mut vec![]));
        let channels = owned(fields.texts("channels", out));
        let deciding_role = fields.text("deciding_role", out).map(str::to_owned);
        let subject = fields.text("subject", out).map(str::to_owned);
        // What nobody has labelled is sealed.
        let sensitivity = fields.choice("sensitivity", &SENSITIVITIES, out).unwrap_or(4);
        let in_force = fields.map("in_force", &["from", "to"], out);
        let (from, to) = in_force.map_or((None, None), |fields| self.span(&fields));
        let statutory_days = self.statutory_days(&fields);
        let legal_basis = self.citations(&fields, "legal_basis");
        let data = self.needed(&fields);
        Some(Service {
            name: name?,
            about: about?,
            kind: kind?,
            imports,
            legal_basis,
            rules_on: rules_on?,
            from,
            to,
            who_may_apply,
            channels,
            statutory_days,
            deciding_role,
            subject,
            sensitivity,
            record,
            data,
            place: files.service.place,
        })
    }

    fn statutory_days(&mut self, fields: &Fields<'_>) -> Option<u32> {
        let days = fields.whole("statutory_days", &mut self.findings)?;
        let days = u32::try_from(days).ok().filter(|days| *days > 0);
        if let (None, Some(node)) = (days, fields.get("statutory_days")) {
            self.findings.push(node.expected("天数（大于 0）", "a number of days above 0"));
        }
        days
    }

    /// `data:` a list of `{fact, why}`.
    fn needed(&mut self, fields: &Fields<'_>) -> Vec<Needed> {
        let mut needed = vec![];
        for node in fields.list("data", &mut self.findings).unwrap_or_default() {
            let fields = Fields::of(node, &["fact", "why"], &mut self.findings);
            let path = fields.required_text("fact", &mut self.findings);
            fields.required("why", &mut self.findings);
            let why = fields.label_at("why", &mut self.findings);
            let place = fields.get("fact").map_or(node.place, |n| n.place);
            let fact = path.and_then(|path| self.fact(path, place));
            if let (Some(fact), Some(why)) = (fact, why) {
                needed.push(Needed { fact, why });
            }
        }
        needed
    }
}
