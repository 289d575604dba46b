//! Mails that are made to be large, deep or slow.

use super::*;
use base64::{Engine, prelude::BASE64_STANDARD};
use std::fmt::Write;

const HEAD: &str = "From: li@seller.example\r\nMessage-ID: <1@seller.example>\r\nMIME-Version: 1.0\r\n";

fn with_file(name: &str, content: &[u8]) -> Vec<u8> {
    let mut mail = format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee o-1001.\r\n--b\r\n\
         Content-Type: application/octet-stream; name={name}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    );
    mail.push_str(&BASE64_STANDARD.encode(content));
    mail.push_str("\r\n--b--\r\n");
    mail.into_bytes()
}

#[test]
fn of_a_mail_over_25_mb_the_rest_is_not_looked_at() {
    let letter = read(&with_file("big.bin", &vec![7; 20 * 1024 * 1024]), None);
    assert_eq!(letter.marks, [Mark::MailCut, Mark::Unclosed]);
    assert_eq!(letter.text, "See o-1001.");
    assert!(letter.files[0].size < 20 * 1024 * 1024 && letter.files[0].size > 18 * 1024 * 1024);
}

#[test]
fn an_archive_is_only_a_file_however_much_is_in_it() {
    let mut bomb = b"PK\x03\x04".to_vec();
    bomb.resize(4 * 1024, 0);
    let letter = read(&with_file("bomb.bin", &bomb), None);
    assert_eq!(letter.marks, [Mark::Archive]);
    assert_eq!((letter.files[0].size, letter.files[0].shown), (4 * 1024, false));
}

#[test]
fn of_10_000_parts_only_the_first_hundred_are_read() {
    let mut mail = format!("{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n");
    for nth in 0..10_000 {
        let _ = write!(mail, "--b\r\n\r\npart {nth}\r\n");
    }
    mail.push_str("--b--\r\n");
    let letter = read(mail.as_bytes(), None);
    assert_eq!(letter.marks, [Mark::TooManyParts]);
    assert!(letter.text.contains("part 98") && !letter.text.contains("part 99"), "the mail itself is a part too");
}

#[test]
fn a_mail_of_more_parts_than_any_has_is_one_file() {
    for parts in ["--b\r\n\r\n".repeat(200_000), "-".repeat(400_000), "--b\r\nA:\r\n".repeat(200_000)] {
        let mail = format!("{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n{parts}\r\n--b--\r\n");
        is_one_file(mail.as_bytes(), Mark::TooManyParts);
    }
    let name = "a=b;".repeat(2_000);
    is_one_file(format!("{HEAD}Content-Type: text/plain; {name}\r\n\r\nhello").as_bytes(), Mark::TooManyParts);
}

/// That a mail is not looked into, and nothing of it is lost.
fn is_one_file(mail: &[u8], mark: Mark) {
    let letter = read(mail, None);
    assert_eq!((letter.marks.as_slice(), letter.text.as_str()), ([mark].as_slice(), ""));
    assert_eq!(letter.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["mail.eml"]);
    assert!(letter.files[0].content.starts_with(mail));
    assert_eq!(letter.from.map(|from| from.address), Some("li@seller.example".to_owned()));
}

fn nested(how_deep: usize) -> Vec<u8> {
    let mut mail = HEAD.to_owned();
    for nth in 0..how_deep {
        let _ = write!(
            mail,
            "Content-Type: multipart/mixed; boundary=b{nth}.\r\n\r\n--b{nth}.\r\n\r\nlevel {nth}\r\n--b{nth}.\r\n"
        );
    }
    mail.into_bytes()
}

#[test]
fn of_multiparts_nested_100_deep_only_the_first_ten_are_read() {
    let letter = read(&nested(100), None);
    assert!(letter.marks.contains(&Mark::TooDeep));
    assert!(letter.text.contains("level 9") && !letter.text.contains("level 10"));
}

#[test]
fn a_mail_of_multiparts_nested_deeper_is_one_file() {
    let mut mail = nested(1_000);
    mail.extend(b"\r\n--b0.--\r\n");
    is_one_file(&mail, Mark::TooDeep);
}

#[test]
fn what_is_nested_as_deep_as_it_may_be_is_read_in_a_small_stack() {
    let forwarded = "Content-Type: message/rfc822\r\n\r\n".repeat(9_999) + "From: a@x.example\r\n\r\nhello";
    let mut encoded = forwarded.clone().into_bytes();
    for _ in 0..5 {
        let head = "Content-Type: message/global\r\nContent-Transfer-Encoding: base64\r\n\r\n";
        encoded = format!("{head}{}\r\n", BASE64_STANDARD.encode(encoded)).into_bytes();
    }
    let mails = [forwarded.into_bytes(), encoded, nested(100)];
    let read_all = move || {
        for mail in mails {
            assert!(read(&mail, None).marks.contains(&Mark::TooDeep));
        }
    };
    std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(read_all).unwrap().join().unwrap();
}

#[test]
fn no_way_to_write_a_type_makes_the_parser_nest() {
    for (mail, nested) in [
        ("message/rfc822", "message (x)/rfc822"),
        ("message (message/rfc822) /(x) global", "MESSAGE\r\n /RFC822"),
        ("(message/rfc822)message\"/\"rfc822", "multipart(;)/digest; boundary=b"),
    ] {
        for name in ["Content-Type", "content - TYPE ", "--bContent-Type"] {
            let raw = format!("{name}: {mail}\r\n\r\n{name}: {nested}\r\n\r\n--b\r\n\r\nhello\r\n");
            let nests = |raw: &[u8]| {
                let parsed = mail_parser::MessageParser::default().parse(raw).unwrap();
                parsed.parts.iter().any(mail_parser::MessagePart::is_message)
            };
            assert!(
                guard::checked(raw.as_bytes()).map_or_else(|mark| mark == Mark::TooDeep, |raw| !nests(&raw)),
                "{raw}"
            );
        }
    }
}

#[test]
fn what_the_parser_gets_renamed_is_read_as_it_came() {
    let header = "Content-Type: message/rfc822";
    let mail = format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{header}\r\n\
         --b\r\nContent-Type: application/x-log\r\n\r\n{header}\r\n--b--\r\n"
    );
    let letter = read(mail.as_bytes(), None);
    assert_eq!((letter.text.as_str(), letter.marks.as_slice()), (header, [].as_slice()));
    assert_eq!(letter.files[0].content, header.as_bytes());
}

#[test]
fn a_head_that_is_made_to_be_slow_is_read_all_the_same() {
    for (field, piece) in [
        ("Content-Type: text/plain", "; a*=''b"),
        ("Content-Type: text/plain", "; a*1=b"),
        ("Content-Type: ", "("),
        ("From: ", "("),
        ("From: ", "a:<"),
        ("Subject: ", "=?utf-8?q?"),
        ("References: ", "<a@b>"),
    ] {
        let mail = format!("{HEAD}{field}{}\r\n\r\nhello", piece.repeat(250 * 1024 / piece.len()));
        let letter = read(mail.as_bytes(), None);
        assert!(letter.text == "hello" || letter.marks == [Mark::TooManyParts], "{field}{piece}: {:?}", letter.marks);
    }
    let (boundary, dashes) = ("-".repeat(250 * 1024), "-".repeat(8 * 1024 * 1024));
    let mail = format!("{HEAD}Content-Type: multipart/mixed; boundary={boundary}x\r\n\r\n{dashes}");
    is_one_file(mail.as_bytes(), Mark::TooManyParts);
}

#[test]
fn a_mail_forwarded_in_itself_is_not_held_over_and_over() {
    let layer = "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n";
    let mail = layer.repeat(8) + "\r\n" + &"x".repeat(8 * 1024 * 1024);
    let letter = read(mail.as_bytes(), None);
    assert_eq!(letter.marks, [Mark::TooDeep]);
    assert_eq!(letter.files[0].name, "mail.eml");
}

#[test]
fn a_text_over_64_kb_is_cut_between_characters() {
    let mail = format!("{HEAD}Content-Type: text/plain; charset=utf-8\r\n\r\nxx{}", "订".repeat(40_000));
    let letter = read(mail.as_bytes(), None);
    assert_eq!(letter.marks, [Mark::TextCut]);
    assert_eq!(letter.text.len(), 65_534, "two letters, and as many whole characters of three bytes as fit");
}

#[test]
fn a_head_of_more_than_anybody_needs_is_cut_and_the_body_is_found() {
    let mail = format!("{HEAD}{}Subject: late\r\n\r\nhello", "X-A: b\r\n".repeat(100_000));
    let letter = read(mail.as_bytes(), None);
    assert_eq!((letter.marks.as_slice(), letter.text.as_str()), ([Mark::HeadCut].as_slice(), "hello"));
}

#[test]
fn html_that_is_made_to_be_slow_is_read_all_the_same() {
    let attributes: String = (0..20_000).fold(String::from("<a"), |mut tag, nth| {
        let _ = write!(tag, " a{nth}");
        tag
    });
    let fonts: String = (0..4_000).fold(String::new(), |mut tags, nth| {
        let _ = write!(tags, "<b dir=a{nth}><p>");
        tags
    });
    let walls: String = (0..5_000).fold(String::new(), |mut tags, nth| {
        let _ = write!(tags, "<b lang=a{nth}><table><td></b></table><p>x");
        tags
    });
    for html in [
        "<div>".repeat(10_000),
        "<p>".repeat(10_000),
        fonts,
        attributes,
        walls,
        "<table><b><td></b>".repeat(5_000),
        "<b><i><u><s><a href=http://x.example>".repeat(50) + &"<p>x".repeat(10_000),
        "&".repeat(5_000),
    ] {
        let mail = format!("{HEAD}Content-Type: text/html\r\n\r\n{html}hello");
        let letter = read(mail.as_bytes(), None);
        assert!(letter.text.ends_with("hello") || letter.marks.contains(&Mark::HtmlCut), "{}", &html[..40]);
    }
}
