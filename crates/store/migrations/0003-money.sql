-- Money: grants, what is due of them, payments and their way through the bank, entries between accounts.
-- Months are counted from year 0. What is written by the hundred thousand is written as a set: the event of the command
-- names the root over its rows. Words of SQL are avoided: a grant is `grant_file`, an attempt to pay `pay_attempt`.

-- Grants ------------------------------------------------------------------------------------------------------------

-- Who is owed something by a decision of a case: for a household, its applicant. One of each programme in a case.
CREATE TABLE grant_file (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL CHECK (version = 1),
  case_id TEXT NOT NULL REFERENCES case_file (id),
  programme TEXT NOT NULL,
  area TEXT NOT NULL REFERENCES area (id),
  payee TEXT NOT NULL REFERENCES person (id),
  name TEXT NOT NULL,
  UNIQUE (case_id, programme),
  UNIQUE (id, case_id)
) STRICT;
CREATE INDEX grant_programme ON grant_file (programme, area);
CREATE INDEX grant_payee ON grant_file (payee);

-- What was decided of it, in order; nothing is taken out. Each hangs on a decision of the same case, and on the effect that
-- the database let pass.
CREATE TABLE grant_change (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL CHECK (version = 1),
  grant_id TEXT NOT NULL,
  case_id TEXT NOT NULL,
  seq INTEGER NOT NULL CHECK (seq > 0),
  decision TEXT NOT NULL,
  effect TEXT REFERENCES effect (id),
  does TEXT NOT NULL CHECK (does IN ('set', 'end', 'undo')),
  ground TEXT NOT NULL,
  from_month INTEGER,
  persons INTEGER NOT NULL CHECK (persons >= 0),
  undoes TEXT,
  recorded_at INTEGER NOT NULL,
  UNIQUE (grant_id, seq),
  UNIQUE (id, grant_id),
  CHECK ((does = 'undo') = (undoes IS NOT NULL) AND (does = 'undo') = (from_month IS NULL)),
  CONSTRAINT change_has_its_effect CHECK (does = 'undo' OR effect IS NOT NULL),
  FOREIGN KEY (grant_id, case_id) REFERENCES grant_file (id, case_id),
  FOREIGN KEY (decision, case_id) REFERENCES decision (id, case_id),
  FOREIGN KEY (undoes, grant_id) REFERENCES grant_change (id, grant_id)
) STRICT;

CREATE TABLE grant_component (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL CHECK (version = 1),
  change_id TEXT NOT NULL REFERENCES grant_change (id),
  case_id TEXT NOT NULL REFERENCES case_file (id),
  component TEXT NOT NULL,
  monthly_fen INTEGER NOT NULL CHECK (monthly_fen > 0),
  first_fen INTEGER CHECK (first_fen >= 0),
  UNIQUE (change_id, component)
) STRICT;

-- From which month on a grant is not settled yet; worked out again from changes and payments.
CREATE TABLE grant_open (
  grant_id TEXT PRIMARY KEY REFERENCES grant_file (id),
  since INTEGER NOT NULL
) STRICT;

-- Where somebody's money goes. A second person confirms; a changed account is another row.
CREATE TABLE payee_account (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  person TEXT NOT NULL REFERENCES person (id),
  kind TEXT NOT NULL CHECK (kind IN ('own', 'guardian', 'institution', 'agreement')),
  account_index TEXT NOT NULL,
  last_four TEXT NOT NULL,
  paper TEXT,
  state TEXT NOT NULL CHECK (state IN ('proposed', 'confirmed', 'refused', 'replaced')),
  usable_from INTEGER,
  entered_by TEXT NOT NULL REFERENCES person (id),
  entered_at INTEGER NOT NULL,
  confirmed_by TEXT REFERENCES person (id),
  confirmed_at INTEGER,
  payload BLOB NOT NULL,
  CONSTRAINT account_needs_four_eyes CHECK (
    confirmed_by <> entered_by AND (state = 'proposed') = (confirmed_by IS NULL)
    AND (confirmed_by IS NULL) = (confirmed_at IS NULL)),
  CONSTRAINT another_s_account_needs_a_paper CHECK (kind = 'own' OR (paper IS NOT NULL AND length(trim(paper)) > 0)),
  CHECK (state NOT IN ('confirmed', 'replaced') OR usable_from IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX payee_account_one ON payee_account (person) WHERE state = 'confirmed';
CREATE INDEX payee_account_index ON payee_account (account_index);

-- Accounts and entries ----------------------------------------------------------------------------------------------

CREATE TABLE fund_account (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL CHECK (version = 1),
  area TEXT NOT NULL REFERENCES area (id),
  kind TEXT NOT NULL CHECK (kind IN ('source', 'fund', 'bank', 'payees', 'returned', 'recovery')),
  fund TEXT NOT NULL,
  programme TEXT NOT NULL,
  UNIQUE (area, kind, fund, programme),
  UNIQUE (id, fund)
) STRICT;

CREATE TABLE closing (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL CHECK (version = 1),
  area TEXT NOT NULL REFERENCES area (id),
  level TEXT NOT NULL CHECK (level IN ('township', 'county')),
  programme TEXT NOT NULL,
  period INTEGER NOT NULL,
  closed_at INTEGER NOT NULL,
  closed_by TEXT NOT NULL REFERENCES person (id),
  UNIQUE (area, level, programme, period)
) STRICT;

CREATE TABLE batch (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  area TEXT NOT NULL REFERENCES area (id),
  programme TEXT NOT NULL,
  period INTEGER NOT NULL,
  number TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('regular', 'again')),
  of_batch TEXT REFERENCES batch (id),
  state TEXT NOT NULL CHECK (
    state IN ('prepared', 'checked', 'signed', 'sent', 'paid', 'returned', 'settled', 'voided')),
  lines INTEGER NOT NULL CHECK (lines > 0),
  grants INTEGER NOT NULL CHECK (grants > 0),
  persons INTEGER NOT NULL CHECK (persons >= 0),
  amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
  arrears_fen INTEGER NOT NULL CHECK (arrears_fen BETWEEN 0 AND amount_fen),
  returned INTEGER NOT NULL CHECK (returned BETWEEN 0 AND lines),
  returned_fen INTEGER NOT NULL CHECK (returned_fen BETWEEN 0 AND amount_fen),
  root TEXT NOT NULL,
  prepared_at INTEGER NOT NULL,
  treasury TEXT,
  paid_on INTEGER,
  reason TEXT,
  CHECK ((kind = 'again') = (of_batch IS NOT NULL)),
  CHECK (state NOT IN ('paid', 'returned', 'settled') OR kind = 'again' OR treasury IS NOT NULL),
  CHECK (state <> 'voided' OR reason IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX batch_once ON batch (area, programme, period) WHERE kind = 'regular' AND state <> 'voided';
CREATE INDEX batch_of ON batch (of_batch);

-- Three steps of a payment batch, by three people. Made anew: it hangs on its batch now.
DROP TABLE batch_duty;
CREATE TABLE batch_duty (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL CHECK (version = 1),
  batch TEXT NOT NULL REFERENCES batch (id),
  area TEXT NOT NULL REFERENCES area (id),
  person TEXT NOT NULL REFERENCES person (id),
  class TEXT NOT NULL CHECK (class IN ('prepare', 'check', 'sign')),
  UNIQUE (batch, person),
  UNIQUE (batch, class)
) STRICT;

-- What is paid to whom, for which month, which part, and why: each once while it is live. `change_id` is the change of
-- the grant it hangs on; of arrears that is also their cause.
CREATE TABLE payment (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  batch TEXT NOT NULL REFERENCES batch (id),
  area TEXT NOT NULL REFERENCES area (id),
  grant_id TEXT NOT NULL,
  payee TEXT NOT NULL REFERENCES person (id),
  name TEXT NOT NULL,
  programme TEXT NOT NULL,
  period INTEGER NOT NULL,
  component TEXT NOT NULL,
  cause TEXT NOT NULL,
  change_id TEXT NOT NULL,
  persons INTEGER NOT NULL,
  amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
  live INTEGER NOT NULL CHECK (live IN (0, 1)),
  CHECK (cause = 'regular' OR cause = change_id),
  UNIQUE (id, amount_fen),
  FOREIGN KEY (change_id, grant_id) REFERENCES grant_change (id, grant_id)
) STRICT;
CREATE UNIQUE INDEX payment_once ON payment (payee, programme, period, component, cause) WHERE live = 1;
CREATE INDEX payment_batch ON payment (batch, id);
CREATE INDEX payment_grant ON payment (grant_id, period);

-- A payment on its way: the account, the batch and the line in the bank's file. A payment that came back gets another.
CREATE TABLE pay_attempt (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  batch TEXT NOT NULL REFERENCES batch (id),
  area TEXT NOT NULL REFERENCES area (id),
  payment TEXT NOT NULL,
  n INTEGER NOT NULL CHECK (n > 0),
  line INTEGER NOT NULL CHECK (line > 0),
  account TEXT NOT NULL REFERENCES payee_account (id),
  last_four TEXT NOT NULL,
  amount_fen INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('waiting', 'paid', 'returned', 'void')),
  live INTEGER NOT NULL CHECK (live IN (0, 1)),
  reason TEXT,
  UNIQUE (payment, n),
  CHECK ((outcome IN ('waiting', 'paid')) = (live = 1)),
  CHECK ((outcome = 'returned') = (reason IS NOT NULL)),
  FOREIGN KEY (payment, amount_fen) REFERENCES payment (id, amount_fen)
) STRICT;
CREATE UNIQUE INDEX pay_attempt_live ON pay_attempt (payment) WHERE live = 1;
CREATE INDEX pay_attempt_batch ON pay_attempt (batch, id);
CREATE INDEX pay_attempt_line ON pay_attempt (batch, line);

-- An amount from one account to another of the same fund; never changed. What is promised is posted or voided once, between
-- the same accounts and for the same amount. `part` is the set it was written in.
CREATE TABLE entry (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL CHECK (version = 1),
  part TEXT NOT NULL,
  area TEXT NOT NULL REFERENCES area (id),
  fund TEXT NOT NULL,
  from_account TEXT NOT NULL,
  to_account TEXT NOT NULL,
  amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
  stage TEXT NOT NULL CHECK (stage IN ('done', 'pending', 'post', 'void')),
  pending TEXT,
  batch TEXT NOT NULL REFERENCES batch (id),
  payment TEXT,
  recorded_at INTEGER NOT NULL,
  CHECK (from_account <> to_account),
  CHECK ((stage IN ('post', 'void')) = (pending IS NOT NULL)),
  UNIQUE (id, from_account, to_account, amount_fen),
  FOREIGN KEY (from_account, fund) REFERENCES fund_account (id, fund),
  FOREIGN KEY (to_account, fund) REFERENCES fund_account (id, fund),
  FOREIGN KEY (payment, amount_fen) REFERENCES payment (id, amount_fen),
  FOREIGN KEY (pending, from_account, to_account, amount_fen)
    REFERENCES entry (id, from_account, to_account, amount_fen)
) STRICT;
CREATE UNIQUE INDEX entry_resolved ON entry (pending) WHERE pending IS NOT NULL;
CREATE INDEX entry_part ON entry (part, id);
CREATE INDEX entry_batch ON entry (batch);
CREATE INDEX entry_from ON entry (from_account);
CREATE INDEX entry_to ON entry (to_account);
