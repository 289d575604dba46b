//! What a form calls the fields of the API: the label beside which each is filled in. A field whose label differs from
//! form to form is named with the form before it.

use crate::words::Language;

crate::words! {
    body: "Form", "表单";
    order_id: "Order number", "订单号";
    orders_topic: "What it is about", "问题主题";
    orders_text: "What the customer asks", "买家的问题";
    reply_text: "In your own words", "补充说明";
    attachments: "Files", "附件";
    ground: "Why you should not bear it", "您不应承担的理由";
    condition: "How the goods came back", "退回商品的状况";
    tracking: "Tracking numbers", "追踪编号";
    claims_text: "What happened", "情况说明";
    answer_text: "Your answer", "您的答复";
    appeal_text: "Why the decision is wrong", "您认为该决定有误的理由";
    disputes_reason: "Why you dispute it", "异议理由";
    method: "Way", "方式";
    place: "The address, or where the label is", "地址或标签链接";
    terms_version: "Terms", "条款";
    choices: "Emails to you", "发给您的邮件";
    name: "Name", "姓名";
    email: "Email address", "电子邮件地址";
    grants: "Permissions", "权限";
    window_days: "Days to return something", "退货天数";
    windows: "Other days for some goods", "特定类别商品的退货天数";
    non_returnable: "Goods that cannot be returned", "不可退货的商品";
    return_shipping: "Who pays for sending it back", "退货运费承担方";
    restocking: "What you keep of the price, at most", "最多可扣除的价款比例";
    restocking_late: "Kept if returned late", "逾期退回时扣除";
    restocking_used: "Kept if returned used or damaged", "已使用或损坏时扣除";
    restocking_different: "Kept if something else was returned", "退回的不是原商品时扣除";

    message: "Your answer", "您的答复";
    requests_kind: "Kind of question", "问题类型";
    requests_text: "Question", "问题";
    question_text: "Question", "问题";
    attribute: "What the product's page does not say", "商品页面未说明的内容";
    item_id: "Item", "商品";
    kind: "Decision and reason", "决定与原因";
    inquiries_decision_reason: "Decision and reason", "决定与原因";
    basis: "In other words than the reason's own", "其他说明";
    liable: "Who bears it", "承担方";
    amount: "Amount", "金额";
    amount_minor: "Amount", "金额";
    units: "Units", "件号";
    supersedes: "It takes the place of", "取代以下决定";
    note: "Note for the desk", "内部备注";
    topic: "Topic", "主题";
    into: "Inquiry number", "咨询编号";
    hand_over_reason: "Why the seller has it", "移交原因";
    associate: "Associate", "客服专员";
    associate_id: "Associate, by the name of the sign-in", "客服专员（登录名）";
    languages: "Languages", "语言";
    skills: "Skills", "技能";
    capacity: "Most inquiries at a time", "同时处理的咨询上限";
    capacity_phone: "Most inquiries at a time: Phone", "同时处理的咨询上限：电话";
    capacity_message: "Most inquiries at a time: Message", "同时处理的咨询上限：即时消息";
    capacity_email: "Most inquiries at a time: Email", "同时处理的咨询上限：电子邮件";
    criterion: "Criterion that is not met", "未满足的条件";
    reason: "Why, for the seller to read", "原因（供卖家阅读）";
}

/// The label of a field of the form that is sent by this route; the field as it is where it has none. Of a list or an
/// object each entry is called as the whole, if it is not called by itself.
#[must_use]
pub fn of(language: Language, route: &str, field: &str) -> String {
    let w = Words::of(language);
    let parts: Vec<_> = route.split('/').skip(3).filter(|part| !part.starts_with('{') && *part != "desk").collect();
    let (family, act) = (parts.first().unwrap_or(&""), parts.last().unwrap_or(&""));
    let (whole, _) = field.split_once(['.', '[']).unwrap_or((field, ""));
    let names = [field, whole].map(|name| [format!("{family}_{act}_{name}"), format!("{act}_{name}"), name.to_owned()]);
    let found = names.iter().flatten().find_map(|name| w.named(&name.replace(['.', '-'], "_")));
    found.unwrap_or(field).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_called_as_its_form_calls_it_and_an_unknown_one_as_the_api_does() {
        for (route, field, label) in [
            ("POST /stores/{store}/case-log/{request_id}/reply", "text", "In your own words"),
            ("POST /stores/{store}/claims", "text", "What happened"),
            ("POST /stores/{store}/claims", "tracking[2]", "Tracking numbers"),
            ("POST /stores/{store}/return-policy", "restocking.late", "Kept if returned late"),
            ("POST /stores/{store}/users/{user_id}/grants", "grants.home", "Permissions"),
            ("POST /stores/{store}/desk/inquiries/{inquiry_id}/decision", "reason", "Decision and reason"),
            ("POST /stores/{store}/desk/inquiries/{inquiry_id}/decision", "units[0].ordinal", "Units"),
            ("POST /stores/{store}/desk/inquiries/{inquiry_id}/hand-over", "reason", "Why the seller has it"),
            (
                "POST /stores/{store}/desk/disputes/{seller_id}/{dispute_id}/decision",
                "reason",
                "Why, for the seller to read",
            ),
            ("POST /stores/{store}/mail", "version", "version"),
        ] {
            assert_eq!(of(Language::En, route, field), label, "{route}");
        }
    }
}
