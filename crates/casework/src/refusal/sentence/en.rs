//! The sentences in English.

use super::Words;
use crate::refusal::Refusal;

/// What is refused, and what to do next.
pub(super) fn sentence(refusal: &Refusal, words: &Words<'_>) -> String {
    match refusal {
        Refusal::OtherWorkflow { pinned } => {
            format!("This case runs under the workflow {pinned}; use that one.", pinned = words.label(pinned))
        }
        Refusal::DateBack { latest } => {
            format!("The day is before the latest entry of this case ({latest}). Check the date and try again.")
        }
        Refusal::UnknownStep { step } => {
            format!("This workflow has no step {step} here. Choose one of the steps that the present state offers.", step = words.label(step))
        }
        Refusal::SwitchedOff { step } => {
            format!("This region does not use “{step}”. Go on with the next step of the local course.", step = words.label(step))
        }
        Refusal::WrongState { step, state } => {
            format!("The case is at “{state}”, where “{step}” cannot be done. Now possible: {offers}.", step = words.label(step), state = words.label(state), offers = words.offers(state))
        }
        Refusal::WrongAct { step, wants } => {
            format!("“{step}” needs its own particulars ({wants}). Send its form again.", step = words.label(step), wants = wants.name())
        }
        Refusal::NotYourDuty { duty, allowed } => {
            format!("This is not for “{duty}” but for: {allowed}. Pass it to somebody with that duty.", duty = words.label(duty), allowed = words.labels(allowed))
        }
        Refusal::UnknownDuty { duty } => {
            format!("This workflow has no duty {duty}. Check the duties of the post.", duty = words.label(duty))
        }
        Refusal::SameHands { person, had, wants } => {
            format!("One person ({person}) has already done “{had}” in this case and cannot do “{wants}” as well; delegation counts for both. Let somebody else do it; where staff are few, a post of the level above stands in.", person = person.0, had = words.label(had), wants = words.label(wants))
        }
        Refusal::Barred { person, relation } => {
            format!("{person} is barred from this case ({relation}). Send somebody else.", person = person.0, relation = words.label(relation))
        }
        Refusal::OwnCase { person } => {
            format!("{person} is a party to this case and cannot handle it. The level above names somebody.", person = person.0)
        }
        Refusal::BarredWork { person, duty } => {
            format!("{person} is barred, so their part (“{duty}”) must be done again by somebody else before a decision.", person = person.0, duty = words.label(duty))
        }
        Refusal::VerdictUnknown { verdict } => {
            format!("“{verdict}” is not known yet. Complete the facts it rests on; it is never assumed.", verdict = words.label(verdict))
        }
        Refusal::VerdictAgainst { verdict, .. } => {
            format!("“{verdict}” does not come out as this step needs it. Check what it rests on, or take the step that fits.", verdict = words.label(verdict))
        }
        Refusal::EvidenceMissing { kinds } => {
            format!("Still missing: {kinds}. Attach them and send again.", kinds = words.labels(kinds))
        }
        Refusal::UnknownEvidenceKind { kind } => {
            format!("This workflow knows no evidence of kind {kind}. Choose one from its list.", kind = words.label(kind))
        }
        Refusal::EvidenceTwice { reference } => {
            format!("The evidence reference “{reference}” is empty or already in use. Give a new one.")
        }
        Refusal::StepsMissing { step, missing } => {
            format!("Before “{step}” these have to be done: {missing}.", step = words.label(step), missing = words.labels(missing))
        }
        Refusal::TooEarly { clock, last } => {
            format!("“{clock}” runs through {last}. Do this afterwards.", clock = words.label(clock))
        }
        Refusal::Provisional { clock, last } => {
            format!("The last day of “{clock}” ({last}) is provisional, since the year's holidays are not announced. Nothing adverse may rest on it: load the notice and count anew.", clock = words.label(clock))
        }
        Refusal::Blank { what } => {
            format!("{what} is empty or incomplete. Fill it in.", what = words.thing(what))
        }
        Refusal::SupplementAfterAcceptance => {
            "After acceptance nothing more may be asked as a supplement, and no clock stops. Find out by checks or in the investigation.".into()
        }
        Refusal::SupplementTwice => {
            "What is missing is told once, and has been. Accept the application, or decline it in writing with reasons.".into()
        }
        Refusal::NotAuthorised { subjects } => {
            format!("{subjects} gave no authority in force. First get one signed by the person, or a guardian.", subjects = words.persons(subjects))
        }
        Refusal::CheckOpen { sources } => {
            format!("{sources} have not answered. Remind them, or record that they are silent, which is not the same as nothing found.", sources = words.labels(sources))
        }
        Refusal::SourceNotAsked { source } => {
            format!("{source} was not asked in this check, or has answered already. Check the source.", source = words.label(source))
        }
        Refusal::NothingToTell => {
            "There is no difference to tell. Go on with the next step.".into()
        }
        Refusal::ResultNotTold => {
            "A check differs from what was declared and the person has not been told. First send the notice of the result and let them explain.".into()
        }
        Refusal::RecheckOpen { sources } => {
            format!("The person contests what {sources} said. Ask again before giving an opinion.", sources = words.labels(sources))
        }
        Refusal::TwoVisitors { found } => {
            format!("A visit takes two people at least; {found} named. Add one: a village assistant or social worker will do.")
        }
        Refusal::NoVisit => {
            "No visit by two people is recorded in this cycle (one with a barred person does not count). Visit first.".into()
        }
        Refusal::AppraisalUnfit { least, odd, thirds } => {
            format!("The appraisal is not composed as required: at least {least} people, odd number: {odd}, residents' representatives at least {thirds}/3, and numbers that add up. Hold it again.", odd = words.yes(*odd))
        }
        Refusal::EachProgrammeOnce { programmes } => {
            format!("Name each of these once: {programmes}.", programmes = words.labels(programmes))
        }
        Refusal::OutcomeUnfit { step, allowed } => {
            format!("“{step}” cannot say this here; it gives: {allowed}. Take another step or outcome.", step = words.label(step), allowed = words.outcomes(allowed))
        }
        Refusal::NoReason => {
            "What goes against a person needs reasons in words, each with document and article. Fill them in.".into()
        }
        Refusal::NoEvidence => {
            "No evidence is cited. Name it.".into()
        }
        Refusal::UnknownEvidence { reference } => {
            format!("The case holds no evidence “{reference}” (a source that did not answer makes none). Add it first.")
        }
        Refusal::DerivedEvidence { reference } => {
            format!("“{reference}” is an estimate or average and cannot be held against anybody. Get the actual figures.")
        }
        Refusal::ContestedEvidence { reference } => {
            format!("“{reference}” is contested and cannot be used until it has been looked into.")
        }
        Refusal::EvidenceStale { reference, until } => {
            format!("“{reference}” was valid through {until}. Check again.")
        }
        Refusal::NoOpinion => {
            "There is no opinion in this cycle yet. Give one first.".into()
        }
        Refusal::RefusalPosted => {
            "Only proposed approvals are posted, refusals never. Tell the person in writing.".into()
        }
        Refusal::NeverPosted { ground } => {
            format!("This case is protected ({ground}) and is never posted. Take the step that spares it.", ground = words.label(ground))
        }
        Refusal::NotProtected => {
            "There is no ground to spare this case the posting. Post it.".into()
        }
        Refusal::MorePlaces { wanted } => {
            format!("Too few places: the notice goes up in at least {wanted}.")
        }
        Refusal::NotPosted => {
            "This opinion has not been posted for its time. Post it first, or send it back to be posted.".into()
        }
        Refusal::ObjectionOpen { objection } => {
            format!("Objection {objection} is not answered. Look again, or hold an appraisal, and answer it.")
        }
        Refusal::Unexamined { objection } => {
            format!("Nobody has looked again since objection {objection}. Visit or hold an appraisal, then answer.")
        }
        Refusal::NothingToHear => {
            "Nothing is proposed that takes something away. Give the opinion first.".into()
        }
        Refusal::NotHeard { programme, outcome } => {
            format!("“{outcome}” of {programme} without having heard the person on just that. Hear them first and record who, when, how, what was said and what was answered.", programme = words.label(programme), outcome = words.outcome(*outcome))
        }
        Refusal::ExceptionUnfit { outcome } => {
            format!("“{outcome}” has no such exception: the remaining members can be heard. Hear them first.", outcome = words.outcome(*outcome))
        }
        Refusal::ExceptionUnproved { exception } => {
            format!("“{exception}” is not proved. A death takes two sources or a visit; withdrawal a signature; whereabouts unknown two visits on different days and public service; a move its proof.", exception = words.exception(*exception))
        }
        Refusal::HumanDecides => {
            "A person decides this. Let somebody with the duty do it.".into()
        }
        Refusal::KinNotCountersigned => {
            "The entry in the register of relatives is not countersigned. Have it countersigned first.".into()
        }
        Refusal::NoSpotVisit => {
            "The deciding unit must visit itself: the case is registered, reported or drawn. Arrange the visit first.".into()
        }
        Refusal::DecisionWaits { decision } => {
            format!("Decision {decision} still waits for its effect. Finish that one first.")
        }
        Refusal::NotNoticed { decision } => {
            format!("The notice of decision {decision} has not been issued. Issue it first.")
        }
        Refusal::MannerUnfit { decision, manner } => {
            format!("Decision {decision} cannot be delivered this way ({manner}): a message alone is no proof against a person, public notice is for somebody who is missing, kin for a death. Hand it over, post it, or leave it before witnesses.", manner = words.manner(*manner))
        }
        Refusal::NoDeliveryProof { .. } => {
            "There is no proof of delivery. Attach the receipt.".into()
        }
        Refusal::EffectIncomplete { decision, missing } => {
            format!("Decision {decision} cannot take effect; it lacks: {missing}. Until then the benefit goes on as before.", missing = words.parts(missing))
        }
        Refusal::Stayed { decision } => {
            format!("Decision {decision} is stayed. It takes an order that lifts the stay.")
        }
        Refusal::OnlyAdverse { decision } => {
            format!("Decision {decision} favours the person and is not undone this way. If it was wrong, decide to stop it, after hearing them.")
        }
        Refusal::NotSigned => {
            "There is no signed withdrawal. Get it signed.".into()
        }
        Refusal::NothingToWithdraw => {
            "Nothing is applied for that could be withdrawn. A benefit is given up by a stop with the person's signature.".into()
        }
        Refusal::NoSuch { what, number } => {
            format!("The case has no {what} {number} this could be done with. Check the number.", what = words.thing(what))
        }
        Refusal::UnknownClock { clock } => {
            format!("This workflow has no clock {clock}. Check the name.", clock = words.label(clock))
        }
        Refusal::ClockNotRunning { clock } => {
            format!("“{clock}” is not running. Look at the clocks of the case.", clock = words.label(clock))
        }
        Refusal::NotExtendable { clock } => {
            format!("“{clock}” cannot be extended. Finish in time.", clock = words.label(clock))
        }
        Refusal::NoSuchGround { clock, reason, allowed } => {
            format!("“{clock}” cannot be extended for {reason}, only for: {allowed}. Choose one.", clock = words.label(clock), reason = words.label(reason), allowed = words.labels(allowed))
        }
        Refusal::ExtendedTwice { clock } => {
            format!("“{clock}” was extended once already. Finish in time.", clock = words.label(clock))
        }
        Refusal::ExtendedLate { clock, last } => {
            format!("“{clock}” ran out on {last} and cannot be extended or suspended any more. Finish and explain.", clock = words.label(clock))
        }
        Refusal::NotSuspendable { clock, reason, allowed } => {
            format!("No article lets {reason} suspend “{clock}” (allowed: {allowed}). It runs on.", clock = words.label(clock), reason = words.label(reason), allowed = words.labels(allowed))
        }
        Refusal::NotSuspended { clock } => {
            format!("“{clock}” is not suspended. Nothing to resume.", clock = words.label(clock))
        }
        Refusal::NothingHeld { person } => {
            format!("{person} holds no duty in this case. Nothing to hand over.", person = person.0)
        }
        Refusal::NoSuchRemedy { remedy, allowed } => {
            format!("There is no remedy {remedy}; use one of: {allowed}.", remedy = words.label(remedy), allowed = words.labels(allowed))
        }
    }
}
