//! What a customer reads of its matter.

use super::*;

#[test]
fn ntf_2_a_customer_reads_in_a_few_words_what_was_done() {
    insta::assert_snapshot!(whole(&to_customer(DecisionKind::RefundReturnless, Some(usd("25.00")))), @"
    What we have done about your order 702-5551212

    Hello,

    Thank you for your patience.
    You get back the full price of the items concerned in order 702-5551212: 25.00 USD.
    You need not send anything back.

    If anything is still open, please reply to this email within 14 days: we take it up where
    we left off.

    Customer Service, United States store

    --
    This email was sent automatically. You can reply to it.
    ");
}

#[test]
fn ins_3_a_customer_is_asked_with_a_link_that_says_until_when_it_works() {
    insta::assert_snapshot!(whole(&survey()), @"
    How was our help with your order 702-5551212?

    Hello,

    We have closed your question about order 702-5551212. How satisfied are you with the
    answer, from 1 (very dissatisfied) to 5 (very satisfied)? A number is enough; you may add a few words.

    Give your answer:
    https://portal.example/surveys/dGhlLW1hYy1hbmQtd2hhdC1pdC1zaWducw

    The link is yours alone and works once, until Wednesday, 1 July 2026, 14:00 PDT (21:00 UTC).

    Customer Service, United States store

    --
    This email was sent automatically. You can reply to it.
    ");
}

#[test]
fn ntf_2_each_resolution_has_its_sentence() {
    let sentence = |kind| {
        let read = read(&to_customer(kind, None));
        let (_, said) = read.split_once("Thank you for your patience.\n").unwrap();
        said.split("\n\n").next().unwrap().to_owned()
    };
    insta::assert_snapshot!(DecisionKind::ALL.map(sentence).join("\n"), @"
    We have answered your question about order 702-5551212, and hope the answer helped.
    You get back the full price of the items concerned in order 702-5551212.
    If you have the goods, please send them back; if you were not told how, just reply to this email.
    For order 702-5551212 you get part of the price back.
    You get back the full price of the items concerned in order 702-5551212.
    You need not send anything back.
    You get a replacement for the items concerned in order 702-5551212. There is nothing for you to do.
    You may return the items concerned in order 702-5551212. If you were not told how, just reply to this email.
    The items concerned in order 702-5551212 are cancelled.
    We have looked at order 702-5551212 with care, and are sorry that we cannot offer a refund or a replacement.
    ");
}

/// A resolution of before names no matter, so no reply finds one.
#[test]
fn ntf_2_a_customer_whose_reply_finds_nothing_is_not_asked_for_one() {
    let mut notice = to_customer(DecisionKind::ReturnAuthorised, None);
    let NoticeKind::InquiryResolved { inquiry, .. } = &mut notice.kind else { panic!("{notice:?}") };
    *inquiry = None;
    insta::assert_snapshot!(whole(&notice), @"
    What we have done about your order 702-5551212

    Hello,

    Thank you for your patience.
    You may return the items concerned in order 702-5551212. If you were not told how, please contact us.

    If anything is still open, please contact us again within 14 days and name the order: we
    take it up where we left off.

    Customer Service, United States store

    --
    This email was sent automatically. Replies to it are not read.
    ");
}
