//! The words of these pages, and how codes of the API are said by them.

use pages::{codes, words::Words as Signs};

pages::words! {
    queue: "Queue", "队列";
    claims: "Claims", "赔付申请";
    disputes: "Disputes", "异议";
    escalations: "Escalations", "升级事项";
    associates: "Associates", "客服专员";
    parked: "Parked messages", "搁置的消息";
    mails: "Rejected emails", "未受理的来信";
    keys: "Keyboard shortcuts", "快捷键";

    next_inquiry: "Next inquiry", "下一个咨询";
    open_by_number: "Inquiry number", "咨询编号";
    open: "Nobody is working on it", "无人处理";
    go: "Open", "打开";
    no_inquiry: "This cannot be the number of an inquiry.", "这不是有效的咨询编号。";
    nothing_live: "No inquiry waits here.", "此处没有待处理的咨询。";
    topic: "Topic", "主题";
    order: "Order", "订单";
    seller: "Seller", "卖家";
    channel: "Channel", "渠道";
    language: "Language", "语言";
    contacts: "Contacts", "联系次数";
    next_word: "Waiting for", "待谁处理";
    state: "State", "状态";
    resolve_by: "Resolve by", "解决期限";
    urgent: "Urgent because", "紧急原因";
    translated: "{0}, to be translated into {1}", "{0}，需翻译为 {1}";
    judgement_owed: "Judgement owed", "待裁定";
    due_soon: "Due soon", "即将到期";
    overdue: "Overdue", "已逾期";
    escalated: "Escalated", "已升级";
    topic_unclear: "Topic to be chosen", "待选择主题";
    guessed: "guessed, {0} of 100 such guesses were right", "推测，此类推测 100 次中 {0} 次正确";
    hint: "nobody is sure; a guess is {0}, {1} of 100 such guesses were right", "尚不确定；推测为 {0}，此类推测 100 次中 {1} 次正确";
    chosen: "chosen by {0}", "由 {0} 选择";
    idle_until: "Back to the queue if nothing is done by", "退回队列时间（如无进展）";
    paused: "The clock is stopped while we wait for the customer.", "等待买家期间暂停计时。";

    working: "{0} is working on it", "{0} 正在处理";
    waiting_seller: "{0} has asked the seller", "{0} 已询问卖家";
    waiting_customer: "{0} has answered the customer", "{0} 已答复买家";
    your_working: "You are working on it", "由您处理";
    your_waiting_seller: "You have asked the seller", "您已询问卖家";
    your_waiting_customer: "You have answered the customer", "您已答复买家";
    resolved: "Resolved", "已解决";
    merged: "Merged into another inquiry", "已并入其他咨询";
    handed_to_seller: "Handed over to the seller", "已移交卖家";
    yours: "You are working on it.", "由您处理。";
    theirs: "{0} is working on it. You can read along, but only {0} can answer and decide.", "{0} 正在处理。您可以查看，但只有 {0} 可以答复和作出决定。";
    goes_on: "It goes on as inquiry {0}.", "以咨询 {0} 继续处理。";
    service: "Service", "平台客服";
    customer: "Customer", "买家";
    nobody: "Nobody", "无";
    phone: "Phone", "电话";
    message: "Message", "即时消息";
    email: "Email", "电子邮件";
    had_the_word: "Time it took, in minutes", "用时（分钟）";
    spent: "Service {0}, seller {1}, customer {2}", "平台客服 {0}，卖家 {1}，买家 {2}";

    inquiry_about: "{0}: order {1}", "{0}：订单 {1}";
    conversation: "Conversation", "对话";
    the_customer: "The customer", "买家";
    by_macro: "with macro {0}", "使用模板 {0}";
    from_seller: "What the seller said", "卖家的说明";
    requests: "Asked of the seller", "向卖家提出的问题";
    asked_at: "Asked {0}", "提问时间 {0}";
    due: "Answer until", "答复期限";
    awaiting: "Awaiting an answer", "等待答复";
    answered_request: "Answered", "已答复";
    expired: "Expired without an answer", "逾期未答复";
    withdrawn: "Withdrawn", "已撤回";
    replied: "Answered on {0} by {1}", "{1} 于 {0} 答复";
    late_reply: "after the deadline", "已超过期限";
    files: "Files", "文件";
    lacking: "The page of {0} does not say: {1}", "商品 {0} 的页面未说明：{1}";
    notes: "Notes", "备注";
    no_decisions: "Nothing is decided yet.", "尚未作出决定。";
    no_notes: "There are no notes yet.", "尚无备注。";
    decisions: "Decisions", "决定";
    history: "History", "历史";

    the_order: "Order {0}", "订单 {0}";
    placed: "Placed {0}", "下单时间 {0}";
    item: "Item", "商品";
    product_id: "Product", "商品编号";
    quantity: "Quantity", "数量";
    price: "Unit price", "单价";
    promised: "Delivery promised by", "承诺送达时间";
    shipped: "Shipped", "已发货";
    shipped_units: "Shipped", "已发货件数";
    handled_by: "Handled by", "处理方";
    in_question: "in question", "涉及本咨询";
    trial_until: "free trial until {0}", "免费试用至 {0}";
    parcels: "Parcels", "包裹";
    parcel: "Parcel", "包裹";
    scanned: "First scan", "首次扫描";
    delivered_on: "Delivered", "送达";
    protected: "protected label", "受保护的标签";
    not_yet: "not yet", "尚未";
    no_parcels: "Nothing has been shipped yet.", "尚无包裹。";
    given: "Given for this order", "本订单已给予";
    paid_out: "Paid out {0}", "已于 {0} 退款";
    came_back: "Came back {0}", "已于 {0} 退回";
    unit_of: "item {0}, unit {1}", "商品 {0}，第 {1} 件";
    units_of: "item {0}, units {1} to {2}", "商品 {0}，第 {1} 至 {2} 件";
    return_policy: "Return policy", "退货政策";
    standard_policy: "standard", "标准政策";
    own_policy: "the seller's version {0}", "卖家版本 {0}";
    window: "Returnable for", "可退货期限";
    returns_none: "Not returnable", "不可退货";
    pays_return: "Return shipping is paid by", "退货运费承担方";
    kept_at_most: "May be kept at most", "最多可扣除";
    kept: "{0}% if late, {1}% if used or damaged, {2}% if something else came back", "逾期退回 {0}%，已使用或损坏 {1}%，退回的不是原商品 {2}%";
    no_policy: "No policy was in force.", "当时没有有效的政策。";
    catalogue: "What the catalogue says", "商品目录信息";
    says: "Says", "内容";
    source: "Source", "来源";
    fact: "Fact", "属性";
    kind: "Decision", "决定";
    basis: "Why", "依据";
    amount: "Amount", "金额";
    liable: "Who bears it", "承担方";
    decided: "Decided", "决定时间";
    decided_by: "By", "决定者";
    an_associate: "an associate", "客服专员";
    rule: "a rule", "规则";
    judgement_after_silence: "a rule, after no answer", "未答复后按规则";
    original: "as it was sold", "原状";
    used: "used", "已使用";
    different: "materially different", "实质不符";

    actions: "What you can do", "操作";
    claim: "Take it", "接手";
    release: "Give it back", "退回队列";
    answer_customer: "Answer the customer", "答复买家";
    your_answer: "Your answer", "您的答复";
    macros: "Canned answers", "答复模板";
    macro_text: "What the customer reads", "买家将看到的内容";
    edit_text: "Change the text", "修改文本";
    other_words: "Answer in your own words", "用自己的话答复";
    resolves: "This resolves the inquiry", "此答复解决该咨询";
    send: "Send", "发送";
    ask_seller: "Ask the seller", "询问卖家";
    question_kind: "Kind of question", "问题类型";
    question: "Question, without a word of the customer", "问题（不得包含买家的话）";
    hours: "The seller has 24 hours to answer.", "卖家有 24 小时答复。";
    attribute: "What the product's page does not say", "商品页面未说明的内容";
    only_for_facts: "for a product fact", "仅用于商品信息";
    ask: "Ask", "提问";
    decide: "Decide", "作出决定";
    decide_what: "Decision and reason", "决定与原因";
    basis_words: "In other words than the reason's own, for the seller to read", "供卖家阅读的其他说明";
    by_topic: "As the topic has it", "按主题默认";
    partial_amount: "Amount, of a partial refund", "金额（部分退款）";
    units_each: "Units of item {0} (1 to {1})", "商品 {0} 的件号（1 至 {1}）";
    units_hint: "As in 1, 3-5. Where no unit is named, it is for every covered one.", "例如 1, 3-5。未指定时适用于所有由平台客服处理的商品。";
    supersedes: "It takes the place of", "取代以下决定";
    amount_like: "must be an amount like {0}", "须为类似 {0} 的金额";
    write_note: "Write a note", "写备注";
    note: "Note for the desk", "内部备注";
    keep_note: "Keep the note", "保存备注";
    choose_topic: "Choose the topic", "选择主题";
    merge: "Merge into another inquiry", "并入其他咨询";
    hand_over: "Hand over to the seller", "移交卖家";
    why_seller: "Why the seller has it", "移交原因";
    reassign: "Give it to an associate", "分配给客服专员";
    associate: "Associate", "客服专员";
    choose: "Please choose", "请选择";
    optional: "optional", "选填";
    seller_took_over: "The seller wrote to the customer itself", "卖家已自行联系买家";
    seller_requested: "The seller wants to settle it itself", "卖家要求自行处理";

    about_escalations: "Inquiries that are overdue or due soon.", "已逾期或即将到期的咨询。";
    nothing_escalated: "Nothing is overdue or due soon.", "没有逾期或即将到期的咨询。";
    languages: "Languages", "语言";
    skills: "Skills", "技能";
    capacity: "At once", "同时处理数量";
    at_once: "Most inquiries at a time: {0}", "同时处理的咨询上限：{0}";
    sign_in_name: "Associate, by the name of the sign-in", "客服专员（登录名）";
    set_by: "Set by", "设置者";
    no_associates: "No associate has a profile yet.", "尚无客服专员档案。";
    set_profile: "Set a profile", "设置档案";
    save: "Save", "保存";

    about_parked: "Messages that failed each time a queue delivered them. Once the cause is fixed, send them again: a message goes out within a minute, unchanged, and comes back here if it still fails.", "队列送达但始终无法处理的消息。排除原因后可重新发送：消息将在一分钟内原样发出；如仍无法处理，会再次出现在此处。";
    nothing_parked: "No message is parked.", "没有搁置的消息。";
    sent_at: "Sent", "发送时间";
    of_queue: "Queue and function", "队列与处理程序";
    why_parked: "Reason, and parked since", "搁置原因与时间";
    the_message: "Message", "消息内容";
    this_message: "The message", "消息内容";
    whole_message: "All of it", "查看全文";
    queue_events: "A fact from the marketplace", "商城发来的事件";
    queue_contacts: "A contact of a customer", "买家的联系";
    queue_clocks: "A deadline that is over", "到期的期限";
    queue_notices: "An email to be sent", "待发送的邮件";
    queue_feedback: "What became of an email", "邮件的投递结果";
    queue_fees: "Rate or statement of a quarter", "季度的费率或账单";
    queue_days: "Figures of a day", "每日的数据";
    queue_mails: "An email that came in", "收到的邮件";
    queue_hooks: "A message to the marketplace's systems", "发往商城系统的消息";
    type_seller_registered: "Seller registered", "卖家注册";
    type_seller_changed: "Seller changed", "卖家信息变更";
    type_order_placed: "Order placed", "下单";
    type_shipment_confirmed: "Shipment confirmed", "确认发货";
    type_carrier_scanned: "Parcel scanned", "承运商扫描";
    type_seller_contacted_customer: "Seller wrote to the customer", "卖家联系买家";
    type_product_described: "Product described", "商品信息";
    type_refund_issued: "Refund issued", "退款发出";
    type_return_received: "Return received", "收到退货";
    type_order_contested: "Order contested", "订单被申诉或拒付";
    alarm_request_reminder: "Reminder of a request", "请求提醒";
    alarm_request_expiry: "Request expires", "请求到期";
    alarm_return_method: "Way back is due", "退货方式到期";
    alarm_refund_due: "Refund is due", "退款到期";
    alarm_claim_answer: "Answer about a claim is due", "赔付申请答复到期";
    alarm_trial_ending: "Trial ends", "试用到期";
    alarm_survey: "Survey", "满意度调查";
    alarm_erasure: "Erasure", "删除个人数据";
    alarm_resolution: "Resolution is due", "解决期限到期";
    alarm_idle_claim: "Nothing is done about an inquiry", "咨询长时间无进展";
    alarm_retention: "Words were kept for long enough", "内容保存期满";
    alarm_digest: "Daily email", "每日摘要邮件";
    parked_malformed_json: "It cannot be read", "无法读取";
    parked_invalid_input: "Something in it is missing or wrong", "内容缺失或有误";
    parked_fact_conflict: "It contradicts what came before", "此前已收到，但内容不同";
    parked_unknown_seller: "Its seller is not known", "卖家未知";
    parked_unknown_order: "Its order is not known", "订单未知";
    parked_unknown_shipment: "Its shipment is not known", "包裹未知";
    parked_unknown_decision: "Its decision is not known", "决定未知";
    parked_unknown_unit: "The order holds no such unit", "订单中没有该件商品";
    parked_order_too_fresh: "The order was too fresh to be judged", "订单过新，尚无法判断";
    must_be_one_of: "must be one of {0}", "须为下列之一：{0}";
    parked_refund_above_decision: "More was paid out than was decided", "退款高于决定的金额";
    parked_not_due: "Its time has not come", "时间未到";
    parked_unknown_store: "Its store is not known, or has no schedule for it", "商城未知，或没有相应的安排";
    parked_fault: "The service failed on it: tell whoever runs it", "服务处理时发生故障，请联系系统维护人员";
    redrive: "Send again", "重新发送";
    next_page: "Next page", "下一页";

    about_mails: "Emails of the last 90 days that led to nothing. Where it was clear which seller wrote, that seller was told why.", "最近 90 天内收到但未受理的来信。能确认发件卖家的，已告知其未受理的原因。";
    no_mails: "No email was rejected.", "没有未受理的来信。";
    received_at: "Received", "收到时间";
    mail_from: "From", "发件人";
    mail_to: "To", "收件人";
    why_not_taken: "Why it was rejected", "未受理原因";
    mail_virus: "A virus was found, or nobody looked for one", "发现病毒，或未经病毒扫描";
    mail_spam: "It is spam, or nobody looked at it", "垃圾邮件，或未经检查";
    mail_not_authenticated: "The sender could not be verified", "发件人身份未经验证";
    mail_no_addressee: "It was sent to no address of ours, and answers nothing of ours", "收件地址不是我们的地址，也不是对我们邮件的回复";
    mail_automatic: "It was sent automatically", "由系统自动发送";
    mail_ours: "We wrote it ourselves", "由我们自己发出";
    mail_too_many: "The sender has written too often that day", "发件人当日来信过多";
    mail_unknown_sender: "Nobody of a seller writes from this address", "没有卖家使用此发件地址";
    mail_not_granted: "The sender may not do this for its seller", "发件人无权代表其卖家执行此操作";
    mail_unseen: "What it answers is not there, or not the sender's", "所回复的内容不存在，或不属于发件人";
    mail_empty: "It says nothing", "邮件没有内容";
    mail_no_order: "It names no order", "未提及订单号";
    mail_not_the_sellers: "It names no order of the seller", "未提及该卖家的订单";
    mail_refused: "What it asks for is not possible", "所请求的操作无法执行";

    no_claims: "No claim is waiting for a lead.", "没有待主管处理的赔付申请。";
    the_claim: "Claim about order {0}", "关于订单 {0} 的赔付申请";
    waits_since: "Waiting since", "开始等待时间";
    ground: "Ground", "理由";
    stage: "Stage", "阶段";
    filed_at: "Filed", "提交时间";
    appealed_against: "The first verdict", "申诉前的决定";
    most: "Most that can be granted", "最高赔付金额";
    most_if_damaged: "If the customer damaged it", "商品由买家损坏时的最高赔付金额";
    tracking: "Tracking numbers", "追踪编号";
    condition: "What came back", "退回状况";
    seller_says: "In the seller's words", "卖家陈述";
    refunds: "Refunds that are claimed back", "申请赔付的退款";
    paid_back: "Paid back without a claim", "已自动赔付";
    refunded_at: "Refunded", "退款时间";
    is_decided: "Decided", "已决定";
    no: "No", "否";
    rounds: "Questions and answers", "问答";
    no_answer: "Not answered.", "未答复。";
    appeal: "Appeal", "申诉";
    verdict: "Verdict", "决定";
    granted: "Granted", "批准";
    denied: "Denied", "驳回";
    filed: "Filed", "已提交";
    awaiting_seller: "Awaiting the seller", "等待卖家";
    under_review: "Under review", "审核中";
    ask_claimant: "Ask the seller for more", "请卖家补充";
    grant: "Grant", "批准";
    deny: "Deny", "驳回";
    customer_damaged: "The customer damaged it", "买家损坏";
    criterion: "Criterion that is not met", "未满足的条件";
    why_denied: "Why, for the seller to read", "原因（供卖家阅读）";
    no_disputes: "No dispute is open.", "没有待处理的异议。";
    statement: "Statement", "账单";
    disputed: "Disputed", "异议对象";
    disputed_unit: "Unit {0} of item {1}, order {2}, charged {3}", "订单 {2} 商品 {1} 第 {0} 件，收费 {3}";
    disputed_contact: "Contact about order {0}: {1}, {2}", "关于订单 {0} 的联系：{1}，{2}";
    about_disputes: "What is accepted is taken back on the seller's next statement. A denial needs a reason, which the seller reads.", "接受后，该项将在卖家的下一账单中冲回。驳回须填写原因，供卖家阅读。";
    accept: "Accept", "接受";
    you_wrote: "What you wrote", "您填写的内容";

    key: "Key", "按键";
    does: "What it does", "作用";
    where_keys: "While they are on, keys work on pages of the desk when no field is being filled in. Each does what a link or a button of the page does.", "开启后，在客服页面上，只要光标不在输入框中，快捷键即可使用。每个按键的作用与页面上相应的链接或按钮相同。";
    key_rows: "Next row, previous row", "下一行、上一行";
    key_find: "Open an inquiry by its number", "按编号打开咨询";
    key_help: "This page", "本页";

    opened: "Opened", "已创建";
    contact_joined: "Another contact", "再次联系";
    reopened: "Reopened", "已重新打开";
    claimed: "Taken", "已接手";
    released: "Given back", "已退回队列";
    idle: "nothing came of it for too long", "长时间无进展";
    given_back: "by whoever held it", "由处理人退回";
    reassigned: "Given to", "已分配给";
    noted: "Note", "备注";
    topic_chosen: "Topic chosen", "已选择主题";
    seller_asked: "Seller asked", "已询问卖家";
    seller_replied: "Seller answered", "卖家已答复";
    answered: "Answer to the customer", "已答复买家";
    recalled: "Taken up again", "重新处理";
    answer_bounced: "the mail with the answer did not arrive", "答复邮件未送达";
    mail_waiting: "The mail has not left yet", "邮件尚未发出";
    mail_sent: "Mailed", "邮件已发出";
    mail_delivered: "The mail was delivered", "邮件已送达";
    mail_bounced: "The mail did not arrive", "邮件未送达";
    mail_suppressed: "Not mailed: there is no address that may be mailed", "未发送邮件：没有可用的邮箱地址";
    mail_unknown: "Nobody knows whether the mail has left", "无法确定邮件是否已发出";
    quoted: "Quoted text", "引用的内容";
    mail_file_opens: "({1}, {2} KB)", "（{1}，{2} KB）";
    mail_file: "File: {0} ({1}, {2} KB), not opened here", "附件：{0}（{1}，{2} KB），此处不打开";
    mail_cut: "The mail is too long: its rest was not read", "邮件过长，其余部分未读取";
    head_cut: "The head of the mail is too long: its rest was not read", "邮件头过长，其余部分未读取";
    text_cut: "The text is too long: its rest is not shown", "正文过长，其余部分未显示";
    html_cut: "The HTML is too long: its rest is not shown", "HTML 过长，其余部分未显示";
    too_many_parts: "The mail has too many parts: not all were read", "邮件部分过多，未全部读取";
    too_deep: "The mail is nested too deep: not all was read", "邮件嵌套过深，未全部读取";
    no_boundary: "The parts of the mail could not be told apart", "无法区分邮件的各部分";
    unclosed: "The mail ends early: something may be missing", "邮件提前结束，可能有缺失";
    charset_unknown: "The text is in an unknown character set, which was guessed", "字符集未知，已作推测";
    charset_wrong: "The text is not in the character set that it names: it was guessed", "字符集与声明不符，已作推测";
    encoding_broken: "A part could not be decoded", "部分内容无法解码";
    sealed: "A part is encrypted", "部分内容已加密";
    archive: "A file contains files: it was not opened", "附件为压缩包，未打开";
    hard_bounced: "no such address, or it takes nothing from us", "邮箱地址不存在或拒收";
    soft_bounced: "the mailbox could not take it", "邮箱暂时无法接收";
    rejected: "it was not let out", "邮件被拦截";
    refund_overdue: "the refund did not go out in time", "退款未按时发出";
    absorbed: "Another inquiry was merged into it", "其他咨询已并入";
    marketplace: "the marketplace", "商城";
    the_service: "the service", "平台客服";

    ground_delivered: "It was delivered, and in time", "已按时送达";
    as_described: "It was as described", "与描述相符";
    returned_otherwise: "Something else came back, or not all", "退回的并非原物或不完整";
    not_returned: "It never came back", "未退回";
    parts_missing: "Parts are missing", "缺少部件";
    other_item: "It is something else", "并非原物";
    empty: "The parcel was empty", "空包裹";
    protected_label: "Delivery under a protected label", "受保护标签下的配送";
    refund_by_service: "Refunded by the service", "由平台客服退款";
    borne_by_seller: "Borne by the seller", "由卖家承担";
    not_paid_back: "Not paid back without a claim", "尚未自动赔付";
    in_time: "In time", "在期限内";
    one_claim: "One claim per order", "每个订单一次赔付申请";
    not_contested: "Not contested elsewhere", "没有商城交易保障索赔或拒付";
    evidence: "The evidence proves it", "卖家的证明足以支持其说明";
    not_at_fault: "The seller is not at fault", "卖家无过错";
}

impl Words {
    /// What stands between words, and around them.
    #[must_use]
    pub const fn signs(&self) -> &'static Signs {
        Signs::of(self.written_in)
    }

    /// A code of the API as people read it: by its words, or as it is with spaces.
    #[must_use]
    pub fn said(&self, code: &str) -> String {
        codes::said(self.written_in, self.named(code), code)
    }

    /// What a claim rests on; that something was delivered says more there than of a parcel.
    #[must_use]
    pub fn asserted(&self, ground: &str) -> String {
        self.said(if ground == "delivered" { "ground_delivered" } else { ground })
    }

    /// How far a claim has come; when something was decided is said by the same code.
    #[must_use]
    pub fn stage_of(&self, stage: &str) -> String {
        self.said(if stage == "decided" { "is_decided" } else { stage })
    }

    /// Why nothing came of a mail.
    #[must_use]
    pub fn not_taken(&self, cause: &str) -> String {
        self.said(&format!("mail_{cause}"))
    }

    /// Who bears it; what is not settled is no state of an inquiry.
    #[must_use]
    pub fn bearer(&self, liable: &str) -> String {
        self.said(if liable == "open" { "open_liability" } else { liable })
    }
}
