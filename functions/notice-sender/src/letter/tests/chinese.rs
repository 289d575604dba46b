//! Letters in Chinese (NTF-2): every one of them, with the facts of the English one and nothing in English.

use super::*;
use crate::samples::digest;

/// Whatever a reader of Chinese would not read: a word in Latin letters that is neither a name nor a number.
fn is_english(word: &str) -> bool {
    let known = ["http", "USD", "PDT", "UTC"];
    let name = |word: &str| word.contains(|c: char| c.is_ascii_digit()) || known.iter().any(|k| word.starts_with(k));
    let latin = |c: char| !(c.is_ascii_alphanumeric() || "-.:/'?=_".contains(c));
    word.split(latin).any(|word| word.len() > 1 && word.contains(|c: char| c.is_ascii_alphabetic()) && !name(word))
}

#[test]
fn ntf_2_req_1_every_notice_is_written_in_chinese_for_who_reads_chinese_with_no_word_of_english() {
    let given = ["Say which toys come back.", "The number you gave was never scanned.", SAID];
    for (notice, language, letter) in every_letter() {
        if language == SellerLanguage::En {
            assert!(letter.text.is_ascii() && letter.html.is_ascii(), "{}", letter.text);
            continue;
        }
        let said = [&letter.subject, &letter.text].map(|text| given.iter().fold(text.clone(), |t, g| t.replace(g, "")));
        let english: Vec<_> = said.iter().flat_map(|text| text.split_whitespace()).filter(|w| is_english(w)).collect();
        assert_eq!(english, Vec::<&str>::new(), "{}: {}", notice.kind.name(), letter.text);
        assert_eq!((letter.sender, letter.html.contains(r#"<html lang="zh-Hans">"#)), ("客户服务", true));
        let plain = translated(&store("US"), &notice, SellerLanguage::En);
        assert_ne!(letter.subject, plain.subject);
    }
}

#[test]
fn ntf_2_both_languages_say_the_same_facts_and_lead_to_the_same_page() {
    let facts_of = |letter: &Letter| {
        let said = format!("{} {}", letter.subject, letter.text).replace(['：', '，', '。', '（', '）', '？'], " ");
        let said = said.split_whitespace().map(|word| word.trim_matches(['.', ',', ':', '(', ')', '?']).to_owned());
        let fact = |word: &String| word.starts_with("http") || word.contains("702-") || word.ends_with(".00");
        said.filter(fact).collect::<BTreeSet<_>>()
    };
    for sample in every() {
        let letter = |language| facts_of(&sample.letter(&store("US"), language).unwrap());
        let [english, chinese] = LANGUAGES.map(letter);
        assert_eq!(english, chinese, "{}", sample.notice.kind.name());
    }
}

#[test]
fn ntf_2_a_time_reads_as_chinese_write_it() {
    let time = |id: &str, at: &str| {
        let letter = translated(&store(id), &opened(at, QuestionKind::ProductFact), SellerLanguage::Zh);
        letter.text.lines().find(|line| line.starts_with("答复期限")).unwrap().to_owned()
    };
    assert_eq!(time("US", "2026-06-17T21:00:00Z"), "答复期限：2026年6月17日星期三 14:00 PDT（UTC 21:00）");
    assert_eq!(time("US", "2026-12-31T01:00:59Z"), "答复期限：2026年12月30日星期三 17:00 PST（UTC 12月31日 01:00）");
    assert_eq!(time("BR", "2018-01-01T02:00:00Z"), "答复期限：2018年1月1日星期一 00:00 圣保罗时间（UTC 02:00）");
}

/// The mail in Chinese, without what every mail ends with.
fn read_in_chinese(notice: &Notice) -> String {
    let letter = translated(&store("US"), notice, SellerLanguage::Zh);
    let whole = format!("{}\n\n{}", letter.subject, letter.text);
    whole.split_once("\n\n美国站客户服务\n").unwrap().0.to_owned()
}

#[test]
fn ntf_2_a_request_is_written_in_chinese() {
    let whole =
        translated(&store("US"), &opened("2026-06-17T21:00:37Z", QuestionKind::ShippingStatus), SellerLanguage::Zh);
    insta::assert_snapshot!(format!("{}\n\n{}", whole.subject, whole.text), @"
    请在 6月17日 14:00 PDT 前答复：订单 702-5551212

    您好：

    我们正在协助一位买家处理订单 702-5551212，需要您提供信息。

    订单：702-5551212
    询问内容：包裹的位置
    答复期限：2026年6月17日星期三 14:00 PDT（UTC 21:00）

    在案例日志中查看问题并答复：
    https://portal.example/stores/US/case-log/pmbxptp3bxbxej36adqe0ezs2d

    期限在周末和节假日同样计时。如果到期仍未收到答复，我们将以买家的最大利益为准自行作出决定。

    美国站客户服务

    --
    此邮件由系统自动发送。您可以在案例日志中答复，也可以直接回复此邮件。
    ");
}

#[test]
fn ntf_2_a_rate_an_invitation_and_a_denied_claim_are_written_in_chinese() {
    insta::assert_snapshot!(read_in_chinese(&rate()), @"
    您2026年第3季度的费率：每件 0.25 USD

    您好：

    您2026年第3季度的费率已确定。费率根据2026年第2季度的数据确定。

    季度：2026年第3季度，2026年7月1日至9月30日
    费率：由本服务处理的商品，每发货一件 0.25 USD
    2026年第2季度的联系次数：7
    2026年第2季度的发货件数：62

    您在免费试用期内发货的商品不收费。您无需进行任何操作。

    查看本季度的情况：
    https://portal.example/stores/US/statements/2026Q3
    ");
    insta::assert_snapshot!(read_in_chinese(&invitation()), @"
    邀请您代表卖家 S-1 在美国站操作

    您好：

    卖家 S-1 的主用户邀请您使用该卖家在美国站的账户。您可以查看和更改哪些内容，由主用户决定。

    接受期限：2026年6月30日星期二 14:00 PDT（UTC 21:00）

    接受邀请：
    https://portal.example/invitations/dGhlLW1hYy1hbmQtd2hhdC1pdC1zaWducw

    拥有此链接的人可以代替您接受邀请，且仅限一次，请不要转发。如果您不认识该卖家，则无需进行任何操作。
    ");
    insta::assert_snapshot!(read_in_chinese(&claim_denied(Criterion::Evidence, None)), @"
    申诉已驳回：订单 702-5551212

    您好：

    我们已驳回您对订单 702-5551212 提交的申诉。

    订单：702-5551212
    原因：所提供的材料不足以支持赔付申请。
    说明：The number you gave was never scanned.

    此为最终决定。申诉前已批准的金额不受影响。

    查看赔付申请：
    https://portal.example/stores/US/claims/7bf7f25ttfbq3d1k5z7f0qnj1m
    ");
}

#[test]
fn ntf_2_an_end_in_silence_and_a_resolution_are_written_in_chinese() {
    let abroad = DecisionFacts { return_method_by: Some(utc("2026-06-21T21:00:37Z")), ..refund() };
    insta::assert_snapshot!(read_in_chinese(&expired(Some(abroad))), @"
    未在期限内收到答复：订单 702-5551212

    您好：

    我们曾请您就订单 702-5551212 提供信息，但未在期限内收到答复。

    订单：702-5551212
    原定答复期限：2026年6月17日星期三 14:00 PDT（UTC 21:00）

    因此，我们已自行作出决定。买家将获得所涉商品的全额退款：25.00 USD。买家须退回已收到的商品。

    请在决定页面指定商品退回方式，否则我们可能直接退款而不要求退货。

    指定期限：2026年6月21日星期日 14:00 PDT（UTC 21:00）

    您可以在决定页面查看理由、由谁承担费用，以及提交赔付申请的截止时间（如可提交）。

    查看决定：
    https://portal.example/stores/US/decisions/dvbz21bb9ev6yt13tycvf3hvbp
    ");
    insta::assert_snapshot!(read_in_chinese(&to_customer(DecisionKind::RefundFull, Some(usd("25.00")))), @"
    关于您的订单 702-5551212 的处理结果

    您好：

    感谢您的耐心等待。订单 702-5551212 中所涉商品将全额退款：25.00 USD。如果您已收到商品，请将其退回；如不清楚如何退回，请直接回复此邮件。

    如果仍有问题没有解决，请在 14 天内回复此邮件，我们会接着处理。
    ");
    insta::assert_snapshot!(read_in_chinese(&survey()), @"
    您对订单 702-5551212 的客户服务满意吗？

    您好：

    您关于订单 702-5551212 的问题已处理完毕。您对答复的满意程度如何？1 表示非常不满意，5 表示非常满意；打一个分数即可，您也可以留下几句话。

    提交您的评价：
    https://portal.example/surveys/dGhlLW1hYy1hbmQtd2hhdC1pdC1zaWducw

    此链接仅供您本人使用，只能使用一次，有效期至 2026年7月1日星期三 14:00 PDT（UTC 21:00）。
    ");
    insta::assert_snapshot!(read_in_chinese(&enrolled(Enrolling::ByDefault, Some("2026-05-01T07:00:00Z"))), @"
    我们将从 6月16日 14:00 PDT 起代您提供客户服务

    您好：

    作为美国站的新卖家，您已自动加入本服务。从以下开始时间起，对于由您自行发货的订单，我们将代您答复买家。此前下达的订单仍由您负责。

    开始时间：2026年6月16日星期二 14:00 PDT（UTC 21:00）
    免费试用：已于 2026年5月1日星期五 00:00 PDT（UTC 07:00）结束

    您现在无需进行任何操作。需要您提供信息时，我们会在案例日志中提问并发送邮件通知您，请在 24 小时内答复。您可以随时退出，退出立即生效：此后下达的订单不再由我们服务。

    查看或更改加入状态：
    https://portal.example/stores/US/enrollment
    ");
}

#[test]
fn ntf_2_that_a_mail_was_not_taken_is_written_in_chinese() {
    insta::assert_snapshot!(read_in_chinese(&not_taken(Cause::Empty)), @"
    我们未能处理您的邮件

    您好：

    我们收到了一封以您的名义发送的邮件，但未能处理。
    邮件正文为空。请再次回复我们的请求邮件并在正文中写明答复，或在案例日志中答复。

    订单：702-5551212
    收到时间：2026年6月16日星期二 13:58 PDT（UTC 20:58）

    打开案例日志：
    https://portal.example/stores/US/case-log/pmbxptp3bxbxej36adqe0ezs2d
    ");
    insta::assert_snapshot!(read_in_chinese(&rate_of("0.00", TierName::FreeVolume, (7, 62))), @"
    您2026年第3季度的费率：免费

    您好：

    您2026年第3季度的费率已确定。费率根据2026年第2季度的数据确定。

    季度：2026年第3季度，2026年7月1日至9月30日
    费率：由本服务处理的商品，每发货一件 0.00 USD（免费：订单量少）
    2026年第2季度的联系次数：7
    2026年第2季度的发货件数：62

    您无需进行任何操作。

    查看本季度的情况：
    https://portal.example/stores/US/statements/2026Q3
    ");
    insta::assert_snapshot!(read_in_chinese(&statement()), @"
    您2026年第2季度的账单：15.50 USD

    您好：

    您2026年第2季度的账单已成为最终账单。

    季度：2026年第2季度，2026年4月1日至6月30日
    件数：62
    合计：15.50 USD
    异议期限：2026年10月1日星期四 14:00 PDT（UTC 21:00）

    账单列出每件商品的费用；不收费的商品会注明原因。之后到达的数据计入下一份账单。如对某件商品或某次联系有异议，您可以在账单页面提出。

    查看账单：
    https://portal.example/stores/US/statements/2026Q2
    ");
}

/// A hand-over is always mailed by now; one that waited for the end of its day when it could be chosen is told there.
#[test]
fn ntf_1_a_hand_over_that_waited_for_its_digest_is_told_in_it() {
    let gathered = Gathered { lines: vec![handed_over(HandOver::Invoice)], more: 0 };
    let sample = Sample { gathered, ..Sample::of((String::new(), digest())) };
    let lines = LANGUAGES.map(|language| {
        let text = sample.letter(&store("US"), language).unwrap().text;
        text.split("\n\n").nth(2).unwrap().to_owned()
    });
    insta::assert_snapshot!(lines.join("\n"), @"
    A customer's matter about order 702-5551212 is yours to answer in Buyer-Seller Messaging:
    case number r2j1930s85k0hecwqmdkmx6wkp.
    It is about an invoice.
    See what was handed over:
    https://portal.example/stores/US/hand-overs
    一位买家关于订单 702-5551212 的问题请您通过买家与卖家消息服务自行答复：案例编号 r2j1930s85k0hecwqmdkmx6wkp。
    此事与发票有关。
    查看已移交的问题：
    https://portal.example/stores/US/hand-overs
    ");
}

/// Apart from any full stop, so that it can be copied.
#[test]
fn a_question_that_was_taken_gives_the_number_of_its_case_in_a_line_of_its_own() {
    let sample = every().into_iter().find(|sample| sample.shape == "taken").unwrap();
    let [english, chinese] = LANGUAGES.map(|language| sample.letter(&store("US"), language).unwrap().text);
    insta::assert_snapshot!(english.split("\n\nCustomer Service").next().unwrap(), @"
    Hello,

    You forwarded a customer's question about order 702-5551212 to us.
    We answer the customer from here on. There is nothing for you to do.

    Case number: r2j1930s85k0hecwqmdkmx6wkp

    See who handles the order:
    https://portal.example/stores/US/orders?order_id=702-5551212
    ");
    assert!(chinese.contains("您无需进行任何操作。\n\n案例编号：r2j1930s85k0hecwqmdkmx6wkp\n\n"), "{chinese}");
}

#[test]
fn ntf_2_a_digest_is_written_in_both_languages() {
    let read = |language| translated(&store("US"), &digest(), language);
    let english = read(SellerLanguage::En);
    insta::assert_snapshot!(format!("{}\n\n{}", english.subject, english.text), @"
    Your summary of Tuesday, 16 June 2026

    Hello,

    This happened on Tuesday, 16 June 2026. You asked to hear of it once a day.

    Your free trial ends on Tuesday, 30 June 2026, 14:00 PDT (21:00 UTC).
    See your rate, or leave the service:
    https://portal.example/stores/US/enrollment

    We have settled a customer's matter about order 702-5551212.
    The customer gets back the full price of the units concerned: 25.00 USD.
    The customer is to return goods that have arrived.
    See the decision about order 702-5551212:
    https://portal.example/stores/US/decisions/dvbz21bb9ev6yt13tycvf3hvbp

    Your claim for order 702-5551212 is granted: 25.00 USD in total.
    Appeal by: Thursday, 16 July 2026, 14:00 PDT (21:00 UTC)
    See the claim for order 702-5551212:
    https://portal.example/stores/US/claims/7bf7f25ttfbq3d1k5z7f0qnj1m

    Your appeal about order 702-5551213 is denied.
    Reason: What you showed does not prove what you say.
    In detail: The number you gave was never scanned.
    This decision is final.
    See the claim for order 702-5551213:
    https://portal.example/stores/US/claims/xdmj4k54mk6kjtb627t67qbdsn

    We asked you about your claim for order 702-5551214, and no answer came in time.
    Until we have decided we still take your answer, marked as late.
    See the claim for order 702-5551214:
    https://portal.example/stores/US/claims/e8s5d50qaqynz9zpte0p7m15an

    Not shown here: 7 more of that day. You can see all of it in your account:
    https://portal.example/stores/US/enrollment

    Customer Service, United States store

    --
    Stop emails like this:
    https://portal.example/unsubscribe/dGhlLW1hYy1hbmQtd2hhdC1pdC1zaWducw

    This email was sent automatically. Replies to it are not read: please use the links in this email.
    ");
    let chinese = read(SellerLanguage::Zh);
    insta::assert_snapshot!(format!("{}\n\n{}", chinese.subject, chinese.text), @"
    您的每日摘要：2026年6月16日星期二

    您好：

    以下是2026年6月16日星期二的动态。您选择了每天接收一封摘要邮件。

    您的免费试用将于 2026年6月30日星期二 14:00 PDT（UTC 21:00）结束。
    查看您的费率或退出服务：
    https://portal.example/stores/US/enrollment

    我们已处理一位买家关于订单 702-5551212 的问题。
    买家将获得所涉商品的全额退款：25.00 USD。买家须退回已收到的商品。
    查看关于订单 702-5551212 的决定：
    https://portal.example/stores/US/decisions/dvbz21bb9ev6yt13tycvf3hvbp

    您对订单 702-5551212 的赔付申请已批准：共 25.00 USD。
    申诉期限：2026年7月16日星期四 14:00 PDT（UTC 21:00）
    查看订单 702-5551212 的赔付申请：
    https://portal.example/stores/US/claims/7bf7f25ttfbq3d1k5z7f0qnj1m

    您对订单 702-5551213 的申诉已驳回。
    原因：所提供的材料不足以支持赔付申请。
    说明：The number you gave was never scanned.
    此为最终决定。
    查看订单 702-5551213 的赔付申请：
    https://portal.example/stores/US/claims/xdmj4k54mk6kjtb627t67qbdsn

    我们曾就您对订单 702-5551214 的赔付申请向您提问，但未在期限内收到答复。在作出决定之前，我们仍接受您的答复，并会注明逾期。
    查看订单 702-5551214 的赔付申请：
    https://portal.example/stores/US/claims/e8s5d50qaqynz9zpte0p7m15an

    当天另有 7 项动态未列出，可在您的账户中查看：
    https://portal.example/stores/US/enrollment

    美国站客户服务

    --
    不再接收此类邮件：
    https://portal.example/unsubscribe/dGhlLW1hYy1hbmQtd2hhdC1pdC1zaWducw

    此邮件由系统自动发送。我们不会阅读对此邮件的回复，请使用邮件中的链接。
    ");
}
