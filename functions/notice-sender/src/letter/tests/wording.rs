//! Each letter, as its receiver reads it.

use super::*;

#[test]
fn ntf_1_a_seller_who_opted_in_learns_from_when_to_when() {
    insta::assert_snapshot!(read(&enrolled(Enrolling::OptIn, Some("2026-09-14T21:00:37Z"))), @"
    Customer service on your behalf starts on 16 June, 14:00 PDT

    Hello,

    Thank you for joining.
    From the start below we answer your customers on your behalf, about orders that you ship
    yourself. Orders placed before that stay with you.

    Start: Tuesday, 16 June 2026, 14:00 PDT (21:00 UTC)
    Free until: Monday, 14 September 2026, 14:00 PDT (21:00 UTC)

    There is nothing for you to do now. When we need your input, we ask in your Case Log and
    email you; please reply within 24 hours. You can leave at any time, with effect at once
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
    email you; please reply within 24 hours. You can leave at any time, with effect at once
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

    Free until: Tuesday, 30 June 2026, 14:00 PDT (21:00 UTC)

    Each covered unit that you ship after that is charged at your rate of the quarter. If you want
    to go on, there is nothing for you to do. You can leave at any time, with effect at once for
    orders placed from then on; orders placed before stay covered.

    See your rate, or leave the service:
    https://portal.example/stores/US/enrollment
    ");
}

#[test]
fn ntf_1_a_seller_learns_that_its_return_policy_is_approved() {
    insta::assert_snapshot!(read(&policy_decided(None)), @"
    Your return policy, version 2: approved

    Hello,

    Version 2 of your return policy is approved. We follow it for every order that is
    placed from now on. Orders that were placed before keep the policy that they have.

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

    The policy that was in force before stays in force. You can write a new version and submit it.

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
    Case number: r2j1930s85k0hecwqmdkmx6wkp
    Reason: You asked to settle it with your customer yourself.

    A request about it that you have not replied to is withdrawn.

    See what was handed over:
    https://portal.example/stores/US/hand-overs
    ");
    for (reason, words) in [
        (HandOver::SellerTookOver, "Reason: You wrote to your customer about it yourself."),
        (HandOver::PreOrder, "Reason: It is a question from before the order was placed."),
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
    We ask about: where the parcel is
    Reply by: Wednesday, 17 June 2026, 14:00 PDT (21:00 UTC)

    Read the question and reply in your Case Log:
    https://portal.example/stores/US/case-log/pmbxptp3bxbxej36adqe0ezs2d

    The time runs on weekends and holidays too. Without a reply by then we decide by our own
    judgement, in the customer's best interest.

    Customer Service, United States store

    --
    This email was sent automatically. You can reply in your Case Log, or just to this email.
    ");
}

#[test]
fn req_3_a_reminder_says_how_much_time_is_left() {
    insta::assert_snapshot!(read(&reminded(1)), @"
    1 hour left to reply: order 702-5551212

    Hello,

    We still need your input about order 702-5551212.

    Order: 702-5551212
    Reply by: Wednesday, 17 June 2026, 14:00 PDT (21:00 UTC)

    Read the question and reply in your Case Log:
    https://portal.example/stores/US/case-log/pmbxptp3bxbxej36adqe0ezs2d

    Without a reply by then we decide by our own judgement, in the customer's best interest.
    If you have replied in the meantime, there is nothing more for you to do.
    ");
    assert!(read(&reminded(12)).starts_with("12 hours left to reply"));
}

#[test]
fn req_4_an_expired_request_says_what_was_decided() {
    insta::assert_snapshot!(read(&expired(Some(refund()))), @"
    No reply in time: order 702-5551212

    Hello,

    We asked for your input about order 702-5551212, and no reply came in time.

    Order: 702-5551212
    Reply was due: Wednesday, 17 June 2026, 14:00 PDT (21:00 UTC)

    We have therefore decided by our own judgement.
    The customer gets back the full price of the units concerned: 25.00 USD.
    The customer is to return goods that have arrived.

    The page of the decision shows the reasons, who bears the cost
    and, if you can claim it back, until when.

    See the decision:
    https://portal.example/stores/US/decisions/dvbz21bb9ev6yt13tycvf3hvbp
    ");
}

#[test]
fn req_5_an_expired_request_that_waits_for_a_person_can_still_be_answered() {
    insta::assert_snapshot!(read(&expired(None)), @"
    No reply in time: order 702-5551212

    Hello,

    We asked for your input about order 702-5551212, and no reply came in time.

    Order: 702-5551212
    Reply was due: Wednesday, 17 June 2026, 14:00 PDT (21:00 UTC)

    A member of our team will decide. Until then we still take your reply, marked as late.

    Read the question and reply in your Case Log:
    https://portal.example/stores/US/case-log/pmbxptp3bxbxej36adqe0ezs2d
    ");
}

#[test]
fn jdg_2_a_decision_says_what_it_is() {
    insta::assert_snapshot!(read(&decided(DecisionKind::RefundPartial, Some(usd("10.00")))), @"
    Our decision about order 702-5551212

    Hello,

    We have settled a customer's matter about order 702-5551212.

    The customer gets part of the price back: 10.00 USD.

    The page of the decision shows the reasons, who bears the cost
    and, if you can claim it back, until when.

    See the decision:
    https://portal.example/stores/US/decisions/dvbz21bb9ev6yt13tycvf3hvbp
    ");
}

#[test]
fn jdg_2_each_kind_of_decision_has_its_sentence() {
    let sentence = |kind| read(&decided(kind, None)).split("\n\n").nth(3).unwrap().to_owned();
    insta::assert_snapshot!(DecisionKind::ALL.map(sentence).join("\n"), @"
    We have answered the customer's question. There is nothing for you to do.
    The customer gets back the full price of the units concerned.
    The customer is to return goods that have arrived.
    The customer gets part of the price back.
    The customer gets back the full price of the units concerned.
    The goods are not returned.
    The customer gets a replacement. Please ship it, and confirm the shipment as a replacement.
    The customer may return the goods. Please accept them when they arrive.
    The units concerned are cancelled. Please do not ship them.
    The customer gets neither a refund nor a replacement. There is nothing for you to do.
    ");
}

#[test]
fn ret_4_a_seller_abroad_reads_until_when_it_names_a_way_back() {
    let by = Some(utc("2026-06-21T21:00:37Z"));
    let accepting =
        DecisionFacts { kind: DecisionKind::ReturnAuthorised, amount: None, return_method_by: by, ..refund() };
    insta::assert_snapshot!(read(&decided_as(accepting)), @"
    Our decision about order 702-5551212

    Hello,

    We have settled a customer's matter about order 702-5551212.

    The customer may return the goods. Please accept them when they arrive.

    Please name a way for the goods to come back, on the page of the decision;
    otherwise we may refund without a return.

    Name it by: Sunday, 21 June 2026, 14:00 PDT (21:00 UTC)

    The page of the decision shows the reasons.

    See the decision:
    https://portal.example/stores/US/decisions/dvbz21bb9ev6yt13tycvf3hvbp
    ");
    let silent = read(&expired(Some(DecisionFacts { return_method_by: by, ..refund() })));
    insta::assert_snapshot!(silent, @"
    No reply in time: order 702-5551212

    Hello,

    We asked for your input about order 702-5551212, and no reply came in time.

    Order: 702-5551212
    Reply was due: Wednesday, 17 June 2026, 14:00 PDT (21:00 UTC)

    We have therefore decided by our own judgement.
    The customer gets back the full price of the units concerned: 25.00 USD.
    The customer is to return goods that have arrived.

    Please name a way for the goods to come back, on the page of the decision;
    otherwise we may refund without a return.

    Name it by: Sunday, 21 June 2026, 14:00 PDT (21:00 UTC)

    The page of the decision shows the reasons, who bears the cost
    and, if you can claim it back, until when.

    See the decision:
    https://portal.example/stores/US/decisions/dvbz21bb9ev6yt13tycvf3hvbp
    ");
}

/// What was owed when notices said less is written all the same.
#[test]
fn ntf_1_a_notice_of_before_is_written_without_what_it_does_not_say() {
    let of = |kind: &str| {
        let text = format!(r#"{{"id":"n","store":"US","to":"seller","seller":"S-1",{kind}}}"#);
        serde_json::from_str::<Notice>(&text).unwrap()
    };
    let decided = read(&of(r#""notice":"decided","order":"702-5551212","decision":{"kind":"decline","amount":null}"#));
    assert!(decided.ends_with("See the decision:\nhttps://portal.example/stores/US/decisions"), "{decided}");
    let silent = read(&expired(Some(DecisionFacts { id: None, ..refund() })));
    assert!(
        silent.ends_with("See the decision:\nhttps://portal.example/stores/US/case-log/pmbxptp3bxbxej36adqe0ezs2d"),
        "{silent}"
    );
    let money = r#"{"minor":1550,"currency":"USD"}"#;
    let ready = read(&of(&format!(r#""notice":"statement_ready","quarter":"2026Q2","units":62,"total":{money}"#)));
    assert!(ready.contains("Total: 15.50 USD\n\n") && !ready.contains("ispute"), "{ready}");
    let rate = format!(r#""notice":"rate_published","quarter":"2026Q3","rate":{money},"contacts":7,"units":62"#);
    assert!(read(&of(&rate)).contains("Rate: 15.50 USD for each covered unit that you ship\n"));
    let lost = read(&of(r#""notice":"mail_not_taken","cause":"empty""#));
    assert!(
        lost.ends_with("or in your Case Log.\n\nOpen the Case Log:\nhttps://portal.example/stores/US/case-log"),
        "{lost}"
    );
}

#[test]
fn rte_8_a_mail_that_was_not_taken_says_which_why_and_what_can_be_done() {
    insta::assert_snapshot!(read(&not_taken(Cause::NotGranted)), @"
    We could not act on an email of yours

    Hello,

    We received an email in your name and could not act on it.
    The user who wrote it may not answer requests for your account.
    The primary user can allow it, on the page Users.

    Order: 702-5551212
    Received: Tuesday, 16 June 2026, 13:58 PDT (20:58 UTC)

    Open the Case Log:
    https://portal.example/stores/US/case-log/pmbxptp3bxbxej36adqe0ezs2d
    ");
    insta::assert_snapshot!(read(&not_taken(Cause::NotTheSellers)), @"
    We could not act on an email of yours

    Hello,

    We received an email in your name and could not act on it.
    It names no order of yours in this store. Please check the order number and forward it again, to the same address.

    Received: Tuesday, 16 June 2026, 13:58 PDT (20:58 UTC)

    Hand the question over here instead:
    https://portal.example/stores/US/orders
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
    We ask about: something else (please read the question in your Case Log)
    ");
}

#[test]
fn fee_5_a_published_rate_says_what_it_was_measured_from() {
    insta::assert_snapshot!(read(&rate()), @"
    Your rate for Q3 2026: 0.25 USD per unit

    Hello,

    Your rate for Q3 2026 is fixed. It follows from what was measured in Q2 2026.

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
fn fee_5_a_rate_that_is_free_or_the_default_says_so() {
    let said = |tier| {
        let measured = if tier == TierName::Default { (0, 0) } else { (7, 62) };
        let read = read(&rate_of(if TierName::is_free(tier) { "0.00" } else { "0.25" }, tier, measured));
        let said = |of: &str| read.lines().find(|line| line.contains(of)).unwrap();
        ["Your rate for Q3 2026: ", " is fixed. ", "Rate: ", "There is nothing for you to do."].map(said).join("\n")
    };
    let tiers = [TierName::FreeCpu, TierName::FreeVolume, TierName::Default, TierName::Above(BasisPoints(3_000))];
    insta::assert_snapshot!(tiers.map(said).join("\n"), @"
    Your rate for Q3 2026: free
    Your rate for Q3 2026 is fixed. It follows from what was measured in Q2 2026.
    Rate: 0.00 USD for each covered unit that you ship (free: few contacts per unit)
    There is nothing for you to do.
    Your rate for Q3 2026: free
    Your rate for Q3 2026 is fixed. It follows from what was measured in Q2 2026.
    Rate: 0.00 USD for each covered unit that you ship (free: few orders)
    There is nothing for you to do.
    Your rate for Q3 2026: 0.25 USD per unit
    Your rate for Q3 2026 is fixed. There were no units to measure it by in Q2 2026.
    Rate: 0.25 USD for each covered unit that you ship (default rate)
    Units that you ship in your free trial are not charged. There is nothing for you to do.
    Your rate for Q3 2026: 0.25 USD per unit
    Your rate for Q3 2026 is fixed. It follows from what was measured in Q2 2026.
    Rate: 0.25 USD for each covered unit that you ship
    Units that you ship in your free trial are not charged. There is nothing for you to do.
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
    Dispute by: Thursday, 1 October 2026, 14:00 PDT (21:00 UTC)

    It lists every unit with what it costs and, where it costs nothing, the reason. Whatever
    comes in late goes into the next statement.
    If a unit or a contact is wrong, you can dispute it on the page of the statement.

    See the statement:
    https://portal.example/stores/US/statements/2026Q2
    ");
}

#[test]
fn ntf_1_an_invitation_says_who_invites_until_when_and_whose_the_link_is() {
    insta::assert_snapshot!(read(&invitation()), @"
    Invitation to act for seller S-1 in the United States store

    Hello,

    The primary user of the seller S-1 invites you to use the seller's account
    in the United States store. The primary user chooses what you can see and change there.

    Accept by: Tuesday, 30 June 2026, 14:00 PDT (21:00 UTC)

    Accept the invitation:
    https://portal.example/invitations/dGhlLW1hYy1hbmQtd2hhdC1pdC1zaWducw

    Anyone who has this link can accept the invitation in your place, and it works once: please do
    not pass it on. If you do not know this seller, you need not do anything.
    ");
}
