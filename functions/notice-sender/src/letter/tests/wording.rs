//! Each letter, as its receiver reads it.

use super::*;

#[test]
fn ntf_1_a_seller_who_opted_in_learns_from_when_to_when() {
    insta::assert_snapshot!(read(&enrolled(Enrolling::OptIn, Some("2026-09-14T21:00:37Z"))), @"
    Customer service on your behalf starts on 16 June, 14:00 PDT

    Hello,

    Thank you for opting in.
    From the start below we answer your customers on your behalf, about orders that you ship
    yourself. Orders placed before that stay with you.

    Start: Tuesday, 16 June 2026, 14:00 PDT (21:00 UTC)
    Free until: Monday, 14 September 2026, 14:00 PDT (21:00 UTC)

    There is nothing for you to do now. When we need your input, we ask in your Case Log and
    mail you; please reply within 24 hours. You can opt out at any time, with effect at once
    for orders placed from then on.

    See or change your enrollment:
    https://portal.example/stores/US/enrollment
    ");
}

#[test]
fn ntf_1_a_new_seller_learns_that_it_was_enrolled_by_default() {
    insta::assert_snapshot!(read(&enrolled(Enrolling::ByDefault, Some("2026-05-01T07:00:00Z"))), @"
    Customer service on your behalf starts on 16 June, 14:00 PDT

    Hello,

    As a new seller in the United States store you are enrolled automatically.
    From the start below we answer your customers on your behalf, about orders that you ship
    yourself. Orders placed before that stay with you.

    Start: Tuesday, 16 June 2026, 14:00 PDT (21:00 UTC)
    Free trial: ended on Friday, 1 May 2026, 00:00 PDT (07:00 UTC)

    There is nothing for you to do now. When we need your input, we ask in your Case Log and
    mail you; please reply within 24 hours. You can opt out at any time, with effect at once
    for orders placed from then on.

    See or change your enrollment:
    https://portal.example/stores/US/enrollment
    ");
}

#[test]
fn ntf_1_the_end_of_the_trial_is_announced() {
    insta::assert_snapshot!(read(&trial_ending(14)), @"
    Your free trial ends in 14 days

    Hello,

    Your free trial of customer service on your behalf ends soon.

    Free until: Monday, 14 September 2026, 14:00 PDT (21:00 UTC)

    Each covered unit that you ship after that is charged at your rate of the quarter. To go
    on, there is nothing for you to do. You can opt out at any time, with effect at once for
    orders placed from then on; orders placed before stay covered.

    See your rate, or opt out:
    https://portal.example/stores/US/enrollment
    ");
}

#[test]
fn ntf_1_a_seller_learns_that_its_return_policy_is_approved() {
    insta::assert_snapshot!(read(&policy_decided(None)), @"
    Your return policy, version 2: approved

    Hello,

    Version 2 of your return policy is approved. We follow it for every order that is
    placed from now on. Orders placed before keep the policy they have.

    See your return policy:
    https://portal.example/stores/US/return-policy
    ");
}

#[test]
fn ntf_1_a_seller_learns_why_its_return_policy_is_not_approved() {
    insta::assert_snapshot!(read(&policy_decided(Some("Say which toys come back."))), @"
    Your return policy, version 2: not approved

    Hello,

    Version 2 of your return policy is not approved.

    Reason: Say which toys come back.

    The policy that held before goes on. You can write a new version and submit it.

    See your return policy:
    https://portal.example/stores/US/return-policy
    ");
}

#[test]
fn inq_1_a_seller_learns_that_a_matter_is_its_own_to_answer_and_why() {
    insta::assert_snapshot!(read(&handed_over(HandOver::SellerRequested)), @"
    A customer's matter is yours to answer: order 702-5551212

    Hello,

    We have handed a customer's matter about order 702-5551212 over to you. From now on we do not
    answer it; please answer your customer in Buyer-Seller Messaging.

    Order: 702-5551212
    Case: 6h2b0y5tkz1wq8r4
    Reason: You asked to settle it with your customer yourself.

    A request about it that you have not replied to is withdrawn.

    See what was handed over:
    https://portal.example/stores/US/case-log
    ");
    for (reason, words) in [
        (HandOver::SellerTookOver, "Reason: You wrote to your customer about it yourself."),
        (HandOver::PreOrder, "Reason: It is a question before any order."),
        (HandOver::Invoice, "Reason: It is about an invoice."),
        (HandOver::Customization, "Reason: It is about the customization of a product."),
    ] {
        assert!(read(&handed_over(reason)).contains(words), "{reason:?}");
    }
}

#[test]
fn req_1_a_request_says_what_is_asked_and_until_when() {
    insta::assert_snapshot!(whole(&opened("2026-06-17T21:00:37Z", QuestionKind::ShippingStatus)), @"
    Please reply by 17 June, 14:00 PDT: order 702-5551212

    Hello,

    We are helping a customer with order 702-5551212 and need your input.

    Order: 702-5551212
    Request: 4k8q2m
    We ask about: where the parcel is
    Reply by: Wednesday, 17 June 2026, 14:00 PDT (21:00 UTC)

    Read the question and reply in your Case Log:
    https://portal.example/stores/US/case-log/4k8q2m

    The time runs on weekends and holidays too. Without a reply by then we decide by our own
    judgement, in the customer's best interest.

    Customer Service, United States store

    --
    This mail was sent automatically. You can reply in your Case Log, or just to this mail.
    ");
}

#[test]
fn req_3_a_reminder_says_how_much_time_is_left() {
    insta::assert_snapshot!(read(&reminded(1)), @"
    1 hour left to reply: order 702-5551212

    Hello,

    We still need your input about order 702-5551212.

    Order: 702-5551212
    Request: 4k8q2m
    Reply by: Wednesday, 17 June 2026, 14:00 PDT (21:00 UTC)

    Read the question and reply in your Case Log:
    https://portal.example/stores/US/case-log/4k8q2m

    Without a reply by then we decide by our own judgement, in the customer's best interest.
    If you have replied in the meantime, there is nothing more for you to do.
    ");
    assert!(read(&reminded(12)).starts_with("12 hours left to reply"));
}

#[test]
fn req_4_an_expired_request_says_what_was_decided() {
    let decision = DecisionFacts { kind: DecisionKind::RefundFull, amount: Some(usd("25.00")) };
    insta::assert_snapshot!(read(&expired(Some(decision))), @"
    No reply in time: order 702-5551212

    Hello,

    We had asked for your input about order 702-5551212, and no reply came in time.

    Order: 702-5551212
    Request: 4k8q2m
    Reply was due: Wednesday, 17 June 2026, 14:00 PDT (21:00 UTC)

    We have therefore decided by our own judgement.
    The customer gets the full price back: 25.00 USD. Goods that have arrived are to be returned.

    The decision stands. Your Case Log shows the reasons and who bears the cost.

    See the decision:
    https://portal.example/stores/US/case-log/4k8q2m
    ");
}

#[test]
fn req_5_an_expired_request_that_waits_for_a_person_can_still_be_answered() {
    insta::assert_snapshot!(read(&expired(None)), @"
    No reply in time: order 702-5551212

    Hello,

    We had asked for your input about order 702-5551212, and no reply came in time.

    Order: 702-5551212
    Request: 4k8q2m
    Reply was due: Wednesday, 17 June 2026, 14:00 PDT (21:00 UTC)

    A member of our team now decides. Until then we still take your reply, marked as late.

    Read the question and reply in your Case Log:
    https://portal.example/stores/US/case-log/4k8q2m
    ");
}

#[test]
fn jdg_2_a_decision_says_what_it_is() {
    insta::assert_snapshot!(read(&decided(DecisionKind::RefundPartial, Some(usd("10.00")))), @"
    Our decision about order 702-5551212

    Hello,

    We have settled a customer's matter about order 702-5551212.

    The customer gets part of the price back: 10.00 USD.

    Your Case Log shows the reasons, who bears the cost and, where you can claim it back,
    until when.

    See the decision:
    https://portal.example/stores/US/case-log
    ");
}

#[test]
fn jdg_2_each_kind_of_decision_has_its_sentence() {
    let sentence = |kind| read(&decided(kind, None)).lines().nth(6).unwrap().to_owned();
    insta::assert_snapshot!(DecisionKind::ALL.map(sentence).join("\n"), @"
    We have answered the customer's question. There is nothing for you to do.
    The customer gets the full price back. Goods that have arrived are to be returned.
    The customer gets part of the price back.
    The customer gets the full price back. The goods are not returned.
    The customer gets a replacement. Please ship it, and confirm the shipment as a replacement.
    The customer may return the goods. Please accept the return.
    The order is cancelled. Please do not ship what has not left yet.
    The customer gets neither a refund nor a replacement. There is nothing for you to do.
    ");
}

#[test]
fn req_6_each_kind_of_question_has_its_words() {
    let words = |question| {
        let read = read(&opened("2026-06-17T21:00:37Z", question));
        read.lines().find(|line| line.starts_with("We ask")).unwrap().to_owned()
    };
    insta::assert_snapshot!(QuestionKind::ALL.map(words).join("\n"), @"
    We ask about: where the parcel is
    We ask about: the warranty
    We ask about: a replacement or a part
    We ask about: the product
    We ask about: how to return the goods
    We ask about: something that the request explains
    ");
}

#[test]
fn fee_5_a_published_rate_says_what_it_was_measured_from() {
    insta::assert_snapshot!(read(&rate()), @"
    Your rate for Q3 2026: 0.25 USD per unit

    Hello,

    Your rate for Q3 2026 is fixed. It follows from how often customers
    contacted us about the units that you shipped in Q2 2026.

    Quarter: Q3 2026, 1 July to 30 September 2026
    Rate: 0.25 USD for each covered unit that you ship
    Contacts in Q2 2026: 7
    Units shipped in Q2 2026: 62

    Units that you ship in your free trial are not charged. There is nothing for you to do.

    See how the quarter is going:
    https://portal.example/stores/US/statements/2026Q3
    ");
}

#[test]
fn fee_10_a_final_statement_says_its_total() {
    insta::assert_snapshot!(read(&statement()), @"
    Your statement for Q2 2026: 15.50 USD

    Hello,

    Your statement for Q2 2026 is final.

    Quarter: Q2 2026, 1 April to 30 June 2026
    Units: 62
    Total: 15.50 USD

    It lists every unit with what it costs and, where it costs nothing, the reason. Whatever
    comes in late goes into the next statement. There is nothing for you to do.

    See the statement:
    https://portal.example/stores/US/statements/2026Q2
    ");
}

#[test]
fn ntf_2_a_customer_reads_in_a_few_words_what_was_done() {
    insta::assert_snapshot!(whole(&to_customer(DecisionKind::RefundReturnless, Some(usd("25.00")))), @"
    What we have done about your order 702-5551212

    Hello,

    Thank you for your patience.
    For order 702-5551212 you get the full price back: 25.00 USD. You need not send anything back.

    If anything is still open, please contact us again within 14 days and name the order: we
    take it up where we left off.

    Customer Service, United States store

    --
    This mail was sent automatically. If something is still open, just reply to it.
    ");
}

#[test]
fn ins_3_a_customer_is_asked_with_a_link_that_says_until_when_it_works() {
    insta::assert_snapshot!(whole(&survey()), @"
    How was our help with your order 702-5551212?

    Hello,

    We have closed your question about order 702-5551212. How satisfied are you with the way
    we handled it, from 1 (not at all) to 5 (very)? A number is enough; you may add a few words.

    Give your answer:
    https://portal.example/surveys/dGhlLW1hYy1hbmQtd2hhdC1pdC1zaWducw

    The link is yours alone and works once, until Wednesday, 1 July 2026, 14:00 PDT (21:00 UTC).

    Customer Service, United States store

    --
    This mail was sent automatically. If something is still open, just reply to it.
    ");
}

#[test]
fn ntf_2_each_resolution_has_its_sentence() {
    let sentence = |kind| read(&to_customer(kind, None)).lines().nth(5).unwrap().to_owned();
    insta::assert_snapshot!(DecisionKind::ALL.map(sentence).join("\n"), @"
    We have answered your question about order 702-5551212, and hope the answer helped.
    For order 702-5551212 you get the full price back. If you have the goods, please send them back.
    For order 702-5551212 you get part of the price back.
    For order 702-5551212 you get the full price back. You need not send anything back.
    You get a replacement for order 702-5551212. There is nothing for you to do.
    You may return the goods of order 702-5551212.
    Order 702-5551212 is cancelled.
    We have looked at order 702-5551212 with care, and are sorry that we cannot offer a refund or a replacement.
    ");
}

#[test]
fn ntf_1_an_invitation_says_who_invites_until_when_and_whose_the_link_is() {
    insta::assert_snapshot!(read(&invitation()), @"
    You are invited to act for the seller S-1

    Hello,

    The primary user of the seller S-1 invites you to its account with us. What you can see
    and change there is the primary user's choice.

    Accept by: Tuesday, 30 June 2026, 14:00 PDT (21:00 UTC)

    Accept the invitation:
    https://portal.example/invitations/dGhlLW1hYy1hbmQtd2hhdC1pdC1zaWducw

    Whoever has this link can accept in your place, once: please do not pass it on. If you do not
    know this seller, you need not do anything.
    ");
}

#[test]
fn ntf_1_a_question_about_a_claim_says_until_when() {
    insta::assert_snapshot!(read(&claim_moved(ClaimStep::Asked { due_at: utc("2026-06-16T21:00:37Z") })), @"
    Please answer by 16 June, 14:00 PDT: claim for order 702-5551212

    Hello,

    We need more from you to decide on your claim for order 702-5551212.

    Order: 702-5551212
    Claim: 9h2b0y
    Answer by: Tuesday, 16 June 2026, 14:00 PDT (21:00 UTC)

    Without an answer by then we decide on what you have shown so far.

    Read the question and answer it:
    https://portal.example/stores/US/claims/9h2b0y
    ");
}

#[test]
fn ntf_1_silence_about_a_claim_ends_in_a_decision_on_what_is_there() {
    insta::assert_snapshot!(read(&claim_moved(ClaimStep::FellSilent { effective_at: utc("2026-06-16T21:00:37Z") })), @"
    No answer in time: claim for order 702-5551212

    Hello,

    We had asked you about your claim for order 702-5551212, and no answer came in time.

    Order: 702-5551212
    Claim: 9h2b0y
    Answer was due: Tuesday, 16 June 2026, 14:00 PDT (21:00 UTC)

    We now decide on what you have shown so far. Until then we still take your answer, marked as late.

    See the claim:
    https://portal.example/stores/US/claims/9h2b0y
    ");
}

#[test]
fn ntf_1_a_granted_claim_says_how_much_and_where_it_stands() {
    insta::assert_snapshot!(read(&claim_granted(Some("2026-07-16T21:00:37Z"))), @"
    Claim granted: order 702-5551212

    Hello,

    We have granted your claim for order 702-5551212.

    Order: 702-5551212
    Claim: 9h2b0y
    Granted in all: 25.00 USD
    Appeal before: Thursday, 16 July 2026, 14:00 PDT (21:00 UTC)

    The amount stands on your statement of this quarter. You can appeal once, on the page of the claim.

    See the claim:
    https://portal.example/stores/US/claims/9h2b0y
    ");
}

#[test]
fn ntf_1_a_denied_claim_says_by_which_criterion_and_until_when_there_can_be_an_appeal() {
    insta::assert_snapshot!(read(&claim_denied(Criterion::Evidence, Some("2026-07-16T21:00:37Z"))), @"
    Claim denied: order 702-5551212

    Hello,

    We have denied your claim for order 702-5551212.

    Order: 702-5551212
    Claim: 9h2b0y
    Why: what was shown does not prove what is claimed
    In detail: The number you gave was never scanned.
    Appeal before: Thursday, 16 July 2026, 14:00 PDT (21:00 UTC)

    You can appeal once, on the page of the claim.

    See the claim:
    https://portal.example/stores/US/claims/9h2b0y
    ");
}

#[test]
fn ntf_1_a_denied_appeal_is_final() {
    insta::assert_snapshot!(read(&claim_denied(Criterion::NotAtFault, None)), @"
    Claim denied: order 702-5551212

    Hello,

    We have denied your claim for order 702-5551212.

    Order: 702-5551212
    Claim: 9h2b0y
    Why: the fault lies with you
    In detail: The number you gave was never scanned.

    This is final. What was granted before stays granted.

    See the claim:
    https://portal.example/stores/US/claims/9h2b0y
    ");
}
