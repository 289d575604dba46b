//! The words of claims, with the codes of what a claim must meet, may rest on, and has come to.

pages::words! {
    claims: "Claims", "赔付申请";
    intro: "If the service refunded a customer and you should not bear it, you can claim the amount back, once per order.", "如果平台客服向买家退款，而您认为不应由您承担，可以申请赔付，每个订单限一次。";
    check: "Check an order", "检查订单";
    check_now: "Check", "检查";
    yours: "Your claims", "您的赔付申请";
    none_yet: "You have filed no claims in this store.", "您在本商城尚未提交赔付申请。";
    filed_at: "Filed", "提交时间";
    deadline: "Deadline", "期限";
    answer_by: "Answer until", "答复期限";
    appeal_by: "Appeal until", "申诉期限";
    no_deadline: "None", "无";
    is_final: "Final", "最终决定";
    the_claim: "Claim about order {0}", "关于订单 {0} 的赔付申请";

    can_be_filed: "A claim about order {0} can be filed.", "可以为订单 {0} 提交赔付申请。";
    cannot_be_filed: "A claim about order {0} cannot be filed.", "无法为订单 {0} 提交赔付申请。";
    is_filed: "You have filed a claim about order {0}.", "您已为订单 {0} 提交赔付申请。";
    exists: "See the claim about this order", "查看此订单的赔付申请";
    criterion: "What a claim must meet", "申请条件";
    met: "Met?", "是否满足";
    yes: "Yes", "满足";
    no: "No", "不满足";
    fact: "Fact", "核对结果";
    at_most: "At most {0} can be granted; {1} if the customer damaged it.", "最多可赔付 {0}；如商品由买家损坏，最多 {1}。";
    returned_at: "The goods came back on {0}.", "商品已于 {0} 退回。";
    refunds: "What was refunded", "退款";
    issued_at: "Refunded", "退款时间";
    paid_back: "Paid back without a claim", "已自动赔付";
    not_yet_paid_back: "No", "否";
    claim_until: "Claim until", "申请期限";

    file: "File a claim", "提交赔付申请";
    your_claim: "Your claim", "您的申请";
    file_now: "File the claim", "提交申请";
    ground: "Why you should not bear it", "您不应承担的理由";
    tracking_numbers: "Tracking numbers", "追踪编号";
    condition: "How the goods came back", "退回商品的状况";
    tracking: "Tracking numbers, one on each line", "追踪编号，每行一个";
    what_happened: "What happened", "情况说明";
    decided_later: "A person looks at every claim. If something is missing, you are asked here and by email.", "每项申请均由专人审核。如缺少信息，我们会在此处并通过邮件询问您。";

    what_you_show: "Your evidence", "您的证明";
    questions: "Questions and answers", "问答";
    not_answered: "There was no answer.", "没有答复。";
    answered_on: "Answered on {0} by {1}", "{1} 于 {0} 答复";
    your_answer: "Answer the question", "回答问题";
    without_answer: "Without an answer in time, the claim is decided on what is there.", "如逾期未答复，将根据现有信息作出决定。";
    verdict: "What was decided", "决定";
    granted_amount: "{0} is paid back to you.", "将向您赔付 {0}。";
    granted_in_all: "{0} in all is paid back to you.", "共向您赔付 {0}。";
    granted_before: "{0}, granted before the appeal, stays yours.", "申诉前批准的 {0} 仍归您所有。";
    on_appeal: "On your appeal: {0}", "申诉：{0}";
    verdict_on_appeal: "What was decided on your appeal", "申诉结果";
    no_verdict_on_appeal: "Nothing is decided on your appeal yet.", "尚未对您的申诉作出决定。";
    denied_by: "Criterion that is not met", "未满足的条件";
    before_appeal: "Decided before the appeal", "申诉前的决定";
    appeal: "Appeal", "申诉";
    appealed_on: "You appealed on {0}", "您于 {0} 提出申诉";
    appeal_once: "You can appeal once. The decision on it is final.", "您可以申诉一次，其结果为最终决定。";
    appeal_text: "Why the decision is wrong", "您认为该决定有误的理由";
    appeal_now: "Appeal", "提交申诉";
    no_verdict: "Nothing is decided yet.", "尚未作出决定。";

    filed: "Filed, nobody has looked at it yet", "已提交，尚未审核";
    awaiting_seller: "Waits for your answer", "等待您的答复";
    under_review: "Being looked at", "审核中";
    granted: "Granted", "已批准";
    denied: "Denied", "已驳回";

    refund_by_service: "The service decided on the refund, and the money went back", "退款由平台客服决定，且款项已退还";
    borne_by_seller: "You bear the refund", "退款由您承担";
    not_paid_back: "It was not paid back without a claim", "尚未自动赔付";
    in_time: "The time to claim is not over", "在申请期限内";
    one_claim: "There was no claim about this order before", "此订单此前没有申请";
    not_contested: "There is no A-to-z claim and no chargeback on the order", "订单没有商城交易保障索赔或拒付";
    evidence: "Your evidence proves what you say", "您的证明足以支持您的说明";
    not_at_fault: "You are not at fault", "您没有过错";

    delivered: "It was delivered, and in time", "已按时送达";
    as_described: "It was as described", "与描述相符";
    customer_damaged: "The customer damaged it", "由买家损坏";
    returned_otherwise: "Something else came back, or not all of it", "退回的商品不同或不完整";
    not_returned: "It never came back", "未退回";
    other: "Another reason", "其他原因";
    original: "As it was sent", "与发出时相同";
    used: "Used", "已使用";
    damaged: "Damaged", "已损坏";
    parts_missing: "Parts are missing", "缺少部件";
    other_item: "It was something else", "是其他商品";
    empty: "The parcel was empty", "包裹为空";

    goodwill: "given out of goodwill", "出于善意给予";
    protected_label: "a delivery under a protected label", "受保护标签下的配送";
}
