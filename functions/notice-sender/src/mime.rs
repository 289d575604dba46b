//! A letter as the bytes of one mail: two readings of the same words, and headers that keep machines from answering.
//! The same letter gives the same bytes: nothing in it comes from a clock or from chance. Nothing in it tells us who
//! opened it.

use crate::letter::Letter;
use domain::{at::Instant, id::NoticeId};
use mail_builder::{
    MessageBuilder,
    headers::{content_type::ContentType, raw::Raw},
    mime::MimePart,
};
use shell::failure::Failure;

/// Names the host that we write from: whatever id SES or a relay gives the mail, we know it when it comes back.
const OURS: &str = "X-Customer-Service-Host";

/// The mail, from `from` to `to`, dated by the event that caused it.
pub fn build(notice: &NoticeId, letter: &Letter, from: &str, to: &str, date: Instant) -> Result<String, Failure> {
    let host = from.split_once('@').map_or("localhost", |(_, host)| host);
    let alternatives = ContentType::new("multipart/alternative").attribute("boundary", format!("={notice}="));
    let text = MimePart::new("text/plain", letter.text.as_str());
    let html = MimePart::new("text/html", letter.html.as_str());
    MessageBuilder::new()
        .from((letter.sender, from))
        .to(to)
        .subject(letter.subject.as_str())
        .date(date.timestamp())
        .message_id(format!("{notice}@{host}"))
        .header("Auto-Submitted", Raw::new("auto-generated"))
        .header("X-Auto-Response-Suppress", Raw::new("All"))
        .header(OURS, Raw::new(host))
        .body(MimePart::new(alternatives, vec![text, html]))
        .write_to_string()
        .map_err(|error| Failure::Fault(format!("a mail cannot be written: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(subject: &str) -> String {
        let letter = Letter {
            sender: "Customer Service",
            subject: subject.to_owned(),
            text: "We need your input.\nReply by: 14:00 PDT".to_owned(),
            html: "<p>We need your input.</p>".to_owned(),
        };
        let date = "2026-06-16T21:00:37Z".parse().unwrap();
        let id = "0n7c5".parse().unwrap();
        build(&id, &letter, "no-reply@service.example", "li.wei@seller.example", date).unwrap()
    }

    #[test]
    fn n6_a_mail_has_two_readings_and_tells_machines_not_to_answer() {
        insta::assert_snapshot!(mail("Please reply by 17 June, 14:00 PDT").replace("\r\n", "\n"), @r#"
        From: "Customer Service" <no-reply@service.example>
        To: <li.wei@seller.example>
        Subject: Please reply by 17 June, 14:00 PDT
        Date: Tue, 16 Jun 2026 21:00:37 +0000
        Message-ID: <0n7c5@service.example>
        Auto-Submitted: auto-generated
        X-Auto-Response-Suppress: All
        X-Customer-Service-Host: service.example
        MIME-Version: 1.0
        Content-Type: multipart/alternative; boundary="=0n7c5="

        --=0n7c5=
        Content-Type: text/plain; charset="utf-8"
        Content-Transfer-Encoding: 7bit

        We need your input.
        Reply by: 14:00 PDT
        --=0n7c5=
        Content-Type: text/html; charset="utf-8"
        Content-Transfer-Encoding: 7bit

        <p>We need your input.</p>
        --=0n7c5=--
        "#);
    }

    #[test]
    fn n6_a_mail_of_ours_that_comes_back_is_known_whatever_id_it_was_given() {
        let mail = mail("Your statement").replace("0n7c5@service.example", "0100-000000@eu-west-1.amazonses.com");
        let letter = inbox::read(mail.as_bytes(), None);
        assert_eq!(letter.message_id.as_deref(), Some("0100-000000@eu-west-1.amazonses.com"));
        assert!(letter.is_ours("service.example") && !letter.is_ours("seller.example"));
        assert!(OURS.eq_ignore_ascii_case(inbox::OUR_HEADER));
    }

    #[test]
    fn n5_the_same_letter_gives_the_same_bytes() {
        assert_eq!(mail("Your statement"), mail("Your statement"));
    }

    #[test]
    fn a_line_end_in_a_subject_begins_no_header() {
        let mail = mail("Your statement\r\nBcc: somebody@else.example");
        assert!(!mail.contains("\nBcc"), "{mail}");
    }

    #[test]
    fn no_line_of_a_mail_is_longer_than_mail_allows() {
        for subject in ["A subject that goes on for long. ", "请在 6月17日 14:00 PDT 前回复：订单 702-5551212。"]
        {
            let mail = mail(&subject.repeat(9));
            assert!(mail.is_ascii() && mail.split("\r\n").all(|line| line.len() <= 78), "{mail}");
        }
    }
}
