//! A whole pack as a page for a policy officer.
use super::Language;
use super::law::Documents;
use super::width::{COLUMNS, lines};
use anmin_app::packs::{CaseViewV1, PackViewV1, ParameterViewV1, VariableViewV1};

/// The whole page.
pub fn pack(view: &PackViewV1, language: Language) -> String {
    let mut page = Page { view, language, out: String::new(), documents: Documents::default() };
    page.facts();
    page.parameters();
    page.switches();
    page.variables();
    page.untranslated();
    // The documents are known only now, and are named before they are cited.
    let body = std::mem::take(&mut page.out);
    page.head();
    for document in page.documents.legend(language) {
        page.line(2, &document);
    }
    page.out + &body
}

struct Page<'a> {
    view: &'a PackViewV1,
    language: Language,
    out: String,
    documents: Documents,
}

impl Page<'_> {
    fn say<'s>(&self, zh: &'s str, en: &'s str) -> &'s str {
        self.language.pick(zh, en)
    }

    fn line(&mut self, indent: usize, text: &str) {
        for (n, line) in lines(text, COLUMNS - indent - 2).iter().enumerate() {
            let more = if n == 0 { 0 } else { 2 };
            self.out.push_str(format!("{:1$}{line}", "", indent + more).trim_end());
            self.out.push('\n');
        }
    }

    fn heading(&mut self, zh: &str, en: &str, count: usize) {
        let text = format!("{}{}", self.say(zh, en), self.language.bracketed(&count.to_string()));
        self.out.push('\n');
        self.line(0, &text);
    }

    fn head(&mut self) {
        let v = self.view;
        let layers: Vec<String> =
            v.layers.iter().map(|(code, label)| format!("{} {code}", self.language.of(label))).collect();
        let colon = self.say("：", ": ");
        self.line(0, &format!("{} {}", self.language.of(&v.title), v.name));
        self.line(0, self.language.of(&v.about));
        let basis: Vec<String> = v.legal_basis.iter().map(|l| self.language.cited(l)).collect();
        self.line(0, &format!("{}{colon}{}", self.say("依据", "Rests on"), basis.join(self.say("；", "; "))));
        self.line(0, &format!("{}{colon}{}", self.say("各层", "Layers"), layers.join(" → ")));
        self.line(0, &format!("{}{colon}{}", self.say("日期", "Date"), v.on));
        for (what, answer) in &v.decision {
            self.line(0, &format!("{}{colon}{}", self.language.of(what), self.language.of(answer)));
        }
        self.line(0, &format!("{}{colon}{}", self.say("规则哈希", "Decision hash"), v.decision_hash));
        self.line(0, self.language.pick("文件：", "Documents:"));
    }

    fn facts(&mut self) {
        self.heading("要问的事实", "Facts", self.view.facts.len());
        for fact in &self.view.facts {
            let mut text = format!(
                "{} {}{}",
                self.language.of(&fact.label),
                fact.path,
                self.language.bracketed(self.language.of(&fact.kind))
            );
            if let Some(applies) = &fact.applies {
                text.push_str(&format!(
                    "{}{}",
                    self.say("；只在：", "; only where: "),
                    self.language.of(applies)
                ));
            }
            if fact.judgement {
                text.push_str(self.say("；由人判断", "; a person's judgement"));
            }
            self.line(2, &text);
        }
    }

    fn parameters(&mut self) {
        self.heading("数值", "Figures", self.view.parameters.len());
        for parameter in &self.view.parameters {
            let figure = self.figure(parameter);
            let text = format!("{}{}{figure}", self.language.of(&parameter.label), self.say("：", ": "));
            self.line(2, &text);
        }
    }

    fn figure(&mut self, parameter: &ParameterViewV1) -> String {
        if parameter.left_open {
            return self.say("由地区设定，这里没有", "left to regions; none here").to_owned();
        }
        if parameter.values.is_empty() {
            return self.say("这一天的规则没有用到", "no rule of this date reads it").to_owned();
        }
        let one = |(whom, value): &(_, _)| {
            let text = format!("{} {}", self.language.of(whom), self.language.of(value));
            text.trim().to_owned()
        };
        let values: Vec<String> = parameter.values.iter().map(one).collect();
        let from = parameter.from.as_deref().unwrap_or_default();
        let mut text = format!(
            "{}{}",
            values.join(self.say("，", ", ")),
            match self.language {
                Language::Zh => format!("；自 {from} 起"),
                Language::En => format!("; from {from}"),
            }
        );
        if let Some(to) = &parameter.to {
            text.push_str(&format!("{}{to}", self.say("至 ", " to ")));
        }
        text.push_str(&format!(
            "{}[{}]",
            self.documents.cite(&parameter.law, self.language),
            parameter.layer
        ));
        if let Some(checked) = &parameter.checked_on {
            text.push_str(&format!("{}{checked}", self.say("，核对于 ", ", checked on ")));
        }
        if parameter.unverified {
            text.push_str(self.say("，未见原文", ", not read in its own text"));
        }
        text
    }

    fn switches(&mut self) {
        self.heading("规则选项", "Rule options", self.view.switches.len());
        for switch in &self.view.switches {
            let options: Vec<&str> = switch.options.iter().map(|o| self.language.of(o)).collect();
            let text = format!(
                "{}{}{}{}[{}]{}{}",
                self.language.of(&switch.label),
                self.say("：", ": "),
                self.language.of(&switch.option),
                self.documents.cite(&switch.law, self.language),
                switch.layer,
                self.say("；可选：", "; of: "),
                options.join(" | "),
            );
            self.line(2, &text);
        }
    }

    fn variables(&mut self) {
        self.heading("计算", "Rules", self.view.variables.len());
        for (n, variable) in self.view.variables.iter().enumerate() {
            self.variable(n + 1, variable);
        }
    }

    fn variable(&mut self, n: usize, variable: &VariableViewV1) {
        let by = match &variable.layer {
            layer if layer.is_empty() || *layer == self.view.name => String::new(),
            layer => format!("[{layer}]"),
        };
        let open = if variable.open { self.say("，地区可另定", ", a region may set it") } else { "" };
        let text = format!(
            "{n}. {}{}{}{by}",
            self.language.of(&variable.label),
            self.language.bracketed(&format!("{} {}{open}", variable.path, self.language.of(&variable.kind))),
            self.documents.cite(&variable.law, self.language),
        );
        self.line(2, &text);
        if !variable.in_force {
            let text = self
                .say("这一天在这里没有可用的规则或数值", "no rule or figure for it here on this date")
                .to_owned();
            self.line(6, &text);
        }
        if let Some(formula) = &variable.formula {
            let text = format!("= {}", self.language.of(formula));
            self.line(6, &text);
        }
        for (n, case) in variable.cases.iter().enumerate() {
            let text = self.case(n + 1, case);
            self.line(6, &text);
        }
    }

    fn case(&mut self, n: usize, case: &CaseViewV1) -> String {
        let then = self.language.of(&case.then);
        let mut text = match (&case.when, self.language) {
            (Some(when), Language::Zh) => format!("({n}) 如果{}：{then}", when.zh),
            (Some(when), Language::En) => format!("({n}) if {}: {then}", when.en),
            (None, Language::Zh) => format!("({n}) 其他情形：{then}"),
            (None, Language::En) => format!("({n}) otherwise: {then}"),
        };
        if let Some(because) = &case.because {
            text.push_str(&format!("{}{}", self.say(" —— ", " -- "), self.language.of(because)));
        }
        text.push_str(&self.documents.cite(&case.law, self.language));
        text
    }

    fn untranslated(&mut self) {
        if self.view.untranslated.is_empty() {
            return;
        }
        self.heading(
            "法规有、这里没有计算的",
            "What the law says and is not computed here",
            self.view.untranslated.len(),
        );
        for (text, why, law) in &self.view.untranslated {
            let text = format!(
                "{}{}{}{}",
                self.language.of(text),
                self.documents.cite(law, self.language),
                self.say("。原因：", ". Why: "),
                self.language.of(why)
            );
            self.line(2, &text);
        }
    }
}
