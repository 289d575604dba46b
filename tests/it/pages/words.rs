//! What people write stands on a page as text and as nothing else, in both languages.

use super::{asked, claims};
use serde_json::json;
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

/// The elements and attributes of a page, in order, without their values.
fn shape(html: &str) -> Vec<String> {
    let mut shape = Vec::new();
    for tag in html.split('<').skip(1) {
        let (inside, _) = tag.split_once('>').unwrap_or((tag, ""));
        let mut quoted = false;
        let names: String = inside
            .chars()
            .filter(|sign| {
                quoted ^= *sign == '"';
                !quoted && *sign != '"'
            })
            .collect();
        shape.push(names);
    }
    shape
}

#[tokio::test]
async fn whatever_is_written_becomes_no_element_and_no_attribute() {
    let all = payloads();
    assert_eq!(all.len(), 200);
    let mut told = asked().await.0;
    let mut browser = Browser::signed_in(&told.world, &claims("user-of-s1", "s1")).await;
    let mut plain = None;
    for (n, payload) in std::iter::once("Does it fit?".to_owned()).chain(all).enumerate() {
        let order = format!("order-{n}");
        told.world.facts([told.placed(&order, "seller", told.just_now())]).await;
        let inquiry = told.inquiry(&format!("contact-{n}"), &order, "quality").await;
        let question = json!({ "kind": "free_text", "text": payload });
        let request = told.as_associate("POST", &format!("/inquiries/{inquiry}/requests"), question).await;
        assert_eq!(request.status, 201, "{}", request.body);
        let page = format!("/stores/US/case-log/{}", request.body["request_id"].as_str().unwrap());
        let mut shapes = Vec::new();
        for path in ["/stores/US/enrollment", &format!("/stores/US/case-log?order_id={order}"), &page] {
            shapes.push(shape(&browser.get(&mut told.world, path).await.html));
        }
        let kept = browser.send(&mut told.world, &format!("{page}/reply"), &[("form", "x"), ("text", &payload)]).await;
        shapes.push(shape(&kept.html));
        browser.get(&mut told.world, &page).await;
        let answered = browser.send(&mut told.world, &format!("{page}/reply"), &[("text", &payload)]).await;
        assert_eq!(answered.status, 200, "{}", answered.html);
        shapes.push(shape(&answered.html));
        assert_eq!(plain.get_or_insert_with(|| shapes.clone()), &shapes, "{payload}");
    }
}

#[tokio::test]
async fn ntf_2_each_page_is_there_in_chinese_and_the_choice_is_kept() {
    let (mut told, request) = asked().await;
    let mut browser = Browser::signed_in(&told.world, &claims("user-of-s1", "s1")).await;
    let english = browser.get(&mut told.world, "/stores/US/enrollment").await.html;
    assert!(english.contains("<html lang=\"en\">"), "the seller's profile says so");
    let home = browser.get(&mut told.world, "/stores/US/enrollment?language=zh").await.html;
    assert!(home.contains("<html lang=\"zh\">") && home.contains("为您答复客户"), "{home}");
    for page in ["case-log", &format!("case-log/{request}"), "orders", "insights", "statements/2026Q3"] {
        let seen = browser.get(&mut told.world, &format!("/stores/US/{page}")).await.html;
        assert!(seen.contains("<html lang=\"zh\">"), "{page}");
    }
}
