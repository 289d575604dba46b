//! The words of return policies, with the codes of their stages and of groups of goods.

pages::words! {
    title: "Return policy", "退货政策";
    intro: "Your own policy must be at least as good for the customer as the standard one, field by field.", "您自己的政策在每一项上都不得逊于标准政策。";
    standard_in_force: "Orders that are placed now have the standard policy.", "现在下的订单适用标准政策。";
    own_in_force: "Orders that are placed now have your version {0}, in force since {1}.", "现在下的订单适用您的版本 {0}，自 {1} 起生效。";
    is_draft: "Version {0} is a draft. Submit it, so that the service looks at it.", "版本 {0} 为草稿。请提交以供平台客服审核。";
    is_submitted: "Version {0} is being looked at, since {1}.", "版本 {0} 自 {1} 起审核中。";
    is_approved: "Version {0} was approved on {1}.", "版本 {0} 已于 {1} 获批准。";
    is_rejected: "Version {0} was rejected on {1}:", "版本 {0} 已于 {1} 被拒绝：";
    submit: "Submit version {0}", "提交版本 {0}";

    compared: "The policies side by side", "政策对比";
    standard_policy: "The standard policy", "标准政策";
    field: "Field", "项目";
    standard: "Standard", "标准";
    in_force: "Yours, version {0}", "您的版本 {0}";
    against: "Against the standard", "与标准相比";
    better: "better than the standard policy", "优于标准政策";
    same: "the same as the standard policy", "与标准政策相同";
    worse: "worse than the standard policy", "逊于标准政策";

    write: "Write the next version", "编写新版本";
    write_now: "Save as a draft", "保存为草稿";
    window_days: "Days to return something", "退货天数";
    windows: "Other days for some goods", "特定类别商品的退货天数";
    non_returnable: "Goods that cannot be returned", "不可退货的商品";
    return_shipping: "Who pays for sending it back", "退货运费承担方";
    restocking: "What you keep of the price, at most", "最多可扣除的价款比例";
    late: "Kept if returned late", "逾期退回时扣除";
    used: "Kept if returned used or damaged", "已使用或损坏时扣除";
    different: "Kept if something else was returned", "退回的不是原商品时扣除";
    window_of: "{0}: days", "{0} 的天数";
    never_of: "{0}: not returnable", "{0} 不可退货";
    days_how: "Without days of their own, goods have those above.", "未单独填写天数的商品适用上述天数。";
    worse_here: "Worse than the standard.", "逊于标准。";
    percent: "%", "%";
    seller: "You", "您";
    customer: "The customer", "买家";
}
