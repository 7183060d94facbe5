//! What the walks of all packs do can be sent: no step or command needs anything the forms cannot say.
use crate::walks::walked;
use anmin_app::record::act::{
    ActV1, AnswerV1, BecauseV1, CommandV1, EvidenceV1, HearingV1, MeetingV1, ProposalV1, RulingV1, TakeV1,
};
use anmin_app::record::from_json;
use anmin_casework::command::{Act, Command, Take};
use anmin_casework::kinds::{Exception, Manner};
use anmin_casework::record::{Answer, Exhibit, Person, Reason};

/// The registry's number of a person of a walk; a number stays itself.
fn id(person: &Person) -> String {
    if person.0.len() == 32 {
        return person.0.clone();
    }
    let sum = person.0.bytes().fold(7u128, |sum, b| sum.wrapping_mul(257).wrapping_add(b.into()));
    format!("{sum:032x}")
}

fn ids(persons: &[Person]) -> Vec<String> {
    persons.iter().map(id).collect()
}

fn name_of<T: Copy + PartialEq>(all: &[(&str, T)], value: T) -> String {
    all.iter().find(|(_, v)| *v == value).expect("a name").0.to_owned()
}

fn exhibits(given: &[Exhibit]) -> Vec<EvidenceV1> {
    given
        .iter()
        .map(|e| EvidenceV1 {
            kind: e.kind.clone(),
            reference: e.reference.clone(),
            source: (!e.source.is_empty()).then(|| e.source.clone()),
            estimated: e.derived,
            valid_until: e.valid_until.map(|d| d.to_string()),
        })
        .collect()
}

fn because(reasons: &[Reason]) -> Vec<BecauseV1> {
    let one = |r: &Reason| BecauseV1 {
        text: r.text.clone(),
        document: r.law.document.clone(),
        article: r.law.article.clone(),
    };
    reasons.iter().map(one).collect()
}

fn exception(given: Option<Exception>) -> Option<String> {
    given.map(|e| name_of(&Exception::ALL, e))
}

fn act(given: &Act) -> ActV1 {
    let said = [("matches", Answer::Matches), ("differs", Answer::Differs), ("no_answer", Answer::NoAnswer)];
    match given {
        Act::Plain => ActV1::Plain {},
        Act::Receive => ActV1::Receive {},
        Act::CarryOver => ActV1::CarryOver {},
        Act::Supplement { missing } => ActV1::Supplement { missing: missing.clone() },
        Act::Accept => ActV1::Accept {},
        Act::Authorise { subject, signer } => ActV1::Authorise { subject: id(subject), signer: id(signer) },
        Act::Revoke { subject } => ActV1::Revoke { subject: id(subject) },
        Act::AskCheck { subjects, sources } => {
            ActV1::AskCheck { subjects: ids(subjects), sources: sources.clone() }
        }
        Act::ReportCheck { check, answers, valid_until } => {
            let one = |(source, answer): &(String, Answer)| AnswerV1 {
                source: source.clone(),
                answer: name_of(&said, *answer),
            };
            let (answers, valid_until) =
                (answers.iter().map(one).collect(), valid_until.map(|d| d.to_string()));
            ActV1::ReportCheck { check: *check, answers, valid_until }
        }
        Act::TellResult => ActV1::TellResult {},
        Act::Explain { contested } => ActV1::Explain { contested: contested.clone() },
        Act::Visit { visitors } => ActV1::Visit { visitors: ids(visitors) },
        Act::SpotVisit { visitors } => ActV1::SpotVisit { visitors: ids(visitors) },
        Act::Appraise(m) => ActV1::Appraise(MeetingV1 {
            present: m.present,
            representatives: m.representatives,
            in_favour: m.in_favour,
        }),
        Act::Opine { proposals } => {
            let one = |p: &anmin_casework::record::Proposal| ProposalV1 {
                programme: p.programme.clone(),
                outcome: p.outcome.name().to_owned(),
                reasons: because(&p.reasons),
                exception: exception(p.exception),
            };
            ActV1::Opine { proposals: proposals.iter().map(one).collect() }
        }
        Act::Post { places } => ActV1::Post { places: places.clone() },
        Act::TakeDown => ActV1::TakeDown {},
        Act::Spare => ActV1::Spare {},
        Act::Object { objector } => ActV1::Object { objector: id(objector) },
        Act::AnswerObjection { objection, upheld } => {
            ActV1::AnswerObjection { objection: *objection, upheld: *upheld }
        }
        Act::Hear(h) => ActV1::Hear(HearingV1 {
            heard: id(&h.heard),
            how: h.how.clone(),
            said: h.said.clone(),
            answer: h.answer.clone(),
        }),
        Act::Decide { rulings } => {
            let one = |r: &anmin_casework::record::Ruling| RulingV1 {
                programme: r.programme.clone(),
                outcome: r.outcome.name().to_owned(),
                from: r.from.map(|d| d.to_string()),
                reasons: because(&r.reasons),
                evidence: r.evidence.clone(),
                exception: exception(r.exception),
            };
            ActV1::Decide { rulings: rulings.iter().map(one).collect() }
        }
        Act::Notify { decision } => ActV1::Notify { decision: *decision },
        Act::Deliver { decision, manner } => {
            ActV1::Deliver { decision: *decision, manner: name_of(&Manner::ALL, *manner) }
        }
        Act::TakeEffect { decision } => ActV1::TakeEffect { decision: *decision },
        Act::Withdraw => ActV1::Withdraw {},
    }
}

fn sent(take: &Take) -> TakeV1 {
    TakeV1 { step: take.step.clone(), with: act(&take.act), evidence: exhibits(&take.evidence) }
}

fn command(given: &Command) -> Option<CommandV1> {
    let order_of = |order: &Exhibit| exhibits(std::slice::from_ref(order)).remove(0);
    Some(match given.clone() {
        Command::Take(_) | Command::Tick | Command::Recount => return None,
        Command::Extend { clock, reason, .. } => CommandV1::Extend { clock, reason },
        Command::Suspend { clock, reason, .. } => CommandV1::Suspend { clock, reason },
        Command::Resume { clock, .. } => CommandV1::Resume { clock },
        Command::Bar { person, relation, .. } => CommandV1::Bar { person: id(&person), relation },
        Command::RegisterKin { staff, relation, .. } => {
            CommandV1::RegisterKin { staff: id(&staff), relation }
        }
        Command::CountersignKin { .. } => CommandV1::CountersignKin {},
        Command::Complain { report, .. } => CommandV1::Complain { report },
        Command::Protect { ground, .. } => CommandV1::Protect { ground },
        Command::Assign { duty, person, .. } => CommandV1::Assign { duty, person: id(&person) },
        Command::HandOver { from, to, .. } => CommandV1::HandOver { from: id(&from), to: id(&to) },
        Command::Aid { amount, need, .. } => CommandV1::Aid { amount_fen: amount.fen(), need },
        Command::AidPapers { aid, evidence, .. } => {
            CommandV1::AidPapers { aid, evidence: exhibits(&evidence) }
        }
        Command::Appeal { decision, remedy, .. } => CommandV1::Appeal { decision, remedy },
        Command::Stay { decision, order, .. } => CommandV1::Stay { decision, order: order_of(&order) },
        Command::LiftStay { decision, order, .. } => {
            CommandV1::LiftStay { decision, order: order_of(&order) }
        }
        Command::Overturn { decision, order, .. } => {
            CommandV1::Overturn { decision, order: order_of(&order) }
        }
    })
}

#[test]
fn all_that_walks_do_can_be_sent_and_arrives_as_it_was() {
    let (mut steps, mut commands) = (0, 0);
    for walk in walked() {
        let name = &walk.name;
        for done in &walk.done {
            if let Command::Take(take) = done {
                let form = sent(take);
                let bytes = serde_json::to_vec(&form).expect("JSON");
                let read = from_json::<TakeV1>(&bytes).and_then(|t| t.into_take(take.by.clone()));
                let arrived = read.unwrap_or_else(|e| panic!("{name}: {e:?}"));
                assert_eq!((sent(&arrived), arrived.by), (form, take.by.clone()), "{name}");
                steps += 1;
            } else if let Some((form, by)) = command(done).zip(done.by().cloned()) {
                let bytes = serde_json::to_vec(&form).expect("JSON");
                let read = from_json::<CommandV1>(&bytes).and_then(|c| c.into_command(by));
                let arrived = read.unwrap_or_else(|e| panic!("{name}: {e:?}"));
                assert_eq!((command(&arrived), arrived.by()), (Some(form), done.by()), "{name}");
                commands += 1;
            }
        }
    }
    assert!(steps > 100 && commands > 10, "{steps} steps, {commands} commands");
}
