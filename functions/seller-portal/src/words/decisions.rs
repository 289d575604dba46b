//! The words of decisions and of what was handed over, with the codes of issues and of reasons.

pages::words! {
    decisions: "Decisions", "决定";
    none_yet: "Nothing was decided about your orders yet.", "尚无关于您订单的决定。";
    the_decision: "Decision about order {0}", "关于订单 {0} 的决定";
    see_decision: "See this decision", "查看此决定";
    see_claim: "See the claim that you filed", "查看您提交的赔付申请";
    check_claim: "See whether it can be claimed back", "查看是否可以申请赔付";
    units: "Units", "件号";
    one_unit: "{0}", "第 {0} 件";
    unit_range: "{0} to {1}", "第 {0} 至 {1} 件";
    each: "Per unit", "每件金额";
    return_shipping: "Pays for sending it back", "退货运费承担方";
    supersedes: "Takes the place of", "取代";

    how_back: "How the goods come back", "商品退回方式";
    name_by: "You sell from abroad, so you name a way for the goods to come back until {0}. Without one, the service may refund without a return.", "您在境外销售，请在 {0} 前指定商品退回方式。否则平台客服可能直接退款而不要求退货。";
    method: "Way", "方式";
    local_address: "To an address in the country of the store", "寄往商城所在国家/地区的地址";
    prepaid_label: "With a label that you paid for", "使用您付费的退货标签";
    refund_without_return: "Not at all: refund without a return", "无需退货，直接退款";
    place: "The address, or where the label is", "地址或标签链接";
    not_for_refund: "not for a refund without a return", "直接退款时不填";
    name_it: "Name this way", "确认此方式";

    hand_overs: "Handed over to you", "移交给您";
    intro: "What the service does not answer for you: from then on you answer your customer yourself.", "平台客服不代为答复的事项，此后由您自行答复买家。";
    nothing_handed_over: "Nothing was handed over to you.", "没有移交给您的事项。";
    issue: "About", "事项";
    reason: "Why", "原因";
    at: "When", "时间";
    product: "The product", "商品";
    returning: "Sending it back", "退货";
    refund: "The refund", "退款";
    order: "The order and its payment", "订单与付款";
    other: "Something else", "其他";
    seller_took_over: "You wrote to the customer yourself.", "您已自行联系买家。";
    seller_requested: "You wanted to settle it with the customer yourself.", "您希望自行与买家解决。";
    pre_order: "It was a question before any order.", "属于下单前的咨询。";
    invoice: "It was about an invoice.", "与发票有关。";
    customization: "It was about customization.", "与定制有关。";
}
