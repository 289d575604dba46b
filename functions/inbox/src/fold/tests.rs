//! What is folded of a text, and what is not.

use super::*;

/// The text with what is folded replaced by a mark.
fn folded(text: &str) -> String {
    let (mut out, mut at) = (String::new(), 0);
    for range in folds(text) {
        out.push_str(&text[at..range.start]);
        out.push('…');
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

#[test]
fn a_quote_is_folded_with_what_announces_it() {
    for announced in [
        "On Mon, Nov 9, 2026 at 6:02 PM Li Wei <li@x.example> wrote:",
        "On Mon, Nov 9, 2026 at 6:02 PM Customer Service With A Long Name\n<no-reply@service.example> wrote:",
        "Am 09.11.26 um 18:02 schrieb Li Wei:",
        "Am Mo., 9. Nov. 2026 um 18:02 Uhr schrieb Li <li@x.example>:",
        "Le lun. 9 nov. 2026 à 18:02, Li <li@x.example> a écrit :",
        "El lun, 9 nov 2026 a las 18:02, Li (<li@x.example>) escribió:",
        "Il giorno lun 9 nov 2026 alle ore 18:02 Li <li@x.example> ha scritto:",
        "Op ma 9 nov 2026 om 18:02 schreef Li <li@x.example>:",
        "Em seg., 9 de nov. de 2026 às 18:02, Li <li@x.example> escreveu:",
        "在 2026年11月9日，18:02，李伟 <li@x.example> 写道：",
        "于2026年11月9日周一 18:02写道：",
        "2026年11月9日(月) 18:02 李 <li@x.example>のメール:",
        "пн, 9 нояб. 2026 г. в 18:02, Li <li@x.example> пишет:",
    ] {
        assert_eq!(folded(&format!("Yes.\n\n{announced}\n\n> Really?\n>\n> Yes?\n")), "Yes.\n\n…", "{announced}");
    }
}

#[test]
fn a_mail_below_is_folded_to_its_end() {
    for below in [
        "-----Original Message-----\nFrom: a\nSent: b\nTo: c\nSubject: d\n\nhello",
        "________________________________\nFrom: a <a@x.example>\nSent: b\nTo: c\nSubject: d\n\nhello",
        "*From:* a\n*Sent:* b\n*To:* c\n*Subject:* d\n\nhello",
        "Von: a\nGesendet: b\nAn: c\nBetreff: d\n\nhello",
        "De : a\nEnvoyé : b\nÀ : c\nObjet : d\n\nhello",
        "发件人： a\n发送时间： b\n收件人： c\n主题： d\n\n你好",
        "------------------ 原始邮件 ------------------\n发件人: a;\n发送时间: b\n主题: c\n\n你好",
        "差出人: a\n送信日時: b\n宛先: c\n件名: d\n\nこんにちは",
        "On Monday, November 9, 2026 at 06:02:11 PM GMT+1, a <a@x.example> wrote:\n\nhello\nthere",
    ] {
        let text = folded(&format!("Yes.\n\n{below}\n"));
        assert!(text == "Yes.\n\n…" || text == "Yes.\n\n________________________________\n…", "{below}: {text}");
    }
}

#[test]
fn answers_between_quotes_stay_to_be_seen() {
    assert_eq!(folded("> one?\n\nyes\n\n> two?\n> really?\nno\n"), "…\nyes\n\n…no\n");
    assert_eq!(folded("-----Original Message-----\n> one?\nyes\n"), "…yes\n");
}

#[test]
fn a_signature_is_folded_as_far_as_a_quote() {
    assert_eq!(folded("hello\n-- \nLi Wei\nLamps\n"), "hello\n…");
    assert_eq!(folded("hello\n--\nLi Wei\n\n> quote\n"), "hello\n…");
    assert_eq!(folded("hello\n--\nLi Wei\n\n> quote\n\nand more\n"), "hello\n…\nand more\n");
}

#[test]
fn a_forwarded_mail_is_what_the_mail_is_about() {
    for text in [
        "see\n\n---------- Forwarded message ---------\nFrom: a\nDate: b\nSubject: c\nTo: d\n\nhello\n",
        "see\n\nBegin forwarded message:\n\nFrom: a\nSubject: c\nDate: b\nTo: d\n\nhello\n",
        "见下\n\n-------- 转发邮件信息 --------\n发件人：a\n发送日期：b\n收件人：c\n主题：d\n\n你好\n",
    ] {
        assert_eq!(folded(text), text);
    }
}

#[test]
fn what_only_looks_like_a_quote_is_not_folded() {
    for text in [
        "The customer wrote:\nmy lamp is broken\n",
        "On 3 May he wrote:\nmy lamp is broken\n",
        "From: here it goes on\nand on\n",
        "-- no signature\nbut a list\n-- of two\n",
        "-----\nhello\n-----\nbye\n",
        "5 > 3\n",
        "",
        "\n \n",
        "> nothing but a quote\n",
        "-- \nnothing but a signature\n",
    ] {
        assert_eq!(folded(text), text);
    }
}
