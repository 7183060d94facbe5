//! What can go wrong with a request: refusals that whoever asked can act on, and faults that are ours to mend.
//! Each says in Chinese and English what is wrong and what to do next; nothing in it tells more than the asker may see.

use crate::decide::Refused;
use crate::record::FieldError;
use crate::record::TextV1;
use anmin_authz::authority::Authority;
use anmin_authz::reason::Reason;
use anmin_casework::workflow::Workflow;
use anmin_store::{Fault as StoreFault, Refusal as StoreRefusal};
use serde::Serialize;
use std::fmt;

/// The outcome of a request.
pub type Result<T> = std::result::Result<T, Error>;

/// A refusal or a fault.
#[derive(Debug)]
pub enum Error {
    /// Whoever asked can act on it.
    Refusal(Box<Refusal>),
    /// We must.
    Fault(Fault),
}

/// What kind of refusal it is; an edge makes its own code of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What was sent cannot be understood or is out of range.
    Invalid,
    /// Nobody has signed in, or not any more.
    SignIn,
    /// Not permitted.
    Forbidden,
    /// Not there, or not for this person: the two are not told apart.
    NotFound,
    /// Somebody else was first, or the request key was used for something else.
    Conflict,
    /// The law or a rule stands against it as things are.
    Unmet,
    /// Too much in one piece.
    TooLarge,
    /// Too often.
    TooMany,
}

/// A refusal.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Its kind.
    pub kind: Kind,
    /// A word for machines, never changed: `stale_version`, `visitors_two`.
    pub code: String,
    /// What is wrong.
    pub text: TextV1,
    /// What to do next.
    pub next: TextV1,
    /// The fields meant, each with its own sentence.
    pub fields: Vec<FieldError>,
    /// What has changed since, where somebody else was first.
    pub difference: Option<serde_json::Value>,
}

/// What we must mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No room on the disk: reads go on, changes do not.
    Full,
    /// The database was busy for too long; nothing was written.
    Busy,
    /// The database cannot be reached.
    Unreachable(String),
    /// Anything else, for the log and not for the screen.
    Broken(String),
}

impl Refusal {
    /// A refusal of a kind, with what to do next left to [`Refusal::next`].
    pub fn new(kind: Kind, code: &str, zh: impl Into<String>, en: impl Into<String>) -> Refusal {
        Refusal {
            kind,
            code: code.into(),
            text: TextV1 { zh: zh.into(), en: en.into() },
            next: usual_next(kind),
            fields: Vec::new(),
            difference: None,
        }
    }

    /// The same with this to do next.
    #[must_use]
    pub fn next(mut self, zh: impl Into<String>, en: impl Into<String>) -> Refusal {
        self.next = TextV1 { zh: zh.into(), en: en.into() };
        self
    }

    /// Fields that are wrong.
    pub fn fields(fields: Vec<FieldError>) -> Refusal {
        let new = Refusal::new(
            Kind::Invalid,
            "invalid_fields",
            format!("有 {} 处填写有误。", fields.len()),
            format!("{} of the fields are wrong.", fields.len()),
        );
        Refusal { fields, ..new }
            .next("请按各处的说明改正后重新提交。", "Correct each field as its note says, and send it again.")
    }

    /// There is nothing there, or nothing for this person.
    pub fn not_found() -> Refusal {
        Refusal::new(
            Kind::NotFound,
            "not_found",
            "没有找到，或不在您的办理范围内。",
            "Not found, or outside what you handle.",
        )
    }
}

fn usual_next(kind: Kind) -> TextV1 {
    let (zh, en) = match kind {
        Kind::Invalid => ("请改正后重新提交。", "Correct it and send it again."),
        Kind::SignIn => ("请重新登录。", "Please sign in again."),
        Kind::Forbidden => (
            "如工作需要，请联系本单位安全管理员核对岗位。",
            "If your work needs it, ask the security administrator of your unit to check your post.",
        ),
        Kind::NotFound => (
            "请核对编号；如案件已移交，请联系现承办单位。",
            "Check the number; if the case was handed over, ask the unit that has it now.",
        ),
        Kind::Conflict => {
            ("请查看变化，确认后重新提交。", "Look at what has changed, and send it again if it still holds.")
        }
        Kind::Unmet => {
            ("请按说明补齐后重新提交。", "Do what the sentence says is missing, and send it again.")
        }
        Kind::TooLarge => ("请减小后重新提交。", "Make it smaller and send it again."),
        Kind::TooMany => ("请稍后再试。", "Try again a little later."),
    };
    TextV1 { zh: zh.into(), en: en.into() }
}

impl Error {
    /// A denial. What must not be told apart from nothing is not.
    pub fn denied(reason: &Reason, authority: &Authority) -> Error {
        if reason.conceals() {
            return Refusal::not_found().into();
        }
        let (kind, code) = match reason {
            Reason::StepUp { .. } => (Kind::Forbidden, "step_up"),
            Reason::UsedUp { .. } => (Kind::TooMany, "used_up"),
            Reason::Duty(_) => (Kind::Forbidden, "same_hands"),
            Reason::Kin => (Kind::Forbidden, "kin"),
            Reason::OwnCase | Reason::OnOneself => (Kind::Forbidden, "own_case"),
            Reason::Purpose => (Kind::Forbidden, "purpose"),
            Reason::NoPost => (Kind::Forbidden, "no_post"),
            _ => (Kind::Forbidden, "not_permitted"),
        };
        Refusal::new(kind, code, reason.zh(authority), reason.en(authority)).into()
    }

    /// The engine of cases refuses.
    pub fn of_case(refusal: &anmin_casework::refusal::Refusal, workflow: &Workflow) -> Error {
        Refusal::new(Kind::Unmet, refusal.code(), refusal.zh(workflow), refusal.en(workflow)).into()
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        Error::Refusal(Box::new(refusal))
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Error {
        Error::Fault(fault)
    }
}

impl From<Vec<FieldError>> for Error {
    fn from(fields: Vec<FieldError>) -> Error {
        Refusal::fields(fields).into()
    }
}

/// Facts or packs that cannot be used: what is wrong stands in the findings, each with its place.
impl From<Refused> for Error {
    fn from(refused: Refused) -> Error {
        let fields = refused
            .findings
            .iter()
            .map(|f| FieldError { at: f.file.clone(), zh: f.zh.clone(), en: f.en.clone() })
            .collect();
        let mut refusal = Refusal::fields(fields);
        refusal.code = "facts_refused".into();
        refusal.kind = Kind::Unmet;
        refusal.into()
    }
}

impl From<anmin_store::Error> for Error {
    fn from(error: anmin_store::Error) -> Error {
        match error {
            anmin_store::Error::Refusal(refusal) => of_store(&refusal).into(),
            anmin_store::Error::Fault(StoreFault::Full) => Fault::Full.into(),
            anmin_store::Error::Fault(StoreFault::Busy) => Fault::Busy.into(),
            anmin_store::Error::Fault(StoreFault::Unreachable(said)) => Fault::Unreachable(said).into(),
            anmin_store::Error::Fault(other) => Fault::Broken(other.to_string()).into(),
        }
    }
}

fn of_store(refusal: &StoreRefusal) -> Refusal {
    match refusal {
        StoreRefusal::NotFound { .. } => Refusal::not_found(),
        StoreRefusal::Conflict(_) => stale(),
        StoreRefusal::OtherRequest => Refusal::new(
            Kind::Conflict,
            "other_request",
            "这一请求编号已用于另一项内容，没有重复办理。",
            "This request key was used for something else; nothing was done twice.",
        )
        .next("请刷新页面后重新填写提交。", "Reload the page, fill it in again and send it."),
        StoreRefusal::RequestOpen => Refusal::new(
            Kind::Conflict,
            "request_open",
            "同一请求正在办理。",
            "The same request is being carried out.",
        )
        .next("请稍候刷新查看结果。", "Wait a moment and reload to see its result."),
        StoreRefusal::UnknownRequestKey => Refusal::new(
            Kind::Invalid,
            "unknown_request_key",
            "请求编号不是本系统为此事项签发的。",
            "This request key was not made here for this command.",
        )
        .next(
            "请重新打开页面，或用 POST /api/v1/request-keys 取得编号。",
            "Open the page again, or get a key by POST /api/v1/request-keys.",
        ),
        StoreRefusal::Rule { kind, name } => Refusal::new(
            Kind::Unmet,
            "database_rule",
            format!("数据库的约束不允许（{name}）。"),
            format!("A rule of the database stands against it ({kind:?}: {name})."),
        ),
        StoreRefusal::FileSize { size } => Refusal::new(
            Kind::TooLarge,
            "file_size",
            format!("文件应为 1 字节到 10 MB，现为 {size} 字节。"),
            format!("A file has 1 byte to 10 MB; this one has {size} bytes."),
        ),
        #[allow(unreachable_patterns, reason = "the store may learn to refuse more")]
        other => Refusal::new(Kind::Unmet, "store_refused", "数据库不允许。", other.to_string()),
    }
}

/// Somebody else was first.
pub(crate) fn stale() -> Refusal {
    Refusal::new(
        Kind::Conflict,
        "stale_version",
        "您打开之后，他人已作了变更，您的提交没有生效。",
        "Somebody else changed it after you opened it; what you sent was not carried out.",
    )
}

impl Fault {
    /// What whoever asked is told.
    pub fn text(&self) -> TextV1 {
        let (zh, en) = match self {
            Fault::Full => (
                "磁盘已满，暂不能保存；查询不受影响。",
                "The disk is full: nothing can be saved; reading goes on.",
            ),
            Fault::Busy => ("系统繁忙，没有保存。", "The system is busy; nothing was saved."),
            Fault::Unreachable(_) => {
                ("数据库暂时无法连接。", "The database cannot be reached at the moment.")
            }
            Fault::Broken(_) => ("系统出错，已记录。", "Something went wrong here; it has been noted."),
        };
        TextV1 { zh: zh.into(), en: en.into() }
    }

    /// What to do next.
    pub fn next(&self) -> TextV1 {
        let (zh, en) = match self {
            Fault::Full => (
                "请联系系统管理员清理空间，然后用同一请求编号重新提交；无须重启。",
                "Ask the system administrator to make room, then send the same request again; no restart is needed.",
            ),
            _ => (
                "请稍后用同一请求编号重新提交，不会重复办理。",
                "Send the same request with the same key a little later: it is never done twice.",
            ),
        };
        TextV1 { zh: zh.into(), en: en.into() }
    }

    /// A word for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Fault::Full => "disk_full",
            Fault::Busy => "busy",
            Fault::Unreachable(_) => "database_unreachable",
            Fault::Broken(_) => "fault",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Refusal(refusal) => write!(f, "{}: {}", refusal.code, refusal.text.en),
            Error::Fault(Fault::Broken(said) | Fault::Unreachable(said)) => f.write_str(said),
            Error::Fault(fault) => f.write_str(&fault.text().en),
        }
    }
}

impl std::error::Error for Error {}

/// A refusal as an edge writes it.
#[derive(Serialize)]
pub struct Told<'a> {
    /// The word for machines.
    pub code: &'a str,
    /// What is wrong.
    pub text: &'a TextV1,
    /// What to do next.
    pub next: &'a TextV1,
}
