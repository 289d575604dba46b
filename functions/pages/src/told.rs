//! What the functions behind the API say of refusals, problems and facts, as people read it on a page: in the language of
//! the page, with times on the store's clock and nothing that only the API knows. What is not known here stays as it is
//! said, in English.

use crate::{codes, frame::Frame, frame::fill, words::Language};
use chrono::{DateTime, Utc};

/// A sentence of the API with its values, and both that a page says for it; nothing where English needs no other one. `{5}`
/// is the first value by what it is called as a code.
type Said = (&'static str, &'static str, &'static str);

#[rustfmt::skip]
const PROBLEMS: [Said; 36] = [
    ("is missing", "", "为必填项"),
    ("must say something, unless a question is answered or a file is sent", "", "须填写，除非已回答任一问题或上传文件"),
    ("is missing, and so is macro: send one of them", "is missing", "为必填项"),
    ("is missing, and the text names no order", "", "未填写，文中也未提及订单"),
    ("is missing, and the text names no order of yours", "", "未填写，文中也未提及您的订单"),
    ("is needed: the text names several orders of yours, {0}", "", "为必填项：文中提及您的多个订单（{0}）"),
    ("{0} is no order of yours", "", "{0} 不是您的订单"),
    ("must not be empty", "", "不能为空"),
    ("must be at most {0} characters, and has {1}", "", "最多 {0} 个字符，目前为 {1} 个"),
    ("must be a text of 1 to {0} characters", "", "须为 1 至 {0} 个字符"),
    ("must be 1 to {0} characters on one line", "", "须为一行，1 至 {0} 个字符"),
    ("must be 1 to 64 characters of A-Z a-z 0-9 . _ -", "", "须为 1 至 64 个字符，仅限 A-Z a-z 0-9 . _ -"),
    ("must be a string", "must be a text", "须为文本"),
    ("must be a mail address", "", "须为电子邮件地址"),
    ("must be a whole number, {0} or more", "", "须为不小于 {0} 的整数"),
    ("must be a whole number of hundredths of a percent from {0} to {1}", "must be 0 to 100 percent, with at most two decimals", "须为 0% 至 100%，最多两位小数"),
    ("must be a whole number of days for each category", "must be whole numbers of days", "须为整数天数"),
    ("must be a whole number from {0} to {1}", "", "须为 {0} 至 {1} 的整数"),
    ("must be a day like 2026-08-04", "", "须为日期，例如 2026-08-04"),
    ("must not lie more than an hour in the future", "", "不得晚于当前时间一小时以上"),
    ("must have at most {0} entries, and has {1}", "", "最多 {0} 项，目前为 {1} 项"),
    ("must be one of {0}", "must be one of the choices", "须为可选项之一"),
    ("must not name a file twice", "", "同一文件不能重复"),
    ("was not uploaded as it is declared here: get an upload link for this declaration, and upload it", "was not uploaded; choose it and send it again", "文件未上传成功，请重新选择并提交"),
    ("is missing: where the goods go, or where the label is", "", "须写明商品寄往何处或标签在何处；直接退款时不填"),
    ("{0} must be at most {1} days", "{5} must be at most {1} days", "{5} 最多 {1} 天"),
    ("{0} has days in windows", "{5} has days of its own", "{5} 已另填天数"),
    ("{0} is no topic of store {1}", "is no topic of this store", "不是本商城的主题"),
    ("is the id of no inquiry", "is not the number of an inquiry", "不是咨询编号"),
    ("is not asked for", "", "未被询问"),
    ("must be one that fits the inquiry: {0}", "must be one that fits the inquiry", "须为适合此咨询的模板"),
    ("is no slot of {0}", "", "不属于模板 {0}"),
    ("is filled in by the service", "", "由系统自动填写"),
    ("differs from what was sent under the same name before, which stands", "differs from what came before under the same number, which stands", "与此前以同一编号发送的内容不同，以此前的为准"),
    ("{0} is no store: the stores are {1}", "", "{0} 不是商城，现有商城：{1}"),
    ("is a matter of the topic: choose that topic instead", "", "属于主题问题：请改选该主题"),
];

#[rustfmt::skip]
const OF_SELLERS: [Said; 38] = [
    ("There is no such {0}.", "", "找不到该内容，或您无权查看。"),
    ("Only the primary user of this seller may do this.", "", "仅主用户可执行此操作。"),
    ("Only a user of this seller may do this; its primary user can invite you.", "", "仅该卖家的用户可执行此操作，主用户可邀请您。"),
    ("This user may not {0} {1} of this seller; the seller's primary user can grant it.", "You may not do this; the primary user can grant it.", "您无权执行此操作，主用户可授予权限。"),
    ("To opt in, these must be met first: {0}.", "Something that joining asks for is not met.", "尚未满足加入服务的条件。"),
    ("The terms in force are {0}; {1} cannot be accepted.", "", "现行条款为 {0}，无法接受 {1}。"),
    ("Somebody with this address is a user of this seller already; change what that user may do instead.", "", "该地址的用户已存在，请改为更改其权限。"),
    ("Too many changes at once: send this one again in a moment, with the same Idempotency-Key.", "Too many changes at once: try again in a moment.", "操作过于频繁，请稍后再试。"),
    ("A seller has at most {0} users and open invitations: remove one of them first.", "", "每个卖家最多有 {0} 个用户和待处理邀请，请先移除其中一个。"),
    ("At most {0} secondary users of a seller are mailed one kind of notice: one of them has to end it first.", "", "同一类邮件最多发送给 {0} 个用户，须先有一个用户停止接收。"),
    ("Users can be granted up to view: who invites and grants is the primary user.", "", "“用户”权限最高为查看：邀请和授权由主用户进行。"),
    ("The primary user stays, and holds everything; another one can be made primary first.", "", "主用户始终拥有全部权限；请先指定其他主用户。"),
    ("The account has changed since you looked at it; look again, and ask on the version you see then.", "The account has changed since you looked at it. Look it over and send it again.", "账户在您查看之后已更改。请核对后重新提交。"),
    ("You are a user of this seller already.", "", "您已是该卖家的用户。"),
    ("This request is withdrawn: the case was handed over to you.", "", "此请求已撤回：案例已移交给您。"),
    ("This request is withdrawn: the case goes on in another one.", "", "此请求已撤回：案例已并入另一案例。"),
    ("This request has been answered already; the first reply stands.", "", "此请求已答复，以首次答复为准。"),
    ("The service has decided this case without a reply; it can no longer be answered.", "", "平台客服已在没有答复的情况下作出决定，无法再答复。"),
    ("A version of this policy is being looked at; the next one can be written after that.", "", "有一个版本正在审核，审核结束后才能编写下一版本。"),
    ("The latest version of this policy is {0}; look at it, and name that one.", "The latest version of this policy is {0}; look at that one.", "此政策的最新版本为 {0}，请查看该版本。"),
    ("Version {0} was decided already; a new version can be written.", "", "版本 {0} 已作出决定，可编写新版本。"),
    ("Worse than the standard policy: {0}.", "Worse than the standard policy where it is marked.", "标出的项目逊于标准政策。"),
    ("No way back is needed: nothing is to come back by this decision, or the seller is in the store's country.", "", "无需指定退货方式：此决定无需退回商品，或您位于商城所在国家/地区。"),
    ("A way back was named before; it stands.", "", "此前已指定退货方式，以其为准。"),
    ("Another decision took the place of this one, so no way back is needed for it.", "", "此决定已被另一决定取代，无需再指定退货方式。"),
    ("This was disputed before; a unit or a contact can be disputed once.", "", "此前已提出异议，每件商品或每次联系只能提出一次。"),
    ("This statement is a draft; it can be disputed once it is final.", "", "此账单为草稿，成为最终账单后方可提出异议。"),
    ("This statement could be disputed until {0}.", "", "对此账单提出异议的期限已于 {0} 结束。"),
    ("This unit was free, or this contact did not count: there is nothing to take back.", "", "此件商品免费，或此次联系未计入，没有可退还的费用。"),
    ("This dispute is decided, and stays so.", "", "此异议已作出决定，不再更改。"),
    ("Nothing is asked about this claim, or it is answered already; the first answer stands.", "", "此赔付申请没有待答的问题，或已答复；以首次答复为准。"),
    ("This claim is not decided yet; it can be appealed once it is.", "", "此赔付申请尚未作出决定，决定后方可申诉。"),
    ("There is an appeal, and there can be no other one; its verdict is final.", "There is an appeal, and there can be no other one; its decision is final.", "已提出申诉，不能再次申诉，其结果为最终决定。"),
    ("There is an A-to-z claim or a chargeback on this order, so its claim cannot be appealed.", "", "此订单有商城交易保障索赔或拒付，因此无法申诉。"),
    ("An A-to-z claim or a chargeback was opened on this order.", "", "此订单有商城交易保障索赔或拒付。"),
    ("This claim could be appealed until {0}.", "", "申诉期限已于 {0} 结束。"),
    ("Signing in did not work, or took more than ten minutes. Please begin again (sign_in_{0}).", "", "登录失败，或超过十分钟。请重新登录（sign_in_{0}）。"),
    ("The seller has until {0}, and it is looked at after that.", "", "卖家可在 {0} 前答复，此后再处理。"),
];

#[rustfmt::skip]
const OF_THE_DESK: [Said; 33] = [
    ("A lead has to set your profile first.", "", "须先由主管为您设置档案。"),
    ("Nothing waits that fits your languages, topics and free places; ask again later.", "", "没有符合您的语言、主题和空余名额的待处理咨询，请稍后再试。"),
    ("{0} works on this inquiry; a lead can give it to you.", "", "{0} 正在处理此咨询，主管可将其转交给您。"),
    ("This inquiry is resolved; it opens again when the customer writes about it in time.", "", "此咨询已解决；买家在期限内再次来信时会重新打开。"),
    ("This inquiry goes on as {0}: open that one.", "", "此咨询已并入咨询 {0}，请打开该咨询。"),
    ("The seller has taken this inquiry over; there is nothing more to do here.", "", "卖家已接手此咨询，无需再处理。"),
    ("This inquiry is not ours; the seller has it, and there is nothing more to do here.", "", "此咨询不属于我们，由卖家处理，无需再处理。"),
    ("This inquiry is over; a later one about the same issue followed it: open that one.", "", "此咨询已结束，同一事项已有后续咨询，请打开该咨询。"),
    ("Nobody holds this inquiry: claim it first. A claim that was idle has to be made again.", "Nobody works on this inquiry: take it first. What was idle for too long has to be taken again.", "此咨询无人处理，请先接手。长时间无进展的咨询须重新接手。"),
    ("The customer has the next word; this inquiry can be given back once the customer has written.", "", "正在等待买家，买家来信后方可退回队列。"),
    ("The seller has been asked, and its 24 hours are running: go on when it has replied, or they are over.", "", "已询问卖家，请在其答复后或 24 小时期限结束后继续。"),
    ("An inquiry is merged only into another open one of the same customer, order and seller.", "", "只能并入同一买家、同一订单、同一卖家的另一个未结咨询。"),
    ("Such a decision rests on one of these reasons: {0}.", "This reason does not fit this decision.", "此原因不适用于该决定。"),
    ("A refund without return has one of these grounds: {0}.", "This reason does not allow a refund without return.", "此原因不允许退款不退货。"),
    ("Unit {0} of item {1} is no covered unit of this inquiry.", "", "商品 {1} 第 {0} 件不属于此咨询的服务范围。"),
    ("The whole price of unit {0} of item {1} went back before: leave it out.", "", "商品 {1} 第 {0} 件的价款此前已全部退还，请勿选择该件。"),
    ("From {0} to {1} may go back for these units.", "", "这些商品可退还 {0} 至 {1}。"),
    ("Decision {0} holds for these units; name it in `supersedes` to replace it.", "Decision {0} holds for these units; mark it where the form says what is taken the place of.", "这些商品已有决定 {0}；如需取代，请在“取代以下决定”中勾选。"),
    ("Decision {0} does not hold for any of these units; do not name it in `supersedes`.", "Decision {0} does not hold for any of these units; do not mark it where the form says what is taken the place of.", "决定 {0} 不适用于这些商品，请勿在“取代以下决定”中勾选。"),
    ("The promised date is not over, or the carrier delivered by then.", "", "承诺送达日期未过，或承运商已按时送达。"),
    ("The return policy of this order takes it back.", "", "此订单的退货政策允许退货。"),
    ("The return policy of this order does not take it back.", "", "此订单的退货政策不允许退货。"),
    ("Not all of these units came back.", "", "这些商品尚未全部退回。"),
    ("The seller has named a way back, or still has time to.", "", "卖家已指定退货方式，或指定期限未过。"),
    ("The seller has not named a refund without return.", "", "卖家未指定退款不退货。"),
    ("One of these units has shipped.", "", "其中一件商品已发货。"),
    ("So this reason does not fit: choose another one.", "", "因此该原因不适用，请另选原因。"),
    ("The seller has not submitted this version; it can be decided once it has.", "", "卖家尚未提交此版本，提交后方可作出决定。"),
    ("This claim is decided: nothing can be asked, answered or decided about it now.", "", "此赔付申请已作出决定，目前无法再提问、答复或决定。"),
    ("The seller was asked and has until {0}; decide once it has answered, or after that.", "", "已询问卖家，卖家可在 {0} 前答复；请在其答复后或期限结束后作出决定。"),
    ("So much was asked about this claim that nothing more can be: decide it on what is there.", "", "提问次数已达上限，请根据现有信息作出决定。"),
    ("At most {0} can be granted for this order, and more than {1}.", "", "此订单最多可赔付 {0}，且须高于 {1}。"),
    ("At most {0} can be granted for this order.", "", "此订单最多可赔付 {0}。"),
];

#[rustfmt::skip]
const FACTS: [Said; 14] = [
    ("A refund was issued by a decision of the service.", "", "已根据平台客服的决定退款 1 笔。"),
    ("{0} refunds were issued by a decision of the service.", "", "已根据平台客服的决定退款 {0} 笔。"),
    ("Nothing was refunded by a decision of the service.", "", "没有根据平台客服的决定退款。"),
    ("The seller bears what was refunded.", "You bear what was refunded.", "退款由您承担。"),
    ("The seller does not bear what was refunded.", "You do not bear what was refunded.", "退款不由您承担。"),
    ("It was not paid back without a claim.", "", "尚未自动赔付。"),
    ("It was paid back without a claim (CLM-4).", "It was paid back without a claim.", "已自动赔付。"),
    ("A claim can be filed until {0}.", "", "可在 {0} 前提交申请。"),
    ("A claim could be filed until {0}.", "", "提交申请的期限已于 {0} 结束。"),
    ("There was no claim for refunds of that time.", "", "当时的退款不能申请赔付。"),
    ("There was no claim about this order.", "", "此订单此前没有赔付申请。"),
    ("Claim {0} is about this order, and there is one for each.", "", "此订单已有赔付申请 {0}，每个订单只能申请一次。"),
    ("There is no A-to-z claim and no chargeback on this order.", "", "此订单没有商城交易保障索赔，也没有拒付。"),
    ("{0} was opened on this order at {1}.", "{0} was opened on this order on {1}.", "此订单于 {1} 出现商城交易保障索赔或拒付。"),
];

/// Why a message is parked, for the leads of its store.
#[rustfmt::skip]
const OF_THE_PARKED: [Said; 20] = [
    ("Seller {0} is not registered (yet): send this again once it is.", "", "卖家 {0} 尚未登记，登记后请重新发送。"),
    ("Order {0} is not known (yet): send this again once it is.", "", "尚无订单 {0}，收到该订单后请重新发送。"),
    ("Shipment {0} of order {1} is not confirmed (yet): send this again once it is.", "", "订单 {1} 的包裹 {0} 尚未确认，确认后请重新发送。"),
    ("This seller's part of the order has no decision {0} (yet): check the id, then send this again.", "", "该卖家在此订单中没有决定 {0}，请核对编号后重新发送。"),
    ("Order {0} is placed at {1} and judged {2} seconds later at the earliest: send this again then.", "", "订单 {0} 于 {1} 下单，最早在 {2} 秒后判断，届时请重新发送。"),
    ("Order {0} has no unit {1} of item {2} by this seller.", "", "订单 {0} 中没有该卖家的商品 {2} 第 {1} 件。"),
    ("Seller {0} sells nothing in order {1}.", "", "卖家 {0} 在订单 {1} 中没有商品。"),
    ("must be a time like 2026-11-22T09:30:00Z, of a year from 2000 to 2199", "", "须为时间，例如 2026-11-22T09:30:00Z，年份为 2000 至 2199"),
    ("must be two capital letters, like US", "", "须为两个大写字母，例如 US"),
    ("must be true or false", "", "须为 true 或 false"),
    ("must be a list", "", "须为列表"),
    ("must be an object", "", "须为对象"),
    ("must not name an item twice", "", "同一商品不能重复"),
    ("{0} is no topic", "", "{0} 不是主题"),
    ("is no JSON: {0}", "", "不是有效的 JSON：{0}"),
    ("is nothing that is sent here: {0}", "", "不是此处应有的内容：{0}"),
    ("{0} has no schedule for webhooks of that time", "", "商城 {0} 没有该时间发往商城系统的消息安排"),
    ("{0} sells nothing in this order", "", "{0} 在此订单中没有商品"),
    ("Decision {0} gives less than {1}: no more than it gives is paid out by it.", "", "决定 {0} 的金额低于 {1}，实际退款不得超过决定的金额。"),
    ("This clock rings at {0}, and not before.", "", "此期限于 {0} 到期，此前不处理。"),
];

/// On what a decision rests (JDG-2): what the reasons of the book say, and what the rule after a silence does.
#[rustfmt::skip]
const BASES: [Said; 22] = [
    ("The customer's question is answered.", "", "已答复买家的问题。"),
    ("The parcel is on its way.", "", "包裹正在运输途中。"),
    ("The facts give no ground for more.", "", "现有事实不支持进一步处理。"),
    ("Not received by the promised date.", "", "未在承诺日期前收到。"),
    ("The carrier says delivered, and the customer has nothing.", "", "承运商显示已送达，但买家未收到。"),
    ("Delivered after the promised date.", "", "在承诺日期之后送达。"),
    ("Arrived damaged.", "", "送达时已损坏。"),
    ("Does not work as it should.", "", "无法正常使用。"),
    ("Another item was delivered.", "", "送达的是其他商品。"),
    ("Parts are missing.", "", "缺少部件。"),
    ("Not as the product's page describes it.", "", "与商品页面的描述不符。"),
    ("Damaged or defective, and not returnable.", "", "损坏或有缺陷，且不可退货。"),
    ("Unsafe to send back.", "", "退回不安全。"),
    ("The seller is abroad and named no way to send it back.", "", "卖家位于境外，且未指定退货方式。"),
    ("The seller refunds without a return.", "", "卖家退款且不要求退货。"),
    ("Neither the product's page nor the seller answers the question.", "", "商品页面和卖家均未能解答该问题。"),
    ("The customer does not want it any more.", "", "买家不再需要该商品。"),
    ("The goods came back.", "", "商品已退回。"),
    ("The seller did not reply within 24 hours.", "", "卖家未在 24 小时内答复。"),
    ("Cancelled before it was shipped.", "", "发货前已取消。"),
    ("Goodwill.", "", "善意补偿。"),
    ("The seller did not reply within 24 hours; rule for topic {0}.", "The seller did not reply within 24 hours; rule for the topic “{5}”.", "卖家未在 24 小时内答复；已按主题“{5}”的规则处理。"),
];

fn all() -> impl Iterator<Item = &'static Said> {
    PROBLEMS.iter().chain(&OF_SELLERS).chain(&OF_THE_DESK).chain(&FACTS).chain(&OF_THE_PARKED)
}

/// On what a decision rests, as a page says it. What an associate wrote instead is no sentence of ours, and stays.
#[must_use]
pub fn basis(frame: &Frame<'_>, said: &str) -> String {
    sentence(frame, said, BASES.iter()).unwrap_or_else(|| said.to_owned())
}

/// What the API says, as a page says it.
#[must_use]
pub fn told(frame: &Frame<'_>, said: &str) -> String {
    if let Some(told) = sentence(frame, said, all()) {
        return told;
    }
    // Several facts come as one text.
    let each: Option<Vec<_>> = said.split_inclusive(". ").map(|one| sentence(frame, one.trim_end(), all())).collect();
    let between = if frame.language == Language::En { " " } else { "" };
    each.map_or_else(|| said.to_owned(), |each| each.join(between))
}

fn sentence(frame: &Frame<'_>, said: &str, mut known: impl Iterator<Item = &'static Said>) -> Option<String> {
    let (values, english, chinese) = known.find_map(|(api, english, chinese)| {
        let english = if english.is_empty() { api } else { english };
        Some((values(api, said)?, *english, *chinese))
    })?;
    let read = |value: &&str| value.parse::<DateTime<Utc>>().map_or_else(|_| (*value).to_owned(), |at| frame.time(&at));
    let called = |value: &&str| codes::said(frame.language, None, value);
    let mut with = vec![String::new(); 5];
    with.splice(..values.len().min(5), values.iter().map(read));
    with.extend(values.iter().map(called));
    let with: Vec<_> = with.iter().map(String::as_str).collect();
    Some(fill(if frame.language == Language::En { english } else { chinese }, &with))
}

/// The values in a text, if it is this sentence.
fn values<'t>(sentence: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut parts = sentence.split('{').map(|part| part.split_once('}').map_or(part, |(_, after)| after));
    let mut left = text.strip_prefix(parts.next()?)?;
    let (mut values, mut parts) = (Vec::new(), parts.peekable());
    while let Some(part) = parts.next() {
        let (value, after) =
            if parts.peek().is_none() { (left.strip_suffix(part)?, "") } else { left.split_once(part)? };
        values.push(value);
        left = after;
    }
    (left.is_empty() && values.iter().all(|value| !value.is_empty())).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, path::Path};

    /// Everything in the sources below this place, each line end with the indentation after it as nothing.
    fn sources(place: &Path) -> String {
        let entries = fs::read_dir(place).unwrap().map(|entry| entry.unwrap().path());
        let texts = entries.map(|entry| match entry.extension() {
            _ if entry.is_dir() => sources(&entry),
            Some(kind) if kind == "rs" && !entry.ends_with("pages/src/told.rs") => fs::read_to_string(&entry).unwrap(),
            _ => String::new(),
        });
        texts.collect()
    }

    #[test]
    fn each_sentence_is_one_that_a_rule_or_a_function_still_says() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let book = fs::read_to_string(root.join("domain/data/reasons.toml")).unwrap();
        let text = ["domain/src", "functions"].map(|part| sources(&root.join(part))).concat() + &book;
        for (api, english, chinese) in all().chain(&BASES) {
            // Some are put together where they are said.
            let parts = api.split(['{', '}']).step_by(2).flat_map(|part| part.split(", and more"));
            for part in parts.flat_map(|part| part.split(" by a decision")) {
                assert!(text.contains(part.trim_end_matches('.')), "{api}: {part}");
            }
            let holes = |sentence: &str| sentence.matches('{').count();
            assert!(holes(english) <= holes(api) && holes(chinese) <= holes(api), "{api}");
        }
    }

    #[test]
    fn what_is_said_is_told_in_the_language_of_the_page_and_on_the_clock_of_its_store() {
        let book = domain::book::Book::shipped().unwrap();
        let store = book.store(&"US".parse().unwrap());
        let [english, chinese] = [Language::En, Language::Zh].map(|language| Frame::bare(language, "", store));
        for (said, in_english, in_chinese) in [
            ("is missing", "is missing", "为必填项"),
            (
                "must be at most 10 characters, and has 12",
                "must be at most 10 characters, and has 12",
                "最多 10 个字符，目前为 12 个",
            ),
            ("baby must be at most 9 days", "Baby products must be at most 9 days", "母婴用品最多 9 天"),
            (
                "A claim can be filed until 2026-08-03T15:00:00+00:00.",
                "A claim can be filed until Aug 3, 2026, 08:00 PDT.",
                "可在 2026年8月3日 08:00 PDT 前提交申请。",
            ),
            (
                "There was no claim for refunds of that time. Claim c1 is about this order, and there is one for each.",
                "There was no claim for refunds of that time. Claim c1 is about this order, and there is one for each.",
                "当时的退款不能申请赔付。此订单已有赔付申请 c1，每个订单只能申请一次。",
            ),
            ("must be one of a, b", "must be one of the choices", "须为可选项之一"),
            (
                "At most 5.00 USD can be granted for this order, and more than 1.00 USD.",
                "At most 5.00 USD can be granted for this order, and more than 1.00 USD.",
                "此订单最多可赔付 5.00 USD，且须高于 1.00 USD。",
            ),
            ("Nobody knows this one.", "Nobody knows this one.", "Nobody knows this one."),
        ] {
            assert_eq!((told(&english, said).as_str(), told(&chinese, said).as_str()), (in_english, in_chinese));
        }
    }

    #[test]
    fn on_what_a_decision_rests_is_said_in_both_languages_with_the_topic_by_its_name() {
        let book = domain::book::Book::shipped().unwrap();
        let [english, chinese] = [Language::En, Language::Zh].map(|language| Frame::bare(language, "", None));
        let kinds = domain::decision::DecisionKind::ALL.into_iter();
        let reasons: Vec<_> = kinds.flat_map(|kind| book.reasons.of(kind)).map(|reason| reason.says.as_str()).collect();
        assert!(reasons.contains(&"Goodwill."), "{reasons:?}");
        for says in reasons {
            assert!(!chinese.is_english(&basis(&chinese, says)), "{says} has no Chinese sentence");
            assert_eq!(basis(&english, says), says);
        }
        for topic in book.topics.iter() {
            let says = format!("The seller did not reply within 24 hours; rule for topic {}.", topic.code);
            let [english, chinese] = [&english, &chinese].map(|frame| basis(frame, &says));
            assert!(chinese.starts_with("卖家未在 24 小时内答复；") && english.contains("24 hours; "), "{says}");
            assert!(!topic.code.contains('_') || ![english, chinese].concat().contains(&topic.code), "{says}");
        }
        for own in ["The courier lost it.", "is missing", "mei works on this inquiry."] {
            assert_eq!([basis(&english, own), basis(&chinese, own)], [own, own], "what somebody wrote stays");
        }
    }
}
