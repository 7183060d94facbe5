//! From casework's events to their stored form.
use super::*;
use crate::record::words::{Coded, Stands};
use anmin_base::calendar::Deadline;
use anmin_base::date::Date;
use anmin_casework::event::Opening;
use anmin_casework::record::{
    Actor, Aid, Appeal, Authority, Check, Clock, Decision, Delivery, Evidence, Exhibit, Heard, Objection,
    Opinion, Person, Posting, Proposal, Reason, Ruling, Standing, Taken, Visit,
};
use anmin_casework::workflow::Publication;

fn day(date: &Date) -> String {
    date.to_string()
}

fn days(date: &Option<Date>) -> Option<String> {
    date.as_ref().map(day)
}

fn code<T: Coded>(value: T) -> String {
    value.code().to_owned()
}

fn id(person: &Person) -> String {
    person.0.clone()
}

fn ids(persons: &[Person]) -> Vec<String> {
    persons.iter().map(id).collect()
}

fn all<'t, T, V: From<&'t T>>(values: &'t [T]) -> Vec<V> {
    values.iter().map(V::from).collect()
}

impl From<&Event> for EventV1 {
    /// A table: one line an event.
    fn from(event: &Event) -> EventV1 {
        use EventV1 as V1;
        match event {
            Event::Opened(opening) => V1::Opened(opening.into()),
            Event::Stepped(taken) => V1::Stepped(taken.into()),
            Event::CycleBegan(n) => V1::CycleBegan { cycle: *n },
            Event::Moved(state) => V1::Moved { state: state.clone() },
            Event::DutyDone(d) => {
                V1::DutyDone { cycle: d.cycle, person: id(&d.person), duty: d.duty.clone() }
            }
            Event::EvidenceAdded(evidence) => V1::EvidenceAdded(evidence.into()),
            Event::Supplemented(missing) => V1::Supplemented { missing: missing.clone() },
            Event::Accepted(on) => V1::Accepted { on: day(on) },
            Event::Authorised(authority) => V1::Authorised(authority.into()),
            Event::Revoked(subject, on) => V1::Revoked { subject: id(subject), on: day(on) },
            Event::CheckAsked(check) => V1::CheckAsked(check.into()),
            Event::CheckAnswered(check, source, answer) => {
                V1::CheckAnswered { check: *check, source: source.clone(), answer: code(*answer) }
            }
            Event::ResultTold(check) => V1::ResultTold { check: *check },
            Event::Contested(sources) => V1::Contested { sources: sources.clone() },
            Event::Visited(visit) => V1::Visited(visit.into()),
            Event::Appraised(m) => {
                let (present, representatives, in_favour) = (m.present, m.representatives, m.in_favour);
                V1::Appraised { present, representatives, in_favour }
            }
            Event::Opined(opinion) => V1::Opined(opinion.into()),
            Event::Posted(posting) => V1::Posted(posting.into()),
            Event::TakenDown(on) => V1::TakenDown { on: day(on) },
            Event::Spared(opinion) => V1::Spared { opinion: *opinion },
            Event::Objected(objection) => V1::Objected(objection.into()),
            Event::ObjectionAnswered(n, upheld) => V1::ObjectionAnswered { objection: *n, upheld: *upheld },
            Event::Heard(heard) => V1::Heard(heard.into()),
            Event::Decided(decision) => V1::Decided(Box::new(decision.into())),
            Event::GrantBegan(n) => V1::GrantBegan { decision: *n },
            Event::Noticed(n, on) => V1::Noticed { decision: *n, on: day(on) },
            Event::Delivered(n, delivery) => V1::Delivered { decision: *n, delivery: delivery.into() },
            Event::TookEffect(n, on) => V1::TookEffect { decision: *n, on: day(on) },
            Event::Withdrawn => V1::Withdrawn {},
            Event::Published(Publication::Begins) => V1::Published {},
            Event::Published(Publication::Ends) => V1::Unpublished {},
            Event::LetterDue(letter, n) => V1::LetterDue { letter: letter.clone(), decision: *n },
            Event::TaskSet(task, duty) => V1::TaskSet { task: task.clone(), duty: duty.clone() },
            Event::HearingDue => V1::HearingDue {},
            Event::ClockStarted(clock) => V1::ClockStarted(clock.into()),
            Event::ClockStopped(clock, on) => V1::ClockStopped { clock: clock.clone(), on: day(on) },
            Event::ClockMarked(clock, mark, tells) => {
                V1::ClockMarked { clock: clock.clone(), mark: code(*mark), tells: tells.clone() }
            }
            Event::ClockExtended(clock, reason, limit, last) => {
                let (clock, reason) = (clock.clone(), reason.clone());
                V1::ClockExtended { clock, reason, limit: *limit, deadline: last.into() }
            }
            Event::ClockSuspended(clock, on, reason) => {
                V1::ClockSuspended { clock: clock.clone(), on: day(on), reason: reason.clone() }
            }
            Event::ClockResumed(clock, on, limit, last) => {
                let (clock, on) = (clock.clone(), day(on));
                V1::ClockResumed { clock, on, limit: *limit, deadline: last.into() }
            }
            Event::ClockMoved(clock, last) => V1::ClockMoved { clock: clock.clone(), deadline: last.into() },
            Event::Barred(b) => {
                V1::Barred { person: id(&b.person), relation: b.relation.clone(), on: day(&b.on) }
            }
            Event::KinRegistered(kin) => V1::KinRegistered {
                staff: id(&kin.staff),
                cycle: kin.cycle,
                countersigned: kin.countersigned.as_ref().map(id),
            },
            Event::KinCountersigned(person) => V1::KinCountersigned { person: id(person) },
            Event::Complained(report) => V1::Complained { report: report.clone() },
            Event::Protected(ground) => V1::Protected { ground: ground.clone() },
            Event::Assigned(duty, person) => V1::Assigned { duty: duty.clone(), person: id(person) },
            Event::Aided(aid) => V1::Aided(aid.into()),
            Event::AidPapered(n, on) => V1::AidPapered { aid: *n, on: day(on) },
            Event::Appealed(appeal) => V1::Appealed(appeal.into()),
            Event::Stayed(n, on) => V1::Stayed { decision: *n, on: day(on) },
            Event::StayLifted(n) => V1::StayLifted { decision: *n },
            Event::Overturned(n, on) => V1::Overturned { decision: *n, on: day(on) },
            Event::DayCame(on) => V1::DayCame { on: day(on) },
        }
    }
}

impl From<&Opening> for OpeningV1 {
    fn from(o: &Opening) -> Self {
        OpeningV1 {
            workflow: o.workflow.clone(),
            unit: o.unit.clone(),
            adults: ids(&o.adults),
            programmes: all(&o.programmes),
            on: day(&o.on),
        }
    }
}

impl From<&(String, Standing)> for ProgrammeV1 {
    fn from((programme, standing): &(String, Standing)) -> Self {
        let (stands, decision) = Stands::of(*standing);
        ProgrammeV1 { programme: programme.clone(), standing: code(stands), decision }
    }
}

impl From<&Actor> for ActorV1 {
    fn from(a: &Actor) -> Self {
        let delegated_by = a.delegated_by.as_ref().map(id);
        ActorV1 { person: id(&a.person), duty: a.duty.clone(), delegated_by, job: !a.human }
    }
}

impl From<&Taken> for TakenV1 {
    fn from(t: &Taken) -> Self {
        TakenV1 { step: t.step.clone(), on: day(&t.on), cycle: t.cycle, by: (&t.by).into() }
    }
}

impl From<&Exhibit> for ExhibitV1 {
    fn from(e: &Exhibit) -> Self {
        ExhibitV1 {
            kind: e.kind.clone(),
            reference: e.reference.clone(),
            source: e.source.clone(),
            derived: e.derived,
            valid_until: days(&e.valid_until),
        }
    }
}

impl From<&Evidence> for EvidenceV1 {
    fn from(e: &Evidence) -> Self {
        EvidenceV1 { exhibit: (&e.exhibit).into(), on: day(&e.on), cycle: e.cycle, contested: e.contested }
    }
}

impl From<&Authority> for AuthorityV1 {
    fn from(a: &Authority) -> Self {
        AuthorityV1 {
            subject: id(&a.subject),
            signer: id(&a.signer),
            on: day(&a.on),
            revoked: days(&a.revoked),
        }
    }
}

impl From<&Check> for CheckV1 {
    fn from(c: &Check) -> Self {
        let sources =
            c.sources.iter().map(|(s, a)| SourceV1 { source: s.clone(), answer: a.map(code) }).collect();
        CheckV1 {
            number: c.number,
            cycle: c.cycle,
            subjects: ids(&c.subjects),
            sources,
            told: c.told,
            contested: c.contested.clone(),
        }
    }
}

impl From<&Visit> for VisitV1 {
    fn from(v: &Visit) -> Self {
        let (cycle, spot, seq) = (v.cycle, v.spot, v.seq);
        VisitV1 { cycle, spot, visitors: ids(&v.visitors), on: day(&v.on), seq }
    }
}

impl From<&Reason> for CitedReasonV1 {
    fn from(r: &Reason) -> Self {
        let (document, article) = (r.law.document.clone(), r.law.article.clone());
        CitedReasonV1 { text: r.text.clone(), document, article }
    }
}

impl From<&Proposal> for ProposalV1 {
    fn from(p: &Proposal) -> Self {
        ProposalV1 {
            programme: p.programme.clone(),
            outcome: code(p.outcome),
            reasons: all(&p.reasons),
            exception: p.exception.map(code),
        }
    }
}

impl From<&Opinion> for OpinionV1 {
    fn from(o: &Opinion) -> Self {
        OpinionV1 { number: o.number, cycle: o.cycle, proposals: all(&o.proposals), by: id(&o.by) }
    }
}

impl From<&Posting> for PostingV1 {
    fn from(p: &Posting) -> Self {
        PostingV1 { opinion: p.opinion, places: p.places.clone(), up: day(&p.up), down: days(&p.down) }
    }
}

impl From<&Objection> for ObjectionV1 {
    fn from(o: &Objection) -> Self {
        let (number, seq, upheld) = (o.number, o.seq, o.upheld);
        ObjectionV1 { number, objector: id(&o.objector), on: day(&o.on), seq, upheld }
    }
}

impl From<&Heard> for HeardV1 {
    fn from(h: &Heard) -> Self {
        HeardV1 {
            heard: id(&h.hearing.heard),
            how: h.hearing.how.clone(),
            said: h.hearing.said.clone(),
            answer: h.hearing.answer.clone(),
            opinion: h.opinion,
            by: id(&h.by),
            on: day(&h.on),
        }
    }
}

impl From<&Ruling> for RulingV1 {
    fn from(r: &Ruling) -> Self {
        RulingV1 {
            programme: r.programme.clone(),
            outcome: code(r.outcome),
            from: days(&r.from),
            hash: r.hash.clone(),
            reasons: all(&r.reasons),
            evidence: r.evidence.clone(),
            exception: r.exception.map(code),
        }
    }
}

impl From<&Decision> for DecisionV1 {
    fn from(d: &Decision) -> Self {
        DecisionV1 {
            number: d.number,
            cycle: d.cycle,
            ruling: (&d.ruling).into(),
            by: (&d.by).into(),
            on: day(&d.on),
            remedies: d.remedies.clone(),
            noticed: days(&d.noticed),
            delivery: d.delivery.as_ref().map(DeliveryV1::from),
            effect: days(&d.effect),
            stayed: days(&d.stayed),
            overturned: days(&d.overturned),
        }
    }
}

impl From<&Delivery> for DeliveryV1 {
    fn from(d: &Delivery) -> Self {
        DeliveryV1 {
            manner: code(d.manner),
            reference: d.reference.clone(),
            on: day(&d.on),
            served: day(&d.served),
        }
    }
}

impl From<&Deadline> for DeadlineV1 {
    fn from(d: &Deadline) -> Self {
        DeadlineV1 { date: day(&d.date), provisional: d.provisional }
    }
}

impl From<&Clock> for ClockV1 {
    fn from(c: &Clock) -> Self {
        let (suspended, ground) = c.suspended.as_ref().map(|(on, ground)| (day(on), ground.clone())).unzip();
        ClockV1 {
            clock: c.name.clone(),
            started: day(&c.started),
            limit: c.limit,
            counted_from: (c.counted_from != c.started).then(|| day(&c.counted_from)),
            deadline: (&c.deadline).into(),
            extended: c.extended.clone(),
            suspended,
            ground,
            mark: (c.mark != Default::default()).then(|| code(c.mark)),
            stopped: days(&c.stopped),
        }
    }
}

impl From<&Aid> for AidV1 {
    fn from(a: &Aid) -> Self {
        AidV1 {
            number: a.number,
            amount_fen: a.amount.fen(),
            need: a.need.clone(),
            on: day(&a.on),
            papers: days(&a.papers),
        }
    }
}

impl From<&Appeal> for AppealV1 {
    fn from(a: &Appeal) -> Self {
        AppealV1 { decision: a.decision, remedy: a.remedy.clone(), on: day(&a.on), late: a.late }
    }
}
