//! What a line of a walk does.
use super::super::{Build, document};
use crate::finding::Finding;
use crate::yaml::{Fields, Key, Node, Value};
use anmin_base::money::Money;
use anmin_casework::command::{Act, Command, Take};
use anmin_casework::kinds::{ActKind, COMMANDS, Exception, Manner, Outcome};
use anmin_casework::record::{Actor, Answer, Exhibit, Hearing, Meeting, Person, Proposal, Reason, Ruling};
use anmin_casework::workflow::{Citation, Definition, Name};

const ANSWERS: [(&str, Answer); 3] =
    [("matches", Answer::Matches), ("differs", Answer::Differs), ("no_answer", Answer::NoAnswer)];

/// What is said of one programme in an opinion or decision.
struct Said {
    programme: Name,
    outcome: Outcome,
    reasons: Vec<Reason>,
    evidence: Vec<String>,
    exception: Option<Exception>,
}

impl Build {
    pub(super) fn walk_command(&mut self, fields: &Fields<'_>, definition: &Definition) -> Option<Command> {
        let name = fields.required_text("do", &mut self.findings)?;
        let nothing = Node::new(fields.place(), Value::Map(vec![]));
        let with = fields.get("with").unwrap_or(&nothing);
        let evidence = self.exhibits(fields);
        match name {
            "tick" => return Some(Command::Tick),
            "recount" => return Some(Command::Recount),
            _ => {}
        }
        let by = self.actor(fields)?;
        if COMMANDS.contains(&name) {
            return self.standing_command(name, with, by, evidence);
        }
        let Some(step) = definition.all.steps.iter().find(|s| s.named.name == name) else {
            let known: Vec<&str> = definition.all.steps.iter().map(|s| s.named.name.as_str()).collect();
            let known: Vec<&str> = known.into_iter().chain(COMMANDS).collect();
            let place = fields.get("do").map_or(fields.place(), |n| n.place);
            self.findings.push(Finding::unknown(place, ("步骤或命令", "step or command"), name, &known));
            return None;
        };
        let act = self.act(step.act, with)?;
        Some(Command::Take(Take { step: name.to_owned(), by, evidence, act }))
    }

    /// `person/duty`, `person/duty for other`, `job:name/duty`.
    fn actor(&mut self, fields: &Fields<'_>) -> Option<Actor> {
        let text = fields.required_text("by", &mut self.findings)?;
        let (acts, other) = match text.split_once(" for ") {
            Some((acts, other)) => (acts, Some(Person(other.trim().to_owned()))),
            None => (text, None),
        };
        let Some((person, duty)) = acts.split_once('/') else {
            if let Some(node) = fields.get("by") {
                self.findings
                    .push(node.expected("人员/职责，如 wang/intake", "person/duty, such as wang/intake"));
            }
            return None;
        };
        let human = !person.starts_with("job:");
        let person = Person(person.trim().to_owned());
        Some(Actor { person, duty: duty.trim().to_owned(), delegated_by: other, human })
    }

    /// `kind`, `kind#tag` where a kind comes twice, `kind@source`; `~kind` is an estimate.
    fn exhibits(&mut self, fields: &Fields<'_>) -> Vec<Exhibit> {
        let texts = fields.texts("evidence", &mut self.findings);
        let exhibit = |(text, _): (&str, _)| {
            let (reference, source) = text.split_once('@').unwrap_or((text, ""));
            let plain = reference.trim_start_matches('~');
            let kind = plain.split('#').next().unwrap_or_default();
            Exhibit {
                kind: kind.to_owned(),
                reference: plain.to_owned(),
                source: source.to_owned(),
                derived: reference.starts_with('~'),
                valid_until: None,
            }
        };
        texts.into_iter().map(exhibit).collect()
    }

    fn standing_command(
        &mut self,
        name: &str,
        with: &Node,
        by: Actor,
        evidence: Vec<Exhibit>,
    ) -> Option<Command> {
        let out = &mut self.findings;
        let allowed = [
            "clock", "reason", "person", "relation", "staff", "report", "ground", "duty", "from", "to",
            "amount", "need", "aid", "decision", "remedy",
        ];
        let fields = Fields::of(with, &allowed, out);
        let mut text = |key: &str| fields.required_text(key, out).map(str::to_owned);
        let order = evidence.first().cloned().unwrap_or_default();
        Some(match name {
            "extend" => Command::Extend { clock: text("clock")?, reason: text("reason")?, by },
            "suspend" => Command::Suspend { clock: text("clock")?, reason: text("reason")?, by },
            "resume" => Command::Resume { clock: text("clock")?, by },
            "bar" => Command::Bar { person: Person(text("person")?), relation: text("relation")?, by },
            "register_kin" => {
                Command::RegisterKin { staff: Person(text("staff")?), relation: text("relation")?, by }
            }
            "countersign_kin" => Command::CountersignKin { by },
            "complain" => Command::Complain { report: text("report")?, by },
            "protect" => Command::Protect { ground: text("ground")?, by },
            "assign" => Command::Assign { duty: text("duty")?, person: Person(text("person")?), by },
            "hand_over" => Command::HandOver { from: Person(text("from")?), to: Person(text("to")?), by },
            "aid" => {
                let (amount, need) = (text("amount")?, text("need")?);
                let amount: Money = amount.parse().ok()?;
                Command::Aid { amount, need, by }
            }
            "aid_papers" => Command::AidPapers { aid: self.number(&fields, "aid"), evidence, by },
            "appeal" => {
                let remedy = text("remedy")?;
                Command::Appeal { decision: self.number(&fields, "decision"), remedy, by }
            }
            "stay" => Command::Stay { decision: self.number(&fields, "decision"), order, by },
            "lift_stay" => Command::LiftStay { decision: self.number(&fields, "decision"), order, by },
            _ => Command::Overturn { decision: self.number(&fields, "decision"), order, by },
        })
    }

    /// A number under a key; 1 when it is not given.
    fn number(&mut self, fields: &Fields<'_>, key: &str) -> u32 {
        let number = fields.whole(key, &mut self.findings);
        number.and_then(|n| u32::try_from(n).ok()).unwrap_or(1)
    }

    fn persons(&mut self, fields: &Fields<'_>, key: &str) -> Vec<Person> {
        fields.texts(key, &mut self.findings).into_iter().map(|(text, _)| Person(text.to_owned())).collect()
    }

    fn person(&mut self, fields: &Fields<'_>, key: &str) -> Option<Person> {
        fields.required_text(key, &mut self.findings).map(Person::from)
    }

    fn names_in(&mut self, fields: &Fields<'_>, key: &str) -> Vec<Name> {
        fields.texts(key, &mut self.findings).into_iter().map(|(text, _)| text.to_owned()).collect()
    }

    fn act(&mut self, kind: ActKind, with: &Node) -> Option<Act> {
        let mut of = |allowed: &[&str]| Fields::of(with, allowed, &mut self.findings);
        Some(match kind {
            ActKind::Plain => Act::Plain,
            ActKind::Receive => Act::Receive,
            ActKind::CarryOver => Act::CarryOver,
            ActKind::Accept => Act::Accept,
            ActKind::TellResult => Act::TellResult,
            ActKind::TakeDown => Act::TakeDown,
            ActKind::Spare => Act::Spare,
            ActKind::Withdraw => Act::Withdraw,
            ActKind::Supplement => {
                let fields = of(&["missing"]);
                Act::Supplement { missing: self.names_in(&fields, "missing") }
            }
            ActKind::Authorise => {
                let fields = of(&["subject", "signer"]);
                let subject = self.person(&fields, "subject")?;
                let signer = match fields.has("signer") {
                    true => self.person(&fields, "signer")?,
                    false => subject.clone(),
                };
                Act::Authorise { subject, signer }
            }
            ActKind::Revoke => {
                let fields = of(&["subject"]);
                Act::Revoke { subject: self.person(&fields, "subject")? }
            }
            ActKind::AskCheck => {
                let fields = of(&["subjects", "sources"]);
                let subjects = self.persons(&fields, "subjects");
                Act::AskCheck { subjects, sources: self.names_in(&fields, "sources") }
            }
            ActKind::ReportCheck => {
                let fields = of(&["check", "answers", "valid_until"]);
                let mut answers = vec![];
                let entries = fields.names("answers", &mut self.findings);
                let inner = Fields::open(fields.required("answers", &mut self.findings)?, &mut vec![]);
                for (key, _) in entries {
                    let said = inner.choice(&key.text, &ANSWERS, &mut self.findings);
                    answers.extend(said.map(|said| (key.text.clone(), said)));
                }
                let valid_until = self.date(&fields, "valid_until");
                Act::ReportCheck { check: self.number(&fields, "check"), answers, valid_until }
            }
            ActKind::Explain => {
                let fields = of(&["contested"]);
                Act::Explain { contested: self.names_in(&fields, "contested") }
            }
            ActKind::Visit | ActKind::SpotVisit => {
                let fields = of(&["visitors"]);
                let visitors = self.persons(&fields, "visitors");
                if kind == ActKind::Visit { Act::Visit { visitors } } else { Act::SpotVisit { visitors } }
            }
            ActKind::Appraise => {
                let fields = of(&["present", "representatives", "in_favour"]);
                Act::Appraise(Meeting {
                    present: self.days_in(&fields, "present"),
                    representatives: self.days_in(&fields, "representatives"),
                    in_favour: self.days_in(&fields, "in_favour"),
                })
            }
            ActKind::Opine => {
                let said = self.said(with);
                let proposal = |s: Said| Proposal {
                    programme: s.programme,
                    outcome: s.outcome,
                    reasons: s.reasons,
                    exception: s.exception,
                };
                Act::Opine { proposals: said.into_iter().map(proposal).collect() }
            }
            ActKind::Decide => {
                let said = self.said(with);
                let ruling = |s: Said| Ruling {
                    programme: s.programme,
                    outcome: s.outcome,
                    from: None,
                    hash: "walk".into(),
                    reasons: s.reasons,
                    evidence: s.evidence,
                    exception: s.exception,
                };
                Act::Decide { rulings: said.into_iter().map(ruling).collect() }
            }
            ActKind::Post => {
                let fields = of(&["places"]);
                Act::Post { places: self.names_in(&fields, "places") }
            }
            ActKind::Object => {
                let fields = of(&["objector"]);
                Act::Object { objector: self.person(&fields, "objector")? }
            }
            ActKind::AnswerObjection => {
                let fields = of(&["objection", "upheld"]);
                let upheld = fields.flag("upheld", &mut self.findings).unwrap_or(false);
                Act::AnswerObjection { objection: self.number(&fields, "objection"), upheld }
            }
            ActKind::Hear => {
                let fields = of(&["heard", "how", "said", "answer"]);
                let mut text =
                    |key: &str| fields.text(key, &mut self.findings).unwrap_or_default().to_owned();
                Act::Hear(Hearing {
                    heard: Person(text("heard")),
                    how: text("how"),
                    said: text("said"),
                    answer: text("answer"),
                })
            }
            ActKind::Notify | ActKind::TakeEffect => {
                let fields = of(&["decision"]);
                let decision = self.number(&fields, "decision");
                if kind == ActKind::Notify { Act::Notify { decision } } else { Act::TakeEffect { decision } }
            }
            ActKind::Deliver => {
                let fields = of(&["decision", "manner"]);
                let manner =
                    fields.choice("manner", &Manner::ALL, &mut self.findings).unwrap_or(Manner::Signed);
                Act::Deliver { decision: self.number(&fields, "decision"), manner }
            }
        })
    }

    fn days_in(&mut self, fields: &Fields<'_>, key: &str) -> u32 {
        fields.whole(key, &mut self.findings).and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
    }

    /// `{programme: outcome}`, or `{programme: {outcome, because, law, evidence, exception}}`.
    fn said(&mut self, with: &Node) -> Vec<Said> {
        let entries = with.as_map().map_err(|f| self.findings.push(f)).unwrap_or_default();
        let mut said = vec![];
        for (programme, node) in entries {
            said.extend(match &node.value {
                Value::Scalar { .. } => {
                    let entry = [(Key { text: "outcome".into(), place: node.place }, node.clone())];
                    self.said_of(programme, &Node::new(node.place, Value::Map(entry.to_vec())))
                }
                _ => self.said_of(programme, node),
            });
        }
        said
    }

    fn said_of(&mut self, programme: &Key, node: &Node) -> Option<Said> {
        let allowed = ["outcome", "because", "law", "evidence", "exception"];
        let fields = Fields::of(node, &allowed, &mut self.findings);
        let choices = Outcome::ALL.map(|o| (o.name(), o));
        fields.required("outcome", &mut self.findings);
        let outcome = fields.choice("outcome", &choices, &mut self.findings)?;
        let text = fields.text("because", &mut self.findings).unwrap_or_default().to_owned();
        let law = fields.text("law", &mut self.findings).map(document::split);
        let law = law.map(|c| Citation { document: c.document, article: c.article });
        let given = fields.has("because") || fields.has("law");
        let reasons = if given { vec![Reason { text, law: law.unwrap_or_default() }] } else { vec![] };
        Some(Said {
            programme: programme.text.clone(),
            outcome,
            reasons,
            evidence: self.names_in(&fields, "evidence"),
            exception: fields.choice("exception", &Exception::ALL, &mut self.findings),
        })
    }
}
