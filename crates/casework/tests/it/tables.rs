//! One line is one operation, and its last column the result.
use crate::course::{table, workflow};
use anmin_casework::record::Standing;

#[test]
fn from_papers_to_a_grant() {
    let case = table(
        &workflow(),
        "
        09-01 | wang/clerk     | receive +paper                | received
        09-02 | wang/clerk     | accept                        | investigating
        09-02 | wang/field     | ask zhang bank                | !not_authorised
        09-02 | zhang/person   | authorise zhang               | investigating
        09-02 | wang/field     | ask zhang bank tax            | investigating
        09-03 | wang/field     | visit wang                    | !two_visitors
        09-03 | wang/field     | visit wang qian               | investigating
        09-04 | zhao/opinion   | propose grant                 | !check_open
        09-04 | sun/checker    | report 1 bank matches land x  | !source_not_asked
        09-04 | sun/checker    | report 1 bank matches tax x   | investigating
        09-04 | sun/checker    | report 1 bank differs         | !source_not_asked
        09-04 | sun/checker    | report 1 tax matches          | investigating
        09-07 | qian/opinion   | propose grant                 | !same_hands
        09-07 | zhao/opinion   | propose refuse                | !outcome_unfit
        09-07 | zhao/opinion   | propose grant                 | proposed
        09-07 | zhao/opinion   | post hall                     | posted
        09-14 | zhao/opinion   | take_down                     | !too_early
        09-15 | zhao/opinion   | take_down                     | deciding
        09-16 | wang/chief     | confirm grant                 | !same_hands
        09-16 | zheng/chief^zhao | confirm grant               | !same_hands
        09-16 | zheng/chief    | confirm grant                 | granted
        09-16 | zheng/chief    | confirm grant                 | !wrong_state
        09-15 | zheng/chief    | notify 1                      | !date_back
        ",
    );
    assert_eq!(case.programmes[0].1, Standing::Granted(1));
    assert_eq!(case.acceptance_gap(day("09-30")), 1);
}

use crate::course::day;

#[test]
fn what_is_missing_is_told_once_and_before_acceptance() {
    table(
        &workflow(),
        "
        09-01 | wang/clerk | receive          | !evidence_missing
        09-01 | wang/clerk | receive +paper   | received
        09-01 | wang/clerk | supplement       | !blank
        09-01 | wang/clerk | supplement hukou | received
        09-02 | wang/clerk | supplement bank  | !supplement_twice
        09-03 | wang/clerk | supplement again | !supplement_twice
        09-03 | wang/clerk | accept           | investigating
        09-03 | wang/clerk | supplement more  | !wrong_state
        ",
    );
}

#[test]
fn declined_in_writing_or_not_at_all() {
    let case = table(
        &workflow(),
        "
        09-01 | wang/clerk     | receive +paper         | received
        09-01 | wang/clerk     | decline decline paper -reason | !no_reason
        09-01 | wang/clerk     | decline decline        | !no_evidence
        09-01 | wang/clerk     | decline decline bank   | !unknown_evidence
        09-01 | job:night/clerk | decline decline paper | !human_decides
        09-01 | wang/clerk     | decline decline paper  | refusing
        09-01 | he/messenger   | settle 1               | !effect_incomplete
        09-01 | wang/clerk     | notify 1               | refusing
        09-01 | he/messenger   | deliver 1              | !evidence_missing
        09-01 | he/messenger   | deliver 1 electronic +paper:r | !manner_unfit
        09-02 | he/messenger   | deliver 1 signed +paper:r | refusing
        09-02 | he/messenger   | settle 1               | closed
        ",
    );
    assert_eq!(case.programmes[0].1, Standing::Refused);
}

#[test]
fn a_refusal_is_never_posted_and_an_objection_is_looked_into() {
    table(
        &workflow(),
        "
        09-01 | wang/clerk    | receive +paper   | received
        09-01 | wang/clerk    | accept           | investigating
        09-02 | wang/field    | visit wang qian  | investigating
        09-03 | zhao/opinion  | propose grant    | proposed
        09-03 | wang/field    | protect violence | proposed
        09-03 | zhao/opinion  | post hall        | !never_posted
        ",
    );
    table(
        &workflow(),
        "
        09-01 | wang/clerk    | receive +paper   | received
        09-01 | wang/clerk    | accept           | investigating
        09-02 | wang/field    | visit wang qian  | investigating
        09-03 | zhao/opinion  | propose grant    | proposed
        09-03 | zhao/opinion  | post             | !more_places
        09-03 | zhao/opinion  | post hall        | posted
        09-04 | n/person      | object n         | objected
        09-05 | zhao/opinion  | answer 1         | !unexamined
        09-05 | wang/field    | visit wang qian  | objected
        09-05 | zhao/opinion  | answer 1         | posted
        09-05 | zhao/opinion  | answer 1         | !wrong_state
        09-11 | zhao/opinion  | propose_no refuse -reason | !no_reason
        09-11 | zhao/opinion  | propose_no refuse | deciding
        # Nobody posted a refusal, and the county cannot grant what was not posted.
        09-12 | zheng/chief   | confirm grant    | !not_posted
        09-12 | zheng/chief   | refuse refuse paper | refusing
        ",
    );
}

#[test]
fn nothing_is_taken_away_unheard() {
    table(
        &workflow(),
        "
        09-01 | yu/clerk      | carry                | granted
        09-01 | wang/field    | begin                | under_review
        09-01 | wang/field    | visit wang qian +paper:form | under_review
        09-02 | zhao/opinion  | opine reduce         | change_proposed
        09-02 | zheng/chief   | worse reduce form    | !not_heard
        09-02 | wang/field    | hear zhang -said     | !blank
        09-02 | wang/field    | hear wang            | !blank
        09-02 | wang/field    | hear zhang           | change_proposed
        # Heard on a reduction is not heard on a stop; a new opinion is heard anew.
        09-02 | zheng/chief   | worse stop form      | !not_heard
        09-03 | zhao/opinion  | again                | under_review
        09-03 | zhao/opinion  | opine stop           | change_proposed
        09-03 | zheng/chief   | worse stop form      | !not_heard
        09-03 | wang/field    | hear zhang           | change_proposed
        09-03 | zheng/chief   | worse keep           | !outcome_unfit
        09-03 | zheng/chief   | worse stop form      | changing
        09-04 | zheng/chief   | notify 1             | changing
        09-05 | he/messenger  | deliver 1 +paper:r   | changing
        09-05 | he/messenger  | effect 1             | closed
        09-05 | he/messenger  | effect 1             | !wrong_state
        # Overturned: the benefit is there again, and the case with it.
        10-20 | zhang/person  | appeal court         | !no_such_remedy
        10-20 | zhang/person  | appeal review        | closed
        10-20 | zhang/person  | overturn +paper:o    | !not_your_duty
        10-20 | boss/boss     | overturn +paper:o    | granted
        ",
    );
}

#[test]
fn exceptions_need_their_own_evidence_and_fit_a_stop_only() {
    let head = "
        09-01 | yu/clerk     | carry                         | granted
        09-01 | wang/field   | begin                         | under_review
        09-01 | wang/field   | dead +death:a@home +death:b@home +death:c@police +signed:s +~death:d@x | under_review
        09-02 | zhao/opinion | opine reduce death            | !exception_unfit
        09-02 | zhao/opinion | opine stop death              | change_proposed
        ";
    let tail = |lines: &str| table(&workflow(), &format!("{head}{lines}"));
    tail(
        "
        09-02 | zheng/chief  | worse stop a death            | !exception_unproved
        09-02 | zheng/chief  | worse stop a b death          | !exception_unproved
        09-02 | zheng/chief  | worse stop a d death          | !derived_evidence
        09-02 | zheng/chief  | worse stop a withdrawal       | !exception_unproved
        09-02 | zheng/chief  | worse stop a moved_away       | !exception_unproved
        09-02 | zheng/chief  | worse stop a missing          | !exception_unproved
        09-02 | zheng/chief  | worse stop a c death          | changing
        09-03 | zheng/chief  | notify 1                      | changing
        09-03 | he/messenger | deliver 1 public +paper:r     | !manner_unfit
        09-03 | he/messenger | deliver 1 no_kin +paper:r     | changing
        09-03 | he/messenger | effect 1                      | closed
        ",
    );
    tail("09-02 | zheng/chief | worse stop s withdrawal | changing");
    tail(
        "
        09-02 | zhao/opinion | again                         | under_review
        09-03 | wang/field   | visit wang qian               | under_review
        09-03 | zhao/opinion | opine stop missing            | change_proposed
        09-03 | zheng/chief  | worse stop s missing          | !exception_unproved
        # One visit proves a death; for somebody missing it takes two.
        09-03 | zheng/chief  | worse stop a death            | changing
        ",
    );
}

#[test]
fn relatives_touch_nothing_and_what_they_did_is_done_again() {
    table(
        &workflow(),
        "
        09-01 | wang/clerk   | receive +paper            | received
        09-01 | wang/clerk   | accept                    | investigating
        09-02 | zhang/field  | visit wang qian           | !own_case
        09-02 | wang/field   | visit wang qian           | investigating
        09-02 | shen/field   | kin qian                  | investigating
        09-02 | qian/field   | visit wang shen           | !barred
        09-02 | wang/field^qian | visit wang shen        | !barred
        # The visit with the relative does not count any more.
        09-03 | zhao/opinion | propose grant             | !no_visit
        09-03 | wang/field   | visit wang shen           | investigating
        09-03 | zhao/opinion | propose grant             | proposed
        09-03 | zhao/opinion | post hall                 | posted
        09-11 | zhao/opinion | take_down                 | deciding
        09-11 | zheng/chief  | confirm grant             | !kin_not_countersigned
        09-11 | boss/boss    | countersign               | deciding
        09-11 | zheng/chief  | confirm grant             | !no_spot_visit
        09-12 | wu/county    | spot wu zheng             | deciding
        # Who visited for the county does not decide.
        09-12 | zheng/chief  | confirm grant             | !same_hands
        09-12 | chen/chief   | confirm grant             | granted
        # Found later, a link bars the relative and holds nothing.
        10-12 | boss/boss    | kin chen                  | granted
        ",
    );
    table(
        &workflow(),
        "
        09-01 | wang/clerk   | receive +paper            | received
        09-01 | wang/clerk   | accept                    | investigating
        09-03 | wang/field   | visit wang shen           | investigating
        09-03 | zhao/opinion | propose_no refuse         | deciding
        09-03 | zhao/opinion | bar zhao                  | deciding
        09-03 | zheng/chief  | refuse refuse paper       | !barred_work
        ",
    );
}

#[test]
fn aid_comes_first_in_any_state() {
    for state in ["receive +paper", "carry"] {
        let first = format!(
            "09-01 | wang/clerk | {state} | {}",
            if state == "carry" { "granted" } else { "received" }
        );
        let case = table(
            &workflow(),
            &format!(
                "
                {first}
                09-01 | zhang/person | aid                | !not_your_duty
                09-01 | job:x/field  | aid                | !human_decides
                09-01 | wang/field   | aid                | {state}
                09-09 | wang/field   | aid_papers         | !no_evidence
                09-09 | wang/field   | aid_papers +paper:p | {state}
                09-09 | wang/field   | aid_papers +paper:q | !no_such
                ",
                state = if state == "carry" { "granted" } else { "received" }
            ),
        );
        assert!(case.clock("papers").is_some_and(|c| c.stopped.is_some()));
    }
}
