//! What happened to a case, and the case after it.

use crate::case::Case;
use crate::kinds::{Mark, Outcome};
use crate::record::{
    Aid, Answer, Appeal, Authority, Bar, Check, Clock, Decision, Delivery, Done, Evidence, Heard, KinEntry,
    Meeting, Objection, Opinion, Person, Posting, Standing, Taken, Visit,
};
use crate::workflow::{Name, Publication};
use anmin_base::calendar::Deadline;
use anmin_base::date::Date;

/// How a case begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The workflow's name.
    pub workflow: Name,
    /// What it is about.
    pub unit: String,
    /// The adults it concerns.
    pub adults: Vec<Person>,
    /// What is applied for, or received already.
    pub programmes: Vec<(Name, Standing)>,
    /// The day.
    pub on: Date,
}

/// Something that happened. Names what it is about, so that the list is readable without the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The case began.
    Opened(Opening),
    /// A step was taken, or a command every case has.
    Stepped(Taken),
    /// A new cycle began.
    CycleBegan(u32),
    /// The state changed.
    Moved(Name),
    /// Somebody did a duty.
    DutyDone(Done),
    /// Evidence came in.
    EvidenceAdded(Evidence),
    /// The one notice of what is missing was given.
    Supplemented(Vec<String>),
    /// The application was accepted.
    Accepted(Date),
    /// An authority to check was given.
    Authorised(Authority),
    /// It was taken back.
    Revoked(Person, Date),
    /// Sources were asked.
    CheckAsked(Check),
    /// A source answered or was recorded as silent: check, source, answer.
    CheckAnswered(u32, Name, Answer),
    /// The person was told what differs: check.
    ResultTold(u32),
    /// The person contests what sources said.
    Contested(Vec<Name>),
    /// A visit was made.
    Visited(Visit),
    /// An appraisal was held.
    Appraised(Meeting),
    /// An opinion was given.
    Opined(Opinion),
    /// A proposed approval was posted.
    Posted(Posting),
    /// It was taken down after its time.
    TakenDown(Date),
    /// It is not posted.
    Spared(u32),
    /// Somebody objected.
    Objected(Objection),
    /// An objection was answered: number, whether upheld.
    ObjectionAnswered(u32, bool),
    /// Somebody was heard.
    Heard(Heard),
    /// A decision was signed.
    Decided(Decision),
    /// A grant begins or changes for the better: decision.
    GrantBegan(u32),
    /// The notice of a decision was issued: decision, day.
    Noticed(u32, Date),
    /// It arrived.
    Delivered(u32, Delivery),
    /// A decision against the person took effect: decision, day.
    TookEffect(u32, Date),
    /// The application was withdrawn.
    Withdrawn,
    /// The running public list changes.
    Published(Publication),
    /// A letter is to be written: its name, and the decision it is about.
    LetterDue(Name, Option<u32>),
    /// A task is set: its name, and the duty it waits for.
    TaskSet(Name, Name),
    /// Somebody is to hear the person.
    HearingDue,
    /// A clock started.
    ClockStarted(Clock),
    /// It stopped.
    ClockStopped(Name, Date),
    /// It is nearer its end: mark, and the duty that is told.
    ClockMarked(Name, Mark, Option<Name>),
    /// It was extended: reason, new period and last day.
    ClockExtended(Name, Name, u32, Deadline),
    /// It stands still: since, ground.
    ClockSuspended(Name, Date, Name),
    /// It goes on: since, what is left, last day.
    ClockResumed(Name, Date, u32, Deadline),
    /// The calendar has grown: the last day is this now.
    ClockMoved(Name, Deadline),
    /// Somebody was barred.
    Barred(Bar),
    /// The case was entered in the register of relatives.
    KinRegistered(KinEntry),
    /// The entry was countersigned.
    KinCountersigned(Person),
    /// Somebody reported or complained.
    Complained(String),
    /// The case is never to be posted.
    Protected(Name),
    /// A duty was given to somebody.
    Assigned(Name, Person),
    /// Aid was given first.
    Aided(Aid),
    /// Its papers are there.
    AidPapered(u32, Date),
    /// A decision is contested.
    Appealed(Appeal),
    /// Its effect is stayed: what was before goes on.
    Stayed(u32, Date),
    /// The stay was lifted.
    StayLifted(u32),
    /// It was overturned: what was before holds, and what is owed is owed.
    Overturned(u32, Date),
    /// A day came on which nothing else happened.
    DayCame(Date),
}

impl Case {
    /// The case an opening makes.
    pub(crate) fn opened(opening: &Opening) -> Case {
        Case {
            workflow: opening.workflow.clone(),
            unit: opening.unit.clone(),
            state: Name::new(),
            opened: opening.on,
            latest: opening.on,
            seq: 1,
            cycle: 1,
            adults: opening.adults.clone(),
            programmes: opening.programmes.clone(),
            protected: None,
            accepted: None,
            supplement: None,
            taken: vec![],
            clocks: vec![],
            done: vec![],
            holders: vec![],
            bars: vec![],
            kin: None,
            complaints: vec![],
            evidence: vec![],
            authorities: vec![],
            checks: vec![],
            visits: vec![],
            appraisals: vec![],
            opinions: vec![],
            postings: vec![],
            spared: None,
            objections: vec![],
            hearings: vec![],
            decisions: vec![],
            aids: vec![],
            appeals: vec![],
            published: false,
        }
    }

    /// The case after an event. Events come from [`crate::apply`], or are read back; an event about something
    /// the case does not have changes nothing.
    pub fn with(&mut self, event: &Event) {
        self.seq += 1;
        let (seq, cycle) = (self.seq, self.cycle);
        match event {
            Event::Opened(_) | Event::LetterDue(..) | Event::TaskSet(..) | Event::HearingDue => {}
            Event::Stepped(taken) => {
                self.latest = self.latest.max(taken.on);
                self.taken.push(taken.clone());
            }
            Event::DayCame(day) => self.latest = self.latest.max(*day),
            Event::CycleBegan(cycle) => self.cycle = *cycle,
            Event::Moved(state) => self.state.clone_from(state),
            Event::DutyDone(done) => self.done.push(done.clone()),
            Event::EvidenceAdded(evidence) => self.evidence.push(evidence.clone()),
            Event::Supplemented(missing) => self.supplement = Some(missing.clone()),
            Event::Accepted(day) => self.accepted = Some(*day),
            Event::Authorised(authority) => self.authorities.push(authority.clone()),
            Event::Revoked(subject, day) => {
                let given =
                    self.authorities.iter_mut().filter(|a| a.subject == *subject && a.revoked.is_none());
                given.for_each(|a| a.revoked = Some(*day));
            }
            Event::Visited(visit) => self.visits.push(Visit { seq, ..visit.clone() }),
            Event::Appraised(meeting) => self.appraisals.push((cycle, seq, *meeting)),
            Event::Opined(opinion) => self.opinions.push(opinion.clone()),
            Event::Posted(posting) => self.postings.push(posting.clone()),
            Event::TakenDown(day) => {
                if let Some(posting) = self.postings.last_mut() {
                    posting.down = Some(*day);
                }
            }
            Event::Spared(opinion) => self.spared = Some(*opinion),
            Event::Objected(objection) => self.objections.push(Objection { seq, ..objection.clone() }),
            Event::ObjectionAnswered(number, upheld) => {
                let found = self.objections.iter_mut().filter(|o| o.number == *number);
                found.for_each(|o| o.upheld = Some(*upheld));
            }
            Event::Heard(heard) => self.hearings.push(heard.clone()),
            Event::Published(what) => self.published = *what == Publication::Begins,
            Event::Barred(bar) => {
                self.holders.retain(|(_, holder)| *holder != bar.person);
                self.bars.push(bar.clone());
            }
            Event::KinRegistered(entry) => self.kin = Some(entry.clone()),
            Event::KinCountersigned(person) => {
                if let Some(kin) = &mut self.kin {
                    kin.countersigned = Some(person.clone());
                }
            }
            Event::Complained(report) => self.complaints.push((cycle, report.clone())),
            Event::Protected(ground) => self.protected = Some(ground.clone()),
            Event::Assigned(duty, person) => self.assign(duty, person),
            Event::Aided(aid) => self.aids.push(aid.clone()),
            Event::AidPapered(number, day) => {
                let aid = self.aids.iter_mut().find(|a| a.number == *number);
                aid.into_iter().for_each(|a| a.papers = Some(*day));
            }
            Event::Appealed(appeal) => self.appeals.push(appeal.clone()),
            Event::CheckAsked(..) | Event::CheckAnswered(..) | Event::ResultTold(_) | Event::Contested(_) => {
                self.with_check(event);
            }
            Event::ClockStarted(_)
            | Event::ClockStopped(..)
            | Event::ClockMarked(..)
            | Event::ClockExtended(..)
            | Event::ClockSuspended(..)
            | Event::ClockResumed(..)
            | Event::ClockMoved(..) => self.with_clock(event),
            Event::Decided(_)
            | Event::GrantBegan(_)
            | Event::Noticed(..)
            | Event::Delivered(..)
            | Event::TookEffect(..)
            | Event::Withdrawn
            | Event::Stayed(..)
            | Event::StayLifted(_)
            | Event::Overturned(..) => self.with_decision(event),
        }
    }

    fn assign(&mut self, duty: &Name, person: &Person) {
        self.holders.retain(|(held, _)| held != duty);
        self.holders.push((duty.clone(), person.clone()));
    }

    fn with_check(&mut self, event: &Event) {
        let cycle = self.cycle;
        match event {
            Event::CheckAsked(check) => self.checks.push(check.clone()),
            Event::CheckAnswered(number, source, answer) => {
                for check in self.checks.iter_mut().filter(|c| c.number == *number) {
                    // What comes to light after somebody was told is told again.
                    check.told &= *answer != Answer::Differs;
                    let found = check.sources.iter_mut().filter(|(name, _)| name == source);
                    found.for_each(|(_, said)| *said = Some(*answer));
                }
            }
            Event::ResultTold(number) => {
                let check = self.checks.iter_mut().filter(|c| c.number == *number);
                check.for_each(|c| c.told = true);
            }
            Event::Contested(sources) => {
                for evidence in &mut self.evidence {
                    evidence.contested |= sources.contains(&evidence.exhibit.source);
                }
                for check in self.checks.iter_mut().filter(|c| c.cycle == cycle) {
                    let own =
                        check.sources.iter().filter(|(name, said)| said.is_some() && sources.contains(name));
                    check.contested.extend(own.map(|(name, _)| name.clone()));
                }
            }
            _ => {}
        }
    }

    fn with_clock(&mut self, event: &Event) {
        if let Event::ClockStarted(clock) = event {
            self.clocks.push(clock.clone());
            return;
        }
        let list = &mut self.clocks;
        match event {
            Event::ClockStopped(name, day) => clock_do(list, name, |c| c.stopped = Some(*day)),
            Event::ClockMarked(name, mark, _) => clock_do(list, name, |c| c.mark = *mark),
            Event::ClockExtended(name, reason, limit, deadline) => clock_do(list, name, |c| {
                (c.extended, c.limit, c.deadline, c.mark) =
                    (Some(reason.clone()), *limit, *deadline, Mark::Green);
            }),
            Event::ClockSuspended(name, day, ground) => {
                clock_do(list, name, |c| c.suspended = Some((*day, ground.clone())));
            }
            Event::ClockResumed(name, day, left, deadline) => clock_do(list, name, |c| {
                (c.suspended, c.counted_from, c.limit) = (None, *day, *left);
                (c.deadline, c.mark) = (*deadline, Mark::Green);
            }),
            Event::ClockMoved(name, deadline) => {
                clock_do(list, name, |c| (c.deadline, c.mark) = (*deadline, Mark::Green));
            }
            _ => {}
        }
    }

    fn with_decision(&mut self, event: &Event) {
        match event {
            Event::Decided(decision) => self.decisions.push(decision.clone()),
            Event::Withdrawn => {
                let open = self.programmes.iter_mut().filter(|(_, s)| *s == Standing::Open);
                open.for_each(|(_, standing)| *standing = Standing::Withdrawn);
            }
            Event::GrantBegan(n) => self.stand(*n, Standing::Granted(*n)),
            // A notice that is issued again must arrive again.
            Event::Noticed(n, day) => decision_do(&mut self.decisions, *n, |d| {
                (d.noticed, d.delivery) = (Some(*day), None);
            }),
            Event::Delivered(n, delivery) => {
                decision_do(&mut self.decisions, *n, |d| d.delivery = Some(delivery.clone()));
            }
            Event::TookEffect(n, day) => {
                decision_do(&mut self.decisions, *n, |d| d.effect = Some(*day));
                let outcome = self.decision(*n).map(|d| d.ruling.outcome);
                match outcome {
                    Some(Outcome::Refuse | Outcome::Decline) => self.stand(*n, Standing::Refused),
                    Some(Outcome::Stop) => self.stand(*n, Standing::Ended),
                    Some(Outcome::Suspend) => self.stand(*n, Standing::Suspended(*n)),
                    Some(Outcome::Reduce) => self.stand(*n, Standing::Granted(*n)),
                    _ => {}
                }
            }
            Event::Stayed(n, day) => {
                self.restore(*n);
                decision_do(&mut self.decisions, *n, |d| (d.stayed, d.effect) = (Some(*day), None));
            }
            Event::StayLifted(n) => decision_do(&mut self.decisions, *n, |d| d.stayed = None),
            Event::Overturned(n, day) => {
                self.restore(*n);
                decision_do(&mut self.decisions, *n, |d| {
                    (d.overturned, d.effect) = (Some(*day), None);
                });
            }
            _ => {}
        }
    }

    fn stand(&mut self, decision: u32, standing: Standing) {
        let Some(programme) = self.decision(decision).map(|d| d.ruling.programme.clone()) else { return };
        let found = self.programmes.iter_mut().filter(|(name, _)| *name == programme);
        found.for_each(|(_, s)| *s = standing);
    }

    /// Puts a programme back where it stood before a decision took effect.
    fn restore(&mut self, number: u32) {
        let Some(decision) = self.decision(number) else { return };
        if decision.effect.is_none() {
            return;
        }
        let (programme, outcome) = (&decision.ruling.programme, decision.ruling.outcome);
        let before = self.decisions.iter().filter(|d| d.number < number && d.ruling.programme == *programme);
        let stood = before
            .filter(|d| d.overturned.is_none() && (d.effect.is_some() || !d.ruling.outcome.is_adverse()));
        let last = stood.map(|d| d.number).next_back().unwrap_or(0);
        let standing = match outcome {
            Outcome::Refuse | Outcome::Decline => Standing::Open,
            Outcome::Recover => return,
            _ => Standing::Granted(last),
        };
        self.stand(number, standing);
    }
}

/// Changes the latest clock of a name.
fn clock_do(clocks: &mut [Clock], name: &Name, change: impl FnOnce(&mut Clock)) {
    if let Some(clock) = clocks.iter_mut().rev().find(|c| c.name == *name) {
        change(clock);
    }
}

/// Changes the decision of a number.
fn decision_do(decisions: &mut [Decision], number: u32, change: impl FnOnce(&mut Decision)) {
    if let Some(decision) = decisions.get_mut(number.wrapping_sub(1) as usize) {
        change(decision);
    }
}

impl Event {
    /// Its name, for walks and lists.
    pub fn name(&self) -> &'static str {
        match self {
            Event::Opened(_) => "opened",
            Event::Stepped(_) => "stepped",
            Event::CycleBegan(_) => "cycle_began",
            Event::Moved(_) => "moved",
            Event::DutyDone(_) => "duty_done",
            Event::EvidenceAdded(_) => "evidence_added",
            Event::Supplemented(_) => "supplemented",
            Event::Accepted(_) => "accepted",
            Event::Authorised(_) => "authorised",
            Event::Revoked(..) => "revoked",
            Event::CheckAsked(_) => "check_asked",
            Event::CheckAnswered(..) => "check_answered",
            Event::ResultTold(_) => "result_told",
            Event::Contested(_) => "contested",
            Event::Visited(_) => "visited",
            Event::Appraised(_) => "appraised",
            Event::Opined(_) => "opined",
            Event::Posted(_) => "posted",
            Event::TakenDown(_) => "taken_down",
            Event::Spared(_) => "spared",
            Event::Objected(_) => "objected",
            Event::ObjectionAnswered(..) => "objection_answered",
            Event::Heard(_) => "heard",
            Event::Decided(_) => "decided",
            Event::GrantBegan(_) => "grant_began",
            Event::Noticed(..) => "noticed",
            Event::Delivered(..) => "delivered",
            Event::TookEffect(..) => "took_effect",
            Event::Withdrawn => "withdrawn",
            Event::Published(Publication::Begins) => "published",
            Event::Published(Publication::Ends) => "unpublished",
            Event::LetterDue(..) => "letter_due",
            Event::TaskSet(..) => "task_set",
            Event::HearingDue => "hearing_due",
            Event::ClockStarted(_) => "clock_started",
            Event::ClockStopped(..) => "clock_stopped",
            Event::ClockMarked(..) => "clock_marked",
            Event::ClockExtended(..) => "clock_extended",
            Event::ClockSuspended(..) => "clock_suspended",
            Event::ClockResumed(..) => "clock_resumed",
            Event::ClockMoved(..) => "clock_moved",
            Event::Barred(_) => "barred",
            Event::KinRegistered(_) => "kin_registered",
            Event::KinCountersigned(_) => "kin_countersigned",
            Event::Complained(_) => "complained",
            Event::Protected(_) => "protected",
            Event::Assigned(..) => "assigned",
            Event::Aided(_) => "aided",
            Event::AidPapered(..) => "aid_papered",
            Event::Appealed(_) => "appealed",
            Event::Stayed(..) => "stayed",
            Event::StayLifted(_) => "stay_lifted",
            Event::Overturned(..) => "overturned",
            Event::DayCame(_) => "day_came",
        }
    }
}
