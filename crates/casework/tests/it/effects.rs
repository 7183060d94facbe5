//! The five parts of an adverse decision: all thirty-two combinations, of which one takes effect.
use crate::course::{command, day, run, table, workflow};
use anmin_base::calendar::WorkCalendar;
use anmin_casework::case::Case;
use anmin_casework::kinds::{Outcome, Part};
use anmin_casework::refusal::Refusal;

/// A case in which an adverse decision has all five parts and waits.
fn ready(outcome: Outcome) -> (Case, &'static str) {
    let workflow = workflow();
    let name = outcome.name();
    let end = "
        09-04 | zheng/chief   | notify 1             | STATE
        09-05 | he/messenger  | deliver 1 +paper:r   | STATE";
    let (lines, effect, state) = match outcome {
        Outcome::Decline => (
            "09-01 | wang/clerk | receive +paper        | received
             09-01 | wang/clerk | decline decline paper | refusing"
                .to_owned(),
            "settle 1",
            "refusing",
        ),
        Outcome::Refuse => (
            "09-01 | wang/clerk   | receive +paper      | received
             09-01 | wang/clerk   | accept              | investigating
             09-02 | wang/field   | visit wang qian     | investigating
             09-03 | zhao/opinion | propose_no refuse   | deciding
             09-03 | zheng/chief  | refuse refuse paper | refusing"
                .to_owned(),
            "settle 1",
            "refusing",
        ),
        _ => (
            format!(
                "09-01 | yu/clerk     | carry                       | granted
                 09-01 | wang/field   | begin                       | under_review
                 09-01 | wang/field   | visit wang qian +paper:form | under_review
                 09-02 | zhao/opinion | opine {name}                | change_proposed
                 09-02 | wang/field   | hear zhang                  | change_proposed
                 09-03 | zheng/chief  | worse {name} form           | changing"
            ),
            "effect 1",
            "changing",
        ),
    };
    (table(&workflow, &format!("{lines}{}", end.replace("STATE", state))), effect)
}

/// Takes a part away from the first decision, the way a hand edit or a careless import would.
fn without(case: &mut Case, part: Part) {
    let decision = &mut case.decisions[0];
    match part {
        Part::Human => decision.by.human = false,
        Part::Evidence => decision.ruling.evidence.clear(),
        Part::Reason => decision.ruling.reasons.clear(),
        Part::Notice => decision.delivery = None,
        Part::Appeal => decision.remedies.clear(),
    }
}

#[test]
fn only_the_complete_one_of_thirty_two_takes_effect() {
    let workflow = workflow();
    for outcome in Outcome::ALL.into_iter().filter(|o| o.is_adverse()) {
        let (ready, effect) = ready(outcome);
        for mask in 0..32u32 {
            let missing: Vec<Part> = Part::ALL
                .into_iter()
                .enumerate()
                .filter(|(n, _)| mask >> n & 1 == 1)
                .map(|(_, p)| p)
                .collect();
            let mut case = ready.clone();
            missing.iter().for_each(|part| without(&mut case, *part));
            let take = command(&workflow, "he/messenger", effect);
            match run(&workflow, Some(&case), &take, day("09-08"), WorkCalendar::builtin()) {
                Ok((after, _)) => {
                    assert!(missing.is_empty(), "{outcome} took effect without {missing:?}");
                    assert!(after.decisions[0].effect.is_some());
                }
                Err(refusal) => {
                    assert_eq!(refusal, Refusal::EffectIncomplete { decision: 1, missing }, "{outcome}");
                }
            }
        }
    }
}

#[test]
fn weak_parts_are_no_parts() {
    let workflow = workflow();
    let (ready, effect) = ready(Outcome::Stop);
    let refused = |spoil: &dyn Fn(&mut Case)| {
        let mut case = ready.clone();
        spoil(&mut case);
        let take = command(&workflow, "he/messenger", effect);
        run(&workflow, Some(&case), &take, day("09-08"), WorkCalendar::builtin()).unwrap_err()
    };
    let lacks = |part| Refusal::EffectIncomplete { decision: 1, missing: vec![part] };
    assert_eq!(refused(&|c| c.decisions[0].ruling.reasons[0].text = "  ".into()), lacks(Part::Reason));
    assert_eq!(refused(&|c| c.decisions[0].ruling.reasons[0].law.article.clear()), lacks(Part::Reason));
    assert_eq!(refused(&|c| c.decisions[0].ruling.evidence.push("nowhere".into())), lacks(Part::Evidence));
    assert_eq!(refused(&|c| c.evidence[0].exhibit.derived = true), lacks(Part::Evidence));
    assert_eq!(refused(&|c| c.evidence[0].contested = true), lacks(Part::Evidence));
    assert_eq!(refused(&|c| c.decisions[0].noticed = None), lacks(Part::Notice));
    assert_eq!(
        refused(&|c| c.decisions[0].delivery.as_mut().expect("delivered").served = day("09-09")),
        lacks(Part::Notice)
    );
    let unheard = refused(&|c| c.hearings.clear());
    assert_eq!(unheard, Refusal::NotHeard { programme: "aid".into(), outcome: Outcome::Stop });
}
