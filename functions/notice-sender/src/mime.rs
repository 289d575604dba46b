//! A letter as the bytes of one mail: two readings of the same words, and headers that keep machines from answering what no
//! person wrote.
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

/// How the sender is called.
const SENDER: &str = "Customer Service";

/// Who writes, and to whom.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// Our address.
    pub from: &'a str,
    /// The reader's.
    pub to: &'a str,
    /// Where a reply goes to what a person wrote; none where nobody did.
    pub reply_to: Option<&'a str>,
}

/// The mail, dated by the event that caused it.
pub fn build(notice: &NoticeId, letter: &Letter, envelope: Envelope<'_>, date: Instant) -> Result<String, Failure> {
    let Envelope { from, to, reply_to } = envelope;
    let host = from.split_once('@').map_or("localhost", |(_, host)| host);
    let alternatives = ContentType::new("multipart/alternative").attribute("boundary", format!("={notice}="));
    let text = MimePart::new("text/plain", letter.text.as_str());
    let html = MimePart::new("text/html", letter.html.as_str());
    let headers = MessageBuilder::new()
        .from((SENDER, from))
        .to(to)
        .subject(letter.subject.as_str())
        .date(date.timestamp())
        .message_id(format!("{notice}@{host}"));
    let headers = match reply_to {
        Some(address) => headers.reply_to(address),
        None => headers
            .header("Auto-Submitted", Raw::new("auto-generated"))
            .header("X-Auto-Response-Suppress", Raw::new("All")),
    };
    headers
        .body(MimePart::new(alternatives, vec![text, html]))
        .write_to_string()
        .map_err(|error| Failure::Fault(format!("a mail cannot be written: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(subject: &str) -> String {
        written(subject, None)
    }

    fn written(subject: &str, reply_to: Option<&str>) -> String {
        let letter = Letter {
            subject: subject.to_owned(),
            text: "We need your input.\nReply by: 14:00 PDT".to_owned(),
            html: "<p>We need your input.</p>".to_owned(),
        };
        let date = "2026-06-16T21:00:37Z".parse().unwrap();
        let id = "0n7c5".parse().unwrap();
        let envelope = Envelope { from: "no-reply@service.example", to: "li.wei@seller.example", reply_to };
        build(&id, &letter, envelope, date).unwrap()
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
    fn n6_what_a_person_wrote_is_no_mail_of_a_machine_and_says_where_a_reply_goes() {
        let reply_to = "i-us-6h2b0y5tkz1wq8r4n9m3c7v0xd-abababababababababab@mail.example";
        let mail = written("Your question about order 702-5551212", Some(reply_to));
        assert!(mail.replace("\r\n\t", " ").contains(&format!("Reply-To: <{reply_to}>\r\n")), "{mail}");
        assert!(!mail.contains("Auto-Submitted") && !mail.contains("X-Auto-Response-Suppress"), "{mail}");
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
