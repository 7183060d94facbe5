//! What a check of the journal found, for whoever reads it.

use crate::record::TextV1;
use anmin_store::journal::verify::{Finding, Report, What};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a check of the journal has seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReportV1 {
    /// Whether nothing was found.
    pub sound: bool,
    /// How many entries were checked.
    pub entries: u64,
    /// How many checkpoints.
    pub checkpoints: u64,
    /// How many entries wait for the next checkpoint.
    pub waiting: u64,
    /// Whether a witness was compared; without one a cut end or an older copy is not seen.
    pub with_witness: bool,
    /// What is wrong.
    pub findings: Vec<FindingOfJournalV1>,
}

/// Something wrong in the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FindingOfJournalV1 {
    /// A word for machines.
    pub code: String,
    /// The checkpoint that closes the interval in which it was done; absent: after the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<i64>,
    /// The entry, stream or row it is about; absent: the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// What it means.
    pub text: TextV1,
}

impl From<&Report> for ReportV1 {
    fn from(report: &Report) -> ReportV1 {
        ReportV1 {
            sound: report.findings.is_empty(),
            entries: report.entries,
            checkpoints: report.checkpoints,
            waiting: report.waiting,
            with_witness: report.with_witness,
            findings: report.findings.iter().map(FindingOfJournalV1::from).collect(),
        }
    }
}

impl From<&Finding> for FindingOfJournalV1 {
    fn from(finding: &Finding) -> FindingOfJournalV1 {
        let (code, zh, en) = words(&finding.what);
        let about = match &finding.what {
            What::EntryChanged(name)
            | What::EntryGone(name)
            | What::ChainBroken(name)
            | What::Loose(name)
            | What::Unsealed(name)
            | What::PayloadChanged(name)
            | What::RowChanged(name)
            | What::RowGone(name)
            | What::RowUnknown(name) => Some(name.clone()),
            What::LeafOutOfPlace(position) => Some(position.to_string()),
            What::RootDiffers
            | What::CheckpointForged
            | What::CheckpointGone
            | What::Unsigned
            | What::CutOff
            | What::Forked => None,
        };
        FindingOfJournalV1 {
            code: code.into(),
            checkpoint: finding.interval,
            about,
            text: TextV1 { zh: zh.into(), en: en.into() },
        }
    }
}

fn words(what: &What) -> (&'static str, &'static str, &'static str) {
    match what {
        What::EntryChanged(_) => {
            ("entry_changed", "条目与其封存的摘要不符", "an entry is not what was sealed of it")
        }
        What::EntryGone(_) => ("entry_gone", "封存过的条目不见了", "an entry that was sealed is gone"),
        What::LeafOutOfPlace(_) => (
            "leaf_out_of_place",
            "此处的条目缺失、重复或次序不对",
            "entries are missing, doubled or out of order here",
        ),
        What::RootDiffers => (
            "root_differs",
            "条目和摘要被一并改动，与签名不符",
            "entries and their hashes were changed together: the signed root is another",
        ),
        What::CheckpointForged => (
            "checkpoint_forged",
            "检查点的签名或连接不真",
            "the signature or link of a checkpoint is not true",
        ),
        What::CheckpointGone => {
            ("checkpoint_gone", "其前的检查点缺失", "a checkpoint before this one is missing")
        }
        What::ChainBroken(_) => (
            "chain_broken",
            "同一卷宗的条目断开、重号或连接不对",
            "a stream has a gap, a doubled number or a wrong link",
        ),
        What::Loose(_) => (
            "loose",
            "条目未在任何检查点中，也不在等候之列",
            "an entry is in no checkpoint and waits for none",
        ),
        What::Unsigned => {
            ("unsigned", "最后一个检查点之后有未签名的条目", "there are leaves after the last checkpoint")
        }
        What::CutOff => (
            "cut_off",
            "见证文件见过此处没有的检查点：末尾被截去，或换成了旧副本",
            "the witness has seen a checkpoint that is not here: the end was cut off, or an older copy put in its place",
        ),
        What::Forked => (
            "forked",
            "见证文件见过同号的另一检查点",
            "the witness has seen another checkpoint of this number",
        ),
        What::Unsealed(_) => {
            ("unsealed", "条目的封印不是用本系统密钥所作", "the seal of an entry was not made with the keys")
        }
        What::PayloadChanged(_) => (
            "payload_changed",
            "条目的内容与写入时不同",
            "the payload of an event is not the one it was written with",
        ),
        What::RowChanged(_) => (
            "row_changed",
            "记录与其最后一次事件不符：有人直接改了数据库",
            "a row is not what its last event says: it was changed in the database by hand",
        ),
        What::RowGone(_) => ("row_gone", "事件提到的记录不见了", "a row that events speak of is gone"),
        What::RowUnknown(_) => (
            "row_unknown",
            "没有事件提到此记录：有人直接写入了数据库",
            "no event speaks of this row: it was put in by hand",
        ),
    }
}
