//! From a refusal to a sentence, with the labels of the workflow.

mod en;
mod zh;

use super::{Exception, Label, Manner, Outcome, Part, Person, Refusal, Workflow};

impl Refusal {
    /// What is wrong and what to do next, in Chinese.
    pub fn zh(&self, workflow: &Workflow) -> String {
        zh::sentence(self, &Words { workflow, chinese: true })
    }

    /// What is wrong and what to do next, in English.
    pub fn en(&self, workflow: &Workflow) -> String {
        en::sentence(self, &Words { workflow, chinese: false })
    }
}

/// Words of one language.
struct Words<'w> {
    workflow: &'w Workflow,
    chinese: bool,
}

impl Words<'_> {
    fn of<'l>(&self, label: &'l Label) -> &'l str {
        if self.chinese { &label.zh } else { &label.en }
    }

    /// The label of a state, step, clock, duty, verdict, remedy or kind of evidence; the name itself if there is none.
    fn label(&self, name: &str) -> String {
        let w = self.workflow;
        let grounds = w.clocks.iter().flat_map(|c| {
            let extension = c.extension.iter().flat_map(|e| &e.reasons);
            extension.chain(&c.suspensions).map(|g| &g.named)
        });
        let all = w.states.iter().map(|s| &s.named);
        let all = all.chain(w.steps.iter().map(|s| &s.named)).chain(&w.off);
        let all = all.chain(w.clocks.iter().map(|c| &c.named)).chain(w.duties.iter().map(|d| &d.named));
        let all = all.chain(w.evidence.iter().map(|e| &e.named)).chain(&w.verdicts);
        let mut all = all.chain(w.remedies.iter().map(|r| &r.named)).chain(grounds);
        all.find(|n| n.name == name).map_or(name, |n| self.of(&n.label)).to_owned()
    }

    fn join(&self, parts: impl IntoIterator<Item = String>) -> String {
        let parts: Vec<String> = parts.into_iter().collect();
        match (parts.is_empty(), self.chinese) {
            (true, true) => "（没有）".into(),
            (true, false) => "(none)".into(),
            (false, true) => parts.join("、"),
            (false, false) => parts.join(", "),
        }
    }

    fn labels(&self, names: &[String]) -> String {
        self.join(names.iter().map(|n| self.label(n)))
    }

    fn persons(&self, persons: &[Person]) -> String {
        self.join(persons.iter().map(|p| p.0.clone()))
    }

    fn outcome(&self, outcome: Outcome) -> &'static str {
        if self.chinese { outcome.zh() } else { outcome.name() }
    }

    fn outcomes(&self, outcomes: &[Outcome]) -> String {
        self.join(outcomes.iter().map(|o| self.outcome(*o).to_owned()))
    }

    fn parts(&self, parts: &[Part]) -> String {
        self.join(parts.iter().map(|p| if self.chinese { p.zh() } else { p.en() }.to_owned()))
    }

    fn yes(&self, yes: bool) -> &'static str {
        match (yes, self.chinese) {
            (true, true) => "是",
            (false, true) => "否",
            (true, false) => "yes",
            (false, false) => "no",
        }
    }

    /// The steps a state offers.
    fn offers(&self, state: &str) -> String {
        self.join(self.workflow.steps_from(state).map(|s| self.of(&s.named.label).to_owned()))
    }

    fn exception(&self, exception: Exception) -> &'static str {
        match (exception, self.chinese) {
            (Exception::Death, true) => "死亡",
            (Exception::Withdrawal, true) => "自愿退出",
            (Exception::Missing, true) => "下落不明",
            (Exception::MovedAway, true) => "迁出",
            (Exception::Death, false) => "death",
            (Exception::Withdrawal, false) => "withdrawal",
            (Exception::Missing, false) => "whereabouts unknown",
            (Exception::MovedAway, false) => "moved away",
        }
    }

    fn manner(&self, manner: Manner) -> &'static str {
        match (manner, self.chinese) {
            (Manner::Signed, true) => "签收",
            (Manner::Mail, true) => "邮寄",
            (Manner::Left, true) => "留置",
            (Manner::Kin, true) => "送交亲属",
            (Manner::NoKin, true) => "无亲属",
            (Manner::Public, true) => "公告",
            (Manner::Electronic, true) => "短信或网络",
            (Manner::Signed, false) => "signed for",
            (Manner::Mail, false) => "by post",
            (Manner::Left, false) => "left before witnesses",
            (Manner::Kin, false) => "to kin",
            (Manner::NoKin, false) => "no kin",
            (Manner::Public, false) => "public notice",
            (Manner::Electronic, false) => "a message",
        }
    }

    /// A field or thing of the case.
    fn thing<'t>(&self, name: &'t str) -> &'t str {
        if !self.chinese {
            return name;
        }
        match name {
            "programmes" => "申请的项目",
            "missing" => "所缺材料",
            "signer" => "授权人",
            "sources" => "核对单位",
            "answers" => "核对结果",
            "objector" => "异议人",
            "hearing" => "听取意见记录",
            "report" => "举报编号",
            "need" => "急需情况",
            "check" => "核对",
            "objection" => "异议",
            "decision" => "决定",
            "aid" => "先行救助",
            "stay" => "停止执行",
            "kin_register" => "近亲属备案",
            other => other,
        }
    }
}
