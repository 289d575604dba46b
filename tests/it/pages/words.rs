//! What people write stands on a page as text and as nothing else, in both languages.

use super::{asked, claims, everywhere::everywhere};
use world::browser::Browser;

/// Texts that would be more than text, were they not escaped.
fn payloads() -> Vec<String> {
    let heads = ["", "\"", "'", "\">", "'>", "</textarea>", "</title>", "</option>", "-->", "]]>"];
    let bodies = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<iframe src=javascript:alert(1)>",
        "<a href=\"javascript:alert(1)\">x</a>",
        " onfocus=alert(1) autofocus x=",
        "<style>*{display:none}</style>",
        "<form action=//evil.example><button>x",
        "<base href=//evil.example>",
        "<meta http-equiv=refresh content=0>",
        "{{ 7 * 7 }}",
        "${alert(1)}",
        "<math><mtext></form><form>",
        "<input name=form value=x>",
        "&lt;b&gt;&#60;b&#62;",
        "<!--<b>-->",
        "<b>客户</b>",
        "\u{202e}<b>",
        "<details open ontoggle=alert(1)>",
        "<link rel=stylesheet href=//evil.example>",
    ];
    heads.iter().flat_map(|head| bodies.iter().map(move |body| format!("{head}{body}"))).collect()
}

/// Of how many parts the payloads are.
const PARTS: usize = 4;

/// Every page, with each text of a part of the payloads, is the page that it is with a harmless text.
async fn are_as_with_a_harmless_text(part: usize) {
    let all = payloads();
    assert_eq!(all.len(), 200);
    let plain = Box::pin(everywhere("Does it fit?")).await.pages;
    assert!(plain.len() > 150, "{}", plain.len());
    let mut different = Vec::new();
    for payload in all.iter().skip(part).step_by(PARTS) {
        let pages = Box::pin(everywhere(payload)).await.pages;
        assert_eq!(pages.len(), plain.len(), "{payload}");
        for (page, plain) in pages.iter().zip(&plain).filter(|(page, plain)| page != plain) {
            let both = page.shape.iter().zip(&plain.shape).find(|(one, other)| one != other);
            let status = [page.status, plain.status];
            different.push(format!("{payload}: {}, {status:?}: {both:?}", page.what));
        }
    }
    assert!(different.is_empty(), "{different:#?}");
}

#[tokio::test]
async fn whatever_is_written_becomes_no_element_and_no_attribute() {
    are_as_with_a_harmless_text(0).await;
}

#[tokio::test]
async fn whatever_is_written_becomes_no_element_and_no_attribute_in_the_second_part() {
    are_as_with_a_harmless_text(1).await;
}

#[tokio::test]
async fn whatever_is_written_becomes_no_element_and_no_attribute_in_the_third_part() {
    are_as_with_a_harmless_text(2).await;
}

#[tokio::test]
async fn whatever_is_written_becomes_no_element_and_no_attribute_in_the_fourth_part() {
    are_as_with_a_harmless_text(3).await;
}

#[tokio::test]
async fn each_field_for_text_on_any_page_is_sent_with_the_text() {
    let found = Box::pin(everywhere("Does it fit?")).await;
    let forgotten: Vec<_> = found.fields.difference(&found.sent).collect();
    assert_eq!(forgotten, [] as [&(String, String); 0], "{:#?}", found.sent);
    assert!(found.fields.len() > 40, "{}", found.fields.len());
}

#[tokio::test]
async fn ntf_2_each_page_is_there_in_chinese_and_the_choice_is_kept() {
    let (mut told, request) = asked().await;
    let mut browser = Browser::signed_in(&told.world, &claims("user-of-s1", "s1")).await;
    let english = browser.get(&mut told.world, "/stores/US/enrollment").await.html;
    assert!(english.contains("<html lang=\"en\">"), "the seller's profile says so");
    let home = browser.get(&mut told.world, "/stores/US/enrollment?language=zh").await.html;
    assert!(home.contains("<html lang=\"zh\">") && home.contains("为您答复买家"), "{home}");
    for page in ["case-log", &format!("case-log/{request}"), "orders", "insights", "statements/2026Q3"] {
        let seen = browser.get(&mut told.world, &format!("/stores/US/{page}")).await.html;
        assert!(seen.contains("<html lang=\"zh\">"), "{page}");
    }
}
