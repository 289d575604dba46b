//! What pages say in words where the API says it in codes, in both languages.

use super::{asked, claims, of_s1};
use crate::stories::told::Told;
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use world::{
    browser::{Browser, Seen},
    facts,
};

/// The page in English and then in Chinese.
async fn both(told: &mut Told, browser: &mut Browser, page: &str) -> [Seen; 2] {
    let and = if page.contains('?') { '&' } else { '?' };
    let chinese = browser.get(&mut told.world, &format!("{page}{and}language=zh")).await;
    [browser.get(&mut told.world, &format!("{page}{and}language=en")).await, chinese]
}

/// That the page says these, each in English and in Chinese.
async fn says(told: &mut Told, browser: &mut Browser, page: &str, texts: &[[&str; 2]]) {
    let [english, chinese] = both(told, browser, page).await;
    for [in_english, in_chinese] in texts {
        assert!(english.html.contains(in_english), "{in_english}: {}", english.html);
        assert!(chinese.html.contains(in_chinese), "{in_chinese}: {}", chinese.html);
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_form_is_said_in_the_language_of_the_page_by_the_labels_of_the_form() {
    let (mut told, request) = asked().await;
    let mut browser = of_s1(&told).await;
    let page = format!("/stores/US/case-log/{request}");
    browser.get(&mut told.world, &format!("{page}?language=zh")).await;
    let wrong = browser.send(&mut told.world, &format!("{page}/reply"), &[("source", "hearsay")]).await;
    assert_eq!(wrong.status, 422, "{}", wrong.html);
    assert!(wrong.html.contains("：<span>须为可选项之一</span>") && !wrong.html.contains("answers."), "{}", wrong.html);
    assert!(!wrong.html.contains("lang=\"en\">must"), "{}", wrong.html);
    let fact = [("fact", "Yes."), ("source", "manual")];
    assert_eq!(told.reply(&request, "Yes.").await.status, 200, "meanwhile, elsewhere");
    let late = browser.send(&mut told.world, &format!("{page}/reply"), &fact).await;
    assert!(late.status == 409 && late.html.contains("此请求已答复，以首次答复为准。"), "{}", late.html);
}

#[tokio::test]
async fn clm_3_a_decision_leads_to_the_claim_that_was_filed_which_says_what_became_of_the_appeal() {
    let mut told = Told::ordered().await;
    told.world.pass(TimeDelta::hours(1)).await;
    told.world.facts([told.shipped("o1")]).await;
    told.refunded("o1", "damaged").await;
    let mut browser = of_s1(&told).await;
    let decisions = told.as_seller("GET", "/decisions", Json::Null).await.body["decisions"].clone();
    let decision = format!("/stores/US/decisions/{}", decisions[0]["id"].as_str().unwrap());
    says(&mut told, &mut browser, &decision, &[["You can claim the amount back until", "前申请赔付"]]).await;

    let claim = told.as_seller("POST", "/claims", facts::claim("o1")).await.body["claim_id"].clone();
    let claim = claim.as_str().unwrap().to_owned();
    let place = format!("/stores/US/claims/{claim}");
    let link = format!("href=\"{place}\"");
    for page in [decision.as_str(), "/stores/US/decisions"] {
        says(&mut told, &mut browser, page, &[[&link, &link]]).await;
        let [english, _] = both(&mut told, &mut browser, page).await;
        assert!(!english.html.contains("You can claim") && !english.html.contains("claims/new?order_id"), "{page}");
    }
    let is_filed = ["You have filed a claim about order o1.", "您已为订单 o1 提交赔付申请。"];
    says(&mut told, &mut browser, "/stores/US/claims/new?order_id=o1", &[[&link, &link], is_filed]).await;

    let mut at_the_desk = facts::lead("lin");
    at_the_desk["scope"] = json!("openid desk");
    let mut lin = Browser::signed_in(&told.world, &at_the_desk).await;
    let inquiry = format!("<a href=\"/stores/US/desk/inquiries/{}\">", decisions[0]["inquiry"].as_str().unwrap());
    says(&mut told, &mut lin, &format!("/stores/US/desk/claims/s1/{claim}"), &[[&inquiry, &inquiry]]).await;

    let lead = format!("/claims/s1/{claim}/decision");
    told.as_lead(&lead, json!({ "decision": "grant", "amount_minor": 100 })).await;
    assert_eq!(
        told.as_seller("POST", &format!("/claims/{claim}/appeal"), json!({ "text": "More." })).await.status,
        200
    );
    let open = ["Nothing is decided on your appeal yet.", "尚未对您的申诉作出决定。"];
    says(&mut told, &mut browser, &place, &[open]).await;
    told.as_lead(&lead, json!({ "decision": "deny", "criterion": "evidence", "reason": "Nobody signed." })).await;
    let texts = [
        ["What was decided on your appeal", "申诉结果"],
        ["On your appeal: Denied", "申诉：已驳回"],
        ["Nobody signed.", "Nobody signed."],
        ["1.00 USD, granted before the appeal, stays yours.", "申诉前批准的 1.00 USD 仍归您所有。"],
    ];
    says(&mut told, &mut browser, &place, &texts).await;
}

#[tokio::test]
async fn acc_4_each_row_of_the_activity_says_which_order_it_is_about() {
    let (mut told, request) = asked().await;
    assert_eq!(told.reply(&request, "It left on Monday.").await.status, 200);
    let mut browser = of_s1(&told).await;
    says(&mut told, &mut browser, "/stores/US/audit", &[[">Request, order o1</a>", ">请求，订单 o1</a>"]]).await;
}

#[tokio::test]
async fn a_quarter_a_clock_and_a_sum_are_written_as_people_say_them() {
    let (mut told, _) = asked().await;
    told.world.facts([told.shipped("o1")]).await;
    let mut browser = Browser::signed_in(&told.world, &claims("user-of-s1", "s1")).await;
    let figures = [
        ["Insights of Q3 2026", "2026年第3季度的数据洞察"],
        ["Days and quarters in Los Angeles time.", "日期与季度按洛杉矶时间计算。"],
        ["<option value=\"2026Q2\">Q2 2026</option>", "<option value=\"2026Q2\">2026年第2季度</option>"],
        ["0.50 (1 contact, 2 units)", "0.50（联系 1 次，商品 2 件）"],
    ];
    says(&mut told, &mut browser, "/stores/US/insights", &figures).await;
    let sums = [["Nothing is owed", "无需付款"], ["Statement of Q3 2026", "2026年第3季度账单"]];
    says(&mut told, &mut browser, "/stores/US/statements/2026Q3", &sums).await;
}

#[tokio::test]
async fn the_desk_calls_languages_by_name_and_shows_the_number_that_its_search_asks_for() {
    let mut told = asked().await.0;
    let inquiry = told.went("k1").await["inquiry_id"].as_str().unwrap().to_owned();
    let mut lead = facts::lead("lin");
    lead["scope"] = json!("openid desk");
    let mut lin = Browser::signed_in(&told.world, &lead).await;
    let page = format!("/stores/US/desk/inquiries/{inquiry}");
    let number = format!("<dd>{inquiry}</dd>");
    let queue = "<a href=\"/stores/US/desk/queue\" aria-current=\"page\">";
    let texts = [["<dd>English</dd>", "<dd>英语</dd>"], [&number, &number], [queue, queue]];
    says(&mut told, &mut lin, &page, &texts).await;
    says(&mut told, &mut lin, "/stores/US/desk/queue", &[[">English</td>", ">英语</td>"]]).await;
}
