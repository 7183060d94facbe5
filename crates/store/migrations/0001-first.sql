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

CREATE TABLE unit (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  area TEXT NOT NULL REFERENCES area (id),
  kind TEXT NOT NULL,
  name TEXT NOT NULL
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

-- Nobody holds a post for more than a year without being confirmed anew.
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
  CHECK (valid_to >= valid_from AND valid_to <= valid_from + 366),
  CHECK (delegated_by <> person)
) STRICT;
CREATE INDEX post_person ON post (person);

CREATE TABLE household (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('registered', 'living', 'address')),
  area TEXT NOT NULL REFERENCES area (id),
  payload BLOB NOT NULL
) STRICT;

CREATE TABLE membership (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  household TEXT NOT NULL REFERENCES household (id),
  person TEXT NOT NULL REFERENCES person (id),
  ground TEXT NOT NULL,
  counted INTEGER NOT NULL CHECK (counted IN (0, 1)),
  valid_from INTEGER NOT NULL,
  valid_to INTEGER CHECK (valid_to >= valid_from),
  UNIQUE (household, person, valid_from)
) STRICT;
CREATE INDEX membership_person ON membership (person);

CREATE TABLE organisation (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  area TEXT NOT NULL REFERENCES area (id),
  credit_code TEXT UNIQUE,
  name TEXT NOT NULL
) STRICT;

-- Cases -------------------------------------------------------------------------------------------------------------

CREATE TABLE case_file (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  area TEXT NOT NULL REFERENCES area (id),
  unit TEXT REFERENCES unit (id),
  assignee TEXT REFERENCES person (id),
  applicant TEXT NOT NULL REFERENCES person (id),
  household TEXT REFERENCES household (id),
  subject TEXT NOT NULL,
  pack TEXT NOT NULL,
  workflow_hash TEXT NOT NULL,
  state TEXT NOT NULL,
  sensitivity INTEGER NOT NULL CHECK (sensitivity BETWEEN 0 AND 4),
  received_on INTEGER NOT NULL,
  due_on INTEGER,
  payload BLOB NOT NULL
) STRICT;
CREATE INDEX case_queue ON case_file (area, state, due_on);
CREATE INDEX case_assignee ON case_file (assignee, state, due_on);
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
