-- Lists of cases: what each person keeps for their own, and what searching and counting walk along.

-- A filter somebody has named, or how their list looks. What is removed stays as a row, empty.
CREATE TABLE work_view (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  person TEXT NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL CHECK (kind IN ('filter', 'layout')),
  state TEXT NOT NULL CHECK (state IN ('kept', 'removed')),
  payload BLOB NOT NULL
) STRICT;
CREATE INDEX work_view_person ON work_view (person, kind, state);
CREATE UNIQUE INDEX work_view_layout ON work_view (person) WHERE kind = 'layout';

-- By sound, wherever somebody lives: the older index begins with the area.
CREATE INDEX person_initials ON person (initials);
CREATE INDEX person_sound ON person (pinyin);

-- What a county's page counts: cases, refusals, what was posted month by month. The first has all that a scope asks of a case,
-- so that the wide rows are not read.
CREATE INDEX case_counts ON case_file (area, subject, sensitivity, pack, state, mark, applicant, household, id);
CREATE INDEX effect_kind ON effect (kind, takes_effect_on);
CREATE INDEX batch_period ON batch (period);
CREATE INDEX entry_posted ON entry (batch, payment, amount_fen) WHERE stage = 'post' AND payment IS NOT NULL;
