-- The first schema. Written for SQLite; for PostgreSQL the words INTEGER, BLOB and STRICT are translated (migrate.rs).
-- Identifiers are 32 hexadecimal digits, days count from 1970-01-01, moments are milliseconds from there.
-- Rules that must hold whoever writes are plain constraints: no triggers, so that every SQL database can carry them.

-- What the store itself keeps ---------------------------------------------------------------------------------------

CREATE TABLE deployment (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('record', 'demo')),
  created_at INTEGER NOT NULL,
  key_check TEXT NOT NULL,
  public_key TEXT NOT NULL
) STRICT;

CREATE TABLE data_key (
  id INTEGER PRIMARY KEY,
  of_table TEXT NOT NULL,
  year INTEGER NOT NULL,
  wrapped BLOB NOT NULL,
  UNIQUE (of_table, year)
) STRICT;

CREATE TABLE request (
  key TEXT PRIMARY KEY,
  command TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  result BLOB,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE stream (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  n INTEGER NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT;

CREATE TABLE event (
  kind TEXT NOT NULL,
  stream TEXT NOT NULL,
  n INTEGER NOT NULL CHECK (n > 0),
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  command TEXT NOT NULL,
  payload_hash TEXT NOT NULL,
  changed TEXT NOT NULL,
  prev TEXT NOT NULL,
  mac TEXT NOT NULL,
  PRIMARY KEY (kind, stream, n)
) STRICT;

-- Apart from its event, so that a lawful erasure leaves the chain valid.
CREATE TABLE event_payload (
  kind TEXT NOT NULL,
  stream TEXT NOT NULL,
  n INTEGER NOT NULL,
  payload BLOB NOT NULL,
  PRIMARY KEY (kind, stream, n),
  FOREIGN KEY (kind, stream, n) REFERENCES event (kind, stream, n)
) STRICT;

CREATE TABLE access (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  post TEXT NOT NULL,
  subject TEXT NOT NULL,
  of_table TEXT NOT NULL,
  record TEXT NOT NULL,
  purpose TEXT NOT NULL,
  mac TEXT NOT NULL
) STRICT;
CREATE INDEX access_subject ON access (subject, at);

CREATE TABLE pending (
  seq INTEGER PRIMARY KEY,
  source TEXT NOT NULL CHECK (source IN ('event', 'access')),
  kind TEXT NOT NULL,
  stream TEXT NOT NULL,
  n INTEGER NOT NULL,
  hash TEXT NOT NULL,
  at INTEGER NOT NULL,
  UNIQUE (source, kind, stream, n)
) STRICT;

CREATE TABLE leaf (
  position INTEGER PRIMARY KEY,
  source TEXT NOT NULL CHECK (source IN ('event', 'access')),
  kind TEXT NOT NULL,
  stream TEXT NOT NULL,
  n INTEGER NOT NULL,
  hash TEXT NOT NULL,
  UNIQUE (source, kind, stream, n)
) STRICT;

CREATE TABLE checkpoint (
  n INTEGER PRIMARY KEY,
  size INTEGER NOT NULL,
  root TEXT NOT NULL,
  peaks TEXT NOT NULL,
  at INTEGER NOT NULL,
  prev TEXT NOT NULL,
  signature TEXT NOT NULL
) STRICT;

CREATE TABLE job (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  payload BLOB NOT NULL,
  run_at INTEGER NOT NULL,
  lease_until INTEGER,
  holder TEXT,
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts BETWEEN 0 AND 5),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  done INTEGER NOT NULL DEFAULT 0,
  total INTEGER,
  error TEXT,
  UNIQUE (kind, key),
  CHECK ((state = 'running') = (lease_until IS NOT NULL))
) STRICT;
CREATE INDEX job_next ON job (state, run_at);

-- Where the days of a demonstration have come to.
CREATE TABLE demo_day (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  day INTEGER NOT NULL
) STRICT;

-- What a demonstration was made of, once all of it is there: whom one can sign in as, and where it lies.
CREATE TABLE demo_story (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  story TEXT NOT NULL
) STRICT;

-- What lets the first administrators in, so many of them. Only the hash is kept.
CREATE TABLE enrolment (
  hash TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL,
  used INTEGER NOT NULL CHECK (used BETWEEN 0 AND most),
  most INTEGER NOT NULL
) STRICT;

-- Failures to sign in, by account, address or whatever the caller counts by. Not in a backup.
CREATE TABLE attempt (
  key TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  until INTEGER NOT NULL
) STRICT;

-- Areas, units, people, posts ---------------------------------------------------------------------------------------

CREATE TABLE area (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  roles TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_to INTEGER CHECK (valid_to >= valid_from)
) STRICT;

-- The closure of the tree: every area above every area, itself at depth 0, with the days on which that holds.
CREATE TABLE area_anc (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  area TEXT NOT NULL REFERENCES area (id),
  ancestor TEXT NOT NULL REFERENCES area (id),
  depth INTEGER NOT NULL CHECK (depth >= 0),
  valid_from INTEGER NOT NULL,
  valid_to INTEGER CHECK (valid_to >= valid_from),
  UNIQUE (ancestor, area, valid_from),
  CHECK ((depth = 0) = (area = ancestor))
) STRICT;
CREATE INDEX area_anc_area ON area_anc (area);

-- What an area that has ended was answerable for is another's from a day on.
CREATE TABLE area_handover (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  from_area TEXT NOT NULL UNIQUE REFERENCES area (id),
  to_area TEXT NOT NULL REFERENCES area (id),
  on_day INTEGER NOT NULL,
  CHECK (to_area <> from_area)
) STRICT;

CREATE TABLE unit (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  area TEXT NOT NULL REFERENCES area (id),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  phone TEXT,
  address TEXT,
  stands TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_to INTEGER CHECK (valid_to >= valid_from)
) STRICT;

CREATE TABLE person (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  nature TEXT NOT NULL CHECK (nature IN ('human', 'machine')),
  area TEXT REFERENCES area (id),
  sensitivity INTEGER NOT NULL CHECK (sensitivity BETWEEN 0 AND 4),
  name TEXT NOT NULL,
  pinyin TEXT NOT NULL,
  initials TEXT NOT NULL,
  id_index TEXT UNIQUE,
  last_six_index TEXT,
  phone_index TEXT,
  payload BLOB NOT NULL,
  UNIQUE (id, nature)
) STRICT;
CREATE INDEX person_name ON person (area, name);
CREATE INDEX person_pinyin ON person (area, initials, pinyin);
CREATE INDEX person_last_six ON person (last_six_index);
CREATE INDEX person_phone ON person (phone_index);

CREATE TABLE account (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  person TEXT NOT NULL REFERENCES person (id),
  login TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  payload BLOB NOT NULL
) STRICT;

-- Sessions of the browser: only the hash of what is in the cookie. Not in a backup.
CREATE TABLE session (
  hash TEXT PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  person TEXT NOT NULL REFERENCES person (id),
  account TEXT NOT NULL REFERENCES account (id),
  capacity TEXT NOT NULL CHECK (capacity IN ('resident', 'staff', 'interface')),
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  stepped_up INTEGER,
  idle_until INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE INDEX session_person ON session (person);

-- Nobody holds a post for more than a year without being confirmed anew. One proposes, another approves, and neither
-- for themself; the posts of the enrolment are the only ones nobody approved. A delegation is cut from a post of the
-- one who delegates.
CREATE TABLE post (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  person TEXT NOT NULL REFERENCES person (id),
  unit TEXT NOT NULL REFERENCES unit (id),
  role TEXT NOT NULL,
  area TEXT NOT NULL REFERENCES area (id),
  subjects TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_to INTEGER NOT NULL,
  delegated_by TEXT REFERENCES person (id),
  source TEXT,
  origin TEXT NOT NULL CHECK (origin IN ('proposed', 'enrolment', 'delegation')),
  state TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'refused')),
  proposed_by TEXT REFERENCES person (id),
  approved_by TEXT REFERENCES person (id),
  UNIQUE (id, person),
  FOREIGN KEY (source, delegated_by) REFERENCES post (id, person) DEFERRABLE INITIALLY IMMEDIATE,
  CHECK (valid_to >= valid_from AND valid_to <= valid_from + 366),
  CHECK (delegated_by <> person),
  CONSTRAINT delegated_from_a_post CHECK (
    (source IS NULL) = (delegated_by IS NULL) AND (origin = 'delegation') = (source IS NOT NULL)),
  CONSTRAINT approved_by_another CHECK (approved_by <> proposed_by AND approved_by <> person),
  CONSTRAINT post_needs_four_eyes CHECK (origin <> 'proposed' OR (
    proposed_by IS NOT NULL AND (state = 'approved') = (approved_by IS NOT NULL)))
) STRICT;
CREATE INDEX post_person ON post (person);
CREATE INDEX post_source ON post (source);

CREATE TABLE household (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('registered', 'living', 'address')),
  area TEXT NOT NULL REFERENCES area (id),
  payload BLOB NOT NULL
) STRICT;

-- What was recorded wrongly, or holds no longer as it stands, is taken back and stays: who was known to belong to a
-- household at a moment can always be said. When a row was recorded is in its identifier.
CREATE TABLE membership (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  household TEXT NOT NULL REFERENCES household (id),
  person TEXT NOT NULL REFERENCES person (id),
  ground TEXT NOT NULL,
  counted INTEGER NOT NULL CHECK (counted IN (0, 1)),
  valid_from INTEGER NOT NULL,
  valid_to INTEGER CHECK (valid_to >= valid_from),
  taken_back_at INTEGER
) STRICT;
CREATE UNIQUE INDEX membership_once ON membership (household, person, valid_from) WHERE taken_back_at IS NULL;
CREATE INDEX membership_person ON membership (person);

CREATE TABLE organisation (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  area TEXT NOT NULL REFERENCES area (id),
  credit_code TEXT UNIQUE,
  name TEXT NOT NULL
) STRICT;

-- Cases -------------------------------------------------------------------------------------------------------------

-- `name` is the applicant's as received, `number` what people call the case by, `mark` the worst of its clocks (0 green,
-- 1 amber, 2 red, 3 overdue) and `due_clock` which clock `due_on` is of.
CREATE TABLE case_file (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  area TEXT NOT NULL REFERENCES area (id),
  unit TEXT REFERENCES unit (id),
  assignee TEXT REFERENCES person (id),
  applicant TEXT NOT NULL REFERENCES person (id),
  name TEXT NOT NULL,
  number TEXT NOT NULL UNIQUE,
  household TEXT REFERENCES household (id),
  subject TEXT NOT NULL,
  pack TEXT NOT NULL,
  workflow_hash TEXT NOT NULL,
  state TEXT NOT NULL,
  cycle INTEGER NOT NULL CHECK (cycle > 0),
  sensitivity INTEGER NOT NULL CHECK (sensitivity BETWEEN 0 AND 4),
  received_on INTEGER NOT NULL,
  mark INTEGER NOT NULL CHECK (mark BETWEEN 0 AND 3),
  due_on INTEGER,
  due_clock TEXT,
  payload BLOB NOT NULL
) STRICT;
CREATE INDEX case_queue ON case_file (area, state, due_on);
CREATE INDEX case_state ON case_file (state, due_on);
CREATE INDEX case_mark ON case_file (mark, due_on);
CREATE INDEX case_name ON case_file (name);
CREATE INDEX case_household ON case_file (household);
CREATE INDEX case_assignee ON case_file (assignee, state, due_on);
-- In the very words of the order in which lists are read (read.rs), so that a page is a walk along the index.
CREATE INDEX case_due ON case_file (COALESCE(due_on, 9223372036854775807), id);
CREATE INDEX case_assigned_due ON case_file (assignee, COALESCE(due_on, 9223372036854775807), id);
CREATE INDEX case_applicant ON case_file (applicant);

-- Who a case is about besides its applicant: members, obligors, guardians.
CREATE TABLE case_person (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  case_id TEXT NOT NULL REFERENCES case_file (id),
  person TEXT NOT NULL REFERENCES person (id),
  role TEXT NOT NULL,
  UNIQUE (case_id, person, role)
) STRICT;
CREATE INDEX case_person_person ON case_person (person);

-- Who handles a case, by name: for each duty, with its days.
CREATE TABLE assignment (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  case_id TEXT NOT NULL REFERENCES case_file (id),
  person TEXT NOT NULL REFERENCES person (id),
  duty TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_to INTEGER CHECK (valid_to >= valid_from),
  UNIQUE (case_id, person, duty, valid_from)
) STRICT;
CREATE INDEX assignment_person ON assignment (person);

-- Staff who are kept from a case because they are related to somebody in it.
CREATE TABLE kin_bar (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  case_id TEXT NOT NULL REFERENCES case_file (id),
  staff TEXT NOT NULL REFERENCES person (id),
  UNIQUE (case_id, staff)
) STRICT;

CREATE TABLE kin_declaration (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  staff TEXT NOT NULL REFERENCES person (id),
  relation TEXT NOT NULL,
  kin_index TEXT NOT NULL,
  declared_at INTEGER NOT NULL,
  payload BLOB NOT NULL,
  UNIQUE (staff, kin_index, relation)
) STRICT;
CREATE INDEX kin_declaration_kin ON kin_declaration (kin_index);

-- An encrypted object in the folder of files. Its name says nothing; the hash is keyed.
CREATE TABLE file (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  case_id TEXT NOT NULL REFERENCES case_file (id),
  name TEXT NOT NULL UNIQUE,
  hash TEXT NOT NULL,
  size INTEGER NOT NULL CHECK (size BETWEEN 1 AND 10485760),
  type TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (id, case_id)
) STRICT;

-- `derived` are values imputed or averaged: they may raise a question, never carry an adverse effect.
CREATE TABLE evidence (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  case_id TEXT NOT NULL REFERENCES case_file (id),
  kind TEXT NOT NULL,
  provenance TEXT NOT NULL CHECK (provenance IN ('document', 'statement', 'register', 'visit', 'derived')),
  file TEXT,
  recorded_at INTEGER NOT NULL,
  payload BLOB NOT NULL,
  UNIQUE (id, case_id, kind, provenance),
  FOREIGN KEY (file, case_id) REFERENCES file (id, case_id)
) STRICT;
CREATE INDEX evidence_case ON evidence (case_id);

-- A unit of another place that is asked for help with one case.
CREATE TABLE cooperation (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  case_id TEXT NOT NULL REFERENCES case_file (id),
  unit TEXT NOT NULL REFERENCES unit (id),
  valid_from INTEGER NOT NULL,
  valid_to INTEGER CHECK (valid_to >= valid_from),
  evidence TEXT REFERENCES evidence (id),
  UNIQUE (case_id, unit, valid_from)
) STRICT;
CREATE INDEX cooperation_unit ON cooperation (unit);

-- Who acts for whom: a guardian by law, a helper on written authority.
CREATE TABLE representation (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  by_person TEXT NOT NULL REFERENCES person (id),
  of_person TEXT NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL CHECK (kind IN ('guardian', 'helper')),
  valid_from INTEGER NOT NULL,
  valid_to INTEGER CHECK (valid_to >= valid_from),
  evidence TEXT REFERENCES evidence (id),
  UNIQUE (by_person, of_person, kind, valid_from),
  CHECK (by_person <> of_person)
) STRICT;
CREATE INDEX representation_of ON representation (of_person);

-- Whose own figures another member of the household may see.
CREATE TABLE consent (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  by_person TEXT NOT NULL REFERENCES person (id),
  to_person TEXT NOT NULL REFERENCES person (id),
  valid_from INTEGER NOT NULL,
  valid_to INTEGER CHECK (valid_to >= valid_from),
  evidence TEXT REFERENCES evidence (id),
  UNIQUE (by_person, to_person, valid_from),
  CHECK (by_person <> to_person)
) STRICT;
CREATE INDEX consent_to ON consent (to_person);

-- Between whom nothing may pass. Judged, never shown. The smaller identifier first: the same pair only one way round.
CREATE TABLE kept_apart (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  person_a TEXT NOT NULL REFERENCES person (id),
  person_b TEXT NOT NULL REFERENCES person (id),
  ground TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_to INTEGER CHECK (valid_to >= valid_from),
  UNIQUE (person_a, person_b, ground, valid_from),
  CHECK (person_a < person_b)
) STRICT;
CREATE INDEX kept_apart_b ON kept_apart (person_b);

-- A dated paper of somebody else's that lets a person look into what they otherwise would not see.
CREATE TABLE ticket (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  person TEXT NOT NULL REFERENCES person (id),
  issued_by TEXT NOT NULL REFERENCES person (id),
  area TEXT NOT NULL REFERENCES area (id),
  subjects TEXT NOT NULL,
  case_id TEXT REFERENCES case_file (id),
  valid_from INTEGER NOT NULL,
  valid_to INTEGER NOT NULL CHECK (valid_to >= valid_from),
  CHECK (issued_by <> person)
) STRICT;
CREATE INDEX ticket_person ON ticket (person);

-- Two times: when it was true, and when we knew. A correction is a further row.
CREATE TABLE fact (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL CHECK (version = 1),
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('person', 'household', 'case')),
  subject TEXT NOT NULL,
  name TEXT NOT NULL,
  value BLOB NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_to INTEGER CHECK (valid_to >= valid_from),
  recorded_at INTEGER NOT NULL,
  source TEXT NOT NULL,
  evidence TEXT REFERENCES evidence (id),
  CHECK (source IN ('declared', 'document', 'register', 'visit', 'assessed', 'lookup', 'derived')),
  CHECK (source NOT IN ('document', 'visit') OR evidence IS NOT NULL)
) STRICT;
CREATE INDEX fact_subject ON fact (subject, name, valid_from, recorded_at);

-- The smaller identifier first: two different people, and the same pair only one way round.
CREATE TABLE visit (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  case_id TEXT NOT NULL REFERENCES case_file (id),
  visitor_a TEXT NOT NULL REFERENCES person (id),
  visitor_b TEXT NOT NULL REFERENCES person (id),
  visited_on INTEGER NOT NULL,
  payload BLOB NOT NULL,
  UNIQUE (id, case_id),
  CHECK (visitor_a < visitor_b)
) STRICT;

CREATE TABLE hearing (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  case_id TEXT NOT NULL REFERENCES case_file (id),
  person TEXT NOT NULL REFERENCES person (id),
  heard_by TEXT NOT NULL REFERENCES person (id),
  heard_on INTEGER NOT NULL,
  means TEXT NOT NULL,
  payload BLOB NOT NULL,
  UNIQUE (id, case_id),
  CHECK (heard_by <> person)
) STRICT;

CREATE TABLE decision (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL CHECK (version = 1),
  case_id TEXT NOT NULL REFERENCES case_file (id),
  programme TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  hash TEXT NOT NULL,
  outcome TEXT NOT NULL,
  decided_at INTEGER NOT NULL,
  payload BLOB NOT NULL,
  UNIQUE (id, case_id)
) STRICT;
CREATE INDEX decision_case ON decision (case_id);

-- What was written to people, numbered within its case; the decision in it is one of the same case.
CREATE TABLE letter (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  case_id TEXT NOT NULL REFERENCES case_file (id),
  number INTEGER NOT NULL CHECK (number > 0),
  name TEXT NOT NULL,
  decision TEXT,
  issued_on INTEGER NOT NULL,
  payload BLOB NOT NULL,
  UNIQUE (case_id, number),
  FOREIGN KEY (decision, case_id) REFERENCES decision (id, case_id)
) STRICT;

-- A person takes duties of one exclusive set only, per case and cycle.
CREATE TABLE duty_set (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  case_id TEXT NOT NULL REFERENCES case_file (id),
  cycle INTEGER NOT NULL,
  person TEXT NOT NULL REFERENCES person (id),
  set_name TEXT NOT NULL,
  UNIQUE (case_id, cycle, person),
  UNIQUE (case_id, cycle, person, set_name)
) STRICT;

CREATE TABLE duty (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  case_id TEXT NOT NULL,
  cycle INTEGER NOT NULL,
  person TEXT NOT NULL,
  set_name TEXT NOT NULL,
  class TEXT NOT NULL,
  UNIQUE (case_id, cycle, person, class),
  FOREIGN KEY (case_id, cycle, person, set_name) REFERENCES duty_set (case_id, cycle, person, set_name)
) STRICT;
CREATE INDEX duty_person ON duty (person);

-- Three steps of a payment batch, by three people.
CREATE TABLE batch_duty (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  batch TEXT NOT NULL,
  person TEXT NOT NULL REFERENCES person (id),
  class TEXT NOT NULL CHECK (class IN ('prepare', 'check', 'sign')),
  UNIQUE (batch, person),
  UNIQUE (batch, class)
) STRICT;

-- Messages and their delivery ---------------------------------------------------------------------------------------

CREATE TABLE outbox (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  case_id TEXT NOT NULL REFERENCES case_file (id),
  recipient TEXT NOT NULL REFERENCES person (id),
  channel TEXT NOT NULL CHECK (channel IN ('message', 'letter', 'visit', 'phone', 'announcement')),
  letter TEXT NOT NULL,
  body BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (id, case_id)
) STRICT;

-- What a worker knows about a message on its way; the message itself never changes.
CREATE TABLE dispatch (
  outbox TEXT PRIMARY KEY REFERENCES outbox (id),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'done', 'failed')),
  due_at INTEGER NOT NULL,
  lease_until INTEGER,
  attempts INTEGER NOT NULL CHECK (attempts BETWEEN 0 AND 5),
  error TEXT,
  CHECK ((state = 'sending') = (lease_until IS NOT NULL))
) STRICT;
CREATE INDEX dispatch_next ON dispatch (state, due_at);

CREATE TABLE delivery (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL CHECK (version = 1),
  outbox TEXT NOT NULL,
  case_id TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('delivered', 'refused_by_recipient', 'failed')),
  means TEXT NOT NULL CHECK (means IN ('message', 'letter', 'visit', 'phone', 'announcement')),
  delivered_at INTEGER NOT NULL,
  delivered_by TEXT NOT NULL,
  payload BLOB NOT NULL,
  UNIQUE (id, case_id, outcome, means),
  FOREIGN KEY (outbox, case_id) REFERENCES outbox (id, case_id)
) STRICT;
CREATE INDEX delivery_outbox ON delivery (outbox);

-- Effects -----------------------------------------------------------------------------------------------------------

-- An adverse effect needs a human, evidence that is not derived, a reason with its article, a notice that was
-- delivered, and the way of appeal; a change for the worse of what somebody already has also needs a hearing.
-- The typed exceptions (ground) each need their own evidence instead of hearing, notice and evidence.
-- Composite keys see to it that all of it belongs to the same case and is of the kind it must be.
CREATE TABLE effect (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL CHECK (version = 1),
  case_id TEXT NOT NULL,
  decision TEXT NOT NULL,
  kind TEXT NOT NULL,
  ground TEXT NOT NULL CHECK (ground IN ('ordinary', 'death', 'withdrawal', 'missing', 'moved')),
  takes_effect_on INTEGER NOT NULL,
  human TEXT,
  human_nature TEXT CHECK (human_nature = 'human'),
  evidence TEXT,
  evidence_kind TEXT,
  evidence_provenance TEXT CHECK (evidence_provenance <> 'derived'),
  second_evidence TEXT,
  second_evidence_kind TEXT,
  second_evidence_provenance TEXT CHECK (second_evidence_provenance <> 'derived'),
  visit TEXT,
  hearing TEXT,
  reason TEXT,
  article TEXT,
  notice TEXT,
  notice_outcome TEXT CHECK (notice_outcome IN ('delivered', 'refused_by_recipient')),
  notice_means TEXT,
  appeal TEXT,
  CHECK (kind IN ('grant', 'increase', 'resume', 'refuse', 'reduce', 'suspend', 'stop', 'recover', 'note')),
  CHECK (ground = 'ordinary' OR kind IN ('suspend', 'stop')),
  CHECK ((human IS NULL) = (human_nature IS NULL)),
  CHECK ((evidence IS NULL) = (evidence_kind IS NULL) AND (evidence IS NULL) = (evidence_provenance IS NULL)),
  CHECK ((second_evidence IS NULL) = (second_evidence_kind IS NULL)
    AND (second_evidence IS NULL) = (second_evidence_provenance IS NULL)),
  CHECK ((notice IS NULL) = (notice_outcome IS NULL) AND (notice IS NULL) = (notice_means IS NULL)),
  CONSTRAINT adverse_effect_is_fair CHECK (
    kind IN ('grant', 'increase', 'resume') OR ground <> 'ordinary' OR (
      human IS NOT NULL AND evidence IS NOT NULL AND notice IS NOT NULL
      AND reason IS NOT NULL AND length(trim(reason)) > 0
      AND article IS NOT NULL AND length(trim(article)) > 0
      AND appeal IS NOT NULL AND length(trim(appeal)) > 0)),
  CONSTRAINT heard_before_worse CHECK (
    kind NOT IN ('reduce', 'suspend', 'stop') OR ground <> 'ordinary' OR hearing IS NOT NULL),
  CONSTRAINT exception_has_evidence CHECK (
    ground = 'ordinary' OR (
      human IS NOT NULL
      AND reason IS NOT NULL AND length(trim(reason)) > 0
      AND article IS NOT NULL AND length(trim(article)) > 0
      AND ((ground = 'death' AND (visit IS NOT NULL OR (
          COALESCE(evidence_kind, '') = 'death_record' AND COALESCE(second_evidence_kind, '') = 'death_record'
          AND evidence <> second_evidence)))
        OR (ground = 'withdrawal' AND COALESCE(evidence_kind, '') = 'signed_withdrawal')
        OR (ground = 'missing' AND visit IS NOT NULL AND COALESCE(notice_means, '') = 'announcement')
        OR (ground = 'moved' AND COALESCE(evidence_kind, '') = 'move_record')))),
  FOREIGN KEY (decision, case_id) REFERENCES decision (id, case_id),
  FOREIGN KEY (human, human_nature) REFERENCES person (id, nature),
  FOREIGN KEY (evidence, case_id, evidence_kind, evidence_provenance)
    REFERENCES evidence (id, case_id, kind, provenance),
  FOREIGN KEY (second_evidence, case_id, second_evidence_kind, second_evidence_provenance)
    REFERENCES evidence (id, case_id, kind, provenance),
  FOREIGN KEY (visit, case_id) REFERENCES visit (id, case_id),
  FOREIGN KEY (hearing, case_id) REFERENCES hearing (id, case_id),
  FOREIGN KEY (notice, case_id, notice_outcome, notice_means) REFERENCES delivery (id, case_id, outcome, means)
) STRICT;
CREATE INDEX effect_case ON effect (case_id);

-- Consent to a check ------------------------------------------------------------------------------------------------

CREATE TABLE authorisation (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  signer TEXT NOT NULL REFERENCES person (id),
  purpose TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_to INTEGER NOT NULL CHECK (valid_to >= valid_from),
  form_hash TEXT NOT NULL,
  channel TEXT NOT NULL,
  evidence TEXT NOT NULL REFERENCES evidence (id),
  revoked_at INTEGER,
  payload BLOB NOT NULL
) STRICT;
CREATE INDEX authorisation_signer ON authorisation (signer);

CREATE TABLE authorisation_cover (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  authorisation TEXT NOT NULL REFERENCES authorisation (id),
  person TEXT NOT NULL REFERENCES person (id),
  class TEXT NOT NULL,
  UNIQUE (authorisation, person, class)
) STRICT;

-- No request leaves without an authorisation that covers this person and class.
CREATE TABLE check_request (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  case_id TEXT NOT NULL REFERENCES case_file (id),
  authorisation TEXT NOT NULL,
  person TEXT NOT NULL,
  class TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  payload BLOB NOT NULL,
  FOREIGN KEY (authorisation, person, class) REFERENCES authorisation_cover (authorisation, person, class)
) STRICT;
CREATE INDEX check_request_case ON check_request (case_id);
