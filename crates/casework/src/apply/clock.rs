//! Clocks: start, stop, marks, extension, suspension, and counting anew when the calendar grows.

use super::{Circumstances, Draft};
use crate::event::Event;
use crate::kinds::Mark;
use crate::record::{Actor, Clock};
use crate::refusal::Refusal;
use crate::workflow::{ClockRule, Ground, Name, Unit};
use anmin_base::calendar::{Deadline, WorkCalendar};
use anmin_base::date::Date;

/// The last day of a period from a day on.
pub fn deadline(unit: Unit, rolls: bool, from: Date, limit: u32, calendar: &WorkCalendar) -> Deadline {
    let plain = match unit {
        Unit::Working => return calendar.add_working_days(from, limit),
        Unit::Calendar => calendar.add_calendar_days(from, limit),
        Unit::Months => {
            let months = i32::try_from(limit).unwrap_or(i32::MAX);
            Deadline { date: from.add_months(months), provisional: false }
        }
    };
    if rolls { calendar.end_on_working_day(plain.date) } else { plain }
}

/// Days left until the last day, in working days for clocks that count them; negative when it is past.
pub fn left(rule: &ClockRule, clock: &Clock, now: &Circumstances<'_>) -> i64 {
    let last = clock.deadline.date;
    match rule.unit {
        Unit::Working if last >= now.today => now.calendar.working_days_between(now.today, last).into(),
        Unit::Working => -i64::from(now.calendar.working_days_between(last, now.today).max(1)),
        Unit::Calendar | Unit::Months => last.days_since(now.today),
    }
}

/// How near its last day a running clock is.
pub fn mark(rule: &ClockRule, clock: &Clock, now: &Circumstances<'_>) -> Mark {
    let left = left(rule, clock, now);
    if !clock.runs() {
        clock.mark
    } else if now.today > clock.deadline.date {
        Mark::Overdue
    } else if left <= rule.red.into() {
        Mark::Red
    } else if left <= rule.amber.into() {
        Mark::Amber
    } else {
        Mark::Green
    }
}

impl Draft<'_> {
    /// Records every mark that has come since the last event. So no command passes over one in silence.
    pub(super) fn record_marks(&mut self) {
        let mut due = vec![];
        for rule in &self.workflow.clocks {
            let Some(clock) = self.case.clock(&rule.named.name) else { continue };
            let mark = mark(rule, clock, self.now);
            if mark > clock.mark {
                let tells = rule.tells.clone().filter(|_| mark >= Mark::Red);
                due.push(Event::ClockMarked(rule.named.name.clone(), mark, tells));
            }
        }
        due.into_iter().for_each(|event| self.record(event));
    }

    /// Stops and starts the clocks that wait for a step or mark.
    pub(super) fn clocks_at(&mut self, name: &str) {
        let workflow = self.workflow;
        let today = self.now.today;
        for rule in &workflow.clocks {
            let running = self.case.clock(&rule.named.name).is_some_and(|c| c.stopped.is_none());
            let anew = rule.restarts && rule.starts.iter().any(|s| s == name);
            if running && (anew || rule.stops.iter().any(|s| s == name)) {
                self.record(Event::ClockStopped(rule.named.name.clone(), today));
            }
        }
        for rule in &workflow.clocks {
            let running = self.case.clock(&rule.named.name).is_some_and(|c| c.stopped.is_none());
            let otherwise = |(verdict, wanted): &(Name, bool)| self.verdict(verdict, None) == Some(!wanted);
            let given = !rule.given.iter().any(otherwise);
            let starts = rule.starts.iter().any(|s| s == name) && !running && given;
            if let (true, Some(limit)) = (starts, rule.limit) {
                self.record(Event::ClockStarted(Clock {
                    name: rule.named.name.clone(),
                    started: today,
                    limit,
                    counted_from: today,
                    deadline: deadline(rule.unit, rule.rolls, today, limit, self.now.calendar),
                    extended: None,
                    suspended: None,
                    mark: Mark::Green,
                    stopped: None,
                }));
            }
        }
    }

    /// At the end of a case nothing runs on.
    pub(super) fn stop_all_clocks(&mut self) {
        let running = self.case.clocks.iter().filter(|c| c.stopped.is_none());
        let stops_late = |c: &&Clock| {
            let rule = self.workflow.clock(&c.name);
            rule.is_none_or(|r| !r.stops.iter().all(|s| crate::kinds::MARKS.contains(&s.as_str())))
        };
        let names: Vec<Name> = running.filter(stops_late).map(|c| c.name.clone()).collect();
        for name in names {
            self.record(Event::ClockStopped(name, self.now.today));
        }
    }

    pub(super) fn recount(&mut self) {
        let mut moved = vec![];
        for clock in self.case.clocks.iter().filter(|c| c.runs()) {
            let Some(rule) = self.workflow.clock(&clock.name) else { continue };
            let last = deadline(rule.unit, rule.rolls, clock.counted_from, clock.limit, self.now.calendar);
            if last != clock.deadline {
                moved.push(Event::ClockMoved(clock.name.clone(), last));
            }
        }
        moved.into_iter().for_each(|event| self.record(event));
    }

    fn running(&self, name: &Name) -> Result<(&ClockRule, &Clock), Refusal> {
        let known = || Refusal::UnknownClock { clock: name.clone() };
        let rule = self.workflow.clock(name).ok_or_else(known)?;
        let clock = self.case.clock(name).filter(|c| c.stopped.is_none());
        Ok((rule, clock.ok_or_else(|| Refusal::ClockNotRunning { clock: name.clone() })?))
    }

    pub(super) fn extend(&mut self, name: &Name, reason: &Name, by: &Actor) -> Result<(), Refusal> {
        let (rule, clock) = self.running(name)?;
        let Some(extension) = &rule.extension else {
            return Err(Refusal::NotExtendable { clock: name.clone() });
        };
        if !extension.by.contains(&by.duty) {
            return Err(Refusal::NotYourDuty { duty: by.duty.clone(), allowed: extension.by.clone() });
        }
        if !extension.reasons.iter().any(|r| r.named.name == *reason) {
            let allowed = codes(&extension.reasons);
            return Err(Refusal::NoSuchGround { clock: name.clone(), reason: reason.clone(), allowed });
        }
        if clock.extended.is_some() {
            return Err(Refusal::ExtendedTwice { clock: name.clone() });
        }
        if clock.suspended.is_some() {
            return Err(Refusal::ClockNotRunning { clock: name.clone() });
        }
        if self.now.today > clock.deadline.date {
            return Err(Refusal::ExtendedLate { clock: name.clone(), last: clock.deadline.date });
        }
        // What an earlier suspension left is kept: the extension adds the difference of the two periods.
        let limit = clock.limit + extension.limit.saturating_sub(rule.limit.unwrap_or(0));
        let last = deadline(rule.unit, rule.rolls, clock.counted_from, limit, self.now.calendar);
        let letter = extension.letter.clone();
        self.record(Event::ClockExtended(name.clone(), reason.clone(), limit, last));
        self.record(Event::LetterDue(letter, None));
        Ok(())
    }

    pub(super) fn suspend(&mut self, name: &Name, reason: &Name) -> Result<(), Refusal> {
        let (rule, clock) = self.running(name)?;
        if clock.suspended.is_some() {
            return Err(Refusal::ClockNotRunning { clock: name.clone() });
        }
        if !rule.suspensions.iter().any(|g| g.named.name == *reason) {
            let allowed = codes(&rule.suspensions);
            return Err(Refusal::NotSuspendable { clock: name.clone(), reason: reason.clone(), allowed });
        }
        if self.now.today > clock.deadline.date {
            return Err(Refusal::ExtendedLate { clock: name.clone(), last: clock.deadline.date });
        }
        self.record(Event::ClockSuspended(name.clone(), self.now.today, reason.clone()));
        Ok(())
    }

    pub(super) fn resume(&mut self, name: &Name) -> Result<(), Refusal> {
        let (rule, clock) = self.running(name)?;
        let Some((since, _)) = &clock.suspended else {
            return Err(Refusal::NotSuspended { clock: name.clone() });
        };
        let today = self.now.today;
        let (left, last) = match rule.unit {
            Unit::Working => {
                let used = self.now.calendar.working_days_between(clock.counted_from, *since);
                let left = clock.limit.saturating_sub(used);
                (left, deadline(rule.unit, rule.rolls, today, left, self.now.calendar))
            }
            Unit::Calendar => {
                let used = u32::try_from(since.days_since(clock.counted_from)).unwrap_or(0);
                let left = clock.limit.saturating_sub(used);
                (left, deadline(rule.unit, rule.rolls, today, left, self.now.calendar))
            }
            // Months are not divided: the last day moves by the days of the suspension.
            Unit::Months => {
                let days = i32::try_from(today.days_since(*since)).unwrap_or(0);
                let from = clock.counted_from.add_days(days);
                let last = deadline(rule.unit, rule.rolls, from, clock.limit, self.now.calendar);
                self.record(Event::ClockResumed(name.clone(), from, self.limit_of(name), last));
                return Ok(());
            }
        };
        self.record(Event::ClockResumed(name.clone(), today, left, last));
        Ok(())
    }

    fn limit_of(&self, name: &Name) -> u32 {
        self.case.clock(name).map_or(0, |c| c.limit)
    }
}

fn codes(grounds: &[Ground]) -> Vec<Name> {
    grounds.iter().map(|g| g.named.name.clone()).collect()
}
