//! The sentences in Chinese.

use super::Words;
use crate::refusal::Refusal;

/// What is refused, and what to do next.
pub(super) fn sentence(refusal: &Refusal, words: &Words<'_>) -> String {
    match refusal {
        Refusal::OtherWorkflow { pinned } => {
            format!("本案件适用流程“{pinned}”，请用该流程办理。", pinned = words.label(pinned))
        }
        Refusal::DateBack { latest } => {
            format!("日期早于本案件最近一次记录（{latest}）。请核对日期后再办。")
        }
        Refusal::UnknownStep { step } => {
            format!("本流程没有步骤“{step}”。请从当前状态可办的步骤中选择。", step = words.label(step))
        }
        Refusal::SwitchedOff { step } => {
            format!("本地区未启用“{step}”。请按本地区流程的下一步办理。", step = words.label(step))
        }
        Refusal::WrongState { step, state } => {
            format!(
                "案件现为“{state}”，不能办理“{step}”。现在可以：{offers}。",
                step = words.label(step),
                state = words.label(state),
                offers = words.offers(state)
            )
        }
        Refusal::WrongAct { step, wants } => {
            format!(
                "“{step}”需要填写其本身的内容（{wants}）。请用该步骤的表单重新提交。",
                step = words.label(step),
                wants = wants.name()
            )
        }
        Refusal::NotYourDuty { duty, allowed } => {
            format!(
                "此事不由“{duty}”办理，应由：{allowed}。请转给有此职责的人。",
                duty = words.label(duty),
                allowed = words.labels(allowed)
            )
        }
        Refusal::UnknownDuty { duty } => {
            format!("本流程没有职责“{duty}”。请核对岗位的职责设置。", duty = words.label(duty))
        }
        Refusal::SameHands { person, had, wants } => {
            format!(
                "同一人（{person}）在本案件中已承担“{had}”，不能再承担“{wants}”（委托办理的，双方都算）。请由他人办理，人手不足时由上一级指定岗位代办。",
                person = person.0,
                had = words.label(had),
                wants = words.label(wants)
            )
        }
        Refusal::Barred { person, relation } => {
            format!(
                "{person} 与本案件有回避情形（{relation}），不得经办。请另派人员。",
                person = person.0,
                relation = words.label(relation)
            )
        }
        Refusal::OwnCase { person } => {
            format!("{person} 是本案件的当事人，不得经办。请由上一级指定人员办理。", person = person.0)
        }
        Refusal::BarredWork { person, duty } => {
            format!(
                "{person} 应当回避，其所做的“{duty}”须由他人重做。请另派人员重做后再作决定。",
                person = person.0,
                duty = words.label(duty)
            )
        }
        Refusal::VerdictUnknown { verdict } => {
            format!("“{verdict}”尚不能判断。请补齐有关事实后再办，不得推定。", verdict = words.label(verdict))
        }
        Refusal::VerdictAgainst { verdict, .. } => {
            format!(
                "“{verdict}”的判断结果不符合此步骤的条件。请核对依据，或选择相应的步骤。",
                verdict = words.label(verdict)
            )
        }
        Refusal::EvidenceMissing { kinds } => {
            format!("还缺：{kinds}。请附上后重新提交。", kinds = words.labels(kinds))
        }
        Refusal::UnknownEvidenceKind { kind } => {
            format!("本流程没有材料种类“{kind}”。请从材料目录中选择。", kind = words.label(kind))
        }
        Refusal::EvidenceTwice { reference } => {
            format!("材料编号“{reference}”为空或已经用过。请使用新的编号。")
        }
        Refusal::StepsMissing { step, missing } => {
            format!(
                "办理“{step}”前还须先办：{missing}。",
                step = words.label(step),
                missing = words.labels(missing)
            )
        }
        Refusal::TooEarly { clock, last } => {
            format!("“{clock}”要到 {last} 届满。请在其后办理。", clock = words.label(clock))
        }
        Refusal::Provisional { clock, last } => {
            format!(
                "“{clock}”的届满日 {last} 是暂定的（放假安排尚未公布），不得据此作出不利处理。请载入放假安排后重新计算。",
                clock = words.label(clock)
            )
        }
        Refusal::Blank { what } => {
            format!("“{what}”没有填写或填写不全。请补全。", what = words.thing(what))
        }
        Refusal::SupplementAfterAcceptance => {
            "受理之后不得再要求补正，也不停止计时。需要的情况请自行核对或在调查中了解。".into()
        }
        Refusal::SupplementTwice => {
            "补正只能一次性告知，本案件已经告知过。请受理，或书面说明理由不予受理。".into()
        }
        Refusal::NotAuthorised { subjects } => {
            format!(
                "{subjects} 没有有效的核对授权。请先取得本人（或监护人）签署的授权书。",
                subjects = words.persons(subjects)
            )
        }
        Refusal::CheckOpen { sources } => {
            format!(
                "{sources} 尚未回复。请催办；确无回复的，如实登记“未回复”（不等于没有）。",
                sources = words.labels(sources)
            )
        }
        Refusal::SourceNotAsked { source } => {
            format!(
                "{source} 未在此次核对范围内，或者已经回复。请核对单位名称。",
                source = words.label(source)
            )
        }
        Refusal::NothingToTell => "没有需要告知的核对差异。可以直接进行下一步。".into(),
        Refusal::ResultNotTold => {
            "核对结果与申报不一致，尚未书面告知本人。请先发出调查结果告知书，听取说明。".into()
        }
        Refusal::RecheckOpen { sources } => {
            format!(
                "本人对 {sources} 的结果有异议，尚未复核。请重新核对后再提出意见。",
                sources = words.labels(sources)
            )
        }
        Refusal::TwoVisitors { found } => {
            format!("入户须两人以上，现为 {found} 人。请补充一名调查人员（可以是协理员或社会工作者）。")
        }
        Refusal::NoVisit => "本轮尚无两人入户调查记录（应回避人员参加的不算）。请先完成入户调查。".into(),
        Refusal::AppraisalUnfit { least, odd, thirds } => {
            format!(
                "民主评议人数或构成不符合要求：至少 {least} 人，单数：{odd}，居（村）民代表不少于 {thirds}/3，且各项人数相符。请重新组织评议。",
                odd = words.yes(*odd)
            )
        }
        Refusal::EachProgrammeOnce { programmes } => {
            format!(
                "应对以下各项分别提出一次：{programmes}。请逐项填写。",
                programmes = words.labels(programmes)
            )
        }
        Refusal::OutcomeUnfit { step, allowed } => {
            format!(
                "“{step}”在此不能作出这种结论，可作：{allowed}。请改选步骤或结论。",
                step = words.label(step),
                allowed = words.outcomes(allowed)
            )
        }
        Refusal::NoReason => "不利的意见或决定须写明理由和条款。请逐条填写理由、文件和条款。".into(),
        Refusal::NoEvidence => "没有引用证据或材料。请列明。".into(),
        Refusal::UnknownEvidence { reference } => {
            format!("案件中没有证据“{reference}”（未回复的单位不产生证据）。请先收入案件。")
        }
        Refusal::DerivedEvidence { reference } => {
            format!("“{reference}”是推算值或平均值，不得作为不利依据。请取得实际数据。")
        }
        Refusal::ContestedEvidence { reference } => {
            format!("“{reference}”存在争议，未复核前不得采用。请先复核。")
        }
        Refusal::EvidenceStale { reference, until } => {
            format!("“{reference}”已于 {until} 过期。请重新核对。")
        }
        Refusal::NoOpinion => "本轮还没有审核意见。请先提出意见。".into(),
        Refusal::RefusalPosted => "只公示拟确认的申请，不予确认的绝不公示。请直接书面告知本人。".into(),
        Refusal::NeverPosted { ground } => {
            format!("本案件受保护（{ground}），不得公示。请办理免予公示。", ground = words.label(ground))
        }
        Refusal::NotProtected => "没有免予公示的法定情形。请按规定公示。".into(),
        Refusal::MorePlaces { wanted } => {
            format!("公示地点不足，应不少于 {wanted} 处。请补充。")
        }
        Refusal::NotPosted => "本次意见尚未公示期满。请先公示，或退回乡镇公示。".into(),
        Refusal::ObjectionOpen { objection } => {
            format!("第 {objection} 号异议尚未答复。请重新调查或评议后答复。")
        }
        Refusal::Unexamined { objection } => {
            format!("第 {objection} 号异议提出后还没有重新调查或评议。请先调查或评议再答复。")
        }
        Refusal::NothingToHear => "没有拟调减、停发的意见，无须听取。请先提出意见。".into(),
        Refusal::NotHeard { programme, outcome } => {
            format!(
                "拟对“{programme}”作出“{outcome}”，尚未就此听取本人意见。请先听取并记录：谁、何时、怎样、说了什么、如何答复。",
                programme = words.label(programme),
                outcome = words.outcome(*outcome)
            )
        }
        Refusal::ExceptionUnfit { outcome } => {
            format!(
                "“{outcome}”不适用免予听取的情形（家庭还有其他成员的，应听取其意见）。请先听取意见。",
                outcome = words.outcome(*outcome)
            )
        }
        Refusal::ExceptionUnproved { exception } => {
            format!(
                "没有足够证据证明“{exception}”。死亡须有两个来源或一次入户；自愿退出须本人签字；下落不明须不同日期两次走访并公告送达；迁出须有迁移证明。",
                exception = words.exception(*exception)
            )
        }
        Refusal::HumanDecides => "此事须由人决定。请由有职责的工作人员办理。".into(),
        Refusal::KinNotCountersigned => "近亲属备案尚未会签。请先会签备案表。".into(),
        Refusal::NoSpotVisit => "属于备案、被举报或抽中的案件，须由确认机关入户。请先安排入户。".into(),
        Refusal::DecisionWaits { decision } => {
            format!("第 {decision} 号决定尚未生效。请先办结该决定。")
        }
        Refusal::NotNoticed { decision } => {
            format!("第 {decision} 号决定还没有发出书面通知。请先发出通知。")
        }
        Refusal::MannerUnfit { decision, manner } => {
            format!(
                "第 {decision} 号决定不能以此方式（{manner}）送达：短信或网络不能作为不利决定的唯一凭证，公告只用于下落不明，亲属只用于死亡。请改用签收、邮寄或留置。",
                manner = words.manner(*manner)
            )
        }
        Refusal::NoDeliveryProof { .. } => "没有送达凭证。请附送达回证。".into(),
        Refusal::EffectIncomplete { decision, missing } => {
            format!(
                "第 {decision} 号决定还不能生效，缺：{missing}。补齐之前原待遇照发。",
                missing = words.parts(missing)
            )
        }
        Refusal::Stayed { decision } => {
            format!("第 {decision} 号决定已停止执行。须有恢复执行的文书。")
        }
        Refusal::OnlyAdverse { decision } => {
            format!("第 {decision} 号决定对当事人有利，不能这样撤销。确有错误的，另作停发决定并先听取意见。")
        }
        Refusal::NotSigned => "没有本人签字的撤回申请。请取得签字。".into(),
        Refusal::NothingToWithdraw => "没有待决的申请可以撤回。已享受待遇的，按自愿退出办理。".into(),
        Refusal::NoSuch { what, number } => {
            format!("案件中没有可以这样办理的 {what} 第 {number} 号。请核对编号。", what = words.thing(what))
        }
        Refusal::UnknownClock { clock } => {
            format!("本流程没有期限“{clock}”。请核对名称。", clock = words.label(clock))
        }
        Refusal::ClockNotRunning { clock } => {
            format!("“{clock}”现在没有在计时。请核对案件的期限。", clock = words.label(clock))
        }
        Refusal::NotExtendable { clock } => {
            format!("“{clock}”不能延长。请按期办结。", clock = words.label(clock))
        }
        Refusal::NoSuchGround { clock, reason, allowed } => {
            format!(
                "“{clock}”不能以“{reason}”延长，只能以：{allowed}。请选择其一。",
                clock = words.label(clock),
                reason = words.label(reason),
                allowed = words.labels(allowed)
            )
        }
        Refusal::ExtendedTwice { clock } => {
            format!("“{clock}”已延长过一次，不能再延长。请按期办结。", clock = words.label(clock))
        }
        Refusal::ExtendedLate { clock, last } => {
            format!(
                "“{clock}”已于 {last} 届满，不能再延长或中止。请尽快办结并说明。",
                clock = words.label(clock)
            )
        }
        Refusal::NotSuspendable { clock, reason, allowed } => {
            format!(
                "没有条款允许以“{reason}”中止“{clock}”（可用：{allowed}）。期限照常进行。",
                clock = words.label(clock),
                reason = words.label(reason),
                allowed = words.labels(allowed)
            )
        }
        Refusal::NotSuspended { clock } => {
            format!("“{clock}”没有中止。无须恢复。", clock = words.label(clock))
        }
        Refusal::NothingHeld { person } => {
            format!("{person} 在本案件中没有承担的职责。无须移交。", person = person.0)
        }
        Refusal::NoSuchRemedy { remedy, allowed } => {
            format!(
                "没有救济途径“{remedy}”，可用：{allowed}。请选择其一。",
                remedy = words.label(remedy),
                allowed = words.labels(allowed)
            )
        }
    }
}
