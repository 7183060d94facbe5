-- What whoever looks after others' work counts is read along an index, not from the rows with what is sealed in them: the columns
-- by which cases are counted, and after them those that a scope asks for.
CREATE INDEX case_counted ON case_file (
  area, assignee, pack, state, mark, due_on, sensitivity, subject, applicant, household, id, unit, cycle
);
-- What is rationed by the day is counted by the person: numbers shown whole.
CREATE INDEX event_reveal ON event (actor, at) WHERE command = 'reveal';
