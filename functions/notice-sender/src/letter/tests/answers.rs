//! What an associate answers, as the customer reads it (NTF-2): the words as they were written, and ours around them.

use super::*;

#[test]
fn ntf_2_an_answer_says_who_writes_for_whom_and_about_what_in_the_words_that_were_written() {
    insta::assert_snapshot!(whole(&answer()), @"
    Your question about order 702-5551212

    You asked about order 702-5551212. Customer Service answers on behalf of the seller:

    It left on Monday, with UPS & Co.
    Look for <1Z999> there.

    Customer Service, United States store

    --
    A person wrote this email. To answer, just reply to it.
    ");
}

#[test]
fn ntf_2_the_words_of_an_answer_keep_their_lines_and_are_no_html() {
    for language in LANGUAGES {
        let letter = translated(&store("US"), &answer(), language);
        assert!(letter.text.contains(SAID), "{}", letter.text);
        assert!(letter.html.contains("with UPS &#38; Co.<br>Look for &#60;1Z999&#62; there.</p>"), "{}", letter.html);
        assert!(!letter.subject.contains("UPS"), "what is said is in no subject");
    }
}
