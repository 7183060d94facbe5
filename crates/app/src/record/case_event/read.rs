//! From the stored form back to casework's events.
use super::*;
use crate::record::words::Stands;
use anmin_base::calendar::Deadline;
use anmin_base::date::Date;
use anmin_base::money::Money;
use anmin_casework::event::Opening;
use anmin_casework::kinds::Mark;
use anmin_casework::record::{
    Actor, Aid, Appeal, Authority, Bar, Check, Clock, Decision, Delivery, Done, Evidence, Exhibit, Heard,
    Hearing, KinEntry, Meeting, Objection, Opinion, Person, Posting, Proposal, Reason, Ruling, Standing,
    Taken, Visit,
};
use anmin_casework::workflow::{Citation, Publication};

/// Where in which form, and what was wrong so far.
struct Place<'r, 'a> {
    reading: &'r mut Reading,
    at: At<'a>,
}

impl Place<'_, '_> {
    fn day(&mut self, field: &str, given: &str) -> Option<Date> {
        self.reading.day(&self.at.field(field), given)
    }

    /// A day that may be absent; none if it is there and wrong.
    fn days(&mut self, field: &str, given: Option<String>) -> Option<Option<Date>> {
        given.map_or(Some(None), |given| self.day(field, &given).map(Some))
    }

    fn code<T: crate::record::words::Coded>(&mut self, field: &str, given: &str) -> Option<T> {
        self.reading.code(&self.at.field(field), given)
    }

    fn codes<T: crate::record::words::Coded>(
        &mut self,
        field: &str,
        given: Option<String>,
    ) -> Option<Option<T>> {
        given.map_or(Some(None), |given| self.code(field, &given).map(Some))
    }

    fn inner<T, U>(
        &mut self,
        field: &str,
        given: T,
        read: impl FnOnce(&mut Place<'_, '_>, T) -> Option<U>,
    ) -> Option<U> {
        let mut place = Place { at: self.at.field(field), reading: &mut *self.reading };
        read(&mut place, given)
    }

    fn each<T, U>(
        &mut self,
        field: &str,
        given: Vec<T>,
        read: impl Fn(&mut Place<'_, '_>, T) -> Option<U>,
    ) -> Option<Vec<U>> {
        let one = |reading: &mut Reading, at: &At<'_>, given| read(&mut Place { reading, at: *at }, given);
        self.reading.each(&self.at.field(field), given, one)
    }
}

fn persons(given: Vec<String>) -> Vec<Person> {
    given.into_iter().map(Person).collect()
}

/// The event of a form: a table, one line an event.
pub(super) fn event(reading: &mut Reading, at: &At<'_>, form: EventV1) -> Option<Event> {
    use EventV1 as V1;
    let p = &mut Place { reading, at: *at };
    Some(match form {
        V1::Opened(form) => Event::Opened(opening(p, form)?),
        V1::Stepped(form) => Event::Stepped(taken(p, form)?),
        V1::CycleBegan { cycle } => Event::CycleBegan(cycle),
        V1::Moved { state } => Event::Moved(state),
        V1::DutyDone { cycle, person, duty } => Event::DutyDone(Done { cycle, person: Person(person), duty }),
        V1::EvidenceAdded(form) => Event::EvidenceAdded(evidence(p, form)?),
        V1::Supplemented { missing } => Event::Supplemented(missing),
        V1::Accepted { on } => Event::Accepted(p.day("on", &on)?),
        V1::Authorised(form) => Event::Authorised(authority(p, form)?),
        V1::Revoked { subject, on } => Event::Revoked(Person(subject), p.day("on", &on)?),
        V1::CheckAsked(form) => Event::CheckAsked(check(p, form)?),
        V1::CheckAnswered { check, source, answer } => {
            Event::CheckAnswered(check, source, p.code("answer", &answer)?)
        }
        V1::ResultTold { check } => Event::ResultTold(check),
        V1::Contested { sources } => Event::Contested(sources),
        V1::Visited(form) => Event::Visited(visit(p, form)?),
        V1::Appraised { present, representatives, in_favour } => {
            Event::Appraised(Meeting { present, representatives, in_favour })
        }
        V1::Opined(form) => Event::Opined(opinion(p, form)?),
        V1::Posted(form) => Event::Posted(posting(p, form)?),
        V1::TakenDown { on } => Event::TakenDown(p.day("on", &on)?),
        V1::Spared { opinion } => Event::Spared(opinion),
        V1::Objected(form) => Event::Objected(objection(p, form)?),
        V1::ObjectionAnswered { objection, upheld } => Event::ObjectionAnswered(objection, upheld),
        V1::Heard(form) => Event::Heard(heard(p, form)?),
        V1::Decided(form) => Event::Decided(decision(p, *form)?),
        V1::GrantBegan { decision } => Event::GrantBegan(decision),
        V1::Noticed { decision, on } => Event::Noticed(decision, p.day("on", &on)?),
        V1::Delivered { decision, delivery: form } => {
            Event::Delivered(decision, p.inner("delivery", form, delivery)?)
        }
        V1::TookEffect { decision, on } => Event::TookEffect(decision, p.day("on", &on)?),
        V1::Withdrawn {} => Event::Withdrawn,
        V1::Published {} => Event::Published(Publication::Begins),
        V1::Unpublished {} => Event::Published(Publication::Ends),
        V1::LetterDue { letter, decision } => Event::LetterDue(letter, decision),
        V1::TaskSet { task, duty } => Event::TaskSet(task, duty),
        V1::HearingDue {} => Event::HearingDue,
        V1::ClockStarted(form) => Event::ClockStarted(clock(p, form)?),
        V1::ClockStopped { clock, on } => Event::ClockStopped(clock, p.day("on", &on)?),
        V1::ClockMarked { clock, mark, tells } => Event::ClockMarked(clock, p.code("mark", &mark)?, tells),
        V1::ClockExtended { clock, reason, limit, deadline: last } => {
            Event::ClockExtended(clock, reason, limit, p.inner("deadline", last, deadline)?)
        }
        V1::ClockSuspended { clock, on, reason } => Event::ClockSuspended(clock, p.day("on", &on)?, reason),
        V1::ClockResumed { clock, on, limit, deadline: last } => {
            let (on, last) = (p.day("on", &on), p.inner("deadline", last, deadline));
            Event::ClockResumed(clock, on?, limit, last?)
        }
        V1::ClockMoved { clock, deadline: last } => {
            Event::ClockMoved(clock, p.inner("deadline", last, deadline)?)
        }
        V1::Barred { person, relation, on } => {
            Event::Barred(Bar { person: Person(person), relation, on: p.day("on", &on)? })
        }
        V1::KinRegistered { staff, cycle, countersigned } => {
            let (staff, countersigned) = (Person(staff), countersigned.map(Person));
            Event::KinRegistered(KinEntry { staff, cycle, countersigned })
        }
        V1::KinCountersigned { person } => Event::KinCountersigned(Person(person)),
        V1::Complained { report } => Event::Complained(report),
        V1::Protected { ground } => Event::Protected(ground),
        V1::Assigned { duty, person } => Event::Assigned(duty, Person(person)),
        V1::Aided(form) => Event::Aided(aid(p, form)?),
        V1::AidPapered { aid, on } => Event::AidPapered(aid, p.day("on", &on)?),
        V1::Appealed(form) => Event::Appealed(appeal(p, form)?),
        V1::Stayed { decision, on } => Event::Stayed(decision, p.day("on", &on)?),
        V1::StayLifted { decision } => Event::StayLifted(decision),
        V1::Overturned { decision, on } => Event::Overturned(decision, p.day("on", &on)?),
        V1::DayCame { on } => Event::DayCame(p.day("on", &on)?),
    })
}

type P<'p, 'r, 'a> = &'p mut Place<'r, 'a>;

fn opening(p: P<'_, '_, '_>, form: OpeningV1) -> Option<Opening> {
    let (programmes, on) = (p.each("programmes", form.programmes, programme), p.day("on", &form.on));
    Some(Opening {
        workflow: form.workflow,
        unit: form.unit,
        adults: persons(form.adults),
        programmes: programmes?,
        on: on?,
    })
}

fn programme(p: P<'_, '_, '_>, form: ProgrammeV1) -> Option<(String, Standing)> {
    let stands: Stands = p.code("standing", &form.standing)?;
    let standing = stands.with(form.decision);
    if standing.is_none() {
        let zh = "只有 granted 和 suspended 带决定编号，且必须带";
        let en = "granted and suspended have the number of their decision, and nothing else has one";
        p.reading.wrong(&p.at.field("decision"), zh, en);
    }
    Some((form.programme, standing?))
}

fn actor(form: ActorV1) -> Actor {
    Actor {
        person: Person(form.person),
        duty: form.duty,
        delegated_by: form.delegated_by.map(Person),
        human: !form.job,
    }
}

fn taken(p: P<'_, '_, '_>, form: TakenV1) -> Option<Taken> {
    let on = p.day("on", &form.on)?;
    Some(Taken { step: form.step, on, cycle: form.cycle, by: actor(form.by) })
}

fn exhibit(p: P<'_, '_, '_>, form: ExhibitV1) -> Option<Exhibit> {
    let valid_until = p.days("valid_until", form.valid_until)?;
    let (kind, reference, source, derived) = (form.kind, form.reference, form.source, form.derived);
    Some(Exhibit { kind, reference, source, derived, valid_until })
}

fn evidence(p: P<'_, '_, '_>, form: EvidenceV1) -> Option<Evidence> {
    let (exhibit, on) = (p.inner("exhibit", form.exhibit, exhibit), p.day("on", &form.on));
    Some(Evidence { exhibit: exhibit?, on: on?, cycle: form.cycle, contested: form.contested })
}

fn authority(p: P<'_, '_, '_>, form: AuthorityV1) -> Option<Authority> {
    let (on, revoked) = (p.day("on", &form.on), p.days("revoked", form.revoked));
    let (subject, signer) = (Person(form.subject), Person(form.signer));
    Some(Authority { subject, signer, on: on?, revoked: revoked? })
}

fn check(p: P<'_, '_, '_>, form: CheckV1) -> Option<Check> {
    let sources = p.each("sources", form.sources, |p, s| Some((s.source, p.codes("answer", s.answer)?)))?;
    Some(Check {
        number: form.number,
        cycle: form.cycle,
        subjects: persons(form.subjects),
        sources,
        told: form.told,
        contested: form.contested,
    })
}

fn visit(p: P<'_, '_, '_>, form: VisitV1) -> Option<Visit> {
    let on = p.day("on", &form.on)?;
    let (cycle, spot, seq) = (form.cycle, form.spot, form.seq);
    Some(Visit { cycle, spot, visitors: persons(form.visitors), on, seq })
}

fn reason(form: CitedReasonV1) -> Reason {
    Reason { text: form.text, law: Citation { document: form.document, article: form.article } }
}

fn proposal(p: P<'_, '_, '_>, form: ProposalV1) -> Option<Proposal> {
    let (outcome, exception) = (p.code("outcome", &form.outcome), p.codes("exception", form.exception));
    let reasons = form.reasons.into_iter().map(reason).collect();
    Some(Proposal { programme: form.programme, outcome: outcome?, reasons, exception: exception? })
}

fn opinion(p: P<'_, '_, '_>, form: OpinionV1) -> Option<Opinion> {
    let proposals = p.each("proposals", form.proposals, proposal)?;
    Some(Opinion { number: form.number, cycle: form.cycle, proposals, by: Person(form.by) })
}

fn posting(p: P<'_, '_, '_>, form: PostingV1) -> Option<Posting> {
    let (up, down) = (p.day("up", &form.up), p.days("down", form.down));
    Some(Posting { opinion: form.opinion, places: form.places, up: up?, down: down? })
}

fn objection(p: P<'_, '_, '_>, form: ObjectionV1) -> Option<Objection> {
    let on = p.day("on", &form.on)?;
    let (number, seq, upheld) = (form.number, form.seq, form.upheld);
    Some(Objection { number, objector: Person(form.objector), on, seq, upheld })
}

fn heard(p: P<'_, '_, '_>, form: HeardV1) -> Option<Heard> {
    let on = p.day("on", &form.on)?;
    let hearing = Hearing { heard: Person(form.heard), how: form.how, said: form.said, answer: form.answer };
    Some(Heard { hearing, opinion: form.opinion, by: Person(form.by), on })
}

fn ruling(p: P<'_, '_, '_>, form: RulingV1) -> Option<Ruling> {
    let (outcome, exception) = (p.code("outcome", &form.outcome), p.codes("exception", form.exception));
    let from = p.days("from", form.from);
    Some(Ruling {
        programme: form.programme,
        outcome: outcome?,
        from: from?,
        hash: form.hash,
        reasons: form.reasons.into_iter().map(reason).collect(),
        evidence: form.evidence,
        exception: exception?,
    })
}

fn decision(p: P<'_, '_, '_>, form: DecisionV1) -> Option<Decision> {
    let (ruling, on) = (p.inner("ruling", form.ruling, ruling), p.day("on", &form.on));
    let noticed = p.days("noticed", form.noticed);
    let delivery = form.delivery.map_or(Some(None), |d| p.inner("delivery", d, delivery).map(Some));
    let (effect, stayed) = (p.days("effect", form.effect), p.days("stayed", form.stayed));
    let overturned = p.days("overturned", form.overturned);
    Some(Decision {
        number: form.number,
        cycle: form.cycle,
        ruling: ruling?,
        by: actor(form.by),
        on: on?,
        remedies: form.remedies,
        noticed: noticed?,
        delivery: delivery?,
        effect: effect?,
        stayed: stayed?,
        overturned: overturned?,
    })
}

fn delivery(p: P<'_, '_, '_>, form: DeliveryV1) -> Option<Delivery> {
    let (on, served) = (p.day("on", &form.on), p.day("served", &form.served));
    let manner = p.code("manner", &form.manner);
    Some(Delivery { manner: manner?, reference: form.reference, on: on?, served: served? })
}

fn deadline(p: P<'_, '_, '_>, form: DeadlineV1) -> Option<Deadline> {
    Some(Deadline { date: p.day("date", &form.date)?, provisional: form.provisional })
}

fn clock(p: P<'_, '_, '_>, form: ClockV1) -> Option<Clock> {
    let started = p.day("started", &form.started);
    let counted_from = p.days("counted_from", form.counted_from);
    let deadline = p.inner("deadline", form.deadline, deadline);
    let since = p.days("suspended", form.suspended);
    let mark = p.codes("mark", form.mark);
    let stopped = p.days("stopped", form.stopped);
    let suspended = match (since?, form.ground) {
        (Some(since), Some(ground)) => Some((since, ground)),
        (None, None) => None,
        _ => {
            let (zh, en) = ("中止须同时有日期和理由", "a suspension has its day and its ground, or neither");
            p.reading.wrong(&p.at.field("suspended"), zh, en);
            return None;
        }
    };
    let started = started?;
    Some(Clock {
        name: form.clock,
        started,
        limit: form.limit,
        counted_from: counted_from?.unwrap_or(started),
        deadline: deadline?,
        extended: form.extended,
        suspended,
        mark: mark?.unwrap_or(Mark::Green),
        stopped: stopped?,
    })
}

fn aid(p: P<'_, '_, '_>, form: AidV1) -> Option<Aid> {
    let (on, papers) = (p.day("on", &form.on), p.days("papers", form.papers));
    let amount = Money::from_fen(form.amount_fen);
    Some(Aid { number: form.number, amount, need: form.need, on: on?, papers: papers? })
}

fn appeal(p: P<'_, '_, '_>, form: AppealV1) -> Option<Appeal> {
    let on = p.day("on", &form.on)?;
    Some(Appeal { decision: form.decision, remedy: form.remedy, on, late: form.late })
}
