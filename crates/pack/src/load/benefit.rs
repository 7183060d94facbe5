//! `benefit.yaml`: what a service pays; `funds.yaml` and `bank.yaml` of the shared packs: from what, and by which file.
//!
//! The service declares. A region only sets days, months and the bank's file, each with its article.

mod bank;

use super::folder::PackFiles;
use super::region::RegionFiles;
use super::{ALWAYS, Build};
use crate::benefit::{BankFile, BenefitSheet, First, FundMeta};
use crate::finding::{Finding, Severity};
use crate::names::well_formed;
use crate::workflow::Course;
use crate::yaml::{Fields, Node};
use anmin_base::rate::Rounding;
use anmin_casework::workflow::{Citation as Cited, Setting};
use anmin_ledger::account::{Fund, Origin};
use anmin_ledger::benefit::{ChangeMonth, Component, FirstMonth, PayeeKind, Proration, Rhythm};
use anmin_ledger::cycle::{CycleRule, DayRule, Shift};
use anmin_rules::model::{Label, Per, Type, VariableId};

const KEYS: [&str; 13] = [
    "documents",
    "fund",
    "rhythm",
    "first_month",
    "raised_from",
    "ended_from",
    "cycle",
    "proration",
    "components",
    "rounding",
    "persons",
    "payees",
    "law",
];
/// What a region may set.
const SETTINGS: [&str; 7] = [
    "documents",
    "first_month",
    "raised_from",
    "ended_from",
    "township_closing",
    "county_closing",
    "pay_day",
];
/// The days of a cycle.
const DAYS: [&str; 3] = ["township_closing", "county_closing", "pay_day"];
const PRORATIONS: [(&str, Proration); 4] = [
    ("whole", Proration::Whole),
    ("days_down", Proration::ByDays(Rounding::Floor)),
    ("days_up", Proration::ByDays(Rounding::Ceil)),
    ("days_nearest", Proration::ByDays(Rounding::HalfUp)),
];
/// A day of the month.
const LAST_DAY: i64 = 31;
/// How far from the month paid for a day may lie.
const MONTHS_AWAY: i64 = 2;

impl Build {
    /// What a service pays, in a region; none where it pays nothing, or the file is unsound.
    pub(super) fn benefit(
        &mut self,
        own: &PackFiles,
        imports: &[PackFiles],
        chain: &[RegionFiles],
        course: Option<&Course>,
        packs: &[String],
    ) -> Option<BenefitSheet> {
        let before = self.findings.len();
        let funds = self.funds(imports, packs);
        let banks = self.banks(imports);
        let Some(node) = &own.benefit else {
            for node in chain.iter().filter_map(RegionFiles::benefit) {
                self.error(
                    node.place,
                    format!("{} 没有 benefit.yaml，没有可以设定的", own.name),
                    format!("{} has no benefit.yaml, so there is nothing to set", own.name),
                );
            }
            return None;
        };
        let fields = Fields::of(node, &[&KEYS[..], &["bank"]].concat(), &mut self.findings);
        self.documents(&fields);
        let fund = self.named_fund(&fields, own, &funds);
        let label = own.service.get("name").map(|node| Fields::open(node, &mut vec![]).label(&mut vec![]));
        let rhythm = self.required_choice(&fields, "rhythm", &Rhythm::ALL);
        let proration = self.required_choice(&fields, "proration", &PRORATIONS);
        let components = self.components(&fields);
        let rounding = self.rounding(&fields, &components);
        let persons = self.persons_output(&fields);
        let payees = self.payees(&fields);
        let law = self.required_law(&fields, ("这项待遇", "this benefit"));
        let cycle = fields.map("cycle", &DAYS, &mut self.findings);
        if cycle.is_none() {
            fields.required("cycle", &mut self.findings);
        }
        let mut sheet = BenefitSheet {
            programme: own.name.clone(),
            label: label.unwrap_or_default(),
            fund: fund?,
            rhythm: rhythm?,
            first: vec![],
            raised: vec![],
            ended: vec![],
            days: [vec![], vec![], vec![]],
            proration: proration?,
            components,
            rounding: rounding?,
            persons,
            payees,
            bank: vec![],
            law,
            place: node.place,
        };
        for key in ["first_month", "raised_from", "ended_from", "bank"] {
            fields.required(key, &mut self.findings);
        }
        self.settings_of(&fields, &mut sheet, &banks, course, 0);
        if let Some(cycle) = &cycle {
            for key in DAYS {
                cycle.required(key, &mut self.findings);
            }
            self.days_of(cycle, &mut sheet, 0);
        }
        for (rank, region) in chain.iter().enumerate() {
            let Some(node) = region.benefit() else { continue };
            let fields = Fields::of(node, &[&SETTINGS[..], &["bank"]].concat(), &mut self.findings);
            self.documents(&fields);
            self.settings_of(&fields, &mut sheet, &banks, course, rank as u32 + 1);
            self.days_of(&fields, &mut sheet, rank as u32 + 1);
        }
        let sound = |found: &[Finding]| found.iter().all(|f| f.severity != Severity::Error);
        if sound(&self.findings[before..]) {
            self.cycle_in_order(&sheet);
        }
        sound(&self.findings[before..]).then_some(sheet)
    }

    /// `{value: …, from, law}`, or a list of them, for each of the months and the bank's file.
    fn settings_of(
        &mut self,
        fields: &Fields<'_>,
        sheet: &mut BenefitSheet,
        banks: &[BankFile],
        course: Option<&Course>,
        rank: u32,
    ) {
        for node in nodes(fields, "first_month") {
            let setting = self.first_month(node, course, rank);
            sheet.first.extend(setting);
        }
        for (key, settings) in [("raised_from", &mut sheet.raised), ("ended_from", &mut sheet.ended)] {
            for node in nodes(fields, key) {
                let one = Fields::of(node, &["value", "from", "law", "unverified"], &mut self.findings);
                let value = self.required_choice(&one, "value", &ChangeMonth::ALL);
                settings.extend(self.dated(&one, value, rank));
            }
        }
        for node in nodes(fields, "bank") {
            let text = match node.as_text() {
                Ok(text) => text,
                Err(finding) => {
                    self.findings.push(finding);
                    continue;
                }
            };
            match banks.iter().find(|bank| bank.name == text) {
                Some(bank) => sheet.bank.push(Setting {
                    rank,
                    from: ALWAYS,
                    value: bank.clone(),
                    law: vec![],
                    unverified: false,
                }),
                None => {
                    let known: Vec<&str> = banks.iter().map(|bank| bank.name.as_str()).collect();
                    let what = ("银行文件模板", "bank's file named");
                    self.findings.push(Finding::unknown(node.place, what, text, &known));
                }
            }
        }
    }

    fn first_month(&mut self, node: &Node, course: Option<&Course>, rank: u32) -> Option<Setting<First>> {
        let Some(switch) = node.get("switch") else {
            let one = Fields::of(node, &["value", "from", "law", "unverified"], &mut self.findings);
            let value = self.required_choice(&one, "value", &FirstMonth::ALL);
            return self.dated(&one, value.map(First::Rule), rank);
        };
        let declared = course.map(|course| &course.definition.switches[..]).unwrap_or_default();
        let name = switch.as_text().map_err(|finding| self.findings.push(finding)).ok()?;
        let Some(found) = declared.iter().find(|declared| declared.named.name == name) else {
            // A course that is unsound was reported itself.
            if course.is_some() {
                let known: Vec<&str> = declared.iter().map(|s| s.named.name.as_str()).collect();
                self.findings.push(Finding::unknown(
                    switch.place,
                    ("流程的开关", "switch of the course named"),
                    name,
                    &known,
                ));
            }
            return None;
        };
        let options: Vec<&str> = found.options.iter().map(|option| option.name.as_str()).collect();
        let allowed: Vec<&str> =
            ["switch", "from", "law", "unverified"].into_iter().chain(options.clone()).collect();
        let one = Fields::of(node, &allowed, &mut self.findings);
        let mut rules = vec![];
        for option in options {
            let rule = self.required_choice(&one, option, &FirstMonth::ALL);
            rules.extend(rule.map(|rule| (option.to_owned(), rule)));
        }
        let value = (rules.len() == found.options.len()).then(|| First::Switch(name.to_owned(), rules));
        self.dated(&one, value, rank)
    }

    fn days_of(&mut self, fields: &Fields<'_>, sheet: &mut BenefitSheet, rank: u32) {
        for (key, settings) in DAYS.into_iter().zip(&mut sheet.days) {
            for node in nodes(fields, key) {
                let allowed = ["day", "months", "shift", "from", "law", "unverified"];
                let one = Fields::of(node, &allowed, &mut self.findings);
                let day = self.within(&one, "day", 1, LAST_DAY);
                let months = match one.has("months") {
                    true => self.within(&one, "months", -MONTHS_AWAY, MONTHS_AWAY),
                    false => Some(0),
                };
                let shift = self.required_choice(&one, "shift", &Shift::ALL);
                let value = match (day, months, shift) {
                    (Some(day), Some(months), Some(shift)) => {
                        Some(DayRule { day: day as u8, months: months as i8, shift })
                    }
                    _ => None,
                };
                settings.extend(self.dated(&one, value, rank));
            }
        }
    }

    /// A value with its article and first day.
    fn dated<T>(&mut self, fields: &Fields<'_>, value: Option<T>, rank: u32) -> Option<Setting<T>> {
        let law = self.required_law(fields, ("这项设置", "this setting"));
        let law = law.into_iter().map(|c| Cited { document: c.document, article: c.article }).collect();
        let unverified = fields.flag("unverified", &mut self.findings).unwrap_or(false);
        let from = if fields.has("from") { self.date(fields, "from")? } else { ALWAYS };
        Some(Setting { rank, from, value: value?, law, unverified })
    }

    fn within(&mut self, fields: &Fields<'_>, key: &str, least: i64, most: i64) -> Option<i64> {
        fields.required(key, &mut self.findings)?;
        let number = fields.whole(key, &mut self.findings)?;
        if let (false, Some(node)) = ((least..=most).contains(&number), fields.get(key)) {
            let (zh, en) =
                (format!(" {least} 到 {most} 的整数"), format!("a whole number from {least} to {most}"));
            self.findings.push(node.expected(&zh, &en));
            return None;
        }
        Some(number)
    }

    pub(super) fn required_choice<T: Copy>(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        fields.required(key, &mut self.findings)?;
        fields.choice(key, choices, &mut self.findings)
    }

    /// Whatever layer says which day, the township closes first and people are paid last.
    fn cycle_in_order(&mut self, sheet: &BenefitSheet) {
        let [township, county, pay] = &sheet.days;
        let mut from: Vec<_> = sheet.days.iter().flatten().map(|setting| setting.from).collect();
        from.sort_unstable();
        from.dedup();
        for day in from {
            let rule =
                |settings: &[Setting<DayRule>]| anmin_casework::workflow::in_force(settings, day).copied();
            let (Some(township), Some(county), Some(pay)) = (rule(township), rule(county), rule(pay)) else {
                continue;
            };
            if !(CycleRule { township, county, pay }).is_in_order() {
                self.error(
                    sheet.place,
                    "截止和发放日的次序不对：应为乡镇截止、县级截止、发放日",
                    "the days are out of order: the township closes, then the county, then people are paid",
                );
                return;
            }
        }
    }

    fn components(&mut self, fields: &Fields<'_>) -> Vec<Component> {
        fields.required("components", &mut self.findings);
        let mut components = vec![];
        for (key, node) in fields.names("components", &mut self.findings) {
            well_formed(&key.text, key.place, &mut self.findings);
            let one = Fields::of(node, &["output", "zh", "en"], &mut self.findings);
            let label = one.label(&mut self.findings);
            let output = self.output(
                &one,
                "output",
                |ty| ty == Type::Money(Per::Month),
                ("每月金额", "an amount a month"),
            );
            let label = anmin_ledger::benefit::Label { zh: label.zh, en: label.en };
            components.extend(output.map(|output| Component { name: key.text.clone(), label, output }));
        }
        components
    }

    fn rounding(&mut self, fields: &Fields<'_>, components: &[Component]) -> Option<String> {
        let text = fields.required_text("rounding", &mut self.findings)?;
        if !components.iter().any(|component| component.name == text) {
            let known: Vec<&str> = components.iter().map(|component| component.name.as_str()).collect();
            let place = fields.get("rounding").map_or(fields.place(), |node| node.place);
            self.findings.push(Finding::unknown(place, ("组成部分", "component"), text, &known));
        }
        Some(text.to_owned())
    }

    fn persons_output(&mut self, fields: &Fields<'_>) -> Option<String> {
        fields
            .has("persons")
            .then(|| self.output(fields, "persons", |ty| ty == Type::Count, ("人数", "a count")))?
    }

    /// A variable of the rules that is declared as an output, of the right type.
    fn output(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        fits: impl Fn(Type) -> bool,
        wanted: (&str, &str),
    ) -> Option<String> {
        let path = fields.required_text(key, &mut self.findings)?;
        let place = fields.get(key).map_or(fields.place(), |node| node.place);
        let id = self.variable_id(path, place)?;
        let variable = &self.ruleset.variables[id.0];
        if !fits(variable.ty) {
            self.error(place, format!("{path} 不是{}", wanted.0), format!("{path} is not {}", wanted.1));
            return None;
        }
        if !self.ruleset.outputs.contains(&id) {
            let outputs = self.ruleset.outputs.clone();
            let known: Vec<String> = outputs
                .iter()
                .map(|VariableId(at)| {
                    let variable = &self.ruleset.variables[*at];
                    self.path_text(variable.of, &variable.name)
                })
                .collect();
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            self.findings.push(Finding::unknown(
                place,
                ("rules.yaml 中 outputs 的变量", "output of rules.yaml named"),
                path,
                &known,
            ));
            return None;
        }
        Some(path.to_owned())
    }

    fn payees(&mut self, fields: &Fields<'_>) -> Vec<PayeeKind> {
        fields.required("payees", &mut self.findings);
        let mut payees = vec![];
        for (text, place) in fields.texts("payees", &mut self.findings) {
            match PayeeKind::named(text) {
                Some(kind) if !payees.contains(&kind) => payees.push(kind),
                Some(_) => self.error(place, format!("{text} 写了两次"), format!("{text} is given twice")),
                None => {
                    let known = PayeeKind::ALL.map(|(name, _)| name);
                    self.findings.push(Finding::unknown(place, ("收款方式", "kind of payee"), text, &known));
                }
            }
        }
        payees
    }

    /// The fund a service is paid from, which must be earmarked for it.
    fn named_fund(&mut self, fields: &Fields<'_>, own: &PackFiles, funds: &[FundMeta]) -> Option<FundMeta> {
        let text = fields.required_text("fund", &mut self.findings)?;
        let place = fields.get("fund").map_or(fields.place(), |node| node.place);
        let Some(found) = funds.iter().find(|meta| meta.fund.name == text) else {
            let known: Vec<&str> = funds.iter().map(|meta| meta.fund.name.as_str()).collect();
            self.findings.push(Finding::unknown(place, ("资金", "fund"), text, &known));
            return None;
        };
        if !found.fund.pays(&own.name) {
            let name = &own.name;
            self.error(
                place,
                format!("资金 {text} 不能用于 {name}：请在 funds.yaml 的 earmarks 中写明，并附依据"),
                format!("the fund {text} may not pay {name}: earmark it in funds.yaml, with the article"),
            );
        }
        Some(found.clone())
    }

    /// `funds.yaml` of the shared packs.
    fn funds(&mut self, imports: &[PackFiles], packs: &[String]) -> Vec<FundMeta> {
        let mut funds: Vec<FundMeta> = vec![];
        for node in imports.iter().filter_map(|pack| pack.funds.as_ref()) {
            let fields = Fields::of(node, &["documents", "funds"], &mut self.findings);
            self.documents(&fields);
            for (key, node) in fields.names("funds", &mut self.findings) {
                well_formed(&key.text, key.place, &mut self.findings);
                let allowed = ["origins", "earmarks", "zh", "en", "law", "unverified"];
                let one = Fields::of(node, &allowed, &mut self.findings);
                let label: Label = one.label(&mut self.findings);
                one.flag("unverified", &mut self.findings);
                let law = self.required_law(&one, ("这项资金", "this fund"));
                let origins = self.origins(&one);
                let known: Vec<&str> = packs.iter().map(String::as_str).collect();
                one.required("earmarks", &mut self.findings);
                let mut earmarks = vec![];
                for (text, place) in one.texts("earmarks", &mut self.findings) {
                    if !known.contains(&text) {
                        self.findings.push(Finding::unknown(place, ("服务", "service"), text, &known));
                    }
                    earmarks.push(text.to_owned());
                }
                let fund = Fund { name: key.text.clone(), origins, earmarks };
                funds.push(FundMeta { fund, label, law });
            }
        }
        funds
    }

    fn origins(&mut self, fields: &Fields<'_>) -> Vec<Origin> {
        fields.required("origins", &mut self.findings);
        let mut origins = vec![];
        for (text, place) in fields.texts("origins", &mut self.findings) {
            match Origin::ALL.iter().find(|(name, _)| *name == text) {
                Some((_, origin)) => origins.push(*origin),
                None => {
                    let known = Origin::ALL.map(|(name, _)| name);
                    self.findings.push(Finding::unknown(
                        place,
                        ("资金来源", "source of funds"),
                        text,
                        &known,
                    ));
                }
            }
        }
        origins
    }
}

/// One setting, or a list of them with different dates.
fn nodes<'n>(fields: &Fields<'n>, key: &str) -> &'n [Node] {
    let Some(node) = fields.get(key).filter(|node| !node.is_null()) else { return &[] };
    node.as_list().unwrap_or(std::slice::from_ref(node))
}
