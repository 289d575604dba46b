//! The words of disputes, with the codes of what becomes of them.

pages::words! {
    disputes: "Disputes", "异议";
    intro: "Your objections to final statements. A dispute is opened from the units and the contacts of the statement.", "您对最终账单提出的异议。如需提出异议，请打开账单，在商品明细或联系记录中选择相应的项目。";
    none_yet: "You have no disputes.", "您尚未提出异议。";
    disputed: "Disputed", "异议对象";
    statement: "Statement", "账单";
    reason: "Why you dispute it", "异议理由";
    filed_at: "Filed", "提交时间";
    outcome: "Outcome", "结果";
    of_unit: "Order {0}, item {1}, unit {2}, charged {3}", "订单 {0}，商品 {1}，第 {2} 件，计费 {3}";
    of_contact: "Contact about order {0}: {1}, {2}", "关于订单 {0} 的联系：{1}，{2}";

    dispute: "Dispute", "提出异议";
    dispute_unit: "Dispute unit {2} of item {1} of order {0}", "对订单 {0} 商品 {1} 第 {2} 件提出异议";
    dispute_contact: "Dispute a contact about order {0}: {1}", "对订单 {0} 的联系提出异议：{1}";
    how: "Each unit and each contact can be disputed once. If the dispute is accepted, the next statement takes back what was charged; this one stays as it is.", "每件商品和每次联系只能提出一次异议。如获接受，将在下一账单中冲回，本账单保持不变。";
    why_wrong: "Why you dispute it", "异议理由";
    file_now: "File the dispute", "提交异议";

    open: "Not decided yet", "尚未决定";
    accepted: "Accepted", "已接受";
    denied: "Denied", "已驳回";
}
