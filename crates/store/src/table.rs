//! The catalogue: every table of records, its columns in order, which of them are sealed, and how a record stands to
//! a case or a person. Reading, writing, row hashes, verification and backup all follow it, so that a new table is a
//! migration and one entry here. A test compares it with the schema.

use Kind::{Bytes, Int, Sealed, Text};
use Place::{Apart, Case, CaseOf, Draft, Household, Money, OfDraft, Open, Paid, Person, Subject};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number: a count, a day, a moment, a yes or no.
    Int,
    /// Text.
    Text,
    /// Bytes in the clear.
    Bytes,
    /// Bytes that are encrypted in the database and in backups.
    Sealed,
}

/// How a record stands to the people it is about. Whatever is not `Open` is personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// About nobody: areas and units.
    Open,
    /// Belongs to the case this column names.
    Case(&'static str),
    /// Belongs to the case the first column names, and is about the person in it that the second names.
    CaseOf(&'static str, &'static str),
    /// Belongs to the person this column names.
    Person(&'static str),
    /// Is a household: reached through its members, its cases or its area.
    Household,
    /// Stands between the two people these columns name: written and judged, and shown to no person.
    Apart(&'static str, &'static str),
    /// Belongs to whom `subject_kind` and `subject` name.
    Subject,
    /// Is an application that was not handed in: reached by whom it is for, or at the counter where it is entered.
    Draft,
    /// Belongs to the application this column names.
    OfDraft(&'static str),
    /// Money of the area this column names, and about nobody: batches, entries, accounts of the ledger.
    Money(&'static str),
    /// Money of the area the first column names, paid to the person the second names.
    Paid(&'static str, &'static str),
}

/// One table of records. Each has `id` and `version` before the columns named here.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name in the database.
    pub name: &'static str,
    /// Its columns after `id` and `version`.
    pub columns: &'static [(&'static str, Kind)],
    /// Whom it is about.
    pub place: Place,
    /// The column that says in which set a row was written, where rows are written by the hundred thousand: the event of the
    /// command names the root over the set, and no row of it.
    pub set: Option<&'static str>,
}

impl Table {
    /// Whether its records are about people, so that reading them takes a purpose and leaves a trace.
    pub fn is_personal(&self) -> bool {
        !matches!(self.place, Open | Money(_))
    }

    /// Whether it has sealed columns.
    pub fn is_sealed(&self) -> bool {
        self.columns.iter().any(|(_, kind)| *kind == Sealed)
    }

    /// Where a column stands, from 0.
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|(name, _)| *name == column)
    }

    /// `id, version` and the columns, for a statement.
    pub(crate) fn list(&self) -> String {
        let mut list = String::from("id, version");
        for (name, _) in self.columns {
            list.push_str(", ");
            list.push_str(name);
        }
        list
    }
}

/// The table of that name.
pub fn named(name: &str) -> Option<&'static Table> {
    ALL.iter().copied().find(|table| table.name == name)
}

macro_rules! tables {
    (@set) => { None };
    (@set $set:literal) => { Some($set) };
    ($($(#[$doc:meta])+ $constant:ident $name:literal $place:expr,
        [$($column:literal $kind:ident),* $(,)?] $(in $set:literal)?;)+) => {
        $($(#[$doc])+ pub static $constant: Table = Table {
            name: $name,
            columns: &[$(($column, $kind)),*],
            place: $place,
            set: tables!(@set $($set)?),
        };)+
        /// Every table of records, in an order in which each stands after those it refers to.
        pub static ALL: &[&Table] = &[$(&$constant),+];
    };
}

tables! {
    /// Areas of the tree.
    AREA "area" Open, ["code" Text, "name" Text, "roles" Text, "valid_from" Int, "valid_to" Int];
    /// Which area lies in which.
    AREA_ANC "area_anc" Open, ["area" Text, "ancestor" Text, "depth" Int, "valid_from" Int, "valid_to" Int];
    /// Which area took over what an ended one was answerable for.
    AREA_HANDOVER "area_handover" Open, ["from_area" Text, "to_area" Text, "on_day" Int];
    /// Units.
    UNIT "unit" Open, [
        "area" Text, "kind" Text, "name" Text, "phone" Text, "address" Text, "stands" Text, "valid_from" Int,
        "valid_to" Int,
    ];
    /// People, residents and staff alike, and the machines of partners.
    PERSON "person" Person("id"), [
        "nature" Text, "area" Text, "sensitivity" Int, "name" Text, "pinyin" Text, "initials" Text,
        "id_index" Text, "last_six_index" Text, "phone_index" Text, "payload" Sealed,
    ];
    /// What people sign in with.
    ACCOUNT "account" Person("person"), ["person" Text, "login" Text, "state" Text, "payload" Sealed];
    /// Dated posts; rights come from them. Who holds which public office is no secret.
    POST "post" Open, [
        "person" Text, "unit" Text, "role" Text, "area" Text, "subjects" Text, "valid_from" Int, "valid_to" Int,
        "delegated_by" Text, "source" Text, "origin" Text, "state" Text, "proposed_by" Text,
        "approved_by" Text,
    ];
    /// Households: registered, living together, or at one address.
    HOUSEHOLD "household" Household, ["kind" Text, "area" Text, "payload" Sealed];
    /// Who belongs to a household, on what ground, from when to when.
    MEMBERSHIP "membership" Person("person"), [
        "household" Text, "person" Text, "ground" Text, "counted" Int, "valid_from" Int, "valid_to" Int,
        "taken_back_at" Int,
    ];
    /// Organisations.
    ORGANISATION "organisation" Open, ["area" Text, "credit_code" Text, "name" Text];
    /// Cases.
    CASE_FILE "case_file" Case("id"), [
        "area" Text, "unit" Text, "assignee" Text, "applicant" Text, "name" Text, "number" Text,
        "household" Text, "subject" Text, "pack" Text, "workflow_hash" Text, "state" Text, "cycle" Int,
        "sensitivity" Int, "received_on" Int, "mark" Int, "due_on" Int, "due_clock" Text, "payload" Sealed,
    ];
    /// Whom a case is about besides the applicant.
    CASE_PERSON "case_person" CaseOf("case_id", "person"), ["case_id" Text, "person" Text, "role" Text];
    /// Who handles a case, by name.
    ASSIGNMENT "assignment" Case("case_id"), [
        "case_id" Text, "person" Text, "duty" Text, "valid_from" Int, "valid_to" Int,
    ];
    /// Staff kept from a case.
    KIN_BAR "kin_bar" Case("case_id"), ["case_id" Text, "staff" Text];
    /// Relatives that staff have declared.
    KIN_DECLARATION "kin_declaration" Person("staff"), [
        "staff" Text, "relation" Text, "kin_index" Text, "declared_at" Int, "payload" Sealed,
    ];
    /// Encrypted objects.
    FILE "file" Case("case_id"), [
        "case_id" Text, "name" Text, "hash" Text, "size" Int, "type" Text, "created_at" Int,
    ];
    /// Evidence.
    EVIDENCE "evidence" Case("case_id"), [
        "case_id" Text, "kind" Text, "provenance" Text, "file" Text, "recorded_at" Int, "payload" Sealed,
    ];
    /// Units of other places asked for help.
    COOPERATION "cooperation" Case("case_id"), [
        "case_id" Text, "unit" Text, "valid_from" Int, "valid_to" Int, "evidence" Text,
    ];
    /// Who acts for whom.
    REPRESENTATION "representation" Person("of_person"), [
        "by_person" Text, "of_person" Text, "kind" Text, "valid_from" Int, "valid_to" Int, "evidence" Text,
    ];
    /// Who lets whom see their own figures.
    CONSENT "consent" Person("by_person"), [
        "by_person" Text, "to_person" Text, "valid_from" Int, "valid_to" Int, "evidence" Text,
    ];
    /// Between whom nothing may pass.
    KEPT_APART "kept_apart" Apart("person_a", "person_b"), [
        "person_a" Text, "person_b" Text, "ground" Text, "valid_from" Int, "valid_to" Int,
    ];
    /// Papers that let somebody look into what they otherwise would not see.
    TICKET "ticket" Person("person"), [
        "person" Text, "issued_by" Text, "area" Text, "subjects" Text, "case_id" Text, "valid_from" Int,
        "valid_to" Int,
    ];
    /// Facts, in both times.
    FACT "fact" Subject, [
        "subject_kind" Text, "subject" Text, "name" Text, "value" Sealed, "valid_from" Int, "valid_to" Int,
        "recorded_at" Int, "source" Text, "evidence" Text,
    ];
    /// Visits by two.
    VISIT "visit" Case("case_id"), [
        "case_id" Text, "visitor_a" Text, "visitor_b" Text, "visited_on" Int, "payload" Sealed,
    ];
    /// Hearings.
    HEARING "hearing" CaseOf("case_id", "person"), [
        "case_id" Text, "person" Text, "heard_by" Text, "heard_on" Int, "means" Text, "payload" Sealed,
    ];
    /// Decisions.
    DECISION "decision" Case("case_id"), [
        "case_id" Text, "programme" Text, "valid_from" Int, "hash" Text, "outcome" Text, "decided_at" Int,
        "payload" Sealed,
    ];
    /// What was written to people.
    LETTER "letter" Case("case_id"), [
        "case_id" Text, "number" Int, "name" Text, "decision" Text, "issued_on" Int, "payload" Sealed,
    ];
    /// Which exclusive set of duties a person has taken on a case.
    DUTY_SET "duty_set" Case("case_id"), ["case_id" Text, "cycle" Int, "person" Text, "set_name" Text];
    /// Duties done.
    DUTY "duty" Case("case_id"), [
        "case_id" Text, "cycle" Int, "person" Text, "set_name" Text, "class" Text,
    ];
    /// Messages to be sent.
    OUTBOX "outbox" CaseOf("case_id", "recipient"), [
        "case_id" Text, "recipient" Text, "channel" Text, "letter" Text, "body" Sealed, "created_at" Int,
    ];
    /// What became of a message.
    DELIVERY "delivery" Case("case_id"), [
        "outbox" Text, "case_id" Text, "outcome" Text, "means" Text, "delivered_at" Int, "delivered_by" Text,
        "payload" Sealed,
    ];
    /// Effects of decisions.
    EFFECT "effect" Case("case_id"), [
        "case_id" Text, "decision" Text, "kind" Text, "ground" Text, "takes_effect_on" Int, "human" Text,
        "human_nature" Text, "evidence" Text, "evidence_kind" Text, "evidence_provenance" Text,
        "second_evidence" Text, "second_evidence_kind" Text, "second_evidence_provenance" Text,
        "visit" Text, "hearing" Text, "reason" Text, "article" Text, "notice" Text, "notice_outcome" Text,
        "notice_means" Text, "appeal" Text,
    ];
    /// Signed authorisations of checks.
    AUTHORISATION "authorisation" Person("signer"), [
        "signer" Text, "purpose" Text, "valid_from" Int, "valid_to" Int, "form_hash" Text, "channel" Text,
        "evidence" Text, "revoked_at" Int, "payload" Sealed,
    ];
    /// Whom and what an authorisation covers.
    AUTHORISATION_COVER "authorisation_cover" Person("person"), [
        "authorisation" Text, "person" Text, "class" Text,
    ];
    /// Requests for a check.
    CHECK_REQUEST "check_request" CaseOf("case_id", "person"), [
        "case_id" Text, "authorisation" Text, "person" Text, "class" Text, "requested_at" Int, "state" Text,
        "payload" Sealed,
    ];
    /// Applications begun.
    APPLICATION "application" Draft, [
        "person" Text, "by_person" Text, "counter" Int, "area" Text, "unit" Text, "subject" Text, "pack" Text,
        "name" Text, "state" Text, "changed_on" Int, "lapses_on" Int, "case_id" Text, "payload" Sealed,
    ];
    /// Papers of applications.
    APPLICATION_FILE "application_file" OfDraft("application"), [
        "application" Text, "name" Text, "hash" Text, "size" Int, "type" Text, "created_at" Int, "state" Text,
    ];
    /// Short messages about no case.
    NOTE "note" Person("recipient"), [
        "recipient" Text, "channel" Text, "kind" Text, "state" Text, "attempts" Int, "created_at" Int,
        "expires_at" Int, "body" Sealed,
    ];
    /// What somebody keeps for their own list of cases.
    WORK_VIEW "work_view" Person("person"), ["person" Text, "kind" Text, "state" Text, "payload" Sealed];
    /// Who is owed something, by a case.
    GRANT_FILE "grant_file" Case("case_id"), [
        "case_id" Text, "programme" Text, "area" Text, "payee" Text, "name" Text,
    ];
    /// What was decided of a grant, in order.
    GRANT_CHANGE "grant_change" Case("case_id"), [
        "grant_id" Text, "case_id" Text, "seq" Int, "decision" Text, "effect" Text, "does" Text, "ground" Text,
        "from_month" Int, "persons" Int, "undoes" Text, "recorded_at" Int,
    ];
    /// What a change says a month is worth.
    GRANT_COMPONENT "grant_component" Case("case_id"), [
        "change_id" Text, "case_id" Text, "component" Text, "monthly_fen" Int, "first_fen" Int,
    ];
    /// Where somebody's money goes.
    PAYEE_ACCOUNT "payee_account" Person("person"), [
        "person" Text, "kind" Text, "account_index" Text, "last_four" Text, "paper" Text, "state" Text,
        "usable_from" Int, "entered_by" Text, "entered_at" Int, "confirmed_by" Text, "confirmed_at" Int,
        "payload" Sealed,
    ];
    /// Accounts of the ledger.
    FUND_ACCOUNT "fund_account" Money("area"), ["area" Text, "kind" Text, "fund" Text, "programme" Text];
    /// Months that are closed.
    CLOSING "closing" Open, [
        "area" Text, "level" Text, "programme" Text, "period" Int, "closed_at" Int, "closed_by" Text,
    ];
    /// Batches of payments.
    BATCH "batch" Money("area"), [
        "area" Text, "programme" Text, "period" Int, "number" Text, "kind" Text, "of_batch" Text, "state" Text,
        "lines" Int, "grants" Int, "persons" Int, "amount_fen" Int, "arrears_fen" Int, "returned" Int,
        "returned_fen" Int, "root" Text, "prepared_at" Int, "treasury" Text, "paid_on" Int,
        "reason" Text,
    ];
    /// The three steps of a payment batch.
    BATCH_DUTY "batch_duty" Money("area"), ["batch" Text, "area" Text, "person" Text, "class" Text];
    /// Payments.
    PAYMENT "payment" Paid("area", "payee"), [
        "batch" Text, "area" Text, "grant_id" Text, "payee" Text, "name" Text, "programme" Text, "period" Int,
        "component" Text, "cause" Text, "change_id" Text, "persons" Int, "amount_fen" Int, "live" Int,
    ] in "batch";
    /// Payments on their way.
    PAY_ATTEMPT "pay_attempt" Money("area"), [
        "batch" Text, "area" Text, "payment" Text, "n" Int, "line" Int, "account" Text, "last_four" Text,
        "amount_fen" Int,
        "outcome" Text, "live" Int, "reason" Text,
    ] in "batch";
    /// Entries between accounts.
    ENTRY "entry" Money("area"), [
        "part" Text, "area" Text, "fund" Text, "from_account" Text, "to_account" Text, "amount_fen" Int,
        "stage" Text, "pending" Text, "batch" Text, "payment" Text, "recorded_at" Int,
    ] in "part";
}

/// A table the store keeps for itself: its name, its columns, and those that order it.
pub(crate) struct Inner {
    pub name: &'static str,
    pub columns: &'static [(&'static str, Kind)],
    pub order: &'static str,
}

/// The columns of the access log.
pub(crate) const ACCESS: &[(&str, Kind)] = &[
    ("id", Text),
    ("at", Int),
    ("actor", Text),
    ("post", Text),
    ("subject", Text),
    ("of_table", Text),
    ("record", Text),
    ("purpose", Text),
    ("mac", Text),
];

/// The store's own tables, in an order in which each stands after those it refers to. `stream` and the rest are
/// copied by a backup as they are.
pub(crate) static INNER_FIRST: &[Inner] = &[
    Inner {
        name: "deployment",
        columns: &[
            ("one", Int),
            ("id", Text),
            ("kind", Text),
            ("created_at", Int),
            ("key_check", Text),
            ("public_key", Text),
        ],
        order: "one",
    },
    Inner {
        name: "data_key",
        columns: &[("id", Int), ("of_table", Text), ("year", Int), ("wrapped", Bytes)],
        order: "id",
    },
    Inner {
        name: "request",
        columns: &[("key", Text), ("command", Text), ("body_hash", Text), ("result", Bytes), ("at", Int)],
        order: "key",
    },
    Inner {
        name: "stream",
        columns: &[("kind", Text), ("id", Text), ("n", Int), ("hash", Text)],
        order: "kind, id",
    },
    Inner {
        name: "event",
        columns: &[
            ("kind", Text),
            ("stream", Text),
            ("n", Int),
            ("at", Int),
            ("actor", Text),
            ("command", Text),
            ("payload_hash", Text),
            ("changed", Text),
            ("prev", Text),
            ("mac", Text),
        ],
        order: "kind, stream, n",
    },
    Inner {
        name: "event_payload",
        columns: &[("kind", Text), ("stream", Text), ("n", Int), ("payload", Bytes)],
        order: "kind, stream, n",
    },
    Inner { name: "access", columns: ACCESS, order: "id" },
    Inner {
        name: "pending",
        columns: &[
            ("seq", Int),
            ("source", Text),
            ("kind", Text),
            ("stream", Text),
            ("n", Int),
            ("hash", Text),
            ("at", Int),
        ],
        order: "seq",
    },
    Inner {
        name: "leaf",
        columns: &[
            ("position", Int),
            ("source", Text),
            ("kind", Text),
            ("stream", Text),
            ("n", Int),
            ("hash", Text),
        ],
        order: "position",
    },
    Inner {
        name: "checkpoint",
        columns: &[
            ("n", Int),
            ("size", Int),
            ("root", Text),
            ("peaks", Text),
            ("at", Int),
            ("prev", Text),
            ("signature", Text),
        ],
        order: "n",
    },
    Inner {
        name: "job",
        columns: &[
            ("id", Text),
            ("kind", Text),
            ("key", Text),
            ("payload", Bytes),
            ("run_at", Int),
            ("lease_until", Int),
            ("holder", Text),
            ("attempts", Int),
            ("state", Text),
            ("done", Int),
            ("total", Int),
            ("error", Text),
        ],
        order: "id",
    },
    Inner { name: "demo_day", columns: &[("one", Int), ("day", Int)], order: "one" },
    Inner { name: "demo_story", columns: &[("one", Int), ("story", Text)], order: "one" },
    Inner {
        name: "enrolment",
        columns: &[("hash", Text), ("expires_at", Int), ("used", Int), ("most", Int)],
        order: "hash",
    },
];

/// The store's own tables that no backup holds: whoever was signed in signs in again.
#[cfg_attr(not(test), expect(dead_code, reason = "compared with the schema by a test"))]
pub(crate) static NOT_KEPT: &[Inner] = &[
    Inner { name: "attempt", columns: &[("key", Text), ("failures", Int), ("until", Int)], order: "key" },
    Inner { name: "session", columns: SESSION, order: "hash" },
];

/// The columns of a session.
pub(crate) const SESSION: &[(&str, Kind)] = &[
    ("hash", Text),
    ("id", Text),
    ("person", Text),
    ("account", Text),
    ("capacity", Text),
    ("created_at", Int),
    ("seen_at", Int),
    ("stepped_up", Int),
    ("idle_until", Int),
    ("ends_at", Int),
    ("ended_at", Int),
];

/// The store's own tables that refer to records.
pub(crate) static INNER_LAST: &[Inner] = &[
    Inner { name: "grant_open", columns: &[("grant_id", Text), ("since", Int)], order: "grant_id" },
    Inner {
        name: "dispatch",
        columns: &[
            ("outbox", Text),
            ("state", Text),
            ("due_at", Int),
            ("lease_until", Int),
            ("attempts", Int),
            ("error", Text),
        ],
        order: "outbox",
    },
];
