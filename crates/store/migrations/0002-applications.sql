-- Applications begun and not handed in, papers that come with them, and short messages about no case.

-- `person` is who it is for, where the register has them; of one entered at a counter they may not be there yet. What was
-- answered is sealed; it is emptied when the application lapses or is discarded.
CREATE TABLE application (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  person TEXT REFERENCES person (id),
  by_person TEXT NOT NULL REFERENCES person (id),
  counter INTEGER NOT NULL CHECK (counter IN (0, 1)),
  area TEXT NOT NULL REFERENCES area (id),
  unit TEXT REFERENCES unit (id),
  subject TEXT NOT NULL,
  pack TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'submitted', 'discarded', 'lapsed')),
  changed_on INTEGER NOT NULL,
  lapses_on INTEGER NOT NULL,
  case_id TEXT UNIQUE REFERENCES case_file (id),
  payload BLOB NOT NULL,
  CHECK (counter = 1 OR person IS NOT NULL),
  CONSTRAINT handed_in_is_a_case CHECK ((state = 'submitted') = (case_id IS NOT NULL))
) STRICT;
CREATE INDEX application_person ON application (person, state);
CREATE INDEX application_area ON application (area, state, changed_on);
CREATE INDEX application_lapses ON application (state, lapses_on);

-- An encrypted object that was photographed for an application. When it is handed in, a row in `file` names the same object.
CREATE TABLE application_file (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  application TEXT NOT NULL REFERENCES application (id),
  name TEXT NOT NULL UNIQUE,
  hash TEXT NOT NULL,
  size INTEGER NOT NULL CHECK (size BETWEEN 1 AND 10485760),
  type TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('kept', 'gone'))
) STRICT;
CREATE INDEX application_file_of ON application_file (application);

-- A short message about no case: a code, or that something is about to lapse. What it says is emptied when its time is over.
CREATE TABLE note (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  recipient TEXT NOT NULL REFERENCES person (id),
  channel TEXT NOT NULL CHECK (channel IN ('message', 'letter', 'visit', 'phone')),
  kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
  attempts INTEGER NOT NULL CHECK (attempts BETWEEN 0 AND 5),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE INDEX note_next ON note (state, created_at);
CREATE INDEX note_recipient ON note (recipient, created_at);
