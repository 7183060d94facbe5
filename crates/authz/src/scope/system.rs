//! The jobs that reach rows without a person, every one of them. A new one is a line here, and a reason.

use crate::sensitivity::Sensitivity;

/// A job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SystemJob {
    /// Matches the households' members with what staff have declared of their relatives.
    KinMatching,
    /// Moves clocks, and marks what is due or late.
    Clocks,
    /// Takes down notices on their last day.
    NoticeExpiry,
    /// Hands messages to their channel.
    MessageDelivery,
    /// Ends posts, delegations, tickets and assignments on their day.
    PostExpiry,
    /// Looks for overdue reviews of broken glasses, and suspends.
    BreakGlassReview,
    /// Puts events and access rows under signed checkpoints.
    JournalSealing,
    /// Compares rows with the journal.
    StateVerification,
    /// Compares deaths with those who are paid, before a month closes.
    DeathComparison,
    /// Takes the snapshot a bulk run reads.
    BulkSnapshot,
    /// Removes raw replies of banks, and files nobody refers to, when their days are over.
    Purging,
    /// Adds up statistics.
    Statistics,
    /// Shows notices and answers verification codes on pages open to all.
    PublicPages,
    /// Finds the account of who signs in, and lets the first administrators in: nobody is known yet.
    SignIn,
    /// Writes a county of nobody into a demonstration.
    Synthesis,
    /// Tells who of a household is an adult, when one of them applies for all and does not see the others.
    Application,
    /// Lets applications lapse that nobody went on with, and says so before.
    Drafts,
    /// Sends a resident a code, and compares it: nobody is signed in yet.
    Codes,
    /// Puts an objection against a posted notice into its case, which whoever objects does not reach.
    Objections,
}

impl SystemJob {
    /// All of them.
    pub const ALL: [SystemJob; 19] = [
        SystemJob::KinMatching,
        SystemJob::Clocks,
        SystemJob::NoticeExpiry,
        SystemJob::MessageDelivery,
        SystemJob::PostExpiry,
        SystemJob::BreakGlassReview,
        SystemJob::JournalSealing,
        SystemJob::StateVerification,
        SystemJob::DeathComparison,
        SystemJob::BulkSnapshot,
        SystemJob::Purging,
        SystemJob::Statistics,
        SystemJob::PublicPages,
        SystemJob::SignIn,
        SystemJob::Synthesis,
        SystemJob::Application,
        SystemJob::Drafts,
        SystemJob::Codes,
        SystemJob::Objections,
    ];

    /// The name in the journal.
    pub const fn name(self) -> &'static str {
        match self {
            SystemJob::KinMatching => "kin_matching",
            SystemJob::Clocks => "clocks",
            SystemJob::NoticeExpiry => "notice_expiry",
            SystemJob::MessageDelivery => "message_delivery",
            SystemJob::PostExpiry => "post_expiry",
            SystemJob::BreakGlassReview => "break_glass_review",
            SystemJob::JournalSealing => "journal_sealing",
            SystemJob::StateVerification => "state_verification",
            SystemJob::DeathComparison => "death_comparison",
            SystemJob::BulkSnapshot => "bulk_snapshot",
            SystemJob::Purging => "purging",
            SystemJob::Statistics => "statistics",
            SystemJob::PublicPages => "public_pages",
            SystemJob::SignIn => "sign_in",
            SystemJob::Synthesis => "synthesis",
            SystemJob::Application => "application",
            SystemJob::Drafts => "drafts",
            SystemJob::Codes => "codes",
            SystemJob::Objections => "objections",
        }
    }

    /// The most sensitive rows it reads. Hashes and sizes of sealed rows are not what is in them.
    pub const fn up_to(self) -> Sensitivity {
        match self {
            SystemJob::MessageDelivery
            | SystemJob::Application
            | SystemJob::Drafts
            | SystemJob::Codes
            | SystemJob::Objections
            | SystemJob::DeathComparison
            | SystemJob::BulkSnapshot
            | SystemJob::Purging
            | SystemJob::Synthesis => Sensitivity::P3,
            // Counts of sealed cases are all that supervisors see of them.
            SystemJob::StateVerification | SystemJob::Statistics => Sensitivity::P4,
            // A sealed case has clocks too, and nobody may be at work on a relative's.
            SystemJob::Clocks | SystemJob::KinMatching => Sensitivity::P4,
            SystemJob::NoticeExpiry | SystemJob::PublicPages => Sensitivity::P2,
            SystemJob::PostExpiry
            | SystemJob::BreakGlassReview
            | SystemJob::JournalSealing
            | SystemJob::SignIn => Sensitivity::P1,
        }
    }

    /// Whether it may write anything but its own state in the job table.
    pub const fn writes(self) -> bool {
        !matches!(
            self,
            SystemJob::StateVerification
                | SystemJob::Statistics
                | SystemJob::PublicPages
                | SystemJob::Application
        )
    }
}
