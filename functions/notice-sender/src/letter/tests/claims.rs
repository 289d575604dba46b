//! What a seller reads of its claims.

use super::*;

#[test]
fn ntf_1_a_question_about_a_claim_says_until_when() {
    insta::assert_snapshot!(read(&claim_moved(ClaimStep::Asked { due_at: utc("2026-06-16T21:00:37Z") })), @"
    Please answer by 16 June, 14:00 PDT: claim for order 702-5551212

    Hello,

    We need more from you to decide on your claim for order 702-5551212.

    Order: 702-5551212
    Answer by: Tuesday, 16 June 2026, 14:00 PDT (21:00 UTC)

    Without an answer by then we decide on what you have shown so far.

    Read the question and answer it:
    https://portal.example/stores/US/claims/7bf7f25ttfbq3d1k5z7f0qnj1m
    ");
}

#[test]
fn ntf_1_silence_about_a_claim_ends_in_a_decision_on_what_is_there() {
    insta::assert_snapshot!(read(&claim_moved(ClaimStep::FellSilent { effective_at: utc("2026-06-16T21:00:37Z") })), @"
    No answer in time: claim for order 702-5551212

    Hello,

    We asked you about your claim for order 702-5551212, and no answer came in time.

    Order: 702-5551212
    Answer was due: Tuesday, 16 June 2026, 14:00 PDT (21:00 UTC)

    We will decide on what you have shown so far. Until we have decided we still take your answer, marked as late.

    See the claim:
    https://portal.example/stores/US/claims/7bf7f25ttfbq3d1k5z7f0qnj1m
    ");
}

#[test]
fn ntf_1_a_granted_claim_says_how_much_and_where_it_stands() {
    insta::assert_snapshot!(read(&claim_granted(Some("2026-07-16T21:00:37Z"))), @"
    Claim granted: order 702-5551212

    Hello,

    We have granted your claim for order 702-5551212.

    Order: 702-5551212
    Granted in total: 25.00 USD
    Appeal by: Thursday, 16 July 2026, 14:00 PDT (21:00 UTC)

    The amount is credited to you on your statement for this quarter.
    You can appeal once, on the page of the claim.

    See the claim:
    https://portal.example/stores/US/claims/7bf7f25ttfbq3d1k5z7f0qnj1m
    ");
}

#[test]
fn ntf_1_a_denied_claim_says_by_which_criterion_and_until_when_there_can_be_an_appeal() {
    insta::assert_snapshot!(read(&claim_denied(Criterion::Evidence, Some("2026-07-16T21:00:37Z"))), @"
    Claim denied: order 702-5551212

    Hello,

    We have denied your claim for order 702-5551212.

    Order: 702-5551212
    Reason: What you showed does not prove what you say.
    In detail: The number you gave was never scanned.
    Appeal by: Thursday, 16 July 2026, 14:00 PDT (21:00 UTC)

    You can appeal once, on the page of the claim.

    See the claim:
    https://portal.example/stores/US/claims/7bf7f25ttfbq3d1k5z7f0qnj1m
    ");
}

#[test]
fn ntf_1_a_granted_appeal_is_final() {
    insta::assert_snapshot!(read(&claim_granted(None)), @"
    Appeal granted: order 702-5551212

    Hello,

    We have granted your appeal about order 702-5551212.

    Order: 702-5551212
    Granted in total: 25.00 USD

    What was not granted before your appeal is credited to you on your statement for this quarter.
    This decision is final.

    See the claim:
    https://portal.example/stores/US/claims/7bf7f25ttfbq3d1k5z7f0qnj1m
    ");
}

#[test]
fn ntf_1_a_denied_appeal_is_final() {
    insta::assert_snapshot!(read(&claim_denied(Criterion::NotAtFault, None)), @"
    Appeal denied: order 702-5551212

    Hello,

    We have denied your appeal about order 702-5551212.

    Order: 702-5551212
    Reason: The fault lies with you.
    In detail: The number you gave was never scanned.

    This decision is final. What was granted before your appeal stays yours.

    See the claim:
    https://portal.example/stores/US/claims/7bf7f25ttfbq3d1k5z7f0qnj1m
    ");
}
