//! A decision for an official who reads it beside the law, and for whoever helps a resident.
use super::Language;
use super::law::Documents;
use super::tree::Branch;
use super::width::{COLUMNS, lines};
use anmin_app::record::{CaseV1, DecisionV1, EligibleV1, FactV1, FigureV1, NoteV1, SwitchV1};
use anmin_base::money::Money;

/// The whole page.
///
/// In brief only what made the decision what it is; in full every note, test and output's tree.
pub fn decision(decision: &DecisionV1, full: bool, language: Language) -> String {
    let told = vec![None; decision.explanation.notes.len()];
    let mut page = Page {
        decision,
        full,
        language,
        out: String::new(),
        told,
        figures: vec![],
        documents: Documents::default(),
    };
    page.head();
    page.answer();
    page.unverified();
    page.missing();
    page.outputs();
    page.explanation();
    page.judgements();
    page.flips();
    page.untranslated();
    page.receipt();
    page.out
}

struct Page<'a> {
    decision: &'a DecisionV1,
    /// Every note rather than those that made the decision.
    full: bool,
    language: Language,
    out: String,
    /// The number each note was told under, once it has been.
    told: Vec<Option<usize>>,
    /// The figures and options told so far; each is told once.
    figures: Vec<&'a str>,
    documents: Documents,
}

impl<'a> Page<'a> {
    fn say<'s>(&self, zh: &'s str, en: &'s str) -> &'s str {
        self.language.pick(zh, en)
    }

    /// Adds a text under an indent; its further lines are indented two more.
    fn line(&mut self, indent: usize, text: &str) {
        for (n, line) in lines(text, COLUMNS - indent - 2).iter().enumerate() {
            let more = if n == 0 { 0 } else { 2 };
            let text = format!("{:1$}{line}", "", indent + more);
            self.out.push_str(text.trim_end());
            self.out.push('\n');
        }
    }

    fn heading(&mut self, zh: &str, en: &str) {
        let text = self.say(zh, en).to_owned();
        self.out.push('\n');
        self.line(0, &text);
    }

    fn head(&mut self) {
        let d = self.decision;
        let (service, receipt) = (self.language.of(&d.service), &d.receipt);
        let region = receipt
            .region
            .as_deref()
            .map(|r| format!("{} {r}, ", self.say("地区", "region")))
            .unwrap_or_default();
        let head = match self.language {
            Language::Zh => {
                format!("{service}（{}按 {} 有效的规则）", region.replace(", ", "，"), receipt.rule_date)
            }
            Language::En => format!("{service} ({region}rules in force on {})", receipt.rule_date),
        };
        self.line(0, &head);
        if let Some(about) = &d.about {
            let about = self.language.of(about).to_owned();
            self.line(0, &about);
        }
        self.out.push('\n');
    }

    fn answer(&mut self) {
        let d = self.decision;
        let colon = self.say("：", ": ");
        if let Some(eligible) = d.eligible {
            let text = format!("{}{colon}{}", self.say("结论", "Decision"), self.eligible(eligible));
            self.line(0, &text);
        }
        if let Some((lo, hi)) = d.amount_range_fen {
            let per = match d.amount_per {
                Some("year") => self.say("每年", " a year"),
                Some("once") => self.say("一次性", ", once"),
                _ => self.say("每月", " a month"),
            };
            let yuan = |fen: i64| Money::from_fen(fen).grouped();
            let amount = match (self.language, lo == hi) {
                (Language::Zh, true) => format!("{per} {} 元", yuan(lo)),
                (Language::Zh, false) => format!("{per} {} 元至 {} 元之间，尚不能确定", yuan(lo), yuan(hi)),
                (Language::En, true) => format!("{} yuan{per}", yuan(lo)),
                (Language::En, false) => {
                    format!("between {} and {} yuan{per}, not yet known", yuan(lo), yuan(hi))
                }
            };
            let text = format!("{}{colon}{amount}", self.say("金额", "Amount"));
            self.line(0, &text);
        }
        if let Some(reason) = &d.reason {
            let (text, law) = (self.language.of(&reason.text), self.language.law(&reason.law));
            let text = format!("{}{colon}{text}{law}", self.say("理由", "Reason"));
            self.line(0, &text);
        }
    }

    /// Says beside the answer that it rests on figures nobody has read in their own text.
    fn unverified(&mut self) {
        let explanation = &self.decision.explanation;
        let mut to_see = explanation.decides.clone();
        let mut seen = vec![false; explanation.notes.len()];
        let mut figures: Vec<&str> = vec![];
        while let Some(at) = to_see.pop() {
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            let note = &explanation.notes[at];
            for figure in note.figures.iter().filter(|f| f.matters && f.unverified) {
                let label = self.language.of(&figure.label);
                if !figures.contains(&label) {
                    figures.push(label);
                }
            }
            to_see.extend(&note.made_by);
        }
        if figures.is_empty() {
            return;
        }
        let list = figures.join(self.say("、", ", "));
        let text = match self.language {
            Language::Zh => format!("注意：结论用到未见原文的数值，请先核对：{list}"),
            Language::En => {
                format!("Caution: this rests on figures not read in their own text; check them first: {list}")
            }
        };
        self.line(0, &text);
    }

    fn eligible(&self, eligible: EligibleV1) -> &'static str {
        match eligible {
            EligibleV1::Yes => self.language.pick("符合条件", "eligible"),
            EligibleV1::No => self.language.pick("不符合条件", "not eligible"),
            EligibleV1::Unknown => {
                self.language.pick("尚不能确定，还缺下列事实", "not yet known; the facts below are missing")
            }
        }
    }

    fn missing(&mut self) {
        let d = self.decision;
        if d.missing.is_empty() {
            return;
        }
        self.heading(
            "还要问清（只有这些会影响结论或金额）：",
            "Still to ask (only these can change the decision or the amount):",
        );
        for missing in &d.missing {
            let label = self.language.of(&missing.label);
            let text = format!("· {label}{}", self.language.bracketed(&missing.path));
            self.line(2, &text);
            if let Some(help) = &missing.help {
                let help = self.language.of(help).to_owned();
                self.line(4, &help);
            }
        }
    }

    fn outputs(&mut self) {
        let d = self.decision;
        if d.outputs.is_empty() {
            return;
        }
        self.heading("其他结果：", "Further results:");
        for output in &d.outputs {
            let values: Vec<&str> = output.text.iter().map(|t| self.language.of(t)).collect();
            let values = if values.is_empty() {
                self.say("（没有）", "(none)").to_owned()
            } else {
                values.join(self.say("、", ", "))
            };
            let text = format!("{}{}{values}", self.language.of(&output.label), self.say("：", ": "));
            self.line(2, &text);
        }
    }

    fn explanation(&mut self) {
        let d = self.decision;
        self.heading("怎样算出来的：", "How it was worked out:");
        let mut number = 0;
        let mut tree = String::new();
        let roots = if self.full { &d.explanation.roots } else { &d.explanation.decides };
        for &root in roots {
            if self.told[root].is_none() {
                self.note(root, &mut number).draw(&mut tree);
            }
        }
        for document in self.documents.legend(self.language) {
            self.line(2, &document);
        }
        self.out.push('\n');
        self.out.push_str(&tree);
    }

    /// A note that has not been told yet, as a branch under the next number.
    fn note(&mut self, at: usize, number: &mut usize) -> Branch {
        let d = self.decision;
        let note = &d.explanation.notes[at];
        *number += 1;
        self.told[at] = Some(*number);
        let formula = match (self.language.of(&note.formula), note.case) {
            ("", _) => String::new(),
            (formula, None) => format!(" = {formula}"),
            (formula, Some(_)) => format!("{}{formula}", self.say("；", "; ")),
        };
        let because =
            note.because.as_ref().map(|b| format!("{}{}", self.say("：", ": "), self.language.of(b)));
        let (label, value) = (self.language.of(&note.label), self.language.of(&note.text));
        let (law, layer) = (self.documents.cite(&note.law, self.language), self.layer(&note.layer));
        let text = format!("[{number}] {label} {value}{}{formula}{law}{layer}", because.unwrap_or_default());
        let mut branch = Branch {
            text,
            notes: self.not_met(at).iter().map(|case| self.case(case)).collect(),
            branches: vec![],
        };
        branch.notes.extend(self.facts(note));
        branch.notes.extend(note.switches.iter().filter_map(|s| self.switch(s)));
        let full = self.full;
        branch.notes.extend(note.figures.iter().filter(|f| full || f.matters).filter_map(|f| self.figure(f)));
        let uses = if self.full { &note.uses } else { &note.made_by };
        let above: Vec<usize> = uses.iter().copied().filter(|&used| self.told[used].is_some()).collect();
        branch.notes.extend(self.above(&above));
        for &used in uses {
            if self.told[used].is_none() {
                branch.branches.push(self.note(used, number));
            }
        }
        branch
    }

    /// The cases that did not hold; in brief only those of what decides.
    fn not_met(&self, at: usize) -> &'a [CaseV1] {
        let explanation = &self.decision.explanation;
        if self.full || explanation.decides.contains(&at) { &explanation.notes[at].not_met } else { &[] }
    }

    /// Who gave a rule, where it is not the pack itself.
    fn layer(&self, layer: &str) -> String {
        if layer == self.decision.receipt.pack { String::new() } else { format!("[{layer}]") }
    }

    /// What was told before and went in here too.
    fn above(&self, notes: &[usize]) -> Option<String> {
        let name = |&at: &usize| {
            let note = &self.decision.explanation.notes[at];
            let number = self.told[at].unwrap_or_default();
            format!("{} {} [{number}]", self.language.of(&note.label), self.language.of(&note.text))
        };
        let told: Vec<String> = notes.iter().map(name).collect();
        (!told.is_empty())
            .then(|| format!("{}{}", self.say("见上：", "see above: "), told.join(self.say("；", "; "))))
    }

    fn case(&self, case: &CaseV1) -> String {
        let test = self.language.of(&case.test);
        match (self.language, case.unsettled) {
            (Language::Zh, false) => format!("× 第 {} 项不成立：{test}", case.case),
            (Language::Zh, true) => format!("? 第 {} 项尚不能确定：{test}", case.case),
            (Language::En, false) => format!("× case {} does not hold: {test}", case.case),
            (Language::En, true) => format!("? case {} is not yet known: {test}", case.case),
        }
    }

    /// The facts of a note that its formula does not show, or that have more behind them than a plain answer.
    fn facts(&self, note: &NoteV1) -> Option<String> {
        let told = note.facts.iter().filter(|f| self.full || f.matters);
        let told: Vec<String> = told.filter_map(|f| self.fact(f, note)).collect();
        let comma = self.say("；", "; ");
        (!told.is_empty()).then(|| format!("{}{}", self.say("事实：", "facts: "), told.join(comma)))
    }

    fn fact(&self, fact: &FactV1, note: &NoteV1) -> Option<String> {
        let (label, value) = (self.language.of(&fact.label), self.language.of(&fact.text));
        let mut from: Vec<String> = fact.source.iter().filter(|s| *s != "declared").cloned().collect();
        from.extend(fact.as_of.clone());
        from.extend(fact.evidence.clone());
        // `label value`, without whose it is, as formulas say it.
        let bare = label.rsplit(self.say("：", ": ")).next().unwrap_or(label);
        let shown = match self.language {
            Language::Zh => format!("{bare}〔{value}〕"),
            Language::En => format!("{bare} [{value}]"),
        };
        let visible = self.language.of(&note.formula).contains(&shown)
            || note.not_met.iter().any(|case| self.language.of(&case.test).contains(&shown));
        if fact.not_applicable || (visible && from.is_empty()) {
            return None;
        }
        if let Some(line) = fact.line {
            from.push(match self.language {
                Language::Zh => format!("第 {line} 行"),
                Language::En => format!("line {line}"),
            });
        }
        let from = if from.is_empty() {
            String::new()
        } else {
            self.language.bracketed(&from.join(self.say("，", ", ")))
        };
        Some(format!("{label} {value}{from}"))
    }

    fn switch(&mut self, switch: &'a SwitchV1) -> Option<String> {
        if self.figures.contains(&switch.name.as_str()) {
            return None;
        }
        self.figures.push(&switch.name);
        let (label, option) = (self.language.of(&switch.label), self.language.of(&switch.option));
        let law = self.documents.cite(&switch.law, self.language);
        Some(format!(
            "{}{label}{}{option}{law}[{}]",
            self.say("选项：", "option: "),
            self.say("：", ": "),
            switch.layer
        ))
    }

    fn figure(&mut self, figure: &'a FigureV1) -> Option<String> {
        if self.figures.contains(&figure.name.as_str()) {
            return None;
        }
        self.figures.push(&figure.name);
        let (label, value) = (self.language.of(&figure.label), self.language.of(&figure.text));
        let from = match self.language {
            Language::Zh => format!("，自 {} 起", figure.from),
            Language::En => format!(", from {}", figure.from),
        };
        let law = self.documents.cite(&figure.law, self.language);
        let unverified = match figure.unverified {
            true => self.say("，未见原文，请核对", ", not read in its own text: please check"),
            false => "",
        };
        Some(format!(
            "{}{label} {value}{from}{law}[{}]{unverified}",
            self.say("标准：", "figure: "),
            figure.layer
        ))
    }

    /// What a person judged, apart, since somebody answers for it.
    fn judgements(&mut self) {
        let d = self.decision;
        let mut told = vec![];
        for fact in d.explanation.notes.iter().flat_map(|n| &n.facts).filter(|f| f.by.is_some()) {
            let text = format!(
                "{} {}{}{}{}{}",
                self.language.of(&fact.label),
                self.language.of(&fact.text),
                self.say("：判断人 ", ": judged by "),
                fact.by.as_deref().unwrap_or_default(),
                self.say("，理由：", ", since "),
                fact.why.as_deref().unwrap_or_default(),
            );
            if !told.contains(&text) {
                told.push(text);
            }
        }
        if !told.is_empty() {
            self.heading("由人判断的事实：", "Facts that are a person's judgement:");
            told.iter().for_each(|text| self.line(2, text));
        }
    }

    fn flips(&mut self) {
        let d = self.decision;
        if d.flips.is_empty() && !self.full {
            return;
        }
        if d.flips.is_empty() {
            self.heading(
                "没有哪一项数字单独改变会改变结论。",
                "No single number that went in would turn the decision.",
            );
            return;
        }
        self.heading(
            "单独改变哪一项会改变结论（其他不变）：",
            "What would turn the decision, everything else as it is:",
        );
        for flip in &d.flips {
            let (label, now, then) =
                (self.language.of(&flip.label), self.language.of(&flip.now), self.language.of(&flip.text));
            let becomes = match flip.eligible {
                EligibleV1::Unknown => self.say("尚不能确定", "not yet known"),
                known => self.eligible(known),
            };
            let text = match self.language {
                Language::Zh => format!("· {label}：现为 {now}，到 {then} 时变为“{becomes}”"),
                Language::En => format!("· {label}: now {now}; at {then} it becomes \"{becomes}\""),
            };
            self.line(2, &text);
        }
    }

    fn untranslated(&mut self) {
        let d = self.decision;
        if d.untranslated.is_empty() {
            return;
        }
        if !self.full {
            let (zh, en) = (
                format!(
                    "法规另有 {} 项规定这里没有计算，须由人处理；用 --full 逐条列出。",
                    d.untranslated.len()
                ),
                format!(
                    "The law says {} more things that are not computed here; --full lists them.",
                    d.untranslated.len()
                ),
            );
            return self.heading(&zh, &en);
        }
        self.heading(
            "法规另有规定、这里没有计算，须由人处理：",
            "What the law also says and is not computed here; a person must see to it:",
        );
        for entry in &d.untranslated {
            let (text, why) = (self.language.of(&entry.text), self.language.of(&entry.why));
            let text =
                format!("· {text}{}{}{why}", self.language.law(&entry.law), self.say("。原因：", ". Why: "));
            self.line(2, &text);
        }
    }

    fn receipt(&mut self) {
        let r = &self.decision.receipt;
        self.heading(
            "以上是按规则计算的结果，供核对；作出决定的是有权限的人。",
            "This is a computation to check a decision against; a person with the authority decides.",
        );
        let (layers, date, semantics, engine) = (r.layers.join(" → "), &r.rule_date, r.semantics, r.engine);
        let text = match self.language {
            Language::Zh => format!("凭据：{layers}，规则日期 {date}，规则语义 {semantics}，程序 {engine}"),
            Language::En => {
                format!("Receipt: {layers}, rules of {date}, semantics {semantics}, program {engine}")
            }
        };
        self.line(0, &text);
        self.line(2, &format!("{} {}", self.say("规则", "rules"), r.decision_hash));
        self.line(2, &format!("{} {}", self.say("事实", "facts"), r.facts_hash));
    }
}
