//! What codes of the API are called, on all pages: topics and families, decisions and their reasons, questions and what is
//! answered to them, kinds of goods, languages. A page that calls one otherwise does so in its own words.

use crate::{frame::fill, words::Language};
use domain::policy::number_in;

crate::words! {
    delivery: "Delivery", "配送";
    product: "Product itself", "商品本身";
    return_family: "Return", "退货";
    refund: "Refund", "退款";
    order: "Order and payment", "订单与付款";
    where_is_my_order: "Where is my order", "我的订单在哪里";
    delivered_not_received: "Delivered, not received", "显示送达但未收到";
    late_delivery: "Late delivery", "配送延迟";
    lost_in_transit: "Lost in transit", "运输途中丢失";
    undeliverable: "Undeliverable", "无法投递";
    missing_item: "Missing item", "缺少商品";
    damaged_package: "Damaged package", "包装损坏";
    cancel_request: "Cancel the order", "取消订单";
    address_change: "Change of address", "更改地址";
    unauthorized_purchase: "Unauthorized purchase", "未经授权的购买";
    billing: "Billing", "账单问题";
    return_request: "Return", "申请退货";
    return_label: "Return label", "退货标签";
    replacement_request: "Wants a replacement", "要求换货";
    refund_status: "Where is the refund", "退款进度";
    refund_amount: "Amount of the refund", "退款金额";
    damaged_item: "Damaged item", "商品损坏";
    defective: "Defective", "有缺陷";
    wrong_item: "Wrong item", "商品错误";
    missing_parts: "Missing parts", "缺少部件";
    not_as_described: "Not as described", "与描述不符";
    size_or_fit: "Size or fit", "尺寸问题";
    compatibility: "Compatibility", "兼容性";
    quality: "Quality", "质量";
    product_question: "Question about the product", "商品咨询";
    warranty: "Warranty", "保修";
    authenticity: "Authenticity", "正品问题";
    safety: "Safety", "安全";
    expiry: "Expiry", "有效期";
    other: "Other", "其他";
    pre_order: "Before any order", "售前咨询";
    invoice: "Invoice", "发票";
    customization: "Customization", "定制";

    answer: "Answer", "答复";
    refund_full: "Full refund", "全额退款";
    refund_partial: "Partial refund", "部分退款";
    refund_returnless: "Refund without return", "退款不退货";
    replacement: "Replacement", "换货";
    return_authorised: "Return authorised", "授权退货";
    cancel: "Cancel", "取消订单";
    decline: "Decline", "不予处理";
    question_answered: "Question answered", "问题已答复";
    on_its_way: "On its way", "运输中";
    no_ground: "No ground for more", "无进一步依据";
    not_received: "Not received by the promised date", "未在承诺日期前收到";
    delivered_late: "Delivered late", "延迟送达";
    damaged: "Damaged", "损坏";
    not_returnable: "Damaged or defective, not returnable", "损坏或有缺陷，且不可退货";
    unsafe_to_return: "Unsafe to return", "退回不安全";
    no_way_back: "No way back was named", "未指定退货方式";
    seller_waives_return: "The seller waives the return", "卖家免退货";
    question_unanswered: "Question cannot be answered", "问题无法答复";
    changed_mind: "Changed mind", "改变主意";
    returned: "Came back", "已退回";
    seller_silent: "The seller kept silent", "卖家未答复";
    not_shipped: "Not shipped", "未发货";
    goodwill: "Goodwill", "善意补偿";
    store: "Store", "商城";
    carrier: "Carrier", "承运商";
    open_liability: "Not settled", "未定";

    shipping_status: "Where is the parcel", "包裹状态";
    warranty_terms: "What the warranty covers", "保修条款";
    part_availability: "Is there a replacement or a part", "备件供应";
    product_fact: "Product fact", "商品信息";
    return_instructions: "How to send it back", "退货说明";
    free_text: "In your own words", "自由提问";

    fulfilled_by_store: "the store ships it", "由商城发货";
    seller_fulfilled_prime: "Seller-Fulfilled Prime", "卖家自配送 Prime";
    before_enrollment: "ordered before the service began", "下单时服务尚未开始";
    enrollment_gap: "ordered between two periods of service", "下单时处于两段服务之间";
    after_opt_out: "ordered after the service ended", "下单时服务已结束";

    yes: "Yes", "是";
    no: "No", "否";
    in_part: "In part", "部分";
    in_stock: "In stock", "有货";
    on_order: "On order", "已订货";
    in_transit: "In transit", "运输中";
    delivered: "Delivered", "已送达";
    returning: "Returning", "退回途中";
    lost: "Lost", "丢失";
    manufacturer: "Manufacturer", "制造商";
    manual: "Manual", "说明书";
    label: "Label", "标签";
    own_knowledge: "Own knowledge", "自身了解";
    detail_page: "Product's page", "商品页面";
    seller_prepaid: "Prepaid by the seller", "卖家预付";
    customer_pays: "Paid by the customer", "买家支付";
    no_return_needed: "No return needed", "无需退货";

    address: "Address", "地址";
    by_day: "By which day", "截止日期";
    place: "Place", "地点";
    since: "Since when", "自何时起";
    tracking_number: "Tracking number", "追踪编号";
    what: "What", "内容";

    apple: "Apple products", "Apple 产品";
    baby: "Baby products", "母婴用品";
    books: "Books", "图书";
    clothing: "Clothing", "服装";
    customized: "Customized goods", "定制商品";
    electronics: "Electronics", "电子产品";
    gift_cards: "Gift cards", "礼品卡";
    grocery: "Grocery", "食品杂货";
    hazardous: "Hazardous goods", "危险品";
    home: "Home goods", "家居用品";
    jewelry: "Jewelry", "珠宝";
    live_plants: "Live plants", "活体植物";
    software: "Software", "软件";
    toys: "Toys", "玩具";

    language_de: "German", "德语";
    language_en: "English", "英语";
    language_es: "Spanish", "西班牙语";
    language_fr: "French", "法语";
    language_it: "Italian", "意大利语";
    language_ja: "Japanese", "日语";
    language_ko: "Korean", "韩语";
    language_pt: "Portuguese", "葡萄牙语";
    language_ru: "Russian", "俄语";
    language_zh: "Chinese", "中文";
}

/// A language by its name, whatever its script or region; one that has none here stays as its code.
#[must_use]
pub fn language(language: Language, code: &str) -> String {
    let primary = code.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let found = Words::of(language).named(&format!("language_{primary}"));
    found.unwrap_or(code).to_owned()
}

/// What all pages call a code, if they do. `return` is a word of the language that this is written in.
fn named(language: Language, code: &str) -> Option<&'static str> {
    Words::of(language).named(if code == "return" { "return_family" } else { code })
}

/// A code as people read it: by the words of the page, by those that all pages have, or as it is with spaces.
#[must_use]
pub fn said(language: Language, on_the_page: Option<&'static str>, code: &str) -> String {
    let found = on_the_page.or_else(|| named(language, code));
    found.map_or_else(|| code.replace('_', " "), str::to_owned)
}

/// A return policy as people call it: the store's standard one, or the seller's own by its number.
#[must_use]
pub fn policy(name: &str, standard: &str, own: &str) -> String {
    number_in(name).map_or_else(|| standard.to_owned(), |number| fill(own, &[number]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_and_its_family_has_a_name_in_both_languages() {
        let book = domain::book::Book::shipped().unwrap();
        for topic in book.topics.iter() {
            let family = serde_json::to_value(topic.family).unwrap();
            for code in [topic.code.as_str(), family.as_str().unwrap()] {
                assert!(named(Language::Zh, code).is_some(), "{code} has no row");
            }
        }
    }

    #[test]
    fn a_language_is_called_by_its_name_and_an_unknown_one_by_its_code() {
        let named = |reader| ["en", "pt-BR", "zh_Hans", "DE", "tlh", ""].map(|code| language(reader, code));
        assert_eq!(named(Language::En), ["English", "Portuguese", "Chinese", "German", "tlh", ""]);
        assert_eq!(named(Language::Zh), ["英语", "葡萄牙语", "中文", "德语", "tlh", ""]);
    }
}
