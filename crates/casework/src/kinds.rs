//! The closed lists the law level rests on: what a step is, what a decision says, what evidence proves.
//! A pack names them; it cannot add to them.

use std::fmt;

/// What a decision says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// A benefit begins.
    Grant,
    /// More than before.
    Increase,
    /// As before.
    Keep,
    /// Begins again after a suspension.
    Resume,
    /// The application is refused.
    Refuse,
    /// The application is not accepted (不予受理).
    Decline,
    /// Less than before.
    Reduce,
    /// Nothing for a time.
    Suspend,
    /// It ends.
    Stop,
    /// What was paid is asked back.
    Recover,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Outcome; 10] = [
        Outcome::Grant,
        Outcome::Increase,
        Outcome::Keep,
        Outcome::Resume,
        Outcome::Refuse,
        Outcome::Decline,
        Outcome::Reduce,
        Outcome::Suspend,
        Outcome::Stop,
        Outcome::Recover,
    ];

    /// Against the person: takes effect only with human, evidence, reason, delivered notice and appeal.
    pub fn is_adverse(self) -> bool {
        matches!(self, Outcome::Refuse | Outcome::Decline) || self.takes_away()
    }

    /// Takes away what somebody has: the person is heard first.
    pub fn takes_away(self) -> bool {
        matches!(self, Outcome::Reduce | Outcome::Suspend | Outcome::Stop | Outcome::Recover)
    }

    /// Its name in packs.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Grant => "grant",
            Outcome::Increase => "increase",
            Outcome::Keep => "keep",
            Outcome::Resume => "resume",
            Outcome::Refuse => "refuse",
            Outcome::Decline => "decline",
            Outcome::Reduce => "reduce",
            Outcome::Suspend => "suspend",
            Outcome::Stop => "stop",
            Outcome::Recover => "recover",
        }
    }

    /// Its Chinese word.
    pub fn zh(self) -> &'static str {
        match self {
            Outcome::Grant => "确认",
            Outcome::Increase => "调增",
            Outcome::Keep => "维持",
            Outcome::Resume => "恢复",
            Outcome::Refuse => "不予确认",
            Outcome::Decline => "不予受理",
            Outcome::Reduce => "调减",
            Outcome::Suspend => "暂停",
            Outcome::Stop => "停发",
            Outcome::Recover => "追回",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a step is to the engine. Each has a payload in [`crate::command::Act`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "docs/workflows.md has a line for each, and the table below its name")]
pub enum ActKind {
    Plain,
    Receive,
    CarryOver,
    Supplement,
    Accept,
    Authorise,
    Revoke,
    AskCheck,
    ReportCheck,
    TellResult,
    Explain,
    Visit,
    SpotVisit,
    Appraise,
    Opine,
    Post,
    TakeDown,
    Spare,
    Object,
    AnswerObjection,
    Hear,
    Decide,
    Notify,
    Deliver,
    TakeEffect,
    Withdraw,
}

impl ActKind {
    /// All, with their names in packs.
    pub const ALL: [(&'static str, ActKind); 26] = [
        ("plain", ActKind::Plain),
        ("receive", ActKind::Receive),
        ("carry_over", ActKind::CarryOver),
        ("supplement", ActKind::Supplement),
        ("accept", ActKind::Accept),
        ("authorise", ActKind::Authorise),
        ("revoke", ActKind::Revoke),
        ("ask_check", ActKind::AskCheck),
        ("report_check", ActKind::ReportCheck),
        ("tell_result", ActKind::TellResult),
        ("explain", ActKind::Explain),
        ("visit", ActKind::Visit),
        ("spot_visit", ActKind::SpotVisit),
        ("appraise", ActKind::Appraise),
        ("opine", ActKind::Opine),
        ("post", ActKind::Post),
        ("take_down", ActKind::TakeDown),
        ("spare", ActKind::Spare),
        ("object", ActKind::Object),
        ("answer_objection", ActKind::AnswerObjection),
        ("hear", ActKind::Hear),
        ("decide", ActKind::Decide),
        ("notify", ActKind::Notify),
        ("deliver", ActKind::Deliver),
        ("take_effect", ActKind::TakeEffect),
        ("withdraw", ActKind::Withdraw),
    ];

    /// Its name in packs.
    pub fn name(self) -> &'static str {
        ActKind::ALL.iter().find(|(_, act)| *act == self).map_or("", |(name, _)| name)
    }
}

/// What evidence proves, where the law asks for something particular.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Proof {
    /// That a person died.
    Death,
    /// That the person gives up the application or benefit of their own will, signed.
    Withdrawal,
    /// That the person moved away.
    Move,
}

impl Proof {
    /// All, with their names in packs.
    pub const ALL: [(&'static str, Proof); 3] =
        [("death", Proof::Death), ("withdrawal", Proof::Withdrawal), ("move", Proof::Move)];
}

/// Why nobody can be heard, or nobody need be. Each demands its own evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exception {
    /// 死亡: two sources, or a visit.
    Death,
    /// 自愿退出: signed.
    Withdrawal,
    /// 下落不明: two visits on different days, and public service (公告送达).
    Missing,
    /// 迁出: proof of the move.
    MovedAway,
}

impl Exception {
    /// All, with their names in walks.
    pub const ALL: [(&'static str, Exception); 4] = [
        ("death", Exception::Death),
        ("withdrawal", Exception::Withdrawal),
        ("missing", Exception::Missing),
        ("moved_away", Exception::MovedAway),
    ];
}

/// How a notice reached somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Manner {
    /// Handed over and signed for.
    Signed,
    /// By post with a receipt.
    Mail,
    /// Left behind before witnesses (留置送达).
    Left,
    /// To the next of kin of somebody who died.
    Kin,
    /// There is no kin to tell; somebody looked and says so.
    NoKin,
    /// By public notice (公告送达), for somebody who cannot be found.
    Public,
    /// A message or a portal. Never the only proof against a person.
    Electronic,
}

impl Manner {
    /// All, with their names in walks.
    pub const ALL: [(&'static str, Manner); 7] = [
        ("signed", Manner::Signed),
        ("mail", Manner::Mail),
        ("left", Manner::Left),
        ("kin", Manner::Kin),
        ("no_kin", Manner::NoKin),
        ("public", Manner::Public),
        ("electronic", Manner::Electronic),
    ];
}

/// The five parts without which nothing adverse takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// A person decided.
    Human,
    /// Evidence that may be held against somebody.
    Evidence,
    /// A reason in words, with its article.
    Reason,
    /// The notice was delivered.
    Notice,
    /// The notice named a way to contest it.
    Appeal,
}

impl Part {
    /// All five.
    pub const ALL: [Part; 5] = [Part::Human, Part::Evidence, Part::Reason, Part::Notice, Part::Appeal];

    /// Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Part::Human => "由人作出决定",
            Part::Evidence => "可以采用的证据",
            Part::Reason => "书面理由和条款",
            Part::Notice => "已送达的通知",
            Part::Appeal => "救济途径",
        }
    }

    /// English.
    pub fn en(self) -> &'static str {
        match self {
            Part::Human => "a person who decided",
            Part::Evidence => "evidence that can be used",
            Part::Reason => "a written reason with its article",
            Part::Notice => "a delivered notice",
            Part::Appeal => "a way to contest it",
        }
    }
}

/// How near its last day a clock is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// Time enough.
    #[default]
    Green,
    /// Soon.
    Amber,
    /// The last days.
    Red,
    /// Past the last day.
    Overdue,
}

impl Mark {
    /// All, with their names in walks.
    pub const ALL: [(&'static str, Mark); 4] =
        [("green", Mark::Green), ("amber", Mark::Amber), ("red", Mark::Red), ("overdue", Mark::Overdue)];
}

/// What happens without a pack's step and may start or stop a clock.
/// `refused` when an application is refused, alone or beside a grant; `refusal_noticed` when every refusal has
/// its notice.
pub const MARKS: [&str; 5] = ["aid", "aid_papers", "complain", "refused", "refusal_noticed"];

/// Commands every case has, whatever its workflow; no step may take their names.
pub const COMMANDS: [&str; 18] = [
    "tick",
    "recount",
    "extend",
    "suspend",
    "resume",
    "bar",
    "register_kin",
    "countersign_kin",
    "complain",
    "protect",
    "assign",
    "hand_over",
    "aid",
    "aid_papers",
    "appeal",
    "stay",
    "lift_stay",
    "overturn",
];

/// Figures and verdicts the engine itself reads. A pack declares those it uses.
pub mod known {
    /// Share of cases the deciding unit visits itself, in per cent.
    pub const SPOT_RATE: &str = "spot_rate";
    /// Whether this case was drawn for such a visit.
    pub const SAMPLED: &str = "sampled";
    /// Fewest persons at an appraisal.
    pub const APPRAISAL_LEAST: &str = "appraisal_least";
    /// 1: an odd number of persons.
    pub const APPRAISAL_ODD: &str = "appraisal_odd";
    /// How many thirds of them must be residents' representatives.
    pub const APPRAISAL_THIRDS: &str = "appraisal_thirds";
    /// Places where a notice is posted when residence and registration are apart.
    pub const PLACES_APART: &str = "places_apart";
    /// Whether they are.
    pub const LIVES_ELSEWHERE: &str = "lives_elsewhere";
    /// Calendar days until a public notice counts as delivered.
    pub const PUBLIC_SERVICE_DAYS: &str = "public_service_days";
}
